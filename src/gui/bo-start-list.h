/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/*
 * The studies that a person may want to open: those that were opened lately,
 * and those that the store has results of. Read in a thread.
 */

/**
 * BoStartItem:
 * @file: path of the study file
 * @name: of the study
 * @n_trials: how many trials there are
 * @last_us: when it was planned the last time, wall clock, or -1
 */
typedef struct
{
  char *file;
  char *name;
  guint n_trials;
  gint64 last_us;
} BoStartItem;

void bo_start_list_load_async (const char *const *recent,
                               const char *const *hidden,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data);
GPtrArray *bo_start_list_load_finish (GAsyncResult *result, GError **error);

G_END_DECLS
