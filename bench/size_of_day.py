"""What the size of a day costs: call-next with 100 and 50,000 tickets, replay of 100,000 events.

Call-next is measured as the clerk feels it without a network: submitted to the dispatcher,
decided, durable on disk, answered. Its baseline is an empty command that is durable too (a note),
so the disk is in both. Replay is measured against reading and decoding the same rows and doing
nothing with them.
"""

import asyncio
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from bench import model
from bench.figures import Timing, median, ratio, say
from paihao_hall import commands as c
from paihao_runtime.clock import RealClock
from paihao_server.dispatcher import Dispatcher
from paihao_server.log.replay import PAGE, replay
from paihao_server.log.sqlite import SqliteLog

CALLS: Final = 400
RUNS: Final = 5
EVENTS: Final = 100_000


async def submit(dispatcher: Dispatcher, commands: list[c.Command]) -> None:
    """Do commands together."""
    await asyncio.gather(*(dispatcher.submit(command) for command in commands))


def tickets(first: int, count: int) -> list[c.Command]:
    """Return commands that issue tickets."""
    return [
        c.IssueTicket(
            id=f"i{n}", actor="k", service="s0", class_="regular", ticket=f"t{n}", token=f"k{n}"
        )
        for n in range(first, first + count)
    ]


async def call_next(waiting: int) -> tuple[Timing, Timing]:
    """Return the timing of call-next and of the baseline with so many tickets waiting."""
    with tempfile.TemporaryDirectory() as folder:
        log = SqliteLog.open(Path(folder) / "hall.db")
        dispatcher = Dispatcher(log, RealClock())
        await dispatcher.start(model.plan(windows=1, queues=1))
        task = asyncio.create_task(dispatcher.run(), name="dispatcher")
        await dispatcher.submit(c.OpenWindow(id="o", actor="b", window="w0", clerk="x"))
        await submit(dispatcher, tickets(0, waiting))
        calls: list[float] = []
        bare: list[float] = []
        given = waiting
        for number in range(CALLS):
            started = time.perf_counter()
            answer = await dispatcher.submit(c.CallNext(id=f"n{number}", actor="b", window="w0"))
            called = time.perf_counter()
            if not answer.records:
                raise RuntimeError("nobody waits")
            note = c.AddNote(id=f"m{number}", actor="b", window="w0", text="bare")
            await dispatcher.submit(note)
            bare.append(time.perf_counter() - called)
            calls.append(called - started)
            await dispatcher.submit(c.Start(id=f"s{number}", actor="b", window="w0"))
            await dispatcher.submit(c.Complete(id=f"d{number}", actor="b", window="w0"))
            await submit(dispatcher, tickets(given, 1))
            given += 1
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await log.close()
    return Timing(calls, sum(calls)), Timing(bare, sum(bare))


async def replay_day() -> tuple[float, float]:
    """Return seconds to replay `EVENTS` events and seconds to read and decode them."""
    with tempfile.TemporaryDirectory() as folder:
        log = SqliteLog.open(Path(folder) / "hall.db")
        dispatcher = Dispatcher(log, RealClock())
        await dispatcher.start(model.plan())
        task = asyncio.create_task(dispatcher.run(), name="dispatcher")
        for first in range(0, EVENTS, 10_000):
            await submit(dispatcher, tickets(first, 10_000))
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        started = time.perf_counter()
        hall = await replay(log)
        replayed_s = time.perf_counter() - started
        started = time.perf_counter()
        last = 0
        while page := await log.read(last, PAGE):
            last = page[-1].seq
        read_s = time.perf_counter() - started
        if hall.seq != last or last < EVENTS:
            raise RuntimeError(f"replayed {hall.seq} of {last}")
        await log.close()
    return replayed_s, read_s


async def measure() -> None:
    """Run everything and print the ratios."""
    say(f"call-next, durable, one clerk, {datetime.now(UTC):%Y-%m-%d}")
    figures = {}
    for waiting in (100, 50_000):
        runs = [await call_next(waiting) for _ in range(RUNS)]
        figures[waiting] = median([run[0] for run in runs])
        bare = median([run[1] for run in runs])
        say(f"  {waiting:6,} waiting  {figures[waiting]}   bare durable command {bare}")
        ratio("call-next p50", figures[waiting].percentile_ms(0.5), bare.percentile_ms(0.5),
              "ms", "bare durable command")  # fmt: skip
    ratio("p50 at 50,000 tickets", figures[50_000].percentile_ms(0.5),
          figures[100].percentile_ms(0.5), "ms", "at 100")  # fmt: skip
    replays = sorted([await replay_day() for _ in range(RUNS)])
    replayed_s, read_s = replays[RUNS // 2]
    say(f"restart with {EVENTS:,} events")
    ratio("replay", replayed_s, read_s, "s", "reading and decoding the same rows")


def main() -> None:
    """Measure what the size of a day costs."""
    asyncio.run(measure())


if __name__ == "__main__":
    main()
