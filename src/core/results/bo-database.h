/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>
#include <sqlite3.h>

G_BEGIN_DECLS

/*
 * One connection to the SQLite file. Used by one thread only, the store's;
 * every function says so when it is not. Errors are #BoStoreError, with
 * SQLite's own words.
 */

typedef struct _BoDatabase BoDatabase;

/**
 * BoRow: what a step of a statement came to
 */
typedef enum
{
  BO_ROW_ERROR,
  BO_ROW_DONE,
  BO_ROW_DATA,
} BoRow;

BoDatabase *bo_database_open (const char *path, GError **error);
void bo_database_close (BoDatabase *database);
const char *bo_database_get_path (const BoDatabase *database);

gboolean bo_database_begin (BoDatabase *database, GError **error);
gboolean bo_database_commit (BoDatabase *database, GError **error);
void bo_database_rollback (BoDatabase *database);
gboolean bo_database_execute (BoDatabase *database, const char *sql, GError **error);
void bo_database_reset_all (BoDatabase *database);
int bo_database_get_changes (BoDatabase *database);

/* A statement of the connection, kept prepared; @sql must be a literal. It is reset by the next use. */
sqlite3_stmt *bo_database_prepare (BoDatabase *database, const char *sql, GError **error);
gboolean
bo_database_bind (BoDatabase *database, sqlite3_stmt *statement, GError **error, const char *types, ...);
BoRow bo_database_step (BoDatabase *database, sqlite3_stmt *statement, GError **error);
gboolean bo_database_run (BoDatabase *database, GError **error, const char *sql, const char *types, ...);

char *bo_database_dup_text (sqlite3_stmt *statement, int column);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoDatabase, bo_database_close)

G_END_DECLS
