/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-device-list"

#include "config.h"

#include <string.h>

#include <glib/gi18n.h>

#include "device/bo-device.h"
#include "devices/bo-device-list.h"

struct _BoDeviceList
{
  GObject parent_instance;

  char *path;             /* (nullable): another file than the user's own */
  GPtrArray *items;       /* (element-type BoDeviceItem) */
  BoDeviceItem *here;     /* the default engine, last in @items */
  char *problem;          /* (nullable) */
  GFileMonitor *monitor;  /* (nullable) */
  JsonNode *removed;      /* (nullable): what was removed last */
  guint removed_index;
  BoDeviceItem *removed_item; /* (nullable): the same object comes back with it */
};

enum
{
  PROP_0,
  PROP_PROBLEM,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

static void list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (BoDeviceList, bo_device_list, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

static GType
get_item_type (GListModel *model)
{
  return BO_TYPE_DEVICE_ITEM;
}

static guint
get_n_items (GListModel *model)
{
  return BO_DEVICE_LIST (model)->items->len;
}

static gpointer
get_item (GListModel *model, guint position)
{
  GPtrArray *items = BO_DEVICE_LIST (model)->items;

  return position < items->len ? g_object_ref (items->pdata[position]) : NULL;
}

static void
list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

static BoDeviceItem *
find_saved (GPtrArray *items, const char *name)
{
  for (guint i = 0; i < items->len; i++)
    if (g_strcmp0 (bo_device_item_get_name (items->pdata[i]), name) == 0)
      return items->pdata[i];
  return NULL;
}

/* Takes the devices that there are now, and keeps the item of each that was there before. */
static void
take (BoDeviceList *self, BoDevices *devices)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GPtrArray) old = NULL;
  guint from = 0, n_old, n_new;

  for (guint i = 0; devices != NULL && i < bo_devices_get_length (devices); i++)
    {
      const BoDevice *device = bo_devices_get (devices, i);
      BoDeviceItem *item = find_saved (self->items, device->name);

      /* What was removed and comes back is still what others hold. */
      if (item == NULL && self->removed_item != NULL
          && g_strcmp0 (bo_device_item_get_name (self->removed_item), device->name) == 0)
        item = self->removed_item;
      /* A file that somebody wrote by hand may name two alike; the first is the one that is found by its name. */
      if (find_saved (items, device->name) != NULL)
        continue;
      if (item != NULL)
        {
          bo_device_item_change (item, device->name, device->url);
          g_ptr_array_add (items, g_object_ref (item));
        }
      else
        g_ptr_array_add (items, bo_device_item_new (device->name, device->url));
    }
  g_ptr_array_add (items, g_object_ref (self->here));

  old = g_steal_pointer (&self->items);
  self->items = g_steal_pointer (&items);
  n_old = old->len;
  n_new = self->items->len;
  while (from < n_old && from < n_new && old->pdata[from] == self->items->pdata[from])
    from++;
  while (n_old > from && n_new > from && old->pdata[n_old - 1] == self->items->pdata[n_new - 1])
    {
      n_old--;
      n_new--;
    }
  if (n_old > from || n_new > from)
    g_list_model_items_changed (G_LIST_MODEL (self), from, n_old - from, n_new - from);
}

static void
set_problem (BoDeviceList *self, const char *problem)
{
  if (g_strcmp0 (self->problem, problem) == 0)
    return;
  g_free (self->problem);
  self->problem = g_strdup (problem);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_PROBLEM]);
}

static void
load (BoDeviceList *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BoDevices) devices = bo_devices_load (self->path, &error);

  set_problem (self, devices == NULL ? error->message : NULL);
  take (self, devices);
}

static void
changed_cb (GFileMonitor *monitor, GFile *file, GFile *other, GFileMonitorEvent event, gpointer user_data)
{
  /* A file half written is not read; its end is told. */
  if (event != G_FILE_MONITOR_EVENT_CHANGED && event != G_FILE_MONITOR_EVENT_ATTRIBUTE_CHANGED)
    load (user_data);
}

