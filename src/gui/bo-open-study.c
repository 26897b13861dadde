/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-open-study"

#include "config.h"

#include <glib/gi18n.h>

#include "bo-open-study.h"
#include "bo-settings.h"
#include "device/bo-device.h"
#include "shell/bo-free-in-thread.h"
#include "study/bo-study-watch.h"

/* What is drawn anew for each record would be drawn for nobody to see, were it more often. */
#define RECORDS_MS 250

/* A campaign that was asked for while the study is read anew. */
typedef struct
{
  GPtrArray *cells;
  guint repetitions;
  BoPlace place;
} Wish;

struct _BoOpenStudy
{
  GObject parent_instance;

  GFile *file;
  BoStudyWatch *watch; /* (nullable): of a file that is not local there is none */
  GCancellable *loading;
  BoStudyResults *results;
  GError *error;
  BoStore *store;
  char *device;
  BoSession *session;
  guint records_id;
  Wish *wish; /* (nullable) */
  gboolean closed;
};

enum
{
  LOADED,
  DEVICE_CHANGED,
  SESSION_CHANGED,
  CHANGE,
  RECORDS_CHANGED,
  NOTICE,
  SESSION_ENDED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (BoOpenStudy, bo_open_study, G_TYPE_OBJECT)

static void begin_wish (BoOpenStudy *self);

static void
wish_free (Wish *wish)
{
  g_ptr_array_unref (wish->cells);
  g_free (wish);
}

/* --- Loading ------------------------------------------------------------------- */

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BoStudyResults) results = bo_study_results_load_finish (result, &error);
  BoOpenStudy *self;

  /* Then the object may be gone. */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  self = BO_OPEN_STUDY (user_data);
  g_clear_object (&self->loading);
  g_clear_error (&self->error);
  self->error = g_steal_pointer (&error);
  /* While the file is broken, what is seen and the Dockerfiles are those of the study before. */
  if (results != NULL)
    {
      bo_free_in_thread (g_steal_pointer (&self->results), (GDestroyNotify) bo_study_results_free);
      self->results = g_steal_pointer (&results);
      if (self->watch != NULL)
        bo_study_watch_set_study (self->watch, self->results->matrix->study);
    }
  g_object_ref (self);
  g_signal_emit (self, signals[LOADED], 0);
  begin_wish (self);
  g_object_unref (self);
}

/**
 * bo_open_study_load:
 * @self: the study
 *
 * Reads the file and the results anew, in the background.
 */
void
bo_open_study_load (BoOpenStudy *self)
{
  g_return_if_fail (BO_IS_OPEN_STUDY (self));

  if (self->closed)
    return;
  if (self->loading != NULL)
    g_cancellable_cancel (self->loading);
  g_clear_object (&self->loading);
  self->loading = g_cancellable_new ();
  bo_study_results_load_async (self->file, self->device,
                               self->session != NULL ? bo_session_get_device_url (self->session) : NULL, self->loading,
                               loaded_cb, self);
}

gboolean
bo_open_study_is_loading (BoOpenStudy *self)
{
  g_return_val_if_fail (BO_IS_OPEN_STUDY (self), FALSE);

  return self->loading != NULL;
}

/**
 * bo_open_study_get_results:
 * @self: the study
 *
 * Returns: (transfer none) (nullable): what is shown, or %NULL before the study could be used for the first time
 */
BoStudyResults *
bo_open_study_get_results (BoOpenStudy *self)
{
  g_return_val_if_fail (BO_IS_OPEN_STUDY (self), NULL);

  return self->results;
}

/**
 * bo_open_study_get_error:
 * @self: the study
 *
 * Returns: (transfer none) (nullable): why the study cannot be used
 */
const GError *
bo_open_study_get_error (BoOpenStudy *self)
{
  g_return_val_if_fail (BO_IS_OPEN_STUDY (self), NULL);

  return self->error;
}

/**
 * bo_open_study_get_estimates:
 * @self: the study
 *
 * Returns: (transfer none): what builds take on the device of bo_open_study_get_campaign(), which may be another
 *   one than bo_open_study_get_device(); by bo_estimate_get_key(), and %NULL while nothing is known
 */
