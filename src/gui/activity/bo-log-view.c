/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-log-view"

#include "config.h"

#include <inttypes.h>

#include <glib/gi18n.h>

#include "activity/bo-log-view.h"
#include "journal/bo-log-writer.h"
#include "shell/bo-unfinished-work.h"

/* While lines pour in, their number is written so often. */
#define COUNT_MS 250
/* What pours in cannot be read; it is shown so often at most. */
#define UPDATE_US (30 * G_TIME_SPAN_MILLISECOND)

struct _BoLogView
{
  GtkWidget parent_instance;

  /* Template widgets */
  GtkInscription *count; /* no label: a number that grows must not have the window laid out anew */
  GtkToggleButton *follow;
  GtkSearchBar *search_bar;
  GtkSearchEntry *search_entry;
  GtkLabel *search_count;
  GtkLabel *problem;
  GtkStack *stack;
  GtkLabel *empty_title;
  GtkLabel *empty_text;
  BoLogList *list;
  GtkPopover *menu;

  /* Owned references */
  BoLogReplay *replay;  /* (nullable) */
  BoLogSearch *search;  /* (nullable) */
  BoSession *session;   /* (nullable): whose end is waited for */
  GCancellable *cancellable;
  char *trial_id;       /* (nullable): what is shown */

  gboolean live;        /* it was shown as one that is under way */
  gboolean settled;     /* where to begin to look was chosen */
  gboolean jumping;     /* the search goes to the first that it finds */
  gint64 pending_step;  /* that will be shown when it is there, or -1 */
  guint shown_step;     /* id of the one that was shown for that, or none */
  guint generation;
  guint64 n_lines;
  gint64 updated_us;
  guint tick_id;
  guint count_id;
};

enum
{
  PROP_0,
  PROP_FOLLOWING,
  PROP_TIMES,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (BoLogView, bo_log_view, GTK_TYPE_WIDGET)

static void
toast (BoLogView *self, const char *text)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "win.toast", "s", text);
}

static const BoLogShape *
get_shape (BoLogView *self)
{
  return bo_log_list_get_shape (self->list);
}

/* --- searching --- */

static void
update_search_count (BoLogView *self)
{
  const BoLogShape *shape = get_shape (self);
  g_autofree char *text = NULL;
  gboolean busy = FALSE;
  guint64 rank = 0;
  guint64 n;
  BoLogPlace place;

  if (self->search == NULL)
    {
      gtk_label_set_text (self->search_count, "");
      return;
    }
  n = bo_log_search_get_n_found (self->search, &busy);
  if (bo_log_list_get_cursor (self->list, &place) && place.line >= 0)
    {
      for (guint i = 0; i < shape->parts->len; i++)
        if (g_array_index (shape->parts, BoLogPart, i).id == place.id)
          rank = bo_log_search_get_rank (self->search, shape, i, (guint) place.line);
    }
  if (n == 0)
    text = g_strdup (busy ? "" : _ ("Not found"));
  else if (rank > 0)
    /* TRANSLATORS: which of the lines that were found is shown, "3 of 17" */
    text = g_strdup_printf (_ ("%'" PRIu64 " of %'" PRIu64), rank, n);
  else
    /* TRANSLATORS: how many lines have the words that are searched */
    text = g_strdup_printf (_ ("%'" PRIu64 " found"), n);
  gtk_label_set_text (self->search_count, text);
  if (n == 0 && !busy)
    gtk_widget_add_css_class (GTK_WIDGET (self->search_entry), "error");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->search_entry), "error");
}

