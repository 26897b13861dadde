/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "findings/bo-report.h"
#include "results/bo-store.h"

G_BEGIN_DECLS

/*
 * From the store to a report. Blocking; a window calls it in a thread.
 */

/**
 * BoFindingsError:
 * @BO_FINDINGS_ERROR_STUDY: the study text that the campaign keeps cannot be read
 */
typedef enum
{
  BO_FINDINGS_ERROR_STUDY,
} BoFindingsError;

#define BO_FINDINGS_ERROR (bo_findings_error_quark ())
GQuark bo_findings_error_quark (void);

BoReport *bo_findings_load (BoStore *store, const char *campaign_id, gboolean all_campaigns, GError **error);
BoStudy *bo_findings_read_study (const BoCampaign *campaign, GError **error);

G_END_DECLS
