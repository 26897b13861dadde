/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-classic-log"

#include "config.h"

#include <stdio.h>
#include <string.h>

#include "journal/bo-classic-log.h"
#include "journal/bo-log-text.h"
#include "journal/bo-podman-words.h"

#define SHORT_ID 12
#define RED_BEGIN "\033[91m"
#define RED_END "\033[0m"
#define RUNNING " ---> Running in "
/* Up to Docker 20.10, and since 23.0. */
#define REMOVING "Removing intermediate container "
#define REMOVED " ---> Removed intermediate container "
#define ARROW " ---> "
#define USING_CACHE " ---> Using cache\n"
#define BUILT "Successfully built "
#define TAGGED "Successfully tagged "

/* What is needed to correct a step's times by the engine's events. */
typedef struct
{
  guint index;
  gint64 begin_us;
  gint64 end_us;
  char container[SHORT_ID + 1];
} Step;

struct _BoClassicLog
{
  BoBuildLog *log;
  GArray *steps; /* Step */
  guint number;  /* of the step under way, as the engine counts */
  guint total;
  gboolean podman; /* counts anew in each stage, and leaves out those that are not needed */
  guint stage;
  guint n_stages;
  gboolean after_step_line; /* the line end of "Step i/n" comes in a value of its own */
  char running[SHORT_ID + 1];
  gboolean ended;
  char *built;
  GHashTable *containers; /* short ids of all of its containers */

  BoLineSplitter splitters[2]; /* stdout, stderr */
  gint64 time_us;
};

typedef struct
{
  BoClassicLog *self;
  guint8 stream;
} LineTarget;

/**
 * bo_classic_log_new:
 * @log: (not owned): where steps and lines go; must outlive it
 *
 * Returns: (transfer full): a reader of `stream` values
 */
BoClassicLog *
bo_classic_log_new (BoBuildLog *log)
{
  BoClassicLog *self = g_new0 (BoClassicLog, 1);

  self->log = log;
  self->steps = g_array_new (FALSE, TRUE, sizeof (Step));
  self->containers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (self->splitters); i++)
    bo_line_splitter_init (&self->splitters[i]);
  return self;
}

void
bo_classic_log_free (BoClassicLog *self)
{
  if (self == NULL)
    return;
  for (guint i = 0; i < G_N_ELEMENTS (self->splitters); i++)
    bo_line_splitter_clear (&self->splitters[i]);
  g_array_unref (self->steps);
  g_hash_table_unref (self->containers);
  g_free (self->built);
  g_free (self);
}

static Step *
get_current (BoClassicLog *self)
{
  return self->steps->len > 0 ? &g_array_index (self->steps, Step, self->steps->len - 1) : NULL;
}

static void
take_line (const char *line, gpointer user_data)
{
  LineTarget *target = user_data;
  Step *step = get_current (target->self);

  bo_build_log_add_line (target->self->log, step != NULL ? step->index : BO_BUILD_LOG_NO_STEP,
                         target->self->time_us, target->stream, line);
}

static void
flush_lines (BoClassicLog *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (self->splitters); i++)
    {
      LineTarget target = { .self = self, .stream = i + 1 };

      bo_line_splitter_flush (&self->splitters[i], take_line, &target);
    }
}

static void
end_step (BoClassicLog *self, gint64 time_us)
{
  Step *step = get_current (self);

  flush_lines (self);
  if (step == NULL || step->end_us >= 0)
    return;
  step->end_us = time_us;
  bo_build_log_set_times (self->log, step->index, step->begin_us, time_us - step->begin_us);
}

/* --- the builder's own words --- */

static void
begin_step (BoClassicLog *self, guint number, guint total, guint shown, const char *text)
{
  g_autofree char *instruction = bo_log_text_clean (text, strlen (text));
  Step step = { .end_us = -1 };

  end_step (self, self->time_us);
  self->number = number;
  self->total = total;
  step.index = bo_build_log_add_step (self->log, NULL, shown, total, instruction);
  step.begin_us = self->time_us;
  g_array_append_val (self->steps, step);
  bo_build_log_set_times (self->log, step.index, step.begin_us, -1);
}

/*
 * "Step 2/7 : RUN make", the whole of a value, without a line end. A RUN may
 * print the same (it may build an image itself), so only the number that is due,
 * outside a container, is believed.
 */
static gboolean
take_step_line (BoClassicLog *self, const char *value, gsize length)
{
  guint number = 0;
  guint total = 0;
  int n = 0;
  g_autofree char *text = NULL;

  if (length < 6 || memcmp (value, "Step ", 5) != 0 || self->running[0] != '\0' || length > 1024 * 1024)
    return FALSE;
  text = g_strndup (value, length);
  if (sscanf (text + 5, "%9u/%9u%n", &number, &total, &n) != 2 || n == 0)
    return FALSE;
  if (number != self->number + 1 || number > total || (self->total != 0 && total != self->total))
    return FALSE;
  if (!g_str_has_prefix (text + 5 + n, " : "))
    return FALSE;
  g_strchomp (text);

  self->after_step_line = value[length - 1] != '\n';
  begin_step (self, number, total, number, text + 5 + n + strlen (" : "));
  return TRUE;
}

