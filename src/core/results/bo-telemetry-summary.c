/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-telemetry-summary"

#include "config.h"

#include "results/bo-telemetry-summary.h"
#include "study/bo-json.h"

/* Lists of a record that somebody else may have written are not read without end. */
#define LIST_MAX 1024

const char *
bo_pressure_kind_to_string (BoPressureKind kind)
{
  static const char *const names[BO_N_PRESSURES] = { "cpu", "memory", "io" };

  g_return_val_if_fail (kind < BO_N_PRESSURES, NULL);

  return names[kind];
}

/*
 * The fields, by name, so that writing, reading and copying cannot differ.
 */

typedef struct
{
  const char *name;
  gsize offset;
} Field;

static const Field numbers[] = {
  { "span_us", G_STRUCT_OFFSET (BoTelemetrySummary, span_us) },
  { "memory_total", G_STRUCT_OFFSET (BoTelemetrySummary, memory_total) },
  { "memory_low", G_STRUCT_OFFSET (BoTelemetrySummary, memory_low) },
  { "swap_total", G_STRUCT_OFFSET (BoTelemetrySummary, swap_total) },
  { "swap_growth", G_STRUCT_OFFSET (BoTelemetrySummary, swap_growth) },
  { "pages_in", G_STRUCT_OFFSET (BoTelemetrySummary, pages_in) },
  { "pages_out", G_STRUCT_OFFSET (BoTelemetrySummary, pages_out) },
  { "oom_kills", G_STRUCT_OFFSET (BoTelemetrySummary, oom_kills) },
  { "cpu_mean_permille", G_STRUCT_OFFSET (BoTelemetrySummary, cpu_mean) },
  { "cpu_max_permille", G_STRUCT_OFFSET (BoTelemetrySummary, cpu_max) },
  { "cpu_before_permille", G_STRUCT_OFFSET (BoTelemetrySummary, cpu_before) },
  { "load_start_permille", G_STRUCT_OFFSET (BoTelemetrySummary, load_start) },
  { "pressure_cpu_permille", G_STRUCT_OFFSET (BoTelemetrySummary, pressure[BO_PRESSURE_CPU]) },
  { "pressure_memory_permille", G_STRUCT_OFFSET (BoTelemetrySummary, pressure[BO_PRESSURE_MEMORY]) },
  { "pressure_io_permille", G_STRUCT_OFFSET (BoTelemetrySummary, pressure[BO_PRESSURE_IO]) },
  { "gpu_max_permille", G_STRUCT_OFFSET (BoTelemetrySummary, gpu_max) },
  { "disk_low", G_STRUCT_OFFSET (BoTelemetrySummary, disk_low) },
  { "energy_mj", G_STRUCT_OFFSET (BoTelemetrySummary, energy_mj) },
};

static const Field zone_numbers[] = {
  { "max_mc", G_STRUCT_OFFSET (BoZonePeak, max_mc) },
  { "trip_mc", G_STRUCT_OFFSET (BoZonePeak, trip_mc) },
};
static const Field throttle_numbers[] = {
  { "events", G_STRUCT_OFFSET (BoThrottleCount, events) },
  { "time_us", G_STRUCT_OFFSET (BoThrottleCount, time_us) },
};
static const Field cooling_numbers[] = {
  { "start", G_STRUCT_OFFSET (BoCoolingRise, start) },
  { "max", G_STRUCT_OFFSET (BoCoolingRise, max) },
  { "limit", G_STRUCT_OFFSET (BoCoolingRise, limit) },
};
static const Field cooling_counts[] = { { "n_raised", G_STRUCT_OFFSET (BoCoolingRise, n_raised) } };
static const Field frequency_numbers[] = {
  { "limit_khz", G_STRUCT_OFFSET (BoFrequencyShare, limit_khz) },
  { "min_permille", G_STRUCT_OFFSET (BoFrequencyShare, min_share) },
  { "mean_permille", G_STRUCT_OFFSET (BoFrequencyShare, mean_share) },
};
static const Field frequency_counts[] = {
  { "n_lowered", G_STRUCT_OFFSET (BoFrequencyShare, n_lowered) },
  { "n_busy", G_STRUCT_OFFSET (BoFrequencyShare, n_busy) },
  { "n_high", G_STRUCT_OFFSET (BoFrequencyShare, n_high) },
  { "n_low", G_STRUCT_OFFSET (BoFrequencyShare, n_low) },
};

/* The lists. Each element begins with its name. */
typedef struct
{
  const char *name;
  gsize offset; /* of the list in the summary */
  gsize size;   /* of an element */
  const Field *numbers;
  guint n_numbers;
  const Field *counts;
  guint n_counts;
} List;

