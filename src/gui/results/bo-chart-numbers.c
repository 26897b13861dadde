/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-chart-numbers"

#include "config.h"

#include "results/bo-chart-numbers.h"
#include "shell/bo-tooltip.h"

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
  GListStore *rows;
  GtkSortListModel *sorted;
};

G_DEFINE_FINAL_TYPE (BoChartNumbers, bo_chart_numbers, GTK_TYPE_WIDGET)

/* How many characters of words a column shows unless it is made wider, and of how many rows they are counted. */
#define MAX_CHARS 24
#define MAX_ROWS_COUNTED 200
/* Of a cell of a GtkColumnView with the style of a data table. */
#define CELL_PADDING 8

/* What a column's factory and sorter know; they go before the table does. */
typedef struct
{
  BoChartNumbers *numbers;
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
column_new (BoChartNumbers *self, guint index)
{
  Column *column = g_new0 (Column, 1);

  column->numbers = self;
  column->column = index;
  column->n_chars = count_chars (self->chart, index);
  return column;
}

static void
column_free_closure (gpointer data, GClosure *closure)
{
  g_free (data);
}

static void
setup_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer user_data)
{
  const Column *column = user_data;
  GtkWidget *label = gtk_inscription_new (NULL);
  BoChartColumnKind kind = bo_chart_table_get_kind (column->numbers->chart->table, column->column);

  gtk_inscription_set_xalign (GTK_INSCRIPTION (label), kind == BO_COLUMN_TEXT ? 0.0f : 1.0f);
  gtk_inscription_set_text_overflow (GTK_INSCRIPTION (label), GTK_INSCRIPTION_OVERFLOW_ELLIPSIZE_END);
  gtk_widget_add_css_class (label, "numeric");
  gtk_list_item_set_child (item, label);
}

static void
bind_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer user_data)
{
  const Column *column = user_data;
  const BoChart *chart = column->numbers->chart;
  BoChartNumbersRow *row = gtk_list_item_get_item (item);
  BoChartLocale locale = bo_chart_get_locale (chart);
  GtkWidget *label = gtk_list_item_get_child (item);
  g_autofree char *text = bo_chart_table_get_text (chart->table, row->index, column->column, &locale);

  gtk_inscription_set_text (GTK_INSCRIPTION (label), text);
  bo_tooltip_set (label, g_utf8_strlen (text, -1) > (glong) column->n_chars ? text : NULL);
}

static int
compare_rows (gconstpointer a, gconstpointer b, gpointer user_data)
{
  const Column *column = user_data;

  return bo_chart_table_compare (column->numbers->chart->table, column->column, ((const BoChartNumbersRow *) a)->index,
                                 ((const BoChartNumbersRow *) b)->index);
}

/* In pixels: its longest entry, or its title with the arrow that says how it is sorted. */
static int
get_width (BoChartNumbers *self, guint index)
{
  PangoContext *context = gtk_widget_get_pango_context (GTK_WIDGET (self));
  PangoFontMetrics *metrics = pango_context_get_metrics (context, NULL, NULL);
  int digit = MAX (pango_font_metrics_get_approximate_digit_width (metrics),
                   pango_font_metrics_get_approximate_char_width (metrics));
  glong title = g_utf8_strlen (bo_chart_table_get_title (self->chart->table, index), -1) + 3;

  pango_font_metrics_unref (metrics);
  return PANGO_PIXELS_CEIL (digit * MAX (title, (glong) count_chars (self->chart, index) + 1)) + 2 * CELL_PADDING;
}

