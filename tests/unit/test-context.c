/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <archive.h>
#include <archive_entry.h>
#include <gio/gio.h>
#include <glib/gstdio.h>

#include "context/bo-content-store.h"
#include "context/bo-context-archive.h"
#include "context/bo-context-preview.h"
#include "context/bo-context-secrets.h"
#include "context/bo-context.h"
#include "context/bo-recipe.h"
#include "context/bo-tar-header.h"

/* A context folder and a store, both under one temporary folder. */
typedef struct
{
  char *top;
  char *folder;
  BoContentStore *store;
} Fixture;

static void
remove_all (const char *path)
{
  g_autoptr (GDir) dir = NULL;
  const char *name;
  GStatBuf st;

  if (g_lstat (path, &st) == 0 && S_ISDIR (st.st_mode))
    {
      g_chmod (path, 0700);
      dir = g_dir_open (path, 0, NULL);
      while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
        {
          g_autofree char *child = g_build_filename (path, name, NULL);

          remove_all (child);
        }
      g_rmdir (path);
    }
  else
    g_unlink (path);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autofree char *store = NULL;

  fixture->top = g_dir_make_tmp ("bakeoff-test-XXXXXX", NULL);
  g_assert_nonnull (fixture->top);
  fixture->folder = g_build_filename (fixture->top, "context", NULL);
  store = g_build_filename (fixture->top, "store", NULL);
  g_assert_cmpint (g_mkdir (fixture->folder, 0755), ==, 0);
  fixture->store = bo_content_store_new (store, NULL);
  g_assert_nonnull (fixture->store);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_clear_object (&fixture->store);
  remove_all (fixture->top);
  g_free (fixture->folder);
  g_free (fixture->top);
}

static char *
put_bytes (Fixture *fixture, const char *path, const char *content, gssize length)
{
  char *full = g_build_filename (fixture->folder, path, NULL);
  g_autofree char *parent = g_path_get_dirname (full);

  g_assert_cmpint (g_mkdir_with_parents (parent, 0755), ==, 0);
  g_assert_true (g_file_set_contents (full, content, length, NULL));
  g_assert_cmpint (g_chmod (full, 0644), ==, 0);
  return full;
}

static void
put (Fixture *fixture, const char *path, const char *content)
{
  g_free (put_bytes (fixture, path, content, -1));
}

static BoContext *
scan (Fixture *fixture, const char *dockerfile)
{
  g_autoptr (GError) error = NULL;
  BoContext *context = bo_context_scan (fixture->folder, dockerfile, BO_IGNORE_RULE_CURRENT,
                                        BO_CONTEXT_COUNT_IGNORED | BO_CONTEXT_FIND_SECRETS, NULL, &error);

  g_assert_no_error (error);
  return context;
}

static BoContext *
scan_and_store (Fixture *fixture, const char *dockerfile)
{
  g_autoptr (GError) error = NULL;
  BoContext *context = scan (fixture, dockerfile);

  bo_context_store (context, fixture->store, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  return context;
}

/* A tar: its recipes, and what the first member is called. */
typedef struct
{
  GPtrArray *recipes;
  char *dockerfile_name;
  char *id;
} Tar;

static void
tar_free (Tar *tar)
{
  g_ptr_array_unref (tar->recipes);
  g_free (tar->dockerfile_name);
  g_free (tar->id);
  g_free (tar);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Tar, tar_free)

static GBytes *
read_all (GPtrArray *recipes, BoContentStore *store)
{
  g_autoptr (GInputStream) stream = bo_recipe_open_stream (recipes, store);
  g_autoptr (GOutputStream) memory = g_memory_output_stream_new_resizable ();
  g_autoptr (GError) error = NULL;

  g_output_stream_splice (memory, stream, G_OUTPUT_STREAM_SPLICE_CLOSE_TARGET, NULL, &error);
  g_assert_no_error (error);
  return g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (memory));
}

/* "path type size link content;" for each member, as libarchive reads the tar. */
static char *
list_tar (GBytes *tar)
{
  struct archive *reader = archive_read_new ();
  struct archive_entry *entry;
  GString *text = g_string_new (NULL);
  int status;

  archive_read_support_format_tar (reader);
  g_assert_cmpint (archive_read_open_memory (reader, g_bytes_get_data (tar, NULL), g_bytes_get_size (tar)), ==,
                   ARCHIVE_OK);
  while ((status = archive_read_next_header (reader, &entry)) == ARCHIVE_OK)
    {
      const char *link = archive_entry_hardlink (entry);
      char content[64] = { 0 };
      ssize_t n = 0;

      if (link == NULL)
        link = archive_entry_symlink (entry);
      if (archive_entry_filetype (entry) == AE_IFREG && archive_entry_size (entry) > 0)
        n = archive_read_data (reader, content, sizeof content - 1);
      g_assert_cmpint (n, >=, 0);
      for (ssize_t i = 0; i < n; i++)
        content[i] = content[i] == '\n' ? '|' : content[i];
      g_assert_cmpint (archive_entry_uid (entry), ==, 0);
      g_string_append_printf (text, "%s %o %" G_GINT64_FORMAT " %s %s;", archive_entry_pathname (entry),
                              archive_entry_perm (entry), (gint64) archive_entry_size (entry),
                              link != NULL ? link : "-", content);
    }
  g_assert_cmpint (status, ==, ARCHIVE_EOF);
  archive_read_free (reader);
  return g_string_free (text, FALSE);
}

