/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-matrix-forecast"

#include "config.h"

#include <glib/gi18n.h>

#include "matrix/bo-matrix-forecast.h"

/**
 * bo_matrix_forecast:
 * @study: the study
 * @cells: (element-type BoCell): the selection
 * @repetitions: of every chain
 * @earlier: (nullable): the latest campaign on the same device, for what it knew of base images and contexts
 * @estimates: (element-type utf8 BoEstimate): what builds take on the device
 *
 * As `bakeoff-cli plan` has it, without asking the device or reading the sources: quick enough for every change of the
 * selection. An engine without one of the builders makes it less.
 *
 * Returns: the forecast
 */
BoMatrixForecast
bo_matrix_forecast (BoStudy *study,
                    GPtrArray *cells,
                    guint repetitions,
                    const BoCampaign *earlier,
                    GHashTable *estimates)
{
  const BoEngineFeatures features = { .classic = TRUE, .buildkit = TRUE };
  BoMatrixForecast forecast = { 0 };
  g_autoptr (BoPlan) plan = NULL;

  g_return_val_if_fail (study != NULL && cells != NULL && estimates != NULL, forecast);
  g_return_val_if_fail (repetitions > 0, forecast);

  forecast.n_cells = cells->len;
  if (cells->len == 0)
    return forecast;
  plan = bo_plan_new (study, cells, repetitions, 0, &features, "forecast", 0);
  if (earlier != NULL)
    bo_plan_add_known (plan, earlier);
  forecast.n_trials = plan->n_counted;
  forecast.n_builds = plan->n_counted + plan->n_priming + plan->prebuilds->len;
  forecast.estimate = bo_plan_estimate (plan, estimates);
  return forecast;
}

static void
append_part (GString *text, const char *part)
{
  g_string_append_printf (text, "%s%s", text->len > 0 ? " · " : "", part);
}

/**
 * bo_matrix_forecast_describe:
 * @forecast: a forecast
 * @locale: of its numbers
 *
 * Says what is known and, as plainly, what is not.
 *
 * Returns: (transfer full): "18 trials · about 3 h 40 min · 2.1 GB needed on the device"
 */
char *
bo_matrix_forecast_describe (const BoMatrixForecast *forecast, const BoChartLocale *locale)
{
  const BoPlanEstimate *estimate = &forecast->estimate;
  GString *text = g_string_new (NULL);
  g_autofree char *trials = NULL;
  g_autofree char *time = NULL;
  g_autofree char *known = bo_chart_locale_format_duration (locale, estimate->known_us);
  g_autofree char *size = bo_chart_locale_format_size (locale, estimate->peak_bytes);
  g_autofree char *disk = NULL;

  if (forecast->n_cells == 0)
    return g_string_free (text, FALSE);
  trials = g_strdup_printf (ngettext ("%u trial", "%u trials", forecast->n_trials), forecast->n_trials);
  append_part (text, trials);

  if (estimate->n_known == 0)
    time = g_strdup (_ ("time not known yet"));
  else if (estimate->n_unknown > 0)
    /* TRANSLATORS: "about 40 min, 12 of 18 builds not known yet" */
    time = g_strdup_printf (_ ("about %s, %u of %u builds not known yet"), known, estimate->n_unknown,
                            estimate->n_known + estimate->n_unknown);
  else
    time = g_strdup_printf (_ ("about %s"), known);
  append_part (text, time);

  if (estimate->peak_bytes > 0)
    disk = g_strdup_printf (estimate->n_unknown_sizes > 0 ? _ ("at least %s needed on the device")
                                                          : _ ("%s needed on the device"),
                            size);
  if (disk != NULL)
    append_part (text, disk);
  return g_string_free (text, FALSE);
}
