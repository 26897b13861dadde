/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "engine/bo-private-folder.h"

static guint
count_entries (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  guint n = 0;

  while (dir != NULL && g_dir_read_name (dir) != NULL)
    n++;
  return n;
}

/* One that is held stays whatever process asks; one whose process was killed goes with the next. */
static void
test_left_behind (void)
{
  g_autofree char *parent = g_build_filename (g_get_user_runtime_dir (), "bakeoff", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (BoPrivateFolder) mine = bo_private_folder_new (&error);
  g_autoptr (BoPrivateFolder) next = NULL;
  g_autofree char *file = NULL;
  struct stat info;
  int made[2];
  char byte;
  pid_t pid;

  g_assert_no_error (error);
  g_assert_cmpint (stat (bo_private_folder_get_path (mine), &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0700);
  file = bo_private_folder_get_file (mine, "socket");
  g_assert_true (g_file_set_contents (file, "", 0, NULL));

  g_assert_cmpint (pipe (made), ==, 0);
  pid = fork ();
  if (pid == 0)
    {
      BoPrivateFolder *theirs = bo_private_folder_new (NULL);
      g_autofree char *theirs_file = bo_private_folder_get_file (theirs, "socket");

      /* A test that fails leaves nobody waiting. */
      prctl (PR_SET_PDEATHSIG, SIGKILL);
      g_file_set_contents (theirs_file, "", 0, NULL);
      if (write (made[1], "", 1) == 1)
        pause ();
      _exit (1);
    }
  close (made[1]);
  g_assert_cmpint (read (made[0], &byte, 1), ==, 1);
  g_assert_cmpuint (count_entries (parent), ==, 2);
  kill (pid, SIGKILL);
  g_assert_cmpint (waitpid (pid, NULL, 0), ==, pid);
  g_assert_cmpuint (count_entries (parent), ==, 2);

  next = bo_private_folder_new (&error);
  g_assert_no_error (error);
  g_assert_cmpuint (count_entries (parent), ==, 2);
  g_assert_true (g_file_test (file, G_FILE_TEST_EXISTS));
  g_clear_pointer (&next, bo_private_folder_free);
  g_clear_pointer (&mine, bo_private_folder_free);
  g_assert_cmpuint (count_entries (parent), ==, 0);
  close (made[0]);
  g_rmdir (parent);
}

int
main (int argc, char **argv)
{
  g_autofree char *folder = g_dir_make_tmp ("bakeoff-folder-XXXXXX", NULL);
  int status;

  g_setenv ("XDG_RUNTIME_DIR", folder, TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/private-folder/left-behind", test_left_behind);
  status = g_test_run ();
  g_rmdir (folder);
  return status;
}
