/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include <sys/stat.h>

#include <glib/gstdio.h>

#include "engine/bo-askpass.h"
#include "engine/bo-engine-error.h"
#include "engine/bo-ssh.h"

/*
 * A shell script stands in for ssh: it starts SSH_ASKPASS as ssh does, with a
 * question as its argument, and reads the answer from its standard output.
 */

typedef struct
{
  BoAskpass *askpass;
  char *folder;
  BoAskpassQuestion *question; /* (nullable): the last one, while it is open */
  GPtrArray *asked;            /* (element-type utf8): all of them */
  const char *answer;          /* (nullable): what is answered at once */
  gboolean refuses;
  guint n_withdrawn;
} Fixture;

static gboolean
late_cb (gpointer user_data)
{
  *(gboolean *) user_data = TRUE;
  return G_SOURCE_REMOVE;
}

#define WAIT_FOR(condition)                                \
  G_STMT_START                                             \
  {                                                        \
    gboolean late = FALSE;                                 \
    guint id = g_timeout_add_seconds (30, late_cb, &late); \
                                                           \
    while (!(condition) && !late)                          \
      g_main_context_iteration (NULL, TRUE);               \
    g_assert_false (late);                                 \
    g_source_remove (id);                                  \
  }                                                        \
  G_STMT_END

static void
withdrawn_cb (BoAskpassQuestion *question, gpointer user_data)
{
  Fixture *fixture = user_data;

  fixture->n_withdrawn++;
  g_clear_object (&fixture->question);
}

static void
question_cb (BoAskpass *askpass, BoAskpassQuestion *question, gpointer user_data)
{
  Fixture *fixture = user_data;

  g_ptr_array_add (fixture->asked,
                   g_strdup_printf ("%s|%s|%u", bo_askpass_question_get_place (question),
                                    bo_askpass_question_get_prompt (question)->text,
                                    bo_askpass_question_get_attempt (question)));
  if (fixture->answer != NULL)
    bo_askpass_question_answer (question, fixture->answer);
  else if (fixture->refuses)
    bo_askpass_question_refuse (question);
  else
    {
      g_signal_connect (question, "withdrawn", G_CALLBACK (withdrawn_cb), fixture);
      g_set_object (&fixture->question, question);
    }
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *program = bo_askpass_find_program (&error);

  g_assert_no_error (error);
  fixture->asked = g_ptr_array_new_with_free_func (g_free);
  fixture->folder = g_dir_make_tmp ("bakeoff-askpass-XXXXXX", NULL);
  fixture->askpass = bo_askpass_new (program, &error);
  g_assert_no_error (error);
  g_signal_connect (fixture->askpass, "question", G_CALLBACK (question_cb), fixture);
  bo_askpass_set_default (fixture->askpass);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_autofree char *script = g_build_filename (fixture->folder, "ssh", NULL);

  g_unsetenv ("BAKEOFF_SSH");
  g_unlink (script);
  g_assert_cmpint (g_rmdir (fixture->folder), ==, 0);
  g_free (fixture->folder);
  g_clear_object (&fixture->question);
  bo_askpass_set_default (NULL);
  bo_askpass_close (fixture->askpass);
  g_assert_finalize_object (fixture->askpass);
  g_ptr_array_unref (fixture->asked);
}

static void
write_ssh (Fixture *fixture, const char *script)
{
  g_autofree char *path = g_build_filename (fixture->folder, "ssh", NULL);
  g_autofree char *text = g_strconcat ("#!/bin/sh\n", script, "\n", NULL);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  g_assert_cmpint (g_chmod (path, 0700), ==, 0);
  g_setenv ("BAKEOFF_SSH", path, TRUE);
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (BoSsh) ssh = bo_ssh_open_finish (result, user_data);

  g_assert_null (ssh);
}

/* Lets the script try to connect, and returns why it did not. */
static GError *
open_ssh (Fixture *fixture, gboolean unattended, GCancellable *cancellable)
{
  g_autoptr (BoDeviceUrl) url = bo_device_url_parse ("ssh://me@jetson", NULL);
  GError *error = NULL;

  bo_ssh_open_async (url, fixture->folder, unattended, cancellable, opened_cb, &error);
  WAIT_FOR (error != NULL || (cancellable != NULL && fixture->question != NULL));
  if (error == NULL)
    {
      g_cancellable_cancel (cancellable);
      WAIT_FOR (error != NULL);
    }
  return error;
}

#define ASK(text) "\"$SSH_ASKPASS\" \"" text "\""
#define KEY_QUESTION "Enter passphrase for key '/k': "

static void
test_answer (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  /* The answer as it is, whatever it holds; what comes after a line's end is no part of it. */
  fixture->answer = "se\"cr $et \xc3\xa4\nrm";
  write_ssh (fixture, "a=$(" ASK (KEY_QUESTION) ") && echo \"[$a]\" >&2; a=$(" ASK (KEY_QUESTION) ") && echo \"[$a]\" >&2; exit 255");
  error = open_ssh (fixture, FALSE, NULL);
  g_assert_nonnull (strstr (error->message, "[se\"cr $et \xc3\xa4]\n[se\"cr $et \xc3\xa4]"));
  g_assert_cmpuint (fixture->asked->len, ==, 2);
  g_assert_cmpstr (fixture->asked->pdata[0], ==, "ssh://me@jetson|Enter passphrase for key '/k':|1");
  g_assert_cmpstr (fixture->asked->pdata[1], ==, "ssh://me@jetson|Enter passphrase for key '/k':|2");
}

