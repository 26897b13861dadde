/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-matrix-view"

#include "config.h"

#include <glib/gi18n.h>

#include "matrix/bo-matrix-cursor.h"
#include "matrix/bo-matrix-geometry.h"
#include "matrix/bo-matrix-header.h"
#include "matrix/bo-matrix-line.h"
#include "matrix/bo-matrix-selection.h"
#include "matrix/bo-matrix-square.h"
#include "matrix/bo-matrix-view.h"

/*
 * The matrix on the screen. Names of strategies and columns stay where they
 * are while the squares are scrolled under them; only squares that are seen
 * exist as widgets, and they are used again for others. One of them, or a header, has the
 * keyboard focus, and the arrow keys move it.
 */

/* Narrower than this, strategies become cards. */
#define CARDS_BELOW 560

/* What a screen reader counts: two rows of headers, and the names. */
#define HEADER_ROWS 2
#define HEADER_COLUMNS 1

struct _BoMatrixView
{
  GtkWidget parent_instance;

  /* Owned references */
  BoMatrix *matrix;
  BoMatrixSelection *selection;
  GtkAdjustment *adjustments[2];
  GHashTable *squares; /* index of a square -> BoMatrixSquare, those that are seen */
  GPtrArray *spare;    /* (owned) BoMatrixSquare, children of some line */
  char *open_cell;

  /* Children */
  GPtrArray *lines; /* BoMatrixLine, by row */
  BoMatrixLine *column_line;
  BoMatrixLine *group_line;
  GtkWidget *add_button;
  GPtrArray *column_headers;
  GPtrArray *group_headers;

  GtkScrollablePolicy policies[2];
  BoMatrixGeometry geometry;
  BoMatrixCursor cursor;
  gboolean cards;
  guint group;
  guint cards_idle_id;
};

typedef enum
{
  PROP_CARDS = 1,
  PROP_HADJUSTMENT,
  PROP_VADJUSTMENT,
  PROP_HSCROLL_POLICY,
  PROP_VSCROLL_POLICY,
} BoMatrixViewProperty;

static guint selection_changed_signal;
static guint cell_activated_signal;
static guint strategy_menu_signal;

G_DEFINE_FINAL_TYPE_WITH_CODE (BoMatrixView, bo_matrix_view, GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (GTK_TYPE_SCROLLABLE, NULL))

static guint
get_index (BoMatrixView *self, guint row, guint column)
{
  return row * self->matrix->columns->len + column;
}

static gboolean
is_present (BoMatrixView *self, guint row, guint column)
{
  const BoMatrixCursor place = { (int) row, (int) column };

  return bo_matrix_cursor_is_valid (&place, &self->geometry, self->matrix);
}

static void
update_geometry (BoMatrixView *self)
{
  const BoMatrixGroup *group = NULL;

  self->geometry = (BoMatrixGeometry) { .cards = self->cards, .width = gtk_widget_get_width (GTK_WIDGET (self)) };
  if (self->matrix == NULL)
    return;
  self->geometry.n_rows = self->matrix->rows->len;
  self->geometry.n_columns = self->matrix->columns->len;
  if (self->cards && self->group < self->matrix->groups->len)
    {
      group = g_ptr_array_index (self->matrix->groups, self->group);
      self->geometry.first = group->first;
      self->geometry.n_columns = group->n;
    }
}

static double
get_scroll (BoMatrixView *self, GtkOrientation orientation)
{
  return self->adjustments[orientation] != NULL ? gtk_adjustment_get_value (self->adjustments[orientation]) : 0;
}

/* --- Squares ---------------------------------------------------------------------- */

static void
show_square (BoMatrixView *self, BoMatrixSquare *square, guint row, guint column)
{
  const BoSquare *value = bo_matrix_get_square (self->matrix, row, column);
  g_autofree char *key = self->open_cell != NULL && value->cell != NULL ? bo_cell_get_key (value->cell) : NULL;

  bo_matrix_square_show (square, self->matrix, row, column, self->cards);
  bo_matrix_square_set_selected (square, bo_matrix_selection_contains (self->selection, row, column));
  bo_matrix_square_set_open (square, key != NULL && g_str_equal (key, self->open_cell));
  gtk_accessible_update_relation (GTK_ACCESSIBLE (square),
                                  GTK_ACCESSIBLE_RELATION_ROW_INDEX, (int) row + 1 + HEADER_ROWS,
                                  GTK_ACCESSIBLE_RELATION_COL_INDEX, (int) column + 1 + HEADER_COLUMNS,
                                  -1);
  gtk_widget_set_child_visible (GTK_WIDGET (square), TRUE);
}

static void
activated_cb (BoMatrixSquare *square, gpointer user_data)
{
  BoMatrixView *self = BO_MATRIX_VIEW (user_data);
  const BoSquare *value = bo_matrix_get_square (self->matrix, bo_matrix_square_get_row (square),
                                                bo_matrix_square_get_column (square));
  g_autofree char *key = bo_cell_get_key (value->cell);

  g_signal_emit (self, cell_activated_signal, 0, key);
}

/* One that is in the row already costs least. */
static BoMatrixSquare *
take_square (BoMatrixView *self, guint row)
{
  BoMatrixLine *line = g_ptr_array_index (self->lines, row);
  g_autoptr (BoMatrixSquare) square = NULL;
  guint found = self->spare->len;

  for (guint i = 0; i < self->spare->len; i++)
    if (found == self->spare->len || gtk_widget_get_parent (g_ptr_array_index (self->spare, i)) == GTK_WIDGET (line))
      found = i;
  if (found < self->spare->len)
    {
      square = g_ptr_array_steal_index_fast (self->spare, found);
      if (gtk_widget_get_parent (GTK_WIDGET (square)) == GTK_WIDGET (line))
        return g_steal_pointer (&square);
      gtk_widget_unparent (GTK_WIDGET (square));
    }
  else
    {
      square = g_object_ref_sink (bo_matrix_square_new ());
      g_signal_connect_object (square, "activated", G_CALLBACK (activated_cb), self, 0);
    }
  bo_matrix_line_add (line, GTK_WIDGET (square));
  return g_steal_pointer (&square);
}

