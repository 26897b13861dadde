/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define BO_TYPE_RESULTS_PAGE (bo_results_page_get_type ())
G_DECLARE_FINAL_TYPE (BoResultsPage, bo_results_page, BO, RESULTS_PAGE, GtkWidget)

void bo_results_page_set_charts (BoResultsPage *self, GPtrArray *charts);

G_END_DECLS
