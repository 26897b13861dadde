/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-disturbance"

#include "config.h"

#include <string.h>

#include "journal/bo-disturbance.h"
#include "study/bo-document-text.h"

void
bo_disturbance_free (BoDisturbance *disturbance)
{
  if (disturbance == NULL)
    return;
  g_free (disturbance->evidence);
  g_free (disturbance);
}

static void
add (GPtrArray *found, const char *flag, char *evidence)
{
  BoDisturbance *disturbance = g_new0 (BoDisturbance, 1);

  disturbance->flag = flag;
  disturbance->evidence = evidence;
  g_ptr_array_add (found, disturbance);
}

/* "12.3": one digit behind the point is what these numbers are good for, in any locale. */
static char *
tenths (double value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  return g_strdup (g_ascii_formatd (text, sizeof text, "%.1f", value));
}

/* "1.2 GiB", in any locale. */
static char *
binary_size (gint64 bytes)
{
  gboolean large = bytes >= G_GINT64_CONSTANT (1) << 30;
  g_autofree char *number = tenths ((double) bytes / (large ? 1 << 30 : 1 << 20));

  return g_strdup_printf ("%s %s", number, large ? "GiB" : "MiB");
}

static gboolean
is_worth_a_flag (guint n, guint n_samples)
{
  return n_samples > 0 && (guint64) n * 1000 >= (guint64) n_samples * BO_DISTURBANCE_SHARE;
}

/*
 * Cooling devices that slow something down that a build needs. Fans, screens
 * and radios are cooling devices, too.
 */
static gboolean
slows_down (const char *name)
{
  static const char *const words[] = { "cpu", "processor", "gpu", "devfreq", "powerclamp", "soc-throttle", "hot-surface" };
  g_autofree char *lower = g_ascii_strdown (name, -1);

  if (strstr (lower, "fan") != NULL)
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    {
      if (strstr (lower, words[i]) != NULL)
        return TRUE;
    }
  return FALSE;
}

/* How long events of this kind lasted, if that is known, decides; else that there were any. */
static char *
find_throttle_events (const BoTelemetrySummary *summary, const char *language)
{
  for (guint i = 0; i < summary->throttles->len; i++)
    {
      const BoThrottleCount *count = g_ptr_array_index (summary->throttles, i);
      double share = 0;

      if (count->events <= 0)
        continue;
      if (count->time_us < 0)
        return g_strdup_printf (D_ (language, "the throttle counter “%s” went up by %lld"), count->name,
                                (long long) count->events);
      if (summary->span_us <= 0 || summary->n_cpus == 0)
        continue;
      share = (double) count->time_us / summary->n_cpus / (double) summary->span_us;
      if (share * 1000 >= BO_DISTURBANCE_SHARE)
        {
          g_autofree char *percent = tenths (share * 100);

          return g_strdup_printf (
              D_ (language,
                  "the processors were slowed down for %s %% of the time (“%s” counted %lld events)"),
              percent, count->name, (long long) count->events);
        }
    }
  return NULL;
}

static char *
find_cooling (const BoTelemetrySummary *summary, const char *language)
{
  for (guint i = 0; i < summary->coolings->len; i++)
    {
      const BoCoolingRise *rise = g_ptr_array_index (summary->coolings, i);

      if (slows_down (rise->name) && is_worth_a_flag (rise->n_raised, summary->n_samples))
        return g_strdup_printf (
            D_ (language, "the cooling device “%s” went from %lld to %lld of %lld (in %u of %u samples)"),
            rise->name, (long long) rise->start, (long long) rise->max, (long long) rise->limit,
            rise->n_raised, summary->n_samples);
    }
  return NULL;
}

/*
 * A clock below its limit alone says little: governors save power, and
 * processors with a turbo never hold its clock with all cores busy. So either the limit itself was
 * lowered, or a clock that was at its limit under load did not stay there.
 */
