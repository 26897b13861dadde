/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "bench/bo-plan.h"
#include "bench/bo-sources.h"
#include "results/bo-campaign.h"
#include "results/bo-store.h"
#include "study/bo-study.h"

G_BEGIN_DECLS

/*
 * From a press of Run to a campaign that can be played: asks the engine what it
 * can do, plans, reads the sources, pulls the base images, writes the
 * campaign's folder and its row in the store. Nothing is built yet.
 */

/**
 * BoPreparationStage: what is being done, for a display
 */
typedef enum
{
  BO_PREPARATION_ENGINE,
  BO_PREPARATION_SOURCES,
  BO_PREPARATION_IMAGES,
  BO_PREPARATION_WRITING,
} BoPreparationStage;

/**
 * BoPreparationOptions:
 * @study: what to compare
 * @cells: (element-type BoCell): the selection
 * @repetitions: of every chain
 * @seed: of the shuffle
 * @device_url: for the record
 * @device_facts: (nullable): JSON object, for the record
 * @socket_path: (nullable): Unix socket of the device's engine; only a look can do without
 * @store: where the campaign is entered
 * @campaign_id: (nullable): the id that the campaign gets; a new one when %NULL
 * @volume: (nullable): the volume on the device, when a courier there will play the campaign
 * @owner: (nullable): the computer that begins it, with @volume
 */
typedef struct
{
  BoStudy *study;
  GPtrArray *cells;
  guint repetitions;
  guint64 seed;
  const char *device_url;
  const char *device_facts;
  const char *socket_path;
  BoStore *store;
  const char *campaign_id;
  const char *volume;
  const char *owner;
} BoPreparationOptions;

/**
 * BoPreparationFunc: hears how far it is, in the main context of the caller
 * @stage: what is being done
 * @what: (nullable): the image, say
 * @done: bytes
 * @total: bytes, or 0 when not known
 */
typedef void (*BoPreparationFunc) (BoPreparationStage stage,
                                   const char *what,
                                   guint64 done,
                                   guint64 total,
                                   gpointer user_data);

void bo_preparation_run_async (const BoPreparationOptions *options,
                               BoPreparationFunc func,
                               gpointer func_data,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data);
BoCampaign *bo_preparation_run_finish (GAsyncResult *result, GError **error);

/**
 * BoOutlook: what would run, found out without changing anything anywhere
 * @plan: the plan; what the engine has of its base images is filled in
 * @sources: what was read for it, without recipes
 */
typedef struct
{
  BoPlan *plan;
  BoSources *sources;
} BoOutlook;

void bo_outlook_free (BoOutlook *outlook);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoOutlook, bo_outlook_free)

void bo_preparation_look_async (const BoPreparationOptions *options,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
BoOutlook *bo_preparation_look_finish (GAsyncResult *result, GError **error);

G_END_DECLS
