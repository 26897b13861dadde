/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-script"

#include "config.h"

#include <errno.h>
#include <string.h>

#include <glib/gi18n.h>
#include <glib/gstdio.h>

#include "bench/bo-script.h"
#include "bo-script-format.h"

typedef enum
{
  ITEM_REQUEST,
  ITEM_SETTLE,
  ITEM_SWEEP_LIST,
  ITEM_SWEEP_PRUNE,
} ItemKind;

typedef struct
{
  char *id;
  BoScriptChainKind kind;
  GPtrArray *items;
} Chain;

/* One piece of a body: either bytes or the name of a recipe. */
typedef struct
{
  GBytes *bytes;
  char *recipe;
} Piece;

struct _BoScriptItem
{
  guint number;
  ItemKind kind;
  char *about;
  char *method;
  char *path;
  char *prune_path;
  guint of;
  gint64 limit_us;
  GStrv needles;
  GPtrArray *headers;
  GArray *pieces;
  GArray *needs;
  GArray *unless;
  GArray *expect;
  gboolean trial_end;
  gboolean always;
};

typedef struct
{
  guint number;
  char *path;
} Watch;

struct _BoScript
{
  char *campaign;
  GPtrArray *secrets;
  GArray *watches;
  GPtrArray *chains;
  guint last_number;
};

static void
item_free (BoScriptItem *item)
{
  g_free (item->about);
  g_free (item->method);
  g_free (item->path);
  g_free (item->prune_path);
  g_strfreev (item->needles);
  g_ptr_array_unref (item->headers);
  g_array_unref (item->pieces);
  g_array_unref (item->needs);
  g_array_unref (item->unless);
  g_array_unref (item->expect);
  g_free (item);
}

static void
chain_free (Chain *chain)
{
  g_free (chain->id);
  g_ptr_array_unref (chain->items);
  g_free (chain);
}

static void
piece_clear (gpointer data)
{
  Piece *piece = data;

  g_clear_pointer (&piece->bytes, g_bytes_unref);
  g_clear_pointer (&piece->recipe, g_free);
}

static void
watch_clear (gpointer data)
{
  Watch *watch = data;

  g_clear_pointer (&watch->path, g_free);
}

/* A value is the rest of its line: no line end and nothing else that is not text. */
static gboolean
is_value (const char *text)
{
  if (text == NULL)
    return FALSE;
  for (const char *p = text; *p != '\0'; p++)
    {
      if (g_ascii_iscntrl (*p) && *p != '\t')
        return FALSE;
    }
  return TRUE;
}

static gboolean
is_word (const char *text)
{
  return is_value (text) && *text != '\0' && strpbrk (text, " \t") == NULL;
}

static gboolean
is_path (const char *text)
{
  if (text == NULL || *text != '/')
    return FALSE;
  for (const char *p = text; *p != '\0'; p++)
    {
      if (!g_ascii_isgraph (*p) || *p == '#')
        return FALSE;
    }
  return strlen (text) <= BO_SCRIPT_PATH_MAX;
}

/**
 * bo_script_new:
 * @campaign: id of the campaign
 *
 * Returns: (transfer full): an empty script
 */
BoScript *
bo_script_new (const char *campaign)
{
  BoScript *script = NULL;

  g_return_val_if_fail (is_word (campaign), NULL);

  script = g_new0 (BoScript, 1);
  script->campaign = g_strdup (campaign);
  script->secrets = g_ptr_array_new_with_free_func (g_free);
  script->watches = g_array_new (FALSE, FALSE, sizeof (Watch));
  g_array_set_clear_func (script->watches, watch_clear);
  script->chains = g_ptr_array_new_with_free_func ((GDestroyNotify) chain_free);
  return script;
}

/**
 * bo_script_free:
 * @script: (transfer full) (nullable): a script
 *
 * Frees the script and its items.
 */