GHashTable *
bo_open_study_get_estimates (BoOpenStudy *self)
{
  const BoStudyResults *results;
  const char *url = NULL;

  g_return_val_if_fail (BO_IS_OPEN_STUDY (self), NULL);

  results = self->results;
  if (results == NULL)
    return NULL;
  if (self->session != NULL)
    url = bo_session_get_device_url (self->session);
  else if (results->campaign != NULL)
    url = results->campaign->device_url;
  if (url == NULL || g_strcmp0 (results->estimates_device, url) == 0)
    return results->estimates;
  return g_strcmp0 (results->campaign_estimates_device, url) == 0 ? results->campaign_estimates : NULL;
}

/**
 * bo_open_study_get_store:
 * @self: the study
 * @error: return location for a #BoStoreError
 *
 * Opens the store, and makes it when there is none yet: to be called when
 * something is to be written or read there, not to look at a study.
 *
 * Returns: (transfer none): the store, or %NULL
 */
BoStore *
bo_open_study_get_store (BoOpenStudy *self, GError **error)
{
  g_return_val_if_fail (BO_IS_OPEN_STUDY (self), NULL);

  if (self->store == NULL)
    {
      g_autofree char *path = bo_store_get_default_path ();

      self->store = bo_store_open_sync (path, error);
    }
  return self->store;
}

/* --- The device ------------------------------------------------------------------ */

/**
 * bo_open_study_get_device:
 * @self: the study
 *
 * Returns: (transfer none) (nullable): name of a saved device or a URL, or %NULL for this computer's engine
 *   (or what DOCKER_HOST says)
 */
const char *
bo_open_study_get_device (BoOpenStudy *self)
{
  g_return_val_if_fail (BO_IS_OPEN_STUDY (self), NULL);

  return self->device;
}

/**
 * bo_open_study_set_device:
 * @self: the study
 * @device: (nullable): name of a saved device or a URL
 *
 * Where the next campaign runs. A session that is under way stays where it is.
 */
void
bo_open_study_set_device (BoOpenStudy *self, const char *device)
{
  g_return_if_fail (BO_IS_OPEN_STUDY (self));

  if (g_strcmp0 (self->device, device) == 0)
    return;
  if (self->wish != NULL)
    {
      g_clear_pointer (&self->wish, wish_free);
      g_signal_emit (self, signals[NOTICE], 0, _ ("Nothing was begun: another device was picked meanwhile."));
    }
  g_free (self->device);
  self->device = g_strdup (device);
  bo_settings_set_device (self->file, device);
  g_signal_emit (self, signals[DEVICE_CHANGED], 0);
  /* What is missing and what it will take are another device's. */
  bo_open_study_load (self);
}

static BoDeviceUrl *
find_url (BoOpenStudy *self, GError **error)
{
  return self->device != NULL ? bo_device_resolve (self->device, error) : bo_device_url_new_default (error);
}

/* --- The session ----------------------------------------------------------------- */

static gboolean
records_cb (gpointer user_data)
{
  BoOpenStudy *self = BO_OPEN_STUDY (user_data);

  self->records_id = 0;
  g_signal_emit (self, signals[RECORDS_CHANGED], 0);
  return G_SOURCE_REMOVE;
}

static void
changed_cb (BoSession *session, gpointer change_pointer, gpointer user_data)
{
  BoOpenStudy *self = BO_OPEN_STUDY (user_data);
  const BoChange *change = change_pointer;

  g_signal_emit (self, signals[CHANGE], 0, change_pointer);
  if (change->kind != BO_CHANGE_LOG && self->records_id == 0)
    self->records_id = g_timeout_add (RECORDS_MS, records_cb, self);
}

static void
progress_cb (BoSession *session, gpointer user_data)
{
  g_signal_emit (user_data, signals[SESSION_CHANGED], 0);
}

static void
notice_cb (BoSession *session, const char *text, gpointer user_data)
{
  g_signal_emit (user_data, signals[NOTICE], 0, text);
}

static void
ended_cb (BoSession *session, gpointer user_data)
{
  g_autoptr (BoOpenStudy) self = g_object_ref (BO_OPEN_STUDY (user_data));

  g_clear_handle_id (&self->records_id, g_source_remove);
  g_signal_emit (self, signals[RECORDS_CHANGED], 0);
  g_signal_emit (self, signals[SESSION_ENDED], 0);
  g_signal_emit (self, signals[SESSION_CHANGED], 0);
  bo_open_study_load (self);
}

