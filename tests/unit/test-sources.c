/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>
#include <sys/resource.h>

#include <gio/gio.h>
#include <glib/gstdio.h>

#include "bench/bo-campaign-folder.h"
#include "bench/bo-sources.h"
#include "context/bo-recipe.h"

/*
 * A study of two strategies with a Dockerfile each, both builders, all
 * conditions, and an edit. BAKEOFF_SOURCES_FILES makes its context larger and prints what
 * that costs, for a look at the figures.
 */

typedef struct
{
  char *top;
  char *context;
  char *folder;
  BoContentStore *store;
} Fixture;

static void
remove_all (const char *path)
{
  g_autoptr (GDir) dir = g_file_test (path, G_FILE_TEST_IS_SYMLINK) ? NULL : g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      remove_all (child);
    }
  g_remove (path);
}

static void
put (Fixture *fixture, const char *path, const char *content)
{
  g_autofree char *full = g_build_filename (fixture->context, path, NULL);
  g_autofree char *parent = g_path_get_dirname (full);

  g_assert_cmpint (g_mkdir_with_parents (parent, 0755), ==, 0);
  g_assert_true (g_file_set_contents_full (full, content, -1, G_FILE_SET_CONTENTS_NONE, 0644, NULL));
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autofree char *contents = NULL;

  fixture->top = g_dir_make_tmp ("bakeoff-test-XXXXXX", NULL);
  g_assert_nonnull (fixture->top);
  fixture->context = g_build_filename (fixture->top, "context", NULL);
  fixture->folder = g_build_filename (fixture->top, "campaign", NULL);
  contents = g_build_filename (fixture->top, "contents", NULL);
  fixture->store = bo_content_store_new (contents, NULL);
  g_assert_nonnull (fixture->store);
  g_assert_true (bo_campaign_folder_create (fixture->folder, NULL));

  put (fixture, "docker/own", "FROM scratch\nCOPY . /app\n");
  put (fixture, "docker/changed", "FROM x:1\nCOPY . /app\n");
  put (fixture, "src/app.py", "print (1)\n");
  put (fixture, "src/more.py", "print (2)\n");
  put (fixture, "zebra", "z\n");
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_clear_object (&fixture->store);
  remove_all (fixture->top);
  g_free (fixture->folder);
  g_free (fixture->context);
  g_free (fixture->top);
}

static BoPlan *
make_plan (Fixture *fixture, guint repetitions)
{
  static const char text[]
      = "{\"format\": 1, \"id\": \"s\", \"name\": \"S\", \"baseline\": \"own\","
        " \"bases\": [{\"id\": \"x\", \"title\": \"X\", \"image\": \"x:1\"}],"
        " \"builders\": [\"classic\", \"buildkit\"],"
        " \"conditions\": [\"cold\", \"cold-layers\", \"warm\", \"edited\"],"
        " \"edit\": {\"path\": \"src/app.py\", \"append\": \"# ${TRIAL}\\n\"},"
        " \"strategies\": [{\"id\": \"own\", \"title\": \"A\", \"dockerfile\": \"docker/own\"},"
        "   {\"id\": \"changed\", \"title\": \"B\", \"dockerfile\": \"docker/changed\"}]}";
  const BoEngineFeatures features = { TRUE, TRUE, NULL };
  g_autoptr (BoProblems) problems = bo_problems_new ();
  g_autofree char *path = g_build_filename (fixture->context, "bakeoff.json", NULL);
  g_autoptr (BoStudy) study = bo_study_load_from_data (text, -1, path, NULL, problems);
  g_autoptr (GPtrArray) cells = NULL;

  g_assert_nonnull (study);
  cells = bo_study_get_cells (study);
  return bo_plan_new (study, cells, repetitions, 1, &features, "20261124-061200-3fa9", 0);
}

static guint64
measure_folder (const char *path, guint *n_files)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  guint64 bytes = 0;
  const char *name;

  g_assert_nonnull (dir);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);
      GStatBuf st;

      g_assert_cmpint (g_stat (child, &st), ==, 0);
      bytes += st.st_size;
      (*n_files)++;
    }
  return bytes;
}

