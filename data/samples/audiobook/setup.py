# SPDX-License-Identifier: GPL-3.0-or-later
from setuptools import setup

setup(
    name="audiobook-generator",
    version="0.1.0",
    package_dir={"": "src"},
    packages=["audiobook_generator"],
    install_requires=["formant-dsp==2.6.0", "formant-voices==0.21.0", "formant-audio==2.6.0"],
    entry_points={"console_scripts": ["generate-audiobook=audiobook_generator.cli:main"]},
)
