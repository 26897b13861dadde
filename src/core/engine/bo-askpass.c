/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-askpass"

#include "config.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <glib/gi18n.h>
#include <gio/gunixsocketaddress.h>

#include "engine/bo-askpass.h"
#include "engine/bo-private-folder.h"
#include "study/bo-build-tree.h"

#define PROGRAM "bakeoff-askpass"
/* As the program sends: hint, zero byte, question, zero byte. */
#define MESSAGE_MAX (16 * 1024)
/* ssh, the shell of a ProxyCommand, ssh, ... up to the one that was started here. */
#define ANCESTORS_MAX 16

/* The process that may ask, and what came of it. Shared by whoever started it and by its questions. */
struct _BoAskpassTicket
{
  gatomicrefcount refs;
  BoAskpass *askpass; /* (owned) */
  char *place;
  GPid pid; /* 0 before it is started */
  gboolean is_over;
  BoSshPrompt *refused; /* (nullable) */
  GHashTable *asked;    /* (element-type utf8 guint): how often each text was asked */
};

struct _BoAskpass
{
  GObject parent_instance;

  char *program;
  BoPrivateFolder *folder;
  char *socket_path;
  GSocketService *service;
  GMainContext *context;
  GPtrArray *tickets;   /* (element-type BoAskpassTicket): those that may ask; under the lock */
  GPtrArray *questions; /* (element-type BoAskpassQuestion) (unowned): open ones */
};

struct _BoAskpassQuestion
{
  GObject parent_instance;

  BoAskpass *askpass;        /* (owned) */
  BoAskpassTicket *ticket;   /* (nullable): NULL until it is known who asks */
  BoSshPrompt *prompt;
  guint attempt;
  GSocketConnection *connection; /* (nullable): while it is open */
  GSource *watch;
  GByteArray *message; /* what has come so far */
};

/* Guards the default, the tickets of all and what is in them. */
static GMutex lock;
static BoAskpass *default_askpass;

static void ticket_unref (gpointer data);

G_DEFINE_FINAL_TYPE (BoAskpass, bo_askpass, G_TYPE_OBJECT)
G_DEFINE_FINAL_TYPE (BoAskpassQuestion, bo_askpass_question, G_TYPE_OBJECT)

