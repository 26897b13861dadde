/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "charts/bo-axis.h"
#include "charts/bo-chart-locale.h"
#include "charts/bo-chart-table.h"

G_BEGIN_DECLS

/*
 * A chart, as an immutable value: what it shows, in numbers and in words, but
 * not where on a surface. The window, the files and the documents all draw this
 * one (bo-chart-layout.h), and read it out, and show its table.
 */

/**
 * BoChartTone: what a colour says; a style (bo-chart-style.h) says which colour it is
 */
typedef enum
{
  BO_TONE_TEXT,
  BO_TONE_DIM,
  BO_TONE_GRID,
  BO_TONE_BACKGROUND,
  BO_TONE_MUTED,
  BO_TONE_NEUTRAL,
  BO_TONE_ACCENT,
  BO_TONE_GOOD,
  BO_TONE_BAD,
  BO_TONE_SERIES_0,
  BO_TONE_SERIES_1,
  BO_TONE_SERIES_2,
  BO_TONE_SERIES_3,
  BO_TONE_SERIES_4,
  BO_TONE_SERIES_5,
  BO_TONE_SERIES_6,
  BO_N_TONES,
} BoChartTone;

#define BO_N_SERIES_TONES (BO_N_TONES - BO_TONE_SERIES_0)

/**
 * BoChartPattern: how an area is filled, for whom colours alone do not tell apart
 */
typedef enum
{
  BO_PATTERN_SOLID,
  BO_PATTERN_RISING,
  BO_PATTERN_FALLING,
  BO_PATTERN_CROSSED,
  BO_PATTERN_DOTTED,
  BO_N_PATTERNS,
} BoChartPattern;

/**
 * BoChartShape: how a mark is drawn
 * @BO_SHAPE_BAR: pale, from one value to another
 * @BO_SHAPE_SEGMENT: full, from one value to another
 * @BO_SHAPE_MEDIAN: a line across the bar
 * @BO_SHAPE_ARROW: at the value, or at the end of the axis when it lies beyond
 * @BO_SHAPE_DASH: nothing is known
 *
 * The others stand at their value.
 */
typedef enum
{
  BO_SHAPE_BAR,
  BO_SHAPE_SEGMENT,
  BO_SHAPE_MEDIAN,
  BO_SHAPE_DOT,
  BO_SHAPE_RING,
  BO_SHAPE_CROSS,
  BO_SHAPE_ARROW,
  BO_SHAPE_SQUARE,
  BO_SHAPE_TRIANGLE,
  BO_SHAPE_DIAMOND,
  BO_SHAPE_CHECK,
  BO_SHAPE_DASH,
} BoChartShape;

/**
 * BoChartLook: how marks of one meaning look; together they are the legend
 * @title: what it means
 */
typedef struct
{
  BoChartShape shape;
  BoChartTone tone;
  BoChartPattern pattern;
  char *title;
} BoChartLook;

/**
 * BoChartMark: one thing that is shown
 * @look: index into the chart's looks
 * @from: where an area begins, microseconds or bytes
 * @to: where it ends, or where the mark stands
 * @column: for a grid or a trend: in which column
 * @joined: for a trend: whether a line leads to it from the one before that is joined
 * @dashed: for a trend: whether what it is joined to is not the same thing
 * @label: (nullable): a few characters that stand in the area when there is room
 * @text: (nullable): what it is, in full: its tooltip and what a screen reader says
 */
typedef struct
{
  guint look;
  gint64 from;
  gint64 to;
  guint column;
  gboolean joined;
  gboolean dashed;
  char *label;
  char *text;
} BoChartMark;

/**
 * BoChartRow: a row of marks; in a trend, a line
 * @title: its name, in full
 * @detail: (nullable): what tells it from others of the same name
 * @note: (nullable): its value in words, which stands behind its marks
 * @text: all of it in words
 * @emphasis: whether its name stands out
 * @link: value at which it is joined to the next row, or -1
 * @marks: (element-type BoChartMark)
 */
typedef struct
{
  char *title;
  char *detail;
  char *note;
  char *text;
  gboolean emphasis;
  gint64 link;
  GPtrArray *marks;
} BoChartRow;

/**
 * BoChartKind:
 * @BO_CHART_ROWS: rows of marks along one axis
 * @BO_CHART_GRID: rows and columns of marks
 * @BO_CHART_TREND: lines over columns
 */
typedef enum
{
  BO_CHART_ROWS,
  BO_CHART_GRID,
  BO_CHART_TREND,
} BoChartKind;

/**
 * BoChart:
 * @id: names it in files: "build-time-cold"
 * @title, @subtitle: what it shows
 * @description: what it says, in words, for whoever does not see it
 * @empty: (nullable): why there is nothing to show; nothing else is drawn then
 * @axis: what its values are
 * @max: the largest value that the axis shows; marks beyond it stand at its end
 * @looks: (element-type BoChartLook)
 * @rows: (element-type BoChartRow)
 * @columns: (element-type utf8): for a grid or a trend
 * @remarks: (element-type utf8): sentences below it
 * @table: its numbers
 * @language, @decimal_point: (nullable): as in #BoChartLocale
 */
typedef struct
{
  BoChartKind kind;
  char *id;
  char *title;
  char *subtitle;
  char *description;
  char *empty;
  BoAxisKind axis;
  gint64 max;
  GPtrArray *looks;
  GPtrArray *rows;
  GPtrArray *columns;
  GPtrArray *remarks;
  BoChartTable *table;
  char *language;
  char *decimal_point;

  /*< private >*/
  gatomicrefcount ref_count;
} BoChart;

BoChart *bo_chart_ref (BoChart *chart);
void bo_chart_unref (BoChart *chart);
BoChartLocale bo_chart_get_locale (const BoChart *chart);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoChart, bo_chart_unref)

/* For those that make charts; a chart that was handed out is not changed any more. */
BoChart *bo_chart_new (BoChartKind kind, const char *id, const BoChartLocale *locale);
guint bo_chart_add_look (BoChart *chart,
                         BoChartShape shape,
                         BoChartTone tone,
                         BoChartPattern pattern,
                         const char *title);
BoChartRow *bo_chart_add_row (BoChart *chart, const char *title, const char *detail);
BoChartMark *bo_chart_row_add_mark (BoChartRow *row, guint look, gint64 from, gint64 to, char *text);

G_END_DECLS
