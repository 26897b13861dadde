/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "findings/bo-markdown.h"

static void
test_escape (void)
{
  static const struct
  {
    const char *text;
    const char *block;
    const char *cell;
  } cases[] = {
    { "plain, 47 min 12 s (n=3); 22.5 s", "plain, 47 min 12 s (n=3); 22.5 s", "plain, 47 min 12 s (n=3); 22.5 s" },
    { "a | b", "a \\| b", "a \\| b" },
    { "`code` *b* [l](u) ~s~ $x$", "\\`code\\` \\*b\\* \\[l\\](u) \\~s\\~ \\$x\\$",
      "\\`code\\` \\*b\\* \\[l\\](u) \\~s\\~ \\$x\\$" },
    { "<b>x</b>", "\\<b>x\\</b>", "\\<b>x\\</b>" },
    { "< 0.001 s <1 <!-- <?x", "< 0.001 s <1 \\<!-- \\<?x", "< 0.001 s <1 \\<!-- \\<?x" },
    { "FROM ${BASE_IMAGE}", "FROM ${BASE_IMAGE}", "FROM ${BASE_IMAGE}" },
    { "torch_cuda _em_", "torch_cuda \\_em\\_", "torch_cuda \\_em\\_" },
    { "a & b &lt; &#60; &x", "a & b \\&lt; \\&#60; &x", "a & b \\&lt; \\&#60; &x" },
    { "![i](j) wow!", "\\!\\[i\\](j) wow!", "\\!\\[i\\](j) wow!" },
    { "back\\slash\\|", "back\\\\slash\\\\\\|", "back\\\\slash\\\\\\|" },
    { "# head", "\\# head", "# head" },
    { "- item", "\\- item", "- item" },
    { "> 6 h", "\\> 6 h", "> 6 h" },
    { "1. item", "1\\. item", "1. item" },
    { "12) item", "12\\) item", "12) item" },
    { "1.5 s", "1.5 s", "1.5 s" },
    { "=== rule", "\\=== rule", "=== rule" },
    { "two\nlines\r\nand\ttab", "two lines  and tab", "two lines  and tab" },
    { "\033[31mred\001\x7f", "\\[31mred", "\\[31mred" },
    { "a\xe2\x80\xae" "b\xe2\x80\x8b" "c\xf3\xa0\x81\x81" "d\xe2\x80\xa8" "e", "abcd e", "abcd e" },
    { "\xff\xfe", "\xef\xbf\xbd\xef\xbf\xbd", "\xef\xbf\xbd\xef\xbf\xbd" },
    { "   ", "", "" },
    { "", "", "" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *block = bo_markdown_escape (cases[i].text);
      g_autofree char *cell = bo_markdown_escape_cell (cases[i].text);

      g_assert_cmpstr (block, ==, cases[i].block);
      g_assert_cmpstr (cell, ==, cases[i].cell);
    }
}

static void
test_code (void)
{
  static const struct
  {
    const char *text;
    const char *code;
  } cases[] = {
    { "RUN make", "`RUN make`" },
    { "a `b` c", "`` a `b` c ``" },
    { "``", "``` `` ```" },
    { "two\nlines", "`two lines`" },
    { "", "" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *code = bo_markdown_code (cases[i].text);

      g_assert_cmpstr (code, ==, cases[i].code);
    }
}

static void
test_fence (void)
{
  static const struct
  {
    const char *text;
    const char *fence;
  } cases[] = {
    { "one\ntwo", "```text\none\ntwo\n```\n" },
    { "one\n", "```text\none\n```\n" },
    { "```\n# out", "````text\n```\n# out\n````\n" },
    { "x `````` y", "```````text\nx `````` y\n```````\n" },
    { "", "```text\n\n```\n" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      GString *document = g_string_new (NULL);

      bo_markdown_append_fence (document, cases[i].text);
      g_assert_cmpstr (document->str, ==, cases[i].fence);
      g_string_free (document, TRUE);
    }
}

static void
test_table (void)
{
  const char *header[] = { "A", "Größe" };
  const char *row[] = { "x|y", NULL };
  GString *document = g_string_new (NULL);

  bo_markdown_append_header (document, header, 2);
  bo_markdown_append_row (document, row, 2);
  g_assert_cmpstr (document->str, ==, "| A | Größe |\n|---|-------|\n| x\\|y | |\n");
  g_string_free (document, TRUE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/markdown/escape", test_escape);
  g_test_add_func ("/markdown/code", test_code);
  g_test_add_func ("/markdown/fence", test_fence);
  g_test_add_func ("/markdown/table", test_table);
  return g_test_run ();
}
