/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-log-selection"

#include "config.h"

#include "activity/bo-log-selection.h"
#include "journal/bo-log-writer.h"

static int
compare_points (const BoLogRows *rows, const BoLogPoint *a, const BoLogPoint *b)
{
  int order = bo_log_rows_compare (rows, &a->place, &b->place);

  return order != 0 ? order : (a->byte > b->byte) - (a->byte < b->byte);
}

static gboolean
get_ends (const BoLogSelection *self, const BoLogRows *rows, BoLogPoint *first, BoLogPoint *last)
{
  gboolean forward;

  if (!self->active || bo_log_rows_get_part (rows, self->anchor.place.id) == NULL
      || bo_log_rows_get_part (rows, self->end.place.id) == NULL)
    return FALSE;
  forward = compare_points (rows, &self->anchor, &self->end) <= 0;
  *first = forward ? self->anchor : self->end;
  *last = forward ? self->end : self->anchor;
  return TRUE;
}

gboolean
bo_log_selection_is_empty (const BoLogSelection *self, const BoLogRows *rows)
{
  BoLogPoint first, last;

  return !get_ends (self, rows, &first, &last) || compare_points (rows, &first, &last) == 0;
}

/**
 * bo_log_selection_get_bytes:
 * @self: a selection
 * @rows: the rows of the log
 * @place: a row
 * @begin: (out): first byte of it that is selected
 * @end: (out): the one after the last; %G_MAXSIZE when the next row is selected too
 *
 * Returns: whether any of it is selected
 */
gboolean
bo_log_selection_get_bytes (const BoLogSelection *self,
                            const BoLogRows *rows,
                            const BoLogPlace *place,
                            gsize *begin,
                            gsize *end)
{
  BoLogPoint first, last;
  int after_first, before_last;

  *begin = *end = 0;
  if (!get_ends (self, rows, &first, &last))
    return FALSE;
  after_first = bo_log_rows_compare (rows, place, &first.place);
  before_last = bo_log_rows_compare (rows, place, &last.place);
  if (after_first < 0 || before_last > 0)
    return FALSE;
  *begin = after_first == 0 ? first.byte : 0;
  *end = before_last == 0 ? last.byte : G_MAXSIZE;
  return *begin < *end;
}

/**
 * bo_log_selection_get_ranges:
 * @self: a selection
 * @rows: the rows of the log
 *
 * Lines that are folded away are not among them, as they are not seen.
 *
 * Returns: (transfer full) (element-type BoLogRange): what is selected, step by step
 */
GArray *
bo_log_selection_get_ranges (const BoLogSelection *self, const BoLogRows *rows)
{
  GArray *ranges = g_array_new (FALSE, FALSE, sizeof (BoLogRange));
  const BoLogShape *shape = bo_log_rows_get_shape (rows);
  BoLogPoint first, last;
  guint last_position;

  if (!get_ends (self, rows, &first, &last) || compare_points (rows, &first, &last) == 0)
    return ranges;
  last_position = bo_log_rows_get_position (rows, last.place.id);
  for (guint i = bo_log_rows_get_position (rows, first.place.id); i <= last_position; i++)
    {
      const BoLogPart *part = &g_array_index (shape->parts, BoLogPart, i);
      gint64 from = part->id == first.place.id ? first.place.line : BO_LOG_TITLE;
      gint64 to = part->id == last.place.id ? last.place.line : (gint64) part->n_lines - 1;
      BoLogRange range = { .id = part->id, .end = G_MAXSIZE };

      if (bo_log_rows_is_folded (rows, part->id))
        to = BO_LOG_TITLE;
      range.titled = from == BO_LOG_TITLE;
      range.first = (guint) MAX (from, 0);
      range.n_lines = to >= (gint64) range.first ? (guint) (to - range.first + 1) : 0;
      if (part->id == first.place.id && from >= 0)
        range.begin = first.byte;
      if (part->id == last.place.id && to >= 0)
        range.end = last.byte;
      g_array_append_val (ranges, range);
    }
  return ranges;
}
