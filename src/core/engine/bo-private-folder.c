/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-private-folder"

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
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

struct _BoPrivateFolder
{
  char *path;
  int fd; /* of the folder, locked: the kernel lets go of that with the process, however it ends */
};

static void
remove_folder (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *file = g_build_filename (path, name, NULL);

      g_unlink (file);
    }
  if (g_rmdir (path) != 0)
    g_debug ("%s: %s", path, g_strerror (errno));
}

/* Opens a folder and locks it, unless somebody else has. Returns -1 with errno. */
static int
open_locked (const char *path, int operation)
{
  int fd = open (path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  int errsv;

  while (fd >= 0 && flock (fd, operation) != 0)
    {
      errsv = errno;
      if (errsv == EINTR)
        continue;
      close (fd);
      errno = errsv;
      return -1;
    }
  return fd;
}

/* Removes the folders in @parent that nobody holds. */
static void
sweep (const char *parent)
{
  g_autoptr (GDir) dir = g_dir_open (parent, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (parent, name, NULL);
      int fd = open_locked (path, LOCK_EX | LOCK_NB);

      if (fd < 0)
        continue;
      remove_folder (path);
      close (fd);
    }
}

static BoPrivateFolder *
make_in (const char *parent)
{
  g_autofree char *path = NULL;
  BoPrivateFolder *folder;
  struct stat info;
  int parent_fd, fd, errsv;

  if (g_mkdir_with_parents (parent, 0700) != 0)
    return NULL;
  /* In /tmp somebody else may have made it first. */
  if (lstat (parent, &info) != 0 || !S_ISDIR (info.st_mode) || info.st_uid != geteuid ()
      || (info.st_mode & (S_IWGRP | S_IWOTH)) != 0)
    {
      errno = EPERM;
      return NULL;
    }
  path = g_strdup_printf ("%s/%d-XXXXXX", parent, (int) getpid ());
  if (strlen (path) + ROOM_FOR_NAMES > BO_UNIX_SOCKET_PATH_MAX)
    {
      errno = ENAMETOOLONG;
      return NULL;
    }
  /* Nobody sweeps between the making of a folder and its lock. */
  parent_fd = open_locked (parent, LOCK_EX);
  if (parent_fd < 0)
    return NULL;
  sweep (parent);
  fd = g_mkdtemp_full (path, 0700) == NULL ? -1 : open_locked (path, LOCK_EX | LOCK_NB);
  errsv = errno;
  close (parent_fd);
  if (fd < 0)
    {
      errno = errsv;
      return NULL;
    }
  folder = g_new0 (BoPrivateFolder, 1);
  folder->path = g_steal_pointer (&path);
  folder->fd = fd;
  return folder;
}

/**
 * bo_private_folder_new:
 *
 * Makes a folder under the user's runtime folder or, where a socket's path
 * would be longer than the system allows, under /tmp.
 *
 * Returns: (transfer full): the folder
 */
BoPrivateFolder *
bo_private_folder_new (GError **error)
{
  g_autofree char *parent = g_build_filename (g_get_user_runtime_dir (), "bakeoff", NULL);
  g_autofree char *fallback = g_strdup_printf ("/tmp/bakeoff-%u", (guint) geteuid ());
  BoPrivateFolder *folder = make_in (parent);

  if (folder == NULL)
    {
      g_debug ("%s: %s", parent, g_strerror (errno));
      folder = make_in (fallback);
    }
  if (folder == NULL)
    g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno),
                 _ ("cannot make a private folder in “%s”: %s"), fallback, g_strerror (errno));
  return folder;
}

const char *
bo_private_folder_get_path (BoPrivateFolder *folder)
{
  g_return_val_if_fail (folder != NULL, NULL);

  return folder->path;
}

/**
 * bo_private_folder_get_file:
 * @name: of at most 8 characters
 *
 * Returns: (transfer full): the path of a file in the folder, short enough for a socket
 */
char *
bo_private_folder_get_file (BoPrivateFolder *folder, const char *name)
{
  g_return_val_if_fail (folder != NULL && name != NULL, NULL);

  return g_build_filename (folder->path, name, NULL);
}

/**
 * bo_private_folder_free:
 *
 * Removes it with the sockets in it.
 */
void
bo_private_folder_free (BoPrivateFolder *folder)
{
  g_return_if_fail (folder != NULL);

  remove_folder (folder->path);
  close (folder->fd);
  g_free (folder->path);
  g_free (folder);
}
