/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-sources"

#include "config.h"

#include <string.h>

#include <glib/gi18n.h>
#include <glib/gstdio.h>

#include "bench/bo-campaign-folder.h"
#include "bench/bo-copy-archive.h"
#include "bench/bo-sources.h"
#include "context/bo-context-archive.h"
#include "context/bo-context.h"
#include "context/bo-dockerfile-sent.h"
#include "context/bo-recipe-writer.h"
#include "study/bo-names.h"
#include "study/bo-variables.h"

G_DEFINE_QUARK (bo-sources-error-quark, bo_sources_error)

/* A Dockerfile and its context; it may have an ignore file of its own. */
typedef struct _Source Source;
struct _Source
{
  BoContext *context;
  Source *like;              /* (nullable) (not owned): one with the same files, and so with the same shared part */
  BoContextArchive *archive; /* (nullable): without a store */
  char *shared_id;           /* (nullable): recipe of the part that all its builds share, once it is written */
  guint64 shared_length;
};

typedef struct
{
  BoPlan *plan;
  BoSources *sources;
  BoContentStore *store;
  const char *folder;
  BoSourcesProgress progress;
  gpointer user_data;
  GCancellable *cancellable;
  GHashTable *by_dockerfile; /* path -> Source */
  GPtrArray *dockerfiles;    /* of the study, as paths in the context; NULL-terminated */
} Reader;

static void
source_free (gpointer data)
{
  Source *source = data;

  g_clear_pointer (&source->archive, bo_context_archive_free);
  g_clear_pointer (&source->context, bo_context_unref);
  g_free (source->shared_id);
  g_free (source);
}

void
bo_sources_free (BoSources *sources)
{
  if (sources == NULL)
    return;
  g_hash_table_unref (sources->input.builds);
  g_hash_table_unref (sources->input.copies);
  g_ptr_array_unref (sources->syntax_images);
  g_free (sources);
}

static void
add_dockerfile (Reader *self, const char *dockerfile)
{
  char *path = bo_context_resolve (self->plan->study->context, dockerfile);

  if (path != NULL)
    g_ptr_array_add (self->dockerfiles, path);
}

/*
 * All Dockerfiles of the study, whatever is built now: what they have in
 * common is the part of the context that is shared.
 */
static void
list_dockerfiles (Reader *self)
{
  for (guint i = 0; i < self->plan->study->strategies->len; i++)
    {
      const BoStrategy *strategy = g_ptr_array_index (self->plan->study->strategies, i);

      add_dockerfile (self, strategy->dockerfile);
      for (guint p = 0; p < strategy->prebuilds->len; p++)
        {
          const BoPrebuild *prebuild = g_ptr_array_index (strategy->prebuilds, p);

          add_dockerfile (self, prebuild->dockerfile);
        }
    }
  g_ptr_array_add (self->dockerfiles, NULL);
}

/* The context of @dockerfile when its files are those of a Dockerfile that was read already. */
static BoContext *
find_like (Reader *self, const char *dockerfile, Source **like)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->by_dockerfile);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      Source *source = value;
      BoContext *context = source->like == NULL ? bo_context_scan_like (source->context, dockerfile) : NULL;

      if (context != NULL)
        {
          *like = source;
          return context;
        }
    }
  return NULL;
}

static Source *
get_source (Reader *self, const char *dockerfile, GError **error)
{
  Source *source = g_hash_table_lookup (self->by_dockerfile, dockerfile);
  BoContext *context;
  Source *like = NULL;

  if (source != NULL)
    return source;

  context = find_like (self, dockerfile, &like);
  if (context == NULL)
    context = bo_context_scan (self->plan->study->context, dockerfile, BO_IGNORE_RULE_LIKE_DOCKER, 0,
                               self->cancellable, error);
  if (context == NULL)
    return NULL;
  source = g_new0 (Source, 1);
  source->context = context;
  source->like = like;
  g_hash_table_insert (self->by_dockerfile, g_strdup (dockerfile), source);
  if (self->store != NULL)
    {
      if (!bo_context_store (context, self->store, self->progress, self->user_data, self->cancellable, error))
        return NULL;
      source->archive = bo_context_archive_new (context, self->plan->study->edit_path,
                                                (const char *const *) self->dockerfiles->pdata, error);
      if (source->archive == NULL)
        return NULL;
    }
  self->sources->context_bytes = MAX (self->sources->context_bytes, bo_context_get_size (context));
  self->sources->n_context_files = MAX (self->sources->n_context_files, bo_context_get_n_entries (context));
  return source;
}

