/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-study-scaffold"

#include "config.h"

#include <errno.h>
#include <string.h>

#include <glib/gi18n.h>
#include <glib/gstdio.h>

#include "context/bo-found-dockerfile.h"
#include "context/bo-study-scaffold-private.h"
#include "study/bo-names.h"
#include "study/bo-study.h"

/* Where the schema is published, for editors. */
#define SCHEMA_URL "https://bakeoff.github.io/bakeoff-study.schema.json"

G_DEFINE_QUARK (bo-study-scaffold-error-quark, bo_study_scaffold_error)

static void
file_free (gpointer data)
{
  BoStudyScaffoldFile *file = data;

  g_free (file->path);
  g_free (file->text);
  g_free (file);
}

void
bo_study_scaffold_free (BoStudyScaffold *scaffold)
{
  if (scaffold == NULL)
    return;
  g_free (scaffold->folder);
  bo_study_document_free (scaffold->document);
  g_ptr_array_unref (scaffold->files);
  g_ptr_array_unref (scaffold->notes);
  g_free (scaffold);
}

static void
bo_scaffold_maker_clear (BoScaffoldMaker *maker)
{
  g_ptr_array_unref (maker->bases);
  g_clear_pointer (&maker->strategies, json_array_unref);
  g_clear_pointer (&maker->variables, json_object_unref);
  g_clear_pointer (&maker->modules, g_ptr_array_unref);
  g_free (maker->edit_path);
  g_free (maker->edit_append);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (BoScaffoldMaker, bo_scaffold_maker_clear)

static JsonArray *
make_probes (BoScaffoldMaker *maker, gboolean cuda)
{
  JsonArray *probes = json_array_new ();
  JsonObject *probe;

  if (cuda)
    {
      probe = json_object_new ();
      json_object_set_string_member (probe, "kind", "cuda");
      json_object_set_boolean_member (probe, "required", TRUE);
      json_array_add_object_element (probes, probe);
    }
  if (maker->modules != NULL && maker->modules->len > 0)
    {
      JsonArray *modules = json_array_new ();

      probe = json_object_new ();
      json_object_set_string_member (probe, "kind", "imports");
      for (guint i = 0; i < maker->modules->len; i++)
        json_array_add_string_element (modules, g_ptr_array_index (maker->modules, i));
      json_object_set_array_member (probe, "modules", modules);
      json_array_add_object_element (probes, probe);
    }
  return probes;
}

static BoStudyDocument *
make_document (BoScaffoldMaker *maker, const char *name, guint repetitions)
{
  BoStudyDocument *document = bo_study_document_new ();
  JsonObject *root = json_node_get_object (bo_study_document_get (document, "$", NULL));
  g_autofree char *slug = bo_name_slug (name);
  /* Two projects can have one name, and their results must not meet in the store. */
  g_autofree char *id = g_strdup_printf ("%.50s-%06x", slug, g_random_int () & 0xffffff);
  g_autoptr (JsonArray) probes = NULL;
  gboolean cuda = bo_scaffold_looks_like_cuda (maker);
  JsonArray *bases = json_array_new ();
  JsonArray *conditions = json_array_new ();
  JsonObject *defaults = json_object_new ();

  json_object_set_string_member (root, "$schema", SCHEMA_URL);
  json_object_set_int_member (root, "format", BO_STUDY_FORMAT);
  json_object_set_string_member (root, "id", id);
  json_object_set_string_member (root, "name", name);
  json_object_set_string_member (
      root, "baseline",
      json_object_get_string_member (json_array_get_object_element (maker->strategies, 0), "id"));
  json_object_set_string_member (root, "context", ".");
  for (guint i = 0; i < maker->bases->len; i++)
    {
      const BoScaffoldBase *base = g_ptr_array_index (maker->bases, i);
      JsonObject *object = json_object_new ();

      json_object_set_string_member (object, "id", base->id);
      json_object_set_string_member (object, "image", base->image);
      json_array_add_object_element (bases, object);
    }
  json_object_set_array_member (root, "bases", bases);
  /* The first look: what a cold build costs, once. More is worth it only for what this shows. */
  json_array_add_string_element (conditions, "cold");
  json_object_set_array_member (root, "conditions", conditions);
  if (maker->edit_path != NULL)
    {
      JsonObject *edit = json_object_new ();

      json_object_set_string_member (edit, "path", maker->edit_path);
      json_object_set_string_member (edit, "append", maker->edit_append);
      json_object_set_object_member (root, "edit", edit);
    }
  json_object_set_string_member (defaults, "builder", "classic");
  if (cuda)
    json_object_set_string_member (defaults, "runtime", "nvidia");
  json_object_set_int_member (defaults, "repetitions", MAX (repetitions, 1));
  json_object_set_string_member (defaults, "timeout", "6h");
  json_object_set_string_member (defaults, "keep", "best");
  json_object_set_object_member (root, "defaults", defaults);
  if (json_object_get_size (maker->variables) > 0)
    json_object_set_object_member (root, "variables", json_object_ref (maker->variables));
  json_object_set_array_member (root, "strategies", json_array_ref (maker->strategies));
  probes = make_probes (maker, cuda);
  if (json_array_get_length (probes) > 0)
    json_object_set_array_member (root, "probes", g_steal_pointer (&probes));
  return document;
}

/* Leaves those out that were not chosen. What others copy from stays: it is built only for them. */
static gboolean
choose_dockerfiles (GPtrArray *list, const char *const *chosen, const char *folder, GError **error)
{
  gboolean strategies = FALSE;

  if (chosen == NULL)
    return TRUE;
  for (const char *const *path = chosen; *path != NULL; path++)
    {
      gboolean there = FALSE;

      for (guint i = 0; i < list->len && !there; i++)
        there = strcmp (((BoFoundDockerfile *) list->pdata[i])->path, *path) == 0;
      if (there)
        continue;
      g_set_error (error, BO_STUDY_SCAFFOLD_ERROR, BO_STUDY_SCAFFOLD_ERROR_NO_DOCKERFILE,
                   _ ("there is no Dockerfile “%s” in %s"), *path, folder);
      return FALSE;
    }
  for (guint i = 0; i < list->len && !strategies; i++)
    {
      const BoFoundDockerfile *found = list->pdata[i];

      strategies = found->prebuild_as == NULL && g_strv_contains (chosen, found->path);
    }
  /* When only such are chosen as others copy from, they are the strategies. */
  for (guint i = list->len; i > 0; i--)
    {
      const BoFoundDockerfile *found = list->pdata[i - 1];

      if (!g_strv_contains (chosen, found->path) && (found->prebuild_as == NULL || !strategies))
        g_ptr_array_remove_index (list, i - 1);
    }
  return TRUE;
}

/**
 * bo_study_scaffold_new:
 * @folder: the project's folder
 * @choice: what the study is made from
 * @error: #BoStudyScaffoldError, #GFileError
 *
 * Makes a study for a project, and writes nothing yet. It is a first look:
 * cold builds, one repetition.
 *
 * Returns: (transfer full) (nullable): the study and the files that come with it
 */
BoStudyScaffold *
bo_study_scaffold_new (const char *folder, const BoStudyScaffoldChoice *choice, GError **error)
{
  g_autoptr (BoStudyScaffold) scaffold = NULL;
  g_autoptr (GPtrArray) list = NULL;
  g_autoptr (GError) local = NULL;
  g_autofree char *basename = NULL;
  g_auto (BoScaffoldMaker) maker = { 0 };
  gboolean from_templates;

  g_return_val_if_fail (folder != NULL && choice != NULL, NULL);


  from_templates = choice->templates != NULL && *choice->templates != NULL;
  scaffold = g_new0 (BoStudyScaffold, 1);
  scaffold->folder = g_canonicalize_filename (folder, NULL);
  scaffold->files = g_ptr_array_new_with_free_func (file_free);
  scaffold->notes = g_ptr_array_new_with_free_func (g_free);
  maker.scaffold = scaffold;
  maker.bases = g_ptr_array_new_with_free_func (bo_scaffold_base_free);
  maker.strategies = json_array_new ();
  maker.variables = json_object_new ();

  list = bo_found_dockerfile_list (scaffold->folder, &local);
  if (list == NULL)
    {
      g_set_error (error, BO_STUDY_SCAFFOLD_ERROR, BO_STUDY_SCAFFOLD_ERROR_FOLDER,
                   _ ("%s cannot be read: %s"), scaffold->folder, local->message);
      return NULL;
    }
  if (!from_templates && !choose_dockerfiles (list, choice->dockerfiles, scaffold->folder, error))
    return NULL;
  bo_scaffold_collect_bases (&maker, list, choice->images, from_templates);
  if (from_templates)
    {
      if (!bo_scaffold_add_templates (&maker, choice->templates, error))
        return NULL;
    }
  else if (!bo_scaffold_take_dockerfiles (&maker, list))
    {
      g_set_error (
          error, BO_STUDY_SCAFFOLD_ERROR, BO_STUDY_SCAFFOLD_ERROR_NO_DOCKERFILE,
          _ ("there is no Dockerfile in %s that a study could be made from; start from a template with "
             "--template (--list-templates lists them)"),
          scaffold->folder);
      return NULL;
    }
  if (!bo_scaffold_assign_bases (&maker, error))
    return NULL;

  basename = g_filename_display_basename (scaffold->folder);
  scaffold->document = make_document (&maker, choice->name != NULL ? choice->name : basename, choice->repetitions);
  return g_steal_pointer (&scaffold);
}

static gboolean
check_free (BoStudyScaffold *scaffold, const char *relative, GError **error)
{
  g_autofree char *path = g_build_filename (scaffold->folder, relative, NULL);

  if (!g_file_test (path, G_FILE_TEST_EXISTS) && !g_file_test (path, G_FILE_TEST_IS_SYMLINK))
    return TRUE;
  g_set_error (error, BO_STUDY_SCAFFOLD_ERROR, BO_STUDY_SCAFFOLD_ERROR_EXISTS,
               _ ("%s is there already; --force replaces it"), path);
  return FALSE;
}

/**
 * bo_study_scaffold_write:
 * @scaffold: a study that is not written yet
 * @replace: whether files that are there already are replaced
 * @written: (element-type utf8): gets the paths of the files that were written
 * @error: #BoStudyScaffoldError, #GFileError
 *
 * Writes the files, the study last. Unless @replace is set, nothing at all is
 * written when one of them is there already.
 *
 * Returns: whether all was written
 */
gboolean
bo_study_scaffold_write (BoStudyScaffold *scaffold, gboolean replace, GPtrArray *written, GError **error)
{
  g_autofree char *study = NULL;

  g_return_val_if_fail (scaffold != NULL && written != NULL, FALSE);

  if (!replace && !check_free (scaffold, BO_STUDY_FILE_NAME, error))
    return FALSE;
  for (guint i = 0; i < scaffold->files->len && !replace; i++)
    {
      const BoStudyScaffoldFile *file = g_ptr_array_index (scaffold->files, i);

      if (!check_free (scaffold, file->path, error))
        return FALSE;
    }

  for (guint i = 0; i < scaffold->files->len; i++)
    {
      const BoStudyScaffoldFile *file = g_ptr_array_index (scaffold->files, i);
      g_autofree char *path = g_build_filename (scaffold->folder, file->path, NULL);
      g_autofree char *parent = g_path_get_dirname (path);

      if (g_mkdir_with_parents (parent, 0777) != 0)
        {
          int code = errno;

          g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (code), _ ("%s cannot be made: %s"),
                       parent, g_strerror (code));
          return FALSE;
        }
      if (!g_file_set_contents (path, file->text, -1, error))
        return FALSE;
      g_ptr_array_add (written, g_strdup (file->path));
    }
  study = g_build_filename (scaffold->folder, BO_STUDY_FILE_NAME, NULL);
  if (!bo_study_document_save (scaffold->document, study, error))
    return FALSE;
  g_ptr_array_add (written, g_strdup (BO_STUDY_FILE_NAME));
  return TRUE;
}
