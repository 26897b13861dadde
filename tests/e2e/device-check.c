/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "device-check"

#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "durable/bo-courier-program.h"
#include "durable/bo-device-courier.h"
#include "durable/bo-device-tail.h"
#include "durable/bo-device-volume.h"
#include "engine/bo-engine-error.h"
#include "journal/bo-journal-reader.h"

/*
 * Drives a courier on a device, for test_device_courier.py:
 *
 *   device-check URL find
 *   device-check URL begin CAMPAIGN STUDY SOCKET ARCH [SECRET...]
 *   device-check URL hand-over FOLDER CONTENTS LIMIT     prints "progress DONE TOTAL", "sent BYTES"
 *   device-check URL tail FOLDER                         prints "received" and "ended"
 *   device-check URL stop now|after-trial
 *   device-check URL order CHAIN...
 *   device-check URL start
 *   device-check URL remove [force]
 *   device-check URL list
 *   device-check URL trim VOLUME BYTES
 *   device-check URL forget VOLUME CAMPAIGN
 *   device-check URL fetch VOLUME CAMPAIGN FOLDER
 *   device-check URL remove-volume VOLUME
 *   device-check URL remove-images all|others
 *
 * What is about a courier is about the one that is found there. An error is the
 * line "error WORD MESSAGE" and exit status 1. CANCEL_AFTER_MS in the environment has "begin" and "hand-over"
 * cancelled that many milliseconds after they began.
 */

static BoEngine *engine;

static void
result_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static GAsyncResult *
wait_for (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return *result;
}

static const char *
word_of (const GError *error)
{
  static const char *const courier[] = { "taken", "unsupported", "incomplete", "command", "down", "gone" };
  static const char *const journal[] = { "read", "damaged", "not-found", "write", "busy", "diverged" };

  if (error->domain == BO_DEVICE_COURIER_ERROR && (guint) error->code < G_N_ELEMENTS (courier))
    return courier[error->code];
  if (error->domain == BO_JOURNAL_ERROR && (guint) error->code < G_N_ELEMENTS (journal))
    return journal[error->code];
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return "cancelled";
  if (error->domain == BO_ENGINE_ERROR)
    return bo_engine_error_get_id ((BoEngineError) error->code);
  return g_quark_to_string (error->domain);
}

static void G_GNUC_NORETURN
fail (const GError *error)
{
  printf ("error %s %s\n", word_of (error), error->message);
  exit (1);
}

static void
check (gboolean ok, GError **error)
{
  if (!ok)
    fail (*error);
}

static void
print_courier (const BoDeviceCourier *courier)
{
  static const char *const states[] = { "running", "ended", "down" };

  printf ("courier %s %s %s %s %s %s %" G_GINT64_FORMAT "\n", states[courier->state], courier->campaign,
          courier->study, courier->volume, courier->owner, courier->from, courier->created_us);
}

static BoDeviceCourier *
find (void)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  BoDeviceCourier *courier = NULL;

  bo_device_courier_find_async (engine, NULL, result_cb, &result);
  check (bo_device_courier_find_finish (engine, wait_for (&result), &courier, &error), &error);
  return courier;
}

static void
progress_cb (guint64 done, guint64 total, gpointer user_data)
{
  printf ("progress %" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT "\n", done, total);
}

static gboolean
cancel_cb (gpointer user_data)
{
  g_cancellable_cancel (user_data);
  return G_SOURCE_REMOVE;
}

static GCancellable *
make_cancellable (void)
{
  const char *after_ms = g_getenv ("CANCEL_AFTER_MS");
  GCancellable *cancellable = g_cancellable_new ();

  if (after_ms != NULL)
    g_timeout_add_full (G_PRIORITY_DEFAULT, (guint) atoi (after_ms), cancel_cb, g_object_ref (cancellable),
                        g_object_unref);
  return cancellable;
}

static void
begin (char **words)
{
  g_autoptr (GCancellable) cancellable = make_cancellable ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (BoDeviceCourier) courier = NULL;
  BoDeviceCourierOptions options = { .campaign = words[0],
                                     .study = words[1],
                                     .engine_socket = words[2],
                                     .arch = words[3],
                                     .secrets = (const char *const *) words + 4 };

  bo_device_courier_begin_async (engine, &options, cancellable, result_cb, &result);
  courier = bo_device_courier_begin_finish (engine, wait_for (&result), &error);
  check (courier != NULL, &error);
  print_courier (courier);
}

static void
hand_over (const BoDeviceCourier *courier, char **words)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GCancellable) cancellable = make_cancellable ();
  g_autoptr (BoContentStore) contents = bo_content_store_new (words[1], &error);
  guint64 sent = 0;
  gboolean ok;

  check (contents != NULL, &error);
  bo_device_courier_hand_over_async (engine, courier, words[0], contents,
                                     g_ascii_strtoull (words[2], NULL, 10), progress_cb, NULL, cancellable,
                                     result_cb, &result);
  ok = bo_device_courier_hand_over_finish (engine, wait_for (&result), &sent, &error);
  printf ("sent %" G_GUINT64_FORMAT "\n", sent);
  check (ok, &error);
}

static void
received_cb (BoDeviceTail *tail, gpointer user_data)
{
  puts ("received");
}

static void
ended_cb (BoDeviceTail *tail, const GError *error, gpointer user_data)
{
  if (error != NULL)
    fail (error);
  puts ("ended");
  g_main_loop_quit (user_data);
}

static void
follow (const BoDeviceCourier *courier, char **words)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (BoDeviceTail) tail = bo_device_tail_new (engine, courier, words[0]);

  g_signal_connect (tail, "received", G_CALLBACK (received_cb), NULL);
  g_signal_connect (tail, "ended", G_CALLBACK (ended_cb), loop);
  bo_device_tail_start (tail);
  g_main_loop_run (loop);
}

