/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include <archive.h>
#include <archive_entry.h>
#include <glib.h>
#include <glib/gstdio.h>

#include "bench/bo-copy-archive.h"

static int
compare_cb (gconstpointer a, gconstpointer b)
{
  return g_strcmp0 (*(char *const *) a, *(char *const *) b);
}

/* "path" for a folder, "path=content" for a file, in the order of the tar. */
static char *
list (const char *tar)
{
  struct archive *archive = archive_read_new ();
  struct archive_entry *entry;
  GPtrArray *lines = g_ptr_array_new_with_free_func (g_free);
  char *joined;

  archive_read_support_format_tar (archive);
  g_assert_cmpint (archive_read_open_filename (archive, tar, 4096), ==, ARCHIVE_OK);
  while (archive_read_next_header (archive, &entry) == ARCHIVE_OK)
    {
      char content[64] = "";

      if (archive_entry_filetype (entry) == AE_IFREG)
        {
          la_ssize_t n = archive_read_data (archive, content, sizeof content - 1);

          g_assert_cmpint (n, >=, 0);
          g_ptr_array_add (lines, g_strdup_printf ("%s=%s", archive_entry_pathname (entry), content));
        }
      else
        {
          g_ptr_array_add (lines, g_strdup (archive_entry_pathname (entry)));
        }
      g_assert_cmpint (archive_entry_mtime (entry), ==, 0);
    }
  archive_read_free (archive);
  g_ptr_array_sort (lines, compare_cb);
  g_ptr_array_add (lines, NULL);
  joined = g_strjoinv (" ", (char **) lines->pdata);
  g_ptr_array_unref (lines);
  return joined;
}

static void
test_paths (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = g_dir_make_tmp ("bakeoff-copy-XXXXXX", &error);
  g_autofree char *source = g_build_filename (folder, "books", NULL);
  g_autofree char *sub = g_build_filename (source, "sub", NULL);
  g_autofree char *one = g_build_filename (source, "one.txt", NULL);
  g_autofree char *two = g_build_filename (sub, "two.txt", NULL);
  g_autofree char *tar = g_build_filename (folder, "out.tar", NULL);
  g_autofree char *tree = NULL;
  g_autofree char *into = NULL;
  g_autofree char *as = NULL;
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;
  gsize first_size;
  gsize second_size;

  g_assert_no_error (error);
  g_assert_cmpint (g_mkdir_with_parents (sub, 0700), ==, 0);
  g_assert_true (g_file_set_contents (one, "1", -1, NULL));
  g_assert_true (g_file_set_contents (two, "22", -1, NULL));

  g_assert_true (bo_copy_archive_write (source, "/data/books", tar, &error));
  g_assert_no_error (error);
  tree = list (tar);
  /* Parents are not in it, so an image's /data keeps its owner and mode. */
  g_assert_cmpstr (tree, ==, "data/books/ data/books/one.txt=1 data/books/sub/ data/books/sub/two.txt=22");

  g_assert_true (g_file_get_contents (tar, &first, &first_size, NULL));
  g_assert_true (bo_copy_archive_write (source, "/data/books", tar, &error));
  g_assert_true (g_file_get_contents (tar, &second, &second_size, NULL));
  g_assert_cmpmem (first, first_size, second, second_size);

  g_assert_true (bo_copy_archive_write (one, "/data/", tar, &error));
  into = list (tar);
  g_assert_cmpstr (into, ==, "data/one.txt=1");
  g_assert_true (bo_copy_archive_write (one, "/data/other.txt", tar, &error));
  as = list (tar);
  g_assert_cmpstr (as, ==, "data/other.txt=1");

  g_assert_false (bo_copy_archive_write ("/nonexistent/bakeoff", "/x", tar, &error));
  g_assert_nonnull (error);
  g_assert_nonnull (strstr (error->message, "/nonexistent/bakeoff"));

  g_unlink (one);
  g_unlink (two);
  g_unlink (tar);
  g_rmdir (sub);
  g_rmdir (source);
  g_rmdir (folder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/copy-archive/paths", test_paths);
  return g_test_run ();
}
