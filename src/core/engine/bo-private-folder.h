/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * A folder that only this user can enter (mode 0700), for the sockets of one
 * connection. Those that a killed process left behind are removed when the
 * next one is made.
 */
typedef struct _BoPrivateFolder BoPrivateFolder;

BoPrivateFolder *bo_private_folder_new (GError **error);
char *bo_private_folder_get_file (BoPrivateFolder *folder, const char *name);
const char *bo_private_folder_get_path (BoPrivateFolder *folder);
void bo_private_folder_free (BoPrivateFolder *folder);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoPrivateFolder, bo_private_folder_free)

G_END_DECLS
