/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * BoTable: a table in plain text, columns as wide as their widest cell
 */
typedef struct _BoTable BoTable;

/* A header that begins with '>' makes a column of numbers, aligned to the right. */
BoTable *bo_table_new (const char *header, ...) G_GNUC_NULL_TERMINATED;
void bo_table_free (BoTable *table);
void bo_table_add (BoTable *table, const char *cell, ...) G_GNUC_NULL_TERMINATED;
void bo_table_print (BoTable *table, const char *indent);

char *bo_table_clean (const char *text, guint max_width);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoTable, bo_table_free)

G_END_DECLS
