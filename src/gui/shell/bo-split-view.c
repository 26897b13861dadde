/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-split-view"

#include "config.h"

#include "shell/bo-split-view.h"

/* Where less is left for the content beside the sidebar, it has all of the width. */
#define SIDEBAR_WIDTH 300
#define CONTENT_WIDTH 460

struct _BoSplitView
{
  GtkWidget parent_instance;

  /* Children */
  GtkWidget *sidebar;
  GtkWidget *separator;
  GtkWidget *content;

  gboolean is_folded;
  gboolean shows_folded;
  gboolean show_sidebar;
  guint idle_id;
};

typedef enum
{
  PROP_SIDEBAR = 1,
  PROP_CONTENT,
  PROP_FOLDED,
  PROP_SHOW_SIDEBAR,
} BoSplitViewProperty;

static GParamSpec *properties[PROP_SHOW_SIDEBAR + 1];

G_DEFINE_FINAL_TYPE (BoSplitView, bo_split_view, GTK_TYPE_WIDGET)

/* What depends on it changes sizes, which must not happen while sizes are given out. */
static gboolean
tell_cb (gpointer user_data)
{
  BoSplitView *self = user_data;

  self->idle_id = 0;
  if (self->is_folded != self->shows_folded)
    {
      self->is_folded = self->shows_folded;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FOLDED]);
    }
  return G_SOURCE_REMOVE;
}

static GtkSizeRequestMode
bo_split_view_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_CONSTANT_SIZE;
}

static void
bo_split_view_measure (GtkWidget *widget,
                       GtkOrientation orientation,
                       int for_size,
                       int *minimum,
                       int *natural,
                       int *minimum_baseline,
                       int *natural_baseline)
{
  BoSplitView *self = BO_SPLIT_VIEW (widget);
  int sidebar_min = 0, sidebar_nat = 0, content_min = 0, content_nat = 0;

  if (self->sidebar != NULL)
    gtk_widget_measure (self->sidebar, orientation, -1, &sidebar_min, &sidebar_nat, NULL, NULL);
  if (self->content != NULL)
    gtk_widget_measure (self->content, orientation, -1, &content_min, &content_nat, NULL, NULL);
  *minimum = MAX (sidebar_min, content_min);
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? SIDEBAR_WIDTH + MAX (content_nat, CONTENT_WIDTH)
                                                       : MAX (sidebar_nat, content_nat);
  *natural = MAX (*natural, *minimum);
}

static void
bo_split_view_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  BoSplitView *self = BO_SPLIT_VIEW (widget);
  gboolean mirrored = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  int sidebar_width = SIDEBAR_WIDTH;
  int content_min = 0, line = 0, minimum = 0;

  if (self->sidebar == NULL || self->content == NULL)
    return;
  gtk_widget_measure (self->sidebar, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
  gtk_widget_measure (self->content, GTK_ORIENTATION_HORIZONTAL, -1, &content_min, NULL, NULL, NULL);
  gtk_widget_measure (self->separator, GTK_ORIENTATION_HORIZONTAL, -1, &line, NULL, NULL, NULL);
  sidebar_width = MAX (sidebar_width, minimum);
  self->shows_folded = width < sidebar_width + line + MAX (content_min, CONTENT_WIDTH);
  gtk_widget_set_child_visible (self->separator, !self->shows_folded);
  gtk_widget_set_child_visible (self->sidebar, !self->shows_folded || self->show_sidebar);
  gtk_widget_set_child_visible (self->content, !self->shows_folded || !self->show_sidebar);
  if (self->shows_folded)
    gtk_widget_size_allocate (self->show_sidebar ? self->sidebar : self->content,
                              &(GdkRectangle) { 0, 0, width, height }, baseline);
  else
    {
      int content_width = width - sidebar_width - line;

      gtk_widget_size_allocate (self->sidebar, &(GdkRectangle) { mirrored ? width - sidebar_width : 0, 0, sidebar_width, height },
                                baseline);
      gtk_widget_size_allocate (self->separator,
                                &(GdkRectangle) { mirrored ? content_width : sidebar_width, 0, line, height }, baseline);
      gtk_widget_size_allocate (self->content,
                                &(GdkRectangle) { mirrored ? 0 : sidebar_width + line, 0, content_width, height }, baseline);
    }
  if (self->shows_folded != self->is_folded && self->idle_id == 0)
    self->idle_id = g_idle_add (tell_cb, self);
}

