"""The parts of the demo by themselves: counting, slips by their bytes, faults, days, words."""

import asyncio
import random
from collections.abc import Coroutine
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from paihao_config.loader import read
from paihao_demo.event_words import sentence, zones
from paihao_demo.faults import Planned
from paihao_demo.files import Files
from paihao_demo.holders import Holders
from paihao_demo.recount import recount
from paihao_demo.tally import Tally
from paihao_demo.timing import Start, opening, until, wait_for
from paihao_demo.tray import Job, Tray
from paihao_display.announcer import Spoken
from paihao_display.calls import CallTurn
from paihao_display.sound import silence
from paihao_display.voice import Speech
from paihao_drivers.emulator.outlets import PipeOutlet
from paihao_hall import events as e
from paihao_hall.contract import ZoneCall
from paihao_hall.events import Record
from paihao_hall.evolve import evolve
from paihao_hall.model import Hall
from paihao_runtime import virtual_time
from paihao_runtime.clock import LoopClock, ScaledClock
from paihao_server.log.sqlite import SqliteLog
from tests.hall.builders import NINE, a_plan

HALLS = Path(__file__).resolve().parents[2] / "config" / "halls"


def starter(tasks: asyncio.TaskGroup) -> Start:
    def start(work: Coroutine[Any, Any, None], name: str) -> None:
        tasks.create_task(work, name=name)

    return start


def a_call(seq: int, number: str, times: int = 1) -> ZoneCall:
    return ZoneCall(
        id=f"{number}-{seq}", seq=seq, zone="Z", ticket=f"t-{number}", number=number, window="1",
        window_number="1", times=times, at=NINE,
    )  # fmt: skip


def a_turn(*said: ZoneCall, replaced: tuple[ZoneCall, ...] = (), heard: bool = True) -> Spoken:
    turn = CallTurn(said, (*said, *replaced), 2)
    return Spoken(turn, Speech(silence(1, 8000), (), whole=True), NINE, NINE, heard)


def test_a_call_counts_once_however_it_was_said() -> None:
    tally = Tally()
    tally.spoken(a_turn(a_call(1, "A001"), a_call(2, "A002")))
    tally.spoken(a_turn(a_call(9, "A003", times=2), replaced=(a_call(5, "A003"),)))
    tally.spoken(a_turn(a_call(1, "A001")))
    tally.spoken(a_turn(a_call(12, "A004"), heard=False))
    counts = tally.counts()
    assert (counts.announced, counts.announced_again) == (3, 1)


async def test_the_log_is_counted_without_the_visitor_and_from_the_run_on(tmp_path: Path) -> None:
    log = SqliteLog.open(tmp_path / "hall.db")
    reason = e.CallReason("most-urgent")
    events: list[tuple[str, e.AnyEvent]] = [
        ("kiosk:k", e.TicketIssued(NINE, "t0", "A001", 1, "A", "s", "regular", "x0")),
        ("kiosk:k", e.TicketIssued(NINE, "t1", "A002", 2, "A", "s", "regular", "x1")),
        ("device:k", e.AckRecorded(NINE, "t1", "unsure", "k", 2)),
        ("device:k", e.AckRecorded(NINE, "t1", "printed", "k", 2)),
        ("clerk:E0001", e.TicketCalled(NINE, "t1", "1", reason)),
        ("device:s", e.AckRecorded(NINE, "t1", "spoken", "s", 5)),
        ("manager:visitor", e.TicketRecalled(NINE, "t1", "1")),
        ("clerk:E0001", e.TicketMissed(NINE, "t1", "1")),
    ]
    records = [Record(seq, f"c{seq}", who, what) for seq, (who, what) in enumerate(events, 1)]
    await log.append(0, records)
    await log.close()
    counts, visitor = await recount(tmp_path / "hall.db", after_seq=1)
    assert (counts.issued, counts.printed, counts.called, counts.announced) == (1, 1, 1, 1)
    assert (counts.missed, counts.completed, counts.recalled) == (1, 0, 0)
    assert visitor == {"TicketRecalled": 1}


async def test_only_whole_slips_count_and_each_for_its_ticket() -> None:
    tally = Tally()
    tray = Tray(ScaledClock(NINE, 60), tally, Files(None))
    slips = {name: b"\x1b@" + name.encode() * 300 + b"\n\x1dV\x00" for name in ("t1", "t2")}
    for name, data in slips.items():
        tray.expect(name, Job(name, name.upper(), name.upper()))
        tray.sent(name, data)
    outlet = PipeOutlet(tray.printer)
    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(outlet.run(), name="printer")
        line = await outlet.open()
        await line.write(slips["t1"][-200:])
        await line.write(slips["t2"])
        await until(lambda: tray.printer.printed == 2)
        running.cancel()
    assert tally.slips == {"t2": 1}
    assert tray.scraps == 1


