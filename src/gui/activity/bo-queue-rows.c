/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-queue-rows"

#include "config.h"

#include <glib/gi18n.h>

#include "activity/bo-queue-rows.h"
#include "bench/bo-queue.h"
#include "session/bo-session-words.h"
#include "session/bo-time-left.h"

typedef struct
{
  const BoActivityState *state;
  GHashTable *known;
  GPtrArray *rows;
} Making;

static BoQueueItem *
add_row (Making *making, BoQueueRowKind kind, const char *prefix, const char *id)
{
  g_autofree char *key = g_strconcat (prefix, id, NULL);
  BoQueueItem *item = g_hash_table_lookup (making->known, key);

  item = item != NULL ? g_object_ref (item) : bo_queue_item_new (kind, key);
  g_ptr_array_add (making->rows, item);
  return item;
}

static char *
describe_place (const BoActivityState *state, const BoPlannedTrial *planned)
{
  g_autofree char *base = bo_activity_describe_base (state, planned->cell);

  return g_strdup_printf ("%s · %s", bo_activity_describe_builder (planned->cell->builder), base);
}

/* "cold · run 2 · BuildKit · L4T": what tells it from its like comes first, since there may be no room for all. */
static char *
describe_trial (const BoActivityState *state, const BoPlannedTrial *planned)
{
  g_autofree char *place = describe_place (state, planned);
  g_autofree char *condition = bo_activity_describe_condition (planned);

  if (planned->kind == BO_TRIAL_PREBUILD)
    return g_steal_pointer (&place);
  if (state->campaign->repetitions > 1)
    return g_strdup_printf (_ ("%s · run %u · %s"), condition, planned->repetition, place);
  return g_strdup_printf ("%s · %s", condition, place);
}

/* "cold, warm, edited · run 2 · BuildKit · L4T" */
static char *
describe_chain (const BoActivityState *state, const BoQueueEntry *entry)
{
  const BoPlannedTrial *first = g_ptr_array_index (entry->trials, 0);
  g_autofree char *place = describe_place (state, first);
  g_autoptr (GString) conditions = g_string_new (NULL);

  for (guint i = 0; i < entry->trials->len; i++)
    {
      const BoPlannedTrial *planned = g_ptr_array_index (entry->trials, i);
      g_autofree char *condition = NULL;

      /* What only fills the cache for the next one says nothing about what is measured. */
      if (planned->kind == BO_TRIAL_PRIMING && entry->trials->len > 1)
        continue;
      condition = bo_activity_describe_condition (planned);
      g_string_append_printf (conditions, "%s%s", conditions->len > 0 ? ", " : "", condition);
    }
  if (state->campaign->repetitions > 1)
    return g_strdup_printf (_ ("%s · run %u · %s"), conditions->str, first->repetition, place);
  return g_strdup_printf ("%s · %s", conditions->str, place);
}

static void
add_chain (Making *making, BoQueueRowKind kind, const BoQueueEntry *entry, guint position)
{
  const BoPlannedTrial *first = g_ptr_array_index (entry->trials, 0);
  g_autofree char *title = bo_activity_describe_strategy (making->state, first);
  g_autofree char *subtitle = describe_chain (making->state, entry);
  g_autofree char *number = position > 0 ? g_strdup_printf ("%u", position) : NULL;
  BoQueueItem *item
      = add_row (making, kind, kind == BO_QUEUE_WAITING ? "chain:" : "removed:", entry->chain);

  bo_queue_item_set_target (item, first->id, entry->chain);
  bo_queue_item_set_look (item, kind == BO_QUEUE_WAITING ? "list-drag-handle-symbolic" : NULL, "dim-label");
  bo_queue_item_set_texts (item, title, subtitle, number);
}

static void
add_running (Making *making)
{
  const BoActivityState *state = making->state;
  const BoTrial *trial = bo_activity_state_get_running (state);
  const BoPlannedTrial *planned = trial != NULL ? bo_activity_state_get_planned (state, trial->id) : NULL;
  g_autofree char *title = NULL;
  g_autofree char *subtitle = NULL;
  BoQueueItem *item;

  if (planned == NULL)
    return;
  title = bo_activity_describe_strategy (state, planned);
  subtitle = describe_trial (state, planned);
  item = add_row (making, BO_QUEUE_RUNNING, "run:", trial->id);
  bo_queue_item_set_target (item, trial->id, NULL);
  bo_queue_item_set_look (item, "media-playback-start-symbolic", "accent");
  bo_queue_item_set_texts (item, title, subtitle, bo_queue_item_get_detail (item));
}

