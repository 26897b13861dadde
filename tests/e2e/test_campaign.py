# SPDX-License-Identifier: GPL-3.0-or-later
"""Whole campaigns on small studies: conditions, logs, cache mounts, secrets,
what a run reads and writes, and the plan."""

import contextlib
import hashlib
import json
import os
import shutil
import sqlite3
import unittest

from campaigns import CampaignTest, phase_of, step_of
from lab import ROOT, TINY

BOTH = ("classic", "buildkit")
TEN_MISTAKES = os.path.join(ROOT, "tests", "unit", "data", "study-ten-mistakes.json")


class TestConditions(CampaignTest):
    """One run with both builders under cold, warm and edited."""

    bystander = "neighbour"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.first = cls("run_all")
        cls.addClassCleanup(cls.first.doCleanups)
        cls.first.setUp()
        study = cls.first.study(builders=BOTH, conditions=["cold", "warm", "edited"],
                                edit={"path": "words", "append": "edited for ${TRIAL}\n"})
        study.write("words", "as they were\n")
        study.add("steps", "RUN sleep 2\nCOPY words /words\nRUN cat /words; sleep 1\n")
        cls.outcome = cls.first.run_study(study)

    def run_all(self):
        """Never run: what the test case for setUpClass is called."""

    def of(self, builder, condition):
        trial = self.outcome.trial("steps", builder, condition)
        self.assert_outcome(trial, "succeeded")
        return trial

    def cached(self, trial):
        """The instructions that were taken from the cache and those that were run, FROM apart."""
        steps = [step for step in trial["steps"] if step["number"] > 0 and not step["instruction"].startswith("FROM")]
        return ([step["instruction"].split()[0] for step in steps if step["cached"]],
                [step["instruction"].split()[0] for step in steps if not step["cached"]])

    def test_cold(self):
        for builder in BOTH:
            with self.subTest(builder=builder):
                trial = self.of(builder, "cold")
                self.assertEqual(self.cached(trial), ([], ["RUN", "COPY", "RUN"]))
                self.assertGreater(trial["build_us"], 3_000_000)
                step = step_of(trial, "sleep 2")
                self.assertGreater(step["duration_us"], 2_000_000)
                self.assertEqual(step["user_line"], 2)

    def test_warm(self):
        for builder in BOTH:
            with self.subTest(builder=builder):
                trial = self.of(builder, "warm")
                self.assertEqual(self.cached(trial), (["RUN", "COPY", "RUN"], []))
                self.assertLess(trial["build_us"], self.of(builder, "cold")["build_us"] / 2)

    def test_edited(self):
        for builder in BOTH:
            with self.subTest(builder=builder):
                trial = self.of(builder, "edited")
                self.assertEqual(self.cached(trial), (["RUN"], ["COPY", "RUN"]))
                log = self.first.log(trial)
                self.assertIn("as they were", log)
                self.assertIn(f"edited for {trial['id']}", log)
                self.assertNotIn("edited for", self.first.log(self.of(builder, "cold")))

    def test_image(self):
        for builder in BOTH:
            with self.subTest(builder=builder):
                image = self.of(builder, "cold")["image"]
                added = [layer for layer in image["layers"] if not layer["from_base"]]
                self.assertEqual(image["added_size"], sum(layer["size"] for layer in added))
                self.assertEqual(image["added_size"], len("as they were\n"))
                self.assertEqual(image["size"], sum(layer["size"] for layer in image["layers"]))

    def test_phases(self):
        for builder in BOTH:
            for condition in ("cold", "warm", "edited"):
                with self.subTest(builder=builder, condition=condition):
                    trial = self.of(builder, condition)
                    build, upload = phase_of(trial, "build"), phase_of(trial, "upload")
                    self.assertEqual(build["duration_us"], trial["build_us"])
                    self.assertLessEqual(upload["start_us"] + upload["duration_us"], build["start_us"] + build["duration_us"])
                    self.assertGreaterEqual(upload["bytes"], 1024)
                    last = max(step["start_us"] + step["duration_us"] for step in trial["steps"] if step["duration_us"] is not None)
                    self.assertLessEqual(last, trial["build_us"] + 200_000)

    def test_show_says_what_run_said(self):
        for said in self.outcome.trials:
            shown = self.first.bakeoff.json("show", said["id"])
            # The store keeps the lines of steps that failed; the others are in the journal.
            for step in said["steps"]:
                step.pop("log", None)
            self.assertEqual(shown, said)
        self.assertEqual([trial["id"] for trial in self.outcome.told], [trial["id"] for trial in sorted(
            self.outcome.trials, key=lambda trial: trial["started_us"])])

    def test_reading_again_gives_the_same_records(self):
        """A campaign that looks cut off is read from its journal again by the next run."""
        before = self.first.bakeoff.json("list", self.outcome.campaign)
        with contextlib.closing(sqlite3.connect(os.path.join(self.first.home, "data", "bakeoff", "bakeoff.db"))) as database:
            database.execute("UPDATE campaigns SET state = 'running' WHERE id = ?", (self.outcome.campaign,))
            database.execute("UPDATE trials SET build_us = 1, outcome = 'failed' WHERE campaign_id = ?", (self.outcome.campaign,))
            database.commit()
        study = self.first.study()
        study.add("good", "RUN true\n")
        said = self.first.bakeoff.run("run", study.save(), "--device", self.lab.device)
        self.assertEqual(said.returncode, 0, said.stderr)
        self.assertIn("was cut off", said.stdout + said.stderr)
        self.assertEqual(self.first.bakeoff.json("list", self.outcome.campaign), before)

    def test_nothing_is_left(self):
        self.first.assert_untouched()


