"""What happened in a hall, in the past tense. The log is a list of `Record`s of these.

Every event carries ``at`` (aware, UTC, never before the event before it). Tickets are named by
id. Fields may be added with a default; nothing is renamed or retyped, because logs are for ever.
"""

from datetime import date, datetime
from typing import Literal

import msgspec

from paihao_hall.plan import HallPlan, Outcome, PauseReason

CallRule = Literal["most-urgent", "spill-over", "help", "class-limit", "held"]
"""Why this ticket: most urgent of the window's own work; a tier-2 head past its spill-over
urgency; own work empty, so help; a regular one after a full run of a privileged class; or the
window's own held ticket."""

AckedThing = Literal["shown", "spoken", "printed", "not_printed", "unsure"]


class Event(msgspec.Struct, frozen=True, gc=False, tag_field="type", tag=True, omit_defaults=True):
    """Base of all events."""

    at: datetime


class Candidate(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """A head of a line that was weighed: waited and target in seconds, urgency 1.0 is due."""

    ticket: str
    number: str
    queue: str
    class_: str
    tier: int
    waited_s: float
    target_s: int
    urgency: float


class CallReason(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """Why a ticket was called: the rule and the heads weighed, the chosen one first."""

    rule: CallRule
    candidates: tuple[Candidate, ...] = ()


class DayStarted(Event, frozen=True):
    """A hall day began; serials start again, tickets of the day before are closed."""

    day: date


class PlanChanged(Event, frozen=True):
    """Another plan is in force, given whole so that the log alone tells the hall."""

    plan: HallPlan


class TicketIssued(Event, frozen=True, rename={"class_": "class"}):
    """A number was given: ``serial`` is its place in the queue's day, from 1."""

    ticket: str
    number: str
    serial: int
    queue: str
    service: str
    class_: str
    token: str


class TicketCalled(Event, frozen=True):
    """A ticket was given to a window and the hall is told."""

    ticket: str
    window: str
    reason: CallReason


class TicketRecalled(Event, frozen=True):
    """The same call again."""

    ticket: str
    window: str


class ServiceStarted(Event, frozen=True):
    """The citizen is at the window."""

    ticket: str
    window: str


class ServiceCompleted(Event, frozen=True):
    """The visit at this window is over."""

    ticket: str
    window: str
    outcome: Outcome | None = None
    case: str = ""


class TicketMissed(Event, frozen=True):
    """Called, did not come."""

    ticket: str
    window: str


class TicketHeld(Event, frozen=True):
    """Set aside at the window."""

    ticket: str
    window: str


class TicketReturned(Event, frozen=True):
    """Back in its own line: from a window (arrival's place) or from held."""

    ticket: str


class TicketRejoined(Event, frozen=True):
    """A missed ticket came back; ``place`` is its new index in its line, None if void."""

    ticket: str
    place: int


class TicketTransferred(Event, frozen=True):
    """Moved to another queue at index ``place`` of its class there; arrival time kept."""

    ticket: str
    window: str
    queue: str
    service: str
    place: int
    note: str = ""


class TicketCancelled(Event, frozen=True):
    """The holder gave it up."""

    ticket: str


class TicketExpired(Event, frozen=True):
    """The hall day ended before the visit did."""

    ticket: str


class NoteAdded(Event, frozen=True):
    """A note goes with the ticket."""

    ticket: str
    text: str
    by: str


class WindowOpened(Event, frozen=True):
    """A clerk opened the window, or took it over from ``instead_of``."""

    window: str
    clerk: str
    instead_of: str = ""


class WindowClosed(Event, frozen=True):
    """The window closed."""

    window: str


class WindowPaused(Event, frozen=True):
    """The window stopped calling for a while."""

    window: str
    reason: PauseReason
    until: datetime | None = None


class WindowResumed(Event, frozen=True):
    """The pause is over."""

    window: str


class AckRecorded(Event, frozen=True):
    """A device confirmed (or failed) a call or a print; ``seq`` is what it confirmed."""

    ticket: str
    what: AckedThing
    device: str
    seq: int


AnyEvent = (
    DayStarted
    | PlanChanged
    | TicketIssued
    | TicketCalled
    | TicketRecalled
    | ServiceStarted
    | ServiceCompleted
    | TicketMissed
    | TicketHeld
    | TicketReturned
    | TicketRejoined
    | TicketTransferred
    | TicketCancelled
    | TicketExpired
    | NoteAdded
    | WindowOpened
    | WindowClosed
    | WindowPaused
    | WindowResumed
    | AckRecorded
)


class Record(msgspec.Struct, frozen=True, gc=False):
    """One event in the log: its number, the command it answered and who gave that."""

    seq: int
    command: str
    actor: str
    event: AnyEvent
