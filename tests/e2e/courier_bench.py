# SPDX-License-Identifier: GPL-3.0-or-later
"""What tests of the courier share: writing a script, a scripted engine on a
Unix socket, running the courier, and reading its journal independently of the
reader in the core."""

import hashlib
import os
import pathlib
import shutil
import socket
import struct
import subprocess
import tempfile
import threading
import time
import unittest
import zlib

TYPES = {1: "SEGMENT", 2: "START", 3: "CHAIN", 4: "CHAIN_END", 5: "REQUEST", 6: "SENT", 7: "HEAD", 8: "DATA", 9: "DONE",
         10: "SKIPPED", 11: "NOTE", 12: "SIGNAL", 13: "COMMAND", 14: "TELEMETRY", 15: "END"}


def courier_program():
    build = os.environ.get("BAKEOFF_BUILD")
    if not build:
        build = pathlib.Path(__file__).resolve().parents[2] / "build"
    return pathlib.Path(build) / "src" / "courier" / "bakeoff-courier"


class Message:
    def __init__(self, kind, number, wall_us, boot_us, request, payload):
        self.kind, self.number, self.request, self.payload = kind, number, request, payload
        self.wall_us, self.boot_us = wall_us, boot_us

    @property
    def text(self):
        return self.payload.decode("utf-8", "replace")

    def __repr__(self):
        return f"{self.number}:{self.kind}({self.request}) {self.payload[:80]!r}"


def parse_segment(data, expected):
    """The whole messages of a segment, and the number of bytes behind them."""
    messages, at = [], 0
    while len(data) - at >= 48:
        magic, kind, zero, number, wall, boot, request, length, crc, zero2 = struct.unpack_from("<4sHHQqqIIII", data, at)
        body = data[at + 48:at + 48 + length]
        if magic != b"BJ01" or len(body) < length:
            break
        header = data[at:at + 40] + b"\0\0\0\0" + data[at + 44:at + 48]
        if zlib.crc32(body, zlib.crc32(header)) != crc:
            break
        if number != expected + len(messages):
            raise AssertionError(f"message {number} where {expected + len(messages)} should be")
        if (kind == 1) != (at == 0):
            raise AssertionError("a segment must begin with SEGMENT, and only then")
        messages.append(Message(TYPES[kind], number, wall, boot, request, body))
        at += 48 + length
    return messages, len(data) - at


def read_journal(folder):
    """All messages; the numbers must run on without a gap over the segments."""
    messages = []
    for path in sorted((pathlib.Path(folder) / "journal").glob("*.bj")):
        data = path.read_bytes()
        if len(data) > 4 * 1024 * 1024:
            raise AssertionError(f"{path} is too large")
        more, _ = parse_segment(data, len(messages) + 1)
        messages += more
    return messages


class Script:
    """The text of a script."""

    def __init__(self, campaign="test-1"):
        self.parts = [f"bakeoff-script 1\ncampaign {campaign}\n".encode()]
        self.number = 0

    def line(self, text):
        self.parts.append(text.encode() + b"\n")
        return self

    def watch(self, path="/v1.41/events"):
        self.number += 1
        self.line(f"watch {self.number} {path}")
        return self.number

    def chain(self, name, kind="trials"):
        return self.line(f"chain {name} {kind}")

    def item(self, kind, *lines, literal=None, recipe=None):
        self.number += 1
        self.line(f"item {self.number}").line(f"kind {kind}")
        for text in lines:
            self.line(text)
        if literal is not None:
            self.parts.append(b"body-literal %d\n%s\n" % (len(literal), literal))
        if recipe is not None:
            self.line(f"body-recipe {recipe}")
        self.line("end")
        return self.number

    def request(self, method, path, *lines, about="test", **body):
        return self.item("request", f"about {about}", f"method {method}", f"path {path}", *lines, **body)

    @property
    def bytes(self):
        return b"".join(self.parts)


class Campaign:
    """A folder with a script, and couriers that play it."""

    def __init__(self, folder=None):
        self.own = folder is None
        self.folder = pathlib.Path(folder or tempfile.mkdtemp(prefix="bakeoff-courier."))
        self.socket = str(self.folder / "engine.sock")
        self.files = self.folder / "files"
        self.process = None

    def close(self):
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        if self.own:
            shutil.rmtree(self.folder, ignore_errors=True)

    def write(self, script):
        (self.folder / "script").write_bytes(script.bytes if isinstance(script, Script) else script)

    def put(self, name, text):
        """Replaces a file as the core does."""
        new = self.folder / (name + ".new")
        new.write_text(text)
        new.rename(self.folder / name)

    def add_file(self, content):
        name = hashlib.sha256(content).hexdigest()
        path = self.files / name[:2] / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return name

    def add_recipe(self, *pieces, length=None):
        """Pieces: bytes, or (name, length) of a file."""
        total = sum(len(p) if isinstance(p, bytes) else p[1] for p in pieces)
        text = b"bakeoff-recipe 1\nlength %d\n" % (total if length is None else length)
        for piece in pieces:
            if isinstance(piece, bytes):
                for at in range(0, len(piece), 1 << 20):
                    part = piece[at:at + (1 << 20)]
                    text += b"literal %d\n%s\n" % (len(part), part)
            else:
                text += b"file %s %d\n" % (piece[0].encode(), piece[1])
        return self.add_recipe_text(text + b"end\n")

    def add_recipe_text(self, text):
        name = hashlib.sha256(text).hexdigest()
        (self.folder / "recipes").mkdir(exist_ok=True)
        (self.folder / "recipes" / name).write_bytes(text)
        return name

    def start(self, *args, socket_path=None, environ=None, **popen):
        command = [str(courier_program()), "play", str(self.folder), "--socket", socket_path or self.socket, *args]
        env = dict(os.environ, **(environ or {}))
        self.process = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, **popen)
        return self.process

    def wait(self, timeout=30):
        try:
            _, err = self.process.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"the courier has not ended; journal: {self.messages()[-12:]}")
        self.stderr = err.decode()
        return self.process.returncode

    def play(self, *args, timeout=30, **options):
        self.start(*args, **options)
        return self.wait(timeout)

    def messages(self):
        return read_journal(self.folder)

    def of(self, number, kind=None):
        return [m for m in self.messages() if m.request == number and (kind is None or m.kind == kind)]

    def data(self, number):
        return b"".join(m.payload for m in self.of(number, "DATA"))

    def done(self, number):
        found = self.of(number, "DONE")
        return found[-1].text if found else None

    def skipped(self, number):
        found = self.of(number, "SKIPPED")
        return found[-1].text.split("\n")[0] if found else None

    def ends(self):
        return [m.text for m in self.messages() if m.kind == "END"]

    def wait_for(self, condition, timeout=15):
        end = time.monotonic() + timeout
        while time.monotonic() < end:
            result = condition(self.messages())
            if result:
                return result
            time.sleep(0.02)
        raise AssertionError(f"that did not come; journal: {self.messages()[-12:]}")

    def wait_for_kind(self, kind, number=None, timeout=15):
        return self.wait_for(
            lambda all_: [m for m in all_ if m.kind == kind and (number is None or m.request == number)], timeout)


