/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * What a request of the script is for: its `about` line, one line of JSON that the
 * compiler writes and the courier copies into the journal.
 */

/**
 * BoRole: what a request is for; those that tidy up after a trial are one
 */
typedef enum
{
  BO_ROLE_OTHER,
  BO_ROLE_WATCH,
  BO_ROLE_BASE,
  BO_ROLE_BASE_IMAGE,
  BO_ROLE_BUILD,
  BO_ROLE_SETTLE,
  BO_ROLE_IMAGE,
  BO_ROLE_HISTORY,
  BO_ROLE_PROBE_CREATE,
  BO_ROLE_PROBE_COPY,
  BO_ROLE_PROBE_START,
  BO_ROLE_PROBE_WAIT,
  BO_ROLE_PROBE_KILL,
  BO_ROLE_PROBE_LOGS,
  BO_ROLE_PROBE_INSPECT,
  BO_ROLE_PROBE_REMOVE,
  BO_ROLE_CLEANUP,
} BoRole;

/**
 * BoRequestAbout:
 * @role: what it is for
 * @trial: (nullable): id of the trial that it belongs to
 * @probe: index of the probe in the trial
 * @run: which of the probe's containers, from 0
 */
typedef struct
{
  BoRole role;
  char *trial;
  guint probe;
  guint run;
} BoRequestAbout;

void bo_request_about_parse (BoRequestAbout *about, const char *text, gsize length);
void bo_request_about_clear (BoRequestAbout *about);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (BoRequestAbout, bo_request_about_clear)

G_END_DECLS
