/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-report-json"

#include "config.h"

#include <math.h>

#include <json-glib/json-glib.h>

#include "findings/bo-report.h"

/*
 * The report for programs. Times are microseconds and sizes bytes; what is
 * not known is null. Words that a person reads are in the report's language,
 * words that a program branches on never are.
 */

#define FORMAT 1

static void
add_string (JsonBuilder *builder, const char *name, const char *value)
{
  json_builder_set_member_name (builder, name);
  if (value != NULL)
    {
      g_autofree char *valid = g_utf8_make_valid (value, -1);

      json_builder_add_string_value (builder, valid);
    }
  else
    json_builder_add_null_value (builder);
}

static void
add_known (JsonBuilder *builder, const char *name, gint64 value)
{
  json_builder_set_member_name (builder, name);
  if (value < 0)
    json_builder_add_null_value (builder);
  else
    json_builder_add_int_value (builder, value);
}

/* JSON has no infinity; "no difference could have been shown" is null. */
static void
add_number (JsonBuilder *builder, const char *name, double value, gboolean known)
{
  json_builder_set_member_name (builder, name);
  if (!known || !isfinite (value))
    json_builder_add_null_value (builder);
  else
    json_builder_add_double_value (builder, value);
}

static void
add_boolean (JsonBuilder *builder, const char *name, gboolean value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_boolean_value (builder, value);
}

static void
begin_array (JsonBuilder *builder, const char *name)
{
  json_builder_set_member_name (builder, name);
  json_builder_begin_array (builder);
}

static void
add_strings (JsonBuilder *builder, const char *name, GPtrArray *strings)
{
  begin_array (builder, name);
  for (guint i = 0; i < strings->len; i++)
    json_builder_add_string_value (builder, g_ptr_array_index (strings, i));
  json_builder_end_array (builder);
}

static void
add_row (JsonBuilder *builder, const BoReportRow *row)
{
  g_autofree char *key = row->cell != NULL ? bo_cell_get_key (row->cell) : NULL;

  json_builder_begin_object (builder);
  add_string (builder, "strategy", row->strategy);
  add_string (builder, "title", row->title);
  add_string (builder, "cell", key);
  add_string (builder, "build_time", row->build_time);
  add_known (builder, "build_us", row->build_us);
  add_known (builder, "n_build", row->n_build);
  add_string (builder, "run_time", row->run_time);
  add_known (builder, "run_us", row->run_us);
  add_known (builder, "n_run", row->n_run);
  add_string (builder, "notes", row->notes);
  add_string (builder, "outcome", row->outcome);
  add_boolean (builder, "passes", row->passes);
  add_boolean (builder, "baseline", row->baseline);
  add_boolean (builder, "best", row->best);
  json_builder_end_object (builder);
}

static void
add_claim (JsonBuilder *builder, const BoReportCell *cell)
{
  const BoClaim *claim = cell->claim;

  json_builder_set_member_name (builder, "claim");
  if (claim == NULL)
    {
      json_builder_add_null_value (builder);
      return;
    }
  json_builder_begin_object (builder);
  add_string (builder, "kind", bo_claim_kind_to_string (claim->kind));
  add_string (builder, "text", cell->versus);
  add_string (builder, "of", cell->claim_title);
  add_string (builder, "baseline", cell->claim_baseline);
  add_known (builder, "n", (gint64) claim->n_new);
  add_known (builder, "n_baseline", (gint64) claim->n_old);
  add_number (builder, "ratio_of_medians", claim->ratio, claim->ratio > 0);
  add_known (builder, "n_pairs", claim->n_pairs);
  add_known (builder, "n_pairs_faster", claim->n_faster);
  add_known (builder, "n_pairs_slower", claim->n_slower);
  add_number (builder, "pair_median_change", claim->pair_median, claim->n_pairs > 0);
  add_number (builder, "pair_min_change", claim->pair_min, claim->n_pairs > 0);
  add_number (builder, "pair_max_change", claim->pair_max, claim->n_pairs > 0);
  add_number (builder, "noise_floor", claim->noise, TRUE);
  add_number (builder, "p", claim->p, claim->p >= 0);
  add_number (builder, "p_holm", claim->p_adjusted, claim->p_adjusted >= 0);
  add_known (builder, "n_tests", claim->n_tests);
  add_number (builder, "hodges_lehmann_ratio", claim->interval.ratio, claim->interval.coverage > 0);
  add_number (builder, "interval_low", claim->interval.low, claim->interval.coverage > 0);
  add_number (builder, "interval_high", claim->interval.high, claim->interval.coverage > 0);
  add_number (builder, "interval_coverage", claim->interval.coverage, claim->interval.coverage > 0);
  add_number (builder, "detectable", claim->detectable, claim->kind == BO_CLAIM_NOT_SHOWN);
  json_builder_end_object (builder);
}

