/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

#include "results/bo-trial.h"

G_BEGIN_DECLS

/*
 * A campaign as it was planned: what one press of Run makes. It is written as
 * campaign.json beside the script before anything is sent, so that the journal
 * can be read into records by anybody, at any time, without the study file.
 */

/**
 * BoStepMap: where a step of the Dockerfile as sent comes from
 * @number: the engine's number of the step, as classic counts it, from 1
 * @stage: (nullable): BuildKit's name of the stage
 * @stage_number: BuildKit's number of the step within its stage, from 1, or 0 when BuildKit shows none
 * @user_line: line in the user's Dockerfile, or 0 for a line that Bakeoff added
 * @instruction: the user's text, or what Bakeoff added
 */
typedef struct
{
  guint number;
  char *stage;
  guint stage_number;
  guint user_line;
  char *instruction;
} BoStepMap;

/**
 * BoPlannedTrial: one build of the campaign
 * @id: the trial's id
 * @kind, @cell, @prebuild, @chain, @repetition: as in BoTrial
 * @tag: the image tag that it makes ("bakeoff-….:latest")
 * @steps: (element-type BoStepMap): the steps of the Dockerfile as sent
 * @probes: (element-type BoProbe): the probes that run on its image; empty for most
 * @dockerfile_sha256: (nullable): of the Dockerfile as sent
 * @context_bytes: bytes of the tar
 * @needs_prebuilds: (element-type utf8): ids of the prebuild trials that it needs
 * @base_layers: number of layers (RootFS) of its base image, for "added over base"; 0 when not known
 * @unsupported: (nullable): why this engine cannot do it; it is not in the script then
 */
typedef struct
{
  char *id;
  BoTrialKind kind;
  BoCell *cell;
  char *prebuild;
  char *chain;
  guint repetition;
  char *tag;
  GPtrArray *steps;
  GPtrArray *probes;
  char *dockerfile_sha256;
  gint64 context_bytes;
  GPtrArray *needs_prebuilds;
  char *unsupported;
} BoPlannedTrial;

/**
 * BoBaseImage: a base image as it was when the campaign began
 * @base: (nullable): id of the study's base, or NULL for an image that only a Dockerfile names
 * @image: reference as in the study
 * @image_id: "sha256:…"
 * @digest: (nullable): repo digest
 * @size: bytes (history sum)
 * @diff_ids: (element-type utf8): its layers, for "added over base" and shared parts
 * @twin: (nullable): tag of our labelled twin
 * @pulled: whether it had to be pulled now
 * @pull_us: how long that took, or -1
 */
typedef struct
{
  char *base;
  char *image;
  char *image_id;
  char *digest;
  gint64 size;
  GPtrArray *diff_ids;
  char *twin;
  gboolean pulled;
  gint64 pull_us;
} BoBaseImage;

/**
 * BoCampaignState: how a campaign as a whole stands
 */
typedef enum
{
  BO_CAMPAIGN_PLANNED,
  BO_CAMPAIGN_RUNNING,
  BO_CAMPAIGN_FINISHED,
  BO_CAMPAIGN_STOPPED,
  BO_CAMPAIGN_INTERRUPTED,
} BoCampaignState;

const char *bo_campaign_state_to_string (BoCampaignState state);
gboolean bo_campaign_state_from_string (const char *text, BoCampaignState *state);

/**
 * BoCampaign:
 * @id: unique, sorts by time: "20261124-061200-3fa9"
 * @study_id, @study_name, @study_file: of the study
 * @study_text: the study file as it was
 * @variables: (nullable) (element-type utf8 utf8): the variables that the study file uses, with the values that they
 *   had; NULL in a campaign of a version that did not keep them
 * @language: of the documents
 * @seed: of the shuffle
 * @repetitions: asked for
 * @created_us: wall clock, microseconds since 1970
 * @device_url: the device's URL
 * @device_facts: (nullable): JSON object of what was read from the device
 * @state: how it stands
 * @bases: (element-type BoBaseImage)
 * @trials: (element-type BoPlannedTrial): in the order of the script
 * @dockerfiles: (element-type utf8 utf8): sha256 -> text of each Dockerfile as sent
 */
typedef struct
{
  char *id;
  char *study_id;
  char *study_name;
  char *study_file;
  char *study_text;
  GHashTable *variables;
  char *language;
  guint64 seed;
  guint repetitions;
  gint64 created_us;
  char *device_url;
  char *device_facts;
  BoCampaignState state;
  GPtrArray *bases;
  GPtrArray *trials;
  GHashTable *dockerfiles;

  /*< private >*/
  gatomicrefcount ref_count;
} BoCampaign;

BoCampaign *bo_campaign_new (void);
BoCampaign *bo_campaign_ref (BoCampaign *campaign);
void bo_campaign_unref (BoCampaign *campaign);

BoPlannedTrial *bo_planned_trial_new (void);
void bo_planned_trial_free (BoPlannedTrial *trial);
BoTrial *bo_planned_trial_make_record (const BoPlannedTrial *planned, const char *campaign_id);
BoStepMap *bo_step_map_new (void);
void bo_step_map_free (BoStepMap *map);
BoBaseImage *bo_base_image_new (void);
void bo_base_image_free (BoBaseImage *image);

gboolean bo_campaign_has_variables (const BoCampaign *campaign, GHashTable *variables);
const BoPlannedTrial *bo_campaign_get_trial (const BoCampaign *campaign, const char *id);
const BoBaseImage *bo_campaign_get_base (const BoCampaign *campaign, const char *base);

/* campaign.json: everything above except @state, which the store keeps. */
char *bo_campaign_to_json (const BoCampaign *campaign);
BoCampaign *bo_campaign_from_json (const char *text, gssize length, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoCampaign, bo_campaign_unref)

G_END_DECLS