/* Remembers that the campaign needs @image, and gives it its twin's tag. */
static const BoBaseImage *
ensure_base (Reader *self, const char *image)
{
  BoCampaign *campaign = self->plan->campaign;
  BoBaseImage *base;

  for (guint i = 0; i < campaign->bases->len; i++)
    {
      base = g_ptr_array_index (campaign->bases, i);
      if (strcmp (base->image, image) == 0)
        return base;
    }

  base = bo_base_image_new ();
  base->image = g_strdup (image);
  for (guint i = 0; i < self->plan->study->bases->len && base->base == NULL; i++)
    {
      const BoBase *known = g_ptr_array_index (self->plan->study->bases, i);

      if (strcmp (known->image, image) == 0)
        base->base = g_strdup (known->id);
    }
  base->twin = g_strdup_printf (BO_NAME_PREFIX "%s:base%u", campaign->id, campaign->bases->len + 1);
  g_ptr_array_add (campaign->bases, base);
  return base;
}

static GHashTable *
make_build_args (Reader *self, GPtrArray *build_args, const char *base_id)
{
  GHashTable *args = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  const BoBase *base = bo_study_get_base (self->plan->study, base_id);

  g_hash_table_insert (args, g_strdup ("BASE_IMAGE"), g_strdup (base->image));
  for (guint i = 0; i < build_args->len; i++)
    {
      const BoBuildArg *arg = g_ptr_array_index (build_args, i);

      g_hash_table_insert (args, g_strdup (arg->name),
                           bo_variables_replace (arg->value, BO_VARIABLE_BASE_IMAGE, base->image));
    }
  return args;
}

static gboolean
declares_base (BoDockerfile *dockerfile)
{
  for (guint i = 0; i < bo_dockerfile_get_n_instructions (dockerfile); i++)
    {
      const BoInstruction *instruction = bo_dockerfile_get_instruction (dockerfile, i);
      const char *args = instruction->arguments;

      if (strcmp (instruction->keyword, "ARG") == 0 && g_str_has_prefix (args, "BASE_IMAGE")
          && !g_ascii_isalnum (args[strlen ("BASE_IMAGE")]) && args[strlen ("BASE_IMAGE")] != '_')
        return TRUE;
    }
  return FALSE;
}

static void
add_step (BoPlannedTrial *trial, BoDockerfile *dockerfile, guint number, const char *stage, guint stage_number, int index)
{
  BoStepMap *map = bo_step_map_new ();

  map->number = number;
  map->stage = g_strdup (stage);
  map->stage_number = stage_number;
  if (index >= 0)
    {
      const BoInstruction *instruction = bo_dockerfile_get_instruction (dockerfile, index);

      map->user_line = instruction->first_line;
      map->instruction = g_strdup (instruction->text);
    }
  else
    {
      map->instruction = g_strdup ("(inserted by Bakeoff)");
    }
  g_ptr_array_add (trial->steps, map);
}

/*
 * The way from the engine's numbers back to the user's lines. Classic counts
 * all steps through; BuildKit counts within each stage and calls a stage by its
 * name, or "stage-N" when it has none, or not at all when it is the only one.
 */
static void
map_steps (BoPlannedTrial *trial, BoDockerfile *dockerfile, BoDockerfileSent *sent, const char *target)
{
  BoBuilder builder = trial->cell->builder;
  int index;

  if (builder == BO_BUILDER_CLASSIC)
    {
      for (guint n = 1; bo_dockerfile_sent_find_step (sent, target, builder, NULL, n, 0, &index); n++)
        add_step (trial, dockerfile, n, NULL, 0, index);
      return;
    }

  for (guint n = 1; bo_dockerfile_sent_find_step (sent, target, builder, NULL, n, 0, &index); n++)
    add_step (trial, dockerfile, 0, NULL, n, index);
  for (guint s = 0; s < bo_dockerfile_get_n_stages (dockerfile); s++)
    {
      const BoStage *stage = bo_dockerfile_get_stage (dockerfile, s);

      if (stage->name == NULL)
        continue;
      for (guint n = 1; bo_dockerfile_sent_find_step (sent, target, builder, stage->name, n, 0, &index); n++)
        add_step (trial, dockerfile, 0, stage->name, n, index);
    }
  /* Stages that we put in shift the numbers of those without a name. */
  for (guint s = 0; s < bo_dockerfile_get_n_stages (dockerfile) + trial->needs_prebuilds->len; s++)
    {
      g_autofree char *name = g_strdup_printf ("stage-%u", s);

      for (guint n = 1; bo_dockerfile_sent_find_step (sent, target, builder, name, n, 0, &index); n++)
        add_step (trial, dockerfile, 0, name, n, index);
    }
}

