/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-scaffold-strategies"

#include "config.h"

#include <string.h>

#include <glib/gi18n.h>

#include "context/bo-edit-guess.h"
#include "context/bo-found-dockerfile.h"
#include "context/bo-study-scaffold-private.h"
#include "context/bo-study-template.h"
#include "study/bo-names.h"
#include "study/bo-wheel-test.h"

static gboolean
has_strategy (BoScaffoldMaker *maker, const char *id)
{
  for (guint i = 0; i < json_array_get_length (maker->strategies); i++)
    {
      if (strcmp (json_object_get_string_member (json_array_get_object_element (maker->strategies, i), "id"),
                  id)
          == 0)
        return TRUE;
    }
  return FALSE;
}

/* The strategy's id and title, from what tells its Dockerfile from others. */
static void
choose_name (BoScaffoldMaker *maker, BoFoundDockerfile *found, char **id, char **title)
{
  g_autofree char *parent = g_path_get_dirname (found->path);
  g_autofree char *folder = g_path_get_basename (parent);
  g_autofree char *base = NULL;

  if (found->word[0] != '\0')
    *title = g_strdup (found->word);
  else if (strcmp (parent, ".") == 0 || !has_strategy (maker, "original"))
    *title = g_strdup (_ ("Original"));
  else
    *title = g_strdup (folder);
  base = strcmp (*title, _ ("Original")) == 0 ? g_strdup ("original") : bo_name_slug (*title);
  *id = g_strdup (base);
  for (guint n = 0; has_strategy (maker, *id); n++)
    {
      g_autofree char *longer
          = n == 0 ? g_strdup_printf ("%s-%s", folder, base) : g_strdup_printf ("%.50s-%u", base, n + 1);

      g_free (*id);
      *id = bo_name_slug (longer);
      g_free (*title);
      *title = g_strdup (found->path);
    }
}

static void
add_prebuilds (JsonObject *strategy, BoFoundDockerfile *found, GPtrArray *list)
{
  g_autoptr (GPtrArray) names = bo_found_dockerfile_get_outer_stages (found);
  g_autoptr (JsonArray) prebuilds = json_array_new ();

  for (guint i = 0; i < list->len; i++)
    {
      const BoFoundDockerfile *other = g_ptr_array_index (list, i);
      JsonObject *prebuild;

      if (other->prebuild_as == NULL || other == found
          || !g_ptr_array_find_with_equal_func (names, other->prebuild_as, g_str_equal, NULL))
        continue;
      prebuild = json_object_new ();
      json_object_set_string_member (prebuild, "build", other->path);
      json_object_set_string_member (prebuild, "as", other->prebuild_as);
      json_array_add_object_element (prebuilds, prebuild);
    }
  if (json_array_get_length (prebuilds) > 0)
    json_object_set_array_member (strategy, "prebuild", g_steal_pointer (&prebuilds));
}

static void
add_found (BoScaffoldMaker *maker, BoFoundDockerfile *found, GPtrArray *list)
{
  JsonObject *strategy;
  g_autofree char *id = NULL;
  g_autofree char *title = NULL;

  if (!found->takes_base && found->image == NULL)
    {
      g_ptr_array_add (
          maker->scaffold->notes,
          g_strdup_printf (_ ("%s was left out: its FROM names no image without build arguments"),
                           found->path));
      return;
    }
  choose_name (maker, found, &id, &title);
  strategy = json_object_new ();
  json_object_set_string_member (strategy, "id", id);
  json_object_set_string_member (strategy, "title", title);
  json_object_set_string_member (strategy, "dockerfile", found->path);
  if (!found->takes_base)
    {
      JsonArray *bases = json_array_new ();

      json_array_add_string_element (bases, bo_scaffold_add_base (maker, found->image, FALSE)->id);
      json_object_set_array_member (strategy, "bases", bases);
    }
  add_prebuilds (strategy, found, list);
  json_array_add_object_element (maker->strategies, strategy);
}

/* Looks for the file that `edited` will change; that there is none is no fault. */
static void
guess_edit (BoScaffoldMaker *maker, BoDockerfile *dockerfile, const char *path)
{
  g_autoptr (BoContext) context = NULL;
  g_autoptr (GError) error = NULL;

  if (maker->edit_path != NULL)
    return;
  context = bo_context_scan (maker->scaffold->folder, path, BO_IGNORE_RULE_LIKE_DOCKER, 0, NULL, &error);
  if (context != NULL)
    maker->edit_path = bo_edit_guess (dockerfile, context, &maker->edit_append);
  else
    g_ptr_array_add (maker->scaffold->notes, g_strdup (error->message));
}

gboolean
bo_scaffold_take_dockerfiles (BoScaffoldMaker *maker, GPtrArray *list)
{
  for (guint i = 0; i < list->len; i++)
    {
      BoFoundDockerfile *found = g_ptr_array_index (list, i);

      if (found->prebuild_as == NULL)
        add_found (maker, found, list);
    }
  /* Files that copy from each other in a circle are prebuilds of nobody. */
  for (guint i = 0; i < list->len && json_array_get_length (maker->strategies) == 0; i++)
    add_found (maker, g_ptr_array_index (list, i), list);
  for (guint i = 0; i < list->len; i++)
    {
      BoFoundDockerfile *found = g_ptr_array_index (list, i);

      guess_edit (maker, found->dockerfile, found->path);
    }
  return json_array_get_length (maker->strategies) > 0;
}

