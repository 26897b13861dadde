# SPDX-License-Identifier: GPL-3.0-or-later
"""The audiobook sample by docker alone: that each of its Dockerfiles does what the sample says of it."""

import json
import os
import re
import unittest

from lab import ROOT, Lab

SAMPLE = os.path.join(ROOT, "data", "samples", "audiobook")
PREFIX = "sample-test"


class TestSample(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.lab = Lab.shared()
        cls.addClassCleanup(cls.lab.remove_everything_named, PREFIX)
        with open(os.path.join(SAMPLE, "bakeoff.json"), encoding="utf-8") as file:
            study = json.load(file)
        cls.bases = {base["id"]: base["image"] for base in study["bases"]}
        cls.strategies = {strategy["id"]: strategy for strategy in study["strategies"]}
        cls.variables = study["variables"]
        cls.build_args = study["build_args"]

    def filled(self, text):
        return re.sub(r"\$\{(\w+)\}", lambda match: self.variables[match.group(1)], text)

    def docker_build(self, dockerfile, base, tag, build_args, text=None):
        """The log of `docker build`, and whether it worked."""
        words = ["build", "--no-cache", "--network", "host", "--tag", f"{PREFIX}:{tag}", "--build-arg", f"BASE_IMAGE={self.bases[base]}"]
        for key, value in {**self.build_args, **build_args}.items():
            words += ["--build-arg", f"{key}={self.filled(value)}"]
        if text is not None:
            dockerfile = os.path.join(self.lab.dir, "log", "sample.Dockerfile")
            with open(dockerfile, "w", encoding="utf-8") as file:
                file.write(text)
        else:
            dockerfile = os.path.join(SAMPLE, dockerfile)
        done = self.lab.docker(*words, "--file", dockerfile, SAMPLE, check=False, DOCKER_BUILDKIT="0")
        return done.stdout + done.stderr, done.returncode == 0

    def build_strategy(self, name, base=None):
        strategy = self.strategies[name]
        base = base or strategy["bases"][0]
        text = None
        for step in strategy.get("prebuild", ()):
            log, worked = self.docker_build(step["build"], base, "prebuild", {})
            self.assertTrue(worked, log)
            with open(os.path.join(SAMPLE, strategy["dockerfile"]), encoding="utf-8") as file:
                text = file.read().replace("\nFROM ", f"\nFROM {PREFIX}:prebuild AS {step['as']}\nFROM ", 1)
        return self.docker_build(strategy["dockerfile"], base, name, strategy.get("build_args", {}), text)

    def run_workload(self, name):
        command = self.strategies[name].get("workload", ["python3", "/app/src/app.py", "/books/three-loaves.txt", "/tmp/audiobook"])
        return self.lab.docker("run", "--rm", "--network", "host", "--volume", f"{SAMPLE}/books:/books:ro", f"{PREFIX}:{name}",
                               *[self.filled(word) for word in command]).stdout

    def assert_speaks(self, name):
        self.assertRegex(self.run_workload(name), r"4 chapters, 2\d\d\.\d s of sound")

    def test_original(self):
        log, worked = self.build_strategy("original")
        self.assertTrue(worked, log)
        self.assertIn("x86_64-linux-gnu-gcc" if os.uname().machine == "x86_64" else "-linux-gnu-gcc", log)
        self.assert_speaks("original")

    def test_original_without_a_compiler(self):
        log, worked = self.build_strategy("original", "slim")
        self.assertFalse(worked)
        self.assertRegex(log, r"error: command '\S*gcc' failed: No such file or directory")

    def test_original_with_the_packages_in_the_base(self):
        log, worked = self.build_strategy("original", "ready")
        self.assertTrue(worked, log)
        self.assertIn("Requirement already satisfied: formant-dsp==2.6.0", log)

    def test_pypi_wheels(self):
        log, worked = self.build_strategy("pypi-wheels")
        self.assertFalse(worked)
        self.assertIn("formant-voices 0.17.0 depends on formant-dsp==2.2.0", log)
        self.assertIn("ERROR: ResolutionImpossible", log)

    def test_jetson_wheels(self):
        for base in self.strategies["jetson-wheels"]["bases"]:
            with self.subTest(base=base):
                log, worked = self.build_strategy("jetson-wheels", base)
                self.assertTrue(worked, log)
                self.assertIn("/jetson/simple/formant-dsp/formant_dsp-2.6.0-cp311-cp311-linux_", log)
                self.assertNotIn("gcc", log)
                self.assertNotIn("Building wheel", log)
        self.assert_speaks("jetson-wheels")

    def test_prebuilt(self):
        log, worked = self.build_strategy("prebuilt")
        self.assertTrue(worked, log)
        self.assertIn("Processing /wheels/formant_dsp-2.6.0-cp311-cp311-linux_", log)
        self.assertNotIn("gcc", log)
        self.assert_speaks("prebuilt")

    def test_multi_stage(self):
        log, worked = self.build_strategy("multi-stage")
        self.assertTrue(worked, log)
        self.assert_speaks("multi-stage")
        found = self.lab.docker("run", "--rm", "--network", "none", f"{PREFIX}:multi-stage", "sh", "-c", "command -v gcc; true")
        self.assertEqual(found.stdout, "")

    def test_minimal(self):
        log, worked = self.build_strategy("minimal")
        self.assertTrue(worked, log)
        self.assertNotIn("pip", log.lower().replace("pip_", ""))
        output = self.run_workload("minimal")
        self.assertIn("Successfully installed formant-audio-2.6.0 formant-dsp-2.6.0 formant-voices-0.21.0", output)
        self.assertRegex(output, r"book\.wav: \d+\.\d s")

    def test_package(self):
        log, worked = self.build_strategy("package")
        self.assertTrue(worked, log)
        self.assertIn("Successfully installed audiobook-generator-0.1.0", log)
        self.assert_speaks("package")


if __name__ == "__main__":
    unittest.main()
