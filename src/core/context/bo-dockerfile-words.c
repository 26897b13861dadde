/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-dockerfile-words"

#include "config.h"

#include <string.h>

#include <glib/gi18n.h>

#include "context/bo-dockerfile-words.h"

/* No name in a Dockerfile nests substitutions this deep; a hostile one must not use up the stack. */
#define MAX_DEPTH 32

static gboolean
is_blank (char c)
{
  return c == ' ' || c == '\t' || c == '\v' || c == '\f' || c == '\r';
}

/**
 * bo_dockerfile_split_flags:
 * @line: an instruction's arguments
 * @rest: (out): what follows the flags
 *
 * Takes the flags (`--name=value`) off the front, quotes and backslashes
 * resolved, as both builders do.
 *
 * Returns: (transfer full) (array zero-terminated=1): the flags
 */
char **
bo_dockerfile_split_flags (const char *line, const char **rest)
{
  g_autoptr (GPtrArray) flags = g_ptr_array_new_with_free_func (g_free);
  const char *p = line;

  while (TRUE)
    {
      g_autoptr (GString) word = g_string_new (NULL);
      char quote = '\0';

      while (is_blank (*p))
        p++;
      if (!g_str_has_prefix (p, "--"))
        break;
      for (; *p != '\0' && (quote != '\0' || !is_blank (*p)); p++)
        {
          if (quote != '\0' ? *p == quote : (*p == '\'' || *p == '"'))
            {
              quote = quote != '\0' ? '\0' : *p;
              continue;
            }
          if (*p == '\\')
            {
              if (p[1] == '\0')
                continue;
              p++;
            }
          g_string_append_c (word, *p);
        }
      if (strcmp (word->str, "--") == 0)
        {
          *rest = p;
          g_ptr_array_add (flags, NULL);
          return (char **) g_ptr_array_free (g_steal_pointer (&flags), FALSE);
        }
      g_ptr_array_add (flags, g_strdup (word->str));
    }

  *rest = p;
  g_ptr_array_add (flags, NULL);
  return (char **) g_ptr_array_free (g_steal_pointer (&flags), FALSE);
}

/**
 * bo_dockerfile_quote_flag:
 * @flag: a flag as bo_dockerfile_split_flags() gives it
 *
 * Returns: (transfer full): text that splits into @flag again
 */
char *
bo_dockerfile_quote_flag (const char *flag)
{
  GString *quoted = g_string_new (NULL);

  for (const char *p = flag; *p != '\0'; p++)
    {
      if (is_blank (*p) || *p == '\'' || *p == '"' || *p == '\\')
        g_string_append_c (quoted, '\\');
      g_string_append_c (quoted, *p);
    }
  return g_string_free (quoted, FALSE);
}

/**
 * bo_dockerfile_split_words:
 * @line: a line
 * @escape: the file's escape character
 *
 * Splits at white space outside of quotes; quotes and escapes stay in the
 * words.
 *
 * Returns: (transfer full) (element-type utf8): the words
 */
GPtrArray *
bo_dockerfile_split_words (const char *line, char escape)
{
  GPtrArray *words = g_ptr_array_new_with_free_func (g_free);
  const char *p = line;

  while (TRUE)
    {
      const char *start;
      char quote = '\0';

      while (is_blank (*p))
        p++;
      if (*p == '\0')
        break;
      for (start = p; *p != '\0' && (quote != '\0' || !is_blank (*p)); p++)
        {
          if (*p == escape && quote != '\'' && p[1] != '\0')
            p++;
          else if (quote != '\0' ? *p == quote : (*p == '\'' || *p == '"'))
            quote = quote != '\0' ? '\0' : *p;
        }
      g_ptr_array_add (words, g_strndup (start, p - start));
    }
  return words;
}

/**
 * bo_dockerfile_find_heredoc:
 * @word: a word with its quotes
 * @chomp: (out): whether tabs in front of the last line do not count (`<<-`)
 *
 * Returns: (transfer full) (nullable): the line that ends the here-document
 *   which @word begins, or NULL when it begins none
 */
char *
bo_dockerfile_find_heredoc (const char *word, gboolean *chomp)
{
  GString *name;
  const char *p = word;
  char quote = '\0';

  while (g_ascii_isdigit (*p))
    p++;
  if (!g_str_has_prefix (p, "<<"))
    return NULL;
  p += 2;
  *chomp = *p == '-';
  if (*chomp)
    p++;
  if (*p == '\0' || strchr (p, '<') != NULL)
    return NULL;

  name = g_string_new (NULL);
  for (; *p != '\0'; p++)
    {
      if (*p == '\\' && quote == '\0' && p[1] != '\0')
        g_string_append_c (name, *++p);
      else if (quote != '\0' ? *p == quote : (*p == '\'' || *p == '"'))
        quote = quote != '\0' ? '\0' : *p;
      else
        g_string_append_c (name, *p);
    }
  if (quote != '\0' || name->len == 0)
    {
      g_string_free (name, TRUE);
      return NULL;
    }
  return g_string_free (name, FALSE);
}

typedef struct
{
  const char *p;
  char escape;
  BoDockerfileLookup lookup;
  gpointer user_data;
  const char *reason;
  guint depth;
} Expansion;

static gboolean expand_until (Expansion *expansion, char stop, GString *result);

