/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "context/bo-dockerfile-sent.h"
#include "context/bo-dockerfile-words.h"
#include "context/bo-dockerfile.h"

static BoDockerfile *
parse (const char *text)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));

  return bo_dockerfile_new (bytes);
}

static void
assert_instruction (BoDockerfile *dockerfile, guint index, int stage, guint first, guint last, const char *text)
{
  const BoInstruction *instruction = bo_dockerfile_get_instruction (dockerfile, index);

  g_assert_cmpstr (instruction->text, ==, text);
  g_assert_cmpuint (instruction->first_line, ==, first);
  g_assert_cmpuint (instruction->last_line, ==, last);
  g_assert_cmpint (instruction->stage, ==, stage);
}

static GHashTable *
table (const char *name, const char *value)
{
  GHashTable *result = g_hash_table_new (g_str_hash, g_str_equal);

  if (name != NULL)
    g_hash_table_insert (result, (gpointer) name, (gpointer) value);
  return result;
}

static void
test_lines (void)
{
  g_autoptr (BoDockerfile) d = parse ("\xef\xbb\xbf# syntax=docker/dockerfile:1\n"
                                      "# a comment\n"
                                      "ARG BASE=x\r\n"
                                      "\n"
                                      "from ${BASE} as Builder\n"
                                      "RUN one && \\\n"
                                      "    # inside\n"
                                      "\n"
                                      "    two \\  \n"
                                      "  && three\n"
                                      "  COPY --from=0 \\\n"
                                      "   a b\n"
                                      "CMD [\"x\"]");

  g_assert_cmpstr (bo_dockerfile_get_syntax (d), ==, "docker/dockerfile:1");
  g_assert_cmpuint (bo_dockerfile_get_n_instructions (d), ==, 5);
  assert_instruction (d, 0, -1, 3, 3, "ARG BASE=x");
  assert_instruction (d, 1, 0, 5, 5, "from ${BASE} as Builder");
  assert_instruction (d, 2, 0, 6, 10, "RUN one &&     two   && three");
  assert_instruction (d, 3, 0, 11, 12, "COPY --from=0    a b");
  assert_instruction (d, 4, 0, 13, 13, "CMD [\"x\"]");
  g_assert_cmpstr (bo_dockerfile_get_instruction (d, 1)->keyword, ==, "FROM");
  g_assert_cmpstr (bo_dockerfile_get_instruction (d, 3)->flags[0], ==, "--from=0");
  g_assert_cmpstr (bo_dockerfile_get_instruction (d, 3)->arguments, ==, "a b");
  g_assert_cmpuint (bo_dockerfile_get_n_stages (d), ==, 1);
  g_assert_cmpstr (bo_dockerfile_get_stage (d, 0)->name, ==, "builder");
  g_assert_cmpstr (bo_dockerfile_get_stage (d, 0)->base, ==, "${BASE}");
  g_assert_cmpuint (bo_dockerfile_get_problems (d)->items->len, ==, 0);
}

static void
test_escape (void)
{
  g_autoptr (BoDockerfile) d = parse ("# escape=`\nFROM a\nRUN one `\n two\nRUN c:\\\nRUN x``\n");
  g_autoptr (BoDockerfile) late = parse ("# note\n# escape=`\nFROM a\nRUN one `\nRUN two\n");
  g_autoptr (BoDockerfile) bad = parse ("# escape=x\nFROM a\n");

  g_assert_cmpint (bo_dockerfile_get_escape (d), ==, '`');
  g_assert_cmpuint (bo_dockerfile_get_n_instructions (d), ==, 4);
  assert_instruction (d, 1, 0, 3, 4, "RUN one  two");
  assert_instruction (d, 2, 0, 5, 5, "RUN c:\\");
  assert_instruction (d, 3, 0, 6, 6, "RUN x``");
  g_assert_cmpint (bo_dockerfile_get_escape (late), ==, '\\');
  g_assert_cmpuint (bo_dockerfile_get_n_instructions (late), ==, 3);
  g_assert_cmpuint (bo_dockerfile_get_problems (bad)->n_errors, ==, 1);
  g_assert_cmpuint (bo_problems_get (bo_dockerfile_get_problems (bad), 0)->line, ==, 1);
}

