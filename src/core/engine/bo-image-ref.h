/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * BoImageRef:
 * @registry: host[:port]; "docker.io" when the text names none
 * @path: "library/debian"
 * @tag: (nullable): NULL only beside a digest
 * @digest: (nullable): "sha256:..."
 *
 * The name of an image, with what the docker command adds to a short one.
 */
typedef struct
{
  char *registry;
  char *path;
  char *tag;
  char *digest;
} BoImageRef;

BoImageRef *bo_image_ref_parse (const char *text, GError **error);
void bo_image_ref_free (BoImageRef *ref);
char *bo_image_ref_get_name (const BoImageRef *ref);
char *bo_image_ref_to_string (const BoImageRef *ref);
const char *bo_image_ref_get_auth_key (const BoImageRef *ref);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoImageRef, bo_image_ref_free)

G_END_DECLS
