"""What the browser pages show, as values: fill these, then `paihao_server.web.pages.render` them.

Every `datetime` here is aware and already in the hall's time zone, because pages print it as it
is. A figure that is not known is None and the page then says so or leaves it out; it is never
0. Lists are in the order shown. ``seq`` is the log's sequence number a region shows, ``at`` the
dispatcher's time when it was made; a browser that loses the stream names that time.

A console is five live regions (`Header`, `Main`, `Waiting`, `Side`, `Keys`), each patched on its
own: send a region again only when it differs from the last one sent to that browser.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from paihao_hall.contract import WindowMode
from paihao_hall.plan import Kind, Outcome, PauseReason, Text, TransferPlace

Level = Literal["ok", "near", "over"]
"""Of a wait against its target: below 80 %, from 80 %, above 100 %."""

ReceiptKind = Literal["board", "speaker", "window", "phone"]
Back = Literal["missed", "held"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """Base of the live parts of a page."""

    seq: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Header(Region):
    """Left part of the console's header.

    Attributes:
        zone: short name of the zone, ``floor`` as people say it (``"3"``).
        reason: why the window is paused; None in other states.
        holder: public name of another who has the window; empty at one's own and at a closed one.
        takeover_url: where to take it over from the holder.
    """

    number: str
    zone: str
    floor: str
    kinds: tuple[Kind, ...]
    state: WindowMode
    reason: PauseReason | None = None
    holder: str = ""
    takeover_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassCount:
    """People of one ticket class in a queue; ``id`` is the class, ``name`` its Chinese word."""

    id: str
    name: str
    waiting: int


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueRow:
    """One queue the window serves.

    Attributes:
        counts: per class, the same classes in the same order in every row.
        oldest_at: arrival of the one who has waited longest; None when nobody waits.
        open_windows: windows now open for this queue, out of ``windows`` that may serve it.
    """

    id: str
    prefix: str
    name: str
    kind: Kind
    tier: int
    counts: tuple[ClassCount, ...]
    oldest_at: datetime | None
    target_s: int
    open_windows: int
    windows: int

    @property
    def waiting(self) -> int:
        """People of all classes."""
        return sum(count.waiting for count in self.counts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting(Region):
    """Who waits for this window; ``wide`` is the table of the idle and the closed window."""

    queues: tuple[QueueRow, ...]
    wide: bool

    @property
    def total(self) -> int:
        """People of all queues."""
        return sum(queue.waiting for queue in self.queues)


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """One paper of the service. ``checked`` is None where nobody looked at it before."""

    name: str
    checked: bool | None = None
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A note that travels with the ticket; ``staff`` is the public name of who wrote it."""

    at: datetime
    staff: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketCard:
    """The ticket at this window.

    Attributes:
        id: ticket id; ``number`` is what people see.
        class_name: Chinese word of its class (普通), ``class_id`` the class.
        needs: help the citizen asked for (轮椅，需低位台面).
        waited_s: from arrival to the call.
        source: where it was taken (3 层 2 号自助机); empty when unknown.
        holder: masked name; empty when the hall does not know it.
        papers_by: who looked at the papers and when (咨询台 周倩 11:31 预审); empty for nobody.
    """

    id: str
    number: str
    service: str
    class_id: str
    class_name: str
    arrived_at: datetime
    waited_s: int
    target_s: int
    variant: str = ""
    cases: int = 1
    needs: tuple[str, ...] = ()
    source: str = ""
    holder: str = ""
    papers: tuple[Paper, ...] = ()
    papers_by: str = ""
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """Whether the devices of one kind have shown or spoken this call.

    Attributes:
        done: every device of the kind acknowledged the call's sequence number.
        due_at: from then on a missing receipt is said to be missing (2 s after the call).
    """

    kind: ReceiptKind
    done: bool
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedMain(Region):
    """The window is not open."""

    number: str
    state: Literal["closed"] = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class IdleMain(Region):
    """Open, nobody at the window. ``queues`` are those of `Waiting`, for the sum and the worst."""

    since: datetime
    queues: tuple[QueueRow, ...]
    state: Literal["idle"] = "idle"


@dataclass(frozen=True, slots=True, kw_only=True)
class CalledMain(Region):
    """A ticket is called and its holder is not here yet.

    Attributes:
        calls: when it was called, first to last; at most ``calls_max``.
        recall_at: from when it may be called again; None when no call is left.
        missed_at: from when it may be set to missed; None while calls are left.
        reason: why this ticket and not another, as `paihao_server.web.words.call_reason` says.
        grace_s: time in which a missed ticket may come back; ``back_n`` places behind the
            head, None for the tail, and ``void`` when missed is final.
    """

    ticket: TicketCard
    window_number: str
    calls: tuple[datetime, ...]
    calls_max: int
    interval_s: int
    recall_at: datetime | None
    missed_at: datetime | None
    receipts: tuple[Receipt, ...]
    reason: str
    grace_s: int
    back_n: int | None
    void: bool = False
    state: Literal["called"] = "called"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServingMain(Region):
    """A citizen is at the window. ``usual_s`` is the queue's usual time."""

    ticket: TicketCard
    started_at: datetime
    usual_s: int
    state: Literal["serving"] = "serving"


