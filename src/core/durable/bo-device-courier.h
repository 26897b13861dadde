/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "context/bo-content-store.h"
#include "engine/bo-engine.h"

G_BEGIN_DECLS

/*
 * A courier on the device: one detached container named BO_DEVICE_COURIER_NAME. The
 * name is the lock: as long as a container has it, nobody else begins a
 * campaign there. Its files lie in a volume of the study
 * (src/courier/bo-volume-format.h says how).
 */

#define BO_DEVICE_COURIER_NAME "bakeoff-courier"

/* Labels of the container. None of them is BO_LABEL_CAMPAIGN, by which campaigns are cleaned up. */
#define BO_LABEL_COURIER "io.github.bakeoff.courier"             /* id of its campaign */
#define BO_LABEL_COURIER_STUDY "io.github.bakeoff.courier.study" /* id of the study */
#define BO_LABEL_COURIER_OWNER "io.github.bakeoff.courier.owner" /* who began it: bo_computer_get_id() */
#define BO_LABEL_COURIER_FROM "io.github.bakeoff.courier.from"   /* the same for people: "ana@laptop" */
/* Of volumes and of the courier's image, with the study's id or the version as its value. */
#define BO_LABEL_VOLUME "io.github.bakeoff.volume"
#define BO_LABEL_COURIER_IMAGE "io.github.bakeoff.courier.image"

/**
 * BoDeviceCourierError:
 * @BO_DEVICE_COURIER_ERROR_TAKEN: another campaign has the device; the message says whose and since when
 * @BO_DEVICE_COURIER_ERROR_UNSUPPORTED: this engine does not let a courier run on the device (the socket's
 *   mount is refused, say), or there is no courier for its processor: attached mode is what is left
 * @BO_DEVICE_COURIER_ERROR_INCOMPLETE: the device does not have all that the campaign needs
 * @BO_DEVICE_COURIER_ERROR_COMMAND: the courier says no, in its own words
 * @BO_DEVICE_COURIER_ERROR_DOWN: the courier does not run and its campaign is not over;
 *   bo_device_courier_start_async() makes it go on
 * @BO_DEVICE_COURIER_ERROR_GONE: somebody removed the courier's container before its campaign was over
 */
typedef enum
{
  BO_DEVICE_COURIER_ERROR_TAKEN,
  BO_DEVICE_COURIER_ERROR_UNSUPPORTED,
  BO_DEVICE_COURIER_ERROR_INCOMPLETE,
  BO_DEVICE_COURIER_ERROR_COMMAND,
  BO_DEVICE_COURIER_ERROR_DOWN,
  BO_DEVICE_COURIER_ERROR_GONE,
} BoDeviceCourierError;

#define BO_DEVICE_COURIER_ERROR (bo_device_courier_error_quark ())
GQuark bo_device_courier_error_quark (void);

/**
 * BoDeviceCourierState:
 * @BO_DEVICE_COURIER_RUNNING: it waits for its campaign, or plays
 * @BO_DEVICE_COURIER_ENDED: its campaign is over (exit status 0)
 * @BO_DEVICE_COURIER_DOWN: it does not run and its campaign is not over: it was killed, or the engine did not
 * start it again; bo_device_courier_start_async() makes it go on
 */
typedef enum
{
  BO_DEVICE_COURIER_RUNNING,
  BO_DEVICE_COURIER_ENDED,
  BO_DEVICE_COURIER_DOWN,
} BoDeviceCourierState;

/**
 * BoDeviceCourier: what was found
 * @container: its id
 * @state: how it stands
 * @campaign: id of its campaign
 * @study: id of its study
 * @volume: name of the volume that holds its files
 * @owner: bo_computer_get_id() of who began it
 * @from: the same for people
 * @created_us: wall clock of the device, microseconds since 1970
 */
typedef struct
{
  char *container;
  BoDeviceCourierState state;
  char *campaign;
  char *study;
  char *volume;
  char *owner;
  char *from;
  gint64 created_us;
} BoDeviceCourier;

BoDeviceCourier *bo_device_courier_copy (const BoDeviceCourier *courier);
void bo_device_courier_free (BoDeviceCourier *courier);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoDeviceCourier, bo_device_courier_free)

