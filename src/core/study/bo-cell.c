/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-cell"

#include "config.h"

#include <string.h>

#include "study/bo-cell.h"

static const char *const builder_names[BO_N_BUILDERS] = { "classic", "buildkit" };
static const char *const condition_names[BO_N_CONDITIONS] = { "cold", "cold-layers", "warm", "edited" };

const char *
bo_builder_to_string (BoBuilder builder)
{
  g_return_val_if_fail (builder < BO_N_BUILDERS, NULL);

  return builder_names[builder];
}

/**
 * bo_builder_from_string:
 * @text: (nullable): a word
 * @builder: (out): the builder it names
 *
 * Returns: whether @text names a builder; @builder is set only then
 */
gboolean
bo_builder_from_string (const char *text, BoBuilder *builder)
{
  for (guint i = 0; i < BO_N_BUILDERS; i++)
    {
      if (g_strcmp0 (text, builder_names[i]) == 0)
        {
          *builder = i;
          return TRUE;
        }
    }
  return FALSE;
}

const char *
bo_condition_to_string (BoCondition condition)
{
  g_return_val_if_fail (condition < BO_N_CONDITIONS, NULL);

  return condition_names[condition];
}

/**
 * bo_condition_from_string:
 * @text: (nullable): a word
 * @condition: (out): the condition it names
 *
 * Returns: whether @text names a condition; @condition is set only then
 */
gboolean
bo_condition_from_string (const char *text, BoCondition *condition)
{
  for (guint i = 0; i < BO_N_CONDITIONS; i++)
    {
      if (g_strcmp0 (text, condition_names[i]) == 0)
        {
          *condition = i;
          return TRUE;
        }
    }
  return FALSE;
}

BoCell *
bo_cell_new (const char *strategy, const char *base, BoBuilder builder, BoCondition condition)
{
  BoCell *cell = g_new0 (BoCell, 1);

  cell->strategy = g_strdup (strategy);
  cell->base = g_strdup (base);
  cell->builder = builder;
  cell->condition = condition;
  return cell;
}

BoCell *
bo_cell_copy (const BoCell *cell)
{
  g_return_val_if_fail (cell != NULL, NULL);

  return bo_cell_new (cell->strategy, cell->base, cell->builder, cell->condition);
}

void
bo_cell_free (BoCell *cell)
{
  if (cell == NULL)
    return;
  g_free (cell->strategy);
  g_free (cell->base);
  g_free (cell);
}

/**
 * bo_cell_get_key:
 * @cell: a cell
 *
 * Returns: (transfer full): "strategy/base/builder/condition"
 */
char *
bo_cell_get_key (const BoCell *cell)
{
  g_return_val_if_fail (cell != NULL, NULL);

  return g_strjoin ("/", cell->strategy, cell->base, bo_builder_to_string (cell->builder),
                    bo_condition_to_string (cell->condition), NULL);
}

/**
 * bo_cell_parse_key:
 * @key: what bo_cell_get_key() gave
 *
 * Returns: (transfer full) (nullable): the cell, or %NULL when @key is no key
 */
BoCell *
bo_cell_parse_key (const char *key)
{
  g_auto (GStrv) parts = NULL;
  BoBuilder builder;
  BoCondition condition;

  g_return_val_if_fail (key != NULL, NULL);

  parts = g_strsplit (key, "/", -1);
  if (g_strv_length (parts) != 4 || parts[0][0] == '\0' || parts[1][0] == '\0'
      || !bo_builder_from_string (parts[2], &builder) || !bo_condition_from_string (parts[3], &condition))
    return NULL;
  return bo_cell_new (parts[0], parts[1], builder, condition);
}

gboolean
bo_cell_equal (const BoCell *a, const BoCell *b)
{
  g_return_val_if_fail (a != NULL && b != NULL, FALSE);

  return a->builder == b->builder && a->condition == b->condition && strcmp (a->strategy, b->strategy) == 0
         && strcmp (a->base, b->base) == 0;
}
