/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * Text that anybody may have written (logs, engines, titles) as Markdown that
 * shows it and does nothing else. GitHub-flavoured Markdown, which is
 * CommonMark with tables.
 */

char *bo_markdown_clean (const char *text);
char *bo_markdown_escape (const char *text);
char *bo_markdown_escape_cell (const char *text);
char *bo_markdown_code (const char *text);
void bo_markdown_append_fence (GString *document, const char *text);
void bo_markdown_append_row (GString *document, const char *const *cells, guint n_cells);
void bo_markdown_append_header (GString *document, const char *const *cells, guint n_cells);

G_END_DECLS
