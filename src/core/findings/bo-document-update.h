/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "findings/bo-findings-update.h"

G_BEGIN_DECLS

/*
 * Filling a document of the user's on disk, in two steps: what would change is
 * shown, and then written, provided that nobody else has written meanwhile.
 * Blocking; a window calls it in a thread.
 */

/**
 * BoDocumentUpdateError:
 * @BO_DOCUMENT_UPDATE_ERROR_CHANGED: the file is not what it was when the update was made ready
 */
typedef enum
{
  BO_DOCUMENT_UPDATE_ERROR_CHANGED,
} BoDocumentUpdateError;

#define BO_DOCUMENT_UPDATE_ERROR (bo_document_update_error_quark ())
GQuark bo_document_update_error_quark (void);

/**
 * BoDocumentUpdate:
 * @path: the document
 * @before: its bytes as they were read
 * @after: what they would become
 * @summary: what was found and filled
 * @charts: (nullable) (element-type BoChart): those that are put into the folder beside it
 */
typedef struct
{
  char *path;
  GBytes *before;
  GBytes *after;
  BoUpdateSummary summary;
  GPtrArray *charts;
} BoDocumentUpdate;

BoDocumentUpdate *
bo_document_update_new (const BoReport *report, const char *path, gboolean charts, GError **error);
void bo_document_update_free (BoDocumentUpdate *update);

gboolean bo_document_update_changes (const BoDocumentUpdate *update);
char *bo_document_update_to_diff (const BoDocumentUpdate *update);
char *bo_document_update_describe (const BoDocumentUpdate *update);
gboolean bo_document_update_apply (const BoDocumentUpdate *update, GError **error);
gboolean bo_document_update_undo (const BoDocumentUpdate *update, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoDocumentUpdate, bo_document_update_free)

G_END_DECLS