/* Goes to the next or the previous line that has the words; with @here the one at the cursor counts too. */
static gboolean
find (BoLogView *self, gboolean forward, gboolean here)
{
  const BoLogShape *shape = get_shape (self);
  BoLogPlace place;
  guint position = 0;
  guint line;
  gint64 from;

  if (self->search == NULL || shape->parts->len == 0)
    return FALSE;
  if (!bo_log_list_get_cursor (self->list, &place) && !bo_log_list_get_first_seen (self->list, &place))
    return FALSE;
  while (position < shape->parts->len && g_array_index (shape->parts, BoLogPart, position).id != place.id)
    position++;
  from = here ? place.line - 1 : place.line;
  if (!bo_log_search_find (self->search, shape, position, from, forward, &position, &line))
    return FALSE;
  place = (BoLogPlace) { g_array_index (shape->parts, BoLogPart, position).id, line };
  bo_log_list_select_none (self->list);
  bo_log_list_go_to (self->list, &place, FALSE);
  bo_log_list_mark_current (self->list, &place);
  update_search_count (self);
  return TRUE;
}

static void
search_found_cb (BoLogSearch *search, gpointer user_data)
{
  BoLogView *self = BO_LOG_VIEW (user_data);

  if (self->jumping && find (self, TRUE, TRUE))
    self->jumping = FALSE;
  update_search_count (self);
}

static void
begin_search (BoLogView *self, gboolean jump)
{
  const char *words = gtk_editable_get_text (GTK_EDITABLE (self->search_entry));
  g_autoptr (GError) error = NULL;

  if (self->search != NULL)
    g_signal_handlers_disconnect_by_data (self->search, self);
  g_clear_object (&self->search);
  bo_log_list_mark_current (self->list, NULL);
  if (!gtk_search_bar_get_search_mode (self->search_bar))
    words = "";
  bo_log_list_set_words (self->list, words);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "log.find-next", *words != '\0');
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "log.find-previous", *words != '\0');
  gtk_widget_remove_css_class (GTK_WIDGET (self->search_entry), "error");
  if (self->replay != NULL && *words != '\0')
    {
      self->search = bo_log_search_new (bo_log_replay_get_spool (self->replay), words, &error);
      if (self->search == NULL)
        toast (self, error->message);
      else
        g_signal_connect (self->search, "changed", G_CALLBACK (search_found_cb), self);
    }
  self->jumping = jump && self->search != NULL;
  update_search_count (self);
}

static void
search_changed_cb (GtkSearchEntry *entry, gpointer user_data)
{
  BoLogView *self = BO_LOG_VIEW (user_data);
  const char *words = gtk_editable_get_text (GTK_EDITABLE (entry));

  if (self->search != NULL && g_str_equal (bo_log_search_get_words (self->search), words))
    return;
  begin_search (self, TRUE);
}

static void
search_mode_cb (GtkSearchBar *bar, GParamSpec *pspec, gpointer user_data)
{
  BoLogView *self = BO_LOG_VIEW (user_data);

  if (gtk_search_bar_get_search_mode (bar))
    {
      gtk_widget_grab_focus (GTK_WIDGET (self->search_entry));
      if (*gtk_editable_get_text (GTK_EDITABLE (self->search_entry)) != '\0')
        begin_search (self, TRUE);
      return;
    }
  begin_search (self, FALSE);
  gtk_widget_grab_focus (GTK_WIDGET (self->list));
}

/* Enter may come before the words are searched for. */
static void
find_now (BoLogView *self, gboolean forward)
{
  const char *words = gtk_editable_get_text (GTK_EDITABLE (self->search_entry));

  if (*words == '\0')
    return;
  if (self->search == NULL || !g_str_equal (bo_log_search_get_words (self->search), words))
    begin_search (self, TRUE);
  else
    find (self, forward, FALSE);
}

static void
search_activate_cb (GtkSearchEntry *entry, gpointer user_data)
{
  find_now (BO_LOG_VIEW (user_data), TRUE);
}

static gboolean
search_key_cb (GtkEventControllerKey *controller,
               guint keyval,
               guint keycode,
               GdkModifierType state,
               gpointer user_data)
{
  if ((keyval != GDK_KEY_Return && keyval != GDK_KEY_KP_Enter) || (state & GDK_SHIFT_MASK) == 0)
    return FALSE;
  find_now (BO_LOG_VIEW (user_data), FALSE);
  return TRUE;
}

static void
find_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  find_now (BO_LOG_VIEW (widget), g_str_equal (name, "log.find-next"));
}

