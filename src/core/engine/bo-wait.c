/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-wait"

#include "config.h"

#include "engine/bo-wait.h"

/**
 * bo_wait_begin:
 * @wait: (out caller-allocates): to be ended in the same thread
 *
 * Gives the thread a main context of its own. Never to be called in a thread
 * whose main loop runs already.
 */
void
bo_wait_begin (BoWait *wait)
{
  wait->context = g_main_context_new ();
  wait->arrived = NULL;
  wait->result = NULL;
  g_main_context_push_thread_default (wait->context);
}

/**
 * bo_wait_end:
 * @wait: begun in this thread
 */
void
bo_wait_end (BoWait *wait)
{
  /* What was cancelled or closed has its last callbacks to come. */
  while (g_main_context_iteration (wait->context, FALSE))
    ;
  g_clear_object (&wait->arrived);
  g_clear_object (&wait->result);
  g_main_context_pop_thread_default (wait->context);
  g_clear_pointer (&wait->context, g_main_context_unref);
}

/* The GAsyncReadyCallback to give to a call; the #BoWait is its user data. */
void
bo_wait_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  BoWait *wait = user_data;

  g_set_object (&wait->arrived, result);
}

/**
 * bo_wait_for:
 * @wait: given as user data with bo_wait_cb() to the call just made
 *
 * Returns: (transfer none): the call's result, valid until the next one
 */
GAsyncResult *
bo_wait_for (BoWait *wait)
{
  g_return_val_if_fail (wait->context != NULL, NULL);

  while (wait->arrived == NULL)
    g_main_context_iteration (wait->context, TRUE);
  g_clear_object (&wait->result);
  wait->result = g_steal_pointer (&wait->arrived);
  return wait->result;
}
