/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-study-edit"

#include "config.h"

#include <string.h>

#include <glib/gi18n.h>

#include "study/bo-json-fields.h"
#include "study/bo-json.h"
#include "study/bo-names.h"
#include "study/bo-study-edit.h"

G_DEFINE_QUARK (bo-study-edit-error-quark, bo_study_edit_error)

/* As many characters of an id are kept when a number is put behind it; an id has at most 64. */
#define ID_STEM_MAX 56

/**
 * bo_study_edit_new:
 * @file: path of a study file
 * @text: what is in it
 * @error: #BoStudyDocumentError
 *
 * Returns: (transfer full) (nullable): the file, ready to be changed; it need not be a valid study
 */
BoStudyEdit *
bo_study_edit_new (const char *file, const char *text, GError **error)
{
  BoStudyDocument *document;
  BoStudyEdit *edit;

  g_return_val_if_fail (file != NULL && text != NULL, NULL);

  document = bo_study_document_new_from_data (text, -1, error);
  if (document == NULL)
    return NULL;
  edit = g_new0 (BoStudyEdit, 1);
  edit->file = g_canonicalize_filename (file, NULL);
  edit->text = g_strdup (text);
  edit->document = document;
  return edit;
}

/**
 * bo_study_edit_open:
 * @file: path of a study file
 * @error: #BoStudyDocumentError, or #GFileError
 *
 * Returns: (transfer full) (nullable): the file, read and ready to be changed
 */
BoStudyEdit *
bo_study_edit_open (const char *file, GError **error)
{
  g_autofree char *text = NULL;

  g_return_val_if_fail (file != NULL, NULL);

  if (!g_file_get_contents (file, &text, NULL, error))
    return NULL;
  return bo_study_edit_new (file, text, error);
}

void
bo_study_edit_free (BoStudyEdit *edit)
{
  if (edit == NULL)
    return;
  g_free (edit->file);
  g_free (edit->text);
  bo_study_document_free (edit->document);
  g_free (edit);
}

void
bo_removed_strategy_free (BoRemovedStrategy *removed)
{
  if (removed == NULL)
    return;
  g_clear_pointer (&removed->strategy, json_node_unref);
  g_free (removed->title);
  g_free (removed);
}

/**
 * bo_study_edit_get_root:
 *
 * Returns: (transfer none): the study's own object; what is changed in it is saved
 */
JsonObject *
bo_study_edit_get_root (BoStudyEdit *edit)
{
  g_return_val_if_fail (edit != NULL, NULL);

  return json_node_get_object (bo_study_document_get (edit->document, "$", NULL));
}

static JsonArray *
get_strategies (BoStudyEdit *edit)
{
  return bo_json_get_array (bo_study_edit_get_root (edit), "strategies");
}

guint
bo_study_edit_count_strategies (BoStudyEdit *edit)
{
  g_return_val_if_fail (edit != NULL, 0);

  return bo_json_array_get_length (get_strategies (edit));
}

/**
 * bo_study_edit_find_strategy:
 * @edit: a study
 * @id: id of a strategy
 *
 * Returns: its place from 0, or -1
 */
int
bo_study_edit_find_strategy (BoStudyEdit *edit, const char *id)
{
  g_return_val_if_fail (edit != NULL && id != NULL, -1);

  for (guint i = 0; i < bo_study_edit_count_strategies (edit); i++)
    if (g_strcmp0 (bo_json_get_string (bo_json_array_get_object (get_strategies (edit), i), "id", NULL), id) == 0)
      return i;
  return -1;
}

/**
 * bo_study_edit_get_strategy:
 *
 * Returns: (transfer none) (nullable): the strategy's object; what is changed in it is saved
 */
JsonObject *
bo_study_edit_get_strategy (BoStudyEdit *edit, const char *id)
{
  int place = bo_study_edit_find_strategy (edit, id);

  return place >= 0 ? bo_json_array_get_object (get_strategies (edit), place) : NULL;
}