/* Writes a recipe down, unless another build has it too. */
static gboolean
write_recipe (Reader *self, BoRecipe *recipe, GError **error)
{
  g_autofree char *name = g_build_filename ("recipes", bo_recipe_get_id (recipe), NULL);
  g_autofree char *path = g_build_filename (self->folder, name, NULL);
  g_autoptr (GBytes) bytes = bo_recipe_to_bytes (recipe);

  return g_file_test (path, G_FILE_TEST_EXISTS) || bo_campaign_folder_write (self->folder, name, bytes, error);
}

/* The part that all builds of the same files have, made and written once. */
static const Source *
write_shared (Reader *self, Source *source, GError **error)
{
  g_autoptr (BoRecipe) shared = NULL;

  if (source->like != NULL)
    source = source->like;
  if (source->shared_id != NULL)
    return source;
  shared = bo_context_archive_make_shared (source->archive);
  if (!write_recipe (self, shared, error))
    return NULL;
  source->shared_id = g_strdup (bo_recipe_get_id (shared));
  source->shared_length = bo_recipe_get_length (shared);
  return source;
}

static gboolean
make_recipes (Reader *self, Source *source, BoPlannedTrial *trial, GBytes *dockerfile, BoBuildInput *input, GError **error)
{
  g_autoptr (BoRecipe) first = NULL;
  g_autoptr (BoRecipe) last = NULL;
  const Source *shared;
  g_autoptr (GBytes) append = NULL;
  BoContextArchiveOptions options = {
    .dockerfile = dockerfile,
    .for_classic = trial->cell->builder == BO_BUILDER_CLASSIC,
  };

  if (trial->kind == BO_TRIAL_COUNTED && trial->cell->condition == BO_CONDITION_EDITED)
    {
      char *text = bo_variables_replace (self->plan->study->edit_append, BO_VARIABLE_TRIAL, trial->id);

      options.edit_append = append = g_bytes_new_take (text, strlen (text));
    }
  last = bo_context_archive_make_last (source->archive, &options, error);
  if (last == NULL)
    return FALSE;
  first = bo_context_archive_make_first (source->archive, &options, &input->dockerfile);
  shared = write_shared (self, source, error);
  if (shared == NULL || !write_recipe (self, first, error) || !write_recipe (self, last, error))
    return FALSE;

  g_ptr_array_add (input->recipes, g_strdup (bo_recipe_get_id (first)));
  g_ptr_array_add (input->recipes, g_strdup (shared->shared_id));
  g_ptr_array_add (input->recipes, g_strdup (bo_recipe_get_id (last)));
  input->bytes = bo_recipe_get_length (first) + shared->shared_length + bo_recipe_get_length (last);
  return TRUE;
}