void
bo_script_free (BoScript *script)
{
  if (script == NULL)
    return;
  g_free (script->campaign);
  g_ptr_array_unref (script->secrets);
  g_array_unref (script->watches);
  g_ptr_array_unref (script->chains);
  g_free (script);
}

/**
 * bo_script_add_secret:
 * @script: a script without chains yet
 * @name: name of a variable of the courier's environment
 *
 * In the literal bodies of requests "${bakeoff-secret:NAME}" stands for the
 * value of the variable, escaped as in a JSON string; in the journal the value is
 * replaced. The script itself holds the name only.
 */
void
bo_script_add_secret (BoScript *script, const char *name)
{
  g_return_if_fail (script != NULL);
  g_return_if_fail (is_word (name) && strpbrk (name, "=}") == NULL);
  g_return_if_fail (script->chains->len == 0);

  g_ptr_array_add (script->secrets, g_strdup (name));
}

/**
 * bo_script_watch:
 * @script: a script without chains yet
 * @path: path and query of the stream (the engine's events)
 *
 * Keeps a GET of @path open for the whole campaign. There can be one.
 *
 * Returns: the number under which its data are in the journal
 */
guint
bo_script_watch (BoScript *script, const char *path)
{
  Watch watch = { 0 };

  g_return_val_if_fail (script != NULL, 0);
  g_return_val_if_fail (is_path (path), 0);
  g_return_val_if_fail (script->chains->len == 0 && script->watches->len == 0, 0);

  watch.number = ++script->last_number;
  watch.path = g_strdup (path);
  g_array_append_val (script->watches, watch);
  return watch.number;
}

/**
 * bo_script_begin_chain:
 * @script: a script
 * @id: id of the chain, unique in the script
 * @kind: when it is played
 *
 * What is added from here on belongs to this chain.
 */
void
bo_script_begin_chain (BoScript *script, const char *id, BoScriptChainKind kind)
{
  Chain *chain = NULL;

  g_return_if_fail (script != NULL);
  g_return_if_fail (is_word (id) && strlen (id) <= BO_SCRIPT_ID_MAX);

  chain = g_new0 (Chain, 1);
  chain->id = g_strdup (id);
  chain->kind = kind;
  chain->items = g_ptr_array_new_with_free_func ((GDestroyNotify) item_free);
  g_ptr_array_add (script->chains, chain);
}

static BoScriptItem *
add_item (BoScript *script, ItemKind kind, const char *about)
{
  BoScriptItem *item = g_new0 (BoScriptItem, 1);
  Chain *chain = g_ptr_array_index (script->chains, script->chains->len - 1);

  item->number = ++script->last_number;
  item->kind = kind;
  item->about = g_strdup (about);
  item->headers = g_ptr_array_new_with_free_func (g_free);
  item->pieces = g_array_new (FALSE, FALSE, sizeof (Piece));
  g_array_set_clear_func (item->pieces, piece_clear);
  item->needs = g_array_new (FALSE, FALSE, sizeof (guint));
  item->unless = g_array_new (FALSE, FALSE, sizeof (guint));
  item->expect = g_array_new (FALSE, FALSE, sizeof (guint));
  g_ptr_array_add (chain->items, item);
  return item;
}

/**
 * bo_script_add_request:
 * @script: a script in which a chain was begun
 * @method: "GET", "POST", "PUT", "DELETE" or "HEAD"
 * @path: path and query, encoded (see bo_script_path())
 * @about: (nullable): what it is for, copied into the journal (one line)
 *
 * Returns: (transfer none): the new item
 */
