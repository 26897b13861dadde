/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-study-fields"

#include "config.h"

#include <string.h>

#include "study/bo-json-fields.h"
#include "study/bo-json.h"
#include "study/bo-study-fields.h"

static void
base_free (gpointer data)
{
  BoBaseFields *base = data;

  g_free (base->id);
  g_free (base->title);
  g_free (base->image);
  g_free (base);
}

void
bo_study_fields_free (BoStudyFields *fields)
{
  if (fields == NULL)
    return;
  g_free (fields->name);
  g_free (fields->language);
  g_free (fields->baseline);
  g_free (fields->builder);
  g_free (fields->timeout);
  g_free (fields->keep);
  g_free (fields->runtime);
  g_free (fields->network);
  g_free (fields->edit_path);
  g_free (fields->edit_append);
  g_ptr_array_unref (fields->bases);
  g_free (fields);
}

void
bo_study_fields_add_base (BoStudyFields *fields, const char *id, const char *title, const char *image, int origin)
{
  BoBaseFields *base = g_new0 (BoBaseFields, 1);

  g_return_if_fail (fields != NULL && id != NULL && title != NULL && image != NULL);

  base->id = g_strdup (id);
  base->title = g_strdup (title);
  base->image = g_strdup (image);
  base->origin = origin;
  g_ptr_array_add (fields->bases, base);
}

static void
read_conditions (JsonObject *root, gboolean *conditions)
{
  g_autoptr (GPtrArray) names = bo_json_get_strings (root, "conditions");

  /* As the loader has it. */
  conditions[BO_CONDITION_COLD] = !json_object_has_member (root, "conditions");
  for (guint i = 0; i < names->len; i++)
    {
      BoCondition condition;

      if (bo_condition_from_string (names->pdata[i], &condition))
        conditions[condition] = TRUE;
    }
}

/* A line of a person's file ends; nobody wants to write its end in a form. */
static char *
read_append (JsonObject *edit)
{
  char *text = bo_json_field_read (edit, "append");
  gsize n = strlen (text);

  if (n > 0 && text[n - 1] == '\n')
    text[n - 1] = '\0';
  return text;
}

/**
 * bo_study_fields_read:
 * @root: a study's object, which may be wrong in any way
 *
 * Returns: (transfer full): its fields
 */
BoStudyFields *
bo_study_fields_read (JsonObject *root)
{
  g_autoptr (JsonObject) nothing = json_object_new ();
  BoStudyFields *fields = g_new0 (BoStudyFields, 1);
  JsonObject *defaults = bo_json_get_object (root, "defaults");
  JsonObject *edit = bo_json_get_object (root, "edit");
  JsonArray *bases = bo_json_get_array (root, "bases");

  defaults = defaults != NULL ? defaults : nothing;
  edit = edit != NULL ? edit : nothing;
  fields->bases = g_ptr_array_new_with_free_func (base_free);
  fields->name = bo_json_field_read (root, "name");
  fields->language = bo_json_field_read (root, "language");
  fields->baseline = bo_json_field_read (root, "baseline");
  fields->builder = bo_json_field_read (defaults, "builder");
  fields->timeout = bo_json_field_read (defaults, "timeout");
  fields->keep = bo_json_field_read (defaults, "keep");
  fields->runtime = bo_json_field_read (defaults, "runtime");
  fields->network = bo_json_field_read (defaults, "network");
  fields->repetitions = CLAMP (bo_json_get_int (defaults, "repetitions", 1), 1, 100);
  read_conditions (root, fields->conditions);
  fields->edit_path = bo_json_field_read (edit, "path");
  fields->edit_append = read_append (edit);
  for (guint i = 0; i < bo_json_array_get_length (bases); i++)
    {
      JsonObject *base = bo_json_array_get_object (bases, i);

      bo_study_fields_add_base (fields, bo_json_get_string (base, "id", ""), bo_json_get_string (base, "title", ""),
                                bo_json_get_string (base, "image", ""), i);
    }
  return fields;
}

static gboolean
same_bases (GPtrArray *a, GPtrArray *b)
{
  if (a->len != b->len)
    return FALSE;
  for (guint i = 0; i < a->len; i++)
    {
      const BoBaseFields *first = a->pdata[i], *second = b->pdata[i];

      if (first->origin != second->origin || strcmp (first->id, second->id) != 0
          || strcmp (first->title, second->title) != 0 || strcmp (first->image, second->image) != 0)
        return FALSE;
    }
  return TRUE;
}

/**
 * bo_study_fields_equal:
 *
 * Returns: whether both say the same
 */
gboolean
bo_study_fields_equal (const BoStudyFields *a, const BoStudyFields *b)
{
  return strcmp (a->name, b->name) == 0 && strcmp (a->language, b->language) == 0
         && strcmp (a->baseline, b->baseline) == 0 && strcmp (a->builder, b->builder) == 0
         && strcmp (a->timeout, b->timeout) == 0 && strcmp (a->keep, b->keep) == 0
         && strcmp (a->runtime, b->runtime) == 0 && strcmp (a->network, b->network) == 0
         && a->repetitions == b->repetitions && memcmp (a->conditions, b->conditions, sizeof a->conditions) == 0
         && strcmp (a->edit_path, b->edit_path) == 0 && strcmp (a->edit_append, b->edit_append) == 0
         && same_bases (a->bases, b->bases);
}

/* The object of a member, made if it is not there. */
static JsonObject *
ensure_object (JsonObject *root, const char *member)
{
  if (bo_json_get_object (root, member) == NULL)
    json_object_set_object_member (root, member, json_object_new ());
  return bo_json_get_object (root, member);
}

