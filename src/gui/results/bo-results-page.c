/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-results-page"

#include "config.h"

#include <glib/gi18n.h>

#include "results/bo-card-grid.h"
#include "results/bo-insight-card.h"
#include "results/bo-results-page.h"
#include "shell/bo-free-in-thread.h"

/*
 * What a study's results come to: the charts, and below them in words what
 * they say. Everything is made in a thread; a card stays the same widget while
 * results come in, so that nobody loses the place.
 */

struct _BoResultsPage
{
  GtkWidget parent_instance;

  /* Template widgets */
  GtkStack *stack;
  GtkBox *filters;
  BoCardGrid *charts;
  GtkWidget *says;
  BoCardGrid *insights;

  BoChooser *condition;
  BoChooser *base;
  BoChooser *builder;
  BoChooser *from;
  BoChooser *to;
  BoChooser *parts;
  BoChartCard *cards[BO_N_RESULTS_CARDS];
  BoInsightCard *insight_cards[BO_N_INSIGHT_KINDS];

  /* Owned references */
  BoReport *report;
  BoResultsContent *content;
  BoResultsRequest request;
  GCancellable *making;

  guint n_insight_cards; /* that show the content already */
  guint idle;
};

G_DEFINE_FINAL_TYPE (BoResultsPage, bo_results_page, GTK_TYPE_WIDGET)

static void
fill_conditions (BoResultsPage *self)
{
  static const char *const titles[] = {
    [BO_CONDITION_COLD] = N_ ("Cold"),
    [BO_CONDITION_COLD_LAYERS] = N_ ("No layer cached"),
    [BO_CONDITION_WARM] = N_ ("Warm"),
    [BO_CONDITION_EDITED] = N_ ("One file edited"),
  };
  g_autoptr (GPtrArray) keys = g_ptr_array_new ();
  g_autoptr (GPtrArray) words = g_ptr_array_new ();

  for (int condition = 0; condition < BO_N_CONDITIONS; condition++)
    for (guint i = 0; i < self->content->conditions->len; i++)
      if (g_array_index (self->content->conditions, int, i) == condition)
        {
          g_ptr_array_add (keys, (gpointer) bo_condition_to_string ((BoCondition) condition));
          g_ptr_array_add (words, (gpointer) _ (titles[condition]));
        }
  gtk_widget_set_visible (GTK_WIDGET (self->condition), keys->len > 1);
  g_ptr_array_add (keys, NULL);
  g_ptr_array_add (words, NULL);
  bo_chooser_set_items (self->condition, (const char *const *) keys->pdata, (const char *const *) words->pdata,
                        bo_condition_to_string ((BoCondition) self->content->request.condition));
}

static void
fill_bases (BoResultsPage *self)
{
  const BoResultsContent *content = self->content;
  g_autoptr (GPtrArray) keys = g_ptr_array_new ();
  g_autoptr (GPtrArray) words = g_ptr_array_new ();

  g_ptr_array_add (keys, (gpointer) "");
  g_ptr_array_add (words, (gpointer) _ ("All base images"));
  for (guint i = 0; i < content->bases->len; i++)
    {
      const char *base = g_ptr_array_index (content->bases, i);

      g_ptr_array_add (keys, (gpointer) base);
      g_ptr_array_add (words, (gpointer) bo_results_content_get_base_title (content, base));
    }
  gtk_widget_set_visible (GTK_WIDGET (self->base), content->bases->len > 1);
  g_ptr_array_add (keys, NULL);
  g_ptr_array_add (words, NULL);
  bo_chooser_set_items (self->base, (const char *const *) keys->pdata, (const char *const *) words->pdata,
                        content->request.base != NULL ? content->request.base : "");
}

static void
fill_builders (BoResultsPage *self)
{
  const BoResultsContent *content = self->content;
  const char *const keys[]
    = { "", bo_builder_to_string (BO_BUILDER_CLASSIC), bo_builder_to_string (BO_BUILDER_BUILDKIT), NULL };
  const char *const words[] = { _ ("Both builders"), _ ("Classic builder"), _ ("BuildKit"), NULL };

  gtk_widget_set_visible (GTK_WIDGET (self->builder), content->builders->len > 1);
  bo_chooser_set_items (self->builder, keys, words,
                        content->request.builder >= 0
                          ? bo_builder_to_string ((BoBuilder) content->request.builder)
                          : "");
}