static void
add_square (BoMatrixView *self, guint row, guint column)
{
  BoMatrixSquare *square = take_square (self, row);

  show_square (self, square, row, column);
  g_hash_table_insert (self->squares, GUINT_TO_POINTER (get_index (self, row, column)), square);
}

static gboolean
is_seen (BoMatrixView *self, guint row, guint column, int left, int right, int top, int bottom)
{
  GdkRectangle area = bo_matrix_geometry_get_square (&self->geometry, self->matrix, row, column);

  return area.x < right && area.x + area.width > left && area.y < bottom && area.y + area.height > top;
}

/* Makes the squares that are seen, out of those that are not seen any more as far as they reach. */
static void
update_squares (BoMatrixView *self)
{
  int left = (int) get_scroll (self, GTK_ORIENTATION_HORIZONTAL);
  int top = (int) get_scroll (self, GTK_ORIENTATION_VERTICAL);
  int right = left + MAX (gtk_widget_get_width (GTK_WIDGET (self)), 1);
  int bottom = top + MAX (gtk_widget_get_height (GTK_WIDGET (self)), 1);
  GHashTableIter iter;
  gpointer value;
  guint first, last;

  if (self->matrix == NULL || self->matrix->columns->len == 0)
    return;
  g_hash_table_iter_init (&iter, self->squares);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      guint row = bo_matrix_square_get_row (value);
      guint column = bo_matrix_square_get_column (value);

      /* The one that has the focus stays, or the focus would be lost. */
      if (gtk_widget_is_focus (value) && is_present (self, row, column))
        continue;
      if (is_present (self, row, column) && is_seen (self, row, column, left, right, top, bottom))
        continue;
      gtk_widget_set_child_visible (value, FALSE);
      g_ptr_array_add (self->spare, value);
      g_hash_table_iter_steal (&iter);
    }

  bo_matrix_geometry_find_rows (&self->geometry, top, bottom, &first, &last);
  for (guint row = first; row < last; row++)
    for (guint column = 0; column < self->matrix->columns->len; column++)
      if (is_present (self, row, column) && is_seen (self, row, column, left, right, top, bottom)
          && !g_hash_table_contains (self->squares, GUINT_TO_POINTER (get_index (self, row, column))))
        add_square (self, row, column);
}

static void
refresh_squares (BoMatrixView *self)
{
  GHashTableIter iter;
  gpointer square;

  g_hash_table_iter_init (&iter, self->squares);
  while (g_hash_table_iter_next (&iter, NULL, &square))
    show_square (self, square, bo_matrix_square_get_row (square), bo_matrix_square_get_column (square));
}

/* --- The selection ------------------------------------------------------------------ */

static void
selection_changed (BoMatrixView *self)
{
  GHashTableIter iter;
  gpointer square;

  g_hash_table_iter_init (&iter, self->squares);
  while (g_hash_table_iter_next (&iter, NULL, &square))
    bo_matrix_square_set_selected (square, bo_matrix_selection_contains (self->selection, bo_matrix_square_get_row (square),
                                                                         bo_matrix_square_get_column (square)));
  g_signal_emit (self, selection_changed_signal, 0);
}

static void
toggle_range (BoMatrixView *self, guint first_row, guint n_rows, guint first_column, guint n_columns)
{
  bo_matrix_selection_toggle (self->selection, first_row, n_rows, first_column, n_columns);
  selection_changed (self);
}

/**
 * bo_matrix_view_toggle_row:
 *
 * Selects all shown cells of a strategy, or none when all of them are selected.
 */
void
bo_matrix_view_toggle_row (BoMatrixView *self, guint row)
{
  g_return_if_fail (BO_IS_MATRIX_VIEW (self));
  g_return_if_fail (self->matrix != NULL && row < self->matrix->rows->len);

  toggle_range (self, row, 1, self->geometry.first, self->geometry.n_columns);
}

void
bo_matrix_view_toggle_column (BoMatrixView *self, guint column)
{
  g_return_if_fail (BO_IS_MATRIX_VIEW (self));
  g_return_if_fail (self->matrix != NULL && column < self->matrix->columns->len);

  toggle_range (self, 0, self->matrix->rows->len, column, 1);
}

static void
toggle_group (BoMatrixView *self, guint index)
{
  const BoMatrixGroup *group = g_ptr_array_index (self->matrix->groups, index);

  toggle_range (self, 0, self->matrix->rows->len, group->first, group->n);
}

/**
 * bo_matrix_view_select_all:
 *
 * All cells of the study, or none.
 */
void
bo_matrix_view_select_all (BoMatrixView *self, gboolean selected)
{
  g_return_if_fail (BO_IS_MATRIX_VIEW (self));

  if (self->matrix == NULL)
    return;
  bo_matrix_selection_set_all (self->selection, selected);
  selection_changed (self);
}

/**
 * bo_matrix_view_select_cells:
 * @self: the view
 * @cells: (element-type BoCell): what is selected from now on
 */
void
bo_matrix_view_select_cells (BoMatrixView *self, GPtrArray *cells)
{
  g_return_if_fail (BO_IS_MATRIX_VIEW (self));
  g_return_if_fail (cells != NULL);

  if (self->matrix == NULL)
    return;
  bo_matrix_selection_set_cells (self->selection, cells);
  selection_changed (self);
}

/**
 * bo_matrix_view_get_selection:
 *
 * Returns: (transfer full) (element-type BoCell): the selected cells
 */
GPtrArray *
bo_matrix_view_get_selection (BoMatrixView *self)
{
  g_return_val_if_fail (BO_IS_MATRIX_VIEW (self), NULL);

  if (self->selection == NULL)
    return g_ptr_array_new_with_free_func ((GDestroyNotify) bo_cell_free);
  return bo_matrix_selection_list (self->selection);
}

/* How many widgets there are for squares, which must not grow with the matrix. */
guint
bo_matrix_view_count_widgets (BoMatrixView *self)
{
  g_return_val_if_fail (BO_IS_MATRIX_VIEW (self), 0);

  return g_hash_table_size (self->squares) + self->spare->len;
}

