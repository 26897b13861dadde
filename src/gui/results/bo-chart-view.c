/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-chart-view"

#include "config.h"

#include <adwaita.h>
#include <math.h>

#include "charts/bo-chart-style.h"
#include "results/bo-chart-picture.h"
#include "results/bo-chart-view.h"

/*
 * A chart on the screen: as wide as there is room, as high as it then needs.
 * What is pointed at says what it is. With the arrow keys the focus goes from
 * mark to mark; what it is at says so too, in a bubble and to a screen reader.
 */

#define MIN_WIDTH 260
#define NATURAL_WIDTH 560

/*
 * A mark that has the focus is a widget, which a screen reader finds and reads.
 * Two are enough for any number of marks: the focus goes from the one to the
 * other, which stands where the next mark is and has its words.
 */
#define N_CURSORS 2

struct _BoChartView
{
  GtkWidget parent_instance;

  GtkWidget *cursors[N_CURSORS];
  GtkWidget *bubble;
  GtkLabel *bubble_text;

  /* Owned references */
  BoChart *chart;
  BoChartPicture *picture; /* the last one that was made */
  GCancellable *making;

  gboolean stale; /* whether the picture is of another look, or of another chart */
  int making_width;
  guint cursor; /* which of them the focus is at */
  int target;   /* that the keyboard is at, or -1 */
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

static const BoChartTarget *
get_target (BoChartView *self)
{
  return self->picture != NULL && self->target >= 0
           ? bo_chart_picture_get_target (self->picture, (guint) self->target)
           : NULL;
}

static GtkWidget *
get_cursor (BoChartView *self)
{
  return self->cursors[self->cursor];
}

/* Where the cursor stands for it: what is outside of the view would be cut. */
static GdkRectangle
get_place (BoChartView *self, const BoChartTarget *target)
{
  int left = MAX ((int) floor (target->x) - 3, 0);
  int top = MAX ((int) floor (target->y) - 3, 0);
  int right = MIN ((int) ceil (target->x + target->width) + 3, bo_chart_picture_get_width (self->picture));
  int bottom = MIN ((int) ceil (target->y + target->height) + 3, bo_chart_picture_get_height (self->picture));

  return (GdkRectangle) { left, top, MAX (right - left, 1), MAX (bottom - top, 1) };
}

static void
hide_cursor (BoChartView *self)
{
  self->target = -1;
  for (guint i = 0; i < N_CURSORS; i++)
    if (self->cursors[i] != NULL)
      gtk_widget_set_visible (self->cursors[i], FALSE);
  if (self->bubble != NULL)
    gtk_popover_popdown (GTK_POPOVER (self->bubble));
}

static void
made_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BoChartPicture) picture = bo_chart_picture_make_finish (result, &error);
  BoChartView *self;
  int height;

  /* It was cancelled; then the view may be gone. */
  if (picture == NULL)
    return;
  self = BO_CHART_VIEW (user_data);
  g_clear_object (&self->making);
  height = self->picture != NULL ? bo_chart_picture_get_height (self->picture) : -1;
  g_clear_pointer (&self->picture, bo_chart_picture_free);
  self->picture = g_steal_pointer (&picture);
  self->stale = FALSE;
  if (height != bo_chart_picture_get_height (self->picture))
    gtk_widget_queue_resize (GTK_WIDGET (self));
  else
    gtk_widget_queue_allocate (GTK_WIDGET (self));
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* Makes the picture for the width that there is, unless it is there or on its way. */
static void
make_picture (BoChartView *self)
{
  int width = gtk_widget_get_width (GTK_WIDGET (self));
  BoChartStyle style;

  if (self->chart == NULL || width <= 0 || !gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;
  if (self->making != NULL && self->making_width == width)
    return;
  if (self->making != NULL)
    {
      g_cancellable_cancel (self->making);
      g_clear_object (&self->making);
    }
  if (self->picture != NULL && !self->stale && bo_chart_picture_get_width (self->picture) == width)
    return;
  style = get_style (self);
  self->making = g_cancellable_new ();
  self->making_width = width;
  bo_chart_picture_make_async (self->chart, &style, width, self->making, made_cb, self);
}

/* Another look or another chart: what was shown stays until the new picture is there. */
static void
renew (BoChartView *self)
{
  if (self->making != NULL)
    g_cancellable_cancel (self->making);
  g_clear_object (&self->making);
  self->stale = TRUE;
  make_picture (self);
}

static GtkSizeRequestMode
bo_chart_view_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

/* Until it is known: about as high as that many rows are. */
static int
guess_height (BoChartView *self)
{
  BoChartStyle style = get_style (self);
  guint rows = self->chart->kind == BO_CHART_TREND ? 8 : self->chart->rows->len;

  return (int) ceil (style.font_size * (self->chart->empty != NULL ? 4 : 2.5 * rows + 5));
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
    *minimum = *natural = self->picture != NULL ? bo_chart_picture_get_height (self->picture) : guess_height (self);
}

static void
bo_chart_view_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  BoChartView *self = BO_CHART_VIEW (widget);
  const BoChartTarget *target = get_target (self);

  make_picture (self);
  if (target != NULL)
    {
      GdkRectangle place = get_place (self, target);

      gtk_widget_size_allocate (get_cursor (self), &place, -1);
      gtk_popover_set_pointing_to (GTK_POPOVER (self->bubble), &place);
    }
  gtk_popover_present (GTK_POPOVER (self->bubble));
}

