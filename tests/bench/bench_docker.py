# SPDX-License-Identifier: GPL-3.0-or-later
"""Bakeoff against the docker command line, on a lab of its own.

usage: bench_docker.py [--rounds N] [--lab DIR] [cold-build] [upload] [remote]

Each round does the same work once with either, in turns, on the same engine.
What is compared is the ratio of the medians, in one run: 1.0 means as fast
as docker, less is faster.

  cold-build-BUILDER  a Dockerfile of twenty quick RUN steps, nothing cached. Ours: from the
                      request to the image, as in a trial's record. Docker's: the command.
  upload              a context of 512 MiB that the classic builder gets and does nothing with.
                      Ours: the phases upload and build of the trial's record. Docker's: the command.
  upload-and-all      the same context, changed each round so that nothing about it is known.
                      Ours: the whole `bakeoff-cli run`, with reading and hashing the context, the
                      base image's twin, the clean-up and the store. Docker's: the command.

  remote-matrix       over ssh: twelve cells (three strategies, two builders, cold and warm) with a context of
                      256 MiB. Bytes over the link, both ways, and the time of all of it. Ours: one campaign on the
                      device; docker's: twelve builds of its command line through the same sshd. Beside that, how
                      much longer our campaign took than what the engine itself was busy with.
  remote-edit         the same study, with one file of it changed, one cell: bytes over the link by the context's.
  remote-cold         over ssh: one cold build of twenty quick steps. Ours: from the request to the image, by the
                      device's clock; docker's: the command. And the whole of `bakeoff-cli run`.

Needs root, as the lab does; exits with 77 (skipped) without.
"""

import argparse
import os
import shutil
import statistics
import struct
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.realpath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "e2e"))
sys.dont_write_bytecode = True

from campaigns import Running, Study, phase_of  # noqa: E402, in the e2e tests' folder
from lab import TINY, Bakeoff, Lab  # noqa: E402, in the e2e tests' folder

MIB = 1 << 20
CONTEXT_BYTES = 512 * MIB


REMOTE_BYTES = 256 * MIB


def report(name, ours, docker):
    a, b = statistics.median(ours), statistics.median(docker)
    print(f"ratio {name} {a / b:.2f} (ours {a:.2f} s, docker {b:.2f} s, {len(ours)} rounds; "
          f"ours {min(ours):.2f} to {max(ours):.2f}, docker {min(docker):.2f} to {max(docker):.2f})", flush=True)


