/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-context-walk"

#include "config.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <glib/gi18n.h>
#include <glib/gstdio.h>

#include "context/bo-context-private.h"
#include "context/bo-context-secrets.h"
#include "context/bo-docker-rule.h"

#define IGNORE_NAME ".dockerignore"
#define MAX_TEXT_BYTES (16 * 1024 * 1024)

/* Reads a text that the user wrote; (transfer full) (nullable), with @error set unless it is missing. */
static GBytes *
load_text (const char *path, GError **error)
{
  g_autofree char *shown = NULL;
  char *text;
  gsize length;
  GError *local = NULL;
  GStatBuf st;

  if (g_stat (path, &st) < 0 && errno == ENOENT)
    return NULL;

  shown = g_filename_display_name (path);
  if (S_ISREG (st.st_mode) && st.st_size > MAX_TEXT_BYTES)
    {
      g_set_error (error, BO_CONTEXT_ERROR, BO_CONTEXT_ERROR_UNREADABLE, _ ("“%s” is larger than 16 MiB"), shown);
      return NULL;
    }
  if (!g_file_get_contents (path, &text, &length, &local))
    {
      g_set_error (error, BO_CONTEXT_ERROR, BO_CONTEXT_ERROR_UNREADABLE, _ ("Cannot read “%s”: %s"), shown,
                   local->message);
      g_error_free (local);
      return NULL;
    }
  return g_bytes_new_take (text, length);
}

/* The Dockerfile's absolute path, before links are resolved. */
static char *
locate_dockerfile (const char *folder, const char *dockerfile)
{
  g_autofree char *standard = NULL;
  g_autofree char *lower = NULL;

  if (dockerfile != NULL)
    return g_path_is_absolute (dockerfile) ? g_strdup (dockerfile) : g_build_filename (folder, dockerfile, NULL);

  standard = g_build_filename (folder, "Dockerfile", NULL);
  lower = g_build_filename (folder, "dockerfile", NULL);
  if (!g_file_test (standard, G_FILE_TEST_EXISTS) && g_file_test (lower, G_FILE_TEST_EXISTS))
    return g_steal_pointer (&lower);
  return g_steal_pointer (&standard);
}

/**
 * bo_context_resolve:
 * @folder: a context folder
 * @path: a path, absolute or relative to @folder
 *
 * Returns: (transfer full) (nullable): path in the context of what is there, links resolved; NULL when it
 *   is missing or lies outside
 */
char *
bo_context_resolve (const char *folder, const char *path)
{
  g_autofree char *full = g_path_is_absolute (path) ? g_strdup (path) : g_build_filename (folder, path, NULL);
  g_autofree char *top = realpath (folder, NULL);
  g_autofree char *resolved = realpath (full, NULL);
  gsize length;

  if (top == NULL || resolved == NULL)
    return NULL;
  if (strcmp (top, "/") == 0)
    return g_strdup (resolved + 1);
  length = strlen (top);
  if (strncmp (resolved, top, length) == 0 && resolved[length] == '/')
    return g_strdup (resolved + length + 1);
  return NULL;
}

/* Finds and reads the Dockerfile, as docker's client finds it. It may lie outside of the context. */
static gboolean
find_dockerfile (BoContext *self, const char *path, GError **error)
{
  GError *local = NULL;

  self->dockerfile_bytes = load_text (path, &local);
  if (local != NULL)
    {
      g_propagate_error (error, local);
      return FALSE;
    }
  self->dockerfile = bo_context_resolve (self->folder, path);
  return TRUE;
}

/* Asks docker for its version only where that can matter. */
static BoIgnoreRule
choose_rule (GBytes *text)
{
  g_autoptr (BoProblems) problems = bo_problems_new ();
  g_autoptr (BoIgnore) ignore = bo_ignore_new (text, NULL, BO_IGNORE_RULE_CURRENT, problems);

  return bo_ignore_rules_may_differ (ignore) ? bo_docker_rule_detect () : BO_IGNORE_RULE_CURRENT;
}

/*
 * Reads `<Dockerfile>.dockerignore`, or else `.dockerignore`, for both
 * builders, so that both get the same files.
 */
