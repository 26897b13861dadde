/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-queue-view"

#include "config.h"

#include <glib/gi18n.h>

#include "activity/bo-queue-row.h"
#include "activity/bo-queue-rows.h"
#include "activity/bo-queue-view.h"
#include "session/bo-session-words.h"

struct _BoQueueView
{
  GtkWidget parent_instance;

  /* Template widgets */
  GtkListView *list;
  GtkRevealer *tools;
  GtkWidget *remove;
  GtkWidget *restore;

  /* Owned references */
  GListStore *store;
  GtkSingleSelection *selection;
  GPtrArray *chains; /* of char *: those that wait */

  char *campaign;
  char *progress;
  gboolean can_order;
  gboolean follows;
  gboolean updating;
};

enum
{
  SELECTED,
  ACTIVATED,
  ORDER,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (BoQueueView, bo_queue_view, GTK_TYPE_WIDGET)

/* --- Selecting ---------------------------------------------------------------------- */

static BoQueueItem *
get_item (BoQueueView *self, guint position)
{
  g_autoptr (BoQueueItem) item = g_list_model_get_item (G_LIST_MODEL (self->store), position);

  return item; /* the store holds it */
}

BoQueueItem *
bo_queue_view_get_selected (BoQueueView *self)
{
  g_return_val_if_fail (BO_IS_QUEUE_VIEW (self), NULL);

  return gtk_single_selection_get_selected_item (self->selection);
}

static void
update_tools (BoQueueView *self)
{
  BoQueueItem *item = bo_queue_view_get_selected (self);
  const char *chain = item != NULL ? bo_queue_item_get_chain (item) : NULL;
  gboolean waits = self->can_order && item != NULL && bo_queue_item_get_kind (item) == BO_QUEUE_WAITING;
  gboolean removed = self->can_order && item != NULL && bo_queue_item_get_kind (item) == BO_QUEUE_REMOVED;
  guint position = waits ? bo_queue_view_get_position (self, chain) : G_MAXUINT;

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "queue.first", waits && position > 0);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "queue.up", waits && position > 0);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "queue.down", waits && position + 1 < self->chains->len);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "queue.remove", waits);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "queue.restore", removed);
  gtk_widget_set_visible (self->remove, !removed);
  gtk_widget_set_visible (self->restore, removed);
  gtk_revealer_set_reveal_child (self->tools, waits || removed);
}

static void
selected_cb (GObject *selection, GParamSpec *pspec, gpointer user_data)
{
  BoQueueView *self = BO_QUEUE_VIEW (user_data);
  BoQueueItem *item = bo_queue_view_get_selected (self);

  if (self->updating)
    return;
  /* Whoever goes back to what runs wants to see what runs. */
  self->follows = item != NULL
                  && (bo_queue_item_get_kind (item) == BO_QUEUE_RUNNING || bo_queue_item_get_kind (item) == BO_QUEUE_SESSION);
  update_tools (self);
  g_signal_emit (self, signals[SELECTED], 0);
}

static void
select_position (BoQueueView *self, guint position)
{
  gtk_single_selection_set_selected (self->selection, position);
}

/* The row that is of interest by itself: what runs, else how it stands, else what ended last. */
static guint
find_natural (BoQueueView *self)
{
  static const BoQueueRowKind kinds[] = { BO_QUEUE_RUNNING, BO_QUEUE_SESSION, BO_QUEUE_DONE, BO_QUEUE_WAITING };
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->store));

  for (guint k = 0; k < G_N_ELEMENTS (kinds); k++)
    for (guint i = 0; i < n; i++)
      if (bo_queue_item_get_kind (get_item (self, i)) == kinds[k])
        return i;
  return GTK_INVALID_LIST_POSITION;
}

/**
 * bo_queue_view_select_trial:
 * @self: the queue
 * @trial_id: id of a trial
 *
 * Returns: whether there is a row for it
 */
gboolean
bo_queue_view_select_trial (BoQueueView *self, const char *trial_id)
{
  guint n;

  g_return_val_if_fail (BO_IS_QUEUE_VIEW (self) && trial_id != NULL, FALSE);

  n = g_list_model_get_n_items (G_LIST_MODEL (self->store));
  for (guint i = 0; i < n; i++)
    if (g_strcmp0 (bo_queue_item_get_trial (get_item (self, i)), trial_id) == 0)
      {
        select_position (self, i);
        gtk_widget_activate_action (GTK_WIDGET (self->list), "list.scroll-to-item", "u", i);
        return TRUE;
      }
  return FALSE;
}