static void
test_size (Fixture *fixture, gconstpointer data)
{
  /* Kept to show what a change costs: 100 000 for the figures in a commit. */
  const char *wanted = g_getenv ("BAKEOFF_SOURCES_FILES");
  guint n = wanted != NULL ? atoi (wanted) : 0;
  g_autofree char *recipes = g_build_filename (fixture->folder, "recipes", NULL);
  g_autoptr (BoSources) sources = NULL;
  g_autoptr (BoPlan) plan = NULL;
  g_autoptr (GError) error = NULL;
  struct rusage usage;
  guint n_files = 0;
  guint64 bytes;
  gint64 start_us;

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *name = g_strdup_printf ("data/%03u/file-%06u", i / 500, i);
      g_autofree char *content = g_strdup_printf ("content %u\n", i);

      put (fixture, name, content);
    }
  for (guint round = 0; round < 2; round++)
    {
      g_clear_pointer (&sources, bo_sources_free);
      g_clear_pointer (&plan, bo_plan_free);
      plan = make_plan (fixture, 3);
      start_us = g_get_monotonic_time ();
      sources = bo_sources_read (plan, fixture->store, fixture->folder, NULL, NULL, NULL, &error);
      g_assert_no_error (error);
      getrusage (RUSAGE_SELF, &usage);
      g_test_message ("round %u: %.3f s, %ld KiB at most", round + 1, (g_get_monotonic_time () - start_us) / 1e6,
                      usage.ru_maxrss);
    }
  bytes = measure_folder (recipes, &n_files);
  g_test_message ("%u builds, %u recipes, %" G_GUINT64_FORMAT " bytes", plan->campaign->trials->len, n_files, bytes);
}

/* What is large is written down once, whatever is built how often. */
static void
test_shared (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BoSources) sources = NULL;
  g_autoptr (BoPlan) plan = make_plan (fixture, 3);
  g_autoptr (GHashTable) first = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GHashTable) shared = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GHashTable) last = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GError) error = NULL;
  guint n_edited = 0;

  sources = bo_sources_read (plan, fixture->store, fixture->folder, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < plan->campaign->trials->len; i++)
    {
      const BoPlannedTrial *trial = g_ptr_array_index (plan->campaign->trials, i);
      const BoBuildInput *input = g_hash_table_lookup (sources->input.builds, trial->id);
      gint64 bytes = 0;

      if (input == NULL)
        {
          g_assert_nonnull (trial->unsupported);
          continue;
        }
      g_assert_cmpuint (input->recipes->len, ==, 3);
      g_hash_table_add (first, g_ptr_array_index (input->recipes, 0));
      g_hash_table_add (shared, g_ptr_array_index (input->recipes, 1));
      g_hash_table_add (last, g_ptr_array_index (input->recipes, 2));
      n_edited += trial->cell->condition == BO_CONDITION_EDITED;
      for (guint r = 0; r < input->recipes->len; r++)
        {
          g_autofree char *path
              = g_build_filename (fixture->folder, "recipes", g_ptr_array_index (input->recipes, r), NULL);
          g_autofree char *text = NULL;
          g_autoptr (GBytes) read = NULL;
          g_autoptr (BoRecipe) recipe = NULL;
          gsize size;

          g_assert_true (g_file_get_contents (path, &text, &size, NULL));
          read = g_bytes_new_take (g_steal_pointer (&text), size);
          recipe = bo_recipe_new_from_bytes (read, &error);
          g_assert_no_error (error);
          g_assert_cmpstr (bo_recipe_get_id (recipe), ==, g_ptr_array_index (input->recipes, r));
          bytes += bo_recipe_get_length (recipe);
        }
      g_assert_cmpint (bytes, ==, input->bytes);
      g_assert_cmpint (bytes, ==, trial->context_bytes);
      g_assert_cmpint (bytes % 512, ==, 0);
      g_assert_cmpstr (input->dockerfile, ==,
                       g_str_equal (trial->cell->strategy, "own") && trial->cell->condition != BO_CONDITION_COLD_LAYERS
                           ? "docker/own"
                           : ".bakeoff.Dockerfile");
    }
  g_assert_cmpuint (n_edited, ==, 12);
  g_assert_cmpuint (g_hash_table_size (shared), ==, 1);
  /* Each edit is a file of its own; all others have it as it is. */
  g_assert_cmpuint (g_hash_table_size (last), ==, n_edited + 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/sources/shared", Fixture, NULL, set_up, test_shared, tear_down);
  g_test_add ("/sources/size", Fixture, NULL, set_up, test_size, tear_down);
  return g_test_run ();
}
