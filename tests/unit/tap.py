# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the unittest cases of the calling script and prints TAP, for tests of what is not C."""

import sys
import unittest


class TapResult(unittest.TestResult):
    def __init__(self):
        super().__init__()
        self.number = 0

    def line(self, words, test, note=""):
        self.number += 1
        print(f"{words} {self.number} {test.id().replace('__main__.', '')}{note}", flush=True)

    def addSuccess(self, test):
        super().addSuccess(test)
        self.line("ok", test)

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self.line("ok", test, f" # SKIP {reason}")

    def failed(self, test, text):
        self.line("not ok", test)
        print("".join(f"# {line}\n" for line in text.splitlines()), flush=True)

    def addError(self, test, err):
        super().addError(test, err)
        self.failed(test, self.errors[-1][1])

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self.failed(test, self.failures[-1][1])

    def addSubTest(self, test, subtest, err):
        super().addSubTest(test, subtest, err)
        if err is not None:
            self.failed(subtest, (self.failures + self.errors)[-1][1])


def main():
    suite = unittest.defaultTestLoader.loadTestsFromModule(sys.modules["__main__"])
    result = TapResult()
    suite.run(result)
    # The plan comes last: a test with failing parts prints more than one line.
    print(f"1..{result.number}", flush=True)
    sys.exit(0 if result.wasSuccessful() else 1)
