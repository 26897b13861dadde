/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <unistd.h>

#include <glib.h>
#include <glib/gstdio.h>

#include "bench/bo-campaign-folder.h"
#include "journal/bo-journal-reader.h"
#include "own-folders.h"
#include "sample-records.h"
#include "session/bo-session-private.h"

/* A session that was put where the test begins; no engine is asked. */

typedef struct
{
  char *folder;
  BoStore *store;
  BoSession *session;
  guint n_progress;
  guint n_notices;
} Fixture;

static void
progress_cb (BoSession *session, gpointer user_data)
{
  ((Fixture *) user_data)->n_progress++;
}

static void
notice_cb (BoSession *session, const char *text, gpointer user_data)
{
  ((Fixture *) user_data)->n_notices++;
}

static void
set_up (Fixture *f, gconstpointer data)
{
  g_autofree char *path = NULL;
  g_autoptr (BoDeviceUrl) url = NULL;
  g_autoptr (GError) error = NULL;

  f->folder = g_dir_make_tmp ("bakeoff-session-XXXXXX", &error);
  g_assert_no_error (error);
  path = g_build_filename (f->folder, "bakeoff.db", NULL);
  f->store = bo_store_open_sync (path, &error);
  g_assert_no_error (error);
  url = bo_device_url_parse ("unix:///nowhere/docker.sock", &error);
  g_assert_no_error (error);
  f->session = bo_session_new (f->store, url);
  f->session->place = BO_PLACE_HERE;
  f->session->campaign = sample_campaign ("20261124-000000-test", 1);
  f->session->campaign_id = g_strdup (f->session->campaign->id);
  f->session->folder = bo_store_get_campaign_folder (f->store, f->session->campaign_id);
  g_signal_connect (f->session, "progress", G_CALLBACK (progress_cb), f);
  g_signal_connect (f->session, "notice", G_CALLBACK (notice_cb), f);
}

static void
remove_tree (const char *path)
{
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  const char *name;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      remove_tree (child);
    }
  g_remove (path);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_signal_handlers_disconnect_by_data (f->session, f);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (f->session);
  g_clear_object (&f->store);
  remove_tree (f->folder);
  g_free (f->folder);
}

static void
play (Fixture *f)
{
  bo_session_make_runner (f->session);
  bo_session_set_stage (f->session, BO_SESSION_PLAYING);
  f->n_progress = 0;
}

static void
assert_command (Fixture *f, const char *expected)
{
  g_autofree char *path = g_build_filename (f->session->folder, "command", NULL);
  g_autofree char *text = NULL;

  g_file_get_contents (path, &text, NULL, NULL);
  g_assert_cmpstr (text, ==, expected);
}

/* One that lets its trial finish can still be stopped now, and then it stays so. */
static void
test_stop (Fixture *f, gconstpointer data)
{
  g_mkdir_with_parents (f->session->folder, 0700);
  play (f);
  g_assert_false (bo_session_is_stopping_now (f->session));

  bo_session_stop (f->session, FALSE);
  assert_command (f, "stop-after-trial\n");
  g_assert_true (bo_session_is_stopping (f->session));
  g_assert_false (bo_session_is_stopping_now (f->session));
  g_assert_cmpuint (f->n_progress, ==, 1);

  bo_session_stop (f->session, TRUE);
  assert_command (f, "stop-now\n");
  g_assert_true (bo_session_is_stopping_now (f->session));
  g_assert_cmpuint (f->n_progress, ==, 2);

  bo_session_stop (f->session, FALSE);
  assert_command (f, "stop-now\n");
  g_assert_true (bo_session_is_stopping_now (f->session));
  g_assert_cmpuint (f->n_notices, ==, 0);
}

/* It can be tried again, and who shows it hears so. */
static void
test_stop_fails (Fixture *f, gconstpointer data)
{
  play (f);
  bo_session_stop (f->session, TRUE);
  g_assert_false (bo_session_is_stopping (f->session));
  g_assert_false (bo_session_is_stopping_now (f->session));
  g_assert_cmpuint (f->n_progress, ==, 1);
  g_assert_cmpuint (f->n_notices, ==, 1);

  g_mkdir_with_parents (f->session->folder, 0700);
  bo_session_stop (f->session, FALSE);
  g_assert_true (bo_session_is_stopping (f->session));
  /* What was heard before still holds when "now" is not heard. */
  remove_tree (f->session->folder);
  bo_session_stop (f->session, TRUE);
  g_assert_true (bo_session_is_stopping (f->session));
  g_assert_false (bo_session_is_stopping_now (f->session));
  g_assert_cmpuint (f->n_notices, ==, 2);
}

