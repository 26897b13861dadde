# SPDX-License-Identifier: GPL-3.0-or-later
from setuptools import Extension, setup

setup(
    name="formant-dsp",
    version="@VERSION@",
    description="Resonator cascades for formant synthesis",
    license="GPL-3.0-or-later",
    package_dir={"": "src"},
    packages=["formant_dsp"],
    python_requires=">=3.6",
    ext_modules=[
        Extension(
            "formant_dsp._cascade",
            sources=["src/formant_dsp/cascade.c"],
            depends=["src/formant_dsp/kernels.h"],
            define_macros=[("FORMANT_DSP_VERSION", '"@VERSION@"')],
            extra_compile_args=["-O3", "-funroll-loops"],
        )
    ],
)
