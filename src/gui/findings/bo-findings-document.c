/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-findings-document"

#include "config.h"

#include <glib/gi18n.h>

#include "findings/bo-findings-document.h"
#include "findings/bo-findings-parts.h"
#include "findings/bo-report-columns.h"
#include "findings/bo-report-table.h"
#include "findings/bo-validation-list.h"
#include "study/bo-document-text.h"

/* So long it is built at a time, so that the window stays at hand meanwhile. */
#define BUILD_US 6000

/* The order in which it is built, which is the order in which it is read. */
typedef enum
{
  PART_HEAD,
  PART_WORKED,
  PART_NOT_WORKED,
  PART_VALIDATION,
  PART_DETAILS,
  PART_TESTS,
  PART_PREBUILDS,
  PART_FAILURES,
  PART_METHOD,
  PART_EXCLUSIONS,
  PART_ENVIRONMENT,
  PART_DOCKERFILES,
  N_PARTS
} Part;

struct _BoFindingsDocument
{
  GtkWidget parent_instance;

  GtkBox *box;
  BoReport *report;
  gboolean narrow;

  /* How far it is built. */
  guint build_id;
  Part part;
  guint index;
  GtkWidget *current;
  BoValidationList *validation;
  /* (element-type utf8 BoNoteEditor), not owned: they are in the box */
  GHashTable *editors;
};

enum
{
  EDITOR_ADDED,
  BUILT,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (BoFindingsDocument, bo_findings_document, GTK_TYPE_WIDGET)

static void
add_editor (BoFindingsDocument *self, BoNoteEditor *editor)
{
  g_hash_table_insert (self->editors, g_strdup (bo_note_editor_get_key (editor)), editor);
  g_signal_emit (self, signals[EDITOR_ADDED], 0, editor);
}

/* --- The document ------------------------------------------------------------------- */

static void
append (BoFindingsDocument *self, GtkWidget *widget)
{
  gtk_box_append (self->box, widget);
}

static void
append_heading (BoFindingsDocument *self, const char *text)
{
  append (self, bo_findings_make_heading (text));
}

static void
build_head (BoFindingsDocument *self)
{
  const BoReport *report = self->report;
  g_autofree char *lead = bo_report_describe_lead (report);
  g_autofree char *device = bo_report_describe_device (report);
  GtkWidget *title = bo_findings_make_text (report->title, "title-1");
  GtkWidget *best = bo_findings_make_card (_ ("Recommendation"));
  BoNoteEditor *editor = bo_note_editor_new (BO_NOTE_SUMMARY, report->title, _ ("Add a summary"));

  append (self, title);
  if (device != NULL)
    append (self, bo_findings_make_text (device, "dim-label"));
  append (self, bo_findings_make_text (lead, "dim-label"));
  add_editor (self, editor);
  gtk_widget_set_margin_top (GTK_WIDGET (editor), 6);
  append (self, GTK_WIDGET (editor));
  gtk_list_box_append (GTK_LIST_BOX (best),
                       bo_findings_make_row (report->best != NULL ? "starred-symbolic" : "dialog-information-symbolic",
                                             report->best != NULL ? "success" : "dim-label", NULL,
                                             bo_report_describe_best (report)));
  gtk_widget_set_margin_top (best, 6);
  append (self, best);
}

/* A point at a time; after the last one the user's own. Returns whether there are more. */
static gboolean
build_point (BoFindingsDocument *self, GPtrArray *points, const char *title, const char *key, const char *icon, const char *css)
{
  const char *language = self->report->language;

  if (self->current == NULL)
    {
      append_heading (self, title);
      self->current = bo_findings_make_card (title);
      append (self, self->current);
      if (points->len == 0)
        gtk_list_box_append (GTK_LIST_BOX (self->current),
                             bo_findings_make_row (NULL, NULL, NULL, D_ (language, "Nothing so far.")));
    }
  while (self->index < points->len)
    {
      const BoReportPoint *point = g_ptr_array_index (points, self->index++);

      /* Those without a subject are the user's, and stand where they can be changed. */
      if (point->subject == NULL)
        continue;
      gtk_list_box_append (GTK_LIST_BOX (self->current), bo_findings_make_row (icon, css, point->subject, point->text));
      return TRUE;
    }
  {
    BoNoteEditor *editor = bo_note_editor_new (key, title, _ ("Add a note"));
    GtkWidget *row = gtk_list_box_row_new ();

    add_editor (self, editor);
    gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
    gtk_widget_set_focusable (row, FALSE);
    gtk_widget_add_css_class (row, "report-note");
    gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), GTK_WIDGET (editor));
    gtk_list_box_append (GTK_LIST_BOX (self->current), row);
  }
  return FALSE;
}