class Bench:
    def __init__(self, lab, folder, rounds):
        self.lab, self.folder, self.rounds = lab, folder, rounds
        self.bakeoff = Bakeoff(lab, os.path.join(folder, "home"))

    def run_ours(self, study, *words):
        """One trial by bakeoff-cli: its record, and the seconds that all of it took."""
        begun = time.monotonic()
        outcome = Running(self.bakeoff, study.folder, "--device", self.lab.device, *words).end()
        took = time.monotonic() - begun
        if outcome.code != 0 or len(outcome.trials) != 1:
            raise SystemExit(f"bakeoff-cli run: exit {outcome.code}\n{outcome.stderr}{outcome.outcomes()}")
        return outcome.trials[0], took

    def run_docker(self, study, dockerfile, buildkit):
        begun = time.monotonic()
        self.lab.docker("build", "--no-cache", "--network", "none", "--tag", "bench-docker:1", "--file",
                        os.path.join(study.folder, dockerfile), study.folder, DOCKER_BUILDKIT=str(int(buildkit)))
        took = time.monotonic() - begun
        self.lab.docker("rmi", "bench-docker:1")
        return took

    def cold_build(self):
        study = Study(os.path.join(self.folder, "cold"), builders=("classic", "buildkit"))
        study.add("steps", "".join(f"RUN echo step {n} > /step-{n}; seq 1 500\n" for n in range(20)))
        study.save()
        for builder in ("classic", "buildkit"):
            ours, docker = [], []
            for _ in range(self.rounds):
                trial, _ = self.run_ours(study, "--only", f"steps/tiny/{builder}/cold")
                build, upload = phase_of(trial, "build"), phase_of(trial, "upload")
                ours.append((build["start_us"] + build["duration_us"] - upload["start_us"]) / 1e6)
                docker.append(self.run_docker(study, "Dockerfile.steps", builder == "buildkit"))
            report(f"cold-build-{builder}", ours, docker)

    def upload(self):
        study = Study(os.path.join(self.folder, "upload"))
        study.keys["bases"] = [{"id": "tiny", "image": TINY}]
        study.add("large", "COPY Dockerfile.large /\n")
        study.save()
        # Bytes that no file system and no transport can make smaller.
        for number in range(8):
            with open(os.path.join(study.folder, f"large-{number}"), "wb") as file:
                for _ in range(CONTEXT_BYTES // 8 // MIB):
                    file.write(os.urandom(MIB))
        uploads, alls, docker = [], [], []
        for _ in range(self.rounds):
            for number in range(8):
                with open(os.path.join(study.folder, f"large-{number}"), "r+b") as file:
                    file.write(os.urandom(16))
            docker.append(self.run_docker(study, "Dockerfile.large", False))
            trial, took = self.run_ours(study)
            build, upload = phase_of(trial, "build"), phase_of(trial, "upload")
            uploads.append((build["start_us"] + build["duration_us"] - upload["start_us"]) / 1e6)
            alls.append(took)
        report("upload", uploads, docker)
        report("upload-and-all", alls, docker)

    def link_bytes(self):
        """What went over the lab's link so far, both ways."""
        total = 0
        for kind in ("rx", "tx"):
            with open(f"/sys/class/net/{self.lab.link}/statistics/{kind}_bytes", encoding="ascii") as file:
                total += int(file.read())
        return total

    def run_remote(self, study, *words):
        """A campaign on the device: its trials, the seconds and the bytes that it took."""
        begun, before = time.monotonic(), self.link_bytes()
        outcome = Running(self.bakeoff, study.folder, "--device", self.lab.ssh_device, *words).end(1200)
        took, sent = time.monotonic() - begun, self.link_bytes() - before
        if outcome.code != 0 or "from this computer instead" in outcome.stderr:
            raise SystemExit(f"bakeoff-cli run: exit {outcome.code}\n{outcome.stderr}{outcome.outcomes()}")
        return outcome, took, sent

    def run_docker_remote(self, study, dockerfile, buildkit, cold, tag):
        words = ["build", "--network", "none", "--tag", tag, "--file", os.path.join(study.folder, dockerfile)]
        self.lab.docker(*words, *(["--no-cache"] if cold else []), study.folder, DOCKER_BUILDKIT=str(int(buildkit)),
                        DOCKER_HOST=self.lab.ssh_device.split("/var/")[0], timeout=1200)

    def engine_seconds(self, campaign):
        """How long the engine was busy with requests of the campaign, the watch apart."""
        folder = os.path.join(self.bakeoff.home, "data", "bakeoff", "campaigns", campaign)
        with open(os.path.join(folder, "script"), "rb") as file:
            watch = next(int(line.split()[1]) for line in file if line.startswith(b"watch "))
        begun, total = {}, 0
        for kind, request, mono in read_stamps(os.path.join(folder, "journal")):
            if kind == "REQUEST":
                begun[request] = mono
            elif request in begun and request != watch:
                total += mono - begun.pop(request)
        return total / 1e6

    def remote(self):
        study = Study(os.path.join(self.folder, "remote"), builders=("classic", "buildkit"), conditions=["cold", "warm"])
        for name in ("a", "b", "c"):
            study.add(name, f"COPY part-0 /\nRUN sleep 5; echo {name}\n")
        study.add("steps", "".join(f"RUN echo step {n} > /step-{n}; seq 1 500\n" for n in range(20)))
        study.save()
        for number in range(64):
            with open(os.path.join(study.folder, f"part-{number}"), "wb") as file:
                for _ in range(REMOTE_BYTES // 64 // MIB):
                    file.write(os.urandom(MIB))

        begun, before = time.monotonic(), self.link_bytes()
        for name in ("a", "b", "c"):
            for buildkit in (False, True):
                for cold in (True, False):
                    self.run_docker_remote(study, f"Dockerfile.{name}", buildkit, cold, f"bench-docker:{name}{int(buildkit)}")
        docker_took, docker_sent = time.monotonic() - begun, self.link_bytes() - before
        for name in ("a", "b", "c"):
            for buildkit in (False, True):
                self.lab.docker("rmi", f"bench-docker:{name}{int(buildkit)}", check=False)

        outcome, took, sent = self.run_remote(study, "--only", "a", "--only", "b", "--only", "c")
        engine = self.engine_seconds(outcome.campaign)
        print(f"remote-matrix: {len(outcome.trials)} trials; bytes over the link {sent / REMOTE_BYTES:.3f} of the context "
              f"(docker {docker_sent / REMOTE_BYTES:.3f}); {took:.1f} s, docker {docker_took:.1f} s, ratio {took / docker_took:.2f}; "
              f"the engine was busy for {engine:.1f} s: {100 * (took / engine - 1):+.1f} %", flush=True)

        with open(os.path.join(study.folder, "part-9"), "r+b") as file:
            file.truncate(1000)
            file.write(os.urandom(16))
        _, took, sent = self.run_remote(study, "--only", "a/tiny/classic/cold")
        print(f"remote-edit: bytes over the link {100 * sent / REMOTE_BYTES:.3f} % of the context, {took:.1f} s", flush=True)

        ours, whole, docker = [], [], []
        for name in os.listdir(study.folder):
            if name.startswith("part-"):
                os.unlink(os.path.join(study.folder, name))
        for _ in range(self.rounds):
            begun = time.monotonic()
            self.run_docker_remote(study, "Dockerfile.steps", False, True, "bench-docker:steps")
            docker.append(time.monotonic() - begun)
            self.lab.docker("rmi", "bench-docker:steps")
            outcome, took, _ = self.run_remote(study, "--only", "steps/tiny/classic/cold")
            trial = outcome.trials[0]
            build, upload = phase_of(trial, "build"), phase_of(trial, "upload")
            ours.append((build["start_us"] + build["duration_us"] - upload["start_us"]) / 1e6)
            whole.append(took)
        report("remote-cold", ours, docker)
        report("remote-cold-and-all", whole, docker)


def read_stamps(folder):
    """When the requests of a journal began and ended: (type, request, monotonic microseconds)."""
    kinds = {5: "REQUEST", 9: "DONE"}
    for name in sorted(os.listdir(folder)):
        with open(os.path.join(folder, name), "rb") as file:
            while head := file.read(48):
                _, kind, _, _, _, mono, request, length, _, _ = struct.unpack("<4sHHQqqIIII", head)
                file.seek(length, os.SEEK_CUR)
                if kind in kinds:
                    yield kinds[kind], request, mono


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--lab", help="a lab that runs already")
    parser.add_argument("what", nargs="*", default=["cold-build", "upload", "remote"])
    words = parser.parse_args()
    if os.geteuid() != 0:
        print("skipped: the lab needs root")
        return 77

    lab = Lab(words.lab)
    if words.lab:
        lab.refresh()
    else:
        lab.start()
    folder = tempfile.mkdtemp(prefix="bakeoff-bench.")
    try:
        bench = Bench(lab, folder, words.rounds)
        for what in words.what:
            {"cold-build": bench.cold_build, "upload": bench.upload, "remote": bench.remote}[what]()
    finally:
        shutil.rmtree(folder)
        if not words.lab:
            lab.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
