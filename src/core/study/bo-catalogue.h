/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * BoCatalogue: the translations of one language, from a compiled gettext
 * catalogue (.mo)
 *
 * Immutable, so it may be read from any thread.
 */
typedef struct _BoCatalogue BoCatalogue;

BoCatalogue *bo_catalogue_new_from_file (const char *file, GError **error);
BoCatalogue *bo_catalogue_new_from_bytes (GBytes *bytes, GError **error);
void bo_catalogue_free (BoCatalogue *catalogue);
const char *bo_catalogue_lookup (const BoCatalogue *catalogue, const char *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoCatalogue, bo_catalogue_free)

G_END_DECLS
