/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <gio/gio.h>
#include <glib/gstdio.h>

#include "engine/bo-engine-containers.h"
#include "engine/bo-engine-error.h"
#include "engine/bo-engine-exec.h"
#include "engine/bo-engine-images.h"
#include "engine/bo-engine-system.h"
#include "engine/bo-engine.h"

/*
 * A fake engine that answers with the very bytes it is told to, on a Unix
 * socket, one thread a connection. Each canned answer is for requests whose
 * first line contains its words; what it leaves the connection in is part of it.
 */
typedef enum
{
  AFTER_KEEP,  /* as an engine does: the connection stays open */
  AFTER_CLOSE, /* the tunnel or the engine dies */
  AFTER_EARLY, /* answers and closes without reading the body */
} After;

typedef struct
{
  const char *words;
  const char *answer;
  gssize length;
  After after;
} Canned;

typedef struct
{
  char *folder;
  char *path;
  int listener;
  GThread *thread;
  const Canned *canned;
  BoEngine *engine;
  char *head;
} Fixture;

static const char ping_answer[] = "HTTP/1.1 200 OK\r\nApi-Version: 1.41\r\nBuilder-Version: 2\r\nOstype: "
                                  "linux\r\nContent-Length: 2\r\n\r\nOK";

typedef struct
{
  Fixture *fixture;
  int fd;
} Connection;

static void
write_all (int fd, const char *data, gsize length)
{
  while (length > 0)
    {
      ssize_t n = send (fd, data, length, MSG_NOSIGNAL);

      if (n <= 0)
        return;
      data += n;
      length -= (gsize) n;
    }
}

static gpointer
connection_thread (gpointer data)
{
  Connection *connection = data;
  Fixture *fixture = connection->fixture;
  g_autoptr (GString) head = g_string_new (NULL);
  char buffer[65536];

  while (strstr (head->str, "\r\n\r\n") == NULL)
    {
      ssize_t n = recv (connection->fd, buffer, sizeof buffer, 0);

      if (n <= 0)
        goto out;
      g_string_append_len (head, buffer, n);
    }
  if (strstr (head->str, "/_ping") != NULL)
    {
      write_all (connection->fd, ping_answer, strlen (ping_answer));
      goto out;
    }
  g_free (fixture->head);
  fixture->head = g_strdup (head->str);
  for (const Canned *canned = fixture->canned; canned->words != NULL; canned++)
    {
      if (strstr (head->str, canned->words) == NULL)
        continue;
      write_all (connection->fd, canned->answer,
                 canned->length < 0 ? strlen (canned->answer) : (gsize) canned->length);
      if (canned->after == AFTER_CLOSE)
        shutdown (connection->fd, SHUT_WR);
      /* A body may still be under way; closing on it would be a reset, not an end. */
      if (canned->after != AFTER_EARLY)
        while (recv (connection->fd, buffer, sizeof buffer, 0) > 0)
          ;
      goto out;
    }
  write_all (connection->fd, "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", 46);
out:
  close (connection->fd);
  g_free (connection);
  return NULL;
}

static gpointer
listener_thread (gpointer data)
{
  Fixture *fixture = data;
  int fd;

  while ((fd = accept (fixture->listener, NULL, NULL)) >= 0)
    {
      Connection *connection = g_new0 (Connection, 1);

      connection->fixture = fixture;
      connection->fd = fd;
      g_thread_unref (g_thread_new ("connection", connection_thread, connection));
    }
  return NULL;
}

static void
result_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static GAsyncResult *
wait_for (GAsyncResult **result)
{
  gint64 deadline = g_get_monotonic_time () + 60 * G_USEC_PER_SEC;

  while (*result == NULL)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      if (!g_main_context_iteration (NULL, FALSE))
        g_usleep (200);
    }
  return *result;
}

