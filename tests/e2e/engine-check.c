/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "engine-check"

#include "config.h"

#include <stdio.h>
#include <string.h>

#include <gio/gunixinputstream.h>

#include "engine/bo-engine-containers.h"
#include "engine/bo-engine-error.h"
#include "engine/bo-engine-exec.h"
#include "engine/bo-engine-images.h"
#include "engine/bo-engine-info.h"
#include "engine/bo-engine-system.h"
#include "engine/bo-engine-volumes.h"
#include "study/bo-json.h"

/*
 * Drives the engine client on a real engine, for test_engine.py:
 *
 *   engine-check typed SOCKET IMAGE   the typed requests, as TAP
 *   engine-check pull SOCKET REF      one pull; prints the image's id or "CODE: MESSAGE"
 *   engine-check load SOCKET FILE     what "docker save" wrote; prints what was loaded
 *   engine-check hold URL             opens a connection and prints "open PATH"; then "lost CODE: MESSAGE"
 * when it is lost, or "closed" after the end of the standard input
 */

#define PREFIX "bakeoff-check-"

static guint n_tests;
static gboolean failed;

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

static void
check (gboolean ok, const char *what, GError **error)
{
  n_tests++;
  g_print ("%s %u - %s\n", ok ? "ok" : "not ok", n_tests, what);
  if (!ok)
    {
      failed = TRUE;
      if (*error != NULL)
        g_print ("# %s: %s\n", bo_engine_error_get_id ((BoEngineError) (*error)->code), (*error)->message);
    }
  g_clear_error (error);
}

static BoEngine *
open_engine (const char *path)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  BoEngine *engine;

  bo_engine_open_socket_async (path, NULL, result_cb, &result);
  engine = bo_engine_open_socket_finish (wait_for (&result), &error);
  if (engine == NULL)
    {
      g_printerr ("%s\n", error->message);
      exit (1);
    }
  return engine;
}

static void
collect_cb (BoLogStream stream, const guint8 *data, gsize length, gpointer user_data)
{
  if (stream == BO_LOG_STDOUT)
    g_string_append_len (user_data, (const char *) data, (gssize) length);
}

static gboolean
collect_data_cb (const guint8 *data, gsize length, gpointer user_data, GError **error)
{
  g_byte_array_append (user_data, data, (guint) length);
  return TRUE;
}

static JsonNode *
make_config (const char *image, const char *command, const char *runtime, gboolean ask_for_gpu)
{
  g_autofree char *text = NULL;

  text = g_strdup_printf (
      "{\"Image\":\"%s\",\"Cmd\":[\"sh\",\"-c\",\"%s\"],\"Labels\":{\"" PREFIX "label\":\"1\"},"
      "\"HostConfig\":{\"NetworkMode\":\"none\"%s%s%s%s}}",
      image, command, runtime == NULL ? "" : ",\"Runtime\":\"", runtime == NULL ? "" : runtime,
      runtime == NULL ? "" : "\"",
      ask_for_gpu ? ",\"DeviceRequests\":[{\"Count\":-1,\"Capabilities\":[[\"gpu\"]]}]" : "");
  return bo_json_parse (text, -1, NULL);
}

static char *
create (BoEngine *engine, const char *name, JsonNode *config, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  bo_engine_create_container_async (engine, name, config, NULL, result_cb, &result);
  return bo_engine_create_container_finish (engine, wait_for (&result), error);
}

static gboolean
start (BoEngine *engine, const char *container, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  bo_engine_start_container_async (engine, container, NULL, result_cb, &result);
  return bo_engine_start_container_finish (engine, wait_for (&result), error);
}

static int
wait_container (BoEngine *engine, const char *container, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  int exit_code = -1;

  bo_engine_wait_container_async (engine, container, NULL, result_cb, &result);
  bo_engine_wait_container_finish (engine, wait_for (&result), &exit_code, error);
  return exit_code;
}

static gboolean
remove_container (BoEngine *engine, const char *container, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  bo_engine_remove_container_async (engine, container, TRUE, TRUE, NULL, result_cb, &result);
  return bo_engine_remove_container_finish (engine, wait_for (&result), error);
}

