/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-store"

#include "config.h"

#include <errno.h>

#include <glib/gi18n.h>
#include <glib/gstdio.h>

#include "results/bo-campaign-table.h"
#include "results/bo-store-private.h"

/* --- deleting files --- */

static gboolean
delete_tree (const char *path, GError **error)
{
  g_autoptr (GDir) folder = NULL;
  const char *name;

  /* A link is removed and never followed. */
  if (g_file_test (path, G_FILE_TEST_IS_DIR) && !g_file_test (path, G_FILE_TEST_IS_SYMLINK))
    {
      folder = g_dir_open (path, 0, error);
      if (folder == NULL)
        return FALSE;
      while ((name = g_dir_read_name (folder)) != NULL)
        {
          g_autofree char *child = g_build_filename (path, name, NULL);

          if (!delete_tree (child, error))
            return FALSE;
        }
    }
  if (g_remove (path) != 0 && errno != ENOENT)
    {
      int saved_errno = errno;

      g_set_error (error, BO_STORE_ERROR, BO_STORE_ERROR_FAILED, _ ("%s cannot be deleted: %s"), path,
                   g_strerror (saved_errno));
      return FALSE;
    }
  return TRUE;
}

/* --- the operations --- */

static gpointer
add_campaign_func (BoDatabase *database, gpointer data, GError **error)
{
  BoStoreArguments *arguments = data;

  return GINT_TO_POINTER (bo_campaign_table_add (database, arguments->text, error));
}

static BoStoreJob
add_campaign_job (BoStore *self, const BoCampaign *campaign)
{
  BoStoreArguments *arguments = g_new0 (BoStoreArguments, 1);

  /* As text, which is what the file keeps: @campaign may change while the thread has not come to it. */
  arguments->text = bo_campaign_to_json (campaign);
  return bo_store_make_job (add_campaign_func, TRUE, arguments, NULL);
}

/**
 * bo_store_add_campaign_sync:
 * @self: a store
 * @campaign: a campaign
 * @error: return location for a #BoStoreError
 *
 * Adds a campaign, in state planned, with all of its trials. Its study is noted with it.
 *
 * Returns: whether it was added
 */
gboolean
bo_store_add_campaign_sync (BoStore *self, const BoCampaign *campaign, GError **error)
{
  BoStoreJob job;

  g_return_val_if_fail (BO_IS_STORE (self), FALSE);
  g_return_val_if_fail (campaign != NULL, FALSE);

  job = add_campaign_job (self, campaign);
  return GPOINTER_TO_INT (bo_store_thread_run (self->thread, &job, error));
}

void
bo_store_add_campaign_async (BoStore *self,
                             const BoCampaign *campaign,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  g_return_if_fail (BO_IS_STORE (self));
  g_return_if_fail (campaign != NULL);

  bo_store_start (self, add_campaign_job (self, campaign), bo_store_add_campaign_async, cancellable, callback,
                  user_data);
}

gboolean
bo_store_add_campaign_finish (BoStore *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (BO_IS_STORE (self), FALSE);

  return GPOINTER_TO_INT (bo_store_finish (self, result, bo_store_add_campaign_async, error));
}

static gpointer
set_campaign_state_func (BoDatabase *database, gpointer data, GError **error)
{
  BoStoreArguments *arguments = data;

  return GINT_TO_POINTER (bo_campaign_table_set_state (database, arguments->id, arguments->state, error));
}

static BoStoreJob
set_campaign_state_job (BoStore *self, const char *campaign_id, BoCampaignState state)
{
  BoStoreArguments *arguments = g_new0 (BoStoreArguments, 1);

  arguments->id = g_strdup (campaign_id);
  arguments->state = state;
  return bo_store_make_job (set_campaign_state_func, TRUE, arguments, NULL);
}

/**
 * bo_store_set_campaign_state_sync:
 * @self: a store
 * @campaign_id: id of a campaign
 * @state: how it stands now
 * @error: return location for a #BoStoreError
 *
 * Notes how a campaign stands; with a final state also when it ended.
 *
 * Returns: whether it was noted
 */
