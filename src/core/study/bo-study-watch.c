/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-study-watch"

#include "config.h"

#include <string.h>
#include <sys/stat.h>

#include "study/bo-study-watch.h"

/* Editors and git write several files, and one file in several steps. */
#define SETTLE_MS 250
/* How often files on a network are looked at: what other computers do there, no monitor tells. */
#define POLL_MS 3000

/* What stat() says of a file; all zero when there is none. */
typedef struct
{
  gint64 mtime_ns;
  gint64 ctime_ns;
  guint64 size_bytes;
  guint64 device;
  guint64 inode;
} Stamp;

typedef struct
{
  char *path;
  Stamp stamp;
  gboolean remote;
} Look;

struct _BoStudyWatch
{
  GObject parent_instance;

  char *file;
  GPtrArray *paths;
  GHashTable *monitors; /* path -> GFileMonitor */
  GHashTable *stamps;   /* path -> Stamp, of those that were looked at */
  GCancellable *cancellable;
  guint settle_id;
  guint poll_id;
  guint interval_ms; /* 0: only on a network */
  gboolean looking;
  gboolean settling; /* something was written, and was not looked at since */
  gboolean again;
};

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (BoStudyWatch, bo_study_watch, G_TYPE_OBJECT)

static void look (BoStudyWatch *self);

static void
look_free (gpointer data)
{
  Look *one = data;

  g_free (one->path);
  g_free (one);
}

static void
read_stamp (const char *path, Stamp *stamp)
{
  struct stat info;

  memset (stamp, 0, sizeof *stamp);
  if (stat (path, &info) != 0)
    return;
  stamp->mtime_ns = (gint64) info.st_mtim.tv_sec * 1000000000 + info.st_mtim.tv_nsec;
  stamp->ctime_ns = (gint64) info.st_ctim.tv_sec * 1000000000 + info.st_ctim.tv_nsec;
  stamp->size_bytes = info.st_size;
  stamp->device = info.st_dev;
  stamp->inode = info.st_ino;
}

static gboolean
is_remote (const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autoptr (GFile) file = g_file_new_for_path (folder);
  g_autoptr (GFileInfo) info = g_file_query_filesystem_info (file, G_FILE_ATTRIBUTE_FILESYSTEM_REMOTE, NULL, NULL);

  return info != NULL && g_file_info_get_attribute_boolean (info, G_FILE_ATTRIBUTE_FILESYSTEM_REMOTE);
}

/* A network that hangs must not hang the window, so files are looked at in a thread. */
static void
look_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  GPtrArray *looks = task_data;

  for (guint i = 0; i < looks->len; i++)
    {
      Look *one = looks->pdata[i];

      read_stamp (one->path, &one->stamp);
      one->remote = is_remote (one->path);
    }
  g_task_return_boolean (task, TRUE);
}

static gboolean
poll_cb (gpointer user_data)
{
  look (BO_STUDY_WATCH (user_data));
  return G_SOURCE_CONTINUE;
}

static void
looked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GPtrArray *looks = g_task_get_task_data (G_TASK (result));
  g_autoptr (GStrvBuilder) changed = g_strv_builder_new ();
  g_auto (GStrv) paths = NULL;
  BoStudyWatch *self;
  gboolean remote = FALSE;

  if (!g_task_propagate_boolean (G_TASK (result), NULL))
    return;
  self = BO_STUDY_WATCH (source);
  self->looking = FALSE;
  self->settling = self->settle_id != 0 || self->again;
  for (guint i = 0; i < looks->len; i++)
    {
      const Look *one = looks->pdata[i];
      Stamp *before = g_hash_table_lookup (self->stamps, one->path);

      remote |= one->remote;
      if (before != NULL && memcmp (before, &one->stamp, sizeof (Stamp)) != 0)
        g_strv_builder_add (changed, one->path);
      g_hash_table_replace (self->stamps, g_strdup (one->path), g_memdup2 (&one->stamp, sizeof (Stamp)));
    }
  if (self->poll_id == 0 && (remote || self->interval_ms > 0))
    self->poll_id = g_timeout_add (self->interval_ms > 0 ? self->interval_ms : POLL_MS, poll_cb, self);
  if (self->again)
    {
      self->again = FALSE;
      look (self);
    }
  paths = g_strv_builder_end (changed);
  if (paths[0] != NULL)
    g_signal_emit (self, signals[SIGNAL_CHANGED], 0, paths);
}

static void
look (BoStudyWatch *self)
{
  g_autoptr (GTask) task = NULL;
  GPtrArray *looks;

  if (self->looking)
    {
      self->again = TRUE;
      return;
    }
  self->looking = TRUE;
  looks = g_ptr_array_new_with_free_func (look_free);
  for (guint i = 0; i < self->paths->len; i++)
    {
      Look *one = g_new0 (Look, 1);

      one->path = g_strdup (self->paths->pdata[i]);
      g_ptr_array_add (looks, one);
    }
  task = g_task_new (self, self->cancellable, looked_cb, NULL);
  g_task_set_source_tag (task, look);
  g_task_set_task_data (task, looks, (GDestroyNotify) g_ptr_array_unref);
  g_task_run_in_thread (task, look_thread);
}

static gboolean
settled_cb (gpointer user_data)
{
  BoStudyWatch *self = BO_STUDY_WATCH (user_data);

  self->settle_id = 0;
  look (self);
  return G_SOURCE_REMOVE;
}

static void
event_cb (GFileMonitor *monitor, GFile *file, GFile *other, GFileMonitorEvent event, BoStudyWatch *self)
{
  g_clear_handle_id (&self->settle_id, g_source_remove);
  self->settle_id = g_timeout_add (SETTLE_MS, settled_cb, self);
  self->settling = TRUE;
}