static void
fill_cells (BoResultsPage *self)
{
  const BoResultsContent *content = self->content;
  g_autoptr (GPtrArray) keys = g_ptr_array_new ();
  g_autoptr (GPtrArray) words = g_ptr_array_new ();
  g_autoptr (GPtrArray) part_keys = g_ptr_array_new ();
  g_autoptr (GPtrArray) part_words = g_ptr_array_new_with_free_func (g_free);

  g_ptr_array_add (part_keys, (gpointer) "");
  g_ptr_array_add (part_words, g_strdup (_ ("Phases of each trial")));
  for (guint i = 0; i < content->choices->len; i++)
    {
      const BoResultsChoice *choice = g_ptr_array_index (content->choices, i);

      g_ptr_array_add (part_keys, choice->key);
      g_ptr_array_add (part_words, g_strdup_printf (_ ("Steps of %s"), choice->title));
      if (!choice->has_time)
        continue;
      g_ptr_array_add (keys, choice->key);
      g_ptr_array_add (words, choice->title);
    }
  g_ptr_array_add (keys, NULL);
  g_ptr_array_add (words, NULL);
  g_ptr_array_add (part_keys, NULL);
  g_ptr_array_add (part_words, NULL);
  bo_chooser_set_items (self->from, (const char *const *) keys->pdata, (const char *const *) words->pdata,
                        content->request.from);
  bo_chooser_set_items (self->to, (const char *const *) keys->pdata, (const char *const *) words->pdata,
                        content->request.to);
  bo_chooser_set_items (self->parts, (const char *const *) part_keys->pdata, (const char *const *) part_words->pdata,
                        content->request.parts != NULL ? content->request.parts : "");
}

/*
 * Finding out how high a card of words is takes some milliseconds, so they
 * come one after another, with a frame in between.
 */
static gboolean
show_insights_cb (gpointer user_data)
{
  BoResultsPage *self = BO_RESULTS_PAGE (user_data);

  bo_insight_card_set_insights (self->insight_cards[self->n_insight_cards], self->content->insights,
                                self->content->report->language);
  self->n_insight_cards++;
  if (self->n_insight_cards < BO_N_INSIGHT_KINDS)
    return G_SOURCE_CONTINUE;
  self->idle = 0;
  return G_SOURCE_REMOVE;
}

static void
show_insights (BoResultsPage *self)
{
  if (self->idle == 0 && self->content != NULL && self->n_insight_cards < BO_N_INSIGHT_KINDS)
    self->idle = g_idle_add_full (G_PRIORITY_LOW, show_insights_cb, self, NULL);
}

static void
bo_results_page_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (bo_results_page_parent_class)->map (widget);
  show_insights (BO_RESULTS_PAGE (widget));
}

static void
show_content (BoResultsPage *self)
{
  const BoResultsContent *content = self->content;
  gboolean any = FALSE;

  fill_conditions (self);
  fill_bases (self);
  fill_builders (self);
  fill_cells (self);
  gtk_widget_set_visible (GTK_WIDGET (self->filters), content->conditions->len > 1 || content->bases->len > 1
                                                        || content->builders->len > 1);
  for (guint i = 0; i < BO_N_RESULTS_CARDS; i++)
    {
      BoChart *chart = content->charts[i];

      gtk_widget_set_visible (GTK_WIDGET (self->cards[i]), chart != NULL);
      if (chart == NULL)
        continue;
      bo_chart_card_set_chart (self->cards[i], chart);
      bo_chart_card_set_says (self->cards[i], content->says[i]);
      any = TRUE;
    }
  gtk_widget_set_visible (self->says, content->insights->len > 0);
  self->n_insight_cards = 0;
  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    show_insights (self);
  gtk_stack_set_visible_child_name (self->stack, any || content->insights->len > 0 ? "charts" : "empty");
}

static void
made_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  BoResultsContent *content = bo_results_content_make_finish (result, &error);
  BoResultsPage *self;

  /* Then there is another request, or the page is gone. */
  if (content == NULL)
    return;
  self = BO_RESULTS_PAGE (user_data);
  g_clear_object (&self->making);
  bo_free_in_thread (g_steal_pointer (&self->content), (GDestroyNotify) bo_results_content_free);
  self->content = content;
  show_content (self);
}

static void
make (BoResultsPage *self)
{
  if (self->making != NULL)
    g_cancellable_cancel (self->making);
  g_clear_object (&self->making);
  if (self->report == NULL)
    return;
  self->making = g_cancellable_new ();
  bo_results_content_make_async (self->report, &self->request, self->making, made_cb, self);
}

