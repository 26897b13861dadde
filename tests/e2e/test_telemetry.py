# SPDX-License-Identifier: GPL-3.0-or-later
"""What the machine is like while it builds: samples, what becomes of them in the
records, flags with their evidence, and advice about a device."""

import json
import multiprocessing
import os
import struct
import sys
import unittest

from campaigns import CampaignTest
from lab import Bakeoff, build_dir

TELEMETRY = 14
PRESENT = ("memory", "swap", "paging", "oom", "load", "cpu", "own", "disk")


def read_journal(folder):
    """(type, monotonic µs, payload) of each message."""
    for name in sorted(os.listdir(folder)):
        if not name.endswith(".bj"):
            continue
        with open(os.path.join(folder, name), "rb") as file:
            data = file.read()
        at = 0
        while at + 48 <= len(data):
            kind, = struct.unpack_from("<H", data, at + 4)
            mono, = struct.unpack_from("<q", data, at + 24)
            length, = struct.unpack_from("<I", data, at + 36)
            yield kind, mono, data[at + 48:at + 48 + length]
            at += 48 + length


def busy_loop():
    while True:
        pass


class TestTelemetry(CampaignTest):
    def samples(self, campaign):
        journal = os.path.join(self.campaign_folder(campaign), "journal")
        return [(mono, dict(line.split(" ", 1) for line in text.decode("ascii").splitlines()))
                for kind, mono, text in read_journal(journal) if kind == TELEMETRY]

    def test_samples_and_records(self):
        study = self.study(conditions=["cold", "warm"]).add("work", "RUN sleep 6\n")
        outcome = self.run_study(study)
        samples = self.samples(outcome.campaign)
        for key in PRESENT:
            self.assertIn(key, samples[-1][1])
        regular = [mono for mono, _ in samples]
        # At least one a second, whatever the machine does besides; none is left out for more than three.
        self.assertGreater(len(regular), (regular[-1] - regular[0]) / 1e6 * 0.8)
        self.assertLess(max(b - a for a, b in zip(regular, regular[1:])), 3e6)
        own = (int(samples[-1][1]["own"]) - int(samples[0][1]["own"])) / os.sysconf("SC_CLK_TCK")
        seconds = (regular[-1] - regular[0]) / 1e6
        print(f"telemetry: {len(samples)} samples in {seconds:.1f} s, the courier used {own / seconds * 100:.2f} % of a "
              "processor in all", file=sys.stderr)

        cold = outcome.trial("work")
        telemetry = cold["telemetry"]
        self.assertGreaterEqual(telemetry["n_samples"], 4)
        self.assertGreater(telemetry["memory_total"], telemetry["memory_low"])
        self.assertGreater(telemetry["disk_low"], 0)
        self.assertEqual(telemetry["oom_kills"], 0)
        self.assertGreaterEqual(telemetry["cpu_before_permille"], 0)
        self.assertGreaterEqual(telemetry["span_us"], cold["build_us"])
        # A warm build takes a moment, and is seen all the same.
        self.assertGreaterEqual(outcome.trial("work", condition="warm")["telemetry"]["n_samples"], 1)
        for trial in outcome.trials:
            for flag in trial["flags"]:
                if flag != "clipped-log":
                    print(f"telemetry: flagged {trial['cell']['key']}: {trial['flag_evidence'].get(flag)}", file=sys.stderr)
                    self.assertIn(flag, trial["flag_evidence"])
        shown = self.bakeoff.run("show", cold["id"], check=True).stdout
        self.assertIn("memory free", shown)
        self.assert_untouched()

    def test_other_load(self):
        loops = [multiprocessing.get_context("fork").Process(target=busy_loop, daemon=True)
                 for _ in range(os.cpu_count() * 2)]
        for loop in loops:
            loop.start()
        try:
            outcome = self.run_study(self.study().add("work", "RUN true\n"))
        finally:
            for loop in loops:
                loop.kill()
                loop.join()
        trial = outcome.trial("work")
        self.assertIn("other-load", trial["flags"])
        self.assertRegex(trial["flag_evidence"]["other-load"], r"used [0-9.]+ % of the processors")
        self.assertGreater(trial["telemetry"]["cpu_before_permille"], 500)
        # Left out of claims, and the document says why.
        document = self.bakeoff.run("findings", "--campaign", outcome.campaign, check=True).stdout
        self.assertIn("disturbed: other-load (right before it", document)
        self.assertIn("other-load: right before it", self.bakeoff.run("show", trial["id"], check=True).stdout)

    def pretend(self, **files):
        """The courier reads these instead of the machine's own; returns the folder."""
        folder = os.path.join(self.home, "machine")
        for name, text in files.items():
            self.put(folder, name.replace("__", "/"), text)
        for name in ("meminfo", "loadavg", "stat"):
            with open(f"/proc/{name}", encoding="ascii") as file:
                self.put(folder, f"proc/{name}", file.read())
        program = os.path.join(self.home, "courier")
        with open(program, "w", encoding="ascii") as file:
            file.write(f'#!/bin/sh\nexec {build_dir()}/src/courier/bakeoff-courier "$@" --telemetry-proc {folder}/proc '
                       f"--telemetry-sys {folder}/sys\n")
        os.chmod(program, 0o755)
        self.bakeoff = Bakeoff(self.lab, self.home, BAKEOFF_COURIER=program)
        return folder

    def put(self, folder, name, text):
        path = os.path.join(folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        # In place, as the courier has it open.
        with open(path, "r+" if os.path.exists(path) else "w", encoding="ascii") as file:
            file.write(text)
            file.truncate()

    def run_and_change(self, dockerfile, folder, changes):
        """Runs a build, and while it does, changes what its machine says."""
        running = self.start(self.study().add("work", dockerfile))
        with self.lab.events(type=["container"]) as events:
            self.wait_for_container(events)
        for name, text in changes.items():
            self.put(folder, name, text)
        return running.end()

    def test_out_of_memory(self):
        folder = self.pretend(proc__vmstat="pswpin 5\npswpout 5\noom_kill 3\n")
        outcome = self.run_and_change("RUN sleep 4; exit 137\n", folder,
                                      {"proc/vmstat": "pswpin 40005\npswpout 50005\noom_kill 4\n"})
        trial = outcome.trial("work")
        self.assert_outcome(trial, "failed")
        self.assertIn("out-of-memory", trial["flags"])
        self.assertIn("swapping", trial["flags"])
        self.assertIn("killed for want of memory: 1; ", trial["flag_evidence"]["out-of-memory"])
        self.assertIn("40000 pages were swapped in and 50000 out", trial["flag_evidence"]["swapping"])
        document = self.bakeoff.run("findings", "--campaign", outcome.campaign, check=True).stdout
        self.assertIn("**Reason**: out of memory", document)

    def test_killed_without_evidence(self):
        self.pretend(proc__vmstat="pswpin 5\npswpout 5\noom_kill 3\n")
        outcome = self.start(self.study().add("work", "RUN sleep 1; exit 137\n")).end()
        trial = outcome.trial("work")
        self.assert_outcome(trial, "failed")
        self.assertNotIn("out-of-memory", trial["flags"])
        document = self.bakeoff.run("findings", "--campaign", outcome.campaign, check=True).stdout
        self.assertNotIn("ut of memory", document.split("## Failures")[1].split("**What to do**")[0])

    def test_throttled(self):
        folder = self.pretend(sys__class__hwmon__hwmon0__name="soctherm_oc\n",
                              sys__class__hwmon__hwmon0__oc3_event_cnt="7\n",
                              sys__class__thermal__thermal_zone0__type="tj-thermal\n",
                              sys__class__thermal__thermal_zone0__temp="61500\n")
        outcome = self.run_and_change("RUN sleep 4\n", folder, {"sys/class/hwmon/hwmon0/oc3_event_cnt": "19\n"})
        trial = outcome.trial("work")
        self.assert_outcome(trial, "succeeded")
        self.assertIn("throttled", trial["flags"])
        self.assertIn("“oc3” went up by 12", trial["flag_evidence"]["throttled"])
        self.assertIn("61.5 °C", trial["flag_evidence"]["throttled"])

    def test_check_device(self):
        study = self.study(defaults={"runtime": "nvidia-missing"}).add("work", "RUN true\n")
        folder = study.save()
        done = self.bakeoff.run("check", folder, "--device", self.device)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        document = json.loads(self.bakeoff.run("check", folder, "--device", self.device, "--json", check=True).stdout)
        facts = document["device"]["facts"]
        self.assertIsNone(facts["l4t"])
        self.assertGreaterEqual(facts["swap_bytes"], 0)
        self.assertGreater(facts["free_disk"], 0)
        self.assertGreater(facts["disk_bytes"], facts["free_disk"])
        self.assertLess(abs(facts["time_s"] - facts["asked_s"]), 60)
        for advice in document["device"]["advice"]:
            self.assertIn(advice["level"], ("problem", "warning", "hint"))
        study.keys["defaults"]["runtime"] = "nvidia"
        study.save()
        document = json.loads(self.bakeoff.run("check", folder, "--device", self.device, "--json").stdout)
        runtimes = document["device"]["facts"]["runtimes"]
        ids = [advice["id"] for advice in document["device"]["advice"]]
        self.assertEqual("runtime" in ids, "nvidia" not in runtimes)
        missing = self.bakeoff.run("check", folder, "--device", "unix:///nonexistent.sock")
        self.assertEqual(missing.returncode, 4, missing.stdout + missing.stderr)
        self.assert_untouched()

    def test_facts_are_kept(self):
        outcome = self.run_study(self.study().add("work", "RUN true\n"))
        with open(os.path.join(self.campaign_folder(outcome.campaign), "campaign.json"), encoding="utf-8") as file:
            facts = json.load(file)["device_facts"]
        self.assertIn("clocks_locked", facts)
        self.assertGreater(facts["disk_bytes"], 0)
        document = self.bakeoff.run("findings", "--campaign", outcome.campaign, check=True).stdout
        self.assertIn("| Swap |", document)


if __name__ == "__main__":
    unittest.main()
