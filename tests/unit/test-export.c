/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <unistd.h>

#include <glib/gstdio.h>

#include "findings/bo-document-update.h"
#include "findings/bo-export.h"
#include "findings/bo-report-charts.h"

#include "sample-findings.h"

/* A folder of this test's own, and what it leaves there. */
typedef struct
{
  char *folder;
  char *path;
  BoReport *report;
} Fixture;

static void
remove_folder (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      if (g_file_test (child, G_FILE_TEST_IS_DIR))
        remove_folder (child);
      else
        g_assert_cmpint (g_remove (child), ==, 0);
    }
  g_rmdir (path);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = g_dir_make_tmp ("bakeoff-export-XXXXXX", NULL);
  fixture->path = g_build_filename (fixture->folder, "my findings.md", NULL);
  fixture->report = sample_report ();
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  remove_folder (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->path);
  bo_report_unref (fixture->report);
}

static char *
read_text (const char *path)
{
  char *text = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  return text;
}

static void
test_formats (Fixture *fixture, gconstpointer data)
{
  BoExportFormat found;

  for (BoExportFormat format = BO_EXPORT_MARKDOWN; format < BO_N_EXPORT_FORMATS; format++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *document = bo_export_make_document (fixture->report, format, &error);
      g_autofree char *saved = NULL;

      g_assert_no_error (error);
      g_assert_true (bo_export_format_from_string (bo_export_format_to_string (format), &found));
      g_assert_cmpint (found, ==, format);
      g_assert_true (bo_export_save (fixture->report, format, FALSE, fixture->path, &error));
      g_assert_no_error (error);
      saved = read_text (fixture->path);
      g_assert_cmpstr (saved, ==, document);
    }
  g_assert_false (bo_export_format_from_string ("docx", &found));
}

static void
test_charts (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *picture = g_build_filename (fixture->folder, "my findings-charts", "build-time-cold.svg", NULL);
  g_autofree char *text = NULL;

  g_assert_true (bo_export_save (fixture->report, BO_EXPORT_MARKDOWN, TRUE, fixture->path, &error));
  g_assert_no_error (error);
  text = read_text (fixture->path);
  g_assert_nonnull (strstr (text, "(my%20findings-charts/build-time-cold.svg)"));
  g_assert_true (g_file_test (picture, G_FILE_TEST_IS_REGULAR));
}

/* Without a place for the pictures, no document is written that would show them. */
static void
test_no_place (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *in_the_way = g_build_filename (fixture->folder, "my findings-charts", NULL);

  g_assert_true (g_file_set_contents (in_the_way, "", 0, NULL));
  g_assert_false (bo_export_save (fixture->report, BO_EXPORT_MARKDOWN, TRUE, fixture->path, &error));
  g_assert_nonnull (error);
  g_assert_false (g_file_test (fixture->path, G_FILE_TEST_EXISTS));
}

static void
test_name (Fixture *fixture, gconstpointer data)
{
  g_autofree char *markdown = bo_export_make_name (fixture->report->study, BO_EXPORT_MARKDOWN);
  g_autofree char *csv = bo_export_make_name (fixture->report->study, BO_EXPORT_CSV);

  g_assert_true (g_str_has_suffix (markdown, "-findings.md"));
  g_assert_true (g_str_has_suffix (csv, "-trials.csv"));
  g_assert_null (strchr (markdown, '/'));
}

static void
copy_document (const Fixture *fixture)
{
  g_autofree char *source = g_test_build_filename (G_TEST_DIST, "unit", "data", "build-validation.md", NULL);
  g_autofree char *text = read_text (source);

  g_assert_true (g_file_set_contents (fixture->path, text, -1, NULL));
}

