/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-chart-card"

#include "config.h"

#include <glib/gi18n.h>

#include "results/bo-chart-card.h"

/* A chart with its title, what it says in words, the same numbers as a table, and ways to take it along. */

struct _BoChartCard
{
  GtkWidget parent_instance;

  /* Template widgets */
  GtkLabel *title;
  GtkLabel *subtitle;
  GtkBox *controls;
  GtkStack *stack;
  BoChartView *view;
  BoChartNumbers *numbers;
  GtkToggleButton *toggle;
  GtkMenuButton *menu;
  GtkLabel *says;

  /* Owned references */
  BoChart *chart;
  GCancellable *cancellable;
};

G_DEFINE_FINAL_TYPE (BoChartCard, bo_chart_card, GTK_TYPE_WIDGET)

static void
tell (BoChartCard *self, const char *text)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "win.toast", "s", text);
}

static void
toggled_cb (GtkToggleButton *toggle, gpointer user_data)
{
  BoChartCard *self = BO_CHART_CARD (user_data);
  gboolean table = gtk_toggle_button_get_active (toggle);

  /* Filled when it is first asked for. */
  if (table && self->chart != NULL)
    bo_chart_numbers_set_chart (self->numbers, self->chart);
  gtk_stack_set_visible_child_name (self->stack, table ? "table" : "chart");
}

static void
show_table_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  BoChartCard *self = BO_CHART_CARD (widget);

  gtk_toggle_button_set_active (self->toggle, !gtk_toggle_button_get_active (self->toggle));
}

static void
copy_numbers_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  BoChartCard *self = BO_CHART_CARD (widget);
  BoChartLocale locale = bo_chart_get_locale (self->chart);
  gboolean table = g_str_equal (gtk_stack_get_visible_child_name (self->stack), "table");
  /* In the order that they are seen in. */
  g_autofree char *text = table ? bo_chart_numbers_to_tsv (self->numbers)
                                : bo_chart_table_to_tsv (self->chart->table, NULL, 0, &locale);

  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), text);
  tell (self, _ ("The numbers are in the clipboard"));
}

static void
content_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (BoChartCard) self = BO_CHART_CARD (user_data);
  g_autoptr (GError) error = NULL;
  g_autoptr (GdkContentProvider) content = bo_chart_export_make_content_finish (result, &error);

  if (content != NULL)
    {
      gdk_clipboard_set_content (gtk_widget_get_clipboard (GTK_WIDGET (self)), content);
      tell (self, _ ("The picture is in the clipboard"));
    }
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_autofree char *text = g_strdup_printf (_ ("The picture was not copied: %s"), error->message);

      tell (self, text);
    }
}

static void
copy_picture_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  BoChartCard *self = BO_CHART_CARD (widget);

  bo_chart_export_make_content_async (self->chart, self->cancellable, content_cb, g_object_ref (self));
}

typedef struct
{
  BoChartCard *card;
  GFile *file;
} Saving;

static void
saved_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Saving *saving = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *name = g_file_get_basename (saving->file);
  g_autofree char *shown = g_filename_display_name (name);
  g_autofree char *text = NULL;

  if (bo_chart_export_save_finish (result, &error))
    text = g_strdup_printf (_ ("Saved as “%s”"), shown);
  else
    text = g_strdup_printf (_ ("“%s” was not saved: %s"), shown, error->message);
  tell (saving->card, text);
  g_object_unref (saving->card);
  g_object_unref (saving->file);
  g_free (saving);
}

static void
response_cb (GtkNativeDialog *dialog, int response, gpointer user_data)
{
  BoChartCard *self = BO_CHART_CARD (user_data);

  if (response == GTK_RESPONSE_ACCEPT)
    {
      g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
      BoChartFormat format = GPOINTER_TO_INT (g_object_get_data (G_OBJECT (dialog), "format"));

      bo_chart_card_save (self, format, file);
    }
  /* It holds itself while it is shown. */
  g_object_unref (dialog);
}

