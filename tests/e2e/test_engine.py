# SPDX-License-Identifier: GPL-3.0-or-later
"""The engine client on a real engine: typed requests, ways to the engine and what stops them, credentials, loss."""

import contextlib
import http.client
import json
import os
import pty
import signal
import socket
import ssl
import subprocess
import tempfile
import threading
import time
import unittest

from lab import TINY, Bakeoff, Lab, build_dir


class Base(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.lab = Lab.shared()
        cls.home = tempfile.TemporaryDirectory(prefix="bakeoff-engine.", dir="/tmp")
        cls.addClassCleanup(cls.home.cleanup)
        cls.bakeoff = Bakeoff(cls.lab, cls.home.name)
        cls.program = os.path.join(build_dir(), "tests", "e2e", "engine-check")

    def check(self, *words, **environment):
        return subprocess.run([self.program, *words], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True, timeout=300, check=False, start_new_session=True,
                              env={**self.bakeoff.environment, **environment})

    def device(self, url, **environment):
        """`device test URL --json` without a terminal: exit code, the answer, its stages by name."""
        done = subprocess.run([self.bakeoff.program, "device", "test", url, "--json"], stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=120, check=False,
                              env={**self.bakeoff.environment, **environment}, start_new_session=True)
        out, err = done.stdout, done.stderr
        self.assertTrue(out, err)
        answer = json.loads(out)
        return done.returncode, answer, {stage["stage"]: stage for stage in answer["stages"]}

    def hold(self, url, **environment):
        """Opens a connection and keeps it; the process and the path of its socket."""
        held = subprocess.Popen([self.program, "hold", url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                env={**self.bakeoff.environment, **environment}, start_new_session=True)
        self.addCleanup(self.drop, held)
        line = held.stdout.readline()
        self.assertTrue(line.startswith("open "), line)
        return held, line[5:].strip()

    @staticmethod
    def drop(held):
        if held.poll() is None:
            held.kill()
        held.wait()
        held.stdin.close()
        held.stdout.close()

    def children(self, pid):
        """Commands of the children of a process, by process id."""
        found = {}
        for name in os.listdir("/proc"):
            if name.isdigit():
                try:
                    with open(f"/proc/{name}/stat", encoding="utf-8") as file:
                        if file.read().rsplit(")", 1)[1].split()[1] != str(pid):
                            continue
                    with open(f"/proc/{name}/cmdline", encoding="utf-8") as file:
                        found[int(name)] = file.read().replace("\0", " ")
                except OSError:
                    pass
        return found

    @staticmethod
    def commands_with(text):
        found = []
        for name in os.listdir("/proc"):
            if name.isdigit():
                with contextlib.suppress(OSError), open(f"/proc/{name}/cmdline", encoding="utf-8", errors="replace") as file:
                    command = file.read().replace("\0", " ")
                    if text in command:
                        found.append(command)
        return found

    def ssh_of(self, held):
        """The master itself: the lab's ssh in PATH is a script that may or may not have become it."""
        for pid, command in self.children(held.pid).items():
            if " -M " in command:
                return pid
        self.fail("no ssh process")

    def wait_until(self, condition, seconds=10):
        deadline = time.monotonic() + seconds
        while not condition():
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.02)


class TestTyped(Base):
    def test_every_request(self):
        before = self.lab.snapshot()
        done = self.check("typed", self.lab.socket, TINY)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertGreaterEqual(done.stdout.count("\nok "), 38)
        self.assertEqual(before.changes(self.lab.snapshot()), [])

    def test_load(self):
        with tempfile.NamedTemporaryFile(suffix=".tar") as file:
            self.lab.docker("save", "-o", file.name, TINY)
            done = self.check("load", self.lab.socket, file.name)
        self.assertEqual((done.returncode, done.stdout), (0, TINY + "\n"))


class TestPull(Base):
    def setUp(self):
        self.addCleanup(self.lab.remove_everything_named, f"{self.lab.registry}/check")
        self.addCleanup(self.lab.remove_everything_named, f"{self.lab.registry_auth}/check")

    def push(self, registry, **environment):
        name = f"{registry}/check/pulled:1"
        self.lab.docker("tag", TINY, name)
        self.lab.docker("push", name, **environment)
        self.lab.docker("rmi", name)
        return name

    def config(self, content):
        folder = tempfile.mkdtemp(dir=self.home.name)
        with open(f"{folder}/config.json", "w", encoding="utf-8") as file:
            json.dump(content, file)
        return folder

    def login(self):
        import base64
        user = f"{self.lab.registry_user}:{self.lab.registry_password}".encode()
        return self.config({"auths": {self.lab.registry_auth: {"auth": base64.b64encode(user).decode()}}})

    def test_open_registry(self):
        name = self.push(self.lab.registry)
        done = self.check("pull", self.lab.socket, name)
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertEqual(done.stdout.strip(), self.lab.request("GET", f"/images/{TINY}/json")["Id"])
        self.assertIn("Pulling from check/pulled", done.stderr)

    def test_digest(self):
        name = self.push(self.lab.registry)
        self.assertEqual(self.check("pull", self.lab.socket, name).returncode, 0)
        digest = next(d for d in self.lab.request("GET", f"/images/{name}/json")["RepoDigests"] if "/check/" in d)
        self.lab.docker("rmi", name)
        done = self.check("pull", self.lab.socket, digest)
        self.assertEqual(done.returncode, 0, done.stdout)
        self.lab.docker("rmi", digest)

    def test_missing(self):
        done = self.check("pull", self.lab.socket, f"{self.lab.registry}/check/nothing:1")
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stdout, "^not-found: .*check/nothing:1")

    def test_unreachable_registry(self):
        done = self.check("pull", self.lab.socket, "127.0.0.1:9/check/nothing:1")
        self.assertRegex(done.stdout, "^registry: .*connection refused")

    def test_credentials(self):
        config = self.login()
        name = self.push(self.lab.registry_auth, DOCKER_CONFIG=config)
        refused = self.check("pull", self.lab.socket, name, DOCKER_CONFIG="/nonexistent")
        self.assertRegex(refused.stdout, "^unauthorized: ")
        done = self.check("pull", self.lab.socket, name, DOCKER_CONFIG=config, G_MESSAGES_DEBUG="all")
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertNotIn(self.lab.registry_password, done.stdout + done.stderr)

    def test_credential_helper(self):
        name = self.push(self.lab.registry_auth, DOCKER_CONFIG=self.login())
        folder = self.config({"credHelpers": {self.lab.registry_auth: "check"}})
        path = f"{folder}:{self.bakeoff.environment['PATH']}"
        helper = f"{folder}/docker-credential-check"

        def write(text):
            with open(helper, "w", encoding="utf-8") as file:
                file.write("#!/bin/sh\ncat >/dev/null\n" + text)
            os.chmod(helper, 0o755)

        secret = json.dumps({"Username": self.lab.registry_user, "Secret": self.lab.registry_password})
        write(f"echo '{secret}'\n")
        done = self.check("pull", self.lab.socket, name, DOCKER_CONFIG=folder, PATH=path, G_MESSAGES_DEBUG="all")
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertNotIn(self.lab.registry_password, done.stdout + done.stderr)
        self.lab.docker("rmi", name)
        write("echo 'the keyring is locked'\nexit 1\n")
        done = self.check("pull", self.lab.socket, name, DOCKER_CONFIG=folder, PATH=path)
        self.assertRegex(done.stdout, "^credentials: .*the keyring is locked")
        # Where none are asked for, a broken helper is no hindrance.
        public = self.push(self.lab.registry)
        folder = self.config({"credsStore": "missing"})
        done = self.check("pull", self.lab.socket, public, DOCKER_CONFIG=folder)
        self.assertEqual(done.returncode, 0, done.stdout)