static Tar *
make_edited (BoContext *context,
             const char *dockerfile,
             gboolean classic,
             const char *edit_path,
             const char *edit_append,
             GError **error)
{
  static const char *const dockerfiles[] = { "Dockerfile", "other/Dockerfile", "missing", NULL };
  g_autoptr (GBytes) bytes = g_bytes_new (dockerfile, strlen (dockerfile));
  g_autoptr (GBytes) append = edit_append != NULL ? g_bytes_new (edit_append, strlen (edit_append)) : NULL;
  const BoContextArchiveOptions options = { .dockerfile = bytes, .for_classic = classic, .edit_append = append };
  g_autoptr (BoContextArchive) archive = bo_context_archive_new (context, edit_path, dockerfiles, error);
  Tar *tar = g_new0 (Tar, 1);

  g_assert_nonnull (archive);
  tar->recipes = bo_context_archive_make_all (archive, &options, &tar->dockerfile_name, error);
  if (tar->recipes == NULL)
    {
      g_free (tar);
      return NULL;
    }
  g_assert_cmpuint (tar->recipes->len, ==, 3);
  tar->id = g_strdup_printf ("%s %s %s", bo_recipe_get_id (g_ptr_array_index (tar->recipes, 0)),
                             bo_recipe_get_id (g_ptr_array_index (tar->recipes, 1)),
                             bo_recipe_get_id (g_ptr_array_index (tar->recipes, 2)));
  return tar;
}

static Tar *
make_tar (BoContext *context, const char *dockerfile, gboolean classic)
{
  g_autoptr (GError) error = NULL;
  Tar *tar = make_edited (context, dockerfile, classic, NULL, NULL, &error);

  g_assert_no_error (error);
  return tar;
}

static void
assert_tar (Fixture *fixture, Tar *made, const char *expected)
{
  g_autoptr (GBytes) tar = read_all (made->recipes, fixture->store);
  g_autofree char *listing = list_tar (tar);
  guint64 length = 0;

  for (guint i = 0; i < made->recipes->len; i++)
    length += bo_recipe_get_length (g_ptr_array_index (made->recipes, i));
  g_assert_cmpuint (g_bytes_get_size (tar), ==, length);
  g_assert_cmpstr (listing, ==, expected);
}

/* Recipes */

static void
test_tar (Fixture *fixture, gconstpointer data)
{
  g_autofree char *link = g_build_filename (fixture->folder, "link", NULL);
  g_autofree char *one = g_build_filename (fixture->folder, "d/one", NULL);
  g_autofree char *two = g_build_filename (fixture->folder, "e-two", NULL);
  g_autoptr (BoContext) context = NULL;
  g_autoptr (Tar) tar = NULL;

  put (fixture, "Dockerfile", "FROM a\n");
  put (fixture, "d/one", "1\n");
  put (fixture, "empty", "");
  g_assert_cmpint (symlink ("nowhere", link), ==, 0);
  g_assert_cmpint (linkat (AT_FDCWD, one, AT_FDCWD, two, 0), ==, 0);
  context = scan_and_store (fixture, NULL);
  tar = make_tar (context, "FROM a\n", TRUE);
  g_assert_cmpstr (tar->dockerfile_name, ==, "Dockerfile");
  assert_tar (fixture, tar,
              "Dockerfile 644 7 - FROM a|;d/ 755 0 - ;d/one 644 2 - 1|;e-two 644 0 d/one ;empty 644 0 - ;"
              "link 777 0 nowhere ;");
}

static void
test_changed_dockerfile (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BoContext) context = NULL;
  g_autoptr (Tar) classic = NULL;
  g_autoptr (Tar) buildkit = NULL;

  put (fixture, "Dockerfile", "FROM a\n");
  put (fixture, ".bakeoff.Dockerfile", "taken\n");
  context = scan_and_store (fixture, NULL);
  classic = make_tar (context, "FROM b\n", TRUE);
  buildkit = make_tar (context, "FROM b\n", FALSE);
  g_assert_cmpstr (classic->dockerfile_name, ==, ".bakeoff-1.Dockerfile");
  assert_tar (fixture, classic,
              ".bakeoff-1.Dockerfile 644 7 - FROM b|;.dockerignore 644 36 - .dockerignore|.bakeoff-1.Dockerfile|;"
              "Dockerfile 644 7 - FROM a|;.bakeoff.Dockerfile 644 6 - taken|;");
  assert_tar (fixture, buildkit,
              ".bakeoff-1.Dockerfile 644 7 - FROM b|;Dockerfile 644 7 - FROM a|;.bakeoff.Dockerfile 644 6 - taken|;");
}

static void
test_ignore_file_is_sent (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BoContext) context = NULL;
  g_autoptr (BoContext) hidden = NULL;
  g_autoptr (Tar) changed = NULL;
  g_autoptr (Tar) ignored = NULL;

  put (fixture, "Dockerfile", "FROM a\n");
  put (fixture, ".dockerignore", "x");
  context = scan_and_store (fixture, NULL);
  changed = make_tar (context, "FROM b\n", TRUE);
  assert_tar (fixture, changed,
              ".bakeoff.Dockerfile 644 7 - FROM b|;.dockerignore 644 22 - x|.bakeoff.Dockerfile|;"
              "Dockerfile 644 7 - FROM a|;");

  put (fixture, ".dockerignore", "Dockerfile\n");
  hidden = scan_and_store (fixture, NULL);
  ignored = make_tar (hidden, "FROM b\n", TRUE);
  g_assert_cmpstr (ignored->dockerfile_name, ==, "Dockerfile");
  assert_tar (fixture, ignored, "Dockerfile 644 7 - FROM b|;.dockerignore 644 11 - Dockerfile|;");
}

