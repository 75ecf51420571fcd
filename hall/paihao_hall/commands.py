"""What can be asked of a hall. Every command has an ``id``: the same id again is the same command.

``actor`` says who asks, as ``role:name`` (``clerk:E0312``, ``kiosk:K1``, ``server``). Ids and
random values are made outside the core and passed in.
"""

from datetime import datetime

import msgspec

from paihao_hall.events import AckedThing
from paihao_hall.plan import HallPlan, Outcome, PauseReason, TransferPlace


class Command(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Base of all commands."""

    id: str
    actor: str


class IssueTicket(Command, frozen=True):
    """Give a number. ``ticket`` and ``token`` are fresh: the short id and the phone page's key."""

    service: str
    class_: str
    ticket: str
    token: str


class CancelTicket(Command, frozen=True):
    """The holder gives up a waiting, held or missed ticket."""

    ticket: str


class WindowCommand(Command, frozen=True, kw_only=True):
    """Base of the commands that a clerk gives at a window.

    Attributes:
        expected_clerk: who has the window, as far as the asker knows; empty is not checked. A
            press that crosses a takeover is then refused and not done in the new clerk's name.
    """

    window: str
    expected_clerk: str = ""


class OpenWindow(WindowCommand, frozen=True):
    """A clerk opens a window; ``takeover`` takes it from another clerk, open ticket and all."""

    clerk: str
    takeover: bool = False


class CloseWindow(WindowCommand, frozen=True):
    """Close a window without a ticket at it; its held tickets go back to their lines."""


class PauseWindow(WindowCommand, frozen=True):
    """Stop calling for a while; ``until`` is the expected return."""

    reason: PauseReason
    until: datetime | None = None


class ResumeWindow(WindowCommand, frozen=True):
    """End a pause."""


class CallNext(WindowCommand, frozen=True):
    """Call the most urgent ticket that this window serves."""


class Recall(WindowCommand, frozen=True):
    """Call the called ticket once more."""


class Start(WindowCommand, frozen=True):
    """The called citizen is at the window."""


class Complete(WindowCommand, frozen=True):
    """The citizen is done; ``case`` is the acceptance system's number."""

    outcome: Outcome | None = None
    case: str = ""


class Miss(WindowCommand, frozen=True):
    """The called citizen did not come (过号)."""


class Hold(WindowCommand, frozen=True):
    """Set the served ticket aside at this window (挂起)."""


class Return(WindowCommand, frozen=True):
    """Put the ticket back into its line at the place of its arrival (退回队列)."""


class Transfer(WindowCommand, frozen=True):
    """Send the ticket to another queue (转移); it keeps its arrival time.

    Attributes:
        queue: the new queue; or ``service``, whose queue is taken.
        place: None follows the target queue's policy.
    """

    queue: str = ""
    service: str = ""
    place: TransferPlace | None = None
    note: str = ""


class BringBack(WindowCommand, frozen=True):
    """Bring back a missed ticket into its line, or a held ticket to this window (找回)."""

    ticket: str


class AddNote(WindowCommand, frozen=True):
    """Write a note that goes with the ticket at this window; citizens never see it."""

    text: str


class RecordAck(Command, frozen=True):
    """A device showed, spoke or printed; ``seq`` is the log number of what it did."""

    ticket: str
    what: AckedThing
    device: str
    seq: int


class ChangePlan(Command, frozen=True):
    """Put another checked plan in force; tickets and lines stay."""

    plan: HallPlan


class Tick(Command, frozen=True):
    """Nothing but the time: ends yesterday when a new hall day has begun."""