/* What has begun but not ended, and is not played now: the campaign goes on elsewhere. */
static void
add_open (Making *making, const BoTrial *trial)
{
  const BoPlannedTrial *planned = bo_activity_state_get_planned (making->state, trial->id);
  g_autofree char *title = NULL;
  g_autofree char *subtitle = NULL;
  BoQueueItem *item;

  if (planned == NULL)
    return;
  title = bo_activity_describe_strategy (making->state, planned);
  subtitle = describe_trial (making->state, planned);
  item = add_row (making, BO_QUEUE_DONE, "open:", trial->id);
  bo_queue_item_set_target (item, trial->id, NULL);
  bo_queue_item_set_look (item, bo_outcome_get_icon (trial), bo_outcome_get_css_class (trial));
  bo_queue_item_set_texts (item, title, subtitle, NULL);
}

static void
add_queue (Making *making)
{
  const BoActivityState *state = making->state;
  g_autoptr (GPtrArray) queue = bo_queue_list (state->campaign, state->trials, state->order);
  g_autoptr (GPtrArray) all = NULL;
  g_autoptr (GHashTable) waiting = g_hash_table_new (g_str_hash, g_str_equal);
  gboolean any = FALSE;

  for (guint i = 0; i < queue->len; i++)
    {
      const BoQueueEntry *entry = g_ptr_array_index (queue, i);

      g_hash_table_add (waiting, entry->chain);
      add_chain (making, BO_QUEUE_WAITING, entry, i + 1);
    }
  if (state->order == NULL)
    return;
  all = bo_queue_list (state->campaign, state->trials, NULL);
  for (guint i = 0; i < all->len; i++)
    {
      const BoQueueEntry *entry = g_ptr_array_index (all, i);

      if (g_hash_table_contains (waiting, entry->chain))
        continue;
      if (!any)
        bo_queue_item_set_texts (add_row (making, BO_QUEUE_HEADING, "heading:removed", ""), _ ("Taken Out"), NULL, NULL);
      any = TRUE;
      add_chain (making, BO_QUEUE_REMOVED, entry, 0);
    }
}

static int
compare_latest (gconstpointer a, gconstpointer b)
{
  const BoTrial *first = *(const BoTrial *const *) a;
  const BoTrial *second = *(const BoTrial *const *) b;

  if (first->started_us != second->started_us)
    return first->started_us > second->started_us ? -1 : 1;
  return 0;
}

static void
add_done (Making *making)
{
  const BoActivityState *state = making->state;
  g_autoptr (GPtrArray) done = g_ptr_array_new ();
  g_autofree char *when = NULL;

  for (guint i = 0; state->trials != NULL && i < state->trials->len; i++)
    {
      BoTrial *trial = g_ptr_array_index (state->trials, i);

      if (bo_activity_state_is_done (state, trial))
        g_ptr_array_add (done, trial);
    }
  if (done->len == 0)
    return;
  g_ptr_array_sort (done, compare_latest);
  when = bo_activity_format_time (state->campaign->created_us);
  bo_queue_item_set_texts (add_row (making, BO_QUEUE_HEADING, "heading:done", ""), _ ("Done"), NULL,
                           state->is_unfinished ? NULL : when);
  for (guint i = 0; i < done->len; i++)
    {
      const BoTrial *trial = g_ptr_array_index (done, i);
      const BoPlannedTrial *planned = bo_activity_state_get_planned (state, trial->id);
      g_autofree char *title = NULL;
      g_autofree char *subtitle = NULL;
      g_autofree char *result = NULL;
      BoQueueItem *item;

      if (planned == NULL)
        continue;
      title = bo_activity_describe_strategy (state, planned);
      subtitle = describe_trial (state, planned);
      result = bo_activity_describe_result (trial);
      item = add_row (making, BO_QUEUE_DONE, "done:", trial->id);
      bo_queue_item_set_target (item, trial->id, NULL);
      bo_queue_item_set_look (item, bo_outcome_get_icon (trial), bo_outcome_get_css_class (trial));
      bo_queue_item_set_texts (item, title, subtitle, result);
    }
}

