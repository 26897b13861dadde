/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "cmd-context"

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <gio/gio.h>
#include <gio/gunixoutputstream.h>
#include <glib-unix.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>

#include "bo-cli.h"
#include "bo-cli-commands.h"
#include "context/bo-content-store.h"
#include "context/bo-context-archive.h"
#include "context/bo-context-preview.h"
#include "context/bo-context.h"
#include "study/bo-cell.h"

#define MAX_SHOWN 10
#define COPY_BYTES (256 * 1024)

typedef struct
{
  char *folder;
  char *dockerfile;
  char *tar;
  BoIgnoreRule rule;
  BoBuilder builder;
  gboolean json;
} Options;

/* What the worker thread does, and how it ended. */
typedef struct
{
  const Options *options;
  GCancellable *cancellable;
  GMainLoop *loop;
  BoContextPreview *preview;
  BoExit exit_code;
} Work;

static void
options_clear (Options *options)
{
  g_free (options->folder);
  g_free (options->dockerfile);
  g_free (options->tar);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

/* A name for a terminal: control characters and bytes that are not UTF-8 shown, not sent. */
static char *
show_name (const char *path)
{
  g_autofree char *valid = g_utf8_make_valid (path, -1);
  GString *shown = g_string_new (NULL);

  for (const char *p = valid; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (g_unichar_iscntrl (c))
        g_string_append_printf (shown, "\\x%02x", c);
      else
        g_string_append_unichar (shown, c);
    }
  return g_string_free (shown, FALSE);
}

/* A macro, so that the compiler and xgettext see the literal formats. */
#define COUNT(one, many, n) g_strdup_printf (ngettext (one, many, (gulong) (n)), (guint64) (n))

static int
compare_ignored (gconstpointer a, gconstpointer b)
{
  const BoContextIgnored *first = *(const BoContextIgnored *const *) a;
  const BoContextIgnored *second = *(const BoContextIgnored *const *) b;

  if (first->size != second->size)
    return first->size > second->size ? -1 : 1;
  return strcmp (first->path, second->path);
}

static void
print_ignored (BoContext *context)
{
  GPtrArray *ignored = bo_context_get_ignored (context);
  g_autoptr (GPtrArray) sorted = g_ptr_array_new ();

  if (ignored->len == 0)
    return;
  for (guint i = 0; i < ignored->len; i++)
    g_ptr_array_add (sorted, g_ptr_array_index (ignored, i));
  g_ptr_array_sort (sorted, compare_ignored);

  g_print ("\n%s\n", _ ("Ignored, the largest first:"));
  for (guint i = 0; i < MIN (sorted->len, MAX_SHOWN); i++)
    {
      const BoContextIgnored *item = g_ptr_array_index (sorted, i);
      g_autofree char *size = g_format_size (item->size);
      g_autofree char *name = show_name (item->path);
      g_autofree char *files = COUNT ("%" PRIu64 " file", "%" PRIu64 " files", item->n_files);

      if (item->is_folder)
        g_print ("  %10s  %s/ (%s)\n", size, name, files);
      else
        g_print ("  %10s  %s\n", size, name);
    }
  if (sorted->len > MAX_SHOWN)
    g_print (_ ("              and %u more (see --json)\n"), sorted->len - MAX_SHOWN);
}

static void
print_messages (BoContext *context)
{
  GPtrArray *secrets = bo_context_get_secrets (context);
  GPtrArray *skipped = bo_context_get_skipped (context);
  GPtrArray *build_files = bo_context_get_build_files (context);
  BoProblems *problems = bo_context_get_problems (context);

  if (build_files->len > 0)
    g_print ("\n%s\n", _ ("Read by the builder, but ignored, so that no COPY takes it:"));
  for (guint i = 0; i < build_files->len; i++)
    {
      g_autofree char *name = show_name (g_ptr_array_index (build_files, i));

      g_print ("  %s\n", name);
    }

  if (skipped->len > 0)
    g_print ("\n%s\n", _ ("Sockets, which no image can hold (passed over, as docker does):"));
  for (guint i = 0; i < skipped->len; i++)
    {
      g_autofree char *name = show_name (g_ptr_array_index (skipped, i));

      g_print ("  %s\n", name);
    }

  if (secrets->len > 0)
    g_print ("\n%s\n", _ ("These look like secrets, and would be sent. Ignore them if no image needs them:"));
  for (guint i = 0; i < secrets->len; i++)
    {
      const BoContextSecret *secret = g_ptr_array_index (secrets, i);
      g_autofree char *name = show_name (secret->path);

      g_print ("  %s: %s\n", name, secret->reason);
    }

  if (problems->items->len > 0)
    g_print ("\n%s\n", _ ("Problems:"));
  for (guint i = 0; i < problems->items->len; i++)
    {
      const BoProblem *problem = bo_problems_get (problems, i);
      g_autofree char *name = show_name (problem->path != NULL ? problem->path : "");

      g_print ("  %s: %s\n", name, problem->message);
    }
}

static void
print_preview (const BoContextPreview *preview)
{
  BoContext *context = preview->context;
  const char *dockerfile = bo_context_get_dockerfile (context);
  const char *ignore_file = bo_context_get_ignore_file (context);
  g_autofree char *folder = show_name (bo_context_get_folder (context));
  g_autofree char *shown_dockerfile = NULL;
  g_autofree char *shown_ignore = NULL;
  g_autofree char *bytes = g_format_size (preview->bytes);
  g_autofree char *tar_bytes = g_format_size (preview->tar_bytes);
  g_autofree char *ignored_bytes = g_format_size (preview->ignored_bytes);
  g_autofree char *files = COUNT ("%" PRIu64 " file", "%" PRIu64 " files", preview->n_files);
  g_autofree char *folders = COUNT ("%" PRIu64 " folder", "%" PRIu64 " folders", preview->n_folders);
  g_autofree char *links = COUNT ("%" PRIu64 " link", "%" PRIu64 " links", preview->n_links);
  g_autofree char *ignored = COUNT ("%" PRIu64 " file", "%" PRIu64 " files", preview->n_ignored);

  if (dockerfile != NULL)
    shown_dockerfile = show_name (dockerfile);
  else if (bo_context_get_dockerfile_bytes (context) != NULL)
    shown_dockerfile = g_strdup (_ ("outside of the context"));
  else
    shown_dockerfile = g_strdup (_ ("none"));
  shown_ignore = ignore_file != NULL ? show_name (ignore_file) : g_strdup (_ ("none"));

  g_print (_ ("Build context: %s\n"), folder);
  g_print (_ ("  Dockerfile:  %s\n"), shown_dockerfile);
  g_print (_ ("  Ignore file: %s\n"), shown_ignore);
  if (bo_context_get_rule (context) == BO_IGNORE_RULE_20_10)
    g_print ("               %s\n",
             _ ("(matched as docker 20.10 on this computer does; newer versions may decide otherwise)"));
  g_print (_ ("  Sent:        %s, %s in %s and %s (%s as a tar)\n"), bytes, files, folders, links, tar_bytes);
  g_print (_ ("  Ignored:     %s, %s\n"), ignored_bytes, ignored);

  if (preview->largest->len > 0)
    g_print ("\n%s\n", _ ("Sent, the largest first:"));
  for (guint i = 0; i < preview->largest->len; i++)
    {
      const BoContextEntry *entry = g_ptr_array_index (preview->largest, i);
      g_autofree char *size = g_format_size (entry->size);
      g_autofree char *name = show_name (entry->path);

      g_print ("  %10s  %s\n", size, name);
    }
  print_ignored (context);
  print_messages (context);
}

static void
print_json (const BoContextPreview *preview)
{
  g_autoptr (JsonNode) node = bo_context_preview_to_json (preview);
  g_autoptr (JsonGenerator) generator = json_generator_new ();
  g_autofree char *text = NULL;

  json_generator_set_root (generator, node);
  json_generator_set_pretty (generator, TRUE);
  text = json_generator_to_data (generator, NULL);
  fputs (text, stdout);
  fputc ('\n', stdout);
}

/* Removes the temporary store; it holds folders of files, and nothing deeper. */
static void
remove_store (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      if (g_unlink (path) < 0)
        remove_store (path);
    }
  g_rmdir (folder);
}

