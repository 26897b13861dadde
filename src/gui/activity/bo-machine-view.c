/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-machine-view"

#include "config.h"

#include <math.h>

#include <glib/gi18n.h>

#include "activity/bo-activity-state.h"
#include "activity/bo-machine-view.h"
#include "activity/bo-sparkline.h"
#include "journal/bo-disturbance.h"
#include "journal/bo-recorder.h"
#include "journal/bo-telemetry-tally.h"

typedef enum
{
  METRIC_MEMORY,
  METRIC_SWAP,
  METRIC_TEMPERATURE,
  METRIC_CPU,
  METRIC_GPU,
  METRIC_POWER,
  METRIC_DISK,
  N_METRICS,
} Metric;

typedef struct
{
  GtkWidget *card;
  GtkLabel *title;
  GtkLabel *value;
  GtkImage *warning;
  BoSparkline *line;
  double most;
  char *remark; /* what is wrong with it */
} Card;

struct _BoMachineView
{
  GtkWidget parent_instance;

  GtkFlowBox *flow;
  Card cards[N_METRICS];

  BoTelemetrySample *first;
  BoTelemetrySample *last;
  GCancellable *loading;
};

G_DEFINE_FINAL_TYPE (BoMachineView, bo_machine_view, GTK_TYPE_WIDGET)

static const char *
get_title (Metric metric)
{
  switch (metric)
    {
    case METRIC_MEMORY:
      return _ ("Memory");
    case METRIC_SWAP:
      return _ ("Swap");
    case METRIC_TEMPERATURE:
      return _ ("Temperature");
    case METRIC_CPU:
      return _ ("CPU");
    case METRIC_GPU:
      return _ ("GPU");
    case METRIC_POWER:
      return _ ("Power");
    case METRIC_DISK:
      return _ ("Disk");
    case N_METRICS:
    default:
      g_assert_not_reached ();
    }
}

/* The hottest sensor, degrees, or NAN. Sensors that are switched off tell nonsense. */
static double
find_temperature (const BoTelemetrySample *sample, const char **zone)
{
  double hottest = NAN;

  for (guint i = 0; i < sample->values->len; i++)
    {
      const BoTelemetryValue *value = &g_array_index (sample->values, BoTelemetryValue, i);
      double degrees = (double) value->value / 1000;

      if (value->kind != BO_TELEMETRY_TEMPERATURE || degrees < -40 || degrees > 150)
        continue;
      if (isnan (hottest) || degrees > hottest)
        {
          hottest = degrees;
          *zone = value->name;
        }
    }
  return hottest;
}

static gint64
count_throttles (const BoTelemetrySample *sample)
{
  gint64 n = 0;

  for (guint i = 0; i < sample->values->len; i++)
    {
      const BoTelemetryValue *value = &g_array_index (sample->values, BoTelemetryValue, i);

      if (value->kind == BO_TELEMETRY_THROTTLE)
        n += value->value;
    }
  return n;
}

/* The number that is drawn, or NAN where the machine does not tell it. */
static double
measure (const BoTelemetrySample *sample, const BoTelemetrySample *last, Metric metric)
{
  const char *zone = NULL;
  gint64 value = -1;

  switch (metric)
    {
    case METRIC_MEMORY:
      if (sample->memory_total > 0 && sample->memory_available >= 0)
        value = MAX (sample->memory_total - sample->memory_available, 0);
      break;
    case METRIC_SWAP:
      if (sample->swap_total > 0 && sample->swap_free >= 0)
        value = MAX (sample->swap_total - sample->swap_free, 0);
      break;
    case METRIC_TEMPERATURE:
      return find_temperature (sample, &zone);
    case METRIC_CPU:
      value = last != NULL ? bo_telemetry_busy_share (last, sample) : -1;
      break;
    case METRIC_GPU:
      value = sample->gpu;
      break;
    case METRIC_POWER:
      value = bo_telemetry_sample_get_board_power (sample);
      break;
    case METRIC_DISK:
      value = sample->disk_free;
      break;
    case N_METRICS:
    default:
      break;
    }
  return value >= 0 ? (double) value : NAN;
}