static void
test_heredocs (void)
{
  g_autoptr (BoDockerfile) d = parse ("FROM a\n"
                                      "RUN <<EOF python3 <<-'TWO'\n"
                                      "FROM not\n"
                                      "EOF\n"
                                      "\tx\n"
                                      "\tTWO\n"
                                      "COPY <<\"A\" <<B /x/\n"
                                      "1\n"
                                      "A\n"
                                      "2\n"
                                      "B\n"
                                      "RUN echo $((1<<2)) '<<EOF' <<<word\n"
                                      "RUN cat <<NEVER\n"
                                      "USER x\n");

  g_assert_cmpuint (bo_dockerfile_get_n_instructions (d), ==, 6);
  assert_instruction (d, 1, 0, 2, 6, "RUN <<EOF python3 <<-'TWO'");
  assert_instruction (d, 2, 0, 7, 11, "COPY <<\"A\" <<B /x/");
  assert_instruction (d, 3, 0, 12, 12, "RUN echo $((1<<2)) '<<EOF' <<<word");
  assert_instruction (d, 4, 0, 13, 13, "RUN cat <<NEVER");
  assert_instruction (d, 5, 0, 14, 14, "USER x");
  g_assert_true (bo_dockerfile_get_instruction (d, 1)->heredoc);
  g_assert_false (bo_dockerfile_get_instruction (d, 3)->heredoc);
  g_assert_cmpuint (bo_dockerfile_get_problems (d)->items->len, ==, 1);
}

static void
test_flags (void)
{
  g_autoptr (BoDockerfile) d = parse ("FROM --platform=linux/arm64 x AS y\n"
                                      "RUN --mount=type=cache,target=/c --mount=type=bind,from=y,target=/d cmd --not-a-flag\n"
                                      "ONBUILD COPY --from=0 a b\n"
                                      "COPY --chown=1:2 -- --odd b\n");

  g_assert_cmpstr (bo_dockerfile_get_stage (d, 0)->platform, ==, "linux/arm64");
  g_assert_cmpuint (g_strv_length (bo_dockerfile_get_instruction (d, 1)->flags), ==, 2);
  g_assert_cmpstr (bo_dockerfile_get_instruction (d, 1)->arguments, ==, "cmd --not-a-flag");
  g_assert_cmpuint (g_strv_length (bo_dockerfile_get_instruction (d, 2)->flags), ==, 0);
  g_assert_cmpstr (bo_dockerfile_get_instruction (d, 3)->arguments, ==, "--odd b");
}

static void
test_problems (void)
{
  static const struct
  {
    const char *text;
    guint line;
    BoProblemLevel level;
  } wrong[] = {
    { "", 0, BO_PROBLEM_ERROR },
    { "# only\n", 0, BO_PROBLEM_ERROR },
    { "FROM a\nRUM x\n", 2, BO_PROBLEM_ERROR },
    { "FROM a b\n", 1, BO_PROBLEM_ERROR },
    { "FROM a AS 1b\n", 1, BO_PROBLEM_ERROR },
    { "FROM a\nRUN\n", 2, BO_PROBLEM_ERROR },
    { "ENV a=b\nFROM a\n", 1, BO_PROBLEM_ERROR },
    { "FROM a AS x\nFROM b AS X\n", 2, BO_PROBLEM_WARNING },
    { "FROM a\nCOPY --from=${V} a b\n", 2, BO_PROBLEM_WARNING },
  };

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (BoDockerfile) d = parse (wrong[i].text);
      BoProblems *problems = bo_dockerfile_get_problems (d);

      g_test_message ("%s", wrong[i].text);
      g_assert_cmpuint (problems->items->len, ==, 1);
      g_assert_cmpuint (bo_problems_get (problems, 0)->line, ==, wrong[i].line);
      g_assert_cmpint (bo_problems_get (problems, 0)->level, ==, wrong[i].level);
    }
}

