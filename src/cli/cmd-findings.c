/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "cmd-findings"

#include "config.h"

#include <stdio.h>
#include <string.h>

#include <glib/gi18n.h>
#include <glib/gstdio.h>

#include "bo-cli-commands.h"
#include "bo-cli-store.h"
#include "bo-cli.h"
#include "charts/bo-chart-file.h"
#include "findings/bo-document-update.h"
#include "findings/bo-export.h"
#include "findings/bo-findings.h"

/**
 * FindingsOptions: what was asked for on the command line
 */
typedef struct
{
  char *campaign;
  char *format;
  char *output;
  char *update;
  char **notes;
  gboolean all_campaigns;
  gboolean charts;
  gboolean dry_run;
} FindingsOptions;

static void
findings_options_clear (FindingsOptions *options)
{
  g_free (options->campaign);
  g_free (options->format);
  g_free (options->output);
  g_free (options->update);
  g_strfreev (options->notes);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (FindingsOptions, findings_options_clear)

/*
 * The id of the study in a file, which is all that is needed of it: a study
 * with mistakes in it still has its results.
 */
static char *
find_study_id (const char *path)
{
  g_autoptr (BoProblems) problems = bo_problems_new ();
  g_autoptr (BoStudy) study = bo_study_load (path, NULL, problems);

  return study != NULL ? g_strdup (study->id) : NULL;
}

static char *
resolve_study (const char *path)
{
  if (g_file_test (path, G_FILE_TEST_IS_DIR))
    return g_build_filename (path, BO_STUDY_FILE_NAME, NULL);
  return g_strdup (path);
}

/* By file, since the id of a study that cannot be read is not known. */
static char *
find_study_id_by_file (BoStore *store, const char *path, GError **error)
{
  g_autoptr (GPtrArray) studies = bo_store_list_studies_sync (store, error);
  g_autofree char *absolute = g_canonicalize_filename (path, NULL);

  for (guint i = 0; studies != NULL && i < studies->len; i++)
    {
      const BoStudySummary *study = g_ptr_array_index (studies, i);

      if (g_strcmp0 (study->file, absolute) == 0)
        return g_strdup (study->id);
    }
  return NULL;
}

/**
 * find_campaign:
 * @word: (nullable): --campaign
 * @study: (nullable): the study that was named, a file or a folder
 *
 * Returns: (transfer full): id of the campaign that is meant, or %NULL with an error
 */
static char *
find_campaign (BoStore *store, const char *word, const char *study, GError **error)
{
  g_autofree char *path = NULL;
  g_autofree char *study_id = NULL;
  g_autoptr (BoCampaign) campaign = NULL;

  if (word != NULL)
    return bo_cli_find_campaign (store, word, error);

  path = resolve_study (study != NULL ? study : ".");
  if (study == NULL && !g_file_test (path, G_FILE_TEST_EXISTS))
    return bo_cli_find_campaign (store, NULL, error);

  study_id = find_study_id (path);
  if (study_id == NULL)
    study_id = find_study_id_by_file (store, path, error);
  if (study_id == NULL)
    {
      if (*error == NULL)
        g_set_error (error, BO_STORE_ERROR, BO_STORE_ERROR_NOT_FOUND,
                     _ ("There are no results of “%s”. “bakeoff-cli list” shows the studies that have some."), path);
      return NULL;
    }
  campaign = bo_store_get_latest_campaign_sync (store, study_id, error);
  return campaign != NULL ? g_strdup (campaign->id) : NULL;
}

static gboolean
is_strategy (BoStudy *study, const char *id)
{
  return bo_study_get_strategy (study, id) != NULL;
}

/* What "KEY=TEXT" of --note names in the store, or NULL. */
static char *
find_note_key (BoStudy *study, const char *word)
{
  if (is_strategy (study, word))
    return g_strconcat (BO_NOTE_STRATEGY_PREFIX, word, NULL);
  if (g_str_equal (word, "worked"))
    return g_strdup (BO_NOTE_WORKED);
  if (g_str_equal (word, "did-not-work"))
    return g_strdup (BO_NOTE_NOT_WORKED);
  if (g_str_equal (word, "summary"))
    return g_strdup (BO_NOTE_SUMMARY);
  return NULL;
}

/* Sets every --note; an empty text takes the note away. */
static int
set_notes (BoStore *store, const char *campaign_id, char **notes)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BoCampaign) campaign = bo_store_get_campaign_sync (store, campaign_id, &error);
  g_autoptr (BoStudy) study = campaign != NULL ? bo_findings_read_study (campaign, &error) : NULL;

  if (study == NULL)
    {
      bo_cli_error ("%s", error->message);
      return BO_EXIT_INTERNAL;
    }
  /* All are checked before the first is written. */
  for (guint i = 0; notes[i] != NULL; i++)
    {
      const char *equals = strchr (notes[i], '=');
      g_autofree char *word = equals != NULL ? g_strndup (notes[i], equals - notes[i]) : NULL;
      g_autofree char *key = word != NULL ? find_note_key (study, word) : NULL;

      if (key == NULL)
        return bo_cli_usage ("findings",
                             _ ("--note takes KEY=TEXT, where KEY is the id of a strategy of “%s”, “worked”, "
                                "“did-not-work” or “summary”, not “%s”"),
                             study->name, notes[i]);
    }
  for (guint i = 0; notes[i] != NULL; i++)
    {
      const char *equals = strchr (notes[i], '=');
      g_autofree char *word = g_strndup (notes[i], equals - notes[i]);
      g_autofree char *key = find_note_key (study, word);

      if (!bo_store_set_note_sync (store, campaign->study_id, key, equals[1] != '\0' ? equals + 1 : NULL, &error))
        {
          bo_cli_error ("%s", error->message);
          return BO_EXIT_INTERNAL;
        }
    }
  return BO_EXIT_OK;
}

