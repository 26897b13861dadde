/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-study-document"

#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <gio/gio.h>
#include <glib/gi18n.h>

#include "study/bo-json-map.h"
#include "study/bo-json-writer.h"
#include "study/bo-study-document.h"

struct _BoStudyDocument
{
  JsonNode *root;
};

/* What a key can be made of to stand in a path without quotes; see bo_json_path_append_key(). */
#define PLAIN_KEY_CHARS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-$"

G_DEFINE_QUARK (bo-study-document-error-quark, bo_study_document_error)

/* One step of a JSON path: a key, or an index when key is NULL. */
typedef struct
{
  char *key;
  guint index;
} Step;

static void
step_clear (gpointer data)
{
  g_free (((Step *) data)->key);
}

/**
 * bo_study_document_new:
 *
 * Returns: (transfer full): an empty object
 */
BoStudyDocument *
bo_study_document_new (void)
{
  BoStudyDocument *document = g_new0 (BoStudyDocument, 1);

  document->root = json_node_new (JSON_NODE_OBJECT);
  json_node_take_object (document->root, json_object_new ());
  return document;
}

/**
 * bo_study_document_new_from_data:
 * @text: text of a study
 * @length: bytes, or -1 when it ends with NUL
 * @error: #BoStudyDocumentError
 *
 * Returns: (transfer full) (nullable): the document
 */
BoStudyDocument *
bo_study_document_new_from_data (const char *text, gssize length, GError **error)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (BoJsonMap) map = NULL;
  g_autoptr (GError) problem = NULL;
  BoStudyDocument *document;
  guint line = 0, column = 0;

  g_return_val_if_fail (text != NULL, NULL);

  map = bo_json_map_new (text, length, &line, &column, &problem);
  if (map == NULL)
    {
      g_set_error (error, BO_STUDY_DOCUMENT_ERROR, BO_STUDY_DOCUMENT_ERROR_SYNTAX,
                   _ ("line %u, column %u: %s"), line, column, problem->message);
      return NULL;
    }
  if (!json_parser_load_from_data (parser, text, length, &problem)
      || !JSON_NODE_HOLDS_OBJECT (json_parser_get_root (parser)))
    {
      g_set_error_literal (error, BO_STUDY_DOCUMENT_ERROR, BO_STUDY_DOCUMENT_ERROR_SYNTAX,
                           problem != NULL ? problem->message : _ ("a study is a JSON object"));
      return NULL;
    }
  document = g_new0 (BoStudyDocument, 1);
  document->root = json_parser_steal_root (parser);
  return document;
}

/**
 * bo_study_document_load:
 * @file: path of a study file
 * @error: #BoStudyDocumentError, or #GFileError
 *
 * Returns: (transfer full) (nullable): the document
 */
BoStudyDocument *
bo_study_document_load (const char *file, GError **error)
{
  g_autofree char *text = NULL;
  gsize length;

  g_return_val_if_fail (file != NULL, NULL);

  if (!g_file_get_contents (file, &text, &length, error))
    return NULL;
  return bo_study_document_new_from_data (text, length, error);
}

void
bo_study_document_free (BoStudyDocument *document)
{
  if (document == NULL)
    return;
  json_node_unref (document->root);
  g_free (document);
}

static gboolean
fail_path (const char *path, GError **error)
{
  g_set_error (error, BO_STUDY_DOCUMENT_ERROR, BO_STUDY_DOCUMENT_ERROR_PATH,
               _ ("“%s” is no place in the study"), path);
  return FALSE;
}

/* Reads the text in quotes of a step as ["…"]; @p is behind the first quote. NULL when it does not end. */
static char *
parse_quoted_key (const char **p)
{
  const char *start = *p;
  g_autofree char *escaped = NULL;

  for (; **p != '\0' && **p != '"'; (*p)++)
    {
      if (**p == '\\' && (*p)[1] != '\0')
        (*p)++;
    }
  if ((*p)[0] != '"' || (*p)[1] != ']')
    return NULL;
  escaped = g_strndup (start, *p - start);
  *p += 2;
  return g_strcompress (escaped);
}

