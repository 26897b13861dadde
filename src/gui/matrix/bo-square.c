/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-square"

#include "config.h"

#include <math.h>
#include <string.h>

#include <glib/gi18n.h>

#include "insight/bo-duration.h"
#include "matrix/bo-square.h"
#include "results/bo-store.h"

/* Of a whole: a bar that is full would say that the build is over. */
#define PROGRESS_MAX 0.98

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

/**
 * bo_square_state_get_title:
 *
 * Returns: the state for people, translated
 */
const char *
bo_square_state_get_title (BoSquareState state)
{
  switch (state)
    {
    case BO_SQUARE_ABSENT:
      return _ ("Not part of the study");
    case BO_SQUARE_QUEUED:
      return _ ("Queued");
    case BO_SQUARE_RUNNING:
      return _ ("Running");
    case BO_SQUARE_DONE:
      return _ ("Measured");
    case BO_SQUARE_BEST:
      return _ ("Best of its column");
    case BO_SQUARE_FLAGGED:
      return _ ("Measured, with remarks");
    case BO_SQUARE_FAILED:
      return _ ("Failed");
    case BO_SQUARE_SKIPPED:
      return _ ("Skipped");
    case BO_SQUARE_STOPPED:
      return _ ("Stopped");
    case BO_SQUARE_INTERRUPTED:
      return _ ("Interrupted");
    case BO_SQUARE_UNSUPPORTED:
      return _ ("Not possible here");
    case BO_SQUARE_NEVER:
    default:
      return _ ("Not run yet");
    }
}

/**
 * bo_clock_format:
 * @time_us: microseconds
 *
 * A time that grows while it is looked at, as a stopwatch shows it.
 *
 * Returns: (transfer full): "12:40" or "1:02:40"
 */
char *
bo_clock_format (gint64 time_us)
{
  gint64 seconds = MAX (time_us, 0) / G_USEC_PER_SEC;

  if (seconds < 3600)
    return g_strdup_printf ("%" G_GINT64_FORMAT ":%02" G_GINT64_FORMAT, seconds / 60, seconds % 60);
  return g_strdup_printf ("%" G_GINT64_FORMAT ":%02" G_GINT64_FORMAT ":%02" G_GINT64_FORMAT, seconds / 3600,
                          seconds / 60 % 60, seconds % 60);
}

static BoSquare *
square_alloc (const BoCell *cell)
{
  BoSquare *square = g_atomic_rc_box_new0 (BoSquare);

  square->cell = cell != NULL ? bo_cell_copy (cell) : NULL;
  square->runs = g_array_new (FALSE, TRUE, sizeof (BoSquareRun));
  square->progress = -1;
  return square;
}

static void
square_clear (gpointer data)
{
  BoSquare *square = data;

  bo_cell_free (square->cell);
  g_free (square->value);
  g_free (square->detail);
  g_free (square->text);
  g_array_unref (square->runs);
}

BoSquare *
bo_square_ref (BoSquare *square)
{
  return g_atomic_rc_box_acquire (square);
}

void
bo_square_unref (BoSquare *square)
{
  g_atomic_rc_box_release_full (square, square_clear);
}

/**
 * bo_square_looks_like:
 *
 * Returns: whether both show the same
 */
gboolean
bo_square_looks_like (const BoSquare *a, const BoSquare *b)
{
  g_return_val_if_fail (a != NULL && b != NULL, FALSE);

  if (a == b)
    return TRUE;
  return a->state == b->state && !(a->progress < b->progress) && !(a->progress > b->progress)
         && g_strcmp0 (a->value, b->value) == 0 && g_strcmp0 (a->detail, b->detail) == 0
         && g_strcmp0 (a->text, b->text) == 0 && a->runs->len == b->runs->len
         && (a->runs->len == 0 || memcmp (a->runs->data, b->runs->data, a->runs->len * sizeof (BoSquareRun)) == 0);
}

/**
 * bo_square_has_times:
 *
 * Returns: whether the cell was measured at all
 */
gboolean
bo_square_has_times (const BoSquare *square)
{
  g_return_val_if_fail (square != NULL, FALSE);

  return square->runs->len > 0;
}

static void
add_runs (BoSquare *square, GPtrArray *trials)
{
  for (guint i = 0; i < trials->len; i++)
    {
      const BoTrial *trial = g_ptr_array_index (trials, i);
      BoSquareRun run;

      /* All of its bytes, since they are compared as such. */
      memset (&run, 0, sizeof run);
      run.build_us = trial->build_us;
      run.disturbed = bo_trial_is_disturbed (trial);
      if (trial->outcome == BO_OUTCOME_SUCCEEDED && trial->build_us >= 0)
        g_array_append_val (square->runs, run);
    }
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
    g_string_append_printf (text, " %s", _ ("The fastest of its column whose probes pass."));
  square->text = g_string_free (text, FALSE);
}

