/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "findings/bo-report-insights.h"

G_BEGIN_DECLS

#define BO_TYPE_INSIGHT_CARD (bo_insight_card_get_type ())
G_DECLARE_FINAL_TYPE (BoInsightCard, bo_insight_card, BO, INSIGHT_CARD, GtkWidget)

BoInsightCard *bo_insight_card_new (BoInsightKind kind);
void bo_insight_card_set_insights (BoInsightCard *self, GPtrArray *insights, const char *language);

G_END_DECLS
