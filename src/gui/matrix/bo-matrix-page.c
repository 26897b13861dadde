/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-matrix-page"

#include "config.h"

#include <glib/gi18n.h>

#include "bench/bo-docker-command.h"
#include "editor/bo-strategy-editor.h"
#include "editor/bo-study-actions.h"
#include "matrix/bo-keep-dialog.h"
#include "matrix/bo-matrix-forecast.h"
#include "matrix/bo-matrix-page.h"
#include "matrix/bo-side-panel.h"
#include "study/bo-cell-selection.h"

/* The matrix with what is done with the cells that are selected in it, and with all about one of them. */

/* A forecast of a thousand cells takes some milliseconds; while a key is held down it can wait. */
#define FORECAST_MS 120
/* The progress of an upload comes with every block. */
#define SHOWN_MS 200

struct _BoMatrixPage
{
  GtkWidget parent_instance;

  /* Template widgets */
  BoSidePanel *panel;
  BoCellPanel *cell;
  BoMatrixView *view;
  GtkDropDown *groups;
  GtkBox *bar;
  GtkBox *words;
  GtkLabel *selection;
  GtkLabel *remark;
  GtkLabel *missing_label;
  GtkMenuButton *repetitions_button;
  GtkPopover *strategy_menu;

  /* Owned references */
  BoOpenStudy *study;
  BoMatrix *matrix; /* as the results have it */
  BoMatrix *shown;  /* with the campaign that runs */
  char *run_label;
  char *short_run_label;
  char *run_tooltip;
  char *menu_strategy; /* id of the strategy that the menu is of */

  guint repetitions; /* or 0 for what the study says */
  gboolean from_here;
  gboolean can_run;
  gint64 clock_us; /* how far this computer's clock is ahead of the one that the records are of */
  gboolean clock_known;
  guint forecast_id;
  guint tick_id;
  guint shown_id;
};

enum
{
  PROP_0,
  PROP_RUN_LABEL,
  PROP_SHORT_RUN_LABEL,
  PROP_RUN_TOOLTIP,
  PROP_CAN_RUN,
  PROP_REPETITIONS,
  PROP_FROM_HERE,
  N_PROPERTIES
};

static GParamSpec *properties[N_PROPERTIES];

G_DEFINE_FINAL_TYPE (BoMatrixPage, bo_matrix_page, GTK_TYPE_WIDGET)

static gboolean
is_running (BoMatrixPage *self)
{
  return self->study != NULL && bo_open_study_is_running (self->study);
}

static BoStudyResults *
get_results (BoMatrixPage *self)
{
  return self->study != NULL ? bo_open_study_get_results (self->study) : NULL;
}

static guint
get_repetitions (BoMatrixPage *self)
{
  return self->repetitions > 0 || self->matrix == NULL ? MAX (self->repetitions, 1) : self->matrix->study->repetitions;
}

/* --- The bar below the matrix ---------------------------------------------------- */

static void
update_groups (BoMatrixPage *self)
{
  gtk_widget_set_visible (GTK_WIDGET (self->groups), self->matrix != NULL && self->matrix->groups->len > 1
                                                       && bo_matrix_view_get_cards (self->view));
}

static void
update_repetitions (BoMatrixPage *self)
{
  static const guint choices[] = { 1, 2, 3, 4, 5, 7, 10, 20 };
  g_autoptr (GMenu) menu = g_menu_new ();
  g_autofree char *label = NULL;
  guint of_study = self->matrix != NULL ? self->matrix->study->repetitions : 0;
  gboolean cards = bo_matrix_view_get_cards (self->view);

  if (of_study > 0)
    {
      g_autofree char *text = g_strdup_printf (_ ("%u, as the study says"), of_study);
      g_autoptr (GMenuItem) item = g_menu_item_new (text, NULL);

      g_menu_item_set_action_and_target (item, "matrix.repetitions", "u", 0);
      g_menu_append_item (menu, item);
    }
  for (guint i = 0; i < G_N_ELEMENTS (choices); i++)
    {
      g_autofree char *text = g_strdup_printf ("%u", choices[i]);
      g_autoptr (GMenuItem) item = g_menu_item_new (text, NULL);

      if (choices[i] == of_study)
        continue;
      g_menu_item_set_action_and_target (item, "matrix.repetitions", "u", choices[i]);
      g_menu_append_item (menu, item);
    }
  gtk_menu_button_set_menu_model (self->repetitions_button, G_MENU_MODEL (menu));
  label = g_strdup_printf (cards ? "× %u" : _ ("Repetitions: %u"), get_repetitions (self));
  gtk_menu_button_set_label (self->repetitions_button, label);
}

/**
 * bo_matrix_page_get_forecast:
 * @self: the page
 *
 * Returns: (transfer full): what running the selection comes to, in words
 */
