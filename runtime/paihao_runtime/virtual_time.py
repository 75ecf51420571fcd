"""An event loop whose time jumps to the next timer when nothing is ready.

A simulated day takes as long as its computing. There are no threads, sockets or files to wait
for, so the same coroutine with the same seed always runs the same way; who needs one of these
gets a clear error instead of a run that differs.
"""

import asyncio
import itertools
from collections.abc import Callable, Coroutine
from datetime import datetime
from typing import Any, Never, TypeVar

from paihao_runtime.clock import LoopClock

T = TypeVar("T")


class DeadlockError(RuntimeError):
    """Every task waits for something that no timer will bring.

    Attributes:
        waiting: names of the tasks that wait.
    """

    def __init__(self, waiting: list[str]) -> None:
        super().__init__(f"nothing is scheduled and these tasks wait: {', '.join(waiting)}")
        self.waiting = waiting


def run(main: Callable[[LoopClock], Coroutine[Any, Any, T]], start: datetime) -> T:
    """Run a coroutine in virtual time that begins at ``start``.

    Args:
        main: makes the coroutine from the clock of the loop.
        start: what the clock shows first, aware, UTC.

    Returns:
        What the coroutine returns.

    Raises:
        DeadlockError: the coroutine waits for something that cannot come any more.
    """

    async def with_clock() -> T:
        return await main(LoopClock(start))

    with asyncio.Runner(loop_factory=VirtualTimeLoop) as runner:
        return runner.run(with_clock())


class VirtualTimeLoop(asyncio.BaseEventLoop):
    """An event loop that never waits; starts at second 0."""

    def __init__(self) -> None:
        super().__init__()
        self._now_s = 0.0
        # The base class asks this to wait for input; ours moves the time instead.
        self._selector = self
        self._numbers = itertools.count()
        self.set_task_factory(self._numbered_task)

    def time(self) -> float:
        """Return the virtual time in seconds."""
        return self._now_s

    def select(self, timeout: float | None) -> list[Never]:
        """Move the time by ``timeout`` seconds instead of waiting for input.

        Raises:
            DeadlockError: ``timeout`` is None, so nothing will ever happen.
        """
        if timeout is None:
            raise DeadlockError(sorted(task.get_name() for task in asyncio.all_tasks(self)))
        self._now_s += timeout
        return []

    def run_in_executor(self, *_: object) -> Never:
        """Refuse: a thread finishes at no certain virtual time."""
        raise RuntimeError("no threads in virtual time")

    def _process_events(self, event_list: list[Never]) -> None:
        """Do nothing: there is no input."""

    def _write_to_self(self) -> None:
        """Do nothing: nobody is asleep who would have to be woken."""

    def _numbered_task(
        self, loop: asyncio.AbstractEventLoop, coro: Any, **options: Any
    ) -> asyncio.Task[Any]:
        number = next(self._numbers)
        # Names count from 0 in each run, not through the life of the process.
        options["name"] = options.get("name") or f"Task-{number}"
        return _NumberedTask(number, coro, loop=loop, **options)


class _NumberedTask(asyncio.Task[T]):
    """Hashes by number, not by address: sets of tasks then have the same order in each run."""

    def __init__(self, number: int, *args: Any, **kwargs: Any) -> None:
        # First, because the base class puts the task into a set.
        self._number = number
        super().__init__(*args, **kwargs)

    def __hash__(self) -> int:
        return self._number

    def __eq__(self, other: object) -> bool:
        return self is other
