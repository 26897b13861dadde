/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-report"

#include "config.h"

#include <math.h>

#include "findings/bo-report-parts.h"
#include "insight/bo-comparability.h"
#include "insight/bo-duration.h"
#include "study/bo-names.h"

/*
 * The trials that may be put together, the detailed table, and every
 * comparison with the baseline.
 */

static guint
campaign_index (const BoReportMaker *maker, const char *id)
{
  for (guint i = 0; i < maker->report->campaigns->len; i++)
    {
      const BoCampaign *campaign = g_ptr_array_index (maker->report->campaigns, i);

      if (g_strcmp0 (campaign->id, id) == 0)
        return i;
    }
  return G_MAXUINT;
}

static const BoPlannedTrial *
find_planned_in (const BoCampaign *campaign, const BoCell *cell)
{
  for (guint i = 0; i < campaign->trials->len; i++)
    {
      const BoPlannedTrial *planned = g_ptr_array_index (campaign->trials, i);

      if (planned->kind == BO_TRIAL_COUNTED && planned->cell != NULL && bo_cell_equal (planned->cell, cell))
        return planned;
    }
  return NULL;
}

static const BoBaseImage *
find_base_in (const BoCampaign *campaign, const char *base)
{
  for (guint i = 0; i < campaign->bases->len; i++)
    {
      const BoBaseImage *image = g_ptr_array_index (campaign->bases, i);

      if (g_strcmp0 (image->base, base) == 0)
        return image;
    }
  return NULL;
}

/*
 * A Dockerfile as sent names our own images, whose tags hold the campaign's
 * id; what it is compared by does not.
 */
static char *
get_dockerfile (const BoCampaign *campaign, const char *sha256)
{
  const char *text = sha256 != NULL ? g_hash_table_lookup (campaign->dockerfiles, sha256) : NULL;
  g_autoptr (GRegex) tags = g_regex_new (BO_NAME_PREFIX "[0-9A-Za-z-]+:[0-9A-Za-z._-]+", G_REGEX_RAW, 0, NULL);

  /* Without its text it is known by its hash alone. */
  if (text == NULL)
    return g_strdup (sha256);
  return g_regex_replace_literal (tags, text, -1, 0, BO_NAME_PREFIX, 0, NULL);
}

static gboolean
same_dockerfile (const BoCampaign *a, const char *sha256_a, const BoCampaign *b, const char *sha256_b)
{
  g_autofree char *text_a = get_dockerfile (a, sha256_a);
  g_autofree char *text_b = get_dockerfile (b, sha256_b);

  return g_strcmp0 (text_a, text_b) == 0;
}

static const BoPlannedTrial *
find_planned_prebuild (const BoCampaign *campaign, const BoCell *cell, const char *name)
{
  const BoPlannedTrial *planned = find_planned_in (campaign, cell);

  for (guint i = 0; planned != NULL && i < planned->needs_prebuilds->len; i++)
    {
      const BoPlannedTrial *prebuild
        = bo_campaign_get_trial (campaign, g_ptr_array_index (planned->needs_prebuilds, i));

      if (prebuild != NULL && g_strcmp0 (prebuild->prebuild, name) == 0)
        return prebuild;
    }
  return NULL;
}

static gboolean
same_prebuilds (const BoCampaign *a, const BoCampaign *b, const BoCell *cell)
{
  const BoPlannedTrial *planned = find_planned_in (a, cell);

  for (guint i = 0; planned != NULL && i < planned->needs_prebuilds->len; i++)
    {
      const BoPlannedTrial *prebuild = bo_campaign_get_trial (a, g_ptr_array_index (planned->needs_prebuilds, i));
      const BoPlannedTrial *other = prebuild != NULL ? find_planned_prebuild (b, cell, prebuild->prebuild) : NULL;

      if (other == NULL || !same_dockerfile (a, prebuild->dockerfile_sha256, b, other->dockerfile_sha256))
        return FALSE;
    }
  return TRUE;
}

/*
 * Why a trial of an older campaign is not comparable with what the newest
 * one has of its cell. Of the context only the size is known; a file whose
 * size stayed the same when its contents changed is not noticed.
 */
