"""Sound reaches the card, or it is said in one line that there is none."""

import os
import subprocess
import sys
import wave
from array import array
from datetime import UTC, datetime
from pathlib import Path

import pytest

from paihao_display.outputs import CARD_RATE_HZ, CardOutput, NoOutput, WavOutput
from paihao_display.sound import chime, silence
from paihao_runtime import virtual_time
from paihao_runtime.clock import LoopClock, RealClock

START = datetime(2026, 3, 18, 1, 0, tzinfo=UTC)


def say(driver: str, **more: str) -> "subprocess.CompletedProcess[str]":
    """Run ``paihao voice say`` on the card of a driver of SDL."""
    return subprocess.run(
        [sys.executable, "-m", "paihao_runtime", "voice", "say", "B1", "2"],
        env={**os.environ, "SDL_AUDIODRIVER": driver, **more},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_what_is_said_arrives_at_the_card_sample_by_sample(tmp_path: Path) -> None:
    raw = tmp_path / "card.raw"
    done = say("disk", SDL_DISKAUDIOFILE=str(raw))
    assert done.returncode == 0, done.stderr
    heard = array("h", raw.read_bytes())
    loud = [index for index, sample in enumerate(heard) if abs(sample) > 1000]
    # The disk driver may have its own count of channels; the sentence takes over three seconds.
    assert (loud[-1] - loud[0]) / CARD_RATE_HZ > 3
    assert max(map(abs, heard)) <= 29_205


def test_no_sound_card_is_one_line() -> None:
    done = say("nosuchdriver")
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert done.stderr.startswith("paihao voice: no sound card: ")


async def test_the_card_plays_one_sound_after_the_other() -> None:
    clock = RealClock()
    card = CardOutput(clock)
    sound = silence(0.1, CARD_RATE_HZ)
    before = clock.monotonic()
    assert await card.play(sound, clock.now())
    assert await card.play(sound, clock.now())
    assert clock.monotonic() - before >= 0.2
    assert card.health() == ""
    card.close()


def test_without_a_card_time_passes_and_nobody_is_said_to_have_heard() -> None:
    async def main(clock: LoopClock) -> tuple[bool, float]:
        output = NoOutput(clock, "no sound card")
        return await output.play(chime(CARD_RATE_HZ), START), clock.monotonic()

    heard, seconds = virtual_time.run(main, START)
    assert not heard
    assert seconds == pytest.approx(chime(CARD_RATE_HZ).seconds)


async def test_a_wav_file_takes_sound_of_its_own_rate_only(tmp_path: Path) -> None:
    clock = RealClock()
    output = WavOutput(tmp_path / "a.wav", clock, clock.now())
    with pytest.raises(ValueError, match="22050 Hz"):
        output.place(chime(22050), clock.now())
    output.close()
    output.close()


def test_a_time_line_longer_than_the_format_can_count_still_has_a_header(tmp_path: Path) -> None:
    async def main(clock: LoopClock) -> None:
        output = WavOutput(tmp_path / "a.wav", clock, START)
        await clock.sleep(100 * 3600)
        output.close()

    virtual_time.run(main, START)
    with (tmp_path / "a.wav").open("rb") as file, wave.open(file) as sound:
        assert sound.getnframes() > 74 * 3600 * sound.getframerate()
