/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-device-script"

#include "config.h"

#include <string.h>

#include "device/bo-device-script.h"
#include "study/bo-json.h"

/*
 * POSIX sh. Each item is "NAME:" and then the lines of its output, each behind
 * a blank, so that no output can be taken for another item. What is in braces is read whole before it
 * runs: the script itself comes through the standard input, which a command might read. Sources:
 * what NVIDIA's tools print and read, proc(5), sysfs' ABI documents of cpufreq, devfreq, zram and block.
 *
 * The engine's folder is often closed to users, so the nearest folder above it that can be seen is
 * asked for its disk; of a volume on others (LVM, LUKS) the first below counts.
 */
static const char script[] =
  "{\n"
  "LC_ALL=C; export LC_ALL\n"
  "PATH=$PATH:/usr/sbin:/sbin:/usr/local/sbin; export PATH\n"
  "item() { echo \"$1:\"; head -n 60 | cut -c 1-500 | sed 's/^/ /'; echo; }\n"
  "soon() { if command -v timeout >/dev/null; then timeout 5 \"$@\"; else \"$@\"; fi; }\n"
  "{ cat /etc/nv_tegra_release; } | item nv_tegra_release\n"
  "{ soon dpkg-query -W -f '${Version}\\n' nvidia-l4t-core; } | item l4t_core\n"
  "{ soon dpkg-query -W -f '${Version}\\n' nvidia-jetpack; } | item jetpack\n"
  "{ tr -d '\\0' </proc/device-tree/model || cat /sys/class/dmi/id/sys_vendor /sys/class/dmi/id/product_name; }"
  " | item model\n"
  "{ tr '\\0' '\\n' </proc/device-tree/compatible; } | item compatible\n"
  "{ cat /usr/local/cuda/version.json; } | item cuda_json\n"
  "{ ls /usr/local/cuda/lib64/ /usr/local/cuda/targets/*/lib/ | grep '^libcudart\\.so\\.[0-9]*\\.[0-9]'; }"
  " | item cuda_libraries\n"
  "{ soon nvpmodel -q; } | item nvpmodel\n"
  "{ cat /var/lib/nvpmodel/status; } | item nvpmodel_status\n"
  "{ grep '^ *< *POWER_MODEL ' /etc/nvpmodel.conf; } | item nvpmodel_conf\n"
  "for p in /sys/devices/system/cpu/cpufreq/policy*; do [ -d \"$p\" ] && echo \"${p##*/}\""
  " \"$(cat \"$p/scaling_governor\")\" \"$(cat \"$p/scaling_min_freq\")\" \"$(cat \"$p/scaling_max_freq\")\""
  " \"$(cat \"$p/cpuinfo_max_freq\")\" \"$(cat \"$p/scaling_cur_freq\")\"; done | item cpufreq\n"
  "for p in /sys/class/devfreq/*; do [ -d \"$p\" ] && echo \"${p##*/}\" \"$(cat \"$p/governor\")\""
  " \"$(cat \"$p/min_freq\")\" \"$(cat \"$p/max_freq\")\" \"$(cat \"$p/cur_freq\")\"; done | item devfreq\n"
  "{ grep -E '^(MemTotal|SwapTotal):' /proc/meminfo; } | item meminfo\n"
  "{ cat /proc/swaps; } | item swaps\n"
  "for p in /sys/block/zram*; do [ -d \"$p\" ] && cat \"$p/disksize\"; done | item zram\n"
  "d=@ROOT@\n"
  "while ! k=$(df -Pk \"$d\" | tail -n 1) || [ -z \"$k\" ]; do [ \"$d\" = / ] && break; d=$(dirname \"$d\"); done\n"
  "echo \"$k\" | item df\n"
  "s=$(echo \"$k\" | cut -d ' ' -f 1)\n"
  "b=$(readlink -f \"$s\"); b=${b##*/}\n"
  "for i in 1 2 3 4; do n=$(ls \"/sys/class/block/$b/slaves\" | head -n 1); [ -n \"$n\" ] && b=$n; done\n"
  "p=$(readlink -f \"/sys/class/block/$b\")\n"
  "{ [ -n \"$b\" ] && echo \"path $p\"; for q in \"$p\" \"$p/..\"; do [ -r \"$q/device/type\" ]"
  " && echo \"type $(cat \"$q/device/type\")\"; [ -r \"$q/queue/rotational\" ]"
  " && echo \"rotational $(cat \"$q/queue/rotational\")\"; done; } | item disk\n"
  "{ soon nvidia-ctk --version; } | item nvidia_ctk\n"
  "{ grep -E '^ *mode *=' /etc/nvidia-container-runtime/config.toml; } | item nvidia_mode\n"
  "{ ls /etc/cdi /var/run/cdi; } | item cdi\n"
  "{ if [ -r /proc/config.gz ]; then zcat /proc/config.gz; else cat \"/boot/config-$(uname -r)\"; fi"
  " | grep -E '^(# )?CONFIG_(IP_NF_RAW|NF_TABLES|OVERLAY_FS|PSI)[ =]'; } | item kernel_config\n"
  "{ soon systemctl show docker -p Environment | grep -c 'DOCKER_INSECURE_NO_IPTABLES_RAW=1'; } | item no_iptables_raw\n"
  "{ soon timedatectl show -p NTPSynchronized --value; } | item ntp\n"
  "{ soon systemctl is-active graphical.target; } | item desktop\n"
  "{ date +%s; } | item date\n"
  "echo end:\n"
  "} </dev/null 2>/dev/null\n";

