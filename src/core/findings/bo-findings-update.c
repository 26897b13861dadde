/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-findings-update"

#include "config.h"

#include <string.h>

#include <glib/gi18n.h>

#include "findings/bo-document.h"
#include "findings/bo-findings-update.h"
#include "findings/bo-markdown.h"
#include "findings/bo-table-row.h"
#include "study/bo-document-text.h"
#include "study/bo-names.h"

G_DEFINE_QUARK (bo-update-error-quark, bo_update_error)

#define N_COLUMNS 4
#define NOTES_MARK "<!-- bakeoff -->"
#define NOTES_SEPARATOR " — "
/* What the last of our lines in a code block begins with. */
#define FENCE_MARK "(bakeoff:"

typedef struct
{
  BoDocument *document;
  const BoReport *report;
  const char *charts;
  BoUpdateSummary *summary;
  gboolean *ours; /* of each line: whether it is in what an earlier update put in, and will be replaced */
} Update;

/* A cell's text as it is compared: without emphasis, in small letters. */
static char *
normalize (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  GString *plain = g_string_new (NULL);
  g_autofree char *stripped = NULL;

  for (const char *p = valid; *p != '\0'; p++)
    if (strchr ("*_`\\", *p) == NULL)
      g_string_append_c (plain, *p);
  stripped = g_strstrip (g_string_free (plain, FALSE));
  return g_utf8_casefold (stripped, -1);
}

static gboolean
same_words (const char *text, const char *english, const char *language)
{
  g_autofree char *found = normalize (text);
  g_autofree char *wanted = normalize (english);
  g_autofree char *translated = normalize (bo_document_text (language, english));

  return g_str_equal (found, wanted) || g_str_equal (found, translated);
}

static gboolean
is_header (const Update *update, guint index)
{
  static const char *const titles[N_COLUMNS] = { N_ ("Approach"), N_ ("Build Time"), N_ ("Run Time"), N_ ("Notes") };
  g_autofree char *line = bo_document_get_text (update->document, index);
  g_autofree char *under = NULL;
  g_autoptr (BoTableRow) row = bo_table_row_parse (line);

  if (update->ours[index] || row == NULL || row->cells->len != N_COLUMNS || index + 1 >= update->document->lines->len)
    return FALSE;
  for (guint i = 0; i < N_COLUMNS; i++)
    {
      g_autofree char *cell = bo_table_row_get (row, i);

      if (!same_words (cell, titles[i], update->report->language))
        return FALSE;
    }
  under = bo_document_get_text (update->document, index + 1);
  return bo_table_row_is_delimiter (under);
}

/* The first table outside of code blocks, else the first inside of one; -1 when there is none. */
static int
find_table (const Update *update)
{
  int outside = -1;
  int inside = -1;

  for (guint i = 0; i < update->document->lines->len; i++)
    {
      if (!is_header (update, i))
        continue;
      if (bo_document_get_line (update->document, i)->in_fence)
        {
          if (inside < 0)
            inside = (int) i;
        }
      else if (outside < 0)
        outside = (int) i;
      else
        update->summary->n_other_tables++;
    }
  return outside >= 0 ? outside : inside;
}

/* What stands in a table until there is something to say. */
static gboolean
is_placeholder (const char *cell)
{
  static const char *const words[] = { "", "tbd", "todo", "?", "-", "–", "—", "n/a", "...", "…" };
  g_autofree char *plain = normalize (cell);

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (g_str_equal (plain, words[i]))
      return TRUE;
  return FALSE;
}

static int
find_row (const BoReport *report, const char *approach, const gboolean *used)
{
  g_autofree char *plain = normalize (approach);
  g_autofree char *valid = g_utf8_make_valid (approach, -1);
  g_autofree char *slug = bo_name_slug (valid);

  for (guint i = 0; i < report->rows->len; i++)
    {
      const BoReportRow *row = g_ptr_array_index (report->rows, i);
      g_autofree char *title = normalize (row->title);
      g_autofree char *title_slug = bo_name_slug (row->title);

      if (used[i])
        continue;
      if (g_str_equal (plain, title) || g_str_equal (plain, row->strategy))
        return (int) i;
      /* A title without a letter or digit of ASCII has no slug of its own. */
      if (!g_str_equal (slug, "unnamed") && (g_str_equal (slug, title_slug) || g_str_equal (slug, row->strategy)))
        return (int) i;
    }
  return -1;
}