static void
test_edit (Fixture *fixture, gconstpointer data)
{
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;
  g_autoptr (BoContext) context = NULL;
  g_autoptr (Tar) plain = NULL;
  g_autoptr (Tar) edited = NULL;
  g_autoptr (Tar) by_second = NULL;
  g_autoptr (Tar) none = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) missing = NULL;
  g_autoptr (GError) folder = NULL;

  put (fixture, "Dockerfile", "FROM a\n");
  first = put_bytes (fixture, "src/app.py", "x=1\n", -1);
  second = g_build_filename (fixture->folder, "src/same.py", NULL);
  g_assert_cmpint (linkat (AT_FDCWD, first, AT_FDCWD, second, 0), ==, 0);
  put (fixture, "src/z", "");
  context = scan_and_store (fixture, NULL);

  /* The file that is edited comes last, behind its folder, with its second names behind it: edited or not. */
  plain = make_edited (context, "FROM a\n", FALSE, "src/app.py", NULL, &error);
  edited = make_edited (context, "FROM a\n", FALSE, "src/app.py", "# t1\n", &error);
  assert_tar (fixture, plain,
              "Dockerfile 644 7 - FROM a|;src/ 755 0 - ;src/z 644 0 - ;src/app.py 644 4 - x=1|;"
              "src/same.py 644 0 src/app.py ;");
  assert_tar (fixture, edited,
              "Dockerfile 644 7 - FROM a|;src/ 755 0 - ;src/z 644 0 - ;src/app.py 644 9 - x=1|# t1|;"
              "src/same.py 644 0 src/app.py ;");
  g_assert_cmpstr (plain->id, !=, edited->id);
  for (guint i = 0; i < 2; i++)
    g_assert_cmpstr (bo_recipe_get_id (g_ptr_array_index (plain->recipes, i)), ==,
                     bo_recipe_get_id (g_ptr_array_index (edited->recipes, i)));

  /* A second name is the same file. */
  by_second = make_edited (context, "FROM a\n", FALSE, "src/same.py", "# t1\n", &error);
  g_assert_cmpstr (by_second->id, ==, edited->id);

  /* What is not in the context matters only when it is to be edited. */
  none = make_edited (context, "FROM a\n", FALSE, "none", NULL, &error);
  g_assert_nonnull (none);
  g_assert_no_error (error);
  g_assert_null (make_edited (context, "FROM a\n", FALSE, "none", "#", &missing));
  g_assert_error (missing, BO_CONTEXT_ARCHIVE_ERROR, BO_CONTEXT_ARCHIVE_ERROR_EDIT);
  g_assert_null (make_edited (context, "FROM a\n", FALSE, "src", "#", &folder));
  g_assert_error (folder, BO_CONTEXT_ARCHIVE_ERROR, BO_CONTEXT_ARCHIVE_ERROR_EDIT);
}

/* Files that are in two roles at once. */
static void
test_edited_build_files (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BoContext) context = NULL;
  g_autoptr (Tar) ignore = NULL;
  g_autoptr (Tar) dockerfile = NULL;
  g_autoptr (GError) error = NULL;

  put (fixture, "Dockerfile", "FROM a\n");
  put (fixture, ".dockerignore", "x");
  put (fixture, "y", "y");
  context = scan_and_store (fixture, NULL);
  ignore = make_edited (context, "FROM b\n", TRUE, ".dockerignore", "#", &error);
  assert_tar (fixture, ignore,
              ".bakeoff.Dockerfile 644 7 - FROM b|;.dockerignore 644 23 - x#|.bakeoff.Dockerfile|;"
              "Dockerfile 644 7 - FROM a|;y 644 1 - y;");
  dockerfile = make_edited (context, "FROM a\n", FALSE, "Dockerfile", "#", &error);
  assert_tar (fixture, dockerfile,
              ".bakeoff.Dockerfile 644 7 - FROM a|;.dockerignore 644 1 - x;y 644 1 - y;Dockerfile 644 8 - FROM a|#;");
}

/* Whatever the builder, the Dockerfile and the condition, the large part is one. */
static void
test_shared_part (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BoContext) context = NULL;
  g_autoptr (BoContext) other = NULL;
  g_autoptr (GPtrArray) tars = g_ptr_array_new_with_free_func ((GDestroyNotify) tar_free);
  g_autoptr (GError) error = NULL;
  Tar *tar;

  put (fixture, "Dockerfile", "FROM a\n");
  put (fixture, "other/Dockerfile", "FROM b\n");
  put (fixture, "other/x", "x\n");
  put (fixture, ".dockerignore", "nothing\n");
  put (fixture, "a.py", "a");
  context = scan_and_store (fixture, NULL);
  other = scan_and_store (fixture, "other/Dockerfile");
  for (guint i = 0; i < 16; i++)
    {
      tar = make_edited ((i & 1) != 0 ? other : context, (i & 2) != 0 ? "FROM b\n" : "FROM a\n", (i & 4) != 0, "a.py",
                         (i & 8) != 0 ? "#" : NULL, &error);
      g_assert_no_error (error);
      g_ptr_array_add (tars, tar);
      g_assert_cmpstr (bo_recipe_get_id (g_ptr_array_index (tar->recipes, 1)), ==,
                       bo_recipe_get_id (g_ptr_array_index (((Tar *) g_ptr_array_index (tars, 0))->recipes, 1)));
    }
  assert_tar (fixture, g_ptr_array_index (tars, 15),
              "other/Dockerfile 644 7 - FROM b|;.dockerignore 644 8 - nothing|;Dockerfile 644 7 - FROM a|;"
              "other/ 755 0 - ;other/x 644 2 - x|;a.py 644 2 - a#;");
  assert_tar (fixture, g_ptr_array_index (tars, 4),
              "Dockerfile 644 7 - FROM a|;.dockerignore 644 8 - nothing|;other/Dockerfile 644 7 - FROM b|;"
              "other/ 755 0 - ;other/x 644 2 - x|;a.py 644 1 - a;");
}

