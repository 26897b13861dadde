/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "journal/bo-log-matcher.h"
#include "journal/bo-log-search.h"
#include "own-folders.h"

static void
test_matcher (void)
{
  static const struct
  {
    const char *words;
    const char *text;
    gsize from;
    int begin; /* -1: not there */
    int end;
  } cases[] = {
    { "needle", "a needle in hay", 0, 2, 8 },
    { "NEEDLE", "a nEEdle", 0, 2, 8 },
    { "needle", "needle needle", 1, 7, 13 },
    { "needle", "needle needle", 8, -1, 0 },
    { "nneedle", "nnneedle", 0, 1, 8 },
    { "x", "", 0, -1, 0 },
    { "x", "aXb", 0, 1, 2 },
    { "aab", "AaAaB", 0, 2, 5 },
    { "[1/2]", "step [1/2]", 0, 5, 10 },
    { "longer than it", "short", 0, -1, 0 },
    { "zwölf", "ZWÖLF Boxkämpfer", 0, 0, 6 },
    { "É", "café", 0, 3, 5 },
    { "ß", "strasse", 0, -1, 0 },
    { "ö", "aö", 1, 1, 3 },
    { "ö", "aö", 3, -1, 0 },
    { "你好", "说你好吗", 0, 3, 9 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (BoLogMatcher) matcher = bo_log_matcher_new (cases[i].words);
      gsize begin = 0;
      gsize end = 0;
      gboolean found = bo_log_matcher_find (matcher, cases[i].text, strlen (cases[i].text), cases[i].from, &begin, &end);

      g_test_message ("%s in %s", cases[i].words, cases[i].text);
      g_assert_cmpint (found, ==, cases[i].begin >= 0);
      if (found)
        {
          g_assert_cmpint ((int) begin, ==, cases[i].begin);
          g_assert_cmpint ((int) end, ==, cases[i].end);
        }
    }
}

/* Against a search that is plain and slow. */
static void
test_matcher_random (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (7);

  for (guint i = 0; i < 20000; i++)
    {
      char words[4] = { 0 };
      char text[17] = { 0 };
      char lower[17] = { 0 };
      const char *expected;
      g_autoptr (BoLogMatcher) matcher = NULL;
      gsize begin, end;
      gsize from = (gsize) g_rand_int_range (rand, 0, 4);

      for (int k = 0; k < g_rand_int_range (rand, 1, 4); k++)
        words[k] = (char) g_rand_int_range (rand, 'a', 'c' + 1);
      for (int k = 0; k < 16; k++)
        text[k] = (char) (g_rand_int_range (rand, 'a', 'c' + 1) - (g_rand_boolean (rand) ? 32 : 0));
      for (int k = 0; k < 16; k++)
        lower[k] = g_ascii_tolower (text[k]);
      if (*words == '\0')
        continue;
      matcher = bo_log_matcher_new (words);
      expected = strstr (lower + from, words);
      g_assert_cmpint (bo_log_matcher_find (matcher, text, 16, from, &begin, &end), ==, expected != NULL);
      if (expected != NULL)
        g_assert_cmpuint (begin, ==, (gsize) (expected - lower));
    }
}

static gboolean
late_cb (gpointer user_data)
{
  g_assert_not_reached ();
  return G_SOURCE_REMOVE;
}

static void
wait_for (BoLogSearch *search, guint64 n)
{
  guint late_id = g_timeout_add_seconds (20, late_cb, NULL);
  gboolean busy = TRUE;

  while (bo_log_search_get_n_found (search, &busy) != n || busy)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (late_id);
}

static void
add (BoLogSpool *spool, guint id, const char *text)
{
  BoLogLine line = { .text = (char *) text };

  g_assert_true (bo_log_spool_add_line (spool, id, &line, NULL));
}

static void
assert_found (BoLogSearch *search,
              const BoLogShape *shape,
              guint position,
              gint64 line,
              gboolean forward,
              guint expected_position,
              guint expected_line,
              guint64 rank)
{
  guint found_position, found_line;

  g_assert_true (bo_log_search_find (search, shape, position, line, forward, &found_position, &found_line));
  g_assert_cmpuint (found_position, ==, expected_position);
  g_assert_cmpuint (found_line, ==, expected_line);
  g_assert_cmpuint (bo_log_search_get_rank (search, shape, found_position, found_line), ==, rank);
}

static void
test_search (void)
{
  g_autoptr (BoLogSpool) spool = bo_log_spool_new (NULL);
  g_autoptr (BoStep) step = bo_step_new ();
  g_autoptr (BoLogSearch) search = NULL;
  g_autoptr (BoLogSearch) nothing = NULL;
  g_auto (BoLogShape) shape = { 0 };
  const guint order[] = { 2, 0, 1 };
  guint position, line;

  /* As they come: in the order of the steps it is 2, 0, 1. */
  for (guint i = 0; i < 3; i++)
    bo_log_spool_add_step (spool, step);
  add (spool, 0, "a needle");            /* position 1, line 0: the third */
  add (spool, 1, "hay");
  add (spool, 1, "\033[1mnee\033[0mDLE"); /* position 2, line 1: the fourth */
  add (spool, 2, "needle");              /* position 0, line 0: the first */
  add (spool, 2, "hay");
  add (spool, 2, "needle, needle");      /* position 0, line 2: the second */
  bo_log_spool_set_order (spool, order, 3);
  bo_log_spool_flush (spool, NULL);
  bo_log_spool_get_shape (spool, &shape);

  search = bo_log_search_new (spool, "Needle", NULL);
  wait_for (search, 4);
  assert_found (search, &shape, 0, -1, TRUE, 0, 0, 1);
  assert_found (search, &shape, 0, 0, TRUE, 0, 2, 2);
  assert_found (search, &shape, 0, 2, TRUE, 1, 0, 3);
  assert_found (search, &shape, 1, 0, TRUE, 2, 1, 4);
  assert_found (search, &shape, 2, 1, TRUE, 0, 0, 1);
  assert_found (search, &shape, 0, 0, FALSE, 2, 1, 4);
  assert_found (search, &shape, 2, 1, FALSE, 1, 0, 3);
  assert_found (search, &shape, 2, -1, FALSE, 1, 0, 3);
  assert_found (search, &shape, 0, 1, FALSE, 0, 0, 1);
  g_assert_cmpuint (bo_log_search_get_rank (search, &shape, 0, 1), ==, 0);

  nothing = bo_log_search_new (spool, "straw", NULL);
  wait_for (nothing, 0);
  g_assert_false (bo_log_search_find (nothing, &shape, 0, -1, TRUE, &position, &line));

  /* What comes later is found too. */
  add (spool, 1, "straw and needle");
  bo_log_spool_flush (spool, NULL);
  bo_log_search_look_again (search);
  bo_log_search_look_again (nothing);
  wait_for (search, 5);
  wait_for (nothing, 1);
  assert_found (search, &shape, 2, 1, TRUE, 2, 2, 5);
}

static void
test_single (void)
{
  g_autoptr (BoLogSpool) spool = bo_log_spool_new (NULL);
  g_autoptr (BoStep) step = bo_step_new ();
  g_autoptr (BoLogSearch) search = NULL;
  g_auto (BoLogShape) shape = { 0 };

  bo_log_spool_add_step (spool, step);
  add (spool, 0, "hay");
  add (spool, 0, "needle");
  bo_log_spool_flush (spool, NULL);
  bo_log_spool_get_shape (spool, &shape);
  search = bo_log_search_new (spool, "needle", NULL);
  wait_for (search, 1);
  /* The only one is the next and the previous one, wherever one is. */
  for (gint64 line = -1; line < 3; line++)
    {
      assert_found (search, &shape, 0, line, TRUE, 0, 1, 1);
      assert_found (search, &shape, 0, line, FALSE, 0, 1, 1);
    }
}

/* Whoever goes away in the middle of it leaves nothing behind. */
static void
test_dropped (void)
{
  g_autoptr (BoLogSpool) spool = bo_log_spool_new (NULL);
  g_autoptr (BoStep) step = bo_step_new ();

  bo_log_spool_add_step (spool, step);
  for (guint i = 0; i < 50000; i++)
    add (spool, 0, "a needle in a line that is a little longer");
  bo_log_spool_flush (spool, NULL);
  for (guint i = 0; i < 20; i++)
    {
      BoLogSearch *search = bo_log_search_new (spool, "needle", NULL);

      if (i % 2 == 0)
        g_main_context_iteration (NULL, FALSE);
      g_object_unref (search);
    }
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

int
main (int argc, char **argv)
{
  g_autofree char *folder = own_folders_make ();
  int status;

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/log-matcher/words", test_matcher);
  g_test_add_func ("/log-matcher/random", test_matcher_random);
  g_test_add_func ("/log-search/order", test_search);
  g_test_add_func ("/log-search/single", test_single);
  g_test_add_func ("/log-search/dropped", test_dropped);
  status = g_test_run ();
  own_folders_remove (folder);
  return status;
}
