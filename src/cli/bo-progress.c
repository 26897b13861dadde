/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-progress"

#include "config.h"

#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <glib/gi18n.h>

#include "bo-progress.h"
#include "insight/bo-duration.h"

#define BAR_WIDTH 20

struct _BoProgress
{
  gboolean quiet;
  gboolean live;
  guint n_shown;
};

/**
 * bo_progress_new:
 * @quiet: whether nothing at all is printed
 *
 * Returns: (transfer full): a display on standard error, so that standard
 *   output holds results alone
 */
BoProgress *
bo_progress_new (gboolean quiet)
{
  BoProgress *progress = g_new0 (BoProgress, 1);
  const char *term = g_getenv ("TERM");

  progress->quiet = quiet;
  progress->live = !quiet && isatty (STDERR_FILENO) && term != NULL && strcmp (term, "dumb") != 0;
  return progress;
}

void
bo_progress_free (BoProgress *progress)
{
  if (progress == NULL)
    return;
  bo_progress_clear (progress);
  g_free (progress);
}

gboolean
bo_progress_is_live (BoProgress *progress)
{
  return progress->live;
}

static guint
get_columns (void)
{
  struct winsize size = { 0 };

  if (ioctl (STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
    return size.ws_col;
  return 80;
}

/* Cuts at the terminal's edge, because a line that wraps cannot be taken back. */
static void
print_cut (const char *text, guint columns)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  GString *line = g_string_new (NULL);
  guint width = 0;

  for (const char *p = valid; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);
      guint w = g_unichar_iszerowidth (c) ? 0 : g_unichar_iswide (c) ? 2 : 1;

      /* Control characters of a build's log must not reach the terminal. */
      if (g_unichar_iscntrl (c))
        {
          c = ' ';
          w = 1;
        }
      if (width + w >= columns)
        {
          g_string_append (line, "…");
          break;
        }
      g_string_append_unichar (line, c);
      width += w;
    }
  fprintf (stderr, "%s\n", line->str);
  g_string_free (line, TRUE);
}

/**
 * bo_progress_clear:
 * @progress: a display
 *
 * Takes the status lines back; what is printed next stands in their place.
 */
void
bo_progress_clear (BoProgress *progress)
{
  if (!progress->live)
    return;
  for (; progress->n_shown > 0; progress->n_shown--)
    fputs ("\033[1A\033[2K", stderr);
  fputs ("\r", stderr);
  fflush (stderr);
}

/**
 * bo_progress_line:
 * @progress: a display
 * @format: a line that stays
 */
void
bo_progress_line (BoProgress *progress, const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list args;

  if (progress->quiet)
    return;
  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);

  bo_progress_clear (progress);
  fprintf (stderr, "%s\n", text);
  fflush (stderr);
}

/**
 * bo_progress_update:
 * @progress: a display
 * @state: what is under way
 *
 * Shows it in the status lines of a terminal; does nothing elsewhere.
 */
void
bo_progress_update (BoProgress *progress, const BoProgressState *state)
{
  guint columns;
  guint filled;
  GString *line;
  g_autofree char *elapsed = NULL;

  if (!progress->live)
    return;

  bo_progress_clear (progress);
  columns = get_columns ();
  filled = state->n_total > 0 ? BAR_WIDTH * state->n_done / state->n_total : 0;
  elapsed = bo_duration_format (state->elapsed_us);

  line = g_string_new ("[");
  for (guint i = 0; i < BAR_WIDTH; i++)
    g_string_append_c (line, i < filled ? '#' : '.');
  if (state->n_total > 0)
    g_string_append_printf (line, _ ("] %u of %u trials, %s elapsed"), state->n_done, state->n_total, elapsed);
  else
    g_string_append_printf (line, _ ("] %s elapsed"), elapsed);
  if (state->left_us >= 0)
    {
      g_autofree char *left = bo_duration_format (state->left_us);

      g_string_append_printf (line, _ (", about %s left"), left);
    }
  print_cut (line->str, columns);
  progress->n_shown = 1;

  if (state->title != NULL)
    {
      g_string_assign (line, "  ");
      g_string_append (line, state->title);
      if (state->trial_us >= 0)
        {
          g_autofree char *since = bo_duration_format (state->trial_us);

          g_string_append_printf (line, "  %s", since);
        }
      if (state->phase != NULL)
        g_string_append_printf (line, "  %s", state->phase);
      if (state->step != NULL)
        g_string_append_printf (line, "  %s", state->step);
      print_cut (line->str, columns);
      progress->n_shown = 2;
    }
  fflush (stderr);
  g_string_free (line, TRUE);
}
