/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <stdio.h>
#include <string.h>

#include "bo-play-command.h"
#include "bo-script-format.h"
#include "bo-volume-commands.h"

static const char help[] =
  "Usage: bakeoff-courier COMMAND ...\n"
  "\n"
  "Other programs start it; it has nothing to say to a terminal.\n"
  "\n"
  "  play DIR --socket PATH [--files DIR] [--parent-fd N] [--place local|device] [--wait SECONDS]\n"
  "           [--telemetry] [--telemetry-sys DIR] [--telemetry-proc DIR] [--telemetry-disk DIR]\n"
  "      Plays the script in DIR against the Docker engine at the Unix socket PATH, and\n"
  "      writes what the engine answers into DIR/journal. When there is a journal\n"
  "      already, goes on with what was never begun.\n"
  "\n"
  "      --files DIR     where the contents of files are, instead of DIR/files\n"
  "      --parent-fd N   a pipe or socket; when its other end is closed, cleans up and ends\n"
  "      --place WORD    where it runs, as noted in the journal (default: local)\n"
  "      --wait SECONDS  on a device: waits for the script, as long as “tail” is used\n"
  "                      at least every SECONDS\n"
  "      --telemetry     once a second, note what this machine is like: memory, load, temperatures\n"
  "      --telemetry-sys DIR, --telemetry-proc DIR\n"
  "                      where sysfs and procfs are, instead of /sys and /proc\n"
  "      --telemetry-disk DIR\n"
  "                      note how full the disk of this folder is, too\n"
  "\n"
  "In the volume of a device:\n"
  "\n"
  "  missing VOLUME ID          prints which contents the campaign ID needs and are not there\n"
  "  adopt VOLUME               takes in the contents that have arrived\n"
  "  begin VOLUME ID            has the campaign played, if nothing is missing\n"
  "  command VOLUME ID stop-now|stop-after-trial\n"
  "  order VOLUME ID CHAIN...   sets the chains still to come\n"
  "  tail VOLUME ID NUMBER --for SECONDS [--after SUM]\n"
  "                             prints the messages of the journal from NUMBER on\n"
  "  usage VOLUME               prints what is there\n"
  "  trim VOLUME BYTES          removes the longest unused contents until BYTES are left\n"
  "  forget VOLUME ID           removes a campaign's folder\n"
  "\n"
  "Exit status:\n"
  "  0    it is done: the script is finished, or the user stopped it\n"
  "  1    it ended early: engine away, disk full, or the starting program gone\n"
  "  2    the command line is wrong\n"
  "  3    what was found (the script, the journal, a recipe) cannot be used\n"
  "  4    a courier plays this campaign\n"
  "  129, 130, 143  ended by a signal; start it again to go on\n"
  "On a device also a full disk and a bad script are 0, since a new start does not heal them.\n";

static const struct
{
  const char *name;
  int least, most; /* words behind the name */
  int (*run) (int argc, char **argv);
} commands[] = {
  { "play", 0, 100, bo_play_command },
  { "missing", 2, 2, bo_volume_missing },
  { "adopt", 1, 1, bo_volume_adopt },
  { "begin", 2, 2, bo_volume_begin },
  { "command", 3, 3, bo_volume_command },
  { "order", 2, BO_SCRIPT_CHAINS_MAX + 2, bo_volume_order },
  { "tail", 5, 7, bo_volume_tail },
  { "usage", 1, 1, bo_volume_usage },
  { "trim", 2, 2, bo_volume_trim },
  { "forget", 2, 2, bo_volume_forget },
};

static int
usage (const char *problem, const char *what)
{
  fprintf (stderr, "bakeoff-courier: %s%s\nTry “bakeoff-courier --help”.\n", problem, what);
  return BO_COURIER_EXIT_USAGE;
}

int
main (int argc, char **argv)
{
  if (argc < 2)
    return usage ("a command is needed", "");
  for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
    {
      if (strcmp (commands[i].name, argv[1]) != 0)
        continue;
      if (argc - 2 < commands[i].least || argc - 2 > commands[i].most)
        return usage ("the wrong number of words follows ", argv[1]);
      return commands[i].run (argc - 2, argv + 2);
    }
  if (argc == 2 && strcmp (argv[1], "--version") == 0)
    {
      printf ("bakeoff-courier %s\n", PACKAGE_VERSION);
      return BO_COURIER_EXIT_OK;
    }
  if (argc == 2 && (strcmp (argv[1], "--help") == 0 || strcmp (argv[1], "-h") == 0))
    {
      fputs (help, stdout);
      return BO_COURIER_EXIT_OK;
    }
  return usage ("this command is not known: ", argv[1]);
}
