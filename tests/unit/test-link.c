/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gstdio.h>
#include <gio/gunixsocketaddress.h>

#include "engine/bo-engine-error.h"
#include "engine/bo-link.h"

/* A link to a socket of our own, behind which an engine comes and goes. */

typedef struct
{
  char *folder;
  char *path;
  GSocketService *service; /* (nullable) */
  BoLink *link;
  GString *states; /* in the order in which they came, "opening " being the first */
} Fixture;

static gboolean
serve_cb (GSocketService *service, GSocketConnection *connection, GObject *source, gpointer user_data)
{
  static const char answer[] = "HTTP/1.1 200 OK\r\nApi-Version: 1.41\r\nOSType: linux\r\nContent-Length: 2\r\n"
                               "Connection: close\r\n\r\nOK";
  char request[4096];

  /* A ping is one packet. */
  if (g_input_stream_read (g_io_stream_get_input_stream (G_IO_STREAM (connection)), request, sizeof request, NULL,
                           NULL)
      > 0)
    g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (connection)), answer, sizeof answer - 1,
                               NULL, NULL, NULL);
  g_io_stream_close (G_IO_STREAM (connection), NULL, NULL);
  return TRUE;
}

static void
start_engine (Fixture *fixture)
{
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (fixture->path);
  g_autoptr (GError) error = NULL;

  fixture->service = g_threaded_socket_service_new (4);
  g_signal_connect (fixture->service, "run", G_CALLBACK (serve_cb), NULL);
  g_socket_listener_add_address (G_SOCKET_LISTENER (fixture->service), address, G_SOCKET_TYPE_STREAM,
                                 G_SOCKET_PROTOCOL_DEFAULT, NULL, NULL, &error);
  g_assert_no_error (error);
}

/* As a killed engine does it: the socket stays, and nobody listens. */
static void
stop_engine (Fixture *fixture)
{
  g_socket_service_stop (fixture->service);
  g_socket_listener_close (G_SOCKET_LISTENER (fixture->service));
  g_clear_object (&fixture->service);
}

static void
changed_cb (BoLink *link, gpointer user_data)
{
  Fixture *fixture = user_data;

  g_string_append_printf (fixture->states, "%s ", bo_link_state_get_id (bo_link_get_state (link)));
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BoDeviceUrl) url = NULL;
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  fixture->folder = g_dir_make_tmp ("bakeoff-link-XXXXXX", &error);
  g_assert_no_error (error);
  fixture->path = g_build_filename (fixture->folder, "engine", NULL);
  text = g_strconcat ("unix://", fixture->path, NULL);
  url = bo_device_url_parse (text, &error);
  g_assert_no_error (error);
  fixture->states = g_string_new (NULL);
  fixture->link = bo_link_new (url);
  g_signal_connect (fixture->link, "state-changed", G_CALLBACK (changed_cb), fixture);
  g_assert_cmpint (bo_link_get_state (fixture->link), ==, BO_LINK_OPENING);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  bo_link_close (fixture->link);
  bo_link_close (fixture->link);
  g_assert_cmpint (bo_link_get_state (fixture->link), ==, BO_LINK_CLOSED);
  g_assert_null (bo_link_get_engine (fixture->link));
  g_assert_true (g_str_has_suffix (fixture->states->str, "closed "));
  g_assert_finalize_object (fixture->link);
  if (fixture->service != NULL)
    stop_engine (fixture);
  g_unlink (fixture->path);
  g_rmdir (fixture->folder);
  g_string_free (fixture->states, TRUE);
  g_free (fixture->path);
  g_free (fixture->folder);
}

static void
result_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static gboolean
open_link (Fixture *fixture, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  gboolean opened;

  bo_link_open_async (fixture->link, NULL, result_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  opened = bo_link_open_finish (fixture->link, result, error);
  /* The task lets go of the link. */
  g_clear_object (&result);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  return opened;
}

static void
wait_for_state (Fixture *fixture, BoLinkState state)
{
  gint64 deadline_us = g_get_monotonic_time () + 30 * G_USEC_PER_SEC;

  while (bo_link_get_state (fixture->link) != state)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, deadline_us);
      g_main_context_iteration (NULL, FALSE);
      g_usleep (1000);
    }
}