static void
search_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  BoLogView *self = BO_LOG_VIEW (widget);

  if (!gtk_search_bar_get_search_mode (self->search_bar))
    gtk_search_bar_set_search_mode (self->search_bar, TRUE);
  else
    gtk_widget_grab_focus (GTK_WIDGET (self->search_entry));
  gtk_editable_select_region (GTK_EDITABLE (self->search_entry), 0, -1);
}

/* From anywhere in the window, as long as the log is seen. */
static gboolean
search_shortcut_cb (GtkWidget *widget, GVariant *args, gpointer user_data)
{
  if (!gtk_widget_get_mapped (widget))
    return FALSE;
  search_cb (widget, NULL, NULL);
  return TRUE;
}

static void
cursor_moved_cb (BoLogList *list, gpointer user_data)
{
  update_search_count (BO_LOG_VIEW (user_data));
}

/* --- what there is --- */

static void
show_empty (BoLogView *self)
{
  const char *title = _ ("No log yet");
  const char *text = "";

  if (self->replay != NULL)
    switch (get_shape (self)->state)
      {
      case BO_LOG_READING:
        title = _ ("Reading the log…");
        break;
      case BO_LOG_LIVE:
        text = _ ("Lines appear here as the build writes them.");
        break;
      case BO_LOG_FAILED:
        title = _ ("The log cannot be read");
        break;
      case BO_LOG_COMPLETE:
      default:
        title = _ ("No log");
        text = _ ("This run was not built, or its builder wrote nothing.");
        break;
      }
  gtk_label_set_text (self->empty_title, title);
  gtk_label_set_text (self->empty_text, text);
  gtk_widget_set_visible (GTK_WIDGET (self->empty_text), *text != '\0');
  gtk_stack_set_visible_child_name (self->stack, "empty");
}

static void
show_problem (BoLogView *self)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  if (self->replay != NULL && get_shape (self)->state == BO_LOG_FAILED)
    error = bo_log_spool_get_error (bo_log_replay_get_spool (self->replay));
  if (error != NULL)
    text = g_strdup_printf (_ ("The log could not be read to its end: %s"), error->message);
  gtk_label_set_text (self->problem, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->problem), text != NULL);
}

static void
update_count (BoLogView *self)
{
  guint64 n = get_shape (self)->n_lines;
  g_autofree char *text = NULL;

  if (n > 0)
    text = g_strdup_printf (ngettext ("%'" PRIu64 " line", "%'" PRIu64 " lines",
                                      (gulong) MIN (n, G_MAXINT)),
                            n);
  gtk_inscription_set_text (self->count, text);
}

static gboolean
count_cb (gpointer user_data)
{
  BoLogView *self = user_data;

  self->count_id = 0;
  update_count (self);
  update_search_count (self);
  return G_SOURCE_REMOVE;
}

/* The step that was asked for, when it is known. */
static void
show_pending_step (BoLogView *self)
{
  const BoLogShape *shape = get_shape (self);
  BoLogPlace place;

  if (self->pending_step < 0 || self->pending_step >= shape->parts->len)
    return;
  place = (BoLogPlace) { g_array_index (shape->parts, BoLogPart, self->pending_step).id, BO_LOG_TITLE };
  self->settled = TRUE;
  if (self->shown_step != place.id)
    {
      BoLogPlace cursor;

      /* What was shown first may not be it any more when all is read and in order; unless one has gone elsewhere. */
      if (self->shown_step == BO_LOG_NO_STEP
          || (bo_log_list_get_cursor (self->list, &cursor) && cursor.id == self->shown_step
              && cursor.line == BO_LOG_TITLE))
        {
          bo_log_list_fold (self->list, place.id, FALSE);
          bo_log_list_go_to (self->list, &place, TRUE);
        }
      self->shown_step = place.id;
    }
  if (shape->state != BO_LOG_READING)
    self->pending_step = -1;
}