/* Takes "$.bases[0].image" apart; NULL when it is no path. */
static GArray *
parse_path (const char *path, GError **error)
{
  g_autoptr (GArray) steps = g_array_new (FALSE, FALSE, sizeof (Step));
  const char *p = path + 1;

  g_array_set_clear_func (steps, step_clear);
  if (path[0] != '$')
    {
      fail_path (path, error);
      return NULL;
    }
  while (*p != '\0')
    {
      Step step = { NULL, 0 };
      gsize n;

      if (p[0] == '.')
        {
          n = strspn (p + 1, PLAIN_KEY_CHARS);
          step.key = n > 0 ? g_strndup (p + 1, n) : NULL;
          p += n + 1;
        }
      else if (p[0] == '[' && p[1] == '"')
        {
          p += 2;
          step.key = parse_quoted_key (&p);
        }
      else
        {
          char *end = NULL;
          guint64 index = g_ascii_isdigit (p[1]) ? g_ascii_strtoull (p + 1, &end, 10) : 0;

          if (p[0] != '[' || end == NULL || *end != ']' || index > G_MAXINT)
            {
              fail_path (path, error);
              return NULL;
            }
          step.index = index;
          p = end + 1;
          g_array_append_val (steps, step);
          continue;
        }
      if (step.key == NULL)
        {
          fail_path (path, error);
          return NULL;
        }
      g_array_append_val (steps, step);
    }
  return g_steal_pointer (&steps);
}

static JsonNode *
step_down (JsonNode *node, const Step *step)
{
  if (step->key != NULL)
    return JSON_NODE_HOLDS_OBJECT (node) ? json_object_get_member (json_node_get_object (node), step->key)
                                         : NULL;
  if (!JSON_NODE_HOLDS_ARRAY (node) || step->index >= json_array_get_length (json_node_get_array (node)))
    return NULL;
  return json_array_get_element (json_node_get_array (node), step->index);
}

/* Replaces element @index of @node, inserts before it, or (@value NULL) removes it. json-glib can only
 * append. */
static void
rebuild_array (JsonNode *node, guint index, JsonNode *value, gboolean insert)
{
  JsonArray *old = json_node_get_array (node);
  JsonArray *array = json_array_sized_new (json_array_get_length (old) + 1);

  for (guint i = 0; i < json_array_get_length (old); i++)
    {
      if (i == index && value != NULL)
        json_array_add_element (array, value);
      if (i != index || insert)
        json_array_add_element (array, json_array_dup_element (old, i));
    }
  if (index >= json_array_get_length (old) && value != NULL)
    json_array_add_element (array, value);
  json_node_take_array (node, array);
}

/**
 * bo_study_document_get:
 * @document: a document
 * @path: a JSON path, as problems name them
 * @error: #BoStudyDocumentError
 *
 * Returns: (transfer none) (nullable): the value at @path, or %NULL with @error set
 */
JsonNode *
bo_study_document_get (BoStudyDocument *document, const char *path, GError **error)
{
  g_autoptr (GArray) steps = NULL;
  JsonNode *node;

  g_return_val_if_fail (document != NULL && path != NULL, NULL);

  steps = parse_path (path, error);
  if (steps == NULL)
    return NULL;
  node = document->root;
  for (guint i = 0; i < steps->len && node != NULL; i++)
    node = step_down (node, &g_array_index (steps, Step, i));
  if (node == NULL)
    fail_path (path, error);
  return node;
}

/**
 * bo_study_document_set:
 * @document: a document
 * @path: a JSON path; objects on the way that are missing are made, and an
 *   index that is just behind the end of an array appends
 * @value: (transfer full): the new value
 * @error: #BoStudyDocumentError
 *
 * Returns: whether the value was set; if not, the document may have got empty objects on the way
 */
