/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-chart-file"

#include "config.h"

#include <math.h>
#include <string.h>

#include <cairo-svg.h>
#include <glib/gi18n.h>

#include "charts/bo-chart-file.h"
#include "charts/bo-chart-layout.h"

G_DEFINE_QUARK (bo-chart-file-error-quark, bo_chart_file_error)

static cairo_status_t
write_bytes (void *closure, const unsigned char *data, unsigned int length)
{
  g_byte_array_append (closure, data, length);
  return CAIRO_STATUS_SUCCESS;
}

static gboolean
check_status (cairo_status_t status, GError **error)
{
  if (status == CAIRO_STATUS_SUCCESS)
    return TRUE;
  g_set_error (error, BO_CHART_FILE_ERROR, BO_CHART_FILE_ERROR_DRAW, _ ("the chart cannot be drawn: %s"),
               cairo_status_to_string (status));
  return FALSE;
}

/* What may stand in an XML document at all. */
static char *
escape_xml (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);

  for (char *p = valid; *p != '\0'; p++)
    if ((guchar) *p < 0x20 && *p != '\n' && *p != '\t')
      *p = ' ';
  return g_markup_escape_text (valid, -1);
}

/*
 * cairo numbers its surfaces as they are made, so the same chart drawn twice
 * would differ; and it names glyphs and clips the same in every file, so two
 * pictures in one page would share them. The first go, the others get the
 * chart's id before them.
 */
static char *
rename_ids (const char *svg, const char *prefix)
{
  static const char *const openings[] = { " id=\"", "xlink:href=\"#", "url(#" };
  GString *text = g_string_new (NULL);
  const char *p = svg;

  while (*p != '\0')
    {
      gboolean found = FALSE;

      if (g_str_has_prefix (p, " id=\"surface"))
        {
          p = strchr (p + strlen (" id=\""), '"') + 1;
          continue;
        }
      for (guint i = 0; i < G_N_ELEMENTS (openings) && !found; i++)
        if (g_str_has_prefix (p, openings[i]))
          {
            g_string_append_printf (text, "%s%s-", openings[i], prefix);
            p += strlen (openings[i]);
            found = TRUE;
          }
      if (!found)
        g_string_append_c (text, *p++);
    }
  return g_string_free (text, FALSE);
}

/* Letters, digits and hyphens alone: it becomes part of names in XML. */
static char *
make_prefix (const char *id)
{
  char *prefix = g_strconcat ("bo-", id, NULL);

  return g_strcanon (prefix, G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS "-", '-');
}

/* Behind the opening tag, for screen readers: the picture's name and what it says. */
static char *
add_description (const char *svg, const BoChart *chart, const char *prefix)
{
  const char *tag = strstr (svg, "<svg ");
  const char *end = tag != NULL ? strchr (tag, '>') : NULL;
  g_autofree char *title = escape_xml (chart->title != NULL ? chart->title : chart->id);
  g_autofree char *description = escape_xml (chart->description != NULL ? chart->description : "");
  GString *text;

  if (end == NULL)
    return g_strdup (svg);
  text = g_string_new_len (svg, end - svg);
  g_string_append_printf (text,
                          " role=\"img\" aria-labelledby=\"%s-title %s-description\">\n"
                          "<title id=\"%s-title\">%s</title>\n<desc id=\"%s-description\">%s</desc>",
                          prefix, prefix, prefix, title, prefix, description);
  g_string_append (text, end + 1);
  return g_string_free (text, FALSE);
}

/**
 * bo_chart_to_svg:
 * @chart: a chart
 * @style: how it looks
 * @width: its width in pixels
 * @error: return location for a #BoChartFileError
 *
 * Text becomes outlines, so it looks the same where its font is not installed; what the picture says
 * is there as text in its description. Its ids begin with the chart's, so that several can stand in one page.
 *
 * Returns: (transfer full): an SVG document, or %NULL
 */
