/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "engine/bo-engine-error.h"
#include "engine/bo-image-ref.h"

#define DIGEST "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static const struct
{
  const char *text;
  const char *whole;
  const char *auth_key;
} good[] = {
  { "debian", "docker.io/library/debian:latest", "https://index.docker.io/v1/" },
  { "debian:12", "docker.io/library/debian:12", "https://index.docker.io/v1/" },
  { "dustynv/pytorch:2.6-r36.4.0", "docker.io/dustynv/pytorch:2.6-r36.4.0", "https://index.docker.io/v1/" },
  { "docker.io/debian", "docker.io/library/debian:latest", "https://index.docker.io/v1/" },
  { "index.docker.io/a/b", "docker.io/a/b:latest", "https://index.docker.io/v1/" },
  { "nvcr.io/nvidia/l4t-jetpack:r36.4.0", "nvcr.io/nvidia/l4t-jetpack:r36.4.0", "nvcr.io" },
  { "localhost/a", "localhost/a:latest", "localhost" },
  { "host:5000/a/b", "host:5000/a/b:latest", "host:5000" },
  { "host:5000/a:b", "host:5000/a:b", "host:5000" },
  { "[::1]:5000/a", "[::1]:5000/a:latest", "[::1]:5000" },
  { "a@" DIGEST, "docker.io/library/a@" DIGEST, "https://index.docker.io/v1/" },
  { "a:1@" DIGEST, "docker.io/library/a:1@" DIGEST, "https://index.docker.io/v1/" },
  { "a__b/c-d--e.f", "docker.io/a__b/c-d--e.f:latest", "https://index.docker.io/v1/" },
};

static const char *const bad[] = {
  "",
  "Debian",
  "a b",
  "a:",
  "a:b:c/",
  "-a",
  "a//b",
  "/a",
  "a/",
  "a@sha256:12",
  "a@",
  ".a",
  "a..b",
  "a___b",
  "host:5000/A",
  "ho_st.x/a",
  "a:-b",
  "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
  "a\n",
  "a:b\n",
  "\xff",
};

static void
test_good (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (BoImageRef) ref = bo_image_ref_parse (good[i].text, &error);
      g_autofree char *whole = NULL;

      g_assert_no_error (error);
      whole = bo_image_ref_to_string (ref);
      g_assert_cmpstr (whole, ==, good[i].whole);
      g_assert_cmpstr (bo_image_ref_get_auth_key (ref), ==, good[i].auth_key);
    }
}

static void
test_bad (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (BoImageRef) ref = bo_image_ref_parse (bad[i], &error);

      g_test_message ("%u", i);
      g_assert_null (ref);
      g_assert_error (error, BO_ENGINE_ERROR, BO_ENGINE_ERROR_REFERENCE);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/image-ref/good", test_good);
  g_test_add_func ("/image-ref/bad", test_bad);

  return g_test_run ();
}