static char *
format_value (const BoTelemetrySample *sample, Metric metric, double value)
{
  g_autofree char *number = NULL;
  g_autofree char *other = NULL;

  switch (metric)
    {
    case METRIC_MEMORY:
    case METRIC_SWAP:
      number = bo_activity_format_size ((gint64) value);
      other = bo_activity_format_size (metric == METRIC_MEMORY ? sample->memory_total : sample->swap_total);
      /* TRANSLATORS: memory in use, of how much there is: "6.1 GB of 7.4 GB" */
      return g_strdup_printf (_ ("%s of %s"), number, other);
    case METRIC_TEMPERATURE:
      number = bo_activity_format_number (value, 0);
      return g_strdup_printf (_ ("%s °C"), number);
    case METRIC_CPU:
    case METRIC_GPU:
      number = bo_activity_format_number (value / 10, 0);
      return g_strdup_printf (_ ("%s %%"), number);
    case METRIC_POWER:
      number = bo_activity_format_number (value / 1000, 1);
      return g_strdup_printf (_ ("%s W"), number);
    case METRIC_DISK:
      number = bo_activity_format_size ((gint64) value);
      /* TRANSLATORS: room on a disk: "12.3 GB free" */
      return g_strdup_printf (_ ("%s free"), number);
    case N_METRICS:
    default:
      g_assert_not_reached ();
    }
}

static void
show_card (BoMachineView *self, Metric metric, const char *value)
{
  Card *card = &self->cards[metric];
  g_autoptr (GString) words = g_string_new (get_title (metric));
  GtkWidget *child = gtk_widget_get_parent (card->card);

  g_string_append_printf (words, ": %s", value);
  if (card->remark != NULL)
    g_string_append_printf (words, "\n%s", card->remark);
  gtk_label_set_text (card->value, value);
  gtk_widget_set_visible (GTK_WIDGET (card->warning), card->remark != NULL);
  bo_sparkline_set_marked (card->line, card->remark != NULL);
  if (card->remark != NULL)
    gtk_widget_add_css_class (card->card, "marked");
  else
    gtk_widget_remove_css_class (card->card, "marked");
  gtk_widget_set_tooltip_text (card->card, words->str);
  gtk_accessible_update_property (GTK_ACCESSIBLE (card->card), GTK_ACCESSIBLE_PROPERTY_LABEL, words->str, -1);
  gtk_widget_set_visible (child, TRUE);
  gtk_widget_set_visible (GTK_WIDGET (self), TRUE);
}

static void
mark (BoMachineView *self, Metric metric, const char *remark)
{
  Card *card = &self->cards[metric];

  if (g_strcmp0 (card->remark, remark) == 0)
    return;
  g_free (card->remark);
  card->remark = g_strdup (remark);
}

/* While it runs, what the counters say; when it has ended, its flags say it better. */
static void
mark_live (BoMachineView *self, const BoTelemetrySample *sample)
{
  const BoTelemetrySample *first = self->first;

  if (count_throttles (sample) > count_throttles (first))
    mark (self, METRIC_TEMPERATURE, _ ("The machine slows itself down"));
  if (first->pages_in >= 0 && first->pages_out >= 0
      && sample->pages_in - first->pages_in + sample->pages_out - first->pages_out > BO_SWAPPED_PAGES_MIN)
    mark (self, METRIC_SWAP, _ ("Memory is short: pages are swapped"));
  if (first->oom_kills >= 0 && sample->oom_kills > first->oom_kills)
    mark (self, METRIC_MEMORY, _ ("The kernel has ended a process for want of memory"));
}

/**
 * bo_machine_view_add:
 * @self: the view
 * @sample: what the machine is like now
 */
void
bo_machine_view_add (BoMachineView *self, const BoTelemetrySample *sample)
{
  g_return_if_fail (BO_IS_MACHINE_VIEW (self) && sample != NULL);

  if (self->first == NULL)
    self->first = bo_telemetry_sample_copy (sample);
  mark_live (self, sample);
  for (Metric metric = 0; metric < N_METRICS; metric++)
    {
      double value = measure (sample, self->last, metric);
      g_autofree char *text = NULL;

      if (isnan (value))
        continue;
      if (bo_sparkline_get_n_values (self->cards[metric].line) == 0)
        bo_sparkline_clear (self->cards[metric].line,
                            metric == METRIC_TEMPERATURE || metric == METRIC_DISK ? NAN : 0,
                            metric == METRIC_CPU || metric == METRIC_GPU ? 1000
                            : metric == METRIC_MEMORY                    ? (double) sample->memory_total
                                                                         : NAN);
      bo_sparkline_add (self->cards[metric].line, value);
      text = format_value (sample, metric, value);
      show_card (self, metric, text);
    }
  g_clear_pointer (&self->last, bo_telemetry_sample_free);
  self->last = bo_telemetry_sample_copy (sample);
}

