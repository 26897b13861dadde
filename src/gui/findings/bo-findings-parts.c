/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-findings-parts"

#include "config.h"

#include "findings/bo-findings-parts.h"
#include "study/bo-document-text.h"

/**
 * bo_findings_set_no_hyphens:
 * @label: a label that wraps
 *
 * A hyphen at the end of a line would look like a part of a name, of a command or of a log.
 */
void
bo_findings_set_no_hyphens (GtkLabel *label)
{
  PangoAttrList *attributes = pango_attr_list_new ();

  pango_attr_list_insert (attributes, pango_attr_insert_hyphens_new (FALSE));
  gtk_label_set_attributes (label, attributes);
  pango_attr_list_unref (attributes);
}

/**
 * bo_findings_make_text:
 * @text: plain text
 * @css_class: (nullable): how it looks
 *
 * Returns: a label that wraps, and whose text can be selected
 */
GtkWidget *
bo_findings_make_text (const char *text, const char *css_class)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  GtkWidget *label = gtk_label_new (valid);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_natural_wrap_mode (GTK_LABEL (label), GTK_NATURAL_WRAP_NONE);
  gtk_label_set_selectable (GTK_LABEL (label), TRUE);
  bo_findings_set_no_hyphens (GTK_LABEL (label));
  if (css_class != NULL)
    gtk_widget_add_css_class (label, css_class);
  return label;
}

GtkWidget *
bo_findings_make_heading (const char *text)
{
  GtkWidget *label = g_object_new (GTK_TYPE_LABEL, "accessible-role", GTK_ACCESSIBLE_ROLE_HEADING, "label", text,
                                   "xalign", 0.0f, "wrap", TRUE, "margin-top", 18, NULL);

  gtk_widget_add_css_class (label, "title-4");
  gtk_accessible_update_property (GTK_ACCESSIBLE (label), GTK_ACCESSIBLE_PROPERTY_LEVEL, 2, -1);
  return label;
}

/**
 * bo_findings_make_card:
 * @title: what the list is called
 *
 * Returns: a list for bo_findings_make_row()
 */
GtkWidget *
bo_findings_make_card (const char *title)
{
  GtkWidget *list = gtk_list_box_new ();

  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  gtk_accessible_update_property (GTK_ACCESSIBLE (list), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  return list;
}

static GtkWidget *
wrap_in_row (GtkWidget *child)
{
  GtkWidget *row = gtk_list_box_row_new ();

  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  gtk_list_box_row_set_selectable (GTK_LIST_BOX_ROW (row), FALSE);
  gtk_widget_set_focusable (row, FALSE);
  gtk_widget_add_css_class (row, "report-item");
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), child);
  return row;
}

/**
 * bo_findings_make_row:
 * @icon: (nullable): a sign before it
 * @css_class: (nullable): colour of the sign
 * @subject: (nullable): what it is about, in bold
 * @text: what it says
 */
GtkWidget *
bo_findings_make_row (const char *icon, const char *css_class, const char *subject, const char *text)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 10);
  GtkWidget *label = bo_findings_make_text (text, NULL);

  if (icon != NULL)
    {
      GtkWidget *image = g_object_new (GTK_TYPE_IMAGE, "icon-name", icon, "accessible-role",
                                       GTK_ACCESSIBLE_ROLE_PRESENTATION, "valign", GTK_ALIGN_START, "margin-top", 2, NULL);

      gtk_widget_add_css_class (image, css_class);
      gtk_box_append (GTK_BOX (box), image);
    }
  if (subject != NULL)
    {
      g_autofree char *valid = g_utf8_make_valid (text, -1);
      g_autofree char *markup = g_markup_printf_escaped ("<b>%s</b>: %s", subject, valid);

      gtk_label_set_markup (GTK_LABEL (label), markup);
    }
  gtk_widget_set_hexpand (label, TRUE);
  gtk_box_append (GTK_BOX (box), label);
  return wrap_in_row (box);
}