/* The user's own part of a Notes cell, as it is written there. */
static char *
get_users_notes (const char *cell)
{
  const char *mark = strstr (cell, NOTES_MARK);
  g_autofree char *text = mark != NULL ? g_strndup (cell, mark - cell) : g_strdup (cell);

  g_strstrip (text);
  if (mark != NULL && g_str_has_suffix (text, "—"))
    {
      text[strlen (text) - strlen ("—")] = '\0';
      g_strchomp (text);
    }
  if (mark == NULL && is_placeholder (text))
    return g_strdup ("");
  return g_steal_pointer (&text);
}

static char *
make_notes (const BoReportRow *row, const char *users)
{
  GString *ours = g_string_new (NULL);
  g_autofree char *text = NULL;
  g_autofree char *escaped = NULL;

  /* Where the user has written something, the study's notes most likely say the same. */
  if (users[0] == '\0' && row->notes != NULL)
    g_string_append (ours, row->notes);
  if (row->outcome != NULL)
    g_string_append_printf (ours, "%s%s", ours->len > 0 ? "; " : "", row->outcome);
  text = g_string_free (ours, FALSE);
  if (text[0] == '\0')
    return g_strdup (users);
  escaped = bo_markdown_escape_cell (text);
  return g_strconcat (users, users[0] != '\0' ? NOTES_SEPARATOR : "", NOTES_MARK, escaped, NULL);
}

static void
fill_cells (BoTableRow *row, const BoReportRow *result)
{
  g_autofree char *build_time = bo_markdown_escape_cell (result->build_time);
  g_autofree char *run_time = bo_markdown_escape_cell (result->run_time);
  g_autofree char *old_notes = bo_table_row_get (row, 3);
  g_autofree char *users = get_users_notes (old_notes);
  g_autofree char *notes = make_notes (result, users);

  bo_table_row_set (row, 1, build_time);
  bo_table_row_set (row, 2, run_time);
  bo_table_row_set (row, 3, notes);
}

static void
update_row (const Update *update, guint index, gboolean *used)
{
  g_autofree char *line = bo_document_get_text (update->document, index);
  g_autoptr (BoTableRow) row = bo_table_row_parse (line);
  g_autofree char *approach = bo_table_row_get (row, 0);
  g_autofree char *build_time = bo_table_row_get (row, 1);
  g_autofree char *changed = NULL;
  const BoDocumentLine *whole = bo_document_get_line (update->document, index);
  int found = find_row (update->report, approach, used);
  const BoReportRow *result;

  /* A line with a NUL in it is more than its text; it is left alone. */
  if (found < 0 || memchr (whole->text, '\0', whole->length) != NULL)
    return;
  used[found] = TRUE;
  update->summary->n_rows++;
  result = g_ptr_array_index (update->report->rows, found);
  /* A campaign of a few strategies says nothing against the numbers that others have. */
  if (!result->planned && !is_placeholder (build_time))
    return;
  fill_cells (row, result);
  changed = bo_table_row_write (row);
  if (!g_str_equal (changed, line))
    bo_document_replace (update->document, index, changed);
}

static void
append_rows (const Update *update, guint last, guint header, const gboolean *used)
{
  g_autofree char *like = bo_document_get_text (update->document, header);
  GString *lines = g_string_new (NULL);

  for (guint i = 0; i < update->report->rows->len; i++)
    {
      const BoReportRow *result = g_ptr_array_index (update->report->rows, i);
      /* With the bars and the indentation of the table's own header. */
      g_autoptr (BoTableRow) row = bo_table_row_parse (like);
      g_autofree char *title = bo_markdown_escape_cell (result->title);
      g_autofree char *line = NULL;

      if (used[i])
        continue;
      for (guint c = 0; c < row->cells->len; c++)
        {
          g_free (g_ptr_array_index (row->cells, c));
          g_ptr_array_index (row->cells, c) = g_strdup ("");
        }
      bo_table_row_set (row, 0, title);
      fill_cells (row, result);
      for (guint c = 0; c < row->cells->len; c++)
        if (((char *) g_ptr_array_index (row->cells, c))[0] == '\0')
          {
            g_free (g_ptr_array_index (row->cells, c));
            g_ptr_array_index (row->cells, c) = g_strdup (" ");
          }
      line = bo_table_row_write (row);
      g_string_append_printf (lines, "%s\n", line);
      update->summary->n_appended++;
    }
  if (lines->len > 0)
    bo_document_insert_after (update->document, last, lines->str);
  g_string_free (lines, TRUE);
}

