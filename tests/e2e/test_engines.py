# SPDX-License-Identifier: GPL-3.0-or-later
"""One small campaign on each engine that can be had, attached and as a courier on the device; a line per engine.

Each has a lab of its own, one after the other. With BAKEOFF_ENGINES="podman docker-26.1" only those.
"""

import os
import re
import shutil
import subprocess
import tempfile
import time
import unittest

from campaigns import Running, Study, step_of
from lab import LAB, TINY, Bakeoff, Lab, make_bystander

# Every kind of instruction before and after the edit, an ARG before FROM, a stage that nothing needs, output without
# a line end; and lines for the builders' own words.
DOCKERFILE = f"""\
ARG BASE_IMAGE={TINY}
FROM ${{BASE_IMAGE}} AS tools
ENV KEPT=in-an-image
RUN echo tool > /tool
FROM ${{BASE_IMAGE}} AS unused
RUN echo nobody needs this
FROM ${{BASE_IMAGE}}
WORKDIR /app
COPY --from=tools /tool /tool
RUN printf 'no line end'
COPY words words
RUN cat words; cat /tool; seq 1 500
CMD ["cat", "/app/words"]
"""
CONDITIONS = ("cold", "warm", "edited")


class EngineTest:
    """What is asked of each engine."""

    engine = None
    has_buildkit = True
    named = None

    @classmethod
    def setUpClass(cls):
        if os.geteuid() != 0:
            raise unittest.SkipTest("the lab needs root")
        wanted = os.environ.get("BAKEOFF_ENGINES")
        if wanted and cls.engine not in wanted.split():
            raise unittest.SkipTest("not asked for by BAKEOFF_ENGINES")
        cls.lab = Lab(tempfile.mkdtemp(prefix="lab.", dir="/tmp"), engine=cls.engine)
        cls.addClassCleanup(cls.lab.stop)
        # Where there is no network for what is fetched the first time, or a package is missing, it says so and is skipped.
        started = subprocess.run([LAB, "start", cls.lab.dir, "--engine", cls.engine], stdout=subprocess.PIPE,
                                 stderr=subprocess.STDOUT, text=True, check=False)
        if started.returncode != 0:
            said = started.stdout.strip().splitlines() or ["no words"]
            if any(word in started.stdout for word in ("not installed:", "debootstrap", "apt-get")):
                raise unittest.SkipTest(f"{cls.engine} cannot be had here: {said[0]}")
            raise AssertionError(started.stdout)
        cls.lab.refresh()
        cls.addClassCleanup(cls.report)
        cls.said = []
        make_bystander(cls.lab, "neighbour")

    @classmethod
    def report(cls):
        version = cls.lab.request("GET", "/version")
        print(f"    {cls.engine} ({version['Components'][0]['Name']} {version['Version']}, API {version['ApiVersion']}, "
              f"{cls.lab.storage_driver}): {'; '.join(cls.said) or 'nothing worked'}", flush=True)

    def setUp(self):
        self.home = tempfile.mkdtemp(prefix="bakeoff-e2e.")
        self.addCleanup(shutil.rmtree, self.home)
        self.bakeoff = Bakeoff(self.lab, self.home)
        self.before = self.lab.snapshot()

    def study(self):
        study = Study(os.path.join(self.home, "study"), builders=["classic", "buildkit"], conditions=list(CONDITIONS),
                      edit={"path": "words", "append": "edited for ${TRIAL}\n"},
                      defaults={"network": "none", "keep": "none", "timeout": "5m"},
                      probes=[{"kind": "workload", "command": ["sh", "-c", "cat /app/words"]}])
        study.write("words", "as they were\n").write("Dockerfile.steps", DOCKERFILE)
        study.write("Dockerfile.fails", f"FROM {TINY}\nRUN echo before\nRUN echo last words; exit 42\n")
        study.keys["strategies"] = [{"id": name, "dockerfile": f"Dockerfile.{name}"} for name in ("steps", "fails")]
        study.keys["baseline"] = "steps"
        return study

    def run_campaign(self, device, *words):
        running = Running(self.bakeoff, self.study().save(), "--device", device, *words)
        self.addCleanup(running.kill)
        outcome = running.end(400)
        # One of the strategies fails, by intent.
        self.assertEqual((outcome.code, outcome.state), (1, "finished"), f"{outcome.stderr}\n{outcome.outcomes()}")
        return outcome

    def check(self, outcome):
        """Every trial of both builders, as it must be on any engine."""
        builders = ("classic", "buildkit") if self.has_buildkit else ("classic",)
        for builder in builders:
            trials = {condition: outcome.trial("steps", builder, condition) for condition in CONDITIONS}
            for condition, trial in trials.items():
                with self.subTest(builder=builder, condition=condition):
                    self.assertEqual(trial["outcome"], "succeeded", (trial["reason"], trial["error"]))
                    self.check_steps(trial, condition)
                    self.assertRegex(trial["image"]["id"], "^sha256:[0-9a-f]{64}$")
                    self.assertGreater(trial["image"]["size"], 1_000_000)
                    self.assertGreater(trial["image"]["added_size"], 0)
                    self.assertLess(trial["image"]["added_size"], 100_000)
            with self.subTest(builder=builder):
                self.assertLess(trials["warm"]["build_us"], trials["cold"]["build_us"])
                self.assertEqual([probe["verdict"] for probe in trials["cold"]["probes"]], ["yes"])
                self.check_failure(outcome.trial("fails", builder))
        self.check_unsupported(outcome)

    def check_steps(self, trial, condition):
        steps = [step for step in trial["steps"] if step["number"] > 0]
        lines = [step["user_line"] for step in steps]
        self.assertEqual(lines, sorted(lines), "in the order of the file")
        cached = {step["instruction"]: step["cached"] for step in steps if step["instruction"].split()[0] in ("RUN", "COPY")}
        cached.pop("RUN echo nobody needs this", None)
        before, after = list(cached.values())[:3], list(cached.values())[3:]
        self.assertEqual((before, after), {"cold": ([False] * 3, [False] * 2), "warm": ([True] * 3, [True] * 2),
                                           "edited": ([True] * 3, [False] * 2)}[condition], cached)
        if condition == "warm":
            return
        last = step_of(trial, "seq 1 500")
        self.assertEqual(last["user_line"], 12)
        lines = self.bakeoff.run("log", trial["id"], "--step", str(last["number"]), check=True).stdout.splitlines()[1:]
        self.assertEqual(lines, ["as they were"] + ([f"edited for {trial['id']}"] if condition == "edited" else []) + ["tool"] +
                         [str(number) for number in range(1, 501)])
        if condition == "cold":
            quiet = step_of(trial, "no line end")
            self.assertEqual((quiet["user_line"], quiet["n_log_lines"]), (10, 1))

    def check_failure(self, trial):
        self.assertEqual(trial["outcome"], "failed")
        step = trial["steps"][trial["failed_step"]]
        self.assertEqual((step["instruction"], step["user_line"], step["exit_code"]), ("RUN echo last words; exit 42", 3, 42))
        self.assertIn("last words", self.bakeoff.run("log", trial["id"], check=True).stdout)

    def check_unsupported(self, outcome):
        missing = [trial for trial in outcome.trials if trial["cell"]["builder"] == "buildkit"] if not self.has_buildkit else []
        for trial in missing:
            self.assertEqual(trial["outcome"], "unsupported")
            self.assertIn(self.named, trial["reason"])

    def count(self, outcome, how):
        counts = {}
        for trial in outcome.trials:
            counts[trial["outcome"]] = counts.get(trial["outcome"], 0) + 1
        self.said.append(f"{how}: " + ", ".join(f"{n} {word}" for word, n in sorted(counts.items(), reverse=True)))

    def assert_untouched(self, ours=()):
        """Nothing of the neighbour's is gone or changed, and nothing of ours is left but what is meant to stay."""
        left = [line for line in self.before.changes(self.lab.snapshot()) if not any(word in line for word in ours)]
        self.assertEqual(left, [])

    def test_attached(self):
        outcome = self.run_campaign(self.lab.device)
        self.check(outcome)
        self.assert_untouched()
        self.count(outcome, "attached")

    def test_durable(self):
        """The same as a courier on the device, reached over ssh; what stays is the study's volume and the courier's image."""
        outcome = self.run_campaign(self.lab.ssh_device)
        self.assertNotIn("attached", outcome.stderr)
        self.check(outcome)
        courier = [image["Id"] for image in self.lab.request("GET", "/images/json", query={"all": 1})
                   if any("bakeoff-courier" in tag for tag in image["RepoTags"] or ())]
        self.assertEqual(len(courier), 1)
        self.assert_untouched(ours=("volume bakeoff-study-", *courier))
        self.lab.remove_everything_named("bakeoff-study-")
        self.lab.request("DELETE", f"/images/{courier[0]}", query={"force": 1})
        self.count(outcome, "durable")

    def test_device_test(self):
        done = self.bakeoff.run("device", "test", self.lab.ssh_device, check=True)
        self.assertIn(self.named, done.stdout)
        self.assertEqual("there is no BuildKit" in done.stdout, not self.has_buildkit)

    def test_engine_restart(self):
        """Service or daemon ended and started again: everything is as it was, and a campaign runs."""
        self.lab.verb("restart-engine")
        outcome = Running(self.bakeoff, self.study().save(), "--device", self.lab.device, "--only", "steps/*/classic/cold").end()
        self.assertEqual((outcome.code, set(outcome.outcomes().values())), (0, {"succeeded"}), outcome.stderr)