static GtkColumnViewColumn *
make_column (BoChartNumbers *self, guint index)
{
  const char *title = bo_chart_table_get_title (self->chart->table, index);
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  GtkColumnViewColumn *column;
  g_autoptr (GtkSorter) sorter = GTK_SORTER (gtk_custom_sorter_new (compare_rows, column_new (self, index), g_free));

  g_signal_connect_data (factory, "setup", G_CALLBACK (setup_cb), column_new (self, index), column_free_closure, 0);
  g_signal_connect_data (factory, "bind", G_CALLBACK (bind_cb), column_new (self, index), column_free_closure, 0);
  column = gtk_column_view_column_new (title, factory);
  gtk_column_view_column_set_resizable (column, TRUE);
  /* Else each of its two hundred cells is asked how wide it wants to be. */
  gtk_column_view_column_set_fixed_width (column, get_width (self, index));
  gtk_column_view_column_set_sorter (column, sorter);
  return column;
}

/* Sorts anew what it is given, in the order that a person chose. */
static void
fill_rows (BoChartNumbers *self)
{
  guint n_rows = bo_chart_table_get_n_rows (self->chart->table);
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < n_rows; i++)
    {
      BoChartNumbersRow *row = g_object_new (BO_TYPE_CHART_NUMBERS_ROW, NULL);

      row->index = i;
      g_ptr_array_add (items, row);
    }
  /* Ten thousand rows are not sorted within one frame. */
  gtk_sort_list_model_set_incremental (self->sorted, n_rows > 500);
  g_list_store_splice (self->rows, 0, g_list_model_get_n_items (G_LIST_MODEL (self->rows)), items->pdata, items->len);
}

static void
fill (BoChartNumbers *self)
{
  const BoChartTable *table = self->chart->table;
  g_autoptr (GtkMultiSelection) model = NULL;

  for (guint i = 0; i < bo_chart_table_get_n_columns (table); i++)
    {
      g_autoptr (GtkColumnViewColumn) column = make_column (self, i);

      gtk_column_view_append_column (self->table, column);
    }
  g_set_object (&self->rows, NULL);
  self->rows = g_list_store_new (BO_TYPE_CHART_NUMBERS_ROW);
  g_set_object (&self->sorted, NULL);
  self->sorted = gtk_sort_list_model_new (g_object_ref (G_LIST_MODEL (self->rows)),
                                          g_object_ref (gtk_column_view_get_sorter (self->table)));
  fill_rows (self);
  model = gtk_multi_selection_new (g_object_ref (G_LIST_MODEL (self->sorted)));
  gtk_column_view_set_model (self->table, GTK_SELECTION_MODEL (model));
}

/* Results that are read again are most often the same, and two hundred rows of widgets with them. */
static gboolean
has_same_numbers (const BoChartTable *a, const BoChartTable *b)
{
  g_autofree char *text = NULL;
  g_autofree char *other = NULL;

  if (bo_chart_table_get_n_rows (a) != bo_chart_table_get_n_rows (b))
    return FALSE;
  text = bo_chart_table_to_csv (a);
  other = bo_chart_table_to_csv (b);
  return g_str_equal (text, other);
}

static gboolean
has_same_columns (const BoChartTable *a, const BoChartTable *b)
{
  if (bo_chart_table_get_n_columns (a) != bo_chart_table_get_n_columns (b))
    return FALSE;
  for (guint i = 0; i < bo_chart_table_get_n_columns (a); i++)
    if (bo_chart_table_get_kind (a, i) != bo_chart_table_get_kind (b, i)
        || g_strcmp0 (bo_chart_table_get_title (a, i), bo_chart_table_get_title (b, i)) != 0)
      return FALSE;
  return TRUE;
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
  g_clear_object (&self->sorted);
  g_clear_object (&self->rows);
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
  g_autoptr (BoChart) before = NULL;

  g_return_if_fail (BO_IS_CHART_NUMBERS (self));
  g_return_if_fail (chart != NULL);

  if (chart == self->chart)
    return;
  before = self->chart;
  self->chart = bo_chart_ref (chart);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->table), GTK_ACCESSIBLE_PROPERTY_LABEL, chart->title, -1);
  /* The same table with other numbers keeps what a person made of it. */
  if (before != NULL && has_same_columns (before->table, chart->table))
    {
      if (!has_same_numbers (before->table, chart->table))
        fill_rows (self);
      return;
    }
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
