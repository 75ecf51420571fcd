"""What must hold after every step, whatever happened (DESIGN 7), as checks that name the fault."""

from collections import Counter
from collections.abc import Iterable

from paihao_hall import events as e
from paihao_hall.evolve import evolve
from paihao_hall.model import Hall, state_bytes


def check_state(hall: Hall) -> None:
    """Check that the hall is whole: places of tickets, windows, numbers, clerks."""
    places: Counter[str] = Counter()
    for name, queue in hall.queues.items():
        for class_, lane in queue.lanes.items():
            for ticket in lane.line:
                places[ticket.id] += 1
                assert ticket.state == "waiting", f"{ticket.number} in line is {ticket.state}"
                assert (ticket.queue, ticket.class_) == (name, class_), ticket.number
                assert hall.tickets[ticket.id] is ticket
    for name, window in hall.windows.items():
        assert (window.ticket is not None) == (window.state in ("called", "serving")), name
        if window.ticket is not None:
            places[window.ticket.id] += 1
            assert window.ticket.state == window.state, f"{window.ticket.number} at {name}"
            assert window.ticket.window == name
        for ticket in window.held:
            places[ticket.id] += 1
            assert ticket.state == "held"
        assert bool(window.clerk) == (window.state != "closed"), name
        if window.clerk:
            assert hall.clerks[window.clerk] == name, f"{window.clerk} at two windows"
    assert len(hall.clerks) == sum(1 for w in hall.windows.values() if w.clerk)
    for ticket in hall.tickets.values():
        expected = 1 if ticket.state in ("waiting", "called", "serving", "held") else 0
        assert places[ticket.id] == expected, f"{ticket.number} {ticket.state}: {places[ticket.id]}"
    numbers = Counter(ticket.number for ticket in hall.tickets.values())
    assert not [n for n, times in numbers.items() if times > 1], "a number was given twice"


def check_log(records: Iterable[e.Record]) -> None:
    """Check the log alone: no gap, no time going back, no number or call doubled in a day."""
    last = 0
    before = None
    given: set[str] = set()
    at_window: dict[str, str] = {}
    for record in records:
        assert record.seq == last + 1, f"event {last + 1} is missing"
        last = record.seq
        assert before is None or record.event.at >= before, f"event {last} goes back in time"
        before = record.event.at
        match record.event:
            case e.DayStarted():
                given.clear()
                assert not at_window, "a ticket stayed at a window over night"
            case e.TicketIssued(number=number):
                assert number not in given, f"{number} was given twice"
                given.add(number)
            case e.TicketCalled(ticket=ticket, window=window):
                assert window not in at_window.values(), f"{window} has two tickets"
                assert ticket not in at_window, f"{ticket} was called to two windows"
                at_window[ticket] = window
            case (
                e.ServiceCompleted(ticket=ticket)
                | e.TicketMissed(ticket=ticket)
                | e.TicketHeld(ticket=ticket)
                | e.TicketTransferred(ticket=ticket)
                | e.TicketExpired(ticket=ticket)
                | e.TicketReturned(ticket=ticket)
            ):
                at_window.pop(ticket, None)
            case _:
                pass


def check_replay(hall: Hall, records: Iterable[e.Record]) -> None:
    """Check that the log alone gives the same hall, byte for byte."""
    again = Hall()
    for record in records:
        evolve(again, record)
    assert state_bytes(again) == state_bytes(hall), "replaying the log gives another hall"