static gboolean
read_build (Reader *self,
            BoPlannedTrial *trial,
            const char *path,
            const char *target,
            GPtrArray *build_args,
            GError **error)
{
  g_autoptr (GHashTable) args = make_build_args (self, build_args, trial->cell->base);
  g_autoptr (GHashTable) given = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GHashTable) substitutions = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GArray) prebuilt = g_array_new (FALSE, FALSE, sizeof (BoDockerfilePrebuilt));
  g_autoptr (GPtrArray) images = NULL;
  g_autoptr (BoDockerfile) dockerfile = NULL;
  g_autoptr (BoDockerfileSent) sent = NULL;
  GBytes *as_sent;
  BoDockerfileSentOptions options = { 0 };
  Source *source = get_source (self, path, error);
  BoContext *context;
  BoBuildInput *input;
  const char *data;
  gsize size;

  if (source == NULL)
    return FALSE;
  context = source->context;
  if (bo_context_get_dockerfile_bytes (context) == NULL)
    {
      g_set_error (error, BO_SOURCES_ERROR, BO_SOURCES_ERROR_DOCKERFILE, _ ("There is no Dockerfile “%s” in “%s”"),
                   path, bo_context_get_folder (context));
      return FALSE;
    }
  dockerfile = bo_dockerfile_new (bo_context_get_dockerfile_bytes (context));

  for (guint i = 0; i < trial->needs_prebuilds->len; i++)
    {
      const char *id = g_ptr_array_index (trial->needs_prebuilds, i);
      const BoPlannedPrebuild *prebuild = bo_plan_get_prebuild (self->plan, id);
      BoDockerfilePrebuilt stage = { prebuild->prebuild->as, prebuild->trial->tag };

      g_array_append_val (prebuilt, stage);
      g_hash_table_add (given, g_ascii_strdown (prebuild->prebuild->as, -1));
    }

  images = bo_dockerfile_list_images (dockerfile, target, trial->cell->builder, args, given, error);
  if (images == NULL)
    {
      g_prefix_error (error, "%s: ", path);
      return FALSE;
    }
  for (guint i = 0; i < images->len; i++)
    {
      const BoBaseImage *base = ensure_base (self, g_ptr_array_index (images, i));

      g_hash_table_insert (substitutions, base->image, base->twin);
    }

  options.build_args = args;
  options.substitutions = substitutions;
  options.prebuilt = (const BoDockerfilePrebuilt *) prebuilt->data;
  options.n_prebuilt = prebuilt->len;
  options.bust = trial->cell->condition == BO_CONDITION_COLD_LAYERS;
  sent = bo_dockerfile_sent_new (dockerfile, &options, error);
  if (sent == NULL)
    {
      g_prefix_error (error, "%s: ", path);
      return FALSE;
    }
  as_sent = bo_dockerfile_sent_get_bytes (sent);
  data = g_bytes_get_data (as_sent, &size);
  trial->dockerfile_sha256 = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, as_sent);
  g_hash_table_insert (self->plan->campaign->dockerfiles, g_strdup (trial->dockerfile_sha256),
                       g_utf8_make_valid (data, size));
  map_steps (trial, dockerfile, sent, target);

  if (trial->cell->builder == BO_BUILDER_BUILDKIT && bo_dockerfile_get_syntax (dockerfile) != NULL
      && !g_ptr_array_find_with_equal_func (self->sources->syntax_images, bo_dockerfile_get_syntax (dockerfile),
                                            g_str_equal, NULL))
    g_ptr_array_add (self->sources->syntax_images, g_strdup (bo_dockerfile_get_syntax (dockerfile)));

  input = bo_build_input_new ();
  g_hash_table_insert (self->sources->input.builds, g_strdup (trial->id), input);
  input->target = target != NULL ? bo_dockerfile_sent_map_target (sent, target) : NULL;
  input->takes_base = declares_base (dockerfile);
  for (guint i = 0; i < images->len; i++)
    g_ptr_array_add (input->images, g_strdup (g_ptr_array_index (images, i)));

  if (self->store != NULL)
    {
      if (!make_recipes (self, source, trial, as_sent, input, error))
        return FALSE;
      trial->context_bytes = input->bytes;
    }
  else
    {
      trial->context_bytes = bo_context_get_size (context);
    }
  return TRUE;
}

/* Files for a probe's container go as one tar, which is one content of the store. */
static gboolean
read_copy (Reader *self, const BoMount *mount, GError **error)
{
  g_autofree char *source = g_build_filename (self->plan->study->context, mount->copy, NULL);
  g_autofree char *tar = g_build_filename (self->folder, "copy.tar", NULL);
  g_autofree char *sha256 = NULL;
  g_autoptr (BoRecipe) recipe = NULL;
  BoRecipeWriter *writer;
  guint64 size;

  if (!bo_copy_archive_write (source, mount->to, tar, error))
    return FALSE;
  sha256 = bo_content_store_put_file (self->store, tar, &size, self->cancellable, error);
  g_unlink (tar);
  if (sha256 == NULL)
    return FALSE;

  writer = bo_recipe_writer_new ();
  bo_recipe_writer_add_file (writer, sha256, size);
  recipe = bo_recipe_writer_finish (writer);
  if (!write_recipe (self, recipe, error))
    return FALSE;
  g_hash_table_insert (self->sources->input.copies, (gpointer) mount, g_strdup (bo_recipe_get_id (recipe)));
  return TRUE;
}

