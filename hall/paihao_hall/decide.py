"""What follows from a command: events, or a refusal. Deciding never changes the hall.

Each rule is one function on (hall, command, now). `now` is never before the last event.
"""

import math
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Final, TypeVar

from paihao_hall import commands as c
from paihao_hall import events as e
from paihao_hall.model import Hall, QueueState, Ticket, WindowNow
from paihao_hall.moves import MOVES
from paihao_hall.numbering import number
from paihao_hall.plan import HallPlan, MissedPolicy
from paihao_hall.refusals import RefusalCode, RefusedError
from paihao_hall.routing import most_urgent, place_by_arrival

ACKS_MAX: Final = 500
"""Reports kept of one ticket: more than all devices of a hall make, however often it is called."""

Events = tuple[e.AnyEvent, ...]
T = TypeVar("T")

_STARTABLE: Final = MOVES[e.ServiceStarted][0]
_COMPLETABLE: Final = MOVES[e.ServiceCompleted][0]
_CANCELLABLE: Final = MOVES[e.TicketCancelled][0]


def decide(hall: Hall, command: c.Command, now: datetime) -> Events:
    """Return the events of one command, none when it changes nothing.

    Args:
        hall: state before the command; not changed. It has a plan and a day (see `step`).
        command: what is asked.
        now: aware, UTC; not before the last event.

    Raises:
        RefusedError: the command cannot be done; its code says why.
    """
    if isinstance(command, c.WindowCommand) and command.expected_clerk:
        _still_theirs(hall, command)
    return _DECIDE[type(command)](hall, command, now)


def _issue(hall: Hall, command: c.IssueTicket, now: datetime) -> Events:
    plan = _plan(hall)
    service = plan.service_by_id.get(command.service)
    if service is None:
        raise RefusedError("unknown-service", service=command.service)
    if command.class_ not in plan.class_by_id:
        raise RefusedError("unknown-class", **{"class": command.class_})
    if command.ticket in hall.tickets or command.token in hall.tokens:
        raise RefusedError("ticket-exists", ticket=command.ticket)
    queue = hall.queues[service.queue].plan
    if not queue.open:
        raise RefusedError("queue-closed", queue=queue.id)
    serial = hall.serials.get(queue.prefix, 0) + 1
    return (
        e.TicketIssued(
            now,
            command.ticket,
            number(queue, serial),
            serial,
            queue.id,
            service.id,
            command.class_,
            command.token,
        ),
    )


def _cancel(hall: Hall, command: c.CancelTicket, now: datetime) -> Events:
    ticket = _ticket(hall, command.ticket)
    if ticket.state == "cancelled":
        return ()
    if ticket.state not in _CANCELLABLE:
        raise _not_now(ticket, "ticket-not-waiting")
    return (e.TicketCancelled(now, ticket.id),)


def _open(hall: Hall, command: c.OpenWindow, now: datetime) -> Events:
    window = _window(hall, command.window)
    if not window.serves:
        raise RefusedError("window-without-queues", window=window.plan.id)
    if window.clerk == command.clerk:
        return ()
    closing: Events = ()
    if elsewhere := hall.clerks.get(command.clerk):
        other = hall.windows[elsewhere]
        if not command.takeover or other.ticket is not None:
            raise RefusedError("clerk-elsewhere", clerk=command.clerk, window=elsewhere)
        closing = _closing(other, now)
    if window.clerk and not command.takeover:
        raise RefusedError("window-taken", window=window.plan.id, clerk=window.clerk)
    return (*closing, e.WindowOpened(now, window.plan.id, command.clerk, window.clerk))


def _close(hall: Hall, command: c.CloseWindow, now: datetime) -> Events:
    window = _window(hall, command.window)
    if window.state == "closed":
        return ()
    _nobody_at(window)
    return _closing(window, now)


def _closing(window: WindowNow, now: datetime) -> Events:
    """Return the held tickets to their lines, then close."""
    back = tuple(e.TicketReturned(now, ticket.id) for ticket in window.held)
    return (*back, e.WindowClosed(now, window.plan.id))


def _pause(hall: Hall, command: c.PauseWindow, now: datetime) -> Events:
    window = _opened(hall, command.window)
    _nobody_at(window)
    if window.state == "paused" and (window.reason, window.until) == (
        command.reason,
        command.until,
    ):
        return ()
    return (e.WindowPaused(now, window.plan.id, command.reason, command.until),)


def _resume(hall: Hall, command: c.ResumeWindow, now: datetime) -> Events:
    window = _opened(hall, command.window)
    if window.state != "paused":
        return ()
    return (e.WindowResumed(now, window.plan.id),)


def _call_next(hall: Hall, command: c.CallNext, now: datetime) -> Events:
    window = hall.windows.get(command.window)
    if window is None or window.state != "idle":
        _idle(_opened(hall, command.window))
        raise RefusedError("window-busy", window=command.window)
    found = most_urgent(window, now)
    if found is None:
        return ()
    ticket, reason = found
    return (e.TicketCalled(now, ticket.id, command.window, reason),)


