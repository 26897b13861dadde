/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include <glib.h>

#include "bench/bo-plan.h"

static const char study_text[]
    = "{\n"
      "  \"format\": 1,\n"
      "  \"id\": \"plan\",\n"
      "  \"name\": \"Plan\",\n"
      "  \"baseline\": \"a\",\n"
      "  \"bases\": [{\"id\": \"x\", \"title\": \"X\", \"image\": \"x:1\"}, {\"id\": \"y\", \"title\": \"Y\", \"image\": \"y:1\"}],\n"
      "  \"builders\": [\"classic\", \"buildkit\"],\n"
      "  \"conditions\": [\"cold\", \"cold-layers\", \"warm\", \"edited\"],\n"
      "  \"edit\": {\"path\": \"app.py\", \"append\": \"# ${TRIAL}\\n\"},\n"
      "  \"strategies\": [\n"
      "    {\"id\": \"a\", \"title\": \"A\", \"dockerfile\": \"Dockerfile\"},\n"
      "    {\"id\": \"b\", \"title\": \"B\", \"dockerfile\": \"Dockerfile.b\",\n"
      "     \"prebuild\": [{\"build\": \"Dockerfile.pre\", \"as\": \"wheels\"}]},\n"
      "    {\"id\": \"c\", \"title\": \"C\", \"dockerfile\": \"Dockerfile.c\", \"bases\": [\"x\"],\n"
      "     \"prebuild\": [{\"build\": \"Dockerfile.pre\", \"as\": \"wheels\"}]}\n"
      "  ],\n"
      "  \"probes\": [{\"kind\": \"cuda\", \"required\": true}]\n"
      "}\n";

static BoStudy *
load_study (void)
{
  g_autoptr (BoProblems) problems = bo_problems_new ();
  BoStudy *study = bo_study_load_from_data (study_text, -1, "/tmp/study/bakeoff.json", NULL, problems);

  for (guint i = 0; i < problems->items->len; i++)
    {
      g_autofree char *text = bo_problem_to_string (bo_problems_get (problems, i));

      g_test_message ("%s", text);
    }
  g_assert_nonnull (study);
  return study;
}

/* Keeps the cells for which @strategy, @builder and a bit of @conditions fit. */
static GPtrArray *
pick (BoStudy *study, const char *strategy, int builder, guint conditions)
{
  GPtrArray *all = bo_study_get_cells (study);
  GPtrArray *picked = g_ptr_array_new_with_free_func ((GDestroyNotify) bo_cell_free);

  for (guint i = 0; i < all->len; i++)
    {
      const BoCell *cell = g_ptr_array_index (all, i);

      if ((strategy == NULL || strcmp (cell->strategy, strategy) == 0)
          && (builder < 0 || (int) cell->builder == builder) && (conditions & (1u << cell->condition)) != 0)
        g_ptr_array_add (picked, bo_cell_copy (cell));
    }
  g_ptr_array_unref (all);
  return picked;
}

static const BoEngineFeatures both = { TRUE, TRUE, NULL };

static void
test_order (void)
{
  g_autoptr (BoStudy) study = load_study ();
  g_autoptr (GPtrArray) cells = pick (study, NULL, -1, 0xf);
  g_autoptr (BoPlan) plan = bo_plan_new (study, cells, 3, 42, &both, "20261124-061200-3fa9", 1000);
  g_autoptr (BoPlan) again = bo_plan_new (study, cells, 3, 42, &both, "20261124-061200-3fa9", 1000);
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  guint n_chains;

  /* a and b on two bases, c on one, both builders each; each repeated three times */
  n_chains = (2 + 2 + 1) * 2;
  g_assert_cmpuint (plan->chains->len, ==, n_chains * 3);
  g_assert_cmpuint (plan->n_counted, ==, cells->len * 3);
  g_assert_cmpuint (plan->n_priming, ==, 0);

  for (guint i = 0; i < plan->chains->len; i++)
    {
      const BoPlannedChain *chain = g_ptr_array_index (plan->chains, i);
      const BoPlannedChain *other = g_ptr_array_index (again->chains, i);

      /* Blocks: every chain once before any of them again. */
      g_assert_cmpuint (chain->repetition, ==, 1 + i / n_chains);
      g_assert_cmpstr (chain->strategy->id, ==, other->strategy->id);
      g_assert_cmpstr (chain->base, ==, other->base);
      g_assert_cmpint (chain->builder, ==, other->builder);

      /* cold-layers is BuildKit's alone */
      g_assert_cmpuint (chain->trials->len, ==, chain->builder == BO_BUILDER_BUILDKIT ? 4 : 3);
      for (guint t = 0; t < chain->trials->len; t++)
        {
          const BoPlannedTrial *trial = g_ptr_array_index (chain->trials, t);

          g_assert_true (g_hash_table_add (seen, trial->id));
          g_assert_true (g_str_has_prefix (trial->tag, "bakeoff-20261124-061200-3fa9:t"));
          g_assert_cmpuint (trial->probes->len, ==, t == 0 ? 1 : 0);
          if (t > 0)
            {
              const BoPlannedTrial *before = g_ptr_array_index (chain->trials, t - 1);

              g_assert_cmpint (before->cell->condition, <, trial->cell->condition);
            }
        }
    }
}

