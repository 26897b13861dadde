/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-log-framing"

#include "config.h"

#include <string.h>

#include <glib/gi18n.h>

#include "engine/bo-engine-error.h"
#include "engine/bo-log-framing.h"

#define HEADER_BYTES 8
#define TYPE_SYSTEM_ERROR 3
/* As much of the engine's own error as is worth showing. */
#define SYSTEM_ERROR_MAX 4096

struct _BoLogFraming
{
  BoLogFramingFunc func;
  gpointer user_data;
  guint8 header[HEADER_BYTES];
  gsize n_header;
  guint32 left; /* bytes of the frame still to come */
  GString *system_error;
};

BoLogFraming *
bo_log_framing_new (BoLogFramingFunc func, gpointer user_data)
{
  BoLogFraming *framing = g_new0 (BoLogFraming, 1);

  framing->func = func;
  framing->user_data = user_data;
  framing->system_error = g_string_new (NULL);
  return framing;
}

void
bo_log_framing_free (BoLogFraming *framing)
{
  g_return_if_fail (framing != NULL);

  g_string_free (framing->system_error, TRUE);
  g_free (framing);
}

static gboolean
check_header (BoLogFraming *framing, GError **error)
{
  const guint8 *h = framing->header;

  if (h[0] > TYPE_SYSTEM_ERROR || h[1] != 0 || h[2] != 0 || h[3] != 0)
    {
      g_set_error (error, BO_ENGINE_ERROR, BO_ENGINE_ERROR_PROTOCOL,
                   _ ("the engine's output is not in frames (it begins with %02x %02x %02x %02x)"), h[0],
                   h[1], h[2], h[3]);
      return FALSE;
    }
  framing->left = (guint32) h[4] << 24 | (guint32) h[5] << 16 | (guint32) h[6] << 8 | h[7];
  return TRUE;
}

static gboolean
set_system_error (BoLogFraming *framing, GError **error)
{
  g_autofree char *words
      = g_utf8_make_valid (framing->system_error->str, (gssize) framing->system_error->len);

  g_set_error (error, BO_ENGINE_ERROR, BO_ENGINE_ERROR_SERVER, _ ("the engine broke off the output: %s"),
               g_strstrip (words));
  return FALSE;
}

/**
 * bo_log_framing_feed:
 * @data: what came next, of any length
 *
 * Returns: whether it was understood; not after the engine's own error, and
 * nothing may be fed after that
 */
gboolean
bo_log_framing_feed (BoLogFraming *framing, const guint8 *data, gsize length, GError **error)
{
  g_return_val_if_fail (framing != NULL, FALSE);

  while (length > 0)
    {
      gsize n;

      if (framing->n_header < HEADER_BYTES)
        {
          n = MIN (HEADER_BYTES - framing->n_header, length);
          memcpy (framing->header + framing->n_header, data, n);
          framing->n_header += n;
          data += n;
          length -= n;
          if (framing->n_header == HEADER_BYTES && !check_header (framing, error))
            return FALSE;
        }
      else
        {
          n = MIN (framing->left, length);
          if (framing->header[0] == TYPE_SYSTEM_ERROR)
            g_string_append_len (framing->system_error, (const char *) data,
                                 (gssize) MIN (n, SYSTEM_ERROR_MAX - framing->system_error->len));
          else
            framing->func ((BoLogStream) framing->header[0], data, n, framing->user_data);
          framing->left -= (guint32) n;
          data += n;
          length -= n;
        }
      if (framing->n_header == HEADER_BYTES && framing->left == 0)
        {
          framing->n_header = 0;
          if (framing->header[0] == TYPE_SYSTEM_ERROR)
            return set_system_error (framing, error);
        }
    }
  return TRUE;
}

/**
 * bo_log_framing_end:
 *
 * Returns: whether the output ended where a frame did
 */
gboolean
bo_log_framing_end (BoLogFraming *framing, GError **error)
{
  g_return_val_if_fail (framing != NULL, FALSE);

  if (framing->n_header == 0)
    return TRUE;
  if (framing->n_header == HEADER_BYTES && framing->header[0] == TYPE_SYSTEM_ERROR)
    return set_system_error (framing, error);
  g_set_error_literal (error, BO_ENGINE_ERROR, BO_ENGINE_ERROR_INTERRUPTED,
                       _ ("the engine's output ended in the middle of a frame"));
  return FALSE;
}
