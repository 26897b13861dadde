/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "bo-telemetry-format.h"
#include "journal/bo-disturbance.h"
#include "journal/bo-telemetry-tally.h"
#include "study/bo-json.h"

#define SECOND G_USEC_PER_SEC

static BoTelemetrySample *
parse (const char *text)
{
  return bo_telemetry_sample_parse (text, strlen (text));
}

static void
test_parse (void)
{
  g_autoptr (BoTelemetrySample) sample = parse ("memory 100 40\nswap 50 20\nzram 9 4\npaging 1 2\noom 3\nload 6050\n"
                                                "cpu 161 1071 6\nown 42\npressure memory 99 44\ntemperature cpu-thermal -5\n"
                                                "trip cpu-thermal 99000\nthrottle oc3 17\nthrottled core 8\n"
                                                "cooling fan 2 4\nfrequency cpu0 729600 1728000\nfrequency gpu 1 2\n"
                                                "gpu 120\npower VDD_IN 4750\ndisk 1000 900\nturbo 1\nfuture thing 1 2 3\n");
  const BoTelemetryValue *value;

  g_assert_cmpint (sample->memory_total, ==, 100);
  g_assert_cmpint (sample->memory_available, ==, 40);
  g_assert_cmpint (sample->swap_free, ==, 20);
  g_assert_cmpint (sample->zram_used, ==, 4);
  g_assert_cmpint (sample->pages_out, ==, 2);
  g_assert_cmpint (sample->oom_kills, ==, 3);
  g_assert_cmpint (sample->load, ==, 6050);
  g_assert_cmpint (sample->cpu_total, ==, 1071);
  g_assert_cmpint (sample->n_cpus, ==, 6);
  g_assert_cmpint (sample->own_busy, ==, 42);
  g_assert_cmpint (sample->pressure_some[BO_PRESSURE_MEMORY], ==, 99);
  g_assert_cmpint (sample->pressure_full[BO_PRESSURE_MEMORY], ==, 44);
  g_assert_cmpint (sample->pressure_some[BO_PRESSURE_IO], ==, -1);
  g_assert_cmpint (sample->gpu, ==, 120);
  g_assert_cmpint (sample->disk_free, ==, 900);
  g_assert_cmpint (sample->turbo, ==, 1);
  g_assert_cmpint (bo_telemetry_sample_get_board_power (sample), ==, 4750);
  value = bo_telemetry_sample_find (sample, BO_TELEMETRY_FREQUENCY, "cpu0");
  g_assert_cmpint (value->value, ==, 729600);
  g_assert_cmpint (value->limit, ==, 1728000);
  value = bo_telemetry_sample_find (sample, BO_TELEMETRY_TEMPERATURE, "cpu-thermal");
  g_assert_cmpint (value->value, ==, -5);
  g_assert_null (bo_telemetry_sample_find (sample, BO_TELEMETRY_TRIP, "gpu-thermal"));
}

static void
test_parse_nonsense (void)
{
  static const char *const lines[] = {
    "", "\n\n", "memory", "memory 1", "memory x y", "memory 1 2x", "swap 99999999999999999999 1", "memory\t1 2",
    "temperature", "temperature cpu", "temperature cpu x", "frequency cpu0 1", "pressure", "pressure cpu", "pressure tea 1 2",
    "pressure cpu -1 5", " memory 1 2", "\xff\xfe 1 2", "temperature \xc3\xa4 1",
    "temperature aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa 1",
  };
  g_autoptr (BoTelemetrySample) many = NULL;
  g_autoptr (BoTelemetrySample) empty = bo_telemetry_sample_parse ("", 0);
  g_autoptr (BoTelemetrySample) nul = bo_telemetry_sample_parse ("memory 1\0 2\noom 4", 17);
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);

  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_autoptr (BoTelemetrySample) sample = parse (lines[i]);

      /* One leading blank is as good as none. */
      if (g_str_has_prefix (lines[i], " "))
        continue;
      g_assert_cmpint (sample->memory_total, ==, -1);
      g_assert_cmpint (sample->swap_total, ==, -1);
      g_assert_cmpint (sample->pressure_some[BO_PRESSURE_CPU], ==, -1);
      g_assert_cmpuint (sample->values->len, ==, 0);
    }
  g_assert_cmpint (empty->memory_total, ==, -1);
  g_assert_cmpint (nul->memory_total, ==, -1);
  g_assert_cmpint (nul->oom_kills, ==, 4);

  for (guint i = 0; i < 5000; i++)
    g_string_append_printf (text, "temperature t%u %u\n", i, i);
  many = parse (text->str);
  g_assert_cmpuint (many->values->len, ==, 1024);

  for (guint i = 0; i < 2000; i++)
    {
      g_autofree char *bytes = g_malloc (64);

      for (guint k = 0; k < 64; k++)
        bytes[k] = (char) g_rand_int_range (rand, 0, 256);
      memcpy (bytes, "cpu ", 4);
      bo_telemetry_sample_free (bo_telemetry_sample_parse (bytes, 64));
    }
}

