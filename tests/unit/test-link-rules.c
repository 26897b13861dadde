/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "engine/bo-engine-error.h"
#include "engine/bo-link-rules.h"

/* 1, 2, 4, 8, 16, 30, 30, ... seconds, and never more. */
static void
test_pause (void)
{
  static const gint64 seconds[] = { 1, 2, 4, 8, 16, 30, 30, 30 };

  for (guint i = 0; i < G_N_ELEMENTS (seconds); i++)
    {
      gint64 whole = seconds[i] * G_USEC_PER_SEC;

      g_assert_cmpint (bo_link_rule_get_pause_us (i, 0), ==, whole);
      g_assert_cmpint (bo_link_rule_get_pause_us (i, 1), ==, whole - whole / 10);
      g_assert_cmpint (bo_link_rule_get_pause_us (i, 0.5), ==, whole - whole / 20);
    }
  g_assert_cmpint (bo_link_rule_get_pause_us (G_MAXUINT, 0), ==, 30 * G_USEC_PER_SEC);
  g_assert_cmpint (bo_link_rule_get_pause_us (0, 7), ==, 9 * G_USEC_PER_SEC / 10);
}

static void
test_lasting (void)
{
  /* How many times in a row it takes; 0: never. Every code is here. */
  static const guint n_times[] = {
    [BO_ENGINE_ERROR_URL] = 1,
    [BO_ENGINE_ERROR_SSH_MISSING] = 1,
    [BO_ENGINE_ERROR_NAME_RESOLUTION] = 0,
    [BO_ENGINE_ERROR_UNREACHABLE] = 0,
    [BO_ENGINE_ERROR_REFUSED] = 0,
    [BO_ENGINE_ERROR_TIMED_OUT] = 0,
    [BO_ENGINE_ERROR_NO_ANSWER] = 0,
    [BO_ENGINE_ERROR_HOST_KEY_UNKNOWN] = 1,
    [BO_ENGINE_ERROR_HOST_KEY_CHANGED] = 1,
    [BO_ENGINE_ERROR_AUTHENTICATION] = 2,
    [BO_ENGINE_ERROR_PASSPHRASE] = 1,
    [BO_ENGINE_ERROR_TOO_MANY_SESSIONS] = 0,
    [BO_ENGINE_ERROR_FORWARDING_REFUSED] = 2,
    [BO_ENGINE_ERROR_SOCKET_MISSING] = 0,
    [BO_ENGINE_ERROR_SOCKET_DENIED] = 2,
    [BO_ENGINE_ERROR_NOT_AN_ENGINE] = 0,
    [BO_ENGINE_ERROR_CERTIFICATE] = 1,
    [BO_ENGINE_ERROR_NOT_FOUND] = 0,
    [BO_ENGINE_ERROR_CONFLICT] = 0,
    [BO_ENGINE_ERROR_BAD_REQUEST] = 0,
    [BO_ENGINE_ERROR_UNAUTHORIZED] = 0,
    [BO_ENGINE_ERROR_SERVER] = 0,
    [BO_ENGINE_ERROR_REGISTRY] = 0,
    [BO_ENGINE_ERROR_DISK_FULL] = 0,
    [BO_ENGINE_ERROR_UNKNOWN_RUNTIME] = 0,
    [BO_ENGINE_ERROR_NO_DEVICE_DRIVER] = 0,
    [BO_ENGINE_ERROR_TOO_OLD] = 1,
    [BO_ENGINE_ERROR_TOO_NEW] = 1,
    [BO_ENGINE_ERROR_PROTOCOL] = 0,
    [BO_ENGINE_ERROR_INTERRUPTED] = 0,
    [BO_ENGINE_ERROR_CREDENTIALS] = 0,
    [BO_ENGINE_ERROR_REFERENCE] = 0,
  };
  g_autoptr (GError) other = g_error_new_literal (G_FILE_ERROR, G_FILE_ERROR_NOSPC, "full");

  for (guint i = 0; i < G_N_ELEMENTS (n_times); i++)
    {
      g_autoptr (GError) error = g_error_new_literal (BO_ENGINE_ERROR, (int) i, "words");

      g_test_message ("%s", bo_engine_error_get_id (i));
      g_assert_cmpint (bo_link_rule_is_lasting (error, 1), ==, n_times[i] == 1);
      g_assert_cmpint (bo_link_rule_is_lasting (error, 2), ==, n_times[i] != 0);
      g_assert_cmpint (bo_link_rule_is_lasting (error, 1000), ==, n_times[i] != 0);
      /* What ends the link tells what to do. */
      if (n_times[i] != 0)
        g_assert_nonnull (bo_engine_error_get_remedy (error));
    }
  g_assert_false (bo_link_rule_is_lasting (other, 1000));
}

