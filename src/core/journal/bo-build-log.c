/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-build-log"

#include "config.h"

#include <string.h>

#include "journal/bo-build-log.h"

/* A Dockerfile has dozens of steps; a stream that claims more is not one of a builder. */
#define STEPS_MAX 4096
/* What may stay in memory of one step's log, and of all of a trial's. */
#define STEP_BYTES_MAX (256 * 1024)
#define TRIAL_BYTES_MAX (8 * 1024 * 1024)
#define INSTRUCTION_MAX (64 * 1024)
#define UNRANKED G_MAXUINT64

typedef struct
{
  gint64 begin_us;    /* journal's clock, or -1 */
  gint64 duration_us; /* or -1 */
  gsize n_bytes;      /* of the lines kept */
  guint64 rank;       /* by the Dockerfile; UNRANKED for what is no instruction of it */
} Times;

struct _BoBuildLog
{
  BoTrial *trial;
  const BoPlannedTrial *planned;
  guint keep_lines;
  BoBuildLogFunc func;
  gpointer user_data;

  gint64 start_us; /* journal's clock, or -1 */
  GArray *times;   /* of each step */
  gsize n_bytes;
  guint next_victim;
};

/**
 * bo_build_log_new:
 * @trial: whose steps are made
 * @planned: (nullable): how it was planned, for the steps of the user's file; must outlive the log
 * @keep_lines: how many lines of each step stay in memory
 * @func: told of each change
 * @user_data: for @func
 *
 * Returns: (transfer full): a log without steps
 */
BoBuildLog *
bo_build_log_new (BoTrial *trial,
                  const BoPlannedTrial *planned,
                  guint keep_lines,
                  BoBuildLogFunc func,
                  gpointer user_data)
{
  BoBuildLog *self;

  g_return_val_if_fail (trial != NULL && func != NULL, NULL);

  self = g_new0 (BoBuildLog, 1);
  self->trial = bo_trial_ref (trial);
  self->planned = planned;
  self->keep_lines = keep_lines;
  self->func = func;
  self->user_data = user_data;
  self->start_us = -1;
  self->times = g_array_new (FALSE, TRUE, sizeof (Times));
  return self;
}

void
bo_build_log_free (BoBuildLog *self)
{
  if (self == NULL)
    return;
  bo_trial_unref (self->trial);
  g_array_unref (self->times);
  g_free (self);
}

static BoStep *
get_step (BoBuildLog *self, guint index)
{
  g_assert (index < self->trial->steps->len);

  return g_ptr_array_index (self->trial->steps, index);
}

/* The build's clock begins at 0; what the engine did before (reading the context) is upload, and is cut off.
 */
static void
show_times (BoBuildLog *self, guint index)
{
  const Times *times = &g_array_index (self->times, Times, index);
  BoStep *step = get_step (self, index);
  gint64 begin_us = times->begin_us;
  gint64 end_us;

  if (begin_us < 0 || self->start_us < 0)
    return;
  step->start_us = MAX (begin_us - self->start_us, 0);
  if (times->duration_us < 0)
    {
      step->duration_us = -1;
      return;
    }
  end_us = MAX (begin_us + times->duration_us - self->start_us, 0);
  step->duration_us = begin_us < self->start_us ? end_us : times->duration_us;
}

/**
 * bo_build_log_set_start:
 * @self: a log
 * @start_us: when the build began, on the journal's monotonic clock
 *
 * May be called again with a later time, as long as that is not known for sure.
 */
void
bo_build_log_set_start (BoBuildLog *self, gint64 start_us)
{
  gint64 moved_us = self->start_us < 0 ? 0 : start_us - self->start_us;

  self->start_us = start_us;
  for (guint i = 0; i < self->times->len; i++)
    {
      BoStep *step = get_step (self, i);

      show_times (self, i);
      for (guint k = 0; moved_us != 0 && step->log != NULL && k < step->log->len; k++)
        {
          BoLogLine *line = g_ptr_array_index (step->log, k);

          line->time_us = MAX (line->time_us - moved_us, 0);
        }
    }
}

gint64
bo_build_log_get_start (BoBuildLog *self)
{
  return self->start_us;
}

/* --- steps --- */

