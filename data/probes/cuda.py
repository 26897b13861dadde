# SPDX-License-Identifier: GPL-3.0-or-later
"""Does CUDA work in here, how far, and if not why? See README.md beside this file for what is printed.

Python 3.6 or later, nothing but the standard library. The questions are asked in child processes, so that a driver that crashes or hangs is an
answer too. A level is passed only by computing something: libraries that merely load, or that say "available", are known to fail at the first kernel.
"""

import ctypes
import glob
import json
import os
import platform
import random
import re
import select
import signal
import sys
import time

DRIVER_LIMIT_S = 120  # compiling the first kernel took 17 s on a small board
TORCH_LIMIT_S = 300
LINE_LIMIT = 8000

# Stores thread * FACTOR + ADDEND for each thread. The target is the oldest that
# current drivers take, so that every Jetson can compile it.
PTX = """.version 6.0
.target sm_50
.address_size 64
.visible .entry bakeoff(.param .u64 out)
{
  .reg .b32 %%r<3>;
  .reg .b64 %%rd<5>;
  ld.param.u64 %%rd1, [out];
  cvta.to.global.u64 %%rd2, %%rd1;
  mov.u32 %%r1, %%tid.x;
  mul.wide.u32 %%rd3, %%r1, 4;
  add.s64 %%rd4, %%rd2, %%rd3;
  mad.lo.u32 %%r2, %%r1, %d, %d;
  st.global.u32 [%%rd4], %%r2;
  ret;
}
"""
THREADS = 64

CODES = {2: "out-of-memory", 34: "stub-library", 35: "driver-too-old", 36: "driver-too-old", 100: "no-device",
         209: "no-kernel-image", 218: "unsupported-kernel", 221: "no-jit-compiler", 222: "unsupported-kernel",
         803: "driver-mismatch", 804: "driver-mismatch"}
REASONS = {
    "no-driver-library": "There is no CUDA driver library in the container: it was not started with the NVIDIA runtime, or "
                         "that found nothing to add.",
    "empty-driver-library": "The CUDA driver library is an empty file: a leftover of one that was mounted when the image was made.",
    "driver-library-unusable": "The CUDA driver library is there but cannot be loaded.",
    "stub-library": "The toolkit's stub of the driver library is found before the driver: the driver was not added to the "
                    "container, or a folder of stubs is on the library path.",
    "no-device": "The driver finds no device: the device nodes are not in the container.",
    "driver-too-old": "The driver is older than what is asked of it.",
    "driver-mismatch": "The driver library does not fit the device's kernel driver.",
    "no-jit-compiler": "The driver's compiler for kernels is missing: not all of its libraries were added to the container.",
    "no-kernel-image": "There is no code for this device's architecture.",
    "unsupported-kernel": "The driver does not take the kernel.",
    "out-of-memory": "The device has not enough memory left.",
    "driver-error": "The driver reported an error.",
    "wrong-result": "The device computed something else than expected.",
    "torch-import": "PyTorch is there but cannot be imported.",
    "torch-cpu-build": "PyTorch was built without CUDA.",
    "torch-unavailable": "PyTorch was built with CUDA but finds no device.",
    "torch-error": "PyTorch failed while it computed on the device.",
}


class Stop(Exception):
    """The end of the ladder: the level that failed, a code of REASONS, the words it rests on."""

    def __init__(self, level, code, raw=""):
        Exception.__init__(self, code)
        self.level, self.code, self.raw = level, code, raw


# Level 0 to 2: the driver.

def device_nodes():
    found = []
    for pattern in ("/dev/nvidia[0-9]*", "/dev/nvidiactl", "/dev/nvmap", "/dev/nvhost-*", "/dev/nvgpu/*/*"):
        found.extend(sorted(glob.glob(pattern)))
    return found[:40]


def loaded_path(name):
    """Where a library that this process has loaded came from."""
    with open("/proc/self/maps") as file:
        for line in file:
            path = line.rstrip("\n").partition("/")[2]
            if os.path.basename(path).startswith(name):
                return "/" + path
    return ""


def load_library():
    try:
        return ctypes.CDLL("libcuda.so.1")
    except OSError as error:
        text = str(error)
    if "file too short" in text:
        raise Stop(0, "empty-driver-library", text)
    # By glibc's words and by musl's; a library that it needs in turn may be what is missing.
    if re.match(r"(Error loading shared library )?libcuda\.so\.1: ", text) and "No such file" in text:
        raise Stop(0, "no-driver-library", text)
    raise Stop(0, "driver-library-unusable", text)