static gboolean
load_ignore (BoContext *self, const char *dockerfile, BoIgnoreRule rule, GError **error)
{
  g_autofree char *special = g_strconcat (dockerfile, IGNORE_NAME, NULL);
  g_autofree char *general = g_build_filename (self->folder, IGNORE_NAME, NULL);
  const char *const candidates[] = { special, general };
  g_autoptr (GBytes) text = NULL;
  g_autofree char *shown = NULL;
  GError *local = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (candidates) && text == NULL; i++)
    {
      text = load_text (candidates[i], &local);
      if (local != NULL)
        {
          g_propagate_error (error, local);
          return FALSE;
        }
      if (text != NULL)
        self->ignore_file = g_strdup (candidates[i]);
    }

  shown = self->ignore_file != NULL ? g_filename_display_name (self->ignore_file) : NULL;
  if (rule == BO_IGNORE_RULE_LIKE_DOCKER)
    rule = choose_rule (text);
  self->ignore = bo_ignore_new (text, shown, rule, self->problems);
  if (self->problems->n_errors > 0)
    {
      const BoProblem *problem = bo_problems_get (self->problems, 0);

      g_set_error (error, BO_CONTEXT_ERROR, BO_CONTEXT_ERROR_IGNORE, _ ("%s, line %u: %s"), shown, problem->line,
                   problem->message);
      return FALSE;
    }

  self->ignore_as_read = bo_ignore_new (text, shown, rule, self->problems);
  if (bo_ignore_matches_build_file (self->ignore_as_read, IGNORE_NAME))
    bo_ignore_add_exception (self->ignore, IGNORE_NAME);
  if (self->dockerfile != NULL && bo_ignore_matches_build_file (self->ignore, self->dockerfile))
    bo_ignore_add_exception (self->ignore, self->dockerfile);
  self->ignore_text = g_steal_pointer (&text);
  return TRUE;
}

/* The walk: what is the same for all of it. */
typedef struct
{
  BoContext *context;
  GHashTable *inodes; /* "dev ino" -> path of the entry that was first, borrowed */
  GCancellable *cancellable;
} Walk;

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* The names in a folder, in byte order, as docker walks them; NULL with errno set when it cannot be read. */
static GPtrArray *
list_names (const char *path)
{
  g_autoptr (GPtrArray) names = NULL;
  struct dirent *entry;
  DIR *dir;
  int code;

  dir = opendir (path);
  if (dir == NULL)
    return NULL;
  names = g_ptr_array_new_with_free_func (g_free);
  while (errno = 0, (entry = readdir (dir)) != NULL)
    {
      if (strcmp (entry->d_name, ".") != 0 && strcmp (entry->d_name, "..") != 0)
        g_ptr_array_add (names, g_strdup (entry->d_name));
    }
  code = errno;
  closedir (dir);
  if (code != 0)
    {
      errno = code;
      return NULL;
    }
  g_ptr_array_sort (names, compare_names);
  return g_steal_pointer (&names);
}

static void
add_unreadable (BoContext *self, const char *path, int code)
{
  g_autofree char *shown = g_filename_display_name (path);

  bo_problems_add (self->problems, BO_PROBLEM_ERROR, shown, 0, NULL, NULL,
                   _ ("cannot be read (%s); docker refuses such a context. Ignore it, or change its permissions"),
                   g_strerror (code));
}

/* Adds up an ignored folder, as far as it can be read: it is not sent, so that is no problem. */
static void
count_folder (const char *path, BoContextIgnored *ignored, GCancellable *cancellable)
{
  g_autoptr (GPtrArray) names = list_names (path);

  for (guint i = 0; names != NULL && i < names->len && !g_cancellable_is_cancelled (cancellable); i++)
    {
      g_autofree char *child = g_build_filename (path, g_ptr_array_index (names, i), NULL);
      struct stat st;

      if (lstat (child, &st) < 0)
        continue;
      if (S_ISDIR (st.st_mode))
        count_folder (child, ignored, cancellable);
      else
        {
          ignored->n_files++;
          ignored->size += S_ISREG (st.st_mode) ? st.st_size : 0;
        }
    }
}

static void
add_ignored (Walk *walk, const char *path, const char *full, const struct stat *st)
{
  BoContextIgnored *ignored = g_new0 (BoContextIgnored, 1);

  ignored->path = g_strdup (path);
  ignored->is_folder = S_ISDIR (st->st_mode);
  if (!ignored->is_folder)
    {
      ignored->n_files = 1;
      ignored->size = S_ISREG (st->st_mode) ? st->st_size : 0;
    }
  else if (walk->context->flags & BO_CONTEXT_COUNT_IGNORED)
    count_folder (full, ignored, walk->cancellable);
  g_ptr_array_add (walk->context->ignored, ignored);
}

