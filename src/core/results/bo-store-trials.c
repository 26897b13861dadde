/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-store"

#include "config.h"

#include "results/bo-campaign-table.h"
#include "results/bo-store-private.h"
#include "results/bo-trial-table.h"

static gpointer
save_trial_func (BoDatabase *database, gpointer data, GError **error)
{
  BoStoreArguments *arguments = data;

  return GINT_TO_POINTER (bo_trial_table_replace (database, arguments->trial, error));
}

static BoStoreJob
save_trial_job (BoStore *self, const BoTrial *trial)
{
  BoStoreArguments *arguments = g_new0 (BoStoreArguments, 1);

  arguments->trial = bo_trial_copy (trial);
  return bo_store_make_job (save_trial_func, TRUE, arguments, NULL);
}

/**
 * bo_store_save_trial_sync:
 * @self: a store
 * @trial: a trial of a campaign that was added; copied
 * @error: return location for a #BoStoreError
 *
 * Writes the record of a trial whole, in one transaction, in the place of what was known of it.
 *
 * Returns: whether it was written
 */
gboolean
bo_store_save_trial_sync (BoStore *self, const BoTrial *trial, GError **error)
{
  BoStoreJob job;

  g_return_val_if_fail (BO_IS_STORE (self), FALSE);
  g_return_val_if_fail (trial != NULL && trial->id != NULL && trial->campaign != NULL && trial->cell != NULL,
                        FALSE);

  job = save_trial_job (self, trial);
  return GPOINTER_TO_INT (bo_store_thread_run (self->thread, &job, error));
}

void
bo_store_save_trial_async (BoStore *self,
                           const BoTrial *trial,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  g_return_if_fail (BO_IS_STORE (self));
  g_return_if_fail (trial != NULL && trial->id != NULL && trial->campaign != NULL && trial->cell != NULL);

  bo_store_start (self, save_trial_job (self, trial), bo_store_save_trial_async, cancellable, callback,
                  user_data);
}

gboolean
bo_store_save_trial_finish (BoStore *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (BO_IS_STORE (self), FALSE);

  return GPOINTER_TO_INT (bo_store_finish (self, result, bo_store_save_trial_async, error));
}

static gpointer
list_trials_func (BoDatabase *database, gpointer data, GError **error)
{
  BoStoreArguments *arguments = data;

  return bo_trial_table_list (database, arguments->study_id, arguments->id, arguments->cell, error);
}

static BoStoreJob
list_trials_job (BoStore *self, const char *study_id, const char *campaign_id, const BoCell *cell)
{
  BoStoreArguments *arguments = g_new0 (BoStoreArguments, 1);

  arguments->study_id = g_strdup (study_id);
  arguments->id = g_strdup (campaign_id);
  arguments->cell = cell != NULL ? bo_cell_copy (cell) : NULL;
  return bo_store_make_job (list_trials_func, FALSE, arguments, (GDestroyNotify) g_ptr_array_unref);
}

/**
 * bo_store_list_trials_sync:
 * @self: a store
 * @study_id: (nullable): only those of this study
 * @campaign_id: (nullable): only those of this campaign
 * @cell: (nullable): only those of this cell
 * @error: return location for a #BoStoreError
 *
 * Lists trials with all of their parts.
 *
 * Returns: (transfer full) (nullable) (element-type BoTrial): by campaign, then in the order of its script
 */
GPtrArray *
bo_store_list_trials_sync (BoStore *self,
                           const char *study_id,
                           const char *campaign_id,
                           const BoCell *cell,
                           GError **error)
{
  BoStoreJob job;

  g_return_val_if_fail (BO_IS_STORE (self), NULL);

  job = list_trials_job (self, study_id, campaign_id, cell);
  return bo_store_thread_run (self->thread, &job, error);
}

