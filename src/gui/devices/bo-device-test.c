/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-device-test"

#include "config.h"

#include <glib/gi18n.h>

#include "device/bo-device-advice.h"
#include "device/bo-device-check.h"
#include "devices/bo-advice-row.h"
#include "devices/bo-device-test.h"
#include "devices/bo-host-key-warning.h"
#include "devices/bo-stage-row.h"
#include "engine/bo-engine-error.h"

struct _BoDeviceTest
{
  AdwWindow parent_instance;

  /* Template widgets */
  AdwWindowTitle *title;
  GtkListBox *stages;
  GtkLabel *verdict;
  GtkWidget *advice;
  GtkListBox *advice_list;
  GtkStack *buttons;

  /* Owned references */
  BoDeviceItem *item;
  BoDeviceCheck *check;      /* (nullable) */
  GCancellable *cancellable; /* (nullable): while it runs */
};

G_DEFINE_FINAL_TYPE (BoDeviceTest, bo_device_test, ADW_TYPE_WINDOW)

static void
clear_list (GtkListBox *list)
{
  GtkListBoxRow *row;

  while ((row = gtk_list_box_get_row_at_index (list, 0)) != NULL)
    gtk_list_box_remove (list, GTK_WIDGET (row));
}

/* A stage that is new is put where it belongs. */
static void
stage_cb (BoDeviceCheck *check, guint index, BoDeviceTest *self)
{
  guint n_rows = 0;

  while (gtk_list_box_get_row_at_index (self->stages, (int) n_rows) != NULL)
    n_rows++;
  if (n_rows < bo_device_check_get_n_stages (check))
    gtk_list_box_insert (self->stages, bo_stage_row_new (), (int) index);
  bo_stage_row_set_stage (BO_STAGE_ROW (gtk_list_box_get_row_at_index (self->stages, (int) index)),
                          bo_device_check_get_stage (check, index));
}

static void
set_verdict (BoDeviceTest *self, const char *text, const char *css_class)
{
  static const char *const classes[] = { "success", "error" };

  for (guint i = 0; i < G_N_ELEMENTS (classes); i++)
    gtk_widget_remove_css_class (GTK_WIDGET (self->verdict), classes[i]);
  if (css_class != NULL)
    gtk_widget_add_css_class (GTK_WIDGET (self->verdict), css_class);
  gtk_label_set_text (self->verdict, text);
}

static void
show_advice (BoDeviceTest *self)
{
  g_autoptr (GPtrArray) advice = bo_device_advise (bo_device_check_get_facts (self->check), NULL, 0);

  for (guint i = 0; i < advice->len; i++)
    gtk_list_box_append (self->advice_list, bo_advice_row_new (g_ptr_array_index (advice, i)));
  gtk_widget_set_visible (self->advice, advice->len > 0);
}

static void
checked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (BoDeviceTest) self = user_data;
  g_autoptr (GError) error = NULL;
  gboolean ok = bo_device_check_run_finish (BO_DEVICE_CHECK (source), result, &error);

  /* Another run has begun, or the window is closed. */
  if (BO_DEVICE_CHECK (source) != self->check)
    return;
  g_clear_object (&self->cancellable);
  gtk_stack_set_visible_child_name (self->buttons, "done");
  if (ok)
    {
      set_verdict (self, _ ("This device can be built on."), "success");
      show_advice (self);
    }
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    set_verdict (self, _ ("Stopped."), NULL);
  else
    set_verdict (self, _ ("This device cannot be built on yet."), "error");
  if (!ok && g_error_matches (error, BO_ENGINE_ERROR, BO_ENGINE_ERROR_HOST_KEY_CHANGED))
    bo_host_key_warning_present (GTK_WINDOW (self), bo_device_item_get_title (self->item), error);
}

static void
stop (BoDeviceTest *self)
{
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  if (self->check != NULL)
    g_signal_handlers_disconnect_by_func (self->check, stage_cb, self);
  g_clear_object (&self->check);
}

