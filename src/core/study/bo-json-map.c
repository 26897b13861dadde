/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-json-map"

#include "config.h"

#include <errno.h>
#include <string.h>

#include <glib/gi18n.h>

#include "study/bo-json-map.h"

struct _BoJsonMap
{
  GHashTable *lines;
  GPtrArray *duplicates;
};

G_DEFINE_QUARK (bo-json-map-error-quark, bo_json_map_error)

typedef struct
{
  const char *text;
  gsize length;
  gsize at;
  guint line;
  gsize line_start;
  guint depth;
  BoJsonMap *map;
  GError **error;
} Scanner;

static gboolean scan_value (Scanner *s, const char *path);

/**
 * bo_json_path_append_key:
 * @path: path of an object
 * @key: one of its keys
 *
 * Returns: (transfer full): the path of the value; a key that is no plain word is put in brackets and quotes
 */
char *
bo_json_path_append_key (const char *path, const char *key)
{
  gboolean plain = key[0] != '\0' && !g_ascii_isdigit (key[0]);
  g_autofree char *escaped = NULL;

  for (const char *p = key; *p != '\0' && plain; p++)
    plain = g_ascii_isalnum (*p) || *p == '_' || *p == '-' || *p == '$';
  if (plain)
    return g_strconcat (path, ".", key, NULL);

  escaped = g_strescape (key, "");
  return g_strdup_printf ("%s[\"%s\"]", path, escaped);
}

/**
 * bo_json_path_append_index:
 * @path: path of an array
 * @index: of an element, from 0
 *
 * Returns: (transfer full): the path of the element
 */
char *
bo_json_path_append_index (const char *path, guint index)
{
  return g_strdup_printf ("%s[%u]", path, index);
}

static gboolean
fail (Scanner *s, BoJsonMapError code, const char *message)
{
  g_set_error_literal (s->error, BO_JSON_MAP_ERROR, code, message);
  return FALSE;
}

static int
peek (Scanner *s)
{
  return s->at < s->length ? (guchar) s->text[s->at] : -1;
}

static void
skip_blanks (Scanner *s)
{
  for (; s->at < s->length; s->at++)
    {
      char c = s->text[s->at];

      if (c == '\n')
        {
          s->line++;
          s->line_start = s->at + 1;
        }
      else if (c != ' ' && c != '\t' && c != '\r')
        return;
    }
}

static gboolean
scan_hex4 (Scanner *s, gunichar *value)
{
  *value = 0;
  for (guint i = 0; i < 4; i++, s->at++)
    {
      int c = peek (s);

      if (c < 0 || !g_ascii_isxdigit (c))
        return fail (s, BO_JSON_MAP_ERROR_SYNTAX, _ ("“\\u” needs four hexadecimal digits"));
      *value = *value * 16 + g_ascii_xdigit_value (c);
    }
  return TRUE;
}

static gboolean
scan_escape (Scanner *s, GString *out)
{
  gunichar c, low;
  int e = peek (s);

  s->at++;
  switch (e)
    {
    case '"':
    case '\\':
    case '/':
      g_string_append_c (out, e);
      return TRUE;
    case 'b':
    case 'f':
    case 'n':
    case 'r':
    case 't':
      g_string_append_c (out, e == 'b' ? '\b' : e == 'f' ? '\f' : e == 'n' ? '\n' : e == 'r' ? '\r' : '\t');
      return TRUE;
    case 'u':
      break;
    default:
      s->at--;
      return fail (s, BO_JSON_MAP_ERROR_SYNTAX, _ ("there is no such escape; a backslash is written “\\\\”"));
    }

  if (!scan_hex4 (s, &c))
    return FALSE;
  if (c == 0)
    return fail (s, BO_JSON_MAP_ERROR_UNSAFE, _ ("a string cannot hold the character NUL"));
  if (c >= 0xD800 && c < 0xDC00)
    {
      if (peek (s) != '\\' || s->at + 1 >= s->length || s->text[s->at + 1] != 'u')
        return fail (s, BO_JSON_MAP_ERROR_UNSAFE, _ ("half of a surrogate pair is missing"));
      s->at += 2;
      if (!scan_hex4 (s, &low))
        return FALSE;
      if (low < 0xDC00 || low > 0xDFFF)
        return fail (s, BO_JSON_MAP_ERROR_UNSAFE, _ ("half of a surrogate pair is missing"));
      c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
    }
  else if (c >= 0xDC00 && c <= 0xDFFF)
    return fail (s, BO_JSON_MAP_ERROR_UNSAFE, _ ("half of a surrogate pair is missing"));
  g_string_append_unichar (out, c);
  return TRUE;
}

