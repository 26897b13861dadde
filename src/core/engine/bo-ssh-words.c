/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-ssh-words"

#include "config.h"

#include <string.h>

#include "engine/bo-ssh-words.h"

/* As many of ssh's words as a message can hold. */
#define WORDS_MAX 2000

typedef struct
{
  const char *words;
  BoEngineError code;
} Pattern;

/*
 * What OpenSSH writes with LC_ALL=C, in the order in which it is looked for:
 * a changed key also ends in "Host key verification failed", and a host that
 * is tried over several addresses says more than one thing.
 */
static const Pattern patterns[] = {
  /* pam_nologin(8): it says so for a minute or two, and then lets the same user in. */
  { "System is booting up", BO_ENGINE_ERROR_UNREACHABLE },
  { "The system is going down", BO_ENGINE_ERROR_UNREACHABLE },
  { "REMOTE HOST IDENTIFICATION HAS CHANGED", BO_ENGINE_ERROR_HOST_KEY_CHANGED },
  { "Host key verification failed", BO_ENGINE_ERROR_HOST_KEY_UNKNOWN },
  { "host key is known for", BO_ENGINE_ERROR_HOST_KEY_UNKNOWN },
  { "Could not resolve hostname", BO_ENGINE_ERROR_NAME_RESOLUTION },
  { "incorrect passphrase supplied", BO_ENGINE_ERROR_PASSPHRASE },
  { "Permission denied (", BO_ENGINE_ERROR_AUTHENTICATION },
  { "Permission denied, please try again", BO_ENGINE_ERROR_AUTHENTICATION },
  { "Too many authentication failures", BO_ENGINE_ERROR_AUTHENTICATION },
  { "no more authentication methods", BO_ENGINE_ERROR_AUTHENTICATION },
  { "Session open refused by peer", BO_ENGINE_ERROR_TOO_MANY_SESSIONS },
  { "no more sessions", BO_ENGINE_ERROR_TOO_MANY_SESSIONS },
  { "administratively prohibited", BO_ENGINE_ERROR_FORWARDING_REFUSED },
  { "unknown channel type", BO_ENGINE_ERROR_FORWARDING_REFUSED },
  { "Connection refused", BO_ENGINE_ERROR_REFUSED },
  { "Connection timed out", BO_ENGINE_ERROR_TIMED_OUT },
  { "Operation timed out", BO_ENGINE_ERROR_TIMED_OUT },
  { "timed out during banner exchange", BO_ENGINE_ERROR_TIMED_OUT },
  { "Timeout, server", BO_ENGINE_ERROR_TIMED_OUT },
  { "No route to host", BO_ENGINE_ERROR_UNREACHABLE },
  { "Network is unreachable", BO_ENGINE_ERROR_UNREACHABLE },
  { "Host is down", BO_ENGINE_ERROR_UNREACHABLE },
};

/**
 * bo_ssh_words_classify:
 * @words: what ssh wrote to its standard error
 * @code: (out): what it means
 *
 * Returns: whether any of it was recognised
 */
gboolean
bo_ssh_words_classify (const char *words, BoEngineError *code)
{
  g_return_val_if_fail (words != NULL && code != NULL, FALSE);

  for (guint i = 0; i < G_N_ELEMENTS (patterns); i++)
    {
      if (strstr (words, patterns[i].words) != NULL)
        {
          *code = patterns[i].code;
          return TRUE;
        }
    }
  return FALSE;
}

/**
 * bo_ssh_words_tidy:
 *
 * Returns: (transfer full): @words in valid UTF-8, without the frame of '@'
 * around a warning, blank lines and control characters; the last of them when
 * there are many
 */
char *
bo_ssh_words_tidy (const char *words)
{
  g_autofree char *valid = NULL;
  g_auto (GStrv) lines = NULL;
  GString *tidy = g_string_new (NULL);

  g_return_val_if_fail (words != NULL, NULL);

  valid = g_utf8_make_valid (words, -1);
  lines = g_strsplit (valid, "\n", -1);
  for (char **line = lines; *line != NULL; line++)
    {
      for (char *p = *line; *p != '\0'; p++)
        {
          if (g_ascii_iscntrl (*p))
            *p = ' ';
        }
      g_strstrip (*line);
      if (**line == '\0' || strspn (*line, "@") == strlen (*line))
        continue;
      if (tidy->len > 0)
        g_string_append_c (tidy, '\n');
      g_string_append (tidy, *line);
    }
  if (tidy->len > WORDS_MAX)
    {
      const char *from = g_utf8_find_next_char (tidy->str + tidy->len - WORDS_MAX, NULL);

      g_string_erase (tidy, 0, (gssize) (from - tidy->str));
      g_string_prepend (tidy, "…");
    }
  return g_string_free (tidy, FALSE);
}

/**
 * bo_ssh_words_without_channels:
 * @words: what a control master wrote to its standard error
 *
 * A master tells of each forwarded connection that came to nothing ("channel 2:
 * open failed: connect failed: Connection refused"). None of that is why it ends itself.
 *
 * Returns: (transfer full): the other lines
 */
char *
bo_ssh_words_without_channels (const char *words)
{
  g_auto (GStrv) lines = NULL;
  GString *rest = g_string_new (NULL);

  g_return_val_if_fail (words != NULL, NULL);

  lines = g_strsplit (words, "\n", -1);
  for (char **line = lines; *line != NULL; line++)
    {
      if (g_str_has_prefix (*line, "channel ") && strstr (*line, ": open failed: ") != NULL)
        continue;
      g_string_append (rest, *line);
      if (line[1] != NULL)
        g_string_append_c (rest, '\n');
    }
  return g_string_free (rest, FALSE);
}
