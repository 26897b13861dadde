# SPDX-License-Identifier: GPL-3.0-or-later
"""A courier on a device: begun, handed its campaign over the ssh link, followed, told, killed, and cleared away."""

import contextlib
import json
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import threading
import time
import unittest

from courier_bench import Campaign, Script, parse_segment, read_journal
from lab import TINY, Bakeoff, Lab, build_dir, make_bystander

NAME = "bakeoff-courier"
SOCKET = "/var/run/docker.sock"
MIB = 1 << 20


class Running:
    """A device-check that goes on; its lines so far."""

    def __init__(self, program, words, environment):
        self.process = subprocess.Popen([program, *words], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, text=True, env=environment, start_new_session=True)
        self.lines, self.err = [], []
        self.threads = [threading.Thread(target=self._read, daemon=True),
                        threading.Thread(target=lambda: self.err.extend(self.process.stderr), daemon=True)]
        for thread in self.threads:
            thread.start()

    def _read(self):
        for line in self.process.stdout:
            self.lines.append(line.rstrip("\n"))

    def end(self, timeout=120):
        self.process.wait(timeout)
        self._close()
        return self.process.returncode

    def kill(self):
        if self.process.poll() is None:
            # With its ssh: a computer that loses power says nothing.
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self._close()

    def _close(self):
        for thread in self.threads:
            thread.join(10)
        self.process.stdout.close()
        self.process.stderr.close()

    @property
    def last(self):
        return self.lines[-1] if self.lines else ""


