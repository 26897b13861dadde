/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include <glib/gstdio.h>

#include "study/bo-study-edit.h"
#include "study/bo-study-fields.h"

static const char text[] = "{\n"
                           "  \"format\": 1,\n"
                           "  \"zebra\": [1, 0.1],\n"
                           "  \"baseline\": \"b\",\n"
                           "  \"bases\": [\n"
                           "    { \"id\": \"x\", \"image\": \"x\" },\n"
                           "    { \"id\": \"y\", \"image\": \"y\" }\n"
                           "  ],\n"
                           "  \"strategies\": [\n"
                           "    { \"id\": \"a\", \"title\": \"A\", \"dockerfile\": \"A\" },\n"
                           "    {\n"
                           "      \"id\": \"b\",\n"
                           "      \"dockerfile\": \"B\",\n"
                           "      \"x-own\": { \"kept\": 0.1 },\n"
                           "      \"bases\": [\"y\"],\n"
                           "      \"builder\": \"classic\",\n"
                           "      \"build_args\": { \"JOBS\": 4, \"NAME\": \"n\" },\n"
                           "      \"prebuild\": [\n"
                           "        { \"build\": \"P\", \"as\": \"p\", \"build_args\": { \"K\": \"v\" } }\n"
                           "      ],\n"
                           "      \"workload\": [\"sh\", \"-c\", \"echo 'a b'\"]\n"
                           "    },\n"
                           "    { \"id\": \"c\", \"dockerfile\": \"C\" }\n"
                           "  ]\n"
                           "}\n";

static BoStudyEdit *
open_text (void)
{
  g_autoptr (GError) error = NULL;
  BoStudyEdit *edit = bo_study_edit_new ("/nowhere/bakeoff.json", text, &error);

  g_assert_no_error (error);
  return edit;
}

static void
assert_text (BoStudyEdit *edit, const char *expected)
{
  g_autofree char *got = bo_study_document_to_text (edit->document);

  g_assert_cmpstr (got, ==, expected);
}

static void
assert_contains (BoStudyEdit *edit, const char *part)
{
  g_autofree char *got = bo_study_document_to_text (edit->document);

  if (strstr (got, part) == NULL)
    g_error ("no %s in %s", part, got);
}

static void
assert_order (BoStudyEdit *edit, const char *expected)
{
  JsonArray *array = json_object_get_array_member (bo_study_edit_get_root (edit), "strategies");
  g_autoptr (GString) ids = g_string_new (NULL);

  for (guint i = 0; i < json_array_get_length (array); i++)
    g_string_append_printf (ids, "%s ", json_object_get_string_member (json_array_get_object_element (array, i), "id"));
  g_assert_cmpstr (ids->str, ==, expected);
}

static const char *
get_baseline (BoStudyEdit *edit)
{
  return json_object_get_string_member_with_default (bo_study_edit_get_root (edit), "baseline", NULL);
}

static void
test_duplicate (void)
{
  g_autoptr (BoStudyEdit) edit = open_text ();
  g_autoptr (GError) error = NULL;
  g_autofree char *copy = bo_study_edit_duplicate_strategy (edit, "a", &error);
  g_autofree char *again = bo_study_edit_duplicate_strategy (edit, "a", &error);
  g_autoptr (BoProblems) problems = bo_problems_new ();
  g_autoptr (BoStudy) study = NULL;

  g_assert_no_error (error);
  g_assert_cmpstr (copy, ==, "a-copy");
  g_assert_cmpstr (again, ==, "a-copy-2");
  assert_order (edit, "a a-copy-2 a-copy b c ");
  assert_contains (edit, "{ \"id\": \"a-copy\", \"title\": \"A (copy)\", \"dockerfile\": \"A\" }");
  /* What it is a copy of is as it was. */
  assert_contains (edit, "{ \"id\": \"a\", \"title\": \"A\", \"dockerfile\": \"A\" }");
  study = bo_study_edit_check (edit, problems);
  g_assert_nonnull (study);
  g_assert_null (bo_study_edit_duplicate_strategy (edit, "none", &error));
  g_assert_error (error, BO_STUDY_DOCUMENT_ERROR, BO_STUDY_DOCUMENT_ERROR_NOT_FOUND);
}

