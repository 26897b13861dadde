/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-document"

#include "config.h"

#include <string.h>

#include "findings/bo-document.h"

#define BOM "\xef\xbb\xbf"

/* Up to three spaces may stand before a fence or a heading; with four it is code (CommonMark 4.2, 4.5). */
static gsize
get_indent (const BoDocumentLine *line)
{
  gsize indent = 0;

  while (indent < line->length && line->text[indent] == ' ')
    indent++;
  return indent;
}

/* The length of the run of fence characters that the line begins with, or 0; @rest is what follows it. */
static gsize
get_fence (const BoDocumentLine *line, char *character, gsize *rest)
{
  gsize indent = get_indent (line);
  gsize end = indent;

  if (indent > 3 || indent >= line->length || (line->text[indent] != '`' && line->text[indent] != '~'))
    return 0;
  *character = line->text[indent];
  while (end < line->length && line->text[end] == *character)
    end++;
  *rest = end;
  return end - indent >= 3 ? end - indent : 0;
}

static gboolean
is_blank_from (const BoDocumentLine *line, gsize from)
{
  for (gsize i = from; i < line->length; i++)
    if (line->text[i] != ' ' && line->text[i] != '\t' && line->text[i] != '\r')
      return FALSE;
  return TRUE;
}

static void
mark_fences (GArray *lines)
{
  gsize open = 0;
  char open_character = 0;

  for (guint i = 0; i < lines->len; i++)
    {
      BoDocumentLine *line = &g_array_index (lines, BoDocumentLine, i);
      char character = 0;
      gsize rest = 0;
      gsize run = get_fence (line, &character, &rest);

      if (open == 0)
        {
          /* The info string of a backtick fence holds no backtick, else it is a code span. */
          if (run > 0 && (character == '~' || memchr (line->text + rest, '`', line->length - rest) == NULL))
            {
              open = run;
              open_character = character;
              line->is_fence = TRUE;
            }
        }
      else if (run >= open && character == open_character && is_blank_from (line, rest))
        {
          open = 0;
          line->is_fence = TRUE;
        }
      else
        line->in_fence = TRUE;
    }
}

/**
 * bo_document_new:
 * @bytes: a text file of any encoding in which ASCII is ASCII
 *
 * Returns: (transfer full): its lines
 */
BoDocument *
bo_document_new (GBytes *bytes)
{
  BoDocument *self = g_new0 (BoDocument, 1);
  gsize size;
  const char *data;
  gsize start = 0;

  g_return_val_if_fail (bytes != NULL, self);

  self->bytes = g_bytes_ref (bytes);
  self->lines = g_array_new (FALSE, TRUE, sizeof (BoDocumentLine));
  data = g_bytes_get_data (bytes, &size);
  while (start < size)
    {
      const char *newline = memchr (data + start, '\n', size - start);
      gsize end = newline != NULL ? (gsize) (newline - data) : size;
      BoDocumentLine line = { .text = data + start, .length = end - start, .eol_length = newline != NULL ? 1 : 0 };

      if (newline != NULL && line.length > 0 && line.text[line.length - 1] == '\r')
        {
          line.length--;
          line.eol_length = 2;
        }
      g_array_append_val (self->lines, line);
      start = end + 1;
    }
  mark_fences (self->lines);

  self->replacements = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_set_size (self->replacements, (gint) self->lines->len);
  self->insertions = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_set_size (self->insertions, (gint) self->lines->len);
  return self;
}

void
bo_document_free (BoDocument *document)
{
  if (document == NULL)
    return;
  g_array_unref (document->lines);
  g_bytes_unref (document->bytes);
  g_ptr_array_unref (document->replacements);
  g_ptr_array_unref (document->insertions);
  g_free (document);
}

const BoDocumentLine *
bo_document_get_line (const BoDocument *document, guint index)
{
  g_return_val_if_fail (document != NULL && index < document->lines->len, NULL);

  return &g_array_index (document->lines, BoDocumentLine, index);
}

/**
 * bo_document_get_text:
 * @document: a document
 * @index: of a line
 *
 * Returns: (transfer full): the line's bytes without its end and, in the first line, without a byte order mark
 */
char *
bo_document_get_text (const BoDocument *document, guint index)
{
  const BoDocumentLine *line = bo_document_get_line (document, index);
  gsize skip = 0;

  g_return_val_if_fail (line != NULL, NULL);

  if (index == 0 && line->length >= strlen (BOM) && memcmp (line->text, BOM, strlen (BOM)) == 0)
    skip = strlen (BOM);
  return g_strndup (line->text + skip, line->length - skip);
}

/**
 * bo_document_get_eol:
 * @document: a document
 * @index: of a line
 *
 * Returns: (transfer none): the line end for lines that are put near it: its own, else that of the first line
 */
const char *
bo_document_get_eol (const BoDocument *document, guint index)
{
  gsize length = bo_document_get_line (document, index)->eol_length;

  if (length == 0)
    length = bo_document_get_line (document, 0)->eol_length;
  return length == 2 ? "\r\n" : "\n";
}

/**
 * bo_document_replace:
 * @document: a document
 * @index: of a line
 * @text: what stands there instead; the line's end and a byte order mark stay
 */