gboolean
bo_study_document_set (BoStudyDocument *document, const char *path, JsonNode *value, GError **error)
{
  g_autoptr (JsonNode) owned = value;
  g_autoptr (GArray) steps = NULL;
  JsonNode *node;
  const Step *last;

  g_return_val_if_fail (document != NULL && path != NULL && value != NULL, FALSE);

  steps = parse_path (path, error);
  if (steps == NULL)
    return FALSE;
  if (steps->len == 0)
    return fail_path (path, error);

  node = document->root;
  for (guint i = 0; i + 1 < steps->len; i++)
    {
      const Step *step = &g_array_index (steps, Step, i);
      JsonNode *next = step_down (node, step);

      if (next == NULL && step->key != NULL && JSON_NODE_HOLDS_OBJECT (node))
        {
          json_object_set_object_member (json_node_get_object (node), step->key, json_object_new ());
          next = step_down (node, step);
        }
      if (next == NULL)
        return fail_path (path, error);
      node = next;
    }

  last = &g_array_index (steps, Step, steps->len - 1);
  if (last->key != NULL && JSON_NODE_HOLDS_OBJECT (node))
    json_object_set_member (json_node_get_object (node), last->key, g_steal_pointer (&owned));
  else if (last->key == NULL && JSON_NODE_HOLDS_ARRAY (node)
           && last->index <= json_array_get_length (json_node_get_array (node)))
    rebuild_array (node, last->index, g_steal_pointer (&owned), FALSE);
  else
    return fail_path (path, error);
  return TRUE;
}

/**
 * bo_study_document_set_string:
 * @document: a document
 * @path: as of bo_study_document_set()
 * @value: a text
 * @error: #BoStudyDocumentError
 *
 * Returns: whether the text was set
 */
gboolean
bo_study_document_set_string (BoStudyDocument *document, const char *path, const char *value, GError **error)
{
  JsonNode *node = json_node_new (JSON_NODE_VALUE);

  json_node_set_string (node, value);
  return bo_study_document_set (document, path, node, error);
}

/**
 * bo_study_document_remove:
 * @document: a document
 * @path: a JSON path
 * @error: #BoStudyDocumentError
 *
 * Returns: whether there was something to remove
 */
gboolean
bo_study_document_remove (BoStudyDocument *document, const char *path, GError **error)
{
  g_autoptr (GArray) steps = NULL;
  JsonNode *node;
  const Step *last;

  g_return_val_if_fail (document != NULL && path != NULL, FALSE);

  steps = parse_path (path, error);
  if (steps == NULL)
    return FALSE;
  if (steps->len == 0)
    return fail_path (path, error);
  node = document->root;
  for (guint i = 0; i + 1 < steps->len && node != NULL; i++)
    node = step_down (node, &g_array_index (steps, Step, i));
  last = &g_array_index (steps, Step, steps->len - 1);
  if (node == NULL || step_down (node, last) == NULL)
    return fail_path (path, error);
  if (last->key != NULL)
    json_object_remove_member (json_node_get_object (node), last->key);
  else
    rebuild_array (node, last->index, NULL, FALSE);
  return TRUE;
}

/* The array of strategies; made when there is none. */
static JsonNode *
get_strategies (BoStudyDocument *document, GError **error)
{
  JsonObject *root = json_node_get_object (document->root);
  JsonNode *node = json_object_get_member (root, "strategies");

  if (node == NULL)
    {
      json_object_set_array_member (root, "strategies", json_array_new ());
      node = json_object_get_member (root, "strategies");
    }
  if (!JSON_NODE_HOLDS_ARRAY (node))
    {
      fail_path ("$.strategies[0]", error);
      return NULL;
    }
  return node;
}

static int
find_strategy (JsonNode *strategies, const char *id, GError **error)
{
  JsonArray *array = json_node_get_array (strategies);

  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *node = json_array_get_element (array, i);
      JsonNode *member
          = JSON_NODE_HOLDS_OBJECT (node) ? json_object_get_member (json_node_get_object (node), "id") : NULL;

      if (member != NULL && JSON_NODE_HOLDS_VALUE (member)
          && json_node_get_value_type (member) == G_TYPE_STRING
          && strcmp (json_node_get_string (member), id) == 0)
        return i;
    }
  g_set_error (error, BO_STUDY_DOCUMENT_ERROR, BO_STUDY_DOCUMENT_ERROR_NOT_FOUND,
               _ ("the study has no strategy “%s”"), id);
  return -1;
}