static BoExit
exit_for (const GError *error)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return BO_EXIT_CANCELLED;
  if (g_error_matches (error, BO_CONTENT_STORE_ERROR, BO_CONTENT_STORE_ERROR_WRITE) || error->domain == G_IO_ERROR ||
      error->domain == G_FILE_ERROR)
    return BO_EXIT_INTERNAL;
  return BO_EXIT_INPUT;
}

static GOutputStream *
open_output (const char *path, GError **error)
{
  g_autoptr (GFile) file = NULL;

  if (strcmp (path, "-") == 0)
    {
      struct stat st;
      int fd = -1;

      /* A pipe whose reader stalls would hold us in write(), deaf to signals. It is opened
       * anew, so that nobody else who has it finds it changed. */
      if (fstat (STDOUT_FILENO, &st) == 0 && S_ISFIFO (st.st_mode))
        fd = open ("/proc/self/fd/1", O_WRONLY | O_NONBLOCK | O_CLOEXEC);
      return fd >= 0 ? g_unix_output_stream_new (fd, TRUE) : g_unix_output_stream_new (STDOUT_FILENO, FALSE);
    }
  file = g_file_new_for_commandline_arg (path);
  return G_OUTPUT_STREAM (g_file_replace (file, NULL, FALSE, G_FILE_CREATE_NONE, NULL, error));
}

