/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-probe-reader"

#include "config.h"

#include <string.h>

#include "engine/bo-log-framing.h"
#include "journal/bo-answer-head.h"
#include "journal/bo-log-text.h"
#include "journal/bo-probe-reader.h"
#include "study/bo-document-text.h"
#include "study/bo-json.h"

#define PROBE_MARK "bakeoff-probe "
#define PROBE_LINE_MAX (16 * 1024)
#define PROBE_LINES_MAX 2048
#define TAIL_LINES 40
#define TAIL_LINE_MAX 4096
/* How much later than it was the start of a container may be stamped. */
#define STAMPS_DIFFER_US (G_USEC_PER_SEC / 10)

struct _BoProbeReader
{
  guint create_status;
  char *create_error;
  guint start_status;
  char *start_error;
  gboolean timed_out;
  gboolean inspected;
  int exit_code; /* -1: not known */
  gboolean oom_killed;
  char *state_error;
  gint64 duration_us;
  GPtrArray *lines; /* JsonNode of each probe line */
  GQueue tail;      /* char* */

  BoLineSplitter splitters[2];
};

BoProbeReader *
bo_probe_reader_new (void)
{
  BoProbeReader *self = g_new0 (BoProbeReader, 1);

  self->exit_code = -1;
  self->duration_us = -1;
  self->lines = g_ptr_array_new_with_free_func ((GDestroyNotify) json_node_unref);
  g_queue_init (&self->tail);
  return self;
}

void
bo_probe_reader_free (BoProbeReader *self)
{
  if (self == NULL)
    return;
  g_free (self->create_error);
  g_free (self->start_error);
  g_free (self->state_error);
  g_ptr_array_unref (self->lines);
  g_queue_clear_full (&self->tail, g_free);
  g_free (self);
}

/* --- what the engine answered --- */

void
bo_probe_reader_set_created (BoProbeReader *self, guint status, const char *body, gsize length)
{
  self->create_status = status;
  if (status >= 400)
    {
      g_free (self->create_error);
      self->create_error = bo_answer_get_message (body, length);
    }
}

void
bo_probe_reader_set_started (BoProbeReader *self, guint status, const char *body, gsize length)
{
  self->start_status = status;
  if (status >= 400)
    {
      g_free (self->start_error);
      self->start_error = bo_answer_get_message (body, length);
    }
}

static int
read_exit_code (JsonObject *object, const char *member)
{
  gint64 code = bo_json_get_int (object, member, -1);

  return code >= 0 && code <= G_MAXINT ? (int) code : -1;
}

void
bo_probe_reader_set_waited (BoProbeReader *self, const char *body, gsize length)
{
  g_autoptr (JsonNode) node = bo_json_parse (body, (gssize) length, NULL);

  if (!self->inspected)
    self->exit_code = read_exit_code (bo_json_node_get_object (node), "StatusCode");
}

void
bo_probe_reader_set_timed_out (BoProbeReader *self)
{
  self->timed_out = TRUE;
}

static void
take_line (const char *line, gpointer user_data)
{
  BoProbeReader *self = user_data;

  if (strlen (line) > TAIL_LINE_MAX)
    {
      g_autofree char *cut = g_strndup (line, TAIL_LINE_MAX);

      g_queue_push_tail (&self->tail, g_utf8_make_valid (cut, -1));
    }
  else
    g_queue_push_tail (&self->tail, g_strdup (line));
  if (self->tail.length > TAIL_LINES)
    g_free (g_queue_pop_head (&self->tail));
}

static void
take_output_line (const char *line, gpointer user_data)
{
  BoProbeReader *self = user_data;
  JsonNode *node;

  if (!g_str_has_prefix (line, PROBE_MARK))
    {
      take_line (line, self);
      return;
    }
  if (self->lines->len >= PROBE_LINES_MAX || strlen (line) > PROBE_LINE_MAX)
    return;
  node = bo_json_parse (line + strlen (PROBE_MARK), -1, NULL);
  if (bo_json_node_get_object (node) != NULL)
    g_ptr_array_add (self->lines, node);
  else
    g_clear_pointer (&node, json_node_unref);
}

