# SPDX-License-Identifier: GPL-3.0-or-later
"""Campaigns that run on the device: what a lost link, a killed program, an engine
that restarts and a full disk leave of them. Messages are all there, once and in
order; outcomes are right; nothing is left over."""

import contextlib
import glob
import os
import random
import re
import signal
import struct
import subprocess
import tempfile
import time
import unittest
import zlib

from campaigns import Running, interrupt, left_over, wait_until
from lab import Bakeoff, Lab, kill_ssh_at_random
from test_faults import BOTH, SLEEP, FaultTest, builds_asleep, kill_builds, wait_for_build

COURIER = "bakeoff-courier"
HEADER = struct.Struct("<4sHHQqqIIII")
TYPES = {1: "SEGMENT", 2: "START", 3: "CHAIN", 4: "CHAIN_END", 5: "REQUEST", 6: "SENT", 7: "HEAD", 8: "DATA", 9: "DONE",
         10: "SKIPPED", 11: "NOTE", 12: "SIGNAL", 13: "COMMAND", 14: "TELEMETRY", 15: "END"}


def read_journal(folder):
    """Every message of a journal as (number, type, request, payload); asserts what the format promises."""
    messages = []
    for path in sorted(glob.glob(f"{folder}/*.bj")):
        with open(path, "rb") as file:
            data = file.read()
        at = 0
        while at < len(data):
            magic, kind, _, number, wall, mono, request, length, crc, _ = HEADER.unpack_from(data, at)
            whole = data[at:at + HEADER.size + length]
            assert magic == b"BJ01" and len(whole) == HEADER.size + length, f"{path}: torn at {at}"
            assert zlib.crc32(whole[:40] + b"\0\0\0\0" + whole[44:]) == crc, f"{path}: wrong sum at {at}"
            messages.append((number, TYPES[kind], request, whole[HEADER.size:]))
            at += len(whole)
    return messages


class DurableTest(FaultTest):
    """On the ssh device. A study's volume and the courier's image stay between campaigns, nothing else."""

    def setUp(self):
        super().setUp()
        self.device = self.lab.ssh_device
        self.addCleanup(self.lab.mend)
        self.addCleanup(self.clean)

    def clean(self):
        self.lab.docker("rm", "-f", COURIER, check=False)
        for volume in self.lab.docker("volume", "ls", "-q").stdout.split():
            if volume.startswith("bakeoff-"):
                self.lab.docker("volume", "rm", volume, check=False)

    def changes(self):
        return left_over(self.before.changes(self.lab.snapshot()))

    def assert_untouched(self, ignore=()):
        self.assertEqual([line for line in self.changes() if not line.startswith(tuple(ignore) or ("\0",))], [])

    def assert_nothing_but_cache(self, builder):
        self.assert_untouched(("build cache record",) if builder == "buildkit" else ())

    def courier(self):
        """How the container stands, or None."""
        found = self.lab.docker("inspect", "--format", "{{.State.Status}} {{.State.ExitCode}}", COURIER, check=False)
        return found.stdout.strip() if found.returncode == 0 else None

    def wait_for_courier_end(self, timeout=120):
        wait_until(lambda: (self.courier() or "").startswith("exited"), "the courier's end", timeout)

    def attach(self, *words, bakeoff=None, command="attach"):
        running = Running(bakeoff or self.bakeoff, "--device", self.device, *words, command=command)
        self.addCleanup(running.kill)
        return running

    def start_until_build(self, study):
        """A campaign whose first RUN has begun."""
        with self.lab.events() as events:
            running = self.start(study)
            # The courier's own container comes first.
            wait_until(lambda: len(events.all(Type="container", Action="start")) > 1, "the first build", 120)
        return running

    def other_computer(self):
        return Bakeoff(self.lab, os.path.join(self.home, "other"))

    def volume_file(self, pattern):
        """Files of study volumes, as the device's disk has them."""
        found = []
        for volume in self.lab.docker("volume", "ls", "-q").stdout.split():
            if volume.startswith("bakeoff-study-"):
                point = self.lab.docker("volume", "inspect", "--format", "{{.Mountpoint}}", volume).stdout.strip()
                found += glob.glob(f"{point}/{pattern}", recursive=True)
        return found

    def assert_journal(self, campaign):
        """All messages once and in order; prints how many."""
        messages = read_journal(os.path.join(self.campaign_folder(campaign), "journal"))
        self.assertEqual([message[0] for message in messages], list(range(1, len(messages) + 1)))
        self.assertEqual(messages[-1][1], "END", messages[-1])
        made, ended = ([message[2] for message in messages if message[1] == kind and message[2]] for kind in ("REQUEST", "DONE"))
        print(f"    {self.id().split('.')[-1]}: {len(messages)} messages, {len(set(made))} requests, none lost, none twice",
              flush=True)
        self.assertLessEqual(set(ended), set(made))
        return messages

    def ticking_study(self, seconds, builder="classic", **keys):
        """A build that says a number every tenth of a second."""
        study = self.study(builders=[builder], conditions=["cold"], **keys)
        return study.add("ticks", f"RUN i=0; while [ $i -lt {seconds * 10} ]; do echo tick $i; i=$((i+1)); sleep 0.1; done\n")

    def assert_ticks(self, trial, seconds):
        lines = [line for line in self.log(trial).splitlines() if line.startswith("tick ")]
        self.assertEqual(lines, [f"tick {i}" for i in range(seconds * 10)])