static const char *
why_different (const BoReportMaker *maker, const BoTrial *trial, const BoCampaign *campaign)
{
  const BoCampaign *newest = g_ptr_array_index (maker->report->campaigns, 0);
  const BoPlannedTrial *reference;
  const BoBaseImage *base, *reference_base;
  const char *difference;

  if (g_strcmp0 (campaign->device_url, newest->device_url) != 0)
    return D_ (maker->language, "another device");
  difference = bo_device_facts_find_difference (newest->device_facts, campaign->device_facts);
  if (difference != NULL)
    return D_ (maker->language, difference);
  /* Build arguments and run options come from there and from the values of variables. */
  if (g_strcmp0 (campaign->study_text, newest->study_text) != 0)
    return D_ (maker->language, "another version of the study");
  if (!bo_campaign_has_variables (campaign, newest->variables))
    return D_ (maker->language, "other values of its variables");
  reference = find_planned_in (newest, trial->cell);
  if (reference == NULL)
    return NULL;
  if (!same_dockerfile (newest, reference->dockerfile_sha256, campaign, trial->dockerfile_sha256))
    return D_ (maker->language, "another Dockerfile");
  if (!same_prebuilds (newest, campaign, trial->cell))
    return D_ (maker->language, "another prebuild");
  if (trial->cell->condition != BO_CONDITION_EDITED && reference->context_bytes > 0 && trial->context_bytes > 0
      && reference->context_bytes != trial->context_bytes)
    return D_ (maker->language, "another context");
  base = find_base_in (campaign, trial->cell->base);
  reference_base = find_base_in (newest, trial->cell->base);
  if (base != NULL && reference_base != NULL && g_strcmp0 (base->image_id, reference_base->image_id) != 0)
    return D_ (maker->language, "another base image");
  return NULL;
}

/*
 * With several campaigns, trials of the older ones are used as far as they
 * were made of the same things; the others are listed as left out.
 */
void
bo_report_add_trials (BoReportMaker *maker)
{
  for (guint i = 0; i < maker->report->trials->len; i++)
    {
      BoTrial *trial = g_ptr_array_index (maker->report->trials, i);
      guint index = campaign_index (maker, trial->campaign);
      const char *reason = NULL;

      if (trial->cell == NULL)
        continue;
      if (index != G_MAXUINT && index > 0)
        reason = why_different (maker, trial, g_ptr_array_index (maker->report->campaigns, index));
      if (reason == NULL)
        g_ptr_array_add (maker->trials, trial);
      else if (trial->kind == BO_TRIAL_COUNTED)
        {
          BoReportExclusion *exclusion = g_new0 (BoReportExclusion, 1);

          exclusion->subject = g_strdup (trial->id);
          exclusion->reason = g_strdup (reason);
          g_ptr_array_add (maker->report->exclusions, exclusion);
        }
    }
}

static gboolean
cell_is_known (const BoReportMaker *maker, const BoCell *cell)
{
  for (guint i = 0; i < maker->trials->len; i++)
    {
      const BoTrial *trial = g_ptr_array_index (maker->trials, i);

      if (trial->kind == BO_TRIAL_COUNTED && bo_cell_equal (trial->cell, cell))
        return TRUE;
    }
  return bo_report_find_planned (maker, cell) != NULL;
}

static char *
describe_slowest (const BoReportMaker *maker, const BoCellSummary *summary)
{
  const BoTrial *typical = bo_cell_summary_get_typical (summary);
  const BoStep *step = typical != NULL ? bo_trial_get_slowest_step (typical) : NULL;
  g_autofree char *instruction = NULL;
  g_autofree char *time = NULL;

  if (step == NULL)
    return g_strdup (BO_NO_VALUE);
  instruction = bo_report_shorten (step->instruction != NULL ? step->instruction : "", 60);
  time = bo_duration_format (step->duration_us);
  if (step->number == 0)
    return g_strdup_printf ("%s: %s", instruction, time);
  return g_strdup_printf (D_ (maker->language, "step %u, %s: %s"), step->number, instruction, time);
}

/* "throttled (1), other-load (2)": how many trials carry each flag. */
static char *
describe_flags (const BoCellSummary *summary)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  g_autoptr (GArray) counts = g_array_new (FALSE, FALSE, sizeof (guint));
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < summary->trials->len; i++)
    {
      const BoTrial *trial = g_ptr_array_index (summary->trials, i);

      for (guint k = 0; k < trial->flags->len; k++)
        {
          guint index;
          guint one = 1;

          if (g_ptr_array_find_with_equal_func (names, g_ptr_array_index (trial->flags, k), g_str_equal, &index))
            g_array_index (counts, guint, index)++;
          else
            {
              g_ptr_array_add (names, g_ptr_array_index (trial->flags, k));
              g_array_append_val (counts, one);
            }
        }
    }
  for (guint i = 0; i < names->len; i++)
    g_string_append_printf (text, "%s%s (%u)", i > 0 ? ", " : "", (const char *) g_ptr_array_index (names, i),
                            g_array_index (counts, guint, i));
  if (text->len == 0)
    g_string_append (text, BO_NO_VALUE);
  return g_string_free (text, FALSE);
}

