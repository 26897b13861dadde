/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-card-grid"

#include "config.h"

#include "results/bo-card-grid.h"

/*
 * Cards, two beside each other where there is room for two and equally high
 * then, else one below the other. A card that is alone in its line has all of it.
 * Packed, each keeps its own height and goes into the column that ends first.
 *
 * Not a GtkFlowBox: that makes a widget with a focus of its own around each,
 * and asks each card for its height at a dozen widths.
 */

#define SPACING 16
/* A chart needs about that much for its names before the bars. */
#define COLUMN_WIDTH 460

struct _BoCardGrid
{
  GtkWidget parent_instance;

  gboolean packed;
};

G_DEFINE_FINAL_TYPE (BoCardGrid, bo_card_grid, GTK_TYPE_WIDGET)

enum
{
  PROP_0,
  PROP_PACKED,
};

static guint
get_n_columns (int width)
{
  return width >= 2 * COLUMN_WIDTH + SPACING ? 2 : 1;
}

static GtkWidget *
next_visible (GtkWidget *child)
{
  while (child != NULL && !gtk_widget_should_layout (child))
    child = gtk_widget_get_next_sibling (child);
  return child;
}

/* Goes through the lines: measures each, and places its cards when @place. Returns the height of all. */
static int
lay_out (GtkWidget *widget, int width, gboolean place)
{
  guint n_columns = get_n_columns (width);
  gboolean mirrored = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  GtkWidget *child = next_visible (gtk_widget_get_first_child (widget));
  int y = 0;

  while (child != NULL)
    {
      GtkWidget *second = n_columns > 1 ? next_visible (gtk_widget_get_next_sibling (child)) : NULL;
      GtkWidget *cards[2] = { child, second };
      int column_width = second != NULL ? (width - SPACING) / 2 : width;
      int line_height = 0;

      for (guint i = 0; i < 2 && cards[i] != NULL; i++)
        {
          int height;

          gtk_widget_measure (cards[i], GTK_ORIENTATION_VERTICAL, column_width, NULL, &height, NULL, NULL);
          line_height = MAX (line_height, height);
        }
      for (guint i = 0; place && i < 2 && cards[i] != NULL; i++)
        {
          int x = (i == 1) != (mirrored && second != NULL) ? width - column_width : 0;

          gtk_widget_size_allocate (cards[i], &(GdkRectangle) { x, y, column_width, line_height }, -1);
        }
      y += line_height + SPACING;
      child = next_visible (gtk_widget_get_next_sibling (second != NULL ? second : child));
    }
  return MAX (y - SPACING, 0);
}

/* The same where each card goes into the column that ends first. */
static int
pack (GtkWidget *widget, int width, gboolean place)
{
  guint n_columns = get_n_columns (width);
  gboolean mirrored = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  int column_width = n_columns > 1 ? (width - SPACING) / 2 : width;
  int ends[2] = { 0, 0 };

  for (GtkWidget *child = next_visible (gtk_widget_get_first_child (widget)); child != NULL;
       child = next_visible (gtk_widget_get_next_sibling (child)))
    {
      guint column = n_columns > 1 && ends[1] < ends[0] ? 1 : 0;
      int height;

      gtk_widget_measure (child, GTK_ORIENTATION_VERTICAL, column_width, NULL, &height, NULL, NULL);
      if (place)
        gtk_widget_size_allocate (
          child,
          &(GdkRectangle) { (column == 1) != (mirrored && n_columns > 1) ? width - column_width : 0, ends[column],
                            column_width, height },
          -1);
      ends[column] += height + SPACING;
    }
  return MAX (MAX (ends[0], ends[1]) - SPACING, 0);
}

static int
arrange (GtkWidget *widget, int width, gboolean place)
{
  return BO_CARD_GRID (widget)->packed ? pack (widget, width, place) : lay_out (widget, width, place);
}

static GtkSizeRequestMode
bo_card_grid_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
bo_card_grid_measure (GtkWidget *widget,
                      GtkOrientation orientation,
                      int for_size,
                      int *minimum,
                      int *natural,
                      int *minimum_baseline,
                      int *natural_baseline)
{
  *minimum = *natural = 0;
  if (orientation == GTK_ORIENTATION_VERTICAL)
    {
      int width = for_size;

      if (width < 0)
        gtk_widget_measure (widget, GTK_ORIENTATION_HORIZONTAL, -1, NULL, &width, NULL, NULL);
      *minimum = arrange (widget, width, FALSE);
      *natural = *minimum;
      return;
    }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      int child_minimum, child_natural;

      if (!gtk_widget_should_layout (child))
        continue;
      gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, &child_minimum, &child_natural, NULL, NULL);
      *minimum = MAX (*minimum, child_minimum);
      *natural = MAX (*natural, MAX (child_natural, COLUMN_WIDTH) * 2 + SPACING);
    }
}

static void
bo_card_grid_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  arrange (widget, width, TRUE);
}

static void
bo_card_grid_dispose (GObject *object)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))) != NULL)
    gtk_widget_unparent (child);

  G_OBJECT_CLASS (bo_card_grid_parent_class)->dispose (object);
}

static void
bo_card_grid_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  if (id != PROP_PACKED)
    {
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
      return;
    }
  BO_CARD_GRID (object)->packed = g_value_get_boolean (value);
  gtk_widget_queue_resize (GTK_WIDGET (object));
}

static void
bo_card_grid_class_init (BoCardGridClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bo_card_grid_dispose;
  G_OBJECT_CLASS (klass)->set_property = bo_card_grid_set_property;
  /**
   * BoCardGrid:packed: whether cards keep their own heights
   */
  g_object_class_install_property (
    G_OBJECT_CLASS (klass), PROP_PACKED,
    g_param_spec_boolean ("packed", NULL, NULL, FALSE, G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS));
  widget_class->get_request_mode = bo_card_grid_get_request_mode;
  widget_class->measure = bo_card_grid_measure;
  widget_class->size_allocate = bo_card_grid_size_allocate;
  gtk_widget_class_set_css_name (widget_class, "cards");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
bo_card_grid_init (BoCardGrid *self)
{
}

/**
 * bo_card_grid_append:
 * @self: the grid
 * @card: (transfer floating): what stands behind the others
 */
void
bo_card_grid_append (BoCardGrid *self, GtkWidget *card)
{
  g_return_if_fail (BO_IS_CARD_GRID (self));
  g_return_if_fail (GTK_IS_WIDGET (card));

  gtk_widget_set_parent (card, GTK_WIDGET (self));
}
