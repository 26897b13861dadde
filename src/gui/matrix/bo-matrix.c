/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-matrix"

#include "config.h"

#include <math.h>

#include <glib/gi18n.h>

#include "insight/bo-duration.h"
#include "matrix/bo-matrix.h"

const char *
bo_square_state_get_icon (BoSquareState state)
{
  switch (state)
    {
    case BO_SQUARE_QUEUED:
      return "content-loading-symbolic";
    case BO_SQUARE_RUNNING:
      return "media-playback-start-symbolic";
    case BO_SQUARE_DONE:
      return "object-select-symbolic";
    case BO_SQUARE_BEST:
      return "starred-symbolic";
    case BO_SQUARE_FLAGGED:
      return "dialog-warning-symbolic";
    case BO_SQUARE_FAILED:
      return "dialog-error-symbolic";
    case BO_SQUARE_SKIPPED:
      return "media-skip-forward-symbolic";
    case BO_SQUARE_STOPPED:
      return "media-playback-stop-symbolic";
    case BO_SQUARE_INTERRUPTED:
      return "network-offline-symbolic";
    case BO_SQUARE_UNSUPPORTED:
      return "action-unavailable-symbolic";
    case BO_SQUARE_ABSENT:
    case BO_SQUARE_NEVER:
    default:
      return NULL;
    }
}

const char *
bo_square_state_get_css_class (BoSquareState state)
{
  static const char *const classes[] = { "absent", "never", "queued", "running", "done", "best",
                                         "flagged", "failed", "skipped", "stopped", "interrupted", "unsupported" };

  g_return_val_if_fail (state < G_N_ELEMENTS (classes), NULL);

  return classes[state];
}

/* What a cell needs before it says something is a run of its own. */
gboolean
bo_square_is_missing (const BoSquare *square)
{
  g_return_val_if_fail (square != NULL, FALSE);

  return square->state != BO_SQUARE_ABSENT && square->state != BO_SQUARE_DONE && square->state != BO_SQUARE_BEST
         && square->state != BO_SQUARE_FLAGGED;
}

static const char *
get_condition_title (BoCondition condition)
{
  switch (condition)
    {
    case BO_CONDITION_COLD:
      return C_ ("condition", "Cold");
    case BO_CONDITION_COLD_LAYERS:
      return C_ ("condition", "Cold layers");
    case BO_CONDITION_WARM:
      return C_ ("condition", "Warm");
    case BO_CONDITION_EDITED:
    default:
      return C_ ("condition", "Edited");
    }
}

static const char *
get_builder_title (BoBuilder builder)
{
  return builder == BO_BUILDER_CLASSIC ? C_ ("builder", "classic") : "BuildKit";
}

static void
group_free (gpointer data)
{
  BoMatrixGroup *group = data;

  g_free (group->title);
  g_free (group->subtitle);
  g_free (group);
}

static void
column_free (gpointer data)
{
  BoMatrixColumn *column = data;

  g_free (column->title);
  g_free (column);
}

static void
row_free (gpointer data)
{
  BoMatrixRow *row = data;

  g_free (row->title);
  g_free (row->subtitle);
  g_free (row);
}

/* Why the first trial of that outcome ended so, or NULL. */
static const char *
find_reason (const BoCellSummary *summary, BoOutcome outcome)
{
  const BoTrial *trial = bo_cell_summary_get_first (summary, outcome);

  return trial != NULL ? trial->reason : NULL;
}

/* Times: the median, how many runs it rests on, and how far they lie apart. */
static void
describe_times (BoSquare *square, const BoCellSummary *summary, gboolean best, const BoChartLocale *locale)
{
  guint n = (guint) summary->build.n;
  g_autofree char *range = bo_chart_locale_format_duration (locale,
                                                            llround (summary->build.max - summary->build.min));
  g_autofree char *min = bo_chart_locale_format_duration (locale, llround (summary->build.min));
  g_autofree char *max = bo_chart_locale_format_duration (locale, llround (summary->build.max));
  g_autofree char *runs = g_strdup_printf (ngettext ("%u run", "%u runs", n), n);
  GString *text = g_string_new (NULL);

  square->value = bo_chart_locale_format_duration (locale, llround (summary->build.median));
  square->state = best ? BO_SQUARE_BEST : BO_SQUARE_DONE;
  if (n > 1)
    {
      /* TRANSLATORS: under a build time: "3 runs, within 41.0 s" of each other */
      square->detail = g_strdup_printf (_ ("%s, within %s"), runs, range);
      g_string_append_printf (text, _ ("Median of %s: %s, from %s to %s."), runs, square->value, min, max);
    }
  else
    {
      square->detail = g_strdup (runs);
      g_string_append_printf (text, _ ("One run: %s."), square->value);
    }
  if (summary->n_disturbed > 0)
    {
      square->state = BO_SQUARE_FLAGGED;
      g_free (square->detail);
      /* TRANSLATORS: under a build time: "1 of 3 disturbed" */
      square->detail = g_strdup_printf (_ ("%u of %u disturbed"), summary->n_disturbed,
                                        summary->n_disturbed + summary->n_usable);
      g_string_append_c (text, ' ');
      g_string_append (text, summary->only_disturbed
                               ? _ ("Something else took the device's time in every run, so no claim rests on it.")
                               : _ ("Runs in which something else took the device's time are left out."));
    }
  if (best)
    g_string_append_printf (text, " %s", _ ("The best by the findings."));
  square->text = g_string_free (text, FALSE);
}

