# SPDX-License-Identifier: GPL-3.0-or-later
"""The probes as they are run in the field: in containers, with the simulated driver and without."""

import json
import os
import unittest

from lab import READY, ROOT, SLIM, TINY, Lab


def text_of(name):
    with open(os.path.join(ROOT, "data", "probes", name), encoding="utf-8") as file:
        return file.read()


class TestProbes(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.lab = Lab.shared()

    def run_in(self, image, *command, runtime="runc"):
        """The facts or modules, and the last line."""
        done = self.lab.docker("run", "--rm", "--network", "none", "--runtime", runtime,
                               "--env", "NVIDIA_VISIBLE_DEVICES=all", image, *command)
        messages = [json.loads(line[len("bakeoff-probe "):]) for line in done.stdout.splitlines() if line.startswith("bakeoff-probe ")]
        self.assertTrue(messages[-1].get("end"), done.stdout)
        return messages[1:-1], messages[-1]

    def test_cuda_yes(self):
        facts, end = self.run_in(SLIM, "python3", "-c", text_of("cuda.py"), runtime="nvidia")
        self.assertEqual((end["verdict"], end["level"], end["code"]), ("yes", 2, "ok"), end)
        values = {fact["key"]: fact["value"] for fact in facts}
        self.assertEqual(values["device_nodes"], ["/dev/nvidia0"])
        self.assertEqual(values["device_name"], "SIMULATED GPU (Bakeoff lab)")

    def test_cuda_no(self):
        _, end = self.run_in(SLIM, "python3", "-c", text_of("cuda.py"))
        self.assertEqual((end["verdict"], end["level"], end["failed_level"], end["code"]), ("no", -1, 0, "no-driver-library"), end)
        self.assertIn("libcuda.so.1: cannot open shared object file", end["raw"])

    def test_cuda_leftover_of_an_injected_library(self):
        """An image that was committed from a container with the driver: the mount's target stays behind as an empty file."""
        made = self.lab.docker("run", "-d", "--network", "none", "--runtime", "nvidia", "--env", "NVIDIA_VISIBLE_DEVICES=all",
                               "--name", "probes-leftover", SLIM, "true").stdout.strip()
        self.addCleanup(self.lab.remove_everything_named, "probes-leftover")
        self.lab.docker("wait", made)
        self.lab.docker("commit", made, "probes-leftover:1")
        _, end = self.run_in("probes-leftover:1", "python3", "-c", text_of("cuda.py"))
        self.assertEqual((end["verdict"], end["code"]), ("no", "empty-driver-library"), end)

    def test_cuda_without_python(self):
        for runtime, verdict, code in (("nvidia", "weak", "no-python"), ("runc", "no", "no-driver-library")):
            with self.subTest(runtime=runtime):
                _, end = self.run_in(TINY, "sh", "-c", text_of("cuda.sh"), runtime=runtime)
                self.assertEqual((end["verdict"], end["code"]), (verdict, code), end)

    def test_imports(self):
        modules, end = self.run_in(READY, "python3", "-c", text_of("imports.py"), "formant_dsp", "formant_voices", "formant_audio")
        self.assertEqual(end, {"probe": "imports", "end": True, "verdict": "yes", "passed": 3, "failed": 0})
        self.assertEqual([module["version"] for module in modules], ["2.6.0", "0.21.0", "2.6.0"])
        modules, end = self.run_in(SLIM, "python3", "-c", text_of("imports.py"), "json", "formant_dsp")
        self.assertEqual((end["verdict"], end["passed"], end["failed"]), ("no", 1, 1))
        self.assertEqual((modules[1]["exception"], modules[1]["text"]), ("ModuleNotFoundError", "No module named 'formant_dsp'"))


if __name__ == "__main__":
    unittest.main()
