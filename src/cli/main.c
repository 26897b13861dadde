/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bakeoff-cli"

#include "config.h"

#include <stdio.h>
#include <string.h>

#include <glib/gi18n.h>

#include "bo-cli-commands.h"
#include "bo-cli.h"
#include "study/bo-translations.h"

/* The commands in the order in which a newcomer meets them. */
static const BoCommand commands[] = {
  { "new", N_ ("Make a study from a folder's Dockerfiles or from templates"), bo_cmd_new },
  { "check", N_ ("Check a study and the files that it names"), bo_cmd_check },
  { "context", N_ ("Show what is sent to the engine when a folder is built"), bo_cmd_context },
  { "device", N_ ("Keep devices, and test the way to their engine"), bo_cmd_device },
  { "plan", N_ ("Show what would run, how long and with how much disk"), bo_cmd_plan },
  { "run", N_ ("Build, probe and measure"), bo_cmd_run },
  { "attach", N_ ("Follow a campaign that runs on a device"), bo_cmd_attach },
  { "queue", N_ ("Show and change what is still to come of it"), bo_cmd_queue },
  { "stop", N_ ("End a campaign that runs on a device"), bo_cmd_stop },
  { "list", N_ ("List what was run"), bo_cmd_list },
  { "show", N_ ("Show one trial"), bo_cmd_show },
  { "log", N_ ("Print the log of a trial's build"), bo_cmd_log },
  { "keep", N_ ("Keep the image of a trial under a name of your own"), bo_cmd_keep },
  { "findings", N_ ("Write down what the results say"), bo_cmd_findings },
  { NULL, NULL, NULL },
};

void
bo_cli_error (const char *format, ...)
{
  va_list args;
  g_autofree char *text = NULL;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);

  g_printerr ("bakeoff-cli: %s\n", text);
}

int
bo_cli_usage (const char *command, const char *format, ...)
{
  va_list args;
  g_autofree char *text = NULL;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);

  g_printerr ("bakeoff-cli %s: %s\n", command, text);
  g_printerr (_ ("Try “bakeoff-cli %s --help”.\n"), command);
  return BO_EXIT_USAGE;
}

static void
print_help (void)
{
  g_print ("%s\n\n", _ ("Usage: bakeoff-cli COMMAND [ARGUMENTS]"));
  g_print ("%s\n\n", _ ("Builds one project under several strategies on a Docker engine and measures what each costs."));
  g_print ("%s\n", _ ("Commands:"));
  for (const BoCommand *c = commands; c->name != NULL; c++)
    g_print ("  %-10s %s\n", c->name, _ (c->summary));
  g_print ("\n%s\n", _ ("“bakeoff-cli COMMAND --help” explains a command, with examples."));
  g_print ("\n%s\n", _ ("Exit codes:\n"
                        "  0    everything that was asked for was done\n"
                        "  1    it ran to the end, but something did not succeed\n"
                        "  2    the command line is wrong\n"
                        "  3    a file that was given cannot be used\n"
                        "  4    the device or its engine cannot be reached\n"
                        "  5    the results cannot be read or written\n"
                        "  130  stopped by a signal; what had finished is kept"));
}

int
main (int argc, char **argv)
{
  bo_translations_start ();
  g_set_prgname ("bakeoff-cli");

  if (argc < 2)
    {
      print_help ();
      return BO_EXIT_USAGE;
    }
  if (strcmp (argv[1], "--help") == 0 || strcmp (argv[1], "-h") == 0 || strcmp (argv[1], "help") == 0)
    {
      print_help ();
      return BO_EXIT_OK;
    }
  if (strcmp (argv[1], "--version") == 0)
    {
      g_print ("bakeoff-cli %s\n", PACKAGE_VERSION);
      return BO_EXIT_OK;
    }

  for (const BoCommand *c = commands; c->name != NULL; c++)
    {
      g_autofree char *name = NULL;

      if (strcmp (argv[1], c->name) != 0)
        continue;

      name = g_strdup_printf ("bakeoff-cli %s", c->name);
      argv[1] = name;
      /* GOption shows this one in --help. */
      g_set_prgname (name);
      return c->run (argc - 1, argv + 1);
    }

  bo_cli_error (_ ("there is no command “%s”"), argv[1]);
  g_printerr ("%s\n", _ ("Try “bakeoff-cli --help”."));
  return BO_EXIT_USAGE;
}
