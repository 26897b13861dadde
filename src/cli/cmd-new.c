/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "cmd-new"

#include "config.h"

#include <glib/gi18n.h>

#include "bo-cli-commands.h"
#include "bo-cli.h"
#include "context/bo-study-files.h"
#include "context/bo-study-scaffold.h"
#include "context/bo-study-template.h"
#include "study/bo-study.h"

static int
list_templates (void)
{
  g_autoptr (GPtrArray) templates = bo_study_template_list ();

  for (guint i = 0; i < templates->len; i++)
    {
      const BoStudyTemplate *template = g_ptr_array_index (templates, i);

      g_print ("%-16s %s\n", template->id, template->summary);
    }
  g_print ("%-16s %s\n", "all", _ ("All of them but wheel-test"));
  return BO_EXIT_OK;
}

/* Says what the new study does not have right yet: a template's files are there to be adapted. */
static void
print_problems (const char *folder)
{
  g_autoptr (BoProblems) problems = bo_problems_new ();
  g_autoptr (BoStudy) study = bo_study_load (folder, NULL, problems);

  if (study != NULL)
    bo_study_check_files (study, NULL, problems);
  for (guint i = 0; i < problems->items->len; i++)
    {
      g_autofree char *text = bo_problem_to_string (bo_problems_get (problems, i));

      g_print ("%s\n", text);
    }
}

static int
make (const char *folder, const BoStudyScaffoldChoice *choice, gboolean force)
{
  g_autoptr (BoStudyScaffold) scaffold = NULL;
  g_autoptr (GPtrArray) written = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) error = NULL;
  gboolean ok;

  scaffold = bo_study_scaffold_new (folder, choice, &error);
  if (scaffold == NULL)
    {
      bo_cli_error ("%s", error->message);
      return BO_EXIT_INPUT;
    }
  ok = bo_study_scaffold_write (scaffold, force, written, &error);
  for (guint i = 0; i < written->len; i++)
    g_print (_ ("Wrote %s\n"), (const char *) g_ptr_array_index (written, i));
  for (guint i = 0; i < scaffold->notes->len; i++)
    g_print (_ ("Note: %s\n"), (const char *) g_ptr_array_index (scaffold->notes, i));
  if (!ok)
    {
      bo_cli_error ("%s", error->message);
      return BO_EXIT_INPUT;
    }
  print_problems (folder);
  g_print ("%s\n",
           _ ("It is a first look: cold builds, once each. “bakeoff-cli check” says what the study comes to; "
              "“bakeoff-cli plan” what it will take."));
  return BO_EXIT_OK;
}

int
bo_cmd_new (int argc, char **argv)
{
  g_autofree char *name = NULL;
  g_auto (GStrv) templates = NULL;
  g_auto (GStrv) dockerfiles = NULL;
  g_auto (GStrv) bases = NULL;
  g_auto (GStrv) rest = NULL;
  gboolean list = FALSE, force = FALSE;
  g_autoptr (GOptionContext) parser = NULL;
  g_autoptr (GError) error = NULL;
  BoStudyScaffoldChoice choice = { NULL };
  const char *folder;
  const GOptionEntry entries[] = {
    { "name", 0, 0, G_OPTION_ARG_STRING, &name, N_ ("Name of the study (default: the folder's)"),
      N_ ("NAME") },
    { "template", 't', 0, G_OPTION_ARG_STRING_ARRAY, &templates,
      N_ ("Start from this template; can be repeated, “all” takes all"), N_ ("TEMPLATE") },
    { "list-templates", 0, 0, G_OPTION_ARG_NONE, &list, N_ ("List the templates"), NULL },
    { "dockerfile", 'd', 0, G_OPTION_ARG_FILENAME_ARRAY, &dockerfiles,
      N_ ("Take this Dockerfile of DIR, and not all of them; can be repeated"), N_ ("PATH") },
    { "base", 'b', 0, G_OPTION_ARG_STRING_ARRAY, &bases, N_ ("Build on this image; can be repeated"),
      N_ ("IMAGE") },
    { "force", 0, 0, G_OPTION_ARG_NONE, &force, N_ ("Replace files that are there already"), NULL },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &rest, NULL, NULL },
    { NULL },
  };

  parser = g_option_context_new (_ ("[DIR]"));
  g_option_context_set_summary (
      parser, _ ("Makes a study, bakeoff.json, in DIR (default: this folder): one strategy for each "
                 "Dockerfile in it,\nor for each template that is named."));
  g_option_context_set_description (
      parser,
      _ ("Examples:\n"
         "  bakeoff-cli new\n"
         "  bakeoff-cli new ../audiobook --name “Sesame CSM audiobook”\n"
         "  bakeoff-cli new --template all --base dustynv/pytorch:2.6-r36.4.0\n"
         "  bakeoff-cli new --template wheel-test --base python:3.10-slim\n\n"
         "Dockerfile, Dockerfile.x and x.Dockerfile are looked for in DIR and below. One that another takes "
         "files from\n(COPY --from=x) becomes its prebuild. Nothing that is there is overwritten without "
         "--force.\n\n"
         "Exit codes: 0 done; 2 the command line is wrong; 3 no study could be made or written."));
  g_option_context_add_main_entries (parser, entries, GETTEXT_PACKAGE);
  if (!g_option_context_parse (parser, &argc, &argv, &error))
    return bo_cli_usage ("new", "%s", error->message);
  if (list)
    return list_templates ();
  if (rest != NULL && rest[0] != NULL && rest[1] != NULL)
    return bo_cli_usage ("new", _ ("one folder is enough, but “%s” follows"), rest[1]);
  if (templates != NULL && dockerfiles != NULL)
    return bo_cli_usage ("new", "%s", _ ("strategies come from templates or from Dockerfiles, not from both"));
  if (name != NULL && name[0] == '\0')
    return bo_cli_usage ("new", "%s", _ ("the name of a study cannot be empty"));
  folder = rest != NULL && rest[0] != NULL ? rest[0] : ".";
  choice.name = name;
  choice.templates = (const char *const *) templates;
  choice.dockerfiles = (const char *const *) dockerfiles;
  choice.images = (const char *const *) bases;
  return make (folder, &choice, force);
}
