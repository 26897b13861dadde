/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-findings-page"

#include "config.h"

#include <glib/gi18n.h>

#include "findings/bo-findings-document.h"
#include "findings/bo-findings-page.h"
#include "findings/bo-findings-work.h"
#include "findings/bo-update-dialog.h"

/* Below this width, rows become cards and the buttons short. */
#define NARROW_WIDTH 640

struct _BoFindingsPage
{
  GtkWidget parent_instance;

  /* Template widgets */
  GtkStack *stack;
  GtkBox *bar;
  GtkDropDown *scope;
  GtkButton *update_button;
  GtkScrolledWindow *scrolled;
  BoFindingsDocument *document;

  BoOpenStudy *study;
  GCancellable *cancellable;

  /* What is shown, and whether it comes from all campaigns that may be put together. */
  BoReport *report;
  gboolean all_campaigns;
  gboolean setting_scope;
  /* (element-type utf8 utf8): what is in the store; other ones than when the results were read? */
  GHashTable *notes;
  gboolean notes_changed;
  /* (element-type utf8 utf8): those saved while the study was read, which may have seen what was there before. */
  GHashTable *newer_notes;
  GCancellable *loading;
  /* Whether a note was saved during that. */
  gboolean note_saved;

  /* Whether other results came while the page was not seen, or was written in. */
  gboolean stale;
  double scroll_to;
  gboolean narrow;
  guint narrow_id;

  /* Notes on their way into the store, and who waits for them. */
  guint n_saving;
  gboolean save_failed;
  gboolean remaking;
  gboolean remake_again;
  BoReport *remade_from;
  GQueue waiting;
};

G_DEFINE_FINAL_TYPE (BoFindingsPage, bo_findings_page, GTK_TYPE_WIDGET)

static void build_later (BoFindingsPage *self);

static void
tell (BoFindingsPage *self, const char *text)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "win.toast", "s", text);
}

/* A toast with a button; the words of a file system are not markup. */
static void
tell_with_button (BoFindingsPage *self, const char *text, const char *label, GCallback callback, gpointer data, GClosureNotify destroy)
{
  GtkWidget *overlay = gtk_widget_get_ancestor (GTK_WIDGET (self), ADW_TYPE_TOAST_OVERLAY);
  g_autofree char *escaped = g_markup_escape_text (text, -1);
  AdwToast *toast;

  if (overlay == NULL)
    {
      destroy (data, NULL);
      return;
    }
  toast = adw_toast_new (escaped);
  adw_toast_set_button_label (toast, label);
  g_signal_connect_data (toast, "button-clicked", callback, data, destroy, 0);
  adw_toast_overlay_add_toast (ADW_TOAST_OVERLAY (overlay), toast);
}

/* --- Notes ------------------------------------------------------------------------ */

typedef void (*ReadyFunc) (BoFindingsPage *self, gpointer data);

typedef struct
{
  ReadyFunc func;
  gpointer data;
  GDestroyNotify destroy;
} Waiting;

static void
waiting_free (gpointer data)
{
  Waiting *waiting = data;

  if (waiting->destroy != NULL)
    waiting->destroy (waiting->data);
  g_free (waiting);
}

gboolean
bo_findings_page_is_busy (BoFindingsPage *self)
{
  g_return_val_if_fail (BO_IS_FINDINGS_PAGE (self), FALSE);

  return self->n_saving > 0 || self->remaking || self->loading != NULL || bo_findings_document_is_building (self->document);
}

static void
run_waiting (BoFindingsPage *self)
{
  if (self->n_saving > 0 || self->remaking || self->loading != NULL)
    return;
  while (!g_queue_is_empty (&self->waiting))
    {
      Waiting *waiting = g_queue_pop_head (&self->waiting);

      if (self->save_failed)
        tell (self, _ ("A note could not be saved, so no document was made. It stands on the page still."));
      else if (self->report != NULL)
        waiting->func (self, waiting->data);
      waiting_free (waiting);
    }
}

