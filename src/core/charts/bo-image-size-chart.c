/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-image-size-chart"

#include "config.h"

#include "charts/bo-chart-cells.h"

/*
 * Image size, layer by layer: what comes from the base image, what another
 * strategy's image has too (the same layer, stored once), and what is its own.
 */

typedef enum
{
  PART_BASE,
  PART_SHARED,
  PART_OWN,
  PART_UNKNOWN,
  N_PARTS,
} Part;

typedef struct
{
  const BoChartInput *input;
  BoChart *chart;
  /* diff id -> id of the strategy that has it, or "" for several */
  GHashTable *owners;
} Maker;

/* The image of a cell; each of its trials makes the same. */
static const BoImage *
find_image (const BoChartInput *input, const BoCell *cell)
{
  for (guint i = 0; i < input->trials->len; i++)
    {
      const BoTrial *trial = g_ptr_array_index (input->trials, i);

      if (trial->kind == BO_TRIAL_COUNTED && trial->cell != NULL && trial->outcome == BO_OUTCOME_SUCCEEDED
          && trial->image != NULL && trial->image->size >= 0
          && g_str_equal (trial->cell->strategy, cell->strategy)
          && g_str_equal (trial->cell->base, cell->base) && trial->cell->builder == cell->builder
          && trial->cell->condition == cell->condition)
        return trial->image;
    }
  return NULL;
}

static void
note_owners (const Maker *maker, const BoImage *image, const char *strategy)
{
  for (guint i = 0; i < image->layers->len; i++)
    {
      const BoLayer *layer = g_ptr_array_index (image->layers, i);
      const char *owner;

      if (layer->diff_id == NULL || layer->from_base)
        continue;
      owner = g_hash_table_lookup (maker->owners, layer->diff_id);
      if (owner == NULL)
        g_hash_table_insert (maker->owners, layer->diff_id, (gpointer) strategy);
      else if (!g_str_equal (owner, strategy))
        g_hash_table_insert (maker->owners, layer->diff_id, (gpointer) "");
    }
}

static Part
get_part (const Maker *maker, const BoLayer *layer)
{
  const char *owner;

  if (layer->from_base)
    return PART_BASE;
  owner = layer->diff_id != NULL ? g_hash_table_lookup (maker->owners, layer->diff_id) : NULL;
  return owner != NULL && owner[0] == '\0' ? PART_SHARED : PART_OWN;
}

static const char *
get_part_title (const Maker *maker, Part part)
{
  const char *language = maker->input->locale.language;

  switch (part)
    {
    case PART_BASE:
      return D_ (language, "base image");
    case PART_SHARED:
      return D_ (language, "in another strategy’s image too");
    case PART_OWN:
      return D_ (language, "in this strategy’s image alone");
    case PART_UNKNOWN:
    case N_PARTS:
    default:
      return D_ (language, "not told apart by the engine");
    }
}

static void
add_part (const Maker *maker,
          BoChartRow *row,
          const BoCell *cell,
          Part part,
          gint64 from,
          gint64 size,
          const char *what)
{
  BoChartTable *table = maker->chart->table;
  g_autofree char *text = bo_chart_locale_format_size (&maker->input->locale, size);

  bo_chart_table_begin_row (table);
  bo_chart_table_add_text (table, bo_chart_get_strategy_title (maker->input, cell->strategy));
  bo_chart_table_add_text (table, bo_chart_get_base_title (maker->input, cell->base));
  bo_chart_table_add_text (table, bo_builder_to_string (cell->builder));
  bo_chart_table_add_text (table, what);
  bo_chart_table_add_text (table, get_part_title (maker, part));
  bo_chart_table_add_number (table, size);
  if (size > 0)
    bo_chart_row_add_mark (row, part, from, from + size,
                           what != NULL
                               ? g_strdup_printf ("%s: %s (%s)", what, text, get_part_title (maker, part))
                               : g_strdup_printf ("%s: %s", get_part_title (maker, part), text));
}

static gint64
add_layers (const Maker *maker, BoChartRow *row, const BoCell *cell, const BoImage *image)
{
  gint64 sum = 0;

  for (guint part = PART_BASE; part <= PART_OWN; part++)
    for (guint i = 0; i < image->layers->len; i++)
      {
        const BoLayer *layer = g_ptr_array_index (image->layers, i);
        g_autofree char *what = NULL;

        /* A size is the engine's word; a sum that runs over is no sum. */
        if (get_part (maker, layer) != part || layer->size < 0 || layer->size > G_MAXINT64 - sum)
          continue;
        what = bo_chart_one_line (layer->created_by, 300);
        add_part (maker, row, cell, (Part) part, sum, layer->size, what);
        sum += layer->size;
      }
  return sum;
}