static void
bo_chart_view_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (bo_chart_view_parent_class)->map (widget);
  make_picture (BO_CHART_VIEW (widget));
}

static void
bo_chart_view_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  BoChartView *self = BO_CHART_VIEW (widget);
  int width = gtk_widget_get_width (widget);
  int height = gtk_widget_get_height (widget);

  if (self->picture != NULL)
    {
      gtk_snapshot_push_clip (snapshot, &GRAPHENE_RECT_INIT (-2, -2, (float) width + 4, (float) height + 4));
      bo_chart_picture_snapshot (self->picture, snapshot);
      gtk_snapshot_pop (snapshot);
    }
  for (guint i = 0; i < N_CURSORS; i++)
    gtk_widget_snapshot_child (widget, self->cursors[i], snapshot);
}

static gboolean
bo_chart_view_query_tooltip (GtkWidget *widget, int x, int y, gboolean keyboard, GtkTooltip *tooltip)
{
  BoChartView *self = BO_CHART_VIEW (widget);
  const BoChartTarget *target;
  int index;

  /* The bubble says what the keyboard is at. */
  if (self->picture == NULL || keyboard)
    return FALSE;
  index = bo_chart_picture_find_target (self->picture, x, y);
  if (index < 0)
    return FALSE;
  target = bo_chart_picture_get_target (self->picture, (guint) index);
  if (target->text == NULL)
    return FALSE;
  gtk_tooltip_set_text (tooltip, target->text);
  gtk_tooltip_set_tip_area (tooltip, &(GdkRectangle) { (int) target->x, (int) target->y, (int) ceil (target->width),
                                                       (int) ceil (target->height) });
  return TRUE;
}

static void
go_to (BoChartView *self, int index)
{
  const BoChartTarget *target = bo_chart_picture_get_target (self->picture, (guint) index);
  GtkWidget *before = get_cursor (self);
  GtkWidget *cursor;
  GdkRectangle place;

  self->target = index;
  self->cursor = (self->cursor + 1) % N_CURSORS;
  cursor = get_cursor (self);
  gtk_accessible_update_property (GTK_ACCESSIBLE (cursor), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  target->text != NULL ? target->text : "", -1);
  gtk_accessible_update_relation (GTK_ACCESSIBLE (cursor), GTK_ACCESSIBLE_RELATION_POS_IN_SET, index + 1,
                                  GTK_ACCESSIBLE_RELATION_SET_SIZE,
                                  (int) bo_chart_picture_get_n_targets (self->picture), -1);
  gtk_widget_set_visible (cursor, TRUE);
  /* It is scrolled to where it stands, so it has to stand there first. */
  place = get_place (self, target);
  gtk_widget_size_allocate (cursor, &place, -1);
  gtk_widget_grab_focus (cursor);
  gtk_widget_set_visible (before, FALSE);
  gtk_label_set_text (self->bubble_text, target->text != NULL ? target->text : "");
  gtk_popover_popup (GTK_POPOVER (self->bubble));
  gtk_widget_queue_allocate (GTK_WIDGET (self));
}

