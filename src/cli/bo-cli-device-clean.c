/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-cli-device-clean"

#include "config.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <glib/gi18n.h>
#include <json-glib/json-glib.h>

#include "bo-cli-device-clean.h"
#include "bo-cli-engine.h"
#include "bo-cli.h"
#include "bo-table.h"
#include "durable/bo-device-courier.h"
#include "durable/bo-device-volume.h"
#include "engine/bo-wait.h"
#include "insight/bo-duration.h"

typedef struct
{
  const BoCliDeviceClean *options;
  BoWait wait;
  BoEngine *engine;
  BoDeviceCourier *courier;
  GPtrArray *volumes;
} Clean;

/* What would happen to a volume. */
typedef enum
{
  FATE_REMOVED,
  FATE_TRIMMED,
  FATE_STAYS,
} Fate;

/* The volume that a courier uses, and one with a campaign that nobody has read to its end, are not removed. */
static Fate
find_fate (const Clean *self, const BoDeviceVolume *volume)
{
  gint64 keep = self->options->keep;

  if (self->courier != NULL && self->courier->state != BO_DEVICE_COURIER_ENDED
      && g_strcmp0 (self->courier->volume, volume->name) == 0)
    return FATE_STAYS;
  if (keep < 0 && (volume->campaigns->len == 0 || self->options->all))
    return FATE_REMOVED;
  return volume->contents_bytes > (guint64) MAX (keep, 0) ? FATE_TRIMMED : FATE_STAYS;
}

static guint64
count_bytes (const Clean *self, const BoDeviceVolume *volume)
{
  switch (find_fate (self, volume))
    {
    case FATE_REMOVED:
      return volume->contents_bytes + volume->campaigns_bytes;
    case FATE_TRIMMED:
      return volume->contents_bytes - (guint64) MAX (self->options->keep, 0);
    case FATE_STAYS:
    default:
      return 0;
    }
}

static char *
describe_fate (const Clean *self, const BoDeviceVolume *volume)
{
  g_autofree char *bytes = bo_size_format ((gint64) count_bytes (self, volume));

  switch (find_fate (self, volume))
    {
    case FATE_REMOVED:
      return g_strdup_printf (_ ("removed: %s"), bytes);
    case FATE_TRIMMED:
      return volume->campaigns->len > 0 ? g_strdup_printf (_ ("at most %s removed; its campaigns were not read yet"), bytes)
                                        : g_strdup_printf (_ ("at most %s removed"), bytes);
    case FATE_STAYS:
    default:
      return g_strdup (self->courier != NULL && g_strcmp0 (self->courier->volume, volume->name) == 0
                           ? _ ("stays: a campaign runs")
                           : _ ("stays"));
    }
}

static void
print_volumes (const Clean *self)
{
  g_autoptr (BoTable) table
      = bo_table_new (_ ("STUDY"), _ (">FILES"), _ (">BYTES"), _ ("CAMPAIGNS"), _ ("WHAT HAPPENS"), NULL);
  guint64 total = 0;

  for (guint i = 0; i < self->volumes->len; i++)
    {
      const BoDeviceVolume *volume = g_ptr_array_index (self->volumes, i);
      g_autofree char *files = g_strdup_printf ("%" G_GUINT64_FORMAT, volume->n_contents);
      g_autofree char *bytes = bo_size_format ((gint64) (volume->contents_bytes + volume->campaigns_bytes));
      g_autofree char *campaigns = g_strdup_printf ("%u", volume->campaigns->len);
      g_autofree char *fate = describe_fate (self, volume);

      total += count_bytes (self, volume);
      bo_table_add (table, volume->study, files, bytes, campaigns, fate, NULL);
    }
  if (self->volumes->len > 0)
    {
      g_autofree char *all = bo_size_format ((gint64) total);

      bo_table_print (table, "");
      g_print (_ ("\n%s in all, and images of the courier that are not needed.\n"), all);
    }
  else
    g_print ("%s\n", _ ("Bakeoff keeps no files on this device. (--yes removes images of the courier that are not needed.)"));
}

static void
print_json (const Clean *self, gboolean done)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *text = NULL;

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "done");
  json_builder_add_boolean_value (builder, done);
  json_builder_set_member_name (builder, "volumes");
  json_builder_begin_array (builder);
  for (guint i = 0; i < self->volumes->len; i++)
    {
      const BoDeviceVolume *volume = g_ptr_array_index (self->volumes, i);
      static const char *const fates[] = { "removed", "trimmed", "stays" };

      json_builder_begin_object (builder);
      json_builder_set_member_name (builder, "name");
      json_builder_add_string_value (builder, volume->name);
      json_builder_set_member_name (builder, "study");
      json_builder_add_string_value (builder, volume->study);
      json_builder_set_member_name (builder, "files");
      json_builder_add_int_value (builder, (gint64) volume->n_contents);
      json_builder_set_member_name (builder, "bytes");
      json_builder_add_int_value (builder, (gint64) (volume->contents_bytes + volume->campaigns_bytes));
      json_builder_set_member_name (builder, "fate");
      json_builder_add_string_value (builder, fates[find_fate (self, volume)]);
      json_builder_set_member_name (builder, "freed");
      json_builder_add_int_value (builder, (gint64) count_bytes (self, volume));
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  text = json_to_string (root, TRUE);
  g_print ("%s\n", text);
}

