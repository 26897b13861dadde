/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include <gio/gio.h>

#include "study/bo-study-secrets.h"
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

#define BASES "\"bases\": [{\"id\": \"b1\", \"image\": \"x:1\"}, {\"id\": \"b2\", \"image\": \"x:2\"}]"

static char *
join_cells (BoStudy *study)
{
  g_autoptr (GPtrArray) cells = bo_study_get_cells (study);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < cells->len; i++)
    {
      g_autofree char *key = bo_cell_get_key (g_ptr_array_index (cells, i));

      g_string_append_printf (text, "%s%s", i > 0 ? " " : "", key);
    }
  return g_string_free (text, FALSE);
}

static void
test_cells (void)
{
  g_autoptr (BoStudy) study = load_ok (
      "{\"format\": 1, " BASES ", \"builders\": [\"buildkit\", \"classic\"],"
      " \"conditions\": [\"warm\", \"cold-layers\", \"cold\"], \"strategies\": ["
      "{\"id\": \"s\", \"dockerfile\": \"D\", \"bases\": [\"b2\", \"b1\"], \"builder\": \"classic\"},"
      "{\"id\": \"t\", \"dockerfile\": \"D\", \"bases\": [\"b2\"]}]}");
  g_autofree char *cells = join_cells (study);

  /* The study's order of bases and builders, the chain's order of conditions, no cold-layers with classic. */
  g_assert_cmpstr (cells, ==,
                   "s/b1/classic/cold s/b1/classic/warm s/b2/classic/cold s/b2/classic/warm "
                   "t/b2/buildkit/cold t/b2/buildkit/cold-layers t/b2/buildkit/warm "
                   "t/b2/classic/cold t/b2/classic/warm");
  g_assert_cmpint (study->default_builder, ==, BO_BUILDER_BUILDKIT);
}

/* Without "builders" a strategy that asks for another one adds a column, and only for itself. */
static void
test_builders (void)
{
  g_autoptr (BoStudy) study
      = load_ok ("{\"format\": 1, \"bases\": [{\"id\": \"b\", \"image\": \"x\"}], \"strategies\": ["
                 "{\"id\": \"s\", \"dockerfile\": \"D\"},"
                 "{\"id\": \"t\", \"dockerfile\": \"D\", \"builders\": [\"buildkit\", \"classic\"]}]}");
  g_autofree char *cells = join_cells (study);

  g_assert_cmpstr (cells, ==, "s/b/classic/cold t/b/classic/cold t/b/buildkit/cold");
  g_assert_cmpuint (study->builders->len, ==, 2);
  g_assert_cmpint (study->default_builder, ==, BO_BUILDER_CLASSIC);
}

/* What is written elsewhere in the file does not touch the ids of what is there already. */
static void
test_stable_ids (void)
{
  g_autoptr (BoStudy) before = load_ok (
      "{\"format\": 1, \"id\": \"me\", \"name\": \"Old\", \"bases\": [{\"id\": \"b\", \"image\": \"x\"}],"
      " \"strategies\": [{\"id\": \"s\", \"dockerfile\": \"D\"}]}");
  g_autoptr (BoStudy) after = load_ok (
      "{\"strategies\": [{\"id\": \"new\", \"dockerfile\": \"E\"},"
      " {\"dockerfile\": \"sub/D\", \"title\": \"Renamed\", \"id\": \"s\"}], \"name\": \"New name\","
      " \"bases\": [{\"id\": \"a\", \"image\": \"y\"}, {\"id\": \"b\", \"image\": \"x:2\"}], \"format\": 1,"
      " \"id\": \"me\"}");
  g_autofree char *old_cells = join_cells (before);
  g_autofree char *new_cells = join_cells (after);

  g_assert_cmpstr (before->id, ==, after->id);
  g_assert_cmpstr (old_cells, ==, "s/b/classic/cold");
  g_assert_nonnull (strstr (new_cells, " s/b/classic/cold"));
}

