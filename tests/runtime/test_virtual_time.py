"""The virtual event loop: time that jumps, runs that repeat, deadlocks that are named."""

import asyncio
import random
from datetime import UTC, datetime, timedelta

import pytest

from paihao_runtime import virtual_time
from paihao_runtime.clock import LoopClock

START = datetime(2026, 3, 2, 0, 0, tzinfo=UTC)


def test_a_week_passes_in_no_time() -> None:
    async def week(clock: LoopClock) -> datetime:
        await clock.sleep(7 * 24 * 3600)
        return clock.now()

    assert virtual_time.run(week, START) == START + timedelta(days=7)


def test_a_time_limit_strikes_at_its_virtual_moment() -> None:
    async def waits_for_nobody(clock: LoopClock) -> float:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(90):
                await asyncio.Event().wait()
        return clock.monotonic()

    assert virtual_time.run(waits_for_nobody, START) == pytest.approx(90)


def test_tasks_that_wait_for_nothing_are_named() -> None:
    async def main(_: LoopClock) -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(asyncio.Event().wait(), name="board-hall")

    with pytest.raises(virtual_time.DeadlockError) as caught:
        virtual_time.run(main, START)
    assert "board-hall" in caught.value.waiting


def test_threads_are_refused() -> None:
    async def main(_: LoopClock) -> None:
        await asyncio.to_thread(print)

    with pytest.raises(RuntimeError, match="no threads in virtual time"):
        virtual_time.run(main, START)


def test_the_same_seed_gives_the_same_order_of_events() -> None:
    async def crowd(clock: LoopClock) -> list[tuple[float, str]]:
        chance = random.Random(7)
        seen: list[tuple[float, str]] = []

        async def visitor(name: str) -> None:
            for _ in range(20):
                await clock.sleep(chance.choice([0.1, 0.2, 0.3]))
                seen.append((clock.monotonic(), name))

        tasks = {asyncio.create_task(visitor(f"v{n}"), name=f"v{n}") for n in range(20)}
        # Which of them a set of tasks gives first must not depend on memory addresses.
        seen.extend((0.0, task.get_name()) for task in tasks)
        await asyncio.gather(*tasks)
        return seen

    assert virtual_time.run(crowd, START) == virtual_time.run(crowd, START)


def test_the_date_can_jump_while_the_monotonic_clock_does_not() -> None:
    async def main(clock: LoopClock) -> tuple[datetime, float]:
        await clock.sleep(10)
        clock.jump(timedelta(hours=-1))
        return clock.now(), clock.monotonic()

    now, monotonic_s = virtual_time.run(main, START)
    assert now == START + timedelta(seconds=10) - timedelta(hours=1)
    assert monotonic_s == 10
