/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-dockerfile-sent"

#include "config.h"

#include <string.h>

#include <glib/gi18n.h>

#include "context/bo-dockerfile-sent.h"
#include "context/bo-dockerfile-words.h"

#define SCRATCH "scratch"
#define UNNAMED_PREFIX "stage-"

/* One instruction as sent. */
typedef struct
{
  int instruction;    /* of the user's file; -1 for one that we inserted */
  int stage;          /* as sent; -1 before the first FROM */
  gboolean in_buildkit; /* whether BuildKit makes a step of it */
} Step;

struct _BoDockerfileSent
{
  gatomicrefcount ref_count;
  BoDockerfile *dockerfile;
  GBytes *bytes;
  GArray *lines; /* of guint: the user's line for each line as sent, 0 for none */
  GArray *steps; /* of Step, in the order of the file */
  GPtrArray *names; /* of the stages as sent, NULL for one without a name */
  guint n_prebuilt;
};

/* The file as it grows. */
typedef struct
{
  BoDockerfileSent *sent;
  const BoDockerfileSentOptions *options;
  GString *text;
  const char *source;
  gsize done;      /* bytes of the user's file that were copied or passed over */
  guint next_line; /* of the user's file, the one that begins at done */
} Writer;

BoDockerfileSent *
bo_dockerfile_sent_ref (BoDockerfileSent *sent)
{
  g_return_val_if_fail (sent != NULL, NULL);

  g_atomic_ref_count_inc (&sent->ref_count);
  return sent;
}

void
bo_dockerfile_sent_unref (BoDockerfileSent *sent)
{
  g_return_if_fail (sent != NULL);

  if (!g_atomic_ref_count_dec (&sent->ref_count))
    return;
  bo_dockerfile_unref (sent->dockerfile);
  g_clear_pointer (&sent->bytes, g_bytes_unref);
  g_array_unref (sent->lines);
  g_array_unref (sent->steps);
  g_ptr_array_unref (sent->names);
  g_free (sent);
}

/* Copies the user's file as it is up to @end, which is the beginning of a line or the end of the file. */
static void
copy_until (Writer *writer, gsize end)
{
  if (end <= writer->done)
    return;
  g_string_append_len (writer->text, writer->source + writer->done, end - writer->done);
  for (gsize i = writer->done; i < end; i++)
    {
      gboolean last = i + 1 == end && writer->source[i] != '\n';

      if (writer->source[i] == '\n' || last)
        {
          g_array_append_val (writer->sent->lines, writer->next_line);
          writer->next_line++;
        }
    }
  writer->done = end;
}

/* Passes over the user's file up to @end without copying it. */
static void
skip_until (Writer *writer, gsize end)
{
  for (; writer->done < end; writer->done++)
    writer->next_line += writer->source[writer->done] == '\n';
}

/*
 * Adds one line that stands for line @user_line of the user's file, or for none (0).
 * An escape character that had white space of another kind behind it is not at the end of a line
 * that goes on, and must not get there.
 */
static void
add_line (Writer *writer, const char *line, guint user_line)
{
  char escape = bo_dockerfile_get_escape (writer->sent->dockerfile);
  gsize length = strlen (line);
  gboolean goes_on;

  while (length > 0 && (line[length - 1] == ' ' || line[length - 1] == '\t'))
    length--;
  goes_on = length > 0 && line[length - 1] == escape && (length == 1 || line[length - 2] != escape);
  if (writer->text->len > 0 && writer->text->str[writer->text->len - 1] != '\n')
    g_string_append_c (writer->text, '\n');
  g_string_append_printf (writer->text, "%s%s\n", line, goes_on ? "\v" : "");
  g_array_append_val (writer->sent->lines, user_line);
}

static void
add_step (BoDockerfileSent *self, int instruction, int stage, gboolean in_buildkit)
{
  Step step = { .instruction = instruction, .stage = stage, .in_buildkit = in_buildkit };

  g_array_append_val (self->steps, step);
}

static const char *
substitute (Writer *writer, const char *image)
{
  const char *other = NULL;

  if (writer->options->substitutions != NULL)
    other = g_hash_table_lookup (writer->options->substitutions, image);
  return other;
}