/* In reading order. */
static gboolean
step_cb (GtkWidget *widget, GVariant *args, gpointer user_data)
{
  BoChartView *self = BO_CHART_VIEW (widget);
  int by = g_variant_get_int32 (args);
  int n = self->picture != NULL ? (int) bo_chart_picture_get_n_targets (self->picture) : 0;

  if (n == 0)
    return FALSE;
  if (by == G_MININT32)
    go_to (self, 0);
  else if (by == G_MAXINT32)
    go_to (self, n - 1);
  else if (self->target < 0)
    go_to (self, by > 0 ? 0 : n - 1);
  else if (self->target + by >= 0 && self->target + by < n)
    go_to (self, self->target + by);
  else
    gtk_widget_error_bell (widget);
  return TRUE;
}

/* To the same place of the row above or below, or to its last mark. */
static gboolean
step_row_cb (GtkWidget *widget, GVariant *args, gpointer user_data)
{
  BoChartView *self = BO_CHART_VIEW (widget);
  int by = g_variant_get_int32 (args);
  int n = self->picture != NULL ? (int) bo_chart_picture_get_n_targets (self->picture) : 0;
  const BoChartTarget *from = get_target (self);
  int row = -1, found = -1, distance = 0;

  if (n == 0)
    return FALSE;
  if (from == NULL)
    {
      go_to (self, by > 0 ? 0 : n - 1);
      return TRUE;
    }
  for (int i = self->target + by; i >= 0 && i < n; i += by)
    {
      const BoChartTarget *target = bo_chart_picture_get_target (self->picture, (guint) i);

      if (row < 0 && target->row != from->row)
        row = (int) target->row;
      if (row < 0)
        continue;
      if ((int) target->row != row)
        break;
      if (found < 0 || ABS (target->mark - from->mark) < distance)
        {
          found = i;
          distance = ABS (target->mark - from->mark);
        }
    }
  if (found >= 0)
    go_to (self, found);
  else
    gtk_widget_error_bell (widget);
  return TRUE;
}

static gboolean
leave_cb (GtkWidget *widget, GVariant *args, gpointer user_data)
{
  BoChartView *self = BO_CHART_VIEW (widget);

  if (self->target < 0)
    return FALSE;
  gtk_widget_grab_focus (widget);
  hide_cursor (self);
  return TRUE;
}

static void
focus_left_cb (GtkEventControllerFocus *controller, gpointer user_data)
{
  hide_cursor (BO_CHART_VIEW (user_data));
}

static void
bo_chart_view_css_changed (GtkWidget *widget, GtkCssStyleChange *change)
{
  GTK_WIDGET_CLASS (bo_chart_view_parent_class)->css_changed (widget, change);
  if (change == NULL || BO_CHART_VIEW (widget)->chart == NULL)
    return;
  renew (BO_CHART_VIEW (widget));
}

static void
bo_chart_view_dispose (GObject *object)
{
  BoChartView *self = BO_CHART_VIEW (object);

  if (self->making != NULL)
    g_cancellable_cancel (self->making);
  g_clear_object (&self->making);
  for (guint i = 0; i < N_CURSORS; i++)
    g_clear_pointer (&self->cursors[i], gtk_widget_unparent);
  g_clear_pointer (&self->bubble, gtk_widget_unparent);

  G_OBJECT_CLASS (bo_chart_view_parent_class)->dispose (object);
}

static void
bo_chart_view_finalize (GObject *object)
{
  BoChartView *self = BO_CHART_VIEW (object);

  g_clear_pointer (&self->picture, bo_chart_picture_free);
  g_clear_pointer (&self->chart, bo_chart_unref);

  G_OBJECT_CLASS (bo_chart_view_parent_class)->finalize (object);
}

static void
bo_chart_view_class_init (BoChartViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bo_chart_view_dispose;
  G_OBJECT_CLASS (klass)->finalize = bo_chart_view_finalize;
  widget_class->get_request_mode = bo_chart_view_get_request_mode;
  widget_class->measure = bo_chart_view_measure;
  widget_class->size_allocate = bo_chart_view_size_allocate;
  widget_class->map = bo_chart_view_map;
  widget_class->snapshot = bo_chart_view_snapshot;
  widget_class->query_tooltip = bo_chart_view_query_tooltip;
  widget_class->css_changed = bo_chart_view_css_changed;
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Right, 0, step_cb, "i", 1);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Left, 0, step_cb, "i", -1);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Home, 0, step_cb, "i", G_MININT32);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_End, 0, step_cb, "i", G_MAXINT32);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Down, 0, step_row_cb, "i", 1);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Up, 0, step_row_cb, "i", -1);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Escape, 0, leave_cb, NULL);
  gtk_widget_class_set_css_name (widget_class, "chart");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