static void
test_judge (void)
{
  static const struct
  {
    BoLinkAnswer engine, way;
    guint n_refusals;
    BoLinkVerdict verdict;
  } cases[] = {
    { BO_LINK_ANSWER_PENDING, BO_LINK_ANSWER_PENDING, 0, BO_LINK_VERDICT_WAIT },
    { BO_LINK_ANSWER_PENDING, BO_LINK_ANSWER_YES, 0, BO_LINK_VERDICT_WAIT },
    { BO_LINK_ANSWER_PENDING, BO_LINK_ANSWER_NO, 0, BO_LINK_VERDICT_DEAD },
    { BO_LINK_ANSWER_PENDING, BO_LINK_ANSWER_SILENCE, 0, BO_LINK_VERDICT_DEAD },
    /* An engine that answers is proof of the way, whatever the probe says. */
    { BO_LINK_ANSWER_YES, BO_LINK_ANSWER_PENDING, 0, BO_LINK_VERDICT_WELL },
    { BO_LINK_ANSWER_YES, BO_LINK_ANSWER_YES, 0, BO_LINK_VERDICT_WELL },
    { BO_LINK_ANSWER_YES, BO_LINK_ANSWER_NO, 0, BO_LINK_VERDICT_WELL },
    { BO_LINK_ANSWER_YES, BO_LINK_ANSWER_SILENCE, 0, BO_LINK_VERDICT_WELL },
    { BO_LINK_ANSWER_NO, BO_LINK_ANSWER_PENDING, 1, BO_LINK_VERDICT_WAIT },
    { BO_LINK_ANSWER_NO, BO_LINK_ANSWER_YES, 1, BO_LINK_VERDICT_AGAIN },
    { BO_LINK_ANSWER_NO, BO_LINK_ANSWER_YES, 2, BO_LINK_VERDICT_GONE },
    { BO_LINK_ANSWER_NO, BO_LINK_ANSWER_NO, 1, BO_LINK_VERDICT_DEAD },
    { BO_LINK_ANSWER_NO, BO_LINK_ANSWER_SILENCE, 1, BO_LINK_VERDICT_DEAD },
    { BO_LINK_ANSWER_SILENCE, BO_LINK_ANSWER_PENDING, 0, BO_LINK_VERDICT_WAIT },
    /* However long: the way decides. */
    { BO_LINK_ANSWER_SILENCE, BO_LINK_ANSWER_YES, 0, BO_LINK_VERDICT_SLOW },
    { BO_LINK_ANSWER_SILENCE, BO_LINK_ANSWER_NO, 0, BO_LINK_VERDICT_DEAD },
    { BO_LINK_ANSWER_SILENCE, BO_LINK_ANSWER_SILENCE, 0, BO_LINK_VERDICT_DEAD },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpint (bo_link_rule_judge (cases[i].engine, cases[i].way, cases[i].n_refusals), ==,
                     cases[i].verdict);
}

static void
test_slept (void)
{
  const gint64 s = G_USEC_PER_SEC;

  /* Awake for ten minutes, the clocks read a moment apart. */
  g_assert_false (bo_link_rule_has_slept (100 * s, 50 * s, 700 * s + 1000, 650 * s));
  g_assert_false (bo_link_rule_has_slept (100 * s, 50 * s, 102 * s, 50 * s));
  g_assert_true (bo_link_rule_has_slept (100 * s, 50 * s, 105 * s, 52 * s));
  g_assert_true (bo_link_rule_has_slept (100 * s, 50 * s, 8 * 3600 * s, 51 * s));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/link-rules/pause", test_pause);
  g_test_add_func ("/link-rules/lasting", test_lasting);
  g_test_add_func ("/link-rules/judge", test_judge);
  g_test_add_func ("/link-rules/slept", test_slept);

  return g_test_run ();
}