/* @device_url: (nullable): where, or %NULL for the device that is picked. */
static gboolean
make_session (BoOpenStudy *self, const char *device_url, GError **error)
{
  g_autoptr (BoDeviceUrl) url = NULL;
  BoStore *store;

  if (bo_open_study_is_running (self))
    {
      g_set_error_literal (error, BO_STUDY_RESULTS_ERROR, BO_STUDY_RESULTS_ERROR_BUSY,
                           _ ("A campaign of this study runs already. It has to end, or to be stopped, first."));
      return FALSE;
    }
  url = device_url != NULL ? bo_device_resolve (device_url, error) : find_url (self, error);
  if (url == NULL)
    return FALSE;
  store = bo_open_study_get_store (self, error);
  if (store == NULL)
    return FALSE;

  g_clear_object (&self->session);
  self->session = bo_session_new (store, url);
  g_signal_connect_object (self->session, "changed", G_CALLBACK (changed_cb), self, 0);
  g_signal_connect_object (self->session, "progress", G_CALLBACK (progress_cb), self, 0);
  g_signal_connect_object (self->session, "notice", G_CALLBACK (notice_cb), self, 0);
  g_signal_connect_object (self->session, "ended", G_CALLBACK (ended_cb), self, 0);
  return TRUE;
}

static gboolean
begin (BoOpenStudy *self, GPtrArray *cells, guint repetitions, BoPlace place, GError **error)
{
  BoSessionRequest request = { 0 };

  if (!make_session (self, NULL, error))
    return FALSE;
  request.study = self->results->matrix->study;
  request.cells = cells;
  request.repetitions = repetitions > 0 ? repetitions : request.study->repetitions;
  request.seed = ((guint64) g_random_int () << 32) | g_random_int ();
  request.place = place;
  bo_session_begin (self->session, &request);
  g_signal_emit (self, signals[SESSION_CHANGED], 0);
  return TRUE;
}

/* Whether the study can be run as its file is now. */
static gboolean
check_usable (BoOpenStudy *self, GError **error)
{
  if (self->error == NULL)
    return TRUE;
  g_set_error (error, BO_STUDY_RESULTS_ERROR, BO_STUDY_RESULTS_ERROR_STUDY, _ ("Nothing was begun: %s"),
               self->error->message);
  return FALSE;
}

/* The selection was made in the study as it was before. */
static GPtrArray *
find_again (BoOpenStudy *self, GPtrArray *cells, GError **error)
{
  g_autoptr (GPtrArray) found = g_ptr_array_new_with_free_func ((GDestroyNotify) bo_cell_free);
  g_autoptr (GPtrArray) all = bo_study_get_cells (self->results->matrix->study);

  for (guint i = 0; i < cells->len; i++)
    {
      const BoCell *cell = g_ptr_array_index (cells, i);
      guint k = 0;

      while (k < all->len && !bo_cell_equal (cell, g_ptr_array_index (all, k)))
        k++;
      if (k == all->len)
        {
          g_autofree char *key = bo_cell_get_key (cell);

          g_set_error (error, BO_STUDY_RESULTS_ERROR, BO_STUDY_RESULTS_ERROR_STUDY,
                       _ ("Nothing was begun: the study has changed, and “%s” is not in it any more. Look at the "
                          "selection again."),
                       key);
          return NULL;
        }
      g_ptr_array_add (found, bo_cell_copy (cell));
    }
  return g_steal_pointer (&found);
}

static void
begin_wish (BoOpenStudy *self)
{
  Wish *wish = g_steal_pointer (&self->wish);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) cells = NULL;

  if (wish == NULL)
    return;
  if (check_usable (self, &error))
    cells = find_again (self, wish->cells, &error);
  if (cells == NULL || !begin (self, cells, wish->repetitions, wish->place, &error))
    g_signal_emit (self, signals[NOTICE], 0, error->message);
  wish_free (wish);
}

/**
 * bo_open_study_run:
 * @self: the study
 * @cells: (element-type BoCell): what is to be built
 * @repetitions: how often, or 0 for what the study says
 * @place: where the courier is to run
 * @error: return location for an error
 *
 * Begins a campaign with the study as its file is now: while that is read anew, the campaign waits for it, and
 * "notice" tells when it could not be begun then. What goes wrong later is told by the session.
 *
 * Returns: whether it was begun, or waits
 */
