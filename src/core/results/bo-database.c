/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-database"

#include "config.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <unistd.h>

#include <glib/gi18n.h>
#include <glib/gstdio.h>

#include "results/bo-database.h"
#include "results/bo-schema.h"
#include "results/bo-store.h"

/* How long another process may hold the file before we give up. */
#define BUSY_LIMIT_MS 10000

struct _BoDatabase
{
  sqlite3 *connection;
  char *path;
  GThread *thread;
  /* literal SQL text (by address) -> sqlite3_stmt */
  GHashTable *statements;
};

static BoStoreError
classify (int code)
{
  switch (code & 0xff)
    {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return BO_STORE_ERROR_BUSY;
    case SQLITE_FULL:
      return BO_STORE_ERROR_FULL;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return BO_STORE_ERROR_DAMAGED;
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_READONLY:
      return BO_STORE_ERROR_OPEN;
    default:
      return BO_STORE_ERROR_FAILED;
    }
}

static void
set_error (BoDatabase *self, int code, GError **error)
{
  BoStoreError kind = classify (code);
  const char *words = sqlite3_errmsg (self->connection);

  switch (kind)
    {
    case BO_STORE_ERROR_BUSY:
      g_set_error (error, BO_STORE_ERROR, kind,
                   _ ("The results in %s are in use by another program: %s. Try again when it has ended."),
                   self->path, words);
      break;
    case BO_STORE_ERROR_FULL:
      g_set_error (error, BO_STORE_ERROR, kind, _ ("There is no space left for the results in %s: %s"),
                   self->path, words);
      break;
    case BO_STORE_ERROR_DAMAGED:
      g_set_error (
          error, BO_STORE_ERROR, kind,
          _ ("The results in %s are damaged: %s. Nothing was changed; move the file away to begin anew."),
          self->path, words);
      break;
    case BO_STORE_ERROR_OPEN:
      g_set_error (error, BO_STORE_ERROR, kind, _ ("The results in %s cannot be opened: %s"), self->path,
                   words);
      break;
    case BO_STORE_ERROR_NEWER:
    case BO_STORE_ERROR_NOT_FOUND:
    case BO_STORE_ERROR_EXISTS:
    case BO_STORE_ERROR_CLOSED:
    case BO_STORE_ERROR_FAILED:
      g_set_error (error, BO_STORE_ERROR, BO_STORE_ERROR_FAILED, _ ("The results in %s: %s"), self->path,
                   words);
      break;
    }
}

/* --- opening --- */

static gboolean
read_number (BoDatabase *self, const char *pragma, gint64 *number, GError **error)
{
  sqlite3_stmt *statement = bo_database_prepare (self, pragma, error);

  if (statement == NULL || bo_database_step (self, statement, error) != BO_ROW_DATA)
    return FALSE;
  *number = sqlite3_column_int64 (statement, 0);
  sqlite3_reset (statement);
  return TRUE;
}

/* Another process that opens the file for the first time may be changing it to WAL just now. */
static gboolean
use_wal (BoDatabase *self, GError **error)
{
  gint64 give_up = g_get_monotonic_time () + BUSY_LIMIT_MS * G_TIME_SPAN_MILLISECOND;

  for (;;)
    {
      int code = sqlite3_exec (self->connection, "PRAGMA journal_mode = WAL", NULL, NULL, NULL);

      if (code == SQLITE_OK)
        return TRUE;
      if ((code & 0xff) != SQLITE_BUSY || g_get_monotonic_time () > give_up)
        {
          set_error (self, code, error);
          return FALSE;
        }
      g_usleep (20 * G_TIME_SPAN_MILLISECOND);
    }
}

static gboolean
check_whole (BoDatabase *self, GError **error)
{
  sqlite3_stmt *statement = bo_database_prepare (self, "PRAGMA quick_check(1)", error);
  const char *verdict;

  if (statement == NULL || bo_database_step (self, statement, error) != BO_ROW_DATA)
    return FALSE;
  verdict = (const char *) sqlite3_column_text (statement, 0);
  if (g_strcmp0 (verdict, "ok") != 0)
    {
      g_set_error (
          error, BO_STORE_ERROR, BO_STORE_ERROR_DAMAGED,
          _ ("The results in %s are damaged: %s. Nothing was changed; move the file away to begin anew."),
          self->path, verdict);
      sqlite3_reset (statement);
      return FALSE;
    }
  sqlite3_reset (statement);
  return TRUE;
}

