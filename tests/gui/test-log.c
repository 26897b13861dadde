/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "../unit/written-log.h"
#include "activity/bo-log-rows.h"
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

/* All sizes take their time, and are looked at by people alone. */
static void
show_all_sizes (Fixture *f, const char *name)
{
  if (g_getenv ("BAKEOFF_SCREENSHOTS") != NULL)
    take_pictures (f->window, name);
  else
    take_picture (GTK_WIDGET (f->window), name);
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
  show_all_sizes (f, "log-empty");
  write_build (f, 3000, "The command '/bin/sh -c pip install -r /tmp/requirements.txt' returned a non-zero code: 2");
  bo_log_view_show_folder (f->view, f->log.folder, f->log.campaign, "c.1", FALSE);
  WAIT_FOR (bo_log_view_get_state (f->view) == BO_LOG_COMPLETE);
  wait_ms (300);
  take_pictures (f->window, "log-failed");
  bo_log_view_show_step (f->view, 1);
  wait_ms (100);
  take_picture (GTK_WIDGET (f->window), "log-step");
}

static void
show (Fixture *f, gboolean live)
{
  bo_log_view_show_folder (f->view, f->log.folder, f->log.campaign, "c.1", live);
  WAIT_FOR (bo_log_view_get_state (f->view) != BO_LOG_READING);
  wait_ms (300);
}

static guint
find_id (Fixture *f, guint position)
{
  return g_array_index (bo_log_list_get_shape (f->list)->parts, BoLogPart, position).id;
}

static GtkAdjustment *
get_scroll (Fixture *f)
{
  return gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (f->list));
}

static gboolean
is_at_end (Fixture *f)
{
  GtkAdjustment *adjustment = get_scroll (f);

  return gtk_adjustment_get_value (adjustment) + gtk_adjustment_get_page_size (adjustment)
         >= gtk_adjustment_get_upper (adjustment) - 1;
}

static char *
read_clipboard (Fixture *f)
{
  GdkClipboard *clipboard = gtk_widget_get_clipboard (GTK_WIDGET (f->view));
  GdkContentProvider *content;
  GValue value = G_VALUE_INIT;
  char *text = NULL;

  wait_ms (100);
  content = gdk_clipboard_get_content (clipboard);
  g_value_init (&value, G_TYPE_STRING);
  if (content != NULL && gdk_content_provider_get_value (content, &value, NULL))
    text = g_value_dup_string (&value);
  g_value_unset (&value);
  return text;
}

#define assert_clipboard(f, expected)                    \
  G_STMT_START                                           \
  {                                                      \
    g_autofree char *copied = read_clipboard (f);        \
    g_assert_cmpstr (copied, ==, expected);              \
  }                                                      \
  G_STMT_END

static GtkWidget *
find_widget (GtkWidget *widget, GType type)
{
  if (G_TYPE_CHECK_INSTANCE_TYPE (widget, type))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_widget (child, type);

      if (found != NULL)
        return found;
    }
  return NULL;
}

/* The label beside the entry of the search. */
static const char *
get_search_count (Fixture *f)
{
  GtkWidget *entry = find_widget (GTK_WIDGET (f->view), GTK_TYPE_SEARCH_ENTRY);

  return gtk_label_get_text (GTK_LABEL (gtk_widget_get_next_sibling (entry)));
}

/* A long log makes no more widgets than a short one, wherever one scrolls to. */
static void
test_virtual (Fixture *f, gconstpointer data)
{
  BoLogPlace place;

  write_build (f, 20000, NULL);
  show (f, FALSE);
  g_assert_cmpuint (bo_log_list_get_shape (f->list)->n_lines, ==, 20000 + 17);
  for (guint i = 0; i <= 10; i++)
    {
      gtk_adjustment_set_value (get_scroll (f), gtk_adjustment_get_upper (get_scroll (f)) * i / 10);
      wait_ms (30);
    }
  g_assert_cmpuint (bo_log_list_count_widgets (f->list), >, 10);
  g_assert_cmpuint (bo_log_list_count_widgets (f->list), <, 120);
  place = (BoLogPlace) { find_id (f, 3), 12003 };
  bo_log_list_go_to (f->list, &place, TRUE);
  {
    g_autofree char *text = bo_log_list_get_row_text (f->list, 0);

    g_assert_cmpstr (text, ==, "[12000/20000] Building CXX object src/CMakeFiles/sphn.dir/needle12000.cpp.o");
  }
}

