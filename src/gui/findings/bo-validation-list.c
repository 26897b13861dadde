/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-validation-list"

#include "config.h"

#include <glib/gi18n.h>

#include "findings/bo-findings-parts.h"
#include "findings/bo-report-table.h"
#include "findings/bo-validation-list.h"

#define N_COLUMNS 4
#define NOTES_WIDTH 160

/* A row's widgets, all owned by the widget tree. */
typedef struct
{
  GtkBox *box;
  GtkBox *cells[N_COLUMNS];
  GtkWidget *labels[N_COLUMNS];
  GtkWidget *captions[N_COLUMNS];
  BoNoteEditor *editor;
} Row;

struct _BoValidationList
{
  GtkWidget parent_instance;

  GtkWidget *list;
  GtkWidget *header;
  int widths[N_COLUMNS - 1];
  GPtrArray *rows;
  BoReport *report;
  BoReportTable *table;
  gboolean narrow;
};

G_DEFINE_FINAL_TYPE (BoValidationList, bo_validation_list, GTK_TYPE_WIDGET)

/* What a build that ended badly says is red; one that was never tried did nothing wrong. */
static gboolean
has_failed (const BoReport *report, const BoReportRow *row)
{
  if (row->n_build > 0 || row->cell == NULL)
    return FALSE;
  for (guint i = 0; i < report->cells->len; i++)
    {
      const BoReportCell *cell = g_ptr_array_index (report->cells, i);

      if (bo_cell_equal (cell->summary->cell, row->cell))
        return bo_cell_summary_get_first (cell->summary, BO_OUTCOME_FAILED) != NULL
               || bo_cell_summary_get_first (cell->summary, BO_OUTCOME_TIMED_OUT) != NULL;
    }
  return FALSE;
}

static GtkWidget *
make_label (const char *text, const char *css_class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_selectable (GTK_LABEL (label), TRUE);
  bo_findings_set_no_hyphens (GTK_LABEL (label));
  gtk_widget_set_valign (label, GTK_ALIGN_START);
  if (css_class != NULL)
    gtk_widget_add_css_class (label, css_class);
  return label;
}

static GtkWidget *
make_box (GtkOrientation orientation, GtkAccessibleRole role)
{
  return g_object_new (GTK_TYPE_BOX, "orientation", orientation, "accessible-role", role, NULL);
}

/* In columns, each has the width that the whole table gives it; in a card, the width of the card. */
static void
arrange (BoValidationList *self, Row *row)
{
  gtk_orientable_set_orientation (GTK_ORIENTABLE (row->box),
                                  self->narrow ? GTK_ORIENTATION_VERTICAL : GTK_ORIENTATION_HORIZONTAL);
  gtk_box_set_spacing (row->box, self->narrow ? 4 : 18);
  /* Until the page has noticed that it is narrow, the notes would be given the width of a letter. */
  gtk_widget_set_size_request (GTK_WIDGET (row->cells[N_COLUMNS - 1]), self->narrow ? -1 : NOTES_WIDTH, -1);
  for (guint i = 0; i < N_COLUMNS; i++)
    {
      if (row->captions[i] != NULL)
        gtk_widget_set_visible (row->captions[i], self->narrow);
      if (i == N_COLUMNS - 1)
        continue;
      /* What a label would like must not make its column wider in one row than in another. */
      gtk_widget_set_size_request (row->labels[i], self->narrow ? -1 : self->widths[i], -1);
      gtk_label_set_max_width_chars (GTK_LABEL (row->labels[i]), self->narrow ? -1 : 1);
    }
}

/* As wide as the widest text wants, within bounds, so that the notes have the rest. */
static void
find_widths (BoValidationList *self)
{
  static const glong most_chars[N_COLUMNS - 1] = { 24, 20, 18 };
  PangoContext *context = gtk_widget_get_pango_context (GTK_WIDGET (self));
  PangoFontMetrics *metrics = pango_context_get_metrics (context, NULL, NULL);
  int char_width = pango_font_metrics_get_approximate_char_width (metrics) / PANGO_SCALE;

  for (guint i = 0; i < N_COLUMNS - 1; i++)
    {
      /* Headers are in bold. */
      glong longest = g_utf8_strlen (self->table->header[i], -1) + 2;

      for (guint k = 0; k < self->table->rows->len; k++)
        {
          glong length = g_utf8_strlen (bo_report_table_get (self->table, k, i), -1);

          longest = MAX (longest, i == 0 ? length + length / 5 + 4 : length + 1);
        }
      self->widths[i] = (int) MIN (longest, most_chars[i]) * char_width;
    }
  pango_font_metrics_unref (metrics);
}

