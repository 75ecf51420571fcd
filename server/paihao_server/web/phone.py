"""The phone page of one ticket: open to whoever has its secret link, dead after the hall day."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from aiohttp import web

from paihao_hall import commands as c
from paihao_hall import estimate
from paihao_hall.model import Hall, Ticket
from paihao_hall.moves import TicketState
from paihao_hall.plan import HallPlan, Text
from paihao_hall.refusals import RefusedError
from paihao_hall.views import WORKING, plan_of
from paihao_server.ids import command_id
from paihao_server.web import live
from paihao_server.web.console import call_times
from paihao_server.web.html import page, said
from paihao_server.web.pages import render, views
from paihao_server.web.problems import ProblemError
from paihao_server.web.route import Route
from paihao_server.web.site import Ask
from paihao_server.web.stories import Stories

_STATES: Final[dict[TicketState, views.PhoneState]] = {
    "waiting": "waiting",
    "called": "called",
    "serving": "serving",
    "held": "held",
    "missed": "missed",
    "finished": "done",
    "cancelled": "void",
    "expired": "void",
}
_CANCELLABLE: Final = ("waiting", "held", "missed")


async def show(ask: Ask) -> web.Response:
    """Show the page, or say that the link is over."""
    try:
        view = await ask.site.dispatcher.look(lambda hall: _page(ask, hall))
    except ProblemError:
        return _over()
    return page(render.phone(view))


async def stream(ask: Ask) -> web.StreamResponse:
    """Keep the page up to date."""
    token = ask.request.match_info["token"]
    site = ask.site
    ticket = await site.dispatcher.look(lambda hall: ticket_behind(hall, token))

    def read(hall: Hall) -> Sequence[render.RegionView]:
        found = ticket_behind(hall, token)
        return (phone_ticket(hall, site.stories, found, site.dispatcher.clock.now()),)

    topics = {f"ticket:{ticket.id}"}
    with site.watch.watching(urgent=topics, soon={f"queue:{ticket.queue}"}) as watcher:
        return await live.follow(ask, watcher, read)


async def cancel(ask: Ask) -> web.Response:
    """Give the ticket up, then show the page again."""
    token = ask.request.match_info["token"]
    dispatcher = ask.site.dispatcher
    try:
        ticket = await dispatcher.look(lambda hall: ticket_behind(hall, token))
        await dispatcher.submit(
            c.CancelTicket(id=command_id(), actor=f"citizen:{ticket.number}", ticket=ticket.id)
        )
    except ProblemError:
        return _over()
    except RefusedError as error:
        if error.code != "ticket-not-waiting":
            raise
        # It was called meanwhile: the page says so better than a problem would.
    raise web.HTTPSeeOther(f"/t/{token}")


def ticket_behind(hall: Hall, token: str) -> Ticket:
    """Return the ticket of a link of today.

    Raises:
        ProblemError: ``address-over``.
    """
    name = hall.tokens.get(token)
    if name is None:
        raise ProblemError("address-over")
    return hall.tickets[name]


def phone_ticket(hall: Hall, stories: Stories, ticket: Ticket, now: datetime) -> views.PhoneTicket:
    """Return the live part of the page."""
    plan = plan_of(hall)
    queue = hall.queues[ticket.queue]
    zone = plan.zone_by_id[queue.plan.zone]
    service = plan.service_by_id.get(ticket.service)
    policy = queue.plan.missed
    waiting = ticket.state == "waiting"
    ahead = estimate.ahead(hall, ticket) if waiting else None
    wait = estimate.wait(queue, ahead) if ahead is not None else None
    window = hall.windows.get(ticket.window)
    missed_at = ticket.missed_at if ticket.state == "missed" else None
    return views.PhoneTicket(
        seq=hall.seq,
        at=now.astimezone(plan.tz),
        number=ticket.number,
        service=service.name if service else Text(ticket.service),
        state=_STATES[ticket.state],
        issued_at=ticket.arrived_at.astimezone(plan.tz),
        floor=zone.floor,
        zone=zone.short,
        calls_max=policy.calls,
        grace_s=policy.grace_s,
        back_n=policy.back_n if policy.action == "back_n" else None,
        void=policy.action == "void",
        windows=window_numbers(plan, [w.plan.id for w, _ in queue.served_by if w.state in WORKING]),
        ahead=ahead,
        wait_s=(wait.low_s, wait.high_s) if wait else None,
        window=window.plan.number if window else "",
        calls=call_times(stories, ticket, plan) if ticket.state == "called" else (),
        missed_until=(missed_at + timedelta(seconds=policy.grace_s)).astimezone(plan.tz)
        if missed_at
        else None,
    )


def window_numbers(plan: HallPlan, ids: Sequence[str]) -> str:
    """Return window numbers as signs say them: runs of the plan's order as ``3E01–3E09``."""
    wanted = set(ids)
    runs: list[list[str]] = []
    joined = False
    for window in plan.windows:
        if window.id in wanted:
            if joined:
                runs[-1].append(window.number)
            else:
                runs.append([window.number])
        joined = window.id in wanted
    return "、".join("、".join(run) if len(run) < 3 else f"{run[0]}–{run[-1]}" for run in runs)


def _page(ask: Ask, hall: Hall) -> views.PhonePage:
    token = ask.request.match_info["token"]
    ticket = ticket_behind(hall, token)
    address = f"/t/{token}"
    return views.PhonePage(
        hall=plan_of(hall).name,
        ticket=phone_ticket(hall, ask.site.stories, ticket, ask.site.dispatcher.clock.now()),
        page_url=address,
        stream_url=f"{address}/stream",
        cancel_url=f"{address}/cancel" if ticket.state in _CANCELLABLE else "",
        big=ask.request.query.get("big") == "1",
    )


def _over() -> web.Response:
    return said(
        "这个链接已失效",
        "号票页只在取号当天有效。请看大屏，或到取号机重新取号。",
        "This link has ended: it is good for the day of the ticket only.",
        status=404,
    )


ROUTES: Final = (
    Route(
        method="GET",
        path="/t/{token}",
        name="phonePage",
        summary="Phone page of one ticket; open to whoever has the link",
        roles=None,
        page=show,
        documented=False,
    ),
    Route(
        method="GET",
        path="/t/{token}/stream",
        name="phoneStream",
        summary="Live part of a phone page",
        roles=None,
        page=stream,
        documented=False,
    ),
    Route(
        method="POST",
        path="/t/{token}/cancel",
        name="phoneCancel",
        summary="Give up one's own ticket",
        roles=None,
        page=cancel,
        documented=False,
    ),
)
