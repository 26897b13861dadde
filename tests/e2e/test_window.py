# SPDX-License-Identifier: GPL-3.0-or-later
"""The main job in the window: from opening the sample, by way of a device that ssh has never seen, to the exported document.
By keys alone; a screen reader's view tells what is there."""

import os
import re
import shutil
import tempfile
import time
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
        """The window, with an ssh that knows no host yet."""
        script = os.path.join(self.home, "ssh")
        with open(script, "w", encoding="utf-8") as file:
            file.write(f'#!/bin/sh\nexec ssh -o UserKnownHostsFile={self.home}/known_hosts -o GlobalKnownHostsFile=/dev/null'
                       ' -o StrictHostKeyChecking=ask "$@"\n')
        os.chmod(script, 0o755)
        window = Window.start(self.lab, self.home, *words, BAKEOFF_SSH=script)
        self.addCleanup(window.kill)
        return window

    def count_finished(self):
        return sum(campaign["state"] == "finished" for campaign in self.cli.json("list"))

    def add_device(self, window, name):
        """By keyboard alone."""
        user, host, port = re.match(r"ssh://(\w+)@([\d.]+):(\d+)", self.lab.ssh_device).groups()
        window.tab_to("^Device: ")
        window.press("space")
        window.tab_to("Add Device")
        window.press("space")
        window.find("frame", "^Add Device$")
        window.tab_to("^Connection$")
        window.press("Tab")
        for text in (host, user, port):
            window.type(text)
            window.press("Tab")
        window.press("Tab", "Tab", "ctrl+a")
        window.type(name)
        window.tab_to("Test…")
        window.press("space")
        window.find(None, "^Is This Your Device")
        window.tab_to("Connect")
        window.press("space")
        window.find(None, "^This device can be built on")
        window.press("Escape")
        window.wait(lambda: not window.all("frame", "^Test Device$"), "the test to be closed")
        window.tab_to("Add")
        window.press("space")
        window.wait(lambda: not window.all("frame", "^Add Device$"), "the device to be added")

    def write_note(self, window, text):
        window.tab_to("^What Worked: Add a note")
        window.press("space")
        time.sleep(0.5)
        window.type(text)
        window.press("Return")

    def export(self, window, path):
        window.press("ctrl+e")
        window.find("push button", "Save|^_?Export Export$")
        time.sleep(1)
        window.press("ctrl+a")
        window.type(path)
        window.press("Return")
        window.wait(lambda: os.path.exists(path), "the document")

    def test_main_job(self):
        window = self.start(self.study)
        window.find("table cell", "^Original, ")
        self.add_device(window, "bench")
        window.find("push button", "^Device: bench")

        # Two cells: one that is built, and one that fails. The keyboard goes from square to square.
        window.tab_to("^Original, Debian with a compiler, classic, Cold")
        window.press("Down", "space", "Down", "Down", "Down", "Down", "space")
        window.find("push button", "^Run 2 Cells")
        window.press("ctrl+Return")
        window.find("push button", "Stop")
        window.find(None, "^The campaign is over: 1 of 2 trials succeeded", patience=240)

        window.press("alt+2")
        # The one that came last; the order is shuffled.
        window.find(None, "^(Minimal [+] runtime|PyPI wheels) on ")
        window.press("alt+3")
        window.find(None, "^Build time")
        window.press("alt+4")
        self.write_note(window, "Seen on the bench")
        path = os.path.join(self.home, "findings.md")
        self.export(window, path)
        window.press("ctrl+q")
        self.assertEqual(window.wait_end(), 0)

        campaigns = self.cli.json("list")
        self.assertEqual(len(campaigns), 1, campaigns)
        again = os.path.join(self.home, "again", "findings.md")
        os.mkdir(os.path.dirname(again))
        self.cli.run("findings", self.study, "--charts", "--output", again, check=True)
        with open(path, encoding="utf-8") as one, open(again, encoding="utf-8") as other:
            text = one.read()
            self.assertEqual(text, other.read())
        self.assertIn("Seen on the bench", text)
        for name in os.listdir(os.path.join(self.home, "again", "findings-charts")):
            with open(os.path.join(self.home, "findings-charts", name), "rb") as one, \
                    open(os.path.join(self.home, "again", "findings-charts", name), "rb") as other:
                self.assertEqual(one.read(), other.read(), name)

    def test_second_run(self):
        """The first session, which pages still look at, is not in the way of the second one."""
        window = self.start(self.study)
        window.find("table cell", "^Original, ")
        # The rows are in the study's order; the one to be built is "Minimal + runtime".
        window.press("Down", "Down", "Down", "Down", "Down", "space")
        window.find("push button", "^Run 1 Cell")
        for count in (1, 2):
            window.press("ctrl+Return")
            window.find("push button", "Stop")
            window.wait(lambda: self.count_finished() == count, f"campaign {count} to be over", 180)
            window.find("push button", "^Run")
            window.wait(lambda: window.has(window.find("push button", "^Run"), "sensitive"), "Run to be possible again")
        window.press("ctrl+q")
        self.assertEqual(window.wait_end(), 0)


if __name__ == "__main__":
    unittest.main()
