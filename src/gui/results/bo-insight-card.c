/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-insight-card"

#include "config.h"

#include <glib/gi18n.h>

#include "results/bo-insight-card.h"
#include "shell/bo-tooltip.h"

/* What the numbers say, of one kind, as a list. */

/* More are shown when they are asked for. */
#define FEW 5

struct _BoInsightCard
{
  GtkWidget parent_instance;

  /* Template widgets */
  GtkLabel *title;
  GtkLabel *subtitle;
  GtkListBox *list;
  GtkButton *more;

  /* Owned references */
  GPtrArray *insights;
  char *language;

  BoInsightKind kind;
  gboolean all;
};

G_DEFINE_FINAL_TYPE (BoInsightCard, bo_insight_card, GTK_TYPE_WIDGET)

static GtkWidget *
make_label (const char *text, const char *css_class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  if (css_class != NULL)
    gtk_widget_add_css_class (label, css_class);
  return label;
}

/* The first letter as at the beginning of a sentence. */
static char *
capitalize (const char *text)
{
  char first[7] = "";

  if (text == NULL || text[0] == '\0')
    return g_strdup ("");
  first[g_unichar_to_utf8 (g_unichar_totitle (g_utf8_get_char (text)), first)] = '\0';
  return g_strconcat (first, g_utf8_next_char (text), NULL);
}

/* Behind the subject: how sure it is, and the number. */
static void
add_value (BoInsightCard *self, GtkBox *box, const BoReportInsight *insight)
{
  gboolean compared = insight->kind == BO_INSIGHT_COMPARISON;
  GtkWidget *label;

  if (compared)
    {
      label = gtk_label_new (bo_certainty_get_title (insight->certainty, self->language));
      gtk_widget_set_valign (label, GTK_ALIGN_CENTER);
      gtk_widget_add_css_class (label, "caption");
      gtk_widget_add_css_class (label, "pill-label");
      gtk_box_append (box, label);
    }
  if (insight->headline == NULL || insight->kind == BO_INSIGHT_FAILURE)
    return;
  label = gtk_label_new (insight->headline);
  gtk_widget_set_valign (label, GTK_ALIGN_START);
  gtk_widget_add_css_class (label, "heading");
  gtk_widget_add_css_class (label, "numeric");
  if (compared)
    gtk_widget_add_css_class (label, insight->better ? "less-time" : "more-time");
  gtk_box_append (box, label);
}

static void
add_detail (GtkBox *box, const BoReportInsight *insight)
{
  GtkWidget *quote;
  GtkWidget *label;

  if (insight->detail == NULL || insight->detail[0] == '\0')
    return;
  quote = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  gtk_widget_add_css_class (quote, "quote");
  if (insight->user_line > 0 && insight->kind != BO_INSIGHT_FAILURE)
    {
      g_autofree char *line = g_strdup_printf (_ ("line %u"), insight->user_line);

      label = gtk_label_new (line);
      gtk_widget_set_valign (label, GTK_ALIGN_START);
      gtk_widget_add_css_class (label, "caption");
      gtk_widget_add_css_class (label, "dim-label");
      gtk_box_append (GTK_BOX (quote), label);
    }
  label = make_label (insight->detail, "caption");
  gtk_label_set_lines (GTK_LABEL (label), 3);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  bo_tooltip_set (label, insight->detail);
  gtk_widget_add_css_class (label, "monospace");
  gtk_widget_set_hexpand (label, TRUE);
  gtk_box_append (GTK_BOX (quote), label);
  gtk_box_append (box, quote);
}

static GtkWidget *
make_row (BoInsightCard *self, const BoReportInsight *insight)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);
  GtkWidget *top = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *subject = make_label (insight->subject, "heading");
  g_autofree char *text = capitalize (insight->text);
  g_autofree char *description = NULL;

  gtk_widget_set_hexpand (subject, TRUE);
  gtk_box_append (GTK_BOX (top), subject);
  add_value (self, GTK_BOX (top), insight);
  gtk_box_append (GTK_BOX (box), top);
  if (insight->kind == BO_INSIGHT_FAILURE && insight->headline != NULL)
    {
      g_autofree char *headline = capitalize (insight->headline);

      gtk_box_append (GTK_BOX (box), make_label (headline, "failure-headline"));
    }
  if (text[0] != '\0')
    gtk_box_append (GTK_BOX (box), make_label (text, NULL));
  /* An instruction stands below what is said of it, the words of a log above what to do about them. */
  if (insight->kind == BO_INSIGHT_FAILURE)
    add_detail (GTK_BOX (box), insight);
  if (insight->advice != NULL)
    gtk_box_append (GTK_BOX (box), make_label (insight->advice, "dim-label"));
  if (insight->kind != BO_INSIGHT_FAILURE)
    add_detail (GTK_BOX (box), insight);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  description = g_strdup_printf ("%s. %s. %s. %s %s", insight->headline != NULL ? insight->headline : "",
                                 insight->kind == BO_INSIGHT_COMPARISON
                                   ? bo_certainty_get_title (insight->certainty, self->language)
                                   : "",
                                 text, insight->advice != NULL ? insight->advice : "",
                                 insight->detail != NULL ? insight->detail : "");
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, insight->subject,
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, description, -1);
  return row;
}

