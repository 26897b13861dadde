/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>
#include <json-glib/json-glib.h>

#include "results/bo-telemetry-summary.h"
#include "study/bo-cell.h"
#include "study/bo-study.h"

G_BEGIN_DECLS

/*
 * The records of what happened: made by the journal reader, kept by the store,
 * read by everything that shows or compares. Plain values; times are
 * microseconds, sizes bytes, and -1 means "not known".
 */

/**
 * BoOutcome: how a trial ended
 * @BO_OUTCOME_PENDING: not begun yet
 * @BO_OUTCOME_RUNNING: under way
 * @BO_OUTCOME_SUCCEEDED: the final image was seen
 * @BO_OUTCOME_FAILED: the build said no
 * @BO_OUTCOME_TIMED_OUT: its time limit passed
 * @BO_OUTCOME_SKIPPED: what it needs failed
 * @BO_OUTCOME_CANCELLED: the user stopped it
 * @BO_OUTCOME_INTERRUPTED: link, engine or power; says nothing about the strategy
 * @BO_OUTCOME_UNSUPPORTED: this engine cannot do it
 */
typedef enum
{
  BO_OUTCOME_PENDING,
  BO_OUTCOME_RUNNING,
  BO_OUTCOME_SUCCEEDED,
  BO_OUTCOME_FAILED,
  BO_OUTCOME_TIMED_OUT,
  BO_OUTCOME_SKIPPED,
  BO_OUTCOME_CANCELLED,
  BO_OUTCOME_INTERRUPTED,
  BO_OUTCOME_UNSUPPORTED,
} BoOutcome;

#define BO_N_OUTCOMES 9

/* The words of the store and of JSON: "succeeded", "timed-out", ... */
const char *bo_outcome_to_string (BoOutcome outcome);
gboolean bo_outcome_from_string (const char *text, BoOutcome *outcome);
/* For people, translated. */
const char *bo_outcome_get_title (BoOutcome outcome);

/**
 * BoTrialKind:
 * @BO_TRIAL_COUNTED: a trial of a cell
 * @BO_TRIAL_PRIMING: a build that only warms the cache for the next; never counted
 * @BO_TRIAL_PREBUILD: a prebuild step, measured once per campaign and base
 */
typedef enum
{
  BO_TRIAL_COUNTED,
  BO_TRIAL_PRIMING,
  BO_TRIAL_PREBUILD,
} BoTrialKind;

const char *bo_trial_kind_to_string (BoTrialKind kind);
gboolean bo_trial_kind_from_string (const char *text, BoTrialKind *kind);

/**
 * BoPhaseKind: the phases of a trial, in order
 */
typedef enum
{
  BO_PHASE_PULL,
  BO_PHASE_UPLOAD,
  BO_PHASE_PREBUILD,
  BO_PHASE_BUILD,
  BO_PHASE_INSPECT,
  BO_PHASE_PROBES,
  BO_PHASE_CLEANUP,
} BoPhaseKind;

#define BO_N_PHASES 7

const char *bo_phase_kind_to_string (BoPhaseKind kind);
gboolean bo_phase_kind_from_string (const char *text, BoPhaseKind *kind);

/**
 * BoPhase:
 * @kind: which
 * @start_us: wall clock of the computer that played it, microseconds since 1970
 * @duration_us: by its monotonic clock
 * @bytes: bytes sent or received, or -1
 */
typedef struct
{
  BoPhaseKind kind;
  gint64 start_us;
  gint64 duration_us;
  gint64 bytes;
} BoPhase;

/**
 * BoStep: one instruction of the Dockerfile; the same for both builders
 * @number: its number, from 1, among those instructions of the user's Dockerfile that this builder makes
 *   steps of (BuildKit makes none of ARG, ENV, CMD); the engine's own number, within @stage for BuildKit, when the
 *   plan does not know it; 0 for internal work (context, export) and for what Bakeoff put in
 * @total: of how many, or 0
 * @stage: (nullable): name or number of the stage when the engine says so
 * @instruction: its text as the user wrote it, or the engine's words for internal work
 * @user_line: first line in the user's Dockerfile, or 0
 * @start_us: after the build's start; -1 when it never began
 * @duration_us: -1 when it never ended
 * @cached: whether the engine took it from its cache
 * @clipped: whether the engine cut its log
 * @failed: whether the build ended here
 * @error: (nullable): the engine's words
 * @exit_code: of a RUN that failed, or -1
 * @n_log_lines: how many lines it logged
 * @log: (nullable) (element-type BoLogLine): the lines, when they were asked for
 */