static void
add_cell (JsonBuilder *builder, const BoReportCell *cell)
{
  const BoCellSummary *summary = cell->summary;
  g_autofree char *key = bo_cell_get_key (summary->cell);
  gboolean known = summary->build.n > 0;

  json_builder_begin_object (builder);
  add_string (builder, "cell", key);
  add_string (builder, "strategy", summary->cell->strategy);
  add_string (builder, "base", summary->cell->base);
  add_string (builder, "builder", bo_builder_to_string (summary->cell->builder));
  add_string (builder, "condition", bo_condition_to_string (summary->cell->condition));
  add_boolean (builder, "is_baseline", cell->is_baseline);
  json_builder_set_member_name (builder, "outcomes");
  json_builder_begin_object (builder);
  for (guint i = 0; i < BO_N_OUTCOMES; i++)
    if (summary->n_outcomes[i] > 0)
      add_known (builder, bo_outcome_to_string ((BoOutcome) i), summary->n_outcomes[i]);
  json_builder_end_object (builder);
  add_known (builder, "n_usable", summary->n_usable);
  add_known (builder, "n_disturbed", summary->n_disturbed);
  add_boolean (builder, "only_disturbed", summary->only_disturbed);
  /* The times that the numbers are made of, in the order of their blocks. */
  begin_array (builder, "build_us");
  for (guint i = 0; i < summary->trials->len; i++)
    {
      const BoTrial *trial = g_ptr_array_index (summary->trials, i);

      if (bo_trial_is_usable (trial))
        json_builder_add_int_value (builder, trial->build_us);
    }
  json_builder_end_array (builder);
  add_known (builder, "median_us", known ? llround (summary->build.median) : -1);
  add_known (builder, "min_us", known ? llround (summary->build.min) : -1);
  add_known (builder, "q1_us", known ? llround (summary->build.q1) : -1);
  add_known (builder, "q3_us", known ? llround (summary->build.q3) : -1);
  add_known (builder, "max_us", known ? llround (summary->build.max) : -1);
  add_number (builder, "relative_range", summary->build.relative_range, summary->build.n > 1);
  add_known (builder, "image_size", summary->image_size);
  add_known (builder, "added_size", summary->added_size);
  add_string (builder, "cuda", cell->cuda);
  add_string (builder, "slowest_step", cell->slowest);
  add_string (builder, "flags", cell->flags);
  add_claim (builder, cell);
  json_builder_end_object (builder);
}

