/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-podman-words"

#include "config.h"

#include <stdio.h>
#include <string.h>

#include "journal/bo-podman-words.h"

#define ID 64
#define SHORT_ID 11
#define ARROW "--> "
#define USING_CACHE "--> Using cache "
#define COMMIT "COMMIT"

/* Whether @text is @n hexadecimal digits and a line end. */
static gboolean
is_id (const char *text, gsize n)
{
  for (gsize i = 0; i < n; i++)
    {
      if (!g_ascii_isxdigit (text[i]))
        return FALSE;
    }
  return text[n] == '\n' && text[n + 1] == '\0';
}

/* "2/3" and what follows it. */
static gboolean
read_fraction (const char **text, guint *number, guint *total)
{
  int n = 0;

  if (!g_ascii_isdigit ((*text)[0]) || sscanf (*text, "%9u/%9u%n", number, total, &n) != 2 || n == 0
      || *number == 0 || *number > *total)
    return FALSE;
  *text += n;
  return TRUE;
}

/**
 * bo_podman_words_read:
 * @value: a whole `stream` value
 *
 * Seen with Podman 4.3.1 (Buildah 1.28.2). A RUN can write the same: whether a
 * step is due, and whether the builder is Podman's at all, is for the caller to say.
 *
 * Returns: what it is; its text points into @value
 */
BoPodmanWords
bo_podman_words_read (const char *value)
{
  BoPodmanWords words = { .kind = BO_PODMAN_OTHER, .stage = 1, .n_stages = 1 };
  const char *at = value;

  if (at[0] == '[')
    {
      at++;
      if (!read_fraction (&at, &words.stage, &words.n_stages) || !g_str_has_prefix (at, "] "))
        return words;
      at += 2;
    }
  if (g_str_has_prefix (at, "STEP "))
    {
      at += strlen ("STEP ");
      if (read_fraction (&at, &words.number, &words.total) && g_str_has_prefix (at, ": "))
        {
          words.kind = BO_PODMAN_STEP;
          words.text = at + 2;
        }
    }
  else if (g_str_has_prefix (at, COMMIT) && (at[strlen (COMMIT)] == ' ' || at[strlen (COMMIT)] == '\n'))
    words.kind = BO_PODMAN_COMMIT;
  else if (at != value)
    words.kind = BO_PODMAN_OTHER;
  else if (g_str_has_prefix (at, USING_CACHE) && is_id (at + strlen (USING_CACHE), ID))
    words.kind = BO_PODMAN_CACHED;
  else if (g_str_has_prefix (at, ARROW) && is_id (at + strlen (ARROW), SHORT_ID))
    words.kind = BO_PODMAN_LAYER;
  else if (is_id (at, ID))
    words.kind = BO_PODMAN_IMAGE;
  return words;
}

/**
 * bo_podman_words_find_exit_code:
 * @message: why a build failed
 *
 * Podman gives the exit code of a RUN in its words only.
 *
 * Returns: the code, or -1
 */
int
bo_podman_words_find_exit_code (const char *message)
{
  const char *mark = "while running runtime: exit status ";
  const char *found = g_strrstr (message, mark);
  int code = -1;

  if (found == NULL || sscanf (found + strlen (mark), "%9d", &code) != 1)
    return -1;
  return code;
}
