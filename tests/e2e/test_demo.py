# SPDX-License-Identifier: GPL-3.0-or-later
"""The audiobook sample by way of build-aux/demo, and what the engine's own events say of its times."""

import csv
import json
import os
import re
import shutil
import subprocess
import tempfile
import unittest
import xml.etree.ElementTree

from campaigns import Running, left_over, phase_of, step_of
from lab import ROOT, Bakeoff, Lab, build_dir

TOLERANCE_S = 0.2
TITLES = ["Original", "PyPI wheels", "Jetson wheels", "Pre-built cache", "Multi-stage", "Minimal + runtime", "Package-based"]
MEASURED = [title for title in TITLES if title != "PyPI wheels"]


def run_demo(lab, home, output, *words):
    """`build-aux/demo` on the lab; the Outcome-less process result."""
    environment = Bakeoff(lab, home).environment
    environment.update(BAKEOFF_BUILD=build_dir())
    del environment["XDG_DATA_HOME"]
    done = subprocess.run([os.path.join(ROOT, "build-aux", "demo"), "--no-window", "--no-install", "--output", output, *words],
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          env=environment, timeout=900, check=False)
    if done.returncode != 0:
        raise AssertionError(f"build-aux/demo: exit {done.returncode}\n{done.stdout}")
    return done.stdout


def read_table(path):
    """The validation table: Approach -> the other columns."""
    with open(path, encoding="utf-8") as file:
        lines = file.read().splitlines()
    begin = next(number for number, line in enumerate(lines) if re.match(r"\| *Approach *\|", line))
    rows = {}
    for line in lines[begin + 2:]:
        if not line.startswith("|"):
            break
        cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        rows[cells[0]] = cells[1:]
    return [cell.strip() for cell in lines[begin].split("|")[1:-1]], rows


class EngineView:
    """The engine's events, as times in seconds since 1970 by its own clock."""

    def __init__(self, events):
        self.events = sorted(events, key=lambda event: event["timeNano"])

    def times(self, begin, end, kind, action, name=None):
        return [(event["timeNano"] / 1e9, event) for event in self.events
                if event["Type"] == kind and event["Action"] == action and begin <= event["timeNano"] / 1e9 <= end
                and (name is None or event["Actor"]["Attributes"].get("name") == name)]

    def tagged(self, tag):
        """When an image got this name, or nothing."""
        found = self.times(0, 1e12, "image", "tag", tag)
        return found[0][0] if found else None

    def started_containers(self, begin, end):
        """Of each container that was started by a classic build (its RUN steps): created, destroyed. Probes have names of ours."""
        found = []
        for _, event in self.times(begin, end, "container", "start"):
            if event["Actor"]["Attributes"]["name"].startswith("bakeoff-"):
                continue
            own = [other for other in self.events if other["Actor"]["ID"] == event["Actor"]["ID"]]
            created = next(other["timeNano"] / 1e9 for other in own if other["Action"] == "create")
            gone = next((other["timeNano"] / 1e9 for other in own if other["Action"] == "destroy"), None)
            found.append((created, gone))
        return sorted(found)


def span_of(trial):
    build = phase_of(trial, "build")
    return build["start_us"] / 1e6, (build["start_us"] + build["duration_us"]) / 1e6


def tag_of(trial):
    campaign, number = trial["id"].rsplit(".", 1)
    return f"bakeoff-{campaign}:t{number}"