gboolean
bo_store_set_campaign_state_sync (BoStore *self,
                                  const char *campaign_id,
                                  BoCampaignState state,
                                  GError **error)
{
  BoStoreJob job;

  g_return_val_if_fail (BO_IS_STORE (self), FALSE);
  g_return_val_if_fail (campaign_id != NULL, FALSE);

  job = set_campaign_state_job (self, campaign_id, state);
  return GPOINTER_TO_INT (bo_store_thread_run (self->thread, &job, error));
}

void
bo_store_set_campaign_state_async (BoStore *self,
                                   const char *campaign_id,
                                   BoCampaignState state,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data)
{
  g_return_if_fail (BO_IS_STORE (self));
  g_return_if_fail (campaign_id != NULL);

  bo_store_start (self, set_campaign_state_job (self, campaign_id, state), bo_store_set_campaign_state_async,
                  cancellable, callback, user_data);
}

gboolean
bo_store_set_campaign_state_finish (BoStore *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (BO_IS_STORE (self), FALSE);

  return GPOINTER_TO_INT (bo_store_finish (self, result, bo_store_set_campaign_state_async, error));
}

static gpointer
delete_campaign_func (BoDatabase *database, gpointer data, GError **error)
{
  BoStoreArguments *arguments = data;
  g_autoptr (BoCampaign) campaign = bo_campaign_table_get (database, arguments->id, error);

  if (campaign == NULL)
    return NULL;
  if (campaign->state == BO_CAMPAIGN_RUNNING)
    {
      g_set_error (error, BO_STORE_ERROR, BO_STORE_ERROR_BUSY,
                   _ ("The campaign %s is running; stop it first"), arguments->id);
      return NULL;
    }
  /* The files first: a campaign without files can be deleted again, files without a campaign are found by
   * nobody. */
  if (arguments->text != NULL && !delete_tree (arguments->text, error))
    return NULL;
  return GINT_TO_POINTER (bo_campaign_table_delete (database, arguments->id, error));
}

static BoStoreJob
delete_campaign_job (BoStore *self, const char *campaign_id)
{
  BoStoreArguments *arguments = g_new0 (BoStoreArguments, 1);

  arguments->id = g_strdup (campaign_id);
  arguments->text = bo_store_get_campaign_folder (self, campaign_id);
  return bo_store_make_job (delete_campaign_func, TRUE, arguments, NULL);
}

/**
 * bo_store_delete_campaign_sync:
 * @self: a store
 * @campaign_id: id of a campaign
 * @error: return location for a #BoStoreError
 *
 * Deletes a campaign and its trials, and then its folder with script and journal. One that is running is
 * refused.
 *
 * Returns: whether it is gone
 */
gboolean
bo_store_delete_campaign_sync (BoStore *self, const char *campaign_id, GError **error)
{
  BoStoreJob job;

  g_return_val_if_fail (BO_IS_STORE (self), FALSE);
  g_return_val_if_fail (campaign_id != NULL, FALSE);

  job = delete_campaign_job (self, campaign_id);
  return GPOINTER_TO_INT (bo_store_thread_run (self->thread, &job, error));
}

void
bo_store_delete_campaign_async (BoStore *self,
                                const char *campaign_id,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  g_return_if_fail (BO_IS_STORE (self));
  g_return_if_fail (campaign_id != NULL);

  bo_store_start (self, delete_campaign_job (self, campaign_id), bo_store_delete_campaign_async, cancellable,
                  callback, user_data);
}

gboolean
bo_store_delete_campaign_finish (BoStore *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (BO_IS_STORE (self), FALSE);

  return GPOINTER_TO_INT (bo_store_finish (self, result, bo_store_delete_campaign_async, error));
}

static gpointer
list_studies_func (BoDatabase *database, gpointer data, GError **error)
{
  return bo_campaign_table_list_studies (database, error);
}

static BoStoreJob
list_studies_job (BoStore *self)
{
  BoStoreArguments *arguments = g_new0 (BoStoreArguments, 1);

  return bo_store_make_job (list_studies_func, FALSE, arguments, (GDestroyNotify) g_ptr_array_unref);
}