/**
 * bo_matrix_view_set_open_cell:
 * @self: the view
 * @key: (nullable): the cell that is told about beside the matrix
 */
void
bo_matrix_view_set_open_cell (BoMatrixView *self, const char *key)
{
  g_return_if_fail (BO_IS_MATRIX_VIEW (self));

  if (g_strcmp0 (key, self->open_cell) == 0)
    return;
  g_free (self->open_cell);
  self->open_cell = g_strdup (key);
  if (self->matrix != NULL)
    refresh_squares (self);
}

/* --- The keyboard and the pointer ---------------------------------------------------- */

static void
scroll_into (GtkAdjustment *adjustment, int from, int to, int frozen)
{
  double value;

  if (adjustment == NULL)
    return;
  value = gtk_adjustment_get_value (adjustment);
  if (from - frozen < value)
    gtk_adjustment_set_value (adjustment, from - frozen - BO_MATRIX_GAP);
  else if (to > value + gtk_adjustment_get_page_size (adjustment))
    gtk_adjustment_set_value (adjustment, to + BO_MATRIX_GAP - gtk_adjustment_get_page_size (adjustment));
}

static void
scroll_to_cursor (BoMatrixView *self)
{
  guint row = (guint) MAX (self->cursor.row, 0);
  guint column = (guint) MAX (self->cursor.column, (int) self->geometry.first);
  GdkRectangle strategy = bo_matrix_geometry_get_row (&self->geometry, row);
  GdkRectangle area;

  if (self->matrix->columns->len == 0)
    return;
  area = bo_matrix_geometry_get_square (&self->geometry, self->matrix, row, column);
  if (self->cursor.column >= 0)
    scroll_into (self->adjustments[GTK_ORIENTATION_HORIZONTAL], area.x, area.x + area.width,
                 self->cards ? 0 : BO_MATRIX_ROW_HEADER_WIDTH);
  if (self->cursor.row < 0)
    return;
  if (self->cursor.row == (int) self->geometry.n_rows)
    {
      area = bo_matrix_geometry_get_end (&self->geometry);
      scroll_into (self->adjustments[GTK_ORIENTATION_VERTICAL], area.y, area.y + area.height, 0);
    }
  else if (self->cursor.column < 0)
    scroll_into (self->adjustments[GTK_ORIENTATION_VERTICAL], strategy.y,
                 strategy.y + (self->cards ? BO_MATRIX_CARD_TITLE_HEIGHT : strategy.height),
                 self->cards ? 0 : BO_MATRIX_COLUMN_HEADER_HEIGHT);
  else
    scroll_into (self->adjustments[GTK_ORIENTATION_VERTICAL], area.y, area.y + area.height,
                 self->cards ? BO_MATRIX_CARD_TITLE_HEIGHT : BO_MATRIX_COLUMN_HEADER_HEIGHT);
}

static GtkWidget *
find_cursor_widget (BoMatrixView *self)
{
  gpointer key;

  if (self->cursor.row == BO_MATRIX_CURSOR_GROUPS)
    {
      const BoMatrixColumn *column = g_ptr_array_index (self->matrix->columns, self->cursor.column);

      return g_ptr_array_index (self->group_headers, column->group);
    }
  if (self->cursor.row == BO_MATRIX_CURSOR_COLUMNS)
    return g_ptr_array_index (self->column_headers, self->cursor.column);
  if (self->cursor.row == (int) self->geometry.n_rows)
    return self->add_button;
  if (self->cursor.column == BO_MATRIX_CURSOR_TITLES)
    return bo_matrix_line_get_title (g_ptr_array_index (self->lines, self->cursor.row));

  key = GUINT_TO_POINTER (get_index (self, (guint) self->cursor.row, (guint) self->cursor.column));
  /* Before the first allocation nothing is seen yet. */
  if (!g_hash_table_contains (self->squares, key))
    add_square (self, (guint) self->cursor.row, (guint) self->cursor.column);
  return g_hash_table_lookup (self->squares, key);
}

static gboolean
focus_cursor (BoMatrixView *self)
{
  if (self->matrix == NULL || !bo_matrix_cursor_is_valid (&self->cursor, &self->geometry, self->matrix))
    return FALSE;
  scroll_to_cursor (self);
  update_squares (self);
  /* A row far below is there, but was not seen until now. */
  if (self->cursor.row == (int) self->geometry.n_rows)
    gtk_widget_set_child_visible (self->add_button, TRUE);
  else if (self->cursor.row >= 0)
    gtk_widget_set_child_visible (g_ptr_array_index (self->lines, self->cursor.row), TRUE);
  return gtk_widget_grab_focus (find_cursor_widget (self));
}

static gboolean
move_to (BoMatrixView *self, int row, int column)
{
  self->cursor = (BoMatrixCursor) { row, column };
  return focus_cursor (self);
}

static gboolean
move_cb (GtkWidget *widget, GVariant *args, gpointer user_data)
{
  BoMatrixView *self = BO_MATRIX_VIEW (widget);
  int rows, columns;
  gboolean last;

  if (self->matrix == NULL)
    return FALSE;
  g_variant_get (args, "(iib)", &rows, &columns, &last);
  if (gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL && !self->cards)
    columns = -columns;
  /* At an end the focus stays. */
  if (bo_matrix_cursor_move (&self->cursor, &self->geometry, self->matrix, rows, columns, last))
    focus_cursor (self);
  else
    gtk_widget_error_bell (widget);
  return TRUE;
}

static gboolean
toggle_cb (GtkWidget *widget, GVariant *args, gpointer user_data)
{
  BoMatrixView *self = BO_MATRIX_VIEW (widget);
  int what = g_variant_get_int32 (args);

  if (self->matrix == NULL)
    return FALSE;
  if (what == 0 && bo_matrix_cursor_is_square (&self->cursor))
    toggle_range (self, (guint) self->cursor.row, 1, (guint) self->cursor.column, 1);
  else if (what == 1 && self->cursor.row >= 0 && self->cursor.row < (int) self->geometry.n_rows)
    bo_matrix_view_toggle_row (self, (guint) self->cursor.row);
  else if (what == 2 && self->cursor.column >= 0)
    bo_matrix_view_toggle_column (self, (guint) self->cursor.column);
  else
    return FALSE;
  return TRUE;
}