/*
 * What is typed is saved, the report is made with it, and then something is
 * done with the report: what is exported is what is on the page.
 */
static void
when_ready (BoFindingsPage *self, ReadyFunc func, gpointer data, GDestroyNotify destroy)
{
  Waiting *waiting = g_new0 (Waiting, 1);

  waiting->func = func;
  waiting->data = data;
  waiting->destroy = destroy;
  g_queue_push_tail (&self->waiting, waiting);
  self->save_failed = FALSE;
  bo_findings_document_flush (self->document);
  run_waiting (self);
}

static void remake (BoFindingsPage *self);

static void
remade_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (BoFindingsPage) self = BO_FINDINGS_PAGE (user_data);
  g_autoptr (GError) error = NULL;
  g_autoptr (BoReport) report = bo_findings_work_remake_finish (result, &error);

  /* The page may have been taken down meanwhile. */
  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  self->remaking = FALSE;
  /* Meanwhile there may be newer results, which lack the note still. */
  if (report != NULL && self->remade_from != self->report)
    self->remake_again = TRUE;
  else if (report != NULL)
    {
      g_clear_pointer (&self->report, bo_report_unref);
      self->report = g_steal_pointer (&report);
    }
  g_clear_pointer (&self->remade_from, bo_report_unref);
  if (self->remake_again)
    remake (self);
  run_waiting (self);
}

static void
notes_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (BoFindingsPage) self = BO_FINDINGS_PAGE (user_data);
  g_autoptr (GError) error = NULL;
  g_autoptr (GHashTable) notes = bo_store_get_notes_finish (BO_STORE (source), result, &error);

  /* The page may have been taken down meanwhile. */
  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  if (notes == NULL || self->report == NULL)
    {
      self->remaking = FALSE;
      if (error != NULL)
        tell (self, error->message);
      run_waiting (self);
      return;
    }
  self->remade_from = bo_report_ref (self->report);
  bo_findings_work_remake_async (self->report, notes, self->cancellable, remade_cb, g_object_ref (self));
}

/* With the notes that are in the store, which may have been written from elsewhere too. */
static void
remake (BoFindingsPage *self)
{
  BoStore *store;

  self->remake_again = self->remaking;
  if (self->remaking || self->report == NULL)
    return;
  store = bo_open_study_get_store (self->study, NULL);
  if (store == NULL)
    return;
  self->remaking = TRUE;
  bo_store_get_notes_async (store, ((BoCampaign *) g_ptr_array_index (self->report->campaigns, 0))->study_id,
                            self->cancellable, notes_cb, g_object_ref (self));
}

typedef struct
{
  BoFindingsPage *page;
  BoNoteEditor *editor;
  char *text;
} Saving;

static void
saved_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Saving *saving = user_data;
  BoFindingsPage *self = saving->page;
  g_autoptr (GError) error = NULL;

  self->n_saving--;
  if (bo_store_set_note_finish (BO_STORE (source), result, &error))
    {
      const char *key = bo_note_editor_get_key (saving->editor);

      g_hash_table_replace (self->notes, g_strdup (key), g_strdup (saving->text));
      self->notes_changed = TRUE;
      self->note_saved = TRUE;
      bo_note_editor_saved (saving->editor, saving->text);
      /* The page may have been taken down while the note was written. */
      if (!g_cancellable_is_cancelled (self->cancellable))
        {
          if (bo_open_study_is_loading (self->study))
            g_hash_table_replace (self->newer_notes, g_strdup (key), g_strdup (saving->text));
          remake (self);
          /* New results that came while it was saved. */
          if (self->stale)
            build_later (self);
        }
    }
  else
    {
      self->save_failed = TRUE;
      bo_note_editor_failed (saving->editor, error->message);
    }
  run_waiting (self);
  g_object_unref (saving->page);
  g_object_unref (saving->editor);
  g_free (saving->text);
  g_free (saving);
}

