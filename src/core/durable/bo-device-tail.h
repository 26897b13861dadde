/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "durable/bo-device-courier.h"

G_BEGIN_DECLS

#define BO_TYPE_DEVICE_TAIL (bo_device_tail_get_type ())
G_DECLARE_FINAL_TYPE (BoDeviceTail, bo_device_tail, BO, DEVICE_TAIL, GObject)

/*
 * Follows a courier on a device: whatever it journals comes, message by
 * message, into a journal on this computer that is equal to it byte by byte (BoJournalMirror), from
 * the last message that is here already. Who shows or records reads that.
 * A courier that waits for its campaign takes this for the sign that somebody is there.
 *
 * Signal "received" (no arguments): there is more in the local journal.
 * Signal "ended" (GError *error, nullable): once. Without error the courier has ended and its whole journal
 * is here; with one the connection was lost (begin another with the next engine), or the courier is DOWN or
 * GONE (what there is of the journal is here), or the journal is damaged, or DIVERGED: then the copy was set
 * aside this moment, and another tail makes a new one, to be read from its begin.
 */
BoDeviceTail *
bo_device_tail_new (BoEngine *engine, const BoDeviceCourier *courier, const char *campaign_folder);
void bo_device_tail_start (BoDeviceTail *self);
void bo_device_tail_stop (BoDeviceTail *self);

G_END_DECLS