class Request:
    """One connection to the scripted engine, its head read."""

    def __init__(self, connection):
        self.connection = connection
        self.rest = b""
        while b"\r\n\r\n" not in self.rest:
            more = connection.recv(65536)
            if not more:
                raise ConnectionError("no request came")
            self.rest += more
        self.head, self.rest = self.rest.split(b"\r\n\r\n", 1)
        first, *lines = self.head.decode().split("\r\n")
        self.method, self.path, _ = first.split(" ")
        self.headers = {}
        for line in lines:
            name, value = line.split(": ", 1)
            self.headers[name.lower()] = value
        self.length = int(self.headers.get("content-length", 0))

    def body(self):
        while len(self.rest) < self.length:
            more = self.connection.recv(1 << 20)
            if not more:
                break
            self.rest += more
        return self.rest

    def send(self, data):
        self.connection.sendall(data)

    def answer(self, status=200, body=b"", headers=""):
        self.send(f"HTTP/1.1 {status} X\r\n{headers}Content-Length: {len(body)}\r\n\r\n".encode() + body)

    def begin(self, status=200):
        self.send(f"HTTP/1.1 {status} OK\r\nTransfer-Encoding: chunked\r\nContent-Type: application/json\r\n\r\n".encode())

    def chunk(self, data):
        self.send(b"%x\r\n%s\r\n" % (len(data), data))

    def finish(self):
        self.send(b"0\r\n\r\n")

    def wait_closed(self, timeout=15):
        """Whether the courier closes the connection in time."""
        self.connection.settimeout(timeout)
        try:
            while self.connection.recv(65536):
                pass
            return True
        except socket.timeout:
            return False
        except OSError:
            return True


class FakeEngine:
    """Answers each request by calling the handler; /_ping and /events it answers itself unless told not to."""

    def __init__(self, path, handler=None, events=True):
        self.path, self.handler, self.events = path, handler, events
        self.requests, self.errors, self.watchers = [], [], []
        self.up = False
        self.start()

    def start(self):
        if os.path.exists(self.path):
            os.unlink(self.path)
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(self.path)
        self.listener.listen(16)
        self.up = True
        self.connections = []
        threading.Thread(target=self._accept, args=(self.listener,), daemon=True).start()

    def stop(self):
        """As an engine that ends: nobody listens, and every connection is closed."""
        self.up = False
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        if os.path.exists(self.path):
            os.unlink(self.path)
        for connection in self.connections:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
        self.watchers = []

    def _accept(self, listener):
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            self.connections.append(connection)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        try:
            request = Request(connection)
            self.requests.append(request)
            if request.path == "/_ping":
                request.answer(200, b"OK")
            elif "/events" in request.path and self.events:
                request.begin()
                self.watchers.append(request)
                request.wait_closed(3600)
            else:
                self.handler(request)
        except (ConnectionError, BrokenPipeError):
            pass
        except Exception as error:  # told by the test that made it
            self.errors.append(error)
        finally:
            connection.close()

    def emit(self, text):
        for request in list(self.watchers):
            try:
                request.chunk(text.encode() + b"\n")
            except OSError:
                self.watchers.remove(request)

    def paths(self):
        return [r.method + " " + r.path for r in self.requests if r.path != "/_ping" and "/events" not in r.path]


class CourierTest(unittest.TestCase):
    def setUp(self):
        self.campaign = Campaign()
        self.addCleanup(self.campaign.close)
        self.engine = None

    def tearDown(self):
        if self.engine:
            self.assertEqual(self.engine.errors, [])

    def serve(self, handler=None, **options):
        self.engine = FakeEngine(self.campaign.socket, handler or (lambda request: request.answer(200, b"{}")), **options)
        self.addCleanup(lambda: self.engine.up and self.engine.stop())
        return self.engine

    def play_one(self, handler, *lines, method="POST", path="/v1.41/build", **body):
        """Plays one request answered by @handler; returns its DONE."""
        self.serve(handler)
        script = Script()
        script.chain("a")
        self.number = script.request(method, path, *lines, **body)
        self.campaign.write(script)
        self.status = self.campaign.play()
        return self.campaign.done(self.number)
