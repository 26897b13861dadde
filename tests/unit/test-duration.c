/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <locale.h>

#include "insight/bo-duration.h"

#define S G_GINT64_CONSTANT (1000000)

static void
test_duration (void)
{
  static const struct
  {
    gint64 us;
    const char *text;
  } cases[] = {
    { -1, "–" },
    { 0, "0 s" },
    { 1, "< 0.001 s" },
    { 499, "< 0.001 s" },
    { 500, "0.001 s" },
    { 42000, "0.042 s" },
    { 99400, "0.099 s" },
    { 99600, "0.10 s" },
    { 840000, "0.84 s" },
    { 996000, "1.00 s" },
    { 9310000, "9.31 s" },
    { 9996000, "10.0 s" },
    { 12340000, "12.3 s" },
    { 59900000, "59.9 s" },
    { 59960000, "1 min 00 s" },
    { 60 * S, "1 min 00 s" },
    { 65 * S + 400000, "1 min 05 s" },
    { 47 * 60 * S + 12 * S, "47 min 12 s" },
    { 3599 * S + 499999, "59 min 59 s" },
    { 3599 * S + 500000, "1 h 00 min" },
    { 3720 * S, "1 h 02 min" },
    { 6 * 3600 * S + 59 * 60 * S + 31 * S, "7 h 00 min" },
    { 26 * 3600 * S, "26 h 00 min" },
    /* A clock gone mad is shown, not overflowed. */
    { G_MAXINT64, "2562047788 h 01 min" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = bo_duration_format (cases[i].us);

      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

static void
test_limit (void)
{
  static const struct
  {
    gint64 us;
    const char *text;
  } cases[] = {
    { -1, "–" },          { 6 * 3600 * S, "6 h" },        { 5400 * S, "1 h 30 min" }, { 90 * S, "1 min 30 s" },
    { 60 * S, "1 min" },  { 3601 * S, "1 h 1 s" },        { 2500000, "2.50 s" },      { 20 * S, "20 s" },
    { 0, "0 s" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = bo_duration_format_limit (cases[i].us);

      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

static void
test_size (void)
{
  static const struct
  {
    gint64 bytes;
    const char *text;
  } cases[] = {
    { -1, "–" },
    { 0, "0 B" },
    { 999, "999 B" },
    { 1000, "1.00 kB" },
    { 37800000, "37.8 MB" },
    { 99949999, "99.9 MB" },
    { 99950001, "100 MB" },
    { 512000, "512 kB" },
    { 999499, "999 kB" },
    { 999500, "1.00 MB" },
    { 1240000000, "1.24 GB" },
    { G_MAXINT64, "9.22 EB" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = bo_size_format (cases[i].bytes);

      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

static void
test_percent (void)
{
  g_autofree char *a = bo_percent_format (-0.2149);
  g_autofree char *b = bo_percent_format (0.0241);
  g_autofree char *c = bo_percent_format (0.0996);
  g_autofree char *d = bo_percent_format_signed (-0.21);
  g_autofree char *e = bo_percent_format_signed (0.024);
  g_autofree char *f = bo_percent_format_signed (-0.0001);
  g_autofree char *g = bo_percent_format_range (-0.17, -0.24);
  g_autofree char *h = bo_percent_format_range (0.004, 12.5);

  g_assert_cmpstr (a, ==, "21 %");
  g_assert_cmpstr (b, ==, "2.4 %");
  g_assert_cmpstr (c, ==, "10 %");
  g_assert_cmpstr (d, ==, "−21 %");
  g_assert_cmpstr (e, ==, "+2.4 %");
  g_assert_cmpstr (f, ==, "0.0 %");
  g_assert_cmpstr (g, ==, "−17…−24 %");
  g_assert_cmpstr (h, ==, "+0.4…+1250 %");
}

static void
test_time (void)
{
  g_autofree char *known = bo_time_format_utc (G_GINT64_CONSTANT (1795500720000000));
  g_autofree char *unknown = bo_time_format_utc (-1);
  g_autofree char *far = bo_time_format_utc (G_MAXINT64);

  g_assert_cmpstr (known, ==, "2026-11-24 06:12 UTC");
  g_assert_cmpstr (unknown, ==, "–");
  g_assert_cmpstr (far, ==, "–");
}

int
main (int argc, char **argv)
{
  /* Numbers must not follow the locale; where a locale with a decimal comma is installed, it is tried. */
  if (setlocale (LC_ALL, "de_DE.UTF-8") == NULL)
    setlocale (LC_ALL, "C.UTF-8");

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/duration/duration", test_duration);
  g_test_add_func ("/duration/limit", test_limit);
  g_test_add_func ("/duration/size", test_size);
  g_test_add_func ("/duration/percent", test_percent);
  g_test_add_func ("/duration/time", test_time);
  return g_test_run ();
}
