/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-report"

#include "config.h"

#include <string.h>

#include <glib/gi18n.h>
#include <json-glib/json-glib.h>

#include "findings/bo-report-parts.h"
#include "insight/bo-duration.h"
#include "study/bo-decimal-point.h"

/* On what it was measured, how, and with which Dockerfiles. */

/* Facts nested deeper, or longer lists, are in the JSON document. */
#define DEPTH_MAX 4
#define VALUE_MAX 300

static void
add_fact (BoReportMaker *maker, const char *label, const char *value)
{
  BoReportFact *fact;

  if (value == NULL || value[0] == '\0')
    return;
  fact = g_new0 (BoReportFact, 1);
  fact->label = g_strdup (label);
  fact->value = bo_report_shorten (value, VALUE_MAX);
  g_ptr_array_add (maker->report->facts, fact);
}

/* A scalar as text; sizes, which are called so by their names, in units. */
static char *
format_scalar (const char *name, JsonNode *node)
{
  GType type = json_node_get_value_type (node);

  if (type == G_TYPE_INT64)
    {
      gint64 number = json_node_get_int (node);

      if (g_str_has_suffix (name, "bytes") || g_str_equal (name, "memory") || g_str_equal (name, "free_disk") || g_str_has_suffix (name, "size"))
        return bo_size_format (number);
      return g_strdup_printf ("%" G_GINT64_FORMAT, number);
    }
  if (type == G_TYPE_DOUBLE)
    return bo_decimal_format (json_node_get_double (node), "%.6g");
  if (type == G_TYPE_BOOLEAN)
    return g_strdup (json_node_get_boolean (node) ? "true" : "false");
  if (type == G_TYPE_STRING)
    return g_strdup (json_node_get_string (node));
  return NULL;
}

/* How the facts that are known by name are called. Those not for a shared document have no title. */
static const struct
{
  const char *name;
  const char *title;
} names[] = {
  { "url", NULL },
  { "engine_id", NULL },
  { "root_dir", NULL },
  { "time_s", NULL },
  { "asked_s", NULL },
  { "power_modes", NULL },
  { "name", N_ ("Host name") },
  { "engine_version", N_ ("Docker engine") },
  { "api_version", N_ ("Engine API") },
  { "os", N_ ("System") },
  { "kernel", N_ ("Kernel") },
  { "arch", N_ ("Processor") },
  { "n_cpus", N_ ("Processor cores") },
  { "model", N_ ("Model") },
  { "soc", N_ ("Chip") },
  { "l4t", N_ ("Jetson Linux (L4T)") },
  { "jetpack", N_ ("JetPack") },
  { "power_mode", N_ ("Power mode") },
  { "cpu_governor", N_ ("Processor clock’s governor") },
  { "cpu_min_khz", N_ ("Processor clock, lower limit (kHz)") },
  { "cpu_max_khz", N_ ("Processor clock, upper limit (kHz)") },
  { "cpu_chip_khz", N_ ("Processor clock, what the chip can do (kHz)") },
  { "gpu_min_khz", N_ ("GPU clock, lower limit (kHz)") },
  { "gpu_max_khz", N_ ("GPU clock, upper limit (kHz)") },
  { "clocks_locked", N_ ("Clocks held at one frequency") },
  { "swap_bytes", N_ ("Swap") },
  { "zram_swap_bytes", N_ ("Of it compressed memory (zram)") },
  { "disk_kind", N_ ("Kind of disk of the engine’s data") },
  { "disk_bytes", N_ ("Size of that disk") },
  { "cuda", N_ ("CUDA on the host") },
  { "nvidia_ctk", N_ ("NVIDIA Container Toolkit") },
  { "nvidia_ctk_mode", N_ ("Mode of its runtime") },
  { "has_iptables_raw", N_ ("Kernel with iptables’ raw table") },
  { "skips_iptables_raw", N_ ("Engine told to do without the raw table") },
  { "clock_synced", N_ ("Clock set by the network") },
  { "has_desktop", N_ ("Desktop running") },
  { "memory", N_ ("Memory") },
  { "storage_driver", N_ ("Storage driver") },
  { "image_store", N_ ("Image store") },
  { "default_runtime", N_ ("Default runtime") },
  { "runtimes", N_ ("Runtimes") },
  { "cgroup_version", N_ ("Control groups") },
  { "free_disk", N_ ("Free disk before") },
  { "warnings", N_ ("Engine’s warnings") },
};

