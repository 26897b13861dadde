/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-matrix-view"

#include "config.h"

#include <glib/gi18n.h>

#include "matrix/bo-matrix-geometry.h"
#include "matrix/bo-matrix-square.h"
#include "matrix/bo-matrix-view.h"

/*
 * The matrix on the screen. Names of strategies and columns stay where they
 * are while the squares are scrolled under them; only squares that are seen
 * exist as widgets, and they are used again for others. One of them has the
 * keyboard focus, and the arrow keys move it.
 */

/* Narrower than this, strategies become cards. */
#define CARDS_BELOW 560

struct _BoMatrixView
{
  GtkWidget parent_instance;

  /* Owned references */
  BoMatrix *matrix;
  GtkAdjustment *adjustments[2];
  GHashTable *squares; /* index of a square -> BoMatrixSquare, those that are seen */
  GPtrArray *spare;    /* BoMatrixSquare */
  guint8 *selected;

  /* Children, by row, column and group */
  GPtrArray *cards_behind;
  GPtrArray *row_headers;
  GPtrArray *column_headers;
  GPtrArray *group_headers;

  GtkScrollablePolicy policies[2];
  BoMatrixGeometry geometry;
  gboolean cards;
  guint group;
  guint cursor_row;
  guint cursor_column;
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

G_DEFINE_FINAL_TYPE_WITH_CODE (BoMatrixView, bo_matrix_view, GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (GTK_TYPE_SCROLLABLE, NULL))

static guint
get_index (BoMatrixView *self, guint row, guint column)
{
  return row * self->matrix->columns->len + column;
}

static const BoSquare *
get_square (BoMatrixView *self, guint row, guint column)
{
  return bo_matrix_get_square (self->matrix, row, column);
}

static gboolean
is_shown (BoMatrixView *self, guint column)
{
  return column >= self->geometry.first && column < self->geometry.first + self->geometry.n_columns;
}

static gboolean
is_present (BoMatrixView *self, guint row, guint column)
{
  return is_shown (self, column) && get_square (self, row, column)->cell != NULL;
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

static void
show_square (BoMatrixView *self, BoMatrixSquare *square, guint row, guint column)
{
  bo_matrix_square_show (square, self->matrix, row, column, self->cards);
  bo_matrix_square_set_selected (square, self->selected[get_index (self, row, column)] != 0);
  gtk_widget_set_child_visible (GTK_WIDGET (square), TRUE);
}

static BoMatrixSquare *
take_square (BoMatrixView *self)
{
  BoMatrixSquare *square;

  if (self->spare->len > 0)
    return g_ptr_array_steal_index_fast (self->spare, self->spare->len - 1);
  square = bo_matrix_square_new ();
  /* Below the headers, and above the cards, which come first. */
  gtk_widget_insert_after (GTK_WIDGET (square), GTK_WIDGET (self),
                           self->cards_behind->len > 0
                             ? g_ptr_array_index (self->cards_behind, self->cards_behind->len - 1)
                             : NULL);
  return square;
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
  gpointer key, value;
  guint first, last;

  if (self->matrix == NULL || self->matrix->columns->len == 0)
    return;
  g_hash_table_iter_init (&iter, self->squares);
  while (g_hash_table_iter_next (&iter, &key, &value))
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
      g_hash_table_iter_remove (&iter);
    }

  bo_matrix_geometry_find_rows (&self->geometry, top, bottom, &first, &last);
  for (guint row = first; row < last; row++)
    for (guint column = 0; column < self->matrix->columns->len; column++)
      {
        guint index;
        BoMatrixSquare *square;

        if (!is_present (self, row, column) || !is_seen (self, row, column, left, right, top, bottom))
          continue;
        index = get_index (self, row, column);
        if (g_hash_table_contains (self->squares, GUINT_TO_POINTER (index)))
          continue;
        square = take_square (self);
        show_square (self, square, row, column);
        g_hash_table_insert (self->squares, GUINT_TO_POINTER (index), square);
      }
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

static void
selection_changed (BoMatrixView *self)
{
  GHashTableIter iter;
  gpointer key, square;

  g_hash_table_iter_init (&iter, self->squares);
  while (g_hash_table_iter_next (&iter, &key, &square))
    bo_matrix_square_set_selected (square, self->selected[GPOINTER_TO_UINT (key)] != 0);
  g_signal_emit (self, selection_changed_signal, 0);
}

static void
toggle (BoMatrixView *self, guint row, guint column)
{
  if (!is_present (self, row, column))
    return;
  self->selected[get_index (self, row, column)] ^= 1;
  selection_changed (self);
}

/* All of what is in a row or column: selected, or when they were already, not. */
static void
toggle_range (BoMatrixView *self, guint first_row, guint n_rows, guint first_column, guint n_columns)
{
  gboolean all = TRUE;

  for (guint pass = 0; pass < 2; pass++)
    for (guint row = first_row; row < first_row + n_rows; row++)
      for (guint column = first_column; column < first_column + n_columns; column++)
        {
          if (!is_present (self, row, column))
            continue;
          if (pass == 0)
            all &= self->selected[get_index (self, row, column)] != 0;
          else
            self->selected[get_index (self, row, column)] = !all;
        }
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

/**
 * bo_matrix_view_choose:
 * @self: the view
 * @choice: which cells, of the whole study
 */
void
bo_matrix_view_choose (BoMatrixView *self, BoMatrixChoice choice)
{
  g_return_if_fail (BO_IS_MATRIX_VIEW (self));

  if (self->matrix == NULL)
    return;
  for (guint row = 0; row < self->matrix->rows->len; row++)
    for (guint column = 0; column < self->matrix->columns->len; column++)
      {
        const BoSquare *square = get_square (self, row, column);

        self->selected[get_index (self, row, column)]
          = square->cell != NULL
            && (choice == BO_MATRIX_CHOICE_ALL
                || (choice == BO_MATRIX_CHOICE_MISSING && bo_square_is_missing (square)));
      }
  selection_changed (self);
}

/**
 * bo_matrix_view_get_selection:
 *
 * Returns: (transfer container) (element-type BoCell): the selected cells, borrowed from the matrix
 */
GPtrArray *
bo_matrix_view_get_selection (BoMatrixView *self)
{
  GPtrArray *cells = g_ptr_array_new ();

  g_return_val_if_fail (BO_IS_MATRIX_VIEW (self), cells);

  if (self->matrix == NULL)
    return cells;
  for (guint row = 0; row < self->matrix->rows->len; row++)
    for (guint column = 0; column < self->matrix->columns->len; column++)
      if (self->selected[get_index (self, row, column)])
        g_ptr_array_add (cells, get_square (self, row, column)->cell);
  return cells;
}

/* How many widgets there are for squares, which must not grow with the matrix. */
guint
bo_matrix_view_count_widgets (BoMatrixView *self)
{
  g_return_val_if_fail (BO_IS_MATRIX_VIEW (self), 0);

  return g_hash_table_size (self->squares) + self->spare->len;
}

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

static gboolean
focus_cursor (BoMatrixView *self)
{
  GdkRectangle area;
  GtkWidget *square;
  gpointer key;

  if (self->matrix == NULL || !is_present (self, self->cursor_row, self->cursor_column))
    return FALSE;
  area = bo_matrix_geometry_get_square (&self->geometry, self->matrix, self->cursor_row, self->cursor_column);
  scroll_into (self->adjustments[GTK_ORIENTATION_HORIZONTAL], area.x, area.x + area.width,
               self->cards ? 0 : BO_MATRIX_ROW_HEADER_WIDTH);
  scroll_into (self->adjustments[GTK_ORIENTATION_VERTICAL], area.y, area.y + area.height,
               self->cards ? BO_MATRIX_CARD_TITLE_HEIGHT : BO_MATRIX_COLUMN_HEADER_HEIGHT);
  update_squares (self);
  key = GUINT_TO_POINTER (get_index (self, self->cursor_row, self->cursor_column));
  square = g_hash_table_lookup (self->squares, key);
  if (square == NULL)
    {
      /* Before the first allocation nothing is seen yet. */
      square = GTK_WIDGET (take_square (self));
      show_square (self, BO_MATRIX_SQUARE (square), self->cursor_row, self->cursor_column);
      g_hash_table_insert (self->squares, key, square);
    }
  return gtk_widget_grab_focus (square);
}

static gboolean
move_to (BoMatrixView *self, guint row, guint column)
{
  self->cursor_row = row;
  self->cursor_column = column;
  return focus_cursor (self);
}

/* The nearest square in a direction that there is; @last: the farthest. */
static gboolean
move_by (BoMatrixView *self, int rows, int columns, gboolean last)
{
  int row = (int) self->cursor_row + rows;
  int column = (int) self->cursor_column + columns;
  gboolean found = FALSE;

  if (self->matrix == NULL)
    return FALSE;
  for (; row >= 0 && row < (int) self->matrix->rows->len && column >= 0
         && column < (int) self->matrix->columns->len && (last || !found);
       row += rows, column += columns)
    if (is_present (self, (guint) row, (guint) column))
      {
        self->cursor_row = (guint) row;
        self->cursor_column = (guint) column;
        found = TRUE;
      }
  if (!found)
    return FALSE;
  return focus_cursor (self);
}

/* The first square from the top left; for a start, and when the one that had the cursor went away. */
static void
reset_cursor (BoMatrixView *self)
{
  if (self->matrix == NULL
      || (self->cursor_row < self->matrix->rows->len && self->cursor_column < self->matrix->columns->len
          && is_present (self, self->cursor_row, self->cursor_column)))
    return;
  for (guint row = 0; row < self->matrix->rows->len; row++)
    for (guint column = 0; column < self->matrix->columns->len; column++)
      if (is_present (self, row, column))
        {
          self->cursor_row = row;
          self->cursor_column = column;
          return;
        }
}

static gboolean
move_cb (GtkWidget *widget, GVariant *args, gpointer user_data)
{
  BoMatrixView *self = BO_MATRIX_VIEW (widget);
  int rows, columns;
  gboolean last;

  g_variant_get (args, "(iib)", &rows, &columns, &last);
  if (gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL && !self->cards)
    columns = -columns;
  /* In a card, the next row of squares is the next strategy; at an end the focus stays. */
  if (!move_by (self, rows, columns, last))
    gtk_widget_error_bell (widget);
  return TRUE;
}

static gboolean
toggle_cb (GtkWidget *widget, GVariant *args, gpointer user_data)
{
  BoMatrixView *self = BO_MATRIX_VIEW (widget);

  if (self->matrix == NULL)
    return FALSE;
  switch (g_variant_get_int32 (args))
    {
    case 0:
      toggle (self, self->cursor_row, self->cursor_column);
      break;
    case 1:
      bo_matrix_view_toggle_row (self, self->cursor_row);
      break;
    default:
      bo_matrix_view_toggle_column (self, self->cursor_column);
    }
  return TRUE;
}

static void
pressed_cb (GtkGestureClick *gesture, int n_press, double x, double y, gpointer user_data)
{
  BoMatrixView *self = user_data;
  GtkWidget *square = gtk_widget_pick (GTK_WIDGET (self), x, y, GTK_PICK_DEFAULT);

  if (square != NULL && !BO_IS_MATRIX_SQUARE (square))
    square = gtk_widget_get_ancestor (square, BO_TYPE_MATRIX_SQUARE);
  if (square == NULL)
    return;
  move_to (self, bo_matrix_square_get_row (BO_MATRIX_SQUARE (square)),
           bo_matrix_square_get_column (BO_MATRIX_SQUARE (square)));
  toggle (self, self->cursor_row, self->cursor_column);
}

static void
row_clicked_cb (GtkButton *button, gpointer user_data)
{
  bo_matrix_view_toggle_row (user_data, GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (button), "index")));
}

static void
column_clicked_cb (GtkButton *button, gpointer user_data)
{
  bo_matrix_view_toggle_column (user_data, GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (button), "index")));
}