class TestDurable(DurableTest):
    bystander = "neighbour"

    def test_whole(self):
        """One campaign, followed all the time: builds, probes, clean-up; then a second one that sends less."""
        study = self.study(builders=BOTH, conditions=["cold", "warm", "edited"],
                           edit={"path": "app.txt", "append": "# ${TRIAL}\n"},
                           probes=[{"kind": "workload", "command": ["cat", "/app.txt"]}])
        study.write("app.txt", "the app\n").write("big", os.urandom(3_000_000))
        study.add("one", "COPY big /big\nCOPY app.txt /app.txt\nRUN cat /app.txt\n")
        outcome = self.run_study(study)
        self.assertEqual(outcome.state, "finished")
        self.assertEqual(set(outcome.outcomes().values()), {"succeeded"})
        self.assertIsNone(self.courier())
        self.assert_journal(outcome.campaign)
        self.assert_untouched()
        self.assertEqual(len(self.volume_file("files/*/*")), 4, "two files of the app, the Dockerfile and the study")
        self.assertEqual(self.volume_file("campaigns/*"), [], "what is recorded is not kept twice")
        self.run_study(study, "--only", "*/*/classic/cold")

    def test_equal_to_attached(self):
        """The same builds attached and on the device give equal records, times and ids apart."""
        study = self.study(builders=BOTH, conditions=["cold", "warm", "edited"],
                           edit={"path": "app.txt", "append": "# ${TRIAL}\n"},
                           probes=[{"kind": "workload", "command": ["sh", "-c", "echo out; exit 3"]}])
        study.write("app.txt", "the app\n")
        study.add("good", "COPY app.txt /\nRUN echo hello\n").add("bad", "COPY app.txt /\nRUN echo last; exit 7\n")
        records = []
        for words in (("--attached",), ()):
            outcome = self.run_study(study, "--seed", "7", *words, code=1)
            records.append([self.plain(trial, outcome.campaign) for trial in sorted(outcome.trials, key=lambda t: t["id"])])
        self.maxDiff = None
        self.assertEqual(len(records[0]), len(records[1]))
        for attached, durable in zip(*records):
            self.assertEqual(attached, durable)

    def plain(self, value, campaign):
        """A record without what differs from run to run: times, ids and names made from the campaign's, telemetry."""
        if isinstance(value, dict):
            # BuildKit begins the context and the base image together: which is first, and whether it was there, is chance.
            if "steps" in value:
                value = {**value, "steps": sorted(value["steps"], key=lambda step: (step["number"], step["instruction"]))}
            if "cached" in value and (value["number"] == 0 or value["instruction"].startswith("FROM ")):
                value = {**value, "cached": None, "start_us": None, "duration_us": None}
            return {key: "" if key.endswith("_us") and item is not None else self.plain(item, campaign)
                    for key, item in value.items() if key not in ("telemetry", "flags", "flag_evidence", "tail", "facts")}
        if isinstance(value, list):
            return [self.plain(item, campaign) for item in value]
        if isinstance(value, str):
            value = value.replace(campaign, "CAMPAIGN")
            return re.sub(r"(sha256:)?[0-9a-f]{12,64}", "ID", value)
        return value

    def test_detached(self):
        """The program is quit right after the start of six trials, and opened again when all is over."""
        study = self.study(repetitions=1, conditions=["cold"], builders=["classic"])
        for i in range(5):
            study.add(f"s{i}", f"RUN sleep 1; echo number {i}\n")
        study.add("s5", "RUN echo before; exit 9\n")
        outcome = self.start(study, "--detach").end()
        self.assertEqual((outcome.code, outcome.lines[-1]["event"]), (0, "detached"), outcome.stderr)
        self.wait_for_courier_end()
        ended = time.time() * 1e6
        time.sleep(3)
        done = self.attach().end()
        self.assertEqual(done.code, 0, done.stderr)
        self.assertEqual([line["event"] for line in done.lines], ["recovered"])
        campaign = done.lines[0]["campaign"]
        trials = {trial["cell"]["strategy"]: self.bakeoff.json("show", trial["id"])
                  for trial in self.bakeoff.json("list", campaign)}
        self.assertEqual({name: trial["outcome"] for name, trial in trials.items()},
                         {**{f"s{i}": "succeeded" for i in range(5)}, "s5": "failed"})
        for name, trial in trials.items():
            self.assertLess(trial["started_us"], ended, "the device's times")
        self.assertGreater(trials["s0"]["build_us"], 1_000_000)
        self.assertIn("number 3", self.log(trials["s3"]))
        self.assert_journal(campaign)
        self.assertIsNone(self.courier())
        self.assert_untouched()
        again = self.attach().end()
        self.assertEqual(again.code, 1)
        self.assertIn("no campaign runs", again.stderr)

    def test_reached_by_another_name(self):
        """What was begun under one URL is found, recorded and closed under another."""
        study = self.study(conditions=["cold"]).add("good", "RUN sleep 1; echo fine\n")
        outcome = self.start(study, "--detach").end()
        self.assertEqual(outcome.code, 0, outcome.stderr)
        self.wait_for_courier_end()
        self.device = self.lab.ssh_device.replace("/var/run/docker.sock", "")
        self.assertNotEqual(self.device, self.lab.ssh_device)
        done = self.attach().end()
        self.assertEqual([line["event"] for line in done.lines], ["recovered"], done.stderr)
        self.assert_outcome(self.bakeoff.json("list", outcome.campaign)[0], "succeeded")
        self.assertEqual(self.state_of(outcome.campaign), "finished")
        self.assertIsNone(self.courier())
        self.assert_untouched()

    def test_stop_one_that_is_down(self):
        """A courier that somebody killed is told to stop, and does not play on; another campaign's name stops nothing."""
        study = self.study(conditions=["cold"])
        study.add("a", f"RUN test -e /never || sleep {SLEEP}\n").add("b", f"RUN test -e /never || sleep {SLEEP}\n")
        outcome = self.start(study, "--detach").end()
        self.assertEqual(outcome.code, 0, outcome.stderr)
        wait_for_build()
        wrong = self.bakeoff.run("stop", "--device", self.device, "20260101-000000-none")
        self.assertEqual(wrong.returncode, 1, wrong.stderr)
        self.assertIn(outcome.campaign, wrong.stderr)
        self.assertTrue(builds_asleep())
        self.lab.docker("kill", COURIER)
        self.assert_gone()
        stopped = self.attach(command="stop").end()
        self.assertEqual(stopped.code, 0, stopped.stderr)
        self.assertEqual(sorted(stopped.outcomes().values()), ["cancelled", "interrupted"], stopped.stderr)
        self.assertEqual(stopped.state, "stopped")
        self.assert_untouched()

    def test_program_killed(self):
        """SIGKILL of the program in mid-build: the build goes on, and is followed again."""
        for builder in BOTH:
            with self.subTest(builder=builder):
                running = self.start(self.ticking_study(12, builder))
                campaign = running.wait_for("begun")["campaign"]
                time.sleep(2)
                running.kill()
                time.sleep(3)
                self.assertTrue(self.courier().startswith("running"))
                outcome = self.attach().end()
                self.assertEqual(outcome.code, 0, outcome.stderr)
                trial = outcome.trial("ticks", builder)
                self.assert_outcome(trial, "succeeded")
                self.assert_ticks(trial, 12)
                self.assert_journal(campaign)
                self.assert_untouched()

    def test_interrupt_leaves_it(self):
        """Ctrl+C leaves the campaign; stop ends it."""
        study = self.slow_study()
        running = self.start(study)
        wait_for_build()
        interrupt(running.process)
        outcome = running.end()
        self.assertEqual((outcome.code, outcome.lines[-1]["event"]), (130, "detached"), outcome.stderr)
        self.assertTrue(builds_asleep())
        stopped = self.attach(command="stop").end()
        self.assertEqual(stopped.code, 0, stopped.stderr)
        self.assert_gone()
        self.assert_outcome(stopped.trial("slow"), "succeeded")
        self.assert_outcome(stopped.trial("slow", condition="edited"), "cancelled")
        self.assertEqual(stopped.state, "stopped")
        self.assert_journal(outcome.campaign)
        self.assert_untouched()

    def test_interrupt_twice(self):
        running = self.start(self.slow_study())
        wait_for_build()
        interrupt(running.process)
        time.sleep(1)
        interrupt(running.process)
        outcome = running.end()
        self.assertEqual(outcome.code, 130, outcome.stderr)
        self.assert_gone()
        self.assert_outcome(outcome.trial("slow", condition="edited"), "cancelled")
        self.assert_untouched()

    def test_stop_after_trial(self):
        study = self.study(conditions=["cold"])
        for name in ("a", "b", "c"):
            study.add(name, "RUN sleep 4\n")
        running = self.start_until_build(study)
        stopped = self.bakeoff.run("stop", "--device", self.device, "--after-trial")
        self.assertEqual(stopped.returncode, 0, stopped.stderr)
        self.assertIn("shows its end", stopped.stdout)
        outcome = running.end()
        self.assertEqual(outcome.code, 4, outcome.stderr)
        outcomes = sorted(trial["outcome"] for trial in outcome.trials)
        self.assertIn("succeeded", outcomes)
        self.assertIn("cancelled", outcomes)
        self.assertNotIn("interrupted", outcomes)
        self.assert_untouched()

    def test_queue(self):
        """What is still to come is moved and removed, with and without a program that follows."""
        study = self.study(conditions=["cold"])
        for name in "abcde":
            study.add(name, "RUN sleep 3\n")
        running = self.start(study, "--seed", "3")
        campaign = running.wait_for("begun")["campaign"]
        wait_until(lambda: len(self.bakeoff.json("queue", "--device", self.device)["chains"]) == 4, "the first chain")
        queue = self.bakeoff.json("queue", "--device", self.device)["chains"]
        last, removed = queue[3], queue[0]
        changed = self.bakeoff.json("queue", "--device", self.device, "--first", last["chain"], "--remove",
                                    removed["title"].split(" ")[0])
        self.assertEqual([chain["chain"] for chain in changed["chains"]],
                         [last["chain"], queue[1]["chain"], queue[2]["chain"]])
        running.kill()
        self.assertEqual(self.bakeoff.json("queue", "--device", self.device)["campaign"], campaign)
        outcome = self.attach().end()
        self.assertEqual(outcome.code, 1, outcome.stderr)
        by_chain = {trial["chain"]: trial for trial in outcome.trials}
        self.assert_outcome(by_chain[removed["chain"]], "cancelled")
        played = sorted((trial["started_us"], trial["chain"]) for trial in outcome.trials if trial["outcome"] == "succeeded")
        self.assertEqual([chain for _, chain in played][1:], [last["chain"], queue[1]["chain"], queue[2]["chain"]])
        self.assert_untouched()

    def test_second_computer(self):
        """It is told that the device is taken and by whom, can follow, and closes nothing that is not its own."""
        study = self.ticking_study(15)
        running = self.start(study)
        campaign = running.wait_for("begun")["campaign"]
        other = self.other_computer()
        refused = other.run("run", study.folder, "--device", self.device)
        self.assertEqual(refused.returncode, 4, refused.stderr)
        self.assertIn(campaign, refused.stderr)
        self.assertIn("attach", refused.stderr)
        follower = self.attach(bakeoff=other)
        outcome = running.end()
        followed = follower.end()
        self.assertEqual((outcome.code, followed.code), (0, 0), (outcome.stderr, followed.stderr))
        self.assertEqual(followed.campaign, campaign)
        mine, theirs = outcome.trial("ticks"), followed.trial("ticks")
        self.assertEqual(mine, theirs)
        self.assert_untouched()

    def test_secret(self):
        """A secret's value is in no file on the device's volume, and in no journal or log here."""
        value = f"s3cret-{os.getpid()}-{random.randrange(10**12)}"
        study = self.study(conditions=["cold"], run={"secrets": ["BAKE_SECRET"]},
                           probes=[{"kind": "workload", "command": ["sh", "-c", "echo it is $BAKE_SECRET; test -n \"$BAKE_SECRET\""]}])
        study.add("good", "RUN true\n")
        self.bakeoff.environment["BAKE_SECRET"] = value
        running = self.start(study, "--detach")
        self.assertEqual(running.end().code, 0)
        self.wait_for_courier_end()
        for path in self.volume_file("**/*"):
            if os.path.isfile(path):
                with open(path, "rb") as file:
                    self.assertNotIn(value.encode(), file.read(), path)
        outcome = self.attach().end()
        self.assertEqual(outcome.code, 0, outcome.stderr)
        for path in glob.glob(f"{self.home}/data/**/*", recursive=True):
            if os.path.isfile(path):
                with open(path, "rb") as file:
                    self.assertNotIn(value.encode(), file.read(), path)
        trial = self.bakeoff.json("list", outcome.lines[0]["campaign"])[0]
        probe = self.bakeoff.json("show", trial["id"])["probes"][0]
        self.assertEqual(probe["runs"][0]["exit_code"], 0, probe)
        self.assertIn("[secret BAKE_SECRET]", probe["tail"])
        self.assert_untouched()

    def test_no_courier_for_the_device(self):
        """Where none can run there, it is played from here, and said so."""
        self.bakeoff.environment["BAKEOFF_COURIER_DEVICE"] = "/nonexistent/courier"
        study = self.study(conditions=["cold"])
        outcome = self.run_study(study.add("good", "RUN true\n"))
        self.assertIn("from this computer instead", outcome.stderr)
        self.assert_outcome(outcome.trial("good"), "succeeded")
        self.assertEqual(self.volume_file("*"), [])
        self.assert_untouched()