def _recall(hall: Hall, command: c.Recall, now: datetime) -> Events:
    ticket = _called(hall, command.window)
    policy = _missed_policy(hall, ticket)
    if ticket.calls >= policy.calls:
        raise RefusedError("calls-used-up", ticket=ticket.id, calls=policy.calls)
    _interval_over(ticket, policy, now, "recall-too-soon")
    return (e.TicketRecalled(now, ticket.id, command.window),)


def _start(hall: Hall, command: c.Start, now: datetime) -> Events:
    ticket = _called(hall, command.window)
    return (e.ServiceStarted(now, ticket.id, command.window),)


def _complete(hall: Hall, command: c.Complete, now: datetime) -> Events:
    ticket = _serving(hall, command.window)
    return (e.ServiceCompleted(now, ticket.id, command.window, command.outcome, command.case),)


def _miss(hall: Hall, command: c.Miss, now: datetime) -> Events:
    ticket = _called(hall, command.window)
    policy = _missed_policy(hall, ticket)
    if ticket.calls < policy.calls:
        raise RefusedError("calls-left", ticket=ticket.id, calls=ticket.calls, of=policy.calls)
    _interval_over(ticket, policy, now, "calls-left")
    return (e.TicketMissed(now, ticket.id, command.window),)


def _hold(hall: Hall, command: c.Hold, now: datetime) -> Events:
    ticket = _serving(hall, command.window)
    return (e.TicketHeld(now, ticket.id, command.window),)


def _return(hall: Hall, command: c.Return, now: datetime) -> Events:
    ticket = _at(hall, command.window)
    return (e.TicketReturned(now, ticket.id),)


def _transfer(hall: Hall, command: c.Transfer, now: datetime) -> Events:
    ticket = _at(hall, command.window)
    plan = _plan(hall)
    service = command.service or ticket.service
    queue_id = command.queue
    if command.service:
        queue_id = _known(plan.service_by_id, command.service, "unknown-service", "service").queue
    queue = _known(hall.queues, queue_id, "unknown-queue", "queue")
    if queue_id == ticket.queue:
        raise RefusedError("same-queue", queue=queue_id)
    if not queue.plan.open:
        raise RefusedError("queue-closed", queue=queue_id)
    place = _place(queue, ticket, command)
    return (
        e.TicketTransferred(now, ticket.id, command.window, queue_id, service, place, command.note),
    )


def _place(queue: QueueState, ticket: Ticket, command: c.Transfer) -> int:
    """Return the index in the target lane: by arrival, or at head, middle or tail."""
    line = _line(queue, ticket)
    match command.place or queue.plan.transfer:
        case "head":
            return 0
        case "middle":
            return len(line) // 2
        case "tail":
            return len(line)
        case _:
            return place_by_arrival(line, ticket)


def _line(queue: QueueState, ticket: Ticket) -> Sequence[Ticket]:
    """Return those of the ticket's class who wait; a class may have left the plan."""
    lane = queue.lanes.get(ticket.class_)
    return lane.line if lane else ()


def _bring_back(hall: Hall, command: c.BringBack, now: datetime) -> Events:
    window = _opened(hall, command.window)
    ticket = _ticket(hall, command.ticket)
    if ticket.state == "held":
        if ticket.window != command.window:
            raise RefusedError("ticket-not-returnable", ticket=ticket.id, window=ticket.window)
        _idle(window)
        return (e.TicketCalled(now, ticket.id, command.window, e.CallReason("held")),)
    if ticket.state != "missed" or ticket.missed_at is None:
        raise RefusedError("ticket-not-returnable", ticket=ticket.id, state=ticket.state)
    policy = _missed_policy(hall, ticket)
    if (now - ticket.missed_at).total_seconds() > policy.grace_s or policy.action == "void":
        raise RefusedError("grace-over", ticket=ticket.id, grace_s=policy.grace_s)
    if ticket.rejoins >= policy.rejoins:
        raise RefusedError("rejoins-used-up", ticket=ticket.id, rejoins=policy.rejoins)
    waiting = len(_line(hall.queues[ticket.queue], ticket))
    place = waiting if policy.action == "tail" else min(policy.back_n, waiting)
    return (e.TicketRejoined(now, ticket.id, place),)


def _note(hall: Hall, command: c.AddNote, now: datetime) -> Events:
    ticket = _at(hall, command.window)
    return (e.NoteAdded(now, ticket.id, command.text, command.actor),)


def _ack(hall: Hall, command: c.RecordAck, now: datetime) -> Events:
    ticket = _ticket(hall, command.ticket)
    known = (command.what, command.device, command.seq) in ticket.acks
    if known or command.seq > hall.seq or len(ticket.acks) >= ACKS_MAX:
        return ()
    return (e.AckRecorded(now, ticket.id, command.what, command.device, command.seq),)