/* The same from Podman: only the next step of the stage, or the first of a later one once that has ended. */
static gboolean
take_podman_step (BoClassicLog *self, const BoPodmanWords *words)
{
  g_autofree char *text = g_strdup (words->text);
  gboolean goes_on = words->stage == self->stage && words->number == self->number + 1 && words->total == self->total;
  gboolean begins = words->stage > self->stage && words->number == 1 && self->number == self->total;

  if ((!goes_on && !begins) || (self->n_stages != 0 && words->n_stages != self->n_stages))
    return FALSE;
  self->podman = TRUE;
  self->stage = words->stage;
  self->n_stages = words->n_stages;
  g_strchomp (text);
  begin_step (self, words->number, words->total, bo_build_log_number_in_file (self->log, words->stage, words->number),
              text);
  return TRUE;
}

/*
 * Podman does not say where a RUN begins and ends. What it says itself is one
 * whole value each time, so output is mistaken for it only where a RUN writes
 * such a line alone.
 */
static gboolean
take_podman_words (BoClassicLog *self, const char *value, gsize length)
{
  g_autofree char *text = NULL;
  BoPodmanWords words;
  Step *step = get_current (self);

  if (length > 1024 * 1024 || (!self->podman && self->number > 0))
    return FALSE;
  text = g_strndup (value, length);
  words = bo_podman_words_read (text);
  if (words.kind == BO_PODMAN_STEP)
    return take_podman_step (self, &words);
  if (!self->podman)
    return FALSE;
  switch (words.kind)
    {
    case BO_PODMAN_CACHED:
      bo_build_log_set_cached (self->log, step->index, TRUE);
      return TRUE;
    case BO_PODMAN_LAYER:
      flush_lines (self);
      return TRUE;
    case BO_PODMAN_COMMIT:
    case BO_PODMAN_IMAGE:
      return bo_classic_log_is_at_end (self);
    case BO_PODMAN_OTHER:
    case BO_PODMAN_STEP:
    default:
      return FALSE;
    }
}

/* A value that is @prefix, 12 hexadecimal digits and a line end; gives the digits. */
static gboolean
match_id (const char *value, gsize length, const char *prefix, char *id)
{
  gsize n = strlen (prefix);

  if (length != n + SHORT_ID + 1 || memcmp (value, prefix, n) != 0 || value[length - 1] != '\n')
    return FALSE;
  for (gsize i = 0; i < SHORT_ID; i++)
    {
      if (!g_ascii_isxdigit (value[n + i]))
        return FALSE;
    }
  memcpy (id, value + n, SHORT_ID);
  id[SHORT_ID] = '\0';
  return TRUE;
}

static gboolean
has_prefix (const char *value, gsize length, const char *prefix)
{
  return length >= strlen (prefix) && memcmp (value, prefix, strlen (prefix)) == 0;
}

static gboolean
take_own_words (BoClassicLog *self, const char *value, gsize length)
{
  char id[SHORT_ID + 1];
  Step *step = get_current (self);

  if (self->after_step_line && length == 1 && value[0] == '\n')
    {
      self->after_step_line = FALSE;
      return TRUE;
    }
  self->after_step_line = FALSE;

  if (match_id (value, length, REMOVING, id) || match_id (value, length, REMOVED, id))
    {
      if (self->running[0] != '\0' && !g_str_equal (id, self->running))
        return FALSE;
      self->running[0] = '\0';
      flush_lines (self);
      return TRUE;
    }
  if (match_id (value, length, ARROW, id))
    {
      /* With rm=0 nothing else tells that the container has ended. */
      self->running[0] = '\0';
      flush_lines (self);
      return TRUE;
    }
  if (self->running[0] != '\0')
    return FALSE;
  if (step != NULL && match_id (value, length, RUNNING, id))
    {
      g_strlcpy (self->running, id, sizeof self->running);
      g_strlcpy (step->container, id, sizeof step->container);
      g_hash_table_add (self->containers, g_strdup (id));
      return TRUE;
    }
  if (length == strlen (USING_CACHE) && has_prefix (value, length, USING_CACHE))
    {
      if (step != NULL)
        bo_build_log_set_cached (self->log, step->index, TRUE);
      return TRUE;
    }
  if (match_id (value, length, BUILT, id))
    {
      g_free (self->built);
      self->built = g_strdup (id);
      end_step (self, self->time_us);
      return TRUE;
    }
  if (has_prefix (value, length, TAGGED) && bo_classic_log_is_at_end (self))
    {
      end_step (self, self->time_us);
      return TRUE;
    }
  return take_podman_words (self, value, length) || take_step_line (self, value, length);
}

