/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include <gio/gio.h>

#include "device/bo-device-script.h"

static BoDeviceFacts *
read_fixture (const char *name)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "unit", "data", name, NULL);
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  BoDeviceFacts *facts = bo_device_facts_new ();

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  bo_device_script_parse (text, facts);
  return facts;
}

static void
test_orin_nano (void)
{
  g_autoptr (BoDeviceFacts) facts = read_fixture ("device-orin-nano.txt");

  g_assert_cmpstr (facts->model, ==, "NVIDIA Jetson Orin Nano Engineering Reference Developer Kit Super");
  g_assert_cmpstr (facts->soc, ==, "tegra234");
  g_assert_cmpstr (facts->l4t, ==, "36.4.3");
  g_assert_cmpstr (facts->jetpack, ==, "6.2");
  g_assert_cmpstr (facts->cuda, ==, "12.6.68");
  g_assert_cmpstr (facts->power_mode, ==, "15W");
  g_assert_cmpuint (facts->power_modes->len, ==, 4);
  g_assert_cmpstr (facts->power_modes->pdata[2], ==, "2 MAXN_SUPER");
  g_assert_cmpstr (facts->cpu_governor, ==, "schedutil");
  g_assert_cmpint (facts->cpu_min_khz, ==, 729600);
  g_assert_cmpint (facts->cpu_max_khz, ==, 1510400);
  g_assert_cmpint (facts->cpu_chip_khz, ==, 1728000);
  g_assert_cmpint (facts->gpu_min_khz, ==, 306000);
  g_assert_cmpint (facts->gpu_max_khz, ==, 612000);
  g_assert_cmpint (facts->clocks_locked, ==, 0);
  g_assert_cmpint (facts->swap, ==, G_GINT64_CONSTANT (3901472) * 1024);
  g_assert_cmpint (facts->zram_swap, ==, G_GINT64_CONSTANT (6 * 650244) * 1024);
  g_assert_cmpstr (facts->disk_kind, ==, "sd");
  g_assert_cmpint (facts->disk_size, ==, G_GINT64_CONSTANT (121370664) * 1024);
  g_assert_cmpint (facts->free_disk, ==, G_GINT64_CONSTANT (69198924) * 1024);
  g_assert_cmpstr (facts->nvidia_ctk, ==, "1.16.2");
  g_assert_cmpstr (facts->nvidia_ctk_mode, ==, "auto");
  g_assert_cmpint (facts->has_iptables_raw, ==, 0);
  g_assert_false (facts->skips_iptables_raw);
  g_assert_cmpint (facts->clock_synced, ==, 0);
  g_assert_cmpint (facts->has_desktop, ==, 1);
  g_assert_cmpint (facts->time_s, ==, 1764000000);
}

/* Only root may ask for its power mode; what its L4T came with is in no table; its clocks are held. */
static void
test_agx (void)
{
  g_autoptr (BoDeviceFacts) facts = read_fixture ("device-agx-old.txt");

  g_assert_cmpstr (facts->l4t, ==, "35.3.1");
  g_assert_cmpstr (facts->jetpack, ==, "unknown");
  g_assert_cmpstr (facts->cuda, ==, "11.4.298");
  g_assert_cmpstr (facts->power_mode, ==, "MODE_30W");
  g_assert_cmpint (facts->clocks_locked, ==, 1);
  g_assert_cmpint (facts->gpu_max_khz, ==, 624750);
  g_assert_cmpint (facts->swap, ==, 0);
  g_assert_cmpint (facts->zram_swap, ==, 0);
  g_assert_null (facts->disk_kind);
  g_assert_cmpint (facts->has_iptables_raw, ==, -1);
  g_assert_cmpint (facts->clock_synced, ==, -1);
  g_assert_cmpint (facts->time_s, ==, -1);
}