static BoEngineContainer *
inspect (BoEngine *engine, const char *container, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  bo_engine_inspect_container_async (engine, container, NULL, result_cb, &result);
  return bo_engine_inspect_container_finish (engine, wait_for (&result), error);
}

static void
check_images (BoEngine *engine, const char *image_name)
{
  g_autoptr (GAsyncResult) inspected = NULL, listed = NULL, history_got = NULL, tagged = NULL, removed = NULL,
                           removed_again = NULL, pruned = NULL;
  g_autoptr (BoEngineImage) image = NULL;
  g_autoptr (GPtrArray) history = NULL;
  g_autoptr (GPtrArray) list = NULL;
  g_autoptr (GError) error = NULL;
  gint64 sum = 0, freed = -1;
  gboolean found = FALSE;

  bo_engine_inspect_image_async (engine, image_name, NULL, result_cb, &inspected);
  image = bo_engine_inspect_image_finish (engine, wait_for (&inspected), &error);
  check (image != NULL && image->size > 0 && image->layers->len > 0, "image inspect", &error);
  if (image == NULL)
    return;

  bo_engine_image_history_async (engine, image_name, NULL, result_cb, &history_got);
  history = bo_engine_image_history_finish (engine, wait_for (&history_got), &error);
  for (guint i = 0; history != NULL && i < history->len; i++)
    sum += ((BoEngineHistoryEntry *) history->pdata[i])->size;
  check (history != NULL && history->len > 0 && sum == image->size, "history adds up to the size", &error);

  bo_engine_list_images_async (engine, NULL, FALSE, NULL, result_cb, &listed);
  list = bo_engine_list_images_finish (engine, wait_for (&listed), &error);
  for (guint i = 0; list != NULL && i < list->len; i++)
    found = found || strcmp (((BoEngineImageEntry *) list->pdata[i])->id, image->id) == 0;
  check (found, "image list", &error);

  bo_engine_tag_image_async (engine, image->id, PREFIX "image:1", NULL, result_cb, &tagged);
  check (bo_engine_tag_image_finish (engine, wait_for (&tagged), &error), "image tag", &error);
  bo_engine_remove_image_async (engine, PREFIX "image:1", FALSE, TRUE, NULL, result_cb, &removed);
  check (bo_engine_remove_image_finish (engine, wait_for (&removed), &error), "image remove", &error);
  bo_engine_remove_image_async (engine, PREFIX "image:1", FALSE, TRUE, NULL, result_cb, &removed_again);
  check (!bo_engine_remove_image_finish (engine, wait_for (&removed_again), &error)
             && g_error_matches (error, BO_ENGINE_ERROR, BO_ENGINE_ERROR_NOT_FOUND),
         "image remove again: not found", &error);
  bo_engine_prune_images_async (engine, PREFIX "label=none", TRUE, NULL, result_cb, &pruned);
  check (bo_engine_prune_images_finish (engine, wait_for (&pruned), &freed, &error) && freed == 0,
         "image prune by a label that nothing has", &error);
}

