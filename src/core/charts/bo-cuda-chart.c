/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-cuda-chart"

#include "config.h"

#include <glib/gi18n.h>

#include "charts/bo-chart-cells.h"

/*
 * How far each image gets with CUDA, rung by rung, and why not further; and
 * beside it what its other probes say.
 */

#define N_RUNGS 4

typedef enum
{
  CELL_YES,
  CELL_SIMULATED,
  CELL_NO,
  CELL_UNKNOWN,
} CellLook;

typedef struct
{
  const BoChartInput *input;
  BoChart *chart;
  const char *language;
  gboolean has_imports;
  gboolean has_workload;
} Maker;

/* The rungs of the record's "level", which is the last one that was reached. */
static int
get_rung (const char *level)
{
  static const char *const levels[N_RUNGS] = { "driver-library", "driver", "kernel", "torch-compute" };

  for (guint i = 0; i < N_RUNGS; i++)
    if (g_strcmp0 (level, levels[i]) == 0)
      return (int) i;
  return -1;
}

static const BoProbe *
find_probe (const Maker *maker, const char *id, BoProbeKind kind, guint *index)
{
  const BoStrategy *strategy = bo_study_get_strategy (maker->input->study, id);

  for (guint i = 0; strategy != NULL && i < strategy->probes->len; i++)
    {
      const BoProbe *probe = g_ptr_array_index (strategy->probes, i);

      if (probe->kind == kind)
        {
          *index = i;
          return probe;
        }
    }
  return NULL;
}

static BoProbeSummary
summarize (const Maker *maker, const BoCell *cell, BoProbeKind kind, gboolean *asked)
{
  BoProbeSummary none = { .kind = kind };
  guint index;
  const BoProbe *probe = find_probe (maker, cell->strategy, kind, &index);

  *asked = probe != NULL;
  if (probe == NULL)
    return none;
  return bo_probe_summarize (maker->input->trials, cell->strategy, cell->base, cell->builder, index, kind,
                             probe->required);
}

static const char *
get_word (const Maker *maker, CellLook look)
{
  switch (look)
    {
    case CELL_YES:
      return D_ (maker->language, "yes");
    case CELL_SIMULATED:
      return D_ (maker->language, "yes, on a simulated GPU");
    case CELL_NO:
      return D_ (maker->language, "no");
    case CELL_UNKNOWN:
    default:
      return D_ (maker->language, "not asked or no answer");
    }
}

static void
add_cell (const Maker *maker,
          BoChartRow *row,
          guint column,
          CellLook look,
          const char *name,
          const char *reason)
{
  const char *title = g_ptr_array_index (maker->chart->columns, column);
  BoChartMark *mark;

  mark = bo_chart_row_add_mark (
      row, look, 0, 0,
      reason != NULL ? g_strdup_printf ("%s, %s: %s (%s)", name, title, get_word (maker, look), reason)
                     : g_strdup_printf ("%s, %s: %s", name, title, get_word (maker, look)));
  mark->column = column;
  bo_chart_table_add_text (maker->chart->table, get_word (maker, look));
}

static void
append_reason (GString *note, const char *title, const char *reason)
{
  g_string_append_printf (note, "%s%s: %s", note->len > 0 ? "; " : "", title, reason);
}

static void
add_ladder (const Maker *maker, BoChartRow *row, const BoProbeSummary *probe, const char *name, GString *note)
{
  int rung = probe->result != NULL ? get_rung (probe->result->level) : -1;
  g_autofree char *reason = probe->result != NULL && probe->result->reason != NULL
                              ? bo_chart_one_line (probe->result->reason, 200) : NULL;

  for (int i = 0; i < N_RUNGS; i++)
    {
      gboolean answered = probe->verdict == BO_VERDICT_YES || probe->verdict == BO_VERDICT_NO;

      if (answered && i <= rung)
        add_cell (maker, row, (guint) i, probe->simulated ? CELL_SIMULATED : CELL_YES, name, NULL);
      else if (probe->verdict == BO_VERDICT_NO && i == rung + 1)
        {
          add_cell (maker, row, (guint) i, CELL_NO, name, reason);
          if (reason != NULL)
            append_reason (note, g_ptr_array_index (maker->chart->columns, (guint) i), reason);
        }
      else
        add_cell (maker, row, (guint) i, CELL_UNKNOWN, name, NULL);
    }
  if (probe->verdict == BO_VERDICT_UNSUPPORTED)
    append_reason (note, D_ (maker->language, "cannot be tried"),
                   reason != NULL ? reason : D_ (maker->language, "no reason given"));
}

