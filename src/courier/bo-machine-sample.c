/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "bo-machine-sample.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "bo-memory.h"
#include "bo-telemetry-format.h"

/* More than this of one kind is no machine that somebody builds on. */
#define SOURCES_MAX 256
#define PATH_SIZE 192
/* The first lines of /proc/stat, and all of the other files. */
#define TEXT_SIZE 32768
#define VALUE_SIZE 256

typedef enum
{
  SOURCE_TEMPERATURE,
  SOURCE_COOLING,
  SOURCE_FREQUENCY,
  SOURCE_GPU,
  SOURCE_THROTTLE,  /* neighbours of one name are summed up */
  SOURCE_THROTTLED, /* as well */
  SOURCE_POWER,
  SOURCE_ZRAM,     /* all are summed up */
} SourceKind;

typedef struct
{
  char path[PATH_SIZE]; /* below /sys */
  int fd;               /* -1: to be opened (again) */
} SysFile;

/* What comes out of one or two files of /sys. */
typedef struct
{
  SourceKind kind;
  char name[BO_TELEMETRY_NAME_MAX + 1];
  SysFile files[2];
  int n_files;
  int64_t divisor;
  int64_t factor;
  int64_t fixed; /* what was read at the start and does not change: the greatest state of a cooling device, a trip point */
} Source;

struct BoMachineSample
{
  int sys_fd;
  int meminfo_fd, vmstat_fd, loadavg_fd, stat_fd, own_fd;
  int pressure_fds[3];
  int disk_fd;
  Source *sources;
  size_t n_sources;
  size_t room;
  bool has_turbo;
  bool told; /* what is told in the first sample only */
  char text[TEXT_SIZE];
};

static const char *const pressure_kinds[3] = { "cpu", "memory", "io" };

/*
 * Text.
 */

typedef struct
{
  char *data;
  size_t size;
  size_t length;
} Lines;

/* A line that does not fit is left out: half of it would say something else. */
static void __attribute__ ((format (printf, 2, 3)))
add_line (Lines *lines, const char *format, ...)
{
  va_list args;
  int n = 0;

  va_start (args, format);
  n = vsnprintf (lines->data + lines->length, lines->size - lines->length, format, args);
  va_end (args);
  if (n > 0 && (size_t) n < lines->size - lines->length)
    lines->length += (size_t) n;
}

/* Reads from the beginning, however often it was read before; false when that gives nothing. */
static bool
read_again (int fd, char *text, size_t size)
{
  ssize_t n = 0;

  if (fd < 0)
    return false;
  do
    n = pread (fd, text, size - 1, 0);
  while (n < 0 && errno == EINTR);
  if (n <= 0)
    return false;
  text[n] = '\0';
  return true;
}

static bool
parse_number (const char **p, int64_t *number)
{
  char *end = NULL;
  long long value = 0;

  while (**p == ' ' || **p == '\t')
    (*p)++;
  errno = 0;
  value = strtoll (*p, &end, 10);
  if (end == *p || errno != 0)
    return false;
  *p = end;
  *number = value;
  return true;
}

/* The number behind @key at the beginning of a line. */
static bool
find_number (const char *text, const char *key, int64_t *number)
{
  size_t length = strlen (key);

  for (const char *line = text; line != NULL && *line != '\0';)
    {
      if (strncmp (line, key, length) == 0)
        {
          const char *p = line + length;

          return parse_number (&p, number);
        }
      line = strchr (line, '\n');
      if (line != NULL)
        line++;
    }
  return false;
}

/* A name as a payload holds it. */
static void
set_name (char *to, const char *text)
{
  size_t n = 0;

  while (text[n] != '\0' && text[n] != '\n' && n < BO_TELEMETRY_NAME_MAX)
    {
      to[n] = text[n] > ' ' && text[n] < 0x7f ? text[n] : '_';
      n++;
    }
  to[n] = '\0';
  if (n == 0)
    strcpy (to, "_");
}

/*
 * Finding out what there is.
 */

