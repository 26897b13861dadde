/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-image-ref"

#include "config.h"

#include <string.h>

#include <glib/gi18n.h>

#include "engine/bo-engine-error.h"
#include "engine/bo-image-ref.h"

/* The grammar of github.com/distribution/reference. */
#define PATH_PART "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*"
#define PATH_PATTERN "\\A" PATH_PART "(?:/" PATH_PART ")*\\z"
#define HOST_PATTERN "\\A(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\\[[0-9A-Fa-f:]+\\])(?::[0-9]{1,5})?\\z"
#define TAG_PATTERN "\\A[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}\\z"
#define DIGEST_PATTERN "\\A[a-z0-9]+(?:[.+_-][a-z0-9]+)*:[0-9a-fA-F]{32,}\\z"

#define NAME_MAX_BYTES 255

static BoImageRef *
refuse (GError **error, const char *text, const char *why)
{
  g_set_error (error, BO_ENGINE_ERROR, BO_ENGINE_ERROR_REFERENCE, _ ("“%s” does not name an image: %s"), text,
               why);
  return NULL;
}

void
bo_image_ref_free (BoImageRef *ref)
{
  g_return_if_fail (ref != NULL);

  g_free (ref->registry);
  g_free (ref->path);
  g_free (ref->tag);
  g_free (ref->digest);
  g_free (ref);
}

static gboolean
matches (const char *pattern, const char *text)
{
  return g_regex_match_simple (pattern, text, G_REGEX_DOLLAR_ENDONLY, 0);
}

/**
 * bo_image_ref_parse:
 * @text: "debian", "nvcr.io/nvidia/l4t-jetpack:r36.4.0", "host:5000/a/b@sha256:..."
 *
 * Reads the name of an image as the docker command does: what stands before the
 * first '/' is a registry only if it has a '.' or ':' or is "localhost", and a
 * name without tag and digest means "latest".
 *
 * Returns: (transfer full): its parts
 */
BoImageRef *
bo_image_ref_parse (const char *text, GError **error)
{
  g_autoptr (BoImageRef) ref = NULL;
  g_autofree char *rest = NULL;
  char *at, *colon, *slash;
  const char *path;

  g_return_val_if_fail (text != NULL, NULL);

  if (text[0] == '\0')
    return refuse (error, text, _ ("it is empty"));
  if (!g_utf8_validate (text, -1, NULL))
    return refuse (error, "?", _ ("it is not UTF-8 text"));
  ref = g_new0 (BoImageRef, 1);
  rest = g_strdup (text);

  at = strchr (rest, '@');
  if (at != NULL)
    {
      *at = '\0';
      if (!matches (DIGEST_PATTERN, at + 1))
        return refuse (error, text, _ ("what follows “@” is not a digest such as sha256:…"));
      ref->digest = g_strdup (at + 1);
    }
  /* A ':' before the last '/' belongs to the registry's port. */
  slash = strrchr (rest, '/');
  colon = strrchr (rest, ':');
  if (colon != NULL && (slash == NULL || colon > slash))
    {
      *colon = '\0';
      if (!matches (TAG_PATTERN, colon + 1))
        return refuse (error, text, _ ("what follows “:” is not a tag"));
      ref->tag = g_strdup (colon + 1);
    }
  if (ref->tag == NULL && ref->digest == NULL)
    ref->tag = g_strdup ("latest");

  path = rest;
  slash = strchr (rest, '/');
  if (slash != NULL)
    {
      g_autofree char *host = g_strndup (rest, (gsize) (slash - rest));

      if (strpbrk (host, ".:") != NULL || strcmp (host, "localhost") == 0)
        {
          if (!matches (HOST_PATTERN, host))
            return refuse (error, text, _ ("what stands before the first “/” is not a registry's address"));
          ref->registry = g_steal_pointer (&host);
          path = slash + 1;
        }
    }
  if (ref->registry == NULL || strcmp (ref->registry, "index.docker.io") == 0)
    {
      g_free (ref->registry);
      ref->registry = g_strdup ("docker.io");
    }
  /* Before the pattern is tried, which a very long text would keep busy. */
  if (strlen (path) > NAME_MAX_BYTES)
    return refuse (error, text, _ ("it is longer than a name can be"));
  if (!matches (PATH_PATTERN, path))
    {
      g_autofree char *lower = g_ascii_strdown (path, -1);

      if (matches (PATH_PATTERN, lower))
        return refuse (error, text, _ ("names of images are in lower case"));
      return refuse (error, text,
                     _ ("a name has lower-case letters, digits, and between them “.”, “_”, “-” and “/”"));
    }
  if (strlen (path) == 64 && strspn (path, "0123456789abcdef") == 64)
    return refuse (error, text, _ ("it is an id, not a name"));
  if (strcmp (ref->registry, "docker.io") == 0 && strchr (path, '/') == NULL)
    ref->path = g_strconcat ("library/", path, NULL);
  else
    ref->path = g_strdup (path);
  if (strlen (ref->path) > NAME_MAX_BYTES)
    return refuse (error, text, _ ("it is longer than a name can be"));
  return g_steal_pointer (&ref);
}

/**
 * bo_image_ref_get_name:
 *
 * Returns: (transfer full): registry and path, without tag and digest
 */
char *
bo_image_ref_get_name (const BoImageRef *ref)
{
  g_return_val_if_fail (ref != NULL, NULL);

  return g_strconcat (ref->registry, "/", ref->path, NULL);
}

/**
 * bo_image_ref_to_string:
 *
 * Returns: (transfer full): the whole name with nothing left out
 */
char *
bo_image_ref_to_string (const BoImageRef *ref)
{
  g_return_val_if_fail (ref != NULL, NULL);

  return g_strconcat (ref->registry, "/", ref->path, ref->tag == NULL ? "" : ":",
                      ref->tag == NULL ? "" : ref->tag, ref->digest == NULL ? "" : "@",
                      ref->digest == NULL ? "" : ref->digest, NULL);
}

/**
 * bo_image_ref_get_auth_key:
 *
 * Returns: (transfer none): the key of the registry in the docker command's config.json
 */
const char *
bo_image_ref_get_auth_key (const BoImageRef *ref)
{
  g_return_val_if_fail (ref != NULL, NULL);

  return strcmp (ref->registry, "docker.io") == 0 ? "https://index.docker.io/v1/" : ref->registry;
}