/**
 * bo_store_list_studies_sync:
 * @self: a store
 * @error: return location for a #BoStoreError
 *
 * Lists the studies that have campaigns.
 *
 * Returns: (transfer full) (nullable) (element-type BoStudySummary): the one with the latest campaign first
 */
GPtrArray *
bo_store_list_studies_sync (BoStore *self, GError **error)
{
  BoStoreJob job;

  g_return_val_if_fail (BO_IS_STORE (self), NULL);

  job = list_studies_job (self);
  return bo_store_thread_run (self->thread, &job, error);
}

void
bo_store_list_studies_async (BoStore *self,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  g_return_if_fail (BO_IS_STORE (self));

  bo_store_start (self, list_studies_job (self), bo_store_list_studies_async, cancellable, callback,
                  user_data);
}

GPtrArray *
bo_store_list_studies_finish (BoStore *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (BO_IS_STORE (self), NULL);

  return bo_store_finish (self, result, bo_store_list_studies_async, error);
}

static gpointer
list_campaigns_func (BoDatabase *database, gpointer data, GError **error)
{
  BoStoreArguments *arguments = data;

  return bo_campaign_table_list (database, arguments->study_id, FALSE, error);
}

static BoStoreJob
list_campaigns_job (BoStore *self, const char *study_id)
{
  BoStoreArguments *arguments = g_new0 (BoStoreArguments, 1);

  arguments->study_id = g_strdup (study_id);
  return bo_store_make_job (list_campaigns_func, FALSE, arguments, (GDestroyNotify) g_ptr_array_unref);
}

/**
 * bo_store_list_campaigns_sync:
 * @self: a store
 * @study_id: (nullable): only those of this study
 * @error: return location for a #BoStoreError
 *
 * Lists campaigns.
 *
 * Returns: (transfer full) (nullable) (element-type BoCampaignSummary): the latest first
 */
GPtrArray *
bo_store_list_campaigns_sync (BoStore *self, const char *study_id, GError **error)
{
  BoStoreJob job;

  g_return_val_if_fail (BO_IS_STORE (self), NULL);

  job = list_campaigns_job (self, study_id);
  return bo_store_thread_run (self->thread, &job, error);
}

void
bo_store_list_campaigns_async (BoStore *self,
                               const char *study_id,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  g_return_if_fail (BO_IS_STORE (self));

  bo_store_start (self, list_campaigns_job (self, study_id), bo_store_list_campaigns_async, cancellable,
                  callback, user_data);
}

GPtrArray *
bo_store_list_campaigns_finish (BoStore *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (BO_IS_STORE (self), NULL);

  return bo_store_finish (self, result, bo_store_list_campaigns_async, error);
}

static gpointer
list_unfinished_func (BoDatabase *database, gpointer data, GError **error)
{
  return bo_campaign_table_list (database, NULL, TRUE, error);
}

static BoStoreJob
list_unfinished_job (BoStore *self)
{
  BoStoreArguments *arguments = g_new0 (BoStoreArguments, 1);

  return bo_store_make_job (list_unfinished_func, FALSE, arguments, (GDestroyNotify) g_ptr_array_unref);
}

/**
 * bo_store_list_unfinished_sync:
 * @self: a store
 * @error: return location for a #BoStoreError
 *
 * Lists campaigns that are planned or running: under way in another program, or left by a crash.
 *
 * Returns: (transfer full) (nullable) (element-type BoCampaignSummary): the latest first
 */
GPtrArray *
bo_store_list_unfinished_sync (BoStore *self, GError **error)
{
  BoStoreJob job;

  g_return_val_if_fail (BO_IS_STORE (self), NULL);

  job = list_unfinished_job (self);
  return bo_store_thread_run (self->thread, &job, error);
}

void
bo_store_list_unfinished_async (BoStore *self,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  g_return_if_fail (BO_IS_STORE (self));

  bo_store_start (self, list_unfinished_job (self), bo_store_list_unfinished_async, cancellable, callback,
                  user_data);
}

