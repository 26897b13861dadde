#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Makes the root file systems of two base images with debootstrap:
# WORK/slim.tar (Debian with Python and pip, no compiler) and WORK/devel.tar (the
# same with a C compiler and Python's headers). Usage: bases.sh WORK [MIRROR]
set -eu
work=$1
mirror=${2:-}
root=$work/root

pack() {
  chroot "$root" apt-get clean
  rm -rf "$root"/var/lib/apt/lists/* "$root"/usr/share/doc/* "$root"/usr/share/man/* "$root"/usr/share/locale/* \
         "$root"/var/log/* "$root"/tmp/*
  # Fixed order and owner names, so that the same packages give the same image.
  tar --create --file "$1" --directory "$root" --numeric-owner --sort=name --one-file-system \
      --exclude=./dev/* --exclude=./proc/* --exclude=./sys/* --exclude=./etc/resolv.conf --exclude=./etc/hostname .
}

# python3-wheel-whl, -setuptools-whl: wheels for the lab's index, which isolated builds ask for.
debootstrap --variant=minbase \
  --include=python3,python3-pip,python3-venv,python3-setuptools-whl,python3-wheel-whl \
  bookworm "$root" $mirror
cp -a "$root"/var/lib/apt/lists "$work"/lists
pack "$work/slim.tar"

rm -rf "$root"/var/lib/apt/lists
cp -a "$work"/lists "$root"/var/lib/apt/lists
[ ! -e /etc/resolv.conf ] || cp -L /etc/resolv.conf "$root"/etc/resolv.conf
chroot "$root" env DEBIAN_FRONTEND=noninteractive apt-get update
chroot "$root" env DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends gcc libc6-dev python3-dev
pack "$work/devel.tar"
