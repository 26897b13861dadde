/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-dockerfile"

#include "config.h"

#include <string.h>

#include <glib/gi18n.h>

#include "context/bo-dockerfile-words.h"
#include "context/bo-dockerfile.h"
#include "context/bo-go-path.h"

struct _BoDockerfile
{
  gatomicrefcount ref_count;
  GBytes *bytes;
  char *syntax; /* (nullable) */
  char escape;
  GPtrArray *instructions;
  GPtrArray *stages;
  BoProblems *problems;
};

G_DEFINE_QUARK (bo-dockerfile-error-quark, bo_dockerfile_error)

static const char *const keywords[] = {
  "ADD",     "ARG",        "CMD",     "COPY", "ENTRYPOINT", "ENV",  "EXPOSE", "FROM", "HEALTHCHECK", "LABEL",
  "MAINTAINER", "ONBUILD", "RUN", "SHELL", "STOPSIGNAL", "USER", "VOLUME", "WORKDIR",
};

static void
instruction_free (gpointer data)
{
  BoInstruction *instruction = data;

  g_free (instruction->keyword);
  g_strfreev (instruction->flags);
  g_free (instruction->arguments);
  g_free (instruction->text);
  g_free (instruction);
}

static void
stage_free (gpointer data)
{
  BoStage *stage = data;

  g_free (stage->name);
  g_free (stage->base);
  g_free (stage->platform);
  g_free (stage);
}

BoDockerfile *
bo_dockerfile_ref (BoDockerfile *dockerfile)
{
  g_return_val_if_fail (dockerfile != NULL, NULL);

  g_atomic_ref_count_inc (&dockerfile->ref_count);
  return dockerfile;
}

void
bo_dockerfile_unref (BoDockerfile *dockerfile)
{
  g_return_if_fail (dockerfile != NULL);

  if (!g_atomic_ref_count_dec (&dockerfile->ref_count))
    return;
  g_bytes_unref (dockerfile->bytes);
  g_free (dockerfile->syntax);
  g_ptr_array_unref (dockerfile->instructions);
  g_ptr_array_unref (dockerfile->stages);
  bo_problems_free (dockerfile->problems);
  g_free (dockerfile);
}

/* Lines */

typedef struct
{
  BoDockerfile *dockerfile;
  const char *data;
  gsize size;
  gsize offset;
  guint line; /* of the line that was taken last */
  gboolean directives_done;
} Source;

static gboolean
has_line (Source *source)
{
  return source->offset < source->size;
}

/* Takes the next line, without its end; NUL bytes end it early, as nothing in a Dockerfile has one. */
static char *
take_line (Source *source)
{
  const char *start = source->data + source->offset;
  gsize left = source->size - source->offset;
  const char *newline = memchr (start, '\n', left);
  gsize length = newline != NULL ? (gsize) (newline - start) : left;

  source->offset += newline != NULL ? length + 1 : length;
  source->line++;
  if (source->line == 1 && length >= 3 && memcmp (start, "\xef\xbb\xbf", 3) == 0)
    {
      start += 3;
      length -= 3;
    }
  while (length > 0 && start[length - 1] == '\r')
    length--;
  return g_strndup (start, length);
}

static const char *
skip_space (const char *text)
{
  while (g_ascii_isspace (*text) || *text == '\v')
    text++;
  return text;
}

static gboolean
is_comment (const char *line)
{
  return skip_space (line)[0] == '#';
}

/*
 * Parser directives are comments of the form `# name=value` above everything
 * else. The first line that is none ends them.
 */
static void
take_directive (Source *source, const char *line)
{
  BoDockerfile *self = source->dockerfile;
  const char *p = line, *name;
  g_autofree char *key = NULL;
  g_autofree char *value = NULL;

  if (source->directives_done)
    return;
  source->directives_done = TRUE;
  if (*p != '#')
    return;
  p = name = skip_space (p + 1);
  while (g_ascii_isalnum (*p))
    p++;
  key = g_ascii_strdown (name, p - name);
  p = skip_space (p);
  if (key[0] == '\0' || *p != '=')
    return;
  value = bo_go_trim_space (p + 1);

  if (strcmp (key, "syntax") == 0)
    {
      g_free (self->syntax);
      self->syntax = g_steal_pointer (&value);
    }
  else if (strcmp (key, "escape") == 0)
    {
      if (strcmp (value, "\\") == 0 || strcmp (value, "`") == 0)
        self->escape = value[0];
      else
        bo_problems_add (self->problems, BO_PROBLEM_ERROR, NULL, source->line, "\\ or `", value,
                         _ ("the escape character can be “\\” or “`” alone"));
    }
  else if (strcmp (key, "check") != 0)
    return;
  source->directives_done = FALSE;
}

