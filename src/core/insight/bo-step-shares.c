/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-step-shares"

#include "config.h"

#include "insight/bo-step-shares.h"

/* A step begins or ends. */
typedef struct
{
  gint64 time;
  guint step;
  gboolean begins;
} Event;

static int
compare_events (gconstpointer a, gconstpointer b)
{
  const Event *first = a, *second = b;

  if (first->time != second->time)
    return first->time < second->time ? -1 : 1;
  return first->step < second->step ? -1 : first->step > second->step;
}

/* What of the step lies within the build; a clock that ran away must not take more than there is. */
static gboolean
get_span (const BoTrial *trial, const BoStep *step, gint64 *start, gint64 *end)
{
  if (step->start_us < 0 || step->duration_us <= 0 || step->start_us >= trial->build_us)
    return FALSE;
  *start = step->start_us;
  *end = step->duration_us > trial->build_us - step->start_us ? trial->build_us
                                                              : step->start_us + step->duration_us;
  return TRUE;
}

static void
divide (gint64 time, const GArray *active, gint64 *shares)
{
  gint64 each = time / active->len;
  gint64 over = time % active->len;

  for (guint i = 0; i < active->len; i++)
    shares[g_array_index (active, guint, i)] += each + (i < over ? 1 : 0);
}

/**
 * bo_trial_share_steps:
 * @trial: a trial that succeeded
 * @rest: (out): the time in which no step was under way
 *
 * Returns: (transfer full): the share of each of its steps, microseconds; with @rest they add up to its build
 * time
 */
gint64 *
bo_trial_share_steps (const BoTrial *trial, gint64 *rest)
{
  gint64 *shares;
  g_autoptr (GArray) events = g_array_new (FALSE, FALSE, sizeof (Event));
  g_autoptr (GArray) active = g_array_new (FALSE, FALSE, sizeof (guint));
  gint64 now = 0;

  g_return_val_if_fail (trial != NULL && rest != NULL, NULL);

  shares = g_new0 (gint64, MAX (trial->steps->len, 1));
  *rest = 0;
  if (trial->build_us < 0)
    return shares;
  for (guint i = 0; i < trial->steps->len; i++)
    {
      Event begin = { 0, i, TRUE }, end = { 0, i, FALSE };

      if (!get_span (trial, g_ptr_array_index (trial->steps, i), &begin.time, &end.time))
        continue;
      g_array_append_val (events, begin);
      g_array_append_val (events, end);
    }
  g_array_sort (events, compare_events);
  for (guint i = 0; i < events->len; i++)
    {
      const Event *event = &g_array_index (events, Event, i);

      if (event->time > now && active->len > 0)
        divide (event->time - now, active, shares);
      else
        *rest += event->time - now;
      now = event->time;
      if (event->begins)
        g_array_append_val (active, event->step);
      else
        for (guint k = 0; k < active->len; k++)
          if (g_array_index (active, guint, k) == event->step)
            {
              g_array_remove_index (active, k);
              break;
            }
    }
  *rest += trial->build_us - now;
  return shares;
}

/**
 * bo_step_get_key:
 * @step: a step
 *
 * Two steps are the same when their instructions differ in nothing but blanks
 * and continued lines. FROM is FROM, whatever the image is called: the same
 * base has another name in each campaign.
 *
 * Returns: (transfer full): what steps are told apart by, without their stage
 */
char *
bo_step_get_key (const BoStep *step)
{
  GString *key = g_string_new (NULL);
  gboolean blank = FALSE;

  g_return_val_if_fail (step != NULL, g_string_free (key, FALSE));

  for (const char *p = step->instruction != NULL ? step->instruction : ""; *p != '\0'; p++)
    {
      gboolean continued = p[0] == '\\' && (p[1] == '\n' || (p[1] == '\r' && p[2] == '\n'));

      if (continued || g_ascii_isspace (*p))
        {
          blank = TRUE;
          continue;
        }
      if (blank && key->len > 0)
        g_string_append_c (key, ' ');
      blank = FALSE;
      g_string_append_c (key, *p);
    }
  if (step->number > 0 && g_ascii_strncasecmp (key->str, "FROM ", 5) == 0)
    g_string_truncate (key, 4);
  return g_string_free (key, FALSE);
}

static char *
get_full_key (const BoStep *step)
{
  g_autofree char *key = bo_step_get_key (step);

  /* A line end stands in no key. */
  return g_strconcat (step->stage != NULL ? step->stage : "", "\n", key, NULL);
}