/**
 * bo_device_script_make:
 * @root_dir: (nullable): where the engine keeps its data, on the device
 *
 * Returns: (transfer full): the script
 */
char *
bo_device_script_make (const char *root_dir)
{
  g_autofree char *quoted = g_shell_quote (root_dir != NULL && root_dir[0] == '/' ? root_dir : "/");
  g_auto (GStrv) parts = g_strsplit (script, "@ROOT@", 2);

  return g_strconcat (parts[0], quoted, parts[1], NULL);
}

/*
 * Reading.
 */

/* The lines of an item without their blanks; NULL when it has none. */
static char **
get_item (const char *output, const char *name)
{
  g_auto (GStrv) lines = g_strsplit (output, "\n", -1);
  g_autoptr (GPtrArray) found = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *head = g_strconcat (name, ":", NULL);
  gboolean inside = FALSE;

  for (guint i = 0; lines[i] != NULL; i++)
    {
      gsize length = strlen (lines[i]);

      if (length > 0 && lines[i][length - 1] == '\r')
        lines[i][length - 1] = '\0';
      if (lines[i][0] != ' ' && lines[i][0] != '\0')
        inside = g_str_equal (lines[i], head);
      else if (inside && lines[i][0] == ' ' && lines[i][1] != '\0')
        {
          char *valid = g_utf8_make_valid (lines[i] + 1, -1);

          g_ptr_array_add (found, g_strstrip (valid));
        }
    }
  if (found->len == 0)
    return NULL;
  g_ptr_array_add (found, NULL);
  return (char **) g_ptr_array_free (g_steal_pointer (&found), FALSE);
}

/* The first group of @pattern in the first line of an item that it matches. */
static char *
match_item (const char *output, const char *name, const char *pattern)
{
  g_auto (GStrv) lines = get_item (output, name);
  g_autoptr (GRegex) regex = g_regex_new (pattern, 0, 0, NULL);

  for (guint i = 0; lines != NULL && lines[i] != NULL; i++)
    {
      g_autoptr (GMatchInfo) match = NULL;

      if (g_regex_match (regex, lines[i], 0, &match))
        return g_match_info_fetch (match, 1);
    }
  return NULL;
}

static gint64
to_number (const char *text)
{
  gint64 number;

  return text != NULL && g_ascii_string_to_signed (text, 10, 0, G_MAXINT64, &number, NULL) ? number : -1;
}

