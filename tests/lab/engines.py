# SPDX-License-Identifier: GPL-3.0-or-later
"""The engines that a lab can have, how each is made ready, and what the supervisor runs for it."""

import json
import os
import shlex
import shutil
import subprocess
import sys

import images

HERE = os.path.dirname(os.path.realpath(__file__))
SOCKET_IN_LAB = "/var/run/docker.sock"


def run(*argv):
    done = subprocess.run(argv, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(argv)}: exit {done.returncode}\n{done.stdout.strip()}")


def write(path, text):
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def overlay_works(lab):
    """Whether overlayfs can be mounted on the file system that DIR is on."""
    base = f"{lab}/overlay-trial"
    for folder in ("lower", "upper", "work", "merged"):
        os.makedirs(f"{base}/{folder}")
    script = 'mount -t overlay overlay -o "lowerdir=$1/lower,upperdir=$1/upper,workdir=$1/work" "$1/merged"'
    done = subprocess.run(["unshare", "--mount", "--propagation", "private", "sh", "-c", script, "sh", base],
                          stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    shutil.rmtree(base)
    return done.returncode == 0


def make_driver(lab):
    """The simulated driver that the runtime `nvidia` puts into containers; the environment that tells it where."""
    os.mkdir(f"{lab}/nvidia")
    library = f"{lab}/nvidia/libcuda.so.1"
    run("cc", "-O1", "-shared", "-fPIC", "-Wl,-soname,libcuda.so.1", "-o", library, f"{HERE}/libcuda-simulated.c")
    return {"BAKEOFF_LAB_PYTHON": sys.executable, "BAKEOFF_LAB_INJECT": f"{HERE}/nvidia-inject.py",
            "BAKEOFF_LAB_LIBCUDA": library}


class Docker:
    """dockerd as this machine has it."""

    needed = ("dockerd", "containerd", "runc")

    def __init__(self, lab, cgroup, registries):
        self.lab, self.cgroup, self.registries = lab, cgroup, registries
        self.socket = f"{lab}/engine.sock"
        self.env = {}
        self.driver = None

    def make(self):
        """Everything that has to be there before the engine is started."""
        self.driver = "overlay2" if overlay_works(self.lab) else "vfs"
        self.env = make_driver(self.lab)
        write(f"{self.lab}/daemon.json", json.dumps({
            "data-root": f"{self.lab}/engine",
            "storage-driver": self.driver,
            "hosts": [f"unix://{self.socket}", f"unix://{SOCKET_IN_LAB}"],
            "bridge": "none",
            "iptables": False,
            "ip-forward": False,
            "ip-masq": False,
            "cgroup-parent": self.cgroup,
            "exec-opts": ["native.cgroupdriver=cgroupfs"],
            "insecure-registries": self.registries,
            "runtimes": {"nvidia": {"path": f"{HERE}/nvidia-runtime"}},
            "shutdown-timeout": 5,
        }, indent=2) + "\n")

    def service(self):
        """What the supervisor runs."""
        return {"argv": ["dockerd", "--config-file", f"{self.lab}/daemon.json"], "env": self.env}

    def binds(self):
        """Path that the lab's processes see -> what they find there."""
        return {}


class DockerOfDebian13(Docker):
    """dockerd of Debian 13's docker.io, in a root file system of its own."""

    needed = ("debootstrap", "pivot_root", "tar")

    def make(self):
        super().make()
        root = f"{self.lab}/debian-13"
        os.mkdir(root, 0o755)
        with open(os.path.join(HERE, "debian-13.sh"), encoding="utf-8") as file:
            recipe = [os.uname().machine, file.read()]
        run("tar", "--extract", "--preserve-permissions", "--numeric-owner", "--file", images.cached("debian-13", recipe, self.debootstrap),
            "--directory", root)
        for name in ("passwd", "group", "hosts"):
            shutil.copyfile(f"{self.lab}/etc/{name}", f"{root}/etc/{name}")
        self.env["BAKEOFF_LAB_PYTHON"] = "/usr/bin/python3"

    @staticmethod
    def debootstrap(path, work):
        images.run(os.path.join(HERE, "debian-13.sh"), path, work, *images.mirror())

    def service(self):
        inner = super().service()
        return {"argv": ["unshare", "--mount", "--propagation", "private", f"{HERE}/in-root", f"{self.lab}/debian-13",
                         self.lab, HERE, "--", *inner["argv"]], "env": inner["env"]}


class Podman(Docker):
    """`podman system service` as Debian 12 has it."""

    needed = ("podman", "conmon", "runc")

    def make(self):
        self.driver = "overlay" if overlay_works(self.lab) else "vfs"
        self.env = make_driver(self.lab)
        own = f"{self.lab}/etc/containers"
        for folder in (own, f"{self.lab}/engine/tmp", f"{self.lab}/engine/var-lib", f"{self.lab}/engine/var-cache",
                       f"{self.lab}/podman"):
            os.makedirs(folder)
        os.chmod(f"{self.lab}/podman", 0o755)
        # podman-service.py makes the socket there.
        os.symlink("podman/podman.sock", self.socket)
        # What Podman runs containers with gets nothing of its environment but PATH.
        runtime = f"{self.lab}/nvidia/nvidia-runtime"
        write(runtime, "#!/bin/sh\n" + "".join(f"export {key}={shlex.quote(value)}\n" for key, value in self.env.items()) +
              f'exec {HERE}/nvidia-runtime "$@"\n')
        os.chmod(runtime, 0o755)
        write(f"{own}/policy.json", '{"default": [{"type": "insecureAcceptAnything"}]}\n')
        write(f"{own}/registries.conf", 'unqualified-search-registries = ["docker.io"]\n' + "".join(
            f'[[registry]]\nlocation = "{registry}"\ninsecure = true\n' for registry in self.registries))
        write(f"{own}/storage.conf", f'[storage]\ndriver = "{self.driver}"\nrunroot = "/run/containers/storage"\n'
                                     f'graphroot = "{self.lab}/engine/storage"\n')
        # default_ulimits: Podman asks for more open files and processes than a root
        # without CAP_SYS_RESOURCE may have, and then no container starts.
        write(f"{own}/containers.conf", f"""\
[containers]
default_ulimits = ["nofile=1024:1024", "nproc=4096:4096"]
netns = "host"
cgroupns = "host"
[network]
network_config_dir = "{self.lab}/engine/networks"
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "file"
tmp_dir = "/run/libpod"
image_copy_tmp_dir = "{self.lab}/engine/tmp"
[engine.runtimes]
nvidia = ["{runtime}"]
""")

    def service(self):
        return {"argv": [sys.executable, "-I", f"{HERE}/podman-service.py", self.cgroup], "env": {
            **self.env, "TMPDIR": f"{self.lab}/engine/tmp", "HOME": f"{self.lab}/engine"}}

    def binds(self):
        # Wherever its storage is, Podman keeps caches in /var/lib/containers and /var/cache/containers.
        return {"/etc/containers": f"{self.lab}/etc/containers", "/run/podman": f"{self.lab}/podman",
                "/var/lib": f"{self.lab}/engine/var-lib", "/var/cache": f"{self.lab}/engine/var-cache"}


ENGINES = {"docker-20.10": Docker, "docker-26.1": DockerOfDebian13, "podman": Podman}
