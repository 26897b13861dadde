/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "bo-attention.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "bo-clock.h"

/* How often the command file is looked at. */
#define LOOK_US 200000

/*
 * From now on signals wait until they are read. The first process of a
 * container gets none at all before that: the kernel drops what it has no handler for.
 * Returns a descriptor to read them from, or -1.
 */
int
bo_attention_hold_signals (void)
{
  sigset_t signals;

  /* Written to a socket whose other end is gone, or beyond a limit on file sizes: the call itself says so. */
  signal (SIGPIPE, SIG_IGN);
  signal (SIGXFSZ, SIG_IGN);

  sigemptyset (&signals);
  sigaddset (&signals, SIGTERM);
  sigaddset (&signals, SIGINT);
  sigaddset (&signals, SIGHUP);
  if (sigprocmask (SIG_BLOCK, &signals, NULL) != 0)
    return -1;
  return signalfd (-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
}

/* @parent_fd is a pipe or socket whose other end the starting program holds. */
bool
bo_attention_init (BoAttention *attention, int folder_fd, int parent_fd)
{
  memset (attention, 0, sizeof *attention);
  attention->folder_fd = folder_fd;
  attention->parent_fd = parent_fd;
  attention->signal_fd = bo_attention_hold_signals ();
  return attention->signal_fd >= 0;
}

void
bo_attention_polls (const BoAttention *attention, struct pollfd *polls)
{
  polls[0].fd = attention->signal_fd;
  polls[0].events = POLLIN;
  polls[0].revents = 0;
  polls[1].fd = attention->parent_gone ? -1 : attention->parent_fd;
  polls[1].events = POLLIN;
  polls[1].revents = 0;
}

const char *
bo_attention_signal_name (const BoAttention *attention)
{
  return attention->signal == SIGINT ? "INT" : attention->signal == SIGHUP ? "HUP" : "TERM";
}

/* Takes in the command file: "stop-after-trial" or "stop-now". */
static void
look_for_command (BoAttention *attention, BoJournalWriter *journal)
{
  char text[32];
  ssize_t n = 0;
  int fd = openat (attention->folder_fd, "command", O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);

  if (fd < 0)
    return;
  n = read (fd, text, sizeof text);
  close (fd);
  if (n <= 0)
    return;

  if (n == 9 && memcmp (text, "stop-now\n", 9) == 0)
    {
      if (!attention->stop_now)
        bo_journal_writer_printf (journal, BO_JOURNAL_COMMAND, 0, "stop-now");
      attention->stop_now = true;
    }
  else if (n == 17 && memcmp (text, "stop-after-trial\n", 17) == 0)
    {
      if (!attention->stop_after_trial)
        bo_journal_writer_printf (journal, BO_JOURNAL_COMMAND, 0, "stop-after-trial");
      attention->stop_after_trial = true;
    }
}

static bool
parent_has_ended (int fd)
{
  char bytes[256];
  ssize_t n = 0;

  /* It was polled as readable, so this does not block. */
  do
    n = read (fd, bytes, sizeof bytes);
  while (n < 0 && errno == EINTR);
  return n == 0 || (n < 0 && errno != EAGAIN);
}

/* Takes in what poll() said, and looks at the command file when it is time. */
void
bo_attention_turn (BoAttention *attention, const struct pollfd *polls, BoJournalWriter *journal)
{
  int64_t now = bo_clock_boot_us ();

  if (polls[0].revents & POLLIN)
    {
      struct signalfd_siginfo info;

      while (read (attention->signal_fd, &info, sizeof info) == sizeof info)
        {
          if (attention->signal != 0)
            continue;
          attention->signal = (int) info.ssi_signo;
          bo_journal_writer_printf (journal, BO_JOURNAL_SIGNAL, 0, "%s", bo_attention_signal_name (attention));
        }
    }
  if (polls[1].revents != 0 && !attention->parent_gone)
    attention->parent_gone = (polls[1].revents & (POLLERR | POLLNVAL)) != 0 || parent_has_ended (attention->parent_fd);
  if (now >= attention->next_look_us)
    {
      attention->next_look_us = now + LOOK_US;
      look_for_command (attention, journal);
    }
}
