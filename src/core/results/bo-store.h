/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "results/bo-campaign.h"
#include "results/bo-trial.h"

G_BEGIN_DECLS

/*
 * The store keeps the records in one SQLite database, and knows where the
 * journals lie beside it. All work is done in one thread of its own, in the
 * order in which it was asked for. Every operation comes twice: _async and
 * _finish for a window, and _sync, which waits, for the command line.
 * Two processes may use the same store at once.
 */

/**
 * BoStoreError:
 * @BO_STORE_ERROR_OPEN: the file cannot be opened or made (path, permissions)
 * @BO_STORE_ERROR_NEWER: a later version of Bakeoff wrote it; it is left as it is
 * @BO_STORE_ERROR_DAMAGED: it is no database, or not ours, or damaged; it is left as it is
 * @BO_STORE_ERROR_BUSY: another process kept it locked for too long
 * @BO_STORE_ERROR_FULL: the disk is full
 * @BO_STORE_ERROR_NOT_FOUND: there is no such campaign or trial
 * @BO_STORE_ERROR_EXISTS: there is a campaign of that id already
 * @BO_STORE_ERROR_CLOSED: the store has been closed
 * @BO_STORE_ERROR_FAILED: anything else that the database says
 */
typedef enum
{
  BO_STORE_ERROR_OPEN,
  BO_STORE_ERROR_NEWER,
  BO_STORE_ERROR_DAMAGED,
  BO_STORE_ERROR_BUSY,
  BO_STORE_ERROR_FULL,
  BO_STORE_ERROR_NOT_FOUND,
  BO_STORE_ERROR_EXISTS,
  BO_STORE_ERROR_CLOSED,
  BO_STORE_ERROR_FAILED,
} BoStoreError;

#define BO_STORE_ERROR (bo_store_error_quark ())
GQuark bo_store_error_quark (void);

/**
 * BoStudySummary: one study that the store knows
 * @id, @name, @file: of the study, as its latest campaign had them
 * @n_campaigns: how many campaigns there are
 * @n_trials: how many counted trials there are in them, that have an outcome
 * @last_campaign: (nullable): id of the latest
 * @last_us: when that was planned, wall clock
 */
typedef struct
{
  char *id;
  char *name;
  char *file;
  guint n_campaigns;
  guint n_trials;
  char *last_campaign;
  gint64 last_us;
} BoStudySummary;

/**
 * BoCampaignSummary: one campaign that the store knows
 * @id, @study_id, @study_name, @device_url: of the campaign
 * @state: how it stands
 * @created_us: when it was planned, wall clock
 * @ended_us: when its state became one of the final ones, or -1
 * @n_outcomes: how many of its trials ended how, by #BoOutcome
 * @n_trials: how many trials it has in all
 */
typedef struct
{
  char *id;
  char *study_id;
  char *study_name;
  char *device_url;
  BoCampaignState state;
  gint64 created_us;
  gint64 ended_us;
  guint n_outcomes[BO_N_OUTCOMES];
  guint n_trials;
} BoCampaignSummary;

/**
 * BoEstimate: what earlier trials say about how long one will take
 * @build_us: median build time of those that succeeded, or, when none did, median of how far the others got
 * @overhead_us: median of their other phases together (upload, inspect, probes, clean-up)
 * @image_size: median image size in bytes, or -1
 * @n_succeeded: how many succeeded
 * @n_failed: how many ended in another way that took time (failed, timed out)
 */
typedef struct
{
  gint64 build_us;
  gint64 overhead_us;
  gint64 image_size;
  guint n_succeeded;
  guint n_failed;
} BoEstimate;

void bo_study_summary_free (BoStudySummary *summary);
void bo_campaign_summary_free (BoCampaignSummary *summary);
char *bo_estimate_get_key (const BoPlannedTrial *trial);

#define BO_TYPE_STORE (bo_store_get_type ())
G_DECLARE_FINAL_TYPE (BoStore, bo_store, BO, STORE, GObject)

char *bo_store_get_default_path (void);

BoStore *bo_store_open_sync (const char *path, GError **error);
void bo_store_open_async (const char *path,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data);
BoStore *bo_store_open_finish (GAsyncResult *result, GError **error);

void bo_store_close_sync (BoStore *self);

const char *bo_store_get_path (BoStore *self);
char *bo_store_get_campaign_folder (BoStore *self, const char *campaign_id);

