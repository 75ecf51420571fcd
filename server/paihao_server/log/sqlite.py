"""The log in one SQLite file: WAL, ``synchronous=FULL``, one writer thread, hash-chained.

A batch of records is one transaction: many commands share one sync to the disk (group commit).
Readers use a connection of their own. The table only grows; nothing here updates or deletes.
"""

import asyncio
import sqlite3
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

import msgspec

from paihao_hall.events import AnyEvent, DayStarted, PlanChanged, Record
from paihao_server.log.chain import GENESIS, encode_event, link
from paihao_server.log.interface import Checkpoint, LogBrokenError, LogFailedError
from paihao_server.log.migrations import migrate

BUSY_TIMEOUT_S: Final = 5.0
_INSERT: Final = "INSERT INTO events (seq, command, actor, type, event, hash) VALUES (?,?,?,?,?,?)"
_SELECT: Final = "SELECT seq, command, actor, event FROM events WHERE seq > ? ORDER BY seq LIMIT ?"
_EVENT: Final = msgspec.json.Decoder(AnyEvent)


def connect(path: Path, *, read_only: bool = False) -> sqlite3.Connection:
    """Return a connection in autocommit mode with the log's settings."""
    uri = f"file:{path}?mode={'ro' if read_only else 'rwc'}"
    db = sqlite3.connect(
        uri, uri=True, timeout=BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False
    )
    if not read_only:
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("PRAGMA synchronous=FULL")
    return db


class SqliteLog:
    """An `EventLog` in one file. Open it with `open`; close it when done."""

    def __init__(self, path: Path, last_seq: int, head: bytes) -> None:
        self._path = path
        self._last_seq = last_seq
        self._head = head
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="log-writer")
        self._reader = ThreadPoolExecutor(1, thread_name_prefix="log-reader")
        self._write_db = connect(path)
        self._read_db = connect(path, read_only=True)

    @classmethod
    def open(cls, path: Path) -> "SqliteLog":
        """Open or make the log's file, bringing an older one up to date.

        Raises:
            LogFailedError: the file cannot be opened or is no database.
        """
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            migrate(path)
            db = connect(path)
            row = db.execute("SELECT seq, hash FROM events ORDER BY seq DESC LIMIT 1").fetchone()
            db.close()
        except (sqlite3.Error, OSError) as error:
            raise LogFailedError(f"{path}: cannot open the log: {error}") from error
        return cls(path, *(row or (0, GENESIS)))

    @property
    def last_seq(self) -> int:
        """Number of the last durable record; 0 when empty."""
        return self._last_seq

    @property
    def head(self) -> bytes:
        """Hash of the last durable record."""
        return self._head

    async def append(self, expected_seq: int, records: Sequence[Record]) -> int:
        """Make records durable in one transaction; see `EventLog.append`."""
        if expected_seq != self._last_seq:
            raise LogFailedError(
                f"{self._path}: expected event {expected_seq} to be the last, found "
                f"{self._last_seq}: is a second server writing?"
            )
        if not records:
            return self._last_seq
        loop = asyncio.get_running_loop()
        # A caller that gives up must not leave us not knowing whether the commit happened.
        self._last_seq, self._head = await asyncio.shield(
            loop.run_in_executor(self._writer, self._write, records)
        )
        return self._last_seq

    async def read(self, after_seq: int, limit: int = 1000) -> list[Record]:
        """Return records after a number; see `EventLog.read`."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._reader, self._read, after_seq, limit)

    async def checkpoint(self) -> Checkpoint:
        """Return where a replay begins; see `EventLog.checkpoint`."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._reader, self._find_checkpoint)

    async def close(self) -> None:
        """Finish the running commit, fold the WAL into the file and close."""
        self._writer.shutdown(wait=True)
        self._reader.shutdown(wait=True)
        self._read_db.close()
        self._write_db.close()

    def _write(self, records: Sequence[Record]) -> tuple[int, bytes]:
        head = self._head
        rows = []
        for record in records:
            event = encode_event(record)
            head = link(head, record.seq, record.command, record.actor, event)
            kind = type(record.event).__name__
            rows.append((record.seq, record.command, record.actor, kind, event, head))
        db = self._write_db
        try:
            db.execute("BEGIN IMMEDIATE")
            db.executemany(_INSERT, rows)
            db.execute("COMMIT")
        except sqlite3.Error as error:
            if db.in_transaction:
                db.execute("ROLLBACK")
            raise LogFailedError(f"{self._path}: nothing was written: {error}") from error
        return records[-1].seq, head

    def _read(self, after_seq: int, limit: int) -> list[Record]:
        rows = self._read_db.execute(_SELECT, (after_seq, limit)).fetchall()
        return [_record(*row) for row in rows]

    def _find_checkpoint(self) -> Checkpoint:
        days = self._read_db.execute(
            "SELECT seq FROM events WHERE type = ? ORDER BY seq DESC LIMIT 2",
            (DayStarted.__name__,),
        ).fetchall()
        if len(days) < 2:
            return Checkpoint(0, None)
        after_seq = int(days[1][0]) - 1
        row = self._read_db.execute(
            "SELECT seq, command, actor, event FROM events WHERE type = ? AND seq <= ?"
            " ORDER BY seq DESC LIMIT 1",
            (PlanChanged.__name__, after_seq),
        ).fetchone()
        return Checkpoint(after_seq, _record(*row))


def _record(seq: int, command: str, actor: str, event: bytes) -> Record:
    try:
        return Record(seq, command, actor, _EVENT.decode(event))
    except msgspec.DecodeError as error:
        raise LogBrokenError(seq, f"cannot be read: {error}") from error
