/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "journal/bo-ansi-text.h"
#include "journal/bo-log-severity.h"

/* Spans as text: "0-3 f1 b2 +1" is bytes 0 to 3 in colour 1 on colour 2, bold. */
static char *
print_colour (char name, const BoAnsiColour *colour)
{
  if (colour->kind == BO_ANSI_DEFAULT)
    return g_strdup ("");
  if (colour->kind == BO_ANSI_INDEXED)
    return g_strdup_printf (" %c%u", name, colour->red);
  return g_strdup_printf (" %c#%02x%02x%02x", name, colour->red, colour->green, colour->blue);
}

static char *
print_spans (const GArray *spans)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; spans != NULL && i < spans->len; i++)
    {
      const BoAnsiSpan *span = &g_array_index (spans, BoAnsiSpan, i);
      g_autofree char *foreground = print_colour ('f', &span->foreground);
      g_autofree char *background = print_colour ('b', &span->background);

      g_string_append_printf (text, "%s%u-%u%s%s", i > 0 ? ", " : "", span->begin, span->end, foreground, background);
      if (span->flags != 0)
        g_string_append_printf (text, " +%u", span->flags);
    }
  return g_string_free (text, FALSE);
}

static void
test_parse (void)
{
  static const struct
  {
    const char *text;
    const char *plain;
    const char *spans;
  } cases[] = {
    { "", "", "" },
    { "plain", "plain", "" },
    { "\033[31mred\033[0m", "red", "0-3 f1" },
    { "a\033[31mred\033[39mb", "aredb", "1-4 f1" },
    { "\033[1;4;31;42mx\033[m y", "x y", "0-1 f1 b2 +9" },
    { "\033[91mbright\033[107m on white", "bright on white", "0-6 f9, 6-15 f9 b15" },
    { "\033[38;5;208morange\033[0m", "orange", "0-6 f208" },
    { "\033[48;5;20;1mx", "x", "0-1 b20 +1" },
    { "\033[38;2;1;2;255mtrue\033[49;39m", "true", "0-4 f#0102ff" },
    { "\033[38:2:10:20:30mcolons", "colons", "0-6 f#0a141e" },
    /* Broken colours are none, and take nothing else with them that is not theirs. */
    { "\033[38;5;999;1mx", "x", "0-1 +1" },
    { "\033[38;5mx", "x", "" },
    { "\033[38mx", "x", "" },
    { "\033[38;2;1;2mx", "x", "" },
    { "\033[2mdim\033[22m \033[3mit\033[23m\033[7minv\033[27m\033[9mno\033[29m.", "dim itinvno.",
      "0-3 +2, 4-6 +4, 6-9 +16, 9-11 +32" },
    /* The same again is one span. */
    { "\033[32ma\033[32mb\033[0m", "ab", "0-2 f2" },
    /* Other sequences go, whatever they would do. */
    { "\033[2Ka\033[1Ab\033[?25lc", "abc", "" },
    { "\033]0;title\007x\033]8;;http://x\033\\link\033]8;;\033\\", "xlink", "" },
    { "\033[>4mx", "x", "" },
    { "x\033(By", "xBy", "" },
    { "half\033[3", "half", "" },
    { "half\033", "half", "" },
    { "half\033]0;title", "half", "" },
    { "\033[31", "", "" },
    /* Bytes are counted, not letters. */
    { "ä\033[31mö\033[0mü", "äöü", "2-4 f1" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gsize length = strlen (cases[i].text);
      g_autoptr (GArray) spans = NULL;
      g_autofree char *plain = bo_ansi_text_parse (cases[i].text, length, &spans);
      g_autofree char *printed = print_spans (spans);
      g_autofree char *stripped = g_malloc0 (length + 1);

      g_test_message ("%u: %s", i, cases[i].plain);
      g_assert_cmpstr (plain, ==, cases[i].plain);
      g_assert_cmpstr (printed, ==, cases[i].spans);
      stripped[bo_ansi_text_strip (cases[i].text, length, stripped)] = '\0';
      g_assert_cmpstr (stripped, ==, cases[i].plain);
    }
}

/* Whatever is cut where, the bytes of the spans are bytes of the text. */
static void
test_cut (void)
{
  const char *text = "\033[1;31ma\033[38;2;1;2;3mb\033]0;x\033\\\033[0;48;5;7mc\033[K\033[7md";

  for (gsize n = 0; n <= strlen (text); n++)
    {
      g_autoptr (GArray) spans = NULL;
      g_autofree char *plain = bo_ansi_text_parse (text, n, &spans);
      guint at = 0;

      g_assert_cmpuint (strlen (plain), <=, 4);
      for (guint i = 0; spans != NULL && i < spans->len; i++)
        {
          const BoAnsiSpan *span = &g_array_index (spans, BoAnsiSpan, i);

          g_assert_cmpuint (span->begin, >=, at);
          g_assert_cmpuint (span->begin, <, span->end);
          g_assert_cmpuint (span->end, <=, strlen (plain));
          at = span->end;
        }
    }
}

static void
test_colours (void)
{
  guint8 rgb[3];

  bo_ansi_colour_get_rgb (16, rgb);
  g_assert_cmpmem (rgb, 3, ((guint8[]) { 0, 0, 0 }), 3);
  bo_ansi_colour_get_rgb (196, rgb);
  g_assert_cmpmem (rgb, 3, ((guint8[]) { 255, 0, 0 }), 3);
  bo_ansi_colour_get_rgb (208, rgb);
  g_assert_cmpmem (rgb, 3, ((guint8[]) { 255, 135, 0 }), 3);
  bo_ansi_colour_get_rgb (231, rgb);
  g_assert_cmpmem (rgb, 3, ((guint8[]) { 255, 255, 255 }), 3);
  bo_ansi_colour_get_rgb (255, rgb);
  g_assert_cmpmem (rgb, 3, ((guint8[]) { 238, 238, 238 }), 3);
}

static void
test_severity (void)
{
  static const struct
  {
    const char *text;
    BoLogSeverity severity;
  } cases[] = {
    { "", BO_LOG_NORMAL },
    { "Building wheel for torch", BO_LOG_NORMAL },
    { "src/a.c:3:1: error: expected ';'", BO_LOG_ERROR },
    { "src/a.c:3:1: warning: unused variable", BO_LOG_WARNING },
    { "error[E0308]: mismatched types", BO_LOG_ERROR },
    { "warning: unused import: `std::io::Write`", BO_LOG_WARNING },
    { "ValueError: bad", BO_LOG_ERROR },
    { "ERROR: Cannot install torch", BO_LOG_ERROR },
    { "  ERROR: Failed building wheel", BO_LOG_ERROR },
    { "fatal: repository 'x' not found", BO_LOG_ERROR },
    { "E: Unable to locate package libfoo", BO_LOG_ERROR },
    { "W: Some index files failed", BO_LOG_WARNING },
    { "WARNING: Running pip as the 'root' user", BO_LOG_WARNING },
    { "npm ERR! code ENOENT", BO_LOG_ERROR },
    { "npm WARN deprecated x", BO_LOG_WARNING },
    { "Traceback (most recent call last):", BO_LOG_ERROR },
    { "CMake Error at CMakeLists.txt:3", BO_LOG_ERROR },
    { "CMake Warning (dev) at CMakeLists.txt:3", BO_LOG_WARNING },
    /* Not everything with the word is one. */
    { "0 errors, 0 warnings", BO_LOG_NORMAL },
    { "Compiling thiserror v1.0", BO_LOG_NORMAL },
    { "Compiling error.o", BO_LOG_NORMAL },
    { "ERRORS_FATAL=1", BO_LOG_NORMAL },
    { "checking for no-error: yes", BO_LOG_NORMAL },
    { "my_error: 3", BO_LOG_NORMAL },
    { "std::error::Error", BO_LOG_NORMAL },
    { "terror: a film", BO_LOG_NORMAL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_test_message ("%s", cases[i].text);
      g_assert_cmpint (bo_log_severity_of (cases[i].text, strlen (cases[i].text)), ==, cases[i].severity);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ansi-text/parse", test_parse);
  g_test_add_func ("/ansi-text/cut", test_cut);
  g_test_add_func ("/ansi-text/colours", test_colours);
  g_test_add_func ("/log-severity/words", test_severity);
  return g_test_run ();
}