static void
add_named (BoReportMaker *maker, const char *name, const char *value)
{
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_str_equal (names[i].name, name))
      {
        if (names[i].title != NULL)
          add_fact (maker, D_ (maker->language, names[i].title), value);
        return;
      }
  add_fact (maker, name, value);
}

/*
 * A fact that is not known here is shown under the name that its reader gave
 * it, so what a later version reads shows up without a change here. What is
 * false or not known is left out.
 */
static void
add_node (BoReportMaker *maker, const char *name, JsonNode *node, guint depth)
{
  if (depth > DEPTH_MAX)
    return;
  if (JSON_NODE_HOLDS_VALUE (node))
    {
      g_autofree char *text = format_scalar (name, node);

      if (json_node_get_value_type (node) != G_TYPE_BOOLEAN || json_node_get_boolean (node))
        add_named (maker, name, text);
    }
  else if (JSON_NODE_HOLDS_ARRAY (node))
    {
      JsonArray *array = json_node_get_array (node);
      GString *text = g_string_new (NULL);
      g_autofree char *joined = NULL;

      for (guint i = 0; i < json_array_get_length (array); i++)
        {
          JsonNode *element = json_array_get_element (array, i);
          g_autofree char *part = JSON_NODE_HOLDS_VALUE (element) ? format_scalar (name, element) : NULL;

          if (part != NULL)
            g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "", part);
        }
      joined = g_string_free (text, FALSE);
      add_named (maker, name, joined);
    }
  else if (JSON_NODE_HOLDS_OBJECT (node))
    {
      JsonObject *object = json_node_get_object (node);
      g_autoptr (GList) members = json_object_get_members (object);

      for (GList *l = members; l != NULL; l = l->next)
        {
          const char *member = l->data;
          g_autofree char *path = name[0] != '\0' ? g_strconcat (name, ".", member, NULL) : g_strdup (member);

          add_node (maker, path, json_object_get_member (object, member), depth + 1);
        }
    }
}

/* What the containers saw of the GPU: the first cuda probe that found a driver speaks for the device. */
static void
add_gpu (BoReportMaker *maker)
{
  for (guint i = 0; i < maker->trials->len; i++)
    {
      const BoTrial *trial = g_ptr_array_index (maker->trials, i);

      for (guint k = 0; k < trial->probes->len; k++)
        {
          const BoProbeResult *probe = g_ptr_array_index (trial->probes, k);
          g_autoptr (JsonNode) facts = NULL;

          if (probe->kind != BO_PROBE_CUDA || probe->verdict != BO_VERDICT_YES || probe->facts == NULL)
            continue;
          facts = json_from_string (probe->facts, NULL);
          if (facts == NULL || !JSON_NODE_HOLDS_OBJECT (facts))
            continue;
          add_fact (maker, D_ (maker->language, "GPU"),
                    probe->simulated ? D_ (maker->language, "simulated: a stand-in answered") : D_ (maker->language, "real"));
          add_node (maker, D_ (maker->language, "CUDA"), facts, 1);
          return;
        }
    }
}

/* The device's address without the name of the user, which is nobody's business in a shared document. */
static char *
hide_user (const char *url)
{
  const char *scheme = strstr (url, "://");
  const char *authority = scheme != NULL ? scheme + 3 : url;
  const char *end = authority + strcspn (authority, "/?#");
  const char *at = NULL;

  for (const char *p = authority; p < end; p++)
    if (*p == '@')
      at = p;
  if (at == NULL)
    return g_strdup (url);
  return g_strdup_printf ("%.*s%s", (int) (authority - url), url, at + 1);
}

