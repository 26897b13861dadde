/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/*
 * The warning that a host has another key than before, with both fingerprints
 * and the command that forgets the old one. It can only be closed; nothing in
 * the window goes on in spite of it.
 */
gboolean bo_host_key_warning_present (GtkWindow *parent, const char *device, const GError *error);

G_END_DECLS
