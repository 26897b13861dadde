/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-variables"

#include "config.h"

#include <string.h>

#include <glib/gi18n.h>

#include "study/bo-variables.h"

G_DEFINE_QUARK (bo-variables-error-quark, bo_variables_error)

/**
 * bo_variables_is_name:
 * @text: a candidate
 *
 * Returns: whether @text can be the name of a variable: letters, digits and '_', no digit first
 */
gboolean
bo_variables_is_name (const char *text)
{
  g_return_val_if_fail (text != NULL, FALSE);

  if (text[0] == '\0' || g_ascii_isdigit (text[0]))
    return FALSE;
  for (; *text != '\0'; text++)
    {
      if (!g_ascii_isalnum (*text) && *text != '_')
        return FALSE;
    }
  return TRUE;
}

static const char *
look_up (const char *name, GHashTable *given, GHashTable *defaults)
{
  const char *value = NULL;

  if (given != NULL)
    value = g_hash_table_lookup (given, name);
  if (value == NULL)
    {
      value = g_getenv (name);
      /* What comes from the environment ends up in JSON and SQLite, which take UTF-8 alone. */
      if (value != NULL && !g_utf8_validate (value, -1, NULL))
        value = NULL;
    }
  if (value == NULL && defaults != NULL)
    value = g_hash_table_lookup (defaults, name);
  return value;
}

/**
 * bo_variables_expand:
 * @text: a value of the study file
 * @given: (nullable) (element-type utf8 utf8): values that come first, as `--set NAME=VALUE` gives them
 * @defaults: (nullable) (element-type utf8 utf8): values that come last, as the study's `variables` gives
 * them
 * @keep_base_image: whether `${BASE_IMAGE}` stays in place, for the bench to put the cell's base there;
 *   else it is a variable like any other (and usually undefined)
 * @used: (nullable) (element-type utf8 utf8): where each variable that was replaced is put, with its value
 * @error: #BoVariablesError
 *
 * Replaces each `${NAME}` in @text: by the value in @given, else by that in
 * the environment, else by that in @defaults. Values are not expanded again.
 *
 * Returns: (transfer full) (nullable): the expanded text, or %NULL
 */
char *
bo_variables_expand (const char *text,
                     GHashTable *given,
                     GHashTable *defaults,
                     gboolean keep_base_image,
                     GHashTable *used,
                     GError **error)
{
  g_autoptr (GString) out = NULL;

  g_return_val_if_fail (text != NULL, NULL);

  out = g_string_new (NULL);
  while (*text != '\0')
    {
      g_autofree char *name = NULL;
      const char *end, *value;
      gboolean kept = FALSE;

      if (g_str_has_prefix (text, "$${"))
        {
          g_string_append (out, "${");
          text += 3;
          continue;
        }
      if (!g_str_has_prefix (text, "${"))
        {
          g_string_append_c (out, *text++);
          continue;
        }

      end = strchr (text, '}');
      name = end != NULL ? g_strndup (text + 2, end - text - 2) : NULL;
      if (name == NULL || !bo_variables_is_name (name))
        {
          g_set_error (error, BO_VARIABLES_ERROR, BO_VARIABLES_ERROR_SYNTAX,
                       _ ("“%.40s” is not a variable as ${NAME}; write “$${” where a shell is to see “${”"),
                       text);
          return NULL;
        }
      kept = keep_base_image && strcmp (name, BO_VARIABLE_BASE_IMAGE) == 0;
      if (kept)
        value = "${" BO_VARIABLE_BASE_IMAGE "}";
      else
        value = look_up (name, given, defaults);
      if (value == NULL)
        {
          g_set_error (
              error, BO_VARIABLES_ERROR, BO_VARIABLES_ERROR_UNDEFINED,
              _ ("the variable %s has no value: give it with --set %s=…, in the environment, or as a "
                 "default under “variables”"),
              name, name);
          return NULL;
        }
      g_string_append (out, value);
      if (used != NULL && !kept)
        g_hash_table_replace (used, g_steal_pointer (&name), g_strdup (value));
      text = end + 1;
    }
  return g_string_free (g_steal_pointer (&out), FALSE);
}

/**
 * bo_variables_replace:
 * @text: text in which a variable was left
 * @name: the variable: %BO_VARIABLE_BASE_IMAGE or %BO_VARIABLE_TRIAL
 * @value: its value
 *
 * Returns: (transfer full): @text with each `${NAME}` of this one name replaced
 */
char *
bo_variables_replace (const char *text, const char *name, const char *value)
{
  g_autofree char *pattern = NULL;
  GString *out;

  g_return_val_if_fail (text != NULL && name != NULL && value != NULL, NULL);

  pattern = g_strdup_printf ("${%s}", name);
  out = g_string_new (text);
  g_string_replace (out, pattern, value, 0);
  return g_string_free (out, FALSE);
}
