/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-device-advice"

#include "config.h"

#include <inttypes.h>
#include <string.h>

#include <glib/gi18n.h>

#include "device/bo-device-advice.h"

#define GIB (G_GINT64_CONSTANT (1) << 30)
/* Boards that are sold with 8 GB or less. */
#define SMALL_MEMORY (9 * GIB)
/* From here on certificates and package indexes may be "not valid yet", and logs do not fit together. */
#define CLOCK_DIFFERENCE_S 60
/* BuildKit came with the engine 18.09, and without being asked for by an experimental switch. */
#define BUILDKIT_MAJOR 18
#define BUILDKIT_MINOR 9
/* The engine from which on the raw table is filled (moby#49557). */
#define RAW_TABLE_MAJOR 28

const char *
bo_advice_level_to_string (BoAdviceLevel level)
{
  static const char *const names[] = { "problem", "warning", "hint" };

  g_return_val_if_fail (level < G_N_ELEMENTS (names), NULL);

  return names[level];
}

void
bo_advice_free (BoAdvice *advice)
{
  if (advice == NULL)
    return;
  g_free (advice->seen);
  g_free (advice->why);
  g_free (advice->command);
  g_free (advice);
}

static void
add (GPtrArray *list, const char *id, BoAdviceLevel level, char *seen, const char *why, char *command)
{
  BoAdvice *advice = g_new0 (BoAdvice, 1);

  advice->id = id;
  advice->level = level;
  advice->seen = seen;
  advice->why = g_strdup (why);
  advice->command = command;
  g_ptr_array_add (list, advice);
}

static gboolean
is_jetson (const BoDeviceFacts *facts)
{
  return facts->l4t != NULL || facts->soc != NULL;
}

/* How fast a power mode is by its name: MAXN modes have no limit, the others are called after theirs. */
static gint64
rank_power_mode (const char *name)
{
  const char *digits = name;

  if (g_str_has_prefix (name, "MAXN_SUPER"))
    return G_MAXINT64;
  if (g_str_has_prefix (name, "MAXN") || g_str_has_prefix (name, "MODE_MAXN"))
    return G_MAXINT64 - 1;
  digits += strcspn (digits, "0123456789");
  return g_ascii_strtoll (digits, NULL, 10);
}

static void
check_power_mode (const BoDeviceFacts *facts, GPtrArray *list)
{
  const char *fastest = NULL;
  g_autofree char *number = NULL;

  if (facts->power_mode == NULL)
    return;
  for (guint i = 0; i < facts->power_modes->len; i++)
    {
      const char *mode = g_ptr_array_index (facts->power_modes, i);
      const char *name = strchr (mode, ' ');

      if (name == NULL || rank_power_mode (name + 1) <= rank_power_mode (facts->power_mode)
          || (fastest != NULL && rank_power_mode (name + 1) <= rank_power_mode (fastest)))
        continue;
      fastest = name + 1;
      g_free (number);
      number = g_strndup (mode, (gsize) (name - mode));
    }
  if (fastest == NULL)
    return;
  add (list, "power-mode", BO_ADVICE_WARNING,
       g_strdup_printf (_ ("The power mode is %s; the fastest one is %s."), facts->power_mode, fastest),
       _ ("A power mode changes build times by a third or more. Campaigns of different modes are never put together, so "
          "choose one before you begin."),
       g_strdup_printf ("sudo nvpmodel -m %s", number));
}

static void
check_clocks (const BoDeviceFacts *facts, GPtrArray *list)
{
  if (!is_jetson (facts) || facts->clocks_locked != 0)
    return;
  add (list, "clocks", BO_ADVICE_HINT,
       facts->cpu_governor != NULL
           ? g_strdup_printf (_ ("The clocks go up and down (governor “%s”)."), facts->cpu_governor)
           : g_strdup (_ ("The clocks go up and down.")),
       _ ("Clocks that are held make times repeat better, above all those of short builds. It lasts until the next boot."),
       g_strdup ("sudo jetson_clocks --store && sudo jetson_clocks"));
}

