/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include <glib/gstdio.h>

#include "engine/bo-engine-error.h"
#include "engine/bo-registry-auth.h"

typedef struct
{
  char *folder;
} Fixture;

static char *
in_folder (Fixture *fixture, const char *name)
{
  return g_build_filename (fixture->folder, name, NULL);
}

static void
setup (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = NULL;

  fixture->folder = g_dir_make_tmp ("bakeoff-auth-XXXXXX", NULL);
  g_setenv ("DOCKER_CONFIG", fixture->folder, TRUE);
  path = g_strconcat (fixture->folder, ":", g_getenv ("PATH"), NULL);
  g_setenv ("PATH", path, TRUE);
}

static void
write_config (Fixture *fixture, const char *text)
{
  g_autofree char *path = in_folder (fixture, "config.json");

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

static void
write_helper (Fixture *fixture, const char *name, const char *text)
{
  g_autofree char *path = in_folder (fixture, name);
  g_autofree char *script = g_strconcat ("#!/bin/sh\n", text, NULL);

  g_assert_true (g_file_set_contents (path, script, -1, NULL));
  g_assert_cmpint (g_chmod (path, 0700), ==, 0);
}

static void
teardown (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GDir) dir = g_dir_open (fixture->folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = in_folder (fixture, name);

      g_unlink (path);
    }
  g_rmdir (fixture->folder);
  g_free (fixture->folder);
}

static void
result_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

/* The JSON in the header, or NULL. */
static char *
look_up (const char *key, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autofree char *header = NULL;
  char *text;
  gsize length;

  bo_registry_auth_lookup_async (key, NULL, result_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  header = bo_registry_auth_lookup_finish (result, error);
  if (header == NULL)
    return NULL;
  g_assert_cmpuint (strlen (header) % 4, ==, 0);
  g_assert_null (strpbrk (header, "+/"));
  g_strdelimit (header, "-", '+');
  g_strdelimit (header, "_", '/');
  text = (char *) g_base64_decode (header, &length);
  text = g_realloc (text, length + 1);
  text[length] = '\0';
  return text;
}

static void
check (const char *key, const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = look_up (key, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (text, ==, expected);
}

/* The message must be there and must not hold the secret. */
static void
check_error (const char *key, const char *words)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = look_up (key, &error);

  g_assert_null (text);
  g_assert_error (error, BO_ENGINE_ERROR, BO_ENGINE_ERROR_CREDENTIALS);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, words));
  g_assert_null (strstr (error->message, "SECRET"));
}

static void
test_file (Fixture *fixture, gconstpointer data)
{
  check ("nvcr.io", NULL);
  /* $oauthtoken:a:b?>~ needs both of the characters in which the alphabets differ. */
  write_config (fixture, "{\"auths\":{\"nvcr.io\":{\"auth\":\"JG9hdXRodG9rZW46YTpiPz5+\"},"
                         "\"https://index.docker.io/v1/\":{\"auth\":\"dTpw\"},"
                         "\"https://old.example/v1/\":{\"auth\":\"dTpw\"},"
                         "\"token.example\":{\"auth\":\"dTo=\",\"identitytoken\":\"T\"},"
                         "\"empty.example\":{},"
                         "\"broken.example\":{\"auth\":\"U0VDUkVU\"}}}");
  check ("nvcr.io", "{\"username\":\"$oauthtoken\",\"password\":\"a:b?>~\",\"serveraddress\":\"nvcr.io\"}");
  check ("https://index.docker.io/v1/",
         "{\"username\":\"u\",\"password\":\"p\",\"serveraddress\":\"https://index.docker.io/v1/\"}");
  check ("old.example", "{\"username\":\"u\",\"password\":\"p\",\"serveraddress\":\"old.example\"}");
  check ("token.example", "{\"identitytoken\":\"T\",\"serveraddress\":\"token.example\"}");
  check ("empty.example", NULL);
  check ("other.example", NULL);
  check_error ("broken.example", "broken.example");
}

static void
test_helpers (Fixture *fixture, gconstpointer data)
{
  write_config (fixture,
                "{\"credsStore\":\"all\",\"credHelpers\":{\"one.example\":\"one\",\"bad.example\":\"bad\","
                "\"odd.example\":\"odd\",\"gone.example\":\"gone\",\"path.example\":\"../x\"}}");
  write_helper (
      fixture, "docker-credential-all",
      "[ \"$1\" = get ] || exit 9\nread -r url\n[ \"$url\" = none.example ] && { echo 'credentials not found "
      "in "
      "native keychain'; exit 1; }\n"
      "echo "
      "\"{\\\"ServerURL\\\":\\\"$url\\\",\\\"Username\\\":\\\"<token>\\\",\\\"Secret\\\":\\\"T\\\"}\"\n");
  write_helper (fixture, "docker-credential-one",
                "cat >/dev/null\necho '{\"Username\":\"u\",\"Secret\":\"p\"}'\n");
  write_helper (fixture, "docker-credential-bad", "cat >/dev/null\necho 'the keyring is locked'\nexit 1\n");
  write_helper (fixture, "docker-credential-odd", "cat >/dev/null\necho '{\"Secret\":\"SECRET\"}'\n");
  check ("some.example", "{\"identitytoken\":\"T\",\"serveraddress\":\"some.example\"}");
  check ("none.example", NULL);
  check ("one.example", "{\"username\":\"u\",\"password\":\"p\",\"serveraddress\":\"one.example\"}");
  check_error ("bad.example", "the keyring is locked");
  check_error ("odd.example", "no user name");
  check_error ("gone.example", "docker-credential-gone");
  check_error ("path.example", "not the name");
}

static void
test_broken_file (Fixture *fixture, gconstpointer data)
{
  write_config (fixture, "{\"auths\": SECRET");
  check_error ("nvcr.io", "config.json");
  write_config (fixture, "[]");
  check_error ("nvcr.io", "config.json");
  write_config (fixture, "{\"auths\":[1],\"credsStore\":7}");
  check ("nvcr.io", NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/registry-auth/file", Fixture, NULL, setup, test_file, teardown);
  g_test_add ("/registry-auth/helpers", Fixture, NULL, setup, test_helpers, teardown);
  g_test_add ("/registry-auth/broken-file", Fixture, NULL, setup, test_broken_file, teardown);

  return g_test_run ();
}