static void
test_keyboard (Fixture *f, gconstpointer data)
{
  BoLogPlace cursor;

  if (!can_press ())
    {
      g_test_skip ("xdotool is not installed (build-aux/install-packages gui)");
      return;
    }
  write_build (f, 3000, NULL);
  show (f, FALSE);

  /* Folding, by the keys of lists. */
  gtk_widget_grab_focus (GTK_WIDGET (f->list));
  press (f->window, "Home Down");
  g_assert_true (bo_log_list_get_cursor (f->list, &cursor));
  g_assert_cmpuint (cursor.id, ==, find_id (f, 1));
  g_assert_cmpint (cursor.line, ==, BO_LOG_TITLE);
  press (f->window, "Return");
  g_assert_true (bo_log_list_is_folded (f->list, find_id (f, 1)));
  press (f->window, "Down");
  bo_log_list_get_cursor (f->list, &cursor);
  g_assert_cmpuint (cursor.id, ==, find_id (f, 2));
  press (f->window, "Up Right");
  g_assert_false (bo_log_list_is_folded (f->list, find_id (f, 1)));
  press (f->window, "Down Down");
  bo_log_list_get_cursor (f->list, &cursor);
  g_assert_cmpint (cursor.line, ==, 1);

  /* Copying the line, then some, then a step. */
  press (f->window, "ctrl+c");
  assert_clipboard (f, "Get:1 http://ports.example.org jammy/main arm64 libpackage1 arm64 1.1-2 [17 kB]\n");
  press (f->window, "shift+Down");
  press (f->window, "ctrl+c");
  assert_clipboard (f, "Get:1 http://ports.example.org jammy/main arm64 libpackage1 arm64 1.1-2 [17 kB]\n"
                       "Get:2 http://ports.example.org jammy/main arm64 libpackage2 arm64 1.2-2 [34 kB]\n");
  press (f->window, "Left Left");
  g_assert_true (bo_log_list_is_folded (f->list, find_id (f, 1)));
  press (f->window, "End Left Up");
  press (f->window, "ctrl+shift+c");
  assert_clipboard (f, "=== 3/4 COPY requirements.txt /tmp/\n");
  press (f->window, "Down Down");
  press (f->window, "ctrl+c");
  /* Without the colours. */
  assert_clipboard (f, "Collecting torchaudio==2.1 (from -r requirements.txt)\n");

  /* Searching, from anywhere in the window. */
  press (f->window, "ctrl+f");
  press (f->window, "n e e d l e 2 9 9");
  WAIT_FOR (g_str_equal (get_search_count (f), "1 of 11"));
  bo_log_list_get_cursor (f->list, &cursor);
  g_assert_cmpint (cursor.line, ==, 299 + 3);
  press (f->window, "Return Return");
  g_assert_cmpstr (get_search_count (f), ==, "3 of 11");
  bo_log_list_get_cursor (f->list, &cursor);
  g_assert_cmpint (cursor.line, ==, 2991 + 3);
  show_all_sizes (f, "log-search");
  press (f->window, "shift+Return");
  g_assert_cmpstr (get_search_count (f), ==, "2 of 11");
  press (f->window, "shift+Return");
  press (f->window, "shift+Return");
  g_assert_cmpstr (get_search_count (f), ==, "11 of 11");
  press (f->window, "x");
  WAIT_FOR (g_str_equal (get_search_count (f), "Not found"));
  press (f->window, "Escape");
  /* What was found in a step that is folded unfolds it. */
  gtk_widget_activate_action (GTK_WIDGET (f->view), "log.fold-all", NULL);
  g_assert_true (bo_log_list_is_folded (f->list, find_id (f, 3)));
  press (f->window, "ctrl+f");
  press (f->window, "n e e d l e 7 7 7 period");
  WAIT_FOR (g_str_equal (get_search_count (f), "1 of 1"));
  g_assert_false (bo_log_list_is_folded (f->list, find_id (f, 3)));
  press (f->window, "Escape");
}

static void
write_lines (Fixture *f, guint first, guint n)
{
  for (guint i = first; i < first + n; i++)
    {
      g_autofree char *line = g_strdup_printf ("line %u\n", i);

      written_log_say (&f->log, line);
    }
}

