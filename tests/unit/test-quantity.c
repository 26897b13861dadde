/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib.h>

#include "study/bo-quantity.h"

static void
test_durations (void)
{
  static const struct
  {
    const char *text;
    gint64 us;
  } good[] = {
    { "6h", 6 * G_TIME_SPAN_HOUR },
    { "90m", 90 * G_TIME_SPAN_MINUTE },
    { "1h30m", 90 * G_TIME_SPAN_MINUTE },
    { "45s", 45 * G_TIME_SPAN_SECOND },
    { "30", 30 * G_TIME_SPAN_SECOND },
    { "0", 0 },
    { "1d2h", 26 * G_TIME_SPAN_HOUR },
    { "1H", G_TIME_SPAN_HOUR },
    { "500ms", 500000 },
    { "1h0m1s", 3601 * G_TIME_SPAN_SECOND },
  };
  static const char *const bad[] = {
    "",
    "h",
    "6 h",
    "6x",
    "-1h",
    "1m1h",
    "1h1h",
    "1h30",
    "1.5h",
    "99999999999999999999",
    "9999999999999h",
    "9223372036854775807",
    "6h ",
    "m6",
  };
  gint64 us;

  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_assert_true (bo_quantity_parse_duration (good[i].text, &us));
      g_assert_cmpint (us, ==, good[i].us);
    }
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      us = 17;
      g_test_message ("“%s”", bad[i]);
      g_assert_false (bo_quantity_parse_duration (bad[i], &us));
      g_assert_cmpint (us, ==, 17);
    }
}

static void
test_sizes (void)
{
  static const struct
  {
    const char *text;
    gint64 bytes;
  } good[] = {
    { "2g", G_GINT64_CONSTANT (2147483648) },
    { "512m", 536870912 },
    { "64k", 65536 },
    { "64K", 65536 },
    { "1024", 1024 },
    { "10b", 10 },
    { "1KiB", 1024 },
    { "1 MB", 1048576 },
    { "1t", G_GINT64_CONSTANT (1) << 40 },
    { "0", 0 },
  };
  static const char *const bad[]
      = { "", "g", "2x", "-2g", "2gg", "2.5g", "9223372036854775807k", "2 ", "1ib" };
  gint64 bytes;

  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_test_message ("“%s”", good[i].text);
      g_assert_true (bo_quantity_parse_size (good[i].text, &bytes));
      g_assert_cmpint (bytes, ==, good[i].bytes);
    }
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_test_message ("“%s”", bad[i]);
      g_assert_false (bo_quantity_parse_size (bad[i], &bytes));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/quantity/durations", test_durations);
  g_test_add_func ("/quantity/sizes", test_sizes);
  return g_test_run ();
}