static void
update_table (const Update *update)
{
  int header = find_table (update);
  g_autofree gboolean *used = g_new0 (gboolean, MAX (update->report->rows->len, 1));
  guint index;

  if (header < 0)
    return;
  update->summary->has_table = TRUE;
  for (index = (guint) header + 2; index < update->document->lines->len; index++)
    {
      g_autofree char *line = bo_document_get_text (update->document, index);
      g_autoptr (BoTableRow) row = bo_table_row_parse (line);

      /* A table ends where its first line without a bar is. */
      if (row == NULL || bo_document_get_line (update->document, index)->is_fence)
        break;
      update_row (update, index, used);
    }
  append_rows (update, index - 1, (guint) header, used);
}

/* "6.1 What Worked:" is the heading too. */
static gboolean
is_section (const Update *update, guint index, const char *name)
{
  g_autofree char *title = NULL;
  g_autofree char *plain = NULL;
  const char *p;
  GString *straight;
  gboolean found;

  if (bo_document_get_heading (update->document, index, &title) == 0)
    return FALSE;
  p = title + strspn (title, "0123456789. ");
  straight = g_string_new (p);
  g_string_replace (straight, "’", "'", 0);
  while (straight->len > 0 && strchr (": ", straight->str[straight->len - 1]) != NULL)
    g_string_truncate (straight, straight->len - 1);
  plain = g_string_free (straight, FALSE);
  found = same_words (plain, name, update->report->language);
  return found;
}

static int
find_section (const Update *update, const char *name)
{
  int inside = -1;

  for (guint i = 0; i < update->document->lines->len; i++)
    {
      const BoDocumentLine *line = bo_document_get_line (update->document, i);

      if (line->is_fence || (line->in_fence && inside >= 0) || !is_section (update, i, name))
        continue;
      if (!line->in_fence)
        return (int) i;
      inside = (int) i;
    }
  return inside;
}

static GRegex *
get_item_regex (void)
{
  static GRegex *regex = NULL;

  if (g_once_init_enter (&regex))
    g_once_init_leave (&regex, g_regex_new ("^\\s*(?:[-*+]|\\d+[.)])\\s|^\\s*(?:TBD|TODO)\\s*$",
                                            G_REGEX_RAW | G_REGEX_OPTIMIZE, 0, NULL));
  return regex;
}

/* "X%", "Y minutes", "because..." and the like: something that waits to be replaced. */
static GRegex *
get_blank_regex (void)
{
  static GRegex *regex = NULL;

  if (g_once_init_enter (&regex))
    g_once_init_leave (&regex, g_regex_new ("\\b[XYZ]\\s?%|\\b[XYZ] (?:min|sec|hour|day|time|[MGk]i?B)"
                                            "|(?:\\.\\.\\.|\xe2\x80\xa6)\\s*$|\\b(?:TBD|TODO)\\b",
                                            G_REGEX_RAW | G_REGEX_OPTIMIZE, 0, NULL));
  return regex;
}

/* Whether a line next to @index may lose it: what is left must not grow together with what it was apart from. */
static gboolean
is_boundary (const Update *update, guint index)
{
  g_autofree char *text = bo_document_get_text (update->document, index);

  return text[strspn (text, " \t")] == '\0' || bo_document_get_line (update->document, index)->is_fence
         || g_regex_match (get_item_regex (), text, 0, NULL);
}

/* A list item of a template, or a TBD, alone or among other items. @from and @to are the ends of the section. */
static gboolean
is_template_line (const Update *update, guint index, guint from, guint to)
{
  g_autofree char *text = bo_document_get_text (update->document, index);

  return g_regex_match (get_item_regex (), text, 0, NULL) && g_regex_match (get_blank_regex (), text, 0, NULL)
         && (index == from || is_boundary (update, index - 1)) && (index + 1 >= to || is_boundary (update, index + 1));
}