static gboolean
build_validation (BoFindingsDocument *self)
{
  if (self->current == NULL)
    {
      append_heading (self, D_ (self->report->language, "Validation Results"));
      self->validation = bo_validation_list_new (self->report);
      bo_validation_list_set_narrow (self->validation, self->narrow);
      self->current = GTK_WIDGET (self->validation);
      append (self, self->current);
    }
  if (bo_validation_list_add_row (self->validation))
    {
      add_editor (self, bo_validation_list_get_editor (self->validation, bo_validation_list_get_n_rows (self->validation) - 1));
      return TRUE;
    }
  append (self, bo_findings_make_text (self->report->cells_used, "dim-label"));
  return FALSE;
}

static void
build_table (BoFindingsDocument *self, BoReportTableKind kind, const char *title, gboolean heading)
{
  BoReportTable *table = bo_report_table_new (self->report, kind);

  if (table->rows->len == 0)
    {
      bo_report_table_free (table);
      return;
    }
  if (heading)
    append_heading (self, title);
  append (self, GTK_WIDGET (bo_report_columns_new (table, title)));
}

static void
build_prebuilds (BoFindingsDocument *self)
{
  const char *title = D_ (self->report->language, "Prebuilds");
  GtkWidget *card;

  if (self->report->prebuilds->len == 0)
    return;
  append_heading (self, title);
  card = bo_findings_make_card (title);
  for (guint i = 0; i < self->report->prebuilds->len; i++)
    {
      const BoReportPrebuild *prebuild = g_ptr_array_index (self->report->prebuilds, i);

      gtk_list_box_append (GTK_LIST_BOX (card), bo_findings_make_row (NULL, NULL, prebuild->subject, prebuild->text));
    }
  append (self, card);
}

static gboolean
build_failure (BoFindingsDocument *self)
{
  const BoReport *report = self->report;

  if (report->failures->len == 0)
    return FALSE;
  if (self->index == 0)
    {
      append_heading (self, D_ (report->language, "Failures"));
      append (self, bo_findings_make_text (
                      D_ (report->language, "How far each got is no build time and is compared with none."), "dim-label"));
    }
  append (self, bo_findings_make_failure (report, g_ptr_array_index (report->failures, self->index++)));
  return self->index < report->failures->len;
}

static void
build_method (BoFindingsDocument *self)
{
  const char *title = D_ (self->report->language, "How It Was Measured");
  GtkWidget *card = bo_findings_make_card (title);

  append_heading (self, title);
  for (guint i = 0; i < self->report->method->len; i++)
    gtk_list_box_append (GTK_LIST_BOX (card),
                         bo_findings_make_row (NULL, NULL, NULL, g_ptr_array_index (self->report->method, i)));
  append (self, card);
}

/* What is folded is made when it is unfolded: there may be hundreds of trials, or long Dockerfiles. */
static void
exclusions_cb (AdwExpanderRow *row, GParamSpec *pspec, gpointer user_data)
{
  const BoReport *report = user_data;

  g_signal_handlers_disconnect_by_func (row, exclusions_cb, user_data);
  for (guint i = 0; i < report->exclusions->len; i++)
    {
      const BoReportExclusion *exclusion = g_ptr_array_index (report->exclusions, i);

      bo_findings_add_fact (GTK_WIDGET (row), exclusion->subject, exclusion->reason);
    }
}

static void
facts_cb (AdwExpanderRow *row, GParamSpec *pspec, gpointer user_data)
{
  const BoReport *report = user_data;

  g_signal_handlers_disconnect_by_func (row, facts_cb, user_data);
  for (guint i = 0; i < report->facts->len; i++)
    {
      const BoReportFact *fact = g_ptr_array_index (report->facts, i);

      bo_findings_add_fact (GTK_WIDGET (row), fact->label, fact->value);
    }
}

static void
dockerfile_cb (AdwExpanderRow *row, GParamSpec *pspec, gpointer user_data)
{
  const BoReport *report = user_data;
  guint index = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (row), "index"));
  const BoReportDockerfile *dockerfile = g_ptr_array_index (report->dockerfiles, index);

  g_signal_handlers_disconnect_by_func (row, dockerfile_cb, user_data);
  bo_findings_add_code (GTK_WIDGET (row), dockerfile->text);
}

static void
report_closure_free (gpointer data, GClosure *closure)
{
  bo_report_unref (data);
}

