/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

/* The command "play", with what follows its name. Returns the exit status. */
int bo_play_command (int argc, char **argv);
