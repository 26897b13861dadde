#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The first process of a lab: pid 1 of its process namespace.

`lab start` puts it into the lab's network namespace and into new process and
mount namespaces. It lays a private /run, mounts the lab's own /etc/passwd and
friends over the system's (nobody else sees them), and then starts, stops and
signals the lab's services as it is told over DIR/control.sock. When it dies,
however it dies, the kernel ends every process of the lab, containers included,
and drops its mounts.
"""

import json
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import time

STOP_PATIENCE_S = 20


def mount(*args):
    subprocess.run(["mount", *args], check=True)


def prepare(lab, spec):
    """Make what only the lab's processes see."""
    mount("-t", "tmpfs", "-o", "mode=755", "lab", "/run")
    # The engine and sshd use their customary places under /run, exactly as on a
    # real device; the tmpfs keeps them apart from an engine that is there already.
    for folder in ("/run/sshd", "/run/lock", "/run/lab"):
        os.makedirs(folder, mode=0o755)
    for name in ("passwd", "shadow", "group", "hosts"):
        mount("--bind", f"{lab}/etc/{name}", f"/etc/{name}")
    for place, source in spec["binds"].items():
        os.makedirs(place, mode=0o755, exist_ok=True)
        mount("--bind", source, place)
    # sshd reads the keys as the user who logs in, who cannot enter a 0700 DIR.
    shutil.copy(f"{lab}/ssh/authorized_keys", "/run/lab/authorized_keys")
    os.chmod("/run/lab/authorized_keys", 0o644)
    for user in spec["users"]:
        os.makedirs(user["home"], mode=0o755)
        os.chown(user["home"], user["uid"], user["gid"])


class Supervisor:
    def __init__(self, lab):
        self.lab = lab
        with open(f"{lab}/spec.json", encoding="utf-8") as file:
            self.spec = json.load(file)
        self.running = {}  # service name -> Popen
        self.exits = {}    # service name -> last wait status

    def start(self, name):
        if name in self.running:
            return
        service = self.spec["services"][name]
        environment = dict(os.environ)
        environment.update(service.get("env", {}))
        with open(f"{self.lab}/log/{name}.log", "ab") as log:
            self.running[name] = subprocess.Popen(
                service["argv"], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                env=environment, cwd="/", start_new_session=True)

    def signal(self, name, number):
        if name in self.running:
            os.kill(self.running[name].pid, number)

    def stop(self, name):
        """Ask with SIGTERM; after STOP_PATIENCE_S insist with SIGKILL."""
        if name not in self.running:
            return
        self.signal(name, signal.SIGTERM)
        deadline = time.monotonic() + STOP_PATIENCE_S
        while name in self.running:
            self.reap()
            if time.monotonic() > deadline:
                self.signal(name, signal.SIGKILL)
                deadline += STOP_PATIENCE_S
            time.sleep(0.02)

    def reap(self):
        """Pid 1 inherits every orphan of the namespace, so wait for anything."""
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            for name, process in list(self.running.items()):
                if process.pid == pid:
                    process.returncode = os.waitstatus_to_exitcode(status)
                    self.exits[name] = process.returncode
                    del self.running[name]

    def answer(self, request):
        verb, name = request["verb"], request.get("service")
        if name is not None and name not in self.spec["services"]:
            raise ValueError(f"there is no service called {name}")
        if verb == "start":
            self.start(name)
        elif verb == "stop":
            self.stop(name)
        elif verb == "signal":
            self.signal(name, int(request["number"]))
        elif verb != "status":
            raise ValueError(f"unknown verb {verb}")
        self.reap()
        return {"running": {n: p.pid for n, p in self.running.items()}, "exits": self.exits}

    def serve(self, listener):
        wake_read, wake_write = os.pipe()
        os.set_blocking(wake_write, False)
        signal.set_wakeup_fd(wake_write)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        while True:
            ready, _, _ = select.select([listener, wake_read], [], [])
            if wake_read in ready:
                os.read(wake_read, 4096)
                self.reap()
            if listener in ready:
                peer, _ = listener.accept()
                with peer:
                    peer.settimeout(5)
                    try:
                        line = peer.makefile("rb").readline()
                        reply = self.answer(json.loads(line))
                    except (OSError, ValueError, KeyError) as error:
                        reply = {"error": f"{type(error).__name__}: {error}"}
                    try:
                        peer.sendall(json.dumps(reply).encode() + b"\n")
                    except OSError as error:
                        print(f"a client of the control socket went away: {error}", file=sys.stderr)


def main():
    lab = sys.argv[1]
    supervisor = Supervisor(lab)
    prepare(lab, supervisor.spec)
    path = f"{lab}/control.sock"
    if os.path.exists(path):
        os.unlink(path)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(path)
    os.chmod(path, 0o600)
    listener.listen(8)
    os.set_inheritable(listener.fileno(), False)
    for name in supervisor.spec["services"]:
        supervisor.start(name)
    supervisor.serve(listener)


if __name__ == "__main__":
    main()
