/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "device/bo-device-advice.h"

#define GIB (G_GINT64_CONSTANT (1) << 30)

/* An Orin Nano as it should be. */
static BoDeviceFacts *
make_facts (void)
{
  BoDeviceFacts *facts = bo_device_facts_new ();

  facts->l4t = g_strdup ("36.4.3");
  facts->soc = g_strdup ("tegra234");
  facts->power_mode = g_strdup ("MAXN_SUPER");
  g_ptr_array_add (facts->power_modes, g_strdup ("0 15W"));
  g_ptr_array_add (facts->power_modes, g_strdup ("1 25W"));
  g_ptr_array_add (facts->power_modes, g_strdup ("2 MAXN_SUPER"));
  facts->clocks_locked = 1;
  facts->memory = 8 * GIB;
  facts->swap = 20 * GIB;
  facts->zram_swap = 4 * GIB;
  facts->disk_kind = g_strdup ("nvme");
  facts->root_dir = g_strdup ("/var/lib/docker");
  facts->free_disk = 100 * GIB;
  facts->default_runtime = g_strdup ("nvidia");
  g_ptr_array_add (facts->runtimes, g_strdup ("nvidia"));
  facts->engine_version = g_strdup ("27.5.1");
  facts->has_iptables_raw = 0;
  facts->clock_synced = 1;
  facts->has_desktop = 0;
  facts->time_s = facts->asked_s = 1764000000;
  return facts;
}

static BoStudy *
make_study (const char *builders, const char *network)
{
  g_autoptr (BoProblems) problems = bo_problems_new ();
  g_autofree char *text
      = g_strdup_printf ("{\"format\":1,\"name\":\"s\",\"baseline\":\"a\",\"bases\":[{\"id\":\"b\",\"image\":\"x:1\"}],"
                         "\"builders\":%s,\"defaults\":{\"builder\":\"classic\",\"runtime\":\"nvidia\",\"network\":\"%s\"},"
                         "\"strategies\":[{\"id\":\"a\",\"dockerfile\":\"Dockerfile\"}]}",
                         builders, network);
  BoStudy *study = bo_study_load_from_data (text, -1, "/tmp/bakeoff.json", NULL, problems);

  for (guint i = 0; i < problems->items->len; i++)
    g_test_message ("%s", bo_problems_get (problems, i)->message);
  g_assert_nonnull (study);
  return study;
}

static char *
get_ids (GPtrArray *list)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < list->len; i++)
    {
      const BoAdvice *advice = g_ptr_array_index (list, i);

      g_assert_cmpuint (strlen (advice->seen), >, 10);
      g_assert_cmpuint (strlen (advice->why), >, 10);
      if (i > 0)
        g_assert_cmpint (advice->level, >=, ((BoAdvice *) g_ptr_array_index (list, i - 1))->level);
      g_string_append_printf (text, "%s%s", i > 0 ? " " : "", advice->id);
    }
  return g_string_free (text, FALSE);
}

static void
check (BoDeviceFacts *facts, const BoStudy *study, gint64 peak, const char *expected)
{
  g_autoptr (BoDeviceFacts) owned = facts;
  g_autoptr (GPtrArray) list = bo_device_advise (owned, study, peak);
  g_autofree char *ids = get_ids (list);

  g_assert_cmpstr (ids, ==, expected);
}

static void
set (char **field, const char *text)
{
  g_free (*field);
  *field = g_strdup (text);
}

static void
test_nothing (void)
{
  g_autoptr (BoStudy) study = make_study ("[\"classic\"]", "host");

  check (make_facts (), study, 50 * GIB, "");
  check (make_facts (), NULL, 0, "");
  /* Nothing is known, so nothing is said; but the study's runtime is not among those of the engine. */
  check (bo_device_facts_new (), NULL, 50 * GIB, "");
  check (bo_device_facts_new (), study, 50 * GIB, "runtime");
}

