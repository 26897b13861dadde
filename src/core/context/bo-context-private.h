/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "context/bo-context.h"

G_BEGIN_DECLS

/* What the walk fills in, and the context shows. */
struct _BoContext
{
  gatomicrefcount ref_count;

  char *folder;
  char *dockerfile;        /* (nullable): in the context, links resolved */
  GBytes *dockerfile_bytes; /* (nullable) */
  char *ignore_file;       /* (nullable): absolute */
  GBytes *ignore_text;     /* (nullable): what was read there */
  BoIgnore *ignore;
  BoIgnore *ignore_as_read; /* without the exceptions that docker's client adds */
  BoContextFlags flags;

  GPtrArray *entries;
  GHashTable *by_path; /* path -> BoContextEntry, borrowed */
  guint64 size;
  gboolean stored;

  GPtrArray *ignored;
  GPtrArray *skipped;
  GPtrArray *secrets;
  GPtrArray *build_files;
  BoProblems *problems;
};

BoContext *bo_context_new (void);
void bo_context_share_entries (BoContext *self, BoContext *other);
void bo_context_entry_free (gpointer data);

G_END_DECLS