static void
check_swap (const BoDeviceFacts *facts, GPtrArray *list)
{
  g_autofree char *memory = NULL;
  g_autofree char *zram = NULL;

  if (facts->memory <= 0 || facts->memory > SMALL_MEMORY || facts->swap < 0
      || facts->swap - MAX (facts->zram_swap, 0) > GIB / 2)
    return;
  memory = g_format_size_full ((guint64) facts->memory, G_FORMAT_SIZE_IEC_UNITS);
  zram = g_format_size_full ((guint64) MAX (facts->zram_swap, 0), G_FORMAT_SIZE_IEC_UNITS);
  add (list, "swap", BO_ADVICE_WARNING,
       facts->zram_swap > 0
           ? g_strdup_printf (_ ("There are %s of memory, and all swap (%s) is compressed memory."), memory, zram)
           : g_strdup_printf (_ ("There are %s of memory and no swap."), memory),
       _ ("Compiling CUDA code takes several GB for each job; where memory ends, the kernel kills the compiler and the build "
          "fails after hours. Use a file on an NVMe disk, not on an SD card."),
       g_strdup ("sudo fallocate -l 16G /swapfile && sudo chmod 600 /swapfile && sudo mkswap /swapfile && sudo swapon "
                 "/swapfile"));
}

static void
check_disk (const BoDeviceFacts *facts, gint64 peak_bytes, GPtrArray *list)
{
  const char *root = facts->root_dir != NULL ? facts->root_dir : "?";
  const char *what = NULL;

  if (g_strcmp0 (facts->disk_kind, "sd") == 0)
    what = _ ("an SD card");
  else if (g_strcmp0 (facts->disk_kind, "emmc") == 0)
    what = _ ("eMMC memory");
  else if (g_strcmp0 (facts->disk_kind, "usb") == 0)
    what = _ ("a USB disk");
  else if (g_strcmp0 (facts->disk_kind, "hdd") == 0)
    what = _ ("a disk that turns");
  if (what != NULL)
    add (list, "slow-disk", g_strcmp0 (facts->disk_kind, "sd") == 0 ? BO_ADVICE_WARNING : BO_ADVICE_HINT,
         g_strdup_printf (_ ("The engine's data (%s) are on %s."), root, what),
         _ ("Writing layers is a large part of a build, and such a disk is slow and not evenly so. Move the data to an NVMe "
            "disk and name the folder as “data-root” in /etc/docker/daemon.json."),
         g_strdup_printf ("sudo systemctl stop docker && sudo rsync -aHAX %s/ /mnt/nvme/docker/", root));

  if (peak_bytes > 0 && facts->free_disk >= 0 && peak_bytes > facts->free_disk)
    {
      g_autofree char *peak = g_format_size ((guint64) peak_bytes);
      g_autofree char *rest = g_format_size ((guint64) facts->free_disk);

      add (list, "disk-space", BO_ADVICE_PROBLEM,
           g_strdup_printf (_ ("The plan needs %s at its peak, and %s are free at %s."), peak, rest, root),
           _ ("A disk that fills up ends the build, and what had been measured of it is lost."),
           g_strdup ("docker system df && docker image prune"));
    }
}

/* --- the study --- */

static gboolean
needs_runtime (const BoStudy *study, const char *runtime)
{
  for (guint i = 0; study != NULL && i < study->strategies->len; i++)
    {
      const BoStrategy *strategy = g_ptr_array_index (study->strategies, i);

      if (strategy->run != NULL && g_strcmp0 (strategy->run->runtime, runtime) == 0)
        return TRUE;
    }
  return FALSE;
}

static gboolean
uses_host_network (const BoStudy *study)
{
  for (guint i = 0; study != NULL && i < study->strategies->len; i++)
    {
      const BoStrategy *strategy = g_ptr_array_index (study->strategies, i);

      if (strategy->run == NULL || g_strcmp0 (strategy->run->network, "host") != 0)
        return FALSE;
    }
  return study != NULL;
}

