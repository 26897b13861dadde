/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-ssh-prompt"

#include "config.h"

#include <string.h>

#include "engine/bo-ssh-prompt.h"

/* More than ssh asks at once; a host that sends more is not read on. */
#define TEXT_MAX 4000

void
bo_ssh_prompt_free (BoSshPrompt *prompt)
{
  g_return_if_fail (prompt != NULL);

  g_free (prompt->text);
  g_free (prompt->user);
  g_free (prompt->host);
  g_free (prompt->address);
  g_free (prompt->key_type);
  g_free (prompt->fingerprint);
  g_free (prompt->others);
  g_free (prompt->key);
  g_free (prompt);
}

/* Valid UTF-8 of bounded length; the host's words must not draw on the screen or hide what stands before them. */
static char *
clean (const char *text)
{
  g_autofree char *head = g_strndup (text, TEXT_MAX);
  g_autofree char *valid = g_utf8_make_valid (head, -1);
  GString *out = g_string_new (NULL);

  for (const char *p = valid; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (c == '\n' || g_unichar_isprint (c))
        g_string_append_unichar (out, c);
      else if (c != '\r')
        g_string_append_c (out, ' ');
    }
  return g_strstrip (g_string_free (out, FALSE));
}

/* The first match of @pattern in @text, or NULL. */
static GMatchInfo *
match (const char *pattern, const char *text)
{
  g_autoptr (GRegex) regex = g_regex_new (pattern, G_REGEX_MULTILINE, 0, NULL);
  GMatchInfo *info = NULL;

  g_return_val_if_fail (regex != NULL, NULL);
  if (!g_regex_match (regex, text, 0, &info))
    g_clear_pointer (&info, g_match_info_unref);
  return info;
}

/* "    ~/.ssh/known_hosts:7: 192.168.1.5", one line each. */
static char *
read_others (const char *text)
{
  const char *start = strstr (text, "known by the following other names/addresses:\n");
  g_autoptr (GString) others = NULL;
  g_auto (GStrv) lines = NULL;

  if (start == NULL)
    return NULL;
  others = g_string_new (NULL);
  lines = g_strsplit (strchr (start, '\n') + 1, "\n", -1);
  for (char **line = lines; *line != NULL && g_str_has_prefix (*line, "    "); line++)
    g_string_append_printf (others, "%s%s", others->len > 0 ? "\n" : "", *line + 4);
  return others->len > 0 ? g_string_free (g_steal_pointer (&others), FALSE) : NULL;
}

/* sshconnect.c, check_host_key(). */
static gboolean
read_host_key (BoSshPrompt *prompt)
{
  g_autoptr (GMatchInfo) host = match ("\\AThe authenticity of host '([^'\\n]+) \\(([^'\\n]*)\\)' can't be established",
                                       prompt->text);
  g_autoptr (GMatchInfo) key = match ("^(\\S+) key fingerprint is (\\S+?)\\.?$", prompt->text);

  if (host == NULL)
    return FALSE;
  prompt->kind = BO_SSH_PROMPT_HOST_KEY;
  prompt->host = g_match_info_fetch (host, 1);
  prompt->address = g_match_info_fetch (host, 2);
  /* "<no hostip for proxy command>" */
  if (prompt->address[0] == '<' || prompt->address[0] == '\0')
    g_clear_pointer (&prompt->address, g_free);
  if (key != NULL)
    {
      prompt->key_type = g_match_info_fetch (key, 1);
      prompt->fingerprint = g_match_info_fetch (key, 2);
    }
  prompt->has_other_keys = strstr (prompt->text, "but keys of different type are already known for this host") != NULL;
  if (strstr (prompt->text, "No matching host key fingerprint found in DNS") != NULL)
    prompt->in_dns = 0;
  else if (strstr (prompt->text, "Matching host key fingerprint found in DNS") != NULL)
    prompt->in_dns = 1;
  prompt->others = read_others (prompt->text);
  return TRUE;
}

/* sshconnect2.c: load_identity_file(), and identity_sign() for security keys; ssh-pkcs11.c. */
static gboolean
read_key_lock (BoSshPrompt *prompt)
{
  g_autoptr (GMatchInfo) passphrase = match ("\\AEnter passphrase for (?:key )?'?([^\\n]+?)'?\\s*:?\\Z", prompt->text);
  g_autoptr (GMatchInfo) pin
      = match ("\\AEnter PIN(?: and confirm user presence)? for (?:\\S+ key |authenticator )?'?([^\\n]+?)'?\\s*:?\\Z", prompt->text);

  if (passphrase == NULL && pin == NULL)
    return FALSE;
  prompt->kind = passphrase != NULL ? BO_SSH_PROMPT_PASSPHRASE : BO_SSH_PROMPT_PIN;
  prompt->key = g_match_info_fetch (passphrase != NULL ? passphrase : pin, 1);
  return TRUE;
}

