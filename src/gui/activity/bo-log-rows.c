/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-log-rows"

#include "config.h"

#include "activity/bo-log-rows.h"

struct _BoLogRows
{
  BoLogShape shape;
  GHashTable *folded; /* ids */
  int header_height;
  int line_height;
  GArray *tops;      /* of gint64: of each part */
  GArray *positions; /* of guint: by id */
  gint64 height;
};

BoLogRows *
bo_log_rows_new (void)
{
  BoLogRows *self = g_new0 (BoLogRows, 1);

  self->shape.parts = g_array_new (FALSE, FALSE, sizeof (BoLogPart));
  self->shape.newest = BO_LOG_NO_STEP;
  self->folded = g_hash_table_new (NULL, NULL);
  self->header_height = self->line_height = 1;
  self->tops = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->positions = g_array_new (FALSE, TRUE, sizeof (guint));
  return self;
}

void
bo_log_rows_free (BoLogRows *self)
{
  if (self == NULL)
    return;
  bo_log_shape_clear (&self->shape);
  g_hash_table_unref (self->folded);
  g_array_unref (self->tops);
  g_array_unref (self->positions);
  g_free (self);
}

static const BoLogPart *
get_part (const BoLogRows *self, guint position)
{
  return &g_array_index (self->shape.parts, BoLogPart, position);
}

static guint
count_lines (const BoLogRows *self, guint position)
{
  const BoLogPart *part = get_part (self, position);

  return bo_log_rows_is_folded (self, part->id) ? 0 : part->n_lines;
}

static void
lay_out (BoLogRows *self)
{
  gint64 y = 0;

  g_array_set_size (self->tops, self->shape.parts->len);
  for (guint i = 0; i < self->shape.parts->len; i++)
    {
      guint id = get_part (self, i)->id;

      if (id >= self->positions->len)
        g_array_set_size (self->positions, id + 1);
      g_array_index (self->positions, guint, id) = i;
      g_array_index (self->tops, gint64, i) = y;
      y += self->header_height + (gint64) count_lines (self, i) * self->line_height;
    }
  self->height = y;
}

/**
 * bo_log_rows_take_shape:
 * @self: the rows
 * @shape: (transfer full): what the log has now; is cleared
 */
void
bo_log_rows_take_shape (BoLogRows *self, BoLogShape *shape)
{
  g_return_if_fail (self != NULL && shape != NULL && shape->parts != NULL);

  if (shape->generation != self->shape.generation)
    g_hash_table_remove_all (self->folded);
  bo_log_shape_clear (&self->shape);
  self->shape = *shape;
  shape->parts = NULL;
  lay_out (self);
}

/**
 * bo_log_rows_set_heights:
 * @self: the rows
 * @header: height of a header, in pixels
 * @line: height of a line
 */
void
bo_log_rows_set_heights (BoLogRows *self, int header, int line)
{
  g_return_if_fail (self != NULL && header > 0 && line > 0);

  self->header_height = header;
  self->line_height = line;
  lay_out (self);
}

void
bo_log_rows_fold (BoLogRows *self, guint id, gboolean fold)
{
  g_return_if_fail (self != NULL);

  if (fold)
    g_hash_table_add (self->folded, GUINT_TO_POINTER (id));
  else
    g_hash_table_remove (self->folded, GUINT_TO_POINTER (id));
  lay_out (self);
}

void
bo_log_rows_fold_all (BoLogRows *self, gboolean fold)
{
  g_return_if_fail (self != NULL);

  g_hash_table_remove_all (self->folded);
  for (guint i = 0; fold && i < self->shape.parts->len; i++)
    g_hash_table_add (self->folded, GUINT_TO_POINTER (get_part (self, i)->id));
  lay_out (self);
}

const BoLogShape *
bo_log_rows_get_shape (const BoLogRows *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return &self->shape;
}

gboolean
bo_log_rows_is_folded (const BoLogRows *self, guint id)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return g_hash_table_contains (self->folded, GUINT_TO_POINTER (id));
}

gint64
bo_log_rows_get_height (const BoLogRows *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->height;
}

/**
 * bo_log_rows_get_position:
 * @self: the rows
 * @id: of a step
 *
 * Returns: its position in the shape, or %BO_LOG_NO_STEP when there is none
 */
