# SPDX-License-Identifier: GPL-3.0-or-later
"""What tests of whole campaigns share: small studies, a run of bakeoff-cli with
all that it says, and watching that nothing is left on the engine."""

import json
import os
import queue
import re
import shutil
import signal
import tempfile
import threading
import time
import unittest

from lab import TINY, Bakeoff, Lab, make_bystander


class Study:
    """A folder with a study on the small base image.

    Each strategy is a Dockerfile's text, without its FROM. Keys of the study
    itself are given by name.
    """

    def __init__(self, folder, builders=("classic",), defaults=None, **keys):
        self.folder = folder
        self.keys = {
            "format": 1, "id": "small", "name": "Small", "builders": list(builders),
            "bases": [{"id": "tiny", "image": TINY}],
            "defaults": {"network": "none", "keep": "none", "timeout": "3m", **(defaults or {})},
            "strategies": [], **keys}
        os.makedirs(folder)

    def add(self, name, dockerfile, **keys):
        self.write(f"Dockerfile.{name}", f"FROM {TINY}\n{dockerfile}")
        self.keys["strategies"].append({"id": name, "dockerfile": f"Dockerfile.{name}", **keys})
        return self

    def write(self, name, content):
        path = os.path.join(self.folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb" if isinstance(content, bytes) else "w") as file:
            file.write(content)
        return self

    def save(self):
        self.write("bakeoff.json", json.dumps(self.keys, indent=2))
        return self.folder


class Outcome:
    """What `bakeoff-cli run --json` said: exit code, stderr, and the trials by cell."""

    def __init__(self, code, lines, stderr):
        self.code, self.stderr = code, stderr
        self.lines = [json.loads(line) for line in lines]
        self.campaign = next((line["campaign"] for line in self.lines if line["event"] == "begun"), None)
        self.state = next((line["state"] for line in self.lines if line["event"] == "ended"), None)
        # As each build ends, without what comes after it; and whole, at the campaign's end.
        self.told = [line["trial"] for line in self.lines if line["event"] == "trial"]
        self.trials = [line["trial"] for line in self.lines if line["event"] == "record"]

    def trial(self, strategy, builder="classic", condition="cold", repetition=1, kind="counted"):
        found = [trial for trial in self.trials
                 if (trial["cell"]["strategy"], trial["cell"]["builder"], trial["cell"]["condition"], trial["repetition"],
                     trial["kind"]) == (strategy, builder, condition, repetition, kind)]
        if len(found) != 1:
            raise AssertionError(f"{len(found)} trials of {strategy}/{builder}/{condition}; exit {self.code}\n{self.stderr}\n"
                                 f"{[(t['id'], t['cell']['key'], t['outcome'], t['reason']) for t in self.trials]}")
        return found[0]

    def outcomes(self):
        return {trial["cell"]["key"]: trial["outcome"] for trial in self.trials}


class Running:
    """`bakeoff-cli run --json`, or another command that follows a campaign, under way."""

    def __init__(self, bakeoff, *words, command="run"):
        self.process = bakeoff.start(command, *words, "--json")
        self.lines = []
        self.stderr = []
        self._news = queue.Queue()
        self._threads = [threading.Thread(target=self._read, daemon=True),
                         threading.Thread(target=lambda: self.stderr.extend(self.process.stderr), daemon=True)]
        for thread in self._threads:
            thread.start()

    def _read(self):
        for line in self.process.stdout:
            self.lines.append(line)
            self._news.put(json.loads(line))
        self._news.put(None)

    def wait_for(self, event, timeout=120):
        deadline = time.monotonic() + timeout
        while True:
            try:
                news = self._news.get(timeout=max(0.01, deadline - time.monotonic()))
            except queue.Empty:
                raise AssertionError(f"no line with “{event}” in {timeout} s: {self.lines}") from None
            if news is None:
                raise AssertionError(f"the run ended without “{event}”: {self.lines}\n{''.join(self.stderr)}")
            if news["event"] == event:
                return news

    def child(self, name):
        """The id of bakeoff-cli's child of that name."""
        for pid in children(self.process.pid):
            if process_name(pid) == name:
                return pid
        raise AssertionError(f"bakeoff-cli has no child {name}: {[process_name(pid) for pid in children(self.process.pid)]}")

    def end(self, timeout=180):
        code = self.process.wait(timeout)
        for thread in self._threads:
            thread.join(30)
        self.process.stdout.close()
        self.process.stderr.close()
        return Outcome(code, self.lines, "".join(self.stderr))

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        for thread in self._threads:
            thread.join(30)
        self.process.stdout.close()
        self.process.stderr.close()


def children(pid):
    try:
        with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:
            return [int(word) for word in file.read().split()]
    except OSError:
        return []


def process_name(pid):
    try:
        with open(f"/proc/{pid}/comm", encoding="utf-8") as file:
            return file.read().strip()
    except OSError:
        return None


def wait_until(condition, what, timeout=60):
    deadline = time.monotonic() + timeout
    while True:
        found = condition()
        if found:
            return found
        if time.monotonic() > deadline:
            raise AssertionError(f"not in {timeout} s: {what}")
        time.sleep(0.1)


class CampaignTest(unittest.TestCase):
    """A test with a home of its own, on an engine that must look afterwards as it did before."""

    bystander = None

    @classmethod
    def setUpClass(cls):
        cls.lab = Lab.shared()
        if cls.bystander:
            make_bystander(cls.lab, cls.bystander)
            cls.addClassCleanup(cls.lab.remove_everything_named, cls.bystander)

    def setUp(self):
        self.home = tempfile.mkdtemp(prefix="bakeoff-e2e.")
        self.addCleanup(shutil.rmtree, self.home)
        self.bakeoff = Bakeoff(self.lab, self.home)
        self.before = self.lab.snapshot()
        self.device = self.lab.device

    def assert_untouched(self, ignore=()):
        """Nothing of anybody's is gone, changed or new."""
        self.assertEqual(self.before.changes(self.lab.snapshot(), ignore), [])

    def study(self, **keys):
        return Study(os.path.join(self.home, f"study-{len(os.listdir(self.home))}"), **keys)

    def start(self, study, *words):
        running = Running(self.bakeoff, study.save(), "--device", self.device, *words)
        self.addCleanup(running.kill)
        return running

    def run_study(self, study, *words, code=0):
        outcome = self.start(study, *words).end()
        self.assertEqual(outcome.code, code, f"{outcome.stderr}\n{outcome.outcomes()}")
        return outcome

    def log(self, trial, *words):
        return self.bakeoff.run("log", trial["id"], *words, check=True).stdout

    def assert_outcome(self, trial, outcome):
        self.assertEqual(trial["outcome"], outcome, (trial["cell"]["key"], trial["reason"], trial["error"]))

    def wait_for_container(self, events, timeout=120):
        """Until a RUN of ours has begun; the container's id."""
        return events.wait_for(timeout, Type="container", Action="start")["Actor"]["ID"]

    def campaign_folder(self, campaign):
        return os.path.join(self.home, "data", "bakeoff", "campaigns", campaign)


def left_over(changes):
    """Changes of an engine, less what campaigns on a device keep there for the next: the study's volume, the courier's image."""
    return [line for line in changes
            if not re.match(r"volume bakeoff-study-\S+ \S+ is new$", line) and "bakeoff-courier:" not in line]


def step_of(trial, text):
    """The step whose instruction has this text."""
    found = [step for step in trial["steps"] if text in step["instruction"]]
    if not found:
        raise AssertionError(f"no step “{text}” in {[step['instruction'] for step in trial['steps']]}")
    return found[0]


def phase_of(trial, kind):
    return next(phase for phase in trial["phases"] if phase["kind"] == kind)


def interrupt(process):
    process.send_signal(signal.SIGINT)
