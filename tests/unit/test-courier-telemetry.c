/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include <glib.h>
#include <glib/gstdio.h>

#include "bo-machine-sample.h"
#include "bo-telemetry-format.h"
#include "bo-telemetry.h"

/* A machine made of files. */
typedef struct
{
  char *folder;
  char *proc;
  char *sys;
} Machine;

static void
put (const char *folder, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree char *parent = g_path_get_dirname (path);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_mkdir_with_parents (parent, 0700), ==, 0);
  /* In place: what has it open already is to see the change, as with a file of the kernel. */
  if (g_file_test (path, G_FILE_TEST_EXISTS))
    {
      int fd = g_open (path, O_WRONLY | O_TRUNC, 0);

      g_assert_cmpint (write (fd, text, strlen (text)), ==, (gssize) strlen (text));
      close (fd);
      return;
    }
  g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);
}

static void
machine_set_up (Machine *machine, gconstpointer data)
{
  machine->folder = g_dir_make_tmp ("bakeoff-XXXXXX", NULL);
  machine->proc = g_build_filename (machine->folder, "proc", NULL);
  machine->sys = g_build_filename (machine->folder, "sys", NULL);
}

static void
remove_tree (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      remove_tree (child);
    }
  g_remove (path);
}

static void
machine_tear_down (Machine *machine, gconstpointer data)
{
  remove_tree (machine->folder);
  g_free (machine->folder);
  g_free (machine->proc);
  g_free (machine->sys);
}

static char *
take (BoMachineSample *sample)
{
  char text[BO_TELEMETRY_PAYLOAD_MAX];
  gsize length = bo_machine_sample_take (sample, text, sizeof text);

  return g_strndup (text, length);
}

static void
put_orin (const Machine *machine)
{
  put (machine->proc, "meminfo",
       "MemTotal:        7802960 kB\nMemFree:          213056 kB\nMemAvailable:    4010000 kB\n"
       "SwapTotal:       3901472 kB\nSwapFree:        3901000 kB\n");
  put (machine->proc, "vmstat", "nr_free_pages 53264\npswpin 12\npswpout 340\noom_kill 1\n");
  put (machine->proc, "loadavg", "6.05 5.80 4.99 7/812 12345\n");
  put (machine->proc, "stat",
       "cpu  100 20 30 800 40 5 6 70 9 1\ncpu0 50 10 15 400 20 2 3 35 4 0\ncpu1 50 10 15 400 20 3 3 35 5 1\n"
       "intr 123456 0 0\n");
  put (machine->proc, "self/stat", "77 (a ) (b) S 1 77 77 0 -1 4194560 100 0 0 0 25 17 0 0 20 0 2 0 1234\n");
  put (machine->proc, "pressure/cpu", "some avg10=0.00 avg60=0.00 avg300=0.00 total=1500\n");
  put (machine->proc, "pressure/memory",
       "some avg10=0.00 avg60=0.00 avg300=0.00 total=99\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=44\n");

  put (machine->sys, "class/thermal/thermal_zone0/type", "cpu-thermal\n");
  put (machine->sys, "class/thermal/thermal_zone0/temp", "51218\n");
  put (machine->sys, "class/thermal/thermal_zone0/trip_point_0_type", "critical\n");
  put (machine->sys, "class/thermal/thermal_zone0/trip_point_0_temp", "104500\n");
  put (machine->sys, "class/thermal/thermal_zone0/trip_point_1_type", "passive\n");
  put (machine->sys, "class/thermal/thermal_zone0/trip_point_1_temp", "99000\n");
  put (machine->sys, "class/thermal/thermal_zone0/trip_point_2_type", "hot\n");
  put (machine->sys, "class/thermal/thermal_zone0/trip_point_2_temp", "99500\n");
  put (machine->sys, "class/thermal/thermal_zone1/type", "cv0-thermal\n");
  put (machine->sys, "class/thermal/thermal_zone1/temp", "-256000\n");
  put (machine->sys, "class/thermal/thermal_zone2/type", "PMIC-Die\n");
  put (machine->sys, "class/thermal/thermal_zone2/temp", "100000\n");
  put (machine->sys, "class/thermal/thermal_zone10/type", "cpu-thermal\n");
  put (machine->sys, "class/thermal/thermal_zone10/temp", "50000\n");
  put (machine->sys, "class/thermal/cooling_device0/type", "pwm fan\n");
  put (machine->sys, "class/thermal/cooling_device0/cur_state", "2\n");
  put (machine->sys, "class/thermal/cooling_device0/max_state", "4\n");
  put (machine->sys, "class/hwmon/hwmon0/name", "soctherm_oc\n");
  put (machine->sys, "class/hwmon/hwmon0/oc1_event_cnt", "0\n");
  put (machine->sys, "class/hwmon/hwmon0/oc3_event_cnt", "17\n");
  put (machine->sys, "class/hwmon/hwmon1/name", "ina3221\n");
  put (machine->sys, "class/hwmon/hwmon1/in1_label", "VDD_IN\n");
  put (machine->sys, "class/hwmon/hwmon1/in1_input", "5032\n");
  put (machine->sys, "class/hwmon/hwmon1/curr1_input", "944\n");
  put (machine->sys, "class/hwmon/hwmon1/in2_label", "NC\n");
  put (machine->sys, "class/hwmon/hwmon2/name", "nvme\n");
  put (machine->sys, "class/hwmon/hwmon2/temp1_input", "40000\n");
  put (machine->sys, "devices/system/cpu/cpufreq/policy0/scaling_cur_freq", "729600\n");
  put (machine->sys, "devices/system/cpu/cpufreq/policy0/scaling_max_freq", "1728000\n");
  put (machine->sys, "class/devfreq/17000000.gpu/cur_freq", "306000000\n");
  put (machine->sys, "class/devfreq/17000000.gpu/max_freq", "1020000000\n");
  put (machine->sys, "class/devfreq/17000000.gpu/device/load", "120\n");
  put (machine->sys, "devices/platform/gpu.0/load", "999\n");
  put (machine->sys, "block/zram0/disksize", "665853952\n");
  put (machine->sys, "block/zram0/mm_stat", "1000 2000 4096 0 5 6 7 8\n");
  put (machine->sys, "block/zram1/disksize", "665853952\n");
  put (machine->sys, "block/zram1/mm_stat", "   1000    2000    100 0 5 6 7 8\n");
  put (machine->sys, "block/sda/size", "1\n");
}

