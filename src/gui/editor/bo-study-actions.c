/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-study-actions"

#include "config.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "editor/bo-study-actions.h"
#include "shell/bo-unfinished-work.h"
#include "study/bo-study-edit.h"

typedef enum
{
  CHANGE_DUPLICATE,
  CHANGE_MOVE,
  CHANGE_REMOVE,
  CHANGE_RESTORE,
} Kind;

/* One change, from the press to the file. */
typedef struct
{
  GWeakRef parent;
  Kind kind;
  char *file;
  char *id;
  int delta;
  BoRemovedStrategy *removed;
} Change;

/* What waits for the one that is being made, so that two presses are not mixed. */
static GQueue waiting = G_QUEUE_INIT;
static gboolean busy;

static void start_next (void);

static Change *
change_new (GtkWindow *parent, Kind kind, const char *file, const char *id)
{
  Change *change = g_new0 (Change, 1);

  g_weak_ref_init (&change->parent, parent);
  change->kind = kind;
  change->file = g_strdup (file);
  change->id = g_strdup (id);
  return change;
}

static void
change_free (gpointer data)
{
  Change *change = data;

  g_weak_ref_clear (&change->parent);
  g_free (change->file);
  g_free (change->id);
  bo_removed_strategy_free (change->removed);
  g_free (change);
}

/* The overlay is somewhere below the window; pages do not know it. */
static AdwToastOverlay *
find_toasts (GtkWidget *widget)
{
  AdwToastOverlay *toasts = NULL;

  if (ADW_IS_TOAST_OVERLAY (widget))
    return ADW_TOAST_OVERLAY (widget);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && toasts == NULL;
       child = gtk_widget_get_next_sibling (child))
    toasts = find_toasts (child);
  return toasts;
}

/* A toast's title is markup. */
static AdwToast *
toast_new (const char *text)
{
  g_autofree char *escaped = g_markup_escape_text (text, -1);

  return adw_toast_new (escaped);
}

static void
add_toast (GtkWindow *parent, AdwToast *toast)
{
  AdwToastOverlay *toasts = find_toasts (GTK_WIDGET (parent));

  if (toasts != NULL)
    adw_toast_overlay_add_toast (toasts, toast);
  else
    g_object_unref (toast);
}

