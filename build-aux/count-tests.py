#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Counts the test cases in a log of `meson test` and prints `N passed, N failed, N skipped`.

usage: count-tests.py BUILD/meson-logs/NAME.json

A program that prints TAP counts as its cases, any other as one. A program
that failed without a failed case (it crashed, leaked or ran out of time) adds one failure.
"""

import json
import re
import sys

CASE = re.compile(r"^(not )?ok\b(?:.*#\s*(skip|todo))?", re.IGNORECASE)
GOOD = {"OK", "EXPECTEDFAIL", "SKIP"}


def count(record):
    passed = failed = skipped = 0
    for line in record.get("stdout", "").splitlines():
        case = CASE.match(line)
        if not case:
            continue
        if case.group(2):
            skipped += 1
        elif case.group(1):
            failed += 1
        else:
            passed += 1
    if record["result"] == "SKIP" and not passed + skipped:
        skipped = 1
    elif record["result"] not in GOOD and not failed:
        failed = 1
    elif record["result"] in GOOD and not passed + failed + skipped:
        passed = 1
    return passed, failed, skipped


def main():
    totals = [0, 0, 0]
    with open(sys.argv[1], encoding="utf-8", errors="replace") as file:
        for line in file:
            totals = [a + b for a, b in zip(totals, count(json.loads(line)))]
    print("{} passed, {} failed, {} skipped".format(*totals))


if __name__ == "__main__":
    main()
