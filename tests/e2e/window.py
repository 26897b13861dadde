# SPDX-License-Identifier: GPL-3.0-or-later
"""The window as a person uses it: the real program on a display that nobody sees, found and read through AT-SPI as a
screen reader does it, driven by real key presses.

    from window import Window

    window = Window.start(lab, home, study)
    window.find("push button", "Run 1 Cell")
    window.press("ctrl+Return")
"""

import itertools
import os
import re
import shutil
import signal
import subprocess
import time
import unittest

from lab import Bakeoff, build_dir

try:
    import gi

    gi.require_version("Atspi", "2.0")
    from gi.repository import Atspi, GLib
except (ImportError, ValueError):
    Atspi = None

PATIENCE_S = 60
SIZE = "1400x1000x24"


class Desktop:
    """A display and a session bus of its own, with the registry of accessible programs on it."""

    _shared = None

    @classmethod
    def shared(cls):
        if Atspi is None:
            raise unittest.SkipTest("python3-gi and gir1.2-atspi-2.0 are not installed (build-aux/install-packages gui)")
        for program in ("Xvfb", "xdotool", "dbus-daemon"):
            if shutil.which(program) is None:
                raise unittest.SkipTest(f"{program} is not installed (build-aux/install-packages gui)")
        if cls._shared is None:
            cls._shared = cls()
        return cls._shared

    def __init__(self):
        read, write = os.pipe()
        self.display = subprocess.Popen(["Xvfb", "-displayfd", str(write), "-screen", "0", SIZE, "-nolisten", "tcp", "-noreset"],
                                        pass_fds=[write], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(write)
        with os.fdopen(read) as file:
            number = file.readline().strip()
        self.bus = subprocess.Popen(["dbus-daemon", "--session", "--nofork", "--print-address"], stdout=subprocess.PIPE,
                                    stderr=subprocess.DEVNULL, text=True)
        os.environ["DISPLAY"] = f":{number}"
        os.environ["DBUS_SESSION_BUS_ADDRESS"] = self.bus.stdout.readline().strip()
        Atspi.init()
        # A call to a program that hangs is to fail, not to hang as well.
        Atspi.set_timeout(5000, 15000)

    @classmethod
    def stop(cls):
        if cls._shared is not None:
            for process in (cls._shared.bus, cls._shared.display):
                process.terminate()
                process.wait()
                if process.stdout:
                    process.stdout.close()
            cls._shared = None


class Window:
    """The program `bakeoff` with what is on its windows."""

    def __init__(self, process, log):
        self.process = process
        self.log = log

    @classmethod
    def start(cls, lab, home, *words, **more):
        Desktop.shared()
        environment = dict(Bakeoff(lab, home).environment, DISPLAY=os.environ["DISPLAY"], GDK_BACKEND="x11", GSK_RENDERER="cairo",
                           DBUS_SESSION_BUS_ADDRESS=os.environ["DBUS_SESSION_BUS_ADDRESS"], GSETTINGS_BACKEND="memory",
                           G_DEBUG="fatal-criticals", **more)
        environment.pop("GTK_A11Y", None)
        log = open(os.path.join(home, "window.log"), "a", encoding="utf-8")
        process = subprocess.Popen([os.path.join(build_dir(), "src", "gui", "bakeoff"), *words], env=environment,
                                   stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT)
        self = cls(process, log)
        try:
            self.wait(lambda: self.root() is not None, "the program to be seen by a screen reader")
        except BaseException:
            self.kill()
            raise
        return self

    # What is there

    def root(self):
        desktop = Atspi.get_desktop(0)
        for number in range(desktop.get_child_count()):
            child = desktop.get_child_at_index(number)
            try:
                if child is not None and child.get_process_id() == self.process.pid and child.get_child_count() > 0:
                    return child
            except GLib.Error:
                continue
        return None

    def walk(self, within=None):
        """All accessible objects that are visible, each before its children. GTK 4.8 says so also of what is on a page of
        a stack that is not looked at."""
        stack = [within if within is not None else self.root()]
        while stack:
            item = stack.pop()
            if item is None:
                continue
            try:
                states = item.get_state_set()
                role = item.get_role()
                if role != Atspi.Role.APPLICATION and not states.contains(Atspi.StateType.VISIBLE):
                    continue
                yield item
                stack.extend(item.get_child_at_index(number) for number in reversed(range(item.get_child_count())))
            except GLib.Error:
                continue  # it went meanwhile

    def matching(self, role=None, name=None, within=None):
        pattern = re.compile(name) if isinstance(name, str) else name
        for item in self.walk(within):
            try:
                fits = ((role is None or item.get_role_name() == role)
                        and (pattern is None or pattern.search(item.get_name() or "")))
            except GLib.Error:
                continue
            if fits:
                yield item

    def all(self, role=None, name=None, within=None):
        return list(self.matching(role, name, within))

    def find(self, role=None, name=None, within=None, patience=PATIENCE_S):
        """The first that is there, waiting for it; name is a regular expression."""
        found = []

        def look():
            found[:] = itertools.islice(self.matching(role, name, within), 1)
            return bool(found)

        self.wait(look, f"{role or 'anything'} “{name}”", patience)
        return found[0]

    def describe(self):
        """What a person would see, for the message of a failure."""
        lines = []
        for item in self.walk():
            try:
                text = self.text(item) or item.get_name()
                # Without a name, AT-SPI is told that of the widget's class.
                if text and not re.fullmatch(r"(Gtk|Adw|Bo)[A-Z][A-Za-z]+", text):
                    lines.append(f"{item.get_role_name()}: {text[:120]}")
            except GLib.Error:
                continue
        return "\n".join(lines[:200])

    @staticmethod
    def text(item):
        """What stands in an entry or a label."""
        try:
            if item.get_text_iface() is None:
                return item.get_name() or ""
            return Atspi.Text.get_text(item, 0, -1)
        except GLib.Error:
            return item.get_name() or ""

    @staticmethod
    def has(item, state):
        return item.get_state_set().contains(getattr(Atspi.StateType, state.upper()))

    def focused(self):
        """What has the keyboard's focus in the newest window; each window keeps one. The text in a row of libadwaita's does
        not say that it has it."""
        root = self.root()
        if root is None or root.get_child_count() == 0:
            return None
        for item in self.walk(root.get_child_at_index(root.get_child_count() - 1)):
            try:
                if item.get_role() != Atspi.Role.FRAME and self.has(item, "focused"):
                    return item
            except GLib.Error:
                continue
        return None

    # What is done

    def wait(self, condition, what, patience=PATIENCE_S):
        end = time.monotonic() + patience
        while True:
            if self.process.poll() is not None:
                raise AssertionError(f"the program ended with {self.process.returncode} while waiting for {what}\n{self.read_log()}")
            if condition():
                return
            if time.monotonic() > end:
                raise AssertionError(f"waited {patience} s for {what}; there is:\n{self.describe()}\n{self.read_log()}")
            time.sleep(0.1)

    def xdotool(self, *words):
        subprocess.run(["xdotool", *words], check=True, stdout=subprocess.DEVNULL)

    def focus_newest(self):
        """There is no window manager: the newest window gets the keyboard, as a modal dialog would."""
        done = subprocess.run(["xdotool", "search", "--onlyvisible", "--pid", str(self.process.pid)], stdout=subprocess.PIPE,
                              text=True, check=False)
        windows = done.stdout.split()
        if windows:
            self.xdotool("windowfocus", max(windows, key=int))

    def press(self, *keys):
        self.focus_newest()
        for key in keys:
            self.xdotool("key", "--clearmodifiers", key)
            time.sleep(0.12)

    def type(self, text):
        self.focus_newest()
        self.xdotool("type", "--delay", "12", "--", text)
        time.sleep(0.2)

    def tab_to(self, name, key="Tab", most=60):
        """Goes on with the keyboard until what has this name has the focus."""
        for _ in range(most):
            item = self.focused()
            if item is not None and re.search(name, item.get_name() or ""):
                return item
            self.press(key)
        raise AssertionError(f"the keyboard does not reach “{name}”; there is:\n{self.describe()}")

    def activate(self, item, action=None):
        """A press as assistive technology makes it."""
        names = [Atspi.Action.get_action_name(item, number) for number in range(Atspi.Action.get_n_actions(item))]
        if action is None:
            action = "click" if "click" in names else names[0] if names else None
        if action not in names:
            raise AssertionError(f"{item.get_role_name()} “{item.get_name()}” has no action {action}, but {names}")
        Atspi.Action.do_action(item, names.index(action))
        time.sleep(0.2)

    def read_log(self):
        self.log.flush()
        with open(self.log.name, encoding="utf-8", errors="replace") as file:
            return file.read()[-4000:]

    # The end

    def wait_end(self, patience=PATIENCE_S):
        status = self.process.wait(patience)
        self.log.close()
        return status

    def kill(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        if not self.log.closed:
            self.log.close()
