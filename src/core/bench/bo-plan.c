/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-plan"

#include "config.h"

#include <string.h>

#include "bench/bo-plan.h"
#include "study/bo-chain.h"
#include "study/bo-document-text.h"
#include "study/bo-names.h"

static void
planned_prebuild_free (BoPlannedPrebuild *prebuild)
{
  g_free (prebuild->base);
  g_free (prebuild);
}

static void
planned_chain_free (BoPlannedChain *chain)
{
  g_free (chain->id);
  g_free (chain->base);
  g_ptr_array_unref (chain->trials);
  g_free (chain);
}

/**
 * bo_plan_new_campaign_id:
 * @now_us: wall clock, microseconds since 1970
 * @random: any number, so that two computers do not choose the same
 *
 * The id becomes part of image and container names, so it is lower case.
 *
 * Returns: (transfer full): "20261124-061200-3fa9", in UTC; sorts by time
 */
char *
bo_plan_new_campaign_id (gint64 now_us, guint32 random)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (now_us / G_USEC_PER_SEC);
  g_autofree char *stamp = g_date_time_format (time, "%Y%m%d-%H%M%S");

  return g_strdup_printf ("%s-%04x", stamp, random & 0xffff);
}

static BoPlannedTrial *
add_trial (BoPlan *plan,
           BoTrialKind kind,
           const char *strategy,
           const char *base,
           BoBuilder builder,
           BoCondition condition,
           const char *chain,
           guint repetition)
{
  BoCampaign *campaign = plan->campaign;
  BoPlannedTrial *trial = bo_planned_trial_new ();
  guint number = campaign->trials->len + 1;

  trial->id = g_strdup_printf ("%s.%u", campaign->id, number);
  trial->kind = kind;
  trial->cell = bo_cell_new (strategy, base, builder, condition);
  trial->chain = g_strdup (chain);
  trial->repetition = repetition;
  trial->tag = g_strdup_printf (BO_NAME_PREFIX "%s:t%u", campaign->id, number);
  trial->context_bytes = -1;
  g_ptr_array_add (campaign->trials, trial);
  return trial;
}

static gboolean
same_prebuild (const BoPrebuild *a, const BoPrebuild *b)
{
  if (strcmp (a->dockerfile, b->dockerfile) != 0 || strcmp (a->as, b->as) != 0
      || g_strcmp0 (a->target, b->target) != 0 || a->build_args->len != b->build_args->len)
    return FALSE;
  for (guint i = 0; i < a->build_args->len; i++)
    {
      const BoBuildArg *x = g_ptr_array_index (a->build_args, i);
      const BoBuildArg *y = g_ptr_array_index (b->build_args, i);

      if (strcmp (x->name, y->name) != 0 || strcmp (x->value, y->value) != 0)
        return FALSE;
    }
  return TRUE;
}

/* A prebuild that two strategies share is built once, and is measured once. */
static BoPlannedTrial *
ensure_prebuild (BoPlan *plan, const BoStrategy *strategy, const BoPrebuild *prebuild, const char *base, BoBuilder builder)
{
  BoPlannedPrebuild *planned;
  g_autofree char *chain = NULL;

  for (guint i = 0; i < plan->prebuilds->len; i++)
    {
      planned = g_ptr_array_index (plan->prebuilds, i);
      if (planned->builder == builder && strcmp (planned->base, base) == 0 && same_prebuild (planned->prebuild, prebuild))
        return planned->trial;
    }

  chain = g_strdup_printf ("pre%u", plan->prebuilds->len + 1);
  planned = g_new0 (BoPlannedPrebuild, 1);
  planned->prebuild = prebuild;
  planned->base = g_strdup (base);
  planned->builder = builder;
  planned->trial = add_trial (plan, BO_TRIAL_PREBUILD, strategy->id, base, builder, BO_CONDITION_COLD, chain, 1);
  planned->trial->prebuild = g_strdup (prebuild->as);
  g_ptr_array_add (plan->prebuilds, planned);
  return planned->trial;
}

