/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "durable/bo-device-courier.h"
#include "journal/bo-recorder.h"
#include "results/bo-store.h"

G_BEGIN_DECLS

/**
 * BoRunnerError:
 * @BO_RUNNER_ERROR_COURIER: the courier cannot be started, or ended without a word
 * @BO_RUNNER_ERROR_JOURNAL: its journal cannot be read
 * @BO_RUNNER_ERROR_STORE: the results cannot be saved
 */
typedef enum
{
  BO_RUNNER_ERROR_COURIER,
  BO_RUNNER_ERROR_JOURNAL,
  BO_RUNNER_ERROR_STORE,
} BoRunnerError;

#define BO_RUNNER_ERROR (bo_runner_error_quark ())
GQuark bo_runner_error_quark (void);

#define BO_TYPE_RUNNER (bo_runner_get_type ())
G_DECLARE_FINAL_TYPE (BoRunner, bo_runner, BO, RUNNER, GObject)

/*
 * Follows a campaign while it is played: makes the records from its journal and
 * saves each as it is finished. The courier that plays is on this computer
 * (bo_runner_start(), attached mode: it ends with us or with the link), or on
 * the device (bo_runner_follow(): its journal comes here as long as there is a link).
 *
 * Signal "changed" (gpointer change): a BoChange, valid during the call.
 * Signal "cut" (GError *reason): following the device has ended early; bo_runner_follow() goes on with it.
 * Signal "ended" (no arguments): once; bo_runner_get_error() says whether all went well.
 */
BoRunner *bo_runner_new (BoStore *store, BoCampaign *campaign, const char *folder);
gboolean bo_runner_start (BoRunner *self, const char *contents_folder, const char *socket_path, GError **error);
void bo_runner_follow (BoRunner *self, BoEngine *engine, const BoDeviceCourier *courier);
gboolean bo_runner_is_following (BoRunner *self);
void bo_runner_end (BoRunner *self);
void bo_runner_close (BoRunner *self);
gboolean bo_runner_stop (BoRunner *self, gboolean now, GError **error);
BoRecorder *bo_runner_get_recorder (BoRunner *self);
gboolean bo_runner_has_ended (BoRunner *self);
const GError *bo_runner_get_error (BoRunner *self);

G_END_DECLS
