"""Clocks: the time of the hall, which is the wall's, or faster, or a simulation's.

Everything that tells or awaits hall time asks a `Clock`. Time limits on devices and networks are
not hall time: they use the event loop.
"""

import asyncio
import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Tells the time of the hall and waits for it."""

    def now(self) -> datetime:
        """Return the hall's date and time, aware, UTC."""
        ...

    def monotonic(self) -> float:
        """Return seconds of hall time from an arbitrary start; never goes back."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait for that much hall time."""
        ...


class RealClock:
    """The time of the machine."""

    def now(self) -> datetime:
        """Return the machine's date and time, aware, UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Return the machine's monotonic seconds."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Wait on the event loop."""
        await asyncio.sleep(seconds)


class ForwardClock:
    """Another clock, never before what has been reached: one that is set back goes on from there.

    Waits, recall intervals and grace times so keep their length. The other clock counts again as
    soon as it is past the time reached.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._reached: datetime | None = None
        self._reached_s = 0.0

    @property
    def ahead(self) -> timedelta:
        """How far this clock is ahead of the other."""
        return max(self.now() - self._clock.now(), timedelta(0))

    def reach(self, at: datetime) -> None:
        """Take note of the time of something that has happened."""
        if self._reached is None or at > self._reached:
            self._reached, self._reached_s = at, self._clock.monotonic()

    def now(self) -> datetime:
        """Return the other clock's time, or if that was before: the time since then."""
        now = self._clock.now()
        if self._reached is None or now >= self._reached:
            return now
        return self._reached + timedelta(seconds=self._clock.monotonic() - self._reached_s)

    def monotonic(self) -> float:
        """Return the other clock's monotonic seconds."""
        return self._clock.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Wait as the other clock does."""
        await self._clock.sleep(seconds)


class ScaledClock:
    """Hall time that begins at ``start`` and runs ``speed`` times as fast as the wall's.

    All parts of a demo share one. Who sleeps notices a change of speed and a pause at once.
    """

    def __init__(self, start: datetime, speed: float = 1.0) -> None:
        _check_speed(speed)
        self._start = start
        self._speed = speed
        self._paused = False
        self._hall_s = 0.0
        self._wall_s = time.monotonic()
        self._changed = asyncio.Event()

    @property
    def speed(self) -> float:
        """Hall seconds in a wall second while not paused."""
        return self._speed

    @property
    def paused(self) -> bool:
        """Whether hall time stands still."""
        return self._paused

    def now(self) -> datetime:
        """Return the hall's date and time, aware, UTC."""
        return self._start + timedelta(seconds=self.monotonic())

    def monotonic(self) -> float:
        """Return seconds of hall time since ``start``."""
        if self._paused:
            return self._hall_s
        return self._hall_s + (time.monotonic() - self._wall_s) * self._speed

    async def sleep(self, seconds: float) -> None:
        """Wait for that much hall time, however long the wall takes."""
        end = self.monotonic() + seconds
        while (left_s := end - self.monotonic()) > 0:
            changed = self._changed
            wall_s = None if self._paused else left_s / self._speed
            try:
                async with asyncio.timeout(wall_s):
                    await changed.wait()
            except TimeoutError:
                continue
        await asyncio.sleep(0)

    def set_speed(self, speed: float) -> None:
        """Run ``speed`` times as fast as the wall from now on.

        Raises:
            ValueError: ``speed`` is not positive.
        """
        _check_speed(speed)
        self._fix()
        self._speed = speed

    def pause(self) -> None:
        """Let hall time stand still."""
        self._fix()
        self._paused = True

    def resume(self) -> None:
        """Let hall time run on after `pause`."""
        self._fix()
        self._paused = False

    def _fix(self) -> None:
        self._hall_s, self._wall_s = self.monotonic(), time.monotonic()
        self._changed.set()
        self._changed = asyncio.Event()


class LoopClock:
    """The time of the event loop it is made in: virtual time when the loop's is virtual.

    The date can be made to jump, as that of a badly kept machine does; `monotonic` does not.
    """

    def __init__(self, start: datetime) -> None:
        self._loop = asyncio.get_running_loop()
        self._start = start
        self._start_s = self._loop.time()

    def now(self) -> datetime:
        """Return the date and time of the loop, aware, UTC."""
        return self._start + timedelta(seconds=self.monotonic())

    def monotonic(self) -> float:
        """Return loop seconds since this clock was made."""
        return self._loop.time() - self._start_s

    async def sleep(self, seconds: float) -> None:
        """Wait on the event loop."""
        await asyncio.sleep(seconds)

    def jump(self, by: timedelta) -> None:
        """Move the date forward or, with a negative ``by``, back."""
        self._start += by


def _check_speed(speed: float) -> None:
    if not speed > 0:
        raise ValueError(f"speed {speed} is not positive")
