/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-export"

#include "config.h"

#include "findings/bo-export.h"
#include "findings/bo-report-charts.h"
#include "findings/bo-report-html.h"

static const struct
{
  const char *word;
  const char *suffix;
} formats[BO_N_EXPORT_FORMATS] = {
  [BO_EXPORT_MARKDOWN] = { "markdown", "md" },
  [BO_EXPORT_HTML] = { "html", "html" },
  [BO_EXPORT_JSON] = { "json", "json" },
  [BO_EXPORT_CSV] = { "csv", "csv" },
};

/**
 * bo_export_format_from_string:
 * @word: "markdown", "html", "json" or "csv"
 * @format: (out): the format
 *
 * Returns: whether @word is one
 */
gboolean
bo_export_format_from_string (const char *word, BoExportFormat *format)
{
  g_return_val_if_fail (word != NULL && format != NULL, FALSE);

  for (guint i = 0; i < G_N_ELEMENTS (formats); i++)
    if (g_str_equal (word, formats[i].word))
      {
        *format = (BoExportFormat) i;
        return TRUE;
      }
  return FALSE;
}

const char *
bo_export_format_to_string (BoExportFormat format)
{
  g_return_val_if_fail (format < BO_N_EXPORT_FORMATS, NULL);

  return formats[format].word;
}

/**
 * bo_export_format_get_suffix:
 *
 * Returns: how names of such files end, without the dot
 */
const char *
bo_export_format_get_suffix (BoExportFormat format)
{
  g_return_val_if_fail (format < BO_N_EXPORT_FORMATS, NULL);

  return formats[format].suffix;
}

/**
 * bo_export_make_name:
 * @study: a study
 * @format: what is written
 *
 * Returns: (transfer full): a name for the file: "audiobook-findings.md", "audiobook-trials.csv"
 */
char *
bo_export_make_name (const BoStudy *study, BoExportFormat format)
{
  g_autofree char *id = NULL;

  g_return_val_if_fail (study != NULL && format < BO_N_EXPORT_FORMATS, NULL);

  /* An id may hold what a file system on a stick does not take. */
  id = g_strcanon (g_strdup (study->id), G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS "-_.", '_');
  return g_strdup_printf ("%s-%s.%s", id, format == BO_EXPORT_CSV ? "trials" : "findings", formats[format].suffix);
}

/**
 * bo_export_make_document:
 * @report: a report
 * @format: what is written
 * @error: return location for a #BoChartFileError
 *
 * Returns: (transfer full): the document, Markdown without charts; %NULL when a chart of a page cannot be drawn
 */
char *
bo_export_make_document (const BoReport *report, BoExportFormat format, GError **error)
{
  g_return_val_if_fail (report != NULL, NULL);

  switch (format)
    {
    case BO_EXPORT_MARKDOWN:
      return bo_report_to_markdown (report);
    case BO_EXPORT_HTML:
      return bo_report_to_html (report, error);
    case BO_EXPORT_JSON:
      return bo_report_to_json (report);
    case BO_EXPORT_CSV:
      return bo_report_to_csv (report);
    default:
      g_return_val_if_reached (NULL);
    }
}

/**
 * bo_export_save:
 * @report: a report
 * @format: what is written
 * @charts: for %BO_EXPORT_MARKDOWN, whether charts are put into it and their pictures into a folder
 *   beside it (bo_report_get_charts_folder()); they are written first, since the document shows them
 * @path: where to; what is there is replaced whole, or not at all
 * @error: return location for a #GFileError or #BoChartFileError
 *
 * Returns: whether all of it was written
 */
gboolean
bo_export_save (const BoReport *report, BoExportFormat format, gboolean charts, const char *path, GError **error)
{
  g_autofree char *document = NULL;

  g_return_val_if_fail (report != NULL && path != NULL, FALSE);

  if (format == BO_EXPORT_MARKDOWN && charts)
    {
      g_autoptr (GPtrArray) pictures = bo_report_make_charts (report);
      g_autofree char *folder = bo_report_get_charts_folder (path);
      g_autofree char *name = g_path_get_basename (folder);
      g_autofree char *lines = NULL;

      if (!bo_report_charts_save (pictures, folder, error))
        return FALSE;
      lines = bo_report_charts_to_markdown (pictures, name);
      document = bo_report_to_markdown_with_charts (report, lines);
    }
  else
    document = bo_export_make_document (report, format, error);
  return document != NULL
         && g_file_set_contents_full (path, document, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0644, error);
}