static char *
take_name (Expansion *expansion)
{
  const char *start = expansion->p;

  if (g_ascii_isdigit (*start))
    {
      while (g_ascii_isdigit (*expansion->p))
        expansion->p++;
    }
  else if (*start != '\0' && strchr ("@*#?-$!0", *start) != NULL)
    expansion->p++;
  else
    {
      while (g_ascii_isalnum (*expansion->p) || *expansion->p == '_')
        expansion->p++;
    }
  return g_strndup (start, expansion->p - start);
}

/* Behind "${NAME": an end, or an operator and its word. */
static gboolean
expand_operator (Expansion *expansion, const char *name, GString *result)
{
  const char *value = expansion->lookup (name, expansion->user_data);
  g_autoptr (GString) word = g_string_new (NULL);
  gboolean colon, present;
  char operator;

  if (*expansion->p == '}')
    {
      expansion->p++;
      g_string_append (result, value != NULL ? value : "");
      return TRUE;
    }
  colon = *expansion->p == ':';
  if (colon)
    expansion->p++;
  operator = *expansion->p;
  if (operator == '\0' || strchr ("-+?", operator) == NULL)
    {
      expansion->reason = operator == '\0' ? _ ("a “}” is missing")
                                           : _ ("only “:-”, “:+” and “:?” can follow the name of a variable in FROM");
      return FALSE;
    }
  expansion->p++;
  if (!expand_until (expansion, '}', word))
    return FALSE;

  /* With a colon an empty value counts as none. */
  present = value != NULL && (!colon || value[0] != '\0');
  if (operator == '+')
    g_string_append (result, present ? word->str : "");
  else if (operator == '-')
    g_string_append (result, present ? value : word->str);
  else if (present)
    g_string_append (result, value);
  else
    {
      expansion->reason = _ ("a variable that must be set (“?”) is not");
      return FALSE;
    }
  return TRUE;
}

static gboolean
expand_dollar (Expansion *expansion, GString *result)
{
  g_autofree char *name = NULL;
  const char *value;

  expansion->p++;
  if (*expansion->p != '{')
    {
      name = take_name (expansion);
      if (name[0] == '\0')
        {
          g_string_append_c (result, '$');
          return TRUE;
        }
      value = expansion->lookup (name, expansion->user_data);
      g_string_append (result, value != NULL ? value : "");
      return TRUE;
    }

  expansion->p++;
  if (*expansion->p == '\0' || strchr ("{}:", *expansion->p) != NULL)
    {
      expansion->reason = _ ("there is no name in “${}”");
      return FALSE;
    }
  name = take_name (expansion);
  return expand_operator (expansion, name, result);
}

static gboolean
expand_double_quotes (Expansion *expansion, GString *result)
{
  expansion->p++;
  while (*expansion->p != '"')
    {
      if (*expansion->p == '\0')
        {
          expansion->reason = _ ("a quotation mark is not closed");
          return FALSE;
        }
      if (*expansion->p == '$')
        {
          if (!expand_dollar (expansion, result))
            return FALSE;
          continue;
        }
      if (*expansion->p == expansion->escape && expansion->p[1] != '\0' &&
          (expansion->p[1] == '"' || expansion->p[1] == '$' || expansion->p[1] == expansion->escape))
        expansion->p++;
      g_string_append_c (result, *expansion->p++);
    }
  expansion->p++;
  return TRUE;
}

static gboolean
expand_until (Expansion *expansion, char stop, GString *result)
{
  gboolean ok = TRUE;

  if (++expansion->depth > MAX_DEPTH)
    {
      expansion->reason = _ ("substitutions are nested too deep");
      return FALSE;
    }
  while (ok && *expansion->p != '\0' && *expansion->p != stop)
    {
      if (*expansion->p == '\'')
        {
          const char *end = strchr (expansion->p + 1, '\'');

          if (end == NULL)
            {
              expansion->reason = _ ("a quotation mark is not closed");
              return FALSE;
            }
          g_string_append_len (result, expansion->p + 1, end - expansion->p - 1);
          expansion->p = end + 1;
        }
      else if (*expansion->p == '"')
        ok = expand_double_quotes (expansion, result);
      else if (*expansion->p == '$')
        ok = expand_dollar (expansion, result);
      else
        {
          if (*expansion->p == expansion->escape)
            expansion->p++;
          if (*expansion->p != '\0')
            g_string_append_c (result, *expansion->p++);
        }
    }
  if (ok && stop != '\0')
    {
      if (*expansion->p != stop)
        {
          expansion->reason = _ ("a “}” is missing");
          return FALSE;
        }
      expansion->p++;
    }
  expansion->depth--;
  return ok;
}

/**
 * bo_dockerfile_expand_word:
 * @word: a word with quotes, escapes and variables
 * @escape: the file's escape character
 * @lookup: (scope call): gives values
 * @user_data: for @lookup
 * @reason: (out): what is wrong, translated
 *
 * Replaces variables as both builders do in FROM: `$NAME`, `${NAME}`, and
 * `${NAME:-word}`, `:+`, `:?`, each also without its colon.
 *
 * Returns: (transfer full) (nullable): the word, or NULL when it is malformed
 */
char *
bo_dockerfile_expand_word (const char *word,
                           char escape,
                           BoDockerfileLookup lookup,
                           gpointer user_data,
                           const char **reason)
{
  g_autoptr (GString) result = g_string_new (NULL);
  Expansion expansion = { .p = word, .escape = escape, .lookup = lookup, .user_data = user_data };

  if (!expand_until (&expansion, '\0', result))
    {
      *reason = expansion.reason;
      return NULL;
    }
  return g_string_free (g_steal_pointer (&result), FALSE);
}