static const List lists[] = {
  { "zones", G_STRUCT_OFFSET (BoTelemetrySummary, zones), sizeof (BoZonePeak), zone_numbers,
    G_N_ELEMENTS (zone_numbers), NULL, 0 },
  { "throttles", G_STRUCT_OFFSET (BoTelemetrySummary, throttles), sizeof (BoThrottleCount), throttle_numbers,
    G_N_ELEMENTS (throttle_numbers), NULL, 0 },
  { "coolings", G_STRUCT_OFFSET (BoTelemetrySummary, coolings), sizeof (BoCoolingRise), cooling_numbers,
    G_N_ELEMENTS (cooling_numbers), cooling_counts, G_N_ELEMENTS (cooling_counts) },
  { "frequencies", G_STRUCT_OFFSET (BoTelemetrySummary, frequencies), sizeof (BoFrequencyShare), frequency_numbers,
    G_N_ELEMENTS (frequency_numbers), frequency_counts, G_N_ELEMENTS (frequency_counts) },
};

#define NUMBER(structure, field) G_STRUCT_MEMBER (gint64, structure, (field)->offset)
#define COUNT(structure, field) G_STRUCT_MEMBER (guint, structure, (field)->offset)
#define LIST(summary, list) G_STRUCT_MEMBER (GPtrArray *, summary, (list)->offset)

static void
element_free (gpointer element)
{
  g_free (G_STRUCT_MEMBER (char *, element, 0));
  g_free (element);
}

static gpointer
add_element (BoTelemetrySummary *summary, const List *list, const char *name)
{
  gpointer element = g_malloc0 (list->size);

  G_STRUCT_MEMBER (char *, element, 0) = g_strdup (name);
  for (guint i = 0; i < list->n_numbers; i++)
    NUMBER (element, &list->numbers[i]) = -1;
  g_ptr_array_add (LIST (summary, list), element);
  return element;
}

/**
 * bo_telemetry_summary_new:
 *
 * Returns: (transfer full): a summary in which nothing is known
 */
BoTelemetrySummary *
bo_telemetry_summary_new (void)
{
  BoTelemetrySummary *summary = g_new0 (BoTelemetrySummary, 1);

  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    NUMBER (summary, &numbers[i]) = -1;
  for (guint i = 0; i < G_N_ELEMENTS (lists); i++)
    LIST (summary, &lists[i]) = g_ptr_array_new_with_free_func (element_free);
  return summary;
}

BoTelemetrySummary *
bo_telemetry_summary_copy (const BoTelemetrySummary *summary)
{
  BoTelemetrySummary *copy;

  g_return_val_if_fail (summary != NULL, NULL);

  copy = g_new0 (BoTelemetrySummary, 1);
  *copy = *summary;
  for (guint i = 0; i < G_N_ELEMENTS (lists); i++)
    {
      GPtrArray *from = LIST (summary, &lists[i]);

      LIST (copy, &lists[i]) = g_ptr_array_new_with_free_func (element_free);
      for (guint k = 0; k < from->len; k++)
        {
          gpointer element = g_memdup2 (g_ptr_array_index (from, k), lists[i].size);

          G_STRUCT_MEMBER (char *, element, 0) = g_strdup (G_STRUCT_MEMBER (char *, element, 0));
          g_ptr_array_add (LIST (copy, &lists[i]), element);
        }
    }
  return copy;
}

void
bo_telemetry_summary_free (BoTelemetrySummary *summary)
{
  if (summary == NULL)
    return;
  for (guint i = 0; i < G_N_ELEMENTS (lists); i++)
    g_ptr_array_unref (LIST (summary, &lists[i]));
  g_free (summary);
}

BoZonePeak *
bo_telemetry_summary_add_zone (BoTelemetrySummary *summary, const char *name)
{
  g_return_val_if_fail (summary != NULL && name != NULL, NULL);

  return add_element (summary, &lists[0], name);
}

BoThrottleCount *
bo_telemetry_summary_add_throttle (BoTelemetrySummary *summary, const char *name)
{
  g_return_val_if_fail (summary != NULL && name != NULL, NULL);

  return add_element (summary, &lists[1], name);
}

BoCoolingRise *
bo_telemetry_summary_add_cooling (BoTelemetrySummary *summary, const char *name)
{
  g_return_val_if_fail (summary != NULL && name != NULL, NULL);

  return add_element (summary, &lists[2], name);
}

BoFrequencyShare *
bo_telemetry_summary_add_frequency (BoTelemetrySummary *summary, const char *name)
{
  g_return_val_if_fail (summary != NULL && name != NULL, NULL);

  return add_element (summary, &lists[3], name);
}