/* Of a build that failed what counts is how it ended. */
static void
show_failure (BoLogView *self)
{
  const BoLogShape *shape = get_shape (self);
  BoLogPlace place;

  if (self->settled || self->live || shape->state == BO_LOG_READING)
    return;
  self->settled = TRUE;
  if (bo_log_list_get_cursor (self->list, &place))
    return;
  for (guint i = 0; i < shape->parts->len; i++)
    {
      const BoLogPart *part = &g_array_index (shape->parts, BoLogPart, i);

      if (!part->step->failed)
        continue;
      place = (BoLogPlace) { part->id, (gint64) part->n_lines - 1 };
      bo_log_list_go_to (self->list, &place, FALSE);
      return;
    }
}

static void
update (BoLogView *self)
{
  const BoLogShape *shape;
  gboolean open;

  if (self->replay == NULL)
    return;
  bo_log_list_update (self->list);
  shape = get_shape (self);
  open = shape->state == BO_LOG_READING || shape->state == BO_LOG_LIVE;
  if (shape->generation != self->generation)
    {
      self->generation = shape->generation;
      begin_search (self, FALSE);
    }
  gtk_widget_set_visible (GTK_WIDGET (self->follow), self->live && open);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "log.following", self->live && open);
  if (shape->parts->len > 0)
    gtk_stack_set_visible_child_name (self->stack, "log");
  else
    show_empty (self);
  if (!open)
    {
      show_problem (self);
      bo_log_list_set_following (self->list, FALSE);
    }
  show_pending_step (self);
  show_failure (self);
  if (shape->n_lines != self->n_lines && self->search != NULL)
    bo_log_search_look_again (self->search);
  self->n_lines = shape->n_lines;
  if (self->count_id == 0)
    self->count_id = g_timeout_add (COUNT_MS, count_cb, self);
}

static gboolean
tick_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer user_data)
{
  BoLogView *self = BO_LOG_VIEW (widget);

  gint64 now_us = gdk_frame_clock_get_frame_time (clock);

  if (now_us - self->updated_us < UPDATE_US && now_us >= self->updated_us)
    return G_SOURCE_CONTINUE;
  self->tick_id = 0;
  self->updated_us = now_us;
  update (self);
  return G_SOURCE_REMOVE;
}

static void
replay_changed_cb (BoLogReplay *replay, gpointer user_data)
{
  BoLogView *self = BO_LOG_VIEW (user_data);

  /* Once a frame is enough, however often there is more. */
  if (!gtk_widget_get_mapped (GTK_WIDGET (self)))
    update (self);
  else if (self->tick_id == 0)
    self->tick_id = gtk_widget_add_tick_callback (GTK_WIDGET (self), tick_cb, NULL, NULL);
}

/* --- copying and saving --- */

static void
copied_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (BoLogView) self = BO_LOG_VIEW (user_data);
  g_autoptr (GError) error = NULL;
  g_autofree char *text = bo_log_get_text_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (error != NULL)
    {
      toast (self, error->message);
      return;
    }
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), text);
  toast (self, _ ("Copied"));
}

static void
copy_ranges (BoLogView *self, GArray *ranges)
{
  if (self->replay != NULL && ranges->len > 0)
    bo_log_get_text_async (bo_log_replay_get_spool (self->replay), ranges, FALSE, self->cancellable, copied_cb,
                           g_object_ref (self));
}

static void
copy_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  BoLogView *self = BO_LOG_VIEW (widget);
  g_autoptr (GArray) ranges = bo_log_list_get_selected_ranges (self->list);

  copy_ranges (self, ranges);
}

static gboolean
find_step_at_cursor (BoLogView *self, BoLogPlace *place)
{
  return bo_log_list_get_cursor (self->list, place) || bo_log_list_get_first_seen (self->list, place);
}

static void
copy_step_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  BoLogView *self = BO_LOG_VIEW (widget);
  const BoLogShape *shape = get_shape (self);
  g_autoptr (GArray) ranges = g_array_new (FALSE, FALSE, sizeof (BoLogRange));
  BoLogPlace place;

  if (!find_step_at_cursor (self, &place))
    return;
  for (guint i = 0; i < shape->parts->len; i++)
    {
      const BoLogPart *part = &g_array_index (shape->parts, BoLogPart, i);
      BoLogRange range = { .id = part->id, .titled = TRUE, .n_lines = part->n_lines, .end = G_MAXSIZE };

      if (part->id == place.id)
        g_array_append_val (ranges, range);
    }
  copy_ranges (self, ranges);
}