class TestTheLink(DurableTest):
    bystander = "neighbour"

    def test_cut(self):
        """No link for 60 s in mid-build."""
        running = self.start(self.ticking_study(90))
        campaign = running.wait_for("begun")["campaign"]
        time.sleep(3)
        self.lab.verb("link", "down")
        time.sleep(60)
        self.assertIsNone(running.process.poll())
        self.lab.verb("link", "up")
        outcome = running.end(240)
        self.assertEqual(outcome.code, 0, outcome.stderr)
        self.assert_outcome(outcome.trial("ticks"), "succeeded")
        self.assert_ticks(outcome.trial("ticks"), 90)
        self.assert_journal(campaign)
        self.assert_untouched()

    def test_ssh_killed_again_and_again(self):
        """Twenty times, at random moments."""
        running = self.start(self.ticking_study(110))
        campaign = running.wait_for("begun")["campaign"]
        killed = kill_ssh_at_random(running.process.pid, 20)
        outcome = running.end(240)
        print(f"    ssh was killed {killed} times", flush=True)
        self.assertEqual((outcome.code, killed), (0, 20), outcome.stderr)
        self.assert_ticks(outcome.trial("ticks"), 110)
        self.assert_journal(campaign)
        self.assert_untouched()

    def test_killed_while_handing_over(self):
        """ssh is killed, and then the program, while 200 MB are sent on a slow link; attach goes on with it."""
        study = self.ticking_study(1)
        study.write("big", os.urandom(40_000_000))
        for i in range(40):
            study.write(f"part{i}", os.urandom(1_000_000))
        self.lab.verb("link", "slow", "60mbit")
        self.addCleanup(self.lab.verb, "link", "clear")
        running = self.start(study)
        wait_until(lambda: self.volume_file("incoming/*"), "something to arrive")
        time.sleep(2)
        os.kill(running.child("ssh"), signal.SIGKILL)
        time.sleep(4)
        running.kill()
        self.lab.verb("link", "clear")
        outcome = self.attach().end(240)
        self.assertEqual(outcome.code, 0, outcome.stderr)
        self.assert_outcome(outcome.trial("ticks"), "succeeded")
        self.assertEqual(self.volume_file("incoming/*"), [])
        self.assert_untouched()

    def test_lossy(self):
        self.lab.verb("link", "lossy", "10")
        self.addCleanup(self.lab.verb, "link", "clear")
        running = self.start(self.ticking_study(10))
        campaign = running.wait_for("begun", 240)["campaign"]
        outcome = running.end(300)
        self.assertEqual(outcome.code, 0, outcome.stderr)
        self.assert_ticks(outcome.trial("ticks"), 10)
        self.assert_journal(campaign)
        self.lab.verb("link", "clear")
        self.assert_untouched()


