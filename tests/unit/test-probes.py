#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""data/probes: what they print, for drivers and modules in every state that this machine can be put into.

The driver libraries are compiled here. None of these tests needs a GPU, and one on this machine is not
used: the libraries made here come first on the library path.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

import tap

# It would unbuffer C's streams too, and hide what the probe has to flush.
os.environ.pop("PYTHONUNBUFFERED", None)

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(__file__))))
PROBES = os.path.join(ROOT, "data", "probes")
SIMULATED = os.path.join(ROOT, "tests", "lab", "libcuda-simulated.c")
COMPILER = (os.environ.get("CC") or "cc").split()
PREFIX = "bakeoff-probe "


def text_of(name):
    with open(os.path.join(PROBES, name), encoding="utf-8") as file:
        return file.read()


class ProbeTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="probes.")
        self.addCleanup(shutil.rmtree, self.folder)

    def driver(self, source):
        """Puts a libcuda.so.1 made of C text on the library path."""
        path = os.path.join(self.folder, "libcuda.c")
        with open(path, "w", encoding="utf-8") as file:
            file.write("#include <stdio.h>\n#include <stdlib.h>\n#include <string.h>\n#include <unistd.h>\n" + source)
        subprocess.run([*COMPILER, "-shared", "-fPIC", "-w", "-Wl,-soname,libcuda.so.1", "-o",
                        os.path.join(self.folder, "libcuda.so.1"), path], check=True)

    def module(self, name, text):
        with open(os.path.join(self.folder, f"{name}.py"), "w", encoding="utf-8") as file:
            file.write(text)

    def run_text(self, words, **environment):
        done = subprocess.run(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60, check=False,
                              env=dict(os.environ, LD_LIBRARY_PATH=self.folder, PYTHONPATH=self.folder,
                                       PYTHONDONTWRITEBYTECODE="1", **environment))
        self.assertEqual(done.returncode, 0, done.stderr)
        lines = [line for line in done.stdout.split(b"\n") if line.startswith(PREFIX.encode())]
        for line in lines:
            self.assertLess(len(line), 8000)
        messages = [json.loads(line[len(PREFIX):].decode("ascii")) for line in lines]
        self.assertEqual(messages[0]["format"], 1)
        self.assertTrue(messages[0]["start"])
        self.assertEqual([message.get("end", False) for message in messages], [False] * (len(messages) - 1) + [True])
        return messages[1:-1], messages[-1]

    def cuda(self, text=None, **environment):
        facts, end = self.run_text([sys.executable, "-c", text or text_of("cuda.py")], **environment)
        # Every code that can be printed is described for those who read it.
        self.assertIn(f"| `{end['code']}` |", text_of("README.md"))
        self.assertTrue(end["reason"])
        return {fact["key"]: fact["value"] for fact in facts}, end

    def assert_stops(self, end, level, failed_level, code, raw):
        self.assertEqual((end["verdict"], end["level"], end["failed_level"], end["code"]), ("no", level, failed_level, code), end)
        self.assertRegex(end["raw"], raw)


