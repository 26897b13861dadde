/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <stdio.h>
#include <string.h>

#include "activity/bo-activity-page.h"
#include "bo-start-window.h"
#include "devices/bo-device-dialog.h"
#include "editor/bo-new-study-dialog.h"
#include "editor/bo-strategy-editor.h"
#include "findings/bo-update-dialog.h"
#include "gui-test.h"
#include "matrix/bo-cell-panel.h"
#include "study/bo-translations.h"

/*
 * usage: BAKEOFF_SCREENSHOTS=DIR screenshots STUDY DOCUMENT PROJECT
 *
 * Opens a study whose results are in the store, with its pages and dialogs one after the other, and leaves a
 * picture of each in DIR: in light and dark, 1280 and 360 pixels wide. DOCUMENT is a
 * Markdown file that the results could fill, PROJECT a folder with Dockerfiles and no study.
 * In another language with LANGUAGE=de or the like.
 */

/* Longer than anything that is read or drawn in the background takes. */
#define SETTLE_MS 700

static GList *
list_visible (void)
{
  g_autoptr (GList) windows = gtk_window_list_toplevels ();
  GList *visible = NULL;

  for (GList *l = windows; l != NULL; l = l->next)
    if (gtk_widget_get_visible (l->data))
      visible = g_list_prepend (visible, l->data);
  return visible;
}

/* The one that is seen now and was not before. */
static GtkWindow *
find_new_window (GList *before)
{
  g_autoptr (GList) windows = list_visible ();

  for (GList *l = windows; l != NULL; l = l->next)
    if (g_list_find (before, l->data) == NULL)
      return l->data;
  return NULL;
}

static void
take_dialog (GtkWidget *widget, const char *action, const char *name)
{
  g_autoptr (GList) before = gtk_window_list_toplevels ();
  GtkWindow *dialog;

  g_print ("%s\n", name);
  if (!gtk_widget_activate_action (widget, action, NULL))
    g_error ("there is no action %s", action);
  wait_ms (SETTLE_MS);
  dialog = find_new_window (before);
  if (dialog == NULL)
    g_error ("%s opens no dialog", action);
  take_pictures (dialog, name);
  gtk_window_destroy (dialog);
  wait_ms (SETTLE_MS / 2);
}

static void
take_window (GtkWindow *dialog, const char *name)
{
  g_print ("%s\n", name);
  gtk_window_present (dialog);
  wait_ms (SETTLE_MS * 2);
  take_pictures (dialog, name);
  gtk_window_destroy (dialog);
  wait_ms (SETTLE_MS / 2);
}

static void
take_page (BoStudyWindow *window, const char *page)
{
  g_print ("%s\n", page);
  gtk_widget_activate_action (GTK_WIDGET (window), "win.page", "s", page);
  wait_ms (SETTLE_MS * 2);
  take_pictures (GTK_WINDOW (window), page);
}

/* The trial that failed, whose log says the most. */
static const BoTrial *
find_trial (BoOpenStudy *study)
{
  GPtrArray *trials = bo_open_study_get_trials (study);
  const BoTrial *found = NULL;

  for (guint i = 0; trials != NULL && i < trials->len; i++)
    {
      const BoTrial *trial = g_ptr_array_index (trials, i);

      if (trial->kind == BO_TRIAL_COUNTED && (found == NULL || trial->outcome == BO_OUTCOME_FAILED))
        found = trial;
    }
  return found;
}

static void
take_pages (BoStudyWindow *window)
{
  BoOpenStudy *study = bo_study_window_get_open_study (window);
  BoMatrixPage *matrix = bo_study_window_get_matrix_page (window);
  const BoTrial *trial = find_trial (study);
  g_autofree char *key = NULL;

  if (trial == NULL)
    g_error ("the study has no results");
  bo_matrix_view_toggle_column (bo_matrix_page_get_view (matrix), 3);
  take_page (window, "matrix");
  gtk_widget_activate_action (GTK_WIDGET (matrix), "matrix.select-none", NULL);
  set_size (GTK_WINDOW (window), 1280, 800);
  key = bo_cell_get_key (trial->cell);
  bo_matrix_page_open_cell (matrix, key);
  wait_ms (SETTLE_MS);
  g_print ("cell\n");
  take_pictures (GTK_WINDOW (window), "cell");
  gtk_widget_activate_action (GTK_WIDGET (matrix), "matrix.close-cell", NULL);

  gtk_widget_activate_action (GTK_WIDGET (window), "win.show-log", "s", trial->id);
  take_page (window, "activity");
  take_page (window, "results");
  take_page (window, "findings");
  gtk_widget_activate_action (GTK_WIDGET (window), "win.page", "s", "matrix");
  set_size (GTK_WINDOW (window), 1280, 800);
}

static void
take_dialogs (BoStudyWindow *window, GFile *document, const char *project)
{
  BoOpenStudy *study = bo_study_window_get_open_study (window);
  GFile *file = bo_open_study_get_file (study);
  GtkWindow *parent = GTK_WINDOW (window);
  BoNewStudyDialog *found;
  BoUpdateDialog *update;

  take_window (GTK_WINDOW (bo_strategy_editor_new (parent, file, "prebuilt")), "strategy");
  take_dialog (GTK_WIDGET (window), "win.study-settings", "study-settings");
  take_dialog (GTK_WIDGET (window), "app.preferences", "preferences");
  take_dialog (GTK_WIDGET (window), "app.new-from-template", "new-from-template");
  found = bo_new_study_dialog_new (parent, FALSE);
  bo_new_study_dialog_set_folder (found, project);
  take_window (GTK_WINDOW (found), "new-from-folder");
  update = bo_update_dialog_new (bo_open_study_get_results (study)->report, document);
  gtk_window_set_transient_for (GTK_WINDOW (update), parent);
  take_window (GTK_WINDOW (update), "update-document");
  take_dialog (GTK_WIDGET (window), "app.about", "about");
}

int
main (int argc, char **argv)
{
  g_autoptr (GFile) file = NULL;
  g_autoptr (GFile) document = NULL;
  g_autoptr (GError) error = NULL;
  BoStudyWindow *window;
  GtkWindow *start;

  if (argc != 4 || g_getenv ("BAKEOFF_SCREENSHOTS") == NULL)
    {
      g_printerr ("usage: BAKEOFF_SCREENSHOTS=DIR screenshots STUDY DOCUMENT PROJECT\n");
      return 2;
    }
  bo_translations_start ();
  gtk_init ();
  application = bo_application_new ();
  g_application_set_flags (G_APPLICATION (application), G_APPLICATION_NON_UNIQUE | G_APPLICATION_HANDLES_OPEN);
  g_application_register (G_APPLICATION (application), NULL, &error);
  g_assert_no_error (error);

  file = g_file_new_for_commandline_arg (argv[1]);
  document = g_file_new_for_commandline_arg (argv[2]);
  bo_application_open_study (application, file);
  window = BO_STUDY_WINDOW (gtk_application_get_active_window (GTK_APPLICATION (application)));
  WAIT_FOR (!bo_study_window_is_loading (window));
  wait_ms (SETTLE_MS);
  take_pages (window);
  take_dialogs (window, document, argv[3]);
  close_window (window);

  start = GTK_WINDOW (bo_start_window_new (application));
  gtk_window_present (start);
  wait_ms (SETTLE_MS * 2);
  take_window (GTK_WINDOW (bo_device_dialog_new (start, bo_device_list_get_default (), NULL)), "add-device");
  take_window (start, "start");
  return 0;
}
