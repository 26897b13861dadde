/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-study-window"

#include "config.h"

#include <glib/gi18n.h>

#include "bo-settings.h"
#include "bo-study-results.h"
#include "bo-study-window.h"
#include "results/bo-results-page.h"
#include "shell/bo-adaptive-title.h"

/* The window of one study. */

struct _BoStudyWindow
{
  AdwApplicationWindow parent_instance;

  /* Template widgets */
  AdwWindowTitle *title;
  AdwToastOverlay *toasts;
  GtkStack *stack;
  AdwViewStack *pages;
  AdwStatusPage *problem;
  GtkLabel *problem_text;
  GtkRevealer *remark;
  GtkLabel *remark_text;
  BoMatrixPage *matrix;
  BoResultsPage *results;

  /* Owned references */
  GFile *file;
  GCancellable *loading;
};

G_DEFINE_FINAL_TYPE (BoStudyWindow, bo_study_window, ADW_TYPE_APPLICATION_WINDOW)

static void
show_results (BoStudyWindow *self, BoStudyResults *results)
{
  BoStudy *study = results->matrix->study;

  gtk_window_set_title (GTK_WINDOW (self), study->name);
  adw_window_title_set_title (self->title, study->name);
  adw_window_title_set_subtitle (self->title, results->device != NULL ? results->device : "");
  gtk_label_set_text (self->remark_text, results->remark != NULL ? results->remark : "");
  gtk_revealer_set_reveal_child (self->remark, results->remark != NULL);
  bo_matrix_page_set_matrix (self->matrix, results->matrix);
  bo_results_page_set_charts (self->results, results->charts);
  gtk_stack_set_visible_child_name (self->stack, "pages");
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BoStudyResults) results = bo_study_results_load_finish (result, &error);
  BoStudyWindow *self;

  /* Then the window may be gone. */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  self = BO_STUDY_WINDOW (user_data);
  g_clear_object (&self->loading);
  if (results != NULL)
    {
      gboolean first = !g_str_equal (gtk_stack_get_visible_child_name (self->stack), "pages");

      show_results (self, results);
      bo_settings_add_recent (self->file);
      if (first)
        gtk_widget_grab_focus (GTK_WIDGET (bo_matrix_page_get_view (self->matrix)));
      return;
    }
  gtk_label_set_text (self->problem_text, error->message);
  gtk_stack_set_visible_child_name (self->stack, "problem");
}

static void
load (BoStudyWindow *self)
{
  if (self->loading != NULL)
    g_cancellable_cancel (self->loading);
  g_clear_object (&self->loading);
  self->loading = g_cancellable_new ();
  bo_study_results_load_async (self->file, self->loading, loaded_cb, self);
}

static void
reload_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  load (BO_STUDY_WINDOW (widget));
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
toast_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  BoStudyWindow *self = BO_STUDY_WINDOW (widget);

  adw_toast_overlay_add_toast (self->toasts, adw_toast_new (g_variant_get_string (parameter, NULL)));
}

static gboolean
bo_study_window_close_request (GtkWindow *window)
{
  bo_settings_save_window (window, "study-window");
  return GTK_WINDOW_CLASS (bo_study_window_parent_class)->close_request (window);
}

static void
bo_study_window_dispose (GObject *object)
{
  BoStudyWindow *self = BO_STUDY_WINDOW (object);

  if (self->loading != NULL)
    g_cancellable_cancel (self->loading);
  g_clear_object (&self->loading);
  gtk_widget_dispose_template (GTK_WIDGET (self), BO_TYPE_STUDY_WINDOW);
  g_clear_object (&self->file);

  G_OBJECT_CLASS (bo_study_window_parent_class)->dispose (object);
}

static void
bo_study_window_class_init (BoStudyWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bo_study_window_dispose;
  GTK_WINDOW_CLASS (klass)->close_request = bo_study_window_close_request;
  g_type_ensure (BO_TYPE_ADAPTIVE_TITLE);
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
  gtk_widget_class_bind_template_child (widget_class, BoStudyWindow, matrix);
  gtk_widget_class_bind_template_child (widget_class, BoStudyWindow, results);
  gtk_widget_class_install_action (widget_class, "win.reload", NULL, reload_cb);
  gtk_widget_class_install_action (widget_class, "win.page", "s", page_cb);
  gtk_widget_class_install_action (widget_class, "win.toast", "s", toast_cb);
}

static void
bo_study_window_init (BoStudyWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
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

  g_return_val_if_fail (BO_IS_APPLICATION (application), NULL);
  g_return_val_if_fail (G_IS_FILE (file), NULL);

  self = g_object_new (BO_TYPE_STUDY_WINDOW, "application", application, NULL);
  self->file = g_object_ref (file);
  name = g_file_get_parse_name (file);
  gtk_window_set_title (GTK_WINDOW (self), name);
  adw_window_title_set_title (self->title, _ ("Bakeoff"));
  adw_status_page_set_description (self->problem, name);
  bo_settings_restore_window (GTK_WINDOW (self), "study-window");
  load (self);
  return self;
}

GFile *
bo_study_window_get_file (BoStudyWindow *self)
{
  g_return_val_if_fail (BO_IS_STUDY_WINDOW (self), NULL);

  return self->file;
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

  return self->loading != NULL;
}
