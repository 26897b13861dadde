/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

#include "insight/bo-cell-summary.h"
#include "insight/bo-claim.h"
#include "insight/bo-diagnosis.h"
#include "results/bo-campaign.h"
#include "results/bo-trial.h"
#include "study/bo-study.h"

G_BEGIN_DECLS

/*
 * The report: what a study's results say, as an immutable value that every
 * document, and the window, is written from. All texts in it are plain text
 * in the report's language, nothing is escaped; numbers are there twice, as
 * they are and as they are shown.
 */

/**
 * BoReportInput: what a report is made from
 * @study: the study, as it was when the newest of @campaigns was planned
 * @campaigns: (element-type BoCampaign): the campaigns, newest first, at least one
 * @trials: (element-type BoTrial): the trials of all of them
 * @notes: (nullable) (element-type utf8 utf8): the user's notes, "strategy:ID" or "finding:KEY" -> text
 * @diagnoses: (nullable) (element-type utf8 BoDiagnosis): trial id -> why it failed, from its whole log; for
 *   a trial that is not in it, the lines that its record holds are looked at
 * @language: (nullable): language of the report; NULL is the study's
 */
typedef struct
{
  BoStudy *study;
  GPtrArray *campaigns;
  GPtrArray *trials;
  GHashTable *notes;
  GHashTable *diagnoses;
  const char *language;
} BoReportInput;

/* Notes that belong to no strategy: lines of What Worked and What Didn't Work, and a text at the top. */
#define BO_NOTE_WORKED "finding:worked"
#define BO_NOTE_NOT_WORKED "finding:did-not-work"
#define BO_NOTE_SUMMARY "finding:summary"
#define BO_NOTE_STRATEGY_PREFIX "strategy:"

/**
 * BoReportFact: a line of the environment
 */
typedef struct
{
  char *label;
  char *value;
} BoReportFact;

/**
 * BoReportRow: one row of the validation table, one strategy
 * @strategy: its id
 * @title: its title: Approach
 * @cell: the cell of Build Time: first base, the study's default builder, cold
 * @build_time: Build Time as it is shown
 * @run_time: Run Time as it is shown
 * @notes: (nullable): the study's notes on it and the user's
 * @study_notes: (nullable): of these, the study's
 * @outcome: (nullable): what happened, in few words
 * @build_us: median build time, or -1
 * @n_build: of how many trials
 * @run_us: median run time, or -1
 * @n_run: of how many runs
 * @passes: whether it was built, all its required probes said yes, and its workload did not fail
 * @baseline: whether the others are compared with it
 * @best: whether it is the fastest cold one among those that pass
 * @planned: whether the campaigns have its cell at all
 */
typedef struct
{
  char *strategy;
  char *title;
  BoCell *cell;
  char *build_time;
  char *run_time;
  char *notes;
  char *study_notes;
  char *outcome;
  gint64 build_us;
  guint n_build;
  gint64 run_us;
  guint n_run;
  gboolean passes;
  gboolean baseline;
  gboolean best;
  gboolean planned;
} BoReportRow;

/**
 * BoReportCell: one row of the detailed table
 * @summary: its trials and numbers
 * @title: of the strategy
 * @base_title: of the base image
 * @repetitions: "3/3": succeeded of those that were tried
 * @median: median build time, or what happened instead
 * @range: "46 min 50 s … 47 min 30 s", or "–"
 * @image_size, @added_size: as they are shown
 * @cuda: "yes", "no", "yes (simulated)", ...
 * @slowest: slowest step of the typical trial, with its time
 * @flags: flags of its trials
 * @versus: (nullable): what the comparison with the baseline says
 * @claim: (nullable): the comparison itself
 * @claim_title, @claim_baseline: (nullable): what was compared, in words
 * @is_baseline: whether it is what others are compared with
 * @passes: whether it was built, and the probes of its builds pass, as for a row
 * @best: whether it is the fastest of its column (base, builder and condition) among those that pass, beside at least
 *   one other that was measured; never for warm builds, which do nothing
 */
typedef struct
{
  BoCellSummary *summary;
  char *title;
  char *base_title;
  char *repetitions;
  char *median;
  char *range;
  char *image_size;
  char *added_size;
  char *cuda;
  char *slowest;
  char *flags;
  char *versus;
  BoClaim *claim;
  char *claim_title;
  char *claim_baseline;
  gboolean is_baseline;
  gboolean passes;
  gboolean best;
} BoReportCell;

/**
 * BoReportPoint: a bullet of What Worked or What Didn't Work
 * @subject: (nullable): the strategy's title, or NULL for a note of the user
 * @text: what it is about it
 */
