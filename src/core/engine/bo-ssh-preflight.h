/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * BoSshPreflight:
 * @is_known: whether the device answered at all; if not, nothing below is
 * @path: (nullable): the engine's socket, which the user may use
 * @is_silent: whether nobody listens at @path, as far as the device's kernel tells
 * @has_docker: whether a docker command is there, for when sockets are not forwarded
 *
 * What a look around on the device found. One forwarded socket that does not
 * work looks like another, whatever the reason, so it is looked for beforehand.
 */
typedef struct
{
  gboolean is_known;
  char *path;
  gboolean is_silent;
  gboolean has_docker;
} BoSshPreflight;

char *bo_ssh_preflight_make_script (const char *path);
BoSshPreflight *bo_ssh_preflight_read (const char *output, const char *place, GError **error);
void bo_ssh_preflight_free (BoSshPreflight *preflight);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoSshPreflight, bo_ssh_preflight_free)

G_END_DECLS
