# SPDX-License-Identifier: GPL-3.0-or-later
"""The least that makes an audiobook: one WAV file, no chapters, figures left out. Used by the strategy that installs at run time."""

import os
import re
import sys

import formant_audio
import formant_dsp
import formant_voices

RATE = 22050


def main(book, folder):
    with open(book, encoding="utf-8") as file:
        text = file.read()
    parts = []
    for sentence in re.split(r"(?<=[.!?])\s+", text):
        words = re.sub(r"[^a-z ]+", " ", sentence.lower()).strip()
        if words:
            parts.append(formant_dsp.render(formant_voices.frames_of(words, "bass", sentence.endswith("?")), RATE))
            parts.append(formant_audio.silence(0.3, RATE))
    pcm = formant_audio.level(b"".join(parts))
    os.makedirs(folder, exist_ok=True)
    formant_audio.write_wav(os.path.join(folder, "book.wav"), pcm, RATE)
    seconds, peak, loudness = formant_audio.measure(pcm, RATE)
    print(f"book.wav: {seconds:.1f} s, peak {peak:.2f}, loudness {loudness:.3f}")
    return 0 if loudness > 0.01 else 1


sys.exit(main(*sys.argv[1:3]))
