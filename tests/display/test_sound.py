"""Sound is trimmed, levelled, joined and resampled without clicks or cut peaks."""

import io
import itertools
import math
import wave
from array import array
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paihao_display.sound import (
    LOUDEST,
    OVERLAP_S,
    Sound,
    SoundError,
    chime,
    faded,
    joined,
    levelled,
    loudness_db,
    peak_db,
    read_wav,
    resampled,
    silence,
    trim,
    wav_bytes,
    write_wav,
)

RATE = 22050


def tone(
    seconds: float = 0.3, pitch_hz: float = 440.0, size: int = 10_000, rate: int = RATE
) -> Sound:
    return Sound(
        rate,
        array(
            "h",
            (
                round(size * math.sin(math.tau * pitch_hz * index / rate))
                for index in range(round(seconds * rate))
            ),
        ),
    )


def jump(sound: Sound) -> int:
    """The largest step from one sample to the next, the ends included: a click is a large one."""
    padded = [0, *sound.samples, 0]
    return max(abs(b - a) for a, b in itertools.pairwise(padded))


def test_a_wav_file_is_read_as_it_was_written(tmp_path: Path) -> None:
    write_wav(tmp_path / "a.wav", tone())
    assert read_wav(tmp_path / "a.wav") == tone()
    assert read_wav(io.BytesIO(wav_bytes(tone()))) == tone()


def test_stereo_becomes_the_mean_of_both_sides(tmp_path: Path) -> None:
    with wave.open(str(tmp_path / "s.wav"), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(array("h", [100, 300, -100, -300]).tobytes())
    assert read_wav(tmp_path / "s.wav").samples == array("h", [200, -200])


def test_what_is_no_sound_is_refused_with_the_name_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "text.wav").write_bytes(b"not a wave")
    with pytest.raises(SoundError, match=r"text\.wav"):
        read_wav(tmp_path / "text.wav")
    with pytest.raises(SoundError, match=r"gone\.wav"):
        read_wav(tmp_path / "gone.wav")
    with wave.open(str(tmp_path / "8.wav"), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(1)
        file.setframerate(RATE)
        file.writeframes(b"\x80\x90")
    with pytest.raises(SoundError, match="8-bit"):
        read_wav(tmp_path / "8.wav")


def test_silence_before_and_after_a_word_is_trimmed() -> None:
    word = Sound(
        RATE,
        silence(0.5, RATE).samples + tone(0.3).samples + silence(0.4, RATE).samples,
    )
    assert trim(word).seconds == pytest.approx(0.3, abs=0.05)
    assert not trim(silence(1.0, RATE)).samples


def test_a_faded_sound_begins_and_ends_at_zero() -> None:
    sound = faded(tone(pitch_hz=441.7))
    assert sound.samples[0] == 0
    assert sound.samples[-1] == 0


@pytest.mark.parametrize("size", [300, 3_000, 32_000])
def test_words_are_levelled_to_the_same_loudness(size: int) -> None:
    assert loudness_db(levelled(tone(size=size), -18.0)) == pytest.approx(-18.0, abs=0.2)


def test_levelling_bends_peaks_and_never_cuts_them() -> None:
    samples = tone(size=1_000).samples
    samples[100] = 30_000
    loud = levelled(Sound(RATE, samples), -10.0)
    assert loud.peak <= LOUDEST
    assert peak_db(loud) <= -1.0


def test_silence_cannot_be_made_loud() -> None:
    assert levelled(silence(0.1, RATE), -18.0) == silence(0.1, RATE)
    assert loudness_db(silence(0.1, RATE)) == -math.inf


def test_joined_words_run_into_each_other_without_a_gap_or_click() -> None:
    first, second = faded(tone(pitch_hz=300)), faded(tone(pitch_hz=350))
    both = joined([first, second], RATE)
    assert both.seconds == pytest.approx(first.seconds + second.seconds - OVERLAP_S, abs=0.001)
    assert jump(both) <= 2 * max(jump(first), jump(second))
    at = len(first.samples)
    middle = both.samples[at - RATE // 50 : at + RATE // 50]
    quiet = longest = 0
    for sample in middle:
        quiet = quiet + 1 if abs(sample) < 100 else 0
        longest = max(longest, quiet)
    assert longest < RATE // 100


@given(st.lists(st.lists(st.integers(-32768, 32767), max_size=700), max_size=5))
def test_joining_never_passes_full_scale(parts: list[list[int]]) -> None:
    whole = joined([Sound(RATE, array("h", part)) for part in parts], RATE)
    assert all(-32768 <= sample <= 32767 for sample in whole.samples)


def test_sounds_of_different_rates_are_not_joined() -> None:
    with pytest.raises(ValueError, match="8000 Hz"):
        joined([tone(rate=8000)], RATE)


@pytest.mark.parametrize("rate", [8000, 11025, 44100])
def test_a_tone_keeps_pitch_length_and_size_at_another_rate(rate: int) -> None:
    moved = resampled(tone(pitch_hz=1000), rate)
    assert moved.seconds == pytest.approx(0.3, abs=0.001)
    assert moved.peak == pytest.approx(10_000, rel=0.05)
    ups = sum(1 for a, b in zip(moved.samples, moved.samples[1:], strict=False) if a < 0 <= b)
    assert ups == pytest.approx(300, abs=2)


def test_what_a_lower_rate_cannot_hold_is_filtered_out() -> None:
    assert resampled(faded(tone(pitch_hz=7000), 0.05), 8000).peak < 300


def test_resampling_never_passes_the_loudest_allowed() -> None:
    square = Sound(RATE, array("h", ([LOUDEST] * 30 + [-LOUDEST] * 30) * 40))
    assert resampled(square, 8000).peak <= LOUDEST


def test_the_chime_is_soft_and_begins_and_ends_without_a_click() -> None:
    sound = chime(RATE)
    assert 0.5 < sound.seconds < 2
    assert -14 < peak_db(sound) < -6
    assert sound.samples[0] == 0
    assert sound.samples[-1] == 0