static guint
add_step (BoBuildLog *self, BoStep *step, guint64 rank)
{
  Times times = { .begin_us = -1, .duration_us = -1, .rank = rank };

  g_ptr_array_add (self->trial->steps, step);
  g_array_append_val (self->times, times);
  return self->trial->steps->len - 1;
}

static const BoStepMap *
find_map (BoBuildLog *self, const char *stage, guint number, guint64 *rank)
{
  gboolean buildkit = self->planned->cell != NULL && self->planned->cell->builder == BO_BUILDER_BUILDKIT;

  for (guint i = 0; i < self->planned->steps->len; i++)
    {
      const BoStepMap *map = g_ptr_array_index (self->planned->steps, i);

      if (buildkit ? map->stage_number == number && g_strcmp0 (map->stage, stage) == 0
                   : map->number == number)
        {
          *rank = i;
          return map;
        }
    }
  return NULL;
}

/* Without a plan: by the stages as they were first told of, and within each by number. */
static guint64
rank_in_stages (BoBuildLog *self, const char *stage, guint number)
{
  for (guint i = 0; i < self->times->len; i++)
    {
      guint64 rank = g_array_index (self->times, Times, i).rank;

      if (rank != UNRANKED && g_strcmp0 (get_step (self, i)->stage, stage) == 0)
        return (rank & ~(guint64) G_MAXUINT32) | number;
    }
  return ((guint64) self->times->len + 1) << 32 | number;
}

/* Whether an entry before @index stands for the same instruction: BuildKit's stage may go by two names. */
static gboolean
is_repeated (GPtrArray *maps, guint index)
{
  const BoStepMap *map = g_ptr_array_index (maps, index);

  for (guint i = 0; i < index; i++)
    {
      if (((BoStepMap *) g_ptr_array_index (maps, i))->user_line == map->user_line)
        return TRUE;
    }
  return FALSE;
}

/* Numbers in the user's own counting: of the instructions in their file that this builder makes steps of. */
static void
apply_map (BoBuildLog *self, BoStep *step, const BoStepMap *map)
{
  GPtrArray *maps = self->planned->steps;
  guint n = 0;
  guint number = 0;

  g_free (step->instruction);
  step->instruction = g_strdup (map->instruction);
  step->user_line = map->user_line;
  for (guint i = 0; i < maps->len; i++)
    {
      const BoStepMap *other = g_ptr_array_index (maps, i);

      if (other->user_line == 0 || is_repeated (maps, i))
        continue;
      n++;
      if (other->user_line <= map->user_line)
        number++;
    }
  step->number = map->user_line > 0 ? number : 0;
  step->total = map->user_line > 0 ? n : 0;
  self->trial->n_steps = n;
}

/**
 * bo_build_log_number_in_file:
 * @self: a log
 * @stage: which stage of the Dockerfile, from 1
 * @number: which instruction of the stage, from 1
 *
 * Podman counts in each stage, and neither the ARGs before the first nor the
 * stages that nothing needs; Docker's classic builder counts all through.
 *
 * Returns: the number that the classic builder would give it; @number where the plan does not tell
 */
guint
bo_build_log_number_in_file (BoBuildLog *self, guint stage, guint number)
{
  guint n_stages = 0;

  for (guint i = 0; self->planned != NULL && i < self->planned->steps->len; i++)
    {
      const BoStepMap *map = g_ptr_array_index (self->planned->steps, i);

      /* What Bakeoff puts in for the classic builder is a stage each. */
      if (map->user_line == 0 || g_ascii_strncasecmp (map->instruction, "FROM", strlen ("FROM")) == 0)
        n_stages++;
      if (n_stages == stage)
        return map->number + number - 1;
    }
  return number;
}

/**
 * bo_build_log_add_step:
 * @self: a log
 * @stage: (nullable): the stage as the engine calls it
 * @number: the engine's number, within @stage for BuildKit
 * @total: of how many
 * @instruction: the engine's text
 *
 * A step that is known from the plan gets the user's text, line and number
 * instead; one that Bakeoff put in gets the number 0, as the engine's internal work has.
 *
 * Returns: its index
 */
