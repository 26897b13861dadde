/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

#include "results/bo-campaign.h"
#include "study/bo-study.h"

G_BEGIN_DECLS

/*
 * The plan: which builds a campaign comes to, in which order. A pure function
 * of the study, the selection, the seed and what the engine can do; nothing is
 * read and nothing is started.
 */

/**
 * BoEngineFeatures: what decides whether a cell can be built at all
 * @classic: whether the legacy builder is there
 * @buildkit: whether BuildKit is there
 * @version: (nullable): the engine's version, for the words of a reason
 * @is_podman: whether it is Podman's service, which takes no other runtime than its default
 * @default_runtime: (nullable): the OCI runtime of containers that ask for none
 */
typedef struct
{
  gboolean classic;
  gboolean buildkit;
  char *version;
  gboolean is_podman;
  char *default_runtime;
} BoEngineFeatures;

/**
 * BoPlannedPrebuild: a prebuild, once per campaign, base and builder
 * @trial: (not owned): its build
 * @prebuild: (not owned): what the study says
 * @base: id of the base
 * @builder: the builder
 */
typedef struct
{
  BoPlannedTrial *trial;
  const BoPrebuild *prebuild;
  char *base;
  BoBuilder builder;
} BoPlannedPrebuild;

/**
 * BoPlannedChain: builds that run together, in order
 * @id: id in the script and in the order file
 * @strategy: (not owned): of the study
 * @base: id of the base
 * @builder: the builder
 * @repetition: from 1
 * @trials: (element-type BoPlannedTrial) (not owned): in order; the first may be a priming build
 */
typedef struct
{
  char *id;
  const BoStrategy *strategy;
  char *base;
  BoBuilder builder;
  guint repetition;
  GPtrArray *trials;
} BoPlannedChain;

/**
 * BoPlan:
 * @study: the study
 * @campaign: what will be campaign.json; its bases and the steps of its trials are filled in later
 * @prebuilds: (element-type BoPlannedPrebuild)
 * @chains: (element-type BoPlannedChain): in the order in which they will run
 * @n_counted: trials that count
 * @n_priming: builds that only prime
 */
typedef struct
{
  BoStudy *study;
  BoCampaign *campaign;
  GPtrArray *prebuilds;
  GPtrArray *chains;
  guint n_counted;
  guint n_priming;
} BoPlan;

char *bo_plan_new_campaign_id (gint64 now_us, guint32 random);

BoPlan *bo_plan_new (BoStudy *study,
                     GPtrArray *cells,
                     guint repetitions,
                     guint64 seed,
                     const BoEngineFeatures *features,
                     const char *campaign_id,
                     gint64 created_us);
void bo_plan_free (BoPlan *plan);

void bo_plan_add_known (BoPlan *plan, const BoCampaign *earlier);
const BoPlannedPrebuild *bo_plan_get_prebuild (const BoPlan *plan, const char *trial_id);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoPlan, bo_plan_free)

G_END_DECLS