static void
remove_template (const Update *update, guint from, guint to, gboolean in_fence)
{
  for (guint i = from; i < to; i++)
    {
      const BoDocumentLine *line = bo_document_get_line (update->document, i);

      if (!line->is_fence && line->in_fence == in_fence && is_template_line (update, i, from, to))
        bo_document_remove (update->document, i);
    }
}

static char *
make_items (const Update *update, GPtrArray *points, gboolean plain)
{
  GString *lines = g_string_new (NULL);

  for (guint i = 0; i < points->len; i++)
    {
      const BoReportPoint *point = g_ptr_array_index (points, i);
      g_autofree char *subject = NULL;
      /* Behind a subject no line begins. */
      g_autofree char *text = plain                    ? bo_markdown_clean (point->text)
                              : point->subject != NULL ? bo_markdown_escape_cell (point->text)
                                                       : bo_markdown_escape (point->text);

      if (point->subject != NULL)
        subject = plain ? bo_markdown_clean (point->subject) : bo_markdown_escape (point->subject);
      if (subject == NULL)
        g_string_append_printf (lines, "- %s\n", text);
      else
        g_string_append_printf (lines, plain ? "- %s: %s\n" : "- **%s**: %s\n", subject, text);
    }
  if (points->len == 0)
    g_string_append_printf (lines, "- %s\n", D_ (update->report->language, "Nothing so far."));
  return g_string_free (lines, FALSE);
}

/* The first line after the heading; under a heading of two lines that is one further on. */
static guint
get_body (const Update *update, guint heading)
{
  g_autofree char *text = bo_document_get_text (update->document, heading);

  return heading + (text[strspn (text, " ")] == '#' ? 1 : 2);
}

/* Where the section ends: at the next heading, or where its code block does. */
static guint
get_end (const Update *update, guint heading)
{
  gboolean in_fence = bo_document_get_line (update->document, heading)->in_fence;
  guint i;

  for (i = get_body (update, heading); i < update->document->lines->len; i++)
    {
      const BoDocumentLine *line = bo_document_get_line (update->document, i);

      if (in_fence ? line->is_fence : (line->in_fence || line->is_fence))
        {
          if (in_fence)
            break;
          continue;
        }
      if (bo_document_get_heading (update->document, i, NULL) > 0)
        break;
    }
  return i;
}

static gboolean
line_is_blank (const Update *update, guint index)
{
  g_autofree char *text = bo_document_get_text (update->document, index);

  return text[strspn (text, " \t")] == '\0';
}

static int
find_line (const Update *update, guint from, guint to, const char *wanted, gboolean prefix)
{
  for (guint i = from; i < to; i++)
    {
      g_autofree char *text = g_strstrip (bo_document_get_text (update->document, i));

      if (prefix ? g_str_has_prefix (text, wanted) : g_str_equal (text, wanted))
        return (int) i;
    }
  return -1;
}

/* Puts @lines in the place of the lines from @from to @to; both stay when the lines are the same already. */
static void
replace_lines (const Update *update, guint from, guint to, const char *lines)
{
  GString *old = g_string_new (NULL);

  for (guint i = from; i < to; i++)
    {
      g_autofree char *text = bo_document_get_text (update->document, i);

      g_string_append_printf (old, "%s\n", text);
    }
  if (!g_str_equal (old->str, lines))
    {
      for (guint i = from; i < to; i++)
        bo_document_remove (update->document, i);
      bo_document_insert_after (update->document, from - 1, lines);
    }
  g_string_free (old, TRUE);
}

static void
update_fenced (const Update *update, guint heading, GPtrArray *points)
{
  guint body = get_body (update, heading);
  guint end = get_end (update, heading);
  int last = find_line (update, body, end, FENCE_MARK, TRUE);
  g_autofree char *items = make_items (update, points, TRUE);
  g_autofree char *source = NULL;
  g_autofree char *lines = NULL;
  const BoCampaign *newest = g_ptr_array_index (update->report->campaigns, 0);

  source = g_strdup_printf (D_ (update->report->language, "measured in campaign %s"), newest->id);
  lines = g_strdup_printf ("%s" FENCE_MARK " %s)\n", items, source);
  if (last >= 0)
    {
      replace_lines (update, body, (guint) last + 1, lines);
      return;
    }
  remove_template (update, body, end, TRUE);
  bo_document_insert_after (update->document, body - 1, lines);
}

static char *
make_mark (const char *place, const char *key)
{
  return g_strdup_printf ("<!-- bakeoff:%s %s -->", place, key);
}

