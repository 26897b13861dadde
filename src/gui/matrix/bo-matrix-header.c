/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-matrix-header"

#include "config.h"

#include <glib/gi18n.h>

#include "matrix/bo-matrix-header.h"

/* The rows and columns that a screen reader counts: two rows of headers, then the strategies; names, then squares. */
#define FIRST_ROW 3
#define FIRST_COLUMN 2

static GtkWidget *
header_new (GtkAccessibleRole role, GtkWidget *child, const char *css_class, const char *name, const char *tooltip)
{
  GtkWidget *button = g_object_new (GTK_TYPE_BUTTON, "accessible-role", role, "child", child, NULL);

  gtk_widget_add_css_class (button, "flat");
  gtk_widget_add_css_class (button, css_class);
  gtk_widget_set_tooltip_text (button, tooltip);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name,
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, tooltip, -1);
  return button;
}

static GtkWidget *
make_label (const char *text, const char *css_class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (label, css_class);
  return label;
}

/**
 * bo_matrix_header_new_row:
 *
 * Returns: (transfer floating): the name of a strategy
 */
GtkWidget *
bo_matrix_header_new_row (const BoMatrix *matrix, guint row)
{
  const BoMatrixRow *strategy = g_ptr_array_index (matrix->rows, row);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *subtitle = make_label (strategy->subtitle, "caption");
  g_autofree char *name = NULL;
  g_autofree char *tooltip = g_strdup_printf (_ ("%s\n%s\nSelects or deselects the row"), strategy->title,
                                              strategy->subtitle);
  GtkWidget *header;

  gtk_box_append (GTK_BOX (line), make_label (strategy->title, "heading"));
  if (strategy->baseline)
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

  name = strategy->baseline ? g_strdup_printf (_ ("%s, baseline"), strategy->title) : g_strdup (strategy->title);
  header = header_new (GTK_ACCESSIBLE_ROLE_ROW_HEADER, box, "row-header", name, tooltip);
  gtk_accessible_update_relation (GTK_ACCESSIBLE (header), GTK_ACCESSIBLE_RELATION_ROW_INDEX, (int) row + FIRST_ROW,
                                  GTK_ACCESSIBLE_RELATION_COL_INDEX, 1, -1);
  return header;
}

GtkWidget *
bo_matrix_header_new_column (const BoMatrix *matrix, guint column)
{
  const BoMatrixColumn *which = g_ptr_array_index (matrix->columns, column);
  const BoMatrixGroup *group = g_ptr_array_index (matrix->groups, which->group);
  g_autofree char *name = g_strdup_printf (_ ("%s, %s, %s"), group->title, group->subtitle, which->title);
  GtkWidget *header = header_new (GTK_ACCESSIBLE_ROLE_COLUMN_HEADER, make_label (which->title, "caption-heading"),
                                  "column-header", name, _ ("Selects or deselects the column"));

  gtk_accessible_update_relation (GTK_ACCESSIBLE (header), GTK_ACCESSIBLE_RELATION_ROW_INDEX, FIRST_ROW - 1,
                                  GTK_ACCESSIBLE_RELATION_COL_INDEX, (int) column + FIRST_COLUMN, -1);
  return header;
}

GtkWidget *
bo_matrix_header_new_group (const BoMatrix *matrix, guint index)
{
  const BoMatrixGroup *group = g_ptr_array_index (matrix->groups, index);
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *subtitle = make_label (group->subtitle, "caption");
  g_autofree char *name = g_strdup_printf ("%s, %s", group->title, group->subtitle);
  g_autofree char *tooltip = g_strdup_printf (_ ("%s\nSelects or deselects its columns"), name);
  GtkWidget *header;

  gtk_widget_add_css_class (subtitle, "dim-label");
  gtk_box_append (GTK_BOX (line), make_label (group->title, "heading"));
  gtk_box_append (GTK_BOX (line), subtitle);
  header = header_new (GTK_ACCESSIBLE_ROLE_COLUMN_HEADER, line, "group-header", name, tooltip);
  gtk_accessible_update_relation (GTK_ACCESSIBLE (header), GTK_ACCESSIBLE_RELATION_ROW_INDEX, FIRST_ROW - 2,
                                  GTK_ACCESSIBLE_RELATION_COL_INDEX, (int) group->first + FIRST_COLUMN,
                                  GTK_ACCESSIBLE_RELATION_COL_SPAN, (int) group->n, -1);
  return header;
}
