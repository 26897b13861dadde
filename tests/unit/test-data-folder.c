/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gstdio.h>

#include "results/bo-data-folder.h"
#include "results/bo-store.h"

static char *
read_folder (BoDataFolderOrigin expected)
{
  g_autoptr (GError) error = NULL;
  BoDataFolderOrigin origin;
  char *folder = bo_data_folder_read (&origin, &error);

  g_assert_no_error (error);
  g_assert_cmpint (origin, ==, expected);
  return folder;
}

static void
test_choice (void)
{
  g_autofree char *standard = bo_data_folder_get_default ();
  g_autofree char *config = g_build_filename (g_get_user_config_dir (), "bakeoff", "bakeoff.conf", NULL);
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = read_folder (BO_DATA_FOLDER_DEFAULT);
  g_autofree char *text = NULL;
  g_autofree char *store = NULL;

  g_assert_cmpstr (folder, ==, standard);
  store = bo_store_get_default_path ();
  g_assert_true (g_str_has_prefix (store, standard));

  g_assert_true (bo_data_folder_choose ("/mnt/fast/results", &error));
  g_assert_no_error (error);
  g_free (folder);
  folder = read_folder (BO_DATA_FOLDER_CHOSEN);
  g_assert_cmpstr (folder, ==, "/mnt/fast/results");
  /* A program that runs keeps its folder. */
  g_free (folder);
  folder = bo_data_folder_get ();
  g_assert_cmpstr (folder, ==, standard);

  g_setenv (BO_DATA_FOLDER_VARIABLE, "/elsewhere/./x", TRUE);
  g_free (folder);
  folder = read_folder (BO_DATA_FOLDER_ENVIRONMENT);
  g_assert_cmpstr (folder, ==, "/elsewhere/x");
  g_unsetenv (BO_DATA_FOLDER_VARIABLE);

  /* What else is in the file stays. */
  g_assert_true (g_file_set_contents (config, "# mine\n[Other]\nKey=1\n[Results]\nFolder=/a\n", -1, NULL));
  g_assert_true (bo_data_folder_choose (NULL, &error));
  g_assert_true (g_file_get_contents (config, &text, NULL, NULL));
  g_assert_nonnull (g_strstr_len (text, -1, "# mine\n"));
  g_assert_nonnull (g_strstr_len (text, -1, "[Other]\nKey=1\n"));
  g_free (folder);
  folder = read_folder (BO_DATA_FOLDER_DEFAULT);

  g_assert_true (g_file_set_contents (config, "[Results]\nFolder=results\n", -1, NULL));
  g_assert_null (bo_data_folder_read (NULL, &error));
  g_assert_error (error, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_INVALID_VALUE);
  g_clear_error (&error);
  g_assert_true (g_file_set_contents (config, "no key file", -1, NULL));
  g_assert_null (bo_data_folder_read (NULL, &error));
  g_assert_nonnull (error);
  g_clear_error (&error);
  g_assert_false (bo_data_folder_choose (NULL, &error));
  g_assert_nonnull (error);
}

int
main (int argc, char **argv)
{
  g_unsetenv (BO_DATA_FOLDER_VARIABLE);
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/data-folder/choice", test_choice);
  return g_test_run ();
}