void
bo_report_add_environment (BoReportMaker *maker)
{
  GPtrArray *campaigns = maker->report->campaigns;
  const BoCampaign *newest = g_ptr_array_index (campaigns, 0);

  for (guint i = 0; i < campaigns->len; i++)
    {
      const BoCampaign *campaign = g_ptr_array_index (campaigns, i);
      g_autofree char *time = bo_time_format_utc (campaign->created_us);
      g_autofree char *text = g_strdup_printf ("%s (%s, %s)", campaign->id, time,
                                               bo_campaign_state_to_string (campaign->state));

      add_fact (maker, D_ (maker->language, "Campaign"), text);
    }
  if (newest->device_url != NULL)
    {
      g_autofree char *url = hide_user (newest->device_url);

      add_fact (maker, D_ (maker->language, "Device"), url);
    }
  if (newest->device_facts != NULL)
    {
      g_autoptr (JsonNode) facts = json_from_string (newest->device_facts, NULL);

      if (facts != NULL)
        add_node (maker, "", facts, 0);
    }
  add_gpu (maker);
}

static void
add_line (BoReportMaker *maker, char *line)
{
  g_ptr_array_add (maker->report->method, line);
}

static gboolean
uses_condition (const BoReportMaker *maker, BoCondition condition)
{
  for (guint i = 0; i < maker->report->cells->len; i++)
    if (((BoReportCell *) g_ptr_array_index (maker->report->cells, i))->summary->cell->condition == condition)
      return TRUE;
  return FALSE;
}

static const char *
explain_condition (const char *language, BoCondition condition)
{
  switch (condition)
    {
    case BO_CONDITION_COLD:
      return D_ (language, "cold: no layer was cached, and cache mounts were empty");
    case BO_CONDITION_COLD_LAYERS:
      return D_ (language, "cold-layers: no layer was cached, cache mounts were kept");
    case BO_CONDITION_WARM:
      return D_ (language, "warm: the same build once more");
    case BO_CONDITION_EDITED:
      return D_ (language, "edited: one source file had changed");
    default:
      g_return_val_if_reached ("");
    }
}

static void
add_noise (BoReportMaker *maker)
{
  g_autoptr (GPtrArray) summaries = g_ptr_array_new ();
  GString *text = g_string_new (NULL);
  g_autofree char *floors = NULL;

  for (guint i = 0; i < maker->report->cells->len; i++)
    g_ptr_array_add (summaries, ((BoReportCell *) g_ptr_array_index (maker->report->cells, i))->summary);
  for (guint c = 0; c < BO_N_CONDITIONS; c++)
    {
      g_autofree char *percent = NULL;

      if (!uses_condition (maker, (BoCondition) c))
        continue;
      percent = bo_percent_format (bo_cell_summaries_get_noise (summaries, (BoCondition) c));
      g_string_append_printf (text, "%s%s %s", text->len > 0 ? ", " : "",
                              bo_condition_to_string ((BoCondition) c), percent);
    }
  floors = g_string_free (text, FALSE);
  if (floors[0] != '\0')
    add_line (maker, g_strdup_printf (D_ (maker->language,
                                          "Noise floor, below which no difference is claimed: %s. It is the larger "
                                          "of 2 %% and the largest relative range within one repeated cell of that "
                                          "condition."),
                                      floors));
}

static guint
count_priming (const BoReportMaker *maker)
{
  guint n = 0;

  for (guint i = 0; i < maker->trials->len; i++)
    n += ((const BoTrial *) g_ptr_array_index (maker->trials, i))->kind == BO_TRIAL_PRIMING;
  return n;
}