/* A campaign with all of its planned trials, pending, in state planned. */
gboolean bo_store_add_campaign_sync (BoStore *self, const BoCampaign *campaign, GError **error);
void bo_store_add_campaign_async (BoStore *self,
                                  const BoCampaign *campaign,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
gboolean bo_store_add_campaign_finish (BoStore *self, GAsyncResult *result, GError **error);

/* The record of a trial, whole, in one transaction; what was there is replaced. */
gboolean bo_store_save_trial_sync (BoStore *self, const BoTrial *trial, GError **error);
void bo_store_save_trial_async (BoStore *self,
                                const BoTrial *trial,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
gboolean bo_store_save_trial_finish (BoStore *self, GAsyncResult *result, GError **error);

gboolean bo_store_set_campaign_state_sync (BoStore *self,
                                           const char *campaign_id,
                                           BoCampaignState state,
                                           GError **error);
void bo_store_set_campaign_state_async (BoStore *self,
                                        const char *campaign_id,
                                        BoCampaignState state,
                                        GCancellable *cancellable,
                                        GAsyncReadyCallback callback,
                                        gpointer user_data);
gboolean bo_store_set_campaign_state_finish (BoStore *self, GAsyncResult *result, GError **error);

gboolean bo_store_delete_campaign_sync (BoStore *self, const char *campaign_id, GError **error);
void bo_store_delete_campaign_async (BoStore *self,
                                     const char *campaign_id,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data);
gboolean bo_store_delete_campaign_finish (BoStore *self, GAsyncResult *result, GError **error);

/* (element-type BoStudySummary), the one with the latest campaign first */
GPtrArray *bo_store_list_studies_sync (BoStore *self, GError **error);
void bo_store_list_studies_async (BoStore *self,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
GPtrArray *bo_store_list_studies_finish (BoStore *self, GAsyncResult *result, GError **error);

/* (element-type BoCampaignSummary), the latest first; @study_id may be NULL for all */
GPtrArray *bo_store_list_campaigns_sync (BoStore *self, const char *study_id, GError **error);
void bo_store_list_campaigns_async (BoStore *self,
                                    const char *study_id,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data);
GPtrArray *bo_store_list_campaigns_finish (BoStore *self, GAsyncResult *result, GError **error);

/* (element-type BoCampaignSummary): those still planned or running: under way elsewhere, or left by a crash */
GPtrArray *bo_store_list_unfinished_sync (BoStore *self, GError **error);
void bo_store_list_unfinished_async (BoStore *self,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data);
GPtrArray *bo_store_list_unfinished_finish (BoStore *self, GAsyncResult *result, GError **error);

/* The campaign as it was planned, with its state. */
BoCampaign *bo_store_get_campaign_sync (BoStore *self, const char *campaign_id, GError **error);
void bo_store_get_campaign_async (BoStore *self,
                                  const char *campaign_id,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
BoCampaign *bo_store_get_campaign_finish (BoStore *self, GAsyncResult *result, GError **error);

/* The latest campaign of the study in a final state that has a trial which ended; NOT_FOUND when there is none. */
BoCampaign *bo_store_get_latest_campaign_sync (BoStore *self, const char *study_id, GError **error);
void bo_store_get_latest_campaign_async (BoStore *self,
                                         const char *study_id,
                                         GCancellable *cancellable,
                                         GAsyncReadyCallback callback,
                                         gpointer user_data);
BoCampaign *bo_store_get_latest_campaign_finish (BoStore *self, GAsyncResult *result, GError **error);

/* (element-type BoTrial), in the order of campaigns and of their scripts; each of the three may be NULL */
GPtrArray *bo_store_list_trials_sync (BoStore *self,
                                      const char *study_id,
                                      const char *campaign_id,
                                      const BoCell *cell,
                                      GError **error);
void bo_store_list_trials_async (BoStore *self,
                                 const char *study_id,
                                 const char *campaign_id,
                                 const BoCell *cell,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);
GPtrArray *bo_store_list_trials_finish (BoStore *self, GAsyncResult *result, GError **error);

BoTrial *bo_store_get_trial_sync (BoStore *self, const char *trial_id, GError **error);
void bo_store_get_trial_async (BoStore *self,
                               const char *trial_id,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data);
BoTrial *bo_store_get_trial_finish (BoStore *self, GAsyncResult *result, GError **error);

/* (element-type utf8 BoEstimate): by bo_estimate_get_key(); @device_url may be NULL for all devices */
GHashTable *bo_store_get_estimates_sync (BoStore *self, const char *study_id, const char *device_url, GError **error);
void bo_store_get_estimates_async (BoStore *self,
                                   const char *study_id,
                                   const char *device_url,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data);
GHashTable *bo_store_get_estimates_finish (BoStore *self, GAsyncResult *result, GError **error);

/*
 * The user's own notes in the findings: @key is "strategy:ID" or "finding:KEY". Text NULL
 * takes the note away. Notes are (element-type utf8 utf8): key -> text.
 */
gboolean bo_store_set_note_sync (BoStore *self,
                                 const char *study_id,
                                 const char *key,
                                 const char *text,
                                 GError **error);
void bo_store_set_note_async (BoStore *self,
                              const char *study_id,
                              const char *key,
                              const char *text,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data);
gboolean bo_store_set_note_finish (BoStore *self, GAsyncResult *result, GError **error);
GHashTable *bo_store_get_notes_sync (BoStore *self, const char *study_id, GError **error);
void bo_store_get_notes_async (BoStore *self,
                               const char *study_id,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data);
GHashTable *bo_store_get_notes_finish (BoStore *self, GAsyncResult *result, GError **error);

G_END_DECLS
