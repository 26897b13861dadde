/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A Dockerfile, and the one that is sent instead. Instructions lie in the file in
 * order and do not overlap; without options what is sent is the user's file, byte
 * for byte; what is put in are lines of ours, and all others are the user's
 * lines, in order; each step leads back to an instruction.
 *
 * Input: a byte of options, then the file.
 */

#include <string.h>

#include "bo-fuzz.h"
#include "context/bo-dockerfile-sent.h"
#include "context/bo-dockerfile-words.h"
#include "context/bo-dockerfile.h"

static void
check_error (gconstpointer value, const GError *error)
{
  BO_FUZZ_CHECK ((value != NULL) == (error == NULL));
  BO_FUZZ_CHECK (error == NULL || error->message[0] != '\0');
}

static const char *
look_up (const char *name, gpointer user_data)
{
  return strlen (name) % 2 != 0 ? "value" : NULL;
}

static void
check_words (BoDockerfile *dockerfile, const BoInstruction *instruction)
{
  g_autoptr (GPtrArray) words
      = bo_dockerfile_split_words (instruction->arguments, bo_dockerfile_get_escape (dockerfile));

  for (guint i = 0; i < words->len; i++)
    {
      const char *reason = NULL;
      gboolean chomp = FALSE;
      g_autofree char *heredoc = bo_dockerfile_find_heredoc (words->pdata[i], &chomp);
      g_autofree char *expanded = bo_dockerfile_expand_word (
          words->pdata[i], bo_dockerfile_get_escape (dockerfile), look_up, NULL, &reason);

      BO_FUZZ_CHECK (((char *) words->pdata[i])[0] != '\0');
      BO_FUZZ_CHECK (heredoc == NULL || heredoc[0] != '\0');
      BO_FUZZ_CHECK ((expanded != NULL) == (reason == NULL));
    }
  for (guint i = 0; instruction->flags[i] != NULL; i++)
    {
      g_autofree char *source = bo_dockerfile_get_copy_source (instruction, i);
      g_autofree char *quoted = bo_dockerfile_quote_flag (instruction->flags[i]);
      const char *rest = NULL;
      g_auto (GStrv) again = bo_dockerfile_split_flags (quoted, &rest);

      BO_FUZZ_CHECK (g_strv_length (again) == 1 && strcmp (again[0], instruction->flags[i]) == 0);
      BO_FUZZ_CHECK (rest[0] == '\0');
    }
}

static void
check_instructions (BoDockerfile *dockerfile, size_t size)
{
  guint n = bo_dockerfile_get_n_instructions (dockerfile);
  guint n_stages = bo_dockerfile_get_n_stages (dockerfile);
  BoProblems *problems = bo_dockerfile_get_problems (dockerfile);
  gsize end = 0;
  guint line = 0;
  int stage = -1;

  for (guint i = 0; i < n; i++)
    {
      const BoInstruction *instruction = bo_dockerfile_get_instruction (dockerfile, i);

      BO_FUZZ_CHECK (instruction->index == i);
      BO_FUZZ_CHECK (instruction->start >= end && instruction->start < instruction->body);
      BO_FUZZ_CHECK (instruction->body <= instruction->end && instruction->end <= size);
      BO_FUZZ_CHECK (instruction->first_line > line && instruction->last_line >= instruction->first_line);
      stage += strcmp (instruction->keyword, "FROM") == 0;
      BO_FUZZ_CHECK (instruction->stage == stage);
      BO_FUZZ_CHECK (instruction->keyword[0] != '\0');
      end = instruction->end;
      line = instruction->last_line;
      check_words (dockerfile, instruction);
    }
  BO_FUZZ_CHECK ((int) n_stages == stage + 1);
  for (guint i = 0; i < n_stages; i++)
    {
      const BoStage *found = bo_dockerfile_get_stage (dockerfile, i);
      g_autoptr (GError) error = NULL;
      g_autofree char *base = bo_dockerfile_resolve_base (dockerfile, i, NULL, &error);

      check_error (base, error);
      BO_FUZZ_CHECK (found->index == i && found->from < n);
      if (found->name != NULL)
        BO_FUZZ_CHECK (bo_dockerfile_find_stage (dockerfile, found->name) >= 0);
    }
  BO_FUZZ_CHECK (n_stages > 0 || problems->n_errors > 0);
  for (guint i = 0; i < problems->items->len; i++)
    {
      const BoProblem *problem = bo_problems_get (problems, i);
      g_autofree char *text = bo_problem_to_string (problem);

      BO_FUZZ_CHECK (problem->message[0] != '\0' && text[0] != '\0');
    }
}

