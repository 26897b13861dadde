/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include <glib/gstdio.h>

#include <sqlite3.h>

#include "findings/bo-diff-view.h"
#include "findings/bo-findings-document.h"
#include "findings/bo-findings-page.h"
#include "findings/bo-report-columns.h"
#include "findings/bo-update-dialog.h"
#include "findings/bo-validation-list.h"
#include "gui-test.h"
#include "sample-results.h"

static char *folder;

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
        g_remove (child);
    }
  g_rmdir (path);
}

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
  const GType types[] = { BO_TYPE_DIFF_VIEW, BO_TYPE_FINDINGS_DOCUMENT, BO_TYPE_FINDINGS_PAGE, BO_TYPE_NOTE_EDITOR, BO_TYPE_REPORT_COLUMNS,
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

/* Runs the command line on the same store, in another locale. */
static void
run_cli (const char *const *arguments, char **output)
{
  g_autofree char *program = g_test_build_filename (G_TEST_BUILT, "..", "..", "src", "cli", "bakeoff-cli", NULL);
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();
  g_auto (GStrv) environment = g_environ_setenv (g_get_environ (), "LC_ALL", "C", TRUE);
  g_autoptr (GError) error = NULL;
  g_autofree char *stdout_text = NULL;
  g_autofree char *stderr_text = NULL;
  int status;

  g_ptr_array_add (argv, program);
  for (guint i = 0; arguments[i] != NULL; i++)
    g_ptr_array_add (argv, (gpointer) arguments[i]);
  g_ptr_array_add (argv, NULL);
  g_spawn_sync (folder, (char **) argv->pdata, environment, G_SPAWN_DEFAULT, NULL, NULL, &stdout_text, &stderr_text, &status,
                &error);
  g_assert_no_error (error);
  if (status != 0)
    g_test_message ("%s", stderr_text);
  g_assert_cmpint (status, ==, 0);
  if (output != NULL)
    *output = g_steal_pointer (&stdout_text);
}

static char *
get_note (const char *key)
{
  g_autofree char *path = bo_store_get_default_path ();
  g_autoptr (BoStore) store = bo_store_open_sync (path, NULL);
  g_autoptr (GHashTable) notes = bo_store_get_notes_sync (store, "audiobook", NULL);
  char *note = g_strdup (g_hash_table_lookup (notes, key));

  bo_store_close_sync (store);
  return note;
}

static void
type (GtkWindow *window, const char *text)
{
  g_autoptr (GString) keys = g_string_new (NULL);

  for (const char *p = text; *p != '\0'; p++)
    g_string_append_printf (keys, "%s ", *p == ' ' ? "space" : (char[2]) { *p, '\0' });
  press (window, keys->str);
}

/* By keys alone: into the note, typed, undone, taken back, kept; and it is in the store and in the document. */
static void
test_note (void)
{
  BoStudyWindow *window;
  BoFindingsPage *page;
  BoNoteEditor *editor;
  g_autofree char *kept = NULL;
  g_autofree char *back = NULL;
  g_autofree char *shown = NULL;
  g_autofree char *markdown = NULL;

  if (!can_press ())
    {
      g_test_skip ("xdotool is not installed (build-aux/install-packages gui)");
      return;
    }
  page = open_page (&window);
  editor = bo_findings_page_get_editor (page, "strategy:original");
  g_assert_nonnull (editor);
  gtk_widget_child_focus (GTK_WIDGET (editor), GTK_DIR_TAB_FORWARD);
  press (GTK_WINDOW (window), "Return");
  g_assert_true (bo_note_editor_is_editing (editor));
  type (GTK_WINDOW (window), "we ship this");
  press (GTK_WINDOW (window), "x ctrl+z");
  shown = bo_note_editor_get_text (editor);
  g_assert_cmpstr (shown, !=, "we ship thisx");
  press (GTK_WINDOW (window), "ctrl+a");
  type (GTK_WINDOW (window), "we ship this");
  press (GTK_WINDOW (window), "Return");
  g_assert_false (bo_note_editor_is_editing (editor));
  WAIT_FOR (!bo_findings_page_is_busy (page));
  kept = get_note ("strategy:original");
  g_assert_cmpstr (kept, ==, "we ship this");
  markdown = bo_report_to_markdown (bo_findings_page_get_report (page));
  g_assert_nonnull (strstr (markdown, "we ship this"));

  /* Escape takes back what was typed, also what a pause has kept already. */
  press (GTK_WINDOW (window), "Return");
  g_assert_true (bo_note_editor_is_editing (editor));
  type (GTK_WINDOW (window), " not");
  WAIT_FOR (!bo_note_editor_is_unsaved (editor));
  back = get_note ("strategy:original");
  g_assert_cmpstr (back, ==, "we ship this not");
  g_clear_pointer (&back, g_free);
  press (GTK_WINDOW (window), "Escape");
  g_assert_false (bo_note_editor_is_editing (editor));
  WAIT_FOR (!bo_note_editor_is_unsaved (editor) && !bo_findings_page_is_busy (page));
  back = get_note ("strategy:original");
  g_assert_cmpstr (back, ==, "we ship this");

  /* Left with Tab, and with a window that closes, it is kept too. */
  editor = bo_findings_page_get_editor (page, "finding:worked");
  bo_note_editor_edit (editor);
  wait_ms (50);
  type (GTK_WINDOW (window), "fans");
  press (GTK_WINDOW (window), "shift+Return");
  type (GTK_WINDOW (window), "power");
  press (GTK_WINDOW (window), "Tab");
  g_assert_false (bo_note_editor_is_editing (editor));
  WAIT_FOR (!bo_findings_page_is_busy (page));
  g_clear_pointer (&back, g_free);
  back = get_note ("finding:worked");
  g_assert_cmpstr (back, ==, "fans\npower");
  editor = bo_findings_page_get_editor (page, "finding:summary");
  bo_note_editor_edit (editor);
  wait_ms (50);
  type (GTK_WINDOW (window), "short");
  close_window (window);
  g_clear_pointer (&back, g_free);
  back = get_note ("finding:summary");
  g_assert_cmpstr (back, ==, "short");
}

static void
run_sql (const char *statement)
{
  g_autofree char *path = bo_store_get_default_path ();
  sqlite3 *database = NULL;

  g_assert_cmpint (sqlite3_open (path, &database), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (database, statement, NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (database);
}

/* A store that cannot be written to loses no text, and no document is made without it. */
static void
test_note_not_saved (void)
{
  BoStudyWindow *window;
  BoFindingsPage *page = open_page (&window);
  BoNoteEditor *editor = bo_findings_page_get_editor (page, "strategy:prebuilt");
  g_autoptr (GFile) file = get_file ("unsaved.md");
  g_autofree char *text = NULL;
  g_autofree char *kept = NULL;
  GtkTextBuffer *buffer;

  run_sql ("CREATE TRIGGER full BEFORE INSERT ON notes BEGIN SELECT RAISE (ABORT, 'the disk is full'); END");
  bo_note_editor_edit (editor);
  buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (gtk_window_get_focus (GTK_WINDOW (window))));
  gtk_text_buffer_set_text (buffer, "mine", -1);
  bo_note_editor_flush (editor);
  WAIT_FOR (!bo_findings_page_is_busy (page));
  g_assert_true (bo_note_editor_is_unsaved (editor));
  text = bo_note_editor_get_text (editor);
  g_assert_cmpstr (text, ==, "mine");
  g_assert_nonnull (strstr (bo_note_editor_get_problem (editor), "the disk is full"));
  bo_findings_page_export (page, BO_EXPORT_MARKDOWN, file);
  WAIT_FOR (!bo_findings_page_is_busy (page));
  wait_ms (200);
  take_picture (GTK_WIDGET (window), "findings-not-saved");
  g_assert_false (g_file_query_exists (file, NULL));

  run_sql ("DROP TRIGGER full");
  bo_findings_page_export (page, BO_EXPORT_MARKDOWN, file);
  WAIT_FOR (g_file_query_exists (file, NULL));
  g_assert_false (bo_note_editor_is_unsaved (editor));
  g_assert_null (bo_note_editor_get_problem (editor));
  kept = get_note ("strategy:prebuilt");
  g_assert_cmpstr (kept, ==, "mine");
  g_clear_pointer (&kept, g_free);
  kept = read_text ("unsaved.md");
  g_assert_nonnull (strstr (kept, "mine"));
  close_window (window);
}

/* The study is read while a note is saved: what was read before it neither hides the note nor takes it from the document. */
static void
test_note_while_loading (void)
{
  BoStudyWindow *window;
  BoFindingsPage *page = open_page (&window);
  BoOpenStudy *study = bo_study_window_get_open_study (window);

  for (guint i = 0; i < 4; i++)
    {
      g_autofree char *note = g_strdup_printf ("number %u of them", i);
      BoNoteEditor *editor = bo_findings_page_get_editor (page, "strategy:prebuilt");
      g_autofree char *shown = NULL;
      g_autofree char *markdown = NULL;

      bo_note_editor_edit (editor);
      gtk_text_buffer_set_text (gtk_text_view_get_buffer (GTK_TEXT_VIEW (gtk_window_get_focus (GTK_WINDOW (window)))), note,
                                -1);
      bo_open_study_load (study);
      g_usleep (i * 5000);
      bo_note_editor_flush (editor);
      WAIT_FOR (!bo_note_editor_is_unsaved (editor));
      /* The row may be made anew at once. */
      gtk_window_set_focus (GTK_WINDOW (window), NULL);
      WAIT_FOR (!bo_open_study_is_loading (study) && !bo_findings_page_is_busy (page));
      editor = bo_findings_page_get_editor (page, "strategy:prebuilt");
      shown = bo_note_editor_get_text (editor);
      g_assert_cmpstr (shown, ==, note);
      markdown = bo_report_to_markdown (bo_findings_page_get_report (page));
      g_assert_nonnull (strstr (markdown, note));
    }
  close_window (window);
}

/* The Tab key is caught nowhere: it comes to the end of the page, with the folded logs of what failed. */
static void
test_tab (void)
{
  BoStudyWindow *window;
  BoFindingsPage *page = open_page (&window);
  GtkWidget *before = NULL;
  gboolean expander = FALSE;
  guint n_stops = 0;

  gtk_window_set_focus (GTK_WINDOW (window), NULL);
  while (gtk_widget_child_focus (GTK_WIDGET (page), GTK_DIR_TAB_FORWARD) && n_stops < 1000)
    {
      GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (window));

      g_assert_true (focus != before);
      expander |= GTK_IS_EXPANDER (focus);
      before = focus;
      n_stops++;
    }
  g_assert_cmpuint (n_stops, >, 20);
  g_assert_cmpuint (n_stops, <, 1000);
  g_assert_true (expander);
  close_window (window);
}

static void
assert_same (const char *ours, const char *theirs)
{
  g_autoptr (GBytes) a = read_bytes (ours);
  g_autoptr (GBytes) b = read_bytes (theirs);

  g_assert_nonnull (a);
  g_assert_nonnull (b);
  g_assert_cmpuint (g_bytes_get_size (a), >, 200);
  g_assert_cmpmem (g_bytes_get_data (a, NULL), g_bytes_get_size (a), g_bytes_get_data (b, NULL), g_bytes_get_size (b));
}

/* What the window writes is what the command line writes, byte for byte. */
static void
compare_exports (BoFindingsPage *page, const char *language, gboolean all)
{
  g_autofree char *study = sample_get_file ();
  static const char *const formats[] = { "markdown", "html", "json", "csv" };
  g_autoptr (GDir) pictures = NULL;
  g_autofree char *ours = g_strdup_printf ("%s-window", language);
  g_autofree char *theirs = g_strdup_printf ("%s-cli", language);
  g_autofree char *charts = NULL;
  const char *name;
  guint n = 0;

  for (guint i = 0; i < G_N_ELEMENTS (formats); i++)
    {
      g_autofree char *our_name = g_build_filename (ours, "findings.out", NULL);
      g_autofree char *their_name = g_build_filename (theirs, "findings.out", NULL);
      g_autofree char *our_folder = g_build_filename (folder, ours, NULL);
      g_autofree char *their_folder = g_build_filename (folder, theirs, NULL);
      g_autoptr (GFile) file = get_file (our_name);
      BoExportFormat format;

      g_mkdir (our_folder, 0700);
      g_mkdir (their_folder, 0700);
      g_file_delete (file, NULL, NULL);
      g_assert_true (bo_export_format_from_string (formats[i], &format));
      bo_findings_page_export (page, format, file);
      WAIT_FOR (g_file_query_exists (file, NULL));
      run_cli ((const char *const[]) { "findings", study, "--format", formats[i], "-o", their_name,
                                       all ? "--all-campaigns" : format == BO_EXPORT_MARKDOWN ? "--charts" : NULL,
                                       all && format == BO_EXPORT_MARKDOWN ? "--charts" : NULL, NULL },
               NULL);
      assert_same (our_name, their_name);
    }
  charts = g_build_filename (folder, ours, "findings-charts", NULL);
  pictures = g_dir_open (charts, 0, NULL);
  g_assert_nonnull (pictures);
  while ((name = g_dir_read_name (pictures)) != NULL)
    {
      g_autofree char *our_picture = g_build_filename (ours, "findings-charts", name, NULL);
      g_autofree char *their_picture = g_build_filename (theirs, "findings-charts", name, NULL);

      assert_same (our_picture, their_picture);
      n++;
    }
  g_assert_cmpuint (n, >, 3);
}

static char *clipboard_text;

static void
clipboard_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  clipboard_text = gdk_clipboard_read_text_finish (GDK_CLIPBOARD (source), result, NULL);
}