/* What stands in the place of a median when there is none. */
static char *
describe_outcome (const BoReportMaker *maker, const BoCellSummary *summary)
{
  const BoTrial *trial;

  trial = bo_cell_summary_get_first (summary, BO_OUTCOME_FAILED);
  if (trial == NULL)
    trial = bo_cell_summary_get_first (summary, BO_OUTCOME_TIMED_OUT);
  if (trial != NULL)
    return bo_report_describe_stop (maker, trial);
  if (summary->trials->len > 0)
    {
      trial = g_ptr_array_index (summary->trials, 0);
      switch (trial->outcome)
        {
        case BO_OUTCOME_SKIPPED:
          return g_strdup (D_ (maker->language, "not run (skipped)"));
        case BO_OUTCOME_CANCELLED:
          return g_strdup (D_ (maker->language, "not run (cancelled)"));
        case BO_OUTCOME_INTERRUPTED:
          return g_strdup (D_ (maker->language, "not run (interrupted)"));
        case BO_OUTCOME_UNSUPPORTED:
          return g_strdup (D_ (maker->language, "not run (unsupported)"));
        case BO_OUTCOME_PENDING:
        case BO_OUTCOME_RUNNING:
        case BO_OUTCOME_SUCCEEDED:
        case BO_OUTCOME_FAILED:
        case BO_OUTCOME_TIMED_OUT:
        default:
          break;
        }
    }
  return g_strdup (D_ (maker->language, "not run"));
}

static char *
describe_cuda (const BoReportMaker *maker, const BoCell *cell)
{
  const BoStrategy *strategy = bo_report_find_strategy (maker, cell->strategy);

  for (guint i = 0; strategy != NULL && i < strategy->probes->len; i++)
    {
      const BoProbe *probe = g_ptr_array_index (strategy->probes, i);
      BoProbeSummary answer;

      if (probe->kind != BO_PROBE_CUDA)
        continue;
      answer = bo_probe_summarize (maker->trials, cell->strategy, cell->base, cell->builder, i, probe->kind,
                                   probe->required);
      return bo_report_describe_cuda (maker, &answer, FALSE);
    }
  return g_strdup (BO_NO_VALUE);
}

static BoReportCell *
make_cell (const BoReportMaker *maker, const BoCell *cell)
{
  BoReportCell *row = g_new0 (BoReportCell, 1);
  BoCellSummary *summary = bo_cell_summary_new (cell, maker->trials);

  row->summary = summary;
  row->title = g_strdup (bo_report_get_strategy_title (maker, cell->strategy));
  row->base_title = g_strdup (bo_report_get_base_title (maker, cell->base));
  row->repetitions = g_strdup_printf ("%u/%u", summary->n_outcomes[BO_OUTCOME_SUCCEEDED],
                                      bo_cell_summary_count_tried (summary));
  row->range = g_strdup (BO_NO_VALUE);
  if (summary->build.n == 0)
    row->median = describe_outcome (maker, summary);
  else
    {
      g_autofree char *median = bo_duration_format (llround (summary->build.median));

      row->median = summary->only_disturbed ? g_strdup_printf (D_ (maker->language, "%s (disturbed)"), median)
                                            : g_steal_pointer (&median);
      if (summary->build.n > 1)
        {
          g_autofree char *min = bo_duration_format (llround (summary->build.min));
          g_autofree char *max = bo_duration_format (llround (summary->build.max));

          g_free (row->range);
          row->range = g_strdup_printf ("%s … %s", min, max);
        }
    }
  row->image_size = bo_size_format (summary->image_size);
  row->added_size = bo_size_format (summary->added_size);
  row->cuda = summary->build.n > 0 ? describe_cuda (maker, cell) : g_strdup (BO_NO_VALUE);
  row->slowest = describe_slowest (maker, summary);
  row->flags = describe_flags (summary);
  return row;
}

/*
 * The cell that another is compared with: the baseline strategy's, of the
 * same builder and condition and, where it is built on it, the same base; a
 * baseline strategy on a further base is compared with itself on its first.
 */
static const BoReportCell *
find_baseline (const BoReportMaker *maker, const BoCell *cell)
{
  const BoStrategy *baseline = bo_report_find_strategy (maker, maker->study->baseline);
  const char *first_base;
  const char *base = NULL;
  g_autoptr (BoCell) wanted = NULL;

  if (baseline == NULL || baseline->bases->len == 0)
    return NULL;
  first_base = g_ptr_array_index (baseline->bases, 0);
  if (!g_str_equal (cell->strategy, baseline->id))
    for (guint i = 0; i < baseline->bases->len; i++)
      if (g_str_equal (g_ptr_array_index (baseline->bases, i), cell->base))
        base = cell->base;
  wanted = bo_cell_new (baseline->id, base != NULL ? base : first_base, cell->builder, cell->condition);
  if (bo_cell_equal (wanted, cell))
    return NULL;
  return bo_report_find_cell (maker, wanted);
}