static void
monitor_free (gpointer data)
{
  g_file_monitor_cancel (data);
  g_object_unref (data);
}

/* Monitors what is in the list and not monitored yet; what fell out of the list is forgotten. */
static void
follow (BoStudyWatch *self)
{
  GHashTableIter iter;
  gpointer path;

  g_hash_table_iter_init (&iter, self->monitors);
  while (g_hash_table_iter_next (&iter, &path, NULL))
    if (!g_ptr_array_find_with_equal_func (self->paths, path, g_str_equal, NULL))
      {
        g_hash_table_remove (self->stamps, path);
        g_hash_table_iter_remove (&iter);
      }
  for (guint i = 0; i < self->paths->len; i++)
    {
      g_autoptr (GFile) file = NULL;
      g_autoptr (GError) error = NULL;
      GFileMonitor *monitor;

      if (g_hash_table_contains (self->monitors, self->paths->pdata[i]))
        continue;
      file = g_file_new_for_path (self->paths->pdata[i]);
      monitor = g_file_monitor_file (file, G_FILE_MONITOR_WATCH_MOVES, NULL, &error);
      if (monitor == NULL)
        {
          /* The computer's number of watches is used up, for example. Then looking has to do. */
          g_debug ("%s is not monitored: %s", (char *) self->paths->pdata[i], error->message);
          self->interval_ms = self->interval_ms > 0 ? self->interval_ms : POLL_MS;
          continue;
        }
      g_signal_connect (monitor, "changed", G_CALLBACK (event_cb), self);
      g_hash_table_insert (self->monitors, g_strdup (self->paths->pdata[i]), monitor);
    }
  look (self);
}

static void
add_path (GPtrArray *paths, char *path)
{
  if (g_ptr_array_find_with_equal_func (paths, path, g_str_equal, NULL))
    g_free (path);
  else
    g_ptr_array_add (paths, path);
}

/**
 * bo_study_watch_new:
 * @file: path of a study file, which need not be there
 *
 * What the file is like now is what later looks are compared with: make the
 * watch before the study is read, so that no change falls in between.
 *
 * Returns: (transfer full): the watch
 */
BoStudyWatch *
bo_study_watch_new (const char *file)
{
  BoStudyWatch *self;

  g_return_val_if_fail (file != NULL, NULL);

  self = g_object_new (BO_TYPE_STUDY_WATCH, NULL);
  self->file = g_canonicalize_filename (file, NULL);
  add_path (self->paths, g_strdup (self->file));
  follow (self);
  return self;
}

/**
 * bo_study_watch_set_study:
 * @self: a watch
 * @study: (nullable): the study as it was read
 *
 * From now on its Dockerfiles are watched, too.
 */
void
bo_study_watch_set_study (BoStudyWatch *self, BoStudy *study)
{
  g_return_if_fail (BO_IS_STUDY_WATCH (self));

  g_ptr_array_set_size (self->paths, 0);
  add_path (self->paths, g_strdup (self->file));
  for (guint i = 0; study != NULL && i < study->strategies->len; i++)
    {
      const BoStrategy *strategy = study->strategies->pdata[i];

      add_path (self->paths, g_canonicalize_filename (strategy->dockerfile, study->context));
      for (guint p = 0; p < strategy->prebuilds->len; p++)
        add_path (self->paths,
                  g_canonicalize_filename (((BoPrebuild *) strategy->prebuilds->pdata[p])->dockerfile, study->context));
    }
  follow (self);
}

/**
 * bo_study_watch_set_interval:
 * @self: a watch
 * @interval_ms: how often the files are looked at beside what monitors tell; 0 does so on networks alone
 */
void
bo_study_watch_set_interval (BoStudyWatch *self, guint interval_ms)
{
  g_return_if_fail (BO_IS_STUDY_WATCH (self));

  self->interval_ms = interval_ms;
  g_clear_handle_id (&self->poll_id, g_source_remove);
  look (self);
}

static void
bo_study_watch_dispose (GObject *object)
{
  BoStudyWatch *self = BO_STUDY_WATCH (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->settle_id, g_source_remove);
  g_clear_handle_id (&self->poll_id, g_source_remove);
  g_hash_table_remove_all (self->monitors);

  G_OBJECT_CLASS (bo_study_watch_parent_class)->dispose (object);
}

static void
bo_study_watch_finalize (GObject *object)
{
  BoStudyWatch *self = BO_STUDY_WATCH (object);

  g_free (self->file);
  g_ptr_array_unref (self->paths);
  g_hash_table_unref (self->monitors);
  g_hash_table_unref (self->stamps);
  g_object_unref (self->cancellable);

  G_OBJECT_CLASS (bo_study_watch_parent_class)->finalize (object);
}

static void
bo_study_watch_class_init (BoStudyWatchClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = bo_study_watch_dispose;
  object_class->finalize = bo_study_watch_finalize;
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                          G_TYPE_NONE, 1, G_TYPE_STRV);
}

static void
bo_study_watch_init (BoStudyWatch *self)
{
  self->paths = g_ptr_array_new_with_free_func (g_free);
  self->monitors = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, monitor_free);
  self->stamps = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->cancellable = g_cancellable_new ();
}

/**
 * bo_study_watch_is_settling:
 * @self: a watch
 *
 * Returns: whether something was written just now, which may be told by "changed" soon
 */
gboolean
bo_study_watch_is_settling (BoStudyWatch *self)
{
  g_return_val_if_fail (BO_IS_STUDY_WATCH (self), FALSE);

  return self->settling;
}