/**
 * bo_study_edit_choose_id:
 * @edit: a study
 * @wanted: an id, or a title
 *
 * Returns: (transfer full): an id that no strategy has, as close to @wanted as can be
 */
char *
bo_study_edit_choose_id (BoStudyEdit *edit, const char *wanted)
{
  g_autofree char *slug = NULL;
  g_autofree char *id = NULL;

  g_return_val_if_fail (edit != NULL && wanted != NULL, NULL);

  slug = bo_name_slug (wanted);
  id = g_strdup (slug);
  for (guint n = 2; bo_study_edit_find_strategy (edit, id) >= 0; n++)
    {
      g_free (id);
      id = g_strdup_printf ("%.*s-%u", ID_STEM_MAX, slug, n);
    }
  return g_steal_pointer (&id);
}

/**
 * bo_study_edit_duplicate_strategy:
 * @edit: a study
 * @id: id of a strategy
 * @error: #BoStudyDocumentError
 *
 * Puts a copy right behind it.
 *
 * Returns: (transfer full) (nullable): the copy's id
 */
char *
bo_study_edit_duplicate_strategy (BoStudyEdit *edit, const char *id, GError **error)
{
  g_autoptr (JsonNode) copy = NULL;
  g_autofree char *wanted = NULL;
  g_autofree char *new_id = NULL;
  g_autofree char *title = NULL;
  const char *old_title;
  int place;

  g_return_val_if_fail (edit != NULL && id != NULL, NULL);

  place = bo_study_edit_find_strategy (edit, id);
  if (place < 0)
    {
      g_set_error (error, BO_STUDY_DOCUMENT_ERROR, BO_STUDY_DOCUMENT_ERROR_NOT_FOUND,
                   _ ("the study has no strategy “%s”"), id);
      return NULL;
    }
  copy = bo_json_node_copy (json_array_get_element (get_strategies (edit), place));
  wanted = g_strdup_printf ("%.*s-copy", ID_STEM_MAX, id);
  new_id = bo_study_edit_choose_id (edit, wanted);
  json_object_set_string_member (json_node_get_object (copy), "id", new_id);
  old_title = bo_json_get_string (json_node_get_object (copy), "title", NULL);
  if (old_title != NULL)
    {
      /* TRANSLATORS: title of a strategy's copy */
      title = g_strdup_printf (_ ("%s (copy)"), old_title);
      json_object_set_string_member (json_node_get_object (copy), "title", title);
    }
  if (!bo_study_document_insert_strategy (edit->document, place + 1, g_steal_pointer (&copy), error))
    return NULL;
  return g_steal_pointer (&new_id);
}

/**
 * bo_study_edit_move_strategy:
 * @edit: a study
 * @id: id of a strategy
 * @delta: by how many places, down when positive; it stays within the list
 * @error: #BoStudyDocumentError
 *
 * Without a `baseline`, the first strategy is what others are compared with.
 * That does not change by moving: the study then gets a `baseline`.
 *
 * Returns: whether there is such a strategy
 */
gboolean
bo_study_edit_move_strategy (BoStudyEdit *edit, const char *id, int delta, GError **error)
{
  int place, last;
  JsonObject *root;
  const char *first;

  g_return_val_if_fail (edit != NULL && id != NULL, FALSE);

  place = bo_study_edit_find_strategy (edit, id);
  last = (int) bo_study_edit_count_strategies (edit) - 1;
  root = bo_study_edit_get_root (edit);
  first = bo_json_get_string (bo_json_array_get_object (get_strategies (edit), 0), "id", NULL);
  if (place >= 0 && CLAMP (place + delta, 0, last) == place)
    return TRUE;
  if (place >= 0 && first != NULL && !json_object_has_member (root, "baseline")
      && (place == 0 || CLAMP (place + delta, 0, last) == 0))
    json_object_set_string_member (root, "baseline", first);
  return bo_study_document_move_strategy (edit->document, id, MAX (0, CLAMP (place + delta, 0, last)), error);
}