typedef struct
{
  guint number;
  guint total;
  char *stage;
  char *instruction;
  guint user_line;
  gint64 start_us;
  gint64 duration_us;
  gboolean cached;
  gboolean clipped;
  gboolean failed;
  char *error;
  int exit_code;
  guint n_log_lines;
  GPtrArray *log;
} BoStep;

/**
 * BoLogLine:
 * @time_us: after the build's start
 * @stream: 1 for stdout, 2 for stderr, 0 when not known
 * @text: valid UTF-8 without a line end; bytes that are not UTF-8, NUL and control
 *   characters are shown as in g_utf8_make_valid(); ANSI colours are kept
 */
typedef struct
{
  gint64 time_us;
  guint8 stream;
  char *text;
} BoLogLine;

/**
 * BoLayer: one row of the image's history, newest last
 * @created_by: the engine's text
 * @size: bytes
 * @diff_id: (nullable): of the layer, when it has one
 * @from_base: whether it belongs to the base image
 */
typedef struct
{
  char *created_by;
  gint64 size;
  char *diff_id;
  gboolean from_base;
} BoLayer;

/**
 * BoImage: the image that a trial made
 * @id: "sha256:…"
 * @size: bytes, the sum of its layers as the history gives them
 * @engine_size: bytes, what the engine calls its Size (means other things with other image stores)
 * @added_size: bytes over the base image, or -1
 * @architecture: (nullable)
 * @layers: (element-type BoLayer)
 */
typedef struct
{
  char *id;
  gint64 size;
  gint64 engine_size;
  gint64 added_size;
  char *architecture;
  GPtrArray *layers;
} BoImage;

/**
 * BoVerdict: what a probe found
 * @BO_VERDICT_NONE: it did not run, or its answer was cut off
 * @BO_VERDICT_YES: yes
 * @BO_VERDICT_NO: no, and the reason says why
 * @BO_VERDICT_UNSUPPORTED: this engine cannot run it (unknown runtime, say)
 */
typedef enum
{
  BO_VERDICT_NONE,
  BO_VERDICT_YES,
  BO_VERDICT_NO,
  BO_VERDICT_UNSUPPORTED,
} BoVerdict;

const char *bo_verdict_to_string (BoVerdict verdict);
gboolean bo_verdict_from_string (const char *text, BoVerdict *verdict);

/**
 * BoProbeRun: one container of a probe
 * @duration_us: from the container's start to its end by the engine's own stamps, or -1
 * @exit_code: or -1
 * @oom_killed: the engine's own word for it
 * @timed_out: whether its limit passed
 */
typedef struct
{
  gint64 duration_us;
  int exit_code;
  gboolean oom_killed;
  gboolean timed_out;
} BoProbeRun;

/**
 * BoProbeResult:
 * @index: which of the strategy's probes, from 0
 * @kind: what was asked
 * @required: as in the study
 * @verdict: the answer
 * @level: (nullable): how far the cuda ladder went ("none", "driver-library", "driver", "kernel", "torch", "torch-compute")
 * @simulated: whether the GPU that answered is a stand-in
 * @reason: (nullable): why not, in plain words
 * @raw: (nullable): the line that says so, or the engine's own words
 * @facts: (nullable): the probe's facts as one JSON object ("driver": ..., "modules": {...})
 * @runs: (element-type BoProbeRun): one for each container
 * @tail: (nullable): the last lines that its container wrote
 */
typedef struct
{
  guint index;
  BoProbeKind kind;
  gboolean required;
  BoVerdict verdict;
  char *level;
  gboolean simulated;
  char *reason;
  char *raw;
  char *facts;
  GPtrArray *runs;
  char *tail;
} BoProbeResult;

