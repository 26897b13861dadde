/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-phase-bar"

#include "config.h"

#include <glib/gi18n.h>

#include "activity/bo-activity-state.h"
#include "activity/bo-phase-bar.h"
#include "session/bo-session-words.h"

#define GAP 3
/* What took next to no time is still to be seen and pointed at. */
#define MIN_WIDTH 6
#define HEIGHT 24

/* One for each phase, and last what is left. */
#define N_PARTS (BO_N_PHASES + 1)

struct _BoPhaseBar
{
  GtkWidget parent_instance;

  GtkWidget *parts[N_PARTS]; /* each with its label as the only child */
  double shares[N_PARTS];    /* microseconds; 0 for one that is not there */
};

G_DEFINE_FINAL_TYPE (BoPhaseBar, bo_phase_bar, GTK_TYPE_WIDGET)

static void
bo_phase_bar_measure (GtkWidget *widget,
                      GtkOrientation orientation,
                      int for_size,
                      int *minimum,
                      int *natural,
                      int *minimum_baseline,
                      int *natural_baseline)
{
  BoPhaseBar *self = BO_PHASE_BAR (widget);

  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = N_PARTS * (MIN_WIDTH + GAP);
      *natural = *minimum * 4;
      return;
    }
  *natural = HEIGHT;
  for (guint i = 0; i < N_PARTS; i++)
    {
      int child_nat;

      gtk_widget_measure (self->parts[i], orientation, -1, NULL, &child_nat, NULL, NULL);
      *natural = MAX (*natural, child_nat);
    }
  *minimum = *natural;
}

static void
bo_phase_bar_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  BoPhaseBar *self = BO_PHASE_BAR (widget);
  gboolean mirrored = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  double all = 0;
  guint n = 0;
  int room, x = 0;

  for (guint i = 0; i < N_PARTS; i++)
    {
      all += self->shares[i];
      n += self->shares[i] > 0;
    }
  room = MAX (width - (int) n * MIN_WIDTH - (int) (n > 0 ? n - 1 : 0) * GAP, 0);
  for (guint i = 0; i < N_PARTS; i++)
    {
      GtkWidget *label = gtk_widget_get_first_child (self->parts[i]);
      int part_width, label_nat;

      gtk_widget_set_child_visible (self->parts[i], self->shares[i] > 0);
      if (self->shares[i] <= 0)
        continue;
      part_width = MIN_WIDTH + (int) (room * self->shares[i] / all);
      gtk_widget_set_child_visible (label, TRUE);
      gtk_widget_measure (label, GTK_ORIENTATION_HORIZONTAL, -1, NULL, &label_nat, NULL, NULL);
      gtk_widget_set_child_visible (label, label_nat <= part_width);
      gtk_widget_size_allocate (self->parts[i],
                                &(GdkRectangle) { mirrored ? width - x - part_width : x, 0, part_width, height }, -1);
      x += part_width + GAP;
    }
}

/* --- A part, which may be narrower than its label ------------------------------------ */

#define BO_TYPE_PHASE_PART (bo_phase_part_get_type ())
G_DECLARE_FINAL_TYPE (BoPhasePart, bo_phase_part, BO, PHASE_PART, GtkWidget)

struct _BoPhasePart
{
  GtkWidget parent_instance;
};

G_DEFINE_FINAL_TYPE (BoPhasePart, bo_phase_part, GTK_TYPE_WIDGET)

static void
bo_phase_part_measure (GtkWidget *widget,
                       GtkOrientation orientation,
                       int for_size,
                       int *minimum,
                       int *natural,
                       int *minimum_baseline,
                       int *natural_baseline)
{
  gtk_widget_measure (gtk_widget_get_first_child (widget), orientation, -1, minimum, natural, NULL, NULL);
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    *minimum = 0;
}

static void
bo_phase_part_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  GtkWidget *label = gtk_widget_get_first_child (widget);
  int minimum;

  gtk_widget_measure (label, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
  gtk_widget_allocate (label, MAX (width, minimum), height, baseline, NULL);
}

static void
bo_phase_part_dispose (GObject *object)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))) != NULL)
    gtk_widget_unparent (child);

  G_OBJECT_CLASS (bo_phase_part_parent_class)->dispose (object);
}

static void
bo_phase_part_class_init (BoPhasePartClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bo_phase_part_dispose;
  widget_class->measure = bo_phase_part_measure;
  widget_class->size_allocate = bo_phase_part_size_allocate;
  gtk_widget_class_set_css_name (widget_class, "phase");
}

