/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-study"

#include "config.h"

#include <string.h>

#include "study/bo-study-private.h"

static const char *const keep_names[BO_N_KEEPS] = { "none", "best", "all" };
static const char *const probe_kind_names[BO_N_PROBE_KINDS] = { "cuda", "imports", "workload" };

#define PROBE_LIMIT_US (10 * G_TIME_SPAN_MINUTE)
#define WORKLOAD_LIMIT_US G_TIME_SPAN_HOUR

const char *
bo_keep_to_string (BoKeep keep)
{
  g_return_val_if_fail (keep < BO_N_KEEPS, NULL);

  return keep_names[keep];
}

const char *
bo_probe_kind_to_string (BoProbeKind kind)
{
  g_return_val_if_fail (kind < BO_N_PROBE_KINDS, NULL);

  return probe_kind_names[kind];
}

/**
 * bo_probe_kind_from_string:
 * @text: (nullable): a word
 * @kind: (out): the kind it names
 *
 * Returns: whether @text names a kind of probe; @kind is set only then
 */
gboolean
bo_probe_kind_from_string (const char *text, BoProbeKind *kind)
{
  for (guint i = 0; i < BO_N_PROBE_KINDS; i++)
    {
      if (g_strcmp0 (text, probe_kind_names[i]) == 0)
        {
          *kind = i;
          return TRUE;
        }
    }
  return FALSE;
}

static gpointer
copy_string (gconstpointer string, gpointer user_data)
{
  return g_strdup (string);
}

/**
 * bo_probe_new:
 * @kind: what it asks
 *
 * Returns: (transfer full): a probe that is not required and runs once, with the
 *   default time limit of its kind: an hour for a workload, else ten minutes
 */
BoProbe *
bo_probe_new (BoProbeKind kind)
{
  BoProbe *probe = g_new0 (BoProbe, 1);

  probe->kind = kind;
  probe->modules = g_ptr_array_new_with_free_func (g_free);
  probe->command = g_ptr_array_new_with_free_func (g_free);
  probe->repeat = 1;
  probe->limit_us = kind == BO_PROBE_WORKLOAD ? WORKLOAD_LIMIT_US : PROBE_LIMIT_US;
  return probe;
}

BoProbe *
bo_probe_copy (const BoProbe *probe)
{
  BoProbe *copy;

  g_return_val_if_fail (probe != NULL, NULL);

  copy = bo_probe_new (probe->kind);
  copy->required = probe->required;
  copy->repeat = probe->repeat;
  copy->limit_us = probe->limit_us;
  g_ptr_array_extend (copy->modules, probe->modules, copy_string, NULL);
  g_ptr_array_extend (copy->command, probe->command, copy_string, NULL);
  return copy;
}

void
bo_probe_free (BoProbe *probe)
{
  if (probe == NULL)
    return;
  g_ptr_array_unref (probe->modules);
  g_ptr_array_unref (probe->command);
  g_free (probe);
}

BoBase *
bo_base_new (void)
{
  return g_new0 (BoBase, 1);
}

void
bo_base_free (BoBase *base)
{
  if (base == NULL)
    return;
  g_free (base->id);
  g_free (base->title);
  g_free (base->image);
  g_free (base);
}

BoMount *
bo_mount_new (void)
{
  return g_new0 (BoMount, 1);
}

void
bo_mount_free (BoMount *mount)
{
  if (mount == NULL)
    return;
  g_free (mount->copy);
  g_free (mount->volume);
  g_free (mount->bind);
  g_free (mount->to);
  g_free (mount);
}

BoRunOptions *
bo_run_options_new (void)
{
  BoRunOptions *run = g_new0 (BoRunOptions, 1);

  run->env = g_ptr_array_new_with_free_func (g_free);
  run->mounts = g_ptr_array_new_with_free_func ((GDestroyNotify) bo_mount_free);
  run->shm_size = -1;
  run->devices = g_ptr_array_new_with_free_func (g_free);
  run->secrets = g_ptr_array_new_with_free_func (g_free);
  return run;
}

void
bo_run_options_free (BoRunOptions *run)
{
  if (run == NULL)
    return;
  g_free (run->runtime);
  g_free (run->network);
  g_ptr_array_unref (run->env);
  g_ptr_array_unref (run->mounts);
  g_free (run->ipc);
  g_ptr_array_unref (run->devices);
  g_ptr_array_unref (run->secrets);
  g_free (run);
}

BoBuildArg *
bo_build_arg_new (const char *name, const char *value)
{
  BoBuildArg *arg = g_new0 (BoBuildArg, 1);

  arg->name = g_strdup (name);
  arg->value = g_strdup (value);
  return arg;
}

void
bo_build_arg_free (BoBuildArg *arg)
{
  if (arg == NULL)
    return;
  g_free (arg->name);
  g_free (arg->value);
  g_free (arg);
}

BoPrebuild *
bo_prebuild_new (void)
{
  BoPrebuild *prebuild = g_new0 (BoPrebuild, 1);

  prebuild->build_args = g_ptr_array_new_with_free_func ((GDestroyNotify) bo_build_arg_free);
  return prebuild;
}

void
bo_prebuild_free (BoPrebuild *prebuild)
{
  if (prebuild == NULL)
    return;
  g_free (prebuild->dockerfile);
  g_free (prebuild->as);
  g_free (prebuild->target);
  g_ptr_array_unref (prebuild->build_args);
  g_free (prebuild);
}