static void
saved_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (BoLogView) self = BO_LOG_VIEW (user_data);
  g_autoptr (GError) error = NULL;

  bo_unfinished_work_end ();
  if (bo_log_save_finish (result, &error))
    toast (self, _ ("Log saved"));
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_autofree char *text = g_strdup_printf (_ ("The log could not be saved: %s"), error->message);

      toast (self, text);
    }
}

/**
 * bo_log_view_save:
 * @self: the log
 * @file: where to
 *
 * Saves all that there is so far as plain text, with times when they are shown.
 */
void
bo_log_view_save (BoLogView *self, GFile *file)
{
  g_return_if_fail (BO_IS_LOG_VIEW (self) && G_IS_FILE (file));

  if (self->replay == NULL)
    return;
  /* Goes on when another log is shown meanwhile, so nothing cancels it. */
  bo_unfinished_work_begin ();
  bo_log_save_async (bo_log_replay_get_spool (self->replay), file, bo_log_list_get_times (self->list), NULL, saved_cb,
                     g_object_ref (self));
}

static void
save_response_cb (GtkNativeDialog *dialog, int response, gpointer user_data)
{
  BoLogView *self = BO_LOG_VIEW (user_data);

  if (response == GTK_RESPONSE_ACCEPT)
    {
      g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));

      if (file != NULL)
        bo_log_view_save (self, file);
    }
  gtk_native_dialog_destroy (dialog);
  g_object_unref (dialog);
}

static void
save_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  BoLogView *self = BO_LOG_VIEW (widget);
  GtkRoot *root = gtk_widget_get_root (widget);
  g_autofree char *file = NULL;
  GtkFileChooserNative *dialog;

  if (self->replay == NULL)
    return;
  /* TRANSLATORS: name of a file; %s is the number of a run */
  file = g_strdup_printf (_ ("log-%s.txt"), self->trial_id);
  dialog = gtk_file_chooser_native_new (_ ("Save Log"), GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL,
                                        GTK_FILE_CHOOSER_ACTION_SAVE, _ ("_Save"), _ ("_Cancel"));
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (dialog), file);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  /* The dialog is freed in the callback, which comes for every way of closing it. */
  g_signal_connect_object (dialog, "response", G_CALLBACK (save_response_cb), self, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

static void
select_all_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  bo_log_list_select_all (BO_LOG_VIEW (widget)->list);
}

static void
fold_all_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  bo_log_list_fold_all (BO_LOG_VIEW (widget)->list, g_str_equal (name, "log.fold-all"));
}

static void
menu_cb (GtkGestureClick *gesture, int n_press, double x, double y, gpointer user_data)
{
  BoLogView *self = BO_LOG_VIEW (user_data);
  double left, top;

  if (!gtk_widget_translate_coordinates (GTK_WIDGET (self->list), GTK_WIDGET (self), x, y, &left, &top))
    return;
  gtk_popover_set_pointing_to (self->menu, &(GdkRectangle) { (int) left, (int) top, 1, 1 });
  gtk_popover_popup (self->menu);
  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
}

/* --- the widget --- */

static void
notify_cb (BoLogList *list, GParamSpec *pspec, gpointer user_data)
{
  g_object_notify (G_OBJECT (user_data), pspec->name);
}

static void
bo_log_view_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  BoLogView *self = BO_LOG_VIEW (widget);
  GtkWidget *child = gtk_widget_get_first_child (widget);

  gtk_widget_size_allocate (child, &(GtkAllocation) { 0, 0, width, height }, baseline);
  gtk_popover_present (self->menu);
}

static void
bo_log_view_measure (GtkWidget *widget,
                     GtkOrientation orientation,
                     int for_size,
                     int *minimum,
                     int *natural,
                     int *minimum_baseline,
                     int *natural_baseline)
{
  gtk_widget_measure (gtk_widget_get_first_child (widget), orientation, for_size, minimum, natural, minimum_baseline,
                      natural_baseline);
}

