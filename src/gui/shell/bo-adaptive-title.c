/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-adaptive-title"

#include "config.h"

#include "shell/bo-adaptive-title.h"

/*
 * The middle of a header bar: a wide child where there is room for its natural
 * width, else a narrow one. The widgets of libadwaita for this either came
 * after 1.2 or went before 1.7.
 */

struct _BoAdaptiveTitle
{
  GtkWidget parent_instance;

  /* Children */
  GtkWidget *wide;
  GtkWidget *slim;

  gboolean is_narrow;
  gboolean shows_narrow;
  guint idle_id;
};

typedef enum
{
  PROP_WIDE = 1,
  PROP_SLIM,
  PROP_NARROW,
} BoAdaptiveTitleProperty;

static GParamSpec *properties[PROP_NARROW + 1];

G_DEFINE_FINAL_TYPE (BoAdaptiveTitle, bo_adaptive_title, GTK_TYPE_WIDGET)

/* What depends on it changes sizes, which must not happen while sizes are given out. */
static gboolean
tell_cb (gpointer user_data)
{
  BoAdaptiveTitle *self = user_data;

  self->idle_id = 0;
  if (self->is_narrow != self->shows_narrow)
    {
      self->is_narrow = self->shows_narrow;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_NARROW]);
    }
  return G_SOURCE_REMOVE;
}

static GtkSizeRequestMode
bo_adaptive_title_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_CONSTANT_SIZE;
}

static void
bo_adaptive_title_measure (GtkWidget *widget,
                           GtkOrientation orientation,
                           int for_size,
                           int *minimum,
                           int *natural,
                           int *minimum_baseline,
                           int *natural_baseline)
{
  BoAdaptiveTitle *self = BO_ADAPTIVE_TITLE (widget);
  int wide_min = 0, wide_nat = 0, slim_min = 0, slim_nat = 0;

  if (self->wide != NULL)
    gtk_widget_measure (self->wide, orientation, -1, &wide_min, &wide_nat, NULL, NULL);
  if (self->slim != NULL)
    gtk_widget_measure (self->slim, orientation, -1, &slim_min, &slim_nat, NULL, NULL);
  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? MIN (wide_min, slim_min) : MAX (wide_min, slim_min);
  *natural = MAX (MAX (wide_nat, slim_nat), *minimum);
}

static void
bo_adaptive_title_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  BoAdaptiveTitle *self = BO_ADAPTIVE_TITLE (widget);
  int natural = 0;
  GtkWidget *shown;

  if (self->wide == NULL || self->slim == NULL)
    return;
  gtk_widget_measure (self->wide, GTK_ORIENTATION_HORIZONTAL, -1, NULL, &natural, NULL, NULL);
  self->shows_narrow = width < natural;
  gtk_widget_set_child_visible (self->wide, !self->shows_narrow);
  gtk_widget_set_child_visible (self->slim, self->shows_narrow);
  shown = self->shows_narrow ? self->slim : self->wide;
  gtk_widget_allocate (shown, width, height, baseline, NULL);
  if (self->shows_narrow != self->is_narrow && self->idle_id == 0)
    self->idle_id = g_idle_add (tell_cb, self);
}

static void
bo_adaptive_title_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  BoAdaptiveTitle *self = BO_ADAPTIVE_TITLE (object);
  GtkWidget **child = NULL;

  switch ((BoAdaptiveTitleProperty) id)
    {
    case PROP_WIDE:
      child = &self->wide;
      break;
    case PROP_SLIM:
      child = &self->slim;
      break;
    case PROP_NARROW:
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
      return;
    }
  g_clear_pointer (child, gtk_widget_unparent);
  *child = g_value_get_object (value);
  if (*child != NULL)
    gtk_widget_set_parent (*child, GTK_WIDGET (self));
}

static void
bo_adaptive_title_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  BoAdaptiveTitle *self = BO_ADAPTIVE_TITLE (object);

  switch ((BoAdaptiveTitleProperty) id)
    {
    case PROP_WIDE:
      g_value_set_object (value, self->wide);
      break;
    case PROP_SLIM:
      g_value_set_object (value, self->slim);
      break;
    case PROP_NARROW:
      g_value_set_boolean (value, self->is_narrow);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
bo_adaptive_title_dispose (GObject *object)
{
  BoAdaptiveTitle *self = BO_ADAPTIVE_TITLE (object);

  g_clear_handle_id (&self->idle_id, g_source_remove);
  g_clear_pointer (&self->wide, gtk_widget_unparent);
  g_clear_pointer (&self->slim, gtk_widget_unparent);

  G_OBJECT_CLASS (bo_adaptive_title_parent_class)->dispose (object);
}

static void
bo_adaptive_title_class_init (BoAdaptiveTitleClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const GParamFlags flags = G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->set_property = bo_adaptive_title_set_property;
  object_class->get_property = bo_adaptive_title_get_property;
  object_class->dispose = bo_adaptive_title_dispose;
  widget_class->get_request_mode = bo_adaptive_title_get_request_mode;
  widget_class->measure = bo_adaptive_title_measure;
  widget_class->size_allocate = bo_adaptive_title_size_allocate;

  properties[PROP_WIDE] = g_param_spec_object ("wide", NULL, NULL, GTK_TYPE_WIDGET, flags | G_PARAM_READWRITE);
  properties[PROP_SLIM] = g_param_spec_object ("slim", NULL, NULL, GTK_TYPE_WIDGET, flags | G_PARAM_READWRITE);
  properties[PROP_NARROW] = g_param_spec_boolean ("narrow", NULL, NULL, FALSE, flags | G_PARAM_READABLE);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);
}

static void
bo_adaptive_title_init (BoAdaptiveTitle *self)
{
}

/**
 * bo_adaptive_title_get_narrow:
 * @self: the title
 *
 * Returns: whether there is no room for the wide one
 */
gboolean
bo_adaptive_title_get_narrow (BoAdaptiveTitle *self)
{
  g_return_val_if_fail (BO_IS_ADAPTIVE_TITLE (self), FALSE);

  return self->is_narrow;
}
