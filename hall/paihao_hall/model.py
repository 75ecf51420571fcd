"""The state of a hall: tickets, lines and windows. Only `evolve` changes it.

A waiting ticket stands in exactly one line, a called or served one at exactly one window, a held
one in exactly one window's ``held``; all others only in `Hall.tickets`.

What there is one of, or few, and what changes with every event is a slotted dataclass, whose
fields are quick to set; tickets, of which there are many, are Structs, quick to make and small.
"""

from collections import deque
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import msgspec

from paihao_hall.contract import WindowMode
from paihao_hall.events import AckedThing, CallReason, Record
from paihao_hall.moves import TicketState
from paihao_hall.plan import HallPlan, Outcome, PauseReason, Queue, Window

RECENT_CALLS = 8
FINISHED_SHOWN = 5
PACE_MEMORY = 0.85
"""Weight of the past when a service time is folded into a queue's pace."""


class Note(msgspec.Struct, frozen=True):
    """A staff note on a ticket."""

    at: datetime
    by: str
    text: str


class Ticket(msgspec.Struct, eq=False, gc=False):
    """One number in one queue on one hall day.

    Attributes:
        seq: log number of its issue; breaks ties.
        arrived_at: start of the wait that counts; a transfer keeps it. ``arrived_s`` is the
            same as POSIX seconds, because urgency is computed from it at every call.
        call_seq: log number of its last call.
        issued_by: the kiosk or person that issued it.
    """

    id: str
    number: str
    queue: str
    service: str
    class_: str
    token: str
    seq: int
    arrived_at: datetime
    arrived_s: float
    issued_by: str
    state: TicketState = "waiting"
    window: str = ""
    calls: int = 0
    called_at: datetime | None = None
    call_seq: int = 0
    reason: CallReason | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    missed_at: datetime | None = None
    rejoins: int = 0
    outcome: Outcome | None = None
    case: str = ""
    notes: tuple[Note, ...] = ()
    acks: tuple[tuple[AckedThing, str, int], ...] = ()


class Lane(msgspec.Struct, eq=False):
    """The tickets of one class in one queue, first come first; with what urgency needs of both."""

    class_: str
    head_start_s: int
    max_in_row: int
    line: deque[Ticket]


@dataclass(slots=True, eq=False)
class QueueState:
    """One queue today.

    Attributes:
        in_row: calls of privileged classes since the last regular one.
        pace_s: what a service takes today, a running mean from the plan's figure on.
        served_by: windows whose allocation names this queue, with the tier.
    """

    plan: Queue
    lanes: dict[str, Lane]
    in_row: int = 0
    pace_s: float = 0.0
    served_by: tuple[tuple["WindowNow", int], ...] = ()

    def waiting(self) -> int:
        """Return how many tickets wait in all classes."""
        return sum(len(lane.line) for lane in self.lanes.values())


@dataclass(slots=True, eq=False)
class WindowNow:
    """One window now; ``serves`` are the queues of its allocation with their tier.

    Attributes:
        since: when the present state began.
        held: tickets set aside here, oldest first.
        finished: the last tickets completed here, newest first.
    """

    plan: Window
    state: WindowMode = "closed"
    clerk: str = ""
    since: datetime | None = None
    ticket: Ticket | None = None
    held: list[Ticket] = field(default_factory=list)
    reason: PauseReason | None = None
    until: datetime | None = None
    finished: deque[Ticket] = field(default_factory=lambda: deque(maxlen=FINISHED_SHOWN))
    serves: tuple[tuple[QueueState, int], ...] = ()


@dataclass(slots=True)
class ClerkDay:
    """What one clerk did today; ``served_s`` is the sum of service times in seconds."""

    since: datetime
    called: int = 0
    completed: int = 0
    missed: int = 0
    served_s: float = 0.0


@dataclass(slots=True)
class Hall:
    """One hall: everything the core knows.

    Attributes:
        seq: number of the last event; 0 before the first.
        now: time of the last event; decisions are never made before it.
        serials: prefix -> last serial given today; never goes back within a day, also
            when a queue leaves the plan and returns.
        answers: command id -> its records, of today and the day before.
        recent: zone -> tickets called there and come or missed, newest first.
    """

    plan: HallPlan | None = None
    seq: int = 0
    now: datetime | None = None
    day: date | None = None
    serials: dict[str, int] = field(default_factory=dict)
    tickets: dict[str, Ticket] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    queues: dict[str, QueueState] = field(default_factory=dict)
    windows: dict[str, WindowNow] = field(default_factory=dict)
    clerks: dict[str, str] = field(default_factory=dict)
    clerk_days: dict[str, ClerkDay] = field(default_factory=dict)
    recent: dict[str, deque[Ticket]] = field(default_factory=dict)
    answers: dict[str, tuple[Record, ...]] = field(default_factory=dict)
    answers_before: dict[str, tuple[Record, ...]] = field(default_factory=dict)

    def answer(self, command: str) -> tuple[Record, ...] | None:
        """Return the records of a command decided earlier, or None."""
        return self.answers.get(command) or self.answers_before.get(command)


def state_bytes(hall: Hall) -> bytes:
    """Return the whole state in one canonical form: equal bytes are equal halls."""
    return msgspec.json.encode(_plain(hall), order="sorted")


def _plain(hall: Hall) -> dict[str, Any]:
    """Replace object references by ids, so that each ticket is written once."""
    return {
        "plan": hall.plan,
        "seq": hall.seq,
        "now": hall.now,
        "day": hall.day,
        "serials": hall.serials,
        "tickets": hall.tickets,
        "queues": {
            name: {
                "in_row": queue.in_row,
                "pace_s": queue.pace_s,
                "lanes": {c: [t.id for t in lane.line] for c, lane in queue.lanes.items()},
            }
            for name, queue in hall.queues.items()
        },
        "windows": {
            name: {
                "state": window.state,
                "clerk": window.clerk,
                "since": window.since,
                "ticket": window.ticket.id if window.ticket else None,
                "held": [t.id for t in window.held],
                "reason": window.reason,
                "until": window.until,
                "finished": [t.id for t in window.finished],
            }
            for name, window in hall.windows.items()
        },
        "clerks": hall.clerks,
        "clerk_days": hall.clerk_days,
        "recent": {zone: [t.id for t in recent] for zone, recent in hall.recent.items()},
        "answers": {command: [r.seq for r in records] for command, records in hall.answers.items()},
    }
