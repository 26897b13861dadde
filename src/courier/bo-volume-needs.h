/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "bo-sha256.h"
#include "bo-volume.h"

/*
 * The contents that recipes name, each once, in the order in which they were found.
 */

typedef struct
{
  uint8_t hash[BO_SHA256_SIZE];
  uint64_t size;
} BoVolumeContent;

typedef struct
{
  BoVolumeContent *contents;
  size_t length, room;
  uint32_t *slots; /* hash table: indices into contents, plus one */
  size_t n_slots;
} BoVolumeNeeds;

#define BO_VOLUME_PROBLEM_SIZE 320

/*
 * Takes in all recipes that the campaign's script names: script.new, or the
 * script when it has been begun. False with a problem when one of them is not right.
 */
bool bo_volume_needs_add_script (BoVolumeNeeds *needs,
                                 int campaign_fd,
                                 const char *id,
                                 char problem[BO_VOLUME_PROBLEM_SIZE]);

/* Takes in all that can be read of all recipes in the campaign's folder, whether they are right or not. */
void bo_volume_needs_add_folder (BoVolumeNeeds *needs, int campaign_fd);

bool bo_volume_needs_have (const BoVolumeNeeds *needs, const uint8_t hash[BO_SHA256_SIZE]);
void bo_volume_needs_clear (BoVolumeNeeds *needs);

/*
 * Prints those that files/ does not have, and sets the time of use of those
 * that it has. Returns how many are missing.
 */
size_t bo_volume_needs_tell_missing (const BoVolumeNeeds *needs, int volume_fd);