static gint64
match_number (const char *output, const char *name, const char *pattern)
{
  g_autofree char *text = match_item (output, name, pattern);

  return to_number (text);
}

/* "36.4.0" and "36.4" are one. */
static char *
cut_zeros (const char *version)
{
  char *text = g_strdup (version);

  while (g_str_has_suffix (text, ".0"))
    text[strlen (text) - 2] = '\0';
  return text;
}

/**
 * bo_device_find_jetpack:
 * @l4t: version of L4T: "36.4.3"
 *
 * Only those on which NVIDIA's documents and the community's tools agree; they
 * differ in 36.4.2 and 36.5. A guess would be worse than nothing.
 *
 * Returns: (nullable): the version of JetPack that came with it
 */
const char *
bo_device_find_jetpack (const char *l4t)
{
  static const struct
  {
    const char *l4t;
    const char *jetpack;
  } known[] = {
    { "36.2", "6.0 DP" },   { "36.3", "6.0" },     { "36.4", "6.1" },  { "36.4.3", "6.2" }, { "36.4.4", "6.2.1" },
    { "36.4.7", "6.2.1" }, { "38.2", "7.0" }, { "38.4", "7.1" },   { "39.2", "7.2" },
  };
  g_autofree char *version = NULL;

  g_return_val_if_fail (l4t != NULL, NULL);

  version = cut_zeros (l4t);
  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    {
      if (g_str_equal (version, known[i].l4t))
        return known[i].jetpack;
    }
  return NULL;
}

static void
read_l4t (const char *output, BoDeviceFacts *facts)
{
  g_autofree char *release = match_item (output, "nv_tegra_release", "^# R(\\d+) \\(release\\)");
  g_autofree char *revision
      = match_item (output, "nv_tegra_release", "^# R\\d+ \\(release\\), REVISION: (\\d+(?:\\.\\d+)*)");
  g_autofree char *package = match_item (output, "jetpack", "^(\\d+(?:\\.\\d+)*)");

  if (release != NULL && revision != NULL)
    facts->l4t = g_strdup_printf ("%s.%s", release, revision);
  else
    facts->l4t = match_item (output, "l4t_core", "^(\\d+(?:\\.\\d+)*)");
  facts->jetpack = g_steal_pointer (&package);
  if (facts->jetpack == NULL && facts->l4t != NULL)
    {
      const char *known = bo_device_find_jetpack (facts->l4t);

      facts->jetpack = g_strdup (known != NULL ? known : "unknown");
    }
}

static void
read_model (const char *output, BoDeviceFacts *facts)
{
  g_auto (GStrv) lines = get_item (output, "model");

  if (lines != NULL)
    facts->model = g_strjoinv (" ", lines);
  facts->soc = match_item (output, "compatible", "^nvidia,(tegra\\d+)$");
}

static void
read_cuda (const char *output, BoDeviceFacts *facts)
{
  g_auto (GStrv) lines = get_item (output, "cuda_json");
  g_autofree char *text = lines != NULL ? g_strjoinv ("\n", lines) : NULL;
  g_autoptr (JsonNode) node = text != NULL ? bo_json_parse (text, -1, NULL) : NULL;
  JsonObject *object = bo_json_node_get_object (node);
  const char *version = bo_json_get_string (bo_json_get_object (object, "cuda"), "version", NULL);

  if (version == NULL)
    version = bo_json_get_string (bo_json_get_object (object, "cuda_nvcc"), "version", NULL);
  facts->cuda
      = version != NULL ? g_strdup (version) : match_item (output, "cuda_libraries", "^libcudart\\.so\\.(\\d+\\.\\d+.*)$");
}

/* "NV Power Mode: MAXN_SUPER" and its number below. Where only root may ask, the number is in a file, and the names are
 * in the configuration: "< POWER_MODEL ID=0 NAME=15W >". */
