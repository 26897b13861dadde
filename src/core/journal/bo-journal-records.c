/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-journal-records"

#include "config.h"

#include <glib/gi18n.h>

#include "journal/bo-recorder.h"

static gboolean
read_all (const char *folder, BoRecorder *recorder, const gboolean *enough, GError **error)
{
  g_autofree char *inner = g_build_filename (folder, "journal", NULL);
  g_autoptr (BoJournalReader) reader
      = bo_journal_reader_new (g_file_test (inner, G_FILE_TEST_IS_DIR) ? inner : folder);
  BoJournalMessage message;
  BoJournalNext next;
  gboolean any = FALSE;

  while ((next = bo_journal_reader_next (reader, &message, error)) == BO_JOURNAL_NEXT_MESSAGE)
    {
      any = TRUE;
      bo_recorder_feed (recorder, &message);
      if (enough != NULL && *enough)
        return TRUE;
    }
  if (next == BO_JOURNAL_NEXT_ERROR)
    return FALSE;
  if (!any)
    {
      g_set_error (error, BO_JOURNAL_ERROR, BO_JOURNAL_ERROR_NOT_FOUND, _ ("There is no journal in %s"),
                   folder);
      return FALSE;
    }
  return TRUE;
}

/**
 * bo_journal_read_trials:
 * @folder: a campaign's folder, or its journal's
 * @campaign: the campaign
 * @state: (out) (optional): how the campaign ended
 * @error: return location for a #BoJournalError
 *
 * Reads a journal that nobody writes any more.
 *
 * Returns: (transfer full) (nullable) (element-type BoTrial): the records, in the order of the campaign
 */
GPtrArray *
bo_journal_read_trials (const char *folder, BoCampaign *campaign, BoCampaignState *state, GError **error)
{
  g_autoptr (BoRecorder) recorder = NULL;

  g_return_val_if_fail (folder != NULL && campaign != NULL, NULL);

  recorder = bo_recorder_new (campaign);
  if (!read_all (folder, recorder, NULL, error))
    return NULL;
  bo_recorder_finish (recorder);
  if (state != NULL)
    *state = bo_recorder_get_state (recorder);
  return g_ptr_array_ref (bo_recorder_get_trials (recorder));
}

/**
 * bo_journal_read_running:
 * @folder: a campaign's folder, or its journal's
 * @campaign: the campaign
 * @error: return location for a #BoJournalError
 *
 * Reads a journal that somebody may still write: what is under way is running, what is to come is pending.
 *
 * Returns: (transfer full) (nullable) (element-type BoTrial): the records so far, in the order of the campaign
 */
GPtrArray *
bo_journal_read_running (const char *folder, BoCampaign *campaign, GError **error)
{
  g_autoptr (BoRecorder) recorder = NULL;

  g_return_val_if_fail (folder != NULL && campaign != NULL, NULL);

  recorder = bo_recorder_new (campaign);
  if (!read_all (folder, recorder, NULL, error))
    return NULL;
  return g_ptr_array_ref (bo_recorder_get_trials (recorder));
}

typedef struct
{
  const char *trial;
  BoLogFunc func;
  gpointer user_data;
  gboolean enough;
} LogRequest;

static void
log_line_cb (BoRecorder *recorder, const BoChange *change, gpointer user_data)
{
  LogRequest *request = user_data;

  if (change->kind != BO_CHANGE_LOG || request->enough || g_strcmp0 (change->trial->id, request->trial) != 0)
    return;
  request->enough = !request->func (g_ptr_array_index (change->trial->steps, change->index), change->line,
                                    request->user_data);
}

/**
 * bo_journal_read_log:
 * @folder: a campaign's folder, or its journal's
 * @campaign: the campaign
 * @trial: id of one of its trials
 * @func: called for each line of its build, in the order in which they came
 * @user_data: for @func
 * @error: return location for a #BoJournalError
 *
 * Returns: whether the journal could be read
 */