static void
test_expand (void)
{
  static const struct
  {
    const char *word;
    const char *value; /* NULL: an error */
  } words[] = {
    { "$A", "one" },
    { "${A}", "one" },
    { "${A}-${NONE}x", "one-x" },
    { "${NONE:-two}", "two" },
    { "${NONE:-${A}s}", "ones" },
    { "${A:-two}", "one" },
    { "${A:+alt}", "alt" },
    { "${NONE:+alt}", "" },
    { "${EMPTY:-x}", "x" },
    { "${EMPTY-x}", "" },
    { "${NONE-x}", "x" },
    { "${EMPTY+x}", "x" },
    { "${NONE:?must}", NULL },
    { "${A:?must}", "one" },
    { "\"$A b\"", "one b" },
    { "'$A'", "$A" },
    { "\\$A", "$A" },
    { "r/$A:$B", "r/one:given" },
    { "$", "$" },
    { "${", NULL },
    { "${}", NULL },
    { "${A", NULL },
    { "${A:=x}", NULL },
    { "'a", NULL },
    { "$UNDECLARED", "" },
    { "$CHAIN", "one/given" },
  };
  g_autoptr (BoDockerfile) d = parse ("ARG A=one B=default\nARG EMPTY=\nARG CHAIN=$A/${B}\nFROM x\nARG LATE=z\n");
  g_autoptr (GHashTable) args = table ("B", "given");

  g_hash_table_insert (args, (gpointer) "UNDECLARED", (gpointer) "x");
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *value = bo_dockerfile_expand (d, words[i].word, args, &error);

      g_test_message ("%s", words[i].word);
      g_assert_cmpstr (value, ==, words[i].value);
      if (value == NULL)
        g_assert_error (error, BO_DOCKERFILE_ERROR, BO_DOCKERFILE_ERROR_VARIABLE);
    }
}

static void
test_deep_expansion (void)
{
  g_autoptr (GString) word = g_string_new (NULL);
  g_autoptr (BoDockerfile) d = parse ("FROM x\n");
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 100000; i++)
    g_string_append (word, "${A:-");
  g_assert_null (bo_dockerfile_expand (d, word->str, NULL, &error));
  g_assert_error (error, BO_DOCKERFILE_ERROR, BO_DOCKERFILE_ERROR_VARIABLE);
}

static char *
list_images (BoDockerfile *d, const char *target, BoBuilder builder, GHashTable *args, GHashTable *given)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) images = bo_dockerfile_list_images (d, target, builder, args, given, &error);
  g_autoptr (GString) text = g_string_new (NULL);

  if (images == NULL)
    return g_strdup_printf ("error %d", error->code);
  for (guint i = 0; i < images->len; i++)
    g_string_append_printf (text, "%s ", (const char *) g_ptr_array_index (images, i));
  return g_strchomp (g_string_free (g_steal_pointer (&text), FALSE));
}