static void
add_row (const Maker *maker, const BoCellSummary *summary)
{
  const BoChartInput *input = maker->input;
  const char *language = input->locale.language;
  const BoCell *cell = summary->cell;
  const BoImage *image = find_image (input, cell);
  const char *title = bo_chart_get_strategy_title (input, cell->strategy);
  g_autofree char *detail = bo_chart_describe_variant (input, cell);
  g_autofree char *name = detail != NULL ? g_strdup_printf ("%s (%s)", title, detail) : g_strdup (title);
  BoChartRow *row = bo_chart_add_row (maker->chart, title, detail);
  g_autofree char *size = NULL;
  g_autofree char *added = NULL;
  gint64 sum = 0;

  row->emphasis = bo_chart_is_best (input, cell);
  if (image == NULL)
    {
      row->note = g_strdup (D_ (language, "no image"));
      row->text = g_strdup_printf ("%s: %s", name, row->note);
      return;
    }
  sum = add_layers (maker, row, cell, image);
  if (sum == 0 && image->added_size >= 0 && image->added_size <= image->size)
    {
      add_part (maker, row, cell, PART_BASE, 0, image->size - image->added_size, NULL);
      add_part (maker, row, cell, PART_OWN, image->size - image->added_size, image->added_size, NULL);
    }
  else if (sum < image->size)
    add_part (maker, row, cell, PART_UNKNOWN, sum, image->size - sum, NULL);
  maker->chart->max = MAX (maker->chart->max, MAX (sum, image->size));
  size = bo_chart_locale_format_size (&input->locale, image->size);
  if (image->added_size >= 0)
    {
      added = bo_chart_locale_format_size (&input->locale, image->added_size);
      row->note = g_strdup_printf (D_ (language, "%s, %s of it added"), size, added);
    }
  else
    row->note = g_strdup (size);
  row->text = g_strdup_printf ("%s: %s", name, row->note);
}

/**
 * bo_chart_new_image_size:
 * @input: what charts are made from
 *
 * Returns: (transfer full): the size of each image and what it is made of
 */
BoChart *
bo_chart_new_image_size (const BoChartInput *input)
{
  const char *language = input->locale.language;
  g_autoptr (GPtrArray) cells = bo_chart_select_images (input);
  g_autoptr (GHashTable) owners = g_hash_table_new (g_str_hash, g_str_equal);
  Maker maker = { input, bo_chart_new (BO_CHART_ROWS, "image-size", &input->locale), owners };
  BoChart *chart = maker.chart;
  g_autofree char *sentence = NULL;

  chart->axis = BO_AXIS_SIZE;
  chart->title = g_strdup (D_ (language, "Image size"));
  chart->subtitle = g_strdup (D_ (language, "unpacked, layer by layer"));
  bo_chart_table_add_column (chart->table, BO_COLUMN_TEXT, D_ (language, "Strategy"));
  bo_chart_table_add_column (chart->table, BO_COLUMN_TEXT, D_ (language, "Base"));
  bo_chart_table_add_column (chart->table, BO_COLUMN_TEXT, D_ (language, "Builder"));
  bo_chart_table_add_column (chart->table, BO_COLUMN_TEXT, D_ (language, "Layer"));
  bo_chart_table_add_column (chart->table, BO_COLUMN_TEXT, D_ (language, "Part"));
  bo_chart_table_add_column (chart->table, BO_COLUMN_SIZE, D_ (language, "Size"));
  /* In the order of the parts, whose numbers are the looks'. */
  bo_chart_add_look (chart, BO_SHAPE_SEGMENT, BO_TONE_MUTED, BO_PATTERN_SOLID,
                     get_part_title (&maker, PART_BASE));
  bo_chart_add_look (chart, BO_SHAPE_SEGMENT, BO_TONE_SERIES_4, BO_PATTERN_RISING,
                     get_part_title (&maker, PART_SHARED));
  bo_chart_add_look (chart, BO_SHAPE_SEGMENT, BO_TONE_SERIES_0, BO_PATTERN_SOLID,
                     get_part_title (&maker, PART_OWN));
  bo_chart_add_look (chart, BO_SHAPE_SEGMENT, BO_TONE_SERIES_6, BO_PATTERN_DOTTED,
                     get_part_title (&maker, PART_UNKNOWN));
  for (guint i = 0; i < cells->len; i++)
    {
      const BoCell *cell = ((const BoCellSummary *) g_ptr_array_index (cells, i))->cell;
      const BoImage *image = find_image (input, cell);

      if (image != NULL)
        note_owners (&maker, image, cell->strategy);
    }
  for (guint i = 0; i < cells->len; i++)
    add_row (&maker, g_ptr_array_index (cells, i));
  if (chart->max == 0)
    chart->empty = g_strdup (D_ (language, "No image has been made yet."));
  if (chart->empty == NULL)
    bo_chart_explain_variants (input, chart);
  sentence = g_strdup_printf ("%s: %s.", chart->title, chart->empty != NULL ? chart->empty : chart->subtitle);
  bo_chart_describe_rows (chart, sentence);
  return chart;
}