static gboolean
open_cb (GtkWidget *widget, GVariant *args, gpointer user_data)
{
  BoMatrixView *self = BO_MATRIX_VIEW (widget);

  if (self->matrix == NULL || !bo_matrix_cursor_is_square (&self->cursor))
    return FALSE;
  activated_cb (BO_MATRIX_SQUARE (find_cursor_widget (self)), self);
  return TRUE;
}

static void
pressed_cb (GtkGestureClick *gesture, int n_press, double x, double y, gpointer user_data)
{
  BoMatrixView *self = user_data;
  GtkWidget *picked = gtk_widget_pick (GTK_WIDGET (self), x, y, GTK_PICK_DEFAULT);
  GtkWidget *square;

  /* A button in a square does something else. */
  if (picked == NULL || GTK_IS_BUTTON (picked) || gtk_widget_get_ancestor (picked, GTK_TYPE_BUTTON) != NULL)
    return;
  square = BO_IS_MATRIX_SQUARE (picked) ? picked : gtk_widget_get_ancestor (picked, BO_TYPE_MATRIX_SQUARE);
  if (square == NULL)
    return;
  move_to (self, (int) bo_matrix_square_get_row (BO_MATRIX_SQUARE (square)),
           (int) bo_matrix_square_get_column (BO_MATRIX_SQUARE (square)));
  toggle_range (self, (guint) self->cursor.row, 1, (guint) self->cursor.column, 1);
  /* The second press of two took back what the first one did. */
  if (n_press == 2)
    activated_cb (BO_MATRIX_SQUARE (square), self);
}

/* --- Headers --------------------------------------------------------------------------- */

static guint
get_header_index (GtkButton *button)
{
  return GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (button), "index"));
}

static void
row_clicked_cb (GtkButton *button, gpointer user_data)
{
  BoMatrixView *self = BO_MATRIX_VIEW (user_data);

  self->cursor = (BoMatrixCursor) { (int) get_header_index (button), BO_MATRIX_CURSOR_TITLES };
  bo_matrix_view_toggle_row (self, get_header_index (button));
}

static void
column_clicked_cb (GtkButton *button, gpointer user_data)
{
  BoMatrixView *self = BO_MATRIX_VIEW (user_data);

  self->cursor = (BoMatrixCursor) { BO_MATRIX_CURSOR_COLUMNS, (int) get_header_index (button) };
  bo_matrix_view_toggle_column (self, get_header_index (button));
}

static void
group_clicked_cb (GtkButton *button, gpointer user_data)
{
  BoMatrixView *self = BO_MATRIX_VIEW (user_data);
  const BoMatrixGroup *group = g_ptr_array_index (self->matrix->groups, get_header_index (button));

  self->cursor = (BoMatrixCursor) { BO_MATRIX_CURSOR_GROUPS, (int) group->first };
  toggle_group (self, get_header_index (button));
}

static void
connect_header (BoMatrixView *self, GtkWidget *header, guint index, GCallback callback)
{
  g_object_set_data (G_OBJECT (header), "index", GUINT_TO_POINTER (index));
  g_signal_connect_object (header, "clicked", callback, self, 0);
}

static void
show_strategy_menu (BoMatrixView *self, guint row)
{
  g_signal_emit (self, strategy_menu_signal, 0, row, bo_matrix_line_get_title (g_ptr_array_index (self->lines, row)));
}

static void
row_pressed_cb (GtkGestureClick *gesture, int n_press, double x, double y, gpointer user_data)
{
  GtkWidget *header = gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (gesture));

  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  show_strategy_menu (BO_MATRIX_VIEW (user_data), get_header_index (GTK_BUTTON (header)));
}

static gboolean
menu_cb (GtkWidget *widget, GVariant *args, gpointer user_data)
{
  BoMatrixView *self = BO_MATRIX_VIEW (widget);

  if (self->matrix == NULL || self->cursor.row < 0 || self->cursor.row >= (int) self->geometry.n_rows)
    return FALSE;
  show_strategy_menu (self, (guint) self->cursor.row);
  return TRUE;
}

static void
make_lines (BoMatrixView *self)
{
  for (guint i = 0; i < self->matrix->rows->len; i++)
    {
      BoMatrixLine *line = bo_matrix_line_new ();
      GtkWidget *title = bo_matrix_header_new_row (self->matrix, i);

      GtkGesture *secondary = gtk_gesture_click_new ();

      gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (secondary), GDK_BUTTON_SECONDARY);
      g_signal_connect_object (secondary, "pressed", G_CALLBACK (row_pressed_cb), self, 0);
      gtk_widget_add_controller (title, GTK_EVENT_CONTROLLER (secondary));
      connect_header (self, title, i, G_CALLBACK (row_clicked_cb));
      bo_matrix_line_set_title (line, title);
      gtk_widget_set_parent (GTK_WIDGET (line), GTK_WIDGET (self));
      gtk_accessible_update_relation (GTK_ACCESSIBLE (line), GTK_ACCESSIBLE_RELATION_ROW_INDEX,
                                      (int) i + 1 + HEADER_ROWS, -1);
      g_ptr_array_add (self->lines, line);
    }
  self->add_button = g_object_new (GTK_TYPE_BUTTON, "label", _ ("+ Add Strategy…"), "action-name", "matrix.add-strategy", NULL);
  gtk_widget_set_halign (gtk_button_get_child (GTK_BUTTON (self->add_button)), GTK_ALIGN_START);
  gtk_widget_add_css_class (self->add_button, "flat");
  gtk_widget_add_css_class (self->add_button, "row-header");
  gtk_widget_add_css_class (self->add_button, "dim-label");
  gtk_widget_set_parent (self->add_button, GTK_WIDGET (self));
  self->column_line = bo_matrix_line_new ();
  for (guint i = 0; i < self->matrix->columns->len; i++)
    {
      GtkWidget *header = bo_matrix_header_new_column (self->matrix, i);

      connect_header (self, header, i, G_CALLBACK (column_clicked_cb));
      bo_matrix_line_add (self->column_line, header);
      g_ptr_array_add (self->column_headers, header);
    }
  self->group_line = bo_matrix_line_new ();
  for (guint i = 0; i < self->matrix->groups->len; i++)
    {
      GtkWidget *header = bo_matrix_header_new_group (self->matrix, i);

      connect_header (self, header, i, G_CALLBACK (group_clicked_cb));
      bo_matrix_line_add (self->group_line, header);
      g_ptr_array_add (self->group_headers, header);
    }
  /* Above the squares, for the pointer too. */
  gtk_widget_set_parent (GTK_WIDGET (self->column_line), GTK_WIDGET (self));
  gtk_widget_set_parent (GTK_WIDGET (self->group_line), GTK_WIDGET (self));
  gtk_accessible_update_relation (GTK_ACCESSIBLE (self->group_line), GTK_ACCESSIBLE_RELATION_ROW_INDEX, 1, -1);
  gtk_accessible_update_relation (GTK_ACCESSIBLE (self->column_line), GTK_ACCESSIBLE_RELATION_ROW_INDEX, 2, -1);
}

