/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * BoChangedHostKey:
 * @host: the host as the known hosts call it: "jetson.local", "[jetson.local]:2222"
 * @key_type: (nullable): "ED25519", of the key that the host has now
 * @new_fingerprint: "SHA256:…", of the key that the host has now
 * @old_fingerprint: (nullable): of the key that it had, when it can be read
 * @file: (nullable): the file of known hosts with the old key
 * @line: its line there, from 1; 0 when not known
 * @command: what removes the old key, for a terminal on this computer
 *
 * A host that shows another key than before.
 */
typedef struct
{
  char *host;
  char *key_type;
  char *new_fingerprint;
  char *old_fingerprint;
  char *file;
  guint line;
  char *command;
} BoChangedHostKey;

BoChangedHostKey *bo_changed_host_key_new (const char *words);
void bo_changed_host_key_free (BoChangedHostKey *changed);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoChangedHostKey, bo_changed_host_key_free)

char *bo_changed_host_key_get_fingerprint (const char *known_hosts_line);

G_END_DECLS