static void
group_clicked_cb (GtkButton *button, gpointer user_data)
{
  BoMatrixView *self = user_data;
  const BoMatrixGroup *group;

  group = g_ptr_array_index (self->matrix->groups,
                             GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (button), "index")));
  toggle_range (self, 0, self->matrix->rows->len, group->first, group->n);
}

/* Not in the focus chain: Shift and Space selects the row of the focus, Control and Space its column. */
static GtkWidget *
add_header (BoMatrixView *self, GPtrArray *headers, GtkWidget *child, const char *css_class, const char *tooltip)
{
  GtkWidget *button = gtk_button_new ();

  gtk_button_set_child (GTK_BUTTON (button), child);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_add_css_class (button, css_class);
  gtk_widget_set_focusable (button, FALSE);
  gtk_widget_set_tooltip_text (button, tooltip);
  g_object_set_data (G_OBJECT (button), "index", GUINT_TO_POINTER (headers->len));
  gtk_widget_set_parent (button, GTK_WIDGET (self));
  g_ptr_array_add (headers, button);
  return button;
}

static GtkWidget *
make_label (const char *text, const char *css_class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  if (css_class != NULL)
    gtk_widget_add_css_class (label, css_class);
  return label;
}

static GtkWidget *
make_row_title (const BoMatrixRow *row)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *subtitle = make_label (row->subtitle, "caption");

  gtk_box_append (GTK_BOX (line), make_label (row->title, "heading"));
  if (row->baseline)
    {
      GtkWidget *pill = make_label (_ ("baseline"), "caption");

      gtk_widget_add_css_class (pill, "pill-label");
      gtk_widget_set_valign (pill, GTK_ALIGN_CENTER);
      gtk_box_append (GTK_BOX (line), pill);
    }
  gtk_widget_add_css_class (subtitle, "dim-label");
  gtk_box_append (GTK_BOX (box), line);
  gtk_box_append (GTK_BOX (box), subtitle);
  gtk_widget_set_valign (box, GTK_ALIGN_CENTER);
  return box;
}