static void
check_images (BoDockerfile *dockerfile, BoBuilder builder, const char *target)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) images = bo_dockerfile_list_images (dockerfile, target, builder, NULL, NULL, &error);

  check_error (images, error);
}

static GPtrArray *
split_lines (GBytes *bytes)
{
  GPtrArray *lines = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  gsize size = 0;
  const char *data = g_bytes_get_data (bytes, &size);

  while (size > 0)
    {
      const char *newline = memchr (data, '\n', size);
      gsize length = newline != NULL ? (gsize) (newline - data) : size;

      g_ptr_array_add (lines, g_bytes_new (data, length));
      data += MIN (length + 1, size);
      size -= MIN (length + 1, size);
    }
  return lines;
}

static gboolean
line_equals (GBytes *line, const char *text)
{
  gsize length = 0;
  const char *data = g_bytes_get_data (line, &length);

  return length == strlen (text) && (length == 0 || memcmp (data, text, length) == 0);
}

/* The line of a FROM in whose continuation the file ends, or 0. */
static guint
find_open_from (BoDockerfile *dockerfile)
{
  guint n = bo_dockerfile_get_n_instructions (dockerfile);
  const BoInstruction *last = n > 0 ? bo_dockerfile_get_instruction (dockerfile, n - 1) : NULL;

  return last != NULL && last->open && strcmp (last->keyword, "FROM") == 0 ? last->first_line : 0;
}

/* Whether each line is the user's, in order, or one of those that @options say to put in. */
static void
check_lines (BoDockerfileSent *sent,
             GBytes *text,
             const BoDockerfileSentOptions *options,
             guint n_stages,
             guint open_line)
{
  g_autoptr (GPtrArray) ours = split_lines (bo_dockerfile_sent_get_bytes (sent));
  g_autoptr (GPtrArray) theirs = split_lines (text);
  guint expected = 1, n_put_in = 0;

  for (guint i = 0; i < ours->len; i++)
    {
      guint user_line = bo_dockerfile_sent_find_line (sent, i + 1);

      if (user_line != 0)
        {
          BO_FUZZ_CHECK (user_line == expected && user_line <= theirs->len);
          if (open_line != 0 && user_line == open_line)
            {
              /* Joined, since something follows it now. */
              expected = theirs->len + 1;
              continue;
            }
          BO_FUZZ_CHECK (g_bytes_equal (ours->pdata[i], theirs->pdata[user_line - 1]));
          expected++;
          continue;
        }
      n_put_in++;
      BO_FUZZ_CHECK (line_equals (ours->pdata[i], "ARG " BO_DOCKERFILE_BUST_ARG)
                     || line_equals (ours->pdata[i], "FROM bakeoff-c:t1 AS torch-builder"));
    }
  BO_FUZZ_CHECK (expected == theirs->len + 1);
  BO_FUZZ_CHECK (n_put_in == options->n_prebuilt + (options->bust ? n_stages : 0));
  BO_FUZZ_CHECK (bo_dockerfile_sent_find_line (sent, ours->len + 1) == 0);
}