static void
save_note_cb (BoNoteEditor *editor, const char *text, gpointer user_data)
{
  BoFindingsPage *self = BO_FINDINGS_PAGE (user_data);
  g_autoptr (GError) error = NULL;
  BoStore *store = self->study != NULL ? bo_open_study_get_store (self->study, &error) : NULL;
  Saving *saving;

  if (store == NULL || self->report == NULL)
    {
      self->save_failed = TRUE;
      bo_note_editor_failed (editor, error != NULL ? error->message : _ ("The study is being closed."));
      return;
    }
  saving = g_new0 (Saving, 1);
  saving->page = g_object_ref (self);
  saving->editor = g_object_ref (editor);
  saving->text = g_strdup (text);
  self->n_saving++;
  /* What was typed is written, also when the window closes meanwhile: no cancellable. */
  bo_store_set_note_async (store, ((BoCampaign *) g_ptr_array_index (self->report->campaigns, 0))->study_id,
                           bo_note_editor_get_key (editor), text[0] != '\0' ? text : NULL, NULL, saved_cb, saving);
}

static void
edited_cb (BoNoteEditor *editor, gpointer user_data)
{
  BoFindingsPage *self = BO_FINDINGS_PAGE (user_data);

  /* New results that came while it was written in. */
  if (self->stale)
    build_later (self);
}

static void
editor_added_cb (BoFindingsDocument *document, BoNoteEditor *editor, gpointer user_data)
{
  BoFindingsPage *self = BO_FINDINGS_PAGE (user_data);

  bo_note_editor_set_text (editor, g_hash_table_lookup (self->notes, bo_note_editor_get_key (editor)));
  g_signal_connect_object (editor, "save", G_CALLBACK (save_note_cb), self, 0);
  g_signal_connect_object (editor, "edited", G_CALLBACK (edited_cb), self, 0);
}

static void
built_cb (BoFindingsDocument *document, gpointer user_data)
{
  BoFindingsPage *self = BO_FINDINGS_PAGE (user_data);

  if (self->scroll_to > 0)
    gtk_adjustment_set_value (gtk_scrolled_window_get_vadjustment (self->scrolled), self->scroll_to);
  self->scroll_to = 0;
}

/* --- What is shown ------------------------------------------------------------------- */

/* Now, or when the page is seen; not while a note is written in, which would go with its row. */
static void
build_later (BoFindingsPage *self)
{
  self->stale = TRUE;
  if (self->report == NULL || !gtk_widget_get_mapped (GTK_WIDGET (self))
      || bo_findings_document_is_edited (self->document))
    return;
  self->stale = FALSE;
  self->scroll_to = gtk_adjustment_get_value (gtk_scrolled_window_get_vadjustment (self->scrolled));
  bo_findings_document_set_report (self->document, self->report);
}

static void
set_report (BoFindingsPage *self, BoReport *report)
{
  gboolean has_report = report != NULL;

  if (has_report)
    bo_report_ref (report);
  g_clear_pointer (&self->report, bo_report_unref);
  self->report = report;
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "findings.export", has_report);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "findings.update", has_report);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "findings.copy", has_report);
  gtk_stack_set_visible_child_name (self->stack, has_report ? "document" : "empty");
  if (has_report)
    build_later (self);
  else
    bo_findings_document_set_report (self->document, NULL);
}

/* --- What it is made from ------------------------------------------------------------- */

static void
report_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (BoFindingsPage) self = BO_FINDINGS_PAGE (user_data);
  g_autoptr (GError) error = NULL;
  g_autoptr (BoReport) report = bo_findings_work_load_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || g_cancellable_is_cancelled (self->cancellable))
    return;
  g_clear_object (&self->loading);
  if (report != NULL)
    {
      set_report (self, report);
      /* It may have been read before. */
      if (self->note_saved)
        remake (self);
    }
  else
    tell (self, error->message);
  run_waiting (self);
}