/* The stage of the user's file, before @stage, that @name means; -1 when it is an image or a prebuild. */
static int
find_user_stage (BoDockerfile *dockerfile, const char *name, guint stage, gboolean by_index)
{
  guint64 index;

  for (int i = (int) stage - 1; i >= 0; i--)
    {
      const char *other = bo_dockerfile_get_stage (dockerfile, i)->name;

      if (other != NULL && g_ascii_strcasecmp (other, name) == 0)
        return i;
    }
  if (by_index && g_ascii_string_to_unsigned (name, 10, 0, G_MAXINT, &index, NULL) && index < stage)
    return index;
  return -1;
}

static gboolean
is_prebuilt (Writer *writer, const char *name)
{
  for (guint i = 0; i < writer->options->n_prebuilt; i++)
    {
      if (g_ascii_strcasecmp (writer->options->prebuilt[i].name, name) == 0)
        return TRUE;
    }
  return FALSE;
}

/* What `from=` must say as sent; NULL when it stays as it is. */
static char *
replace_source (Writer *writer, const BoInstruction *instruction, const char *source)
{
  BoDockerfile *dockerfile = writer->sent->dockerfile;
  const char *other;
  guint64 index;

  if (find_user_stage (dockerfile, source, instruction->stage, FALSE) >= 0 || is_prebuilt (writer, source))
    return NULL;
  if (g_ascii_string_to_unsigned (source, 10, 0, G_MAXINT, &index, NULL))
    {
      /* Stages before it push its number up. */
      if (writer->options->n_prebuilt == 0)
        return NULL;
      return g_strdup_printf ("%" G_GUINT64_FORMAT, index + writer->options->n_prebuilt);
    }
  other = substitute (writer, source);
  return g_strdup (other);
}

static char *
replace_in_flag (const char *flag, const char *source, const char *other)
{
  g_auto (GStrv) fields = NULL;

  if (g_str_has_prefix (flag, "--from="))
    return g_strconcat ("--from=", other, NULL);

  fields = g_strsplit (flag, ",", -1);
  for (guint i = 0; fields[i] != NULL; i++)
    {
      const char *from = strstr (fields[i], "from=");

      if (from != NULL && (from == fields[i] || from[-1] == '=') && strcmp (from + strlen ("from="), source) == 0)
        {
          char *replaced = g_strdup_printf ("%.*sfrom=%s", (int) (from - fields[i]), fields[i], other);

          g_free (fields[i]);
          fields[i] = replaced;
        }
    }
  return g_strjoinv (",", fields);
}

/* Writes an instruction other than FROM: as it is, or with other stage numbers or images in `from=`. */
static void
write_instruction (Writer *writer, const BoInstruction *instruction)
{
  g_autoptr (GString) line = g_string_new (instruction->keyword);
  gboolean changed = FALSE;

  for (guint i = 0; instruction->flags[i] != NULL; i++)
    {
      g_autofree char *source = bo_dockerfile_get_copy_source (instruction, i);
      g_autofree char *other = source != NULL ? replace_source (writer, instruction, source) : NULL;
      g_autofree char *flag = NULL;
      g_autofree char *quoted = NULL;

      flag = other != NULL ? replace_in_flag (instruction->flags[i], source, other) : g_strdup (instruction->flags[i]);
      changed |= other != NULL;
      quoted = bo_dockerfile_quote_flag (flag);
      g_string_append_printf (line, " %s", quoted);
    }

  if (changed)
    {
      g_string_append_printf (line, " %s", instruction->arguments);
      skip_until (writer, instruction->body);
      add_line (writer, line->str, instruction->first_line);
    }
  copy_until (writer, instruction->end);
}

