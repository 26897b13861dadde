/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-start-window"

#include "config.h"

#include <string.h>

#include <glib/gi18n.h>

#include "bo-settings.h"
#include "bo-start-list.h"
#include "bo-start-window.h"
#include "devices/bo-device-group.h"

/* What is seen before a study is open: the studies that there are. */

struct _BoStartWindow
{
  AdwApplicationWindow parent_instance;

  /* Template widgets */
  GtkStack *stack;
  AdwPreferencesGroup *studies;
  AdwStatusPage *problem;

  /* Owned references */
  GCancellable *loading;
};

G_DEFINE_FINAL_TYPE (BoStartWindow, bo_start_window, ADW_TYPE_APPLICATION_WINDOW)

/* "~/src/audiobook · run 3 times, last on 24 Nov 2026" */
static char *
describe (const BoStartItem *item)
{
  g_autofree char *folder = g_path_get_dirname (item->file);
  const char *home = g_get_home_dir ();
  g_autofree char *place = NULL;
  g_autofree char *runs = NULL;
  g_autofree char *date = NULL;
  g_autoptr (GDateTime) last = NULL;

  if (g_str_has_prefix (folder, home) && folder[strlen (home)] == '/')
    place = g_strconcat ("~", folder + strlen (home), NULL);
  else
    place = g_steal_pointer (&folder);
  if (item->n_campaigns == 0)
    return g_strdup_printf ("%s · %s", place, _ ("never run"));
  runs = g_strdup_printf (ngettext ("run once", "run %u times", item->n_campaigns), item->n_campaigns);
  last = g_date_time_new_from_unix_local (item->last_us / G_USEC_PER_SEC);
  date = last != NULL ? g_date_time_format (last, "%x") : g_strdup ("");
  /* TRANSLATORS: folder, how often it was run, date */
  return g_strdup_printf (_ ("%s · %s, last on %s"), place, runs, date);
}

static void
activated_cb (AdwActionRow *row, gpointer user_data)
{
  BoStartWindow *self = BO_START_WINDOW (user_data);
  GtkApplication *application = gtk_window_get_application (GTK_WINDOW (self));
  g_autoptr (GFile) file = g_file_new_for_path (g_object_get_data (G_OBJECT (row), "file"));

  bo_application_open_study (BO_APPLICATION (application), file);
  gtk_window_close (GTK_WINDOW (self));
}

static void
show_items (BoStartWindow *self, GPtrArray *items)
{
  for (guint i = 0; i < items->len; i++)
    {
      const BoStartItem *item = g_ptr_array_index (items, i);
      GtkWidget *row = adw_action_row_new ();
      g_autofree char *subtitle = describe (item);

      /* Names and paths are not markup. */
      adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), item->name);
      adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
      adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 2);
      adw_action_row_add_suffix (ADW_ACTION_ROW (row), gtk_image_new_from_icon_name ("go-next-symbolic"));
      gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
      g_object_set_data_full (G_OBJECT (row), "file", g_strdup (item->file), g_free);
      g_signal_connect_object (row, "activated", G_CALLBACK (activated_cb), self, 0);
      adw_preferences_group_add (self->studies, row);
    }
  gtk_stack_set_visible_child_name (self->stack, items->len > 0 ? "studies" : "empty");
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
  if (items != NULL)
    {
      show_items (self, items);
      return;
    }
  adw_status_page_set_description (self->problem, error->message);
  gtk_stack_set_visible_child_name (self->stack, "problem");
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
  gtk_widget_class_bind_template_child (widget_class, BoStartWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, BoStartWindow, studies);
  gtk_widget_class_bind_template_child (widget_class, BoStartWindow, problem);
}

static void
bo_start_window_init (BoStartWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
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
  GSettings *settings = bo_settings_get ();
  g_auto (GStrv) recent = NULL;

  g_return_val_if_fail (BO_IS_APPLICATION (application), NULL);

  self = g_object_new (BO_TYPE_START_WINDOW, "application", application, NULL);
  bo_settings_restore_window (GTK_WINDOW (self), "start-window");
  recent = settings != NULL ? g_settings_get_strv (settings, "recent-studies") : g_new0 (char *, 1);
  self->loading = g_cancellable_new ();
  bo_start_list_load_async ((const char *const *) recent, self->loading, loaded_cb, self);
  return self;
}