static void
load (BoFindingsPage *self)
{
  BoStudyResults *results = bo_open_study_get_results (self->study);

  g_cancellable_cancel (self->loading);
  g_clear_object (&self->loading);
  if (results == NULL || results->report == NULL)
    {
      set_report (self, NULL);
      run_waiting (self);
      return;
    }
  if (self->all_campaigns || results->report->campaigns->len == 1)
    {
      set_report (self, results->report);
      /* Before anybody who waits gets it without them. */
      if (self->notes_changed)
        remake (self);
      run_waiting (self);
      return;
    }
  self->loading = g_cancellable_new ();
  self->note_saved = FALSE;
  bo_findings_work_load_async (((BoCampaign *) g_ptr_array_index (results->report->campaigns, 0))->id, FALSE, self->loading,
                               report_cb, g_object_ref (self));
}

static void
loaded_cb (BoOpenStudy *study, gpointer user_data)
{
  BoFindingsPage *self = BO_FINDINGS_PAGE (user_data);
  BoStudyResults *results = bo_open_study_get_results (study);

  if (results != NULL)
    {
      GHashTableIter iter;
      gpointer key, text;

      g_hash_table_remove_all (self->notes);
      g_hash_table_iter_init (&iter, results->notes);
      while (g_hash_table_iter_next (&iter, &key, &text))
        g_hash_table_insert (self->notes, g_strdup (key), g_strdup (text));
      self->notes_changed = g_hash_table_size (self->newer_notes) > 0;
      g_hash_table_iter_init (&iter, self->newer_notes);
      while (g_hash_table_iter_next (&iter, &key, &text))
        g_hash_table_replace (self->notes, g_strdup (key), g_strdup (text));
      g_hash_table_remove_all (self->newer_notes);
    }
  gtk_widget_set_visible (GTK_WIDGET (self->scope),
                          results != NULL && results->report != NULL && results->report->campaigns->len > 1);
  load (self);
}

static void
set_all_campaigns (BoFindingsPage *self, gboolean all)
{
  if (self->all_campaigns == all)
    return;
  self->all_campaigns = all;
  self->setting_scope = TRUE;
  gtk_drop_down_set_selected (self->scope, all ? 0 : 1);
  self->setting_scope = FALSE;
  if (self->study != NULL)
    load (self);
}

static void
scope_cb (GtkDropDown *drop_down, GParamSpec *pspec, gpointer user_data)
{
  BoFindingsPage *self = BO_FINDINGS_PAGE (user_data);

  if (!self->setting_scope)
    set_all_campaigns (self, gtk_drop_down_get_selected (drop_down) == 0);
}

static void
all_campaigns_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  set_all_campaigns (BO_FINDINGS_PAGE (widget), g_variant_get_boolean (parameter));
}

/* --- Copy and export ---------------------------------------------------------------------- */

static void
copied_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (BoFindingsPage) self = BO_FINDINGS_PAGE (user_data);
  g_autofree char *text = bo_findings_work_copy_finish (result, NULL);

  if (text == NULL)
    return;
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), text);
  tell (self, _ ("Copied as Markdown"));
}

static void
copy_ready (BoFindingsPage *self, gpointer data)
{
  bo_findings_work_copy_async (self->report, self->cancellable, copied_cb, g_object_ref (self));
}

static void
copy_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  when_ready (BO_FINDINGS_PAGE (widget), copy_ready, NULL, NULL);
}

typedef struct
{
  BoFindingsPage *page;
  BoExportFormat format;
  GFile *file;
} Export;

static void
export_free (gpointer data)
{
  Export *export = data;

  g_clear_object (&export->page);
  g_object_unref (export->file);
  g_free (export);
}

static void
open_failed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (BoFindingsPage) self = BO_FINDINGS_PAGE (user_data);
  g_autoptr (GError) error = NULL;

  if (!g_app_info_launch_default_for_uri_finish (result, &error))
    tell (self, error->message);
}

