/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-ssh-keys"

#include "config.h"

#include <string.h>

#include "engine/bo-ssh-keys.h"

typedef struct
{
  char *program;
  BoDeviceUrl *url;
} Search;

static void
search_free (Search *search)
{
  g_free (search->program);
  bo_device_url_free (search->url);
  g_free (search);
}

/* Runs a program of OpenSSH's without input. Returns its standard output, or NULL if it cannot be run. */
static char *
run (const char *const *argv, char **words, GCancellable *cancellable)
{
  g_autoptr (GSubprocessLauncher) launcher = NULL;
  g_autoptr (GSubprocess) process = NULL;
  g_autofree char *output = NULL;
  g_autoptr (GError) error = NULL;

  launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE);
  g_subprocess_launcher_setenv (launcher, "LC_ALL", "C", TRUE);
  process = g_subprocess_launcher_spawnv (launcher, argv, &error);
  if (process == NULL || !g_subprocess_communicate_utf8 (process, NULL, cancellable, &output, words, &error))
    {
      g_debug ("%s: %s", argv[0], error->message);
      return NULL;
    }
  return g_steal_pointer (&output);
}

static gboolean
is_locked (const char *path, GCancellable *cancellable)
{
  const char *argv[] = { "ssh-keygen", "-y", "-P", "", "-f", path, NULL };
  g_autofree char *words = NULL;
  g_autofree char *output = run (argv, &words, cancellable);

  return output != NULL && words != NULL && strstr (words, "incorrect passphrase") != NULL;
}

/* Whether the agent can use the key, by the public half beside it. */
static gboolean
agent_has (const char *agent_keys, const char *path)
{
  g_autofree char *public_path = g_strconcat (path, ".pub", NULL);
  g_autofree char *text = NULL;
  g_auto (GStrv) parts = NULL;

  if (agent_keys == NULL || !g_file_get_contents (public_path, &text, NULL, NULL))
    return FALSE;
  parts = g_strsplit (text, " ", 3);
  return g_strv_length (parts) >= 2 && strlen (parts[1]) > 16
         && strstr (agent_keys, g_strchomp (parts[1])) != NULL;
}

static void
search_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Search *search = task_data;
  const char *agent_argv[] = { "ssh-add", "-L", NULL };
  g_autoptr (GPtrArray) argv = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *config = NULL;
  g_autofree char *agent_keys = NULL;
  g_auto (GStrv) lines = NULL;

  g_ptr_array_add (argv, g_strdup (search->program));
  g_ptr_array_add (argv, g_strdup ("-G"));
  if (search->url->port != 0)
    {
      g_ptr_array_add (argv, g_strdup ("-p"));
      g_ptr_array_add (argv, g_strdup_printf ("%u", search->url->port));
    }
  if (search->url->user != NULL)
    {
      g_ptr_array_add (argv, g_strdup ("-l"));
      g_ptr_array_add (argv, g_strdup (search->url->user));
    }
  g_ptr_array_add (argv, g_strdup ("--"));
  g_ptr_array_add (argv, g_strdup (search->url->host));
  g_ptr_array_add (argv, NULL);
  config = run ((const char *const *) argv->pdata, NULL, cancellable);
  if (g_getenv ("SSH_AUTH_SOCK") != NULL)
    agent_keys = run (agent_argv, NULL, cancellable);

  lines = g_strsplit (config == NULL ? "" : config, "\n", -1);
  for (char **line = lines; *line != NULL; line++)
    {
      const char *path;
      g_autofree char *full = NULL;

      if (!g_str_has_prefix (*line, "identityfile "))
        continue;
      path = *line + strlen ("identityfile ");
      full = g_str_has_prefix (path, "~/") ? g_build_filename (g_get_home_dir (), path + 2, NULL)
                                           : g_strdup (path);
      if (g_file_test (full, G_FILE_TEST_IS_REGULAR) && is_locked (full, cancellable)
          && !agent_has (agent_keys, full))
        {
          g_task_return_pointer (task, g_steal_pointer (&full), g_free);
          return;
        }
    }
  g_task_return_pointer (task, NULL, NULL);
}

/**
 * bo_ssh_find_locked_key_async:
 * @ssh_program: the ssh that was used
 * @url: the device that let nobody in
 *
 * ssh passes over a key in silence when it has nowhere to ask for its
 * passphrase. This looks for such a key after the fact: one that ssh would use
 * for the host, that does not open with an empty passphrase, and that the agent
 * does not hold.
 */
void
bo_ssh_find_locked_key_async (const char *ssh_program,
                              const BoDeviceUrl *url,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Search *search = g_new0 (Search, 1);

  g_task_set_source_tag (task, bo_ssh_find_locked_key_async);
  search->program = g_strdup (ssh_program);
  search->url = bo_device_url_copy (url);
  g_task_set_task_data (task, search, (GDestroyNotify) search_free);
  g_task_run_in_thread (task, search_thread);
}

/**
 * bo_ssh_find_locked_key_finish:
 *
 * Returns: (transfer full) (nullable): path of a key that a passphrase locks
 */
char *
bo_ssh_find_locked_key_finish (GAsyncResult *result)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), NULL);
}
