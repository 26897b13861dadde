/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "engine/bo-engine.h"
#include "engine/bo-link-rules.h"

G_BEGIN_DECLS

/*
 * Finds out whether an engine and the way to it live: a ping, and when that is
 * late or fails, a probe of the way. One round at a time.
 */
typedef struct _BoLinkPulse BoLinkPulse;

/**
 * BoLinkPulseFunc:
 * @verdict: what a round came to; never %BO_LINK_VERDICT_WAIT
 * @reason: (nullable): why it is not %BO_LINK_VERDICT_WELL
 *
 * Called once a round. May free the pulse.
 */
typedef void (*BoLinkPulseFunc) (BoLinkVerdict verdict, const GError *reason, gpointer user_data);

BoLinkPulse *bo_link_pulse_new (BoEngine *engine, BoLinkPulseFunc func, gpointer user_data);
void bo_link_pulse_begin (BoLinkPulse *pulse, gboolean suspicious);
void bo_link_pulse_free (BoLinkPulse *pulse);

GError *bo_link_pulse_explain (BoConnection *connection, const GError *error);

G_END_DECLS