def test_a_fault_is_read_from_its_words() -> None:
    assert Planned.parse("paper:kiosk-A1@4.5+3") == Planned("paper", "kiosk-A1", 4.5, 3.0)
    assert Planned.parse("kill@10").at_s == 10
    for wrong in ("fire@3", "paper", "paper@x", "kill:@"):
        with pytest.raises(ValueError, match="expected paper, cable or kill"):
            Planned.parse(wrong)


def test_a_demo_begins_on_the_next_working_day() -> None:
    plan = read(HALLS / "jiyuan-town.toml").plan
    saturday = date(2026, 11, 21)
    assert f"{opening(plan, saturday):%a %H:%M}" == "Mon 09:00"
    assert f"{opening(plan, date(2026, 11, 25), time(13, 30)):%a %H:%M}" == "Wed 13:30"


def test_waiting_ends_with_the_event_or_with_the_time() -> None:
    async def story(clock: LoopClock) -> tuple[bool, float, bool, float]:
        event = asyncio.Event()
        in_vain = await wait_for(clock, event, 30)
        first_s = clock.monotonic()
        asyncio.get_running_loop().call_later(5, event.set)
        came = await wait_for(clock, event, 3600)
        return in_vain, first_s, came, clock.monotonic()

    assert virtual_time.run(story, NINE) == (False, 30.0, True, 35.0)


def test_who_is_called_comes_and_who_has_to_wait_again_listens_only() -> None:
    async def story(clock: LoopClock) -> list[bool]:
        holders = Holders(clock, random.Random(1), no_show=0.0)
        seen: list[bool] = []
        async with asyncio.TaskGroup() as tasks:
            holders.begin(starter(tasks))
            holders.took("t1", "A001")
            holder = holders.find("A001")
            assert holder is not None
            holders.look_up({"A001", "刚叫过"})
            seen.append(await wait_for(clock, holder.here, 60))
            holders.sit_again(holder)
            holders.look_up({"A001"})
            seen.append(await wait_for(clock, holder.here, 600))
            holders.hear(a_turn(a_call(3, "A001")))
            seen.append(await wait_for(clock, holder.here, 60))
            holders.leaves(holder)
        return seen

    assert virtual_time.run(story, NINE) == [True, False, True]


def test_who_does_not_come_never_stands_at_the_window() -> None:
    async def story(clock: LoopClock) -> bool:
        holders = Holders(clock, random.Random(1), no_show=1.0)
        async with asyncio.TaskGroup() as tasks:
            holders.begin(starter(tasks))
            holders.took("t1", "A001")
            holder = holders.find("A001")
            assert holder is not None
            holders.hear(a_turn(a_call(3, "A001")))
            return await wait_for(clock, holder.here, 600)

    assert virtual_time.run(story, NINE) is False


def test_the_event_log_says_each_event_in_a_line() -> None:
    plan = a_plan()
    hall = Hall()
    at = datetime(2026, 11, 20, 1, tzinfo=UTC)
    queue, window = plan.queues[0], plan.windows[0]
    told = []
    candidate = e.Candidate("t1", "A001", queue.id, "regular", 1, 125.0, 600, 0.2)
    events: tuple[e.AnyEvent, ...] = (
        e.PlanChanged(at, plan),
        e.DayStarted(at, date(2026, 11, 20)),
        e.WindowOpened(at, window.id, "E0001"),
        e.TicketIssued(at, "t1", "A001", 1, queue.id, plan.services[0].id, "regular", "x"),
        e.TicketCalled(at, "t1", window.id, e.CallReason("most-urgent", (candidate,))),
        e.TicketRecalled(at + timedelta(seconds=30), "t1", window.id),
        e.ServiceStarted(at, "t1", window.id),
        e.ServiceCompleted(at, "t1", window.id),
    )
    for seq, event in enumerate(events, 1):
        record = Record(seq, f"c{seq}", "kiosk:k1", event)
        evolve(hall, record)
        told.append((sentence(hall, plan, record), zones(hall, plan, record)))
    here = frozenset({queue.zone})
    assert told[2:] == [
        (f"{window.id} 开窗", here),
        ("A001 取号，k1", here),
        (f"{window.id} 叫 A001，已等 2:05", here),
        (f"{window.id} 再叫 A001", here),
        (f"{window.id} 开始办理 A001", here),
        (f"{window.id} 办结 A001", here),
    ]
