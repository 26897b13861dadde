# SPDX-License-Identifier: GPL-3.0-or-later
"""What goes wrong: in builds, on the way to the engine, in the engine and in
Bakeoff itself. In the end there is a true record and a clean engine."""

import glob
import os
import signal
import unittest

from campaigns import CampaignTest, interrupt, process_name, wait_until

BOTH = ("classic", "buildkit")
# Found again among the processes of this machine, which sees into the lab; another lab's tests have another number.
SLEEP = str(86400 + os.getpid())


def builds_asleep():
    """The ids of the processes of a RUN that sleeps."""
    found = []
    for path in glob.glob("/proc/[0-9]*/cmdline"):
        try:
            with open(path, "rb") as file:
                words = file.read().split(b"\0")
        except OSError:
            continue
        if b"sleep" in words and SLEEP.encode() in words:
            found.append(int(path.split("/")[2]))
    return found


def kill_builds():
    """An engine that ends without a goodbye, or any with BuildKit, leaves the RUN running: its own fault, not ours."""
    for pid in builds_asleep():
        os.kill(pid, 9)


def catches(pid, number):
    """Whether a process has a handler for a signal."""
    with open(f"/proc/{pid}/status", encoding="utf-8") as file:
        caught = next(line for line in file if line.startswith("SigCgt:"))
    return bool(int(caught.split()[1], 16) >> (number - 1) & 1)


def wait_for_build():
    wait_until(builds_asleep, "a build that sleeps")


class FaultTest(CampaignTest):
    def slow_study(self, builder="classic", **keys):
        """A cold build that is quick, and after it an edited one that has no end."""
        study = self.study(builders=[builder], conditions=["cold", "edited"],
                           edit={"path": "script", "append": f"sleep {SLEEP} # ${{TRIAL}}\n"}, **keys)
        study.write("script", "echo the script begins\n")
        return study.add("slow", "COPY script /script\nRUN sh /script\n")

    def trials_of(self, campaign):
        """What the store says of it, by condition."""
        return {trial["cell"]["condition"]: trial for trial in self.bakeoff.json("list", campaign)}

    def state_of(self, campaign):
        return next(entry["state"] for entry in self.bakeoff.json("list") if entry["id"] == campaign)

    def assert_nothing_but_cache(self, builder):
        """Whose a record of BuildKit's cache is can be told only while one watches. After a
        gap they are left to the engine's own clean-up; nothing of anybody's is gone."""
        changes = self.before.changes(self.lab.snapshot())
        if builder == "buildkit":
            changes = [line for line in changes if not line.startswith("build cache record") or not line.endswith(" is new")]
        self.assertEqual(changes, [])
        self.before = self.lab.snapshot()

    def assert_gone(self):
        wait_until(lambda: not builds_asleep(), "the build's end on the engine", 20)


class TestBuildsThatFail(CampaignTest):
    """Five strategies that fail, each in its way, beside one that does not, with both builders."""

    bystander = "neighbour"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.first = cls("run_all")
        cls.addClassCleanup(cls.first.doCleanups)
        cls.first.setUp()
        study = cls.first.study(builders=BOTH)
        study.add("good", "RUN echo fine\n")
        study.add("bad", "RUN echo before\n# comment\nRUN echo last words; exit 42\nRUN echo never\n")
        study.add("syntax", "RUN echo before\nHEALTHCHECK SOMETIMES\n")
        study.add("missing", "COPY no-such-file /there\n")
        study.add("killed", "RUN sh -c 'kill -9 $$'; exit $?\n")
        cls.outcome = cls.first.run_study(study, code=1)

    def run_all(self):
        """Never run: what the test case for setUpClass is called."""

    def test_others_are_measured(self):
        self.assertEqual(len(self.outcome.trials), 10)
        self.assertEqual(self.outcome.state, "finished")
        for builder in BOTH:
            trial = self.outcome.trial("good", builder)
            self.assert_outcome(trial, "succeeded")
            self.assertGreater(trial["build_us"], 0)

    def test_failing_run(self):
        for builder in BOTH:
            with self.subTest(builder=builder):
                trial = self.outcome.trial("bad", builder)
                self.assert_outcome(trial, "failed")
                step = trial["steps"][trial["failed_step"]]
                self.assertEqual(step["instruction"], "RUN echo last words; exit 42")
                self.assertEqual((step["exit_code"], step["failed"], step["user_line"]), (42, True, 4))
                self.assertIn("42", trial["reason"])
                self.assertIsNone(trial["build_us"])
                self.assertIsNone(trial["image"])
                self.assertGreater(trial["elapsed_us"], 0)
                self.assertIn("last words", self.first.log(trial))
                self.assertEqual(self.first.log(trial, "--step", str(step["number"])).splitlines()[1:2], ["last words"])

    def test_syntax_error(self):
        for builder in BOTH:
            with self.subTest(builder=builder):
                trial = self.outcome.trial("syntax", builder)
                self.assert_outcome(trial, "failed")
                self.assertIn('Unknown type "SOMETIMES" in HEALTHCHECK', trial["reason"])

    def test_unknown_instruction(self):
        """What is wrong for sure is told before anything starts, with its line."""
        study = self.first.study()
        study.add("good", "RUN true\n").add("bad", "RUN true\nBAKE a cake\n")
        with self.lab.events() as events:
            outcome = self.first.run_study(study, code=3)
            self.assertEqual(events.all(Type="container"), [])
        self.assertRegex(outcome.stderr, r"Dockerfile\.bad.*3.*BAKE")

    def test_copy_of_a_missing_file(self):
        for builder in BOTH:
            with self.subTest(builder=builder):
                trial = self.outcome.trial("missing", builder)
                self.assert_outcome(trial, "failed")
                self.assertIn("no-such-file", trial["reason"])

    def test_exit_137_is_not_out_of_memory(self):
        for builder in BOTH:
            with self.subTest(builder=builder):
                trial = self.outcome.trial("killed", builder)
                self.assert_outcome(trial, "failed")
                self.assertEqual(trial["steps"][trial["failed_step"]]["exit_code"], 137)
                self.assertNotRegex(trial["reason"].lower(), "memory|oom")

    def test_nothing_is_left(self):
        self.first.assert_untouched()

    def test_findings_name_the_failures(self):
        text = self.first.bakeoff.run("findings", check=True).stdout
        self.assertRegex(text, r"\| bad +\| failed at step \d of \d")
        self.assertNotIn("TBD", text)