class DeviceTest(unittest.TestCase):
    """Each test begins and ends with no courier, no volume and no image of one, and leaves others' things alone."""

    @classmethod
    def setUpClass(cls):
        cls.lab = Lab.shared()
        make_bystander(cls.lab, "durable-bystander")
        cls.addClassCleanup(cls.lab.remove_everything_named, "durable-bystander")
        cls.program = os.path.join(build_dir(), "tests", "e2e", "device-check")

    def setUp(self):
        self.home = tempfile.mkdtemp(prefix="bakeoff-durable.")
        self.addCleanup(shutil.rmtree, self.home)
        self.bakeoff = Bakeoff(self.lab, self.home)
        self.device = self.lab.ssh_device
        self.before = self.lab.snapshot()
        self.addCleanup(self.clear)

    def clear(self):
        self.lab.mend()
        self.check("remove", "force")
        for prefix in ("bakeoff-courier", "localhost/bakeoff-courier", "bakeoff-keeper", "bakeoff-study-"):
            self.lab.remove_everything_named(prefix)
        self.assertEqual(self.before.changes(self.lab.snapshot()), [])

    def environment(self, **more):
        return {**self.bakeoff.environment, **more}

    def check(self, *words, code=None, timeout=120, **more):
        """Runs device-check to its end; its lines."""
        done = subprocess.run([self.program, self.device, *words], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True, timeout=timeout, check=False, start_new_session=True,
                              env=self.environment(**more))
        if code is not None:
            self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done.stdout.splitlines()

    def start(self, *words, **more):
        running = Running(self.program, [self.device, *words], self.environment(**more))
        self.addCleanup(running.kill)
        return running

    # Campaigns

    def campaign(self, name="c1", chains=("one",), seconds="1", files=(), study="study", command=None, secrets=()):
        """A campaign's folder, prepared: each chain is a container that sleeps. files: contents that its build would need."""
        folder = pathlib.Path(self.home) / name
        folder.mkdir()
        campaign = Campaign(folder)
        campaign.files = pathlib.Path(self.home) / "contents"
        script = Script(name)
        for secret in secrets:
            script.line(f"secret {secret}")
        script.watch()
        for chain in chains:
            container = f"bakeoff-{name}-{chain}"
            config = {"Image": TINY, "Cmd": command or ["sleep", seconds], "Labels": {"io.github.bakeoff.campaign": name},
                      "HostConfig": {"NetworkMode": "none", "LogConfig": {"Type": "json-file"}}}
            if secrets:
                config["Env"] = [f"{secret}=${{bakeoff-secret:{secret}}}" for secret in secrets]
            script.chain(chain)
            create = script.request("POST", f"/v1.41/containers/create?name={container}",
                                    "header Content-Type: application/json", literal=json.dumps(config).encode())
            script.request("POST", f"/v1.41/containers/{container}/start", f"needs {create}")
            script.request("POST", f"/v1.41/containers/{container}/wait", f"needs {create}")
            script.request("GET", f"/v1.41/containers/{container}/logs?stdout=1", f"needs {create}")
            script.request("DELETE", f"/v1.41/containers/{container}?force=1&v=1", "always", "trial-end")
        if files:
            pieces = [b"head"]
            for content in files:
                pieces.append((campaign.add_file(content), len(content)))
            recipe = campaign.add_recipe(*pieces)
            script.chain("never")
            script.request("POST", "/v1.41/nothing", recipe=recipe)
        campaign.write(script)
        (folder / "campaign.json").write_text(json.dumps({
            "format": 1, "id": name, "study_id": study, "study_file": f"{self.home}/bakeoff.json",
            "device_url": f"unix://{self.home}/docker.sock"}))
        return str(folder)

    def begin(self, name="c1", study="study", *secrets, **more):
        return self.check("begin", name, study, SOCKET, "x86_64", *secrets, code=0, **more)

    def hand_over(self, folder, limit=0, code=0):
        lines = self.check("hand-over", folder, f"{self.home}/contents", str(limit), code=code)
        return next(int(line.split()[1]) for line in lines if line.startswith("sent "))

    def follow(self, folder, timeout=120, expected="ended"):
        tail = self.start("tail", folder)
        tail.end(timeout)
        self.assertTrue(tail.last.startswith(expected), tail.lines + tail.err)

    def whole(self, name="c1", **more):
        """A campaign from begin to end."""
        folder = self.campaign(name, **more)
        self.begin(name, more.get("study", "study"))
        sent = self.hand_over(folder)
        self.follow(folder)
        return folder, sent

    # What is on the device

    def volume_file(self, path, volume="bakeoff-study-study"):
        """A file in the volume, as the engine's machine sees it."""
        where = self.lab.request("GET", f"/volumes/{volume}")["Mountpoint"]
        return pathlib.Path(where) / path

    def files_with(self, text):
        """The files of the volume in which it stands."""
        return [str(path) for path in self.volume_file("").rglob("*") if path.is_file() and text.encode() in path.read_bytes()]

    def assert_equal_journals(self, folder, name="c1"):
        """Byte by byte; torn messages of killed couriers are on the device alone. Numbers and sums are checked on the way."""
        theirs, expected = b"", 1
        for path in sorted(self.volume_file(f"campaigns/{name}/journal").glob("*.bj")):
            data = path.read_bytes()
            messages, torn = parse_segment(data, expected)
            expected += len(messages)
            theirs += data[:len(data) - torn]
        ours = b"".join(path.read_bytes() for path in sorted(pathlib.Path(folder, "journal").glob("*.bj")))
        self.assertGreater(len(ours), 0)
        self.assertEqual(ours, theirs)
        return read_journal(folder)

    def inspect(self, name=NAME):
        return self.lab.request("GET", f"/containers/{name}/json")

    def courier(self):
        line = self.check("find", code=0)[-1]
        return line.split()[1] if line != "none" else None

    def wait_until(self, condition, what, timeout=60):
        deadline = time.monotonic() + timeout
        while not condition():
            self.assertLess(time.monotonic(), deadline, what)
            time.sleep(0.1)

    def wait_for_container(self, name, timeout=60):
        def is_running():
            found = self.lab.request("GET", "/containers/json", query={"filters": {"name": [name]}})
            return any(item["State"] == "running" for item in found)
        self.wait_until(is_running, f"{name} runs", timeout)