void
bo_store_list_trials_async (BoStore *self,
                            const char *study_id,
                            const char *campaign_id,
                            const BoCell *cell,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  g_return_if_fail (BO_IS_STORE (self));

  bo_store_start (self, list_trials_job (self, study_id, campaign_id, cell), bo_store_list_trials_async,
                  cancellable, callback, user_data);
}

GPtrArray *
bo_store_list_trials_finish (BoStore *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (BO_IS_STORE (self), NULL);

  return bo_store_finish (self, result, bo_store_list_trials_async, error);
}

static gpointer
get_trial_func (BoDatabase *database, gpointer data, GError **error)
{
  BoStoreArguments *arguments = data;

  return bo_trial_table_get (database, arguments->id, error);
}

static BoStoreJob
get_trial_job (BoStore *self, const char *trial_id)
{
  BoStoreArguments *arguments = g_new0 (BoStoreArguments, 1);

  arguments->id = g_strdup (trial_id);
  return bo_store_make_job (get_trial_func, FALSE, arguments, (GDestroyNotify) bo_trial_unref);
}

/**
 * bo_store_get_trial_sync:
 * @self: a store
 * @trial_id: id of a trial
 * @error: return location for a #BoStoreError
 *
 * Gets one trial with all of its parts.
 *
 * Returns: (transfer full) (nullable): the trial
 */
BoTrial *
bo_store_get_trial_sync (BoStore *self, const char *trial_id, GError **error)
{
  BoStoreJob job;

  g_return_val_if_fail (BO_IS_STORE (self), NULL);
  g_return_val_if_fail (trial_id != NULL, NULL);

  job = get_trial_job (self, trial_id);
  return bo_store_thread_run (self->thread, &job, error);
}

void
bo_store_get_trial_async (BoStore *self,
                          const char *trial_id,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  g_return_if_fail (BO_IS_STORE (self));
  g_return_if_fail (trial_id != NULL);

  bo_store_start (self, get_trial_job (self, trial_id), bo_store_get_trial_async, cancellable, callback,
                  user_data);
}

BoTrial *
bo_store_get_trial_finish (BoStore *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (BO_IS_STORE (self), NULL);

  return bo_store_finish (self, result, bo_store_get_trial_async, error);
}

static gpointer
get_estimates_func (BoDatabase *database, gpointer data, GError **error)
{
  BoStoreArguments *arguments = data;

  return bo_campaign_table_get_estimates (database, arguments->study_id, arguments->id, error);
}

static BoStoreJob
get_estimates_job (BoStore *self, const char *study_id, const char *device_url)
{
  BoStoreArguments *arguments = g_new0 (BoStoreArguments, 1);

  arguments->study_id = g_strdup (study_id);
  arguments->id = g_strdup (device_url);
  return bo_store_make_job (get_estimates_func, FALSE, arguments, (GDestroyNotify) g_hash_table_unref);
}

/**
 * bo_store_get_estimates_sync:
 * @self: a store
 * @study_id: id of a study
 * @device_url: (nullable): only what was measured on this device
 * @error: return location for a #BoStoreError
 *
 * Tells from the trials of the past how long those of the future will take.
 *
 * Returns: (transfer full) (nullable) (element-type utf8 BoEstimate): by bo_estimate_get_key()
 */
GHashTable *
bo_store_get_estimates_sync (BoStore *self, const char *study_id, const char *device_url, GError **error)
{
  BoStoreJob job;

  g_return_val_if_fail (BO_IS_STORE (self), NULL);
  g_return_val_if_fail (study_id != NULL, NULL);

  job = get_estimates_job (self, study_id, device_url);
  return bo_store_thread_run (self->thread, &job, error);
}

void
bo_store_get_estimates_async (BoStore *self,
                              const char *study_id,
                              const char *device_url,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  g_return_if_fail (BO_IS_STORE (self));
  g_return_if_fail (study_id != NULL);

  bo_store_start (self, get_estimates_job (self, study_id, device_url), bo_store_get_estimates_async,
                  cancellable, callback, user_data);
}

