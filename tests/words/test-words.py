#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""po/: every text is in the template, every language is complete, and the programs find their catalogues.

usage: test-words.py BUILD
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "tests", "unit"))

import tap  # noqa: E402

BUILD = os.path.realpath(sys.argv[1])
PO = os.path.join(ROOT, "po")
CLI = os.path.join(BUILD, "src", "cli", "bakeoff-cli")
# The macro that marks is no text, and ITS rules find what is in the schema and the metainfo.
MARK = re.compile(r"\b(?:_|N_|C_|NC_|D_|ngettext|COUNT) \(")
MACRO = os.path.join("src", "core", "insight", "bo-document-text.h")


def lines_of(name):
    with open(os.path.join(PO, name), encoding="utf-8") as file:
        return [line.strip() for line in file if line.strip() and not line.startswith("#")]


LANGUAGES = lines_of("LINGUAS")


def files_with_words():
    for top in ("src", "ui", "data"):
        for folder, _, names in os.walk(os.path.join(ROOT, top)):
            for name in names:
                path = os.path.relpath(os.path.join(folder, name), ROOT)
                if name.endswith((".c", ".h")) and path != MACRO:
                    marked = MARK.search
                elif name.endswith(".ui"):
                    marked = re.compile(r'translatable="(?:yes|true|1)"').search
                elif name.endswith((".desktop.in", ".metainfo.xml.in", ".gschema.xml")):
                    yield path
                    continue
                else:
                    continue
                with open(os.path.join(ROOT, path), encoding="utf-8") as file:
                    if marked(file.read()):
                        yield path
    yield os.path.join("po", "signatures.h")


def run(*command, **variables):
    environment = {key: value for key, value in os.environ.items() if key not in ("LANG", "LANGUAGE", "LC_ALL")}
    environment.update(variables)
    return subprocess.run(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          encoding="utf-8", check=False)


def messages_of(path):
    """(context, text, plural) -> list of translations, read from msgcat's plain form."""
    plain = run("msgcat", "--no-wrap", "--no-location", path, LC_ALL="C.UTF-8")
    assert plain.returncode == 0, plain.stdout
    found = {}
    entry, key = {}, None
    for line in plain.stdout.splitlines() + [""]:
        if not line:
            if "msgid" in entry:
                found[entry.get("msgctxt"), entry["msgid"], entry.get("msgid_plural")] = [
                    text for name, text in entry.items() if name.startswith("msgstr")]
            entry, key = {}, None
        elif line.startswith("#"):
            continue
        else:
            match = re.match(r'(?:(\w+(?:\[\d+\])?) )?"(.*)"$', line)
            key = match.group(1) or key
            entry[key] = entry.get(key, "") + match.group(2)
    return found


class TestTemplate(unittest.TestCase):
    def test_every_file_with_words_is_listed(self):
        listed = lines_of("POTFILES")
        self.assertEqual(listed, sorted(listed), "po/POTFILES is sorted (LC_ALL=C sort)")
        self.assertEqual(sorted(files_with_words()), listed)

    def test_up_to_date(self):
        """The build's own command, run on a tree of links, so that nothing is written into the sources."""
        command = subprocess.run(["ninja", "-C", BUILD, "-t", "commands", "bakeoff-pot"], stdout=subprocess.PIPE,
                                 text=True, check=True).stdout.strip().splitlines()[-1]
        with tempfile.TemporaryDirectory() as folder:
            for name in ("src", "ui", "data"):
                os.symlink(os.path.join(ROOT, name), os.path.join(folder, name))
            shutil.copytree(PO, os.path.join(folder, "po"))
            os.remove(os.path.join(folder, "po", "bakeoff.pot"))
            command, n = re.subn(r"--source-root=\S+", f"--source-root={folder}/", command)
            self.assertEqual(n, 1, command)
            subprocess.run(command, shell=True, cwd=folder, check=True, stdout=subprocess.DEVNULL,
                           stderr=subprocess.DEVNULL)
            new = messages_of(os.path.join(folder, "po", "bakeoff.pot"))
        old = messages_of(os.path.join(PO, "bakeoff.pot"))
        self.assertGreater(len(new), 1000)
        self.assertEqual(sorted(str(key) for key in new.keys() - old.keys()), [], "meson compile -C build bakeoff-pot")
        self.assertEqual(sorted(str(key) for key in old.keys() - new.keys()), [], "meson compile -C build bakeoff-pot")

    def test_no_text_is_cut_off(self):
        """xgettext ends a text at a macro that it does not know: "%" G_GINT64_FORMAT."""
        for _, text, plural in messages_of(os.path.join(PO, "bakeoff.pot")):
            for part in (text, plural or ""):
                self.assertIsNone(re.search(r"(?<!%)(?:%%)*%$", part), part)

    def test_signatures(self):
        """po/signatures.h has the words of data/signatures.tsv, where xgettext finds none."""
        with open(os.path.join(ROOT, "data", "signatures.tsv"), encoding="utf-8") as file:
            rows = [line.rstrip("\n").split("\t") for line in file]
        wanted = {row[rows[0].index(name)] for row in rows[1:] for name in ("cause", "advice")} - {""}
        with open(os.path.join(PO, "signatures.h"), encoding="utf-8") as file:
            listed = {re.sub(r"\\(.)", r"\1", text) for text in re.findall(r'^N_ \("(.*)"\),$', file.read(), re.M)}
        self.assertEqual(sorted(wanted - listed), [], "add them to po/signatures.h")
        self.assertEqual(sorted(listed - wanted), [], "take them out of po/signatures.h")

    def test_documents_have_plain_formats(self):
        """Documents' catalogues are read by the program itself, which leaves out "%" PRId64: "%lld" and a cast do."""
        for path in lines_of("POTFILES"):
            with open(os.path.join(ROOT, path), encoding="utf-8") as file:
                for call in re.findall(r"\bD_ \([^;]*?;", file.read()):
                    self.assertNotRegex(call, r"\bPRI[dux]64|G_G", path)