static void
test_images (void)
{
  g_autoptr (BoDockerfile) d = parse ("ARG BASE_IMAGE=default:1\n"
                                      "FROM ${BASE_IMAGE} AS base\n"
                                      "FROM unused:1 AS unused\n"
                                      "FROM base AS build\n"
                                      "COPY --from=tools:2 /t /t\n"
                                      "COPY --from=Torch-Builder /w /w\n"
                                      "RUN --mount=type=bind,from=mounted:3,target=/m x\n"
                                      "FROM scratch\n"
                                      "COPY --from=build /a /a\n"
                                      "COPY --from=0 /a /b\n");
  g_autoptr (BoDockerfile) empty = parse ("FROM ${NONE}\n");
  g_autoptr (BoDockerfile) self = parse ("FROM x AS x\nFROM x\n");
  g_autoptr (GHashTable) args = table ("BASE_IMAGE", "given:9");
  g_autoptr (GHashTable) given = table ("torch-builder", "torch-builder");
  g_autofree char *buildkit = list_images (d, NULL, BO_BUILDER_BUILDKIT, args, given);
  g_autofree char *classic = list_images (d, NULL, BO_BUILDER_CLASSIC, args, given);
  g_autofree char *target = list_images (d, "UNUSED", BO_BUILDER_BUILDKIT, NULL, NULL);
  g_autofree char *missing = list_images (d, "none", BO_BUILDER_BUILDKIT, NULL, NULL);
  g_autofree char *blank = list_images (empty, NULL, BO_BUILDER_BUILDKIT, NULL, NULL);
  g_autofree char *own = list_images (self, NULL, BO_BUILDER_CLASSIC, NULL, NULL);

  g_assert_cmpstr (buildkit, ==, "tools:2 mounted:3 given:9");
  g_assert_cmpstr (classic, ==, "tools:2 mounted:3 unused:1 given:9");
  g_assert_cmpstr (target, ==, "unused:1");
  g_assert_cmpstr (missing, ==, "error 1");
  g_assert_cmpstr (blank, ==, "error 0");
  g_assert_cmpstr (own, ==, "x");
}

/* The Dockerfile as sent */

static void
assert_sent (BoDockerfileSent *sent, const char *text)
{
  GBytes *bytes = bo_dockerfile_sent_get_bytes (sent);
  g_autofree char *actual = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));

  g_assert_cmpstr (actual, ==, text);
}

static void
test_unchanged (void)
{
  static const char *const texts[] = {
    "FROM a", "\xef\xbb\xbf# x\r\nFROM a\r\nRUN x \\\r\n  y\r\n", "FROM a\nCOPY --from=0 a b\n\n\n", "FROM a\n# end",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (BoDockerfile) d = parse (texts[i]);
      g_autoptr (BoDockerfileSent) sent = bo_dockerfile_sent_new (d, NULL, NULL);

      assert_sent (sent, texts[i]);
      g_assert_true (bo_dockerfile_sent_is_unchanged (sent));
      g_assert_cmpuint (bo_dockerfile_sent_find_line (sent, 1), ==, 1);
    }
}

static const char sample[] = "# escape=\\\n"           /* 1 */
                             "ARG BASE_IMAGE=a:1\n"    /* 2 */
                             "FROM ${BASE_IMAGE} AS one\n" /* 3 */
                             "ENV x=y\n"               /* 4 */
                             "RUN make \\\n"           /* 5 */
                             "  all\n"                 /* 6 */
                             "FROM --platform=linux/amd64 b:2\n" /* 7 */
                             "WORKDIR /w\n"            /* 8 */
                             "COPY --from=0 \\\n"      /* 9 */
                             "  /a /b\n"               /* 10 */
                             "COPY --from=torch-builder /w /w\n" /* 11 */
                             "RUN --mount=type=bind,from=0,target=/m cat <<E\n" /* 12 */
                             "body\n"                  /* 13 */
                             "E\n"                     /* 14 */
                             "CMD run\n";              /* 15 */

static BoDockerfileSent *
make_sample (void)
{
  g_autoptr (BoDockerfile) d = parse (sample);
  g_autoptr (GHashTable) substitutions = table ("a:1", "bakeoff-base-a");
  const BoDockerfilePrebuilt prebuilt[] = { { "torch-builder", "bakeoff-pre:1" } };
  const BoDockerfileSentOptions options = {
    .substitutions = substitutions, .prebuilt = prebuilt, .n_prebuilt = 1, .bust = TRUE
  };
  g_autoptr (GError) error = NULL;
  BoDockerfileSent *sent = bo_dockerfile_sent_new (d, &options, &error);

  g_assert_no_error (error);
  return sent;
}

