/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "context/bo-study-scaffold.h"

G_BEGIN_DECLS

/* How a new study is put together: bases and strategies, one file each. */

/* A base image of the new study. */
typedef struct
{
  char *id;
  char *image;
  gboolean for_all; /* whether every Dockerfile with ${BASE_IMAGE} is built on it */
} BoScaffoldBase;

typedef struct
{
  BoStudyScaffold *scaffold;
  GPtrArray *bases;
  JsonArray *strategies;
  JsonObject *variables;
  GPtrArray *modules; /* (nullable): for an imports probe */
  char *edit_path;
  char *edit_append;
} BoScaffoldMaker;

void bo_scaffold_base_free (gpointer data);
BoScaffoldBase *bo_scaffold_add_base (BoScaffoldMaker *maker, const char *image, gboolean for_all);
void bo_scaffold_collect_bases (BoScaffoldMaker *maker,
                                GPtrArray *list,
                                const char *const *images,
                                gboolean for_templates);
gboolean bo_scaffold_assign_bases (BoScaffoldMaker *maker, GError **error);
gboolean bo_scaffold_looks_like_cuda (BoScaffoldMaker *maker);

gboolean bo_scaffold_take_dockerfiles (BoScaffoldMaker *maker, GPtrArray *list);
gboolean bo_scaffold_add_templates (BoScaffoldMaker *maker, const char *const *names, GError **error);

G_END_DECLS
