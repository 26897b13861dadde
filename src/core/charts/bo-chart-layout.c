/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-chart-layout"

#include "config.h"

#include <math.h>

#include "charts/bo-chart-layout-private.h"

static void
item_clear (BoChartItem *item)
{
  g_clear_object (&item->text);
}

static void
target_free (BoChartTarget *target)
{
  g_free (target->text);
  g_free (target);
}

static PangoLayout *
make_text (BoChartLayout *self, const BoChartWords *words)
{
  PangoLayout *text = pango_layout_new (self->context);
  PangoFontDescription *font = pango_font_description_new ();
  g_autofree char *valid = g_utf8_make_valid (words->text, -1);

  pango_font_description_set_family (font, self->font_family != NULL ? self->font_family : "Sans");
  pango_font_description_set_absolute_size (font, self->em * words->scale * PANGO_SCALE);
  if (words->bold)
    pango_font_description_set_weight (font, PANGO_WEIGHT_BOLD);
  pango_layout_set_font_description (text, font);
  pango_font_description_free (font);
  if (words->lines <= 1)
    pango_layout_set_single_paragraph_mode (text, TRUE);
  if (words->width >= 0)
    {
      pango_layout_set_width (text, (int) (MAX (words->width, 1) * PANGO_SCALE));
      pango_layout_set_wrap (text, PANGO_WRAP_WORD_CHAR);
      pango_layout_set_height (text, words->lines <= 1 ? -1 : -words->lines);
      pango_layout_set_ellipsize (text, words->middle ? PANGO_ELLIPSIZE_MIDDLE : PANGO_ELLIPSIZE_END);
    }
  pango_layout_set_text (text, valid, -1);
  return text;
}

static void
get_extents (PangoLayout *text, double *width, double *height)
{
  PangoRectangle logical;

  pango_layout_get_extents (text, NULL, &logical);
  *width = ceil ((double) logical.width / PANGO_SCALE);
  *height = (double) logical.height / PANGO_SCALE;
}

/* How wide a text becomes, and how high. */
double
bo_chart_layout_measure (BoChartLayout *self, const BoChartWords *words, double *height)
{
  g_autoptr (PangoLayout) text = make_text (self, words);
  double text_width, text_height;

  get_extents (text, &text_width, &text_height);
  if (height != NULL)
    *height = text_height;
  return text_width;
}

static void
add_item (BoChartLayout *self, BoChartItem item)
{
  if (self->style.rtl)
    {
      item.x = self->width - item.x - item.width;
      item.rises = !item.rises;
    }
  g_array_append_val (self->items, item);
}

/* @x is the text's start, middle or end. Returns its width. */
double
bo_chart_layout_put_text (BoChartLayout *self,
                          const BoChartWords *words,
                          double x,
                          double y,
                          BoChartAlign align,
                          double *height)
{
  BoChartItem item = { .kind = BO_ITEM_TEXT, .tone = words->tone, .ink = words->ink };

  item.text = make_text (self, words);
  get_extents (item.text, &item.width, &item.height);
  /* From here on its width is what it takes, so that it stands where its box does. */
  if (words->width >= 0 && words->lines <= 1)
    pango_layout_set_width (item.text, (int) (item.width * PANGO_SCALE));
  item.x = align == BO_ALIGN_START ? x : align == BO_ALIGN_END ? x - item.width : x - item.width / 2;
  item.y = y;
  if (words->lines > 1)
    {
      item.width = words->width;
      if (align == BO_ALIGN_CENTRE)
        {
          item.x = x - words->width / 2;
          pango_layout_set_alignment (item.text, PANGO_ALIGN_CENTER);
        }
      else if (align == BO_ALIGN_END)
        item.x = x - words->width;
    }
  if (height != NULL)
    *height = item.height;
  add_item (self, item);
  return item.width;
}

void
bo_chart_layout_put_area (BoChartLayout *self,
                          double x,
                          double y,
                          double width,
                          double height,
                          BoChartTone tone,
                          BoChartPattern pattern,
                          double opacity,
                          gboolean edge)
{
  BoChartItem item = { .kind = BO_ITEM_AREA, .x = x, .y = y, .width = width, .height = height, .tone = tone,
                       .pattern = pattern, .opacity = opacity, .edge = edge,
                       .radius = MIN (self->em * 0.2, width / 2) };

  add_item (self, item);
}

