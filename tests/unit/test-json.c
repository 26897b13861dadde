/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "study/bo-json.h"

static void
test_wrong_types (void)
{
  g_autoptr (JsonNode) node
      = bo_json_parse ("{\"s\":\"text\",\"n\":7,\"f\":1.5,\"big\":1e300,\"b\":true,\"o\":{},\"a\":[\"x\",1,\"y\"],\"z\":null}", -1,
                       NULL);
  JsonObject *object = bo_json_node_get_object (node);
  const char *members[] = { "s", "n", "f", "big", "b", "o", "a", "z", "missing" };
  g_autoptr (GPtrArray) strings = NULL;

  g_assert_nonnull (object);
  for (guint i = 0; i < G_N_ELEMENTS (members); i++)
    {
      const char *m = members[i];

      g_assert_cmpstr (bo_json_get_string (object, m, "no"), ==, i == 0 ? "text" : "no");
      g_assert_cmpint (bo_json_get_int (object, m, -1), ==, i == 1 ? 7 : (i == 2 ? 1 : -1));
      g_assert_cmpint (bo_json_get_boolean (object, m, FALSE), ==, i == 4);
      g_assert_cmpint (bo_json_get_object (object, m) != NULL, ==, i == 5);
      g_assert_cmpint (bo_json_get_array (object, m) != NULL, ==, i == 6);
    }
  g_assert_cmpstr (bo_json_get_string (NULL, "s", "no"), ==, "no");
  g_assert_null (bo_json_get_object (bo_json_get_object (object, "missing"), "deeper"));
  strings = bo_json_get_strings (object, "a");
  g_assert_cmpuint (strings->len, ==, 2);
  g_assert_cmpstr (strings->pdata[1], ==, "y");
  g_assert_null (bo_json_array_get_string (bo_json_get_array (object, "a"), 1));
  g_assert_null (bo_json_array_get_string (bo_json_get_array (object, "a"), 99));
}

static void
test_hostile (void)
{
  g_autofree char *deep = g_malloc (100001);
  const char broken[] = "{\"a\":\"x\xff\x00y\"}";
  /* From "['" on: what json-glib would take, and what is not JSON. */
  const char *wrong[] = { "",       "   ",        "{",         "nonsense",        "{\"a\":}",   "[1,2",
                          "['a']",  "/* */ {}",   "{} // x",   "var x = {\"a\":1};", "\"a\"{\"b\":1}", "1 2",
                          "1{\"b\":2}", "null {}", "{\"a\"=1}", "\"a\" \"b\"" };
  const char *right[] = { "1", " -1.5e3 ", "\"x\"", "true\n", "null", "[]", "{ }", "[1, {\"a\": [false]}]" };
  g_autoptr (JsonNode) node = NULL;

  memset (deep, '[', 100000);
  deep[100000] = '\0';
  g_assert_null (bo_json_parse (deep, -1, NULL));
  /* To json-glib the quotation mark is a string, so all the brackets count. */
  memcpy (deep, "['\"',", 5);
  g_assert_null (bo_json_parse (deep, -1, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (right); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (JsonNode) value = bo_json_parse (right[i], -1, &error);

      g_assert_no_error (error);
      g_assert_nonnull (value);
    }
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (bo_json_parse (wrong[i], -1, &error));
      g_assert_nonnull (error);
    }
  node = bo_json_parse (broken, sizeof broken - 1, NULL);
  g_assert_cmpstr (bo_json_get_string (bo_json_node_get_object (node), "a", NULL), ==, "x\xef\xbf\xbd\xef\xbf\xbdy");
}

/* json-glib cuts at the first of these, and makes invalid UTF-8 of the second. */
static void
test_escapes (void)
{
  static const struct
  {
    const char *text;
    const char *value;
  } cases[] = {
    { "{\"a\":\"x\\u0000y\"}", "x\xef\xbf\xbdy" },
    { "{\"a\":\"x\\ud83d\\ude00y\"}", "x\xf0\x9f\x98\x80y" },
    { "{\"a\":\"x\\ud800y\"}", "x\xef\xbf\xbdy" },
    { "{\"a\":\"x\\uDC00\"}", "x\xef\xbf\xbd" },
    { "{\"a\":\"\\ud800\\ud800\\udc00\"}", "\xef\xbf\xbd\xf0\x90\x80\x80" },
    { "{\"a\":\"\\ud800\\u0041\"}", "\xef\xbf\xbd" "A" },
    { "{\"a\":\"\\\\u0000\"}", "\\u0000" },
    { "{\"a\":\"\\u00e9\"}", "\xc3\xa9" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (JsonNode) node = bo_json_parse (cases[i].text, -1, &error);

      g_assert_no_error (error);
      g_assert_cmpstr (bo_json_get_string (bo_json_node_get_object (node), "a", NULL), ==, cases[i].value);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/json/wrong-types", test_wrong_types);
  g_test_add_func ("/json/hostile", test_hostile);
  g_test_add_func ("/json/escapes", test_escapes);

  return g_test_run ();
}
