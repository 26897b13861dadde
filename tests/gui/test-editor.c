/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include <glib/gstdio.h>

#include "editor/bo-problem-row.h"
#include "editor/bo-strategy-editor.h"
#include "editor/bo-study-actions.h"
#include "editor/bo-study-editor.h"
#include "gui-test.h"
#include "sample-results.h"
#include "study/bo-study-edit.h"

/* A project of a test's own, a copy of the sample. */
typedef struct
{
  char *folder;
  char *path;
  GFile *file;
  GtkWindow *window; /* as a study's: it has "win.reload" */
  guint n_reloads;
} Project;

static void
reload_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  ((Project *) user_data)->n_reloads++;
}

static Project *
project_new (void)
{
  Project *project = g_new0 (Project, 1);
  g_autofree char *sample = sample_get_file ();
  g_autofree char *from = g_path_get_dirname (sample);
  g_autofree char *command = NULL;
  const GActionEntry entries[] = { { "reload", reload_cb, NULL, NULL, NULL } };
  g_autoptr (GSimpleActionGroup) actions = g_simple_action_group_new ();
  int status = -1;

  project->folder = g_dir_make_tmp ("bakeoff-editor-XXXXXX", NULL);
  command = g_strdup_printf ("cp -R %s/. %s", from, project->folder);
  g_assert_true (g_spawn_command_line_sync (command, NULL, NULL, &status, NULL));
  g_assert_cmpint (status, ==, 0);
  project->path = g_build_filename (project->folder, "bakeoff.json", NULL);
  g_chmod (project->path, 0644);
  project->file = g_file_new_for_path (project->path);
  project->window = GTK_WINDOW (gtk_window_new ());
  gtk_window_set_child (project->window, g_object_new (ADW_TYPE_TOAST_OVERLAY, NULL));
  g_action_map_add_action_entries (G_ACTION_MAP (actions), entries, G_N_ELEMENTS (entries), project);
  gtk_widget_insert_action_group (GTK_WIDGET (project->window), "win", G_ACTION_GROUP (actions));
  gtk_window_present (project->window);
  wait_ms (100);
  return project;
}

static void
project_free (Project *project)
{
  g_autofree char *command = g_strdup_printf ("rm -rf %s", project->folder);

  close_window (project->window);
  g_assert_true (g_spawn_command_line_sync (command, NULL, NULL, NULL, NULL));
  g_object_unref (project->file);
  g_free (project->path);
  g_free (project->folder);
  g_free (project);
}

static char *
list_ids (Project *project)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BoStudyEdit) edit = bo_study_edit_open (project->path, &error);
  JsonArray *strategies;
  GString *ids = g_string_new (NULL);

  g_assert_no_error (error);
  strategies = json_object_get_array_member (bo_study_edit_get_root (edit), "strategies");
  for (guint i = 0; i < json_array_get_length (strategies); i++)
    g_string_append_printf (ids, "%s%s", i > 0 ? " " : "",
                            json_object_get_string_member (json_array_get_object_element (strategies, i), "id"));
  return g_string_free (ids, FALSE);
}

static GtkWidget *
find_named (GtkWidget *widget, const char *id)
{
  GtkWidget *found = NULL;

  if (g_strcmp0 (gtk_buildable_get_buildable_id (GTK_BUILDABLE (widget)), id) == 0)
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_named (child, id);
  return found;
}

static BoProblemRow *
find_problem (GtkWidget *dialog, const char *field)
{
  g_autoptr (GPtrArray) rows = bo_problem_row_find_all (dialog);

  for (guint i = 0; i < rows->len; i++)
    if (g_strcmp0 (bo_problem_row_get_field (rows->pdata[i]), field) == 0)
      return rows->pdata[i];
  g_assert_not_reached ();
}

static GtkWindow *
open_editor (Project *project, const char *strategy)
{
  GtkWindow *editor = GTK_WINDOW (bo_strategy_editor_new (project->window, project->file, strategy));
  GtkWidget *stack = find_named (GTK_WIDGET (editor), "stack");

  gtk_window_present (editor);
  WAIT_FOR (g_strcmp0 (gtk_stack_get_visible_child_name (GTK_STACK (stack)), "loading") != 0);
  wait_ms (200);
  return editor;
}

static void
set_text (GtkWindow *editor, const char *row, const char *text)
{
  gtk_editable_set_text (GTK_EDITABLE (find_named (GTK_WIDGET (editor), row)), text);
}