static void
open_cb (AdwToast *toast, gpointer user_data)
{
  Export *export = user_data;
  /* With its pictures beside it, the folder is what is wanted. */
  g_autoptr (GFile) target = export->format == BO_EXPORT_MARKDOWN ? g_file_get_parent (export->file) : g_object_ref (export->file);
  g_autofree char *uri = g_file_get_uri (target);
  GdkDisplay *display = gtk_widget_get_display (GTK_WIDGET (export->page));
  g_autoptr (GdkAppLaunchContext) context = gdk_display_get_app_launch_context (display);

  g_app_info_launch_default_for_uri_async (uri, G_APP_LAUNCH_CONTEXT (context), NULL, open_failed_cb,
                                           g_object_ref (export->page));
}

static void
export_closure_free (gpointer data, GClosure *closure)
{
  export_free (data);
}

static void
exported_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Export *export = user_data;
  BoFindingsPage *self = export->page;
  g_autoptr (GError) error = NULL;
  g_autofree char *name = g_file_get_basename (export->file);
  g_autofree char *shown = g_filename_display_name (name);
  g_autofree char *text = NULL;

  if (bo_findings_work_export_finish (result, &error))
    {
      text = g_strdup_printf (_ ("Exported as “%s”"), shown);
      tell_with_button (self, text, export->format == BO_EXPORT_MARKDOWN ? _ ("Open Folder") : _ ("Open"),
                        G_CALLBACK (open_cb), export, export_closure_free);
      return;
    }
  text = g_strdup_printf (_ ("“%s” was not written: %s"), shown, error->message);
  tell (self, text);
  export_free (export);
}

static void
export_ready (BoFindingsPage *self, gpointer data)
{
  const Export *wanted = data;
  Export *export = g_new0 (Export, 1);

  export->page = g_object_ref (self);
  export->format = wanted->format;
  export->file = g_object_ref (wanted->file);
  /* What the user asked for is written, also when the window closes meanwhile. */
  bo_findings_work_export_async (self->report, export->format, export->file, NULL, exported_cb, export);
}

/**
 * bo_findings_page_export:
 * @self: the page
 * @format: what is written; Markdown has its charts in a folder beside it
 * @file: where to; a toast says how that went
 */
void
bo_findings_page_export (BoFindingsPage *self, BoExportFormat format, GFile *file)
{
  Export *export;

  g_return_if_fail (BO_IS_FINDINGS_PAGE (self));
  g_return_if_fail (G_IS_FILE (file));

  export = g_new0 (Export, 1);
  export->format = format;
  export->file = g_object_ref (file);
  when_ready (self, export_ready, export, export_free);
}

static GtkFileChooserNative *
make_chooser (BoFindingsPage *self, const char *title, GtkFileChooserAction action, const char *accept)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkFileChooserNative *dialog
    = gtk_file_chooser_native_new (title, GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL, action, accept, NULL);
  g_autoptr (GFile) folder = g_file_get_parent (bo_open_study_get_file (self->study));

  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  if (folder != NULL)
    gtk_file_chooser_set_current_folder (GTK_FILE_CHOOSER (dialog), folder, NULL);
  return dialog;
}

static void
export_response_cb (GtkNativeDialog *dialog, int response, gpointer user_data)
{
  BoFindingsPage *self = BO_FINDINGS_PAGE (user_data);

  if (response == GTK_RESPONSE_ACCEPT)
    {
      g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));

      bo_findings_page_export (self, GPOINTER_TO_INT (g_object_get_data (G_OBJECT (dialog), "format")), file);
    }
  /* It holds itself while it is shown. */
  g_object_unref (dialog);
}