void
bo_document_replace (BoDocument *document, guint index, const char *text)
{
  g_return_if_fail (document != NULL && index < document->lines->len && text != NULL);

  g_free (g_ptr_array_index (document->replacements, index));
  g_ptr_array_index (document->replacements, index) = g_strdup (text);
}

/* In the place of a text: the line is gone, with its end. No text that is put into a document has this byte. */
#define REMOVED "\001"

void
bo_document_remove (BoDocument *document, guint index)
{
  g_return_if_fail (document != NULL && index < document->lines->len);

  g_free (g_ptr_array_index (document->replacements, index));
  g_ptr_array_index (document->replacements, index) = g_strdup (REMOVED);
}

/**
 * bo_document_insert_after:
 * @document: a document
 * @index: of a line
 * @text: lines, each with "\n"; they get the line end of their place
 */
void
bo_document_insert_after (BoDocument *document, guint index, const char *text)
{
  char *old;

  g_return_if_fail (document != NULL && index < document->lines->len && text != NULL);

  old = g_ptr_array_index (document->insertions, index);
  g_ptr_array_index (document->insertions, index) = g_strconcat (old != NULL ? old : "", text, NULL);
  g_free (old);
}

static gboolean
is_removed (const char *replacement)
{
  return replacement != NULL && g_str_equal (replacement, REMOVED);
}

static void
append_insertion (GString *out, const char *text, const char *eol)
{
  /* What is put after a last line without an end begins with one, and ends without, as the file did. */
  gboolean unended = out->len > 0 && out->str[out->len - 1] != '\n';
  gsize before = out->len;

  if (unended)
    g_string_append (out, eol);
  for (const char *p = text; *p != '\0'; p++)
    {
      if (*p == '\n')
        g_string_append (out, eol);
      else
        g_string_append_c (out, *p);
    }
  if (unended && out->len > before && out->str[out->len - 1] == '\n')
    g_string_truncate (out, out->len - strlen (eol));
}

/**
 * bo_document_write:
 * @document: a document
 *
 * Returns: (transfer full): its bytes with the changes
 */
GBytes *
bo_document_write (const BoDocument *document)
{
  GString *out;
  gsize length;

  g_return_val_if_fail (document != NULL, NULL);

  out = g_string_new (NULL);
  for (guint i = 0; i < document->lines->len; i++)
    {
      const BoDocumentLine *line = bo_document_get_line (document, i);
      const char *replacement = g_ptr_array_index (document->replacements, i);
      const char *insertion = g_ptr_array_index (document->insertions, i);

      if (replacement == NULL)
        g_string_append_len (out, line->text, (gssize) (line->length + line->eol_length));
      else if (!is_removed (replacement))
        {
          if (i == 0 && line->length >= strlen (BOM) && memcmp (line->text, BOM, strlen (BOM)) == 0)
            g_string_append (out, BOM);
          g_string_append (out, replacement);
          g_string_append_len (out, line->text + line->length, (gssize) line->eol_length);
        }
      if (insertion != NULL)
        append_insertion (out, insertion, bo_document_get_eol (document, i));
    }
  /* Where the last line was taken away, the one before it is the last now, and ends as the file did. */
  if (document->lines->len > 0 && bo_document_get_line (document, document->lines->len - 1)->eol_length == 0
      && out->len > 0 && out->str[out->len - 1] == '\n')
    g_string_truncate (out, out->len - (out->len > 1 && out->str[out->len - 2] == '\r' ? 2 : 1));
  length = out->len;
  return g_bytes_new_take (g_string_free (out, FALSE), length);
}

/**
 * bo_document_get_heading:
 * @document: a document
 * @index: of a line
 * @title: (out) (optional): its text, without marks
 *
 * Both kinds: "## Title ##", and a line under which a line of "=" or "-" is.
 *
 * Returns: its level, 1 to 6, or 0 when the line is no heading
 */
guint
bo_document_get_heading (const BoDocument *document, guint index, char **title)
{
  g_autofree char *text = bo_document_get_text (document, index);
  const char *p = text + strspn (text, " ");
  guint level = 0;

  if (p - text > 3 || *p == '\0')
    return 0;
  while (p[level] == '#')
    level++;
  if (level >= 1 && level <= 6 && (p[level] == ' ' || p[level] == '\t' || p[level] == '\0'))
    {
      char *found = g_strstrip (g_strdup (p + level));
      gsize end = strlen (found);

      while (end > 0 && found[end - 1] == '#')
        end--;
      if (end == 0 || found[end - 1] == ' ')
        found[end] = '\0';
      if (title != NULL)
        *title = g_strchomp (found);
      else
        g_free (found);
      return level;
    }

  /* Neither in a code block nor under a comment is such a line what it looks like. */
  if (index + 1 < document->lines->len && strchr ("-=|>#`~<", *p) == NULL
      && !bo_document_get_line (document, index)->in_fence)
    {
      g_autofree char *under = g_strstrip (bo_document_get_text (document, index + 1));
      gsize n = strspn (under, "=");

      level = n > 0 && under[n] == '\0' ? 1 : 0;
      n = strspn (under, "-");
      if (level == 0 && n > 0 && under[n] == '\0')
        level = 2;
      if (level > 0)
        {
          if (title != NULL)
            *title = g_strstrip (g_strdup (p));
          return level;
        }
    }
  return 0;
}