static void
test_power_modes (void)
{
  static const struct
  {
    const char *mode;
    const char *modes[5];
    const char *command;
  } cases[] = {
    { "15W", { "0 15W", "1 25W", "2 MAXN_SUPER", "3 7W" }, "sudo nvpmodel -m 2" },
    { "25W", { "0 15W", "1 25W", "3 7W" }, NULL },
    { "7W", { "0 15W", "1 25W", "3 7W" }, "sudo nvpmodel -m 1" },
    { "MAXN", { "0 MAXN", "1 MODE_15W" }, NULL },
    { "MAXN", { "0 MAXN", "2 MAXN_SUPER" }, "sudo nvpmodel -m 2" },
    { "MODE_30W", { "0 MAXN", "1 MODE_15W", "2 MODE_30W", "3 MODE_50W" }, "sudo nvpmodel -m 0" },
    { "MODE_15W_6CORE", { "2 MODE_15W_6CORE", "8 MODE_20W_6CORE", "x" }, "sudo nvpmodel -m 8" },
    { "15W", { NULL }, NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (BoDeviceFacts) facts = make_facts ();
      g_autoptr (GPtrArray) list = NULL;

      set (&facts->power_mode, cases[i].mode);
      g_ptr_array_set_size (facts->power_modes, 0);
      for (guint k = 0; cases[i].modes[k] != NULL; k++)
        g_ptr_array_add (facts->power_modes, g_strdup (cases[i].modes[k]));
      list = bo_device_advise (facts, NULL, 0);
      g_assert_cmpuint (list->len, ==, cases[i].command != NULL);
      if (list->len > 0)
        g_assert_cmpstr (((BoAdvice *) g_ptr_array_index (list, 0))->command, ==, cases[i].command);
    }
}

static void
test_rules (void)
{
  g_autoptr (BoStudy) classic = make_study ("[\"classic\"]", "host");
  g_autoptr (BoStudy) bridged = make_study ("[\"classic\"]", "bridge");
  g_autoptr (BoStudy) both = make_study ("[\"classic\",\"buildkit\"]", "host");
  BoDeviceFacts *facts;

#define TRY(study, peak, expected, ...)                                                                      \
  G_STMT_START                                                                                               \
  {                                                                                                          \
    facts = make_facts ();                                                                                   \
    __VA_ARGS__;                                                                                             \
    check (facts, study, peak, expected);                                                                    \
  }                                                                                                          \
  G_STMT_END

  TRY (classic, 0, "clocks", facts->clocks_locked = 0);
  /* A PC's clocks are nobody's business. */
  TRY (classic, 0, "", (facts->clocks_locked = 0, set (&facts->l4t, NULL), set (&facts->soc, NULL)));
  TRY (classic, 0, "swap", facts->swap = 0; facts->zram_swap = 0);
  TRY (classic, 0, "swap", facts->swap = facts->zram_swap);
  TRY (classic, 0, "", facts->swap = 0; facts->memory = 16 * GIB);
  TRY (classic, 0, "", facts->swap = -1);
  TRY (classic, 0, "slow-disk", set (&facts->disk_kind, "sd"));
  TRY (classic, 0, "slow-disk", set (&facts->disk_kind, "emmc"));
  TRY (classic, 0, "slow-disk", set (&facts->disk_kind, "hdd"));
  TRY (classic, 0, "", set (&facts->disk_kind, "ssd"));
  TRY (classic, 0, "", set (&facts->disk_kind, NULL));
  TRY (classic, 101 * GIB, "disk-space", (void) 0);
  TRY (classic, 101 * GIB, "", facts->free_disk = -1);
  TRY (classic, 0, "runtime", g_ptr_array_set_size (facts->runtimes, 0));
  TRY (NULL, 0, "", g_ptr_array_set_size (facts->runtimes, 0));
  TRY (classic, 0, "default-runtime", set (&facts->default_runtime, "runc"));
  TRY (both, 0, "buildkit-gpu", (void) 0);
  TRY (both, 0, "old-engine buildkit-gpu", set (&facts->engine_version, "18.06.1-ce"));
  TRY (both, 0, "buildkit-gpu", set (&facts->engine_version, "18.09.0"));
  TRY (both, 0, "podman-buildkit buildkit-gpu", facts->is_podman = TRUE; set (&facts->engine_version, "4.3.1"));
  TRY (bridged, 0, "iptables-raw", set (&facts->engine_version, "28.0.1"));
  TRY (bridged, 0, "", set (&facts->engine_version, "27.5.1"));
  TRY (bridged, 0, "", set (&facts->engine_version, "28.0.1"); facts->skips_iptables_raw = TRUE);
  TRY (bridged, 0, "", set (&facts->engine_version, "28.0.1"); facts->has_iptables_raw = 1);
  TRY (bridged, 0, "", set (&facts->engine_version, "28.0.1"); facts->has_iptables_raw = -1);
  TRY (classic, 0, "", set (&facts->engine_version, "28.0.1"));
  TRY (classic, 0, "clock", facts->time_s -= 61);
  TRY (classic, 0, "clock", facts->time_s += 61; facts->clock_synced = 0);
  TRY (classic, 0, "clock-sync", facts->time_s += 60; facts->clock_synced = 0);
  TRY (classic, 0, "", facts->time_s = -1);
  TRY (classic, 0, "desktop", facts->has_desktop = 1);
  /* The most important first. */
  TRY (classic, 200 * GIB, "disk-space swap clocks", facts->clocks_locked = 0; facts->swap = 0; facts->zram_swap = 0);
#undef TRY
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/device-advice/nothing", test_nothing);
  g_test_add_func ("/device-advice/power-modes", test_power_modes);
  g_test_add_func ("/device-advice/rules", test_rules);
  return g_test_run ();
}