static int
print_document (const char *document)
{
  /* Not g_print(), which would change characters to what the terminal's locale can show. */
  if (fputs (document, stdout) == EOF || fflush (stdout) == EOF)
    {
      bo_cli_error ("%s", _ ("the document cannot be written to standard output"));
      return BO_EXIT_INTERNAL;
    }
  return BO_EXIT_OK;
}

static int
update_document (const BoReport *report, const FindingsOptions *options)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BoDocumentUpdate) update = bo_document_update_new (report, options->update, options->charts, &error);
  g_autofree char *summary = NULL;
  int code = BO_EXIT_OK;

  if (update == NULL)
    {
      if (error->domain == BO_UPDATE_ERROR)
        bo_cli_error ("%s: %s", options->update, error->message);
      else
        bo_cli_error ("%s", error->message);
      return BO_EXIT_INPUT;
    }
  if (options->dry_run)
    {
      g_autofree char *diff = bo_document_update_to_diff (update);

      code = print_document (diff);
    }
  else if (!bo_document_update_apply (update, &error))
    {
      bo_cli_error ("%s", error->message);
      return BO_EXIT_INPUT;
    }
  summary = bo_document_update_describe (update);
  g_printerr ("%s", summary);
  return code;
}

static int
write_report (const BoReport *report, const FindingsOptions *options)
{
  g_autofree char *document = NULL;
  g_autoptr (GError) error = NULL;
  BoExportFormat format = BO_EXPORT_MARKDOWN;

  if (options->format != NULL)
    bo_export_format_from_string (options->format, &format);
  if (options->output != NULL && !g_str_equal (options->output, "-"))
    {
      if (bo_export_save (report, format, options->charts, options->output, &error))
        return BO_EXIT_OK;
      bo_cli_error ("%s", error->message);
      return error->domain == BO_CHART_FILE_ERROR && format == BO_EXPORT_HTML ? BO_EXIT_INTERNAL : BO_EXIT_INPUT;
    }
  document = bo_export_make_document (report, format, &error);
  if (document == NULL)
    {
      bo_cli_error ("%s", error->message);
      return BO_EXIT_INTERNAL;
    }
  return print_document (document);
}

