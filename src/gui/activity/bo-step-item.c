/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-step-item"

#include "config.h"

#include <glib/gi18n.h>

#include "activity/bo-activity-state.h"
#include "activity/bo-step-item.h"

struct _BoStepItem
{
  GObject parent_instance;

  int index;
  guint number;
  char *instruction;
  BoStepState state;
  char *time;
  char *error;
  double start;
  double end;
};

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (BoStepItem, bo_step_item, G_TYPE_OBJECT)

static void
bo_step_item_finalize (GObject *object)
{
  BoStepItem *self = BO_STEP_ITEM (object);

  g_free (self->instruction);
  g_free (self->time);
  g_free (self->error);

  G_OBJECT_CLASS (bo_step_item_parent_class)->finalize (object);
}

static void
bo_step_item_class_init (BoStepItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = bo_step_item_finalize;
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 0);
}

static void
bo_step_item_init (BoStepItem *self)
{
}

/**
 * bo_step_item_new:
 * @index: in the steps of the record, or -1 for one that is only planned
 * @number: its number, or 0 for the engine's own work
 * @instruction: its text
 *
 * Returns: (transfer full): a step that has not begun
 */
BoStepItem *
bo_step_item_new (int index, guint number, const char *instruction)
{
  BoStepItem *self = g_object_new (BO_TYPE_STEP_ITEM, NULL);

  self->index = index;
  self->number = number;
  self->instruction = g_strdup (instruction != NULL ? instruction : "");
  /* An instruction may go on over several lines. */
  g_strdelimit (self->instruction, "\n\r\t", ' ');
  return self;
}

/**
 * bo_step_item_update:
 * @self: the step
 * @state: how it stands
 * @step: (nullable): its record
 * @now_us: how far the build is, from its start
 * @axis_us: what the timeline spans
 */
void
bo_step_item_update (BoStepItem *self, BoStepState state, const BoStep *step, gint64 now_us, gint64 axis_us)
{
  gint64 start_us = step != NULL && step->start_us >= 0 ? step->start_us : -1;
  gint64 duration_us = step != NULL ? step->duration_us : -1;
  double start = 0, end = 0;
  g_autofree char *time = NULL;

  g_return_if_fail (BO_IS_STEP_ITEM (self));

  if (duration_us < 0 && start_us >= 0)
    duration_us = MAX (now_us - start_us, 0);
  if (state == BO_STEP_CACHED)
    time = g_strdup (_ ("cached"));
  else if (state == BO_STEP_TO_COME)
    time = g_strdup ("");
  else if (state == BO_STEP_RUNNING)
    time = bo_activity_format_clock (duration_us);
  else
    time = bo_activity_format_duration (duration_us);
  if (start_us >= 0 && axis_us > 0)
    {
      start = CLAMP ((double) start_us / (double) axis_us, 0, 1);
      end = CLAMP ((double) (start_us + MAX (duration_us, 0)) / (double) axis_us, start, 1);
    }
  if (self->state == state && self->time != NULL && g_str_equal (self->time, time) && self->start == start
      && self->end == end)
    return;
  self->state = state;
  g_free (self->time);
  self->time = g_steal_pointer (&time);
  self->start = start;
  self->end = end;
  g_free (self->error);
  self->error = step != NULL ? g_strdup (step->error) : NULL;
  g_signal_emit (self, signals[CHANGED], 0);
}

int
bo_step_item_get_index (BoStepItem *self)
{
  return self->index;
}

guint
bo_step_item_get_number (BoStepItem *self)
{
  return self->number;
}

const char *
bo_step_item_get_instruction (BoStepItem *self)
{
  return self->instruction;
}

BoStepState
bo_step_item_get_state (BoStepItem *self)
{
  return self->state;
}

const char *
bo_step_item_get_time (BoStepItem *self)
{
  return self->time;
}

/* Where it is on the timeline, from 0 to 1. */
void
bo_step_item_get_span (BoStepItem *self, double *start, double *end)
{
  *start = self->start;
  *end = self->end;
}

/**
 * bo_step_item_describe:
 *
 * Returns: (transfer full): all of it, for a tooltip and a screen reader
 */
char *
bo_step_item_describe (BoStepItem *self)
{
  g_autoptr (GString) text = g_string_new (NULL);

  if (self->number > 0)
    g_string_append_printf (text, _ ("Step %u: %s"), self->number, self->instruction);
  else
    g_string_append (text, self->instruction);
  switch (self->state)
    {
    case BO_STEP_TO_COME:
      g_string_append_printf (text, "\n%s", _ ("Still to come"));
      break;
    case BO_STEP_RUNNING:
      g_string_append_printf (text, _ ("\nUnder way for %s"), self->time);
      break;
    case BO_STEP_CACHED:
      g_string_append_printf (text, "\n%s", _ ("Taken from the engine's cache"));
      break;
    case BO_STEP_SLOWEST:
      g_string_append_printf (text, _ ("\n%s, the slowest step"), self->time);
      break;
    case BO_STEP_FAILED:
      g_string_append_printf (text, _ ("\nFailed after %s"), self->time);
      if (self->error != NULL)
        g_string_append_printf (text, ": %s", self->error);
      break;
    case BO_STEP_DONE:
    default:
      g_string_append_printf (text, "\n%s", self->time);
      break;
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}