/**
 * BoTrial: one execution of a cell (or a prebuild, or a priming build)
 * @id: unique: "CAMPAIGN.NUMBER"
 * @campaign: id of its campaign
 * @kind: whether it counts
 * @cell: the cell; for a prebuild the strategy is the first that needs it and the condition is cold
 * @prebuild: (nullable): for a prebuild: its `as` name
 * @chain: id of its chain
 * @repetition: from 1
 * @outcome: how it ended
 * @reason: (nullable): one plain line: why it did not succeed, with the engine's own words
 * @error: (nullable): all of what the engine said
 * @failed_step: index into @steps of the one that failed, or -1
 * @started_us: wall clock, microseconds since 1970, or -1
 * @build_us: from the engine's first build message to its result; -1 unless it succeeded
 * @elapsed_us: how far it got when it did not succeed, same start
 * @phases: (element-type BoPhase)
 * @steps: (element-type BoStep)
 * @n_steps: instructions of the Dockerfile as the engine counts them, or 0 when not known
 * @image: (nullable)
 * @probes: (element-type BoProbeResult)
 * @flags: (element-type utf8): "clipped-log", "other-load", ...: why it is left out of claims or to be read with care
 * @evidence: (element-type utf8 utf8): of flags, a sentence with the numbers that they rest on
 * @telemetry: (nullable): what the machine was like meanwhile; %NULL where nobody watched it
 * @dockerfile_sha256: (nullable): of the Dockerfile as sent
 * @context_bytes: bytes of the tar, or -1
 */
typedef struct
{
  char *id;
  char *campaign;
  BoTrialKind kind;
  BoCell *cell;
  char *prebuild;
  char *chain;
  guint repetition;
  BoOutcome outcome;
  char *reason;
  char *error;
  int failed_step;
  gint64 started_us;
  gint64 build_us;
  gint64 elapsed_us;
  GPtrArray *phases;
  GPtrArray *steps;
  guint n_steps;
  BoImage *image;
  GPtrArray *probes;
  GPtrArray *flags;
  GHashTable *evidence;
  BoTelemetrySummary *telemetry;
  char *dockerfile_sha256;
  gint64 context_bytes;

  /*< private >*/
  gatomicrefcount ref_count;
} BoTrial;

BoTrial *bo_trial_new (void);
BoTrial *bo_trial_copy (const BoTrial *trial);
BoTrial *bo_trial_ref (BoTrial *trial);
void bo_trial_unref (BoTrial *trial);

BoPhase *bo_phase_new (BoPhaseKind kind);
BoStep *bo_step_new (void);
BoStep *bo_step_copy (const BoStep *step);
void bo_step_free (BoStep *step);
BoLogLine *bo_log_line_new (gint64 time_us, guint8 stream, const char *text);
void bo_log_line_free (BoLogLine *line);
BoLayer *bo_layer_new (void);
void bo_layer_free (BoLayer *layer);
BoImage *bo_image_new (void);
BoImage *bo_image_copy (const BoImage *image);
void bo_image_free (BoImage *image);
BoProbeResult *bo_probe_result_new (BoProbeKind kind);
BoProbeResult *bo_probe_result_copy (const BoProbeResult *result);
void bo_probe_result_free (BoProbeResult *result);

const BoPhase *bo_trial_get_phase (const BoTrial *trial, BoPhaseKind kind);
void bo_trial_add_flag (BoTrial *trial, const char *flag, const char *evidence);
gboolean bo_trial_has_flag (const BoTrial *trial, const char *flag);
const char *bo_trial_get_evidence (const BoTrial *trial, const char *flag);

/* The record as JSON, as `show --json`, findings and the tests that compare two readings use it. */
char *bo_trial_to_json (const BoTrial *trial);
/* The same as a node, to be put into a larger document. */
JsonNode *bo_trial_to_node (const BoTrial *trial);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoTrial, bo_trial_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoStep, bo_step_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoImage, bo_image_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoProbeResult, bo_probe_result_free)

G_END_DECLS
