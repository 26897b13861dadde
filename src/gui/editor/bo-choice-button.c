/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-choice-button"

#include "config.h"

#include <glib/gi18n.h>

#include "editor/bo-choice-button.h"

/* A button beside a text that lists what the text could be. Anything else can be typed. */

struct _BoChoiceButton
{
  GtkWidget parent_instance;

  GtkWidget *button;
  GtkWidget *list;
  GtkPopover *popover;
  GtkEditable *editable; /* (unowned): it holds this button */
};

G_DEFINE_FINAL_TYPE (BoChoiceButton, bo_choice_button, GTK_TYPE_WIDGET)

static void
activated_cb (GtkListBox *list, GtkListBoxRow *row, BoChoiceButton *self)
{
  const char *choice = gtk_label_get_text (GTK_LABEL (gtk_list_box_row_get_child (row)));

  if (self->editable != NULL)
    {
      gtk_editable_set_text (self->editable, choice);
      gtk_editable_set_position (self->editable, -1);
    }
  gtk_popover_popdown (self->popover);
}

/**
 * bo_choice_button_set_choices:
 * @self: a button
 * @choices: (nullable) (element-type utf8): texts; without any, the button is not there
 */
void
bo_choice_button_set_choices (BoChoiceButton *self, GPtrArray *choices)
{
  GtkWidget *child;

  g_return_if_fail (BO_IS_CHOICE_BUTTON (self));

  while ((child = gtk_widget_get_first_child (self->list)) != NULL)
    gtk_list_box_remove (GTK_LIST_BOX (self->list), child);
  for (guint i = 0; choices != NULL && i < choices->len; i++)
    {
      GtkWidget *label = gtk_label_new (choices->pdata[i]);

      gtk_label_set_xalign (GTK_LABEL (label), 0);
      gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_START);
      gtk_list_box_append (GTK_LIST_BOX (self->list), label);
    }
  gtk_widget_set_visible (GTK_WIDGET (self), choices != NULL && choices->len > 0);
}

/**
 * bo_choice_button_set_editable:
 * @self: a button
 * @editable: (nullable): the text that gets what is chosen; it outlives the button
 */
void
bo_choice_button_set_editable (BoChoiceButton *self, GtkEditable *editable)
{
  g_return_if_fail (BO_IS_CHOICE_BUTTON (self));

  self->editable = editable;
}

static void
bo_choice_button_dispose (GObject *object)
{
  BoChoiceButton *self = BO_CHOICE_BUTTON (object);

  self->editable = NULL;
  g_clear_pointer (&self->button, gtk_widget_unparent);

  G_OBJECT_CLASS (bo_choice_button_parent_class)->dispose (object);
}

static void
bo_choice_button_class_init (BoChoiceButtonClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bo_choice_button_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

static void
bo_choice_button_init (BoChoiceButton *self)
{
  GtkWidget *scrolled = gtk_scrolled_window_new ();

  self->list = gtk_list_box_new ();
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (self->list), GTK_SELECTION_NONE);
  g_signal_connect (self->list, "row-activated", G_CALLBACK (activated_cb), self);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), self->list);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (scrolled), TRUE);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (scrolled), 300);
  gtk_widget_set_size_request (scrolled, 220, -1);
  self->popover = GTK_POPOVER (gtk_popover_new ());
  gtk_widget_add_css_class (GTK_WIDGET (self->popover), "menu");
  gtk_popover_set_child (self->popover, scrolled);
  self->button = gtk_menu_button_new ();
  gtk_menu_button_set_popover (GTK_MENU_BUTTON (self->button), GTK_WIDGET (self->popover));
  gtk_widget_set_tooltip_text (self->button, _ ("Choose"));
  gtk_widget_set_valign (self->button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (self->button, "flat");
  gtk_widget_set_parent (self->button, GTK_WIDGET (self));
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}