static void
add_probe (const Maker *maker,
           BoChartRow *row,
           guint column,
           const BoProbeSummary *probe,
           const char *name,
           GString *note)
{
  CellLook look = probe->verdict == BO_VERDICT_YES  ? CELL_YES
                  : probe->verdict == BO_VERDICT_NO ? CELL_NO
                                                    : CELL_UNKNOWN;
  g_autofree char *reason = look == CELL_NO && probe->result != NULL && probe->result->reason != NULL
                              ? bo_chart_one_line (probe->result->reason, 200) : NULL;

  /* A workload's time is measured on the machine that there is; only the GPU is a stand-in. */
  add_cell (maker, row, column, look, name, reason);
  if (reason != NULL)
    append_reason (note, g_ptr_array_index (maker->chart->columns, column), reason);
}

static void
add_row (const Maker *maker, const BoCellSummary *summary)
{
  const BoChartInput *input = maker->input;
  const BoCell *cell = summary->cell;
  const char *title = bo_chart_get_strategy_title (input, cell->strategy);
  g_autofree char *detail = bo_chart_describe_variant (input, cell);
  g_autofree char *name = detail != NULL ? g_strdup_printf ("%s (%s)", title, detail) : g_strdup (title);
  BoChartRow *row = bo_chart_add_row (maker->chart, title, detail);
  GString *note = g_string_new (NULL);
  gboolean asked;
  BoProbeSummary cuda = summarize (maker, cell, BO_PROBE_CUDA, &asked);
  guint column = N_RUNGS;

  row->emphasis = bo_chart_is_best (input, cell);
  bo_chart_table_begin_row (maker->chart->table);
  bo_chart_table_add_text (maker->chart->table, title);
  bo_chart_table_add_text (maker->chart->table, bo_chart_get_base_title (input, cell->base));
  bo_chart_table_add_text (maker->chart->table, bo_builder_to_string (cell->builder));
  add_ladder (maker, row, &cuda, name, note);
  for (guint kind = BO_PROBE_IMPORTS; kind <= BO_PROBE_WORKLOAD; kind++)
    if (kind == BO_PROBE_IMPORTS ? maker->has_imports : maker->has_workload)
      {
        BoProbeSummary probe = summarize (maker, cell, (BoProbeKind) kind, &asked);

        add_probe (maker, row, column++, &probe, name, note);
      }
  if (note->len == 0 && summary->n_outcomes[BO_OUTCOME_SUCCEEDED] == 0)
    {
      const BoTrial *stopped = bo_cell_summary_get_first (summary, BO_OUTCOME_FAILED);

      if (stopped == NULL && summary->trials->len > 0)
        stopped = g_ptr_array_index (summary->trials, 0);
      if (stopped != NULL)
        {
          g_autofree char *end = bo_chart_describe_end (input, stopped);

          append_reason (note, D_ (maker->language, "no image"), end);
        }
      else
        g_string_append (note, D_ (maker->language, "no image"));
    }
  bo_chart_table_add_text (maker->chart->table, note->str);
  row->note = note->len > 0 ? g_strdup (note->str) : NULL;
  row->text = g_strdup_printf ("%s: %s%s%s", name,
                               cuda.verdict == BO_VERDICT_YES
                                 ? cuda.simulated ? D_ (maker->language, "CUDA works, on a simulated GPU")
                                                  : D_ (maker->language, "CUDA works")
                               : cuda.verdict == BO_VERDICT_NO ? D_ (maker->language, "CUDA does not work")
                                                               : D_ (maker->language, "CUDA: no answer"),
                               note->len > 0 ? "; " : "", note->str);
  g_string_free (note, TRUE);
}