void
bo_chart_layout_put_line (BoChartLayout *self,
                          double x1,
                          double y1,
                          double x2,
                          double y2,
                          BoChartTone tone,
                          double thickness,
                          gboolean dashed)
{
  BoChartItem item = { .kind = BO_ITEM_LINE, .x = MIN (x1, x2), .y = MIN (y1, y2), .width = fabs (x2 - x1),
                       .height = fabs (y2 - y1), .tone = tone, .thickness = thickness, .dashed = dashed,
                       .rises = (x2 > x1) != (y2 > y1) };

  add_item (self, item);
}

/* A shape with its middle at @x, @y. */
void
bo_chart_layout_put_shape (BoChartLayout *self,
                           double x,
                           double y,
                           double size,
                           BoChartShape shape,
                           BoChartTone tone)
{
  BoChartItem item = { .kind = BO_ITEM_SHAPE,
                       .x = x - size / 2,
                       .y = y - size / 2,
                       .width = size,
                       .height = size,
                       .shape = shape,
                       .tone = tone };

  add_item (self, item);
}

void
bo_chart_layout_add_target (BoChartLayout *self,
                            double x,
                            double y,
                            double width,
                            double height,
                            guint row,
                            int mark,
                            const char *text)
{
  BoChartTarget *target = g_new0 (BoChartTarget, 1);

  target->x = self->style.rtl ? self->width - x - width : x;
  target->y = y;
  target->width = width;
  target->height = height;
  target->row = row;
  target->mark = mark;
  target->text = g_strdup (text);
  g_ptr_array_add (self->targets, target);
}

/* Title and subtitle: on one line where there is room. */
static double
put_title (BoChartLayout *self, double y)
{
  const BoChart *chart = self->chart;
  double available = self->width - 2 * self->style.padding;
  BoChartWords title = { chart->title, 1.1, TRUE, BO_TONE_TEXT, FALSE, available, 2, FALSE };
  BoChartWords subtitle = { chart->subtitle, 1.0, FALSE, BO_TONE_DIM, FALSE, available, 3, FALSE };
  BoChartWords measured;
  double height, title_width, title_height, subtitle_height;

  if (!self->style.with_title || chart->title == NULL)
    return y;
  measured = title;
  measured.width = -1;
  measured.lines = 1;
  title_width = bo_chart_layout_measure (self, &measured, &title_height);
  if (chart->subtitle != NULL)
    {
      measured = subtitle;
      measured.width = -1;
      measured.lines = 1;
      if (title_width + self->em * 0.6 + bo_chart_layout_measure (self, &measured, &subtitle_height)
          <= available)
        {
          title.lines = subtitle.lines = 1;
          bo_chart_layout_put_text (self, &title, self->style.padding, y, BO_ALIGN_START, &height);
          bo_chart_layout_put_text (self, &subtitle, self->style.padding + title_width + self->em * 0.6,
                                    y + (title_height - subtitle_height) * 0.75, BO_ALIGN_START, NULL);
          return y + height + self->em * 0.9;
        }
    }
  if (title_width <= available)
    title.lines = 1;
  bo_chart_layout_put_text (self, &title, self->style.padding, y, BO_ALIGN_START, &height);
  y += height;
  if (chart->subtitle != NULL)
    {
      bo_chart_layout_put_text (self, &subtitle, self->style.padding, y + self->em * 0.1, BO_ALIGN_START,
                                &height);
      y += height + self->em * 0.1;
    }
  return y + self->em * 0.9;
}

static gboolean
is_used (const BoChart *chart, guint look)
{
  for (guint i = 0; i < chart->rows->len; i++)
    {
      const BoChartRow *row = g_ptr_array_index (chart->rows, i);

      for (guint k = 0; k < row->marks->len; k++)
        if (((const BoChartMark *) g_ptr_array_index (row->marks, k))->look == look)
          return TRUE;
    }
  return FALSE;
}

/* The baseline's median is a median like the others': the legend says it once. */
static gboolean
is_said (const BoChart *chart, guint look)
{
  const BoChartLook *this_one = g_ptr_array_index (chart->looks, look);

  for (guint i = 0; i < look; i++)
    {
      const BoChartLook *before = g_ptr_array_index (chart->looks, i);

      if (before->shape == this_one->shape && g_strcmp0 (before->title, this_one->title) == 0
          && is_used (chart, i))
        return TRUE;
    }
  return FALSE;
}