BoScriptItem *
bo_script_add_request (BoScript *script, const char *method, const char *path, const char *about)
{
  BoScriptItem *item = NULL;

  g_return_val_if_fail (script != NULL && script->chains->len > 0, NULL);
  g_return_val_if_fail (is_word (method) && strspn (method, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == strlen (method), NULL);
  g_return_val_if_fail (is_path (path), NULL);
  g_return_val_if_fail (about == NULL || is_value (about), NULL);

  item = add_item (script, ITEM_REQUEST, about);
  item->method = g_strdup (method);
  item->path = g_strdup (path);
  return item;
}

/**
 * bo_script_add_settle:
 * @script: a script in which a chain was begun
 * @of: number of an earlier request
 * @limit_us: how long to wait at most, microseconds
 * @needles: (array zero-terminated=1): texts that make it wait
 * @about: (nullable): what it is for
 *
 * When the answer of @of ended in one of @needles, waits to see whether the
 * engine goes away (it reports the build in progress as failed a moment before).
 *
 * Returns: (transfer none): the new item
 */
BoScriptItem *
bo_script_add_settle (BoScript *script, guint of, gint64 limit_us, const char *const *needles, const char *about)
{
  BoScriptItem *item = NULL;

  g_return_val_if_fail (script != NULL && script->chains->len > 0, NULL);
  g_return_val_if_fail (of > 0 && of <= script->last_number, NULL);
  g_return_val_if_fail (limit_us > 0, NULL);
  g_return_val_if_fail (needles != NULL, NULL);
  for (gsize i = 0; needles[i] != NULL; i++)
    g_return_val_if_fail (is_value (needles[i]) && *needles[i] != '\0', NULL);
  g_return_val_if_fail (about == NULL || is_value (about), NULL);

  item = add_item (script, ITEM_SETTLE, about);
  item->of = of;
  item->limit_us = limit_us;
  item->needles = g_strdupv ((char **) needles);
  return item;
}

/**
 * bo_script_add_sweep_list:
 * @script: a script in which a chain was begun
 * @path: path of system/df
 * @about: (nullable): what it is for
 *
 * Remembers the ids of the build cache records that there are now.
 *
 * Returns: (transfer none): the new item
 */
BoScriptItem *
bo_script_add_sweep_list (BoScript *script, const char *path, const char *about)
{
  BoScriptItem *item = NULL;

  g_return_val_if_fail (script != NULL && script->chains->len > 0, NULL);
  g_return_val_if_fail (is_path (path), NULL);
  g_return_val_if_fail (about == NULL || is_value (about), NULL);

  item = add_item (script, ITEM_SWEEP_LIST, about);
  item->path = g_strdup (path);
  return item;
}

/**
 * bo_script_add_sweep_prune:
 * @script: a script in which a chain was begun
 * @of: number of the sweep-list
 * @path: path of system/df
 * @prune_path: path and query of build/prune, without `filters`
 * @about: (nullable): what it is for
 *
 * Removes the records that are new since @of, unless somebody else may have made them.
 *
 * Returns: (transfer none): the new item
 */
BoScriptItem *
bo_script_add_sweep_prune (BoScript *script,
                           guint of,
                           const char *path,
                           const char *prune_path,
                           const char *about)
{
  BoScriptItem *item = NULL;

  g_return_val_if_fail (script != NULL && script->chains->len > 0, NULL);
  g_return_val_if_fail (of > 0 && of <= script->last_number, NULL);
  g_return_val_if_fail (is_path (path), NULL);
  g_return_val_if_fail (is_path (prune_path), NULL);
  g_return_val_if_fail (about == NULL || is_value (about), NULL);

  item = add_item (script, ITEM_SWEEP_PRUNE, about);
  item->of = of;
  item->path = g_strdup (path);
  item->prune_path = g_strdup (prune_path);
  return item;
}

/**
 * bo_script_item_get_number:
 * @item: an item
 *
 * Returns: its number, by which later items and the journal name it
 */
guint
bo_script_item_get_number (const BoScriptItem *item)
{
  g_return_val_if_fail (item != NULL, 0);

  return item->number;
}

/**
 * bo_script_item_add_header:
 * @item: a request
 * @name: name of a header; Host, Connection and those of the body's length are the courier's own
 * @value: its value
 *
 * Adds a header to the request.
 */
void
bo_script_item_add_header (BoScriptItem *item, const char *name, const char *value)
{
  g_return_if_fail (item != NULL && item->kind == ITEM_REQUEST);
  g_return_if_fail (is_word (name) && strchr (name, ':') == NULL);
  g_return_if_fail (is_value (value));

  g_ptr_array_add (item->headers, g_strdup_printf ("%s: %s", name, value));
}

/**
 * bo_script_item_add_literal:
 * @item: a request
 * @bytes: the next bytes of its body
 *
 * Appends bytes to the body.
 */
void
bo_script_item_add_literal (BoScriptItem *item, GBytes *bytes)
{
  Piece piece = { 0 };

  g_return_if_fail (item != NULL && item->kind == ITEM_REQUEST);
  g_return_if_fail (bytes != NULL);

  piece.bytes = g_bytes_ref (bytes);
  g_array_append_val (item->pieces, piece);
}

/**
 * bo_script_item_add_text:
 * @item: a request
 * @text: the next bytes of its body
 *
 * Appends text (JSON, mostly) to the body.
 */
void
bo_script_item_add_text (BoScriptItem *item, const char *text)
{
  g_autoptr (GBytes) bytes = NULL;

  g_return_if_fail (item != NULL);
  g_return_if_fail (text != NULL);

  bytes = g_bytes_new (text, strlen (text));
  bo_script_item_add_literal (item, bytes);
}

/**
 * bo_script_item_add_recipe:
 * @item: a request
 * @sha256: name of a recipe in the folder's recipes/
 *
 * Appends what the recipe makes to the body.
 */
void
bo_script_item_add_recipe (BoScriptItem *item, const char *sha256)
{
  Piece piece = { 0 };

  g_return_if_fail (item != NULL && item->kind == ITEM_REQUEST);
  g_return_if_fail (sha256 != NULL && strlen (sha256) == 64 && strspn (sha256, "0123456789abcdef") == 64);

  piece.recipe = g_strdup (sha256);
  g_array_append_val (item->pieces, piece);
}

/**
 * bo_script_item_set_limit:
 * @item: an item
 * @limit_us: microseconds from the begin of the request, or 0 for no limit
 *
 * Sets the item's time limit.
 */
void
bo_script_item_set_limit (BoScriptItem *item, gint64 limit_us)
{
  g_return_if_fail (item != NULL);
  g_return_if_fail (limit_us >= 0);

  item->limit_us = limit_us;
}

/**
 * bo_script_item_add_needs:
 * @item: an item
 * @number: number of an item before it
 *
 * The item is skipped when @number did not end well, or was skipped.
 */
void
bo_script_item_add_needs (BoScriptItem *item, guint number)
{
  g_return_if_fail (item != NULL);
  g_return_if_fail (number > 0 && number < item->number);

  g_array_append_val (item->needs, number);
}

/**
 * bo_script_item_add_unless:
 * @item: an item
 * @number: number of an item before it
 *
 * The item is skipped when @number was tried and did not end well.
 */
void
bo_script_item_add_unless (BoScriptItem *item, guint number)
{
  g_return_if_fail (item != NULL);
  g_return_if_fail (number > 0 && number < item->number);

  g_array_append_val (item->unless, number);
}

/**
 * bo_script_item_add_expect:
 * @item: a request
 * @status: a status of the answer that is "well"
 *
 * Without any, 200 to 299 are.
 */
void
bo_script_item_add_expect (BoScriptItem *item, guint status)
{
  g_return_if_fail (item != NULL);
  g_return_if_fail (status >= 200 && status <= 599);

  g_array_append_val (item->expect, status);
}

/**
 * bo_script_item_set_trial_end:
 * @item: an item
 *
 * After this item "stop-after-trial" takes effect.
 */
void
bo_script_item_set_trial_end (BoScriptItem *item)
{
  g_return_if_fail (item != NULL);

  item->trial_end = TRUE;
}

/**
 * bo_script_item_set_always:
 * @item: an item
 *
 * The item cleans up: it is made also when the campaign is being stopped or the chain was cut.
 */
void
bo_script_item_set_always (BoScriptItem *item)
{
  g_return_if_fail (item != NULL);

  item->always = TRUE;
}

static void
append_numbers (GString *text, const char *key, GArray *numbers)
{
  if (numbers->len == 0)
    return;
  g_string_append (text, key);
  for (guint i = 0; i < numbers->len; i++)
    g_string_append_printf (text, " %u", g_array_index (numbers, guint, i));
  g_string_append_c (text, '\n');
}

static void
append_item (GString *text, const BoScriptItem *item)
{
  static const char *const kinds[] = { "request", "settle", "sweep-list", "sweep-prune" };

  g_string_append_printf (text, "item %u\n", item->number);
  g_string_append_printf (text, "kind %s\n", kinds[item->kind]);
  if (item->about != NULL && *item->about != '\0')
    g_string_append_printf (text, "about %s\n", item->about);
  if (item->method != NULL)
    g_string_append_printf (text, "method %s\n", item->method);
  if (item->of != 0)
    g_string_append_printf (text, "of %u\n", item->of);
  if (item->path != NULL)
    g_string_append_printf (text, "path %s\n", item->path);
  if (item->prune_path != NULL)
    g_string_append_printf (text, "prune-path %s\n", item->prune_path);
  for (guint i = 0; i < item->headers->len; i++)
    g_string_append_printf (text, "header %s\n", (const char *) g_ptr_array_index (item->headers, i));
  for (guint i = 0; i < item->pieces->len; i++)
    {
      const Piece *piece = &g_array_index (item->pieces, Piece, i);

      if (piece->recipe != NULL)
        {
          g_string_append_printf (text, "body-recipe %s\n", piece->recipe);
        }
      else
        {
          gsize length = 0;
          const char *data = g_bytes_get_data (piece->bytes, &length);

          g_string_append_printf (text, "body-literal %" G_GSIZE_FORMAT "\n", length);
          g_string_append_len (text, data, (gssize) length);
          g_string_append_c (text, '\n');
        }
    }
  for (gsize i = 0; item->needles != NULL && item->needles[i] != NULL; i++)
    g_string_append_printf (text, "needle %s\n", item->needles[i]);
  if (item->limit_us > 0)
    g_string_append_printf (text, "limit %" G_GINT64_FORMAT "\n", item->limit_us);
  append_numbers (text, "needs", item->needs);
  append_numbers (text, "unless", item->unless);
  append_numbers (text, "expect", item->expect);
  if (item->trial_end)
    g_string_append (text, "trial-end\n");
  if (item->always)
    g_string_append (text, "always\n");
  g_string_append (text, "end\n");
}

/**
 * bo_script_to_bytes:
 * @script: a script
 *
 * Returns: (transfer full): the text of the script
 */
GBytes *
bo_script_to_bytes (const BoScript *script)
{
  static const char *const kinds[] = { "setup", "trials", "teardown" };
  GString *text = NULL;

  g_return_val_if_fail (script != NULL, NULL);

  text = g_string_new (NULL);
  g_string_append_printf (text, "bakeoff-script %d\n", BO_SCRIPT_VERSION);
  g_string_append_printf (text, "campaign %s\n", script->campaign);
  for (guint i = 0; i < script->secrets->len; i++)
    g_string_append_printf (text, "secret %s\n", (const char *) g_ptr_array_index (script->secrets, i));
  for (guint i = 0; i < script->watches->len; i++)
    {
      const Watch *watch = &g_array_index (script->watches, Watch, i);

      g_string_append_printf (text, "watch %u %s\n", watch->number, watch->path);
    }
  for (guint i = 0; i < script->chains->len; i++)
    {
      const Chain *chain = g_ptr_array_index (script->chains, i);

      g_string_append_printf (text, "chain %s %s\n", chain->id, kinds[chain->kind]);
      for (guint k = 0; k < chain->items->len; k++)
        append_item (text, g_ptr_array_index (chain->items, k));
    }
  return g_string_free_to_bytes (text);
}

static gboolean
replace_file (const char *folder, const char *name, const char *data, gsize length, GError **error)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  return g_file_set_contents_full (path, data, (gssize) length, G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE,
                                   0600, error);
}