static void
export_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  BoFindingsPage *self = BO_FINDINGS_PAGE (widget);
  const char *const titles[BO_N_EXPORT_FORMATS] = { _ ("Export as Markdown"), _ ("Export as Web Page"), _ ("Export as JSON"),
                                                    _ ("Export as CSV") };
  const char *const filters[BO_N_EXPORT_FORMATS] = { _ ("Markdown"), _ ("Web pages"), _ ("JSON"), _ ("CSV") };
  BoExportFormat format;
  GtkFileChooserNative *dialog;
  g_autofree char *name = NULL;
  g_autoptr (GtkFileFilter) filter = NULL;

  if (self->report == NULL || !bo_export_format_from_string (g_variant_get_string (parameter, NULL), &format))
    return;
  dialog = make_chooser (self, titles[format], GTK_FILE_CHOOSER_ACTION_SAVE, _ ("_Export"));
  name = bo_export_make_name (self->report->study, format);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (dialog), name);
  filter = gtk_file_filter_new ();
  gtk_file_filter_set_name (filter, filters[format]);
  gtk_file_filter_add_suffix (filter, bo_export_format_get_suffix (format));
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (dialog), filter);
  g_object_set_data (G_OBJECT (dialog), "format", GINT_TO_POINTER (format));
  g_signal_connect_object (dialog, "response", G_CALLBACK (export_response_cb), self, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

/* --- A document of the user's --------------------------------------------------------------- */

typedef struct
{
  BoFindingsPage *page;
  BoDocumentUpdate *update;
} Undo;

static void
undo_free (gpointer data, GClosure *closure)
{
  Undo *undo = data;

  g_clear_object (&undo->page);
  bo_document_update_free (undo->update);
  g_free (undo);
}

static void
undone_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Undo *undo = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *name = g_filename_display_basename (undo->update->path);
  g_autofree char *text = NULL;

  if (bo_findings_work_apply_finish (result, &error))
    text = g_strdup_printf (_ ("“%s” is as it was before"), name);
  else
    text = g_strdup (error->message);
  tell (undo->page, text);
  undo_free (undo, NULL);
}

static void
undo_cb (AdwToast *toast, gpointer user_data)
{
  Undo *undo = user_data;
  Undo *taken = g_new0 (Undo, 1);

  if (undo->update == NULL)
    {
      g_free (taken);
      return;
    }
  /* The toast goes away while it is written. */
  taken->page = g_object_ref (undo->page);
  taken->update = g_steal_pointer (&undo->update);
  bo_findings_work_apply_async (taken->update, TRUE, NULL, undone_cb, taken);
}

static void
applied_cb (BoUpdateDialog *dialog, gpointer user_data)
{
  BoFindingsPage *self = BO_FINDINGS_PAGE (user_data);
  Undo *undo = g_new0 (Undo, 1);
  g_autofree char *name = NULL;
  g_autofree char *text = NULL;

  undo->page = g_object_ref (self);
  undo->update = bo_update_dialog_steal_update (dialog);
  name = g_filename_display_basename (undo->update->path);
  text = g_strdup_printf (_ ("“%s” was updated"), name);
  tell_with_button (self, text, _ ("Undo"), G_CALLBACK (undo_cb), undo, undo_free);
}

static void
update_ready (BoFindingsPage *self, gpointer data)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  BoUpdateDialog *dialog = bo_update_dialog_new (self->report, G_FILE (data));

  if (GTK_IS_WINDOW (root))
    gtk_window_set_transient_for (GTK_WINDOW (dialog), GTK_WINDOW (root));
  g_signal_connect_object (dialog, "applied", G_CALLBACK (applied_cb), self, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

/**
 * bo_findings_page_update:
 * @self: the page
 * @file: a document of the user's; what would change is shown before anything is written
 */
void
bo_findings_page_update (BoFindingsPage *self, GFile *file)
{
  g_return_if_fail (BO_IS_FINDINGS_PAGE (self));
  g_return_if_fail (G_IS_FILE (file));

  when_ready (self, update_ready, g_object_ref (file), g_object_unref);
}

static void
update_response_cb (GtkNativeDialog *dialog, int response, gpointer user_data)
{
  BoFindingsPage *self = BO_FINDINGS_PAGE (user_data);

  if (response == GTK_RESPONSE_ACCEPT)
    {
      g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));

      bo_findings_page_update (self, file);
    }
  g_object_unref (dialog);
}