static void
test_reproducible (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BoContext) first = NULL;
  g_autoptr (BoContext) second = NULL;
  g_autoptr (BoContext) third = NULL;
  g_autoptr (Tar) one = NULL;
  g_autoptr (Tar) two = NULL;
  g_autofree char *path = NULL;
  g_autofree char *hash_one = NULL;
  g_autofree char *hash_two = NULL;
  g_autofree char *hash_three = NULL;
  struct timespec times[2] = { { 1000000000, 5 }, { 1000000000, 5 } };

  put (fixture, "Dockerfile", "FROM a\n");
  path = put_bytes (fixture, "x", "content", -1);
  first = scan_and_store (fixture, NULL);
  g_assert_cmpint (utimensat (AT_FDCWD, path, times, 0), ==, 0);
  second = scan_and_store (fixture, NULL);
  one = make_tar (first, "FROM a\n", TRUE);
  two = make_tar (second, "FROM a\n", TRUE);
  g_assert_cmpstr (one->id, ==, two->id);
  hash_one = bo_context_compute_hash (first);
  hash_two = bo_context_compute_hash (second);
  g_assert_cmpstr (hash_one, ==, hash_two);

  g_assert_cmpint (g_chmod (path, 0755), ==, 0);
  third = scan_and_store (fixture, NULL);
  hash_three = bo_context_compute_hash (third);
  g_assert_cmpstr (hash_one, !=, hash_three);
}

/* One walk for several Dockerfiles, where their files are the same. */
static void
test_scan_like (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BoContext) context = NULL;
  g_autoptr (BoContext) like = NULL;
  g_autoptr (BoContext) scanned = NULL;
  g_autoptr (BoContext) ignored = NULL;
  g_autofree char *hash = NULL;
  g_autofree char *hash_like = NULL;
  g_autofree char *hash_scanned = NULL;

  put (fixture, "Dockerfile", "FROM a\n");
  put (fixture, "other/Dockerfile", "FROM b\n");
  put (fixture, "own/Dockerfile", "FROM c\n");
  put (fixture, "own/Dockerfile.dockerignore", "x\n");
  put (fixture, "hidden/Dockerfile", "FROM d\n");
  put (fixture, ".dockerignore", "hidden\n");
  put (fixture, "x", "x");
  context = scan_and_store (fixture, NULL);
  like = bo_context_scan_like (context, "other/Dockerfile");
  scanned = scan_and_store (fixture, "other/Dockerfile");
  g_assert_nonnull (like);
  g_assert_true (bo_context_is_stored (like));
  g_assert_true (bo_context_find (like, "x") == bo_context_find (context, "x"));
  g_assert_cmpstr (bo_context_get_dockerfile (like), ==, "other/Dockerfile");
  g_assert_true (g_bytes_equal (bo_context_get_dockerfile_bytes (like), bo_context_get_dockerfile_bytes (scanned)));
  g_assert_cmpuint (bo_context_get_size (like), ==, bo_context_get_size (scanned));
  hash = bo_context_compute_hash (context);
  hash_like = bo_context_compute_hash (like);
  hash_scanned = bo_context_compute_hash (scanned);
  g_assert_cmpstr (hash_like, ==, hash);
  g_assert_cmpstr (hash_like, ==, hash_scanned);

  /* An ignore file of its own, and a Dockerfile that is ignored, on either side. */
  g_assert_null (bo_context_scan_like (context, "own/Dockerfile"));
  g_assert_null (bo_context_scan_like (context, "hidden/Dockerfile"));
  ignored = scan_and_store (fixture, "hidden/Dockerfile");
  g_assert_null (bo_context_scan_like (ignored, "other/Dockerfile"));
  /* The ignore file is another by now. */
  put (fixture, ".dockerignore", "hidden\nx\n");
  g_assert_null (bo_context_scan_like (context, "other/Dockerfile"));
}

/* The user goes on editing: a context that was stored stays what it was. */
static void
test_snapshot (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BoContext) context = NULL;
  g_autoptr (Tar) tar = NULL;

  put (fixture, "Dockerfile", "FROM a\n");
  put (fixture, "x", "before");
  context = scan_and_store (fixture, NULL);
  put (fixture, "x", "after, and longer");
  put (fixture, "Dockerfile", "FROM other\n");
  tar = make_tar (context, "FROM a\n", FALSE);
  assert_tar (fixture, tar, "Dockerfile 644 7 - FROM a|;x 644 6 - before;");
}

