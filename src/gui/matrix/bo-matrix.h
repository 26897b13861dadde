/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "charts/bo-chart-locale.h"
#include "findings/bo-report.h"
#include "study/bo-study.h"

G_BEGIN_DECLS

/*
 * The matrix as it is shown: rows, columns and what every square says. An
 * immutable value without widgets, made once from a study and its results.
 */

/**
 * BoSquareState: how a cell stands; each has its own colour and sign
 * @BO_SQUARE_ABSENT: the study has no such cell
 * @BO_SQUARE_NEVER: no trial says anything about it
 * @BO_SQUARE_QUEUED: planned
 * @BO_SQUARE_RUNNING: under way
 * @BO_SQUARE_DONE: measured
 * @BO_SQUARE_BEST: measured, and what the report calls the best
 * @BO_SQUARE_FLAGGED: measured, but some or all of its trials were disturbed
 * @BO_SQUARE_FAILED: built, and the build said no, or ran out of time
 * @BO_SQUARE_SKIPPED: what it needs failed
 * @BO_SQUARE_STOPPED: the user stopped it
 * @BO_SQUARE_INTERRUPTED: link, engine or power
 * @BO_SQUARE_UNSUPPORTED: the engine cannot do it
 */
typedef enum
{
  BO_SQUARE_ABSENT,
  BO_SQUARE_NEVER,
  BO_SQUARE_QUEUED,
  BO_SQUARE_RUNNING,
  BO_SQUARE_DONE,
  BO_SQUARE_BEST,
  BO_SQUARE_FLAGGED,
  BO_SQUARE_FAILED,
  BO_SQUARE_SKIPPED,
  BO_SQUARE_STOPPED,
  BO_SQUARE_INTERRUPTED,
  BO_SQUARE_UNSUPPORTED,
} BoSquareState;

const char *bo_square_state_get_icon (BoSquareState state);
const char *bo_square_state_get_css_class (BoSquareState state);

/**
 * BoSquare: one cell
 * @cell: (nullable): the cell, or %NULL for %BO_SQUARE_ABSENT
 * @state: how it stands
 * @value: its median, or what happened, in a word or two
 * @detail: how many runs, and how far apart
 * @text: all of it in a sentence, for a tooltip and for a screen reader
 */
typedef struct
{
  BoCell *cell;
  BoSquareState state;
  char *value;
  char *detail;
  char *text;
} BoSquare;

/**
 * BoMatrixColumn:
 * @group: which of the groups it belongs to
 * @title: of the condition
 */
typedef struct
{
  guint group;
  char *title;
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
  BoSquare *squares;
  gatomicrefcount ref_count;
} BoMatrix;

BoMatrix *bo_matrix_new (BoStudy *study, const BoReport *report, const BoChartLocale *locale);
BoMatrix *bo_matrix_ref (BoMatrix *matrix);
void bo_matrix_unref (BoMatrix *matrix);
const BoSquare *bo_matrix_get_square (const BoMatrix *matrix, guint row, guint column);
gboolean bo_square_is_missing (const BoSquare *square);
guint bo_matrix_count_squares (const BoMatrix *matrix);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoMatrix, bo_matrix_unref)

G_END_DECLS
