/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include <glib/gstdio.h>

#include "findings/bo-diff-view.h"
#include "findings/bo-findings-page.h"
#include "findings/bo-report-columns.h"
#include "findings/bo-update-dialog.h"
#include "findings/bo-validation-list.h"
#include "gui-test.h"
#include "sample-results.h"

static char *folder;

static BoFindingsPage *
open_page (BoStudyWindow **window)
{
  BoFindingsPage *page;

  *window = open_sample ();
  page = bo_study_window_get_findings_page (*window);
  gtk_widget_activate_action (GTK_WIDGET (*window), "win.page", "s", "findings");
  WAIT_FOR (gtk_widget_get_mapped (GTK_WIDGET (page)) && !bo_findings_page_is_busy (page));
  return page;
}

static GFile *
get_file (const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  return g_file_new_for_path (path);
}

static GBytes *
read_bytes (const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  char *data;
  gsize size;

  return g_file_get_contents (path, &data, &size, NULL) ? g_bytes_new_take (data, size) : NULL;
}

static char *
read_text (const char *name)
{
  g_autoptr (GBytes) bytes = read_bytes (name);

  g_assert_nonnull (bytes);
  return g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

static void
test_templates (void)
{
  const GType types[] = { BO_TYPE_DIFF_VIEW, BO_TYPE_FINDINGS_PAGE, BO_TYPE_NOTE_EDITOR, BO_TYPE_REPORT_COLUMNS,
                          BO_TYPE_VALIDATION_LIST };
  gpointer dialog = g_object_new (BO_TYPE_UPDATE_DIALOG, NULL);
  gpointer left = dialog;

  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    {
      GtkWidget *widget = g_object_ref_sink (g_object_new (types[i], NULL));

      g_assert_finalize_object (widget);
    }
  g_object_add_weak_pointer (dialog, &left);
  gtk_window_destroy (dialog);
  g_assert_null (left);
}

static void
test_pictures (void)
{
  BoStudyWindow *window;
  BoFindingsPage *page = open_page (&window);

  set_size (GTK_WINDOW (window), 360, 720);
  for (GtkWidget *w = gtk_widget_get_first_child (gtk_widget_get_parent (GTK_WIDGET (page))); w; w = gtk_widget_get_next_sibling (w))
    { int min; gtk_widget_measure (w, GTK_ORIENTATION_HORIZONTAL, -1, &min, NULL, NULL, NULL); g_printerr ("MIN %s %d\n", G_OBJECT_TYPE_NAME (w), min); }
  (void) page;
  take_pictures (GTK_WINDOW (window), "findings");
  close_window (window);
}

int
main (int argc, char **argv)
{
  int status;

  if (!gui_test_init (&argc, &argv))
    return 0;
  folder = g_dir_make_tmp ("bakeoff-findings-XXXXXX", NULL);
  (void) get_file; (void) read_text;

  g_test_add_func ("/findings/templates", test_templates);
  g_test_add_func ("/findings/pictures", test_pictures);
  status = gui_test_run ();
  return status;
}