/**
 * bo_study_edit_remove_strategy:
 * @edit: a study
 * @id: id of a strategy
 * @error: #BoStudyDocumentError, %BO_STUDY_EDIT_ERROR_LAST
 *
 * Takes a strategy out. When others are compared with it, the first one that
 * is left takes this part.
 *
 * Returns: (transfer full) (nullable): for bo_study_edit_restore_strategy()
 */
BoRemovedStrategy *
bo_study_edit_remove_strategy (BoStudyEdit *edit, const char *id, GError **error)
{
  g_autoptr (BoRemovedStrategy) removed = NULL;
  JsonObject *root, *strategy;
  int place;

  g_return_val_if_fail (edit != NULL && id != NULL, NULL);

  root = bo_study_edit_get_root (edit);
  place = bo_study_edit_find_strategy (edit, id);
  if (place >= 0 && bo_study_edit_count_strategies (edit) == 1)
    {
      g_set_error_literal (error, BO_STUDY_EDIT_ERROR, BO_STUDY_EDIT_ERROR_LAST,
                           _ ("A study has at least one strategy; add another one first."));
      return NULL;
    }
  if (place >= 0)
    {
      removed = g_new0 (BoRemovedStrategy, 1);
      removed->strategy = bo_json_node_copy (json_array_get_element (get_strategies (edit), place));
      removed->position = place;
      strategy = json_node_get_object (removed->strategy);
      removed->title = g_strdup (bo_json_get_string (strategy, "title", id));
      removed->was_baseline = g_strcmp0 (bo_json_get_string (root, "baseline", NULL), id) == 0;
    }
  if (!bo_study_document_remove_strategy (edit->document, id, error))
    return NULL;
  if (removed != NULL && removed->was_baseline)
    {
      const char *first = bo_json_get_string (bo_json_array_get_object (get_strategies (edit), 0), "id", NULL);

      if (first != NULL)
        json_object_set_string_member (root, "baseline", first);
    }
  return g_steal_pointer (&removed);
}

/**
 * bo_study_edit_restore_strategy:
 * @edit: the study, which may have been changed since
 * @removed: what bo_study_edit_remove_strategy() took out
 * @error: #BoStudyDocumentError
 *
 * Returns: whether it is back; its id is another one if there is a strategy with that id by now
 */
gboolean
bo_study_edit_restore_strategy (BoStudyEdit *edit, const BoRemovedStrategy *removed, GError **error)
{
  g_autoptr (JsonNode) strategy = NULL;
  g_autofree char *id = NULL;

  g_return_val_if_fail (edit != NULL && removed != NULL, FALSE);

  strategy = bo_json_node_copy (removed->strategy);
  id = bo_study_edit_choose_id (edit, bo_json_get_string (json_node_get_object (strategy), "id", "unnamed"));
  json_object_set_string_member (json_node_get_object (strategy), "id", id);
  if (!bo_study_document_insert_strategy (edit->document, removed->position, g_steal_pointer (&strategy), error))
    return FALSE;
  if (removed->was_baseline)
    json_object_set_string_member (bo_study_edit_get_root (edit), "baseline", id);
  return TRUE;
}

/**
 * bo_study_edit_has_same_strategy:
 * @edit: a study
 * @other: the same file as it was at another time
 * @id: id of a strategy
 *
 * Returns: whether both have it, and say the same of it; then what was changed elsewhere in the file is no reason
 *   against changing this strategy
 */
gboolean
bo_study_edit_has_same_strategy (BoStudyEdit *edit, BoStudyEdit *other, const char *id)
{
  g_return_val_if_fail (edit != NULL && other != NULL && id != NULL, FALSE);

  if (bo_study_edit_find_strategy (edit, id) < 0 || bo_study_edit_find_strategy (other, id) < 0)
    return FALSE;
  return json_node_equal (json_array_get_element (get_strategies (edit), bo_study_edit_find_strategy (edit, id)),
                          json_array_get_element (get_strategies (other), bo_study_edit_find_strategy (other, id)));
}

