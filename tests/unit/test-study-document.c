/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "study/bo-study-document.h"

/* As bo_study_document_to_text() writes it, so that it comes back byte for byte. */
static const char text[] = "{\n"
                           "  \"format\": 1,\n"
                           "  \"zebra\": { \"kept\": [1, 2.5, 0.1, null, true, \"ä\\n\\u0007\"] },\n"
                           "  \"name\": \"Nämé\",\n"
                           "  \"empty\": {},\n"
                           "  \"bases\": [\n"
                           "    { \"id\": \"b\", \"image\": \"x\" }\n"
                           "  ],\n"
                           "  \"strategies\": [\n"
                           "    { \"id\": \"a\", \"dockerfile\": \"A\" },\n"
                           "    { \"id\": \"b\", \"dockerfile\": \"B\", \"x-own\": 1 },\n"
                           "    { \"id\": \"c\", \"dockerfile\": \"C\" }\n"
                           "  ]\n"
                           "}\n";

static BoStudyDocument *
load (void)
{
  g_autoptr (GError) error = NULL;
  BoStudyDocument *document = bo_study_document_new_from_data (text, -1, &error);

  g_assert_no_error (error);
  return document;
}

static void
assert_order (BoStudyDocument *document, const char *expected)
{
  JsonArray *array = json_node_get_array (bo_study_document_get (document, "$.strategies", NULL));
  g_autoptr (GString) ids = g_string_new (NULL);

  for (guint i = 0; i < json_array_get_length (array); i++)
    g_string_append (ids, json_object_get_string_member (json_array_get_object_element (array, i), "id"));
  g_assert_cmpstr (ids->str, ==, expected);
}

static void
test_round_trip (void)
{
  g_autoptr (BoStudyDocument) document = load ();
  g_autofree char *again = bo_study_document_to_text (document);

  g_assert_cmpstr (again, ==, text);
}

static void
test_set (void)
{
  g_autoptr (BoStudyDocument) document = load ();
  g_autofree char *again = NULL;

  g_assert_true (bo_study_document_set_string (document, "$.name", "New", NULL));
  g_assert_true (bo_study_document_set_string (document, "$.defaults.keep", "all", NULL));
  g_assert_true (bo_study_document_set_string (document, "$.bases[0].image", "y", NULL));
  g_assert_true (bo_study_document_set_string (document, "$.zebra.kept[6]", "end", NULL));
  g_assert_true (bo_study_document_set_string (document, "$.variables[\"A.B\"]", "v", NULL));
  g_assert_true (bo_study_document_remove (document, "$.empty", NULL));
  g_assert_true (bo_study_document_remove (document, "$.zebra.kept[0]", NULL));
  g_assert_true (bo_study_document_remove (document, "$.strategies[2]", NULL));
  again = bo_study_document_to_text (document);
  g_assert_cmpstr (again, ==,
                   "{\n"
                   "  \"format\": 1,\n"
                   "  \"zebra\": { \"kept\": [2.5, 0.1, null, true, \"ä\\n\\u0007\", \"end\"] },\n"
                   "  \"name\": \"New\",\n"
                   "  \"bases\": [\n"
                   "    { \"id\": \"b\", \"image\": \"y\" }\n"
                   "  ],\n"
                   "  \"strategies\": [\n"
                   "    { \"id\": \"a\", \"dockerfile\": \"A\" },\n"
                   "    { \"id\": \"b\", \"dockerfile\": \"B\", \"x-own\": 1 }\n"
                   "  ],\n"
                   "  \"defaults\": { \"keep\": \"all\" },\n"
                   "  \"variables\": { \"A.B\": \"v\" }\n"
                   "}\n");
}

static void
test_bad_paths (void)
{
  static const char *const paths[] = {
    "",
    "name",
    "$",
    "$..name",
    "$.bases[1",
    "$.bases[x]",
    "$.bases[",
    "$.bases]",
    "$.name.more",
    "$.bases[2].id",
    "$.bases[-1]",
    "$[\"a",
    "$[0]",
    "$.",
    "$.bases[",
    "$[\"a\"",
    "$.bases[1]x]",
    "$.strategies[99999999999999999999]",
  };

  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autoptr (BoStudyDocument) document = load ();
      g_autoptr (GError) error = NULL;
      g_autoptr (GError) remove_error = NULL;

      g_test_message ("%s", paths[i]);
      g_assert_false (bo_study_document_set_string (document, paths[i], "x", &error));
      g_assert_error (error, BO_STUDY_DOCUMENT_ERROR, BO_STUDY_DOCUMENT_ERROR_PATH);
      g_assert_false (bo_study_document_remove (document, paths[i], &remove_error));
      g_assert_error (remove_error, BO_STUDY_DOCUMENT_ERROR, BO_STUDY_DOCUMENT_ERROR_PATH);
    }
}

