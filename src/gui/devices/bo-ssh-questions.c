/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-ssh-questions"

#include "config.h"

#include <string.h>

#include <glib/gi18n.h>

#include "devices/bo-copy-row.h"
#include "devices/bo-ssh-questions.h"

static BoAskpass *askpass;

/* What a dialog holds: it goes with it. */
typedef struct
{
  BoAskpassQuestion *question;
  GtkEditable *entry; /* (nullable) */
} Dialog;

static void
dialog_free (gpointer data)
{
  Dialog *dialog = data;

  /* However it was closed, ssh gets to know. */
  bo_askpass_question_refuse (dialog->question);
  /*
   * A key that closes the dialog is still on its way through the text inside of the entry, which tells the
   * entry that it lost the focus when it goes; in GTK 4.8 it does so also when the entry is gone before it.
   */
  if (dialog->entry != NULL)
    g_idle_add_once (g_object_unref, dialog->entry);
  g_object_unref (dialog->question);
  g_free (dialog);
}

static void
response_cb (AdwMessageDialog *window, const char *response, gpointer user_data)
{
  Dialog *dialog = user_data;

  if (strcmp (response, "yes") != 0)
    {
      bo_askpass_question_refuse (dialog->question);
      return;
    }
  if (dialog->entry != NULL)
    {
      bo_askpass_question_answer (dialog->question, gtk_editable_get_text (dialog->entry));
      /* GTK's buffer for passwords overwrites what it lets go. */
      gtk_editable_set_text (dialog->entry, "");
    }
  else
    bo_askpass_question_answer (dialog->question,
                                bo_ssh_prompt_get_yes (bo_askpass_question_get_prompt (dialog->question)));
}

static void
withdrawn_cb (BoAskpassQuestion *question, gpointer user_data)
{
  gtk_window_destroy (GTK_WINDOW (user_data));
}

static GtkWidget *
make_label (const char *text, const char *css_class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_justify (GTK_LABEL (label), GTK_JUSTIFY_CENTER);
  if (css_class != NULL)
    gtk_widget_add_css_class (label, css_class);
  return label;
}

/* The name of the key's file on the device, as sshd calls it: "ED25519" is ssh_host_ed25519_key.pub. */
static char *
make_look_up (const BoSshPrompt *prompt)
{
  g_autofree char *type = g_ascii_strdown (prompt->key_type, -1);

  return g_strdup_printf ("ssh-keygen -lf /etc/ssh/ssh_host_%s_key.pub", type);
}

static void
fill_host_key (AdwMessageDialog *window, const BoSshPrompt *prompt, GtkBox *box)
{
  GtkWidget *list = gtk_list_box_new ();
  g_autofree char *address = prompt->address != NULL && strcmp (prompt->address, prompt->host) != 0
                                 ? g_strdup_printf (" (%s)", prompt->address)
                                 : g_strdup ("");
  g_autofree char *title = NULL;

  adw_message_dialog_set_heading (window, _ ("Is This Your Device?"));
  adw_message_dialog_format_body (
      window,
      _ ("“%s”%s is connected to for the first time. Its key tells it from a computer that only pretends to be it. "
         "Compare the fingerprint with the one that the device itself shows."),
      prompt->host, address);
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  title = prompt->key_type != NULL ? g_strdup_printf (_ ("Fingerprint (%s)"), prompt->key_type) : g_strdup (_ ("Fingerprint"));
  gtk_list_box_append (GTK_LIST_BOX (list), bo_copy_row_new (title, prompt->fingerprint != NULL ? prompt->fingerprint : prompt->text));
  if (prompt->key_type != NULL)
    {
      g_autofree char *command = make_look_up (prompt);

      gtk_list_box_append (GTK_LIST_BOX (list), bo_copy_row_new (_ ("Shows it, on the device"), command));
    }
  if (prompt->others != NULL)
    gtk_list_box_append (GTK_LIST_BOX (list), bo_copy_row_new (_ ("You know this key already, from"), prompt->others));
  gtk_box_append (box, list);
  if (prompt->has_other_keys)
    gtk_box_append (box, make_label (_ ("You know this device by a key of another kind."), "warning"));
  if (prompt->in_dns >= 0)
    gtk_box_append (box, make_label (prompt->in_dns ? _ ("The name server has the same fingerprint.")
                                                    : _ ("The name server does not have this fingerprint."),
                                     prompt->in_dns ? "success" : "warning"));
}

