# SPDX-License-Identifier: GPL-3.0-or-later
"""English words to sounds, by rules for groups of letters and a few whole words."""

WORDS = {
    "a": "AH", "and": "AE N D", "are": "AA R", "be": "B IY", "been": "B IH N", "by": "B AY", "could": "K UH D",
    "do": "D UW", "for": "F AO R", "from": "F R AH M", "have": "HH AE V", "he": "HH IY", "i": "AY", "into": "IH N T UW",
    "is": "IH Z", "me": "M IY", "my": "M AY", "no": "N OW", "of": "AH V", "one": "W AH N", "once": "W AH N S",
    "said": "S EH D", "she": "SH IY", "some": "S AH M", "the": "DH AH", "their": "DH EH R", "there": "DH EH R",
    "they": "DH EY", "to": "T UW", "two": "T UW", "was": "W AA Z", "we": "W IY", "were": "W ER", "what": "W AA T",
    "who": "HH UW", "would": "W UH D", "you": "Y UW", "your": "Y AO R", "eight": "EY T", "bread": "B R EH D",
}

# Longest first; "$" is the end of the word.
GROUPS = {
    "tion": "SH AH N", "sion": "ZH AH N", "ight": "AY T", "ough": "AO", "augh": "AO", "eigh": "EY",
    "tch": "CH", "dge": "JH", "igh": "AY", "ing": "IH NG", "ear": "IY R", "air": "EH R", "our": "AW R", "ure": "Y ER",
    "que": "K", "sch": "S K", "all": "AO L", "alk": "AO K", "ous": "AH S", "ed$": "D", "es$": "Z", "ey$": "IY",
    "ch": "CH", "sh": "SH", "th": "TH", "ph": "F", "wh": "W", "ck": "K", "ng": "NG", "qu": "K W", "kn": "N", "wr": "R",
    "gn": "N", "mb": "M", "ee": "IY", "ea": "IY", "oo": "UW", "ou": "AW", "ow": "OW", "oa": "OW", "oi": "OY",
    "oy": "OY", "ai": "EY", "ay": "EY", "au": "AO", "aw": "AO", "ew": "Y UW", "ie": "IY", "ei": "IY", "ue": "UW",
    "ui": "UW", "ar": "AA R", "er": "ER", "ir": "ER", "or": "AO R", "ur": "ER", "ce": "S EH", "ci": "S IH", "cy": "S IY",
    "ge": "JH EH", "gi": "JH IH", "bb": "B", "cc": "K", "dd": "D", "ff": "F", "gg": "G", "ll": "L", "mm": "M", "nn": "N",
    "pp": "P", "rr": "R", "ss": "S", "tt": "T", "zz": "Z", "e$": "", "y$": "IY", "s$": "Z", "o$": "OW",
    "a": "AE", "b": "B", "c": "K", "d": "D", "e": "EH", "f": "F", "g": "G", "h": "HH", "i": "IH", "j": "JH", "k": "K",
    "l": "L", "m": "M", "n": "N", "o": "AA", "p": "P", "q": "K", "r": "R", "s": "S", "t": "T", "u": "AH", "v": "V",
    "w": "W", "x": "K S", "y": "IH", "z": "Z",
}
LONG = {"a": "EY", "e": "IY", "i": "AY", "o": "OW", "u": "UW"}
VOWELS = "aeiou"


def _magic_e(word, at):
    """Whether a vowel is long for the silent e behind one consonant, as in "name"."""
    return (at + 2 < len(word) and word[at] in LONG and word[at + 1] not in VOWELS + "wxy"
            and word[at + 2:] in ("e", "es", "ed"))


def phonemes_of(word):
    """The sounds of one word; characters that are not letters are passed over."""
    word = "".join(letter for letter in word.lower() if "a" <= letter <= "z")
    if word in WORDS:
        return WORDS[word].split()
    sounds, at = [], 0
    while at < len(word):
        if _magic_e(word, at):
            sounds.append(LONG[word[at]])
            at += 1
            continue
        for length in (4, 3, 2, 1):
            group = word[at:at + length]
            ends = at + len(group) == len(word) and at > 0
            if ends and group + "$" in GROUPS:
                sounds.extend(GROUPS[group + "$"].split())
                break
            if len(group) == length and group in GROUPS:
                sounds.extend(GROUPS[group].split())
                break
        at += len(group)
    return sounds
