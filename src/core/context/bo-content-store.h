/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * BoContentStoreError:
 * @BO_CONTENT_STORE_ERROR_UNREADABLE: the file cannot be opened or read
 * @BO_CONTENT_STORE_ERROR_CHANGING: the file changed each time while it was read
 * @BO_CONTENT_STORE_ERROR_NOT_REGULAR: it is not a regular file (any more)
 * @BO_CONTENT_STORE_ERROR_WRITE: the store itself cannot be written (disk full, permission)
 */
typedef enum
{
  BO_CONTENT_STORE_ERROR_UNREADABLE,
  BO_CONTENT_STORE_ERROR_CHANGING,
  BO_CONTENT_STORE_ERROR_NOT_REGULAR,
  BO_CONTENT_STORE_ERROR_WRITE,
} BoContentStoreError;

#define BO_CONTENT_STORE_ERROR (bo_content_store_error_quark ())
GQuark bo_content_store_error_quark (void);

/**
 * BoContentStore:
 *
 * A folder of file contents by SHA-256 (`ab/<64 hex>`), the same layout as
 * `files/` of a script's folder, so that either can be a link farm of the
 * other. A campaign lasts a night and the user keeps editing; what is in
 * here stays as it was.
 */
#define BO_TYPE_CONTENT_STORE (bo_content_store_get_type ())
G_DECLARE_FINAL_TYPE (BoContentStore, bo_content_store, BO, CONTENT_STORE, GObject)

gboolean bo_content_is_hash (const char *text);

BoContentStore *bo_content_store_new (const char *folder, GError **error);
const char *bo_content_store_get_folder (BoContentStore *self);
char *bo_content_store_get_path (BoContentStore *self, const char *sha256);
gboolean bo_content_store_has (BoContentStore *self, const char *sha256, guint64 *size);
char *bo_content_store_put_file (BoContentStore *self,
                                 const char *path,
                                 guint64 *size,
                                 GCancellable *cancellable,
                                 GError **error);
char *bo_content_store_put_bytes (BoContentStore *self, GBytes *bytes, GError **error);
gboolean bo_content_store_save_identities (BoContentStore *self, GError **error);
gboolean bo_content_store_trim (BoContentStore *self,
                                guint64 max_bytes,
                                GHashTable *keep,
                                guint64 *freed_bytes,
                                GCancellable *cancellable,
                                GError **error);

G_END_DECLS
