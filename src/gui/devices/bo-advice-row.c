/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-advice-row"

#include "config.h"

#include <glib/gi18n.h>

#include "devices/bo-advice-row.h"
#include "devices/bo-copy-row.h"

static const struct
{
  const char *icon;
  const char *css_class;
  const char *title;
} looks[] = {
  [BO_ADVICE_PROBLEM] = { "dialog-error-symbolic", "error", N_ ("Problem") },
  [BO_ADVICE_WARNING] = { "dialog-warning-symbolic", "warning", N_ ("Warning") },
  [BO_ADVICE_HINT] = { "dialog-information-symbolic", "accent", N_ ("Hint") },
};

/**
 * bo_advice_row_new:
 * @advice: from bo_device_advise()
 *
 * Returns: (transfer floating): a row that opens
 */
GtkWidget *
bo_advice_row_new (const BoAdvice *advice)
{
  GtkWidget *row = adw_expander_row_new ();
  GtkWidget *icon = gtk_image_new_from_icon_name (looks[advice->level].icon);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *why = gtk_label_new (advice->why);
  GtkWidget *inner = gtk_list_box_row_new ();

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), advice->seen);
  adw_expander_row_set_subtitle (ADW_EXPANDER_ROW (row), _ (looks[advice->level].title));
  adw_preferences_row_set_title_selectable (ADW_PREFERENCES_ROW (row), FALSE);
  gtk_widget_add_css_class (icon, looks[advice->level].css_class);
  adw_expander_row_add_prefix (ADW_EXPANDER_ROW (row), icon);

  gtk_label_set_xalign (GTK_LABEL (why), 0);
  gtk_label_set_wrap (GTK_LABEL (why), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (why), PANGO_WRAP_WORD_CHAR);
  gtk_box_append (GTK_BOX (box), why);
  if (advice->command != NULL)
    gtk_box_append (GTK_BOX (box), bo_copy_box_new (advice->command));
  gtk_widget_set_margin_top (box, 12);
  gtk_widget_set_margin_bottom (box, 12);
  gtk_widget_set_margin_start (box, 12);
  gtk_widget_set_margin_end (box, 12);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (inner), box);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (inner), FALSE);
  adw_expander_row_add_row (ADW_EXPANDER_ROW (row), inner);
  return row;
}