guint
bo_log_rows_get_position (const BoLogRows *self, guint id)
{
  guint position;

  g_return_val_if_fail (self != NULL, BO_LOG_NO_STEP);

  if (id >= self->positions->len)
    return BO_LOG_NO_STEP;
  position = g_array_index (self->positions, guint, id);
  return position < self->shape.parts->len && get_part (self, position)->id == id ? position : BO_LOG_NO_STEP;
}

/**
 * bo_log_rows_get_part:
 * @self: the rows
 * @id: of a step
 *
 * Returns: (transfer none) (nullable): the step, until the next shape is taken
 */
const BoLogPart *
bo_log_rows_get_part (const BoLogRows *self, guint id)
{
  guint position = bo_log_rows_get_position (self, id);

  return position != BO_LOG_NO_STEP ? get_part (self, position) : NULL;
}

/* Whether it is a row now: of a step that is there, and not folded away. */
gboolean
bo_log_rows_has (const BoLogRows *self, const BoLogPlace *place)
{
  guint position = bo_log_rows_get_position (self, place->id);

  return position != BO_LOG_NO_STEP && place->line < (gint64) count_lines (self, position);
}

/**
 * bo_log_rows_get_top:
 * @self: the rows
 * @place: a row; one that is folded away is where its header is
 *
 * Returns: its upper edge, in pixels
 */
gint64
bo_log_rows_get_top (const BoLogRows *self, const BoLogPlace *place)
{
  guint position = bo_log_rows_get_position (self, place->id);
  gint64 top;

  if (position == BO_LOG_NO_STEP)
    return 0;
  top = g_array_index (self->tops, gint64, position);
  if (place->line < 0 || bo_log_rows_is_folded (self, place->id))
    return top;
  return top + self->header_height + place->line * self->line_height;
}

int
bo_log_rows_get_row_height (const BoLogRows *self, const BoLogPlace *place)
{
  return place->line < 0 ? self->header_height : self->line_height;
}

/**
 * bo_log_rows_find:
 * @self: the rows
 * @y: in pixels; what is before the first row or after the last is that row
 * @place: (out): the row there
 *
 * Returns: whether there is any row
 */
gboolean
bo_log_rows_find (const BoLogRows *self, gint64 y, BoLogPlace *place)
{
  guint low = 0;
  guint high = self->shape.parts->len;
  guint n_lines;
  gint64 rest;

  if (high == 0)
    return FALSE;
  y = CLAMP (y, 0, self->height - 1);
  while (high - low > 1)
    {
      guint middle = low + (high - low) / 2;

      if (g_array_index (self->tops, gint64, middle) <= y)
        low = middle;
      else
        high = middle;
    }
  place->id = get_part (self, low)->id;
  rest = y - g_array_index (self->tops, gint64, low) - self->header_height;
  n_lines = count_lines (self, low);
  place->line = rest < 0 || n_lines == 0 ? BO_LOG_TITLE : MIN (rest / self->line_height, (gint64) n_lines - 1);
  return TRUE;
}

/**
 * bo_log_rows_move:
 * @self: the rows
 * @place: (inout): a row
 * @by: how many rows down, or up when it is negative; not beyond the first and the last
 *
 * Returns: whether it is another row now
 */
gboolean
bo_log_rows_move (const BoLogRows *self, BoLogPlace *place, gint64 by)
{
  guint position = bo_log_rows_get_position (self, place->id);
  BoLogPlace before = *place;

  if (position == BO_LOG_NO_STEP)
    return FALSE;
  if (!bo_log_rows_has (self, place))
    place->line = BO_LOG_TITLE;
  while (by > 0)
    {
      gint64 left = (gint64) count_lines (self, position) - 1 - place->line;
      gint64 step = MIN (by, left);

      place->line += step;
      by -= step;
      if (by == 0 || position + 1 == self->shape.parts->len)
        break;
      place->id = get_part (self, ++position)->id;
      place->line = BO_LOG_TITLE;
      by--;
    }
  while (by < 0)
    {
      gint64 step = MIN (-by, place->line + 1);

      place->line -= step;
      by += step;
      if (by == 0 || position == 0)
        break;
      place->id = get_part (self, --position)->id;
      place->line = (gint64) count_lines (self, position) - 1;
      by++;
    }
  return place->id != before.id || place->line != before.line;
}

int
bo_log_rows_compare (const BoLogRows *self, const BoLogPlace *a, const BoLogPlace *b)
{
  guint x = bo_log_rows_get_position (self, a->id);
  guint y = bo_log_rows_get_position (self, b->id);

  if (x != y)
    return x < y ? -1 : 1;
  return (a->line > b->line) - (a->line < b->line);
}
