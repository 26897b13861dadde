# SPDX-License-Identifier: GPL-3.0-or-later
"""A plain text to chapters and sentences."""

import re
from collections import namedtuple

from .numbers import in_words

Chapter = namedtuple("Chapter", "title paragraphs")
HEADING = re.compile(r"^\s*chapter\s+[\divxlc]+\b[.:]?\s*(.*)$", re.IGNORECASE)
ABBREVIATIONS = {"Mr.": "mister", "Mrs.": "missis", "Dr.": "doctor", "St.": "saint", "e.g.": "for example", "etc.": "and so on"}
END = re.compile(r"(?<=[.!?])[\"')\u201d\u2019]*\s+")


def chapters_of(text):
    """Splits at lines like "Chapter 3: Rain". Text before the first heading is a chapter called Opening."""
    chapters, lines, title = [], [], "Opening"

    def close():
        paragraphs = [" ".join(block.split()) for block in re.split(r"\n\s*\n", "\n".join(lines)) if block.strip()]
        if paragraphs:
            chapters.append(Chapter(title, paragraphs))

    for line in text.replace("\r\n", "\n").split("\n"):
        heading = HEADING.match(line)
        if heading:
            close()
            title, lines = heading.group(1).strip() or line.strip(), []
        else:
            lines.append(line)
    close()
    return chapters


def sentences_of(paragraph):
    """(words, whether it is a question) for each sentence, ready to be spoken."""
    for short, long in ABBREVIATIONS.items():
        paragraph = paragraph.replace(short, long)
    for sentence in END.split(in_words(paragraph)):
        words = re.sub(r"[^a-z' ]+", " ", sentence.lower().replace("\u2019", "'")).split()
        if words:
            yield " ".join(words), sentence.rstrip("\"')\u201d\u2019").endswith("?")