gboolean
bo_open_study_run (BoOpenStudy *self, GPtrArray *cells, guint repetitions, BoPlace place, GError **error)
{
  gboolean settling;

  g_return_val_if_fail (BO_IS_OPEN_STUDY (self), FALSE);
  g_return_val_if_fail (self->results != NULL, FALSE);
  g_return_val_if_fail (cells != NULL && cells->len > 0, FALSE);

  settling = self->watch != NULL && bo_study_watch_is_settling (self->watch);
  if (!bo_open_study_is_running (self) && (self->loading != NULL || settling))
    {
      g_clear_pointer (&self->wish, wish_free);
      self->wish = g_new0 (Wish, 1);
      self->wish->cells = g_ptr_array_new_with_free_func ((GDestroyNotify) bo_cell_free);
      for (guint i = 0; i < cells->len; i++)
        g_ptr_array_add (self->wish->cells, bo_cell_copy (g_ptr_array_index (cells, i)));
      self->wish->repetitions = repetitions;
      self->wish->place = place;
      /* What is read already may have been read before the change. */
      if (settling)
        bo_open_study_load (self);
      return TRUE;
    }
  return check_usable (self, error) && begin (self, cells, repetitions, place, error);
}

/**
 * bo_open_study_attach:
 * @self: the study
 * @campaign_id: (nullable): the campaign, or %NULL for the one that runs on the device
 * @error: return location for an error
 *
 * Follows a campaign that runs on the device, or has ended there since.
 *
 * Returns: whether it was begun
 */
gboolean
bo_open_study_attach (BoOpenStudy *self, const char *campaign_id, GError **error)
{
  g_autofree char *device_url = NULL;

  g_return_val_if_fail (BO_IS_OPEN_STUDY (self), FALSE);

  /* Another device may have been picked since. */
  if (campaign_id != NULL && self->results != NULL && self->results->campaign != NULL
      && g_str_equal (self->results->campaign->id, campaign_id))
    device_url = g_strdup (self->results->campaign->device_url);
  if (!make_session (self, device_url, error))
    return FALSE;
  bo_session_attach (self->session, campaign_id);
  g_signal_emit (self, signals[SESSION_CHANGED], 0);
  return TRUE;
}

/**
 * bo_open_study_get_session:
 * @self: the study
 *
 * Returns: (transfer none) (nullable): the session that runs, or the last one, which has ended
 */
BoSession *
bo_open_study_get_session (BoOpenStudy *self)
{
  g_return_val_if_fail (BO_IS_OPEN_STUDY (self), NULL);

  return self->session;
}

gboolean
bo_open_study_is_running (BoOpenStudy *self)
{
  g_return_val_if_fail (BO_IS_OPEN_STUDY (self), FALSE);

  return self->session != NULL && bo_session_get_stage (self->session) != BO_SESSION_ENDED;
}

/**
 * bo_open_study_can_detach:
 * @self: the study
 *
 * Returns: whether the campaign that runs now would go on without this program
 */
gboolean
bo_open_study_can_detach (BoOpenStudy *self)
{
  g_return_val_if_fail (BO_IS_OPEN_STUDY (self), FALSE);

  return bo_open_study_is_running (self) && bo_session_get_stage (self->session) == BO_SESSION_PLAYING
         && bo_session_get_place (self->session) == BO_PLACE_DEVICE;
}

/**
 * bo_open_study_get_campaign:
 * @self: the study
 *
 * Returns: (transfer none) (nullable): the campaign of the session, or else the latest one in the store
 */
BoCampaign *
bo_open_study_get_campaign (BoOpenStudy *self)
{
  g_return_val_if_fail (BO_IS_OPEN_STUDY (self), NULL);

  if (self->session != NULL && bo_session_get_campaign (self->session) != NULL)
    return bo_session_get_campaign (self->session);
  return self->results != NULL ? self->results->campaign : NULL;
}

/**
 * bo_open_study_get_trials:
 * @self: the study
 *
 * Returns: (transfer none) (nullable) (element-type BoTrial): the records of bo_open_study_get_campaign(), in
 *   the order of its script
 */
GPtrArray *
bo_open_study_get_trials (BoOpenStudy *self)
{
  g_return_val_if_fail (BO_IS_OPEN_STUDY (self), NULL);

  if (self->session != NULL && bo_session_get_campaign (self->session) != NULL)
    {
      BoRecorder *recorder = bo_session_get_recorder (self->session);

      return recorder != NULL ? bo_recorder_get_trials (recorder) : NULL;
    }
  return self->results != NULL ? self->results->campaign_trials : NULL;
}

