/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "bo-open-study.h"

G_BEGIN_DECLS

#define BO_TYPE_RUN_GUARD (bo_run_guard_get_type ())
G_DECLARE_FINAL_TYPE (BoRunGuard, bo_run_guard, BO, RUN_GUARD, GObject)

/*
 * Looks after a campaign that runs: keeps the computer awake when the campaign
 * would be lost with its sleep, asks before the window closes, and tells
 * when it has ended.
 */
BoRunGuard *bo_run_guard_new (GtkWindow *window, BoOpenStudy *study);
gboolean bo_run_guard_may_close (BoRunGuard *self);
char *bo_run_guard_describe_end (BoSession *session);

G_END_DECLS
