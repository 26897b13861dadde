/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-trace-log"

#include "config.h"

#include <stdio.h>
#include <string.h>

#include "journal/bo-log-text.h"
#include "journal/bo-trace-log.h"
#include "journal/bo-trace.pb-c.h"

#define MESSAGE_MAX (4 * 1024 * 1024)
#define VERTICES_MAX 4096
#define INTERVALS_MAX 1024
#define STATUSES_MAX 65536
#define CLIPPED "[output clipped"
/* A stamp that seems to have been on its way for longer comes from a clock that was set meanwhile. */
#define DELAY_MAX_US (10 * 60 * G_USEC_PER_SEC)
#define EARLY_MAX_US (2 * G_USEC_PER_SEC)

typedef struct
{
  gint64 engine_us;  /* since 1970 */
  gint64 receipt_us; /* journal's clock, when it was first told */
} Stamp;

typedef struct
{
  gconstpointer vertex; /* whose it is */
  Stamp begin;
  Stamp end;
  gboolean has_end;
  gboolean cached;
} Interval;

/* One step: usually one vertex, but COPY --link and ADD of an address are made of several. */
typedef struct
{
  guint index;
  GArray *intervals;
} Work;

typedef struct
{
  char *digest;
  Work *work;
  char *error;
  BoLineSplitter splitters[2];
  gint64 last_log_us;
} Vertex;

struct _BoTraceLog
{
  BoBuildLog *log;
  gint64 floor_us;
  GHashTable *vertices; /* digest -> Vertex */
  GPtrArray *order;     /* of the vertices, by arrival */
  GHashTable *works;    /* "stage i/n", or a digest -> Work */
  GHashTable *statuses; /* those whose line was shown */
  gint64 offset_us;
  gboolean has_offset;
};

typedef struct
{
  BoTraceLog *self;
  Vertex *vertex;
  gint64 time_us;
  guint8 stream;
} LineTarget;

static void
work_free (Work *work)
{
  g_array_unref (work->intervals);
  g_free (work);
}

static void
vertex_free (Vertex *vertex)
{
  g_free (vertex->digest);
  g_free (vertex->error);
  for (guint i = 0; i < G_N_ELEMENTS (vertex->splitters); i++)
    bo_line_splitter_clear (&vertex->splitters[i]);
  g_free (vertex);
}

/**
 * bo_trace_log_new:
 * @log: (not owned): where steps and lines go; must outlive it
 * @floor_us: when the request was made, on the journal's clock: nothing can be earlier
 *
 * Returns: (transfer full): a reader of traces
 */
BoTraceLog *
bo_trace_log_new (BoBuildLog *log, gint64 floor_us)
{
  BoTraceLog *self = g_new0 (BoTraceLog, 1);

  self->log = log;
  self->floor_us = floor_us;
  self->order = g_ptr_array_new_with_free_func ((GDestroyNotify) vertex_free);
  self->vertices = g_hash_table_new (g_str_hash, g_str_equal);
  self->works = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) work_free);
  self->statuses = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return self;
}

void
bo_trace_log_free (BoTraceLog *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->vertices);
  g_ptr_array_unref (self->order);
  g_hash_table_unref (self->works);
  g_hash_table_unref (self->statuses);
  g_free (self);
}

/* --- clocks --- */

static gboolean
read_stamp (BoTraceLog *self, const Bo__Trace__Timestamp *timestamp, gint64 time_us, Stamp *stamp)
{
  /* Outside these years nothing was built, and sums might overflow. */
  if (timestamp == NULL || timestamp->seconds <= 0 || timestamp->seconds > G_GINT64_CONSTANT (253402300799)
      || timestamp->nanos < 0 || timestamp->nanos > 999999999)
    return FALSE;
  stamp->engine_us = timestamp->seconds * G_USEC_PER_SEC + timestamp->nanos / 1000;
  stamp->receipt_us = time_us;
  if (!self->has_offset || time_us - stamp->engine_us < self->offset_us)
    self->offset_us = time_us - stamp->engine_us;
  self->has_offset = TRUE;
  return TRUE;
}