static gboolean
read_run_options (Reader *self, const BoStrategy *strategy, GError **error)
{
  for (guint i = 0; i < strategy->run->secrets->len; i++)
    {
      const char *name = g_ptr_array_index (strategy->run->secrets, i);

      if (g_getenv (name) == NULL)
        {
          g_set_error (error, BO_SOURCES_ERROR, BO_SOURCES_ERROR_SECRET,
                       _ ("The strategy “%s” needs the secret %s, but that variable is not set. "
                          "Set it in the environment, or take it out of “secrets”."),
                       strategy->id, name);
          return FALSE;
        }
    }
  for (guint i = 0; i < strategy->run->mounts->len; i++)
    {
      const BoMount *mount = g_ptr_array_index (strategy->run->mounts, i);

      if (mount->copy != NULL && self->store != NULL && !g_hash_table_contains (self->sources->input.copies, mount)
          && !read_copy (self, mount, error))
        return FALSE;
    }
  return TRUE;
}

/**
 * bo_sources_read:
 * @plan: a plan; its campaign's bases, Dockerfiles and its trials' steps and bytes are filled in
 * @store: (nullable): where file contents are kept; %NULL to look only, as `plan` does
 * @campaign_folder: (nullable): where recipes are written; needed with @store
 * @progress: (nullable) (scope call): hears how far it is
 * @user_data: for @progress
 * @cancellable: (nullable): to stop it
 * @error: return location
 *
 * Blocks; to be called in a thread. After it, nothing that the user does to the
 * folder can change what the campaign builds.
 *
 * Returns: (transfer full): what the compiler needs
 */
BoSources *
bo_sources_read (BoPlan *plan,
                 BoContentStore *store,
                 const char *campaign_folder,
                 BoSourcesProgress progress,
                 gpointer user_data,
                 GCancellable *cancellable,
                 GError **error)
{
  g_autoptr (BoSources) sources = g_new0 (BoSources, 1);
  g_autoptr (GHashTable) by_dockerfile = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, source_free);
  g_autoptr (GPtrArray) dockerfiles = g_ptr_array_new_with_free_func (g_free);
  Reader self = {
    .plan = plan,
    .sources = sources,
    .store = store,
    .folder = campaign_folder,
    .progress = progress,
    .user_data = user_data,
    .cancellable = cancellable,
    .by_dockerfile = by_dockerfile,
    .dockerfiles = dockerfiles,
  };

  g_return_val_if_fail (plan != NULL, NULL);
  g_return_val_if_fail (store == NULL || campaign_folder != NULL, NULL);

  sources->input.builds
      = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) bo_build_input_free);
  sources->input.copies = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  sources->input.scripts = bo_probe_scripts_get_builtin ();
  sources->syntax_images = g_ptr_array_new_with_free_func (g_free);
  list_dockerfiles (&self);

  for (guint i = 0; i < plan->prebuilds->len; i++)
    {
      const BoPlannedPrebuild *prebuild = g_ptr_array_index (plan->prebuilds, i);

      if (!read_build (&self, prebuild->trial, prebuild->prebuild->dockerfile, prebuild->prebuild->target,
                       prebuild->prebuild->build_args, error))
        return NULL;
    }
  for (guint i = 0; i < plan->chains->len; i++)
    {
      const BoPlannedChain *chain = g_ptr_array_index (plan->chains, i);

      if (!read_run_options (&self, chain->strategy, error))
        return NULL;
      for (guint t = 0; t < chain->trials->len; t++)
        {
          BoPlannedTrial *trial = g_ptr_array_index (chain->trials, t);

          if (trial->unsupported == NULL
              && !read_build (&self, trial, chain->strategy->dockerfile, chain->strategy->target,
                              chain->strategy->build_args, error))
            return NULL;
        }
    }
  if (store != NULL && !bo_content_store_save_identities (store, error))
    return NULL;
  return g_steal_pointer (&sources);
}
