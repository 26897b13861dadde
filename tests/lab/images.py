# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab's base images and the contents of its wheel index.

All of it is made on this machine from Debian's packages and from the sources
beside this file, and kept under $XDG_CACHE_HOME/bakeoff-lab by the hash of its
recipe, so that only the first lab of a machine waits for it.
"""

import fcntl
import hashlib
import io
import os
import re
import subprocess
import sys
import tarfile
import tempfile

import engine_http

HERE = os.path.dirname(os.path.realpath(__file__))
TINY = "bakeoff-lab/tiny:1"    # busybox
SLIM = "bakeoff-lab/slim:1"    # Debian with Python and pip
DEVEL = "bakeoff-lab/devel:1"  # the same with a C compiler
READY = "bakeoff-lab/ready:1"  # the same with formant-dsp and its companions installed
PYTHON_ENV = [
    # Debian marks its Python as managed by apt (PEP 668); in an image of one
    # program's own pip may install beside it. One variable each: an import into
    # Podman takes the rest of the line for the value.
    "ENV PIP_BREAK_SYSTEM_PACKAGES=1",
    "ENV PIP_ROOT_USER_ACTION=ignore",
    "ENV PIP_DISABLE_PIP_VERSION_CHECK=1",
    "ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    'CMD ["/bin/bash"]',
]
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
    with open(os.path.join(cache_folder(), f".lock-{name}"), "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # a lab that starts meanwhile waits instead of making it too
        if not os.path.exists(path):
            print(f"lab: making {name}, once on this machine", file=sys.stderr, flush=True)
            with tempfile.TemporaryDirectory(prefix=f".{name}-", dir=cache_folder()) as work:
                made = os.path.join(work, "made.tar")
                make(made, work)
                os.replace(made, path)
    return path


def run(*argv, **more):
    done = subprocess.run(argv, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, **more)
    if done.returncode != 0:
        tail = done.stdout.decode("utf-8", "replace").splitlines()[-30:]
        raise RuntimeError("{}: exit {}\n{}".format(" ".join(argv), done.returncode, "\n".join(tail)))
    return done.stdout


def mirror():
    """The mirror that apt uses on this machine for Debian; nothing where it uses none."""
    done = subprocess.run(["apt-get", "indextargets", "--format", "$(CODENAME) $(REPO_URI)", "Created-By: Packages", "Origin: Debian"],
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=False)
    # bookworm, and not bookworm-security, which has a place of its own.
    found = [line.split()[1] for line in done.stdout.splitlines() if re.fullmatch(r"[a-z]+ \S+", line)]
    return found[:1]


def import_image(socket, file, size, tag, changes):
    answer = engine_http.request(
        socket, "POST", "/images/create",
        query=[("fromSrc", "-"), ("repo", tag)] + [("changes", change) for change in changes],
        body=file, headers={"Content-Length": str(size)})
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
    with open(path, "rb") as file:
        import_image(socket, file, os.path.getsize(path), TINY, ["ENV PATH=/usr/bin:/bin", 'CMD ["/bin/sh"]'])


# The images with Python.

def text_of(*parts):
    with open(os.path.join(HERE, *parts), encoding="utf-8") as file:
        return file.read()


def make_bases(path, work):
    run(os.path.join(HERE, "bases.sh"), work, *mirror())
    with tarfile.open(path, "w") as tar:
        for name in ("slim.tar", "devel.tar"):
            tar.add(os.path.join(work, name), arcname=name)


def load_bases(socket):
    """Imports slim and devel; the recipe they were made by."""
    recipe = [os.uname().machine, text_of("bases.sh")]
    with tarfile.open(cached("bases", recipe, make_bases)) as tar:
        for name, tag in (("slim.tar", SLIM), ("devel.tar", DEVEL)):
            import_image(socket, tar.extractfile(name), tar.getmember(name).size, tag, PYTHON_ENV)
    return recipe


# The wheel index.

def package_sources():
    """Path in the packages folder -> text."""
    top, sources = os.path.join(HERE, "packages"), {}
    for folder, folders, names in os.walk(top):
        folders[:] = sorted(name for name in folders if not name.startswith("__pycache__"))
        for name in sorted(names):
            path = os.path.relpath(os.path.join(folder, name), top)
            sources[path] = text_of("packages", path)
    return sources


def tar_of(files):
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for name, text in files.items():
            item = tarfile.TarInfo(name)
            item.size, item.mode = len(text.encode()), 0o755 if name.endswith(".sh") else 0o644
            tar.addfile(item, io.BytesIO(text.encode()))
    return data.getvalue()


def run_in_container(socket, image, command, files, wanted):
    """Runs command in a new container that holds files; the tar of the folder wanted."""
    made = engine_http.request(socket, "POST", "/containers/create", body={
        "Image": image, "Cmd": command, "WorkingDir": "/", "HostConfig": {"NetworkMode": "none"}})
    container = f"/containers/{made['Id']}"
    try:
        engine_http.request(socket, "PUT", f"{container}/archive", query={"path": "/"}, body=tar_of(files))
        engine_http.request(socket, "POST", f"{container}/start")
        ended = engine_http.request(socket, "POST", f"{container}/wait", query={"condition": "not-running"})
        if ended["StatusCode"] != 0:
            log = engine_http.request(socket, "GET", f"{container}/logs", query={"stdout": 1, "stderr": 1, "tail": 30})
            raise RuntimeError(f"{command}: exit {ended['StatusCode']}\n{log.decode('utf-8', 'replace')}")
        return engine_http.request(socket, "GET", f"{container}/archive", query={"path": wanted})
    finally:
        engine_http.request(socket, "DELETE", container, query={"force": 1, "v": 1})


def fill_index(socket, index, base_recipe):
    """Builds the lab's packages in the devel image and lays them out as static PEP 503 pages."""
    files = {f"recipe/{path}": text for path, text in package_sources().items()}

    def make(path, _work):
        data = run_in_container(socket, DEVEL, ["/recipe/build.sh"], files, "/index")
        with open(path, "wb") as file:
            file.write(data)

    recipe = base_recipe + [name + "\n" + text for name, text in files.items()]
    with tarfile.open(cached("wheels", recipe, make)) as tar:
        for item in tar:
            # index/pypi/formant-dsp/formant-dsp-2.6.0.tar.gz
            if item.isfile():
                _, source, project, name = item.name.split("/")
                folder = os.path.join(index, source, "simple", project)
                os.makedirs(folder, exist_ok=True)
                with open(os.path.join(folder, name), "wb") as file:
                    file.write(tar.extractfile(item).read())
    for source in ("pypi", "jetson"):
        write_pages(os.path.join(index, source, "simple"))


