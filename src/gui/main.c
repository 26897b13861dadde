/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bakeoff"

#include "config.h"

#include <glib.h>

#include "bo-application.h"
#include "study/bo-translations.h"

int
main (int argc, char **argv)
{
  g_autoptr (BoApplication) application = NULL;

  bo_translations_start ();
  /* Desktop files are found by this name. */
  g_set_prgname (APP_ID);

  application = bo_application_new ();
  return g_application_run (G_APPLICATION (application), argc, argv);
}