static void
add (BoTelemetryTally *tally, gint64 time_us, const char *text)
{
  g_autoptr (BoTelemetrySample) sample = parse (text);

  bo_telemetry_tally_add (tally, sample, time_us);
}

static void
test_tally (void)
{
  g_autoptr (BoTelemetryTally) tally = bo_telemetry_tally_new ();
  g_autoptr (BoTelemetrySummary) summary = NULL;
  const BoFrequencyShare *clock;
  const BoCoolingRise *rise;
  const BoThrottleCount *count;
  const BoZonePeak *zone;

  g_assert_null (bo_telemetry_tally_summarize (tally));
  /* Long before: of no interest once there is a later one. */
  add (tally, 1 * SECOND, "oom 1\nmemory 1000 1\ntrip cpu 99000\nturbo 1\n");
  add (tally, 10 * SECOND, "oom 5\npaging 100 200\ncpu 100 1000 4\nmemory 1000 900\nswap 500 400\nload 300\n"
                           "pressure memory 1000 0\nthrottle oc1 7\nthrottle gone 5\nthrottle core 3\nthrottled core 10\n"
                           "cooling cpufreq 1 5\ncooling fan 0 5\n"
                           "frequency cpu0 1000 1000\npower VDD_IN 4000\n");
  bo_telemetry_tally_begin (tally, 10 * SECOND + 500000);
  add (tally, 11 * SECOND, "oom 5\npaging 100 200\ncpu 200 1200 4\nmemory 1000 300\nswap 500 350\ntemperature cpu 50000\n"
                           "cooling cpufreq 1 5\ncooling fan 3 5\nfrequency cpu0 500 1000\npower VDD_IN 6000\ndisk 99 50\n");
  add (tally, 12 * SECOND, "oom 5\npaging 110 250\ncpu 390 1400 4\nmemory 1000 200\nswap 500 390\ntemperature cpu 90000\n"
                           "cooling cpufreq 3 5\ncooling fan 3 5\nfrequency cpu0 1000 900\npower VDD_IN 6000\ndisk 99 40\ngpu 7\n");
  add (tally, 13 * SECOND, "oom 5\npaging 110 250\ncpu 570 1600 4\nmemory 1000 250\nswap 500 390\ntemperature cpu 80000\n"
                           "frequency cpu0 700 1000\npower VDD_IN 6000\ndisk 99 45\n");
  bo_telemetry_tally_end (tally, 13 * SECOND + 100000);
  g_assert_false (bo_telemetry_tally_is_complete (tally));
  /* Counted after the last sample, and before the end. */
  add (tally, 14 * SECOND, "oom 6\npaging 110 260\ncpu 580 1800 4\nmemory 1000 1\nswap 500 1\nthrottle oc1 9\nthrottle core 4\n"
                           "throttled core 510\npressure memory 401000 0\ntemperature cpu 120000\npower VDD_IN 6000\n");
  g_assert_true (bo_telemetry_tally_is_complete (tally));
  add (tally, 15 * SECOND, "oom 100\npaging 900 900\n");

  summary = bo_telemetry_tally_summarize (tally);
  g_assert_cmpuint (summary->n_samples, ==, 3);
  g_assert_cmpint (summary->span_us, ==, 4 * SECOND);
  g_assert_cmpint (summary->oom_kills, ==, 1);
  g_assert_cmpint (summary->pages_in, ==, 10);
  g_assert_cmpint (summary->pages_out, ==, 60);
  g_assert_cmpint (summary->memory_low, ==, 200);
  g_assert_cmpint (summary->swap_growth, ==, 50);
  g_assert_cmpint (summary->cpu_max, ==, 950);
  g_assert_cmpint (summary->cpu_mean, ==, 600);
  g_assert_cmpint (summary->load_start, ==, 300);
  g_assert_cmpint (summary->pressure[BO_PRESSURE_MEMORY], ==, 100);
  g_assert_cmpint (summary->pressure[BO_PRESSURE_IO], ==, -1);
  g_assert_cmpint (summary->disk_low, ==, 40);
  g_assert_cmpint (summary->gpu_max, ==, 7);
  /* 5 W for half a second, then 6 W for 2.1 s. */
  g_assert_cmpint (summary->energy_mj, ==, 2500 + 12600);
  g_assert_false (summary->has_turbo);

  g_assert_cmpuint (summary->zones->len, ==, 1);
  zone = g_ptr_array_index (summary->zones, 0);
  g_assert_cmpint (zone->max_mc, ==, 90000);
  g_assert_cmpint (zone->trip_mc, ==, -1);
  g_assert_cmpuint (summary->throttles->len, ==, 2);
  count = g_ptr_array_index (summary->throttles, 0);
  g_assert_cmpstr (count->name, ==, "oc1");
  g_assert_cmpint (count->events, ==, 2);
  g_assert_cmpint (count->time_us, ==, -1);
  count = g_ptr_array_index (summary->throttles, 1);
  g_assert_cmpint (count->time_us, ==, 500000);
  g_assert_cmpuint (summary->coolings->len, ==, 2);
  rise = g_ptr_array_index (summary->coolings, 0);
  g_assert_cmpstr (rise->name, ==, "fan");
  rise = g_ptr_array_index (summary->coolings, 1);
  g_assert_cmpint (rise->start, ==, 1);
  g_assert_cmpint (rise->max, ==, 3);
  g_assert_cmpuint (rise->n_raised, ==, 1);
  g_assert_cmpuint (summary->frequencies->len, ==, 1);
  clock = g_ptr_array_index (summary->frequencies, 0);
  g_assert_cmpint (clock->limit_khz, ==, 1000);
  g_assert_cmpint (clock->min_share, ==, 500);
  g_assert_cmpint (clock->mean_share, ==, 733);
  g_assert_cmpuint (clock->n_lowered, ==, 1);
  g_assert_cmpuint (clock->n_busy, ==, 2);
  g_assert_cmpuint (clock->n_high, ==, 1);
  g_assert_cmpuint (clock->n_low, ==, 1);
}