static void
test_pc (void)
{
  g_autoptr (BoDeviceFacts) facts = read_fixture ("device-pc.txt");

  g_assert_cmpstr (facts->model, ==, "LENOVO 30E0S0X100");
  g_assert_null (facts->l4t);
  g_assert_null (facts->jetpack);
  g_assert_null (facts->soc);
  g_assert_null (facts->power_mode);
  g_assert_null (facts->cuda);
  g_assert_cmpstr (facts->cpu_governor, ==, "powersave");
  g_assert_cmpint (facts->gpu_max_khz, ==, -1);
  g_assert_cmpint (facts->clocks_locked, ==, 0);
  g_assert_cmpint (facts->zram_swap, ==, 0);
  g_assert_cmpstr (facts->disk_kind, ==, "nvme");
  g_assert_cmpint (facts->has_iptables_raw, ==, 1);
  g_assert_cmpint (facts->clock_synced, ==, 1);
}

static void
test_disks (void)
{
  static const struct
  {
    const char *lines;
    const char *kind;
  } cases[] = {
    { " path /sys/devices/platform/3460000.mmc/mmc_host/mmc0/mmc0:0001/block/mmcblk0/mmcblk0p1\n type MMC\n", "emmc" },
    { " path /sys/devices/platform/x/mmc_host/mmc0/mmc0:0001/block/mmcblk0/mmcblk0p1\n", NULL },
    { " path /sys/devices/pci0000:00/0000:00:17.0/ata1/host0/target0:0:0/0:0:0:0/block/sda/sda1\n rotational 0\n", "ssd" },
    { " path /sys/devices/pci0000:00/0000:00:17.0/ata1/host0/target0:0:0/0:0:0:0/block/sda/sda1\n rotational 1\n", "hdd" },
    { " path /sys/devices/platform/usb/usb2/2-1/2-1:1.0/host0/target0:0:0/0:0:0:0/block/sda\n rotational 1\n", "usb" },
    { " path /sys/devices/pci0000:00/0000:00:02.0/virtio1/block/vda\n rotational 1\n", NULL },
    { " path /sys/devices/virtual/block/loop0\n rotational 1\n", NULL },
    { "", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (BoDeviceFacts) facts = bo_device_facts_new ();
      g_autofree char *text = g_strdup_printf ("disk:\n%s\nend:\n", cases[i].lines);

      bo_device_script_parse (text, facts);
      g_assert_cmpstr (facts->disk_kind, ==, cases[i].kind);
    }
}

static void
test_jetpack (void)
{
  static const char *const cases[][2] = {
    { "36.2.0", "6.0 DP" }, { "36.3", "6.0" },     { "36.3.0", "6.0" }, { "36.4.0", "6.1" },   { "36.4.3", "6.2" },
    { "36.4.4", "6.2.1" },  { "36.4.7", "6.2.1" }, { "38.2.0", "7.0" }, { "38.4.0", "7.1" },   { "39.2.0", "7.2" },
    { "36.4.2", NULL },     { "36.5.0", NULL },    { "36.40", NULL },   { "35.3.1", NULL },    { "", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpstr (bo_device_find_jetpack (cases[i][0]), ==, cases[i][1]);
}

/* What no device of ours prints gives nothing, whatever it is. */
static void
test_nonsense (void)
{
  static const char *const texts[] = {
    "", "\n\n:\n", " 36.4.3\n", "model\n x\n", "model:\nx\n", "cuda_json:\n {\"cuda\":[]}\n", "cuda_json:\n {\n",
    "cpufreq:\n policy0\n policy1 a b c d e\n policy2 a -1 2 3 4\n", "devfreq:\n gpu a b c\n gpu a 1\n",
    "swaps:\n /dev/zram0 x y\n", "df:\n a b c d\n", "meminfo:\n SwapTotal: 99999999999999999999 kB\n",
    "nvpmodel_conf:\n POWER_MODEL ID= NAME=\n", "model:\n \xff\xfe\n",
  };
  g_autoptr (GRand) rand = g_rand_new_with_seed (3);
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "unit", "data", "device-orin-nano.txt", NULL);
  g_autofree char *text = NULL;
  gsize length = 0;

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (BoDeviceFacts) facts = bo_device_facts_new ();

      bo_device_script_parse (texts[i], facts);
      g_assert_null (facts->l4t);
      g_assert_null (facts->power_mode);
      g_assert_cmpint (facts->swap, ==, -1);
      g_assert_cmpint (facts->cpu_max_khz, ==, -1);
      g_assert_cmpint (facts->gpu_max_khz, ==, -1);
      g_assert_cmpint (facts->free_disk, ==, -1);
    }

  g_assert_true (g_file_get_contents (path, &text, &length, NULL));
  for (guint i = 0; i < 300; i++)
    {
      g_autofree char *copy = g_strdup (text);
      g_autoptr (BoDeviceFacts) facts = bo_device_facts_new ();
      g_autoptr (JsonNode) node = NULL;

      for (guint k = 0; k < 8; k++)
        copy[g_rand_int_range (rand, 0, (gint32) length)] = (char) g_rand_int_range (rand, 1, 256);
      bo_device_script_parse (copy, facts);
      node = bo_device_facts_to_json (facts);
    }
}

/* It runs in the sh of this computer, whatever the engine's folder is called. */
static void
test_runs (void)
{
  static const char *const folders[] = { "/", "/nonexistent/docker", "/nonexistent/it's; exit 3", NULL };

  for (guint i = 0; i < G_N_ELEMENTS (folders); i++)
    {
      g_autofree char *script = bo_device_script_make (folders[i]);
      const char *argv[] = { "sh", "-s", NULL };
      g_autoptr (GSubprocess) shell = NULL;
      g_autofree char *output = NULL;
      g_autofree char *words = NULL;
      g_autoptr (GError) error = NULL;
      g_autoptr (BoDeviceFacts) facts = bo_device_facts_new ();

      shell = g_subprocess_newv (argv, G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE
                                           | G_SUBPROCESS_FLAGS_STDERR_PIPE, &error);
      g_assert_no_error (error);
      g_subprocess_communicate_utf8 (shell, script, NULL, &output, &words, &error);
      g_assert_no_error (error);
      g_assert_cmpstr (words, ==, "");
      g_assert_true (g_subprocess_get_successful (shell));
      g_assert_true (g_str_has_suffix (output, "end:\n"));
      bo_device_script_parse (output, facts);
      g_assert_cmpint (facts->swap, >=, 0);
      g_assert_cmpint (facts->free_disk, >=, 0);
      g_assert_cmpint (ABS (facts->time_s - g_get_real_time () / G_USEC_PER_SEC), <, 60);
    }
}

static void
test_json (void)
{
  g_autoptr (BoDeviceFacts) facts = read_fixture ("device-orin-nano.txt");
  g_autoptr (BoDeviceFacts) again = NULL;
  g_autoptr (JsonNode) node = bo_device_facts_to_json (facts);
  g_autoptr (JsonNode) second = NULL;
  g_autoptr (JsonNode) old = json_from_string ("{\"name\":\"orin\"}", NULL);
  g_autoptr (GError) error = NULL;
  g_autofree char *text = json_to_string (node, FALSE);
  g_autofree char *other = NULL;

  again = bo_device_facts_new_from_json (node, &error);
  g_assert_no_error (error);
  second = bo_device_facts_to_json (again);
  other = json_to_string (second, FALSE);
  g_assert_cmpstr (other, ==, text);
  g_assert_cmpint (again->clocks_locked, ==, 0);

  /* Of an earlier version. */
  g_clear_pointer (&again, bo_device_facts_free);
  again = bo_device_facts_new_from_json (old, &error);
  g_assert_no_error (error);
  g_assert_cmpint (again->clocks_locked, ==, -1);
  g_assert_cmpint (again->swap, ==, -1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/device-script/orin-nano", test_orin_nano);
  g_test_add_func ("/device-script/agx", test_agx);
  g_test_add_func ("/device-script/pc", test_pc);
  g_test_add_func ("/device-script/disks", test_disks);
  g_test_add_func ("/device-script/jetpack", test_jetpack);
  g_test_add_func ("/device-script/nonsense", test_nonsense);
  g_test_add_func ("/device-script/runs", test_runs);
  g_test_add_func ("/device-script/json", test_json);
  return g_test_run ();
}
