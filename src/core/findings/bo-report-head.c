/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-report-head"

#include "config.h"

#include <json-glib/json-glib.h>

#include "findings/bo-report.h"
#include "study/bo-decimal-point.h"
#include "study/bo-document-text.h"
#include "insight/bo-duration.h"

/* The sentences that a document begins with. */

/**
 * bo_report_describe_lead:
 * @report: a report
 *
 * Returns: (transfer full): which campaign it is of, of when, and how many trials there were
 */
char *
bo_report_describe_lead (const BoReport *report)
{
  G_GNUC_UNUSED g_auto (BoDecimalPoint) point
      = bo_decimal_point_begin (bo_decimal_point_of (report->language));
  const BoCampaign *newest;
  g_autofree char *time = NULL;
  guint n_counted = 0;

  g_return_val_if_fail (report != NULL, NULL);

  newest = g_ptr_array_index (report->campaigns, 0);
  time = bo_time_format_utc (newest->created_us);
  for (guint i = 0; i < report->trials->len; i++)
    n_counted += ((const BoTrial *) g_ptr_array_index (report->trials, i))->kind == BO_TRIAL_COUNTED;
  return g_strdup_printf (D_ (report->language, "Measured with Bakeoff in campaign %s of %s; trials: %u."), newest->id,
                          time, n_counted);
}

/**
 * bo_report_describe_best:
 * @report: a report
 *
 * Returns: (transfer none): which strategy is the best, or that none is
 */
const char *
bo_report_describe_best (const BoReport *report)
{
  g_return_val_if_fail (report != NULL, NULL);

  return report->best != NULL
           ? report->best
           : D_ (report->language, "No strategy was built undisturbed with its required probes and its workload passing.");
}

static void
append_fact (GString *text, JsonObject *facts, const char *name, const char *format)
{
  JsonNode *node = json_object_get_member (facts, name);
  const char *value = node != NULL && json_node_get_value_type (node) == G_TYPE_STRING ? json_node_get_string (node)
                                                                                       : NULL;

  if (value == NULL || value[0] == '\0')
    return;
  if (text->len > 0)
    g_string_append (text, " · ");
  if (format != NULL)
    g_string_append_printf (text, "%s ", format);
  g_string_append (text, value);
}

/**
 * bo_report_describe_device:
 * @report: a report
 *
 * Returns: (transfer full) (nullable): on what it was measured, in one line: "Jetson Orin Nano · JetPack 6.2 ·
 *   Docker 28.2 · MAXN", as far as that is known
 */
char *
bo_report_describe_device (const BoReport *report)
{
  G_GNUC_UNUSED g_auto (BoDecimalPoint) point
      = bo_decimal_point_begin (bo_decimal_point_of (report->language));
  const BoCampaign *newest;
  g_autoptr (JsonNode) node = NULL;
  g_autoptr (GString) text = g_string_new (NULL);
  JsonObject *facts;

  g_return_val_if_fail (report != NULL, NULL);

  newest = g_ptr_array_index (report->campaigns, 0);
  node = newest->device_facts != NULL ? json_from_string (newest->device_facts, NULL) : NULL;
  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    return NULL;
  facts = json_node_get_object (node);
  append_fact (text, facts, json_object_has_member (facts, "model") ? "model" : "name", NULL);
  append_fact (text, facts, "jetpack", "JetPack");
  append_fact (text, facts, "engine_version", "Docker");
  append_fact (text, facts, "power_mode", NULL);
  return text->len > 0 ? g_strdup (text->str) : NULL;
}
