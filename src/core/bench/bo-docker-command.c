/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-docker-command"

#include "config.h"

#include <string.h>

#include <glib/gi18n.h>

#include "bench/bo-docker-command.h"
#include "context/bo-dockerfile.h"
#include "study/bo-variables.h"

/* Whether the Dockerfile asks for BASE_IMAGE; the classic builder warns about arguments that nobody asked for. */
static gboolean
declares_base (BoStudy *study, const char *dockerfile)
{
  g_autofree char *path = g_build_filename (study->context, dockerfile, NULL);
  g_autoptr (BoDockerfile) parsed = NULL;
  g_autoptr (GBytes) bytes = NULL;
  char *text = NULL;
  gsize length = 0;

  /* One that cannot be read is not there yet; most of them ask. */
  if (!g_file_get_contents (path, &text, &length, NULL))
    return TRUE;
  bytes = g_bytes_new_take (text, length);
  parsed = bo_dockerfile_new (bytes);
  for (guint i = 0; i < bo_dockerfile_get_n_instructions (parsed); i++)
    {
      const BoInstruction *instruction = bo_dockerfile_get_instruction (parsed, i);
      g_auto (GStrv) words = NULL;

      if (strcmp (instruction->keyword, "ARG") != 0)
        continue;
      words = g_strsplit_set (instruction->arguments, " \t", -1);
      for (guint w = 0; words[w] != NULL; w++)
        {
          const char *equals = strchr (words[w], '=');
          gsize n = equals != NULL ? (gsize) (equals - words[w]) : strlen (words[w]);

          if (n == strlen (BO_VARIABLE_BASE_IMAGE) && strncmp (words[w], BO_VARIABLE_BASE_IMAGE, n) == 0)
            return TRUE;
        }
    }
  return FALSE;
}

static void
append_word (GString *text, const char *word)
{
  gboolean plain = word[0] != '\0';
  g_autofree char *quoted = NULL;

  for (const char *c = word; *c != '\0'; c++)
    plain = plain && (g_ascii_isalnum (*c) || strchr ("-_./:=@+,", *c) != NULL);
  quoted = plain ? g_strdup (word) : g_shell_quote (word);
  g_string_append_printf (text, " %s", quoted);
}

static void
append_argument (GString *text, const char *name, const char *value)
{
  g_autofree char *word = g_strdup_printf ("%s=%s", name, value);

  g_string_append (text, " --build-arg");
  append_word (text, word);
}

static void
append_build (GString *text,
              BoStudy *study,
              const BoStrategy *strategy,
              const BoCell *cell,
              const char *device_url,
              const char *dockerfile,
              const char *target,
              GPtrArray *build_args,
              gboolean no_cache,
              const char *tag)
{
  const BoBase *base = bo_study_get_base (study, cell->base);

  g_string_append_printf (text, "DOCKER_BUILDKIT=%d docker", cell->builder == BO_BUILDER_BUILDKIT ? 1 : 0);
  if (device_url != NULL)
    {
      g_string_append (text, " --host");
      append_word (text, device_url);
    }
  g_string_append (text, " build");
  if (no_cache)
    g_string_append (text, " --no-cache");
  if (strategy->run->network != NULL)
    {
      g_string_append (text, " --network");
      append_word (text, strategy->run->network);
    }
  if (target != NULL)
    {
      g_string_append (text, " --target");
      append_word (text, target);
    }
  for (guint i = 0; i < build_args->len; i++)
    {
      const BoBuildArg *arg = g_ptr_array_index (build_args, i);
      g_autofree char *value = bo_variables_replace (arg->value, BO_VARIABLE_BASE_IMAGE, base->image);

      append_argument (text, arg->name, value);
    }
  if (declares_base (study, dockerfile))
    append_argument (text, BO_VARIABLE_BASE_IMAGE, base->image);
  g_string_append (text, " -f");
  append_word (text, dockerfile);
  g_string_append (text, " -t");
  append_word (text, tag);
  g_string_append (text, " .\n");
}

/* What the command cannot do as Bakeoff does it. */
static void
append_remarks (GString *text, BoStudy *study, const BoCell *cell)
{
  switch (cell->condition)
    {
    case BO_CONDITION_COLD:
      if (cell->builder == BO_BUILDER_BUILDKIT)
        g_string_append_printf (text, "# %s\n", _ ("Bakeoff also gives cache mounts a place of their own, so that they are empty."));
      break;
    case BO_CONDITION_COLD_LAYERS:
      g_string_append_printf (text, "# %s\n", _ ("--no-cache leaves cache mounts as they are; Bakeoff fills them by a cold build first."));
      break;
    case BO_CONDITION_WARM:
      g_string_append_printf (text, "# %s\n", _ ("Warm: run it twice; the second time counts."));
      break;
    case BO_CONDITION_EDITED:
    default:
      g_string_append_printf (text, _ ("# Edited: run it once, change %s, and run it again; the second time counts.\n"),
                              study->edit_path != NULL ? study->edit_path : "?");
    }
  g_string_append_printf (text, "# %s\n",
                          _ ("Bakeoff sends the Dockerfile with its base images replaced by labelled copies; "
                             "“bakeoff-cli show TRIAL --dockerfile” prints it as it was sent."));
}

/**
 * bo_docker_command_new:
 * @study: the study
 * @cell: one of its cells
 * @device_url: (nullable): where the engine is, or %NULL for the one that docker itself takes
 *
 * The `docker build` that comes nearest to what Bakeoff sends for a cell: the
 * same Dockerfile, target, arguments, network and builder, with its prebuilds before it, for a shell in any
 * folder. What differs is said in comments.
 *
 * Returns: (transfer full) (nullable): lines of shell, or %NULL when the study has no such cell
 */
char *
bo_docker_command_new (BoStudy *study, const BoCell *cell, const char *device_url)
{
  const BoStrategy *strategy;
  g_autofree char *context = NULL;
  g_autofree char *tag = NULL;
  GString *text;
  gboolean no_cache;

  g_return_val_if_fail (study != NULL && cell != NULL, NULL);

  strategy = bo_study_get_strategy (study, cell->strategy);
  if (strategy == NULL || bo_study_get_base (study, cell->base) == NULL)
    return NULL;
  context = g_shell_quote (study->context);
  tag = g_strdup_printf ("%s:%s", study->id, strategy->id);
  no_cache = cell->condition == BO_CONDITION_COLD || cell->condition == BO_CONDITION_COLD_LAYERS;
  text = g_string_new (NULL);
  append_remarks (text, study, cell);
  g_string_append_printf (text, "cd %s\n", context);
  /* Under the name by which the Dockerfile asks for it. */
  for (guint i = 0; i < strategy->prebuilds->len; i++)
    {
      const BoPrebuild *prebuild = g_ptr_array_index (strategy->prebuilds, i);

      append_build (text, study, strategy, cell, device_url, prebuild->dockerfile, prebuild->target, prebuild->build_args,
                    no_cache, prebuild->as);
    }
  append_build (text, study, strategy, cell, device_url, strategy->dockerfile, strategy->target, strategy->build_args,
                no_cache, tag);
  return g_string_free (text, FALSE);
}
