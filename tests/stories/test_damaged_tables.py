"""The tables for reports are damaged or of another day: they come back, and the hall goes on."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

import pytest

from paihao_server.log.memory import MemoryLog
from paihao_server.projections import projector as module
from paihao_server.projections.projector import Projector
from tests.hall.builders import Day


@pytest.fixture(autouse=True)
def in_no_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "AGAIN_S", 0.001)
    monkeypatch.setattr(module, "PAUSE_S", 0.001)


async def a_log(tickets: int) -> MemoryLog:
    day = Day()
    for _ in range(tickets):
        day.take()
    log = MemoryLog()
    await log.append(0, day.records)
    return log


async def tables_of(path: Path, log: MemoryLog) -> None:
    projector = Projector(path, log)
    await projector.catch_up()
    projector.close()


@asynccontextmanager
async def following(path: Path, log: MemoryLog) -> AsyncIterator[None]:
    running = asyncio.create_task(Projector(path, log).run())
    try:
        async with asyncio.timeout(5):
            yield
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def tickets_reach(path: Path, count: int) -> None:
    """Wait until the tables tell of so many tickets."""
    while True:
        try:
            with closing(sqlite3.connect(path)) as db:
                (found,) = db.execute("SELECT count(*) FROM tickets").fetchone()
        except sqlite3.Error:
            found = -1
        if found == count:
            return
        await asyncio.sleep(0.01)


@pytest.mark.parametrize("damage", [b"", b"no database" * 1000])
async def test_damaged_file_is_made_anew(tmp_path: Path, damage: bytes) -> None:
    path = tmp_path / "projections.db"
    path.write_bytes(damage)
    async with following(path, await a_log(3)):
        await tickets_reach(path, 3)


async def test_half_a_file_is_made_anew(tmp_path: Path) -> None:
    path = tmp_path / "projections.db"
    await tables_of(path, await a_log(500))
    path.write_bytes(path.read_bytes()[:30_000])
    async with following(path, await a_log(600)):
        await tickets_reach(path, 600)


async def test_tables_ahead_of_a_log_that_was_put_back_tell_what_that_log_tells(
    tmp_path: Path,
) -> None:
    path = tmp_path / "projections.db"
    await tables_of(path, await a_log(9))
    async with following(path, await a_log(4)):
        await tickets_reach(path, 4)