static void
clear_children (BoMatrixView *self)
{
  GtkWidget *child;

  g_hash_table_remove_all (self->squares);
  g_ptr_array_set_size (self->spare, 0);
  g_ptr_array_set_size (self->lines, 0);
  g_ptr_array_set_size (self->column_headers, 0);
  g_ptr_array_set_size (self->group_headers, 0);
  self->column_line = NULL;
  self->group_line = NULL;
  self->add_button = NULL;
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
}

/* --- What is shown ------------------------------------------------------------------------ */

static gboolean
is_same_text (const BoMatrix *a, const BoMatrix *b)
{
  if (a->rows == b->rows && a->columns == b->columns)
    return TRUE;
  if (a->rows->len != b->rows->len || a->columns->len != b->columns->len || a->groups->len != b->groups->len)
    return FALSE;
  for (guint i = 0; i < a->rows->len; i++)
    {
      const BoMatrixRow *x = g_ptr_array_index (a->rows, i);
      const BoMatrixRow *y = g_ptr_array_index (b->rows, i);

      if (g_strcmp0 (x->title, y->title) != 0 || g_strcmp0 (x->subtitle, y->subtitle) != 0 || x->baseline != y->baseline)
        return FALSE;
    }
  for (guint i = 0; i < a->columns->len; i++)
    {
      const BoMatrixColumn *x = g_ptr_array_index (a->columns, i);
      const BoMatrixColumn *y = g_ptr_array_index (b->columns, i);

      if (x->group != y->group || g_strcmp0 (x->title, y->title) != 0)
        return FALSE;
    }
  for (guint i = 0; i < a->groups->len; i++)
    {
      const BoMatrixGroup *x = g_ptr_array_index (a->groups, i);
      const BoMatrixGroup *y = g_ptr_array_index (b->groups, i);

      if (x->first != y->first || x->n != y->n || g_strcmp0 (x->title, y->title) != 0
          || g_strcmp0 (x->subtitle, y->subtitle) != 0)
        return FALSE;
    }
  return TRUE;
}

/* The same rows and columns with other squares: while a campaign runs, this comes every second. */
static void
update_matrix (BoMatrixView *self, BoMatrix *matrix)
{
  g_autoptr (BoMatrix) before = g_steal_pointer (&self->matrix);
  GHashTableIter iter;
  gpointer square;

  self->matrix = bo_matrix_ref (matrix);
  if (before->rows == matrix->rows)
    {
      bo_matrix_selection_set_matrix (self->selection, matrix);
    }
  else
    {
      BoMatrixSelection *selection = bo_matrix_selection_new (matrix, self->selection);

      bo_matrix_selection_free (self->selection);
      self->selection = selection;
    }
  update_geometry (self);
  g_hash_table_iter_init (&iter, self->squares);
  while (g_hash_table_iter_next (&iter, NULL, &square))
    {
      guint row = bo_matrix_square_get_row (square);
      guint column = bo_matrix_square_get_column (square);

      if (before->rows != matrix->rows
          || !bo_square_looks_like (bo_matrix_get_square (before, row, column), bo_matrix_get_square (matrix, row, column)))
        show_square (self, square, row, column);
    }
}

/**
 * bo_matrix_view_set_matrix:
 * @self: the view
 * @matrix: what it shows; cells that were selected before stay so
 */
void
bo_matrix_view_set_matrix (BoMatrixView *self, BoMatrix *matrix)
{
  BoMatrixSelection *selection;
  gboolean has_focus;

  g_return_if_fail (BO_IS_MATRIX_VIEW (self));
  g_return_if_fail (matrix != NULL);

  if (self->matrix != NULL && is_same_text (self->matrix, matrix))
    {
      update_matrix (self, matrix);
      return;
    }
  has_focus = gtk_widget_get_focus_child (GTK_WIDGET (self)) != NULL;
  clear_children (self);
  selection = bo_matrix_selection_new (matrix, self->selection);
  g_clear_pointer (&self->selection, bo_matrix_selection_free);
  self->selection = selection;
  bo_matrix_ref (matrix);
  g_clear_pointer (&self->matrix, bo_matrix_unref);
  self->matrix = matrix;
  if (self->group >= matrix->groups->len)
    self->group = 0;
  make_lines (self);
  update_geometry (self);
  bo_matrix_cursor_reset (&self->cursor, &self->geometry, matrix);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, matrix->study->name,
                                  GTK_ACCESSIBLE_PROPERTY_MULTI_SELECTABLE, TRUE, -1);
  gtk_accessible_update_relation (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_RELATION_ROW_COUNT, (int) matrix->rows->len + HEADER_ROWS,
                                  GTK_ACCESSIBLE_RELATION_COL_COUNT, (int) matrix->columns->len + HEADER_COLUMNS, -1);
  gtk_widget_queue_resize (GTK_WIDGET (self));
  if (has_focus)
    focus_cursor (self);
  g_signal_emit (self, selection_changed_signal, 0);
}