static void
test_merge (void)
{
  g_autoptr (BoStudy) study = load_ok (
      "{\"format\": 1, \"bases\": [{\"id\": \"b\", \"image\": \"x\"}], \"context\": \"../app\","
      " \"defaults\": {\"runtime\": \"nvidia\", \"network\": \"host\", \"timeout\": 90, \"retry_failed\": "
      "true,"
      "   \"keep\": \"all\", \"repetitions\": 5},"
      " \"build_args\": {\"A\": \"1\", \"B\": 2},"
      " \"run\": {\"env\": {\"X\": \"1\", \"Y\": \"2\"}, \"shm_size\": \"2g\", \"devices\": [\"/dev/snd\"],"
      "   \"mounts\": [{\"copy\": \"./books//x/\", \"to\": \"/b\"}, {\"bind\": \"/m\", \"to\": \"/m\"}],"
      "   \"secrets\": [\"TOKEN\"]},"
      " \"probes\": [{\"kind\": \"cuda\"}, {\"kind\": \"workload\", \"command\": \"run it\", \"repeat\": 3,"
      "   \"timeout\": \"1h30m\"}],"
      " \"strategies\": [{\"id\": \"s\", \"dockerfile\": \"a/../D\", \"timeout\": \"45s\","
      "   \"build_args\": {\"B\": true, \"C\": \"\"}, \"run\": {\"runtime\": \"runc\", \"ipc\": \"host\","
      "   \"env\": {\"Y\": \"3\"}, \"mounts\": [{\"volume\": \"v\", \"to\": \"/b\", \"read_only\": true}],"
      "   \"devices\": [\"/dev/snd\", \"/dev/video0\"]},"
      "   \"prebuild\": [{\"build\": \"P\", \"as\": \"p\", \"build_args\": {\"A\": \"9\"}}],"
      "   \"workload\": [\"go\", \"\"], \"probes\": {\"cuda\": false}},"
      "  {\"id\": \"t\", \"dockerfile\": \"D\", \"probes\": [\"cuda\"]},"
      "  {\"id\": \"u\", \"dockerfile\": \"D\", \"probes\": false}]}");
  const BoStrategy *s = bo_study_get_strategy (study, "s");
  const BoStrategy *t = bo_study_get_strategy (study, "t");
  const BoPrebuild *prebuild = g_ptr_array_index (s->prebuilds, 0);
  const BoMount *mount;
  const BoProbe *probe;

  g_assert_cmpstr (study->context, ==, "/app");
  g_assert_cmpint (study->keep, ==, BO_KEEP_ALL);
  g_assert_true (study->retry_failed);
  g_assert_cmpuint (study->repetitions, ==, 5);
  g_assert_cmpint (s->timeout_us, ==, 45 * G_TIME_SPAN_SECOND);
  g_assert_cmpint (t->timeout_us, ==, 90 * G_TIME_SPAN_SECOND);
  g_assert_cmpstr (s->dockerfile, ==, "D");

  g_assert_cmpuint (s->build_args->len, ==, 3);
  g_assert_cmpstr (((BoBuildArg *) g_ptr_array_index (s->build_args, 0))->value, ==, "1");
  g_assert_cmpstr (((BoBuildArg *) g_ptr_array_index (s->build_args, 1))->value, ==, "true");
  g_assert_cmpstr (((BoBuildArg *) g_ptr_array_index (s->build_args, 2))->value, ==, "");
  g_assert_cmpstr (((BoBuildArg *) g_ptr_array_index (t->build_args, 1))->value, ==, "2");
  g_assert_cmpuint (prebuild->build_args->len, ==, 2);
  g_assert_cmpstr (((BoBuildArg *) g_ptr_array_index (prebuild->build_args, 0))->value, ==, "9");

  g_assert_cmpstr (s->run->runtime, ==, "runc");
  g_assert_cmpstr (s->run->network, ==, "host");
  g_assert_cmpstr (s->run->ipc, ==, "host");
  g_assert_cmpint (s->run->shm_size, ==, G_GINT64_CONSTANT (2147483648));
  g_assert_cmpuint (s->run->env->len, ==, 2);
  g_assert_cmpstr (g_ptr_array_index (s->run->env, 1), ==, "Y=3");
  g_assert_cmpstr (g_ptr_array_index (t->run->env, 1), ==, "Y=2");
  g_assert_cmpuint (s->run->devices->len, ==, 2);
  g_assert_cmpuint (s->run->secrets->len, ==, 1);
  g_assert_cmpuint (s->run->mounts->len, ==, 2);
  mount = g_ptr_array_index (s->run->mounts, 0);
  g_assert_cmpstr (mount->volume, ==, "v");
  g_assert_null (mount->copy);
  g_assert_true (mount->read_only);
  mount = g_ptr_array_index (t->run->mounts, 0);
  g_assert_cmpstr (mount->copy, ==, "books/x");

  g_assert_cmpuint (s->probes->len, ==, 1);
  probe = g_ptr_array_index (s->probes, 0);
  g_assert_cmpuint (probe->command->len, ==, 2);
  g_assert_cmpuint (probe->repeat, ==, 3);
  g_assert_cmpint (probe->limit_us, ==, 90 * G_TIME_SPAN_MINUTE);
  g_assert_cmpuint (t->probes->len, ==, 1);
  g_assert_cmpint (((BoProbe *) g_ptr_array_index (t->probes, 0))->kind, ==, BO_PROBE_CUDA);
  g_assert_cmpuint (bo_study_get_strategy (study, "u")->probes->len, ==, 0);
}