static void
fill (BoInsightCard *self)
{
  GtkWidget *row;
  guint n = 0;

  while ((row = gtk_widget_get_first_child (GTK_WIDGET (self->list))) != NULL)
    gtk_list_box_remove (self->list, row);
  for (guint i = 0; i < self->insights->len; i++)
    {
      const BoReportInsight *insight = g_ptr_array_index (self->insights, i);

      if (insight->kind != self->kind)
        continue;
      n++;
      if (self->all || n <= FEW)
        gtk_list_box_append (self->list, make_row (self, insight));
    }
  gtk_widget_set_visible (GTK_WIDGET (self), n > 0);
  gtk_widget_set_visible (GTK_WIDGET (self->more), !self->all && n > FEW);
  if (n > FEW)
    {
      g_autofree char *text = g_strdup_printf (_ ("Show All %u"), n);

      gtk_button_set_label (self->more, text);
    }
}

static void
more_cb (GtkButton *button, gpointer user_data)
{
  BoInsightCard *self = BO_INSIGHT_CARD (user_data);
  GtkListBoxRow *row;

  self->all = TRUE;
  fill (self);
  /* The button is gone; what it brought has the focus. */
  row = gtk_list_box_get_row_at_index (self->list, FEW);
  if (row != NULL)
    gtk_widget_grab_focus (GTK_WIDGET (row));
}

static void
bo_insight_card_dispose (GObject *object)
{
  BoInsightCard *self = BO_INSIGHT_CARD (object);
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  gtk_widget_dispose_template (GTK_WIDGET (self), BO_TYPE_INSIGHT_CARD);
  g_clear_pointer (&self->insights, g_ptr_array_unref);
  g_clear_pointer (&self->language, g_free);

  G_OBJECT_CLASS (bo_insight_card_parent_class)->dispose (object);
}

static void
bo_insight_card_class_init (BoInsightCardClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bo_insight_card_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/bakeoff/Bakeoff/bo-insight-card.ui");
  gtk_widget_class_bind_template_child (widget_class, BoInsightCard, title);
  gtk_widget_class_bind_template_child (widget_class, BoInsightCard, subtitle);
  gtk_widget_class_bind_template_child (widget_class, BoInsightCard, list);
  gtk_widget_class_bind_template_child (widget_class, BoInsightCard, more);
  gtk_widget_class_bind_template_callback (widget_class, more_cb);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
bo_insight_card_init (BoInsightCard *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_accessible_update_relation (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_RELATION_LABELLED_BY, self->title, NULL, -1);
}

/**
 * bo_insight_card_new:
 * @kind: what kind of statements it shows
 */
BoInsightCard *
bo_insight_card_new (BoInsightKind kind)
{
  static const struct
  {
    const char *title;
    const char *subtitle;
  } words[] = {
    [BO_INSIGHT_COMPARISON] = { N_ ("Comparisons"), N_ ("with the baseline, and how much they hold") },
    [BO_INSIGHT_SLOW_STEP] = { N_ ("Slowest steps"), N_ ("of the runs nearest to the medians") },
    [BO_INSIGHT_CACHE] = { N_ ("What the cache could save"), N_ ("for each build") },
    [BO_INSIGHT_FAILURE] = { N_ ("Failures"), N_ ("and their likely causes") },
  };
  BoInsightCard *self = g_object_new (BO_TYPE_INSIGHT_CARD, NULL);

  g_return_val_if_fail (kind < BO_N_INSIGHT_KINDS, self);

  self->kind = kind;
  gtk_label_set_text (self->title, _ (words[kind].title));
  gtk_label_set_text (self->subtitle, _ (words[kind].subtitle));
  return self;
}

/**
 * bo_insight_card_set_insights:
 * @self: the card
 * @insights: (element-type BoReportInsight): of all kinds
 * @language: (nullable): of their words
 */
void
bo_insight_card_set_insights (BoInsightCard *self, GPtrArray *insights, const char *language)
{
  g_return_if_fail (BO_IS_INSIGHT_CARD (self));
  g_return_if_fail (insights != NULL);

  g_ptr_array_ref (insights);
  g_clear_pointer (&self->insights, g_ptr_array_unref);
  self->insights = insights;
  g_free (self->language);
  self->language = g_strdup (language);
  fill (self);
}