void
bo_report_add_method (BoReportMaker *maker)
{
  const char *language = maker->language;
  GPtrArray *campaigns = maker->report->campaigns;
  guint n_priming = count_priming (maker);

  add_line (maker, g_strdup (D_ (language, "Build time runs from the engine’s first build message to its result. "
                                           "Pulling base images, sending the context, prebuilds, probes and clean-up "
                                           "are not part of it; base images were pulled before.")));
  for (guint c = 0; c < BO_N_CONDITIONS; c++)
    if (uses_condition (maker, (BoCondition) c))
      add_line (maker, g_strdup_printf ("%s.", explain_condition (language, (BoCondition) c)));
  for (guint i = 0; i < campaigns->len; i++)
    {
      const BoCampaign *campaign = g_ptr_array_index (campaigns, i);
      g_autofree char *seed = g_strdup_printf ("%" G_GUINT64_FORMAT, campaign->seed);

      add_line (maker, g_strdup_printf (D_ (language, "Campaign %s: repetitions: %u, each a block that holds every "
                                                      "strategy once, in an order of its own (seed %s)."),
                                        campaign->id, campaign->repetitions, seed));
    }
  if (n_priming > 0)
    add_line (maker, g_strdup_printf (D_ (language, "Builds that only warmed the cache for the next one, and are in "
                                                    "no number: %u."),
                                      n_priming));
  add_line (maker, g_strdup (D_ (language, "Run time is the time of the workload’s container from its start to its "
                                           "end by the engine’s own stamps, each run in a fresh container.")));
  add_line (maker, g_strdup (D_ (language, "Failed, timed-out, skipped, cancelled and interrupted builds are in no "
                                           "median. Builds during which the device was disturbed are left out as "
                                           "well. All of them are listed.")));
  add_noise (maker);
  add_line (maker, g_strdup_printf (D_ (language, "Comparisons of build times with the baseline (%s): %u, of which by "
                                                  "a test (exact two-sided Mann-Whitney, Holm-adjusted): %u. One run "
                                                  "each establishes nothing; with two or three, only what all "
                                                  "interleaved pairs agree on is claimed; tests need four on either "
                                                  "side."),
                                    bo_report_get_strategy_title (maker, maker->study->baseline),
                                    maker->report->n_comparisons, maker->report->n_tests));
  /* xgettext:no-c-format */
  add_line (maker, g_strdup (D_ (language, "“21 % faster” means 21 % less time: new over old median. Image size is "
                                           "the sum of the image’s layers.")));
}

void
bo_report_add_dockerfiles (BoReportMaker *maker)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint c = 0; c < maker->report->campaigns->len; c++)
    {
      const BoCampaign *campaign = g_ptr_array_index (maker->report->campaigns, c);

      for (guint i = 0; i < campaign->trials->len; i++)
        {
          const BoPlannedTrial *planned = g_ptr_array_index (campaign->trials, i);
          const char *text;
          BoReportDockerfile *dockerfile;

          if (planned->dockerfile_sha256 == NULL || planned->cell == NULL
              || !g_hash_table_add (seen, planned->dockerfile_sha256))
            continue;
          text = g_hash_table_lookup (campaign->dockerfiles, planned->dockerfile_sha256);
          if (text == NULL)
            continue;
          dockerfile = g_new0 (BoReportDockerfile, 1);
          if (planned->kind == BO_TRIAL_PREBUILD)
            dockerfile->subject = g_strdup_printf (D_ (maker->language, "prebuild %s of %s (%s, %s)"),
                                                   planned->prebuild != NULL ? planned->prebuild : planned->id,
                                                   bo_report_get_strategy_title (maker, planned->cell->strategy),
                                                   bo_report_get_base_title (maker, planned->cell->base),
                                                   bo_builder_to_string (planned->cell->builder));
          else
            dockerfile->subject = bo_report_describe_cell (maker, planned->cell);
          dockerfile->sha256 = g_strdup (planned->dockerfile_sha256);
          dockerfile->text = g_utf8_make_valid (text, -1);
          g_ptr_array_add (maker->report->dockerfiles, dockerfile);
        }
    }
}
