/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-report-columns"

#include "config.h"

#include "findings/bo-report-columns.h"

/* A cell with more than so many characters is shortened, and whole in its tooltip. */
#define CHARS_MAX 44
#define HEIGHT_MAX 440

struct _BoReportColumns
{
  GtkWidget parent_instance;

  GtkWidget *scrolled;
  GtkColumnView *view;
  /* Owned; the rows are told apart by their place. */
  BoReportTable *table;
  guint height_id;
};

G_DEFINE_FINAL_TYPE (BoReportColumns, bo_report_columns, GTK_TYPE_WIDGET)

/* What a column's factory knows; the widget outlives its columns. */
typedef struct
{
  const BoReportTable *table;
  guint column;
  int width_chars;
} Column;

static void
column_free (gpointer data, GClosure *closure)
{
  g_free (data);
}

static void
setup_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer user_data)
{
  const Column *column = user_data;
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  /* As wide as the longest of all rows, so that nothing moves while it is scrolled. */
  gtk_label_set_width_chars (GTK_LABEL (label), column->width_chars);
  gtk_label_set_max_width_chars (GTK_LABEL (label), column->width_chars);
  gtk_label_set_selectable (GTK_LABEL (label), TRUE);
  gtk_widget_add_css_class (label, "numeric");
  if (column->column == 0)
    gtk_widget_add_css_class (label, "heading");
  gtk_list_item_set_child (item, label);
  gtk_list_item_set_activatable (item, FALSE);
}

static void
bind_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer user_data)
{
  const Column *column = user_data;
  GtkWidget *label = gtk_list_item_get_child (item);
  const char *text = bo_report_table_get (column->table, gtk_list_item_get_position (item), column->column);

  gtk_label_set_text (GTK_LABEL (label), text);
  gtk_widget_set_tooltip_text (label, g_utf8_strlen (text, -1) >= CHARS_MAX ? text : NULL);
}

static int
find_width (const BoReportTable *table, guint column)
{
  glong longest = g_utf8_strlen (table->header[column], -1);

  for (guint i = 0; i < table->rows->len; i++)
    longest = MAX (longest, g_utf8_strlen (bo_report_table_get (table, i, column), -1));
  return (int) CLAMP (longest, 4, CHARS_MAX);
}

static void
fill (BoReportColumns *self)
{
  /* What the rows say is in the table, so an empty text for each is enough. */
  g_autoptr (GtkStringList) rows = gtk_string_list_new (NULL);
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  GtkNoSelection *model;

  for (guint i = 0; i < self->table->n_columns; i++)
    {
      GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
      g_autoptr (GtkColumnViewColumn) column = NULL;
      int width = find_width (self->table, i);

      for (guint k = 0; k < 2; k++)
        {
          Column *known = g_new0 (Column, 1);

          known->table = self->table;
          known->column = i;
          known->width_chars = width;
          if (k == 0)
            g_signal_connect_data (factory, "setup", G_CALLBACK (setup_cb), known, column_free, 0);
          else
            g_signal_connect_data (factory, "bind", G_CALLBACK (bind_cb), known, column_free, 0);
        }
      column = gtk_column_view_column_new (self->table->header[i], factory);
      gtk_column_view_append_column (self->view, column);
    }
  for (guint i = 0; i < self->table->rows->len; i++)
    g_ptr_array_add (names, (gpointer) "");
  g_ptr_array_add (names, NULL);
  gtk_string_list_splice (rows, 0, 0, (const char *const *) names->pdata);
  model = gtk_no_selection_new (G_LIST_MODEL (g_steal_pointer (&rows)));
  gtk_column_view_set_model (self->view, GTK_SELECTION_MODEL (model));
  g_object_unref (model);
}

static gboolean
copy_cb (GtkWidget *widget, GVariant *args, gpointer user_data)
{
  g_autofree char *text = bo_report_columns_to_tsv (BO_REPORT_COLUMNS (widget));

  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), text);
  return TRUE;
}

/*
 * A list knows how high it is only once it has made rows. All of it is shown,
 * without scrolling, up to a height at which it would hide the rest of the page.
 */