static void
test_actions (void)
{
  Project *project = project_new ();
  g_autofree char *before = list_ids (project);
  g_autofree char *moved = NULL;
  g_autofree char *copied = NULL;

  g_assert_true (g_str_has_prefix (before, "original pypi-wheels jetson-wheels "));
  /* Two presses at once are both heard, in their order. */
  bo_study_actions_move_strategy (project->window, project->file, "original", 1);
  bo_study_actions_move_strategy (project->window, project->file, "original", 1);
  WAIT_FOR (project->n_reloads == 2);
  moved = list_ids (project);
  g_assert_true (g_str_has_prefix (moved, "pypi-wheels jetson-wheels original "));
  bo_study_actions_duplicate_strategy (project->window, project->file, "pypi-wheels");
  WAIT_FOR (project->n_reloads == 3);
  copied = list_ids (project);
  g_assert_true (g_str_has_prefix (copied, "pypi-wheels pypi-wheels-copy jetson-wheels original "));
  project_free (project);
}

static void
test_edit (void)
{
  Project *project = project_new ();
  GtkWindow *editor = open_editor (project, "prebuilt");
  g_autofree char *text = NULL;
  gpointer left = editor;

  g_object_add_weak_pointer (G_OBJECT (editor), &left);
  take_pictures (editor, "strategy-editor");
  set_text (editor, "timeout_row", "soon");
  WAIT_FOR (gtk_widget_get_visible (GTK_WIDGET (find_problem (GTK_WIDGET (editor), "timeout"))));
  set_text (editor, "timeout_row", "90m");
  WAIT_FOR (!gtk_widget_get_visible (GTK_WIDGET (find_problem (GTK_WIDGET (editor), "timeout"))));
  set_text (editor, "id_row", "original");
  WAIT_FOR (gtk_widget_get_visible (GTK_WIDGET (find_problem (GTK_WIDGET (editor), "id"))));
  set_text (editor, "id_row", "prebuilt");
  set_text (editor, "dockerfile_row", "docker/nowhere");
  /* A file that is not there is said, and no reason not to save. */
  WAIT_FOR (gtk_widget_get_visible (GTK_WIDGET (find_problem (GTK_WIDGET (editor), "dockerfile"))));
  wait_ms (300);
  take_picture (GTK_WIDGET (editor), "strategy-editor-problem");
  set_text (editor, "dockerfile_row", "docker/Dockerfile.cached");
  WAIT_FOR (!gtk_widget_get_visible (GTK_WIDGET (find_problem (GTK_WIDGET (editor), "dockerfile"))));
  gtk_widget_activate_action (GTK_WIDGET (editor), "editor.save", NULL);
  WAIT_FOR (left == NULL);
  g_assert_cmpuint (project->n_reloads, ==, 1);
  g_assert_true (g_file_get_contents (project->path, &text, NULL, NULL));
  g_assert_nonnull (strstr (text, "\"timeout\": \"90m\""));
  project_free (project);
}

static void
test_add (void)
{
  Project *project = project_new ();
  GtkWindow *editor;
  g_autofree char *ids = NULL;
  gpointer left;

  if (!can_press ())
    {
      g_test_skip ("xdotool is not installed (build-aux/install-packages gui)");
      project_free (project);
      return;
    }
  left = editor = open_editor (project, NULL);
  g_object_add_weak_pointer (G_OBJECT (editor), &left);
  press (editor, "O r i g i n a l");
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (find_named (GTK_WIDGET (editor), "id_row"))), ==, "original-2");
  /* Without a Dockerfile there is nothing to save. */
  WAIT_FOR (gtk_widget_get_visible (GTK_WIDGET (find_problem (GTK_WIDGET (editor), "dockerfile"))));
  press (editor, "ctrl+s");
  g_assert_nonnull (left);
  set_text (editor, "dockerfile_row", "docker/Dockerfile");
  WAIT_FOR (!gtk_widget_get_visible (GTK_WIDGET (find_problem (GTK_WIDGET (editor), "dockerfile"))));
  press (editor, "ctrl+s");
  WAIT_FOR (left == NULL);
  ids = list_ids (project);
  g_assert_true (g_str_has_suffix (ids, " original-2"));

  left = editor = open_editor (project, "original");
  g_object_add_weak_pointer (G_OBJECT (editor), &left);
  press (editor, "Escape");
  WAIT_FOR (left == NULL);
  project_free (project);
}

static void
test_settings (void)
{
  Project *project = project_new ();
  GtkWindow *editor = GTK_WINDOW (bo_study_editor_new (project->window, project->file));
  g_autofree char *text = NULL;
  gpointer left = editor;

  g_object_add_weak_pointer (G_OBJECT (editor), &left);
  gtk_window_present (editor);
  WAIT_FOR (g_strcmp0 (gtk_stack_get_visible_child_name (GTK_STACK (find_named (GTK_WIDGET (editor), "stack"))),
                       "form") == 0);
  wait_ms (200);
  take_pictures (editor, "study-editor");
  set_text (editor, "language_row", "7");
  WAIT_FOR (gtk_widget_get_visible (GTK_WIDGET (find_problem (GTK_WIDGET (editor), "language"))));
  set_text (editor, "language_row", "de");
  set_text (editor, "edit_path_row", "");
  WAIT_FOR (gtk_widget_get_visible (GTK_WIDGET (find_problem (GTK_WIDGET (editor), "edit.path"))));
  wait_ms (300);
  take_picture (GTK_WIDGET (editor), "study-editor-problem");
  set_text (editor, "edit_path_row", "src/app.py");
  WAIT_FOR (!gtk_widget_get_visible (GTK_WIDGET (find_problem (GTK_WIDGET (editor), "edit.path"))));
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (find_named (GTK_WIDGET (editor), "repetitions")), 4);
  wait_ms (600);
  gtk_widget_activate_action (GTK_WIDGET (editor), "editor.save", NULL);
  WAIT_FOR (left == NULL);
  g_assert_cmpuint (project->n_reloads, ==, 1);
  g_assert_true (g_file_get_contents (project->path, &text, NULL, NULL));
  g_assert_nonnull (strstr (text, "\"language\": \"de\""));
  g_assert_nonnull (strstr (text, "\"repetitions\": 4"));
  project_free (project);
}

