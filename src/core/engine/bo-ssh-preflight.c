/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-ssh-preflight"

#include "config.h"

#include <string.h>

#include <glib/gi18n.h>

#include "engine/bo-engine-error.h"
#include "engine/bo-ssh-preflight.h"

/* A shell's start files may print anything; only lines with this are ours. */
#define MARK "bakeoff-preflight:"

void
bo_ssh_preflight_free (BoSshPreflight *preflight)
{
  g_return_if_fail (preflight != NULL);

  g_free (preflight->path);
  g_free (preflight);
}

/**
 * bo_ssh_preflight_make_script:
 * @path: (nullable): the only socket to look at, or %NULL to look where engines have theirs
 *
 * Returns: (transfer full): a script for the device's sh, to be given as its input
 */
char *
bo_ssh_preflight_make_script (const char *path)
{
  g_autofree char *quoted = path == NULL ? NULL : g_shell_quote (path);
  GString *script
      = g_string_new (/* A rootless engine has a network namespace, and so a list of sockets, of its own. */
                      "listens () {\n"
                      "  case \"$1\" in /run/user/*|/tmp/*) return 0;; esac\n"
                      "  [ -r /proc/net/unix ] || return 0\n"
                      "  r=$(readlink -f \"$1\" 2>/dev/null) && [ -n \"$r\" ] || return 0\n"
                      "  while read -r a b c flags d e f p; do\n"
                      "    [ \"$flags\" = 00010000 ] && [ \"${p##*/}\" = \"${1##*/}\" ] || continue\n"
                      "    [ \"$(readlink -f \"$p\" 2>/dev/null)\" = \"$r\" ] && return 0\n"
                      "  done </proc/net/unix\n"
                      "  return 1\n"
                      "}\n"
                      "look () {\n"
                      "  [ -n \"$1\" ] || return 0\n"
                      "  if [ -S \"$1\" ]; then\n"
                      "    if [ -r \"$1\" ] && [ -w \"$1\" ]; then s=ok; else s=denied; fi\n"
                      "  elif [ -e \"$1\" ]; then s=other\n"
                      "  else s=missing; fi\n"
                      "  echo \"" MARK "socket $s $1\"\n"
                      "  [ $s = ok ] && ! listens \"$1\" && echo \"" MARK "silent $1\"\n"
                      "}\n"
                      "echo \"" MARK "user $(id -un 2>/dev/null)\"\n"
                      "echo \"" MARK "groups $(id -nG 2>/dev/null)\"\n"
                      "if command -v docker >/dev/null 2>&1; then echo '" MARK "docker yes'; fi\n");

  if (quoted != NULL)
    g_string_append_printf (script, "look %s\n", quoted);
  else
    g_string_append (script, "case \"$DOCKER_HOST\" in unix://*) look \"${DOCKER_HOST#unix://}\";; esac\n"
                             "look /var/run/docker.sock\n"
                             "[ -z \"$XDG_RUNTIME_DIR\" ] || look \"$XDG_RUNTIME_DIR/docker.sock\"\n"
                             "look \"/run/user/$(id -u)/docker.sock\"\n");
  g_string_append (script, "echo '" MARK "end'\n");
  return g_string_free (script, FALSE);
}

/**
 * bo_ssh_preflight_read:
 * @output: what the script printed
 * @place: the device, for messages
 *
 * Picks the first socket that can be used. When there is none, the error is
 * that of the one which comes nearest: one that the user may not use before one
 * that is no socket, before one that is not there. A device that did not
 * run the script (a forced command, say) is no error; it is just not known.
 *
 * Returns: (transfer full): what was found
 */
BoSshPreflight *
bo_ssh_preflight_read (const char *output, const char *place, GError **error)
{
  g_autoptr (BoSshPreflight) found = g_new0 (BoSshPreflight, 1);
  g_auto (GStrv) lines = NULL;
  const char *denied = NULL, *other = NULL, *missing = NULL;
  const char *user = "?", *groups = "?";

  g_return_val_if_fail (output != NULL && place != NULL, NULL);

  lines = g_strsplit (output, "\n", -1);
  for (char **line = lines; *line != NULL; line++)
    {
      const char *rest = *line;

      g_strchomp (*line);
      if (!g_str_has_prefix (rest, MARK))
        continue;
      rest += strlen (MARK);
      if (strcmp (rest, "end") == 0)
        found->is_known = TRUE;
      else if (strcmp (rest, "docker yes") == 0)
        found->has_docker = TRUE;
      else if (g_str_has_prefix (rest, "user "))
        user = rest + strlen ("user ");
      else if (g_str_has_prefix (rest, "groups "))
        groups = rest + strlen ("groups ");
      else if (g_str_has_prefix (rest, "socket ok ") && found->path == NULL)
        found->path = g_strdup (rest + strlen ("socket ok "));
      else if (g_str_has_prefix (rest, "socket denied ") && denied == NULL)
        denied = rest + strlen ("socket denied ");
      else if (g_str_has_prefix (rest, "socket other ") && other == NULL)
        other = rest + strlen ("socket other ");
      else if (g_str_has_prefix (rest, "socket missing ") && missing == NULL)
        missing = rest + strlen ("socket missing ");
    }

  if (!found->is_known)
    {
      g_clear_pointer (&found->path, g_free);
      return g_steal_pointer (&found);
    }
  for (char **line = lines; found->path != NULL && *line != NULL; line++)
    {
      if (g_str_has_prefix (*line, MARK "silent ") && strcmp (*line + strlen (MARK "silent "), found->path) == 0)
        found->is_silent = TRUE;
    }
  if (found->path != NULL)
    return g_steal_pointer (&found);

  if (denied != NULL)
    g_set_error (error, BO_ENGINE_ERROR, BO_ENGINE_ERROR_SOCKET_DENIED,
                 _ ("the user “%s” on %s may not use the engine's socket “%s” (the user's groups: %s)"), user,
                 place, denied, groups);
  else if (other != NULL)
    g_set_error (error, BO_ENGINE_ERROR, BO_ENGINE_ERROR_SOCKET_MISSING, _ ("“%s” on %s is not a socket"),
                 other, place);
  else
    g_set_error (error, BO_ENGINE_ERROR, BO_ENGINE_ERROR_SOCKET_MISSING,
                 _ ("there is no engine socket “%s” on %s"),
                 missing == NULL ? "/var/run/docker.sock" : missing, place);
  return NULL;
}