typedef struct
{
  char *subject;
  char *text;
} BoReportPoint;

/**
 * BoReportFailure: trials that failed in the same way
 * @subject: what failed
 * @headline: "failed at step 7 of 12 after 4 min 02 s"
 * @cause: (nullable): the likely cause
 * @evidence: (nullable): the line that says so
 * @details: (element-type utf8): further lines of the evidence
 * @advice: (nullable): what to do
 * @instruction: (nullable): the instruction that failed, as the user wrote it
 * @user_line: its line in the user's Dockerfile, or 0
 * @tail: (nullable): the last lines of its log
 * @trials: (element-type utf8): ids of the trials
 */
typedef struct
{
  char *subject;
  char *headline;
  char *cause;
  char *evidence;
  GPtrArray *details;
  char *advice;
  char *instruction;
  guint user_line;
  char *tail;
  GPtrArray *trials;
} BoReportFailure;

/**
 * BoReportPrebuild: what a prebuild costs and when it has paid for itself
 * @subject: the strategy
 * @cost_us: all of its prebuild steps, or -1 when one of them has no time
 * @saving_us: less time for each cold build than the baseline takes, or -1 when that is not established
 * @builds: after how many builds it pays, or 0
 * @text: all of that in words
 */
typedef struct
{
  char *subject;
  gint64 cost_us;
  gint64 saving_us;
  guint64 builds;
  char *text;
} BoReportPrebuild;

/**
 * BoReportExclusion: trials that are in no number
 * @subject: which
 * @reason: why
 */
typedef struct
{
  char *subject;
  char *reason;
} BoReportExclusion;

/**
 * BoReportDockerfile: a Dockerfile as it was sent
 * @subject: of which strategy and base
 * @sha256: its hash
 * @text: its text
 */
typedef struct
{
  char *subject;
  char *sha256;
  char *text;
} BoReportDockerfile;

/**
 * BoReport:
 * @language: of all texts
 * @title: the study's name
 * @study: the study
 * @campaigns, @trials: as given
 * @comparable: (element-type BoTrial): those of @trials that may be put together; the others are among @exclusions
 * @facts: (element-type BoReportFact): the environment
 * @method: (element-type utf8): sentences on how it was measured
 * @rows: (element-type BoReportRow): the validation table, in the study's order
 * @cells: (element-type BoReportCell): the detailed table, in the study's order
 * @worked, @not_worked: (element-type BoReportPoint)
 * @failures: (element-type BoReportFailure)
 * @prebuilds: (element-type BoReportPrebuild)
 * @exclusions: (element-type BoReportExclusion)
 * @dockerfiles: (element-type BoReportDockerfile)
 * @cells_used: the sentence under the validation table that names its cells
 * @best: (nullable): the sentence that names the best
 * @notes: (nullable): the user's summary
 * @n_comparisons: how many comparisons with the baseline were made
 * @n_tests: how many of them by a test
 */
typedef struct
{
  char *language;
  char *title;
  BoStudy *study;
  GPtrArray *campaigns;
  GPtrArray *trials;
  GPtrArray *comparable;
  GPtrArray *facts;
  GPtrArray *method;
  GPtrArray *rows;
  GPtrArray *cells;
  GPtrArray *worked;
  GPtrArray *not_worked;
  GPtrArray *failures;
  GPtrArray *prebuilds;
  GPtrArray *exclusions;
  GPtrArray *dockerfiles;
  char *cells_used;
  char *best;
  char *notes;
  guint n_comparisons;
  guint n_tests;

  /*< private >*/
  GHashTable *all_notes;
  GHashTable *diagnoses;
  gatomicrefcount ref_count;
} BoReport;

BoReport *bo_report_new (const BoReportInput *input);
BoReport *bo_report_new_with_notes (const BoReport *report, GHashTable *notes);
BoReport *bo_report_translate (BoReport *report, const char *language);
BoReport *bo_report_ref (BoReport *report);
void bo_report_unref (BoReport *report);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoReport, bo_report_unref)

char *bo_report_describe_lead (const BoReport *report);
const char *bo_report_describe_best (const BoReport *report);
char *bo_report_describe_device (const BoReport *report);

/* The writers. Each returns the whole document, UTF-8 with "\n" line ends. */
char *bo_report_to_markdown (const BoReport *report);
char *bo_report_to_markdown_with_charts (const BoReport *report, const char *charts);
char *bo_report_to_json (const BoReport *report);
char *bo_report_to_csv (const BoReport *report);

G_END_DECLS
