/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include <glib.h>

#include "study/bo-json-map.h"

static void
test_lines (void)
{
  static const char text[] = "{ \"a\": 1,\n"
                             "  \"b\": [\n"
                             "    { \"c\": \"x\\\"}\" },\n"
                             "\n"
                             "    [ true,\n"
                             "      null ]\n"
                             "  ],\n"
                             "  \"odd key\": {\n"
                             "    \"\\u00e9\": 1.5e3,\r\n"
                             "    \"a\": -0 }, \"a\": 2\n"
                             "}\n";
  static const struct
  {
    const char *path;
    guint line;
  } cases[] = {
    { "$", 1 },         { "$.a", 10 },           { "$.b", 2 },
    { "$.b[0]", 3 },    { "$.b[0].c", 3 },       { "$.b[1]", 5 },
    { "$.b[1][0]", 5 }, { "$.b[1][1]", 6 },      { "$[\"odd key\"]", 8 },
    { "$.b[9].x", 2 },  { "$.missing.deep", 1 }, { "$[\"odd key\"].a", 10 },
  };
  guint line = 0, column = 0;
  g_autoptr (GError) error = NULL;
  g_autoptr (BoJsonMap) map = bo_json_map_new (text, -1, &line, &column, &error);
  g_autofree char *odd = bo_json_path_append_key ("$", "odd key");
  g_autofree char *accent = bo_json_path_append_key (odd, "é");

  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_test_message ("%s", cases[i].path);
      g_assert_cmpuint (bo_json_map_get_line (map, cases[i].path), ==, cases[i].line);
    }
  g_assert_cmpuint (bo_json_map_get_line (map, accent), ==, 9);
  g_assert_cmpuint (bo_json_map_get_duplicates (map)->len, ==, 1);
  g_assert_cmpstr (g_ptr_array_index (bo_json_map_get_duplicates (map), 0), ==, "$.a");
}

static void
test_errors (void)
{
  static const struct
  {
    const char *text;
    gssize length;
    int code;
    guint line, column;
  } cases[] = {
    { "", 0, BO_JSON_MAP_ERROR_SYNTAX, 1, 1 },
    { "\n\n  x", -1, BO_JSON_MAP_ERROR_SYNTAX, 3, 3 },
    { "[1 2]", -1, BO_JSON_MAP_ERROR_SYNTAX, 1, 4 },
    { "[1,]", -1, BO_JSON_MAP_ERROR_SYNTAX, 1, 4 },
    { "[01]", -1, BO_JSON_MAP_ERROR_SYNTAX, 1, 2 },
    { "[1.]", -1, BO_JSON_MAP_ERROR_SYNTAX, 1, 4 },
    { "[1e]", -1, BO_JSON_MAP_ERROR_SYNTAX, 1, 4 },
    { "[-]", -1, BO_JSON_MAP_ERROR_SYNTAX, 1, 3 },
    { "[0x10]", -1, BO_JSON_MAP_ERROR_SYNTAX, 1, 3 },
    { "['a']", -1, BO_JSON_MAP_ERROR_SYNTAX, 1, 2 },
    { "[\"a", -1, BO_JSON_MAP_ERROR_SYNTAX, 1, 4 },
    { "[\"a\nb\"]", -1, BO_JSON_MAP_ERROR_SYNTAX, 1, 4 },
    { "[\"\\q\"]", -1, BO_JSON_MAP_ERROR_SYNTAX, 1, 4 },
    { "[\"\\u12\"]", -1, BO_JSON_MAP_ERROR_SYNTAX, 1, 7 },
    { "[\"\\ud800\"]", -1, BO_JSON_MAP_ERROR_UNSAFE, 1, 9 },
    { "[\"\\udc00\"]", -1, BO_JSON_MAP_ERROR_UNSAFE, 1, 9 },
    { "[\"\\ud800\\u0041\"]", -1, BO_JSON_MAP_ERROR_UNSAFE, 1, 15 },
    { "[\n\"\xff\"]", -1, BO_JSON_MAP_ERROR_UNSAFE, 2, 2 },
    { "[\"a\0b\"]", 7, BO_JSON_MAP_ERROR_UNSAFE, 1, 4 },
    { "[9223372036854775808]", -1, BO_JSON_MAP_ERROR_UNSAFE, 1, 2 },
    { "truely", -1, BO_JSON_MAP_ERROR_SYNTAX, 1, 5 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      guint line = 0, column = 0;

      g_test_message ("%u: %s", i, cases[i].text);
      g_assert_null (bo_json_map_new (cases[i].text, cases[i].length, &line, &column, &error));
      g_assert_error (error, BO_JSON_MAP_ERROR, cases[i].code);
      g_assert_cmpuint (line, ==, cases[i].line);
      g_assert_cmpuint (column, ==, cases[i].column);
    }
}

static void
test_good (void)
{
  static const char *const good[] = {
    "0",
    "-0",
    "1e5",
    "1E+5",
    "-1.25e-3",
    "\"\\ud83c\\udf5e\"",
    " [ ] ",
    "{ }",
    "null",
    "9223372036854775807",
    "-9223372036854775808",
    "\"\\/\\b\\f\\n\\r\\t\\\\\\\"\"",
    "1e999",
  };

  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autoptr (GError) error = NULL;
      guint line, column;
      g_autoptr (BoJsonMap) map = bo_json_map_new (good[i], -1, &line, &column, &error);

      g_assert_no_error (error);
      g_assert_nonnull (map);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/json-map/lines", test_lines);
  g_test_add_func ("/json-map/errors", test_errors);
  g_test_add_func ("/json-map/good", test_good);
  return g_test_run ();
}