static void
test_long_id (void)
{
  g_autofree char *title = g_strnfill (80, 'x');
  g_autoptr (BoStudyEdit) edit = open_text ();
  g_autofree char *first = bo_study_edit_choose_id (edit, title);
  g_autofree char *second = NULL;

  json_object_set_string_member (bo_study_edit_get_strategy (edit, "a"), "id", first);
  second = bo_study_edit_choose_id (edit, title);
  g_assert_cmpstr (first, !=, second);
  g_assert_cmpuint (strlen (second), <=, 64);
}

static void
test_move (void)
{
  g_autoptr (BoStudyEdit) edit = open_text ();
  g_autoptr (GError) error = NULL;

  g_assert_true (bo_study_edit_move_strategy (edit, "a", 1, &error));
  assert_order (edit, "b a c ");
  g_assert_true (bo_study_edit_move_strategy (edit, "a", 100, &error));
  assert_order (edit, "b c a ");
  g_assert_true (bo_study_edit_move_strategy (edit, "a", 1, &error));
  assert_order (edit, "b c a ");
  g_assert_true (bo_study_edit_move_strategy (edit, "a", -100, &error));
  assert_text (edit, text);
  g_assert_false (bo_study_edit_move_strategy (edit, "none", -1, &error));
  g_assert_error (error, BO_STUDY_DOCUMENT_ERROR, BO_STUDY_DOCUMENT_ERROR_NOT_FOUND);
}

/* The first strategy is the baseline of a study that names none, and stays it when it is moved. */
static void
test_move_baseline (void)
{
  const int moves[][2] = { { 0, 1 }, { 2, -2 } };

  for (guint i = 0; i < G_N_ELEMENTS (moves); i++)
    {
      const char *const ids[] = { "a", "b", "c" };
      g_autoptr (BoStudyEdit) edit = open_text ();

      json_object_remove_member (bo_study_edit_get_root (edit), "baseline");
      g_assert_true (bo_study_edit_move_strategy (edit, "b", 1, NULL));
      g_assert_null (get_baseline (edit));
      g_assert_true (bo_study_edit_move_strategy (edit, "b", -1, NULL));
      g_assert_true (bo_study_edit_move_strategy (edit, ids[moves[i][0]], moves[i][1], NULL));
      g_assert_cmpstr (get_baseline (edit), ==, "a");
    }
}

static void
test_remove (void)
{
  g_autoptr (BoStudyEdit) edit = open_text ();
  g_autoptr (GError) error = NULL;
  g_autoptr (BoRemovedStrategy) removed = bo_study_edit_remove_strategy (edit, "b", &error);
  g_autoptr (BoRemovedStrategy) other = NULL;

  g_assert_no_error (error);
  g_assert_true (removed->was_baseline);
  g_assert_cmpuint (removed->position, ==, 1);
  assert_order (edit, "a c ");
  g_assert_cmpstr (get_baseline (edit), ==, "a");
  g_assert_true (bo_study_edit_restore_strategy (edit, removed, &error));
  assert_text (edit, text);
  /* A second time it needs another id. */
  g_assert_true (bo_study_edit_restore_strategy (edit, removed, &error));
  assert_order (edit, "a b-2 b c ");

  g_clear_pointer (&removed, bo_removed_strategy_free);
  removed = bo_study_edit_remove_strategy (edit, "b-2", &error);
  other = bo_study_edit_remove_strategy (edit, "c", &error);
  g_clear_pointer (&other, bo_removed_strategy_free);
  other = bo_study_edit_remove_strategy (edit, "a", &error);
  g_assert_no_error (error);
  g_assert_null (bo_study_edit_remove_strategy (edit, "b", &error));
  g_assert_error (error, BO_STUDY_EDIT_ERROR, BO_STUDY_EDIT_ERROR_LAST);
}

/* What was not changed is as it was, number by number. */
static void
test_fields_same (void)
{
  g_autoptr (BoStudyEdit) edit = open_text ();
  g_autoptr (BoStrategyFields) fields = bo_strategy_fields_read (bo_study_edit_get_strategy (edit, "b"));

  g_assert_cmpstr (fields->workload, ==, "sh -c 'echo '\\''a b'\\'''");
  g_assert_cmpstr (((BoBuildArg *) fields->build_args->pdata[0])->value, ==, "4");
  g_assert_true (bo_study_edit_write_strategy (edit, "b", fields, NULL));
  assert_text (edit, text);
}

static void
set (char **field, const char *value)
{
  g_free (*field);
  *field = g_strdup (value);
}

