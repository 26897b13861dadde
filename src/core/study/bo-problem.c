/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-problem"

#include "config.h"

#include <glib/gi18n.h>

#include "study/bo-problem.h"

static void
problem_free (BoProblem *problem)
{
  g_free (problem->path);
  g_free (problem->expected);
  g_free (problem->found);
  g_free (problem->message);
  g_free (problem);
}

BoProblems *
bo_problems_new (void)
{
  BoProblems *problems = g_new0 (BoProblems, 1);

  problems->items = g_ptr_array_new_with_free_func ((GDestroyNotify) problem_free);
  return problems;
}

void
bo_problems_free (BoProblems *problems)
{
  if (problems == NULL)
    return;
  g_ptr_array_unref (problems->items);
  g_free (problems);
}

/**
 * bo_problems_add:
 * @problems: the list
 * @level: an error makes the file unusable, a warning does not
 * @path: (nullable): where: a JSON path or a file name
 * @line: line from 1, or 0 when it is not known
 * @expected: (nullable): what should be there
 * @found: (nullable): what is there
 * @format: a sentence for people, translated
 */
void
bo_problems_add (BoProblems *problems,
                 BoProblemLevel level,
                 const char *path,
                 guint line,
                 const char *expected,
                 const char *found,
                 const char *format,
                 ...)
{
  BoProblem *problem;
  va_list args;

  g_return_if_fail (problems != NULL);

  problem = g_new0 (BoProblem, 1);
  problem->level = level;
  problem->path = g_strdup (path);
  problem->line = line;
  problem->expected = g_strdup (expected);
  problem->found = g_strdup (found);
  va_start (args, format);
  problem->message = g_strdup_vprintf (format, args);
  va_end (args);

  g_ptr_array_add (problems->items, problem);
  if (level == BO_PROBLEM_ERROR)
    problems->n_errors++;
}

const BoProblem *
bo_problems_get (BoProblems *problems, guint index)
{
  g_return_val_if_fail (problems != NULL && index < problems->items->len, NULL);

  return g_ptr_array_index (problems->items, index);
}

/**
 * bo_problem_to_string:
 * @problem: a problem
 *
 * Returns: (transfer full): "error: $.bases[0].image (line 7): message (expected …, found …)"
 */
char *
bo_problem_to_string (const BoProblem *problem)
{
  GString *text;

  g_return_val_if_fail (problem != NULL, NULL);

  text = g_string_new (problem->level == BO_PROBLEM_ERROR ? _ ("error: ") : _ ("warning: "));
  if (problem->path != NULL)
    g_string_append (text, problem->path);
  if (problem->line > 0)
    g_string_append_printf (text, _ (" (line %u)"), problem->line);
  if (problem->path != NULL || problem->line > 0)
    g_string_append (text, ": ");
  g_string_append (text, problem->message);
  if (problem->expected != NULL && problem->found != NULL)
    g_string_append_printf (text, _ (" (expected %s, found %s)"), problem->expected, problem->found);
  else if (problem->expected != NULL)
    g_string_append_printf (text, _ (" (expected %s)"), problem->expected);
  else if (problem->found != NULL)
    g_string_append_printf (text, _ (" (found %s)"), problem->found);
  return g_string_free (text, FALSE);
}
