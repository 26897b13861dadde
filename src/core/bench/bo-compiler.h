/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

#include "bench/bo-plan.h"
#include "bench/bo-probe-container.h"
#include "bench/bo-script.h"

G_BEGIN_DECLS

/*
 * A campaign becomes a script: every request that it comes to, in order. A
 * pure function; what had to be read before (contexts, base images) comes in as
 * BoCompilerInput.
 */

/**
 * BoBuildInput: what one build sends
 * @recipes: (element-type utf8): ids of the recipes whose bytes, one after the other, are the body
 * @bytes: their length together
 * @dockerfile: name of the Dockerfile in the tar
 * @target: (nullable): target stage, as the Dockerfile as sent numbers or names it
 * @images: (element-type utf8): image references that it starts from or copies from, prebuilds not among them
 * @takes_base: whether the Dockerfile declares ARG BASE_IMAGE; the classic
 *   builder warns about arguments that nobody asked for
 */
typedef struct
{
  GPtrArray *recipes;
  gint64 bytes;
  char *dockerfile;
  char *target;
  GPtrArray *images;
  gboolean takes_base;
} BoBuildInput;

BoBuildInput *bo_build_input_new (void);
void bo_build_input_free (BoBuildInput *input);

/**
 * BoCompilerInput:
 * @builds: (element-type utf8 BoBuildInput): by id of the planned trial
 * @copies: (element-type BoMount utf8): by mount (its address in the study): id of the recipe that holds the files
 * @scripts: the probes' programs
 */
typedef struct
{
  GHashTable *builds;
  GHashTable *copies;
  BoProbeScripts scripts;
} BoCompilerInput;

BoScript *bo_compile (const BoPlan *plan, const BoCompilerInput *input, const char *api_version);

G_END_DECLS
