/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bakeoff"

#include "config.h"

#include <locale.h>

#include <glib/gi18n.h>

#include "bo-application.h"

int
main (int argc, char **argv)
{
  g_autoptr (BoApplication) application = NULL;

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  /* Desktop files are found by this name. */
  g_set_prgname (APP_ID);

  application = bo_application_new ();
  return g_application_run (G_APPLICATION (application), argc, argv);
}
