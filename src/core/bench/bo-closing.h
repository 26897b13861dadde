/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/*
 * What is left to do on an engine when a campaign has ended or was cut off:
 * give the images that stay their names, and remove all others of the campaign.
 * Only what carries the campaign's label or one of its tags is touched.
 */

void bo_closing_run_async (GPtrArray *campaign_ids,
                           GHashTable *keep,
                           const char *socket_path,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data);
gboolean bo_closing_run_finish (GAsyncResult *result, GError **error);

G_END_DECLS
