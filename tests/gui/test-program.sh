#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# usage: test-program.sh BAKEOFF
# --help and --version answer without a display.
set -e
unset DISPLAY WAYLAND_DISPLAY
"$1" --version | grep -qx 'bakeoff [0-9][0-9.]*'
"$1" --help | grep -q 'bakeoff-cli --help'