/* Writes a FROM; sets @external to whether it starts from an image. */
static gboolean
write_from (Writer *writer, const BoInstruction *instruction, gboolean *external, GError **error)
{
  BoDockerfile *dockerfile = writer->sent->dockerfile;
  const BoStage *stage = bo_dockerfile_get_stage (dockerfile, instruction->stage);
  g_autofree char *base = NULL;
  const char *other = NULL;

  base = bo_dockerfile_resolve_base (dockerfile, stage->index, writer->options->build_args, error);
  if (base == NULL)
    return FALSE;
  *external = strcmp (base, SCRATCH) != 0 && find_user_stage (dockerfile, base, stage->index, FALSE) < 0 &&
              !is_prebuilt (writer, base);
  if (*external)
    other = substitute (writer, base);
  /* Where the file ends in the middle of a line that goes on, what we put behind it must not become part of it. */
  if (other == NULL && instruction->open && writer->options->bust)
    other = stage->base;

  if (other != NULL)
    {
      g_autoptr (GString) line = g_string_new ("FROM");
      const char *rest = instruction->arguments + strlen (stage->base);

      for (guint i = 0; instruction->flags[i] != NULL; i++)
        {
          g_autofree char *quoted = bo_dockerfile_quote_flag (instruction->flags[i]);

          g_string_append_printf (line, " %s", quoted);
        }
      g_string_append_printf (line, " %s%s", other, rest);
      skip_until (writer, instruction->end);
      add_line (writer, line->str, instruction->first_line);
    }
  else
    copy_until (writer, instruction->end);
  return TRUE;
}

static void
write_prebuilt (Writer *writer)
{
  BoDockerfileSent *self = writer->sent;

  for (guint i = 0; i < writer->options->n_prebuilt; i++)
    {
      const BoDockerfilePrebuilt *prebuilt = &writer->options->prebuilt[i];
      g_autofree char *line = g_strdup_printf ("FROM %s AS %s", prebuilt->image, prebuilt->name);

      add_line (writer, line, 0);
      add_step (self, -1, self->names->len, TRUE);
      g_ptr_array_add (self->names, g_ascii_strdown (prebuilt->name, -1));
    }
}

static gboolean
is_buildkit_step (const BoInstruction *instruction)
{
  static const char *const made[] = { "ADD", "COPY", "RUN", "WORKDIR", NULL };

  return g_strv_contains (made, instruction->keyword);
}

static gboolean
write_all (Writer *writer, GError **error)
{
  BoDockerfileSent *self = writer->sent;
  BoDockerfile *dockerfile = self->dockerfile;
  gsize size;

  writer->source = g_bytes_get_data (bo_dockerfile_get_bytes (dockerfile), &size);
  for (guint i = 0; i < bo_dockerfile_get_n_instructions (dockerfile); i++)
    {
      const BoInstruction *instruction = bo_dockerfile_get_instruction (dockerfile, i);
      gboolean external = FALSE;

      copy_until (writer, instruction->start);
      if (strcmp (instruction->keyword, "FROM") != 0)
        {
          write_instruction (writer, instruction);
          add_step (self, i, (int) self->names->len - 1, is_buildkit_step (instruction));
          continue;
        }

      if (instruction->stage == 0)
        write_prebuilt (writer);
      if (!write_from (writer, instruction, &external, error))
        return FALSE;
      add_step (self, i, self->names->len, external);
      g_ptr_array_add (self->names, g_strdup (bo_dockerfile_get_stage (dockerfile, instruction->stage)->name));
      if (writer->options->bust)
        {
          add_line (writer, "ARG " BO_DOCKERFILE_BUST_ARG, 0);
          add_step (self, -1, (int) self->names->len - 1, FALSE);
        }
    }
  copy_until (writer, size);
  return TRUE;
}

/**
 * bo_dockerfile_sent_new:
 * @dockerfile: the user's Dockerfile
 * @options: what is different in what is sent
 * @error: return location
 *
 * Makes the Dockerfile that is sent. Prebuilt stages come before the first
 * FROM, so that everything behind can name them, and after parser directives and the
 * ARGs that FROMs use. Numbers of stages in `from=` are raised to match.
 *
 * A line that is changed is sent as one line, its continuations joined; all
 * others stay as they are, byte for byte.
 *
 * Returns: (transfer full) (nullable): the Dockerfile as sent; NULL with a #BoDockerfileError
 */
