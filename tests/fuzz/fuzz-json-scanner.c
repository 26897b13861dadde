/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The courier's finder of values in JSON, and the list of build cache records
 * that stands on it. Where a document is cut changes nothing; paths and texts
 * keep to their bounds; a valid document gives the strings that json-glib reads;
 * whatever ids came, paths that prune them hold nothing but ids.
 */

#include <string.h>

#include "bo-fuzz.h"
#include "bo-json-scanner.h"
#include "bo-sweep-list.h"
#include "study/bo-json.h"

static void
told_cb (const char *path, const char *text, void *user_data)
{
  GString *told = user_data;

  BO_FUZZ_CHECK (strlen (path) < BO_JSON_TEXT_MAX);
  BO_FUZZ_CHECK (text == NULL || strlen (text) < BO_JSON_TEXT_MAX);
  g_string_append_printf (told, "%s=%s\n", path, text != NULL ? text : "(end)");
}

static GString *
scan (const uint8_t *data, size_t size, BoFuzzCuts *cuts)
{
  GString *told = g_string_new (NULL);
  BoJsonScanner scanner;

  bo_json_scanner_init (&scanner, told_cb, told);
  for (size_t at = 0; at < size;)
    {
      size_t piece = cuts != NULL ? bo_fuzz_cuts_next (cuts, size - at) : size;

      bo_json_scanner_feed (&scanner, (const char *) data + at, piece);
      at += piece;
    }
  return told;
}

typedef struct
{
  const char *key;
  char *value;
} Wanted;

static void
wanted_cb (const char *path, const char *text, void *user_data)
{
  Wanted *wanted = user_data;

  if (text != NULL && strlen (path) == strlen (wanted->key) + 1 && g_str_has_prefix (path, wanted->key))
    {
      g_free (wanted->value);
      wanted->value = g_strdup (text);
    }
}

/* Members of the top object whose values are plain strings. */
static void
compare_with_json_glib (const uint8_t *data, size_t size)
{
  g_autoptr (JsonNode) root = NULL;
  g_autoptr (GList) keys = NULL;
  JsonObject *object = NULL;

  /* Escapes are read as far as ids need them. */
  if (size == 0 || data[0] != '{' || memchr (data, '\\', size) != NULL
      || !g_utf8_validate_len ((const char *) data, size, NULL))
    return;
  for (size_t i = 0; i < size; i++)
    {
      if (data[i] < ' ' && data[i] != '\n')
        return;
    }
  root = bo_json_parse ((const char *) data, (gssize) size, NULL);
  object = bo_json_node_get_object (root);
  if (object == NULL)
    return;
  keys = json_object_get_members (object);
  for (GList *i = keys; i != NULL; i = i->next)
    {
      JsonNode *node = json_object_get_member (object, i->data);
      Wanted wanted = { i->data, NULL };
      BoJsonScanner scanner;

      if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_STRING
          || strlen (wanted.key) > 100 || strlen (json_node_get_string (node)) >= BO_JSON_TEXT_MAX)
        continue;
      bo_json_scanner_init (&scanner, wanted_cb, &wanted);
      bo_json_scanner_feed (&scanner, (const char *) data, size);
      BO_FUZZ_CHECK (g_strcmp0 (wanted.value, json_node_get_string (node)) == 0);
      g_free (wanted.value);
    }
}

static void
sweep (const uint8_t *data, size_t size)
{
  static const char prune_path[] = "/v1.41/build/prune?all=1";
  BoSweepList list = { 0 };
  BoJsonScanner scanner;
  char path[600];
  size_t at = 0, before = 0;

  bo_sweep_list_collect (&list, &scanner);
  bo_json_scanner_feed (&scanner, (const char *) data, size);
  for (size_t i = 0; i < list.length; i++)
    BO_FUZZ_CHECK (list.records[i].id[0] != '\0' && strlen (list.records[i].id) <= BO_SWEEP_ID_MAX);
  while (bo_sweep_list_next_path (&list, &at, prune_path, strlen (prune_path), path, sizeof path))
    {
      BO_FUZZ_CHECK (at > before && at <= list.length);
      before = at;
      BO_FUZZ_CHECK (strlen (path) < sizeof path);
      BO_FUZZ_CHECK (strncmp (path, prune_path, strlen (prune_path)) == 0);
      for (const char *p = path; *p != '\0'; p++)
        BO_FUZZ_CHECK (g_ascii_isalnum (*p) || strchr ("/.?&=%_-", *p) != NULL);
    }
  BO_FUZZ_CHECK (at == list.length);
  for (size_t i = 0; i < list.length; i++)
    {
      char id[BO_SWEEP_ID_MAX + 1];

      /* The first question sorts the list, so the id is copied. */
      memcpy (id, list.records[i].id, sizeof id);
      BO_FUZZ_CHECK (bo_sweep_list_has (&list, id));
    }
  bo_sweep_list_clear (&list);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  BoFuzzCuts cuts;
  GString *whole = scan (data, size, NULL);
  GString *cut = NULL;

  bo_fuzz_cuts_init (&cuts, data, size);
  cut = scan (data, size, &cuts);
  BO_FUZZ_CHECK (g_string_equal (whole, cut));
  g_string_free (whole, TRUE);
  g_string_free (cut, TRUE);
  compare_with_json_glib (data, size);
  sweep (data, size);
  return 0;
}
