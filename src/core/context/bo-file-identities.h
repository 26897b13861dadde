/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <sys/stat.h>

#include <glib.h>

G_BEGIN_DECLS

/**
 * BoFileIdentities:
 *
 * Which hash a file of these stamps had: what saves reading it again. Kept in a
 * file of the content store's folder; safe to share between threads.
 */
typedef struct _BoFileIdentities BoFileIdentities;

BoFileIdentities *bo_file_identities_new (const char *folder);
void bo_file_identities_free (BoFileIdentities *identities);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoFileIdentities, bo_file_identities_free)

char *bo_file_identities_look_up (BoFileIdentities *identities, const struct stat *st);
void bo_file_identities_remember (BoFileIdentities *identities,
                                  const struct stat *st,
                                  gint64 started_us,
                                  const char *sha256);
void bo_file_identities_forget (BoFileIdentities *identities, GHashTable *removed);
gboolean bo_file_identities_save (BoFileIdentities *identities, GError **error);

G_END_DECLS