static void
take_piece (BoLogStream stream, const guint8 *data, gsize length, gpointer user_data)
{
  BoProbeReader *self = user_data;
  guint index = stream == BO_LOG_STDERR ? 1 : 0;

  bo_line_splitter_feed (&self->splitters[index], (const char *) data, length,
                         index == 0 ? take_output_line : take_line, self);
}

/**
 * bo_probe_reader_set_logs:
 * @self: a reader
 * @content_type: (nullable): of the answer
 * @body: what the container wrote, in the engine's frames
 * @length: how many bytes
 *
 * A body that is cut short is read as far as it goes.
 */
void
bo_probe_reader_set_logs (BoProbeReader *self, const char *content_type, const char *body, gsize length)
{
  g_autoptr (BoLogFraming) framing = bo_log_framing_new (take_piece, self);
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (self->splitters); i++)
    bo_line_splitter_init (&self->splitters[i]);
  if (!bo_log_framing_feed (framing, (const guint8 *) body, length, &error))
    g_debug ("the log of a probe: %s", error->message);
  bo_line_splitter_flush (&self->splitters[0], take_output_line, self);
  bo_line_splitter_flush (&self->splitters[1], take_line, self);
  for (guint i = 0; i < G_N_ELEMENTS (self->splitters); i++)
    bo_line_splitter_clear (&self->splitters[i]);
}

/* The engine's stamps have nanoseconds, which GDateTime keeps as microseconds. "0001-01-01…" is "never". */
static gint64
read_time (JsonObject *state, const char *member)
{
  const char *text = bo_json_get_string (state, member, "");
  g_autoptr (GDateTime) time = g_date_time_new_from_iso8601 (text, NULL);

  if (time == NULL || g_date_time_get_year (time) < 1970)
    return -1;
  return g_date_time_to_unix (time) * G_USEC_PER_SEC + g_date_time_get_microsecond (time);
}

void
bo_probe_reader_set_inspected (BoProbeReader *self, const char *body, gsize length)
{
  g_autoptr (JsonNode) node = bo_json_parse (body, (gssize) length, NULL);
  JsonObject *state = bo_json_get_object (bo_json_node_get_object (node), "State");
  gint64 started_us = read_time (state, "StartedAt");
  gint64 finished_us = read_time (state, "FinishedAt");
  const char *words = bo_json_get_string (state, "Error", "");

  if (state == NULL)
    return;
  self->inspected = TRUE;
  self->oom_killed = bo_json_get_boolean (state, "OOMKilled", FALSE);
  if (!bo_json_get_boolean (state, "Running", FALSE))
    self->exit_code = read_exit_code (state, "ExitCode");
  /*
   * Docker 26.1 stamps the start once it has been told of it, and the end as
   * containerd told it: a container of a millisecond ends before it has begun. It
   * did run, and for less than can be told. A larger difference is a clock that was set.
   */
  if (started_us >= 0 && finished_us >= started_us - STAMPS_DIFFER_US)
    self->duration_us = MAX (finished_us - started_us, 1);
  g_free (self->state_error);
  self->state_error = words[0] != '\0' ? bo_log_text_clean (words, strlen (words)) : NULL;
}

/**
 * bo_probe_reader_was_tried:
 * @self: a reader
 *
 * Returns: whether the engine was asked to make the container at all
 */
gboolean
bo_probe_reader_was_tried (BoProbeReader *self)
{
  return self->create_status != 0;
}

/* --- the verdict --- */

static void
set_text (char **field, const char *text)
{
  g_free (*field);
  *field = text != NULL && text[0] != '\0' ? g_strdup (text) : NULL;
}

/* Words for "this engine has no such runtime", as engines of different ages say it. */
static gboolean
is_unsupported (const char *words)
{
  g_autofree char *lower = g_utf8_strdown (words, -1);

  return strstr (lower, "unknown runtime") != NULL || strstr (lower, "invalid runtime") != NULL
         || strstr (lower, "could not select device driver") != NULL;
}