class TestLogs(CampaignTest):
    """What a build can write, with both builders."""

    bystander = "neighbour"
    RUNS = [
        # (what, RUN, the lines)
        ("long", r"head -c 100000 /dev/zero | tr '\0' x; echo", ["x" * 100000]),
        ("many", "seq 1 2000", [str(number) for number in range(1, 2001)]),
        ("colours", r"printf '\033[31mred\033[0m plain\n'", ["red plain"]),
        ("nul", r"printf 'a\000b\n'", None),
        ("not UTF-8", r"printf 'caf\351 \377 end\n'", ["caf\N{REPLACEMENT CHARACTER} \N{REPLACEMENT CHARACTER} end"]),
        ("UTF-8", r"printf 'caf\303\251 \360\237\215\236\n'", ["café \N{BREAD}"]),
        ("no line end", "printf 'the end'", ["the end"]),
        ("empty lines", r"printf 'a\n\n\nb\n'", ["a", "", "", "b"]),
    ]

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.first = cls("run_all")
        cls.addClassCleanup(cls.first.doCleanups)
        cls.first.setUp()
        study = cls.first.study(builders=BOTH)
        study.add("noisy", "".join(f"RUN {command}\n" for _, command, _ in cls.RUNS))
        cls.outcome = cls.first.run_study(study)

    def run_all(self):
        """Never run: what the test case for setUpClass is called."""

    def test_lines(self):
        for builder in BOTH:
            trial = self.outcome.trial("noisy", builder)
            self.assert_outcome(trial, "succeeded")
            for what, command, lines in self.RUNS:
                with self.subTest(builder=builder, what=what):
                    step = step_of(trial, command)
                    shown = self.first.log(trial, "--step", str(step["number"])).split("\n")[1:-1]
                    if lines is None:
                        self.assertEqual(len(shown), 1)
                        self.assertRegex(shown[0], "^a.*b$")
                        lines = shown
                    self.assertEqual(shown, lines)
                    self.assertEqual(step["n_log_lines"], len(lines))

    def test_nothing_is_clipped(self):
        for builder in BOTH:
            self.assertEqual([step["number"] for step in self.outcome.trial("noisy", builder)["steps"] if step["clipped"]], [])

    def test_times_grow(self):
        for builder in BOTH:
            with self.subTest(builder=builder):
                text = self.first.log(self.outcome.trial("noisy", builder), "--times")
                times = [float(line.split()[0]) for line in text.splitlines() if line and not line.startswith("===")]
                self.assertGreater(len(times), 2000)
                self.assertEqual(times, sorted(times))