class TestCuda(ProbeTest):
    def test_yes(self):
        self.driver(f'#include "{SIMULATED}"\n')
        facts, end = self.cuda()
        self.assertEqual((end["verdict"], end["level"], end["failed_level"], end["code"]), ("yes", 2, None, "ok"), end)
        self.assertEqual(facts["device_name"], "SIMULATED GPU (Bakeoff lab)")
        self.assertEqual(facts["driver_version"], "12.6")
        self.assertEqual(facts["compute_capability"], "8.7")
        self.assertEqual(facts["device_count"], 1)
        self.assertEqual(os.path.realpath(facts["library"]), os.path.realpath(f"{self.folder}/libcuda.so.1"))
        self.assertEqual(facts["library_bytes"], os.path.getsize(f"{self.folder}/libcuda.so.1"))
        self.assertEqual(facts["torch"], "absent")

    def test_from_standard_input(self):
        self.driver("int cuInit (unsigned f) { return 34; }\n")
        with open(os.path.join(PROBES, "cuda.py"), "rb") as file:
            done = subprocess.run([sys.executable, "-"], stdin=file, stdout=subprocess.PIPE, check=True,
                                  env=dict(os.environ, LD_LIBRARY_PATH=self.folder))
        self.assertIn(b'"stub-library"', done.stdout.splitlines()[-1])

    def test_no_library(self):
        # No machine's own driver: an empty library path is not enough where one is installed.
        text = text_of("cuda.py").replace("libcuda.so.1", "libcuda-of-nobody.so.1").replace(
            r"libcuda\.so\.1", r"libcuda-of-nobody\.so\.1")
        _, end = self.cuda(text)
        self.assert_stops(end, -1, 0, "no-driver-library", "cannot open shared object file")

    def test_empty_library(self):
        with open(f"{self.folder}/libcuda.so.1", "wb"):
            pass
        _, end = self.cuda()
        self.assert_stops(end, -1, 0, "empty-driver-library", "file too short")

    def test_library_that_needs_another(self):
        subprocess.run([*COMPILER, "-shared", "-fPIC", "-x", "c", "-o", f"{self.folder}/libnvrm-of-nobody.so", "/dev/null"], check=True)
        path = f"{self.folder}/empty.c"
        with open(path, "w", encoding="utf-8"):
            pass
        subprocess.run([*COMPILER, "-shared", "-fPIC", "-Wl,-soname,libcuda.so.1", "-Wl,--no-as-needed", "-o",
                        f"{self.folder}/libcuda.so.1", path, f"-L{self.folder}", "-lnvrm-of-nobody"], check=True)
        os.unlink(f"{self.folder}/libnvrm-of-nobody.so")
        _, end = self.cuda()
        self.assert_stops(end, -1, 0, "driver-library-unusable", "libnvrm-of-nobody.so: cannot open")

    def test_library_without_the_functions(self):
        self.driver("int nothing;\n")
        _, end = self.cuda()
        self.assert_stops(end, 0, 1, "driver-library-unusable", "cuInit")

    def test_codes_of_cuinit(self):
        for number, code in ((34, "stub-library"), (100, "no-device"), (35, "driver-too-old"), (36, "driver-too-old"),
                             (803, "driver-mismatch"), (804, "driver-mismatch"), (2, "out-of-memory"), (999, "driver-error")):
            with self.subTest(number=number):
                self.driver(f"int cuInit (unsigned f) {{ return {number}; }}\n")
                _, end = self.cuda()
                self.assert_stops(end, 0, 1, code, f"^cuInit returned {number}$")

    def test_words_of_the_driver(self):
        self.driver("""
int cuInit (unsigned f) { fputs ("NvRmMemInitNvmap failed with Permission denied\\n", stderr); return 999; }
int cuGetErrorName (int c, const char **t) { *t = "CUDA_ERROR_UNKNOWN"; return 0; }
int cuGetErrorString (int c, const char **t) { *t = "unknown error"; return 0; }
""")
        _, end = self.cuda()
        self.assertEqual(end["raw"], "cuInit returned 999 (CUDA_ERROR_UNKNOWN, unknown error); "
                                     "NvRmMemInitNvmap failed with Permission denied")

    def test_no_device_counted(self):
        self.driver("int cuInit (unsigned f) { return 0; } int cuDriverGetVersion (int *v) { *v = 11040; return 0; }\n"
                    "int cuDeviceGetCount (int *n) { *n = 0; return 0; }\n")
        facts, end = self.cuda()
        self.assertEqual(facts["driver_version"], "11.4")
        self.assert_stops(end, 0, 1, "no-device", "counts 0")

    def test_kernel_is_refused(self):
        for number, code in ((221, "no-jit-compiler"), (222, "unsupported-kernel"), (218, "unsupported-kernel"), (209, "no-kernel-image")):
            with self.subTest(number=number):
                self.driver(f'#define cuModuleLoadData unused\n#include "{SIMULATED}"\n#undef cuModuleLoadData\n'
                            f"int cuModuleLoadData (void **m, const void *t) {{ return {number}; }}\n")
                _, end = self.cuda()
                self.assert_stops(end, 1, 2, code, f"^cuModuleLoadData returned {number}")

    def test_wrong_result(self):
        # A device that answers yesterday's question: the numbers differ in each run.
        self.driver(f'#define cuMemcpyDtoH_v2 unused\n#include "{SIMULATED}"\n#undef cuMemcpyDtoH_v2\n'
                    "int cuMemcpyDtoH_v2 (void *to, CUdeviceptr from, size_t n)\n"
                    "{ for (size_t i = 0; i < n / 4; i++) ((uint32_t *) to)[i] = 3 * i + 7; return 0; }\n")
        _, end = self.cuda()
        self.assert_stops(end, 1, 2, "wrong-result", r"^expected \[\d+, .*got \[7, 10")

    def test_crash(self):
        self.driver('int cuInit (unsigned f) { fputs ("last words\\n", stderr); fflush (stderr); abort (); }\n')
        _, end = self.cuda()
        self.assert_stops(end, 0, 1, "crashed", "^SIGABRT: last words$")

    def test_exit(self):
        self.driver("int cuInit (unsigned f) { _exit (0); }\n")
        _, end = self.cuda()
        self.assert_stops(end, 0, 1, "crashed", "^exit 0$")

    def test_hang(self):
        self.driver("int cuInit (unsigned f) { for (;;) pause (); }\n")
        _, end = self.cuda(text_of("cuda.py").replace("DRIVER_LIMIT_S = 120", "DRIVER_LIMIT_S = 1"))
        self.assert_stops(end, 0, 1, "timed-out", "^$")
        self.assertIn("1 second", end["reason"])

    def test_library_that_writes_to_stdout(self):
        self.driver('int cuInit (unsigned f) { puts ("bakeoff-probe {\\"end\\": true, \\"verdict\\": \\"yes\\"}"); return 100; }\n')
        _, end = self.cuda()
        self.assert_stops(end, 0, 1, "no-device", "^cuInit returned 100; bakeoff-probe")

    def test_long_and_odd_words(self):
        self.driver('int cuInit (unsigned f) { for (int i = 0; i < 100000; i++) fputs ("\\xff\\x01", stderr); return 100; }\n')
        _, end = self.cuda()
        self.assertLessEqual(len(end["raw"]), 2000)

    def torch(self, text):
        self.driver(f'#include "{SIMULATED}"\n')
        self.module("torch", text)
        return self.cuda()

    def test_torch_for_the_processor(self):
        facts, end = self.torch("__version__ = '2.6.0'\nclass version: cuda = None\n")
        self.assertEqual((facts["torch_version"], facts["torch_cuda"]), ("2.6.0", ""))
        self.assert_stops(end, 2, 3, "torch-cpu-build", "torch.version.cuda is None")

    def test_torch_cannot_be_imported(self):
        _, end = self.torch("raise OSError('libcudart.so.12: cannot open shared object file')\n")
        self.assert_stops(end, 2, 3, "torch-import", "^OSError: libcudart.so.12: cannot open")

    def test_torch_leaves(self):
        _, end = self.torch("import os\nos.kill(os.getpid(), 11)\n")
        self.assert_stops(end, 2, 3, "crashed", "^SIGSEGV")

    def test_torch_finds_no_device(self):
        _, end = self.torch("__version__ = '2.6.0'\nclass version: cuda = '12.6'\nclass cuda:\n"
                            "  is_available = lambda: False\n"
                            "  def init(): raise RuntimeError('The NVIDIA driver on your system is too old')\n")
        self.assert_stops(end, 2, 3, "torch-unavailable", "^RuntimeError: The NVIDIA driver on your system is too old$")

    def test_torch_fails_at_the_first_kernel(self):
        text = ("__version__ = '2.6.0'\nclass version: cuda = '12.6'\nclass cuda:\n  is_available = lambda: True\n"
                "  def get_device_name(n): raise RuntimeError({!r})\n")
        for words, code in (("CUDA error: no kernel image is available for execution on the device", "no-kernel-image"),
                            ("NVML_SUCCESS == r INTERNAL ASSERT FAILED", "out-of-memory"), ("anything else", "torch-error")):
            with self.subTest(code=code):
                _, end = self.torch(text.format(words))
                self.assert_stops(end, 2, 3, code, f"^RuntimeError: {re.escape(words)}$")