/*
 * Takes the escape character off the end of a line that goes on. One that is
 * escaped itself does not count, and neither do blanks behind it.
 */
static gboolean
trim_continuation (const BoDockerfile *self, char *line)
{
  gsize length = strlen (line);

  while (length > 0 && (line[length - 1] == ' ' || line[length - 1] == '\t'))
    length--;
  if (length == 0 || line[length - 1] != self->escape || (length > 1 && line[length - 2] == self->escape))
    return FALSE;
  line[length - 1] = '\0';
  return TRUE;
}

/* Finds the ends of the here-documents that @line begins, and takes them; FALSE when one has no end. */
static gboolean
take_heredocs (Source *source, BoInstruction *instruction)
{
  g_autoptr (GPtrArray) words = bo_dockerfile_split_words (instruction->text, source->dockerfile->escape);
  gsize offset = source->offset;
  guint line = source->line;

  for (guint i = 0; i < words->len; i++)
    {
      gboolean chomp;
      g_autofree char *name = bo_dockerfile_find_heredoc (g_ptr_array_index (words, i), &chomp);
      gboolean ended = FALSE;

      if (name == NULL)
        continue;
      while (!ended && has_line (source))
        {
          g_autofree char *text = take_line (source);
          const char *p = text;

          while (chomp && *p == '\t')
            p++;
          ended = strcmp (p, name) == 0;
        }
      if (!ended)
        {
          source->offset = offset;
          source->line = line;
          instruction->heredoc = FALSE;
          bo_problems_add (source->dockerfile->problems, BO_PROBLEM_WARNING, NULL, instruction->first_line, name, NULL,
                           _ ("the here-document that begins here has no end (“%s” on a line of its own)"), name);
          return FALSE;
        }
      instruction->heredoc = TRUE;
    }
  return TRUE;
}

static gboolean
can_have_heredoc (const BoInstruction *instruction)
{
  static const char *const able[] = { "ADD", "COPY", "RUN", NULL };
  const char *arguments = instruction->arguments;

  if (strcmp (instruction->keyword, "ONBUILD") == 0)
    {
      g_autofree char *upper = g_ascii_strup (arguments, -1);

      return g_str_has_prefix (upper, "RUN") || g_str_has_prefix (upper, "COPY") || g_str_has_prefix (upper, "ADD");
    }
  return arguments[0] != '[' && g_strv_contains (able, instruction->keyword);
}

/* Instructions and stages */

static void
check_stage (BoDockerfile *self, const BoStage *stage, guint line)
{
  const char *name = stage->name;

  if (name == NULL)
    return;
  for (const char *p = name; *p != '\0'; p++)
    {
      if (!g_ascii_islower (*p) && (p == name || (!g_ascii_isdigit (*p) && strchr ("-_.", *p) == NULL)))
        {
          bo_problems_add (self->problems, BO_PROBLEM_ERROR, NULL, line, NULL, name,
                           _ ("“%s” cannot name a stage: it must begin with a letter, then letters, digits, “-”, “_” "
                              "and “.”"),
                           name);
          return;
        }
    }
  for (guint i = 0; i < stage->index; i++)
    {
      const BoStage *other = g_ptr_array_index (self->stages, i);

      if (g_strcmp0 (other->name, name) == 0)
        bo_problems_add (self->problems, BO_PROBLEM_WARNING, NULL, line, NULL, name,
                         _ ("there is a stage “%s” already; the classic builder refuses that"), name);
    }
}

static void
add_stage (BoDockerfile *self, BoInstruction *instruction)
{
  g_autoptr (GPtrArray) words = g_ptr_array_new_with_free_func (g_free);
  g_auto (GStrv) parts = g_strsplit_set (instruction->arguments, " \t\v\f\r", -1);
  BoStage *stage = g_new0 (BoStage, 1);

  for (guint i = 0; parts[i] != NULL; i++)
    {
      if (parts[i][0] != '\0')
        g_ptr_array_add (words, g_strdup (parts[i]));
    }
  stage->index = self->stages->len;
  stage->from = instruction->index;
  stage->base = g_strdup (words->len > 0 ? g_ptr_array_index (words, 0) : "");
  for (guint i = 0; instruction->flags[i] != NULL; i++)
    {
      if (g_str_has_prefix (instruction->flags[i], "--platform=") && stage->platform == NULL)
        stage->platform = g_strdup (instruction->flags[i] + strlen ("--platform="));
    }
  if (words->len == 3 && g_ascii_strcasecmp (g_ptr_array_index (words, 1), "as") == 0)
    stage->name = g_ascii_strdown (g_ptr_array_index (words, 2), -1);
  else if (words->len != 1)
    bo_problems_add (self->problems, BO_PROBLEM_ERROR, NULL, instruction->first_line, "FROM IMAGE [AS NAME]",
                     instruction->text, _ ("FROM needs an image, or an image, “AS” and a name"));
  check_stage (self, stage, instruction->first_line);
  g_ptr_array_add (self->stages, stage);
}