/* Whoever does not want to answer is not asked for the next best thing. */
static void
test_refuse (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *text;
    BoEngineError code;
  } cases[] = {
    { KEY_QUESTION, BO_ENGINE_ERROR_PASSPHRASE },
    { "me@jetson's password: ", BO_ENGINE_ERROR_AUTHENTICATION },
    { "The authenticity of host 'jetson (1.2.3.4)' can't be established.\n"
      "ED25519 key fingerprint is SHA256:x.\nAre you sure you want to continue connecting (yes/no/[fingerprint])? ",
      BO_ENGINE_ERROR_HOST_KEY_UNKNOWN },
    { "Accept updated hostkeys? (yes/no): ", BO_ENGINE_ERROR_HOST_KEY_UNKNOWN },
    { "Enter PIN for ED25519-SK key /k: ", BO_ENGINE_ERROR_PASSPHRASE },
    { "(me@jetson) Verification code: ", BO_ENGINE_ERROR_AUTHENTICATION },
  };

  fixture->refuses = TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *script = g_strdup_printf (ASK ("%s") "; " ASK ("me@jetson's password: ")
                                                 "; echo 'Permission denied (publickey,password).' >&2; sleep 30",
                                                 cases[i].text);
      g_autoptr (GError) error = NULL;

      write_ssh (fixture, script);
      error = open_ssh (fixture, FALSE, NULL);
      g_test_message ("%s", error->message);
      g_assert_error (error, BO_ENGINE_ERROR, (int) cases[i].code);
      g_assert_null (strstr (error->message, "Permission denied"));
      g_assert_cmpuint (fixture->asked->len, ==, i + 1);
    }
}

/* Cancelling ends ssh, and its question with it. */
static void
test_cancel (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  write_ssh (fixture, ASK (KEY_QUESTION) "; sleep 30");
  error = open_ssh (fixture, FALSE, cancellable);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  WAIT_FOR (fixture->n_withdrawn == 1);
  g_assert_null (fixture->question);
}

/* ssh ends the notice that a security key waits to be touched when it was; nothing is refused by that. */
static void
test_touch (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  write_ssh (fixture, "SSH_ASKPASS_PROMPT=none \"$SSH_ASKPASS\" 'Confirm user presence for key ED25519-SK SHA256:x' &\n"
                      "sleep 0.3; kill $!; wait $!; echo over >&2; exit 255");
  error = open_ssh (fixture, FALSE, NULL);
  g_assert_nonnull (strstr (error->message, "over"));
  g_assert_cmpuint (fixture->asked->len, ==, 1);
  WAIT_FOR (fixture->n_withdrawn == 1);
}

/* Nobody is asked when the link comes back by itself. */
static void
test_unattended (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->answer = "x";
  write_ssh (fixture, "echo \"[$SSH_ASKPASS_REQUIRE|$BAKEOFF_ASKPASS_SOCKET]\" >&2; exit 255");
  error = open_ssh (fixture, TRUE, NULL);
  g_assert_nonnull (strstr (error->message, "[never|]"));
}

static void
waited_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(gboolean *) user_data = g_subprocess_wait_finish (G_SUBPROCESS (source), result, NULL);
}

/* A process that was not started for it gets no answer, though it knows the socket. */
static void
test_stranger (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BoDeviceUrl) url = bo_device_url_parse ("ssh://me@jetson", NULL);
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE);
  BoAskpassTicket *ticket = bo_askpass_ticket_new (url);
  g_autofree char *program = bo_askpass_find_program (NULL);
  g_autoptr (GError) error = NULL;
  g_autofree char *output = NULL;

  fixture->answer = "secret";
  bo_askpass_ticket_prepare (ticket, launcher);
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (GSubprocess) process = g_subprocess_launcher_spawn (launcher, &error, program, KEY_QUESTION, NULL);
      GInputStream *stream = g_subprocess_get_stdout_pipe (process);
      gboolean is_over = FALSE;
      char buffer[100];

      g_assert_no_error (error);
      /* The second time it is the one that may. */
      if (i == 1)
        bo_askpass_ticket_set_process (ticket, process);
      g_subprocess_wait_async (process, NULL, waited_cb, &is_over);
      WAIT_FOR (is_over);
      g_assert_cmpint (g_subprocess_get_exit_status (process), ==, i == 0 ? 1 : 0);
      g_assert_cmpint (g_input_stream_read (stream, buffer, sizeof buffer, NULL, NULL), ==, i == 0 ? 0 : 7);
      g_assert_cmpuint (fixture->asked->len, ==, i);
    }
  bo_askpass_ticket_free (ticket);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, func) g_test_add ("/askpass/" name, Fixture, NULL, set_up, func, tear_down)
  ADD ("answer", test_answer);
  ADD ("refuse", test_refuse);
  ADD ("cancel", test_cancel);
  ADD ("touch", test_touch);
  ADD ("unattended", test_unattended);
  ADD ("stranger", test_stranger);
  return g_test_run ();
}
