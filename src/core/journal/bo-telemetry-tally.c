/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-telemetry-tally"

#include "config.h"

#include "journal/bo-telemetry-tally.h"

/* Processors that are so busy that a governor runs them as fast as they may: thousandths. */
#define BUSY_SHARE 800
/* A clock that is at its limit, and one that is clearly not: thousandths of the limit. */
#define HIGH_SHARE 950
#define LOW_SHARE 800
/* Shares over less time than this are no better than chance: counters tick a hundred times a second. */
#define SHARE_SPAN_US (G_USEC_PER_SEC / 4)
/* A sample that comes so shortly behind the end was taken for it. */
#define CLOSING_US (G_USEC_PER_SEC / 2)

typedef struct
{
  BoFrequencyShare *share;
  gint64 sum;
  guint n;
} Clock;

struct _BoTelemetryTally
{
  gint64 start_us; /* -1: the build has not begun */
  gint64 end_us;   /* -1: it has not ended */
  gboolean complete;

  BoTelemetrySample *traits; /* (nullable) */
  /* The last before the start, and the last so far */
  BoTelemetrySample *first;
  gint64 first_us;
  BoTelemetrySample *last;
  gint64 last_us;

  BoTelemetrySummary *summary;
  GArray *clocks; /* of Clock, as in the summary's frequencies */
  gint64 swap_start;
  double energy; /* microjoules */
  gboolean has_energy;
};

BoTelemetryTally *
bo_telemetry_tally_new (void)
{
  BoTelemetryTally *self = g_new0 (BoTelemetryTally, 1);

  self->start_us = self->end_us = -1;
  self->summary = bo_telemetry_summary_new ();
  self->clocks = g_array_new (FALSE, TRUE, sizeof (Clock));
  return self;
}

void
bo_telemetry_tally_free (BoTelemetryTally *self)
{
  if (self == NULL)
    return;
  bo_telemetry_sample_free (self->traits);
  bo_telemetry_sample_free (self->first);
  bo_telemetry_sample_free (self->last);
  bo_telemetry_summary_free (self->summary);
  g_array_unref (self->clocks);
  g_free (self);
}

/* How much a counter went on; -1 when one of the two is not known, or it was set back. */
static gint64
difference (gint64 before, gint64 after)
{
  return before >= 0 && after >= before ? after - before : -1;
}

static gint64
share (gint64 part, gint64 whole)
{
  return part >= 0 && whole > 0 ? (gint64) MIN ((double) part * 1000 / (double) whole, 1000.0) : -1;
}

/**
 * bo_telemetry_busy_share:
 * @before: a sample
 * @after: a later one
 *
 * Returns: thousandths of the processors' time in between that was used, or -1
 */
gint64
bo_telemetry_busy_share (const BoTelemetrySample *before, const BoTelemetrySample *after)
{
  g_return_val_if_fail (before != NULL && after != NULL, -1);

  return share (difference (before->cpu_busy, after->cpu_busy), difference (before->cpu_total, after->cpu_total));
}

static void
keep_least (gint64 *least, gint64 value)
{
  if (value >= 0 && (*least < 0 || value < *least))
    *least = value;
}

static void
keep_most (gint64 *most, gint64 value)
{
  if (value > *most)
    *most = value;
}

static gint64
get_swap_use (const BoTelemetrySample *sample)
{
  return sample->swap_total >= 0 && sample->swap_free >= 0 ? MAX (sample->swap_total - sample->swap_free, 0) : -1;
}

static void
add_zone (BoTelemetryTally *self, const BoTelemetryValue *value)
{
  BoZonePeak *zone = NULL;

  for (guint i = 0; i < self->summary->zones->len && zone == NULL; i++)
    {
      zone = g_ptr_array_index (self->summary->zones, i);
      if (!g_str_equal (zone->name, value->name))
        zone = NULL;
    }
  if (zone == NULL)
    {
      zone = bo_telemetry_summary_add_zone (self->summary, value->name);
      zone->max_mc = value->value;
    }
  zone->max_mc = MAX (zone->max_mc, value->value);
}

static void
add_cooling (BoTelemetryTally *self, const BoTelemetryValue *value)
{
  const BoTelemetryValue *start = bo_telemetry_sample_find (self->first, BO_TELEMETRY_COOLING, value->name);
  BoCoolingRise *rise = NULL;

  if (start == NULL || value->value <= start->value)
    return;
  for (guint i = 0; i < self->summary->coolings->len && rise == NULL; i++)
    {
      rise = g_ptr_array_index (self->summary->coolings, i);
      if (!g_str_equal (rise->name, value->name))
        rise = NULL;
    }
  if (rise == NULL)
    {
      rise = bo_telemetry_summary_add_cooling (self->summary, value->name);
      rise->start = start->value;
      rise->limit = value->limit;
    }
  rise->max = MAX (rise->max, value->value);
  rise->n_raised++;
}

