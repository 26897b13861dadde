/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "bo-sweep-list.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bo-memory.h"

void
bo_sweep_list_add (BoSweepList *list, const BoSweepRecord *record)
{
  size_t length = strlen (record->id);

  /* The filter is a regular expression: only what means itself in one. */
  if (length == 0
      || strspn (record->id, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789:_-") != length)
    return;
  list->records = bo_memory_grow (list->records, sizeof *list->records, list->length, &list->room);
  list->records[list->length++] = *record;
  list->sorted = false;
}

/* Up to API 1.51 the records are in BuildCache, later in BuildCacheUsage. */
static void
record_cb (const char *path, const char *text, void *user_data)
{
  static const char *const places[] = { "BuildCache/[]/", "BuildCacheUsage/Items/[]/" };
  BoSweepList *list = user_data;

  for (size_t i = 0; i < sizeof places / sizeof *places; i++)
    {
      size_t length = strlen (places[i]);
      const char *key = path + length;

      if (strncmp (path, places[i], length) != 0)
        continue;
      if (*key == '\0' && text == NULL)
        {
          bo_sweep_list_add (list, &list->pending);
          memset (&list->pending, 0, sizeof list->pending);
        }
      else if (text != NULL && strcmp (key, "ID/") == 0 && strlen (text) <= BO_SWEEP_ID_MAX)
        memcpy (list->pending.id, text, strlen (text) + 1);
      else if (text != NULL && strcmp (key, "Description/") == 0)
        list->pending.local = strncmp (text, "local source for ", 17) == 0;
    }
}

void
bo_sweep_list_collect (BoSweepList *list, BoJsonScanner *scanner)
{
  bo_json_scanner_init (scanner, record_cb, list);
}

static int
compare (const void *a, const void *b)
{
  return strcmp (((const BoSweepRecord *) a)->id, ((const BoSweepRecord *) b)->id);
}

bool
bo_sweep_list_has (BoSweepList *list, const char *id)
{
  BoSweepRecord wanted = { 0 };

  if (list->length == 0 || strlen (id) > BO_SWEEP_ID_MAX)
    return false;
  if (!list->sorted)
    qsort (list->records, list->length, sizeof *list->records, compare);
  list->sorted = true;
  memcpy (wanted.id, id, strlen (id));
  return bsearch (&wanted, list->records, list->length, sizeof *list->records, compare) != NULL;
}

void
bo_sweep_list_clear (BoSweepList *list)
{
  free (list->records);
  memset (list, 0, sizeof *list);
}

bool
bo_sweep_list_next_path (const BoSweepList *list,
                         size_t *at,
                         const char *prune_path,
                         size_t prune_path_length,
                         char *path,
                         size_t size)
{
  /* {"id":{"^( ... )$":true}} */
  static const char head[] = "filters=%7B%22id%22%3A%7B%22%5E%28";
  static const char tail[] = "%29%24%22%3Atrue%7D%7D";
  bool has_query = memchr (prune_path, '?', prune_path_length) != NULL;
  size_t first = *at;
  size_t length = 0;

  if (*at >= list->length || prune_path_length + sizeof head + sizeof tail + 3 * BO_SWEEP_ID_MAX + 8 > size)
    return false;
  length = (size_t) snprintf (path, size, "%.*s%c%s", (int) prune_path_length, prune_path, has_query ? '&' : '?', head);
  for (; *at < list->length; (*at)++)
    {
      const char *id = list->records[*at].id;

      /* Each character may need three, and the separator does. */
      if (length + 3 * strlen (id) + 3 + sizeof tail > size)
        break;
      if (*at > first)
        length += (size_t) snprintf (path + length, size - length, "%%7C");
      for (; *id != '\0'; id++)
        length += (size_t) snprintf (path + length, size - length, *id == ':' ? "%%3A" : "%c", *id);
    }
  snprintf (path + length, size - length, "%s", tail);
  return true;
}
