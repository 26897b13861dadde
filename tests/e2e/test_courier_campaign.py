# SPDX-License-Identifier: GPL-3.0-or-later
"""How the courier plays a whole script: stops, order, resuming, an engine that
goes away, a disk that is full. Needs no lab."""

import json
import os
import re
import resource
import signal
import subprocess
import tempfile
import time
import unittest
from urllib.parse import parse_qs, urlsplit

from courier_bench import Campaign, CourierTest, FakeEngine, Script, courier_program, parse_segment


class Stops(CourierTest):
    def two_trials(self, handler):
        """A setup, two chains of two trials each with their clean-up, and a teardown."""
        self.serve(handler)
        script = Script()
        self.watch = script.watch()
        script.chain("setup", "setup")
        self.setup = script.request("POST", "/setup")
        self.builds, self.cleans = [], []
        for name in ("one", "two"):
            script.chain(name)
            for i in (1, 2):
                self.builds.append(script.request("POST", f"/build-{name}-{i}"))
                script.request("GET", f"/inspect-{name}-{i}", "trial-end")
            self.cleans.append(script.request("DELETE", f"/clean-{name}", "always"))
        script.chain("teardown", "teardown")
        self.plain = script.request("POST", "/plain")
        self.teardown = script.request("DELETE", "/teardown", "always")
        self.campaign.write(script)

    def hanging(self, path):
        def handler(request):
            if request.path == path:
                request.begin()
                request.chunk(b"working")
                request.wait_closed(60)
            else:
                request.body()
                request.answer(200)
        return handler

    def test_stop_now(self):
        self.two_trials(self.hanging("/build-one-1"))
        self.campaign.start()
        self.campaign.wait_for_kind("DATA", self.builds[0])
        began = time.monotonic()
        self.campaign.put("command", "stop-now\n")
        self.assertEqual(self.campaign.wait(), 0)
        self.assertLess(time.monotonic() - began, 3)
        self.assertEqual(self.campaign.done(self.builds[0]), "stopped stop-now")
        self.assertEqual(self.engine.paths(), ["POST /setup", "POST /build-one-1", "DELETE /clean-one", "DELETE /teardown"])
        self.assertEqual(self.campaign.skipped(self.builds[1]), "stopping")
        self.assertEqual(self.campaign.skipped(self.plain), "stopping")
        self.assertEqual(self.campaign.ends(), ["stopped"])
        self.assertEqual([m.text for m in self.campaign.messages() if m.kind == "COMMAND"], ["stop-now"])
        self.assertIn("cut stopping", [m.text for m in self.campaign.messages() if m.kind == "CHAIN_END"])

    def test_stop_after_trial(self):
        def handler(request):
            if request.path == "/build-one-1":
                self.campaign.put("command", "stop-after-trial\n")
                time.sleep(0.6)
            request.answer(200)

        self.two_trials(handler)
        self.assertEqual(self.campaign.play(), 0)
        self.assertEqual(self.engine.paths(), ["POST /setup", "POST /build-one-1", "GET /inspect-one-1", "DELETE /clean-one",
                                               "DELETE /teardown"])
        self.assertEqual(self.campaign.ends(), ["stopped"])

    def test_stop_that_comes_when_all_is_done(self):
        def handler(request):
            if request.path == "/teardown":
                self.campaign.put("command", "stop-after-trial\n")
                time.sleep(0.5)
            request.answer(200)

        self.two_trials(handler)
        self.assertEqual(self.campaign.play(), 0)
        self.assertEqual(self.campaign.ends(), ["finished"])

    def test_signal(self):
        for number, name in ((signal.SIGTERM, "TERM"), (signal.SIGINT, "INT")):
            with self.subTest(name=name):
                self.campaign = Campaign()
                self.addCleanup(self.campaign.close)
                self.two_trials(self.hanging("/build-one-1"))
                self.campaign.start()
                self.campaign.wait_for_kind("DATA", self.builds[0])
                self.campaign.process.send_signal(number)
                self.assertEqual(self.campaign.wait(), 128 + number)
                self.assertEqual(self.campaign.done(self.builds[0]), "signal " + name)
                self.assertEqual(self.engine.paths(), ["POST /setup", "POST /build-one-1"])
                self.assertEqual(self.campaign.ends(), ["signal " + name])
                self.assertIn(name, [m.text for m in self.campaign.messages() if m.kind == "SIGNAL"])

    def test_parent_is_gone(self):
        self.two_trials(self.hanging("/build-one-1"))
        theirs, ours = os.pipe()
        self.campaign.start("--parent-fd", str(theirs), pass_fds=[theirs])
        os.close(theirs)
        self.campaign.wait_for_kind("DATA", self.builds[0])
        # It has a session of its own: a key pressed in the terminal does not reach it.
        self.assertEqual(os.getsid(self.campaign.process.pid), self.campaign.process.pid)
        os.close(ours)
        self.assertEqual(self.campaign.wait(), 1)
        self.assertTrue(self.campaign.done(self.builds[0]).startswith("orphaned "))
        self.assertEqual(self.engine.paths(), ["POST /setup", "POST /build-one-1", "DELETE /clean-one", "DELETE /teardown"])
        self.assertEqual(self.campaign.ends(), ["orphaned"])

    def test_clean_up_is_not_stopped(self):
        """Stop-now during a clean-up lets it finish."""
        def handler(request):
            if request.path == "/clean-one":
                self.campaign.put("command", "stop-now\n")
                time.sleep(1)
            request.answer(200)

        self.two_trials(handler)
        self.assertEqual(self.campaign.play(), 0)
        self.assertEqual(self.campaign.done(self.cleans[0]), "ok 200")
        self.assertEqual(self.engine.paths()[-2:], ["DELETE /clean-one", "DELETE /teardown"])


