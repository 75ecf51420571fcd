"""The clerk's console as a value, made from the hall; painting it is `paihao_server.web.pages`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from paihao_hall import events as e
from paihao_hall.model import Hall, QueueState, Ticket, WindowNow
from paihao_hall.plan import DeviceKind, HallPlan
from paihao_hall.views import WORKING, plan_of
from paihao_server.web import words
from paihao_server.web.pages import views
from paihao_server.web.stories import Stories
from paihao_server.web.views import window_of

RECEIPT_DUE: Final = timedelta(seconds=2)
BACK_ROWS: Final = 6
"""Most tickets that may come back shown at once."""

_RECEIPTS: Final[tuple[tuple[DeviceKind, views.ReceiptKind, str], ...]] = (
    ("board", "board", "shown"),
    ("speaker", "speaker", "spoken"),
    ("window", "window", "shown"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Regions:
    """The five live regions of a console."""

    header: views.Header
    main: views.Main
    waiting: views.Waiting
    side: views.Side
    keys: views.Keys

    def all(
        self,
    ) -> tuple[views.Header | views.Main | views.Waiting | views.Side | views.Keys, ...]:
        """Return them in the order of the page; the key bar last."""
        return (self.header, self.main, self.waiting, self.side, self.keys)


@dataclass(frozen=True, slots=True)
class _Now:
    """What every region needs: the hall, its plan, the window and the moment in local time."""

    hall: Hall
    plan: HallPlan
    stories: Stories
    window: WindowNow
    names: Mapping[str, str]
    at: datetime

    def local(self, moment: datetime) -> datetime:
        return moment.astimezone(self.plan.tz)


def regions(
    hall: Hall,
    stories: Stories,
    window: str,
    clerk: str,
    now: datetime,
    names: Mapping[str, str],
) -> Regions:
    """Return the live regions of a window's console.

    Args:
        hall: state to show.
        stories: today's events.
        window: id of the window.
        clerk: whose day the side column tells.
        now: hall time.
        names: public names of the staff by account.

    Raises:
        RefusedError: ``unknown-window``.
    """
    plan = plan_of(hall)
    found = window_of(hall, window)
    state = _Now(hall, plan, stories, found, names, now.astimezone(plan.tz))
    rows = tuple(_queue_row(state, queue, tier) for queue, tier in found.serves)
    seq, at = hall.seq, state.at
    return Regions(
        header=_header(state, clerk),
        main=_main(state, rows),
        waiting=views.Waiting(seq=seq, at=at, queues=rows, wide=found.state in ("idle", "closed")),
        side=_side(state, clerk),
        keys=views.Keys(seq=seq, at=at, state=found.state),
    )


def console_view(
    hall: Hall,
    stories: Stories,
    window: str,
    clerk: str,
    now: datetime,
    names: Mapping[str, str],
    support: str = "",
) -> views.ConsolePage:
    """Return the whole console page; see `regions`."""
    parts = regions(hall, stories, window, clerk, now, names)
    plan = plan_of(hall)
    noon = [band.end for band in plan.hours[:-1]]
    return views.ConsolePage(
        hall=plan.name.zh,
        window=window,
        staff=names.get(clerk) or clerk,
        staff_number=clerk,
        header=parts.header,
        main=parts.main,
        waiting=parts.waiting,
        side=parts.side,
        keys=parts.keys,
        stream_url=f"/console/{window}/stream",
        targets_url=f"/console/{window}/targets",
        login_url=f"/login?window={window}",
        logout_url="/logout",
        support=support,
        lunch_ends=f"{plan.hours[1].start:%H:%M}" if noon else "",
    )


def _header(now: _Now, clerk: str) -> views.Header:
    window = now.window
    other = window.clerk if window.clerk != clerk else ""
    zone = now.plan.zone_by_id.get(window.plan.zone)
    return views.Header(
        seq=now.hall.seq,
        at=now.at,
        number=window.plan.number,
        zone=zone.short.zh if zone else "",
        floor=zone.floor if zone else "",
        kinds=window.plan.kinds,
        state=window.state,
        reason=window.reason,
        holder=now.names.get(other) or other,
        takeover_url=f"/windows?window={window.plan.id}",
    )


def _queue_row(now: _Now, queue: QueueState, tier: int) -> views.QueueRow:
    heads = [lane.line[0].arrived_at for lane in queue.lanes.values() if lane.line]
    return views.QueueRow(
        id=queue.plan.id,
        prefix=queue.plan.prefix,
        name=queue.plan.name.zh,
        kind=queue.plan.kind,
        tier=tier,
        counts=tuple(
            views.ClassCount(
                id=c.id,
                name=c.name.zh,
                waiting=len(queue.lanes[c.id].line) if c.id in queue.lanes else 0,
            )
            for c in now.plan.classes
        ),
        oldest_at=now.local(min(heads)) if heads else None,
        target_s=queue.plan.target_s,
        open_windows=sum(1 for w, _ in queue.served_by if w.state in WORKING),
        windows=len(queue.served_by),
    )


def _main(now: _Now, rows: tuple[views.QueueRow, ...]) -> views.Main:
    window, seq, at = now.window, now.hall.seq, now.at
    since = now.local(window.since or at)
    ticket = window.ticket
    if ticket is not None and window.state == "called":
        return _called(now, ticket)
    if ticket is not None and window.state == "serving":
        return views.ServingMain(
            seq=seq,
            at=at,
            ticket=_card(now, ticket),
            started_at=now.local(ticket.started_at or since),
            usual_s=now.hall.queues[ticket.queue].plan.service_s,
        )
    if window.state == "paused" and window.reason is not None:
        until = now.local(window.until) if window.until else None
        strip = f"暂停服务 {until:%H:%M}" if until else "暂停服务"
        return views.PausedMain(
            seq=seq,
            at=at,
            reason=window.reason,
            since=since,
            until=until,
            strip=strip if _devices(now, "window") else "",
        )
    if window.state == "closed":
        return views.ClosedMain(seq=seq, at=at, number=window.plan.number)
    return views.IdleMain(seq=seq, at=at, since=since, queues=rows)


def _called(now: _Now, ticket: Ticket) -> views.CalledMain:
    policy = now.hall.queues[ticket.queue].plan.missed
    called_at = now.local(ticket.called_at or now.at)
    again_at = called_at + timedelta(seconds=policy.interval_s)
    more = ticket.calls < policy.calls
    return views.CalledMain(
        seq=now.hall.seq,
        at=now.at,
        ticket=_card(now, ticket),
        window_number=now.window.plan.number,
        calls=call_times(now.stories, ticket, now.plan),
        calls_max=policy.calls,
        interval_s=policy.interval_s,
        recall_at=again_at if more else None,
        missed_at=None if more else again_at,
        receipts=_receipts(now, ticket, called_at + RECEIPT_DUE),
        reason=words.call_reason(ticket.reason, now.plan, "zh") if ticket.reason else "",
        grace_s=policy.grace_s,
        back_n=policy.back_n if policy.action == "back_n" else None,
        void=policy.action == "void",
    )


def call_times(stories: Stories, ticket: Ticket, plan: HallPlan) -> tuple[datetime, ...]:
    """Return when a called ticket was called, first to last, in local time."""
    calls = [
        r.event.at
        for r in stories.of_ticket(ticket.id)
        if isinstance(r.event, e.TicketCalled | e.TicketRecalled)
    ]
    return tuple(at.astimezone(plan.tz) for at in calls[len(calls) - ticket.calls :])


def _card(now: _Now, ticket: Ticket) -> views.TicketCard:
    plan = now.plan
    service = plan.service_by_id.get(ticket.service)
    ticket_class = plan.class_by_id.get(ticket.class_)
    waited = (ticket.called_at or now.at) - ticket.arrived_at
    return views.TicketCard(
        id=ticket.id,
        number=ticket.number,
        service=service.name.zh if service else ticket.service,
        class_id=ticket.class_,
        class_name=ticket_class.name.zh if ticket_class else ticket.class_,
        arrived_at=now.local(ticket.arrived_at),
        waited_s=int(waited.total_seconds()),
        target_s=now.hall.queues[ticket.queue].plan.target_s,
        source=_source(plan, ticket.issued_by),
        papers=tuple(views.Paper(name=p.zh) for p in service.papers) if service else (),
        notes=tuple(
            views.Note(at=now.local(n.at), staff=_name(now, n.by), text=n.text)
            for n in ticket.notes
        ),
    )


def _source(plan: HallPlan, actor: str) -> str:
    """Say where a ticket was taken: the kiosk with its floor, else nothing."""
    role, _, name = actor.partition(":")
    device = plan.device_by_id.get(name) if role == "kiosk" else None
    if device is None:
        return ""
    floor = f"{device.floor} 层 " if device.floor else ""
    return f"{floor}{device.name.zh or device.id}"


def _name(now: _Now, actor: str) -> str:
    account = actor.partition(":")[2]
    return now.names.get(account) or account


def _receipts(now: _Now, ticket: Ticket, due_at: datetime) -> tuple[views.Receipt, ...]:
    acked = {(what, device) for what, device, seq in ticket.acks if seq == ticket.call_seq}
    found: list[views.Receipt] = []
    for kind, shown_as, what in _RECEIPTS:
        devices = _devices(now, kind)
        if devices:
            done = all((what, device) in acked for device in devices)
            found.append(views.Receipt(kind=shown_as, done=done, due_at=due_at))
    return tuple(found)


def _devices(now: _Now, kind: DeviceKind) -> list[str]:
    """Return the devices of a kind that tell this window's calls."""
    plan = now.window.plan
    if kind == "window":
        return [d.id for d in now.plan.devices if d.kind == kind and d.id == plan.id]
    ticket = now.window.ticket
    zone = now.hall.queues[ticket.queue].plan.zone if ticket else plan.zone
    return [d.id for d in now.plan.devices if d.kind == kind and (not d.zones or zone in d.zones)]


