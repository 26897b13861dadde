/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * What is wrong with a file that a person wrote: all of it at once, each with
 * its place, what was expected and what was found.
 */

typedef enum
{
  BO_PROBLEM_ERROR,
  BO_PROBLEM_WARNING,
} BoProblemLevel;

/**
 * BoProblem:
 * @level: whether the file can be used all the same
 * @path: (nullable): JSON path ("$.strategies[2].dockerfile"), or a file name
 * @line: line in the file, from 1, or 0
 * @expected: (nullable): what should be there
 * @found: (nullable): what is there
 * @message: the whole in one sentence, translated, with what to do
 */
typedef struct
{
  BoProblemLevel level;
  char *path;
  guint line;
  char *expected;
  char *found;
  char *message;
} BoProblem;

/**
 * BoProblems: a growing list of problems
 */
typedef struct
{
  GPtrArray *items;
  guint n_errors;
} BoProblems;

BoProblems *bo_problems_new (void);
void bo_problems_free (BoProblems *problems);
void bo_problems_add (BoProblems *problems,
                      BoProblemLevel level,
                      const char *path,
                      guint line,
                      const char *expected,
                      const char *found,
                      const char *format,
                      ...) G_GNUC_PRINTF (7, 8);
const BoProblem *bo_problems_get (BoProblems *problems, guint index);
char *bo_problem_to_string (const BoProblem *problem);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoProblems, bo_problems_free)

G_END_DECLS
