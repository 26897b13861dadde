/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-cell-panel"

#include "config.h"

#include <glib/gi18n.h>

#include "insight/bo-diagnosis.h"
#include "insight/bo-duration.h"
#include "matrix/bo-cell-panel.h"
#include "study/bo-variables.h"

/* All about one cell: how it stands and why, its trials, what was built of what, and what the probes said. */

/* More of them are in the list of the campaigns. */
#define TRIALS_MAX 30

struct _BoCellPanel
{
  GtkWidget parent_instance;

  /* Template widgets */
  GtkLabel *title;
  GtkLabel *subtitle;
  GtkImage *icon;
  GtkLabel *state;
  GtkLabel *reason;
  GtkLabel *advice;
  AdwPreferencesGroup *trials_group;
  AdwPreferencesGroup *probes_group;
  AdwPreferencesGroup *build_group;
  AdwPreferencesGroup *dockerfile_group;
  GtkLabel *dockerfile;
  GtkLabel *problem;

  /* Owned references */
  BoMatrix *matrix;
  BoCell *cell;
  BoCellRecords *records;
  GPtrArray *live; /* BoTrial of the campaign that runs */
  GPtrArray *trials;
  GPtrArray *rows; /* (element-type GtkWidget) (unowned): rows that go with the next cell */
  char *signature;
  GCancellable *loading;
};

static guint changed_signal;

G_DEFINE_FINAL_TYPE (BoCellPanel, bo_cell_panel, GTK_TYPE_WIDGET)

static void
add_row (BoCellPanel *self, AdwPreferencesGroup *group, GtkWidget *row)
{
  g_object_set_data (G_OBJECT (row), "group", group);
  adw_preferences_group_add (group, row);
  g_ptr_array_add (self->rows, row);
}

static void
clear_rows (BoCellPanel *self)
{
  for (guint i = 0; i < self->rows->len; i++)
    {
      GtkWidget *row = g_ptr_array_index (self->rows, i);

      adw_preferences_group_remove (g_object_get_data (G_OBJECT (row), "group"), row);
    }
  g_ptr_array_set_size (self->rows, 0);
}

/* The words of an engine, a path or an argument are not markup. */
static GtkWidget *
row_new (const char *title, const char *subtitle)
{
  return g_object_new (ADW_TYPE_ACTION_ROW, "use-markup", FALSE, "title", title, "subtitle", subtitle, "title-lines", 3,
                       "subtitle-lines", 12, NULL);
}

static BoChartLocale
get_locale (BoCellPanel *self)
{
  return (BoChartLocale) { .language = self->matrix->language, .decimal_point = self->matrix->decimal_point };
}

/* --- Its parts --------------------------------------------------------------------- */

static char *
describe_date (gint64 time_us)
{
  g_autoptr (GDateTime) utc = NULL;
  g_autoptr (GDateTime) local = NULL;

  if (time_us < 0)
    return NULL;
  utc = g_date_time_new_from_unix_utc (time_us / G_USEC_PER_SEC);
  local = g_date_time_to_local (utc);
  return g_date_time_format (local, "%x %H:%M");
}

static void
append_line (GString *text, const char *line)
{
  g_string_append_printf (text, "%s%s", text->len > 0 ? "\n" : "", line);
}

