"""Sound as numbers: read, write, trim, level, join and resample 16-bit mono.

Everything here is a pure function of its input except `read_wav` and `write_wav`. A sample is
-32768..32767; levels are in dB relative to full scale (dBFS).
"""

import io
import math
import sys
import wave
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import mul
from pathlib import Path
from typing import IO, Final

FULL_SCALE: Final = 32768

LOUDEST: Final = int(FULL_SCALE * 10 ** (-1 / 20))
"""Peak that nothing we play passes: -1 dBFS."""

FADE_S: Final = 0.005
"""Fade at both ends of a clip, so that it neither begins nor ends with a click."""

OVERLAP_S: Final = 0.012
"""How far neighbouring words run into each other; longer than both their fades."""

_FRAME_S: Final = 0.01
_ACTIVE_DB: Final = -20.0
"""Frames this far below the loudest frame do not count for the loudness."""

_SILENT_DB: Final = -38.0
"""Frames this far below the loudest frame are silence at the ends of a clip."""

_ZEROS: Final = 12
"""Zero crossings of the sinc on each side, in samples of the lower rate."""


class SoundError(ValueError):
    """Bytes or a file that should be sound are not; the message names file and problem."""


@dataclass(frozen=True, slots=True)
class Sound:
    """Mono 16-bit samples; never changed after it is made."""

    rate_hz: int
    samples: "array[int]"

    @property
    def seconds(self) -> float:
        """How long it sounds."""
        return len(self.samples) / self.rate_hz

    @property
    def peak(self) -> int:
        """The largest sample, without sign; 0 for nothing."""
        return max(max(self.samples, default=0), -min(self.samples, default=0))


def silence(seconds: float, rate_hz: int) -> Sound:
    """Return that much nothing."""
    return Sound(rate_hz, array("h", bytes(2 * round(seconds * rate_hz))))


