/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-preparation"

#include "config.h"

#include <string.h>

#include <glib/gi18n.h>

#include "bench/bo-campaign-folder.h"
#include "bench/bo-compiler.h"
#include "bench/bo-plan.h"
#include "bench/bo-preparation.h"
#include "bench/bo-sources.h"
#include "engine/bo-engine-error.h"
#include "engine/bo-engine-images.h"
#include "engine/bo-engine-info.h"
#include "engine/bo-wait.h"

typedef struct
{
  /* Input */
  BoStudy *study;
  GPtrArray *cells;
  guint repetitions;
  guint64 seed;
  char *device_url;
  char *device_facts;
  char *socket_path;
  BoStore *store;
  char *campaign_id;
  char *volume;
  char *owner;
  BoPreparationFunc func;
  gpointer func_data;
  GMainContext *caller;

  /* In progress */
  BoWait wait;
  BoEngine *engine;
  const char *pulling;
} Preparation;

typedef struct
{
  BoPreparationFunc func;
  gpointer func_data;
  BoPreparationStage stage;
  char *what;
  guint64 done;
  guint64 total;
} Report;

static void
preparation_free (Preparation *self)
{
  bo_study_unref (self->study);
  g_ptr_array_unref (self->cells);
  g_free (self->device_url);
  g_free (self->device_facts);
  g_free (self->socket_path);
  g_free (self->campaign_id);
  g_free (self->volume);
  g_free (self->owner);
  g_clear_object (&self->store);
  g_main_context_unref (self->caller);
  g_free (self);
}

static void
report_free (Report *report)
{
  g_free (report->what);
  g_free (report);
}

static gboolean
report_cb (gpointer user_data)
{
  Report *report = user_data;

  report->func (report->stage, report->what, report->done, report->total, report->func_data);
  return G_SOURCE_REMOVE;
}

static void
tell (Preparation *self, BoPreparationStage stage, const char *what, guint64 done, guint64 total)
{
  Report *report;

  if (self->func == NULL)
    return;
  report = g_new0 (Report, 1);
  report->func = self->func;
  report->func_data = self->func_data;
  report->stage = stage;
  report->what = g_strdup (what);
  report->done = done;
  report->total = total;
  g_main_context_invoke_full (self->caller, G_PRIORITY_DEFAULT, report_cb, report, (GDestroyNotify) report_free);
}

static void
sources_progress_cb (guint64 done, guint64 total, gpointer user_data)
{
  tell (user_data, BO_PREPARATION_SOURCES, NULL, done, total);
}

static void
pull_progress_cb (BoPullProgress *progress, gpointer user_data)
{
  Preparation *self = user_data;

  tell (self, BO_PREPARATION_IMAGES, self->pulling, MAX (0, bo_pull_progress_get_bytes (progress)),
        MAX (0, bo_pull_progress_get_total_bytes (progress)));
}

static BoEngineImage *
inspect (Preparation *self, const char *image, GCancellable *cancellable, GError **error)
{
  bo_engine_inspect_image_async (self->engine, image, cancellable, bo_wait_cb, &self->wait);
  return bo_engine_inspect_image_finish (self->engine, bo_wait_for (&self->wait), error);
}

/* Inspects @image, after pulling it when the engine does not have it. */
static BoEngineImage *
fetch_image (Preparation *self,
             const char *image,
             gboolean pull,
             gint64 *pull_us,
             GCancellable *cancellable,
             GError **error)
{
  g_autoptr (GError) local = NULL;
  BoEngineImage *found = inspect (self, image, cancellable, &local);
  gint64 begun;

  *pull_us = -1;
  if (found != NULL)
    return found;
  if (!pull || !g_error_matches (local, BO_ENGINE_ERROR, BO_ENGINE_ERROR_NOT_FOUND))
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return NULL;
    }

  tell (self, BO_PREPARATION_IMAGES, image, 0, 0);
  self->pulling = image;
  begun = g_get_monotonic_time ();
  bo_engine_pull_image_async (self->engine, image, pull_progress_cb, self, cancellable, bo_wait_cb, &self->wait);
  found = bo_engine_pull_image_finish (self->engine, bo_wait_for (&self->wait), error);
  if (found == NULL)
    {
      g_prefix_error (error, _ ("The base image %s is not on the device and cannot be pulled: "), image);
      return NULL;
    }
  *pull_us = g_get_monotonic_time () - begun;
  return found;
}

