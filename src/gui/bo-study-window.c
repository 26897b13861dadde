/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-study-window"

#include "config.h"

#include <string.h>

#include <glib/gi18n.h>

#include "bo-settings.h"
#include "bo-study-window.h"
#include "editor/bo-study-editor.h"
#include "findings/bo-findings-page.h"
#include "devices/bo-device-list.h"
#include "devices/bo-device-picker.h"
#include "results/bo-results-page.h"
#include "shell/bo-adaptive-title.h"
#include "shell/bo-link-bar.h"
#include "shell/bo-run-guard.h"

/* The window of one study: it puts the pages together, and has what belongs to all of them. */

/* How many problems of a study file are listed above its matrix. */
#define PROBLEMS_MAX 3

struct _BoStudyWindow
{
  AdwApplicationWindow parent_instance;

  /* Template widgets */
  AdwWindowTitle *title;
  AdwToastOverlay *toasts;
  BoLinkBar *link_bar;
  GtkStack *stack;
  AdwViewStack *pages;
  AdwStatusPage *problem;
  GtkLabel *problem_text;
  GtkRevealer *remark;
  GtkLabel *remark_text;
  AdwHeaderBar *header;
  BoAdaptiveTitle *adaptive;
  BoDevicePicker *picker;
  GtkStack *run_stack;
  GtkButton *run_button;
  BoMatrixPage *matrix;
  BoActivityPage *activity;
  BoResultsPage *results;
  BoFindingsPage *findings;

  /* Owned references */
  BoOpenStudy *study;
  BoRunGuard *guard;
};

G_DEFINE_FINAL_TYPE (BoStudyWindow, bo_study_window, ADW_TYPE_APPLICATION_WINDOW)

/* The words of an engine or of a file system are not markup, which a toast takes its title for. */
static void
show_toast (BoStudyWindow *self, const char *text)
{
  g_autofree char *escaped = g_markup_escape_text (text, -1);

  adw_toast_overlay_add_toast (self->toasts, adw_toast_new (escaped));
}

/* What a person calls the device with that URL. */
static const char *
find_device_title (const char *url)
{
  BoDeviceItem *item = bo_device_list_find (bo_device_list_get_default (), url);

  return item != NULL ? bo_device_item_get_title (item) : url;
}

/* Of many problems the first ones: the matrix is to be seen, too. */
static char *
shorten_problems (const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  guint n = g_strv_length (lines);
  g_autofree char *first = NULL;
  g_autofree char *rest = NULL;

  if (n <= PROBLEMS_MAX)
    return g_strdup (text);
  g_free (lines[PROBLEMS_MAX]);
  for (guint i = PROBLEMS_MAX + 1; i < n; i++)
    g_free (lines[i]);
  lines[PROBLEMS_MAX] = NULL;
  first = g_strjoinv ("\n", lines);
  rest = g_strdup_printf (ngettext ("and %u more problem", "and %u more problems", n - PROBLEMS_MAX), n - PROBLEMS_MAX);
  return g_strdup_printf ("%s\n%s", first, rest);
}

/* What has to be known about all that is seen, above it. */
static void
show_remark (BoStudyWindow *self)
{
  const GError *error = bo_open_study_get_error (self->study);
  const BoStudyResults *results = bo_open_study_get_results (self->study);
  g_autofree char *text = NULL;
  g_autofree char *problems = NULL;

  if (error != NULL)
    {
      problems = shorten_problems (error->message);
      text = g_strdup_printf (_ ("The study file cannot be used as it is now. What you see is as it was before, and "
                                 "nothing can be run until this is mended:\n%s"),
                              problems);
    }
  else if (results->remark != NULL)
    text = g_strdup (results->remark);
  else if (results->measured_on != NULL)
    text = g_strdup_printf (_ ("Measured on %s. There are no results of %s yet."), find_device_title (results->measured_on),
                            bo_device_picker_get_title (self->picker));
  if (text != NULL)
    gtk_label_set_text (self->remark_text, text);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->remark_text), error != NULL ? error->message : NULL);
  if (error != NULL || results->remark != NULL)
    gtk_widget_add_css_class (GTK_WIDGET (self->remark_text), "warning");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->remark_text), "warning");
  gtk_revealer_set_reveal_child (self->remark, text != NULL);
}

