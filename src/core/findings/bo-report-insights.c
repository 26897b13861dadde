/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-report-insights"

#include "config.h"

#include <math.h>
#include <string.h>

#include <glib/gi18n.h>

#include "findings/bo-report-insights.h"
#include "findings/bo-report-parts.h"
#include "study/bo-decimal-point.h"
#include "study/bo-document-text.h"
#include "insight/bo-duration.h"
#include "insight/bo-step-shares.h"

/* Of one build, and of all of them. */
#define MAX_STEPS_EACH 3
#define MAX_STEPS 8
/* A step that takes less of its build, or less than a second, is no reason to do anything. */
#define MIN_SHARE 0.05
#define MIN_TIME_US G_USEC_PER_SEC
#define QUOTE_MAX 300

static void
insight_free (BoReportInsight *insight)
{
  g_free (insight->subject);
  g_free (insight->headline);
  g_free (insight->text);
  g_free (insight->detail);
  g_free (insight->advice);
  g_free (insight->trial);
  g_free (insight);
}

static BoReportInsight *
add (GPtrArray *insights, BoInsightKind kind)
{
  BoReportInsight *insight = g_new0 (BoReportInsight, 1);

  insight->kind = kind;
  insight->time_us = -1;
  g_ptr_array_add (insights, insight);
  return insight;
}

/**
 * bo_certainty_get_title:
 *
 * Returns: (transfer none): it in a few words, for a label beside a statement
 */
const char *
bo_certainty_get_title (BoCertainty certainty, const char *language)
{
  switch (certainty)
    {
    case BO_CERTAINTY_TOO_FEW:
      return D_ (language, "too few runs");
    case BO_CERTAINTY_NOT_SHOWN:
      return D_ (language, "no difference shown");
    case BO_CERTAINTY_PAIRS:
      return D_ (language, "all pairs agree");
    case BO_CERTAINTY_TESTED:
      return D_ (language, "shown by a test");
    case BO_CERTAINTY_MEASURED:
    default:
      return D_ (language, "measured");
    }
}

static const char *
get_condition_title (BoCondition condition, const char *language)
{
  switch (condition)
    {
    case BO_CONDITION_COLD_LAYERS:
      return D_ (language, "no layer cached, cache mounts kept");
    case BO_CONDITION_WARM:
      return D_ (language, "warm");
    case BO_CONDITION_EDITED:
      return D_ (language, "one file edited");
    case BO_CONDITION_COLD:
    default:
      return D_ (language, "cold");
    }
}

static const char *
get_strategy_title (const BoReport *report, const char *id)
{
  const BoStrategy *strategy = bo_study_get_strategy (report->study, id);

  return strategy != NULL && strategy->title != NULL ? strategy->title : id;
}

static const char *
get_base_title (const BoReport *report, const char *id)
{
  const BoBase *base = bo_study_get_base (report->study, id);

  return base != NULL && base->title != NULL ? base->title : id;
}

/* The strategy, and where they are not the study's usual ones, base and builder. */
static char *
get_image_title (const BoReport *report, const BoCell *cell)
{
  const BoBase *first = report->study->bases->len > 0 ? g_ptr_array_index (report->study->bases, 0) : NULL;
  GString *text = g_string_new (get_strategy_title (report, cell->strategy));

  if (first != NULL && !g_str_equal (first->id, cell->base))
    g_string_append_printf (text, " · %s", get_base_title (report, cell->base));
  if (cell->builder != report->study->default_builder)
    g_string_append_printf (text, " · %s", bo_builder_to_string (cell->builder));
  return g_string_free (text, FALSE);
}

/**
 * bo_report_get_cell_title:
 * @report: a report
 * @cell: one of its cells
 *
 * Returns: (transfer full): "Original · Debian without a compiler · buildkit · warm", without what is the
 *   usual base, builder and condition of the study
 */
char *
bo_report_get_cell_title (const BoReport *report, const BoCell *cell)
{
  g_autofree char *image = NULL;

  g_return_val_if_fail (report != NULL && cell != NULL, NULL);

  image = get_image_title (report, cell);
  if (cell->condition == BO_CONDITION_COLD)
    return g_steal_pointer (&image);
  return g_strdup_printf ("%s · %s", image, get_condition_title (cell->condition, report->language));
}