static void
test_follow (Fixture *f, gconstpointer data)
{
  double value;

  written_log_begin_build (&f->log, 1);
  written_log_step (&f->log, 1, 1, "RUN make");
  write_lines (f, 0, 500);
  show (f, TRUE);
  g_assert_true (bo_log_list_get_following (f->list));
  WAIT_FOR (is_at_end (f));
  write_lines (f, 500, 500);
  WAIT_FOR (bo_log_list_get_shape (f->list)->n_lines == 1000);
  wait_ms (100);
  g_assert_true (is_at_end (f));
  show_all_sizes (f, "log-live");

  if (can_press ())
    {
      /* Up ends it, and what comes moves nothing then; to the end begins it again. */
      gtk_widget_grab_focus (GTK_WIDGET (f->list));
      press (f->window, "Prior");
      g_assert_false (bo_log_list_get_following (f->list));
      value = gtk_adjustment_get_value (get_scroll (f));
      write_lines (f, 1000, 100);
      WAIT_FOR (bo_log_list_get_shape (f->list)->n_lines == 1100);
      wait_ms (100);
      g_assert_cmpfloat (gtk_adjustment_get_value (get_scroll (f)), ==, value);
      press (f->window, "End");
      g_assert_true (bo_log_list_get_following (f->list));
      g_assert_true (is_at_end (f));
    }
  /* So does scrolling. */
  gtk_adjustment_set_value (get_scroll (f), gtk_adjustment_get_value (get_scroll (f)) - 100);
  g_assert_false (bo_log_list_get_following (f->list));
  gtk_adjustment_set_value (get_scroll (f), gtk_adjustment_get_upper (get_scroll (f)));
  g_assert_true (bo_log_list_get_following (f->list));
  gtk_widget_activate_action (GTK_WIDGET (f->view), "log.following", NULL);
  g_assert_false (bo_log_list_get_following (f->list));

  written_log_end_build (&f->log, NULL);
  WAIT_FOR (bo_log_view_get_state (f->view) == BO_LOG_COMPLETE);
}

static void
test_pointer (Fixture *f, gconstpointer data)
{
  if (!can_press ())
    {
      g_test_skip ("xdotool is not installed (build-aux/install-packages gui)");
      return;
    }
  write_build (f, 100, NULL);
  show (f, FALSE);
  /* A drag over some letters of two lines; then a header folds by a click. */
  {
    graphene_rect_t list;
    g_autofree char *command = NULL;
    g_autofree char *copied = NULL;
    g_auto (GStrv) lines = NULL;

    g_assert_true (gtk_widget_compute_bounds (GTK_WIDGET (f->list), GTK_WIDGET (f->window), &list));
    press (f->window, "Home");
    command = g_strdup_printf ("xdotool mousemove %d %d mousedown 1 mousemove_relative 60 4 mousemove_relative 20 15 mouseup 1",
                               (int) list.origin.x + 100, (int) list.origin.y + 80);
    g_assert_true (g_spawn_command_line_sync (command, NULL, NULL, NULL, NULL));
    wait_ms (400);
    press (f->window, "ctrl+c");
    copied = read_clipboard (f);
    g_assert_nonnull (copied);
    lines = g_strsplit (copied, "\n", -1);
    g_test_message ("copied: %s", copied);
    g_assert_cmpuint (g_strv_length (lines), ==, 2);
    g_assert_false (g_str_has_prefix (lines[0], "Get:"));
    g_assert_nonnull (strstr (lines[0], "arm64"));
    g_assert_true (g_str_has_prefix (lines[1], "Get:"));
    g_assert_null (strstr (lines[1], "kB]"));

    g_free (command);
    command = g_strdup_printf ("xdotool mousemove %d %d click 1", (int) list.origin.x + 100, (int) list.origin.y + 45);
    g_assert_true (g_spawn_command_line_sync (command, NULL, NULL, NULL, NULL));
    wait_ms (400);
    g_assert_true (bo_log_list_is_folded (f->list, find_id (f, 1)));
  }
}

