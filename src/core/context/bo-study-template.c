/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-study-template"

#include "config.h"

#include <gio/gio.h>

#include "bo-strategies-resource.h"
#include "context/bo-study-template.h"
#include "study/bo-json.h"

#define PREFIX "/io/github/bakeoff/strategies/"

void
bo_study_template_free (BoStudyTemplate *template)
{
  if (template == NULL)
    return;
  g_free (template->id);
  g_free (template->summary);
  g_clear_pointer (&template->strategy, json_node_unref);
  g_clear_pointer (&template->variables, json_object_unref);
  g_ptr_array_unref (template->needs);
  g_ptr_array_unref (template->files);
  g_ptr_array_unref (template->sources);
  g_free (template);
}

/**
 * bo_study_template_get_text:
 * @source: a name out of @sources of a template, other than %BO_STUDY_TEMPLATE_WHEEL_TEST
 *
 * Returns: (transfer full): its text
 */
char *
bo_study_template_get_text (const char *source)
{
  g_autofree char *path = g_strconcat (PREFIX, source, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = g_resource_lookup_data (bo_strategies_get_resource (), path, 0, &error);

  if (bytes == NULL)
    g_error ("The program lacks a part of itself: %s", error->message);
  return g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

static BoStudyTemplate *
template_new (JsonObject *object)
{
  BoStudyTemplate *template = g_new0 (BoStudyTemplate, 1);
  JsonObject *files = bo_json_get_object (object, "files");
  JsonObject *variables = bo_json_get_object (object, "variables");
  JsonArray *needs = bo_json_get_array (object, "needs");
  g_autoptr (GList) members = json_object_get_members (files);

  template->id = g_strdup (bo_json_get_string (object, "id", NULL));
  template->summary = g_strdup (bo_json_get_string (object, "summary", NULL));
  template->strategy = json_node_copy (json_object_get_member (object, "strategy"));
  template->variables = variables != NULL ? json_object_ref (variables) : NULL;
  template->needs = g_ptr_array_new_with_free_func (g_free);
  template->files = g_ptr_array_new_with_free_func (g_free);
  template->sources = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < bo_json_array_get_length (needs); i++)
    g_ptr_array_add (template->needs, g_strdup (bo_json_array_get_string (needs, i)));
  for (GList *l = members; l != NULL; l = l->next)
    {
      g_ptr_array_add (template->files, g_strdup (l->data));
      g_ptr_array_add (template->sources, g_strdup (bo_json_get_string (files, l->data, NULL)));
    }
  return template;
}

/**
 * bo_study_template_list:
 *
 * Returns: (transfer full) (element-type BoStudyTemplate): all templates, in the order of the list
 */
GPtrArray *
bo_study_template_list (void)
{
  GPtrArray *templates = g_ptr_array_new_with_free_func ((GDestroyNotify) bo_study_template_free);
  g_autofree char *text = bo_study_template_get_text ("templates.json");
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) root = bo_json_parse (text, -1, &error);
  JsonArray *array;

  if (root == NULL)
    g_error ("The program's templates cannot be read: %s", error->message);
  array = bo_json_node_get_array (root);
  for (guint i = 0; i < bo_json_array_get_length (array); i++)
    g_ptr_array_add (templates, template_new (bo_json_array_get_object (array, i)));
  return templates;
}