guint
bo_build_log_add_step (BoBuildLog *self,
                       const char *stage,
                       guint number,
                       guint total,
                       const char *instruction)
{
  const BoStepMap *map = NULL;
  guint64 map_rank = 0;
  BoStep *step;

  if (self->trial->steps->len >= STEPS_MAX)
    return self->trial->steps->len - 1;

  step = bo_step_new ();
  step->stage = g_strdup (stage);
  step->number = number;
  step->total = total;
  step->instruction = g_strndup (instruction, INSTRUCTION_MAX);
  if (self->planned != NULL && self->planned->steps->len > 0)
    map = find_map (self, stage, number, &map_rank);
  if (map != NULL)
    apply_map (self, step, map);
  else if (self->planned == NULL || self->planned->steps->len == 0)
    self->trial->n_steps = MAX (self->trial->n_steps, total);
  return add_step (self, step, map != NULL ? map_rank : rank_in_stages (self, stage, number));
}

/**
 * bo_build_log_add_internal:
 * @self: a log
 * @name: the engine's words for work of its own
 *
 * Returns: its index
 */
guint
bo_build_log_add_internal (BoBuildLog *self, const char *name)
{
  BoStep *step;

  if (self->trial->steps->len >= STEPS_MAX)
    return self->trial->steps->len - 1;
  step = bo_step_new ();
  step->instruction = g_strndup (name, INSTRUCTION_MAX);
  return add_step (self, step, UNRANKED);
}

/* What the places of two entries are compared by. */
typedef struct
{
  guint index;
  guint part; /* before the steps, the steps, after them */
  guint64 rank;
} Place;

static int
compare_places (gconstpointer a, gconstpointer b)
{
  const Place *x = a;
  const Place *y = b;

  if (x->part != y->part)
    return x->part < y->part ? -1 : 1;
  if (x->rank != y->rank)
    return x->rank < y->rank ? -1 : 1;
  return (x->index > y->index) - (x->index < y->index);
}

/**
 * bo_build_log_put_in_order:
 * @self: a log that gets no steps any more
 *
 * Puts the steps into the order of the Dockerfile, and the engine's own work
 * around them: before them what began before the last of them did, after them the
 * rest (the export), each in the order in which it began. BuildKit tells of its
 * vertices in no order that one could rely on: 20.10 in that of the file, 26.1 often
 * from the last to the first, and not twice the same. What was the index of a step
 * may be another's afterwards.
 */
void
bo_build_log_put_in_order (BoBuildLog *self)
{
  g_autoptr (GArray) places = g_array_new (FALSE, FALSE, sizeof (Place));
  g_autoptr (GArray) times = NULL;
  g_autofree gpointer *steps = NULL;
  gint64 last_begin_us = -1;
  guint last_index = 0;
  int failed = self->trial->failed_step;

  for (guint i = 0; i < self->times->len; i++)
    {
      const Times *entry = &g_array_index (self->times, Times, i);

      if (entry->rank == UNRANKED)
        continue;
      last_begin_us = MAX (last_begin_us, entry->begin_us);
      last_index = i;
    }
  for (guint i = 0; i < self->times->len; i++)
    {
      const Times *entry = &g_array_index (self->times, Times, i);
      /* What began never, as far as is known, has nothing but its place in the stream. */
      gboolean timed = entry->begin_us >= 0 && last_begin_us >= 0;
      gboolean after = timed ? entry->begin_us > last_begin_us : i > last_index;
      Place place = { .index = i };

      place.part = entry->rank != UNRANKED ? 1 : after ? 2 : 0;
      place.rank = entry->rank != UNRANKED ? entry->rank : entry->begin_us >= 0 ? (guint64) entry->begin_us : G_MAXUINT64;
      g_array_append_val (places, place);
    }
  g_array_sort (places, compare_places);

  times = g_array_copy (self->times);
  steps = g_memdup2 (self->trial->steps->pdata, self->trial->steps->len * sizeof (gpointer));
  for (guint i = 0; i < places->len; i++)
    {
      guint from = g_array_index (places, Place, i).index;

      g_array_index (self->times, Times, i) = g_array_index (times, Times, from);
      self->trial->steps->pdata[i] = steps[from];
      if (failed == (int) from)
        self->trial->failed_step = (int) i;
    }
}

/**
 * bo_build_log_set_times:
 * @self: a log
 * @index: of the step
 * @begin_us: when it began, on the journal's clock
 * @duration_us: how long it worked, or -1 while it does
 */