static void
save_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  BoChartCard *self = BO_CHART_CARD (widget);
  BoChartFormat format
    = g_str_equal (g_variant_get_string (parameter, NULL), "png") ? BO_CHART_FORMAT_PNG : BO_CHART_FORMAT_SVG;
  GtkRoot *root = gtk_widget_get_root (widget);
  g_autofree char *name = bo_chart_export_get_name (self->chart, format);
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();
  GtkFileChooserNative *dialog
    = gtk_file_chooser_native_new (_ ("Save Chart"), GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL,
                                   GTK_FILE_CHOOSER_ACTION_SAVE, _ ("_Save"), NULL);

  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (dialog), name);
  gtk_file_filter_set_name (filter, format == BO_CHART_FORMAT_SVG ? _ ("SVG pictures") : _ ("PNG pictures"));
  gtk_file_filter_add_suffix (filter, format == BO_CHART_FORMAT_SVG ? "svg" : "png");
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (dialog), filter);
  g_object_set_data (G_OBJECT (dialog), "format", GINT_TO_POINTER (format));
  g_signal_connect_object (dialog, "response", G_CALLBACK (response_cb), self, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

static void
bo_chart_card_dispose (GObject *object)
{
  BoChartCard *self = BO_CHART_CARD (object);
  GtkWidget *child;

  g_cancellable_cancel (self->cancellable);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  gtk_widget_dispose_template (GTK_WIDGET (self), BO_TYPE_CHART_CARD);
  g_clear_pointer (&self->chart, bo_chart_unref);

  G_OBJECT_CLASS (bo_chart_card_parent_class)->dispose (object);
}

static void
bo_chart_card_finalize (GObject *object)
{
  g_clear_object (&BO_CHART_CARD (object)->cancellable);

  G_OBJECT_CLASS (bo_chart_card_parent_class)->finalize (object);
}

static void
bo_chart_card_class_init (BoChartCardClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bo_chart_card_dispose;
  G_OBJECT_CLASS (klass)->finalize = bo_chart_card_finalize;
  g_type_ensure (BO_TYPE_CHART_VIEW);
  g_type_ensure (BO_TYPE_CHART_NUMBERS);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/bakeoff/Bakeoff/bo-chart-card.ui");
  gtk_widget_class_bind_template_child (widget_class, BoChartCard, title);
  gtk_widget_class_bind_template_child (widget_class, BoChartCard, subtitle);
  gtk_widget_class_bind_template_child (widget_class, BoChartCard, controls);
  gtk_widget_class_bind_template_child (widget_class, BoChartCard, stack);
  gtk_widget_class_bind_template_child (widget_class, BoChartCard, view);
  gtk_widget_class_bind_template_child (widget_class, BoChartCard, numbers);
  gtk_widget_class_bind_template_child (widget_class, BoChartCard, toggle);
  gtk_widget_class_bind_template_child (widget_class, BoChartCard, menu);
  gtk_widget_class_bind_template_child (widget_class, BoChartCard, says);
  gtk_widget_class_bind_template_callback (widget_class, toggled_cb);
  gtk_widget_class_install_action (widget_class, "chart.show-table", NULL, show_table_cb);
  gtk_widget_class_install_action (widget_class, "chart.save", "s", save_cb);
  gtk_widget_class_install_action (widget_class, "chart.copy-picture", NULL, copy_picture_cb);
  gtk_widget_class_install_action (widget_class, "chart.copy-numbers", NULL, copy_numbers_cb);
  gtk_widget_class_set_css_name (widget_class, "chartcard");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
bo_chart_card_init (BoChartCard *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_accessible_update_relation (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_RELATION_LABELLED_BY, self->title, NULL, -1);
}

/**
 * bo_chart_card_new:
 * @chart: what it shows
 */
BoChartCard *
bo_chart_card_new (BoChart *chart)
{
  BoChartCard *self = g_object_new (BO_TYPE_CHART_CARD, NULL);

  g_return_val_if_fail (chart != NULL, self);

  bo_chart_card_set_chart (self, chart);
  return self;
}

/**
 * bo_chart_card_set_chart:
 * @self: the card
 * @chart: what it shows; with nothing to show, it says why
 */
void
bo_chart_card_set_chart (BoChartCard *self, BoChart *chart)
{
  gboolean empty;

  g_return_if_fail (BO_IS_CHART_CARD (self));
  g_return_if_fail (chart != NULL);

  if (chart == self->chart)
    return;
  bo_chart_ref (chart);
  g_clear_pointer (&self->chart, bo_chart_unref);
  self->chart = chart;
  empty = chart->empty != NULL;
  gtk_label_set_text (self->title, chart->title);
  gtk_label_set_text (self->subtitle, chart->subtitle != NULL ? chart->subtitle : "");
  gtk_widget_set_visible (GTK_WIDGET (self->subtitle), chart->subtitle != NULL);
  bo_chart_view_set_chart (self->view, chart);
  if (empty)
    gtk_toggle_button_set_active (self->toggle, FALSE);
  if (gtk_toggle_button_get_active (self->toggle))
    bo_chart_numbers_set_chart (self->numbers, chart);
  gtk_widget_set_sensitive (GTK_WIDGET (self->toggle), !empty);
  gtk_widget_set_sensitive (GTK_WIDGET (self->menu), !empty);
}

BoChart *
bo_chart_card_get_chart (BoChartCard *self)
{
  g_return_val_if_fail (BO_IS_CHART_CARD (self), NULL);

  return self->chart;
}

/**
 * bo_chart_card_set_says:
 * @self: the card
 * @text: (nullable): what the chart says, in words that hold; stands below it
 */
void
bo_chart_card_set_says (BoChartCard *self, const char *text)
{
  g_return_if_fail (BO_IS_CHART_CARD (self));

  gtk_label_set_text (self->says, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->says), text != NULL && text[0] != '\0');
}

/**
 * bo_chart_card_add_control:
 * @self: the card
 * @control: (transfer floating): chooses what the chart shows; stands between the title and it
 */
void
bo_chart_card_add_control (BoChartCard *self, GtkWidget *control)
{
  g_return_if_fail (BO_IS_CHART_CARD (self));

  gtk_box_append (self->controls, control);
  gtk_widget_set_visible (GTK_WIDGET (self->controls), TRUE);
}

void
bo_chart_card_show_table (BoChartCard *self, gboolean table)
{
  g_return_if_fail (BO_IS_CHART_CARD (self));

  gtk_toggle_button_set_active (self->toggle, table);
}

BoChartView *
bo_chart_card_get_view (BoChartCard *self)
{
  g_return_val_if_fail (BO_IS_CHART_CARD (self), NULL);

  return self->view;
}

BoChartNumbers *
bo_chart_card_get_numbers (BoChartCard *self)
{
  g_return_val_if_fail (BO_IS_CHART_CARD (self), NULL);

  return self->numbers;
}

/**
 * bo_chart_card_save:
 * @self: the card
 * @format: what kind of picture
 * @file: where to; a toast says how that went
 */
void
bo_chart_card_save (BoChartCard *self, BoChartFormat format, GFile *file)
{
  Saving *saving;

  g_return_if_fail (BO_IS_CHART_CARD (self));
  g_return_if_fail (G_IS_FILE (file));

  saving = g_new0 (Saving, 1);
  saving->card = g_object_ref (self);
  saving->file = g_object_ref (file);
  /* What the user asked for is saved, also when the window closes meanwhile. */
  bo_chart_export_save_async (self->chart, format, file, NULL, saved_cb, saving);
}
