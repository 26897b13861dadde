/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-chart-numbers"

#include "config.h"

#include "results/bo-chart-numbers.h"

/* The numbers of a chart as a table that can be sorted, and copied into a spreadsheet. */

/* One row of a chart's table, as list models want it. */
#define BO_TYPE_CHART_NUMBERS_ROW (bo_chart_numbers_row_get_type ())
G_DECLARE_FINAL_TYPE (BoChartNumbersRow, bo_chart_numbers_row, BO, CHART_NUMBERS_ROW, GObject)

struct _BoChartNumbersRow
{
  GObject parent_instance;

  guint index;
};

G_DEFINE_FINAL_TYPE (BoChartNumbersRow, bo_chart_numbers_row, G_TYPE_OBJECT)

static void
bo_chart_numbers_row_class_init (BoChartNumbersRowClass *klass)
{
}

static void
bo_chart_numbers_row_init (BoChartNumbersRow *self)
{
}

struct _BoChartNumbers
{
  GtkWidget parent_instance;

  /* Template widgets */
  GtkColumnView *table;

  /* Owned references */
  BoChart *chart;
};

G_DEFINE_FINAL_TYPE (BoChartNumbers, bo_chart_numbers, GTK_TYPE_WIDGET)

/* How many characters of words a column shows unless it is made wider, and of how many rows they are counted. */
#define MAX_CHARS 24
#define MAX_ROWS_COUNTED 200

/* What a column's factory and sorter know. */
typedef struct
{
  BoChart *chart;
  guint column;
  guint n_chars;
} Column;

/* As wide as its longest entry. */
static guint
count_chars (BoChart *chart, guint column)
{
  BoChartLocale locale = bo_chart_get_locale (chart);
  guint n_rows = MIN (bo_chart_table_get_n_rows (chart->table), MAX_ROWS_COUNTED);
  glong longest = 3;

  for (guint i = 0; i < n_rows; i++)
    {
      g_autofree char *text = bo_chart_table_get_text (chart->table, i, column, &locale);

      longest = MAX (longest, g_utf8_strlen (text, -1));
    }
  return (guint) MIN (longest, MAX_CHARS);
}

static Column *
column_new (BoChart *chart, guint index)
{
  Column *column = g_new0 (Column, 1);

  column->chart = bo_chart_ref (chart);
  column->column = index;
  column->n_chars = count_chars (chart, index);
  return column;
}

static void
column_free (gpointer data)
{
  Column *column = data;

  bo_chart_unref (column->chart);
  g_free (column);
}

static void
column_free_closure (gpointer data, GClosure *closure)
{
  column_free (data);
}

static void
setup_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer user_data)
{
  const Column *column = user_data;
  GtkWidget *label = gtk_inscription_new (NULL);
  BoChartColumnKind kind = bo_chart_table_get_kind (column->chart->table, column->column);

  gtk_inscription_set_xalign (GTK_INSCRIPTION (label), kind == BO_COLUMN_TEXT ? 0.0f : 1.0f);
  gtk_inscription_set_text_overflow (GTK_INSCRIPTION (label), GTK_INSCRIPTION_OVERFLOW_ELLIPSIZE_END);
  gtk_inscription_set_min_chars (GTK_INSCRIPTION (label), column->n_chars);
  gtk_inscription_set_nat_chars (GTK_INSCRIPTION (label), column->n_chars);
  gtk_widget_add_css_class (label, "numeric");
  gtk_list_item_set_child (item, label);
}

static void
bind_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer user_data)
{
  const Column *column = user_data;
  BoChartNumbersRow *row = gtk_list_item_get_item (item);
  BoChartLocale locale = bo_chart_get_locale (column->chart);
  GtkWidget *label = gtk_list_item_get_child (item);
  g_autofree char *text = bo_chart_table_get_text (column->chart->table, row->index, column->column, &locale);

  gtk_inscription_set_text (GTK_INSCRIPTION (label), text);
  gtk_widget_set_tooltip_text (label, g_utf8_strlen (text, -1) > (glong) column->n_chars ? text : NULL);
}

static int
compare_rows (gconstpointer a, gconstpointer b, gpointer user_data)
{
  const Column *column = user_data;

  return bo_chart_table_compare (column->chart->table, column->column, ((const BoChartNumbersRow *) a)->index,
                                 ((const BoChartNumbersRow *) b)->index);
}

static GtkColumnViewColumn *
make_column (BoChart *chart, guint index)
{
  const char *title = bo_chart_table_get_title (chart->table, index);
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  GtkColumnViewColumn *column;
  g_autoptr (GtkSorter) sorter = GTK_SORTER (gtk_custom_sorter_new (compare_rows, column_new (chart, index), column_free));

  g_signal_connect_data (factory, "setup", G_CALLBACK (setup_cb), column_new (chart, index), column_free_closure, 0);
  g_signal_connect_data (factory, "bind", G_CALLBACK (bind_cb), column_new (chart, index), column_free_closure, 0);
  column = gtk_column_view_column_new (title, factory);
  gtk_column_view_column_set_resizable (column, TRUE);
  gtk_column_view_column_set_sorter (column, sorter);
  return column;
}