static void
read_power_mode (const char *output, BoDeviceFacts *facts)
{
  g_auto (GStrv) lines = get_item (output, "nvpmodel_conf");
  g_autoptr (GRegex) regex = g_regex_new ("POWER_MODEL ID=(\\d+) NAME=(\\S+)", 0, 0, NULL);
  gint64 number = match_number (output, "nvpmodel_status", "^pmode:(\\d+)");

  facts->power_mode = match_item (output, "nvpmodel", "^NV Power Mode: *(\\S+)");
  for (guint i = 0; lines != NULL && lines[i] != NULL; i++)
    {
      g_autoptr (GMatchInfo) match = NULL;
      g_autofree char *id = NULL;
      char *name;

      if (!g_regex_match (regex, lines[i], 0, &match))
        continue;
      id = g_match_info_fetch (match, 1);
      name = g_match_info_fetch (match, 2);
      if (facts->power_mode == NULL && number >= 0 && to_number (id) == number)
        facts->power_mode = g_strdup (name);
      g_ptr_array_add (facts->power_modes, g_strdup_printf ("%s %s", id, name));
      g_free (name);
    }
}

/* "policy0 schedutil 115200 1510400 1510400 729600": governor, limits, what the chip can do, what it does. */
static void
read_clocks (const char *output, BoDeviceFacts *facts)
{
  g_auto (GStrv) policies = get_item (output, "cpufreq");
  g_auto (GStrv) devices = get_item (output, "devfreq");
  gboolean locked = TRUE;
  gboolean any = FALSE;

  for (guint i = 0; policies != NULL && policies[i] != NULL; i++)
    {
      g_auto (GStrv) words = g_strsplit (policies[i], " ", 7);
      gint64 least, most;

      if (g_strv_length (words) < 5)
        continue;
      least = to_number (words[2]);
      most = to_number (words[3]);
      if (least < 0 || most < 0)
        continue;
      any = TRUE;
      locked = locked && least == most;
      if (facts->cpu_governor == NULL)
        facts->cpu_governor = g_strdup (words[1]);
      facts->cpu_min_khz = facts->cpu_min_khz < 0 ? least : MIN (facts->cpu_min_khz, least);
      facts->cpu_max_khz = MAX (facts->cpu_max_khz, most);
      facts->cpu_chip_khz = MAX (facts->cpu_chip_khz, to_number (words[4]));
    }
  for (guint i = 0; devices != NULL && devices[i] != NULL; i++)
    {
      g_auto (GStrv) words = g_strsplit (devices[i], " ", 6);
      gint64 least = g_strv_length (words) >= 4 ? to_number (words[2]) : -1;
      gint64 most = g_strv_length (words) >= 4 ? to_number (words[3]) : -1;

      if (least < 0 || most < 0 || facts->gpu_max_khz >= 0
          || !g_regex_match_simple ("gpu|ga10b|gv11b|gp10b|gm20b|gb10b", words[0], 0, 0))
        continue;
      facts->gpu_min_khz = least / 1000;
      facts->gpu_max_khz = most / 1000;
      locked = locked && least == most;
    }
  if (any)
    facts->clocks_locked = locked;
}

static void
read_memory (const char *output, BoDeviceFacts *facts)
{
  g_auto (GStrv) swaps = get_item (output, "swaps");
  g_auto (GStrv) zrams = get_item (output, "zram");
  gint64 kib = match_number (output, "meminfo", "^SwapTotal: *(\\d+) kB");

  if (kib >= 0 && kib < G_MAXINT64 / 1024)
    facts->swap = kib * 1024;
  if (facts->swap >= 0)
    facts->zram_swap = 0;
  /* "/dev/zram0 partition 650224 0 5": of the swap, what is compressed memory and no disk. */
  for (guint i = 0; swaps != NULL && swaps[i] != NULL; i++)
    {
      g_autofree char *size = NULL;
      g_autoptr (GMatchInfo) match = NULL;
      g_autoptr (GRegex) regex = g_regex_new ("^/dev/zram\\d+\\s+\\S+\\s+(\\d+)", 0, 0, NULL);

      if (!g_regex_match (regex, swaps[i], 0, &match))
        continue;
      size = g_match_info_fetch (match, 1);
      kib = to_number (size);
      if (kib >= 0 && kib < G_MAXINT64 / 2048)
        facts->zram_swap = MAX (facts->zram_swap, 0) + kib * 1024;
    }
  if (zrams == NULL && facts->zram_swap < 0)
    facts->zram_swap = 0;
}

