/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-device"

#include "config.h"

#include <errno.h>
#include <string.h>

#include <glib/gi18n.h>
#include <glib/gstdio.h>

#include "device/bo-device.h"
#include "engine/bo-engine-error.h"
#include "study/bo-json.h"

#define NAME_MAX_BYTES 64

G_DEFINE_QUARK (bo - device - error - quark, bo_device_error)

struct _BoDevices
{
  char *path;
  JsonObject *root;   /* the file as it is, unknown members and all */
  GPtrArray *devices; /* (element-type BoDevice): read from it */
};

static void
device_free (gpointer data)
{
  BoDevice *device = data;

  g_free (device->name);
  g_free (device->url);
  g_free (device);
}

void
bo_devices_free (BoDevices *devices)
{
  g_return_if_fail (devices != NULL);

  g_free (devices->path);
  json_object_unref (devices->root);
  g_ptr_array_unref (devices->devices);
  g_free (devices);
}

static void
read_devices (BoDevices *devices)
{
  JsonArray *array = bo_json_get_array (devices->root, "devices");

  g_ptr_array_set_size (devices->devices, 0);
  for (guint i = 0; i < bo_json_array_get_length (array); i++)
    {
      JsonObject *object = bo_json_array_get_object (array, i);
      const char *name = bo_json_get_string (object, "name", NULL);
      const char *url = bo_json_get_string (object, "url", NULL);
      BoDevice *device;

      if (name == NULL || url == NULL)
        continue;
      device = g_new0 (BoDevice, 1);
      device->name = g_strdup (name);
      device->url = g_strdup (url);
      g_ptr_array_add (devices->devices, device);
    }
}

/* A copy that can be changed; what the parser made cannot. */
static JsonObject *
copy_root (JsonNode *node)
{
  g_autofree char *text = bo_json_node_to_text (node, FALSE);
  g_autoptr (JsonParser) parser = json_parser_new ();

  if (!json_parser_load_from_data (parser, text, -1, NULL))
    return NULL;
  return json_node_dup_object (json_parser_get_root (parser));
}

/**
 * bo_devices_load:
 * @path: (nullable): the file, or %NULL for the user's own
 *
 * Reads the saved devices. A file that is not there is an empty list; one that
 * cannot be read is an error, so that it is never written over.
 *
 * Returns: (transfer full): the devices
 */
BoDevices *
bo_devices_load (const char *path, GError **error)
{
  g_autofree char *file = NULL;
  g_autofree char *text = NULL;
  g_autoptr (JsonNode) node = NULL;
  g_autoptr (GError) reason = NULL;
  JsonObject *root = NULL;
  BoDevices *devices;
  gsize length;

  file = path != NULL ? g_strdup (path)
                      : g_build_filename (g_get_user_config_dir (), "bakeoff", "devices.json", NULL);
  if (g_file_get_contents (file, &text, &length, &reason))
    {
      node = bo_json_parse (text, (gssize) length, &reason);
      if (bo_json_node_get_object (node) != NULL)
        root = copy_root (node);
      if (root == NULL)
        {
          g_set_error (error, BO_DEVICE_ERROR, BO_DEVICE_ERROR_FILE,
                       _ ("the saved devices in “%s” cannot be read: %s"), file,
                       reason == NULL ? _ ("it is not a JSON object") : reason->message);
          return NULL;
        }
    }
  else if (g_error_matches (reason, G_FILE_ERROR, G_FILE_ERROR_NOENT))
    {
      root = json_object_new ();
      json_object_set_int_member (root, "format", 1);
      json_object_set_array_member (root, "devices", json_array_new ());
    }
  else
    {
      g_set_error (error, BO_DEVICE_ERROR, BO_DEVICE_ERROR_FILE, _ ("the saved devices cannot be read: %s"),
                   reason->message);
      return NULL;
    }

  devices = g_new0 (BoDevices, 1);
  devices->path = g_steal_pointer (&file);
  devices->root = root;
  devices->devices = g_ptr_array_new_with_free_func (device_free);
  read_devices (devices);
  return devices;
}

const char *
bo_devices_get_path (BoDevices *devices)
{
  g_return_val_if_fail (devices != NULL, NULL);

  return devices->path;
}

guint
bo_devices_get_length (BoDevices *devices)
{
  g_return_val_if_fail (devices != NULL, 0);

  return devices->devices->len;
}

/**
 * bo_devices_get:
 *
 * Returns: (transfer none) (nullable): the device at @index, in the order in which they were added
 */
const BoDevice *
bo_devices_get (BoDevices *devices, guint index)
{
  g_return_val_if_fail (devices != NULL, NULL);

  return index < devices->devices->len ? devices->devices->pdata[index] : NULL;
}

/**
 * bo_devices_find:
 *
 * Returns: (transfer none) (nullable): the device of that name
 */
