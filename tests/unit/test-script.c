/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include <glib/gstdio.h>

#include "durable/bo-courier-program.h"
#include "bench/bo-script.h"
#include "bo-play-script.h"

#define RECIPE "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static BoScript *
make_script (void)
{
  static const char *const needles[] = { "\"code\":137", "context canceled", NULL };
  BoScript *script = bo_script_new ("20261124-061200-3fa9");
  BoScriptItem *item = NULL;
  g_autoptr (GBytes) odd = g_bytes_new ("a\0b\nend\n", 8);
  g_autofree char *path = NULL;
  guint listed = 0;

  bo_script_add_secret (script, "HF_TOKEN");
  g_assert_cmpuint (bo_script_watch (script, "/v1.41/events"), ==, 1);
  bo_script_begin_chain (script, "setup", BO_SCRIPT_CHAIN_SETUP);
  bo_script_begin_chain (script, "original-dusty-1", BO_SCRIPT_CHAIN_TRIALS);
  listed = bo_script_item_get_number (bo_script_add_sweep_list (script, "/v1.41/system/df", NULL));
  g_assert_cmpuint (listed, ==, 2);

  path = bo_script_path ("/v1.41/build", "version", "1", "t", "bakeoff-x:latest", "target", NULL, "buildargs",
                         "{\"A B\":\"ü&=\"}", NULL);
  g_assert_cmpstr (path, ==, "/v1.41/build?version=1&t=bakeoff-x%3Alatest&buildargs=%7B%22A%20B%22%3A%22%C3%BC%26%3D%22%7D");
  item = bo_script_add_request (script, "POST", path, "{\"trial\":\"t1\"}");
  bo_script_item_add_header (item, "Content-Type", "application/x-tar");
  bo_script_item_add_literal (item, odd);
  bo_script_item_add_recipe (item, RECIPE);
  bo_script_item_add_text (item, "");
  bo_script_item_set_limit (item, 21600000000);
  bo_script_item_add_needs (item, listed);
  bo_script_item_set_trial_end (item);

  bo_script_add_settle (script, 3, 15000000, needles, NULL);
  item = bo_script_add_request (script, "DELETE", "/v1.41/images/bakeoff-x:latest", NULL);
  bo_script_item_add_expect (item, 200);
  bo_script_item_add_expect (item, 404);
  bo_script_item_add_unless (item, 3);
  bo_script_item_add_unless (item, 2);
  bo_script_item_set_always (item);
  item = bo_script_add_sweep_prune (script, listed, "/v1.41/system/df", "/v1.41/build/prune?all=1", NULL);
  bo_script_item_set_always (item);
  return script;
}

static const char expected[] = "bakeoff-script 1\n"
                               "campaign 20261124-061200-3fa9\n"
                               "secret HF_TOKEN\n"
                               "watch 1 /v1.41/events\n"
                               "chain setup setup\n"
                               "chain original-dusty-1 trials\n"
                               "item 2\n"
                               "kind sweep-list\n"
                               "path /v1.41/system/df\n"
                               "end\n"
                               "item 3\n"
                               "kind request\n"
                               "about {\"trial\":\"t1\"}\n"
                               "method POST\n"
                               "path /v1.41/build?version=1&t=bakeoff-x%3Alatest&buildargs="
                               "%7B%22A%20B%22%3A%22%C3%BC%26%3D%22%7D\n"
                               "header Content-Type: application/x-tar\n"
                               "body-literal 8\na\0b\nend\n\n"
                               "body-recipe " RECIPE "\n"
                               "body-literal 0\n\n"
                               "limit 21600000000\n"
                               "needs 2\n"
                               "trial-end\n"
                               "end\n"
                               "item 4\n"
                               "kind settle\n"
                               "of 3\n"
                               "needle \"code\":137\n"
                               "needle context canceled\n"
                               "limit 15000000\n"
                               "end\n"
                               "item 5\n"
                               "kind request\n"
                               "method DELETE\n"
                               "path /v1.41/images/bakeoff-x:latest\n"
                               "unless 3 2\n"
                               "expect 200 404\n"
                               "always\n"
                               "end\n"
                               "item 6\n"
                               "kind sweep-prune\n"
                               "of 2\n"
                               "path /v1.41/system/df\n"
                               "prune-path /v1.41/build/prune?all=1\n"
                               "always\n"
                               "end\n";

