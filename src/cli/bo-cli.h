/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * What every command of bakeoff-cli shares: its exit codes and the shape of
 * a command. One file a command: cmd-NAME.c holds bo_cmd_NAME().
 */

/**
 * BoExit:
 * @BO_EXIT_OK: all that was asked for was done
 * @BO_EXIT_FAILED: it ran to the end, but not everything succeeded (a trial failed, a check found a problem)
 * @BO_EXIT_USAGE: the command line is wrong; nothing was started
 * @BO_EXIT_INPUT: a file that was given cannot be used (study, context, document); nothing was started
 * @BO_EXIT_DEVICE: the device or its engine cannot be reached or used
 * @BO_EXIT_INTERNAL: our own store or disk failed
 * @BO_EXIT_CANCELLED: stopped by SIGINT or SIGTERM; what had finished is kept
 *
 * The exit codes of bakeoff-cli, documented in --help and README.md.
 */
typedef enum
{
  BO_EXIT_OK = 0,
  BO_EXIT_FAILED = 1,
  BO_EXIT_USAGE = 2,
  BO_EXIT_INPUT = 3,
  BO_EXIT_DEVICE = 4,
  BO_EXIT_INTERNAL = 5,
  BO_EXIT_CANCELLED = 130,
} BoExit;

/**
 * BoCommand:
 * @name: what is typed after bakeoff-cli
 * @summary: (untranslated): one line for the list of commands
 * @run: runs it; argv[0] is "bakeoff-cli NAME", the rest its own arguments
 */
typedef struct
{
  const char *name;
  const char *summary;
  int (*run) (int argc, char **argv);
} BoCommand;

/* Prints "bakeoff-cli: MESSAGE" to stderr, as every command does. */
void bo_cli_error (const char *format, ...) G_GNUC_PRINTF (1, 2);

/*
 * Prints what is wrong with the command line, and where help is; returns
 * BO_EXIT_USAGE so that a command can end with it.
 */
int bo_cli_usage (const char *command, const char *format, ...) G_GNUC_PRINTF (2, 3);

G_END_DECLS
