# SPDX-License-Identifier: GPL-3.0-or-later
"""WAV files: writing, levelling, pauses. Samples are little-endian 16-bit bytes, one channel."""

import array
import sys
import wave

__version__ = "@VERSION@"


def _samples(pcm):
    samples = array.array("h")
    samples.frombytes(pcm)
    if sys.byteorder == "big":
        samples.byteswap()
    return samples


def _bytes(samples):
    if sys.byteorder == "big":
        samples = samples[:]
        samples.byteswap()
    return samples.tobytes()


def silence(seconds, rate):
    return b"\0\0" * int(seconds * rate)


def level(pcm, peak=0.8):
    """The same sound with its loudest sample at `peak` of full scale."""
    samples = _samples(pcm)
    loudest = max(map(abs, samples), default=0)
    if loudest == 0:
        return pcm
    factor = peak * 32767 / loudest
    return _bytes(array.array("h", [int(sample * factor) for sample in samples]))


def measure(pcm, rate):
    """(seconds, peak, root mean square), the latter two of full scale."""
    samples = _samples(pcm)
    if not samples:
        return 0.0, 0.0, 0.0
    mean_square = sum(sample * sample for sample in samples) / len(samples)
    return len(samples) / rate, max(map(abs, samples)) / 32768, mean_square ** 0.5 / 32768


def write_wav(path, pcm, rate):
    with wave.open(path, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(pcm)