static BoCertainty
get_certainty (const BoClaim *claim)
{
  switch (claim->kind)
    {
    case BO_CLAIM_DIFFERENT:
      return BO_CERTAINTY_TESTED;
    case BO_CLAIM_PAIRS:
      return BO_CERTAINTY_PAIRS;
    case BO_CLAIM_NOT_SHOWN:
      return BO_CERTAINTY_NOT_SHOWN;
    case BO_CLAIM_SINGLE:
    case BO_CLAIM_NOT_COMPARED:
    default:
      return BO_CERTAINTY_TOO_FEW;
    }
}

/* How much longer it takes, as a share of the baseline's time; less than 0 is less time. */
static double
get_effect (const BoClaim *claim)
{
  return claim->kind == BO_CLAIM_PAIRS ? claim->pair_median : claim->ratio - 1;
}

/* What holds most first, of that the largest difference. */
static int
compare_claims (gconstpointer a, gconstpointer b)
{
  const BoClaim *first = (*(BoReportCell *const *) a)->claim;
  const BoClaim *second = (*(BoReportCell *const *) b)->claim;
  BoCertainty one = get_certainty (first), other = get_certainty (second);

  if (one != other)
    return one > other ? -1 : 1;
  return get_effect (first) < get_effect (second) ? -1 : get_effect (first) > get_effect (second);
}

/* (transfer container): the cells that are compared, in that order. */
static GPtrArray *
list_compared (const BoReport *report, const BoReportScope *scope)
{
  GPtrArray *cells = g_ptr_array_new ();

  for (guint i = 0; i < report->cells->len; i++)
    {
      BoReportCell *cell = g_ptr_array_index (report->cells, i);

      if (cell->claim != NULL && cell->claim->kind != BO_CLAIM_NOT_COMPARED
          && bo_report_scope_has_cell (scope, cell->summary->cell))
        g_ptr_array_add (cells, cell);
    }
  g_ptr_array_sort (cells, compare_claims);
  return cells;
}

static void
add_comparisons (GPtrArray *insights, const BoReport *report, const BoReportScope *scope)
{
  g_autoptr (GPtrArray) cells = list_compared (report, scope);

  for (guint i = 0; i < cells->len; i++)
    {
      const BoReportCell *cell = g_ptr_array_index (cells, i);
      BoReportInsight *insight = add (insights, BO_INSIGHT_COMPARISON);

      insight->certainty = get_certainty (cell->claim);
      insight->subject = bo_report_get_cell_title (report, cell->summary->cell);
      insight->text = g_strdup (cell->versus);
      insight->better = get_effect (cell->claim) < 0;
      if (insight->certainty >= BO_CERTAINTY_PAIRS)
        insight->headline = bo_percent_format_signed (get_effect (cell->claim));
    }
}

typedef struct
{
  const BoReportCell *cell;
  const BoTrial *trial;
  const BoStep *step;
  gint64 share_us;
} SlowStep;

static int
compare_slow_steps (gconstpointer a, gconstpointer b)
{
  const SlowStep *first = a, *second = b;

  return first->share_us > second->share_us ? -1 : first->share_us < second->share_us;
}

/* The longest steps of the run that stands for the cell. */
static void
collect_slow_steps (const BoReportCell *cell, GArray *all)
{
  const BoTrial *trial = bo_cell_summary_get_typical (cell->summary);
  g_autoptr (GArray) steps = g_array_new (FALSE, FALSE, sizeof (SlowStep));
  g_autofree gint64 *shares = NULL;
  gint64 rest;

  if (trial == NULL || trial->build_us <= 0)
    return;
  shares = bo_trial_share_steps (trial, &rest);
  for (guint i = 0; i < trial->steps->len; i++)
    {
      SlowStep step = { cell, trial, g_ptr_array_index (trial->steps, i), shares[i] };

      if (step.step->instruction != NULL && step.share_us >= MIN_TIME_US
          && (double) step.share_us >= MIN_SHARE * (double) trial->build_us)
        g_array_append_val (steps, step);
    }
  g_array_sort (steps, compare_slow_steps);
  g_array_append_vals (all, steps->data, MIN (steps->len, MAX_STEPS_EACH));
}