static void
test_text (Fixture *fixture, gconstpointer data)
{
  static const char good[] = "bakeoff-recipe 1\nlength 5\nliteral 3\na\nb\nfile "
                             "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef 2\nend\n";
  static const char *const bad[] = {
    "",
    "bakeoff-recipe 2\nlength 0\nend\n",
    "bakeoff-recipe 1\nlength 00\nend\n",
    "bakeoff-recipe 1\nlength -1\nend\n",
    "bakeoff-recipe 1\nlength 0\n",
    "bakeoff-recipe 1\nlength 0\nend\nx",
    "bakeoff-recipe 1\nlength 0\nend",
    "bakeoff-recipe 1\nlength 1\nend\n",
    "bakeoff-recipe 1\nlength 0\nliteral 0\n\nend\n",
    "bakeoff-recipe 1\nlength 3\nliteral 3\nab\nend\n",
    "bakeoff-recipe 1\nlength 3\nliteral 3\nabcd\nend\n",
    "bakeoff-recipe 1\nlength 1\nliteral 9223372036854775808\na\nend\n",
    "bakeoff-recipe 1\nlength 1\nliteral 99999999999999999999\na\nend\n",
    "bakeoff-recipe 1\nlength 1\nliteral  1\na\nend\n",
    "bakeoff-recipe 1\nlength 1\nliteral 1 \na\nend\n",
    "bakeoff-recipe 1\r\nlength 0\r\nend\r\n",
    "bakeoff-recipe 1\nlength 2\nfile 0123 2\nend\n",
    "bakeoff-recipe 1\nlength 2\nfile "
    "0123456789ABCDEF0123456789abcdef0123456789abcdef0123456789abcdef 2\nend\n",
    "bakeoff-recipe 1\nlength 0\nfile "
    "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef 0\nend\n",
    "bakeoff-recipe 1\nlength 1\nfile "
    "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef 2\nend\n",
    "bakeoff-recipe 1\nlength 0\nwhat 1\nend\n",
  };
  g_autoptr (GBytes) bytes = g_bytes_new_static (good, strlen (good));
  g_autoptr (BoRecipe) recipe = bo_recipe_new_from_bytes (bytes, NULL);
  g_autoptr (GPtrArray) recipes = g_ptr_array_new_with_free_func ((GDestroyNotify) bo_recipe_unref);
  g_autoptr (GPtrArray) files = NULL;
  g_autoptr (GInputStream) stream = NULL;
  g_autoptr (GError) missing = NULL;
  char buffer[16];

  g_assert_nonnull (recipe);
  g_assert_cmpuint (bo_recipe_get_length (recipe), ==, 5);
  files = bo_recipe_list_files (recipe);
  g_assert_cmpuint (files->len, ==, 1);

  /* Cut anywhere, it is no recipe; and never a crash. */
  for (gsize n = 0; n < strlen (good); n++)
    {
      g_autofree char *copy = g_memdup2 (good, n);
      g_autoptr (GBytes) cut = g_bytes_new (copy, n);
      g_autoptr (GError) error = NULL;

      g_assert_null (bo_recipe_new_from_bytes (cut, &error));
      g_assert_error (error, BO_RECIPE_ERROR, BO_RECIPE_ERROR_FORMAT);
    }
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GBytes) text = g_bytes_new_static (bad[i], strlen (bad[i]));
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", bad[i]);
      g_assert_null (bo_recipe_new_from_bytes (text, &error));
      g_assert_error (error, BO_RECIPE_ERROR, BO_RECIPE_ERROR_FORMAT);
    }

  /* A file that is not kept is an error, never an early end. */
  g_ptr_array_add (recipes, bo_recipe_ref (recipe));
  stream = bo_recipe_open_stream (recipes, fixture->store);
  g_assert_cmpint (g_input_stream_read (stream, buffer, sizeof buffer, NULL, NULL), ==, 3);
  g_assert_cmpint (g_input_stream_read (stream, buffer, sizeof buffer, NULL, &missing), ==, -1);
  g_assert_error (missing, BO_RECIPE_ERROR, BO_RECIPE_ERROR_MISSING);
}

static void
test_text_round_trip (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BoContext) context = NULL;
  g_autoptr (Tar) tar = NULL;
  g_autofree char *large = g_strnfill (BO_RECIPE_LITERAL_MAX + 100, '#');

  /* A Dockerfile of more than one literal. */
  put (fixture, "x", "content");
  context = scan_and_store (fixture, NULL);
  tar = make_tar (context, large, FALSE);
  for (guint i = 0; i < tar->recipes->len; i++)
    {
      BoRecipe *recipe = g_ptr_array_index (tar->recipes, i);
      g_autoptr (GBytes) text = bo_recipe_to_bytes (recipe);
      g_autoptr (BoRecipe) again = bo_recipe_new_from_bytes (text, NULL);

      g_assert_nonnull (again);
      g_assert_cmpstr (bo_recipe_get_id (again), ==, bo_recipe_get_id (recipe));
      g_assert_cmpuint (bo_recipe_get_length (again), ==, bo_recipe_get_length (recipe));
    }
}

static void
test_headers (void)
{
  g_autoptr (GByteArray) tar = g_byte_array_new ();
  g_autofree char *hundred = g_strnfill (100, 'n');
  g_autofree char *folder = g_strnfill (155, 'p');
  g_autofree char *fits = g_strconcat (folder, "/", hundred, NULL);
  g_autofree char *over = g_strconcat (folder, "p/", hundred, NULL);
  BoTarMember member = { .path = hundred, .type = '0', .mode = 0100644, .mtime = 1 };

  g_assert_true (bo_tar_path_is_plain (hundred, FALSE));
  g_assert_false (bo_tar_path_is_plain (hundred, TRUE));
  g_assert_true (bo_tar_path_is_plain (fits, FALSE));
  g_assert_false (bo_tar_path_is_plain (over, FALSE));

  bo_tar_append_header (tar, &member);
  g_assert_cmpuint (tar->len, ==, 512);
  member.size = 077777777777;
  bo_tar_append_header (tar, &member);
  g_assert_cmpuint (tar->len, ==, 1024);
  g_assert_cmpmem (tar->data + 512 + 124, 12, "77777777777", 12);
  g_assert_cmpmem (tar->data + 512 + 257, 8, "ustar\00000", 8);
  member.size++;
  bo_tar_append_header (tar, &member);
  g_assert_cmpmem (tar->data + 1024 + 124, 12, "\x80\0\0\0\0\0\0\x02\0\0\0\0", 12);
  g_assert_cmpmem (tar->data + 1024 + 257, 8, "ustar  ", 8);
}

/* The context */

