# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs Podman's Docker-compatible service as Debian's podman.socket and podman-docker do, without systemd.

usage: podman-service.py CGROUP

The socket is made here and handed over, for the group `docker`; /var/run/docker.sock points to it.
Podman has no setting for the control group of its containers, so it gets a namespace in which CGROUP
is the top.
"""

import ctypes
import grp
import os
import socket
import subprocess
import sys

SOCKET = "/run/podman/podman.sock"
ALIAS = "/run/docker.sock"
CLONE_NEWNS, CLONE_NEWCGROUP = 0x00020000, 0x02000000
FIRST_HANDED_OVER = 3  # sd_listen_fds(3)


def hierarchies():
    """Where control groups are mounted: (type, folder, options that tell one hierarchy from another)."""
    with open("/proc/self/mounts", encoding="ascii") as file:
        for line in file:
            _, folder, kind, options = line.split()[:4]
            if kind in ("cgroup", "cgroup2"):
                own = [o for o in options.split(",") if kind == "cgroup" and o not in ("rw", "ro", "relatime", "nosuid", "nodev", "noexec")]
                yield kind, folder, ",".join(own)


def enter(cgroup):
    """Make cgroup the top of what this process and its children see of the control groups."""
    found = list(hierarchies())
    for _, folder, _ in found:
        os.makedirs(folder + cgroup, exist_ok=True)
        for name in ("cpuset.cpus", "cpuset.mems"):  # a new group of version 1 has none, and takes no process then
            inner, outer = f"{folder}{cgroup}/{name}", f"{folder}/{name}"
            if os.path.exists(outer):
                with open(outer, encoding="ascii") as source, open(inner, "w", encoding="ascii") as target:
                    target.write(source.read())
        with open(f"{folder}{cgroup}/cgroup.procs", "w", encoding="ascii") as file:
            file.write("0")
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNS | CLONE_NEWCGROUP) != 0:
        raise OSError(ctypes.get_errno(), "unshare")
    subprocess.run(["mount", "--make-rprivate", "/"], check=True)
    for kind, folder, options in found:
        subprocess.run(["umount", folder], check=True)
        subprocess.run(["mount", "-t", kind, "-o", options or "rw", "lab", folder], check=True)
        if kind == "cgroup2":
            # Version 2 wants no process in a group that has groups with controllers.
            os.makedirs(f"{folder}/service", exist_ok=True)
            with open(f"{folder}/service/cgroup.procs", "w", encoding="ascii") as file:
                file.write("0")


def listen():
    for path in (SOCKET, ALIAS):
        if os.path.lexists(path):
            os.unlink(path)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(SOCKET)
    os.chown(SOCKET, 0, grp.getgrnam("docker").gr_gid)
    os.chmod(SOCKET, 0o660)
    listener.listen(64)
    os.symlink(SOCKET, ALIAS)
    if listener.fileno() != FIRST_HANDED_OVER:
        os.dup2(listener.fileno(), FIRST_HANDED_OVER)
    os.set_inheritable(FIRST_HANDED_OVER, True)
    listener.detach()


enter(sys.argv[1])
listen()
os.environ.update(LISTEN_FDS="1", LISTEN_PID=str(os.getpid()))
os.execvp("podman", ["podman", "system", "service", "--time", "0"])