static void
test_update (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BoDocumentUpdate) update = NULL;
  g_autoptr (BoDocumentUpdate) again = NULL;
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  g_autofree char *back = NULL;
  g_autofree char *diff = NULL;
  g_autofree char *words = NULL;
  g_autofree char *link = g_build_filename (fixture->folder, "link.md", NULL);
  GStatBuf info;

  copy_document (fixture);
  g_assert_cmpint (g_chmod (fixture->path, 0640), ==, 0);
  g_assert_cmpint (symlink ("my findings.md", link), ==, 0);
  before = read_text (fixture->path);
  update = bo_document_update_new (fixture->report, link, FALSE, &error);
  g_assert_no_error (error);
  g_assert_true (bo_document_update_changes (update));
  diff = bo_document_update_to_diff (update);
  g_assert_nonnull (strstr (diff, "\n@@ -"));
  words = bo_document_update_describe (update);
  g_assert_true (g_str_has_prefix (words, "Rows of the table that belong to a strategy: "));
  /* To look is not to write. */
  after = read_text (fixture->path);
  g_assert_cmpstr (after, ==, before);

  g_assert_true (bo_document_update_apply (update, &error));
  g_assert_no_error (error);
  g_free (after);
  after = read_text (fixture->path);
  g_assert_cmpmem (after, strlen (after), g_bytes_get_data (update->after, NULL), g_bytes_get_size (update->after));
  g_assert_true (g_file_test (link, G_FILE_TEST_IS_SYMLINK));
  g_assert_cmpint (g_stat (fixture->path, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 07777, ==, 0640);

  again = bo_document_update_new (fixture->report, link, FALSE, &error);
  g_assert_no_error (error);
  g_assert_false (bo_document_update_changes (again));
  g_free (words);
  words = bo_document_update_describe (again);
  g_assert_nonnull (strstr (words, "says all of it already"));

  g_assert_true (bo_document_update_undo (update, &error));
  g_assert_no_error (error);
  back = read_text (fixture->path);
  g_assert_cmpstr (back, ==, before);
}

/* Neither forth nor back over what somebody else has written. */
static void
test_changed (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BoDocumentUpdate) update = NULL;
  g_autofree char *folder = g_build_filename (fixture->folder, "my findings-charts", NULL);
  g_autofree char *text = NULL;

  copy_document (fixture);
  update = bo_document_update_new (fixture->report, fixture->path, TRUE, &error);
  g_assert_no_error (error);
  g_assert_true (g_file_set_contents (fixture->path, "another", -1, NULL));
  g_assert_false (bo_document_update_apply (update, &error));
  g_assert_error (error, BO_DOCUMENT_UPDATE_ERROR, BO_DOCUMENT_UPDATE_ERROR_CHANGED);
  g_clear_error (&error);
  g_assert_false (g_file_test (folder, G_FILE_TEST_EXISTS));

  copy_document (fixture);
  g_assert_true (bo_document_update_apply (update, &error));
  g_assert_no_error (error);
  g_assert_true (g_file_test (folder, G_FILE_TEST_IS_DIR));
  g_assert_true (g_file_set_contents (fixture->path, "another", -1, NULL));
  g_assert_false (bo_document_update_undo (update, &error));
  g_assert_error (error, BO_DOCUMENT_UPDATE_ERROR, BO_DOCUMENT_UPDATE_ERROR_CHANGED);
  text = read_text (fixture->path);
  g_assert_cmpstr (text, ==, "another");
}

static void
test_nothing_to_fill (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BoDocumentUpdate) update = NULL;

  update = bo_document_update_new (fixture->report, fixture->path, FALSE, &error);
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
  g_clear_error (&error);
  g_assert_null (update);
  g_assert_true (g_file_set_contents (fixture->path, "# Shopping\n\n- eggs\n", -1, NULL));
  update = bo_document_update_new (fixture->report, fixture->path, FALSE, &error);
  g_assert_error (error, BO_UPDATE_ERROR, BO_UPDATE_ERROR_NOT_FOUND);
  g_assert_null (update);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, func) g_test_add (name, Fixture, NULL, set_up, func, tear_down)
  ADD ("/export/formats", test_formats);
  ADD ("/export/charts", test_charts);
  ADD ("/export/no-place", test_no_place);
  ADD ("/export/name", test_name);
  ADD ("/export/update", test_update);
  ADD ("/export/changed", test_changed);
  ADD ("/export/nothing-to-fill", test_nothing_to_fill);
  return g_test_run ();
}