class TestTheEngine(DurableTest):
    """On an engine of no bystander: a container that is stopped with the engine looks different afterwards."""

    def test_restarted(self):
        """In mid-build: what was cut is interrupted, and the next chain is played when the engine is back."""
        for builder in BOTH:
            with self.subTest(builder=builder):
                study = self.study(builders=[builder], conditions=["cold"])
                study.add("long", f"RUN test -e /never || sleep {SLEEP}\n").add("short", "RUN echo short\n")
                running = self.start(study, "--seed", "1")
                campaign = running.wait_for("begun")["campaign"]
                wait_for_build()
                self.lab.verb("stop-engine")
                kill_builds()
                self.lab.verb("start-engine")
                outcome = running.end(240)
                self.assertEqual(outcome.code, 1, outcome.stderr)
                self.assert_outcome(outcome.trial("long", builder), "interrupted")
                self.assert_outcome(outcome.trial("short", builder), "succeeded")
                self.assertEqual(outcome.state, "finished")
                self.assert_journal(campaign)
                self.assert_gone()
                self.assert_nothing_but_cache(builder)

    def test_courier_killed(self):
        """docker kill of the courier: it is started again and goes on."""
        study = self.study(conditions=["cold"])
        study.add("a", "RUN sleep 5\n").add("b", "RUN sleep 5\n")
        running = self.start_until_build(study)
        campaign = running.wait_for("begun")["campaign"]
        self.lab.docker("kill", COURIER)
        outcome = running.end(240)
        self.assertIn("started again", outcome.stderr)
        self.assertEqual(sorted(outcome.outcomes().values()), ["interrupted", "succeeded"], outcome.stderr)
        self.assert_journal(campaign)
        self.assert_untouched()