static void
show_results (BoStudyWindow *self, BoStudyResults *results)
{
  BoStudy *study = results->matrix->study;

  gtk_window_set_title (GTK_WINDOW (self), study->name);
  adw_window_title_set_title (self->title, study->name);
  adw_window_title_set_subtitle (self->title, bo_device_picker_get_title (self->picker));
  bo_matrix_page_set_matrix (self->matrix, results->matrix);
  bo_results_page_set_report (self->results, results->report);
  gtk_stack_set_visible_child_name (self->stack, "pages");
}

static void update_run_button (BoStudyWindow *self);

static void
loaded_cb (BoOpenStudy *study, gpointer user_data)
{
  BoStudyWindow *self = BO_STUDY_WINDOW (user_data);
  BoStudyResults *results = bo_open_study_get_results (study);
  gboolean first = !g_str_equal (gtk_stack_get_visible_child_name (self->stack), "pages");

  if (results == NULL)
    {
      gtk_label_set_text (self->problem_text, bo_open_study_get_error (study)->message);
      gtk_stack_set_visible_child_name (self->stack, "problem");
      return;
    }
  show_remark (self);
  if (bo_open_study_get_error (study) == NULL)
    {
      show_results (self, results);
      bo_settings_add_recent (bo_open_study_get_file (study));
    }
  update_run_button (self);
  if (first)
    gtk_widget_grab_focus (GTK_WIDGET (bo_matrix_page_get_view (self->matrix)));
}

static void
update_run_button (BoStudyWindow *self)
{
  g_autofree char *label = NULL;
  g_autofree char *tooltip = NULL;
  gboolean can_run = FALSE;

  g_object_get (self->matrix, "run-label", &label, "run-tooltip", &tooltip, "can-run", &can_run, NULL);
  if (self->study != NULL && bo_open_study_get_error (self->study) != NULL)
    {
      can_run = FALSE;
      g_free (tooltip);
      tooltip = g_strdup (_ ("The study file has to be mended first"));
    }
  if (bo_adaptive_title_get_narrow (self->adaptive))
    gtk_button_set_icon_name (self->run_button, "media-playback-start-symbolic");
  else
    gtk_button_set_label (self->run_button, label);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->run_button), tooltip);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.run", can_run);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->run_button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
}

static void
run_label_cb (BoMatrixPage *page, GParamSpec *pspec, gpointer user_data)
{
  update_run_button (BO_STUDY_WINDOW (user_data));
}

