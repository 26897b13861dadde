/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-findings"

#include "config.h"

#include <string.h>

#include <glib/gi18n.h>

#include "findings/bo-findings.h"
#include "journal/bo-recorder.h"
#include "study/bo-variables.h"

G_DEFINE_QUARK (bo-findings-error-quark, bo_findings_error)

/*
 * A campaign of a version that did not keep the values of variables: they
 * shaped the builds, not the report, so each that is not
 * known stands for itself, in small letters, which an image's name may hold.
 */
static GHashTable *
find_variables (const char *text)
{
  GHashTable *variables = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  for (const char *p = strstr (text, "${"); p != NULL; p = strstr (p + 2, "${"))
    {
      const char *end = strchr (p, '}');
      g_autofree char *name = end != NULL ? g_strndup (p + 2, end - p - 2) : NULL;

      if (name != NULL && bo_variables_is_name (name) && !g_str_equal (name, BO_VARIABLE_BASE_IMAGE)
          && !g_str_equal (name, BO_VARIABLE_TRIAL))
        {
          char *value = g_ascii_strdown (name, -1);

          g_hash_table_replace (variables, g_steal_pointer (&name), value);
        }
    }
  return variables;
}

/**
 * bo_findings_read_study:
 * @campaign: a campaign
 * @error: return location for an error
 *
 * Returns: (transfer full): the study as it was when @campaign was planned, or %NULL with
 *   %BO_FINDINGS_ERROR_STUDY
 */
BoStudy *
bo_findings_read_study (const BoCampaign *campaign, GError **error)
{
  g_autoptr (BoProblems) problems = bo_problems_new ();
  const char *file;
  BoStudy *study = NULL;

  g_return_val_if_fail (campaign != NULL, NULL);

  /* One that another computer began keeps its path to itself. */
  file = campaign->study_file != NULL ? campaign->study_file : "/" BO_STUDY_FILE_NAME;

  if (campaign->study_text != NULL)
    {
      g_autoptr (BoProblems) undefined = bo_problems_new ();

      /* With the study's own values next; only where one is missing do all of them stand for themselves. */
      study = bo_study_load_from_data (campaign->study_text, -1, file, campaign->variables, undefined);
      if (study == NULL)
        {
          g_autoptr (GHashTable) variables = find_variables (campaign->study_text);

          study = bo_study_load_from_data (campaign->study_text, -1, file, variables, problems);
        }
    }
  if (study == NULL)
    {
      g_autofree char *first = NULL;

      for (guint i = 0; i < problems->items->len && first == NULL; i++)
        if (bo_problems_get (problems, i)->level == BO_PROBLEM_ERROR)
          first = bo_problem_to_string (bo_problems_get (problems, i));
      g_set_error (error, BO_FINDINGS_ERROR, BO_FINDINGS_ERROR_STUDY,
                   _ ("The study that campaign %s was made from cannot be read: %s"), campaign->id,
                   first != NULL ? first : _ ("nothing was kept of it"));
    }
  return study;
}

/* The campaign itself first, then, when asked for, the older ones of its study, newest first. */
static GPtrArray *
load_campaigns (BoStore *store, const char *campaign_id, gboolean all_campaigns, GError **error)
{
  g_autoptr (GPtrArray) campaigns = g_ptr_array_new_with_free_func ((GDestroyNotify) bo_campaign_unref);
  g_autoptr (GPtrArray) summaries = NULL;
  BoCampaign *first = bo_store_get_campaign_sync (store, campaign_id, error);

  if (first == NULL)
    return NULL;
  g_ptr_array_add (campaigns, first);
  if (!all_campaigns)
    return g_steal_pointer (&campaigns);

  summaries = bo_store_list_campaigns_sync (store, first->study_id, error);
  if (summaries == NULL)
    return NULL;
  for (guint i = 0; i < summaries->len; i++)
    {
      const BoCampaignSummary *summary = g_ptr_array_index (summaries, i);
      BoCampaign *campaign;

      if (summary->created_us > first->created_us || g_str_equal (summary->id, first->id))
        continue;
      campaign = bo_store_get_campaign_sync (store, summary->id, error);
      if (campaign == NULL)
        return NULL;
      g_ptr_array_add (campaigns, campaign);
    }
  return g_steal_pointer (&campaigns);
}

