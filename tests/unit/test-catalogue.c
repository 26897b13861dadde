/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "study/bo-catalogue.h"
#include "study/bo-document-text.h"

static const struct
{
  const char *original;
  const char *translation;
} messages[] = {
  { "", "Content-Type: text/plain; charset=UTF-8\n" },
  { "What Worked", "Was funktioniert hat" },
  { "not run", "nicht gelaufen" },
  { "untranslated", "" },
};

static void
add_number (GByteArray *bytes, guint32 number, gboolean swap)
{
  if (swap)
    number = GUINT32_SWAP_LE_BE (number);
  g_byte_array_append (bytes, (const guint8 *) &number, sizeof number);
}

/* A .mo as msgfmt writes it, in this machine's byte order or the other. */
static GByteArray *
make_catalogue (gboolean swap)
{
  GByteArray *bytes = g_byte_array_new ();
  guint32 n = G_N_ELEMENTS (messages);
  guint32 offset = 28 + n * 16;

  add_number (bytes, 0x950412deu, swap);
  add_number (bytes, 0, swap);
  add_number (bytes, n, swap);
  add_number (bytes, 28, swap);
  add_number (bytes, 28 + n * 8, swap);
  add_number (bytes, 0, swap);
  add_number (bytes, 0, swap);
  for (guint i = 0; i < n; i++)
    {
      add_number (bytes, (guint32) strlen (messages[i].original), swap);
      add_number (bytes, offset, swap);
      offset += (guint32) strlen (messages[i].original) + 1;
    }
  for (guint i = 0; i < n; i++)
    {
      add_number (bytes, (guint32) strlen (messages[i].translation), swap);
      add_number (bytes, offset, swap);
      offset += (guint32) strlen (messages[i].translation) + 1;
    }
  for (guint i = 0; i < n; i++)
    g_byte_array_append (bytes, (const guint8 *) messages[i].original, (guint) strlen (messages[i].original) + 1);
  for (guint i = 0; i < n; i++)
    g_byte_array_append (bytes, (const guint8 *) messages[i].translation,
                         (guint) strlen (messages[i].translation) + 1);
  return bytes;
}

static void
test_lookup (gconstpointer data)
{
  g_autoptr (GBytes) bytes = g_byte_array_free_to_bytes (make_catalogue (GPOINTER_TO_INT (data)));
  g_autoptr (GError) error = NULL;
  g_autoptr (BoCatalogue) catalogue = bo_catalogue_new_from_bytes (bytes, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (bo_catalogue_lookup (catalogue, "What Worked"), ==, "Was funktioniert hat");
  g_assert_cmpstr (bo_catalogue_lookup (catalogue, "not run"), ==, "nicht gelaufen");
  g_assert_null (bo_catalogue_lookup (catalogue, "untranslated"));
  g_assert_null (bo_catalogue_lookup (catalogue, "What"));
  g_assert_null (bo_catalogue_lookup (catalogue, "zzz"));
  g_assert_null (bo_catalogue_lookup (catalogue, ""));
}

/* Every cut and every changed byte is refused or read without leaving the file. */
static void
test_hostile (void)
{
  g_autoptr (GByteArray) whole = make_catalogue (FALSE);

  for (guint cut = 0; cut < whole->len; cut++)
    {
      g_autoptr (GBytes) bytes = g_bytes_new (whole->data, cut);
      g_autoptr (GError) error = NULL;
      g_autoptr (BoCatalogue) catalogue = bo_catalogue_new_from_bytes (bytes, &error);

      g_assert_null (catalogue);
      g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_INVAL);
    }
  for (guint at = 0; at < whole->len; at++)
    {
      g_autofree guint8 *changed = g_memdup2 (whole->data, whole->len);
      g_autoptr (GBytes) bytes = NULL;
      g_autoptr (BoCatalogue) catalogue = NULL;

      changed[at] ^= 0xff;
      bytes = g_bytes_new (changed, whole->len);
      catalogue = bo_catalogue_new_from_bytes (bytes, NULL);
      if (catalogue != NULL)
        bo_catalogue_lookup (catalogue, "not run");
    }
}

static void
test_document_text (void)
{
  g_assert_cmpstr (bo_document_text (NULL, "not run"), ==, "not run");
  g_assert_cmpstr (bo_document_text ("en", "not run"), ==, "not run");
  /* No catalogue is installed for these. */
  g_assert_cmpstr (bo_document_text ("xx_YY", "not run"), ==, "not run");
  /* Not a language, and never a path. */
  g_assert_cmpstr (bo_document_text ("../../etc", "not run"), ==, "not run");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/catalogue/lookup", GINT_TO_POINTER (FALSE), test_lookup);
  g_test_add_data_func ("/catalogue/lookup-swapped", GINT_TO_POINTER (TRUE), test_lookup);
  g_test_add_func ("/catalogue/hostile", test_hostile);
  g_test_add_func ("/catalogue/document-text", test_document_text);
  return g_test_run ();
}
