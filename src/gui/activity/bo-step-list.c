/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-step-list"

#include "config.h"

#include <glib/gi18n.h>

#include "activity/bo-step-list.h"
#include "activity/bo-step-row.h"

/* Where more steps are, they scroll: the log under them needs room too. */
#define MAX_HEIGHT 240

struct _BoStepList
{
  GtkWidget parent_instance;

  /* Children */
  GtkWidget *scrolled;
  GtkListView *list;

  /* Owned references */
  GListStore *store;
  GtkSingleSelection *selection;

  char *trial;
  guint n_steps; /* how many of the rows are steps of the record */
  int running;   /* the row that was scrolled to, or -1 */
};

enum
{
  STEP,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (BoStepList, bo_step_list, GTK_TYPE_WIDGET)

static void
setup_cb (GtkListItemFactory *factory, GtkListItem *list_item, gpointer user_data)
{
  gtk_list_item_set_child (list_item, bo_step_row_new ());
}

static void
bind_cb (GtkListItemFactory *factory, GtkListItem *list_item, gpointer user_data)
{
  bo_step_row_set_item (BO_STEP_ROW (gtk_list_item_get_child (list_item)), gtk_list_item_get_item (list_item));
}

static void
unbind_cb (GtkListItemFactory *factory, GtkListItem *list_item, gpointer user_data)
{
  bo_step_row_set_item (BO_STEP_ROW (gtk_list_item_get_child (list_item)), NULL);
}

static void
activate_cb (GtkListView *list, guint position, gpointer user_data)
{
  BoStepList *self = BO_STEP_LIST (user_data);
  g_autoptr (BoStepItem) item = g_list_model_get_item (G_LIST_MODEL (self->store), position);

  if (item != NULL && bo_step_item_get_index (item) >= 0)
    g_signal_emit (self, signals[STEP], 0, (guint) bo_step_item_get_index (item));
}

/* One that runs may already have taken longer than any that has ended; then none of these is marked. */
static gint64
find_slowest (const BoTrial *trial, gint64 now_us)
{
  gint64 slowest_us = 0;

  for (guint i = 0; i < trial->steps->len; i++)
    {
      const BoStep *step = g_ptr_array_index (trial->steps, i);

      if (step->number > 0 && !step->cached)
        slowest_us = MAX (slowest_us, step->duration_us >= 0 ? step->duration_us
                                      : step->start_us >= 0  ? now_us - step->start_us
                                                             : 0);
    }
  return slowest_us;
}

static BoStepState
find_state (const BoTrial *trial, const BoStep *step, gint64 slowest_us)
{
  if (step->failed)
    return BO_STEP_FAILED;
  if (step->cached)
    return BO_STEP_CACHED;
  if (step->start_us < 0)
    return BO_STEP_TO_COME;
  if (step->duration_us < 0)
    return trial->outcome == BO_OUTCOME_RUNNING ? BO_STEP_RUNNING : BO_STEP_DONE;
  return step->number > 0 && step->duration_us == slowest_us ? BO_STEP_SLOWEST : BO_STEP_DONE;
}

/* What the plan has and the record has not yet; Bakeoff's own lines are not of interest. */
static void
add_planned (GPtrArray *items, const BoTrial *trial, const BoPlannedTrial *planned)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);

  if (trial != NULL && trial->outcome != BO_OUTCOME_PENDING && trial->outcome != BO_OUTCOME_RUNNING)
    return;
  for (guint i = 0; trial != NULL && i < trial->steps->len; i++)
    g_hash_table_add (seen, GUINT_TO_POINTER (((const BoStep *) g_ptr_array_index (trial->steps, i))->user_line));
  for (guint i = 0; i < planned->steps->len; i++)
    {
      const BoStepMap *map = g_ptr_array_index (planned->steps, i);

      if (map->user_line > 0 && g_hash_table_add (seen, GUINT_TO_POINTER (map->user_line)))
        g_ptr_array_add (items, bo_step_item_new (-1, 0, map->instruction));
    }
}

/* Steps of the record stay the same objects; what follows them is made anew when there is one more. */
static void
update_items (BoStepList *self, const BoTrial *trial, const BoPlannedTrial *planned)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);
  guint n_steps = trial != NULL ? trial->steps->len : 0;
  guint n_old = g_list_model_get_n_items (G_LIST_MODEL (self->store));

  for (guint i = self->n_steps; i < n_steps; i++)
    {
      const BoStep *step = g_ptr_array_index (trial->steps, i);

      g_ptr_array_add (items, bo_step_item_new ((int) i, step->number, step->instruction));
    }
  if (planned != NULL)
    add_planned (items, trial, planned);
  g_list_store_splice (self->store, self->n_steps, n_old - self->n_steps, items->pdata, items->len);
  self->n_steps = n_steps;
}

/**
 * bo_step_list_set_trial:
 * @self: the list
 * @trial: (nullable): the record
 * @planned: (nullable): what is planned
 * @now_us: how far its build is, from its start
 * @expected_us: how long builds of its kind take, or -1
 *
 * To be called again when time has passed.
 */
