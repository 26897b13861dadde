/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-fuzz"

#include "config.h"

#include "bo-fuzz.h"

#include <stdio.h>
#include <stdlib.h>

#include <glib.h>

int
LLVMFuzzerInitialize (int *argc, char ***argv)
{
  /* A critical is a broken promise between functions: as bad as a crash. */
  g_log_set_always_fatal (G_LOG_FATAL_MASK | G_LOG_LEVEL_CRITICAL);
  return 0;
}

_Noreturn void
bo_fuzz_fail (const char *file, int line, const char *condition)
{
  fprintf (stderr, "%s:%d: does not hold: %s\n", file, line, condition);
  abort ();
}

void
bo_fuzz_cuts_init (BoFuzzCuts *cuts, const uint8_t *data, size_t size)
{
  /* FNV-1a: any function of the input will do. */
  cuts->state = 14695981039346656037u;
  for (size_t i = 0; i < size; i++)
    cuts->state = (cuts->state ^ data[i]) * 1099511628211u;
  cuts->state |= 1;
}

/* The length of the next piece, from 1 to @left; @left must not be 0. */
size_t
bo_fuzz_cuts_next (BoFuzzCuts *cuts, size_t left)
{
  size_t bound = 0;

  /* xorshift64 */
  cuts->state ^= cuts->state << 13;
  cuts->state ^= cuts->state >> 7;
  cuts->state ^= cuts->state << 17;
  bound = (size_t) 1 << (cuts->state >> 60);
  bound = 1 + (size_t) (cuts->state >> 20) % bound;
  return bound < left ? bound : left;
}

uint8_t
bo_fuzz_take (const uint8_t **data, size_t *size)
{
  uint8_t byte = 0;

  if (*size > 0)
    {
      byte = **data;
      (*data)++;
      (*size)--;
    }
  return byte;
}