/* The engine's clock on the journal's, by the least delay seen so far. */
static gint64
map_stamp (BoTraceLog *self, const Stamp *stamp)
{
  gint64 mapped_us = stamp->engine_us + self->offset_us;

  if (stamp->receipt_us - mapped_us > DELAY_MAX_US || mapped_us < self->floor_us - EARLY_MAX_US)
    return stamp->receipt_us;
  return mapped_us;
}

/* --- steps --- */

static int
compare_begins (gconstpointer a, gconstpointer b)
{
  const Interval *x = a;
  const Interval *y = b;

  return (x->begin.engine_us > y->begin.engine_us) - (x->begin.engine_us < y->begin.engine_us);
}

/* Begin and working time: the intervals together, what overlaps counted once. */
static void
show_work (BoTraceLog *self, Work *work)
{
  gint64 begin_us = -1;
  gint64 end_us = G_MININT64;
  gint64 duration_us = 0;
  gboolean open = FALSE;
  gboolean cached = work->intervals->len > 0;

  if (work->intervals->len == 0)
    return;
  g_array_sort (work->intervals, compare_begins);
  for (guint i = 0; i < work->intervals->len; i++)
    {
      const Interval *interval = &g_array_index (work->intervals, Interval, i);
      gint64 from_us = map_stamp (self, &interval->begin);
      gint64 to_us = interval->has_end ? map_stamp (self, &interval->end) : from_us;

      open = open || !interval->has_end;
      cached = cached && interval->cached;
      begin_us = i == 0 ? from_us : MIN (begin_us, from_us);
      from_us = MAX (from_us, end_us);
      duration_us += MAX (to_us - from_us, 0);
      end_us = MAX (end_us, to_us);
    }
  bo_build_log_set_cached (self->log, work->index, cached);
  bo_build_log_set_times (self->log, work->index, begin_us, open ? -1 : duration_us);
}

/*
 * "[builder  2/12] RUN make": the stage (none when there is only one), number
 * and total, and the instruction. With several platforms their names come first.
 */
static gboolean
parse_name (const char *name, char **stage, guint *number, guint *total, const char **instruction)
{
  const char *end = strchr (name, ']');
  g_autofree char *inside = NULL;
  g_auto (GStrv) words = NULL;
  const char *last = NULL;
  const char *before = NULL;
  int n = 0;

  if (name[0] != '[' || end == NULL || end[1] != ' ' || end - name > 512)
    return FALSE;
  inside = g_strndup (name + 1, (gsize) (end - name - 1));
  words = g_strsplit (inside, " ", -1);
  for (guint i = 0; words[i] != NULL; i++)
    {
      if (words[i][0] == '\0')
        continue;
      before = last;
      last = words[i];
    }
  if (last == NULL || sscanf (last, "%9u/%9u%n", number, total, &n) != 2 || last[n] != '\0' || *number == 0)
    return FALSE;
  *stage = before != NULL && strchr (before, '/') == NULL ? g_strdup (before) : NULL;
  *instruction = end + 2;
  return TRUE;
}

static Work *
ensure_work (BoTraceLog *self, const char *digest, const char *name)
{
  g_autofree char *clean = bo_log_text_clean (name, strlen (name));
  g_autofree char *stage = NULL;
  g_autofree char *key = NULL;
  const char *instruction;
  guint number;
  guint total;
  gboolean is_step = parse_name (clean, &stage, &number, &total, &instruction);
  Work *work;

  key = is_step ? g_strdup_printf ("%s %u/%u", stage != NULL ? stage : "", number, total) : g_strdup (digest);
  work = g_hash_table_lookup (self->works, key);
  if (work != NULL)
    return work;
  work = g_new0 (Work, 1);
  work->intervals = g_array_new (FALSE, TRUE, sizeof (Interval));
  work->index = is_step ? bo_build_log_add_step (self->log, stage, number, total, instruction)
                        : bo_build_log_add_internal (self->log, clean);
  g_hash_table_insert (self->works, g_steal_pointer (&key), work);
  return work;
}

static Vertex *
find_vertex (BoTraceLog *self, const char *digest)
{
  return digest != NULL ? g_hash_table_lookup (self->vertices, digest) : NULL;
}

static void flush_lines (BoTraceLog *self, Vertex *vertex);

