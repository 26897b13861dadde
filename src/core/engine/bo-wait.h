/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/*
 * A worker thread with a main context of its own, in which asynchronous calls
 * are made one after the other: what is a sequence reads as one.
 *
 *   BoWait wait;
 *   bo_wait_begin (&wait);
 *   bo_engine_info_async (engine, cancellable, bo_wait_cb, &wait);
 *   info = bo_engine_info_finish (engine, bo_wait_for (&wait), &error);
 *   ...
 *   bo_wait_end (&wait);
 */

typedef struct
{
  /*< private >*/
  GMainContext *context;
  GAsyncResult *arrived;
  GAsyncResult *result;
} BoWait;

void bo_wait_begin (BoWait *wait);
void bo_wait_end (BoWait *wait);
void bo_wait_cb (GObject *object, GAsyncResult *result, gpointer user_data);
GAsyncResult *bo_wait_for (BoWait *wait);

G_END_DECLS