static Row *
make_row (BoValidationList *self, const char *const *texts, gboolean is_header)
{
  Row *row = g_new0 (Row, 1);

  row->box = GTK_BOX (make_box (GTK_ORIENTATION_HORIZONTAL, GTK_ACCESSIBLE_ROLE_ROW));
  gtk_widget_add_css_class (GTK_WIDGET (row->box), "report-row");
  for (guint i = 0; i < N_COLUMNS; i++)
    {
      GtkAccessibleRole role = is_header  ? GTK_ACCESSIBLE_ROLE_COLUMN_HEADER
                               : i == 0   ? GTK_ACCESSIBLE_ROLE_ROW_HEADER
                                          : GTK_ACCESSIBLE_ROLE_CELL;
      GtkWidget *label = make_label (texts[i], is_header || i == 0 ? "heading" : NULL);

      row->cells[i] = GTK_BOX (make_box (i == N_COLUMNS - 1 ? GTK_ORIENTATION_VERTICAL : GTK_ORIENTATION_HORIZONTAL, role));
      gtk_accessible_update_property (GTK_ACCESSIBLE (row->cells[i]), GTK_ACCESSIBLE_PROPERTY_LABEL, texts[i], -1);
      gtk_accessible_update_relation (GTK_ACCESSIBLE (row->cells[i]), GTK_ACCESSIBLE_RELATION_COL_INDEX, (int) i + 1, -1);
      if (!is_header && (i == 1 || i == 2))
        {
          row->captions[i] = gtk_label_new (self->table->header[i]);
          gtk_label_set_xalign (GTK_LABEL (row->captions[i]), 0);
          gtk_label_set_width_chars (GTK_LABEL (row->captions[i]),
                                     (int) MAX (g_utf8_strlen (self->table->header[1], -1),
                                                g_utf8_strlen (self->table->header[2], -1)));
          gtk_widget_set_valign (row->captions[i], GTK_ALIGN_START);
          gtk_widget_add_css_class (row->captions[i], "dim-label");
          gtk_box_append (row->cells[i], row->captions[i]);
          gtk_box_set_spacing (row->cells[i], 12);
        }
      gtk_widget_add_css_class (label, "numeric");
      gtk_widget_set_hexpand (label, TRUE);
      gtk_widget_set_hexpand (GTK_WIDGET (row->cells[i]), i == N_COLUMNS - 1);
      row->labels[i] = label;
      gtk_widget_set_visible (label, texts[i][0] != '\0');
      gtk_box_append (row->cells[i], label);
      gtk_box_append (row->box, GTK_WIDGET (row->cells[i]));
    }
  gtk_box_append (GTK_BOX (self->list), GTK_WIDGET (row->box));
  return row;
}

