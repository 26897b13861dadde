/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <cairo.h>

#include "charts/bo-chart-style.h"
#include "charts/bo-chart.h"

G_BEGIN_DECLS

/*
 * A chart on a surface of a certain width: where everything stands, in
 * pixels. A layout is made, drawn and asked in one thread.
 */

/**
 * BoChartTarget: something that can be pointed at, or reached by keyboard
 * @x, @y, @width, @height: where it is
 * @row: index of its row
 * @mark: index of its mark in the row, or -1 for the row as a whole
 * @text: what it says, for a tooltip and for a screen reader
 */
typedef struct
{
  double x;
  double y;
  double width;
  double height;
  guint row;
  int mark;
  char *text;
} BoChartTarget;

typedef struct _BoChartLayout BoChartLayout;

BoChartLayout *bo_chart_layout_new (BoChart *chart, const BoChartStyle *style, double width);
void bo_chart_layout_free (BoChartLayout *layout);
double bo_chart_layout_get_width (const BoChartLayout *layout);
double bo_chart_layout_get_height (const BoChartLayout *layout);
void bo_chart_layout_draw (const BoChartLayout *layout, cairo_t *cr);
void bo_chart_layout_draw_part (const BoChartLayout *layout, cairo_t *cr, double y, double height);
guint bo_chart_layout_get_n_targets (const BoChartLayout *layout);
const BoChartTarget *bo_chart_layout_get_target (const BoChartLayout *layout, guint index);
int bo_chart_layout_find_target (const BoChartLayout *layout, double x, double y);
GPtrArray *bo_chart_layout_list_targets (const BoChartLayout *layout);
int bo_chart_targets_find (GPtrArray *targets, double x, double y);

void bo_chart_draw (BoChart *chart, cairo_t *cr, double width, double height, const BoChartStyle *style);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoChartLayout, bo_chart_layout_free)

G_END_DECLS
