/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-campaign"

#include "config.h"

#include <glib/gi18n.h>

#include "results/bo-campaign.h"

static const char *const state_names[] = { "planned", "running", "finished", "stopped", "interrupted" };

const char *
bo_campaign_state_to_string (BoCampaignState state)
{
  g_return_val_if_fail (state < G_N_ELEMENTS (state_names), NULL);

  return state_names[state];
}

/**
 * bo_campaign_state_from_string:
 * @text: (nullable): a word
 * @state: (out): the state that it names
 *
 * Returns: whether @text names a state; @state is set only then
 */
gboolean
bo_campaign_state_from_string (const char *text, BoCampaignState *state)
{
  g_return_val_if_fail (state != NULL, FALSE);

  for (guint i = 0; i < G_N_ELEMENTS (state_names); i++)
    {
      if (g_strcmp0 (text, state_names[i]) == 0)
        {
          *state = i;
          return TRUE;
        }
    }
  return FALSE;
}

BoStepMap *
bo_step_map_new (void)
{
  return g_new0 (BoStepMap, 1);
}

void
bo_step_map_free (BoStepMap *map)
{
  if (map == NULL)
    return;
  g_free (map->stage);
  g_free (map->instruction);
  g_free (map);
}

BoPlannedTrial *
bo_planned_trial_new (void)
{
  BoPlannedTrial *trial = g_new0 (BoPlannedTrial, 1);

  trial->repetition = 1;
  trial->context_bytes = -1;
  trial->steps = g_ptr_array_new_with_free_func ((GDestroyNotify) bo_step_map_free);
  trial->probes = g_ptr_array_new_with_free_func ((GDestroyNotify) bo_probe_free);
  trial->needs_prebuilds = g_ptr_array_new_with_free_func (g_free);
  return trial;
}

void
bo_planned_trial_free (BoPlannedTrial *trial)
{
  if (trial == NULL)
    return;
  g_free (trial->id);
  bo_cell_free (trial->cell);
  g_free (trial->prebuild);
  g_free (trial->chain);
  g_free (trial->tag);
  g_ptr_array_unref (trial->steps);
  g_ptr_array_unref (trial->probes);
  g_free (trial->dockerfile_sha256);
  g_ptr_array_unref (trial->needs_prebuilds);
  g_free (trial->unsupported);
  g_free (trial);
}

/**
 * bo_planned_trial_make_record:
 * @planned: a planned trial
 * @campaign_id: of its campaign
 *
 * Returns: (transfer full): its record before anything has happened: pending, or
 *   unsupported, with an answer still open for each of its probes
 */
BoTrial *
bo_planned_trial_make_record (const BoPlannedTrial *planned, const char *campaign_id)
{
  BoTrial *trial;

  g_return_val_if_fail (planned != NULL, NULL);

  trial = bo_trial_new ();
  trial->id = g_strdup (planned->id);
  trial->campaign = g_strdup (campaign_id);
  trial->kind = planned->kind;
  trial->cell = planned->cell != NULL ? bo_cell_copy (planned->cell) : NULL;
  trial->prebuild = g_strdup (planned->prebuild);
  trial->chain = g_strdup (planned->chain);
  trial->repetition = planned->repetition;
  trial->dockerfile_sha256 = g_strdup (planned->dockerfile_sha256);
  trial->context_bytes = planned->context_bytes;
  if (planned->unsupported != NULL)
    {
      trial->outcome = BO_OUTCOME_UNSUPPORTED;
      trial->reason = g_strdup (planned->unsupported);
    }
  for (guint i = 0; i < planned->probes->len; i++)
    {
      const BoProbe *probe = g_ptr_array_index (planned->probes, i);
      BoProbeResult *result = bo_probe_result_new (probe->kind);

      result->index = i;
      result->required = probe->required;
      g_ptr_array_add (trial->probes, result);
    }
  return trial;
}

BoBaseImage *
bo_base_image_new (void)
{
  BoBaseImage *image = g_new0 (BoBaseImage, 1);

  image->size = -1;
  image->pull_us = -1;
  image->diff_ids = g_ptr_array_new_with_free_func (g_free);
  return image;
}

