/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/types.h>

#include "bo-script-format.h"
#include "bo-volume-format.h"

/*
 * Reading and writing in a volume (bo-volume-format.h). What lies there is not
 * trusted: no symbolic link is followed, and nothing is opened but regular files and folders.
 */

/* What may be a campaign's folder: letters, digits and "._-", the first one no "." or "-". */
bool bo_volume_is_id (const char *text);

/* The volume itself; -1, and the problem is told. */
int bo_volume_open (const char *path);

/* The folder of a campaign; -1, and the problem is told. */
int bo_volume_open_campaign (int volume_fd, const char *id);

/* A folder in a folder; -1 with errno. */
int bo_volume_open_folder (int folder_fd, const char *name);

/* As before, and it is made when it is missing. */
int bo_volume_make_folder (int folder_fd, const char *name);

/* Makes a path and all above it that is missing; false with errno. */
bool bo_volume_make_path (const char *path);

/* A regular file, for reading; -1 with errno, which is EINVAL for anything else of that name. */
int bo_volume_open_file (int folder_fd, const char *name, struct stat *info);

/* All bytes of a regular file of at most @max bytes; NULL with errno. */
char *bo_volume_read_file (int folder_fd, const char *name, size_t max, size_t *length);

/* Writes a file in one piece: after a crash it is the old one or the new one. False with errno. */
bool bo_volume_write_file (int folder_fd, const char *name, const void *data, size_t length);

/* read() until @length bytes are there or the end; -1 with errno. */
ssize_t bo_volume_read_whole (int fd, void *data, size_t length);

/* Removes a file, or a folder and all in it, and adds the bytes of regular files to *@bytes. False with
 * errno. */
bool bo_volume_remove_tree (int folder_fd, const char *name, uint64_t *bytes);

/* Marks that somebody is there; a problem with that is none. */
void bo_volume_touch_lease (int campaign_fd);

/* Whether a courier plays the campaign, or waits for it. */
bool bo_volume_is_locked (int campaign_fd);

/* Tells a problem, and returns @status. */
int bo_volume_problem (int status, const char *format, ...) __attribute__ ((format (printf, 2, 3)));

/* The end of a command that has printed something: returns @status if all of it could be written. */
int bo_volume_finish (int status);
