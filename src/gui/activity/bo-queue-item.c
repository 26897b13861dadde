/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-queue-item"

#include "config.h"

#include "activity/bo-queue-item.h"

struct _BoQueueItem
{
  GObject parent_instance;

  BoQueueRowKind kind;
  char *key;
  char *trial;
  char *chain;
  char *title;
  char *subtitle;
  char *detail;
  const char *icon;
  const char *css_class;
};

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (BoQueueItem, bo_queue_item, G_TYPE_OBJECT)

static void
bo_queue_item_finalize (GObject *object)
{
  BoQueueItem *self = BO_QUEUE_ITEM (object);

  g_free (self->key);
  g_free (self->trial);
  g_free (self->chain);
  g_free (self->title);
  g_free (self->subtitle);
  g_free (self->detail);

  G_OBJECT_CLASS (bo_queue_item_parent_class)->finalize (object);
}

static void
bo_queue_item_class_init (BoQueueItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = bo_queue_item_finalize;
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 0);
}

static void
bo_queue_item_init (BoQueueItem *self)
{
}

/**
 * bo_queue_item_new:
 * @kind: what it stands for
 * @key: tells it from all others
 *
 * Returns: (transfer full): an item without texts
 */
BoQueueItem *
bo_queue_item_new (BoQueueRowKind kind, const char *key)
{
  BoQueueItem *self;

  g_return_val_if_fail (key != NULL, NULL);

  self = g_object_new (BO_TYPE_QUEUE_ITEM, NULL);
  self->kind = kind;
  self->key = g_strdup (key);
  return self;
}

BoQueueRowKind
bo_queue_item_get_kind (BoQueueItem *self)
{
  g_return_val_if_fail (BO_IS_QUEUE_ITEM (self), BO_QUEUE_HEADING);

  return self->kind;
}

const char *
bo_queue_item_get_key (BoQueueItem *self)
{
  g_return_val_if_fail (BO_IS_QUEUE_ITEM (self), NULL);

  return self->key;
}

/* (nullable): the trial that is shown for it */
const char *
bo_queue_item_get_trial (BoQueueItem *self)
{
  g_return_val_if_fail (BO_IS_QUEUE_ITEM (self), NULL);

  return self->trial;
}

/* (nullable): the chain that can be moved */
const char *
bo_queue_item_get_chain (BoQueueItem *self)
{
  g_return_val_if_fail (BO_IS_QUEUE_ITEM (self), NULL);

  return self->chain;
}

const char *
bo_queue_item_get_title (BoQueueItem *self)
{
  g_return_val_if_fail (BO_IS_QUEUE_ITEM (self), NULL);

  return self->title;
}

const char *
bo_queue_item_get_subtitle (BoQueueItem *self)
{
  g_return_val_if_fail (BO_IS_QUEUE_ITEM (self), NULL);

  return self->subtitle;
}

const char *
bo_queue_item_get_detail (BoQueueItem *self)
{
  g_return_val_if_fail (BO_IS_QUEUE_ITEM (self), NULL);

  return self->detail;
}

const char *
bo_queue_item_get_icon (BoQueueItem *self)
{
  g_return_val_if_fail (BO_IS_QUEUE_ITEM (self), NULL);

  return self->icon;
}

const char *
bo_queue_item_get_css_class (BoQueueItem *self)
{
  g_return_val_if_fail (BO_IS_QUEUE_ITEM (self), NULL);

  return self->css_class;
}

static gboolean
set_text (char **text, const char *value)
{
  if (g_strcmp0 (*text, value) == 0)
    return FALSE;
  g_free (*text);
  *text = g_strdup (value);
  return TRUE;
}

void
bo_queue_item_set_target (BoQueueItem *self, const char *trial, const char *chain)
{
  g_return_if_fail (BO_IS_QUEUE_ITEM (self));

  set_text (&self->trial, trial);
  set_text (&self->chain, chain);
}

/* Both are constants. */
void
bo_queue_item_set_look (BoQueueItem *self, const char *icon, const char *css_class)
{
  g_return_if_fail (BO_IS_QUEUE_ITEM (self));

  if (g_strcmp0 (self->icon, icon) == 0 && g_strcmp0 (self->css_class, css_class) == 0)
    return;
  self->icon = icon;
  self->css_class = css_class;
  g_signal_emit (self, signals[CHANGED], 0);
}

void
bo_queue_item_set_texts (BoQueueItem *self, const char *title, const char *subtitle, const char *detail)
{
  gboolean changed;

  g_return_if_fail (BO_IS_QUEUE_ITEM (self));

  changed = set_text (&self->title, title);
  changed |= set_text (&self->subtitle, subtitle);
  changed |= set_text (&self->detail, detail);
  if (changed)
    g_signal_emit (self, signals[CHANGED], 0);
}