static JsonNode *
strategy_new (const char *id)
{
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "id", id);
  json_node_take_object (node, object);
  return node;
}

static void
test_strategies (void)
{
  g_autoptr (BoStudyDocument) document = load ();
  g_autoptr (BoStudyDocument) empty = bo_study_document_new ();
  g_autoptr (GError) error = NULL;

  g_assert_true (bo_study_document_insert_strategy (document, -1, strategy_new ("d"), NULL));
  assert_order (document, "abcd");
  g_assert_true (bo_study_document_insert_strategy (document, 1, strategy_new ("e"), NULL));
  assert_order (document, "aebcd");
  g_assert_true (bo_study_document_move_strategy (document, "e", 4, NULL));
  assert_order (document, "abcde");
  g_assert_true (bo_study_document_move_strategy (document, "e", 0, NULL));
  assert_order (document, "eabcd");
  g_assert_true (bo_study_document_move_strategy (document, "b", 99, NULL));
  assert_order (document, "eacdb");
  g_assert_true (bo_study_document_remove_strategy (document, "c", NULL));
  assert_order (document, "eadb");
  g_assert_nonnull (bo_study_document_get (document, "$.strategies[3].x-own", NULL));
  g_assert_false (bo_study_document_remove_strategy (document, "c", &error));
  g_assert_error (error, BO_STUDY_DOCUMENT_ERROR, BO_STUDY_DOCUMENT_ERROR_NOT_FOUND);

  g_assert_true (bo_study_document_insert_strategy (empty, 5, strategy_new ("a"), NULL));
  assert_order (empty, "a");
}

static void
test_save (void)
{
  g_autofree char *folder = g_dir_make_tmp ("bakeoff-document-XXXXXX", NULL);
  g_autofree char *file = g_build_filename (folder, "real.json", NULL);
  g_autofree char *link = g_build_filename (folder, "bakeoff.json", NULL);
  g_autofree char *missing = g_build_filename (folder, "no", "such", "folder.json", NULL);
  g_autofree char *read = NULL;
  g_autoptr (BoStudyDocument) document = load ();
  g_autoptr (BoStudyDocument) loaded = NULL;
  g_autoptr (GError) error = NULL;
  struct stat info;

  g_assert_true (g_file_set_contents (file, "{}", -1, NULL));
  g_assert_cmpint (chmod (file, 0640), ==, 0);
  g_assert_cmpint (symlink ("real.json", link), ==, 0);
  g_assert_true (bo_study_document_save (document, link, &error));
  g_assert_no_error (error);
  g_assert_true (g_file_test (link, G_FILE_TEST_IS_SYMLINK));
  g_assert_cmpint (stat (file, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0640);
  g_assert_true (g_file_get_contents (file, &read, NULL, NULL));
  g_assert_cmpstr (read, ==, text);
  loaded = bo_study_document_load (link, &error);
  g_assert_no_error (error);

  g_assert_false (bo_study_document_save (document, missing, &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT);

  g_unlink (link);
  g_unlink (file);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

static void
test_refused (void)
{
  static const char *const bad[] = { "", "[]", "{", "{} x", "{\"a\": 1,}", "// c\n{}" };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (bo_study_document_new_from_data (bad[i], -1, &error));
      g_assert_error (error, BO_STUDY_DOCUMENT_ERROR, BO_STUDY_DOCUMENT_ERROR_SYNTAX);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/study-document/round-trip", test_round_trip);
  g_test_add_func ("/study-document/set", test_set);
  g_test_add_func ("/study-document/bad-paths", test_bad_paths);
  g_test_add_func ("/study-document/strategies", test_strategies);
  g_test_add_func ("/study-document/save", test_save);
  g_test_add_func ("/study-document/refused", test_refused);
  return g_test_run ();
}