class DemoTest(unittest.TestCase):
    """One run of the demo, in setUpClass; the tests look at what it left."""

    @classmethod
    def run_once(cls, run):
        """Calls run() while the engine's events are recorded, and reads the trials that it made."""
        cls.home = tempfile.mkdtemp(prefix="bakeoff-demo-test.")
        cls.addClassCleanup(shutil.rmtree, cls.home)
        cls.output = os.path.join(cls.home, "output")
        cls.bakeoff = Bakeoff(cls.lab, cls.home)
        cls.bakeoff.environment["XDG_DATA_HOME"] = os.path.join(cls.output, "data")
        cls.before = cls.lab.snapshot()
        with cls.lab.events() as events:
            cls.said = run()
            cls.engine = EngineView(events.all())
        cls.after = cls.lab.snapshot()
        cls.trials = cls.bakeoff.json("list", "latest")

    def trial(self, strategy, condition="cold", **wanted):
        wanted = {"kind": "counted", "prebuild": None, **wanted}
        found = [trial for trial in self.trials if trial["cell"]["strategy"] == strategy and trial["cell"]["condition"] == condition
                 and all(trial[key] == value for key, value in wanted.items())]
        self.assertEqual(len(found), 1, [trial["cell"]["key"] for trial in self.trials])
        return found[0]

    def log(self, trial, *words):
        return self.bakeoff.run("log", trial["id"], *words, check=True).stdout

    def assert_near(self, ours, engines, what):
        self.assertLess(abs(ours - engines), TOLERANCE_S, f"{what}: ours {ours:.3f}, the engine's {engines:.3f}")

    # Shared by both ways of running it

    def check_table(self, step):
        header, rows = read_table(os.path.join(self.output, "findings.md"))
        self.assertEqual(header, ["Approach", "Build Time", "Run Time", "Notes"])
        self.assertEqual(list(rows), TITLES)
        for title in MEASURED:
            build, run, notes = rows[title]
            self.assertRegex(build, r"^\d+(\.\d+)? (s|min)", title)
            self.assertRegex(run, r"^\d+(\.\d+)? (s|min|ms)", title)
        self.assertEqual(rows["PyPI wheels"][0], f"failed at step {step}")
        self.assertIn("formant-dsp==2.6.0", rows["PyPI wheels"][2])
        with open(os.path.join(self.output, "findings.md"), encoding="utf-8") as file:
            self.text = file.read()
        self.assertNotIn("TBD", self.text)
        return rows

    def check_charts(self):
        """Each picture of the document is there, and so are the same ones in the page."""
        pictures = re.findall(r"^!\[(.+)\]\((.+\.svg)\)$", self.text, re.MULTILINE)
        names = [os.path.basename(path) for _words, path in pictures]
        for name in ("build-time-cold.svg", "image-size.svg", "run-time.svg", "cuda.svg", "phases-cold.svg"):
            self.assertIn(name, names)
        with open(os.path.join(self.output, "findings.html"), encoding="utf-8") as file:
            page = file.read()
        for words, path in pictures:
            root = xml.etree.ElementTree.parse(os.path.join(self.output, path)).getroot()
            self.assertEqual(root.tag, "{http://www.w3.org/2000/svg}svg")
            self.assertGreater(len(words), 40)
            self.assertIn(f'aria-labelledby="bo-{os.path.basename(path)[:-4]}-title', page)

    def check_ends(self):
        """Each build's end, by the name that the engine gave the image."""
        n_checked = 0
        for trial in self.trials:
            if trial["outcome"] != "succeeded":
                continue
            tagged = self.engine.tagged(tag_of(trial))
            self.assertIsNotNone(tagged, tag_of(trial))
            self.assert_near(span_of(trial)[1], tagged, f"end of {trial['cell']['key']}")
            n_checked += 1
        self.assertGreaterEqual(n_checked, 7)

    def check_nothing_left(self):
        self.assertEqual(left_over(self.before.changes(self.after)), [])