/* What is told once, nobody watching before, counters set back by a boot. */
static void
test_tally_edges (void)
{
  g_autoptr (BoTelemetryTally) tally = bo_telemetry_tally_new ();
  g_autoptr (BoTelemetrySample) traits = parse ("trip cpu 99000\nturbo 1\n");
  g_autoptr (BoTelemetrySummary) summary = NULL;

  bo_telemetry_tally_set_traits (tally, traits);
  bo_telemetry_tally_begin (tally, 1 * SECOND);
  add (tally, 2 * SECOND, "oom 5\ntemperature cpu -1000\ncpu 5 6 1\n");
  add (tally, 3 * SECOND, "oom 2\nmemory 5 5\n");
  bo_telemetry_tally_end (tally, 3 * SECOND);
  g_assert_true (bo_telemetry_tally_is_complete (tally));
  summary = bo_telemetry_tally_summarize (tally);
  g_assert_cmpuint (summary->n_samples, ==, 2);
  g_assert_cmpint (summary->oom_kills, ==, -1);
  g_assert_cmpint (summary->cpu_mean, ==, -1);
  g_assert_true (summary->has_turbo);
  g_assert_cmpint (((BoZonePeak *) g_ptr_array_index (summary->zones, 0))->trip_mc, ==, 99000);
  g_assert_cmpint (((BoZonePeak *) g_ptr_array_index (summary->zones, 0))->max_mc, ==, -1000);
}

