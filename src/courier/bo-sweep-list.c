/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "bo-sweep-list.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bo-memory.h"

void
bo_sweep_list_add (BoSweepList *list, const char *id)
{
  size_t length = strlen (id);

  /* The filter is a regular expression: only what means itself in one. */
  if (length == 0 || length > BO_SWEEP_ID_MAX
      || strspn (id, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789:_-") != length)
    {
      list->n_odd++;
      return;
    }
  list->ids = bo_memory_grow (list->ids, sizeof *list->ids, list->length, &list->room);
  memcpy (list->ids[list->length++], id, length + 1);
  list->sorted = false;
}

/* Up to API 1.51 the records are in BuildCache, later in BuildCacheUsage. */
static void
record_cb (const char *path, const char *text, void *user_data)
{
  if (text != NULL && (strcmp (path, "BuildCache/[]/ID/") == 0 || strcmp (path, "BuildCacheUsage/Items/[]/ID/") == 0))
    bo_sweep_list_add (user_data, text);
}

void
bo_sweep_list_collect (BoSweepList *list, BoJsonScanner *scanner)
{
  bo_json_scanner_init (scanner, record_cb, list);
}

static int
compare (const void *a, const void *b)
{
  return strcmp (a, b);
}

bool
bo_sweep_list_has (BoSweepList *list, const char *id)
{
  if (list->length == 0)
    return false;
  if (!list->sorted)
    qsort (list->ids, list->length, sizeof *list->ids, compare);
  list->sorted = true;
  return bsearch (id, list->ids, list->length, sizeof *list->ids, compare) != NULL;
}

void
bo_sweep_list_clear (BoSweepList *list)
{
  free (list->ids);
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
      const char *id = list->ids[*at];

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