static gboolean
scan_string (Scanner *s, GString *out)
{
  s->at++;
  for (;;)
    {
      int c = peek (s);

      if (c < 0)
        return fail (s, BO_JSON_MAP_ERROR_SYNTAX, _ ("the text ends within a string"));
      if (c < 0x20)
        return fail (s, BO_JSON_MAP_ERROR_SYNTAX,
                     _ ("a string cannot hold a line end or control character; write “\\n” for a line end"));
      s->at++;
      if (c == '"')
        return TRUE;
      if (c != '\\')
        g_string_append_c (out, c);
      else if (!scan_escape (s, out))
        return FALSE;
    }
}

static gboolean
scan_digits (Scanner *s)
{
  if (peek (s) < 0 || !g_ascii_isdigit (peek (s)))
    return fail (s, BO_JSON_MAP_ERROR_SYNTAX, _ ("a number needs a digit here"));
  while (peek (s) >= 0 && g_ascii_isdigit (peek (s)))
    s->at++;
  return TRUE;
}

static gboolean
scan_number (Scanner *s)
{
  gsize start = s->at;
  gboolean whole = TRUE;
  gint64 ignored;
  g_autofree char *digits = NULL;

  if (peek (s) == '-')
    s->at++;
  if (peek (s) == '0' && s->at + 1 < s->length && g_ascii_isdigit (s->text[s->at + 1]))
    return fail (s, BO_JSON_MAP_ERROR_SYNTAX,
                 _ ("a number cannot begin with 0; put it in quotes if it is a name"));
  if (!scan_digits (s))
    return FALSE;
  if (peek (s) == '.')
    {
      whole = FALSE;
      s->at++;
      if (!scan_digits (s))
        return FALSE;
    }
  if (peek (s) == 'e' || peek (s) == 'E')
    {
      whole = FALSE;
      s->at++;
      if (peek (s) == '+' || peek (s) == '-')
        s->at++;
      if (!scan_digits (s))
        return FALSE;
    }
  if (!whole)
    return TRUE;

  digits = g_strndup (s->text + start, s->at - start);
  if (!g_ascii_string_to_signed (digits, 10, G_MININT64, G_MAXINT64, &ignored, NULL))
    {
      s->at = start;
      return fail (s, BO_JSON_MAP_ERROR_UNSAFE, _ ("the number is too large"));
    }
  return TRUE;
}

static gboolean
scan_object (Scanner *s, const char *path)
{
  gboolean first = TRUE;

  for (s->at++;; first = FALSE)
    {
      g_autoptr (GString) key = g_string_new (NULL);
      g_autofree char *member = NULL;

      skip_blanks (s);
      if (peek (s) == '}' && first)
        break;
      if (peek (s) != '"')
        return fail (s, BO_JSON_MAP_ERROR_SYNTAX,
                     peek (s) == '}' ? _ ("there is a comma too many before “}”")
                                     : _ ("a key in double quotes is expected here"));
      if (!scan_string (s, key))
        return FALSE;
      skip_blanks (s);
      if (peek (s) != ':')
        return fail (s, BO_JSON_MAP_ERROR_SYNTAX, _ ("a colon is expected after the key"));
      s->at++;
      skip_blanks (s);

      member = bo_json_path_append_key (path, key->str);
      if (g_hash_table_contains (s->map->lines, member))
        g_ptr_array_add (s->map->duplicates, g_strdup (member));
      if (!scan_value (s, member))
        return FALSE;
      skip_blanks (s);
      if (peek (s) == '}')
        break;
      if (peek (s) != ',')
        return fail (s, BO_JSON_MAP_ERROR_SYNTAX, _ ("a comma or “}” is expected here"));
      s->at++;
    }
  s->at++;
  return TRUE;
}

static gboolean
scan_array (Scanner *s, const char *path)
{
  for (guint i = 0;; i++)
    {
      g_autofree char *element = bo_json_path_append_index (path, i);

      s->at++;
      skip_blanks (s);
      if (peek (s) == ']')
        {
          if (i > 0)
            return fail (s, BO_JSON_MAP_ERROR_SYNTAX, _ ("there is a comma too many before “]”"));
          break;
        }
      if (!scan_value (s, element))
        return FALSE;
      skip_blanks (s);
      if (peek (s) == ']')
        break;
      if (peek (s) != ',')
        return fail (s, BO_JSON_MAP_ERROR_SYNTAX, _ ("a comma or “]” is expected here"));
    }
  s->at++;
  return TRUE;
}

