/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-tar-header"

#include "config.h"

#include <string.h>

#include "context/bo-tar-header.h"

/*
 * POSIX ustar, and GNU's extensions where that does not hold: a member of its
 * own for a long name ('L') or link ('K'), and numbers in base 256. GNU's are
 * chosen over PAX since they take any bytes, and names need not be UTF-8.
 */
typedef struct
{
  char name[100];
  char mode[8];
  char uid[8];
  char gid[8];
  char size[12];
  char mtime[12];
  char checksum[8];
  char type;
  char link[100];
  char magic[6];
  char version[2];
  char uname[32];
  char gname[32];
  char major[8];
  char minor[8];
  char prefix[155];
  char rest[12];
} Header;

G_STATIC_ASSERT (sizeof (Header) == BO_TAR_BLOCK);

#define OCTAL_MAX_SIZE G_GUINT64_CONSTANT (077777777777)
#define LONG_LINK_NAME "././@LongLink"

static void
set_octal (char *field, gsize length, guint64 value)
{
  g_autofree char *digits = g_strdup_printf ("%0*" G_GINT64_MODIFIER "o", (int) length - 1, value);

  g_assert (strlen (digits) < length);
  memcpy (field, digits, length);
}

/* Octal, or GNU's base 256: the top bit of the field set, the number big-endian behind it. */
static void
set_number (char *field, gsize length, guint64 value)
{
  if (value <= OCTAL_MAX_SIZE)
    {
      set_octal (field, length, value);
      return;
    }
  memset (field, 0, length);
  field[0] = (char) 0x80;
  for (gsize i = 0; i < sizeof value; i++)
    field[length - 1 - i] = (char) ((value >> (8 * i)) & 0xff);
}

static void
set_checksum (Header *header)
{
  const guint8 *bytes = (const guint8 *) header;
  guint sum = 0;

  memset (header->checksum, ' ', sizeof header->checksum);
  for (gsize i = 0; i < sizeof *header; i++)
    sum += bytes[i];
  g_snprintf (header->checksum, sizeof header->checksum, "%06o", sum);
  header->checksum[7] = ' ';
}

/* Puts @path into name and prefix; FALSE when ustar has no room for it. */
static gboolean
set_name (Header *header, const char *path)
{
  gsize length = strlen (path);

  if (length <= sizeof header->name)
    {
      memcpy (header->name, path, length);
      return TRUE;
    }
  if (length > sizeof header->name + 1 + sizeof header->prefix)
    return FALSE;

  /* The name gets as much as it can hold; a part must be left on both sides. */
  for (gsize i = length - sizeof header->name - 1; i < length - 1; i++)
    {
      if (path[i] != '/' || i == 0)
        continue;
      if (i > sizeof header->prefix)
        return FALSE;
      memcpy (header->prefix, path, i);
      memcpy (header->name, path + i + 1, length - i - 1);
      return TRUE;
    }
  return FALSE;
}

static char *
name_of (const char *path, gboolean is_folder)
{
  return g_strconcat (path, is_folder ? "/" : NULL, NULL);
}

/**
 * bo_tar_path_is_plain:
 * @path: a path
 * @is_folder: whether it is a folder's
 *
 * Returns: whether @path fits a POSIX ustar header without any extension
 */
gboolean
bo_tar_path_is_plain (const char *path, gboolean is_folder)
{
  g_autofree char *name = NULL;
  Header header = { 0 };

  g_return_val_if_fail (path != NULL, FALSE);

  name = name_of (path, is_folder);
  return set_name (&header, name);
}

/* A member of GNU's whose content is a name that does not fit, with its NUL. */
static void
append_long_name (GByteArray *tar, char type, const char *name)
{
  Header header = { 0 };
  gsize size = strlen (name) + 1;

  memcpy (header.name, LONG_LINK_NAME, strlen (LONG_LINK_NAME));
  set_octal (header.mode, sizeof header.mode, 0);
  set_octal (header.uid, sizeof header.uid, 0);
  set_octal (header.gid, sizeof header.gid, 0);
  set_octal (header.size, sizeof header.size, size);
  set_octal (header.mtime, sizeof header.mtime, 0);
  header.type = type;
  memcpy (header.magic, "ustar ", 6);
  memcpy (header.version, " ", 2);
  set_checksum (&header);

  g_byte_array_append (tar, (const guint8 *) &header, sizeof header);
  g_byte_array_append (tar, (const guint8 *) name, size);
  bo_tar_append_padding (tar, size);
}

/**
 * bo_tar_append_header:
 * @tar: where to
 * @member: a member
 *
 * Appends the head of a member, with what must come before it when its name,
 * link or size is beyond ustar. Owner and group are root, as docker sends them.
 */
void
bo_tar_append_header (GByteArray *tar, const BoTarMember *member)
{
  Header header = { 0 };
  g_autofree char *name = NULL;
  gboolean gnu = member->size > OCTAL_MAX_SIZE;

  g_return_if_fail (tar != NULL);
  g_return_if_fail (member != NULL && member->path != NULL);
  g_return_if_fail (member->type == '0' || member->size == 0);

  name = name_of (member->path, member->type == '5');
  if (!set_name (&header, name))
    {
      append_long_name (tar, 'L', name);
      memset (header.prefix, 0, sizeof header.prefix);
      memcpy (header.name, name, sizeof header.name);
      gnu = TRUE;
    }
  if (member->link != NULL)
    {
      gsize length = strlen (member->link);

      if (length > sizeof header.link)
        {
          append_long_name (tar, 'K', member->link);
          gnu = TRUE;
        }
      memcpy (header.link, member->link, MIN (length, sizeof header.link));
    }
  if (gnu && header.prefix[0] != '\0')
    {
      /* GNU's header has other things where ustar has the prefix. */
      memset (header.prefix, 0, sizeof header.prefix);
      memset (header.name, 0, sizeof header.name);
      append_long_name (tar, 'L', name);
      memcpy (header.name, name, MIN (strlen (name), sizeof header.name));
    }

  set_octal (header.mode, sizeof header.mode, member->mode);
  set_octal (header.uid, sizeof header.uid, 0);
  set_octal (header.gid, sizeof header.gid, 0);
  set_number (header.size, sizeof header.size, member->size);
  set_number (header.mtime, sizeof header.mtime, member->mtime);
  header.type = member->type;
  memcpy (header.magic, gnu ? "ustar " : "ustar", 6);
  memcpy (header.version, gnu ? " " : "00", 2);
  if (member->type == '3' || member->type == '4')
    {
      set_octal (header.major, sizeof header.major, member->major);
      set_octal (header.minor, sizeof header.minor, member->minor);
    }
  set_checksum (&header);
  g_byte_array_append (tar, (const guint8 *) &header, sizeof header);
}

/**
 * bo_tar_append_padding:
 * @tar: where to
 * @size: bytes of the content that was just appended
 *
 * Appends zeros up to the next block.
 */
void
bo_tar_append_padding (GByteArray *tar, guint64 size)
{
  static const guint8 zeros[BO_TAR_BLOCK];
  guint over = size % BO_TAR_BLOCK;

  g_return_if_fail (tar != NULL);

  if (over > 0)
    g_byte_array_append (tar, zeros, BO_TAR_BLOCK - over);
}

/**
 * bo_tar_append_end:
 * @tar: where to
 *
 * Appends the two empty blocks that end a tar.
 */
void
bo_tar_append_end (GByteArray *tar)
{
  static const guint8 zeros[2 * BO_TAR_BLOCK];

  g_return_if_fail (tar != NULL);

  g_byte_array_append (tar, zeros, sizeof zeros);
}