const BoDevice *
bo_devices_find (BoDevices *devices, const char *name)
{
  g_return_val_if_fail (devices != NULL && name != NULL, NULL);

  for (guint i = 0; i < devices->devices->len; i++)
    {
      const BoDevice *device = devices->devices->pdata[i];

      if (strcmp (device->name, name) == 0)
        return device;
    }
  return NULL;
}

static gboolean
check_name (const char *name, GError **error)
{
  gboolean ok = name[0] != '\0' && name[0] != '-' && strlen (name) <= NAME_MAX_BYTES
                && g_utf8_validate (name, -1, NULL);

  for (const char *p = name; ok && *p != '\0'; p = g_utf8_next_char (p))
    ok = *p != '/' && *p != ':' && *p != '@' && g_unichar_isprint (g_utf8_get_char (p));
  if (!ok)
    g_set_error (error, BO_DEVICE_ERROR, BO_DEVICE_ERROR_NAME,
                 _ ("“%s” cannot name a device: a name has at most %d bytes, does not begin with “-”, and "
                    "has no “/”, “:” "
                    "and “@”, by which it is told from a URL"),
                 name, NAME_MAX_BYTES);
  return ok;
}

/* The array in the file, made if it is not there. */
static JsonArray *
ensure_array (BoDevices *devices)
{
  JsonArray *array = bo_json_get_array (devices->root, "devices");

  if (array == NULL)
    {
      array = json_array_new ();
      json_object_set_array_member (devices->root, "devices", array);
    }
  return array;
}

/* Where in the file's array, or -1. Not every element there is a device to us. */
static int
find_element (BoDevices *devices, const char *name)
{
  JsonArray *array = bo_json_get_array (devices->root, "devices");

  for (guint i = 0; i < bo_json_array_get_length (array); i++)
    if (g_strcmp0 (bo_json_get_string (bo_json_array_get_object (array, i), "name", NULL), name) == 0)
      return (int) i;
  return -1;
}

static int
require_element (BoDevices *devices, const char *name, GError **error)
{
  int element = find_element (devices, name);

  if (element < 0)
    g_set_error (error, BO_DEVICE_ERROR, BO_DEVICE_ERROR_NOT_FOUND, _ ("there is no saved device “%s”"), name);
  return element;
}

/**
 * bo_devices_check_name:
 * @name: what a person would like to call a device
 * @old_name: (nullable): what it is called now, if it is saved already
 *
 * Returns: whether it can be called so
 */
gboolean
bo_devices_check_name (BoDevices *devices, const char *name, const char *old_name, GError **error)
{
  g_return_val_if_fail (devices != NULL && name != NULL, FALSE);

  if (!check_name (name, error))
    return FALSE;
  if (g_strcmp0 (name, old_name) != 0 && bo_devices_find (devices, name) != NULL)
    {
      g_set_error (error, BO_DEVICE_ERROR, BO_DEVICE_ERROR_EXISTS,
                   _ ("there is a device “%s” already; remove it first, or choose another name"), name);
      return FALSE;
    }
  return TRUE;
}

/**
 * bo_devices_add:
 *
 * Adds a device; not written before bo_devices_save().
 */
gboolean
bo_devices_add (BoDevices *devices, const char *name, const char *url, GError **error)
{
  g_autoptr (BoDeviceUrl) parsed = NULL;
  g_autofree char *text = NULL;
  JsonObject *object;

  g_return_val_if_fail (devices != NULL && name != NULL && url != NULL, FALSE);

  if (!bo_devices_check_name (devices, name, NULL, error))
    return FALSE;
  parsed = bo_device_url_parse (url, error);
  if (parsed == NULL)
    return FALSE;

  text = bo_device_url_to_string (parsed);
  object = json_object_new ();
  json_object_set_string_member (object, "name", name);
  json_object_set_string_member (object, "url", text);
  json_array_add_object_element (ensure_array (devices), object);
  read_devices (devices);
  return TRUE;
}

/**
 * bo_devices_change:
 * @name: of a saved device
 * @new_name: (nullable): what it is to be called, or %NULL as before
 * @new_url: (nullable): where it is, or %NULL where it was
 *
 * Renames a device, or moves it; what else is kept about it stays. Not written before bo_devices_save().
 */
gboolean
bo_devices_change (BoDevices *devices, const char *name, const char *new_name, const char *new_url, GError **error)
{
  g_autoptr (BoDeviceUrl) parsed = NULL;
  g_autofree char *text = NULL;
  JsonObject *object;
  int element;

  g_return_val_if_fail (devices != NULL && name != NULL, FALSE);

  element = require_element (devices, name, error);
  if (element < 0)
    return FALSE;
  if (new_name != NULL && !bo_devices_check_name (devices, new_name, name, error))
    return FALSE;
  if (new_url != NULL && (parsed = bo_device_url_parse (new_url, error)) == NULL)
    return FALSE;

  object = json_array_get_object_element (bo_json_get_array (devices->root, "devices"), (guint) element);
  if (new_name != NULL)
    json_object_set_string_member (object, "name", new_name);
  if (parsed != NULL)
    {
      text = bo_device_url_to_string (parsed);
      json_object_set_string_member (object, "url", text);
    }
  read_devices (devices);
  return TRUE;
}

