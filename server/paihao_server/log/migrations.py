"""The tables of the log's file, step by step. A shipped migration is never edited."""

import sqlite3
from pathlib import Path

from sqlite_utils import Database, Migrations

steps = Migrations("paihao-log")


@steps()
def m001_events(db: Database) -> None:
    """Make the append-only table of events."""
    db.execute(
        """
        CREATE TABLE events (
            seq INTEGER PRIMARY KEY,
            command TEXT NOT NULL,
            actor TEXT NOT NULL,
            type TEXT NOT NULL,
            event BLOB NOT NULL,
            hash BLOB NOT NULL
        ) STRICT
        """
    )
    db.execute("CREATE INDEX events_days ON events (type, seq) WHERE type IN ('DayStarted')")
    db.execute("CREATE INDEX events_plans ON events (type, seq) WHERE type IN ('PlanChanged')")


@steps()
def m002_no_second_thoughts(db: Database) -> None:
    """Refuse updates and deletes inside the database itself."""
    for verb in ("UPDATE", "DELETE"):
        db.execute(
            f"CREATE TRIGGER events_no_{verb.lower()} BEFORE {verb} ON events "
            "BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END"
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
