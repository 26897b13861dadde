# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab and bakeoff-cli for the end-to-end tests.

    from lab import Bakeoff, Lab

    class TestThing(unittest.TestCase):
        @classmethod
        def setUpClass(cls):
            cls.lab = Lab.shared()

`tests/e2e/run` starts one lab with images for all test files and names it in
BAKEOFF_LAB_DIR. A test file that is run by itself (`python3 -m unittest
test_thing` in this folder) starts its own and stops it at exit.
"""

import atexit
import contextlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import unittest

HERE = os.path.dirname(os.path.realpath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
LAB = os.path.join(ROOT, "tests", "lab", "lab")
sys.path.insert(0, os.path.dirname(LAB))

import engine_http  # noqa: E402, in the lab's folder
from engine_http import EngineError  # noqa: E402, F401, for the tests

TINY, SLIM, DEVEL, READY = (f"bakeoff-lab/{name}:1" for name in ("tiny", "slim", "devel", "ready"))
# Debian's own client where there is one: it knows BuildKit without plug-ins.
DOCKER = "/usr/bin/docker" if os.access("/usr/bin/docker", os.X_OK) else "docker"


def build_dir():
    return os.path.realpath(os.environ.get("BAKEOFF_BUILD") or os.path.join(ROOT, "build"))


class Lab:
    """A running lab. Its values are attributes: lab.socket, lab.device, lab.ssh_device, lab.registry, ... (`lab env`, lower case)."""

    _shared = None

    def __init__(self, folder=None, with_images=False, engine=None):
        self.dir = folder
        self.wanted_engine = engine
        self.with_images = with_images
        self.values = {}

    # Life

    @classmethod
    def shared(cls):
        """The lab of this test run. Skips the test where there can be none."""
        if os.geteuid() != 0:
            raise unittest.SkipTest("the lab needs root")
        if cls._shared is None:
            folder = os.environ.get("BAKEOFF_LAB_DIR")
            if folder:
                cls._shared = cls(folder)
                cls._shared.refresh()
            else:
                cls._shared = cls(with_images=True).start()
                atexit.register(cls._shared.stop)
        return cls._shared

    def start(self):
        if self.dir is None:
            self.dir = tempfile.mkdtemp(prefix="lab.", dir="/tmp")
        command = [LAB, "start", self.dir] + (["--with-images"] if self.with_images else [])
        if self.wanted_engine:
            command += ["--engine", self.wanted_engine]
        subprocess.run(command, check=True)
        self.refresh()
        return self

    def stop(self):
        """Also clears up a lab whose start was interrupted."""
        if self.dir is None:
            return
        subprocess.run([LAB, "stop", self.dir], check=True)
        shutil.rmtree(self.dir)

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.stop()

    def refresh(self):
        """Reads the values again; pids change when a service is restarted."""
        text = subprocess.run([LAB, "env", self.dir], check=True, stdout=subprocess.PIPE, text=True).stdout
        self.values = {}
        for line in text.splitlines():
            key, _, value = line.partition("=")
            self.values[key] = value.strip("'")

    def __getattr__(self, name):
        try:
            return self.__dict__["values"]["BAKEOFF_LAB_" + name.upper()]
        except KeyError:
            raise AttributeError(name) from None

    def verb(self, verb, *words):
        """`lab VERB DIR WORDS`, as lab.verb("restart-engine") or lab.verb("link", "down")."""
        subprocess.run([LAB, verb, self.dir, *words], check=True)
        self.refresh()

    def mend(self):
        """Everything running and the link up and well again, whatever a test did."""
        subprocess.run([LAB, "link", self.dir, "clear"], check=True)
        subprocess.run([LAB, "link", self.dir, "up"], check=True)
        for service in ("index", "registry", "registry-auth", "sshd"):
            subprocess.run([LAB, "start-service", self.dir, service], check=True)
        subprocess.run([LAB, "start-engine", self.dir], check=True)
        self.refresh()

    # The engine

    def environment(self, **more):
        """This process's environment with the lab's values, its engine and its ssh."""
        environment = {k: v for k, v in os.environ.items() if not k.startswith(("DOCKER_", "BAKEOFF_DEVICE"))}
        environment.update(self.values, DOCKER_HOST=self.device, LC_ALL="C.UTF-8",
                           PATH=f"{self.ssh_bin}:{os.environ['PATH']}")
        environment.update(more)
        return environment

    def docker(self, *words, check=True, stdin=None, timeout=300, **environment):
        """The docker command line on the lab's engine; stdout and stderr are text."""
        done = subprocess.run([DOCKER, *words], input=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                              env=self.environment(**environment), timeout=timeout, check=False)
        if check and done.returncode != 0:
            raise AssertionError(f"docker {' '.join(words)}: exit {done.returncode}\n{done.stdout}\n{done.stderr}")
        return done

    def request(self, method, target, **more):
        """One request to the engine; see engine_http.request()."""
        return engine_http.request(self.socket, method, target, **more)

    def build(self, files, tag=None, builder=1, **query):
        """Builds from a dictionary of path -> text or bytes; the engine's messages. Raises AssertionError when it fails."""
        query.update(version=builder, networkmode=query.get("networkmode", "host"))
        if tag:
            query["t"] = tag
        data = self.request("POST", "/build", query=query, body=tar_of(files))
        lines = data.splitlines() if isinstance(data, bytes) else [json.dumps(data).encode()]
        messages = [json.loads(line) for line in lines if line.strip()]
        for message in messages:
            if "errorDetail" in message:
                raise AssertionError(f"build failed: {message['errorDetail']}")
        return messages

    @contextlib.contextmanager
    def events(self, **filters):
        """Records the engine's events while the block runs: `with lab.events() as events: ...`."""
        recorder = Events(self.socket, filters)
        try:
            yield recorder
        finally:
            recorder.close()

    def snapshot(self):
        return Snapshot(self)

    def remove_everything_named(self, prefix):
        """Clean-up for a test: containers, images and volumes whose name begins with prefix."""
        for item in self.request("GET", "/containers/json", query={"all": 1}):
            if any(name.lstrip("/").startswith(prefix) for name in item["Names"]):
                self.request("DELETE", f"/containers/{item['Id']}", query={"force": 1, "v": 1})
        for item in self.request("GET", "/images/json"):
            for tag in item["RepoTags"] or ():
                if tag.startswith(prefix):
                    self.request("DELETE", f"/images/{tag}", query={"force": 1})
        for item in self.request("GET", "/volumes")["Volumes"] or ():
            if item["Name"].startswith(prefix):
                self.request("DELETE", f"/volumes/{item['Name']}", query={"force": 1})


