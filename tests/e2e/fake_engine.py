# SPDX-License-Identifier: GPL-3.0-or-later
"""An engine that builds nothing: it keeps what the docker command line sends it to build."""

import http.server
import os
import socketserver
import subprocess
import threading


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self, body=b"", kind="application/json"):
        self.send_response(200)
        self.send_header("Api-Version", "1.41")
        self.send_header("Builder-Version", "1")
        self.send_header("Ostype", "linux")
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def read_body(self):
        if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        parts = []
        while size := int(self.rfile.readline().split(b";")[0], 16):
            parts.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(parts)

    def do_HEAD(self):
        self.answer()

    def do_GET(self):
        if self.path.endswith("/_ping"):
            self.answer(b"OK", "text/plain")
        elif self.path.endswith("/version"):
            self.answer(b'{"ApiVersion":"1.41","MinAPIVersion":"1.12","Os":"linux","Arch":"amd64","Version":"20.10.24"}')
        else:
            self.answer(b'{"OSType":"linux","ServerVersion":"20.10.24"}')

    def do_POST(self):
        self.server.owner.bodies.append(self.read_body())
        self.answer(b'{"stream":"Successfully built 0123456789ab\\n"}\r\n')

    def log_message(self, *_):
        pass

    def address_string(self):
        return "unix"


class Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True


class FakeEngine:
    """with FakeEngine(folder) as engine: engine.sent(docker, context) -> the tar, or None and what docker said."""

    def __init__(self, folder):
        self.path = os.path.join(folder, "engine.sock")
        self.home = folder
        self.bodies = []

    def __enter__(self):
        self.server = Server(self.path, Handler)
        self.server.owner = self
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()

    def sent(self, docker, context, *words):
        self.bodies.clear()
        done = subprocess.run(
            [docker, "build", "-q", *words, context], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, timeout=60, check=False,
            env={"PATH": "/usr/bin:/bin", "HOME": self.home, "DOCKER_HOST": f"unix://{self.path}", "DOCKER_BUILDKIT": "0"})
        text = (done.stdout + done.stderr).decode(errors="replace")
        return (self.bodies[-1] if self.bodies and done.returncode == 0 else None), text