static char *
reason_unsupported (const BoEngineFeatures *features,
                    BoBuilder builder,
                    const BoStrategy *strategy,
                    const char *language)
{
  const char *runtime = strategy->run->runtime;

  if (builder == BO_BUILDER_CLASSIC && !features->classic)
    return g_strdup_printf (D_ (language, "This engine (%s) has no classic builder."),
                            features->version != NULL ? features->version : D_ (language, "unknown version"));
  if (builder == BO_BUILDER_BUILDKIT && features->is_podman)
    return g_strdup_printf (
        D_ (language, "This engine is Podman (%s), which has no BuildKit: whatever is asked for, it builds "
                      "with its own builder. Use the builder “classic” here."),
        features->version != NULL ? features->version : D_ (language, "unknown version"));
  if (builder == BO_BUILDER_BUILDKIT && !features->buildkit)
    return g_strdup_printf (D_ (language, "This engine (%s) has no BuildKit."),
                            features->version != NULL ? features->version : D_ (language, "unknown version"));
  /* Seen with Podman 4.3.1: the runtime of a container is not looked at, so a
   * probe would report that there is no GPU where there is one. */
  if (features->is_podman && strategy->probes->len > 0 && runtime != NULL
      && g_strcmp0 (runtime, features->default_runtime) != 0)
    return g_strdup_printf (
        D_ (language,
            "Podman's service runs every container with its default runtime, “%s”. For “%s” make that "
            "the default: [engine] runtime = \"%s\" in containers.conf."),
        features->default_runtime != NULL ? features->default_runtime : "?", runtime, runtime);
  return NULL;
}

static void
add_chain (BoPlan *plan, const BoChain *chain, guint repetition, const BoEngineFeatures *features)
{
  BoPlannedChain *planned = g_new0 (BoPlannedChain, 1);
  BoPlannedTrial *first_counted = NULL;
  const BoStrategy *strategy = bo_study_get_strategy (plan->study, chain->strategy);
  g_autofree char *unsupported = NULL;
  g_autoptr (GPtrArray) needs = g_ptr_array_new ();

  planned->id = g_strdup_printf ("c%u", plan->chains->len + 1);
  planned->strategy = strategy;
  planned->base = g_strdup (chain->base);
  planned->builder = chain->builder;
  planned->repetition = repetition;
  planned->trials = g_ptr_array_new ();
  g_assert (planned->strategy != NULL);
  unsupported = reason_unsupported (features, chain->builder, strategy, plan->study->language);

  if (unsupported == NULL)
    {
      for (guint i = 0; i < planned->strategy->prebuilds->len; i++)
        {
          const BoPrebuild *prebuild = g_ptr_array_index (planned->strategy->prebuilds, i);
          BoPlannedTrial *trial = ensure_prebuild (plan, planned->strategy, prebuild, chain->base, chain->builder);

          g_ptr_array_add (needs, trial->id);
        }
    }

  for (BoCondition condition = 0; condition < BO_N_CONDITIONS; condition++)
    {
      gboolean priming = condition == BO_CONDITION_COLD && chain->needs_priming;
      BoPlannedTrial *trial;

      if (!chain->conditions[condition] && !priming)
        continue;

      trial = add_trial (plan, priming ? BO_TRIAL_PRIMING : BO_TRIAL_COUNTED, chain->strategy, chain->base,
                         chain->builder, condition, planned->id, repetition);
      trial->unsupported = g_strdup (unsupported);
      for (guint i = 0; i < needs->len; i++)
        g_ptr_array_add (trial->needs_prebuilds, g_strdup (g_ptr_array_index (needs, i)));
      g_ptr_array_add (planned->trials, trial);
      if (priming)
        plan->n_priming++;
      else
        plan->n_counted++;
      if (!priming && first_counted == NULL)
        first_counted = trial;
    }

  /* Probes run once a chain, on the image of the first trial that counts: an
   * edited image differs from what the user would run. */
  if (first_counted != NULL)
    {
      for (guint i = 0; i < planned->strategy->probes->len; i++)
        g_ptr_array_add (first_counted->probes, bo_probe_copy (g_ptr_array_index (planned->strategy->probes, i)));
    }

  g_ptr_array_add (plan->chains, planned);
}

/**
 * bo_plan_new:
 * @study: the study
 * @cells: (element-type BoCell): the selected cells
 * @repetitions: how often every chain runs, at least 1
 * @seed: of the shuffle; the same seed gives the same order for ever
 * @features: what the engine can do; cells that it cannot are in the plan as unsupported
 * @campaign_id: from bo_plan_new_campaign_id()
 * @created_us: wall clock, microseconds since 1970
 *
 * Returns: (transfer full): the plan
 */
