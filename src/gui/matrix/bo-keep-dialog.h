/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "results/bo-campaign.h"
#include "results/bo-trial.h"

G_BEGIN_DECLS

GtkWindow *bo_keep_dialog_show (GtkWidget *widget, const BoTrial *trial, const BoCampaign *campaign);

G_END_DECLS