class TestLanguages(unittest.TestCase):
    def test_complete(self):
        template = messages_of(os.path.join(PO, "bakeoff.pot")).keys()
        for language in LANGUAGES:
            with self.subTest(language=language):
                path = os.path.join(PO, language + ".po")
                done = run("msgfmt", "--check", "--statistics", "--output-file", os.devnull, path, LC_ALL="C.UTF-8")
                self.assertEqual(done.returncode, 0, done.stdout)
                self.assertNotRegex(done.stdout, "fuzzy|untranslated|warning")
                missing = template - messages_of(path).keys()
                self.assertEqual(sorted(str(key) for key in missing), [], "meson compile -C build bakeoff-update-po")

    def test_kept(self):
        """What a person types or a program reads is the same in every language."""
        code = re.compile(r"--[a-z][a-z-]+|bakeoff-cli(?: [a-z][a-z-]+)?(?=[ ”“\n\\]|$)|bakeoff\.json|\$\{[A-Z_]+\}|"
                          r"\b[A-Z]+_[A-Z_]+\b(?!=)|ssh://[^\s“”\\,]*|(?<=“)(?:docker|sudo|ssh-[a-z]+) [a-z][a-z -]+")
        for language in LANGUAGES:
            for (_, text, plural), translations in messages_of(os.path.join(PO, language + ".po")).items():
                if not text:
                    continue
                for translation in translations:
                    with self.subTest(language=language, text=text):
                        self.assertEqual(text.startswith(">"), translation.startswith(">"), "a column's alignment")
                        self.assertEqual([word for word in code.findall(text) if word.rstrip(".") not in translation], [])
                        if text.startswith(" ("):  # A full-width bracket brings its own space.
                            translation = re.sub("^（", " (", translation)
                        self.assertEqual(re.match(r"\s*", text).group(), re.match(r"\s*", translation).group())
                        self.assertEqual(text.count("_"), translation.count("_"), "mnemonics")

    def test_quotation_marks(self):
        marks = {"de": "”\"", "zh_CN": "„\""}
        for language in LANGUAGES:
            for (_, text, _), translations in messages_of(os.path.join(PO, language + ".po")).items():
                for translation in translations:
                    if text and "\"" not in text.replace("\\\"", ""):
                        for mark in marks.get(language, ""):
                            if mark not in text or mark == "”":
                                self.assertNotIn(mark, translation.replace("\\\"", ""), text)


class TestPrograms(unittest.TestCase):
    WORD = {"de": "Befehle:", "zh_CN": "命令："}
    LOCALE = {"de": "de_DE", "zh_CN": "zh_CN"}

    def test_languages_are_known(self):
        self.assertEqual(sorted(LANGUAGES), sorted(self.WORD))

    def test_without_installing(self):
        for language in LANGUAGES:
            with self.subTest(language=language):
                said = run(CLI, "--help", LC_ALL="C.UTF-8", LANGUAGE=language)
                self.assertEqual(said.returncode, 0)
                self.assertIn(self.WORD[language], said.stdout)

    def test_by_the_locale_alone(self):
        if not shutil.which("localedef"):
            self.skipTest("localedef is not installed (build-aux/install-packages build)")
        with tempfile.TemporaryDirectory() as folder:
            for language in LANGUAGES:
                with self.subTest(language=language):
                    name = self.LOCALE[language]
                    made = run("localedef", "-i", name, "-f", "UTF-8", os.path.join(folder, name + ".UTF-8"))
                    if not os.path.isdir(os.path.join(folder, name + ".UTF-8")):
                        self.skipTest(f"the locale cannot be made: {made.stdout}")
                    said = run(CLI, "--help", LOCPATH=folder, LANG=name + ".UTF-8")
                    self.assertIn(self.WORD[language], said.stdout)

    def test_english_without_a_language(self):
        for variables in ({"LC_ALL": "C"}, {"LC_ALL": "C.UTF-8"}, {"LC_ALL": "C.UTF-8", "LANGUAGE": "en"}):
            self.assertIn("Commands:", run(CLI, "--help", **variables).stdout)


if __name__ == "__main__":
    sys.argv[1:] = []
    tap.main()
