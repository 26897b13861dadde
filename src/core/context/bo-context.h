/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "context/bo-content-store.h"
#include "context/bo-ignore.h"
#include "study/bo-problem.h"

G_BEGIN_DECLS

/**
 * BoContextType: what an entry of a context is
 * @BO_CONTEXT_HARDLINK: a second name of an earlier file (or symbolic link) in the context
 */
typedef enum
{
  BO_CONTEXT_FILE,
  BO_CONTEXT_FOLDER,
  BO_CONTEXT_SYMLINK,
  BO_CONTEXT_HARDLINK,
  BO_CONTEXT_FIFO,
  BO_CONTEXT_CHAR_DEVICE,
  BO_CONTEXT_BLOCK_DEVICE,
} BoContextType;

/* "file", "dir", "symlink", "hardlink", "fifo", "char-device", "block-device" */
const char *bo_context_type_to_string (BoContextType type);

/**
 * BoContextEntry:
 * @path: relative to the context, '/' between parts, bytes as the file system has them
 * @type: what it is
 * @size: bytes of a file, else 0
 * @mode: permission bits with set-id and sticky bits (07777)
 * @link: (nullable): target of a symbolic link, or @path of the entry that a hard link is a second name of
 * @mtime_us: modification time, microseconds since 1970 (not sent)
 * @major: of a device
 * @minor: of a device
 * @sha256: (nullable): of a file's content, once bo_context_store() has read it
 */
typedef struct
{
  char *path;
  BoContextType type;
  guint64 size;
  guint32 mode;
  char *link;
  gint64 mtime_us;
  guint major;
  guint minor;
  char *sha256;
} BoContextEntry;

/**
 * BoContextIgnored: something that is not sent; a folder stands for all that is in it
 * @path: relative to the context
 * @is_folder: whether it is a folder
 * @n_files: files in it (1 for a file)
 * @size: bytes of these
 */
typedef struct
{
  char *path;
  gboolean is_folder;
  guint64 n_files;
  guint64 size;
} BoContextIgnored;

/**
 * BoContextError:
 * @BO_CONTEXT_ERROR_FOLDER: the context is not a folder that can be read
 * @BO_CONTEXT_ERROR_IGNORE: the ignore file is wrong; docker would refuse it too
 * @BO_CONTEXT_ERROR_UNREADABLE: something in the context cannot be read
 * @BO_CONTEXT_ERROR_CHANGED: something in the context changed under the walk
 */
typedef enum
{
  BO_CONTEXT_ERROR_FOLDER,
  BO_CONTEXT_ERROR_IGNORE,
  BO_CONTEXT_ERROR_UNREADABLE,
  BO_CONTEXT_ERROR_CHANGED,
} BoContextError;

#define BO_CONTEXT_ERROR (bo_context_error_quark ())
GQuark bo_context_error_quark (void);

/**
 * BoContextFlags:
 * @BO_CONTEXT_COUNT_IGNORED: also count what is in ignored folders
 * @BO_CONTEXT_FIND_SECRETS: also look for what should not be sent: by name, and in small files by content
 *
 * Work that only a preview needs.
 */
typedef enum
{
  BO_CONTEXT_COUNT_IGNORED = 1 << 0,
  BO_CONTEXT_FIND_SECRETS = 1 << 1,
} BoContextFlags;

/**
 * BoContextSecret: an entry that looks like a secret
 * @path: relative to the context
 * @reason: in one sentence, translated
 */
typedef struct
{
  char *path;
  char *reason;
} BoContextSecret;

/**
 * BoContext:
 *
 * A build context: what docker would send of a folder, as a list. Made by a
 * walk that reads names alone; bo_context_store() then reads the files, once,
 * and from then on the context does not change with the folder.
 */
typedef struct _BoContext BoContext;

char *bo_context_resolve (const char *folder, const char *path);

BoContext *bo_context_scan (const char *folder,
                            const char *dockerfile,
                            BoIgnoreRule rule,
                            BoContextFlags flags,
                            GCancellable *cancellable,
                            GError **error);
BoContext *bo_context_scan_like (BoContext *other, const char *dockerfile);
void bo_context_scan_async (const char *folder,
                            const char *dockerfile,
                            BoIgnoreRule rule,
                            BoContextFlags flags,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data);
BoContext *bo_context_scan_finish (GAsyncResult *result, GError **error);
BoContext *bo_context_ref (BoContext *context);
void bo_context_unref (BoContext *context);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoContext, bo_context_unref)

/* Called now and then while files are read; bytes of files, not of the tar. */
typedef void (*BoContextProgress) (guint64 done_bytes, guint64 total_bytes, gpointer user_data);

gboolean bo_context_store (BoContext *context,
                           BoContentStore *store,
                           BoContextProgress progress,
                           gpointer user_data,
                           GCancellable *cancellable,
                           GError **error);

const char *bo_context_get_folder (BoContext *context);
const char *bo_context_get_dockerfile (BoContext *context);
GBytes *bo_context_get_dockerfile_bytes (BoContext *context);
const char *bo_context_get_ignore_file (BoContext *context);
BoIgnoreRule bo_context_get_rule (BoContext *context);
gboolean bo_context_rules_may_differ (BoContext *context);
guint bo_context_get_n_entries (BoContext *context);
const BoContextEntry *bo_context_get_entry (BoContext *context, guint index);
const BoContextEntry *bo_context_find (BoContext *context, const char *path);
guint64 bo_context_get_size (BoContext *context);
gboolean bo_context_is_stored (BoContext *context);
GPtrArray *bo_context_get_ignored (BoContext *context);
GPtrArray *bo_context_get_skipped (BoContext *context);
GPtrArray *bo_context_get_secrets (BoContext *context);
GPtrArray *bo_context_get_build_files (BoContext *context);
BoProblems *bo_context_get_problems (BoContext *context);
char *bo_context_compute_hash (BoContext *context);

G_END_DECLS
