/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * BoLogStream:
 * @BO_LOG_STDIN: never seen in practice
 * @BO_LOG_STDOUT: the process's standard output
 * @BO_LOG_STDERR: its standard error
 */
typedef enum
{
  BO_LOG_STDIN = 0,
  BO_LOG_STDOUT = 1,
  BO_LOG_STDERR = 2,
} BoLogStream;

/* Called for each piece of output as it comes; a piece ends wherever it likes. */
typedef void (*BoLogFramingFunc) (BoLogStream stream, const guint8 *data, gsize length, gpointer user_data);

/*
 * Takes apart the output of a container without a terminal: frames of a type,
 * three zeros, the length as 32 bits big-endian, and that many bytes (moby's
 * api/pkg/stdcopy). Frames may be split anywhere. Nothing is kept but a header,
 * so a frame may be as long as it says.
 */
typedef struct _BoLogFraming BoLogFraming;

BoLogFraming *bo_log_framing_new (BoLogFramingFunc func, gpointer user_data);
void bo_log_framing_free (BoLogFraming *framing);
gboolean bo_log_framing_feed (BoLogFraming *framing, const guint8 *data, gsize length, GError **error);
gboolean bo_log_framing_end (BoLogFraming *framing, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoLogFraming, bo_log_framing_free)

G_END_DECLS
