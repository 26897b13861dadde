# SPDX-License-Identifier: GPL-3.0-or-later
"""A small audiobook generator: a text file becomes one WAV file a chapter."""