static gboolean
uses_builder (const BoStudy *study, BoBuilder builder)
{
  for (guint i = 0; study != NULL && i < study->strategies->len; i++)
    {
      const BoStrategy *strategy = g_ptr_array_index (study->strategies, i);

      for (guint k = 0; k < strategy->builders->len; k++)
        if (g_array_index (strategy->builders, BoBuilder, k) == builder)
          return TRUE;
    }
  return FALSE;
}

static void
check_runtime (const BoDeviceFacts *facts, const BoStudy *study, GPtrArray *list)
{
  gboolean has_nvidia = g_ptr_array_find_with_equal_func (facts->runtimes, "nvidia", g_str_equal, NULL);
  gboolean is_default = g_strcmp0 (facts->default_runtime, "nvidia") == 0;

  if (!needs_runtime (study, "nvidia"))
    return;
  if (!has_nvidia)
    {
      add (list, "runtime", BO_ADVICE_PROBLEM, g_strdup (_ ("The engine has no runtime “nvidia”, which the study asks for.")),
           _ ("Probes cannot run, and whether an image sees CUDA stays unknown. Install the NVIDIA Container Toolkit first."),
           g_strdup ("sudo nvidia-ctk runtime configure --runtime=docker && sudo systemctl restart docker"));
      return;
    }
  if (!is_default && uses_builder (study, BO_BUILDER_CLASSIC))
    add (list, "default-runtime", BO_ADVICE_HINT,
         g_strdup_printf (_ ("The default runtime is “%s”."), facts->default_runtime != NULL ? facts->default_runtime : "?"),
         _ ("Steps of a build with the classic builder see the GPU only if “nvidia” is the default; probes get it anyway. This "
            "matters only if a Dockerfile runs something on the GPU while it builds."),
         g_strdup ("sudo nvidia-ctk runtime configure --runtime=docker --set-as-default && sudo systemctl restart docker"));
  if (uses_builder (study, BO_BUILDER_BUILDKIT))
    add (list, "buildkit-gpu", BO_ADVICE_HINT, g_strdup (_ ("The study uses BuildKit and the runtime “nvidia”.")),
         _ ("BuildKit does not use the default runtime, so no step of its builds sees the GPU. Where a Dockerfile needs it "
            "while it builds, use the classic builder for that strategy; probes are not affected."),
         NULL);
}

/* "28.0.1" -> 28, 0; 0 when it is no such version. */
static void
parse_version (const char *version, guint *major, guint *minor)
{
  char *end = NULL;

  *major = *minor = 0;
  if (version == NULL)
    return;
  *major = (guint) g_ascii_strtoull (version, &end, 10);
  if (end != NULL && *end == '.')
    *minor = (guint) g_ascii_strtoull (end + 1, NULL, 10);
}

