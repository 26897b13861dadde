# SPDX-License-Identifier: GPL-3.0-or-later
"""A link that comes back: what ends it, how soon that is known, and what is left. Times are bounds of a promise, not measurements."""

import contextlib
import http.client
import os
import queue
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import urllib.request

from lab import Bakeoff, Lab, build_dir, kill_ssh_at_random, ssh_of

LINE = re.compile(r"(?P<at>[\d.]+) (?P<state>\w+) attempt=(?P<attempt>\d+) next=(?P<next>[-\d.]+) path=(?P<path>\S+)"
                  r"(?: error=(?P<code>[\w-]+): (?P<words>.*) \| (?P<remedy>.*))?$")


class State:
    """One line of link-check: what the link tells of itself."""

    def __init__(self, match):
        self.at, self.next, self.attempt = float(match["at"]), float(match["next"]), int(match["attempt"])
        self.state, self.path, self.code, self.words, self.remedy = match.group("state", "path", "code", "words", "remedy")


class Link:
    """link-check at work; its lines are read as they come."""

    def __init__(self, program, url, environment):
        self.process = subprocess.Popen([program, url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                        env=environment, start_new_session=True)
        self.began = time.monotonic()
        self.states = []
        self._lines = queue.Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self):
        for line in self.process.stdout:
            self._lines.put(line.rstrip("\n"))
        self._lines.put(None)

    def say(self, word):
        self.process.stdin.write(word + "\n")
        self.process.stdin.flush()

    def _next(self, deadline, what):
        try:
            line = self._lines.get(timeout=max(deadline - time.monotonic(), 0.001))
        except queue.Empty:
            line = None
        if line is None:
            raise AssertionError(f"{what} did not come; there were {[vars(s) for s in self.states]}")
        match = LINE.match(line)
        if match:
            self.states.append(State(match))
        return line, self.states[-1] if match else None

    def wait_for(self, state, seconds=60, **values):
        """The next line with this state and these values."""
        deadline = time.monotonic() + seconds
        while True:
            _, found = self._next(deadline, f"{state} {values}")
            if found and found.state == state and all(getattr(found, name) == value for name, value in values.items()):
                return found

    def info(self, seconds=60):
        """The name that the engine gives, or why not, through the link's engine of the moment."""
        self.say("info")
        deadline = time.monotonic() + seconds
        while True:
            line, _ = self._next(deadline, "info")
            if " info " in line:
                return line.partition(" info ")[2]

    def drain(self):
        while not self._lines.empty():
            self._next(time.monotonic() + 1, "a line")

    def end(self):
        if self.process.poll() is None:
            with contextlib.suppress(OSError):
                self.process.stdin.close()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        with contextlib.suppress(OSError):
            self.process.stdin.close()
        self._reader.join(10)
        self.process.stdout.close()
        return self.process.returncode