static char *
take_text (const char *text)
{
  return text != NULL && text[0] != '\0' ? g_strdup (text) : NULL;
}

/* What was not chosen goes on to follow the results. */
static void
filter_chosen_cb (BoResultsPage *self)
{
  BoCondition condition = BO_CONDITION_COLD;
  BoBuilder builder;
  const char *text;

  text = bo_chooser_get_chosen (self->condition);
  self->request.condition = text != NULL && bo_condition_from_string (text, &condition) ? (int) condition : -1;
  text = bo_chooser_get_chosen (self->builder);
  self->request.builder = text != NULL && bo_builder_from_string (text, &builder) ? (int) builder : -1;
  g_free (self->request.base);
  self->request.base = take_text (bo_chooser_get_chosen (self->base));
  make (self);
}

static void
cells_chosen_cb (BoResultsPage *self)
{
  g_free (self->request.from);
  g_free (self->request.to);
  self->request.from = take_text (bo_chooser_get_chosen (self->from));
  self->request.to = take_text (bo_chooser_get_chosen (self->to));
  make (self);
}

static void
parts_chosen_cb (BoResultsPage *self)
{
  g_free (self->request.parts);
  self->request.parts = take_text (bo_chooser_get_chosen (self->parts));
  make (self);
}

static void
filter_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  BoResultsPage *self = BO_RESULTS_PAGE (widget);
  BoChooser *chooser = g_str_equal (name, "results.condition") ? self->condition
                       : g_str_equal (name, "results.base")    ? self->base
                                                               : self->builder;

  bo_chooser_choose (chooser, g_variant_get_string (parameter, NULL));
  filter_chosen_cb (self);
}

static void
parts_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  BoResultsPage *self = BO_RESULTS_PAGE (widget);

  bo_chooser_choose (self->parts, g_variant_get_string (parameter, NULL));
  parts_chosen_cb (self);
}

static void
compare_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  BoResultsPage *self = BO_RESULTS_PAGE (widget);
  const char *from, *to;

  g_variant_get (parameter, "(&s&s)", &from, &to);
  bo_chooser_choose (self->from, from);
  bo_chooser_choose (self->to, to);
  cells_chosen_cb (self);
  /* The card may be far below; what has the focus is scrolled to. */
  gtk_widget_child_focus (GTK_WIDGET (self->from), GTK_DIR_TAB_FORWARD);
}

static BoChooser *
make_chooser (BoResultsPage *self, const char *label, void (*chosen_cb) (BoResultsPage *))
{
  GtkWidget *chooser = bo_chooser_new (label);

  g_signal_connect_object (chooser, "chosen", G_CALLBACK (chosen_cb), self, G_CONNECT_SWAPPED);
  return BO_CHOOSER (chooser);
}

static void
make_cards (BoResultsPage *self)
{
  GtkWidget *arrow = gtk_image_new_from_icon_name ("go-next-symbolic");

  for (guint i = 0; i < BO_N_RESULTS_CARDS; i++)
    {
      self->cards[i] = g_object_new (BO_TYPE_CHART_CARD, "visible", FALSE, NULL);
      bo_card_grid_append (self->charts, GTK_WIDGET (self->cards[i]));
    }
  for (guint i = 0; i < BO_N_INSIGHT_KINDS; i++)
    {
      self->insight_cards[i] = bo_insight_card_new ((BoInsightKind) i);
      bo_card_grid_append (self->insights, GTK_WIDGET (self->insight_cards[i]));
    }

  self->condition = make_chooser (self, _ ("Condition"), filter_chosen_cb);
  self->base = make_chooser (self, _ ("Base image"), filter_chosen_cb);
  self->builder = make_chooser (self, _ ("Builder"), filter_chosen_cb);
  gtk_box_append (self->filters, GTK_WIDGET (self->condition));
  gtk_box_append (self->filters, GTK_WIDGET (self->base));
  gtk_box_append (self->filters, GTK_WIDGET (self->builder));

  self->from = make_chooser (self, _ ("Compare from"), cells_chosen_cb);
  self->to = make_chooser (self, _ ("Compare to"), cells_chosen_cb);
  gtk_widget_add_css_class (arrow, "dim-label");
  gtk_accessible_update_state (GTK_ACCESSIBLE (arrow), GTK_ACCESSIBLE_STATE_HIDDEN, TRUE, -1);
  bo_chart_card_add_control (self->cards[BO_RESULTS_COMPARISON], GTK_WIDGET (self->from));
  bo_chart_card_add_control (self->cards[BO_RESULTS_COMPARISON], arrow);
  bo_chart_card_add_control (self->cards[BO_RESULTS_COMPARISON], GTK_WIDGET (self->to));
  self->parts = make_chooser (self, _ ("Show the time of"), parts_chosen_cb);
  bo_chart_card_add_control (self->cards[BO_RESULTS_PARTS], GTK_WIDGET (self->parts));
}