static void
add_slow_steps (GPtrArray *insights,
                const BoReport *report,
                const BoReportScope *scope,
                const BoChartLocale *locale)
{
  g_autoptr (GArray) steps = g_array_new (FALSE, FALSE, sizeof (SlowStep));

  for (guint i = 0; i < report->cells->len; i++)
    {
      const BoReportCell *cell = g_ptr_array_index (report->cells, i);

      if (bo_report_scope_has_cell (scope, cell->summary->cell))
        collect_slow_steps (cell, steps);
    }
  g_array_sort (steps, compare_slow_steps);
  for (guint i = 0; i < MIN (steps->len, MAX_STEPS); i++)
    {
      const SlowStep *step = &g_array_index (steps, SlowStep, i);
      BoReportInsight *insight = add (insights, BO_INSIGHT_SLOW_STEP);
      g_autofree char *share = bo_percent_format ((double) step->share_us / (double) step->trial->build_us);
      g_autofree char *build = bo_chart_locale_format_duration (locale, step->trial->build_us);

      insight->subject = bo_report_get_cell_title (report, step->cell->summary->cell);
      insight->headline = bo_chart_locale_format_duration (locale, step->share_us);
      insight->text = g_strdup_printf (D_ (report->language, "%s of the build, which took %s"), share, build);
      insight->detail = bo_report_shorten (step->step->instruction, QUOTE_MAX);
      insight->user_line = step->step->user_line;
      insight->time_us = step->share_us;
      insight->trial = g_strdup (step->trial->id);
    }
}

static gboolean
is_instruction (const BoStep *step, const char *name)
{
  gsize length = strlen (name);

  return step->instruction != NULL && g_ascii_strncasecmp (step->instruction, name, length) == 0
         && g_ascii_isspace (step->instruction[length]);
}

/* It takes files of the project, so an edit of one of them is seen here first. */
static gboolean
takes_files (const BoStep *step)
{
  return (is_instruction (step, "COPY") || is_instruction (step, "ADD")) && strstr (step->instruction, "--from=") == NULL;
}

/* Whether the engine did the step's work, though it has a cache. */
static gboolean
ran (const BoStep *step)
{
  return step->number > 0 && !step->cached && !step->failed && step->start_us >= 0 && step->duration_us >= 0;
}

/*
 * One file was edited. The first COPY that ran again is the one that takes
 * it, and each RUN below it in the same stage ran again because of that, whether
 * it needs the file or not. Bakeoff cannot know which do, so the time is what
 * could be saved at most.
 */
static void
add_edit_advice (GPtrArray *insights, const BoReport *report, const BoReportCell *cell, const BoChartLocale *locale)
{
  const BoTrial *trial = bo_cell_summary_get_typical (cell->summary);
  const BoStep *copy = NULL, *longest = NULL;
  g_autofree gint64 *shares = NULL;
  g_autofree char *saved = NULL;
  gint64 rest, sum = 0, longest_us = 0;
  BoReportInsight *insight;

  if (trial == NULL || trial->build_us <= 0)
    return;
  shares = bo_trial_share_steps (trial, &rest);
  for (guint i = 0; i < trial->steps->len; i++)
    {
      const BoStep *step = g_ptr_array_index (trial->steps, i);

      if (copy == NULL && ran (step) && takes_files (step))
        copy = step;
      else if (copy != NULL && step->number > 0
               && (g_strcmp0 (step->stage, copy->stage) != 0 || is_instruction (step, "FROM")))
        {
          /* BuildKit's steps may be in between; the classic builder begins the next stage here. */
          if (copy->stage == NULL)
            break;
        }
      else if (copy != NULL && ran (step) && is_instruction (step, "RUN"))
        {
          sum += shares[i];
          if (shares[i] > longest_us)
            {
              longest = step;
              longest_us = shares[i];
            }
        }
    }
  if (longest == NULL || sum < MIN_TIME_US || (double) sum < MIN_SHARE * (double) trial->build_us)
    return;

  saved = bo_chart_locale_format_duration (locale, sum);
  insight = add (insights, BO_INSIGHT_CACHE);
  insight->subject = bo_report_get_cell_title (report, cell->summary->cell);
  insight->headline = g_strdup_printf (D_ (report->language, "up to %s"), saved);
  if (copy->user_line > 0)
    insight->text = g_strdup_printf (D_ (report->language, "after an edit, line %u takes the edited file, and what "
                                                           "stands below it ran again for %s"),
                                     copy->user_line, saved);
  else
    insight->text = g_strdup_printf (D_ (report->language, "after an edit, step %u takes the edited file, and what "
                                                           "stands below it ran again for %s"),
                                     copy->number, saved);
  insight->advice = g_strdup (D_ (report->language, "What does not need that file saves its time with each such build "
                                                    "when it stands above. The longest:"));
  insight->detail = bo_report_shorten (longest->instruction, QUOTE_MAX);
  insight->user_line = longest->user_line;
  insight->time_us = sum;
  insight->trial = g_strdup (trial->id);
}