static void
test_sent (void)
{
  static const guint lines[] = { 1, 2, 0, 3, 0, 4, 5, 6, 7, 0, 8, 9, 11, 12, 13, 14, 15, 0 };
  g_autoptr (BoDockerfileSent) sent = make_sample ();
  g_autofree char *target = bo_dockerfile_sent_map_target (sent, "one");
  g_autofree char *number = bo_dockerfile_sent_map_target (sent, "1");
  g_autofree char *none = bo_dockerfile_sent_map_target (sent, NULL);

  assert_sent (sent, "# escape=\\\n"
                     "ARG BASE_IMAGE=a:1\n"
                     "FROM bakeoff-pre:1 AS torch-builder\n"
                     "FROM bakeoff-base-a AS one\n"
                     "ARG BAKEOFF_BUST\n"
                     "ENV x=y\n"
                     "RUN make \\\n"
                     "  all\n"
                     "FROM --platform=linux/amd64 b:2\n"
                     "ARG BAKEOFF_BUST\n"
                     "WORKDIR /w\n"
                     "COPY --from=1 /a /b\n"
                     "COPY --from=torch-builder /w /w\n"
                     "RUN --mount=type=bind,from=1,target=/m cat <<E\n"
                     "body\n"
                     "E\n"
                     "CMD run\n");
  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    g_assert_cmpuint (bo_dockerfile_sent_find_line (sent, i + 1), ==, lines[i]);
  g_assert_cmpuint (bo_dockerfile_sent_find_line (sent, 0), ==, 0);
  g_assert_cmpstr (target, ==, "one");
  g_assert_cmpstr (number, ==, "2");
  g_assert_null (none);
}

static void
test_no_newline (void)
{
  g_autoptr (BoDockerfile) d = parse ("FROM a");
  const BoDockerfileSentOptions options = { .bust = TRUE };
  g_autoptr (BoDockerfileSent) sent = bo_dockerfile_sent_new (d, &options, NULL);
  /* The file ends where a continuation was to come, which our line must not be. */
  g_autoptr (BoDockerfile) open = parse ("FROM a AS b \\\n# the end");
  g_autoptr (BoDockerfileSent) open_sent = bo_dockerfile_sent_new (open, &options, NULL);

  assert_sent (open_sent, "FROM a AS b\nARG BAKEOFF_BUST\n");
  assert_sent (sent, "FROM a\nARG BAKEOFF_BUST\n");
  g_assert_cmpuint (bo_dockerfile_sent_find_line (sent, 1), ==, 1);
  g_assert_cmpuint (bo_dockerfile_sent_find_line (sent, 2), ==, 0);
}

#define NO_STEP (-2)

static int
find (BoDockerfileSent *sent, const char *target, BoBuilder builder, const char *stage, guint number, guint total)
{
  int instruction;

  if (!bo_dockerfile_sent_find_step (sent, target, builder, stage, number, total, &instruction))
    return NO_STEP;
  return instruction;
}