static gboolean
height_cb (gpointer user_data)
{
  BoReportColumns *self = BO_REPORT_COLUMNS (user_data);
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (self->scrolled));
  GtkWidget *header = gtk_widget_get_first_child (GTK_WIDGET (self->view));
  int height = MIN ((int) gtk_adjustment_get_upper (adjustment) + gtk_widget_get_height (header) + 2, HEIGHT_MAX);

  self->height_id = 0;
  if (height > gtk_scrolled_window_get_min_content_height (GTK_SCROLLED_WINDOW (self->scrolled)))
    gtk_scrolled_window_set_min_content_height (GTK_SCROLLED_WINDOW (self->scrolled), height);
  return G_SOURCE_REMOVE;
}

static void
adjusted_cb (GtkAdjustment *adjustment, gpointer user_data)
{
  BoReportColumns *self = BO_REPORT_COLUMNS (user_data);

  /* Not while sizes are given. */
  if (self->height_id == 0 && self->scrolled != NULL && gtk_adjustment_get_upper (adjustment) > 1)
    self->height_id = g_idle_add (height_cb, self);
}

static void
bo_report_columns_dispose (GObject *object)
{
  BoReportColumns *self = BO_REPORT_COLUMNS (object);

  g_clear_handle_id (&self->height_id, g_source_remove);
  if (self->view != NULL)
    gtk_column_view_set_model (self->view, NULL);
  self->view = NULL;
  g_clear_pointer (&self->scrolled, gtk_widget_unparent);
  g_clear_pointer (&self->table, bo_report_table_free);

  G_OBJECT_CLASS (bo_report_columns_parent_class)->dispose (object);
}

static void
bo_report_columns_class_init (BoReportColumnsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bo_report_columns_dispose;
  gtk_widget_class_add_binding (widget_class, GDK_KEY_c, GDK_CONTROL_MASK, copy_cb, NULL);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
bo_report_columns_init (BoReportColumns *self)
{
  self->view = GTK_COLUMN_VIEW (gtk_column_view_new (NULL));
  gtk_column_view_set_show_row_separators (self->view, TRUE);
  gtk_column_view_set_reorderable (self->view, FALSE);
  gtk_widget_add_css_class (GTK_WIDGET (self->view), "data-table");
  self->scrolled = gtk_scrolled_window_new ();
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (self->scrolled), TRUE);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (self->scrolled), HEIGHT_MAX);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (self->scrolled), GTK_WIDGET (self->view));
  gtk_widget_add_css_class (self->scrolled, "card");
  gtk_widget_set_overflow (self->scrolled, GTK_OVERFLOW_HIDDEN);
  gtk_widget_set_parent (self->scrolled, GTK_WIDGET (self));
  g_signal_connect_object (gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (self->scrolled)), "changed",
                           G_CALLBACK (adjusted_cb), self, 0);
}

/**
 * bo_report_columns_new:
 * @table: (transfer full): what it shows
 * @title: what the table is called
 */
BoReportColumns *
bo_report_columns_new (BoReportTable *table, const char *title)
{
  BoReportColumns *self = g_object_new (BO_TYPE_REPORT_COLUMNS, NULL);

  g_return_val_if_fail (table != NULL, self);

  self->table = table;
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->view), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  fill (self);
  return self;
}

static void
append_line (GString *text, const char *const *cells)
{
  for (guint i = 0; cells[i] != NULL; i++)
    {
      g_autofree char *cell = g_strdelimit (g_strdup (cells[i]), "\t\n\r", ' ');

      g_string_append_printf (text, "%s%s", i > 0 ? "\t" : "", cell);
    }
  g_string_append_c (text, '\n');
}

/**
 * bo_report_columns_to_tsv:
 *
 * Returns: (transfer full): header and rows, their cells parted by tabs, as a spreadsheet takes them
 */
char *
bo_report_columns_to_tsv (BoReportColumns *self)
{
  GString *text = g_string_new (NULL);

  g_return_val_if_fail (BO_IS_REPORT_COLUMNS (self), NULL);

  append_line (text, (const char *const *) self->table->header);
  for (guint i = 0; i < self->table->rows->len; i++)
    append_line (text, bo_report_table_get_row (self->table, i));
  return g_string_free (text, FALSE);
}
