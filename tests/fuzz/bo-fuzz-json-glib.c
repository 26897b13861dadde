/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * json-glib 1.6 loses values that it had read when a text turns out to be
 * malformed behind them (build-aux/valgrind.supp says more). A suppression of LeakSanitizer is no
 * help: the libraries are without frame pointers, so that its stacks end in g_malloc(). So
 * the linker sends calls of the parser here (--wrap), and a text is first tried where nothing
 * is counted; what a whole text leads to is counted as ever.
 */

#include <json-glib/json-glib.h>
#include <sanitizer/lsan_interface.h>

gboolean
__real_json_parser_load_from_data (JsonParser *parser, const char *data, gssize length, GError **error);
gboolean
__wrap_json_parser_load_from_data (JsonParser *parser, const char *data, gssize length, GError **error);

gboolean
__wrap_json_parser_load_from_data (JsonParser *parser, const char *data, gssize length, GError **error)
{
  JsonParser *trial = NULL;
  GError *problem = NULL;
  gboolean good = FALSE;

  __lsan_disable ();
  trial = json_parser_new_immutable ();
  good = __real_json_parser_load_from_data (trial, data, length, &problem);
  g_object_unref (trial);
  __lsan_enable ();
  if (!good)
    {
      if (error != NULL)
        *error = g_error_copy (problem);
      g_error_free (problem);
      return FALSE;
    }
  return __real_json_parser_load_from_data (parser, data, length, error);
}