/* Who we are: a random id made once in the user's data folder, and "user@host". */
const char *bo_computer_get_id (void);
const char *bo_computer_get_name (void);

/* BO_DEVICE_COURIER_ERROR_TAKEN: whose campaign has the device, since when, and what to do. */
GError *bo_device_courier_taken_error (const BoDeviceCourier *courier);

char *bo_device_courier_volume_name (const char *study_id);

/* Looks for the courier on a device. Finish returns FALSE with an error; TRUE with *courier NULL when there
 * is none. */
void bo_device_courier_find_async (BoEngine *engine,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data);
gboolean bo_device_courier_find_finish (BoEngine *engine,
                                        GAsyncResult *result,
                                        BoDeviceCourier **courier,
                                        GError **error);

/**
 * BoDeviceCourierOptions: of a courier that is to be begun; copied
 * @campaign: id of the campaign
 * @study: id of the study
 * @secrets: (nullable): names of variables of this program's environment that its containers will need
 * @engine_socket: path of the engine's socket on the device
 * @arch: architecture of the device as the engine calls it: "aarch64", "arm64", "x86_64", "amd64"
 */
typedef struct
{
  const char *campaign;
  const char *study;
  const char *const *secrets;
  const char *engine_socket;
  const char *arch;
} BoDeviceCourierOptions;

/*
 * Takes the device: loads the courier's image when it is not there, makes the study's volume, creates the
 * container and starts it. It then waits for its campaign as long as somebody follows it (BoDeviceTail). A
 * courier that has ENDED is in the way and must have been removed before.
 */
void bo_device_courier_begin_async (BoEngine *engine,
                                    const BoDeviceCourierOptions *options,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data);
BoDeviceCourier *bo_device_courier_begin_finish (BoEngine *engine, GAsyncResult *result, GError **error);

/* Hears how far an upload is; in the caller's main context. Bytes of files that were not there. */
typedef void (*BoDeviceCourierProgress) (guint64 done_bytes, guint64 total_bytes, gpointer user_data);

/*
 * Hands a prepared campaign over: its folder (script, recipes, campaign.json), and those contents that the
 * volume does not have yet. Can be repeated after a lost link; what arrived is not sent again. When it is
 * done the courier plays.
 * @volume_limit: bytes of contents that the volume may hold; the longest unused go first. 0: no limit.
 */
void bo_device_courier_hand_over_async (BoEngine *engine,
                                        const BoDeviceCourier *courier,
                                        const char *campaign_folder,
                                        BoContentStore *contents,
                                        guint64 volume_limit,
                                        BoDeviceCourierProgress progress,
                                        gpointer progress_data,
                                        GCancellable *cancellable,
                                        GAsyncReadyCallback callback,
                                        gpointer user_data);
gboolean bo_device_courier_hand_over_finish (BoEngine *engine,
                                             GAsyncResult *result,
                                             guint64 *sent_bytes,
                                             GError **error);

/* Tells a courier that RUNs to cancel what is under way (@now), or to end after the trial; cleaning up is
 * part of it. */
void bo_device_courier_stop_async (BoEngine *engine,
                                   const BoDeviceCourier *courier,
                                   gboolean now,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data);
gboolean bo_device_courier_stop_finish (BoEngine *engine, GAsyncResult *result, GError **error);

/* Replaces the order of the chains still to come; those that are not named are not played. */
void bo_device_courier_set_order_async (BoEngine *engine,
                                        const BoDeviceCourier *courier,
                                        const char *const *chains,
                                        GCancellable *cancellable,
                                        GAsyncReadyCallback callback,
                                        gpointer user_data);
gboolean bo_device_courier_set_order_finish (BoEngine *engine, GAsyncResult *result, GError **error);

/* A courier that is DOWN goes on. */
void bo_device_courier_start_async (BoEngine *engine,
                                    const BoDeviceCourier *courier,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data);
gboolean bo_device_courier_start_finish (BoEngine *engine, GAsyncResult *result, GError **error);

/* Removes the container of one that has ENDED, or (@force) of any: the volume, and the journal in it, stay.
 */
void bo_device_courier_remove_async (BoEngine *engine,
                                     const BoDeviceCourier *courier,
                                     gboolean force,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data);
gboolean bo_device_courier_remove_finish (BoEngine *engine, GAsyncResult *result, GError **error);

G_END_DECLS