static void
watch (BoDeviceList *self)
{
  g_autoptr (BoDevices) devices = NULL;
  g_autoptr (GFile) file = NULL;
  g_autofree char *path = NULL;

  path = self->path != NULL ? g_strdup (self->path)
                            : g_build_filename (g_get_user_config_dir (), "bakeoff", "devices.json", NULL);
  file = g_file_new_for_path (path);
  /* Without, changes from elsewhere are seen when something is changed here. */
  self->monitor = g_file_monitor_file (file, G_FILE_MONITOR_WATCH_MOVES, NULL, NULL);
  if (self->monitor != NULL)
    g_signal_connect_object (self->monitor, "changed", G_CALLBACK (changed_cb), self, 0);
}

static void
bo_device_list_finalize (GObject *object)
{
  BoDeviceList *self = BO_DEVICE_LIST (object);

  if (self->monitor != NULL)
    g_file_monitor_cancel (self->monitor);
  g_clear_object (&self->monitor);
  g_ptr_array_unref (self->items);
  g_clear_object (&self->here);
  g_clear_object (&self->removed_item);
  g_clear_pointer (&self->removed, json_node_unref);
  g_free (self->problem);
  g_free (self->path);

  G_OBJECT_CLASS (bo_device_list_parent_class)->finalize (object);
}