static GtkWidget *
trial_row_new (BoCellPanel *self, const BoTrial *trial)
{
  const BoChartLocale locale = get_locale (self);
  const BoCampaign *campaign = bo_cell_panel_get_campaign (self, trial);
  g_autofree char *time = trial->build_us >= 0 ? bo_chart_locale_format_duration (&locale, trial->build_us) : NULL;
  g_autofree char *elapsed = trial->elapsed_us >= 0 ? bo_chart_locale_format_duration (&locale, trial->elapsed_us) : NULL;
  g_autofree char *date = describe_date (trial->started_us);
  g_autofree char *place = NULL;
  g_autofree char *title = NULL;
  GString *text = g_string_new (NULL);
  GtkWidget *row;

  if (time != NULL)
    title = g_strdup (time);
  else if (elapsed != NULL)
    /* TRANSLATORS: "Failed after 1 min 52 s" */
    title = g_strdup_printf (_ ("%s after %s"), bo_outcome_get_title (trial->outcome), elapsed);
  else
    title = g_strdup (bo_outcome_get_title (trial->outcome));
  if (date != NULL)
    place = campaign != NULL ? g_strdup_printf ("%s · %s", date, campaign->device_url) : g_strdup (date);
  if (place != NULL)
    append_line (text, place);
  if (trial->reason != NULL)
    append_line (text, trial->reason);
  for (guint i = 0; i < trial->flags->len; i++)
    {
      const char *flag = g_ptr_array_index (trial->flags, i);
      const char *evidence = bo_trial_get_evidence (trial, flag);
      g_autofree char *line = evidence != NULL ? g_strdup_printf ("⚑ %s: %s", flag, evidence) : g_strdup_printf ("⚑ %s", flag);

      append_line (text, line);
    }

  row = row_new (title, text->str);
  g_string_free (text, TRUE);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (row), "win.show-log");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (row), "s", trial->id);
  gtk_widget_set_tooltip_text (row, _ ("Show the log"));
  {
    GtkWidget *id = gtk_label_new (strrchr (trial->id, '.') != NULL ? strrchr (trial->id, '.') + 1 : trial->id);

    gtk_widget_add_css_class (id, "dim-label");
    gtk_widget_add_css_class (id, "numeric");
    gtk_widget_set_tooltip_text (id, trial->id);
    adw_action_row_add_suffix (ADW_ACTION_ROW (row), id);
    adw_action_row_add_suffix (ADW_ACTION_ROW (row), gtk_image_new_from_icon_name ("go-next-symbolic"));
  }
  return row;
}

static void
show_trials (BoCellPanel *self)
{
  g_autofree char *text = NULL;
  g_autofree char *escaped = NULL;

  for (guint i = 0; i < MIN (self->trials->len, TRIALS_MAX); i++)
    add_row (self, self->trials_group, trial_row_new (self, g_ptr_array_index (self->trials, i)));
  if (self->trials->len > TRIALS_MAX)
    text = g_strdup_printf (_ ("The newest %u of %u"), TRIALS_MAX, self->trials->len);
  escaped = text != NULL ? g_markup_escape_text (text, -1) : NULL;
  adw_preferences_group_set_description (self->trials_group, escaped);
  gtk_widget_set_visible (GTK_WIDGET (self->trials_group), self->trials->len > 0);
}

static const char *
get_probe_title (BoProbeKind kind)
{
  switch (kind)
    {
    case BO_PROBE_CUDA:
      return "CUDA";
    case BO_PROBE_IMPORTS:
      return _ ("Imports");
    case BO_PROBE_WORKLOAD:
    default:
      return _ ("Workload");
    }
}

static const char *
get_verdict_title (BoVerdict verdict)
{
  switch (verdict)
    {
    case BO_VERDICT_YES:
      return _ ("yes");
    case BO_VERDICT_NO:
      return _ ("no");
    case BO_VERDICT_UNSUPPORTED:
      return _ ("not possible here");
    case BO_VERDICT_NONE:
    default:
      return _ ("no answer");
    }
}

