/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-spread-strip"

#include "config.h"

#include "matrix/bo-spread-strip.h"

/*
 * The runs of a cell as dots on a line that begins at zero and ends at the longest run of the column: how long, and how
 * far apart, without a number read. Each dot is a widget, so that it has its colour from the style sheet.
 */

/* What is beyond is under the others anyway. */
#define DOTS_MAX 12

struct _BoSpreadStrip
{
  GtkWidget parent_instance;

  GPtrArray *dots;
  double places[DOTS_MAX];
  guint n_dots;
};

G_DEFINE_FINAL_TYPE (BoSpreadStrip, bo_spread_strip, GTK_TYPE_WIDGET)

static void
bo_spread_strip_measure (GtkWidget *widget,
                         GtkOrientation orientation,
                         int for_size,
                         int *minimum,
                         int *natural,
                         int *minimum_baseline,
                         int *natural_baseline)
{
  BoSpreadStrip *self = BO_SPREAD_STRIP (widget);
  int size;

  *minimum = *natural = 6;
  for (guint i = 0; orientation == GTK_ORIENTATION_VERTICAL && i < self->n_dots; i++)
    {
      gtk_widget_measure (g_ptr_array_index (self->dots, i), orientation, -1, &size, NULL, NULL, NULL);
      *minimum = *natural = MAX (size, *minimum);
    }
}

static void
bo_spread_strip_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  BoSpreadStrip *self = BO_SPREAD_STRIP (widget);

  for (guint i = 0; i < self->n_dots; i++)
    {
      GtkWidget *dot = g_ptr_array_index (self->dots, i);
      GtkAllocation area = { 0 };
      int x;

      gtk_widget_measure (dot, GTK_ORIENTATION_HORIZONTAL, -1, &area.width, NULL, NULL, NULL);
      gtk_widget_measure (dot, GTK_ORIENTATION_VERTICAL, -1, &area.height, NULL, NULL, NULL);
      x = (int) (self->places[i] * MAX (width - area.width, 0) + 0.5);
      area.x = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL ? width - area.width - x : x;
      area.y = (height - area.height) / 2;
      gtk_widget_size_allocate (dot, &area, -1);
    }
}

static void
bo_spread_strip_dispose (GObject *object)
{
  BoSpreadStrip *self = BO_SPREAD_STRIP (object);
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  g_clear_pointer (&self->dots, g_ptr_array_unref);
  self->n_dots = 0;

  G_OBJECT_CLASS (bo_spread_strip_parent_class)->dispose (object);
}

static void
bo_spread_strip_class_init (BoSpreadStripClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bo_spread_strip_dispose;
  widget_class->measure = bo_spread_strip_measure;
  widget_class->size_allocate = bo_spread_strip_size_allocate;
  gtk_widget_class_set_css_name (widget_class, "spread");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
bo_spread_strip_init (BoSpreadStrip *self)
{
  self->dots = g_ptr_array_new ();
}

/**
 * bo_spread_strip_set_runs:
 * @self: the strip
 * @runs: (element-type BoSquareRun): the runs
 * @longest_us: the time at the end of the strip
 */
void
bo_spread_strip_set_runs (BoSpreadStrip *self, GArray *runs, gint64 longest_us)
{
  gboolean changed;

  g_return_if_fail (BO_IS_SPREAD_STRIP (self));
  g_return_if_fail (runs != NULL);

  for (guint i = 0; i < runs->len; i++)
    longest_us = MAX (longest_us, g_array_index (runs, BoSquareRun, i).build_us);
  changed = self->n_dots != MIN (runs->len, DOTS_MAX);
  self->n_dots = MIN (runs->len, DOTS_MAX);
  while (self->dots->len < self->n_dots)
    {
      GtkWidget *dot = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);

      gtk_widget_add_css_class (dot, "dot");
      gtk_widget_set_parent (dot, GTK_WIDGET (self));
      g_ptr_array_add (self->dots, dot);
    }
  for (guint i = 0; i < self->dots->len; i++)
    {
      GtkWidget *dot = g_ptr_array_index (self->dots, i);
      const BoSquareRun *run = i < self->n_dots ? &g_array_index (runs, BoSquareRun, i) : NULL;
      double place = run != NULL && longest_us > 0 ? (double) run->build_us / (double) longest_us : 0;

      gtk_widget_set_child_visible (dot, run != NULL);
      if (run == NULL)
        continue;
      if (run->disturbed)
        gtk_widget_add_css_class (dot, "disturbed");
      else
        gtk_widget_remove_css_class (dot, "disturbed");
      changed |= place < self->places[i] || place > self->places[i];
      self->places[i] = place;
    }
  if (changed)
    gtk_widget_queue_allocate (GTK_WIDGET (self));
}
