/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

#include "study/bo-problem.h"

G_BEGIN_DECLS

/*
 * An ignore file, matched exactly as the docker command line with the classic
 * builder matches it when it packs a context.
 */

/**
 * BoIgnoreRule:
 * @BO_IGNORE_RULE_CURRENT: docker 23 and later
 * @BO_IGNORE_RULE_20_10: docker 20.10 and earlier
 * @BO_IGNORE_RULE_LIKE_DOCKER: that of the docker command line on this computer, else the
 *   current one; for bo_context_scan() alone, which asks for it only where the two may differ
 *
 * The two differ where a file has exceptions (`!`): the old rule looks at one
 * parent folder of a path only (as deep as the pattern), the new one carries
 * what matched the parents along in the walk; and the old rule takes `+`,
 * `(`, `)`, `|`, `{` and `}` for signs of a regular expression.
 */
typedef enum
{
  BO_IGNORE_RULE_CURRENT,
  BO_IGNORE_RULE_20_10,
  BO_IGNORE_RULE_LIKE_DOCKER,
} BoIgnoreRule;

/* "current", "20.10" */
const char *bo_ignore_rule_to_string (BoIgnoreRule rule);

typedef struct _BoIgnore BoIgnore;

BoIgnore *bo_ignore_new (GBytes *text, const char *file, BoIgnoreRule rule, BoProblems *problems);
BoIgnore *bo_ignore_ref (BoIgnore *ignore);
void bo_ignore_unref (BoIgnore *ignore);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoIgnore, bo_ignore_unref)

BoIgnoreRule bo_ignore_get_rule (BoIgnore *ignore);
guint bo_ignore_get_n_patterns (BoIgnore *ignore);
gboolean bo_ignore_rules_may_differ (BoIgnore *ignore);
gboolean bo_ignore_matches (BoIgnore *ignore, const char *path);
gboolean bo_ignore_matches_build_file (BoIgnore *ignore, const char *path);
void bo_ignore_add_exception (BoIgnore *ignore, const char *path);

/**
 * BoIgnoreState:
 *
 * What matched a folder, carried from it to what is in it. NULL is the state
 * of the context's root.
 */
typedef struct _BoIgnoreState BoIgnoreState;

/**
 * BoIgnoreVerdict:
 * @BO_IGNORE_KEEP: it is sent
 * @BO_IGNORE_SKIP: it is not sent, and neither is anything below it
 * @BO_IGNORE_DESCEND: the folder itself is not sent, but what is in it may be
 * @BO_IGNORE_WRONG: docker gives up here: a pattern that it must compare with is malformed
 */
typedef enum
{
  BO_IGNORE_KEEP,
  BO_IGNORE_SKIP,
  BO_IGNORE_DESCEND,
  BO_IGNORE_WRONG,
} BoIgnoreVerdict;

BoIgnoreVerdict bo_ignore_walk (BoIgnore *ignore,
                                const BoIgnoreState *parent,
                                const char *path,
                                gboolean is_folder,
                                BoIgnoreState **state,
                                guint *wrong_line);
void bo_ignore_state_free (BoIgnoreState *state);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoIgnoreState, bo_ignore_state_free)

G_END_DECLS
