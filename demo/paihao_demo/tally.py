"""What the demo counts at the far end: slips in trays, sentences from speakers, presses of keys.

The same is counted once more from the log (`paihao_demo.recount`); both must agree.

``issued``
    Tickets that kiosks were given, each once.
``printed``
    Tickets of which a whole slip lies in a tray and of which the kiosk was sure. A ticket whose
    paper ended in the middle is unsure, for kiosk and log alike, until a copy is printed.
``called``
    Calls of the next ticket, and calls of a ticket that was held at the window. Repetitions of a
    call are ``recalled``.
``announced``
    Of those calls, the ones that a speaker has said, each once, also when several were merged
    into one sentence, or when a repetition took the place of a call that still waited to be said.
``missed``, ``completed``
    Presses of these keys that were accepted.

A visitor who presses keys on a console in the browser acts under the name `VISITOR`; these presses
are in the log alone and are told apart by that name.
"""

from dataclasses import dataclass, field
from typing import Final

from paihao_display.announcer import Spoken
from paihao_display.calls import CallTurn

VISITOR: Final = "visitor"
"""Account of people who look at the demo in a browser."""


@dataclass(frozen=True, slots=True)
class Counts:
    """The figures of a run; the first six are those of ``summary.json``."""

    issued: int
    printed: int
    called: int
    announced: int
    missed: int
    completed: int
    recalled: int
    announced_again: int


@dataclass(slots=True)
class Tally:
    """Counts as things happen."""

    issued: set[str] = field(default_factory=set)
    slips: dict[str, int] = field(default_factory=dict)
    unsure: set[str] = field(default_factory=set)
    said: set[int] = field(default_factory=set)
    said_again: set[int] = field(default_factory=set)
    called: int = 0
    recalled: int = 0
    missed: int = 0
    completed: int = 0

    def slip(self, ticket: str) -> None:
        """Note a whole slip in a tray."""
        self.slips[ticket] = self.slips.get(ticket, 0) + 1

    def spoken(self, spoken: Spoken) -> None:
        """Note the calls of a turn that was heard."""
        if not spoken.heard or not isinstance(spoken.turn, CallTurn):
            return
        for call in spoken.turn.covered:
            (self.said if call.times == 1 else self.said_again).add(call.seq)

    def counts(self) -> Counts:
        """Return the figures so far."""
        return Counts(
            issued=len(self.issued),
            printed=len(self.slips.keys() - self.unsure),
            called=self.called,
            announced=len(self.said),
            missed=self.missed,
            completed=self.completed,
            recalled=self.recalled,
            announced_again=len(self.said_again),
        )
