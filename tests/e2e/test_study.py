# SPDX-License-Identifier: GPL-3.0-or-later
"""`bakeoff-cli new` and `check`, as a user types them. No engine is needed."""

import json
import os
import shutil
import subprocess
import tempfile
import unittest

from lab import ROOT, build_dir

try:
    import jsonschema
except ImportError:
    jsonschema = None

DATA = os.path.join(ROOT, "tests", "unit", "data")


class TestStudy(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="bakeoff-study.")
        self.addCleanup(shutil.rmtree, self.folder)

    def put(self, path, text=""):
        full = os.path.join(self.folder, path)
        os.makedirs(os.path.dirname(full), exist_ok=True)
        with open(full, "w", encoding="utf-8") as file:
            file.write(text)

    def read(self, path="bakeoff.json"):
        with open(os.path.join(self.folder, path), encoding="utf-8") as file:
            return file.read()

    def cli(self, *words, code=0, **environment):
        done = subprocess.run([os.path.join(build_dir(), "src", "cli", "bakeoff-cli"), *words], cwd=self.folder,
                              env={**os.environ, "LC_ALL": "C.UTF-8", **environment}, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True, timeout=60, check=False)
        self.assertEqual(done.returncode, code, f"{words}\n{done.stdout}\n{done.stderr}")
        return done

    def project(self):
        self.put("docker/sesame-tts/Dockerfile",
                 "ARG BASE_IMAGE=dustynv/pytorch:2.6-r36.4.0\nFROM ${BASE_IMAGE}\nCOPY src/ /app/\n")
        self.put("docker/Dockerfile.cached",
                 "ARG BASE_IMAGE\nFROM ${BASE_IMAGE}\nCOPY --from=torch-builder /w /w\nCOPY src/ /app/\n")
        self.put("docker/Dockerfile.torch-builder", "ARG BASE_IMAGE\nFROM ${BASE_IMAGE}\nRUN true\n")
        self.put("docker/minimal.Dockerfile", "FROM nvidia/cuda:12.8.0-devel-ubuntu22.04\nRUN true\n")
        self.put("src/app.py", "print(1)\n")

    def test_new_from_dockerfiles(self):
        self.project()
        self.cli("new", "--name", "Sesame CSM audiobook")
        study = json.loads(self.read())
        self.assertEqual(study["format"], 1)
        self.assertEqual(study["name"], "Sesame CSM audiobook")
        self.assertEqual(study["conditions"], ["cold"])
        self.assertEqual(study["defaults"]["repetitions"], 1)
        self.assertEqual(study["edit"], {"path": "src/app.py", "append": "# ${TRIAL}\n"})
        strategies = {s["id"]: s for s in study["strategies"]}
        self.assertEqual(set(strategies), {"original", "cached", "minimal"})
        self.assertEqual(strategies["cached"]["prebuild"],
                         [{"build": "docker/Dockerfile.torch-builder", "as": "torch-builder"}])
        self.assertEqual(strategies["minimal"]["bases"], ["nvidia-cuda"])
        done = self.cli("check")
        self.assertIn("3 strategies, 2 base images, 1 builder, 1 condition: 3 cells in 3 chains", done.stdout)
        self.assertNotIn("warning", done.stdout)

    def test_new_overwrites_nothing(self):
        self.project()
        self.put("bakeoff.json", "mine")
        done = self.cli("new", code=3)
        self.assertIn("--force", done.stderr)
        self.assertEqual(self.read(), "mine")
        self.cli("new", "--force")
        self.assertEqual(json.loads(self.read())["format"], 1)

    def test_new_from_templates(self):
        self.put("requirements.txt", "torch==2.6.0\ntorchao==0.1.0 # chain\ntorchtune==0.3.0\n")
        self.put("setup.py", "from setuptools import setup\nsetup()\n")
        listed = self.cli("new", "--list-templates").stdout
        names = [line.split()[0] for line in listed.splitlines()]
        self.assertEqual(names, ["original", "pypi-wheels", "jetson-wheels", "prebuilt", "multi-stage", "minimal-runtime",
                                 "package", "wheel-test", "all"])
        self.cli("new", "--template", "all", "-t", "wheel-test", "--base", "dustynv/pytorch:2.6-r36.4.0", "--base",
                 "python:3.10-slim")
        self.cli("check")
        data = json.loads(self.cli("check", "--json").stdout)
        self.assertTrue(data["ok"])
        self.assertEqual(data["problems"], [])
        self.assertEqual(data["study"]["strategies"], 8)
        self.assertEqual(len(data["study"]["cells"]), 16)
        self.assertEqual(data["study"]["chains"], 16)
        self.assertIn("original/dustynv-pytorch/classic/cold", data["study"]["cells"])
        runs = [line for line in self.read("docker/Dockerfile.wheel-test").splitlines() if line.startswith("RUN")]
        self.assertEqual([run.split()[-1] for run in runs], ["'torch==2.6.0'", "'torchao==0.1.0'", "'torchtune==0.3.0'"])
        probes = json.loads(self.read())["probes"]
        self.assertIn({"kind": "imports", "modules": ["torch", "torchao", "torchtune"]}, probes)

    def test_new_refuses(self):
        done = self.cli("new", code=3)
        self.assertIn("--template", done.stderr)
        self.assertIn("requirements.txt", self.cli("new", "--template", "minimal-runtime", code=3).stderr)
        self.put("Dockerfile", "ARG BASE_IMAGE\nFROM ${BASE_IMAGE}\n")
        self.assertIn("--base", self.cli("new", code=3).stderr)
        self.assertIn("nope", self.cli("new", "--template", "nope", "--base", "x", code=3).stderr)
        self.assertIn("cannot be read", self.cli("new", "no-such-folder", code=3).stderr)
        self.assertEqual(os.listdir(self.folder), ["Dockerfile"])

    def test_ten_mistakes(self):
        shutil.copy(os.path.join(DATA, "study-ten-mistakes.json"), os.path.join(self.folder, "bakeoff.json"))
        done = self.cli("check", code=3)
        lines = [line for line in done.stdout.splitlines() if line.startswith("error: ")]
        self.assertEqual(len(lines), 10)
        self.assertIn("error: $.baseline (line 4): there is no strategy with this id", lines[0])
        self.assertIn("10 errors, 0 warnings", done.stdout)
        data = json.loads(self.cli("check", ".", "--json", code=3).stdout)
        self.assertFalse(data["ok"])
        self.assertIsNone(data["study"])
        self.assertEqual([(p["path"], p["line"]) for p in data["problems"]], [
            ("$.baseline", 4), ("$.bases[0].id", 6), ("$.bases[1].image", 7), ("$.conditions[1]", 9),
            ("$.defaults.repetitions", 10), ("$.defaults.timeout", 10), ("$.strategies[0].dockerfile", 12),
            ("$.strategies[1].id", 13), ("$.strategies[2].bases[0]", 14), ("$.probes[0].modules", 16)])

    def test_ten_mistakes_mended(self):
        """What the problems say is enough to mend the file."""
        with open(os.path.join(DATA, "study-ten-mistakes.json"), encoding="utf-8") as file:
            text = file.read()
        for wrong, right in (("orignal", "original"), ('"Dusty"', '"dusty"'), (', "hot"', ""), ("six hours", "6h"),
                             ('"repetitions": 0', '"repetitions": 1'), ("../Dockerfile", "Dockerfile"),
                             ('"original", "dockerfile": "Dockerfile.b"', '"second", "dockerfile": "Dockerfile.b"'),
                             ("nvida", "nvidia"), ('"torch" }]', '["torch"] }]')):
            self.assertIn(wrong, text)
            text = text.replace(wrong, right)
        self.put("bakeoff.json", text)
        for name in ("Dockerfile", "Dockerfile.b", "Dockerfile.c"):
            self.put(name, "ARG BASE_IMAGE\nFROM ${BASE_IMAGE}\n")
        done = self.cli("check", code=3)
        self.assertIn("TAG_THAT_NOBODY_SET", done.stdout)
        self.cli("check", "--set", "TAG_THAT_NOBODY_SET=25.01")
        self.cli("check", TAG_THAT_NOBODY_SET="25.01")

    def test_syntax_error(self):
        self.put("bakeoff.json", '{\n  "format": 1,\n  "name": "x"\n  "bases": []\n}\n')
        done = self.cli("check", code=3)
        self.assertIn("(line 4)", done.stdout)
        self.assertIn("column 3", done.stdout)

    def test_edit_not_sent(self):
        self.project()
        self.cli("new")
        self.put(".dockerignore", "**/*.py\n")
        done = self.cli("check", code=3)
        self.assertIn("$.edit.path", done.stdout)
        self.assertIn(".dockerignore", done.stdout)
        self.put(".dockerignore", "")
        os.remove(os.path.join(self.folder, "src", "app.py"))
        os.symlink("/etc/hostname", os.path.join(self.folder, "src", "app.py"))
        self.assertIn("out of the context", self.cli("check", code=3).stdout)

    def test_secret_that_is_not_set(self):
        self.put("Dockerfile", "FROM x\n")
        self.put("bakeoff.json", json.dumps({
            "format": 1, "bases": [{"id": "b", "image": "x"}], "run": {"secrets": ["TOKEN_NOBODY_SET"]},
            "strategies": [{"id": "s", "dockerfile": "Dockerfile"}]}, indent=1))
        self.assertIn("TOKEN_NOBODY_SET", self.cli("check").stdout)
        self.assertNotIn("TOKEN_NOBODY_SET", self.cli("check", TOKEN_NOBODY_SET="x").stdout)

    def test_no_study(self):
        done = self.cli("check", code=3)
        self.assertIn("bakeoff-cli new", done.stdout)

    def test_wrong_arguments(self):
        for words in (("check", "a", "b"), ("check", "--set", "novalue"), ("check", "--set", "1A=b"),
                      ("check", "--set", "BASE_IMAGE=x"), ("check", "--frobnicate"), ("new", "a", "b"),
                      ("new", "--name", ""), ("new", "--base")):
            done = self.cli(*words, code=2)
            self.assertIn("--help", done.stderr)
            self.assertEqual(done.stdout, "")
        self.assertEqual(os.listdir(self.folder), [])

    def test_help(self):
        for command in ("new", "check"):
            done = self.cli(command, "--help")
            self.assertIn(f"bakeoff-cli {command} [OPTION", done.stdout)
            self.assertIn("Examples:", done.stdout)
            self.assertIn("Exit codes:", done.stdout)


@unittest.skipUnless(jsonschema, "python3-jsonschema is not installed")
class TestSchema(unittest.TestCase):
    """The published schema and real study files."""

    def setUp(self):
        with open(os.path.join(ROOT, "data", "bakeoff-study.schema.json"), encoding="utf-8") as file:
            schema = json.load(file)
        jsonschema.Draft7Validator.check_schema(schema)
        self.validator = jsonschema.Draft7Validator(schema)

    def errors(self, path):
        with open(path, encoding="utf-8") as file:
            return list(self.validator.iter_errors(json.load(file)))

    def test_good(self):
        self.assertEqual(self.errors(os.path.join(DATA, "study-example.json")), [])
        self.assertEqual(self.errors(os.path.join(ROOT, "data", "samples", "audiobook", "bakeoff.json")), [])

    def test_ten_mistakes(self):
        # The unset variable, the twin id and the two unknown references are beyond a schema.
        self.assertEqual(len(self.errors(os.path.join(DATA, "study-ten-mistakes.json"))), 6)


if __name__ == "__main__":
    unittest.main()
