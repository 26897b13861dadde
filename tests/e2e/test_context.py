# SPDX-License-Identifier: GPL-3.0-or-later
"""What is sent: compared with what the docker command line sends, file by file."""

import base64
import contextlib
import hashlib
import io
import json
import os
import random
import shutil
import socket
import subprocess
import tarfile
import tempfile
import unittest

from fake_engine import FakeEngine
from lab import TINY, Lab, build_dir

# Each docker command line on this machine, and the rule that it follows.
DOCKERS = []
for _path in ("/usr/bin/docker", "/usr/local/bin/docker"):
    if os.access(_path, os.X_OK):
        _version = subprocess.run([_path, "--version"], stdout=subprocess.PIPE, text=True, check=False).stdout
        if _version.startswith("Docker version "):
            DOCKERS.append((_path, "20.10" if int(_version.split()[2].split(".")[0]) < 22 else "current"))

KINDS = {tarfile.REGTYPE: "file", tarfile.DIRTYPE: "dir", tarfile.SYMTYPE: "symlink", tarfile.LNKTYPE: "hardlink",
         tarfile.FIFOTYPE: "fifo", tarfile.CHRTYPE: "char-device", tarfile.BLKTYPE: "block-device"}
CASES = int(os.environ.get("BAKEOFF_CONTEXT_CASES", "260"))


def cli(*words, cwd=None, preexec_fn=None, **environment):
    return subprocess.run([os.path.join(build_dir(), "src", "cli", "bakeoff-cli"), *words], cwd=cwd, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=120, check=False, preexec_fn=preexec_fn,
                          env=dict(os.environ, LC_ALL="C.UTF-8", **environment))


def raw_path(item, key="path"):
    """The path as the file system has it, with bytes that are not UTF-8."""
    if f"{key}_base64" in item:
        return os.fsdecode(base64.b64decode(item[f"{key}_base64"]))
    return item[key]


def preview(folder, *words, **more):
    done = cli("context", folder, "--json", *words, **more)
    if done.returncode not in (0, 1):
        return None, done.stderr.decode()
    return json.loads(done.stdout), ""


def members(data):
    """path -> (kind, size, mode, owner, link, hash of the content) of a tar."""
    found = {}
    with tarfile.open(fileobj=io.BytesIO(data), errors="surrogateescape") as tar:
        for item in tar:
            content = hashlib.sha256(tar.extractfile(item).read()).hexdigest() if item.isreg() else ""
            found[item.name.rstrip("/")] = (KINDS[item.type], item.size, item.mode & 0o7777, (item.uid, item.gid),
                                            item.linkname if item.islnk() or item.issym() else "", content)
    return found


def write(path, content=b"", mode=0o644):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(content if isinstance(content, bytes) else os.fsencode(content))
    os.chmod(path, mode)


class Folder(unittest.TestCase):
    """A test with a folder of its own and a fake engine."""

    def setUp(self):
        self.stack = contextlib.ExitStack()
        self.addCleanup(self.stack.close)
        self.top = self.stack.enter_context(tempfile.TemporaryDirectory(prefix="bakeoff-context.", dir="/tmp"))
        self.engine = self.stack.enter_context(FakeEngine(self.top))
        self.context = os.path.join(self.top, "context")
        os.mkdir(self.context)

    def put(self, path, content=b"", mode=0o644):
        write(os.path.join(self.context, path), content, mode)

    def compare(self, *docker_words, words=(), dockers=None):
        """Compares the file set with each docker's; what docker refuses must be refused. Returns the last preview."""
        last = None
        for docker, rule in dockers or DOCKERS:
            body, text = self.engine.sent(docker, self.context, *docker_words)
            ours, error = preview(self.context, "--rule", rule, *words)
            if body is None:
                self.assertTrue(ours is None or ours["problems"], f"{docker} refuses ({text}), we do not")
                continue
            self.assertIsNotNone(ours, f"{docker} sends it, we say: {error}")
            sent = {path: (value[0], value[1]) for path, value in members(body).items()}
            for item in ours["build_files"]:
                self.assertIsNotNone(sent.pop(raw_path(item), None), f"{docker} does not send {item['path']}")
            here = {raw_path(item): (item["type"], item["size"]) for item in ours["entries"]}
            self.assertEqual(here, sent, f"{docker}, rule {rule}")
            last = ours
        return last