/**
 * bo_telemetry_summary_get_hottest:
 * @summary: a summary
 *
 * Returns: (nullable) (transfer none): the sensor that got hottest
 */
const BoZonePeak *
bo_telemetry_summary_get_hottest (const BoTelemetrySummary *summary)
{
  const BoZonePeak *hottest = NULL;

  g_return_val_if_fail (summary != NULL, NULL);

  for (guint i = 0; i < summary->zones->len; i++)
    {
      const BoZonePeak *zone = g_ptr_array_index (summary->zones, i);

      if (hottest == NULL || zone->max_mc > hottest->max_mc)
        hottest = zone;
    }
  return hottest;
}

/*
 * As JSON.
 */

/* Temperatures can be below zero, so what is not known is told apart by its value alone. */
static void
set_known (JsonObject *object, const char *name, gint64 value)
{
  if (value == -1)
    json_object_set_null_member (object, name);
  else
    json_object_set_int_member (object, name, value);
}

/**
 * bo_telemetry_summary_to_node:
 * @summary: a summary
 *
 * Returns: (transfer full): it as a JSON object; what is not known is null
 */
JsonNode *
bo_telemetry_summary_to_node (const BoTelemetrySummary *summary)
{
  g_autoptr (JsonObject) object = json_object_new ();

  g_return_val_if_fail (summary != NULL, NULL);

  json_object_set_int_member (object, "n_samples", summary->n_samples);
  json_object_set_int_member (object, "n_cpus", summary->n_cpus);
  json_object_set_boolean_member (object, "has_turbo", summary->has_turbo);
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    set_known (object, numbers[i].name, NUMBER (summary, &numbers[i]));
  for (guint i = 0; i < G_N_ELEMENTS (lists); i++)
    {
      GPtrArray *from = LIST (summary, &lists[i]);
      JsonArray *array = json_array_new ();

      for (guint k = 0; k < from->len; k++)
        {
          gconstpointer element = g_ptr_array_index (from, k);
          JsonObject *member = json_object_new ();

          json_object_set_string_member (member, "name", G_STRUCT_MEMBER (const char *, element, 0));
          for (guint n = 0; n < lists[i].n_numbers; n++)
            set_known (member, lists[i].numbers[n].name, NUMBER (element, &lists[i].numbers[n]));
          for (guint n = 0; n < lists[i].n_counts; n++)
            json_object_set_int_member (member, lists[i].counts[n].name, COUNT (element, &lists[i].counts[n]));
          json_array_add_object_element (array, member);
        }
      json_object_set_array_member (object, lists[i].name, array);
    }
  return json_node_init_object (json_node_alloc (), object);
}

static guint
get_count (JsonObject *object, const char *name)
{
  return (guint) CLAMP (bo_json_get_int (object, name, 0), 0, G_MAXINT);
}

/**
 * bo_telemetry_summary_from_node:
 * @node: (nullable): what bo_telemetry_summary_to_node() made, of this version or another
 *
 * Returns: (transfer full) (nullable): the summary; %NULL when @node is no object
 */
BoTelemetrySummary *
bo_telemetry_summary_from_node (JsonNode *node)
{
  JsonObject *object = node != NULL ? bo_json_node_get_object (node) : NULL;
  BoTelemetrySummary *summary;

  if (object == NULL)
    return NULL;
  summary = bo_telemetry_summary_new ();
  summary->n_samples = get_count (object, "n_samples");
  summary->n_cpus = get_count (object, "n_cpus");
  summary->has_turbo = bo_json_get_boolean (object, "has_turbo", FALSE);
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    NUMBER (summary, &numbers[i]) = bo_json_get_int (object, numbers[i].name, -1);
  for (guint i = 0; i < G_N_ELEMENTS (lists); i++)
    {
      JsonArray *array = bo_json_get_array (object, lists[i].name);
      guint length = array != NULL ? MIN (json_array_get_length (array), LIST_MAX) : 0;

      for (guint k = 0; k < length; k++)
        {
          JsonObject *member = bo_json_node_get_object (json_array_get_element (array, k));
          const char *name = member != NULL ? bo_json_get_string (member, "name", NULL) : NULL;
          gpointer element;

          if (name == NULL)
            continue;
          element = add_element (summary, &lists[i], name);
          for (guint n = 0; n < lists[i].n_numbers; n++)
            NUMBER (element, &lists[i].numbers[n]) = bo_json_get_int (member, lists[i].numbers[n].name, -1);
          for (guint n = 0; n < lists[i].n_counts; n++)
            COUNT (element, &lists[i].counts[n]) = get_count (member, lists[i].counts[n].name);
        }
    }
  return summary;
}