static gboolean
conclude_refused (BoProbeReader *self, const char *language, BoProbeResult *result)
{
  const char *words = self->create_status >= 400  ? self->create_error
                      : self->start_status >= 400 ? self->start_error
                                                  : NULL;
  gboolean refused = self->create_status >= 400 || self->start_status >= 400;

  if (!refused)
    return FALSE;
  result->verdict = words != NULL && is_unsupported (words) ? BO_VERDICT_UNSUPPORTED : BO_VERDICT_NO;
  g_free (result->reason);
  result->reason
      = g_strdup (self->create_status >= 400 ? D_ (language, "the engine would not make its container")
                                             : D_ (language, "the engine could not start its container"));
  set_text (&result->raw, words);
  return TRUE;
}

static char *
explain_end (BoProbeReader *self, const char *language)
{
  if (self->timed_out)
    return g_strdup (D_ (language, "it was still running when its time limit passed"));
  if (self->oom_killed)
    return g_strdup (D_ (language, "it ran out of memory"));
  if (self->exit_code == 137 || self->exit_code == 143)
    return g_strdup_printf (D_ (language, "it was killed from outside (exit code %d)"), self->exit_code);
  if (self->exit_code > 0)
    return g_strdup_printf (D_ (language, "it ended with exit code %d"), self->exit_code);
  if (self->exit_code == 0)
    return g_strdup (D_ (language, "it ended without an answer"));
  return g_strdup (D_ (language, "how it ended is not known"));
}

static char *
join_tail (BoProbeReader *self)
{
  GString *text = g_string_new (NULL);

  for (GList *l = self->tail.head; l != NULL; l = l->next)
    g_string_append_printf (text, "%s%s", l->prev != NULL ? "\n" : "", (const char *) l->data);
  return g_string_free (text, text->len == 0);
}

static void
conclude_workload (GPtrArray *readers, const char *language, BoProbeResult *result)
{
  result->verdict = BO_VERDICT_YES;
  for (guint i = 0; i < readers->len; i++)
    {
      BoProbeReader *run = g_ptr_array_index (readers, i);

      if (run == NULL || !bo_probe_reader_was_tried (run))
        continue;
      if (conclude_refused (run, language, result))
        return;
      if (run->exit_code == 0 && !run->timed_out)
        continue;
      /* Nobody knows: the link was lost, the campaign was stopped, or the engine went away and took it along. */
      if (!run->timed_out && (run->exit_code < 0 || !run->inspected))
        {
          if (result->verdict == BO_VERDICT_YES)
            result->verdict = BO_VERDICT_NONE;
          continue;
        }
      result->verdict = BO_VERDICT_NO;
      g_free (result->reason);
      result->reason = explain_end (run, language);
      set_text (&result->raw, run->state_error != NULL ? run->state_error : g_queue_peek_tail (&run->tail));
      return;
    }
}

static void
add_member (JsonBuilder *builder, JsonObject *object, const char *from, const char *to)
{
  JsonNode *node = json_object_get_member (object, from);

  if (node == NULL)
    return;
  json_builder_set_member_name (builder, to);
  json_builder_add_value (builder, json_node_copy (node));
}

static char *
make_cuda_facts (BoProbeReader *run, BoProbeResult *result)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;

  json_builder_begin_object (builder);
  for (guint i = 0; i < run->lines->len; i++)
    {
      JsonObject *object = bo_json_node_get_object (g_ptr_array_index (run->lines, i));
      const char *key = bo_json_get_string (object, "key", NULL);
      const char *value = bo_json_get_string (object, "value", "");

      if (key == NULL)
        continue;
      add_member (builder, object, "value", key);
      /* The stand-in of the tests calls itself so, wherever a name is shown. */
      if (g_str_has_suffix (key, "device_name") && strstr (value, "SIMULATED") != NULL)
        result->simulated = TRUE;
    }
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  return json_to_string (root, FALSE);
}