/* What is sent is a Dockerfile too, with the instructions of the user's and ours. */
static void
check_sent (BoDockerfileSent *sent, BoDockerfile *dockerfile, const BoDockerfileSentOptions *options)
{
  g_autoptr (BoDockerfile) again = bo_dockerfile_new (bo_dockerfile_sent_get_bytes (sent));
  guint n = bo_dockerfile_get_n_instructions (dockerfile);
  guint n_stages = bo_dockerfile_get_n_stages (dockerfile);
  guint n_steps = bo_dockerfile_sent_count_steps (sent, NULL, BO_BUILDER_CLASSIC);
  guint n_ours = options->n_prebuilt + (options->bust ? n_stages : 0);
  guint at = 0;

  BO_FUZZ_CHECK (bo_dockerfile_get_n_instructions (again) == n + n_ours);
  BO_FUZZ_CHECK (bo_dockerfile_get_n_stages (again) == n_stages + options->n_prebuilt);
  BO_FUZZ_CHECK (n_steps == n + n_ours);
  for (guint i = 1; i <= n_steps; i++)
    {
      int instruction = -2;

      BO_FUZZ_CHECK (
          bo_dockerfile_sent_find_step (sent, NULL, BO_BUILDER_CLASSIC, NULL, i, n_steps, &instruction));
      BO_FUZZ_CHECK (instruction == -1 || instruction == (int) at);
      at += instruction >= 0;
      /* Blanks are others in a line that is joined. */
      if (instruction >= 0 && options->substitutions == NULL
          && !bo_dockerfile_get_instruction (dockerfile, (guint) instruction)->open)
        BO_FUZZ_CHECK (options->n_prebuilt > 0
                       || strcmp (bo_dockerfile_get_instruction (again, i - 1)->text,
                                  bo_dockerfile_get_instruction (dockerfile, (guint) instruction)->text)
                              == 0);
    }
  BO_FUZZ_CHECK (at == n);
  for (guint i = 1; i < 5; i++)
    {
      int instruction = -2;

      if (bo_dockerfile_sent_find_step (sent, NULL, BO_BUILDER_BUILDKIT, "stage-0", i, 4, &instruction))
        BO_FUZZ_CHECK (instruction >= -1 && instruction < (int) n);
    }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  static const BoDockerfilePrebuilt prebuilt = { "torch-builder", "bakeoff-c:t1" };
  uint8_t choice = bo_fuzz_take (&data, &size);
  g_autoptr (GBytes) text = g_bytes_new (data, size);
  g_autoptr (BoDockerfile) dockerfile = bo_dockerfile_new (text);
  g_autoptr (GHashTable) substitutions = g_hash_table_new (g_str_hash, g_str_equal);
  BoDockerfileSentOptions options = { 0 };
  g_autoptr (BoDockerfileSent) same = NULL;
  g_autoptr (BoDockerfileSent) sent = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) sent_error = NULL;

  check_instructions (dockerfile, size);
  check_images (dockerfile, BO_BUILDER_CLASSIC, NULL);
  check_images (dockerfile, BO_BUILDER_BUILDKIT, NULL);
  check_images (dockerfile, BO_BUILDER_BUILDKIT, "0");

  same = bo_dockerfile_sent_new (dockerfile, NULL, &error);
  check_error (same, error);
  if (same != NULL)
    {
      BO_FUZZ_CHECK (bo_dockerfile_sent_is_unchanged (same));
      BO_FUZZ_CHECK (g_bytes_equal (bo_dockerfile_sent_get_bytes (same), text));
      check_sent (same, dockerfile, &options);
    }

  options.bust = (choice & 1) != 0;
  if (choice & 2)
    {
      options.prebuilt = &prebuilt;
      options.n_prebuilt = 1;
    }
  if (choice & 4)
    {
      g_hash_table_insert (substitutions, (gpointer) "debian:12", (gpointer) "bakeoff-c:base1");
      options.substitutions = substitutions;
    }
  sent = bo_dockerfile_sent_new (dockerfile, &options, &sent_error);
  check_error (sent, sent_error);
  if (sent != NULL)
    {
      /* With stages before the user's and other images some lines become others. */
      if (options.substitutions == NULL && options.n_prebuilt == 0)
        check_lines (sent, text, &options, bo_dockerfile_get_n_stages (dockerfile),
                     options.bust ? find_open_from (dockerfile) : 0);
      check_sent (sent, dockerfile, &options);
    }
  return 0;
}