enum
{
  SIGNAL_WITHDRAWN,
  SIGNAL_QUESTION,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* Questions. */

static void
end_question (BoAskpassQuestion *self)
{
  if (self->watch != NULL)
    g_source_destroy (self->watch);
  g_clear_pointer (&self->watch, g_source_unref);
  if (self->connection != NULL)
    {
      g_io_stream_close (G_IO_STREAM (self->connection), NULL, NULL);
      g_ptr_array_remove_fast (self->askpass->questions, self);
    }
  g_clear_object (&self->connection);
}

static void
bo_askpass_question_dispose (GObject *object)
{
  BoAskpassQuestion *self = BO_ASKPASS_QUESTION (object);

  if (self->connection != NULL && self->ticket != NULL)
    bo_askpass_question_refuse (self);
  end_question (self);
  g_clear_pointer (&self->ticket, ticket_unref);
  g_clear_object (&self->askpass);

  G_OBJECT_CLASS (bo_askpass_question_parent_class)->dispose (object);
}

static void
bo_askpass_question_finalize (GObject *object)
{
  BoAskpassQuestion *self = BO_ASKPASS_QUESTION (object);

  g_clear_pointer (&self->prompt, bo_ssh_prompt_free);
  g_byte_array_unref (self->message);

  G_OBJECT_CLASS (bo_askpass_question_parent_class)->finalize (object);
}

static void
bo_askpass_question_class_init (BoAskpassQuestionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = bo_askpass_question_dispose;
  object_class->finalize = bo_askpass_question_finalize;
  signals[SIGNAL_WITHDRAWN] = g_signal_new ("withdrawn", BO_TYPE_ASKPASS_QUESTION, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                            NULL, G_TYPE_NONE, 0);
}

static void
bo_askpass_question_init (BoAskpassQuestion *self)
{
  self->message = g_byte_array_new ();
}

static void
withdraw (BoAskpassQuestion *question)
{
  g_autoptr (BoAskpassQuestion) self = g_object_ref (question);

  if (self->connection == NULL)
    return;
  end_question (self);
  if (self->prompt != NULL)
    g_signal_emit (self, signals[SIGNAL_WITHDRAWN], 0);
}

const BoSshPrompt *
bo_askpass_question_get_prompt (BoAskpassQuestion *self)
{
  g_return_val_if_fail (BO_IS_ASKPASS_QUESTION (self), NULL);

  return self->prompt;
}

/**
 * bo_askpass_question_get_place:
 *
 * Returns: (transfer none): the device that is being connected to, by which a person knows it
 */
const char *
bo_askpass_question_get_place (BoAskpassQuestion *self)
{
  g_return_val_if_fail (BO_IS_ASKPASS_QUESTION (self), NULL);

  return self->ticket->place;
}

/**
 * bo_askpass_question_get_attempt:
 *
 * Returns: how often ssh has asked the same: 1, or more when the answer before was wrong
 */
guint
bo_askpass_question_get_attempt (BoAskpassQuestion *self)
{
  g_return_val_if_fail (BO_IS_ASKPASS_QUESTION (self), 0);

  return self->attempt;
}

/**
 * bo_askpass_question_is_open:
 *
 * Returns: whether somebody waits for the answer
 */
gboolean
bo_askpass_question_is_open (BoAskpassQuestion *self)
{
  g_return_val_if_fail (BO_IS_ASKPASS_QUESTION (self), FALSE);

  return self->connection != NULL;
}

/**
 * bo_askpass_question_answer:
 * @answer: what a person typed; no copy of it is made in this process
 *
 * Answers it. What follows a line's end in @answer would be no part of it for ssh.
 */
void
bo_askpass_question_answer (BoAskpassQuestion *self, const char *answer)
{
  GOutputVector vectors[2];
  GSocket *socket;

  g_return_if_fail (BO_IS_ASKPASS_QUESTION (self) && answer != NULL);

  if (self->connection == NULL)
    return;
  vectors[0] = (GOutputVector){ answer, strcspn (answer, "\r\n") };
  vectors[1] = (GOutputVector){ "\n", 1 };
  socket = g_socket_connection_get_socket (self->connection);
  /* It fits into the socket's buffer whole. If the program is gone, ssh is, too. */
  g_socket_send_message (socket, NULL, vectors, G_N_ELEMENTS (vectors), NULL, 0, 0, NULL, NULL);
  end_question (self);
}

/**
 * bo_askpass_question_refuse:
 *
 * Says that there will be no answer, to this question and to any other of the
 * same ssh, whose opening ends with an error that says so.
 */
void
bo_askpass_question_refuse (BoAskpassQuestion *self)
{
  g_return_if_fail (BO_IS_ASKPASS_QUESTION (self));

  if (self->connection == NULL)
    return;
  g_mutex_lock (&lock);
  if (self->ticket->refused == NULL)
    self->ticket->refused = bo_ssh_prompt_new (self->prompt->text, self->prompt->kind == BO_SSH_PROMPT_TOUCH ? "none" : NULL);
  g_mutex_unlock (&lock);
  end_question (self);
}

/* Who asks. */

static GPid
get_parent (GPid pid)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/stat", (int) pid);
  g_autofree char *text = NULL;
  const char *end;
  int parent;

  /* The name in parentheses may hold anything. */
  if (!g_file_get_contents (path, &text, NULL, NULL) || (end = strrchr (text, ')')) == NULL
      || sscanf (end, ") %*c %d", &parent) != 1)
    return 0;
  return parent;
}

/* The ticket of the ssh that started @pid, or NULL. To be called under the lock. */
static BoAskpassTicket *
find_ticket (BoAskpass *self, GPid pid)
{
  for (guint i = 0; i < ANCESTORS_MAX && pid > 1; i++, pid = get_parent (pid))
    for (guint j = 0; j < self->tickets->len; j++)
      {
        BoAskpassTicket *ticket = self->tickets->pdata[j];

        if (ticket->pid == pid && !ticket->is_over)
          {
            g_atomic_ref_count_inc (&ticket->refs);
            return ticket;
          }
      }
  return NULL;
}