static void
test_fields (void)
{
  g_autoptr (BoStudyEdit) edit = open_text ();
  g_autoptr (BoStrategyFields) fields = bo_strategy_fields_read (bo_study_edit_get_strategy (edit, "b"));
  const BoBuilder buildkit = BO_BUILDER_BUILDKIT;

  set (&fields->id, "bb");
  set (&fields->title, "Two");
  set (&fields->workload, "sh -c 'echo c'");
  fields->all_bases = TRUE;
  g_array_append_val (fields->builders, buildkit);
  bo_strategy_fields_add_build_arg (fields, "NEW", "1");
  set (&((BoPrebuildFields *) fields->prebuilds->pdata[0])->as, "q");
  bo_strategy_fields_add_prebuild (fields, "Q", "r", "", -1);
  g_assert_true (bo_study_edit_write_strategy (edit, "b", fields, NULL));
  g_assert_cmpstr (get_baseline (edit), ==, "bb");
  assert_contains (edit, "\"build_args\": { \"JOBS\": 4, \"NAME\": \"n\", \"NEW\": \"1\" }");
  assert_contains (edit, "{ \"build\": \"P\", \"as\": \"q\", \"build_args\": { \"K\": \"v\" } }");
  assert_contains (edit, "{ \"build\": \"Q\", \"as\": \"r\" }");
  assert_contains (edit, "\"workload\": [\"sh\", \"-c\", \"echo c\"]");
  assert_contains (edit, "\"builders\": [\"classic\", \"buildkit\"]");
  assert_contains (edit, "\"x-own\": { \"kept\": 0.1 }");
  g_assert_false (json_object_has_member (bo_study_edit_get_strategy (edit, "bb"), "builder"));
  g_assert_false (json_object_has_member (bo_study_edit_get_strategy (edit, "bb"), "bases"));

  /* And emptied again. */
  set (&fields->title, "");
  set (&fields->workload, "");
  g_ptr_array_set_size (fields->build_args, 0);
  g_ptr_array_set_size (fields->prebuilds, 0);
  g_array_set_size (fields->builders, 0);
  g_assert_true (bo_study_edit_write_strategy (edit, "bb", fields, NULL));
  assert_contains (edit, "{ \"id\": \"bb\", \"dockerfile\": \"B\", \"x-own\": { \"kept\": 0.1 } }");
}

static void
test_new (void)
{
  g_autoptr (BoStudyEdit) edit = open_text ();
  g_autoptr (BoStrategyFields) fields = bo_strategy_fields_new ();
  g_autoptr (BoProblems) problems = bo_problems_new ();
  g_autoptr (BoStudy) study = NULL;

  set (&fields->id, "d");
  set (&fields->dockerfile, "D");
  g_ptr_array_add (fields->bases, g_strdup ("x"));
  fields->all_bases = FALSE;
  g_assert_true (bo_study_edit_write_strategy (edit, NULL, fields, NULL));
  assert_contains (edit, "{ \"id\": \"d\", \"dockerfile\": \"D\", \"bases\": [\"x\"] }");
  study = bo_study_edit_check (edit, problems);
  g_assert_nonnull (study);
  g_assert_cmpuint (study->strategies->len, ==, 4);
}