static void
test_text (void)
{
  g_autoptr (BoScript) script = make_script ();
  g_autoptr (GBytes) bytes = bo_script_to_bytes (script);
  gsize length = 0;
  const char *data = g_bytes_get_data (bytes, &length);

  g_assert_cmpmem (data, length, expected, sizeof expected - 1);
}

/* What the core writes is what the courier reads. */
static void
test_round_trip (void)
{
  g_autoptr (BoScript) script = make_script ();
  g_autoptr (GBytes) bytes = bo_script_to_bytes (script);
  gsize length = 0;
  const char *data = g_bytes_get_data (bytes, &length);
  BoPlayScript read = { 0 };
  const BoPlayItem *build = NULL;
  char error[400] = "";

  if (!bo_play_script_parse (&read, data, length, error, sizeof error))
    g_error ("%s", error);
  g_assert_true (bo_span_equals (read.campaign, "20261124-061200-3fa9"));
  g_assert_cmpuint (read.watch_number, ==, 1);
  g_assert_cmpuint (read.secrets.length, ==, 1);
  g_assert_cmpuint (read.n_chains, ==, 2);
  g_assert_cmpuint (read.n_items, ==, 5);
  g_assert_cmpint (read.chains[0].kind, ==, BO_PLAY_SETUP);
  g_assert_cmpuint (read.chains[0].n_items, ==, 0);
  g_assert_cmpuint (read.chains[1].first_item, ==, 0);
  g_assert_cmpuint (read.chains[1].n_items, ==, 5);

  build = &read.items[bo_play_script_find (&read, 3)];
  g_assert_cmpint (build->kind, ==, BO_PLAY_REQUEST);
  g_assert_true (bo_span_equals (build->about, "{\"trial\":\"t1\"}"));
  g_assert_cmpint (build->limit_us, ==, 21600000000);
  g_assert_true (build->trial_end);
  g_assert_false (build->always);
  g_assert_cmpuint (build->n_pieces, ==, 3);
  g_assert_cmpmem (build->pieces[0].literal.data, build->pieces[0].literal.length, "a\0b\nend\n", 8);
  g_assert_cmpstr (build->pieces[1].recipe, ==, RECIPE);
  g_assert_cmpuint (build->pieces[2].literal.length, ==, 0);
  g_assert_cmpuint (read.items[2].needles.length, ==, 2);
  g_assert_cmpuint (read.items[3].unless.length, ==, 2);
  g_assert_cmpuint (read.items[3].expect.numbers[1], ==, 404);
  g_assert_cmpuint (read.items[4].of, ==, 2);
  g_assert_cmpint (bo_play_script_find (&read, 7), ==, -1);
  bo_play_script_clear (&read);
}

