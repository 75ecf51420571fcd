"""The dispatcher: nothing is said before it is durable, and nothing durable is forgotten."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta

import msgspec
import pytest

from paihao_hall import commands as c
from paihao_hall.events import Record, TicketCalled
from paihao_hall.model import state_bytes
from paihao_hall.refusals import RefusedError
from paihao_runtime.clock import LoopClock
from paihao_server.dispatcher import Dispatcher, StoppedError
from paihao_server.log.interface import LogFailedError
from paihao_server.log.memory import MemoryLog
from paihao_server.log.replay import replay
from tests.hall.builders import NINE, a_plan, a_window


class GatedLog(MemoryLog):
    """A log whose disk waits for the test."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = asyncio.Event()
        self.gate.set()

    async def append(self, expected_seq: int, records: Sequence[Record]) -> int:
        await self.gate.wait()
        return await super().append(expected_seq, records)


@asynccontextmanager
async def running(log: MemoryLog) -> AsyncIterator[Dispatcher]:
    dispatcher = Dispatcher(log, LoopClock(NINE))
    await dispatcher.start(a_plan())
    task = asyncio.create_task(dispatcher.run(), name="dispatcher")
    try:
        yield dispatcher
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def take(name: str) -> c.IssueTicket:
    return c.IssueTicket(
        id=f"press-{name}", actor="kiosk:K1", service="sA", class_="regular",
        ticket=f"t-{name}", token=f"k-{name}",
    )  # fmt: skip


def call(name: str, window: str = "w1") -> c.CallNext:
    return c.CallNext(id=name, actor="clerk:x", window=window)


def open_(window: str) -> c.OpenWindow:
    return c.OpenWindow(id=f"o-{window}", actor="clerk:x", window=window, clerk=f"x-{window}")


async def settle() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


async def test_answer_listener_and_read_all_wait_for_the_disk() -> None:
    log = GatedLog()
    async with running(log) as dispatcher:
        heard: list[int] = []
        dispatcher.on_records(lambda records: heard.extend(r.seq for r in records))
        log.gate.clear()
        answer = dispatcher.submit(take("a"))
        await settle()
        look = asyncio.ensure_future(dispatcher.look(lambda hall: len(hall.tickets)))
        await settle()
        assert len(dispatcher.hall.tickets) == 1, "memory is ahead"
        assert not answer.done()
        assert not look.done()
        assert heard == []
        log.gate.set()
        seq = (await answer).seq
        assert await look == 1
        assert heard == [seq]


async def test_refusal_that_rests_on_an_undurable_state_waits_too() -> None:
    log = GatedLog()
    async with running(log) as dispatcher:
        await dispatcher.submit(open_("w1"))
        await dispatcher.submit(take("a"))
        log.gate.clear()
        first, second = dispatcher.submit(call("1")), dispatcher.submit(call("2"))
        await settle()
        assert not second.done()
        log.gate.set()
        await first
        with pytest.raises(RefusedError, match="window-busy"):
            await second


async def test_commands_that_arrive_together_share_one_commit() -> None:
    log = GatedLog()
    async with running(log) as dispatcher:
        commits: list[int] = []
        dispatcher.on_records(lambda records: commits.append(len(records)))
        await asyncio.gather(*(dispatcher.submit(take(str(n))) for n in range(100)))
        assert commits == [100]


async def test_repeated_command_gets_the_first_answer_also_a_refused_or_empty_one() -> None:
    async with running(MemoryLog()) as dispatcher:
        await dispatcher.submit(open_("w1"))
        assert (await dispatcher.submit(call("early"))).records == ()
        await dispatcher.submit(take("a"))
        assert (await dispatcher.submit(call("early"))).records == ()
        first = await dispatcher.submit(take("b"))
        again = await dispatcher.submit(take("b"))
        assert again.records == first.records
        with pytest.raises(RefusedError):
            await dispatcher.submit(call("shut", "w2"))
        await dispatcher.submit(open_("w2"))
        with pytest.raises(RefusedError):
            await dispatcher.submit(call("shut", "w2"))


