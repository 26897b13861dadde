/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "engine/bo-engine-error.h"
#include "engine/bo-log-framing.h"

typedef struct
{
  GString *streams[3];
} Collected;

static void
collect_cb (BoLogStream stream, const guint8 *data, gsize length, gpointer user_data)
{
  Collected *collected = user_data;

  g_string_append_len (collected->streams[stream], (const char *) data, (gssize) length);
}

static const guint8 sample[] = { 1,   0, 0, 0, 0, 0, 0, 3, 'a', 0, '\n', 2, 0, 0, 0, 0, 0, 0,   1,
                                 'e', 1, 0, 0, 0, 0, 0, 0, 0,   1, 0,    0, 0, 0, 0, 0, 2, 'b', 0xff };

/* The same, however the bytes are cut. */
static void
test_split (void)
{
  for (gsize step = 1; step <= sizeof sample; step++)
    {
      Collected collected = { { g_string_new (NULL), g_string_new (NULL), g_string_new (NULL) } };
      g_autoptr (BoLogFraming) framing = bo_log_framing_new (collect_cb, &collected);
      g_autoptr (GError) error = NULL;

      for (gsize at = 0; at < sizeof sample; at += step)
        g_assert_true (bo_log_framing_feed (framing, sample + at, MIN (step, sizeof sample - at), &error));
      g_assert_true (bo_log_framing_end (framing, &error));
      g_assert_no_error (error);
      g_assert_cmpmem (collected.streams[1]->str, collected.streams[1]->len, "a\0\nb\xff", 5);
      g_assert_cmpmem (collected.streams[2]->str, collected.streams[2]->len, "e", 1);
      for (guint i = 0; i < 3; i++)
        g_string_free (collected.streams[i], TRUE);
    }
}

static void
check_wrong (const guint8 *data, gsize length, BoEngineError code)
{
  Collected collected = { { g_string_new (NULL), g_string_new (NULL), g_string_new (NULL) } };
  g_autoptr (BoLogFraming) framing = bo_log_framing_new (collect_cb, &collected);
  g_autoptr (GError) error = NULL;

  g_assert_false (bo_log_framing_feed (framing, data, length, &error)
                  && bo_log_framing_end (framing, &error));
  g_assert_error (error, BO_ENGINE_ERROR, (int) code);
  for (guint i = 0; i < 3; i++)
    g_string_free (collected.streams[i], TRUE);
}

static void
test_wrong (void)
{
  const guint8 plain[] = "plain text";
  const guint8 padding[] = { 1, 0, 1, 0, 0, 0, 0, 0 };
  const guint8 half_header[] = { 1, 0, 0 };
  const guint8 huge[] = { 1, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 'x' };
  const guint8 system_error[] = { 3, 0, 0, 0, 0, 0, 0, 4, 'b', 'o', 'o', 'm' };
  const guint8 cut_error[] = { 3, 0, 0, 0, 0xff, 0, 0, 4, 'b', 'o', 'o', 'm' };

  check_wrong (plain, sizeof plain - 1, BO_ENGINE_ERROR_PROTOCOL);
  check_wrong (padding, sizeof padding, BO_ENGINE_ERROR_PROTOCOL);
  check_wrong (half_header, sizeof half_header, BO_ENGINE_ERROR_INTERRUPTED);
  check_wrong (huge, sizeof huge, BO_ENGINE_ERROR_INTERRUPTED);
  check_wrong (system_error, sizeof system_error, BO_ENGINE_ERROR_SERVER);
  check_wrong (cut_error, sizeof cut_error, BO_ENGINE_ERROR_SERVER);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/log-framing/split", test_split);
  g_test_add_func ("/log-framing/wrong", test_wrong);

  return g_test_run ();
}
