"""API answers as pure functions of the hall."""

from collections.abc import Sequence
from typing import Any, Final

import msgspec

from paihao_hall import estimate
from paihao_hall import events as e
from paihao_hall import views as hall_views
from paihao_hall.model import Hall, Ticket, WindowNow
from paihao_hall.plan import HallPlan, Text
from paihao_hall.refusals import RefusedError
from paihao_hall.step import Answer
from paihao_server.web import bodies, words

_TOLD: Final = frozenset({"at", "ticket", "window", "reason", "token"})
"""Fields of an event that a timeline entry has of its own, or keeps to itself."""


def ticket_of(hall: Hall, ticket: str) -> Ticket:
    """Return a ticket of today; raise ``unknown-ticket``."""
    found = hall.tickets.get(ticket)
    if found is None:
        raise RefusedError("unknown-ticket", ticket=ticket)
    return found


def window_of(hall: Hall, window: str) -> WindowNow:
    """Return a window; raise ``unknown-window``."""
    found = hall.windows.get(window)
    if found is None:
        raise RefusedError("unknown-window", window=window)
    return found


def ticket_view(hall: Hall, ticket: Ticket, *, with_url: bool = False) -> bodies.TicketView:
    """Return a ticket now; ``with_url`` for those who may give numbers."""
    queue = hall.queues[ticket.queue]
    waiting = ticket.state == "waiting"
    ahead = estimate.ahead(hall, ticket) if waiting else 0
    window = hall.windows.get(ticket.window)
    return bodies.TicketView(
        id=ticket.id,
        number=ticket.number,
        service=ticket.service,
        queue=ticket.queue,
        zone=queue.plan.zone,
        class_=ticket.class_,
        state=ticket.state,
        ahead=ahead,
        wait=estimate.wait(queue, ahead) if waiting else None,
        window=ticket.window,
        window_number=window.plan.number if window else "",
        calls=ticket.calls,
        issued_at=ticket.arrived_at,
        called_at=ticket.called_at,
        started_at=ticket.started_at,
        ended_at=ticket.ended_at,
        outcome=ticket.outcome,
        seq=ticket.seq,
        url=f"{hall_views.plan_of(hall).phone_url}/t/{ticket.token}" if with_url else None,
    )


def window_view(window: WindowNow) -> bodies.WindowView:
    """Return a window now."""
    return bodies.WindowView(
        id=window.plan.id,
        number=window.plan.number,
        zone=window.plan.zone,
        kinds=window.plan.kinds,
        state=window.state,
        clerk=window.clerk,
        ticket=window.ticket.number if window.ticket else None,
        reason=window.reason,
        until=window.until,
    )


def reason_view(reason: e.CallReason, plan: HallPlan) -> bodies.ReasonView:
    """Return the reason of a call as data and as a sentence."""
    return bodies.ReasonView(
        rule=reason.rule,
        candidates=tuple(
            bodies.CandidateView(
                ticket=c.ticket,
                number=c.number,
                queue=c.queue,
                class_=c.class_,
                tier=c.tier,
                waited_s=round(c.waited_s, 3),
                target_s=c.target_s,
                urgency=round(c.urgency, 4),
            )
            for c in reason.candidates
        ),
        sentence=Text(words.call_reason(reason, plan, "zh"), words.call_reason(reason, plan, "en")),
    )


def window_answer(hall: Hall, window: str, answer: Answer) -> bodies.WindowAnswer:
    """Return what an action led to; for a repeated one, what it led to the first time."""
    ticket: bodies.TicketView | None = None
    reason: bodies.ReasonView | None = None
    for record in answer.records:
        event = record.event
        name = getattr(event, "ticket", None)
        # Closing a window tells of held tickets that go back to their lines; it is not about one.
        if name is None or len(answer.records) > 1:
            continue
        found = hall.tickets.get(name)
        ticket = ticket_view(hall, found) if found else None
        if isinstance(event, e.TicketCalled):
            reason = reason_view(event.reason, hall_views.plan_of(hall))
    return bodies.WindowAnswer(
        seq=answer.seq,
        window=window_view(window_of(hall, window)),
        ticket=ticket,
        reason=reason,
    )


def timeline(hall: Hall, ticket: Ticket, records: Sequence[e.Record]) -> bodies.Timeline:
    """Return all that happened to a ticket."""
    plan = hall_views.plan_of(hall)
    return bodies.Timeline(
        ticket=ticket_view(hall, ticket),
        events=tuple(_entry(record, plan) for record in records),
    )


def hall_view(hall: Hall) -> bodies.HallView:
    """Return the whole hall."""
    plan = hall_views.plan_of(hall)
    return bodies.HallView(
        id=plan.id,
        name=plan.name.zh,
        name_en=plan.name.en,
        revision=plan.revision,
        seq=hall.seq,
        at=hall_views.hall_time(hall),
        day=hall.day.isoformat() if hall.day else "",
        classes=tuple(c.id for c in plan.classes),
        zones=tuple(
            bodies.ZoneView(
                id=z.id, name=z.name.zh, name_en=z.name.en, short=z.short.zh, floor=z.floor
            )
            for z in plan.zones
        ),
        services=tuple(
            bodies.ServiceView(
                id=s.id,
                name=s.name.zh,
                name_en=s.name.en,
                queue=s.queue,
                zone=s.zone,
                department=s.department,
            )
            for s in plan.services
        ),
        windows=tuple(_hall_window(window) for window in hall.windows.values()),
        queues=tuple(
            bodies.HallQueue(
                id=name,
                prefix=queue.plan.prefix,
                name=queue.plan.name.zh,
                name_en=queue.plan.name.en,
                zone=queue.plan.zone,
                target_s=queue.plan.target_s,
                open=queue.plan.open,
                waiting=queue.waiting(),
                waiting_by_class={c: len(lane.line) for c, lane in queue.lanes.items()},
                wait=estimate.wait(queue, queue.waiting()),
            )
            for name, queue in hall.queues.items()
        ),
    )


def _hall_window(window: WindowNow) -> bodies.HallWindow:
    return bodies.HallWindow(
        id=window.plan.id,
        number=window.plan.number,
        zone=window.plan.zone,
        kinds=window.plan.kinds,
        state=window.state,
        clerk=window.clerk,
        ticket=window.ticket.number if window.ticket else None,
        allocation=tuple(
            bodies.AllocationView(queue=a.queue, tier=a.tier) for a in window.plan.allocation
        ),
    )


def _entry(record: e.Record, plan: HallPlan) -> bodies.TimelineEntry:
    event: Any = record.event
    reason = event.reason if isinstance(event, e.TicketCalled) else None
    facts = {k: v for k, v in msgspec.structs.asdict(event).items() if k not in _TOLD}
    return bodies.TimelineEntry(
        seq=record.seq,
        at=event.at,
        type=type(event).__name__,
        actor=record.actor,
        window=getattr(event, "window", None),
        facts={name.rstrip("_"): value for name, value in facts.items()},
        reason=reason_view(reason, plan) if reason else None,
    )
