/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "cmd-show"

#include "config.h"

#include <inttypes.h>
#include <string.h>

#include <glib/gi18n.h>

#include "bo-cli-commands.h"
#include "bo-cli-store.h"
#include "bo-cli.h"
#include "bo-table.h"
#include "insight/bo-duration.h"

#define INSTRUCTION_WIDTH 70
#define TAIL_LINES 20

static void
print_field (const char *name, const char *value)
{
  g_autofree char *clean = bo_table_clean (value, 0);

  g_print ("%-14s %s\n", name, clean);
}

/* The engine's clock may say "never ended" where a build was cut off. */
static char *
format_span (gint64 duration_us)
{
  return duration_us >= 0 ? bo_duration_format (duration_us) : g_strdup (BO_NO_VALUE);
}

static void
print_phases (const BoTrial *trial)
{
  g_autoptr (BoTable) table = bo_table_new (_ ("PHASE"), _ (">TIME"), _ (">BYTES"), NULL);

  if (trial->phases->len == 0)
    return;
  for (guint i = 0; i < trial->phases->len; i++)
    {
      const BoPhase *phase = g_ptr_array_index (trial->phases, i);
      g_autofree char *time = format_span (phase->duration_us);
      g_autofree char *bytes = phase->bytes >= 0 ? bo_size_format (phase->bytes) : g_strdup ("");

      bo_table_add (table, bo_phase_kind_to_string (phase->kind), time, bytes, NULL);
    }
  g_print ("\n");
  bo_table_print (table, "  ");
}

static void
print_steps (const BoTrial *trial)
{
  g_autoptr (BoTable) table = bo_table_new (_ ("STEP"), _ (">TIME"), _ ("CACHED"), _ (">LINE"), _ ("INSTRUCTION"), NULL);

  if (trial->steps->len == 0)
    return;
  for (guint i = 0; i < trial->steps->len; i++)
    {
      const BoStep *step = g_ptr_array_index (trial->steps, i);
      g_autofree char *time = format_span (step->duration_us);
      g_autofree char *line = step->user_line > 0 ? g_strdup_printf ("%u", step->user_line) : g_strdup ("");
      g_autofree char *text = bo_table_clean (step->instruction, INSTRUCTION_WIDTH);
      g_autofree char *number = NULL;

      if (step->number == 0)
        number = g_strdup ("");
      else if (step->stage != NULL)
        number = g_strdup_printf ("%s %u/%u", step->stage, step->number, step->total);
      else
        number = g_strdup_printf ("%u/%u", step->number, step->total);
      bo_table_add (table, number, time, step->failed ? _ ("failed") : step->cached ? _ ("cached") : "", line, text,
                    NULL);
    }
  g_print ("\n");
  bo_table_print (table, "  ");
}

static void
print_probes (const BoTrial *trial)
{
  for (guint i = 0; i < trial->probes->len; i++)
    {
      const BoProbeResult *probe = g_ptr_array_index (trial->probes, i);
      g_autoptr (GString) text = g_string_new (bo_verdict_to_string (probe->verdict));

      if (probe->level != NULL)
        g_string_append_printf (text, _ (", level “%s”"), probe->level);
      if (probe->simulated)
        g_string_append (text, _ (", on a simulated GPU"));
      if (probe->reason != NULL && probe->reason[0] != '\0')
        g_string_append_printf (text, ": %s", probe->reason);
      for (guint r = 0; r < probe->runs->len; r++)
        {
          const BoProbeRun *run = g_ptr_array_index (probe->runs, r);
          g_autofree char *time = format_span (run->duration_us);

          g_string_append_printf (text, r == 0 ? " [%s" : ", %s", time);
          if (run->exit_code > 0)
            g_string_append_printf (text, _ (" (exit code %d)"), run->exit_code);
          if (run->oom_killed)
            g_string_append (text, _ (" (out of memory)"));
          if (run->timed_out)
            g_string_append (text, _ (" (time limit)"));
          if (r + 1 == probe->runs->len)
            g_string_append_c (text, ']');
        }
      print_field (bo_probe_kind_to_string (probe->kind), text->str);
      if (probe->raw != NULL && probe->raw[0] != '\0')
        print_field ("", probe->raw);
    }
}

static void
append (GString *text, char *part)
{
  g_autofree char *owned = part;

  g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "", owned);
}

/* What the device was like during the build, as far as it tells. */
static void
print_telemetry (const BoTelemetrySummary *summary)
{
  g_autoptr (GString) text = g_string_new (NULL);
  const BoZonePeak *hottest = bo_telemetry_summary_get_hottest (summary);

  if (summary->cpu_mean >= 0)
    append (text, g_strdup_printf (_ ("processors %" PRId64 " %% busy"), summary->cpu_mean / 10));
  if (summary->memory_low >= 0)
    {
      g_autofree char *low = bo_size_format (summary->memory_low);

      append (text, g_strdup_printf (_ ("at least %s of memory free"), low));
    }
  if (summary->swap_growth > 0)
    {
      g_autofree char *growth = bo_size_format (summary->swap_growth);

      append (text, g_strdup_printf (_ ("%s more swap in use"), growth));
    }
  if (hottest != NULL)
    append (text, g_strdup_printf (_ ("at most %" PRId64 " °C (%s)"), hottest->max_mc / 1000, hottest->name));
  if (summary->disk_low >= 0)
    {
      g_autofree char *low = bo_size_format (summary->disk_low);

      append (text, g_strdup_printf (_ ("at least %s of disk free"), low));
    }
  if (summary->energy_mj >= 0)
    append (text, g_strdup_printf (_ ("%" PRId64 " J"), summary->energy_mj / 1000));
  if (text->len > 0)
    print_field (_ ("Device"), text->str);
}