class TestTheDisk(DurableTest):
    """A device with a small disk, on a lab of its own."""

    @classmethod
    def setUpClass(cls):
        if os.geteuid() != 0:
            raise unittest.SkipTest("the lab needs root")
        cls.disk = tempfile.mkdtemp(prefix="bakeoff-small-disk.")
        os.chmod(cls.disk, 0o755)
        cls.addClassCleanup(os.rmdir, cls.disk)
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=300m", "bakeoff-small-disk", cls.disk], check=True)
        cls.addClassCleanup(subprocess.run, ["umount", "--lazy", cls.disk], check=True)
        os.mkdir(f"{cls.disk}/lab", mode=0o755)
        cls.lab = Lab(f"{cls.disk}/lab")
        cls.lab.start()
        cls.addClassCleanup(cls.lab.stop)

    def fill(self):
        """Not a byte is left."""
        path = os.path.join(self.disk, "filler")
        with contextlib.suppress(OSError), open(path, "wb") as file:
            while True:
                file.write(bytes(1 << 16))
        self.addCleanup(lambda: os.path.exists(path) and os.unlink(path))
        return path

    def test_full_while_sending(self):
        study = self.study(conditions=["cold"])
        study.write("big", os.urandom(400_000_000)).add("good", "COPY big /\n")
        outcome = self.run_study(study, code=4)
        self.assertIn("no space left on device", outcome.stderr.lower())
        self.assertEqual(outcome.lines, [])
        self.assertIsNone(self.courier())
        self.assert_untouched()
        small = self.study(conditions=["cold"]).add("good", "RUN true\n")
        self.run_study(small)
        self.assertEqual(self.volume_file("incoming/*"), [])

    def test_full_while_building(self):
        """The record says so, what had finished is kept, and the device is clean when there is room again."""
        for builder in BOTH:
            with self.subTest(builder=builder):
                study = self.study(builders=[builder], conditions=["cold"])
                study.add("quick", "RUN true\n")
                study.add("endless", f"RUN while true; do echo $(seq 100); done & sleep {SLEEP}\n")
                running = self.start(study, "--seed", "2")
                campaign = running.wait_for("begun")["campaign"]
                wait_for_build()
                filler = self.fill()
                self.wait_for_courier_end()
                running.process.wait(60)
                os.unlink(filler)
                running.end()
                kill_builds()
                outcome = self.attach().end()
                kept = {trial["cell"]["strategy"]: trial for trial in self.bakeoff.json("list", campaign)}
                self.assert_outcome(kept["endless"], "interrupted")
                self.assertRegex(kept["endless"]["reason"], "(?i)disk|space")
                self.assertIn(kept["quick"]["outcome"], ("succeeded", "interrupted"))
                self.assertEqual(self.state_of(campaign), "interrupted", outcome.stderr)
                self.assert_journal(campaign)
                self.run_study(study, "--only", "quick")
                self.assert_gone()
                self.assert_nothing_but_cache(builder)


if __name__ == "__main__":
    unittest.main()
