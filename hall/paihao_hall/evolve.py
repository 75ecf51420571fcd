"""What an event does to the hall. Evolving asks nothing and refuses nothing: it has happened.

`evolve` alone changes a `Hall`. The same records in the same order always give the same hall.
"""

from collections import deque
from collections.abc import Callable
from typing import Any, Final

from paihao_hall import events as e
from paihao_hall.model import (
    PACE_MEMORY,
    RECENT_CALLS,
    ClerkDay,
    Hall,
    Lane,
    Note,
    QueueState,
    Ticket,
    WindowNow,
)
from paihao_hall.moves import MOVES
from paihao_hall.plan import REGULAR, HallPlan
from paihao_hall.routing import place_by_arrival, regular_waits

_CALLED: Final = MOVES[e.TicketCalled][1]
_SERVING: Final = MOVES[e.ServiceStarted][1]
_FINISHED: Final = MOVES[e.ServiceCompleted][1]
_MISSED: Final = MOVES[e.TicketMissed][1]
_HELD: Final = MOVES[e.TicketHeld][1]
_WAITING: Final = MOVES[e.TicketReturned][1]
_CANCELLED: Final = MOVES[e.TicketCancelled][1]
_EXPIRED: Final = MOVES[e.TicketExpired][1]


def evolve(hall: Hall, record: e.Record) -> None:
    """Change the hall by one record of its log; records come in the order of ``seq``."""
    event = record.event
    hall.seq = record.seq
    hall.now = event.at
    _EVOLVE[type(event)](hall, event, record)
    first = (record,)
    known = hall.answers.setdefault(record.command, first)
    if known is not first:
        hall.answers[record.command] = (*known, record)


def _day_started(hall: Hall, event: e.DayStarted, _: e.Record) -> None:
    hall.day = event.day
    hall.serials = {}
    hall.tickets = {}
    hall.tokens = {}
    hall.clerk_days = {}
    hall.recent = {}
    hall.answers_before, hall.answers = hall.answers, {}
    for queue in hall.queues.values():
        queue.in_row = 0
        queue.pace_s = float(queue.plan.service_s)
    for window in hall.windows.values():
        window.since = event.at
        window.finished.clear()


def _plan_changed(hall: Hall, event: e.PlanChanged, _: e.Record) -> None:
    plan = event.plan
    hall.plan = plan
    hall.queues = {q.id: _queue(plan, q.id, hall.queues.get(q.id)) for q in plan.queues}
    hall.windows = {
        w.id: hall.windows.get(w.id) or WindowNow(plan=w, since=event.at) for w in plan.windows
    }
    served_by: dict[str, list[tuple[WindowNow, int]]] = {name: [] for name in hall.queues}
    for planned in plan.windows:
        window = hall.windows[planned.id]
        window.plan = planned
        window.serves = tuple((hall.queues[a.queue], a.tier) for a in planned.allocation)
        for allocation in planned.allocation:
            served_by[allocation.queue].append((window, allocation.tier))
    for name, servers in served_by.items():
        hall.queues[name].served_by = tuple(servers)


def _queue(plan: HallPlan, name: str, before: QueueState | None) -> QueueState:
    """Return the queue under the new plan, with the tickets that already stand in it."""
    planned = plan.queue_by_id[name]
    old = before.lanes if before else {}
    lanes = {
        c.id: Lane(c.id, c.head_start_s, c.max_in_row, old[c.id].line if c.id in old else deque())
        for c in plan.classes
    }
    # A class that left the plan keeps its lane until its last ticket is served.
    lanes |= {c: lane for c, lane in old.items() if c not in lanes and lane.line}
    return QueueState(
        plan=planned,
        lanes=lanes,
        in_row=before.in_row if before else 0,
        pace_s=before.pace_s if before else float(planned.service_s),
    )


def _ticket_issued(hall: Hall, event: e.TicketIssued, record: e.Record) -> None:
    ticket = Ticket(
        event.ticket,
        event.number,
        event.queue,
        event.service,
        event.class_,
        event.token,
        record.seq,
        event.at,
        event.at.timestamp(),
        record.actor,
    )
    queue = hall.queues[event.queue]
    hall.serials[queue.plan.prefix] = event.serial
    hall.tickets[event.ticket] = ticket
    hall.tokens[event.token] = event.ticket
    queue.lanes[event.class_].line.append(ticket)


