# SPDX-License-Identifier: GPL-3.0-or-later
"""Keeping an image under a name of one's own, and the docker build that comes nearest to a cell."""

import subprocess
import unittest

from campaigns import CampaignTest

PREFIX = "keeping-test"


class TestKeep(CampaignTest):
    def setUp(self):
        super().setUp()
        self.addCleanup(self.lab.remove_everything_named, PREFIX)
        self.addCleanup(self.lab.remove_everything_named, "bakeoff-keeper")

    def image_id(self, name):
        done = self.lab.docker("image", "inspect", "--format", "{{.Id}}", name, check=False)
        return done.stdout.strip() if done.returncode == 0 else None

    def test_keep(self):
        """A kept image has the user's name, also after a later campaign took its first name; and what cannot be is said."""
        study = self.study(id="keeper", defaults={"keep": "all"})
        study.add("good", "RUN date +%N > /made\n").add("bad", "RUN exit 3\n")
        outcome = self.run_study(study, code=1)
        trial, failed = outcome.trial("good"), outcome.trial("bad")
        done = self.bakeoff.run("keep", trial["id"], f"{PREFIX}/good", "--device", self.device, check=True)
        self.assertIn(f"{PREFIX}/good:latest", done.stdout)
        self.assertEqual(self.image_id(f"{PREFIX}/good:latest"), trial["image"]["id"])
        # Once more is no mistake; another image of that name is.
        self.bakeoff.run("keep", trial["id"], f"{PREFIX}/good", "--device", self.device, check=True)
        self.lab.docker("tag", "bakeoff-lab/tiny:1", f"{PREFIX}/other:1")
        for words, code, told in (
                ((trial["id"], f"{PREFIX}/other:1"), 1, "already"),
                ((failed["id"], f"{PREFIX}/bad"), 1, "made no image"),
                ((trial["id"], "bakeoff-20261124-061200-3fa9:t1"), 2, "Bakeoff's own"),
                ((trial["id"], "Not A Name"), 2, "Not A Name"),
                (("20200101-000000-0000.1", f"{PREFIX}/x"), 3, "no campaign")):
            done = self.bakeoff.run("keep", *words, "--device", self.device)
            self.assertEqual(done.returncode, code, done.stderr)
            self.assertIn(told, done.stderr)

        self.run_study(study, "--only", "good")
        self.assertEqual(self.image_id(f"{PREFIX}/good:latest"), trial["image"]["id"])
        self.lab.docker("image", "rm", f"{PREFIX}/good:latest")
        done = self.bakeoff.run("keep", trial["id"], f"{PREFIX}/good", "--device", self.device)
        self.assertEqual(done.returncode, 1)
        self.assertIn("not on the device any more", done.stderr)

    def test_docker_command(self):
        """What `plan --docker` prints is a script that builds the same thing."""
        study = self.study(id=PREFIX, builders=["classic", "buildkit"])
        study.write("words", "hello\n")
        study.add("one", "ARG GREETING\nCOPY words /\nRUN echo \"$GREETING\" > /greeting\n", build_args={"GREETING": "it's $HOME"})
        # Docker's own command builds with BuildKit only where its buildx plugin is.
        has_buildx = self.lab.docker("buildx", "version", check=False).returncode == 0
        for builder in ("classic", "buildkit") if has_buildx else ("classic",):
            done = self.bakeoff.run("plan", study.save(), "--docker", "--only", f"one/tiny/{builder}/cold", check=True)
            built = subprocess.run(["sh", "-e"], input=done.stdout, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                   env=self.lab.environment(), check=False, timeout=300)
            self.assertEqual(built.returncode, 0, built.stdout)
            said = self.lab.docker("run", "--rm", f"{PREFIX}:one", "cat", "/greeting", "/words").stdout
            self.assertEqual(said, "it's $HOME\nhello\n")
            self.lab.docker("image", "rm", f"{PREFIX}:one")


if __name__ == "__main__":
    unittest.main()