/**
 * bo_study_document_insert_strategy:
 * @document: a document
 * @position: where, from 0; -1 or more than there are: at the end
 * @strategy: (transfer full): the strategy's object
 * @error: #BoStudyDocumentError
 *
 * Returns: whether it was put in
 */
gboolean
bo_study_document_insert_strategy (BoStudyDocument *document,
                                   int position,
                                   JsonNode *strategy,
                                   GError **error)
{
  JsonNode *strategies;

  g_return_val_if_fail (document != NULL && strategy != NULL, FALSE);

  strategies = get_strategies (document, error);
  if (strategies == NULL)
    {
      json_node_unref (strategy);
      return FALSE;
    }
  rebuild_array (strategies, position < 0 ? G_MAXUINT : (guint) position, strategy, TRUE);
  return TRUE;
}

/**
 * bo_study_document_remove_strategy:
 * @document: a document
 * @id: id of a strategy
 * @error: #BoStudyDocumentError
 *
 * Returns: whether there was such a strategy
 */
gboolean
bo_study_document_remove_strategy (BoStudyDocument *document, const char *id, GError **error)
{
  JsonNode *strategies;
  int place;

  g_return_val_if_fail (document != NULL && id != NULL, FALSE);

  strategies = get_strategies (document, error);
  place = strategies != NULL ? find_strategy (strategies, id, error) : -1;
  if (place < 0)
    return FALSE;
  rebuild_array (strategies, place, NULL, FALSE);
  return TRUE;
}

/**
 * bo_study_document_move_strategy:
 * @document: a document
 * @id: id of a strategy
 * @position: where it will be, from 0; more than there are: at the end
 * @error: #BoStudyDocumentError
 *
 * Returns: whether there was such a strategy
 */
gboolean
bo_study_document_move_strategy (BoStudyDocument *document, const char *id, guint position, GError **error)
{
  JsonNode *strategies, *strategy;
  int place;

  g_return_val_if_fail (document != NULL && id != NULL, FALSE);

  strategies = get_strategies (document, error);
  place = strategies != NULL ? find_strategy (strategies, id, error) : -1;
  if (place < 0)
    return FALSE;
  strategy = json_array_dup_element (json_node_get_array (strategies), place);
  rebuild_array (strategies, place, NULL, FALSE);
  rebuild_array (strategies, position, strategy, TRUE);
  return TRUE;
}

/**
 * bo_study_document_to_text:
 * @document: a document
 *
 * Returns: (transfer full): its text, with a line end
 */
char *
bo_study_document_to_text (BoStudyDocument *document)
{
  g_return_val_if_fail (document != NULL, NULL);

  return bo_json_write_pretty (document->root);
}

/**
 * bo_study_document_save:
 * @document: a document
 * @file: where to
 * @error: #GFileError
 *
 * Writes the document in such a way that at any moment, even through a power
 * cut, either the old file or the new one is there. A symbolic link stays
 * one, and the permissions stay.
 *
 * Returns: whether it was written
 */
gboolean
bo_study_document_save (BoStudyDocument *document, const char *file, GError **error)
{
  g_autofree char *text = NULL;
  g_autofree char *target = NULL;
  struct stat info;
  gboolean replaces;

  g_return_val_if_fail (document != NULL && file != NULL, FALSE);

  text = bo_study_document_to_text (document);
  target = realpath (file, NULL);
  replaces = target != NULL && stat (target, &info) == 0;
  if (!g_file_set_contents_full (target != NULL ? target : file, text, -1,
                                 G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0666, error))
    return FALSE;
  /* The new file was made under the umask; a failure here leaves it merely less open than the old one. */
  if (replaces && chmod (target, info.st_mode & 0777) != 0)
    g_debug ("The permissions of %s could not be kept: %s", target, g_strerror (errno));
  return TRUE;
}