static void
make_headers (BoMatrixView *self)
{
  for (guint i = 0; i < self->matrix->rows->len; i++)
    {
      const BoMatrixRow *row = g_ptr_array_index (self->matrix->rows, i);
      g_autofree char *tooltip = g_strdup_printf ("%s\n%s", row->title, row->subtitle);
      GtkWidget *card = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

      gtk_widget_add_css_class (card, "card");
      gtk_widget_insert_after (card, GTK_WIDGET (self),
                               i > 0 ? g_ptr_array_index (self->cards_behind, i - 1) : NULL);
      g_ptr_array_add (self->cards_behind, card);
      g_signal_connect_object (add_header (self, self->row_headers, make_row_title (row), "row-header", tooltip),
                               "clicked", G_CALLBACK (row_clicked_cb), self, 0);
    }
  for (guint i = 0; i < self->matrix->columns->len; i++)
    {
      const BoMatrixColumn *column = g_ptr_array_index (self->matrix->columns, i);

      g_signal_connect_object (add_header (self, self->column_headers, make_label (column->title, "caption-heading"),
                                           "column-header", _ ("Select or deselect the column")),
                               "clicked", G_CALLBACK (column_clicked_cb), self, 0);
    }
  for (guint i = 0; i < self->matrix->groups->len; i++)
    {
      const BoMatrixGroup *group = g_ptr_array_index (self->matrix->groups, i);
      GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
      GtkWidget *subtitle = make_label (group->subtitle, "caption");
      g_autofree char *tooltip = g_strdup_printf ("%s, %s", group->title, group->subtitle);

      gtk_widget_add_css_class (subtitle, "dim-label");
      gtk_box_append (GTK_BOX (line), make_label (group->title, "heading"));
      gtk_box_append (GTK_BOX (line), subtitle);
      g_signal_connect_object (add_header (self, self->group_headers, line, "group-header", tooltip), "clicked",
                               G_CALLBACK (group_clicked_cb), self, 0);
    }
}

