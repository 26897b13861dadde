/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include <gio/gio.h>
#include <glib/gstdio.h>

#include "study/bo-study.h"

/* A study around whose parts the cases change one thing. */
#define BASES "\"bases\": [{\"id\": \"b\", \"image\": \"debian\"}]"
#define STRATEGIES "\"strategies\": [{\"id\": \"s\", \"dockerfile\": \"Dockerfile\"}]"
#define WITH(more) "{\"format\": 1, " BASES ", " STRATEGIES ", " more "}"
#define WITH_STRATEGY(more)                                                                                  \
  "{\"format\": 1, " BASES ", \"strategies\": [{\"id\": \"s\", \"dockerfile\": \"Dockerfile\", " more "}]}"

static void
print_problems (BoProblems *problems)
{
  for (guint i = 0; i < problems->items->len; i++)
    {
      g_autofree char *line = bo_problem_to_string (bo_problems_get (problems, i));

      g_test_message ("%s", line);
    }
}

static void
test_ten_mistakes (void)
{
  static const struct
  {
    const char *path;
    guint line;
  } expected[] = {
    { "$.baseline", 4 },
    { "$.bases[0].id", 6 },
    { "$.bases[1].image", 7 },
    { "$.conditions[1]", 9 },
    { "$.defaults.repetitions", 10 },
    { "$.defaults.timeout", 10 },
    { "$.strategies[0].dockerfile", 12 },
    { "$.strategies[1].id", 13 },
    { "$.strategies[2].bases[0]", 14 },
    { "$.probes[0].modules", 16 },
  };
  g_autofree char *path
      = g_test_build_filename (G_TEST_DIST, "unit", "data", "study-ten-mistakes.json", NULL);
  g_autoptr (BoProblems) problems = bo_problems_new ();

  g_assert_null (bo_study_load (path, NULL, problems));
  print_problems (problems);
  g_assert_cmpuint (problems->items->len, ==, G_N_ELEMENTS (expected));
  g_assert_cmpuint (problems->n_errors, ==, G_N_ELEMENTS (expected));
  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      const BoProblem *problem = bo_problems_get (problems, i);

      g_assert_cmpstr (problem->path, ==, expected[i].path);
      g_assert_cmpuint (problem->line, ==, expected[i].line);
      g_assert_nonnull (problem->found);
    }
  /* A variable without a value has no set of right values to name; the other nine have. */
  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    g_assert_cmpint (bo_problems_get (problems, i)->expected != NULL, ==, i != 2);
}

typedef struct
{
  const char *name;
  const char *text;
  const char *path;
  gboolean is_warning;
  const char *in_message;
} Case;