def tar_of(files):
    """A tar of path -> text or bytes, the Dockerfile first."""
    import io
    import tarfile
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for name in sorted(files, key=lambda name: (name != "Dockerfile", name)):
            content = files[name].encode() if isinstance(files[name], str) else files[name]
            item = tarfile.TarInfo(name)
            item.size, item.mode = len(content), 0o644
            tar.addfile(item, io.BytesIO(content))
    return data.getvalue()


class Events:
    """Follows /events into a list. An event's `timeNano` is the engine's own clock."""

    def __init__(self, socket, filters):
        self._events = []
        self._changed = threading.Condition()
        query = {"since": f"{time.time():.9f}"}
        if filters:
            query["filters"] = {key: [value] if isinstance(value, str) else list(value) for key, value in filters.items()}
        self._response = engine_http.open_response(socket, "GET", "/events", query=query, timeout=3600)
        self._thread = threading.Thread(target=self._follow, daemon=True)
        self._thread.start()

    def _follow(self):
        try:
            while line := self._response.readline():
                with self._changed:
                    self._events.append(json.loads(line))
                    self._changed.notify_all()
        except (OSError, ValueError, AttributeError):
            pass  # closed, or the engine went away: what came until then is kept

    def close(self):
        with contextlib.suppress(OSError):
            self._response.connection.sock.shutdown(2)
        self._thread.join(10)
        self._response.connection.close()

    def all(self, **wanted):
        """The events so far with these values, as all(Type="container", Action="die")."""
        with self._changed:
            return [event for event in self._events if all(event.get(k) == v for k, v in wanted.items())]

    def wait_for(self, timeout=60, **wanted):
        """The first such event, waiting for it if it has not come yet."""
        deadline = time.monotonic() + timeout
        with self._changed:
            while True:
                for event in self._events:
                    if all(event.get(k) == v for k, v in wanted.items()):
                        return event
                left = deadline - time.monotonic()
                if left <= 0:
                    raise AssertionError(f"no event {wanted} within {timeout} s; there were "
                                         f"{[(e.get('Type'), e.get('Action')) for e in self._events]}")
                self._changed.wait(left)


class Snapshot:
    """What is on an engine: images with tags, containers with states, volumes, build cache records."""

    def __init__(self, lab):
        self.items = {}
        for image in lab.request("GET", "/images/json", query={"all": 1}):
            self.items["image", image["Id"]] = sorted(image["RepoTags"] or ())
        for container in lab.request("GET", "/containers/json", query={"all": 1}):
            self.items["container", container["Id"]] = (container["Names"], container["State"], container["ImageID"])
        for volume in lab.request("GET", "/volumes")["Volumes"] or ():
            self.items["volume", volume["Name"]] = volume["CreatedAt"]
        for record in lab.request("GET", "/system/df").get("BuildCache") or ():
            self.items["build cache record", record["ID"]] = record["Description"]

    def changes(self, after, ignore=()):
        """What is gone, changed or new in `after`, one sentence each. ignore: kinds, as ("build cache record",)."""
        found = []
        for (kind, name), value in self.items.items():
            if kind in ignore:
                continue
            if (kind, name) not in after.items:
                found.append(f"{kind} {name} {value} is gone")
            elif after.items[kind, name] != value:
                found.append(f"{kind} {name} was {value}, is {after.items[kind, name]}")
        for (kind, name), value in after.items.items():
            if kind not in ignore and (kind, name) not in self.items:
                found.append(f"{kind} {name} {value} is new")
        return found


