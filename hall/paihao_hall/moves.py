"""The states of a ticket and the moves between them, in one table that everything reads."""

from typing import Final, Literal

from paihao_hall import events as e

TicketState = Literal[
    "waiting", "called", "serving", "held", "missed", "finished", "cancelled", "expired"
]

LIVE: Final[frozenset[TicketState]] = frozenset({"waiting", "called", "serving", "held", "missed"})
"""States from which a ticket can still be served today."""

MOVES: Final[dict[type[e.Event], tuple[frozenset[TicketState], TicketState]]] = {
    e.TicketCalled: (frozenset({"waiting", "held"}), "called"),
    e.TicketRecalled: (frozenset({"called"}), "called"),
    e.ServiceStarted: (frozenset({"called"}), "serving"),
    e.ServiceCompleted: (frozenset({"serving"}), "finished"),
    e.TicketMissed: (frozenset({"called"}), "missed"),
    e.TicketHeld: (frozenset({"serving"}), "held"),
    e.TicketReturned: (frozenset({"called", "serving", "held"}), "waiting"),
    e.TicketTransferred: (frozenset({"called", "serving"}), "waiting"),
    e.TicketRejoined: (frozenset({"missed"}), "waiting"),
    e.TicketCancelled: (frozenset({"waiting", "held", "missed"}), "cancelled"),
    e.TicketExpired: (LIVE, "expired"),
}
"""Event -> (states it may come from, state it leads to)."""
