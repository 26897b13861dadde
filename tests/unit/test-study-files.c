/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>
#include <unistd.h>

#include <gio/gio.h>
#include <glib/gstdio.h>

#include "context/bo-study-files.h"
#include "context/bo-study-scaffold.h"
#include "context/bo-study-template.h"

typedef struct
{
  char *folder;
} Fixture;

static void
put (Fixture *fixture, const char *path, const char *text)
{
  g_autofree char *full = g_build_filename (fixture->folder, path, NULL);
  g_autofree char *parent = g_path_get_dirname (full);

  g_assert_cmpint (g_mkdir_with_parents (parent, 0700), ==, 0);
  g_assert_true (g_file_set_contents (full, text, -1, NULL));
}

static void
remove_tree (const char *path)
{
  g_autoptr (GDir) dir = NULL;
  const char *name;

  if (!g_file_test (path, G_FILE_TEST_IS_SYMLINK) && g_file_test (path, G_FILE_TEST_IS_DIR))
    dir = g_dir_open (path, 0, NULL);
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      remove_tree (child);
    }
  g_assert_cmpint (g_remove (path), ==, 0);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = g_dir_make_tmp ("bakeoff-files-XXXXXX", NULL);
  g_assert_nonnull (fixture->folder);
  put (fixture, "Dockerfile", "ARG BASE_IMAGE\nFROM ${BASE_IMAGE} AS build\nCOPY src/ /app/\nFROM build\n");
  put (fixture, "src/app.py", "print (1)\n");
  put (fixture, "Dockerfile.wheels", "ARG BASE_IMAGE\nFROM ${BASE_IMAGE} AS made\n");
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  remove_tree (fixture->folder);
  g_free (fixture->folder);
}

/* Loads a study with the strategy's and the study's further members, checks its files, and gives the
 * problems. */
static BoProblems *
check (Fixture *fixture, const char *strategy, const char *study)
{
  BoProblems *problems = bo_problems_new ();
  g_autofree char *file = g_build_filename (fixture->folder, "bakeoff.json", NULL);
  g_autofree char *text
      = g_strdup_printf ("{\"format\": 1, \"bases\": [{\"id\": \"b\", \"image\": \"debian:12\"}],\n"
                         "\"strategies\": [{\"id\": \"s\"%s}]%s}",
                         strategy, study);
  g_autoptr (BoStudy) loaded = bo_study_load_from_data (text, -1, file, NULL, problems);

  g_assert_nonnull (loaded);
  bo_study_check_files (loaded, NULL, problems);
  for (guint i = 0; i < problems->items->len; i++)
    {
      g_autofree char *line = bo_problem_to_string (bo_problems_get (problems, i));

      g_test_message ("%s", line);
    }
  return problems;
}

static void
assert_one (BoProblems *problems, BoProblemLevel level, const char *path, guint line, const char *words)
{
  const BoProblem *problem;

  g_assert_cmpuint (problems->items->len, ==, 1);
  problem = bo_problems_get (problems, 0);
  g_assert_cmpint (problem->level, ==, level);
  g_assert_cmpstr (problem->path, ==, path);
  g_assert_cmpuint (problem->line, ==, line);
  g_assert_nonnull (strstr (problem->message, words));
}

#define D ", \"dockerfile\": \"Dockerfile\""
#define EDIT(path) ",\n\"edit\": {\"path\": \"" path "\", \"append\": \"x\"}"

static void
test_good (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BoProblems) problems
      = check (fixture, D ", \"target\": \"build\"",
               EDIT ("src/app.py") ", \"run\": {\"mounts\": [{\"copy\": \"src\", \"to\": \"/x\"}]}");

  g_assert_cmpuint (problems->items->len, ==, 0);
}

