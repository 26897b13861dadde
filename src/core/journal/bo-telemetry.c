/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-telemetry"

#include "config.h"

#include <string.h>

#include "journal/bo-telemetry.h"

#define VALUES_MAX 1024
#define WORDS_MAX 4
#define LINE_MAX_BYTES 256
/* No machine counts further; and such numbers can be added, subtracted and written as JSON. */
#define NUMBER_MAX (G_GINT64_CONSTANT (1) << 53)

/* A key with up to three numbers, and where they go. */
static const struct
{
  const char *key;
  gsize offsets[3];
  guint n_numbers;
} scalars[] = {
#define AT(field) G_STRUCT_OFFSET (BoTelemetrySample, field)
  { "memory", { AT (memory_total), AT (memory_available) }, 2 },
  { "swap", { AT (swap_total), AT (swap_free) }, 2 },
  { "zram", { AT (zram_size), AT (zram_used) }, 2 },
  { "paging", { AT (pages_in), AT (pages_out) }, 2 },
  { "oom", { AT (oom_kills) }, 1 },
  { "load", { AT (load) }, 1 },
  { "cpu", { AT (cpu_busy), AT (cpu_total), AT (n_cpus) }, 3 },
  { "own", { AT (own_busy) }, 1 },
  { "gpu", { AT (gpu) }, 1 },
  { "disk", { AT (disk_total), AT (disk_free) }, 2 },
  { "turbo", { AT (turbo) }, 1 },
#undef AT
};

/* A key with a name and one or two numbers. */
static const struct
{
  const char *key;
  BoTelemetryKind kind;
  guint n_numbers;
} named[] = {
  { "temperature", BO_TELEMETRY_TEMPERATURE, 1 }, { "trip", BO_TELEMETRY_TRIP, 1 },
  { "throttle", BO_TELEMETRY_THROTTLE, 1 },       { "throttled", BO_TELEMETRY_THROTTLED, 1 },
  { "cooling", BO_TELEMETRY_COOLING, 2 },         { "frequency", BO_TELEMETRY_FREQUENCY, 2 },
  { "power", BO_TELEMETRY_POWER, 1 },
};

static gboolean
parse_numbers (char **words, guint n, gint64 *numbers)
{
  for (guint i = 0; i < n; i++)
    {
      if (words[i] == NULL || !g_ascii_string_to_signed (words[i], 10, -NUMBER_MAX, NUMBER_MAX, &numbers[i], NULL))
        return FALSE;
    }
  /* What a later version may add behind them is passed over. */
  return TRUE;
}

static void
take_pressure (BoTelemetrySample *sample, char **words)
{
  gint64 numbers[2];

  for (guint kind = 0; words[1] != NULL && kind < BO_N_PRESSURES; kind++)
    {
      if (!g_str_equal (words[1], bo_pressure_kind_to_string (kind)) || !parse_numbers (words + 2, 2, numbers)
          || numbers[0] < 0 || numbers[1] < 0)
        continue;
      sample->pressure_some[kind] = numbers[0];
      sample->pressure_full[kind] = numbers[1];
    }
}

static void
take_line (BoTelemetrySample *sample, char **words)
{
  gint64 numbers[3] = { 0 };

  if (words[0] == NULL)
    return;
  if (g_str_equal (words[0], "pressure"))
    take_pressure (sample, words);
  for (guint i = 0; i < G_N_ELEMENTS (scalars); i++)
    {
      if (!g_str_equal (words[0], scalars[i].key) || !parse_numbers (words + 1, scalars[i].n_numbers, numbers))
        continue;
      /* None of these can be less than nothing, and less would stand for "not known". */
      for (guint k = 0; k < scalars[i].n_numbers; k++)
        G_STRUCT_MEMBER (gint64, sample, scalars[i].offsets[k]) = MAX (numbers[k], 0);
    }
  for (guint i = 0; i < G_N_ELEMENTS (named); i++)
    {
      BoTelemetryValue value = { .kind = named[i].kind };

      if (!g_str_equal (words[0], named[i].key) || words[1] == NULL || strlen (words[1]) >= sizeof value.name
          || sample->values->len >= VALUES_MAX || !parse_numbers (words + 2, named[i].n_numbers, numbers))
        continue;
      strcpy (value.name, words[1]);
      value.value = numbers[0];
      value.limit = named[i].n_numbers > 1 ? numbers[1] : 0;
      g_array_append_val (sample->values, value);
    }
}