static gboolean
is_known (const char *keyword)
{
  for (guint i = 0; i < G_N_ELEMENTS (keywords); i++)
    {
      if (strcmp (keywords[i], keyword) == 0)
        return TRUE;
    }
  return FALSE;
}

static void
check_instruction (BoDockerfile *self, const BoInstruction *instruction)
{
  if (!is_known (instruction->keyword))
    bo_problems_add (self->problems, BO_PROBLEM_ERROR, NULL, instruction->first_line, NULL, instruction->keyword,
                     _ ("“%s” is not an instruction"), instruction->keyword);
  else if (instruction->arguments[0] == '\0' && instruction->flags[0] == NULL)
    bo_problems_add (self->problems, BO_PROBLEM_ERROR, NULL, instruction->first_line, NULL, NULL,
                     _ ("%s needs something behind it"), instruction->keyword);
  else if (instruction->stage < 0 && strcmp (instruction->keyword, "ARG") != 0)
    bo_problems_add (self->problems, BO_PROBLEM_ERROR, NULL, instruction->first_line, "FROM or ARG",
                     instruction->keyword, _ ("%s comes before the first FROM, where ARG alone may be"),
                     instruction->keyword);

  for (guint i = 0; instruction->flags[i] != NULL; i++)
    {
      g_autofree char *source = bo_dockerfile_get_copy_source (instruction, i);

      if (source != NULL && strchr (source, '$') != NULL)
        bo_problems_add (self->problems, BO_PROBLEM_WARNING, NULL, instruction->first_line, NULL, source,
                         _ ("variables are not replaced in “from=%s”; name a stage (FROM %s AS name) and copy from that"),
                         source, source);
    }
}

/* Makes an instruction of a logical line; takes ownership of nothing. */
static void
add_instruction (Source *source, const char *line, guint first_line, gsize start, gboolean open)
{
  BoDockerfile *self = source->dockerfile;
  BoInstruction *instruction = g_new0 (BoInstruction, 1);
  const char *p, *rest;

  instruction->text = bo_go_trim_space (line);
  for (p = instruction->text; *p != '\0' && !g_ascii_isspace (*p) && *p != '\v';)
    p++;
  instruction->keyword = g_ascii_strup (instruction->text, p - instruction->text);
  instruction->flags = bo_dockerfile_split_flags (p, &rest);
  instruction->arguments = bo_go_trim_space (rest);
  instruction->index = self->instructions->len;
  instruction->first_line = first_line;
  instruction->start = start;
  instruction->open = open;
  instruction->body = source->offset;
  if (can_have_heredoc (instruction))
    take_heredocs (source, instruction);
  instruction->last_line = source->line;
  instruction->end = source->offset;

  if (strcmp (instruction->keyword, "FROM") == 0)
    add_stage (self, instruction);
  instruction->stage = (int) self->stages->len - 1;
  g_ptr_array_add (self->instructions, instruction);
  check_instruction (self, instruction);
}

static void
parse (BoDockerfile *self)
{
  Source source = { .dockerfile = self };

  source.data = g_bytes_get_data (self->bytes, &source.size);
  while (has_line (&source))
    {
      gsize start = source.offset;
      g_autofree char *line = take_line (&source);
      guint first_line = source.line;
      const char *stripped = skip_space (line);
      g_autoptr (GString) logical = NULL;
      g_autofree char *part = NULL;
      gboolean goes_on;

      take_directive (&source, stripped);
      if (stripped[0] == '\0' || stripped[0] == '#')
        continue;

      part = g_strdup (stripped);
      goes_on = trim_continuation (self, part);
      logical = g_string_new (part);
      while (goes_on && has_line (&source))
        {
          g_autofree char *next = take_line (&source);

          if (is_comment (next) || skip_space (next)[0] == '\0')
            continue;
          goes_on = trim_continuation (self, next);
          g_string_append (logical, next);
        }
      if (skip_space (logical->str)[0] != '\0')
        add_instruction (&source, logical->str, first_line, start, goes_on);
    }

  if (self->stages->len == 0)
    bo_problems_add (self->problems, BO_PROBLEM_ERROR, NULL, 0, "FROM", NULL,
                     _ ("there is no FROM: this is not a Dockerfile, or it is empty"));
}

/**
 * bo_dockerfile_new:
 * @text: a Dockerfile
 *
 * Parses a Dockerfile. (The grammar is that of the parser that both builders
 * share, with here-documents, which newer ones know.)
 *
 * Returns: (transfer full): the Dockerfile; see bo_dockerfile_get_problems()
 */