static void
describe (AdwMessageDialog *window, const BoSshPrompt *prompt)
{
  switch (prompt->kind)
    {
    case BO_SSH_PROMPT_PASSPHRASE:
      adw_message_dialog_set_heading (window, _ ("Unlock Your Key"));
      adw_message_dialog_format_body (window, _ ("The key “%s” is locked by a passphrase."), prompt->key);
      break;
    case BO_SSH_PROMPT_PIN:
      adw_message_dialog_set_heading (window, _ ("Unlock Your Security Key"));
      if (prompt->key != NULL)
        adw_message_dialog_format_body (window, _ ("The PIN of “%s” is needed."), prompt->key);
      else
        adw_message_dialog_set_body (window, prompt->text);
      break;
    case BO_SSH_PROMPT_PASSWORD:
      adw_message_dialog_set_heading (window, _ ("Password"));
      if (prompt->user != NULL)
        adw_message_dialog_format_body (window, _ ("The password of “%s” on “%s” is needed."), prompt->user, prompt->host);
      else
        adw_message_dialog_set_body (window, prompt->text);
      break;
    case BO_SSH_PROMPT_TOUCH:
      adw_message_dialog_set_heading (window, _ ("Touch Your Security Key"));
      adw_message_dialog_set_body (window, prompt->text);
      break;
    case BO_SSH_PROMPT_CONFIRM:
      adw_message_dialog_set_heading (window, _ ("Go On?"));
      adw_message_dialog_format_body (window, _ ("ssh asks: %s"), prompt->text);
      break;
    case BO_SSH_PROMPT_ANSWER:
    default:
      adw_message_dialog_set_heading (window, _ ("The Device Asks"));
      adw_message_dialog_set_body (window, prompt->text);
      break;
    case BO_SSH_PROMPT_HOST_KEY:
      break;
    }
}

static const char *
get_yes_title (const BoSshPrompt *prompt)
{
  switch (prompt->kind)
    {
    case BO_SSH_PROMPT_HOST_KEY:
      return _ ("_It Is, Connect");
    case BO_SSH_PROMPT_CONFIRM:
      return _ ("_Yes");
    case BO_SSH_PROMPT_PASSPHRASE:
    case BO_SSH_PROMPT_PIN:
      return _ ("_Unlock");
    case BO_SSH_PROMPT_TOUCH:
      return NULL;
    case BO_SSH_PROMPT_PASSWORD:
    case BO_SSH_PROMPT_ANSWER:
    default:
      return _ ("_Connect");
    }
}

static void
focus_default (GtkWindow *window)
{
  gtk_window_set_focus (window, gtk_window_get_default_widget (window));
}

/**
 * bo_ssh_dialog_focus_default:
 * @window: an AdwMessageDialog
 *
 * Lets it begin with its default response, and not with a text that can be copied.
 */
void
bo_ssh_dialog_focus_default (GtkWindow *window)
{
  /* There is no default widget before. */
  g_signal_connect_after (window, "map", G_CALLBACK (focus_default), NULL);
}

/**
 * bo_ssh_question_dialog_new:
 * @parent: (nullable): over which window
 * @question: what ssh asks
 *
 * Returns: (transfer none): a dialog that answers or refuses it
 */