static void
show_probes (BoCellPanel *self, const BoTrial *trial)
{
  const BoChartLocale locale = get_locale (self);

  for (guint i = 0; trial != NULL && i < trial->probes->len; i++)
    {
      const BoProbeResult *probe = g_ptr_array_index (trial->probes, i);
      GString *title = g_string_new (NULL);
      GString *text = g_string_new (NULL);

      g_string_printf (title, "%s: %s", get_probe_title (probe->kind), get_verdict_title (probe->verdict));
      if (probe->level != NULL)
        g_string_append_printf (title, _ (", level “%s”"), probe->level);
      if (probe->simulated)
        g_string_append (title, _ (", on a simulated GPU"));
      if (probe->reason != NULL && probe->reason[0] != '\0')
        append_line (text, probe->reason);
      if (probe->raw != NULL && probe->raw[0] != '\0')
        append_line (text, probe->raw);
      for (guint r = 0; r < probe->runs->len; r++)
        {
          const BoProbeRun *run = g_ptr_array_index (probe->runs, r);
          g_autofree char *time = run->duration_us >= 0 ? bo_chart_locale_format_duration (&locale, run->duration_us)
                                                        : g_strdup (BO_NO_VALUE);

          g_string_append_printf (text, "%s%s", r > 0 ? ", " : text->len > 0 ? "\n" : "", time);
          if (run->oom_killed)
            g_string_append (text, _ (" (out of memory)"));
          else if (run->timed_out)
            g_string_append (text, _ (" (time limit)"));
          else if (run->exit_code > 0)
            g_string_append_printf (text, _ (" (exit code %d)"), run->exit_code);
        }
      add_row (self, self->probes_group, row_new (title->str, text->str));
      g_string_free (title, TRUE);
      g_string_free (text, TRUE);
    }
  gtk_widget_set_visible (GTK_WIDGET (self->probes_group), trial != NULL && trial->probes->len > 0);
}

static void
show_build (BoCellPanel *self, const BoTrial *built)
{
  BoStudy *study = self->matrix->study;
  const BoChartLocale locale = get_locale (self);
  const BoStrategy *strategy = bo_study_get_strategy (study, self->cell->strategy);
  const BoBase *base = bo_study_get_base (study, self->cell->base);

  if (strategy == NULL || base == NULL)
    return;
  if (built != NULL && built->image != NULL)
    {
      g_autofree char *size = bo_chart_locale_format_size (&locale, built->image->size);
      g_autofree char *added = built->image->added_size >= 0
                                 ? bo_chart_locale_format_size (&locale, built->image->added_size)
                                 : NULL;
      g_autofree char *text = added != NULL ? g_strdup_printf (_ ("%s, of which %s over the base image"), size, added)
                                            : g_strdup (size);

      add_row (self, self->build_group, row_new (_ ("Image"), text));
    }
  add_row (self, self->build_group, row_new (_ ("Base image"), base->image));
  add_row (self, self->build_group, row_new (_ ("Dockerfile"), strategy->dockerfile));
  if (strategy->target != NULL)
    add_row (self, self->build_group, row_new (_ ("Target stage"), strategy->target));
  for (guint i = 0; i < strategy->build_args->len; i++)
    {
      const BoBuildArg *arg = g_ptr_array_index (strategy->build_args, i);
      g_autofree char *value = bo_variables_replace (arg->value, BO_VARIABLE_BASE_IMAGE, base->image);

      add_row (self, self->build_group, row_new (arg->name, value));
    }
  for (guint i = 0; i < strategy->prebuilds->len; i++)
    {
      const BoPrebuild *prebuild = g_ptr_array_index (strategy->prebuilds, i);
      g_autofree char *title = g_strdup_printf (_ ("Prebuild “%s”"), prebuild->as);
      GString *text = g_string_new (prebuild->dockerfile);

      for (guint k = 0; self->records != NULL && k < self->records->prebuilds->len; k++)
        {
          const BoTrial *trial = g_ptr_array_index (self->records->prebuilds, k);
          g_autofree char *time = trial->build_us >= 0 ? bo_chart_locale_format_duration (&locale, trial->build_us) : NULL;

          if (g_strcmp0 (trial->prebuild, prebuild->as) == 0)
            g_string_append_printf (text, " · %s", time != NULL ? time : bo_outcome_get_title (trial->outcome));
        }
      add_row (self, self->build_group, row_new (title, text->str));
      g_string_free (text, TRUE);
    }
}

static void
show_dockerfile (BoCellPanel *self)
{
  const char *text = NULL;

  for (guint i = 0; text == NULL && self->records != NULL && i < self->records->trials->len; i++)
    text = bo_cell_records_get_dockerfile (self->records, g_ptr_array_index (self->records->trials, i));
  gtk_label_set_text (self->dockerfile, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->dockerfile_group), text != NULL);
}

