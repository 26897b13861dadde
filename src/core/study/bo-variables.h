/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * ${NAME} in the values of a study file. Only this form is taken: a lone "$",
 * "$NAME" and "$$" stay as they are, since they mean something to the shells
 * and Dockerfiles that the values are for. "$${" gives a literal "${".
 */

/* Stay in place for the bench, which knows their values: the cell's base image, and the trial's id. */
#define BO_VARIABLE_BASE_IMAGE "BASE_IMAGE"
#define BO_VARIABLE_TRIAL "TRIAL"

/**
 * BoVariablesError:
 * @BO_VARIABLES_ERROR_UNDEFINED: a variable has no value anywhere
 * @BO_VARIABLES_ERROR_SYNTAX: a "${" that is not followed by NAME and "}"
 */
typedef enum
{
  BO_VARIABLES_ERROR_UNDEFINED,
  BO_VARIABLES_ERROR_SYNTAX,
} BoVariablesError;

#define BO_VARIABLES_ERROR (bo_variables_error_quark ())
GQuark bo_variables_error_quark (void);

gboolean bo_variables_is_name (const char *text);
char *bo_variables_expand (const char *text,
                           GHashTable *given,
                           GHashTable *defaults,
                           gboolean keep_base_image,
                           GHashTable *used,
                           GError **error);
char *bo_variables_replace (const char *text, const char *name, const char *value);

G_END_DECLS