async def test_failed_commit_stops_the_dispatcher_and_loses_nothing_acknowledged() -> None:
    log = MemoryLog()
    dispatcher = Dispatcher(log, LoopClock(NINE))
    await dispatcher.start(a_plan())
    task = asyncio.create_task(dispatcher.run(), name="dispatcher")
    acknowledged = await dispatcher.submit(take("kept"))
    log.fail_next = True
    lost = dispatcher.submit(take("lost"))
    with pytest.raises(LogFailedError):
        await task
    with pytest.raises(StoppedError):
        await lost
    with pytest.raises(StoppedError):
        await dispatcher.submit(take("late"))
    with pytest.raises(StoppedError):
        await dispatcher.look(lambda hall: hall.seq)
    hall = await replay(log)
    assert hall.seq == acknowledged.seq
    assert set(hall.tickets) == {"t-kept"}


async def test_restart_knows_every_ticket_and_every_answer() -> None:
    log = MemoryLog()
    async with running(log) as dispatcher:
        await dispatcher.submit(open_("w1"))
        first = await dispatcher.submit(take("a"))
        await dispatcher.submit(call("1"))
        before = state_bytes(dispatcher.hall)
    async with running(log) as again:
        assert state_bytes(again.hall) == before
        assert (await again.submit(take("a"))).records == first.records


async def test_fifty_windows_call_at_once_and_nobody_is_called_twice() -> None:
    log = MemoryLog()
    dispatcher = Dispatcher(log, LoopClock(NINE))
    windows = [f"w{n}" for n in range(50)]
    await dispatcher.start(a_plan(windows=tuple(a_window(str(n), "A") for n in range(50))))
    task = asyncio.create_task(dispatcher.run(), name="dispatcher")
    await asyncio.gather(*(dispatcher.submit(open_(w)) for w in windows))
    await asyncio.gather(*(dispatcher.submit(take(str(n))) for n in range(40)))
    answers = await asyncio.gather(*(dispatcher.submit(call(w, w)) for w in windows))
    called = [
        r.event.ticket for a in answers for r in a.records if isinstance(r.event, TicketCalled)
    ]
    assert len(called) == len(set(called)) == 40
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_reader_that_raises_hears_it_itself_and_the_hall_goes_on() -> None:
    log = GatedLog()
    async with running(log) as dispatcher:
        with pytest.raises(ZeroDivisionError):
            await dispatcher.ask(take("a"), lambda hall, answer: 1 // 0)
        assert (await dispatcher.submit(take("b"))).records


async def test_caller_who_gives_up_does_not_undo_a_command() -> None:
    log = GatedLog()
    async with running(log) as dispatcher:
        log.gate.clear()
        future = dispatcher.submit(take("a"))
        await settle()
        future.cancel()
        log.gate.set()
        await dispatcher.submit(take("b"))
        assert set(dispatcher.hall.tickets) == {"t-a", "t-b"}


async def test_day_ends_on_time_although_nothing_is_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("paihao_server.dispatcher.TICK_S", 0.01)
    log = MemoryLog()
    clock = LoopClock(NINE)
    dispatcher = Dispatcher(log, clock)
    await dispatcher.start(a_plan())
    task = asyncio.create_task(dispatcher.run(), name="dispatcher")
    await dispatcher.submit(take("a"))
    ended = asyncio.Event()
    dispatcher.on_records(lambda _: ended.set())
    clock.jump(timedelta(hours=20))
    await asyncio.wait_for(ended.wait(), 5)
    assert not await dispatcher.look(lambda hall: len(hall.tickets))
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_restart_with_a_hall_file_that_drops_what_is_in_use_goes_on_with_the_old_plan() -> (
    None
):
    log = MemoryLog()
    async with running(log) as dispatcher:
        await dispatcher.submit(open_("w1"))
        await dispatcher.submit(take("a"))
    again = Dispatcher(log, LoopClock(NINE))
    refused = await again.start(a_plan(windows=(a_window("2", "A"),), revision="r2"))
    assert refused is not None
    assert refused.code == "plan-drops-window"
    assert again.hall.plan == a_plan()
    assert set(again.hall.tickets) == {"t-a"}


async def test_data_folder_of_another_hall_is_not_taken_over() -> None:
    log = MemoryLog()
    async with running(log):
        pass
    with pytest.raises(RefusedError, match="plan-of-another-hall"):
        await Dispatcher(log, LoopClock(NINE)).start(
            msgspec.structs.replace(a_plan(), id="other", revision="r2")
        )