/* A sign in the text, since a widget beside a label that wraps takes its width away. */
static void
add_best (Row *row, const char *title)
{
  g_autofree char *text = g_strconcat ("★ ", title, NULL);
  g_autofree char *spoken = g_strdup_printf (_ ("Best: %s"), title);

  gtk_label_set_text (GTK_LABEL (row->labels[0]), text);
  gtk_widget_set_tooltip_text (row->labels[0], _ ("Best"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (row->cells[0]), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
  gtk_widget_add_css_class (GTK_WIDGET (row->box), "best");
}

/**
 * bo_validation_list_add_row:
 * @self: the table
 *
 * Returns: whether there was one more to be added
 */
gboolean
bo_validation_list_add_row (BoValidationList *self)
{
  guint index;
  const BoReportRow *row;
  Row *made;
  g_autofree char *notes = NULL;
  g_autofree char *key = NULL;

  g_return_val_if_fail (BO_IS_VALIDATION_LIST (self), FALSE);

  index = self->rows->len;
  if (index >= self->report->rows->len)
    return FALSE;
  row = g_ptr_array_index (self->report->rows, index);
  /* The user's own part of the notes stands below, where it can be changed. */
  if (row->study_notes != NULL && row->outcome != NULL)
    notes = g_strdup_printf ("%s — %s", row->study_notes, row->outcome);
  else
    notes = g_strdup (row->study_notes != NULL ? row->study_notes : row->outcome != NULL ? row->outcome : "");
  made = make_row (self, (const char *const[]) { row->title, row->build_time, row->run_time, notes }, FALSE);
  if (has_failed (self->report, row))
    gtk_widget_add_css_class (GTK_WIDGET (made->box), "failed");
  if (row->best)
    add_best (made, row->title);
  key = g_strconcat (BO_NOTE_STRATEGY_PREFIX, row->strategy, NULL);
  made->editor = bo_note_editor_new (key, row->title, _ ("Add a note"));
  gtk_box_append (made->cells[N_COLUMNS - 1], GTK_WIDGET (made->editor));
  arrange (self, made);
  gtk_accessible_update_relation (GTK_ACCESSIBLE (made->box), GTK_ACCESSIBLE_RELATION_ROW_INDEX, (int) index + 2, -1);
  g_ptr_array_add (self->rows, made);
  return TRUE;
}

static void
bo_validation_list_dispose (GObject *object)
{
  BoValidationList *self = BO_VALIDATION_LIST (object);

  g_clear_pointer (&self->rows, g_ptr_array_unref);
  g_clear_pointer (&self->list, gtk_widget_unparent);
  self->header = NULL;
  g_clear_pointer (&self->table, bo_report_table_free);
  g_clear_pointer (&self->report, bo_report_unref);

  G_OBJECT_CLASS (bo_validation_list_parent_class)->dispose (object);
}

static void
bo_validation_list_class_init (BoValidationListClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bo_validation_list_dispose;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
bo_validation_list_init (BoValidationList *self)
{
  self->rows = g_ptr_array_new_with_free_func (g_free);
  self->list = make_box (GTK_ORIENTATION_VERTICAL, GTK_ACCESSIBLE_ROLE_TABLE);
  gtk_widget_add_css_class (self->list, "card");
  gtk_widget_add_css_class (self->list, "report-rows");
  gtk_widget_set_parent (self->list, GTK_WIDGET (self));
}

/**
 * bo_validation_list_new:
 * @report: whose validation table it is
 */
BoValidationList *
bo_validation_list_new (BoReport *report)
{
  BoValidationList *self = g_object_new (BO_TYPE_VALIDATION_LIST, NULL);
  Row *header;

  g_return_val_if_fail (report != NULL, self);

  self->report = bo_report_ref (report);
  self->table = bo_report_table_new (report, BO_REPORT_TABLE_VALIDATION);
  find_widths (self);
  header = make_row (self, (const char *const *) self->table->header, TRUE);
  arrange (self, header);
  self->header = GTK_WIDGET (header->box);
  g_free (header);
  gtk_accessible_update_relation (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_RELATION_ROW_COUNT,
                                  (int) report->rows->len + 1, GTK_ACCESSIBLE_RELATION_COL_COUNT, N_COLUMNS, -1);
  return self;
}

BoNoteEditor *
bo_validation_list_get_editor (BoValidationList *self, guint row)
{
  g_return_val_if_fail (BO_IS_VALIDATION_LIST (self), NULL);
  g_return_val_if_fail (row < self->rows->len, NULL);

  return ((Row *) g_ptr_array_index (self->rows, row))->editor;
}

guint
bo_validation_list_get_n_rows (BoValidationList *self)
{
  g_return_val_if_fail (BO_IS_VALIDATION_LIST (self), 0);

  return self->rows->len;
}

void
bo_validation_list_set_narrow (BoValidationList *self, gboolean narrow)
{
  g_return_if_fail (BO_IS_VALIDATION_LIST (self));

  if (narrow == self->narrow)
    return;
  self->narrow = narrow;
  gtk_widget_set_visible (self->header, !narrow);
  for (guint i = 0; i < self->rows->len; i++)
    arrange (self, g_ptr_array_index (self->rows, i));
}
