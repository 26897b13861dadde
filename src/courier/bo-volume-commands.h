/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

/*
 * The commands of bo-volume-format.h. Each takes what follows its name on the
 * command line (as many words as the table in bo-courier-main.c says, then NULL),
 * and returns the exit status.
 */

int bo_volume_missing (int argc, char **argv);
int bo_volume_adopt (int argc, char **argv);
int bo_volume_begin (int argc, char **argv);
int bo_volume_command (int argc, char **argv);
int bo_volume_order (int argc, char **argv);
int bo_volume_tail (int argc, char **argv);
int bo_volume_usage (int argc, char **argv);
int bo_volume_trim (int argc, char **argv);
int bo_volume_forget (int argc, char **argv);
