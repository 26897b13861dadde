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
  bo_recorder_finish (recorder);
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
  if (state != NULL)
    *state = bo_recorder_get_state (recorder);
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
  return read_all (folder, recorder, &request.enough, error);
}