static void
setup (Fixture *fixture, gconstpointer data)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  fixture->folder = g_dir_make_tmp ("bakeoff-streams-XXXXXX", &error);
  g_assert_no_error (error);
  fixture->path = g_build_filename (fixture->folder, "docker.sock", NULL);
  g_strlcpy (address.sun_path, fixture->path, sizeof address.sun_path);
  fixture->listener = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  g_assert_cmpint (bind (fixture->listener, (struct sockaddr *) &address, sizeof address), ==, 0);
  g_assert_cmpint (listen (fixture->listener, 64), ==, 0);
  fixture->thread = g_thread_new ("listener", listener_thread, fixture);

  bo_engine_open_socket_async (fixture->path, NULL, result_cb, &result);
  fixture->engine = bo_engine_open_socket_finish (wait_for (&result), &error);
  g_assert_no_error (error);
}

static void
teardown (Fixture *fixture, gconstpointer data)
{
  g_clear_object (&fixture->engine);
  shutdown (fixture->listener, SHUT_RDWR);
  g_thread_join (fixture->thread);
  close (fixture->listener);
  /* The connections of libsoup's pool close within a second; then their threads end. */
  for (guint i = 0; i < 20; i++)
    {
      g_main_context_iteration (NULL, FALSE);
      g_usleep (1000);
    }
  g_unlink (fixture->path);
  g_rmdir (fixture->folder);
  g_free (fixture->path);
  g_free (fixture->folder);
  g_free (fixture->head);
}

#define CHUNKED_HEAD "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"

static void
line_cb (const char *line, gsize length, gpointer user_data)
{
  g_ptr_array_add (user_data, g_strndup (line, length));
}

/* Reads all lines of GET /x. */
static GPtrArray *
read_lines (Fixture *fixture, const Canned *canned, GError **error)
{
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GAsyncResult) sent = NULL;
  g_autoptr (GAsyncResult) read = NULL;
  g_autoptr (BoEngineReply) reply = NULL;

  fixture->canned = canned;
  bo_engine_send_async (fixture->engine, bo_engine_request_new ("GET", "/x"), NULL, result_cb, &sent);
  reply = bo_engine_send_finish (fixture->engine, wait_for (&sent), error);
  if (reply == NULL)
    return NULL;
  bo_engine_reply_each_line_async (reply, line_cb, lines, NULL, result_cb, &read);
  if (!bo_engine_reply_each_line_finish (reply, wait_for (&read), error))
    return NULL;
  return g_steal_pointer (&lines);
}