/* From now on what runs is selected. */
void
bo_queue_view_follow (BoQueueView *self)
{
  g_return_if_fail (BO_IS_QUEUE_VIEW (self));

  self->follows = TRUE;
  select_position (self, find_natural (self));
}

static void
activate_cb (GtkListView *list, guint position, gpointer user_data)
{
  g_signal_emit (user_data, signals[ACTIVATED], 0);
}

/* --- The order ------------------------------------------------------------------------- */

/* How many chains are played before it; G_MAXUINT for one that does not wait. */
guint
bo_queue_view_get_position (BoQueueView *self, const char *chain)
{
  guint position;

  g_return_val_if_fail (BO_IS_QUEUE_VIEW (self), G_MAXUINT);

  return chain != NULL && g_ptr_array_find_with_equal_func (self->chains, chain, g_str_equal, &position) ? position
                                                                                                        : G_MAXUINT;
}

static void
tell_order (BoQueueView *self, const char *removed)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) chains = NULL;

  for (guint i = 0; i < self->chains->len; i++)
    g_strv_builder_add (builder, g_ptr_array_index (self->chains, i));
  chains = g_strv_builder_end (builder);
  g_signal_emit (self, signals[ORDER], 0, chains, removed);
}

static void
move_chain (BoQueueView *self, const char *chain, guint position)
{
  guint old = bo_queue_view_get_position (self, chain);

  position = MIN (position, self->chains->len - 1);
  if (old == G_MAXUINT || old == position || !self->can_order)
    return;
  g_ptr_array_insert (self->chains, (int) position, g_ptr_array_steal_index (self->chains, old));
  tell_order (self, NULL);
  update_tools (self);
}

/**
 * bo_queue_view_restore:
 * @self: the queue
 * @chain: a chain that was taken out
 * @position: how many are to be played before it
 */
void
bo_queue_view_restore (BoQueueView *self, const char *chain, guint position)
{
  g_return_if_fail (BO_IS_QUEUE_VIEW (self) && chain != NULL);

  if (bo_queue_view_get_position (self, chain) != G_MAXUINT || !self->can_order)
    return;
  g_ptr_array_insert (self->chains, (int) MIN (position, self->chains->len), g_strdup (chain));
  tell_order (self, NULL);
}

static void
order_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  BoQueueView *self = BO_QUEUE_VIEW (widget);
  BoQueueItem *item = bo_queue_view_get_selected (self);
  /* The row may be another one as soon as the order is told. */
  g_autofree char *chain = item != NULL ? g_strdup (bo_queue_item_get_chain (item)) : NULL;
  guint position = bo_queue_view_get_position (self, chain);

  if (chain == NULL)
    return;
  if (g_str_equal (name, "queue.restore"))
    bo_queue_view_restore (self, chain, G_MAXUINT);
  else if (position == G_MAXUINT)
    return;
  else if (g_str_equal (name, "queue.first"))
    move_chain (self, chain, 0);
  else if (g_str_equal (name, "queue.up"))
    move_chain (self, chain, position > 0 ? position - 1 : 0);
  else if (g_str_equal (name, "queue.down"))
    move_chain (self, chain, position + 1);
  else
    {
      g_ptr_array_remove_index (self->chains, position);
      tell_order (self, chain);
    }
}

static void
dropped_cb (BoQueueRow *row, BoQueueItem *dragged, gpointer user_data)
{
  BoQueueView *self = BO_QUEUE_VIEW (user_data);
  BoQueueItem *target = g_object_get_data (G_OBJECT (row), "item");

  if (target != NULL)
    move_chain (self, bo_queue_item_get_chain (dragged),
                bo_queue_view_get_position (self, bo_queue_item_get_chain (target)));
}

/* --- Rows ------------------------------------------------------------------------------- */

static void
setup_cb (GtkListItemFactory *factory, GtkListItem *list_item, gpointer user_data)
{
  GtkWidget *row = bo_queue_row_new ();

  g_signal_connect_object (row, "dropped", G_CALLBACK (dropped_cb), user_data, 0);
  gtk_list_item_set_child (list_item, row);
}

static void
bind_cb (GtkListItemFactory *factory, GtkListItem *list_item, gpointer user_data)
{
  BoQueueItem *item = gtk_list_item_get_item (list_item);
  GtkWidget *row = gtk_list_item_get_child (list_item);
  gboolean is_heading = bo_queue_item_get_kind (item) == BO_QUEUE_HEADING;

  gtk_list_item_set_selectable (list_item, !is_heading);
  gtk_list_item_set_activatable (list_item, !is_heading);
  g_object_set_data_full (G_OBJECT (row), "item", g_object_ref (item), g_object_unref);
  bo_queue_row_set_item (BO_QUEUE_ROW (row), item);
}