char *
bo_matrix_page_get_forecast (BoMatrixPage *self)
{
  BoStudyResults *results;
  g_autoptr (GPtrArray) cells = NULL;
  BoMatrixForecast forecast;

  g_return_val_if_fail (BO_IS_MATRIX_PAGE (self), NULL);

  results = get_results (self);
  cells = bo_matrix_view_get_selection (self->view);
  if (results == NULL || self->matrix == NULL || cells->len == 0)
    return g_strdup ("");
  forecast = bo_matrix_forecast (self->matrix->study, cells, get_repetitions (self), results->campaign, results->estimates);
  return bo_matrix_forecast_describe (&forecast, &(BoChartLocale) { .language = self->matrix->language,
                                                                     .decimal_point = self->matrix->decimal_point });
}

static gboolean
forecast_cb (gpointer user_data)
{
  BoMatrixPage *self = BO_MATRIX_PAGE (user_data);
  g_autofree char *text = bo_matrix_page_get_forecast (self);

  self->forecast_id = 0;
  if (text[0] == '\0' && self->matrix != NULL)
    {
      g_free (text);
      text = g_strdup_printf (ngettext ("of %u", "of %u", bo_matrix_count_squares (self->matrix)),
                              bo_matrix_count_squares (self->matrix));
    }
  gtk_label_set_text (self->remark, text);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->remark), text);
  return G_SOURCE_REMOVE;
}

static void
queue_forecast (BoMatrixPage *self)
{
  if (self->forecast_id == 0)
    self->forecast_id = g_timeout_add (FORECAST_MS, forecast_cb, self);
}

static void
enable (BoMatrixPage *self, const char *action, gboolean enabled)
{
  gtk_widget_action_set_enabled (GTK_WIDGET (self), action, enabled);
}

static void
update_run (BoMatrixPage *self, guint n)
{
  gboolean ready = self->matrix != NULL && self->study != NULL && !is_running (self);

  g_free (self->run_label);
  g_free (self->short_run_label);
  g_free (self->run_tooltip);
  self->can_run = ready && n > 0;
  self->run_label = n > 0 ? g_strdup_printf (ngettext ("Run %u Cell", "Run %u Cells", n), n) : g_strdup (C_ ("verb", "Run"));
  /* TRANSLATORS: on a button of a narrow window: how many cells it runs */
  self->short_run_label = n > 0 ? g_strdup_printf (_ ("Run %u"), n) : g_strdup (C_ ("verb", "Run"));
  self->run_tooltip = g_strdup (is_running (self) ? _ ("A campaign of this study runs already; it has to end first")
                                : n == 0          ? _ ("Select the cells that are to be built first")
                                                  : _ ("Build the selected cells and measure them"));
  enable (self, "matrix.run", self->can_run);
  enable (self, "matrix.first-look", ready);
  enable (self, "matrix.add-repetitions", self->can_run);
  for (guint i = PROP_RUN_LABEL; i <= PROP_CAN_RUN; i++)
    g_object_notify_by_pspec (G_OBJECT (self), properties[i]);
}

static void
update_cell_actions (BoMatrixPage *self)
{
  const BoCell *cell = bo_side_panel_get_open (self->panel) ? bo_cell_panel_get_cell (self->cell) : NULL;
  gboolean ready = cell != NULL && self->study != NULL && !is_running (self);

  enable (self, "matrix.run-again", ready);
  enable (self, "matrix.repeat-cell", ready);
  enable (self, "matrix.show-log", cell != NULL && bo_cell_panel_get_trial (self->cell) != NULL);
  enable (self, "matrix.compare", cell != NULL);
  enable (self, "matrix.copy-cell-command", cell != NULL);
  enable (self, "matrix.copy-docker-command", cell != NULL);
  enable (self, "matrix.keep-image", cell != NULL && bo_cell_panel_get_built (self->cell) != NULL);
  enable (self, "matrix.close-cell", cell != NULL);
}

static void
cell_changed_cb (BoCellPanel *panel, gpointer user_data)
{
  update_cell_actions (BO_MATRIX_PAGE (user_data));
}

static void
selection_changed_cb (BoMatrixView *view, gpointer user_data)
{
  BoMatrixPage *self = BO_MATRIX_PAGE (user_data);
  g_autoptr (GPtrArray) cells = bo_matrix_view_get_selection (self->view);
  guint n_all = self->matrix != NULL ? bo_matrix_count_squares (self->matrix) : 0;
  g_autofree char *text = NULL;

  if (cells->len > 0)
    text = g_strdup_printf (ngettext ("%u cell selected", "%u cells selected", cells->len), cells->len);
  else
    text = g_strdup (_ ("No cell selected"));
  gtk_label_set_text (self->selection, text);
  enable (self, "matrix.copy-command", cells->len > 0);
  enable (self, "matrix.select-none", cells->len > 0);
  enable (self, "matrix.select-all", cells->len < n_all);
  update_run (self, cells->len);
  queue_forecast (self);
}

