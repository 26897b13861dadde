/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-build-answer"

#include "config.h"

#include <string.h>

#include "journal/bo-build-answer.h"
#include "journal/bo-classic-log.h"
#include "journal/bo-json-lines.h"
#include "journal/bo-log-text.h"
#include "journal/bo-trace-log.h"
#include "study/bo-json.h"

#define ERROR_MAX (64 * 1024)

struct _BoBuildAnswer
{
  BoBuildLog *log;
  BoClassicLog *classic;
  BoTraceLog *trace;
  BoJsonLines lines;
  BoLineSplitter text; /* what is no JSON */
  gint64 time_us;

  char *image;
  char *error;
  gint64 result_us;
  gboolean finished;
};

/**
 * bo_build_answer_new:
 * @log: (not owned): where steps and lines go; must outlive it
 * @floor_us: when the request was made, on the journal's clock
 *
 * Returns: (transfer full): a reader of one answer
 */
BoBuildAnswer *
bo_build_answer_new (BoBuildLog *log, gint64 floor_us)
{
  BoBuildAnswer *self = g_new0 (BoBuildAnswer, 1);

  self->log = log;
  self->classic = bo_classic_log_new (log);
  self->trace = bo_trace_log_new (log, floor_us);
  self->result_us = -1;
  bo_json_lines_init (&self->lines);
  bo_line_splitter_init (&self->text);
  return self;
}

void
bo_build_answer_free (BoBuildAnswer *self)
{
  if (self == NULL)
    return;
  bo_classic_log_free (self->classic);
  bo_trace_log_free (self->trace);
  bo_json_lines_clear (&self->lines);
  bo_line_splitter_clear (&self->text);
  g_free (self->image);
  g_free (self->error);
  g_free (self);
}

static void
take_text_line (const char *line, gpointer user_data)
{
  BoBuildAnswer *self = user_data;

  bo_build_log_add_line (self->log, BO_BUILD_LOG_NO_STEP, self->time_us, 0, line);
}

static void
take_text (BoBuildAnswer *self, const char *text, gsize length)
{
  bo_line_splitter_feed (&self->text, text, length, take_text_line, self);
  bo_line_splitter_flush (&self->text, take_text_line, self);
}

static void
take_error (BoBuildAnswer *self, JsonObject *object)
{
  JsonObject *detail = bo_json_get_object (object, "errorDetail");
  const char *words = bo_json_get_string (detail, "message", bo_json_get_string (object, "error", NULL));
  gint64 code = bo_json_get_int (detail, "code", -1);
  g_autofree char *cut = NULL;

  if (words == NULL || self->error != NULL)
    return;
  cut = g_strndup (words, ERROR_MAX);
  self->error = g_utf8_make_valid (cut, -1);
  self->result_us = self->time_us;
  if (bo_classic_log_has_steps (self->classic))
    bo_classic_log_fail (self->classic, self->error, code >= 0 && code <= G_MAXINT ? (int) code : -1,
                         self->time_us);
  else
    bo_trace_log_fail (self->trace, self->error);
}

/* Classic tells the id of each stage's image; BuildKit only that of the result. */
static void
take_image (BoBuildAnswer *self, JsonObject *object, gboolean buildkit)
{
  const char *image = bo_json_get_string (bo_json_get_object (object, "aux"), "ID", NULL);

  if (image == NULL || (!buildkit && !bo_classic_log_is_at_end (self->classic)))
    return;
  g_free (self->image);
  self->image = g_strdup (image);
  self->result_us = self->time_us;
}

/* Pulling: "Pull complete" and its like, without the bars. */
static void
take_status (BoBuildAnswer *self, JsonObject *object)
{
  const char *status = bo_json_get_string (object, "status", NULL);
  const char *id = bo_json_get_string (object, "id", NULL);
  g_autofree char *line = NULL;

  if (status == NULL || bo_json_get_int (bo_json_get_object (object, "progressDetail"), "current", -1) >= 0)
    return;
  line = id != NULL ? g_strdup_printf ("%s: %s", id, status) : g_strdup (status);
  take_text (self, line, strlen (line));
}

static void
take_object (JsonObject *object, const char *text, gsize length, gpointer user_data)
{
  BoBuildAnswer *self = user_data;
  const char *id;
  const char *stream;

  if (object == NULL)
    {
      take_text (self, text, length);
      return;
    }
  if (json_object_has_member (object, "errorDetail") || json_object_has_member (object, "error"))
    {
      take_error (self, object);
      return;
    }
  id = bo_json_get_string (object, "id", NULL);
  stream = bo_json_get_string (object, "stream", NULL);
  if (g_strcmp0 (id, "moby.buildkit.trace") == 0)
    {
      const char *trace = bo_json_get_string (object, "aux", NULL);

      if (trace != NULL)
        bo_trace_log_feed (self->trace, trace, self->time_us);
    }
  else if (json_object_has_member (object, "aux"))
    take_image (self, object, g_strcmp0 (id, "moby.image.id") == 0);
  else if (stream != NULL)
    {
      gboolean was_built = bo_classic_log_get_built (self->classic) != NULL;

      bo_classic_log_feed (self->classic, stream, strlen (stream), self->time_us);
      if (!was_built && bo_classic_log_get_built (self->classic) != NULL && self->image != NULL)
        self->result_us = self->time_us;
    }
  else
    take_status (self, object);
}

/**
 * bo_build_answer_feed:
 * @self: a reader
 * @bytes: the next bytes of the body
 * @length: how many
 * @time_us: when they were received, on the journal's clock
 */
void
bo_build_answer_feed (BoBuildAnswer *self, const char *bytes, gsize length, gint64 time_us)
{
  self->time_us = time_us;
  bo_json_lines_feed (&self->lines, bytes, length, take_object, self);
}

/**
 * bo_build_answer_finish:
 * @self: a reader
 * @time_us: when the answer ended, however it did
 */
void
bo_build_answer_finish (BoBuildAnswer *self, gint64 time_us)
{
  if (self->finished)
    return;
  self->finished = TRUE;
  bo_json_lines_flush (&self->lines, take_object, self);
  self->time_us = time_us;
  bo_classic_log_finish (self->classic, time_us);
  bo_trace_log_finish (self->trace);
}

void
bo_build_answer_correct (BoBuildAnswer *self, BoEngineEvents *events)
{
  bo_classic_log_correct (self->classic, events);
}

/**
 * bo_build_answer_get_image:
 * @self: a reader
 *
 * Returns: (transfer none) (nullable): id of the image that was built, as the builder told it
 */
const char *
bo_build_answer_get_image (BoBuildAnswer *self)
{
  return self->image;
}

/**
 * bo_build_answer_get_error:
 * @self: a reader
 *
 * Returns: (transfer none) (nullable): the engine's words for why the build failed
 */
const char *
bo_build_answer_get_error (BoBuildAnswer *self)
{
  return self->error;
}

/**
 * bo_build_answer_get_result_time:
 * @self: a reader
 *
 * Returns: when image or error was told, on the journal's clock, or -1
 */
gint64
bo_build_answer_get_result_time (BoBuildAnswer *self)
{
  return self->result_us;
}

gboolean
bo_build_answer_has_container (BoBuildAnswer *self, const char *id)
{
  return bo_classic_log_has_container (self->classic, id);
}
