/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "journal/bo-telemetry.h"
#include "results/bo-campaign.h"
#include "results/bo-trial.h"

G_BEGIN_DECLS

#define BO_TYPE_MACHINE_VIEW (bo_machine_view_get_type ())
G_DECLARE_FINAL_TYPE (BoMachineView, bo_machine_view, BO, MACHINE_VIEW, GtkWidget)

/*
 * What the machine is like, a card for each thing that it tells; invisible
 * where it tells nothing.
 */
void bo_machine_view_clear (BoMachineView *self);
void bo_machine_view_add (BoMachineView *self, const BoTelemetrySample *sample);
void bo_machine_view_load (BoMachineView *self, const char *folder, BoCampaign *campaign, const char *trial_id);
void bo_machine_view_set_flags (BoMachineView *self, const BoTrial *trial);
guint bo_machine_view_count_cards (BoMachineView *self);

G_END_DECLS