static gboolean
check_needs (BoScaffoldMaker *maker, const BoStudyTemplate *template, GError **error)
{
  for (guint i = 0; i < template->needs->len; i++)
    {
      g_auto (GStrv) choices = g_strsplit (g_ptr_array_index (template->needs, i), "|", -1);
      g_autofree char *text = g_strjoinv (_ (" or "), choices);
      gboolean there = FALSE;

      for (char **choice = choices; *choice != NULL && !there; choice++)
        {
          g_autofree char *path = g_build_filename (maker->scaffold->folder, *choice, NULL);

          there = g_file_test (path, G_FILE_TEST_IS_REGULAR);
        }
      if (there)
        continue;
      g_set_error (error, BO_STUDY_SCAFFOLD_ERROR, BO_STUDY_SCAFFOLD_ERROR_NEEDS,
                   _ ("the template “%s” needs %s in %s"), template->id, text, maker->scaffold->folder);
      return FALSE;
    }
  return TRUE;
}

/* The text of a wheel test, made from the project's requirements.txt. */
static char *
make_wheel_test (BoScaffoldMaker *maker, GError **error)
{
  g_autofree char *path = g_build_filename (maker->scaffold->folder, "requirements.txt", NULL);
  g_autofree char *text = NULL;
  g_autoptr (BoWheelTest) test = NULL;

  if (!g_file_get_contents (path, &text, NULL, error))
    return NULL;
  if (!g_utf8_validate (text, -1, NULL))
    {
      g_set_error (error, BO_STUDY_SCAFFOLD_ERROR, BO_STUDY_SCAFFOLD_ERROR_NEEDS, _ ("%s is not UTF-8 text"),
                   path);
      return NULL;
    }
  test = bo_wheel_test_new (text);
  if (test->n_requirements == 0)
    {
      g_set_error (error, BO_STUDY_SCAFFOLD_ERROR, BO_STUDY_SCAFFOLD_ERROR_NEEDS,
                   _ ("%s names no requirement"), path);
      return NULL;
    }
  g_ptr_array_extend_and_steal (maker->scaffold->notes, test->notes);
  test->notes = g_ptr_array_new ();
  maker->modules = g_ptr_array_ref (test->modules);
  return g_steal_pointer (&test->dockerfile);
}

static gboolean
add_template (BoScaffoldMaker *maker, const BoStudyTemplate *template, GError **error)
{
  if (!check_needs (maker, template, error))
    return FALSE;
  if (has_strategy (maker, template->id))
    return TRUE;

  for (guint i = 0; i < template->files->len; i++)
    {
      const char *source = g_ptr_array_index (template->sources, i);
      BoStudyScaffoldFile *file;
      g_autofree char *text = NULL;

      if (strcmp (source, BO_STUDY_TEMPLATE_WHEEL_TEST) == 0)
        text = make_wheel_test (maker, error);
      else
        text = bo_study_template_get_text (source);
      if (text == NULL)
        return FALSE;
      if (i == 0)
        {
          g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
          g_autoptr (BoDockerfile) dockerfile = bo_dockerfile_new (bytes);

          guess_edit (maker, dockerfile, NULL);
        }
      file = g_new0 (BoStudyScaffoldFile, 1);
      file->path = g_strdup (g_ptr_array_index (template->files, i));
      file->text = g_steal_pointer (&text);
      g_ptr_array_add (maker->scaffold->files, file);
    }
  if (template->variables != NULL)
    {
      g_autoptr (GList) names = json_object_get_members (template->variables);

      for (GList *l = names; l != NULL; l = l->next)
        json_object_set_member (maker->variables, l->data,
                                json_node_copy (json_object_get_member (template->variables, l->data)));
    }
  json_array_add_element (maker->strategies, json_node_copy (template->strategy));
  return TRUE;
}

gboolean
bo_scaffold_add_templates (BoScaffoldMaker *maker, const char *const *names, GError **error)
{
  g_autoptr (GPtrArray) templates = bo_study_template_list ();

  for (; *names != NULL; names++)
    {
      gboolean known = FALSE;

      for (guint i = 0; i < templates->len; i++)
        {
          const BoStudyTemplate *template = g_ptr_array_index (templates, i);
          g_autoptr (GError) local = NULL;

          /* All but the wheel test, which is a question of its own. */
          if (strcmp (*names, template->id) != 0
              && (strcmp (*names, "all") != 0 || strcmp (template->id, "wheel-test") == 0))
            continue;
          known = TRUE;
          if (!add_template (maker, template, &local))
            {
              /* "all" takes what fits; what was asked for by its name must come. */
              if (strcmp (*names, "all") != 0
                  || !g_error_matches (local, BO_STUDY_SCAFFOLD_ERROR, BO_STUDY_SCAFFOLD_ERROR_NEEDS))
                {
                  g_propagate_error (error, g_steal_pointer (&local));
                  return FALSE;
                }
              g_ptr_array_add (maker->scaffold->notes, g_strdup_printf (_ ("left out: %s"), local->message));
            }
        }
      if (!known)
        {
          g_set_error (error, BO_STUDY_SCAFFOLD_ERROR, BO_STUDY_SCAFFOLD_ERROR_NO_TEMPLATE,
                       _ ("there is no template “%s”; “bakeoff-cli new --list-templates” lists them"),
                       *names);
          return FALSE;
        }
    }
  if (json_array_get_length (maker->strategies) > 0)
    return TRUE;
  g_set_error (error, BO_STUDY_SCAFFOLD_ERROR, BO_STUDY_SCAFFOLD_ERROR_NEEDS,
               _ ("no template fits %s: they need requirements.txt, or pyproject.toml or setup.py"),
               maker->scaffold->folder);
  return FALSE;
}
