/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-twin"

#include "config.h"

#include <string.h>

#include <archive.h>
#include <archive_entry.h>

#include "bench/bo-twin.h"
#include "study/bo-names.h"

#define TAR_MAX (16 * 1024)

/**
 * bo_twin_make_context:
 * @image_id: id of the base image ("sha256:…")
 * @campaign_id: whose twin it is
 *
 * The twin of a base image is the same image with our label on it. It pins a
 * moving tag for the whole campaign, and everything that the classic builder
 * makes on top of it, also the containers of its RUN steps and what a failed
 * build leaves behind, inherits the label; so it can be found and removed by
 * label alone. No layer is added. The `labels` parameter of POST /build would do
 * neither: it adds a step at the end.
 *
 * Returns: (transfer full): the tar of a context that holds its Dockerfile
 */
GBytes *
bo_twin_make_context (const char *image_id, const char *campaign_id)
{
  g_autofree char *text = g_strdup_printf ("FROM %s\nLABEL %s=\"%s\" %s=\"base\"\n", image_id, BO_LABEL_CAMPAIGN,
                                           campaign_id, BO_LABEL_ROLE);
  g_autofree guint8 *buffer = g_malloc (TAR_MAX);
  struct archive *archive = archive_write_new ();
  struct archive_entry *entry = archive_entry_new ();
  size_t used = 0;
  int status;

  status = archive_write_set_format_ustar (archive);
  status |= archive_write_set_bytes_per_block (archive, 0);
  status |= archive_write_open_memory (archive, buffer, TAR_MAX, &used);
  archive_entry_set_pathname (entry, "Dockerfile");
  archive_entry_set_filetype (entry, AE_IFREG);
  archive_entry_set_perm (entry, 0644);
  archive_entry_set_mtime (entry, 0, 0);
  archive_entry_set_size (entry, strlen (text));
  status |= archive_write_header (archive, entry);
  if (archive_write_data (archive, text, strlen (text)) != (la_ssize_t) strlen (text))
    status = ARCHIVE_FATAL;
  status |= archive_write_close (archive);
  archive_entry_free (entry);
  archive_write_free (archive);

  /* All of it is in memory and small; only a lack of memory could fail. */
  g_assert (status == ARCHIVE_OK);
  return g_bytes_new (buffer, used);
}
