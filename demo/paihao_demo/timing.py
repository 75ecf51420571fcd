"""Waiting in hall time for something that may come sooner, and how late the event loop runs."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from paihao_hall.plan import HallPlan
from paihao_runtime.clock import Clock

Start = Callable[[Coroutine[Any, Any, None], str], None]
"""Starts a task beside others, under a name; it ends with them at the latest."""

END_S: Final = 5.0
"""How long an end may take before it is asked for again."""

LOOK_S: Final = 0.05
"""How often the event loop is asked whether it is late."""


async def wait_for(clock: Clock, event: asyncio.Event, seconds: float) -> bool:
    """Wait for an event, for at most that much hall time; return whether it is there."""
    if event.is_set() or seconds <= 0:
        return event.is_set()
    async with asyncio.TaskGroup() as tasks:
        limit = tasks.create_task(clock.sleep(seconds), name="limit")
        came = tasks.create_task(event.wait(), name="event")
        await asyncio.wait((limit, came), return_when=asyncio.FIRST_COMPLETED)
        limit.cancel()
        came.cancel()
    return event.is_set()


async def end_all(tasks: set[asyncio.Task[None]]) -> None:
    """Cancel tasks until all have ended; those that end leave the set by themselves.

    One cancel is not enough: a task group whose child fails in the same moment forgets that it
    was cancelled itself, and its loop goes on.
    """
    while tasks:
        for task in tuple(tasks):
            task.cancel()
        await asyncio.wait(tuple(tasks), timeout=END_S)


async def until(test: Callable[[], object]) -> None:
    """Look again and again until something is so, in wall time."""
    while not test():  # noqa: ASYNC110 - what is looked at has no event to wait for
        await asyncio.sleep(LOOK_S)


def opening(plan: HallPlan, today: date, at: time | None = None) -> datetime:
    """Return when a demo begins: on the next working day, at ``at`` or when the hall opens."""
    day = today
    while plan.weekdays and day.isoweekday() not in plan.weekdays:
        day += timedelta(days=1)
    begin = at or (plan.hours[0].start if plan.hours else time(9))
    return datetime.combine(day, begin, plan.tz)


@dataclass(slots=True)
class Lag:
    """How late the event loop ran, in milliseconds of wall time."""

    seen_ms: list[float] = field(default_factory=list)

    async def run(self) -> None:
        """Look until cancelled."""
        loop = asyncio.get_running_loop()
        while True:
            due_s = loop.time() + LOOK_S
            await asyncio.sleep(LOOK_S)
            self.seen_ms.append(max(0.0, loop.time() - due_s) * 1000)

    def figures(self) -> dict[str, float]:
        """Return median, 99th percentile and worst."""
        seen = sorted(self.seen_ms) or [0.0]
        p99 = seen[min(len(seen) - 1, len(seen) * 99 // 100)]
        return {
            "p50": round(seen[len(seen) // 2], 1),
            "p99": round(p99, 1),
            "worst": round(seen[-1], 1),
        }
