/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "bo-campaign-player.h"

static const char help[] =
  "Usage: bakeoff-courier play DIR --socket PATH [--files DIR] [--parent-fd N] [--place local|device]\n"
  "                            [--telemetry] [--telemetry-sys DIR] [--telemetry-disk DIR]\n"
  "\n"
  "Plays the script in DIR against the Docker engine at the Unix socket PATH, and\n"
  "writes what the engine answers into DIR/journal. When there is a journal\n"
  "already, goes on with what was never begun. Other programs start it; it has\n"
  "nothing to say to a terminal.\n"
  "\n"
  "  --files DIR     where the contents of files are, instead of DIR/files\n"
  "  --parent-fd N   a pipe or socket; when its other end is closed, cleans up and ends\n"
  "  --place WORD    where it runs, as noted in the journal (default: local)\n"
  "  --telemetry     once a second, note what this machine is like: memory, load, temperatures\n"
  "  --telemetry-sys DIR, --telemetry-proc DIR\n"
  "                  where sysfs and procfs are, instead of /sys and /proc\n"
  "  --telemetry-disk DIR\n"
  "                  note how full the disk of this folder is, too\n"
  "\n"
  "Exit status:\n"
  "  0    the script is finished, or the user stopped it\n"
  "  1    it ended early: engine away, disk full, or the starting program gone\n"
  "  2    the command line is wrong\n"
  "  3    the script or the journal cannot be used\n"
  "  4    another courier plays this folder\n"
  "  129, 130, 143  ended by a signal; start it again to go on\n";

static int
usage (const char *problem, const char *what)
{
  fprintf (stderr, "bakeoff-courier: %s%s\nTry “bakeoff-courier --help”.\n", problem, what);
  return BO_COURIER_EXIT_USAGE;
}

static int
open_folder (const char *path)
{
  int fd = open (path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

  if (fd < 0)
    fprintf (stderr, "bakeoff-courier: %s: %s\n", path, strerror (errno));
  return fd;
}

/* Takes the lock for as long as this process lives. */
static bool
lock_folder (int folder_fd)
{
  int fd = openat (folder_fd, "lock", O_RDWR | O_CREAT | O_CLOEXEC, 0600);

  return fd >= 0 && flock (fd, LOCK_EX | LOCK_NB) == 0;
}

static int
play (int argc, char **argv)
{
  BoPlayOptions options = { .folder_fd = -1, .files_fd = -1, .parent_fd = -1, .place = "local" };
  const char *folder = NULL;
  const char *files = NULL;

  for (int i = 2; i < argc; i++)
    {
      const char *value = i + 1 < argc ? argv[i + 1] : NULL;
      bool takes_value = strcmp (argv[i], "--socket") == 0 || strcmp (argv[i], "--files") == 0
                         || strcmp (argv[i], "--parent-fd") == 0 || strcmp (argv[i], "--place") == 0
                         || strncmp (argv[i], "--telemetry-", 12) == 0;

      if (strcmp (argv[i], "--telemetry") == 0)
        {
          options.telemetry.wanted = true;
          continue;
        }
      if (!takes_value)
        {
          if (argv[i][0] == '-' || folder != NULL)
            return usage ("this argument is not known: ", argv[i]);
          folder = argv[i];
          continue;
        }
      if (value == NULL)
        return usage ("a value is missing behind ", argv[i]);
      if (strcmp (argv[i], "--socket") == 0)
        options.socket_path = value;
      else if (strcmp (argv[i], "--files") == 0)
        files = value;
      else if (strncmp (argv[i], "--telemetry-", 12) == 0)
        {
          const char *what = argv[i] + 12;

          if (strcmp (what, "sys") == 0)
            options.telemetry.sys_path = value;
          else if (strcmp (what, "proc") == 0)
            options.telemetry.proc_path = value;
          else if (strcmp (what, "disk") == 0)
            options.telemetry.disk_path = value;
          else
            return usage ("this argument is not known: ", argv[i]);
          options.telemetry.wanted = true;
        }
      else if (strcmp (argv[i], "--place") == 0)
        {
          if (strcmp (value, "local") != 0 && strcmp (value, "device") != 0)
            return usage ("--place is local or device, not ", value);
          options.place = value;
        }
      else
        {
          uint64_t number = 0;

          if (!bo_span_to_number ((BoSpan) { value, strlen (value) }, 1 << 20, &number)
              || fcntl ((int) number, F_GETFD) < 0)
            return usage ("this is no open file descriptor: ", value);
          options.parent_fd = (int) number;
        }
      i++;
    }
  if (folder == NULL || options.socket_path == NULL)
    return usage ("a folder and --socket are needed", "");

  /* A key pressed in the terminal of the starting program is for that program to act on. */
  if (options.parent_fd >= 0)
    {
      fcntl (options.parent_fd, F_SETFD, FD_CLOEXEC);
      setsid ();
    }

  options.folder_fd = open_folder (folder);
  if (options.folder_fd < 0)
    return BO_COURIER_EXIT_INPUT;
  if (!lock_folder (options.folder_fd))
    {
      fprintf (stderr, "bakeoff-courier: %s/lock: %s\n", folder,
               errno == EWOULDBLOCK ? "another courier plays this folder" : strerror (errno));
      return errno == EWOULDBLOCK ? BO_COURIER_EXIT_LOCKED : BO_COURIER_EXIT_INPUT;
    }
  if (files != NULL)
    {
      options.files_fd = open_folder (files);
      if (options.files_fd < 0)
        return BO_COURIER_EXIT_INPUT;
    }

  return bo_campaign_play (&options);
}

int
main (int argc, char **argv)
{
  if (argc >= 2 && strcmp (argv[1], "play") == 0)
    return play (argc, argv);
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
  return usage (argc < 2 ? "a command is needed" : "this command is not known: ", argc < 2 ? "" : argv[1]);
}