/* g_output_stream_splice() with larger steps: a context may have gigabytes. */
static gboolean
copy_stream (GInputStream *input, GOutputStream *output, GCancellable *cancellable, GError **error)
{
  g_autofree guint8 *buffer = g_malloc (COPY_BYTES);
  gssize n;

  while ((n = g_input_stream_read (input, buffer, COPY_BYTES, cancellable, error)) > 0)
    {
      if (!g_output_stream_write_all (output, buffer, n, NULL, cancellable, error))
        return FALSE;
    }
  return n == 0;
}

static gboolean
write_tar (Work *work, BoContext *context, const char *folder, GError **error)
{
  g_autoptr (BoContentStore) store = NULL;
  g_autoptr (BoContextArchive) archive = NULL;
  g_autoptr (GPtrArray) recipes = NULL;
  g_autofree char *name = NULL;
  g_autoptr (GInputStream) input = NULL;
  g_autoptr (GOutputStream) output = NULL;
  guint64 length = 0;
  BoContextArchiveOptions options = {
    .dockerfile = bo_context_get_dockerfile_bytes (context),
    .for_classic = work->options->builder == BO_BUILDER_CLASSIC,
  };

  store = bo_content_store_new (folder, error);
  if (store == NULL || !bo_context_store (context, store, NULL, NULL, work->cancellable, error))
    return FALSE;
  archive = bo_context_archive_new (context, NULL, NULL, error);
  if (archive == NULL)
    return FALSE;
  recipes = bo_context_archive_make_all (archive, &options, &name, error);
  if (recipes == NULL)
    return FALSE;
  output = open_output (work->options->tar, error);
  if (output == NULL)
    return FALSE;
  input = bo_recipe_open_stream (recipes, store);
  if (!copy_stream (input, output, work->cancellable, error))
    {
      /* A cancelled close leaves what was there before in place. */
      g_autoptr (GCancellable) cancelled = g_cancellable_new ();

      g_cancellable_cancel (cancelled);
      g_output_stream_close (output, cancelled, NULL);
      return FALSE;
    }
  if (!g_output_stream_close (output, work->cancellable, error))
    return FALSE;
  for (guint i = 0; i < recipes->len; i++)
    length += bo_recipe_get_length (g_ptr_array_index (recipes, i));
  if (strcmp (work->options->tar, "-") != 0)
    g_printerr (_ ("Wrote %s: %" PRIu64 " bytes; build it with dockerfile=%s\n"), work->options->tar,
                length, name);
  return TRUE;
}

