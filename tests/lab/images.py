# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab's base images and the contents of its wheel index.

All of it is made on this machine from Debian's packages and from the sources
beside this file, and kept under $XDG_CACHE_HOME/bakeoff-lab by the hash of its
recipe, so that only the first lab of a machine waits for it.
"""

import hashlib
import io
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile

import engine_http

HERE = os.path.dirname(os.path.realpath(__file__))
TINY = "bakeoff-lab/tiny:1"
# Enough of /bin for a Dockerfile; busybox answers to all of these names.
TINY_APPLETS = ("sh ash cat cp mv rm ls mkdir rmdir ln touch chmod chown echo printf test [ true false sleep env id "
                "date dd head tail wc sort uniq grep sed awk tr cut find xargs tar gzip gunzip md5sum sha256sum stat "
                "seq yes tee expr uname hostname kill ps df du wget nc od hexdump which").split()


def cache_folder():
    base = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    folder = os.path.join(base, "bakeoff-lab")
    os.makedirs(folder, exist_ok=True)
    return folder


def cached(name, recipe, make):
    """The path of a cached file; make(path) writes it when this recipe was not made before."""
    key = hashlib.sha256("\0".join(recipe).encode()).hexdigest()[:16]
    path = os.path.join(cache_folder(), f"{name}-{key}.tar")
    if not os.path.exists(path):
        print(f"lab: making {name}, once on this machine", file=sys.stderr, flush=True)
        with tempfile.TemporaryDirectory(prefix=f".{name}-", dir=cache_folder()) as work:
            made = os.path.join(work, "made.tar")
            make(made, work)
            os.replace(made, path)  # another lab may have made the same meanwhile
    return path


def run(*argv, **more):
    done = subprocess.run(argv, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, **more)
    if done.returncode != 0:
        tail = done.stdout.decode("utf-8", "replace").splitlines()[-30:]
        raise RuntimeError("{}: exit {}\n{}".format(" ".join(argv), done.returncode, "\n".join(tail)))
    return done.stdout


def import_image(socket, path, tag, changes=()):
    with open(path, "rb") as file:
        repository, _, label = tag.rpartition(":")
        answer = engine_http.request(
            socket, "POST", "/images/create",
            query={"fromSrc": "-", "repo": repository, "tag": label, "changes": "\n".join(changes)},
            body=file, headers={"Content-Length": str(os.path.getsize(path))})
    if b"errorDetail" in (answer if isinstance(answer, bytes) else repr(answer).encode()):
        raise RuntimeError(f"import of {tag}: {answer!r}")


# The tiny image: busybox alone.

def make_tiny(path, work):
    try:
        run("apt-get", "download", "busybox-static", cwd=work)
    except RuntimeError:
        run("apt-get", "update")
        run("apt-get", "download", "busybox-static", cwd=work)
    package = next(name for name in os.listdir(work) if name.endswith(".deb"))
    run("dpkg-deb", "-x", package, "unpacked", cwd=work)
    with tarfile.open(path, "w", format=tarfile.USTAR_FORMAT) as tar:
        def add(name, kind=tarfile.DIRTYPE, mode=0o755, data=b"", link=""):
            item = tarfile.TarInfo(name)
            item.type, item.mode, item.size, item.linkname = kind, mode, len(data), link
            tar.addfile(item, io.BytesIO(data))
        for folder in ("bin", "etc", "root", "usr", "usr/bin", "var"):
            add(folder)
        add("tmp", mode=0o1777)
        add("etc/passwd", tarfile.REGTYPE, 0o644, b"root:x:0:0:root:/root:/bin/sh\n")
        add("etc/group", tarfile.REGTYPE, 0o644, b"root:x:0:\n")
        with open(f"{work}/unpacked/bin/busybox", "rb") as file:
            add("bin/busybox", tarfile.REGTYPE, 0o755, file.read())
        for name in TINY_APPLETS:
            add(f"bin/{name}", tarfile.SYMTYPE, 0o777, link="busybox")


def load_tiny(socket):
    path = cached("tiny", [os.uname().machine, " ".join(TINY_APPLETS), "2"], make_tiny)
    import_image(socket, path, TINY, ["ENV PATH=/usr/bin:/bin", 'CMD ["/bin/sh"]'])