gboolean
bo_devices_remove (BoDevices *devices, const char *name, GError **error)
{
  int element;

  g_return_val_if_fail (devices != NULL && name != NULL, FALSE);

  element = require_element (devices, name, error);
  if (element < 0)
    return FALSE;
  json_array_remove_element (bo_json_get_array (devices->root, "devices"), (guint) element);
  read_devices (devices);
  return TRUE;
}

/**
 * bo_devices_dup_node:
 * @name: of a saved device
 *
 * Returns: (transfer full) (nullable): all that is kept about it, for bo_devices_restore()
 */
JsonNode *
bo_devices_dup_node (BoDevices *devices, const char *name)
{
  int element;

  g_return_val_if_fail (devices != NULL && name != NULL, NULL);

  element = find_element (devices, name);
  return element < 0 ? NULL
                     : json_array_dup_element (bo_json_get_array (devices->root, "devices"), (guint) element);
}

/**
 * bo_devices_restore:
 * @index: where it was, by bo_devices_get()
 * @node: from bo_devices_dup_node()
 *
 * Brings back a device that was removed. Not written before bo_devices_save().
 */
gboolean
bo_devices_restore (BoDevices *devices, guint index, JsonNode *node, GError **error)
{
  g_autoptr (JsonArray) old = NULL;
  JsonArray *array;
  const BoDevice *next;
  guint before;

  g_return_val_if_fail (devices != NULL && node != NULL, FALSE);

  if (!bo_devices_check_name (devices, bo_json_get_string (bo_json_node_get_object (node), "name", ""), NULL, error))
    return FALSE;
  old = json_array_ref (ensure_array (devices));
  next = bo_devices_get (devices, index);
  before = next != NULL ? (guint) find_element (devices, next->name) : json_array_get_length (old);
  array = json_array_new ();
  for (guint i = 0; i <= json_array_get_length (old); i++)
    {
      if (i == before)
        json_array_add_element (array, json_node_copy (node));
      if (i < json_array_get_length (old))
        json_array_add_element (array, json_array_dup_element (old, i));
    }
  json_object_set_array_member (devices->root, "devices", array);
  read_devices (devices);
  return TRUE;
}

/**
 * bo_devices_save:
 *
 * Writes the list, all of it or nothing.
 */
gboolean
bo_devices_save (BoDevices *devices, GError **error)
{
  g_autofree char *folder = NULL;
  g_autofree char *text = NULL;
  g_autofree char *lines = NULL;
  g_autoptr (JsonNode) node = NULL;
  g_autoptr (GError) reason = NULL;

  g_return_val_if_fail (devices != NULL, FALSE);

  node = json_node_init_object (json_node_alloc (), devices->root);
  text = bo_json_node_to_text (node, TRUE);
  lines = g_strconcat (text, "\n", NULL);
  folder = g_path_get_dirname (devices->path);
  if (g_mkdir_with_parents (folder, 0700) != 0)
    {
      g_set_error (error, BO_DEVICE_ERROR, BO_DEVICE_ERROR_FILE, _ ("the folder “%s” cannot be made: %s"),
                   folder, g_strerror (errno));
      return FALSE;
    }
  if (!g_file_set_contents_full (devices->path, lines, -1,
                                 G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0600, &reason))
    {
      g_set_error (error, BO_DEVICE_ERROR, BO_DEVICE_ERROR_FILE,
                   _ ("the saved devices cannot be written: %s"), reason->message);
      return FALSE;
    }
  return TRUE;
}

/**
 * bo_device_resolve:
 * @name_or_url: (nullable): the name of a saved device, or a URL, or %NULL for
 *   the engine that the docker command would use
 *
 * Finds out which device a person means.
 *
 * Returns: (transfer full): its URL
 */
BoDeviceUrl *
bo_device_resolve (const char *name_or_url, GError **error)
{
  g_autoptr (BoDevices) devices = NULL;
  const BoDevice *device;

  if (name_or_url == NULL)
    return bo_device_url_new_default (error);
  if (strstr (name_or_url, "://") != NULL)
    return bo_device_url_parse (name_or_url, error);

  devices = bo_devices_load (NULL, error);
  if (devices == NULL)
    return NULL;
  device = bo_devices_find (devices, name_or_url);
  if (device != NULL)
    return bo_device_url_parse (device->url, error);
  /* Something that looks like half a URL gets the advice of the parser. */
  if (strpbrk (name_or_url, "/:@") != NULL || name_or_url[0] == '-')
    return bo_device_url_parse (name_or_url, error);
  g_set_error (error, BO_DEVICE_ERROR, BO_DEVICE_ERROR_NOT_FOUND,
               _ ("there is no saved device “%s”. Save one with “bakeoff-cli device add %s ssh://USER@HOST”, "
                  "or give a URL "
                  "such as ssh://%s."),
               name_or_url, name_or_url, name_or_url);
  return NULL;
}
