# SPDX-License-Identifier: GPL-3.0-or-later
"""Adds the simulated driver to an OCI bundle, as NVIDIA's runtime adds the real one.

Called as `nvidia-inject.py LIBCUDA RUNTIME-ARGUMENTS...`. Does nothing when the
container does not ask for devices with NVIDIA_VISIBLE_DEVICES, as the real one.
"""

import json
import os
import sys


def bundle_of(arguments):
    for i, word in enumerate(arguments):
        if word in ("--bundle", "-b"):
            return arguments[i + 1]
        if word.startswith("--bundle="):
            return word.split("=", 1)[1]
    return os.getcwd()


def main():
    libcuda, arguments = sys.argv[1], sys.argv[2:]
    path = os.path.join(bundle_of(arguments), "config.json")
    with open(path, encoding="utf-8") as file:
        config = json.load(file)

    environment = dict(item.partition("=")[::2] for item in config["process"].get("env", []))
    if environment.get("NVIDIA_VISIBLE_DEVICES", "void") in ("", "void", "none"):
        return

    machine = os.uname().machine
    config.setdefault("mounts", []).append({
        "destination": f"/usr/lib/{machine}-linux-gnu/libcuda.so.1",
        "type": "bind",
        "source": libcuda,
        "options": ["ro", "nosuid", "nodev", "rbind", "rprivate"],
    })
    # A node with the name of a GPU's and the numbers of /dev/null: harmless on a
    # machine that has a real GPU.
    linux = config.setdefault("linux", {})
    linux.setdefault("devices", []).append(
        {"path": "/dev/nvidia0", "type": "c", "major": 1, "minor": 3, "fileMode": 0o666, "uid": 0, "gid": 0})

    with open(path + ".lab", "w", encoding="utf-8") as file:
        json.dump(config, file)
    os.replace(path + ".lab", path)


main()
