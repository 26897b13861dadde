/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-pull-progress"

#include "config.h"

#include <string.h>

#include <glib/gi18n.h>

#include "engine/bo-engine-error.h"
#include "engine/bo-pull-progress.h"
#include "study/bo-json.h"

/* An image has at most 127 layers; a hostile stream has as many as it likes. */
#define LAYERS_MAX 1024

typedef struct
{
  gint64 n_bytes; /* downloaded */
  gint64 total;   /* to download; 0 when not known yet */
  gboolean is_done;
} Layer;

struct _BoPullProgress
{
  GHashTable *layers; /* id -> Layer */
  char *layer;        /* (nullable): of the last line */
  char *status;       /* of the last line */
  gboolean is_complete;
  gboolean was_needed;
};

BoPullProgress *
bo_pull_progress_new (void)
{
  BoPullProgress *progress = g_new0 (BoPullProgress, 1);

  progress->layers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  progress->status = g_strdup ("");
  progress->was_needed = TRUE;
  return progress;
}

void
bo_pull_progress_free (BoPullProgress *progress)
{
  g_return_if_fail (progress != NULL);

  g_hash_table_unref (progress->layers);
  g_free (progress->layer);
  g_free (progress->status);
  g_free (progress);
}

static void
update_layer (BoPullProgress *progress, const char *id, const char *status, JsonObject *detail)
{
  Layer *layer = g_hash_table_lookup (progress->layers, id);

  if (layer == NULL)
    {
      /* "Pulling from library/debian" has the tag for its id: no layer. */
      if (g_str_has_prefix (status, "Pulling from ") || g_hash_table_size (progress->layers) >= LAYERS_MAX)
        return;
      layer = g_new0 (Layer, 1);
      g_hash_table_insert (progress->layers, g_strdup (id), layer);
    }
  if (strcmp (status, "Downloading") == 0)
    {
      layer->n_bytes = MAX (bo_json_get_int (detail, "current", 0), 0);
      layer->total = CLAMP (bo_json_get_int (detail, "total", 0), layer->n_bytes, G_MAXINT64 / LAYERS_MAX);
      layer->n_bytes = MIN (layer->n_bytes, layer->total);
    }
  else if (strcmp (status, "Download complete") == 0 || strcmp (status, "Verifying Checksum") == 0)
    layer->n_bytes = layer->total;
  else if (strcmp (status, "Pull complete") == 0 || strcmp (status, "Already exists") == 0)
    {
      layer->n_bytes = layer->total;
      layer->is_done = TRUE;
    }
}

/**
 * bo_pull_progress_take_line:
 *
 * Takes the next line. The engine's error within the stream is an error here.
 */
gboolean
bo_pull_progress_take_line (BoPullProgress *progress, const char *line, gsize length, GError **error)
{
  g_autoptr (JsonNode) node = NULL;
  g_autoptr (GError) reason = NULL;
  JsonObject *object, *error_detail;
  const char *message, *id, *status;

  g_return_val_if_fail (progress != NULL && line != NULL, FALSE);

  node = bo_json_parse (line, (gssize) length, &reason);
  object = bo_json_node_get_object (node);
  if (object == NULL)
    {
      g_set_error (error, BO_ENGINE_ERROR, BO_ENGINE_ERROR_PROTOCOL,
                   _ ("a line of the pull cannot be understood: %s"),
                   reason == NULL ? _ ("it is not a JSON object") : reason->message);
      return FALSE;
    }
  /* "error" is the older form of the same (deprecated in 1.48). */
  error_detail = bo_json_get_object (object, "errorDetail");
  message = bo_json_get_string (error_detail, "message", bo_json_get_string (object, "error", NULL));
  if (message != NULL || error_detail != NULL)
    {
      gint64 code = bo_json_get_int (error_detail, "code", 0);

      if (message == NULL || message[0] == '\0')
        message = _ ("the engine does not say why");
      g_set_error_literal (
          error, BO_ENGINE_ERROR,
          (int) bo_engine_error_from_reply (code >= 400 && code < 600 ? (guint) code : 0, message), message);
      return FALSE;
    }

  id = bo_json_get_string (object, "id", NULL);
  status = bo_json_get_string (object, "status", "");
  if (id != NULL)
    update_layer (progress, id, status, bo_json_get_object (object, "progressDetail"));
  else if (g_str_has_prefix (status, "Status: "))
    {
      /* "Status: Downloaded newer image for X" or "Status: Image is up to date for X": the last line. */
      progress->is_complete = TRUE;
      progress->was_needed = strstr (status, "up to date") == NULL;
    }
  g_free (progress->layer);
  progress->layer = g_strdup (id);
  g_free (progress->status);
  progress->status = g_strdup (status);
  return TRUE;
}

/**
 * bo_pull_progress_get_layer:
 *
 * Returns: (transfer none) (nullable): the layer that the last line was about
 */
const char *
bo_pull_progress_get_layer (BoPullProgress *progress)
{
  return progress->layer;
}

/**
 * bo_pull_progress_get_status:
 *
 * Returns: (transfer none): the engine's words in the last line
 */
const char *
bo_pull_progress_get_status (BoPullProgress *progress)
{
  return progress->status;
}

static gint64
sum (BoPullProgress *progress, gsize offset)
{
  GHashTableIter iter;
  gpointer layer;
  gint64 total = 0;

  g_hash_table_iter_init (&iter, progress->layers);
  while (g_hash_table_iter_next (&iter, NULL, &layer))
    total += G_STRUCT_MEMBER (gint64, layer, offset);
  return total;
}

/**
 * bo_pull_progress_get_bytes:
 *
 * Returns: bytes downloaded so far
 */
gint64
bo_pull_progress_get_bytes (BoPullProgress *progress)
{
  return sum (progress, G_STRUCT_OFFSET (Layer, n_bytes));
}

/**
 * bo_pull_progress_get_total_bytes:
 *
 * Returns: bytes to download, as far as they are known: it grows as layers begin
 */
gint64
bo_pull_progress_get_total_bytes (BoPullProgress *progress)
{
  return sum (progress, G_STRUCT_OFFSET (Layer, total));
}

guint
bo_pull_progress_get_n_layers (BoPullProgress *progress)
{
  return g_hash_table_size (progress->layers);
}

guint
bo_pull_progress_get_n_done (BoPullProgress *progress)
{
  GHashTableIter iter;
  gpointer layer;
  guint n = 0;

  g_hash_table_iter_init (&iter, progress->layers);
  while (g_hash_table_iter_next (&iter, NULL, &layer))
    n += ((Layer *) layer)->is_done ? 1 : 0;
  return n;
}

/**
 * bo_pull_progress_is_complete:
 *
 * Returns: whether the engine said that the pull is done. The end of the stream
 * alone does not say so.
 */
gboolean
bo_pull_progress_is_complete (BoPullProgress *progress)
{
  return progress->is_complete;
}

/**
 * bo_pull_progress_was_needed:
 *
 * Returns: whether the engine did not have the image as it is in the registry
 */
gboolean
bo_pull_progress_was_needed (BoPullProgress *progress)
{
  return progress->was_needed;
}