static void
cards_cb (BoMatrixView *view, GParamSpec *pspec, gpointer user_data)
{
  BoMatrixPage *self = BO_MATRIX_PAGE (user_data);
  gboolean cards = bo_matrix_view_get_cards (view);

  update_groups (self);
  update_repetitions (self);
  /* In a narrow window there is little room for words. */
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self->bar), cards ? GTK_ORIENTATION_VERTICAL
                                                                    : GTK_ORIENTATION_HORIZONTAL);
  gtk_box_set_spacing (self->bar, cards ? 6 : 12);
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self->words), cards ? GTK_ORIENTATION_VERTICAL
                                                                      : GTK_ORIENTATION_HORIZONTAL);
  gtk_box_set_spacing (self->words, cards ? 0 : 12);
  gtk_label_set_label (self->missing_label, cards ? _ ("Only _Missing") : _ ("Only What Is _Missing"));
}

static void
group_cb (GtkDropDown *groups, GParamSpec *pspec, gpointer user_data)
{
  bo_matrix_view_set_group (BO_MATRIX_PAGE (user_data)->view, gtk_drop_down_get_selected (groups));
}

/* --- The campaign that runs --------------------------------------------------------- */

/* A campaign to be shown over the results: one that runs, or one that has not ended as far as is known here. */
static gboolean
find_live (BoMatrixPage *self, BoLiveCampaign *live)
{
  BoStudyResults *results = get_results (self);
  BoSession *session = self->study != NULL ? bo_open_study_get_session (self->study) : NULL;
  gboolean running = is_running (self);

  if (results == NULL)
    return FALSE;
  *live = (BoLiveCampaign) {
    .campaign = bo_open_study_get_campaign (self->study),
    .trials = bo_open_study_get_trials (self->study),
    .estimates = bo_open_study_get_estimates (self->study),
    .now_us = running ? g_get_real_time () - self->clock_us : -1,
  };
  if (live->campaign == NULL || live->trials == NULL || g_strcmp0 (live->campaign->study_id, self->matrix->study->id) != 0)
    return FALSE;
  if (session != NULL && bo_session_get_campaign (session) != NULL)
    return running || bo_session_get_end (session) == BO_SESSION_END_DETACHED;
  return !running && results->unfinished != NULL && g_strcmp0 (live->campaign->id, results->unfinished) == 0;
}

static void
update_shown (BoMatrixPage *self)
{
  BoLiveCampaign live;
  BoMatrix *shown;
  gboolean has_live;

  if (self->matrix == NULL)
    return;
  /* What it came to is read just now; until then the last of its squares stay. */
  if (self->study != NULL && !is_running (self) && bo_open_study_is_loading (self->study) && self->shown != NULL
      && bo_open_study_get_session (self->study) != NULL)
    return;
  has_live = find_live (self, &live);
  shown = has_live ? bo_matrix_new_live (self->matrix, &live, self->shown) : bo_matrix_ref (self->matrix);
  g_clear_pointer (&self->shown, bo_matrix_unref);
  self->shown = shown;
  bo_matrix_view_set_matrix (self->view, shown);
  if (bo_side_panel_get_open (self->panel))
    {
      bo_cell_panel_set_live (self->cell, has_live ? live.trials : NULL);
      bo_cell_panel_set_matrix (self->cell, shown);
    }
}

/* The time so far grows also when nothing happens. */
static gboolean
tick_cb (gpointer user_data)
{
  BoMatrixPage *self = BO_MATRIX_PAGE (user_data);

  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    update_shown (self);
  return G_SOURCE_CONTINUE;
}

static gboolean
shown_cb (gpointer user_data)
{
  BoMatrixPage *self = BO_MATRIX_PAGE (user_data);

  self->shown_id = 0;
  update_shown (self);
  return G_SOURCE_REMOVE;
}

static void
session_changed_cb (BoOpenStudy *study, gpointer user_data)
{
  BoMatrixPage *self = BO_MATRIX_PAGE (user_data);
  gboolean running = bo_open_study_is_running (study);

  if (running && self->tick_id == 0)
    {
      self->clock_known = FALSE;
      self->clock_us = 0;
      self->tick_id = g_timeout_add_seconds (1, tick_cb, self);
      selection_changed_cb (self->view, self);
      update_cell_actions (self);
    }
  else if (!running && self->tick_id != 0)
    {
      g_clear_handle_id (&self->tick_id, g_source_remove);
      selection_changed_cb (self->view, self);
      update_cell_actions (self);
    }
  if (self->shown_id == 0)
    self->shown_id = g_timeout_add (SHOWN_MS, shown_cb, self);
}

static void
records_changed_cb (BoOpenStudy *study, gpointer user_data)
{
  BoMatrixPage *self = BO_MATRIX_PAGE (user_data);

  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    update_shown (self);
  update_cell_actions (self);
}

/*
 * Times in the records are of the clock of the computer that plays. The message
 * that came the quickest says best how far ours is ahead of it.
 */
