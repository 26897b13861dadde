/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <stddef.h>

/*
 * Memory that is there, or the courier ends: it holds one script and a few
 * buffers, so a lack of memory cannot be helped by anything it could do. What it
 * has journaled stays, and a new courier goes on.
 */

void *bo_memory_new (size_t size);
void *bo_memory_grow (void *array, size_t element_size, size_t length, size_t *room);