def _change_plan(hall: Hall, command: c.ChangePlan, now: datetime) -> Events:
    plan = command.plan
    if hall.plan is not None:
        if plan.id != hall.plan.id:
            raise RefusedError("plan-of-another-hall", hall=hall.plan.id, plan=plan.id)
        if plan.revision == hall.plan.revision:
            return ()
        for ticket in hall.tickets.values():
            if ticket.queue not in plan.queue_by_id:
                raise RefusedError("plan-drops-queue", queue=ticket.queue, ticket=ticket.number)
        for name, window in hall.windows.items():
            kept = plan.window_by_id.get(name)
            if window.state != "closed" and (kept is None or not kept.allocation):
                raise RefusedError("plan-drops-window", window=name, clerk=window.clerk)
    return (e.PlanChanged(now, plan),)


def _tick(_: Hall, __: c.Tick, ___: datetime) -> Events:
    return ()


def _still_theirs(hall: Hall, command: c.WindowCommand) -> None:
    """Refuse when another clerk has the window by now; a closed one has its own refusal."""
    clerk = _window(hall, command.window).clerk
    if clerk not in ("", command.expected_clerk):
        raise RefusedError("window-taken", window=command.window, clerk=clerk)


def _plan(hall: Hall) -> HallPlan:
    """Return the plan in force; the first command of a hall is `ChangePlan`."""
    if hall.plan is None:
        raise ValueError("this hall has no plan yet")
    return hall.plan


def _known(table: dict[str, T], key: str, code: RefusalCode, name: str) -> T:
    found = table.get(key)
    if found is None:
        raise RefusedError(code, **{name: key})
    return found


def _ticket(hall: Hall, key: str) -> Ticket:
    return _known(hall.tickets, key, "unknown-ticket", "ticket")


def _window(hall: Hall, key: str) -> WindowNow:
    return _known(hall.windows, key, "unknown-window", "window")


def _opened(hall: Hall, key: str) -> WindowNow:
    window = hall.windows.get(key)
    if window is None:
        raise RefusedError("unknown-window", window=key)
    if window.state == "closed":
        raise RefusedError("window-closed", window=key)
    return window


def _idle(window: WindowNow) -> None:
    if window.state == "paused":
        raise RefusedError("window-paused", window=window.plan.id)
    _nobody_at(window)


def _nobody_at(window: WindowNow) -> None:
    if window.ticket is not None:
        raise RefusedError(
            "window-busy", window=window.plan.id, ticket=window.ticket.id,
            number=window.ticket.number,
        )  # fmt: skip


def _at(hall: Hall, key: str) -> Ticket:
    """Return the ticket at an open window."""
    window = hall.windows.get(key)
    if window is None or window.ticket is None:
        _opened(hall, key)
        raise RefusedError("nothing-called", window=key)
    return window.ticket


def _called(hall: Hall, key: str) -> Ticket:
    ticket = _at(hall, key)
    if ticket.state not in _STARTABLE:
        raise _not_now(ticket, "not-called")
    return ticket


def _serving(hall: Hall, key: str) -> Ticket:
    ticket = _at(hall, key)
    if ticket.state not in _COMPLETABLE:
        raise _not_now(ticket, "not-serving")
    return ticket


def _not_now(ticket: Ticket, code: RefusalCode) -> RefusedError:
    return RefusedError(code, ticket=ticket.id, number=ticket.number, state=ticket.state)


def _missed_policy(hall: Hall, ticket: Ticket) -> MissedPolicy:
    return hall.queues[ticket.queue].plan.missed


def _interval_over(ticket: Ticket, policy: MissedPolicy, now: datetime, code: RefusalCode) -> None:
    waited_s = (now - (ticket.called_at or now)).total_seconds()
    if waited_s < policy.interval_s:
        left = math.ceil(policy.interval_s - waited_s)
        raise RefusedError(code, ticket=ticket.id, calls=ticket.calls, wait_s=left)


_DECIDE: Final[dict[type[c.Command], Callable[[Hall, Any, datetime], Events]]] = {
    c.IssueTicket: _issue,
    c.CancelTicket: _cancel,
    c.OpenWindow: _open,
    c.CloseWindow: _close,
    c.PauseWindow: _pause,
    c.ResumeWindow: _resume,
    c.CallNext: _call_next,
    c.Recall: _recall,
    c.Start: _start,
    c.Complete: _complete,
    c.Miss: _miss,
    c.Hold: _hold,
    c.Return: _return,
    c.Transfer: _transfer,
    c.BringBack: _bring_back,
    c.AddNote: _note,
    c.RecordAck: _ack,
    c.ChangePlan: _change_plan,
    c.Tick: _tick,
}
