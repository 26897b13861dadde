/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-script"

#include "config.h"

#include <string.h>

#include "bench/bo-script-private.h"
#include "bo-script-format.h"

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
chain_free (BoScriptChain *chain)
{
  g_free (chain->id);
  g_ptr_array_unref (chain->items);
  g_free (chain);
}

static void
piece_clear (gpointer data)
{
  BoScriptPiece *piece = data;

  g_clear_pointer (&piece->bytes, g_bytes_unref);
  g_clear_pointer (&piece->recipe, g_free);
}

static void
watch_clear (gpointer data)
{
  BoScriptWatch *watch = data;

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

/* Whether @text can stand for one word of a line. */
gboolean
bo_script_is_word (const char *text)
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

  g_return_val_if_fail (bo_script_is_word (campaign), NULL);

  script = g_new0 (BoScript, 1);
  script->campaign = g_strdup (campaign);
  script->secrets = g_ptr_array_new_with_free_func (g_free);
  script->watches = g_array_new (FALSE, FALSE, sizeof (BoScriptWatch));
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
  g_return_if_fail (bo_script_is_word (name) && strpbrk (name, "=}") == NULL);
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
  BoScriptWatch watch = { 0 };

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
  BoScriptChain *chain = NULL;

  g_return_if_fail (script != NULL);
  g_return_if_fail (bo_script_is_word (id) && strlen (id) <= BO_SCRIPT_ID_MAX);

  chain = g_new0 (BoScriptChain, 1);
  chain->id = g_strdup (id);
  chain->kind = kind;
  chain->items = g_ptr_array_new_with_free_func ((GDestroyNotify) item_free);
  g_ptr_array_add (script->chains, chain);
}

static BoScriptItem *
add_item (BoScript *script, BoScriptItemKind kind, const char *about)
{
  BoScriptItem *item = g_new0 (BoScriptItem, 1);
  BoScriptChain *chain = g_ptr_array_index (script->chains, script->chains->len - 1);

  item->number = ++script->last_number;
  item->kind = kind;
  item->about = g_strdup (about);
  item->headers = g_ptr_array_new_with_free_func (g_free);
  item->pieces = g_array_new (FALSE, FALSE, sizeof (BoScriptPiece));
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
  g_return_val_if_fail (bo_script_is_word (method) && strspn (method, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == strlen (method), NULL);
  g_return_val_if_fail (is_path (path), NULL);
  g_return_val_if_fail (about == NULL || is_value (about), NULL);

  item = add_item (script, BO_SCRIPT_ITEM_REQUEST, about);
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

  item = add_item (script, BO_SCRIPT_ITEM_SETTLE, about);
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

  item = add_item (script, BO_SCRIPT_ITEM_SWEEP_LIST, about);
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

  item = add_item (script, BO_SCRIPT_ITEM_SWEEP_PRUNE, about);
  item->of = of;
  item->path = g_strdup (path);
  item->prune_path = g_strdup (prune_path);
  return item;
}

/**
 * bo_script_add_wait_empty:
 * @script: a script in which a chain was begun
 * @path: path of a request that answers with a list
 * @limit_us: how long to wait at most, microseconds
 * @about: (nullable): what it is for
 *
 * Waits until the list is empty.
 *
 * Returns: (transfer none): the new item
 */
BoScriptItem *
bo_script_add_wait_empty (BoScript *script, const char *path, gint64 limit_us, const char *about)
{
  BoScriptItem *item = NULL;

  g_return_val_if_fail (script != NULL && script->chains->len > 0, NULL);
  g_return_val_if_fail (is_path (path) && limit_us > 0, NULL);
  g_return_val_if_fail (about == NULL || is_value (about), NULL);

  item = add_item (script, BO_SCRIPT_ITEM_WAIT_EMPTY, about);
  item->path = g_strdup (path);
  item->limit_us = limit_us;
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
  g_return_if_fail (item != NULL && item->kind == BO_SCRIPT_ITEM_REQUEST);
  g_return_if_fail (bo_script_is_word (name) && strchr (name, ':') == NULL);
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
  BoScriptPiece piece = { 0 };

  g_return_if_fail (item != NULL && item->kind == BO_SCRIPT_ITEM_REQUEST);
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
  BoScriptPiece piece = { 0 };

  g_return_if_fail (item != NULL && item->kind == BO_SCRIPT_ITEM_REQUEST);
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
