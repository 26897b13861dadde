/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-queue-row"

#include "config.h"

#include "activity/bo-queue-row.h"

struct _BoQueueRow
{
  GtkWidget parent_instance;

  /* Template widgets */
  GtkImage *icon;
  GtkLabel *title;
  GtkLabel *subtitle;
  GtkLabel *detail;

  /* Owned references */
  BoQueueItem *item;
};

enum
{
  DROPPED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (BoQueueRow, bo_queue_row, GTK_TYPE_WIDGET)

static void
set_text (GtkLabel *label, const char *text)
{
  gtk_label_set_text (label, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (label), text != NULL && *text != '\0');
}

static void
set_class (gpointer widget, const char *css_class, gboolean set)
{
  if (set)
    gtk_widget_add_css_class (widget, css_class);
  else
    gtk_widget_remove_css_class (widget, css_class);
}

static void
changed_cb (BoQueueItem *item, gpointer user_data)
{
  static const char *const looks[] = { "success", "error", "warning", "accent", "dim-label" };
  BoQueueRow *self = BO_QUEUE_ROW (user_data);
  BoQueueRowKind kind = bo_queue_item_get_kind (item);
  const char *icon = bo_queue_item_get_icon (item);
  const char *look = bo_queue_item_get_css_class (item);
  const char *texts[] = { bo_queue_item_get_title (item), bo_queue_item_get_subtitle (item),
                          bo_queue_item_get_detail (item) };
  g_autoptr (GString) words = g_string_new (NULL);

  set_text (self->title, texts[0]);
  set_text (self->subtitle, texts[1]);
  set_text (self->detail, texts[2]);
  gtk_image_set_from_icon_name (self->icon, icon);
  gtk_widget_set_visible (GTK_WIDGET (self->icon), icon != NULL);
  for (guint i = 0; i < G_N_ELEMENTS (looks); i++)
    {
      gboolean is_it = g_strcmp0 (look, looks[i]) == 0;

      set_class (self->icon, looks[i], is_it);
      set_class (self->detail, looks[i], is_it);
    }
  set_class (self, "queue-heading", kind == BO_QUEUE_HEADING);
  set_class (self->title, "heading", kind == BO_QUEUE_HEADING || kind == BO_QUEUE_RUNNING || kind == BO_QUEUE_SESSION);
  set_class (self->title, "dim-label", kind == BO_QUEUE_REMOVED);
  set_class (self->detail, "caption", kind != BO_QUEUE_RUNNING);
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    if (texts[i] != NULL && *texts[i] != '\0')
      g_string_append_printf (words, "%s%s", words->len > 0 ? ", " : "", texts[i]);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, words->str, -1);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), kind == BO_QUEUE_HEADING ? NULL : words->str);
}

static GdkContentProvider *
prepare_cb (GtkDragSource *source, double x, double y, gpointer user_data)
{
  BoQueueRow *self = BO_QUEUE_ROW (user_data);

  if (self->item == NULL || bo_queue_item_get_kind (self->item) != BO_QUEUE_WAITING)
    return NULL;
  return gdk_content_provider_new_typed (BO_TYPE_QUEUE_ITEM, self->item);
}

static void
drag_begin_cb (GtkDragSource *source, GdkDrag *drag, gpointer user_data)
{
  g_autoptr (GdkPaintable) paintable = gtk_widget_paintable_new (GTK_WIDGET (user_data));
  /* As it is now: the row may show something else while it is dragged. */
  g_autoptr (GdkPaintable) picture = gdk_paintable_get_current_image (paintable);

  gtk_drag_source_set_icon (source, picture, 0, 0);
}

static gboolean
drop_cb (GtkDropTarget *target, const GValue *value, double x, double y, gpointer user_data)
{
  BoQueueRow *self = BO_QUEUE_ROW (user_data);

  if (self->item == NULL || bo_queue_item_get_kind (self->item) != BO_QUEUE_WAITING)
    return FALSE;
  g_signal_emit (self, signals[DROPPED], 0, g_value_get_object (value));
  return TRUE;
}

static GdkDragAction
enter_cb (GtkDropTarget *target, double x, double y, gpointer user_data)
{
  BoQueueRow *self = BO_QUEUE_ROW (user_data);

  return self->item != NULL && bo_queue_item_get_kind (self->item) == BO_QUEUE_WAITING ? GDK_ACTION_MOVE : 0;
}

/**
 * bo_queue_row_set_item:
 * @self: the row
 * @item: (nullable): what it shows
 */
void
bo_queue_row_set_item (BoQueueRow *self, BoQueueItem *item)
{
  g_return_if_fail (BO_IS_QUEUE_ROW (self));

  if (self->item != NULL)
    g_signal_handlers_disconnect_by_func (self->item, changed_cb, self);
  g_set_object (&self->item, item);
  if (item == NULL)
    return;
  g_signal_connect (item, "changed", G_CALLBACK (changed_cb), self);
  changed_cb (item, self);
}

static void
bo_queue_row_dispose (GObject *object)
{
  BoQueueRow *self = BO_QUEUE_ROW (object);
  GtkWidget *child;

  bo_queue_row_set_item (self, NULL);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  gtk_widget_dispose_template (GTK_WIDGET (self), BO_TYPE_QUEUE_ROW);

  G_OBJECT_CLASS (bo_queue_row_parent_class)->dispose (object);
}

static void
bo_queue_row_class_init (BoQueueRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bo_queue_row_dispose;
  signals[DROPPED] = g_signal_new ("dropped", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 1, BO_TYPE_QUEUE_ITEM);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/bakeoff/Bakeoff/bo-queue-row.ui");
  gtk_widget_class_bind_template_child (widget_class, BoQueueRow, icon);
  gtk_widget_class_bind_template_child (widget_class, BoQueueRow, title);
  gtk_widget_class_bind_template_child (widget_class, BoQueueRow, subtitle);
  gtk_widget_class_bind_template_child (widget_class, BoQueueRow, detail);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "queuerow");
}

static void
bo_queue_row_init (BoQueueRow *self)
{
  GtkDragSource *source = gtk_drag_source_new ();
  GtkDropTarget *target = gtk_drop_target_new (BO_TYPE_QUEUE_ITEM, GDK_ACTION_MOVE);

  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_drag_source_set_actions (source, GDK_ACTION_MOVE);
  g_signal_connect (source, "prepare", G_CALLBACK (prepare_cb), self);
  g_signal_connect (source, "drag-begin", G_CALLBACK (drag_begin_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (source));
  g_signal_connect (target, "enter", G_CALLBACK (enter_cb), self);
  g_signal_connect (target, "drop", G_CALLBACK (drop_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (target));
}

GtkWidget *
bo_queue_row_new (void)
{
  return g_object_new (BO_TYPE_QUEUE_ROW, NULL);
}
