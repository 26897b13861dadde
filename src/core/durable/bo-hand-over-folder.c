/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-hand-over-folder"

#include "config.h"

#include <string.h>
#include <sys/stat.h>

#include <glib/gi18n.h>

#include "context/bo-recipe.h"
#include "context/bo-tar-header.h"
#include "durable/bo-device-courier.h"
#include "durable/bo-hand-over-folder.h"
#include "study/bo-json.h"

/* Members of campaign.json that are about this computer and nobody else's business. */
static const char *const private_members[] = { "study_file", "device_url", NULL };

static GBytes *
read_file (const char *folder, const char *name, GError **error)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr (GMappedFile) file = g_mapped_file_new (path, FALSE, error);

  return file != NULL ? g_mapped_file_get_bytes (file) : NULL;
}

/**
 * bo_hand_over_clean_campaign:
 * @text: a campaign.json
 *
 * Returns: (transfer full) (nullable): the same without paths of this computer
 */
GBytes *
bo_hand_over_clean_campaign (GBytes *text, GError **error)
{
  g_autoptr (JsonNode) node = NULL;
  g_autoptr (JsonNode) changed = NULL;
  g_autoptr (JsonObject) members = json_object_new ();
  g_autoptr (GList) names = NULL;
  JsonObject *object;
  gsize length;
  const char *data = g_bytes_get_data (text, &length);
  char *clean;

  node = bo_json_parse (data != NULL ? data : "", (gssize) length, error);
  if (node == NULL)
    return NULL;
  object = bo_json_node_get_object (node);
  names = object != NULL ? json_object_get_members (object) : NULL;
  for (GList *l = names; l != NULL; l = l->next)
    {
      if (g_strv_contains (private_members, l->data))
        json_object_set_null_member (members, l->data);
      else
        json_object_set_member (members, l->data, json_object_dup_member (object, l->data));
    }
  changed = json_node_init_object (json_node_alloc (), members);
  clean = bo_json_node_to_text (changed, TRUE);
  return g_bytes_new_take (clean, strlen (clean));
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* Names in recipes/, sorted, so that the same folder gives the same bytes. */
static GPtrArray *
list_recipes (const char *folder, GError **error)
{
  g_autofree char *path = g_build_filename (folder, "recipes", NULL);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GDir) dir = NULL;
  const char *name;

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return g_steal_pointer (&names);
  dir = g_dir_open (path, 0, error);
  if (dir == NULL)
    return NULL;
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      if (strlen (name) == 64 && strspn (name, "0123456789abcdef") == 64)
        g_ptr_array_add (names, g_strdup (name));
    }
  g_ptr_array_sort (names, compare_names);
  return g_steal_pointer (&names);
}

typedef struct
{
  GOutputStream *out;
  const char *prefix; /* of names in the tar */
} Pack;

static gboolean
pack (Pack *self, const char *name, GBytes *bytes, GError **error)
{
  g_autofree char *path = g_strconcat (self->prefix, name, NULL);
  g_autoptr (GByteArray) head = g_byte_array_new ();
  g_autoptr (GByteArray) padding = g_byte_array_new ();
  BoTarMember member
      = { .path = path, .type = '0', .mode = S_IFREG | 0600, .size = g_bytes_get_size (bytes) };
  gsize length;
  const void *data = g_bytes_get_data (bytes, &length);

  bo_tar_append_header (head, &member);
  bo_tar_append_padding (padding, length);
  return g_output_stream_write_all (self->out, head->data, head->len, NULL, NULL, error)
         && (length == 0 || g_output_stream_write_all (self->out, data, length, NULL, NULL, error))
         && (padding->len == 0
             || g_output_stream_write_all (self->out, padding->data, padding->len, NULL, NULL, error));
}

static gboolean
pack_file (Pack *self, const char *folder, const char *name, const char *as, GError **error)
{
  g_autoptr (GBytes) bytes = read_file (folder, name, error);

  return bytes != NULL && pack (self, as, bytes, error);
}