/* Whether the process at the other end may ask. */
static gboolean
admit (BoAskpassQuestion *self)
{
  g_autoptr (GCredentials) credentials = NULL;
  GSocket *socket = g_socket_connection_get_socket (self->connection);
  GPid pid;

  credentials = g_socket_get_credentials (socket, NULL);
  if (credentials == NULL || g_credentials_get_unix_user (credentials, NULL) != geteuid ())
    return FALSE;
  pid = g_credentials_get_unix_pid (credentials, NULL);
  if (pid <= 1)
    return FALSE;
  g_mutex_lock (&lock);
  self->ticket = find_ticket (self->askpass, pid);
  if (self->ticket != NULL && self->ticket->refused != NULL)
    g_clear_pointer (&self->ticket, ticket_unref);
  g_mutex_unlock (&lock);
  return self->ticket != NULL;
}

static void
ask (BoAskpassQuestion *self)
{
  const char *hint = (const char *) self->message->data;
  const char *text = hint + strlen (hint) + 1;
  guint n_asked;

  self->prompt = bo_ssh_prompt_new (text, hint);
  g_mutex_lock (&lock);
  n_asked = GPOINTER_TO_UINT (g_hash_table_lookup (self->ticket->asked, self->prompt->text)) + 1;
  g_hash_table_insert (self->ticket->asked, g_strdup (self->prompt->text), GUINT_TO_POINTER (n_asked));
  g_mutex_unlock (&lock);
  self->attempt = n_asked;
  if (g_signal_has_handler_pending (self->askpass, signals[SIGNAL_QUESTION], 0, FALSE))
    g_signal_emit (self->askpass, signals[SIGNAL_QUESTION], 0, self);
  else
    bo_askpass_question_refuse (self);
}

static guint
count_zeros (GByteArray *message)
{
  guint n = 0;

  for (guint i = 0; i < message->len; i++)
    n += message->data[i] == '\0';
  return n;
}

