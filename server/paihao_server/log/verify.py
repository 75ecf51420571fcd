"""Proves the hash chain of a log's file, or names the first event that breaks it."""

import sqlite3
from dataclasses import dataclass
from pathlib import Path

from paihao_server.log.chain import GENESIS, link
from paihao_server.log.interface import LogBrokenError
from paihao_server.log.sqlite import connect


@dataclass(frozen=True, slots=True)
class Proof:
    """The chain holds: ``events`` in all, ``head`` the hash of the last as hex."""

    events: int
    head: str


def verify(path: Path) -> Proof:
    """Read the whole log and check every link.

    Raises:
        LogBrokenError: an event was changed, left out or put in; its number is the first.
        sqlite3.Error: the file cannot be read.
    """
    db = connect(path, read_only=True)
    try:
        return _walk(db)
    finally:
        db.close()


def _walk(db: sqlite3.Connection) -> Proof:
    head = GENESIS
    last = 0
    rows = db.execute("SELECT seq, command, actor, event, hash FROM events ORDER BY seq")
    for seq, command, actor, event, stored in rows:
        if seq != last + 1:
            raise LogBrokenError(last + 1, f"is missing; the next is {seq}")
        head = link(head, seq, command, actor, event)
        if head != stored:
            raise LogBrokenError(seq, "does not fit the chain: it or its hash was changed")
        last = seq
    return Proof(last, head.hex())
