/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "engine/bo-engine.h"

G_BEGIN_DECLS

/*
 * What Bakeoff keeps on a device between campaigns: a volume a study, and the
 * image of the courier. Only what carries our label is looked at.
 */

/**
 * BoDeviceVolume:
 * @name: of the volume
 * @study: id of its study
 * @contents_bytes: bytes of the files that campaigns send from
 * @n_contents: how many they are
 * @campaigns_bytes: bytes of campaigns' folders
 * @campaigns: (element-type utf8): ids of the campaigns whose folders are there
 */
typedef struct
{
  char *name;
  char *study;
  guint64 contents_bytes;
  guint64 n_contents;
  guint64 campaigns_bytes;
  GPtrArray *campaigns;
} BoDeviceVolume;

void bo_device_volume_free (BoDeviceVolume *volume);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoDeviceVolume, bo_device_volume_free)

/* (element-type BoDeviceVolume) */
void bo_device_volume_list_async (BoEngine *engine,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
GPtrArray *bo_device_volume_list_finish (BoEngine *engine, GAsyncResult *result, GError **error);

/* Removes the longest unused contents until at most @max_bytes are left; never those of a campaign that is
 * there. */
void bo_device_volume_trim_async (BoEngine *engine,
                                  const char *volume,
                                  guint64 max_bytes,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
gboolean
bo_device_volume_trim_finish (BoEngine *engine, GAsyncResult *result, guint64 *freed_bytes, GError **error);

/* Removes a campaign's folder: its journal has been read to the end, and is kept on this computer. */
void bo_device_volume_forget_async (BoEngine *engine,
                                    const char *volume,
                                    const char *campaign,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data);
gboolean bo_device_volume_forget_finish (BoEngine *engine, GAsyncResult *result, GError **error);

/* Removes the volume, contents and journals and all. Refused (CONFLICT) while a container uses it. */
void bo_device_volume_remove_async (BoEngine *engine,
                                    const char *volume,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data);
gboolean bo_device_volume_remove_finish (BoEngine *engine, GAsyncResult *result, GError **error);

/*
 * Fetches what this computer lacks of a campaign's folder: campaign.json, and
 * the journal from the last message that is in @folder/journal on; whether a courier runs or not.
 */
void bo_device_volume_fetch_async (BoEngine *engine,
                                   const char *volume,
                                   const char *campaign,
                                   const char *folder,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data);
gboolean bo_device_volume_fetch_finish (BoEngine *engine, GAsyncResult *result, GError **error);

/* Removes images of other versions of the courier, and the newest too when @all. */
void bo_device_volume_remove_images_async (BoEngine *engine,
                                           gboolean all,
                                           GCancellable *cancellable,
                                           GAsyncReadyCallback callback,
                                           gpointer user_data);
gboolean bo_device_volume_remove_images_finish (BoEngine *engine, GAsyncResult *result, GError **error);

G_END_DECLS
