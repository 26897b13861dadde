/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What the courier's commands print (src/courier/bo-volume-format.h). It comes from a device and is not
 * trusted. */

/**
 * BoVolumeUsage:
 * @n_contents, @contents_bytes: of files/
 * @n_incoming, @incoming_bytes: of incoming/
 * @campaigns_bytes: of all campaigns' folders
 * @campaigns: (element-type utf8 utf8): id of a campaign -> "waiting", "playing", "unfinished" or "ended"
 */
typedef struct
{
  guint64 n_contents;
  guint64 contents_bytes;
  guint64 n_incoming;
  guint64 incoming_bytes;
  guint64 campaigns_bytes;
  GHashTable *campaigns;
} BoVolumeUsage;

BoVolumeUsage *bo_volume_usage_parse (const char *text, GError **error);
void bo_volume_usage_free (BoVolumeUsage *usage);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoVolumeUsage, bo_volume_usage_free)

gboolean
bo_volume_parse_count (const char *text, const char *word, guint64 *n, guint64 *bytes, GError **error);
/* (element-type BoMissingContent) */
GArray *bo_volume_parse_missing (const char *text, GError **error);

G_END_DECLS
