#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Makes TAR, a root file system of Debian 13 with its docker.io. Usage: debian-13.sh TAR WORK [MIRROR]
set -eu
tar=$1 work=$2 mirror=${3:-}
root=$work/root

# In a process namespace of its own, so that whatever a package might start ends with it.
# python3 runs nvidia-inject.py.
unshare --mount --propagation private --pid --fork --kill-child \
  debootstrap --variant=minbase --include=docker.io,python3 trixie "$root" $mirror
rm -rf "$root"/var/cache/apt/archives/*.deb "$root"/var/lib/apt/lists/* "$root"/usr/share/doc/* "$root"/usr/share/man/* \
       "$root"/usr/share/locale/* "$root"/var/log/* "$root"/tmp/*
tar --create --file "$tar" --directory "$root" --numeric-owner --sort=name --one-file-system \
    --exclude=./dev/* --exclude=./proc/* --exclude=./sys/* --exclude=./etc/resolv.conf .