static void
test_clean_end (Fixture *fixture, gconstpointer data)
{
  const Canned canned[] = {
    { "/x ", CHUNKED_HEAD "6\r\n{\"a\":1\r\n9\r\n}\r\n{\"b\":2\r\n1\r\n}\r\n0\r\n\r\n", -1, AFTER_KEEP },
    { NULL },
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) lines = read_lines (fixture, canned, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (lines->len, ==, 2);
  g_assert_cmpstr (lines->pdata[0], ==, "{\"a\":1}");
  g_assert_cmpstr (lines->pdata[1], ==, "{\"b\":2}");
}

/* F4 row 1: libsoup before 3.6.5 takes this for a clean end. */
static void
test_cut_between_chunks (Fixture *fixture, gconstpointer data)
{
  const Canned canned[] = {
    { "/x ", CHUNKED_HEAD "8\r\n{\"a\":1}\n\r\n", -1, AFTER_CLOSE },
    { NULL },
  };
  g_autoptr (GError) error = NULL;

  g_assert_null (read_lines (fixture, canned, &error));
  g_assert_error (error, BO_ENGINE_ERROR, BO_ENGINE_ERROR_INTERRUPTED);
}

/* F4 row 2. */
static void
test_cut_in_chunk (Fixture *fixture, gconstpointer data)
{
  const Canned canned[] = {
    { "/x ", CHUNKED_HEAD "ff\r\n{\"a\":1}\n", -1, AFTER_CLOSE },
    { NULL },
  };
  g_autoptr (GError) error = NULL;

  g_assert_null (read_lines (fixture, canned, &error));
  g_assert_error (error, BO_ENGINE_ERROR, BO_ENGINE_ERROR_INTERRUPTED);
}

static void
test_cut_before_answer (Fixture *fixture, gconstpointer data)
{
  const Canned canned[] = { { "/x ", "", -1, AFTER_CLOSE }, { NULL } };
  g_autoptr (GError) error = NULL;

  g_assert_null (read_lines (fixture, canned, &error));
  g_assert_error (error, BO_ENGINE_ERROR, BO_ENGINE_ERROR_INTERRUPTED);
}

static void
test_not_http (Fixture *fixture, gconstpointer data)
{
  const Canned canned[] = { { "/x ", "SSH-2.0-OpenSSH\r\n\r\n", -1, AFTER_CLOSE }, { NULL } };
  g_autoptr (GError) error = NULL;

  g_assert_null (read_lines (fixture, canned, &error));
  g_assert_error (error, BO_ENGINE_ERROR, BO_ENGINE_ERROR_PROTOCOL);
}

/* F4 row 3: a refusal in the middle of an upload. Its words are the engine's. */
static void
check_early_refusal (Fixture *fixture, const char *answer, BoEngineError code)
{
  const Canned canned[] = { { "/images/load", answer, -1, AFTER_EARLY }, { NULL } };
  g_autofree char *body = g_malloc0 (50 * 1024 * 1024);
  g_autoptr (GInputStream) stream = g_memory_input_stream_new_from_data (body, 50 * 1024 * 1024, NULL);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) loaded = NULL;

  fixture->canned = canned;
  bo_engine_load_images_async (fixture->engine, stream, -1, NULL, result_cb, &result);
  loaded = bo_engine_load_images_finish (fixture->engine, wait_for (&result), &error);
  g_assert_null (loaded);
  g_test_message ("%s", error->message);
  g_assert_error (error, BO_ENGINE_ERROR, (int) code);
}

static void
test_early_refusal (Fixture *fixture, gconstpointer data)
{
  check_early_refusal (
      fixture,
      "HTTP/1.1 500 Internal Server Error\r\nContent-Type: application/json\r\nContent-Length: 52\r\n"
      "Connection: close\r\n\r\n{\"message\":\"write /var: no space left on device\"}\n  ",
      BO_ENGINE_ERROR_DISK_FULL);
  check_early_refusal (fixture,
                       "HTTP/1.1 400 Bad Request\r\nTransfer-Encoding: chunked\r\n\r\n"
                       "c\r\n{\"message\":\"\r\n6\r\nwrong\"\r\n1\r\n}\r\n0\r\n\r\n",
                       BO_ENGINE_ERROR_BAD_REQUEST);
  /* Nobody says why. */
  check_early_refusal (fixture, "", BO_ENGINE_ERROR_INTERRUPTED);
}

static void
count_bytes_cb (BoLogStream stream, const guint8 *data, gsize length, gpointer user_data)
{
  GString *text = user_data;

  g_string_append_printf (text, "%d:", stream);
  g_string_append_len (text, (const char *) data, (gssize) length);
  g_string_append_c (text, '|');
}