/*
 * sshconnect2.c: userauth_passwd(), and input_userauth_info_req() for what the host
 * itself asks, whose words ssh has put "(USER@HOST)" before since 8.5.
 */
static gboolean
read_login (BoSshPrompt *prompt)
{
  g_autoptr (GMatchInfo) password = match ("\\A([^\\n]+)@([^@\\n]+)'s password:\\Z", prompt->text);
  g_autoptr (GMatchInfo) asked = match ("\\A\\(([^\\n]+?)@([^@\\n]+?)\\) ([^\\n]*)", prompt->text);

  if (password == NULL && asked == NULL)
    return FALSE;
  prompt->user = g_match_info_fetch (password != NULL ? password : asked, 1);
  prompt->host = g_match_info_fetch (password != NULL ? password : asked, 2);
  prompt->kind = BO_SSH_PROMPT_PASSWORD;
  if (password == NULL)
    {
      g_autofree char *words = g_match_info_fetch (asked, 3);
      g_autofree char *small = g_utf8_casefold (words, -1);

      if (!g_str_has_prefix (small, "password"))
        prompt->kind = BO_SSH_PROMPT_ANSWER;
    }
  return TRUE;
}

/**
 * bo_ssh_prompt_new:
 * @text: what ssh asks, the argument of an askpass program
 * @hint: (nullable): what ssh has put into SSH_ASKPASS_PROMPT: "confirm", "none" or nothing
 *
 * Finds out what is asked, from what OpenSSH 7.6 to 10.0 write with LC_ALL=C.
 *
 * Returns: (transfer full): it; a text that is not known is %BO_SSH_PROMPT_ANSWER
 */
BoSshPrompt *
bo_ssh_prompt_new (const char *text, const char *hint)
{
  BoSshPrompt *prompt;
  g_autofree char *small = NULL;

  g_return_val_if_fail (text != NULL, NULL);

  prompt = g_new0 (BoSshPrompt, 1);
  prompt->in_dns = -1;
  prompt->text = clean (text);
  prompt->kind = BO_SSH_PROMPT_ANSWER;

  if (g_strcmp0 (hint, "none") == 0)
    {
      prompt->kind = BO_SSH_PROMPT_TOUCH;
      return prompt;
    }
  if (read_host_key (prompt) || read_key_lock (prompt) || read_login (prompt))
    return prompt;
  small = g_utf8_casefold (prompt->text, -1);
  if (g_strcmp0 (hint, "confirm") == 0 || g_str_has_suffix (small, "(yes/no)?") || g_str_has_suffix (small, "(yes/no):")
      || g_str_has_suffix (small, "(yes/no/[fingerprint])?"))
    prompt->kind = BO_SSH_PROMPT_CONFIRM;
  else if (g_str_has_prefix (small, "password") || g_str_has_suffix (small, " password:"))
    prompt->kind = BO_SSH_PROMPT_PASSWORD;
  else if (g_str_has_prefix (small, "enter pin"))
    prompt->kind = BO_SSH_PROMPT_PIN;
  else if (g_str_has_prefix (prompt->text, "Confirm user presence for key"))
    prompt->kind = BO_SSH_PROMPT_TOUCH;
  return prompt;
}

/**
 * bo_ssh_prompt_is_secret:
 *
 * Returns: whether the answer is a secret, in place of yes or no
 */
gboolean
bo_ssh_prompt_is_secret (const BoSshPrompt *prompt)
{
  g_return_val_if_fail (prompt != NULL, TRUE);

  return prompt->kind != BO_SSH_PROMPT_HOST_KEY && prompt->kind != BO_SSH_PROMPT_CONFIRM
         && prompt->kind != BO_SSH_PROMPT_TOUCH;
}

/**
 * bo_ssh_prompt_get_yes:
 *
 * A host key is confirmed by its fingerprint where ssh allows that (8.0 and
 * later), so that it is this key and no other that a person has said yes to.
 *
 * Returns: (transfer none): the answer for yes
 */
const char *
bo_ssh_prompt_get_yes (const BoSshPrompt *prompt)
{
  g_return_val_if_fail (prompt != NULL, NULL);

  if (prompt->fingerprint != NULL && strstr (prompt->text, "/[fingerprint])") != NULL)
    return prompt->fingerprint;
  return "yes";
}
