"""The announcer never speaks over itself, loses nothing and goes on after any fault."""

import asyncio
import itertools
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paihao_display.announcer import Announcer, Spoken
from paihao_display.calls import CallTurn
from paihao_display.clips import ClipVoice
from paihao_display.engines import EngineChain, VoiceEngine, VoiceError
from paihao_display.outputs import WAV_RATE_HZ, WavOutput
from paihao_display.sound import LOUDEST, Sound, read_wav
from paihao_display.voice import Voice
from paihao_display.words import Lang, Phrase
from paihao_hall.contract import ZoneCall
from paihao_hall.plan import Text
from paihao_runtime import virtual_time
from paihao_runtime.clock import Clock, LoopClock
from paihao_runtime.places import shipped
from tests.display.test_calls import call

START = datetime(2026, 3, 18, 1, 0, tzinfo=UTC)
ZH = shipped("sounds") / "zh-espeak"
CLIPS = ClipVoice((ZH,), WAV_RATE_HZ)


@dataclass
class Ear:
    """An output that remembers when it heard something; can be made to break."""

    clock: Clock
    rate_hz: int = WAV_RATE_HZ
    breaks: int = 0
    heard: list[tuple[datetime, datetime]] = field(default_factory=list)

    async def play(self, sound: Sound, start: datetime) -> bool:
        if self.breaks:
            self.breaks -= 1
            raise OSError("no space left on device")
        self.heard.append((start, start + timedelta(seconds=sound.seconds)))
        await self.clock.sleep(sound.seconds)
        return True

    def health(self) -> str:
        return ""

    def close(self) -> None:
        """Nothing to close."""


def voice(*engines: VoiceEngine, langs: Sequence[str] = ("zh",)) -> Voice:
    return Voice(EngineChain(engines or (CLIPS,)), CLIPS, WAV_RATE_HZ, langs=langs)


Burst = list[tuple[float, ZoneCall]]


def spoken_in_a_burst(
    burst: Burst, *, breaks: int = 0, speaks: Voice | None = None
) -> list[Spoken]:
    """Everything spoken when calls come at these seconds of virtual time."""

    async def main(clock: LoopClock) -> list[Spoken]:
        done: list[Spoken] = []
        announcer = Announcer(
            speaks or voice(), Ear(clock, breaks=breaks), clock, on_spoken=done.append
        )
        async with asyncio.TaskGroup() as tasks:
            running = tasks.create_task(announcer.run(), name="announcer")
            for after_s, one in burst:
                await clock.sleep(after_s)
                announcer.call(one)
            await announcer.until_silent()
            running.cancel()
        return done

    return virtual_time.run(main, START)


BURSTS = st.lists(
    st.tuples(st.floats(0, 12), st.integers(1, 40), st.integers(1, 12)), min_size=1, max_size=25
)


@settings(max_examples=60)
@given(BURSTS)
def test_no_two_voices_overlap_and_no_call_is_lost(bursts: list[tuple[float, int, int]]) -> None:
    burst = [
        (after_s, call(seq, f"t{ticket}"))
        for seq, (after_s, ticket, _) in enumerate(bursts, start=1)
    ]
    done = spoken_in_a_burst(burst)
    for before, after in itertools.pairwise(done):
        assert before.end <= after.start
    covered = [one.seq for spoken in done for one in _turn(spoken).covered]
    assert sorted(covered) == [one.seq for _, one in burst]
    said = [one for spoken in done for one in _turn(spoken).calls]
    last_said = {one.ticket: one.seq for one in said}
    assert last_said == {one.ticket: one.seq for _, one in burst}
    assert all(spoken.heard for spoken in done)


def test_a_burst_of_calls_is_merged_and_heard_sooner() -> None:
    done = spoken_in_a_burst([(0.0, call(seq)) for seq in range(1, 9)])
    assert [len(_turn(spoken).calls) for spoken in done] == [1, 7]
    # One by one the eight would take over a minute.
    assert done[-1].end - START < timedelta(seconds=50)


def test_a_call_is_said_twice_after_one_chime() -> None:
    (spoken,) = spoken_in_a_burst([(0.0, call(17))])
    assert spoken.speech.text == "请B零幺七号，到三号窗口 / 请B零幺七号，到三号窗口"
    assert spoken.speech.words[:5] == ("zh/qing", "zh/B", "zh/0", "zh/yao", "zh/7")
    assert timedelta(seconds=7) < spoken.end - spoken.start < timedelta(seconds=12)


class Mute:
    """An engine that fails in a chosen way."""

    name = "mute"
    languages: tuple[Lang, ...] = ("zh", "en")

    def __init__(self, fault: str) -> None:
        self.fault = fault

    async def synth(self, phrase: Phrase) -> Sound:
        if self.fault == "hangs":
            await asyncio.sleep(3600)
        if self.fault == "crashes":
            raise ZeroDivisionError(phrase)
        raise VoiceError(self.name, "out of breath")

    def health(self) -> str:
        return "out of breath"


