/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib.h>

#include "session/bo-image-keeping.h"

static void
test_names (void)
{
  static const struct
  {
    const char *name;
    const char *checked;
  } names[] = {
    { "app", "app:latest" },
    { " app:1 ", "app:1" },
    { "registry:5000/team/app", "registry:5000/team/app:latest" },
    { "registry:5000/team/app:2.6", "registry:5000/team/app:2.6" },
    { "", NULL },
    { "App", NULL },
    { "app:", NULL },
    { "a b", NULL },
    { "bakeoff-20261124-061200-3fa9:t1", NULL },
    { "app@sha256:0123456789012345678901234567890123456789012345678901234567890123", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *checked = bo_image_keeping_check_name (names[i].name, &error);

      g_test_message ("“%s”: %s", names[i].name, checked != NULL ? checked : error->message);
      g_assert_cmpstr (checked, ==, names[i].checked);
      if (checked == NULL)
        g_assert_error (error, BO_IMAGE_KEEPING_ERROR, BO_IMAGE_KEEPING_ERROR_NAME);
    }
}

/* What can be known without the device is said without it. */
static void
test_refusals (void)
{
  g_autoptr (BoTrial) trial = bo_trial_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *name = NULL;

  trial->id = g_strdup ("20261124-061200-3fa9.1");
  g_assert_null (bo_image_keep (trial, BO_CAMPAIGN_FINISHED, "app", "/nowhere", &error));
  g_assert_error (error, BO_IMAGE_KEEPING_ERROR, BO_IMAGE_KEEPING_ERROR_NO_IMAGE);
  g_clear_error (&error);

  trial->image = bo_image_new ();
  trial->image->id = g_strdup ("sha256:feed");
  g_assert_null (bo_image_keep (trial, BO_CAMPAIGN_RUNNING, "app", "/nowhere", &error));
  g_assert_error (error, BO_IMAGE_KEEPING_ERROR, BO_IMAGE_KEEPING_ERROR_OPEN);
  g_clear_error (&error);

  name = bo_image_keep (trial, BO_CAMPAIGN_FINISHED, "app", "/nowhere", &error);
  g_assert_null (name);
  g_assert_nonnull (error);
  g_assert_cmpuint (error->domain, !=, BO_IMAGE_KEEPING_ERROR);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/image-keeping/names", test_names);
  g_test_add_func ("/image-keeping/refusals", test_refusals);
  return g_test_run ();
}
