/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "engine/bo-engine.h"
#include "engine/bo-wait.h"

G_BEGIN_DECLS

/*
 * Several requests to a device's engine, one after the other, in a thread. Only
 * for the files of this folder.
 */

/**
 * BoDeviceJob:
 * @wait: of the job's thread
 * @engine: the job's own, on the same connection
 * @cancellable: (nullable): for all of its requests but those that clean up
 */
typedef struct
{
  BoWait wait;
  BoEngine *engine;
  GCancellable *cancellable;
} BoDeviceJob;

typedef gboolean (*BoDeviceJobFunc) (BoDeviceJob *job, gpointer data, GError **error);

void bo_device_job_run (BoEngine *engine,
                        gpointer tag,
                        BoDeviceJobFunc func,
                        gpointer data,
                        GDestroyNotify data_free,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data);
gboolean bo_device_job_finish (BoEngine *engine, GAsyncResult *result, gpointer *data, GError **error);
GError *bo_device_job_explain (BoEngine *engine, const GError *error);

/* Steps of a job. */
char *bo_device_job_exec (BoDeviceJob *job, const char *container, const char *const *argv, GError **error);
gboolean bo_device_job_put (BoDeviceJob *job, const char *container, GBytes *tar, GError **error);
void bo_device_job_remove (BoDeviceJob *job, const char *container);

G_END_DECLS