class TestDemo(DemoTest):
    @classmethod
    def setUpClass(cls):
        cls.lab = Lab.shared()
        cls.run_once(lambda: run_demo(cls.lab, cls.home, cls.output, "--device", cls.lab.device))

    def test_table(self):
        rows = self.check_table("5 of 7")
        self.assertIn("CUDA: yes", rows["Original"][2])
        self.assertIn("simulated", rows["Original"][2])
        self.assertIn("CUDA: no", rows["Package-based"][2])
        self.assertIn(rows["Original"][0], self.said)

    def test_charts(self):
        self.check_table("5 of 7")
        self.check_charts()

    def test_pip_says_why(self):
        trial = self.trial("pypi-wheels")
        self.assertEqual(trial["outcome"], "failed")
        self.assertEqual(trial["steps"][trial["failed_step"]]["number"], 5)
        self.assertRegex(trial["reason"], "Cannot install|ResolutionImpossible|conflict")
        with open(os.path.join(self.output, "findings.md"), encoding="utf-8") as file:
            self.assertRegex(file.read(), "Cannot install|ResolutionImpossible")
        for condition in ("warm", "edited"):
            self.assertEqual(self.trial("pypi-wheels", condition)["outcome"], "skipped")

    def test_cuda(self):
        by_strategy = {}
        for trial in self.trials:
            for probe in trial["probes"]:
                if probe["kind"] == "cuda" and trial["kind"] == "counted":
                    by_strategy.setdefault(trial["cell"]["strategy"], probe)
        self.assertEqual(by_strategy["original"]["verdict"], "yes")
        self.assertTrue(by_strategy["original"]["simulated"])
        self.assertEqual(by_strategy["package"]["verdict"], "no")
        self.assertRegex(by_strategy["package"]["reason"], "libcuda|driver")

    def test_raw_numbers(self):
        with open(os.path.join(self.output, "results.json"), encoding="utf-8") as file:
            text = file.read()
        self.assertTrue(json.loads(text))
        with open(os.path.join(self.output, "trials.csv"), encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        self.assertEqual(len(rows), len([trial for trial in self.trials]))
        for trial in self.trials:
            self.assertIn(f'"{trial["id"]}"', text)
            if trial["build_us"] is not None:
                self.assertIn(str(trial["build_us"]), text)

    def test_ends(self):
        self.check_ends()

    def test_runs_of_builds(self):
        """Start and end of each RUN, and so the build's time up to and from there, by the containers' events."""
        n_checked = 0
        for trial in self.trials:
            if trial["outcome"] not in ("succeeded", "failed"):
                continue
            begin, end = span_of(trial)
            ran = [step for step in trial["steps"] if step["instruction"].startswith("RUN") and not step["cached"]
                   and step["start_us"] is not None]
            containers = self.engine.started_containers(begin - TOLERANCE_S, end + TOLERANCE_S)
            self.assertEqual(len(containers), len(ran), trial["cell"]["key"])
            for step, (created, gone) in zip(ran, containers):
                what = f"{trial['cell']['key']} {step['instruction'][:40]}"
                self.assert_near(begin + step["start_us"] / 1e6, created, f"start of {what}")
                self.assert_near(begin + (step["start_us"] + step["duration_us"]) / 1e6, gone, f"end of {what}")
                n_checked += 1
            tagged = self.engine.tagged(tag_of(trial))
            if ran and tagged is not None:
                self.assert_near(trial["build_us"] / 1e6 - ran[0]["start_us"] / 1e6, tagged - containers[0][0],
                                 f"time of {trial['cell']['key']}")
        self.assertGreaterEqual(n_checked, 8)

    def test_run_times(self):
        n_checked = 0
        for trial in self.trials:
            for probe in trial["probes"]:
                for number, run in enumerate(probe["runs"]):
                    campaign, short = trial["id"].rsplit(".", 1)
                    name = f"bakeoff-{campaign}-t{short}-p{probe['index']}-r{number}"
                    began = self.engine.times(0, 1e12, "container", "start", name)
                    died = self.engine.times(0, 1e12, "container", "die", name)
                    self.assertEqual((len(began), len(died)), (1, 1), name)
                    self.assert_near(run["duration_us"] / 1e6, died[0][0] - began[0][0], name)
                    self.assertEqual(run["exit_code"], int(died[0][1]["Actor"]["Attributes"]["exitCode"]))
                    n_checked += 1
        self.assertGreaterEqual(n_checked, 6)

    def test_who_compiles(self):
        gcc = re.compile(r"linux-gnu-gcc .*-c |\bgcc .*-c ")
        self.assertRegex(self.log(self.trial("original")), gcc)
        wheel = self.log(self.trial("jetson-wheels"))
        self.assertNotRegex(wheel, gcc)
        self.assertIn("formant_dsp-2.6.0-", wheel)

    def test_prebuilt_takes_its_wheel(self):
        prebuild = self.trial("prebuilt", kind="prebuild", prebuild="dsp-builder")
        self.assertEqual(prebuild["outcome"], "succeeded")
        self.assertRegex(self.log(prebuild), r"gcc .*-c ")
        trial = self.trial("prebuilt")
        self.assertEqual(trial["outcome"], "succeeded")
        log = self.log(trial)
        self.assertNotRegex(log, r"gcc .*-c ")
        self.assertIn("/wheels", log)
        self.assertTrue(step_of(trial, "COPY --from=dsp-builder /wheels /wheels"))
        sent = self.bakeoff.run("show", trial["id"], "--dockerfile", check=True).stdout
        self.assertRegex(sent, rf"(?m)^FROM {re.escape(tag_of(prebuild))} AS dsp-builder$")
        self.assertLess(trial["build_us"], self.trial("original")["build_us"])

    def test_warm_and_edited(self):
        for strategy in ("original", "jetson-wheels", "prebuilt", "multi-stage"):
            with self.subTest(strategy=strategy):
                cold, warm, edited = (self.trial(strategy, condition) for condition in ("cold", "warm", "edited"))
                self.assertLess(warm["build_us"], cold["build_us"] / 2)
                pip = [step for step in edited["steps"] if step["instruction"].startswith("RUN pip")]
                self.assertEqual([step["cached"] for step in pip], [strategy != "original"] * len(pip))
                self.assertFalse([step for step in cold["steps"] if step["instruction"].startswith("RUN") and step["cached"]])

    def test_nothing_is_left(self):
        self.check_nothing_left()

    def test_without_a_compiler(self):
        running = Running(self.bakeoff, os.path.join(self.output, "audiobook"), "--device", self.lab.device,
                          "--only", "original/slim/classic/cold")
        self.addCleanup(running.kill)
        outcome = running.end()
        self.assertEqual(outcome.code, 1, outcome.stderr)
        trial = outcome.trial("original")
        self.assertEqual(trial["outcome"], "failed")
        self.assertIn("Could not build wheels for formant-dsp", trial["reason"])
        told = self.bakeoff.run("findings", check=True, cwd=os.path.join(self.output, "audiobook")).stdout
        self.assertIn("the image has no C compiler", told)
        self.assertIn("x86_64-linux-gnu-gcc' failed: No such file or directory".replace("x86_64", os.uname().machine), told)


class TestOverSsh(DemoTest):
    """The sample's cold builds over ssh with BuildKit, and some with the classic builder."""

    @classmethod
    def setUpClass(cls):
        cls.lab = Lab.shared()
        cls.run_once(cls.run_sample)

    @classmethod
    def run_sample(cls):
        study = os.path.join(cls.output, "audiobook")
        shutil.copytree(os.path.join(ROOT, "data", "samples", "audiobook"), study)
        with open(os.path.join(study, "bakeoff.json"), "r+", encoding="utf-8") as file:
            text = file.read().replace('"builder": "classic"', '"builder": "buildkit"')
            file.seek(0)
            file.write(text)
        done = cls.bakeoff.run("run", study, "--device", cls.lab.ssh_device, "--only", "*/devel/buildkit/cold",
                               "--only", "package/ready/buildkit/cold")
        if done.returncode != 1:
            raise AssertionError(f"bakeoff-cli run: exit {done.returncode}\n{done.stdout}\n{done.stderr}")
        cls.bakeoff.run("findings", "--output", os.path.join(cls.output, "findings.md"), cwd=study, check=True)
        return done.stdout

    def test_table(self):
        rows = self.check_table("3 of 4")
        self.assertIn("CUDA: yes", rows["Original"][2])
        self.assertIn("CUDA: no", rows["Package-based"][2])

    def test_ends(self):
        self.check_ends()

    def test_who_compiles(self):
        self.assertRegex(self.log(self.trial("original")), r"gcc .*-c ")
        self.assertNotRegex(self.log(self.trial("jetson-wheels")), r"gcc .*-c ")
        self.assertNotRegex(self.log(self.trial("prebuilt")), r"gcc .*-c ")

    def test_nothing_is_left(self):
        self.check_nothing_left()

    def test_classic_too(self):
        running = Running(self.bakeoff, os.path.join(self.output, "audiobook"), "--device", self.lab.ssh_device,
                          "--only", "jetson-wheels/devel/classic/cold", "--only", "package/ready/classic/cold")
        self.addCleanup(running.kill)
        outcome = running.end()
        self.assertEqual(outcome.code, 0, outcome.stderr)
        self.assertEqual(set(outcome.outcomes().values()), {"succeeded"})


if __name__ == "__main__":
    unittest.main()
