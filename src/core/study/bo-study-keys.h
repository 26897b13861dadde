/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * The keys of the study file, in one table that the loader checks against and
 * that a test holds against the JSON schema.
 */

/**
 * BoStudyObject: the kinds of objects in a study file
 *
 * Their names are those of the schema's definitions; see bo_study_object_get_name().
 */
typedef enum
{
  BO_STUDY_OBJECT_STUDY,
  BO_STUDY_OBJECT_BASE,
  BO_STUDY_OBJECT_EDIT,
  BO_STUDY_OBJECT_DEFAULTS,
  BO_STUDY_OBJECT_RUN,
  BO_STUDY_OBJECT_MOUNT,
  BO_STUDY_OBJECT_STRATEGY,
  BO_STUDY_OBJECT_PREBUILD,
  BO_STUDY_OBJECT_PROBES_OFF,
  BO_STUDY_OBJECT_PROBE,
} BoStudyObject;

#define BO_N_STUDY_OBJECTS 10

const char *bo_study_object_get_name (BoStudyObject object);
const char *const *bo_study_object_get_keys (BoStudyObject object);
const char *bo_study_object_find_similar_key (BoStudyObject object, const char *key);

G_END_DECLS
