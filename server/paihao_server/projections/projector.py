"""Keeps the projected tables behind the log, in a thread of its own, and rebuilds them.

The tables may lag the log by a moment; they never lead it. They can be deleted at any time.
"""

import asyncio
import logging
import sqlite3
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

from paihao_hall.events import Record
from paihao_server.log.interface import EventLog
from paihao_server.projections.migrations import migrate
from paihao_server.projections.tables import Tables

log = logging.getLogger(__name__)

PAGE: Final = 2000
PAUSE_S: Final = 0.5
"""Records are written in portions; nobody reads these tables to the tenth of a second."""


AGAIN_S: Final = 5.0
"""How long the tables wait after trouble with their file."""


class Projector:
    """Follows one log into one file. `run` it in a task group."""

    def __init__(self, path: Path, event_log: EventLog) -> None:
        self._path = path
        self._log = event_log
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="projector")
        self._db: sqlite3.Connection | None = None
        self._tables: Tables | None = None
        self._more = asyncio.Event()
        self._more.set()

    def notice(self, _: Sequence[Record]) -> None:
        """Listen to commits: there is more to write."""
        self._more.set()

    async def run(self) -> None:
        """Follow the log until cancelled."""
        try:
            while True:
                await self._more.wait()
                self._more.clear()
                await asyncio.sleep(PAUSE_S if await self._try() else AGAIN_S)
        finally:
            self.close()

    async def _try(self) -> bool:
        """Write what is new; return False when the file gives trouble, which stops no hall."""
        try:
            await self.catch_up()
        except (sqlite3.Error, OSError) as error:
            log.warning("%s: %s", self._path, error)
            self._more.set()
            if not isinstance(error, sqlite3.OperationalError):
                await self._begin_anew()
            return False
        return True

    async def catch_up(self) -> int:
        """Write all that is in the log by now; return the number of records written."""
        loop = asyncio.get_running_loop()
        position = await loop.run_in_executor(self._thread, self._open)
        if position > self._log.last_seq:
            log.warning("%s is ahead of its log, an older one was put back", self._path)
            await self._begin_anew()
            position = await loop.run_in_executor(self._thread, self._open)
        written = 0
        while page := await self._log.read(position, PAGE):
            await loop.run_in_executor(self._thread, self._write, page)
            position = page[-1].seq
            written += len(page)
        return written

    async def _begin_anew(self) -> None:
        """Leave the file; the next `catch_up` makes the tables from the whole log."""
        log.warning("%s is made anew from the log", self._path)
        await asyncio.get_running_loop().run_in_executor(self._thread, self._remove)

    def _remove(self) -> None:
        self._close_db()
        _remove(self._path)

    def close(self) -> None:
        """Finish the running write and close the file."""
        self._thread.shutdown(wait=True)
        self._close_db()

    def _close_db(self) -> None:
        if self._db is not None:
            self._db.close()
            self._db = self._tables = None

    def _open(self) -> int:
        if self._tables is None:
            migrate(self._path)
            self._db = sqlite3.connect(self._path, isolation_level=None, check_same_thread=False)
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.execute("PRAGMA synchronous=NORMAL")
            self._tables = Tables(self._db)
        return self._tables.position

    def _write(self, records: list[Record]) -> None:
        if self._db is None or self._tables is None:
            raise RuntimeError("the tables are not open")
        self._db.execute("BEGIN")
        try:
            self._tables.write(records)
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")


async def rebuild(path: Path, event_log: EventLog) -> int:
    """Make the tables anew from the whole log; return the number of records.

    Raises:
        sqlite3.Error: the file cannot be replaced or written.
    """
    _remove(path)
    projector = Projector(path, event_log)
    try:
        return await projector.catch_up()
    finally:
        projector.close()


def _remove(path: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