static void
bo_device_list_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_PROBLEM:
      g_value_set_string (value, BO_DEVICE_LIST (object)->problem);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bo_device_list_class_init (BoDeviceListClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = bo_device_list_finalize;
  object_class->get_property = bo_device_list_get_property;

  props[PROP_PROBLEM]
      = g_param_spec_string ("problem", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
bo_device_list_init (BoDeviceList *self)
{
  self->items = g_ptr_array_new_with_free_func (g_object_unref);
}

/**
 * bo_device_list_new:
 * @path: (nullable): the file of saved devices, or %NULL for the user's own
 *
 * Returns: (transfer full): the list, filled
 */
BoDeviceList *
bo_device_list_new (const char *path)
{
  BoDeviceList *self = g_object_new (BO_TYPE_DEVICE_LIST, NULL);
  g_autoptr (BoDeviceUrl) url = bo_device_url_new_default (NULL);
  g_autofree char *text = NULL;

  /* A DOCKER_HOST that cannot be read is said when it is used; the socket is there all the same. */
  text = url != NULL ? bo_device_url_to_string (url) : g_strdup ("unix:///var/run/docker.sock");
  self->path = g_strdup (path);
  self->here = bo_device_item_new (NULL, text);
  load (self);
  watch (self);
  return self;
}

/**
 * bo_device_list_get_default:
 *
 * Returns: (transfer none): the user's devices, one list for all windows
 */
BoDeviceList *
bo_device_list_get_default (void)
{
  static BoDeviceList *list;

  if (list == NULL)
    list = bo_device_list_new (NULL);
  return list;
}

const char *
bo_device_list_get_problem (BoDeviceList *self)
{
  g_return_val_if_fail (BO_IS_DEVICE_LIST (self), NULL);

  return self->problem;
}

/**
 * bo_device_list_get_here:
 *
 * Returns: (transfer none): the engine that the docker command would use
 */
BoDeviceItem *
bo_device_list_get_here (BoDeviceList *self)
{
  g_return_val_if_fail (BO_IS_DEVICE_LIST (self), NULL);

  return self->here;
}

/**
 * bo_device_list_find:
 * @device: (nullable): the name of a saved device, or a URL, or %NULL for the default
 *
 * Returns: (transfer none) (nullable): that device, if it is in the list
 */
BoDeviceItem *
bo_device_list_find (BoDeviceList *self, const char *device)
{
  BoDeviceItem *item;

  g_return_val_if_fail (BO_IS_DEVICE_LIST (self), NULL);

  if (device == NULL)
    return self->here;
  item = find_saved (self->items, device);
  if (item != NULL)
    return item;
  for (guint i = 0; i < self->items->len; i++)
    if (strcmp (bo_device_item_get_url (self->items->pdata[i]), device) == 0)
      return self->items->pdata[i];
  return NULL;
}

/**
 * bo_device_list_check_name:
 * @old_name: (nullable): what the device is called now
 *
 * Returns: whether a device can be called @name
 */
gboolean
bo_device_list_check_name (BoDeviceList *self, const char *name, const char *old_name, GError **error)
{
  g_autoptr (BoDevices) devices = NULL;

  g_return_val_if_fail (BO_IS_DEVICE_LIST (self), FALSE);

  devices = bo_devices_load (self->path, error);
  return devices != NULL && bo_devices_check_name (devices, name, old_name, error);
}

/* The file may have changed a moment ago, so each change begins with reading it. */
gboolean
bo_device_list_add (BoDeviceList *self, const char *name, const char *url, GError **error)
{
  g_autoptr (BoDevices) devices = NULL;

  g_return_val_if_fail (BO_IS_DEVICE_LIST (self), FALSE);

  devices = bo_devices_load (self->path, error);
  if (devices == NULL || !bo_devices_add (devices, name, url, error) || !bo_devices_save (devices, error))
    return FALSE;
  take (self, devices);
  return TRUE;
}

/**
 * bo_device_list_change:
 * @item: a saved device
 * @name: what it is to be called
 * @url: where it is
 *
 * Saves it with another name or URL; @item goes on to stand for it.
 */
gboolean
bo_device_list_change (BoDeviceList *self, BoDeviceItem *item, const char *name, const char *url, GError **error)
{
  g_autoptr (BoDevices) devices = NULL;

  g_return_val_if_fail (BO_IS_DEVICE_LIST (self) && BO_IS_DEVICE_ITEM (item), FALSE);
  g_return_val_if_fail (bo_device_item_get_name (item) != NULL, FALSE);

  devices = bo_devices_load (self->path, error);
  if (devices == NULL || !bo_devices_change (devices, bo_device_item_get_name (item), name, url, error)
      || !bo_devices_save (devices, error))
    return FALSE;
  bo_device_item_change (item, name, bo_devices_find (devices, name)->url);
  take (self, devices);
  return TRUE;
}

/**
 * bo_device_list_remove:
 * @item: a saved device
 *
 * Removes it; bo_device_list_undo_remove() brings the last one back.
 */
gboolean
bo_device_list_remove (BoDeviceList *self, BoDeviceItem *item, GError **error)
{
  g_autoptr (BoDevices) devices = NULL;
  g_autoptr (JsonNode) node = NULL;
  const char *name;
  guint index = 0;

  g_return_val_if_fail (BO_IS_DEVICE_LIST (self) && BO_IS_DEVICE_ITEM (item), FALSE);
  name = bo_device_item_get_name (item);
  g_return_val_if_fail (name != NULL, FALSE);

  devices = bo_devices_load (self->path, error);
  if (devices == NULL)
    return FALSE;
  node = bo_devices_dup_node (devices, name);
  while (index < bo_devices_get_length (devices) && strcmp (bo_devices_get (devices, index)->name, name) != 0)
    index++;
  if (!bo_devices_remove (devices, name, error) || !bo_devices_save (devices, error))
    return FALSE;
  g_clear_pointer (&self->removed, json_node_unref);
  self->removed = g_steal_pointer (&node);
  self->removed_index = index;
  g_set_object (&self->removed_item, item);
  take (self, devices);
  return TRUE;
}

/**
 * bo_device_list_undo_remove:
 *
 * Brings back what was removed last, where it was. Does nothing when there is none.
 */
gboolean
bo_device_list_undo_remove (BoDeviceList *self, GError **error)
{
  g_autoptr (BoDevices) devices = NULL;

  g_return_val_if_fail (BO_IS_DEVICE_LIST (self), FALSE);

  if (self->removed == NULL)
    return TRUE;
  devices = bo_devices_load (self->path, error);
  if (devices == NULL || !bo_devices_restore (devices, self->removed_index, self->removed, error)
      || !bo_devices_save (devices, error))
    return FALSE;
  g_clear_pointer (&self->removed, json_node_unref);
  take (self, devices);
  g_clear_object (&self->removed_item);
  return TRUE;
}
