/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "engine/bo-engine.h"
#include "engine/bo-pull-progress.h"

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

BoEngineImage *bo_engine_image_new_from_json (JsonNode *node, GError **error);
void bo_engine_image_free (BoEngineImage *image);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoEngineImage, bo_engine_image_free)

/**
 * BoEngineImageEntry: one image of a list
 * @id: "sha256:..."
 * @parent: (nullable): id of the image that it was made from, with the classic builder
 * @tags: (element-type utf8): RepoTags
 * @size: bytes
 * @created: seconds since 1970
 * @labels: (element-type utf8 utf8)
 */
typedef struct
{
  char *id;
  char *parent;
  GPtrArray *tags;
  gint64 size;
  gint64 created;
  GHashTable *labels;
} BoEngineImageEntry;

/**
 * BoEngineHistoryEntry: one instruction of an image, newest first
 * @id: (nullable): the classic builder's intermediate image; %NULL for "<missing>"
 * @created: seconds since 1970
 * @created_by: the instruction as the builder wrote it down
 * @size: bytes that it added
 * @comment: (nullable): "buildkit.dockerfile.v0"
 * @tags: (element-type utf8)
 */
typedef struct
{
  char *id;
  gint64 created;
  char *created_by;
  gint64 size;
  char *comment;
  GPtrArray *tags;
} BoEngineHistoryEntry;

void bo_engine_inspect_image_async (BoEngine *engine,
                                    const char *reference,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data);
BoEngineImage *bo_engine_inspect_image_finish (BoEngine *engine, GAsyncResult *result, GError **error);

/* (element-type BoEngineImageEntry) */
void bo_engine_list_images_async (BoEngine *engine,
                                  const char *label,
                                  gboolean all,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
GPtrArray *bo_engine_list_images_finish (BoEngine *engine, GAsyncResult *result, GError **error);

/* (element-type BoEngineHistoryEntry) */
void bo_engine_image_history_async (BoEngine *engine,
                                    const char *reference,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data);
GPtrArray *bo_engine_image_history_finish (BoEngine *engine, GAsyncResult *result, GError **error);

void bo_engine_tag_image_async (BoEngine *engine,
                                const char *reference,
                                const char *new_name,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
gboolean bo_engine_tag_image_finish (BoEngine *engine, GAsyncResult *result, GError **error);

void bo_engine_remove_image_async (BoEngine *engine,
                                   const char *reference,
                                   gboolean force,
                                   gboolean noprune,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data);
gboolean bo_engine_remove_image_finish (BoEngine *engine, GAsyncResult *result, GError **error);

void bo_engine_prune_images_async (BoEngine *engine,
                                   const char *label,
                                   gboolean dangling,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data);
gboolean
bo_engine_prune_images_finish (BoEngine *engine, GAsyncResult *result, gint64 *freed_bytes, GError **error);

/* (element-type utf8): the engine's names of what it loaded: tags, or ids of untagged images */
void bo_engine_load_images_async (BoEngine *engine,
                                  GInputStream *tar,
                                  gssize length,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
GPtrArray *bo_engine_load_images_finish (BoEngine *engine, GAsyncResult *result, GError **error);

/* Called after each line of a pull. */
typedef void (*BoEnginePullFunc) (BoPullProgress *progress, gpointer user_data);

void bo_engine_pull_image_async (BoEngine *engine,
                                 const char *reference,
                                 BoEnginePullFunc progress_func,
                                 gpointer progress_data,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);
BoEngineImage *bo_engine_pull_image_finish (BoEngine *engine, GAsyncResult *result, GError **error);

G_END_DECLS