static void
change_cb (BoOpenStudy *study, gpointer change_pointer, gpointer user_data)
{
  BoMatrixPage *self = BO_MATRIX_PAGE (user_data);
  const BoChange *change = change_pointer;
  gint64 ahead_us;

  if (change->kind == BO_CHANGE_LOG || change->wall_us <= 0)
    return;
  ahead_us = g_get_real_time () - change->wall_us;
  if (!self->clock_known || ahead_us < self->clock_us)
    self->clock_us = ahead_us;
  self->clock_known = TRUE;
}

/* --- Running ---------------------------------------------------------------------------- */

static void
run_cells (BoMatrixPage *self, GPtrArray *cells, guint repetitions)
{
  g_autoptr (GError) error = NULL;

  if (cells->len == 0 || self->study == NULL || get_results (self) == NULL)
    return;
  if (!bo_open_study_run (self->study, cells, repetitions, self->from_here ? BO_PLACE_HERE : BO_PLACE_AUTO, &error))
    gtk_widget_activate_action (GTK_WIDGET (self), "win.toast", "s", error->message);
}

static void
run_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  BoMatrixPage *self = BO_MATRIX_PAGE (widget);
  g_autoptr (GPtrArray) cells = bo_matrix_view_get_selection (self->view);

  run_cells (self, cells, self->repetitions);
}

/* Of the selection, or of all when nothing is selected. */
static void
first_look_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  BoMatrixPage *self = BO_MATRIX_PAGE (widget);
  g_autoptr (GPtrArray) cells = bo_matrix_view_get_selection (self->view);
  g_autoptr (GPtrArray) cold = NULL;

  if (cells->len == 0)
    {
      g_clear_pointer (&cells, g_ptr_array_unref);
      cells = bo_study_get_cells (self->matrix->study);
    }
  cold = bo_cells_keep_cold (cells);
  if (cold->len == 0)
    gtk_widget_activate_action (widget, "win.toast", "s", _ ("No cold cell is selected"));
  run_cells (self, cold, 1);
}

static void
add_repetitions_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  BoMatrixPage *self = BO_MATRIX_PAGE (widget);
  g_autoptr (GPtrArray) cells = bo_matrix_view_get_selection (self->view);
  g_autoptr (GPtrArray) measured = g_ptr_array_new ();

  for (guint i = 0; i < cells->len; i++)
    {
      g_autofree char *key = bo_cell_get_key (g_ptr_array_index (cells, i));
      guint row, column;

      if (bo_matrix_find (self->matrix, key, &row, &column)
          && bo_square_has_times (bo_matrix_get_square (self->matrix, row, column)))
        g_ptr_array_add (measured, g_ptr_array_index (cells, i));
    }
  if (measured->len == 0)
    gtk_widget_activate_action (widget, "win.toast", "s", _ ("None of the selected cells has been measured yet"));
  run_cells (self, measured, self->repetitions);
}

/* --- The command line --------------------------------------------------------------------- */

static char *
make_command (BoMatrixPage *self, GPtrArray *cells, guint repetitions)
{
  g_autofree char *file = g_shell_quote (self->matrix->study->file);
  const char *device = self->study != NULL ? bo_open_study_get_device (self->study) : NULL;
  GString *command = g_string_new ("bakeoff-cli run ");

  g_string_append (command, file);
  if (device != NULL)
    {
      g_autofree char *quoted = g_shell_quote (device);

      g_string_append_printf (command, " --device %s", quoted);
    }
  if (repetitions > 0)
    g_string_append_printf (command, " --repetitions %u", repetitions);
  if (self->from_here)
    g_string_append (command, " --attached");
  if (cells->len < bo_matrix_count_squares (self->matrix))
    for (guint i = 0; i < cells->len; i++)
      {
        g_autofree char *key = bo_cell_get_key (g_ptr_array_index (cells, i));
        g_autofree char *quoted = g_shell_quote (key);

        g_string_append_printf (command, " --only %s", quoted);
      }
  return g_string_free (command, FALSE);
}

static void
copy_text (BoMatrixPage *self, const char *text)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), text);
  gtk_widget_activate_action (GTK_WIDGET (self), "win.toast", "s", _ ("Command copied"));
}

static void
copy_command_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  g_autofree char *command = bo_matrix_page_get_command (BO_MATRIX_PAGE (widget));

  if (command != NULL)
    copy_text (BO_MATRIX_PAGE (widget), command);
}

/* --- All about a cell ----------------------------------------------------------------------- */

static void
cell_activated_cb (BoMatrixView *view, const char *key, gpointer user_data)
{
  bo_matrix_page_open_cell (BO_MATRIX_PAGE (user_data), key);
}

static void
close_cell_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  BoMatrixPage *self = BO_MATRIX_PAGE (widget);

  bo_side_panel_set_open (self->panel, FALSE);
  bo_cell_panel_set_cell (self->cell, NULL);
  bo_matrix_view_set_open_cell (self->view, NULL);
  update_cell_actions (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->view));
}

