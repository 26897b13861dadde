/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-journal-follow"

#include "config.h"

#include <gio/gio.h>

#include "journal/bo-journal-follow.h"

/* inotify may be missing (network file systems) or out of watches: look anyway. */
#define POLL_MS 250
/* Longest time to hold the main loop at once. */
#define SLICE_US 5000

struct _BoJournalFollow
{
  GObject parent_instance;

  BoJournalReader *reader; /* (owned) */
  GFileMonitor *monitor;   /* (owned) (nullable) */
  GSource *poll;           /* (owned) (nullable) */
  GSource *work;           /* (owned) (nullable): reads until there is no more */
  BoJournalFollowFunc func;
  gpointer user_data;
  GDestroyNotify notify;
};

G_DEFINE_FINAL_TYPE (BoJournalFollow, bo_journal_follow, G_TYPE_OBJECT)

static void
clear_source (GSource **source)
{
  if (*source == NULL)
    return;
  g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

/**
 * bo_journal_follow_stop:
 * @follow: a follower
 *
 * Nothing is called any more.
 */
void
bo_journal_follow_stop (BoJournalFollow *follow)
{
  g_return_if_fail (BO_IS_JOURNAL_FOLLOW (follow));

  clear_source (&follow->poll);
  clear_source (&follow->work);
  if (follow->monitor != NULL)
    {
      g_signal_handlers_disconnect_by_data (follow->monitor, follow);
      g_file_monitor_cancel (follow->monitor);
    }
  g_clear_object (&follow->monitor);
  follow->func = NULL;
}

static gboolean
work_cb (gpointer user_data)
{
  g_autoptr (BoJournalFollow) follow = g_object_ref (BO_JOURNAL_FOLLOW (user_data));
  gint64 until = g_get_monotonic_time () + SLICE_US;
  guint messages = 0;

  while (follow->func != NULL)
    {
      g_autoptr (GError) error = NULL;
      BoJournalMessage message;

      switch (bo_journal_reader_next (follow->reader, &message, &error))
        {
        case BO_JOURNAL_NEXT_MESSAGE:
          follow->func (follow, &message, NULL, follow->user_data);
          messages++;
          /* The clock is cheap, but not as cheap as a message. */
          if (messages % 16 == 0 && g_get_monotonic_time () >= until)
            return G_SOURCE_CONTINUE;
          break;

        case BO_JOURNAL_NEXT_END:
          clear_source (&follow->work);
          if (messages > 0)
            follow->func (follow, NULL, NULL, follow->user_data);
          return G_SOURCE_REMOVE;

        case BO_JOURNAL_NEXT_ERROR:
        default:
          clear_source (&follow->work);
          follow->func (follow, NULL, error, follow->user_data);
          bo_journal_follow_stop (follow);
          return G_SOURCE_REMOVE;
        }
    }
  return G_SOURCE_REMOVE;
}

/**
 * bo_journal_follow_poke:
 * @follow: a follower
 *
 * Looks for messages now, for instance because the courier's process has ended.
 */
void
bo_journal_follow_poke (BoJournalFollow *follow)
{
  g_return_if_fail (BO_IS_JOURNAL_FOLLOW (follow));

  if (follow->func == NULL || follow->work != NULL)
    return;
  follow->work = g_idle_source_new ();
  g_source_set_priority (follow->work, G_PRIORITY_DEFAULT_IDLE);
  g_source_set_callback (follow->work, work_cb, follow, NULL);
  g_source_attach (follow->work, g_main_context_get_thread_default ());
}

static gboolean
poll_cb (gpointer user_data)
{
  BoJournalFollow *follow = BO_JOURNAL_FOLLOW (user_data);

  if (bo_journal_reader_has_more (follow->reader))
    bo_journal_follow_poke (follow);
  return G_SOURCE_CONTINUE;
}

static void
changed_cb (GFileMonitor *monitor, GFile *file, GFile *other, GFileMonitorEvent event, gpointer user_data)
{
  bo_journal_follow_poke (BO_JOURNAL_FOLLOW (user_data));
}

static void
bo_journal_follow_dispose (GObject *object)
{
  BoJournalFollow *follow = BO_JOURNAL_FOLLOW (object);

  bo_journal_follow_stop (follow);
  g_clear_pointer (&follow->reader, bo_journal_reader_free);
  if (follow->notify != NULL)
    g_steal_pointer (&follow->notify) (follow->user_data);

  G_OBJECT_CLASS (bo_journal_follow_parent_class)->dispose (object);
}

static void
bo_journal_follow_class_init (BoJournalFollowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bo_journal_follow_dispose;
}

static void
bo_journal_follow_init (BoJournalFollow *follow)
{
}

/**
 * bo_journal_follow_new:
 * @reader: (transfer full): a reader, at the message to begin with; its folder need not be there yet
 * @func: (scope notified): what is called
 * @user_data: for @func
 * @notify: (nullable): frees @user_data
 *
 * Begins to follow on the thread-default main context.
 *
 * Returns: (transfer full): a follower; unref or bo_journal_follow_stop() ends it
 */
BoJournalFollow *
bo_journal_follow_new (BoJournalReader *reader, BoJournalFollowFunc func, gpointer user_data, GDestroyNotify notify)
{
  BoJournalFollow *follow = NULL;
  g_autoptr (GFile) folder = NULL;

  g_return_val_if_fail (reader != NULL, NULL);
  g_return_val_if_fail (func != NULL, NULL);

  follow = g_object_new (BO_TYPE_JOURNAL_FOLLOW, NULL);
  follow->reader = reader;
  follow->func = func;
  follow->user_data = user_data;
  follow->notify = notify;

  folder = g_file_new_for_path (bo_journal_reader_get_folder (reader));
  /* Without a monitor (no inotify here) the poll alone is right, only later. */
  follow->monitor = g_file_monitor_directory (folder, G_FILE_MONITOR_NONE, NULL, NULL);
  if (follow->monitor != NULL)
    {
      g_file_monitor_set_rate_limit (follow->monitor, 20);
      g_signal_connect (follow->monitor, "changed", G_CALLBACK (changed_cb), follow);
    }

  follow->poll = g_timeout_source_new (POLL_MS);
  g_source_set_callback (follow->poll, poll_cb, follow, NULL);
  g_source_attach (follow->poll, g_main_context_get_thread_default ());
  bo_journal_follow_poke (follow);
  return follow;
}
