/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "bo-volume.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "bo-memory.h"

/* Deeper folders than these were not made by us. */
#define DEPTH_MAX 40

int
bo_volume_problem (int status, const char *format, ...)
{
  va_list args;

  fputs ("bakeoff-courier: ", stderr);
  va_start (args, format);
  vfprintf (stderr, format, args);
  va_end (args);
  fputc ('\n', stderr);
  return status;
}

int
bo_volume_finish (int status)
{
  if (fflush (stdout) != 0 || ferror (stdout))
    return bo_volume_problem (BO_COURIER_EXIT_FAILED, "standard output: %s", strerror (errno));
  return status;
}

bool
bo_volume_is_id (const char *text)
{
  size_t length = strlen (text);

  if (length == 0 || length > BO_SCRIPT_ID_MAX || text[0] == '.' || text[0] == '-')
    return false;
  for (size_t i = 0; i < length; i++)
    {
      char c = text[i];

      if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_'
            || c == '-'))
        return false;
    }
  return true;
}

int
bo_volume_open (const char *path)
{
  int fd = open (path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

  if (fd < 0)
    bo_volume_problem (0, "%s: %s", path, strerror (errno));
  return fd;
}

int
bo_volume_open_folder (int folder_fd, const char *name)
{
  return openat (folder_fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

int
bo_volume_make_folder (int folder_fd, const char *name)
{
  if (mkdirat (folder_fd, name, 0700) != 0 && errno != EEXIST)
    return -1;
  return bo_volume_open_folder (folder_fd, name);
}

bool
bo_volume_make_path (const char *path)
{
  size_t length = strlen (path);
  char *part = bo_memory_new (length + 1);
  bool good = true;

  for (size_t i = 1; i <= length && good; i++)
    {
      if (path[i] != '/' && path[i] != '\0')
        continue;
      memcpy (part, path, i);
      part[i] = '\0';
      good = mkdir (part, 0700) == 0 || errno == EEXIST;
    }
  free (part);
  return good;
}

int
bo_volume_open_campaign (int volume_fd, const char *id)
{
  int campaigns_fd = -1;
  int fd = -1;
  int code = 0;

  if (!bo_volume_is_id (id))
    {
      bo_volume_problem (0, "“%s” is no id of a campaign", id);
      return -1;
    }
  campaigns_fd = bo_volume_open_folder (volume_fd, "campaigns");
  fd = campaigns_fd >= 0 ? bo_volume_open_folder (campaigns_fd, id) : -1;
  code = errno;
  if (campaigns_fd >= 0)
    close (campaigns_fd);
  if (fd < 0)
    bo_volume_problem (0, "campaigns/%s: %s", id, strerror (code));
  errno = code;
  return fd;
}

int
bo_volume_open_file (int folder_fd, const char *name, struct stat *info)
{
  /* O_NONBLOCK: a pipe of that name must not hold us up. */
  int fd = openat (folder_fd, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  int code = 0;

  if (fd < 0)
    return -1;
  if (fstat (fd, info) == 0 && S_ISREG (info->st_mode))
    return fd;
  code = S_ISREG (info->st_mode) ? errno : EINVAL;
  close (fd);
  errno = code;
  return -1;
}

ssize_t
bo_volume_read_whole (int fd, void *data, size_t length)
{
  size_t done = 0;

  while (done < length)
    {
      ssize_t n = read (fd, (char *) data + done, length - done);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        return -1;
      if (n == 0)
        break;
      done += (size_t) n;
    }
  return (ssize_t) done;
}

char *
bo_volume_read_file (int folder_fd, const char *name, size_t max, size_t *length)
{
  struct stat info = { 0 };
  int fd = bo_volume_open_file (folder_fd, name, &info);
  char *data = NULL;
  ssize_t n = -1;
  int code = EFBIG;

  if (fd < 0)
    return NULL;
  if (info.st_size >= 0 && (uint64_t) info.st_size <= max)
    {
      data = bo_memory_new ((size_t) info.st_size + 1);
      n = bo_volume_read_whole (fd, data, (size_t) info.st_size);
      code = errno;
    }
  close (fd);
  if (n >= 0)
    {
      *length = (size_t) n;
      return data;
    }
  free (data);
  errno = code;
  return NULL;
}

bool
bo_volume_write_file (int folder_fd, const char *name, const void *data, size_t length)
{
  char part[64];
  int fd = -1;
  size_t done = 0;
  int code = 0;

  snprintf (part, sizeof part, "%s.part", name);
  /* What a killed one left, or a link of that name, is in the way. */
  if (unlinkat (folder_fd, part, 0) != 0 && errno != ENOENT)
    return false;
  fd = openat (folder_fd, part, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (fd < 0)
    return false;
  while (done < length)
    {
      ssize_t n = write (fd, (const char *) data + done, length - done);

      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        break;
      done += (size_t) n;
    }
  if (done < length || fsync (fd) != 0 || renameat (folder_fd, part, folder_fd, name) != 0)
    {
      code = errno != 0 ? errno : EIO;
      unlinkat (folder_fd, part, 0);
    }
  close (fd);
  if (code == 0)
    {
      fsync (folder_fd);
      return true;
    }
  errno = code;
  return false;
}

static bool
remove_tree (int folder_fd, const char *name, uint64_t *bytes, int depth)
{
  struct stat info = { 0 };
  struct dirent *entry = NULL;
  DIR *folder = NULL;
  int fd = -1;
  bool good = true;
  int code = 0;

  if (fstatat (folder_fd, name, &info, AT_SYMLINK_NOFOLLOW) != 0)
    return errno == ENOENT;
  if (!S_ISDIR (info.st_mode))
    {
      if (unlinkat (folder_fd, name, 0) != 0)
        return errno == ENOENT;
      if (S_ISREG (info.st_mode))
        *bytes += (uint64_t) info.st_size;
      return true;
    }
  if (depth >= DEPTH_MAX)
    {
      errno = ELOOP;
      return false;
    }
  fd = bo_volume_open_folder (folder_fd, name);
  folder = fd >= 0 ? fdopendir (fd) : NULL;
  if (folder == NULL)
    {
      code = errno;
      if (fd >= 0)
        close (fd);
      errno = code;
      return false;
    }
  while (good && (entry = readdir (folder)) != NULL)
    {
      if (strcmp (entry->d_name, ".") != 0 && strcmp (entry->d_name, "..") != 0)
        good = remove_tree (fd, entry->d_name, bytes, depth + 1);
    }
  code = errno;
  closedir (folder);
  errno = code;
  return good && (unlinkat (folder_fd, name, AT_REMOVEDIR) == 0 || errno == ENOENT);
}

bool
bo_volume_remove_tree (int folder_fd, const char *name, uint64_t *bytes)
{
  return remove_tree (folder_fd, name, bytes, 0);
}

void
bo_volume_touch_lease (int campaign_fd)
{
  int fd = openat (campaign_fd, "lease", O_WRONLY | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC,
                   0600);

  if (fd < 0)
    return;
  futimens (fd, NULL);
  close (fd);
}

bool
bo_volume_is_locked (int campaign_fd)
{
  struct stat info = { 0 };
  int fd = bo_volume_open_file (campaign_fd, "lock", &info);
  bool locked = false;

  if (fd < 0)
    return false;
  /* Held for no longer than this: a courier that starts tries more than once. */
  locked = flock (fd, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
  close (fd);
  return locked;
}