static void
test_scan (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BoContext) context = NULL;
  g_autoptr (BoContextPreview) preview = NULL;
  g_autoptr (JsonNode) json = NULL;
  const BoContextIgnored *ignored;
  g_autofree char *fifo = g_build_filename (fixture->folder, "fifo", NULL);

  put (fixture, "docker/Dockerfile", "FROM a\n");
  put (fixture, "keep/x", "12345");
  put (fixture, "drop/deep/y", "123");
  put (fixture, "drop/z", "1");
  put (fixture, "opened/kept", "1");
  put (fixture, "closed/a", "12");
  put (fixture, ".env", "PASSWORD=x\n");
  put (fixture, ".dockerignore", "drop\nopened\n!opened/kept\nclosed\n!closed/none\ndocker\n");
  g_assert_cmpint (mkfifo (fifo, 0644), ==, 0);
  context = scan (fixture, "docker/Dockerfile");

  g_assert_cmpstr (bo_context_get_dockerfile (context), ==, "docker/Dockerfile");
  g_assert_nonnull (bo_context_get_dockerfile_bytes (context));
  g_assert_null (bo_context_find (context, "opened"));
  g_assert_nonnull (bo_context_find (context, "opened/kept"));
  g_assert_null (bo_context_find (context, "docker/Dockerfile"));
  g_assert_cmpuint (bo_context_get_build_files (context)->len, ==, 1);
  g_assert_cmpint (bo_context_find (context, "fifo")->type, ==, BO_CONTEXT_FIFO);

  g_assert_cmpuint (bo_context_get_ignored (context)->len, ==, 3);
  ignored = g_ptr_array_index (bo_context_get_ignored (context), 0);
  g_assert_cmpstr (ignored->path, ==, "closed");
  g_assert_cmpuint (ignored->n_files, ==, 1);
  g_assert_cmpuint (ignored->size, ==, 2);
  ignored = g_ptr_array_index (bo_context_get_ignored (context), 1);
  g_assert_cmpstr (ignored->path, ==, "docker");
  ignored = g_ptr_array_index (bo_context_get_ignored (context), 2);
  g_assert_cmpstr (ignored->path, ==, "drop");
  g_assert_cmpuint (ignored->n_files, ==, 2);
  g_assert_cmpuint (ignored->size, ==, 4);

  g_assert_cmpuint (bo_context_get_secrets (context)->len, ==, 1);
  preview = bo_context_preview_new (context);
  g_assert_cmpuint (preview->n_files, ==, 4);
  g_assert_cmpuint (preview->n_others, ==, 1);
  json = bo_context_preview_to_json (preview);
  g_assert_cmpint (json_array_get_length (json_object_get_array_member (json_node_get_object (json), "entries")), ==,
                   bo_context_get_n_entries (context));
}

