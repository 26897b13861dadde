/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include <glib.h>
#include <json-glib/json-glib.h>

#include "bench/bo-compiler.h"
#include "bench/bo-twin.h"

/*
 * A campaign's script is compared as text with one that a person has read:
 * tests/unit/data/script-*.txt. What a test made instead is left in the build folder.
 */

static BoStudy *
load_study (const char *builder, const char *conditions, const char *keep)
{
  g_autoptr (BoProblems) problems = bo_problems_new ();
  g_autofree char *text = g_strdup_printf (
      "{\"format\": 1, \"id\": \"s\", \"name\": \"S\", \"baseline\": \"a\","
      " \"bases\": [{\"id\": \"x\", \"title\": \"X\", \"image\": \"x:1\"}],"
      " \"builders\": [\"%s\"], \"conditions\": [%s],"
      " \"edit\": {\"path\": \"app.py\", \"append\": \"# ${TRIAL}\"},"
      " \"defaults\": {\"builder\": \"%s\", \"runtime\": \"nvidia\", \"network\": \"host\", \"timeout\": \"90m\", \"keep\": \"%s\"},"
      " \"run\": {\"env\": {\"A\": \"1\"}, \"mounts\": [{\"copy\": \"books\", \"to\": \"/books\"}, {\"volume\": \"v\", \"to\": \"/v\"}]},"
      " \"build_args\": {\"FROM_BASE\": \"${BASE_IMAGE}\"},"
      " \"strategies\": [{\"id\": \"a\", \"title\": \"A\", \"dockerfile\": \"Dockerfile\", \"target\": \"final\","
      "   \"prebuild\": [{\"build\": \"Dockerfile.pre\", \"as\": \"wheels\"}]}],"
      " \"probes\": [{\"kind\": \"cuda\"}, {\"kind\": \"workload\", \"command\": [\"run\", \"${BASE_IMAGE}\"], \"repeat\": 2}]}",
      builder, conditions, builder, keep);
  BoStudy *study = bo_study_load_from_data (text, -1, "/tmp/study/bakeoff.json", NULL, problems);

  for (guint i = 0; i < problems->items->len; i++)
    {
      g_autofree char *problem = bo_problem_to_string (bo_problems_get (problems, i));

      g_test_message ("%s", problem);
    }
  g_assert_nonnull (study);
  return study;
}

static char *
compile (const char *builder, const char *conditions, const char *keep, guint repetitions)
{
  const BoEngineFeatures features = { TRUE, TRUE, NULL };
  g_autoptr (BoStudy) study = load_study (builder, conditions, keep);
  g_autoptr (GPtrArray) cells = bo_study_get_cells (study);
  g_autoptr (BoPlan) plan = bo_plan_new (study, cells, repetitions, 1, &features, "20261124-061200-3fa9", 0);
  g_autoptr (GHashTable) builds
      = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) bo_build_input_free);
  g_autoptr (GHashTable) copies = g_hash_table_new (NULL, NULL);
  BoCompilerInput input = { builds, copies, { "CUDA.PY", "CUDA.SH", "IMPORTS.PY" } };
  const BoStrategy *strategy = g_ptr_array_index (study->strategies, 0);
  g_autoptr (BoScript) script = NULL;
  g_autoptr (GBytes) bytes = NULL;
  BoBaseImage *base = bo_base_image_new ();
  gsize size;
  const char *data;

  base->base = g_strdup ("x");
  base->image = g_strdup ("x:1");
  base->image_id = g_strdup ("sha256:00000000000000000000000000000000000000000000000000000000000000aa");
  base->twin = g_strdup ("bakeoff-20261124-061200-3fa9:base1");
  g_ptr_array_add (plan->campaign->bases, base);

  for (guint i = 0; i < plan->campaign->trials->len; i++)
    {
      const BoPlannedTrial *trial = g_ptr_array_index (plan->campaign->trials, i);
      BoBuildInput *build = bo_build_input_new ();

      g_ptr_array_add (build->recipes, g_strdup_printf ("%064u", i + 1));
      g_ptr_array_add (build->images, g_strdup ("x:1"));
      build->dockerfile = g_strdup (".bakeoff.Dockerfile");
      build->target = trial->kind == BO_TRIAL_PREBUILD ? NULL : g_strdup ("final");
      build->takes_base = trial->kind != BO_TRIAL_PREBUILD;
      g_hash_table_insert (builds, trial->id, build);
    }
  g_hash_table_insert (copies, g_ptr_array_index (strategy->run->mounts, 0),
                       (gpointer) "00000000000000000000000000000000000000000000000000000000000000cc");

  script = bo_compile (plan, &input, "1.41");
  bytes = bo_script_to_bytes (script);
  data = g_bytes_get_data (bytes, &size);
  return g_utf8_make_valid (data, size);
}

static void
assert_script (const char *name, const char *actual)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "unit", "data", name, NULL);
  g_autofree char *left = g_build_filename (g_get_tmp_dir (), name, NULL);
  g_autofree char *expected = NULL;

  if (g_file_get_contents (path, &expected, NULL, NULL) && strcmp (expected, actual) == 0)
    return;
  g_assert_true (g_file_set_contents (left, actual, -1, NULL));
  g_error ("The script differs from %s; what was made is in %s.", path, left);
}

static void
test_classic (void)
{
  g_autofree char *script = compile ("classic", "\"cold\", \"warm\", \"edited\"", "best", 2);

  assert_script ("script-classic.txt", script);
}

static void
test_buildkit (void)
{
  g_autofree char *script = compile ("buildkit", "\"cold-layers\", \"warm\"", "none", 1);

  assert_script ("script-buildkit.txt", script);
}

static void
test_twin (void)
{
  g_autoptr (GBytes) one = bo_twin_make_context ("sha256:aa", "id");
  g_autoptr (GBytes) two = bo_twin_make_context ("sha256:aa", "id");
  gsize size;
  const char *data = g_bytes_get_data (one, &size);

  g_assert_true (g_bytes_equal (one, two));
  g_assert_cmpuint (size % 512, ==, 0);
  /* BuildKit looks for a plain tar header at the very beginning. */
  g_assert_cmpstr (data, ==, "Dockerfile");
  g_assert_cmpmem (data + 257, 5, "ustar", 5);
  g_assert_true (g_str_has_prefix (data + 512, "FROM sha256:aa\nLABEL io.github.bakeoff.campaign=\"id\" "));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/compiler/classic", test_classic);
  g_test_add_func ("/compiler/buildkit", test_buildkit);
  g_test_add_func ("/compiler/twin", test_twin);
  return g_test_run ();
}
