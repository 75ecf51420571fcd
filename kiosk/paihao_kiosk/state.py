"""What a kiosk knows and where its citizen is: frozen values, and the inputs that change them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal

from paihao_hall.contract import AckKind, Board, IssuedTicket, KioskReply, KioskRequest
from paihao_hall.plan import HallPlan
from paihao_kiosk.pages import Home, Page, PrintOutcome
from paihao_kiosk.search import Index
from paihao_kiosk.words import Language

IDLE_S: Final = 60
"""Without a touch for so long, the next citizen finds the first page."""

IDLE_PRINTED_S: Final = 20
"""The same while a ticket stands on the screen that is surely on paper."""

DOUBLE_PRESS_S: Final = 0.5
"""A press so soon after the last is the same press."""

RETRY_S: Final = 2.0
GIVE_UP_S: Final = 10.0
"""A request is repeated with its own id, and after a while the citizen is told the truth."""

LATE_RETRY_S: Final = 5.0
FORGET_S: Final = 600.0
"""Then it is repeated more slowly; after ten minutes nobody waits for it any more."""

PRINT_LIMIT_S: Final = 10.0
"""A printer that has not answered by then is unsure."""

PrinterState = Literal[
    "ready",
    "near-end",
    "paper-out",
    "cover-open",
    "cutter-jam",
    "hot",
    "failed",
    "offline",
    "silent",
    "unplugged",
]
"""What a printer is, in one word: the worst that is true of it."""


@dataclass(frozen=True, slots=True)
class Moment:
    """Now, in both times: hall time for people and dates, loop seconds for machines."""

    at: datetime
    s: float


@dataclass(frozen=True, slots=True)
class Pending:
    """A request on its way; ``asked_s`` and ``sent_s`` are loop seconds."""

    request: KioskRequest
    asked_s: float
    sent_s: float


@dataclass(frozen=True, slots=True)
class Printing:
    """A slip at the printer; ``copy`` 0 is the ticket itself, 1 the first reprint."""

    ticket: IssuedTicket
    copy: int
    begun_s: float


@dataclass(frozen=True, slots=True)
class State:
    """A kiosk, whole.

    Attributes:
        online: whether the dispatcher has been heard in the last seconds.
        settled: whether that is known; just after the start it is not.
        boards: the newest board of each zone.
        pending: the request the citizen on the screen waits for.
        late: requests given up on the screen but not forgotten.
        printing: slips that the printer has not reported on, oldest first.
        overdue: slips the screen called unsure; the printer may still report on them.
        printer: what the printer says of itself.
        pressed: the target under the finger.
        acted_at: when a press last did something.
        touched_at: when the screen was last touched.
    """

    kiosk: str
    plan: HallPlan | None = None
    index: Index | None = None
    online: bool = False
    settled: bool = False
    boards: Mapping[str, Board] = field(default_factory=dict)
    language: Language = "zh"
    page: Page = field(default_factory=Home)
    trail: tuple[Page, ...] = ()
    pending: Pending | None = None
    late: tuple[Pending, ...] = ()
    printing: tuple[Printing, ...] = ()
    overdue: tuple[Printing, ...] = ()
    printer: PrinterState = "ready"
    pressed: str | None = None
    acted_at: datetime | None = None
    touched_at: datetime | None = None

    @property
    def busy(self) -> bool:
        """Whether the citizen on the screen waits for a number or its slip."""
        return self.pending is not None or bool(self.printing)


# Inputs -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Down:
    """A finger or the mouse went down; ``target`` is what is there and enabled, or None."""

    target: str | None


@dataclass(frozen=True, slots=True)
class Up:
    """It went up again; ``fresh_id`` names the command if the press becomes one."""

    target: str | None
    fresh_id: str


@dataclass(frozen=True, slots=True)
class Typed:
    """Text from a keyboard that is plugged in; a backspace takes the last character away."""

    text: str


@dataclass(frozen=True, slots=True)
class PlanCame:
    """The catalogue arrived."""

    plan: HallPlan


@dataclass(frozen=True, slots=True)
class BoardCame:
    """A board arrived."""

    board: Board


@dataclass(frozen=True, slots=True)
class Heard:
    """The dispatcher is heard again, or was not for some seconds."""

    online: bool


@dataclass(frozen=True, slots=True)
class Replied:
    """The dispatcher answered a request."""

    reply: KioskReply


@dataclass(frozen=True, slots=True)
class PrintEnded:
    """The printer is done with a slip, one way or the other."""

    ticket: str
    copy: int
    outcome: PrintOutcome


@dataclass(frozen=True, slots=True)
class PrinterIs:
    """The printer said how it is."""

    state: PrinterState


@dataclass(frozen=True, slots=True)
class Tick:
    """Time went on."""


Input = Down | Up | Typed | PlanCame | BoardCame | Heard | Replied | PrintEnded | PrinterIs | Tick

# Effects ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Ask:
    """Send a request to the dispatcher; the same request again is the same command."""

    request: KioskRequest


@dataclass(frozen=True, slots=True)
class Print:
    """Hand a slip to the printer."""

    ticket: IssuedTicket
    copy: int


@dataclass(frozen=True, slots=True)
class Acknowledge:
    """Tell the dispatcher what became of a ticket's slip."""

    ticket: IssuedTicket
    what: AckKind


Effect = Ask | Print | Acknowledge