static void
check_engine (const BoDeviceFacts *facts, const BoStudy *study, GPtrArray *list)
{
  const char *version = facts->engine_version != NULL ? facts->engine_version : "?";
  guint major;
  guint minor;

  parse_version (facts->engine_version, &major, &minor);
  if (facts->is_podman && uses_builder (study, BO_BUILDER_BUILDKIT))
    add (list, "podman-buildkit", BO_ADVICE_PROBLEM, g_strdup_printf (_ ("The engine is Podman %s."), version),
         _ ("Podman has one builder and no BuildKit, so what the study builds with BuildKit cannot be measured here."), NULL);
  if (facts->is_podman || major == 0)
    return;
  if (uses_builder (study, BO_BUILDER_BUILDKIT)
      && (major < BUILDKIT_MAJOR || (major == BUILDKIT_MAJOR && minor < BUILDKIT_MINOR)))
    add (list, "old-engine", BO_ADVICE_PROBLEM, g_strdup_printf (_ ("The engine is Docker %s."), version),
         _ ("It has no BuildKit yet, which the study asks for; Docker 18.09 is the first that has."), NULL);
  if (major >= RAW_TABLE_MAJOR && facts->has_iptables_raw == 0 && !facts->skips_iptables_raw && !uses_host_network (study))
    add (list, "iptables-raw", BO_ADVICE_PROBLEM,
         g_strdup_printf (_ ("The engine is Docker %s, and the kernel has no raw table of iptables (CONFIG_IP_NF_RAW)."),
                          version),
         _ ("From version 28 on Docker fills that table, so that no container and no RUN step with a network of its own can "
            "start. Tell the engine to do without it, or set the network of the study to “host”."),
         g_strdup ("sudo mkdir -p /etc/systemd/system/docker.service.d && printf "
                   "'[Service]\\nEnvironment=DOCKER_INSECURE_NO_IPTABLES_RAW=1\\n' | sudo tee "
                   "/etc/systemd/system/docker.service.d/no-iptables-raw.conf && sudo systemctl daemon-reload && sudo "
                   "systemctl restart docker"));
}

static void
check_clock (const BoDeviceFacts *facts, GPtrArray *list)
{
  gint64 difference = facts->time_s >= 0 && facts->asked_s >= 0 ? facts->time_s - facts->asked_s : 0;

  if (ABS (difference) > CLOCK_DIFFERENCE_S)
    add (list, "clock", BO_ADVICE_WARNING,
         g_strdup_printf (difference < 0 ? _ ("The clock of the device is %" PRId64 " s behind this computer's.")
                                         : _ ("The clock of the device is %" PRId64 " s ahead of this computer's."),
                          ABS (difference)),
         _ ("With a wrong clock downloads fail, since certificates and package lists seem not to be valid yet."),
         g_strdup ("sudo timedatectl set-ntp true"));
  else if (facts->clock_synced == 0)
    add (list, "clock-sync", BO_ADVICE_HINT, g_strdup (_ ("The clock of the device is not set by the network.")),
         _ ("It may jump in the middle of a build, and then times by the engine's clock are wrong."),
         g_strdup ("sudo timedatectl set-ntp true"));
}

static void
check_desktop (const BoDeviceFacts *facts, GPtrArray *list)
{
  if (!is_jetson (facts) || facts->has_desktop != 1 || facts->memory <= 0 || facts->memory > SMALL_MEMORY)
    return;
  add (list, "desktop", BO_ADVICE_HINT, g_strdup (_ ("A desktop runs on the device.")),
       _ ("It takes about 800 MB of memory, which a build on such a board can use. “graphical.target” brings it back."),
       g_strdup ("sudo systemctl isolate multi-user.target"));
}

static int
compare (gconstpointer a, gconstpointer b)
{
  const BoAdvice *one = *(const BoAdvice *const *) a;
  const BoAdvice *other = *(const BoAdvice *const *) b;

  return (int) one->level - (int) other->level;
}

/**
 * bo_device_advise:
 * @facts: what is known of the device; what is not known gives no advice
 * @study: (nullable): what is to be measured on it
 * @peak_bytes: disk that the plan needs at its peak, or 0
 *
 * Returns: (transfer full) (element-type BoAdvice): the most important first
 */
GPtrArray *
bo_device_advise (const BoDeviceFacts *facts, const BoStudy *study, gint64 peak_bytes)
{
  GPtrArray *list = g_ptr_array_new_with_free_func ((GDestroyNotify) bo_advice_free);

  g_return_val_if_fail (facts != NULL, list);

  check_power_mode (facts, list);
  check_clocks (facts, list);
  check_swap (facts, list);
  check_disk (facts, peak_bytes, list);
  check_runtime (facts, study, list);
  check_engine (facts, study, list);
  check_clock (facts, list);
  check_desktop (facts, list);
  g_ptr_array_sort (list, compare);
  return list;
}