static void
clear_children (BoMatrixView *self)
{
  GtkWidget *child;

  g_hash_table_remove_all (self->squares);
  g_ptr_array_set_size (self->spare, 0);
  g_ptr_array_set_size (self->cards_behind, 0);
  g_ptr_array_set_size (self->row_headers, 0);
  g_ptr_array_set_size (self->column_headers, 0);
  g_ptr_array_set_size (self->group_headers, 0);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
}

/**
 * bo_matrix_view_set_matrix:
 * @self: the view
 * @matrix: what it shows; cells that were selected before stay so
 */
void
bo_matrix_view_set_matrix (BoMatrixView *self, BoMatrix *matrix)
{
  g_autoptr (GHashTable) before = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GPtrArray) cells = NULL;

  g_return_if_fail (BO_IS_MATRIX_VIEW (self));
  g_return_if_fail (matrix != NULL);

  cells = bo_matrix_view_get_selection (self);
  for (guint i = 0; i < cells->len; i++)
    g_hash_table_add (before, bo_cell_get_key (g_ptr_array_index (cells, i)));

  clear_children (self);
  bo_matrix_ref (matrix);
  g_clear_pointer (&self->matrix, bo_matrix_unref);
  self->matrix = matrix;
  g_free (self->selected);
  self->selected = g_new0 (guint8, MAX (matrix->rows->len * matrix->columns->len, 1));
  for (guint row = 0; row < matrix->rows->len; row++)
    for (guint column = 0; column < matrix->columns->len; column++)
      {
        const BoCell *cell = get_square (self, row, column)->cell;
        g_autofree char *key = cell != NULL ? bo_cell_get_key (cell) : NULL;

        self->selected[get_index (self, row, column)] = key != NULL && g_hash_table_contains (before, key);
      }
  if (self->group >= matrix->groups->len)
    self->group = 0;
  make_headers (self);
  update_geometry (self);
  reset_cursor (self);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, matrix->study->name,
                                  GTK_ACCESSIBLE_PROPERTY_MULTI_SELECTABLE, TRUE, -1);
  gtk_accessible_update_relation (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_RELATION_ROW_COUNT, (int) matrix->rows->len,
                                  GTK_ACCESSIBLE_RELATION_COL_COUNT, (int) matrix->columns->len, -1);
  gtk_widget_queue_resize (GTK_WIDGET (self));
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
  reset_cursor (self);
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
allocate_child (GtkWidget *child, GdkRectangle area)
{
  int width, height;

  /* Text in a large font may need more than its place; it is cut off by the widget, not moved. */
  gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, &width, NULL, NULL, NULL);
  area.width = MAX (area.width, width);
  gtk_widget_measure (child, GTK_ORIENTATION_VERTICAL, area.width, &height, NULL, NULL, NULL);
  area.height = MAX (area.height, height);
  gtk_widget_size_allocate (child, &area, -1);
}

