/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-matrix-line"

#include "config.h"

#include "matrix/bo-matrix-line.h"

/*
 * A row of the matrix, for the screen reader as well: a title that stays where it is, and what is scrolled beside
 * it, which ends where the title begins. The view says where each child stands.
 */

struct _BoMatrixLine
{
  GtkWidget parent_instance;

  GtkWidget *title;
  int edge;
};

G_DEFINE_FINAL_TYPE (BoMatrixLine, bo_matrix_line, GTK_TYPE_WIDGET)

static void
bo_matrix_line_measure (GtkWidget *widget,
                        GtkOrientation orientation,
                        int for_size,
                        int *minimum,
                        int *natural,
                        int *minimum_baseline,
                        int *natural_baseline)
{
  *minimum = *natural = 0;
}

static void
bo_matrix_line_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  BoMatrixLine *self = BO_MATRIX_LINE (widget);
  float height = (float) gtk_widget_get_height (widget);
  float width = (float) gtk_widget_get_width (widget);

  /* Wide enough above and below for the outline of what has the focus. */
  if (self->edge > 0)
    gtk_snapshot_push_clip (snapshot, &GRAPHENE_RECT_INIT ((float) self->edge, -4, MAX (width - (float) self->edge, 0),
                                                            height + 8));
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    if (child != self->title)
      gtk_widget_snapshot_child (widget, child, snapshot);
  if (self->edge > 0)
    gtk_snapshot_pop (snapshot);
  if (self->title != NULL)
    gtk_widget_snapshot_child (widget, self->title, snapshot);
}

static void
bo_matrix_line_dispose (GObject *object)
{
  BoMatrixLine *self = BO_MATRIX_LINE (object);
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  self->title = NULL;

  G_OBJECT_CLASS (bo_matrix_line_parent_class)->dispose (object);
}

static void
bo_matrix_line_class_init (BoMatrixLineClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bo_matrix_line_dispose;
  widget_class->measure = bo_matrix_line_measure;
  widget_class->snapshot = bo_matrix_line_snapshot;
  gtk_widget_class_set_css_name (widget_class, "line");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_ROW);
}

static void
bo_matrix_line_init (BoMatrixLine *self)
{
}

BoMatrixLine *
bo_matrix_line_new (void)
{
  return g_object_new (BO_TYPE_MATRIX_LINE, NULL);
}

/* Once, before anything else is added: it is above the others, for the pointer too. */
void
bo_matrix_line_set_title (BoMatrixLine *self, GtkWidget *title)
{
  g_return_if_fail (BO_IS_MATRIX_LINE (self));
  g_return_if_fail (GTK_IS_WIDGET (title) && self->title == NULL);

  self->title = title;
  gtk_widget_set_parent (title, GTK_WIDGET (self));
}

GtkWidget *
bo_matrix_line_get_title (BoMatrixLine *self)
{
  g_return_val_if_fail (BO_IS_MATRIX_LINE (self), NULL);

  return self->title;
}

void
bo_matrix_line_add (BoMatrixLine *self, GtkWidget *child)
{
  g_return_if_fail (BO_IS_MATRIX_LINE (self));
  g_return_if_fail (GTK_IS_WIDGET (child));

  if (self->title != NULL)
    gtk_widget_insert_before (child, GTK_WIDGET (self), self->title);
  else
    gtk_widget_set_parent (child, GTK_WIDGET (self));
}

/**
 * bo_matrix_line_set_edge:
 * @self: a line
 * @edge: where the title ends and the others may be seen, or 0 when nothing is scrolled
 */
void
bo_matrix_line_set_edge (BoMatrixLine *self, int edge)
{
  g_return_if_fail (BO_IS_MATRIX_LINE (self));

  if (edge == self->edge)
    return;
  self->edge = edge;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* Text in a large font may need more than its place; it is cut off by the widget, not moved. */
void
bo_matrix_line_place (BoMatrixLine *self, GtkWidget *child, const GdkRectangle *area)
{
  GdkRectangle given = *area;
  int width, height;

  g_return_if_fail (BO_IS_MATRIX_LINE (self));

  gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, &width, NULL, NULL, NULL);
  given.width = MAX (given.width, width);
  gtk_widget_measure (child, GTK_ORIENTATION_VERTICAL, given.width, &height, NULL, NULL, NULL);
  given.height = MAX (given.height, height);
  gtk_widget_size_allocate (child, &given, -1);
}
