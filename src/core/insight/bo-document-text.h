/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

const char *bo_document_text (const char *language, const char *text) G_GNUC_FORMAT (2);

G_END_DECLS
