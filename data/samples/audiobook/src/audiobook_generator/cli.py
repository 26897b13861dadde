# SPDX-License-Identifier: GPL-3.0-or-later
"""The command line of the audiobook generator."""

import argparse
import json
import os
import re
import sys
import time

import formant_audio
import formant_dsp
import formant_voices

from .book import chapters_of, sentences_of

RATE = 22050
PAUSE_S = {"sentence": 0.25, "paragraph": 0.6}


def speak(chapter, voice):
    """The samples of one chapter, its title first."""
    parts = []
    for paragraph in [chapter.title + "."] + chapter.paragraphs:
        for words, question in sentences_of(paragraph):
            parts.append(formant_dsp.render(formant_voices.frames_of(words, voice, question), RATE))
            parts.append(formant_audio.silence(PAUSE_S["sentence"], RATE))
        parts.append(formant_audio.silence(PAUSE_S["paragraph"], RATE))
    return formant_audio.level(b"".join(parts))


def main(arguments=None):
    parser = argparse.ArgumentParser(description="Reads a plain text book aloud: one WAV file a chapter.")
    parser.add_argument("book", help="text file; a line such as 'Chapter 2: Rain' begins a chapter")
    parser.add_argument("folder", help="where the WAV files and contents.json go")
    parser.add_argument("--voice", choices=sorted(formant_voices.VOICES), default="alto")
    options = parser.parse_args(arguments)

    try:
        with open(options.book, encoding="utf-8") as file:
            chapters = chapters_of(file.read())
        os.makedirs(options.folder, exist_ok=True)
    except (OSError, UnicodeDecodeError) as error:
        print(f"audiobook: {error}", file=sys.stderr)
        return 1
    if not chapters:
        print(f"audiobook: there is no text in {options.book}", file=sys.stderr)
        return 1

    print(f"formant-dsp {formant_dsp.__version__}, formant-voices {formant_voices.__version__}, "
          f"formant-audio {formant_audio.__version__}")
    began, contents = time.monotonic(), []
    for number, chapter in enumerate(chapters, 1):
        pcm = speak(chapter, options.voice)
        seconds, peak, loudness = formant_audio.measure(pcm, RATE)
        if loudness < 0.01:
            print(f"audiobook: chapter {number} came out silent", file=sys.stderr)
            return 1
        name = f"{number:02d}-{re.sub('[^a-z0-9]+', '-', chapter.title.lower()).strip('-')}.wav"
        formant_audio.write_wav(os.path.join(options.folder, name), pcm, RATE)
        contents.append({"title": chapter.title, "file": name, "seconds": round(seconds, 2), "peak": round(peak, 3)})
        print(f"{name}: {seconds:.1f} s, peak {peak:.2f}, loudness {loudness:.3f}")
    with open(os.path.join(options.folder, "contents.json"), "w", encoding="utf-8") as file:
        json.dump(contents, file, indent=2)

    spoken, took = sum(item["seconds"] for item in contents), time.monotonic() - began
    print(f"{len(contents)} chapters, {spoken:.1f} s of sound in {took:.2f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