def read_wav(source: Path | IO[bytes]) -> Sound:
    """Read a WAV file of 16-bit PCM; several channels become their mean.

    Raises:
        SoundError: missing, not a WAV file, or not 16-bit PCM.
    """
    try:
        with wave.open(str(source) if isinstance(source, Path) else source, "rb") as file:
            width, channels, rate_hz = file.getsampwidth(), file.getnchannels(), file.getframerate()
            frames = file.readframes(file.getnframes())
    except (OSError, EOFError, wave.Error) as error:
        raise SoundError(f"{source}: {error}") from error
    if width != 2:
        raise SoundError(f"{source}: {8 * width}-bit samples; 16-bit needed")
    samples = array("h", frames[: len(frames) // 2 * 2])
    if sys.byteorder == "big":
        samples.byteswap()
    if channels > 1:
        samples = array(
            "h",
            (
                sum(samples[at : at + channels]) // channels
                for at in range(0, len(samples), channels)
            ),
        )
    return Sound(rate_hz, samples)


def write_wav(path: Path, sound: Sound) -> None:
    """Write a 16-bit mono WAV file."""
    path.write_bytes(wav_bytes(sound))


def wav_bytes(sound: Sound) -> bytes:
    """Return the sound as a 16-bit mono WAV file."""
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(sound.rate_hz)
        file.writeframes(little_endian(sound.samples))
    return buffer.getvalue()


def little_endian(samples: "array[int]") -> bytes:
    """Return samples in the byte order of WAV files and sound cards."""
    if sys.byteorder == "big":
        samples = samples[:]
        samples.byteswap()
    return samples.tobytes()


def peak_db(sound: Sound) -> float:
    """Return the peak in dBFS; minus infinity for silence."""
    return _db(sound.peak / FULL_SCALE)


def loudness_db(sound: Sound) -> float:
    """Return the mean level of the parts that sound, in dBFS; minus infinity for silence.

    Short vowels between quiet consonants would measure low in a plain mean, so frames far below
    the loudest do not count.
    """
    powers = _powers(sound)
    gate = max(powers, default=0.0) * 10 ** (_ACTIVE_DB / 10)
    active = [power for power in powers if power >= gate and power > 0]
    if not active:
        return -math.inf
    return _db(math.sqrt(sum(active) / len(active)) / FULL_SCALE)


def trim(sound: Sound, margin_s: float = 0.012) -> Sound:
    """Return the sound without the silence at its ends, ``margin_s`` of it left, ends faded."""
    powers = _powers(sound)
    gate = max(powers, default=0.0) * 10 ** (_SILENT_DB / 10)
    loud = [index for index, power in enumerate(powers) if power > gate]
    if not loud:
        return Sound(sound.rate_hz, array("h"))
    frame = _frame(sound.rate_hz)
    margin = round(margin_s * sound.rate_hz)
    start = max(0, loud[0] * frame - margin)
    end = min(len(sound.samples), (loud[-1] + 1) * frame + margin)
    return faded(Sound(sound.rate_hz, sound.samples[start:end]))


def faded(sound: Sound, seconds: float = FADE_S) -> Sound:
    """Return the sound rising from and falling to zero over ``seconds``."""
    samples = sound.samples[:]
    steps = min(round(seconds * sound.rate_hz), len(samples) // 2)
    for step in range(steps):
        samples[step] = samples[step] * step // steps
        samples[-1 - step] = samples[-1 - step] * step // steps
    return Sound(sound.rate_hz, samples)


def levelled(sound: Sound, target_db: float) -> Sound:
    """Return the sound at a loudness; peaks that would pass -1 dBFS are bent, not cut.

    Bending lowers the loudness a little, so the gain is found in a few rounds.
    """
    gain_db = target_db - loudness_db(sound)
    if math.isinf(gain_db):
        return sound
    result = sound
    for _ in range(6):
        result = _bent(sound, 10 ** (gain_db / 20))
        miss_db = target_db - loudness_db(result)
        if abs(miss_db) < 0.1:
            break
        gain_db += miss_db
    return result


def joined(parts: Sequence[Sound], rate_hz: int) -> Sound:
    """Return the parts one after the other, each running into the next without a gap.

    Args:
        parts: all at ``rate_hz``.
        rate_hz: of the result, also when there are no parts.

    Raises:
        ValueError: a part has another rate.
    """
    whole = array("h")
    for part in parts:
        if part.rate_hz != rate_hz:
            raise ValueError(f"a part of {part.rate_hz} Hz among parts of {rate_hz} Hz")
        overlap = min(round(OVERLAP_S * rate_hz), len(whole), len(part.samples))
        start = len(whole) - overlap
        for index in range(overlap):
            mixed = whole[start + index] + part.samples[index]
            whole[start + index] = max(-LOUDEST, min(LOUDEST, mixed))
        whole.extend(part.samples[overlap:])
    return Sound(rate_hz, whole)


def resampled(sound: Sound, rate_hz: int) -> Sound:
    """Return the sound at another rate, filtered so that nothing folds back, peak <= -1 dBFS."""
    if sound.rate_hz == rate_hz or not sound.samples:
        return Sound(rate_hz, sound.samples)
    divisor = math.gcd(sound.rate_hz, rate_hz)
    up, down = rate_hz // divisor, sound.rate_hz // divisor
    phases, half = _filters(up, down)
    edge = array("h", bytes(2 * half))
    padded = edge + sound.samples + edge
    result: list[float] = []
    for index in range(len(sound.samples) * up // down):
        at, phase = divmod(index * down, up)
        taps = phases[phase]
        result.append(sum(map(mul, padded[at : at + len(taps)], taps)))
    loudest = max(map(abs, result), default=0.0)
    scale = min(1.0, LOUDEST / loudest) if loudest else 1.0
    return Sound(rate_hz, array("h", (round(value * scale) for value in result)))


def chime(rate_hz: int) -> Sound:
    """Return two soft falling notes: before a call, and in place of a voice that failed."""
    first, second = _note(784.0, 0.75, rate_hz), _note(622.25, 0.9, rate_hz)
    second_at = round(0.38 * rate_hz)
    samples = [0.0] * (second_at + len(second))
    for index, value in enumerate(first):
        samples[index] += value
    for index, value in enumerate(second):
        samples[second_at + index] += value
    return faded(Sound(rate_hz, array("h", (round(value) for value in samples))))


def _note(pitch_hz: float, seconds: float, rate_hz: int) -> list[float]:
    """Return a struck note: two partials that die away."""
    values: list[float] = []
    for index in range(round(seconds * rate_hz)):
        time_s = index / rate_hz
        rise = min(1.0, time_s / 0.008)
        tone = math.sin(math.tau * pitch_hz * time_s) * math.exp(-5.0 * time_s)
        tone += 0.25 * math.sin(math.tau * 2 * pitch_hz * time_s) * math.exp(-9.0 * time_s)
        values.append(0.22 * FULL_SCALE * rise * tone)
    return values


def _bent(sound: Sound, gain: float) -> Sound:
    """Apply a gain; above 70 % of the ceiling the curve flattens and never reaches it."""
    knee = 0.7 * LOUDEST
    room = LOUDEST - knee

    def bend(sample: int) -> int:
        value = sample * gain
        size = abs(value)
        if size <= knee:
            return round(value)
        return round(math.copysign(knee + room * math.tanh((size - knee) / room), value))

    return Sound(sound.rate_hz, array("h", map(bend, sound.samples)))


@lru_cache(maxsize=8)
def _filters(up: int, down: int) -> tuple[list["array[float]"], int]:
    """Return for each phase the taps of a windowed sinc, and half their span in input samples."""
    cutoff = min(1.0, up / down)
    half = math.ceil(_ZEROS / cutoff)
    phases: list[array[float]] = []
    for phase in range(up):
        taps = array("d")
        for tap in range(2 * half + 1):
            x = tap - half - phase / up
            window = 0.5 + 0.5 * math.cos(math.pi * x / (half + 1)) if abs(x) <= half else 0.0
            angle = math.pi * cutoff * 0.96 * x
            taps.append((math.sin(angle) / angle if angle else 1.0) * window)
        total = sum(taps)
        phases.append(array("d", (tap / total for tap in taps)))
    return phases, half


def _powers(sound: Sound) -> list[float]:
    """Return the mean square of each frame; the last may be short."""
    frame = _frame(sound.rate_hz)
    samples = sound.samples
    return [
        sum(map(mul, part, part)) / len(part)
        for part in (samples[at : at + frame] for at in range(0, len(samples), frame))
    ]


def _frame(rate_hz: int) -> int:
    return max(1, round(_FRAME_S * rate_hz))


def _db(ratio: float) -> float:
    return 20 * math.log10(ratio) if ratio > 0 else -math.inf