gboolean
bo_journal_read_log (const char *folder,
                     BoCampaign *campaign,
                     const char *trial,
                     BoLogFunc func,
                     gpointer user_data,
                     GError **error)
{
  g_autoptr (BoRecorder) recorder = NULL;
  LogRequest request = { .trial = trial, .func = func, .user_data = user_data };

  g_return_val_if_fail (folder != NULL && campaign != NULL && trial != NULL && func != NULL, FALSE);

  recorder = bo_recorder_new (campaign);
  bo_recorder_set_keep_lines (recorder, 0);
  bo_recorder_set_func (recorder, log_line_cb, &request, NULL);
  if (!read_all (folder, recorder, &request.enough, error))
    return FALSE;
  if (!request.enough)
    bo_recorder_finish (recorder);
  return TRUE;
}

typedef struct
{
  GPtrArray *points;
  GArray *times; /* on the journal's clock */
} TelemetryRequest;

static void
telemetry_cb (BoRecorder *recorder, const BoChange *change, gpointer user_data)
{
  TelemetryRequest *request = user_data;
  BoTelemetryPoint *point;

  if (change->kind != BO_CHANGE_TELEMETRY)
    return;
  point = g_new0 (BoTelemetryPoint, 1);
  point->wall_us = change->wall_us;
  point->sample = bo_telemetry_sample_copy (change->sample);
  g_ptr_array_add (request->points, point);
  g_array_append_val (request->times, change->monotonic_us);
}

/* The samples of the build, and of those before and after it the nearest. */
static void
keep_span (TelemetryRequest *request, gint64 start_us, gint64 end_us)
{
  guint first = 0;
  guint n = request->points->len;

  while (first + 1 < n && g_array_index (request->times, gint64, first + 1) <= start_us)
    first++;
  for (guint i = first; end_us >= 0 && i < n; i++)
    {
      if (g_array_index (request->times, gint64, i) >= end_us)
        n = i + 1;
    }
  for (guint i = first; i < n; i++)
    ((BoTelemetryPoint *) g_ptr_array_index (request->points, i))->time_us
        = g_array_index (request->times, gint64, i) - start_us;
  g_ptr_array_remove_range (request->points, n, request->points->len - n);
  g_ptr_array_remove_range (request->points, 0, first);
}

/**
 * bo_journal_read_telemetry:
 * @folder: a campaign's folder, or its journal's
 * @campaign: the campaign
 * @trial: (nullable): id of one of its trials; %NULL for the whole campaign
 * @error: return location for a #BoJournalError
 *
 * What the machine was like, sample by sample: from the last one before the
 * build began to the first one after it ended. Without @trial the times count from the first sample.
 *
 * Returns: (transfer full) (nullable) (element-type BoTelemetryPoint): none, where nobody
 *   watched the machine, or the build never began
 */
GPtrArray *
bo_journal_read_telemetry (const char *folder, BoCampaign *campaign, const char *trial, GError **error)
{
  g_autoptr (BoRecorder) recorder = NULL;
  g_autoptr (GPtrArray) points = g_ptr_array_new_with_free_func ((GDestroyNotify) bo_telemetry_point_free);
  g_autoptr (GArray) times = g_array_new (FALSE, FALSE, sizeof (gint64));
  TelemetryRequest request = { points, times };
  gint64 start_us = 0;
  gint64 end_us = -1;

  g_return_val_if_fail (folder != NULL && campaign != NULL, NULL);

  recorder = bo_recorder_new (campaign);
  bo_recorder_set_keep_lines (recorder, 0);
  bo_recorder_set_func (recorder, telemetry_cb, &request, NULL);
  if (!read_all (folder, recorder, NULL, error))
    return NULL;
  bo_recorder_finish (recorder);
  if (points->len == 0)
    return g_steal_pointer (&points);
  if (trial == NULL)
    start_us = g_array_index (times, gint64, 0);
  else if (!bo_recorder_get_build_span (recorder, trial, &start_us, &end_us))
    {
      g_ptr_array_set_size (points, 0);
      return g_steal_pointer (&points);
    }
  keep_span (&request, start_us, end_us);
  return g_steal_pointer (&points);
}
