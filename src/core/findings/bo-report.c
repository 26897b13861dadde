/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-report"

#include "config.h"

#include "findings/bo-report-parts.h"
#include "study/bo-decimal-point.h"

static void
fact_free (BoReportFact *fact)
{
  g_free (fact->label);
  g_free (fact->value);
  g_free (fact);
}

static void
row_free (BoReportRow *row)
{
  g_free (row->strategy);
  g_free (row->title);
  bo_cell_free (row->cell);
  g_free (row->build_time);
  g_free (row->run_time);
  g_free (row->notes);
  g_free (row->study_notes);
  g_free (row->outcome);
  g_free (row);
}

static void
cell_free (BoReportCell *cell)
{
  bo_cell_summary_free (cell->summary);
  g_free (cell->title);
  g_free (cell->base_title);
  g_free (cell->repetitions);
  g_free (cell->median);
  g_free (cell->range);
  g_free (cell->image_size);
  g_free (cell->added_size);
  g_free (cell->cuda);
  g_free (cell->slowest);
  g_free (cell->flags);
  g_free (cell->versus);
  bo_claim_free (cell->claim);
  g_free (cell->claim_title);
  g_free (cell->claim_baseline);
  g_free (cell);
}

static void
point_free (BoReportPoint *point)
{
  g_free (point->subject);
  g_free (point->text);
  g_free (point);
}

static void
failure_free (BoReportFailure *failure)
{
  g_free (failure->subject);
  g_free (failure->headline);
  g_free (failure->cause);
  g_free (failure->evidence);
  g_clear_pointer (&failure->details, g_ptr_array_unref);
  g_free (failure->advice);
  g_free (failure->instruction);
  g_free (failure->tail);
  g_clear_pointer (&failure->trials, g_ptr_array_unref);
  g_free (failure);
}

static void
prebuild_free (BoReportPrebuild *prebuild)
{
  g_free (prebuild->subject);
  g_free (prebuild->text);
  g_free (prebuild);
}

static void
exclusion_free (BoReportExclusion *exclusion)
{
  g_free (exclusion->subject);
  g_free (exclusion->reason);
  g_free (exclusion);
}

static void
dockerfile_free (BoReportDockerfile *dockerfile)
{
  g_free (dockerfile->subject);
  g_free (dockerfile->sha256);
  g_free (dockerfile->text);
  g_free (dockerfile);
}

static GPtrArray *
copy_refs (GPtrArray *array, gpointer (*ref) (gpointer), GDestroyNotify unref)
{
  GPtrArray *copy = g_ptr_array_new_with_free_func (unref);

  for (guint i = 0; array != NULL && i < array->len; i++)
    g_ptr_array_add (copy, ref (g_ptr_array_index (array, i)));
  return copy;
}

/* A table of the caller's may change after the report was made. */
static GHashTable *
copy_notes (GHashTable *notes)
{
  GHashTable *copy = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  GHashTableIter iter;
  gpointer key, value;

  if (notes == NULL)
    return copy;
  g_hash_table_iter_init (&iter, notes);
  while (g_hash_table_iter_next (&iter, &key, &value))
    g_hash_table_insert (copy, g_strdup (key), g_strdup (value));
  return copy;
}

/**
 * bo_report_new:
 * @input: what it is made from
 *
 * Returns: (transfer full): the report; it keeps references to the study, the campaigns and the trials
 */