void
bo_base_image_free (BoBaseImage *image)
{
  if (image == NULL)
    return;
  g_free (image->base);
  g_free (image->image);
  g_free (image->image_id);
  g_free (image->digest);
  g_ptr_array_unref (image->diff_ids);
  g_free (image->twin);
  g_free (image);
}

BoCampaign *
bo_campaign_new (void)
{
  BoCampaign *campaign = g_new0 (BoCampaign, 1);

  g_atomic_ref_count_init (&campaign->ref_count);
  campaign->repetitions = 1;
  campaign->bases = g_ptr_array_new_with_free_func ((GDestroyNotify) bo_base_image_free);
  campaign->trials = g_ptr_array_new_with_free_func ((GDestroyNotify) bo_planned_trial_free);
  campaign->dockerfiles = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return campaign;
}

BoCampaign *
bo_campaign_ref (BoCampaign *campaign)
{
  g_return_val_if_fail (campaign != NULL, NULL);

  g_atomic_ref_count_inc (&campaign->ref_count);
  return campaign;
}

void
bo_campaign_unref (BoCampaign *campaign)
{
  g_return_if_fail (campaign != NULL);

  if (!g_atomic_ref_count_dec (&campaign->ref_count))
    return;
  g_free (campaign->id);
  g_free (campaign->study_id);
  g_free (campaign->study_name);
  g_free (campaign->study_file);
  g_free (campaign->study_text);
  g_clear_pointer (&campaign->variables, g_hash_table_unref);
  g_free (campaign->language);
  g_free (campaign->device_url);
  g_free (campaign->device_facts);
  g_ptr_array_unref (campaign->bases);
  g_ptr_array_unref (campaign->trials);
  g_hash_table_unref (campaign->dockerfiles);
  g_free (campaign);
}

/**
 * bo_campaign_has_variables:
 * @campaign: a campaign
 * @variables: (nullable) (element-type utf8 utf8): values of the variables that the study file uses
 *
 * Values that are not known (%NULL) are equal to none at all, and to no others.
 *
 * Returns: whether @campaign was made with just these
 */
gboolean
bo_campaign_has_variables (const BoCampaign *campaign, GHashTable *variables)
{
  GHashTableIter iter;
  gpointer name, value;
  guint n_own, n_others;

  g_return_val_if_fail (campaign != NULL, FALSE);

  n_own = campaign->variables != NULL ? g_hash_table_size (campaign->variables) : 0;
  n_others = variables != NULL ? g_hash_table_size (variables) : 0;
  if (n_own != n_others)
    return FALSE;
  if (n_own == 0)
    return TRUE;
  g_hash_table_iter_init (&iter, variables);
  while (g_hash_table_iter_next (&iter, &name, &value))
    {
      if (g_strcmp0 (g_hash_table_lookup (campaign->variables, name), value) != 0)
        return FALSE;
    }
  return TRUE;
}

/**
 * bo_campaign_get_trial:
 * @campaign: a campaign
 * @id: id of a trial
 *
 * Returns: (transfer none) (nullable): the planned trial
 */
const BoPlannedTrial *
bo_campaign_get_trial (const BoCampaign *campaign, const char *id)
{
  g_return_val_if_fail (campaign != NULL && id != NULL, NULL);

  for (guint i = 0; i < campaign->trials->len; i++)
    {
      const BoPlannedTrial *trial = g_ptr_array_index (campaign->trials, i);

      if (g_strcmp0 (trial->id, id) == 0)
        return trial;
    }
  return NULL;
}

/**
 * bo_campaign_get_base:
 * @campaign: a campaign
 * @base: id of a base of the study
 *
 * Returns: (transfer none) (nullable): the base image
 */
const BoBaseImage *
bo_campaign_get_base (const BoCampaign *campaign, const char *base)
{
  g_return_val_if_fail (campaign != NULL && base != NULL, NULL);

  for (guint i = 0; i < campaign->bases->len; i++)
    {
      const BoBaseImage *image = g_ptr_array_index (campaign->bases, i);

      if (g_strcmp0 (image->base, base) == 0)
        return image;
    }
  return NULL;
}