/**
 * bo_script_write:
 * @script: a script
 * @folder: the campaign's folder; it is made when it is not there
 * @error: return location for an error
 *
 * Writes the script into the folder, whole or not at all.
 *
 * Returns: whether it was written; errors are those of G_FILE_ERROR
 */
gboolean
bo_script_write (const BoScript *script, const char *folder, GError **error)
{
  g_autoptr (GBytes) bytes = NULL;
  gsize length = 0;
  const char *data = NULL;

  g_return_val_if_fail (script != NULL, FALSE);
  g_return_val_if_fail (folder != NULL, FALSE);

  if (g_mkdir_with_parents (folder, 0700) != 0)
    {
      int code = errno;

      g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (code), _ ("Cannot make the folder %s: %s"), folder,
                   g_strerror (code));
      return FALSE;
    }

  bytes = bo_script_to_bytes (script);
  data = g_bytes_get_data (bytes, &length);
  return replace_file (folder, "script", data, length, error);
}

/**
 * bo_script_write_order:
 * @folder: the campaign's folder
 * @chains: (array zero-terminated=1): ids of the chains still to come
 * @error: return location for an error
 *
 * Replaces the order of the chains. A courier that plays reads it before each chain.
 *
 * Returns: whether it was written; errors are those of G_FILE_ERROR
 */
