/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The courier's reading of scripts. What is refused has a reason and leaves
 * nothing behind; what is taken keeps the promises on which the player relies
 * without looking again, and written down once more it reads the same.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bo-fuzz.h"
#include "bo-play-script.h"

typedef struct
{
  const char *data;
  size_t length;
} Input;

static void
check_span (Input input, BoSpan span)
{
  BO_FUZZ_CHECK (span.data >= input.data && span.data + span.length <= input.data + input.length);
}

static void
check_earlier (const BoPlayScript *script, const BoNumberList *list, uint32_t number)
{
  for (size_t i = 0; i < list->length; i++)
    {
      long index = bo_play_script_find (script, list->numbers[i]);

      BO_FUZZ_CHECK (index >= 0 && script->items[index].number == list->numbers[i]);
      BO_FUZZ_CHECK (list->numbers[i] < number);
    }
}

static void
check_item (Input input, const BoPlayScript *script, const BoPlayItem *item)
{
  BO_FUZZ_CHECK (item->number > 0);
  BO_FUZZ_CHECK (item->kind >= BO_PLAY_REQUEST && item->kind <= BO_PLAY_SWEEP_PRUNE);
  BO_FUZZ_CHECK ((item->kind == BO_PLAY_REQUEST) == (item->method.data != NULL));
  BO_FUZZ_CHECK ((item->kind != BO_PLAY_SETTLE) == (item->path.data != NULL));
  BO_FUZZ_CHECK (item->limit_us >= 0);
  check_earlier (script, &item->needs, item->number);
  check_earlier (script, &item->unless, item->number);
  if (item->kind == BO_PLAY_SETTLE || item->kind == BO_PLAY_SWEEP_PRUNE)
    BO_FUZZ_CHECK (item->of < item->number && bo_play_script_find (script, item->of) >= 0);
  else
    BO_FUZZ_CHECK (item->of == 0);
  if (item->path.data != NULL)
    {
      check_span (input, item->path);
      BO_FUZZ_CHECK (item->path.length <= BO_SCRIPT_PATH_MAX && item->path.data[0] == '/');
      /* Nothing that could end a request line early. */
      for (size_t i = 0; i < item->path.length; i++)
        BO_FUZZ_CHECK (item->path.data[i] > ' ' && item->path.data[i] < 127);
    }
  for (size_t i = 0; i < item->headers.length; i++)
    {
      check_span (input, item->headers.spans[i]);
      BO_FUZZ_CHECK (memchr (item->headers.spans[i].data, '\r', item->headers.spans[i].length) == NULL);
      BO_FUZZ_CHECK (memchr (item->headers.spans[i].data, '\n', item->headers.spans[i].length) == NULL);
    }
  for (size_t i = 0; i < item->needles.length; i++)
    check_span (input, item->needles.spans[i]);
  for (size_t i = 0; i < item->n_pieces; i++)
    {
      if (item->pieces[i].recipe[0] == '\0')
        check_span (input, item->pieces[i].literal);
      else
        BO_FUZZ_CHECK (strlen (item->pieces[i].recipe) == 64
                       && strspn (item->pieces[i].recipe, "0123456789abcdef") == 64);
    }
}

static void
write_span (FILE *out, const char *key, BoSpan span)
{
  if (span.data == NULL)
    return;
  fprintf (out, "%s ", key);
  fwrite (span.data, 1, span.length, out);
  fputc ('\n', out);
}

static void
write_numbers (FILE *out, const char *key, const BoNumberList *list)
{
  if (list->length == 0)
    return;
  fputs (key, out);
  for (size_t i = 0; i < list->length; i++)
    fprintf (out, " %u", list->numbers[i]);
  fputc ('\n', out);
}