static void
fill (BoChartNumbers *self)
{
  const BoChartTable *table = self->chart->table;
  g_autoptr (GListStore) rows = g_list_store_new (BO_TYPE_CHART_NUMBERS_ROW);
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);
  GtkSortListModel *sorted;
  g_autoptr (GtkMultiSelection) model = NULL;

  for (guint i = 0; i < bo_chart_table_get_n_rows (table); i++)
    {
      BoChartNumbersRow *row = g_object_new (BO_TYPE_CHART_NUMBERS_ROW, NULL);

      row->index = i;
      g_ptr_array_add (items, row);
    }
  g_list_store_splice (rows, 0, 0, items->pdata, items->len);
  for (guint i = 0; i < bo_chart_table_get_n_columns (table); i++)
    {
      g_autoptr (GtkColumnViewColumn) column = make_column (self->chart, i);

      gtk_column_view_append_column (self->table, column);
    }
  sorted = gtk_sort_list_model_new (G_LIST_MODEL (g_steal_pointer (&rows)),
                                    g_object_ref (gtk_column_view_get_sorter (self->table)));
  /* Ten thousand rows are not sorted within one frame. */
  gtk_sort_list_model_set_incremental (sorted, bo_chart_table_get_n_rows (table) > 500);
  model = gtk_multi_selection_new (G_LIST_MODEL (sorted));
  gtk_column_view_set_model (self->table, GTK_SELECTION_MODEL (model));
}

static void
clear (BoChartNumbers *self)
{
  GListModel *columns = gtk_column_view_get_columns (self->table);

  gtk_column_view_set_model (self->table, NULL);
  while (g_list_model_get_n_items (columns) > 0)
    {
      g_autoptr (GtkColumnViewColumn) column = g_list_model_get_item (columns, 0);

      gtk_column_view_remove_column (self->table, column);
    }
}

static gboolean
copy_cb (GtkWidget *widget, GVariant *args, gpointer user_data)
{
  g_autofree char *text = bo_chart_numbers_to_tsv (BO_CHART_NUMBERS (widget));

  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), text);
  return TRUE;
}

static void
bo_chart_numbers_dispose (GObject *object)
{
  BoChartNumbers *self = BO_CHART_NUMBERS (object);
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  gtk_widget_dispose_template (GTK_WIDGET (self), BO_TYPE_CHART_NUMBERS);
  g_clear_pointer (&self->chart, bo_chart_unref);

  G_OBJECT_CLASS (bo_chart_numbers_parent_class)->dispose (object);
}

static void
bo_chart_numbers_class_init (BoChartNumbersClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bo_chart_numbers_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/bakeoff/Bakeoff/bo-chart-numbers.ui");
  gtk_widget_class_bind_template_child (widget_class, BoChartNumbers, table);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_c, GDK_CONTROL_MASK, copy_cb, NULL);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
bo_chart_numbers_init (BoChartNumbers *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * bo_chart_numbers_set_chart:
 * @self: the table
 * @chart: whose numbers it shows
 */
void
bo_chart_numbers_set_chart (BoChartNumbers *self, BoChart *chart)
{
  g_return_if_fail (BO_IS_CHART_NUMBERS (self));
  g_return_if_fail (chart != NULL);

  if (chart == self->chart)
    return;
  bo_chart_ref (chart);
  g_clear_pointer (&self->chart, bo_chart_unref);
  self->chart = chart;
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->table), GTK_ACCESSIBLE_PROPERTY_LABEL, chart->title, -1);
  clear (self);
  fill (self);
}

GtkColumnView *
bo_chart_numbers_get_view (BoChartNumbers *self)
{
  g_return_val_if_fail (BO_IS_CHART_NUMBERS (self), NULL);

  return self->table;
}

/**
 * bo_chart_numbers_to_tsv:
 * @self: the table
 *
 * Returns: (transfer full): the rows that are selected, or all when none is, in the order in which they are shown
 */
char *
bo_chart_numbers_to_tsv (BoChartNumbers *self)
{
  GtkSelectionModel *model;
  g_autoptr (GArray) rows = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autoptr (GtkBitset) selection = NULL;
  BoChartLocale locale;

  g_return_val_if_fail (BO_IS_CHART_NUMBERS (self) && self->chart != NULL, g_strdup (""));

  model = gtk_column_view_get_model (self->table);
  selection = gtk_selection_model_get_selection (model);
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (model)); i++)
    if (gtk_bitset_is_empty (selection) || gtk_bitset_contains (selection, i))
      {
        g_autoptr (BoChartNumbersRow) row = g_list_model_get_item (G_LIST_MODEL (model), i);

        g_array_append_val (rows, row->index);
      }
  locale = bo_chart_get_locale (self->chart);
  return bo_chart_table_to_tsv (self->chart->table, (const guint *) rows->data, rows->len, &locale);
}
