/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

/*
 * A second look at the socket under one SoupMessage, for two things that
 * libsoup 3.2 does not say:
 *
 * - When the connection ends between two chunks of a chunked body, it reports
 *   a clean end (mended in 3.6.5). After a true end the socket is still open.
 * - It writes the whole request body before it reads, so the answer of an
 *   engine that refuses early is lost in a "broken pipe". It is still in the
 *   socket's buffer.
 *
 * The socket is held by a duplicate of its descriptor; bo_engine_wire_close()
 * must come at once when the request is given up, since the engine sees the
 * end of the connection only then.
 */
typedef struct _BoEngineWire BoEngineWire;

BoEngineWire *bo_engine_wire_new (SoupMessage *message);
void bo_engine_wire_close (BoEngineWire *wire);
void bo_engine_wire_free (BoEngineWire *wire);
gboolean bo_engine_wire_was_cut (BoEngineWire *wire);
char *bo_engine_wire_take_answer (BoEngineWire *wire, guint *status);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoEngineWire, bo_engine_wire_free)

G_END_DECLS