class TestDocker20(EngineTest, unittest.TestCase):
    engine, named = "docker-20.10", "Docker"


class TestDocker26(EngineTest, unittest.TestCase):
    engine, named = "docker-26.1", "Docker 26.1"


class TestPodman(EngineTest, unittest.TestCase):
    engine, named, has_buildkit = "podman", "Podman", False

    def set_default_runtime(self, name):
        path = os.path.join(self.lab.dir, "etc", "containers", "containers.conf")
        with open(path, encoding="utf-8") as file:
            text = file.read()
        with open(path, "w", encoding="utf-8") as file:
            file.write(re.sub(r'(?m)^runtime = ".*"$', f'runtime = "{name}"', text))
        self.lab.verb("restart-engine")

    def test_runtime(self):
        """Podman's service does not look at a container's runtime: said beforehand, and it works where it is the default."""
        study = Study(os.path.join(self.home, "gpu"), defaults={"network": "none", "keep": "none", "runtime": "nvidia"},
                      probes=[{"kind": "workload", "command": ["sh", "-c", "ls /dev/nvidia0"]}])
        study.add("good", "RUN true\n").save()
        run = ("run", study.folder, "--device", self.lab.device)
        said = self.bakeoff.run(*run)
        self.assertEqual(said.returncode, 1, said.stderr)
        self.assertIn('[engine] runtime = "nvidia"', said.stdout + said.stderr)
        self.assertIn('[engine] runtime = "nvidia"', self.bakeoff.run("device", "test", self.lab.device).stdout)
        self.addCleanup(self.set_default_runtime, "runc")
        self.set_default_runtime("nvidia")
        self.bakeoff.run(*run, check=True)
        self.assert_untouched()

    def test_stopped_run_goes_on(self):
        """Podman does not end a RUN whose build was given up. It is told as what it is, and the next campaign cleans up."""
        study = Study(os.path.join(self.home, "slow"), defaults={"network": "none", "keep": "none", "timeout": "2s"})
        study.add("slow", "RUN sleep 6\nRUN echo never > /never\n").save()
        outcome = Running(self.bakeoff, study.folder, "--device", self.lab.device).end()
        self.assertEqual(outcome.trial("slow")["outcome"], "timed-out")
        time.sleep(8)
        outcome = Running(self.bakeoff, self.study().save(), "--device", self.lab.device, "--only", "steps/*/classic/cold").end()
        self.assertEqual(outcome.outcomes(), {"steps/tiny/classic/cold": "succeeded"})
        self.assert_untouched()


if __name__ == "__main__":
    unittest.main()