GPtrArray *
bo_store_list_unfinished_finish (BoStore *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (BO_IS_STORE (self), NULL);

  return bo_store_finish (self, result, bo_store_list_unfinished_async, error);
}

static gpointer
get_campaign_func (BoDatabase *database, gpointer data, GError **error)
{
  BoStoreArguments *arguments = data;

  return bo_campaign_table_get (database, arguments->id, error);
}

static BoStoreJob
get_campaign_job (BoStore *self, const char *campaign_id)
{
  BoStoreArguments *arguments = g_new0 (BoStoreArguments, 1);

  arguments->id = g_strdup (campaign_id);
  return bo_store_make_job (get_campaign_func, FALSE, arguments, (GDestroyNotify) bo_campaign_unref);
}

/**
 * bo_store_get_campaign_sync:
 * @self: a store
 * @campaign_id: id of a campaign
 * @error: return location for a #BoStoreError
 *
 * Gets a campaign as it was planned, with its present state.
 *
 * Returns: (transfer full) (nullable): the campaign
 */
BoCampaign *
bo_store_get_campaign_sync (BoStore *self, const char *campaign_id, GError **error)
{
  BoStoreJob job;

  g_return_val_if_fail (BO_IS_STORE (self), NULL);
  g_return_val_if_fail (campaign_id != NULL, NULL);

  job = get_campaign_job (self, campaign_id);
  return bo_store_thread_run (self->thread, &job, error);
}

void
bo_store_get_campaign_async (BoStore *self,
                             const char *campaign_id,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  g_return_if_fail (BO_IS_STORE (self));
  g_return_if_fail (campaign_id != NULL);

  bo_store_start (self, get_campaign_job (self, campaign_id), bo_store_get_campaign_async, cancellable,
                  callback, user_data);
}

BoCampaign *
bo_store_get_campaign_finish (BoStore *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (BO_IS_STORE (self), NULL);

  return bo_store_finish (self, result, bo_store_get_campaign_async, error);
}

static gpointer
get_latest_campaign_func (BoDatabase *database, gpointer data, GError **error)
{
  BoStoreArguments *arguments = data;
  g_autofree char *id = bo_campaign_table_find_latest (database, arguments->study_id, error);

  return id != NULL ? bo_campaign_table_get (database, id, error) : NULL;
}

static BoStoreJob
get_latest_campaign_job (BoStore *self, const char *study_id)
{
  BoStoreArguments *arguments = g_new0 (BoStoreArguments, 1);

  arguments->study_id = g_strdup (study_id);
  return bo_store_make_job (get_latest_campaign_func, FALSE, arguments, (GDestroyNotify) bo_campaign_unref);
}

/**
 * bo_store_get_latest_campaign_sync:
 * @self: a store
 * @study_id: id of a study
 * @error: return location for a #BoStoreError
 *
 * Gets the latest campaign of a study that has ended and has results.
 *
 * Returns: (transfer full) (nullable): the campaign; %BO_STORE_ERROR_NOT_FOUND when there is none
 */
BoCampaign *
bo_store_get_latest_campaign_sync (BoStore *self, const char *study_id, GError **error)
{
  BoStoreJob job;

  g_return_val_if_fail (BO_IS_STORE (self), NULL);
  g_return_val_if_fail (study_id != NULL, NULL);

  job = get_latest_campaign_job (self, study_id);
  return bo_store_thread_run (self->thread, &job, error);
}

void
bo_store_get_latest_campaign_async (BoStore *self,
                                    const char *study_id,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data)
{
  g_return_if_fail (BO_IS_STORE (self));
  g_return_if_fail (study_id != NULL);

  bo_store_start (self, get_latest_campaign_job (self, study_id), bo_store_get_latest_campaign_async,
                  cancellable, callback, user_data);
}

BoCampaign *
bo_store_get_latest_campaign_finish (BoStore *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (BO_IS_STORE (self), NULL);

  return bo_store_finish (self, result, bo_store_get_latest_campaign_async, error);
}
