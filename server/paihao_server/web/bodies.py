"""Bodies of the API's requests and answers; OpenAPI is made from these.

Requests are strict: an unknown field is refused by name. Answers may get new fields.
"""

from datetime import datetime
from typing import Annotated, Literal

import msgspec

from paihao_hall.contract import WaitRange, WindowMode
from paihao_hall.events import CallRule
from paihao_hall.moves import TicketState
from paihao_hall.plan import Kind, Outcome, PauseReason, Text, TransferPlace

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=64, pattern=r"^[^\x00-\x1f\x7f]+$")]
Id = Annotated[str, msgspec.Meta(min_length=1, max_length=32)]
NoteText = Annotated[str, msgspec.Meta(min_length=1, max_length=500)]
CaseNumber = Annotated[str, msgspec.Meta(max_length=64)]


class Asked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of request bodies."""


class IssueBody(Asked, frozen=True, kw_only=True, rename={"class_": "class"}):
    """A number for a service."""

    service: Id
    class_: Id = "regular"


class NoBody(Asked, frozen=True, kw_only=True):
    """Nothing: an empty body or ``{}``."""


class AtWindow(Asked, frozen=True, kw_only=True):
    """Base of window actions.

    Attributes:
        clerk: the person at the window; only machines name it, people are known by login.
            Without it a machine acts for whoever has the window.
    """

    clerk: Name | None = None


class KeptBody(AtWindow, frozen=True, kw_only=True):
    """An action that a console may keep while the server is away (hold).

    Attributes:
        noted_at: when the clerk pressed; a staff note on the ticket then tells it.
        ticket: id of the ticket it was pressed for; another one at the window is left alone.
    """

    noted_at: datetime | None = None
    ticket: Id | None = None


class OpenBody(AtWindow, frozen=True, kw_only=True):
    """Open the window; ``takeover`` takes it from another clerk, open ticket and all.

    A machine that names no clerk opens it as ``{token name}/{window}``.
    """

    takeover: bool = False


class PauseBody(AtWindow, frozen=True, kw_only=True):
    """Stop calling; ``until`` is the expected return."""

    reason: PauseReason
    until: datetime | None = None


class CompleteBody(KeptBody, frozen=True, kw_only=True):
    """The visit is over; ``then`` calls the next ticket in the same request."""

    outcome: Outcome | None = None
    case: CaseNumber = ""
    then: Literal["call-next"] | None = None


class TransferBody(KeptBody, frozen=True, kw_only=True):
    """Send the ticket to a queue, or to a service and its queue: one of the two."""

    queue: Id | None = None
    service: Id | None = None
    place: TransferPlace | None = None
    note: Annotated[str, msgspec.Meta(max_length=500)] = ""


class BringBackBody(AtWindow, frozen=True, kw_only=True):
    """Bring back a missed or held ticket, by its id or by its number: one of the two."""

    ticket: Id | None = None
    number: Id | None = None


class NoteBody(KeptBody, frozen=True, kw_only=True):
    """A staff note on the ticket at the window."""

    text: NoteText


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """Base of answers."""


class TicketView(Said, frozen=True, kw_only=True, rename={"class_": "class"}):
    """A ticket now.

    Attributes:
        ahead: people before it while it waits, else 0.
        wait: likely wait, None when it does not wait or nobody can say.
        window: where it is or was last; empty while it waits.
        url: the phone page, for those who may give numbers; else None.
        seq: log number of its issue.
    """

    id: str
    number: str
    service: str
    queue: str
    zone: str
    class_: str
    state: TicketState
    ahead: int
    wait: WaitRange | None
    window: str
    window_number: str
    calls: int
    issued_at: datetime
    called_at: datetime | None
    started_at: datetime | None
    ended_at: datetime | None
    outcome: Outcome | None
    seq: int
    url: str | None = None


class WindowView(Said, frozen=True, kw_only=True):
    """A window now; ``ticket`` is the number at it."""

    id: str
    number: str
    zone: str
    kinds: tuple[Kind, ...]
    state: WindowMode
    clerk: str
    ticket: str | None
    reason: PauseReason | None
    until: datetime | None


class CandidateView(Said, frozen=True, kw_only=True, rename={"class_": "class"}):
    """A head of a line that was weighed; urgency 1.0 is due."""

    ticket: str
    number: str
    queue: str
    class_: str
    tier: int
    waited_s: float
    target_s: int
    urgency: float


class ReasonView(Said, frozen=True, kw_only=True):
    """Why a ticket was called: the rule, the heads weighed (the chosen first), a sentence."""

    rule: CallRule
    candidates: tuple[CandidateView, ...]
    sentence: Text


class WindowAnswer(Said, frozen=True, kw_only=True):
    """What an action at a window led to.

    Attributes:
        seq: log number after the action.
        ticket: the ticket it was about; after ``call-next`` the one called, null when nobody
            waits.
        reason: why that one was called; null for other actions.
        completed: the ticket completed before the call, with ``"then": "call-next"``.
    """

    seq: int
    window: WindowView
    ticket: TicketView | None
    reason: ReasonView | None = None
    completed: TicketView | None = None


class TimelineEntry(Said, frozen=True, kw_only=True):
    """One event of a ticket.

    Attributes:
        type: name of the event (``TicketCalled``).
        window: where, when it happened at a window.
        facts: what else the event says.
        reason: of a call.
    """

    seq: int
    at: datetime
    type: str
    actor: str
    window: str | None
    facts: dict[str, str | int | float | None]
    reason: ReasonView | None


class Timeline(Said, frozen=True, kw_only=True):
    """All that happened to a ticket, in order."""

    ticket: TicketView
    events: tuple[TimelineEntry, ...]


class ZoneView(Said, frozen=True, kw_only=True):
    """A zone of the hall."""

    id: str
    name: str
    name_en: str
    short: str
    floor: str


class ServiceView(Said, frozen=True, kw_only=True):
    """A service of the hall."""

    id: str
    name: str
    name_en: str
    queue: str
    zone: str
    department: str


class AllocationView(Said, frozen=True, kw_only=True):
    """A queue that a window serves."""

    queue: str
    tier: int


class HallWindow(Said, frozen=True, kw_only=True):
    """A window in the snapshot."""

    id: str
    number: str
    zone: str
    kinds: tuple[Kind, ...]
    state: WindowMode
    clerk: str
    ticket: str | None
    allocation: tuple[AllocationView, ...]


class HallQueue(Said, frozen=True, kw_only=True):
    """A queue in the snapshot."""

    id: str
    prefix: str
    name: str
    name_en: str
    zone: str
    target_s: int
    open: bool
    waiting: int
    waiting_by_class: dict[str, int]
    wait: WaitRange | None


class HallView(Said, frozen=True, kw_only=True):
    """The whole hall at one log number; ``GET /events?after={seq}`` tells what follows."""

    id: str
    name: str
    name_en: str
    revision: str
    seq: int
    at: datetime
    day: str
    classes: tuple[str, ...]
    zones: tuple[ZoneView, ...]
    services: tuple[ServiceView, ...]
    windows: tuple[HallWindow, ...]
    queues: tuple[HallQueue, ...]


class Health(Said, frozen=True, kw_only=True):
    """Whether the hall works: ``ok`` is false while nothing can be made durable."""

    ok: bool
    hall: str
    seq: int
    log_writable: bool