static void
test_export (void)
{
  BoStudyWindow *window;
  BoFindingsPage *page = open_page (&window);
  g_autofree char *study = sample_get_file ();
  g_autofree char *theirs = NULL;

  compare_exports (page, "en", TRUE);

  gtk_widget_activate_action (GTK_WIDGET (page), "findings.copy", NULL);
  wait_ms (500);
  gdk_clipboard_read_text_async (gtk_widget_get_clipboard (GTK_WIDGET (page)), NULL, clipboard_cb, NULL);
  WAIT_FOR (clipboard_text != NULL);
  run_cli ((const char *const[]) { "findings", study, "--all-campaigns", NULL }, &theirs);
  g_assert_cmpstr (clipboard_text, ==, theirs);
  g_clear_pointer (&clipboard_text, g_free);
  close_window (window);
}

static BoUpdateDialog *
find_dialog (void)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWindow) window = g_list_model_get_item (windows, i);

      if (BO_IS_UPDATE_DIALOG (window) && gtk_widget_get_visible (GTK_WIDGET (window)))
        return BO_UPDATE_DIALOG (window);
    }
  return NULL;
}

static BoUpdateDialog *
open_dialog (BoFindingsPage *page, GFile *file)
{
  BoUpdateDialog *dialog;

  bo_findings_page_update (page, file);
  WAIT_FOR (find_dialog () != NULL);
  dialog = find_dialog ();
  WAIT_FOR (!bo_update_dialog_is_busy (dialog));
  wait_ms (200);
  return dialog;
}