/* For each step of @from, the index of its match in @to, or -1: the first of the same key that is free. */
static void
match (const BoTrial *from,
       const BoTrial *to,
       char *(*get_key) (const BoStep *),
       int *matches,
       gboolean *taken)
{
  g_autoptr (GHashTable) free_steps = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                                             (GDestroyNotify) g_queue_free);

  for (guint i = 0; i < to->steps->len; i++)
    {
      g_autofree char *key = NULL;
      GQueue *queue;

      if (taken[i])
        continue;
      key = get_key (g_ptr_array_index (to->steps, i));
      queue = g_hash_table_lookup (free_steps, key);
      if (queue == NULL)
        {
          queue = g_queue_new ();
          g_hash_table_insert (free_steps, g_steal_pointer (&key), queue);
        }
      g_queue_push_tail (queue, GUINT_TO_POINTER (i));
    }
  for (guint i = 0; i < from->steps->len; i++)
    {
      g_autofree char *key = NULL;
      GQueue *queue;

      if (matches[i] >= 0)
        continue;
      key = get_key (g_ptr_array_index (from->steps, i));
      queue = g_hash_table_lookup (free_steps, key);
      if (queue == NULL || g_queue_is_empty (queue))
        continue;
      matches[i] = (int) GPOINTER_TO_UINT (g_queue_pop_head (queue));
      taken[matches[i]] = TRUE;
    }
}

static void
difference_free (BoStepDifference *difference)
{
  g_free (difference->instruction);
  g_free (difference->stage);
  g_free (difference);
}

static void
add_difference (GPtrArray *differences,
                BoStepDifferenceKind kind,
                const BoStep *step,
                gint64 from_us,
                gint64 to_us)
{
  BoStepDifference *difference = g_new0 (BoStepDifference, 1);

  difference->kind = kind;
  difference->instruction
      = step != NULL ? g_strdup (step->instruction != NULL ? step->instruction : "") : NULL;
  difference->stage = step != NULL ? g_strdup (step->stage) : NULL;
  difference->from_us = from_us;
  difference->to_us = to_us;
  g_ptr_array_add (differences, difference);
}

/**
 * bo_trial_compare_steps:
 * @from: a trial that succeeded
 * @to: another
 *
 * Steps of the same stage and instruction belong together, then those of the
 * same instruction in stages of other names. What is in one build alone is
 * not there in the other, and the time without a step is a part of its own. So the
 * differences add up exactly to the difference of the two build times.
 *
 * Returns: (transfer full) (element-type BoStepDifference): in the order of @from, then what is in @to alone,
 * then the rest
 */
GPtrArray *
bo_trial_compare_steps (const BoTrial *from, const BoTrial *to)
{
  GPtrArray *differences = g_ptr_array_new_with_free_func ((GDestroyNotify) difference_free);
  g_autofree gint64 *from_shares = NULL;
  g_autofree gint64 *to_shares = NULL;
  g_autofree int *matches = NULL;
  g_autofree gboolean *taken = NULL;
  gint64 from_rest, to_rest;

  g_return_val_if_fail (from != NULL && to != NULL, differences);

  from_shares = bo_trial_share_steps (from, &from_rest);
  to_shares = bo_trial_share_steps (to, &to_rest);
  matches = g_new (int, MAX (from->steps->len, 1));
  taken = g_new0 (gboolean, MAX (to->steps->len, 1));
  for (guint i = 0; i < from->steps->len; i++)
    matches[i] = -1;
  match (from, to, get_full_key, matches, taken);
  match (from, to, bo_step_get_key, matches, taken);

  for (guint i = 0; i < from->steps->len; i++)
    {
      const BoStep *step = g_ptr_array_index (from->steps, i);

      if (matches[i] >= 0)
        add_difference (differences, BO_STEP_BOTH, step, from_shares[i], to_shares[matches[i]]);
      else
        add_difference (differences, BO_STEP_ONLY_FROM, step, from_shares[i], 0);
    }
  for (guint i = 0; i < to->steps->len; i++)
    if (!taken[i])
      add_difference (differences, BO_STEP_ONLY_TO, g_ptr_array_index (to->steps, i), 0, to_shares[i]);
  add_difference (differences, BO_STEP_REST, NULL, from_rest, to_rest);
  return differences;
}
