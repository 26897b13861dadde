/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What a device gets of a campaign's folder on this computer. */

GBytes *bo_hand_over_clean_campaign (GBytes *text, GError **error);
GBytes *bo_hand_over_pack_folder (const char *folder, const char *campaign, GError **error);
/* (element-type utf8): hashes of the contents that its recipes name */
GHashTable *bo_hand_over_list_contents (const char *folder, GError **error);

G_END_DECLS