static void
change_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Change *change = task_data;
  g_autoptr (BoProblems) problems = bo_problems_new ();
  g_autoptr (BoStudyEdit) edit = NULL;
  g_autofree char *copy = NULL;
  GError *error = NULL;
  gboolean ok = FALSE;

  edit = bo_study_edit_open (change->file, &error);
  if (edit != NULL)
    switch (change->kind)
      {
      case CHANGE_DUPLICATE:
        copy = bo_study_edit_duplicate_strategy (edit, change->id, &error);
        ok = copy != NULL;
        break;
      case CHANGE_MOVE:
        ok = bo_study_edit_move_strategy (edit, change->id, change->delta, &error);
        break;
      case CHANGE_REMOVE:
        change->removed = bo_study_edit_remove_strategy (edit, change->id, &error);
        ok = change->removed != NULL;
        break;
      case CHANGE_RESTORE:
        ok = bo_study_edit_restore_strategy (edit, change->removed, &error);
        break;
      default:
        g_assert_not_reached ();
      }
  if (ok && bo_study_edit_save (edit, problems, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
undo_cb (AdwToast *toast, gpointer user_data)
{
  Change *removal = g_object_get_data (G_OBJECT (toast), "change");
  g_autoptr (GtkWindow) parent = g_weak_ref_get (&removal->parent);
  Change *change;

  if (removal->removed == NULL)
    return;
  change = change_new (parent, CHANGE_RESTORE, removal->file, NULL);
  change->removed = g_steal_pointer (&removal->removed);
  g_queue_push_tail (&waiting, change);
  start_next ();
}

static void
offer_undo (GtkWindow *parent, const Change *change)
{
  g_autofree char *text = g_strdup_printf (_ ("“%s” was removed from the study"), change->removed->title);
  AdwToast *toast = toast_new (text);
  Change *removal = change_new (parent, CHANGE_RESTORE, change->file, NULL);

  removal->removed = g_new0 (BoRemovedStrategy, 1);
  removal->removed->strategy = json_node_copy (change->removed->strategy);
  removal->removed->position = change->removed->position;
  removal->removed->title = g_strdup (change->removed->title);
  removal->removed->was_baseline = change->removed->was_baseline;
  adw_toast_set_button_label (toast, _ ("_Undo"));
  adw_toast_set_timeout (toast, 10);
  g_object_set_data_full (G_OBJECT (toast), "change", removal, change_free);
  g_signal_connect (toast, "button-clicked", G_CALLBACK (undo_cb), NULL);
  add_toast (parent, toast);
}

static void
changed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Change *change = g_task_get_task_data (G_TASK (result));
  g_autoptr (GtkWindow) parent = g_weak_ref_get (&change->parent);
  g_autoptr (GError) error = NULL;
  gboolean ok = g_task_propagate_boolean (G_TASK (result), &error);

  busy = FALSE;
  if (parent == NULL)
    {
      if (!ok)
        g_warning ("%s", error->message);
    }
  else if (ok)
    {
      gtk_widget_activate_action (GTK_WIDGET (parent), "win.reload", NULL);
      if (change->kind == CHANGE_REMOVE)
        offer_undo (parent, change);
    }
  else
    {
      AdwToast *toast = toast_new (error->message);

          adw_toast_set_timeout (toast, 0);
      add_toast (parent, toast);
    }
  start_next ();
}

static void
start_next (void)
{
  g_autoptr (GTask) task = NULL;
  Change *change;

  if (busy || g_queue_is_empty (&waiting))
    return;
  busy = TRUE;
  change = g_queue_pop_head (&waiting);
  task = g_task_new (NULL, NULL, changed_cb, NULL);
  g_task_set_source_tag (task, start_next);
  g_task_set_task_data (task, change, change_free);
  bo_unfinished_work_watch (task);
  g_task_run_in_thread (task, change_thread);
}

static void
ask_for (GtkWindow *parent, Kind kind, GFile *study, const char *id, int delta)
{
  Change *change = change_new (parent, kind, g_file_peek_path (study), id);

  change->delta = delta;
  g_queue_push_tail (&waiting, change);
  start_next ();
}

/**
 * bo_study_actions_duplicate_strategy:
 * @parent: the study's window
 * @study: its file
 * @strategy_id: which one; the copy comes right behind it
 */
void
bo_study_actions_duplicate_strategy (GtkWindow *parent, GFile *study, const char *strategy_id)
{
  g_return_if_fail (GTK_IS_WINDOW (parent) && G_IS_FILE (study) && strategy_id != NULL);

  ask_for (parent, CHANGE_DUPLICATE, study, strategy_id, 0);
}

/**
 * bo_study_actions_move_strategy:
 * @parent: the study's window
 * @study: its file
 * @strategy_id: which one
 * @delta: by how many rows, down when positive; at the end it stays where it is
 */
void
bo_study_actions_move_strategy (GtkWindow *parent, GFile *study, const char *strategy_id, int delta)
{
  g_return_if_fail (GTK_IS_WINDOW (parent) && G_IS_FILE (study) && strategy_id != NULL);

  ask_for (parent, CHANGE_MOVE, study, strategy_id, delta);
}

static void
remove_response_cb (AdwMessageDialog *dialog, const char *response, gpointer user_data)
{
  GtkWindow *parent = gtk_window_get_transient_for (GTK_WINDOW (dialog));

  if (g_str_equal (response, "remove") && parent != NULL)
    ask_for (parent, CHANGE_REMOVE, g_object_get_data (G_OBJECT (dialog), "study"),
             g_object_get_data (G_OBJECT (dialog), "id"), 0);
}

/**
 * bo_study_actions_remove_strategy:
 * @parent: the study's window
 * @study: its file
 * @strategy_id: which one
 * @title: (nullable): its title
 *
 * Asks first; afterwards a toast can take it back.
 */
void
bo_study_actions_remove_strategy (GtkWindow *parent, GFile *study, const char *strategy_id, const char *title)
{
  g_autofree char *heading = NULL;
  GtkWidget *dialog;

  g_return_if_fail (GTK_IS_WINDOW (parent) && G_IS_FILE (study) && strategy_id != NULL);

  heading = g_strdup_printf (_ ("Remove “%s”?"), title != NULL ? title : strategy_id);
  dialog = adw_message_dialog_new (parent, heading,
                                   _ ("It is taken out of the study file. Its Dockerfile and its results stay, "
                                      "and come back with a strategy of the same id."));
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _ ("_Cancel"), "remove", _ ("_Remove"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "remove", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_object_set_data_full (G_OBJECT (dialog), "study", g_object_ref (study), g_object_unref);
  g_object_set_data_full (G_OBJECT (dialog), "id", g_strdup (strategy_id), g_free);
  g_signal_connect (dialog, "response", G_CALLBACK (remove_response_cb), NULL);
  gtk_window_present (GTK_WINDOW (dialog));
}