class TestStopping(FaultTest):
    bystander = "neighbour"

    def test_time_limit(self):
        study = self.study(builders=BOTH, defaults={"timeout": "2s"})
        study.add("endless", f"RUN sleep {SLEEP}\n")
        study.add("good", "RUN true\n", timeout="1m")
        outcome = self.run_study(study, code=1)
        for builder in BOTH:
            with self.subTest(builder=builder):
                trial = outcome.trial("endless", builder)
                self.assert_outcome(trial, "timed-out")
                self.assertGreater(trial["elapsed_us"], 1_500_000)
                self.assertLess(trial["elapsed_us"], 20_000_000)
                self.assert_outcome(outcome.trial("good", builder), "succeeded")
        self.assert_gone()
        self.assert_untouched()

    def test_interrupt(self):
        for builder in BOTH:
            with self.subTest(builder=builder):
                study = self.slow_study(builder)
                running = self.start(study)
                wait_for_build()
                if builder == "classic":
                    second = self.bakeoff.run("run", study.folder, "--device", self.device)
                    self.assertEqual(second.returncode, 4)
                    self.assertIn("Another Bakeoff campaign is running", second.stderr)
                    self.assertTrue(builds_asleep(), "the second run must leave the first alone")
                interrupt(running.process)
                outcome = running.end()
                self.assertEqual(outcome.code, 130, outcome.stderr)
                self.assert_gone()
                self.assert_untouched()
                self.assert_outcome(outcome.trial("slow", builder), "succeeded")
                self.assert_outcome(outcome.trial("slow", builder, "edited"), "cancelled")
                kept = self.trials_of(outcome.campaign)
                self.assertEqual(kept["cold"]["build_us"], outcome.trial("slow", builder)["build_us"])
                self.assert_outcome(kept["edited"], "cancelled")
                self.assertEqual(self.state_of(outcome.campaign), "stopped")
                self.assertIn("the script begins", self.log(kept["edited"]))

    def test_interrupt_before_anything(self):
        """A signal while the engine is asked or the context is read."""
        running = self.start(self.slow_study())
        # Not before it listens: a shell's background job begins with the signal ignored.
        wait_until(lambda: catches(running.process.pid, signal.SIGINT), "the program to listen")
        interrupt(running.process)
        outcome = running.end()
        self.assertEqual(outcome.code, 130)
        self.assert_gone()
        self.assert_untouched()

    def run_next(self, study):
        """A later run on the device, which tidies up first; only the quick build."""
        return self.run_study(study, "--only", "*/*/*/cold")

    def test_killed(self):
        """SIGKILL of bakeoff-cli: the courier sees it and cleans up."""
        for builder in BOTH:
            with self.subTest(builder=builder):
                study = self.slow_study(builder)
                running = self.start(study)
                wait_for_build()
                campaign = running.wait_for("begun")["campaign"]
                courier = running.child("bakeoff-courier")
                running.kill()
                wait_until(lambda: process_name(courier) is None, "the courier's end")
                self.assert_gone()
                self.assert_untouched()
                self.run_next(study)
                kept = self.trials_of(campaign)
                self.assert_outcome(kept["cold"], "succeeded")
                self.assert_outcome(kept["edited"], "interrupted")
                self.assertEqual(self.state_of(campaign), "interrupted")
                self.assert_untouched()

    def test_all_killed(self):
        """SIGKILL of the courier and of bakeoff-cli, as when the power goes: the next run cleans up."""
        for builder in BOTH:
            with self.subTest(builder=builder):
                study = self.slow_study(builder)
                running = self.start(study)
                wait_for_build()
                campaign = running.wait_for("begun")["campaign"]
                courier = running.child("bakeoff-courier")
                os.kill(courier, 9)
                running.kill()
                self.assert_gone()
                self.assertNotEqual(self.before.changes(self.lab.snapshot()), [], "something is left to be cleaned up")
                self.run_next(study)
                kept = self.trials_of(campaign)
                self.assert_outcome(kept["cold"], "succeeded")
                self.assert_outcome(kept["edited"], "interrupted")
                self.assertEqual(self.state_of(campaign), "interrupted")
                self.assert_nothing_but_cache(builder)

    def test_courier_killed(self):
        """SIGKILL of the courier alone: bakeoff-cli says so, cleans up and keeps what had finished."""
        running = self.start(self.slow_study())
        wait_for_build()
        os.kill(running.child("bakeoff-courier"), 9)
        outcome = running.end()
        self.assertEqual(outcome.code, 1, outcome.stderr)
        self.assertIn("ended too early", outcome.stderr)
        self.assert_outcome(outcome.trial("slow"), "succeeded")
        self.assert_outcome(outcome.trial("slow", condition="edited"), "interrupted")
        self.assert_gone()
        self.assert_untouched()