static void
bo_phase_part_init (BoPhasePart *self)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_add_css_class (label, "caption");
  gtk_widget_set_parent (label, GTK_WIDGET (self));
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
}

/* --- The bar ------------------------------------------------------------------------- */

static void
set_part (BoPhaseBar *self, guint index, gint64 share_us, const char *css_class, const char *text, const char *tooltip)
{
  static const char *const classes[] = { "done", "current", "left" };
  GtkWidget *part = self->parts[index];

  self->shares[index] = (double) MAX (share_us, 0);
  for (guint i = 0; i < G_N_ELEMENTS (classes); i++)
    if (g_strcmp0 (classes[i], css_class) == 0)
      gtk_widget_add_css_class (part, classes[i]);
    else
      gtk_widget_remove_css_class (part, classes[i]);
  gtk_label_set_text (GTK_LABEL (gtk_widget_get_first_child (part)), text != NULL ? text : "");
  gtk_widget_set_tooltip_text (part, tooltip);
}

/**
 * bo_phase_bar_set_phases:
 * @self: the bar
 * @phases: (nullable) (element-type BoPhase): those that have ended
 * @is_running: whether one is under way
 * @current: that one
 * @current_us: for how long
 * @left_us: how long all will still take, or -1
 */
void
bo_phase_bar_set_phases (BoPhaseBar *self,
                         GPtrArray *phases,
                         gboolean is_running,
                         BoPhaseKind current,
                         gint64 current_us,
                         gint64 left_us)
{
  g_autoptr (GString) words = g_string_new (NULL);
  gboolean any = FALSE;

  g_return_if_fail (BO_IS_PHASE_BAR (self));

  for (guint kind = 0; kind < BO_N_PHASES; kind++)
    {
      gint64 duration_us = 0;
      gboolean is_current = is_running && current == kind;
      g_autofree char *time = NULL;
      g_autofree char *text = NULL;

      for (guint i = 0; phases != NULL && i < phases->len; i++)
        {
          const BoPhase *phase = g_ptr_array_index (phases, i);

          if (phase->kind == kind)
            duration_us = MAX (phase->duration_us, 1);
        }
      if (is_current)
        duration_us = MAX (current_us, 1);
      time = is_current ? bo_activity_format_clock (duration_us) : bo_activity_format_duration (duration_us);
      text = g_strdup_printf ("%s: %s", bo_phase_kind_get_title (kind), time);
      set_part (self, kind, duration_us, is_current ? "current" : "done", bo_phase_kind_get_title (kind), text);
      if (duration_us > 0)
        g_string_append_printf (words, "%s%s", words->len > 0 ? ", " : "", text);
      any |= duration_us > 0;
    }
  if (is_running && left_us > 0)
    {
      g_autofree char *left = bo_activity_format_duration (left_us);
      /* TRANSLATORS: of a build that is under way: "about 8 min 10 s left" */
      g_autofree char *text = g_strdup_printf (_ ("about %s left"), left);

      set_part (self, BO_N_PHASES, left_us, "left", text, text);
      g_string_append_printf (words, ", %s", text);
    }
  else
    set_part (self, BO_N_PHASES, 0, NULL, NULL, NULL);
  gtk_widget_set_visible (GTK_WIDGET (self), any);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, words->str, -1);
  gtk_widget_queue_allocate (GTK_WIDGET (self));
}

static void
bo_phase_bar_dispose (GObject *object)
{
  BoPhaseBar *self = BO_PHASE_BAR (object);

  for (guint i = 0; i < N_PARTS; i++)
    g_clear_pointer (&self->parts[i], gtk_widget_unparent);

  G_OBJECT_CLASS (bo_phase_bar_parent_class)->dispose (object);
}

static void
bo_phase_bar_class_init (BoPhaseBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bo_phase_bar_dispose;
  widget_class->measure = bo_phase_bar_measure;
  widget_class->size_allocate = bo_phase_bar_size_allocate;
  gtk_widget_class_set_css_name (widget_class, "phasebar");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
bo_phase_bar_init (BoPhaseBar *self)
{
  for (guint i = 0; i < N_PARTS; i++)
    {
      self->parts[i] = g_object_new (BO_TYPE_PHASE_PART, NULL);
      gtk_widget_set_parent (self->parts[i], GTK_WIDGET (self));
    }
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}