/**
 * bo_classic_log_feed:
 * @self: a reader
 * @value: a `stream` value
 * @length: its length in bytes
 * @time_us: when it was received, on the journal's clock
 */
void
bo_classic_log_feed (BoClassicLog *self, const char *value, gsize length, gint64 time_us)
{
  LineTarget target = { .self = self, .stream = 1 };

  self->time_us = time_us;
  if (length == 0 || take_own_words (self, value, length))
    return;

  /* The engine wraps each write to stderr, and only those, in red. */
  if (has_prefix (value, length, RED_BEGIN))
    {
      target.stream = 2;
      value += strlen (RED_BEGIN);
      length -= strlen (RED_BEGIN);
      if (length >= strlen (RED_END)
          && memcmp (value + length - strlen (RED_END), RED_END, strlen (RED_END)) == 0)
        length -= strlen (RED_END);
    }
  bo_line_splitter_feed (&self->splitters[target.stream - 1], value, length, take_line, &target);
}

/**
 * bo_classic_log_fail:
 * @self: a reader
 * @message: the engine's words
 * @exit_code: of the command, or -1
 * @time_us: when they were received
 *
 * The build ends in the step under way.
 */
void
bo_classic_log_fail (BoClassicLog *self, const char *message, int exit_code, gint64 time_us)
{
  Step *step = get_current (self);

  self->time_us = time_us;
  end_step (self, time_us);
  if (self->podman && exit_code < 0)
    exit_code = bo_podman_words_find_exit_code (message);
  if (step != NULL)
    bo_build_log_set_failed (self->log, step->index, message, exit_code);
}

/**
 * bo_classic_log_finish:
 * @self: a reader
 * @time_us: when the answer ended
 *
 * A step that is still under way never ended, as far as anybody knows.
 */
void
bo_classic_log_finish (BoClassicLog *self, gint64 time_us)
{
  self->time_us = time_us;
  flush_lines (self);
}

/**
 * bo_classic_log_correct:
 * @self: a reader whose stream has ended
 * @events: what the watch told meanwhile
 *
 * The stream has no times of its own, and lines come late over a slow link.
 * Where the engine told when a step's container was made and removed, that is
 * when the step began and ended; the others fill what is between.
 */
void
bo_classic_log_correct (BoClassicLog *self, BoEngineEvents *events)
{
  gint64 floor_us = G_MININT64;

  for (guint i = 0; i < self->steps->len; i++)
    {
      Step *step = &g_array_index (self->steps, Step, i);
      BoContainerTimes times = { -1, -1, -1, -1 };
      gint64 begin_us = step->begin_us;
      gint64 end_us = step->end_us;

      if (step->container[0] != '\0')
        bo_engine_events_lookup (events, step->container, &times);
      if (times.created_us >= 0)
        begin_us = MIN (times.created_us, begin_us);
      if (times.destroyed_us >= 0 && end_us >= 0)
        end_us = times.destroyed_us;

      /* The next step cannot begin before this one has ended, nor later than its own container. */
      if (i + 1 < self->steps->len && end_us >= 0)
        {
          Step *next = &g_array_index (self->steps, Step, i + 1);
          BoContainerTimes next_times = { -1, -1, -1, -1 };

          if (next->container[0] != '\0')
            bo_engine_events_lookup (events, next->container, &next_times);
          if (times.destroyed_us >= 0)
            next->begin_us = MIN (next->begin_us, times.destroyed_us);
          if (next_times.created_us >= 0)
            end_us = MIN (end_us, next_times.created_us);
        }
      begin_us = MAX (begin_us, floor_us);
      end_us = end_us >= 0 ? MAX (end_us, begin_us) : -1;
      floor_us = end_us >= 0 ? end_us : begin_us;
      step->begin_us = begin_us;
      step->end_us = end_us;
      bo_build_log_set_times (self->log, step->index, begin_us, end_us >= 0 ? end_us - begin_us : -1);
    }
}

gboolean
bo_classic_log_has_steps (BoClassicLog *self)
{
  return self->steps->len > 0;
}

/* Whether the last step has begun: an image that is told now is the result. */
gboolean
bo_classic_log_is_at_end (BoClassicLog *self)
{
  return self->number > 0 && self->number == self->total && self->stage == self->n_stages;
}

/**
 * bo_classic_log_get_built:
 * @self: a reader
 *
 * Returns: (transfer none) (nullable): the first 12 digits of the image's id, as in "Successfully built"
 */
const char *
bo_classic_log_get_built (BoClassicLog *self)
{
  return self->built;
}

/**
 * bo_classic_log_has_container:
 * @self: a reader
 * @id: a container's id, or its first 12 digits
 *
 * Returns: whether it was one of the build's
 */
gboolean
bo_classic_log_has_container (BoClassicLog *self, const char *id)
{
  g_autofree char *short_id = g_strndup (id, SHORT_ID);

  return g_hash_table_contains (self->containers, short_id);
}