static void
bo_log_view_set_property (GObject *object, guint property_id, const GValue *value, GParamSpec *pspec)
{
  BoLogView *self = BO_LOG_VIEW (object);

  switch (property_id)
    {
    case PROP_FOLLOWING:
      bo_log_list_set_following (self->list, g_value_get_boolean (value));
      break;
    case PROP_TIMES:
      bo_log_list_set_times (self->list, g_value_get_boolean (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
bo_log_view_get_property (GObject *object, guint property_id, GValue *value, GParamSpec *pspec)
{
  BoLogView *self = BO_LOG_VIEW (object);

  /* Actions ask before there is a list. */
  switch (property_id)
    {
    case PROP_FOLLOWING:
      g_value_set_boolean (value, self->list != NULL && bo_log_list_get_following (self->list));
      break;
    case PROP_TIMES:
      g_value_set_boolean (value, self->list != NULL && bo_log_list_get_times (self->list));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
bo_log_view_dispose (GObject *object)
{
  BoLogView *self = BO_LOG_VIEW (object);
  GtkWidget *child;

  if (self->list != NULL)
    {
      bo_log_view_clear (self);
      g_signal_handlers_disconnect_by_data (self->list, self);
    }
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  gtk_widget_dispose_template (GTK_WIDGET (self), BO_TYPE_LOG_VIEW);
  self->list = NULL;
  g_clear_object (&self->cancellable);

  G_OBJECT_CLASS (bo_log_view_parent_class)->dispose (object);
}

static void
bo_log_view_class_init (BoLogViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->set_property = bo_log_view_set_property;
  object_class->get_property = bo_log_view_get_property;
  object_class->dispose = bo_log_view_dispose;
  widget_class->measure = bo_log_view_measure;
  widget_class->size_allocate = bo_log_view_size_allocate;

  properties[PROP_FOLLOWING] = g_param_spec_boolean ("following", NULL, NULL, FALSE,
                                                     G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  properties[PROP_TIMES] = g_param_spec_boolean ("times", NULL, NULL, TRUE,
                                                 G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (BO_TYPE_LOG_LIST);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/bakeoff/Bakeoff/bo-log-view.ui");
  gtk_widget_class_bind_template_child (widget_class, BoLogView, count);
  gtk_widget_class_bind_template_child (widget_class, BoLogView, follow);
  gtk_widget_class_bind_template_child (widget_class, BoLogView, search_bar);
  gtk_widget_class_bind_template_child (widget_class, BoLogView, search_entry);
  gtk_widget_class_bind_template_child (widget_class, BoLogView, search_count);
  gtk_widget_class_bind_template_child (widget_class, BoLogView, problem);
  gtk_widget_class_bind_template_child (widget_class, BoLogView, stack);
  gtk_widget_class_bind_template_child (widget_class, BoLogView, empty_title);
  gtk_widget_class_bind_template_child (widget_class, BoLogView, empty_text);
  gtk_widget_class_bind_template_child (widget_class, BoLogView, list);
  gtk_widget_class_bind_template_child (widget_class, BoLogView, menu);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_mode_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_key_cb);
  gtk_widget_class_bind_template_callback (widget_class, cursor_moved_cb);
  gtk_widget_class_bind_template_callback (widget_class, menu_cb);

  gtk_widget_class_install_property_action (widget_class, "log.following", "following");
  gtk_widget_class_install_property_action (widget_class, "log.times", "times");
  gtk_widget_class_install_action (widget_class, "log.search", NULL, search_cb);
  gtk_widget_class_install_action (widget_class, "log.find-next", NULL, find_cb);
  gtk_widget_class_install_action (widget_class, "log.find-previous", NULL, find_cb);
  gtk_widget_class_install_action (widget_class, "log.copy", NULL, copy_cb);
  gtk_widget_class_install_action (widget_class, "log.copy-step", NULL, copy_step_cb);
  gtk_widget_class_install_action (widget_class, "log.select-all", NULL, select_all_cb);
  gtk_widget_class_install_action (widget_class, "log.fold-all", NULL, fold_all_cb);
  gtk_widget_class_install_action (widget_class, "log.unfold-all", NULL, fold_all_cb);
  gtk_widget_class_install_action (widget_class, "log.save", NULL, save_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_g, GDK_CONTROL_MASK, "log.find-next", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_g, GDK_CONTROL_MASK | GDK_SHIFT_MASK,
                                       "log.find-previous", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_F3, 0, "log.find-next", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_F3, GDK_SHIFT_MASK, "log.find-previous", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_c, GDK_CONTROL_MASK, "log.copy", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_c, GDK_CONTROL_MASK | GDK_SHIFT_MASK, "log.copy-step",
                                       NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_a, GDK_CONTROL_MASK, "log.select-all", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_s, GDK_CONTROL_MASK, "log.save", NULL);
  gtk_widget_class_set_css_name (widget_class, "logview");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
bo_log_view_init (BoLogView *self)
{
  GtkEventController *shortcuts = gtk_shortcut_controller_new ();

  self->cancellable = g_cancellable_new ();
  self->pending_step = -1;
  self->shown_step = BO_LOG_NO_STEP;
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_search_bar_connect_entry (self->search_bar, GTK_EDITABLE (self->search_entry));
  g_signal_connect (self->list, "notify::following", G_CALLBACK (notify_cb), self);
  g_signal_connect (self->list, "notify::times", G_CALLBACK (notify_cb), self);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Log"), -1);

  gtk_shortcut_controller_set_scope (GTK_SHORTCUT_CONTROLLER (shortcuts), GTK_SHORTCUT_SCOPE_GLOBAL);
  gtk_shortcut_controller_add_shortcut (
      GTK_SHORTCUT_CONTROLLER (shortcuts),
      gtk_shortcut_new (gtk_keyval_trigger_new (GDK_KEY_f, GDK_CONTROL_MASK),
                        gtk_callback_action_new (search_shortcut_cb, NULL, NULL)));
  gtk_widget_add_controller (GTK_WIDGET (self), shortcuts);
  bo_log_view_clear (self);
}

BoLogView *
bo_log_view_new (void)
{
  return g_object_new (BO_TYPE_LOG_VIEW, NULL);
}

static void set_session (BoLogView *self, BoSession *session);

static void
session_ended_cb (BoSession *session, gpointer user_data)
{
  BoLogView *self = BO_LOG_VIEW (user_data);

  bo_log_view_end_live (self);
  set_session (self, NULL);
}

static void
set_session (BoLogView *self, BoSession *session)
{
  if (self->session == session)
    return;
  if (self->session != NULL)
    g_signal_handlers_disconnect_by_data (self->session, self);
  g_set_object (&self->session, session);
  if (session != NULL)
    g_signal_connect (session, "ended", G_CALLBACK (session_ended_cb), self);
}

/**
 * bo_log_view_show_trial:
 * @self: the log
 * @store: where the campaign's folder is
 * @campaign: a campaign
 * @trial_id: id of one of its trials
 * @session: (nullable): the session that plays a campaign now; when it is this one, lines are shown as they come
 *
 * To show again what is shown already changes nothing.
 */
void
bo_log_view_show_trial (BoLogView *self, BoStore *store, BoCampaign *campaign, const char *trial_id, BoSession *session)
{
  g_autofree char *folder = NULL;
  gboolean live;

  g_return_if_fail (BO_IS_LOG_VIEW (self));
  g_return_if_fail (BO_IS_STORE (store));
  g_return_if_fail (campaign != NULL && trial_id != NULL);

  live = session != NULL && bo_session_get_stage (session) != BO_SESSION_ENDED
         && bo_session_get_campaign (session) != NULL
         && g_str_equal (bo_session_get_campaign (session)->id, campaign->id);
  if (self->replay != NULL && g_strcmp0 (self->trial_id, trial_id) == 0
      && (live == self->live || get_shape (self)->state == BO_LOG_COMPLETE))
    return;
  folder = bo_store_get_campaign_folder (store, campaign->id);
  bo_log_view_show_folder (self, folder, campaign, trial_id, live);
  set_session (self, live ? session : NULL);
}

/**
 * bo_log_view_show_folder:
 * @self: the log
 * @folder: a campaign's folder
 * @campaign: the campaign
 * @trial_id: id of one of its trials
 * @live: whether its journal is being written; bo_log_view_end_live() says when no more
 */
void
bo_log_view_show_folder (BoLogView *self, const char *folder, BoCampaign *campaign, const char *trial_id, gboolean live)
{
  g_autoptr (GError) error = NULL;

  g_return_if_fail (BO_IS_LOG_VIEW (self));
  g_return_if_fail (folder != NULL && campaign != NULL && trial_id != NULL);

  bo_log_view_clear (self);
  self->replay = bo_log_replay_new (folder, campaign, trial_id, live, &error);
  if (self->replay == NULL)
    {
      gtk_label_set_text (self->problem, error->message);
      gtk_widget_set_visible (GTK_WIDGET (self->problem), TRUE);
      return;
    }
  self->trial_id = g_strdup (trial_id);
  self->live = live;
  g_signal_connect (self->replay, "changed", G_CALLBACK (replay_changed_cb), self);
  bo_log_list_set_spool (self->list, bo_log_replay_get_spool (self->replay));
  bo_log_list_set_following (self->list, live);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "log.save", TRUE);
  begin_search (self, FALSE);
  update (self);
}

/* The campaign is not played any more. */
void
bo_log_view_end_live (BoLogView *self)
{
  g_return_if_fail (BO_IS_LOG_VIEW (self));

  if (self->replay != NULL)
    bo_log_replay_end_live (self->replay);
}

/**
 * bo_log_view_show_step:
 * @self: the log
 * @step: index in the steps of the trial's record
 *
 * Unfolds the step and scrolls to it; when it is not known yet, as soon as it is.
 */
void
bo_log_view_show_step (BoLogView *self, guint step)
{
  g_return_if_fail (BO_IS_LOG_VIEW (self));

  self->pending_step = step;
  self->shown_step = BO_LOG_NO_STEP;
  show_pending_step (self);
}

/**
 * bo_log_view_clear:
 * @self: the log
 *
 * Shows no trial.
 */
void
bo_log_view_clear (BoLogView *self)
{
  g_return_if_fail (BO_IS_LOG_VIEW (self));

  set_session (self, NULL);
  g_clear_handle_id (&self->count_id, g_source_remove);
  if (self->tick_id != 0)
    gtk_widget_remove_tick_callback (GTK_WIDGET (self), self->tick_id);
  self->tick_id = 0;
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  if (self->search != NULL)
    g_signal_handlers_disconnect_by_data (self->search, self);
  g_clear_object (&self->search);
  if (self->replay != NULL)
    g_signal_handlers_disconnect_by_data (self->replay, self);
  g_clear_object (&self->replay);
  g_clear_pointer (&self->trial_id, g_free);
  self->live = self->settled = self->jumping = FALSE;
  self->pending_step = -1;
  self->shown_step = BO_LOG_NO_STEP;
  self->generation = 0;
  self->n_lines = 0;
  bo_log_list_set_following (self->list, FALSE);
  bo_log_list_set_spool (self->list, NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->follow), FALSE);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "log.save", FALSE);
  show_problem (self);
  show_empty (self);
  update_count (self);
  update_search_count (self);
}

BoLogList *
bo_log_view_get_list (BoLogView *self)
{
  g_return_val_if_fail (BO_IS_LOG_VIEW (self), NULL);

  return self->list;
}

/* How far the log that is shown is; %BO_LOG_COMPLETE when there is none. */
BoLogState
bo_log_view_get_state (BoLogView *self)
{
  g_return_val_if_fail (BO_IS_LOG_VIEW (self), BO_LOG_COMPLETE);

  return self->replay != NULL ? get_shape (self)->state : BO_LOG_COMPLETE;
}
