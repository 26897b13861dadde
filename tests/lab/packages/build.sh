#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Runs in the devel image: builds the lab's packages into /index/SOURCE/PROJECT/,
# SOURCE being pypi or jetson.
set -eu
cd /recipe

# unpack NAME VERSION DSP: a copy of the sources with the versions filled in
unpack() {
  rm -rf "/tmp/$1"
  cp -a "$1" "/tmp/$1"
  find "/tmp/$1" -type f -exec sed -i "s/@VERSION@/$2/g; s/@DSP@/$3/g" {} +
}

sdist() { # SOURCE NAME
  mkdir -p "/index/$1/$2"
  (cd "/tmp/$2" && python3 setup.py --quiet sdist --dist-dir "/index/$1/$2")
}

wheel() { # SOURCE NAME
  mkdir -p "/index/$1/$2"
  pip wheel --quiet --no-build-isolation --no-deps --wheel-dir "/index/$1/$2" "/tmp/$2"
}

# As PyTorch on a Jetson: the index that stands for PyPI has only the sources of
# the package with compiled code, the vendor's index has it built.
for version in 2.2.0 2.6.0; do
  unpack formant-dsp $version $version
  sdist pypi formant-dsp
done
wheel jetson formant-dsp

# Releases that belong together: 2.2.0 and 0.17.0, 2.6.0 and 0.21.0.
unpack formant-voices 0.17.0 2.2.0
wheel pypi formant-voices
unpack formant-voices 0.21.0 2.6.0
wheel pypi formant-voices
wheel jetson formant-voices
for version in 2.2.0 2.6.0; do
  unpack formant-audio $version $version
  wheel pypi formant-audio
done
wheel jetson formant-audio

# What an isolated build of an sdist asks for.
for name in setuptools wheel; do
  mkdir -p /index/pypi/$name
  cp /usr/share/python-wheels/$name-*.whl /index/pypi/$name/
done