/* Of the newest trial that failed, where it did, and what its log says about the cause. */
static void
show_advice (BoCellPanel *self)
{
  const BoTrial *trial = bo_cell_panel_get_trial (self);
  g_autoptr (BoDiagnosis) diagnosis = NULL;
  g_autoptr (GString) text = g_string_new (NULL);

  if (trial != NULL && (trial->outcome == BO_OUTCOME_FAILED || trial->outcome == BO_OUTCOME_TIMED_OUT))
    diagnosis = bo_diagnose_evidence (trial);
  if (trial != NULL && trial->failed_step >= 0 && (guint) trial->failed_step < trial->steps->len)
    {
      const BoStep *step = g_ptr_array_index (trial->steps, trial->failed_step);
      g_autofree char *line = step->number > 0 ? g_strdup_printf (_ ("Step %u: %s"), step->number, step->instruction)
                                               : g_strdup (step->instruction);

      append_line (text, line);
    }
  if (diagnosis != NULL)
    {
      g_autofree char *line = g_strdup_printf (_ ("Likely cause: %s"), diagnosis->signature->cause);

      append_line (text, line);
      append_line (text, diagnosis->evidence);
      append_line (text, diagnosis->signature->advice);
    }
  gtk_label_set_text (self->advice, text->str);
  gtk_widget_set_visible (GTK_WIDGET (self->advice), text->len > 0);
}

static void
show_state (BoCellPanel *self)
{
  g_autofree char *key = self->cell != NULL ? bo_cell_get_key (self->cell) : NULL;
  const BoSquare *square;
  const BoMatrixColumn *column;
  const BoMatrixGroup *group;
  const BoMatrixRow *strategy;
  const char *icon;
  g_autofree char *subtitle = NULL;
  guint row, which;

  if (key == NULL || self->matrix == NULL || !bo_matrix_find (self->matrix, key, &row, &which))
    return;
  square = bo_matrix_get_square (self->matrix, row, which);
  column = g_ptr_array_index (self->matrix->columns, which);
  group = g_ptr_array_index (self->matrix->groups, column->group);
  strategy = g_ptr_array_index (self->matrix->rows, row);
  icon = bo_square_state_get_icon (square->state);
  subtitle = g_strdup_printf ("%s · %s · %s", group->title, group->subtitle, column->title);
  gtk_label_set_text (self->title, strategy->title);
  gtk_label_set_text (self->subtitle, subtitle);
  gtk_widget_set_visible (GTK_WIDGET (self->icon), icon != NULL);
  gtk_image_set_from_icon_name (self->icon, icon);
  gtk_label_set_text (self->state, bo_square_state_get_title (square->state));
  gtk_label_set_text (self->reason, square->text);
}

/* --- Which trials there are --------------------------------------------------------- */

static gboolean
find_trial (GPtrArray *trials, const char *id)
{
  for (guint i = 0; i < trials->len; i++)
    if (g_strcmp0 (((const BoTrial *) g_ptr_array_index (trials, i))->id, id) == 0)
      return TRUE;
  return FALSE;
}

/* Those of the campaign that runs are newer than what the store has of them. */
static void
merge_trials (BoCellPanel *self)
{
  g_ptr_array_set_size (self->trials, 0);
  for (guint i = self->live->len; self->cell != NULL && i > 0; i--)
    {
      BoTrial *trial = g_ptr_array_index (self->live, i - 1);

      if (trial->kind == BO_TRIAL_COUNTED && trial->cell != NULL && bo_cell_equal (trial->cell, self->cell))
        g_ptr_array_add (self->trials, bo_trial_ref (trial));
    }
  for (guint i = 0; self->records != NULL && i < self->records->trials->len; i++)
    {
      BoTrial *trial = g_ptr_array_index (self->records->trials, i);

      if (!find_trial (self->trials, trial->id))
        g_ptr_array_add (self->trials, bo_trial_ref (trial));
    }
}

