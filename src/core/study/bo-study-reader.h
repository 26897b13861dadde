/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <json-glib/json-glib.h>

#include "study/bo-json-map.h"
#include "study/bo-problem.h"
#include "study/bo-study-keys.h"

G_BEGIN_DECLS

/*
 * Reads typed values out of the objects of a study file. Whatever is not as
 * it should be becomes a problem with its path and line; reading goes on with
 * a default, so that one pass finds all there is.
 */

/**
 * BoStudyReader:
 * @problems: (unowned): where problems go
 * @map: (unowned) (nullable): lines of the values
 * @given: (unowned) (nullable): variables from the caller
 * @defaults: (owned): the study's own `variables`
 * @used: (unowned) (nullable): the variables that were met, with the values that they had
 */
typedef struct
{
  BoProblems *problems;
  BoJsonMap *map;
  GHashTable *given;
  GHashTable *defaults;
  GHashTable *used;
} BoStudyReader;

/**
 * BoStudyReaderFlags:
 * @BO_STUDY_READER_REQUIRED: a missing key is an error
 * @BO_STUDY_READER_EXPAND: ${NAME} is replaced
 * @BO_STUDY_READER_KEEP_BASE_IMAGE: ${BASE_IMAGE} stays; with %BO_STUDY_READER_EXPAND
 * @BO_STUDY_READER_ALLOW_EMPTY: an empty text is a value
 */
typedef enum
{
  BO_STUDY_READER_NONE = 0,
  BO_STUDY_READER_REQUIRED = 1 << 0,
  BO_STUDY_READER_EXPAND = 1 << 1,
  BO_STUDY_READER_KEEP_BASE_IMAGE = 1 << 2,
  BO_STUDY_READER_ALLOW_EMPTY = 1 << 3,
} BoStudyReaderFlags;

void bo_study_reader_error (BoStudyReader *reader,
                            const char *path,
                            const char *expected,
                            const char *found,
                            const char *format,
                            ...) G_GNUC_PRINTF (5, 6);
void bo_study_reader_warning (BoStudyReader *reader,
                              const char *path,
                              const char *expected,
                              const char *found,
                              const char *format,
                              ...) G_GNUC_PRINTF (5, 6);
char *bo_study_reader_describe (JsonNode *node);
char *bo_study_reader_quote (const char *text);

void bo_study_reader_check_keys (BoStudyReader *reader, JsonObject *object, const char *path, BoStudyObject kind);
JsonObject *bo_study_reader_as_object (BoStudyReader *reader, JsonNode *node, const char *path);
JsonObject *bo_study_reader_get_object (BoStudyReader *reader, JsonObject *object, const char *path, const char *key);
JsonArray *bo_study_reader_get_array (BoStudyReader *reader,
                                      JsonObject *object,
                                      const char *path,
                                      const char *key,
                                      BoStudyReaderFlags flags);
char *bo_study_reader_as_string (BoStudyReader *reader,
                                 JsonNode *node,
                                 const char *path,
                                 BoStudyReaderFlags flags);
char *bo_study_reader_get_string (BoStudyReader *reader,
                                  JsonObject *object,
                                  const char *path,
                                  const char *key,
                                  BoStudyReaderFlags flags);
GPtrArray *bo_study_reader_get_strings (BoStudyReader *reader,
                                        JsonObject *object,
                                        const char *path,
                                        const char *key,
                                        BoStudyReaderFlags flags);
gboolean bo_study_reader_get_boolean (BoStudyReader *reader,
                                      JsonObject *object,
                                      const char *path,
                                      const char *key,
                                      gboolean fallback);
gint64 bo_study_reader_get_integer (BoStudyReader *reader,
                                    JsonObject *object,
                                    const char *path,
                                    const char *key,
                                    gint64 min,
                                    gint64 max,
                                    gint64 fallback);
gint64 bo_study_reader_get_duration (BoStudyReader *reader,
                                     JsonObject *object,
                                     const char *path,
                                     const char *key,
                                     gint64 fallback_us);
gint64 bo_study_reader_get_size (BoStudyReader *reader,
                                 JsonObject *object,
                                 const char *path,
                                 const char *key,
                                 gint64 fallback_bytes);
char *bo_study_reader_get_path (BoStudyReader *reader,
                                JsonObject *object,
                                const char *path,
                                const char *key,
                                BoStudyReaderFlags flags);
char *bo_study_reader_get_id (BoStudyReader *reader,
                              JsonObject *object,
                              const char *path,
                              const char *key,
                              BoStudyReaderFlags flags);
char *bo_study_reader_scalar_to_text (BoStudyReader *reader,
                                      JsonNode *node,
                                      const char *path,
                                      BoStudyReaderFlags flags);

G_END_DECLS