static void
allocate_headers (BoMatrixView *self, int left, int top)
{
  for (guint row = 0; row < self->matrix->rows->len; row++)
    {
      GdkRectangle area = bo_matrix_geometry_get_row (&self->geometry, row);
      GtkWidget *card = g_ptr_array_index (self->cards_behind, row);

      area.y -= top;
      gtk_widget_set_child_visible (card, self->cards);
      if (self->cards)
        {
          allocate_child (card, area);
          area.x += 4;
          area.width -= 8;
          area.height = BO_MATRIX_CARD_TITLE_HEIGHT;
        }
      allocate_child (g_ptr_array_index (self->row_headers, row), area);
    }
  for (guint column = 0; column < self->matrix->columns->len; column++)
    {
      GtkWidget *header = g_ptr_array_index (self->column_headers, column);

      gtk_widget_set_child_visible (header, !self->cards);
      if (!self->cards)
        {
          GdkRectangle area = bo_matrix_geometry_get_square (&self->geometry, self->matrix, 0, column);

          area.x -= left;
          area.y = BO_MATRIX_GROUP_HEIGHT + 4;
          area.height = BO_MATRIX_COLUMN_HEADER_HEIGHT - BO_MATRIX_GROUP_HEIGHT - 8;
          allocate_child (header, area);
        }
    }
  for (guint i = 0; i < self->matrix->groups->len; i++)
    {
      GtkWidget *header = g_ptr_array_index (self->group_headers, i);

      gtk_widget_set_child_visible (header, !self->cards);
      if (!self->cards)
        {
          const BoMatrixGroup *group = g_ptr_array_index (self->matrix->groups, i);
          GdkRectangle area = bo_matrix_geometry_get_square (&self->geometry, self->matrix, 0, group->first);

          area.x -= left;
          area.y = 4;
          area.width += (int) (group->n - 1) * (BO_MATRIX_SQUARE_WIDTH + BO_MATRIX_GAP);
          area.height = BO_MATRIX_GROUP_HEIGHT;
          allocate_child (header, area);
        }
    }
}

