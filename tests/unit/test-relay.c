/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>

#include "engine/bo-engine-error.h"
#include "engine/bo-relay.h"

typedef struct
{
  char *folder;
  char *path;
  BoRelay *relay;
} Fixture;

/* The far end is a shell command's pipes, as with "docker system dial-stdio". */
static GIOStream *
open_command (gpointer user_data, GSubprocess **process, GCancellable *cancellable, GError **error)
{
  if (user_data == NULL)
    {
      g_set_error (error, BO_ENGINE_ERROR, BO_ENGINE_ERROR_CERTIFICATE, "refused");
      return NULL;
    }
  *process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE
                                   | G_SUBPROCESS_FLAGS_STDERR_PIPE,
                               error, "sh", "-c", user_data, NULL);
  if (*process == NULL)
    return NULL;
  return g_simple_io_stream_new (g_subprocess_get_stdout_pipe (*process),
                                 g_subprocess_get_stdin_pipe (*process));
}

static void
start (Fixture *fixture, const char *command)
{
  g_autoptr (GError) error = NULL;

  fixture->folder = g_dir_make_tmp ("bakeoff-relay-XXXXXX", &error);
  g_assert_no_error (error);
  fixture->path = g_build_filename (fixture->folder, "engine", NULL);
  fixture->relay = bo_relay_new (fixture->path, open_command, g_strdup (command), g_free, &error);
  g_assert_no_error (error);
}

static void
stop (Fixture *fixture)
{
  bo_relay_free (fixture->relay);
  g_assert_false (g_file_test (fixture->path, G_FILE_TEST_EXISTS));
  g_rmdir (fixture->folder);
  g_free (fixture->path);
  g_free (fixture->folder);
}

static GSocketConnection *
connect_to (Fixture *fixture)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (fixture->path);
  g_autoptr (GError) error = NULL;
  GSocketConnection *connection;

  g_socket_client_set_timeout (client, 60);
  connection = g_socket_client_connect (client, G_SOCKET_CONNECTABLE (address), NULL, &error);
  g_assert_no_error (error);
  return connection;
}

static char *
read_all (GSocketConnection *connection, gsize *length)
{
  g_autoptr (GOutputStream) out = g_memory_output_stream_new_resizable ();
  g_autoptr (GError) error = NULL;

  g_output_stream_splice (out, g_io_stream_get_input_stream (G_IO_STREAM (connection)),
                          G_OUTPUT_STREAM_SPLICE_CLOSE_TARGET, NULL, &error);
  g_assert_no_error (error);
  *length = g_memory_output_stream_get_data_size (G_MEMORY_OUTPUT_STREAM (out));
  return g_memory_output_stream_steal_data (G_MEMORY_OUTPUT_STREAM (out));
}

/* The end of one direction arrives as such, and the other still works. */
static void
test_half_close (void)
{
  Fixture fixture = { 0 };
  g_autoptr (GSocketConnection) connection = NULL;
  g_autofree char *text = NULL;
  gsize length;

  start (&fixture, "n=$(wc -c); printf 'got %s' $n");
  connection = connect_to (&fixture);
  g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (connection)), "0123456789", 10, NULL,
                             NULL, NULL);
  g_socket_shutdown (g_socket_connection_get_socket (connection), FALSE, TRUE, NULL);
  text = read_all (connection, &length);
  g_assert_cmpmem (text, length, "got 10", 6);
  g_assert_null (bo_relay_dup_error (fixture.relay));
  stop (&fixture);
}

static gpointer
write_thread (gpointer data)
{
  GSocketConnection *connection = data;
  g_autofree char *block = g_strnfill (1024 * 1024, 'b');

  for (guint i = 0; i < 64; i++)
    g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (connection)), block, 1024 * 1024,
                               NULL, NULL, NULL);
  g_socket_shutdown (g_socket_connection_get_socket (connection), FALSE, TRUE, NULL);
  return NULL;
}

static void
test_both_ways (void)
{
  Fixture fixture = { 0 };
  GSocketConnection *connections[4];
  GThread *threads[4];

  start (&fixture, "cat");
  for (guint i = 0; i < G_N_ELEMENTS (connections); i++)
    {
      connections[i] = connect_to (&fixture);
      threads[i] = g_thread_new ("write", write_thread, connections[i]);
    }
  for (guint i = 0; i < G_N_ELEMENTS (connections); i++)
    {
      g_autofree char *text = NULL;
      gsize length;

      text = read_all (connections[i], &length);
      g_thread_join (threads[i]);
      g_assert_cmpuint (length, ==, 64 * 1024 * 1024);
      g_object_unref (connections[i]);
    }
  stop (&fixture);
}

static void
wait_for_error (Fixture *fixture, BoEngineError code, const char *words)
{
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 5000 && error == NULL; i++)
    {
      error = bo_relay_dup_error (fixture->relay);
      g_usleep (1000);
    }
  g_assert_error (error, BO_ENGINE_ERROR, (int) code);
  g_assert_nonnull (strstr (error->message, words));
}

static void
test_far_end_fails (void)
{
  Fixture fixture = { 0 };
  g_autoptr (GSocketConnection) connection = NULL;
  g_autofree char *text = NULL;
  gsize length;

  start (&fixture, "echo 'permission denied' >&2; exit 1");
  connection = connect_to (&fixture);
  text = read_all (connection, &length);
  g_assert_cmpuint (length, ==, 0);
  wait_for_error (&fixture, BO_ENGINE_ERROR_UNREACHABLE, "permission denied");
  stop (&fixture);
}

static void
test_far_end_refused (void)
{
  Fixture fixture = { 0 };
  g_autoptr (GSocketConnection) connection = NULL;
  g_autofree char *text = NULL;
  gsize length;

  start (&fixture, NULL);
  connection = connect_to (&fixture);
  text = read_all (connection, &length);
  g_assert_cmpuint (length, ==, 0);
  wait_for_error (&fixture, BO_ENGINE_ERROR_CERTIFICATE, "refused");
  stop (&fixture);
}

/* The far end dies in the middle: what had come arrives, then the end; nothing hangs. */
static void
test_far_end_dies (void)
{
  Fixture fixture = { 0 };
  g_autoptr (GSocketConnection) connection = NULL;
  g_autofree char *text = NULL;
  gsize length;

  start (&fixture, "printf half; kill -9 $$");
  connection = connect_to (&fixture);
  text = read_all (connection, &length);
  g_assert_cmpmem (text, length, "half", 4);
  stop (&fixture);
}

/* Freed with a connection open: it is closed, and the process of its far end ends. */
static void
test_stop_while_open (void)
{
  Fixture fixture = { 0 };
  g_autoptr (GSocketConnection) connection = NULL;
  g_autofree char *text = NULL;
  char byte;
  gsize length;

  start (&fixture, "printf x; exec sleep 600");
  connection = connect_to (&fixture);
  g_assert_cmpint (
      g_input_stream_read (g_io_stream_get_input_stream (G_IO_STREAM (connection)), &byte, 1, NULL, NULL), ==,
      1);
  stop (&fixture);
  text = read_all (connection, &length);
  g_assert_cmpuint (length, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/relay/half-close", test_half_close);
  g_test_add_func ("/relay/both-ways", test_both_ways);
  g_test_add_func ("/relay/far-end-fails", test_far_end_fails);
  g_test_add_func ("/relay/far-end-refused", test_far_end_refused);
  g_test_add_func ("/relay/far-end-dies", test_far_end_dies);
  g_test_add_func ("/relay/stop-while-open", test_stop_while_open);

  return g_test_run ();
}