static void
append_labelled (GtkWidget *box, const char *label, const char *text, const char *css_class)
{
  GtkWidget *part = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  GtkWidget *caption = bo_findings_make_text (label, "caption-heading");

  gtk_label_set_selectable (GTK_LABEL (caption), FALSE);
  gtk_widget_add_css_class (caption, "dim-label");
  gtk_box_append (GTK_BOX (part), caption);
  gtk_box_append (GTK_BOX (part), bo_findings_make_text (text, css_class));
  gtk_box_append (GTK_BOX (box), part);
}

/* Lines of a log keep their ends; each may be longer than the window is wide. */
static GtkWidget *
make_code (const char *code)
{
  GtkWidget *label = bo_findings_make_text (code, "report-code");

  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_CHAR);
  return label;
}

/**
 * bo_findings_make_failure:
 * @report: a report
 * @failure: one of its failures
 */
GtkWidget *
bo_findings_make_failure (const BoReport *report, const BoReportFailure *failure)
{
  const char *language = report->language;
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 10);
  g_autoptr (GString) text = g_string_new (NULL);

  gtk_widget_add_css_class (box, "card");
  gtk_widget_add_css_class (box, "report-failure");
  gtk_box_append (GTK_BOX (box), bo_findings_make_text (failure->subject, "heading"));
  gtk_box_append (GTK_BOX (box), bo_findings_make_text (failure->headline, "error"));
  if (failure->instruction != NULL && failure->user_line > 0)
    {
      g_autofree char *label = g_strdup_printf (D_ (language, "Instruction (line %u of the Dockerfile)"), failure->user_line);

      append_labelled (box, label, failure->instruction, "report-code");
    }
  else if (failure->instruction != NULL)
    append_labelled (box, D_ (language, "Instruction"), failure->instruction, "report-code");
  if (failure->cause != NULL)
    append_labelled (box, D_ (language, "Reason"), failure->cause, NULL);
  if (failure->evidence != NULL)
    {
      g_string_append (text, failure->evidence);
      for (guint i = 0; i < failure->details->len; i++)
        g_string_append_printf (text, "\n%s", (const char *) g_ptr_array_index (failure->details, i));
      append_labelled (box, D_ (language, "Because the log says"), text->str, "report-code");
    }
  if (failure->advice != NULL)
    append_labelled (box, D_ (language, "What to do"), failure->advice, NULL);
  g_string_truncate (text, 0);
  for (guint i = 0; i < failure->trials->len; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? ", " : "", (const char *) g_ptr_array_index (failure->trials, i));
  append_labelled (box, D_ (language, "Trials"), text->str, NULL);
  if (failure->tail != NULL)
    {
      GtkWidget *expander = gtk_expander_new (D_ (language, "The last lines of its log"));
      GtkWidget *code = make_code (failure->tail);

      /* A folded expander would ask its child, which is not in the window then, to take the focus, and keep it. */
      g_object_bind_property (expander, "expanded", code, "visible", G_BINDING_SYNC_CREATE);
      gtk_expander_set_child (GTK_EXPANDER (expander), code);
      gtk_box_append (GTK_BOX (box), expander);
    }
  return box;
}

/**
 * bo_findings_make_folded:
 * @title: what is in it
 * @subtitle: (nullable): a line more
 *
 * Returns: a row that unfolds, for a card
 */
GtkWidget *
bo_findings_make_folded (const char *title, const char *subtitle)
{
  GtkWidget *row = g_object_new (ADW_TYPE_EXPANDER_ROW, "use-markup", FALSE, "title", title, "subtitle",
                                 subtitle != NULL ? subtitle : "", NULL);

  return row;
}

void
bo_findings_add_fact (GtkWidget *folded, const char *label, const char *value)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  append_labelled (box, label, value, NULL);
  adw_expander_row_add_row (ADW_EXPANDER_ROW (folded), wrap_in_row (box));
}

void
bo_findings_add_code (GtkWidget *folded, const char *code)
{
  adw_expander_row_add_row (ADW_EXPANDER_ROW (folded), wrap_in_row (make_code (code)));
}