BoReport *
bo_report_new (const BoReportInput *input)
{
  BoReport *report;
  BoReportMaker maker = { 0 };
  G_GNUC_UNUSED g_auto (BoDecimalPoint) point = { NULL };

  g_return_val_if_fail (input != NULL && input->study != NULL, NULL);
  g_return_val_if_fail (input->campaigns != NULL && input->campaigns->len > 0, NULL);
  g_return_val_if_fail (input->trials != NULL, NULL);

  report = g_new0 (BoReport, 1);
  g_atomic_ref_count_init (&report->ref_count);
  report->language = g_strdup (input->language != NULL ? input->language : input->study->language);
  point = bo_decimal_point_begin (bo_decimal_point_of (report->language));
  report->title = g_strdup (input->study->name);
  report->study = bo_study_ref (input->study);
  report->campaigns = copy_refs (input->campaigns, (gpointer (*) (gpointer)) bo_campaign_ref,
                                 (GDestroyNotify) bo_campaign_unref);
  report->trials = copy_refs (input->trials, (gpointer (*) (gpointer)) bo_trial_ref,
                              (GDestroyNotify) bo_trial_unref);
  report->facts = g_ptr_array_new_with_free_func ((GDestroyNotify) fact_free);
  report->method = g_ptr_array_new_with_free_func (g_free);
  report->rows = g_ptr_array_new_with_free_func ((GDestroyNotify) row_free);
  report->cells = g_ptr_array_new_with_free_func ((GDestroyNotify) cell_free);
  report->worked = g_ptr_array_new_with_free_func ((GDestroyNotify) point_free);
  report->not_worked = g_ptr_array_new_with_free_func ((GDestroyNotify) point_free);
  report->failures = g_ptr_array_new_with_free_func ((GDestroyNotify) failure_free);
  report->prebuilds = g_ptr_array_new_with_free_func ((GDestroyNotify) prebuild_free);
  report->exclusions = g_ptr_array_new_with_free_func ((GDestroyNotify) exclusion_free);
  report->dockerfiles = g_ptr_array_new_with_free_func ((GDestroyNotify) dockerfile_free);
  report->all_notes = copy_notes (input->notes);
  report->diagnoses = input->diagnoses != NULL ? g_hash_table_ref (input->diagnoses) : NULL;
  if (input->notes != NULL)
    report->notes = g_strdup (g_hash_table_lookup (input->notes, BO_NOTE_SUMMARY));

  maker.report = report;
  maker.input = input;
  maker.study = report->study;
  maker.language = report->language;
  maker.trials = g_ptr_array_new ();
  report->comparable = g_ptr_array_ref (maker.trials);

  bo_report_add_trials (&maker);
  bo_report_add_cells (&maker);
  bo_report_add_rows (&maker);
  bo_report_add_prebuilds (&maker);
  bo_report_add_points (&maker);
  bo_report_add_failures (&maker);
  bo_report_add_exclusions (&maker);
  bo_report_add_environment (&maker);
  bo_report_add_method (&maker);
  bo_report_add_dockerfiles (&maker);

  g_ptr_array_unref (maker.trials);
  return report;
}

/**
 * bo_report_new_with_notes:
 * @report: a report
 * @notes: (nullable) (element-type utf8 utf8): other notes of the user, as in #BoReportInput
 *
 * The notes are all that changes, so that no log has to be read again.
 *
 * Returns: (transfer full): the same report with these notes
 */
BoReport *
bo_report_new_with_notes (const BoReport *report, GHashTable *notes)
{
  BoReportInput input = { 0 };

  g_return_val_if_fail (report != NULL, NULL);

  input.study = report->study;
  input.campaigns = report->campaigns;
  input.trials = report->trials;
  input.notes = notes;
  input.diagnoses = report->diagnoses;
  input.language = report->language;
  return bo_report_new (&input);
}

/**
 * bo_report_translate:
 * @report: a report
 * @language: (nullable): a language; %NULL is English
 *
 * For a window, which has its user's words whatever language the study's documents have.
 *
 * Returns: (transfer full): the same in that language; @report itself when it is in it
 */
BoReport *
bo_report_translate (BoReport *report, const char *language)
{
  BoReportInput input = { 0 };

  g_return_val_if_fail (report != NULL, NULL);

  if (language == NULL)
    language = "en";
  if (g_strcmp0 (report->language, language) == 0)
    return bo_report_ref (report);
  input.study = report->study;
  input.campaigns = report->campaigns;
  input.trials = report->trials;
  input.notes = report->all_notes;
  input.diagnoses = report->diagnoses;
  input.language = language;
  return bo_report_new (&input);
}

BoReport *
bo_report_ref (BoReport *report)
{
  g_return_val_if_fail (report != NULL, NULL);

  g_atomic_ref_count_inc (&report->ref_count);
  return report;
}

void
bo_report_unref (BoReport *report)
{
  if (report == NULL || !g_atomic_ref_count_dec (&report->ref_count))
    return;
  g_free (report->language);
  g_free (report->title);
  bo_study_unref (report->study);
  g_ptr_array_unref (report->campaigns);
  g_ptr_array_unref (report->trials);
  g_ptr_array_unref (report->comparable);
  g_ptr_array_unref (report->facts);
  g_ptr_array_unref (report->method);
  g_ptr_array_unref (report->rows);
  g_ptr_array_unref (report->cells);
  g_ptr_array_unref (report->worked);
  g_ptr_array_unref (report->not_worked);
  g_ptr_array_unref (report->failures);
  g_ptr_array_unref (report->prebuilds);
  g_ptr_array_unref (report->exclusions);
  g_ptr_array_unref (report->dockerfiles);
  g_clear_pointer (&report->diagnoses, g_hash_table_unref);
  g_free (report->cells_used);
  g_free (report->best);
  g_free (report->notes);
  g_clear_pointer (&report->all_notes, g_hash_table_unref);
  g_free (report);
}
