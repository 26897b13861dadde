#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# usage: test-data.sh PROGRAM ARGUMENT...
# Runs a checker, or says that it is not installed (exit 77: skipped).
if ! command -v "$1" >/dev/null; then
  echo "skipped: $1 is not installed (build-aux/install-packages gui)"
  exit 77
fi
exec "$@"
