/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "../unit/written-log.h"
#include "activity/bo-log-view.h"
#include "gui-test.h"

typedef struct
{
  WrittenLog log;
  GtkWindow *window;
  BoLogView *view;
  BoLogList *list;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  written_log_init (&f->log, NULL, 2, BO_BUILDER_CLASSIC);
  f->window = GTK_WINDOW (adw_application_window_new (GTK_APPLICATION (application)));
  f->view = bo_log_view_new ();
  f->list = bo_log_view_get_list (f->view);
  gtk_widget_set_size_request (GTK_WIDGET (f->view), 300, -1);
  adw_application_window_set_content (ADW_APPLICATION_WINDOW (f->window), GTK_WIDGET (f->view));
  gtk_window_set_default_size (f->window, 900, 600);
  gtk_window_present (f->window);
  wait_ms (200);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  close_window (f->window);
  written_log_clear (&f->log);
}

static void
write_build (Fixture *f, guint n_lines, const char *error)
{
  written_log_begin_build (&f->log, 1);
  written_log_step (&f->log, 1, 4, "FROM nvcr.io/nvidia/l4t-pytorch:r36.2.0");
  written_log_step (&f->log, 2, 4, "RUN apt-get update && apt-get install -y --no-install-recommends ffmpeg cmake ninja-build libsndfile1");
  for (guint i = 0; i < 12; i++)
    {
      g_autofree char *line = g_strdup_printf ("Get:%u http://ports.example.org jammy/main arm64 libpackage%u arm64 1.%u-2 [%u kB]\n",
                                               i, i, i, 17 * i);

      written_log_say (&f->log, line);
    }
  written_log_say (&f->log, "W: Some index files failed to download. They have been ignored, or old ones used instead.\n");
  written_log_step (&f->log, 3, 4, "COPY requirements.txt /tmp/");
  written_log_step (&f->log, 4, 4, "RUN pip install -r /tmp/requirements.txt");
  written_log_say (&f->log, "\033[1;34mCollecting\033[0m torchaudio==2.1 \033[2m(from -r requirements.txt)\033[0m\n");
  written_log_say (&f->log, "\033[32m✔\033[0m Compiling audiopus_sys v0.2.2 \033[38;5;208morange\033[0m \033[48;2;90;0;90;97mtrue colour\033[0m \033[7minverse\033[0m \033[4;31munderlined red\033[0m \033[93mbright yellow\033[0m\n");
  written_log_say (&f->log, "warning: unused import: `std::io::Write`\n");
  for (guint i = 0; i < n_lines; i++)
    {
      g_autofree char *line = g_strdup_printf ("[%u/%u] Building CXX object src/CMakeFiles/sphn.dir/needle%u.cpp.o\n", i,
                                               n_lines, i);

      written_log_say (&f->log, line);
    }
  written_log_say (&f->log, "src/lib.cpp:12:3: error: 'foo' was not declared in this scope\n");
  written_log_end_build (&f->log, error);
  written_log_end (&f->log);
}

static void
test_pictures (Fixture *f, gconstpointer data)
{
  take_pictures (f->window, "log-empty");
  write_build (f, 3000, "The command '/bin/sh -c pip install -r /tmp/requirements.txt' returned a non-zero code: 2");
  bo_log_view_show_folder (f->view, f->log.folder, f->log.campaign, "c.1", FALSE);
  WAIT_FOR (bo_log_view_get_state (f->view) == BO_LOG_COMPLETE);
  wait_ms (300);
  take_pictures (f->window, "log-failed");
  bo_log_view_show_step (f->view, 1);
  wait_ms (100);
  take_pictures (f->window, "log-step");
}

int
main (int argc, char **argv)
{
  if (!gui_test_init (&argc, &argv))
    return 0;
  g_test_add ("/log/pictures", Fixture, NULL, set_up, test_pictures, tear_down);
  return gui_test_run ();
}