static void
write_default (JsonObject *root, const char *member, const char *text, const char *before)
{
  if (strcmp (text, before) != 0)
    bo_json_field_write (ensure_object (root, "defaults"), member, text);
}

static void
write_edit (const BoStudyFields *fields, const BoStudyFields *before, JsonObject *root)
{
  if (strcmp (fields->edit_path, before->edit_path) == 0 && strcmp (fields->edit_append, before->edit_append) == 0)
    return;
  if (fields->edit_path[0] == '\0' && fields->edit_append[0] == '\0')
    {
      json_object_remove_member (root, "edit");
      return;
    }
  bo_json_field_write (ensure_object (root, "edit"), "path", fields->edit_path);
  if (strcmp (fields->edit_append, before->edit_append) != 0)
    {
      g_autofree char *line = fields->edit_append[0] != '\0' ? g_strconcat (fields->edit_append, "\n", NULL) : g_strdup ("");

      bo_json_field_write (ensure_object (root, "edit"), "append", line);
    }
}

static void
write_conditions (const BoStudyFields *fields, const BoStudyFields *before, JsonObject *root)
{
  JsonArray *array;

  if (memcmp (fields->conditions, before->conditions, sizeof fields->conditions) == 0)
    return;
  array = json_array_new ();
  for (BoCondition condition = 0; condition < BO_N_CONDITIONS; condition++)
    if (fields->conditions[condition])
      json_array_add_string_element (array, bo_condition_to_string (condition));
  json_object_set_array_member (root, "conditions", array);
}

/* What a base is called now, NULL when it is gone. */
static const char *
find_new_id (const BoStudyFields *fields, const BoStudyFields *before, const char *id)
{
  for (guint i = 0; i < before->bases->len; i++)
    if (strcmp (((BoBaseFields *) before->bases->pdata[i])->id, id) == 0)
      {
        for (guint n = 0; n < fields->bases->len; n++)
          if (((BoBaseFields *) fields->bases->pdata[n])->origin == (int) i)
            return ((BoBaseFields *) fields->bases->pdata[n])->id;
        return NULL;
      }
  return id;
}

/* Strategies name the bases that they are built on. */
static void
rename_bases (const BoStudyFields *fields, const BoStudyFields *before, JsonObject *root)
{
  JsonArray *strategies = bo_json_get_array (root, "strategies");

  for (guint i = 0; i < bo_json_array_get_length (strategies); i++)
    {
      JsonObject *strategy = bo_json_array_get_object (strategies, i);
      g_autoptr (GPtrArray) ids = bo_json_get_strings (strategy, "bases");
      JsonArray *array;
      gboolean other = FALSE;

      if (bo_json_get_array (strategy, "bases") == NULL)
        continue;
      array = json_array_new ();
      for (guint b = 0; b < ids->len; b++)
        {
          const char *id = find_new_id (fields, before, ids->pdata[b]);

          other |= g_strcmp0 (id, ids->pdata[b]) != 0;
          if (id != NULL)
            json_array_add_string_element (array, id);
        }
      if (other)
        json_object_set_array_member (strategy, "bases", array);
      else
        json_array_unref (array);
    }
}

static void
write_bases (const BoStudyFields *fields, const BoStudyFields *before, JsonObject *root)
{
  JsonArray *old = bo_json_get_array (root, "bases");
  JsonArray *array;

  if (same_bases (fields->bases, before->bases))
    return;
  rename_bases (fields, before, root);
  array = json_array_new ();
  for (guint i = 0; i < fields->bases->len; i++)
    {
      const BoBaseFields *base = fields->bases->pdata[i];
      g_autoptr (JsonNode) node = NULL;

      if (base->origin >= 0 && bo_json_array_get_object (old, base->origin) != NULL)
        node = bo_json_node_copy (json_array_get_element (old, base->origin));
      else
        {
          node = json_node_new (JSON_NODE_OBJECT);
          json_node_take_object (node, json_object_new ());
        }
      bo_json_field_write (json_node_get_object (node), "id", base->id);
      bo_json_field_write (json_node_get_object (node), "title", base->title);
      bo_json_field_write (json_node_get_object (node), "image", base->image);
      json_array_add_element (array, g_steal_pointer (&node));
    }
  json_object_set_array_member (root, "bases", array);
}

/**
 * bo_study_fields_write:
 * @fields: what the study is to be
 * @root: its object
 *
 * Changes what is another than the object has, and nothing else. A base's new
 * id is also that in the strategies that name it, and one that is gone is taken out of them.
 */
void
bo_study_fields_write (const BoStudyFields *fields, JsonObject *root)
{
  g_autoptr (BoStudyFields) before = NULL;

  g_return_if_fail (fields != NULL && root != NULL);

  before = bo_study_fields_read (root);
  bo_json_field_write (root, "name", fields->name);
  bo_json_field_write (root, "language", fields->language);
  bo_json_field_write (root, "baseline", fields->baseline);
  write_bases (fields, before, root);
  write_conditions (fields, before, root);
  write_edit (fields, before, root);
  write_default (root, "builder", fields->builder, before->builder);
  write_default (root, "runtime", fields->runtime, before->runtime);
  write_default (root, "network", fields->network, before->network);
  if (fields->repetitions != before->repetitions)
    json_object_set_int_member (ensure_object (root, "defaults"), "repetitions", fields->repetitions);
  write_default (root, "timeout", fields->timeout, before->timeout);
  write_default (root, "keep", fields->keep, before->keep);
}
