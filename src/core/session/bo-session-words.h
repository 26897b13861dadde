/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "session/bo-session.h"

G_BEGIN_DECLS

/* How a session stands, in plain words, the same in every face. */

char *bo_session_describe_stage (BoSession *session);
char *bo_session_describe_preparation (const BoSessionProgress *progress);
char *bo_session_describe_link (BoSession *session);
const char *bo_session_describe_consequence (BoSession *session);
char *bo_session_describe_step (const BoTrial *trial);

char *bo_link_describe (BoLinkState state, const GError *error, gint64 since_us, gint64 next_us, gint64 now_us);
const char *bo_phase_kind_get_title (BoPhaseKind kind);

G_END_DECLS