class Order(CourierTest):
    def play(self, names, order, handler=None, extra=()):
        self.serve(handler)
        script = Script()
        script.chain("before", "setup")
        script.request("GET", "/before")
        self.numbers = {}
        for name in names:
            script.chain(name)
            self.numbers[name] = script.request("GET", f"/{name}")
        script.chain("after", "teardown")
        script.request("GET", "/after")
        self.campaign.write(script)
        if order is not None:
            self.campaign.put("order", order)
        self.assertEqual(self.campaign.play(), 0)
        return [p[5:] for p in self.engine.paths()]

    def test_without_order(self):
        self.assertEqual(self.play(["a", "b", "c"], None), ["before", "a", "b", "c", "after"])

    def test_order_and_removal(self):
        self.assertEqual(self.play(["a", "b", "c"], "c\nunknown\na\n"), ["before", "c", "a", "after"])
        self.assertEqual(self.campaign.skipped(self.numbers["b"]), "removed")
        self.assertIn("removed", [m.text for m in self.campaign.messages() if m.kind == "CHAIN_END"])
        self.assertEqual(self.campaign.ends(), ["finished"])

    def test_order_changes_meanwhile(self):
        def handler(request):
            if request.path == "/a":
                self.campaign.put("order", "d\nb\n")
            if request.path == "/d":
                self.campaign.put("order", "c\nb\n")
            request.answer(200)

        self.assertEqual(self.play(["a", "b", "c", "d"], "a\nb\nc\n", handler), ["before", "a", "d", "c", "b", "after"])

    def test_empty_order(self):
        self.assertEqual(self.play(["a", "b"], ""), ["before", "after"])


class Conditions(CourierTest):
    def test_needs_and_unless(self):
        self.serve(lambda r: r.answer(500 if "fail" in r.path else 200))
        script = Script()
        script.chain("a")
        good = script.request("GET", "/good")
        bad = script.request("GET", "/fail")
        numbers = {
            "needs good": script.request("GET", "/1", f"needs {good}"),
            "needs both": script.request("GET", "/2", f"needs {good} {bad}"),
            "unless good": script.request("GET", "/3", f"unless {good}"),
            "unless bad": script.request("GET", "/4", f"unless {good} {bad}"),
        }
        numbers["needs skipped"] = script.request("GET", "/5", f"needs {numbers['needs both']}", "always")
        numbers["unless skipped"] = script.request("GET", "/6", f"unless {numbers['needs both']}")
        self.campaign.write(script)
        self.assertEqual(self.campaign.play(), 0)
        self.assertEqual(self.engine.paths(), ["GET /good", "GET /fail", "GET /1", "GET /3", "GET /6"])
        self.assertEqual(self.campaign.skipped(numbers["needs both"]), f"needs {bad}")
        self.assertEqual(self.campaign.skipped(numbers["unless bad"]), f"unless {bad}")
        self.assertEqual(self.campaign.skipped(numbers["needs skipped"]), f"needs {numbers['needs both']}")