/* Nothing was changed, and yet it ran. */
static void
add_warm_advice (GPtrArray *insights, const BoReport *report, const BoReportCell *cell, const BoChartLocale *locale)
{
  const BoTrial *trial = bo_cell_summary_get_typical (cell->summary);
  g_autofree gint64 *shares = NULL;
  gint64 rest;

  if (trial == NULL || trial->build_us <= 0)
    return;
  shares = bo_trial_share_steps (trial, &rest);
  for (guint i = 0; i < trial->steps->len; i++)
    {
      const BoStep *step = g_ptr_array_index (trial->steps, i);
      BoReportInsight *insight;

      if (!ran (step) || !is_instruction (step, "RUN") || shares[i] < MIN_TIME_US)
        continue;
      insight = add (insights, BO_INSIGHT_CACHE);
      insight->subject = bo_report_get_cell_title (report, cell->summary->cell);
      insight->headline = bo_chart_locale_format_duration (locale, shares[i]);
      insight->text = g_strdup (D_ (report->language, "nothing had changed, and yet this step ran again"));
      insight->advice = g_strdup (D_ (report->language, "Look for what differs from build to build before it: an "
                                                        "argument, a time stamp, an address in ADD."));
      insight->detail = bo_report_shorten (step->instruction, QUOTE_MAX);
      insight->user_line = step->user_line;
      insight->time_us = shares[i];
      insight->trial = g_strdup (trial->id);
      /* What is below it ran for that reason alone. */
      return;
    }
}

static int
compare_times (gconstpointer a, gconstpointer b)
{
  gint64 first = (*(BoReportInsight *const *) a)->time_us;
  gint64 second = (*(BoReportInsight *const *) b)->time_us;

  return first > second ? -1 : first < second;
}

static void
add_cache_advice (GPtrArray *insights,
                  const BoReport *report,
                  const BoReportScope *scope,
                  const BoChartLocale *locale)
{
  g_autoptr (GPtrArray) found = g_ptr_array_new ();

  for (guint i = 0; i < report->cells->len; i++)
    {
      const BoReportCell *cell = g_ptr_array_index (report->cells, i);

      /* It is about warm and edited builds, whichever condition is looked at. */
      if (!bo_report_scope_has_image (scope, cell->summary->cell))
        continue;
      if (cell->summary->cell->condition == BO_CONDITION_EDITED)
        add_edit_advice (found, report, cell, locale);
      else if (cell->summary->cell->condition == BO_CONDITION_WARM)
        add_warm_advice (found, report, cell, locale);
    }
  g_ptr_array_sort (found, compare_times);
  g_ptr_array_extend_and_steal (insights, g_steal_pointer (&found));
}

static gboolean
has_trial (const BoReport *report, const BoReportScope *scope, const BoReportFailure *failure)
{
  if (scope == NULL || (scope->base == NULL && !scope->one_builder))
    return TRUE;
  for (guint i = 0; i < report->comparable->len; i++)
    {
      const BoTrial *trial = g_ptr_array_index (report->comparable, i);

      if (g_str_equal (trial->id, g_ptr_array_index (failure->trials, 0)))
        return trial->cell == NULL || bo_report_scope_has_image (scope, trial->cell);
    }
  return TRUE;
}

static void
add_failures (GPtrArray *insights, const BoReport *report, const BoReportScope *scope)
{
  for (guint i = 0; i < report->failures->len; i++)
    {
      const BoReportFailure *failure = g_ptr_array_index (report->failures, i);
      BoReportInsight *insight;

      if (!has_trial (report, scope, failure))
        continue;
      insight = add (insights, BO_INSIGHT_FAILURE);
      insight->subject = g_strdup (failure->subject);
      insight->headline = g_strdup (failure->headline);
      insight->text = g_strdup (failure->cause);
      insight->detail = g_strdup (failure->evidence != NULL ? failure->evidence : failure->instruction);
      insight->advice = g_strdup (failure->advice);
      insight->user_line = failure->user_line;
      insight->trial = g_strdup (g_ptr_array_index (failure->trials, 0));
    }
}

/**
 * bo_report_get_insights:
 * @report: a report
 * @scope: (nullable): the part that is looked at; %NULL for everything
 * @locale: of numbers; words are in the report's language
 *
 * Returns: (transfer full) (element-type BoReportInsight): by kind, of each kind what matters most first
 */