def make_bystander(lab, name="bystander"):
    """Somebody else's things on the engine: images by both builders, a cache mount, containers and a volume."""
    lab.build({"Dockerfile": f"FROM {TINY}\nRUN echo {name} > /own\nRUN echo more >> /own\n"}, tag=f"{name}:classic")
    lab.build({"Dockerfile": f"FROM {TINY}\nRUN --mount=type=cache,target=/keep echo {name} > /keep/own\nRUN echo {name} > /own\n"},
              tag=f"{name}:buildkit", builder=2)
    lab.request("POST", "/volumes/create", body={"Name": f"{name}-volume"})
    for suffix, command in (("sleeping", ["sleep", "86400"]), ("ended", ["true"])):
        made = lab.request("POST", "/containers/create", query={"name": f"{name}-{suffix}"}, body={
            "Image": f"{name}:classic", "Cmd": command,
            "HostConfig": {"NetworkMode": "none", "Binds": [f"{name}-volume:/volume"]}})
        lab.request("POST", f"/containers/{made['Id']}/start")
        if suffix == "ended":
            lab.request("POST", f"/containers/{made['Id']}/wait", query={"condition": "not-running"})
            # Docker 26.1 answers before its list of containers knows.
            while not any(item["Id"] == made["Id"] and item["State"] == "exited"
                          for item in lab.request("GET", "/containers/json", query={"all": 1})):
                time.sleep(0.02)


def ssh_of(pid):
    """The control master that a process has started: its pid, or None."""
    for name in os.listdir("/proc"):
        if name.isdigit():
            with contextlib.suppress(OSError):
                with open(f"/proc/{name}/stat", encoding="ascii", errors="replace") as file:
                    fields = file.read().rpartition(")")[2].split()
                with open(f"/proc/{name}/cmdline", "rb") as file:
                    words = file.read().split(b"\0")
                if fields[1] == str(pid) and fields[0] not in "ZX" and b"-M" in words:
                    return int(name)
    return None


def kill_ssh_at_random(pid, times=20, pause_s=(0.2, 3.0), seed=None, patience_s=60):
    """
    Ends the ssh of the process `pid` with SIGKILL, `times` times, each after a pause chosen at random since
    it was there. Returns how many it ended, which is fewer when the process ends or has no ssh for patience_s.
    """
    chosen = random.Random(seed)
    killed = 0
    while killed < times:
        deadline = time.monotonic() + patience_s
        while (ssh := ssh_of(pid)) is None:
            if time.monotonic() > deadline or not os.path.exists(f"/proc/{pid}"):
                return killed
            time.sleep(0.01)
        time.sleep(chosen.uniform(*pause_s))
        with contextlib.suppress(ProcessLookupError):
            os.kill(ssh, signal.SIGKILL)
            killed += 1
        while ssh_of(pid) == ssh:
            time.sleep(0.01)
    return killed


class Bakeoff:
    """bakeoff-cli as it was built, with a data folder of its own under `home`."""

    def __init__(self, lab, home, **environment):
        self.home = home
        self.program = os.path.join(build_dir(), "src", "cli", "bakeoff-cli")
        self.environment = lab.environment(
            HOME=home, XDG_DATA_HOME=f"{home}/data", XDG_CONFIG_HOME=f"{home}/config", XDG_CACHE_HOME=f"{home}/cache",
            XDG_STATE_HOME=f"{home}/state", XDG_RUNTIME_DIR=f"{home}/run", **environment)
        for folder in ("data", "config", "cache", "state", "run"):
            os.makedirs(f"{home}/{folder}", mode=0o700, exist_ok=True)

    def start(self, *words, **more):
        """A Popen with pipes for stdout and stderr, in a process group of its own."""
        return subprocess.Popen([self.program, *words], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, text=True, env=self.environment, start_new_session=True, **more)

    def run(self, *words, check=False, timeout=600, **more):
        done = subprocess.run([self.program, *words], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True, env=self.environment, timeout=timeout, check=False, **more)
        if check and done.returncode != 0:
            raise AssertionError(f"bakeoff-cli {' '.join(words)}: exit {done.returncode}\n{done.stdout}\n{done.stderr}")
        return done

    def json(self, *words, **more):
        """The parsed output of a successful `bakeoff-cli WORDS --json`."""
        return json.loads(self.run(*words, "--json", check=True, **more).stdout)
