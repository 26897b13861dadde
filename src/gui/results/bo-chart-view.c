/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-chart-view"

#include "config.h"

#include <adwaita.h>
#include <math.h>

#include "charts/bo-chart-layout.h"
#include "results/bo-chart-view.h"

/*
 * A chart on the screen: as wide as there is room, as high as it then needs.
 * What is pointed at, or reached with the arrow keys, says what it is.
 */

#define MIN_WIDTH 280
#define NATURAL_WIDTH 640

struct _BoChartView
{
  GtkWidget parent_instance;

  /* Owned references */
  BoChart *chart;
  BoChartLayout *layout; /* for the last width that was asked for */

  int layout_width;
  int target; /* that the keyboard is at, or -1 */
};

G_DEFINE_FINAL_TYPE (BoChartView, bo_chart_view, GTK_TYPE_WIDGET)

static BoChartStyle
get_style (BoChartView *self)
{
  AdwStyleManager *manager = adw_style_manager_get_default ();
  gboolean dark = adw_style_manager_get_dark (manager);
  PangoContext *context = gtk_widget_get_pango_context (GTK_WIDGET (self));
  const PangoFontDescription *font = pango_context_get_font_description (context);
  BoChartStyle style = bo_chart_style_for_files ();
  double size = pango_font_description_get_size (font) / (double) PANGO_SCALE;

  if (adw_style_manager_get_high_contrast (manager))
    style.scheme = dark ? BO_SCHEME_DARK_CONTRAST : BO_SCHEME_LIGHT_CONTRAST;
  else
    style.scheme = dark ? BO_SCHEME_DARK : BO_SCHEME_LIGHT;
  style.font_family = pango_font_description_get_family (font);
  /* Points of GTK are for the screen's resolution, which the size in pixels already follows. */
  if (!pango_font_description_get_size_is_absolute (font))
    size *= pango_cairo_context_get_resolution (context) > 0 ? pango_cairo_context_get_resolution (context) / 72.0
                                                             : 96.0 / 72.0;
  if (size > 0)
    style.font_size = size * 0.9;
  style.padding = 0;
  style.background = FALSE;
  style.with_title = FALSE;
  style.rtl = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;
  return style;
}

static BoChartLayout *
get_layout (BoChartView *self, int width)
{
  if (self->layout == NULL || self->layout_width != width)
    {
      BoChartStyle style = get_style (self);

      g_clear_pointer (&self->layout, bo_chart_layout_free);
      self->layout = bo_chart_layout_new (self->chart, &style, width);
      self->layout_width = width;
    }
  return self->layout;
}

static void
forget_layout (BoChartView *self)
{
  g_clear_pointer (&self->layout, bo_chart_layout_free);
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

static GtkSizeRequestMode
bo_chart_view_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
bo_chart_view_measure (GtkWidget *widget,
                       GtkOrientation orientation,
                       int for_size,
                       int *minimum,
                       int *natural,
                       int *minimum_baseline,
                       int *natural_baseline)
{
  BoChartView *self = BO_CHART_VIEW (widget);

  *minimum = *natural = 0;
  if (self->chart == NULL)
    return;
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = MIN_WIDTH;
      *natural = NATURAL_WIDTH;
    }
  else
    {
      int width = MAX (for_size > 0 ? for_size : NATURAL_WIDTH, MIN_WIDTH);

      *minimum = *natural = (int) ceil (bo_chart_layout_get_height (get_layout (self, width)));
    }
}

static void
bo_chart_view_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  BoChartView *self = BO_CHART_VIEW (widget);
  int width = gtk_widget_get_width (widget);
  int height = gtk_widget_get_height (widget);
  BoChartLayout *layout;
  cairo_t *cr;

  if (self->chart == NULL || width <= 0 || height <= 0)
    return;
  layout = get_layout (self, width);
  cr = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height));
  bo_chart_layout_draw (layout, cr);
  if (self->target >= 0 && (guint) self->target < bo_chart_layout_get_n_targets (layout)
      && gtk_widget_has_visible_focus (widget))
    {
      const BoChartTarget *target = bo_chart_layout_get_target (layout, (guint) self->target);
      BoChartStyle style = get_style (self);
      BoChartColour colour = bo_chart_style_get_colour (&style, BO_TONE_ACCENT);

      cairo_set_source_rgb (cr, colour.red, colour.green, colour.blue);
      cairo_set_line_width (cr, 2);
      cairo_rectangle (cr, target->x - 2, target->y - 2, target->width + 4, target->height + 4);
      cairo_stroke (cr);
    }
  cairo_destroy (cr);
}