static void
write_item (FILE *out, const BoPlayItem *item)
{
  static const char *const kinds[] = { "", "request", "settle", "sweep-list", "sweep-prune" };

  fprintf (out, "item %u\nkind %s\n", item->number, kinds[item->kind]);
  write_span (out, "about", item->about);
  write_span (out, "method", item->method);
  write_span (out, "path", item->path);
  write_span (out, "prune-path", item->prune_path);
  if (item->of != 0)
    fprintf (out, "of %u\n", item->of);
  if (item->limit_us != 0)
    fprintf (out, "limit %lld\n", (long long) item->limit_us);
  for (size_t i = 0; i < item->headers.length; i++)
    write_span (out, "header", item->headers.spans[i]);
  for (size_t i = 0; i < item->needles.length; i++)
    write_span (out, "needle", item->needles.spans[i]);
  write_numbers (out, "needs", &item->needs);
  write_numbers (out, "unless", &item->unless);
  write_numbers (out, "expect", &item->expect);
  for (size_t i = 0; i < item->n_pieces; i++)
    {
      const BoPlayPiece *piece = &item->pieces[i];

      if (piece->recipe[0] != '\0')
        {
          fprintf (out, "body-recipe %s\n", piece->recipe);
          continue;
        }
      fprintf (out, "body-literal %zu\n", piece->literal.length);
      fwrite (piece->literal.data, 1, piece->literal.length, out);
      fputc ('\n', out);
    }
  fputs (item->trial_end ? "trial-end\n" : "", out);
  fputs (item->always ? "always\n" : "", out);
  fputs ("end\n", out);
}

static void
write_script (const BoPlayScript *script, char **text, size_t *length)
{
  static const char *const kinds[] = { "", "setup", "trials", "teardown" };
  FILE *out = open_memstream (text, length);

  fprintf (out, "bakeoff-script %d\n", BO_SCRIPT_VERSION);
  write_span (out, "campaign", script->campaign);
  for (size_t i = 0; i < script->secrets.length; i++)
    write_span (out, "secret", script->secrets.spans[i]);
  if (script->watch_number != 0)
    {
      fprintf (out, "watch %u ", script->watch_number);
      fwrite (script->watch_path.data, 1, script->watch_path.length, out);
      fputc ('\n', out);
    }
  for (size_t i = 0; i < script->n_chains; i++)
    {
      const BoPlayChain *chain = &script->chains[i];

      fputs ("chain ", out);
      fwrite (chain->id.data, 1, chain->id.length, out);
      fprintf (out, " %s\n", kinds[chain->kind]);
      for (size_t k = 0; k < chain->n_items; k++)
        write_item (out, &script->items[chain->first_item + k]);
    }
  fclose (out);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  Input input = { (const char *) data, size };
  BoPlayScript script;
  BoPlayScript again;
  char error[300] = "";
  size_t next = 0;
  char *first = NULL, *second = NULL;
  size_t first_length = 0, second_length = 0;

  if (!bo_play_script_parse (&script, input.data, size, error, sizeof error))
    {
      BO_FUZZ_CHECK (error[0] != '\0');
      BO_FUZZ_CHECK (script.n_items == 0 && script.items == NULL && script.chains == NULL);
      return 0;
    }

  check_span (input, script.campaign);
  for (size_t i = 0; i < script.n_chains; i++)
    {
      BO_FUZZ_CHECK (script.chains[i].first_item == next);
      next += script.chains[i].n_items;
    }
  BO_FUZZ_CHECK (next == script.n_items);
  for (size_t i = 0; i < script.n_items; i++)
    {
      BO_FUZZ_CHECK (i == 0 || script.items[i - 1].number < script.items[i].number);
      check_item (input, &script, &script.items[i]);
    }

  write_script (&script, &first, &first_length);
  BO_FUZZ_CHECK (bo_play_script_parse (&again, first, first_length, error, sizeof error));
  write_script (&again, &second, &second_length);
  BO_FUZZ_CHECK (first_length == second_length && memcmp (first, second, first_length) == 0);
  bo_play_script_clear (&again);
  bo_play_script_clear (&script);
  free (first);
  free (second);
  return 0;
}
