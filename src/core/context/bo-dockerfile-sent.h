/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

#include "context/bo-dockerfile.h"
#include "study/bo-cell.h"

G_BEGIN_DECLS

/* The build argument whose value makes every first RUN of a stage miss the layer cache. */
#define BO_DOCKERFILE_BUST_ARG "BAKEOFF_BUST"

/**
 * BoDockerfilePrebuilt:
 * @name: the stage name by which the user's file knows the image ("torch-builder")
 * @image: the tag that our prebuild gave it
 */
typedef struct
{
  const char *name;
  const char *image;
} BoDockerfilePrebuilt;

/**
 * BoDockerfileSentOptions:
 * @build_args: (nullable) (element-type utf8 utf8): the build's arguments, for variables in FROM
 * @substitutions: (nullable) (element-type utf8 utf8): image reference, as it is once variables
 *   are replaced, to the reference that is sent in its place
 * @prebuilt: (array length=n_prebuilt) (nullable): stages that come from images made before
 * @bust: whether `ARG BAKEOFF_BUST` follows each FROM (condition `cold-layers`)
 */
typedef struct
{
  GHashTable *build_args;
  GHashTable *substitutions;
  const BoDockerfilePrebuilt *prebuilt;
  guint n_prebuilt;
  gboolean bust;
} BoDockerfileSentOptions;

/**
 * BoDockerfileSent:
 *
 * The Dockerfile that is sent to the engine, and the way back from its lines
 * and steps to the user's. The user's file is never written.
 */
typedef struct _BoDockerfileSent BoDockerfileSent;

BoDockerfileSent *bo_dockerfile_sent_new (BoDockerfile *dockerfile,
                                          const BoDockerfileSentOptions *options,
                                          GError **error);
BoDockerfileSent *bo_dockerfile_sent_ref (BoDockerfileSent *sent);
void bo_dockerfile_sent_unref (BoDockerfileSent *sent);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoDockerfileSent, bo_dockerfile_sent_unref)

GBytes *bo_dockerfile_sent_get_bytes (BoDockerfileSent *sent);
gboolean bo_dockerfile_sent_is_unchanged (BoDockerfileSent *sent);
char *bo_dockerfile_sent_map_target (BoDockerfileSent *sent, const char *target);
guint bo_dockerfile_sent_find_line (BoDockerfileSent *sent, guint sent_line);
gboolean bo_dockerfile_sent_find_step (BoDockerfileSent *sent,
                                       const char *target,
                                       BoBuilder builder,
                                       const char *stage,
                                       guint number,
                                       guint total,
                                       int *instruction);
guint bo_dockerfile_sent_count_steps (BoDockerfileSent *sent, const char *target, BoBuilder builder);

G_END_DECLS