GPtrArray *
bo_report_get_insights (const BoReport *report, const BoReportScope *scope, const BoChartLocale *locale)
{
  G_GNUC_UNUSED g_auto (BoDecimalPoint) point
      = bo_decimal_point_begin (locale != NULL ? locale->decimal_point : NULL);
  GPtrArray *insights = g_ptr_array_new_with_free_func ((GDestroyNotify) insight_free);

  g_return_val_if_fail (report != NULL && locale != NULL, insights);

  add_comparisons (insights, report, scope);
  add_slow_steps (insights, report, scope, locale);
  add_cache_advice (insights, report, scope, locale);
  add_failures (insights, report, scope);
  return insights;
}

/* A claim is worded to stand behind something. */
static char *
to_sentence (const char *text)
{
  char first[7] = "";

  if (text[0] == '\0')
    return g_strdup ("");
  first[g_unichar_to_utf8 (g_unichar_totitle (g_utf8_get_char (text)), first)] = '\0';
  return g_strdup_printf ("%s%s.", first, g_utf8_next_char (text));
}

/**
 * bo_report_say_build_time:
 * @report: a report
 * @scope: (nullable): the part that is looked at
 *
 * Returns: (nullable) (transfer full): the comparison that matters most: that of the best cell when something
 *   is established about it, else the one that holds most
 */
char *
bo_report_say_build_time (const BoReport *report, const BoReportScope *scope)
{
  g_autoptr (GPtrArray) cells = NULL;
  const BoReportCell *chosen;

  g_return_val_if_fail (report != NULL, NULL);

  cells = list_compared (report, scope);
  if (cells->len == 0)
    return NULL;
  chosen = g_ptr_array_index (cells, 0);
  for (guint i = 0; i < cells->len; i++)
    {
      const BoReportCell *cell = g_ptr_array_index (cells, i);

      for (guint k = 0; k < report->rows->len; k++)
        {
          const BoReportRow *row = g_ptr_array_index (report->rows, k);

          if (row->best && bo_cell_equal (row->cell, cell->summary->cell)
              && get_certainty (cell->claim) >= BO_CERTAINTY_PAIRS)
            chosen = cell;
        }
    }
  if (get_certainty (chosen->claim) >= BO_CERTAINTY_PAIRS)
    return to_sentence (chosen->versus);
  return g_strdup_printf ("%s: %s.", chosen->claim_title, chosen->versus);
}

/* Each image once, the one of the first condition that it was made in. */
static GPtrArray *
list_images (const BoReport *report, const BoReportScope *scope)
{
  GPtrArray *images = g_ptr_array_new ();
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < report->cells->len; i++)
    {
      BoReportCell *cell = g_ptr_array_index (report->cells, i);
      const BoCell *key = cell->summary->cell;

      if (bo_report_scope_has_image (scope, key) && cell->summary->image_size >= 0
          && g_hash_table_add (seen, g_strjoin ("/", key->strategy, key->base, bo_builder_to_string (key->builder),
                                                NULL)))
        g_ptr_array_add (images, cell);
    }
  return images;
}

/**
 * bo_report_say_image_size:
 * @report: a report
 * @scope: (nullable): the part that is looked at
 * @locale: of numbers
 *
 * Returns: (nullable) (transfer full): which image is the smallest; sizes are exact, so they are compared as they are
 */
char *
bo_report_say_image_size (const BoReport *report, const BoReportScope *scope, const BoChartLocale *locale)
{
  G_GNUC_UNUSED g_auto (BoDecimalPoint) point
      = bo_decimal_point_begin (locale != NULL ? locale->decimal_point : NULL);
  g_autoptr (GPtrArray) images = NULL;
  const BoReportCell *smallest = NULL, *baseline = NULL;
  g_autofree char *title = NULL;
  g_autofree char *size = NULL;
  g_autofree char *less = NULL;
  g_autofree char *share = NULL;
  g_autofree char *baseline_title = NULL;
  gint64 difference;

  g_return_val_if_fail (report != NULL && locale != NULL, NULL);

  images = list_images (report, scope);
  if (images->len < 2)
    return NULL;
  for (guint i = 0; i < images->len; i++)
    {
      const BoReportCell *cell = g_ptr_array_index (images, i);

      if (smallest == NULL || cell->summary->image_size < smallest->summary->image_size)
        smallest = cell;
      if (baseline == NULL && g_strcmp0 (cell->summary->cell->strategy, report->study->baseline) == 0)
        baseline = cell;
    }
  title = get_image_title (report, smallest->summary->cell);
  size = bo_chart_locale_format_size (locale, smallest->summary->image_size);
  difference = baseline != NULL ? baseline->summary->image_size - smallest->summary->image_size : 0;
  if (difference <= 0)
    return g_strdup_printf (D_ (report->language, "The smallest image is that of %s: %s."), title, size);
  less = bo_chart_locale_format_size (locale, difference);
  share = bo_percent_format ((double) difference / (double) baseline->summary->image_size);
  baseline_title = get_image_title (report, baseline->summary->cell);
  return g_strdup_printf (D_ (report->language, "The smallest image is that of %s: %s, %s (%s) less than that of %s."),
                          title, size, less, share, baseline_title);
}