def write_pages(simple):
    """The pages of the simple repository API (PEP 503): projects, and each one's files with their hashes."""
    def page(path, links):
        with open(os.path.join(path, "index.html"), "w", encoding="utf-8") as file:
            file.write("<!DOCTYPE html>\n<html><head><meta name=\"pypi:repository-version\" content=\"1.0\">"
                       "<title>Index of the lab</title></head><body>\n")
            file.writelines(f'<a href="{target}">{name}</a><br>\n' for target, name in links)
            file.write("</body></html>\n")

    projects = sorted(os.listdir(simple))
    for project in projects:
        folder, links = os.path.join(simple, project), []
        for name in sorted(os.listdir(folder)):
            with open(os.path.join(folder, name), "rb") as file:
                links.append((f"{name}#sha256={hashlib.sha256(file.read()).hexdigest()}", name))
        page(folder, links)
    page(simple, [(f"{project}/", project) for project in projects])


def build_ready(socket):
    """devel with the packages installed from the lab's own index, by the engine itself."""
    dockerfile = (f"FROM {DEVEL}\n"
                  "RUN pip install --no-cache-dir --index-url http://127.0.0.1:3141/jetson/simple/ "
                  "formant-dsp==2.6.0 formant-voices==0.21.0 formant-audio==2.6.0\n")
    answer = engine_http.request(socket, "POST", "/build", body=tar_of({"Dockerfile": dockerfile}),
                                 query={"version": 1, "t": READY, "networkmode": "host"})
    if b"errorDetail" in answer:
        raise RuntimeError(f"build of {READY}: {answer[-2000:].decode('utf-8', 'replace')}")


def load_all(socket, index):
    recipe = load_bases(socket)
    fill_index(socket, index, recipe)
    build_ready(socket)
