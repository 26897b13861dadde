/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "context/bo-context.h"
#include "context/bo-recipe.h"

G_BEGIN_DECLS

/*
 * The tar of a build: a context and the Dockerfile as sent, as three recipes,
 * one after the other. A campaign builds the same context dozens of times, and
 * the heads alone of a hundred thousand files are 60 MB; so what is the same for all
 * its builds is written down once, and what differs is small:
 *
 *   first    the Dockerfile as sent, `.dockerignore`, and the Dockerfiles of the study that are
 *            files of the context
 *   shared   all other entries, in the order of the walk
 *   last     the file that is edited, as it is or changed, with its second names; and the
 *            tar's end
 *
 * The order is the same for all builds and conditions. It differs from docker's,
 * which does not matter: both builders unpack all of it before they look at a
 * file, and look at paths, modes, owners and contents then (tried: another order is a
 * cache hit on both). A folder that comes after a file in it still gets its
 * mode. A second name comes after the file that it is a name of.
 */

/*
 * All that is sent has one time, so that the same files give the same bytes.
 * It is after 1980, since a wheel or any other zip file can hold nothing older. The edited
 * file's is far ahead: make and cargo compare times, and what they left in a
 * cache mount must be older than it.
 */
#define BO_CONTEXT_ARCHIVE_MTIME G_GINT64_CONSTANT (1577836800)        /* 2020-01-01T00:00:00Z */
#define BO_CONTEXT_ARCHIVE_EDITED_MTIME G_GINT64_CONSTANT (2114380800) /* 2037-01-01T00:00:00Z */

/**
 * BoContextArchiveError:
 * @BO_CONTEXT_ARCHIVE_ERROR_EDIT: the file to be edited is not a regular file of the context
 * @BO_CONTEXT_ARCHIVE_ERROR_NOT_STORED: bo_context_store() has not read the context yet
 */
typedef enum
{
  BO_CONTEXT_ARCHIVE_ERROR_EDIT,
  BO_CONTEXT_ARCHIVE_ERROR_NOT_STORED,
} BoContextArchiveError;

#define BO_CONTEXT_ARCHIVE_ERROR (bo_context_archive_error_quark ())
GQuark bo_context_archive_error_quark (void);

/**
 * BoContextArchiveOptions: what one build sends with the context
 * @dockerfile: the Dockerfile as sent (bo_dockerfile_sent_get_bytes())
 * @for_classic: whether the classic builder will get it. That builder removes the
 *   Dockerfile from the context again when the `.dockerignore` in the tar names it, and
 *   BuildKit does not; see bo_context_archive_make_first()
 * @edit_append: (nullable): what is appended to the file that is edited; NULL sends it as it is
 */
typedef struct
{
  GBytes *dockerfile;
  gboolean for_classic;
  GBytes *edit_append;
} BoContextArchiveOptions;

/**
 * BoContextArchive:
 *
 * Which entry of a context goes into which part. Not to be used by two threads at once.
 */
typedef struct _BoContextArchive BoContextArchive;

BoContextArchive *bo_context_archive_new (BoContext *context,
                                          const char *edit_path,
                                          const char *const *dockerfiles,
                                          GError **error);
void bo_context_archive_free (BoContextArchive *archive);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoContextArchive, bo_context_archive_free)

BoRecipe *bo_context_archive_make_first (BoContextArchive *archive,
                                         const BoContextArchiveOptions *options,
                                         char **dockerfile_name);
BoRecipe *bo_context_archive_make_shared (BoContextArchive *archive);
BoRecipe *bo_context_archive_make_last (BoContextArchive *archive,
                                        const BoContextArchiveOptions *options,
                                        GError **error);
GPtrArray *bo_context_archive_make_all (BoContextArchive *archive,
                                        const BoContextArchiveOptions *options,
                                        char **dockerfile_name,
                                        GError **error);

G_END_DECLS
