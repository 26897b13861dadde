/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "bo-journal-writer.h"
#include "results/bo-campaign.h"

/* A campaign's folder with a journal in which the classic builder answers, written by the courier's own writer. */
typedef struct
{
  char *folder;
  BoCampaign *campaign;
  int fd;
  BoJournalWriter writer;
  guint32 request;
} WrittenLog;

static inline BoCampaign *
written_log_make_campaign (guint n_trials, BoBuilder builder)
{
  BoCampaign *campaign = bo_campaign_new ();
  BoBaseImage *base = bo_base_image_new ();

  campaign->id = g_strdup ("c");
  base->base = g_strdup ("tiny");
  g_ptr_array_add (campaign->bases, base);
  for (guint i = 0; i < n_trials; i++)
    {
      BoPlannedTrial *trial = bo_planned_trial_new ();

      trial->id = g_strdup_printf ("c.%u", i + 1);
      trial->cell = bo_cell_new ("original", "tiny", builder, BO_CONDITION_COLD);
      trial->chain = g_strdup ("c1");
      trial->repetition = i + 1;
      g_ptr_array_add (campaign->trials, trial);
    }
  return campaign;
}

/* @folder: (nullable): a new one is made; else its journal begins anew */
static inline void
written_log_init (WrittenLog *log, const char *folder, guint n_trials, BoBuilder builder)
{
  g_autofree char *journal = NULL;

  memset (log, 0, sizeof *log);
  log->folder = folder != NULL ? g_strdup (folder) : g_dir_make_tmp ("bakeoff-log-XXXXXX", NULL);
  journal = g_build_filename (log->folder, "journal", NULL);
  g_assert_cmpint (g_mkdir (journal, 0700), ==, 0);
  log->campaign = written_log_make_campaign (n_trials, builder);
  log->fd = open (journal, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  g_assert_true (bo_journal_writer_open (&log->writer, log->fd, 1, 1, "campaign c\n"));
  g_assert_true (bo_journal_writer_printf (&log->writer, BO_JOURNAL_START, 0, "begin"));
}

static inline void
written_log_data (WrittenLog *log, const char *text, gsize length)
{
  g_assert_true (bo_journal_writer_add (&log->writer, BO_JOURNAL_DATA, log->request, text, length));
}

static inline void
written_log_begin_build (WrittenLog *log, guint trial)
{
  log->request++;
  bo_journal_writer_printf (&log->writer, BO_JOURNAL_REQUEST, log->request, "{\"trial\":\"c.%u\",\"role\":\"build\"}",
                            trial);
  bo_journal_writer_printf (&log->writer, BO_JOURNAL_SENT, log->request, "4096");
  bo_journal_writer_printf (&log->writer, BO_JOURNAL_HEAD, log->request,
                            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n");
}

/* Appends what the engine says for @text, which may have any characters. */
static inline void
written_log_append (GString *out, const char *text)
{
  g_string_append (out, "{\"stream\":\"");
  for (const char *p = text; *p != '\0'; p++)
    {
      if (*p == '"' || *p == '\\')
        g_string_append_printf (out, "\\%c", *p);
      else if ((guchar) *p < 0x20)
        g_string_append_printf (out, "\\u%04x", (guint) *p);
      else
        g_string_append_c (out, *p);
    }
  g_string_append (out, "\"}\r\n");
}

static inline void
written_log_say (WrittenLog *log, const char *text)
{
  GString *out = g_string_new (NULL);

  written_log_append (out, text);
  written_log_data (log, out->str, out->len);
  g_string_free (out, TRUE);
}

static inline void
written_log_step (WrittenLog *log, guint number, guint total, const char *instruction)
{
  g_autofree char *text = g_strdup_printf ("Step %u/%u : %s", number, total, instruction);

  if (number > 1)
    written_log_say (log, " ---> 0123456789ab\n");
  written_log_say (log, text);
  written_log_say (log, "\n");
  if (g_str_has_prefix (instruction, "RUN"))
    written_log_say (log, " ---> Running in cccccccccccc\n");
}

/* With @error the build failed. */
static inline void
written_log_end_build (WrittenLog *log, const char *error)
{
  if (error != NULL)
    {
      g_autofree char *text = g_strdup_printf ("{\"errorDetail\":{\"code\":2,\"message\":\"%s\"},\"error\":\"%s\"}\r\n",
                                               error, error);

      written_log_data (log, text, strlen (text));
    }
  else
    {
      written_log_say (log, " ---> 0123456789ab\n");
      written_log_say (log, "Successfully built 0123456789ab\n");
    }
  bo_journal_writer_printf (&log->writer, BO_JOURNAL_DONE, log->request, "ok 200");
}

static inline void
written_log_end (WrittenLog *log)
{
  bo_journal_writer_printf (&log->writer, BO_JOURNAL_END, 0, "finished");
}

static inline void
written_log_remove_folder (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      if (g_file_test (child, G_FILE_TEST_IS_DIR))
        written_log_remove_folder (child);
      else
        g_remove (child);
    }
  g_rmdir (path);
}

static inline void
written_log_clear (WrittenLog *log)
{
  bo_journal_writer_close (&log->writer);
  close (log->fd);
  written_log_remove_folder (log->folder);
  g_clear_pointer (&log->folder, g_free);
  g_clear_pointer (&log->campaign, bo_campaign_unref);
}