/**
 * bo_machine_view_set_flags:
 * @self: the view
 * @trial: the trial that is shown
 *
 * Marks what disturbed it.
 */
void
bo_machine_view_set_flags (BoMachineView *self, const BoTrial *trial)
{
  static const struct
  {
    const char *flag;
    Metric metric;
  } places[] = {
    { BO_FLAG_THROTTLED, METRIC_TEMPERATURE }, { BO_FLAG_SWAPPING, METRIC_SWAP },
    { BO_FLAG_OTHER_LOAD, METRIC_CPU },        { BO_FLAG_OUT_OF_MEMORY, METRIC_MEMORY },
  };

  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    {
      const char *evidence = bo_trial_get_evidence (trial, places[i].flag);

      if (!bo_trial_has_flag (trial, places[i].flag))
        continue;
      mark (self, places[i].metric, evidence != NULL ? evidence : places[i].flag);
      if (bo_sparkline_get_n_values (self->cards[places[i].metric].line) > 0)
        {
          g_autofree char *text = g_strdup (gtk_label_get_text (self->cards[places[i].metric].value));

          show_card (self, places[i].metric, text);
        }
    }
}

/**
 * bo_machine_view_clear:
 * @self: the view
 *
 * Nothing is known about the machine.
 */
void
bo_machine_view_clear (BoMachineView *self)
{
  g_return_if_fail (BO_IS_MACHINE_VIEW (self));

  if (self->loading != NULL)
    g_cancellable_cancel (self->loading);
  g_clear_object (&self->loading);
  g_clear_pointer (&self->first, bo_telemetry_sample_free);
  g_clear_pointer (&self->last, bo_telemetry_sample_free);
  for (Metric metric = 0; metric < N_METRICS; metric++)
    {
      g_clear_pointer (&self->cards[metric].remark, g_free);
      bo_sparkline_clear (self->cards[metric].line, NAN, NAN);
      gtk_widget_set_visible (gtk_widget_get_parent (self->cards[metric].card), FALSE);
    }
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

/* --- From the journal ----------------------------------------------------------------- */

typedef struct
{
  char *folder;
  BoCampaign *campaign;
  char *trial;
} Request;

static void
request_free (gpointer data)
{
  Request *request = data;

  g_free (request->folder);
  bo_campaign_unref (request->campaign);
  g_free (request->trial);
  g_free (request);
}

static void
load_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  const Request *request = task_data;
  g_autoptr (GError) error = NULL;
  GPtrArray *points = bo_journal_read_telemetry (request->folder, request->campaign, request->trial, &error);

  if (points == NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_pointer (task, points, (GDestroyNotify) g_ptr_array_unref);
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) points = g_task_propagate_pointer (G_TASK (result), &error);
  BoMachineView *self;

  /* Then another trial is shown, or the view is gone. */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  self = BO_MACHINE_VIEW (user_data);
  g_clear_object (&self->loading);
  if (points == NULL)
    {
      /* The log beside it reads the same journal, and says why it cannot be read. */
      g_debug ("telemetry: %s", error->message);
      return;
    }
  for (guint i = 0; i < points->len; i++)
    bo_machine_view_add (self, ((const BoTelemetryPoint *) g_ptr_array_index (points, i))->sample);
}

/**
 * bo_machine_view_load:
 * @self: the view
 * @folder: the campaign's folder
 * @campaign: the campaign
 * @trial_id: one of its trials
 *
 * Shows what the machine was like during a build that has ended, as soon as it is read.
 */
void
bo_machine_view_load (BoMachineView *self, const char *folder, BoCampaign *campaign, const char *trial_id)
{
  g_autoptr (GTask) task = NULL;
  Request *request;

  g_return_if_fail (BO_IS_MACHINE_VIEW (self));

  bo_machine_view_clear (self);
  self->loading = g_cancellable_new ();
  task = g_task_new (NULL, self->loading, loaded_cb, self);
  g_task_set_source_tag (task, bo_machine_view_load);
  request = g_new0 (Request, 1);
  request->folder = g_strdup (folder);
  request->campaign = bo_campaign_ref (campaign);
  request->trial = g_strdup (trial_id);
  g_task_set_task_data (task, request, request_free);
  g_task_run_in_thread (task, load_thread);
}