int
bo_cmd_findings (int argc, char **argv)
{
  g_auto (FindingsOptions) options = { 0 };
  gboolean json = FALSE;
  const GOptionEntry entries[] = {
    { "campaign", 0, 0, G_OPTION_ARG_STRING, &options.campaign, N_ ("Of this campaign, not the latest one"), N_ ("ID") },
    { "all-campaigns", 0, 0, G_OPTION_ARG_NONE, &options.all_campaigns,
      N_ ("Use trials of the study’s older campaigns too, where study, device, Dockerfile and base image are the same"), NULL },
    { "format", 0, 0, G_OPTION_ARG_STRING, &options.format, N_ ("markdown (the default), html, json or csv"), N_ ("FORMAT") },
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, N_ ("The same as --format json"), NULL },
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &options.output, N_ ("Write the document to a file"), N_ ("FILE") },
    { "update", 'u', 0, G_OPTION_ARG_FILENAME, &options.update,
      N_ ("Fill the table and the sections of a document of yours"), N_ ("FILE.md") },
    { "charts", 0, 0, G_OPTION_ARG_NONE, &options.charts,
      N_ ("Put charts into the document, and their pictures into a folder beside it"), NULL },
    { "dry-run", 'n', 0, G_OPTION_ARG_NONE, &options.dry_run, N_ ("Only show what --update would change"), NULL },
    { "note", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options.notes,
      N_ ("Keep a note of your own; an empty TEXT takes it away; may be given more than once"), N_ ("KEY=TEXT") },
    { NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new (_ ("[STUDY]"));
  g_autoptr (GError) error = NULL;
  g_autoptr (BoStore) store = NULL;
  g_autoptr (BoReport) report = NULL;
  g_autofree char *campaign = NULL;
  int code;

  g_option_context_set_summary (context, _ ("Writes down what a study’s results say. Reads the results that are kept; "
                                            "no device is needed."));
  g_option_context_set_description (
    context, _ ("STUDY is a study file or its folder; without it, the study in the current folder, or else the one "
                "that ran last. The latest campaign of it is taken that has results.\n\n"
                "KEY of --note is the id of a strategy (the Notes column), “worked” or “did-not-work” (lines of your "
                "own in these sections), or “summary” (at the top).\n\n"
                "--update looks for a table with the header Approach | Build Time | Run Time | Notes and for headings "
                "“What Worked” and “What Didn't Work”, fills them, and leaves everything else as it is. It may be run "
                "again and again.\n\n"
                "--charts writes SVG pictures into a folder beside the document, FILE-charts for FILE.md, and shows them "
                "in it: with --update at the place where they were before, under a heading “Charts”, or below the "
                "table. Without --charts, those that are in the document stay as they are.\n\n"
                "Examples:\n"
                "  bakeoff-cli findings -o findings.md\n"
                "  bakeoff-cli findings --charts -o findings.md\n"
                "  bakeoff-cli findings --format html -o findings.html\n"
                "  bakeoff-cli findings --format csv > trials.csv\n"
                "  bakeoff-cli findings --update build-validation.md --dry-run\n"
                "  bakeoff-cli findings --note \"original=What we ship today\"\n"
                "  bakeoff-cli findings ~/audiobook --campaign 20261124-061200-3fa9 --json"));
  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    return bo_cli_usage ("findings", "%s", error->message);
  if (argc > 2)
    return bo_cli_usage ("findings", "%s", _ ("name one study at most"));
  if (json)
    {
      g_free (options.format);
      options.format = g_strdup ("json");
    }
  if (options.format != NULL && !bo_export_format_from_string (options.format, &(BoExportFormat) { 0 }))
    return bo_cli_usage ("findings", _ ("--format is markdown, html, json or csv, not “%s”"), options.format);

  if (options.update != NULL && (options.output != NULL || options.format != NULL))
    return bo_cli_usage ("findings", "%s", _ ("--update takes neither --output nor --format"));
  if (options.charts && options.format != NULL && !g_str_equal (options.format, "markdown"))
    return bo_cli_usage ("findings", "%s", _ ("--charts goes with Markdown; html has them anyway, json and csv have the numbers"));
  if (options.charts && options.update == NULL && (options.output == NULL || g_str_equal (options.output, "-")))
    return bo_cli_usage ("findings", "%s", _ ("--charts goes with --output FILE or --update, since the pictures stand beside it"));
  if (options.dry_run && options.update == NULL)
    return bo_cli_usage ("findings", "%s", _ ("--dry-run goes with --update"));

  store = bo_cli_open_store ();
  if (store == NULL)
    return BO_EXIT_INTERNAL;
  campaign = find_campaign (store, options.campaign, argc == 2 ? argv[1] : NULL, &error);
  if (campaign == NULL)
    {
      bo_cli_error ("%s", error->message);
      return g_error_matches (error, BO_STORE_ERROR, BO_STORE_ERROR_NOT_FOUND) ? BO_EXIT_INPUT : BO_EXIT_INTERNAL;
    }

  if (options.notes != NULL)
    {
      code = set_notes (store, campaign, options.notes);
      if (code != BO_EXIT_OK)
        return code;
      /* Notes alone are all that was wanted when no document is asked for. */
      if (options.format == NULL && options.output == NULL && options.update == NULL)
        return BO_EXIT_OK;
    }

  report = bo_findings_load (store, campaign, options.all_campaigns, &error);
  if (report == NULL)
    {
      bo_cli_error ("%s", error->message);
      return BO_EXIT_INTERNAL;
    }
  return options.update != NULL ? update_document (report, &options) : write_report (report, &options);
}