static gboolean
update_marked (const Update *update, guint heading, const char *key, const char *items, GError **error)
{
  g_autofree char *begin = make_mark ("begin", key);
  g_autofree char *finish = make_mark ("end", key);
  guint body = get_body (update, heading);
  guint end = get_end (update, heading);
  int first = find_line (update, body, end, begin, FALSE);
  g_autofree char *inner = g_strdup_printf ("\n%s\n", items);
  g_autofree char *lines = NULL;
  gboolean followed;
  guint place;

  if (first >= 0)
    {
      int last = find_line (update, (guint) first, end, finish, FALSE);

      if (last < 0)
        {
          g_set_error (error, BO_UPDATE_ERROR, BO_UPDATE_ERROR_MARKERS,
                       _ ("Line %d is “%s”, but “%s” does not follow before the next heading. Put it back where "
                          "Bakeoff’s part ends, or take the first one out."),
                       first + 1, begin, finish);
          return FALSE;
        }
      replace_lines (update, (guint) first + 1, (guint) last, inner);
      return TRUE;
    }

  /* After the blank line that most people put under a heading. */
  place = body < end && line_is_blank (update, body) ? body : body - 1;
  remove_template (update, body, end, FALSE);
  followed = FALSE;
  for (guint i = place + 1; i < update->document->lines->len && !followed; i++)
    {
      const BoDocumentLine *line = bo_document_get_line (update->document, i);

      if (i < end && !line->in_fence && !line->is_fence && is_template_line (update, i, body, end))
        continue;
      if (line_is_blank (update, i))
        break;
      followed = TRUE;
    }
  lines = g_strdup_printf ("%s\n%s%s\n%s", begin, inner, finish, followed ? "\n" : "");
  bo_document_insert_after (update->document, place, lines);
  return TRUE;
}

/* Marks the lines that are ours in the section @name, so that no table is looked for there. */
static void
find_ours (const Update *update, const char *name, const char *key)
{
  int heading = find_section (update, name);
  g_autofree char *begin = make_mark ("begin", key);
  g_autofree char *finish = make_mark ("end", key);
  guint end;
  int first, last;

  if (heading < 0)
    return;
  first = (int) get_body (update, (guint) heading);
  end = get_end (update, (guint) heading);
  if (bo_document_get_line (update->document, (guint) heading)->in_fence)
    last = find_line (update, (guint) first, end, FENCE_MARK, TRUE);
  else
    {
      first = find_line (update, (guint) first, end, begin, FALSE);
      last = first >= 0 ? find_line (update, (guint) first, end, finish, FALSE) : -1;
    }
  for (int i = first; i >= 0 && i <= last; i++)
    update->ours[i] = TRUE;
}

static gboolean
update_section (const Update *update,
                const char *name,
                const char *key,
                GPtrArray *points,
                gboolean *found,
                GError **error)
{
  int heading = find_section (update, name);
  g_autofree char *items = NULL;

  *found = heading >= 0;
  if (heading < 0)
    return TRUE;
  if (bo_document_get_line (update->document, (guint) heading)->in_fence)
    {
      update_fenced (update, (guint) heading, points);
      return TRUE;
    }
  items = make_items (update, points, FALSE);
  return update_marked (update, (guint) heading, key, items, error);
}

/* The line that begins the charts' part, where it is shown as nothing; -1 when there is none. */
static int
find_charts (const Update *update, const char *begin)
{
  int found = -1;

  do
    found = find_line (update, (guint) (found + 1), update->document->lines->len, begin, FALSE);
  while (found >= 0 && bo_document_get_line (update->document, (guint) found)->in_fence);
  return found;
}

/* The last line of the validation table outside of code blocks, or -1. */
static int
find_table_end (const Update *update)
{
  int header = find_table (update);
  guint index;

  if (header < 0 || bo_document_get_line (update->document, (guint) header)->in_fence)
    return -1;
  for (index = (guint) header + 2; index < update->document->lines->len; index++)
    {
      g_autofree char *line = bo_document_get_text (update->document, index);
      g_autoptr (BoTableRow) row = bo_table_row_parse (line);

      if (row == NULL || bo_document_get_line (update->document, index)->is_fence)
        break;
    }
  return (int) index - 1;
}

