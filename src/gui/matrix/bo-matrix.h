/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "matrix/bo-square.h"
#include "study/bo-study.h"

G_BEGIN_DECLS

/*
 * The matrix as it is shown: rows, columns and what every square says. An
 * immutable value without widgets, made once from a study and its results.
 */

/**
 * BoMatrixColumn:
 * @group: which of the groups it belongs to
 * @title: of the condition
 * @longest_us: the longest build time in it, microseconds, or 0: the scale of its squares' spreads
 */
typedef struct
{
  guint group;
  char *title;
  gint64 longest_us;
} BoMatrixColumn;

/**
 * BoMatrixGroup: the columns of one base image and builder
 * @title: of the base image
 * @subtitle: of the builder
 * @first, @n: its columns
 */
typedef struct
{
  char *title;
  char *subtitle;
  guint first;
  guint n;
} BoMatrixGroup;

/**
 * BoMatrixRow: a strategy
 * @title: its title
 * @subtitle: its notes, or its Dockerfile
 * @baseline: whether others are compared with it
 */
typedef struct
{
  char *title;
  char *subtitle;
  gboolean baseline;
} BoMatrixRow;

/**
 * BoMatrix:
 * @study: the study
 * @groups: (element-type BoMatrixGroup)
 * @columns: (element-type BoMatrixColumn): those in which at least one strategy has a cell
 * @rows: (element-type BoMatrixRow)
 */
typedef struct
{
  BoStudy *study;
  GPtrArray *groups;
  GPtrArray *columns;
  GPtrArray *rows;

  /*< private >*/
  GPtrArray *squares;
  char *language;
  char *decimal_point;
  gatomicrefcount ref_count;
} BoMatrix;

BoMatrix *bo_matrix_new (BoStudy *study, const BoReport *report, const BoChartLocale *locale);
BoMatrix *bo_matrix_new_live (BoMatrix *matrix, const BoLiveCampaign *live, BoMatrix *shown);
BoMatrix *bo_matrix_ref (BoMatrix *matrix);
void bo_matrix_unref (BoMatrix *matrix);
const BoSquare *bo_matrix_get_square (const BoMatrix *matrix, guint row, guint column);
gboolean bo_matrix_find (const BoMatrix *matrix, const char *key, guint *row, guint *column);
guint bo_matrix_count_squares (const BoMatrix *matrix);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoMatrix, bo_matrix_unref)

G_END_DECLS
