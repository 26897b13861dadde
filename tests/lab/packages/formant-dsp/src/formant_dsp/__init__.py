# SPDX-License-Identifier: GPL-3.0-or-later
"""Resonator cascades for formant synthesis."""

from ._cascade import MAX_FORMANTS, __version__, render

__all__ = ["MAX_FORMANTS", "__version__", "render"]