static gboolean
pack_folder (Pack *self, const char *path, GError **error)
{
  g_autoptr (GByteArray) head = g_byte_array_new ();
  BoTarMember member = { .path = path, .type = '5', .mode = S_IFDIR | 0700 };

  bo_tar_append_header (head, &member);
  return g_output_stream_write_all (self->out, head->data, head->len, NULL, NULL, error);
}

static gboolean
pack_all (Pack *self, const char *folder, const char *campaign, GError **error)
{
  g_autoptr (GPtrArray) recipes = list_recipes (folder, error);
  g_autoptr (GBytes) text = NULL;
  g_autoptr (GBytes) clean = NULL;
  g_autoptr (GByteArray) end = g_byte_array_new ();
  g_autofree char *recipes_path = g_strdup_printf ("campaigns/%s/recipes", campaign);
  g_autofree char *own_path = g_strdup_printf ("campaigns/%s", campaign);

  if (recipes == NULL || (text = read_file (folder, "campaign.json", error)) == NULL
      || (clean = bo_hand_over_clean_campaign (text, error)) == NULL)
    return FALSE;
  if (!pack_folder (self, own_path, error) || !pack_folder (self, recipes_path, error)
      || !pack (self, "campaign.json", clean, error))
    return FALSE;
  for (guint i = 0; i < recipes->len; i++)
    {
      g_autofree char *name = g_strconcat ("recipes/", recipes->pdata[i], NULL);

      if (!pack_file (self, folder, name, name, error))
        return FALSE;
    }
  /* The script is last: when it is there, all is. */
  if (!pack_file (self, folder, "script", "script.new", error))
    return FALSE;
  bo_tar_append_end (end);
  return g_output_stream_write_all (self->out, end->data, end->len, NULL, NULL, error)
         && g_output_stream_close (self->out, NULL, error);
}

/**
 * bo_hand_over_pack_folder:
 * @folder: a campaign's folder on this computer
 * @campaign: its id
 *
 * Returns: (transfer full) (nullable): a gzip'd tar of its script, recipes and campaign.json for
 * BO_VOLUME_PATH
 */
GBytes *
bo_hand_over_pack_folder (const char *folder, const char *campaign, GError **error)
{
  g_autoptr (GZlibCompressor) zip = g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, 6);
  g_autoptr (GOutputStream) memory = g_memory_output_stream_new_resizable ();
  g_autoptr (GOutputStream) out = g_converter_output_stream_new (memory, G_CONVERTER (zip));
  g_autofree char *prefix = g_strdup_printf ("campaigns/%s/", campaign);
  g_autoptr (GError) local = NULL;
  Pack self = { out, prefix };

  if (!pack_all (&self, folder, campaign, &local))
    {
      g_set_error (error, BO_DEVICE_COURIER_ERROR, BO_DEVICE_COURIER_ERROR_INCOMPLETE,
                   _ ("The campaign in %s cannot be handed over: %s"), folder, local->message);
      return NULL;
    }
  return g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (memory));
}

/**
 * bo_hand_over_list_contents:
 * @folder: a campaign's folder on this computer
 *
 * A device gets what its campaign's recipes name, and cannot ask for anything else.
 *
 * Returns: (transfer full) (element-type utf8) (nullable): the hashes
 */
GHashTable *
bo_hand_over_list_contents (const char *folder, GError **error)
{
  g_autoptr (GHashTable) hashes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GPtrArray) names = list_recipes (folder, error);

  for (guint i = 0; names != NULL && i < names->len; i++)
    {
      g_autofree char *name = g_strconcat ("recipes/", names->pdata[i], NULL);
      g_autoptr (GBytes) text = read_file (folder, name, error);
      g_autoptr (BoRecipe) recipe = text != NULL ? bo_recipe_new_from_bytes (text, error) : NULL;
      g_autoptr (GPtrArray) files = NULL;

      if (recipe == NULL)
        return NULL;
      files = bo_recipe_list_files (recipe);
      for (guint k = 0; k < files->len; k++)
        g_hash_table_add (hashes, g_strdup (files->pdata[k]));
    }
  return names != NULL ? g_steal_pointer (&hashes) : NULL;
}