static const Case cases[] = {
  { "format/missing", "{" BASES ", " STRATEGIES "}", "$.format", FALSE, "missing" },
  { "format/newer", "{\"format\": 2, " BASES ", " STRATEGIES "}", "$.format", FALSE, "newer" },
  { "format/text", "{\"format\": \"1\", " BASES ", " STRATEGIES "}", "$.format", FALSE, "no such format" },
  { "no-bases", "{\"format\": 1, " STRATEGIES "}", "$.bases", FALSE, "missing" },
  { "no-strategies", "{\"format\": 1, " BASES "}", "$.strategies", FALSE, "missing" },
  { "empty-strategies", "{\"format\": 1, " BASES ", \"strategies\": []}", "$.strategies", FALSE, "empty" },
  { "root-array", "[]", "$", FALSE, "wrong type" },
  { "root-text", "\"study\"", "$", FALSE, "wrong type" },
  { "id", WITH ("\"id\": \"My Study\""), "$.id", FALSE, "my-study" },
  { "name-type", WITH ("\"name\": 7"), "$.name", FALSE, "wrong type" },
  { "name-null", WITH ("\"name\": null"), "$.name", FALSE, "wrong type" },
  { "name-empty", WITH ("\"name\": \"\""), "$.name", FALSE, "empty" },
  { "language", WITH ("\"language\": \"english\""), "$.language", FALSE, "language" },
  { "context-absolute", WITH ("\"context\": \"/srv/app\""), "$.context", TRUE, "this computer only" },
  { "base-twice",
    "{\"format\": 1, \"bases\": [{\"id\": \"b\", \"image\": \"x\"}, {\"id\": \"b\", \"image\": "
    "\"y\"}], " STRATEGIES "}",
    "$.bases[1].id", FALSE, "same id" },
  { "base-image-blank", "{\"format\": 1, \"bases\": [{\"id\": \"b\", \"image\": \"a b\"}], " STRATEGIES "}",
    "$.bases[0].image", FALSE, "not the name of an image" },
  { "base-no-image", "{\"format\": 1, \"bases\": [{\"id\": \"b\"}], " STRATEGIES "}", "$.bases[0].image",
    FALSE, "missing" },
  { "builder", WITH ("\"builders\": [\"kaniko\"]"), "$.builders[0]", FALSE, "no such builder" },
  { "builder-twice", WITH ("\"builders\": [\"classic\", \"classic\"]"), "$.builders[1]", FALSE, "twice" },
  { "default-builder", WITH ("\"builders\": [\"buildkit\"], \"defaults\": {\"builder\": \"classic\"}"),
    "$.defaults.builder", FALSE, "not among the builders" },
  { "condition-twice", WITH ("\"conditions\": [\"cold\", \"cold\"]"), "$.conditions[1]", FALSE, "twice" },
  { "edited-without-edit", WITH ("\"conditions\": [\"cold\", \"edited\"]"), "$.conditions[1]", FALSE,
    "which file" },
  { "cold-layers-classic", WITH ("\"conditions\": [\"cold-layers\"]"), "$.conditions", TRUE, "no cell" },
  { "edit-absolute", WITH ("\"edit\": {\"path\": \"/etc/passwd\", \"append\": \"x\"}"), "$.edit.path", FALSE,
    "absolute" },
  { "edit-escape", WITH ("\"edit\": {\"path\": \"a/../../b\", \"append\": \"x\"}"), "$.edit.path", FALSE,
    "out of" },
  { "edit-folder", WITH ("\"edit\": {\"path\": \"a/..\", \"append\": \"x\"}"), "$.edit.path", FALSE,
    "folder" },
  { "edit-no-append", WITH ("\"edit\": {\"path\": \"a\"}"), "$.edit.append", FALSE, "missing" },
  { "keep", WITH ("\"defaults\": {\"keep\": \"some\"}"), "$.defaults.keep", FALSE, "images stay" },
  { "repetitions", WITH ("\"defaults\": {\"repetitions\": 101}"), "$.defaults.repetitions", FALSE, "range" },
  { "repetitions-fraction", WITH ("\"defaults\": {\"repetitions\": 1.5}"), "$.defaults.repetitions", FALSE,
    "wrong type" },
  { "timeout-zero", WITH ("\"defaults\": {\"timeout\": 0}"), "$.defaults.timeout", FALSE, "time limit" },
  { "timeout-huge", WITH ("\"defaults\": {\"timeout\": 9223372036854775807}"), "$.defaults.timeout", FALSE,
    "time limit" },
  { "retry", WITH ("\"defaults\": {\"retry_failed\": \"yes\"}"), "$.defaults.retry_failed", FALSE,
    "wrong type" },
  { "variable-reserved", WITH ("\"variables\": {\"BASE_IMAGE\": \"x\"}"), "$.variables.BASE_IMAGE", FALSE,
    "itself" },
  { "variable-name", WITH ("\"variables\": {\"A.B\": \"x\"}"), "$.variables[\"A.B\"]", FALSE,
    "name of a variable" },
  { "arg-base-image", WITH ("\"build_args\": {\"BASE_IMAGE\": \"x\"}"), "$.build_args.BASE_IMAGE", FALSE,
    "bases" },
  { "arg-number", WITH ("\"build_args\": {\"PYTHON\": 3.10}"), "$.build_args.PYTHON", FALSE, "quotes" },
  { "arg-undefined", WITH ("\"build_args\": {\"X\": \"${NOBODY_SETS_THIS}\"}"), "$.build_args.X", FALSE,
    "NOBODY_SETS_THIS" },
  { "arg-syntax", WITH ("\"build_args\": {\"X\": \"${X:-1}\"}"), "$.build_args.X", FALSE, "$${" },
  { "mount-no-source", WITH ("\"run\": {\"mounts\": [{\"to\": \"/x\"}]}"), "$.run.mounts[0]", FALSE,
    "one source" },
  { "mount-two-sources",
    WITH ("\"run\": {\"mounts\": [{\"copy\": \"a\", \"bind\": \"/b\", \"to\": \"/x\"}]}"), "$.run.mounts[0]",
    FALSE, "one source" },
  { "mount-relative", WITH ("\"run\": {\"mounts\": [{\"copy\": \"a\", \"to\": \"x\"}]}"),
    "$.run.mounts[0].to", FALSE, "not absolute" },
  { "mount-volume", WITH ("\"run\": {\"mounts\": [{\"volume\": \"/srv\", \"to\": \"/x\"}]}"),
    "$.run.mounts[0].volume", FALSE, "bind" },
  { "mount-bind", WITH ("\"run\": {\"mounts\": [{\"bind\": \"srv\", \"to\": \"/x\"}]}"),
    "$.run.mounts[0].bind", FALSE, "not absolute" },
  { "mount-escape", WITH ("\"run\": {\"mounts\": [{\"copy\": \"..\", \"to\": \"/x\"}]}"),
    "$.run.mounts[0].copy", FALSE, "out of" },
  { "mount-same-place",
    WITH ("\"run\": {\"mounts\": [{\"copy\": \"a\", \"to\": \"/x\"}, {\"copy\": \"b\", \"to\": \"/x\"}]}"),
    "$.run.mounts[1]", FALSE, "same place" },
  { "shm", WITH ("\"run\": {\"shm_size\": \"big\"}"), "$.run.shm_size", FALSE, "not a size" },
  { "device", WITH ("\"run\": {\"devices\": [\"snd\"]}"), "$.run.devices[0]", FALSE, "not a path" },
  { "secret", WITH ("\"run\": {\"secrets\": [\"HF_TOKEN=abc\"]}"), "$.run.secrets[0]", FALSE,
    "name of a variable" },
  { "env", WITH ("\"run\": {\"env\": [\"A=b\"]}"), "$.run.env", FALSE, "wrong type" },
  { "probe-kind", WITH ("\"probes\": [{\"kind\": \"gpu\"}]"), "$.probes[0].kind", FALSE, "no such kind" },
  { "probe-twice", WITH ("\"probes\": [{\"kind\": \"cuda\"}, {\"kind\": \"cuda\"}]"), "$.probes[1]", FALSE,
    "two" },
  { "probe-modules", WITH ("\"probes\": [{\"kind\": \"imports\"}]"), "$.probes[0].modules", FALSE,
    "missing" },
  { "probe-module", WITH ("\"probes\": [{\"kind\": \"imports\", \"modules\": [\"os; rm\"]}]"),
    "$.probes[0].modules[0]", FALSE, "Python module" },
  { "probe-stray", WITH ("\"probes\": [{\"kind\": \"cuda\", \"command\": [\"x\"]}]"), "$.probes[0].command",
    TRUE, "no effect" },
  { "probe-repeat", WITH ("\"probes\": [{\"kind\": \"workload\", \"command\": \"x\", \"repeat\": 0}]"),
    "$.probes[0].repeat", FALSE, "range" },
  { "workload-nowhere", WITH ("\"probes\": [{\"kind\": \"workload\"}]"), "$.strategies[0].workload", FALSE,
    "neither" },
  { "workload-type", WITH_STRATEGY ("\"workload\": {}"), "$.strategies[0].workload", FALSE, "wrong type" },
  { "workload-empty", WITH_STRATEGY ("\"workload\": []"), "$.strategies[0].workload", FALSE, "empty" },
  { "workload-off", WITH_STRATEGY ("\"workload\": \"true\", \"probes\": false"), "$.strategies[0].workload",
    TRUE, "never runs" },
  { "probes-switch", WITH_STRATEGY ("\"probes\": {\"cudaa\": false}"), "$.strategies[0].probes.cudaa", TRUE,
    "“cuda”" },
  { "probes-kind", WITH_STRATEGY ("\"probes\": [\"x\"]"), "$.strategies[0].probes[0]", FALSE,
    "no such kind" },
  { "probes-type", WITH_STRATEGY ("\"probes\": 1"), "$.strategies[0].probes", FALSE, "wrong type" },
  { "dockerfile-missing", "{\"format\": 1, " BASES ", \"strategies\": [{\"id\": \"s\"}]}",
    "$.strategies[0].dockerfile", FALSE, "missing" },
  { "builder-and-builders", WITH_STRATEGY ("\"builder\": \"classic\", \"builders\": [\"classic\"]"),
    "$.strategies[0].builder", FALSE, "same thing" },
  { "prebuild-as", WITH_STRATEGY ("\"prebuild\": [{\"build\": \"D\", \"as\": \"1st\"}]"),
    "$.strategies[0].prebuild[0].as", FALSE, "name of a stage" },
  { "prebuild-twice",
    WITH_STRATEGY ("\"prebuild\": [{\"build\": \"D\", \"as\": \"a\"}, {\"build\": \"E\", \"as\": \"A\"}]"),
    "$.strategies[0].prebuild[1].as", FALSE, "same name" },
  { "strategy-base-twice", WITH_STRATEGY ("\"bases\": [\"b\", \"b\"]"), "$.strategies[0].bases[1]", FALSE,
    "twice" },
  { "strategy-type", "{\"format\": 1, " BASES ", \"strategies\": [\"s\"]}", "$.strategies[0]", FALSE,
    "wrong type" },
  { "unknown-key", WITH_STRATEGY ("\"docker_file\": \"x\""), "$.strategies[0].docker_file", TRUE,
    "“dockerfile”" },
  { "unknown-case", WITH ("\"buildArgs\": {}"), "$.buildArgs", TRUE, "“build_args”" },
  { "unknown-other", WITH ("\"colour\": \"red\""), "$.colour", TRUE, "not known" },
  { "duplicate-key", WITH ("\"name\": \"a\", \"name\": \"b\""), "$.name", TRUE, "more than once" },
};

