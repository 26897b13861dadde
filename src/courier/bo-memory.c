/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "bo-memory.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static void
out_of_memory (void)
{
  fputs ("bakeoff-courier: out of memory\n", stderr);
  _exit (70);
}

/* @size bytes of zeros. */
void *
bo_memory_new (size_t size)
{
  void *memory = calloc (1, size > 0 ? size : 1);

  if (memory == NULL)
    out_of_memory ();
  return memory;
}

/* Makes room for one more element behind @length of them; returns the array, which may have moved. */
void *
bo_memory_grow (void *array, size_t element_size, size_t length, size_t *room)
{
  size_t more = *room;

  if (length < *room)
    return array;
  more = more == 0 ? 8 : more * 2;
  if (more <= *room || more > SIZE_MAX / element_size)
    out_of_memory ();
  array = realloc (array, more * element_size);
  if (array == NULL)
    out_of_memory ();
  *room = more;
  return array;
}