class Whole(DeviceTest):
    def test_from_begin_to_end(self):
        folder = self.campaign(chains=("one", "two"), files=[os.urandom(3 * MIB), b"small", b"x"])
        self.assertEqual(self.check("find", code=0), ["none"])
        words = self.begin()[-1].split()
        self.assertEqual(words[:5], ["courier", "running", "c1", "study", "bakeoff-study-study"])
        self.assertIn("@", words[6])
        self.assertLess(abs(int(words[7]) / 1e6 - time.time()), 60)
        # Beginning again after a lost answer is no error.
        self.assertEqual(self.begin()[-1].split()[:3], ["courier", "running", "c1"])

        tail = self.start("tail", folder)
        lines = self.check("hand-over", folder, f"{self.home}/contents", "0", code=0)
        progress = [tuple(map(int, line.split()[1:])) for line in lines if line.startswith("progress ")]
        self.assertEqual(progress[-1], (3 * MIB + 6, 3 * MIB + 6))
        self.assertEqual(progress, sorted(progress))
        sent = int(lines[-1].split()[1])
        self.assertGreater(sent, 3 * MIB)
        self.assertLess(sent, 3 * MIB + 20000)
        # Handing over again when only the answer was lost: nothing is sent.
        self.assertEqual(self.hand_over(folder), 0)
        # One that is played cannot be forgotten.
        self.assertTrue(self.check("forget", "bakeoff-study-study", "c1", code=1)[-1].startswith("error command "))

        self.assertEqual(tail.end(), 0, tail.lines)
        self.assertEqual(tail.last, "ended")
        self.assertIn("received", tail.lines)
        messages = self.assert_equal_journals(folder)
        self.assertEqual(messages[-1].text, "finished")
        self.assertIn("place device", messages[0].text)
        self.assertIn("TELEMETRY", {message.kind for message in messages})
        self.assertEqual([m.text for m in messages if m.kind == "CHAIN"], ["one", "two", "never"])
        # The recipe's build had a body of the right length: 404 is the engine's word about the path.
        self.assertEqual([m.text for m in messages if m.kind == "DONE"][-2], "status 404")
        self.assertEqual(self.courier(), "ended")

        volume, study, files, size, campaigns, *ids = self.check("list", code=0)[-1].split()[1:]
        self.assertEqual((volume, study, int(files), int(size), ids), ("bakeoff-study-study", "study", 3, 3 * MIB + 6, ["c1"]))
        self.assertGreater(int(campaigns), 0)
        self.assertTrue(self.check("remove-volume", volume, code=1)[-1].startswith("error conflict "))

        self.check("remove", code=0)
        self.assertIsNone(self.courier())
        # Nothing but a keeper does these now, and none stays.
        self.assertEqual(self.check("list", code=0)[-1].split()[6:], ["c1"])
        self.check("forget", volume, "c1", code=0)
        self.check("forget", volume, "c1", code=0)
        freed = int(self.check("trim", volume, "10", code=0)[-1].split()[1])
        self.assertIn(freed, range(3 * MIB, 3 * MIB + 7))
        found = self.check("list", code=0)[-1].split()[1:]
        self.assertEqual((found[:2], int(found[3]), found[4:]), ([volume, "study"], 3 * MIB + 6 - freed, ["0"]))
        self.check("remove-images", "others", code=0)
        images = self.lab.request("GET", "/images/json", query={"filters": {"label": ["io.github.bakeoff.courier.image"]}})
        self.assertEqual(len(images), 1)
        self.check("remove-volume", volume, code=0)
        self.check("remove-images", "all", code=0)
        self.assertEqual(self.before.changes(self.lab.snapshot()), [])

    def test_container(self):
        """What it may and may not do, as the engine sees it."""
        self.begin()
        found = self.inspect()
        host = found["HostConfig"]
        self.assertEqual(host["NetworkMode"], "none")
        self.assertEqual(host["RestartPolicy"]["Name"], "on-failure")
        self.assertTrue(host["ReadonlyRootfs"])
        self.assertFalse(host["Privileged"])
        if self.lab.engine != "podman":  # which tells of mounts as if they were binds
            self.assertIsNone(host["Binds"])
        mounts = {mount["Destination"]: mount for mount in found["Mounts"]}
        self.assertEqual(set(mounts), {"/bakeoff", "/bakeoff-engine.sock", "/bakeoff-sys"})
        self.assertFalse(mounts["/bakeoff-sys"]["RW"])
        self.assertNotIn("io.github.bakeoff.campaign", found["Config"]["Labels"])

    def test_secrets(self):
        """In the container's environment, and nowhere else."""
        secret = "tr0ub4dor-and-3"
        folder = self.campaign(command=["sh", "-c", "echo told $TOKEN"], secrets=("TOKEN",))
        lines = self.check("begin", "c1", "study", SOCKET, "x86_64", "TOKEN", code=1)
        self.assertTrue(lines[-1].startswith("error incomplete ") and "TOKEN" in lines[-1], lines)
        self.begin("c1", "study", "TOKEN", TOKEN=secret)
        self.assertIn(f"TOKEN={secret}", self.inspect()["Config"]["Env"])
        self.hand_over(folder)
        self.follow(folder)
        messages = self.assert_equal_journals(folder)
        self.assertIn(b"told [secret TOKEN]", b"".join(m.payload for m in messages if m.kind == "DATA"))
        self.assertEqual(self.files_with(secret), [])
        sent = json.loads(self.volume_file("campaigns/c1/campaign.json").read_text())
        self.assertEqual((sent["id"], sent["study_file"], sent["device_url"]), ("c1", None, None))
        self.assertEqual(self.files_with(self.home), [])

    def test_only_what_changed_is_sent_again(self):
        files = [os.urandom(MIB) for _ in range(8)]
        _, first = self.whole("c1", files=files)
        self.check("remove", code=0)
        files[3] = os.urandom(1000)
        folder, second = self.whole("c2", files=files)
        print(f"          8 MiB: {first} bytes sent, then with one file of 1000 bytes changed {second}")
        self.assertGreater(first, 8 * MIB)
        self.assertLess(second, 5000)
        self.assertEqual(self.assert_equal_journals(folder, "c2")[-1].text, "finished")

    def test_limit(self):
        """The longest unused go when the volume would hold too much; what the campaign needs never does."""
        self.whole("c1", files=[os.urandom(2 * MIB), os.urandom(2 * MIB)])
        self.check("remove", code=0)
        folder = self.campaign("c2", files=[os.urandom(3 * MIB)])
        self.begin("c2")
        self.hand_over(folder, limit=5 * MIB)
        self.assertEqual(self.check("list", code=0)[-1].split()[3:5], ["2", str(5 * MIB)])
        self.follow(folder)
        self.check("remove", code=0)
        folder = self.campaign("c3", files=[os.urandom(3 * MIB)])
        self.begin("c3")
        self.hand_over(folder, limit=1)
        self.assertEqual(self.check("list", code=0)[-1].split()[3:5], ["1", str(3 * MIB)])
        self.follow(folder)


