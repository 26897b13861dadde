/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "study/bo-strategy-fields.h"
#include "study/bo-study-document.h"
#include "study/bo-study.h"

G_BEGIN_DECLS

/*
 * Changing a study file: it is read, changed, judged as a whole, and written
 * in one piece, unless somebody else wrote it meanwhile.
 */

/**
 * BoStudyEditError:
 * @BO_STUDY_EDIT_ERROR_CHANGED: the file on disk is not what was read any more
 * @BO_STUDY_EDIT_ERROR_INVALID: what would be written is no study; the problems say why
 * @BO_STUDY_EDIT_ERROR_LAST: the only strategy of a study cannot be removed
 */
typedef enum
{
  BO_STUDY_EDIT_ERROR_CHANGED,
  BO_STUDY_EDIT_ERROR_INVALID,
  BO_STUDY_EDIT_ERROR_LAST,
} BoStudyEditError;

#define BO_STUDY_EDIT_ERROR (bo_study_edit_error_quark ())
GQuark bo_study_edit_error_quark (void);

/**
 * BoStudyEdit: a study file that is being changed
 * @file: its path
 * @text: as it was when it was read
 * @document: with the changes
 */
typedef struct
{
  char *file;
  char *text;
  BoStudyDocument *document;
} BoStudyEdit;

/**
 * BoRemovedStrategy: what was taken out of a study, for putting it back
 * @strategy: as the file had it
 * @position: where, from 0
 * @title: for people
 * @was_baseline: whether others were compared with it
 */
typedef struct
{
  JsonNode *strategy;
  guint position;
  char *title;
  gboolean was_baseline;
} BoRemovedStrategy;

BoStudyEdit *bo_study_edit_new (const char *file, const char *text, GError **error);
BoStudyEdit *bo_study_edit_open (const char *file, GError **error);
void bo_study_edit_free (BoStudyEdit *edit);
void bo_removed_strategy_free (BoRemovedStrategy *removed);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoStudyEdit, bo_study_edit_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoRemovedStrategy, bo_removed_strategy_free)

JsonObject *bo_study_edit_get_root (BoStudyEdit *edit);
int bo_study_edit_find_strategy (BoStudyEdit *edit, const char *id);
JsonObject *bo_study_edit_get_strategy (BoStudyEdit *edit, const char *id);
guint bo_study_edit_count_strategies (BoStudyEdit *edit);
char *bo_study_edit_choose_id (BoStudyEdit *edit, const char *wanted);
char *bo_study_edit_duplicate_strategy (BoStudyEdit *edit, const char *id, GError **error);
gboolean bo_study_edit_move_strategy (BoStudyEdit *edit, const char *id, int delta, GError **error);
BoRemovedStrategy *bo_study_edit_remove_strategy (BoStudyEdit *edit, const char *id, GError **error);
gboolean bo_study_edit_restore_strategy (BoStudyEdit *edit, const BoRemovedStrategy *removed, GError **error);
gboolean bo_study_edit_has_same_strategy (BoStudyEdit *edit, BoStudyEdit *other, const char *id);
gboolean bo_study_edit_write_strategy (BoStudyEdit *edit,
                                       const char *id,
                                       const BoStrategyFields *fields,
                                       GError **error);

BoStudy *bo_study_edit_check (BoStudyEdit *edit, BoProblems *problems);
gboolean bo_study_edit_save (BoStudyEdit *edit, BoProblems *problems, GError **error);

G_END_DECLS