static GtkWidget *
add_folded (BoFindingsDocument *self, GtkWidget *card, const char *title, const char *subtitle, GCallback callback)
{
  GtkWidget *row = bo_findings_make_folded (title, subtitle);

  g_signal_connect_data (row, "notify::expanded", callback, bo_report_ref (self->report), report_closure_free, 0);
  gtk_list_box_append (GTK_LIST_BOX (card), row);
  return row;
}

static void
build_exclusions (BoFindingsDocument *self)
{
  const char *title = D_ (self->report->language, "In No Number");
  g_autofree char *count = NULL;
  GtkWidget *card;

  if (self->report->exclusions->len == 0)
    return;
  card = bo_findings_make_card (title);
  count = g_strdup_printf ("%u", self->report->exclusions->len);
  gtk_widget_set_margin_top (card, 6);
  add_folded (self, card, title, count, G_CALLBACK (exclusions_cb));
  append (self, card);
}

static void
build_environment (BoFindingsDocument *self)
{
  const char *title = D_ (self->report->language, "Environment");
  g_autofree char *device = bo_report_describe_device (self->report);
  GtkWidget *card = bo_findings_make_card (title);

  append_heading (self, title);
  add_folded (self, card, D_ (self->report->language, "Device"), device, G_CALLBACK (facts_cb));
  append (self, card);
  build_table (self, BO_REPORT_TABLE_BASES, title, FALSE);
}

static void
build_dockerfiles (BoFindingsDocument *self)
{
  const char *title = D_ (self->report->language, "Dockerfiles as Sent");
  GtkWidget *card;

  if (self->report->dockerfiles->len == 0)
    return;
  append_heading (self, title);
  card = bo_findings_make_card (title);
  for (guint i = 0; i < self->report->dockerfiles->len; i++)
    {
      const BoReportDockerfile *dockerfile = g_ptr_array_index (self->report->dockerfiles, i);
      g_autofree char *hash = g_strconcat ("sha256:", dockerfile->sha256, NULL);
      GtkWidget *row = add_folded (self, card, dockerfile->subject, hash, G_CALLBACK (dockerfile_cb));

      g_object_set_data (G_OBJECT (row), "index", GUINT_TO_POINTER (i));
    }
  append (self, card);
}

/* Returns whether the part has more to come. */
static gboolean
build_part (BoFindingsDocument *self)
{
  const BoReport *report = self->report;
  const char *language = report->language;

  switch (self->part)
    {
    case PART_HEAD:
      build_head (self);
      return FALSE;
    case PART_WORKED:
      return build_point (self, report->worked, D_ (language, "What Worked"), BO_NOTE_WORKED, "emblem-ok-symbolic", "success");
    case PART_NOT_WORKED:
      return build_point (self, report->not_worked, D_ (language, "What Didn't Work"), BO_NOTE_NOT_WORKED,
                          "window-close-symbolic", "error");
    case PART_VALIDATION:
      return build_validation (self);
    case PART_DETAILS:
      build_table (self, BO_REPORT_TABLE_DETAILS, D_ (language, "Details"), TRUE);
      return FALSE;
    case PART_TESTS:
      build_table (self, BO_REPORT_TABLE_TESTS, D_ (language, "Tests"), TRUE);
      return FALSE;
    case PART_PREBUILDS:
      build_prebuilds (self);
      return FALSE;
    case PART_FAILURES:
      return build_failure (self);
    case PART_METHOD:
      build_method (self);
      return FALSE;
    case PART_EXCLUSIONS:
      build_exclusions (self);
      return FALSE;
    case PART_ENVIRONMENT:
      build_environment (self);
      return FALSE;
    case PART_DOCKERFILES:
      build_dockerfiles (self);
      return FALSE;
    case N_PARTS:
    default:
      g_return_val_if_reached (FALSE);
    }
}

static gboolean
build_cb (gpointer user_data)
{
  BoFindingsDocument *self = BO_FINDINGS_DOCUMENT (user_data);
  gint64 until_us = g_get_monotonic_time () + BUILD_US;

  while (self->part < N_PARTS && g_get_monotonic_time () < until_us)
    if (!build_part (self))
      {
        self->part++;
        self->index = 0;
        self->current = NULL;
      }
  if (self->part < N_PARTS)
    return G_SOURCE_CONTINUE;
  self->build_id = 0;
  g_signal_emit (self, signals[BUILT], 0);
  return G_SOURCE_REMOVE;
}

