/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include <gio/gio.h>

#include "study/bo-study.h"

static BoStudy *
load_data_file (const char *name, BoProblems *problems)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "unit", "data", name, NULL);

  return bo_study_load (path, NULL, problems);
}

static BoStudy *
load_ok (const char *text)
{
  g_autoptr (BoProblems) problems = bo_problems_new ();
  BoStudy *study = bo_study_load_from_data (text, -1, "/project/bakeoff.json", NULL, problems);

  for (guint i = 0; i < problems->items->len; i++)
    {
      g_autofree char *line = bo_problem_to_string (bo_problems_get (problems, i));

      g_test_message ("%s", line);
    }
  g_assert_cmpuint (problems->items->len, ==, 0);
  g_assert_nonnull (study);
  return study;
}

static void
test_example (void)
{
  g_autoptr (BoProblems) problems = bo_problems_new ();
  g_autoptr (BoStudy) study = load_data_file ("study-example.json", problems);
  g_autofree char *folder = NULL;
  const BoStrategy *strategy;
  const BoProbe *probe;
  const BoMount *mount;

  for (guint i = 0; i < problems->items->len; i++)
    {
      g_autofree char *line = bo_problem_to_string (bo_problems_get (problems, i));

      g_test_message ("%s", line);
    }
  g_assert_cmpuint (problems->items->len, ==, 0);
  g_assert_nonnull (study);
  folder = g_path_get_dirname (study->file);
  g_assert_cmpstr (study->id, ==, "sesame-csm-audiobook");
  g_assert_cmpstr (study->name, ==, "Sesame CSM audiobook");
  g_assert_cmpstr (study->language, ==, "en");
  g_assert_true (g_path_is_absolute (study->file));
  g_assert_cmpstr (study->context, ==, folder);
  g_assert_cmpstr (study->baseline, ==, "original");
  g_assert_cmpstr (study->edit_path, ==, "src/app.py");
  g_assert_cmpstr (study->edit_append, ==, "# ${TRIAL}\n");
  g_assert_cmpuint (study->repetitions, ==, 1);
  g_assert_cmpint (study->keep, ==, BO_KEEP_BEST);
  g_assert_false (study->retry_failed);
  g_assert_cmpint (study->default_builder, ==, BO_BUILDER_CLASSIC);
  g_assert_cmpuint (study->builders->len, ==, 1);
  g_assert_cmpuint (study->conditions->len, ==, 3);
  g_assert_cmpuint (study->bases->len, ==, 1);
  g_assert_cmpstr (bo_study_get_base (study, "dusty")->image, ==, "dustynv/pytorch:2.6-r36.4.0");
  g_assert_cmpuint (study->strategies->len, ==, 3);

  strategy = bo_study_get_strategy (study, "prebuilt");
  g_assert_cmpstr (strategy->title, ==, "Pre-built cache");
  g_assert_cmpint (strategy->timeout_us, ==, 6 * G_TIME_SPAN_HOUR);
  g_assert_cmpuint (strategy->prebuilds->len, ==, 1);
  g_assert_cmpstr (((BoPrebuild *) g_ptr_array_index (strategy->prebuilds, 0))->as, ==, "torch-builder");
  g_assert_cmpstr (strategy->run->runtime, ==, "nvidia");
  g_assert_cmpstr (strategy->run->network, ==, "host");
  g_assert_cmpstr (g_ptr_array_index (strategy->run->env, 0), ==, "HF_HOME=/models");
  g_assert_cmpuint (strategy->run->mounts->len, ==, 2);
  mount = g_ptr_array_index (strategy->run->mounts, 1);
  g_assert_cmpstr (mount->volume, ==, "hf-cache");
  g_assert_cmpstr (mount->to, ==, "/models");
  g_assert_null (mount->copy);

  g_assert_cmpuint (strategy->probes->len, ==, 3);
  probe = g_ptr_array_index (strategy->probes, 0);
  g_assert_cmpint (probe->kind, ==, BO_PROBE_CUDA);
  g_assert_true (probe->required);
  g_assert_cmpint (probe->limit_us, ==, 10 * G_TIME_SPAN_MINUTE);
  probe = g_ptr_array_index (strategy->probes, 2);
  g_assert_cmpint (probe->limit_us, ==, G_TIME_SPAN_HOUR);
  g_assert_cmpstr (g_ptr_array_index (probe->command, 1), ==, "/app/main.py");

  strategy = bo_study_get_strategy (study, "runtime");
  probe = g_ptr_array_index (strategy->probes, 2);
  g_assert_cmpuint (probe->command->len, ==, 3);
  g_assert_cmpstr (g_ptr_array_index (probe->command, 0), ==, "bash");
}

static void
test_smallest (void)
{
  g_autoptr (BoStudy) study = load_ok ("{\"format\": 1, \"bases\": [{\"id\": \"b\", \"image\": \"debian\"}],"
                                       " \"strategies\": [{\"id\": \"s\", \"dockerfile\": \"Dockerfile\"}]}");
  const BoStrategy *strategy = bo_study_get_strategy (study, "s");

  g_assert_cmpstr (study->name, ==, "project");
  g_assert_cmpstr (study->id, ==, "project");
  g_assert_cmpstr (study->baseline, ==, "s");
  g_assert_cmpstr (study->context, ==, "/project");
  g_assert_cmpuint (study->conditions->len, ==, 1);
  g_assert_cmpint (g_array_index (study->conditions, BoCondition, 0), ==, BO_CONDITION_COLD);
  g_assert_cmpstr (strategy->title, ==, "s");
  g_assert_null (strategy->run->network);
  g_assert_null (strategy->run->runtime);
  g_assert_cmpint (strategy->run->shm_size, ==, -1);
  g_assert_cmpuint (strategy->probes->len, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/study/example", test_example);
  g_test_add_func ("/study/smallest", test_smallest);
  return g_test_run ();
}