static void
update_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  BoFindingsPage *self = BO_FINDINGS_PAGE (widget);
  GtkFileChooserNative *dialog = make_chooser (self, _ ("Update Document"), GTK_FILE_CHOOSER_ACTION_OPEN, _ ("_Preview"));
  const char *const suffixes[] = { "md", "markdown", "mdown", "txt" };
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();

  gtk_file_filter_set_name (filter, _ ("Markdown"));
  for (guint i = 0; i < G_N_ELEMENTS (suffixes); i++)
    gtk_file_filter_add_suffix (filter, suffixes[i]);
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (dialog), filter);
  g_signal_connect_object (dialog, "response", G_CALLBACK (update_response_cb), self, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

/* --- The widget ------------------------------------------------------------------------------ */

static gboolean
narrow_cb (gpointer user_data)
{
  BoFindingsPage *self = BO_FINDINGS_PAGE (user_data);

  self->narrow_id = 0;
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self->bar),
                                  self->narrow ? GTK_ORIENTATION_VERTICAL : GTK_ORIENTATION_HORIZONTAL);
  gtk_button_set_label (self->update_button, self->narrow ? _ ("_Update…") : _ ("_Update Document…"));
  bo_findings_document_set_narrow (self->document, self->narrow);
  return G_SOURCE_REMOVE;
}

static void
bo_findings_page_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural, int *minimum_baseline, int *natural_baseline)
{
  gtk_widget_measure (GTK_WIDGET (BO_FINDINGS_PAGE (widget)->stack), orientation, for_size, minimum, natural,
                      minimum_baseline, natural_baseline);
  /* What is too wide in columns is narrow in cards, which it becomes once it has that width. */
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    *minimum = MIN (*minimum, 320);
}

static void
bo_findings_page_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  BoFindingsPage *self = BO_FINDINGS_PAGE (widget);
  gboolean narrow = width < NARROW_WIDTH;
  int minimum;

  gtk_widget_measure (GTK_WIDGET (self->stack), GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
  gtk_widget_allocate (GTK_WIDGET (self->stack), MAX (width, minimum), height, baseline, NULL);
  if (narrow == self->narrow)
    return;
  self->narrow = narrow;
  /* Not while sizes are given. */
  if (self->narrow_id == 0)
    self->narrow_id = g_idle_add (narrow_cb, self);
}

static void
bo_findings_page_map (GtkWidget *widget)
{
  BoFindingsPage *self = BO_FINDINGS_PAGE (widget);

  GTK_WIDGET_CLASS (bo_findings_page_parent_class)->map (widget);
  if (self->stale)
    build_later (self);
}

static void
bo_findings_page_unmap (GtkWidget *widget)
{
  BoFindingsPage *self = BO_FINDINGS_PAGE (widget);

  /* Also when the window closes: what was typed is kept. */
  bo_findings_document_flush (self->document);
  GTK_WIDGET_CLASS (bo_findings_page_parent_class)->unmap (widget);
}

static void
bo_findings_page_dispose (GObject *object)
{
  BoFindingsPage *self = BO_FINDINGS_PAGE (object);
  GtkWidget *child;

  g_cancellable_cancel (self->cancellable);
  g_cancellable_cancel (self->loading);
  g_clear_object (&self->loading);
  g_clear_handle_id (&self->narrow_id, g_source_remove);
  g_queue_clear_full (&self->waiting, waiting_free);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  gtk_widget_dispose_template (GTK_WIDGET (self), BO_TYPE_FINDINGS_PAGE);
  g_clear_pointer (&self->report, bo_report_unref);
  g_clear_object (&self->study);

  G_OBJECT_CLASS (bo_findings_page_parent_class)->dispose (object);
}