static void
check_container (BoEngine *engine, const char *image)
{
  g_autoptr (JsonNode) config
      = make_config (image, "printf 'out\\\\000\\\\n'; echo err >&2; cat /from-outside; exit 3", NULL, FALSE);
  g_autoptr (GAsyncResult) put = NULL, logged = NULL, logged_again = NULL, got = NULL, listed = NULL;
  g_autoptr (GInputStream) tar = NULL;
  g_autoptr (GByteArray) archive = g_byte_array_new ();
  g_autoptr (GString) output = g_string_new (NULL);
  g_autoptr (BoEngineContainer) container = NULL;
  g_autoptr (GPtrArray) list = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *id = create (engine, PREFIX "one", config, &error);
  g_autofree char *second = NULL;
  /* One file of four bytes, by hand. */
  guint8 tar_bytes[2048] = "from-outside";
  guint sum = 0;

  check (id != NULL, "container create", &error);
  second = create (engine, PREFIX "one", config, &error);
  check (second == NULL && g_error_matches (error, BO_ENGINE_ERROR, BO_ENGINE_ERROR_CONFLICT),
         "container create again: conflict", &error);

  memcpy (tar_bytes + 100, "0000644", 8);
  memcpy (tar_bytes + 108, "0000000", 8);
  memcpy (tar_bytes + 116, "0000000", 8);
  memcpy (tar_bytes + 124, "00000000004", 12);
  memcpy (tar_bytes + 136, "00000000000", 12);
  memset (tar_bytes + 148, ' ', 8);
  tar_bytes[156] = '0';
  memcpy (tar_bytes + 257, "ustar\00000", 8);
  for (guint i = 0; i < 512; i++)
    sum += tar_bytes[i];
  g_snprintf ((char *) tar_bytes + 148, 8, "%06o", sum);
  memcpy (tar_bytes + 512, "file", 4);
  tar = g_memory_input_stream_new_from_data (tar_bytes, sizeof tar_bytes, NULL);
  bo_engine_put_archive_async (engine, PREFIX "one", "/", tar, -1, NULL, result_cb, &put);
  check (bo_engine_put_archive_finish (engine, wait_for (&put), &error), "archive put before the start",
         &error);

  check (start (engine, id, &error), "container start", &error);
  bo_engine_read_log_async (engine, id, BO_ENGINE_LOG_FOLLOW, collect_cb, output, NULL, result_cb, &logged);
  /* The engine sometimes leaves out a last line without a line end while it follows. */
  check (bo_engine_read_log_finish (engine, wait_for (&logged), &error) && output->len >= 5
             && memcmp (output->str, "out\0\n", 5) == 0,
         "log, followed to the end", &error);
  check (wait_container (engine, id, &error) == 3, "container wait: exit code", &error);
  g_string_truncate (output, 0);
  bo_engine_read_log_async (engine, id, BO_ENGINE_LOG_NONE, collect_cb, output, NULL, result_cb,
                            &logged_again);
  check (bo_engine_read_log_finish (engine, wait_for (&logged_again), &error) && output->len == 9
             && memcmp (output->str, "out\0\nfile", 9) == 0,
         "log after the end, standard output alone", &error);
  container = inspect (engine, id, &error);
  check (container != NULL && !container->is_running && container->exit_code == 3 && !container->oom_killed
             && strcmp (container->name, PREFIX "one") == 0 && container->finished_at != NULL,
         "container inspect", &error);

  bo_engine_get_archive_async (engine, id, "/from-outside", collect_data_cb, archive, NULL, result_cb, &got);
  check (bo_engine_get_archive_finish (engine, wait_for (&got), &error) && archive->len >= 1024
             && memcmp (archive->data + 512, "file", 4) == 0,
         "archive get", &error);
  bo_engine_list_containers_async (engine, PREFIX "label=1", NULL, result_cb, &listed);
  list = bo_engine_list_containers_finish (engine, wait_for (&listed), &error);
  check (list != NULL && list->len == 1 && strcmp (((BoEngineContainerEntry *) list->pdata[0])->id, id) == 0,
         "container list by label", &error);
  check (remove_container (engine, id, &error), "container remove", &error);
  check (!remove_container (engine, id, &error)
             && g_error_matches (error, BO_ENGINE_ERROR, BO_ENGINE_ERROR_NOT_FOUND),
         "container remove again: not found", &error);
}

static void
check_runtimes (BoEngine *engine, const char *image)
{
  g_autoptr (JsonNode) unknown = make_config (image, "true", "no-such-runtime", FALSE);
  g_autoptr (JsonNode) gpu = make_config (image, "true", NULL, TRUE);
  g_autoptr (JsonNode) missing = make_config ("bakeoff-check-nothing:1", "true", NULL, FALSE);
  g_autoptr (GError) error = NULL;
  g_autofree char *none = create (engine, PREFIX "runtime", unknown, &error);
  g_autofree char *with_gpu = NULL;
  g_autofree char *nothing = NULL;

  check (none == NULL && g_error_matches (error, BO_ENGINE_ERROR, BO_ENGINE_ERROR_UNKNOWN_RUNTIME),
         "unknown runtime", &error);
  with_gpu = create (engine, PREFIX "gpu", gpu, &error);
  check (with_gpu != NULL && !start (engine, with_gpu, &error)
             && g_error_matches (error, BO_ENGINE_ERROR, BO_ENGINE_ERROR_NO_DEVICE_DRIVER),
         "devices that are not to be had", &error);
  if (with_gpu != NULL)
    remove_container (engine, with_gpu, NULL);
  nothing = create (engine, PREFIX "nothing", missing, &error);
  check (nothing == NULL && g_error_matches (error, BO_ENGINE_ERROR, BO_ENGINE_ERROR_NOT_FOUND),
         "missing image", &error);
}

