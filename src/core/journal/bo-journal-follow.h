/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib-object.h>

#include "journal/bo-journal-reader.h"

G_BEGIN_DECLS

/*
 * Follows a journal that is being written: hands over each message on the main
 * loop soon after the courier wrote it, without ever holding the loop for long.
 */

#define BO_TYPE_JOURNAL_FOLLOW (bo_journal_follow_get_type ())
G_DECLARE_FINAL_TYPE (BoJournalFollow, bo_journal_follow, BO, JOURNAL_FOLLOW, GObject)

/**
 * BoJournalFollowFunc:
 * @follow: who calls
 * @message: (nullable): the next message, valid during the call; %NULL for "no more so far"
 * @error: (nullable): why it cannot be read on; nothing is called after that
 * @user_data: as given
 *
 * Called for each message, and once after each batch of messages with neither
 * message nor error, so that work can be done once a batch (a database transaction, a redraw).
 */
typedef void (*BoJournalFollowFunc) (BoJournalFollow *follow,
                                     const BoJournalMessage *message,
                                     const GError *error,
                                     gpointer user_data);

BoJournalFollow *bo_journal_follow_new (BoJournalReader *reader,
                                        BoJournalFollowFunc func,
                                        gpointer user_data,
                                        GDestroyNotify notify);
void bo_journal_follow_stop (BoJournalFollow *follow);
void bo_journal_follow_poke (BoJournalFollow *follow);

G_END_DECLS