static void
test_scan_errors (Fixture *fixture, gconstpointer data)
{
  g_autofree char *missing = g_build_filename (fixture->top, "none", NULL);
  g_autoptr (GError) folder = NULL;
  g_autoptr (GError) ignore = NULL;
  g_autoptr (GError) cancelled = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();

  g_assert_null (bo_context_scan (missing, NULL, BO_IGNORE_RULE_CURRENT, 0, NULL, &folder));
  g_assert_error (folder, BO_CONTEXT_ERROR, BO_CONTEXT_ERROR_FOLDER);
  put (fixture, ".dockerignore", "a\n[\n");
  g_assert_null (bo_context_scan (fixture->folder, NULL, BO_IGNORE_RULE_CURRENT, 0, NULL, &ignore));
  g_assert_error (ignore, BO_CONTEXT_ERROR, BO_CONTEXT_ERROR_IGNORE);
  g_assert_nonnull (strstr (ignore->message, "line 2"));
  put (fixture, ".dockerignore", "");
  g_cancellable_cancel (cancellable);
  g_assert_null (bo_context_scan (fixture->folder, NULL, BO_IGNORE_RULE_CURRENT, 0, cancellable, &cancelled));
  g_assert_error (cancelled, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_unreadable (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = put_bytes (fixture, "locked", "x", -1);
  g_autoptr (BoContext) context = NULL;
  g_autoptr (GError) error = NULL;

  if (geteuid () == 0)
    {
      g_test_skip ("root can read everything");
      return;
    }
  g_assert_cmpint (g_chmod (path, 0), ==, 0);
  context = scan (fixture, NULL);
  g_assert_cmpuint (bo_context_get_problems (context)->n_errors, ==, 1);
  g_assert_false (bo_context_store (context, fixture->store, NULL, NULL, NULL, &error));
  g_assert_error (error, BO_CONTEXT_ERROR, BO_CONTEXT_ERROR_UNREADABLE);
  g_assert_nonnull (strstr (error->message, "locked"));
}

static void
test_gone (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = put_bytes (fixture, "x", "1", -1);
  g_autoptr (BoContext) context = scan (fixture, NULL);
  g_autoptr (GError) error = NULL;

  g_unlink (path);
  g_assert_false (bo_context_store (context, fixture->store, NULL, NULL, NULL, &error));
  g_assert_error (error, BO_CONTENT_STORE_ERROR, BO_CONTENT_STORE_ERROR_UNREADABLE);
  g_assert_nonnull (strstr (error->message, path));
}

static void
test_secrets (void)
{
  static const struct
  {
    const char *path;
    const char *head;
    gboolean secret;
  } files[] = {
    { ".env", NULL, TRUE },
    { "a/.env.production", NULL, TRUE },
    { ".env.example", NULL, FALSE },
    { "environment", NULL, FALSE },
    { "x/id_rsa", NULL, TRUE },
    { "x/id_rsa.pub", NULL, FALSE },
    { "xid_rsa", NULL, FALSE },
    { ".npmrc", "registry=x", FALSE },
    { ".npmrc", "//r/:_authToken=x", TRUE },
    { ".aws/credentials", NULL, TRUE },
    { "aws/credentials", NULL, FALSE },
    { "notes", "-----BEGIN PRIVATE KEY-----", TRUE },
    { "notes", "-----BEGIN PUBLIC KEY-----", FALSE },
    { "a.p12", NULL, TRUE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      const char *head = files[i].head;

      g_test_message ("%s", files[i].path);
      g_assert_cmpint (bo_context_secret_guess (files[i].path, head, head != NULL ? strlen (head) : 0) != NULL, ==,
                       files[i].secret);
    }
  g_assert_false (bo_context_secret_needs_content ("main.c", 100));
  g_assert_false (bo_context_secret_needs_content ("key", 10 * 1024 * 1024));
  g_assert_true (bo_context_secret_needs_content ("key", 100));
}

/* The store */

static void
test_store (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = put_bytes (fixture, "x", "abc", -1);
  g_autoptr (GBytes) bytes = g_bytes_new_static ("abc", 3);
  g_autofree char *kept = NULL;
  g_autofree char *content = NULL;
  g_autofree char *hash = NULL;
  g_autofree char *same = NULL;
  guint64 size;
  gsize length;

  hash = bo_content_store_put_file (fixture->store, path, &size, NULL, NULL);
  g_assert_cmpstr (hash, ==, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  g_assert_cmpuint (size, ==, 3);
  same = bo_content_store_put_bytes (fixture->store, bytes, NULL);
  g_assert_cmpstr (hash, ==, same);
  g_assert_true (bo_content_store_has (fixture->store, hash, &size));
  g_assert_false (bo_content_store_has (fixture->store, "../../etc/passwd", NULL));
  kept = bo_content_store_get_path (fixture->store, hash);
  g_assert_true (g_str_has_suffix (kept, "/ba/ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
  g_assert_true (g_file_get_contents (kept, &content, &length, NULL));
  g_assert_cmpmem (content, length, "abc", 3);
}

/* Overwrites one byte of the kept copy, so that reading the source again can be told from not reading it. */
static void
spoil (BoContentStore *store, const char *hash)
{
  g_autofree char *kept = bo_content_store_get_path (store, hash);

  g_assert_cmpint (g_chmod (kept, 0600), ==, 0);
  g_assert_true (g_file_set_contents (kept, "abX", 3, NULL));
}

static gboolean
is_spoilt (BoContentStore *store, const char *hash)
{
  g_autofree char *kept = bo_content_store_get_path (store, hash);
  g_autofree char *content = NULL;

  g_assert_true (g_file_get_contents (kept, &content, NULL, NULL));
  return strcmp (content, "abX") == 0;
}

static void
test_identities (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = put_bytes (fixture, "x", "abc", -1);
  g_autofree char *first = bo_content_store_put_file (fixture->store, path, NULL, NULL, NULL);
  g_autofree char *second = NULL;
  g_autofree char *third = NULL;
  g_autofree char *fourth = NULL;
  g_autofree char *changed = NULL;
  g_autoptr (BoContentStore) again = NULL;

  /* Just written: it may be written again within the same tick, so it is read again. */
  spoil (fixture->store, first);
  second = bo_content_store_put_file (fixture->store, path, NULL, NULL, NULL);
  g_assert_cmpstr (first, ==, second);
  g_assert_false (is_spoilt (fixture->store, first));

  g_usleep (2200 * G_TIME_SPAN_MILLISECOND);
  third = bo_content_store_put_file (fixture->store, path, NULL, NULL, NULL);
  spoil (fixture->store, first);
  fourth = bo_content_store_put_file (fixture->store, path, NULL, NULL, NULL);
  g_assert_cmpstr (first, ==, fourth);
  g_assert_true (is_spoilt (fixture->store, first));

  /* What was learned outlives the process. */
  g_assert_true (bo_content_store_save_identities (fixture->store, NULL));
  again = bo_content_store_new (bo_content_store_get_folder (fixture->store), NULL);
  g_free (fourth);
  fourth = bo_content_store_put_file (again, path, NULL, NULL, NULL);
  g_assert_true (is_spoilt (again, first));

  g_assert_true (g_file_set_contents (path, "xyz", 3, NULL));
  changed = bo_content_store_put_file (again, path, NULL, NULL, NULL);
  g_assert_cmpstr (first, !=, changed);
}

typedef struct
{
  const char *path;
  int stop;
} Scribbler;

static gpointer
scribble (gpointer data)
{
  Scribbler *scribbler = data;
  int fd = open (scribbler->path, O_WRONLY);

  for (guint i = 0; g_atomic_int_get (&scribbler->stop) == 0; i++)
    {
      g_assert_cmpint (pwrite (fd, &i, sizeof i, 0), ==, sizeof i);
      g_usleep (200);
    }
  close (fd);
  return NULL;
}

static void
test_changing (Fixture *fixture, gconstpointer data)
{
  g_autofree char *content = g_strnfill (8 * 1024 * 1024, 'x');
  g_autofree char *path = put_bytes (fixture, "busy", content, -1);
  Scribbler scribbler = { .path = path };
  GThread *thread = g_thread_new ("scribbler", scribble, &scribbler);
  g_autofree char *tmp = g_build_filename (bo_content_store_get_folder (fixture->store), "tmp", NULL);
  g_autofree char *hash = NULL;
  g_autoptr (GDir) left = NULL;
  g_autoptr (GError) error = NULL;

  g_usleep (20 * G_TIME_SPAN_MILLISECOND);
  g_assert_null (bo_content_store_put_file (fixture->store, path, NULL, NULL, &error));
  g_assert_error (error, BO_CONTENT_STORE_ERROR, BO_CONTENT_STORE_ERROR_CHANGING);
  g_assert_nonnull (strstr (error->message, path));
  left = g_dir_open (tmp, 0, NULL);
  g_assert_null (g_dir_read_name (left));

  g_atomic_int_set (&scribbler.stop, 1);
  g_thread_join (thread);
  g_clear_error (&error);
  hash = bo_content_store_put_file (fixture->store, path, NULL, NULL, &error);
  g_assert_no_error (error);
}

static void
test_store_errors (Fixture *fixture, gconstpointer data)
{
  g_autofree char *folder = g_build_filename (fixture->folder, "d", NULL);
  g_autofree char *link = g_build_filename (fixture->folder, "link", NULL);
  g_autofree char *fifo = g_build_filename (fixture->folder, "fifo", NULL);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autofree char *path = put_bytes (fixture, "x", "abc", -1);
  const char *const wrong[] = { folder, link, fifo };
  g_autoptr (GError) cancelled = NULL;
  g_autoptr (GError) store = NULL;

  g_assert_cmpint (g_mkdir (folder, 0755), ==, 0);
  g_assert_cmpint (symlink ("x", link), ==, 0);
  g_assert_cmpint (mkfifo (fifo, 0644), ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (bo_content_store_put_file (fixture->store, wrong[i], NULL, NULL, &error));
      g_assert_error (error, BO_CONTENT_STORE_ERROR, BO_CONTENT_STORE_ERROR_NOT_REGULAR);
    }
  g_cancellable_cancel (cancellable);
  g_assert_null (bo_content_store_put_file (fixture->store, path, NULL, cancellable, &cancelled));
  g_assert_error (cancelled, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_null (bo_content_store_new ("/proc/none", &store));
  g_assert_error (store, BO_CONTENT_STORE_ERROR, BO_CONTENT_STORE_ERROR_WRITE);
}

static void
test_holes (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = put_bytes (fixture, "sparse", "", 0);
  g_autofree char *hash = NULL;
  g_autofree char *kept = NULL;
  g_autofree char *content = NULL;
  g_autofree char *expected = NULL;
  gsize length;
  int fd;

  fd = open (path, O_WRONLY);
  g_assert_cmpint (pwrite (fd, "a", 1, 1000), ==, 1);
  g_assert_cmpint (pwrite (fd, "b", 1, 1000000), ==, 1);
  g_assert_cmpint (ftruncate (fd, 1300000), ==, 0);
  close (fd);
  hash = bo_content_store_put_file (fixture->store, path, NULL, NULL, NULL);
  kept = bo_content_store_get_path (fixture->store, hash);
  g_assert_true (g_file_get_contents (kept, &content, &length, NULL));
  g_assert_cmpuint (length, ==, 1300000);
  expected = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *) content, length);
  g_assert_cmpstr (hash, ==, expected);
}

static void
test_trim (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GHashTable) keep = g_hash_table_new (g_str_hash, g_str_equal);
  g_autofree char *text = g_strnfill (100000, 'a');
  g_autoptr (GPtrArray) hashes = g_ptr_array_new_with_free_func (g_free);
  guint64 freed;

  for (guint i = 0; i < 4; i++)
    {
      g_autoptr (GBytes) bytes = NULL;
      g_autofree char *kept = NULL;
      struct timespec times[2] = { { 1000 + i, 0 }, { 1000 + i, 0 } };
      char *hash;

      text[0] = (char) ('a' + i);
      bytes = g_bytes_new (text, 100000);
      hash = bo_content_store_put_bytes (fixture->store, bytes, NULL);
      kept = bo_content_store_get_path (fixture->store, hash);
      g_assert_cmpint (utimensat (AT_FDCWD, kept, times, 0), ==, 0);
      g_ptr_array_add (hashes, hash);
    }
  g_hash_table_add (keep, g_ptr_array_index (hashes, 0));
  g_assert_true (bo_content_store_trim (fixture->store, 250000, keep, &freed, NULL, NULL));
  g_assert_cmpuint (freed, >=, 200000);
  g_assert_true (bo_content_store_has (fixture->store, g_ptr_array_index (hashes, 0), NULL));
  g_assert_false (bo_content_store_has (fixture->store, g_ptr_array_index (hashes, 1), NULL));
  g_assert_false (bo_content_store_has (fixture->store, g_ptr_array_index (hashes, 2), NULL));
  g_assert_true (bo_content_store_has (fixture->store, g_ptr_array_index (hashes, 3), NULL));
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("/recipe/tar", test_tar);
  ADD ("/recipe/changed-dockerfile", test_changed_dockerfile);
  ADD ("/recipe/ignore-file", test_ignore_file_is_sent);
  ADD ("/recipe/edit", test_edit);
  ADD ("/recipe/edited-build-files", test_edited_build_files);
  ADD ("/recipe/shared-part", test_shared_part);
  ADD ("/context/scan-like", test_scan_like);
  ADD ("/recipe/reproducible", test_reproducible);
  ADD ("/recipe/snapshot", test_snapshot);
  ADD ("/recipe/text", test_text);
  ADD ("/recipe/text-round-trip", test_text_round_trip);
  g_test_add_func ("/tar/headers", test_headers);
  ADD ("/context/scan", test_scan);
  ADD ("/context/errors", test_scan_errors);
  ADD ("/context/unreadable", test_unreadable);
  ADD ("/context/gone", test_gone);
  g_test_add_func ("/context/secrets", test_secrets);
  ADD ("/content-store/put", test_store);
  ADD ("/content-store/identities", test_identities);
  ADD ("/content-store/changing", test_changing);
  ADD ("/content-store/errors", test_store_errors);
  ADD ("/content-store/holes", test_holes);
  ADD ("/content-store/trim", test_trim);

  return g_test_run ();
}