static char *
make_signature (BoCellPanel *self)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < self->trials->len; i++)
    {
      const BoTrial *trial = g_ptr_array_index (self->trials, i);

      g_string_append_printf (text, "%s %d %u %u\n", trial->id, trial->outcome, trial->probes->len, trial->flags->len);
    }
  return g_string_free (text, FALSE);
}

/* Rows are made anew only when there is something new to say, or the list would jump under the pointer. */
static void
refresh (BoCellPanel *self, gboolean always)
{
  g_autofree char *signature = NULL;

  if (self->cell == NULL || self->matrix == NULL)
    return;
  merge_trials (self);
  show_state (self);
  signature = make_signature (self);
  if (!always && g_strcmp0 (signature, self->signature) == 0)
    return;
  g_free (self->signature);
  self->signature = g_steal_pointer (&signature);
  clear_rows (self);
  show_advice (self);
  show_trials (self);
  show_probes (self, bo_cell_panel_get_built (self));
  show_build (self, bo_cell_panel_get_built (self));
  show_dockerfile (self);
  g_signal_emit (self, changed_signal, 0);
}

static void
loaded_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BoCellRecords) records = bo_cell_records_load_finish (result, &error);
  BoCellPanel *self;

  /* Then the panel may be gone. */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  self = BO_CELL_PANEL (user_data);
  g_clear_object (&self->loading);
  g_clear_pointer (&self->records, bo_cell_records_free);
  self->records = g_steal_pointer (&records);
  gtk_label_set_text (self->problem, error != NULL ? error->message : "");
  gtk_widget_set_visible (GTK_WIDGET (self->problem), error != NULL);
  refresh (self, TRUE);
}

static void
cancel_loading (BoCellPanel *self)
{
  if (self->loading != NULL)
    g_cancellable_cancel (self->loading);
  g_clear_object (&self->loading);
}

static void
bo_cell_panel_dispose (GObject *object)
{
  BoCellPanel *self = BO_CELL_PANEL (object);
  GtkWidget *child;

  cancel_loading (self);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  gtk_widget_dispose_template (GTK_WIDGET (self), BO_TYPE_CELL_PANEL);
  g_clear_pointer (&self->matrix, bo_matrix_unref);
  g_clear_pointer (&self->cell, bo_cell_free);
  g_clear_pointer (&self->records, bo_cell_records_free);
  g_clear_pointer (&self->live, g_ptr_array_unref);
  g_clear_pointer (&self->trials, g_ptr_array_unref);
  g_clear_pointer (&self->rows, g_ptr_array_unref);
  g_clear_pointer (&self->signature, g_free);

  G_OBJECT_CLASS (bo_cell_panel_parent_class)->dispose (object);
}

static void
bo_cell_panel_class_init (BoCellPanelClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bo_cell_panel_dispose;
  changed_signal = g_signal_new ("changed", BO_TYPE_CELL_PANEL, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/bakeoff/Bakeoff/bo-cell-panel.ui");
  gtk_widget_class_bind_template_child (widget_class, BoCellPanel, title);
  gtk_widget_class_bind_template_child (widget_class, BoCellPanel, subtitle);
  gtk_widget_class_bind_template_child (widget_class, BoCellPanel, icon);
  gtk_widget_class_bind_template_child (widget_class, BoCellPanel, state);
  gtk_widget_class_bind_template_child (widget_class, BoCellPanel, reason);
  gtk_widget_class_bind_template_child (widget_class, BoCellPanel, advice);
  gtk_widget_class_bind_template_child (widget_class, BoCellPanel, trials_group);
  gtk_widget_class_bind_template_child (widget_class, BoCellPanel, probes_group);
  gtk_widget_class_bind_template_child (widget_class, BoCellPanel, build_group);
  gtk_widget_class_bind_template_child (widget_class, BoCellPanel, dockerfile_group);
  gtk_widget_class_bind_template_child (widget_class, BoCellPanel, dockerfile);
  gtk_widget_class_bind_template_child (widget_class, BoCellPanel, problem);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_REGION);
}

static void
bo_cell_panel_init (BoCellPanel *self)
{
  self->live = g_ptr_array_new ();
  self->trials = g_ptr_array_new_with_free_func ((GDestroyNotify) bo_trial_unref);
  self->rows = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("All about the cell"), -1);
}