/* A line of a megabyte holds nothing up, in letters of one width or not. */
static void
test_long_lines (Fixture *f, gconstpointer data)
{
  g_autofree char *plain = g_strnfill (1024 * 1024 - 10, 'x');
  GString *wide = g_string_new (NULL);
  gint64 begin_us;

  while (wide->len < 900 * 1024)
    g_string_append (wide, "字\t");
  written_log_begin_build (&f->log, 1);
  written_log_step (&f->log, 1, 1, "RUN make");
  for (guint i = 0; i < 4; i++)
    {
      g_autofree char *line = g_strdup_printf ("%s\n", i % 2 == 0 ? plain : wide->str);
      g_autoptr (GString) out = g_string_new (NULL);

      written_log_append (out, line);
      for (gsize at = 0; at < out->len; at += 100000)
        written_log_data (&f->log, out->str + at, MIN (out->len - at, 100000));
    }
  written_log_end_build (&f->log, NULL);
  show (f, FALSE);
  g_assert_cmpuint (bo_log_list_get_shape (f->list)->n_lines, ==, 4);
  begin_us = g_get_monotonic_time ();
  for (guint i = 0; i <= 20; i++)
    {
      GtkAdjustment *adjustment = gtk_scrollable_get_hadjustment (GTK_SCROLLABLE (f->list));

      gtk_adjustment_set_value (adjustment, gtk_adjustment_get_upper (adjustment) * i / 20);
      wait_ms (20);
    }
  /* Twenty frames; generous, since others use the machine too. */
  g_assert_cmpint (g_get_monotonic_time () - begin_us, <, 5 * G_USEC_PER_SEC);
  take_picture (GTK_WIDGET (f->window), "log-long-lines");
  g_string_free (wide, TRUE);
}

static void
test_save (Fixture *f, gconstpointer data)
{
  g_autofree char *path = g_build_filename (f->log.folder, "saved.txt", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autofree char *text = NULL;

  write_build (f, 100, NULL);
  show (f, FALSE);
  gtk_widget_activate_action (GTK_WIDGET (f->view), "log.times", NULL);
  g_assert_false (bo_log_list_get_times (f->list));
  bo_log_view_save (f->view, file);
  WAIT_FOR (g_file_test (path, G_FILE_TEST_EXISTS));
  wait_ms (200);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_true (g_str_has_prefix (text, "=== 1/4 FROM nvcr.io/nvidia/l4t-pytorch:r36.2.0\n=== 2/4 RUN apt-get"));
  g_assert_nonnull (strstr (text, "\nCollecting torchaudio==2.1 (from -r requirements.txt)\n"));
  g_assert_true (g_str_has_suffix (text, "src/lib.cpp:12:3: error: 'foo' was not declared in this scope\n"));
}

/* From one log to another and back, in the middle of reading: nothing of the one is seen in the other. */
static void
test_switch (Fixture *f, gconstpointer data)
{
  write_build (f, 20000, NULL);
  written_log_begin_build (&f->log, 2);
  written_log_step (&f->log, 1, 1, "RUN other");
  written_log_say (&f->log, "only line\n");
  written_log_end_build (&f->log, NULL);
  for (guint i = 0; i < 6; i++)
    {
      bo_log_view_show_folder (f->view, f->log.folder, f->log.campaign, i % 2 == 0 ? "c.1" : "c.2", FALSE);
      wait_ms (i * 20);
    }
  WAIT_FOR (bo_log_view_get_state (f->view) == BO_LOG_COMPLETE);
  wait_ms (100);
  g_assert_cmpuint (bo_log_list_get_shape (f->list)->n_lines, ==, 1);
  {
    g_autofree char *text = bo_log_list_get_row_text (f->list, 0);

    g_assert_cmpstr (text, ==, "only line");
  }
  bo_log_view_clear (f->view);
  g_assert_cmpuint (bo_log_list_get_shape (f->list)->n_lines, ==, 0);
}

int
main (int argc, char **argv)
{
  if (!gui_test_init (&argc, &argv))
    return 0;
  g_test_add ("/log/virtual", Fixture, NULL, set_up, test_virtual, tear_down);
  g_test_add ("/log/keyboard", Fixture, NULL, set_up, test_keyboard, tear_down);
  g_test_add ("/log/follow", Fixture, NULL, set_up, test_follow, tear_down);
  g_test_add ("/log/pointer", Fixture, NULL, set_up, test_pointer, tear_down);
  g_test_add ("/log/long-lines", Fixture, NULL, set_up, test_long_lines, tear_down);
  g_test_add ("/log/save", Fixture, NULL, set_up, test_save, tear_down);
  g_test_add ("/log/switch", Fixture, NULL, set_up, test_switch, tear_down);
  g_test_add ("/log/pictures", Fixture, NULL, set_up, test_pictures, tear_down);
  return gui_test_run ();
}