static void
bo_matrix_view_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  BoMatrixView *self = BO_MATRIX_VIEW (widget);
  gboolean cards = width < CARDS_BELOW;
  int sizes[2];
  int pages[2] = { width, height };
  GHashTableIter iter;
  gpointer square;
  int left, top;

  if (self->matrix == NULL)
    return;
  if (cards != self->cards)
    {
      self->cards = cards;
      update_geometry (self);
      reset_cursor (self);
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
  g_hash_table_iter_init (&iter, self->squares);
  while (g_hash_table_iter_next (&iter, NULL, &square))
    {
      GdkRectangle area = bo_matrix_geometry_get_square (&self->geometry, self->matrix,
                                                         bo_matrix_square_get_row (square),
                                                         bo_matrix_square_get_column (square));

      area.x -= left;
      area.y -= top;
      allocate_child (square, area);
    }
  allocate_headers (self, left, top);
}

static GPtrArray *
list_squares (BoMatrixView *self)
{
  GPtrArray *squares = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer square;

  g_hash_table_iter_init (&iter, self->squares);
  while (g_hash_table_iter_next (&iter, NULL, &square))
    g_ptr_array_add (squares, square);
  return squares;
}

static void
snapshot_all (BoMatrixView *self, GPtrArray *children, GtkSnapshot *snapshot, float x, float y)
{
  int width = gtk_widget_get_width (GTK_WIDGET (self));
  int height = gtk_widget_get_height (GTK_WIDGET (self));

  gtk_snapshot_push_clip (snapshot, &GRAPHENE_RECT_INIT (x, y, MAX ((float) width - x, 0),
                                                          MAX ((float) height - y, 0)));
  for (guint i = 0; i < children->len; i++)
    gtk_widget_snapshot_child (GTK_WIDGET (self), g_ptr_array_index (children, i), snapshot);
  gtk_snapshot_pop (snapshot);
}

/* Squares end where the headers begin, rather than under them, so headers need no background. */
static void
bo_matrix_view_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  BoMatrixView *self = BO_MATRIX_VIEW (widget);
  float left = self->cards ? 0 : BO_MATRIX_ROW_HEADER_WIDTH - BO_MATRIX_GAP / 2;
  float top = self->cards ? 0 : BO_MATRIX_COLUMN_HEADER_HEIGHT - BO_MATRIX_GAP / 2;
  g_autoptr (GPtrArray) squares = list_squares (self);

  snapshot_all (self, self->cards_behind, snapshot, 0, 0);
  snapshot_all (self, squares, snapshot, left, top);
  snapshot_all (self, self->row_headers, snapshot, 0, top);
  snapshot_all (self, self->column_headers, snapshot, left, 0);
  snapshot_all (self, self->group_headers, snapshot, left, 0);
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
  g_clear_pointer (&self->selected, g_free);
  g_hash_table_unref (self->squares);
  g_ptr_array_unref (self->spare);
  g_ptr_array_unref (self->cards_behind);
  g_ptr_array_unref (self->row_headers);
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
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Return, 0, toggle_cb, "i", 0);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_KP_Enter, 0, toggle_cb, "i", 0);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_space, GDK_SHIFT_MASK, toggle_cb, "i", 1);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_space, GDK_CONTROL_MASK, toggle_cb, "i", 2);

  gtk_widget_class_set_css_name (widget_class, "matrix");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GRID);
}

static void
bo_matrix_view_init (BoMatrixView *self)
{
  GtkGesture *click = gtk_gesture_click_new ();

  self->squares = g_hash_table_new (NULL, NULL);
  self->spare = g_ptr_array_new ();
  self->cards_behind = g_ptr_array_new ();
  self->row_headers = g_ptr_array_new ();
  self->column_headers = g_ptr_array_new ();
  self->group_headers = g_ptr_array_new ();
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  g_signal_connect (click, "pressed", G_CALLBACK (pressed_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));
}