static gboolean
scan_value (Scanner *s, const char *path)
{
  static const char *const words[] = { "true", "false", "null" };
  gboolean ok;
  int c = peek (s);

  g_hash_table_insert (s->map->lines, g_strdup (path), GUINT_TO_POINTER (s->line));

  if (c == '{' || c == '[')
    {
      if (++s->depth > BO_JSON_MAP_MAX_DEPTH)
        return fail (s, BO_JSON_MAP_ERROR_UNSAFE, _ ("arrays and objects are nested too deeply"));
      ok = c == '{' ? scan_object (s, path) : scan_array (s, path);
      s->depth--;
      return ok;
    }
  if (c == '"')
    {
      g_autoptr (GString) ignored = g_string_new (NULL);

      return scan_string (s, ignored);
    }
  if (c == '-' || (c >= 0 && g_ascii_isdigit (c)))
    return scan_number (s);

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    {
      gsize n = strlen (words[i]);

      if (s->length - s->at >= n && memcmp (s->text + s->at, words[i], n) == 0)
        {
          s->at += n;
          return TRUE;
        }
    }
  if (c == '/' || c == '#')
    return fail (s, BO_JSON_MAP_ERROR_SYNTAX, _ ("JSON has no comments; use a “notes” value"));
  return fail (s, BO_JSON_MAP_ERROR_SYNTAX,
               c < 0 ? _ ("the text ends too early") : _ ("a value is expected here"));
}

/**
 * bo_json_map_new:
 * @text: JSON text; need not be valid in any way
 * @length: bytes, or -1 when it ends with NUL
 * @line: (out): line of an error, from 1
 * @column: (out): column of an error in characters, from 1
 * @error: #BoJsonMapError
 *
 * Reads @text as RFC 8259 defines it. Everything that json-glib does beyond
 * that (comments, numbers in other bases) is refused, since an editor with
 * the schema would refuse it too and saving would lose it.
 *
 * Returns: (transfer full) (nullable): the map, or %NULL with @error set
 */
BoJsonMap *
bo_json_map_new (const char *text, gssize length, guint *line, guint *column, GError **error)
{
  g_autoptr (BoJsonMap) map = NULL;
  const char *bad;
  Scanner s = { 0 };
  gboolean ok;

  g_return_val_if_fail (text != NULL && line != NULL && column != NULL, NULL);

  map = g_new0 (BoJsonMap, 1);
  map->lines = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  map->duplicates = g_ptr_array_new_with_free_func (g_free);
  s.text = text;
  s.length = length < 0 ? strlen (text) : (gsize) length;
  s.line = 1;
  s.map = map;
  s.error = error;

  if (!g_utf8_validate_len (text, s.length, &bad))
    {
      while (s.text + s.at < bad)
        {
          if (s.text[s.at++] == '\n')
            {
              s.line++;
              s.line_start = s.at;
            }
        }
      ok = fail (&s, BO_JSON_MAP_ERROR_UNSAFE, _ ("the text is not UTF-8 here"));
    }
  else
    {
      skip_blanks (&s);
      ok = scan_value (&s, "$");
      if (ok)
        {
          skip_blanks (&s);
          if (s.at < s.length)
            ok = fail (&s, BO_JSON_MAP_ERROR_SYNTAX, _ ("nothing is expected after the end of the value"));
        }
    }
  if (ok)
    return g_steal_pointer (&map);

  *line = s.line;
  *column = 1 + (guint) g_utf8_strlen (text + s.line_start, s.at - s.line_start);
  return NULL;
}

void
bo_json_map_free (BoJsonMap *map)
{
  if (map == NULL)
    return;
  g_hash_table_unref (map->lines);
  g_ptr_array_unref (map->duplicates);
  g_free (map);
}

/**
 * bo_json_map_contains:
 * @map: (nullable): a map
 * @path: a JSON path
 *
 * Returns: whether there is a value at @path
 */
gboolean
bo_json_map_contains (BoJsonMap *map, const char *path)
{
  g_return_val_if_fail (path != NULL, FALSE);

  return map != NULL && g_hash_table_contains (map->lines, path);
}

/**
 * bo_json_map_get_line:
 * @map: (nullable): a map
 * @path: a JSON path, or the path of something that is missing
 *
 * Returns: the line of the value at @path, from 1; for a value that is not there the line
 *   where what should hold it begins; 0 when @map is %NULL
 */
guint
bo_json_map_get_line (BoJsonMap *map, const char *path)
{
  g_autofree char *parent = NULL;

  g_return_val_if_fail (path != NULL, 0);

  if (map == NULL)
    return 0;

  parent = g_strdup (path);
  for (gsize n = strlen (parent); n > 0; n--)
    {
      gpointer line;

      if (n < strlen (path) && parent[n] != '.' && parent[n] != '[')
        continue;
      parent[n] = '\0';
      line = g_hash_table_lookup (map->lines, parent);
      if (line != NULL)
        return GPOINTER_TO_UINT (line);
    }
  return 0;
}

/**
 * bo_json_map_get_duplicates:
 * @map: a map
 *
 * Returns: (transfer none) (element-type utf8): the paths whose key is there more than once in its object
 */
GPtrArray *
bo_json_map_get_duplicates (BoJsonMap *map)
{
  g_return_val_if_fail (map != NULL, NULL);

  return map->duplicates;
}