BoDockerfileSent *
bo_dockerfile_sent_new (BoDockerfile *dockerfile, const BoDockerfileSentOptions *options, GError **error)
{
  static const BoDockerfileSentOptions none = { 0 };
  g_autoptr (BoDockerfileSent) self = NULL;
  Writer writer;

  g_return_val_if_fail (dockerfile != NULL, NULL);

  if (bo_dockerfile_get_n_stages (dockerfile) == 0)
    {
      g_set_error_literal (error, BO_DOCKERFILE_ERROR, BO_DOCKERFILE_ERROR_NO_STAGE,
                           _ ("The Dockerfile has no FROM"));
      return NULL;
    }
  if (options == NULL)
    options = &none;
  for (guint i = 0; i < options->n_prebuilt; i++)
    {
      for (guint j = 0; j < bo_dockerfile_get_n_stages (dockerfile); j++)
        {
          if (g_strcmp0 (bo_dockerfile_get_stage (dockerfile, j)->name, options->prebuilt[i].name) != 0)
            continue;
          g_set_error (error, BO_DOCKERFILE_ERROR, BO_DOCKERFILE_ERROR_DUPLICATE,
                       _ ("The Dockerfile has a stage “%s” of its own, so a prebuild cannot be known by that name"),
                       options->prebuilt[i].name);
          return NULL;
        }
    }

  self = g_new0 (BoDockerfileSent, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->dockerfile = bo_dockerfile_ref (dockerfile);
  self->lines = g_array_new (FALSE, FALSE, sizeof (guint));
  self->steps = g_array_new (FALSE, FALSE, sizeof (Step));
  self->names = g_ptr_array_new_with_free_func (g_free);
  self->n_prebuilt = options->n_prebuilt;

  writer = (Writer){ .sent = self, .options = options, .text = g_string_new (NULL), .next_line = 1 };
  if (!write_all (&writer, error))
    {
      g_string_free (writer.text, TRUE);
      return NULL;
    }
  self->bytes = g_string_free_to_bytes (writer.text);
  return g_steal_pointer (&self);
}

/**
 * bo_dockerfile_sent_get_bytes:
 *
 * Returns: (transfer none): what is sent
 */
GBytes *
bo_dockerfile_sent_get_bytes (BoDockerfileSent *sent)
{
  g_return_val_if_fail (sent != NULL, NULL);

  return sent->bytes;
}

gboolean
bo_dockerfile_sent_is_unchanged (BoDockerfileSent *sent)
{
  g_return_val_if_fail (sent != NULL, FALSE);

  return g_bytes_equal (sent->bytes, bo_dockerfile_get_bytes (sent->dockerfile));
}

/**
 * bo_dockerfile_sent_map_target:
 * @sent: a Dockerfile as sent
 * @target: (nullable): a target stage of the user's file
 *
 * Returns: (transfer full) (nullable): what `target` must be for the engine
 */
char *
bo_dockerfile_sent_map_target (BoDockerfileSent *sent, const char *target)
{
  guint64 index;

  g_return_val_if_fail (sent != NULL, NULL);

  if (target != NULL && g_ascii_string_to_unsigned (target, 10, 0, G_MAXINT, &index, NULL))
    return g_strdup_printf ("%" G_GUINT64_FORMAT, index + sent->n_prebuilt);
  return g_strdup (target);
}

/**
 * bo_dockerfile_sent_find_line:
 * @sent: a Dockerfile as sent
 * @sent_line: a line of it, from 1, as the engine's messages name it
 *
 * Returns: the line of the user's file, or 0 when it has none
 */
guint
bo_dockerfile_sent_find_line (BoDockerfileSent *sent, guint sent_line)
{
  g_return_val_if_fail (sent != NULL, 0);

  if (sent_line == 0 || sent_line > sent->lines->len)
    return 0;
  return g_array_index (sent->lines, guint, sent_line - 1);
}

/* The last stage as sent that a build of the user's @target makes. */
static int
find_last_stage (BoDockerfileSent *self, const char *target)
{
  int index = target != NULL ? bo_dockerfile_find_stage (self->dockerfile, target) : -1;

  return index >= 0 ? index + (int) self->n_prebuilt : (int) self->names->len - 1;
}

/**
 * bo_dockerfile_sent_count_steps:
 * @sent: a Dockerfile as sent
 * @target: (nullable): target stage, of the user's file
 * @builder: the builder
 *
 * Returns: how many steps a build has; for BuildKit of all stages up to the target, of
 *   which it makes those that are needed
 */
guint
bo_dockerfile_sent_count_steps (BoDockerfileSent *sent, const char *target, BoBuilder builder)
{
  guint n = 0;
  int last;

  g_return_val_if_fail (sent != NULL, 0);

  last = find_last_stage (sent, target);
  for (guint i = 0; i < sent->steps->len; i++)
    {
      const Step *step = &g_array_index (sent->steps, Step, i);

      n += step->stage <= last && (builder == BO_BUILDER_CLASSIC || step->in_buildkit);
    }
  return n;
}

/* The index of the stage that BuildKit calls @name: its own name, "stage-N", or none when it is the only one. */
static int
find_buildkit_stage (BoDockerfileSent *self, const char *name)
{
  guint64 index;

  if (name == NULL || name[0] == '\0')
    return self->names->len == 1 ? 0 : -1;
  for (int i = (int) self->names->len - 1; i >= 0; i--)
    {
      const char *other = g_ptr_array_index (self->names, i);

      if (other != NULL && g_ascii_strcasecmp (other, name) == 0)
        return i;
    }
  if (g_str_has_prefix (name, UNNAMED_PREFIX) &&
      g_ascii_string_to_unsigned (name + strlen (UNNAMED_PREFIX), 10, 0, G_MAXINT, &index, NULL) &&
      index < self->names->len && g_ptr_array_index (self->names, index) == NULL)
    return index;
  return -1;
}

static gboolean
find_buildkit_step (BoDockerfileSent *self, const char *name, guint number, guint total, int *instruction)
{
  int stage = find_buildkit_stage (self, name);
  g_autoptr (GArray) steps = NULL;
  const Step *first;
  guint n = 0;

  if (stage < 0)
    return FALSE;
  steps = g_array_new (FALSE, FALSE, sizeof (Step));
  for (guint i = 0; i < self->steps->len; i++)
    {
      const Step *step = &g_array_index (self->steps, Step, i);

      if (step->stage == stage && step->in_buildkit)
        g_array_append_val (steps, *step);
    }
  if (steps->len == 0)
    return FALSE;

  /* More steps than the file has are the base's own ONBUILD instructions, which come right after
   * the FROM, and belong to it. */
  n = number - 1;
  first = &g_array_index (steps, Step, 0);
  if (total > steps->len)
    {
      guint extra = total - steps->len;

      if (n >= 1 && n <= extra)
        n = 0;
      else if (n > extra)
        n -= extra;
    }
  if (n >= steps->len)
    return FALSE;
  *instruction = n == 0 ? first->instruction : g_array_index (steps, Step, n).instruction;
  return TRUE;
}

/**
 * bo_dockerfile_sent_find_step:
 * @sent: a Dockerfile as sent
 * @target: (nullable): the target stage of the build, of the user's file
 * @builder: the builder
 * @stage: (nullable): for BuildKit: what stands before the numbers in `[builder 2/5] RUN make`; NULL or ""
 *   when nothing does
 * @number: the step, from 1
 * @total: of how many, as the engine says; 0 when it is not known
 * @instruction: (out): index of the user's instruction, or -1 for one that was inserted
 *
 * Finds what a step of the engine's stands for. The classic builder counts
 * every instruction (`Step 2/9`), ARGs before the first FROM too. BuildKit
 * counts each stage for itself, and in it the FROM of an image, ADD, COPY, RUN and WORKDIR.
 *
 * Returns: whether the file as sent has such a step
 */
gboolean
bo_dockerfile_sent_find_step (BoDockerfileSent *sent,
                              const char *target,
                              BoBuilder builder,
                              const char *stage,
                              guint number,
                              guint total,
                              int *instruction)
{
  const Step *step;

  g_return_val_if_fail (sent != NULL, FALSE);
  g_return_val_if_fail (instruction != NULL, FALSE);

  if (number == 0)
    return FALSE;
  if (builder == BO_BUILDER_BUILDKIT)
    return find_buildkit_step (sent, stage, number, total, instruction);

  if (number > sent->steps->len)
    return FALSE;
  step = &g_array_index (sent->steps, Step, number - 1);
  if (step->stage > find_last_stage (sent, target))
    return FALSE;
  *instruction = step->instruction;
  return TRUE;
}