/* The rest of the question, or the end of whoever asks. */
static gboolean
readable_cb (GSocket *socket, GIOCondition condition, gpointer user_data)
{
  g_autoptr (BoAskpassQuestion) self = g_object_ref (user_data);
  char buffer[1024];
  g_autoptr (GError) error = NULL;
  gssize n = g_socket_receive_with_blocking (socket, buffer, sizeof buffer, FALSE, NULL, &error);

  if (n < 0 && g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
    return G_SOURCE_CONTINUE;
  if (n <= 0 || self->prompt != NULL || self->message->len + (gsize) n > MESSAGE_MAX)
    {
      withdraw (self);
      return G_SOURCE_REMOVE;
    }
  g_byte_array_append (self->message, (const guint8 *) buffer, (guint) n);
  if (count_zeros (self->message) < 2)
    return G_SOURCE_CONTINUE;
  if (!admit (self))
    {
      end_question (self);
      return G_SOURCE_REMOVE;
    }
  ask (self);
  return self->connection != NULL ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

static gboolean
incoming_cb (GSocketService *service, GSocketConnection *connection, GObject *source, gpointer user_data)
{
  BoAskpass *askpass = user_data;
  BoAskpassQuestion *self = g_object_new (BO_TYPE_ASKPASS_QUESTION, NULL);

  self->askpass = g_object_ref (askpass);
  self->connection = g_object_ref (connection);
  g_ptr_array_add (askpass->questions, self);
  self->watch = g_socket_create_source (g_socket_connection_get_socket (connection), G_IO_IN | G_IO_HUP, NULL);
  /* The source holds it as long as somebody asks. Who shows it holds it, too, and lets go when it is withdrawn. */
  g_source_set_callback (self->watch, G_SOURCE_FUNC (readable_cb), self, g_object_unref);
  g_source_attach (self->watch, askpass->context);
  return TRUE;
}

/* The one who takes the questions. */

static void
bo_askpass_dispose (GObject *object)
{
  bo_askpass_close (BO_ASKPASS (object));

  G_OBJECT_CLASS (bo_askpass_parent_class)->dispose (object);
}

static void
bo_askpass_finalize (GObject *object)
{
  BoAskpass *self = BO_ASKPASS (object);

  g_free (self->program);
  g_free (self->socket_path);
  g_ptr_array_unref (self->tickets);
  g_ptr_array_unref (self->questions);
  g_main_context_unref (self->context);

  G_OBJECT_CLASS (bo_askpass_parent_class)->finalize (object);
}

static void
bo_askpass_class_init (BoAskpassClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = bo_askpass_dispose;
  object_class->finalize = bo_askpass_finalize;
  signals[SIGNAL_QUESTION] = g_signal_new ("question", BO_TYPE_ASKPASS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                           G_TYPE_NONE, 1, BO_TYPE_ASKPASS_QUESTION);
}

static void
bo_askpass_init (BoAskpass *self)
{
  self->tickets = g_ptr_array_new ();
  self->questions = g_ptr_array_new ();
  self->context = g_main_context_ref_thread_default ();
}

/**
 * bo_askpass_find_program:
 *
 * Finds the program that ssh starts for a question: the one named by the variable
 * BAKEOFF_ASKPASS, else the one of the build tree when this program runs from there, else the installed one.
 *
 * Returns: (transfer full): its path
 */
char *
bo_askpass_find_program (GError **error)
{
  const char *named = g_getenv ("BAKEOFF_ASKPASS");
  g_autofree char *path = NULL;

  if (named != NULL && named[0] != '\0')
    path = g_strdup (named);
  else if (bo_runs_from_build_tree ())
    path = g_build_filename (BO_BUILD_ROOT, "src", "askpass", PROGRAM, NULL);
  else
    path = g_build_filename (LIBEXECDIR, PROGRAM, NULL);
  if (g_file_test (path, G_FILE_TEST_IS_EXECUTABLE) && !g_file_test (path, G_FILE_TEST_IS_DIR))
    return g_steal_pointer (&path);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
               _ ("The program that passes on ssh's questions is not at %s. Install Bakeoff completely, or name the "
                  "program in the environment variable BAKEOFF_ASKPASS."),
               path);
  return NULL;
}

/**
 * bo_askpass_new:
 * @program: path of the program that passes questions on, from bo_askpass_find_program()
 *
 * Returns: (transfer full): one that takes questions in the thread-default main context
 */
BoAskpass *
bo_askpass_new (const char *program, GError **error)
{
  g_autoptr (BoAskpass) self = NULL;
  g_autoptr (GSocketAddress) address = NULL;

  g_return_val_if_fail (program != NULL, NULL);

  self = g_object_new (BO_TYPE_ASKPASS, NULL);
  self->program = g_strdup (program);
  self->folder = bo_private_folder_new (error);
  if (self->folder == NULL)
    return NULL;
  self->socket_path = bo_private_folder_get_file (self->folder, "askpass");
  address = g_unix_socket_address_new (self->socket_path);
  self->service = g_socket_service_new ();
  if (!g_socket_listener_add_address (G_SOCKET_LISTENER (self->service), address, G_SOCKET_TYPE_STREAM,
                                      G_SOCKET_PROTOCOL_DEFAULT, NULL, NULL, error))
    return NULL;
  g_signal_connect (self->service, "incoming", G_CALLBACK (incoming_cb), self);
  g_socket_service_start (self->service);
  return g_steal_pointer (&self);
}

/**
 * bo_askpass_set_default:
 * @self: (nullable): who is asked from now on, or %NULL for ssh's own ways
 */
void
bo_askpass_set_default (BoAskpass *self)
{
  g_autoptr (BoAskpass) old = NULL;

  g_return_if_fail (self == NULL || BO_IS_ASKPASS (self));

  g_mutex_lock (&lock);
  old = g_steal_pointer (&default_askpass);
  default_askpass = self != NULL ? g_object_ref (self) : NULL;
  g_mutex_unlock (&lock);
}

/**
 * bo_askpass_close:
 *
 * Takes no more questions; open ones are withdrawn. Safe to call twice.
 */
void
bo_askpass_close (BoAskpass *self)
{
  g_return_if_fail (BO_IS_ASKPASS (self));

  while (self->questions->len > 0)
    withdraw (self->questions->pdata[0]);
  if (self->service != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->service, self);
      g_socket_service_stop (self->service);
      g_socket_listener_close (G_SOCKET_LISTENER (self->service));
    }
  g_clear_object (&self->service);
  g_clear_pointer (&self->folder, bo_private_folder_free);
}

/* Tickets. */

static void
ticket_unref (gpointer data)
{
  BoAskpassTicket *ticket = data;

  if (!g_atomic_ref_count_dec (&ticket->refs))
    return;
  g_object_unref (ticket->askpass);
  g_clear_pointer (&ticket->refused, bo_ssh_prompt_free);
  g_hash_table_unref (ticket->asked);
  g_free (ticket->place);
  g_free (ticket);
}