BoPlan *
bo_plan_new (BoStudy *study,
             GPtrArray *cells,
             guint repetitions,
             guint64 seed,
             const BoEngineFeatures *features,
             const char *campaign_id,
             gint64 created_us)
{
  BoPlan *plan;
  g_autoptr (GPtrArray) chains = NULL;
  g_autoptr (GArray) order = NULL;

  g_return_val_if_fail (study != NULL, NULL);
  g_return_val_if_fail (cells != NULL, NULL);
  g_return_val_if_fail (repetitions > 0, NULL);
  g_return_val_if_fail (features != NULL, NULL);

  plan = g_new0 (BoPlan, 1);
  plan->study = bo_study_ref (study);
  plan->campaign = bo_campaign_new ();
  plan->prebuilds = g_ptr_array_new_with_free_func ((GDestroyNotify) planned_prebuild_free);
  plan->chains = g_ptr_array_new_with_free_func ((GDestroyNotify) planned_chain_free);

  plan->campaign->id = g_strdup (campaign_id);
  plan->campaign->study_id = g_strdup (study->id);
  plan->campaign->study_name = g_strdup (study->name);
  plan->campaign->study_file = g_strdup (study->file);
  plan->campaign->study_text = g_strdup (study->text);
  plan->campaign->variables = g_hash_table_ref (study->variables);
  plan->campaign->language = g_strdup (study->language);
  plan->campaign->seed = seed;
  plan->campaign->repetitions = repetitions;
  plan->campaign->created_us = created_us;

  chains = bo_chain_list_from_cells (cells);
  order = bo_chain_shuffle (chains->len, repetitions, seed);
  for (guint i = 0; i < order->len; i++)
    {
      const BoChainTurn *turn = &g_array_index (order, BoChainTurn, i);

      add_chain (plan, g_ptr_array_index (chains, turn->chain), turn->repetition, features);
    }

  return plan;
}

void
bo_plan_free (BoPlan *plan)
{
  if (plan == NULL)
    return;
  g_ptr_array_unref (plan->prebuilds);
  g_ptr_array_unref (plan->chains);
  bo_campaign_unref (plan->campaign);
  bo_study_unref (plan->study);
  g_free (plan);
}

/**
 * bo_plan_get_prebuild:
 * @plan: a plan
 * @trial_id: id of a prebuild trial
 *
 * Returns: (nullable) (transfer none): the prebuild, or %NULL when the id is not one
 */
const BoPlannedPrebuild *
bo_plan_get_prebuild (const BoPlan *plan, const char *trial_id)
{
  g_return_val_if_fail (plan != NULL && trial_id != NULL, NULL);

  for (guint i = 0; i < plan->prebuilds->len; i++)
    {
      const BoPlannedPrebuild *prebuild = g_ptr_array_index (plan->prebuilds, i);

      if (strcmp (prebuild->trial->id, trial_id) == 0)
        return prebuild;
    }
  return NULL;
}

/* A build of the same Dockerfile on the same base sends much the same. */
static gint64
find_context_bytes (const BoPlannedTrial *trial, const BoCampaign *earlier)
{
  for (guint i = 0; i < earlier->trials->len; i++)
    {
      const BoPlannedTrial *other = g_ptr_array_index (earlier->trials, i);

      if (other->context_bytes >= 0 && other->kind == trial->kind && g_strcmp0 (other->prebuild, trial->prebuild) == 0
          && strcmp (other->cell->strategy, trial->cell->strategy) == 0)
        return other->context_bytes;
    }
  return -1;
}

/**
 * bo_plan_add_known:
 * @plan: a plan for which nothing was asked or read
 * @earlier: a campaign of the study on the same device
 *
 * Takes the base images and the sizes of the contexts over from an earlier
 * campaign, so that bo_plan_estimate() has something to go by at once. What
 * was changed since is known only to bo_preparation_look_async().
 */
void
bo_plan_add_known (BoPlan *plan, const BoCampaign *earlier)
{
  g_return_if_fail (plan != NULL && earlier != NULL);

  for (guint i = 0; i < earlier->bases->len; i++)
    {
      const BoBaseImage *known = g_ptr_array_index (earlier->bases, i);
      BoBaseImage *base;

      if (known->base == NULL || bo_study_get_base (plan->study, known->base) == NULL
          || bo_campaign_get_base (plan->campaign, known->base) != NULL)
        continue;
      base = bo_base_image_new ();
      base->base = g_strdup (known->base);
      base->image = g_strdup (known->image);
      base->image_id = g_strdup (known->image_id);
      base->size = known->size;
      g_ptr_array_add (plan->campaign->bases, base);
    }
  for (guint i = 0; i < plan->campaign->trials->len; i++)
    {
      BoPlannedTrial *trial = g_ptr_array_index (plan->campaign->trials, i);

      if (trial->context_bytes < 0)
        trial->context_bytes = find_context_bytes (trial, earlier);
    }
}
