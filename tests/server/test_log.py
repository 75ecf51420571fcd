"""The log: durable, in order, chained; what a broken one says."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from paihao_hall.events import Record
from paihao_hall.model import state_bytes
from paihao_server.log.interface import EventLog, LogBrokenError, LogFailedError
from paihao_server.log.memory import MemoryLog
from paihao_server.log.migrations import migrate
from paihao_server.log.replay import replay
from paihao_server.log.sqlite import SqliteLog
from paihao_server.log.verify import verify
from tests.hall.builders import Day


@asynccontextmanager
async def a_log(kind: str, folder: Path) -> AsyncIterator[EventLog]:
    log: EventLog = MemoryLog() if kind == "memory" else SqliteLog.open(folder / "hall.db")
    try:
        yield log
    finally:
        await log.close()


def some_days(days: int = 3) -> Day:
    day = Day()
    for _ in range(days):
        day.open("w1")
        for _ in range(3):
            day.take()
        day.call("w1")
        day.serve("w1")
        day.after(minutes=60 * 24)
    day.take()
    return day


@pytest.mark.parametrize("kind", ["memory", "sqlite"])
async def test_records_come_back_as_they_were_written(kind: str, tmp_path: Path) -> None:
    records = some_days().records
    async with a_log(kind, tmp_path) as log:
        assert await log.append(0, records[:10]) == 10
        assert await log.append(10, records[10:]) == len(records)
        assert await log.read(0, 10_000) == records
        assert await log.read(5, 3) == records[5:8]
        assert log.last_seq == len(records)


@pytest.mark.parametrize("kind", ["memory", "sqlite"])
async def test_second_writer_is_fenced_by_the_expected_number(kind: str, tmp_path: Path) -> None:
    records = some_days().records
    async with a_log(kind, tmp_path) as log:
        await log.append(0, records[:5])
        with pytest.raises(LogFailedError, match="expected event 3"):
            await log.append(3, records[3:6])
        assert log.last_seq == 5


@pytest.mark.parametrize("kind", ["memory", "sqlite"])
async def test_replay_begins_at_yesterday_and_gives_the_same_hall(
    kind: str, tmp_path: Path
) -> None:
    day = some_days(days=4)
    async with a_log(kind, tmp_path) as log:
        await log.append(0, day.records)
        checkpoint = await log.checkpoint()
        assert 0 < checkpoint.after_seq < len(day.records) - 10
        assert state_bytes(await replay(log)) == state_bytes(day.hall)


async def test_second_process_that_wrote_meanwhile_is_noticed(tmp_path: Path) -> None:
    records = some_days().records
    log, other = SqliteLog.open(tmp_path / "hall.db"), SqliteLog.open(tmp_path / "hall.db")
    await other.append(0, records[:2])
    with pytest.raises(LogFailedError, match="nothing was written"):
        await log.append(0, records[:1])
    await log.close()
    await other.close()


async def written(folder: Path) -> tuple[Path, list[Record]]:
    records = some_days().records
    log = SqliteLog.open(folder / "hall.db")
    await log.append(0, records)
    await log.close()
    return folder / "hall.db", records


async def test_whole_chain_is_proved(tmp_path: Path) -> None:
    path, records = await written(tmp_path)
    log = SqliteLog.open(path)
    proof = verify(path)
    assert (proof.events, proof.head) == (len(records), log.head.hex())
    await log.close()


def tamper(path: Path, sql: str) -> None:
    db = sqlite3.connect(path)
    db.execute("DROP TRIGGER events_no_update")
    db.execute("DROP TRIGGER events_no_delete")
    db.execute(sql)
    db.commit()
    db.close()


@pytest.mark.parametrize(
    ("sql", "seq"),
    [
        ("UPDATE events SET event = CAST(replace(event, 'A00', 'B00') AS BLOB) WHERE seq = 5", 5),
        ("UPDATE events SET actor = 'clerk:other' WHERE seq = 7", 7),
        ("DELETE FROM events WHERE seq = 6", 6),
        ("UPDATE events SET hash = zeroblob(32) WHERE seq = 9", 9),
    ],
)
async def test_first_broken_event_is_named(tmp_path: Path, sql: str, seq: int) -> None:
    path, _ = await written(tmp_path)
    tamper(path, sql)
    with pytest.raises(LogBrokenError) as broken:
        verify(path)
    assert broken.value.seq == seq


async def test_database_itself_refuses_second_thoughts(tmp_path: Path) -> None:
    path, _ = await written(tmp_path)
    db = sqlite3.connect(path)
    for sql in ("UPDATE events SET actor = 'x'", "DELETE FROM events"):
        with pytest.raises(sqlite3.DatabaseError, match="append-only"):
            db.execute(sql)
    db.close()


async def test_hole_in_the_log_stops_a_replay(tmp_path: Path) -> None:
    path, _ = await written(tmp_path)
    tamper(path, "DELETE FROM events WHERE seq = (SELECT max(seq) - 2 FROM events)")
    log = SqliteLog.open(path)
    with pytest.raises(LogBrokenError, match="is missing"):
        await replay(log)
    await log.close()


def test_file_that_is_no_database_is_one_clear_line(tmp_path: Path) -> None:
    path = tmp_path / "hall.db"
    path.write_text("this is a letter, not a log, and long enough to be read as a header" * 20)
    with pytest.raises(LogFailedError, match=r"hall\.db: cannot open the log"):
        SqliteLog.open(path)


def test_migrations_run_twice_change_nothing(tmp_path: Path) -> None:
    path = tmp_path / "hall.db"
    migrate(path)
    once = sqlite3.connect(path).execute("SELECT sql FROM sqlite_master ORDER BY name").fetchall()
    migrate(path)
    db = sqlite3.connect(path)
    assert db.execute("SELECT sql FROM sqlite_master ORDER BY name").fetchall() == once
    db.close()
