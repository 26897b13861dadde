/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-changed-host-key"

#include "config.h"

#include <string.h>

#include "engine/bo-changed-host-key.h"

/* A file of known hosts that is larger is not read for the sake of one fingerprint. */
#define FILE_MAX (8 * 1024 * 1024)

void
bo_changed_host_key_free (BoChangedHostKey *changed)
{
  g_return_if_fail (changed != NULL);

  g_free (changed->host);
  g_free (changed->key_type);
  g_free (changed->new_fingerprint);
  g_free (changed->old_fingerprint);
  g_free (changed->file);
  g_free (changed->command);
  g_free (changed);
}

/* What the first group of @pattern matches, or NULL. */
static char *
find (const char *pattern, const char *text, guint group)
{
  g_autoptr (GRegex) regex = g_regex_new (pattern, G_REGEX_MULTILINE, 0, NULL);
  g_autoptr (GMatchInfo) info = NULL;

  g_return_val_if_fail (regex != NULL, NULL);
  return g_regex_match (regex, text, 0, &info) ? g_match_info_fetch (info, (int) group) : NULL;
}

/**
 * bo_changed_host_key_get_fingerprint:
 * @known_hosts_line: a line of a file of known hosts, sshd(8)
 *
 * Returns: (transfer full) (nullable): the fingerprint of its key, as ssh shows it: SHA-256 in base64 without
 *   the filling
 */
char *
bo_changed_host_key_get_fingerprint (const char *known_hosts_line)
{
  g_auto (GStrv) words = NULL;
  g_autofree guchar *blob = NULL;
  g_autofree char *base64 = NULL;
  g_autoptr (GChecksum) checksum = NULL;
  guint8 digest[32];
  gsize length, digest_length = sizeof digest;
  guint at = 0;

  g_return_val_if_fail (known_hosts_line != NULL, NULL);

  words = g_regex_split_simple ("[ \\t\\r\\n]+", known_hosts_line, 0, 0);
  /* Blanks at the beginning make an empty word. */
  if (words[0] != NULL && words[0][0] == '\0')
    at++;
  if (words[at] != NULL && words[at][0] == '@')
    at++;
  for (guint i = 0; i < 3; i++)
    if (words[at + i] == NULL || words[at + i][0] == '\0')
      return NULL;
  /* The type is also the first thing in the blob. */
  blob = g_base64_decode (words[at + 2], &length);
  if (length < 4 + strlen (words[at + 1]) || memcmp (blob + 4, words[at + 1], strlen (words[at + 1])) != 0)
    return NULL;
  checksum = g_checksum_new (G_CHECKSUM_SHA256);
  g_checksum_update (checksum, blob, (gssize) length);
  g_checksum_get_digest (checksum, digest, &digest_length);
  base64 = g_base64_encode (digest, digest_length);
  for (char *end = base64 + strlen (base64); end > base64 && end[-1] == '='; end--)
    end[-1] = '\0';
  return g_strconcat ("SHA256:", base64, NULL);
}

static char *
read_old_fingerprint (const char *file, guint line)
{
  g_autoptr (GMappedFile) mapped = g_mapped_file_new (file, FALSE, NULL);
  const char *p = mapped == NULL ? NULL : g_mapped_file_get_contents (mapped);
  gsize left = mapped == NULL ? 0 : g_mapped_file_get_length (mapped);
  g_autofree char *text = NULL;
  const char *end;

  if (p == NULL || left > FILE_MAX)
    return NULL;
  for (guint i = 1; i < line; i++)
    {
      end = memchr (p, '\n', left);
      if (end == NULL)
        return NULL;
      left -= (gsize) (end + 1 - p);
      p = end + 1;
    }
  end = memchr (p, '\n', left);
  text = g_strndup (p, end == NULL ? left : (gsize) (end - p));
  return bo_changed_host_key_get_fingerprint (text);
}

/**
 * bo_changed_host_key_new:
 * @words: what ssh wrote, or an error's message with it
 *
 * Reads OpenSSH's warning (sshconnect.c, warn_changed_key()) and looks up the
 * old key. ssh never asks about a changed key, and neither does Bakeoff.
 *
 * Returns: (transfer full) (nullable): what it says, or %NULL if it says no such thing
 */
BoChangedHostKey *
bo_changed_host_key_new (const char *words)
{
  g_autoptr (BoChangedHostKey) changed = NULL;
  g_autofree char *line = NULL;
  g_autofree char *quoted_host = NULL;
  guint64 number;

  g_return_val_if_fail (words != NULL, NULL);

  if (!g_utf8_validate (words, -1, NULL) || strstr (words, "REMOTE HOST IDENTIFICATION HAS CHANGED") == NULL)
    return NULL;
  changed = g_new0 (BoChangedHostKey, 1);
  changed->host = find ("^Host key for (\\S+) has changed and you have requested strict checking", words, 1);
  changed->key_type = find ("^The fingerprint for the (\\S+) key sent by the remote host is", words, 1);
  changed->new_fingerprint = find ("^((?:SHA256|SHA1|MD5|SHA512):\\S+?)\\.?$", words, 1);
  if (changed->host == NULL || changed->new_fingerprint == NULL)
    return NULL;
  changed->file = find ("^Offending (?:\\S+ )?key in (.+):([0-9]+)$", words, 1);
  line = find ("^Offending (?:\\S+ )?key in (.+):([0-9]+)$", words, 2);
  if (line != NULL && g_ascii_string_to_unsigned (line, 10, 1, G_MAXINT, &number, NULL))
    changed->line = (guint) number;
  if (changed->line > 0)
    changed->old_fingerprint = read_old_fingerprint (changed->file, changed->line);

  quoted_host = g_shell_quote (changed->host);
  if (changed->file != NULL)
    {
      g_autofree char *quoted_file = g_shell_quote (changed->file);

      changed->command = g_strdup_printf ("ssh-keygen -f %s -R %s", quoted_file, quoted_host);
    }
  else
    changed->command = g_strdup_printf ("ssh-keygen -R %s", quoted_host);
  return g_steal_pointer (&changed);
}