static void
close_dialog (BoUpdateDialog *dialog)
{
  gtk_window_close (GTK_WINDOW (dialog));
  WAIT_FOR (find_dialog () == NULL);
}

/* What the window writes, the command line would write; and what it shows is what that prints. */
static void
test_update (void)
{
  BoStudyWindow *window;
  BoFindingsPage *page = open_page (&window);
  g_autofree char *study = sample_get_file ();
  g_autofree char *source = g_test_build_filename (G_TEST_DIST, "tests", "unit", "data", "build-validation.md", NULL);
  g_autoptr (GFile) ours = get_file ("ours.md");
  g_autoptr (GFile) bare = get_file ("bare.md");
  g_autofree char *before = NULL;
  g_autofree char *path = g_file_get_path (ours);
  g_autofree char *theirs = g_build_filename (folder, "theirs.md", NULL);
  g_autofree char *preview = NULL;
  g_autofree char *diff = NULL;
  g_autofree char *after = NULL;
  g_autofree char *bare_path = g_file_get_path (bare);
  BoUpdateDialog *dialog;

  g_assert_true (g_file_get_contents (source, &before, NULL, NULL));
  g_assert_true (g_file_set_contents (path, before, -1, NULL));
  g_assert_true (g_file_set_contents (theirs, before, -1, NULL));

  dialog = open_dialog (page, ours);
  g_assert_null (bo_update_dialog_get_problem (dialog));
  diff = bo_document_update_to_diff (bo_update_dialog_get_update (dialog));
  run_cli ((const char *const[]) { "findings", study, "--update", path, "--dry-run", "--all-campaigns", NULL }, &preview);
  g_assert_cmpstr (diff, ==, preview);
  take_pictures (GTK_WINDOW (dialog), "findings-update");
  /* Looked at, and left. */
  if (can_press ())
    {
      press (GTK_WINDOW (dialog), "Escape");
      WAIT_FOR (find_dialog () == NULL);
    }
  else
    close_dialog (dialog);
  after = read_text ("ours.md");
  g_assert_cmpstr (after, ==, before);

  dialog = open_dialog (page, ours);
  gtk_widget_activate_action (GTK_WIDGET (dialog), "update.apply", NULL);
  WAIT_FOR (find_dialog () == NULL);
  run_cli ((const char *const[]) { "findings", study, "--update", theirs, "--all-campaigns", NULL }, NULL);
  assert_same ("ours.md", "theirs.md");
  wait_ms (200);
  take_picture (GTK_WIDGET (window), "findings-updated");

  /* All said already. */
  dialog = open_dialog (page, ours);
  g_assert_false (bo_document_update_changes (bo_update_dialog_get_update (dialog)));
  take_picture (GTK_WIDGET (dialog), "findings-update-same");
  bo_update_dialog_set_charts (dialog, TRUE);
  WAIT_FOR (!bo_update_dialog_is_busy (dialog));
  g_assert_true (bo_document_update_changes (bo_update_dialog_get_update (dialog)));
  /* Somebody writes meanwhile. */
  g_assert_true (g_file_set_contents (path, "another\n", -1, NULL));
  gtk_widget_activate_action (GTK_WIDGET (dialog), "update.apply", NULL);
  WAIT_FOR (!bo_update_dialog_is_busy (dialog));
  g_assert_nonnull (bo_update_dialog_get_problem (dialog));
  wait_ms (400);
  take_picture (GTK_WIDGET (dialog), "findings-update-changed");
  g_clear_pointer (&after, g_free);
  after = read_text ("ours.md");
  g_assert_cmpstr (after, ==, "another\n");
  close_dialog (dialog);

  g_assert_true (g_file_set_contents (bare_path, "# Shopping\n", -1, NULL));
  dialog = open_dialog (page, bare);
  g_assert_nonnull (bo_update_dialog_get_problem (dialog));
  wait_ms (400);
  take_picture (GTK_WIDGET (dialog), "findings-update-nothing");
  close_dialog (dialog);
  close_window (window);
}