/**
 * bo_report_say_cuda:
 * @report: a report
 * @scope: (nullable): the part that is looked at
 *
 * Returns: (nullable) (transfer full): in how many of the images CUDA works
 */
char *
bo_report_say_cuda (const BoReport *report, const BoReportScope *scope)
{
  g_autoptr (GPtrArray) images = NULL;
  guint n_yes = 0, n_simulated = 0, n_asked = 0;

  g_return_val_if_fail (report != NULL, NULL);

  images = list_images (report, scope);
  for (guint i = 0; i < images->len; i++)
    {
      const BoCell *cell = ((const BoReportCell *) g_ptr_array_index (images, i))->summary->cell;
      const BoStrategy *strategy = bo_study_get_strategy (report->study, cell->strategy);

      for (guint k = 0; strategy != NULL && k < strategy->probes->len; k++)
        {
          const BoProbe *probe = g_ptr_array_index (strategy->probes, k);
          BoProbeSummary answer;

          if (probe->kind != BO_PROBE_CUDA)
            continue;
          answer = bo_probe_summarize (report->comparable, cell->strategy, cell->base, cell->builder, k, probe->kind,
                                       probe->required);
          n_asked += answer.verdict == BO_VERDICT_YES || answer.verdict == BO_VERDICT_NO;
          n_yes += answer.verdict == BO_VERDICT_YES;
          n_simulated += answer.verdict == BO_VERDICT_YES && answer.simulated;
          break;
        }
    }
  if (n_asked == 0)
    return NULL;
  if (n_simulated > 0)
    return g_strdup_printf (D_ (report->language, "Images in which CUDA works: %u of %u, on a simulated GPU: %u."),
                            n_yes, n_asked, n_simulated);
  return g_strdup_printf (D_ (report->language, "Images in which CUDA works: %u of %u."), n_yes, n_asked);
}

/**
 * bo_report_say_comparison:
 * @report: a report
 * @from: one of its cells
 * @to: another
 * @chart: what bo_report_make_comparison() made of them
 *
 * Returns: (nullable) (transfer full): what the differences add up to, and what is established about the two
 *   when the report compares them
 */
char *
bo_report_say_comparison (const BoReport *report, const BoCell *from, const BoCell *to, const BoChart *chart)
{
  guint n_rows, column;
  BoChartLocale locale;
  g_autofree char *sum = NULL;

  g_return_val_if_fail (report != NULL && from != NULL && to != NULL && chart != NULL, NULL);

  n_rows = bo_chart_table_get_n_rows (chart->table);
  if (chart->empty != NULL || n_rows == 0)
    return NULL;
  column = bo_chart_table_get_n_columns (chart->table) - 1;
  locale = bo_chart_get_locale (chart);
  /* The last row is the whole build. */
  sum = bo_chart_locale_format_difference (&locale, bo_chart_table_get_number (chart->table, n_rows - 1, column));
  for (guint i = 0; i < report->cells->len; i++)
    {
      const BoReportCell *cell = g_ptr_array_index (report->cells, i);

      if (cell->claim != NULL && cell->claim->kind != BO_CLAIM_NOT_COMPARED && bo_cell_equal (cell->summary->cell, to)
          && g_strcmp0 (from->strategy, report->study->baseline) == 0 && from->condition == to->condition
          && from->builder == to->builder && g_str_equal (from->base, to->base))
        return g_strdup_printf (D_ (chart->language, "The differences add up to %s. Over all runs: %s."), sum,
                                cell->versus);
    }
  return g_strdup_printf (D_ (chart->language, "The differences add up to %s."), sum);
}