static void
add_points (JsonBuilder *builder, const char *name, GPtrArray *points)
{
  begin_array (builder, name);
  for (guint i = 0; i < points->len; i++)
    {
      const BoReportPoint *point = g_ptr_array_index (points, i);

      json_builder_begin_object (builder);
      add_string (builder, "subject", point->subject);
      add_string (builder, "text", point->text);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

static void
add_failures (JsonBuilder *builder, GPtrArray *failures)
{
  begin_array (builder, "failures");
  for (guint i = 0; i < failures->len; i++)
    {
      const BoReportFailure *failure = g_ptr_array_index (failures, i);

      json_builder_begin_object (builder);
      add_string (builder, "subject", failure->subject);
      add_string (builder, "headline", failure->headline);
      add_string (builder, "instruction", failure->instruction);
      add_known (builder, "user_line", failure->user_line > 0 ? (gint64) failure->user_line : -1);
      add_string (builder, "cause", failure->cause);
      add_string (builder, "evidence", failure->evidence);
      add_strings (builder, "details", failure->details);
      add_string (builder, "advice", failure->advice);
      add_string (builder, "tail", failure->tail);
      add_strings (builder, "trials", failure->trials);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

static void
add_lists (JsonBuilder *builder, const BoReport *report)
{
  begin_array (builder, "prebuilds");
  for (guint i = 0; i < report->prebuilds->len; i++)
    {
      const BoReportPrebuild *prebuild = g_ptr_array_index (report->prebuilds, i);

      json_builder_begin_object (builder);
      add_string (builder, "subject", prebuild->subject);
      add_known (builder, "cost_us", prebuild->cost_us);
      add_known (builder, "saving_us", prebuild->saving_us);
      add_known (builder, "builds", prebuild->builds > 0 ? (gint64) prebuild->builds : -1);
      add_string (builder, "text", prebuild->text);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);

  begin_array (builder, "left_out");
  for (guint i = 0; i < report->exclusions->len; i++)
    {
      const BoReportExclusion *exclusion = g_ptr_array_index (report->exclusions, i);

      json_builder_begin_object (builder);
      add_string (builder, "subject", exclusion->subject);
      add_string (builder, "reason", exclusion->reason);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);

  begin_array (builder, "environment");
  for (guint i = 0; i < report->facts->len; i++)
    {
      const BoReportFact *fact = g_ptr_array_index (report->facts, i);

      json_builder_begin_object (builder);
      add_string (builder, "label", fact->label);
      add_string (builder, "value", fact->value);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

/* Each campaign as its own campaign.json has it, with the state it is in. */
static void
add_campaigns (JsonBuilder *builder, const BoReport *report)
{
  begin_array (builder, "campaigns");
  for (guint i = 0; i < report->campaigns->len; i++)
    {
      const BoCampaign *campaign = g_ptr_array_index (report->campaigns, i);
      g_autofree char *text = bo_campaign_to_json (campaign);
      JsonNode *node = json_from_string (text, NULL);

      if (node != NULL && JSON_NODE_HOLDS_OBJECT (node))
        json_object_set_string_member (json_node_get_object (node), "state",
                                       bo_campaign_state_to_string (campaign->state));
      json_builder_add_value (builder, node != NULL ? node : json_node_new (JSON_NODE_NULL));
    }
  json_builder_end_array (builder);
}

/**
 * bo_report_to_json:
 * @report: a report
 *
 * Returns: (transfer full): the whole report, with every campaign and every trial's record, as one JSON object
 */
char *
bo_report_to_json (const BoReport *report)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *text = NULL;

  g_return_val_if_fail (report != NULL, NULL);

  json_builder_begin_object (builder);
  add_known (builder, "format", FORMAT);
  add_string (builder, "study", report->title);
  add_string (builder, "study_id", report->study->id);
  add_string (builder, "language", report->language);
  add_string (builder, "baseline", report->study->baseline);
  add_string (builder, "summary", report->notes);
  add_string (builder, "best", report->best);
  begin_array (builder, "validation");
  for (guint i = 0; i < report->rows->len; i++)
    add_row (builder, g_ptr_array_index (report->rows, i));
  json_builder_end_array (builder);
  add_string (builder, "cells_used", report->cells_used);
  add_known (builder, "n_comparisons", report->n_comparisons);
  add_known (builder, "n_tests", report->n_tests);
  begin_array (builder, "cells");
  for (guint i = 0; i < report->cells->len; i++)
    add_cell (builder, g_ptr_array_index (report->cells, i));
  json_builder_end_array (builder);
  add_points (builder, "worked", report->worked);
  add_points (builder, "did_not_work", report->not_worked);
  add_failures (builder, report->failures);
  add_lists (builder, report);
  add_strings (builder, "method", report->method);
  add_campaigns (builder, report);
  begin_array (builder, "trials");
  for (guint i = 0; i < report->trials->len; i++)
    json_builder_add_value (builder, bo_trial_to_node (g_ptr_array_index (report->trials, i)));
  json_builder_end_array (builder);
  json_builder_end_object (builder);

  root = json_builder_get_root (builder);
  text = json_to_string (root, TRUE);
  return g_strconcat (text, "\n", NULL);
}