static void
test_variables (void)
{
  static const char text[]
      = "{\"format\": 1, \"bases\": [{\"id\": \"b\", \"image\": \"x:${TAG}\"}],"
        " \"variables\": {\"TAG\": \"default\", \"BO_TEST_ENV\": \"default\", \"N\": 7},"
        " \"build_args\": {\"FROM_ENV\": \"${BO_TEST_ENV}\", \"BASE\": \"${BASE_IMAGE}-x\", \"N\": \"${N}\"},"
        " \"edit\": {\"path\": \"a\", \"append\": \"${NOT_A_VARIABLE} ${TRIAL}\"},"
        " \"strategies\": [{\"id\": \"s\", \"dockerfile\": \"D\", \"workload\": \"echo $${HOME} $HOME $$ "
        "${TAG}\"}]}";
  g_autoptr (GHashTable) given = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (BoProblems) problems = bo_problems_new ();
  g_autoptr (BoStudy) study = NULL;
  g_autoptr (BoStudy) plain = NULL;
  const BoStrategy *s;

  g_setenv ("BO_TEST_ENV", "environment", TRUE);
  g_setenv ("TAG", "environment", TRUE);
  g_hash_table_insert (given, (char *) "TAG", (char *) "given");
  study = bo_study_load_from_data (text, -1, "/project/bakeoff.json", given, problems);
  g_assert_cmpuint (problems->items->len, ==, 0);
  s = bo_study_get_strategy (study, "s");
  g_assert_cmpstr (bo_study_get_base (study, "b")->image, ==, "x:given");
  g_assert_cmpstr (((BoBuildArg *) g_ptr_array_index (s->build_args, 0))->value, ==, "environment");
  g_assert_cmpstr (((BoBuildArg *) g_ptr_array_index (s->build_args, 1))->value, ==, "${BASE_IMAGE}-x");
  g_assert_cmpstr (((BoBuildArg *) g_ptr_array_index (s->build_args, 2))->value, ==, "7");
  g_assert_cmpstr (study->edit_append, ==, "${NOT_A_VARIABLE} ${TRIAL}");
  g_assert_cmpstr (g_ptr_array_index (((BoProbe *) g_ptr_array_index (s->probes, 0))->command, 2), ==,
                   "echo ${HOME} $HOME $$ given");

  g_assert_cmpuint (g_hash_table_size (study->variables), ==, 3);
  g_assert_cmpstr (g_hash_table_lookup (study->variables, "TAG"), ==, "given");
  g_assert_cmpstr (g_hash_table_lookup (study->variables, "BO_TEST_ENV"), ==, "environment");
  g_assert_cmpstr (g_hash_table_lookup (study->variables, "N"), ==, "7");

  g_unsetenv ("TAG");
  plain = load_ok (text);
  g_assert_cmpstr (bo_study_get_base (plain, "b")->image, ==, "x:default");
}

static void
test_secrets (void)
{
  static const char text[]
      = "{\"format\": 1, \"bases\": [{\"id\": \"b\", \"image\": \"x\"}],\n"
        " \"run\": {\"secrets\": [\"BO_TEST_SET\", \"BO_TEST_UNSET\"]},\n"
        " \"strategies\": [{\"id\": \"s\", \"dockerfile\": \"D\"},\n"
        " {\"id\": \"t\", \"dockerfile\": \"D\", \"run\": {\"secrets\": [\"BO_TEST_OWN\", \"BO_TEST_EMPTY\"]}}]}";
  g_autoptr (BoProblems) problems = bo_problems_new ();
  g_autoptr (BoStudy) study = load_ok (text);
  static const struct
  {
    const char *path;
    guint line;
    const char *found;
  } expected[] = {
    { "$.run.secrets", 2, "BO_TEST_UNSET" },
    { "$.strategies[1].run.secrets", 4, "BO_TEST_OWN" },
    { "$.strategies[1].run.secrets", 4, "BO_TEST_EMPTY" },
  };

  g_setenv ("BO_TEST_SET", "value", TRUE);
  g_setenv ("BO_TEST_EMPTY", "", TRUE);
  bo_study_check_secrets (study, problems);
  g_assert_cmpuint (problems->n_errors, ==, 0);
  g_assert_cmpuint (problems->items->len, ==, G_N_ELEMENTS (expected));
  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      const BoProblem *problem = bo_problems_get (problems, i);

      g_assert_cmpstr (problem->path, ==, expected[i].path);
      g_assert_cmpuint (problem->line, ==, expected[i].line);
      g_assert_cmpstr (problem->found, ==, expected[i].found);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/study/example", test_example);
  g_test_add_func ("/study/smallest", test_smallest);
  g_test_add_func ("/study/cells", test_cells);
  g_test_add_func ("/study/builders", test_builders);
  g_test_add_func ("/study/stable-ids", test_stable_ids);
  g_test_add_func ("/study/merge", test_merge);
  g_test_add_func ("/study/variables", test_variables);
  g_test_add_func ("/study/secrets", test_secrets);
  return g_test_run ();
}
