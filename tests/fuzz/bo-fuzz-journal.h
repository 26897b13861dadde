/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

/*
 * Journals in a folder of the target's own, whose messages get the numbers and
 * checksums that they should have.
 */

const char *bo_fuzz_journal_folder (void);
void bo_fuzz_journal_clear (const char *folder);
void bo_fuzz_journal_write (const char *folder, guint segment, const guint8 *bytes, gsize length);
void bo_fuzz_journal_seal (guint8 *bytes, gsize length, gboolean number);