/* A folder that was walked for an exception's sake, and nothing in it was kept: one line for all of it. */
static void
collapse_ignored (BoContext *self, const char *path, guint first)
{
  BoContextIgnored *sum = g_new0 (BoContextIgnored, 1);

  sum->path = g_strdup (path);
  sum->is_folder = TRUE;
  for (guint i = first; i < self->ignored->len; i++)
    {
      const BoContextIgnored *part = g_ptr_array_index (self->ignored, i);

      sum->n_files += part->n_files;
      sum->size += part->size;
    }
  g_ptr_array_set_size (self->ignored, first);
  g_ptr_array_add (self->ignored, sum);
}

static void
look_for_secret (BoContext *self, const BoContextEntry *entry, const char *full)
{
  g_autofree char *head = NULL;
  ssize_t length = 0;
  const char *reason;
  BoContextSecret *secret;

  if (bo_context_secret_needs_content (entry->path, entry->size))
    {
      int fd = open (full, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

      if (fd >= 0)
        {
          head = g_malloc (BO_CONTEXT_SECRET_HEAD);
          length = read (fd, head, BO_CONTEXT_SECRET_HEAD);
          close (fd);
        }
    }
  reason = bo_context_secret_guess (entry->path, length > 0 ? head : NULL, MAX (length, 0));
  if (reason == NULL)
    return;
  secret = g_new0 (BoContextSecret, 1);
  secret->path = g_strdup (entry->path);
  secret->reason = g_strdup (_ (reason));
  g_ptr_array_add (self->secrets, secret);
}

/* Reads a link's target; its length may have changed since lstat(). */
static char *
read_link (const char *full)
{
  gsize size = 256;

  while (TRUE)
    {
      g_autofree char *target = g_malloc (size);
      ssize_t n = readlink (full, target, size - 1);

      if (n < 0)
        return NULL;
      if ((gsize) n < size - 1)
        {
          target[n] = '\0';
          return g_steal_pointer (&target);
        }
      size *= 2;
    }
}

static gboolean
type_of (mode_t mode, BoContextType *type)
{
  if (S_ISREG (mode))
    *type = BO_CONTEXT_FILE;
  else if (S_ISDIR (mode))
    *type = BO_CONTEXT_FOLDER;
  else if (S_ISLNK (mode))
    *type = BO_CONTEXT_SYMLINK;
  else if (S_ISFIFO (mode))
    *type = BO_CONTEXT_FIFO;
  else if (S_ISCHR (mode))
    *type = BO_CONTEXT_CHAR_DEVICE;
  else if (S_ISBLK (mode))
    *type = BO_CONTEXT_BLOCK_DEVICE;
  else
    return FALSE;
  return TRUE;
}

/* Adds one thing that is sent; TRUE unless it cannot be (a socket, or gone meanwhile). */
static void
add_entry (Walk *walk, const char *path, const char *full, const struct stat *st)
{
  BoContext *self = walk->context;
  BoContextEntry *entry;
  BoContextType type;

  if (!type_of (st->st_mode, &type))
    {
      /* A tar holds no sockets; docker passes over them too. */
      g_ptr_array_add (self->skipped, g_strdup (path));
      return;
    }

  entry = g_new0 (BoContextEntry, 1);
  entry->path = g_strdup (path);
  entry->type = type;
  entry->mode = st->st_mode & 07777;
  entry->mtime_us = st->st_mtim.tv_sec * G_USEC_PER_SEC + st->st_mtim.tv_nsec / 1000;
  if (type == BO_CONTEXT_CHAR_DEVICE || type == BO_CONTEXT_BLOCK_DEVICE)
    {
      entry->major = major (st->st_rdev);
      entry->minor = minor (st->st_rdev);
    }

  if (type != BO_CONTEXT_FOLDER && st->st_nlink > 1)
    {
      g_autofree char *inode = g_strdup_printf ("%" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT, (guint64) st->st_dev,
                                                (guint64) st->st_ino);
      const char *first = g_hash_table_lookup (walk->inodes, inode);

      if (first != NULL)
        {
          entry->type = BO_CONTEXT_HARDLINK;
          entry->link = g_strdup (first);
        }
      else
        g_hash_table_insert (walk->inodes, g_steal_pointer (&inode), entry->path);
    }

  if (entry->type == BO_CONTEXT_SYMLINK)
    {
      entry->link = read_link (full);
      if (entry->link == NULL)
        {
          add_unreadable (self, path, errno);
          bo_context_entry_free (entry);
          return;
        }
    }
  else if (entry->type == BO_CONTEXT_FILE)
    {
      entry->size = st->st_size;
      self->size += entry->size;
      if (faccessat (AT_FDCWD, full, R_OK, AT_EACCESS) < 0)
        add_unreadable (self, path, errno);
      else if (self->flags & BO_CONTEXT_FIND_SECRETS)
        look_for_secret (self, entry, full);
    }

  g_ptr_array_add (self->entries, entry);
  g_hash_table_insert (self->by_path, entry->path, entry);
}

/* Whether @path is sent only since the builder must read it: docker adds an exception for it. */
static gboolean
is_build_file_only (BoContext *self, const char *path)
{
  if (strcmp (path, IGNORE_NAME) != 0 && g_strcmp0 (path, self->dockerfile) != 0)
    return FALSE;
  return bo_ignore_matches_build_file (self->ignore_as_read, path);
}

static gboolean
walk_folder (Walk *walk, const char *folder, const char *relative, const BoIgnoreState *state, GError **error)
{
  BoContext *self = walk->context;
  g_autoptr (GPtrArray) names = list_names (folder);

  if (names == NULL)
    {
      add_unreadable (self, relative[0] != '\0' ? relative : folder, errno);
      return TRUE;
    }

  for (guint i = 0; i < names->len; i++)
    {
      const char *name = g_ptr_array_index (names, i);
      g_autofree char *full = g_strconcat (folder, g_str_has_suffix (folder, "/") ? "" : "/", name, NULL);
      g_autofree char *path = relative[0] != '\0' ? g_strconcat (relative, "/", name, NULL) : g_strdup (name);
      g_autoptr (BoIgnoreState) child_state = NULL;
      BoIgnoreVerdict verdict;
      guint n_entries = self->entries->len;
      guint n_ignored = self->ignored->len;
      guint wrong_line = 0;
      struct stat st;

      if (g_cancellable_set_error_if_cancelled (walk->cancellable, error))
        return FALSE;
      if (lstat (full, &st) < 0)
        {
          /* Gone since the folder was read: it is not part of the context. */
          if (errno != ENOENT)
            add_unreadable (self, path, errno);
          continue;
        }

      verdict = bo_ignore_walk (self->ignore, state, path, S_ISDIR (st.st_mode), &child_state, &wrong_line);
      if (verdict == BO_IGNORE_WRONG)
        {
          g_autofree char *shown = g_filename_display_name (self->ignore_file);

          g_set_error (error, BO_CONTEXT_ERROR, BO_CONTEXT_ERROR_IGNORE,
                       _ ("%s, line %u: the pattern is malformed: a “\\” before a letter, or a range that runs "
                          "backwards"),
                       shown, wrong_line);
          return FALSE;
        }
      if (verdict == BO_IGNORE_SKIP)
        {
          add_ignored (walk, path, full, &st);
          continue;
        }
      if (verdict == BO_IGNORE_KEEP)
        {
          if (!S_ISDIR (st.st_mode) && is_build_file_only (self, path))
            {
              g_ptr_array_add (self->build_files, g_strdup (path));
              add_ignored (walk, path, full, &st);
              continue;
            }
          add_entry (walk, path, full, &st);
        }
      if (!S_ISDIR (st.st_mode))
        continue;
      if (!walk_folder (walk, full, path, child_state, error))
        return FALSE;
      if (verdict == BO_IGNORE_DESCEND && self->entries->len == n_entries)
        collapse_ignored (self, path, n_ignored);
    }
  return TRUE;
}

/**
 * bo_context_scan:
 * @folder: the context folder
 * @dockerfile: (nullable): path of the Dockerfile, absolute or relative to @folder; NULL is
 *   `Dockerfile`. It need not exist here, nor lie in @folder
 * @rule: whose rule of ignoring to follow; mostly %BO_IGNORE_RULE_LIKE_DOCKER
 * @flags: work that only a preview needs
 * @cancellable: (nullable): a cancellable
 * @error: return location
 *
 * Lists what docker would send. The Dockerfile and the ignore file are read
 * here, other files are not (but for their first bytes, to find secrets). It
 * blocks; use bo_context_scan_async() where that matters.
 *
 * What cannot be read is among the problems, not an error, so that a preview
 * can show all of it at once; bo_context_store() refuses such a context.
 *
 * Returns: (transfer full) (nullable): the context, or NULL when the folder cannot be
 *   read or the ignore file is wrong
 */
BoContext *
bo_context_scan (const char *folder,
                 const char *dockerfile,
                 BoIgnoreRule rule,
                 BoContextFlags flags,
                 GCancellable *cancellable,
                 GError **error)
{
  g_autoptr (BoContext) self = NULL;
  g_autoptr (GHashTable) inodes = NULL;
  g_autofree char *located = NULL;
  g_autofree char *shown = NULL;
  g_autoptr (GPtrArray) names = NULL;
  Walk walk;

  g_return_val_if_fail (folder != NULL, NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);

  self = bo_context_new ();
  self->flags = flags;
  self->folder = realpath (folder, NULL);
  if (self->folder == NULL || (names = list_names (self->folder)) == NULL)
    {
      int code = errno;

      shown = g_filename_display_name (folder);
      g_set_error (error, BO_CONTEXT_ERROR, BO_CONTEXT_ERROR_FOLDER,
                   _ ("The context folder “%s” cannot be read: %s"), shown, g_strerror (code));
      return NULL;
    }

  located = locate_dockerfile (self->folder, dockerfile);
  if (!find_dockerfile (self, located, error) || !load_ignore (self, located, rule, error))
    return NULL;

  inodes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  walk = (Walk){ .context = self, .inodes = inodes, .cancellable = cancellable };
  if (!walk_folder (&walk, self->folder, "", NULL, error))
    return NULL;
  return g_steal_pointer (&self);
}

/* Whether the Dockerfile is sent only since the builder must read it; then an exception for it shaped the walk. */
static gboolean
has_ignored_dockerfile (BoContext *self)
{
  return self->dockerfile != NULL && bo_ignore_matches_build_file (self->ignore_as_read, self->dockerfile);
}

static gboolean
same_bytes (GBytes *a, GBytes *b)
{
  return a == b || (a != NULL && b != NULL && g_bytes_equal (a, b));
}

/**
 * bo_context_scan_like:
 * @other: a context
 * @dockerfile: (nullable): path of another Dockerfile of the same folder, as in bo_context_scan()
 *
 * The strategies of a study mostly have one context and a Dockerfile each. Then the
 * walk of one is that of all: it is spared, and all have the files as they were at one instant.
 *
 * Returns: (transfer full) (nullable): the context of @dockerfile, which shares the list of files with @other (and is
 *   stored if @other is); %NULL when @dockerfile may have other files, as it has an ignore file of its
 *   own, say, or cannot be read, so that it is to be scanned
 */
BoContext *
bo_context_scan_like (BoContext *other, const char *dockerfile)
{
  g_autoptr (BoContext) self = NULL;
  g_autofree char *located = NULL;

  g_return_val_if_fail (other != NULL, NULL);

  if (other->problems->n_errors > 0 || has_ignored_dockerfile (other))
    return NULL;

  self = bo_context_new ();
  self->flags = other->flags;
  self->folder = g_strdup (other->folder);
  located = locate_dockerfile (self->folder, dockerfile);
  if (!find_dockerfile (self, located, NULL) || !load_ignore (self, located, bo_context_get_rule (other), NULL)
      || g_strcmp0 (self->ignore_file, other->ignore_file) != 0 || !same_bytes (self->ignore_text, other->ignore_text)
      || has_ignored_dockerfile (self))
    return NULL;

  bo_context_share_entries (self, other);
  return g_steal_pointer (&self);
}

typedef struct
{
  char *folder;
  char *dockerfile;
  BoIgnoreRule rule;
  BoContextFlags flags;
} ScanData;

static void
scan_data_free (gpointer data)
{
  ScanData *scan = data;

  g_free (scan->folder);
  g_free (scan->dockerfile);
  g_free (scan);
}

static void
scan_in_thread_cb (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  ScanData *scan = task_data;
  GError *error = NULL;
  BoContext *context;

  context = bo_context_scan (scan->folder, scan->dockerfile, scan->rule, scan->flags, cancellable, &error);
  if (context == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, context, (GDestroyNotify) bo_context_unref);
}

/**
 * bo_context_scan_async:
 *
 * bo_context_scan() in a thread.
 */
void
bo_context_scan_async (const char *folder,
                       const char *dockerfile,
                       BoIgnoreRule rule,
                       BoContextFlags flags,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  ScanData *scan;

  g_return_if_fail (folder != NULL);

  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, bo_context_scan_async);
  scan = g_new0 (ScanData, 1);
  scan->folder = g_strdup (folder);
  scan->dockerfile = g_strdup (dockerfile);
  scan->rule = rule;
  scan->flags = flags;
  g_task_set_task_data (task, scan, scan_data_free);
  g_task_run_in_thread (task, scan_in_thread_cb);
}

BoContext *
bo_context_scan_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