/* The samples of a cell that claims rest on, each with the block that it ran in. */
static GArray *
get_samples (const BoReportMaker *maker, const BoCellSummary *summary)
{
  GArray *samples = g_array_new (FALSE, FALSE, sizeof (BoSample));

  for (guint i = 0; i < summary->trials->len; i++)
    {
      const BoTrial *trial = g_ptr_array_index (summary->trials, i);
      guint64 campaign = campaign_index (maker, trial->campaign);
      /* A warm build may take less than the clock tells apart; a ratio needs more than nothing. */
      BoSample sample = { (double) MAX (trial->build_us, 1), (campaign << 32) | trial->repetition };

      if (bo_trial_is_usable (trial))
        g_array_append_val (samples, sample);
    }
  return samples;
}

static void
compare (const BoReportMaker *maker, BoReportCell *cell, const BoReportCell *baseline, double noise)
{
  g_autoptr (GArray) samples = get_samples (maker, cell->summary);
  g_autoptr (GArray) others = get_samples (maker, baseline->summary);
  gboolean other_base = !g_str_equal (cell->summary->cell->base, baseline->summary->cell->base);

  if (samples->len == 0 || others->len == 0)
    return;
  cell->claim = bo_claim_new ((const BoSample *) samples->data, samples->len, (const BoSample *) others->data,
                              others->len, noise);
  /* A difference that may be the base image's is not to be read as the strategy's. */
  if (other_base)
    {
      cell->claim_title = g_strdup_printf (D_ (maker->language, "%s on %s"), cell->title, cell->base_title);
      cell->claim_baseline = g_strdup_printf (D_ (maker->language, "%s on %s"), baseline->title,
                                              baseline->base_title);
    }
  else
    {
      cell->claim_title = g_strdup (cell->title);
      cell->claim_baseline = g_strdup (baseline->title);
    }
}

static void
add_comparisons (BoReportMaker *maker)
{
  GPtrArray *cells = maker->report->cells;
  g_autoptr (GPtrArray) summaries = g_ptr_array_new ();
  g_autoptr (GPtrArray) claims = g_ptr_array_new ();

  for (guint i = 0; i < cells->len; i++)
    g_ptr_array_add (summaries, ((BoReportCell *) g_ptr_array_index (cells, i))->summary);

  for (guint i = 0; i < cells->len; i++)
    {
      BoReportCell *cell = g_ptr_array_index (cells, i);
      const BoReportCell *baseline = find_baseline (maker, cell->summary->cell);

      if (baseline == NULL)
        {
          cell->is_baseline = g_strcmp0 (cell->summary->cell->strategy, maker->study->baseline) == 0;
          continue;
        }
      compare (maker, cell, baseline, bo_cell_summaries_get_noise (summaries, cell->summary->cell->condition));
      if (cell->claim != NULL)
        g_ptr_array_add (claims, cell->claim);
    }

  bo_claims_decide ((BoClaim *const *) claims->pdata, claims->len);
  maker->report->n_comparisons = claims->len;
  for (guint i = 0; i < claims->len; i++)
    maker->report->n_tests += ((const BoClaim *) g_ptr_array_index (claims, i))->p >= 0;

  for (guint i = 0; i < cells->len; i++)
    {
      BoReportCell *cell = g_ptr_array_index (cells, i);

      if (cell->claim != NULL)
        cell->versus = bo_claim_to_text (cell->claim, cell->claim_title, cell->claim_baseline, maker->language);
    }
}

void
bo_report_add_cells (BoReportMaker *maker)
{
  for (guint s = 0; s < maker->study->strategies->len; s++)
    for (guint b = 0; b < maker->study->bases->len; b++)
      for (guint builder = 0; builder < BO_N_BUILDERS; builder++)
        for (guint condition = 0; condition < BO_N_CONDITIONS; condition++)
          {
            const BoStrategy *strategy = g_ptr_array_index (maker->study->strategies, s);
            const BoBase *base = g_ptr_array_index (maker->study->bases, b);
            g_autoptr (BoCell) cell = bo_cell_new (strategy->id, base->id, (BoBuilder) builder,
                                                   (BoCondition) condition);

            if (cell_is_known (maker, cell))
              g_ptr_array_add (maker->report->cells, make_cell (maker, cell));
          }
  add_comparisons (maker);
}
