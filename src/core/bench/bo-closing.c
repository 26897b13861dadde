/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-closing"

#include "config.h"

#include <string.h>

#include "bench/bo-closing.h"
#include "engine/bo-engine-containers.h"
#include "engine/bo-engine-error.h"
#include "engine/bo-engine-images.h"
#include "engine/bo-wait.h"
#include "study/bo-names.h"

#define REMOVAL_PATIENCE_US (30 * G_USEC_PER_SEC)
#define REMOVAL_INTERVAL_US (G_USEC_PER_SEC / 20)

typedef struct
{
  /* Input */
  GPtrArray *campaign_ids;
  GHashTable *keep;
  char *socket_path;

  /* In progress */
  BoWait wait;
  BoEngine *engine;
  GCancellable *cancellable;
} Closing;

static void
closing_free (Closing *self)
{
  g_ptr_array_unref (self->campaign_ids);
  g_clear_pointer (&self->keep, g_hash_table_unref);
  g_free (self->socket_path);
  g_free (self);
}

/* Something that is gone already, or that somebody uses, is no error here. */
static gboolean
forgive (gboolean ok, GError *local, GError **error)
{
  if (ok)
    return TRUE;
  if (g_error_matches (local, BO_ENGINE_ERROR, BO_ENGINE_ERROR_NOT_FOUND)
      || g_error_matches (local, BO_ENGINE_ERROR, BO_ENGINE_ERROR_CONFLICT))
    {
      g_error_free (local);
      return TRUE;
    }
  g_propagate_error (error, local);
  return FALSE;
}

static char *
make_label (const char *campaign_id)
{
  return g_strdup_printf ("%s=%s", BO_LABEL_CAMPAIGN, campaign_id);
}

/* Asks for the removal of each that is there; how many of them there were, or -1. */
static int
ask_containers_away (Closing *self, const char *label, GError **error)
{
  g_autoptr (GPtrArray) containers = NULL;

  bo_engine_list_containers_async (self->engine, label, self->cancellable, bo_wait_cb, &self->wait);
  containers = bo_engine_list_containers_finish (self->engine, bo_wait_for (&self->wait), error);
  for (guint i = 0; containers != NULL && i < containers->len; i++)
    {
      const BoEngineContainerEntry *container = g_ptr_array_index (containers, i);
      GError *local = NULL;
      gboolean ok;

      bo_engine_remove_container_async (self->engine, container->id, TRUE, TRUE, self->cancellable, bo_wait_cb,
                                        &self->wait);
      ok = bo_engine_remove_container_finish (self->engine, bo_wait_for (&self->wait), &local);
      if (!forgive (ok, local, error))
        return -1;
    }
  return containers != NULL ? (int) containers->len : -1;
}

/*
 * A build that was given up removes its container itself, and asking for it
 * once more is then a conflict. Its layers go only after it has gone: until
 * then nothing would be pruned, without a word (seen on Docker 26.1). What is there
 * after all this time is left for the next campaign.
 */
static gboolean
remove_containers (Closing *self, const char *campaign_id, GError **error)
{
  g_autofree char *label = make_label (campaign_id);
  gint64 deadline_us = g_get_monotonic_time () + REMOVAL_PATIENCE_US;
  int n;

  while ((n = ask_containers_away (self, label, error)) > 0 && g_get_monotonic_time () < deadline_us)
    {
      if (g_cancellable_set_error_if_cancelled (self->cancellable, error))
        return FALSE;
      g_usleep (REMOVAL_INTERVAL_US);
    }
  return n >= 0;
}

/* What a failed classic build left: untagged layers with our label. */
static gboolean
prune_layers (Closing *self, const char *campaign_id, GError **error)
{
  g_autofree char *label = make_label (campaign_id);

  bo_engine_prune_images_async (self->engine, label, TRUE, self->cancellable, bo_wait_cb, &self->wait);
  return bo_engine_prune_images_finish (self->engine, bo_wait_for (&self->wait), NULL, error);
}

/* The campaign whose image has the name now, if it is one of ours. */
static char *
find_owner (Closing *self, const char *name)
{
  g_autoptr (BoEngineImage) image = NULL;

  bo_engine_inspect_image_async (self->engine, name, self->cancellable, bo_wait_cb, &self->wait);
  image = bo_engine_inspect_image_finish (self->engine, bo_wait_for (&self->wait), NULL);
  return image != NULL ? g_strdup (g_hash_table_lookup (image->labels, BO_LABEL_CAMPAIGN)) : NULL;
}

static gboolean
name_kept_images (Closing *self, GError **error)
{
  GHashTableIter iter;
  gpointer tag;
  gpointer name;

  if (self->keep == NULL)
    return TRUE;
  g_hash_table_iter_init (&iter, self->keep);
  while (g_hash_table_iter_next (&iter, &tag, &name))
    {
      g_autofree char *owner = find_owner (self, name);
      GError *local = NULL;
      gboolean ok;

      bo_engine_tag_image_async (self->engine, tag, name, self->cancellable, bo_wait_cb, &self->wait);
      ok = bo_engine_tag_image_finish (self->engine, bo_wait_for (&self->wait), &local);
      if (!forgive (ok, local, error))
        return FALSE;
      /* The image that had the name before has none now. */
      if (owner != NULL && !prune_layers (self, owner, error))
        return FALSE;
    }
  return TRUE;
}

/* Podman gives names without a registry one: "docker.io/library/bakeoff-…", or "localhost/" if it is told not to. */
static const char *
skip_registry (const char *tag)
{
  static const char *const registries[] = { "docker.io/library/", "localhost/" };

  for (guint i = 0; i < G_N_ELEMENTS (registries); i++)
    {
      if (g_str_has_prefix (tag, registries[i]))
        return tag + strlen (registries[i]);
    }
  return tag;
}

