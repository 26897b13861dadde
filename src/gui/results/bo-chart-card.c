/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-chart-card"

#include "config.h"

#include <glib/gi18n.h>

#include "results/bo-chart-card.h"
#include "results/bo-chart-view.h"

/* A chart with its title, and the same numbers as a table. */

/* One row of a chart's table, as list models want it. */
#define BO_TYPE_CHART_CARD_ROW (bo_chart_card_row_get_type ())
G_DECLARE_FINAL_TYPE (BoChartCardRow, bo_chart_card_row, BO, CHART_CARD_ROW, GObject)

struct _BoChartCardRow
{
  GObject parent_instance;

  guint index;
};

G_DEFINE_FINAL_TYPE (BoChartCardRow, bo_chart_card_row, G_TYPE_OBJECT)

static void
bo_chart_card_row_class_init (BoChartCardRowClass *klass)
{
}

static void
bo_chart_card_row_init (BoChartCardRow *self)
{
}

struct _BoChartCard
{
  GtkWidget parent_instance;

  /* Template widgets */
  GtkLabel *title;
  GtkLabel *subtitle;
  GtkStack *stack;
  BoChartView *view;
  GtkColumnView *table;
  GtkToggleButton *toggle;

  /* Owned references */
  BoChart *chart;
};

G_DEFINE_FINAL_TYPE (BoChartCard, bo_chart_card, GTK_TYPE_WIDGET)

static void
setup_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer user_data)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label),
                        g_object_get_data (G_OBJECT (factory), "numeric") != NULL ? 1.0f : 0.0f);
  gtk_widget_add_css_class (label, "numeric");
  gtk_list_item_set_child (item, label);
}

static void
bind_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer user_data)
{
  BoChartCard *self = user_data;
  BoChartCardRow *row = gtk_list_item_get_item (item);
  guint column = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (factory), "column"));
  BoChartLocale locale = bo_chart_get_locale (self->chart);
  g_autofree char *text = bo_chart_table_get_text (self->chart->table, row->index, column, &locale);

  gtk_label_set_text (GTK_LABEL (gtk_list_item_get_child (item)), text);
}

/* Made when it is first asked for. */
static void
fill_table (BoChartCard *self)
{
  const BoChartTable *table = self->chart->table;
  g_autoptr (GListStore) rows = NULL;
  g_autoptr (GPtrArray) items = NULL;
  g_autoptr (GtkNoSelection) model = NULL;

  if (gtk_column_view_get_model (self->table) != NULL)
    return;
  rows = g_list_store_new (BO_TYPE_CHART_CARD_ROW);
  items = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < bo_chart_table_get_n_rows (table); i++)
    {
      BoChartCardRow *row = g_object_new (BO_TYPE_CHART_CARD_ROW, NULL);

      row->index = i;
      g_ptr_array_add (items, row);
    }
  g_list_store_splice (rows, 0, 0, items->pdata, items->len);
  for (guint i = 0; i < bo_chart_table_get_n_columns (table); i++)
    {
      GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
      g_autoptr (GtkColumnViewColumn) column = NULL;

      g_object_set_data (G_OBJECT (factory), "column", GUINT_TO_POINTER (i));
      if (bo_chart_table_get_kind (table, i) != BO_COLUMN_TEXT)
        g_object_set_data (G_OBJECT (factory), "numeric", self);
      g_signal_connect_object (factory, "setup", G_CALLBACK (setup_cb), self, 0);
      g_signal_connect_object (factory, "bind", G_CALLBACK (bind_cb), self, 0);
      column = gtk_column_view_column_new (bo_chart_table_get_title (table, i), factory);
      gtk_column_view_column_set_resizable (column, TRUE);
      gtk_column_view_append_column (self->table, column);
    }
  model = gtk_no_selection_new (G_LIST_MODEL (g_steal_pointer (&rows)));
  gtk_column_view_set_model (self->table, GTK_SELECTION_MODEL (model));
}

static void
toggled_cb (GtkToggleButton *toggle, gpointer user_data)
{
  BoChartCard *self = BO_CHART_CARD (user_data);
  gboolean table = gtk_toggle_button_get_active (toggle);

  if (table)
    fill_table (self);
  gtk_stack_set_visible_child_name (self->stack, table ? "table" : "chart");
}

static void
bo_chart_card_dispose (GObject *object)
{
  BoChartCard *self = BO_CHART_CARD (object);
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  gtk_widget_dispose_template (GTK_WIDGET (self), BO_TYPE_CHART_CARD);
  g_clear_pointer (&self->chart, bo_chart_unref);

  G_OBJECT_CLASS (bo_chart_card_parent_class)->dispose (object);
}

static void
bo_chart_card_class_init (BoChartCardClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bo_chart_card_dispose;
  g_type_ensure (BO_TYPE_CHART_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/bakeoff/Bakeoff/bo-chart-card.ui");
  gtk_widget_class_bind_template_child (widget_class, BoChartCard, title);
  gtk_widget_class_bind_template_child (widget_class, BoChartCard, subtitle);
  gtk_widget_class_bind_template_child (widget_class, BoChartCard, stack);
  gtk_widget_class_bind_template_child (widget_class, BoChartCard, view);
  gtk_widget_class_bind_template_child (widget_class, BoChartCard, table);
  gtk_widget_class_bind_template_child (widget_class, BoChartCard, toggle);
  gtk_widget_class_bind_template_callback (widget_class, toggled_cb);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
bo_chart_card_init (BoChartCard *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * bo_chart_card_new:
 * @chart: what it shows
 */
BoChartCard *
bo_chart_card_new (BoChart *chart)
{
  BoChartCard *self = g_object_new (BO_TYPE_CHART_CARD, NULL);

  g_return_val_if_fail (chart != NULL, self);

  self->chart = bo_chart_ref (chart);
  gtk_label_set_text (self->title, chart->title);
  gtk_label_set_text (self->subtitle, chart->subtitle != NULL ? chart->subtitle : "");
  gtk_widget_set_visible (GTK_WIDGET (self->subtitle), chart->subtitle != NULL);
  bo_chart_view_set_chart (self->view, chart);
  return self;
}

void
bo_chart_card_show_table (BoChartCard *self, gboolean table)
{
  g_return_if_fail (BO_IS_CHART_CARD (self));

  gtk_toggle_button_set_active (self->toggle, table);
}