static void
test_steps (void)
{
  /* Instructions: 0 ARG, 1 FROM, 2 ENV, 3 RUN, 4 FROM, 5 WORKDIR, 6 COPY, 7 COPY, 8 RUN, 9 CMD. */
  static const int classic[] = { 0, -1, 1, -1, 2, 3, 4, -1, 5, 6, 7, 8, 9, NO_STEP };
  g_autoptr (BoDockerfileSent) sent = make_sample ();

  for (guint i = 0; i < G_N_ELEMENTS (classic); i++)
    g_assert_cmpint (find (sent, NULL, BO_BUILDER_CLASSIC, NULL, i + 1, 13), ==, classic[i]);
  g_assert_cmpint (find (sent, NULL, BO_BUILDER_CLASSIC, NULL, 0, 13), ==, NO_STEP);
  g_assert_cmpuint (bo_dockerfile_sent_count_steps (sent, NULL, BO_BUILDER_CLASSIC), ==, 13);
  g_assert_cmpuint (bo_dockerfile_sent_count_steps (sent, "one", BO_BUILDER_CLASSIC), ==, 6);
  g_assert_cmpint (find (sent, "one", BO_BUILDER_CLASSIC, NULL, 6, 6), ==, 3);
  g_assert_cmpint (find (sent, "one", BO_BUILDER_CLASSIC, NULL, 7, 6), ==, NO_STEP);

  g_assert_cmpint (find (sent, NULL, BO_BUILDER_BUILDKIT, "torch-builder", 1, 1), ==, -1);
  g_assert_cmpint (find (sent, NULL, BO_BUILDER_BUILDKIT, "one", 1, 2), ==, 1);
  g_assert_cmpint (find (sent, NULL, BO_BUILDER_BUILDKIT, "one", 2, 2), ==, 3);
  g_assert_cmpint (find (sent, NULL, BO_BUILDER_BUILDKIT, "one", 3, 2), ==, NO_STEP);
  g_assert_cmpint (find (sent, NULL, BO_BUILDER_BUILDKIT, "stage-2", 1, 5), ==, 4);
  g_assert_cmpint (find (sent, NULL, BO_BUILDER_BUILDKIT, "stage-2", 2, 5), ==, 5);
  g_assert_cmpint (find (sent, NULL, BO_BUILDER_BUILDKIT, "stage-2", 5, 5), ==, 8);
  g_assert_cmpint (find (sent, NULL, BO_BUILDER_BUILDKIT, "stage-1", 1, 2), ==, NO_STEP);
  g_assert_cmpint (find (sent, NULL, BO_BUILDER_BUILDKIT, NULL, 1, 2), ==, NO_STEP);
  g_assert_cmpuint (bo_dockerfile_sent_count_steps (sent, NULL, BO_BUILDER_BUILDKIT), ==, 8);
}

static void
test_steps_of_one_stage (void)
{
  g_autoptr (BoDockerfile) d = parse ("FROM a\nENV x=y\nRUN one\nRUN two\n");
  g_autoptr (BoDockerfileSent) sent = bo_dockerfile_sent_new (d, NULL, NULL);

  g_assert_cmpint (find (sent, NULL, BO_BUILDER_BUILDKIT, NULL, 2, 3), ==, 2);
  g_assert_cmpint (find (sent, NULL, BO_BUILDER_BUILDKIT, "", 3, 3), ==, 3);
  /* The base has two ONBUILD instructions. */
  g_assert_cmpint (find (sent, NULL, BO_BUILDER_BUILDKIT, NULL, 1, 5), ==, 0);
  g_assert_cmpint (find (sent, NULL, BO_BUILDER_BUILDKIT, NULL, 3, 5), ==, 0);
  g_assert_cmpint (find (sent, NULL, BO_BUILDER_BUILDKIT, NULL, 4, 5), ==, 2);
  g_assert_cmpint (find (sent, NULL, BO_BUILDER_BUILDKIT, NULL, 5, 5), ==, 3);
}

static void
test_sent_errors (void)
{
  g_autoptr (BoDockerfile) d = parse ("FROM a AS torch\n");
  g_autoptr (BoDockerfile) empty = parse ("");
  const BoDockerfilePrebuilt prebuilt[] = { { "torch", "x" } };
  const BoDockerfileSentOptions options = { .prebuilt = prebuilt, .n_prebuilt = 1 };
  g_autoptr (GError) duplicate = NULL;
  g_autoptr (GError) none = NULL;

  g_assert_null (bo_dockerfile_sent_new (d, &options, &duplicate));
  g_assert_error (duplicate, BO_DOCKERFILE_ERROR, BO_DOCKERFILE_ERROR_DUPLICATE);
  g_assert_null (bo_dockerfile_sent_new (empty, NULL, &none));
  g_assert_error (none, BO_DOCKERFILE_ERROR, BO_DOCKERFILE_ERROR_NO_STAGE);
}

/* A prebuild or an earlier stage may have the name of an image that is replaced; the image alone is. */
static void
test_substitutions (void)
{
  g_autoptr (BoDockerfile) d = parse ("FROM a:1 AS a\nFROM a\nCOPY --from=a / /\nCOPY --from=a:1 \"/x y\" /z\n");
  g_autoptr (GHashTable) substitutions = table ("a:1", "twin");
  const BoDockerfileSentOptions options = { .substitutions = substitutions };
  g_autoptr (BoDockerfileSent) sent = NULL;

  g_hash_table_insert (substitutions, (gpointer) "a", (gpointer) "wrong");
  sent = bo_dockerfile_sent_new (d, &options, NULL);
  assert_sent (sent, "FROM twin AS a\nFROM a\nCOPY --from=a / /\nCOPY --from=twin \"/x y\" /z\n");
}