/*
 * Where the charts stood before; else under a heading "Charts"; else below the
 * validation table. A picture in a code block would be its address.
 */
static gboolean
update_charts (const Update *update, GError **error)
{
  static const char begin[] = "<!-- bakeoff:begin charts -->";
  static const char finish[] = "<!-- bakeoff:end charts -->";
  int first = find_charts (update, begin);
  int place = first < 0 ? find_section (update, N_ ("Charts")) : -1;
  g_autofree char *lines = NULL;

  if (first >= 0)
    {
      int last = find_line (update, (guint) first, update->document->lines->len, finish, FALSE);

      if (last < 0)
        {
          g_set_error (error, BO_UPDATE_ERROR, BO_UPDATE_ERROR_MARKERS,
                       _ ("Line %d is “%s”, but “%s” does not follow. Put it back where Bakeoff’s part ends, or take "
                          "the first one out."),
                       first + 1, begin, finish);
          return FALSE;
        }
      lines = g_strdup_printf ("\n%s\n", update->charts);
      replace_lines (update, (guint) first + 1, (guint) last, lines);
    }
  else if (place >= 0 && !bo_document_get_line (update->document, (guint) place)->in_fence)
    {
      if (!update_marked (update, (guint) place, "charts", update->charts, error))
        return FALSE;
    }
  else
    {
      place = find_table_end (update);
      if (place < 0)
        {
          g_set_error_literal (error, BO_UPDATE_ERROR, BO_UPDATE_ERROR_NOT_FOUND,
                               _ ("The document has no place for charts: neither a heading “Charts” nor a validation "
                                  "table outside of a code block. Put in the heading."));
          return FALSE;
        }
      lines = g_strdup_printf ("\n%s\n\n%s\n%s\n", begin, update->charts, finish);
      bo_document_insert_after (update->document, (guint) place, lines);
    }
  update->summary->has_charts = TRUE;
  return TRUE;
}

/**
 * bo_findings_update:
 * @bytes: the document
 * @report: what to fill in
 * @summary: (out): what was found
 * @error: return location for a #BoUpdateError
 *
 * Returns: (transfer full): the document with its table and sections filled; the same bytes when they say
 *   already what @report says
 */
GBytes *
bo_findings_update (GBytes *bytes, const BoReport *report, BoUpdateSummary *summary, GError **error)
{
  return bo_findings_update_with_charts (bytes, report, NULL, summary, error);
}

/**
 * bo_findings_update_with_charts:
 * @bytes: the document
 * @report: what to fill in
 * @charts: (nullable): lines of Markdown that show the charts; without them, charts that are there stay as they are
 * @summary: (out): what was found
 * @error: return location for a #BoUpdateError
 *
 * Returns: (transfer full): as bo_findings_update(), with the charts put in
 */
GBytes *
bo_findings_update_with_charts (GBytes *bytes,
                                const BoReport *report,
                                const char *charts,
                                BoUpdateSummary *summary,
                                GError **error)
{
  g_autoptr (BoDocument) document = NULL;
  g_autofree gboolean *ours = NULL;
  Update update;

  g_return_val_if_fail (bytes != NULL && report != NULL && summary != NULL, NULL);

  memset (summary, 0, sizeof *summary);
  document = bo_document_new (bytes);
  ours = g_new0 (gboolean, MAX (document->lines->len, 1));
  update = (Update){ document, report, charts, summary, ours };

  find_ours (&update, "What Worked", "worked");
  find_ours (&update, "What Didn't Work", "did-not-work");
  update_table (&update);
  if (!update_section (&update, N_ ("What Worked"), "worked", report->worked, &summary->has_worked, error)
      || !update_section (&update, N_ ("What Didn't Work"), "did-not-work", report->not_worked,
                          &summary->has_not_worked, error))
    return NULL;

  if (!summary->has_table && !summary->has_worked && !summary->has_not_worked)
    {
      g_set_error_literal (error, BO_UPDATE_ERROR, BO_UPDATE_ERROR_NOT_FOUND,
                           _ ("The document has neither a table with the header “Approach | Build Time | Run Time | "
                              "Notes” nor a heading “What Worked” or “What Didn't Work”. Put in what is to be filled."));
      return NULL;
    }
  if (charts != NULL && !update_charts (&update, error))
    return NULL;
  return bo_document_write (document);
}