static void
test_summary_json (void)
{
  g_autoptr (BoTelemetrySummary) summary = bo_telemetry_summary_new ();
  g_autoptr (BoTelemetrySummary) copy = NULL;
  g_autoptr (BoTelemetrySummary) again = NULL;
  g_autoptr (JsonNode) node = NULL;
  g_autoptr (JsonNode) other = NULL;
  g_autoptr (JsonNode) array = json_from_string ("[1]", NULL);
  g_autoptr (JsonNode) odd = json_from_string ("{\"zones\":[1,{},{\"name\":\"x\"}],\"n_samples\":-4,\"coolings\":7}", NULL);
  g_autofree char *text = NULL;
  g_autofree char *second = NULL;

  summary->n_samples = 7;
  summary->energy_mj = 12;
  summary->pressure[BO_PRESSURE_IO] = 3;
  bo_telemetry_summary_add_zone (summary, "cpu")->max_mc = -4;
  bo_telemetry_summary_add_throttle (summary, "oc1")->events = 9;
  bo_telemetry_summary_add_cooling (summary, "fan")->n_raised = 2;
  bo_telemetry_summary_add_frequency (summary, "cpu0")->n_low = 6;
  node = bo_telemetry_summary_to_node (summary);
  text = json_to_string (node, FALSE);
  copy = bo_telemetry_summary_copy (summary);
  again = bo_telemetry_summary_from_node (node);
  other = bo_telemetry_summary_to_node (again);
  second = json_to_string (other, FALSE);
  g_assert_cmpstr (second, ==, text);
  g_assert_nonnull (strstr (text, "\"memory_low\":null"));
  g_assert_cmpint (again->energy_mj, ==, 12);
  g_assert_cmpint (copy->pressure[BO_PRESSURE_IO], ==, 3);
  g_assert_cmpuint (((BoFrequencyShare *) g_ptr_array_index (copy->frequencies, 0))->n_low, ==, 6);

  g_assert_null (bo_telemetry_summary_from_node (NULL));
  g_assert_null (bo_telemetry_summary_from_node (array));
  g_clear_pointer (&again, bo_telemetry_summary_free);
  again = bo_telemetry_summary_from_node (odd);
  g_assert_cmpuint (again->n_samples, ==, 0);
  g_assert_cmpuint (again->zones->len, ==, 1);
}

/* --- the rules --- */

static char *
find_flags (const BoTelemetrySummary *summary)
{
  g_autoptr (GPtrArray) found = bo_disturbance_find (summary, NULL);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < found->len; i++)
    {
      const BoDisturbance *disturbance = g_ptr_array_index (found, i);

      g_assert_cmpuint (strlen (disturbance->evidence), >, 20);
      g_string_append_printf (text, "%s%s", i > 0 ? " " : "", disturbance->flag);
    }
  return g_string_free (text, FALSE);
}

static void
check_flags (const BoTelemetrySummary *summary, const char *expected)
{
  g_autofree char *flags = find_flags (summary);

  g_assert_cmpstr (flags, ==, expected);
}

/* A build of 100 s on six processors. */
static BoTelemetrySummary *
make_summary (void)
{
  BoTelemetrySummary *summary = bo_telemetry_summary_new ();

  summary->n_samples = 100;
  summary->span_us = 100 * SECOND;
  summary->n_cpus = 6;
  return summary;
}

static void
test_quiet (void)
{
  g_autoptr (BoTelemetrySummary) nothing = bo_telemetry_summary_new ();
  g_autoptr (BoTelemetrySummary) summary = make_summary ();

  check_flags (nothing, "");
  /* All processors busy, hot, memory nearly full and swap in use: what a build does. */
  summary->cpu_mean = summary->cpu_max = 1000;
  summary->cpu_before = 80;
  summary->load_start = 12000;
  summary->memory_low = 1;
  summary->swap_growth = 1 << 30;
  summary->pages_in = summary->pages_out = summary->oom_kills = 0;
  bo_telemetry_summary_add_zone (summary, "tj")->max_mc = 97000;
  bo_telemetry_summary_add_throttle (summary, "oc1")->events = 0;
  check_flags (summary, "");
}