class TestWays(Base):
    """F4 row 10 and its like: each way to the engine, and each thing that can be in it."""

    def assert_stage(self, url, stage, error, words, **environment):
        code, answer, stages = self.device(url, **environment)
        self.assertEqual(code, 4, answer)
        self.assertFalse(answer["reachable"])
        self.assertEqual(stages[stage]["status"], "failed", answer)
        self.assertEqual(stages[stage]["error"], error, answer)
        self.assertRegex(stages[stage]["detail"], words)
        self.assertTrue(stages[stage]["remedy"])
        return stages

    def test_unix(self):
        code, answer, stages = self.device(self.lab.device)
        self.assertEqual(code, 0, answer)
        facts = answer["facts"]
        info = self.lab.request("GET", "/info")
        self.assertEqual((facts["name"], facts["n_cpus"], facts["memory"], facts["storage_driver"]),
                         (info["Name"], info["NCPU"], info["MemTotal"], info["Driver"]))
        self.assertEqual(facts["runtimes"], sorted(info["Runtimes"]))
        self.assertEqual(stages["runtime"]["status"], "ok")
        free = os.statvfs(info["DockerRootDir"])
        self.assertAlmostEqual(facts["free_disk"], free.f_bavail * free.f_frsize, delta=2e9)

    def test_unix_wrong(self):
        folder = self.home.name
        self.assert_stage(f"unix://{folder}/nothing.sock", "socket", "socket-missing", "no socket")
        with open(f"{folder}/file.sock", "w", encoding="utf-8"):
            self.assert_stage(f"unix://{folder}/file.sock", "socket", "socket-missing", "not a socket")
        with socket.socket(socket.AF_UNIX) as sock:
            sock.bind(f"{folder}/dead.sock")
        self.assert_stage(f"unix://{folder}/dead.sock", "socket", "refused", "nothing listens")

    def test_unix_not_docker(self):
        path = f"{self.home.name}/web.sock"
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(path)
            listener.listen()
            answer = [b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"]

            def serve():
                while True:
                    try:
                        sock, _ = listener.accept()
                    except OSError:
                        return
                    with sock:
                        if sock.recv(4096):
                            sock.sendall(answer[0])

            thread = threading.Thread(target=serve, daemon=True)
            thread.start()
            self.assert_stage(f"unix://{path}", "engine", "not-an-engine", "not a Docker engine")
            answer[0] = b"220 mail ESMTP\r\n"
            self.assert_stage(f"unix://{path}", "engine", "not-an-engine", "HTTP")
            answer[0] = b"HTTP/1.1 200 OK\r\nApi-Version: 1.24\r\nContent-Length: 2\r\n\r\nOK"
            self.assert_stage(f"unix://{path}", "api", "too-old", "1.24")
            listener.shutdown(socket.SHUT_RDWR)
            thread.join(10)

    def test_wrong_url(self):
        for url in ("ssh://-oProxyCommand=id", "root@host", "/var/run/docker.sock"):
            self.assertEqual(self.bakeoff.run("device", "test", url).returncode, 2, url)

    def test_ssh(self):
        code, answer, stages = self.device(self.lab.ssh_device)
        self.assertEqual(code, 0, answer)
        self.assertFalse(answer["relayed"])
        self.assertEqual((stages["ssh"]["status"], stages["socket"]["status"]), ("ok", "ok"))
        self.assertGreater(answer["facts"]["free_disk"], 0)
        self.assertEqual(os.listdir(f"{self.home.name}/run/bakeoff"), [])

    def test_ssh_finds_socket(self):
        code, answer, stages = self.device(self.lab.ssh_device_baker)
        self.assertEqual(code, 0, answer)
        self.assertEqual(stages["socket"]["detail"], "/var/run/docker.sock")

    def test_ssh_not_in_group(self):
        stages = self.assert_stage(self.lab.ssh_device_guest, "socket", "socket-denied", "guest.*docker.sock")
        self.assertEqual(stages["ssh"]["status"], "ok")

    def test_ssh_missing_socket(self):
        url = self.lab.ssh_device.replace("/var/run/docker.sock", "/var/run/other.sock")
        self.assert_stage(url, "socket", "socket-missing", "/var/run/other.sock")

    def test_ssh_no_forwarding(self):
        code, answer, stages = self.device(self.lab.ssh_device_no_forwarding)
        self.assertEqual(code, 0, answer)
        self.assertTrue(answer["relayed"])
        self.assertEqual(stages["socket"]["error"], "forwarding-refused")

    def test_ssh_no_forwarding_no_docker(self):
        self.assert_stage(self.lab.ssh_device_no_docker, "socket", "forwarding-refused", "does not forward.*no docker command")

    def test_ssh_engine_stopped(self):
        """Neither with nor without a docker command is a stopped engine taken for a host that does not forward."""
        self.addCleanup(self.lab.mend)
        self.lab.verb("kill-engine")
        for url in (self.lab.ssh_device, self.lab.ssh_device_no_docker, self.lab.ssh_device_no_forwarding):
            with self.subTest(url=url):
                self.assert_stage(url, "socket", "socket-missing", "The engine is not running|Is the docker daemon running")

    def test_ssh_one_session(self):
        code, answer, _ = self.device(self.lab.ssh_device_one_session)
        self.assertEqual(code, 0, answer)
        self.assertFalse(answer["relayed"])

    def ssh_script(self, *options):
        """A program for BAKEOFF_SSH: the lab's ssh with other options first."""
        path = tempfile.mktemp(dir=self.home.name, prefix="ssh-")
        words = " ".join(f"'{option}'" for option in options)
        with open(path, "w", encoding="utf-8") as file:
            file.write(f"#!/bin/sh\nexec ssh {words} \"$@\"\n")
        os.chmod(path, 0o755)
        return path

    def test_ssh_unknown_key(self):
        script = self.ssh_script("-o", "UserKnownHostsFile=/dev/null", "-o", "StrictHostKeyChecking=ask")
        self.assert_stage(self.lab.ssh_device, "ssh", "host-key-unknown", "Host key verification failed",
                          BAKEOFF_SSH=script)

    def test_ssh_changed_key(self):
        known = f"{self.home.name}/known_hosts"
        key = f"{self.home.name}/other"
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
        with open(f"{key}.pub", encoding="utf-8") as public, open(known, "w", encoding="utf-8") as file:
            file.write(f"[{self.lab.address}]:2222 {public.read()}")
        script = self.ssh_script("-o", f"UserKnownHostsFile={known}", "-o", "StrictHostKeyChecking=yes",
                                 "-o", "HostKeyAlgorithms=ssh-ed25519")
        self.assert_stage(self.lab.ssh_device, "ssh", "host-key-changed", "IDENTIFICATION HAS CHANGED",
                          BAKEOFF_SSH=script)

    def test_ssh_refused_user(self):
        key = f"{self.home.name}/stranger"
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
        script = self.ssh_script("-o", f"IdentityFile={key}", "-o", "IdentitiesOnly=yes", "-F", self.bare_config())
        self.assert_stage(self.lab.ssh_device, "ssh", "authentication", r"Permission denied \(publickey",
                          BAKEOFF_SSH=script)

    def bare_config(self):
        path = f"{self.home.name}/ssh_config"
        with open(path, "w", encoding="utf-8") as file:
            file.write(f"UserKnownHostsFile {self.lab.ssh_known_hosts}\nStrictHostKeyChecking yes\n")
        return path

    def test_ssh_passphrase(self):
        key = f"{self.home.name}/locked"
        with open(self.lab.ssh_identity, "rb") as file, open(key, "wb", opener=lambda p, f: os.open(p, f, 0o600)) as copy:
            copy.write(file.read())
        subprocess.run(["ssh-keygen", "-q", "-p", "-N", "secret", "-P", "", "-f", key], check=True,
                       stdout=subprocess.DEVNULL)
        script = self.ssh_script("-o", f"IdentityFile={key}", "-o", "IdentitiesOnly=yes", "-F", self.bare_config())
        self.assert_stage(self.lab.ssh_device, "ssh", "passphrase", "locked by a passphrase", BAKEOFF_SSH=script,
                          SSH_AUTH_SOCK="", SSH_ASKPASS_REQUIRE="never")
        # The user's own SSH_ASKPASS is asked.
        ask = f"{self.home.name}/askpass"
        with open(ask, "w", encoding="utf-8") as file:
            file.write("#!/bin/sh\necho secret\n")
        os.chmod(ask, 0o755)
        code, answer, _ = self.device(self.lab.ssh_device, BAKEOFF_SSH=script, SSH_ASKPASS=ask,
                                      SSH_ASKPASS_REQUIRE="force", SSH_AUTH_SOCK="")
        self.assertEqual(code, 0, answer)

    def test_ssh_passphrase_on_the_terminal(self):
        """ssh asks where it always does, and gets the answer: it is in the terminal's foreground."""
        key = f"{self.home.name}/locked-terminal"
        with open(self.lab.ssh_identity, "rb") as file, open(key, "wb", opener=lambda p, f: os.open(p, f, 0o600)) as copy:
            copy.write(file.read())
        subprocess.run(["ssh-keygen", "-q", "-p", "-N", "secret", "-P", "", "-f", key], check=True,
                       stdout=subprocess.DEVNULL)
        script = self.ssh_script("-o", f"IdentityFile={key}", "-o", "IdentitiesOnly=yes", "-F", self.bare_config())
        environment = {**self.bakeoff.environment, "BAKEOFF_SSH": script, "SSH_ASKPASS_REQUIRE": "never"}
        environment.pop("SSH_AUTH_SOCK", None)
        pid, terminal = pty.fork()
        if pid == 0:
            os.execve(self.bakeoff.program, ["bakeoff-cli", "device", "test", self.lab.ssh_device], environment)
        seen = b""
        answered = False
        with contextlib.suppress(OSError):  # the terminal's end
            while data := os.read(terminal, 4096):
                seen += data
                if not answered and b"Enter passphrase for key" in seen:
                    answered = True
                    os.write(terminal, b"secret\n")
        os.close(terminal)
        _, status = os.waitpid(pid, 0)
        self.assertTrue(answered, seen)
        self.assertEqual(os.waitstatus_to_exitcode(status), 0, seen)

    def test_ssh_no_such_host(self):
        self.assert_stage("ssh://root@bakeoff-nowhere.invalid", "ssh", "name-resolution", "bakeoff-nowhere.invalid")

    def test_ssh_refused_port(self):
        self.assert_stage(f"ssh://root@{self.lab.address}:9", "ssh", "refused", "Connection refused")

    def test_ssh_missing_program(self):
        self.assert_stage(self.lab.ssh_device, "ssh", "ssh-missing", "no-such-ssh", BAKEOFF_SSH="/no-such-ssh")

    def test_ssh_users_configuration_is_overruled(self):
        """A forward whose port is taken, a command, a control master that would go to the background: all harmless."""
        with socket.create_server(("127.0.0.1", 0)) as taken:
            config = f"{self.home.name}/daily_config"
            with open(self.lab.ssh_config, encoding="utf-8") as file, open(config, "w", encoding="utf-8") as mine:
                mine.write(f"LocalForward 127.0.0.1:{taken.getsockname()[1]} 127.0.0.1:1\nRemoteCommand false\nRequestTTY force\n"
                           f"ControlMaster auto\nControlPath {self.home.name}/cm-%C\nControlPersist yes\nLogLevel QUIET\n"
                           + file.read())
            script = self.ssh_script("-F", config)
            # The lab's ssh puts its own -F first; the last one counts.
            code, answer, _ = self.device(self.lab.ssh_device, BAKEOFF_SSH=script)
        self.assertEqual(code, 0, answer)
        self.assertEqual([name for name in os.listdir(self.home.name) if name.startswith("cm-")], [])
        # Nor did an ssh go on by itself.
        self.wait_until(lambda: not self.commands_with(f"{self.home.name}/run/bakeoff"))

    def test_long_runtime_folder(self):
        folder = f"{self.home.name}/{'long' * 25}"
        os.makedirs(folder, mode=0o700)
        code, answer, _ = self.device(self.lab.ssh_device, XDG_RUNTIME_DIR=folder)
        self.assertEqual(code, 0, answer)

    def test_saved_devices(self):
        self.bakeoff.run("device", "add", "lab", self.lab.device, check=True)
        self.addCleanup(self.bakeoff.run, "device", "remove", "lab")
        self.assertIn({"name": "lab", "url": self.lab.device}, self.bakeoff.json("device", "list")["devices"])
        self.assertEqual(self.bakeoff.run("device", "add", "lab", self.lab.device).returncode, 2)
        self.assertEqual(self.bakeoff.json("device", "test", "lab")["name"], "lab")
        self.assertEqual(self.bakeoff.run("device", "test", "nothing").returncode, 2)


class TestLoss(Base):
    def request(self, path, target, method="GET", body=None, timeout=60):
        connection = http.client.HTTPConnection("docker", timeout=timeout)
        connection.sock = socket.socket(socket.AF_UNIX)
        connection.sock.settimeout(timeout)
        connection.sock.connect(path)
        connection.request(method, target, body=body)
        return connection, connection.getresponse()

    def test_ssh_killed(self):
        held, path = self.hold(self.lab.ssh_device)
        self.assertEqual(os.stat(path).st_mode & 0o777, 0o600)
        self.assertEqual(os.stat(os.path.dirname(path)).st_mode & 0o777, 0o700)
        connection, response = self.request(path, "/events")
        ssh = self.ssh_of(held)
        began = time.monotonic()
        os.kill(ssh, signal.SIGKILL)
        line = held.stdout.readline()
        self.assertLess(time.monotonic() - began, 2)
        self.assertRegex(line, "^lost unreachable: .*signal 9")
        with self.assertRaises((http.client.IncompleteRead, ConnectionError)):
            response.read()
            raise ConnectionError
        connection.close()
        self.assertEqual(held.wait(10), 0)
        self.assertFalse(os.path.exists(path))

    def test_ssh_closed(self):
        held, path = self.hold(self.lab.ssh_device)
        ssh = self.ssh_of(held)
        held.stdin.close()
        self.assertEqual(held.stdout.readline(), "closed\n")
        self.assertEqual(held.wait(10), 0)
        self.wait_until(lambda: not os.path.exists(f"/proc/{ssh}"))
        self.assertFalse(os.path.exists(os.path.dirname(path)))

    def test_ssh_dies_with_us(self):
        """kill -9 leaves neither an ssh nor, after the next start, its folder."""
        held, path = self.hold(self.lab.ssh_device)
        ssh = self.ssh_of(held)
        held.kill()
        held.wait()
        self.wait_until(lambda: not os.path.exists(f"/proc/{ssh}"))
        self.assertTrue(os.path.exists(os.path.dirname(path)))
        code, answer, _ = self.device(self.lab.ssh_device)
        self.assertEqual(code, 0, answer)
        self.assertFalse(os.path.exists(os.path.dirname(path)))

    def test_ctrl_c_spares_ssh(self):
        """The terminal's SIGINT goes to the whole group; the connection is needed for the clean-up."""
        held, path = self.hold(self.lab.ssh_device)
        os.kill(self.ssh_of(held), signal.SIGINT)
        time.sleep(0.3)
        connection, response = self.request(path, "/_ping")
        self.assertEqual(response.read(), b"OK")
        connection.close()

    def test_many_streams_and_ping(self):
        """Channels are not sessions: 20 streams and a ping where one session is allowed."""
        held, path = self.hold(self.lab.ssh_device_one_session)
        streams = [self.request(path, "/events") for _ in range(20)]
        connection, response = self.request(path, "/_ping")
        self.assertEqual(response.read(), b"OK")
        for opened, _ in [*streams, (connection, None)]:
            opened.close()
        self.drop(held)

    def test_relayed_stream(self):
        held, path = self.hold(self.lab.ssh_device_no_forwarding)
        connection, response = self.request(path, "/_ping")
        self.assertEqual(response.read(), b"OK")
        connection.close()
        connection, response = self.request(path, "/events")
        os.kill(self.ssh_of(held), signal.SIGKILL)
        self.assertRegex(held.stdout.readline(), "^lost unreachable: ")
        with self.assertRaises((http.client.IncompleteRead, ConnectionError)):
            response.read()
            raise ConnectionError
        connection.close()

    def test_engine_restart(self):
        """ssh outlives the engine, and leads to the new one."""
        self.addCleanup(self.lab.mend)
        held, path = self.hold(self.lab.ssh_device)
        self.lab.verb("restart-engine")
        connection, response = self.request(path, "/_ping")
        self.assertEqual(response.read(), b"OK")
        connection.close()
        self.drop(held)


class TestTls(Base):
    """tcp:// with client certificates: the lab's engine behind a TLS server that asks for one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.certs = f"{cls.home.name}/certs"
        os.makedirs(cls.certs)

        def openssl(*words):
            subprocess.run(["openssl", *words], check=True, cwd=cls.certs, stdout=subprocess.DEVNULL,
                           stderr=subprocess.DEVNULL)

        openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "ca-key.pem", "-out", "ca.pem", "-days", "2",
                "-subj", "/CN=ca")
        for name, san in (("server", "IP:127.0.0.1"), ("client", "DNS:client")):
            openssl("req", "-newkey", "rsa:2048", "-nodes", "-keyout", f"{name}-key.pem", "-out", f"{name}.csr",
                    "-subj", f"/CN={name}")
            with open(f"{cls.certs}/san", "w", encoding="utf-8") as file:
                file.write(f"subjectAltName={san}\n")
            openssl("x509", "-req", "-in", f"{name}.csr", "-CA", "ca.pem", "-CAkey", "ca-key.pem", "-CAcreateserial",
                    "-out", f"{name}.pem", "-days", "2", "-extfile", "san")
        os.link(f"{cls.certs}/client.pem", f"{cls.certs}/cert.pem")
        os.link(f"{cls.certs}/client-key.pem", f"{cls.certs}/key.pem")

    def serve(self):
        """A TLS front for the engine's socket; its port."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(f"{self.certs}/server.pem", f"{self.certs}/server-key.pem")
        context.load_verify_locations(f"{self.certs}/ca.pem")
        context.verify_mode = ssl.CERT_REQUIRED
        listener = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(listener.close)
        self.addCleanup(listener.shutdown, socket.SHUT_RDWR)

        def pump(source, target):
            try:
                while data := source.recv(1 << 16):
                    target.sendall(data)
                target.shutdown(socket.SHUT_WR)
            except OSError:
                for sock in (source, target):
                    sock.close()

        def connected(raw):
            try:
                front = context.wrap_socket(raw, server_side=True)
            except OSError:
                return
            back = socket.socket(socket.AF_UNIX)
            back.connect(self.lab.socket)
            threading.Thread(target=pump, args=(front, back), daemon=True).start()
            pump(back, front)

        def accept():
            while True:
                try:
                    raw, _ = listener.accept()
                except OSError:
                    return
                threading.Thread(target=connected, args=(raw,), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        return listener.getsockname()[1]

    def test_works(self):
        code, answer, stages = self.device(f"tcp://127.0.0.1:{self.serve()}", DOCKER_CERT_PATH=self.certs)
        self.assertEqual(code, 0, answer)
        self.assertEqual(stages["tls"]["status"], "ok")
        self.assertIsNone(answer["facts"]["free_disk"])

    def test_wrong_host_name(self):
        code, answer, stages = self.device(f"tcp://localhost:{self.serve()}", DOCKER_CERT_PATH=self.certs)
        self.assertEqual((code, stages["tls"]["error"]), (4, "certificate"), answer)
        self.assertIn("another host name", stages["tls"]["detail"])

    def test_other_authority(self):
        folder = tempfile.mkdtemp(dir=self.home.name)
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "key.pem", "-out", "ca.pem",
                        "-days", "2", "-subj", "/CN=other"], check=True, cwd=folder, stderr=subprocess.DEVNULL)
        os.link(f"{folder}/ca.pem", f"{folder}/cert.pem")
        code, answer, stages = self.device(f"tcp://127.0.0.1:{self.serve()}", DOCKER_CERT_PATH=folder)
        self.assertEqual((code, stages["tls"]["error"]), (4, "certificate"), answer)
        self.assertIn("not signed by", stages["tls"]["detail"])

    def test_no_certificates(self):
        code, answer, stages = self.device("tcp://127.0.0.1:2376", DOCKER_CERT_PATH=f"{self.home.name}/none")
        self.assertEqual((code, stages["tls"]["error"]), (4, "certificate"), answer)

    def test_refused(self):
        code, answer, stages = self.device("tcp://127.0.0.1:9", DOCKER_CERT_PATH=self.certs)
        self.assertEqual((code, stages["tls"]["error"]), (4, "refused"), answer)


if __name__ == "__main__":
    unittest.main()
