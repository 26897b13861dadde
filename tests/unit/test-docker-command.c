/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include <glib.h>
#include <glib/gstdio.h>

#include "bench/bo-docker-command.h"

static const char study_text[]
  = "{\n"
    "  \"format\": 1, \"id\": \"try\", \"name\": \"Try\", \"baseline\": \"a\",\n"
    "  \"bases\": [{\"id\": \"x\", \"title\": \"X\", \"image\": \"registry:5000/x:1\"}],\n"
    "  \"builders\": [\"classic\", \"buildkit\"],\n"
    "  \"conditions\": [\"cold\", \"cold-layers\", \"warm\", \"edited\"],\n"
    "  \"edit\": {\"path\": \"app.py\", \"append\": \"#\"},\n"
    "  \"run\": {\"network\": \"host\"},\n"
    "  \"strategies\": [\n"
    "    {\"id\": \"a\", \"title\": \"A\", \"dockerfile\": \"Dockerfile\", \"target\": \"app\",\n"
    "     \"build_args\": {\"GREETING\": \"it's $HOME\", \"FROM_BASE\": \"${BASE_IMAGE}-x\"}},\n"
    "    {\"id\": \"b\", \"title\": \"B\", \"dockerfile\": \"plain file\",\n"
    "     \"prebuild\": [{\"build\": \"Dockerfile.pre\", \"as\": \"wheels\", \"target\": \"out\"}]}\n"
    "  ]\n"
    "}\n";

static void
write_file (const char *folder, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

static void
remove_file (const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  g_remove (path);
}

static BoStudy *
load_study (const char *folder)
{
  g_autofree char *path = g_build_filename (folder, "bakeoff.json", NULL);
  g_autoptr (BoProblems) problems = bo_problems_new ();
  BoStudy *study = bo_study_load_from_data (study_text, -1, path, NULL, problems);

  for (guint i = 0; i < problems->items->len; i++)
    g_test_message ("%s", bo_problems_get (problems, i)->message);
  g_assert_nonnull (study);
  return study;
}

static char *
make (BoStudy *study, const char *key, const char *device)
{
  g_autoptr (BoCell) cell = bo_cell_parse_key (key);

  return bo_docker_command_new (study, cell, device);
}

static void
assert_has (const char *text, const char *part)
{
  if (strstr (text, part) != NULL)
    return;
  g_test_message ("“%s” is not in:\n%s", part, text);
  g_test_fail ();
}

static void
test_commands (void)
{
  g_autofree char *folder = g_dir_make_tmp ("bakeoff-docker-XXXXXX", NULL);
  g_autoptr (BoStudy) study = NULL;
  g_autofree char *cold = NULL;
  g_autofree char *warm = NULL;
  g_autofree char *prebuilt = NULL;
  g_autofree char *edited = NULL;
  g_autofree char *nothing = NULL;
  char *argv_check = NULL;
  g_auto (GStrv) argv = NULL;
  g_autofree char *line = NULL;

  write_file (folder, "Dockerfile", "ARG OTHER BASE_IMAGE=debian\nFROM ${BASE_IMAGE} AS app\n");
  write_file (folder, "plain file", "FROM debian\nARG BASE_IMAGES\n");
  write_file (folder, "Dockerfile.pre", "ARG BASE_IMAGE\nFROM ${BASE_IMAGE} AS out\n");
  study = load_study (folder);

  cold = make (study, "a/x/classic/cold", "ssh://me@nano");
  line = g_strdup (strstr (cold, "DOCKER_BUILDKIT"));
  g_strchomp (line);
  g_assert_cmpstr (line, ==,
                   "DOCKER_BUILDKIT=0 docker --host ssh://me@nano build --no-cache --network host --target app "
                   "--build-arg 'GREETING=it'\\''s $HOME' --build-arg FROM_BASE=registry:5000/x:1-x "
                   "--build-arg BASE_IMAGE=registry:5000/x:1 -f Dockerfile -t try:a .");
  /* A shell takes it apart again into what was meant. */
  g_assert_true (g_shell_parse_argv (line, NULL, &argv, NULL));
  g_assert_true (g_strv_contains ((const char *const *) argv, "GREETING=it's $HOME"));
  argv_check = g_strdup_printf ("cd '%s'\n", folder);
  assert_has (cold, argv_check);
  g_free (argv_check);
  /* Comments alone come before it, so that the whole can be pasted. */
  g_assert_true (g_str_has_prefix (cold, "# "));
  assert_has (cold, "as it was sent");

  warm = make (study, "a/x/buildkit/warm", NULL);
  assert_has (warm, "DOCKER_BUILDKIT=1 docker build --network");
  g_assert_null (strstr (warm, "--no-cache"));
  assert_has (warm, "run it twice");

  prebuilt = make (study, "b/x/buildkit/cold-layers", NULL);
  assert_has (prebuilt, "build --no-cache --network host --target out --build-arg BASE_IMAGE=registry:5000/x:1 "
                        "-f Dockerfile.pre -t wheels .\n");
  assert_has (prebuilt, "-f 'plain file' -t try:b .\n");
  g_assert_true (strstr (prebuilt, "-t wheels") < strstr (prebuilt, "-t try:b"));
  /* BASE_IMAGES is another argument. */
  g_assert_null (strstr (strstr (prebuilt, "-t wheels"), "BASE_IMAGE="));

  edited = make (study, "a/x/classic/edited", NULL);
  assert_has (edited, "change app.py");
  nothing = make (study, "c/x/classic/cold", NULL);
  g_assert_null (nothing);

  remove_file (folder, "Dockerfile");
  remove_file (folder, "plain file");
  remove_file (folder, "Dockerfile.pre");
  g_rmdir (folder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/docker-command/commands", test_commands);
  return g_test_run ();
}