/* Images of a campaign are found by their tags, which all begin with its name. */
static gboolean
remove_images (Closing *self, const char *campaign_id, GError **error)
{
  g_autofree char *prefix = g_strdup_printf (BO_NAME_PREFIX "%s:", campaign_id);
  g_autoptr (GPtrArray) images = NULL;

  bo_engine_list_images_async (self->engine, NULL, FALSE, self->cancellable, bo_wait_cb, &self->wait);
  images = bo_engine_list_images_finish (self->engine, bo_wait_for (&self->wait), error);
  for (guint i = 0; images != NULL && i < images->len; i++)
    {
      const BoEngineImageEntry *image = g_ptr_array_index (images, i);

      for (guint t = 0; t < image->tags->len; t++)
        {
          const char *tag = g_ptr_array_index (image->tags, t);
          GError *local = NULL;
          gboolean ok;

          if (!g_str_has_prefix (skip_registry (tag), prefix))
            continue;
          bo_engine_remove_image_async (self->engine, tag, FALSE, FALSE, self->cancellable, bo_wait_cb, &self->wait);
          ok = bo_engine_remove_image_finish (self->engine, bo_wait_for (&self->wait), &local);
          if (!forgive (ok, local, error))
            return FALSE;
        }
    }
  return images != NULL && prune_layers (self, campaign_id, error);
}

/* The campaigns that something on the engine belongs to, by its label or its tags: (element-type utf8). */
static GHashTable *
find_campaigns (Closing *self, GError **error)
{
  g_autoptr (GHashTable) found = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GPtrArray) containers = NULL;
  g_autoptr (GPtrArray) images = NULL;

  bo_engine_list_containers_async (self->engine, BO_LABEL_CAMPAIGN, self->cancellable, bo_wait_cb, &self->wait);
  containers = bo_engine_list_containers_finish (self->engine, bo_wait_for (&self->wait), error);
  if (containers == NULL)
    return NULL;
  for (guint i = 0; i < containers->len; i++)
    {
      const BoEngineContainerEntry *container = g_ptr_array_index (containers, i);

      g_hash_table_add (found, g_strdup (g_hash_table_lookup (container->labels, BO_LABEL_CAMPAIGN)));
    }

  bo_engine_list_images_async (self->engine, NULL, FALSE, self->cancellable, bo_wait_cb, &self->wait);
  images = bo_engine_list_images_finish (self->engine, bo_wait_for (&self->wait), error);
  if (images == NULL)
    return NULL;
  for (guint i = 0; i < images->len; i++)
    {
      const BoEngineImageEntry *image = g_ptr_array_index (images, i);
      const char *label = g_hash_table_lookup (image->labels, BO_LABEL_CAMPAIGN);

      if (label != NULL)
        g_hash_table_add (found, g_strdup (label));
      for (guint t = 0; t < image->tags->len; t++)
        {
          const char *tag = skip_registry (g_ptr_array_index (image->tags, t));
          const char *end = strrchr (tag, ':');

          if (g_str_has_prefix (tag, BO_NAME_PREFIX) && end != NULL)
            g_hash_table_add (found, g_strndup (tag + strlen (BO_NAME_PREFIX), end - tag - strlen (BO_NAME_PREFIX)));
        }
    }
  return g_steal_pointer (&found);
}

static gboolean
close_campaigns (Closing *self, GError **error)
{
  g_autoptr (GHashTable) found = NULL;
  gboolean ok = TRUE;

  bo_engine_open_socket_async (self->socket_path, self->cancellable, bo_wait_cb, &self->wait);
  self->engine = bo_engine_open_socket_finish (bo_wait_for (&self->wait), error);
  if (self->engine == NULL)
    return FALSE;

  ok = name_kept_images (self, error) && (found = find_campaigns (self, error)) != NULL;
  for (guint i = 0; ok && i < self->campaign_ids->len; i++)
    {
      const char *id = g_ptr_array_index (self->campaign_ids, i);

      if (g_hash_table_contains (found, id))
        ok = remove_containers (self, id, error) && remove_images (self, id, error);
    }
  g_clear_object (&self->engine);
  return ok;
}

static void
close_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Closing *self = task_data;
  GError *error = NULL;
  gboolean ok;

  self->cancellable = cancellable;
  bo_wait_begin (&self->wait);
  ok = close_campaigns (self, &error);
  bo_wait_end (&self->wait);

  if (ok)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/**
 * bo_closing_run_async:
 * @campaign_ids: (element-type utf8): campaigns that may have left something, none of which is being played
 * @keep: (nullable) (element-type utf8 utf8): tags of images that stay, and the name that each gets
 * @socket_path: Unix socket of the engine
 * @cancellable: (nullable): to stop it
 * @callback: called when it is done
 * @user_data: for @callback
 */
void
bo_closing_run_async (GPtrArray *campaign_ids,
                      GHashTable *keep,
                      const char *socket_path,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Closing *self = g_new0 (Closing, 1);

  g_return_if_fail (campaign_ids != NULL && socket_path != NULL);

  g_task_set_source_tag (task, bo_closing_run_async);
  self->campaign_ids = g_ptr_array_ref (campaign_ids);
  self->keep = keep != NULL ? g_hash_table_ref (keep) : NULL;
  self->socket_path = g_strdup (socket_path);
  g_task_set_task_data (task, self, (GDestroyNotify) closing_free);
  if (campaign_ids->len == 0)
    g_task_return_boolean (task, TRUE);
  else
    g_task_run_in_thread (task, close_in_thread);
}

gboolean
bo_closing_run_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
