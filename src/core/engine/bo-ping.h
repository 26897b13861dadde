/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * BoPing:
 * @api_version: (nullable): the highest API version of the engine ("1.41")
 * @builder_version: (nullable): "1" or "2": the builder that the engine recommends; empty for Podman
 * @os: (nullable): "linux"
 *
 * What GET /_ping answers, in its headers. The engine's own spelling of their
 * names differs from its documentation ("Ostype"), so case is not looked at.
 */
typedef struct
{
  char *api_version;
  char *builder_version;
  char *os;
} BoPing;

void bo_ping_async (const char *socket_path,
                    guint timeout_s,
                    GCancellable *cancellable,
                    GAsyncReadyCallback callback,
                    gpointer user_data);
BoPing *bo_ping_finish (GAsyncResult *result, GError **error);
void bo_ping_free (BoPing *ping);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoPing, bo_ping_free)

G_END_DECLS