static void
test_case (gconstpointer data)
{
  const Case *c = data;
  g_autoptr (BoProblems) problems = bo_problems_new ();
  g_autoptr (BoStudy) study = bo_study_load_from_data (c->text, -1, "/project/bakeoff.json", NULL, problems);
  const BoProblem *problem;

  print_problems (problems);
  g_assert_cmpuint (problems->items->len, ==, 1);
  problem = bo_problems_get (problems, 0);
  g_assert_cmpstr (problem->path, ==, c->path);
  g_assert_cmpuint (problem->line, ==, 1);
  g_assert_cmpint (problem->level, ==, c->is_warning ? BO_PROBLEM_WARNING : BO_PROBLEM_ERROR);
  g_assert_nonnull (strstr (problem->message, c->in_message));
  g_assert_cmpint (study != NULL, ==, c->is_warning);
}

static void
test_builder_not_of_study (void)
{
  const char *text = "{\"format\": 1, " BASES ", \"builders\": [\"classic\"], \"strategies\": ["
                     "{\"id\": \"s\", \"dockerfile\": \"D\", \"builder\": \"buildkit\"}]}";
  g_autoptr (BoProblems) problems = bo_problems_new ();

  g_assert_null (bo_study_load_from_data (text, -1, "/project/bakeoff.json", NULL, problems));
  g_assert_cmpuint (problems->items->len, ==, 1);
  g_assert_cmpstr (bo_problems_get (problems, 0)->path, ==, "$.strategies[0].builder");
}