/* Splits a line at its blanks, in place; false when it holds what no line of ours does. */
static gboolean
split (char *line, char **words, guint n_words)
{
  guint n = 0;

  memset (words, 0, (n_words + 1) * sizeof *words);
  for (char *p = line; *p != '\0'; p++)
    {
      if (*p != ' ' && !g_ascii_isgraph (*p))
        return FALSE;
      if (*p == ' ')
        *p = '\0';
      else if ((p == line || p[-1] == '\0') && n < n_words)
        words[n++] = p;
    }
  return TRUE;
}

/**
 * bo_telemetry_sample_parse:
 * @text: payload of a TELEMETRY message
 * @length: its length
 *
 * Lines that are not understood are passed over.
 *
 * Returns: (transfer full): the sample
 */
BoTelemetrySample *
bo_telemetry_sample_parse (const char *text, gsize length)
{
  BoTelemetrySample *sample = g_new0 (BoTelemetrySample, 1);
  const char *end = text + length;

  for (guint i = 0; i < G_N_ELEMENTS (scalars); i++)
    {
      for (guint k = 0; k < scalars[i].n_numbers; k++)
        G_STRUCT_MEMBER (gint64, sample, scalars[i].offsets[k]) = -1;
    }
  for (guint i = 0; i < BO_N_PRESSURES; i++)
    sample->pressure_some[i] = sample->pressure_full[i] = -1;
  sample->values = g_array_new (FALSE, FALSE, sizeof (BoTelemetryValue));

  for (const char *p = text; p < end;)
    {
      const char *stop = memchr (p, '\n', (gsize) (end - p));
      gsize n = (gsize) ((stop != NULL ? stop : end) - p);
      char line[LINE_MAX_BYTES];
      char *words[WORDS_MAX + 1];

      if (n < sizeof line && memchr (p, '\0', n) == NULL)
        {
          memcpy (line, p, n);
          line[n] = '\0';
          if (split (line, words, WORDS_MAX))
            take_line (sample, words);
        }
      p += n + 1;
    }
  return sample;
}

BoTelemetrySample *
bo_telemetry_sample_copy (const BoTelemetrySample *sample)
{
  BoTelemetrySample *copy;

  g_return_val_if_fail (sample != NULL, NULL);

  copy = g_new (BoTelemetrySample, 1);
  *copy = *sample;
  copy->values = g_array_copy (sample->values);
  return copy;
}

void
bo_telemetry_sample_free (BoTelemetrySample *sample)
{
  if (sample == NULL)
    return;
  g_array_unref (sample->values);
  g_free (sample);
}

/**
 * bo_telemetry_sample_find:
 * @sample: a sample
 * @kind: what is looked for
 * @name: whose
 *
 * Returns: (nullable) (transfer none): the value
 */
const BoTelemetryValue *
bo_telemetry_sample_find (const BoTelemetrySample *sample, BoTelemetryKind kind, const char *name)
{
  g_return_val_if_fail (sample != NULL && name != NULL, NULL);

  for (guint i = 0; i < sample->values->len; i++)
    {
      const BoTelemetryValue *value = &g_array_index (sample->values, BoTelemetryValue, i);

      if (value->kind == kind && g_str_equal (value->name, name))
        return value;
    }
  return NULL;
}

/**
 * bo_telemetry_sample_get_board_power:
 * @sample: a sample
 *
 * Only a rail that feeds the whole board counts: VDD_IN of Orin Nano, Orin NX
 * and Xavier NX, POM_5V_IN of the first Nano. AGX boards measure parts whose sum is not the whole.
 *
 * Returns: milliwatts, or -1
 */
gint64
bo_telemetry_sample_get_board_power (const BoTelemetrySample *sample)
{
  static const char *const rails[] = { "VDD_IN", "POM_5V_IN" };

  g_return_val_if_fail (sample != NULL, -1);

  for (guint i = 0; i < G_N_ELEMENTS (rails); i++)
    {
      const BoTelemetryValue *value = bo_telemetry_sample_find (sample, BO_TELEMETRY_POWER, rails[i]);

      if (value != NULL && value->value >= 0)
        return value->value;
    }
  return -1;
}

void
bo_telemetry_point_free (BoTelemetryPoint *point)
{
  if (point == NULL)
    return;
  bo_telemetry_sample_free (point->sample);
  g_free (point);
}
