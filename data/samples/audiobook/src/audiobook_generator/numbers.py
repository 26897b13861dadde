# SPDX-License-Identifier: GPL-3.0-or-later
"""Figures to words: a synthesiser reads letters only."""

import re

ONES = ("zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
        "eighteen nineteen").split()
TENS = "zero ten twenty thirty forty fifty sixty seventy eighty ninety".split()
SCALES = ((10**9, "billion"), (10**6, "million"), (10**3, "thousand"), (100, "hundred"))
ORDINALS = {"one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth", "nine": "ninth",
            "twelve": "twelfth"}
NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?(?:st|nd|rd|th)?\b|\d+")


def cardinal(number):
    """256 -> "two hundred and fifty-six"."""
    if number < 20:
        return ONES[number]
    if number < 100:
        tens, rest = divmod(number, 10)
        return TENS[tens] + (f"-{ONES[rest]}" if rest else "")
    for size, name in SCALES:
        if number >= size:
            many, rest = divmod(number, size)
            words = f"{cardinal(many)} {name}"
            if rest:
                words += (" and " if rest < 100 else " ") + cardinal(rest)
            return words
    raise AssertionError("numbers of 20 and above have a tens name or a scale")


def ordinal(number):
    """21 -> "twenty-first"."""
    head, separator, last = re.match(r"(.*?)([ -]?)(\w+)$", cardinal(number)).groups()
    if last in ORDINALS:
        last = ORDINALS[last]
    elif last.endswith("y"):
        last = last[:-1] + "ieth"
    else:
        last += "th"
    return head + separator + last


def _spoken(match):
    text = match.group().replace(",", "")
    if text[-1].isalpha():
        return ordinal(int(text[:-2]))
    whole, point, fraction = text.partition(".")
    if len(whole) > 12:  # more than billions: digit by digit
        return " ".join(ONES[int(digit)] for digit in whole + fraction)
    words = cardinal(int(whole))
    if point:
        words += " point " + " ".join(ONES[int(digit)] for digit in fraction)
    return words


def in_words(text):
    """The text with every number written out; "%" and degrees too."""
    text = re.sub(r"(\d)\s*%", r"\1 percent", text)
    text = re.sub(r"(\d)\s*°(?:\s*[CF]\b)?", r"\1 degrees", text)
    text = re.sub(r"\b(\d{1,2}):00\b", r"\1 o'clock", text)
    text = re.sub(r"\b(\d{1,2}):(\d\d)\b", r"\1 \2", text)
    return NUMBER.sub(_spoken, text)
