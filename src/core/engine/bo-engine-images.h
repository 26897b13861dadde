/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "engine/bo-engine.h"

G_BEGIN_DECLS

/**
 * BoEngineImage:
 * @id: "sha256:..."
 * @size: bytes as the engine counts them: the sum of the unpacked layers, but with containerd's
 *   image store packed and unpacked together
 * @created: (nullable): RFC 3339
 * @arch: (nullable): "arm64"
 * @os: (nullable): "linux"
 * @tags: (element-type utf8): RepoTags
 * @digests: (element-type utf8): RepoDigests
 * @layers: (element-type utf8): diff ids of its layers, lowest first
 * @env: (element-type utf8): environment of its configuration, "NAME=VALUE"
 * @labels: (element-type utf8 utf8): labels of its configuration
 */
typedef struct
{
  char *id;
  gint64 size;
  char *created;
  char *arch;
  char *os;
  GPtrArray *tags;
  GPtrArray *digests;
  GPtrArray *layers;
  GPtrArray *env;
  GHashTable *labels;
} BoEngineImage;

BoEngineImage *bo_engine_image_new_from_json (JsonNode *node,
                                 GError **error);
void bo_engine_image_free (BoEngineImage *image);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoEngineImage, bo_engine_image_free)

void bo_engine_inspect_image_async (BoEngine *engine,
                                    const char *reference,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data);
BoEngineImage *bo_engine_inspect_image_finish (BoEngine *engine,
                                         GAsyncResult *result,
                                         GError **error);

G_END_DECLS
