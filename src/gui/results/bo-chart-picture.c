/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-chart-picture"

#include "config.h"

#include <math.h>

#include "results/bo-chart-picture.h"

/*
 * A part that is not seen is not painted; and a card of the graphics may not
 * take a texture that is as high as a chart of 300 rows.
 */
#define TILE_HEIGHT 512

struct _BoChartPicture
{
  GPtrArray *targets; /* of BoChartTarget */
  GPtrArray *tiles;   /* of GskRenderNode */
  int width;
  int height;
};

typedef struct
{
  BoChart *chart;
  BoChartStyle style;
  char *font_family;
  int width;
} Request;

static void
request_free (gpointer data)
{
  Request *request = data;

  bo_chart_unref (request->chart);
  g_free (request->font_family);
  g_free (request);
}

void
bo_chart_picture_free (BoChartPicture *picture)
{
  if (picture == NULL)
    return;
  g_clear_pointer (&picture->tiles, g_ptr_array_unref);
  g_clear_pointer (&picture->targets, g_ptr_array_unref);
  g_free (picture);
}

/* The layout ends here: what it has of fonts belongs to this thread. */
static BoChartPicture *
make (const Request *request)
{
  g_autoptr (BoChartLayout) layout = bo_chart_layout_new (request->chart, &request->style, request->width);
  BoChartPicture *picture = g_new0 (BoChartPicture, 1);

  picture->width = request->width;
  picture->height = (int) ceil (bo_chart_layout_get_height (layout));
  picture->targets = bo_chart_layout_list_targets (layout);
  picture->tiles = g_ptr_array_new_with_free_func ((GDestroyNotify) gsk_render_node_unref);
  for (int y = 0; y < picture->height; y += TILE_HEIGHT)
    {
      int height = MIN (TILE_HEIGHT, picture->height - y);
      GskRenderNode *node = gsk_cairo_node_new (
        &GRAPHENE_RECT_INIT (0, (float) y, (float) request->width, (float) height));
      cairo_t *cr = gsk_cairo_node_get_draw_context (node);

      bo_chart_layout_draw_part (layout, cr, y, height);
      cairo_destroy (cr);
      g_ptr_array_add (picture->tiles, node);
    }
  return picture;
}

/* One thread, since each has fonts of its own to load. */
static void
make_thread (gpointer data, gpointer user_data)
{
  g_autoptr (GTask) task = data;

  if (!g_task_return_error_if_cancelled (task))
    g_task_return_pointer (task, make (g_task_get_task_data (task)), (GDestroyNotify) bo_chart_picture_free);
}

/**
 * bo_chart_picture_make_async:
 * @chart: a chart
 * @style: how it looks
 * @width: its width in pixels
 */
void
bo_chart_picture_make_async (BoChart *chart,
                             const BoChartStyle *style,
                             int width,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  static GThreadPool *pool;
  Request *request;
  GTask *task;

  g_return_if_fail (chart != NULL && style != NULL && width > 0);

  if (pool == NULL)
    pool = g_thread_pool_new (make_thread, NULL, 1, TRUE, NULL);
  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, bo_chart_picture_make_async);
  request = g_new0 (Request, 1);
  request->chart = bo_chart_ref (chart);
  request->style = *style;
  request->font_family = g_strdup (style->font_family);
  request->style.font_family = request->font_family;
  request->width = width;
  g_task_set_task_data (task, request, request_free);
  g_thread_pool_push (pool, task, NULL);
}

BoChartPicture *
bo_chart_picture_make_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

int
bo_chart_picture_get_width (const BoChartPicture *picture)
{
  return picture->width;
}

int
bo_chart_picture_get_height (const BoChartPicture *picture)
{
  return picture->height;
}

void
bo_chart_picture_snapshot (const BoChartPicture *picture, GtkSnapshot *snapshot)
{
  for (guint i = 0; i < picture->tiles->len; i++)
    gtk_snapshot_append_node (snapshot, g_ptr_array_index (picture->tiles, i));
}

guint
bo_chart_picture_get_n_targets (const BoChartPicture *picture)
{
  return picture->targets->len;
}

const BoChartTarget *
bo_chart_picture_get_target (const BoChartPicture *picture, guint index)
{
  return index < picture->targets->len ? g_ptr_array_index (picture->targets, index) : NULL;
}

int
bo_chart_picture_find_target (const BoChartPicture *picture, double x, double y)
{
  return bo_chart_targets_find (picture->targets, x, y);
}
