/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-document-update"

#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include <glib/gi18n.h>
#include <glib/gstdio.h>

#include "findings/bo-document-update.h"
#include "findings/bo-document.h"
#include "findings/bo-report-charts.h"

G_DEFINE_QUARK (bo-document-update-error-quark, bo_document_update_error)

static GBytes *
read_file (const char *path, GError **error)
{
  char *data;
  gsize size;

  return g_file_get_contents (path, &data, &size, error) ? g_bytes_new_take (data, size) : NULL;
}

/**
 * bo_document_update_new:
 * @report: a report
 * @path: a document of the user's
 * @charts: whether charts are put into it, and their pictures into a folder beside it
 * @error: return location for a #GFileError or #BoUpdateError
 *
 * Nothing is written.
 *
 * Returns: (transfer full): what would change
 */
BoDocumentUpdate *
bo_document_update_new (const BoReport *report, const char *path, gboolean charts, GError **error)
{
  g_autoptr (BoDocumentUpdate) update = g_new0 (BoDocumentUpdate, 1);
  g_autofree char *lines = NULL;

  g_return_val_if_fail (report != NULL && path != NULL, NULL);

  update->path = g_strdup (path);
  update->before = read_file (path, error);
  if (update->before == NULL)
    return NULL;
  if (charts)
    {
      g_autofree char *folder = bo_report_get_charts_folder (path);
      g_autofree char *name = g_path_get_basename (folder);

      update->charts = bo_report_make_charts (report);
      lines = bo_report_charts_to_markdown (update->charts, name);
    }
  update->after = bo_findings_update_with_charts (update->before, report, lines, &update->summary, error);
  return update->after != NULL ? g_steal_pointer (&update) : NULL;
}

void
bo_document_update_free (BoDocumentUpdate *update)
{
  if (update == NULL)
    return;
  g_free (update->path);
  g_clear_pointer (&update->before, g_bytes_unref);
  g_clear_pointer (&update->after, g_bytes_unref);
  g_clear_pointer (&update->charts, g_ptr_array_unref);
  g_free (update);
}

gboolean
bo_document_update_changes (const BoDocumentUpdate *update)
{
  g_return_val_if_fail (update != NULL, FALSE);

  return !g_bytes_equal (update->before, update->after);
}

/**
 * bo_document_update_to_diff:
 *
 * Returns: (transfer full): the change as "diff -u" prints it; empty when there is none
 */
char *
bo_document_update_to_diff (const BoDocumentUpdate *update)
{
  g_return_val_if_fail (update != NULL, NULL);

  return bo_line_diff (update->before, update->after, update->path);
}

/**
 * bo_document_update_describe:
 *
 * Returns: (transfer full): what was filled and what was not there to be filled, in lines that end
 */
char *
bo_document_update_describe (const BoDocumentUpdate *update)
{
  const BoUpdateSummary *summary;
  GString *text;

  g_return_val_if_fail (update != NULL, NULL);

  summary = &update->summary;
  text = g_string_new (NULL);
  if (!bo_document_update_changes (update))
    {
      g_autofree char *name = g_filename_display_name (update->path);

      g_string_append_printf (text, _ ("%s says all of it already; nothing was changed.\n"), name);
    }
  if (!summary->has_table)
    g_string_append (text, _ ("No table with the header “Approach | Build Time | Run Time | Notes” is in it.\n"));
  else
    g_string_append_printf (text, _ ("Rows of the table that belong to a strategy: %u; added at its end: %u.\n"),
                            summary->n_rows, summary->n_appended);
  if (summary->n_other_tables > 0)
    g_string_append_printf (text, _ ("Further tables with the same header, left alone: %u.\n"),
                            summary->n_other_tables);
  if (!summary->has_worked)
    g_string_append (text, _ ("No heading “What Worked” is in it.\n"));
  if (!summary->has_not_worked)
    g_string_append (text, _ ("No heading “What Didn't Work” is in it.\n"));
  return g_string_free (text, FALSE);
}

/* The file itself, for a link is followed, so that it stays one; %NULL when it is not as expected. */
static char *
find_target (const char *path, GBytes *expected, GError **error)
{
  g_autofree char *target = realpath (path, NULL);
  g_autoptr (GBytes) present = NULL;

  if (target == NULL || g_access (target, W_OK) != 0)
    {
      int code = errno;

      g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (code), _ ("“%s” cannot be written: %s"), path,
                   g_strerror (code));
      return NULL;
    }
  present = read_file (target, error);
  if (present == NULL)
    return NULL;
  if (!g_bytes_equal (present, expected))
    {
      g_set_error (error, BO_DOCUMENT_UPDATE_ERROR, BO_DOCUMENT_UPDATE_ERROR_CHANGED,
                   _ ("“%s” was changed by somebody else meanwhile. Nothing was written."), path);
      return NULL;
    }
  return g_steal_pointer (&target);
}

/* Whole, by rename, with the mode that it has. */
static gboolean
replace_file (const char *path, GBytes *expected, GBytes *bytes, GError **error)
{
  g_autofree char *target = find_target (path, expected, error);
  gsize size;
  const char *data = g_bytes_get_data (bytes, &size);
  GStatBuf info;

  if (target == NULL)
    return FALSE;
  if (g_stat (target, &info) != 0)
    info.st_mode = 0644;
  /* An empty file has no bytes to point at. */
  return g_file_set_contents_full (target, data != NULL ? data : "", (gssize) size, G_FILE_SET_CONTENTS_CONSISTENT,
                                   (int) (info.st_mode & 07777), error);
}

/**
 * bo_document_update_apply:
 * @update: an update
 * @error: return location for a #GFileError, #BoChartFileError or #BoDocumentUpdateError
 *
 * Writes the charts, if there are any, and then the document.
 *
 * Returns: whether all of it was written
 */
gboolean
bo_document_update_apply (const BoDocumentUpdate *update, GError **error)
{
  g_return_val_if_fail (update != NULL, FALSE);

  if (update->charts != NULL)
    {
      g_autofree char *folder = bo_report_get_charts_folder (update->path);
      g_autofree char *target = find_target (update->path, update->before, error);

      if (target == NULL || !bo_report_charts_save (update->charts, folder, error))
        return FALSE;
    }
  return !bo_document_update_changes (update) || replace_file (update->path, update->before, update->after, error);
}

/**
 * bo_document_update_undo:
 * @update: an update that was applied
 * @error: return location for a #GFileError or #BoDocumentUpdateError
 *
 * Writes the document as it was before. Pictures of charts stay in their folder.
 *
 * Returns: whether it was written; not when somebody has changed it since
 */
gboolean
bo_document_update_undo (const BoDocumentUpdate *update, GError **error)
{
  g_return_val_if_fail (update != NULL, FALSE);

  return !bo_document_update_changes (update) || replace_file (update->path, update->after, update->before, error);
}