static void
test_files (void)
{
  g_autoptr (BoScript) script = make_script ();
  g_autofree char *folder = g_dir_make_tmp ("bakeoff-script.XXXXXX", NULL);
  g_autofree char *inner = g_build_filename (folder, "campaign", NULL);
  static const char *const names[] = { "script", "order", "command" };
  static const char *const order[] = { "b", "a", NULL };
  g_autoptr (GError) error = NULL;

  g_assert_true (bo_script_write (script, inner, &error));
  g_assert_no_error (error);
  g_assert_true (bo_script_write_order (inner, order, &error));
  g_assert_true (bo_script_write_command (inner, BO_SCRIPT_COMMAND_STOP_NOW, &error));
  g_assert_true (bo_script_write_command (inner, BO_SCRIPT_COMMAND_STOP_AFTER_TRIAL, &error));
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (inner, names[i], NULL);
      g_autofree char *text = NULL;
      gsize length = 0;

      g_assert_true (g_file_get_contents (path, &text, &length, NULL));
      if (i == 0)
        g_assert_cmpmem (text, length, expected, sizeof expected - 1);
      else
        g_assert_cmpstr (text, ==, i == 1 ? "b\na\n" : "stop-after-trial\n");
      g_assert_cmpint (g_unlink (path), ==, 0);
    }
  g_assert_cmpint (g_rmdir (inner), ==, 0);
  g_assert_cmpint (g_rmdir (folder), ==, 0);

  /* A folder that cannot be made: the error names it. */
  g_assert_false (bo_script_write (script, "/proc/version/x", &error));
  g_assert_nonnull (error);
  g_assert_nonnull (strstr (error->message, "/proc/version/x"));
}

static void
test_program (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = bo_courier_find_program (&error);

  g_assert_no_error (error);
  g_assert_true (g_str_has_suffix (path, "/src/courier/bakeoff-courier"));
  g_setenv ("BAKEOFF_COURIER", "/nonexistent/courier", TRUE);
  g_assert_null (bo_courier_find_program (&error));
  g_assert_error (error, BO_COURIER_PROGRAM_ERROR, BO_COURIER_PROGRAM_ERROR_MISSING);
  g_assert_nonnull (strstr (error->message, "/nonexistent/courier"));
  g_unsetenv ("BAKEOFF_COURIER");
}

static void
test_device_program (void)
{
  static const char *const words[][2] = {
    { "aarch64", "bakeoff-courier-aarch64" },
    { "arm64", "bakeoff-courier-aarch64" },
    { "x86_64", "bakeoff-courier-x86_64" },
    { "amd64", "bakeoff-courier-x86_64" },
  };
  g_autoptr (GError) error = NULL;
  g_autofree char *named = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    {
      g_autoptr (GError) missing = NULL;
      g_autofree char *path = bo_courier_find_device_program (words[i][0], &missing);

      /* Without a cross compiler it is not built, and said to be missing under its right name. */
      if (path == NULL)
        {
          g_assert_error (missing, BO_COURIER_PROGRAM_ERROR, BO_COURIER_PROGRAM_ERROR_MISSING);
          g_assert_nonnull (strstr (missing->message, words[i][1]));
        }
      else
        {
          g_assert_true (g_str_has_suffix (path, words[i][1]));
          g_assert_true (strstr (path, "/src/courier/") != NULL);
        }
    }

  g_assert_null (bo_courier_find_device_program ("riscv64", &error));
  g_assert_error (error, BO_COURIER_PROGRAM_ERROR, BO_COURIER_PROGRAM_ERROR_ARCH);
  g_assert_nonnull (strstr (error->message, "riscv64"));
  g_clear_error (&error);

  g_setenv ("BAKEOFF_COURIER_DEVICE", "/nonexistent/courier", TRUE);
  g_assert_null (bo_courier_find_device_program ("arm64", &error));
  g_assert_error (error, BO_COURIER_PROGRAM_ERROR, BO_COURIER_PROGRAM_ERROR_MISSING);
  g_assert_nonnull (strstr (error->message, "/nonexistent/courier"));
  g_clear_error (&error);
  g_setenv ("BAKEOFF_COURIER_DEVICE", "/bin/true", TRUE);
  named = bo_courier_find_device_program ("riscv64", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (named, ==, "/bin/true");
  g_unsetenv ("BAKEOFF_COURIER_DEVICE");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/script/text", test_text);
  g_test_add_func ("/script/round-trip", test_round_trip);
  g_test_add_func ("/script/files", test_files);
  g_test_add_func ("/script/program", test_program);
  g_test_add_func ("/script/device-program", test_device_program);
  return g_test_run ();
}