static void
lock_cb (BoSession *session, gpointer user_data)
{
  int *lock = user_data;
  g_autoptr (GError) error = NULL;

  *lock = bo_campaign_folder_lock_device (bo_session_get_device_url (session), &error);
  g_assert_no_error (error);
}

/* The next one can begin as soon as this one says that it has ended, whoever still holds it. */
static void
test_end (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  int lock = -1;

  f->session->lock = bo_campaign_folder_lock_device (bo_session_get_device_url (f->session), &error);
  g_assert_no_error (error);
  g_assert_cmpint (bo_campaign_folder_lock_device (bo_session_get_device_url (f->session), NULL), ==, -1);
  play (f);
  g_signal_connect (f->session, "ended", G_CALLBACK (lock_cb), &lock);
  bo_session_finish (f->session, BO_SESSION_END_OVER);
  g_assert_cmpint (lock, >=, 0);
  close (lock);

  g_assert_cmpint (bo_session_get_end (f->session), ==, BO_SESSION_END_OVER);
  g_assert_cmpuint (f->n_progress, ==, 1);
  g_assert_cmpint (bo_link_get_state (bo_session_get_link (f->session)), ==, BO_LINK_CLOSED);
  g_assert_false (bo_session_is_connected (f->session));
}

/* What the device was told in the last moment is not cut off. */
static void
test_leave (Fixture *f, gconstpointer data)
{
  f->session->place = BO_PLACE_DEVICE;
  play (f);
  f->session->stop_told = TRUE;
  g_assert_true (bo_session_detach (f->session));
  g_assert_cmpint (bo_link_get_state (bo_session_get_link (f->session)), !=, BO_LINK_CLOSED);
  f->session->stop_told = FALSE;
  bo_session_leave_device (f->session);
  g_assert_cmpint (bo_link_get_state (bo_session_get_link (f->session)), ==, BO_LINK_CLOSED);
}

static void
test_order (Fixture *f, gconstpointer data)
{
  const char *const chains[] = { "c2", "c1", NULL };
  g_autofree char *none = NULL;
  g_autofree char *order = NULL;

  g_mkdir_with_parents (f->session->folder, 0700);
  g_assert_false (bo_session_set_order (f->session, chains));
  g_assert_cmpuint (f->n_notices, ==, 0);

  /* A device that is not there has not accepted it. */
  play (f);
  f->session->place = BO_PLACE_DEVICE;
  g_assert_false (bo_session_set_order (f->session, chains));
  g_assert_cmpuint (f->n_notices, ==, 1);
  none = bo_session_get_order (f->session);
  g_assert_null (none);

  f->session->place = BO_PLACE_HERE;
  g_assert_true (bo_session_set_order (f->session, chains));
  order = bo_session_get_order (f->session);
  g_assert_cmpstr (order, ==, "c2\nc1\n");
}

/* Whoever shows the records hears that there are others now. */
static void
test_start_over (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = g_error_new_literal (BO_JOURNAL_ERROR, BO_JOURNAL_ERROR_DIVERGED, "another journal");

  play (f);
  g_signal_emit_by_name (f->session->runner, "cut", error);
  g_assert_cmpuint (f->n_progress, ==, 1);
}

int
main (int argc, char **argv)
{
  g_autofree char *folder = own_folders_make ();
  int status;

  g_test_init (&argc, &argv, NULL);
  g_test_add ("/session/end", Fixture, NULL, set_up, test_end, tear_down);
  g_test_add ("/session/leave", Fixture, NULL, set_up, test_leave, tear_down);
  g_test_add ("/session/order", Fixture, NULL, set_up, test_order, tear_down);
  g_test_add ("/session/start-over", Fixture, NULL, set_up, test_start_over, tear_down);
  g_test_add ("/session/stop", Fixture, NULL, set_up, test_stop, tear_down);
  g_test_add ("/session/stop-fails", Fixture, NULL, set_up, test_stop_fails, tear_down);
  status = g_test_run ();
  own_folders_remove (folder);
  return status;
}