def _side(now: _Now, clerk: str) -> views.Side:
    policies = [queue.plan.missed.grace_s for queue, _ in now.window.serves]
    return views.Side(
        seq=now.hall.seq,
        at=now.at,
        state=now.window.state,
        day=_day(now, clerk),
        back=_back(now),
        grace_s=max(policies, default=0),
        done=tuple(_done(now, ticket) for ticket in now.window.finished),
        pauses=_pauses(now),
    )


def _day(now: _Now, clerk: str) -> views.Day:
    day = now.hall.clerk_days.get(clerk)
    if day is None:
        return views.Day(since=now.at.replace(second=0, microsecond=0), called=0, completed=0,
                         missed=0, mean_s=None)  # fmt: skip
    return views.Day(
        since=now.local(day.since),
        called=day.called,
        completed=day.completed,
        missed=day.missed,
        mean_s=round(day.served_s / day.completed) if day.completed else None,
    )


def _back(now: _Now) -> tuple[views.BackRow, ...]:
    held = [views.BackRow(number=t.number, kind="held", until=None) for t in now.window.held]
    mine = {queue.plan.id for queue, _ in now.window.serves}
    missed: list[views.BackRow] = []
    for name in now.stories.missed():
        ticket = now.hall.tickets.get(name)
        if ticket is None or ticket.queue not in mine or ticket.missed_at is None:
            continue
        policy = now.hall.queues[ticket.queue].plan.missed
        until = now.local(ticket.missed_at) + timedelta(seconds=policy.grace_s)
        if until > now.at and policy.action != "void" and ticket.rejoins < policy.rejoins:
            missed.append(views.BackRow(number=ticket.number, kind="missed", until=until))
    return (*held, *missed[: max(0, BACK_ROWS - len(held))])


def _done(now: _Now, ticket: Ticket) -> views.DoneRow:
    service = now.plan.service_by_id.get(ticket.service)
    served = (ticket.ended_at or now.at) - (ticket.started_at or now.at)
    return views.DoneRow(
        number=ticket.number,
        service=service.name.zh if service else ticket.service,
        outcome=ticket.outcome,
        served_s=int(served.total_seconds()),
    )


def _pauses(now: _Now) -> tuple[views.PauseRow, ...]:
    """Return today's pauses; a changed reason goes on with the same pause."""
    rows: list[views.PauseRow] = []
    for record in now.stories.of_window(now.window.plan.id):
        event = record.event
        running = rows[-1] if rows and rows[-1].end is None else None
        if isinstance(event, e.WindowPaused):
            start = now.local(event.at)
            if running:
                start = rows.pop().start
            rows.append(views.PauseRow(start=start, end=None, reason=event.reason))
        elif isinstance(event, e.WindowResumed | e.WindowClosed) and running:
            rows[-1] = views.PauseRow(
                start=running.start, end=now.local(event.at), reason=running.reason
            )
    return tuple(rows)