static void
test_dockerfile (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *strategy;
    BoProblemLevel level;
    const char *path;
    guint line;
    const char *words;
  } cases[] = {
    { ", \"dockerfile\": \"No\"", BO_PROBLEM_ERROR, "$.strategies[0].dockerfile", 2, "there is no “No”" },
    { ", \"dockerfile\": \"src\"", BO_PROBLEM_ERROR, "$.strategies[0].dockerfile", 2, "not a Dockerfile" },
    { D ", \"target\": \"final\"", BO_PROBLEM_ERROR, "$.strategies[0].target", 2, "no stage “final”" },
    { ", \"dockerfile\": \"fixed\"", BO_PROBLEM_WARNING, "$.strategies[0].dockerfile", 2,
      "does not build on" },
    { D ", \"prebuild\": [{\"build\": \"Dockerfile.wheels\", \"as\": \"w\"}]", BO_PROBLEM_WARNING,
      "$.strategies[0].prebuild[0].as", 2, "does not use" },
    { D ", \"prebuild\": [{\"build\": \"Dockerfile.wheels\", \"as\": \"BUILD\"}]", BO_PROBLEM_ERROR,
      "$.strategies[0].prebuild[0].as", 2, "never be used" },
    { ", \"dockerfile\": \"uses-w\", \"prebuild\": [{\"build\": \"gone\", \"as\": \"w\"}]", BO_PROBLEM_ERROR,
      "$.strategies[0].prebuild[0].build", 2, "there is no “gone”" },
    { ", \"dockerfile\": \"uses-w\", \"prebuild\": [{\"build\": \"Dockerfile.wheels\", \"as\": \"w\","
      " \"target\": \"x\"}]",
      BO_PROBLEM_ERROR, "$.strategies[0].prebuild[0].target", 2, "no stage “x”" },
    { D ", \"run\": {\"mounts\": [{\"copy\": \"books\", \"to\": \"/b\"}]}", BO_PROBLEM_ERROR,
      "$.strategies[0].run.mounts", 2, "there is no “books”" },
    { ", \"dockerfile\": \"broken\"", BO_PROBLEM_ERROR, "broken", 2, "" },
    { ", \"dockerfile\": \"outside\"", BO_PROBLEM_ERROR, "$.strategies[0].dockerfile", 2,
      "out of the context" },
  };
  g_autofree char *outside = g_build_filename (fixture->folder, "outside", NULL);

  put (fixture, "fixed", "FROM alpine\n");
  put (fixture, "uses-w", "ARG BASE_IMAGE\nFROM ${BASE_IMAGE}\nCOPY --from=w /x /x\n");
  put (fixture, "broken", "FROM debian:12\nRUNN x\n");
  g_assert_cmpint (symlink ("/etc/passwd", outside), ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (BoProblems) problems = check (fixture, cases[i].strategy, "");

      assert_one (problems, cases[i].level, cases[i].path, cases[i].line, cases[i].words);
    }
}

static void
test_edit (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *ignore_file;
    const char *ignored;
    const char *study;
    const char *words;
  } cases[] = {
    { NULL, NULL, EDIT ("gone.py"), "there is no “gone.py”" },
    { NULL, NULL, EDIT ("src"), "regular file" },
    { NULL, NULL, EDIT ("link.py"), "regular file" },
    { NULL, NULL, EDIT ("escape.py"), "out of the context" },
    { ".dockerignore", "src\n", EDIT ("src/app.py"), "ignored by .dockerignore" },
    { ".dockerignore", "*\n!src/*.py\n", EDIT ("src/app.py"), NULL },
    { "Dockerfile.dockerignore", "**/*.py\n", EDIT ("src/app.py"), "ignored by Dockerfile.dockerignore" },
  };
  g_autofree char *link = g_build_filename (fixture->folder, "link.py", NULL);
  g_autofree char *escape = g_build_filename (fixture->folder, "escape.py", NULL);

  g_assert_cmpint (symlink ("src/app.py", link), ==, 0);
  g_assert_cmpint (symlink ("/etc/passwd", escape), ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (BoProblems) problems = NULL;

      if (cases[i].ignore_file != NULL)
        put (fixture, cases[i].ignore_file, cases[i].ignored);
      problems = check (fixture, D, cases[i].study);
      if (cases[i].words == NULL)
        g_assert_cmpuint (problems->items->len, ==, 0);
      else
        assert_one (problems, BO_PROBLEM_ERROR, "$.edit.path", 3, cases[i].words);
    }
}

static void
test_context (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BoProblems) problems = check (fixture, D, ",\n\"context\": \"nowhere\"");

  assert_one (problems, BO_PROBLEM_ERROR, "$.context", 3, "cannot be used");
}

/* Loads what a scaffold came to; it must be a study without any problem. */
static BoStudy *
load_scaffold (Fixture *fixture)
{
  g_autoptr (BoProblems) problems = bo_problems_new ();
  g_autoptr (BoStudy) study = bo_study_load (fixture->folder, NULL, problems);

  if (study != NULL)
    bo_study_check_files (study, NULL, problems);
  for (guint i = 0; i < problems->items->len; i++)
    {
      g_autofree char *line = bo_problem_to_string (bo_problems_get (problems, i));

      g_test_message ("%s", line);
    }
  g_assert_cmpuint (problems->items->len, ==, 0);
  return g_steal_pointer (&study);
}

static BoStudyScaffold *
make_scaffold (const char *folder,
               const char *name,
               const char *const *templates,
               const char *const *images,
               GError **error)
{
  const BoStudyScaffoldChoice choice = { .name = name, .templates = templates, .images = images };

  return bo_study_scaffold_new (folder, &choice, error);
}