@pytest.mark.parametrize("fault", ["fails", "hangs"])
def test_when_no_engine_can_speak_the_chime_sounds_and_the_next_call_follows(fault: str) -> None:
    done = spoken_in_a_burst([(0.0, call(1)), (60.0, call(2))], speaks=voice(Mute(fault)))
    assert [spoken.heard for spoken in done] == [False, False]
    assert all(spoken.speech.sound.peak > 1000 for spoken in done)
    assert [spoken.speech.words for spoken in done] == [(), ()]


def test_a_programming_fault_in_an_engine_does_not_end_the_voice(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.ERROR):
        assert spoken_in_a_burst([(0.0, call(1))], speaks=voice(Mute("crashes"))) == []
    assert "a turn was not spoken" in caplog.text


def test_an_output_that_breaks_once_loses_one_turn_and_no_more(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.ERROR):
        done = spoken_in_a_burst([(0.0, call(1)), (1.0, call(2))], breaks=1)
    assert [_turn(spoken).calls[0].seq for spoken in done] == [2]
    assert "no space left on device" in caplog.text


def test_a_language_that_cannot_be_spoken_does_not_silence_the_other() -> None:
    (spoken,) = spoken_in_a_burst([(0.0, call(1))], speaks=voice(langs=("zh", "en")))
    assert not spoken.heard
    assert {word.split("/")[0] for word in spoken.speech.words} == {"zh"}


def test_when_the_clock_is_set_back_the_voice_does_not_wait_for_it() -> None:
    async def main(clock: LoopClock) -> float:
        done: list[Spoken] = []
        announcer = Announcer(voice(), Ear(clock), clock, on_spoken=done.append)
        async with asyncio.TaskGroup() as tasks:
            running = tasks.create_task(announcer.run(), name="announcer")
            announcer.call(call(1))
            await clock.sleep(1.0)
            clock.jump(timedelta(hours=-1))
            announcer.call(call(2))
            await announcer.until_silent()
            running.cancel()
        assert len(done) == 2
        return clock.monotonic()

    assert virtual_time.run(main, START) < 25


def test_notices_are_read_out_after_the_calls() -> None:
    class Reader(Mute):
        async def synth(self, phrase: Phrase) -> Sound:
            return CLIPS.clip("zh", "4")

    async def main(clock: LoopClock) -> list[Spoken]:
        done: list[Spoken] = []
        announcer = Announcer(voice(CLIPS, Reader("")), Ear(clock), clock, on_spoken=done.append)
        announcer.notice(Text("今天的号已经发完了", "No more numbers today"))
        announcer.call(call(1))
        async with asyncio.TaskGroup() as tasks:
            running = tasks.create_task(announcer.run(), name="announcer")
            await announcer.until_silent()
            running.cancel()
        return done

    first, second = virtual_time.run(main, START)
    assert first.speech.words[0] == "zh/qing"
    assert second.speech.text == "今天的号已经发完了"


def test_the_wav_file_holds_each_speech_at_its_hall_time_and_silence_between(
    tmp_path: Path,
) -> None:
    path = tmp_path / "speaker.wav"

    async def main(clock: LoopClock) -> list[Spoken]:
        done: list[Spoken] = []
        output = WavOutput(path, clock, START)
        announcer = Announcer(voice(), output, clock, on_spoken=done.append)
        async with asyncio.TaskGroup() as tasks:
            running = tasks.create_task(announcer.run(), name="announcer")
            for seq in (1, 2, 3, 4, 5):
                await clock.sleep(7.3 * seq)
                announcer.call(call(seq))
            await announcer.until_silent()
            await clock.sleep(30)
            running.cancel()
        output.close()
        return done

    done = virtual_time.run(main, START)
    sound = read_wav(path)
    assert sound.rate_hz == WAV_RATE_HZ
    assert 0 < sound.peak <= LOUDEST
    seconds_long = (done[-1].end - START).total_seconds() + 30
    assert sound.seconds == pytest.approx(seconds_long, abs=0.01)
    spoken = [
        (
            round((one.start - START).total_seconds() * WAV_RATE_HZ),
            round((one.end - START).total_seconds() * WAV_RATE_HZ),
        )
        for one in done
    ]
    silent_from = 0
    for begin, end in spoken:
        assert max(map(abs, sound.samples[silent_from : begin - 1]), default=0) == 0
        assert max(map(abs, sound.samples[begin:end])) > 3000
        silent_from = end + 2
    assert max(map(abs, sound.samples[silent_from:])) == 0


def test_silence_takes_no_room_on_the_disk(tmp_path: Path) -> None:
    path = tmp_path / "day.wav"

    async def main(clock: LoopClock) -> None:
        output = WavOutput(path, clock, START)
        output.place(CLIPS.clip("zh", "4"), START + timedelta(hours=8))
        await clock.sleep(9 * 3600)
        output.close()

    virtual_time.run(main, START)
    stat = path.stat()
    assert stat.st_size == 44 + 2 * 9 * 3600 * WAV_RATE_HZ
    assert stat.st_blocks * 512 < 1_000_000


def _turn(spoken: Spoken) -> CallTurn:
    assert isinstance(spoken.turn, CallTurn)
    return spoken.turn
