/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "bo-telemetry.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "bo-clock.h"
#include "bo-machine-sample.h"
#include "bo-memory.h"
#include "bo-telemetry-format.h"

/* How long a sensor that does not answer may delay the end. */
#define PATIENCE_S 1

struct BoSampler
{
  pthread_t thread;
  int fd; /* the other end of the telemetry's */
  BoTelemetryOptions options;
};

/*
 * Sleeps until @until_us, or until a sample is asked for; returns false when
 * nobody wants samples any more. Milliseconds are rounded up, so that none is early.
 */
static bool
sleep_until (int fd, int64_t until_us)
{
  for (;;)
    {
      struct pollfd wanted = { .fd = fd, .events = POLLIN };
      int64_t left_us = until_us - bo_clock_boot_us ();
      char byte;

      if (poll (&wanted, 1, left_us > 0 ? (int) ((left_us + 999) / 1000) : 0) > 0)
        return recv (fd, &byte, 1, MSG_DONTWAIT) > 0;
      if (bo_clock_boot_us () >= until_us)
        return true;
    }
}

static void *
sample_thread (void *user_data)
{
  struct BoSampler *self = user_data;
  const BoTelemetryOptions *options = &self->options;
  BoMachineSample *sample = bo_machine_sample_new (options->proc_path != NULL ? options->proc_path : "/proc",
                                                   options->sys_path != NULL ? options->sys_path : "/sys",
                                                   options->disk_path);
  int64_t next_us = bo_clock_boot_us ();
  char text[BO_TELEMETRY_PAYLOAD_MAX];

  do
    {
      size_t length = bo_machine_sample_take (sample, text, sizeof text);
      int64_t now_us = 0;

      /* One that nobody takes off in time is lost, like one that could not be taken in time. */
      if (length > 0)
        send (self->fd, text, length, MSG_DONTWAIT | MSG_NOSIGNAL);
      /* From one point of time to the next of a fixed row, so that no delay adds up; after a suspend, or a read that
       * took long, with the next that is still to come. */
      now_us = bo_clock_boot_us ();
      if (next_us <= now_us)
        next_us += (now_us - next_us) / BO_TELEMETRY_INTERVAL_US * BO_TELEMETRY_INTERVAL_US + BO_TELEMETRY_INTERVAL_US;
    }
  while (sleep_until (self->fd, next_us));

  bo_machine_sample_free (sample);
  return NULL;
}

/*
 * Begins to sample, if that is wanted. Signals must be blocked already, as the
 * thread is not to get them. The strings of @options must stay.
 */
void
bo_telemetry_start (BoTelemetry *telemetry, const BoTelemetryOptions *options)
{
  int fds[2];

  if (!options->wanted || telemetry->sampler != NULL)
    return;
  /* Packets, so that a sample comes whole. */
  if (socketpair (AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds) != 0)
    {
      fprintf (stderr, "bakeoff-courier: no telemetry: %s\n", strerror (errno));
      return;
    }
  telemetry->sampler = bo_memory_new (sizeof *telemetry->sampler);
  telemetry->sampler->options = *options;
  telemetry->sampler->fd = fds[1];
  telemetry->fd = fds[0];
  errno = pthread_create (&telemetry->sampler->thread, NULL, sample_thread, telemetry->sampler);
  if (errno != 0)
    {
      fprintf (stderr, "bakeoff-courier: no telemetry: %s\n", strerror (errno));
      close (fds[0]);
      close (fds[1]);
      free (telemetry->sampler);
      telemetry->sampler = NULL;
    }
}

/* To be polled: readable when there is a sample. -1: none will come. */
int
bo_telemetry_fd (const BoTelemetry *telemetry)
{
  return telemetry->sampler != NULL ? telemetry->fd : -1;
}

/* Asks for a sample now, besides the regular ones. */
void
bo_telemetry_ask (BoTelemetry *telemetry)
{
  if (telemetry->sampler != NULL)
    send (telemetry->fd, "", 1, MSG_DONTWAIT | MSG_NOSIGNAL);
}

static void
look_at (BoTelemetry *telemetry, const char *text)
{
  const char *line = strstr (text, "cpu ");

  telemetry->n_samples++;
  while (line != NULL && line != text && line[-1] != '\n')
    line = strstr (line + 1, "cpu ");
  if (line == NULL || sscanf (line, "cpu %lld %lld", &telemetry->cpu_busy, &telemetry->cpu_total) != 2)
    telemetry->cpu_busy = telemetry->cpu_total = 0;
}

/*
 * Journals what has been sampled. Not when there was a problem with the
 * journal: what room is left on the disk then is for how things ended.
 */
void
bo_telemetry_turn (BoTelemetry *telemetry, short revents, BoJournalWriter *journal)
{
  char text[BO_TELEMETRY_PAYLOAD_MAX + 1];
  ssize_t n = 0;

  if (telemetry->sampler == NULL)
    return;
  if (journal->problem != 0)
    {
      bo_telemetry_stop (telemetry);
      return;
    }
  if (revents == 0)
    return;
  n = recv (telemetry->fd, text, sizeof text - 1, MSG_DONTWAIT);
  if (n > 0)
    {
      bo_journal_writer_add (journal, BO_JOURNAL_TELEMETRY, 0, text, (size_t) n);
      text[n] = '\0';
      look_at (telemetry, text);
    }
  else if (n == 0 || (errno != EAGAIN && errno != EINTR))
    bo_telemetry_stop (telemetry);
}

void
bo_telemetry_stop (BoTelemetry *telemetry)
{
  struct timespec until;

  if (telemetry->sampler == NULL)
    return;
  /* The thread sees that its socket has no other end. */
  close (telemetry->fd);
  clock_gettime (CLOCK_REALTIME, &until);
  until.tv_sec += PATIENCE_S;
  /* One that hangs in a read for good keeps what is its own, and ends with the process. */
  if (pthread_timedjoin_np (telemetry->sampler->thread, NULL, &until) == 0)
    {
      close (telemetry->sampler->fd);
      free (telemetry->sampler);
    }
  telemetry->sampler = NULL;
}
