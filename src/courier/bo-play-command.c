/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "bo-play-command.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "bo-campaign-player.h"
#include "bo-volume-wait.h"
#include "bo-volume.h"

/* For so long somebody who only looks whether the folder is locked may hold the lock. */
#define LOCK_TRIES 10
#define LOCK_PAUSE_NS 100000000

typedef struct
{
  BoPlayOptions play;
  const char *folder;
  const char *files;
  bool on_device;
  bool waits;
  unsigned wait_seconds;
} Command;

static bool
usage (const char *problem, const char *what)
{
  fprintf (stderr, "bakeoff-courier: %s%s\nTry “bakeoff-courier --help”.\n", problem, what);
  return false;
}

static bool
take_option (Command *command, const char *name, const char *value)
{
  uint64_t number = 0;

  if (strcmp (name, "--socket") == 0)
    command->play.socket_path = value;
  else if (strcmp (name, "--files") == 0)
    command->files = value;
  else if (strcmp (name, "--place") == 0)
    {
      if (strcmp (value, "local") != 0 && strcmp (value, "device") != 0)
        return usage ("--place is local or device, not ", value);
      command->play.place = value;
      command->on_device = strcmp (value, "device") == 0;
    }
  else if (strcmp (name, "--telemetry-sys") == 0)
    command->play.telemetry.sys_path = value;
  else if (strcmp (name, "--telemetry-proc") == 0)
    command->play.telemetry.proc_path = value;
  else if (strcmp (name, "--telemetry-disk") == 0)
    command->play.telemetry.disk_path = value;
  else if (strcmp (name, "--wait") == 0)
    {
      if (!bo_span_to_number ((BoSpan){ value, strlen (value) }, BO_VOLUME_SECONDS_MAX, &number))
        return usage ("this is no number of seconds: ", value);
      command->wait_seconds = (unsigned) number;
      command->waits = true;
    }
  else
    {
      if (!bo_span_to_number ((BoSpan){ value, strlen (value) }, 1 << 20, &number)
          || fcntl ((int) number, F_GETFD) < 0)
        return usage ("this is no open file descriptor: ", value);
      command->play.parent_fd = (int) number;
    }
  return true;
}

static bool
take_arguments (Command *command, int argc, char **argv)
{
  static const char *const options[]
      = { "--socket",    "--files",         "--place",          "--wait",
          "--parent-fd", "--telemetry-sys", "--telemetry-proc", "--telemetry-disk" };

  for (int i = 0; i < argc; i++)
    {
      bool takes_value = false;

      if (strcmp (argv[i], "--telemetry") == 0)
        {
          command->play.telemetry.wanted = true;
          continue;
        }
      for (size_t k = 0; k < sizeof options / sizeof *options; k++)
        takes_value = takes_value || strcmp (argv[i], options[k]) == 0;
      if (!takes_value)
        {
          if (argv[i][0] == '-' || command->folder != NULL)
            return usage ("this argument is not known: ", argv[i]);
          command->folder = argv[i];
          continue;
        }
      if (i + 1 >= argc)
        return usage ("a value is missing behind ", argv[i]);
      if (!take_option (command, argv[i], argv[i + 1]))
        return false;
      if (strncmp (argv[i], "--telemetry-", 12) == 0)
        command->play.telemetry.wanted = true;
      i++;
    }
  if (command->folder == NULL || command->play.socket_path == NULL)
    return usage ("a folder and --socket are needed", "");
  if (command->waits && !command->on_device)
    return usage ("--wait is for --place device", "");
  return true;
}

static int
open_folder (const Command *command, const char *path)
{
  int fd = -1;

  /* A courier that waits comes before what it waits for. */
  if (!command->waits || bo_volume_make_path (path))
    fd = open (path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | (command->on_device ? O_NOFOLLOW : 0));
  if (fd < 0)
    fprintf (stderr, "bakeoff-courier: %s: %s\n", path, strerror (errno));
  return fd;
}

/* Takes the lock for as long as this process lives. */
static bool
lock_folder (const Command *command)
{
  int fd = openat (command->play.folder_fd, "lock",
                   O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0600);

  if (fd < 0)
    return false;
  for (int i = 0; flock (fd, LOCK_EX | LOCK_NB) != 0; i++)
    {
      struct timespec pause = { .tv_nsec = LOCK_PAUSE_NS };

      if (errno != EWOULDBLOCK || !command->on_device || i >= LOCK_TRIES)
        return false;
      nanosleep (&pause, NULL);
    }
  return true;
}

int
bo_play_command (int argc, char **argv)
{
  Command command = { .play = { .folder_fd = -1, .files_fd = -1, .parent_fd = -1, .place = "local" } };

  if (!take_arguments (&command, argc, argv))
    return BO_COURIER_EXIT_USAGE;
  if (command.on_device)
    bo_attention_hold_signals ();

  /* A key pressed in the terminal of the starting program is for that program to act on. */
  if (command.play.parent_fd >= 0)
    {
      fcntl (command.play.parent_fd, F_SETFD, FD_CLOEXEC);
      setsid ();
    }

  command.play.folder_fd = open_folder (&command, command.folder);
  if (command.play.folder_fd < 0)
    return BO_COURIER_EXIT_INPUT;
  if (!lock_folder (&command))
    {
      fprintf (stderr, "bakeoff-courier: %s/lock: %s\n", command.folder,
               errno == EWOULDBLOCK ? "another courier plays this folder" : strerror (errno));
      return errno == EWOULDBLOCK ? BO_COURIER_EXIT_LOCKED : BO_COURIER_EXIT_INPUT;
    }
  if (command.files != NULL)
    {
      command.play.files_fd = open_folder (&command, command.files);
      if (command.play.files_fd < 0)
        return BO_COURIER_EXIT_INPUT;
    }
  if (command.waits)
    {
      int result = bo_volume_wait_for_script (command.play.folder_fd, command.wait_seconds);

      if (result != 0)
        return result < 0 ? BO_COURIER_EXIT_OK : result;
    }

  return bo_campaign_play (&command.play);
}