bo_chart_view_init (BoChartView *self)
{
  AdwStyleManager *manager = adw_style_manager_get_default ();
  GtkEventController *focus = gtk_event_controller_focus_new ();

  self->target = -1;
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  gtk_widget_set_has_tooltip (GTK_WIDGET (self), TRUE);
  for (guint i = 0; i < N_CURSORS; i++)
    {
      self->cursors[i] = g_object_new (ADW_TYPE_BIN, "accessible-role", GTK_ACCESSIBLE_ROLE_LIST_ITEM, "css-name",
                                       "mark", "focusable", TRUE, "visible", FALSE, "can-target", FALSE, NULL);
      gtk_widget_set_parent (self->cursors[i], GTK_WIDGET (self));
    }
  self->bubble_text = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_wrap (self->bubble_text, TRUE);
  gtk_label_set_wrap_mode (self->bubble_text, PANGO_WRAP_WORD_CHAR);
  gtk_label_set_max_width_chars (self->bubble_text, 60);
  self->bubble = gtk_popover_new ();
  gtk_popover_set_autohide (GTK_POPOVER (self->bubble), FALSE);
  gtk_popover_set_position (GTK_POPOVER (self->bubble), GTK_POS_TOP);
  gtk_widget_set_can_focus (self->bubble, FALSE);
  gtk_widget_add_css_class (self->bubble, "chart-bubble");
  gtk_popover_set_child (GTK_POPOVER (self->bubble), GTK_WIDGET (self->bubble_text));
  gtk_widget_set_parent (self->bubble, GTK_WIDGET (self));
  g_signal_connect_object (focus, "leave", G_CALLBACK (focus_left_cb), self, 0);
  gtk_widget_add_controller (GTK_WIDGET (self), focus);
  g_signal_connect_object (manager, "notify::dark", G_CALLBACK (renew), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (manager, "notify::high-contrast", G_CALLBACK (renew), self, G_CONNECT_SWAPPED);
}

/**
 * bo_chart_view_set_chart:
 * @self: the view
 * @chart: what it shows; drawn in a thread, and shown once that is done
 */
void
bo_chart_view_set_chart (BoChartView *self, BoChart *chart)
{
  g_return_if_fail (BO_IS_CHART_VIEW (self));
  g_return_if_fail (chart != NULL);

  if (chart == self->chart)
    return;
  bo_chart_ref (chart);
  g_clear_pointer (&self->chart, bo_chart_unref);
  self->chart = chart;
  hide_cursor (self);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, chart->title,
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, chart->description, -1);
  gtk_widget_queue_resize (GTK_WIDGET (self));
  renew (self);
}

/* Whether what is shown is what it is to show. */
gboolean
bo_chart_view_is_ready (BoChartView *self)
{
  g_return_val_if_fail (BO_IS_CHART_VIEW (self), FALSE);

  return self->picture != NULL && !self->stale && self->making == NULL;
}

/* How many rows and marks the arrow keys go through, together; 0 until it is drawn. */
guint
bo_chart_view_get_n_marks (BoChartView *self)
{
  g_return_val_if_fail (BO_IS_CHART_VIEW (self), 0);

  return self->picture != NULL ? bo_chart_picture_get_n_targets (self->picture) : 0;
}

/* Which of them the keyboard is at, or -1. */
int
bo_chart_view_get_mark (BoChartView *self)
{
  g_return_val_if_fail (BO_IS_CHART_VIEW (self), -1);

  return self->target;
}

/**
 * bo_chart_view_get_mark_text:
 *
 * Returns: (nullable): what the bubble says about what the keyboard is at
 */
const char *
bo_chart_view_get_mark_text (BoChartView *self)
{
  const BoChartTarget *target;

  g_return_val_if_fail (BO_IS_CHART_VIEW (self), NULL);

  target = get_target (self);
  return target != NULL ? target->text : NULL;
}