static void
describe_end (BoSquare *square, const BoCellSummary *summary, const BoChartLocale *locale)
{
  static const struct
  {
    BoOutcome outcome;
    BoSquareState state;
  } order[] = {
    { BO_OUTCOME_RUNNING, BO_SQUARE_RUNNING },
    { BO_OUTCOME_FAILED, BO_SQUARE_FAILED },
    { BO_OUTCOME_TIMED_OUT, BO_SQUARE_FAILED },
    { BO_OUTCOME_UNSUPPORTED, BO_SQUARE_UNSUPPORTED },
    { BO_OUTCOME_SKIPPED, BO_SQUARE_SKIPPED },
    { BO_OUTCOME_INTERRUPTED, BO_SQUARE_INTERRUPTED },
    { BO_OUTCOME_CANCELLED, BO_SQUARE_STOPPED },
    { BO_OUTCOME_PENDING, BO_SQUARE_QUEUED },
  };

  for (guint i = 0; i < G_N_ELEMENTS (order); i++)
    {
      const BoTrial *trial = bo_cell_summary_get_first (summary, order[i].outcome);
      const char *reason = find_reason (summary, order[i].outcome);

      if (trial == NULL)
        continue;
      square->state = order[i].state;
      square->value = g_strdup (bo_outcome_get_title (order[i].outcome));
      if (trial->failed_step >= 0 && (guint) trial->failed_step < trial->steps->len)
        {
          const BoStep *step = g_ptr_array_index (trial->steps, trial->failed_step);
          g_autofree char *after = bo_chart_locale_format_duration (locale, trial->elapsed_us);

          /* TRANSLATORS: where a build failed: "step 5, after 1 min 52 s" */
          square->detail = step->number > 0 ? g_strdup_printf (_ ("step %u, after %s"), step->number, after)
                                            : g_strdup_printf (_ ("after %s"), after);
        }
      else
        {
          square->detail = g_strdup (reason != NULL ? reason : "");
        }
      square->text = reason != NULL ? g_strdup_printf ("%s: %s", square->value, reason) : g_strdup (square->value);
      return;
    }
}

static void
describe_never (BoSquare *square)
{
  square->state = BO_SQUARE_NEVER;
  square->value = g_strdup (BO_NO_VALUE);
  square->detail = g_strdup (_ ("not run"));
  square->text = g_strdup (_ ("Not run yet."));
}

static void
fill_square (BoSquare *square, const BoReport *report, const BoChartLocale *locale)
{
  for (guint i = 0; report != NULL && i < report->cells->len; i++)
    {
      const BoCellSummary *summary = ((const BoReportCell *) g_ptr_array_index (report->cells, i))->summary;
      gboolean best = FALSE;

      if (!bo_cell_equal (summary->cell, square->cell))
        continue;
      for (guint k = 0; k < report->rows->len; k++)
        {
          const BoReportRow *row = g_ptr_array_index (report->rows, k);

          best |= row->best && row->cell != NULL && bo_cell_equal (row->cell, square->cell);
        }
      if (summary->build.n > 0)
        describe_times (square, summary, best, locale);
      else
        describe_end (square, summary, locale);
      break;
    }
  if (square->value == NULL)
    describe_never (square);
}

static void
add_columns (BoMatrix *matrix, GHashTable *cells, GPtrArray *places)
{
  BoStudy *study = matrix->study;

  for (guint b = 0; b < study->bases->len; b++)
    for (guint u = 0; u < study->builders->len; u++)
      {
        const BoBase *base = g_ptr_array_index (study->bases, b);
        BoBuilder builder = g_array_index (study->builders, BoBuilder, u);
        guint first = matrix->columns->len;

        for (guint c = 0; c < study->conditions->len; c++)
          {
            BoCondition condition = g_array_index (study->conditions, BoCondition, c);
            gboolean used = FALSE;

            for (guint s = 0; s < study->strategies->len && !used; s++)
              {
                const BoStrategy *strategy = g_ptr_array_index (study->strategies, s);
                g_autoptr (BoCell) cell = bo_cell_new (strategy->id, base->id, builder, condition);
                g_autofree char *key = bo_cell_get_key (cell);

                used = g_hash_table_contains (cells, key);
              }
            if (used)
              {
                BoMatrixColumn *column = g_new0 (BoMatrixColumn, 1);

                column->group = matrix->groups->len;
                column->title = g_strdup (get_condition_title (condition));
                g_ptr_array_add (matrix->columns, column);
                g_ptr_array_add (places, bo_cell_new ("", base->id, builder, condition));
              }
          }
        if (matrix->columns->len > first)
          {
            BoMatrixGroup *group = g_new0 (BoMatrixGroup, 1);

            group->title = g_strdup (base->title);
            group->subtitle = g_strdup (get_builder_title (builder));
            group->first = first;
            group->n = matrix->columns->len - first;
            g_ptr_array_add (matrix->groups, group);
          }
      }
}

