/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "charts/bo-axis.h"

#define MS G_GINT64_CONSTANT (1000)
#define S (1000 * MS)
#define MIN_ (60 * S)
#define H (60 * MIN_)
#define MB G_GINT64_CONSTANT (1000000)
#define GB (1000 * MB)

static void
test_ticks (void)
{
  static const struct
  {
    BoAxisKind kind;
    gint64 max;
    guint intervals;
    const char *labels;
  } cases[] = {
    { BO_AXIS_DURATION, 52 * MIN_ + 14 * S, 6, "0|10 min|20 min|30 min|40 min|50 min" },
    { BO_AXIS_DURATION, 52 * MIN_ + 14 * S, 4, "0|15 min|30 min|45 min" },
    /* The sixth interval would be there in part, and there is room for five. */
    { BO_AXIS_DURATION, 52 * MIN_ + 14 * S, 5, "0|15 min|30 min|45 min" },
    { BO_AXIS_DURATION, 60 * MIN_, 6, "0|10 min|20 min|30 min|40 min|50 min|60 min" },
    { BO_AXIS_DURATION, 60 * MIN_, 5, "0|15 min|30 min|45 min|60 min" },
    { BO_AXIS_DURATION, 2 * MIN_, 4, "0|1 min|2 min" },
    { BO_AXIS_DURATION, 119 * S, 4, "0|30 s|60 s|90 s" },
    { BO_AXIS_DURATION, 119 * S, 2, "0|60 s" },
    { BO_AXIS_DURATION, 22 * S + 400 * MS, 5, "0|5 s|10 s|15 s|20 s" },
    { BO_AXIS_DURATION, 870 * MS, 5, "0|0.2 s|0.4 s|0.6 s|0.8 s" },
    { BO_AXIS_DURATION, 3 * MS, 3, "0|0.001 s|0.002 s|0.003 s" },
    { BO_AXIS_DURATION, 170 * MIN_, 6, "0|30 min|60 min|90 min|120 min|150 min" },
    { BO_AXIS_DURATION, 6 * H, 6, "0|1 h|2 h|3 h|4 h|5 h|6 h" },
    { BO_AXIS_DURATION, 100 * H, 5, "0|24 h|48 h|72 h|96 h" },
    { BO_AXIS_DURATION, 1000 * H, 5, "0|200 h|400 h|600 h|800 h|1000 h" },
    { BO_AXIS_DURATION, 0, 5, "0|0.000001 s" },
    { BO_AXIS_SIZE, 9700 * MB, 5, "0|2 GB|4 GB|6 GB|8 GB" },
    { BO_AXIS_SIZE, 1200 * MB, 6, "0|0.2 GB|0.4 GB|0.6 GB|0.8 GB|1.0 GB|1.2 GB" },
    { BO_AXIS_SIZE, 37800, 4, "0|10 kB|20 kB|30 kB" },
    { BO_AXIS_SIZE, 3, 5, "0|1 B|2 B|3 B" },
    { BO_AXIS_SIZE, 0, 5, "0|1 B" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GPtrArray) ticks
          = bo_axis_make_ticks (cases[i].kind, cases[i].max, cases[i].intervals, NULL);
      g_autoptr (GString) labels = g_string_new (NULL);

      for (guint k = 0; k < ticks->len; k++)
        g_string_append_printf (labels, "%s%s", k > 0 ? "|" : "",
                                ((BoAxisTick *) g_ptr_array_index (ticks, k))->label);
      g_assert_cmpstr (labels->str, ==, cases[i].labels);
    }
}

/* Whatever the values: it begins at 0, ends within them, and has no more marks than there is room for. */
static void
test_bounds (void)
{
  for (guint kind = BO_AXIS_DURATION; kind <= BO_AXIS_SIZE; kind++)
    for (guint intervals = 0; intervals < 12; intervals++)
      for (double value = 0.5; value < (double) G_MAXINT64; value *= 1.37)
        {
          gint64 max = MAX ((gint64) value, 1);
          g_autoptr (GPtrArray) ticks = bo_axis_make_ticks ((BoAxisKind) kind, max, intervals, NULL);
          const BoAxisTick *first = g_ptr_array_index (ticks, 0);
          const BoAxisTick *last = g_ptr_array_index (ticks, ticks->len - 1);

          g_assert_cmpint (first->value, ==, 0);
          g_assert_cmpint (last->value, <=, max);
          g_assert_cmpuint (ticks->len, >=, 1);
          g_assert_cmpuint (ticks->len, <=, MAX (intervals, 1) + 1);
          for (guint i = 1; i < ticks->len; i++)
            {
              const BoAxisTick *tick = g_ptr_array_index (ticks, i);
              const BoAxisTick *before = g_ptr_array_index (ticks, i - 1);

              g_assert_cmpint (tick->value, >, before->value);
              g_assert_cmpstr (tick->label, !=, before->label);
            }
        }
  /* The largest number that there is. */
  {
    g_autoptr (GPtrArray) ticks = bo_axis_make_ticks (BO_AXIS_SIZE, G_MAXINT64, 5, NULL);

    g_assert_cmpint (((BoAxisTick *) g_ptr_array_index (ticks, 1))->value, ==,
                     G_GINT64_CONSTANT (2000000000000000000));
    g_assert_cmpuint (ticks->len, ==, 5);
  }
}

static void
test_locale (void)
{
  const BoChartLocale locale = { NULL, "," };
  g_autoptr (GPtrArray) ticks = bo_axis_make_ticks (BO_AXIS_DURATION, 870 * MS, 5, &locale);
  g_autofree char *duration = bo_chart_locale_format_duration (&locale, 840 * MS);
  g_autofree char *less = bo_chart_locale_format_difference (&locale, -(9 * S + 310 * MS));
  g_autofree char *more = bo_chart_locale_format_difference (NULL, 32 * S);
  g_autofree char *none = bo_chart_locale_format_difference (NULL, 0);
  g_autofree char *size = bo_chart_locale_format_size (&locale, 1240 * MB);

  g_assert_cmpstr (((BoAxisTick *) g_ptr_array_index (ticks, 1))->label, ==, "0,2 s");
  g_assert_cmpstr (duration, ==, "0,84 s");
  g_assert_cmpstr (less, ==, "−9,31 s");
  g_assert_cmpstr (more, ==, "+32.0 s");
  g_assert_cmpstr (none, ==, "0 s");
  g_assert_cmpstr (size, ==, "1,24 GB");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/chart-axis/ticks", test_ticks);
  g_test_add_func ("/chart-axis/bounds", test_bounds);
  g_test_add_func ("/chart-axis/locale", test_locale);
  return g_test_run ();
}
