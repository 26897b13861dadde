/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-translations"

#include "config.h"

#include <langinfo.h>
#include <locale.h>
#include <string.h>

#include <glib/gi18n.h>

#include "study/bo-build-tree.h"
#include "study/bo-decimal-point.h"
#include "study/bo-translations.h"

/**
 * bo_translations_get_folder:
 *
 * Returns: (transfer none): where the catalogues are, LANGUAGE/LC_MESSAGES/bakeoff.mo
 */
const char *
bo_translations_get_folder (void)
{
  return bo_runs_from_build_tree () ? BO_BUILD_ROOT "/po" : LOCALEDIR;
}

/**
 * bo_translations_start:
 *
 * Gives the program the locale and the language of its user. The first thing
 * that a program does, since switching a locale is not safe once threads run.
 */
void
bo_translations_start (void)
{
  setlocale (LC_ALL, "");
  bo_decimal_point_set_default (nl_langinfo (RADIXCHAR));
  bindtextdomain (GETTEXT_PACKAGE, bo_translations_get_folder ());
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
}

/**
 * bo_translations_get_language:
 *
 * The language that gettext found for this program's texts, which is not
 * always the first one its user wants. A catalogue names it in its header,
 * which is the translation of the empty text.
 *
 * Returns: (transfer full): "de", "zh_CN"; "en" when the texts are not translated
 */
char *
bo_translations_get_language (void)
{
  static const char field[] = "\nLanguage:";
  const char *header = dgettext (GETTEXT_PACKAGE, "");
  const char *found = strstr (header, field);
  g_autofree char *language = NULL;

  if (found == NULL)
    return g_strdup ("en");
  found += strlen (field);
  language = g_strstrip (g_strndup (found, strcspn (found, "\n")));
  return g_strdup (*language != '\0' ? language : "en");
}
