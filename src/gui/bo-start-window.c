/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-start-window"

#include "config.h"

#include <string.h>

#include <glib/gi18n.h>

#include "bo-settings.h"
#include "bo-start-list.h"
#include "bo-start-window.h"
#include "devices/bo-device-group.h"
#include "shell/bo-past-day.h"

/* What is seen before a study is open: the studies and the devices that there are. */

struct _BoStartWindow
{
  AdwApplicationWindow parent_instance;

  /* Template widgets */
  AdwToastOverlay *toasts;
  GtkListBox *list;
  GtkListBoxRow *note_row;
  GtkLabel *note;
  GtkWidget *open_button;

  /* Owned references */
  GCancellable *loading;
};

G_DEFINE_FINAL_TYPE (BoStartWindow, bo_start_window, ADW_TYPE_APPLICATION_WINDOW)

static void load (BoStartWindow *self);

/* "~/src/audiobook · 54 trials · yesterday" */
static char *
describe (const BoStartItem *item)
{
  g_autofree char *folder = g_path_get_dirname (item->file);
  g_autofree char *shown = g_filename_display_name (folder);
  const char *home = g_get_home_dir ();
  g_autofree char *place = NULL;
  g_autofree char *trials = NULL;
  g_autofree char *day = NULL;
  g_autoptr (GDateTime) last = NULL;
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();

  if (g_str_has_prefix (shown, home) && shown[strlen (home)] == '/')
    place = g_strconcat ("~", shown + strlen (home), NULL);
  else
    place = g_steal_pointer (&shown);
  if (item->last_us < 0)
    return g_strdup_printf ("%s · %s", place, _ ("never run"));
  trials = g_strdup_printf (ngettext ("%u trial", "%u trials", item->n_trials), item->n_trials);
  last = g_date_time_new_from_unix_local (item->last_us / G_USEC_PER_SEC);
  day = last != NULL && now != NULL ? bo_past_day_describe (last, now) : g_strdup ("");
  /* TRANSLATORS: folder, how many trials, day of the last run */
  return g_strdup_printf (_ ("%s · %s · %s"), place, trials, day);
}

static void
open_file (BoStartWindow *self, GFile *file)
{
  bo_application_open_study (BO_APPLICATION (gtk_window_get_application (GTK_WINDOW (self))), file);
  gtk_window_close (GTK_WINDOW (self));
}

static void
activated_cb (AdwActionRow *row, gpointer user_data)
{
  g_autoptr (GFile) file = g_file_new_for_path (g_object_get_data (G_OBJECT (row), "file"));

  open_file (BO_START_WINDOW (user_data), file);
}

static void
undo_cb (AdwToast *toast, gpointer user_data)
{
  bo_settings_show_study (g_object_get_data (G_OBJECT (toast), "file"), TRUE);
  load (BO_START_WINDOW (user_data));
}

static void
remove_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  BoStartWindow *self = BO_START_WINDOW (widget);
  const char *path = g_variant_get_string (parameter, NULL);
  AdwToast *toast = adw_toast_new (_ ("The study was taken off the list. Its files and results are as they were."));

  bo_settings_hide_study (path);
  adw_toast_set_button_label (toast, _ ("_Undo"));
  g_object_set_data_full (G_OBJECT (toast), "file", g_strdup (path), g_free);
  g_signal_connect_object (toast, "button-clicked", G_CALLBACK (undo_cb), self, 0);
  adw_toast_overlay_add_toast (self->toasts, toast);
  load (self);
}

static gboolean
delete_cb (GtkWidget *widget, GVariant *arguments, gpointer user_data)
{
  const char *path = g_object_get_data (G_OBJECT (widget), "file");

  return gtk_widget_activate_action (widget, "start.remove", "s", path);
}

static GtkWidget *
make_row (BoStartWindow *self, const BoStartItem *item)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *button = gtk_button_new_from_icon_name ("window-close-symbolic");
  g_autofree char *subtitle = describe (item);
  g_autofree char *label = g_strdup_printf (_ ("Take “%s” off the List"), item->name);
  GtkEventController *keys = gtk_shortcut_controller_new ();

  /* Names and paths are not markup. */
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), item->name);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 2);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  g_object_set_data_full (G_OBJECT (row), "file", g_strdup (item->file), g_free);
  g_signal_connect_object (row, "activated", G_CALLBACK (activated_cb), self, 0);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_add_css_class (button, "dim-label");
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text (button, label);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "start.remove");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s", item->file);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
  gtk_shortcut_controller_add_shortcut (
      GTK_SHORTCUT_CONTROLLER (keys),
      gtk_shortcut_new (gtk_keyval_trigger_new (GDK_KEY_Delete, 0), gtk_callback_action_new (delete_cb, NULL, NULL)));
  gtk_widget_add_controller (row, keys);
  return row;
}

static void
show_note (BoStartWindow *self, const char *text)
{
  gtk_label_set_text (self->note, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->note_row), text != NULL);
}

