/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-edit-guess"

#include "config.h"

#include <string.h>

#include <json-glib/json-glib.h>

#include "context/bo-edit-guess.h"
#include "study/bo-json.h"
#include "study/bo-variables.h"

/* Source files that one can append a comment to, best first: what applications for Jetson are mostly written
 * in. */
static const struct
{
  const char *suffix;
  const char *comment;
} kinds[] = {
  { ".py", "#" },  { ".sh", "#" }, { ".rb", "#" },  { ".js", "//" },  { ".ts", "//" }, { ".go", "//" },
  { ".rs", "//" }, { ".c", "//" }, { ".cc", "//" }, { ".cpp", "//" }, { ".cu", "//" }, { ".java", "//" },
};

/* Files that are named like a program's beginning are what people edit. */
static const char *const likely_stems[] = { "main", "app", "server", "__main__", "run", "index" };

/* What a COPY takes from the context, without its destination; NULL for one that takes from elsewhere. */
static char **
get_sources (const BoInstruction *instruction)
{
  g_autoptr (JsonNode) node = NULL;
  char **words;
  guint n;

  if (strcmp (instruction->keyword, "COPY") != 0 && strcmp (instruction->keyword, "ADD") != 0)
    return NULL;
  for (guint i = 0; instruction->flags[i] != NULL; i++)
    {
      if (g_str_has_prefix (instruction->flags[i], "--from="))
        return NULL;
    }
  if (instruction->arguments[0] == '[')
    {
      g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
      JsonArray *array;

      node = bo_json_parse (instruction->arguments, -1, NULL);
      array = bo_json_node_get_array (node);
      for (guint i = 0; i < bo_json_array_get_length (array); i++)
        {
          const char *word = bo_json_array_get_string (array, i);

          if (word != NULL)
            g_strv_builder_add (builder, word);
        }
      words = g_strv_builder_end (builder);
    }
  else
    words = g_strsplit_set (instruction->arguments, " \t", -1);

  n = g_strv_length (words);
  if (n < 2)
    {
      g_strfreev (words);
      return NULL;
    }
  g_clear_pointer (&words[n - 1], g_free);
  return words;
}

static gboolean
is_below (const char *path, const char *source)
{
  gsize n;

  while (*source == '/' || g_str_has_prefix (source, "./"))
    source += *source == '/' ? 1 : 2;
  n = strlen (source);
  while (n > 0 && source[n - 1] == '/')
    n--;
  if (n == 0 || (n == 1 && source[0] == '.'))
    return TRUE;
  if (strncmp (path, source, n) == 0 && (path[n] == '\0' || path[n] == '/'))
    return TRUE;
  return strpbrk (source, "*?[") != NULL && g_pattern_match_simple (source, path);
}

/* How good a file is for editing: 0 is none, more is better. */
static guint
rate (const char *path, guint copy, const char **comment)
{
  g_autofree char *name = g_path_get_basename (path);
  guint depth = 0;
  guint points = 0;

  for (guint i = 0; i < G_N_ELEMENTS (kinds) && points == 0; i++)
    {
      if (!g_str_has_suffix (name, kinds[i].suffix))
        continue;
      points = 10 + G_N_ELEMENTS (kinds) - i;
      *comment = kinds[i].comment;
      name[strlen (name) - strlen (kinds[i].suffix)] = '\0';
    }
  if (points == 0 || strcmp (name, "setup") == 0 || g_str_has_prefix (name, "test") || name[0] == '.')
    return 0;
  for (const char *p = path; *p != '\0'; p++)
    depth += *p == '/';
  for (guint i = 0; i < G_N_ELEMENTS (likely_stems); i++)
    {
      if (strcmp (name, likely_stems[i]) == 0)
        points += 40;
    }
  /* A file that is copied late is one that changes often; one deep down is a detail. */
  return 1000 + MIN (copy, 20) * 100 + points - MIN (depth, 9);
}

/**
 * bo_edit_guess:
 * @dockerfile: a Dockerfile
 * @context: what is sent
 * @append: (out): a comment line for that kind of file, with `${TRIAL}` in it
 *
 * Guesses which file the condition `edited` should change: a source file that
 * a COPY takes and that looks like a program's beginning.
 *
 * Returns: (transfer full) (nullable): its path relative to the context, or %NULL when nothing fits
 */
char *
bo_edit_guess (BoDockerfile *dockerfile, BoContext *context, char **append)
{
  const char *best = NULL;
  const char *best_comment = NULL;
  guint best_points = 0, copy = 0;

  g_return_val_if_fail (dockerfile != NULL && context != NULL && append != NULL, NULL);

  for (guint i = 0; i < bo_dockerfile_get_n_instructions (dockerfile); i++)
    {
      g_auto (GStrv) sources = get_sources (bo_dockerfile_get_instruction (dockerfile, i));

      for (guint s = 0; sources != NULL && sources[s] != NULL; s++)
        {
          for (guint e = 0; e < bo_context_get_n_entries (context); e++)
            {
              const BoContextEntry *entry = bo_context_get_entry (context, e);
              const char *comment = NULL;
              guint points;

              if (entry->type != BO_CONTEXT_FILE || !is_below (entry->path, sources[s])
                  || !g_utf8_validate (entry->path, -1, NULL))
                continue;
              points = rate (entry->path, copy, &comment);
              if (points > best_points)
                {
                  best = entry->path;
                  best_comment = comment;
                  best_points = points;
                }
            }
        }
      copy += sources != NULL;
    }
  if (best == NULL)
    return NULL;
  *append = g_strdup_printf ("%s ${%s}\n", best_comment, BO_VARIABLE_TRIAL);
  return g_strdup (best);
}
