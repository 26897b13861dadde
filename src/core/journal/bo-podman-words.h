/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * BoPodmanWordsKind:
 * @BO_PODMAN_OTHER: what a RUN wrote, or anything else
 * @BO_PODMAN_STEP: "[2/3] STEP 1/5: FROM tiny", without the bracket when there is one stage
 * @BO_PODMAN_CACHED: "--> Using cache 6f…", 64 digits
 * @BO_PODMAN_LAYER: "--> 5ad0d5181b9", 11 digits
 * @BO_PODMAN_COMMIT: "COMMIT docker.io/library/name:tag"
 * @BO_PODMAN_IMAGE: 64 digits
 */
typedef enum
{
  BO_PODMAN_OTHER,
  BO_PODMAN_STEP,
  BO_PODMAN_CACHED,
  BO_PODMAN_LAYER,
  BO_PODMAN_COMMIT,
  BO_PODMAN_IMAGE,
} BoPodmanWordsKind;

/**
 * BoPodmanWords:
 * @kind: what it is
 * @stage: of a step: which stage, from 1
 * @n_stages: of how many
 * @number: which step of the stage, from 1
 * @total: of how many
 * @text: of a step: the instruction, its line end included
 *
 * One `stream` value of Podman's builder (Buildah), which answers both versions
 * of POST /build.
 */
typedef struct
{
  BoPodmanWordsKind kind;
  guint stage;
  guint n_stages;
  guint number;
  guint total;
  const char *text;
} BoPodmanWords;

BoPodmanWords bo_podman_words_read (const char *value);
int bo_podman_words_find_exit_code (const char *message);

G_END_DECLS