/* The button of the toast. */
static GtkWidget *
find_button (GtkWidget *widget, const char *label)
{
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found;

      if (GTK_IS_BUTTON (child) && g_strcmp0 (gtk_button_get_label (GTK_BUTTON (child)), label) == 0)
        return child;
      found = find_button (child, label);
      if (found != NULL)
        return found;
    }
  return NULL;
}

static gboolean
is_same (const char *name, const char *text)
{
  g_autofree char *present = read_text (name);

  return g_str_equal (present, text);
}

static void
test_undo (void)
{
  BoStudyWindow *window;
  BoFindingsPage *page = open_page (&window);
  g_autofree char *source = g_test_build_filename (G_TEST_DIST, "tests", "unit", "data", "build-validation.md", NULL);
  g_autoptr (GFile) file = get_file ("undo.md");
  g_autofree char *path = g_file_get_path (file);
  g_autofree char *before = NULL;
  GtkWidget *button;

  g_assert_true (g_file_get_contents (source, &before, NULL, NULL));
  g_assert_true (g_file_set_contents (path, before, -1, NULL));
  gtk_widget_activate_action (GTK_WIDGET (open_dialog (page, file)), "update.apply", NULL);
  WAIT_FOR (find_dialog () == NULL && find_button (GTK_WIDGET (window), "Undo") != NULL);
  g_assert_false (is_same ("undo.md", before));
  button = find_button (GTK_WIDGET (window), "Undo");
  g_signal_emit_by_name (button, "clicked");
  WAIT_FOR (is_same ("undo.md", before));
  close_window (window);
}