/* "icon:minimize,maximize,close" without what is of no use in a window as narrow as a phone. */
static char *
make_short_layout (const char *layout)
{
  g_autoptr (GString) text = g_string_new (layout);

  for (guint i = 0; i < 2; i++)
    {
      const char *word = i == 0 ? "minimize" : "maximize";

      g_string_replace (text, word, "", 0);
    }
  g_string_replace (text, ",,", ",", 0);
  g_string_replace (text, ":,", ":", 0);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
narrow_cb (BoAdaptiveTitle *adaptive, GParamSpec *pspec, gpointer user_data)
{
  BoStudyWindow *self = BO_STUDY_WINDOW (user_data);
  gboolean narrow = bo_adaptive_title_get_narrow (adaptive);
  g_autofree char *layout = NULL;
  g_autofree char *brief = NULL;

  g_object_get (gtk_widget_get_settings (GTK_WIDGET (self)), "gtk-decoration-layout", &layout, NULL);
  brief = make_short_layout (layout != NULL ? layout : "");
  adw_header_bar_set_decoration_layout (self->header, narrow ? brief : NULL);
  bo_device_picker_set_compact (self->picker, narrow);
  update_run_button (self);
}

static void
device_cb (BoDevicePicker *picker, GParamSpec *pspec, gpointer user_data)
{
  BoStudyWindow *self = BO_STUDY_WINDOW (user_data);

  if (self->study == NULL)
    return;
  /* The same name may be of another machine now. */
  if (g_strcmp0 (bo_open_study_get_device (self->study), bo_device_picker_get_device (picker)) == 0)
    bo_open_study_load (self->study);
  else
    bo_open_study_set_device (self->study, bo_device_picker_get_device (picker));
}

/* The device of the last time may be gone since; then what is picked instead is what is built on. */
static void
restore_device (BoStudyWindow *self)
{
  g_autofree char *device = g_strdup (bo_open_study_get_device (self->study));

  bo_device_picker_set_device (self->picker, device);
  if (device == NULL || g_strcmp0 (device, bo_device_picker_get_device (self->picker)) == 0)
    return;
  bo_open_study_set_device (self->study, bo_device_picker_get_device (self->picker));
  /* A URL of a device that has a name now is no news. */
  if (strstr (device, "://") == NULL)
    {
      g_autofree char *text = g_strdup_printf (_ ("The device “%s” is not saved any more; %s is picked instead."), device,
                                               bo_device_picker_get_title (self->picker));

      show_toast (self, text);
    }
}

static void
session_changed_cb (BoOpenStudy *study, gpointer user_data)
{
  BoStudyWindow *self = BO_STUDY_WINDOW (user_data);
  gboolean running = bo_open_study_is_running (study);
  gboolean stopping = running && bo_session_is_stopping (bo_open_study_get_session (study));
  gboolean stopping_now = running && bo_session_is_stopping_now (bo_open_study_get_session (study));

  bo_device_picker_set_link (self->picker, running ? bo_session_get_link (bo_open_study_get_session (study)) : NULL);
  gtk_stack_set_visible_child_name (self->run_stack, running ? "stop" : "run");
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.stop", running && !stopping_now);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.stop-after", running && !stopping);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.detach", bo_open_study_can_detach (study));
}

static void
notice_cb (BoOpenStudy *study, const char *text, gpointer user_data)
{
  show_toast (BO_STUDY_WINDOW (user_data), text);
}

static void
session_ended_cb (BoOpenStudy *study, gpointer user_data)
{
  g_autofree char *text = bo_run_guard_describe_end (bo_open_study_get_session (study));

  notice_cb (study, text, user_data);
}

static void
reload_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  bo_open_study_load (BO_STUDY_WINDOW (widget)->study);
}

static void
study_settings_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  bo_study_editor_edit (GTK_WINDOW (widget), bo_open_study_get_file (BO_STUDY_WINDOW (widget)->study));
}

static void
run_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  gtk_widget_activate_action (GTK_WIDGET (BO_STUDY_WINDOW (widget)->matrix), "matrix.run", NULL);
}

static void
stop_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  bo_open_study_stop (BO_STUDY_WINDOW (widget)->study, g_str_equal (name, "win.stop"));
}

static void
detach_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  bo_open_study_detach (BO_STUDY_WINDOW (widget)->study);
}

static void
page_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  BoStudyWindow *self = BO_STUDY_WINDOW (widget);
  const char *page = g_variant_get_string (parameter, NULL);

  if (adw_view_stack_get_child_by_name (self->pages, page) != NULL)
    adw_view_stack_set_visible_child_name (self->pages, page);
}

static void
compare_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  BoStudyWindow *self = BO_STUDY_WINDOW (widget);

  adw_view_stack_set_visible_child_name (self->pages, "results");
  gtk_widget_activate_action_variant (GTK_WIDGET (self->results), "results.compare", parameter);
}

static void
show_log_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  BoStudyWindow *self = BO_STUDY_WINDOW (widget);

  bo_activity_page_show_trial (self->activity, g_variant_get_string (parameter, NULL));
  adw_view_stack_set_visible_child_name (self->pages, "activity");
}

