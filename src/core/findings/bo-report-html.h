/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "findings/bo-report.h"

G_BEGIN_DECLS

char *bo_report_to_html (const BoReport *report, GError **error);

G_END_DECLS
