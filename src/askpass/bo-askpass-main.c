/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What ssh starts to ask a person something (SSH_ASKPASS in ssh(1)): passes the
 * question on to the Bakeoff that started ssh, and its answer to ssh. Small,
 * and with nothing but the C library, since secrets go through it.
 */

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define ANSWER_MAX 8192

static char answer[ANSWER_MAX];

static int
write_all (int fd, const char *bytes, size_t length)
{
  while (length > 0)
    {
      ssize_t n = write (fd, bytes, length);

      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        return -1;
      bytes += n;
      length -= (size_t) n;
    }
  return 0;
}

static int
connect_to (const char *path)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  int fd;

  if (path == NULL || strlen (path) >= sizeof address.sun_path)
    return -1;
  strcpy (address.sun_path, path);
  fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd >= 0 && connect (fd, (struct sockaddr *) &address, sizeof address) != 0)
    {
      close (fd);
      return -1;
    }
  return fd;
}

int
main (int argc, char **argv)
{
  const char *hint = getenv ("SSH_ASKPASS_PROMPT");
  const char *question = argc > 1 ? argv[1] : "";
  size_t length = 0;
  int fd, status = EXIT_FAILURE;

  /* ssh is killed when the person cancels, and nobody else ends this process then. */
  prctl (PR_SET_PDEATHSIG, SIGTERM);
  /* No other process of the user, and no core file, is to read the secret from here. */
  prctl (PR_SET_DUMPABLE, 0);
  if (mlock (answer, sizeof answer) != 0)
    errno = 0; /* it may be allowed to lock nothing; then it may be swapped out like in ssh itself */
  signal (SIGPIPE, SIG_IGN);

  fd = connect_to (getenv ("BAKEOFF_ASKPASS_SOCKET"));
  if (fd < 0)
    {
      fprintf (stderr, "bakeoff-askpass: the window that started ssh cannot be asked: %s\n",
               errno != 0 ? strerror (errno) : "BAKEOFF_ASKPASS_SOCKET is not set");
      return EXIT_FAILURE;
    }
  if (hint == NULL)
    hint = "";
  if (write_all (fd, hint, strlen (hint) + 1) != 0 || write_all (fd, question, strlen (question) + 1) != 0)
    return EXIT_FAILURE;
  for (;;)
    {
      ssize_t n = read (fd, answer + length, sizeof answer - length);

      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        break;
      length += (size_t) n;
    }
  /* An answer is a whole line; without, the person has cancelled. */
  if (length > 0 && answer[length - 1] == '\n' && write_all (STDOUT_FILENO, answer, length) == 0)
    status = EXIT_SUCCESS;
  explicit_bzero (answer, sizeof answer);
  return status;
}
