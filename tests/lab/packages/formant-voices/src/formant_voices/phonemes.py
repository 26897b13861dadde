# SPDX-License-Identifier: GPL-3.0-or-later
"""What each sound is made of.

Formants of the vowels are the averages of G. Peterson and H. Barney, "Control methods used in a study of the vowels" (JASA 24, 1952); the consonants'
are rough values of the textbook kind.
"""


def _shape(f1, f2, f3, b1=60.0, b2=90.0, b3=150.0):
    return (float(f1), b1), (float(f2), b2), (float(f3), b3)


def _vowel(f1, f2, f3, seconds=0.11):
    return [(seconds, 1.0, 0.01, _shape(f1, f2, f3))]


def _hiss(f1, f2, f3, noise, voiced=0.0, seconds=0.09):
    return [(seconds, voiced, noise, _shape(f1, f2, f3, 200.0, 200.0, 250.0))]


def _nasal(f2, seconds=0.07):
    return [(seconds, 0.55, 0.0, _shape(270, f2, 2300, 80.0, 180.0, 250.0))]


def _stop(f2, burst, voiced):
    """A closure, then a burst of noise."""
    return [(0.045, 0.25 if voiced else 0.0, 0.0, _shape(200, f2, 2400, 120.0)),
            (0.018, 0.2 if voiced else 0.0, burst, _shape(400, f2, 2600, 150.0, 200.0, 250.0))]


PHONEMES = {
    "_": [(0.06, 0.0, 0.0, _shape(500, 1500, 2500))],
    # Vowels
    "IY": _vowel(270, 2290, 3010), "IH": _vowel(390, 1990, 2550, 0.08), "EH": _vowel(530, 1840, 2480, 0.09),
    "AE": _vowel(660, 1720, 2410), "AH": _vowel(640, 1190, 2390, 0.08), "AA": _vowel(730, 1090, 2440),
    "AO": _vowel(570, 840, 2410), "UH": _vowel(440, 1020, 2240, 0.08), "UW": _vowel(300, 870, 2240),
    "ER": _vowel(490, 1350, 1690),
    "EY": _vowel(500, 1900, 2500, 0.07) + _vowel(300, 2250, 2950, 0.07),
    "AY": _vowel(730, 1150, 2440, 0.08) + _vowel(330, 2100, 2800, 0.07),
    "OW": _vowel(540, 900, 2400, 0.08) + _vowel(350, 850, 2300, 0.06),
    "AW": _vowel(730, 1150, 2440, 0.08) + _vowel(400, 950, 2300, 0.07),
    "OY": _vowel(560, 850, 2400, 0.08) + _vowel(330, 2100, 2700, 0.07),
    # Glides and liquids
    "W": _vowel(290, 610, 2150, 0.05), "Y": _vowel(260, 2070, 3020, 0.05), "R": _vowel(310, 1060, 1380, 0.06),
    "L": _vowel(310, 1050, 2880, 0.06),
    # Nasals
    "M": _nasal(1000), "N": _nasal(1600), "NG": _nasal(2100),
    # Fricatives
    "S": _hiss(320, 2500, 5200, 0.20), "Z": _hiss(240, 2500, 5200, 0.12, 0.4), "SH": _hiss(300, 1900, 2700, 0.25),
    "ZH": _hiss(300, 1900, 2700, 0.14, 0.4), "F": _hiss(340, 1100, 2080, 0.10), "V": _hiss(220, 1100, 2080, 0.06, 0.5),
    "TH": _hiss(320, 1290, 2540, 0.08), "DH": _hiss(270, 1290, 2540, 0.04, 0.5, 0.05),
    "HH": _hiss(500, 1500, 2500, 0.09, seconds=0.05),
    # Stops and affricates
    "P": _stop(900, 0.22, False), "B": _stop(900, 0.12, True), "T": _stop(1800, 0.30, False),
    "D": _stop(1700, 0.15, True), "K": _stop(1900, 0.28, False), "G": _stop(1900, 0.14, True),
    "CH": _stop(1800, 0.2, False) + _hiss(350, 1800, 2820, 0.22, seconds=0.06),
    "JH": _stop(1800, 0.1, True) + _hiss(260, 1800, 2820, 0.12, 0.35, 0.05),
}