static gboolean
ask (void)
{
  char answer[16] = "";

  if (!isatty (STDIN_FILENO))
    {
      g_print ("%s\n", _ ("Nothing was removed. --yes removes it."));
      return FALSE;
    }
  g_print ("%s ", _ ("Remove it? [y/N]"));
  return fgets (answer, sizeof answer, stdin) != NULL && (answer[0] == 'y' || answer[0] == 'Y');
}

static gboolean
clean_volume (Clean *self, const BoDeviceVolume *volume, GError **error)
{
  switch (find_fate (self, volume))
    {
    case FATE_REMOVED:
      bo_device_volume_remove_async (self->engine, volume->name, NULL, bo_wait_cb, &self->wait);
      return bo_device_volume_remove_finish (self->engine, bo_wait_for (&self->wait), error);
    case FATE_TRIMMED:
      bo_device_volume_trim_async (self->engine, volume->name, (guint64) MAX (self->options->keep, 0), NULL, bo_wait_cb,
                                   &self->wait);
      return bo_device_volume_trim_finish (self->engine, bo_wait_for (&self->wait), NULL, error);
    case FATE_STAYS:
    default:
      return TRUE;
    }
}

static gboolean
clean_all (Clean *self, GError **error)
{
  /* An ended courier that nobody came for holds its volume. */
  if (self->courier != NULL && self->courier->state == BO_DEVICE_COURIER_ENDED && self->options->all)
    {
      bo_device_courier_remove_async (self->engine, self->courier, FALSE, NULL, bo_wait_cb, &self->wait);
      if (!bo_device_courier_remove_finish (self->engine, bo_wait_for (&self->wait), error))
        return FALSE;
    }
  for (guint i = 0; i < self->volumes->len; i++)
    {
      if (!clean_volume (self, g_ptr_array_index (self->volumes, i), error))
        return FALSE;
    }
  if (self->courier != NULL && self->courier->state != BO_DEVICE_COURIER_ENDED)
    return TRUE;
  bo_device_volume_remove_images_async (self->engine, self->options->all, NULL, bo_wait_cb, &self->wait);
  return bo_device_volume_remove_images_finish (self->engine, bo_wait_for (&self->wait), error);
}

static gboolean
look (Clean *self, const char *socket_path, GError **error)
{
  bo_engine_open_socket_async (socket_path, NULL, bo_wait_cb, &self->wait);
  self->engine = bo_engine_open_socket_finish (bo_wait_for (&self->wait), error);
  if (self->engine == NULL)
    return FALSE;
  bo_device_courier_find_async (self->engine, NULL, bo_wait_cb, &self->wait);
  if (!bo_device_courier_find_finish (self->engine, bo_wait_for (&self->wait), &self->courier, error))
    return FALSE;
  bo_device_volume_list_async (self->engine, NULL, bo_wait_cb, &self->wait);
  self->volumes = bo_device_volume_list_finish (self->engine, bo_wait_for (&self->wait), error);
  return self->volumes != NULL;
}

static int
clean_cb (BoStore *store, const char *device_url, const char *socket_path, gpointer user_data)
{
  Clean self = { .options = user_data };
  g_autoptr (GError) error = NULL;
  gboolean wanted = FALSE;

  bo_wait_begin (&self.wait);
  if (look (&self, socket_path, &error))
    {
      if (!self.options->json)
        print_volumes (&self);
      wanted = self.options->yes || (!self.options->json && self.volumes->len > 0 && ask ());
      if (wanted && clean_all (&self, &error) && !self.options->json)
        g_print ("%s\n", _ ("Removed."));
      if (self.options->json && error == NULL)
        print_json (&self, wanted);
    }
  g_clear_pointer (&self.volumes, g_ptr_array_unref);
  g_clear_pointer (&self.courier, bo_device_courier_free);
  g_clear_object (&self.engine);
  bo_wait_end (&self.wait);
  return error != NULL ? bo_cli_report (error) : BO_EXIT_OK;
}

/**
 * bo_cli_device_clean:
 * @device: (nullable): name of a saved device, or a URL
 * @options: what is asked for
 *
 * Shows what Bakeoff keeps on a device, then removes it when that is wanted.
 *
 * Returns: the exit code
 */
int
bo_cli_device_clean (const char *device, const BoCliDeviceClean *options)
{
  return bo_cli_with_engine ("device", device, clean_cb, (gpointer) options);
}
