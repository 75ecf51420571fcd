"""A speaker on the bus: says each call once, reports it, and catches up on what it missed."""

import asyncio
import json
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import msgspec

from paihao_display.clips import ClipVoice
from paihao_display.engines import EngineChain
from paihao_display.outputs import WAV_RATE_HZ, WavOutput
from paihao_display.sound import Sound, read_wav
from paihao_display.speaker_app import SpeakerApp
from paihao_display.voice import Voice
from paihao_display.words import LANGS, Phrase
from paihao_hall.contract import (
    BOARD,
    CATALOGUE,
    DEVICE_ACK,
    ZONE_CALL,
    BoardCall,
    Catalogue,
    DeviceAck,
    ZoneCall,
)
from paihao_hall.plan import HallPlan, Text
from paihao_runtime import virtual_time
from paihao_runtime.bus import Faults, listen, send
from paihao_runtime.clock import LoopClock
from paihao_runtime.device import last_will
from paihao_runtime.memory_bus import BusFaults, MemoryBroker, MemoryBus
from paihao_runtime.places import shipped
from paihao_runtime.rights import Rights
from tests.display.halls import NOW, PLAN, call, snapshot

ALL = Rights(("#",), ("#",))
CLIPS = ClipVoice(tuple(shipped("sounds") / f"{lang}-espeak" for lang in LANGS), WAV_RATE_HZ)


class Reader:
    """Reads any text, as one word of the clips."""

    name = "reader"
    languages = LANGS

    async def synth(self, phrase: Phrase) -> Sound:
        return CLIPS.clip("zh", "4")

    def health(self) -> str:
        return ""


@dataclass
class Hall:
    """A server's side of the bus and one speaker with its WAV file."""

    clock: LoopClock
    server: MemoryBus
    speaker: MemoryBus
    app: SpeakerApp
    folder: Path
    acks: list[DeviceAck] = field(default_factory=list)

    def say(self, one: BoardCall) -> None:
        send(self.server, ZONE_CALL, zone_call(one), hall="test", zone="homes")

    def turns(self) -> list[dict[str, Any]]:
        path = self.folder / "speaker-homes.jsonl"
        if not path.exists():
            return []
        return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def zone_call(one: BoardCall) -> ZoneCall:
    return ZoneCall(
        id=f"{one.ticket}-{one.seq}",
        seq=one.seq,
        zone="homes",
        ticket=one.ticket,
        number=one.number,
        window=one.window,
        window_number=one.window_number,
        times=one.times,
        at=one.called_at,
    )


def tell(
    story: Callable[[Hall], Coroutine[Any, Any, None]],
    folder: Path,
    *,
    plan: HallPlan = PLAN,
    faults: BusFaults | None = None,
) -> None:
    """Run a story with a speaker in virtual time, from 10:24."""

    async def main(clock: LoopClock) -> None:
        broker = MemoryBroker(Random(1), faults)
        server = MemoryBus(broker, "server", ALL)
        bus = MemoryBus(
            broker, "speaker-homes", ALL, will=last_will("test", "speaker-homes", "speaker")
        )
        output = WavOutput(folder / "speaker-homes.wav", clock, NOW)
        voice = Voice(EngineChain([CLIPS, Reader()]), CLIPS, WAV_RATE_HZ)
        app = SpeakerApp(
            "speaker-homes", "test", bus, clock, voice, output,
            record=folder / "speaker-homes.jsonl",
        )  # fmt: skip
        hall = Hall(clock, server, bus, app, folder)
        listen(server, DEVICE_ACK, lambda ack, _: hall.acks.append(ack), Faults(), hall="test")
        async with asyncio.TaskGroup() as tasks:
            running = [
                tasks.create_task(server.run(), name="server"),
                tasks.create_task(bus.run(), name="speaker bus"),
                tasks.create_task(app.run(), name="speaker"),
            ]
            await asyncio.sleep(0.5)
            send(server, CATALOGUE, Catalogue(seq=1, plan=plan), hall="test")
            await asyncio.sleep(1)
            await story(hall)
            for task in running:
                task.cancel()

    virtual_time.run(main, NOW)


def test_a_call_is_spoken_recorded_and_reported_after_it_was_said(tmp_path: Path) -> None:
    async def story(hall: Hall) -> None:
        hall.say(call("B122", "12", 9))
        await asyncio.sleep(2)
        assert hall.acks == []
        assert hall.app.backlog == 0
        await hall.app.until_silent()
        await asyncio.sleep(1)
        (ack,) = hall.acks
        assert (ack.what, ack.ticket, ack.seq) == ("spoken", "t-B122", 9)
        (turn,) = hall.turns()
        assert turn["text"].startswith("请B幺二二号，到十二号窗口")
        assert turn["tokens"][:2] == ["zh/qing", "zh/B"]
        assert turn["calls"][0]["window_number"] == "12"
        assert turn["heard"] is True

    tell(story, tmp_path)


def test_a_message_doubled_by_the_network_is_spoken_once(tmp_path: Path) -> None:
    async def story(hall: Hall) -> None:
        for seq in range(1, 6):
            hall.say(call(f"B{seq:03}", "3", seq))
            await asyncio.sleep(20)
        await hall.app.until_silent()
        await asyncio.sleep(2)
        said = [one["seq"] for turn in hall.turns() for one in turn["calls"]]
        assert said == [1, 2, 3, 4, 5]
        assert {ack.seq for ack in hall.acks} == {1, 2, 3, 4, 5}

    tell(story, tmp_path, faults=BusFaults(delay_s=(0.01, 0.6), duplicate=0.5))


