/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "activity/bo-activity-state.h"

G_BEGIN_DECLS

/**
 * BoQueueRowKind: what a row of the queue stands for
 * @BO_QUEUE_HEADING: the rows under it
 * @BO_QUEUE_SESSION: the campaign as a whole: how it begins, or how it ended
 * @BO_QUEUE_RUNNING: the trial under way
 * @BO_QUEUE_WAITING: a chain that is still to come, and can be moved
 * @BO_QUEUE_REMOVED: a chain that was taken out
 * @BO_QUEUE_DONE: a trial that has ended
 */
typedef enum
{
  BO_QUEUE_HEADING,
  BO_QUEUE_SESSION,
  BO_QUEUE_RUNNING,
  BO_QUEUE_WAITING,
  BO_QUEUE_REMOVED,
  BO_QUEUE_DONE,
} BoQueueRowKind;

#define BO_TYPE_QUEUE_ITEM (bo_queue_item_get_type ())
G_DECLARE_FINAL_TYPE (BoQueueItem, bo_queue_item, BO, QUEUE_ITEM, GObject)

/*
 * A row of the queue. It stays the same object while the trial or chain that it
 * stands for waits in the same list, so selection and focus survive.
 *
 * Signal "changed" (no arguments): one of its texts is another one.
 */
BoQueueItem *bo_queue_item_new (BoQueueRowKind kind, const char *key);

BoQueueRowKind bo_queue_item_get_kind (BoQueueItem *self);
const char *bo_queue_item_get_key (BoQueueItem *self);
const char *bo_queue_item_get_trial (BoQueueItem *self);
const char *bo_queue_item_get_chain (BoQueueItem *self);
const char *bo_queue_item_get_title (BoQueueItem *self);
const char *bo_queue_item_get_subtitle (BoQueueItem *self);
const char *bo_queue_item_get_detail (BoQueueItem *self);
const char *bo_queue_item_get_icon (BoQueueItem *self);
const char *bo_queue_item_get_css_class (BoQueueItem *self);

void bo_queue_item_set_target (BoQueueItem *self, const char *trial, const char *chain);
void bo_queue_item_set_look (BoQueueItem *self, const char *icon, const char *css_class);
void bo_queue_item_set_texts (BoQueueItem *self, const char *title, const char *subtitle, const char *detail);

G_END_DECLS
