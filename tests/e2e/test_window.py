# SPDX-License-Identifier: GPL-3.0-or-later
"""The main job in the window, from opening the sample to the exported document, by keyboard."""

import os
import shutil
import tempfile
import unittest

from lab import ROOT, Bakeoff, Lab
from window import Desktop, Window


def tearDownModule():
    Desktop.stop()


class TestWindow(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.lab = Lab.shared()
        Desktop.shared()

    def setUp(self):
        self.home = tempfile.mkdtemp(prefix="bakeoff-window.", dir="/tmp")
        self.addCleanup(shutil.rmtree, self.home, ignore_errors=True)
        self.study = os.path.join(self.home, "audiobook")
        shutil.copytree(os.path.join(ROOT, "data", "samples", "audiobook"), self.study)
        self.cli = Bakeoff(self.lab, self.home)

    def start(self, *words):
        window = Window.start(self.lab, self.home, *words)
        self.addCleanup(window.kill)
        return window

    def count_finished(self):
        return sum(campaign["state"] == "finished" for campaign in self.cli.json("list"))

    def test_main_job(self):
        window = self.start(self.study)
        window.find("table cell", "^Original, ")
        # The rows are in the study's order; the one to be built is "Minimal + runtime".
        window.press("Down", "Down", "Down", "Down", "Down", "space")
        window.find("push button", "Run 1 Cell")
        window.press("ctrl+Return")
        window.find("push button", "Stop")
        window.find("label", "^The campaign is over: 1 of 1 trial succeeded", patience=180)
        campaigns = self.cli.json("list")
        self.assertEqual(len(campaigns), 1, campaigns)
        # The first session, which pages still look at, is not in the way of the second one.
        window.find("push button", "^Run")
        window.press("ctrl+Return")
        window.find("push button", "Stop")
        window.wait(lambda: self.count_finished() == 2, "the second campaign to be over", 180)
        window.press("ctrl+q")
        self.assertEqual(window.wait_end(), 0, window.read_log() if not window.log.closed else "")


if __name__ == "__main__":
    unittest.main()
