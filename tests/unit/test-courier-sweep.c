/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include <glib.h>

#include "bo-json-scanner.h"
#include "bo-sweep-list.h"

static void
tell_cb (const char *path, const char *text, void *user_data)
{
  g_string_append_printf (user_data, "%s=%s\n", path, text != NULL ? text : "/");
}

static void
check_scan (const char *json, const char *expected)
{
  for (gsize step = 1; step <= strlen (json); step++)
    {
      g_autoptr (GString) told = g_string_new (NULL);
      BoJsonScanner scanner;

      bo_json_scanner_init (&scanner, tell_cb, told);
      for (gsize at = 0; at < strlen (json); at += step)
        bo_json_scanner_feed (&scanner, json + at, MIN (step, strlen (json) - at));
      g_assert_cmpstr (told->str, ==, expected);
    }
}

static void
test_scanner (void)
{
  check_scan ("{\"a\":\"b\",\"c\":[1,true,{\"d\":null}],\"e\":{}} {\"f\" : -1.5e3 }\r\n",
              "a/=b\nc/[]/=1\nc/[]/=true\nc/[]/d/=null\nc/[]/=/\nc/=/\ne/=/\n=/\nf/=-1.5e3\n=/\n");
  check_scan ("{\"q\":\"\\\"\\\\\\n\\u0041\\u0000\\u00fc\"}", "q/=\"\\\nA??\n=/\n");
  check_scan ("{\"a\":\"}{][,:\",\"b\":\"x\"}", "a/=}{][,:\nb/=x\n=/\n");
  /* What is no JSON does no harm. */
  check_scan ("]}{\"a\"\"b\"}{,:,}", "a/=b\n=/\n=/\n");
}

static void
test_scanner_depth (void)
{
  g_autoptr (GString) json = g_string_new (NULL);
  g_autoptr (GString) told = g_string_new (NULL);
  BoJsonScanner scanner;

  g_string_append (json, "{\"a\":");
  for (int i = 0; i < 1000; i++)
    g_string_append (json, "[{\"k\":");
  g_string_append (json, "\"deep\"");
  for (int i = 0; i < 1000; i++)
    g_string_append (json, "}]");
  g_string_append (json, ",\"b\":\"after\"}");
  bo_json_scanner_init (&scanner, tell_cb, told);
  bo_json_scanner_feed (&scanner, json->str, json->len);
  g_assert_null (strstr (told->str, "deep"));
  g_assert_nonnull (strstr (told->str, "b/=after\n=/\n"));
}

static void
collect (BoSweepList *list, const char *json)
{
  BoJsonScanner scanner;

  bo_sweep_list_clear (list);
  bo_sweep_list_collect (list, &scanner);
  bo_json_scanner_feed (&scanner, json, strlen (json));
}

static void
test_records (void)
{
  BoSweepList list = { 0 };

  collect (&list, "{\"Images\":[{\"ID\":\"image\"}],\"BuildCache\":[{\"ID\":\"two\",\"Description\":\"pulled\"},"
                  "{\"Description\":\"local source for context\",\"ID\":\"one\"},{\"ID\":\"bad|id\"},{\"ID\":\"\"},"
                  "{\"ID\":\"three\",\"Parents\":[\"x\"]}]}");
  g_assert_cmpuint (list.length, ==, 3);
  g_assert_false (list.records[0].local);
  g_assert_true (list.records[1].local);
  g_assert_true (bo_sweep_list_has (&list, "one"));
  g_assert_true (bo_sweep_list_has (&list, "two"));
  g_assert_true (bo_sweep_list_has (&list, "three"));
  g_assert_false (bo_sweep_list_has (&list, "image"));
  g_assert_false (bo_sweep_list_has (&list, "bad|id"));

  /* As of API 1.52. */
  collect (&list, "{\"BuildCacheUsage\":{\"Items\":[{\"ID\":\"abc\"}],\"TotalCount\":1}}");
  g_assert_cmpuint (list.length, ==, 1);
  collect (&list, "{\"BuildCache\":null}");
  g_assert_cmpuint (list.length, ==, 0);
  bo_sweep_list_clear (&list);
}

static void
test_paths (void)
{
  BoSweepList list = { 0 };
  char path[1000];
  gsize at = 0;
  guint batches = 0;
  g_autoptr (GString) all = g_string_new (NULL);

  g_assert_false (bo_sweep_list_next_path (&list, &at, "/p", 2, path, sizeof path));
  collect (&list, "{\"BuildCache\":[{\"ID\":\"a\"},{\"ID\":\"b:c\"}]}");
  g_assert_true (bo_sweep_list_next_path (&list, &at, "/p?all=1", 8, path, sizeof path));
  g_assert_cmpstr (path, ==, "/p?all=1&filters=%7B%22id%22%3A%7B%22%5E%28a%7Cb%3Ac%29%24%22%3Atrue%7D%7D");
  g_assert_false (bo_sweep_list_next_path (&list, &at, "/p?all=1", 8, path, sizeof path));

  bo_sweep_list_clear (&list);
  for (int i = 0; i < 200; i++)
    {
      BoSweepRecord record = { 0 };

      g_snprintf (record.id, sizeof record.id, "record%015d", i);
      bo_sweep_list_add (&list, &record);
    }
  at = 0;
  while (bo_sweep_list_next_path (&list, &at, "/p", 2, path, sizeof path))
    {
      g_assert_cmpuint (strlen (path), <, sizeof path);
      g_assert_true (g_str_has_suffix (path, "%29%24%22%3Atrue%7D%7D"));
      g_string_append (all, path);
      batches++;
    }
  g_assert_cmpuint (batches, >, 5);
  for (int i = 0; i < 200; i++)
    {
      char id[32];

      g_snprintf (id, sizeof id, "record%015d", i);
      g_assert_nonnull (strstr (all->str, id));
    }
  bo_sweep_list_clear (&list);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/courier-sweep/scanner", test_scanner);
  g_test_add_func ("/courier-sweep/scanner-depth", test_scanner_depth);
  g_test_add_func ("/courier-sweep/records", test_records);
  g_test_add_func ("/courier-sweep/paths", test_paths);
  return g_test_run ();
}