static gboolean
do_courier (const char *verb, char **words)
{
  g_autoptr (BoDeviceCourier) courier = find ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  if (courier == NULL)
    {
      puts ("none");
      return g_str_equal (verb, "find");
    }
  if (g_str_equal (verb, "find"))
    print_courier (courier);
  else if (g_str_equal (verb, "hand-over"))
    hand_over (courier, words);
  else if (g_str_equal (verb, "tail"))
    follow (courier, words);
  else if (g_str_equal (verb, "stop"))
    {
      bo_device_courier_stop_async (engine, courier, g_str_equal (words[0], "now"), NULL, result_cb, &result);
      check (bo_device_courier_stop_finish (engine, wait_for (&result), &error), &error);
    }
  else if (g_str_equal (verb, "order"))
    {
      bo_device_courier_set_order_async (engine, courier, (const char *const *) words, NULL, result_cb,
                                         &result);
      check (bo_device_courier_set_order_finish (engine, wait_for (&result), &error), &error);
    }
  else if (g_str_equal (verb, "start"))
    {
      bo_device_courier_start_async (engine, courier, NULL, result_cb, &result);
      check (bo_device_courier_start_finish (engine, wait_for (&result), &error), &error);
    }
  else if (g_str_equal (verb, "remove"))
    {
      bo_device_courier_remove_async (engine, courier, words[0] != NULL, NULL, result_cb, &result);
      check (bo_device_courier_remove_finish (engine, wait_for (&result), &error), &error);
    }
  else
    return FALSE;
  return TRUE;
}

static void
list (void)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) volumes = NULL;

  bo_device_volume_list_async (engine, NULL, result_cb, &result);
  volumes = bo_device_volume_list_finish (engine, wait_for (&result), &error);
  check (volumes != NULL, &error);
  for (guint i = 0; i < volumes->len; i++)
    {
      const BoDeviceVolume *volume = volumes->pdata[i];

      printf ("volume %s %s %" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT, volume->name,
              volume->study, volume->n_contents, volume->contents_bytes, volume->campaigns_bytes);
      for (guint k = 0; k < volume->campaigns->len; k++)
        printf (" %s", (const char *) volume->campaigns->pdata[k]);
      putchar ('\n');
    }
}

static gboolean
do_volume (const char *verb, char **words)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  guint64 freed = 0;

  if (g_str_equal (verb, "list"))
    list ();
  else if (g_str_equal (verb, "trim"))
    {
      bo_device_volume_trim_async (engine, words[0], g_ascii_strtoull (words[1], NULL, 10), NULL, result_cb,
                                   &result);
      check (bo_device_volume_trim_finish (engine, wait_for (&result), &freed, &error), &error);
      printf ("freed %" G_GUINT64_FORMAT "\n", freed);
    }
  else if (g_str_equal (verb, "forget"))
    {
      bo_device_volume_forget_async (engine, words[0], words[1], NULL, result_cb, &result);
      check (bo_device_volume_forget_finish (engine, wait_for (&result), &error), &error);
    }
  else if (g_str_equal (verb, "fetch"))
    {
      bo_device_volume_fetch_async (engine, words[0], words[1], words[2], NULL, result_cb, &result);
      check (bo_device_volume_fetch_finish (engine, wait_for (&result), &error), &error);
    }
  else if (g_str_equal (verb, "remove-volume"))
    {
      bo_device_volume_remove_async (engine, words[0], NULL, result_cb, &result);
      check (bo_device_volume_remove_finish (engine, wait_for (&result), &error), &error);
    }
  else if (g_str_equal (verb, "remove-images"))
    {
      bo_device_volume_remove_images_async (engine, g_str_equal (words[0], "all"), NULL, result_cb, &result);
      check (bo_device_volume_remove_images_finish (engine, wait_for (&result), &error), &error);
    }
  else
    return FALSE;
  return TRUE;
}

/* How many words a verb needs behind it, so that none of them is looked for past the end. */
static guint
words_of (const char *verb)
{
  static const struct
  {
    const char *verb;
    guint n;
  } needed[] = { { "begin", 4 },         { "hand-over", 3 },    { "tail", 1 },   { "stop", 1 },
                 { "order", 1 },         { "trim", 2 },         { "forget", 2 }, { "fetch", 3 },
                 { "remove-volume", 1 }, { "remove-images", 1 } };

  for (guint i = 0; i < G_N_ELEMENTS (needed); i++)
    {
      if (g_str_equal (needed[i].verb, verb))
        return needed[i].n;
    }
  return 0;
}

int
main (int argc, char **argv)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (BoDeviceUrl) url = NULL;
  g_autoptr (GError) error = NULL;
  gboolean known;

  setvbuf (stdout, NULL, _IOLBF, 0);
  if (argc < 3 || (guint) argc - 3 < words_of (argv[2]))
    {
      g_printerr ("device-check: see its source for what it can do\n");
      return 2;
    }
  url = bo_device_url_parse (argv[1], &error);
  check (url != NULL, &error);
  bo_engine_open_async (url, NULL, result_cb, &result);
  engine = bo_engine_open_finish (wait_for (&result), &error);
  check (engine != NULL, &error);

  if (g_str_equal (argv[2], "begin"))
    {
      begin (argv + 3);
      known = TRUE;
    }
  else
    known = do_volume (argv[2], argv + 3) || do_courier (argv[2], argv + 3);
  g_clear_object (&engine);
  return known ? 0 : 2;
}