typedef struct
{
  const BoStep *failed;
  BoDiagnoser *diagnoser;
} LogReader;

/* The journal's reader has steps of its own; the same step is the one of the same place. */
static gboolean
read_line_cb (const BoStep *step, const BoLogLine *line, gpointer user_data)
{
  LogReader *reader = user_data;

  if (step->number == reader->failed->number && g_strcmp0 (step->stage, reader->failed->stage) == 0
      && g_strcmp0 (step->instruction, reader->failed->instruction) == 0)
    bo_diagnoser_feed (reader->diagnoser, line->text);
  return TRUE;
}

/*
 * A record keeps the last lines of a step that failed; what caused it may
 * stand thousands of lines before, so the whole log is read where there is a
 * journal. Without one the lines of the record have to do.
 */
static void
diagnose (BoStore *store, BoCampaign *campaign, const BoTrial *trial, GHashTable *diagnoses)
{
  g_autoptr (BoDiagnoser) diagnoser = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = NULL;
  LogReader reader;
  BoDiagnosis *diagnosis;

  diagnosis = bo_diagnose_evidence (trial);
  if (diagnosis != NULL)
    {
      g_hash_table_insert (diagnoses, g_strdup (trial->id), diagnosis);
      return;
    }
  if (trial->outcome != BO_OUTCOME_FAILED || trial->failed_step < 0 || (guint) trial->failed_step >= trial->steps->len)
    return;
  folder = bo_store_get_campaign_folder (store, campaign->id);
  diagnoser = bo_diagnoser_new (bo_signatures_get_known ());
  reader.failed = g_ptr_array_index (trial->steps, trial->failed_step);
  reader.diagnoser = diagnoser;
  if (!bo_journal_read_log (folder, campaign, trial->id, read_line_cb, &reader, &error))
    {
      g_debug ("the log of %s: %s", trial->id, error->message);
      return;
    }
  bo_diagnoser_feed_errors (diagnoser, trial);
  diagnosis = bo_diagnoser_finish (diagnoser);
  if (diagnosis != NULL)
    g_hash_table_insert (diagnoses, g_strdup (trial->id), diagnosis);
}

/**
 * bo_findings_load:
 * @store: the store
 * @campaign_id: id of the campaign
 * @all_campaigns: whether trials of older campaigns of the same study are used too, as far as they were made
 *   of the same things on the same device
 * @error: return location for a #BoStoreError or #BoFindingsError
 *
 * Returns: (transfer full): the report, in the study's language
 */
BoReport *
bo_findings_load (BoStore *store, const char *campaign_id, gboolean all_campaigns, GError **error)
{
  g_autoptr (GPtrArray) campaigns = NULL;
  g_autoptr (GPtrArray) trials = g_ptr_array_new_with_free_func ((GDestroyNotify) bo_trial_unref);
  g_autoptr (BoStudy) study = NULL;
  g_autoptr (GHashTable) notes = NULL;
  g_autoptr (GHashTable) diagnoses = NULL;
  BoReportInput input = { 0 };

  g_return_val_if_fail (store != NULL && campaign_id != NULL, NULL);

  campaigns = load_campaigns (store, campaign_id, all_campaigns, error);
  if (campaigns == NULL)
    return NULL;
  study = bo_findings_read_study (g_ptr_array_index (campaigns, 0), error);
  if (study == NULL)
    return NULL;
  notes = bo_store_get_notes_sync (store, ((BoCampaign *) g_ptr_array_index (campaigns, 0))->study_id, error);
  if (notes == NULL)
    return NULL;
  diagnoses = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) bo_diagnosis_free);
  for (guint i = 0; i < campaigns->len; i++)
    {
      BoCampaign *campaign = g_ptr_array_index (campaigns, i);
      g_autoptr (GPtrArray) some = bo_store_list_trials_sync (store, NULL, campaign->id, NULL, error);

      if (some == NULL)
        return NULL;
      for (guint k = 0; k < some->len; k++)
        {
          diagnose (store, campaign, g_ptr_array_index (some, k), diagnoses);
          g_ptr_array_add (trials, bo_trial_ref (g_ptr_array_index (some, k)));
        }
    }

  input.study = study;
  input.campaigns = campaigns;
  input.trials = trials;
  input.notes = notes;
  input.diagnoses = diagnoses;
  return bo_report_new (&input);
}
