/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gstdio.h>

#include "charts/bo-chart-file.h"
#include "gui-test.h"
#include "results/bo-card-grid.h"
#include "results/bo-insight-card.h"
#include "results/bo-results-page.h"
#include "sample-results.h"

static BoResultsPage *
find_page (GtkWidget *widget)
{
  if (BO_IS_RESULTS_PAGE (widget))
    return BO_RESULTS_PAGE (widget);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      BoResultsPage *found = find_page (child);

      if (found != NULL)
        return found;
    }
  return NULL;
}

static BoStudyWindow *
open_results (BoResultsPage **page)
{
  BoStudyWindow *window = open_sample ();

  gtk_widget_activate_action (GTK_WIDGET (window), "win.page", "s", "results");
  *page = find_page (GTK_WIDGET (window));
  g_assert_nonnull (*page);
  wait_ms (200);
  WAIT_FOR (bo_results_page_is_ready (*page));
  return window;
}

static void
test_pictures (void)
{
  AdwStyleManager *manager = adw_style_manager_get_default ();
  BoResultsPage *page;
  BoStudyWindow *window = open_results (&page);
  const int sizes[][2] = { { 1280, 2400 }, { 360, 5200 } };

  for (guint dark = 0; dark < 2; dark++)
    for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
      {
        g_autofree char *file = g_strdup_printf ("results-%s-%d", dark ? "dark" : "light", sizes[i][0]);

        adw_style_manager_set_color_scheme (manager, dark ? ADW_COLOR_SCHEME_FORCE_DARK : ADW_COLOR_SCHEME_FORCE_LIGHT);
        set_size (GTK_WINDOW (window), sizes[i][0], sizes[i][1]);
        WAIT_FOR (bo_results_page_is_ready (page));
        wait_ms (300);
        take_picture (GTK_WIDGET (window), file);
      }
  adw_style_manager_set_color_scheme (manager, ADW_COLOR_SCHEME_DEFAULT);
  close_window (window);
}

int
main (int argc, char **argv)
{
  if (!gui_test_init (&argc, &argv))
    return 0;

  g_test_add_func ("/results/pictures", test_pictures);
  return gui_test_run ();
}