/* Only looks; what is not ours, or newer than we are, must not even become WAL. */
static gboolean
check_ours (BoDatabase *self, GError **error)
{
  gint64 application;
  gint64 version;
  gint64 n_tables;
  gboolean read;

  /* One snapshot: another process may be making the tables between two of these questions. */
  if (!bo_database_execute (self, "BEGIN", error))
    return FALSE;
  read = read_number (self, "PRAGMA application_id", &application, error)
         && read_number (self, "PRAGMA user_version", &version, error)
         && read_number (self, "SELECT count(*) FROM sqlite_schema", &n_tables, error);
  if (!bo_database_execute (self, "COMMIT", read ? error : NULL) || !read)
    return FALSE;
  if ((n_tables > 0 && application != BO_SCHEMA_APPLICATION_ID) || version < 0)
    {
      g_set_error (error, BO_STORE_ERROR, BO_STORE_ERROR_DAMAGED,
                   _ ("%s is a database of another program. Nothing was changed."), self->path);
      return FALSE;
    }
  if (version > BO_SCHEMA_VERSION)
    {
      g_set_error (
          error, BO_STORE_ERROR, BO_STORE_ERROR_NEWER,
          _ ("The results in %s were written by a later version of Bakeoff (version %" PRId64
             " of the file; this Bakeoff knows up to %d). Nothing was changed; use the later Bakeoff."),
          self->path, version, BO_SCHEMA_VERSION);
      return FALSE;
    }
  return n_tables == 0 || check_whole (self, error);
}

static gboolean
migrate (BoDatabase *self, GError **error)
{
  for (;;)
    {
      gint64 version;
      g_autofree char *stamp = NULL;

      if (!read_number (self, "PRAGMA user_version", &version, error))
        return FALSE;
      if (version >= BO_SCHEMA_VERSION)
        return TRUE;

      /* Read again inside: another process may have been first. */
      if (!bo_database_begin (self, error))
        return FALSE;
      if (!read_number (self, "PRAGMA user_version", &version, error))
        {
          bo_database_rollback (self);
          return FALSE;
        }
      if (version >= BO_SCHEMA_VERSION)
        {
          bo_database_rollback (self);
          return TRUE;
        }
      stamp = g_strdup_printf ("PRAGMA application_id = %d; PRAGMA user_version = %d;",
                               BO_SCHEMA_APPLICATION_ID, (int) version + 1);
      if (!bo_database_execute (self, bo_schema_get_step (version), error)
          || !bo_database_execute (self, stamp, error) || !bo_database_commit (self, error))
        {
          bo_database_rollback (self);
          return FALSE;
        }
    }
}

/**
 * bo_database_open:
 * @path: path of the file, or ":memory:"
 * @error: return location for a #BoStoreError
 *
 * Opens or makes the file (mode 0600: logs may hold what is nobody's business),
 * and brings it to the present schema. A file that is not ours, newer or damaged is refused as it is.
 *
 * Returns: (transfer full) (nullable): the connection, for the calling thread alone
 */
BoDatabase *
bo_database_open (const char *path, GError **error)
{
  g_autoptr (BoDatabase) self = NULL;
  int code;

  g_return_val_if_fail (path != NULL, NULL);

  self = g_new0 (BoDatabase, 1);
  self->path = g_strdup (path);
  self->thread = g_thread_self ();
  self->statements = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) sqlite3_finalize);

  if (!g_str_equal (path, ":memory:") && !g_file_test (path, G_FILE_TEST_EXISTS))
    {
      int fd = g_open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

      if (fd >= 0)
        close (fd);
    }

  code = sqlite3_open_v2 (path, &self->connection,
                          SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL);
  if (code != SQLITE_OK)
    {
      set_error (self, code, error);
      return NULL;
    }
  sqlite3_extended_result_codes (self->connection, 1);
  sqlite3_busy_timeout (self->connection, BUSY_LIMIT_MS);
  if (!check_ours (self, error) || !use_wal (self, error)
      || !bo_database_execute (self, "PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON;", error)
      || !migrate (self, error))
    return NULL;
  return g_steal_pointer (&self);
}

void
bo_database_close (BoDatabase *self)
{
  if (self == NULL)
    return;
  g_assert (self->thread == g_thread_self ());

  g_hash_table_unref (self->statements);
  sqlite3_close (self->connection);
  g_free (self->path);
  g_free (self);
}

const char *
bo_database_get_path (const BoDatabase *self)
{
  return self->path;
}

/* --- statements --- */

/**
 * bo_database_execute:
 * @self: the connection
 * @sql: one or more statements without results
 * @error: return location
 *
 * Returns: whether all of them were carried out
 */
gboolean
bo_database_execute (BoDatabase *self, const char *sql, GError **error)
{
  int code;

  g_assert (self->thread == g_thread_self ());

  code = sqlite3_exec (self->connection, sql, NULL, NULL, NULL);
  if (code != SQLITE_OK)
    {
      set_error (self, code, error);
      return FALSE;
    }
  return TRUE;
}

/**
 * bo_database_begin:
 * @self: the connection
 * @error: return location
 *
 * Begins a transaction that writes. It takes the lock at once, so that it
 * cannot fail half-way because somebody else writes too.
 *
 * Returns: whether it began
 */
gboolean
bo_database_begin (BoDatabase *self, GError **error)
{
  return bo_database_execute (self, "BEGIN IMMEDIATE", error);
}