static void
bo_results_page_dispose (GObject *object)
{
  BoResultsPage *self = BO_RESULTS_PAGE (object);
  GtkWidget *child;

  g_clear_handle_id (&self->idle, g_source_remove);
  if (self->making != NULL)
    g_cancellable_cancel (self->making);
  g_clear_object (&self->making);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))) != NULL)
    gtk_widget_unparent (child);
  gtk_widget_dispose_template (GTK_WIDGET (object), BO_TYPE_RESULTS_PAGE);
  bo_free_in_thread (g_steal_pointer (&self->content), (GDestroyNotify) bo_results_content_free);
  bo_free_in_thread (g_steal_pointer (&self->report), (GDestroyNotify) bo_report_unref);
  bo_results_request_clear (&self->request);

  G_OBJECT_CLASS (bo_results_page_parent_class)->dispose (object);
}

static void
bo_results_page_class_init (BoResultsPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bo_results_page_dispose;
  widget_class->map = bo_results_page_map;
  g_type_ensure (BO_TYPE_CARD_GRID);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/bakeoff/Bakeoff/bo-results-page.ui");
  gtk_widget_class_bind_template_child (widget_class, BoResultsPage, stack);
  gtk_widget_class_bind_template_child (widget_class, BoResultsPage, filters);
  gtk_widget_class_bind_template_child (widget_class, BoResultsPage, charts);
  gtk_widget_class_bind_template_child (widget_class, BoResultsPage, says);
  gtk_widget_class_bind_template_child (widget_class, BoResultsPage, insights);
  gtk_widget_class_install_action (widget_class, "results.condition", "s", filter_cb);
  gtk_widget_class_install_action (widget_class, "results.base", "s", filter_cb);
  gtk_widget_class_install_action (widget_class, "results.builder", "s", filter_cb);
  gtk_widget_class_install_action (widget_class, "results.parts", "s", parts_cb);
  gtk_widget_class_install_action (widget_class, "results.compare", "(ss)", compare_cb);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
bo_results_page_init (BoResultsPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->request.condition = -1;
  self->request.builder = -1;
  make_cards (self);
}

/**
 * bo_results_page_set_report:
 * @self: the page
 * @report: (nullable): what is known, or %NULL when nothing has ended yet
 */
void
bo_results_page_set_report (BoResultsPage *self, BoReport *report)
{
  g_return_if_fail (BO_IS_RESULTS_PAGE (self));

  if (report != NULL)
    bo_report_ref (report);
  bo_free_in_thread (g_steal_pointer (&self->report), (GDestroyNotify) bo_report_unref);
  self->report = report;
  if (report == NULL)
    gtk_stack_set_visible_child_name (self->stack, "empty");
  make (self);
}

/* Whether what is shown is what was asked for, and drawn. */
gboolean
bo_results_page_is_ready (BoResultsPage *self)
{
  g_return_val_if_fail (BO_IS_RESULTS_PAGE (self), FALSE);

  if (self->making != NULL || (gtk_widget_get_mapped (GTK_WIDGET (self)) && self->idle > 0))
    return FALSE;
  for (guint i = 0; i < BO_N_RESULTS_CARDS; i++)
    if (gtk_widget_get_mapped (GTK_WIDGET (self->cards[i]))
        && gtk_widget_get_mapped (GTK_WIDGET (bo_chart_card_get_view (self->cards[i])))
        && !bo_chart_view_is_ready (bo_chart_card_get_view (self->cards[i])))
      return FALSE;
  return TRUE;
}

/**
 * bo_results_page_get_content:
 *
 * Returns: (nullable): what is shown
 */
const BoResultsContent *
bo_results_page_get_content (BoResultsPage *self)
{
  g_return_val_if_fail (BO_IS_RESULTS_PAGE (self), NULL);

  return self->content;
}

BoChartCard *
bo_results_page_get_card (BoResultsPage *self, BoResultsCard card)
{
  g_return_val_if_fail (BO_IS_RESULTS_PAGE (self) && card < BO_N_RESULTS_CARDS, NULL);

  return self->cards[card];
}
