/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "results/bo-trial.h"

G_BEGIN_DECLS

#define BO_TYPE_PHASE_BAR (bo_phase_bar_get_type ())
G_DECLARE_FINAL_TYPE (BoPhaseBar, bo_phase_bar, BO, PHASE_BAR, GtkWidget)

/* The phases of a trial beside each other, as wide as they took, and what is left. */
void bo_phase_bar_set_phases (BoPhaseBar *self,
                              GPtrArray *phases,
                              gboolean is_running,
                              BoPhaseKind current,
                              gint64 current_us,
                              gint64 left_us);

G_END_DECLS
