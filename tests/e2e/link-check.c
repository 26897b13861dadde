/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "link-check"

#include "config.h"

#include <stdio.h>
#include <string.h>

#include <gio/gunixinputstream.h>

#include "engine/bo-engine-error.h"
#include "engine/bo-engine-info.h"
#include "engine/bo-link.h"

/*
 * Opens a link and prints a line for each thing that is another one, for test_link.py:
 *
 *   link-check URL
 *
 *   SECONDS STATE attempt=N next=SECONDS-FROM-NOW path=PATH error=CODE: MESSAGE | REMEDY
 *
 * Standard input is read line by line: "retry", "info" (prints "SECONDS info NAME" or an error of
 * the engine's), "close". Its end closes the link.
 */

typedef struct
{
  GMainLoop *loop;
  BoLink *link;
  GDataInputStream *input;
  gint64 begun_us;
  gboolean opened;
} Check;

static double
seconds (Check *check)
{
  return (double) (g_get_monotonic_time () - check->begun_us) / G_USEC_PER_SEC;
}

static char *
one_line (const char *text)
{
  g_auto (GStrv) parts = g_strsplit (text, "\n", -1);

  return g_strjoinv (" / ", parts);
}

static void
print_state (Check *check)
{
  const GError *error = bo_link_get_error (check->link);
  gint64 next_us = bo_link_get_next_attempt_us (check->link);

  g_print ("%.3f %s attempt=%u next=%.3f path=%s", seconds (check),
           bo_link_state_get_id (bo_link_get_state (check->link)), bo_link_get_attempt (check->link),
           next_us == 0 ? 0.0 : (double) (next_us - g_get_monotonic_time ()) / G_USEC_PER_SEC,
           bo_link_get_socket_path (check->link));
  if (error != NULL)
    {
      g_autofree char *message = one_line (error->message);
      const char *remedy = bo_engine_error_get_remedy (error);

      g_print (" error=%s: %s | %s",
               error->domain == BO_ENGINE_ERROR ? bo_engine_error_get_id ((BoEngineError) error->code) : "other",
               message, remedy == NULL ? "" : remedy);
    }
  g_print ("\n");
  fflush (stdout);
}

static void
changed_cb (BoLink *link, gpointer user_data)
{
  Check *check = user_data;

  print_state (check);
  if (bo_link_get_state (link) == BO_LINK_CLOSED)
    g_main_loop_quit (check->loop);
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Check *check = user_data;
  g_autoptr (GError) error = NULL;

  check->opened = bo_link_open_finish (check->link, result, &error);
  g_print ("%.3f %s\n", seconds (check), check->opened ? "opened" : "not opened");
  fflush (stdout);
}

static void
info_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Check *check = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (BoEngineInfo) info = bo_engine_info_finish (BO_ENGINE (source), result, &error);

  g_print ("%.3f info %s\n", seconds (check), info != NULL ? info->name : error->message);
  fflush (stdout);
}

static void
line_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Check *check = user_data;
  g_autofree char *line = g_data_input_stream_read_line_finish (check->input, result, NULL, NULL);

  if (g_strcmp0 (line, "retry") == 0)
    bo_link_retry (check->link);
  else if (g_strcmp0 (line, "info") == 0 && bo_link_get_engine (check->link) != NULL)
    bo_engine_info_async (bo_link_get_engine (check->link), NULL, info_cb, check);
  else if (g_strcmp0 (line, "info") == 0)
    {
      g_print ("%.3f info not connected\n", seconds (check));
      fflush (stdout);
    }
  else if (line == NULL || strcmp (line, "close") == 0)
    {
      bo_link_close (check->link);
      return;
    }
  g_data_input_stream_read_line_async (check->input, G_PRIORITY_DEFAULT, NULL, line_cb, check);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BoDeviceUrl) url = argc == 2 ? bo_device_url_parse (argv[1], &error) : NULL;
  g_autoptr (GInputStream) input = g_unix_input_stream_new (0, FALSE);
  Check check = { .begun_us = g_get_monotonic_time () };
  gboolean opened;

  if (url == NULL)
    {
      g_printerr ("link-check URL: %s\n", error == NULL ? "" : error->message);
      return 2;
    }
  check.loop = g_main_loop_new (NULL, FALSE);
  check.input = g_data_input_stream_new (input);
  check.link = bo_link_new (url);
  g_signal_connect (check.link, "state-changed", G_CALLBACK (changed_cb), &check);
  bo_link_open_async (check.link, NULL, opened_cb, &check);
  g_data_input_stream_read_line_async (check.input, G_PRIORITY_DEFAULT, NULL, line_cb, &check);
  g_main_loop_run (check.loop);
  /* What is still to be said is said. */
  while (g_main_context_iteration (NULL, FALSE))
    ;
  opened = check.opened;
  g_object_unref (check.link);
  g_object_unref (check.input);
  g_main_loop_unref (check.loop);
  return opened ? 0 : 1;
}