class Resume(CourierTest):
    def three_chains(self, handler):
        self.serve(handler)
        script = Script()
        script.watch()
        self.numbers = {}
        for name in ("a", "b", "c"):
            script.chain(name)
            self.numbers[name] = script.request("POST", f"/{name}", "trial-end")
            self.numbers[name + "2"] = script.request("GET", f"/{name}2", f"needs {self.numbers[name]}")
            self.numbers[name + "-clean"] = script.request("DELETE", f"/{name}-clean", "always")
        self.campaign.write(script)

    def test_killed_and_resumed(self):
        self.hang = True

        def handler(request):
            if request.path == "/b" and self.hang:
                request.begin()
                request.chunk(b"working")
                request.wait_closed(60)
            else:
                request.answer(200)

        self.three_chains(handler)
        self.campaign.start()
        self.campaign.wait_for_kind("DATA", self.numbers["b"])
        self.campaign.process.send_signal(signal.SIGKILL)
        self.campaign.wait()
        before = self.campaign.messages()
        self.hang = False
        self.assertEqual(self.campaign.play(), 0)
        after = self.campaign.messages()
        self.assertEqual([m.payload for m in after[:len(before)]], [m.payload for m in before])
        self.assertEqual(self.engine.paths(), ["POST /a", "GET /a2", "DELETE /a-clean", "POST /b", "DELETE /b-clean",
                                               "POST /c", "GET /c2", "DELETE /c-clean"])
        self.assertEqual(self.campaign.skipped(self.numbers["b2"]), "cut")
        self.assertEqual([m.text for m in after if m.kind == "START"], ["begin", "resume"])
        self.assertEqual([m.text for m in after if m.kind == "CHAIN_END"], ["done", "cut resumed", "done"])
        self.assertEqual(self.campaign.ends(), ["finished"])

    def test_torn_tail(self):
        """Whatever a crash leaves at the end of the last segment, the numbers run on."""
        self.three_chains(lambda r: r.answer(200))
        self.campaign.start()
        self.campaign.wait_for_kind("CHAIN_END")
        self.campaign.process.kill()
        self.campaign.wait()
        path = sorted((self.campaign.folder / "journal").glob("*.bj"))[-1]
        whole = path.read_bytes()
        messages, _ = parse_segment(whole, 1)
        for cut in (1, 20, 47, 49):
            with self.subTest(cut=cut):
                for other in (self.campaign.folder / "journal").glob("*.bj"):
                    other.unlink()
                path.write_bytes(whole[:-cut])
                self.assertEqual(self.campaign.play(), 0)
                self.assertEqual(self.campaign.ends(), ["finished"])
                self.assertEqual(path.read_bytes(), whole[:-cut])

    def test_finished_is_not_played_again(self):
        self.three_chains(lambda r: r.answer(200))
        self.assertEqual(self.campaign.play(), 0)
        paths = self.engine.paths()
        self.assertEqual(self.campaign.play(), 0)
        self.assertEqual(self.engine.paths(), paths)
        self.assertEqual(self.campaign.ends(), ["finished", "finished"])

    def test_damage_in_the_middle_is_refused(self):
        self.three_chains(lambda r: r.answer(200))
        self.assertEqual(self.campaign.play(), 0)
        self.assertEqual(self.campaign.play(), 0)
        first = self.campaign.folder / "journal" / "00000001.bj"
        data = bytearray(first.read_bytes())
        data[len(data) // 2] ^= 1
        first.write_bytes(data)
        self.assertEqual(self.campaign.play(), 3)
        self.assertIn("damaged", self.campaign.stderr)

    def test_two_couriers(self):
        self.three_chains(lambda r: (time.sleep(1), r.answer(200)))
        self.campaign.start()
        self.campaign.wait_for_kind("REQUEST", self.numbers["a"])
        second = subprocess.run([courier_program(), "play", self.campaign.folder, "--socket", self.campaign.socket],
                                capture_output=True, timeout=20)
        self.assertEqual(second.returncode, 4)
        self.assertIn(b"another courier", second.stderr)
        self.campaign.process.kill()

    def test_torn_down_is_not_played_on(self):
        """After a stop with its teardown the trials that were left have nothing to stand on."""
        self.serve(lambda r: r.answer(200))
        script = Script()
        script.chain("a")
        first = script.request("GET", "/a", "trial-end")
        script.chain("b")
        script.request("GET", "/b")
        script.chain("z", "teardown")
        script.request("DELETE", "/z", "always")
        self.campaign.write(script)
        self.campaign.put("order", "a\nb\n")
        self.campaign.put("command", "stop-after-trial\n")
        self.assertEqual(self.campaign.play(), 0)
        self.assertEqual(self.engine.paths(), ["DELETE /z"])
        (self.campaign.folder / "command").unlink()
        self.assertEqual(self.campaign.play(), 0)
        self.assertEqual(self.engine.paths(), ["DELETE /z"])
        self.assertIsNone(self.campaign.done(first))


class Engine(CourierTest):
    def test_engine_away_and_back(self):
        """A lost connection cuts the chain; its clean-up and the next chain wait for the engine."""
        def handler(request):
            if request.path == "/a":
                request.begin()
                request.chunk(b"working")
                self.engine.stop()
                time.sleep(1.5)
                self.engine.start()
            else:
                request.answer(200)

        self.serve(handler)
        script = Script()
        watch = script.watch()
        script.chain("one")
        a = script.request("POST", "/a")
        b = script.request("GET", "/b")
        script.request("DELETE", "/clean", "always")
        script.chain("two")
        script.request("POST", "/c")
        self.campaign.write(script)
        self.assertEqual(self.campaign.play(), 0)
        self.assertTrue(self.campaign.done(a).startswith("lost "))
        self.assertEqual(self.campaign.skipped(b), "cut")
        self.assertEqual(self.engine.paths(), ["POST /a", "DELETE /clean", "POST /c"])
        self.assertEqual([m.text for m in self.campaign.messages() if m.kind == "CHAIN_END"], ["cut engine", "done"])
        # The events are followed again before the next request is made.
        kinds = [(m.kind, m.request) for m in self.campaign.messages() if m.kind in ("REQUEST", "DONE")]
        self.assertEqual(kinds.count(("REQUEST", watch)), 2)
        clean = [r for r in kinds if r[0] == "REQUEST"]
        self.assertEqual(clean[2], ("REQUEST", watch))

    def test_no_engine_at_all(self):
        """A user who has said stop does not wait two minutes for an engine that is not there."""
        script = Script()
        script.chain("a")
        number = script.request("GET", "/a")
        self.campaign.write(script)
        self.campaign.put("command", "stop-after-trial\n")
        began = time.monotonic()
        self.assertEqual(self.campaign.play(timeout=60), 1)
        self.assertLess(time.monotonic() - began, 20)
        self.assertEqual(self.campaign.ends(), ["engine-lost"])
        self.assertEqual(self.campaign.of(number), [])

    def test_long_socket_path(self):
        folder = tempfile.mkdtemp(prefix="bakeoff-courier.")
        self.addCleanup(lambda: subprocess.run(["rm", "-r", folder], check=True))
        deep = os.path.join(folder, "x" * 100, "y" * 100)
        os.makedirs(deep)
        short = self.campaign.socket
        self.serve()
        os.rename(short, os.path.join(deep, "docker.sock"))
        script = Script()
        script.chain("a")
        number = script.request("GET", "/a")
        self.campaign.write(script)
        self.assertEqual(self.campaign.play(socket_path=os.path.join(deep, "docker.sock")), 0)
        self.assertEqual(self.campaign.done(number), "ok 200")


class Settle(CourierTest):
    def play_settle(self, answer, then=None, needle="137", limit=2_500_000):
        def handler(request):
            if request.path == "/build":
                request.begin()
                request.chunk(b"x" * 10_000 + answer)
                request.finish()
                if then:
                    then()
            else:
                request.answer(200)

        self.serve(handler)
        script = Script()
        script.watch()
        script.chain("a")
        build = script.request("POST", "/build")
        self.settle = script.item("settle", f"of {build}", f"limit {limit}", f"needle {needle}", "needle context canceled")
        self.after = script.request("GET", "/after")
        script.request("DELETE", "/clean", "always")
        self.campaign.write(script)
        began = time.monotonic()
        self.assertEqual(self.campaign.play(), 0)
        self.took = time.monotonic() - began
        return [m.text for m in self.campaign.of(self.settle, "NOTE")]

    def test_quiet(self):
        self.assertEqual(self.play_settle(b'{"errorDetail":{"code":1}}'), ["settle quiet"])
        self.assertLess(self.took, 2)
        self.assertEqual(self.engine.paths(), ["POST /build", "GET /after", "DELETE /clean"])

    def test_held(self):
        self.assertEqual(self.play_settle(b'{"errorDetail":{"code":137}}'), ["settle held"])
        self.assertGreater(self.took, 2.4)
        self.assertEqual(self.campaign.done(self.settle), "ok held")
        self.assertEqual(self.engine.paths(), ["POST /build", "GET /after", "DELETE /clean"])

    def test_ended(self):
        def then():
            time.sleep(0.7)
            self.engine.stop()
            time.sleep(1)
            self.engine.start()

        self.assertEqual(self.play_settle(b'{"error":"context canceled"}', then, limit=10_000_000), ["settle ended"])
        self.assertLess(self.took, 8)
        self.assertTrue(self.campaign.done(self.settle).startswith("lost "))
        self.assertEqual(self.campaign.skipped(self.after), "cut")
        self.assertEqual(self.engine.paths(), ["POST /build", "DELETE /clean"])

    def test_needle_further_up_does_not_count(self):
        self.assertEqual(self.play_settle(b"137" + b"y" * 5000), ["settle quiet"])


class Sweep(CourierTest):
    """An engine with build cache records, each in use by those made from it."""

    def play_sweep(self, events=(), watch=True, prune=True):
        self.records = {"old1": None, "old2": "old1"}
        self.pruned = []

        def handler(request):
            if request.path.startswith("/df"):
                records = [{"ID": i, "Parent": p or "", "InUse": False} for i, p in self.records.items()]
                request.answer(200, json.dumps({"Images": [{"ID": "sha256:1", "Labels": {"BuildCache": "x"}}],
                                                "BuildCache": records}).encode())
            elif request.path.startswith("/build/prune"):
                query = parse_qs(urlsplit(request.path).query)
                (pattern,) = json.loads(query["filters"][0])["id"]
                self.assertLess(len(request.path), 8192)
                self.assertEqual(query["all"], ["1"])
                parents = set(self.records.values())
                gone = [i for i in self.records if re.search(pattern, i) and i not in parents] if prune else []
                for i in gone:
                    del self.records[i]
                self.pruned += gone
                request.answer(200, b"{}")
            elif request.path == "/build":
                self.records.update({"new1": "old2", "new2": "new1", "new3": "new2"})
                self.records.update({f"leaf{i:020}": "old1" for i in range(500)})
                for event in events:
                    self.engine.emit(json.dumps(event))
                time.sleep(0.1)
                request.answer(200)
            else:
                request.answer(200)

        self.serve(handler)
        script = Script()
        if watch:
            script.watch()
        script.chain("a")
        listed = script.item("sweep-list", "path /df")
        script.request("POST", "/build")
        number = script.item("sweep-prune", f"of {listed}", "path /df", "prune-path /build/prune?all=1", "always")
        self.campaign.write(script)
        self.assertEqual(self.campaign.play(), 0)
        self.assertEqual(self.campaign.done(number), "ok 200")
        return self.campaign.of(number, "NOTE")[-1].text

    def tag(self, name):
        return {"Type": "image", "Action": "tag", "Actor": {"ID": "sha256:2", "Attributes": {"name": name}}, "timeNano": 1}

    def test_new_records_go(self):
        note = self.play_sweep([self.tag("bakeoff-x:latest"), {"Type": "container", "Action": "start"}])
        self.assertEqual(note, "sweep 503 0 done")
        self.assertEqual(self.records, {"old1": None, "old2": "old1"})
        self.assertGreaterEqual(sum("/build/prune" in p for p in self.engine.paths()), 3)

    def test_somebody_else_builds(self):
        note = self.play_sweep([self.tag("bakeoff-x:latest"), self.tag("their/app:1")])
        self.assertEqual(note, "sweep 0 503 foreign their/app:1")
        self.assertEqual(self.pruned, [])

    def test_nobody_watches(self):
        self.assertEqual(self.play_sweep(watch=False), "sweep 0 503 unwatched")

    def test_records_that_stay(self):
        self.assertEqual(self.play_sweep(prune=False), "sweep 0 503 in-use")


class Disk(CourierTest):
    def flood(self, request):
        if request.path == "/build":
            request.begin()
            try:
                for _ in range(3000):
                    request.chunk(b"z" * 8000)
            except OSError:
                pass
            self.closed = request.wait_closed()
        else:
            request.answer(200, b"y" * 20_000)

    def write(self, campaign):
        script = Script()
        script.chain("a")
        self.build = script.request("POST", "/build")
        script.request("GET", "/after")
        self.clean = script.request("DELETE", "/clean", "always")
        campaign.write(script)

    def check(self):
        self.assertEqual(self.campaign.wait(), 1)
        self.assertTrue(self.campaign.done(self.build).startswith("disk "), self.campaign.done(self.build))
        self.assertEqual(self.campaign.done(self.clean), "ok 200")
        self.assertEqual(self.engine.paths(), ["POST /build", "DELETE /clean"])
        self.assertEqual(self.campaign.ends(), ["disk-full"])
        self.assertTrue(self.closed)

    def test_limit_on_files(self):
        self.serve(self.flood)
        self.write(self.campaign)
        limit = 1_000_000
        self.campaign.start(preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)))
        self.check()

    @unittest.skipUnless(os.geteuid() == 0, "a small file system needs root")
    def test_full_disk(self):
        mount = tempfile.mkdtemp(prefix="bakeoff-courier.")
        self.addCleanup(os.rmdir, mount)
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", mount], check=True)
        self.addCleanup(subprocess.run, ["umount", mount], check=True)
        self.campaign = Campaign(mount)
        self.addCleanup(self.campaign.close)
        self.serve(self.flood)
        self.write(self.campaign)
        self.campaign.start()
        self.check()
        self.assertEqual(list((self.campaign.folder / "journal").glob("reserve")), [])


