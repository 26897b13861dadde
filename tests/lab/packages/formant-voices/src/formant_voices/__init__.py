# SPDX-License-Identifier: GPL-3.0-or-later
"""English spelling to frames of formant parameters for formant_dsp.render()."""

from .phonemes import PHONEMES
from .spelling import phonemes_of

__version__ = "@VERSION@"
__all__ = ["VOICES", "frames_of", "phonemes_of"]

# name: (pitch in Hz, factor on all formant frequencies, factor on durations)
VOICES = {"alto": (190.0, 1.14, 0.95), "bass": (105.0, 1.0, 1.05)}

# Fourth and fifth formants hardly move in speech: (frequency, bandwidth) in Hz.
UPPER = ((3300.0, 250.0), (3750.0, 300.0))


def frames_of(sentence, voice="alto", question=False):
    """Frames for one sentence of plain words. The pitch falls over it, or rises at the end of a question."""
    pitch, size, pace = VOICES[voice]
    sounds = []
    for word in sentence.split():
        sounds.extend(phonemes_of(word))
        sounds.append("_")
    frames = []
    for i, sound in enumerate(sounds):
        at = i / max(1, len(sounds) - 1)
        contour = 1.08 - 0.22 * at if not question else 0.95 + 0.3 * max(0.0, at - 0.7) / 0.3
        for seconds, voiced, noise, formants in PHONEMES[sound]:
            shape = tuple((frequency * size, bandwidth) for frequency, bandwidth in formants + UPPER)
            frames.append((seconds * pace, pitch * contour, voiced, noise, shape))
    return frames