class TestCacheMounts(CampaignTest):
    bystander = "neighbour"

    def check_mount(self, number):
        """The bystander's mount with our id: still its own, and nobody else's things in it."""
        return (f'FROM {TINY}\nRUN --mount=type=cache,id=shared,target=/c test "$(cat /c/own)" = mine && ! test -e /c/runs '
                f'&& echo {number}\n')

    def test_cold_layers(self):
        self.lab.build({"Dockerfile": f"FROM {TINY}\nRUN --mount=type=cache,id=shared,target=/c echo mine > /c/own\n"},
                       tag="neighbour:mount", builder=2)
        before = self.lab.snapshot()
        study = self.study(builders=["buildkit"], conditions=["cold", "cold-layers", "warm"])
        study.add("counts", "RUN --mount=type=cache,id=shared,target=/c echo run >> /c/runs; echo runs so far: $(wc -l < /c/runs)\n")
        outcome = self.run_study(study, "--repetitions", "2")
        for repetition in (1, 2):
            with self.subTest(repetition=repetition):
                cold = outcome.trial("counts", "buildkit", "cold", repetition)
                layers = outcome.trial("counts", "buildkit", "cold-layers", repetition)
                warm = outcome.trial("counts", "buildkit", "warm", repetition)
                self.assertIn("runs so far: 1\n", self.log(cold))
                self.assertIn("runs so far: 2\n", self.log(layers))
                self.assertFalse(step_of(layers, "runs so far")["cached"])
                self.assertTrue(step_of(warm, "runs so far")["cached"])
        self.assertEqual(before.changes(self.lab.snapshot()), [])
        self.lab.build({"Dockerfile": self.check_mount(1)}, tag="neighbour:check", builder=2)