class TestTheWay(FaultTest):
    bystander = "neighbour"

    def test_tunnel_killed(self):
        for builder in BOTH:
            with self.subTest(builder=builder):
                self.device = self.lab.ssh_device
                study = self.slow_study(builder)
                running = self.start(study, "--attached")
                wait_for_build()
                os.kill(running.child("ssh"), 9)
                outcome = running.end()
                self.assertNotIn(outcome.code, (0, 130), outcome.stderr)
                self.assert_outcome(outcome.trial("slow", builder), "succeeded")
                self.assert_outcome(outcome.trial("slow", builder, "edited"), "interrupted")
                self.assert_gone()
                self.run_study(study, "--attached", "--only", "*/*/*/cold")
                self.assert_nothing_but_cache(builder)

    def test_unknown_runtime(self):
        study = self.study(defaults={"runtime": "nope"}, probes=[{"kind": "workload", "command": ["true"]}])
        study.add("good", "RUN true\n")
        trial = self.run_study(study).trial("good")
        self.assert_outcome(trial, "succeeded")
        probe = self.bakeoff.json("show", trial["id"])["probes"][0]
        self.assertEqual(probe["verdict"], "unsupported", probe)
        self.assertIn("nope", f"{probe['reason']} {probe['raw']}")
        self.assert_untouched()

    def test_no_engine(self):
        study = self.study()
        study.add("good", "RUN true\n")
        self.device = f"unix://{self.home}/nobody.sock"
        outcome = self.run_study(study, code=4)
        self.assertEqual(outcome.lines, [])
        self.assertIn("nobody.sock", outcome.stderr)


class TestTheEngineGoes(FaultTest):
    """On an engine of no bystander: a container that is stopped with the engine looks different afterwards."""

    def tearDown(self):
        self.lab.mend()

    def test_stopped(self):
        for builder in BOTH:
            with self.subTest(builder=builder):
                study = self.slow_study(builder)
                running = self.start(study)
                wait_for_build()
                self.lab.verb("stop-engine")
                self.lab.verb("start-engine")
                outcome = running.end()
                self.assert_outcome(outcome.trial("slow", builder), "succeeded")
                trial = outcome.trial("slow", builder, "edited")
                self.assert_outcome(trial, "interrupted")
                self.assertNotRegex(str(trial["reason"]).lower(), "memory|oom")
                self.assertNotIn(outcome.code, (0, 130), outcome.stderr)
                if builder == "buildkit":
                    kill_builds()
                self.assert_gone()
                self.run_study(study, "--only", "*/*/*/cold")
                self.assert_nothing_but_cache(builder)

    def test_stopped_and_others_left(self):
        """What had not begun yet is built when the engine is back, or is told as what it is; it never fails."""
        study = self.study()
        study.add("first", f"RUN sleep {SLEEP}\n").add("second", f"RUN sleep {SLEEP}\n")
        running = self.start(study)
        wait_for_build()
        self.lab.verb("kill-engine")
        self.lab.verb("start-engine")
        kill_builds()
        if running.process.poll() is None:
            interrupt(running.process)
        outcome = running.end()
        self.assertNotEqual(outcome.code, 0)
        self.assertLessEqual(set(outcome.outcomes().values()), {"interrupted", "cancelled", "pending"})
        self.assertIn("interrupted", outcome.outcomes().values())


if __name__ == "__main__":
    unittest.main()