/**
 * bo_chart_new_cuda:
 * @input: what charts are made from
 *
 * Returns: (transfer full): how far each image gets
 */
BoChart *
bo_chart_new_cuda (const BoChartInput *input)
{
  static const char *const rungs[N_RUNGS] = { N_ ("Library"), N_ ("Driver"), N_ ("Kernel"), N_ ("PyTorch") };
  g_autoptr (GPtrArray) cells = bo_chart_select_images (input);
  Maker maker
      = { input, bo_chart_new (BO_CHART_GRID, "cuda", &input->locale), input->locale.language, FALSE, FALSE };
  BoChart *chart = maker.chart;
  gboolean any = FALSE;
  g_autofree char *sentence = NULL;

  chart->title = g_strdup (D_ (maker.language, "CUDA"));
  chart->subtitle = g_strdup (D_ (maker.language, "how far each image gets"));
  for (guint i = 0; i < cells->len; i++)
    {
      const BoCell *cell = ((const BoCellSummary *) g_ptr_array_index (cells, i))->cell;
      guint index;

      any |= find_probe (&maker, cell->strategy, BO_PROBE_CUDA, &index) != NULL;
      maker.has_imports |= find_probe (&maker, cell->strategy, BO_PROBE_IMPORTS, &index) != NULL;
      maker.has_workload |= find_probe (&maker, cell->strategy, BO_PROBE_WORKLOAD, &index) != NULL;
    }
  for (guint i = 0; i < N_RUNGS; i++)
    g_ptr_array_add (chart->columns, g_strdup (D_ (maker.language, rungs[i])));
  if (maker.has_imports)
    g_ptr_array_add (chart->columns, g_strdup (D_ (maker.language, "Imports")));
  if (maker.has_workload)
    g_ptr_array_add (chart->columns, g_strdup (D_ (maker.language, "Workload")));
  bo_chart_table_add_column (chart->table, BO_COLUMN_TEXT, D_ (maker.language, "Strategy"));
  bo_chart_table_add_column (chart->table, BO_COLUMN_TEXT, D_ (maker.language, "Base"));
  bo_chart_table_add_column (chart->table, BO_COLUMN_TEXT, D_ (maker.language, "Builder"));
  for (guint i = 0; i < chart->columns->len; i++)
    bo_chart_table_add_column (chart->table, BO_COLUMN_TEXT, g_ptr_array_index (chart->columns, i));
  bo_chart_table_add_column (chart->table, BO_COLUMN_TEXT, D_ (maker.language, "Reason"));
  /* In the order of CellLook. */
  bo_chart_add_look (chart, BO_SHAPE_CHECK, BO_TONE_GOOD, BO_PATTERN_SOLID, get_word (&maker, CELL_YES));
  bo_chart_add_look (chart, BO_SHAPE_RING, BO_TONE_GOOD, BO_PATTERN_SOLID, get_word (&maker, CELL_SIMULATED));
  bo_chart_add_look (chart, BO_SHAPE_CROSS, BO_TONE_BAD, BO_PATTERN_SOLID, get_word (&maker, CELL_NO));
  bo_chart_add_look (chart, BO_SHAPE_DASH, BO_TONE_NEUTRAL, BO_PATTERN_SOLID,
                     get_word (&maker, CELL_UNKNOWN));
  for (guint i = 0; any && i < cells->len; i++)
    add_row (&maker, g_ptr_array_index (cells, i));
  if (!any)
    chart->empty = g_strdup (D_ (maker.language, "The study does not ask for CUDA."));
  if (chart->empty == NULL)
    bo_chart_explain_variants (input, chart);
  sentence = g_strdup_printf ("%s: %s.", chart->title, chart->empty != NULL ? chart->empty : chart->subtitle);
  bo_chart_describe_rows (chart, sentence);
  return chart;
}
