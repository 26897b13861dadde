/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

const char *bo_document_text (const char *language, const char *text) G_GNUC_FORMAT (2);

/* Short for it, and what marks a text for xgettext (--keyword=D_:2). */
#define D_(language, text) bo_document_text ((language), (text))

G_END_DECLS