/**
 * bo_open_study_stop:
 * @self: the study
 * @now: whether the build under way is cancelled; else it is the last one
 */
void
bo_open_study_stop (BoOpenStudy *self, gboolean now)
{
  g_return_if_fail (BO_IS_OPEN_STUDY (self));

  if (!bo_open_study_is_running (self))
    return;
  bo_session_stop (self->session, now);
  g_signal_emit (self, signals[SESSION_CHANGED], 0);
}

/**
 * bo_open_study_detach:
 * @self: the study
 *
 * Leaves the campaign to the device.
 *
 * Returns: whether it goes on there; %FALSE when it cannot
 */
gboolean
bo_open_study_detach (BoOpenStudy *self)
{
  g_return_val_if_fail (BO_IS_OPEN_STUDY (self), FALSE);

  return bo_open_study_can_detach (self) && bo_session_detach (self->session);
}

/**
 * bo_open_study_close:
 * @self: the study
 *
 * Its window closes: nothing is told any more. A campaign on the device goes on there.
 */
void
bo_open_study_close (BoOpenStudy *self)
{
  g_return_if_fail (BO_IS_OPEN_STUDY (self));

  self->closed = TRUE;
  g_clear_pointer (&self->wish, wish_free);
  if (self->loading != NULL)
    g_cancellable_cancel (self->loading);
  g_clear_object (&self->loading);
  if (self->watch != NULL)
    g_signal_handlers_disconnect_by_data (self->watch, self);
  g_clear_object (&self->watch);
  g_clear_handle_id (&self->records_id, g_source_remove);
  if (self->session != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->session, self);
      bo_open_study_detach (self);
    }
  g_clear_object (&self->session);
  if (self->store != NULL)
    bo_store_close_sync (self->store);
  g_clear_object (&self->store);
}

static void
bo_open_study_dispose (GObject *object)
{
  BoOpenStudy *self = BO_OPEN_STUDY (object);

  bo_open_study_close (self);
  bo_free_in_thread (g_steal_pointer (&self->results), (GDestroyNotify) bo_study_results_free);
  g_clear_error (&self->error);
  g_clear_object (&self->file);
  g_clear_pointer (&self->device, g_free);

  G_OBJECT_CLASS (bo_open_study_parent_class)->dispose (object);
}

static void
bo_open_study_class_init (BoOpenStudyClass *klass)
{
  const char *const plain[] = {
    [LOADED] = "loaded",
    [DEVICE_CHANGED] = "device-changed",
    [SESSION_CHANGED] = "session-changed",
    [RECORDS_CHANGED] = "records-changed",
    [SESSION_ENDED] = "session-ended",
  };

  G_OBJECT_CLASS (klass)->dispose = bo_open_study_dispose;

  for (guint i = 0; i < G_N_ELEMENTS (plain); i++)
    if (plain[i] != NULL)
      signals[i] = g_signal_new (plain[i], BO_TYPE_OPEN_STUDY, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[CHANGE] = g_signal_new ("change", BO_TYPE_OPEN_STUDY, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                  G_TYPE_POINTER);
  signals[NOTICE] = g_signal_new ("notice", BO_TYPE_OPEN_STUDY, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                  G_TYPE_STRING);
}

static void
bo_open_study_init (BoOpenStudy *self)
{
}

/**
 * bo_open_study_new:
 * @file: the study's file; it is read by bo_open_study_load(), and again when it or one of its Dockerfiles has changed
 *
 * Returns: (transfer full): the study, with the device that it had the last time
 */
BoOpenStudy *
bo_open_study_new (GFile *file)
{
  BoOpenStudy *self;

  g_return_val_if_fail (G_IS_FILE (file), NULL);

  self = g_object_new (BO_TYPE_OPEN_STUDY, NULL);
  self->file = g_object_ref (file);
  self->device = bo_settings_get_device (file);
  if (g_file_peek_path (file) != NULL)
    {
      self->watch = bo_study_watch_new (g_file_peek_path (file));
      g_signal_connect_swapped (self->watch, "changed", G_CALLBACK (bo_open_study_load), self);
    }
  return self;
}

GFile *
bo_open_study_get_file (BoOpenStudy *self)
{
  g_return_val_if_fail (BO_IS_OPEN_STUDY (self), NULL);

  return self->file;
}