static void
test_syntax (void)
{
  static const struct
  {
    const char *text;
    guint line;
    const char *column;
    const char *words;
  } bad[] = {
    { "", 1, "(column 1)", "too early" },
    { "{\n  \"format\": 1,\n}\n", 3, "(column 1)", "comma too many" },
    { "{\n  \"a\": 1\n  \"b\": 2\n}", 3, "(column 3)", "comma or “}”" },
    { "{\n  // note\n}", 2, "(column 3)", "double quotes" },
    { "{ \"a\": // note\n 1}", 1, "(column 8)", "comments" },
    { "{ \"ä\": tru }", 1, "(column 8)", "value is expected" },
    { "{} {}", 1, "(column 4)", "after the end" },
    { "{ \"a\": \"\\u0000\" }", 1, "(column 15)", "NUL" },
    { "{ \"a\": 99999999999999999999 }", 1, "(column 8)", "too large" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (BoProblems) problems = bo_problems_new ();
      const BoProblem *problem;

      g_assert_null (bo_study_load_from_data (bad[i].text, -1, "/project/bakeoff.json", NULL, problems));
      g_assert_cmpuint (problems->items->len, ==, 1);
      problem = bo_problems_get (problems, 0);
      g_test_message ("%s", problem->message);
      g_assert_cmpstr (problem->path, ==, "/project/bakeoff.json");
      g_assert_cmpuint (problem->line, ==, bad[i].line);
      g_assert_nonnull (strstr (problem->message, bad[i].words));
      g_assert_nonnull (strstr (problem->message, bad[i].column));
    }
}

static void
test_unreadable (void)
{
  g_autoptr (BoProblems) problems = bo_problems_new ();
  g_autofree char *folder = g_dir_make_tmp ("bakeoff-study-XXXXXX", NULL);
  g_autofree char *file = g_build_filename (folder, "bakeoff.json", NULL);

  g_assert_null (bo_study_load (folder, NULL, problems));
  g_assert_cmpuint (problems->n_errors, ==, 1);
  g_assert_cmpstr (bo_problems_get (problems, 0)->path, ==, file);
  g_assert_nonnull (strstr (bo_problems_get (problems, 0)->message, "bakeoff-cli new"));

  g_assert_cmpint (g_mkdir (file, 0700), ==, 0);
  g_assert_null (bo_study_load (folder, NULL, problems));
  g_assert_cmpuint (problems->n_errors, ==, 2);
  g_assert_cmpint (g_rmdir (file), ==, 0);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

/* Whatever a file holds, loading it ends with a study or with problems, never with a crash or critical. */
static void
test_mutations (void)
{
  static const char *const pieces[] = {
    "{",      "}",       "[",
    "]",      ",",       ":",
    "\"",     "null",    "true",
    "-1",     "1e999",   "0",
    "\\",     "\\u0000", "\\ud800",
    "${",     "}",       "$${",
    "../",    "/",       "\xc3",
    "\xff",   "\n",      "\"\"",
    "[]",     "{}",      "99999999999999999999",
    "\"id\"", "🍞",       "[[[[[[[[[[[[",
  };
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "unit", "data", "study-example.json", NULL);
  g_autofree char *text = NULL;
  g_autoptr (GRand) rand = g_rand_new_with_seed (20261124);
  guint n_studies = 0, n_refused = 0;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  for (guint round = 0; round < 6000; round++)
    {
      g_autoptr (GString) mutant = g_string_new (text);
      g_autoptr (BoProblems) problems = bo_problems_new ();
      g_autoptr (BoStudy) study = NULL;
      guint n_changes = g_rand_int_range (rand, 1, 4);

      for (guint i = 0; i < n_changes; i++)
        {
          gsize at = g_rand_int_range (rand, 0, mutant->len);
          gsize n = g_rand_int_range (rand, 0, 12);

          if (g_rand_boolean (rand))
            g_string_erase (mutant, at, MIN (n, mutant->len - at));
          if (g_rand_boolean (rand))
            g_string_insert (mutant, at, pieces[g_rand_int_range (rand, 0, G_N_ELEMENTS (pieces))]);
          else if (at < mutant->len)
            mutant->str[at] = g_rand_int_range (rand, 0, 256);
        }
      study = bo_study_load_from_data (mutant->str, mutant->len, "/project/bakeoff.json", NULL, problems);
      g_assert_cmpint (study != NULL, ==, problems->n_errors == 0);
      if (study != NULL)
        {
          g_autoptr (GPtrArray) cells = bo_study_get_cells (study);

          g_assert_cmpuint (cells->len, >, 0);
          n_studies++;
        }
      else
        n_refused++;
      for (guint i = 0; i < problems->items->len; i++)
        {
          g_autofree char *line = bo_problem_to_string (bo_problems_get (problems, i));

          g_assert_true (g_utf8_validate (line, -1, NULL));
        }
    }
  g_test_message ("%u studies, %u refused", n_studies, n_refused);
  g_assert_cmpuint (n_studies, >, 100);
  g_assert_cmpuint (n_refused, >, 1000);
}

static void
test_deep (void)
{
  g_autoptr (GString) text = g_string_new ("{\"format\": 1, \"x\": ");
  g_autoptr (BoProblems) problems = bo_problems_new ();

  for (guint i = 0; i < 200000; i++)
    g_string_append_c (text, '[');
  g_assert_null (bo_study_load_from_data (text->str, text->len, "/project/bakeoff.json", NULL, problems));
  g_assert_cmpuint (problems->n_errors, ==, 1);
  g_assert_nonnull (strstr (bo_problems_get (problems, 0)->message, "too deeply"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/study-problems/ten-mistakes", test_ten_mistakes);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *name = g_strdup_printf ("/study-problems/one/%s", cases[i].name);

      g_test_add_data_func (name, &cases[i], test_case);
    }
  g_test_add_func ("/study-problems/builder-not-of-study", test_builder_not_of_study);
  g_test_add_func ("/study-problems/syntax", test_syntax);
  g_test_add_func ("/study-problems/unreadable", test_unreadable);
  g_test_add_func ("/study-problems/deep", test_deep);
  g_test_add_func ("/study-problems/mutations", test_mutations);
  return g_test_run ();
}
