/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include <glib.h>

#include "study/bo-cell-selection.h"

static BoStudy *
load (void)
{
  static const char text[] = "{\"format\": 1, \"bases\": [{\"id\": \"dusty\", \"image\": \"x\"}, {\"id\": "
                             "\"slim\", \"image\": \"y\"}],"
                             " \"conditions\": [\"cold\", \"warm\"], \"strategies\": [{\"id\": \"original\", "
                             "\"dockerfile\": \"D\"},"
                             " {\"id\": \"multi\", \"dockerfile\": \"D\", \"bases\": [\"slim\"], "
                             "\"builders\": [\"classic\", \"buildkit\"]}]}";
  g_autoptr (BoProblems) problems = bo_problems_new ();
  BoStudy *study = bo_study_load_from_data (text, -1, "/project/bakeoff.json", NULL, problems);

  g_assert_nonnull (study);
  return study;
}

static void
test_patterns (void)
{
  static const struct
  {
    const char *patterns;
    const char *cells;
  } cases[] = {
    { "original/dusty", "original/dusty/classic/cold original/dusty/classic/warm" },
    { "original/dusty/", "original/dusty/classic/cold original/dusty/classic/warm" },
    { "*/*/*/cold", "original/dusty/classic/cold original/slim/classic/cold multi/slim/classic/cold "
                    "multi/slim/buildkit/cold" },
    { "multi/*/buildkit", "multi/slim/buildkit/cold multi/slim/buildkit/warm" },
    /* The study's order, whatever that of the patterns, and each cell once. */
    { "multi/slim/classic/warm o*/d?sty/classic/cold m*/slim/classic/warm",
      "original/dusty/classic/cold multi/slim/classic/warm" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (BoStudy) study = load ();
      g_auto (GStrv) patterns = g_strsplit (cases[i].patterns, " ", -1);
      g_autoptr (GError) error = NULL;
      g_autoptr (GPtrArray) cells = bo_cells_select (study, (const char *const *) patterns, &error);
      g_autoptr (GString) text = g_string_new (NULL);

      g_assert_no_error (error);
      for (guint c = 0; c < cells->len; c++)
        {
          g_autofree char *key = bo_cell_get_key (g_ptr_array_index (cells, c));

          g_string_append_printf (text, "%s%s", c > 0 ? " " : "", key);
        }
      g_assert_cmpstr (text->str, ==, cases[i].cells);
    }
}

static void
test_all (void)
{
  g_autoptr (BoStudy) study = load ();
  g_autoptr (GPtrArray) cells = bo_cells_select (study, NULL, NULL);

  g_assert_cmpuint (cells->len, ==, 8);
}

static void
test_errors (void)
{
  static const struct
  {
    const char *pattern;
    int code;
    const char *words;
  } cases[] = {
    { "orignal", BO_CELL_SELECTION_ERROR_NO_MATCH, "“orignal” is none of original, multi" },
    { "original/dust", BO_CELL_SELECTION_ERROR_NO_MATCH, "“dust” is none of dusty, slim" },
    { "multi/dusty", BO_CELL_SELECTION_ERROR_NO_MATCH, "“dusty” is none of slim" },
    { "original/*/buildkit", BO_CELL_SELECTION_ERROR_NO_MATCH, "“buildkit” is none of classic" },
    { "*/*/*/edited", BO_CELL_SELECTION_ERROR_NO_MATCH, "“edited” is none of cold, warm" },
    { "", BO_CELL_SELECTION_ERROR_SYNTAX, "STRATEGY/BASE" },
    { "/dusty", BO_CELL_SELECTION_ERROR_SYNTAX, "STRATEGY/BASE" },
    { "a//b", BO_CELL_SELECTION_ERROR_SYNTAX, "STRATEGY/BASE" },
    { "*/*/*/*/*", BO_CELL_SELECTION_ERROR_SYNTAX, "STRATEGY/BASE" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (BoStudy) study = load ();
      const char *const patterns[] = { "original", cases[i].pattern, NULL };
      g_autoptr (GError) error = NULL;

      g_assert_null (bo_cells_select (study, patterns, &error));
      g_assert_error (error, BO_CELL_SELECTION_ERROR, cases[i].code);
      g_test_message ("%s", error->message);
      g_assert_nonnull (strstr (error->message, cases[i].words));
    }
}

static void
test_cold (void)
{
  g_autoptr (BoStudy) study = load ();
  g_autoptr (GPtrArray) all = bo_study_get_cells (study);
  g_autoptr (GPtrArray) cold = bo_cells_keep_cold (all);

  g_assert_cmpuint (cold->len, >, 0);
  g_assert_cmpuint (cold->len, <, all->len);
  for (guint i = 0; i < cold->len; i++)
    g_assert_cmpint (((const BoCell *) g_ptr_array_index (cold, i))->condition, ==, BO_CONDITION_COLD);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cell-selection/patterns", test_patterns);
  g_test_add_func ("/cell-selection/all", test_all);
  g_test_add_func ("/cell-selection/errors", test_errors);
  g_test_add_func ("/cell-selection/cold", test_cold);
  return g_test_run ();
}