/* What a cell is compared with: the baseline in the same column; for the baseline itself, the best there. */
static char *
find_counterpart (BoMatrixPage *self, const BoCell *cell)
{
  BoStudyResults *results = get_results (self);
  const char *baseline = self->matrix->study->baseline;
  g_autoptr (BoCell) other = NULL;

  if (baseline != NULL && g_strcmp0 (baseline, cell->strategy) != 0)
    {
      other = bo_cell_new (baseline, cell->base, cell->builder, cell->condition);
      return bo_cell_get_key (other);
    }
  for (guint i = 0; results != NULL && results->report != NULL && i < results->report->cells->len; i++)
    {
      const BoReportCell *found = g_ptr_array_index (results->report->cells, i);
      const BoCell *which = found->summary->cell;

      if (found->best && g_strcmp0 (which->base, cell->base) == 0 && which->builder == cell->builder
          && which->condition == cell->condition && !bo_cell_equal (which, cell))
        return bo_cell_get_key (which);
    }
  return bo_cell_get_key (cell);
}

static void
cell_action_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  BoMatrixPage *self = BO_MATRIX_PAGE (widget);
  const BoCell *cell = bo_cell_panel_get_cell (self->cell);
  g_autoptr (GPtrArray) cells = g_ptr_array_new ();
  g_autofree char *key = NULL;

  if (cell == NULL)
    return;
  key = bo_cell_get_key (cell);
  g_ptr_array_add (cells, (gpointer) cell);
  if (g_str_equal (name, "matrix.run-again"))
    {
      run_cells (self, cells, 1);
    }
  else if (g_str_equal (name, "matrix.repeat-cell"))
    {
      run_cells (self, cells, self->repetitions);
    }
  else if (g_str_equal (name, "matrix.show-log"))
    {
      const BoTrial *trial = bo_cell_panel_get_trial (self->cell);

      if (trial != NULL)
        gtk_widget_activate_action (widget, "win.show-log", "s", trial->id);
    }
  else if (g_str_equal (name, "matrix.compare"))
    {
      g_autofree char *other = find_counterpart (self, cell);

      gtk_widget_activate_action (widget, "win.compare", "(ss)", other, key);
    }
  else if (g_str_equal (name, "matrix.copy-cell-command"))
    {
      g_autofree char *command = make_command (self, cells, self->repetitions);

      copy_text (self, command);
    }
  else if (g_str_equal (name, "matrix.copy-docker-command"))
    {
      const BoTrial *trial = bo_cell_panel_get_trial (self->cell);
      const BoCampaign *campaign = trial != NULL ? bo_cell_panel_get_campaign (self->cell, trial) : NULL;
      g_autofree char *command
        = bo_docker_command_new (self->matrix->study, cell, campaign != NULL ? campaign->device_url : NULL);

      copy_text (self, command);
    }
  else
    {
      const BoTrial *trial = bo_cell_panel_get_built (self->cell);
      const BoCampaign *campaign = trial != NULL ? bo_cell_panel_get_campaign (self->cell, trial) : NULL;

      if (campaign != NULL)
        bo_keep_dialog_show (widget, trial, campaign);
    }
}

/* --- Strategies ------------------------------------------------------------------------------- */

static void
strategy_menu_cb (BoMatrixView *view, guint row, GtkWidget *header, gpointer user_data)
{
  BoMatrixPage *self = BO_MATRIX_PAGE (user_data);
  GPtrArray *strategies = self->matrix->study->strategies;
  const BoStrategy *strategy = g_ptr_array_index (strategies, row);
  graphene_rect_t area;

  g_free (self->menu_strategy);
  self->menu_strategy = g_strdup (strategy->id);
  enable (self, "matrix.move-strategy-up", row > 0);
  enable (self, "matrix.move-strategy-down", row + 1 < strategies->len);
  enable (self, "matrix.remove-strategy", strategies->len > 1);
  if (gtk_widget_compute_bounds (header, GTK_WIDGET (self), &area))
    gtk_popover_set_pointing_to (self->strategy_menu,
                                 &(GdkRectangle) { (int) area.origin.x + 24, (int) area.origin.y,
                                                   MAX ((int) area.size.width / 2, 1), MAX ((int) area.size.height, 1) });
  gtk_popover_popup (self->strategy_menu);
}

static void
strategy_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  BoMatrixPage *self = BO_MATRIX_PAGE (widget);
  GtkWindow *window = GTK_WINDOW (gtk_widget_get_root (widget));
  const BoStrategy *strategy;
  GFile *file;

  if (self->study == NULL || self->matrix == NULL)
    return;
  file = bo_open_study_get_file (self->study);
  if (g_str_equal (name, "matrix.add-strategy"))
    {
      bo_strategy_editor_edit (window, file, NULL);
      return;
    }
  strategy = self->menu_strategy != NULL ? bo_study_get_strategy (self->matrix->study, self->menu_strategy) : NULL;
  if (strategy == NULL)
    return;
  if (g_str_equal (name, "matrix.edit-strategy"))
    bo_strategy_editor_edit (window, file, strategy->id);
  else if (g_str_equal (name, "matrix.duplicate-strategy"))
    bo_study_actions_duplicate_strategy (window, file, strategy->id);
  else if (g_str_equal (name, "matrix.move-strategy-up"))
    bo_study_actions_move_strategy (window, file, strategy->id, -1);
  else if (g_str_equal (name, "matrix.move-strategy-down"))
    bo_study_actions_move_strategy (window, file, strategy->id, 1);
  else
    bo_study_actions_remove_strategy (window, file, strategy->id, strategy->title);
}