static char *
find_slow_clock (const BoTelemetrySummary *summary, const char *language)
{
  for (guint i = 0; i < summary->frequencies->len; i++)
    {
      const BoFrequencyShare *clock = g_ptr_array_index (summary->frequencies, i);

      if (is_worth_a_flag (clock->n_lowered, summary->n_samples))
        return g_strdup_printf (
            D_ (language,
                "the limit of the clock of %s, %lld MHz at the start, was lower in %u of %u samples"),
            clock->name, (long long) (clock->limit_khz / 1000), clock->n_lowered, summary->n_samples);
      if (!summary->has_turbo && clock->n_high > 0 && clock->n_low >= BO_LOW_CLOCK_SAMPLES
          && (guint64) clock->n_low * 1000 >= (guint64) clock->n_busy * BO_LOW_CLOCK_SHARE)
        return g_strdup_printf (D_ (language, "the clock of %s was below %lld MHz, four fifths of its limit, "
                                              "in %u of the %u samples with busy processors"),
                                clock->name, (long long) (clock->limit_khz / 1250), clock->n_low,
                                clock->n_busy);
    }
  return NULL;
}

static void
find_throttling (const BoTelemetrySummary *summary, const char *language, GPtrArray *found)
{
  const BoZonePeak *hottest = bo_telemetry_summary_get_hottest (summary);
  g_autofree char *what = find_throttle_events (summary, language);
  char *evidence;

  if (what == NULL)
    what = find_cooling (summary, language);
  if (what == NULL)
    what = find_slow_clock (summary, language);
  if (what == NULL)
    return;
  if (hottest != NULL)
    {
      g_autofree char *degrees = tenths ((double) hottest->max_mc / 1000);

      evidence = g_strdup_printf (D_ (language, "%s; the hottest sensor, %s, came to %s °C"), what,
                                  hottest->name, degrees);
    }
  else
    evidence = g_steal_pointer (&what);
  add (found, BO_FLAG_THROTTLED, evidence);
}

static void
find_swapping (const BoTelemetrySummary *summary, const char *language, GPtrArray *found)
{
  gint64 pages = MAX (summary->pages_in, 0) + MAX (summary->pages_out, 0);
  g_autofree char *seconds = NULL;

  if (pages < BO_SWAPPED_PAGES_MIN || summary->span_us <= 0
      || (double) pages * BO_SWAPPED_PAGE_US * 1000 < (double) summary->span_us * BO_DISTURBANCE_SHARE)
    return;
  seconds = tenths ((double) summary->span_us / G_USEC_PER_SEC);
  add (found, BO_FLAG_SWAPPING,
       g_strdup_printf (D_ (language, "%lld pages were swapped in and %lld out in %s s"),
                        (long long) MAX (summary->pages_in, 0), (long long) MAX (summary->pages_out, 0),
                        seconds));
}

static void
find_other_load (const BoTelemetrySummary *summary, const char *language, GPtrArray *found)
{
  g_autofree char *percent = NULL;

  if (summary->cpu_before <= BO_OTHER_LOAD_SHARE)
    return;
  percent = tenths ((double) summary->cpu_before / 10);
  add (found, BO_FLAG_OTHER_LOAD,
       g_strdup_printf (
           D_ (language,
               "right before it, while Bakeoff did nothing, other programs used %s %% of the processors"),
           percent));
}

static void
find_lack_of_memory (const BoTelemetrySummary *summary, const char *language, GPtrArray *found)
{
  g_autofree char *low = NULL;

  if (summary->oom_kills <= 0)
    return;
  low = summary->memory_low >= 0 ? binary_size (summary->memory_low)
                                 : g_strdup (D_ (language, "an unknown amount"));
  add (found, BO_FLAG_OUT_OF_MEMORY,
       g_strdup_printf (D_ (language, "processes that the kernel killed for want of memory: %lld; at least "
                                      "once only %s were seen to be available"),
                        (long long) summary->oom_kills, low));
}

/**
 * bo_disturbance_find:
 * @summary: what a machine was like during a build
 * @language: (nullable): of the evidence
 *
 * Returns: (transfer full) (element-type BoDisturbance): the flags that this is worth
 */
GPtrArray *
bo_disturbance_find (const BoTelemetrySummary *summary, const char *language)
{
  GPtrArray *found = g_ptr_array_new_with_free_func ((GDestroyNotify) bo_disturbance_free);

  g_return_val_if_fail (summary != NULL, found);

  find_throttling (summary, language, found);
  find_swapping (summary, language, found);
  find_other_load (summary, language, found);
  find_lack_of_memory (summary, language, found);
  return found;
}
