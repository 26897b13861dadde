/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What an engine answers in JSON: GET /info, /system/df, an image, a container,
 * events, and the small answers of probes and images that are read from the journal. Each
 * reader gets any document: either it is refused with words, or what must be there is.
 */

#include <string.h>

#include "bo-fuzz.h"
#include "engine/bo-engine-containers.h"
#include "engine/bo-engine-images.h"
#include "engine/bo-engine-info.h"
#include "engine/bo-engine-system.h"
#include "journal/bo-answer-head.h"
#include "journal/bo-engine-events.h"
#include "journal/bo-image-reader.h"
#include "journal/bo-probe-reader.h"
#include "study/bo-json.h"

static void
check_error (gpointer value, GError *error)
{
  BO_FUZZ_CHECK ((value != NULL) == (error == NULL));
  BO_FUZZ_CHECK (error == NULL || error->message[0] != '\0');
}

static void
read_info (JsonNode *node)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BoEngineInfo) info = bo_engine_info_new_from_json (node, &error);

  check_error (info, error);
  if (info == NULL)
    return;
  BO_FUZZ_CHECK (info->runtimes != NULL && info->warnings != NULL && info->driver_status != NULL);
  BO_FUZZ_CHECK (info->memory >= 0 && info->n_images >= 0 && info->n_containers_running >= 0);
  bo_engine_info_has_runtime (info, "nvidia");
}

static void
read_disk_usage (JsonNode *node)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BoEngineDiskUsage) usage = bo_engine_disk_usage_new_from_json (node, &error);

  check_error (usage, error);
  if (usage == NULL)
    return;
  BO_FUZZ_CHECK (usage->images_size >= 0 && usage->containers_size >= 0);
  BO_FUZZ_CHECK (usage->volumes_size >= 0 && usage->cache_size >= 0);
  for (guint i = 0; i < usage->cache->len; i++)
    BO_FUZZ_CHECK (((BoEngineCacheRecord *) usage->cache->pdata[i])->id != NULL);
}

static void
read_image (JsonNode *node)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BoEngineImage) image = bo_engine_image_new_from_json (node, &error);

  check_error (image, error);
  BO_FUZZ_CHECK (image == NULL || (image->id != NULL && image->layers != NULL && image->labels != NULL));
  BO_FUZZ_CHECK (image == NULL || image->size >= 0);
}

static void
read_container (JsonNode *node)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BoEngineContainer) container = bo_engine_container_new_from_json (node, &error);

  check_error (container, error);
  BO_FUZZ_CHECK (container == NULL
                 || (container->id != NULL && container->name != NULL && container->status != NULL));
}

static gboolean
is_ours_cb (const char *id, gpointer user_data)
{
  return id[0] == 'a';
}

static void
read_events (JsonNode *node)
{
  g_autoptr (BoEngineEvents) events = bo_engine_events_new (NULL);
  JsonArray *array = bo_json_node_get_array (node);
  g_autofree char *what = NULL;
  BoContainerTimes times;

  if (bo_json_node_get_object (node) != NULL)
    bo_engine_events_add (events, bo_json_node_get_object (node), 1000000);
  for (guint i = 0; i < bo_json_array_get_length (array); i++)
    {
      JsonObject *object = bo_json_array_get_object (array, i);

      if (object != NULL)
        bo_engine_events_add (events, object, 1000000 + i);
    }
  if (bo_engine_events_lookup (events, "0123456789ab", &times))
    BO_FUZZ_CHECK (times.created_us >= -1 && times.died_us >= -1);
  if (bo_engine_events_saw_others (events, is_ours_cb, NULL, &what))
    BO_FUZZ_CHECK (what != NULL && what[0] != '\0');
}

static void
read_built_image (const char *body, gsize length)
{
  g_autoptr (GPtrArray) diff_ids = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (BoImage) image = bo_image_read (body, length, diff_ids);
  g_autoptr (BoImage) other = bo_image_new ();

  bo_image_read_history (image != NULL ? image : other, body, length, diff_ids, NULL);
  BO_FUZZ_CHECK (image == NULL || image->id != NULL);
}

static void
read_probe (const char *body, gsize length)
{
  g_autoptr (GPtrArray) readers = g_ptr_array_new_with_free_func ((GDestroyNotify) bo_probe_reader_free);

  for (guint kind = 0; kind < BO_N_PROBE_KINDS; kind++)
    {
      g_autoptr (BoProbeResult) result = bo_probe_result_new ((BoProbeKind) kind);
      BoProbeReader *reader = bo_probe_reader_new ();

      g_ptr_array_add (readers, reader);
      bo_probe_reader_set_created (reader, 201, body, length);
      bo_probe_reader_set_started (reader, 204, body, length);
      bo_probe_reader_set_waited (reader, body, length);
      bo_probe_reader_set_logs (reader, kind == 0 ? "application/vnd.docker.raw-stream" : NULL, body, length);
      bo_probe_reader_set_inspected (reader, body, length);
      bo_probe_reader_conclude (readers, NULL, result);
      BO_FUZZ_CHECK (result->verdict == BO_VERDICT_NONE || result->verdict == BO_VERDICT_YES
                     || result->reason != NULL);
      for (guint i = 0; i < result->runs->len; i++)
        BO_FUZZ_CHECK (((BoProbeRun *) result->runs->pdata[i])->duration_us >= -1);
    }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = bo_json_parse ((const char *) data, (gssize) size, &error);
  g_autofree char *message = bo_answer_get_message ((const char *) data, size);
  BoAnswerHead head = { 0 };

  check_error (node, error);
  if (node != NULL)
    {
      read_info (node);
      read_disk_usage (node);
      read_image (node);
      read_container (node);
      read_events (node);
    }
  read_built_image ((const char *) data, size);
  read_probe ((const char *) data, size);
  BO_FUZZ_CHECK (message == NULL || g_utf8_validate (message, -1, NULL));
  bo_answer_head_parse (&head, (const char *) data, size);
  BO_FUZZ_CHECK (head.status == 0 || (head.status >= 100 && head.status <= 999));
  bo_answer_head_clear (&head);
  return 0;
}