static Clock *
ensure_clock (BoTelemetryTally *self, const char *name)
{
  const BoTelemetryValue *start = bo_telemetry_sample_find (self->first, BO_TELEMETRY_FREQUENCY, name);
  Clock clock = { 0 };

  for (guint i = 0; i < self->clocks->len; i++)
    {
      Clock *known = &g_array_index (self->clocks, Clock, i);

      if (g_str_equal (known->share->name, name))
        return known;
    }
  if (start == NULL || start->limit <= 0)
    return NULL;
  clock.share = bo_telemetry_summary_add_frequency (self->summary, name);
  clock.share->limit_khz = start->limit;
  g_array_append_val (self->clocks, clock);
  return &g_array_index (self->clocks, Clock, self->clocks->len - 1);
}

static void
add_frequency (BoTelemetryTally *self, const BoTelemetryValue *value, gint64 busy)
{
  Clock *clock = ensure_clock (self, value->name);
  BoFrequencyShare *known;
  gint64 part;

  if (clock == NULL || value->value < 0)
    return;
  known = clock->share;
  part = share (value->value, known->limit_khz);
  keep_least (&known->min_share, part);
  clock->sum += part;
  clock->n++;
  known->mean_share = clock->sum / clock->n;
  known->n_lowered += value->limit < known->limit_khz;
  /* The GPU's clock follows the GPU's load, which a build hardly makes. */
  if (busy < BUSY_SHARE || g_str_equal (value->name, "gpu"))
    return;
  known->n_busy++;
  known->n_high += part >= HIGH_SHARE;
  known->n_low += part < LOW_SHARE;
}

/* What a sample during the build says by itself, and together with the one before it. */
static void
add_state (BoTelemetryTally *self, const BoTelemetrySample *sample, gint64 time_us)
{
  BoTelemetrySummary *summary = self->summary;
  gint64 busy = bo_telemetry_busy_share (self->last, sample);
  gint64 use = get_swap_use (sample);

  summary->n_samples++;
  keep_least (&summary->memory_low, sample->memory_available);
  keep_least (&summary->disk_low, sample->disk_free);
  keep_most (&summary->gpu_max, sample->gpu);
  if (use >= 0 && self->swap_start >= 0)
    keep_most (&summary->swap_growth, MAX (use - self->swap_start, 0));
  if (time_us - self->last_us >= SHARE_SPAN_US)
    keep_most (&summary->cpu_max, busy);
  for (guint i = 0; i < sample->values->len; i++)
    {
      const BoTelemetryValue *value = &g_array_index (sample->values, BoTelemetryValue, i);

      if (value->kind == BO_TELEMETRY_TEMPERATURE)
        add_zone (self, value);
      else if (value->kind == BO_TELEMETRY_COOLING)
        add_cooling (self, value);
      else if (value->kind == BO_TELEMETRY_FREQUENCY)
        add_frequency (self, value, busy);
    }
}

static void
add_energy (BoTelemetryTally *self, const BoTelemetrySample *sample, gint64 time_us)
{
  gint64 before = bo_telemetry_sample_get_board_power (self->last);
  gint64 now = bo_telemetry_sample_get_board_power (sample);
  gint64 from_us = MAX (self->last_us, self->start_us);
  gint64 until_us = self->end_us >= 0 ? MIN (time_us, self->end_us) : time_us;

  if (before < 0 || now < 0 || until_us <= from_us || before > G_MAXINT32 || now > G_MAXINT32)
    return;
  self->energy += (double) (before + now) / 2 * (double) (until_us - from_us) / 1000;
  self->has_energy = TRUE;
}

/**
 * bo_telemetry_tally_set_traits:
 * @tally: a tally
 * @sample: the first sample of a courier, which tells what is told once
 */
void
bo_telemetry_tally_set_traits (BoTelemetryTally *self, const BoTelemetrySample *sample)
{
  g_return_if_fail (self != NULL && sample != NULL);

  bo_telemetry_sample_free (self->traits);
  self->traits = bo_telemetry_sample_copy (sample);
}

/**
 * bo_telemetry_tally_begin:
 * @tally: a tally
 * @start_us: when the build began, on the clock of bo_telemetry_tally_add()
 */
void
bo_telemetry_tally_begin (BoTelemetryTally *self, gint64 start_us)
{
  g_return_if_fail (self != NULL);

  self->start_us = start_us;
}

/**
 * bo_telemetry_tally_add:
 * @tally: a tally
 * @sample: the next sample
 * @time_us: when it was taken, on the journal's clock
 *
 * Those before the build began are compared with, those after it ended pass by.
 */