/* No builder may have to ask a registry: BuildKit could not log in there without a session. */
static gboolean
fetch_images (Preparation *self,
              BoPlan *plan,
              const BoSources *sources,
              gboolean pull,
              GCancellable *cancellable,
              GError **error)
{
  for (guint i = 0; i < plan->campaign->bases->len; i++)
    {
      BoBaseImage *base = g_ptr_array_index (plan->campaign->bases, i);
      g_autoptr (GError) local = NULL;
      g_autoptr (BoEngineImage) image = fetch_image (self, base->image, pull, &base->pull_us, cancellable, &local);

      /* A look leaves what is not there unknown. */
      if (image == NULL && !pull && g_error_matches (local, BO_ENGINE_ERROR, BO_ENGINE_ERROR_NOT_FOUND))
        continue;
      if (image == NULL)
        {
          g_propagate_error (error, g_steal_pointer (&local));
          return FALSE;
        }
      base->pulled = base->pull_us >= 0;
      base->image_id = g_strdup (image->id);
      base->size = image->size;
      base->digest = image->digests->len > 0 ? g_strdup (g_ptr_array_index (image->digests, 0)) : NULL;
      for (guint l = 0; l < image->layers->len; l++)
        g_ptr_array_add (base->diff_ids, g_strdup (g_ptr_array_index (image->layers, l)));
    }
  for (guint i = 0; pull && i < sources->syntax_images->len; i++)
    {
      gint64 pull_us;
      g_autoptr (BoEngineImage) image
          = fetch_image (self, g_ptr_array_index (sources->syntax_images, i), TRUE, &pull_us, cancellable, error);

      if (image == NULL)
        return FALSE;
    }
  return TRUE;
}

static gboolean
write_folder (const char *folder, const BoPlan *plan, const BoSources *sources, const char *api, GError **error)
{
  g_autoptr (BoScript) script = bo_compile (plan, &sources->input, api);
  g_autofree char *json = bo_campaign_to_json (plan->campaign);
  g_autoptr (GBytes) bytes = g_bytes_new (json, strlen (json));

  return bo_campaign_folder_write (folder, "campaign.json", bytes, error) && bo_script_write (script, folder, error);
}

/* Without an engine to ask, everything is thought to be possible. */
static BoPlan *
make_plan (Preparation *self, GCancellable *cancellable, GError **error)
{
  gint64 now = g_get_real_time ();
  g_autofree char *id = self->campaign_id != NULL ? g_strdup (self->campaign_id)
                                                  : bo_plan_new_campaign_id (now, g_random_int ());
  g_autoptr (BoEngineInfo) info = NULL;
  BoEngineFeatures features = { .classic = TRUE, .buildkit = TRUE };
  BoPlan *plan;

  if (self->socket_path == NULL)
    return bo_plan_new (self->study, self->cells, self->repetitions, self->seed, &features, id, now);

  tell (self, BO_PREPARATION_ENGINE, NULL, 0, 0);
  bo_engine_open_socket_async (self->socket_path, cancellable, bo_wait_cb, &self->wait);
  self->engine = bo_engine_open_socket_finish (bo_wait_for (&self->wait), error);
  if (self->engine == NULL)
    return NULL;
  bo_engine_info_async (self->engine, cancellable, bo_wait_cb, &self->wait);
  info = bo_engine_info_finish (self->engine, bo_wait_for (&self->wait), error);
  if (info == NULL)
    return NULL;

  /* Podman answers to both versions with its own builder, in classic's stream. */
  features.classic = TRUE;
  features.buildkit = !info->is_podman;
  features.is_podman = info->is_podman;
  features.version = info->version;
  features.default_runtime = info->default_runtime;
  plan = bo_plan_new (self->study, self->cells, self->repetitions, self->seed, &features, id, now);
  plan->campaign->device_url = g_strdup (self->device_url);
  plan->campaign->device_facts = g_strdup (self->device_facts);
  return plan;
}

static BoOutlook *
look (Preparation *self, GCancellable *cancellable, GError **error)
{
  g_autoptr (BoOutlook) outlook = g_new0 (BoOutlook, 1);

  outlook->plan = make_plan (self, cancellable, error);
  if (outlook->plan == NULL)
    return NULL;
  outlook->sources = bo_sources_read (outlook->plan, NULL, NULL, NULL, NULL, cancellable, error);
  if (outlook->sources == NULL)
    return NULL;
  if (self->socket_path != NULL && !fetch_images (self, outlook->plan, outlook->sources, FALSE, cancellable, error))
    return NULL;
  return g_steal_pointer (&outlook);
}