static void
check_exec (BoEngine *engine, const char *image)
{
  g_autoptr (JsonNode) config = make_config (image, "sleep 600", NULL, FALSE);
  const char *argv[]
      = { "sh", "-c", "head -c 2000000 /dev/zero | tr '\\000' '\\377'; echo e >&2; exit 5", NULL };
  const char *sleep_argv[] = { "sleep", "3", NULL };
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) ran = NULL, slept = NULL, killed = NULL, killed_again = NULL;
  g_autoptr (GString) output = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autofree char *id = create (engine, PREFIX "exec", config, &error);
  gboolean same = TRUE;
  gint64 began, took;
  int exit_code = -1;

  if (id == NULL || !start (engine, id, &error))
    {
      check (FALSE, "container for exec", &error);
      return;
    }
  bo_engine_exec_async (engine, id, argv, collect_cb, output, NULL, result_cb, &ran);
  check (bo_engine_exec_finish (engine, wait_for (&ran), &exit_code, &error) && exit_code == 5,
         "exec: exit code", &error);
  for (gsize i = 0; i < output->len; i++)
    same = same && (guchar) output->str[i] == 0xff;
  check (output->len == 2000000 && same, "exec: two million bytes that are no text", &error);

  began = g_get_monotonic_time ();
  g_string_truncate (output, 0);
  bo_engine_exec_async (engine, id, sleep_argv, collect_cb, output, cancellable, result_cb, &slept);
  while (g_get_monotonic_time () - began < G_USEC_PER_SEC)
    {
      g_main_context_iteration (NULL, FALSE);
      g_usleep (1000);
    }
  g_cancellable_cancel (cancellable);
  check (!bo_engine_exec_finish (engine, wait_for (&slept), NULL, &error)
             && g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED),
         "exec: cancelled", &error);
  took = g_get_monotonic_time () - began;
  check (took < 2500 * G_TIME_SPAN_MILLISECOND, "exec: cancelled at once", &error);

  bo_engine_kill_container_async (engine, id, NULL, NULL, result_cb, &killed);
  check (bo_engine_kill_container_finish (engine, wait_for (&killed), &error), "container kill", &error);
  check (wait_container (engine, id, &error) == 137, "killed: 137", &error);
  bo_engine_kill_container_async (engine, id, NULL, NULL, result_cb, &killed_again);
  check (!bo_engine_kill_container_finish (engine, wait_for (&killed_again), &error)
             && g_error_matches (error, BO_ENGINE_ERROR, BO_ENGINE_ERROR_CONFLICT),
         "container kill again: conflict", &error);
  remove_container (engine, id, NULL);
}

static void
count_events_cb (const BoEngineEvent *event, gpointer user_data)
{
  g_string_append_printf (user_data, "%s ", event->action);
}

static void
check_events (BoEngine *engine, const char *image)
{
  g_autoptr (JsonNode) config = make_config (image, "true", NULL, FALSE);
  g_autoptr (GString) actions = g_string_new (NULL);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) followed = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *id = NULL;
  gint64 deadline;

  bo_engine_events_async (engine, PREFIX "label=1", 0, 0, count_events_cb, actions, cancellable, result_cb,
                          &followed);
  /* Until the engine has the request: a container that is made before is none of its events. */
  for (deadline = g_get_monotonic_time () + G_USEC_PER_SEC / 2; g_get_monotonic_time () < deadline;
       g_usleep (1000))
    g_main_context_iteration (NULL, FALSE);
  id = create (engine, PREFIX "events", config, &error);
  start (engine, id, &error);
  wait_container (engine, id, &error);
  remove_container (engine, id, &error);
  for (deadline = g_get_monotonic_time () + 10 * G_USEC_PER_SEC;
       g_get_monotonic_time () < deadline && strstr (actions->str, "destroy") == NULL; g_usleep (1000))
    g_main_context_iteration (NULL, FALSE);
  check (strcmp (actions->str, "create start die destroy ") == 0, "events by label", &error);
  g_print ("# %s\n", actions->str);
  g_cancellable_cancel (cancellable);
  check (!bo_engine_events_finish (engine, wait_for (&followed), &error)
             && g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED),
         "events end by cancelling", &error);
}