/* A second campaign, in another language: what is put together is a choice, and the document has the study's words. */
static void
test_campaigns (void)
{
  BoStudyWindow *window;
  BoFindingsPage *page;
  g_autofree char *path = bo_store_get_default_path ();
  g_autoptr (GPtrArray) trials = g_ptr_array_new_with_free_func ((GDestroyNotify) bo_trial_unref);
  g_autoptr (BoCampaign) campaign = sample_campaign (trials);
  g_autoptr (GError) error = NULL;
  g_autoptr (BoStore) store = NULL;
  char *language = strstr (campaign->study_text, "\"language\": \"en\"");

  g_assert_nonnull (language);
  memcpy (language, "\"language\": \"de\"", strlen ("\"language\": \"de\""));
  for (guint i = 0; i < trials->len; i++)
    {
      BoTrial *trial = g_ptr_array_index (trials, i);

      trial->id[strlen ("20261124-061200-3f")] = 'b';
      trial->campaign[strlen ("20261124-061200-3f")] = 'b';
      ((BoPlannedTrial *) g_ptr_array_index (campaign->trials, i))->id[strlen ("20261124-061200-3f")] = 'b';
      trial->started_us += G_TIME_SPAN_HOUR;
    }
  campaign->id[strlen ("20261124-061200-3f")] = 'b';
  campaign->created_us += G_TIME_SPAN_HOUR;
  store = bo_store_open_sync (path, &error);
  g_assert_no_error (error);
  g_assert_true (bo_store_add_campaign_sync (store, campaign, &error));
  for (guint i = 0; i < trials->len; i++)
    g_assert_true (bo_store_save_trial_sync (store, g_ptr_array_index (trials, i), &error));
  g_assert_true (bo_store_set_campaign_state_sync (store, campaign->id, BO_CAMPAIGN_FINISHED, &error));
  g_assert_no_error (error);
  bo_store_close_sync (store);

  page = open_page (&window);
  g_assert_cmpuint (bo_findings_page_get_report (page)->campaigns->len, >=, 2);
  g_assert_cmpstr (bo_findings_page_get_report (page)->language, ==, "de");
  take_pictures (GTK_WINDOW (window), "findings-campaigns");
  compare_exports (page, "de-all", TRUE);
  gtk_widget_activate_action (GTK_WIDGET (page), "findings.all-campaigns", "b", FALSE);
  WAIT_FOR (!bo_findings_page_is_busy (page));
  g_assert_cmpuint (bo_findings_page_get_report (page)->campaigns->len, ==, 1);
  compare_exports (page, "de", FALSE);
  close_window (window);
}