class TestCudaWithoutPython(ProbeTest):
    def shell(self, **environment):
        facts, end = self.run_text(["sh", "-c", text_of("cuda.sh")], **environment)
        self.assertIn(f"| `{end['code']}` |", text_of("README.md"))
        return {fact["key"]: fact["value"] for fact in facts}, end

    def tool(self, name, text):
        path = os.path.join(self.folder, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write("#!/bin/sh\n" + text)
        os.chmod(path, 0o755)

    def path_with(self, **tools):
        for name, text in tools.items():
            self.tool(name.replace("_", "-"), text)
        return f"{self.folder}:{os.environ['PATH']}"

    def test_empty_library(self):
        with open(f"{self.folder}/libcuda.so.1", "wb"):
            pass
        facts, end = self.shell(PATH=self.path_with(ldconfig="exit 0"))
        self.assertEqual(facts["library_bytes"], 0)
        self.assert_stops(end, -1, 0, "empty-driver-library", "libcuda.so.1$")

    def test_weak(self):
        self.driver("int nothing;\n")
        facts, end = self.shell(PATH=self.path_with(ldconfig="exit 0", nvidia_smi="echo 'GPU 0: Orin \"(nvgpu)\" \\x'"))
        self.assertEqual(facts["library"], f"{self.folder}/libcuda.so.1")
        self.assertTrue(facts["device_name"].startswith('GPU 0: Orin "(nvgpu)"'))
        self.assertEqual((end["verdict"], end["level"], end["failed_level"], end["code"]), ("weak", 0, None, "no-python"))

    def test_smi_says_no(self):
        self.driver("int nothing;\n")
        _, end = self.shell(PATH=self.path_with(ldconfig="exit 0", nvidia_smi="echo 'NVIDIA-SMI has failed\nsecond line'; exit 9"))
        self.assert_stops(end, 0, 1, "no-device", "^NVIDIA-SMI has failed second line$")


class TestImports(ProbeTest):
    def imports(self, *names, text=None):
        modules, end = self.run_text([sys.executable, "-c", text or text_of("imports.py"), *names])
        self.assertEqual([module["module"] for module in modules], list(names))
        self.assertEqual(end["passed"] + end["failed"], len(names))
        return {module["module"]: module for module in modules}, end

    def test_yes(self):
        self.module("loaf", "__version__ = '1.2.3'\nprint('noise')\n")
        modules, end = self.imports("loaf", "json.decoder")
        self.assertEqual((end["verdict"], end["passed"], end["failed"]), ("yes", 2, 0))
        self.assertEqual(modules["loaf"]["version"], "1.2.3")
        self.assertEqual(modules["loaf"]["file"], f"{self.folder}/loaf.py")

    def test_version_of_the_distribution(self):
        self.module("crumb", "")
        os.mkdir(f"{self.folder}/crumb_cake-4.5.dist-info")
        with open(f"{self.folder}/crumb_cake-4.5.dist-info/METADATA", "w", encoding="ascii") as file:
            file.write("Metadata-Version: 2.1\nName: crumb-cake\nVersion: 4.5\n")
        with open(f"{self.folder}/crumb_cake-4.5.dist-info/top_level.txt", "w", encoding="ascii") as file:
            file.write("crumb\n")
        modules, _ = self.imports("crumb")
        expected = "4.5" if sys.version_info >= (3, 10) else ""
        self.assertEqual(modules["crumb"]["version"], expected)

    def test_one_does_not_stop_the_others(self):
        self.module("segfault", "import os, sys\nprint('last words', file=sys.stderr, flush=True)\nos.kill(os.getpid(), 11)\n")
        self.module("leaves", "import os\nos._exit(0)\n")
        self.module("quits", "raise SystemExit('no licence')\n")
        self.module("broken", "import nothing_of_the_kind\n")
        modules, end = self.imports("segfault", "leaves", "quits", "broken", "json")
        self.assertEqual((end["verdict"], end["passed"], end["failed"]), ("no", 1, 4))
        self.assertEqual((modules["segfault"]["exception"], modules["segfault"]["raw"]), ("SIGSEGV", "last words"))
        self.assertEqual(modules["leaves"]["exception"], "SystemExit")
        self.assertEqual((modules["quits"]["exception"], modules["quits"]["text"]), ("SystemExit", "no licence"))
        self.assertEqual((modules["broken"]["exception"], modules["broken"]["text"]),
                         ("ModuleNotFoundError", "No module named 'nothing_of_the_kind'"))
        self.assertTrue(modules["json"]["ok"])

    def test_hang(self):
        self.module("hangs", "import time\ntime.sleep(1000)\n")
        modules, _ = self.imports("hangs", "json", text=text_of("imports.py").replace("LIMIT_S = 120", "LIMIT_S = 1"))
        self.assertEqual(modules["hangs"]["exception"], "TimeoutExpired")
        self.assertTrue(modules["json"]["ok"])

    def test_long_text(self):
        self.module("long", "raise ValueError('\\u00e9' * 100000)\n")
        modules, _ = self.imports("long")
        self.assertTrue(modules["long"]["text"].startswith("\u00e9\u00e9"))


if __name__ == "__main__":
    tap.main()
