/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-script-writer"

#include "config.h"

#include <errno.h>
#include <string.h>

#include <glib/gi18n.h>
#include <glib/gstdio.h>

#include "bench/bo-script-private.h"
#include "bo-script-format.h"

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
  static const char *const kinds[] = { "request", "settle", "sweep-list", "sweep-prune", "wait-empty" };

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
      const BoScriptPiece *piece = &g_array_index (item->pieces, BoScriptPiece, i);

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
      const BoScriptWatch *watch = &g_array_index (script->watches, BoScriptWatch, i);

      g_string_append_printf (text, "watch %u %s\n", watch->number, watch->path);
    }
  for (guint i = 0; i < script->chains->len; i++)
    {
      const BoScriptChain *chain = g_ptr_array_index (script->chains, i);

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
      g_return_val_if_fail (bo_script_is_word (chains[i]), FALSE);
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
