/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The framing of a container's output. Where it is cut changes nothing; a
 * piece is never longer than what came; what is not understood is an error with words.
 */

#include <string.h>

#include "bo-fuzz.h"
#include "engine/bo-log-framing.h"

typedef struct
{
  GString *streams[3];
  gsize n_bytes;
  GError *error;
} Reading;

static void
piece_cb (BoLogStream stream, const guint8 *data, gsize length, gpointer user_data)
{
  Reading *reading = user_data;

  BO_FUZZ_CHECK (stream <= BO_LOG_STDERR && length > 0);
  g_string_append_len (reading->streams[stream], (const char *) data, (gssize) length);
  reading->n_bytes += length;
}

static void
read_all (Reading *reading, const uint8_t *data, size_t size, BoFuzzCuts *cuts)
{
  g_autoptr (BoLogFraming) framing = bo_log_framing_new (piece_cb, reading);
  gboolean good = TRUE;

  for (guint i = 0; i < G_N_ELEMENTS (reading->streams); i++)
    reading->streams[i] = g_string_new (NULL);
  for (size_t at = 0; good && at < size;)
    {
      size_t length = cuts != NULL ? bo_fuzz_cuts_next (cuts, size - at) : size;

      good = bo_log_framing_feed (framing, data + at, length, &reading->error);
      at += length;
    }
  if (good)
    good = bo_log_framing_end (framing, &reading->error);
  BO_FUZZ_CHECK (good == (reading->error == NULL));
  BO_FUZZ_CHECK (
      good || (reading->error->message[0] != '\0' && g_utf8_validate (reading->error->message, -1, NULL)));
  BO_FUZZ_CHECK (reading->n_bytes <= size);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  Reading whole = { 0 };
  Reading cut = { 0 };
  BoFuzzCuts cuts;

  read_all (&whole, data, size, NULL);
  bo_fuzz_cuts_init (&cuts, data, size);
  read_all (&cut, data, size, &cuts);

  for (guint i = 0; i < G_N_ELEMENTS (whole.streams); i++)
    {
      BO_FUZZ_CHECK (g_string_equal (whole.streams[i], cut.streams[i]));
      g_string_free (whole.streams[i], TRUE);
      g_string_free (cut.streams[i], TRUE);
    }
  BO_FUZZ_CHECK ((whole.error == NULL) == (cut.error == NULL));
  BO_FUZZ_CHECK (
      whole.error == NULL
      || (whole.error->code == cut.error->code && strcmp (whole.error->message, cut.error->message) == 0));
  g_clear_error (&whole.error);
  g_clear_error (&cut.error);
  return 0;
}
