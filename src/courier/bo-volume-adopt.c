/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bo-memory.h"
#include "bo-play-script.h"
#include "bo-volume-commands.h"
#include "bo-volume-needs.h"

#define READ_SIZE (256u * 1024)
/* Beyond that, one sync of all is faster than one for each; below, it would wait for what others write. */
#define SYNC_EACH_MAX 16

typedef struct
{
  int volume_fd, incoming_fd, files_fd;
  BoVolumeContent *whole; /* what is to be moved */
  size_t length, room;
  uint64_t n_dropped, dropped_bytes;
  char *buffer;
} Adoption;

/* The name of a content in incoming/. */
static void
make_name (const BoVolumeContent *content, char *name, size_t size)
{
  char text[2 * BO_SHA256_SIZE + 1];

  bo_sha256_to_text (content->hash, text);
  snprintf (name, size, "%s.%llu", text, (unsigned long long) content->size);
}

static bool
read_name (const char *name, BoVolumeContent *content)
{
  const char *point = name + 2 * BO_SHA256_SIZE;

  return strlen (name) > 2 * BO_SHA256_SIZE + 1 && *point == '.'
         && bo_sha256_from_text (name, 2 * BO_SHA256_SIZE, content->hash)
         && bo_span_to_number ((BoSpan){ point + 1, strlen (point + 1) }, INT64_MAX, &content->size);
}

/* Whether the bytes are those that the name says. Also has their size checked. */
static bool
is_whole (Adoption *adoption, const char *name, const BoVolumeContent *content)
{
  struct stat info = { 0 };
  int fd = bo_volume_open_file (adoption->incoming_fd, name, &info);
  uint8_t hash[BO_SHA256_SIZE];
  uint64_t length = 0;
  BoSha256 sum;
  ssize_t n = 0;

  if (fd < 0)
    return false;
  /* A file with a second name could be changed behind our back. */
  if ((uint64_t) info.st_size != content->size || info.st_nlink != 1)
    {
      close (fd);
      return false;
    }
  posix_fadvise (fd, 0, 0, POSIX_FADV_SEQUENTIAL);
  bo_sha256_init (&sum);
  while (length <= content->size && (n = bo_volume_read_whole (fd, adoption->buffer, READ_SIZE)) > 0)
    {
      bo_sha256_feed (&sum, adoption->buffer, (size_t) n);
      length += (uint64_t) n;
    }
  futimens (fd, NULL);
  close (fd);
  bo_sha256_finish (&sum, hash);
  if (n < 0)
    bo_volume_problem (0, "incoming/%s: %s", name, strerror (errno));
  else if (length == content->size && memcmp (hash, content->hash, sizeof hash) != 0)
    bo_volume_problem (0, "incoming/%s: its bytes are not those that its name says", name);
  return n == 0 && length == content->size && memcmp (hash, content->hash, sizeof hash) == 0;
}

/* Sorts incoming/ into what is whole, and what is removed at once. */
static int
look_through (Adoption *adoption)
{
  int fd = dup (adoption->incoming_fd);
  DIR *folder = fd >= 0 ? fdopendir (fd) : NULL;
  char (*others)[NAME_MAX + 1] = NULL;
  size_t n_others = 0;
  size_t room = 0;
  struct dirent *entry = NULL;
  int status = BO_COURIER_EXIT_OK;

  if (folder == NULL)
    {
      status = bo_volume_problem (BO_COURIER_EXIT_FAILED, "incoming: %s", strerror (errno));
      if (fd >= 0)
        close (fd);
      return status;
    }
  while ((entry = readdir (folder)) != NULL)
    {
      BoVolumeContent content;

      if (strcmp (entry->d_name, ".") == 0 || strcmp (entry->d_name, "..") == 0)
        continue;
      if (read_name (entry->d_name, &content) && is_whole (adoption, entry->d_name, &content))
        {
          adoption->whole
              = bo_memory_grow (adoption->whole, sizeof content, adoption->length, &adoption->room);
          adoption->whole[adoption->length++] = content;
          continue;
        }
      others = bo_memory_grow (others, sizeof *others, n_others, &room);
      snprintf (others[n_others++], sizeof *others, "%s", entry->d_name);
    }
  closedir (folder);
  for (size_t i = 0; i < n_others; i++)
    {
      if (bo_volume_remove_tree (adoption->incoming_fd, others[i], &adoption->dropped_bytes))
        adoption->n_dropped++;
      else
        status = bo_volume_problem (BO_COURIER_EXIT_FAILED, "incoming/%s: %s", others[i], strerror (errno));
    }
  free (others);
  return status;
}

