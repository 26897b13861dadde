# SPDX-License-Identifier: GPL-3.0-or-later
"""How the courier speaks HTTP, against an engine that is scripted to misbehave.
Needs neither root nor a lab: these faults cannot be had from a real engine at will."""

import json
import os
import time
import unittest

from courier_bench import Campaign, CourierTest, FakeEngine, Script


class WaitEmpty(CourierTest):
    """wait-empty: a list is asked for until it is empty."""

    def wait(self, *answers, limit=5_000_000):
        """Plays one, answered by these in turn and by the last one on; returns its DONE and how often it asked."""
        self.n_asked = 0

        def handler(request):
            request.answer(*answers[min(self.n_asked, len(answers) - 1)])
            self.n_asked += 1

        self.serve(handler)
        script = Script()
        script.chain("a")
        number = script.item("wait-empty", "path /v1.41/containers/json", f"limit {limit}")
        self.campaign.write(script)
        self.assertEqual(self.campaign.play(), 0)
        return self.campaign.done(number), self.n_asked

    def test_empty_at_once(self):
        self.assertEqual(self.wait((200, b"[]\n")), ("ok 200", 1))

    def test_empty_in_the_end(self):
        self.assertEqual(self.wait((200, b'[{"Id":"1"}]'), (200, b'[{"Id":"1"}]'), (200, b"[ ]")), ("ok 200", 3))

    def test_never_empty(self):
        done, asked = self.wait((200, b'[{"Id":"' + b"1" * 10_000 + b'"}]'), limit=700_000)
        self.assertEqual(done, "limit not empty")
        self.assertGreater(asked, 1)

    def test_no_list(self):
        self.assertEqual(self.wait((500, b'{"message":"no"}')), ("status 500", 1))