static void
clear_document (BoFindingsDocument *self)
{
  GtkWidget *child;

  g_clear_handle_id (&self->build_id, g_source_remove);
  g_hash_table_remove_all (self->editors);
  self->validation = NULL;
  self->current = NULL;
  self->part = PART_HEAD;
  self->index = 0;
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->box))) != NULL)
    gtk_box_remove (self->box, child);
}

static void
bo_findings_document_dispose (GObject *object)
{
  BoFindingsDocument *self = BO_FINDINGS_DOCUMENT (object);

  g_clear_handle_id (&self->build_id, g_source_remove);
  g_hash_table_remove_all (self->editors);
  self->validation = NULL;
  self->current = NULL;
  if (self->box != NULL)
    gtk_widget_unparent (GTK_WIDGET (self->box));
  self->box = NULL;
  g_clear_pointer (&self->report, bo_report_unref);

  G_OBJECT_CLASS (bo_findings_document_parent_class)->dispose (object);
}

static void
bo_findings_document_finalize (GObject *object)
{
  g_hash_table_unref (BO_FINDINGS_DOCUMENT (object)->editors);

  G_OBJECT_CLASS (bo_findings_document_parent_class)->finalize (object);
}

static void
bo_findings_document_class_init (BoFindingsDocumentClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bo_findings_document_dispose;
  G_OBJECT_CLASS (klass)->finalize = bo_findings_document_finalize;
  signals[EDITOR_ADDED] = g_signal_new ("editor-added", BO_TYPE_FINDINGS_DOCUMENT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                        G_TYPE_NONE, 1, BO_TYPE_NOTE_EDITOR);
  signals[BUILT] = g_signal_new ("built", BO_TYPE_FINDINGS_DOCUMENT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (klass), GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

static void
bo_findings_document_init (BoFindingsDocument *self)
{
  self->editors = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->box = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 6));
  gtk_widget_set_parent (GTK_WIDGET (self->box), GTK_WIDGET (self));
}

/**
 * bo_findings_document_set_report:
 * @self: the document
 * @report: (nullable): what it shows; it is built from here on, from above, and "built" tells when all is there
 */
void
bo_findings_document_set_report (BoFindingsDocument *self, BoReport *report)
{
  g_return_if_fail (BO_IS_FINDINGS_DOCUMENT (self));

  if (report != NULL)
    bo_report_ref (report);
  clear_document (self);
  g_clear_pointer (&self->report, bo_report_unref);
  self->report = report;
  /* After what is drawn, so that the page is there at once and fills. */
  if (report != NULL)
    self->build_id = g_idle_add_full (GDK_PRIORITY_REDRAW + 5, build_cb, self, NULL);
}

gboolean
bo_findings_document_is_building (BoFindingsDocument *self)
{
  g_return_val_if_fail (BO_IS_FINDINGS_DOCUMENT (self), FALSE);

  return self->build_id != 0;
}

void
bo_findings_document_set_narrow (BoFindingsDocument *self, gboolean narrow)
{
  g_return_if_fail (BO_IS_FINDINGS_DOCUMENT (self));

  self->narrow = narrow;
  if (self->validation != NULL)
    bo_validation_list_set_narrow (self->validation, narrow);
}

BoNoteEditor *
bo_findings_document_get_editor (BoFindingsDocument *self, const char *key)
{
  g_return_val_if_fail (BO_IS_FINDINGS_DOCUMENT (self), NULL);

  return g_hash_table_lookup (self->editors, key);
}

/**
 * bo_findings_document_is_edited:
 *
 * Returns: whether a note is being written, or could not be saved
 */
gboolean
bo_findings_document_is_edited (BoFindingsDocument *self)
{
  GHashTableIter iter;
  gpointer editor;

  g_return_val_if_fail (BO_IS_FINDINGS_DOCUMENT (self), FALSE);

  g_hash_table_iter_init (&iter, self->editors);
  while (g_hash_table_iter_next (&iter, NULL, &editor))
    if (bo_note_editor_is_editing (editor) || bo_note_editor_is_unsaved (editor))
      return TRUE;
  return FALSE;
}

/**
 * bo_findings_document_flush:
 *
 * Every note that is not saved asks to be.
 */
void
bo_findings_document_flush (BoFindingsDocument *self)
{
  GHashTableIter iter;
  gpointer editor;

  g_return_if_fail (BO_IS_FINDINGS_DOCUMENT (self));

  g_hash_table_iter_init (&iter, self->editors);
  while (g_hash_table_iter_next (&iter, NULL, &editor))
    bo_note_editor_flush (editor);
}