/* Which outcome a cell without a build time is known by, when its trials ended in several ways. */
static const struct
{
  BoOutcome outcome;
  BoSquareState state;
} end_order[] = {
  { BO_OUTCOME_FAILED, BO_SQUARE_FAILED },
  { BO_OUTCOME_TIMED_OUT, BO_SQUARE_FAILED },
  { BO_OUTCOME_UNSUPPORTED, BO_SQUARE_UNSUPPORTED },
  { BO_OUTCOME_SKIPPED, BO_SQUARE_SKIPPED },
  { BO_OUTCOME_INTERRUPTED, BO_SQUARE_INTERRUPTED },
  { BO_OUTCOME_CANCELLED, BO_SQUARE_STOPPED },
};

static void
describe_end (BoSquare *square, const BoCellSummary *summary, const BoChartLocale *locale)
{
  for (guint i = 0; i < G_N_ELEMENTS (end_order); i++)
    {
      const BoTrial *trial = bo_cell_summary_get_first (summary, end_order[i].outcome);

      if (trial == NULL)
        continue;
      square->state = end_order[i].state;
      square->value = g_strdup (bo_outcome_get_title (end_order[i].outcome));
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
          square->detail = g_strdup (trial->reason != NULL ? trial->reason : "");
        }
      square->text = trial->reason != NULL ? g_strdup_printf ("%s: %s", square->value, trial->reason)
                                           : g_strdup (square->value);
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
describe_summary (BoSquare *square, const BoCellSummary *summary, gboolean best, const BoChartLocale *locale)
{
  add_runs (square, summary->trials);
  if (summary->build.n > 0)
    describe_times (square, summary, best, locale);
  else
    describe_end (square, summary, locale);
}

/**
 * bo_square_new:
 * @cell: (nullable): the cell, or %NULL for one that the study does not have
 * @report: (nullable): what the results say
 * @locale: of its numbers
 *
 * Returns: (transfer full): what the square shows while no campaign runs
 */
BoSquare *
bo_square_new (const BoCell *cell, const BoReport *report, const BoChartLocale *locale)
{
  BoSquare *square = square_alloc (cell);

  for (guint i = 0; cell != NULL && report != NULL && i < report->cells->len; i++)
    {
      const BoReportCell *found = g_ptr_array_index (report->cells, i);
      gboolean best = found->best;

      if (!bo_cell_equal (found->summary->cell, cell))
        continue;
      for (guint k = 0; k < report->rows->len; k++)
        {
          const BoReportRow *row = g_ptr_array_index (report->rows, k);

          best |= row->best && row->cell != NULL && bo_cell_equal (row->cell, cell);
        }
      describe_summary (square, found->summary, best, locale);
      break;
    }
  if (cell != NULL && square->value == NULL)
    describe_never (square);
  return square;
}

static const BoTrial *
find_running (GPtrArray *trials)
{
  for (guint i = 0; i < trials->len; i++)
    if (((const BoTrial *) g_ptr_array_index (trials, i))->outcome == BO_OUTCOME_RUNNING)
      return g_ptr_array_index (trials, i);
  return NULL;
}

/* The last of the user's steps that has begun, and how many there are; 0 when none has. */
static guint
find_step (const BoTrial *trial, guint *total)
{
  guint number = 0;

  *total = trial->n_steps;
  for (guint i = 0; i < trial->steps->len; i++)
    {
      const BoStep *step = g_ptr_array_index (trial->steps, i);

      if (step->number == 0 || step->start_us < 0)
        continue;
      number = MAX (number, step->number);
      *total = MAX (*total, step->total);
    }
  return number;
}

static gint64
find_estimate (const BoTrial *trial, const BoLiveCampaign *live)
{
  const BoPlannedTrial *planned = bo_campaign_get_trial (live->campaign, trial->id);
  g_autofree char *key = planned != NULL ? bo_estimate_get_key (planned) : NULL;
  const BoEstimate *estimate = key != NULL && live->estimates != NULL ? g_hash_table_lookup (live->estimates, key) : NULL;

  if (estimate == NULL || estimate->n_succeeded == 0)
    return 0;
  return MAX (estimate->build_us, 0) + MAX (estimate->overhead_us, 0);
}

static void
describe_running (BoSquare *square, const BoTrial *trial, const BoLiveCampaign *live)
{
  gint64 elapsed_us = live->now_us >= 0 && trial->started_us >= 0 ? MAX (live->now_us - trial->started_us, 0) : -1;
  gint64 estimate_us = find_estimate (trial, live);
  guint total = 0;
  guint step = find_step (trial, &total);
  g_autofree char *elapsed = elapsed_us >= 0 ? bo_clock_format (elapsed_us) : NULL;

  square->state = BO_SQUARE_RUNNING;
  if (trial->image != NULL)
    square->value = g_strdup (_ ("Probes"));
  else if (step > 0 && total >= step)
    /* TRANSLATORS: of a build that runs: "Step 9 of 14" */
    square->value = g_strdup_printf (_ ("Step %u of %u"), step, total);
  else if (step > 0)
    square->value = g_strdup_printf (_ ("Step %u"), step);
  else
    square->value = g_strdup (_ ("Begins"));

  if (live->now_us < 0)
    square->detail = g_strdup (_ ("when last heard of"));
  else if (elapsed != NULL)
    /* TRANSLATORS: how long a build has run: "12:40 so far" */
    square->detail = g_strdup_printf (_ ("%s so far"), elapsed);
  else
    square->detail = g_strdup ("");
  square->text = square->detail[0] != '\0' ? g_strdup_printf (_ ("Running: %s, %s."), square->value, square->detail)
                                           : g_strdup_printf (_ ("Running: %s."), square->value);

  if (elapsed_us >= 0 && estimate_us > 0)
    square->progress = MIN ((double) elapsed_us / (double) estimate_us, PROGRESS_MAX);
  else if (trial->image != NULL)
    square->progress = PROGRESS_MAX;
  else
    square->progress = step > 0 && total > 0 ? MIN ((double) (step - 1) / (double) total, PROGRESS_MAX) : 0;
}

/* What is known of it stays to be seen while it waits for its turn. */
static void
describe_queued (BoSquare *square,
                 const BoSquare *before,
                 const BoCellSummary *summary,
                 guint n_pending,
                 const BoLiveCampaign *live,
                 const BoChartLocale *locale)
{
  guint n = summary->trials->len;

  square->state = BO_SQUARE_QUEUED;
  if (summary->build.n > 0)
    {
      add_runs (square, summary->trials);
      square->value = bo_chart_locale_format_duration (locale, llround (summary->build.median));
    }
  else
    {
      g_array_append_vals (square->runs, before->runs->data, before->runs->len);
      square->value = g_strdup (before->runs->len > 0 ? before->value : BO_NO_VALUE);
    }
  if (n_pending < n)
    {
      /* TRANSLATORS: of the runs of one cell: "1 of 3 done" */
      square->detail = g_strdup_printf (_ ("%u of %u done"), n - n_pending, n);
      square->text = g_strdup_printf (_ ("Queued: %u of %u runs are done."), n - n_pending, n);
    }
  else
    {
      square->detail = g_strdup (live->now_us >= 0 ? _ ("queued") : _ ("not begun"));
      square->text = g_strdup_printf (live->now_us >= 0
                                        ? ngettext ("Queued: %u run is still to come.", "Queued: %u runs are still to come.", n)
                                        : ngettext ("%u run had not begun when the campaign was last heard of.",
                                                    "%u runs had not begun when the campaign was last heard of.", n),
                                      n);
    }
}

static guint64
make_signature (GPtrArray *trials, const BoLiveCampaign *live)
{
  guint64 signature = live->now_us >= 0 ? 1 : 2;

  for (guint i = 0; i < trials->len; i++)
    {
      const BoTrial *trial = g_ptr_array_index (trials, i);

      signature = signature * 1000003 + (guint64) trial->outcome;
      signature = signature * 1000003 + (guint64) trial->build_us;
      signature = signature * 1000003 + (guint64) trial->elapsed_us;
      signature = signature * 1000003 + trial->flags->len;
    }
  return signature;
}

/**
 * bo_square_is_of:
 * @square: a square that bo_square_new_live() made of an earlier state of the same records
 * @trials: (element-type BoTrial): the records
 * @live: their campaign
 *
 * Returns: whether it still says what there is to say; what runs changes all the time
 */
gboolean
bo_square_is_of (const BoSquare *square, GPtrArray *trials, const BoLiveCampaign *live)
{
  g_return_val_if_fail (square != NULL && trials != NULL && live != NULL, FALSE);

  return square->state != BO_SQUARE_RUNNING && square->signature == make_signature (trials, live);
}

/**
 * bo_square_new_live:
 * @before: what the square showed before the campaign began
 * @trials: (element-type BoTrial): the campaign's records of the cell that count
 * @live: the campaign
 * @locale: of its numbers
 *
 * A build that runs comes before what waits, and that before what has ended; when all of the campaign's runs
 * have ended, the square says what they came to.
 *
 * Returns: (transfer full): what the square shows
 */
BoSquare *
bo_square_new_live (const BoSquare *before, GPtrArray *trials, const BoLiveCampaign *live, const BoChartLocale *locale)
{
  g_autoptr (BoCellSummary) summary = NULL;
  const BoTrial *running;
  guint n_pending = 0;
  BoSquare *square;

  g_return_val_if_fail (before != NULL && before->cell != NULL, NULL);
  g_return_val_if_fail (trials != NULL && live != NULL && locale != NULL, NULL);

  square = square_alloc (before->cell);
  square->signature = make_signature (trials, live);
  summary = bo_cell_summary_new (before->cell, trials);
  running = find_running (summary->trials);
  n_pending = summary->n_outcomes[BO_OUTCOME_PENDING];
  if (running != NULL)
    describe_running (square, running, live);
  else if (n_pending > 0)
    describe_queued (square, before, summary, n_pending, live, locale);
  else
    describe_summary (square, summary, FALSE, locale);
  if (square->value == NULL)
    describe_never (square);
  return square;
}