static void
take_interval (BoTraceLog *self, Vertex *vertex, const Bo__Trace__Vertex *told, gint64 time_us)
{
  GArray *intervals = vertex->work->intervals;
  Interval *interval = NULL;
  Stamp begin;

  if (!read_stamp (self, told->started, time_us, &begin))
    {
      /* Taken from the cache without any work at all. */
      if (told->cached && intervals->len == 0)
        bo_build_log_set_cached (self->log, vertex->work->index, TRUE);
      return;
    }
  for (guint i = 0; i < intervals->len; i++)
    {
      Interval *known = &g_array_index (intervals, Interval, i);

      if (known->vertex == vertex && known->begin.engine_us == begin.engine_us)
        interval = known;
    }
  if (interval == NULL)
    {
      Interval fresh = { .vertex = vertex, .begin = begin };

      if (intervals->len >= INTERVALS_MAX)
        return;
      g_array_append_val (intervals, fresh);
      interval = &g_array_index (intervals, Interval, intervals->len - 1);
    }
  interval->cached = told->cached;
  if (!interval->has_end)
    {
      interval->has_end = read_stamp (self, told->completed, time_us, &interval->end);
      if (interval->has_end)
        flush_lines (self, vertex);
    }
  show_work (self, vertex->work);
}

static void
take_vertex (BoTraceLog *self, const Bo__Trace__Vertex *told, gint64 time_us)
{
  Vertex *vertex;

  if (told->digest == NULL || told->digest[0] == '\0')
    return;
  vertex = find_vertex (self, told->digest);
  if (vertex == NULL)
    {
      if (self->order->len >= VERTICES_MAX)
        return;
      vertex = g_new0 (Vertex, 1);
      vertex->digest = g_strdup (told->digest);
      for (guint i = 0; i < G_N_ELEMENTS (vertex->splitters); i++)
        bo_line_splitter_init (&vertex->splitters[i]);
      vertex->work = ensure_work (self, told->digest, told->name != NULL ? told->name : "");
      g_ptr_array_add (self->order, vertex);
      g_hash_table_insert (self->vertices, vertex->digest, vertex);
    }
  take_interval (self, vertex, told, time_us);
  if (told->error != NULL && told->error[0] != '\0')
    {
      g_free (vertex->error);
      vertex->error = g_utf8_make_valid (told->error, -1);
    }
}

/* --- lines --- */

static void
take_line (const char *line, gpointer user_data)
{
  LineTarget *target = user_data;

  if (g_str_has_prefix (line, CLIPPED))
    bo_build_log_set_clipped (target->self->log, target->vertex->work->index);
  bo_build_log_add_line (target->self->log, target->vertex->work->index, target->time_us, target->stream,
                         line);
}

/* Lines without an end are lines too. */
static void
flush_lines (BoTraceLog *self, Vertex *vertex)
{
  for (guint i = 0; i < G_N_ELEMENTS (vertex->splitters); i++)
    {
      LineTarget target = { .self = self, .vertex = vertex, .stream = i + 1, .time_us = vertex->last_log_us };

      bo_line_splitter_flush (&vertex->splitters[i], take_line, &target);
    }
}

static void
take_log (BoTraceLog *self, const Bo__Trace__VertexLog *told, gint64 time_us)
{
  LineTarget target = { .self = self, .vertex = find_vertex (self, told->vertex), .time_us = time_us };
  Stamp stamp;

  if (target.vertex == NULL)
    return;
  if (read_stamp (self, told->timestamp, time_us, &stamp))
    target.time_us = map_stamp (self, &stamp);
  target.stream = told->stream == 2 ? 2 : 1;
  target.vertex->last_log_us = target.time_us;
  bo_line_splitter_feed (&target.vertex->splitters[target.stream - 1], (const char *) told->msg.data,
                         told->msg.len, take_line, &target);
}

/* Parts of a vertex (layers pulled, "exporting layers"): one line each, when it is done. */
static void
take_status (BoTraceLog *self, const Bo__Trace__VertexStatus *told, gint64 time_us)
{
  LineTarget target = { .self = self, .vertex = find_vertex (self, told->vertex), .time_us = time_us };
  g_autofree char *key = NULL;
  g_autofree char *line = NULL;
  const char *words = told->id != NULL && told->id[0] != '\0' ? told->id : told->name;
  Stamp stamp;

  if (target.vertex == NULL || words == NULL || !read_stamp (self, told->completed, time_us, &stamp))
    return;
  key = g_strdup_printf ("%s %s", told->vertex, words);
  if (g_hash_table_size (self->statuses) >= STATUSES_MAX
      || !g_hash_table_add (self->statuses, g_steal_pointer (&key)))
    return;
  target.time_us = map_stamp (self, &stamp);
  line = bo_log_text_clean (words, strlen (words));
  take_line (line, &target);
}