BoDockerfile *
bo_dockerfile_new (GBytes *text)
{
  BoDockerfile *self;

  g_return_val_if_fail (text != NULL, NULL);

  self = g_new0 (BoDockerfile, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->bytes = g_bytes_ref (text);
  self->escape = '\\';
  self->instructions = g_ptr_array_new_with_free_func (instruction_free);
  self->stages = g_ptr_array_new_with_free_func (stage_free);
  self->problems = bo_problems_new ();
  parse (self);
  return self;
}

GBytes *
bo_dockerfile_get_bytes (BoDockerfile *dockerfile)
{
  g_return_val_if_fail (dockerfile != NULL, NULL);

  return dockerfile->bytes;
}

/**
 * bo_dockerfile_get_syntax:
 *
 * Returns: (nullable): the image that `# syntax=` names. BuildKit runs it to read the
 *   file, and so the engine must have it, or must be able to pull it
 */
const char *
bo_dockerfile_get_syntax (BoDockerfile *dockerfile)
{
  g_return_val_if_fail (dockerfile != NULL, NULL);

  return dockerfile->syntax;
}

char
bo_dockerfile_get_escape (BoDockerfile *dockerfile)
{
  g_return_val_if_fail (dockerfile != NULL, '\\');

  return dockerfile->escape;
}

guint
bo_dockerfile_get_n_instructions (BoDockerfile *dockerfile)
{
  g_return_val_if_fail (dockerfile != NULL, 0);

  return dockerfile->instructions->len;
}

const BoInstruction *
bo_dockerfile_get_instruction (BoDockerfile *dockerfile, guint index)
{
  g_return_val_if_fail (dockerfile != NULL, NULL);
  g_return_val_if_fail (index < dockerfile->instructions->len, NULL);

  return g_ptr_array_index (dockerfile->instructions, index);
}

guint
bo_dockerfile_get_n_stages (BoDockerfile *dockerfile)
{
  g_return_val_if_fail (dockerfile != NULL, 0);

  return dockerfile->stages->len;
}

const BoStage *
bo_dockerfile_get_stage (BoDockerfile *dockerfile, guint index)
{
  g_return_val_if_fail (dockerfile != NULL, NULL);
  g_return_val_if_fail (index < dockerfile->stages->len, NULL);

  return g_ptr_array_index (dockerfile->stages, index);
}

/**
 * bo_dockerfile_get_problems:
 *
 * Returns: (transfer none): what is wrong, with line numbers
 */
BoProblems *
bo_dockerfile_get_problems (BoDockerfile *dockerfile)
{
  g_return_val_if_fail (dockerfile != NULL, NULL);

  return dockerfile->problems;
}

/**
 * bo_dockerfile_find_stage:
 * @dockerfile: a Dockerfile
 * @name_or_index: what `target=` or `--from=` says
 *
 * Returns: index of the stage, or -1
 */
int
bo_dockerfile_find_stage (BoDockerfile *dockerfile, const char *name_or_index)
{
  guint64 index;

  g_return_val_if_fail (dockerfile != NULL, -1);
  g_return_val_if_fail (name_or_index != NULL, -1);

  for (guint i = 0; i < dockerfile->stages->len; i++)
    {
      const BoStage *stage = g_ptr_array_index (dockerfile->stages, i);

      if (stage->name != NULL && g_ascii_strcasecmp (stage->name, name_or_index) == 0)
        return i;
    }
  if (g_ascii_string_to_unsigned (name_or_index, 10, 0, G_MAXINT, &index, NULL) && index < dockerfile->stages->len)
    return index;
  return -1;
}

/**
 * bo_dockerfile_get_copy_source:
 * @instruction: an instruction
 * @flag: index of one of its flags
 *
 * Returns: (transfer full) (nullable): the stage or image that the flag names: that of
 *   `COPY --from=` or of a `RUN --mount=...,from=`; NULL for any other flag
 */
char *
bo_dockerfile_get_copy_source (const BoInstruction *instruction, guint flag)
{
  const char *text;
  g_auto (GStrv) fields = NULL;

  g_return_val_if_fail (instruction != NULL, NULL);

  text = instruction->flags[flag];
  if (strcmp (instruction->keyword, "COPY") == 0 && g_str_has_prefix (text, "--from="))
    return g_strdup (text + strlen ("--from="));
  if (strcmp (instruction->keyword, "RUN") != 0 || !g_str_has_prefix (text, "--mount="))
    return NULL;

  fields = g_strsplit (text + strlen ("--mount="), ",", -1);
  for (guint i = 0; fields[i] != NULL; i++)
    {
      if (g_str_has_prefix (fields[i], "from="))
        return g_strdup (fields[i] + strlen ("from="));
    }
  return NULL;
}