static void
begin (BoDeviceTest *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BoDeviceUrl) url = bo_device_url_parse (bo_device_item_get_url (self->item), &error);

  stop (self);
  clear_list (self->stages);
  clear_list (self->advice_list);
  gtk_widget_set_visible (self->advice, FALSE);
  if (url == NULL)
    {
      set_verdict (self, error->message, "error");
      gtk_stack_set_visible_child_name (self->buttons, "done");
      return;
    }
  self->check = bo_device_check_new (url);
  for (guint i = 0; i < bo_device_check_get_n_stages (self->check); i++)
    {
      GtkWidget *row = bo_stage_row_new ();

      bo_stage_row_set_stage (BO_STAGE_ROW (row), bo_device_check_get_stage (self->check, i));
      gtk_list_box_append (self->stages, row);
    }
  g_signal_connect (self->check, "changed", G_CALLBACK (stage_cb), self);
  set_verdict (self, _ ("Trying the way to the device…"), NULL);
  gtk_stack_set_visible_child_name (self->buttons, "running");
  self->cancellable = g_cancellable_new ();
  bo_device_check_run_async (self->check, self->cancellable, checked_cb, g_object_ref (self));
}

static void
run_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  begin (BO_DEVICE_TEST (widget));
}

static void
cancel_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  BoDeviceTest *self = BO_DEVICE_TEST (widget);

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
}

static gboolean
bo_device_test_close_request (GtkWindow *window)
{
  stop (BO_DEVICE_TEST (window));
  return GTK_WINDOW_CLASS (bo_device_test_parent_class)->close_request (window);
}

static void
bo_device_test_dispose (GObject *object)
{
  BoDeviceTest *self = BO_DEVICE_TEST (object);

  stop (self);
  adw_window_set_content (ADW_WINDOW (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), BO_TYPE_DEVICE_TEST);
  g_clear_object (&self->item);

  G_OBJECT_CLASS (bo_device_test_parent_class)->dispose (object);
}

static void
bo_device_test_class_init (BoDeviceTestClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bo_device_test_dispose;
  GTK_WINDOW_CLASS (klass)->close_request = bo_device_test_close_request;

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/bakeoff/Bakeoff/bo-device-test.ui");
  gtk_widget_class_bind_template_child (widget_class, BoDeviceTest, title);
  gtk_widget_class_bind_template_child (widget_class, BoDeviceTest, stages);
  gtk_widget_class_bind_template_child (widget_class, BoDeviceTest, verdict);
  gtk_widget_class_bind_template_child (widget_class, BoDeviceTest, advice);
  gtk_widget_class_bind_template_child (widget_class, BoDeviceTest, advice_list);
  gtk_widget_class_bind_template_child (widget_class, BoDeviceTest, buttons);
  gtk_widget_class_install_action (widget_class, "test.run", NULL, run_cb);
  gtk_widget_class_install_action (widget_class, "test.cancel", NULL, cancel_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
bo_device_test_init (BoDeviceTest *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * bo_device_test_new:
 * @parent: (nullable): over which window
 * @item: the device
 *
 * Returns: (transfer none): the window, in which the test has begun
 */
BoDeviceTest *
bo_device_test_new (GtkWindow *parent, BoDeviceItem *item)
{
  BoDeviceTest *self;

  g_return_val_if_fail (BO_IS_DEVICE_ITEM (item), NULL);

  self = g_object_new (BO_TYPE_DEVICE_TEST, "transient-for", parent, NULL);
  self->item = g_object_ref (item);
  adw_window_title_set_title (self->title, bo_device_item_get_title (item));
  adw_window_title_set_subtitle (self->title, bo_device_item_get_url (item));
  begin (self);
  return self;
}

gboolean
bo_device_test_is_running (BoDeviceTest *self)
{
  g_return_val_if_fail (BO_IS_DEVICE_TEST (self), FALSE);

  return self->cancellable != NULL;
}
