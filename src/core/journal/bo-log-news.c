/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-log-news"

#include "config.h"

#include "journal/bo-log-news.h"

struct _BoLogNews
{
  gatomicrefcount ref_count;
  GMutex lock;
  GMainContext *context;
  GSource *told; /* (nullable): what has not been heard yet */
  gboolean stopped;

  /* Only for the main loop */
  BoLogNewsFunc func;
  gpointer user_data;
};

/**
 * bo_log_news_new:
 * @func: called on the main context of this thread, some time after it was told that there is something new
 * @user_data: for @func
 *
 * Returns: (transfer full): the news
 */
BoLogNews *
bo_log_news_new (BoLogNewsFunc func, gpointer user_data)
{
  BoLogNews *self;

  g_return_val_if_fail (func != NULL, NULL);

  self = g_new0 (BoLogNews, 1);
  g_atomic_ref_count_init (&self->ref_count);
  g_mutex_init (&self->lock);
  self->context = g_main_context_ref_thread_default ();
  self->func = func;
  self->user_data = user_data;
  return self;
}

BoLogNews *
bo_log_news_ref (BoLogNews *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
bo_log_news_unref (BoLogNews *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_main_context_unref (self->context);
  g_mutex_clear (&self->lock);
  g_free (self);
}

static gboolean
heard_cb (gpointer user_data)
{
  BoLogNews *self = user_data;

  /* What comes from here on is news again. */
  g_mutex_lock (&self->lock);
  g_clear_pointer (&self->told, g_source_unref);
  g_mutex_unlock (&self->lock);
  if (self->func != NULL)
    self->func (self->user_data);
  return G_SOURCE_REMOVE;
}

/**
 * bo_log_news_tell:
 * @self: the news
 *
 * There is something new. For any thread.
 */
void
bo_log_news_tell (BoLogNews *self)
{
  g_return_if_fail (self != NULL);

  g_mutex_lock (&self->lock);
  if (self->told == NULL && !self->stopped)
    {
      self->told = g_idle_source_new ();
      g_source_set_priority (self->told, G_PRIORITY_DEFAULT);
      g_source_set_callback (self->told, heard_cb, bo_log_news_ref (self), (GDestroyNotify) bo_log_news_unref);
      g_source_attach (self->told, self->context);
    }
  g_mutex_unlock (&self->lock);
}

/**
 * bo_log_news_stop:
 * @self: the news
 *
 * The function is not called any more. For the main loop.
 */
void
bo_log_news_stop (BoLogNews *self)
{
  GSource *told;

  g_return_if_fail (self != NULL);

  self->func = NULL;
  g_mutex_lock (&self->lock);
  self->stopped = TRUE;
  told = g_steal_pointer (&self->told);
  g_mutex_unlock (&self->lock);
  if (told == NULL)
    return;
  g_source_destroy (told);
  g_source_unref (told);
}