static void
make (Fixture *fixture, const char *const *templates, const char *const *images, guint n_files)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BoStudyScaffold) scaffold
      = make_scaffold (fixture->folder, "A project", templates, images, &error);
  g_autoptr (GPtrArray) written = g_ptr_array_new_with_free_func (g_free);

  g_assert_no_error (error);
  g_assert_true (bo_study_scaffold_write (scaffold, TRUE, written, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (written->len, ==, n_files);
}

static void
test_scaffold_folder (Fixture *fixture, gconstpointer data)
{
  static const char *const images[] = { "dustynv/pytorch:2.6", "nvcr.io/nvidia/pytorch:25.01", NULL };
  g_autoptr (BoStudy) study = NULL;
  const BoStrategy *strategy;

  put (fixture, "sub/Dockerfile", "ARG BASE_IMAGE=x:1\nFROM ${BASE_IMAGE}\nCOPY --from=wheels /w /w\n");
  put (fixture, "fixed.Dockerfile", "FROM alpine:3 AS a\nFROM scratch\nCOPY --from=a / /\n");
  put (fixture, "Dockerfile.dockerignore", "FROM x\n");
  put (fixture, ".git/Dockerfile", "FROM x\n");
  make (fixture, NULL, images, 1);
  study = load_scaffold (fixture);

  g_assert_cmpstr (study->name, ==, "A project");
  g_assert_true (g_str_has_prefix (study->id, "a-project-"));
  g_assert_cmpstr (study->baseline, ==, "original");
  g_assert_cmpstr (study->edit_path, ==, "src/app.py");
  g_assert_cmpstr (study->edit_append, ==, "# ${TRIAL}\n");
  g_assert_cmpuint (study->repetitions, ==, 1);
  g_assert_cmpuint (study->conditions->len, ==, 1);
  g_assert_cmpuint (study->bases->len, ==, 3);
  g_assert_cmpstr (bo_study_get_base (study, "dustynv-pytorch")->image, ==, "dustynv/pytorch:2.6");
  g_assert_cmpstr (bo_study_get_base (study, "nvidia-pytorch")->image, ==, "nvcr.io/nvidia/pytorch:25.01");
  g_assert_cmpuint (study->strategies->len, ==, 3);
  strategy = bo_study_get_strategy (study, "original");
  g_assert_cmpstr (strategy->dockerfile, ==, "Dockerfile");
  g_assert_cmpuint (strategy->bases->len, ==, 2);
  strategy = bo_study_get_strategy (study, "sub");
  g_assert_cmpuint (strategy->prebuilds->len, ==, 1);
  g_assert_cmpstr (((BoPrebuild *) g_ptr_array_index (strategy->prebuilds, 0))->dockerfile, ==,
                   "Dockerfile.wheels");
  strategy = bo_study_get_strategy (study, "fixed");
  g_assert_cmpuint (strategy->bases->len, ==, 1);
  g_assert_cmpstr (g_ptr_array_index (strategy->bases, 0), ==, "alpine");
}

/* Some of the Dockerfiles, with what they copy from. */
static void
test_scaffold_some (Fixture *fixture, gconstpointer data)
{
  static const char *const images[] = { "debian:12", NULL };
  const char *const sub[] = { "sub/Dockerfile", NULL };
  const char *const wheels[] = { "Dockerfile.wheels", NULL };
  const char *const none[] = { "Dockerfile.none", NULL };
  BoStudyScaffoldChoice choice = { .images = images, .dockerfiles = sub, .repetitions = 3 };
  g_autoptr (GPtrArray) written = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (BoStudyScaffold) scaffold = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (BoStudy) study = NULL;

  put (fixture, "sub/Dockerfile", "ARG BASE_IMAGE=x:1\nFROM ${BASE_IMAGE}\nCOPY --from=wheels /w /w\n");
  scaffold = bo_study_scaffold_new (fixture->folder, &choice, &error);
  g_assert_no_error (error);
  g_assert_true (bo_study_scaffold_write (scaffold, TRUE, written, &error));
  study = load_scaffold (fixture);
  g_assert_cmpuint (study->repetitions, ==, 3);
  g_assert_cmpuint (study->strategies->len, ==, 1);
  g_assert_cmpuint (((BoStrategy *) study->strategies->pdata[0])->prebuilds->len, ==, 1);

  g_clear_pointer (&scaffold, bo_study_scaffold_free);
  g_clear_pointer (&study, bo_study_unref);
  choice.dockerfiles = wheels;
  scaffold = bo_study_scaffold_new (fixture->folder, &choice, &error);
  g_assert_no_error (error);
  g_assert_true (bo_study_scaffold_write (scaffold, TRUE, written, &error));
  study = load_scaffold (fixture);
  g_assert_cmpuint (study->strategies->len, ==, 1);
  g_assert_cmpstr (((BoStrategy *) study->strategies->pdata[0])->dockerfile, ==, "Dockerfile.wheels");

  choice.dockerfiles = none;
  g_assert_null (bo_study_scaffold_new (fixture->folder, &choice, &error));
  g_assert_error (error, BO_STUDY_SCAFFOLD_ERROR, BO_STUDY_SCAFFOLD_ERROR_NO_DOCKERFILE);
}

/* Each template alone, and all together, are studies without fault. */
static void
test_scaffold_templates (Fixture *fixture, gconstpointer data)
{
  static const char *const images[] = { "debian:12", NULL };
  static const char *const all[] = { "all", "wheel-test", NULL };
  g_autoptr (GPtrArray) templates = bo_study_template_list ();
  g_autoptr (BoStudy) study = NULL;

  put (fixture, "requirements.txt", "torch==2.6.0\nnumpy\n");
  put (fixture, "pyproject.toml", "[project]\n");
  g_assert_cmpuint (templates->len, ==, 8);
  for (guint i = 0; i < templates->len; i++)
    {
      const BoStudyTemplate *template = g_ptr_array_index (templates, i);
      const char *const names[] = { template->id, NULL };
      g_autoptr (BoStudy) one = NULL;

      g_test_message ("%s", template->id);
      make (fixture, names, images, template->files->len + 1);
      one = load_scaffold (fixture);
      g_assert_cmpuint (one->strategies->len, ==, 1);
      g_assert_cmpstr (one->baseline, ==, template->id);
    }
  make (fixture, all, images, 10);
  study = load_scaffold (fixture);
  g_assert_cmpuint (study->strategies->len, ==, 8);
  g_assert_cmpstr (study->edit_path, ==, "src/app.py");
}

static void
test_scaffold_errors (Fixture *fixture, gconstpointer data)
{
  static const char *const images[] = { "debian:12", NULL };
  static const char *const nope[] = { "nope", NULL };
  static const char *const package[] = { "package", NULL };
  g_autoptr (GPtrArray) written = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *empty = g_build_filename (fixture->folder, "src", NULL);
  g_autofree char *missing = g_build_filename (fixture->folder, "missing", NULL);
  g_autoptr (BoStudyScaffold) scaffold = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_null (make_scaffold (empty, NULL, NULL, images, &error));
  g_assert_error (error, BO_STUDY_SCAFFOLD_ERROR, BO_STUDY_SCAFFOLD_ERROR_NO_DOCKERFILE);
  g_clear_error (&error);
  g_assert_null (make_scaffold (missing, NULL, NULL, images, &error));
  g_assert_error (error, BO_STUDY_SCAFFOLD_ERROR, BO_STUDY_SCAFFOLD_ERROR_FOLDER);
  g_clear_error (&error);
  /* Every Dockerfile here wants BASE_IMAGE, and none says which. */
  g_assert_null (make_scaffold (fixture->folder, NULL, NULL, NULL, &error));
  g_assert_error (error, BO_STUDY_SCAFFOLD_ERROR, BO_STUDY_SCAFFOLD_ERROR_NO_BASE);
  g_clear_error (&error);
  g_assert_null (make_scaffold (fixture->folder, NULL, nope, images, &error));
  g_assert_error (error, BO_STUDY_SCAFFOLD_ERROR, BO_STUDY_SCAFFOLD_ERROR_NO_TEMPLATE);
  g_clear_error (&error);
  g_assert_null (make_scaffold (fixture->folder, NULL, package, images, &error));
  g_assert_error (error, BO_STUDY_SCAFFOLD_ERROR, BO_STUDY_SCAFFOLD_ERROR_NEEDS);
  g_clear_error (&error);

  /* Nothing is written when one file is in the way. */
  put (fixture, "setup.py", "");
  put (fixture, "docker/Dockerfile.package", "mine");
  scaffold = make_scaffold (fixture->folder, NULL, package, images, &error);
  g_assert_no_error (error);
  g_assert_false (bo_study_scaffold_write (scaffold, FALSE, written, &error));
  g_assert_error (error, BO_STUDY_SCAFFOLD_ERROR, BO_STUDY_SCAFFOLD_ERROR_EXISTS);
  g_assert_cmpuint (written->len, ==, 0);
}

#define ADD(name, function) g_test_add (name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/study-files/good", test_good);
  ADD ("/study-files/dockerfile", test_dockerfile);
  ADD ("/study-files/edit", test_edit);
  ADD ("/study-files/context", test_context);
  ADD ("/study-scaffold/folder", test_scaffold_folder);
  ADD ("/study-scaffold/some", test_scaffold_some);
  ADD ("/study-scaffold/templates", test_scaffold_templates);
  ADD ("/study-scaffold/errors", test_scaffold_errors);
  return g_test_run ();
}