static int
open_file (int folder_fd, const char *path)
{
  return openat (folder_fd, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
}

static int
open_proc (const char *proc_path, const char *name)
{
  char path[512];

  if ((size_t) snprintf (path, sizeof path, "%s/%s", proc_path, name) >= sizeof path)
    return -1;
  return open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
}

/* Reads a small file of /sys once. */
static bool __attribute__ ((format (printf, 4, 5)))
read_once (const BoMachineSample *self, char *text, size_t size, const char *format, ...)
{
  char path[PATH_SIZE];
  va_list args;
  int fd = -1;
  int n = 0;
  bool good = false;

  va_start (args, format);
  n = vsnprintf (path, sizeof path, format, args);
  va_end (args);
  if (n < 0 || (size_t) n >= sizeof path)
    return false;
  fd = open_file (self->sys_fd, path);
  good = read_again (fd, text, size);
  if (fd >= 0)
    close (fd);
  return good;
}

static bool
has_name (const BoMachineSample *self, SourceKind kind, const char *name)
{
  for (size_t i = 0; i < self->n_sources; i++)
    {
      if (self->sources[i].kind == kind && strcmp (self->sources[i].name, name) == 0)
        return true;
    }
  return false;
}

/* Returns NULL when there are too many. Files are added by add_file(). */
static Source *
add_source (BoMachineSample *self, SourceKind kind, const char *name)
{
  Source *source = NULL;
  char clean[BO_TELEMETRY_NAME_MAX + 1];

  if (self->n_sources >= SOURCES_MAX)
    return NULL;
  set_name (clean, name);
  /* Types of zones and cooling devices need not differ. */
  if (kind != SOURCE_THROTTLE && kind != SOURCE_THROTTLED && kind != SOURCE_ZRAM && has_name (self, kind, clean))
    {
      char other[BO_TELEMETRY_NAME_MAX + 1];

      clean[BO_TELEMETRY_NAME_MAX - 4] = '\0';
      for (int n = 2;; n++)
        {
          snprintf (other, sizeof other, "%.34s.%d", clean, n);
          if (!has_name (self, kind, other) || n >= 999)
            break;
        }
      strcpy (clean, other);
    }
  self->sources = bo_memory_grow (self->sources, sizeof *self->sources, self->n_sources, &self->room);
  source = &self->sources[self->n_sources++];
  memset (source, 0, sizeof *source);
  source->kind = kind;
  strcpy (source->name, clean);
  source->factor = source->divisor = 1;
  return source;
}

/* Returns false, and adds nothing, when it cannot be read: then the source is of no use. */
static bool __attribute__ ((format (printf, 3, 4)))
add_file (BoMachineSample *self, Source *source, const char *format, ...)
{
  SysFile *file = &source->files[source->n_files];
  va_list args;
  int n = 0;

  va_start (args, format);
  n = vsnprintf (file->path, sizeof file->path, format, args);
  va_end (args);
  if (n < 0 || (size_t) n >= sizeof file->path)
    return false;
  file->fd = open_file (self->sys_fd, file->path);
  if (file->fd < 0)
    return false;
  source->n_files++;
  return true;
}

static void
close_source (Source *source)
{
  for (int i = 0; i < source->n_files; i++)
    {
      if (source->files[i].fd >= 0)
        close (source->files[i].fd);
    }
}

static void
drop_source (BoMachineSample *self)
{
  close_source (&self->sources[--self->n_sources]);
}

typedef void (*EntryFunc) (BoMachineSample *self, const char *name);

static int
is_no_dot (const struct dirent *entry)
{
  return entry->d_name[0] != '.' && strlen (entry->d_name) < 64;
}

/* Calls @func for each entry of a folder of /sys, in an order that does not change. */
static void
for_each (BoMachineSample *self, const char *path, EntryFunc func)
{
  struct dirent **entries = NULL;
  int n = self->sys_fd >= 0 ? scandirat (self->sys_fd, path, &entries, is_no_dot, versionsort) : -1;

  for (int i = 0; i < n; i++)
    {
      func (self, entries[i]->d_name);
      free (entries[i]);
    }
  free (entries);
}

/* The lowest trip point at which something is slowed down; 0 when there is none. */
static int64_t
find_trip (const BoMachineSample *self, const char *zone)
{
  int64_t lowest = 0;

  for (int i = 0; i < 16; i++)
    {
      char type[VALUE_SIZE];
      char value[VALUE_SIZE];
      const char *p = value;
      int64_t at = 0;

      if (!read_once (self, type, sizeof type, "class/thermal/%s/trip_point_%d_type", zone, i))
        break;
      if (strcmp (type, "passive\n") != 0 && strcmp (type, "hot\n") != 0)
        continue;
      if (read_once (self, value, sizeof value, "class/thermal/%s/trip_point_%d_temp", zone, i)
          && parse_number (&p, &at) && at > 0 && (lowest == 0 || at < lowest))
        lowest = at;
    }
  return lowest;
}

static void
find_thermal (BoMachineSample *self, const char *entry)
{
  char type[VALUE_SIZE];
  char value[VALUE_SIZE];
  const char *p = value;
  Source *source = NULL;

  if (!read_once (self, type, sizeof type, "class/thermal/%s/type", entry))
    return;
  if (strncmp (entry, "thermal_zone", 12) == 0)
    {
      /* On boards before Orin this says 100 degrees, always. */
      if (strncmp (type, "PMIC-Die", 8) == 0)
        return;
      source = add_source (self, SOURCE_TEMPERATURE, type);
      if (source != NULL && !add_file (self, source, "class/thermal/%s/temp", entry))
        drop_source (self);
      else if (source != NULL)
        source->fixed = find_trip (self, entry);
    }
  else if (strncmp (entry, "cooling_device", 14) == 0)
    {
      source = add_source (self, SOURCE_COOLING, type);
      if (source != NULL
          && (!read_once (self, value, sizeof value, "class/thermal/%s/max_state", entry)
              || !parse_number (&p, &source->fixed)
              || !add_file (self, source, "class/thermal/%s/cur_state", entry)))
        drop_source (self);
    }
}

static bool
is_word (const char *text, const char *word)
{
  size_t length = strlen (word);

  return strncmp (text, word, length) == 0 && (text[length] == '\n' || text[length] == '\0');
}

/*
 * Sensors that are read from the chip itself. Those of disks are left alone: asking
 * them costs the disk a command, and may wake it up.
 */
static void
find_hwmon (BoMachineSample *self, const char *entry)
{
  char name[VALUE_SIZE];

  if (!read_once (self, name, sizeof name, "class/hwmon/%s/name", entry))
    return;

  for (int i = 1; i <= 8; i++)
    {
      char path[VALUE_SIZE];
      char label[64];
      Source *source = NULL;

      snprintf (path, sizeof path, "class/hwmon/%s/oc%d_event_cnt", entry, i);
      if (self->sys_fd < 0 || faccessat (self->sys_fd, path, R_OK, 0) != 0)
        continue;
      snprintf (label, sizeof label, "oc%d", i);
      source = add_source (self, SOURCE_THROTTLE, label);
      if (source != NULL && !add_file (self, source, "%s", path))
        drop_source (self);
    }

  /* mV and mA of the board's rails. */
  if (is_word (name, "ina3221"))
    {
      for (int i = 1; i <= 3; i++)
        {
          char label[VALUE_SIZE];
          Source *source = NULL;

          if (!read_once (self, label, sizeof label, "class/hwmon/%s/in%d_label", entry, i) || is_word (label, "NC"))
            continue;
          source = add_source (self, SOURCE_POWER, label);
          if (source == NULL)
            return;
          source->divisor = 1000;
          if (!add_file (self, source, "class/hwmon/%s/in%d_input", entry, i)
              || !add_file (self, source, "class/hwmon/%s/curr%d_input", entry, i))
            drop_source (self);
        }
    }

  if (is_word (name, "coretemp") || is_word (name, "k10temp") || is_word (name, "zenpower") || is_word (name, "amdgpu"))
    {
      Source *source = add_source (self, SOURCE_TEMPERATURE, name);

      if (source != NULL && !add_file (self, source, "class/hwmon/%s/temp1_input", entry))
        drop_source (self);
    }
}

static void
find_policy (BoMachineSample *self, const char *entry)
{
  char name[80];
  Source *source = NULL;

  if (strncmp (entry, "policy", 6) != 0)
    return;
  snprintf (name, sizeof name, "cpu%s", entry + 6);
  source = add_source (self, SOURCE_FREQUENCY, name);
  if (source != NULL
      && (!add_file (self, source, "devices/system/cpu/cpufreq/%s/scaling_cur_freq", entry)
          || !add_file (self, source, "devices/system/cpu/cpufreq/%s/scaling_max_freq", entry)))
    drop_source (self);
}

static bool
is_core (const char *entry)
{
  return strncmp (entry, "cpu", 3) == 0 && entry[3] >= '0' && entry[3] <= '9';
}

static void
find_core (BoMachineSample *self, const char *entry)
{
  Source *source = is_core (entry) ? add_source (self, SOURCE_THROTTLE, "core") : NULL;

  if (source != NULL
      && !add_file (self, source, "devices/system/cpu/%s/thermal_throttle/core_throttle_count", entry))
    drop_source (self);
}

static void
find_core_time (BoMachineSample *self, const char *entry)
{
  Source *source = is_core (entry) ? add_source (self, SOURCE_THROTTLED, "core") : NULL;

  if (source != NULL
      && !add_file (self, source, "devices/system/cpu/%s/thermal_throttle/core_throttle_total_time_ms", entry))
    drop_source (self);
}

static bool
find_turbo (const BoMachineSample *self)
{
  static const char *const paths[] = { "devices/system/cpu/intel_pstate/status", "devices/system/cpu/amd_pstate/status",
                                       "devices/system/cpu/cpufreq/boost" };

  for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
    {
      if (self->sys_fd >= 0 && faccessat (self->sys_fd, paths[i], F_OK, 0) == 0)
        return true;
    }
  return false;
}

/* Names of the integrated GPUs' devfreq devices: nvgpu's chips, and its generic name. */
static bool
is_gpu (const char *name)
{
  static const char *const words[] = { "gpu", "ga10b", "gv11b", "gp10b", "gm20b", "gb10b" };

  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    {
      if (strstr (name, words[i]) != NULL)
        return true;
    }
  return false;
}

static void
find_devfreq (BoMachineSample *self, const char *entry)
{
  Source *source = NULL;

  if (!is_gpu (entry))
    return;
  source = add_source (self, SOURCE_FREQUENCY, "gpu");
  if (source == NULL)
    return;
  source->divisor = 1000;
  if (!add_file (self, source, "class/devfreq/%s/cur_freq", entry)
      || !add_file (self, source, "class/devfreq/%s/max_freq", entry))
    drop_source (self);
  if (has_name (self, SOURCE_GPU, "gpu"))
    return;
  source = add_source (self, SOURCE_GPU, "gpu");
  if (source != NULL && !add_file (self, source, "class/devfreq/%s/device/load", entry))
    drop_source (self);
}

static void
find_gpu_load (BoMachineSample *self)
{
  static const char *const paths[] = { "devices/platform/gpu.0/load", "devices/gpu.0/load" };

  for (size_t i = 0; i < sizeof paths / sizeof *paths && !has_name (self, SOURCE_GPU, "gpu"); i++)
    {
      Source *source = add_source (self, SOURCE_GPU, "gpu");

      if (source != NULL && !add_file (self, source, "%s", paths[i]))
        drop_source (self);
    }
}

/* amdgpu, in hundredths. */
static void
find_card (BoMachineSample *self, const char *entry)
{
  Source *source = NULL;

  if (strncmp (entry, "card", 4) != 0 || strchr (entry, '-') != NULL || has_name (self, SOURCE_GPU, "gpu"))
    return;
  source = add_source (self, SOURCE_GPU, "gpu");
  if (source == NULL)
    return;
  source->factor = 10;
  if (!add_file (self, source, "class/drm/%s/device/gpu_busy_percent", entry))
    drop_source (self);
}

static void
find_zram (BoMachineSample *self, const char *entry)
{
  Source *source = NULL;

  if (strncmp (entry, "zram", 4) != 0)
    return;
  source = add_source (self, SOURCE_ZRAM, entry);
  if (source != NULL
      && (!add_file (self, source, "block/%s/disksize", entry) || !add_file (self, source, "block/%s/mm_stat", entry)))
    drop_source (self);
}

/*
 * Looks around. @proc_path and @sys_path are where procfs and sysfs are mounted;
 * @disk_path, which may be NULL, is a folder of the disk that is watched.
 */
BoMachineSample *
bo_machine_sample_new (const char *proc_path, const char *sys_path, const char *disk_path)
{
  BoMachineSample *self = bo_memory_new (sizeof *self);

  self->meminfo_fd = open_proc (proc_path, "meminfo");
  self->vmstat_fd = open_proc (proc_path, "vmstat");
  self->loadavg_fd = open_proc (proc_path, "loadavg");
  self->stat_fd = open_proc (proc_path, "stat");
  self->own_fd = open_proc (proc_path, "self/stat");
  for (int i = 0; i < 3; i++)
    {
      char name[32];

      snprintf (name, sizeof name, "pressure/%s", pressure_kinds[i]);
      self->pressure_fds[i] = open_proc (proc_path, name);
    }
  self->disk_fd = disk_path != NULL ? open (disk_path, O_PATH | O_DIRECTORY | O_CLOEXEC) : -1;
  self->sys_fd = open (sys_path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

  for_each (self, "class/thermal", find_thermal);
  for_each (self, "class/hwmon", find_hwmon);
  for_each (self, "devices/system/cpu", find_core);
  for_each (self, "devices/system/cpu", find_core_time);
  for_each (self, "devices/system/cpu/cpufreq", find_policy);
  for_each (self, "class/devfreq", find_devfreq);
  find_gpu_load (self);
  for_each (self, "class/drm", find_card);
  for_each (self, "block", find_zram);
  self->has_turbo = find_turbo (self);
  return self;
}

void
bo_machine_sample_free (BoMachineSample *self)
{
  const int fds[] = { self->meminfo_fd,      self->vmstat_fd,       self->loadavg_fd,      self->stat_fd, self->own_fd,
                      self->pressure_fds[0], self->pressure_fds[1], self->pressure_fds[2], self->disk_fd, self->sys_fd };

  for (size_t i = 0; i < sizeof fds / sizeof *fds; i++)
    {
      if (fds[i] >= 0)
        close (fds[i]);
    }
  for (size_t i = 0; i < self->n_sources; i++)
    close_source (&self->sources[i]);
  free (self->sources);
  free (self);
}

/*
 * Looking.
 */

static void
take_memory (BoMachineSample *self, Lines *lines)
{
  int64_t total = 0;
  int64_t rest = 0;

  if (!read_again (self->meminfo_fd, self->text, sizeof self->text))
    return;
  if (find_number (self->text, "MemTotal:", &total) && find_number (self->text, "MemAvailable:", &rest))
    add_line (lines, "memory %lld %lld\n", (long long) total * 1024, (long long) rest * 1024);
  if (find_number (self->text, "SwapTotal:", &total) && find_number (self->text, "SwapFree:", &rest))
    add_line (lines, "swap %lld %lld\n", (long long) total * 1024, (long long) rest * 1024);
}

static void
take_paging (BoMachineSample *self, Lines *lines)
{
  int64_t in = 0;
  int64_t out = 0;

  if (!read_again (self->vmstat_fd, self->text, sizeof self->text))
    return;
  if (find_number (self->text, "pswpin ", &in) && find_number (self->text, "pswpout ", &out))
    add_line (lines, "paging %lld %lld\n", (long long) in, (long long) out);
  if (find_number (self->text, "oom_kill ", &in))
    add_line (lines, "oom %lld\n", (long long) in);
}

/* "0.52 0.58 0.59 ...": two digits behind the point, always. */
static void
take_load (BoMachineSample *self, Lines *lines)
{
  const char *p = self->text;
  int64_t whole = 0;
  int64_t hundredths = 0;

  if (!read_again (self->loadavg_fd, self->text, sizeof self->text) || !parse_number (&p, &whole) || *p != '.')
    return;
  p++;
  if (p[0] >= '0' && p[0] <= '9' && p[1] >= '0' && p[1] <= '9')
    hundredths = (p[0] - '0') * 10 + (p[1] - '0');
  add_line (lines, "load %lld\n", (long long) (whole * 1000 + hundredths * 10));
}

/* user nice system idle iowait irq softirq steal; guests are in user and nice already. */
static void
take_cpu (BoMachineSample *self, Lines *lines)
{
  const char *p = self->text;
  int64_t times[8] = { 0 };
  int64_t total = 0;
  int n = 0;
  int n_cpus = 0;

  if (!read_again (self->stat_fd, self->text, sizeof self->text) || strncmp (p, "cpu ", 4) != 0)
    return;
  p += 4;
  while (n < 8 && parse_number (&p, &times[n]))
    total += times[n++];
  if (n < 4)
    return;
  for (const char *line = strchr (self->text, '\n'); line != NULL && strncmp (line, "\ncpu", 4) == 0;
       line = strchr (line + 1, '\n'))
    n_cpus++;
  add_line (lines, "cpu %lld %lld %d\n", (long long) (total - times[3] - times[4] - times[7]), (long long) total, n_cpus);
}

/* Fields 14 and 15, behind the name in parentheses, which may hold anything. */
static void
take_own (BoMachineSample *self, Lines *lines)
{
  const char *p = NULL;
  int64_t user = 0;
  int64_t system = 0;

  if (!read_again (self->own_fd, self->text, sizeof self->text))
    return;
  p = strrchr (self->text, ')');
  for (int i = 0; p != NULL && i < 12; i++)
    p = strchr (p + 1, ' ');
  if (p != NULL && parse_number (&p, &user) && parse_number (&p, &system))
    add_line (lines, "own %lld\n", (long long) (user + system));
}

static bool
find_total (const char *text, const char *word, int64_t *total)
{
  const char *line = strstr (text, word);
  const char *end = line != NULL ? strchr (line, '\n') : NULL;
  const char *p = line != NULL ? strstr (line, "total=") : NULL;

  if (p == NULL || (end != NULL && p > end))
    return false;
  p += strlen ("total=");
  return parse_number (&p, total);
}

/* "some avg10=0.00 avg60=0.00 avg300=0.00 total=0"; old kernels have no "full" of cpu. */
static void
take_pressure (BoMachineSample *self, Lines *lines)
{
  for (int i = 0; i < 3; i++)
    {
      int64_t some = 0;
      int64_t full = 0;

      if (!read_again (self->pressure_fds[i], self->text, sizeof self->text) || !find_total (self->text, "some ", &some))
        continue;
      if (!find_total (self->text, "full ", &full))
        full = 0;
      add_line (lines, "pressure %s %lld %lld\n", pressure_kinds[i], (long long) some, (long long) full);
    }
}

static void
take_disk (BoMachineSample *self, Lines *lines)
{
  struct statvfs info;

  if (self->disk_fd < 0 || fstatvfs (self->disk_fd, &info) != 0)
    return;
  add_line (lines, "disk %llu %llu\n", (unsigned long long) info.f_blocks * info.f_frsize,
            (unsigned long long) info.f_bavail * info.f_frsize);
}

/* The value of a file; processors that are switched off take their files with them, and bring them back. */
static bool
read_value (BoMachineSample *self, SysFile *file, int skip, int64_t *value)
{
  char text[VALUE_SIZE];
  const char *p = text;

  if (file->fd < 0)
    file->fd = open_file (self->sys_fd, file->path);
  if (!read_again (file->fd, text, sizeof text))
    {
      if (file->fd >= 0 && (errno == ENODEV || errno == ENXIO))
        {
          close (file->fd);
          file->fd = -1;
        }
      return false;
    }
  do
    {
      if (!parse_number (&p, value))
        return false;
    }
  while (skip-- > 0);
  return true;
}

static void
take_source (BoMachineSample *self, Source *source, Lines *lines)
{
  int64_t values[2] = { 0, 0 };

  for (int i = 0; i < source->n_files; i++)
    {
      if (!read_value (self, &source->files[i], 0, &values[i]))
        return;
    }
  switch (source->kind)
    {
    case SOURCE_TEMPERATURE:
      /* -256 degrees: the sensor is off, like the unit that it belongs to. */
      if (values[0] <= -200000)
        return;
      add_line (lines, "temperature %s %lld\n", source->name, (long long) values[0]);
      if (!self->told && source->fixed > 0)
        add_line (lines, "trip %s %lld\n", source->name, (long long) source->fixed);
      break;
    case SOURCE_COOLING:
      add_line (lines, "cooling %s %lld %lld\n", source->name, (long long) values[0], (long long) source->fixed);
      break;
    case SOURCE_FREQUENCY:
      add_line (lines, "frequency %s %lld %lld\n", source->name, (long long) (values[0] / source->divisor),
                (long long) (values[1] / source->divisor));
      break;
    case SOURCE_GPU:
      add_line (lines, "gpu %lld\n", (long long) values[0] * source->factor);
      break;
    case SOURCE_POWER:
      if (values[0] >= 0 && values[1] >= 0 && values[0] < 1000000000 && values[1] < 1000000000)
        add_line (lines, "power %s %lld\n", source->name, (long long) (values[0] * values[1] / source->divisor));
      break;
    case SOURCE_THROTTLE:
    case SOURCE_THROTTLED:
    case SOURCE_ZRAM:
      break;
    }
}

/* Returns how many sources were taken together. */
static size_t
take_throttle (BoMachineSample *self, size_t first, Lines *lines)
{
  int64_t sum = 0;
  bool any = false;
  size_t i = first;

  for (; i < self->n_sources && self->sources[i].kind == self->sources[first].kind
         && strcmp (self->sources[i].name, self->sources[first].name) == 0; i++)
    {
      int64_t value = 0;

      if (!read_value (self, &self->sources[i].files[0], 0, &value))
        continue;
      sum += value;
      any = true;
    }
  if (any)
    add_line (lines, "%s %s %lld\n", self->sources[first].kind == SOURCE_THROTTLE ? "throttle" : "throttled",
              self->sources[first].name, (long long) sum);
  return i - first;
}

static void
take_zram (BoMachineSample *self, Lines *lines)
{
  int64_t disk = 0;
  int64_t used = 0;

  for (size_t i = 0; i < self->n_sources; i++)
    {
      Source *source = &self->sources[i];
      int64_t values[2] = { 0, 0 };

      /* mm_stat: orig_data_size compr_data_size mem_used_total ... */
      if (source->kind != SOURCE_ZRAM || !read_value (self, &source->files[0], 0, &values[0])
          || !read_value (self, &source->files[1], 2, &values[1]))
        continue;
      disk += values[0];
      used += values[1];
    }
  /* Devices that nobody set up have no size. */
  if (disk > 0)
    add_line (lines, "zram %lld %lld\n", (long long) disk, (long long) used);
}

/* Writes a sample as bo-telemetry-format.h says; returns its length. */
size_t
bo_machine_sample_take (BoMachineSample *self, char *text, size_t size)
{
  Lines lines = { text, size, 0 };

  take_memory (self, &lines);
  take_paging (self, &lines);
  take_load (self, &lines);
  take_cpu (self, &lines);
  take_own (self, &lines);
  take_pressure (self, &lines);
  take_disk (self, &lines);
  take_zram (self, &lines);
  for (size_t i = 0; i < self->n_sources;)
    {
      if (self->sources[i].kind == SOURCE_THROTTLE || self->sources[i].kind == SOURCE_THROTTLED)
        i += take_throttle (self, i, &lines);
      else
        take_source (self, &self->sources[i++], &lines);
    }
  if (!self->told && self->has_turbo)
    add_line (&lines, "turbo 1\n");
  self->told = true;
  return lines.length;
}
