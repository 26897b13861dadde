/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bo-play-script.h"
#include "bo-volume-commands.h"
#include "bo-volume-contents.h"
#include "bo-volume-needs.h"

static void
keep_campaign (int campaign_fd, const char *id, void *user_data)
{
  BoVolumeNeeds *needs = user_data;

  if (bo_volume_read_state (campaign_fd) != BO_VOLUME_ENDED)
    bo_volume_needs_add_folder (needs, campaign_fd);
}

static int
compare_use (const void *a, const void *b)
{
  const BoVolumeFile *one = a;
  const BoVolumeFile *other = b;

  if (one->used_s != other->used_s)
    return one->used_s < other->used_s ? -1 : 1;
  if (one->used_ns != other->used_ns)
    return one->used_ns < other->used_ns ? -1 : 1;
  return memcmp (one->hash, other->hash, sizeof one->hash);
}

/* Removes the longest unused ones; counts what has gone. */
static int
trim (int files_fd,
      const BoVolumeFiles *files,
      const BoVolumeNeeds *needs,
      uint64_t limit,
      uint64_t *n,
      uint64_t *bytes)
{
  uint64_t left = files->bytes;

  for (size_t i = 0; i < files->length && left > limit; i++)
    {
      const BoVolumeFile *file = &files->files[i];
      char name[2 * BO_SHA256_SIZE + 1];
      char path[2 * BO_SHA256_SIZE + 4];
      int folder_fd = -1;
      int code = 0;

      if (bo_volume_needs_have (needs, file->hash))
        continue;
      bo_sha256_to_text (file->hash, name);
      snprintf (path, sizeof path, "%.2s", name);
      folder_fd = bo_volume_open_folder (files_fd, path);
      if (folder_fd < 0 || unlinkat (folder_fd, name, 0) != 0)
        code = errno;
      if (folder_fd >= 0)
        close (folder_fd);
      if (code != 0 && code != ENOENT)
        return bo_volume_problem (BO_COURIER_EXIT_FAILED, "files/%.2s/%s: %s", name, name, strerror (code));
      left -= file->size;
      if (code == ENOENT)
        continue;
      (*n)++;
      *bytes += file->size;
    }
  return BO_COURIER_EXIT_OK;
}

/* VOLUME BYTES */
int
bo_volume_trim (int argc, char **argv)
{
  uint64_t limit = 0;
  int volume_fd = -1;
  int files_fd = -1;
  BoVolumeFiles files = { 0 };
  BoVolumeNeeds needs = { 0 };
  uint64_t n = 0;
  uint64_t bytes = 0;
  int status = BO_COURIER_EXIT_OK;

  if (!bo_span_to_number ((BoSpan){ argv[1], strlen (argv[1]) }, INT64_MAX, &limit))
    return bo_volume_problem (BO_COURIER_EXIT_USAGE, "this is no number of bytes: %s", argv[1]);
  volume_fd = bo_volume_open (argv[0]);
  if (volume_fd < 0)
    return BO_COURIER_EXIT_INPUT;

  /* The files first: one that comes meanwhile is not among them. */
  if (!bo_volume_files_read (&files, volume_fd))
    status = bo_volume_problem (BO_COURIER_EXIT_FAILED, "files: %s", strerror (errno));
  else if (!bo_volume_each_campaign (volume_fd, keep_campaign, &needs))
    status = bo_volume_problem (BO_COURIER_EXIT_FAILED, "campaigns: %s", strerror (errno));
  else if (files.bytes > limit)
    {
      qsort (files.files, files.length, sizeof *files.files, compare_use);
      files_fd = bo_volume_open_folder (volume_fd, "files");
      if (files_fd < 0)
        status = bo_volume_problem (BO_COURIER_EXIT_FAILED, "files: %s", strerror (errno));
      else
        {
          status = trim (files_fd, &files, &needs, limit, &n, &bytes);
          close (files_fd);
        }
    }
  printf ("trimmed %llu %llu\n", (unsigned long long) n, (unsigned long long) bytes);
  bo_volume_needs_clear (&needs);
  bo_volume_files_clear (&files);
  close (volume_fd);
  return bo_volume_finish (status);
}