/* An exec's output has no end of its own: whether it ended is asked. */
static void
test_exec (Fixture *fixture, gconstpointer data)
{
  static const char start[] = "HTTP/1.1 200 OK\r\nContent-Type: application/vnd.docker.raw-stream\r\n\r\n"
                              "\1\0\0\0\0\0\0\3a\0b\2\0\0\0\0\0\0\1e";
  const Canned ended[] = {
    { "/containers/c/exec", "HTTP/1.1 201 Created\r\nContent-Length: 12\r\n\r\n{\"Id\":\"abc\"}", -1,
      AFTER_KEEP },
    { "/exec/abc/start", start, sizeof start - 1, AFTER_CLOSE },
    { "/exec/abc/json", "HTTP/1.1 200 OK\r\nContent-Length: 31\r\n\r\n{\"Running\":false,\"ExitCode\":7} ",
      -1, AFTER_KEEP },
    { NULL },
  };
  const Canned running[] = {
    { "/containers/c/exec", "HTTP/1.1 201 Created\r\nContent-Length: 12\r\n\r\n{\"Id\":\"abc\"}", -1,
      AFTER_KEEP },
    { "/exec/abc/start", start, sizeof start - 1, AFTER_CLOSE },
    { "/exec/abc/json", "HTTP/1.1 200 OK\r\nContent-Length: 16\r\n\r\n{\"Running\":true}", -1, AFTER_KEEP },
    { NULL },
  };
  const char *argv[] = { "true", NULL };
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  int exit_code = -1;

  fixture->canned = ended;
  bo_engine_exec_async (fixture->engine, "c", argv, count_bytes_cb, text, NULL, result_cb, &result);
  g_assert_true (bo_engine_exec_finish (fixture->engine, wait_for (&result), &exit_code, &error)
                 || error != NULL);
  g_assert_no_error (error);
  g_assert_cmpint (exit_code, ==, 7);
  g_assert_cmpmem (text->str, text->len, "1:a\0b|2:e|", 10);

  g_clear_object (&result);
  fixture->canned = running;
  bo_engine_exec_async (fixture->engine, "c", argv, count_bytes_cb, text, NULL, result_cb, &result);
  g_assert_false (bo_engine_exec_finish (fixture->engine, wait_for (&result), &exit_code, &error));
  g_assert_error (error, BO_ENGINE_ERROR, BO_ENGINE_ERROR_INTERRUPTED);
}

static void
progress_cb (BoPullProgress *progress, gpointer user_data)
{
  (*(guint *) user_data)++;
}

#define PULL_LINE(text) text "\r\n"
#define IMAGE_ANSWER "HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n{\"Id\":\"sha256:feed\"}"

static BoEngineImage *
pull (Fixture *fixture, const char *reference, const Canned *canned, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  guint n_lines = 0;
  BoEngineImage *image;

  fixture->canned = canned;
  bo_engine_pull_image_async (fixture->engine, reference, progress_cb, &n_lines, NULL, result_cb, &result);
  image = bo_engine_pull_image_finish (fixture->engine, wait_for (&result), error);
  if (image != NULL)
    g_assert_cmpuint (n_lines, >, 0);
  return image;
}

