/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-cell-selection"

#include "config.h"

#include <string.h>

#include <glib/gi18n.h>

#include "study/bo-cell-selection.h"

#define N_PARTS 4

G_DEFINE_QUARK (bo-cell-selection-error-quark, bo_cell_selection_error)

static const char *
get_part (const BoCell *cell, guint part)
{
  switch (part)
    {
    case 0:
      return cell->strategy;
    case 1:
      return cell->base;
    case 2:
      return bo_builder_to_string (cell->builder);
    default:
      return bo_condition_to_string (cell->condition);
    }
}

/* Whether the first @n parts of @cell match those of the pattern. */
static gboolean
matches (const BoCell *cell, char **parts, guint n)
{
  for (guint i = 0; i < n; i++)
    {
      if (!g_pattern_match_simple (parts[i], get_part (cell, i)))
        return FALSE;
    }
  return TRUE;
}

/* Says at which part the pattern comes to nothing, and what there is instead. */
static void
set_no_match (GPtrArray *cells, const char *pattern, char **parts, GError **error)
{
  g_autoptr (GString) there = g_string_new (NULL);
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  guint part = 0;

  for (gboolean some = TRUE; some; part += some)
    {
      some = FALSE;
      for (guint i = 0; i < cells->len && !some; i++)
        some = matches (g_ptr_array_index (cells, i), parts, part + 1);
    }
  for (guint i = 0; i < cells->len; i++)
    {
      const BoCell *cell = g_ptr_array_index (cells, i);
      const char *name = get_part (cell, part);

      if (!matches (cell, parts, part) || g_ptr_array_find_with_equal_func (names, name, g_str_equal, NULL))
        continue;
      g_ptr_array_add (names, (char *) name);
      g_string_append_printf (there, "%s%s", names->len > 1 ? ", " : "", name);
    }
  g_set_error (error, BO_CELL_SELECTION_ERROR, BO_CELL_SELECTION_ERROR_NO_MATCH,
               _ ("“%s” matches no cell: “%s” is none of %s"), pattern, parts[part], there->str);
}

/**
 * bo_cells_select:
 * @study: a study with at least one cell
 * @patterns: (nullable) (array zero-terminated=1): "original", "original/dusty", "*\/dusty/classic/cold";
 *   each part may have `*` and `?`, and missing parts at the end stand for all
 * @error: #BoCellSelectionError, also when one of several patterns matches nothing
 *
 * Returns: (transfer full) (nullable) (element-type BoCell): the cells that any
 *   pattern matches (all without patterns), in the study's order
 */
GPtrArray *
bo_cells_select (BoStudy *study, const char *const *patterns, GError **error)
{
  g_autoptr (GPtrArray) cells = NULL;
  g_autoptr (GPtrArray) selected = NULL;
  g_autofree gboolean *chosen = NULL;

  g_return_val_if_fail (study != NULL, NULL);

  cells = bo_study_get_cells (study);
  if (patterns == NULL || *patterns == NULL)
    return g_steal_pointer (&cells);

  chosen = g_new0 (gboolean, cells->len + 1);
  for (; *patterns != NULL; patterns++)
    {
      g_auto (GStrv) parts = g_strsplit (*patterns, "/", -1);
      guint n = g_strv_length (parts);
      gboolean some = FALSE;

      /* "original/" means the same as "original", as with folders. */
      if (n > 1 && parts[n - 1][0] == '\0')
        n--;
      for (guint i = 0; i < n || n == 0; i++)
        {
          if (n == 0 || n > N_PARTS || parts[i][0] == '\0')
            {
              g_set_error (
                  error, BO_CELL_SELECTION_ERROR, BO_CELL_SELECTION_ERROR_SYNTAX,
                  _ ("“%s” does not select cells; write STRATEGY/BASE/BUILDER/CONDITION, where “*” stands "
                     "for any and parts at the end may be left out"),
                  *patterns);
              return NULL;
            }
        }
      for (guint i = 0; i < cells->len; i++)
        {
          if (matches (g_ptr_array_index (cells, i), parts, n))
            some = chosen[i] = TRUE;
        }
      if (!some)
        {
          if (cells->len == 0)
            g_set_error_literal (error, BO_CELL_SELECTION_ERROR, BO_CELL_SELECTION_ERROR_NO_MATCH,
                                 _ ("the study has no cells"));
          else
            set_no_match (cells, *patterns, parts, error);
          return NULL;
        }
    }

  selected = g_ptr_array_new_with_free_func ((GDestroyNotify) bo_cell_free);
  for (guint i = 0; i < cells->len; i++)
    {
      if (chosen[i])
        g_ptr_array_add (selected, bo_cell_copy (g_ptr_array_index (cells, i)));
    }
  return g_steal_pointer (&selected);
}

/**
 * bo_cells_keep_cold:
 * @cells: (element-type BoCell): a selection
 *
 * A first look is the cold cells alone, once each: what a strategy is worth shows soonest there.
 *
 * Returns: (transfer full) (element-type BoCell): the cold ones
 */
GPtrArray *
bo_cells_keep_cold (GPtrArray *cells)
{
  GPtrArray *cold = g_ptr_array_new_with_free_func ((GDestroyNotify) bo_cell_free);

  g_return_val_if_fail (cells != NULL, cold);

  for (guint i = 0; i < cells->len; i++)
    {
      const BoCell *cell = g_ptr_array_index (cells, i);

      if (cell->condition == BO_CONDITION_COLD)
        g_ptr_array_add (cold, bo_cell_copy (cell));
    }
  return cold;
}
