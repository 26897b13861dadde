/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-line-diff"

#include "config.h"

#include <string.h>

#include "findings/bo-document.h"

/* A preview of a change, as "diff -u" prints it. */

#define CONTEXT 3
/* Above this many pairs of lines the middle is shown as wholly replaced rather than compared. */
#define PAIRS_MAX 25000000

typedef struct
{
  char mark;
  const BoDocumentLine *line;
  guint before;
  guint after;
} Change;

static gboolean
same (const BoDocumentLine *a, const BoDocumentLine *b)
{
  return a->length == b->length && a->eol_length == b->eol_length && memcmp (a->text, b->text, a->length) == 0;
}

static void
add (GArray *changes, char mark, const BoDocumentLine *line, guint before, guint after)
{
  Change change = { mark, line, before, after };

  g_array_append_val (changes, change);
}

/* The longest common subsequence of what lies between the common beginning and the common end. */
static GArray *
compare (const BoDocument *a, const BoDocument *b)
{
  GArray *changes = g_array_new (FALSE, FALSE, sizeof (Change));
  guint n = a->lines->len;
  guint m = b->lines->len;
  guint first = 0;
  guint last = 0;
  guint rows, columns;
  g_autofree guint *table = NULL;
  guint i = 0, j = 0;

  while (first < n && first < m && same (bo_document_get_line (a, first), bo_document_get_line (b, first)))
    first++;
  while (last < n - first && last < m - first
         && same (bo_document_get_line (a, n - 1 - last), bo_document_get_line (b, m - 1 - last)))
    last++;
  rows = n - first - last;
  columns = m - first - last;

  for (guint k = 0; k < first; k++)
    add (changes, ' ', bo_document_get_line (a, k), k, k);
  if ((guint64) rows * columns <= PAIRS_MAX)
    {
      table = g_new0 (guint, (gsize) (rows + 1) * (columns + 1));
      for (guint r = rows; r-- > 0;)
        for (guint c = columns; c-- > 0;)
          {
            guint *cell = &table[(gsize) r * (columns + 1) + c];

            if (same (bo_document_get_line (a, first + r), bo_document_get_line (b, first + c)))
              *cell = cell[columns + 2] + 1;
            else
              *cell = MAX (cell[columns + 1], cell[1]);
          }
    }
  while (i < rows || j < columns)
    {
      const guint *cell = table != NULL ? &table[(gsize) i * (columns + 1) + j] : NULL;

      if (i < rows && j < columns && cell != NULL
          && same (bo_document_get_line (a, first + i), bo_document_get_line (b, first + j)))
        {
          add (changes, ' ', bo_document_get_line (a, first + i), first + i, first + j);
          i++;
          j++;
        }
      else if (i < rows && (j == columns || cell == NULL || cell[columns + 1] >= cell[1]))
        {
          add (changes, '-', bo_document_get_line (a, first + i), first + i, first + j);
          i++;
        }
      else
        {
          add (changes, '+', bo_document_get_line (b, first + j), first + i, first + j);
          j++;
        }
    }
  for (guint k = 0; k < last; k++)
    add (changes, ' ', bo_document_get_line (a, n - last + k), n - last + k, m - last + k);
  return changes;
}

static void
append_hunk (GString *out, GArray *changes, guint from, guint to)
{
  const Change *start = &g_array_index (changes, Change, from);
  guint n_before = 0;
  guint n_after = 0;

  for (guint i = from; i < to; i++)
    {
      char mark = g_array_index (changes, Change, i).mark;

      n_before += mark != '+';
      n_after += mark != '-';
    }
  g_string_append_printf (out, "@@ -%u,%u +%u,%u @@\n", start->before + (n_before > 0), n_before,
                          start->after + (n_after > 0), n_after);
  for (guint i = from; i < to; i++)
    {
      const Change *change = &g_array_index (changes, Change, i);
      g_autofree char *text = g_utf8_make_valid (change->line->text, (gssize) change->line->length);

      g_string_append_printf (out, "%c%s\n", change->mark, text);
    }
}

/**
 * bo_line_diff:
 * @before: a document
 * @after: the same, changed
 * @name: its name, for the head
 *
 * Returns: (transfer full): the change as "diff -u" prints it, valid UTF-8 for people to read; empty when
 *   there is none
 */
char *
bo_line_diff (GBytes *before, GBytes *after, const char *name)
{
  g_autoptr (BoDocument) a = bo_document_new (before);
  g_autoptr (BoDocument) b = bo_document_new (after);
  g_autoptr (GArray) changes = compare (a, b);
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < changes->len; i++)
    {
      guint from, to, quiet = 0;

      if (g_array_index (changes, Change, i).mark == ' ')
        continue;
      if (out->len == 0)
        g_string_append_printf (out, "--- %s\n+++ %s\n", name, name);
      from = i > CONTEXT ? i - CONTEXT : 0;
      for (to = i; to < changes->len && quiet <= 2 * CONTEXT; to++)
        quiet = g_array_index (changes, Change, to).mark == ' ' ? quiet + 1 : 0;
      i = to - 1;
      if (quiet > CONTEXT)
        to -= quiet - CONTEXT;
      append_hunk (out, changes, from, to);
    }
  return g_string_free (out, FALSE);
}
