"""What the hall shows: contract payloads as pure functions of the state.

Every view is complete in itself and carries the log number it shows, so that whoever was away
repaints from the latest one alone.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from paihao_hall import estimate
from paihao_hall.contract import (
    Board,
    BoardCall,
    Catalogue,
    IssuedTicket,
    QueueLine,
    WindowState,
    ZoneCall,
)
from paihao_hall.contract import QueueState as LineState
from paihao_hall.model import Hall, QueueState, Ticket, WindowNow
from paihao_hall.plan import HallPlan

WORKING: Final = ("idle", "called", "serving")


def plan_of(hall: Hall) -> HallPlan:
    """Return the plan in force.

    Raises:
        ValueError: the hall has none yet.
    """
    if hall.plan is None:
        raise ValueError("this hall has no plan yet")
    return hall.plan


def catalogue(hall: Hall) -> Catalogue:
    """Return the plan for kiosks and boards."""
    return Catalogue(seq=hall.seq, plan=plan_of(hall))


def queue_line(hall: Hall, queue: QueueState) -> QueueLine:
    """Return how busy a queue is for somebody who would come now."""
    waiting = queue.waiting()
    working = sum(1 for w, _ in queue.served_by if w.state in WORKING)
    paused = [w for w, tier in queue.served_by if tier == 1 and w.state == "paused"]
    state: LineState = "open"
    until = None
    if not queue.plan.open:
        state = "closed"
    elif not working and paused:
        state = "paused"
        until = _earliest_return(hall, paused)
    return QueueLine(
        queue=queue.plan.id,
        waiting=waiting,
        wait=estimate.wait(queue, waiting),
        state=state,
        open_windows=working,
        until=until,
    )


def board(hall: Hall, zone: str, at: datetime) -> Board:
    """Return all that the board of a zone shows.

    A call stands on the board of the zone where its ticket waits, whichever window called it.
    """
    plan = plan_of(hall)
    queues = [q for q in hall.queues.values() if q.plan.zone == zone]
    lines = tuple(queue_line(hall, queue) for queue in queues)
    return Board(
        seq=hall.seq,
        at=at,
        zone=zone,
        calls=_calls(hall, queues),
        recent=tuple(_board_call(hall, ticket) for ticket in hall.recent.get(zone, ())),
        queues=lines,
        waiting=sum(line.waiting for line in lines),
        notices=tuple(n.text for n in plan.notices if not n.zones or zone in n.zones),
    )


def zone_of(hall: Hall, ticket: Ticket) -> str:
    """Return the zone in which the ticket waits and is called."""
    return hall.queues[ticket.queue].plan.zone


def zone_call(hall: Hall, ticket: Ticket) -> ZoneCall:
    """Return the call of a called ticket for its zone's speaker."""
    window = hall.windows[ticket.window]
    return ZoneCall(
        id=f"{ticket.id}-{ticket.call_seq}",
        seq=ticket.call_seq,
        zone=zone_of(hall, ticket),
        ticket=ticket.id,
        number=ticket.number,
        window=window.plan.id,
        window_number=window.plan.number,
        times=ticket.calls,
        at=ticket.called_at or hall_time(hall),
    )


def window_state(hall: Hall, window: WindowNow) -> WindowState:
    """Return what the window's strip and pad show."""
    ticket = window.ticket
    return WindowState(
        seq=hall.seq,
        window=window.plan.id,
        number=window.plan.number,
        kinds=window.plan.kinds,
        state=window.state,
        ticket=ticket.number if ticket else None,
        called_at=ticket.called_at if ticket else None,
        times=ticket.calls if ticket else 0,
        reason=window.reason,
        until=window.until,
        waiting=own_waiting(window),
    )


def own_waiting(window: WindowNow) -> int:
    """Return how many wait in the window's own (tier 1) queues."""
    return sum(queue.waiting() for queue, tier in window.serves if tier == 1)


def issued_ticket(hall: Hall, ticket: Ticket) -> IssuedTicket:
    """Return a ticket as its holder may know it, with the people ahead and the wait now."""
    plan = plan_of(hall)
    queue = hall.queues[ticket.queue]
    waiting = ticket.state == "waiting"
    people = estimate.ahead(hall, ticket) if waiting else 0
    return IssuedTicket(
        id=ticket.id,
        number=ticket.number,
        service=ticket.service,
        queue=ticket.queue,
        zone=queue.plan.zone,
        class_=ticket.class_,
        ahead=people,
        wait=estimate.wait(queue, people) if waiting else None,
        issued_at=ticket.arrived_at,
        seq=ticket.seq,
        url=f"{plan.phone_url}/t/{ticket.token}",
    )


def hall_time(hall: Hall) -> datetime:
    """Return the time of the last event.

    Raises:
        ValueError: nothing has happened yet.
    """
    if hall.now is None:
        raise ValueError("nothing has happened in this hall yet")
    return hall.now


def _calls(hall: Hall, queues: Iterable[QueueState]) -> tuple[BoardCall, ...]:
    """Return the tickets called and not yet at the window, newest call first."""
    windows = {id(w): w for queue in queues for w, _ in queue.served_by}
    ids = {queue.plan.id for queue in queues}
    called = [
        w.ticket
        for w in windows.values()
        if w.state == "called" and w.ticket is not None and w.ticket.queue in ids
    ]
    called.sort(key=lambda ticket: -ticket.call_seq)
    return tuple(_board_call(hall, ticket) for ticket in called)


def _board_call(hall: Hall, ticket: Ticket) -> BoardCall:
    window = hall.windows.get(ticket.window)
    queue = hall.queues[ticket.queue]
    return BoardCall(
        ticket=ticket.id,
        number=ticket.number,
        window=ticket.window,
        window_number=window.plan.number if window else "",
        kind=queue.plan.kind,
        times=ticket.calls,
        called_at=ticket.called_at or ticket.arrived_at,
        seq=ticket.call_seq,
    )


def _earliest_return(hall: Hall, paused: list[WindowNow]) -> str | None:
    """Return the first expected return as local ``HH:MM``, None when none was given."""
    back = [w.until for w in paused if w.until is not None]
    return min(back).astimezone(plan_of(hall).tz).strftime("%H:%M") if back else None