static BoExit
do_work (Work *work)
{
  const Options *options = work->options;
  g_autoptr (BoContext) context = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = NULL;
  gboolean ok;

  context = bo_context_scan (options->folder, options->dockerfile, options->rule,
                             BO_CONTEXT_COUNT_IGNORED | BO_CONTEXT_FIND_SECRETS, work->cancellable, &error);
  if (context == NULL)
    {
      bo_cli_error ("%s", error->message);
      return exit_for (error);
    }
  if (bo_context_get_dockerfile_bytes (context) == NULL && (options->dockerfile != NULL || options->tar != NULL))
    {
      bo_cli_error (_ ("there is no Dockerfile “%s”"),
                    options->dockerfile != NULL ? options->dockerfile : "Dockerfile");
      return BO_EXIT_INPUT;
    }
  work->preview = bo_context_preview_new (context);

  if (options->tar == NULL)
    return bo_context_get_problems (context)->n_errors > 0 ? BO_EXIT_FAILED : BO_EXIT_OK;

  folder = g_dir_make_tmp ("bakeoff-XXXXXX", &error);
  if (folder == NULL)
    {
      bo_cli_error ("%s", error->message);
      return BO_EXIT_INTERNAL;
    }
  ok = write_tar (work, context, folder, &error);
  remove_store (folder);
  if (!ok)
    {
      bo_cli_error ("%s", error->message);
      return exit_for (error);
    }
  return BO_EXIT_OK;
}

static gboolean
quit_cb (gpointer user_data)
{
  g_main_loop_quit (user_data);
  return G_SOURCE_REMOVE;
}

static gpointer
work_thread (gpointer user_data)
{
  Work *work = user_data;

  work->exit_code = do_work (work);
  g_idle_add (quit_cb, work->loop);
  return NULL;
}

static gboolean
cancel_cb (gpointer user_data)
{
  g_cancellable_cancel (user_data);
  return G_SOURCE_CONTINUE;
}

static int
run (const Options *options)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  Work work = { .options = options, .cancellable = cancellable, .loop = loop };
  GThread *thread;

  /* A reader that goes away is an error like any other, after which the temporary files are removed. */
  if (g_strcmp0 (options->tar, "-") == 0)
    signal (SIGPIPE, SIG_IGN);
  g_unix_signal_add (SIGINT, cancel_cb, cancellable);
  g_unix_signal_add (SIGTERM, cancel_cb, cancellable);
  thread = g_thread_new ("context", work_thread, &work);
  g_main_loop_run (loop);
  g_thread_join (thread);

  if (work.preview != NULL && work.exit_code != BO_EXIT_CANCELLED)
    {
      if (options->json)
        print_json (work.preview);
      else if (options->tar == NULL)
        print_preview (work.preview);
      /* Else the tar was what was asked for. */
    }
  g_clear_pointer (&work.preview, bo_context_preview_free);
  return work.exit_code;
}

/* As docker takes it: -f is relative to where the user is; but one in the folder is meant just as often. */
static char *
find_dockerfile (const char *folder, const char *dockerfile)
{
  g_autofree char *here = NULL;
  g_autofree char *inside = NULL;

  if (dockerfile == NULL)
    return NULL;
  here = g_canonicalize_filename (dockerfile, NULL);
  inside = g_build_filename (folder, dockerfile, NULL);
  if (!g_file_test (here, G_FILE_TEST_EXISTS) && g_file_test (inside, G_FILE_TEST_EXISTS))
    return g_canonicalize_filename (inside, NULL);
  return g_steal_pointer (&here);
}