static void
unbind_cb (GtkListItemFactory *factory, GtkListItem *list_item, gpointer user_data)
{
  GtkWidget *row = gtk_list_item_get_child (list_item);

  g_object_set_data (G_OBJECT (row), "item", NULL);
  bo_queue_row_set_item (BO_QUEUE_ROW (row), NULL);
}

static GHashTable *
collect_known (BoQueueView *self)
{
  GHashTable *known = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_object_unref);
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->store));

  for (guint i = 0; i < n; i++)
    {
      BoQueueItem *item = g_list_model_get_item (G_LIST_MODEL (self->store), i);

      g_hash_table_insert (known, (gpointer) bo_queue_item_get_key (item), item);
    }
  return known;
}

static void
collect_chains (BoQueueView *self)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->store));

  g_ptr_array_set_size (self->chains, 0);
  for (guint i = 0; i < n; i++)
    {
      BoQueueItem *item = get_item (self, i);

      if (bo_queue_item_get_kind (item) == BO_QUEUE_WAITING)
        g_ptr_array_add (self->chains, g_strdup (bo_queue_item_get_chain (item)));
    }
}

/* The row of a trial that has ended since, or of a chain that has begun, is another one now. */
static guint
find_successor (BoQueueView *self, const char *trial)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->store));

  for (guint i = 0; trial != NULL && i < n; i++)
    if (g_strcmp0 (bo_queue_item_get_trial (get_item (self, i)), trial) == 0)
      return i;
  return find_natural (self);
}

/**
 * bo_queue_view_set_state:
 * @self: the queue
 * @state: the campaign as it is now
 */
void
bo_queue_view_set_state (BoQueueView *self, const BoActivityState *state)
{
  g_autoptr (GHashTable) known = NULL;
  g_autoptr (GPtrArray) rows = NULL;
  g_autoptr (BoQueueItem) old = NULL;
  const char *campaign = state->campaign != NULL ? state->campaign->id : NULL;
  BoQueueItem *selected;

  g_return_if_fail (BO_IS_QUEUE_VIEW (self));

  if (g_strcmp0 (self->campaign, campaign) != 0 || (state->is_running && state->campaign == NULL))
    self->follows = TRUE;
  g_free (self->campaign);
  self->campaign = g_strdup (campaign);
  self->can_order = bo_activity_state_can_order (state);

  old = bo_queue_view_get_selected (self);
  if (old != NULL)
    g_object_ref (old);
  known = collect_known (self);
  rows = bo_queue_rows_make (state, known);
  self->updating = TRUE;
  bo_queue_rows_splice (self->store, rows);
  collect_chains (self);
  selected = bo_queue_view_get_selected (self);
  if (self->follows)
    select_position (self, find_natural (self));
  else if (selected == NULL)
    select_position (self, find_successor (self, old != NULL ? bo_queue_item_get_trial (old) : NULL));
  self->updating = FALSE;
  update_tools (self);
  if (bo_queue_view_get_selected (self) != old)
    g_signal_emit (self, signals[SELECTED], 0);
}

/**
 * bo_queue_view_tick:
 * @self: the queue
 * @state: the campaign, as it was given to bo_queue_view_set_state()
 * @running_us: how long ago the trial began that is under way
 *
 * Time has passed.
 */
void
bo_queue_view_tick (BoQueueView *self, const BoActivityState *state, gint64 running_us)
{
  guint n;

  g_return_if_fail (BO_IS_QUEUE_VIEW (self));

  g_clear_pointer (&self->progress, g_free);
  if (state->campaign == NULL || !state->is_unfinished)
    return;
  self->progress = bo_queue_rows_describe_progress (state, running_us);
  n = MIN (g_list_model_get_n_items (G_LIST_MODEL (self->store)), 4);
  /* They are the first rows. */
  for (guint i = 0; i < n; i++)
    {
      BoQueueItem *item = get_item (self, i);
      g_autofree char *clock = NULL;
      const BoTrial *trial;
      BoPhaseKind phase;
      gint64 since_us;

      if (bo_queue_item_get_kind (item) == BO_QUEUE_HEADING
          && g_str_equal (bo_queue_item_get_key (item), "heading:queue"))
        bo_queue_item_set_texts (item, bo_queue_item_get_title (item), NULL, self->progress);
      if (bo_queue_item_get_kind (item) != BO_QUEUE_RUNNING)
        continue;
      /* When the build itself is over, it is the phase that tells something. */
      trial = bo_activity_state_get_running (state);
      if (trial != NULL && trial->outcome != BO_OUTCOME_RUNNING
          && bo_recorder_get_phase (bo_activity_state_get_recorder (state), &phase, &since_us))
        clock = g_strdup (bo_phase_kind_get_title (phase));
      else
        clock = bo_activity_format_clock (running_us);
      bo_queue_item_set_texts (item, bo_queue_item_get_title (item), bo_queue_item_get_subtitle (item), clock);
    }
}

