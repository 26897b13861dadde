/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <json-glib/json-glib.h>

#include "context/bo-context.h"

G_BEGIN_DECLS

#define BO_CONTEXT_PREVIEW_LARGEST 10

/**
 * BoContextPreview: a context in a few numbers
 * @n_files: files that are sent, second names (hard links) not counted
 * @n_folders: folders
 * @n_links: symbolic and hard links
 * @n_others: FIFOs and devices
 * @bytes: bytes of the files
 * @tar_bytes: bytes of the tar as the engine gets it, with the Dockerfile as it is
 * @n_ignored: files that are not sent
 * @ignored_bytes: their bytes
 * @largest: (element-type BoContextEntry): the largest files, the largest first; borrowed from @context
 * @context: the context itself
 */
typedef struct
{
  guint64 n_files;
  guint64 n_folders;
  guint64 n_links;
  guint64 n_others;
  guint64 bytes;
  guint64 tar_bytes;
  guint64 n_ignored;
  guint64 ignored_bytes;
  GPtrArray *largest;
  BoContext *context;
} BoContextPreview;

BoContextPreview *bo_context_preview_new (BoContext *context);
void bo_context_preview_free (BoContextPreview *preview);
JsonNode *bo_context_preview_to_json (const BoContextPreview *preview);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoContextPreview, bo_context_preview_free)

G_END_DECLS
