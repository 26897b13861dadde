# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab itself: what other tests rely on."""

import http.client
import os
import subprocess
import tempfile
import time
import unittest

from lab import LAB, TINY, Lab, Snapshot, engine_http, make_bystander


class TestLab(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.lab = Lab.shared()

    def run_probe(self, **more):
        """The names under /dev and the driver library that a container sees."""
        words = [word for key, value in more.items() for word in (f"--{key}", value)]
        return self.lab.docker("run", "--rm", "--network", "none", *words, TINY, "sh", "-c",
                               "ls /dev /usr/lib/*-linux-gnu 2>/dev/null; true").stdout.split()

    def test_both_builders(self):
        for builder in (1, 2):
            with self.subTest(builder=builder):
                tag = f"lab-test:{builder}"
                self.lab.build({"Dockerfile": f"FROM {TINY}\nCOPY a /a\nRUN grep bread /a\n", "a": "bread"}, tag=tag, builder=builder)
                self.assertIn(tag, self.lab.docker("images", "--format", "{{.Repository}}:{{.Tag}}").stdout.split())
        self.lab.remove_everything_named("lab-test")

    def test_failed_build_raises(self):
        with self.assertRaisesRegex(AssertionError, "returned a non-zero code: 3"):
            self.lab.build({"Dockerfile": f"FROM {TINY}\nRUN exit 3\n"})

    def test_nvidia_runtime(self):
        self.assertNotIn("libcuda.so.1", self.run_probe())
        self.assertNotIn("libcuda.so.1", self.run_probe(runtime="nvidia"))
        seen = self.run_probe(runtime="nvidia", env="NVIDIA_VISIBLE_DEVICES=all")
        self.assertIn("libcuda.so.1", seen)
        self.assertIn("nvidia0", seen)

    def ssh(self, user, *words, port="2222"):
        return subprocess.run(["ssh", "-o", "BatchMode=yes", "-p", port, f"{user}@{self.lab.address}", *words],
                              env=self.lab.environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                              timeout=30, check=False)

    def test_ssh_users(self):
        self.assertEqual(self.ssh("root", "id -un").stdout, "root\n")
        baker = self.ssh("baker", "docker version -f '{{.Server.Version}}'")
        self.assertEqual(baker.returncode, 0, baker.stderr)
        self.assertNotEqual(self.ssh("guest", "docker version").returncode, 0)
        self.assertIn("Permission denied", self.ssh("nobody", "true").stderr)

    def test_ssh_forwards_the_engine(self):
        for port, works in (("2222", True), ("2223", False)):
            with self.subTest(port=port), tempfile.TemporaryDirectory(dir="/tmp") as folder:
                local = f"{folder}/s"
                with subprocess.Popen(
                        ["ssh", "-N", "-p", port, "-L", f"{local}:/var/run/docker.sock", f"root@{self.lab.address}"],
                        env=self.lab.environment(), stdin=subprocess.DEVNULL, stderr=subprocess.PIPE) as tunnel:
                    answer = None
                    for _ in range(100):
                        if os.path.exists(local):
                            try:
                                answer = engine_http.request(local, "GET", "/_ping")
                            except (OSError, http.client.HTTPException):
                                answer = b"refused"
                            break
                        time.sleep(0.1)
                    tunnel.kill()
                self.assertEqual(answer, b"OK" if works else b"refused")

    def test_registry_wants_credentials(self):
        with tempfile.TemporaryDirectory() as config:
            tag = f"{self.lab.registry_auth}/lab-test:1"
            self.lab.docker("tag", TINY, tag)
            self.assertIn("no basic auth", self.lab.docker("push", tag, check=False, DOCKER_CONFIG=config).stderr)
            self.lab.docker("login", "-u", self.lab.registry_user, "--password-stdin", self.lab.registry_auth,
                            stdin=self.lab.registry_password, DOCKER_CONFIG=config)
            self.lab.docker("push", tag, DOCKER_CONFIG=config)
            self.lab.remove_everything_named(self.lab.registry_auth)

    def test_events(self):
        with self.lab.events(type="container") as events:
            self.lab.docker("run", "--rm", "--network", "none", TINY, "true")
            died = events.wait_for(Action="die")
            began = events.wait_for(Action="start")
        self.assertGreater(died["timeNano"], began["timeNano"])
        self.assertEqual(died["Actor"]["Attributes"]["exitCode"], "0")

    def test_link_and_engine(self):
        self.assertEqual(self.ssh("root", "true").returncode, 0)
        self.lab.verb("link", "down")
        with self.assertRaises(subprocess.TimeoutExpired):
            subprocess.run(["ssh", "-p", "2222", f"root@{self.lab.address}", "true"], env=self.lab.environment(),
                           timeout=2, check=False)
        self.lab.verb("link", "up")
        before = self.lab.engine_pid
        self.lab.verb("restart-engine")
        self.assertNotEqual(self.lab.engine_pid, before)
        self.assertEqual(self.lab.request("GET", "/_ping"), b"OK")


class TestSnapshot(unittest.TestCase):
    def test_names_what_changed(self):
        lab = Lab.shared()
        make_bystander(lab)
        before = lab.snapshot()
        self.assertEqual(before.changes(lab.snapshot()), [])
        self.assertEqual({kind for kind, _ in before.items}, {"image", "container", "volume", "build cache record"})
        lab.request("DELETE", "/containers/bystander-ended")
        lab.request("POST", "/volumes/create", body={"Name": "newcomer"})
        lab.request("POST", "/build/prune", query={"all": 1})
        text = "\n".join(before.changes(lab.snapshot()))
        self.assertRegex(text, r"container \w+ .*bystander-ended.* is gone")
        self.assertRegex(text, r"volume newcomer .* is new")
        self.assertRegex(text, r"build cache record \w+ .* is gone")
        self.assertNotRegex("\n".join(before.changes(lab.snapshot(), ignore=("build cache record",))), "cache record")
        lab.remove_everything_named("bystander")
        lab.remove_everything_named("newcomer")
        self.assertIsInstance(before, Snapshot)


class TestLifeOfALab(unittest.TestCase):
    def test_two_at_once_and_nothing_left(self):
        if os.geteuid() != 0:
            self.skipTest("the lab needs root")

        def traces(lab):
            seen = subprocess.run("ip netns list; ip -o link; mount; ls -d /sys/fs/cgroup/*/bakeoff-lab-* 2>/dev/null",
                                  shell=True, stdout=subprocess.PIPE, text=True, check=False).stdout
            name = lab.netns.rpartition("-")[2]
            return [line for line in seen.splitlines() if name in line or lab.dir in line]

        one, other = Lab(), Lab()
        one.start()
        try:
            with other:
                self.assertNotEqual(one.address, other.address)
                other.docker("run", "-d", "--network", "none", TINY, "sleep", "1000")
                self.assertTrue(traces(other))
                # As after a power cut of its first process.
                os.kill(int(other.pid), 9)
            self.assertEqual(traces(other), [])
            self.assertFalse(os.path.exists(other.dir))
            self.assertEqual(one.request("GET", "/_ping"), b"OK")
        finally:
            one.stop()
        self.assertEqual(traces(one), [])
        self.assertEqual(subprocess.run([LAB, "stop", one.dir], check=False).returncode, 0)


if __name__ == "__main__":
    unittest.main()