static void
take_warning (BoTraceLog *self, const Bo__Trace__VertexWarning *told, gint64 time_us)
{
  LineTarget target
      = { .self = self, .vertex = find_vertex (self, told->vertex), .time_us = time_us, .stream = 2 };
  g_autofree char *words = bo_log_text_clean ((const char *) told->short_text.data, told->short_text.len);
  g_autofree char *line = g_strconcat ("warning: ", words, NULL);

  if (target.vertex == NULL)
    bo_build_log_add_line (self->log, BO_BUILD_LOG_NO_STEP, time_us, 2, line);
  else
    take_line (line, &target);
  for (size_t i = 0; target.vertex != NULL && i < told->n_detail; i++)
    {
      g_autofree char *detail = bo_log_text_clean ((const char *) told->detail[i].data, told->detail[i].len);

      take_line (detail, &target);
    }
}

/**
 * bo_trace_log_feed:
 * @self: a reader
 * @base64: an `aux` value
 * @time_us: when it was received, on the journal's clock
 *
 * Returns: whether it could be read; what cannot is passed over
 */
gboolean
bo_trace_log_feed (BoTraceLog *self, const char *base64, gint64 time_us)
{
  g_autofree guchar *bytes = NULL;
  Bo__Trace__StatusResponse *response;
  gsize length;

  if (strlen (base64) > MESSAGE_MAX / 3 * 4)
    return FALSE;
  bytes = g_base64_decode (base64, &length);
  response = bo__trace__status_response__unpack (NULL, length, bytes);
  if (response == NULL)
    return FALSE;
  for (size_t i = 0; i < response->n_vertexes; i++)
    take_vertex (self, response->vertexes[i], time_us);
  for (size_t i = 0; i < response->n_statuses; i++)
    take_status (self, response->statuses[i], time_us);
  for (size_t i = 0; i < response->n_logs; i++)
    take_log (self, response->logs[i], time_us);
  for (size_t i = 0; i < response->n_warnings; i++)
    take_warning (self, response->warnings[i], time_us);
  bo__trace__status_response__free_unpacked (response, NULL);
  return TRUE;
}

/* --- the end --- */

static int
find_exit_code (const char *text)
{
  const char *mark = "exit code: ";
  const char *found = g_strrstr (text, mark);
  int code = -1;

  if (found == NULL || sscanf (found + strlen (mark), "%9d", &code) != 1)
    return -1;
  return code;
}

/**
 * bo_trace_log_fail:
 * @self: a reader
 * @message: the engine's words for why the build failed
 *
 * When one vertex fails the others are cancelled, which is their error then; the
 * one that @message is about is the step that the build ended at. A mistake
 * in the Dockerfile is no step's.
 */
void
bo_trace_log_fail (BoTraceLog *self, const char *message)
{
  Vertex *failed = NULL;

  for (guint i = 0; i < self->order->len; i++)
    {
      Vertex *vertex = g_ptr_array_index (self->order, i);

      if (vertex->error == NULL)
        continue;
      if (strstr (message, vertex->error) != NULL)
        {
          failed = vertex;
          break;
        }
      if (failed == NULL && strstr (vertex->error, "context canceled") == NULL)
        failed = vertex;
    }
  if (failed != NULL)
    bo_build_log_set_failed (self->log, failed->work->index, failed->error, find_exit_code (failed->error));
}

/**
 * bo_trace_log_finish:
 * @self: a reader whose answer has ended
 *
 * All times are told again by the best that is known of the engine's clock, and
 * the steps are put into the order of the Dockerfile.
 */
void
bo_trace_log_finish (BoTraceLog *self)
{
  for (guint i = 0; i < self->order->len; i++)
    {
      Vertex *vertex = g_ptr_array_index (self->order, i);

      flush_lines (self, vertex);
      show_work (self, vertex->work);
    }
  if (self->order->len > 0)
    bo_build_log_put_in_order (self->log);
}