/* What the marks mean, as many on a line as there is room for. */
static double
put_legend (BoChartLayout *self, double y)
{
  double left = self->style.padding;
  double right = self->width - self->style.padding;
  double x = left;
  double line = self->em * 1.55;
  gboolean any = FALSE;

  for (guint i = 0; i < self->chart->looks->len; i++)
    {
      const BoChartLook *look = g_ptr_array_index (self->chart->looks, i);
      BoChartWords words
          = { look->title, 0.9, FALSE, BO_TONE_DIM, FALSE, right - left - self->em * 1.4, 1, FALSE };
      double width, height;

      if (look->title == NULL || !is_used (self->chart, i) || is_said (self->chart, i))
        continue;
      width = self->em * 1.4 + bo_chart_layout_measure (self, &words, &height);
      if (x > left && x + width > right)
        {
          x = left;
          y += line;
        }
      if (look->shape == BO_SHAPE_BAR || look->shape == BO_SHAPE_SEGMENT)
        bo_chart_layout_put_area (self, x, y + height / 2 - self->em * 0.45, self->em * 0.9, self->em * 0.9,
                                  look->tone, look->pattern, look->shape == BO_SHAPE_BAR ? 0.22 : 1, TRUE);
      else
        bo_chart_layout_put_shape (self, x + self->em * 0.45, y + height / 2, self->em * 0.75, look->shape,
                                   look->tone);
      bo_chart_layout_put_text (self, &words, x + self->em * 1.4, y, BO_ALIGN_START, NULL);
      x += width + self->em * 1.3;
      any = TRUE;
    }
  return any ? y + line : y;
}

static double
put_remarks (BoChartLayout *self, double y)
{
  double available = self->width - 2 * self->style.padding;

  for (guint i = 0; i < self->chart->remarks->len; i++)
    {
      BoChartWords words = {
        g_ptr_array_index (self->chart->remarks, i), 0.9, FALSE, BO_TONE_DIM, FALSE, available, 6, FALSE
      };
      double height;

      y += self->em * 0.3;
      bo_chart_layout_put_text (self, &words, self->style.padding, y, BO_ALIGN_START, &height);
      y += height;
    }
  return y;
}

static double
put_empty (BoChartLayout *self, double y)
{
  BoChartWords words
      = { self->chart->empty, 1, FALSE, BO_TONE_DIM, FALSE, self->width - 2 * self->style.padding, 8, FALSE };
  double height;

  bo_chart_layout_put_text (self, &words, self->width / 2, y + self->em, BO_ALIGN_CENTRE, &height);
  return y + height + 2 * self->em;
}

static PangoContext *
make_context (const BoChartStyle *style)
{
  PangoContext *context = pango_font_map_create_context (pango_cairo_font_map_get_default ());
  cairo_font_options_t *options = cairo_font_options_create ();

  /* The same shapes on every screen and in every file. */
  cairo_font_options_set_hint_style (options, CAIRO_HINT_STYLE_NONE);
  cairo_font_options_set_hint_metrics (options, CAIRO_HINT_METRICS_OFF);
  cairo_font_options_set_antialias (options, CAIRO_ANTIALIAS_GRAY);
  pango_cairo_context_set_font_options (context, options);
  cairo_font_options_destroy (options);
  pango_context_set_round_glyph_positions (context, FALSE);
  pango_context_set_base_dir (context, style->rtl ? PANGO_DIRECTION_RTL : PANGO_DIRECTION_LTR);
  return context;
}

/**
 * bo_chart_layout_new:
 * @chart: a chart
 * @style: how it looks
 * @width: how wide it may be, in pixels; below 200 it is laid out for 200
 *
 * Returns: (transfer full): the chart on that width, as high as it has to be
 */
BoChartLayout *
bo_chart_layout_new (BoChart *chart, const BoChartStyle *style, double width)
{
  BoChartLayout *self;
  double y;

  g_return_val_if_fail (chart != NULL && style != NULL, NULL);

  self = g_new0 (BoChartLayout, 1);
  self->chart = bo_chart_ref (chart);
  self->style = *style;
  self->font_family = g_strdup (style->font_family);
  self->style.font_family = self->font_family;
  self->width = MAX (width, 200);
  self->em = CLAMP (style->font_size, 6, 100);
  self->context = make_context (style);
  self->items = g_array_new (FALSE, FALSE, sizeof (BoChartItem));
  g_array_set_clear_func (self->items, (GDestroyNotify) item_clear);
  self->targets = g_ptr_array_new_with_free_func ((GDestroyNotify) target_free);

  y = put_title (self, style->padding);
  if (chart->empty != NULL)
    y = put_empty (self, y);
  else
    {
      switch (chart->kind)
        {
        case BO_CHART_GRID:
          y = bo_chart_layout_put_grid (self, y);
          break;
        case BO_CHART_TREND:
          y = bo_chart_layout_put_trend (self, y);
          break;
        case BO_CHART_ROWS:
        default:
          y = bo_chart_layout_put_rows (self, y);
        }
      y = put_legend (self, y);
    }
  y = put_remarks (self, y);
  self->height = ceil (y + style->padding);
  return self;
}