static void
test_comes_back (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BoEngine) first = NULL;
  g_autoptr (GError) error = NULL;
  gint64 since_us;

  start_engine (fixture);
  g_assert_true (open_link (fixture, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (fixture->states->str, ==, "connected ");
  g_assert_cmpstr (bo_link_get_socket_path (fixture->link), ==, fixture->path);
  first = g_object_ref (bo_link_get_engine (fixture->link));
  since_us = bo_link_get_since_us (fixture->link);
  g_assert_cmpint (since_us, <=, g_get_monotonic_time ());
  g_assert_cmpuint (bo_link_get_attempt (fixture->link), ==, 0);
  g_assert_cmpint (bo_link_get_next_attempt_us (fixture->link), ==, 0);
  g_assert_null (bo_link_get_error (fixture->link));

  stop_engine (fixture);
  bo_link_retry (fixture->link);
  wait_for_state (fixture, BO_LINK_RECONNECTING);
  g_assert_null (bo_link_get_engine (fixture->link));
  g_assert_cmpint (bo_link_get_since_us (fixture->link), >, since_us);
  g_assert_cmpint (bo_link_get_next_attempt_us (fixture->link), >, g_get_monotonic_time ());
  g_assert_cmpint (bo_link_get_next_attempt_us (fixture->link), <=, g_get_monotonic_time () + G_USEC_PER_SEC);
  g_assert_error (bo_link_get_error (fixture->link), BO_ENGINE_ERROR, BO_ENGINE_ERROR_REFUSED);
  g_assert_nonnull (bo_engine_error_get_remedy (bo_link_get_error (fixture->link)));
  while (bo_link_get_attempt (fixture->link) < 2)
    {
      g_assert_cmpint (bo_link_get_state (fixture->link), ==, BO_LINK_RECONNECTING);
      g_main_context_iteration (NULL, TRUE);
    }

  g_unlink (fixture->path);
  start_engine (fixture);
  wait_for_state (fixture, BO_LINK_CONNECTED);
  g_assert_true (bo_link_get_engine (fixture->link) != first);
  g_assert_null (bo_link_get_error (fixture->link));
  g_assert_cmpuint (bo_link_get_attempt (fixture->link), ==, 0);
}

/* The first opening fails at once, whatever the reason; a person may ask for more. */
static void
test_not_there (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (open_link (fixture, &error));
  g_assert_error (error, BO_ENGINE_ERROR, BO_ENGINE_ERROR_SOCKET_MISSING);
  g_assert_cmpint (bo_link_get_state (fixture->link), ==, BO_LINK_LOST);
  g_assert_error (bo_link_get_error (fixture->link), BO_ENGINE_ERROR, BO_ENGINE_ERROR_SOCKET_MISSING);
  g_assert_cmpint (bo_link_get_next_attempt_us (fixture->link), ==, 0);

  bo_link_retry (fixture->link);
  g_assert_cmpint (bo_link_get_state (fixture->link), ==, BO_LINK_RECONNECTING);
  while (bo_link_get_attempt (fixture->link) < 1 || bo_link_get_next_attempt_us (fixture->link) == 0)
    g_main_context_iteration (NULL, TRUE);
  start_engine (fixture);
  wait_for_state (fixture, BO_LINK_CONNECTED);
}

static void
close_cb (BoLink *link, gpointer user_data)
{
  if (bo_link_get_state (link) == BO_LINK_RECONNECTING)
    bo_link_close (link);
}

/* A handler may close the link that calls it. */
static void
test_closed_by_handler (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  start_engine (fixture);
  g_assert_true (open_link (fixture, &error));
  g_signal_connect (fixture->link, "state-changed", G_CALLBACK (close_cb), NULL);
  stop_engine (fixture);
  bo_link_retry (fixture->link);
  wait_for_state (fixture, BO_LINK_CLOSED);
  bo_link_retry (fixture->link);
  g_assert_cmpint (bo_link_get_state (fixture->link), ==, BO_LINK_CLOSED);
}

static void
test_cancelled (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  start_engine (fixture);
  bo_link_open_async (fixture->link, cancellable, result_cb, &result);
  g_cancellable_cancel (cancellable);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_false (bo_link_open_finish (fixture->link, result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (bo_link_get_state (fixture->link), ==, BO_LINK_CLOSED);
  g_clear_object (&result);
  for (guint i = 0; i < 100; i++)
    {
      g_main_context_iteration (NULL, FALSE);
      g_usleep (1000);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/link/comes-back", Fixture, NULL, set_up, test_comes_back, tear_down);
  g_test_add ("/link/not-there", Fixture, NULL, set_up, test_not_there, tear_down);
  g_test_add ("/link/closed-by-handler", Fixture, NULL, set_up, test_closed_by_handler, tear_down);
  g_test_add ("/link/cancelled", Fixture, NULL, set_up, test_cancelled, tear_down);

  return g_test_run ();
}