/**
 * bo_matrix_new:
 * @study: the study as it is now
 * @report: (nullable): what its results say
 * @locale: of its numbers
 *
 * Returns: (transfer full): the matrix
 */
BoMatrix *
bo_matrix_new (BoStudy *study, const BoReport *report, const BoChartLocale *locale)
{
  BoMatrix *matrix;
  g_autoptr (GPtrArray) all = NULL;
  g_autoptr (GHashTable) cells = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GPtrArray) places = g_ptr_array_new_with_free_func ((GDestroyNotify) bo_cell_free);

  g_return_val_if_fail (study != NULL && locale != NULL, NULL);

  matrix = g_new0 (BoMatrix, 1);
  g_atomic_ref_count_init (&matrix->ref_count);
  matrix->study = bo_study_ref (study);
  matrix->groups = g_ptr_array_new_with_free_func (group_free);
  matrix->columns = g_ptr_array_new_with_free_func (column_free);
  matrix->rows = g_ptr_array_new_with_free_func (row_free);

  all = bo_study_get_cells (study);
  for (guint i = 0; i < all->len; i++)
    g_hash_table_add (cells, bo_cell_get_key (g_ptr_array_index (all, i)));
  add_columns (matrix, cells, places);

  matrix->squares = g_new0 (BoSquare, MAX (study->strategies->len * places->len, 1));
  for (guint s = 0; s < study->strategies->len; s++)
    {
      const BoStrategy *strategy = g_ptr_array_index (study->strategies, s);
      BoMatrixRow *row = g_new0 (BoMatrixRow, 1);

      row->title = g_strdup (strategy->title);
      row->subtitle = g_strdup (strategy->notes != NULL ? strategy->notes : strategy->dockerfile);
      row->baseline = g_strcmp0 (study->baseline, strategy->id) == 0;
      g_ptr_array_add (matrix->rows, row);
      for (guint c = 0; c < places->len; c++)
        {
          const BoCell *place = g_ptr_array_index (places, c);
          g_autoptr (BoCell) cell = bo_cell_new (strategy->id, place->base, place->builder, place->condition);
          g_autofree char *key = bo_cell_get_key (cell);
          BoSquare *square = &matrix->squares[s * places->len + c];

          if (!g_hash_table_contains (cells, key))
            continue;
          square->cell = g_steal_pointer (&cell);
          fill_square (square, report, locale);
        }
    }
  return matrix;
}

BoMatrix *
bo_matrix_ref (BoMatrix *matrix)
{
  g_return_val_if_fail (matrix != NULL, NULL);

  g_atomic_ref_count_inc (&matrix->ref_count);
  return matrix;
}

void
bo_matrix_unref (BoMatrix *matrix)
{
  if (matrix == NULL || !g_atomic_ref_count_dec (&matrix->ref_count))
    return;
  for (guint i = 0; i < matrix->rows->len * matrix->columns->len; i++)
    {
      bo_cell_free (matrix->squares[i].cell);
      g_free (matrix->squares[i].value);
      g_free (matrix->squares[i].detail);
      g_free (matrix->squares[i].text);
    }
  g_free (matrix->squares);
  g_ptr_array_unref (matrix->groups);
  g_ptr_array_unref (matrix->columns);
  g_ptr_array_unref (matrix->rows);
  bo_study_unref (matrix->study);
  g_free (matrix);
}

/**
 * bo_matrix_get_square:
 *
 * Returns: (transfer none): the square; one without a cell is %BO_SQUARE_ABSENT
 */
const BoSquare *
bo_matrix_get_square (const BoMatrix *matrix, guint row, guint column)
{
  g_return_val_if_fail (matrix != NULL, NULL);
  g_return_val_if_fail (row < matrix->rows->len && column < matrix->columns->len, NULL);

  return &matrix->squares[row * matrix->columns->len + column];
}

/**
 * bo_matrix_count_squares:
 *
 * Returns: how many cells the study has
 */
guint
bo_matrix_count_squares (const BoMatrix *matrix)
{
  guint n = 0;

  g_return_val_if_fail (matrix != NULL, 0);

  for (guint i = 0; i < matrix->rows->len * matrix->columns->len; i++)
    n += matrix->squares[i].cell != NULL;
  return n;
}
