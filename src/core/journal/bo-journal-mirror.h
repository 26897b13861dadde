/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * A copy, on this computer, of a journal that is written elsewhere. Bytes of
 * whole segments or of a stream of messages come in; each message is checked (sum,
 * number) and appended to segment files as its writer cut them, so that every
 * reader of journals can read the copy while it grows.
 */

typedef struct _BoJournalMirror BoJournalMirror;

/*
 * @folder: the journal's; made when it is missing. Goes on after the last whole message that is there.
 * One mirror at a time may write a folder: BO_JOURNAL_ERROR_BUSY.
 */
BoJournalMirror *bo_journal_mirror_new (const char *folder, GError **error);
void bo_journal_mirror_free (BoJournalMirror *mirror);
guint64 bo_journal_mirror_get_last_number (const BoJournalMirror *mirror);
guint32 bo_journal_mirror_get_last_sum (const BoJournalMirror *mirror);
guint64 bo_journal_mirror_get_seen_number (const BoJournalMirror *mirror);
guint bo_journal_mirror_get_segment (const BoJournalMirror *mirror);
gboolean bo_journal_mirror_has_end (const BoJournalMirror *mirror);

/* Begins another run of bytes (after a lost connection, or a file); a torn message of the last one is
 * dropped. */
void bo_journal_mirror_restart (BoJournalMirror *mirror);
/*
 * Messages that are here already are passed over; a gap or a wrong sum is BO_JOURNAL_ERROR_DAMAGED, and
 * the last one with another sum than here BO_JOURNAL_ERROR_DIVERGED.
 */
gboolean bo_journal_mirror_feed (BoJournalMirror *mirror, const guint8 *data, gsize length, GError **error);
/* The same for a whole segment file of the original, at whose end a torn message is passed over. */
gboolean
bo_journal_mirror_feed_segment (BoJournalMirror *mirror, const guint8 *data, gsize length, GError **error);
/* Everything so far is on the disk, and stays there when the power goes. */
gboolean bo_journal_mirror_flush (BoJournalMirror *mirror, GError **error);

gboolean bo_journal_mirror_set_aside (const char *folder, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoJournalMirror, bo_journal_mirror_free)

G_END_DECLS