/**
 * bo_askpass_ticket_new:
 * @url: what is being connected to
 *
 * Returns: (transfer full) (nullable): leave to ask for one process, or %NULL if there is nobody to be asked
 */
BoAskpassTicket *
bo_askpass_ticket_new (const BoDeviceUrl *url)
{
  BoAskpassTicket *ticket = NULL;

  g_return_val_if_fail (url != NULL, NULL);

  g_mutex_lock (&lock);
  if (default_askpass != NULL)
    {
      ticket = g_new0 (BoAskpassTicket, 1);
      g_atomic_ref_count_init (&ticket->refs);
      ticket->askpass = g_object_ref (default_askpass);
      ticket->place = bo_device_url_get_place (url);
      ticket->asked = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
      g_ptr_array_add (ticket->askpass->tickets, ticket);
    }
  g_mutex_unlock (&lock);
  return ticket;
}

/**
 * bo_askpass_ticket_prepare:
 * @launcher: what will start ssh
 *
 * Tells ssh, by its environment, whom to ask (ssh(1), ENVIRONMENT; "force" since OpenSSH 8.4). It
 * should have no terminal, for an older ssh would ask there.
 */
void
bo_askpass_ticket_prepare (BoAskpassTicket *ticket, GSubprocessLauncher *launcher)
{
  g_return_if_fail (ticket != NULL && launcher != NULL);

  g_subprocess_launcher_setenv (launcher, "SSH_ASKPASS", ticket->askpass->program, TRUE);
  g_subprocess_launcher_setenv (launcher, "SSH_ASKPASS_REQUIRE", "force", TRUE);
  g_subprocess_launcher_setenv (launcher, "BAKEOFF_ASKPASS_SOCKET", ticket->askpass->socket_path, TRUE);
  /* An older ssh only looks whether it is set. X11 is not forwarded. */
  if (g_getenv ("DISPLAY") == NULL)
    g_subprocess_launcher_setenv (launcher, "DISPLAY", ":", FALSE);
}

/**
 * bo_askpass_ticket_set_process:
 * @process: ssh, a moment after it was started
 */
void
bo_askpass_ticket_set_process (BoAskpassTicket *ticket, GSubprocess *process)
{
  const char *pid;
  guint64 number;

  g_return_if_fail (ticket != NULL && G_IS_SUBPROCESS (process));

  pid = g_subprocess_get_identifier (process);
  if (pid == NULL || !g_ascii_string_to_unsigned (pid, 10, 2, G_MAXINT, &number, NULL))
    return;
  g_mutex_lock (&lock);
  ticket->pid = (GPid) number;
  g_mutex_unlock (&lock);
}

/**
 * bo_askpass_ticket_get_refused:
 *
 * Returns: (transfer none) (nullable): the question that a person did not want to answer, if there was one
 */
const BoSshPrompt *
bo_askpass_ticket_get_refused (BoAskpassTicket *ticket)
{
  const BoSshPrompt *refused;

  g_return_val_if_fail (ticket != NULL, NULL);

  g_mutex_lock (&lock);
  refused = ticket->refused;
  g_mutex_unlock (&lock);
  return refused;
}

static gboolean
withdraw_of_ticket (gpointer user_data)
{
  BoAskpassTicket *ticket = user_data;
  g_autoptr (GPtrArray) questions = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < ticket->askpass->questions->len; i++)
    {
      BoAskpassQuestion *question = ticket->askpass->questions->pdata[i];

      if (question->ticket == ticket)
        g_ptr_array_add (questions, g_object_ref (question));
    }
  g_ptr_array_foreach (questions, (GFunc) (GCallback) withdraw, NULL);
  return G_SOURCE_REMOVE;
}

/**
 * bo_askpass_ticket_free:
 *
 * From now on that process may not ask any more; what it asks now is withdrawn.
 */
void
bo_askpass_ticket_free (BoAskpassTicket *ticket)
{
  g_return_if_fail (ticket != NULL);

  g_mutex_lock (&lock);
  ticket->is_over = TRUE;
  g_ptr_array_remove_fast (ticket->askpass->tickets, ticket);
  g_mutex_unlock (&lock);
  /* Takes the reference. */
  g_main_context_invoke_full (ticket->askpass->context, G_PRIORITY_DEFAULT, withdraw_of_ticket, ticket, ticket_unref);
}
