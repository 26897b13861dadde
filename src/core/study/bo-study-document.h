/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * BoStudyDocument:
 *
 * A study file as its text says it, for changing and saving it: keys keep
 * their order, and those that Bakeoff does not know stay. It need not be a
 * valid study; bo_study_load_from_data() judges what bo_study_document_to_text()
 * gives.
 */
typedef struct _BoStudyDocument BoStudyDocument;

/**
 * BoStudyDocumentError:
 * @BO_STUDY_DOCUMENT_ERROR_SYNTAX: the text is no JSON object
 * @BO_STUDY_DOCUMENT_ERROR_PATH: a JSON path is wrong, or leads nowhere
 * @BO_STUDY_DOCUMENT_ERROR_NOT_FOUND: there is no such strategy
 */
typedef enum
{
  BO_STUDY_DOCUMENT_ERROR_SYNTAX,
  BO_STUDY_DOCUMENT_ERROR_PATH,
  BO_STUDY_DOCUMENT_ERROR_NOT_FOUND,
} BoStudyDocumentError;

#define BO_STUDY_DOCUMENT_ERROR (bo_study_document_error_quark ())
GQuark bo_study_document_error_quark (void);

BoStudyDocument *bo_study_document_new (void);
BoStudyDocument *bo_study_document_new_from_data (const char *text, gssize length, GError **error);
BoStudyDocument *bo_study_document_load (const char *file, GError **error);
void bo_study_document_free (BoStudyDocument *document);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoStudyDocument, bo_study_document_free)

JsonNode *bo_study_document_get (BoStudyDocument *document, const char *path, GError **error);
gboolean bo_study_document_set (BoStudyDocument *document, const char *path, JsonNode *value, GError **error);
gboolean bo_study_document_set_string (BoStudyDocument *document,
                                       const char *path,
                                       const char *value,
                                       GError **error);
gboolean bo_study_document_remove (BoStudyDocument *document, const char *path, GError **error);

gboolean bo_study_document_insert_strategy (BoStudyDocument *document,
                                            int position,
                                            JsonNode *strategy,
                                            GError **error);
gboolean bo_study_document_remove_strategy (BoStudyDocument *document, const char *id, GError **error);
gboolean bo_study_document_move_strategy (BoStudyDocument *document, const char *id, guint position, GError **error);

char *bo_study_document_to_text (BoStudyDocument *document);
gboolean bo_study_document_save (BoStudyDocument *document, const char *file, GError **error);

G_END_DECLS