class Scripts(CourierTest):
    def test_bad_scripts(self):
        good = "bakeoff-script 1\ncampaign c\nchain a trials\nitem 1\nkind request\nmethod GET\npath /x\nend\n"
        for text, words in [
            ("", "line 0: the script is empty"),
            ("bakeoff-script 2\n", "line 1: “bakeoff-script 1” was expected"),
            ("bakeoff-script 1\nchain a trials\n", "line 2: the script names no campaign"),
            (good.replace("kind request", "kind thing"), "line 5: this kind of item is not known"),
            (good.replace("end\n", ""), "line 7: the last item has no end"),
            (good.replace("method GET\n", ""), "line 7: the request has no method"),
            (good.replace("/x", "x"), "line 7: a path begins with / and holds neither blanks nor what must be encoded"),
            (good.replace("/x", "/x y"), "line 7: a path begins with / and holds neither blanks nor what must be encoded"),
            (good.replace("end\n", "needs 1\nend\n"), "line 8: that is no number of an item before this one"),
            (good.replace("end\n", "header Content-Length: 5\nend\n"), "line 8: this header is not possible"),
            (good.replace("end\n", "body-literal 99\nabc\nend\n"), "line 8: the bytes are not followed by a line end"),
            (good.replace("end\n", "body-recipe ../../x\nend\n"),
             "line 8: a recipe's name of 64 hexadecimal digits was expected"),
            (good + "chain a trials\n", "line 9: a second chain with this id"),
            (good + "item 1\n", "line 9: a number greater than 1 was expected"),
            (good[:-1], "line 8: the line has no end"),
            (good.replace("GET", "GET\0"), "line 6: a control character in the line"),
        ]:
            with self.subTest(text=text):
                campaign = Campaign()
                self.addCleanup(campaign.close)
                campaign.write(text.encode())
                self.assertEqual(campaign.play(), 3)
                self.assertEqual(campaign.ends(), ["bad-script " + words])

    def test_no_script(self):
        self.assertEqual(self.campaign.play(), 3)
        self.assertEqual(self.campaign.ends(), ["bad-script script: No such file or directory"])

    def test_another_campaign(self):
        self.serve()
        script = Script("one")
        script.chain("a")
        script.request("GET", "/a")
        self.campaign.write(script)
        self.assertEqual(self.campaign.play(), 0)
        self.campaign.write(script.bytes.replace(b"campaign one", b"campaign two"))
        self.assertEqual(self.campaign.play(), 3)
        self.assertIn("another campaign", self.campaign.stderr)

    def test_command_line(self):
        def run(*args):
            return subprocess.run([courier_program(), *args], capture_output=True, text=True, timeout=20)

        self.assertEqual(run("--version").returncode, 0)
        self.assertIn("Usage:", run("--help").stdout)
        for args in ([], ["sing"], ["play"], ["play", str(self.campaign.folder)], ["play", "--socket"],
                     ["play", str(self.campaign.folder), "--socket", "s", "--place", "moon"],
                     ["play", str(self.campaign.folder), "--socket", "s", "--parent-fd", "999"]):
            self.assertEqual(run(*args).returncode, 2, args)
        self.assertEqual(run("play", "/nonexistent", "--socket", "s").returncode, 3)


if __name__ == "__main__":
    unittest.main()