static GtkPopover *
strategy_menu_new (void)
{
  static const struct
  {
    const char *label;
    const char *action;
  } items[] = {
    { N_ ("_Edit…"), "matrix.edit-strategy" },
    { N_ ("_Duplicate"), "matrix.duplicate-strategy" },
    { N_ ("Move _Up"), "matrix.move-strategy-up" },
    { N_ ("Move Do_wn"), "matrix.move-strategy-down" },
    { N_ ("_Remove…"), "matrix.remove-strategy" },
    { N_ ("_Add Strategy…"), "matrix.add-strategy" },
  };
  g_autoptr (GMenu) menu = g_menu_new ();
  GtkWidget *popover;

  for (guint i = 0; i < G_N_ELEMENTS (items); i++)
    g_menu_append (menu, _ (items[i].label), items[i].action);
  popover = gtk_popover_menu_new_from_model (G_MENU_MODEL (menu));
  gtk_popover_set_has_arrow (GTK_POPOVER (popover), FALSE);
  gtk_widget_set_halign (popover, GTK_ALIGN_START);
  return GTK_POPOVER (popover);
}

/* --- The widget ----------------------------------------------------------------------------- */

static void
choose_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  BoMatrixPage *self = BO_MATRIX_PAGE (widget);

  if (g_str_equal (name, "matrix.select-all"))
    bo_matrix_view_select_all (self->view, TRUE);
  else if (g_str_equal (name, "matrix.select-none"))
    bo_matrix_view_select_all (self->view, FALSE);
  else if (get_results (self) != NULL)
    bo_matrix_view_select_cells (self->view, get_results (self)->missing);
}

static void
bo_matrix_page_dispose (GObject *object)
{
  BoMatrixPage *self = BO_MATRIX_PAGE (object);
  GtkWidget *child;

  g_clear_handle_id (&self->forecast_id, g_source_remove);
  g_clear_handle_id (&self->tick_id, g_source_remove);
  g_clear_handle_id (&self->shown_id, g_source_remove);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  gtk_widget_dispose_template (GTK_WIDGET (self), BO_TYPE_MATRIX_PAGE);
  g_clear_pointer (&self->matrix, bo_matrix_unref);
  g_clear_pointer (&self->shown, bo_matrix_unref);
  g_clear_object (&self->study);
  g_clear_pointer (&self->run_label, g_free);
  g_clear_pointer (&self->short_run_label, g_free);
  g_clear_pointer (&self->run_tooltip, g_free);
  g_clear_pointer (&self->menu_strategy, g_free);

  G_OBJECT_CLASS (bo_matrix_page_parent_class)->dispose (object);
}

static void
bo_matrix_page_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  BoMatrixPage *self = BO_MATRIX_PAGE (widget);

  gtk_widget_size_allocate (GTK_WIDGET (self->panel), &(GtkAllocation) { 0, 0, width, height }, -1);
  gtk_popover_present (self->strategy_menu);
}

static void
bo_matrix_page_measure (GtkWidget *widget,
                        GtkOrientation orientation,
                        int for_size,
                        int *minimum,
                        int *natural,
                        int *minimum_baseline,
                        int *natural_baseline)
{
  gtk_widget_measure (GTK_WIDGET (BO_MATRIX_PAGE (widget)->panel), orientation, for_size, minimum, natural, NULL, NULL);
}

