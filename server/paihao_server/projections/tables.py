"""What each event does to the projected tables; the twin of the core's `evolve`, in SQL."""

import sqlite3
from datetime import datetime

import msgspec

from paihao_hall import events as e
from paihao_hall.events import Record
from paihao_hall.moves import MOVES


class Tables:
    """Writes records into the tables of one open connection, within its transaction."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        row = db.execute("SELECT max(day) FROM tickets").fetchone()
        self._day: str = row[0] or ""
        self._clerks: dict[str, str] = dict(
            db.execute("SELECT id, clerk FROM windows WHERE clerk <> ''").fetchall()
        )

    @property
    def position(self) -> int:
        """Log number of the last record in the tables."""
        return int(self._db.execute("SELECT seq FROM position").fetchone()[0])

    def write(self, records: list[Record]) -> None:
        """Write records that follow `position`, and move it."""
        for record in records:
            self._write_one(record)
        self._db.execute("UPDATE position SET seq = ?", (records[-1].seq,))

    def _write_one(self, record: Record) -> None:
        event = record.event
        ticket = getattr(event, "ticket", None)
        if ticket is not None:
            self._db.execute("INSERT INTO ticket_events VALUES (?, ?)", (ticket, record.seq))
        match event:
            case e.DayStarted():
                self._day = event.day.isoformat()
            case e.TicketIssued():
                self._issued(event, record)
            case e.TicketCalled():
                reason = msgspec.json.encode(event.reason).decode()
                self._call(record, event.ticket, event.window, 1, event.reason.rule, reason)
                self._set(event.ticket, window=event.window, called_at=_text(event.at), calls=1,
                          clerk=self._clerks.get(event.window, ""))  # fmt: skip
            case e.TicketRecalled():
                calls = self._calls(event.ticket) + 1
                self._call(record, event.ticket, event.window, calls, "recall", "")
                self._set(event.ticket, calls=calls)
            case e.ServiceStarted():
                self._set(event.ticket, started_at=_text(event.at))
            case e.ServiceCompleted():
                self._set(event.ticket, ended_at=_text(event.at), outcome=event.outcome or "",
                          case_id=event.case)  # fmt: skip
            case e.TicketTransferred():
                self._set(event.ticket, queue=event.queue, service=event.service)
            case e.TicketCancelled() | e.TicketExpired():
                self._set(event.ticket, ended_at=_text(event.at))
            case e.WindowOpened():
                self._clerks[event.window] = event.clerk
                self._window(event.window, "idle", event.at)
            case e.WindowClosed():
                self._clerks.pop(event.window, None)
                self._window(event.window, "closed", event.at)
            case e.WindowPaused():
                self._window(event.window, "paused", event.at)
            case e.WindowResumed():
                self._window(event.window, "idle", event.at)
            case _:
                pass
        move = MOVES.get(type(event))
        if move is not None and ticket is not None:
            self._set(ticket, state=move[1])

    def _issued(self, event: e.TicketIssued, record: Record) -> None:
        self._db.execute(
            "INSERT INTO tickets (id, day, number, queue, service, class, state, window, clerk,"
            " calls, issued_by, issued_at) VALUES (?,?,?,?,?,?,'waiting','','',0,?,?)",
            (
                event.ticket,
                self._day,
                event.number,
                event.queue,
                event.service,
                event.class_,
                record.actor,
                _text(event.at),
            ),
        )

    def _call(
        self, record: Record, ticket: str, window: str, times: int, rule: str, reason: str
    ) -> None:
        self._db.execute(
            "INSERT INTO calls VALUES (?,?,?,?,?,?,?,?,?)",
            (
                record.seq,
                self._day,
                ticket,
                window,
                self._clerks.get(window, ""),
                _text(record.event.at),
                times,
                rule,
                reason,
            ),
        )

    def _calls(self, ticket: str) -> int:
        row = self._db.execute(
            "SELECT calls FROM tickets WHERE day = ? AND id = ?", (self._day, ticket)
        ).fetchone()
        return int(row[0])

    def _set(self, ticket: str, **values: str | int) -> None:
        columns = ", ".join(f'"{name}" = ?' for name in values)
        self._db.execute(
            f"UPDATE tickets SET {columns} WHERE day = ? AND id = ?",  # noqa: S608 - our own names
            (*values.values(), self._day, ticket),
        )

    def _window(self, window: str, state: str, at: datetime) -> None:
        self._db.execute(
            "INSERT INTO windows VALUES (?,?,?,?) ON CONFLICT (id) DO UPDATE SET"
            " state = excluded.state, clerk = excluded.clerk, since = excluded.since",
            (window, state, self._clerks.get(window, ""), _text(at)),
        )


def _text(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds")