def _ticket_called(hall: Hall, event: e.TicketCalled, record: e.Record) -> None:
    ticket = hall.tickets[event.ticket]
    window = hall.windows[event.window]
    if ticket.state == "held":
        window.held.remove(ticket)
    else:
        queue = hall.queues[ticket.queue]
        _leave_line(queue, ticket)
        privileged_first = ticket.class_ != REGULAR and regular_waits(queue)
        queue.in_row = queue.in_row + 1 if privileged_first else 0
    if ticket.call_seq:
        _forget(hall, ticket)
    ticket.state = _CALLED
    ticket.window = event.window
    ticket.calls = 1
    ticket.called_at = event.at
    ticket.call_seq = record.seq
    ticket.reason = event.reason
    window.ticket = ticket
    window.state = "called"
    window.since = event.at
    if day := hall.clerk_days.get(window.clerk):
        day.called += 1


def _ticket_recalled(hall: Hall, event: e.TicketRecalled, record: e.Record) -> None:
    ticket = hall.tickets[event.ticket]
    ticket.calls += 1
    ticket.called_at = event.at
    ticket.call_seq = record.seq


def _service_started(hall: Hall, event: e.ServiceStarted, _: e.Record) -> None:
    ticket = hall.tickets[event.ticket]
    ticket.state = _SERVING
    ticket.started_at = event.at
    window = hall.windows[event.window]
    window.state = "serving"
    window.since = event.at
    _remember(hall, ticket)


def _service_completed(hall: Hall, event: e.ServiceCompleted, _: e.Record) -> None:
    ticket = hall.tickets[event.ticket]
    window = hall.windows[event.window]
    ticket.state = _FINISHED
    ticket.ended_at = event.at
    ticket.outcome = event.outcome
    ticket.case = event.case
    window.finished.appendleft(ticket)
    served_s = (event.at - (ticket.started_at or event.at)).total_seconds()
    queue = hall.queues[ticket.queue]
    queue.pace_s = PACE_MEMORY * queue.pace_s + (1 - PACE_MEMORY) * served_s
    if day := hall.clerk_days.get(window.clerk):
        day.completed += 1
        day.served_s += served_s
    _free(window, event)


def _ticket_missed(hall: Hall, event: e.TicketMissed, _: e.Record) -> None:
    ticket = hall.tickets[event.ticket]
    window = hall.windows[event.window]
    ticket.state = _MISSED
    ticket.missed_at = event.at
    if day := hall.clerk_days.get(window.clerk):
        day.missed += 1
    _remember(hall, ticket)
    _free(window, event)


def _ticket_held(hall: Hall, event: e.TicketHeld, _: e.Record) -> None:
    ticket = hall.tickets[event.ticket]
    window = hall.windows[event.window]
    ticket.state = _HELD
    window.held.append(ticket)
    _free(window, event)


def _ticket_returned(hall: Hall, event: e.TicketReturned, _: e.Record) -> None:
    ticket = hall.tickets[event.ticket]
    window = hall.windows[ticket.window]
    if ticket.state == "held":
        window.held.remove(ticket)
    else:
        _free(window, event)
    _join(hall, ticket, place_by_arrival(_line(hall, ticket), ticket))


def _ticket_rejoined(hall: Hall, event: e.TicketRejoined, _: e.Record) -> None:
    ticket = hall.tickets[event.ticket]
    ticket.rejoins += 1
    _join(hall, ticket, event.place)


def _ticket_transferred(hall: Hall, event: e.TicketTransferred, record: e.Record) -> None:
    ticket = hall.tickets[event.ticket]
    _free(hall.windows[event.window], event)
    _forget(hall, ticket)
    ticket.queue = event.queue
    ticket.service = event.service
    if event.note:
        ticket.notes += (Note(event.at, record.actor, event.note),)
    _join(hall, ticket, event.place)


def _ticket_cancelled(hall: Hall, event: e.TicketCancelled, _: e.Record) -> None:
    ticket = hall.tickets[event.ticket]
    _leave(hall, ticket, event)
    ticket.state = _CANCELLED


def _ticket_expired(hall: Hall, event: e.TicketExpired, _: e.Record) -> None:
    ticket = hall.tickets[event.ticket]
    _leave(hall, ticket, event)
    ticket.state = _EXPIRED


def _note_added(hall: Hall, event: e.NoteAdded, _: e.Record) -> None:
    hall.tickets[event.ticket].notes += (Note(event.at, event.by, event.text),)