static void
check_volumes (BoEngine *engine)
{
  g_autoptr (GHashTable) labels = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GAsyncResult) created = NULL, inspected = NULL, listed = NULL, removed = NULL,
                           removed_again = NULL;
  g_autoptr (BoEngineVolume) volume = NULL;
  g_autoptr (BoEngineVolume) again = NULL;
  g_autoptr (GPtrArray) list = NULL;
  g_autoptr (GError) error = NULL;

  g_hash_table_insert (labels, (gpointer) PREFIX "label", (gpointer) "1");
  bo_engine_create_volume_async (engine, PREFIX "volume", labels, NULL, result_cb, &created);
  volume = bo_engine_create_volume_finish (engine, wait_for (&created), &error);
  check (volume != NULL && volume->mountpoint != NULL, "volume create", &error);
  bo_engine_inspect_volume_async (engine, PREFIX "volume", NULL, result_cb, &inspected);
  again = bo_engine_inspect_volume_finish (engine, wait_for (&inspected), &error);
  check (again != NULL && g_strcmp0 (g_hash_table_lookup (again->labels, PREFIX "label"), "1") == 0,
         "volume inspect", &error);
  bo_engine_list_volumes_async (engine, PREFIX "label", NULL, result_cb, &listed);
  list = bo_engine_list_volumes_finish (engine, wait_for (&listed), &error);
  check (list != NULL && list->len == 1, "volume list by label", &error);
  bo_engine_remove_volume_async (engine, PREFIX "volume", FALSE, NULL, result_cb, &removed);
  check (bo_engine_remove_volume_finish (engine, wait_for (&removed), &error), "volume remove", &error);
  bo_engine_remove_volume_async (engine, PREFIX "volume", FALSE, NULL, result_cb, &removed_again);
  check (!bo_engine_remove_volume_finish (engine, wait_for (&removed_again), &error)
             && g_error_matches (error, BO_ENGINE_ERROR, BO_ENGINE_ERROR_NOT_FOUND),
         "volume remove again: not found", &error);
}

static void
check_system (BoEngine *engine)
{
  g_autoptr (GAsyncResult) informed = NULL, used = NULL, cancelled = NULL, loaded = NULL;
  g_autoptr (BoEngineInfo) info = NULL;
  g_autoptr (BoEngineDiskUsage) usage = NULL;
  g_autoptr (GInputStream) nonsense = g_memory_input_stream_new_from_data ("nonsense", 8, NULL);
  g_autoptr (GPtrArray) names = NULL;
  g_autoptr (GError) error = NULL;

  bo_engine_info_async (engine, NULL, result_cb, &informed);
  info = bo_engine_info_finish (engine, wait_for (&informed), &error);
  check (info != NULL && info->n_cpus > 0 && info->memory > 0 && info->root_dir != NULL
             && info->driver != NULL && bo_engine_info_has_runtime (info, "runc") && !info->is_podman,
         "info", &error);
  bo_engine_disk_usage_async (engine, NULL, result_cb, &used);
  usage = bo_engine_disk_usage_finish (engine, wait_for (&used), &error);
  check (usage != NULL && usage->images_size > 0 && g_hash_table_size (usage->unique_sizes) > 0, "disk usage",
         &error);
  bo_engine_cancel_build_async (engine, "bakeoff-check-nothing", NULL, result_cb, &cancelled);
  check (bo_engine_cancel_build_finish (engine, wait_for (&cancelled), &error),
         "cancel of a build that is not there", &error);
  bo_engine_load_images_async (engine, nonsense, 8, NULL, result_cb, &loaded);
  names = bo_engine_load_images_finish (engine, wait_for (&loaded), &error);
  check (names == NULL && error != NULL && error->domain == BO_ENGINE_ERROR, "load of nonsense", &error);
}