class Taken(DeviceTest):
    def test_another_campaign(self):
        self.begin()
        before = self.lab.snapshot()
        line = self.check("begin", "c2", "other", SOCKET, "x86_64", code=1, XDG_DATA_HOME=f"{self.home}/other")[-1]
        self.assertTrue(line.startswith("error taken "), line)
        for word in ("c1", "“study”", "bakeoff-cli attach", "bakeoff-cli stop", time.strftime("%Y-")):
            self.assertIn(word, line)
        # The same campaign of somebody else is taken too: who began it is not its name.
        line = self.check("begin", "c1", "study", SOCKET, "x86_64", code=1, XDG_DATA_HOME=f"{self.home}/other")[-1]
        self.assertTrue(line.startswith("error taken "), line)
        self.assertEqual(before.changes(self.lab.snapshot()), [])

    def test_ended_is_in_the_way(self):
        self.whole()
        line = self.check("begin", "c2", "study", SOCKET, "x86_64", code=1)[-1]
        self.assertTrue(line.startswith("error taken ") and "nobody has fetched" in line, line)

    def test_container_of_somebody_else(self):
        self.lab.request("POST", "/containers/create", query={"name": NAME}, body={"Image": TINY, "Cmd": ["true"]})
        self.addCleanup(self.lab.request, "DELETE", f"/containers/{NAME}")
        before = self.lab.snapshot()
        for words in (["find"], ["begin", "c1", "study", SOCKET, "x86_64"], ["remove", "force"]):
            line = self.check(*words, code=1)[-1]
            self.assertTrue(line.startswith("error taken ") and "did not make" in line, line)
        self.assertEqual(before.changes(self.lab.snapshot()), [])

    def test_volume_of_somebody_else(self):
        self.lab.request("POST", "/volumes/create", body={"Name": "bakeoff-study-study"})
        self.assertTrue(self.check("begin", "c1", "study", SOCKET, "x86_64", code=1)[-1].startswith("error taken "))
        for words in (["trim", "bakeoff-study-study", "0"], ["remove-volume", "bakeoff-study-study"],
                      ["fetch", "bakeoff-study-study", "c1", f"{self.home}/c1"], ["trim", "bakeoff-study-none", "0"]):
            self.assertTrue(self.check(*words, code=1)[-1].startswith("error not-found "), words)
        self.assertEqual(self.check("list", code=0), [])
        self.assertEqual([v["Name"] for v in self.lab.request("GET", "/volumes")["Volumes"] if v["Name"].startswith("bakeoff-")],
                         ["bakeoff-study-study"])


