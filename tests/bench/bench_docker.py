# SPDX-License-Identifier: GPL-3.0-or-later
"""Bakeoff against the docker command line, on a lab of its own.

usage: bench_docker.py [--rounds N] [--lab DIR] [cold-build] [upload]

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

Needs root, as the lab does; exits with 77 (skipped) without.
"""

import argparse
import os
import shutil
import statistics
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


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--lab", help="a lab that runs already")
    parser.add_argument("what", nargs="*", default=["cold-build", "upload"])
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
            {"cold-build": bench.cold_build, "upload": bench.upload}[what]()
    finally:
        shutil.rmtree(folder)
        if not words.lab:
            lab.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