static void
bo_findings_page_finalize (GObject *object)
{
  BoFindingsPage *self = BO_FINDINGS_PAGE (object);

  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->notes, g_hash_table_unref);
  g_clear_pointer (&self->newer_notes, g_hash_table_unref);
  g_clear_pointer (&self->remade_from, bo_report_unref);

  G_OBJECT_CLASS (bo_findings_page_parent_class)->finalize (object);
}

static void
bo_findings_page_class_init (BoFindingsPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bo_findings_page_dispose;
  G_OBJECT_CLASS (klass)->finalize = bo_findings_page_finalize;
  widget_class->measure = bo_findings_page_measure;
  widget_class->size_allocate = bo_findings_page_size_allocate;
  widget_class->map = bo_findings_page_map;
  widget_class->unmap = bo_findings_page_unmap;
  g_type_ensure (BO_TYPE_FINDINGS_DOCUMENT);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/bakeoff/Bakeoff/bo-findings-page.ui");
  gtk_widget_class_bind_template_child (widget_class, BoFindingsPage, stack);
  gtk_widget_class_bind_template_child (widget_class, BoFindingsPage, bar);
  gtk_widget_class_bind_template_child (widget_class, BoFindingsPage, scope);
  gtk_widget_class_bind_template_child (widget_class, BoFindingsPage, update_button);
  gtk_widget_class_bind_template_child (widget_class, BoFindingsPage, scrolled);
  gtk_widget_class_bind_template_child (widget_class, BoFindingsPage, document);
  gtk_widget_class_bind_template_callback (widget_class, scope_cb);
  gtk_widget_class_bind_template_callback (widget_class, editor_added_cb);
  gtk_widget_class_bind_template_callback (widget_class, built_cb);
  gtk_widget_class_install_action (widget_class, "findings.export", "s", export_cb);
  gtk_widget_class_install_action (widget_class, "findings.copy", NULL, copy_cb);
  gtk_widget_class_install_action (widget_class, "findings.update", NULL, update_cb);
  gtk_widget_class_install_action (widget_class, "findings.all-campaigns", "b", all_campaigns_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_c, GDK_CONTROL_MASK | GDK_SHIFT_MASK, "findings.copy", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_e, GDK_CONTROL_MASK, "findings.export", "s", "markdown");
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_u, GDK_CONTROL_MASK, "findings.update", NULL);
}

static void
bo_findings_page_init (BoFindingsPage *self)
{
  self->all_campaigns = TRUE;
  self->cancellable = g_cancellable_new ();
  self->notes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->newer_notes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_queue_init (&self->waiting);
  gtk_widget_init_template (GTK_WIDGET (self));
  set_report (self, NULL);
}

/**
 * bo_findings_page_set_open_study:
 * @self: the page
 * @study: the study whose findings it shows
 */
void
bo_findings_page_set_open_study (BoFindingsPage *self, BoOpenStudy *study)
{
  g_return_if_fail (BO_IS_FINDINGS_PAGE (self));
  g_return_if_fail (BO_IS_OPEN_STUDY (study));
  g_return_if_fail (self->study == NULL);

  self->study = g_object_ref (study);
  g_signal_connect_object (study, "loaded", G_CALLBACK (loaded_cb), self, 0);
  loaded_cb (study, self);
}

/**
 * bo_findings_page_get_report:
 *
 * Returns: (transfer none) (nullable): what is shown, with the notes that are saved
 */
BoReport *
bo_findings_page_get_report (BoFindingsPage *self)
{
  g_return_val_if_fail (BO_IS_FINDINGS_PAGE (self), NULL);

  return self->report;
}

/**
 * bo_findings_page_get_editor:
 * @self: the page
 * @key: key of a note
 *
 * Returns: (transfer none) (nullable): where it is edited, once the page is built so far
 */
BoNoteEditor *
bo_findings_page_get_editor (BoFindingsPage *self, const char *key)
{
  g_return_val_if_fail (BO_IS_FINDINGS_PAGE (self), NULL);

  return bo_findings_document_get_editor (self->document, key);
}
