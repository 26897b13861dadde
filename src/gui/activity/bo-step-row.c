/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-step-row"

#include "config.h"

#include "activity/bo-step-row.h"

/* Where there is room, the bar stands behind the instruction; else it is a line under it. */
#define WIDE 560
#define GAP 10
#define NUMBER_WIDTH 24
#define TIME_WIDTH 88
#define BAR_MIN 3
#define BAR_HEIGHT 12
#define LINE_HEIGHT 3

struct _BoStepRow
{
  GtkWidget parent_instance;

  /* Children */
  GtkWidget *number;
  GtkWidget *instruction;
  GtkWidget *bar;
  GtkWidget *time;

  /* Owned references */
  BoStepItem *item;
};

G_DEFINE_FINAL_TYPE (BoStepRow, bo_step_row, GTK_TYPE_WIDGET)

static const char *const state_classes[] = { "to-come", "running", "done", "slowest", "cached", "failed" };

static void
changed_cb (BoStepItem *item, gpointer user_data)
{
  BoStepRow *self = BO_STEP_ROW (user_data);
  guint number = bo_step_item_get_number (item);
  g_autofree char *digits = number > 0 ? g_strdup_printf ("%u", number) : NULL;
  g_autofree char *words = bo_step_item_describe (item);

  gtk_label_set_text (GTK_LABEL (self->number), digits != NULL ? digits : "");
  gtk_label_set_text (GTK_LABEL (self->instruction), bo_step_item_get_instruction (item));
  gtk_label_set_text (GTK_LABEL (self->time), bo_step_item_get_time (item));
  for (guint i = 0; i < G_N_ELEMENTS (state_classes); i++)
    if (i == (guint) bo_step_item_get_state (item))
      gtk_widget_add_css_class (GTK_WIDGET (self), state_classes[i]);
    else
      gtk_widget_remove_css_class (GTK_WIDGET (self), state_classes[i]);
  if (number == 0)
    gtk_widget_add_css_class (self->instruction, "dim-label");
  else
    gtk_widget_remove_css_class (self->instruction, "dim-label");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, words, -1);
  gtk_widget_queue_allocate (GTK_WIDGET (self));
}

static gboolean
query_tooltip_cb (GtkWidget *widget, int x, int y, gboolean keyboard, GtkTooltip *tooltip, gpointer user_data)
{
  BoStepRow *self = BO_STEP_ROW (widget);
  g_autofree char *words = NULL;

  if (self->item == NULL)
    return FALSE;
  words = bo_step_item_describe (self->item);
  gtk_tooltip_set_text (tooltip, words);
  return TRUE;
}

static GtkSizeRequestMode
bo_step_row_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_CONSTANT_SIZE;
}

static void
bo_step_row_measure (GtkWidget *widget,
                     GtkOrientation orientation,
                     int for_size,
                     int *minimum,
                     int *natural,
                     int *minimum_baseline,
                     int *natural_baseline)
{
  BoStepRow *self = BO_STEP_ROW (widget);
  GtkWidget *labels[] = { self->number, self->instruction, self->time };

  *minimum = *natural = 0;
  for (guint i = 0; i < G_N_ELEMENTS (labels); i++)
    {
      int child_min, child_nat;

      gtk_widget_measure (labels[i], orientation, -1, &child_min, &child_nat, NULL, NULL);
      *natural = MAX (*natural, child_nat);
    }
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = NUMBER_WIDTH + TIME_WIDTH + 2 * GAP + 80;
      *natural = MAX (*minimum, WIDE);
      return;
    }
  *natural += 2 * (LINE_HEIGHT + 1);
  *minimum = *natural;
}

static void
allocate (BoStepRow *self, GtkWidget *child, int x, int y, int width, int height)
{
  int minimum;

  gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
  width = MAX (width, minimum);
  if (gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL)
    x = gtk_widget_get_width (GTK_WIDGET (self)) - x - width;
  gtk_widget_size_allocate (child, &(GdkRectangle) { x, y, width, height }, -1);
}

