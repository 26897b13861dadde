/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "results/bo-store-thread.h"
#include "results/bo-store.h"

G_BEGIN_DECLS

struct _BoStore
{
  GObject parent_instance;

  char *path;
  BoStoreThread *thread;
};

/* What the operations take with them into the thread; each uses the fields that it needs. */
typedef struct
{
  char *study_id;
  char *id;
  char *key;
  char *text;
  BoCell *cell;
  BoTrial *trial;
  BoCampaignState state;
} BoStoreArguments;

BoStoreJob bo_store_make_job (BoStoreFunc func,
                              gboolean writes,
                              BoStoreArguments *arguments,
                              GDestroyNotify free_result);
void bo_store_start (BoStore *self,
                     BoStoreJob job,
                     gpointer source_tag,
                     GCancellable *cancellable,
                     GAsyncReadyCallback callback,
                     gpointer user_data);
gpointer bo_store_finish (BoStore *self, GAsyncResult *result, gpointer source_tag, GError **error);

G_END_DECLS