class Unsupported(DeviceTest):
    def test_no_socket_there(self):
        line = self.check("begin", "c1", "study", "/var/run/nothing.sock", "x86_64", code=1)[-1]
        self.assertTrue(line.startswith("error unsupported "), line)
        self.assertIn("/var/run/nothing.sock", line)  # the engine's own words
        self.check("remove-images", "all", code=0)
        self.assertEqual(self.before.changes(self.lab.snapshot()), [])

    def test_no_courier_for_it(self):
        line = self.check("begin", "c1", "study", SOCKET, "riscv64", code=1)[-1]
        self.assertTrue(line.startswith("error unsupported ") and "riscv64" in line, line)
        self.assertEqual(self.before.changes(self.lab.snapshot()), [])


class Cancelled(DeviceTest):
    def test_begin(self):
        """Whenever it is given up, nothing stays but the image."""
        self.begin()
        self.check("remove", "force", code=0)
        self.check("remove-volume", "bakeoff-study-study", code=0)
        before = self.lab.snapshot()
        counts = {"cancelled": 0, "begun": 0}
        for after in [*range(0, 200, 20), *range(200, 1600, 100)]:
            lines = self.check("begin", "c1", "study", SOCKET, "x86_64", CANCEL_AFTER_MS=str(after))
            if lines[-1].startswith("courier "):
                counts["begun"] += 1
                self.check("remove", "force", code=0)
                self.check("remove-volume", "bakeoff-study-study", code=0)
            else:
                counts["cancelled"] += 1
                self.assertTrue(lines[-1].startswith("error cancelled "), lines)
            self.assertEqual(before.changes(self.lab.snapshot()), [], f"cancelled after {after} ms")
        print(f"          {counts}")
        self.assertGreater(counts["cancelled"], 3)

    def test_hand_over(self):
        folder = self.campaign(files=[os.urandom(MIB) for _ in range(100)])
        self.begin()
        lines = self.check("hand-over", folder, f"{self.home}/contents", "0", code=1, CANCEL_AFTER_MS="1000")
        self.assertTrue(lines[-1].startswith("error cancelled "), lines)
        self.hand_over(folder)
        self.follow(folder)