def _window_opened(hall: Hall, event: e.WindowOpened, _: e.Record) -> None:
    window = hall.windows[event.window]
    if event.instead_of:
        hall.clerks.pop(event.instead_of, None)
    hall.clerks[event.clerk] = event.window
    window.clerk = event.clerk
    if window.state == "closed":
        window.state = "idle"
        window.since = event.at
    hall.clerk_days.setdefault(event.clerk, ClerkDay(event.at))


def _window_closed(hall: Hall, event: e.WindowClosed, _: e.Record) -> None:
    window = hall.windows[event.window]
    hall.clerks.pop(window.clerk, None)
    window.clerk = ""
    window.state = "closed"
    window.since = event.at
    window.reason = None
    window.until = None


def _window_paused(hall: Hall, event: e.WindowPaused, _: e.Record) -> None:
    window = hall.windows[event.window]
    window.state = "paused"
    window.since = event.at
    window.reason = event.reason
    window.until = event.until


def _window_resumed(hall: Hall, event: e.WindowResumed, _: e.Record) -> None:
    window = hall.windows[event.window]
    window.state = "idle"
    window.since = event.at
    window.reason = None
    window.until = None


def _ack_recorded(hall: Hall, event: e.AckRecorded, _: e.Record) -> None:
    ticket = hall.tickets.get(event.ticket)
    if ticket is not None:
        ticket.acks += ((event.what, event.device, event.seq),)


def _line(hall: Hall, ticket: Ticket) -> deque[Ticket]:
    """Return the line the ticket joins; a class that left the plan gets a plain lane again."""
    lanes = hall.queues[ticket.queue].lanes
    if ticket.class_ not in lanes:
        lanes[ticket.class_] = Lane(ticket.class_, 0, 0, deque())
    return lanes[ticket.class_].line


def _leave_line(queue: QueueState, ticket: Ticket) -> None:
    line = queue.lanes[ticket.class_].line
    if line[0] is ticket:
        line.popleft()
    else:
        del line[next(i for i, other in enumerate(line) if other is ticket)]


def _leave(hall: Hall, ticket: Ticket, event: e.Event) -> None:
    """Take the ticket from wherever it stands."""
    match ticket.state:
        case "waiting":
            _leave_line(hall.queues[ticket.queue], ticket)
        case "held":
            hall.windows[ticket.window].held.remove(ticket)
        case "called" | "serving":
            _free(hall.windows[ticket.window], event)
        case _:
            pass
    ticket.ended_at = event.at


def _join(hall: Hall, ticket: Ticket, place: int) -> None:
    """Stand in the line of the ticket's queue and class again."""
    _forget(hall, ticket)
    ticket.state = _WAITING
    ticket.window = ""
    ticket.calls = 0
    ticket.reason = None
    _line(hall, ticket).insert(place, ticket)


def _free(window: WindowNow, event: e.Event) -> None:
    window.ticket = None
    window.state = "idle"
    window.since = event.at


def _remember(hall: Hall, ticket: Ticket) -> None:
    """Put a call that is over into its zone's recent calls."""
    zone = hall.queues[ticket.queue].plan.zone
    recent = hall.recent.get(zone)
    if recent is None:
        recent = hall.recent[zone] = deque(maxlen=RECENT_CALLS)
    recent.appendleft(ticket)


def _forget(hall: Hall, ticket: Ticket) -> None:
    """Take a ticket that is called or waits again out of its zone's recent calls."""
    recent = hall.recent.get(hall.queues[ticket.queue].plan.zone)
    if recent and ticket in recent:
        recent.remove(ticket)


_EVOLVE: Final[dict[type[e.Event], Callable[[Hall, Any, e.Record], None]]] = {
    e.DayStarted: _day_started,
    e.PlanChanged: _plan_changed,
    e.TicketIssued: _ticket_issued,
    e.TicketCalled: _ticket_called,
    e.TicketRecalled: _ticket_recalled,
    e.ServiceStarted: _service_started,
    e.ServiceCompleted: _service_completed,
    e.TicketMissed: _ticket_missed,
    e.TicketHeld: _ticket_held,
    e.TicketReturned: _ticket_returned,
    e.TicketRejoined: _ticket_rejoined,
    e.TicketTransferred: _ticket_transferred,
    e.TicketCancelled: _ticket_cancelled,
    e.TicketExpired: _ticket_expired,
    e.NoteAdded: _note_added,
    e.WindowOpened: _window_opened,
    e.WindowClosed: _window_closed,
    e.WindowPaused: _window_paused,
    e.WindowResumed: _window_resumed,
    e.AckRecorded: _ack_recorded,
}
