/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "activity/bo-log-palette.h"
#include "activity/bo-log-selection.h"
#include "journal/bo-log-writer.h"

/* Steps with 3, 0 and 1000000 lines, of ids 4, 2 and 0. */
static BoLogRows *
make_rows (void)
{
  static const guint ids[] = { 4, 2, 0 };
  static const guint lines[] = { 3, 0, 1000000 };
  BoLogRows *rows = bo_log_rows_new ();
  BoLogShape shape = { .parts = g_array_new (FALSE, FALSE, sizeof (BoLogPart)) };
  g_autoptr (BoStep) step = bo_step_new ();

  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    {
      BoLogPart part = { ids[i], lines[i], bo_log_step_new (step) };

      g_array_append_val (shape.parts, part);
    }
  bo_log_rows_take_shape (rows, &shape);
  bo_log_rows_set_heights (rows, 30, 20);
  return rows;
}

static void
assert_place (const BoLogPlace *place, guint id, gint64 line)
{
  g_assert_cmpuint (place->id, ==, id);
  g_assert_cmpint (place->line, ==, line);
}

static void
test_places (void)
{
  g_autoptr (BoLogRows) rows = make_rows ();
  static const struct
  {
    gint64 y;
    guint id;
    gint64 line;
  } cases[] = {
    { -5, 4, BO_LOG_TITLE }, { 0, 4, BO_LOG_TITLE }, { 29, 4, BO_LOG_TITLE }, { 30, 4, 0 }, { 49, 4, 0 }, { 50, 4, 1 },
    { 89, 4, 2 }, { 90, 2, BO_LOG_TITLE }, { 119, 2, BO_LOG_TITLE }, { 120, 0, BO_LOG_TITLE }, { 150, 0, 0 },
    { 20000149, 0, 999999 }, { 99999999, 0, 999999 },
  };
  BoLogPlace place;

  g_assert_cmpint (bo_log_rows_get_height (rows), ==, 3 * 30 + 1000003 * 20);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_assert_true (bo_log_rows_find (rows, cases[i].y, &place));
      assert_place (&place, cases[i].id, cases[i].line);
      g_assert_cmpint (bo_log_rows_get_top (rows, &place), <=, MAX (cases[i].y, 0));
    }

  bo_log_rows_fold (rows, 4, TRUE);
  g_assert_cmpint (bo_log_rows_get_height (rows), ==, 3 * 30 + 1000000 * 20);
  g_assert_true (bo_log_rows_find (rows, 30, &place));
  assert_place (&place, 2, BO_LOG_TITLE);
  place = (BoLogPlace) { 4, 2 };
  g_assert_false (bo_log_rows_has (rows, &place));
  g_assert_cmpint (bo_log_rows_get_top (rows, &place), ==, 0);
  bo_log_rows_fold_all (rows, TRUE);
  g_assert_cmpint (bo_log_rows_get_height (rows), ==, 3 * 30);
  g_assert_cmpuint (bo_log_rows_get_position (rows, 3), ==, BO_LOG_NO_STEP);
  g_assert_cmpuint (bo_log_rows_get_position (rows, 0), ==, 2);
}

static void
test_moves (void)
{
  g_autoptr (BoLogRows) rows = make_rows ();
  BoLogPlace place = { 4, BO_LOG_TITLE };

  g_assert_true (bo_log_rows_move (rows, &place, 1));
  assert_place (&place, 4, 0);
  g_assert_true (bo_log_rows_move (rows, &place, 3));
  assert_place (&place, 2, BO_LOG_TITLE);
  g_assert_true (bo_log_rows_move (rows, &place, 1));
  assert_place (&place, 0, BO_LOG_TITLE);
  g_assert_true (bo_log_rows_move (rows, &place, -2));
  assert_place (&place, 4, 2);
  g_assert_true (bo_log_rows_move (rows, &place, G_MAXINT64));
  assert_place (&place, 0, 999999);
  g_assert_false (bo_log_rows_move (rows, &place, 1));
  g_assert_true (bo_log_rows_move (rows, &place, -G_MAXINT64));
  assert_place (&place, 4, BO_LOG_TITLE);
  g_assert_false (bo_log_rows_move (rows, &place, -1));
  /* Every row once, from the first to the fifth. */
  for (guint i = 0; i < 4; i++)
    {
      BoLogPlace next = place;

      g_assert_true (bo_log_rows_move (rows, &next, 1));
      g_assert_cmpint (bo_log_rows_compare (rows, &place, &next), <, 0);
      g_assert_cmpint (bo_log_rows_get_top (rows, &place) + bo_log_rows_get_row_height (rows, &place), ==,
                       bo_log_rows_get_top (rows, &next));
      place = next;
    }
}