static void
set_child (BoSplitView *self, GtkWidget **child, const GValue *value)
{
  g_clear_pointer (child, gtk_widget_unparent);
  *child = g_value_get_object (value);
  /* The order of the focus is sidebar, content, whichever came first. */
  if (*child != NULL && child == &self->sidebar)
    gtk_widget_insert_after (*child, GTK_WIDGET (self), NULL);
  else if (*child != NULL)
    gtk_widget_insert_before (*child, GTK_WIDGET (self), NULL);
}

static void
bo_split_view_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  BoSplitView *self = BO_SPLIT_VIEW (object);

  switch ((BoSplitViewProperty) id)
    {
    case PROP_SIDEBAR:
      set_child (self, &self->sidebar, value);
      break;
    case PROP_CONTENT:
      set_child (self, &self->content, value);
      break;
    case PROP_SHOW_SIDEBAR:
      bo_split_view_set_show_sidebar (self, g_value_get_boolean (value));
      break;
    case PROP_FOLDED:
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
bo_split_view_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  BoSplitView *self = BO_SPLIT_VIEW (object);

  switch ((BoSplitViewProperty) id)
    {
    case PROP_SIDEBAR:
      g_value_set_object (value, self->sidebar);
      break;
    case PROP_CONTENT:
      g_value_set_object (value, self->content);
      break;
    case PROP_FOLDED:
      g_value_set_boolean (value, self->is_folded);
      break;
    case PROP_SHOW_SIDEBAR:
      g_value_set_boolean (value, self->show_sidebar);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
bo_split_view_dispose (GObject *object)
{
  BoSplitView *self = BO_SPLIT_VIEW (object);

  g_clear_handle_id (&self->idle_id, g_source_remove);
  g_clear_pointer (&self->sidebar, gtk_widget_unparent);
  g_clear_pointer (&self->separator, gtk_widget_unparent);
  g_clear_pointer (&self->content, gtk_widget_unparent);

  G_OBJECT_CLASS (bo_split_view_parent_class)->dispose (object);
}

static void
bo_split_view_class_init (BoSplitViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const GParamFlags flags = G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->set_property = bo_split_view_set_property;
  object_class->get_property = bo_split_view_get_property;
  object_class->dispose = bo_split_view_dispose;
  widget_class->get_request_mode = bo_split_view_get_request_mode;
  widget_class->measure = bo_split_view_measure;
  widget_class->size_allocate = bo_split_view_size_allocate;

  properties[PROP_SIDEBAR] = g_param_spec_object ("sidebar", NULL, NULL, GTK_TYPE_WIDGET, flags | G_PARAM_READWRITE);
  properties[PROP_CONTENT] = g_param_spec_object ("content", NULL, NULL, GTK_TYPE_WIDGET, flags | G_PARAM_READWRITE);
  properties[PROP_FOLDED] = g_param_spec_boolean ("folded", NULL, NULL, FALSE, flags | G_PARAM_READABLE);
  properties[PROP_SHOW_SIDEBAR] = g_param_spec_boolean ("show-sidebar", NULL, NULL, FALSE, flags | G_PARAM_READWRITE);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);
}

static void
bo_split_view_init (BoSplitView *self)
{
  self->separator = gtk_separator_new (GTK_ORIENTATION_VERTICAL);
  gtk_widget_set_parent (self->separator, GTK_WIDGET (self));
}

gboolean
bo_split_view_get_folded (BoSplitView *self)
{
  g_return_val_if_fail (BO_IS_SPLIT_VIEW (self), FALSE);

  return self->is_folded;
}

/**
 * bo_split_view_set_show_sidebar:
 * @self: the view
 * @show: whether the sidebar is seen when there is no room for both
 */
void
bo_split_view_set_show_sidebar (BoSplitView *self, gboolean show)
{
  g_return_if_fail (BO_IS_SPLIT_VIEW (self));

  if (self->show_sidebar == show)
    return;
  self->show_sidebar = show;
  gtk_widget_queue_allocate (GTK_WIDGET (self));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SHOW_SIDEBAR]);
}
