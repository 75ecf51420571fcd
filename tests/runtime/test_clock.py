"""Hall time that runs faster than the wall's, stands still and changes speed."""

import asyncio
import time
from datetime import UTC, datetime, timedelta

import pytest

from paihao_runtime.clock import RealClock, ScaledClock

START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


@pytest.fixture
def wall(monkeypatch: pytest.MonkeyPatch) -> "Wall":
    return Wall(monkeypatch)


class Wall:
    """The machine's monotonic clock, moved by hand."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now_s = 1000.0
        monkeypatch.setattr(time, "monotonic", lambda: self.now_s)

    def passes(self, seconds: float) -> None:
        self.now_s += seconds


async def test_hall_time_runs_at_its_speed(wall: Wall) -> None:
    clock = ScaledClock(START, speed=60)
    wall.passes(2)
    assert clock.now() == START + timedelta(minutes=2)


async def test_a_change_of_speed_does_not_move_the_present(wall: Wall) -> None:
    clock = ScaledClock(START, speed=60)
    wall.passes(1)
    clock.set_speed(10)
    assert clock.now() == START + timedelta(seconds=60)
    wall.passes(1)
    assert clock.now() == START + timedelta(seconds=70)


async def test_hall_time_stands_still_while_paused(wall: Wall) -> None:
    clock = ScaledClock(START, speed=60)
    clock.pause()
    wall.passes(100)
    assert clock.now() == START
    clock.resume()
    wall.passes(1)
    assert clock.now() == START + timedelta(minutes=1)


async def test_a_sleeper_notices_that_the_clock_runs_faster() -> None:
    clock = ScaledClock(START, speed=0.001)
    sleeper = asyncio.create_task(clock.sleep(3), name="sleeper")
    await asyncio.sleep(0)
    clock.set_speed(1_000_000)
    async with asyncio.timeout(5):
        await sleeper


@pytest.mark.parametrize("speed", [0, -1, float("nan")])
async def test_a_speed_that_is_not_positive_is_refused(speed: float) -> None:
    with pytest.raises(ValueError, match="not positive"):
        ScaledClock(START, speed)


async def test_the_real_clock_is_aware_and_utc() -> None:
    assert RealClock().now().utcoffset() == timedelta(0)
