/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-sparkline"

#include "config.h"

#include <adwaita.h>
#include <math.h>

#include "activity/bo-sparkline.h"
#include "charts/bo-chart-style.h"

#define HEIGHT 26

struct _BoSparkline
{
  GtkWidget parent_instance;

  GArray *values; /* of float */
  double low;     /* NAN: the lowest value there is */
  double high;
  float least;
  float most;
  gboolean marked;
};

G_DEFINE_FINAL_TYPE (BoSparkline, bo_sparkline, GTK_TYPE_WIDGET)

static BoChartColour
get_colour (BoSparkline *self)
{
  AdwStyleManager *manager = adw_style_manager_get_default ();
  gboolean dark = adw_style_manager_get_dark (manager);
  BoChartStyle style = bo_chart_style_for_files ();

  if (adw_style_manager_get_high_contrast (manager))
    style.scheme = dark ? BO_SCHEME_DARK_CONTRAST : BO_SCHEME_LIGHT_CONTRAST;
  else
    style.scheme = dark ? BO_SCHEME_DARK : BO_SCHEME_LIGHT;
  return bo_chart_style_get_colour (&style, self->marked ? BO_TONE_BAD : BO_TONE_ACCENT);
}

/* The highest of the values that fall on one pixel: a peak is what one looks for. */
static double
find_peak (BoSparkline *self, guint from, guint to)
{
  float peak = g_array_index (self->values, float, from);

  for (guint i = from + 1; i < to; i++)
    peak = MAX (peak, g_array_index (self->values, float, i));
  return peak;
}

static void
bo_sparkline_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  BoSparkline *self = BO_SPARKLINE (widget);
  int width = gtk_widget_get_width (widget);
  int height = gtk_widget_get_height (widget);
  BoChartColour colour = get_colour (self);
  double low = isnan (self->low) ? self->least : self->low;
  double high = MAX (isnan (self->high) ? self->most : self->high, self->most);
  guint n = MIN (self->values->len, (guint) MAX (width, 0));
  cairo_t *cr;

  if (n < 2 || height < 4)
    return;
  /* What hardly changes is a flat line, not noise at full height. */
  if (high - low < MAX (fabs (high) * 0.02, 1e-9))
    {
      low -= MAX (fabs (high) * 0.01, 0.5);
      high += MAX (fabs (high) * 0.01, 0.5);
    }
  cr = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height));
  for (guint i = 0; i < n; i++)
    {
      guint from = (guint) ((guint64) i * self->values->len / n);
      guint to = (guint) ((guint64) (i + 1) * self->values->len / n);
      double share = (find_peak (self, from, to) - low) / (high - low);
      double x = 1 + (width - 2) * i / (double) (n - 1);
      double y = 2 + (height - 4) * (1 - CLAMP (share, 0, 1));

      if (i == 0)
        cairo_move_to (cr, x, y);
      else
        cairo_line_to (cr, x, y);
    }
  cairo_set_source_rgb (cr, colour.red, colour.green, colour.blue);
  cairo_set_line_width (cr, 1.5);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  cairo_stroke_preserve (cr);
  cairo_line_to (cr, width - 1, height);
  cairo_line_to (cr, 1, height);
  cairo_close_path (cr);
  cairo_set_source_rgba (cr, colour.red, colour.green, colour.blue, 0.12);
  cairo_fill (cr);
  cairo_destroy (cr);
}

static void
bo_sparkline_measure (GtkWidget *widget,
                      GtkOrientation orientation,
                      int for_size,
                      int *minimum,
                      int *natural,
                      int *minimum_baseline,
                      int *natural_baseline)
{
  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? 40 : HEIGHT;
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? 120 : HEIGHT;
}

static void
bo_sparkline_finalize (GObject *object)
{
  g_array_unref (BO_SPARKLINE (object)->values);

  G_OBJECT_CLASS (bo_sparkline_parent_class)->finalize (object);
}

static void
bo_sparkline_class_init (BoSparklineClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = bo_sparkline_finalize;
  widget_class->snapshot = bo_sparkline_snapshot;
  widget_class->measure = bo_sparkline_measure;
  gtk_widget_class_set_css_name (widget_class, "sparkline");
  /* The card around it has the number. */
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
bo_sparkline_init (BoSparkline *self)
{
  self->values = g_array_new (FALSE, FALSE, sizeof (float));
  bo_sparkline_clear (self, NAN, NAN);
  g_signal_connect_object (adw_style_manager_get_default (), "notify::dark", G_CALLBACK (gtk_widget_queue_draw), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (adw_style_manager_get_default (), "notify::high-contrast", G_CALLBACK (gtk_widget_queue_draw),
                           self, G_CONNECT_SWAPPED);
}

/**
 * bo_sparkline_clear:
 * @self: the line
 * @low: value at the bottom, or NAN for the lowest that comes
 * @high: value at the top, or NAN for the highest that comes
 */
void
bo_sparkline_clear (BoSparkline *self, double low, double high)
{
  g_array_set_size (self->values, 0);
  self->low = low;
  self->high = high;
  self->least = 0;
  self->most = 0;
  self->marked = FALSE;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
bo_sparkline_add (BoSparkline *self, double value)
{
  float number = (float) value;

  self->least = self->values->len > 0 ? MIN (self->least, number) : number;
  self->most = self->values->len > 0 ? MAX (self->most, number) : number;
  g_array_append_val (self->values, number);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* Whether it is in the colour of what went wrong. */
void
bo_sparkline_set_marked (BoSparkline *self, gboolean marked)
{
  self->marked = marked;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

guint
bo_sparkline_get_n_values (BoSparkline *self)
{
  return self->values->len;
}
