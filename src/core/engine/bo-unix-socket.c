/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-unix-socket"

#include "config.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <glib/gi18n.h>

#include "engine/bo-engine-error.h"
#include "engine/bo-unix-socket.h"

static gboolean
refuse (int errsv, const char *path, GError **error)
{
  switch (errsv)
    {
    case ENOENT:
    case ENOTDIR:
      g_set_error (error, BO_ENGINE_ERROR, BO_ENGINE_ERROR_SOCKET_MISSING, _ ("there is no socket “%s”: %s"),
                   path, g_strerror (errsv));
      break;
    case EACCES:
    case EPERM:
      g_set_error (error, BO_ENGINE_ERROR, BO_ENGINE_ERROR_SOCKET_DENIED,
                   _ ("you may not use the socket “%s”: %s"), path, g_strerror (errsv));
      break;
    case ECONNREFUSED:
      g_set_error (error, BO_ENGINE_ERROR, BO_ENGINE_ERROR_REFUSED,
                   _ ("nothing listens at the socket “%s”: %s. The engine is not running."), path,
                   g_strerror (errsv));
      break;
    default:
      g_set_error (error, BO_ENGINE_ERROR, BO_ENGINE_ERROR_UNREACHABLE,
                   _ ("the socket “%s” cannot be used: %s"), path, g_strerror (errsv));
      break;
    }
  return FALSE;
}

/**
 * bo_unix_socket_check:
 * @path: path of a socket on this computer
 *
 * Connects to the socket once, to say exactly what is wrong when it cannot be
 * used: missing, no permission, something else, or nobody behind it.
 *
 * Returns: whether it can be connected to
 */
gboolean
bo_unix_socket_check (const char *path, GError **error)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  struct stat info;
  int fd, rc, errsv;

  g_return_val_if_fail (path != NULL, FALSE);

  if (strlen (path) > BO_UNIX_SOCKET_PATH_MAX)
    {
      g_set_error (error, BO_ENGINE_ERROR, BO_ENGINE_ERROR_URL,
                   _ ("the path “%s” is longer than the %d bytes that a socket's path can have"), path,
                   BO_UNIX_SOCKET_PATH_MAX);
      return FALSE;
    }
  if (stat (path, &info) != 0)
    return refuse (errno, path, error);
  if (!S_ISSOCK (info.st_mode))
    {
      g_set_error (error, BO_ENGINE_ERROR, BO_ENGINE_ERROR_SOCKET_MISSING, _ ("“%s” is not a socket"), path);
      return FALSE;
    }

  fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0)
    return refuse (errno, path, error);
  memcpy (address.sun_path, path, strlen (path) + 1);
  rc = connect (fd, (struct sockaddr *) &address, sizeof address);
  errsv = errno;
  close (fd);
  /* EAGAIN: its queue is full, so somebody listens. */
  if (rc != 0 && errsv != EAGAIN)
    return refuse (errsv, path, error);
  return TRUE;
}