class Told(DeviceTest):
    def test_order_and_stop(self):
        folder = self.campaign(chains=("one", "two", "three", "four"), seconds="2")
        self.begin()
        self.hand_over(folder)
        tail = self.start("tail", folder)
        self.wait_for_container("bakeoff-c1-one")
        self.check("order", "three", "two", code=0)
        self.wait_for_container("bakeoff-c1-two")
        self.check("stop", "after-trial", code=0)
        self.assertEqual(tail.end(), 0, tail.lines)
        messages = self.assert_equal_journals(folder)
        self.assertEqual([m.text for m in messages if m.kind == "CHAIN"], ["one", "three", "two"])
        self.assertEqual(messages[-1].text, "stopped")
        self.assertTrue(self.check("order", "one", code=1)[-1].startswith("error down "))
        self.assertTrue(self.check("stop", "now", code=1)[-1].startswith("error down "))

    def test_stop_now(self):
        folder = self.campaign(seconds="300")
        self.begin()
        self.hand_over(folder)
        self.wait_for_container("bakeoff-c1-one")
        self.check("stop", "now", code=0)
        self.follow(folder)
        self.assertEqual(self.assert_equal_journals(folder)[-1].text, "stopped")

    def test_a_chain_that_is_not_there(self):
        folder = self.campaign(seconds="300")
        self.begin()
        self.hand_over(folder)
        self.assertTrue(self.check("order", "five", code=1)[-1].startswith("error command "))
        self.check("stop", "now", code=0)
        self.follow(folder)


