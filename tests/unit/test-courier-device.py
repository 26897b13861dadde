#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The couriers for devices, each processor's own: all that a campaign on a device comes to, against an engine that is made up.

The one of another processor runs under qemu's user mode emulation, called by its name.
"""

import hashlib
import os
import pathlib
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

import tap

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "e2e"))
# The folder of the sources is not written to.
sys.dont_write_bytecode = True

import courier_bench as bench  # noqa: E402

BUILD = pathlib.Path(os.environ["G_TEST_BUILDDIR"]).parent / "src" / "courier" if "G_TEST_BUILDDIR" in os.environ \
    else ROOT / "build" / "src" / "courier"
QEMU = next((path for name in ("qemu-aarch64-static", "qemu-aarch64") if (path := shutil.which(name))), None)
CONTEXT = [b"the first file\n", os.urandom(300_000), b"x" * 70_000]
ID = "20260101-120000-0a1b2c3d"


def sha256(data):
    return hashlib.sha256(data).hexdigest()


class Device:
    """A volume, an engine, and the courier's commands there."""

    def __init__(self, command):
        self.command = command
        self.volume = pathlib.Path(tempfile.mkdtemp(prefix="bakeoff-volume."))
        self.campaign = self.volume / "campaigns" / ID
        # What a container without network and without a system has.
        self.environment = {"PATH": "/nowhere"}
        self.engine = None
        self.processes = []
        self.bodies = []

    def close(self):
        for process in self.processes:
            if process.poll() is None:
                process.kill()
            process.communicate()
        if self.engine:
            self.engine.stop()
        shutil.rmtree(self.volume)

    def run(self, *words, status=0):
        done = subprocess.run([*self.command, *map(str, words)], stdin=subprocess.DEVNULL, capture_output=True, timeout=60,
                              check=False, env=self.environment, cwd="/")
        if done.returncode != status:
            raise AssertionError(f"{words}: {done.returncode} {done.stdout!r} {done.stderr!r}")
        return done.stdout

    def start(self, *words):
        process = subprocess.Popen([*self.command, *map(str, words)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, env=self.environment, cwd="/")
        self.processes.append(process)
        return process

    def play(self, wait=600):
        return self.start("play", self.campaign, "--socket", self.volume / "engine.sock", "--files", self.volume / "files",
                          "--place", "device", "--wait", wait)

    def answer(self, request):
        self.bodies.append(request.body())
        if "/build" in request.path:
            request.begin()
            for text in (b'{"stream":"Step 1/1"}\r\n', bytes(range(256)) * 300, b'{"stream":"done"}\r\n'):
                request.chunk(text)
            request.finish()
        else:
            request.answer(404, b'{"message":"no such image"}')

    def start_engine(self):
        self.engine = bench.FakeEngine(str(self.volume / "engine.sock"), self.answer, events=False)

    def hand_over(self):
        pieces = b"literal 5\nhead \n" + b"".join(b"file %s %d\n" % (sha256(text).encode(), len(text)) for text in CONTEXT)
        recipe = b"bakeoff-recipe 1\nlength %d\n%send\n" % (5 + sum(map(len, CONTEXT)), pieces)
        script = bench.Script(ID)
        script.chain("one")
        self.build = script.request("POST", "/v1.41/build?t=bakeoff-x", recipe=sha256(recipe))
        self.image = script.request("GET", "/v1.41/images/bakeoff-x/json", f"needs {self.build}")
        self.never = script.request("GET", "/v1.41/never", f"needs {self.image}")
        (self.campaign / "recipes").mkdir(parents=True)
        (self.campaign / "recipes" / sha256(recipe)).write_bytes(recipe)
        (self.campaign / "script.new").write_bytes(script.bytes)
        (self.volume / "incoming").mkdir()
        for text in CONTEXT:
            (self.volume / "incoming" / f"{sha256(text)}.{len(text)}").write_bytes(text)


def tell(messages):
    """What two couriers must agree on: DATA in one piece each, since its cuts are the network's."""
    told = []
    for message in messages:
        if message.kind == "DATA" and told and told[-1][:2] == ("DATA", message.request):
            told[-1] = ("DATA", message.request, told[-1][2] + message.payload)
        elif message.payload.startswith(b"engine back "):
            told.append((message.kind, message.request, b"engine back"))
        elif message.kind not in ("TELEMETRY", "SEGMENT"):
            told.append((message.kind, message.request, message.payload))
    return told


def whole_campaign(command):
    """From an empty volume to the end of the journal: what was told, and what the tail printed of it."""
    device = Device(command)
    try:
        player = device.play()
        deadline = time.monotonic() + 20
        while not device.campaign.exists() and time.monotonic() < deadline:
            time.sleep(0.01)
        tail = device.start("tail", device.volume, ID, 1, "--for", 60)
        device.start_engine()
        device.hand_over()
        missing = device.run("missing", device.volume, ID)
        expected = b"".join(b"%s %d\n" % (sha256(text).encode(), len(text)) for text in CONTEXT)
        if missing != expected or device.run("begin", device.volume, ID, status=3) != expected:
            raise AssertionError(f"missing: {missing!r}")
        adopted = device.run("adopt", device.volume)
        if adopted != b"adopted 3 %d\ndropped 0 0\n" % sum(map(len, CONTEXT)):
            raise AssertionError(f"adopt: {adopted!r}")
        if device.run("missing", device.volume, ID) != b"" or device.run("begin", device.volume, ID) != b"begun\n":
            raise AssertionError("it was not begun")
        _, problem = player.communicate(timeout=60)
        if player.returncode != 0 or problem:
            raise AssertionError(f"play: {player.returncode} {problem!r}")
        printed, problem = tail.communicate(timeout=20)
        if tail.returncode != 0 or problem:
            raise AssertionError(f"tail: {tail.returncode} {problem!r}")
        journal = b"".join(path.read_bytes() for path in sorted((device.campaign / "journal").glob("*.bj")))
        if printed != journal:
            raise AssertionError(f"the tail printed {len(printed)} bytes of {len(journal)}")
        messages = bench.read_journal(device.campaign)
        if device.bodies[0] != b"head " + b"".join(CONTEXT):
            raise AssertionError("the body of the build is another one")
        return tell(messages), printed
    finally:
        device.close()


class DeviceTest(unittest.TestCase):
    def check(self, command):
        told, _ = whole_campaign(command)
        expected, _ = whole_campaign([str(BUILD / "bakeoff-courier")])
        self.assertEqual(told, expected)
        self.assertEqual(told[-1], ("END", 0, b"finished"))
        self.assertIn(("DATA", 1, b'{"stream":"Step 1/1"}\r\n' + bytes(range(256)) * 300 + b'{"stream":"done"}\r\n'), told)
        self.assertIn(("DONE", 2, b"status 404"), told)
        version = Device(command)
        self.addCleanup(version.close)
        self.assertRegex(version.run("--version"), rb"^bakeoff-courier \d+\.\d+\.\d+\n$")

    def test_x86_64(self):
        program = BUILD / "bakeoff-courier-x86_64"
        if not program.exists() or os.uname().machine != "x86_64":
            self.skipTest("there is no courier for x86_64, or this machine is none")
        self.check([str(program)])

    def test_aarch64(self):
        program = BUILD / "bakeoff-courier-aarch64"
        native = os.uname().machine == "aarch64"
        if not program.exists() or not (native or QEMU):
            self.skipTest("there is no courier for aarch64, or no qemu-aarch64-static to run it")
        self.check([str(program)] if native else [QEMU, str(program)])


class ReproducibleTest(unittest.TestCase):
    """The same bytes, wherever the sources and the build are: the command of the build is run again elsewhere."""

    def check(self, name):
        program = BUILD / name
        ninja = next((path for word in ("ninja", "ninja-build") if (path := shutil.which(word))), None)
        if not program.exists() or not ninja:
            self.skipTest(f"there is no {name}, or no ninja")
        root = BUILD.parents[1]
        lines = subprocess.run([ninja, "-C", str(root), "-t", "commands", f"src/courier/{name}"], check=True, text=True,
                               capture_output=True).stdout.splitlines()
        words = shlex.split(next(line for line in lines if line.endswith(".c") and f"-o src/courier/{name} " in line))

        folder = pathlib.Path(tempfile.mkdtemp(prefix="elsewhere."))
        self.addCleanup(shutil.rmtree, folder)
        sources, build = folder / "some" / "sources", folder / "a-build"
        shutil.copytree(ROOT / "src" / "courier", sources / "src" / "courier")
        (build / "src" / "courier").mkdir(parents=True)
        shutil.copy(root / "config.h", build)
        moved = []
        for word in words:
            if word.endswith(".c"):
                path = (root / word).resolve()
                moved.append(str(sources / path.relative_to(ROOT)))
            else:
                # The build may be in the folder of the sources.
                moved.append(word.replace(str(root), "\0").replace(str(ROOT), str(sources)).replace("\0", str(build)))
        self.assertFalse([word for word in moved if str(ROOT) in word])
        subprocess.run(moved, cwd=build, check=True, stdin=subprocess.DEVNULL)
        again = (build / "src" / "courier" / name).read_bytes()
        self.assertTrue(again == program.read_bytes(), "it has other bytes when it is built elsewhere")
        self.assertNotIn(str(root).encode(), again)

    def test_x86_64(self):
        self.check("bakeoff-courier-x86_64")

    def test_aarch64(self):
        self.check("bakeoff-courier-aarch64")


if __name__ == "__main__":
    tap.main()
