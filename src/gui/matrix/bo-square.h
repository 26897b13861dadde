/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "charts/bo-chart-locale.h"
#include "findings/bo-report.h"
#include "results/bo-campaign.h"

G_BEGIN_DECLS

/*
 * One square of the matrix as it is shown: an immutable value, made of what the
 * report says of its cell, or of the records of a campaign that runs now.
 */

/**
 * BoSquareState: how a cell stands; each has its own colour and sign
 * @BO_SQUARE_ABSENT: the study has no such cell
 * @BO_SQUARE_NEVER: no trial says anything about it
 * @BO_SQUARE_QUEUED: planned, and its turn is still to come
 * @BO_SQUARE_RUNNING: under way
 * @BO_SQUARE_DONE: measured
 * @BO_SQUARE_BEST: measured, and the fastest of its column among those that pass
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

#define BO_N_SQUARE_STATES 12

const char *bo_square_state_get_icon (BoSquareState state);
const char *bo_square_state_get_css_class (BoSquareState state);
const char *bo_square_state_get_title (BoSquareState state);

/**
 * BoSquareRun: one run of the spread
 * @build_us: its build time, microseconds
 * @disturbed: whether it is left out of claims
 */
typedef struct
{
  gint64 build_us;
  gboolean disturbed;
} BoSquareRun;

/**
 * BoSquare: one cell
 * @cell: (nullable): the cell, or %NULL for %BO_SQUARE_ABSENT
 * @state: how it stands
 * @value: its median, or what happens, in a word or two
 * @detail: how many runs, and how far apart
 * @text: all of it in a sentence, for a tooltip and for a screen reader
 * @runs: (element-type BoSquareRun): every run that has a build time
 * @progress: how much of what runs is done, from 0 to 1, or -1 when nothing runs
 */
typedef struct
{
  BoCell *cell;
  BoSquareState state;
  char *value;
  char *detail;
  char *text;
  GArray *runs;
  double progress;

  /*< private >*/
  guint64 signature; /* of the records that it was made of, in a campaign that runs */
} BoSquare;

/**
 * BoLiveCampaign: a campaign that has not ended, as far as is known here
 * @campaign: the campaign
 * @trials: (element-type BoTrial): its records
 * @estimates: (nullable) (element-type utf8 BoEstimate): what builds take, by bo_estimate_get_key()
 * @now_us: the time on the clock that the records' times are of, or -1 when nobody follows the campaign: then
 *   what it does now is not known
 */
typedef struct
{
  BoCampaign *campaign;
  GPtrArray *trials;
  GHashTable *estimates;
  gint64 now_us;
} BoLiveCampaign;

BoSquare *bo_square_new (const BoCell *cell, const BoReport *report, const BoChartLocale *locale);
BoSquare *bo_square_new_live (const BoSquare *before,
                              GPtrArray *trials,
                              const BoLiveCampaign *live,
                              const BoChartLocale *locale);
gboolean bo_square_is_of (const BoSquare *square, GPtrArray *trials, const BoLiveCampaign *live);
BoSquare *bo_square_ref (BoSquare *square);
void bo_square_unref (BoSquare *square);
gboolean bo_square_looks_like (const BoSquare *a, const BoSquare *b);
gboolean bo_square_has_times (const BoSquare *square);
char *bo_clock_format (gint64 time_us);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoSquare, bo_square_unref)

G_END_DECLS
