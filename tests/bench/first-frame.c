/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <X11/Xlib.h>
#include <X11/Xutil.h>

/*
 * usage: first-frame PROGRAM ARGUMENT...
 *
 * Starts a program on $DISPLAY and prints the milliseconds until a window of its
 * own is mapped and has something drawn on it: pixels of more than one
 * colour in a grid over it. Then ends the program.
 */

/* Smaller ones are icons of the clipboard and the like. */
#define MIN_SIZE 200
#define PATIENCE_S 30
#define N_POINTS 24

static double
now_ms (void)
{
  struct timespec time;

  clock_gettime (CLOCK_MONOTONIC, &time);
  return (double) time.tv_sec * 1e3 + (double) time.tv_nsec / 1e6;
}

/* A window may go between two requests. */
static int
ignore_cb (Display *display, XErrorEvent *event)
{
  return 0;
}

static int
is_drawn (Display *display, Window window)
{
  XWindowAttributes attributes;
  XImage *image;
  unsigned long first;
  int drawn = 0;

  if (!XGetWindowAttributes (display, window, &attributes) || attributes.map_state != IsViewable || attributes.width < MIN_SIZE
      || attributes.height < MIN_SIZE)
    return 0;
  image = XGetImage (display, window, 0, 0, attributes.width, attributes.height, AllPlanes, ZPixmap);
  if (image == NULL)
    return 0;
  first = XGetPixel (image, attributes.width / 2, attributes.height / 2);
  /* Within the frame, whose border and shadow are drawn before the content. */
  for (int x = 1; x < N_POINTS && !drawn; x++)
    for (int y = 1; y < attributes.height * 3 / 4 && !drawn; y++)
      if (y > attributes.height / 16)
        drawn = XGetPixel (image, attributes.width / 8 + x * attributes.width * 3 / 4 / N_POINTS, y) != first;
  XDestroyImage (image);
  return drawn;
}

int
main (int argc, char **argv)
{
  Display *display = XOpenDisplay (NULL);
  struct timespec pause = { .tv_nsec = 1000 * 1000 };
  double begin, end = -1;
  pid_t pid;

  if (argc < 2 || display == NULL)
    {
      fprintf (stderr, "usage: first-frame PROGRAM ARGUMENT...  (needs a display)\n");
      return 2;
    }
  XSetErrorHandler (ignore_cb);
  begin = now_ms ();
  pid = fork ();
  if (pid == 0)
    {
      execvp (argv[1], argv + 1);
      fprintf (stderr, "%s: %s\n", argv[1], strerror (errno));
      _exit (127);
    }
  while (end < 0 && now_ms () - begin < PATIENCE_S * 1e3 && waitpid (pid, NULL, WNOHANG) == 0)
    {
      Window root, parent, *children = NULL;
      unsigned n = 0;

      if (XQueryTree (display, DefaultRootWindow (display), &root, &parent, &children, &n))
        for (unsigned i = 0; i < n && end < 0; i++)
          if (is_drawn (display, children[i]))
            end = now_ms ();
      if (children != NULL)
        XFree (children);
      nanosleep (&pause, NULL);
    }
  kill (pid, SIGTERM);
  waitpid (pid, NULL, 0);
  if (end < 0)
    {
      fprintf (stderr, "%s: nothing was drawn\n", argv[1]);
      return 1;
    }
  printf ("%.1f\n", end - begin);
  return 0;
}
