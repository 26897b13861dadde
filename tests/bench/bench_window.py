#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long the window takes to show its first frame, beside GNOME's text editor in the same run.

usage: tests/bench/bench_window.py [--rounds N] [--build DIR]

Needs Xvfb, dbus-daemon and gnome-text-editor. Both are started in turns, N times each (default 10) after one start
of each that is not counted, on one display, with one session bus, without a window manager and with GTK's Cairo renderer;
the median counts. Ends with 0 when Bakeoff is no slower.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(__file__))))


def main():
    parser = argparse.ArgumentParser(description="Time to the first frame.")
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--build", default=os.environ.get("BAKEOFF_BUILD") or os.path.join(ROOT, "build"))
    options = parser.parse_args()
    missing = [name for name in ("Xvfb", "dbus-daemon", "gnome-text-editor") if shutil.which(name) is None]
    if missing:
        print(f"skipped: {', '.join(missing)} not installed")
        return 77

    home = tempfile.mkdtemp(prefix="bakeoff-bench.")
    study = os.path.join(home, "audiobook")
    shutil.copytree(os.path.join(ROOT, "data", "samples", "audiobook"), study)
    build = os.path.realpath(options.build)
    programs = {
        "gnome-text-editor": ["gnome-text-editor", "--standalone", os.path.join(study, "bakeoff.json")],
        "bakeoff (a study)": [os.path.join(build, "src", "gui", "bakeoff"), "--standalone", study],
        "bakeoff (start page)": [os.path.join(build, "src", "gui", "bakeoff"), "--standalone"],
    }
    read, write = os.pipe()
    display = subprocess.Popen(["Xvfb", "-displayfd", str(write), "-screen", "0", "1400x1000x24", "-noreset"], pass_fds=[write],
                               stderr=subprocess.DEVNULL)
    os.close(write)
    with os.fdopen(read) as file:
        number = file.readline().strip()
    bus = subprocess.Popen(["dbus-daemon", "--session", "--nofork", "--print-address"], stdout=subprocess.PIPE, text=True,
                           stderr=subprocess.DEVNULL)
    environment = dict(os.environ, DISPLAY=f":{number}", DBUS_SESSION_BUS_ADDRESS=bus.stdout.readline().strip(), GDK_BACKEND="x11",
                       GSK_RENDERER="cairo", GSETTINGS_BACKEND="memory", GTK_A11Y="none", HOME=home,
                       **{f"XDG_{name}_HOME": os.path.join(home, name.lower()) for name in ("DATA", "CONFIG", "CACHE", "STATE")})
    times = {name: [] for name in programs}
    try:
        for count in range(options.rounds + 1):
            for name, words in programs.items():
                done = subprocess.run([os.path.join(build, "tests", "bench", "first-frame"), *words], env=environment,
                                      stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=True)
                if count > 0:
                    times[name].append(float(done.stdout))
    finally:
        for process in (bus, display):
            process.terminate()
            process.wait()
        shutil.rmtree(home)
    reference = statistics.median(times["gnome-text-editor"])
    for name, values in times.items():
        print(f"{name:22} median {statistics.median(values):6.0f} ms   {min(values):.0f} to {max(values):.0f}   "
              f"ratio {statistics.median(values) / reference:.2f}")
    return 0 if statistics.median(times["bakeoff (a study)"]) <= reference else 1


if __name__ == "__main__":
    sys.exit(main())