static void
read_disk (const char *output, BoDeviceFacts *facts)
{
  g_autofree char *path = match_item (output, "disk", "^path (/.*)$");
  g_autofree char *type = match_item (output, "disk", "^type (\\S+)");
  gint64 rotational = match_number (output, "disk", "^rotational (\\d)");
  gint64 total = match_number (output, "df", "^\\S.*?\\s(\\d+)\\s+\\d+\\s+-?\\d+\\s+\\d+%");
  gint64 available = match_number (output, "df", "^\\S.*?\\s\\d+\\s+\\d+\\s+(\\d+)\\s+\\d+%");

  if (total >= 0 && total < G_MAXINT64 / 1024)
    facts->disk_size = total * 1024;
  if (available >= 0 && available < G_MAXINT64 / 1024)
    facts->free_disk = available * 1024;
  if (path == NULL)
    return;
  if (strstr (path, "/nvme") != NULL)
    facts->disk_kind = g_strdup ("nvme");
  else if (strstr (path, "/mmcblk") != NULL && type != NULL)
    facts->disk_kind = g_strdup (g_str_equal (type, "SD") ? "sd" : "emmc");
  else if (strstr (path, "/usb") != NULL)
    facts->disk_kind = g_strdup ("usb");
  else if (strstr (path, "/virtual/") == NULL && strstr (path, "/virtio") == NULL && rotational >= 0)
    facts->disk_kind = g_strdup (rotational == 1 ? "hdd" : "ssd");
}

/* "=y" and "=m" are there, "is not set" is not; what is not mentioned is not known. */
static int
read_option (const char *output, const char *name)
{
  g_autofree char *set = g_strdup_printf ("^CONFIG_%s=([ym])", name);
  g_autofree char *unset = g_strdup_printf ("^# CONFIG_%s (is not set)", name);
  g_autofree char *yes = match_item (output, "kernel_config", set);
  g_autofree char *no = match_item (output, "kernel_config", unset);
  g_auto (GStrv) any = get_item (output, "kernel_config");

  if (yes != NULL)
    return 1;
  /* An option whose parents are off is not even named. */
  return no != NULL || any != NULL ? 0 : -1;
}

static void
read_rest (const char *output, BoDeviceFacts *facts)
{
  g_autofree char *synced = match_item (output, "ntp", "^(yes|no)$");
  g_autofree char *desktop = match_item (output, "desktop", "^(active|inactive)$");

  facts->nvidia_ctk = match_item (output, "nvidia_ctk", "version v?(\\d\\S*)");
  facts->nvidia_ctk_mode = match_item (output, "nvidia_mode", "^mode *= *\"([^\"]*)\"");
  facts->has_iptables_raw = read_option (output, "IP_NF_RAW");
  facts->skips_iptables_raw = match_number (output, "no_iptables_raw", "^(\\d+)$") > 0;
  facts->clock_synced = synced != NULL ? g_str_equal (synced, "yes") : -1;
  facts->has_desktop = desktop != NULL ? g_str_equal (desktop, "active") : -1;
  facts->time_s = match_number (output, "date", "^(\\d+)$");
}

/**
 * bo_device_script_parse:
 * @output: what the script wrote; anything else gives nothing
 * @facts: where what is in it is put
 */
void
bo_device_script_parse (const char *output, BoDeviceFacts *facts)
{
  g_return_if_fail (output != NULL && facts != NULL);

  read_l4t (output, facts);
  read_model (output, facts);
  read_cuda (output, facts);
  read_power_mode (output, facts);
  read_clocks (output, facts);
  read_memory (output, facts);
  read_disk (output, facts);
  read_rest (output, facts);
}