@dataclass(frozen=True, slots=True, kw_only=True)
class PausedMain(Region):
    """Paused by the clerk. ``strip`` is what the window strip shows; empty without a strip."""

    reason: PauseReason
    since: datetime
    until: datetime | None
    strip: str = ""
    state: Literal["paused"] = "paused"


Main = ClosedMain | IdleMain | CalledMain | ServingMain | PausedMain


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """The clerk's own day; ratings are None until the hall has rating devices."""

    since: datetime
    called: int
    completed: int
    missed: int
    mean_s: int | None
    rated: int | None = None
    satisfied_percent: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BackRow:
    """A ticket that may come back: missed until ``until``, or held at this window (None)."""

    number: str
    kind: Back
    until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DoneRow:
    """A visit this clerk completed today."""

    number: str
    service: str
    outcome: Outcome | None
    served_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseRow:
    """A pause of today; ``end`` is None for the one that runs."""

    start: datetime
    end: datetime | None
    reason: PauseReason


@dataclass(frozen=True, slots=True, kw_only=True)
class Side(Region):
    """The side column: which cards it shows follows from ``state``. Newest rows first."""

    state: WindowMode
    day: Day
    back: tuple[BackRow, ...]
    grace_s: int
    done: tuple[DoneRow, ...]
    pauses: tuple[PauseRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys(Region):
    """The key bar."""

    state: WindowMode


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A service to which a ticket may be transferred, with its queue's figures.

    Attributes:
        search: what a clerk may type, lower case: names, prefix, pinyin, initials.
        wait_s: low and high of the expected wait; None when nobody can say.
        ahead: people before the ticket at the place of the rule.
        rule: where the queue's policy puts a transferred ticket.
    """

    service: str
    service_name: str
    queue: str
    prefix: str
    queue_name: str
    kind: Kind
    place: str
    search: str
    waiting: int
    open_windows: int
    wait_s: tuple[int, int] | None
    ahead: int
    rule: TransferPlace = "arrival"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsolePage:
    """The clerk's console of one window.

    Attributes:
        window: window id, used in the API's paths.
        staff: public name of the clerk, ``staff_number`` the number.
        letters: letter and digit keys act (may be switched off per person); F keys always do.
        support: whom to call when the dispatcher is lost (值班技术员 分机 8021); may be empty.
        lunch_ends: ``HH:MM`` proposed for a lunch pause; empty when the day has no noon break.
        stream_url: the page stream; ``targets_url`` answers with `render.targets`.
        login_url: where the next clerk takes over; ``logout_url`` takes a plain post.
    """

    hall: str
    window: str
    staff: str
    staff_number: str
    header: Header
    main: Main
    waiting: Waiting
    side: Side
    keys: Keys
    stream_url: str
    targets_url: str
    login_url: str
    logout_url: str
    letters: bool = True
    support: str = ""
    lunch_ends: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowChoice:
    """A window one may log in at.

    Attributes:
        holder: who is there now, masked before the login; empty when nobody is.
        busy: a ticket is at the window and comes with it.
    """

    id: str
    number: str
    zone: str
    floor: str
    kinds: tuple[Kind, ...]
    holder: str = ""
    busy: bool = False


LoginProblem = Literal["wrong", "locked", "refused"]
"""Why the last try failed: wrong password, locked for a time, or the window cannot be had."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginPage:
    """The login page.

    The form posts ``staff``, ``password``, ``window`` and ``next`` to ``action``.

    Attributes:
        window: the window of this device; None lets people choose among ``choices``, or none:
            managers, guides, auditors and admins need no window to log in.
        hours: the hall's hours as printed (09:00–12:00).
        tries_left: after a wrong password; ``locked_until`` after too many; ``refusal`` says
            why the window cannot be had.
    """

    hall: str
    action: str
    next: str = ""
    window: WindowChoice | None = None
    choices: tuple[WindowChoice, ...] = ()
    hours: tuple[str, ...] = ()
    staff: str = ""
    problem: LoginProblem | None = None
    refusal: str = ""
    tries_left: int | None = None
    locked_until: datetime | None = None


PhoneState = Literal["waiting", "called", "serving", "missed", "held", "done", "void"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneTicket(Region):
    """The live part of the phone page of one ticket.

    Attributes:
        windows: window numbers that serve its queue now, as said on signs; may be empty.
        wait_s: low and high; None when nobody can say.
        window: number of the window that called; empty before.
        missed_until: until when a missed ticket may come back.
        grace_s, back_n, void: the missed rule as in `CalledMain`.
    """

    number: str
    service: Text
    state: PhoneState
    issued_at: datetime
    floor: str
    zone: Text
    calls_max: int
    grace_s: int
    back_n: int | None
    void: bool = False
    windows: str = ""
    ahead: int | None = None
    wait_s: tuple[int, int] | None = None
    window: str = ""
    calls: tuple[datetime, ...] = ()
    missed_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PhonePage:
    """The page behind the ticket's QR code.

    Attributes:
        page_url: this page without query; ``stream_url`` its stream.
        cancel_url: a plain form posts here; empty when the ticket can no longer be cancelled.
        big: large type (``?big=1``).
    """

    hall: Text
    ticket: PhoneTicket
    page_url: str
    stream_url: str
    cancel_url: str = ""
    big: bool = False