void
bo_chart_layout_free (BoChartLayout *self)
{
  if (self == NULL)
    return;
  bo_chart_unref (self->chart);
  g_free (self->font_family);
  g_object_unref (self->context);
  g_array_unref (self->items);
  g_ptr_array_unref (self->targets);
  g_free (self);
}

double
bo_chart_layout_get_width (const BoChartLayout *self)
{
  return self->width;
}

double
bo_chart_layout_get_height (const BoChartLayout *self)
{
  return self->height;
}

guint
bo_chart_layout_get_n_targets (const BoChartLayout *self)
{
  return self->targets->len;
}

/* In reading order: each row, then its marks. */
const BoChartTarget *
bo_chart_layout_get_target (const BoChartLayout *self, guint index)
{
  return index < self->targets->len ? g_ptr_array_index (self->targets, index) : NULL;
}

/**
 * bo_chart_targets_find:
 * @targets: (element-type BoChartTarget): of a layout
 * @x, @y: a place, in pixels
 *
 * Returns: index of what is there, the smallest where several are: the last mark before the row that it is
 * in; or -1
 */
int
bo_chart_targets_find (GPtrArray *targets, double x, double y)
{
  int found = -1;
  double smallest = G_MAXDOUBLE;

  for (guint i = 0; i < targets->len; i++)
    {
      const BoChartTarget *target = g_ptr_array_index (targets, i);
      double area = target->width * target->height;

      if (x >= target->x && x < target->x + target->width && y >= target->y && y < target->y + target->height
          && area <= smallest)
        {
          found = (int) i;
          smallest = area;
        }
    }
  return found;
}

/* As bo_chart_targets_find(), for the targets of this layout. */
int
bo_chart_layout_find_target (const BoChartLayout *self, double x, double y)
{
  return bo_chart_targets_find (self->targets, x, y);
}

/**
 * bo_chart_layout_list_targets:
 * @self: a layout
 *
 * Returns: (transfer full) (element-type BoChartTarget): its targets; they stay when the layout goes, and have
 *   nothing that belongs to its thread
 */
GPtrArray *
bo_chart_layout_list_targets (const BoChartLayout *self)
{
  return g_ptr_array_ref (self->targets);
}

/**
 * bo_chart_layout_draw_part:
 * @self: a layout
 * @cr: where it is drawn, with its start at 0, 0
 * @y, @height: what is not in this part is left out
 */
void
bo_chart_layout_draw_part (const BoChartLayout *self, cairo_t *cr, double y, double height)
{
  /* Lines and letters reach a little over their boxes. */
  const double over = self->em;

  g_return_if_fail (self != NULL && cr != NULL);

  cairo_save (cr);
  if (self->style.background)
    {
      BoChartColour colour = bo_chart_style_get_colour (&self->style, BO_TONE_BACKGROUND);

      cairo_set_source_rgb (cr, colour.red, colour.green, colour.blue);
      cairo_rectangle (cr, 0, y, self->width, height);
      cairo_fill (cr);
    }
  for (guint i = 0; i < self->items->len; i++)
    {
      const BoChartItem *item = &g_array_index (self->items, BoChartItem, i);

      if (item->y - over <= y + height && item->y + item->height + over >= y)
        bo_chart_item_draw (item, cr, &self->style);
    }
  cairo_restore (cr);
}

/**
 * bo_chart_layout_draw:
 * @self: a layout
 * @cr: where it is drawn, with its start at 0, 0
 */
void
bo_chart_layout_draw (const BoChartLayout *self, cairo_t *cr)
{
  g_return_if_fail (self != NULL && cr != NULL);

  bo_chart_layout_draw_part (self, cr, 0, self->height);
}

/**
 * bo_chart_draw:
 * @chart: a chart
 * @cr: where it is drawn
 * @width, @height: the space there is
 * @style: how it looks
 *
 * A chart that needs more height than there is is drawn smaller.
 */
void
bo_chart_draw (BoChart *chart, cairo_t *cr, double width, double height, const BoChartStyle *style)
{
  g_autoptr (BoChartLayout) layout = bo_chart_layout_new (chart, style, width);
  double scale = MIN (1, MIN (height / layout->height, width / layout->width));

  if (scale <= 0)
    return;
  cairo_save (cr);
  cairo_scale (cr, scale, scale);
  bo_chart_layout_draw (layout, cr);
  cairo_restore (cr);
}