def test_every_turn_of_the_record_is_where_the_wav_file_has_sound(tmp_path: Path) -> None:
    async def story(hall: Hall) -> None:
        for seq in range(1, 12):
            hall.say(call(f"B{seq:03}", str(seq), seq))
            await asyncio.sleep(3.7)
        await hall.app.until_silent()
        await asyncio.sleep(3)

    tell(story, tmp_path)
    sound = read_wav(tmp_path / "speaker-homes.wav")
    lines = (tmp_path / "speaker-homes.jsonl").read_text(encoding="utf-8").splitlines()
    turns = [json.loads(line) for line in lines]
    assert sum(len(turn["calls"]) for turn in turns) == 11
    end_before = 0
    for turn in turns:
        begin, end = (
            round((msgspec.convert(turn[edge], type=type(NOW)) - NOW).total_seconds() * WAV_RATE_HZ)
            for edge in ("start", "end")
        )
        assert begin >= end_before - 1
        assert max(map(abs, sound.samples[end_before + 1 : begin - 1]), default=0) == 0
        assert max(map(abs, sound.samples[begin:end])) > 3000
        end_before = end
    assert max(map(abs, sound.samples[end_before + 1 :]), default=0) == 0


def test_calls_missed_while_away_are_found_in_the_snapshot_and_spoken_if_young(
    tmp_path: Path,
) -> None:
    async def story(hall: Hall) -> None:
        young, old = call("B122", "12", 9, age_s=-1), call("B100", "3", 4, age_s=120)
        send(hall.server, BOARD, snapshot(young, old), hall="test", zone="homes")
        await asyncio.sleep(1)
        hall.say(young)
        await hall.app.until_silent()
        await asyncio.sleep(1)
        assert [one["number"] for turn in hall.turns() for one in turn["calls"]] == ["B122"]

    tell(story, tmp_path)


def test_a_call_whose_message_died_with_the_server_is_found_in_the_next_snapshot(
    tmp_path: Path,
) -> None:
    async def story(hall: Hall) -> None:
        send(hall.server, BOARD, snapshot(), hall="test", zone="homes")
        await asyncio.sleep(10)
        lost = call("B122", "12", 9, age_s=-10)
        send(hall.server, BOARD, snapshot(lost, seq=9), hall="test", zone="homes")
        await asyncio.sleep(1)
        hall.say(lost)
        await hall.app.until_silent()
        await asyncio.sleep(1)
        assert [one["number"] for turn in hall.turns() for one in turn["calls"]] == ["B122"]

    tell(story, tmp_path)


def test_a_call_that_comes_minutes_late_is_said_only_if_its_ticket_is_still_called(
    tmp_path: Path,
) -> None:
    async def story(hall: Hall) -> None:
        past, still = call("B100", "3", 4, age_s=600), call("B101", "4", 5, age_s=600)
        send(hall.server, BOARD, snapshot(still), hall="test", zone="homes")
        await asyncio.sleep(1)
        hall.say(past)
        hall.say(still)
        await asyncio.sleep(1)
        await hall.app.until_silent()
        assert [one["number"] for turn in hall.turns() for one in turn["calls"]] == ["B101"]

    tell(story, tmp_path)


def test_a_notice_that_appears_is_read_out_and_one_that_was_there_is_not(tmp_path: Path) -> None:
    async def story(hall: Hall) -> None:
        lunch, full = Text("中午留一个窗口"), Text("契税的号已经发完")
        send(hall.server, BOARD, snapshot(notices=(lunch,)), hall="test", zone="homes")
        await asyncio.sleep(5)
        send(hall.server, BOARD, snapshot(notices=(lunch, full), seq=2), hall="test", zone="homes")
        await asyncio.sleep(10)
        assert [turn["text"] for turn in hall.turns()] == ["契税的号已经发完"]

    tell(story, tmp_path)


def test_the_plan_says_which_languages_are_spoken(tmp_path: Path) -> None:
    async def story(hall: Hall) -> None:
        hall.say(call("B001", "1", 9))
        await asyncio.sleep(1)
        await hall.app.until_silent()
        (turn,) = hall.turns()
        assert (
            turn["text"].split(" / ")
            == [
                "请B零零一号，到一号窗口",
                "ticket B zero zero one, please go to window one",
            ]
            * 2
        )

    plan = msgspec.structs.replace(PLAN, speak=("zh", "en"), telephone_one=False)
    tell(story, tmp_path, plan=plan)


def test_a_long_time_line_starts_where_the_hall_did(tmp_path: Path) -> None:
    async def story(hall: Hall) -> None:
        await asyncio.sleep(600)
        hall.say(call("B001", "1", 9, age_s=-600))
        await asyncio.sleep(1)
        await hall.app.until_silent()
        (turn,) = hall.turns()
        start = msgspec.convert(turn["start"], type=type(NOW))
        assert timedelta(seconds=600) < start - NOW < timedelta(seconds=605)

    tell(story, tmp_path)