static void
toast_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  show_toast (BO_STUDY_WINDOW (widget), g_variant_get_string (parameter, NULL));
}

static gboolean
bo_study_window_close_request (GtkWindow *window)
{
  BoStudyWindow *self = BO_STUDY_WINDOW (window);

  bo_settings_save_window (window, "study-window");
  if (self->guard != NULL && !bo_run_guard_may_close (self->guard))
    return TRUE;
  return GTK_WINDOW_CLASS (bo_study_window_parent_class)->close_request (window);
}

static void
bo_study_window_dispose (GObject *object)
{
  BoStudyWindow *self = BO_STUDY_WINDOW (object);

  if (self->study != NULL)
    bo_open_study_close (self->study);
  g_clear_object (&self->guard);
  gtk_widget_dispose_template (GTK_WIDGET (self), BO_TYPE_STUDY_WINDOW);
  g_clear_object (&self->study);

  G_OBJECT_CLASS (bo_study_window_parent_class)->dispose (object);
}

static void
bo_study_window_class_init (BoStudyWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bo_study_window_dispose;
  GTK_WINDOW_CLASS (klass)->close_request = bo_study_window_close_request;
  g_type_ensure (BO_TYPE_ACTIVITY_PAGE);
  g_type_ensure (BO_TYPE_ADAPTIVE_TITLE);
  g_type_ensure (BO_TYPE_LINK_BAR);
  g_type_ensure (BO_TYPE_DEVICE_PICKER);
  g_type_ensure (BO_TYPE_FINDINGS_PAGE);
  g_type_ensure (BO_TYPE_MATRIX_PAGE);
  g_type_ensure (BO_TYPE_RESULTS_PAGE);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/bakeoff/Bakeoff/bo-study-window.ui");
  gtk_widget_class_bind_template_child (widget_class, BoStudyWindow, title);
  gtk_widget_class_bind_template_child (widget_class, BoStudyWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, BoStudyWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, BoStudyWindow, pages);
  gtk_widget_class_bind_template_child (widget_class, BoStudyWindow, problem);
  gtk_widget_class_bind_template_child (widget_class, BoStudyWindow, problem_text);
  gtk_widget_class_bind_template_child (widget_class, BoStudyWindow, remark);
  gtk_widget_class_bind_template_child (widget_class, BoStudyWindow, remark_text);
  gtk_widget_class_bind_template_child (widget_class, BoStudyWindow, header);
  gtk_widget_class_bind_template_child (widget_class, BoStudyWindow, adaptive);
  gtk_widget_class_bind_template_callback (widget_class, narrow_cb);
  gtk_widget_class_bind_template_child (widget_class, BoStudyWindow, picker);
  gtk_widget_class_bind_template_callback (widget_class, device_cb);
  gtk_widget_class_bind_template_child (widget_class, BoStudyWindow, run_stack);
  gtk_widget_class_bind_template_child (widget_class, BoStudyWindow, run_button);
  gtk_widget_class_bind_template_child (widget_class, BoStudyWindow, matrix);
  gtk_widget_class_bind_template_child (widget_class, BoStudyWindow, activity);
  gtk_widget_class_bind_template_child (widget_class, BoStudyWindow, link_bar);
  gtk_widget_class_bind_template_child (widget_class, BoStudyWindow, results);
  gtk_widget_class_bind_template_child (widget_class, BoStudyWindow, findings);
  gtk_widget_class_install_action (widget_class, "win.reload", NULL, reload_cb);
  gtk_widget_class_install_action (widget_class, "win.study-settings", NULL, study_settings_cb);
  gtk_widget_class_install_action (widget_class, "win.page", "s", page_cb);
  gtk_widget_class_install_action (widget_class, "win.run", NULL, run_cb);
  gtk_widget_class_install_action (widget_class, "win.stop", NULL, stop_cb);
  gtk_widget_class_install_action (widget_class, "win.stop-after", NULL, stop_cb);
  gtk_widget_class_install_action (widget_class, "win.detach", NULL, detach_cb);
  gtk_widget_class_install_action (widget_class, "win.show-log", "s", show_log_cb);
  gtk_widget_class_install_action (widget_class, "win.compare", "(ss)", compare_cb);
  gtk_widget_class_install_action (widget_class, "win.toast", "s", toast_cb);
}

