/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "study/bo-problem.h"

G_BEGIN_DECLS

#define BO_TYPE_PROBLEM_ROW (bo_problem_row_get_type ())
G_DECLARE_FINAL_TYPE (BoProblemRow, bo_problem_row, BO, PROBLEM_ROW, AdwPreferencesRow)

const char *bo_problem_row_get_field (BoProblemRow *self);
gboolean bo_problem_row_takes (BoProblemRow *self, const char *path, const BoProblem *problem);
void bo_problem_row_clear (BoProblemRow *self);
void bo_problem_row_add (BoProblemRow *self, const BoProblem *problem);
void bo_problem_row_add_text (BoProblemRow *self, BoProblemLevel level, const char *text);

GPtrArray *bo_problem_row_find_all (GtkWidget *widget);
guint bo_problem_row_show_all (GPtrArray *rows, BoProblems *problems, const char *path);

G_END_DECLS