class Answers(CourierTest):
    def test_whole_answers(self):
        self.assertEqual(self.play_one(lambda r: r.answer(200, b"hello"), method="GET"), "ok 200")
        self.assertEqual(self.status, 0)
        self.assertEqual(self.campaign.data(self.number), b"hello")
        self.assertEqual(self.campaign.ends(), ["finished"])

    def test_other_status(self):
        self.assertEqual(self.play_one(lambda r: r.answer(404, b'{"message":"no such image"}')), "status 404")
        self.assertEqual(self.campaign.data(self.number), b'{"message":"no such image"}')
        self.assertEqual(self.status, 0)

    def test_expected_status(self):
        self.assertEqual(self.play_one(lambda r: r.answer(404), "expect 200 404"), "ok 404")

    def test_status_that_is_not_expected(self):
        self.assertEqual(self.play_one(lambda r: r.answer(204), "expect 200 404"), "status 204")

    def test_end_between_chunks_is_lost(self):
        def handler(request):
            request.begin()
            for i in range(3):
                request.chunk(b'{"stream":"Step %d/4"}\r\n' % i)

        self.assertEqual(self.play_one(handler), "lost the connection ended before the last chunk")
        self.assertIn(b"Step 2/4", self.campaign.data(self.number))

    def test_end_inside_a_chunk_is_lost(self):
        def handler(request):
            request.begin()
            request.send(b"ff\r\nbegin of it")

        self.assertEqual(self.play_one(handler), "lost the connection ended inside a chunk")
        self.assertEqual(self.campaign.data(self.number), b"begin of it")

    def test_end_inside_the_last_chunk_is_lost(self):
        def handler(request):
            request.begin()
            request.chunk(b"all of it")
            request.send(b"0\r\n")

        self.assertEqual(self.play_one(handler), "lost the connection ended before the last chunk")

    def test_short_answer_is_lost(self):
        self.assertEqual(self.play_one(lambda r: r.send(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n1234")),
                         "lost the connection ended 6 bytes before the end of the answer")

    def test_answer_without_length_is_lost(self):
        self.assertTrue(self.play_one(lambda r: r.send(b"HTTP/1.1 200 OK\r\n\r\n1234")).startswith("lost "))
        self.assertEqual(self.campaign.data(self.number), b"1234")

    def test_no_answer_is_lost(self):
        self.assertEqual(self.play_one(lambda r: None), "lost the connection ended before an answer")

    def test_end_inside_headers_is_lost(self):
        self.assertEqual(self.play_one(lambda r: r.send(b"HTTP/1.1 200 OK\r\nContent-")),
                         "lost the connection ended inside the headers")

    def test_bytes_one_by_one(self):
        text = (b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX-A: b\r\n\r\n"
                b"5\r\nhello\r\n1;name=value\r\n \r\nA\r\n0123456789\r\n0\r\nTrailer: x\r\n\r\n")

        def handler(request):
            for i in range(len(text)):
                request.send(text[i:i + 1])
                time.sleep(0.001)

        self.assertEqual(self.play_one(handler), "ok 200")
        self.assertEqual(self.campaign.data(self.number), b"hello 0123456789")
        head = self.campaign.of(self.number, "HEAD")[0].payload
        self.assertEqual(head, b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX-A: b\r\n\r\n")

    def test_long_lines_and_odd_bytes(self):
        body = b'{"stream":"' + b"x" * 100_000 + b'\\u001b[91m"}\r\n' + bytes(range(256)) * 100 + b"no line end"

        def handler(request):
            request.begin()
            for at in range(0, len(body), 30_011):
                request.chunk(body[at:at + 30_011])
            request.finish()

        self.assertEqual(self.play_one(handler), "ok 200")
        self.assertEqual(self.campaign.data(self.number), body)
        self.assertLessEqual(max(len(m.payload) for m in self.campaign.messages()), 65536)

    def test_huge_headers_are_refused(self):
        def handler(request):
            try:
                request.send(b"HTTP/1.1 200 OK\r\n")
                for i in range(2000):
                    request.send(b"X-Header-%d: %s\r\n" % (i, b"v" * 100))
            except OSError:
                pass

        self.assertEqual(self.play_one(handler), "overflow the headers are too large")

    def test_broken_framing(self):
        for text, words in [
            (b"SSH-2.0-OpenSSH_9.2\r\n\r\n", "the answer does not begin with an HTTP status"),
            (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n", "the Transfer-Encoding is not known"),
            (b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", "the Content-Length is not possible"),
            (b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", "the Content-Length is not possible"),
            (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n",
             "the answer has both a length and chunks"),
            (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n", "the size of a chunk is broken"),
            (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n", "the size of a chunk is broken"),
            (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nabcdef", "a chunk is longer than its size"),
            (b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: tcp\r\n\r\n",
             "the connection was switched to another protocol"),
        ]:
            with self.subTest(text=text):
                campaign = Campaign()
                self.addCleanup(campaign.close)
                engine = FakeEngine(campaign.socket, lambda r, text=text: r.send(text))
                script = Script()
                script.chain("a")
                number = script.request("GET", "/x")
                campaign.write(script)
                self.assertEqual(campaign.play(), 0)
                self.assertEqual(campaign.done(number), "overflow " + words)
                engine.stop()

    def test_head_has_no_body(self):
        self.assertEqual(self.play_one(lambda r: r.send(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n"), method="HEAD"),
                         "ok 200")

    def test_silence_is_no_error(self):
        def handler(request):
            request.begin()
            request.chunk(b"before")
            time.sleep(6)
            request.chunk(b"after")
            request.finish()

        self.assertEqual(self.play_one(handler), "ok 200")
        self.assertEqual(self.campaign.data(self.number), b"beforeafter")
        first, second = self.campaign.of(self.number, "DATA")
        self.assertGreater(second.boot_us - first.boot_us, 5_500_000)
        self.assertAlmostEqual((second.wall_us - first.wall_us) / 1e6, (second.boot_us - first.boot_us) / 1e6, delta=2)

    def test_time_limit(self):
        def handler(request):
            request.begin()
            request.chunk(b"x")
            self.closed = request.wait_closed()

        began = time.monotonic()
        self.assertEqual(self.play_one(handler, "limit 600000"), "limit 600000")
        self.assertLess(time.monotonic() - began, 5)
        self.assertTrue(self.closed)
        self.assertEqual(self.status, 0)

    def test_data_are_seen_at_once(self):
        """What the engine says is in the journal within milliseconds, while it builds on."""
        def handler(request):
            request.body()
            request.begin()
            for i in range(5):
                request.chunk(b"%d" % i)
                self.sent.append(time.monotonic())
                self.campaign.wait_for(lambda all_: b"%d" % i in b"".join(m.payload for m in all_ if m.kind == "DATA"), 2)
                self.seen.append(time.monotonic())
            request.finish()

        self.sent, self.seen = [], []
        self.assertEqual(self.play_one(handler), "ok 200")
        self.assertLess(min(b - a for a, b in zip(self.sent, self.seen)), 0.25)

    def test_engine_is_drained(self):
        """14 MB as fast as they come; an engine stands still when nobody reads."""
        line = b'{"stream":"' + b"y" * 1000 + b'"}\r\n'

        def handler(request):
            request.begin()
            began = time.monotonic()
            for _ in range(14_000):
                request.chunk(line)
            request.finish()
            self.took = time.monotonic() - began

        self.assertEqual(self.play_one(handler), "ok 200")
        self.assertEqual(len(self.campaign.data(self.number)), 14_000 * len(line))
        self.assertGreater(len(list((self.campaign.folder / "journal").glob("*.bj"))), 3)
        self.assertLess(self.took, 20)


class Bodies(CourierTest):
    def test_literals_and_recipes(self):
        big = os.urandom(3_000_000)
        small = b"small file\n"
        first = self.campaign.add_recipe(b"head", (self.campaign.add_file(big), len(big)), b"\n\n",
                                         (self.campaign.add_file(small), len(small)), b"tail")
        second = self.campaign.add_recipe(b"again")
        whole = b"begin" + b"head" + big + b"\n\n" + small + b"tail" + b"again" + b"literal 3\nend"

        def handler(request):
            self.body = request.body()
            request.answer(200)

        self.serve(handler)
        script = Script()
        script.chain("a")
        script.number += 1
        script.line("item 1").line("kind request").line("method POST").line("path /build")
        script.parts.append(b"body-literal 5\nbegin\n")
        script.line(f"body-recipe {first}").line(f"body-recipe {second}")
        script.parts.append(b"body-literal 13\nliteral 3\nend\n")
        script.line("end")
        self.campaign.write(script)
        self.assertEqual(self.campaign.play(), 0)
        self.assertEqual(self.campaign.done(1), "ok 200")
        self.assertTrue(self.body == whole)
        self.assertEqual(self.campaign.of(1, "SENT")[0].text, str(len(whole)))

    def test_many_small_files(self):
        contents = [b"%d\n" % i * (i % 50 + 1) for i in range(3000)]
        pieces = []
        for content in contents:
            pieces += [b"header", (self.campaign.add_file(content), len(content))]
        recipe = self.campaign.add_recipe(*pieces)

        def handler(request):
            self.body = request.body()
            request.answer(200)

        self.assertEqual(self.play_one(handler, recipe=recipe), "ok 200")
        self.assertTrue(self.body == b"".join(b"header" + c for c in contents))

    def test_empty_bodies(self):
        self.assertEqual(self.play_one(lambda r: r.answer(200), literal=b""), "ok 200")
        self.assertEqual(self.engine.requests[-1].headers["content-length"], "0")

    def test_post_without_body_has_a_length(self):
        self.assertEqual(self.play_one(lambda r: r.answer(200), "header X-Registry-Auth: e30="), "ok 200")
        headers = self.engine.requests[-1].headers
        self.assertEqual(headers["content-length"], "0")
        self.assertEqual(headers["x-registry-auth"], "e30=")
        # With "close" an engine does not notice when a build is given up.
        self.assertNotIn("connection", headers)

    def check_broken_body(self, recipe, words):
        def handler(request):
            request.body()
            self.closed = request.wait_closed()

        done = self.play_one(handler, recipe=recipe)
        self.assertTrue(done.startswith("body ") and words in done, done)
        self.assertEqual(self.status, 0)
        self.assertEqual(self.campaign.of(self.number, "SENT"), [])

    def test_file_is_missing(self):
        self.check_broken_body(self.campaign.add_recipe(b"x" * 1000, ("ab" * 32, 5)), "No such file")

    def test_file_is_shorter(self):
        self.check_broken_body(self.campaign.add_recipe((self.campaign.add_file(b"12345"), 6)),
                               "it has 5 bytes, the recipe says 6")

    def test_file_is_longer(self):
        self.check_broken_body(self.campaign.add_recipe((self.campaign.add_file(b"12345"), 4)),
                               "it has 5 bytes, the recipe says 4")

    def test_file_shrinks_while_it_is_sent(self):
        content = b"z" * 20_000_000
        name = self.campaign.add_file(content)
        path = self.campaign.files / name[:2] / name

        def handler(request):
            request.connection.recv(100_000)
            os.truncate(path, 5_000_000)
            while request.connection.recv(1 << 20):
                pass

        done = self.play_one(handler, recipe=self.campaign.add_recipe((name, len(content))))
        self.assertEqual(done, f"body file {name}: it became shorter while it was sent")

    def test_recipe_is_missing(self):
        self.check_broken_body("cd" * 32, "No such file")

    def test_recipe_is_broken(self):
        for text, words in [
            (b"", "it is cut off"),
            (b"bakeoff-recipe 2\n", "no recipe of a known version"),
            (b"bakeoff-recipe 1\nlength 05\n", "its length is not possible"),
            (b"bakeoff-recipe 1\nlength 5\nliteral 5\n12345\n", "it is cut off"),
            (b"bakeoff-recipe 1\nlength 5\nliteral 5\n123456\nend\n", "a literal is longer than its length"),
            (b"bakeoff-recipe 1\nlength 5\nliteral 6\n123456\nend\n", "the length of a literal is not possible"),
            (b"bakeoff-recipe 1\nlength 7\nliteral 6\n123456\nend\n", "its pieces are shorter than its length"),
            (b"bakeoff-recipe 1\nlength 5\nliteral 5\n12345\nend\nmore", "something follows its end"),
            (b"bakeoff-recipe 1\nlength 5\nfile ../../../etc/passwd" + b"0" * 45 + b" 5\nend\n", "is not possible"),
            (b"bakeoff-recipe 1\nlength 5\nwhat 5\n", "a line is not known"),
            (b"bakeoff-recipe 1\nlength 5\n" + b"x" * 200 + b"\n", "a line is too long"),
        ]:
            with self.subTest(text=text):
                campaign = Campaign()
                self.addCleanup(campaign.close)
                campaign.files.mkdir()
                engine = FakeEngine(campaign.socket, lambda r: r.body())
                script = Script()
                script.chain("a")
                number = script.request("POST", "/build", recipe=campaign.add_recipe_text(text))
                campaign.write(script)
                self.assertEqual(campaign.play(), 0)
                self.assertIn(words, campaign.done(number))
                self.assertTrue(campaign.done(number).startswith("body recipe "))
                engine.stop()

    def test_refused_while_the_upload_runs(self):
        """An engine that answers in the middle of an upload is heard, and the upload given up."""
        big = self.campaign.add_file(b"\0" * 50_000_000)
        message = b'{"message":"no space left on device"}'

        def handler(request):
            request.connection.recv(1_000_000)
            request.answer(500, message)
            # Closed with bytes unread: the courier's next write fails.

        done = self.play_one(handler, recipe=self.campaign.add_recipe((big, 50_000_000)))
        self.assertEqual(done, "status 500")
        self.assertEqual(self.campaign.data(self.number), message)
        self.assertEqual(self.campaign.of(self.number, "SENT"), [])

    def test_refused_before_the_body(self):
        big = self.campaign.add_file(b"\0" * 5_000_000)

        def handler(request):
            request.answer(400, b'{"message":"bad parameter"}')
            time.sleep(0.3)

        self.assertEqual(self.play_one(handler, recipe=self.campaign.add_recipe((big, 5_000_000))), "status 400")
        self.assertEqual(self.campaign.data(self.number), b'{"message":"bad parameter"}')

    def test_closed_while_the_upload_runs(self):
        big = self.campaign.add_file(b"\0" * 50_000_000)
        done = self.play_one(lambda r: r.connection.recv(1_000_000), recipe=self.campaign.add_recipe((big, 50_000_000)))
        self.assertTrue(done.startswith("lost "), done)

    def test_answer_while_the_upload_runs(self):
        """An engine may talk before it has read everything; both go on."""
        def handler(request):
            request.begin()
            request.chunk(b"early")
            self.body = request.body()
            request.chunk(b"late")
            request.finish()

        big = os.urandom(8_000_000)
        name = self.campaign.add_file(big)
        self.assertEqual(self.play_one(handler, recipe=self.campaign.add_recipe((name, len(big)))), "ok 200")
        self.assertTrue(self.body == big)
        self.assertEqual(self.campaign.data(self.number), b"earlylate")

    def test_slow_engine(self):
        """Does not use processor time while the engine does not read."""
        big = self.campaign.add_file(b"\0" * 10_000_000)

        def handler(request):
            time.sleep(2)
            with open(f"/proc/{self.campaign.process.pid}/stat", encoding="utf-8") as file:
                stat = file.read().rsplit(") ", 1)[1].split()
            self.ticks = int(stat[11]) + int(stat[12])
            request.body()
            request.answer(200)

        self.assertEqual(self.play_one(handler, recipe=self.campaign.add_recipe((big, 10_000_000))), "ok 200")
        self.assertLess(self.ticks / os.sysconf("SC_CLK_TCK"), 0.5)


class Secrets(CourierTest):
    def test_secret_goes_out_and_does_not_come_back(self):
        secret = 'pa"ss<word>\\1'
        escaped = json.dumps(secret)[1:-1]
        as_go = escaped.replace("<", "\\u003c").replace(">", "\\u003e")

        def handler(request):
            self.body = request.body()
            request.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX-Echo: " + secret.encode() + b"\r\n\r\n")
            for text in ("begin " + secret + " plain ", as_go + " go ", escaped + " json ", "pa", '"ss<wor', "d>\\1 cut ",
                         'pa"ss no'):
                request.chunk(text.encode())
                time.sleep(0.05)
            request.chunk(b'pa"')
            request.finish()

        self.serve(handler)
        script = Script()
        script.line("secret BO_TOKEN").chain("a")
        number = script.request("POST", "/x", literal=b'{"Env":["T=${bakeoff-secret:BO_TOKEN}","${bakeoff-secret:OTHER}"]}')
        self.campaign.write(script)
        self.assertEqual(self.campaign.play(environ={"BO_TOKEN": secret}), 0)
        self.assertEqual(json.loads(self.body)["Env"], ["T=" + secret, "${bakeoff-secret:OTHER}"])
        data = self.campaign.data(number).decode()
        everything = b"".join(p.read_bytes() for p in (self.campaign.folder / "journal").glob("*.bj"))
        for form in (secret, escaped, as_go):
            self.assertNotIn(form.encode(), everything)
        # The mask is as long as what it hides.
        mask = lambda n: ("[secret BO_TOKEN]" + "*" * n)[:n] if n >= 17 else "*" * n
        self.assertEqual(data, "begin " + mask(len(secret)) + " plain " + mask(len(as_go)) + " go " + mask(len(escaped))
                         + " json " + mask(len(secret)) + ' cut pa"ss nopa"')

    def test_secret_that_is_not_set(self):
        self.serve()
        script = Script()
        script.line("secret BO_NOT_SET_HERE").chain("a")
        script.request("GET", "/x")
        self.campaign.write(script)
        self.assertEqual(self.campaign.play(), 3)
        self.assertEqual(self.campaign.ends(), ["bad-script the secret BO_NOT_SET_HERE is not set"])
        self.assertEqual(self.engine.requests, [])


if __name__ == "__main__":
    unittest.main()