static void
bo_matrix_page_set_property (GObject *object, guint property_id, const GValue *value, GParamSpec *pspec)
{
  BoMatrixPage *self = BO_MATRIX_PAGE (object);

  switch (property_id)
    {
    case PROP_REPETITIONS:
      self->repetitions = g_value_get_uint (value);
      update_repetitions (self);
      queue_forecast (self);
      break;
    case PROP_FROM_HERE:
      self->from_here = g_value_get_boolean (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
bo_matrix_page_get_property (GObject *object, guint property_id, GValue *value, GParamSpec *pspec)
{
  BoMatrixPage *self = BO_MATRIX_PAGE (object);

  switch (property_id)
    {
    case PROP_RUN_LABEL:
      g_value_set_string (value, self->run_label);
      break;
    case PROP_SHORT_RUN_LABEL:
      g_value_set_string (value, self->short_run_label);
      break;
    case PROP_RUN_TOOLTIP:
      g_value_set_string (value, self->run_tooltip);
      break;
    case PROP_CAN_RUN:
      g_value_set_boolean (value, self->can_run);
      break;
    case PROP_REPETITIONS:
      g_value_set_uint (value, self->repetitions);
      break;
    case PROP_FROM_HERE:
      g_value_set_boolean (value, self->from_here);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
install_actions (GtkWidgetClass *widget_class)
{
  static const char *const cell_actions[]
    = { "matrix.run-again", "matrix.repeat-cell", "matrix.show-log", "matrix.compare", "matrix.copy-cell-command",
        "matrix.copy-docker-command", "matrix.keep-image" };
  static const char *const strategy_actions[]
    = { "matrix.add-strategy", "matrix.edit-strategy", "matrix.duplicate-strategy", "matrix.move-strategy-up",
        "matrix.move-strategy-down", "matrix.remove-strategy" };

  gtk_widget_class_install_action (widget_class, "matrix.select-all", NULL, choose_cb);
  gtk_widget_class_install_action (widget_class, "matrix.select-none", NULL, choose_cb);
  gtk_widget_class_install_action (widget_class, "matrix.select-missing", NULL, choose_cb);
  gtk_widget_class_install_action (widget_class, "matrix.copy-command", NULL, copy_command_cb);
  gtk_widget_class_install_action (widget_class, "matrix.run", NULL, run_cb);
  gtk_widget_class_install_action (widget_class, "matrix.first-look", NULL, first_look_cb);
  gtk_widget_class_install_action (widget_class, "matrix.add-repetitions", NULL, add_repetitions_cb);
  gtk_widget_class_install_property_action (widget_class, "matrix.repetitions", "repetitions");
  gtk_widget_class_install_property_action (widget_class, "matrix.from-here", "from-here");
  gtk_widget_class_install_action (widget_class, "matrix.close-cell", NULL, close_cell_cb);
  for (guint i = 0; i < G_N_ELEMENTS (cell_actions); i++)
    gtk_widget_class_install_action (widget_class, cell_actions[i], NULL, cell_action_cb);
  for (guint i = 0; i < G_N_ELEMENTS (strategy_actions); i++)
    gtk_widget_class_install_action (widget_class, strategy_actions[i], NULL, strategy_cb);

  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_a, GDK_CONTROL_MASK, "matrix.select-all", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_a, GDK_CONTROL_MASK | GDK_SHIFT_MASK,
                                       "matrix.select-none", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_m, GDK_CONTROL_MASK, "matrix.select-missing", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_c, GDK_CONTROL_MASK, "matrix.copy-command", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "matrix.close-cell", NULL);
}

static void
bo_matrix_page_class_init (BoMatrixPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bo_matrix_page_dispose;
  G_OBJECT_CLASS (klass)->set_property = bo_matrix_page_set_property;
  G_OBJECT_CLASS (klass)->get_property = bo_matrix_page_get_property;
  widget_class->measure = bo_matrix_page_measure;
  widget_class->size_allocate = bo_matrix_page_size_allocate;

  properties[PROP_RUN_LABEL]
    = g_param_spec_string ("run-label", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_SHORT_RUN_LABEL]
    = g_param_spec_string ("short-run-label", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_RUN_TOOLTIP]
    = g_param_spec_string ("run-tooltip", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_CAN_RUN]
    = g_param_spec_boolean ("can-run", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  /* Or 0 for what the study says. */
  properties[PROP_REPETITIONS]
    = g_param_spec_uint ("repetitions", NULL, NULL, 0, 1000, 0, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  /* Whether the campaign is played from this computer also where the device could do it alone. */
  properties[PROP_FROM_HERE]
    = g_param_spec_boolean ("from-here", NULL, NULL, FALSE, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (G_OBJECT_CLASS (klass), N_PROPERTIES, properties);

  g_type_ensure (BO_TYPE_MATRIX_VIEW);
  g_type_ensure (BO_TYPE_SIDE_PANEL);
  g_type_ensure (BO_TYPE_CELL_PANEL);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/bakeoff/Bakeoff/bo-matrix-page.ui");
  gtk_widget_class_bind_template_child (widget_class, BoMatrixPage, panel);
  gtk_widget_class_bind_template_child (widget_class, BoMatrixPage, cell);
  gtk_widget_class_bind_template_child (widget_class, BoMatrixPage, view);
  gtk_widget_class_bind_template_child (widget_class, BoMatrixPage, groups);
  gtk_widget_class_bind_template_child (widget_class, BoMatrixPage, bar);
  gtk_widget_class_bind_template_child (widget_class, BoMatrixPage, words);
  gtk_widget_class_bind_template_child (widget_class, BoMatrixPage, selection);
  gtk_widget_class_bind_template_child (widget_class, BoMatrixPage, remark);
  gtk_widget_class_bind_template_child (widget_class, BoMatrixPage, missing_label);
  gtk_widget_class_bind_template_child (widget_class, BoMatrixPage, repetitions_button);
  gtk_widget_class_bind_template_callback (widget_class, cards_cb);
  gtk_widget_class_bind_template_callback (widget_class, group_cb);
  gtk_widget_class_bind_template_callback (widget_class, selection_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, cell_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, cell_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, strategy_menu_cb);
  install_actions (widget_class);
}

static void
bo_matrix_page_init (BoMatrixPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->strategy_menu = strategy_menu_new ();
  gtk_widget_set_parent (GTK_WIDGET (self->strategy_menu), GTK_WIDGET (self));
  selection_changed_cb (self->view, self);
  update_repetitions (self);
  update_cell_actions (self);
}

/**
 * bo_matrix_page_set_open_study:
 * @self: the page
 * @study: the study that it runs
 */
void
bo_matrix_page_set_open_study (BoMatrixPage *self, BoOpenStudy *study)
{
  g_return_if_fail (BO_IS_MATRIX_PAGE (self));
  g_return_if_fail (BO_IS_OPEN_STUDY (study));

  g_set_object (&self->study, study);
  g_signal_connect_object (study, "session-changed", G_CALLBACK (session_changed_cb), self, 0);
  g_signal_connect_object (study, "records-changed", G_CALLBACK (records_changed_cb), self, 0);
  g_signal_connect_object (study, "change", G_CALLBACK (change_cb), self, 0);
  session_changed_cb (study, self);
}

/**
 * bo_matrix_page_set_matrix:
 * @self: the page
 * @matrix: what it shows
 */
void
bo_matrix_page_set_matrix (BoMatrixPage *self, BoMatrix *matrix)
{
  g_autoptr (GtkStringList) titles = gtk_string_list_new (NULL);
  guint group;

  g_return_if_fail (BO_IS_MATRIX_PAGE (self));
  g_return_if_fail (matrix != NULL);

  group = gtk_drop_down_get_selected (self->groups);
  bo_matrix_ref (matrix);
  g_clear_pointer (&self->matrix, bo_matrix_unref);
  self->matrix = matrix;
  for (guint i = 0; i < matrix->groups->len; i++)
    {
      const BoMatrixGroup *item = g_ptr_array_index (matrix->groups, i);
      g_autofree char *title = g_strdup_printf ("%s · %s", item->title, item->subtitle);

      gtk_string_list_append (titles, title);
    }
  update_shown (self);
  gtk_drop_down_set_model (self->groups, G_LIST_MODEL (titles));
  if (group < matrix->groups->len)
    gtk_drop_down_set_selected (self->groups, group);
  update_groups (self);
  update_repetitions (self);
  selection_changed_cb (self->view, self);
  if (bo_side_panel_get_open (self->panel))
    {
      g_autofree char *key = bo_cell_get_key (bo_cell_panel_get_cell (self->cell));
      guint row, column;

      if (bo_matrix_find (matrix, key, &row, &column))
        bo_cell_panel_reload (self->cell);
      else
        close_cell_cb (GTK_WIDGET (self), "matrix.close-cell", NULL);
    }
}

BoMatrixView *
bo_matrix_page_get_view (BoMatrixPage *self)
{
  g_return_val_if_fail (BO_IS_MATRIX_PAGE (self), NULL);

  return self->view;
}

/**
 * bo_matrix_page_get_shown:
 *
 * Returns: (transfer none) (nullable): the matrix as it is shown, with the campaign that runs
 */
BoMatrix *
bo_matrix_page_get_shown (BoMatrixPage *self)
{
  g_return_val_if_fail (BO_IS_MATRIX_PAGE (self), NULL);

  return self->shown;
}

BoCellPanel *
bo_matrix_page_get_cell_panel (BoMatrixPage *self)
{
  g_return_val_if_fail (BO_IS_MATRIX_PAGE (self), NULL);

  return self->cell;
}

/**
 * bo_matrix_page_open_cell:
 * @self: the page
 * @key: of the cell that is told about beside the matrix
 */
void
bo_matrix_page_open_cell (BoMatrixPage *self, const char *key)
{
  BoLiveCampaign live;
  guint row, column;

  g_return_if_fail (BO_IS_MATRIX_PAGE (self));
  g_return_if_fail (key != NULL);

  if (self->shown == NULL || !bo_matrix_find (self->shown, key, &row, &column))
    return;
  bo_cell_panel_set_matrix (self->cell, self->shown);
  bo_cell_panel_set_live (self->cell, find_live (self, &live) ? live.trials : NULL);
  bo_cell_panel_set_cell (self->cell, bo_matrix_get_square (self->shown, row, column)->cell);
  bo_side_panel_set_open (self->panel, TRUE);
  bo_matrix_view_set_open_cell (self->view, key);
  update_cell_actions (self);
}

/**
 * bo_matrix_page_get_command:
 * @self: the page
 *
 * Returns: (transfer full) (nullable): the command line that runs the selected cells, or %NULL when there are none
 */
char *
bo_matrix_page_get_command (BoMatrixPage *self)
{
  g_autoptr (GPtrArray) cells = NULL;

  g_return_val_if_fail (BO_IS_MATRIX_PAGE (self), NULL);

  cells = bo_matrix_view_get_selection (self->view);
  return cells->len > 0 ? make_command (self, cells, self->repetitions) : NULL;
}