/**
 * bo_matrix_view_set_group:
 * @self: the view
 * @group: whose columns the cards have
 */
void
bo_matrix_view_set_group (BoMatrixView *self, guint group)
{
  g_return_if_fail (BO_IS_MATRIX_VIEW (self));

  if (self->matrix == NULL || group == self->group || group >= self->matrix->groups->len)
    return;
  self->group = group;
  update_geometry (self);
  bo_matrix_cursor_reset (&self->cursor, &self->geometry, self->matrix);
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

gboolean
bo_matrix_view_get_cards (BoMatrixView *self)
{
  g_return_val_if_fail (BO_IS_MATRIX_VIEW (self), FALSE);

  return self->cards;
}

static gboolean
tell_cards_cb (gpointer user_data)
{
  BoMatrixView *self = user_data;

  self->cards_idle_id = 0;
  g_object_notify (G_OBJECT (self), "cards");
  return G_SOURCE_REMOVE;
}

static void
bo_matrix_view_measure (GtkWidget *widget,
                        GtkOrientation orientation,
                        int for_size,
                        int *minimum,
                        int *natural,
                        int *minimum_baseline,
                        int *natural_baseline)
{
  BoMatrixView *self = BO_MATRIX_VIEW (widget);

  *minimum = *natural = 240;
  if (self->matrix == NULL)
    return;
  if (orientation == GTK_ORIENTATION_VERTICAL)
    *natural = MAX (bo_matrix_geometry_get_height (&self->geometry), *minimum);
  else if (!self->cards)
    *natural = MAX (bo_matrix_geometry_get_width (&self->geometry, self->matrix), *minimum);
}

static void
allocate_line (BoMatrixView *self, guint row, int top)
{
  GtkWidget *line = g_ptr_array_index (self->lines, row);
  GdkRectangle area = bo_matrix_geometry_get_row (&self->geometry, row);
  GdkRectangle title = { 0, 0, area.width, area.height };
  int height = gtk_widget_get_height (GTK_WIDGET (self));

  area.y -= top;
  if (self->cards)
    title = (GdkRectangle) { 4, 0, area.width - 8, BO_MATRIX_CARD_TITLE_HEIGHT };
  else
    area.width = MAX (gtk_widget_get_width (GTK_WIDGET (self)), 1);
  if (self->cards)
    gtk_widget_add_css_class (line, "card");
  else
    gtk_widget_remove_css_class (line, "card");
  bo_matrix_line_set_edge (BO_MATRIX_LINE (line), self->cards ? 0 : BO_MATRIX_ROW_HEADER_WIDTH - BO_MATRIX_GAP / 2);
  gtk_widget_set_child_visible (line, (area.y < height && area.y + area.height > 0)
                                        || gtk_widget_get_focus_child (GTK_WIDGET (self)) == line);
  gtk_widget_size_allocate (line, &area, -1);
  bo_matrix_line_place (BO_MATRIX_LINE (line), bo_matrix_line_get_title (BO_MATRIX_LINE (line)), &title);
}

static void
allocate_squares (BoMatrixView *self, int left)
{
  GHashTableIter iter;
  gpointer square;

  g_hash_table_iter_init (&iter, self->squares);
  while (g_hash_table_iter_next (&iter, NULL, &square))
    {
      guint row = bo_matrix_square_get_row (square);
      GdkRectangle strategy = bo_matrix_geometry_get_row (&self->geometry, row);
      GdkRectangle area = bo_matrix_geometry_get_square (&self->geometry, self->matrix, row,
                                                         bo_matrix_square_get_column (square));

      area.x -= left + (self->cards ? strategy.x : 0);
      area.y -= strategy.y;
      bo_matrix_line_place (g_ptr_array_index (self->lines, row), square, &area);
    }
}

static void
allocate_end (BoMatrixView *self, int top)
{
  GdkRectangle area = bo_matrix_geometry_get_end (&self->geometry);
  int minimum;

  area.y -= top;
  gtk_widget_measure (self->add_button, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
  area.width = MAX (area.width, minimum);
  gtk_widget_measure (self->add_button, GTK_ORIENTATION_VERTICAL, -1, &minimum, NULL, NULL, NULL);
  area.height = MAX (area.height, minimum);
  gtk_widget_set_child_visible (self->add_button, (area.y < gtk_widget_get_height (GTK_WIDGET (self)) && area.y + area.height > 0)
                                                    || gtk_widget_is_focus (self->add_button));
  gtk_widget_size_allocate (self->add_button, &area, -1);
}

static void
allocate_header_line (BoMatrixView *self, BoMatrixLine *line, int y, int height)
{
  GdkRectangle area = { 0, y, MAX (gtk_widget_get_width (GTK_WIDGET (self)), 1), height };

  gtk_widget_set_child_visible (GTK_WIDGET (line), !self->cards);
  bo_matrix_line_set_edge (line, BO_MATRIX_ROW_HEADER_WIDTH - BO_MATRIX_GAP / 2);
  if (!self->cards)
    gtk_widget_size_allocate (GTK_WIDGET (line), &area, -1);
}

static void
allocate_headers (BoMatrixView *self, int left)
{
  int height = BO_MATRIX_COLUMN_HEADER_HEIGHT - BO_MATRIX_GROUP_HEIGHT - 8;

  allocate_header_line (self, self->group_line, 4, BO_MATRIX_GROUP_HEIGHT);
  allocate_header_line (self, self->column_line, BO_MATRIX_GROUP_HEIGHT + 4, height);
  if (self->cards)
    return;
  for (guint column = 0; column < self->matrix->columns->len; column++)
    {
      GdkRectangle area = bo_matrix_geometry_get_square (&self->geometry, self->matrix, 0, column);

      area = (GdkRectangle) { area.x - left, 0, area.width, height };
      bo_matrix_line_place (self->column_line, g_ptr_array_index (self->column_headers, column), &area);
    }
  for (guint i = 0; i < self->matrix->groups->len; i++)
    {
      const BoMatrixGroup *group = g_ptr_array_index (self->matrix->groups, i);
      GdkRectangle area = bo_matrix_geometry_get_square (&self->geometry, self->matrix, 0, group->first);

      area.x -= left;
      area.y = 0;
      area.width += (int) (group->n - 1) * (BO_MATRIX_SQUARE_WIDTH + BO_MATRIX_GAP);
      area.height = BO_MATRIX_GROUP_HEIGHT;
      bo_matrix_line_place (self->group_line, g_ptr_array_index (self->group_headers, i), &area);
    }
}

static void
bo_matrix_view_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  BoMatrixView *self = BO_MATRIX_VIEW (widget);
  gboolean cards = width < CARDS_BELOW;
  int sizes[2];
  int pages[2] = { width, height };
  int left, top;

  if (self->matrix == NULL)
    return;
  if (cards != self->cards)
    {
      self->cards = cards;
      update_geometry (self);
      bo_matrix_cursor_reset (&self->cursor, &self->geometry, self->matrix);
      refresh_squares (self);
      if (self->cards_idle_id == 0)
        self->cards_idle_id = g_idle_add (tell_cards_cb, self);
    }
  update_geometry (self);
  sizes[GTK_ORIENTATION_HORIZONTAL] = bo_matrix_geometry_get_width (&self->geometry, self->matrix);
  sizes[GTK_ORIENTATION_VERTICAL] = bo_matrix_geometry_get_height (&self->geometry);
  for (guint i = 0; i < 2; i++)
    if (self->adjustments[i] != NULL)
      gtk_adjustment_configure (self->adjustments[i], get_scroll (self, i), 0, MAX (sizes[i], pages[i]),
                                pages[i] * 0.1, pages[i] * 0.9, pages[i]);

  update_squares (self);
  left = (int) get_scroll (self, GTK_ORIENTATION_HORIZONTAL);
  top = (int) get_scroll (self, GTK_ORIENTATION_VERTICAL);
  for (guint row = 0; row < self->matrix->rows->len; row++)
    allocate_line (self, row, top);
  allocate_squares (self, left);
  allocate_end (self, top);
  allocate_headers (self, left);
}

/* Squares end where the headers begin, rather than under them, so headers need no background. */
static void
bo_matrix_view_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  BoMatrixView *self = BO_MATRIX_VIEW (widget);
  float top = self->cards ? 0 : BO_MATRIX_COLUMN_HEADER_HEIGHT - BO_MATRIX_GAP / 2;
  float width = (float) gtk_widget_get_width (widget);
  float height = (float) gtk_widget_get_height (widget);

  if (self->matrix == NULL)
    return;
  gtk_snapshot_push_clip (snapshot, &GRAPHENE_RECT_INIT (0, top, width, MAX (height - top, 0)));
  for (guint i = 0; i < self->lines->len; i++)
    gtk_widget_snapshot_child (widget, g_ptr_array_index (self->lines, i), snapshot);
  gtk_widget_snapshot_child (widget, self->add_button, snapshot);
  gtk_snapshot_pop (snapshot);
  gtk_widget_snapshot_child (widget, GTK_WIDGET (self->column_line), snapshot);
  gtk_widget_snapshot_child (widget, GTK_WIDGET (self->group_line), snapshot);
}

