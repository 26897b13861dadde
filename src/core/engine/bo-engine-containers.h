/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "engine/bo-engine.h"
#include "engine/bo-log-framing.h"

G_BEGIN_DECLS

/**
 * BoEngineContainer:
 * @id: its id
 * @name: without the '/' in front
 * @image_id: (nullable): "sha256:..."
 * @status: "created", "running", "exited", ...
 * @is_running: whether its process runs
 * @exit_code: meaningful when it has ended; 137 with @oom_killed false is a kill from outside
 * @oom_killed: the kernel killed it for want of memory (not seen after AutoRemove)
 * @error: (nullable): why it did not start
 * @started_at: (nullable): RFC 3339 with nanoseconds
 * @finished_at: (nullable): likewise
 * @runtime: (nullable): "runc", "nvidia"
 * @has_terminal: its output is one raw stream
 * @labels: (element-type utf8 utf8)
 */
typedef struct
{
  char *id;
  char *name;
  char *image_id;
  char *status;
  gboolean is_running;
  int exit_code;
  gboolean oom_killed;
  char *error;
  char *started_at;
  char *finished_at;
  char *runtime;
  gboolean has_terminal;
  GHashTable *labels;
} BoEngineContainer;

BoEngineContainer *bo_engine_container_new_from_json (JsonNode *node, GError **error);
void bo_engine_container_free (BoEngineContainer *container);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoEngineContainer, bo_engine_container_free)

/**
 * BoEngineContainerEntry: one container of a list
 * @id: its id
 * @names: (element-type utf8): without the '/' in front
 * @image: as it was named when it was created
 * @state: "running", "exited", ...
 * @created: seconds since 1970
 * @labels: (element-type utf8 utf8)
 */
typedef struct
{
  char *id;
  GPtrArray *names;
  char *image;
  char *state;
  gint64 created;
  GHashTable *labels;
} BoEngineContainerEntry;

void bo_engine_create_container_async (BoEngine *engine,
                                       const char *name,
                                       JsonNode *config,
                                       GCancellable *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer user_data);
char *bo_engine_create_container_finish (BoEngine *engine, GAsyncResult *result, GError **error);

void bo_engine_start_container_async (BoEngine *engine,
                                      const char *container,
                                      GCancellable *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer user_data);
gboolean bo_engine_start_container_finish (BoEngine *engine, GAsyncResult *result, GError **error);

void bo_engine_wait_container_async (BoEngine *engine,
                                     const char *container,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data);
gboolean
bo_engine_wait_container_finish (BoEngine *engine, GAsyncResult *result, int *exit_code, GError **error);

/**
 * BoEngineLogFlags:
 * @BO_ENGINE_LOG_FOLLOW: go on until the container ends
 * @BO_ENGINE_LOG_TIMESTAMPS: RFC 3339 time and a space before each line
 * @BO_ENGINE_LOG_RAW: the container has a terminal: all of it is standard output
 */
typedef enum
{
  BO_ENGINE_LOG_NONE = 0,
  BO_ENGINE_LOG_FOLLOW = 1 << 0,
  BO_ENGINE_LOG_TIMESTAMPS = 1 << 1,
  BO_ENGINE_LOG_RAW = 1 << 2,
} BoEngineLogFlags;

void bo_engine_read_log_async (BoEngine *engine,
                               const char *container,
                               BoEngineLogFlags flags,
                               BoLogFramingFunc func,
                               gpointer func_data,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data);
gboolean bo_engine_read_log_finish (BoEngine *engine, GAsyncResult *result, GError **error);

void bo_engine_inspect_container_async (BoEngine *engine,
                                        const char *container,
                                        GCancellable *cancellable,
                                        GAsyncReadyCallback callback,
                                        gpointer user_data);
BoEngineContainer *
bo_engine_inspect_container_finish (BoEngine *engine, GAsyncResult *result, GError **error);

void bo_engine_kill_container_async (BoEngine *engine,
                                     const char *container,
                                     const char *signal,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data);
gboolean bo_engine_kill_container_finish (BoEngine *engine, GAsyncResult *result, GError **error);

void bo_engine_remove_container_async (BoEngine *engine,
                                       const char *container,
                                       gboolean force,
                                       gboolean volumes,
                                       GCancellable *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer user_data);
gboolean bo_engine_remove_container_finish (BoEngine *engine, GAsyncResult *result, GError **error);

/* (element-type BoEngineContainerEntry), stopped ones too */
void bo_engine_list_containers_async (BoEngine *engine,
                                      const char *label,
                                      GCancellable *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer user_data);
GPtrArray *bo_engine_list_containers_finish (BoEngine *engine, GAsyncResult *result, GError **error);

/* Files: a tar goes in, also before the start, and comes out. */
void bo_engine_put_archive_async (BoEngine *engine,
                                  const char *container,
                                  const char *path,
                                  GInputStream *tar,
                                  gssize length,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
gboolean bo_engine_put_archive_finish (BoEngine *engine, GAsyncResult *result, GError **error);

void bo_engine_get_archive_async (BoEngine *engine,
                                  const char *container,
                                  const char *path,
                                  BoEngineDataFunc func,
                                  gpointer func_data,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
gboolean bo_engine_get_archive_finish (BoEngine *engine, GAsyncResult *result, GError **error);

G_END_DECLS
