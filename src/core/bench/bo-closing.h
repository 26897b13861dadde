/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "results/bo-campaign.h"
#include "results/bo-trial.h"
#include "study/bo-study.h"

G_BEGIN_DECLS

/*
 * What is left to do on the engine when a campaign has ended: name the images
 * that stay, remove all others of the campaign. And the same without anything
 * to keep, for a campaign that was cut off. Only what carries the campaign's
 * label or one of its tags is touched.
 */

void bo_closing_run_async (BoCampaign *campaign,
                           BoStudy *study,
                           GPtrArray *trials,
                           const char *socket_path,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data);
gboolean bo_closing_run_finish (GAsyncResult *result, GError **error);

void bo_closing_sweep_async (GPtrArray *campaign_ids,
                             const char *socket_path,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data);
gboolean bo_closing_sweep_finish (GAsyncResult *result, GError **error);

G_END_DECLS