static gboolean
bo_matrix_view_focus (GtkWidget *widget, GtkDirectionType direction)
{
  /* One stop of the Tab key; within it the arrow keys move. */
  if (gtk_widget_get_focus_child (widget) != NULL)
    return FALSE;
  return focus_cursor (BO_MATRIX_VIEW (widget));
}

static gboolean
bo_matrix_view_grab_focus (GtkWidget *widget)
{
  return focus_cursor (BO_MATRIX_VIEW (widget));
}

static void
value_changed_cb (GtkAdjustment *adjustment, gpointer user_data)
{
  gtk_widget_queue_allocate (GTK_WIDGET (user_data));
}

static void
set_adjustment (BoMatrixView *self, GtkOrientation orientation, GtkAdjustment *adjustment)
{
  GtkAdjustment **place = &self->adjustments[orientation];

  if (*place != NULL)
    g_signal_handlers_disconnect_by_func (*place, value_changed_cb, self);
  g_clear_object (place);
  if (adjustment == NULL)
    return;
  *place = g_object_ref_sink (adjustment);
  g_signal_connect_object (adjustment, "value-changed", G_CALLBACK (value_changed_cb), self, 0);
  gtk_widget_queue_allocate (GTK_WIDGET (self));
}

static void
bo_matrix_view_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  BoMatrixView *self = BO_MATRIX_VIEW (object);

  switch ((BoMatrixViewProperty) id)
    {
    case PROP_HADJUSTMENT:
      set_adjustment (self, GTK_ORIENTATION_HORIZONTAL, g_value_get_object (value));
      break;
    case PROP_VADJUSTMENT:
      set_adjustment (self, GTK_ORIENTATION_VERTICAL, g_value_get_object (value));
      break;
    case PROP_HSCROLL_POLICY:
      self->policies[GTK_ORIENTATION_HORIZONTAL] = g_value_get_enum (value);
      break;
    case PROP_VSCROLL_POLICY:
      self->policies[GTK_ORIENTATION_VERTICAL] = g_value_get_enum (value);
      break;
    case PROP_CARDS:
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
bo_matrix_view_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  BoMatrixView *self = BO_MATRIX_VIEW (object);

  switch ((BoMatrixViewProperty) id)
    {
    case PROP_CARDS:
      g_value_set_boolean (value, self->cards);
      break;
    case PROP_HADJUSTMENT:
      g_value_set_object (value, self->adjustments[GTK_ORIENTATION_HORIZONTAL]);
      break;
    case PROP_VADJUSTMENT:
      g_value_set_object (value, self->adjustments[GTK_ORIENTATION_VERTICAL]);
      break;
    case PROP_HSCROLL_POLICY:
      g_value_set_enum (value, self->policies[GTK_ORIENTATION_HORIZONTAL]);
      break;
    case PROP_VSCROLL_POLICY:
      g_value_set_enum (value, self->policies[GTK_ORIENTATION_VERTICAL]);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
bo_matrix_view_dispose (GObject *object)
{
  BoMatrixView *self = BO_MATRIX_VIEW (object);

  g_clear_handle_id (&self->cards_idle_id, g_source_remove);
  clear_children (self);
  set_adjustment (self, GTK_ORIENTATION_HORIZONTAL, NULL);
  set_adjustment (self, GTK_ORIENTATION_VERTICAL, NULL);

  G_OBJECT_CLASS (bo_matrix_view_parent_class)->dispose (object);
}

static void
bo_matrix_view_finalize (GObject *object)
{
  BoMatrixView *self = BO_MATRIX_VIEW (object);

  g_clear_pointer (&self->matrix, bo_matrix_unref);
  g_clear_pointer (&self->selection, bo_matrix_selection_free);
  g_free (self->open_cell);
  g_hash_table_unref (self->squares);
  g_ptr_array_unref (self->spare);
  g_ptr_array_unref (self->lines);
  g_ptr_array_unref (self->column_headers);
  g_ptr_array_unref (self->group_headers);

  G_OBJECT_CLASS (bo_matrix_view_parent_class)->finalize (object);
}

static void
add_move (GtkWidgetClass *klass, guint key, guint keypad, GdkModifierType modifiers, int rows, int columns, gboolean last)
{
  gtk_widget_class_add_binding (klass, key, modifiers, move_cb, "(iib)", rows, columns, last);
  gtk_widget_class_add_binding (klass, keypad, modifiers, move_cb, "(iib)", rows, columns, last);
}

static void
bo_matrix_view_class_init (BoMatrixViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->set_property = bo_matrix_view_set_property;
  object_class->get_property = bo_matrix_view_get_property;
  object_class->dispose = bo_matrix_view_dispose;
  object_class->finalize = bo_matrix_view_finalize;
  widget_class->measure = bo_matrix_view_measure;
  widget_class->size_allocate = bo_matrix_view_size_allocate;
  widget_class->snapshot = bo_matrix_view_snapshot;
  widget_class->focus = bo_matrix_view_focus;
  widget_class->grab_focus = bo_matrix_view_grab_focus;

  g_object_class_install_property (object_class, PROP_CARDS,
                                   g_param_spec_boolean ("cards", NULL, NULL, FALSE,
                                                         G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));
  g_object_class_override_property (object_class, PROP_HADJUSTMENT, "hadjustment");
  g_object_class_override_property (object_class, PROP_VADJUSTMENT, "vadjustment");
  g_object_class_override_property (object_class, PROP_HSCROLL_POLICY, "hscroll-policy");
  g_object_class_override_property (object_class, PROP_VSCROLL_POLICY, "vscroll-policy");

  /**
   * BoMatrixView::selection-changed: other cells are selected than before
   */
  selection_changed_signal = g_signal_new ("selection-changed", BO_TYPE_MATRIX_VIEW, G_SIGNAL_RUN_LAST, 0, NULL,
                                           NULL, NULL, G_TYPE_NONE, 0);

  /**
   * BoMatrixView::cell-activated:
   * @key: of the cell that the user wants to know all about
   */
  cell_activated_signal = g_signal_new ("cell-activated", BO_TYPE_MATRIX_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                        G_TYPE_NONE, 1, G_TYPE_STRING);

  /**
   * BoMatrixView::strategy-menu:
   * @row: the strategy that the user wants to do something with
   * @header: its name
   */
  strategy_menu_signal = g_signal_new ("strategy-menu", BO_TYPE_MATRIX_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                       G_TYPE_NONE, 2, G_TYPE_UINT, GTK_TYPE_WIDGET);

  add_move (widget_class, GDK_KEY_Up, GDK_KEY_KP_Up, 0, -1, 0, FALSE);
  add_move (widget_class, GDK_KEY_Down, GDK_KEY_KP_Down, 0, 1, 0, FALSE);
  add_move (widget_class, GDK_KEY_Left, GDK_KEY_KP_Left, 0, 0, -1, FALSE);
  add_move (widget_class, GDK_KEY_Right, GDK_KEY_KP_Right, 0, 0, 1, FALSE);
  add_move (widget_class, GDK_KEY_Home, GDK_KEY_KP_Home, 0, 0, -1, TRUE);
  add_move (widget_class, GDK_KEY_End, GDK_KEY_KP_End, 0, 0, 1, TRUE);
  add_move (widget_class, GDK_KEY_Home, GDK_KEY_KP_Home, GDK_CONTROL_MASK, -1, 0, TRUE);
  add_move (widget_class, GDK_KEY_End, GDK_KEY_KP_End, GDK_CONTROL_MASK, 1, 0, TRUE);
  add_move (widget_class, GDK_KEY_Page_Up, GDK_KEY_KP_Page_Up, 0, -1, 0, TRUE);
  add_move (widget_class, GDK_KEY_Page_Down, GDK_KEY_KP_Page_Down, 0, 1, 0, TRUE);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_space, 0, toggle_cb, "i", 0);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Return, 0, open_cb, NULL);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_KP_Enter, 0, open_cb, NULL);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Menu, 0, menu_cb, NULL);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_F10, GDK_SHIFT_MASK, menu_cb, NULL);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_space, GDK_SHIFT_MASK, toggle_cb, "i", 1);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_space, GDK_CONTROL_MASK, toggle_cb, "i", 2);

  gtk_widget_class_set_css_name (widget_class, "matrix");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GRID);
}

static void
bo_matrix_view_init (BoMatrixView *self)
{
  GtkGesture *click = gtk_gesture_click_new ();

  self->squares = g_hash_table_new_full (NULL, NULL, NULL, g_object_unref);
  self->spare = g_ptr_array_new_with_free_func (g_object_unref);
  self->lines = g_ptr_array_new ();
  self->column_headers = g_ptr_array_new ();
  self->group_headers = g_ptr_array_new ();
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  g_signal_connect (click, "pressed", G_CALLBACK (pressed_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));
}