class Lost(DeviceTest):
    def test_upload_is_killed_and_resumed(self):
        total = 24 * 8 * MIB
        folder = self.campaign(files=[os.urandom(8 * MIB) for _ in range(24)])
        self.begin()
        done = lambda running: max([int(line.split()[1]) for line in running.lines if line.startswith("progress ")], default=0)
        first = self.start("hand-over", folder, f"{self.home}/contents", "0")
        self.wait_until(lambda: done(first) > 100 * MIB, "100 MiB are sent")
        first.kill()
        self.assertLess(done(first), total)
        self.wait_until(lambda: self.inspect()["State"]["Running"], "the courier waits")
        second = self.hand_over(folder)
        print(f"          {total} bytes: {done(first)} of them sent when it was killed, then {second}")
        # Whole batches count; with the files of the last one that were whole it is more.
        self.assertLess(second, total - 60 * MIB)
        self.follow(folder)
        self.assertEqual(self.assert_equal_journals(folder)[-1].text, "finished")

    def test_follower_is_killed_again_and_again(self):
        noise = "for i in 1 2 3 4 5; do head -c 300000 /dev/urandom; sleep 0.2; done"
        folder = self.campaign(chains=[f"n{i}" for i in range(8)], command=["sh", "-c", noise])
        self.begin()
        self.hand_over(folder)
        kills = 0
        while self.courier() == "running":
            tail = self.start("tail", folder)
            time.sleep(0.7)
            if tail.process.poll() is None:
                kills += 1
            tail.kill()
        self.follow(folder)
        messages = self.assert_equal_journals(folder)
        print(f"          {kills} followers killed, {len(messages)} messages in order, equal to the device's")
        self.assertGreater(kills, 3)
        self.assertEqual(messages[-1].text, "finished")

    def test_link_is_lost(self):
        folder = self.campaign(seconds="8")
        self.begin()
        self.hand_over(folder)
        tail = self.start("tail", folder)
        self.wait_for_container("bakeoff-c1-one")
        self.lab.verb("stop-service", "sshd")
        # Its connections live on without the listener: end them as a router does that forgets.
        subprocess.run(["ip", "netns", "exec", self.lab.netns, "ss", "-K", "state", "established", "sport", "=", ":2222"],
                       check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for child in self.ssh_children(tail.process.pid):
            os.kill(child, signal.SIGKILL)
        self.assertEqual(tail.end(30), 1)
        self.assertTrue(tail.last.startswith("error "), tail.lines)
        self.assertFalse(tail.last.startswith(("error down", "error gone", "error damaged")), tail.lines)
        self.lab.verb("start-service", "sshd")
        self.follow(folder)
        self.assertEqual(self.assert_equal_journals(folder)[-1].text, "finished")

    @staticmethod
    def ssh_children(pid):
        found = []
        for name in os.listdir("/proc"):
            if name.isdigit():
                with contextlib.suppress(OSError):
                    with open(f"/proc/{name}/stat", encoding="utf-8") as file:
                        parent = file.read().rsplit(")", 1)[1].split()[1]
                    if parent == str(pid):
                        found.append(int(name))
        return found

    def test_courier_is_killed(self):
        folder = self.campaign(chains=("one", "two"), seconds="4")
        self.begin()
        self.hand_over(folder)
        tail = self.start("tail", folder)
        self.wait_for_container("bakeoff-c1-one")
        self.lab.docker("kill", NAME)
        self.assertEqual(tail.end(60), 1)
        self.assertTrue(tail.last.startswith("error down "), tail.lines)
        self.assertEqual(self.courier(), "down")
        # What there was until then is here.
        self.assert_equal_journals(folder)
        self.check("start", code=0)
        self.follow(folder)
        messages = self.assert_equal_journals(folder)
        self.assertEqual([m.text for m in messages if m.kind == "START"], ["begin", "resume"])
        self.assertEqual(messages[-1].text, "finished")
        self.assertEqual(self.courier(), "ended")

    def test_engine_is_restarted(self):
        for verb in ("restart-engine", "kill-engine"):
            with self.subTest(verb=verb):
                name = verb.split("-")[0]
                folder = self.campaign(name, chains=("one", "two"), seconds="5")
                self.begin(name)
                self.hand_over(folder)
                tail = self.start("tail", folder)
                self.wait_for_container(f"bakeoff-{name}-one")
                self.lab.verb(verb)
                if verb == "kill-engine":
                    self.lab.verb("start-engine")
                self.assertEqual(tail.end(120), 0, tail.lines + tail.err)
                messages = self.assert_equal_journals(folder, name)
                self.assertEqual([m.text for m in messages if m.kind == "START"], ["begin", "resume"])
                self.assertEqual(messages[-1].text, "finished")
                self.assertIn("cut resumed", [m.text for m in messages if m.kind == "CHAIN_END"])
                self.assertEqual(self.courier(), "ended")
                self.check("remove", code=0)
                # That it does not run any more was the engine's doing.
                self.lab.docker("start", "durable-bystander-sleeping")

    def test_courier_is_removed(self):
        folder = self.campaign(seconds="60")
        self.begin()
        self.hand_over(folder)
        tail = self.start("tail", folder)
        self.wait_for_container("bakeoff-c1-one")
        self.lab.docker("rm", "-f", NAME)
        self.assertEqual(tail.end(60), 1)
        self.assertTrue(tail.last.startswith("error gone "), tail.lines)
        self.assert_equal_journals(folder)
        # Who removes a courier by hand gets what it would have cleaned up.
        self.lab.docker("rm", "-f", "bakeoff-c1-one")

    def test_device_lost_power(self):
        """The device's journal goes on from an earlier message than the copy has."""
        folder = self.campaign(chains=("one", "two"), seconds="5")
        self.begin()
        self.hand_over(folder)
        tail = self.start("tail", folder)
        self.wait_for_container("bakeoff-c1-one")
        time.sleep(1.5)
        tail.kill()
        self.lab.docker("kill", NAME)
        path = self.volume_file("campaigns/c1/journal/00000001.bj")
        data = path.read_bytes()
        ours = pathlib.Path(folder, "journal", "00000001.bj").read_bytes()
        keep = len(read_journal(folder)) - 3
        at = 0
        for _ in range(keep):
            at += 48 + int.from_bytes(data[at + 36:at + 40], "little")
        self.assertLess(at, len(ours))
        path.write_bytes(data[:at])
        self.check("start", code=0)
        self.wait_until(lambda: self.courier() == "ended", "the courier ends")
        self.follow(folder, expected="error diverged ")
        self.assertEqual(pathlib.Path(folder, "journal.lost-1", "00000001.bj").read_bytes(), ours)
        self.follow(folder)
        messages = self.assert_equal_journals(folder)
        self.assertEqual(messages[-1].text, "finished")
        # Where nobody reads it, the copy is replaced at once.
        copy = pathlib.Path(folder, "journal", "00000001.bj")
        copy.write_bytes(ours)
        pathlib.Path(folder, "journal", "00000002.bj").unlink()
        self.check("fetch", "bakeoff-study-study", "c1", folder, code=0)
        self.assertEqual(self.assert_equal_journals(folder)[-1].text, "finished")
        self.assertEqual(pathlib.Path(folder, "journal.lost-2", "00000001.bj").read_bytes(), ours)

    def test_disk_is_full(self):
        """In the engine's words, and what was half there does not stay."""
        self.lab.request("POST", "/volumes/create", body={
            "Name": "bakeoff-study-study", "Labels": {"io.github.bakeoff.volume": "study"},
            "DriverOpts": {"type": "tmpfs", "device": "tmpfs", "o": "size=30m"}})
        folder = self.campaign(files=[os.urandom(8 * MIB) for _ in range(6)])
        self.begin()
        lines = self.check("hand-over", folder, f"{self.home}/contents", "0", code=1)
        self.assertTrue(lines[-1].startswith("error disk-full "), lines)
        self.assertIn("no space left on device", lines[-1])
        # What arrived whole stays for the next try.
        left = int(self.check("list", code=0)[-1].split()[4])
        self.assertIn(left // MIB, (0, 8, 16, 24))
        self.assertEqual(left % MIB, 0)
        self.check("stop", "now", code=0)
        self.wait_until(lambda: self.courier() == "ended", "the courier gives up")


class Fetched(DeviceTest):
    def test_by_another_computer(self):
        """Without a courier, while one plays, and again when more is there."""
        folder = self.campaign(chains=("one", "two"), command=["sh", "-c", "head -c 3000000 /dev/urandom; sleep 2"])
        other = f"{self.home}/other"
        self.begin()
        self.assertTrue(self.check("fetch", "bakeoff-study-study", "c9", other, code=1)[-1].startswith("error not-found "))
        self.check("fetch", "bakeoff-study-study", "c1", other, code=0)
        self.hand_over(folder)
        for _ in range(3):
            self.check("fetch", "bakeoff-study-study", "c1", other, code=0)
            time.sleep(1)
        self.assertGreater(len(read_journal(other)), 5)
        self.follow(folder)
        self.check("remove", code=0)
        self.check("fetch", "bakeoff-study-study", "c1", other, code=0)
        messages = self.assert_equal_journals(other)
        self.assertEqual(messages[-1].text, "finished")
        self.assertGreater(len(list(pathlib.Path(other, "journal").glob("*.bj"))), 1)
        self.assertEqual(json.loads(pathlib.Path(other, "campaign.json").read_text())["id"], "c1")
        # The one who has it keeps a campaign.json that knows more.
        self.check("fetch", "bakeoff-study-study", "c1", folder, code=0)
        self.assertEqual(json.loads(pathlib.Path(folder, "campaign.json").read_text())["study_file"], f"{self.home}/bakeoff.json")
        self.assertEqual([c["Names"] for c in self.lab.request("GET", "/containers/json", query={"all": 1})
                          if c["Names"][0].startswith("/bakeoff-")], [])

    def test_two_followers(self):
        """On one computer only one writes the copy; another computer has its own."""
        folder = self.campaign(seconds="4")
        other = f"{self.home}/other"
        os.mkdir(other)
        self.begin()
        self.hand_over(folder)
        tails = [self.start("tail", folder), self.start("tail", other)]
        self.wait_until(lambda: all("received" in tail.lines for tail in tails), "both follow")
        self.follow(folder, expected="error busy ")
        for tail in tails:
            self.assertEqual(tail.end(), 0, tail.lines)
        self.assert_equal_journals(folder)
        self.assert_equal_journals(other)

    def test_nobody_hands_over(self):
        """A courier that was stopped while it waited has ended, and has no journal."""
        folder = self.campaign()
        self.begin()
        tail = self.start("tail", folder)
        time.sleep(1)
        self.check("stop", "now", code=0)
        self.assertEqual(tail.end(), 0, tail.lines)
        self.assertEqual(tail.lines, ["received", "ended"])
        self.assertEqual(read_journal(folder), [])
        self.assertEqual(self.courier(), "ended")
        self.assertTrue(self.check("hand-over", folder, f"{self.home}/contents", "0", code=1)[-1].startswith("error down "))


if __name__ == "__main__":
    unittest.main()