NAMES = ["a", "b", "src", "util", "x.c", "x.h", "y.c", "main.py", "data", "data.bin", ".git", ".env", "build", "node_modules",
         "README.md", "Dockerfile", "a b", "é.txt", "c++", "f(1)", "x.pyc", "foo", "foo.bar", "[z]", "docker", "dist", "#x", "!y"]


class Generator:
    """Trees and ignore files from a seed, biased towards what collides."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.paths = []

    def tree(self, folder, depth=0, prefix=""):
        for name in self.random.sample(NAMES, self.random.randint(2, 7 if depth < 2 else 3)):
            path = f"{prefix}{name}"
            self.paths.append(path)
            if depth < 4 and self.random.random() < 0.5 and name not in ("Dockerfile", ".env"):
                os.mkdir(os.path.join(folder, path))
                self.tree(folder, depth + 1, f"{path}/")
            elif self.random.random() < 0.06 and name != "Dockerfile":
                os.symlink(self.random.choice(self.paths + ["nowhere", "/etc"]), os.path.join(folder, path))
            else:
                write(os.path.join(folder, path), b"x" * self.random.randint(0, 700), self.random.choice((0o644, 0o755, 0o600)))

    def pattern(self):
        r = self.random
        path = r.choice(self.paths)
        parts = path.split("/")
        form = r.randint(0, 14)
        if form == 0:
            text = path
        elif form == 1:
            text = r.choice(("*", "**", "*/*", "**/*", "."))
        elif form == 2:
            text = "**/" + parts[-1]
        elif form == 3:
            text = "**/*" + (os.path.splitext(parts[-1])[1] or "." + parts[-1][-1])
        elif form == 4:
            text = "*" + parts[-1][-2:]
        elif form == 5:
            text = parts[0] + "/*"
        elif form == 6:
            text = parts[0] + "/**"
        elif form == 7:
            text = "/" + path
        elif form == 8:
            text = path + "/"
        elif form == 9:
            text = "/".join("*" if r.random() < 0.4 else part for part in parts)
        elif form == 10:
            text = "/".join("**" if r.random() < 0.4 else part for part in parts)
        elif form == 11:
            text = parts[-1].replace(r.choice(parts[-1]), "?")
        elif form == 12:
            text = "./" + "/".join(parts[:-1] + ["..", parts[-1]])
        elif form == 13:
            text = parts[-1][:1] + "**"
        else:
            text = "[" + parts[0][0] + "-z]" + parts[0][1:]
        return text

    def ignore_file(self):
        r = self.random
        lines = []
        if r.random() < 0.25:
            lines.append(r.choice(("*", "**")))
        for _ in range(r.randint(1, 7)):
            line = ("!" if r.random() < 0.4 else "") + self.pattern()
            if r.random() < 0.1:
                line = r.choice((" " + line, line + " ", "\t" + line, "! " + line.lstrip("!"), "# " + line, " # " + line, ""))
            lines.append(line)
        text = r.choice(("\n", "\n", "\n", "\r\n")).join(lines)
        if r.random() < 0.8:
            text += "\n"
        return ("\ufeff" if r.random() < 0.1 else "") + text


@unittest.skipUnless(DOCKERS, "there is no docker command line to compare with")
class TestIgnoring(Folder):
    def test_generated(self):
        for seed in range(CASES):
            with self.subTest(seed=seed):
                shutil.rmtree(self.context)
                os.mkdir(self.context)
                generator = Generator(seed)
                generator.tree(self.context)
                if not os.path.lexists(os.path.join(self.context, "Dockerfile")):
                    self.put("Dockerfile", "FROM scratch\n")
                text = generator.ignore_file()
                self.put(".dockerignore", text)
                try:
                    self.compare()
                except AssertionError as error:
                    raise AssertionError(f"ignore file {text!r}\n{error}") from None

    TABLE = {
        "a byte order mark": "\ufeffdata\n",
        "a comment with a space in front is a pattern": " # not a comment\n # src\nsrc\n",
        "an exception under an ignored folder": "src\n!src/util/x.h\n",
        "an exception that opens no folder": "src\n!**/x.h\n",
        "docker's surprise": "*\n!**/*.c\nsrc/util\n!src/util/x.h\n",
        "two stars": "**/x.c\n",
        "two stars in the middle": "src/**/x.h\n",
        "two stars at the end": "src/**\n!src/main.c\n",
        "stars and a name": "**x.c\n",
        "a slash in front": "/data\n",
        "two slashes in front": "//data\n",
        "a slash at the end": "data/\n",
        "an open bracket": "[\n",
        "a bracket": "[d]ata\n",
        "a range": "[a-e]*\n",
        "a negated range": "[^d]*\n",
        "a range that runs backwards": "[z-a]*\n",
        "a lone exclamation mark": "!\n",
        "an exclamation mark and a slash": "!/\n",
        "the Dockerfile ignored": "Dockerfile\n",
        "the ignore file ignored": ".dockerignore\n",
        "everything ignored": "*\n",
        "everything ignored, deeply": "**\n",
        "a dot": ".\n",
        "up and down": "src/../data\n",
        "outside": "../x\n",
        "a backslash": "\\#x\n",
        "a backslash at the end": "data\\\n",
        "signs of regular expressions": "c++\nf(1)\na.b\n$x\n^y\n",
        "carriage returns": "data\r\n!data/keep\r\n",
        "no newline at the end": "data",
        "nothing": "",
        "order": "!data/keep\ndata\n",
        "a question mark": "d?ta\n",
        "case": "DATA\n",
        "later wins": "src\n!src\nsrc/util\n",
        "two exclamation marks": "!!data\n",
        "spaces within": "a b\n",
        "a no-break space around": "\u00a0data\u00a0\n",
        "one character of two bytes": "?.txt\n",
    }

    def test_table(self):
        for path in ("src/main.c", "src/util/x.c", "src/util/x.h", "src/util/deep/x.h", "data/keep", "data/drop", "lib/x.c", "x.c",
                     "axx.c", "c++", "f(1)", "a.b", "aXb", "$x", "^y", "#x", "# src", "a b", "é.txt", "data.bin", "d", "!data"):
            self.put(path, path)
        self.put("Dockerfile", "FROM scratch\n")
        for name, text in self.TABLE.items():
            with self.subTest(name=name):
                self.put(".dockerignore", text)
                self.compare()

    def test_rules_differ_and_docker_is_asked(self):
        """20.10 looks at one parent only; the default follows the docker that is in PATH."""
        if {rule for _, rule in DOCKERS} != {"20.10", "current"}:
            self.skipTest("both an old and a new docker are needed")
        for path in ("foo/a/b", "foo/bar/x", "Dockerfile"):
            self.put(path)
        self.put(".dockerignore", "**/foo\n!foo/bar/x\n")
        sets = {}
        for docker, rule in DOCKERS:
            self.compare(dockers=[(docker, rule)])
            ours, _ = preview(self.context, PATH=f"{os.path.dirname(docker)}:/nowhere")
            self.assertEqual(ours["rule"], rule)
            sets[rule] = sorted(item["path"] for item in ours["entries"])
        self.assertNotEqual(sets["20.10"], sets["current"])

    def test_ignore_file_of_the_dockerfile_comes_first(self):
        self.put("docker/Dockerfile", "FROM scratch\n")
        self.put("docker/Dockerfile.dockerignore", "b\n")
        self.put(".dockerignore", "a\n")
        self.put("a")
        self.put("b")
        paths = [item["path"] for item in preview(self.context, "-f", f"{self.context}/docker/Dockerfile")[0]["entries"]]
        self.assertIn("a", paths)
        self.assertNotIn("b", paths)
        paths = [item["path"] for item in preview(self.context)[0]["entries"]]
        self.assertIn("b", paths)
        self.assertNotIn("a", paths)

    def test_dockerfile_in_an_ignored_folder(self):
        self.put("docker/app/Dockerfile", "FROM scratch\n")
        self.put("docker/app/other")
        self.put("docker/more/thing")
        self.put("x/docker/y")
        for text in ("docker\n", "**/docker\n", "docker/*\n", "**\n", "*/app\n"):
            with self.subTest(text=text):
                self.put(".dockerignore", text)
                self.compare("-f", f"{self.context}/docker/app/Dockerfile", words=("-f", f"{self.context}/docker/app/Dockerfile"))


class TestTar(Folder):
    """The bytes: read by Python's tarfile here, and by GNU tar."""

    def tar(self, *words):
        path = os.path.join(self.top, "out.tar")
        done = cli("context", self.context, "--tar", path, *words)
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        with open(path, "rb") as file:
            data = file.read()
        listing = subprocess.run(["tar", "tf", path], stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
        self.assertEqual((listing.returncode, listing.stderr), (0, b""))
        return data

    def fill(self):
        self.put("Dockerfile", "FROM scratch\nCOPY . /c\n")
        self.put("empty")
        self.put("exact", b"x" * 512)
        self.put("run.sh", "#!/bin/sh\n", 0o755)
        self.put("setuid", "x", 0o4755)
        self.put("private", "x", 0o600)
        self.put("n" * 100, "100")
        self.put("n" * 101, "101")
        self.put("d" * 120 + "/" + "f" * 90, "prefix")
        self.put("/".join(["e" * 200] * 3) + "/file", "long")
        self.put("new\nline", "x")
        self.put("sp ace/tab\there", "x")
        self.put("é/ü", "x")
        write(os.path.join(os.fsencode(self.context), b"raw\xff\xfe"), b"x")
        os.makedirs(os.path.join(self.context, "hollow/inside"))
        os.chmod(os.path.join(self.context, "hollow"), 0o2775)
        os.symlink("nowhere/at/all", os.path.join(self.context, "dangling"))
        os.symlink("l" * 300, os.path.join(self.context, "longlink"))
        os.symlink("hollow", os.path.join(self.context, "to-folder"))
        self.put("first", "linked")
        os.link(os.path.join(self.context, "first"), os.path.join(self.context, "second"))
        os.link(os.path.join(self.context, "first"), os.path.join(self.context, "hollow/third"))
        os.mkfifo(os.path.join(self.context, "fifo"))
        with open(os.path.join(self.context, "sparse"), "wb") as file:
            file.seek(3_000_000)
            file.write(b"end")
        with contextlib.closing(socket.socket(socket.AF_UNIX)) as bound:
            here = os.getcwd()
            os.chdir(self.context)
            bound.bind("socket")
            os.chdir(here)

    def test_same_members_as_docker(self):
        self.fill()
        ours = members(self.tar())
        self.assertNotIn("socket", ours)
        for docker, _ in DOCKERS:
            with self.subTest(docker=docker):
                body, text = self.engine.sent(docker, self.context)
                self.assertIsNotNone(body, text)
                self.assertEqual(ours, members(body))
        self.assertEqual(preview(self.context)[0]["skipped"], [{"path": "socket"}])

    def test_first_member_is_plain(self):
        self.fill()
        data = self.tar()
        self.assertEqual(data[:11], b"Dockerfile\0")
        self.assertEqual(data[257:265], b"ustar\x0000")
        self.assertEqual(data[156:157], b"0")
        shown = preview(self.context)[0]
        self.assertEqual(shown["total"]["tar_bytes"], len(data))
        self.assertEqual(data[-1024:], bytes(1024))

    def test_bytes_depend_on_the_files_alone(self):
        self.fill()
        first = self.tar()
        copy = os.path.join(self.top, "copy")
        subprocess.run(["cp", "-a", self.context, copy], check=True)
        for folder, _, names in os.walk(os.fsencode(copy)):
            for name in names:
                os.utime(os.path.join(folder, name), (1e9, 1e9), follow_symlinks=False)
        self.context = copy
        self.assertEqual(hashlib.sha256(first).hexdigest(), hashlib.sha256(self.tar()).hexdigest())
        self.put("exact", b"y" * 512)
        self.assertNotEqual(hashlib.sha256(first).hexdigest(), hashlib.sha256(self.tar()).hexdigest())

    def test_reader_goes_away(self):
        """Neither a hang nor a temporary file that stays."""
        self.put("Dockerfile", "FROM scratch\n")
        self.put("blob", os.urandom(3 << 20))
        home = os.path.join(self.top, "tmp")
        os.mkdir(home)
        with subprocess.Popen([os.path.join(build_dir(), "src/cli/bakeoff-cli"), "context", self.context, "--tar", "-"],
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=dict(os.environ, TMPDIR=home)) as process:
            process.stdout.read(1000)
            process.stdout.close()
            process.wait(30)
            self.assertEqual(process.returncode, 5, process.stderr.read())
        self.assertEqual(os.listdir(home), [])

    def test_long_dockerfile_name_gets_a_short_one(self):
        """The first member must be plain, whatever the Dockerfile is called."""
        path = "/".join(["deep" * 40] * 2) + "/Dockerfile"
        self.put(path, "FROM scratch\n")
        for builder in ("classic", "buildkit"):
            with self.subTest(builder=builder):
                data = self.tar("--builder", builder, "-f", os.path.join(self.context, path))
                self.assertEqual(data[:20], b".bakeoff.Dockerfile\0")
                found = members(data)
                self.assertEqual(found[path][5], found[".bakeoff.Dockerfile"][5])
                self.assertEqual(".dockerignore" in found, builder == "classic")

    def test_large_file(self):
        """More than 8 GiB does not fit an octal size. The file is a hole, so nothing of it lies on disk."""
        self.put("Dockerfile", "FROM scratch\n")
        self.put("after", "still there")
        size = (8 << 30) + 5
        with open(os.path.join(self.context, "a-large-one"), "wb") as file:
            file.truncate(size)
        with subprocess.Popen([os.path.join(build_dir(), "src/cli/bakeoff-cli"), "context", self.context, "--tar", "-"],
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
            head = process.stdout.read(4096)
            process.terminate()
            process.wait(30)
        self.assertEqual(process.returncode, 130)
        item = tarfile.TarInfo.frombuf(head[1024:1536], "utf-8", "strict")
        self.assertEqual((item.name, item.size), ("a-large-one", size))
        self.assertEqual(preview(self.context)[0]["total"]["tar_bytes"],
                         512 * 2 + 512 + (8 << 30) + 512 + 512 * 2 + 1024)


class TestPreview(Folder):
    def test_numbers(self):
        self.put("Dockerfile", "FROM scratch\n")
        self.put("keep/one", b"1" * 1000)
        self.put("keep/two", b"2" * 2000)
        self.put("drop/three", b"3" * 3000)
        self.put("drop/four/five", b"4" * 400)
        self.put("x.log", b"5" * 50)
        self.put(".dockerignore", "drop\n*.log\n")
        shown = preview(self.context)[0]
        self.assertEqual([item["path"] for item in shown["entries"]],
                         [".dockerignore", "Dockerfile", "keep", "keep/one", "keep/two"])
        self.assertEqual(shown["total"]["files"], 4)
        self.assertEqual(shown["total"]["dirs"], 1)
        self.assertEqual(shown["total"]["bytes"], 3000 + 13 + 11)
        self.assertEqual(shown["ignored"], [{"path": "drop", "type": "dir", "files": 2, "bytes": 3400},
                                            {"path": "x.log", "type": "file", "files": 1, "bytes": 50}])
        self.assertEqual(shown["largest"][0], {"path": "keep/two", "size": 2000})
        text = cli("context", self.context).stdout.decode()
        self.assertIn("drop/ (2 files)", text)

    def test_secrets(self):
        key = "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n"
        secrets = {".env": "A=b", "prod.env": "x", "keys/server.pem": "-----BEGIN RSA PRIVATE KEY-----\n", "odd-name": key,
                   "home/.ssh/id_ed25519": "x", ".npmrc": "//r/:_authToken=abc", ".aws/credentials": "x", "notes.txt": "see\n" + key,
                   ".git-credentials": "x", "credentials.json": "{}", ".netrc": "x"}
        fine = {".env.example": "A=", "server.crt": "-----BEGIN CERTIFICATE-----\n", "home/.ssh/id_ed25519.pub": "ssh-ed25519 AAAA",
                "web/.npmrc": "registry=http://x", "main.py": "print('env')", "credentials": "x"}
        for path, content in {**secrets, **fine}.items():
            self.put(path, content)
        shown = preview(self.context)[0]
        self.assertEqual({item["path"] for item in shown["warnings"]}, set(secrets))
        self.put(".dockerignore", "".join(f"{path}\n" for path in secrets))
        self.assertEqual(preview(self.context)[0]["warnings"], [])

    def test_unreadable(self):
        self.put("Dockerfile", "FROM scratch\n")
        self.put("locked", "x", 0)
        os.chmod(self.top, 0o755)
        drop = (lambda: os.setuid(65534)) if os.geteuid() == 0 else None
        done = cli("context", self.context, preexec_fn=drop)
        self.assertEqual(done.returncode, 1, done)
        self.assertIn("locked", done.stdout.decode())
        done = cli("context", self.context, "--tar", "-", preexec_fn=drop)
        self.assertEqual((done.returncode, done.stdout), (3, b""))
        self.assertIn("locked", done.stderr.decode())
        self.put(".dockerignore", "locked\n")
        self.assertEqual(cli("context", self.context, preexec_fn=drop).returncode, 0)

    def test_wrong_command_lines(self):
        for words, code, text in ((("context",), 2, "folder"), (("context", self.context, self.context), 2, "one folder"),
                                  (("context", "ssh://host/x"), 2, "not a folder"), (("context", self.context, "--wrong"), 2, "--wrong"),
                                  (("context", self.context, "--rule", "x"), 2, "rule"),
                                  (("context", self.context, "--tar", "x", "--builder", "x"), 2, "builder"),
                                  (("context", self.context + "/none"), 3, "none"),
                                  (("context", self.context, "-f", "missing"), 3, "missing"),
                                  (("context", self.context, "--tar", "x"), 3, "Dockerfile")):
            with self.subTest(words=words):
                done = cli(*words, cwd=self.top)
                self.assertEqual(done.returncode, code, done)
                self.assertIn(text, done.stderr.decode())
                self.assertEqual(done.stdout, b"")
        self.put(".dockerignore", "ok\n[\n")
        done = cli("context", self.context)
        self.assertEqual(done.returncode, 3)
        self.assertIn("line 2", done.stderr.decode())
        self.assertIn("Examples", cli("context", "--help").stdout.decode())


class TestOnLab(Folder):
    """A real engine: what COPY . . puts into an image."""

    @classmethod
    def setUpClass(cls):
        cls.lab = Lab.shared()

    def setUp(self):
        super().setUp()
        self.addCleanup(self.lab.remove_everything_named, "context-test")

    def listing(self, tag):
        text = self.lab.docker("run", "--rm", "--network", "none", tag, "sh", "-c",
                               "cd /c && find . ! -name . -exec stat -c '%n %a %F %s' {} +").stdout
        return sorted(line for line in text.splitlines() if line)

    def build_tar(self, builder, name, *words):
        """Builds our tar; the listing of /c."""
        path = os.path.join(self.top, "ours.tar")
        done = cli("context", self.context, "--tar", path, "--builder", builder, "--rule", self.rule, *words)
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        dockerfile = done.stderr.decode().rsplit("dockerfile=", 1)[1].strip()
        with open(path, "rb") as file:
            body = file.read()
        tag = f"context-test:{name}-{builder}"
        data = self.lab.request("POST", "/build", body=body, query={
            "version": "2" if builder == "buildkit" else "1", "t": tag, "dockerfile": dockerfile, "networkmode": "none"})
        text = data.decode(errors="replace") if isinstance(data, bytes) else json.dumps(data)
        self.assertNotIn("errorDetail", text)
        return self.listing(tag)

    def docker_build(self, name, *words):
        self.lab.docker("build", "-q", "--network", "none", "-t", f"context-test:{name}", *words, self.context, DOCKER_BUILDKIT="0")
        return self.listing(f"context-test:{name}")

    @property
    def rule(self):
        return dict(DOCKERS)["/usr/bin/docker" if "/usr/bin/docker" in dict(DOCKERS) else "/usr/local/bin/docker"]

    def fill(self):
        self.put("Dockerfile", f"FROM {TINY}\nCOPY . /c\n")
        self.put("src/main.c", "int main;", 0o600)
        self.put("src/util/x.c", "x")
        self.put("src/util/x.h", "x", 0o755)
        self.put("/".join(["e" * 120] * 3) + "/file", "long")
        self.put("data.bin", b"\0" * 100000)
        os.symlink("nowhere", os.path.join(self.context, "dangling"))
        os.link(os.path.join(self.context, "data.bin"), os.path.join(self.context, "src/again"))

    def test_same_image_as_docker(self):
        self.fill()
        for name, text in (("none", None), ("kept", "src/util\n"), ("ignored", "src/util\nDockerfile\n"),
                           ("self", ".dockerignore\n"), ("all", "*\n!src\n")):
            with self.subTest(name=name):
                if text is not None:
                    self.put(".dockerignore", text)
                theirs = self.docker_build(name)
                self.assertEqual(self.build_tar("classic", name), theirs)
                # BuildKit keeps the file that it must read when it is ignored; nothing else may differ.
                extra = [line for line in self.build_tar("buildkit", name) if line not in theirs]
                self.assertEqual([line.split()[0] for line in extra],
                                 ["./.bakeoff.Dockerfile"] if text and ("Dockerfile\n" in text or "*" in text) else [])

    def test_dockerfile_outside(self):
        self.fill()
        outside = os.path.join(self.top, "Other")
        os.rename(os.path.join(self.context, "Dockerfile"), outside)
        # docker adds a .dockerignore of its own here, and so do we; the classic builder takes both out.
        self.assertEqual(self.build_tar("classic", "outside", "-f", outside), self.docker_build("outside", "-f", outside))

    def test_large_file_is_read(self):
        """A size in base 256, as both builders read it. (No 8 GiB: the header's form is what is at stake.)"""
        body = bytearray(self.large_tar())
        for builder in ("1", "2"):
            with self.subTest(builder=builder):
                data = self.lab.request("POST", "/build", body=bytes(body), query={
                    "version": builder, "t": f"context-test:large{builder}", "networkmode": "none"})
                self.assertNotIn("errorDetail", data.decode(errors="replace") if isinstance(data, bytes) else json.dumps(data))

    def large_tar(self):
        self.put("Dockerfile", f"FROM {TINY}\nCOPY big /big\nRUN test $(wc -c < /big) = 1000\n")
        self.put("big", b"b" * 1000)
        path = os.path.join(self.top, "large.tar")
        self.assertEqual(cli("context", self.context, "--tar", path).returncode, 0)
        with open(path, "rb") as file:
            data = bytearray(file.read())
        start = data.index(b"big\0" + bytes(96))
        data[start + 124:start + 136] = b"\x80" + (1000).to_bytes(11, "big")
        data[start + 148:start + 156] = b" " * 8
        data[start + 148:start + 156] = b"%06o\0 " % sum(data[start:start + 512])
        return data


if __name__ == "__main__":
    unittest.main()