GHashTable *
bo_store_get_estimates_finish (BoStore *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (BO_IS_STORE (self), NULL);

  return bo_store_finish (self, result, bo_store_get_estimates_async, error);
}

static gpointer
set_note_func (BoDatabase *database, gpointer data, GError **error)
{
  BoStoreArguments *arguments = data;

  return GINT_TO_POINTER (
      bo_campaign_table_set_note (database, arguments->study_id, arguments->key, arguments->text, error));
}

static BoStoreJob
set_note_job (BoStore *self, const char *study_id, const char *key, const char *text)
{
  BoStoreArguments *arguments = g_new0 (BoStoreArguments, 1);

  arguments->study_id = g_strdup (study_id);
  arguments->key = g_strdup (key);
  arguments->text = g_strdup (text);
  return bo_store_make_job (set_note_func, TRUE, arguments, NULL);
}

/**
 * bo_store_set_note_sync:
 * @self: a store
 * @study_id: id of a study
 * @key: what it is about: "strategy:ID" or "finding:KEY"
 * @text: (nullable): the note, or %NULL to take it away
 * @error: return location for a #BoStoreError
 *
 * Writes one of the user's own notes.
 *
 * Returns: whether it was written
 */
gboolean
bo_store_set_note_sync (BoStore *self,
                        const char *study_id,
                        const char *key,
                        const char *text,
                        GError **error)
{
  BoStoreJob job;

  g_return_val_if_fail (BO_IS_STORE (self), FALSE);
  g_return_val_if_fail (study_id != NULL && key != NULL, FALSE);

  job = set_note_job (self, study_id, key, text);
  return GPOINTER_TO_INT (bo_store_thread_run (self->thread, &job, error));
}

void
bo_store_set_note_async (BoStore *self,
                         const char *study_id,
                         const char *key,
                         const char *text,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  g_return_if_fail (BO_IS_STORE (self));
  g_return_if_fail (study_id != NULL && key != NULL);

  bo_store_start (self, set_note_job (self, study_id, key, text), bo_store_set_note_async, cancellable,
                  callback, user_data);
}

gboolean
bo_store_set_note_finish (BoStore *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (BO_IS_STORE (self), FALSE);

  return GPOINTER_TO_INT (bo_store_finish (self, result, bo_store_set_note_async, error));
}

static gpointer
get_notes_func (BoDatabase *database, gpointer data, GError **error)
{
  BoStoreArguments *arguments = data;

  return bo_campaign_table_get_notes (database, arguments->study_id, error);
}

static BoStoreJob
get_notes_job (BoStore *self, const char *study_id)
{
  BoStoreArguments *arguments = g_new0 (BoStoreArguments, 1);

  arguments->study_id = g_strdup (study_id);
  return bo_store_make_job (get_notes_func, FALSE, arguments, (GDestroyNotify) g_hash_table_unref);
}

/**
 * bo_store_get_notes_sync:
 * @self: a store
 * @study_id: id of a study
 * @error: return location for a #BoStoreError
 *
 * Gets the user's notes on a study.
 *
 * Returns: (transfer full) (nullable) (element-type utf8 utf8): the notes by key
 */
GHashTable *
bo_store_get_notes_sync (BoStore *self, const char *study_id, GError **error)
{
  BoStoreJob job;

  g_return_val_if_fail (BO_IS_STORE (self), NULL);
  g_return_val_if_fail (study_id != NULL, NULL);

  job = get_notes_job (self, study_id);
  return bo_store_thread_run (self->thread, &job, error);
}

void
bo_store_get_notes_async (BoStore *self,
                          const char *study_id,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  g_return_if_fail (BO_IS_STORE (self));
  g_return_if_fail (study_id != NULL);

  bo_store_start (self, get_notes_job (self, study_id), bo_store_get_notes_async, cancellable, callback,
                  user_data);
}

GHashTable *
bo_store_get_notes_finish (BoStore *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (BO_IS_STORE (self), NULL);

  return bo_store_finish (self, result, bo_store_get_notes_async, error);
}
