# SPDX-License-Identifier: GPL-3.0-or-later
from setuptools import setup

setup(
    name="formant-voices",
    version="@VERSION@",
    description="Spelling to formant frames",
    license="GPL-3.0-or-later",
    package_dir={"": "src"},
    packages=["formant_voices"],
    python_requires=">=3.6",
    install_requires=["formant-dsp==@DSP@"],
)
