/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-image-reader"

#include "config.h"

#include <string.h>

#include "journal/bo-image-reader.h"
#include "journal/bo-log-text.h"
#include "study/bo-json.h"

#define HISTORY_MAX 1024
#define SHORT_ID 12
#define CREATED_BY_MAX 8192

static const char *
skip_algorithm (const char *id)
{
  return g_str_has_prefix (id, "sha256:") ? id + strlen ("sha256:") : id;
}

/**
 * bo_image_id_equal:
 * @a: an image id, whole or its first 12 digits or more, with or without "sha256:"
 * @b: another
 *
 * Returns: whether they mean the same image
 */
gboolean
bo_image_id_equal (const char *a, const char *b)
{
  const char *x = skip_algorithm (a);
  const char *y = skip_algorithm (b);
  gsize length = MIN (strlen (x), strlen (y));

  return length >= SHORT_ID && strncmp (x, y, length) == 0;
}

/**
 * bo_image_read:
 * @body: the answer of GET /images/…/json
 * @length: how many bytes
 * @diff_ids: (element-type utf8): where the ids of its layers are added, the base's first
 *
 * Returns: (transfer full) (nullable): the image, without its layers
 */
BoImage *
bo_image_read (const char *body, gsize length, GPtrArray *diff_ids)
{
  g_autoptr (JsonNode) node = bo_json_parse (body, (gssize) length, NULL);
  JsonObject *object = bo_json_node_get_object (node);
  JsonArray *layers = bo_json_get_array (bo_json_get_object (object, "RootFS"), "Layers");
  const char *id = bo_json_get_string (object, "Id", NULL);
  BoImage *image;

  if (id == NULL)
    return NULL;
  image = bo_image_new ();
  image->id = g_strdup (id);
  image->engine_size = MAX (bo_json_get_int (object, "Size", -1), -1);
  image->architecture = g_strdup (bo_json_get_string (object, "Architecture", NULL));
  for (guint i = 0; i < bo_json_array_get_length (layers) && i < HISTORY_MAX; i++)
    {
      const char *layer = bo_json_array_get_string (layers, i);

      if (layer != NULL)
        g_ptr_array_add (diff_ids, g_strdup (layer));
    }
  return image;
}

/* What only changes the image's description: no layer, with either builder. */
static gboolean
is_description (const BoLayer *layer)
{
  static const char *const words[]
      = { "ENV",        "LABEL",   "CMD",         "ENTRYPOINT", "EXPOSE", "USER",      "VOLUME",
          "STOPSIGNAL", "ONBUILD", "HEALTHCHECK", "ARG",        "SHELL",  "MAINTAINER" };
  const char *text = layer->created_by;

  if (layer->size > 0)
    return FALSE;
  if (g_str_has_prefix (text, "/bin/sh -c #(nop)"))
    text += strlen ("/bin/sh -c #(nop)");
  while (*text == ' ')
    text++;
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    {
      if (g_str_has_prefix (text, words[i]) && text[strlen (words[i])] == ' ')
        return TRUE;
    }
  return FALSE;
}

static gboolean
is_empty (const BoLayer *layer)
{
  return layer->size == 0;
}

/* Gives each row that has a layer its id, if @has_none leaves as many rows as there are layers. */
static gboolean
assign_diff_ids (BoImage *image, GPtrArray *diff_ids, gboolean (*has_none) (const BoLayer *layer))
{
  guint n = 0;

  for (guint i = 0; i < image->layers->len; i++)
    n += !has_none (g_ptr_array_index (image->layers, i));
  if (n != diff_ids->len)
    return FALSE;
  n = 0;
  for (guint i = 0; i < image->layers->len; i++)
    {
      BoLayer *layer = g_ptr_array_index (image->layers, i);

      if (!has_none (layer))
        layer->diff_id = g_strdup (g_ptr_array_index (diff_ids, n++));
    }
  return TRUE;
}

static gboolean
stands_on (GPtrArray *diff_ids, const BoBaseImage *base)
{
  if (base == NULL || base->diff_ids->len == 0 || base->diff_ids->len > diff_ids->len)
    return FALSE;
  for (guint i = 0; i < base->diff_ids->len; i++)
    {
      if (!g_str_equal (g_ptr_array_index (base->diff_ids, i), g_ptr_array_index (diff_ids, i)))
        return FALSE;
    }
  return TRUE;
}

/**
 * bo_image_read_history:
 * @image: the image, without layers yet
 * @body: the answer of GET /images/…/history: the newest row first
 * @length: how many bytes
 * @diff_ids: (element-type utf8): ids of its layers, the base's first
 * @base: (nullable): the base image
 *
 * The history does not say which rows have a layer, and the engine makes
 * none for a step that changed nothing; so ids are given only where the
 * numbers agree. Its size is the sum of all rows, because the engine's own Size
 * means different things with different image stores.
 */
void
bo_image_read_history (BoImage *image,
                       const char *body,
                       gsize length,
                       GPtrArray *diff_ids,
                       const BoBaseImage *base)
{
  g_autoptr (JsonNode) node = bo_json_parse (body, (gssize) length, NULL);
  JsonArray *rows = bo_json_node_get_array (node);
  gboolean on_base = stands_on (diff_ids, base);
  gboolean assigned;
  int last_of_base = -1;

  if (rows == NULL)
    return;
  g_ptr_array_set_size (image->layers, 0);
  image->size = 0;
  image->added_size = -1;
  for (guint i = MIN (bo_json_array_get_length (rows), HISTORY_MAX); i > 0; i--)
    {
      JsonObject *row = bo_json_array_get_object (rows, i - 1);
      const char *created_by = bo_json_get_string (row, "CreatedBy", "");
      BoLayer *layer = bo_layer_new ();

      layer->created_by = bo_log_text_clean (created_by, MIN (strlen (created_by), CREATED_BY_MAX));
      layer->size = CLAMP (bo_json_get_int (row, "Size", 0), 0, G_MAXINT64 / (2 * HISTORY_MAX));
      image->size += layer->size;
      g_ptr_array_add (image->layers, layer);
    }

  assigned = assign_diff_ids (image, diff_ids, is_empty) || assign_diff_ids (image, diff_ids, is_description);
  if (!on_base)
    return;
  if (assigned)
    {
      guint n = 0;

      for (guint i = 0; i < image->layers->len; i++)
        {
          const BoLayer *layer = g_ptr_array_index (image->layers, i);

          if (layer->diff_id != NULL && n++ < base->diff_ids->len)
            last_of_base = (int) i;
        }
      image->added_size = 0;
      for (guint i = 0; i < image->layers->len; i++)
        {
          BoLayer *layer = g_ptr_array_index (image->layers, i);

          layer->from_base = (int) i <= last_of_base;
          if (!layer->from_base)
            image->added_size += layer->size;
        }
    }
  else if (base->size >= 0 && image->size >= base->size)
    image->added_size = image->size - base->size;
}