/**
 * bo_study_edit_write_strategy:
 * @edit: a study
 * @id: (nullable): id of a strategy, or %NULL for a new one at the end
 * @fields: what it is to be; when its id changes, a `baseline` of that name changes with it
 * @error: #BoStudyDocumentError
 *
 * Returns: whether there is such a strategy
 */
gboolean
bo_study_edit_write_strategy (BoStudyEdit *edit, const char *id, const BoStrategyFields *fields, GError **error)
{
  JsonObject *strategy, *root;

  g_return_val_if_fail (edit != NULL && fields != NULL, FALSE);

  if (id == NULL)
    {
      JsonNode *node = json_node_new (JSON_NODE_OBJECT);

      json_node_take_object (node, json_object_new ());
      bo_strategy_fields_write (fields, json_node_get_object (node));
      return bo_study_document_insert_strategy (edit->document, -1, node, error);
    }
  strategy = bo_study_edit_get_strategy (edit, id);
  if (strategy == NULL)
    {
      g_set_error (error, BO_STUDY_DOCUMENT_ERROR, BO_STUDY_DOCUMENT_ERROR_NOT_FOUND,
                   _ ("the study has no strategy “%s”"), id);
      return FALSE;
    }
  root = bo_study_edit_get_root (edit);
  if (g_strcmp0 (bo_json_get_string (root, "baseline", NULL), id) == 0)
    bo_json_field_write (root, "baseline", fields->id);
  bo_strategy_fields_write (fields, strategy);
  return TRUE;
}

/**
 * bo_study_edit_check:
 * @edit: a study
 * @problems: gets what is wrong with it as it is now
 *
 * Returns: (transfer full) (nullable): the study that the changes make, or %NULL when there are errors
 */
BoStudy *
bo_study_edit_check (BoStudyEdit *edit, BoProblems *problems)
{
  g_autofree char *text = NULL;

  g_return_val_if_fail (edit != NULL && problems != NULL, NULL);

  text = bo_study_document_to_text (edit->document);
  return bo_study_load_from_data (text, -1, edit->file, NULL, problems);
}

/**
 * bo_study_edit_save:
 * @edit: a study
 * @problems: gets what is wrong with it as it is now
 * @error: #BoStudyEditError, #GFileError
 *
 * Writes the file, if what it would be is a study and if nobody else wrote it
 * since it was read.
 *
 * Returns: whether it was written
 */
gboolean
bo_study_edit_save (BoStudyEdit *edit, BoProblems *problems, GError **error)
{
  g_autoptr (BoStudy) study = NULL;
  g_autofree char *there = NULL;

  g_return_val_if_fail (edit != NULL && problems != NULL, FALSE);

  study = bo_study_edit_check (edit, problems);
  if (study == NULL)
    {
      const BoProblem *first = NULL;
      g_autofree char *why = NULL;

      for (guint i = 0; i < problems->items->len && first == NULL; i++)
        if (bo_problems_get (problems, i)->level == BO_PROBLEM_ERROR)
          first = bo_problems_get (problems, i);
      why = first != NULL ? bo_problem_to_string (first) : g_strdup ("");
      g_set_error (error, BO_STUDY_EDIT_ERROR, BO_STUDY_EDIT_ERROR_INVALID, _ ("The study was not changed: %s"), why);
      return FALSE;
    }
  if (!g_file_get_contents (edit->file, &there, NULL, error))
    return FALSE;
  if (strcmp (there, edit->text) != 0)
    {
      g_autofree char *shown = g_filename_display_name (edit->file);

      g_set_error (error, BO_STUDY_EDIT_ERROR, BO_STUDY_EDIT_ERROR_CHANGED,
                   _ ("%s was changed by another program meanwhile, so it was left as it is."), shown);
      return FALSE;
    }
  if (!bo_study_document_save (edit->document, edit->file, error))
    return FALSE;
  g_free (edit->text);
  edit->text = bo_study_document_to_text (edit->document);
  return TRUE;
}
