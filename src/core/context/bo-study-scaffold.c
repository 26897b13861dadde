/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-study-scaffold"

#include "config.h"

#include <errno.h>
#include <string.h>

#include <glib/gi18n.h>
#include <glib/gstdio.h>

#include "context/bo-edit-guess.h"
#include "context/bo-found-dockerfile.h"
#include "context/bo-study-scaffold.h"
#include "context/bo-study-template.h"
#include "study/bo-names.h"
#include "study/bo-study.h"
#include "study/bo-wheel-test.h"

/* Where the schema is published, for editors. */
#define SCHEMA_URL "https://bakeoff.github.io/bakeoff-study.schema.json"

G_DEFINE_QUARK (bo-study-scaffold-error-quark, bo_study_scaffold_error)

/* A base image of the new study. */
typedef struct
{
  char *id;
  char *image;
  gboolean for_all; /* whether every Dockerfile with ${BASE_IMAGE} is built on it */
} Base;

typedef struct
{
  BoStudyScaffold *scaffold;
  GPtrArray *bases;
  JsonArray *strategies;
  JsonObject *variables;
  GPtrArray *modules; /* (nullable): for an imports probe */
  char *edit_path;
  char *edit_append;
} Maker;

static void
base_free (gpointer data)
{
  Base *base = data;

  g_free (base->id);
  g_free (base->image);
  g_free (base);
}

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
maker_clear (Maker *maker)
{
  g_ptr_array_unref (maker->bases);
  g_clear_pointer (&maker->strategies, json_array_unref);
  g_clear_pointer (&maker->variables, json_object_unref);
  g_clear_pointer (&maker->modules, g_ptr_array_unref);
  g_free (maker->edit_path);
  g_free (maker->edit_append);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Maker, maker_clear)

/* "dustynv/pytorch:2.6" becomes "dustynv-pytorch", a second one with this name "dustynv-pytorch-2-6". */
static char *
choose_base_id (Maker *maker, const char *image)
{
  const char *slash = strchr (image, '/');
  gboolean has_host = slash != NULL && memchr (image, '.', slash - image) != NULL;
  g_autofree char *name = g_strdup (has_host ? slash + 1 : image);
  g_autofree char *id = NULL;
  char *end = strrchr (name, '/');

  end = strpbrk (end != NULL ? end : name, ":@");
  if (end != NULL)
    *end = '\0';
  id = bo_name_slug (name);
  for (guint try = 0;; try++)
    {
      gboolean taken = FALSE;

      for (guint i = 0; i < maker->bases->len && !taken; i++)
        taken = strcmp (((Base *) g_ptr_array_index (maker->bases, i))->id, id) == 0;
      if (!taken)
        return g_steal_pointer (&id);
      g_free (id);
      if (try == 0)
        id = bo_name_slug (image);
      else
        id = g_strdup_printf ("base-%u", maker->bases->len + try);
    }
}

static Base *
add_base (Maker *maker, const char *image, gboolean for_all)
{
  Base *base;

  for (guint i = 0; i < maker->bases->len; i++)
    {
      base = g_ptr_array_index (maker->bases, i);
      if (strcmp (base->image, image) == 0)
        {
          base->for_all |= for_all;
          return base;
        }
    }
  base = g_new0 (Base, 1);
  base->id = choose_base_id (maker, image);
  base->image = g_strdup (image);
  base->for_all = for_all;
  g_ptr_array_add (maker->bases, base);
  return base;
}

static gboolean
has_strategy (Maker *maker, const char *id)
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
choose_name (Maker *maker, BoFoundDockerfile *found, char **id, char **title)
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
add_found (Maker *maker, BoFoundDockerfile *found, GPtrArray *list)
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

      json_array_add_string_element (bases, add_base (maker, found->image, FALSE)->id);
      json_object_set_array_member (strategy, "bases", bases);
    }
  add_prebuilds (strategy, found, list);
  json_array_add_object_element (maker->strategies, strategy);
}

/* Looks for the file that `edited` will change; that there is none is no fault. */
static void
guess_edit (Maker *maker, BoDockerfile *dockerfile, const char *path)
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

static gboolean
take_dockerfiles (Maker *maker, GPtrArray *list)
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
check_needs (Maker *maker, const BoStudyTemplate *template, GError **error)
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
make_wheel_test (Maker *maker, GError **error)
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
  g_ptr_array_extend_and_steal (maker->scaffold->notes, g_ptr_array_ref (test->notes));
  test->notes = g_ptr_array_new ();
  maker->modules = g_ptr_array_ref (test->modules);
  return g_steal_pointer (&test->dockerfile);
}

static gboolean
add_template (Maker *maker, const BoStudyTemplate *template, GError **error)
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

static gboolean
add_templates (Maker *maker, const char *const *names, GError **error)
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

/* Adds the bases that serve all Dockerfiles with ${BASE_IMAGE}: those named, else what the files themselves
 * name. */
static void
collect_bases (Maker *maker, GPtrArray *list, const char *const *images, gboolean for_templates)
{
  for (; images != NULL && *images != NULL; images++)
    add_base (maker, *images, TRUE);
  if (maker->bases->len > 0)
    return;
  for (guint i = 0; i < list->len; i++)
    {
      const BoFoundDockerfile *found = g_ptr_array_index (list, i);

      if (found->image != NULL && (found->takes_base || for_templates))
        add_base (maker, found->image, TRUE);
    }
}