static void
progress_cb (BoPullProgress *progress, gpointer user_data)
{
  g_printerr ("%s %s %" G_GINT64_FORMAT "/%" G_GINT64_FORMAT "\n", bo_pull_progress_get_layer (progress),
              bo_pull_progress_get_status (progress), bo_pull_progress_get_bytes (progress),
              bo_pull_progress_get_total_bytes (progress));
}

static int
pull (BoEngine *engine, const char *reference)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (BoEngineImage) image = NULL;
  g_autoptr (GError) error = NULL;

  bo_engine_pull_image_async (engine, reference, progress_cb, NULL, NULL, result_cb, &result);
  image = bo_engine_pull_image_finish (engine, wait_for (&result), &error);
  if (image == NULL)
    g_print ("%s: %s\n", bo_engine_error_get_id ((BoEngineError) error->code), error->message);
  else
    g_print ("%s\n", image->id);
  return image == NULL ? 1 : 0;
}

static int
load (BoEngine *engine, const char *path)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GInputStream) stream = G_INPUT_STREAM (g_file_read (file, NULL, NULL));
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GPtrArray) names = NULL;
  g_autoptr (GError) error = NULL;

  bo_engine_load_images_async (engine, stream, -1, NULL, result_cb, &result);
  names = bo_engine_load_images_finish (engine, wait_for (&result), &error);
  for (guint i = 0; names != NULL && i < names->len; i++)
    g_print ("%s\n", (char *) names->pdata[i]);
  if (names == NULL)
    g_print ("%s: %s\n", bo_engine_error_get_id ((BoEngineError) error->code), error->message);
  return names == NULL ? 1 : 0;
}

static void
closed_cb (BoConnection *connection, gpointer user_data)
{
  const GError *error = bo_connection_get_error (connection);

  if (error != NULL)
    g_print ("lost %s: %s\n", bo_engine_error_get_id ((BoEngineError) error->code), error->message);
  else
    g_print ("closed\n");
  fflush (stdout);
  g_main_loop_quit (user_data);
}

static void
input_ended_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  bo_connection_close (user_data);
}

static int
hold (const char *text)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (BoDeviceUrl) url = bo_device_url_parse (text, &error);
  g_autoptr (BoConnection) connection = NULL;
  g_autoptr (GInputStream) input = g_unix_input_stream_new (0, FALSE);
  char byte;

  if (url != NULL)
    {
      bo_connection_open_async (url, NULL, result_cb, &result);
      connection = bo_connection_open_finish (wait_for (&result), &error);
    }
  if (connection == NULL)
    {
      g_print ("%s: %s\n", bo_engine_error_get_id ((BoEngineError) error->code), error->message);
      return 1;
    }
  g_signal_connect (connection, "closed", G_CALLBACK (closed_cb), loop);
  g_print ("open %s\n", bo_connection_get_socket_path (connection));
  fflush (stdout);
  g_input_stream_read_async (input, &byte, 1, G_PRIORITY_DEFAULT, NULL, input_ended_cb, connection);
  g_main_loop_run (loop);
  return 0;
}

int
main (int argc, char **argv)
{
  g_autoptr (BoEngine) engine = NULL;

  if (argc == 3 && strcmp (argv[1], "hold") == 0)
    return hold (argv[2]);
  if (argc != 4)
    return 2;
  engine = open_engine (argv[2]);
  if (strcmp (argv[1], "pull") == 0)
    return pull (engine, argv[3]);
  if (strcmp (argv[1], "load") == 0)
    return load (engine, argv[3]);
  check_system (engine);
  check_images (engine, argv[3]);
  check_container (engine, argv[3]);
  check_runtimes (engine, argv[3]);
  check_exec (engine, argv[3]);
  check_events (engine, argv[3]);
  check_volumes (engine);
  g_print ("1..%u\n", n_tests);
  return failed ? 1 : 0;
}