void
bo_cell_panel_set_matrix (BoCellPanel *self, BoMatrix *matrix)
{
  g_return_if_fail (BO_IS_CELL_PANEL (self));
  g_return_if_fail (matrix != NULL);

  bo_matrix_ref (matrix);
  g_clear_pointer (&self->matrix, bo_matrix_unref);
  self->matrix = matrix;
  refresh (self, FALSE);
}

/**
 * bo_cell_panel_set_cell:
 * @self: the panel
 * @cell: (nullable): what it tells about
 */
void
bo_cell_panel_set_cell (BoCellPanel *self, const BoCell *cell)
{
  g_return_if_fail (BO_IS_CELL_PANEL (self));

  if (cell == self->cell)
    return;
  cancel_loading (self);
  g_clear_pointer (&self->cell, bo_cell_free);
  g_clear_pointer (&self->records, bo_cell_records_free);
  self->cell = cell != NULL ? bo_cell_copy (cell) : NULL;
  refresh (self, TRUE);
  bo_cell_panel_reload (self);
}

/**
 * bo_cell_panel_set_live:
 * @self: the panel
 * @trials: (nullable) (element-type BoTrial): records of the campaign that runs
 */
void
bo_cell_panel_set_live (BoCellPanel *self, GPtrArray *trials)
{
  g_return_if_fail (BO_IS_CELL_PANEL (self));

  g_clear_pointer (&self->live, g_ptr_array_unref);
  self->live = trials != NULL ? g_ptr_array_ref (trials) : g_ptr_array_new ();
  refresh (self, FALSE);
}

/* What the store has is read again. */
void
bo_cell_panel_reload (BoCellPanel *self)
{
  g_return_if_fail (BO_IS_CELL_PANEL (self));

  if (self->cell == NULL || self->matrix == NULL)
    return;
  cancel_loading (self);
  self->loading = g_cancellable_new ();
  bo_cell_records_load_async (self->matrix->study->id, self->cell, self->loading, loaded_cb, self);
}

const BoCell *
bo_cell_panel_get_cell (BoCellPanel *self)
{
  g_return_val_if_fail (BO_IS_CELL_PANEL (self), NULL);

  return self->cell;
}

/**
 * bo_cell_panel_get_trial:
 *
 * Returns: (nullable): the newest trial that has begun
 */
const BoTrial *
bo_cell_panel_get_trial (BoCellPanel *self)
{
  g_return_val_if_fail (BO_IS_CELL_PANEL (self), NULL);

  for (guint i = 0; i < self->trials->len; i++)
    if (((const BoTrial *) g_ptr_array_index (self->trials, i))->outcome != BO_OUTCOME_PENDING)
      return g_ptr_array_index (self->trials, i);
  return NULL;
}

/**
 * bo_cell_panel_get_built:
 *
 * Returns: (nullable): the newest trial that made an image, one with probes rather than another
 */
const BoTrial *
bo_cell_panel_get_built (BoCellPanel *self)
{
  const BoTrial *found = NULL;

  g_return_val_if_fail (BO_IS_CELL_PANEL (self), NULL);

  for (guint i = 0; i < self->trials->len; i++)
    {
      const BoTrial *trial = g_ptr_array_index (self->trials, i);

      if (trial->image == NULL)
        continue;
      if (trial->probes->len > 0)
        return trial;
      if (found == NULL)
        found = trial;
    }
  return found;
}

/**
 * bo_cell_panel_get_campaign:
 *
 * Returns: (nullable): the campaign of one of the trials, as the store has it
 */
const BoCampaign *
bo_cell_panel_get_campaign (BoCellPanel *self, const BoTrial *trial)
{
  g_return_val_if_fail (BO_IS_CELL_PANEL (self), NULL);
  g_return_val_if_fail (trial != NULL, NULL);

  return self->records != NULL ? g_hash_table_lookup (self->records->campaigns, trial->campaign) : NULL;
}