class Base(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.lab = Lab.shared()
        cls.home = tempfile.TemporaryDirectory(prefix="bakeoff-link.", dir="/tmp")
        cls.addClassCleanup(cls.home.cleanup)
        cls.bakeoff = Bakeoff(cls.lab, cls.home.name)
        cls.program = os.path.join(build_dir(), "tests", "e2e", "link-check")
        cls.runtime = f"{cls.home.name}/run/bakeoff"

    def open(self, url=None, **environment):
        link = Link(self.program, url or self.lab.ssh_device, {**self.bakeoff.environment, **environment})
        self.addCleanup(link.end)
        return link

    def connect(self, url=None, **environment):
        link = self.open(url, **environment)
        link.path = link.wait_for("connected").path
        return link

    def mended(self):
        self.addCleanup(self.lab.mend)

    def close(self, link):
        """Nothing is left of it."""
        ssh = ssh_of(link.process.pid)
        link.say("close")
        link.wait_for("closed", 10)
        self.assertEqual(link.end(), 0)
        if ssh is not None:
            self.wait_until(lambda: not os.path.exists(f"/proc/{ssh}"))
        self.assertEqual(os.listdir(self.runtime), [])

    @staticmethod
    def wait_until(condition, seconds=10):
        deadline = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > deadline:
                raise AssertionError("it does not come about")
            time.sleep(0.02)

    def request(self, path, target, timeout=60):
        """A request to a socket; its answer is still to be read."""
        connection = http.client.HTTPConnection("docker", timeout=timeout)
        connection.sock = socket.socket(socket.AF_UNIX)
        self.addCleanup(connection.close)
        connection.sock.settimeout(timeout)
        connection.sock.connect(path)
        connection.request("GET", target)
        return connection.getresponse()

    def assert_works(self, link):
        self.assertEqual(link.info(), self.lab.request("GET", "/info")["Name"])
        self.assertEqual(self.request(link.path, "/_ping").read(), b"OK")

    def ssh_script(self, *options):
        """A program for BAKEOFF_SSH: the lab's ssh with other options first."""
        path = tempfile.mktemp(dir=self.home.name, prefix="ssh-")
        words = " ".join(f"'{option}'" for option in options)
        with open(path, "w", encoding="utf-8") as file:
            file.write(f"#!/bin/sh\nexec ssh {words} \"$@\"\n")
        os.chmod(path, 0o755)
        return path

    def config(self, name, *lines):
        path = f"{self.home.name}/{name}"
        with open(path, "w", encoding="utf-8") as file:
            file.write("\n".join([*lines, "StrictHostKeyChecking yes", "IdentitiesOnly yes", ""]))
        return path


class TestDeath(Base):
    """How soon a link that is dead is known to be."""

    def test_nobody_tells(self):
        """Packets vanish, the cable is there: only the silence says so."""
        self.mended()
        link = self.connect()
        stream = self.request(link.path, "/events")
        began = time.monotonic()
        self.lab.verb("link", "lossy", "100")
        found = link.wait_for("reconnecting", 60)
        took = time.monotonic() - began
        print(f"        a dead link was known after {took:.1f} s", flush=True)
        self.assertLess(took, 45)
        self.assertEqual((found.attempt, found.code), (0, "timed-out"))
        self.assertTrue(found.remedy)
        # What was under way fails, and does not hang.
        with self.assertRaises((http.client.IncompleteRead, ConnectionError)):
            stream.read()
            raise ConnectionError
        with self.assertRaises(OSError):
            self.request(link.path, "/_ping")
        self.lab.verb("link", "clear")
        link.wait_for("connected", 60)
        self.assert_works(link)
        self.close(link)

    def test_ssh_alone(self):
        """ssh's own keep-alive keeps the promise too, were there no ping."""
        self.mended()
        with tempfile.TemporaryDirectory() as folder:
            control = f"{folder}/control"
            argv = self.master_argv()
            argv[argv.index("-S") + 1] = control
            with subprocess.Popen(argv, env=self.bakeoff.environment, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE,
                                  text=True) as ssh:
                self.addCleanup(lambda: ssh.poll() is None and ssh.kill())
                self.wait_until(lambda: os.path.exists(control))
                began = time.monotonic()
                self.lab.verb("link", "lossy", "100")
                words = ssh.stderr.read()
                ssh.wait()
        self.assertLess(time.monotonic() - began, 45)
        self.assertIn("Timeout, server", words)

    def master_argv(self):
        """The words of the ssh that a link starts."""
        link = self.connect()
        with open(f"/proc/{ssh_of(link.process.pid)}/cmdline", encoding="utf-8") as file:
            words = file.read().split("\0")[:-1]
        link.end()
        return words

    def test_cable(self):
        """The cable is out for 60 s: the link comes back by itself."""
        self.mended()
        link = self.connect()
        began = time.monotonic()
        self.lab.verb("link", "down")
        found = link.wait_for("reconnecting", 60)
        self.assertLess(time.monotonic() - began, 45)
        self.assertRegex(found.code, "timed-out|unreachable")
        time.sleep(max(0, 60 - (time.monotonic() - began)))
        link.drain()
        # The pauses grow, unless the network says that it is another one.
        self.assertGreaterEqual(max(state.attempt for state in link.states), 2)
        self.assertTrue(all(state.next <= 30.1 for state in link.states))
        self.assertNotIn("lost", [state.state for state in link.states])
        self.lab.verb("link", "up")
        link.wait_for("connected", 60)
        self.assertEqual(link.states[-1].path, link.path)
        self.assert_works(link)
        self.close(link)

    def test_short_cut(self):
        """A cut that TCP lives through is none."""
        self.mended()
        link = self.connect()
        self.lab.verb("link", "down")
        time.sleep(4)
        self.lab.verb("link", "up")
        time.sleep(12)
        link.drain()
        self.assertEqual([state.state for state in link.states], ["connected"])
        self.assert_works(link)


class TestTcp(Base):
    """tcp:// has no ssh that would notice anything: the pulse and TCP's own keep-alive do."""

    FRONT = """
import socket, ssl, sys, threading
certs, engine, address = sys.argv[1:]
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(f"{certs}/server.pem", f"{certs}/server-key.pem")
context.load_verify_locations(f"{certs}/ca.pem")
context.verify_mode = ssl.CERT_REQUIRED

def pump(source, target):
    try:
        while data := source.recv(1 << 16):
            target.sendall(data)
    except OSError:
        pass
    for sock in (source, target):
        sock.close()

def serve(raw):
    try:
        front = context.wrap_socket(raw, server_side=True)
        back = socket.socket(socket.AF_UNIX)
        back.connect(engine)
    except OSError:
        return
    threading.Thread(target=pump, args=(front, back), daemon=True).start()
    pump(back, front)

listener = socket.create_server((address, 0))
print(listener.getsockname()[1], flush=True)
while True:
    threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
"""

    def openssl(self, *words):
        subprocess.run(["openssl", *words], check=True, cwd=self.certs, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def test_dead_link(self):
        self.mended()
        self.certs = f"{self.home.name}/certs"
        os.makedirs(self.certs)
        self.openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "ca-key.pem", "-out", "ca.pem", "-days", "2",
                     "-subj", "/CN=ca")
        for name, keys, san in (("server", "server", f"IP:{self.lab.address}"), ("cert", "key", "DNS:client")):
            key = "server-key.pem" if keys == "server" else "key.pem"
            self.openssl("req", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", f"{name}.csr", "-subj", f"/CN={name}")
            with open(f"{self.certs}/san", "w", encoding="utf-8") as file:
                file.write(f"subjectAltName={san}\n")
            self.openssl("x509", "-req", "-in", f"{name}.csr", "-CA", "ca.pem", "-CAkey", "ca-key.pem", "-CAcreateserial",
                         "-out", f"{name}.pem", "-days", "2", "-extfile", "san")
        front = subprocess.Popen(["ip", "netns", "exec", self.lab.netns, sys.executable, "-c", self.FRONT, self.certs,
                                  self.lab.socket, self.lab.address], stdout=subprocess.PIPE, text=True)
        self.addCleanup(front.stdout.close)
        self.addCleanup(front.wait)
        self.addCleanup(front.kill)
        port = front.stdout.readline().strip()
        link = self.connect(f"tcp://{self.lab.address}:{port}", DOCKER_CERT_PATH=self.certs)
        self.assert_works(link)
        stream = self.request(link.path, "/events", timeout=90)
        began = time.monotonic()
        self.lab.verb("link", "lossy", "100")
        found = link.wait_for("reconnecting", 60)
        took = time.monotonic() - began
        print(f"        a dead link was known after {took:.1f} s", flush=True)
        self.assertLess(took, 45)
        self.assertTrue(found.remedy)
        with self.assertRaises((http.client.IncompleteRead, ConnectionError)):
            stream.read()
            raise ConnectionError
        self.lab.verb("link", "clear")
        link.wait_for("connected", 120)
        self.assert_works(link)
        link.say("close")
        link.wait_for("closed", 10)
        self.assertEqual(link.end(), 0)
        self.assertEqual(os.listdir(self.runtime), [])


class TestBadWeather(Base):
    def test_lossy_and_slow(self):
        """20 % of the packets lost each way, then 1 Mbit/s: it stays up and works."""
        self.mended()
        for fault in (("lossy", "20"), ("slow", "1mbit")):
            with self.subTest(fault=fault):
                self.lab.verb("link", *fault)
                link = self.connect()
                deadline = time.monotonic() + 25
                asked = 0
                while time.monotonic() < deadline:
                    self.assert_works(link)
                    asked += 2
                    time.sleep(2)
                link.drain()
                self.assertNotIn("reconnecting", [state.state for state in link.states])
                print(f"        {fault[0]} {fault[1]}: {asked} requests answered on one connection", flush=True)
                link.end()
                self.lab.verb("link", "clear")

    def test_the_faults_are_real(self):
        """Throughput is lower and packets are lost, and neither after “clear”."""
        self.mended()

        def fetch(n_bytes):
            path = f"{self.lab.dir}/index/link-blob"
            with open(path, "wb") as file:
                file.write(bytes(n_bytes))
            began = time.monotonic()
            with urllib.request.urlopen(f"http://{self.lab.address}:3141/link-blob", timeout=60) as answer:
                self.assertEqual(len(answer.read()), n_bytes)
            os.unlink(path)
            return time.monotonic() - began

        def lost(n_rounds=5, n_packets=100):
            """The part of ICMP echo requests that get no answer."""
            echo = bytes([8, 0, 0xf7, 0xff, 0, 0, 0, 0])  # type 8, its checksum, identifier and number 0
            answers = 0
            with socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP) as sock:
                sock.settimeout(0.5)
                for _ in range(n_rounds):  # a few at a time: what does not fit the socket's buffer would seem lost
                    for _ in range(n_packets):
                        sock.sendto(echo, (self.lab.address, 0))
                        time.sleep(0.001)
                    with contextlib.suppress(TimeoutError):
                        while True:
                            packet, (address, _) = sock.recvfrom(2048)
                            if address == self.lab.address and packet[20] == 0 and packet[24:28] == bytes(4):
                                answers += 1
            return 1 - answers / (n_rounds * n_packets)

        self.assertLess(fetch(125_000), 0.5)
        self.lab.verb("link", "slow", "1mbit")
        self.assertGreater(fetch(125_000), 0.8)
        self.lab.verb("link", "clear")
        self.assertEqual(lost(), 0)
        self.lab.verb("link", "lossy", "20")
        self.assertTrue(0.24 < lost() < 0.48, "0.36 of the round trips are to be lost")
        self.lab.verb("link", "clear")
        self.assertLess(fetch(125_000), 0.5)
        self.assertEqual(lost(), 0)


class TestComesBack(Base):
    def test_ssh_killed_at_random(self):
        """Twenty times; never two at once, the path stays, nothing is left."""
        link = self.connect()
        seen_two = []
        done = threading.Event()

        def watch():
            while not done.is_set():
                masters = [pid for pid in self.children(link.process.pid) if "-M" in self.words_of(pid)]
                if len(masters) > 1:
                    seen_two.append(masters)
                time.sleep(0.005)

        watcher = threading.Thread(target=watch)
        watcher.start()
        try:
            seed = int(os.environ.get("BAKEOFF_SEED", "20"))
            # Some before it is connected, which makes the pauses longer, most after.
            killed = kill_ssh_at_random(link.process.pid, 6, pause_s=(0.0, 0.3), seed=seed)
            killed += kill_ssh_at_random(link.process.pid, 14, pause_s=(0.8, 1.5), seed=seed)
        finally:
            done.set()
            watcher.join()
        print(f"        ssh was killed {killed} times", flush=True)
        self.assertEqual(killed, 20)
        self.assertEqual(seen_two, [])
        self.wait_until(lambda: link.info() != "not connected", 60)
        self.assert_works(link)
        link.drain()
        self.assertEqual({state.path for state in link.states}, {link.path})
        self.assertNotIn("lost", [state.state for state in link.states])
        for state in link.states:
            if state.state == "reconnecting":
                self.assertRegex(state.words, "signal 9")
        self.close(link)

    @staticmethod
    def children(parent):
        found = []
        for name in os.listdir("/proc"):
            if name.isdigit():
                with contextlib.suppress(OSError), open(f"/proc/{name}/stat", encoding="ascii", errors="replace") as file:
                    fields = file.read().rpartition(")")[2].split()
                    if fields[1] == str(parent) and fields[0] not in "ZX":
                        found.append(int(name))
        return found

    @staticmethod
    def words_of(pid):
        with contextlib.suppress(OSError), open(f"/proc/{pid}/cmdline", encoding="utf-8", errors="replace") as file:
            return file.read().split("\0")
        return []

    def test_sshd_restarted(self):
        self.mended()
        link = self.connect()
        self.lab.verb("stop-service", "sshd")
        # sshd's end leaves the processes of its connections; as when the device is switched off, they end too.
        self.end_sessions()
        found = link.wait_for("reconnecting", 10)
        self.assertTrue(found.words)
        found = link.wait_for("reconnecting", 10, code="refused")
        self.assertIn("Connection refused", found.words)
        self.assertTrue(found.remedy)
        self.lab.verb("start-service", "sshd")
        link.wait_for("connected", 60)
        self.assert_works(link)
        self.close(link)

    def end_sessions(self):
        for pid in os.listdir("/proc"):
            if pid.isdigit():
                with contextlib.suppress(OSError):
                    if os.readlink(f"/proc/{pid}/ns/net") == os.readlink(f"/proc/{self.lab.pid}/ns/net"):
                        with open(f"/proc/{pid}/comm", encoding="utf-8") as file:
                            if file.read().strip() in ("sshd", "sshd-session"):
                                os.kill(int(pid), signal.SIGKILL)

    def test_engine_stopped(self):
        """The engine is gone, the way is not: it is said so, ssh stays, and the engine's return is noticed."""
        self.mended()
        link = self.connect()
        ssh = ssh_of(link.process.pid)
        self.lab.verb("stop-engine")
        link.say("retry")
        found = link.wait_for("reconnecting", 30)
        self.assertEqual(found.code, "socket-missing")
        self.assertRegex(found.words, "stands, but no engine answers.*docker.sock")
        self.assertTrue(found.remedy)
        self.assertEqual(link.info(), "not connected")
        self.lab.verb("start-engine")
        link.wait_for("connected", 60)
        self.assertEqual(ssh_of(link.process.pid), ssh)
        self.assert_works(link)
        self.close(link)

    def test_engine_killed_and_ssh_too(self):
        """A new connection to a device whose engine is down: the socket is there, and nobody listens."""
        self.mended()
        link = self.connect()
        self.lab.verb("kill-engine")
        os.kill(ssh_of(link.process.pid), signal.SIGKILL)
        found = link.wait_for("reconnecting", 30, code="socket-missing")
        self.assertIn("The engine is not running", found.words)
        self.assertTrue(found.remedy)
        self.lab.verb("start-engine")
        link.wait_for("connected", 60)
        self.assert_works(link)
        self.close(link)

    def test_engine_hangs(self):
        """An engine that does not answer is no dead link: what was asked of it is answered in the end."""
        self.mended()
        link = self.connect()
        ssh = ssh_of(link.process.pid)
        os.kill(int(self.lab.engine_pid), signal.SIGSTOP)
        try:
            link.say("retry")
            link.say("info")
            found = link.wait_for("connected", 60, code="no-answer")
            self.assertTrue(found.remedy)
            time.sleep(12)
        finally:
            os.kill(int(self.lab.engine_pid), signal.SIGCONT)
        link.wait_for("connected", 60, code=None)
        self.assertEqual(ssh_of(link.process.pid), ssh)
        self.assertNotIn("reconnecting", [state.state for state in link.states])
        self.assert_works(link)
        self.close(link)

    def test_killed(self):
        """kill -9 leaves neither an ssh nor, after the next start, a folder."""
        link = self.connect()
        ssh = ssh_of(link.process.pid)
        link.process.kill()
        link.process.wait()
        self.wait_until(lambda: not os.path.exists(f"/proc/{ssh}"))
        self.assertEqual(len(os.listdir(self.runtime)), 2)
        again = self.connect()
        self.assertFalse(os.path.exists(os.path.dirname(link.path)))
        self.assertEqual(len(os.listdir(self.runtime)), 2)
        # A folder that is in use stays, though another one starts.
        third = self.connect()
        self.assert_works(again)
        third.end()
        self.close(again)

    def test_closed_in_an_attempt(self):
        """Neither the attempt nor its folder outlives the link."""
        self.mended()
        link = self.connect()
        self.lab.verb("link", "lossy", "100")
        os.kill(ssh_of(link.process.pid), signal.SIGKILL)
        link.wait_for("reconnecting", 30, attempt=1, next=0.0)
        self.wait_until(lambda: ssh_of(link.process.pid) is not None)
        self.close(link)

    def test_one_session_for_all(self):
        """Two requests where one session is allowed: the second is told why, and the link is not taken for dead."""
        link = self.connect(self.lab.ssh_device_one_relay)
        stream = self.request(link.path, "/events")
        self.assertRegex(link.info(), "[Ss]ession")
        link.say("retry")
        found = link.wait_for("connected", 30, code="too-many-sessions")
        self.assertIn("MaxSessions", found.remedy)
        time.sleep(12)
        link.drain()
        self.assertNotIn("reconnecting", [state.state for state in link.states])
        stream.close()
        self.close(link)

    def test_relayed(self):
        """Where sockets are not forwarded, the process on the device stands in, and comes back too."""
        link = self.connect(self.lab.ssh_device_no_forwarding)
        self.assert_works(link)
        os.kill(ssh_of(link.process.pid), signal.SIGKILL)
        link.wait_for("reconnecting", 30)
        link.wait_for("connected", 60)
        self.assert_works(link)
        self.close(link)


class TestLost(Base):
    """What waiting does not heal ends the link, in ssh's words and with a remedy."""

    def lose(self, link):
        os.kill(ssh_of(link.process.pid), signal.SIGKILL)
        return link.wait_for("lost", 60)

    def assert_lost(self, found, code, words):
        self.assertEqual(found.code, code)
        self.assertRegex(found.words, words)
        self.assertTrue(found.remedy)
        self.assertEqual(found.next, 0)

    def test_host_key_changed(self):
        known = f"{self.home.name}/known-changed"
        shutil.copy(self.lab.ssh_known_hosts, known)
        script = self.ssh_script("-o", f"UserKnownHostsFile={known}", "-o", "StrictHostKeyChecking=yes",
                                 "-o", "HostKeyAlgorithms=ssh-ed25519")
        link = self.connect(BAKEOFF_SSH=script)
        key = f"{self.home.name}/other-host"
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
        with open(f"{key}.pub", encoding="utf-8") as public, open(known, "w", encoding="utf-8") as file:
            file.write(f"[{self.lab.address}]:2222 {public.read()}")
        self.assert_lost(self.lose(link), "host-key-changed", "IDENTIFICATION HAS CHANGED")
        time.sleep(3)
        link.drain()
        self.assertEqual(link.states[-1].state, "lost")
        # A person puts it right and asks for another try.
        shutil.copy(self.lab.ssh_known_hosts, known)
        link.say("retry")
        link.wait_for("connected", 60)
        self.assert_works(link)
        self.close(link)

    def test_host_key_unknown(self):
        known = f"{self.home.name}/known-unknown"
        shutil.copy(self.lab.ssh_known_hosts, known)
        link = self.connect(BAKEOFF_SSH=self.ssh_script("-o", f"UserKnownHostsFile={known}"))
        with open(known, "w", encoding="utf-8"):
            pass
        self.assert_lost(self.lose(link), "host-key-unknown", "Host key verification failed|host key is known")

    def test_user_refused(self):
        key = f"{self.home.name}/key-refused"
        shutil.copy(self.lab.ssh_identity, key)
        os.chmod(key, 0o600)
        config = self.config("refused_config", f"IdentityFile {key}", f"UserKnownHostsFile {self.lab.ssh_known_hosts}")
        link = self.connect(BAKEOFF_SSH=self.ssh_script("-F", config))
        os.unlink(key)
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
        self.assert_lost(self.lose(link), "authentication", r"Permission denied \(publickey")
        # The device may have been about to start: it was asked twice.
        self.assertEqual(link.states[-1].attempt, 2)

    def test_passphrase(self):
        """A link that comes back by itself asks nobody; a person who asks for it is asked."""
        key = f"{self.home.name}/key-locked"
        shutil.copy(self.lab.ssh_identity, key)
        os.chmod(key, 0o600)
        subprocess.run(["ssh-keygen", "-q", "-p", "-N", "secret", "-P", "", "-f", key], check=True,
                       stdout=subprocess.DEVNULL)
        asked = f"{self.home.name}/asked"
        ask = f"{self.home.name}/ask"
        with open(ask, "w", encoding="utf-8") as file:
            file.write(f"#!/bin/sh\necho asked >>{asked}\necho secret\n")
        os.chmod(ask, 0o755)
        config = self.config("locked_config", f"IdentityFile {key}", f"UserKnownHostsFile {self.lab.ssh_known_hosts}")
        link = self.connect(BAKEOFF_SSH=self.ssh_script("-F", config), SSH_ASKPASS=ask, SSH_ASKPASS_REQUIRE="force",
                            SSH_AUTH_SOCK="")
        with open(asked, encoding="utf-8") as file:
            self.assertEqual(file.read(), "asked\n")
        found = self.lose(link)
        self.assert_lost(found, "passphrase", "locked by a passphrase")
        with open(asked, encoding="utf-8") as file:
            self.assertEqual(file.read(), "asked\n")
        link.say("retry")
        link.wait_for("connected", 60)
        with open(asked, encoding="utf-8") as file:
            self.assertEqual(file.read(), "asked\nasked\n")
        self.close(link)

    def test_not_there_at_first(self):
        """The first opening fails at once, whatever the reason."""
        link = self.open(f"ssh://root@{self.lab.address}:9")
        found = link.wait_for("lost", 30)
        self.assert_lost(found, "refused", "Connection refused")
        link.say("close")
        self.assertEqual(link.end(), 1)


if __name__ == "__main__":
    unittest.main()
