# SPDX-License-Identifier: GPL-3.0-or-later
"""The courier on a real engine: builds with both builders, sweeping, stopping, an engine that is shut down."""

import json
import os
import subprocess
import tempfile
import threading
import time
import unittest
import urllib.parse

from courier_bench import Campaign, Script
from lab import DOCKER, TINY, Lab, tar_of

DF = "/v1.41/system/df"
PRUNE = "/v1.41/build/prune?all=1"


class TestCourierEngine(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.lab = Lab.shared()

    def setUp(self):
        self.campaign = Campaign()
        self.addCleanup(self.campaign.close)
        self.addCleanup(self.lab.remove_everything_named, "bakeoff-ct-")
        self.script = Script()
        self.watch = self.script.watch("/v1.41/events")

    def add_build(self, builder, tag, files, *lines, **query):
        arguments = json.dumps({"BUILDKIT_CACHE_MOUNT_NS": "bakeoff-test"})
        query = dict(query, version=builder, t=tag, networkmode="host", rm=1, forcerm=1)
        if builder == 2:
            query["buildargs"] = arguments
        return self.script.request("POST", "/v1.41/build?" + urllib.parse.urlencode(query),
                                   "header Content-Type: application/x-tar", *lines, literal=tar_of(files))

    def play(self, timeout=120):
        self.campaign.write(self.script)
        return self.campaign.play(socket_path=self.lab.socket, timeout=timeout)

    def start(self):
        self.campaign.write(self.script)
        self.campaign.start(socket_path=self.lab.socket)

    def records(self):
        return {r["ID"] for r in self.lab.request("GET", "/system/df")["BuildCache"] or ()}

    def test_builds_and_verdicts(self):
        for builder in (1, 2):
            with self.subTest(builder=builder):
                self.setUp()
                self.script.chain("a")
                good = self.add_build(builder, "bakeoff-ct-good:latest", {"Dockerfile": f"FROM {TINY}\nRUN echo well\n"})
                bad = self.add_build(builder, "bakeoff-ct-bad:latest", {"Dockerfile": f"FROM {TINY}\nRUN exit 42\n"})
                found = [self.script.request("GET", f"/v1.41/images/bakeoff-ct-{name}:latest/json", "expect 200 404")
                         for name in ("good", "bad")]
                missing = self.add_build(builder, "bakeoff-ct-none:latest", {"Dockerfile": "FROM bakeoff-lab/none:9\n"},
                                         "expect 200 404 500")
                self.assertEqual(self.play(), 0)
                self.assertEqual([self.campaign.done(n) for n in found], ["ok 200", "ok 404"])
                # The trace of BuildKit since 23.0 has nothing but the image's id for it.
                self.assertIn(b'"aux":{"ID":"sha256:', self.campaign.data(good))
                self.assertIn(b"errorDetail", self.campaign.data(bad))
                self.assertIsNotNone(self.campaign.done(missing))
                events = self.campaign.data(self.watch)
                self.assertIn(b'"Action":"tag"', events)

    def test_sweep_removes_exactly_what_is_new(self):
        """Cold, warm and edited builds leave records; another's record from before stays."""
        self.lab.build({"Dockerfile": f"FROM {TINY}\nRUN echo bystander > /b\n", "x": "theirs"}, tag="bystander:1", builder=2)
        self.addCleanup(self.lab.remove_everything_named, "bystander")
        before = self.records()
        self.assertTrue(before)
        files = {"Dockerfile": f"FROM {TINY}\nCOPY . /c\nRUN --mount=type=cache,target=/k echo 1 > /k/x\nRUN echo 2 > /2\n"}
        self.script.chain("a")
        listed = self.script.item("sweep-list", f"path {DF}")
        for name, text, query in (("cold", "1", {"nocache": 1}), ("warm", "1", {}), ("edited", "2", {})):
            self.add_build(2, f"bakeoff-ct-{name}:latest", dict(files, app=text), **query)
        sweep = self.script.item("sweep-prune", f"of {listed}", f"path {DF}", f"prune-path {PRUNE}", "always")
        self.assertEqual(self.play(), 0)
        note = self.campaign.of(sweep, "NOTE")[-1].text.split()
        self.assertEqual(note[0], "sweep")
        self.assertGreater(int(note[1]), 8)
        self.assertEqual(note[2:], ["0", "done"])
        self.assertEqual(self.records(), before)

    def check_foreign(self, *words):
        """Somebody else builds while a chain runs: nothing is swept."""
        def theirs():
            self.campaign.wait_for_kind("DATA", build, 30)
            with tempfile.TemporaryDirectory(prefix="bakeoff-courier.") as folder:
                with open(os.path.join(folder, "Dockerfile"), "w", encoding="utf-8") as file:
                    file.write(f"FROM {TINY}\nCOPY . /their\nRUN echo {time.time()} > /theirs\n")
                self.lab.docker("build", "--network", "host", *words, folder, DOCKER_BUILDKIT="1")

        self.script.chain("a")
        listed = self.script.item("sweep-list", f"path {DF}")
        build = self.add_build(2, "bakeoff-ct-ours:latest", {"Dockerfile": f"FROM {TINY}\nRUN sleep 6; date > /d\n"}, nocache=1)
        sweep = self.script.item("sweep-prune", f"of {listed}", f"path {DF}", f"prune-path {PRUNE}", "always")
        before = self.records()
        self.addCleanup(self.lab.request, "POST", "/build/prune", query={"all": 1})
        thread = threading.Thread(target=theirs)
        self.start()
        thread.start()
        self.assertEqual(self.campaign.wait(120), 0)
        thread.join()
        note = self.campaign.of(sweep, "NOTE")[-1].text.split()
        self.assertEqual((note[1], note[3]), ("0", "foreign"), note)
        self.assertLess(before, self.records())
        return note

    def test_somebody_else_builds(self):
        note = self.check_foreign("-t", "their/app:1")
        self.addCleanup(self.lab.remove_everything_named, "their/")
        self.assertEqual(note[4], "their/app:1")

    def test_somebody_else_builds_without_a_tag(self):
        self.check_foreign()

    def test_stop_cancels_the_build(self):
        for builder in (1, 2):
            with self.subTest(builder=builder):
                self.setUp()
                self.script.chain("a")
                build = self.add_build(builder, "bakeoff-ct-slow:latest", {"Dockerfile": f"FROM {TINY}\nRUN sleep 600\n"})
                after = self.script.request("GET", "/v1.41/images/bakeoff-ct-slow:latest/json")
                self.start()
                # Once the step runs: an engine whose client goes while a classic step's container is
                # being started (20.10) kills nothing and lets the step run on.
                self.wait_until(self.slow_processes, 30)
                time.sleep(0.5)
                self.campaign.put("command", "stop-now\n")
                self.assertEqual(self.campaign.wait(), 0)
                self.assertEqual(self.campaign.done(build), "stopped stop-now")
                self.assertEqual(self.campaign.skipped(after), "stopping")
                self.wait_until(lambda: not self.slow_processes(), 20)

    def wait_until(self, condition, timeout):
        deadline = time.monotonic() + timeout
        while not condition():
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.1)

    def slow_processes(self):
        """Processes of this lab's RUN step (pids are told apart by the lab's network namespace)."""
        inside = subprocess.run(["ip", "netns", "pids", self.lab.netns], capture_output=True, text=True, check=True).stdout
        found = []
        for pid in inside.split():
            try:
                with open(f"/proc/{pid}/cmdline", "rb") as file:
                    if b"sleep\0" + b"600" in file.read():
                        found.append(pid)
            except OSError:
                pass
        return found

    def test_engine_is_shut_down(self):
        """The engine reports the build as failed when it goes; settle tells that it went, and the courier goes on."""
        self.script.chain("a")
        build = self.add_build(1, "bakeoff-ct-slow:latest", {"Dockerfile": f"FROM {TINY}\nRUN sleep 600\n"})
        settle = self.script.item("settle", f"of {build}", "limit 20000000", 'needle "code":137', 'needle "code":143',
                                  "needle context canceled")
        after = self.script.request("GET", "/v1.41/images/bakeoff-ct-slow:latest/json")
        clean = self.script.request("DELETE", "/v1.41/images/bakeoff-ct-slow:latest?force=1", "expect 200 404", "always")
        self.script.chain("b")
        second = self.script.request("GET", "/v1.41/info")
        self.start()
        self.campaign.wait_for_kind("DATA", build, 30)
        time.sleep(1)
        self.lab.verb("restart-engine")
        self.assertEqual(self.campaign.wait(150), 0)
        done, settled = self.campaign.done(build), self.campaign.done(settle) or self.campaign.skipped(settle)
        self.assertTrue(done.startswith("lost ") or settled.startswith("lost "), (done, settled))
        self.assertEqual(self.campaign.skipped(after), "cut")
        self.assertEqual(self.campaign.done(clean), "ok 404")
        self.assertEqual(self.campaign.done(second), "ok 200")
        self.assertEqual([m.text for m in self.campaign.messages() if m.kind == "CHAIN_END"], ["cut engine", "done"])

    def test_probe_container(self):
        """Create, start, wait, logs, inspect, delete, as the script of a probe has them."""
        name = "/v1.41/containers/bakeoff-ct-probe"
        body = json.dumps({"Image": TINY, "Cmd": ["sh", "-c", "echo out; echo err >&2; exit 3"],
                           "HostConfig": {"NetworkMode": "none"}}).encode()
        self.script.chain("a")
        self.script.request("POST", "/v1.41/containers/create?name=bakeoff-ct-probe", "header Content-Type: application/json",
                            literal=body)
        self.script.request("POST", name + "/start")
        wait = self.script.request("POST", name + "/wait?condition=not-running", "limit 60000000")
        logs = self.script.request("GET", name + "/logs?stdout=1&stderr=1")
        inspect = self.script.request("GET", name + "/json")
        delete = self.script.request("DELETE", name + "?force=1", "expect 204 404", "always")
        self.assertEqual(self.play(), 0)
        self.assertEqual(json.loads(self.campaign.data(wait))["StatusCode"], 3)
        self.assertEqual(self.campaign.done(logs), "ok 200")
        self.assertIn(b"\0\0\0\4out\n", self.campaign.data(logs))
        self.assertEqual(json.loads(self.campaign.data(inspect))["State"]["ExitCode"], 3)
        self.assertEqual(self.campaign.done(delete), "ok 204")


if __name__ == "__main__":
    unittest.main()