void
bo_build_log_set_times (BoBuildLog *self, guint index, gint64 begin_us, gint64 duration_us)
{
  Times *times = &g_array_index (self->times, Times, index);

  if (times->begin_us == begin_us && times->duration_us == duration_us)
    return;
  times->begin_us = begin_us;
  times->duration_us = duration_us;
  show_times (self, index);
  self->func (BO_BUILD_LOG_STEP, index, NULL, self->user_data);
}

/**
 * bo_build_log_get_begin:
 * @self: a log
 * @index: of the step
 *
 * Returns: when it began, on the journal's clock, or -1
 */
gint64
bo_build_log_get_begin (BoBuildLog *self, guint index)
{
  return g_array_index (self->times, Times, index).begin_us;
}

void
bo_build_log_set_cached (BoBuildLog *self, guint index, gboolean cached)
{
  BoStep *step = get_step (self, index);

  if (step->cached == cached)
    return;
  step->cached = cached;
  self->func (BO_BUILD_LOG_STEP, index, NULL, self->user_data);
}

void
bo_build_log_set_clipped (BoBuildLog *self, guint index)
{
  get_step (self, index)->clipped = TRUE;
}

/**
 * bo_build_log_set_failed:
 * @self: a log
 * @index: of the step that the build ended at
 * @error: the engine's words
 * @exit_code: of its command, or -1
 */
void
bo_build_log_set_failed (BoBuildLog *self, guint index, const char *error, int exit_code)
{
  BoStep *step = get_step (self, index);

  step->failed = TRUE;
  g_free (step->error);
  step->error = g_strdup (error);
  step->exit_code = exit_code;
  self->trial->failed_step = (int) index;
  self->func (BO_BUILD_LOG_STEP, index, NULL, self->user_data);
}

/* --- lines --- */

static void
drop_first_line (BoBuildLog *self, guint index)
{
  BoStep *step = get_step (self, index);
  gsize length = strlen (((BoLogLine *) g_ptr_array_index (step->log, 0))->text);

  g_ptr_array_remove_index (step->log, 0);
  g_array_index (self->times, Times, index).n_bytes -= length;
  self->n_bytes -= length;
}

/* When all logs together are too large, those of the first steps go: the build ends at the last. */
static void
make_room (BoBuildLog *self, guint keep_index)
{
  while (self->n_bytes > TRIAL_BYTES_MAX && self->next_victim < self->trial->steps->len)
    {
      BoStep *step = get_step (self, self->next_victim);

      if (self->next_victim == keep_index || step->log == NULL || step->log->len == 0)
        self->next_victim++;
      else
        drop_first_line (self, self->next_victim);
    }
  if (self->next_victim >= self->trial->steps->len)
    self->next_victim = 0;
}

/**
 * bo_build_log_add_line:
 * @self: a log
 * @index: of the step, or %BO_BUILD_LOG_NO_STEP for the last there is
 * @time_us: when, on the journal's clock
 * @stream: 1 for stdout, 2 for stderr, 0 when not known
 * @text: the line, clean
 */
void
bo_build_log_add_line (BoBuildLog *self, guint index, gint64 time_us, guint8 stream, const char *text)
{
  BoLogLine *line;
  BoStep *step;
  Times *times;

  if (index == BO_BUILD_LOG_NO_STEP)
    index = self->trial->steps->len > 0 ? self->trial->steps->len - 1
                                        : bo_build_log_add_internal (self, "before the first step");

  step = get_step (self, index);
  times = &g_array_index (self->times, Times, index);
  line = bo_log_line_new (self->start_us < 0 ? 0 : MAX (time_us - self->start_us, 0), stream, text);
  if (step->n_log_lines < G_MAXUINT)
    step->n_log_lines++;
  self->func (BO_BUILD_LOG_LINE, index, line, self->user_data);

  if (self->keep_lines == 0)
    {
      bo_log_line_free (line);
      return;
    }
  if (step->log == NULL)
    step->log = g_ptr_array_new_with_free_func ((GDestroyNotify) bo_log_line_free);
  g_ptr_array_add (step->log, line);
  times->n_bytes += strlen (text);
  self->n_bytes += strlen (text);
  while (step->log->len > self->keep_lines
         || (step->log->len > 1 && times->n_bytes > STEP_BYTES_MAX && self->keep_lines != G_MAXUINT))
    drop_first_line (self, index);
  if (self->keep_lines != G_MAXUINT)
    make_room (self, index);
}
