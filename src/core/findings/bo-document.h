/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * A document as lines of bytes: somebody's own file, of which only known
 * places are changed. Nothing is decoded, so what is not understood (another
 * encoding, a stray byte, mixed line ends) comes out as it went in.
 */

/**
 * BoDocumentLine:
 * @text: its bytes, not ended by a NUL
 * @length: without the line end
 * @eol_length: bytes of the line end: 0 (the last line may have none), 1 or 2
 * @in_fence: whether it is inside a fenced code block; the fences themselves are not
 * @is_fence: whether it opens or closes one
 */
typedef struct
{
  const char *text;
  gsize length;
  gsize eol_length;
  gboolean in_fence;
  gboolean is_fence;
} BoDocumentLine;

/**
 * BoDocument:
 * @lines: (element-type BoDocumentLine): its lines
 */
typedef struct
{
  GArray *lines;

  /*< private >*/
  GBytes *bytes;
  GPtrArray *replacements;
  GPtrArray *insertions;
} BoDocument;

BoDocument *bo_document_new (GBytes *bytes);
void bo_document_free (BoDocument *document);

const BoDocumentLine *bo_document_get_line (const BoDocument *document, guint index);
char *bo_document_get_text (const BoDocument *document, guint index);
const char *bo_document_get_eol (const BoDocument *document, guint index);

void bo_document_replace (BoDocument *document, guint index, const char *text);
void bo_document_remove (BoDocument *document, guint index);
void bo_document_insert_after (BoDocument *document, guint index, const char *text);

GBytes *bo_document_write (const BoDocument *document);

guint bo_document_get_heading (const BoDocument *document, guint index, char **title);

char *bo_line_diff (GBytes *before, GBytes *after, const char *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoDocument, bo_document_free)

G_END_DECLS