static BoCampaign *
prepare (Preparation *self, GCancellable *cancellable, GError **error)
{
  g_autofree char *folder = NULL;
  g_autofree char *contents = bo_campaign_folder_get_contents_path ();
  g_autoptr (BoPlan) plan = make_plan (self, cancellable, error);
  g_autoptr (BoContentStore) store = NULL;
  g_autoptr (BoSources) sources = NULL;

  if (plan == NULL)
    return NULL;

  folder = bo_store_get_campaign_folder (self->store, plan->campaign->id);
  if (!bo_campaign_folder_create (folder, error)
      || (self->volume != NULL && !bo_campaign_folder_set_device (folder, self->volume, self->owner, error)))
    return NULL;
  store = bo_content_store_new (contents, error);
  if (store == NULL)
    return NULL;
  sources = bo_sources_read (plan, store, folder, sources_progress_cb, self, cancellable, error);
  if (sources == NULL || !fetch_images (self, plan, sources, TRUE, cancellable, error))
    return NULL;

  tell (self, BO_PREPARATION_WRITING, NULL, 0, 0);
  if (!write_folder (folder, plan, sources, bo_engine_get_api_version (self->engine), error)
      || !bo_store_add_campaign_sync (self->store, plan->campaign, error))
    return NULL;
  return bo_campaign_ref (plan->campaign);
}

static void
prepare_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Preparation *self = task_data;
  GError *error = NULL;
  BoCampaign *campaign;

  bo_wait_begin (&self->wait);
  campaign = prepare (self, cancellable, &error);
  g_clear_object (&self->engine);
  bo_wait_end (&self->wait);

  if (campaign != NULL)
    g_task_return_pointer (task, campaign, (GDestroyNotify) bo_campaign_unref);
  else
    g_task_return_error (task, error);
}

static void
look_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Preparation *self = task_data;
  GError *error = NULL;
  BoOutlook *outlook;

  bo_wait_begin (&self->wait);
  outlook = look (self, cancellable, &error);
  g_clear_object (&self->engine);
  bo_wait_end (&self->wait);

  if (outlook != NULL)
    g_task_return_pointer (task, outlook, (GDestroyNotify) bo_outlook_free);
  else
    g_task_return_error (task, error);
}

static Preparation *
preparation_new (const BoPreparationOptions *options)
{
  Preparation *self = g_new0 (Preparation, 1);

  self->study = bo_study_ref (options->study);
  self->cells = g_ptr_array_ref (options->cells);
  self->repetitions = options->repetitions;
  self->seed = options->seed;
  self->device_url = g_strdup (options->device_url);
  self->device_facts = g_strdup (options->device_facts);
  self->socket_path = g_strdup (options->socket_path);
  self->campaign_id = g_strdup (options->campaign_id);
  self->volume = g_strdup (options->volume);
  self->owner = g_strdup (options->owner);
  self->store = options->store != NULL ? g_object_ref (options->store) : NULL;
  self->caller = g_main_context_ref_thread_default ();
  return self;
}

/**
 * bo_preparation_run_async:
 * @options: what to prepare; copied
 * @func: (nullable): hears how far it is
 * @func_data: for @func; must stay valid until @callback
 * @cancellable: (nullable): to stop it
 * @callback: called when it is done
 * @user_data: for @callback
 */
void
bo_preparation_run_async (const BoPreparationOptions *options,
                          BoPreparationFunc func,
                          gpointer func_data,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  Preparation *self;

  g_return_if_fail (options != NULL && options->study != NULL && options->cells != NULL);
  g_return_if_fail (options->socket_path != NULL && BO_IS_STORE (options->store));

  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, bo_preparation_run_async);
  /* A campaign that is in the store already is handed out even when it is stopped in that moment. */
  g_task_set_check_cancellable (task, FALSE);
  self = preparation_new (options);
  self->func = func;
  self->func_data = func_data;
  g_task_set_task_data (task, self, (GDestroyNotify) preparation_free);
  g_task_run_in_thread (task, prepare_in_thread);
}

/**
 * bo_preparation_run_finish:
 *
 * Returns: (transfer full): the campaign, which is in the store and whose
 *   folder is whole, or %NULL with the error of what went wrong
 */
BoCampaign *
bo_preparation_run_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

void
bo_outlook_free (BoOutlook *outlook)
{
  if (outlook == NULL)
    return;
  g_clear_pointer (&outlook->sources, bo_sources_free);
  g_clear_pointer (&outlook->plan, bo_plan_free);
  g_free (outlook);
}

/**
 * bo_preparation_look_async:
 * @options: what would be prepared; copied. Its store is not used.
 * @cancellable: (nullable): to stop it
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * Finds out what a run would do. Nothing is pulled, written or started.
 */
void
bo_preparation_look_async (const BoPreparationOptions *options,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (options != NULL && options->study != NULL && options->cells != NULL);

  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, bo_preparation_look_async);
  g_task_set_task_data (task, preparation_new (options), (GDestroyNotify) preparation_free);
  g_task_run_in_thread (task, look_in_thread);
}

BoOutlook *
bo_preparation_look_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
