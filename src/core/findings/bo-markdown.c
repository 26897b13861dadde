/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-markdown"

#include "config.h"

#include <string.h>

#include "findings/bo-markdown.h"

/*
 * Characters that are not seen but change what is: bidirectional controls
 * (which can make a line read backwards), other invisible format characters,
 * and the tag characters in which whole sentences can hide.
 */
static gboolean
is_invisible (gunichar c)
{
  return (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0x200e || c == 0x200f || c == 0x061c
         || c == 0x200b || (c >= 0x2060 && c <= 0x2064) || (c >= 0x206a && c <= 0x206f) || c == 0xfeff || c == 0x180e
         || (c >= 0xfff9 && c <= 0xfffb) || (c >= 0xe0000 && c <= 0xe007f);
}

static void
append_clean (GString *out, const char *text, gboolean keep_lines)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);

  for (const char *p = valid; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (c == '\n' && keep_lines)
        g_string_append_c (out, '\n');
      else if (c == '\n' || c == '\r' || c == '\t' || c == 0x2028 || c == 0x2029 || c == '\v' || c == '\f')
        g_string_append_c (out, ' ');
      else if (!g_unichar_iscntrl (c) && !is_invisible (c))
        g_string_append_unichar (out, c);
    }
}

/**
 * bo_markdown_clean:
 * @text: any bytes
 *
 * Returns: (transfer full): one line of valid UTF-8 without control characters and without characters
 *   that are not seen; line ends and tabs become spaces
 */
char *
bo_markdown_clean (const char *text)
{
  GString *out = g_string_new (NULL);

  g_return_val_if_fail (text != NULL, NULL);

  append_clean (out, text, FALSE);
  return g_strstrip (g_string_free (out, FALSE));
}

/* "&" begins an entity when letters, digits or "#" and a ";" follow. */
static gboolean
begins_entity (const char *p)
{
  gsize n = 1;

  if (p[n] == '#')
    n++;
  while (g_ascii_isalnum (p[n]))
    n++;
  return n > 1 && p[n] == ';';
}

static gboolean
is_word (const char *text, const char *p)
{
  return p >= text && (g_ascii_isalnum (*p) || (guchar) *p >= 0x80);
}

/* Whether the character must not stand as it is, wherever it is in a line. */
static gboolean
needs_escape (const char *text, const char *p)
{
  switch (*p)
    {
    case '\\':
    case '`':
    case '*':
    case '[':
    case ']':
    case '|':
    case '~':
      return TRUE;
    case '<':
      /* A tag, a comment or a link begins so; "< 0.001 s" does not. */
      return g_ascii_isalpha (p[1]) || (p[1] != '\0' && strchr ("/!?", p[1]) != NULL);
    case '$':
      /* GitHub reads what is between two of them as mathematics. */
      return strchr (text, '$') != strrchr (text, '$');
    case '_':
      /* Inside a word it is only itself: torch_cuda stays readable in the source. */
      return !(is_word (text, p - 1) && is_word (text, p + 1));
    case '&':
      return begins_entity (p);
    case '!':
      /* An image begins with it. */
      return p[1] == '[';
    default:
      return FALSE;
    }
}

/* At the beginning of a line these would begin a heading, a list, a rule or a table's second line. */
static gsize
get_block_start (const char *text)
{
  gsize digits = 0;

  if (text[0] != '\0' && strchr ("#-+=:>", text[0]) != NULL)
    return 1;
  while (g_ascii_isdigit (text[digits]))
    digits++;
  if (digits > 0 && (text[digits] == '.' || text[digits] == ')')
      && (text[digits + 1] == ' ' || text[digits + 1] == '\0'))
    return digits + 1;
  return 0;
}

static char *
escape (const char *text, gboolean begins_line)
{
  g_autofree char *clean = bo_markdown_clean (text);
  gsize block = begins_line ? get_block_start (clean) : 0;
  GString *out = g_string_new (NULL);

  for (const char *p = clean; *p != '\0'; p++)
    {
      if (needs_escape (clean, p) || (block > 0 && p == clean + block - 1))
        g_string_append_c (out, '\\');
      g_string_append_c (out, *p);
    }
  return g_string_free (out, FALSE);
}

