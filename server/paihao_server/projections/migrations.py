"""The projected tables, step by step. A shipped migration is never edited."""

import sqlite3
from pathlib import Path

from sqlite_utils import Database, Migrations

steps = Migrations("paihao-projections")


@steps()
def m001_tables(db: Database) -> None:
    """Make the tables of tickets, calls and windows and the position in the log."""
    db["position"].create({"id": int, "seq": int}, pk="id")  # type: ignore[union-attr]
    db["position"].insert({"id": 1, "seq": 0})  # type: ignore[union-attr]
    db["tickets"].create(  # type: ignore[union-attr]
        {
            "id": str,
            "day": str,
            "number": str,
            "queue": str,
            "service": str,
            "class": str,
            "state": str,
            "window": str,
            "clerk": str,
            "calls": int,
            "issued_by": str,
            "issued_at": str,
            "called_at": str,
            "started_at": str,
            "ended_at": str,
            "outcome": str,
            "case_id": str,
        },
        pk=("day", "id"),
    )
    db["tickets"].create_index(["day", "number"], unique=True)  # type: ignore[union-attr]
    db["calls"].create(  # type: ignore[union-attr]
        {
            "seq": int,
            "day": str,
            "ticket": str,
            "window": str,
            "clerk": str,
            "at": str,
            "times": int,
            "rule": str,
            "reason": str,
        },
        pk="seq",
    )
    db["windows"].create(  # type: ignore[union-attr]
        {"id": str, "state": str, "clerk": str, "since": str}, pk="id"
    )
    db["ticket_events"].create(  # type: ignore[union-attr]
        {"ticket": str, "seq": int}, pk=("ticket", "seq")
    )


def migrate(path: Path) -> None:
    """Bring the file's tables up to date; a file that is up to date is left alone.

    Raises:
        sqlite3.Error: the file is no database or cannot be written.
    """
    connection = sqlite3.connect(path)
    try:
        steps.apply(Database(connection))
    finally:
        connection.close()