/* How many cards are seen. */
guint
bo_machine_view_count_cards (BoMachineView *self)
{
  guint n = 0;

  for (Metric metric = 0; metric < N_METRICS; metric++)
    n += gtk_widget_get_visible (gtk_widget_get_parent (self->cards[metric].card));
  return n;
}

static void
bo_machine_view_dispose (GObject *object)
{
  BoMachineView *self = BO_MACHINE_VIEW (object);

  if (self->loading != NULL)
    g_cancellable_cancel (self->loading);
  g_clear_object (&self->loading);
  g_clear_pointer (&self->first, bo_telemetry_sample_free);
  g_clear_pointer (&self->last, bo_telemetry_sample_free);
  for (Metric metric = 0; metric < N_METRICS; metric++)
    g_clear_pointer (&self->cards[metric].remark, g_free);
  if (self->flow != NULL)
    gtk_widget_unparent (GTK_WIDGET (self->flow));
  self->flow = NULL;

  G_OBJECT_CLASS (bo_machine_view_parent_class)->dispose (object);
}

static void
bo_machine_view_class_init (BoMachineViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bo_machine_view_dispose;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "machine");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
add_card (BoMachineView *self, Metric metric)
{
  Card *card = &self->cards[metric];
  GtkWidget *head = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *child = gtk_flow_box_child_new ();

  card->card = g_object_new (GTK_TYPE_BOX, "orientation", GTK_ORIENTATION_VERTICAL, "spacing", 4, "accessible-role",
                             GTK_ACCESSIBLE_ROLE_IMG, NULL);
  card->title = GTK_LABEL (gtk_label_new (get_title (metric)));
  card->warning = GTK_IMAGE (gtk_image_new_from_icon_name ("dialog-warning-symbolic"));
  card->value = GTK_LABEL (gtk_label_new (NULL));
  card->line = g_object_new (BO_TYPE_SPARKLINE, NULL);
  gtk_label_set_xalign (card->title, 0);
  gtk_label_set_ellipsize (card->title, PANGO_ELLIPSIZE_END);
  gtk_widget_set_hexpand (GTK_WIDGET (card->title), TRUE);
  gtk_label_set_ellipsize (card->value, PANGO_ELLIPSIZE_END);
  gtk_label_set_width_chars (card->value, 6);
  gtk_label_set_xalign (card->value, 1);
  gtk_widget_add_css_class (GTK_WIDGET (card->title), "caption");
  gtk_widget_add_css_class (GTK_WIDGET (card->title), "dim-label");
  gtk_widget_add_css_class (GTK_WIDGET (card->value), "caption-heading");
  gtk_widget_add_css_class (GTK_WIDGET (card->value), "numeric");
  gtk_widget_add_css_class (GTK_WIDGET (card->warning), "warning");
  gtk_widget_set_visible (GTK_WIDGET (card->warning), FALSE);
  gtk_widget_add_css_class (card->card, "machine-card");
  gtk_box_append (GTK_BOX (head), GTK_WIDGET (card->title));
  gtk_box_append (GTK_BOX (head), GTK_WIDGET (card->warning));
  gtk_box_append (GTK_BOX (head), GTK_WIDGET (card->value));
  gtk_box_append (GTK_BOX (card->card), head);
  gtk_box_append (GTK_BOX (card->card), GTK_WIDGET (card->line));
  gtk_flow_box_child_set_child (GTK_FLOW_BOX_CHILD (child), card->card);
  /* A flow box keeps the focus when one of its children has nothing that can take it. */
  gtk_widget_set_focusable (child, FALSE);
  gtk_widget_set_focusable (card->card, TRUE);
  gtk_flow_box_append (self->flow, child);
}

static void
bo_machine_view_init (BoMachineView *self)
{
  self->flow = GTK_FLOW_BOX (gtk_flow_box_new ());
  gtk_flow_box_set_selection_mode (self->flow, GTK_SELECTION_NONE);
  gtk_flow_box_set_homogeneous (self->flow, TRUE);
  gtk_flow_box_set_min_children_per_line (self->flow, 2);
  gtk_flow_box_set_max_children_per_line (self->flow, N_METRICS);
  gtk_flow_box_set_column_spacing (self->flow, 8);
  gtk_flow_box_set_row_spacing (self->flow, 8);
  gtk_widget_set_parent (GTK_WIDGET (self->flow), GTK_WIDGET (self));
  for (Metric metric = 0; metric < N_METRICS; metric++)
    add_card (self, metric);
  bo_machine_view_clear (self);
}
