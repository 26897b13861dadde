/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-private-folder"

#include "config.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <gio/gio.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>

#include "engine/bo-private-folder.h"
#include "engine/bo-unix-socket.h"

/*
 * ssh makes its control socket under a temporary name, the path with '.' and
 * 16 characters behind it, so a name of up to 8 characters must leave room.
 */
#define ROOM_FOR_NAMES (1 + 8 + 17)

/* Removes the folders "PID-XXXXXX" in @parent whose process is gone. */
static void
sweep (const char *parent)
{
  g_autoptr (GDir) dir = g_dir_open (parent, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (parent, name, NULL);
      char *end;
      guint64 pid = g_ascii_strtoull (name, &end, 10);

      if (pid > 1 && pid < G_MAXINT && *end == '-' && kill ((pid_t) pid, 0) != 0 && errno == ESRCH)
        bo_private_folder_remove (path);
    }
}

static char *
make_in (const char *parent)
{
  g_autofree char *path = NULL;
  struct stat info;

  if (g_mkdir_with_parents (parent, 0700) != 0)
    return NULL;
  /* In /tmp somebody else may have made it first. */
  if (lstat (parent, &info) != 0 || !S_ISDIR (info.st_mode) || info.st_uid != geteuid ()
      || (info.st_mode & (S_IWGRP | S_IWOTH)) != 0)
    {
      errno = EPERM;
      return NULL;
    }
  sweep (parent);
  path = g_strdup_printf ("%s/%d-XXXXXX", parent, (int) getpid ());
  if (strlen (path) + ROOM_FOR_NAMES > BO_UNIX_SOCKET_PATH_MAX)
    {
      errno = ENAMETOOLONG;
      return NULL;
    }
  if (g_mkdtemp_full (path, 0700) == NULL)
    return NULL;
  return g_steal_pointer (&path);
}

/**
 * bo_private_folder_new:
 *
 * Makes a folder under the user's runtime folder or, where a socket's path
 * would be longer than the system allows, under /tmp.
 *
 * Returns: (transfer full): its path
 */
char *
bo_private_folder_new (GError **error)
{
  g_autofree char *parent = g_build_filename (g_get_user_runtime_dir (), "bakeoff", NULL);
  g_autofree char *fallback = g_strdup_printf ("/tmp/bakeoff-%u", (guint) geteuid ());
  char *path = make_in (parent);

  if (path == NULL)
    {
      g_debug ("%s: %s", parent, g_strerror (errno));
      path = make_in (fallback);
    }
  if (path == NULL)
    g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno),
                 _ ("cannot make a private folder in “%s”: %s"), fallback, g_strerror (errno));
  return path;
}

/**
 * bo_private_folder_remove:
 * @folder: what bo_private_folder_new() made
 *
 * Removes it with the sockets in it.
 */
void
bo_private_folder_remove (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      g_unlink (path);
    }
  if (g_rmdir (folder) != 0)
    g_debug ("%s: %s", folder, g_strerror (errno));
}
