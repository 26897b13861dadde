/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "context/bo-content-store.h"

G_BEGIN_DECLS

/**
 * BoMissingContent: a content that a device does not have
 * @sha256: of its bytes
 * @size: bytes
 */
typedef struct
{
  char sha256[65];
  guint64 size;
} BoMissingContent;

/* A tar of contents for incoming/ of a volume, read from a content store piece by piece. */
#define BO_TYPE_CONTENTS_STREAM (bo_contents_stream_get_type ())
G_DECLARE_FINAL_TYPE (BoContentsStream, bo_contents_stream, BO, CONTENTS_STREAM, GInputStream)

BoContentsStream *
bo_contents_stream_new (BoContentStore *store, const BoMissingContent *contents, gsize n_contents);
guint64 bo_contents_stream_get_length (BoContentsStream *self);
guint64 bo_contents_stream_get_read (BoContentsStream *self, guint64 *of_contents);

G_END_DECLS
