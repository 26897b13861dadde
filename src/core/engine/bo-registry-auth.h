/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/*
 * The user's credentials for a registry, as "docker login" saved them on this
 * computer, in the form in which an engine takes them. They go into no log and
 * no message.
 */
void bo_registry_auth_lookup_async (const char *key,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data);
char *bo_registry_auth_lookup_finish (GAsyncResult *result, GError **error);

G_END_DECLS