static void
test_pictures (void)
{
  BoStudyWindow *window;
  BoFindingsPage *page = open_page (&window);
  BoNoteEditor *editor;

  take_pictures (GTK_WINDOW (window), "findings");
  /* The rest of it, a screen at a time. */
  for (guint narrow = 0; narrow < 2 && g_getenv ("BAKEOFF_SCREENSHOTS") != NULL; narrow++)
    {
      GtkWidget *view = gtk_widget_get_ancestor (GTK_WIDGET (bo_findings_page_get_editor (page, "finding:worked")),
                                                 GTK_TYPE_SCROLLED_WINDOW);
      GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (view));

      set_size (GTK_WINDOW (window), narrow ? 360 : 1280, 800);
      for (guint i = 0; gtk_adjustment_get_value (adjustment) + gtk_adjustment_get_page_size (adjustment)
                        < gtk_adjustment_get_upper (adjustment);
           i++)
        {
          g_autofree char *name = g_strdup_printf ("findings-%d-screen-%u", narrow ? 360 : 1280, i + 1);

          gtk_adjustment_set_value (adjustment,
                                    gtk_adjustment_get_value (adjustment) + gtk_adjustment_get_page_size (adjustment));
          wait_ms (300);
          take_picture (GTK_WIDGET (window), name);
        }
      gtk_adjustment_set_value (adjustment, 0);
    }
  set_size (GTK_WINDOW (window), 1280, 800);
  editor = bo_findings_page_get_editor (page, "finding:worked");
  bo_note_editor_edit (editor);
  wait_ms (200);
  take_picture (GTK_WIDGET (window), "findings-editing");
  close_window (window);
}

int
main (int argc, char **argv)
{
  int status;

  if (!gui_test_init (&argc, &argv))
    return 0;
  folder = g_dir_make_tmp ("bakeoff-findings-XXXXXX", NULL);

  g_test_add_func ("/findings/templates", test_templates);
  g_test_add_func ("/findings/note", test_note);
  g_test_add_func ("/findings/note-not-saved", test_note_not_saved);
  g_test_add_func ("/findings/note-while-loading", test_note_while_loading);
  g_test_add_func ("/findings/tab", test_tab);
  g_test_add_func ("/findings/pictures", test_pictures);
  g_test_add_func ("/findings/export", test_export);
  g_test_add_func ("/findings/update", test_update);
  g_test_add_func ("/findings/undo", test_undo);
  g_test_add_func ("/findings/campaigns", test_campaigns);
  status = gui_test_run ();
  remove_folder (folder);
  g_free (folder);
  return status;
}
