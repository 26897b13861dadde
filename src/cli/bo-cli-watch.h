/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "session/bo-session.h"

G_BEGIN_DECLS

/**
 * BoCliWatchOptions: how a session is shown
 * @json: one JSON object a line on standard output, for programs
 * @quiet: no progress
 * @detach: leave as soon as the campaign is on the device
 * @stop: end the campaign when it has been found
 * @stop_after_trial: with @stop: let the trial under way finish
 */
typedef struct
{
  gboolean json;
  gboolean quiet;
  gboolean detach;
  gboolean stop;
  gboolean stop_after_trial;
} BoCliWatchOptions;

int bo_cli_watch (BoStore *store, BoSession *session, const BoCliWatchOptions *options);

G_END_DECLS