static void
bo_study_window_init (BoStudyWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_object (self->matrix, "notify::run-label", G_CALLBACK (run_label_cb), self, 0);
  update_run_button (self);
}

/**
 * bo_study_window_new:
 * @application: the application
 * @file: the study's file; it is read in the background
 *
 * Returns: (transfer none): the window
 */
BoStudyWindow *
bo_study_window_new (BoApplication *application, GFile *file)
{
  BoStudyWindow *self;
  g_autofree char *name = NULL;
  g_autofree char *escaped = NULL;

  g_return_val_if_fail (BO_IS_APPLICATION (application), NULL);
  g_return_val_if_fail (G_IS_FILE (file), NULL);

  self = g_object_new (BO_TYPE_STUDY_WINDOW, "application", application, NULL);
  self->study = bo_open_study_new (file);
  self->guard = bo_run_guard_new (GTK_WINDOW (self), self->study);
  g_signal_connect_object (self->study, "loaded", G_CALLBACK (loaded_cb), self, 0);
  g_signal_connect_object (self->study, "session-changed", G_CALLBACK (session_changed_cb), self, 0);
  g_signal_connect_object (self->study, "session-ended", G_CALLBACK (session_ended_cb), self, 0);
  g_signal_connect_object (self->study, "notice", G_CALLBACK (notice_cb), self, 0);
  bo_activity_page_set_open_study (self->activity, self->study);
  bo_link_bar_set_open_study (self->link_bar, self->study);
  bo_matrix_page_set_open_study (self->matrix, self->study);
  bo_findings_page_set_open_study (self->findings, self->study);
  restore_device (self);
  name = g_file_get_parse_name (file);
  gtk_window_set_title (GTK_WINDOW (self), name);
  adw_window_title_set_title (self->title, _ ("Bakeoff"));
  escaped = g_markup_escape_text (name, -1);
  adw_status_page_set_description (self->problem, escaped);
  bo_settings_restore_window (GTK_WINDOW (self), "study-window");
  session_changed_cb (self->study, self);
  bo_open_study_load (self->study);
  return self;
}

GFile *
bo_study_window_get_file (BoStudyWindow *self)
{
  g_return_val_if_fail (BO_IS_STUDY_WINDOW (self), NULL);

  return bo_open_study_get_file (self->study);
}

BoOpenStudy *
bo_study_window_get_open_study (BoStudyWindow *self)
{
  g_return_val_if_fail (BO_IS_STUDY_WINDOW (self), NULL);

  return self->study;
}

BoActivityPage *
bo_study_window_get_activity_page (BoStudyWindow *self)
{
  g_return_val_if_fail (BO_IS_STUDY_WINDOW (self), NULL);

  return self->activity;
}

BoLinkBar *
bo_study_window_get_link_bar (BoStudyWindow *self)
{
  g_return_val_if_fail (BO_IS_STUDY_WINDOW (self), NULL);

  return self->link_bar;
}

BoMatrixPage *
bo_study_window_get_matrix_page (BoStudyWindow *self)
{
  g_return_val_if_fail (BO_IS_STUDY_WINDOW (self), NULL);

  return self->matrix;
}

gboolean
bo_study_window_is_loading (BoStudyWindow *self)
{
  g_return_val_if_fail (BO_IS_STUDY_WINDOW (self), FALSE);

  return bo_open_study_is_loading (self->study);
}

BoFindingsPage *
bo_study_window_get_findings_page (BoStudyWindow *self)
{
  g_return_val_if_fail (BO_IS_STUDY_WINDOW (self), NULL);

  return self->findings;
}
