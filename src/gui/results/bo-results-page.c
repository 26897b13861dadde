/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-results-page"

#include "config.h"

#include "results/bo-card-grid.h"
#include "results/bo-chart-card.h"
#include "results/bo-results-page.h"

/* The charts of a study, one below the other. */

struct _BoResultsPage
{
  GtkWidget parent_instance;

  /* Template widgets */
  GtkStack *stack;
  BoCardGrid *charts;
};

G_DEFINE_FINAL_TYPE (BoResultsPage, bo_results_page, GTK_TYPE_WIDGET)

static void
bo_results_page_dispose (GObject *object)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))) != NULL)
    gtk_widget_unparent (child);
  gtk_widget_dispose_template (GTK_WIDGET (object), BO_TYPE_RESULTS_PAGE);

  G_OBJECT_CLASS (bo_results_page_parent_class)->dispose (object);
}

static void
bo_results_page_class_init (BoResultsPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bo_results_page_dispose;
  g_type_ensure (BO_TYPE_CARD_GRID);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/bakeoff/Bakeoff/bo-results-page.ui");
  gtk_widget_class_bind_template_child (widget_class, BoResultsPage, stack);
  gtk_widget_class_bind_template_child (widget_class, BoResultsPage, charts);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
bo_results_page_init (BoResultsPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * bo_results_page_set_charts:
 * @self: the page
 * @charts: (element-type BoChart): those that have something to show
 */
void
bo_results_page_set_charts (BoResultsPage *self, GPtrArray *charts)
{
  GtkWidget *child;

  g_return_if_fail (BO_IS_RESULTS_PAGE (self));
  g_return_if_fail (charts != NULL);

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->charts))) != NULL)
    gtk_widget_unparent (child);
  for (guint i = 0; i < charts->len; i++)
    bo_card_grid_append (self->charts, GTK_WIDGET (bo_chart_card_new (g_ptr_array_index (charts, i))));
  gtk_stack_set_visible_child_name (self->stack, charts->len > 0 ? "charts" : "empty");
}