int
bo_cmd_context (int argc, char **argv)
{
  g_auto (Options) options = { 0 };
  g_autofree char *dockerfile = NULL;
  g_autofree char *tar = NULL;
  g_autofree char *rule = NULL;
  g_autofree char *builder = NULL;
  g_auto (GStrv) rest = NULL;
  g_autoptr (GOptionContext) parser = NULL;
  g_autoptr (GError) error = NULL;
  const GOptionEntry entries[] = {
    { "dockerfile", 'f', 0, G_OPTION_ARG_FILENAME, &dockerfile, N_ ("The Dockerfile (default: DIR/Dockerfile)"),
      N_ ("FILE") },
    { "json", 0, 0, G_OPTION_ARG_NONE, &options.json, N_ ("Print all of it as JSON"), NULL },
    { "tar", 0, 0, G_OPTION_ARG_FILENAME, &tar, N_ ("Write what the engine would get (“-”: to the standard output)"),
      N_ ("FILE") },
    { "builder", 0, 0, G_OPTION_ARG_STRING, &builder, N_ ("For --tar: classic (default) or buildkit"),
      N_ ("BUILDER") },
    { "rule", 0, 0, G_OPTION_ARG_STRING, &rule,
      N_ ("How ignore files are matched: like-docker (default), current or 20.10"), N_ ("RULE") },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &rest, NULL, NULL },
    { NULL },
  };

  parser = g_option_context_new (_ ("DIR"));
  g_option_context_set_summary (parser, _ ("Shows what is sent to the engine when DIR is built: files, bytes, the "
                                           "largest ones, what is ignored, and what looks like a secret."));
  g_option_context_set_description (
      parser, _ ("Examples:\n"
                 "  bakeoff-cli context .\n"
                 "  bakeoff-cli context . --dockerfile docker/Dockerfile.minimal\n"
                 "  bakeoff-cli context . --json | jq -r '.entries[].path'\n"
                 "  bakeoff-cli context . --tar context.tar && tar tvf context.tar\n\n"
                 "Files are matched exactly as the docker command line on this computer does it with the classic "
                 "builder\n(rule “like-docker”), except that FILE.dockerignore beside the Dockerfile FILE comes "
                 "before .dockerignore for\nboth builders.\n\n"
                 "Exit codes: 0 done; 1 something in the context cannot be read; 2 the command line is wrong; 3 the "
                 "folder, the\nDockerfile or the ignore file cannot be used; 5 the tar cannot be written; 130 "
                 "stopped by a signal."));
  g_option_context_add_main_entries (parser, entries, GETTEXT_PACKAGE);
  if (!g_option_context_parse (parser, &argc, &argv, &error))
    return bo_cli_usage ("context", "%s", error->message);

  if (rest == NULL || rest[0] == NULL)
    return bo_cli_usage ("context", "%s", _ ("name the folder to look at"));
  if (rest[1] != NULL)
    return bo_cli_usage ("context", _ ("one folder is enough, but “%s” follows"), rest[1]);
  if (strstr (rest[0], "://") != NULL)
    return bo_cli_usage ("context", _ ("“%s” is not a folder on this computer; others cannot be looked at"), rest[0]);
  if (tar != NULL && options.json && strcmp (tar, "-") == 0)
    return bo_cli_usage ("context", "%s", _ ("--json and --tar - cannot both have the standard output"));
  options.builder = BO_BUILDER_CLASSIC;
  if (builder != NULL && !bo_builder_from_string (builder, &options.builder))
    return bo_cli_usage ("context", _ ("there is no builder “%s”; there are classic and buildkit"), builder);
  if (builder != NULL && tar == NULL)
    return bo_cli_usage ("context", "%s", _ ("--builder needs --tar; what is shown is the same for both"));

  options.rule = BO_IGNORE_RULE_LIKE_DOCKER;
  if (g_strcmp0 (rule, "current") == 0)
    options.rule = BO_IGNORE_RULE_CURRENT;
  else if (g_strcmp0 (rule, "20.10") == 0)
    options.rule = BO_IGNORE_RULE_20_10;
  else if (rule != NULL && strcmp (rule, "like-docker") != 0)
    return bo_cli_usage ("context", _ ("there is no rule “%s”; there are like-docker, current and 20.10"), rule);

  options.folder = g_strdup (rest[0]);
  options.dockerfile = find_dockerfile (rest[0], dockerfile);
  options.tar = g_steal_pointer (&tar);
  return run (&options);
}