BoStrategy *
bo_strategy_new (void)
{
  BoStrategy *strategy = g_new0 (BoStrategy, 1);

  strategy->bases = g_ptr_array_new_with_free_func (g_free);
  strategy->builders = g_array_new (FALSE, FALSE, sizeof (BoBuilder));
  strategy->build_args = g_ptr_array_new_with_free_func ((GDestroyNotify) bo_build_arg_free);
  strategy->prebuilds = g_ptr_array_new_with_free_func ((GDestroyNotify) bo_prebuild_free);
  strategy->probes = g_ptr_array_new_with_free_func ((GDestroyNotify) bo_probe_free);
  strategy->run = bo_run_options_new ();
  return strategy;
}

void
bo_strategy_free (BoStrategy *strategy)
{
  if (strategy == NULL)
    return;
  g_free (strategy->id);
  g_free (strategy->title);
  g_free (strategy->notes);
  g_free (strategy->dockerfile);
  g_free (strategy->target);
  g_ptr_array_unref (strategy->bases);
  g_array_unref (strategy->builders);
  g_ptr_array_unref (strategy->build_args);
  g_ptr_array_unref (strategy->prebuilds);
  g_ptr_array_unref (strategy->probes);
  bo_run_options_free (strategy->run);
  g_free (strategy);
}

BoStudy *
bo_study_new (void)
{
  BoStudy *study = g_new0 (BoStudy, 1);

  g_atomic_ref_count_init (&study->ref_count);
  study->repetitions = 1;
  study->keep = BO_KEEP_BEST;
  study->builders = g_array_new (FALSE, FALSE, sizeof (BoBuilder));
  study->conditions = g_array_new (FALSE, FALSE, sizeof (BoCondition));
  study->variables = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  study->bases = g_ptr_array_new_with_free_func ((GDestroyNotify) bo_base_free);
  study->strategies = g_ptr_array_new_with_free_func ((GDestroyNotify) bo_strategy_free);
  return study;
}

BoStudy *
bo_study_ref (BoStudy *study)
{
  g_return_val_if_fail (study != NULL, NULL);

  g_atomic_ref_count_inc (&study->ref_count);
  return study;
}

void
bo_study_unref (BoStudy *study)
{
  g_return_if_fail (study != NULL);

  if (!g_atomic_ref_count_dec (&study->ref_count))
    return;
  g_free (study->id);
  g_free (study->name);
  g_free (study->language);
  g_free (study->file);
  g_free (study->context);
  g_free (study->baseline);
  g_free (study->edit_path);
  g_free (study->edit_append);
  g_array_unref (study->builders);
  g_array_unref (study->conditions);
  g_ptr_array_unref (study->bases);
  g_ptr_array_unref (study->strategies);
  g_free (study->text);
  g_hash_table_unref (study->variables);
  g_free (study);
}

/**
 * bo_study_get_base:
 * @study: a study
 * @id: id of a base
 *
 * Returns: (transfer none) (nullable): the base
 */
const BoBase *
bo_study_get_base (BoStudy *study, const char *id)
{
  g_return_val_if_fail (study != NULL && id != NULL, NULL);

  for (guint i = 0; i < study->bases->len; i++)
    {
      const BoBase *base = g_ptr_array_index (study->bases, i);

      if (strcmp (base->id, id) == 0)
        return base;
    }
  return NULL;
}

/**
 * bo_study_get_strategy:
 * @study: a study
 * @id: id of a strategy
 *
 * Returns: (transfer none) (nullable): the strategy
 */
const BoStrategy *
bo_study_get_strategy (BoStudy *study, const char *id)
{
  g_return_val_if_fail (study != NULL && id != NULL, NULL);

  for (guint i = 0; i < study->strategies->len; i++)
    {
      const BoStrategy *strategy = g_ptr_array_index (study->strategies, i);

      if (strcmp (strategy->id, id) == 0)
        return strategy;
    }
  return NULL;
}

/**
 * bo_study_get_cells:
 * @study: a study
 *
 * Expands the matrix: each strategy with its bases and builders and the
 * study's conditions, in the order of the file, conditions in the order in
 * which a chain runs them. `cold-layers` keeps cache mounts, which only
 * BuildKit has, so it makes no cell with the classic builder.
 *
 * Returns: (transfer full) (element-type BoCell): all cells
 */
GPtrArray *
bo_study_get_cells (BoStudy *study)
{
  GPtrArray *cells = g_ptr_array_new_with_free_func ((GDestroyNotify) bo_cell_free);

  g_return_val_if_fail (study != NULL, cells);

  for (guint s = 0; s < study->strategies->len; s++)
    {
      const BoStrategy *strategy = g_ptr_array_index (study->strategies, s);

      for (guint b = 0; b < strategy->bases->len; b++)
        for (guint u = 0; u < strategy->builders->len; u++)
          for (guint c = 0; c < study->conditions->len; c++)
            {
              BoBuilder builder = g_array_index (strategy->builders, BoBuilder, u);
              BoCondition condition = g_array_index (study->conditions, BoCondition, c);

              if (condition == BO_CONDITION_COLD_LAYERS && builder == BO_BUILDER_CLASSIC)
                continue;
              g_ptr_array_add (cells, bo_cell_new (strategy->id, g_ptr_array_index (strategy->bases, b),
                                                   builder, condition));
            }
    }
  return cells;
}