static void
test_priming (void)
{
  g_autoptr (BoStudy) study = load_study ();
  g_autoptr (GPtrArray) cells = pick (study, "a", BO_BUILDER_CLASSIC, 1u << BO_CONDITION_WARM);
  g_autoptr (BoPlan) plan = bo_plan_new (study, cells, 1, 1, &both, "id", 0);

  g_assert_cmpuint (plan->chains->len, ==, 2);
  g_assert_cmpuint (plan->n_counted, ==, 2);
  g_assert_cmpuint (plan->n_priming, ==, 2);
  for (guint i = 0; i < plan->chains->len; i++)
    {
      const BoPlannedChain *chain = g_ptr_array_index (plan->chains, i);
      const BoPlannedTrial *priming = g_ptr_array_index (chain->trials, 0);
      const BoPlannedTrial *warm = g_ptr_array_index (chain->trials, 1);

      g_assert_cmpint (priming->kind, ==, BO_TRIAL_PRIMING);
      g_assert_cmpint (priming->cell->condition, ==, BO_CONDITION_COLD);
      g_assert_cmpuint (priming->probes->len, ==, 0);
      g_assert_cmpint (warm->kind, ==, BO_TRIAL_COUNTED);
      g_assert_cmpuint (warm->probes->len, ==, 1);
    }
}

static void
test_prebuilds (void)
{
  g_autoptr (BoStudy) study = load_study ();
  g_autoptr (GPtrArray) cells = pick (study, NULL, BO_BUILDER_CLASSIC, 1u << BO_CONDITION_COLD);
  g_autoptr (BoPlan) plan = bo_plan_new (study, cells, 2, 7, &both, "id", 0);

  /* b and c share the prebuild on base x; it is built once per base, also with two repetitions. */
  g_assert_cmpuint (plan->prebuilds->len, ==, 2);
  for (guint i = 0; i < plan->chains->len; i++)
    {
      const BoPlannedChain *chain = g_ptr_array_index (plan->chains, i);
      const BoPlannedTrial *trial = g_ptr_array_index (chain->trials, 0);
      const BoPlannedPrebuild *prebuild;

      if (strcmp (chain->strategy->id, "a") == 0)
        {
          g_assert_cmpuint (trial->needs_prebuilds->len, ==, 0);
          continue;
        }
      g_assert_cmpuint (trial->needs_prebuilds->len, ==, 1);
      prebuild = bo_plan_get_prebuild (plan, g_ptr_array_index (trial->needs_prebuilds, 0));
      g_assert_nonnull (prebuild);
      g_assert_cmpstr (prebuild->base, ==, chain->base);
      g_assert_cmpint (prebuild->trial->kind, ==, BO_TRIAL_PREBUILD);
      g_assert_cmpstr (prebuild->trial->prebuild, ==, "wheels");
    }
}

static void
test_unsupported (void)
{
  const BoEngineFeatures classic_only = { TRUE, FALSE, (char *) "19.03" };
  g_autoptr (BoStudy) study = load_study ();
  g_autoptr (GPtrArray) cells = pick (study, "b", -1, 1u << BO_CONDITION_COLD);
  g_autoptr (BoPlan) plan = bo_plan_new (study, cells, 1, 7, &classic_only, "id", 0);

  for (guint i = 0; i < plan->chains->len; i++)
    {
      const BoPlannedChain *chain = g_ptr_array_index (plan->chains, i);
      const BoPlannedTrial *trial = g_ptr_array_index (chain->trials, 0);

      if (chain->builder == BO_BUILDER_CLASSIC)
        g_assert_null (trial->unsupported);
      else
        g_assert_nonnull (strstr (trial->unsupported, "19.03"));
    }
  /* No prebuild for what cannot be built anyway. */
  g_assert_cmpuint (plan->prebuilds->len, ==, 2);
}

