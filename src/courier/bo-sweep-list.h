/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "bo-json-scanner.h"

/*
 * Ids of build cache records, as the answer to system/df tells them.
 */

#define BO_SWEEP_ID_MAX 71

typedef struct
{
  char id[BO_SWEEP_ID_MAX + 1];
  bool local; /* made from files that a client sent over a session, which we never do */
} BoSweepRecord;

typedef struct
{
  BoSweepRecord *records;
  size_t length, room;
  bool sorted;
  BoSweepRecord pending; /* the one whose values are coming */
} BoSweepList;

/* Begins to take ids from an answer that is fed to @scanner. */
void bo_sweep_list_collect (BoSweepList *list, BoJsonScanner *scanner);
void bo_sweep_list_add (BoSweepList *list, const BoSweepRecord *record);
bool bo_sweep_list_has (BoSweepList *list, const char *id);
void bo_sweep_list_clear (BoSweepList *list);

/*
 * Makes path and query that prune ids of @list from *@at on, as many as fit
 * into @size, and moves *@at past them. Returns false when there are none left.
 */
bool bo_sweep_list_next_path (const BoSweepList *list,
                              size_t *at,
                              const char *prune_path,
                              size_t prune_path_length,
                              char *path,
                              size_t size);