/* All bytes of what is to be moved are on the disk; false with errno. */
static bool
sync_all (Adoption *adoption)
{
  if (adoption->length > SYNC_EACH_MAX)
    return syncfs (adoption->volume_fd) == 0;
  for (size_t i = 0; i < adoption->length; i++)
    {
      char name[NAME_MAX + 1];
      struct stat info = { 0 };
      int fd = -1;
      int code = 0;

      make_name (&adoption->whole[i], name, sizeof name);
      fd = bo_volume_open_file (adoption->incoming_fd, name, &info);
      if (fd < 0 || fsync (fd) != 0)
        code = errno;
      if (fd >= 0)
        close (fd);
      if (code != 0)
        {
          errno = code;
          return false;
        }
    }
  return true;
}

static int
compare_contents (const void *a, const void *b)
{
  return memcmp (a, b, BO_SHA256_SIZE);
}

/* Moves one; false with errno. */
static bool
move (Adoption *adoption, const BoVolumeContent *content, int folder_fd)
{
  char from[NAME_MAX + 1];
  char to[2 * BO_SHA256_SIZE + 1];
  uint64_t bytes = 0;

  make_name (content, from, sizeof from);
  bo_sha256_to_text (content->hash, to);
  if (renameat (adoption->incoming_fd, from, folder_fd, to) == 0)
    return true;
  /* A folder in its place is not ours. */
  return errno == EISDIR && bo_volume_remove_tree (folder_fd, to, &bytes)
         && renameat (adoption->incoming_fd, from, folder_fd, to) == 0;
}

static int
move_all (Adoption *adoption, uint64_t *n_moved, uint64_t *bytes)
{
  int folder_fd = -1;
  char folder[3] = "";
  int status = BO_COURIER_EXIT_OK;

  if (adoption->length > 0)
    qsort (adoption->whole, adoption->length, sizeof *adoption->whole, compare_contents);
  for (size_t i = 0; i < adoption->length && status == BO_COURIER_EXIT_OK; i++)
    {
      const BoVolumeContent *content = &adoption->whole[i];
      char name[2 * BO_SHA256_SIZE + 1];

      bo_sha256_to_text (content->hash, name);
      if (folder_fd < 0 || memcmp (folder, name, 2) != 0)
        {
          if (folder_fd >= 0)
            close (folder_fd);
          memcpy (folder, name, 2);
          folder_fd = bo_volume_make_folder (adoption->files_fd, folder);
        }
      if (folder_fd < 0 || !move (adoption, content, folder_fd))
        {
          status
              = bo_volume_problem (BO_COURIER_EXIT_FAILED, "files/%s/%s: %s", folder, name, strerror (errno));
          break;
        }
      (*n_moved)++;
      *bytes += content->size;
    }
  if (folder_fd >= 0)
    close (folder_fd);
  return status;
}

/* VOLUME */
int
bo_volume_adopt (int argc, char **argv)
{
  Adoption adoption = { .volume_fd = -1, .incoming_fd = -1, .files_fd = -1 };
  uint64_t n_moved = 0;
  uint64_t bytes = 0;
  int status = BO_COURIER_EXIT_INPUT;

  adoption.volume_fd = bo_volume_open (argv[0]);
  if (adoption.volume_fd < 0)
    return status;
  adoption.incoming_fd = bo_volume_open_folder (adoption.volume_fd, "incoming");
  if (adoption.incoming_fd < 0 && errno != ENOENT)
    {
      status = bo_volume_problem (status, "incoming: %s", strerror (errno));
      goto out;
    }
  status = BO_COURIER_EXIT_OK;
  if (adoption.incoming_fd >= 0)
    {
      adoption.files_fd = bo_volume_make_folder (adoption.volume_fd, "files");
      if (adoption.files_fd < 0)
        {
          status = bo_volume_problem (BO_COURIER_EXIT_FAILED, "files: %s", strerror (errno));
          goto out;
        }
      adoption.buffer = bo_memory_new (READ_SIZE);
      status = look_through (&adoption);
      if (!sync_all (&adoption))
        status = bo_volume_problem (BO_COURIER_EXIT_FAILED, "the disk: %s", strerror (errno));
      else
        {
          int moved = move_all (&adoption, &n_moved, &bytes);

          status = moved != BO_COURIER_EXIT_OK ? moved : status;
        }
    }
  printf ("adopted %llu %llu\ndropped %llu %llu\n", (unsigned long long) n_moved, (unsigned long long) bytes,
          (unsigned long long) adoption.n_dropped, (unsigned long long) adoption.dropped_bytes);
  status = bo_volume_finish (status);

out:
  free (adoption.buffer);
  free (adoption.whole);
  if (adoption.files_fd >= 0)
    close (adoption.files_fd);
  if (adoption.incoming_fd >= 0)
    close (adoption.incoming_fd);
  close (adoption.volume_fd);
  return status;
}
