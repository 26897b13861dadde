/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib.h>

#include "insight/bo-comparability.h"

#define FACTS                                                                                                \
  "{\"power_mode\":\"15W\",\"clocks_locked\":false,\"engine_version\":\"27.5\",\"storage_driver\":\"overlay2\"," \
  "\"kernel\":\"5.15.148-tegra\",\"disk_kind\":null,\"free_disk\":5,\"n_cpus\":6,\"name\":\"orin\"}"

static void
test_rules (void)
{
  static const struct
  {
    const char *other;
    const char *reason;
  } cases[] = {
    { FACTS, NULL },
    { NULL, NULL },
    { "", NULL },
    { "[]", NULL },
    { "{}", NULL },
    { "{\"power_mode\":null,\"kernel\":null}", NULL },
    /* What differs from one day to the next says nothing. */
    { "{\"free_disk\":6,\"name\":\"nano\",\"api_version\":\"1.99\"}", NULL },
    { "{\"power_mode\":\"MAXN_SUPER\"}", "another power mode" },
    { "{\"power_mode\":\"15W\",\"clocks_locked\":true}", "clocks locked in one and not in the other" },
    { "{\"engine_version\":\"28.0\"}", "another version of the engine" },
    { "{\"storage_driver\":\"vfs\"}", "another storage driver" },
    { "{\"image_store\":\"containerd\"}", NULL },
    { "{\"kernel\":\"5.15.185-tegra\"}", "another kernel" },
    { "{\"disk_kind\":\"nvme\"}", NULL },
    { "{\"n_cpus\":4}", "another number of processors" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_assert_cmpstr (bo_device_facts_find_difference (FACTS, cases[i].other), ==, cases[i].reason);
      g_assert_cmpstr (bo_device_facts_find_difference (cases[i].other, FACTS), ==, cases[i].reason);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/comparability/rules", test_rules);
  return g_test_run ();
}