class TestWhatIsRead(CampaignTest):
    bystander = "neighbour"

    def test_context_edited_meanwhile(self):
        study = self.study()
        study.write("words", "before the campaign\n")
        study.write(".dockerignore", "ignored\n").write("ignored", "not sent\n")
        study.add("reads", "COPY . /all\nRUN sleep 2; cat /all/words; ls -A /all\n")
        with self.lab.events(type="container") as events:
            running = self.start(study, "--repetitions", "2")
            self.wait_for_container(events)
            study.write("words", "while it ran\n").write("new", "a new file\n")
            study.write("Dockerfile.reads", "FROM nothing-that-there-is\n")
            outcome = running.end()
        self.assertEqual(outcome.code, 0, outcome.stderr)
        for repetition in (1, 2):
            log = self.log(outcome.trial("reads", repetition=repetition))
            self.assertIn("before the campaign", log)
            self.assertNotIn("while it ran", log)
            self.assertNotRegex(log, "(?m)^(new|ignored)$")
        self.assert_untouched()

    def test_secrets(self):
        secret = "kneaded-93741-by-hand"
        self.bakeoff.environment["TOKEN"] = secret
        study = self.study(run={"secrets": ["TOKEN"], "env": {"PLAIN": "not-secret"}},
                           probes=[{"kind": "workload", "command": 'echo "it is $TOKEN, $PLAIN"; echo "it is $TOKEN" >&2; '
                                                                   'printf %s "$TOKEN" | md5sum; echo "$TOKEN" | fold -w 7'}])
        study.add("good", "RUN true\n")
        trial = self.run_study(study).trial("good")
        probe = self.bakeoff.json("show", trial["id"])["probes"][0]
        self.assertEqual(probe["verdict"], "yes", probe)
        self.assertIn(hashlib.md5(secret.encode()).hexdigest(), probe["tail"], "the container got the value")
        self.assertIn("not-secret", probe["tail"])
        said = [self.bakeoff.run(*words, check=True).stdout
                for words in (("findings",), ("findings", "--format", "json"), ("show", trial["id"]), ("show", trial["id"], "--json"))]
        self.assertNotIn(secret, "".join(said))
        n_files = 0
        for folder, _, names in os.walk(self.home):
            for name in names:
                path = os.path.join(folder, name)
                if not os.path.isfile(path) or os.path.islink(path):
                    continue
                n_files += 1
                with open(path, "rb") as file:
                    self.assertNotIn(secret.encode(), file.read(), path)
        self.assertGreater(n_files, 5)

    def test_secret_that_is_not_set(self):
        study = self.study(run={"secrets": ["TOKEN_NOBODY_SET"]}, probes=[{"kind": "workload", "command": "true"}])
        study.add("good", "RUN true\n")
        outcome = self.run_study(study, code=3)
        self.assertIn("TOKEN_NOBODY_SET", outcome.stderr)
        self.assert_untouched()

    def test_ten_mistakes(self):
        study = os.path.join(self.home, "study")
        os.makedirs(study)
        shutil.copy(TEN_MISTAKES, os.path.join(study, "bakeoff.json"))
        with self.lab.events() as events:
            done = self.bakeoff.run("run", study, "--device", self.device)
            self.assertEqual(events.all(), [])
        self.assertEqual(done.returncode, 3)
        told = [line for line in done.stderr.splitlines() if "$." in line]
        self.assertEqual(len(told), 10, done.stderr)
        for where in ("$.baseline", "$.bases[0].id", "$.bases[1].image", "$.conditions[1]", "$.defaults.timeout",
                      "$.defaults.repetitions", "$.strategies[0].dockerfile", "$.strategies[1].id",
                      "$.strategies[2].bases", "$.probes[0].modules"):
            self.assertIn(where, done.stderr)
        self.assertFalse(os.path.exists(os.path.join(self.home, "data", "bakeoff", "campaigns")))

    def list_tags(self):
        return self.lab.docker("images", "--format", "{{.Repository}}:{{.Tag}} {{.ID}}").stdout.splitlines()

    def test_keep(self):
        """keep: the image of the best strategy gets a name of its own and stays; a later run's takes its place."""
        study = self.study(id="keeper", defaults={"keep": "all"})
        study.add("good", "RUN date +%N > /made\n")
        self.addCleanup(self.lab.remove_everything_named, "bakeoff-keeper")
        others = self.list_tags()
        for _ in range(2):
            trial = self.run_study(study).trial("good")
            ours = [line for line in self.list_tags() if line not in others]
            self.assertEqual(ours, [f"bakeoff-keeper:good.tiny.classic {trial['image']['id'][7:19]}"])
        left = [line for line in self.before.changes(self.lab.snapshot()) if not line.startswith(f"image {trial['image']['id']}")]
        self.lab.remove_everything_named("bakeoff-keeper")
        self.assert_untouched()
        self.assertLess(len(left), 4, left)