void
bo_step_list_set_trial (BoStepList *self,
                        const BoTrial *trial,
                        const BoPlannedTrial *planned,
                        gint64 now_us,
                        gint64 expected_us)
{
  const char *id = trial != NULL ? trial->id : planned != NULL ? planned->id : NULL;
  gboolean other = g_strcmp0 (self->trial, id) != 0;
  gboolean active = trial == NULL || trial->outcome == BO_OUTCOME_PENDING || trial->outcome == BO_OUTCOME_RUNNING;
  guint n_shown = g_list_model_get_n_items (G_LIST_MODEL (self->store));
  gint64 axis_us = now_us;
  gint64 slowest_us;
  int running = -1;

  g_return_if_fail (BO_IS_STEP_LIST (self));

  /* The store's record of it may tell of fewer steps than the one that was read as it came. */
  if (other || (trial != NULL && trial->steps->len < self->n_steps))
    {
      other = TRUE;
      g_free (self->trial);
      self->trial = g_strdup (id);
      g_list_store_remove_all (self->store);
      self->n_steps = 0;
      self->running = -1;
    }
  /* What was planned and never came is taken away. */
  if (other || (trial != NULL && trial->steps->len != self->n_steps) || (!active && n_shown > self->n_steps))
    update_items (self, trial, planned);
  if (active)
    axis_us = MAX (axis_us, expected_us);
  for (guint i = 0; trial != NULL && i < trial->steps->len; i++)
    {
      const BoStep *step = g_ptr_array_index (trial->steps, i);

      if (step->start_us >= 0)
        axis_us = MAX (axis_us, step->start_us + MAX (step->duration_us, 0));
    }
  slowest_us = trial != NULL ? find_slowest (trial, now_us) : 0;
  n_shown = g_list_model_get_n_items (G_LIST_MODEL (self->store));
  for (guint i = 0; i < n_shown; i++)
    {
      g_autoptr (BoStepItem) item = g_list_model_get_item (G_LIST_MODEL (self->store), i);
      const BoStep *step = i < self->n_steps ? g_ptr_array_index (trial->steps, i) : NULL;
      BoStepState state = step != NULL ? find_state (trial, step, slowest_us) : BO_STEP_TO_COME;

      bo_step_item_update (item, state, step, now_us, axis_us);
      if (state == BO_STEP_RUNNING || state == BO_STEP_FAILED)
        running = (int) i;
    }
  if (running >= 0 && running != self->running)
    gtk_widget_activate_action (GTK_WIDGET (self->list), "list.scroll-to-item", "u", (guint) running);
  self->running = running;
  gtk_widget_set_visible (GTK_WIDGET (self), n_shown > 0);
}

/* Whether it may have all of the height that there is. */
void
bo_step_list_set_tall (BoStepList *self, gboolean tall)
{
  g_return_if_fail (BO_IS_STEP_LIST (self));

  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (self->scrolled), tall ? -1 : MAX_HEIGHT);
}

/* (element-type BoStepItem) */
GListModel *
bo_step_list_get_model (BoStepList *self)
{
  g_return_val_if_fail (BO_IS_STEP_LIST (self), NULL);

  return G_LIST_MODEL (self->store);
}

static void
bo_step_list_dispose (GObject *object)
{
  BoStepList *self = BO_STEP_LIST (object);

  g_clear_pointer (&self->scrolled, gtk_widget_unparent);
  g_clear_object (&self->selection);
  g_clear_object (&self->store);
  g_clear_pointer (&self->trial, g_free);

  G_OBJECT_CLASS (bo_step_list_parent_class)->dispose (object);
}

static void
bo_step_list_class_init (BoStepListClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bo_step_list_dispose;
  signals[STEP] = g_signal_new ("step", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                G_TYPE_UINT);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "steplist");
}

static void
bo_step_list_init (BoStepList *self)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();

  self->running = -1;
  self->store = g_list_store_new (BO_TYPE_STEP_ITEM);
  self->selection = gtk_single_selection_new (NULL);
  gtk_single_selection_set_autoselect (self->selection, FALSE);
  gtk_single_selection_set_can_unselect (self->selection, TRUE);
  gtk_single_selection_set_model (self->selection, G_LIST_MODEL (self->store));
  g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), NULL);
  g_signal_connect (factory, "unbind", G_CALLBACK (unbind_cb), NULL);

  self->list = GTK_LIST_VIEW (gtk_list_view_new (NULL, factory));
  gtk_list_view_set_single_click_activate (self->list, TRUE);
  gtk_list_view_set_model (self->list, GTK_SELECTION_MODEL (self->selection));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Steps"), -1);
  g_signal_connect (self->list, "activate", G_CALLBACK (activate_cb), self);

  self->scrolled = gtk_scrolled_window_new ();
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (self->scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (self->scrolled), TRUE);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (self->scrolled), MAX_HEIGHT);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (self->scrolled), GTK_WIDGET (self->list));
  gtk_widget_set_parent (self->scrolled, GTK_WIDGET (self));
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}
