/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-side-panel"

#include "config.h"

#include "matrix/bo-side-panel.h"

/* With less, neither of them would be of use. */
#define BESIDE_FROM 820
#define SIDE_WIDTH 400

struct _BoSidePanel
{
  GtkWidget parent_instance;

  GtkWidget *content;
  GtkWidget *separator;
  GtkWidget *side;
  gboolean open;
};

enum
{
  PROP_0,
  PROP_CONTENT,
  PROP_SIDE,
  PROP_OPEN,
  N_PROPERTIES
};

static GParamSpec *properties[N_PROPERTIES];

G_DEFINE_FINAL_TYPE (BoSidePanel, bo_side_panel, GTK_TYPE_WIDGET)

static void
bo_side_panel_measure (GtkWidget *widget,
                       GtkOrientation orientation,
                       int for_size,
                       int *minimum,
                       int *natural,
                       int *minimum_baseline,
                       int *natural_baseline)
{
  BoSidePanel *self = BO_SIDE_PANEL (widget);
  GtkWidget *children[] = { self->content, self->side };

  for (guint i = 0; i < G_N_ELEMENTS (children); i++)
    {
      int min = 0, nat = 0;

      if (children[i] == NULL)
        continue;
      gtk_widget_measure (children[i], orientation, -1, &min, &nat, NULL, NULL);
      *minimum = MAX (*minimum, min);
      *natural = MAX (*natural, i == 0 ? nat : min);
    }
}

static void
bo_side_panel_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  BoSidePanel *self = BO_SIDE_PANEL (widget);
  gboolean beside = self->open && width >= BESIDE_FROM;
  gboolean rtl = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  int side = beside ? SIDE_WIDTH : width;

  if (self->content == NULL || self->side == NULL)
    return;
  gtk_widget_set_child_visible (self->content, beside || !self->open);
  gtk_widget_set_child_visible (self->separator, beside);
  gtk_widget_set_child_visible (self->side, self->open);
  if (beside)
    {
      gtk_widget_size_allocate (self->separator, &(GtkAllocation) { rtl ? side : width - side - 1, 0, 1, height }, -1);
      gtk_widget_size_allocate (self->content, &(GtkAllocation) { rtl ? side + 1 : 0, 0, width - side - 1, height }, -1);
    }
  else if (!self->open)
    {
      gtk_widget_size_allocate (self->content, &(GtkAllocation) { 0, 0, width, height }, -1);
    }
  if (self->open)
    gtk_widget_size_allocate (self->side, &(GtkAllocation) { rtl ? 0 : width - side, 0, side, height }, -1);
}

static void
set_child (BoSidePanel *self, GtkWidget **place, GtkWidget *child)
{
  g_return_if_fail (*place == NULL);

  *place = child;
  if (child != NULL)
    gtk_widget_set_parent (child, GTK_WIDGET (self));
}

static void
bo_side_panel_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  BoSidePanel *self = BO_SIDE_PANEL (object);

  switch (id)
    {
    case PROP_CONTENT:
      set_child (self, &self->content, g_value_get_object (value));
      break;
    case PROP_SIDE:
      set_child (self, &self->side, g_value_get_object (value));
      break;
    case PROP_OPEN:
      bo_side_panel_set_open (self, g_value_get_boolean (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
bo_side_panel_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  BoSidePanel *self = BO_SIDE_PANEL (object);

  switch (id)
    {
    case PROP_CONTENT:
      g_value_set_object (value, self->content);
      break;
    case PROP_SIDE:
      g_value_set_object (value, self->side);
      break;
    case PROP_OPEN:
      g_value_set_boolean (value, self->open);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
bo_side_panel_dispose (GObject *object)
{
  BoSidePanel *self = BO_SIDE_PANEL (object);

  g_clear_pointer (&self->content, gtk_widget_unparent);
  g_clear_pointer (&self->separator, gtk_widget_unparent);
  g_clear_pointer (&self->side, gtk_widget_unparent);

  G_OBJECT_CLASS (bo_side_panel_parent_class)->dispose (object);
}

static void
bo_side_panel_class_init (BoSidePanelClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = bo_side_panel_dispose;
  object_class->set_property = bo_side_panel_set_property;
  object_class->get_property = bo_side_panel_get_property;
  widget_class->measure = bo_side_panel_measure;
  widget_class->size_allocate = bo_side_panel_size_allocate;

  properties[PROP_CONTENT] = g_param_spec_object ("content", NULL, NULL, GTK_TYPE_WIDGET,
                                                  G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  properties[PROP_SIDE] = g_param_spec_object ("side", NULL, NULL, GTK_TYPE_WIDGET,
                                               G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  properties[PROP_OPEN] = g_param_spec_boolean ("open", NULL, NULL, FALSE,
                                                G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
}

static void
bo_side_panel_init (BoSidePanel *self)
{
  self->separator = gtk_separator_new (GTK_ORIENTATION_VERTICAL);
  gtk_widget_set_parent (self->separator, GTK_WIDGET (self));
}

void
bo_side_panel_set_open (BoSidePanel *self, gboolean open)
{
  g_return_if_fail (BO_IS_SIDE_PANEL (self));

  if (open == self->open)
    return;
  self->open = open;
  gtk_widget_queue_resize (GTK_WIDGET (self));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_OPEN]);
}

gboolean
bo_side_panel_get_open (BoSidePanel *self)
{
  g_return_val_if_fail (BO_IS_SIDE_PANEL (self), FALSE);

  return self->open;
}