static char *
make_import_facts (BoProbeReader *run, const char *language, BoProbeResult *result)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "modules");
  json_builder_begin_object (builder);
  for (guint i = 0; i < run->lines->len; i++)
    {
      JsonObject *object = bo_json_node_get_object (g_ptr_array_index (run->lines, i));
      const char *module = bo_json_get_string (object, "module", NULL);

      if (module == NULL)
        continue;
      json_builder_set_member_name (builder, module);
      json_builder_begin_object (builder);
      add_member (builder, object, "ok", "ok");
      add_member (builder, object, "version", "version");
      add_member (builder, object, "exception", "exception");
      add_member (builder, object, "text", "text");
      json_builder_end_object (builder);
      if (!bo_json_get_boolean (object, "ok", FALSE) && result->reason == NULL)
        {
          result->reason = g_strdup_printf (D_ (language, "%s cannot be imported: %s: %s"), module,
                                            bo_json_get_string (object, "exception", "?"),
                                            bo_json_get_string (object, "text", ""));
          set_text (&result->raw, bo_json_get_string (object, "raw", NULL));
        }
    }
  json_builder_end_object (builder);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  return json_to_string (root, FALSE);
}

static const char *
name_level (gint64 level)
{
  static const char *const names[] = { "driver-library", "driver", "kernel", "torch-compute" };

  return level >= 0 && level < (gint64) G_N_ELEMENTS (names) ? names[level] : "none";
}

/* The lines of the probes' own programs; see data/probes/README.md. */
static void
conclude_program (BoProbeReader *run, const char *language, BoProbeResult *result)
{
  JsonObject *end = NULL;
  const char *verdict;

  if (run == NULL || !bo_probe_reader_was_tried (run) || conclude_refused (run, language, result))
    return;
  if (run->lines->len > 0)
    end = bo_json_node_get_object (g_ptr_array_index (run->lines, run->lines->len - 1));
  if (result->kind == BO_PROBE_CUDA)
    result->facts = make_cuda_facts (run, result);
  else
    result->facts = make_import_facts (run, language, result);
  if (!bo_json_get_boolean (end, "end", FALSE))
    {
      result->verdict = BO_VERDICT_NONE;
      g_free (result->reason);
      result->reason = explain_end (run, language);
      set_text (&result->raw, run->state_error != NULL ? run->state_error : g_queue_peek_tail (&run->tail));
      return;
    }

  verdict = bo_json_get_string (end, "verdict", "");
  /* "weak": signs of a device, but nothing could be computed, which is no answer. */
  result->verdict = g_str_equal (verdict, "yes")  ? BO_VERDICT_YES
                    : g_str_equal (verdict, "no") ? BO_VERDICT_NO
                                                  : BO_VERDICT_NONE;
  if (result->kind == BO_PROBE_CUDA)
    {
      set_text (&result->level, name_level (bo_json_get_int (end, "level", -1)));
      if (result->verdict != BO_VERDICT_YES)
        {
          set_text (&result->reason, bo_json_get_string (end, "reason", NULL));
          set_text (&result->raw, bo_json_get_string (end, "raw", NULL));
        }
    }
}

/**
 * bo_probe_reader_conclude:
 * @readers: (element-type BoProbeReader): the probe's containers by run; may hold %NULL
 * @language: (nullable): of its reason
 * @result: what is filled in anew
 *
 * An answer that was cut off is never a yes.
 */
void
bo_probe_reader_conclude (GPtrArray *readers, const char *language, BoProbeResult *result)
{
  g_ptr_array_set_size (result->runs, 0);
  g_clear_pointer (&result->reason, g_free);
  g_clear_pointer (&result->raw, g_free);
  g_clear_pointer (&result->facts, g_free);
  g_clear_pointer (&result->level, g_free);
  g_clear_pointer (&result->tail, g_free);
  result->verdict = BO_VERDICT_NONE;
  result->simulated = FALSE;

  for (guint i = 0; i < readers->len; i++)
    {
      BoProbeReader *reader = g_ptr_array_index (readers, i);
      BoProbeRun *run;

      if (reader == NULL || !bo_probe_reader_was_tried (reader))
        continue;
      run = g_new0 (BoProbeRun, 1);
      run->duration_us = reader->duration_us;
      run->exit_code = reader->exit_code;
      run->oom_killed = reader->oom_killed;
      run->timed_out = reader->timed_out;
      g_ptr_array_add (result->runs, run);
      g_free (result->tail);
      result->tail = join_tail (reader);
    }
  if (result->runs->len == 0)
    return;
  if (result->kind == BO_PROBE_WORKLOAD)
    conclude_workload (readers, language, result);
  else
    conclude_program (g_ptr_array_index (readers, 0), language, result);
}