gboolean
bo_script_write_order (const char *folder, const char *const *chains, GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);

  g_return_val_if_fail (folder != NULL, FALSE);
  g_return_val_if_fail (chains != NULL, FALSE);

  for (gsize i = 0; chains[i] != NULL; i++)
    {
      g_return_val_if_fail (is_word (chains[i]), FALSE);
      g_string_append_printf (text, "%s\n", chains[i]);
    }
  return replace_file (folder, "order", text->str, text->len, error);
}

/**
 * bo_script_write_command:
 * @folder: the campaign's folder
 * @command: what the courier shall do
 * @error: return location for an error
 *
 * Tells the courier that plays (or will go on with) the folder to stop.
 *
 * Returns: whether it was written; errors are those of G_FILE_ERROR
 */
gboolean
bo_script_write_command (const char *folder, BoScriptCommand command, GError **error)
{
  const char *text = command == BO_SCRIPT_COMMAND_STOP_NOW ? "stop-now\n" : "stop-after-trial\n";

  g_return_val_if_fail (folder != NULL, FALSE);

  return replace_file (folder, "command", text, strlen (text), error);
}

/**
 * bo_script_path:
 * @path: a path, encoded, without a query
 * @...: pairs of a key and its value (a pair whose value is %NULL is left out), then %NULL
 *
 * Makes path and query of a request. Everything in a value but letters,
 * digits and "-._~" is percent-encoded, so JSON and image references can be given as they are.
 *
 * Returns: (transfer full): path and query
 */
char *
bo_script_path (const char *path, ...)
{
  GString *text = NULL;
  va_list args;
  const char *key = NULL;
  char joint = '?';

  g_return_val_if_fail (is_path (path) && strchr (path, '?') == NULL, NULL);

  text = g_string_new (path);
  va_start (args, path);
  while ((key = va_arg (args, const char *)) != NULL)
    {
      const char *value = va_arg (args, const char *);
      g_autofree char *escaped_key = NULL;
      g_autofree char *escaped = NULL;

      if (value == NULL)
        continue;
      escaped_key = g_uri_escape_string (key, NULL, FALSE);
      escaped = g_uri_escape_string (value, NULL, FALSE);
      g_string_append_printf (text, "%c%s=%s", joint, escaped_key, escaped);
      joint = '&';
    }
  va_end (args);
  return g_string_free (text, FALSE);
}
