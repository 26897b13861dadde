/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "context/bo-dockerfile.h"

G_BEGIN_DECLS

/**
 * BoFoundDockerfile: a Dockerfile of a project, as a strategy to be
 * @path: relative to the folder
 * @word: what tells it from the others: "minimal" of "docker/Dockerfile.minimal"; "" for a plain "Dockerfile"
 * @dockerfile: it
 * @image: (nullable): the image that its last stage comes from, or that BASE_IMAGE has as its default
 * @takes_base: whether it builds on ${BASE_IMAGE}
 * @prebuild_as: (nullable): when another one copies from it: the name under which it does
 */
typedef struct
{
  char *path;
  char *word;
  BoDockerfile *dockerfile;
  char *image;
  gboolean takes_base;
  char *prebuild_as;
} BoFoundDockerfile;

void bo_found_dockerfile_free (BoFoundDockerfile *found);
GPtrArray *bo_found_dockerfile_list (const char *folder, GError **error);
GPtrArray *bo_found_dockerfile_get_outer_stages (BoFoundDockerfile *found);

G_END_DECLS