static GtkWindow *
find_question (GtkWindow *editor)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWindow) window = g_list_model_get_item (windows, i);

      if (ADW_IS_MESSAGE_DIALOG (window) && gtk_window_get_transient_for (window) == editor
          && gtk_widget_get_mapped (GTK_WIDGET (window)))
        return window;
    }
  return NULL;
}

/* What was typed and is not saved does not go without a question. */
static void
test_discard (void)
{
  Project *project = project_new ();
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;

  g_assert_true (g_file_get_contents (project->path, &before, NULL, NULL));
  for (guint i = 0; i < 2; i++)
    {
      GtkWindow *editor = i == 0 ? open_editor (project, "prebuilt")
                                 : GTK_WINDOW (bo_study_editor_new (project->window, project->file));
      GtkWindow *question;
      gpointer left = editor;

      g_object_add_weak_pointer (G_OBJECT (editor), &left);
      gtk_window_present (editor);
      WAIT_FOR (g_strcmp0 (gtk_stack_get_visible_child_name (GTK_STACK (find_named (GTK_WIDGET (editor), "stack"))),
                           "form") == 0);
      set_text (editor, i == 0 ? "title_row" : "name_row", "Another");
      gtk_window_close (editor);
      WAIT_FOR (find_question (editor) != NULL);
      if (i == 0)
        take_picture (GTK_WIDGET (find_question (editor)), "editor-discard");
      question = find_question (editor);
      adw_message_dialog_response (ADW_MESSAGE_DIALOG (question), "keep");
      gtk_window_close (question);
      WAIT_FOR (find_question (editor) == NULL);
      g_assert_nonnull (left);
      gtk_window_close (editor);
      WAIT_FOR (find_question (editor) != NULL);
      adw_message_dialog_response (ADW_MESSAGE_DIALOG (find_question (editor)), "discard");
      WAIT_FOR (left == NULL);
    }
  g_assert_true (g_file_get_contents (project->path, &after, NULL, NULL));
  g_assert_cmpstr (after, ==, before);
  project_free (project);
}

/* Another program writes the study, then breaks it, then mends it. */
static void
test_disk (void)
{
  Project *project = project_new ();
  g_autofree char *text = NULL;
  g_autofree char *other = NULL;
  GtkWindow *window = NULL;
  g_autoptr (GListModel) windows = g_object_ref (gtk_window_get_toplevels ());
  char *name;

  g_assert_true (g_file_get_contents (project->path, &text, NULL, NULL));
  name = strstr (text, "Audiobook generator");
  g_assert_nonnull (name);
  bo_application_open_study (application, project->file);
  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWindow) one = g_list_model_get_item (windows, i);

      if (BO_IS_STUDY_WINDOW (one))
        window = one;
    }
  g_assert_nonnull (window);
  WAIT_FOR (g_strcmp0 (gtk_window_get_title (window), "Audiobook generator") == 0);
  other = g_strdup (text);
  memcpy (strstr (other, "Audiobook generator"), "Another name, it is", strlen ("Another name, it is"));
  g_assert_true (g_file_set_contents (project->path, other, -1, NULL));
  WAIT_FOR (g_strcmp0 (gtk_window_get_title (window), "Another name, it is") == 0);
  g_assert_true (g_file_set_contents (project->path, "{", -1, NULL));
  wait_ms (1000);
  g_assert_true (g_file_set_contents (project->path, text, -1, NULL));
  WAIT_FOR (g_strcmp0 (gtk_window_get_title (window), "Audiobook generator") == 0);
  close_window (window);
  project_free (project);
}

int
main (int argc, char **argv)
{
  if (!gui_test_init (&argc, &argv))
    return 0;

  g_test_add_func ("/editor/actions", test_actions);
  g_test_add_func ("/editor/edit", test_edit);
  g_test_add_func ("/editor/add", test_add);
  g_test_add_func ("/editor/settings", test_settings);
  g_test_add_func ("/editor/discard", test_discard);
  g_test_add_func ("/editor/disk", test_disk);
  return gui_test_run ();
}
