/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-diff-view"

#include "config.h"

#include <string.h>

#include <glib/gi18n.h>

#include "findings/bo-diff-view.h"
#include "findings/bo-findings-parts.h"

struct _BoDiffView
{
  GtkWidget parent_instance;

  GtkWidget *scrolled;
  GtkListView *list;
  char *diff;
  guint n_added;
  guint n_removed;
  guint n_lines;
};

G_DEFINE_FINAL_TYPE (BoDiffView, bo_diff_view, GTK_TYPE_WIDGET)

static const char *const classes[] = { "added", "removed", "place" };

static void
setup_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer user_data)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *sign = gtk_label_new (NULL);
  GtkWidget *text = gtk_label_new (NULL);

  gtk_label_set_width_chars (GTK_LABEL (sign), 1);
  gtk_widget_set_valign (sign, GTK_ALIGN_START);
  gtk_label_set_xalign (GTK_LABEL (text), 0);
  gtk_label_set_wrap (GTK_LABEL (text), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (text), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_natural_wrap_mode (GTK_LABEL (text), GTK_NATURAL_WRAP_NONE);
  gtk_label_set_selectable (GTK_LABEL (text), TRUE);
  bo_findings_set_no_hyphens (GTK_LABEL (text));
  gtk_widget_set_hexpand (text, TRUE);
  gtk_box_append (GTK_BOX (box), sign);
  gtk_box_append (GTK_BOX (box), text);
  gtk_widget_add_css_class (box, "diff-line");
  gtk_list_item_set_child (item, box);
  gtk_list_item_set_activatable (item, FALSE);
}

static void
bind_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer user_data)
{
  GtkWidget *box = gtk_list_item_get_child (item);
  GtkWidget *sign = gtk_widget_get_first_child (box);
  GtkWidget *text = gtk_widget_get_last_child (box);
  const char *line = gtk_string_object_get_string (gtk_list_item_get_item (item));
  const char *css_class = NULL;
  const char *shown = line + (line[0] != '\0' && line[0] != '@');
  g_autofree char *spoken = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (classes); i++)
    gtk_widget_remove_css_class (box, classes[i]);
  switch (line[0])
    {
    case '+':
      css_class = "added";
      spoken = g_strdup_printf (_ ("Added: %s"), shown);
      break;
    case '-':
      css_class = "removed";
      spoken = g_strdup_printf (_ ("Removed: %s"), shown);
      break;
    case '@':
      css_class = "place";
      spoken = g_strdup (shown);
      break;
    default:
      spoken = g_strdup (shown);
    }
  if (css_class != NULL)
    gtk_widget_add_css_class (box, css_class);
  gtk_label_set_text (GTK_LABEL (sign), line[0] == '+' ? "+" : line[0] == '-' ? "−" : "");
  gtk_label_set_text (GTK_LABEL (text), shown);
  gtk_accessible_update_property (GTK_ACCESSIBLE (text), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
}

static gboolean
copy_cb (GtkWidget *widget, GVariant *args, gpointer user_data)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), BO_DIFF_VIEW (widget)->diff);
  return TRUE;
}

static void
bo_diff_view_dispose (GObject *object)
{
  BoDiffView *self = BO_DIFF_VIEW (object);

  self->list = NULL;
  g_clear_pointer (&self->scrolled, gtk_widget_unparent);
  g_clear_pointer (&self->diff, g_free);

  G_OBJECT_CLASS (bo_diff_view_parent_class)->dispose (object);
}

static void
bo_diff_view_class_init (BoDiffViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bo_diff_view_dispose;
  gtk_widget_class_add_binding (widget_class, GDK_KEY_c, GDK_CONTROL_MASK, copy_cb, NULL);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
bo_diff_view_init (BoDiffView *self)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();

  g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), NULL);
  self->diff = g_strdup ("");
  self->list = GTK_LIST_VIEW (gtk_list_view_new (NULL, factory));
  gtk_widget_add_css_class (GTK_WIDGET (self->list), "diff");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Changes"), -1);
  self->scrolled = gtk_scrolled_window_new ();
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (self->scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (self->scrolled), GTK_WIDGET (self->list));
  gtk_widget_set_parent (self->scrolled, GTK_WIDGET (self));
}

/**
 * bo_diff_view_set_diff:
 * @self: the view
 * @diff: what bo_line_diff() returns
 */
void
bo_diff_view_set_diff (BoDiffView *self, const char *diff)
{
  g_auto (GStrv) lines = NULL;
  guint n, first;
  GtkNoSelection *model;

  g_return_if_fail (BO_IS_DIFF_VIEW (self));
  g_return_if_fail (diff != NULL);

  g_free (self->diff);
  self->diff = g_strdup (diff);
  lines = g_strsplit (diff, "\n", -1);
  n = g_strv_length (lines);
  /* The last line ends too, and the first two are the file's name. */
  if (n > 0 && lines[n - 1][0] == '\0')
    g_clear_pointer (&lines[--n], g_free);
  first = MIN (n, 2);
  self->n_lines = n - first;
  self->n_added = self->n_removed = 0;
  for (guint i = first; i < n; i++)
    {
      self->n_added += lines[i][0] == '+';
      self->n_removed += lines[i][0] == '-';
    }
  model = gtk_no_selection_new (G_LIST_MODEL (gtk_string_list_new ((const char *const *) lines + first)));
  gtk_list_view_set_model (self->list, GTK_SELECTION_MODEL (model));
  g_object_unref (model);
}

guint
bo_diff_view_get_n_added (BoDiffView *self)
{
  g_return_val_if_fail (BO_IS_DIFF_VIEW (self), 0);

  return self->n_added;
}

guint
bo_diff_view_get_n_removed (BoDiffView *self)
{
  g_return_val_if_fail (BO_IS_DIFF_VIEW (self), 0);

  return self->n_removed;
}
