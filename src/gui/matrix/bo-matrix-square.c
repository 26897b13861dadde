/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-matrix-square"

#include "config.h"

#include <glib/gi18n.h>

#include "matrix/bo-matrix-square.h"
#include "matrix/bo-spread-strip.h"

/* One cell of the matrix on the screen. The view moves it from cell to cell while it is scrolled. */

struct _BoMatrixSquare
{
  GtkWidget parent_instance;

  /* Template widgets */
  GtkLabel *caption;
  GtkImage *icon;
  GtkLabel *value;
  GtkLabel *detail;
  GtkImage *check;
  BoSpreadStrip *spread;
  GtkProgressBar *progress;

  guint row;
  guint column;
  const char *state_class;
};

static guint activated_signal;

G_DEFINE_FINAL_TYPE (BoMatrixSquare, bo_matrix_square, GTK_TYPE_WIDGET)

static void
info_clicked_cb (GtkButton *button, gpointer user_data)
{
  g_signal_emit (user_data, activated_signal, 0);
}

static void
bo_matrix_square_dispose (GObject *object)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))) != NULL)
    gtk_widget_unparent (child);
  gtk_widget_dispose_template (GTK_WIDGET (object), BO_TYPE_MATRIX_SQUARE);

  G_OBJECT_CLASS (bo_matrix_square_parent_class)->dispose (object);
}

static void
bo_matrix_square_class_init (BoMatrixSquareClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bo_matrix_square_dispose;

  /**
   * BoMatrixSquare::activated: the user wants to know all about it
   */
  activated_signal = g_signal_new ("activated", BO_TYPE_MATRIX_SQUARE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 0);

  g_type_ensure (BO_TYPE_SPREAD_STRIP);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/bakeoff/Bakeoff/bo-matrix-square.ui");
  gtk_widget_class_bind_template_child (widget_class, BoMatrixSquare, caption);
  gtk_widget_class_bind_template_child (widget_class, BoMatrixSquare, icon);
  gtk_widget_class_bind_template_child (widget_class, BoMatrixSquare, value);
  gtk_widget_class_bind_template_child (widget_class, BoMatrixSquare, detail);
  gtk_widget_class_bind_template_child (widget_class, BoMatrixSquare, check);
  gtk_widget_class_bind_template_child (widget_class, BoMatrixSquare, spread);
  gtk_widget_class_bind_template_child (widget_class, BoMatrixSquare, progress);
  gtk_widget_class_bind_template_callback (widget_class, info_clicked_cb);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "square");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GRID_CELL);
}

static void
bo_matrix_square_init (BoMatrixSquare *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  bo_matrix_square_set_selected (self, FALSE);
}

BoMatrixSquare *
bo_matrix_square_new (void)
{
  return g_object_new (BO_TYPE_MATRIX_SQUARE, NULL);
}

/**
 * bo_matrix_square_show:
 * @self: a square
 * @matrix: the matrix
 * @row, @column: which of its squares
 * @caption: whether the square names its column
 */
void
bo_matrix_square_show (BoMatrixSquare *self, const BoMatrix *matrix, guint row, guint column, gboolean caption)
{
  const BoSquare *square = bo_matrix_get_square (matrix, row, column);
  const BoMatrixColumn *which = g_ptr_array_index (matrix->columns, column);
  const BoMatrixGroup *group = g_ptr_array_index (matrix->groups, which->group);
  const BoMatrixRow *strategy = g_ptr_array_index (matrix->rows, row);
  const char *icon = bo_square_state_get_icon (square->state);
  g_autofree char *name = NULL;

  g_return_if_fail (BO_IS_MATRIX_SQUARE (self));

  self->row = row;
  self->column = column;
  gtk_widget_set_visible (GTK_WIDGET (self->caption), caption);
  gtk_label_set_text (self->caption, which->title);
  gtk_widget_set_visible (GTK_WIDGET (self->icon), icon != NULL);
  gtk_image_set_from_icon_name (self->icon, icon);
  gtk_label_set_text (self->value, square->value);
  gtk_label_set_text (self->detail, square->detail);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), square->text);
  gtk_widget_set_visible (GTK_WIDGET (self->progress), square->progress >= 0);
  gtk_progress_bar_set_fraction (self->progress, CLAMP (square->progress, 0, 1));
  gtk_widget_set_visible (GTK_WIDGET (self->spread), square->progress < 0 && square->runs->len > 0);
  bo_spread_strip_set_runs (self->spread, square->runs, which->longest_us);

  if (self->state_class != bo_square_state_get_css_class (square->state))
    {
      if (self->state_class != NULL)
        gtk_widget_remove_css_class (GTK_WIDGET (self), self->state_class);
      self->state_class = bo_square_state_get_css_class (square->state);
      gtk_widget_add_css_class (GTK_WIDGET (self), self->state_class);
    }

  /* TRANSLATORS: strategy, base image, builder, condition */
  name = g_strdup_printf (_ ("%s, %s, %s, %s"), strategy->title, group->title, group->subtitle, which->title);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, name,
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, square->text,
                                  -1);
}

void
bo_matrix_square_set_selected (BoMatrixSquare *self, gboolean selected)
{
  g_return_if_fail (BO_IS_MATRIX_SQUARE (self));

  if (selected)
    gtk_widget_set_state_flags (GTK_WIDGET (self), GTK_STATE_FLAG_CHECKED, FALSE);
  else
    gtk_widget_unset_state_flags (GTK_WIDGET (self), GTK_STATE_FLAG_CHECKED);
  gtk_image_set_from_icon_name (self->check, selected ? "object-select-symbolic" : NULL);
  gtk_accessible_update_state (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_STATE_SELECTED, selected, -1);
}

/* Whether it is the one that is told about beside the matrix. */
void
bo_matrix_square_set_open (BoMatrixSquare *self, gboolean open)
{
  g_return_if_fail (BO_IS_MATRIX_SQUARE (self));

  if (open)
    gtk_widget_add_css_class (GTK_WIDGET (self), "open");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "open");
}

guint
bo_matrix_square_get_row (BoMatrixSquare *self)
{
  g_return_val_if_fail (BO_IS_MATRIX_SQUARE (self), 0);

  return self->row;
}

guint
bo_matrix_square_get_column (BoMatrixSquare *self)
{
  g_return_val_if_fail (BO_IS_MATRIX_SQUARE (self), 0);

  return self->column;
}