/**
 * bo_markdown_escape:
 * @text: any bytes
 *
 * Returns: (transfer full): @text on one line, for a paragraph, a heading or a list item, where it is shown
 *   as it is and cannot end or begin anything
 */
char *
bo_markdown_escape (const char *text)
{
  g_return_val_if_fail (text != NULL, NULL);

  return escape (text, TRUE);
}

/**
 * bo_markdown_escape_cell:
 * @text: any bytes
 *
 * Returns: (transfer full): the same for a cell of a table, inside whose row nothing but a cell can begin:
 *   "> 6 h" stays as it is
 */
char *
bo_markdown_escape_cell (const char *text)
{
  g_return_val_if_fail (text != NULL, NULL);

  return escape (text, FALSE);
}

static gsize
longest_backtick_run (const char *text)
{
  gsize longest = 0;
  gsize run = 0;

  for (const char *p = text; *p != '\0'; p++)
    {
      run = *p == '`' ? run + 1 : 0;
      longest = MAX (longest, run);
    }
  return longest;
}

/**
 * bo_markdown_code:
 * @text: any bytes
 *
 * Not for cells of tables, where a "|" would end the cell inside code too.
 *
 * Returns: (transfer full): @text on one line as a code span
 */
char *
bo_markdown_code (const char *text)
{
  g_autofree char *clean = bo_markdown_clean (text);
  g_autofree char *fence = g_strnfill (longest_backtick_run (clean) + 1, '`');
  /* One space on either side is taken away again when both are there. */
  const char *pad = strchr (clean, '`') != NULL ? " " : "";

  if (clean[0] == '\0')
    return g_strdup ("");
  return g_strconcat (fence, pad, clean, pad, fence, NULL);
}

/**
 * bo_markdown_append_fence:
 * @document: Markdown at the beginning of a line
 * @text: any bytes, several lines
 *
 * Appends @text as a code block whose fence is longer than any run of
 * backticks in it, so nothing in it can end the block.
 */
void
bo_markdown_append_fence (GString *document, const char *text)
{
  GString *clean = g_string_new (NULL);
  g_autofree char *fence = NULL;

  g_return_if_fail (document != NULL && text != NULL);

  append_clean (clean, text, TRUE);
  fence = g_strnfill (MAX (longest_backtick_run (clean->str) + 1, 3), '`');
  g_string_append_printf (document, "%stext\n%s%s%s\n", fence, clean->str,
                          clean->len > 0 && clean->str[clean->len - 1] == '\n' ? "" : "\n", fence);
  g_string_free (clean, TRUE);
}

/**
 * bo_markdown_append_row:
 * @document: Markdown at the beginning of a line
 * @cells: (array length=n_cells): texts of the cells, not escaped; %NULL is an empty cell
 * @n_cells: how many
 */
void
bo_markdown_append_row (GString *document, const char *const *cells, guint n_cells)
{
  g_return_if_fail (document != NULL && cells != NULL);

  for (guint i = 0; i < n_cells; i++)
    {
      g_autofree char *cell = cells[i] != NULL ? bo_markdown_escape_cell (cells[i]) : g_strdup ("");

      g_string_append_printf (document, "| %s%s", cell, cell[0] != '\0' ? " " : "");
    }
  g_string_append (document, "|\n");
}

/**
 * bo_markdown_append_header:
 * @document: Markdown at the beginning of a line
 * @cells: (array length=n_cells): titles of the columns, not escaped
 * @n_cells: how many
 *
 * Appends the first two lines of a table.
 */
void
bo_markdown_append_header (GString *document, const char *const *cells, guint n_cells)
{
  bo_markdown_append_row (document, cells, n_cells);
  for (guint i = 0; i < n_cells; i++)
    {
      g_autofree char *dashes = g_strnfill (MAX (g_utf8_strlen (cells[i], -1), 1) + 2, '-');

      g_string_append_printf (document, "|%s", dashes);
    }
  g_string_append (document, "|\n");
}