/* Podman: no BuildKit, and no runtime but its default for the containers of probes. */
static void
test_podman (void)
{
  BoEngineFeatures podman = { TRUE, FALSE, (char *) "4.3.1", TRUE, (char *) "nvidia" };
  g_autoptr (BoStudy) study = load_study ();
  g_autoptr (GPtrArray) cells = pick (study, "b", -1, 1u << BO_CONDITION_COLD);
  BoStrategy *strategy = (BoStrategy *) bo_study_get_strategy (study, "b");

  g_free (strategy->run->runtime);
  strategy->run->runtime = g_strdup ("nvidia");
  g_assert_cmpuint (strategy->probes->len, >, 0);
  for (guint turn = 0; turn < 2; turn++)
    {
      g_autoptr (BoPlan) plan = bo_plan_new (study, cells, 1, 7, &podman, "id", 0);

      for (guint i = 0; i < plan->chains->len; i++)
        {
          const BoPlannedChain *chain = g_ptr_array_index (plan->chains, i);
          const BoPlannedTrial *trial = g_ptr_array_index (chain->trials, 0);

          if (chain->builder == BO_BUILDER_BUILDKIT)
            g_assert_nonnull (strstr (trial->unsupported, "Podman (4.3.1)"));
          else if (turn == 0)
            g_assert_null (trial->unsupported);
          else
            g_assert_nonnull (strstr (trial->unsupported, "its default runtime, “runc”"));
        }
      podman.default_runtime = (char *) "runc";
    }
}

/* What an earlier campaign knew of images and contexts is taken over, and of nothing else. */
static void
test_known (void)
{
  static const BoEngineFeatures features = { .classic = TRUE, .buildkit = TRUE };
  g_autoptr (BoStudy) study = load_study ();
  g_autoptr (GPtrArray) first = pick (study, "b", BO_BUILDER_CLASSIC, 1u << BO_CONDITION_COLD);
  g_autoptr (GPtrArray) second = pick (study, NULL, BO_BUILDER_CLASSIC, 1u << BO_CONDITION_COLD);
  g_autoptr (BoPlan) earlier = bo_plan_new (study, first, 1, 1, &features, "e", 0);
  g_autoptr (BoPlan) plan = bo_plan_new (study, second, 1, 1, &features, "p", 0);
  BoBaseImage *base = bo_base_image_new ();
  guint n_known = 0;

  base->base = g_strdup ("x");
  base->image = g_strdup ("x:1");
  base->image_id = g_strdup ("sha256:1");
  base->size = 4711;
  g_ptr_array_add (earlier->campaign->bases, base);
  for (guint i = 0; i < earlier->campaign->trials->len; i++)
    {
      BoPlannedTrial *trial = g_ptr_array_index (earlier->campaign->trials, i);

      trial->context_bytes = trial->kind == BO_TRIAL_PREBUILD ? 7 : 100;
    }
  bo_plan_add_known (plan, earlier->campaign);
  g_assert_cmpuint (plan->campaign->bases->len, ==, 1);
  g_assert_cmpint (bo_campaign_get_base (plan->campaign, "x")->size, ==, 4711);
  for (guint i = 0; i < plan->campaign->trials->len; i++)
    {
      const BoPlannedTrial *trial = g_ptr_array_index (plan->campaign->trials, i);
      gboolean known = strcmp (trial->cell->strategy, "b") == 0;

      g_assert_cmpint (trial->context_bytes, ==, !known ? -1 : trial->kind == BO_TRIAL_PREBUILD ? 7 : 100);
      n_known += known;
    }
  g_assert_cmpuint (n_known, >=, 2);
}

static void
test_campaign_id (void)
{
  g_autofree char *id = bo_plan_new_campaign_id (G_GINT64_CONSTANT (1795500720000000), 0xabc3fa9);

  g_assert_cmpstr (id, ==, "20261124-061200-3fa9");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/plan/order", test_order);
  g_test_add_func ("/plan/priming", test_priming);
  g_test_add_func ("/plan/prebuilds", test_prebuilds);
  g_test_add_func ("/plan/unsupported", test_unsupported);
  g_test_add_func ("/plan/podman", test_podman);
  g_test_add_func ("/plan/known", test_known);
  g_test_add_func ("/plan/campaign-id", test_campaign_id);
  return g_test_run ();
}