static void
test_throttle_events (void)
{
  static const struct
  {
    gint64 events;
    gint64 time_us;
    const char *flags;
  } cases[] = {
    { 0, -1, "" },
    { 1, -1, "throttled" },
    { 0, 0, "" },
    /* 600 processor seconds; two hundredths are 12. */
    { 500, 11 * SECOND, "" },
    { 500, 12 * SECOND, "throttled" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (BoTelemetrySummary) summary = make_summary ();
      BoThrottleCount *count = bo_telemetry_summary_add_throttle (summary, "core");

      count->events = cases[i].events;
      count->time_us = cases[i].time_us;
      check_flags (summary, cases[i].flags);
    }
}

static void
test_cooling (void)
{
  static const struct
  {
    const char *name;
    guint n_raised;
    const char *flags;
  } cases[] = {
    { "cpufreq-cpu0", 1, "" },
    { "cpufreq-cpu0", 2, "throttled" },
    { "thermal-devfreq-0", 50, "throttled" },
    { "cpu-throttle-alert", 50, "throttled" },
    { "Processor", 50, "throttled" },
    { "Processor.3", 50, "throttled" },
    { "intel_powerclamp", 50, "throttled" },
    { "pwm-fan", 100, "" },
    { "cpu-fan", 100, "" },
    { "LCD", 100, "" },
    { "iwlwifi_1", 100, "" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (BoTelemetrySummary) summary = make_summary ();
      BoCoolingRise *rise = bo_telemetry_summary_add_cooling (summary, cases[i].name);

      rise->start = 0;
      rise->max = 3;
      rise->n_raised = cases[i].n_raised;
      check_flags (summary, cases[i].flags);
    }
}

static void
test_clocks (void)
{
  static const struct
  {
    const char *what;
    gboolean has_turbo;
    guint n_lowered, n_busy, n_high, n_low;
    const char *flags;
  } cases[] = {
    { "idle, clocked down", FALSE, 0, 0, 0, 0, "" },
    { "busy and fast", FALSE, 0, 100, 100, 0, "" },
    { "held low by its governor", FALSE, 0, 100, 0, 100, "" },
    { "fell while busy", FALSE, 0, 100, 50, 50, "throttled" },
    { "fell with a turbo", TRUE, 0, 100, 50, 50, "" },
    { "fell for a moment", FALSE, 0, 100, 91, 9, "" },
    { "fell in a short build", FALSE, 0, 8, 4, 4, "" },
    { "limit lowered", TRUE, 2, 0, 0, 0, "throttled" },
    { "limit lowered for a moment", TRUE, 1, 0, 0, 0, "" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (BoTelemetrySummary) summary = make_summary ();
      BoFrequencyShare *clock = bo_telemetry_summary_add_frequency (summary, "cpu0");

      g_test_message ("%s", cases[i].what);
      summary->has_turbo = cases[i].has_turbo;
      clock->limit_khz = 1728000;
      clock->min_share = 400;
      clock->n_lowered = cases[i].n_lowered;
      clock->n_busy = cases[i].n_busy;
      clock->n_high = cases[i].n_high;
      clock->n_low = cases[i].n_low;
      check_flags (summary, cases[i].flags);
    }
}

static void
test_swapping (void)
{
  static const struct
  {
    gint64 in, out, span_us;
    const char *flags;
  } cases[] = {
    { 0, 0, 100 * SECOND, "" },
    { -1, -1, 100 * SECOND, "" },
    /* 100 s at a tenth of a millisecond a page: 20 000 pages are 2 s. */
    { 10000, 9999, 100 * SECOND, "" },
    { 10000, 10000, 100 * SECOND, "swapping" },
    { 20000, 0, 100 * SECOND, "swapping" },
    { 0, 255, 1 * SECOND, "" },
    { 0, 256, 1 * SECOND, "swapping" },
    { 1000, 1000, 0, "" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (BoTelemetrySummary) summary = make_summary ();

      summary->pages_in = cases[i].in;
      summary->pages_out = cases[i].out;
      summary->span_us = cases[i].span_us;
      check_flags (summary, cases[i].flags);
    }
}

static void
test_load_and_memory (void)
{
  g_autoptr (BoTelemetrySummary) summary = make_summary ();
  g_autoptr (GPtrArray) found = NULL;

  summary->cpu_before = 500;
  check_flags (summary, "");
  summary->cpu_before = 501;
  check_flags (summary, "other-load");
  summary->oom_kills = 2;
  summary->memory_low = 3 << 20;
  check_flags (summary, "other-load out-of-memory");
  found = bo_disturbance_find (summary, NULL);
  g_assert_nonnull (strstr (((BoDisturbance *) g_ptr_array_index (found, 0))->evidence, "50.1 %"));
  g_assert_nonnull (
      strstr (((BoDisturbance *) g_ptr_array_index (found, 1))->evidence, "killed for want of memory: 2;"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/telemetry/parse", test_parse);
  g_test_add_func ("/telemetry/parse-nonsense", test_parse_nonsense);
  g_test_add_func ("/telemetry/tally", test_tally);
  g_test_add_func ("/telemetry/tally-edges", test_tally_edges);
  g_test_add_func ("/telemetry/summary-json", test_summary_json);
  g_test_add_func ("/telemetry/quiet", test_quiet);
  g_test_add_func ("/telemetry/throttle-events", test_throttle_events);
  g_test_add_func ("/telemetry/cooling", test_cooling);
  g_test_add_func ("/telemetry/clocks", test_clocks);
  g_test_add_func ("/telemetry/swapping", test_swapping);
  g_test_add_func ("/telemetry/load-and-memory", test_load_and_memory);
  return g_test_run ();
}
