/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "findings/bo-document-update.h"
#include "findings/bo-export.h"

G_BEGIN_DECLS

/* What the findings page does in a thread: each is a call or two of the core. */

void bo_findings_work_load_async (const char *campaign_id,
                                  gboolean all_campaigns,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
BoReport *bo_findings_work_load_finish (GAsyncResult *result, GError **error);

void bo_findings_work_remake_async (BoReport *report,
                                    GHashTable *notes,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data);
BoReport *bo_findings_work_remake_finish (GAsyncResult *result, GError **error);

void bo_findings_work_copy_async (BoReport *report,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
char *bo_findings_work_copy_finish (GAsyncResult *result, GError **error);

void bo_findings_work_export_async (BoReport *report,
                                    BoExportFormat format,
                                    GFile *file,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data);
gboolean bo_findings_work_export_finish (GAsyncResult *result, GError **error);

void bo_findings_work_prepare_async (BoReport *report,
                                     GFile *file,
                                     gboolean charts,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data);
BoDocumentUpdate *bo_findings_work_prepare_finish (GAsyncResult *result, GError **error);

/* The caller keeps @update until the callback. */
void bo_findings_work_apply_async (const BoDocumentUpdate *update,
                                   gboolean undo,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data);
gboolean bo_findings_work_apply_finish (GAsyncResult *result, GError **error);

G_END_DECLS