static void
bo_step_row_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  BoStepRow *self = BO_STEP_ROW (widget);
  int text_x = NUMBER_WIDTH + GAP;
  int text_end = width - TIME_WIDTH - GAP;
  int track_x = text_x;
  int track_width = MAX (text_end - text_x, 0);
  int bar_height = LINE_HEIGHT;
  int bar_y = height - LINE_HEIGHT - 1;
  double start = 0, end = 0;

  if (width >= WIDE)
    {
      track_x = text_x + (text_end - text_x) * 45 / 100 + GAP;
      track_width = text_end - track_x;
      text_end = track_x - GAP;
      bar_height = BAR_HEIGHT;
      bar_y = (height - BAR_HEIGHT) / 2;
    }
  allocate (self, self->number, 0, 0, NUMBER_WIDTH, height);
  allocate (self, self->instruction, text_x, 0, MAX (text_end - text_x, 0), height);
  allocate (self, self->time, width - TIME_WIDTH, 0, TIME_WIDTH, height);

  if (self->item != NULL)
    bo_step_item_get_span (self->item, &start, &end);
  gtk_widget_set_child_visible (self->bar, self->item != NULL
                                               && bo_step_item_get_state (self->item) != BO_STEP_TO_COME);
  if (gtk_widget_get_child_visible (self->bar))
    {
      int bar_width = MAX ((int) ((end - start) * track_width), BAR_MIN);
      int bar_x = MIN ((int) (start * track_width), track_width - bar_width);

      allocate (self, self->bar, track_x + MAX (bar_x, 0), bar_y, bar_width, bar_height);
    }
}

/**
 * bo_step_row_set_item:
 * @self: the row
 * @item: (nullable): the step
 */
void
bo_step_row_set_item (BoStepRow *self, BoStepItem *item)
{
  g_return_if_fail (BO_IS_STEP_ROW (self));

  if (self->item != NULL)
    g_signal_handlers_disconnect_by_func (self->item, changed_cb, self);
  g_set_object (&self->item, item);
  if (item == NULL)
    return;
  g_signal_connect (item, "changed", G_CALLBACK (changed_cb), self);
  changed_cb (item, self);
}

static void
bo_step_row_dispose (GObject *object)
{
  BoStepRow *self = BO_STEP_ROW (object);

  bo_step_row_set_item (self, NULL);
  g_clear_pointer (&self->number, gtk_widget_unparent);
  g_clear_pointer (&self->instruction, gtk_widget_unparent);
  g_clear_pointer (&self->bar, gtk_widget_unparent);
  g_clear_pointer (&self->time, gtk_widget_unparent);

  G_OBJECT_CLASS (bo_step_row_parent_class)->dispose (object);
}

static void
bo_step_row_class_init (BoStepRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bo_step_row_dispose;
  widget_class->get_request_mode = bo_step_row_get_request_mode;
  widget_class->measure = bo_step_row_measure;
  widget_class->size_allocate = bo_step_row_size_allocate;
  gtk_widget_class_set_css_name (widget_class, "steprow");
}

static GtkWidget *
add_label (BoStepRow *self, float xalign, const char *css_class)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), xalign);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (label, css_class);
  gtk_widget_set_parent (label, GTK_WIDGET (self));
  return label;
}

static void
bo_step_row_init (BoStepRow *self)
{
  self->number = add_label (self, 1, "step-number");
  self->instruction = add_label (self, 0, "step-instruction");
  self->bar = g_object_new (GTK_TYPE_BOX, "css-name", "stepbar", "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);
  gtk_widget_set_parent (self->bar, GTK_WIDGET (self));
  self->time = add_label (self, 1, "step-time");
  gtk_widget_set_has_tooltip (GTK_WIDGET (self), TRUE);
  g_signal_connect (self, "query-tooltip", G_CALLBACK (query_tooltip_cb), NULL);
}

GtkWidget *
bo_step_row_new (void)
{
  return g_object_new (BO_TYPE_STEP_ROW, NULL);
}
