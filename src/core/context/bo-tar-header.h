/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define BO_TAR_BLOCK 512

/**
 * BoTarMember: the head of one member of a tar
 * @path: name; a folder's needs no '/' at its end
 * @type: type flag of POSIX: '0' file, '1' hard link, '2' symbolic link, '3' character
 *   device, '4' block device, '5' folder, '6' FIFO
 * @mode: permission bits and type bits, as in `st_mode`
 * @size: bytes that follow; 0 unless it is a file
 * @mtime: seconds since 1970
 * @link: (nullable): target of a link
 * @major: of a device
 * @minor: of a device
 */
typedef struct
{
  const char *path;
  char type;
  guint32 mode;
  guint64 size;
  gint64 mtime;
  const char *link;
  guint major;
  guint minor;
} BoTarMember;

gboolean bo_tar_path_is_plain (const char *path, gboolean is_folder);
void bo_tar_append_header (GByteArray *tar, const BoTarMember *member);
void bo_tar_append_padding (GByteArray *tar, guint64 size);
void bo_tar_append_end (GByteArray *tar);

G_END_DECLS