char *
bo_chart_to_svg (BoChart *chart, const BoChartStyle *style, double width, GError **error)
{
  g_autoptr (BoChartLayout) layout = NULL;
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_autofree char *prefix = NULL;
  g_autofree char *renamed = NULL;
  cairo_surface_t *surface;
  cairo_status_t status;
  cairo_t *cr;

  g_return_val_if_fail (chart != NULL && style != NULL, NULL);

  layout = bo_chart_layout_new (chart, style, width);
  surface = cairo_svg_surface_create_for_stream (write_bytes, bytes, bo_chart_layout_get_width (layout),
                                                 bo_chart_layout_get_height (layout));
  cairo_svg_surface_set_document_unit (surface, CAIRO_SVG_UNIT_PX);
  cr = cairo_create (surface);
  bo_chart_layout_draw (layout, cr);
  status = cairo_status (cr);
  cairo_destroy (cr);
  cairo_surface_finish (surface);
  if (status == CAIRO_STATUS_SUCCESS)
    status = cairo_surface_status (surface);
  cairo_surface_destroy (surface);
  if (!check_status (status, error))
    return NULL;

  g_byte_array_append (bytes, (const guint8 *) "", 1);
  prefix = make_prefix (chart->id);
  renamed = rename_ids ((const char *) bytes->data, prefix);
  return add_description (renamed, chart, prefix);
}

/**
 * bo_chart_to_png:
 * @chart: a chart
 * @style: how it looks
 * @width: its width in pixels, before scaling
 * @scale: 2 for screens with twice as many pixels
 * @error: return location for a #BoChartFileError
 *
 * Returns: (transfer full): a PNG picture, or %NULL
 */
GBytes *
bo_chart_to_png (BoChart *chart, const BoChartStyle *style, double width, double scale, GError **error)
{
  g_autoptr (BoChartLayout) layout = NULL;
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  cairo_surface_t *surface;
  cairo_status_t status;
  cairo_t *cr;

  g_return_val_if_fail (chart != NULL && style != NULL && scale > 0, NULL);

  layout = bo_chart_layout_new (chart, style, width);
  surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32,
                                        (int) ceil (bo_chart_layout_get_width (layout) * scale),
                                        (int) ceil (bo_chart_layout_get_height (layout) * scale));
  cr = cairo_create (surface);
  cairo_scale (cr, scale, scale);
  bo_chart_layout_draw (layout, cr);
  status = cairo_status (cr);
  cairo_destroy (cr);
  if (status == CAIRO_STATUS_SUCCESS)
    status = cairo_surface_write_to_png_stream (surface, write_bytes, bytes);
  cairo_surface_destroy (surface);
  if (!check_status (status, error))
    return NULL;
  return g_byte_array_free_to_bytes (g_steal_pointer (&bytes));
}

/**
 * bo_chart_save_svg:
 * @chart, @style, @width: as for bo_chart_to_svg()
 * @path: where to; a file that is there is replaced whole
 * @error: return location for a #BoChartFileError or #GFileError
 */
gboolean
bo_chart_save_svg (BoChart *chart, const BoChartStyle *style, double width, const char *path, GError **error)
{
  g_autofree char *svg = bo_chart_to_svg (chart, style, width, error);

  return svg != NULL && g_file_set_contents_full (path, svg, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0644, error);
}

/**
 * bo_chart_save_png:
 * @chart, @style, @width, @scale: as for bo_chart_to_png()
 * @path: where to; a file that is there is replaced whole
 * @error: return location for a #BoChartFileError or #GFileError
 */
gboolean
bo_chart_save_png (BoChart *chart,
                   const BoChartStyle *style,
                   double width,
                   double scale,
                   const char *path,
                   GError **error)
{
  g_autoptr (GBytes) png = bo_chart_to_png (chart, style, width, scale, error);

  return png != NULL
         && g_file_set_contents_full (path, g_bytes_get_data (png, NULL), (gssize) g_bytes_get_size (png),
                                      G_FILE_SET_CONTENTS_CONSISTENT, 0644, error);
}