/* The campaign as a whole, when it is not a trial that is of interest. */
static void
add_session (Making *making)
{
  const BoActivityState *state = making->state;
  const char *title;
  const char *icon;
  const char *look;
  g_autofree char *stage = NULL;
  BoQueueItem *item;

  if (state->is_running && state->stage == BO_SESSION_PLAYING)
    return;
  if (state->is_running)
    {
      title = state->stage == BO_SESSION_CLOSING ? _ ("Cleaning Up") : _ ("Starting");
      icon = "emblem-synchronizing-symbolic";
      look = "accent";
      stage = state->session != NULL ? bo_session_describe_stage (state->session) : NULL;
    }
  else if (state->end == BO_SESSION_END_OVER)
    {
      title = _ ("Campaign Over");
      icon = "object-select-symbolic";
      look = "success";
    }
  else if (state->end == BO_SESSION_END_FAILED)
    {
      title = _ ("Campaign Not Begun");
      icon = "dialog-error-symbolic";
      look = "error";
    }
  else if (state->end == BO_SESSION_END_DETACHED)
    {
      title = _ ("Left to the Device");
      icon = "network-server-symbolic";
      look = "accent";
    }
  else
    return;
  item = add_row (making, BO_QUEUE_SESSION, "session", "");
  bo_queue_item_set_look (item, icon, look);
  bo_queue_item_set_texts (item, title, stage != NULL ? stage : state->device, NULL);
}

/**
 * bo_queue_rows_make:
 * @state: the campaign
 * @known: (element-type utf8 BoQueueItem): by their keys, what was shown before
 *
 * Returns: (transfer full) (element-type BoQueueItem): the rows, among them those of @known that are still there
 */
GPtrArray *
bo_queue_rows_make (const BoActivityState *state, GHashTable *known)
{
  Making making = { state, known, g_ptr_array_new_with_free_func (g_object_unref) };

  add_session (&making);
  if (state->campaign != NULL && state->is_unfinished)
    {
      BoQueueItem *heading = add_row (&making, BO_QUEUE_HEADING, "heading:queue", "");

      bo_queue_item_set_texts (heading, _ ("Queue"), NULL, bo_queue_item_get_detail (heading));
      add_running (&making);
      for (guint i = 0; bo_activity_state_get_recorder (state) == NULL && state->trials != NULL && i < state->trials->len; i++)
        {
          const BoTrial *trial = g_ptr_array_index (state->trials, i);

          if (trial->outcome == BO_OUTCOME_RUNNING)
            add_open (&making, trial);
        }
      add_queue (&making);
    }
  if (state->campaign != NULL)
    add_done (&making);
  return making.rows;
}

/**
 * bo_queue_rows_describe_progress:
 * @state: the campaign
 * @running_us: how long ago the trial began that is under way
 *
 * Returns: (transfer full): "5 of 18 · 2 h 50 min left"
 */
char *
bo_queue_rows_describe_progress (const BoActivityState *state, gint64 running_us)
{
  guint n_done = bo_activity_state_count_done (state);
  guint n_all = state->trials != NULL ? state->trials->len : 0;
  gint64 left_us = -1;
  g_autofree char *left = NULL;

  if (state->trials != NULL && state->estimates != NULL)
    left_us = bo_time_left_estimate (state->campaign, state->trials, state->estimates, state->order, running_us);
  if (left_us <= 0)
    /* TRANSLATORS: how many builds of a campaign are done: "5 of 18" */
    return g_strdup_printf (_ ("%u of %u"), n_done, n_all);
  left = bo_activity_format_duration (left_us);
  /* TRANSLATORS: how many builds are done, and the time that the others take: "5 of 18 · 2 h 50 min left" */
  return g_strdup_printf (_ ("%u of %u · %s left"), n_done, n_all, left);
}

/**
 * bo_queue_rows_splice:
 * @store: what is shown
 * @rows: (element-type BoQueueItem): what is to be shown
 *
 * Changes only what is different, in one go, so that what stays keeps its place and its focus.
 */
void
bo_queue_rows_splice (GListStore *store, GPtrArray *rows)
{
  guint n_old = g_list_model_get_n_items (G_LIST_MODEL (store));
  guint first = 0;
  guint last = 0;

  while (first < n_old && first < rows->len)
    {
      g_autoptr (GObject) item = g_list_model_get_item (G_LIST_MODEL (store), first);

      if (item != g_ptr_array_index (rows, first))
        break;
      first++;
    }
  while (first + last < n_old && first + last < rows->len)
    {
      g_autoptr (GObject) item = g_list_model_get_item (G_LIST_MODEL (store), n_old - 1 - last);

      if (item != g_ptr_array_index (rows, rows->len - 1 - last))
        break;
      last++;
    }
  if (first + last < n_old || first + last < rows->len)
    g_list_store_splice (store, first, n_old - first - last, rows->pdata + first, rows->len - first - last);
}
