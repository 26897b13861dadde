/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "activity/bo-log-rows.h"

G_BEGIN_DECLS

/* The header of a step in a log: what it is, how it went, and whether its lines are folded away. */
#define BO_TYPE_LOG_HEADER (bo_log_header_get_type ())
G_DECLARE_FINAL_TYPE (BoLogHeader, bo_log_header, BO, LOG_HEADER, GtkWidget)

BoLogHeader *bo_log_header_new (void);
void bo_log_header_show (BoLogHeader *self, const BoLogPart *part, gboolean folded, gboolean live, gboolean narrow);
guint bo_log_header_get_id (BoLogHeader *self);

G_END_DECLS
