# SPDX-License-Identifier: GPL-3.0-or-later
"""ssh's questions in the window, from a real sshd: an unknown host, a locked key, a key that has changed."""

import os
import shutil
import subprocess
import tempfile
import unittest

from lab import Bakeoff, Lab
from window import Desktop, Window


def tearDownModule():
    Desktop.stop()


class TestAskpass(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.lab = Lab.shared()
        Desktop.shared()

    def setUp(self):
        self.home = tempfile.mkdtemp(prefix="bakeoff-askpass.", dir="/tmp")
        self.addCleanup(shutil.rmtree, self.home, ignore_errors=True)
        self.known = os.path.join(self.home, "known_hosts")
        self.cli = Bakeoff(self.lab, self.home)
        self.cli.run("device", "add", "lab", self.lab.ssh_device, check=True)

    def start(self, *options):
        """The window, with an ssh that has these options before all others, and known hosts of its own."""
        script = os.path.join(self.home, "ssh")
        words = " ".join(f"'{word}'" for word in ("-o", f"UserKnownHostsFile={self.known}", "-o", "GlobalKnownHostsFile=/dev/null",
                                                  "-o", "StrictHostKeyChecking=ask", "-o", "HostKeyAlgorithms=ssh-ed25519", *options))
        with open(script, "w", encoding="utf-8") as file:
            file.write(f"#!/bin/sh\nexec ssh {words} \"$@\"\n")
        os.chmod(script, 0o755)
        window = Window.start(self.lab, self.home, BAKEOFF_SSH=script, SSH_AUTH_SOCK="")
        self.addCleanup(window.kill)
        return window

    def begin_test(self, window):
        """Presses the device's row, as a person with a keyboard does."""
        window.find("label", "^lab$")
        for _ in range(20):
            focused = window.focused()
            if focused is not None and focused.get_role_name() == "list item" and window.all("label", "^lab$", focused):
                break
            window.press("Tab")
        else:
            self.fail(f"the row cannot be reached with the keyboard\n{window.describe()}")
        window.press("Return")

    def trust(self):
        scan = subprocess.run(["ssh-keyscan", "-t", "ed25519", "-p", "2222", self.lab.address], check=True,
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout
        with open(self.known, "w", encoding="utf-8") as file:
            file.write(scan)

    @staticmethod
    def fingerprint(path):
        return subprocess.run(["ssh-keygen", "-lf", path], check=True, stdout=subprocess.PIPE, text=True).stdout.split()[1]

    def locked_key(self):
        key = os.path.join(self.home, "locked")
        with open(self.lab.ssh_identity, "rb") as file, open(key, "wb", opener=lambda p, f: os.open(p, f, 0o600)) as copy:
            copy.write(file.read())
        subprocess.run(["ssh-keygen", "-q", "-p", "-N", "open sesame", "-P", "", "-f", key], check=True, stdout=subprocess.DEVNULL)
        return key

    def test_unknown_host(self):
        """Refused, it is said plainly and nothing is kept; confirmed, the device is connected to and known from then on."""
        window = self.start()
        self.begin_test(window)
        window.find(None, "^Is This Your Device")
        window.press("Escape")
        window.find("label", "its key was not confirmed")
        self.assertFalse(os.path.exists(self.known) and os.path.getsize(self.known))

        window.activate(window.find("push button", "Test Again"))
        window.find(None, "^Is This Your Device")
        self.trust()
        shown = self.fingerprint(self.known)
        os.unlink(self.known)
        window.find("label", f"^{shown.replace('+', '[+]')}$")
        window.activate(window.find("push button", "Connect"))
        window.find(None, "^This device can be built on")
        self.assertEqual(self.fingerprint(self.known), shown)

    def test_passphrase(self):
        """A wrong one is asked for again, the right one opens the key; neither is in the log."""
        self.trust()
        window = self.start("-F", "/dev/null", "-o", f"IdentityFile={self.locked_key()}", "-o", "IdentitiesOnly=yes")
        self.begin_test(window)
        window.find(None, "^Unlock Your Key")
        window.type("not this one")
        window.press("Return")
        window.find("label", "^That was not right")
        window.type("open sesame")
        window.press("Return")
        window.find(None, "^This device can be built on")
        self.assertNotRegex(window.read_log(), "sesame|not this one")

    def test_passphrase_refused(self):
        self.trust()
        window = self.start("-F", "/dev/null", "-o", f"IdentityFile={self.locked_key()}", "-o", "IdentitiesOnly=yes")
        self.begin_test(window)
        window.find(None, "^Unlock Your Key")
        window.press("Escape")
        window.find("label", "the passphrase of the key .* was not given")
        window.find("label", "ssh-add")

    def test_changed_key(self):
        """Both fingerprints, where the old key is, and what removes it; once it is removed, ssh asks about the new one."""
        key = os.path.join(self.home, "other")
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
        self.trust()
        new = self.fingerprint(self.known)
        with open(f"{key}.pub", encoding="utf-8") as public, open(self.known, "w", encoding="utf-8") as file:
            file.write(f"# mine\n[{self.lab.address}]:2222 {public.read()}")
        window = self.start()
        self.begin_test(window)
        window.find(None, "^The Device.s Key Has Changed")
        texts = [item.get_name() or window.text(item) for item in window.all("label")]
        for text in (self.fingerprint(f"{key}.pub"), new, f"{self.known}:2"):
            self.assertIn(text, texts)
        command = next(text for text in texts if text.startswith("ssh-keygen -f"))
        self.assertEqual([item.get_name() for item in window.all("push button", "Connect|Continue|Yes")], [])
        window.press("Escape")
        window.find("label", "IDENTIFICATION HAS CHANGED")

        subprocess.run(command, shell=True, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        window.activate(window.find("push button", "Test Again"))
        window.find(None, "^Is This Your Device")


if __name__ == "__main__":
    unittest.main()