static void
test_pull (Fixture *fixture, gconstpointer data)
{
  const Canned complete[] = {
    { "fromImage=docker.io%2Flibrary%2Fdebian&tag=12 ",
      CHUNKED_HEAD "1e\r\n{\"status\":\"Status: Image new\"}\r\n0\r\n\r\n", -1, AFTER_KEEP },
    { "/images/debian:12/json", IMAGE_ANSWER, -1, AFTER_KEEP },
    { NULL },
  };
  /* An older image of that name is there; all the same nothing was pulled. */
  const Canned cut[] = {
    { "/images/create", CHUNKED_HEAD "1e\r\n{\"status\":\"Download\",\"id\":\"a\"}\r\n0\r\n\r\n", -1,
      AFTER_KEEP },
    { "/json", IMAGE_ANSWER, -1, AFTER_KEEP },
    { NULL },
  };
  const Canned failed[] = {
    { "/images/create",
      CHUNKED_HEAD
      "49\r\n{\"errorDetail\":{\"message\":\"unauthorized: authentication required\"},\"x\":1}\r\n0\r\n\r\n",
      -1, AFTER_KEEP },
    { NULL },
  };
  const Canned missing[] = {
    { "/images/create",
      "HTTP/1.1 404 Not Found\r\nContent-Length: 31\r\n\r\n{\"message\":\"manifest for x:1 \"}", -1,
      AFTER_KEEP },
    { NULL },
  };
  g_autoptr (BoEngineImage) image = NULL;
  g_autoptr (GError) error = NULL;

  image = pull (fixture, "debian:12", complete, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (image->id, ==, "sha256:feed");
  g_assert_null (strstr (fixture->head, "X-Registry-Auth"));

  g_assert_null (pull (fixture, "debian:12", cut, &error));
  g_assert_error (error, BO_ENGINE_ERROR, BO_ENGINE_ERROR_INTERRUPTED);
  g_clear_error (&error);
  g_assert_null (pull (fixture, "debian:12", failed, &error));
  g_assert_error (error, BO_ENGINE_ERROR, BO_ENGINE_ERROR_UNAUTHORIZED);
  g_clear_error (&error);
  g_assert_null (pull (fixture, "debian:12", missing, &error));
  g_assert_error (error, BO_ENGINE_ERROR, BO_ENGINE_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_null (pull (fixture, "Debian", complete, &error));
  g_assert_error (error, BO_ENGINE_ERROR, BO_ENGINE_ERROR_REFERENCE);
}

static void
event_cb (const BoEngineEvent *event, gpointer user_data)
{
  g_string_append_printf (user_data, "%s/%s/%s/%s/%" G_GINT64_FORMAT ";", event->type, event->action,
                          event->id, (const char *) g_hash_table_lookup (event->attributes, "name"),
                          event->time_us);
}

/* F4 rows 7 and 9: silent streams, and a ping beside them; then the engine goes. */
static void
test_events_and_ping (Fixture *fixture, gconstpointer data)
{
  const Canned canned[] = {
    { "/events ",
      CHUNKED_HEAD "7c\r\n{\"Type\":\"container\",\"Action\":\"die\",\"Actor\":{\"ID\":\"c1\",\"Attributes\":"
                   "{\"name\":\"n\","
                   "\"x\":null}},\"timeNano\":1700000000123456789}\n  \r\n",
      -1, AFTER_KEEP },
    { NULL },
  };
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  GAsyncResult *streams[5] = { NULL };
  g_autoptr (GAsyncResult) pinged = NULL;
  g_autoptr (GError) error = NULL;

  fixture->canned = canned;
  for (guint i = 0; i < G_N_ELEMENTS (streams); i++)
    bo_engine_events_async (fixture->engine, NULL, 0, 0, event_cb, text, cancellable, result_cb, &streams[i]);
  while (text->len < 5 * strlen ("container/die/c1/n/1700000000123456;"))
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (g_str_has_prefix (text->str, "container/die/c1/n/1700000000123456;"));

  bo_engine_ping_async (fixture->engine, NULL, result_cb, &pinged);
  g_assert_true (bo_engine_ping_finish (fixture->engine, wait_for (&pinged), &error));
  g_assert_no_error (error);

  g_cancellable_cancel (cancellable);
  for (guint i = 0; i < G_N_ELEMENTS (streams); i++)
    {
      g_assert_false (bo_engine_events_finish (fixture->engine, wait_for (&streams[i]), &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      g_clear_error (&error);
      g_clear_object (&streams[i]);
    }
}

static gboolean
take_archive_cb (const guint8 *data, gsize length, gpointer user_data, GError **error)
{
  *(gsize *) user_data += length;
  return TRUE;
}

static void
test_archive_end (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GString) whole = g_string_new (CHUNKED_HEAD);
  g_autoptr (GString) half = g_string_new (CHUNKED_HEAD "4\r\nabcd\r\n0\r\n\r\n");
  Canned canned[] = { { "/archive?path=%2Fa%20b ", NULL, 0, AFTER_KEEP }, { NULL } };
  g_autoptr (GAsyncResult) first = NULL;
  g_autoptr (GAsyncResult) second = NULL;
  g_autoptr (GError) error = NULL;
  gsize n_bytes = 0;
  char zeros[1024] = { 0 };

  g_string_append (whole, "1\r\nx\r\n400\r\n");
  g_string_append_len (whole, zeros, sizeof zeros);
  g_string_append (whole, "\r\n0\r\n\r\n");
  fixture->canned = canned;

  canned[0].answer = whole->str;
  canned[0].length = (gssize) whole->len;
  bo_engine_get_archive_async (fixture->engine, "c", "/a b", take_archive_cb, &n_bytes, NULL, result_cb,
                               &first);
  g_assert_true (bo_engine_get_archive_finish (fixture->engine, wait_for (&first), &error));
  g_assert_no_error (error);
  g_assert_cmpuint (n_bytes, ==, 1025);

  canned[0].answer = half->str;
  canned[0].length = (gssize) half->len;
  bo_engine_get_archive_async (fixture->engine, "c", "/a b", take_archive_cb, &n_bytes, NULL, result_cb,
                               &second);
  g_assert_false (bo_engine_get_archive_finish (fixture->engine, wait_for (&second), &error));
  g_assert_error (error, BO_ENGINE_ERROR, BO_ENGINE_ERROR_INTERRUPTED);
}

static void
test_prune_cache_ids (Fixture *fixture, gconstpointer data)
{
  const Canned canned[] = {
    { "/build/prune?all=1&filters=%7B%22id%22%3A%7B%22%5E%28a1%7Cb2%29%24%22%3Atrue%7D%7D ",
      "HTTP/1.1 200 OK\r\nContent-Length: 22\r\n\r\n{\"SpaceReclaimed\":123}", -1, AFTER_KEEP },
    { NULL },
  };
  const char *good[] = { "a1", "b2", NULL };
  const char *bad[] = { "a1", ".*", NULL };
  g_autoptr (GAsyncResult) first = NULL;
  g_autoptr (GAsyncResult) second = NULL;
  g_autoptr (GError) error = NULL;
  gint64 freed = 0;

  fixture->canned = canned;
  bo_engine_prune_cache_async (fixture->engine, good, NULL, result_cb, &first);
  g_assert_true (bo_engine_prune_cache_finish (fixture->engine, wait_for (&first), &freed, &error));
  g_assert_no_error (error);
  g_assert_cmpint (freed, ==, 123);
  bo_engine_prune_cache_async (fixture->engine, bad, NULL, result_cb, &second);
  g_assert_false (bo_engine_prune_cache_finish (fixture->engine, wait_for (&second), &freed, &error));
  g_assert_error (error, BO_ENGINE_ERROR, BO_ENGINE_ERROR_BAD_REQUEST);
}

static void
test_line_too_long (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GString) answer = g_string_new (CHUNKED_HEAD "1000001\r\n");
  Canned canned[] = { { "/x ", NULL, 0, AFTER_KEEP }, { NULL } };
  g_autofree char *long_line = g_strnfill (BO_ENGINE_LINE_MAX + 1, 'x');
  g_autoptr (GError) error = NULL;

  g_string_append (answer, long_line);
  g_string_append (answer, "\r\n0\r\n\r\n");
  canned[0].answer = answer->str;
  canned[0].length = (gssize) answer->len;
  g_assert_null (read_lines (fixture, canned, &error));
  g_assert_error (error, BO_ENGINE_ERROR, BO_ENGINE_ERROR_PROTOCOL);
}

#define add(path, function) g_test_add ("/engine-streams/" path, Fixture, NULL, setup, function, teardown)

int
main (int argc, char **argv)
{
  /* No credentials of whoever runs the tests. */
  g_setenv ("DOCKER_CONFIG", "/nonexistent", TRUE);
  g_test_init (&argc, &argv, NULL);

  add ("clean-end", test_clean_end);
  add ("cut-between-chunks", test_cut_between_chunks);
  add ("cut-in-chunk", test_cut_in_chunk);
  add ("cut-before-answer", test_cut_before_answer);
  add ("not-http", test_not_http);
  add ("early-refusal", test_early_refusal);
  add ("exec", test_exec);
  add ("pull", test_pull);
  add ("events-and-ping", test_events_and_ping);
  add ("archive-end", test_archive_end);
  add ("prune-cache-ids", test_prune_cache_ids);
  add ("line-too-long", test_line_too_long);

  return g_test_run ();
}
