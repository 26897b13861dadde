/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-chart-export"

#include "config.h"

#include <string.h>

#include <glib/gi18n.h>

#include "charts/bo-chart-file.h"
#include "results/bo-chart-export.h"
#include "shell/bo-unfinished-work.h"

typedef struct
{
  BoChart *chart;
  BoChartFormat format;
  char *path;
} Request;

static void
request_free (gpointer data)
{
  Request *request = data;

  bo_chart_unref (request->chart);
  g_free (request->path);
  g_free (request);
}

static Request *
request_new (BoChart *chart, BoChartFormat format, char *path)
{
  Request *request = g_new0 (Request, 1);

  request->chart = bo_chart_ref (chart);
  request->format = format;
  request->path = path;
  return request;
}

/**
 * bo_chart_export_get_name:
 *
 * Returns: (transfer full): a name for its file: "build-time-cold.svg"
 */
char *
bo_chart_export_get_name (const BoChart *chart, BoChartFormat format)
{
  char *name;

  g_return_val_if_fail (chart != NULL, NULL);

  name = g_strconcat (chart->id, format == BO_CHART_FORMAT_SVG ? ".svg" : ".png", NULL);
  /* An id holds ids of a study. */
  return g_strcanon (name, G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS "-_.", '_');
}

static void
save_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  const Request *request = task_data;
  const BoChartStyle style = bo_chart_style_for_files ();
  GError *error = NULL;
  gboolean saved;

  if (request->format == BO_CHART_FORMAT_SVG)
    saved = bo_chart_save_svg (request->chart, &style, BO_CHART_DOCUMENT_WIDTH, request->path, &error);
  else
    saved = bo_chart_save_png (request->chart, &style, BO_CHART_DOCUMENT_WIDTH, BO_CHART_PNG_SCALE, request->path,
                               &error);
  if (saved)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/**
 * bo_chart_export_save_async:
 * @chart: a chart
 * @format: what kind of picture
 * @file: where to; what is there is replaced whole, or not at all
 */
void
bo_chart_export_save_async (BoChart *chart,
                            BoChartFormat format,
                            GFile *file,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_return_if_fail (chart != NULL && G_IS_FILE (file));

  g_task_set_source_tag (task, bo_chart_export_save_async);
  if (g_file_peek_path (file) == NULL)
    {
      g_autofree char *uri = g_file_get_uri (file);

      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                               _ ("“%s” is not on this computer. Save the picture here, and copy it there."), uri);
      return;
    }
  g_task_set_task_data (task, request_new (chart, format, g_file_get_path (file)), request_free);
  bo_unfinished_work_watch (task);
  g_task_run_in_thread (task, save_thread);
}

gboolean
bo_chart_export_save_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
content_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  const Request *request = task_data;
  const BoChartStyle style = bo_chart_style_for_files ();
  g_autoptr (GBytes) png = NULL;
  g_autoptr (GBytes) svg = NULL;
  g_autoptr (GdkTexture) texture = NULL;
  GdkContentProvider *providers[2];
  GError *error = NULL;
  char *text;

  png = bo_chart_to_png (request->chart, &style, BO_CHART_DOCUMENT_WIDTH, BO_CHART_PNG_SCALE, &error);
  if (png != NULL)
    texture = gdk_texture_new_from_bytes (png, &error);
  text = texture != NULL ? bo_chart_to_svg (request->chart, &style, BO_CHART_DOCUMENT_WIDTH, &error) : NULL;
  if (text == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  svg = g_bytes_new_take (text, strlen (text));
  providers[0] = gdk_content_provider_new_typed (GDK_TYPE_TEXTURE, texture);
  providers[1] = gdk_content_provider_new_for_bytes ("image/svg+xml", svg);
  g_task_return_pointer (task, gdk_content_provider_new_union (providers, G_N_ELEMENTS (providers)), g_object_unref);
}

/**
 * bo_chart_export_make_content_async:
 * @chart: a chart
 *
 * Makes what the clipboard gets: a picture, and the same as SVG for programs that draw.
 */
void
bo_chart_export_make_content_async (BoChart *chart,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_return_if_fail (chart != NULL);

  g_task_set_source_tag (task, bo_chart_export_make_content_async);
  g_task_set_task_data (task, request_new (chart, BO_CHART_FORMAT_PNG, NULL), request_free);
  g_task_run_in_thread (task, content_thread);
}

GdkContentProvider *
bo_chart_export_make_content_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
