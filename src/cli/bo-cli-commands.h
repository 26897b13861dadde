/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* One function a command; each is in cmd-NAME.c and returns a BoExit. */
int bo_cmd_new (int argc, char **argv);
int bo_cmd_check (int argc, char **argv);
int bo_cmd_context (int argc, char **argv);
int bo_cmd_device (int argc, char **argv);
int bo_cmd_plan (int argc, char **argv);
int bo_cmd_run (int argc, char **argv);
int bo_cmd_attach (int argc, char **argv);
int bo_cmd_queue (int argc, char **argv);
int bo_cmd_stop (int argc, char **argv);
int bo_cmd_list (int argc, char **argv);
int bo_cmd_show (int argc, char **argv);
int bo_cmd_keep (int argc, char **argv);
int bo_cmd_log (int argc, char **argv);
int bo_cmd_findings (int argc, char **argv);

G_END_DECLS