static void
test_save (void)
{
  g_autofree char *folder = g_dir_make_tmp ("bakeoff-edit-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "bakeoff.json", NULL);
  g_autoptr (BoProblems) problems = bo_problems_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (BoStudyEdit) edit = NULL;
  g_autoptr (BoStudyEdit) late = NULL;
  g_autofree char *there = NULL;

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  edit = bo_study_edit_open (path, &error);
  late = bo_study_edit_open (path, &error);
  g_assert_no_error (error);
  g_assert_true (bo_study_edit_has_same_strategy (edit, late, "c"));

  json_object_set_string_member (bo_study_edit_get_strategy (edit, "c"), "id", "a");
  g_assert_false (bo_study_edit_save (edit, problems, &error));
  g_assert_error (error, BO_STUDY_EDIT_ERROR, BO_STUDY_EDIT_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_true (g_file_get_contents (path, &there, NULL, NULL));
  g_assert_cmpstr (there, ==, text);

  json_object_set_string_member (json_array_get_object_element (json_object_get_array_member (bo_study_edit_get_root (edit), "strategies"), 2), "id", "c2");
  g_assert_true (bo_study_edit_save (edit, problems, &error));
  g_assert_no_error (error);
  /* And once more, since what is there now is what this one wrote. */
  json_object_set_string_member (bo_study_edit_get_strategy (edit, "c2"), "id", "c3");
  g_assert_true (bo_study_edit_save (edit, problems, &error));
  g_assert_no_error (error);

  g_assert_false (bo_study_edit_has_same_strategy (edit, late, "c"));
  g_assert_true (bo_study_edit_has_same_strategy (edit, late, "b"));
  json_object_set_string_member (bo_study_edit_get_strategy (late, "a"), "title", "late");
  g_assert_false (bo_study_edit_save (late, problems, &error));
  g_assert_error (error, BO_STUDY_EDIT_ERROR, BO_STUDY_EDIT_ERROR_CHANGED);
  g_clear_pointer (&there, g_free);
  g_assert_true (g_file_get_contents (path, &there, NULL, NULL));
  g_assert_nonnull (strstr (there, "\"c3\""));
  g_assert_null (strstr (there, "late"));
  g_remove (path);
  g_rmdir (folder);
}

static void
test_study_fields (void)
{
  g_autoptr (BoStudyEdit) edit = open_text ();
  JsonObject *root = bo_study_edit_get_root (edit);
  g_autoptr (BoStudyFields) fields = bo_study_fields_read (root);
  g_autoptr (BoStudyFields) same = bo_study_fields_read (root);
  g_autoptr (BoProblems) problems = bo_problems_new ();
  g_autoptr (BoStudy) study = NULL;

  g_assert_true (bo_study_fields_equal (fields, same));
  g_assert_cmpuint (fields->repetitions, ==, 1);
  g_assert_true (fields->conditions[BO_CONDITION_COLD]);
  bo_study_fields_write (fields, root);
  assert_text (edit, text);

  set (&fields->name, "N");
  set (&fields->keep, "all");
  fields->repetitions = 3;
  fields->conditions[BO_CONDITION_EDITED] = TRUE;
  set (&fields->edit_path, "a.py");
  set (&fields->edit_append, "# ${TRIAL}");
  /* The first base goes, the second is called otherwise, and a new one comes. */
  set (&((BoBaseFields *) fields->bases->pdata[1])->id, "why");
  g_ptr_array_remove_index (fields->bases, 0);
  bo_study_fields_add_base (fields, "z", "Zed", "z:1", -1);
  g_assert_false (bo_study_fields_equal (fields, same));
  bo_study_fields_write (fields, root);
  assert_contains (edit, "\"defaults\": { \"repetitions\": 3, \"keep\": \"all\" }");
  assert_contains (edit, "\"conditions\": [\"cold\", \"edited\"]");
  assert_contains (edit, "\"edit\": { \"path\": \"a.py\", \"append\": \"# ${TRIAL}\\n\" }");
  assert_contains (edit, "{ \"id\": \"why\", \"image\": \"y\" },\n    { \"id\": \"z\", \"title\": \"Zed\", \"image\": \"z:1\" }");
  assert_contains (edit, "\"bases\": [\"why\"]");
  study = bo_study_edit_check (edit, problems);
  g_assert_nonnull (study);

  set (&fields->edit_path, "");
  set (&fields->edit_append, "");
  fields->conditions[BO_CONDITION_EDITED] = FALSE;
  g_ptr_array_set_size (fields->bases, 0);
  {
    g_autoptr (BoStudyFields) now = bo_study_fields_read (root);

    for (guint i = 0; i < now->bases->len; i++)
      {
        const BoBaseFields *base = now->bases->pdata[i];

        bo_study_fields_add_base (fields, base->id, base->title, base->image, i);
      }
  }
  bo_study_fields_write (fields, root);
  g_assert_false (json_object_has_member (root, "edit"));
  assert_contains (edit, "\"conditions\": [\"cold\"]");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/study-edit/duplicate", test_duplicate);
  g_test_add_func ("/study-edit/long-id", test_long_id);
  g_test_add_func ("/study-edit/move", test_move);
  g_test_add_func ("/study-edit/move-baseline", test_move_baseline);
  g_test_add_func ("/study-edit/remove", test_remove);
  g_test_add_func ("/study-edit/fields-same", test_fields_same);
  g_test_add_func ("/study-edit/fields", test_fields);
  g_test_add_func ("/study-edit/new", test_new);
  g_test_add_func ("/study-edit/study-fields", test_study_fields);
  g_test_add_func ("/study-edit/save", test_save);
  return g_test_run ();
}