static void
test_sample (Machine *machine, gconstpointer data)
{
  static const char later[] = "memory 7990231040 4106240000\n"
                              "swap 3995107328 3994624000\n"
                              "paging 12 340\n"
                              "oom 1\n"
                              "load 6050\n"
                              "cpu 161 1071 2\n"
                              "own 42\n"
                              "pressure cpu 1500 0\n"
                              "pressure memory 99 44\n"
                              "zram 1331707904 4196\n"
                              "temperature cpu-thermal 51218\n"
                              "temperature cpu-thermal.2 50000\n"
                              "cooling pwm_fan 2 4\n"
                              "throttle oc1 0\n"
                              "throttle oc3 17\n"
                              "power VDD_IN 4750\n"
                              "frequency cpu0 729600 1728000\n"
                              "frequency gpu 306000 1020000\n"
                              "gpu 120\n";
  BoMachineSample *sample;
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;
  g_autoptr (GString) expected = g_string_new (later);
  g_auto (GStrv) got = NULL;
  g_auto (GStrv) want = NULL;

  put_orin (machine);
  sample = bo_machine_sample_new (machine->proc, machine->sys, NULL);
  first = take (sample);
  g_assert_nonnull (strstr (first, "trip cpu-thermal 99000\n"));
  second = take (sample);
  /* Lines may be in any order, but they are the same. */
  got = g_strsplit (second, "\n", -1);
  want = g_strsplit (later, "\n", -1);
  for (guint i = 0; want[i] != NULL; i++)
    {
      if (!g_strv_contains ((const char *const *) got, want[i]))
        g_error ("“%s” is missing in:\n%s", want[i], second);
    }
  g_assert_cmpuint (g_strv_length (got), ==, g_strv_length (want));

  /* Open files are read anew. */
  put (machine->sys, "class/thermal/thermal_zone0/temp", "60000\n");
  put (machine->proc, "loadavg", "12.5 0 0\n");
  g_free (second);
  second = take (sample);
  g_assert_nonnull (strstr (second, "temperature cpu-thermal 60000\n"));
  g_assert_null (strstr (second, "trip"));
  bo_machine_sample_free (sample);
}

/* The counts of all cores of one machine are one number. */
static void
test_cores (Machine *machine, gconstpointer data)
{
  BoMachineSample *sample;
  g_autofree char *text = NULL;

  put (machine->sys, "devices/system/cpu/cpu0/thermal_throttle/core_throttle_count", "3\n");
  put (machine->sys, "devices/system/cpu/cpu1/thermal_throttle/core_throttle_count", "4\n");
  put (machine->sys, "devices/system/cpu/cpufreq/policy0/scaling_cur_freq", "<unknown>\n");
  put (machine->sys, "devices/system/cpu/cpufreq/policy0/scaling_max_freq", "1000\n");
  put (machine->sys, "class/hwmon/hwmon0/name", "k10temp\n");
  put (machine->sys, "class/hwmon/hwmon0/temp1_input", "43125\n");
  sample = bo_machine_sample_new (machine->proc, machine->sys, machine->folder);
  text = take (sample);
  g_assert_nonnull (strstr (text, "throttle core 7\n"));
  g_assert_nonnull (strstr (text, "temperature k10temp 43125\n"));
  g_assert_null (strstr (text, "frequency"));
  g_assert_true (g_regex_match_simple ("^disk [0-9]+ [0-9]+$", text, G_REGEX_MULTILINE, 0));
  bo_machine_sample_free (sample);
}