static void
test_selection (void)
{
  g_autoptr (BoLogRows) rows = make_rows ();
  /* From the end of what is selected back to its begin. */
  BoLogSelection selection = { TRUE, { { 0, 5 }, 7 }, { { 4, 1 }, 3 } };
  g_autoptr (GArray) ranges = bo_log_selection_get_ranges (&selection, rows);
  const BoLogRange *range;
  BoLogPlace place = { 4, 1 };
  gsize begin, end;

  g_assert_cmpuint (ranges->len, ==, 3);
  range = &g_array_index (ranges, BoLogRange, 0);
  g_assert_cmpuint (range->id, ==, 4);
  g_assert_false (range->titled);
  g_assert_cmpuint (range->first, ==, 1);
  g_assert_cmpuint (range->n_lines, ==, 2);
  g_assert_cmpuint (range->begin, ==, 3);
  range = &g_array_index (ranges, BoLogRange, 1);
  g_assert_true (range->titled);
  g_assert_cmpuint (range->n_lines, ==, 0);
  range = &g_array_index (ranges, BoLogRange, 2);
  g_assert_true (range->titled);
  g_assert_cmpuint (range->n_lines, ==, 6);
  g_assert_cmpuint (range->end, ==, 7);

  g_assert_true (bo_log_selection_get_bytes (&selection, rows, &place, &begin, &end));
  g_assert_cmpuint (begin, ==, 3);
  g_assert_cmpuint (end, ==, G_MAXSIZE);
  place = (BoLogPlace) { 0, 5 };
  g_assert_true (bo_log_selection_get_bytes (&selection, rows, &place, &begin, &end));
  g_assert_cmpuint (begin, ==, 0);
  g_assert_cmpuint (end, ==, 7);
  place.line = 6;
  g_assert_false (bo_log_selection_get_bytes (&selection, rows, &place, &begin, &end));

  /* What is folded away is not seen, so it is not copied. */
  bo_log_rows_fold (rows, 4, TRUE);
  g_clear_pointer (&ranges, g_array_unref);
  ranges = bo_log_selection_get_ranges (&selection, rows);
  g_assert_cmpuint (g_array_index (ranges, BoLogRange, 0).n_lines, ==, 0);
  selection.end = selection.anchor;
  g_assert_true (bo_log_selection_is_empty (&selection, rows));
}

/* Whatever a program chooses can be read, in light and dark. */
static void
test_palette (void)
{
  for (guint look = 0; look < 4; look++)
    {
      BoLogPalette palette;

      bo_log_palette_init (&palette, look % 2, look / 2);
      g_assert_cmpfloat (bo_log_palette_contrast (&palette.text, &palette.background), >=, 7);
      g_assert_cmpfloat (bo_log_palette_contrast (&palette.dim, &palette.background), >=, 4.5);
      g_assert_cmpfloat (bo_log_palette_contrast (&palette.error, &palette.background), >=, 4.5);
      g_assert_cmpfloat (bo_log_palette_contrast (&palette.warning, &palette.background), >=, 4.5);
      for (guint i = 0; i < 16; i++)
        {
          g_test_message ("look %u colour %u", look, i);
          g_assert_cmpfloat (bo_log_palette_contrast (&palette.ansi[i], &palette.background), >=, 4.5);
        }
      for (guint front = 0; front < 256; front += 5)
        for (guint back = 0; back < 256; back += 3)
          {
            BoAnsiSpan span = { 0, 1, { BO_ANSI_INDEXED, (guint8) front, 0, 0 }, { BO_ANSI_INDEXED, (guint8) back, 0, 0 },
                                back % 2 ? BO_ANSI_INVERSE : 0 };
            GdkRGBA foreground, background;

            g_assert_true (bo_log_palette_resolve (&palette, &span, &foreground, &background));
            g_assert_cmpfloat (bo_log_palette_contrast (&foreground, &background), >=, 4.4);
          }
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/log-rows/places", test_places);
  g_test_add_func ("/log-rows/moves", test_moves);
  g_test_add_func ("/log-selection/ranges", test_selection);
  g_test_add_func ("/log-palette/contrast", test_palette);
  return g_test_run ();
}