void
bo_telemetry_tally_add (BoTelemetryTally *self, const BoTelemetrySample *sample, gint64 time_us)
{
  g_return_if_fail (self != NULL && sample != NULL);

  if (self->complete)
    return;
  if (self->start_us < 0 || time_us <= self->start_us)
    {
      bo_telemetry_sample_free (self->first);
      self->first = bo_telemetry_sample_copy (sample);
      self->first_us = time_us;
    }
  else
    {
      /* Nobody watched before: then the first of the build is what the others are compared with. */
      if (self->first == NULL)
        {
          self->first = bo_telemetry_sample_copy (sample);
          self->first_us = time_us;
        }
      if (self->last == NULL)
        {
          self->last = bo_telemetry_sample_copy (self->first);
          self->last_us = self->first_us;
          self->swap_start = get_swap_use (self->first);
        }
      if (self->end_us < 0 || time_us <= self->end_us + CLOSING_US)
        add_state (self, sample, time_us);
      add_energy (self, sample, time_us);
      bo_telemetry_sample_free (self->last);
      self->last = bo_telemetry_sample_copy (sample);
      self->last_us = time_us;
      self->complete = self->end_us >= 0 && time_us >= self->end_us;
    }
}

/**
 * bo_telemetry_tally_end:
 * @tally: a tally
 * @end_us: when the build ended
 */
void
bo_telemetry_tally_end (BoTelemetryTally *self, gint64 end_us)
{
  g_return_if_fail (self != NULL);

  if (self->end_us < 0)
    self->end_us = end_us;
  if (self->last != NULL && self->last_us >= self->end_us)
    self->complete = TRUE;
}

/**
 * bo_telemetry_tally_is_complete:
 * @tally: a tally
 *
 * Returns: whether there was a sample after the build's end
 */
gboolean
bo_telemetry_tally_is_complete (const BoTelemetryTally *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->complete;
}

static void
add_throttles (BoTelemetrySummary *summary, const BoTelemetrySample *first, const BoTelemetrySample *last)
{
  for (guint i = 0; i < last->values->len; i++)
    {
      const BoTelemetryValue *value = &g_array_index (last->values, BoTelemetryValue, i);
      const BoTelemetryValue *before;
      const BoTelemetryValue *time;
      const BoTelemetryValue *time_before;
      BoThrottleCount *count;

      if (value->kind != BO_TELEMETRY_THROTTLE)
        continue;
      before = bo_telemetry_sample_find (first, BO_TELEMETRY_THROTTLE, value->name);
      if (before == NULL || value->value < before->value)
        continue;
      count = bo_telemetry_summary_add_throttle (summary, value->name);
      count->events = value->value - before->value;
      time = bo_telemetry_sample_find (last, BO_TELEMETRY_THROTTLED, value->name);
      time_before = bo_telemetry_sample_find (first, BO_TELEMETRY_THROTTLED, value->name);
      if (time != NULL && time_before != NULL && time->value >= time_before->value)
        count->time_us = MIN (time->value - time_before->value, G_MAXINT64 / 1000) * 1000;
    }
}

/**
 * bo_telemetry_tally_summarize:
 * @tally: a tally
 *
 * Returns: (transfer full) (nullable): what it comes to so far; %NULL without a sample of the build
 */
BoTelemetrySummary *
bo_telemetry_tally_summarize (const BoTelemetryTally *self)
{
  BoTelemetrySummary *summary;
  const BoTelemetrySample *first;
  const BoTelemetrySample *last;
  const BoTelemetrySample *traits;

  g_return_val_if_fail (self != NULL, NULL);

  if (self->last == NULL)
    return NULL;
  first = self->first;
  last = self->last;
  traits = self->traits != NULL ? self->traits : first;
  summary = bo_telemetry_summary_copy (self->summary);
  summary->has_turbo = traits->turbo > 0;
  for (guint i = 0; i < summary->zones->len; i++)
    {
      BoZonePeak *zone = g_ptr_array_index (summary->zones, i);
      const BoTelemetryValue *trip = bo_telemetry_sample_find (traits, BO_TELEMETRY_TRIP, zone->name);

      zone->trip_mc = trip != NULL ? trip->value : -1;
    }
  summary->span_us = MAX (self->last_us - self->first_us, 0);
  summary->n_cpus = (guint) CLAMP (last->n_cpus, 0, G_MAXINT);
  summary->memory_total = last->memory_total;
  summary->swap_total = last->swap_total;
  summary->pages_in = difference (first->pages_in, last->pages_in);
  summary->pages_out = difference (first->pages_out, last->pages_out);
  summary->oom_kills = difference (first->oom_kills, last->oom_kills);
  summary->cpu_mean = bo_telemetry_busy_share (first, last);
  summary->load_start = first->load;
  for (guint i = 0; i < BO_N_PRESSURES; i++)
    summary->pressure[i] = share (difference (first->pressure_some[i], last->pressure_some[i]), summary->span_us);
  if (self->has_energy)
    summary->energy_mj = (gint64) MIN (self->energy / 1000, (double) G_MAXINT32 * 1000);
  add_throttles (summary, first, last);
  return summary;
}