static void
show_items (BoStartWindow *self, GPtrArray *items)
{
  GtkListBoxRow *row;
  gboolean focused = gtk_window_get_focus (GTK_WINDOW (self)) != NULL;

  while ((row = gtk_list_box_get_row_at_index (self->list, 0)) != self->note_row)
    gtk_list_box_remove (self->list, GTK_WIDGET (row));
  for (guint i = 0; i < items->len; i++)
    gtk_list_box_insert (self->list, make_row (self, g_ptr_array_index (items, i)), i);
  show_note (self, items->len == 0 ? _ ("No studies yet. A study is a project’s bakeoff.json: open one, or make one "
                                        "from a template or from the Dockerfiles of a folder.")
                                   : NULL);
  row = gtk_list_box_get_row_at_index (self->list, 0);
  if (items->len > 0)
    gtk_widget_grab_focus (GTK_WIDGET (row));
  else if (!focused || gtk_window_get_focus (GTK_WINDOW (self)) == NULL)
    gtk_widget_grab_focus (self->open_button);
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) items = bo_start_list_load_finish (result, &error);
  BoStartWindow *self;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  self = BO_START_WINDOW (user_data);
  g_clear_object (&self->loading);
  if (items != NULL)
    show_items (self, items);
  else
    {
      g_autofree char *text = g_strdup_printf (_ ("The results cannot be read: %s"), error->message);

      show_note (self, text);
    }
}

static void
load (BoStartWindow *self)
{
  GSettings *settings = bo_settings_get ();
  g_auto (GStrv) recent = settings != NULL ? g_settings_get_strv (settings, "recent-studies") : g_new0 (char *, 1);
  g_auto (GStrv) hidden = settings != NULL ? g_settings_get_strv (settings, "hidden-studies") : g_new0 (char *, 1);

  if (self->loading != NULL)
    g_cancellable_cancel (self->loading);
  g_clear_object (&self->loading);
  self->loading = g_cancellable_new ();
  bo_start_list_load_async ((const char *const *) recent, (const char *const *) hidden, self->loading, loaded_cb, self);
}

/* A study file or its folder, from a file manager. Others are told as such when their window opens. */
static gboolean
drop_cb (GtkDropTarget *target, const GValue *value, double x, double y, gpointer user_data)
{
  BoStartWindow *self = BO_START_WINDOW (user_data);
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func (g_object_unref);
  GSList *list = g_value_get_boxed (value);

  for (GSList *l = list; l != NULL; l = l->next)
    if (g_file_peek_path (l->data) != NULL)
      g_ptr_array_add (files, g_object_ref (l->data));
  if (files->len == 0)
    return FALSE;
  for (guint i = 0; i < files->len; i++)
    bo_application_open_study (BO_APPLICATION (gtk_window_get_application (GTK_WINDOW (self))), files->pdata[i]);
  gtk_window_close (GTK_WINDOW (self));
  return TRUE;
}

static gboolean
bo_start_window_close_request (GtkWindow *window)
{
  bo_settings_save_window (window, "start-window");
  return GTK_WINDOW_CLASS (bo_start_window_parent_class)->close_request (window);
}

static void
bo_start_window_dispose (GObject *object)
{
  BoStartWindow *self = BO_START_WINDOW (object);

  if (self->loading != NULL)
    g_cancellable_cancel (self->loading);
  g_clear_object (&self->loading);
  gtk_widget_dispose_template (GTK_WIDGET (self), BO_TYPE_START_WINDOW);

  G_OBJECT_CLASS (bo_start_window_parent_class)->dispose (object);
}

static void
bo_start_window_class_init (BoStartWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bo_start_window_dispose;
  GTK_WINDOW_CLASS (klass)->close_request = bo_start_window_close_request;
  g_type_ensure (BO_TYPE_DEVICE_GROUP);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/bakeoff/Bakeoff/bo-start-window.ui");
  gtk_widget_class_bind_template_child (widget_class, BoStartWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, BoStartWindow, list);
  gtk_widget_class_bind_template_child (widget_class, BoStartWindow, note_row);
  gtk_widget_class_bind_template_child (widget_class, BoStartWindow, note);
  gtk_widget_class_bind_template_child (widget_class, BoStartWindow, open_button);
  gtk_widget_class_install_action (widget_class, "start.remove", "s", remove_cb);
}

static void
bo_start_window_init (BoStartWindow *self)
{
  GtkDropTarget *target = gtk_drop_target_new (GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);

  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_object (target, "drop", G_CALLBACK (drop_cb), self, 0);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (target));
}

/**
 * bo_start_window_new:
 * @application: the application
 *
 * Returns: (transfer none): the window, which finds the studies in the background
 */
BoStartWindow *
bo_start_window_new (BoApplication *application)
{
  BoStartWindow *self;

  g_return_val_if_fail (BO_IS_APPLICATION (application), NULL);

  self = g_object_new (BO_TYPE_START_WINDOW, "application", application, NULL);
  bo_settings_restore_window (GTK_WINDOW (self), "start-window");
  load (self);
  return self;
}