/* A machine that has nothing, and files that hold nonsense, give nothing. */
static void
test_nonsense (Machine *machine, gconstpointer data)
{
  static const char *const files[] = { "meminfo", "vmstat", "loadavg", "stat", "self/stat", "pressure/cpu" };
  static const char *const texts[] = { "", "\n", "cpu \n", ")", "1) S 2", "some total=", "99999999999999999999999\n",
                                       "MemTotal: x\nMemAvailable:\nSwapTotal:", "oom_kill -\n" };
  BoMachineSample *sample = bo_machine_sample_new ("/nonexistent", "/nonexistent", "/nonexistent");
  g_autofree char *nothing = take (sample);

  g_assert_cmpstr (nothing, ==, "");
  bo_machine_sample_free (sample);

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autofree char *text = NULL;

      for (guint k = 0; k < G_N_ELEMENTS (files); k++)
        put (machine->proc, files[k], texts[i]);
      sample = bo_machine_sample_new (machine->proc, machine->sys, NULL);
      text = take (sample);
      g_assert_cmpstr (text, ==, "");
      bo_machine_sample_free (sample);
    }
}

/* What does not fit is left out line by line. */
static void
test_small (Machine *machine, gconstpointer data)
{
  BoMachineSample *sample;
  char text[64];
  gsize length;

  put_orin (machine);
  sample = bo_machine_sample_new (machine->proc, machine->sys, NULL);
  length = bo_machine_sample_take (sample, text, sizeof text);
  g_assert_cmpuint (length, <, sizeof text);
  g_assert_cmpint (text[length - 1], ==, '\n');
  bo_machine_sample_free (sample);
}

static gsize
count_messages (const char *journal)
{
  g_autofree char *path = g_build_filename (journal, "00000001.bj", NULL);
  g_autofree char *data = NULL;
  gsize length = 0;
  gsize n = 0;

  g_assert_true (g_file_get_contents (path, &data, &length, NULL));
  for (gsize at = 0; at + BO_JOURNAL_HEADER_SIZE <= length;)
    {
      guint32 size;

      memcpy (&size, data + at + 36, sizeof size);
      n += data[at + 4] == BO_JOURNAL_TELEMETRY;
      at += BO_JOURNAL_HEADER_SIZE + GUINT32_FROM_LE (size);
    }
  return n;
}

/* Samples come once a second into the journal, and no more once it has a problem. */
static void
test_thread (Machine *machine, gconstpointer data)
{
  BoTelemetryOptions options = { .wanted = true, .proc_path = machine->proc, .sys_path = machine->sys };
  BoTelemetry telemetry = { 0 };
  BoJournalWriter journal;
  int folder_fd = open (machine->folder, O_RDONLY | O_DIRECTORY);
  gint64 end_us = g_get_monotonic_time () + 2500000;

  put_orin (machine);
  g_assert_true (bo_journal_writer_open (&journal, folder_fd, 1, 1, "boot x\n"));
  bo_telemetry_start (&telemetry, &options);
  while (g_get_monotonic_time () < end_us)
    {
      struct pollfd wanted = { .fd = bo_telemetry_fd (&telemetry), .events = POLLIN };

      g_assert_cmpint (wanted.fd, >=, 0);
      poll (&wanted, 1, 50);
      bo_telemetry_turn (&telemetry, wanted.revents, &journal);
    }
  journal.problem = ENOSPC;
  bo_telemetry_turn (&telemetry, POLLIN, &journal);
  g_assert_cmpint (bo_telemetry_fd (&telemetry), ==, -1);
  bo_telemetry_stop (&telemetry);
  bo_journal_writer_close (&journal);
  close (folder_fd);
  /* At 0, 1 and 2 s; a machine that is very busy may lose one. */
  g_assert_cmpuint (count_messages (machine->folder), >=, 2);
  g_assert_cmpuint (count_messages (machine->folder), <=, 3);
}

static void
test_not_wanted (void)
{
  BoTelemetryOptions options = { 0 };
  BoTelemetry telemetry = { 0 };
  BoJournalWriter journal = { 0 };

  bo_telemetry_start (&telemetry, &options);
  g_assert_cmpint (bo_telemetry_fd (&telemetry), ==, -1);
  bo_telemetry_turn (&telemetry, POLLIN, &journal);
  bo_telemetry_stop (&telemetry);
}

#define ADD(path, func) g_test_add (path, Machine, NULL, machine_set_up, func, machine_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/courier-telemetry/sample", test_sample);
  ADD ("/courier-telemetry/cores", test_cores);
  ADD ("/courier-telemetry/nonsense", test_nonsense);
  ADD ("/courier-telemetry/small", test_small);
  ADD ("/courier-telemetry/thread", test_thread);
  g_test_add_func ("/courier-telemetry/not-wanted", test_not_wanted);
  return g_test_run ();
}
