/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-device-find"

#include "config.h"

#include <string.h>

#include <glib/gi18n.h>

#include "bo-script-format.h"
#include "bo-volume-format.h"
#include "durable/bo-device-find.h"
#include "engine/bo-engine-containers.h"
#include "engine/bo-engine-error.h"
#include "study/bo-json.h"

/* More of somebody's name is not shown. */
#define FROM_MAX 200

/* A campaign's id becomes the name of a folder, here and there. */
static gboolean
is_plain_name (const char *name)
{
  if (name == NULL || !g_ascii_isalnum (name[0]) || strlen (name) > BO_SCRIPT_ID_MAX)
    return FALSE;
  for (const char *p = name; *p != '\0'; p++)
    {
      if (!g_ascii_isalnum (*p) && strchr ("-_.", *p) == NULL)
        return FALSE;
    }
  return TRUE;
}

/* One line that a terminal can show. */
static char *
clean_words (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  GString *words = g_string_new (NULL);

  for (const char *p = valid; *p != '\0' && words->len < FROM_MAX; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      g_string_append_unichar (words, g_unichar_isprint (c) ? c : '?');
    }
  return g_string_free (words, FALSE);
}

/* The volume at BO_VOLUME_PATH. */
static char *
find_volume (JsonObject *object)
{
  JsonArray *mounts = bo_json_get_array (object, "Mounts");

  for (guint i = 0; i < bo_json_array_get_length (mounts); i++)
    {
      JsonObject *mount = bo_json_array_get_object (mounts, i);

      if (g_str_equal (bo_json_get_string (mount, "Type", ""), "volume")
          && g_str_equal (bo_json_get_string (mount, "Destination", ""), BO_VOLUME_PATH))
        return g_strdup (bo_json_get_string (mount, "Name", NULL));
    }
  return NULL;
}

static BoDeviceCourierState
state_of (const BoEngineContainer *container)
{
  if (container->is_running || g_str_equal (container->status, "restarting"))
    return BO_DEVICE_COURIER_RUNNING;
  if (g_str_equal (container->status, "exited") && container->exit_code == 0)
    return BO_DEVICE_COURIER_ENDED;
  return BO_DEVICE_COURIER_DOWN;
}

static gint64
time_of (const char *text)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_iso8601 (text, NULL);

  return time == NULL ? 0 : g_date_time_to_unix (time) * G_USEC_PER_SEC + g_date_time_get_microsecond (time);
}

/**
 * bo_device_courier_new_from_json:
 * @node: the answer to GET /containers/ID/json
 *
 * Returns: (transfer full) (nullable): the courier, or %NULL with
 *   %BO_DEVICE_COURIER_ERROR_TAKEN when the container is none of ours
 */
BoDeviceCourier *
bo_device_courier_new_from_json (JsonNode *node, GError **error)
{
  g_autoptr (BoEngineContainer) container = bo_engine_container_new_from_json (node, error);
  g_autofree char *volume = NULL;
  BoDeviceCourier *courier;
  const char *campaign, *study, *owner, *from;

  if (container == NULL)
    return NULL;
  campaign = g_hash_table_lookup (container->labels, BO_LABEL_COURIER);
  study = g_hash_table_lookup (container->labels, BO_LABEL_COURIER_STUDY);
  owner = g_hash_table_lookup (container->labels, BO_LABEL_COURIER_OWNER);
  from = g_hash_table_lookup (container->labels, BO_LABEL_COURIER_FROM);
  volume = find_volume (bo_json_node_get_object (node));
  if (!is_plain_name (campaign) || !is_plain_name (volume) || study == NULL || owner == NULL || from == NULL)
    {
      g_set_error (
          error, BO_DEVICE_COURIER_ERROR, BO_DEVICE_COURIER_ERROR_TAKEN,
          _ ("The device has a container “%s” that Bakeoff did not make, and does not touch. Rename it with "
             "“docker rename”, or remove it."),
          BO_DEVICE_COURIER_NAME);
      return NULL;
    }
  courier = g_new0 (BoDeviceCourier, 1);
  courier->container = g_strdup (container->id);
  courier->state = state_of (container);
  courier->campaign = g_strdup (campaign);
  courier->study = clean_words (study);
  courier->volume = g_steal_pointer (&volume);
  courier->owner = clean_words (owner);
  courier->from = clean_words (from);
  courier->created_us = time_of (bo_json_get_string (bo_json_node_get_object (node), "Created", ""));
  return courier;
}

gboolean
bo_device_find (BoDeviceJob *job, BoDeviceCourier **courier, GError **error)
{
  g_autoptr (JsonNode) node = NULL;
  g_autoptr (GError) local = NULL;

  *courier = NULL;
  bo_engine_request_async (job->engine,
                           bo_engine_request_new ("GET", "/containers/%s/json", BO_DEVICE_COURIER_NAME),
                           job->cancellable, bo_wait_cb, &job->wait);
  node = bo_engine_request_finish (job->engine, bo_wait_for (&job->wait), &local);
  if (node == NULL && g_error_matches (local, BO_ENGINE_ERROR, BO_ENGINE_ERROR_NOT_FOUND))
    return TRUE;
  if (node == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  *courier = bo_device_courier_new_from_json (node, error);
  return *courier != NULL;
}