/*
 * Whatever a Dockerfile looks like, what is sent has the same instructions and
 * those that were put in, and without changes it is the same bytes.
 */
static void
test_mutations (void)
{
  static const char bits[] = "\\`\"'$${}:-<<E\n\n\r\t #,=0123@\xff RUNFROMCOPY--from=";
  const BoDockerfilePrebuilt prebuilt[] = { { "pre", "t:1" } };
  const BoDockerfileSentOptions options = { .prebuilt = prebuilt, .n_prebuilt = 1, .bust = TRUE };
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);
  guint n_sent = 0;

  for (guint i = 0; i < 3000; i++)
    {
      g_autoptr (GString) text = g_string_new (sample);
      g_autoptr (BoDockerfile) d = NULL;
      g_autoptr (BoDockerfileSent) plain = NULL;
      g_autoptr (BoDockerfileSent) sent = NULL;
      g_autoptr (BoDockerfile) again = NULL;
      g_autoptr (GPtrArray) images = NULL;
      guint n_changes = g_rand_int_range (rand, 1, 9);

      for (guint j = 0; j < n_changes; j++)
        {
          guint position = g_rand_int_range (rand, 0, text->len);
          char bit = bits[g_rand_int_range (rand, 0, sizeof bits - 1)];

          if (g_rand_boolean (rand))
            g_string_insert_c (text, position, bit);
          else if (g_rand_boolean (rand))
            text->str[position] = bit;
          else
            g_string_erase (text, position, MIN (5, text->len - position));
        }
      d = parse (text->str);
      images = bo_dockerfile_list_images (d, NULL, BO_BUILDER_CLASSIC, NULL, NULL, NULL);
      plain = bo_dockerfile_sent_new (d, NULL, NULL);
      sent = bo_dockerfile_sent_new (d, &options, NULL);
      if (sent == NULL)
        continue;
      n_sent++;
      again = bo_dockerfile_new (bo_dockerfile_sent_get_bytes (sent));
      if (!bo_dockerfile_sent_is_unchanged (plain))
        g_test_message ("%s", text->str);
      g_assert_true (bo_dockerfile_sent_is_unchanged (plain));
      g_assert_cmpuint (bo_dockerfile_get_n_instructions (again), ==,
                        bo_dockerfile_get_n_instructions (d) + 1 + bo_dockerfile_get_n_stages (d));
    }
  g_assert_cmpuint (n_sent, >, 1000);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/dockerfile/lines", test_lines);
  g_test_add_func ("/dockerfile/escape", test_escape);
  g_test_add_func ("/dockerfile/heredocs", test_heredocs);
  g_test_add_func ("/dockerfile/flags", test_flags);
  g_test_add_func ("/dockerfile/problems", test_problems);
  g_test_add_func ("/dockerfile/expand", test_expand);
  g_test_add_func ("/dockerfile/expand-deep", test_deep_expansion);
  g_test_add_func ("/dockerfile/images", test_images);
  g_test_add_func ("/dockerfile-sent/unchanged", test_unchanged);
  g_test_add_func ("/dockerfile-sent/all", test_sent);
  g_test_add_func ("/dockerfile-sent/no-newline", test_no_newline);
  g_test_add_func ("/dockerfile-sent/steps", test_steps);
  g_test_add_func ("/dockerfile-sent/one-stage", test_steps_of_one_stage);
  g_test_add_func ("/dockerfile-sent/errors", test_sent_errors);
  g_test_add_func ("/dockerfile-sent/substitutions", test_substitutions);
  g_test_add_func ("/dockerfile-sent/mutations", test_mutations);

  return g_test_run ();
}