gboolean
bo_database_commit (BoDatabase *self, GError **error)
{
  return bo_database_execute (self, "COMMIT", error);
}

/* Some failures (a full disk, say) have rolled back already. */
void
bo_database_rollback (BoDatabase *self)
{
  g_assert (self->thread == g_thread_self ());

  if (!sqlite3_get_autocommit (self->connection))
    sqlite3_exec (self->connection, "ROLLBACK", NULL, NULL, NULL);
}

/* A statement that was left half-way, after an error, would keep its transaction open. */
void
bo_database_reset_all (BoDatabase *self)
{
  GHashTableIter iter;
  gpointer statement;

  g_assert (self->thread == g_thread_self ());

  g_hash_table_iter_init (&iter, self->statements);
  while (g_hash_table_iter_next (&iter, NULL, &statement))
    sqlite3_reset (statement);
}

int
bo_database_get_changes (BoDatabase *self)
{
  g_assert (self->thread == g_thread_self ());

  return sqlite3_changes (self->connection);
}

sqlite3_stmt *
bo_database_prepare (BoDatabase *self, const char *sql, GError **error)
{
  sqlite3_stmt *statement;
  int code;

  g_assert (self->thread == g_thread_self ());

  statement = g_hash_table_lookup (self->statements, sql);
  if (statement != NULL)
    {
      sqlite3_reset (statement);
      sqlite3_clear_bindings (statement);
      return statement;
    }
  code = sqlite3_prepare_v3 (self->connection, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL);
  if (code != SQLITE_OK)
    {
      set_error (self, code, error);
      return NULL;
    }
  g_hash_table_insert (self->statements, (gpointer) sql, statement);
  return statement;
}

static gboolean
bind_list (BoDatabase *self, sqlite3_stmt *statement, GError **error, const char *types, va_list args)
{
  for (int i = 0; types[i] != '\0'; i++)
    {
      int code;

      if (types[i] == 's')
        {
          const char *text = va_arg (args, const char *);

          code = text != NULL ? sqlite3_bind_text (statement, i + 1, text, -1, SQLITE_TRANSIENT)
                              : sqlite3_bind_null (statement, i + 1);
        }
      else if (types[i] == 'i')
        code = sqlite3_bind_int64 (statement, i + 1, va_arg (args, gint64));
      else
        {
          int number = va_arg (args, int);

          g_assert (types[i] == 'd');
          code = sqlite3_bind_int64 (statement, i + 1, number);
        }
      if (code != SQLITE_OK)
        {
          set_error (self, code, error);
          return FALSE;
        }
    }
  return TRUE;
}

/**
 * bo_database_bind:
 * @self: the connection
 * @statement: one of its statements
 * @error: return location
 * @types: one letter a parameter: 's' text (nullable), 'i' a gint64, 'd' an int
 * @...: the values
 *
 * Returns: whether they were bound
 */
gboolean
bo_database_bind (BoDatabase *self, sqlite3_stmt *statement, GError **error, const char *types, ...)
{
  va_list args;
  gboolean done;

  va_start (args, types);
  done = bind_list (self, statement, error, types, args);
  va_end (args);
  return done;
}

/**
 * bo_database_step:
 * @self: the connection
 * @statement: one of its statements
 * @error: return location
 *
 * Returns: %BO_ROW_DATA when there is a row, %BO_ROW_DONE at the end, %BO_ROW_ERROR
 *   with @error set; after the last two the statement is reset
 */
BoRow
bo_database_step (BoDatabase *self, sqlite3_stmt *statement, GError **error)
{
  int code;

  g_assert (self->thread == g_thread_self ());

  code = sqlite3_step (statement);
  if (code == SQLITE_ROW)
    return BO_ROW_DATA;
  if (code != SQLITE_DONE)
    set_error (self, code, error);
  sqlite3_reset (statement);
  return code == SQLITE_DONE ? BO_ROW_DONE : BO_ROW_ERROR;
}

/**
 * bo_database_run:
 * @self: the connection
 * @error: return location
 * @sql: a literal: a statement that gives no rows
 * @types: as in bo_database_bind()
 * @...: the values
 *
 * Returns: whether it was carried out
 */
gboolean
bo_database_run (BoDatabase *self, GError **error, const char *sql, const char *types, ...)
{
  sqlite3_stmt *statement = bo_database_prepare (self, sql, error);
  va_list args;
  gboolean bound;

  if (statement == NULL)
    return FALSE;
  va_start (args, types);
  bound = bind_list (self, statement, error, types, args);
  va_end (args);
  return bound && bo_database_step (self, statement, error) == BO_ROW_DONE;
}

/**
 * bo_database_dup_text:
 * @statement: a statement that has a row
 * @column: number of the column, from 0
 *
 * Returns: (transfer full) (nullable): its text, %NULL for a null
 */
char *
bo_database_dup_text (sqlite3_stmt *statement, int column)
{
  return g_strdup ((const char *) sqlite3_column_text (statement, column));
}
