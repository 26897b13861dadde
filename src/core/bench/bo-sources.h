/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "bench/bo-compiler.h"
#include "bench/bo-plan.h"
#include "context/bo-content-store.h"

G_BEGIN_DECLS

/*
 * What a plan's builds are made of, as it is on this computer now: Dockerfiles,
 * contexts, files to copy. Reading them fills in the plan (steps, bytes, the
 * images that will be needed) and, with a content store, makes the recipes.
 */

/**
 * BoSourcesError:
 * @BO_SOURCES_ERROR_DOCKERFILE: a Dockerfile cannot be read or used
 * @BO_SOURCES_ERROR_CONTEXT: the context cannot be read
 * @BO_SOURCES_ERROR_COPY: files of a `copy` mount cannot be read
 * @BO_SOURCES_ERROR_SECRET: a secret's variable is not set
 */
typedef enum
{
  BO_SOURCES_ERROR_DOCKERFILE,
  BO_SOURCES_ERROR_CONTEXT,
  BO_SOURCES_ERROR_COPY,
  BO_SOURCES_ERROR_SECRET,
} BoSourcesError;

#define BO_SOURCES_ERROR (bo_sources_error_quark ())
GQuark bo_sources_error_quark (void);

/* Called now and then from the thread that reads; bytes of files. */
typedef void (*BoSourcesProgress) (guint64 done_bytes, guint64 total_bytes, gpointer user_data);

/**
 * BoSources:
 * @input: for the compiler
 * @syntax_images: (element-type utf8): frontends that `# syntax=` lines name, for BuildKit
 * @context_bytes: bytes of the largest context's files
 * @n_context_files: its entries
 */
typedef struct
{
  BoCompilerInput input;
  GPtrArray *syntax_images;
  guint64 context_bytes;
  guint n_context_files;
} BoSources;

BoSources *bo_sources_read (BoPlan *plan,
                            BoContentStore *store,
                            const char *campaign_folder,
                            BoSourcesProgress progress,
                            gpointer user_data,
                            GCancellable *cancellable,
                            GError **error);
void bo_sources_free (BoSources *sources);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoSources, bo_sources_free)

G_END_DECLS
