/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "bo-sha256.h"
#include "bo-volume.h"

/*
 * What is in files/ and in campaigns/. Whatever has another name than ours, or
 * is no regular file or folder, is passed over.
 */

typedef struct
{
  uint8_t hash[BO_SHA256_SIZE];
  uint64_t size;
  int64_t used_s; /* last use, and its nanoseconds */
  int64_t used_ns;
} BoVolumeFile;

typedef struct
{
  BoVolumeFile *files;
  size_t length, room;
  uint64_t bytes;
} BoVolumeFiles;

/* False with errno; an empty volume has none. */
bool bo_volume_files_read (BoVolumeFiles *files, int volume_fd);
void bo_volume_files_clear (BoVolumeFiles *files);

typedef enum
{
  BO_VOLUME_WAITING, /* nothing was played yet: it is being handed over, or that was broken off */
  BO_VOLUME_PLAYING,
  BO_VOLUME_UNFINISHED, /* it was played, is not over, and no courier is there */
  BO_VOLUME_ENDED,
} BoVolumeState;

BoVolumeState bo_volume_read_state (int campaign_fd);

/* Calls @func for every campaign, in no order, with the fd of its folder. False with errno. */
typedef void (*BoVolumeCampaignFunc) (int campaign_fd, const char *id, void *user_data);
bool bo_volume_each_campaign (int volume_fd, BoVolumeCampaignFunc func, void *user_data);

/* Bytes of the regular files in a folder and all below. */
uint64_t bo_volume_measure (int folder_fd);
