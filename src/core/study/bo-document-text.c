/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-document-text"

#include "config.h"

#include <string.h>

#include "study/bo-catalogue.h"
#include "study/bo-document-text.h"
#include "study/bo-translations.h"

/* Language -> BoCatalogue, or a NULL value for a language without one. Entries are never removed. */
static GHashTable *catalogues;
static GMutex catalogues_lock;

static BoCatalogue *
load_catalogue (const char *language)
{
  g_autofree char *file = NULL;
  g_autoptr (GError) error = NULL;
  BoCatalogue *catalogue;

  file = g_build_filename (bo_translations_get_folder (), language, "LC_MESSAGES", GETTEXT_PACKAGE ".mo", NULL);
  catalogue = bo_catalogue_new_from_file (file, &error);
  if (catalogue == NULL && !g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_NOENT))
    g_warning ("%s: %s", file, error->message);
  return catalogue;
}

static BoCatalogue *
get_catalogue (const char *language)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&catalogues_lock);
  gpointer found;

  if (catalogues == NULL)
    catalogues = g_hash_table_new (g_str_hash, g_str_equal);
  if (!g_hash_table_lookup_extended (catalogues, language, NULL, &found))
    {
      found = load_catalogue (language);
      g_hash_table_insert (catalogues, g_strdup (language), found);
    }
  return found;
}

/* A language comes from a study file and becomes part of a path: letters, digits and "_@.-" alone. */
static gboolean
is_language (const char *text)
{
  if (!g_ascii_isalpha (text[0]) || strlen (text) > 32)
    return FALSE;
  for (const char *p = text; *p != '\0'; p++)
    if (!g_ascii_isalnum (*p) && strchr ("_@-", *p) == NULL)
      return FALSE;
  return TRUE;
}

/* A study's language is called as on the web ("zh-Hans"), a catalogue as gettext does ("zh_CN"). */
static const char *
get_catalogue_name (const char *language)
{
  if (g_ascii_strcasecmp (language, "zh") == 0 || g_ascii_strcasecmp (language, "zh_Hans") == 0
      || g_ascii_strcasecmp (language, "zh_Hans_CN") == 0 || g_ascii_strcasecmp (language, "zh_SG") == 0)
    return "zh_CN";
  return language;
}

/* "zh_TW" is also "zh"; FALSE when there is but one part. */
static gboolean
cut_last_part (char *language)
{
  for (char *p = language + strlen (language); p > language; p--)
    if (*p == '_' || *p == '@')
      {
        *p = '\0';
        return TRUE;
      }
  return FALSE;
}

/**
 * bo_document_text:
 * @language: (nullable): language of the document ("de", "pt-BR", "pt_BR"); NULL is English
 * @text: the English text, marked with N_()
 *
 * A document is written in its study's language, whatever the language of the
 * window or the terminal is. gettext() serves one language a process (and
 * switching it is not safe while other threads run), so the catalogue of the
 * wanted language is read directly. It may be called from any thread.
 *
 * Document texts have no plural forms: they are worded so that none is
 * needed ("n=3", "interleaved pairs: 1").
 *
 * Returns: (transfer none): the translation, or @text itself when there is none; never freed
 */
const char *
bo_document_text (const char *language, const char *text)
{
  g_autofree char *name = NULL;

  g_return_val_if_fail (text != NULL, NULL);

  if (language == NULL || !is_language (language) || g_str_equal (language, "en"))
    return text;

  name = g_strdelimit (g_strdup (language), "-", '_');
  for (;;)
    {
      BoCatalogue *catalogue = get_catalogue (get_catalogue_name (name));
      const char *found = catalogue != NULL ? bo_catalogue_lookup (catalogue, text) : NULL;

      if (found != NULL)
        return found;
      if (!cut_last_part (name))
        return text;
    }
}
