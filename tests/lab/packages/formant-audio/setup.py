# SPDX-License-Identifier: GPL-3.0-or-later
from setuptools import setup

setup(
    name="formant-audio",
    version="@VERSION@",
    description="WAV files for formant synthesis",
    license="GPL-3.0-or-later",
    package_dir={"": "src"},
    packages=["formant_audio"],
    python_requires=">=3.6",
    install_requires=["formant-dsp==@DSP@"],
)
