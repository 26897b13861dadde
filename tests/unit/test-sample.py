#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""data/samples/audiobook: the parts that need no package and no engine, and that its study is of one piece."""

import json
import os
import re
import sys
import unittest

import tap

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(__file__))))
SAMPLE = os.path.join(ROOT, "data", "samples", "audiobook")
sys.path.insert(0, os.path.join(SAMPLE, "src"))
sys.path.insert(0, os.path.join(ROOT, "tests", "lab", "packages", "formant-voices", "src"))

from audiobook_generator.book import chapters_of, sentences_of  # noqa: E402
from audiobook_generator.numbers import cardinal, in_words, ordinal  # noqa: E402
from formant_voices import frames_of, phonemes_of  # noqa: E402
from formant_voices.phonemes import PHONEMES  # noqa: E402


class TestNumbers(unittest.TestCase):
    def test_cardinal(self):
        for number, words in ((0, "zero"), (13, "thirteen"), (21, "twenty-one"), (100, "one hundred"),
                              (256, "two hundred and fifty-six"), (1005, "one thousand and five"),
                              (1893, "one thousand eight hundred and ninety-three"),
                              (2_000_017, "two million and seventeen")):
            self.assertEqual(cardinal(number), words)

    def test_ordinal(self):
        for number, words in ((1, "first"), (2, "second"), (12, "twelfth"), (20, "twentieth"), (21, "twenty-first"),
                              (103, "one hundred and third"), (1000, "one thousandth")):
            self.assertEqual(ordinal(number), words)

    def test_in_words(self):
        for text, words in (("14", "fourteen"), ("1,250 loaves", "one thousand two hundred and fifty loaves"),
                            ("3.14", "three point one four"), ("100%", "one hundred percent"), ("250° hot", "two hundred and fifty degrees hot"),
                            ("the 21st", "the twenty-first"), ("at 2:30", "at two thirty"), ("by 7:00.", "by seven o'clock."),
                            ("no figure", "no figure"), ("1234567890123", "one two three four five six seven eight nine zero one two three")):
            self.assertEqual(in_words(text), words)


class TestBook(unittest.TestCase):
    def test_chapters(self):
        chapters = chapters_of("Title\n\nChapter 1: One\nA b.\nC.\n\nD.\n\nCHAPTER II\n\nE.\n\nChapter 3: Empty\n\n")
        self.assertEqual([(c.title, c.paragraphs) for c in chapters],
                         [("Opening", ["Title"]), ("One", ["A b. C.", "D."]), ("CHAPTER II", ["E."])])

    def test_sentences(self):
        self.assertEqual(list(sentences_of("Mr. Brandt came at 7:00. \"Who?\" asked he! 3")),
                         [("mister brandt came at seven o'clock", False), ("who", True), ("asked he", False), ("three", False)])

    def test_the_book(self):
        with open(os.path.join(SAMPLE, "books", "three-loaves.txt"), encoding="utf-8") as file:
            chapters = chapters_of(file.read())
        self.assertEqual([chapter.title for chapter in chapters], ["Opening", "The Oven", "The Wager", "The Count"])
        for chapter in chapters:
            for paragraph in chapter.paragraphs:
                for words, _ in sentences_of(paragraph):
                    self.assertRegex(words, r"^[a-z' ]+$")
                    self.assertTrue(frames_of(words))


class TestVoices(unittest.TestCase):
    def test_words(self):
        for word, sounds in (("bread", "B R EH D"), ("name", "N EY M"), ("nation", "N AE SH AH N"), ("thing", "TH IH NG"),
                             ("loaf", "L OW F"), ("the", "DH AH"), ("!?", "")):
            self.assertEqual(phonemes_of(word), sounds.split())

    def test_all_sounds_are_known(self):
        for letters in ("quick", "judge", "thought", "rhythm", "sphinx", "zoo", "vow", "xylophone", "czar"):
            for sound in phonemes_of(letters):
                self.assertIn(sound, PHONEMES)


class TestStudy(unittest.TestCase):
    def setUp(self):
        with open(os.path.join(SAMPLE, "bakeoff.json"), encoding="utf-8") as file:
            self.study = json.load(file)

    def test_the_briefs_rows(self):
        self.assertEqual([strategy["title"] for strategy in self.study["strategies"]],
                         ["Original", "PyPI wheels", "Jetson wheels", "Pre-built cache", "Multi-stage", "Minimal + runtime", "Package-based"])
        self.assertEqual(len(self.study["bases"]), 3)

    def test_dockerfiles(self):
        texts = {}
        for strategy in self.study["strategies"]:
            for name in [strategy["dockerfile"]] + [step["build"] for step in strategy.get("prebuild", ())]:
                with open(os.path.join(SAMPLE, name), encoding="utf-8") as file:
                    texts[name] = file.read()
            for step in strategy.get("prebuild", ()):
                self.assertIn(f"--from={step['as']} ", texts[strategy["dockerfile"]])
        instructions = {name: re.sub(r"^#.*\n", "", text, flags=re.M) for name, text in texts.items()}
        self.assertEqual(len(set(instructions.values())), 8)
        for text in texts.values():
            self.assertIn("FROM ${BASE_IMAGE}", text)
        self.assertTrue(os.path.exists(os.path.join(SAMPLE, self.study["edit"]["path"])))


if __name__ == "__main__":
    tap.main()
