/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-device-item"

#include "config.h"

#include <glib/gi18n.h>

#include "devices/bo-device-item.h"

struct _BoDeviceItem
{
  GObject parent_instance;

  char *name; /* (nullable): of a saved device */
  char *url;
  BoDeviceState state;
};

G_DEFINE_FINAL_TYPE (BoDeviceItem, bo_device_item, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_TITLE,
  PROP_URL,
  PROP_STATE,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

static void
bo_device_item_finalize (GObject *object)
{
  BoDeviceItem *self = BO_DEVICE_ITEM (object);

  g_free (self->name);
  g_free (self->url);

  G_OBJECT_CLASS (bo_device_item_parent_class)->finalize (object);
}

static void
bo_device_item_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  BoDeviceItem *self = BO_DEVICE_ITEM (object);

  switch (prop_id)
    {
    case PROP_TITLE:
      g_value_set_string (value, bo_device_item_get_title (self));
      break;
    case PROP_URL:
      g_value_set_string (value, self->url);
      break;
    case PROP_STATE:
      g_value_set_uint (value, self->state);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bo_device_item_class_init (BoDeviceItemClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = bo_device_item_finalize;
  object_class->get_property = bo_device_item_get_property;

  props[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  props[PROP_URL] = g_param_spec_string ("url", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  props[PROP_STATE] = g_param_spec_uint ("state", NULL, NULL, 0, BO_DEVICE_FAILED, BO_DEVICE_IDLE,
                                         G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
bo_device_item_init (BoDeviceItem *self)
{
}

/**
 * bo_device_item_new:
 * @name: (nullable): what a saved device is called, or %NULL for one that is not saved
 * @url: its URL
 */
BoDeviceItem *
bo_device_item_new (const char *name, const char *url)
{
  BoDeviceItem *self;

  g_return_val_if_fail (url != NULL, NULL);

  self = g_object_new (BO_TYPE_DEVICE_ITEM, NULL);
  self->name = g_strdup (name);
  self->url = g_strdup (url);
  return self;
}

/**
 * bo_device_item_get_name:
 *
 * Returns: (transfer none) (nullable): the name under which it is saved, if it is
 */
const char *
bo_device_item_get_name (BoDeviceItem *self)
{
  g_return_val_if_fail (BO_IS_DEVICE_ITEM (self), NULL);

  return self->name;
}

/**
 * bo_device_item_get_title:
 *
 * Returns: (transfer none): what a person calls it
 */
const char *
bo_device_item_get_title (BoDeviceItem *self)
{
  g_return_val_if_fail (BO_IS_DEVICE_ITEM (self), NULL);

  if (self->name != NULL)
    return self->name;
  return g_str_has_prefix (self->url, "unix://") ? _ ("This computer") : self->url;
}

const char *
bo_device_item_get_url (BoDeviceItem *self)
{
  g_return_val_if_fail (BO_IS_DEVICE_ITEM (self), NULL);

  return self->url;
}

/**
 * bo_device_item_get_device:
 *
 * Returns: (transfer none): name or URL, as bo_device_resolve() takes it
 */
const char *
bo_device_item_get_device (BoDeviceItem *self)
{
  g_return_val_if_fail (BO_IS_DEVICE_ITEM (self), NULL);

  return self->name != NULL ? self->name : self->url;
}

/**
 * bo_device_item_change:
 * @name: (nullable): as in bo_device_item_new()
 * @url: its URL
 *
 * Notes that the device was renamed or moved.
 */
void
bo_device_item_change (BoDeviceItem *self, const char *name, const char *url)
{
  gboolean moved;
  g_autofree char *old = NULL;

  g_return_if_fail (BO_IS_DEVICE_ITEM (self) && url != NULL);

  moved = g_strcmp0 (self->url, url) != 0;
  if (!moved && g_strcmp0 (self->name, name) == 0)
    return;
  g_object_freeze_notify (G_OBJECT (self));
  if (g_strcmp0 (self->name, name) != 0)
    {
      old = g_steal_pointer (&self->name);
      self->name = g_strdup (name);
      g_object_notify_by_pspec (G_OBJECT (self), props[PROP_TITLE]);
    }
  if (moved)
    {
      g_free (self->url);
      self->url = g_strdup (url);
      g_object_notify_by_pspec (G_OBJECT (self), props[PROP_URL]);
      /* What is known about the old place says nothing about the new one. */
      bo_device_item_set_state (self, BO_DEVICE_IDLE);
    }
  g_object_thaw_notify (G_OBJECT (self));
}

BoDeviceState
bo_device_item_get_state (BoDeviceItem *self)
{
  g_return_val_if_fail (BO_IS_DEVICE_ITEM (self), BO_DEVICE_IDLE);

  return self->state;
}

void
bo_device_item_set_state (BoDeviceItem *self, BoDeviceState state)
{
  g_return_if_fail (BO_IS_DEVICE_ITEM (self));

  if (self->state == state)
    return;
  self->state = state;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_STATE]);
}

/**
 * bo_device_state_get_title:
 *
 * Returns: (transfer none): the state in a word or two, translated
 */
const char *
bo_device_state_get_title (BoDeviceState state)
{
  switch (state)
    {
    case BO_DEVICE_CONNECTED:
      return _ ("Connected");
    case BO_DEVICE_CONNECTING:
      return _ ("Connecting…");
    case BO_DEVICE_RECONNECTING:
      return _ ("Reconnecting…");
    case BO_DEVICE_FAILED:
      return _ ("No connection");
    case BO_DEVICE_IDLE:
    default:
      return _ ("Not connected");
    }
}

/**
 * bo_device_state_get_css_class:
 *
 * Returns: (transfer none): the style class of its dot
 */
const char *
bo_device_state_get_css_class (BoDeviceState state)
{
  static const char *const classes[] = { "idle", "connected", "connecting", "reconnecting", "failed" };

  g_return_val_if_fail ((guint) state < G_N_ELEMENTS (classes), classes[0]);

  return classes[state];
}