/* Gives strategies on ${BASE_IMAGE} their bases by name, where some bases are only other strategies'. */
static gboolean
assign_bases (Maker *maker, GError **error)
{
  gboolean some_for_all = FALSE, all_for_all = TRUE;

  for (guint i = 0; i < maker->bases->len; i++)
    {
      const Base *base = g_ptr_array_index (maker->bases, i);

      some_for_all |= base->for_all;
      all_for_all &= base->for_all;
    }
  for (guint i = 0; i < json_array_get_length (maker->strategies); i++)
    {
      JsonObject *strategy = json_array_get_object_element (maker->strategies, i);
      JsonArray *ids;

      if (json_object_has_member (strategy, "bases"))
        continue;
      if (!some_for_all)
        {
          g_set_error_literal (error, BO_STUDY_SCAFFOLD_ERROR, BO_STUDY_SCAFFOLD_ERROR_NO_BASE,
                               _ ("it is not clear which base image to build on; name one with --base, as in "
                                  "--base dustynv/pytorch:2.6-r36.4.0"));
          return FALSE;
        }
      if (all_for_all)
        continue;
      ids = json_array_new ();
      for (guint b = 0; b < maker->bases->len; b++)
        {
          const Base *base = g_ptr_array_index (maker->bases, b);

          if (base->for_all)
            json_array_add_string_element (ids, base->id);
        }
      json_object_set_array_member (strategy, "bases", ids);
    }
  return TRUE;
}

/* Whether an image is one for NVIDIA devices, going by its name. */
static gboolean
looks_like_cuda (Maker *maker)
{
  static const char *const signs[] = { "nvidia", "dustynv", "l4t", "cuda", "jetson" };

  for (guint i = 0; i < maker->bases->len; i++)
    {
      for (guint s = 0; s < G_N_ELEMENTS (signs); s++)
        {
          if (strstr (((Base *) g_ptr_array_index (maker->bases, i))->image, signs[s]) != NULL)
            return TRUE;
        }
    }
  return FALSE;
}

static JsonArray *
make_probes (Maker *maker, gboolean cuda)
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
make_document (Maker *maker, const char *name)
{
  BoStudyDocument *document = bo_study_document_new ();
  JsonObject *root = json_node_get_object (bo_study_document_get (document, "$", NULL));
  g_autofree char *slug = bo_name_slug (name);
  /* Two projects can have one name, and their results must not meet in the store. */
  g_autofree char *id = g_strdup_printf ("%.50s-%06x", slug, g_random_int () & 0xffffff);
  g_autoptr (JsonArray) probes = NULL;
  gboolean cuda = looks_like_cuda (maker);
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
      const Base *base = g_ptr_array_index (maker->bases, i);
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
  json_object_set_int_member (defaults, "repetitions", 1);
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

/**
 * bo_study_scaffold_new:
 * @folder: the project's folder
 * @name: (nullable): name of the study; else the folder's
 * @templates: (nullable) (array zero-terminated=1): templates to use, "all" for all but the wheel test;
 *   without any, the folder's Dockerfiles become strategies
 * @images: (nullable) (array zero-terminated=1): base images; else those that the Dockerfiles name
 * @error: #BoStudyScaffoldError, #GFileError
 *
 * Makes a study for a project, and writes nothing yet. It is a first look:
 * cold builds, one repetition.
 *
 * Returns: (transfer full) (nullable): the study and the files that come with it
 */
BoStudyScaffold *
bo_study_scaffold_new (const char *folder,
                       const char *name,
                       const char *const *templates,
                       const char *const *images,
                       GError **error)
{
  g_autoptr (BoStudyScaffold) scaffold = NULL;
  g_autoptr (GPtrArray) list = NULL;
  g_autoptr (GError) local = NULL;
  g_autofree char *basename = NULL;
  g_auto (Maker) maker = { 0 };
  gboolean from_templates = templates != NULL && *templates != NULL;

  g_return_val_if_fail (folder != NULL, NULL);

  scaffold = g_new0 (BoStudyScaffold, 1);
  scaffold->folder = g_canonicalize_filename (folder, NULL);
  scaffold->files = g_ptr_array_new_with_free_func (file_free);
  scaffold->notes = g_ptr_array_new_with_free_func (g_free);
  maker.scaffold = scaffold;
  maker.bases = g_ptr_array_new_with_free_func (base_free);
  maker.strategies = json_array_new ();
  maker.variables = json_object_new ();

  list = bo_found_dockerfile_list (scaffold->folder, &local);
  if (list == NULL)
    {
      g_set_error (error, BO_STUDY_SCAFFOLD_ERROR, BO_STUDY_SCAFFOLD_ERROR_FOLDER,
                   _ ("%s cannot be read: %s"), scaffold->folder, local->message);
      return NULL;
    }
  collect_bases (&maker, list, images, from_templates);
  if (from_templates)
    {
      if (!add_templates (&maker, templates, error))
        return NULL;
    }
  else if (!take_dockerfiles (&maker, list))
    {
      g_set_error (
          error, BO_STUDY_SCAFFOLD_ERROR, BO_STUDY_SCAFFOLD_ERROR_NO_DOCKERFILE,
          _ ("there is no Dockerfile in %s that a study could be made from; start from a template with "
             "--template (--list-templates lists them)"),
          scaffold->folder);
      return NULL;
    }
  if (!assign_bases (&maker, error))
    return NULL;

  basename = g_filename_display_basename (scaffold->folder);
  scaffold->document = make_document (&maker, name != NULL ? name : basename);
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