class Driver:
    """The driver API; a call that fails is a Stop that names call, code and the driver's own words."""

    def __init__(self, library):
        self.library = library
        self.level = 1

    def words(self, code):
        words = []
        for function in ("cuGetErrorName", "cuGetErrorString"):
            text = ctypes.c_char_p()
            if hasattr(self.library, function) and getattr(self.library, function)(code, ctypes.byref(text)) == 0 and text.value:
                words.append(text.value.decode("ascii", "replace"))
        return " (%s)" % ", ".join(words) if words else ""

    def __getattr__(self, name):
        try:
            function = getattr(self.library, name)
        except AttributeError as error:
            raise Stop(self.level, "driver-library-unusable", str(error))

        def call(*arguments):
            code = function(*arguments)
            if code != 0:
                raise Stop(self.level, CODES.get(code, "driver-error"), "%s returned %d%s" % (name, code, self.words(code)))
        return call


def ask_driver(tell):
    tell.fact(0, "device_nodes", device_nodes())
    library = load_library()
    path = loaded_path("libcuda.so")
    tell.fact(0, "library", path)
    tell.fact(0, "library_bytes", os.path.getsize(path) if path and os.path.exists(path) else 0)
    tell.passed(0)

    driver, number, device = Driver(library), ctypes.c_int(), ctypes.c_int()
    driver.cuInit(0)
    driver.cuDriverGetVersion(ctypes.byref(number))
    tell.fact(1, "driver_version", "%d.%d" % (number.value // 1000, number.value % 1000 // 10))
    driver.cuDeviceGetCount(ctypes.byref(number))
    tell.fact(1, "device_count", number.value)
    if number.value == 0:
        raise Stop(1, "no-device", "cuDeviceGetCount counts 0 devices")
    driver.cuDeviceGet(ctypes.byref(device), 0)
    name = ctypes.create_string_buffer(256)
    driver.cuDeviceGetName(name, len(name), device)
    tell.fact(1, "device_name", name.value.decode("utf-8", "replace"))
    capability = []
    for attribute in (75, 76):  # compute capability, major and minor
        driver.cuDeviceGetAttribute(ctypes.byref(number), attribute, device)
        capability.append(str(number.value))
    tell.fact(1, "compute_capability", ".".join(capability))
    tell.passed(1)

    driver.level = 2
    began = time.time()
    factor, addend = random.randint(3, 1000), random.randint(1, 1000)
    context, module, function, memory = ctypes.c_void_p(), ctypes.c_void_p(), ctypes.c_void_p(), ctypes.c_uint64()
    size = ctypes.c_size_t(4 * THREADS)
    driver.cuDevicePrimaryCtxRetain(ctypes.byref(context), device)
    driver.cuCtxSetCurrent(context)
    driver.cuModuleLoadData(ctypes.byref(module), ctypes.c_char_p((PTX % (factor, addend)).encode()))
    driver.cuModuleGetFunction(ctypes.byref(function), module, b"bakeoff")
    driver.cuMemAlloc_v2(ctypes.byref(memory), size)
    arguments = (ctypes.c_void_p * 1)(ctypes.cast(ctypes.byref(memory), ctypes.c_void_p))
    driver.cuLaunchKernel(function, 1, 1, 1, THREADS, 1, 1, 0, None, arguments, None)
    driver.cuCtxSynchronize()
    result = (ctypes.c_uint32 * THREADS)()
    driver.cuMemcpyDtoH_v2(result, memory, size)
    expected = [thread * factor + addend for thread in range(THREADS)]
    if list(result) != expected:
        raise Stop(2, "wrong-result", "expected %s..., got %s..." % (expected[:4], list(result)[:4]))
    tell.fact(2, "kernel_seconds", round(time.time() - began, 3))
    tell.passed(2)


# Level 3: PyTorch.

def ask_torch(tell):
    import importlib.util
    if importlib.util.find_spec("torch") is None:
        tell.fact(3, "torch", "absent")
        return
    try:
        import torch
    except BaseException as error:  # whatever a broken installation raises, SystemExit too
        raise Stop(3, "torch-import", "%s: %s" % (type(error).__name__, error))
    tell.fact(3, "torch_version", str(torch.__version__))
    tell.fact(3, "torch_cuda", str(torch.version.cuda or ""))
    if not torch.version.cuda:
        raise Stop(3, "torch-cpu-build", "torch.version.cuda is None")
    if not torch.cuda.is_available():
        raw = "torch.cuda.is_available() is False"
        try:
            torch.cuda.init()
        except Exception as error:
            raw = "%s: %s" % (type(error).__name__, error)
        raise Stop(3, "torch-unavailable", raw)
    try:
        compute_with(torch, tell)
    except Stop:
        raise
    except Exception as error:
        text = "%s: %s" % (type(error).__name__, error)
        if "no kernel image" in text or "named symbol not found" in text:
            raise Stop(3, "no-kernel-image", text)
        # An allocation that fails on a Jetson can surface as a failed assertion about NVML.
        if "out of memory" in text or "NVML_SUCCESS == r" in text:
            raise Stop(3, "out-of-memory", text)
        raise Stop(3, "torch-error", text)
    tell.passed(3)


def compute_with(torch, tell):
    tell.fact(3, "torch_device_name", torch.cuda.get_device_name(0))
    tell.fact(3, "torch_arch_list", [str(arch) for arch in torch.cuda.get_arch_list()])
    torch.backends.cuda.matmul.allow_tf32 = False
    torch.backends.cudnn.allow_tf32 = False
    a, b = torch.randn(64, 64), torch.randn(64, 64)
    there = (a.cuda() @ b.cuda()).cpu()
    torch.cuda.synchronize()
    error = float((there - a @ b).abs().max())
    tell.fact(3, "torch_matmul_error", error)
    image, filters = torch.randn(1, 3, 16, 16), torch.randn(4, 3, 3, 3)
    there = torch.nn.functional.conv2d(image.cuda(), filters.cuda()).cpu()
    torch.cuda.synchronize()
    conv_error = float((there - torch.nn.functional.conv2d(image, filters)).abs().max())
    if not (error < 1e-3 and conv_error < 1e-3):  # also catches not-a-number
        raise Stop(3, "wrong-result", "matrix product off by %g, convolution off by %g" % (error, conv_error))


# The child processes and what they tell.

class Tell:
    """The child's end: one JSON list a line."""

    def __init__(self, descriptor):
        self.file = os.fdopen(descriptor, "w")

    def send(self, *items):
        self.file.write(json.dumps(items) + "\n")
        self.file.flush()

    def fact(self, level, key, value):
        self.send("fact", level, key, value)

    def passed(self, level):
        self.send("passed", level)


def in_child(question, limit_s, level):
    """Asks in a child process; prints its facts. Returns the level passed and a Stop or None."""
    told_read, told_write = os.pipe()
    noise_read, noise_write = os.pipe()
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        try:
            os.close(told_read)
            os.close(noise_read)
            os.dup2(noise_write, 1)
            os.dup2(noise_write, 2)
            tell = Tell(told_write)
            try:
                question(tell)
            except Stop as stop:
                tell.send("stop", stop.level, stop.code, stop.raw)
            tell.send("done")
            sys.stdout.flush()
            sys.stderr.flush()
            ctypes.CDLL(None).fflush(None)  # what a library wrote by C's own buffers
        except BaseException as error:
            os.write(2, ("%s: %s\n" % (type(error).__name__, error)).encode("utf-8", "replace"))
            os._exit(1)
        os._exit(0)
    os.close(told_write)
    os.close(noise_write)

    told, noise, waiting, deadline, late = b"", b"", [told_read, noise_read], time.time() + limit_s, False
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
    # What it wrote last may still be in the pipe. A grandchild may hold the other end open: do not wait for it.
    while noise_read in waiting and select.select([noise_read], [], [], 0)[0]:
        data = os.read(noise_read, 65536)
        if not data:
            break
        noise = (noise + data)[-4096:]
    os.close(told_read)
    os.close(noise_read)

    stop, done = None, False
    for line in told.decode("ascii").splitlines():
        items = json.loads(line)
        if items[0] == "fact":
            emit(level=items[1], key=items[2], value=items[3])
        elif items[0] == "passed":
            level = items[1]
        elif items[0] == "stop":
            stop = Stop(*items[1:])
        else:
            done = True
    words = " / ".join(line.strip() for line in noise.decode("utf-8", "replace").splitlines() if line.strip())[-1000:]
    if late:
        stop = Stop(level + 1, "timed-out", words)
        REASONS["timed-out"] = "No answer within %d seconds." % limit_s
    elif not done:
        stop = Stop(level + 1, "crashed", ": ".join(filter(None, (ending(status), words))))
        REASONS["crashed"] = "The libraries that were asked ended the process."
    elif stop and words:
        stop.raw += "; " + words
    return level, stop


def ending(status):
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        return next((s.name for s in signal.Signals if s.value == number), "signal %d" % number)
    return "exit %d" % os.WEXITSTATUS(status)


def emit(**more):
    """One line of the protocol. Shortens the longest text when the line would be too long."""
    while True:
        line = "bakeoff-probe " + json.dumps(dict({"probe": "cuda"}, **more))
        if len(line) < LINE_LIMIT:
            break
        longest = max((key for key in more if isinstance(more[key], (str, list))), key=lambda key: len(more[key]))
        more[longest] = more[longest][:len(more[longest]) // 2]
    print(line)
    sys.stdout.flush()


def main():
    emit(start=True, format=1, python=platform.python_version(), machine=platform.machine())
    level, stop = in_child(ask_driver, DRIVER_LIMIT_S, -1)
    if stop is None:
        level, stop = in_child(ask_torch, TORCH_LIMIT_S, level)
    if stop is None:
        emit(end=True, verdict="yes", level=level, failed_level=None, code="ok", raw="",
             reason="A PyTorch computation ran on the device." if level == 3 else "A kernel ran on the device.")
    else:
        emit(end=True, verdict="no", level=level, failed_level=stop.level, code=stop.code, reason=REASONS[stop.code],
             raw=stop.raw[:2000])


main()