/* (nullable): how far the campaign is */
const char *
bo_queue_view_get_heading (BoQueueView *self)
{
  g_return_val_if_fail (BO_IS_QUEUE_VIEW (self), NULL);

  return self->progress;
}

GListModel *
bo_queue_view_get_model (BoQueueView *self)
{
  g_return_val_if_fail (BO_IS_QUEUE_VIEW (self), NULL);

  return G_LIST_MODEL (self->store);
}

static void
bo_queue_view_dispose (GObject *object)
{
  BoQueueView *self = BO_QUEUE_VIEW (object);
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  gtk_widget_dispose_template (GTK_WIDGET (self), BO_TYPE_QUEUE_VIEW);
  if (self->selection != NULL)
    g_signal_handlers_disconnect_by_data (self->selection, self);
  g_clear_object (&self->selection);
  g_clear_object (&self->store);
  g_clear_pointer (&self->chains, g_ptr_array_unref);
  g_clear_pointer (&self->campaign, g_free);
  g_clear_pointer (&self->progress, g_free);

  G_OBJECT_CLASS (bo_queue_view_parent_class)->dispose (object);
}

static void
bo_queue_view_class_init (BoQueueViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bo_queue_view_dispose;
  signals[SELECTED]
      = g_signal_new ("selected", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[ACTIVATED]
      = g_signal_new ("activated", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[ORDER] = g_signal_new ("order", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                 2, G_TYPE_STRV, G_TYPE_STRING);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/bakeoff/Bakeoff/bo-queue-view.ui");
  gtk_widget_class_bind_template_child (widget_class, BoQueueView, list);
  gtk_widget_class_bind_template_child (widget_class, BoQueueView, tools);
  gtk_widget_class_bind_template_child (widget_class, BoQueueView, remove);
  gtk_widget_class_bind_template_child (widget_class, BoQueueView, restore);
  gtk_widget_class_bind_template_callback (widget_class, activate_cb);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_install_action (widget_class, "queue.first", NULL, order_cb);
  gtk_widget_class_install_action (widget_class, "queue.up", NULL, order_cb);
  gtk_widget_class_install_action (widget_class, "queue.down", NULL, order_cb);
  gtk_widget_class_install_action (widget_class, "queue.remove", NULL, order_cb);
  gtk_widget_class_install_action (widget_class, "queue.restore", NULL, order_cb);
}

static void
bo_queue_view_init (BoQueueView *self)
{
  static const struct
  {
    const char *trigger;
    const char *action;
  } keys[] = {
    { "<Control>Home", "queue.first" }, { "<Control>Up", "queue.up" }, { "<Control>Down", "queue.down" },
    { "Delete", "queue.remove" },       { "Insert", "queue.restore" },
  };
  GtkListItemFactory *factory;
  GtkEventController *controller = gtk_shortcut_controller_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
  self->chains = g_ptr_array_new_with_free_func (g_free);
  self->follows = TRUE;
  self->store = g_list_store_new (BO_TYPE_QUEUE_ITEM);
  self->selection = gtk_single_selection_new (NULL);
  gtk_single_selection_set_autoselect (self->selection, FALSE);
  gtk_single_selection_set_can_unselect (self->selection, TRUE);
  gtk_single_selection_set_model (self->selection, G_LIST_MODEL (self->store));
  g_signal_connect (self->selection, "notify::selected-item", G_CALLBACK (selected_cb), self);

  factory = gtk_signal_list_item_factory_new ();
  g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), self);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), self);
  g_signal_connect (factory, "unbind", G_CALLBACK (unbind_cb), self);
  gtk_list_view_set_factory (self->list, factory);
  gtk_list_view_set_model (self->list, GTK_SELECTION_MODEL (self->selection));
  g_object_unref (factory);

  /* Before the list, which moves the focus with these keys. */
  gtk_event_controller_set_propagation_phase (controller, GTK_PHASE_CAPTURE);
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    gtk_shortcut_controller_add_shortcut (
        GTK_SHORTCUT_CONTROLLER (controller),
        gtk_shortcut_new (gtk_shortcut_trigger_parse_string (keys[i].trigger),
                          gtk_named_action_new (keys[i].action)));
  gtk_widget_add_controller (GTK_WIDGET (self), controller);
  update_tools (self);
}