GtkWindow *
bo_ssh_question_dialog_new (GtkWindow *parent, BoAskpassQuestion *question)
{
  const BoSshPrompt *prompt = bo_askpass_question_get_prompt (question);
  GtkWidget *window = adw_message_dialog_new (parent, NULL, NULL);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  const char *yes = get_yes_title (prompt);
  Dialog *dialog = g_new0 (Dialog, 1);

  dialog->question = g_object_ref (question);
  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (window), "no", _ ("_Cancel"));
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (window), "no");
  if (yes != NULL)
    {
      adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (window), "yes", yes);
      adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (window), "yes", ADW_RESPONSE_SUGGESTED);
    }
  if (prompt->kind == BO_SSH_PROMPT_HOST_KEY)
    fill_host_key (ADW_MESSAGE_DIALOG (window), prompt, GTK_BOX (box));
  else
    describe (ADW_MESSAGE_DIALOG (window), prompt);
  if (bo_ssh_prompt_is_secret (prompt))
    {
      GtkWidget *entry = gtk_password_entry_new ();

      gtk_password_entry_set_show_peek_icon (GTK_PASSWORD_ENTRY (entry), TRUE);
      g_object_set (entry, "activates-default", TRUE, NULL);
      gtk_accessible_update_property (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_PROPERTY_LABEL, prompt->text, -1);
      gtk_box_append (GTK_BOX (box), entry);
      dialog->entry = g_object_ref (GTK_EDITABLE (entry));
      adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (window), "yes");
      if (bo_askpass_question_get_attempt (question) > 1)
        gtk_box_append (GTK_BOX (box), make_label (_ ("That was not right. Try once more."), "error"));
    }
  else
    /* Whoever only presses Return has compared nothing. */
    adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (window), "no");
  gtk_box_append (GTK_BOX (box), make_label (bo_askpass_question_get_place (question), "dim-label"));
  gtk_widget_add_css_class (gtk_widget_get_last_child (box), "caption");
  adw_message_dialog_set_extra_child (ADW_MESSAGE_DIALOG (window), box);

  g_signal_connect_data (window, "response", G_CALLBACK (response_cb), dialog, NULL, 0);
  g_signal_connect_object (question, "withdrawn", G_CALLBACK (withdrawn_cb), window, 0);
  g_object_set_data_full (G_OBJECT (window), "bo-ssh-question", dialog, dialog_free);
  if (dialog->entry != NULL)
    gtk_window_set_focus (GTK_WINDOW (window), GTK_WIDGET (dialog->entry));
  else
    bo_ssh_dialog_focus_default (GTK_WINDOW (window));
  return GTK_WINDOW (window);
}

/* The window that a person looks at, also when it is a dialog over another one. */
static GtkWindow *
find_parent (GtkApplication *application)
{
  GtkWindow *active = gtk_application_get_active_window (application);
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWindow) window = g_list_model_get_item (windows, i);

      if (gtk_widget_get_visible (GTK_WIDGET (window)) && gtk_window_get_modal (window) && gtk_window_is_active (window))
        return window;
    }
  /* A dialog over the active one, if there is one that is not active because no window is. */
  for (guint i = 0; active != NULL && i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWindow) window = g_list_model_get_item (windows, i);

      if (gtk_window_get_transient_for (window) == active && gtk_widget_get_visible (GTK_WIDGET (window))
          && gtk_window_get_modal (window))
        active = window;
    }
  return active;
}

static void
question_cb (BoAskpass *self, BoAskpassQuestion *question, gpointer user_data)
{
  GtkWindow *parent = find_parent (GTK_APPLICATION (user_data));

  gtk_window_present (bo_ssh_question_dialog_new (parent, question));
}

/**
 * bo_ssh_questions_begin:
 * @application: whose windows ask
 *
 * From now on ssh asks in dialogs.
 */
void
bo_ssh_questions_begin (GtkApplication *application)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *program = NULL;

  g_return_if_fail (GTK_IS_APPLICATION (application));

  if (askpass != NULL)
    return;
  program = bo_askpass_find_program (&error);
  if (program != NULL)
    askpass = bo_askpass_new (program, &error);
  if (askpass == NULL)
    {
      /* ssh then asks in its own ways: on the terminal, or by the desktop's askpass. */
      g_warning ("%s", error->message);
      return;
    }
  g_signal_connect_object (askpass, "question", G_CALLBACK (question_cb), application, 0);
  bo_askpass_set_default (askpass);
}

/**
 * bo_ssh_questions_end:
 *
 * Takes no more questions.
 */
void
bo_ssh_questions_end (void)
{
  if (askpass == NULL)
    return;
  bo_askpass_set_default (NULL);
  bo_askpass_close (askpass);
  g_clear_object (&askpass);
}