class TestPlan(CampaignTest):
    def test_starts_nothing(self):
        study = self.study(builders=BOTH, conditions=["warm", "edited"], edit={"path": "words", "append": "x"})
        study.write("words", "w\n")
        study.add("one", "COPY words /\n").add("two", "RUN true\n")
        with self.lab.events() as events:
            done = self.bakeoff.run("plan", study.save(), "--device", self.device, "--repetitions", "2", check=True)
            planned = self.bakeoff.json("plan", study.folder, "--device", self.device, "--repetitions", "2", "--seed", "7")
            again = self.bakeoff.json("plan", study.folder, "--device", self.device, "--repetitions", "2", "--seed", "7")
            self.assertEqual(events.all(), [])
        self.assert_untouched()
        self.assertIn("priming", done.stdout)
        for estimate in (planned["estimate"], again["estimate"]):
            self.assertGreater(estimate.pop("freeBytes"), 0)
        self.assertEqual(planned, again)
        self.assertEqual(planned["counted"], 2 * 2 * 2 * 2)
        self.assertEqual(len(planned["chains"]), 8)
        self.assertEqual([chain["repetition"] for chain in planned["chains"]], [1] * 4 + [2] * 4)
        self.assertEqual({tuple(chain["builds"]) for chain in planned["chains"]}, {("priming", "warm", "edited")})
        self.assertEqual(os.listdir(os.path.join(self.home, "data", "bakeoff", "campaigns"))
                         if os.path.exists(os.path.join(self.home, "data", "bakeoff", "campaigns")) else [], [])

    def test_order_is_run_as_planned(self):
        study = self.study()
        for name in ("a", "b", "c"):
            study.add(name, f"RUN echo {name}\n")
        study.save()
        for seed in ("1", "5"):
            planned = self.bakeoff.json("plan", study.folder, "--device", self.device, "--seed", seed)
            outcome = self.run_study(study, "--seed", seed)
            ran = sorted(outcome.trials, key=lambda trial: trial["started_us"])
            self.assertEqual([trial["cell"]["strategy"] for trial in ran], [chain["strategy"] for chain in planned["chains"]])

    def test_missing(self):
        """One that failed is missing again; one that worked is not, unless it was elsewhere or of other values."""
        study = self.study(build_args={"VALUE": "${VALUE}"}, variables={"VALUE": "1"})
        study.add("good", "RUN true\n").add("bad", "RUN false\n")
        self.run_study(study, code=1)
        # A trial that other programs of this machine disturbed is missing, too; that is not what is asked here.
        with contextlib.closing(sqlite3.connect(os.path.join(self.home, "data", "bakeoff", "bakeoff.db"))) as database:
            database.execute("DELETE FROM trial_flags")
            database.commit()

        def missing(*words):
            done = self.bakeoff.run("plan", study.folder, "--missing", "--json", "--device", self.device, *words, check=True)
            return sorted(chain["strategy"] for chain in json.loads(done.stdout)["chains"])

        self.assertEqual(missing(), ["bad"])
        self.assertEqual(missing("--offline"), ["bad"])
        self.assertEqual(missing("--set", "VALUE=1"), ["bad"])
        self.assertEqual(missing("--set", "VALUE=2"), ["bad", "good"])
        self.assertEqual(missing("--offline", "--device", "unix:///nowhere.sock"), ["bad", "good"])
        self.assertEqual(missing("--only", "good"), [])
        done = self.bakeoff.run("plan", study.folder, "--missing", "--only", "good", "--device", self.device, check=True)
        self.assertIn("Nothing is missing", done.stderr)
        again = self.run_study(study, "--missing", code=1)
        self.assertEqual(list(again.outcomes().values()), ["failed"])

    def test_disk_that_will_not_do(self):
        study = self.study()
        study.add("good", "RUN true\n")
        self.run_study(study)
        known = self.bakeoff.json("plan", study.folder, "--device", self.device)
        self.assertEqual(known["estimate"]["unknown"], 0)
        self.assertLess(known["estimate"]["peakBytes"], known["estimate"]["freeBytes"])
        with contextlib.closing(sqlite3.connect(os.path.join(self.home, "data", "bakeoff", "bakeoff.db"))) as database:
            database.execute("UPDATE images SET size = 1 << 58, added_size = 1 << 58")
            database.commit()
        done = self.bakeoff.run("plan", study.folder, "--device", self.device)
        self.assertEqual(done.returncode, 1)
        self.assertIn("THE DISK WILL NOT DO", done.stdout)


if __name__ == "__main__":
    unittest.main()
