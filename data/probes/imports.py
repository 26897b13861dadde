# SPDX-License-Identifier: GPL-3.0-or-later
"""Can these modules be imported, and which versions are they? See README.md beside this file for what is printed.

Called as `python3 -c "<this text>" MODULE...`. Python 3.6 or later, nothing but the standard library. Each module is imported in a child process, so that one that
crashes, hangs or leaves cannot stop the others.
"""

import importlib
import json
import os
import platform
import select
import signal
import sys
import time

LIMIT_S = 120
LINE_LIMIT = 8000


def version_of(module, name):
    """The module's own word for it, else what its distribution says."""
    version = getattr(module, "__version__", None)
    if version is not None and not callable(version) and not hasattr(version, "__path__"):
        return str(version)
    try:
        from importlib import metadata
    except ImportError:  # before Python 3.8
        return ""
    top = name.partition(".")[0]
    names = [top]
    if hasattr(metadata, "packages_distributions"):
        names += metadata.packages_distributions().get(top, [])
    for candidate in names:
        try:
            return metadata.version(candidate)
        except metadata.PackageNotFoundError:
            pass  # not named as its module
    return ""


def ask(name):
    """In the child: what became of `import name`."""
    began = time.time()
    try:
        module = importlib.import_module(name)
    except BaseException as error:  # SystemExit and KeyboardInterrupt are answers too
        answer = {"ok": False, "exception": type(error).__name__, "text": str(error)}
    else:
        answer = {"ok": True, "version": version_of(module, name), "file": str(getattr(module, "__file__", None) or "")}
    answer["seconds"] = round(time.time() - began, 3)
    return answer


def ask_in_child(name):
    told_read, told_write = os.pipe()
    noise_read, noise_write = os.pipe()
    sys.stdout.flush()
    began = time.time()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            os.close(told_read)
            os.close(noise_read)
            os.dup2(noise_write, 1)
            os.dup2(noise_write, 2)
            answer = json.dumps(ask(name)).encode()
            while answer:
                answer = answer[os.write(told_write, answer):]
            status = 0
            sys.stdout.flush()
            sys.stderr.flush()
        finally:
            os._exit(status)
    os.close(told_write)
    os.close(noise_write)

    told, noise, waiting, deadline, late = b"", b"", [told_read, noise_read], time.time() + LIMIT_S, False
    while told_read in waiting:
        ready = select.select(waiting, [], [], max(0, deadline - time.time()))[0]
        if not ready:
            late = True
            os.kill(child, signal.SIGKILL)
            break
        for descriptor in ready:
            data = os.read(descriptor, 65536)
            if not data:
                waiting.remove(descriptor)
            elif descriptor == told_read:
                told += data
            else:
                noise = (noise + data)[-4096:]
    status = os.waitpid(child, 0)[1]
    while noise_read in waiting and select.select([noise_read], [], [], 0)[0]:
        data = os.read(noise_read, 65536)
        if not data:
            break
        noise = (noise + data)[-4096:]
    os.close(told_read)
    os.close(noise_read)

    try:
        answer = json.loads(told.decode("ascii"))
    except ValueError:  # it ended before it could answer
        answer = {"ok": False, "exception": "TimeoutExpired" if late else ending(status), "seconds": round(time.time() - began, 3),
                  "text": "no end after %d s" % LIMIT_S if late else "the import ended the process"}
    if not answer["ok"]:
        answer["raw"] = noise.decode("utf-8", "replace").strip()[-2000:]
    return answer


def ending(status):
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        return next((s.name for s in signal.Signals if s.value == number), "signal %d" % number)
    return "SystemExit"


def emit(**more):
    """One line of the protocol. Shortens the longest text when the line would be too long."""
    while True:
        line = "bakeoff-probe " + json.dumps(dict({"probe": "imports"}, **more))
        if len(line) < LINE_LIMIT:
            break
        longest = max((key for key in more if isinstance(more[key], str)), key=lambda key: len(more[key]))
        more[longest] = more[longest][:len(more[longest]) // 2]
    print(line)
    sys.stdout.flush()


def main():
    names = sys.argv[1:]
    if not names:
        sys.exit("usage: imports.py MODULE...")
    emit(start=True, format=1, python=platform.python_version(), machine=platform.machine())
    passed = 0
    for name in names:
        answer = ask_in_child(name)
        passed += answer["ok"]
        emit(module=name, **answer)
    emit(end=True, verdict="yes" if passed == len(names) else "no", passed=passed, failed=len(names) - passed)


main()