static gboolean
bo_chart_view_query_tooltip (GtkWidget *widget, int x, int y, gboolean keyboard, GtkTooltip *tooltip)
{
  BoChartView *self = BO_CHART_VIEW (widget);
  BoChartLayout *layout;
  const BoChartTarget *target;
  int index;

  if (self->chart == NULL || gtk_widget_get_width (widget) <= 0)
    return FALSE;
  layout = get_layout (self, gtk_widget_get_width (widget));
  index = keyboard ? self->target : bo_chart_layout_find_target (layout, x, y);
  if (index < 0 || (guint) index >= bo_chart_layout_get_n_targets (layout))
    return FALSE;
  target = bo_chart_layout_get_target (layout, (guint) index);
  gtk_tooltip_set_text (tooltip, target->text);
  gtk_tooltip_set_tip_area (tooltip, &(GdkRectangle) { (int) target->x, (int) target->y, (int) ceil (target->width),
                                                       (int) ceil (target->height) });
  return TRUE;
}

static gboolean
step_cb (GtkWidget *widget, GVariant *args, gpointer user_data)
{
  BoChartView *self = BO_CHART_VIEW (widget);
  BoChartLayout *layout;
  int n, target;

  if (self->chart == NULL || gtk_widget_get_width (widget) <= 0)
    return FALSE;
  layout = get_layout (self, gtk_widget_get_width (widget));
  n = (int) bo_chart_layout_get_n_targets (layout);
  target = self->target + g_variant_get_int32 (args);
  if (self->target < 0)
    target = 0;
  if (n == 0 || target < 0 || target >= n)
    return FALSE;
  self->target = target;
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT,
                                  bo_chart_layout_get_target (layout, (guint) target)->text, -1);
  gtk_widget_trigger_tooltip_query (widget);
  gtk_widget_queue_draw (widget);
  return TRUE;
}

static void
bo_chart_view_css_changed (GtkWidget *widget, GtkCssStyleChange *change)
{
  GTK_WIDGET_CLASS (bo_chart_view_parent_class)->css_changed (widget, change);
  forget_layout (BO_CHART_VIEW (widget));
}

static void
bo_chart_view_finalize (GObject *object)
{
  BoChartView *self = BO_CHART_VIEW (object);

  g_clear_pointer (&self->layout, bo_chart_layout_free);
  g_clear_pointer (&self->chart, bo_chart_unref);

  G_OBJECT_CLASS (bo_chart_view_parent_class)->finalize (object);
}

static void
bo_chart_view_class_init (BoChartViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = bo_chart_view_finalize;
  widget_class->get_request_mode = bo_chart_view_get_request_mode;
  widget_class->measure = bo_chart_view_measure;
  widget_class->snapshot = bo_chart_view_snapshot;
  widget_class->query_tooltip = bo_chart_view_query_tooltip;
  widget_class->css_changed = bo_chart_view_css_changed;
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Down, 0, step_cb, "i", 1);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Right, 0, step_cb, "i", 1);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Up, 0, step_cb, "i", -1);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Left, 0, step_cb, "i", -1);
  gtk_widget_class_set_css_name (widget_class, "chart");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
bo_chart_view_init (BoChartView *self)
{
  AdwStyleManager *manager = adw_style_manager_get_default ();

  self->target = -1;
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  gtk_widget_set_has_tooltip (GTK_WIDGET (self), TRUE);
  g_signal_connect_object (manager, "notify::dark", G_CALLBACK (forget_layout), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (manager, "notify::high-contrast", G_CALLBACK (forget_layout), self, G_CONNECT_SWAPPED);
}

/**
 * bo_chart_view_set_chart:
 * @self: the view
 * @chart: what it shows
 */
void
bo_chart_view_set_chart (BoChartView *self, BoChart *chart)
{
  g_return_if_fail (BO_IS_CHART_VIEW (self));
  g_return_if_fail (chart != NULL);

  bo_chart_ref (chart);
  g_clear_pointer (&self->chart, bo_chart_unref);
  self->chart = chart;
  self->target = -1;
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, chart->title,
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, chart->description, -1);
  forget_layout (self);
}
