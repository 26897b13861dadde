/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Names that a person writes: of a device, and of an image. What is taken holds
 * nothing that ssh could take for an option or a shell for more than a name, and
 * written down it reads the same; what is refused has a reason.
 */

#include <string.h>

#include "bo-fuzz.h"
#include "engine/bo-device-url.h"
#include "engine/bo-image-ref.h"

static void
check_part (const char *part)
{
  if (part == NULL)
    return;
  BO_FUZZ_CHECK (part[0] != '\0' && part[0] != '-');
  for (const char *p = part; *p != '\0'; p++)
    BO_FUZZ_CHECK (!g_ascii_iscntrl (*p));
}

static void
check_device (const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BoDeviceUrl) url = bo_device_url_parse (text, &error);
  g_autoptr (BoDeviceUrl) again = NULL;
  g_autofree char *written = NULL;
  g_autofree char *rewritten = NULL;
  g_autofree char *place = NULL;

  BO_FUZZ_CHECK ((url == NULL) == (error != NULL));
  if (url == NULL)
    {
      BO_FUZZ_CHECK (error->message[0] != '\0' && g_utf8_validate (error->message, -1, NULL));
      return;
    }
  check_part (url->user);
  check_part (url->host);
  check_part (url->path);
  BO_FUZZ_CHECK ((url->scheme == BO_DEVICE_UNIX) == (url->host == NULL));
  BO_FUZZ_CHECK (url->path == NULL || url->path[0] == '/');
  BO_FUZZ_CHECK (url->path == NULL || g_utf8_validate (url->path, -1, NULL));
  written = bo_device_url_to_string (url);
  place = bo_device_url_get_place (url);
  BO_FUZZ_CHECK (g_str_has_prefix (written, place));
  again = bo_device_url_parse (written, NULL);
  BO_FUZZ_CHECK (again != NULL);
  BO_FUZZ_CHECK (again->scheme == url->scheme && again->port == url->port);
  BO_FUZZ_CHECK (g_strcmp0 (again->user, url->user) == 0);
  BO_FUZZ_CHECK (g_strcmp0 (again->host, url->host) == 0);
  BO_FUZZ_CHECK (g_strcmp0 (again->path, url->path) == 0);
  rewritten = bo_device_url_to_string (again);
  BO_FUZZ_CHECK (strcmp (written, rewritten) == 0);
}

static void
check_image (const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BoImageRef) ref = bo_image_ref_parse (text, &error);
  g_autoptr (BoImageRef) again = NULL;
  g_autofree char *written = NULL;
  g_autofree char *rewritten = NULL;

  BO_FUZZ_CHECK ((ref == NULL) == (error != NULL));
  if (ref == NULL)
    {
      BO_FUZZ_CHECK (error->message[0] != '\0' && g_utf8_validate (error->message, -1, NULL));
      return;
    }
  BO_FUZZ_CHECK (ref->tag != NULL || ref->digest != NULL);
  written = bo_image_ref_to_string (ref);
  for (const char *p = written; *p != '\0'; p++)
    BO_FUZZ_CHECK (g_ascii_isalnum (*p) || strchr ("._-/:@+[]", *p) != NULL);
  again = bo_image_ref_parse (written, NULL);
  BO_FUZZ_CHECK (again != NULL);
  rewritten = bo_image_ref_to_string (again);
  BO_FUZZ_CHECK (strcmp (written, rewritten) == 0);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);

  check_device (text);
  check_image (text);
  return 0;
}