static void
print_last_lines (const BoTrial *trial)
{
  const BoStep *step;

  if (trial->failed_step < 0 || (guint) trial->failed_step >= trial->steps->len)
    return;
  step = g_ptr_array_index (trial->steps, trial->failed_step);
  if (step->log == NULL || step->log->len == 0)
    return;

  g_print (_ ("\nLast lines of the step that failed:\n"));
  for (guint i = step->log->len > TAIL_LINES ? step->log->len - TAIL_LINES : 0; i < step->log->len; i++)
    {
      const BoLogLine *line = g_ptr_array_index (step->log, i);
      g_autofree char *clean = bo_table_clean (line->text, 0);

      g_print ("  %s\n", clean);
    }
}

static void
print_trial (const BoTrial *trial)
{
  g_autofree char *key = bo_cell_get_key (trial->cell);
  g_autofree char *cell = NULL;

  if (trial->kind == BO_TRIAL_PREBUILD)
    cell = g_strdup_printf (_ ("prebuild “%s” on %s, %s"), trial->prebuild, trial->cell->base,
                            bo_builder_to_string (trial->cell->builder));
  else
    cell = g_strdup_printf (_ ("%s, repetition %u%s"), key, trial->repetition,
                            trial->kind == BO_TRIAL_PRIMING ? _ (" (priming, not counted)") : "");

  print_field (_ ("Trial"), trial->id);
  print_field (_ ("Cell"), cell);
  print_field (_ ("Outcome"), bo_outcome_get_title (trial->outcome));
  if (trial->reason != NULL)
    print_field (_ ("Reason"), trial->reason);
  if (trial->started_us >= 0)
    {
      g_autofree char *started = bo_time_format_utc (trial->started_us);

      print_field (_ ("Started"), started);
    }
  if (trial->build_us >= 0)
    {
      g_autofree char *time = bo_duration_format (trial->build_us);

      print_field (_ ("Build time"), time);
    }
  else if (trial->elapsed_us >= 0)
    {
      g_autofree char *time = bo_duration_format (trial->elapsed_us);

      print_field (_ ("Got to"), time);
    }
  if (trial->image != NULL)
    {
      g_autofree char *size = bo_size_format (trial->image->size);
      g_autofree char *added = trial->image->added_size >= 0 ? bo_size_format (trial->image->added_size) : NULL;
      g_autofree char *text = added != NULL ? g_strdup_printf (_ ("%s (%s over the base image)"), size, added) : g_strdup (size);

      print_field (_ ("Image"), trial->image->id);
      print_field (_ ("Image size"), text);
    }
  for (guint i = 0; i < trial->flags->len; i++)
    {
      const char *flag = g_ptr_array_index (trial->flags, i);
      const char *evidence = bo_trial_get_evidence (trial, flag);
      g_autofree char *text = evidence != NULL ? g_strdup_printf ("%s: %s", flag, evidence) : g_strdup (flag);

      print_field (i == 0 ? _ ("Flags") : "", text);
    }
  if (trial->telemetry != NULL)
    print_telemetry (trial->telemetry);
  print_probes (trial);
  print_phases (trial);
  print_steps (trial);
  print_last_lines (trial);
}

int
bo_cmd_show (int argc, char **argv)
{
  gboolean json = FALSE;
  gboolean dockerfile = FALSE;
  const GOptionEntry entries[] = {
    { "dockerfile", 0, 0, G_OPTION_ARG_NONE, &dockerfile, N_ ("Print the Dockerfile as it was sent"), NULL },
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, N_ ("Print the whole record as JSON"), NULL },
    { NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new (_ ("TRIAL"));
  g_autoptr (GError) error = NULL;
  g_autoptr (BoStore) store = NULL;
  g_autoptr (BoTrial) trial = NULL;
  g_autofree char *id = NULL;

  g_option_context_set_summary (context, _ ("Shows one trial: how it ended, its phases and steps, its image and probes."));
  g_option_context_set_description (context, _ ("TRIAL is CAMPAIGN.NUMBER as “bakeoff-cli list CAMPAIGN” shows it, "
                                                "or a number alone for the latest campaign.\n\n"
                                                "Examples:\n"
                                                "  bakeoff-cli show 3\n"
                                                "  bakeoff-cli show 20261124-061200-3fa9.3 --json\n"
                                                "  bakeoff-cli show 3 --dockerfile"));
  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    return bo_cli_usage ("show", "%s", error->message);
  if (argc != 2)
    return bo_cli_usage ("show", "%s", _ ("name one trial"));

  store = bo_cli_open_store ();
  if (store == NULL)
    return BO_EXIT_INTERNAL;
  id = bo_cli_find_trial (store, argv[1], &error);
  if (id != NULL)
    trial = bo_store_get_trial_sync (store, id, &error);
  if (trial == NULL)
    {
      bo_cli_error ("%s", error->message);
      return BO_EXIT_INPUT;
    }

  if (dockerfile)
    {
      g_autoptr (BoCampaign) campaign = bo_store_get_campaign_sync (store, trial->campaign, &error);
      const char *text;

      if (campaign == NULL)
        {
          bo_cli_error ("%s", error->message);
          return BO_EXIT_INTERNAL;
        }
      text = trial->dockerfile_sha256 != NULL ? g_hash_table_lookup (campaign->dockerfiles, trial->dockerfile_sha256) : NULL;
      if (text == NULL)
        {
          bo_cli_error (_ ("no Dockerfile was kept for %s"), trial->id);
          return BO_EXIT_INPUT;
        }
      g_print ("%s", text);
    }
  else if (json)
    {
      g_autofree char *text = bo_trial_to_json (trial);

      g_print ("%s\n", text);
    }
  else
    {
      print_trial (trial);
    }
  return BO_EXIT_OK;
}
