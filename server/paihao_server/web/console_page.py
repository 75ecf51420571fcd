"""The console's addresses: the page, its stream, the targets of a transfer."""

from collections.abc import Sequence
from typing import Final

from aiohttp import web

from paihao_hall import estimate
from paihao_hall.model import Hall, QueueState, Ticket
from paihao_hall.views import WORKING, plan_of
from paihao_server.accounts_db import Role
from paihao_server.web import live, pinyin
from paihao_server.web.console import console_view, regions
from paihao_server.web.html import page
from paihao_server.web.pages import render, views
from paihao_server.web.route import Route
from paihao_server.web.site import Ask
from paihao_server.web.views import window_of

CONSOLES: Final[frozenset[Role]] = frozenset({"clerk", "manager"})


async def console(ask: Ask) -> web.Response:
    """Show the clerk's console of a window."""
    window = ask.request.match_info["window"]
    site, me = ask.site, ask.me
    names = await site.accounts.names()
    now = site.dispatcher.clock.now()
    view = await site.dispatcher.look(
        lambda hall: console_view(hall, site.stories, window, me.name, now, names, site.support)
    )
    return page(render.console(view))


async def stream(ask: Ask) -> web.StreamResponse:
    """Keep a console up to date."""
    window = ask.request.match_info["window"]
    site, me = ask.site, ask.me
    queues = await site.dispatcher.look(lambda hall: _queues(hall, window))
    names = await site.accounts.names()

    def read(hall: Hall) -> Sequence[render.RegionView]:
        now = site.dispatcher.clock.now()
        return regions(hall, site.stories, window, me.name, now, names).all()

    def at_work() -> bool:
        # Whoever has the window open works, also through a long visit or a lunch pause.
        return site.dispatcher.hall.clerks.get(me.name) == window

    with site.watch.watching(urgent={f"window:{window}"}, soon=queues) as watcher:
        return await live.follow(
            ask, watcher, read, login_url=f"/login?window={window}", at_work=at_work
        )


async def targets(ask: Ask) -> web.Response:
    """Give the list of the transfer dialog."""
    window = ask.request.match_info["window"]
    dispatcher = ask.site.dispatcher
    await pinyin.learn(await dispatcher.look(_names))
    rows = await dispatcher.look(lambda hall: _targets(hall, window))
    return page(render.targets(rows))


def _queues(hall: Hall, window: str) -> set[str]:
    return {f"queue:{queue.plan.id}" for queue, _ in window_of(hall, window).serves}


def _names(hall: Hall) -> list[str]:
    """Return the names by which a target of a transfer may be found."""
    plan = plan_of(hall)
    return [s.name.zh for s in plan.services] + [q.name.zh for q in plan.queues]


def _targets(hall: Hall, window: str) -> list[views.Target]:
    """Return the services of other queues that are offered, the window's own zone first."""
    plan = plan_of(hall)
    found = window_of(hall, window)
    home = found.plan.zone
    rows: list[tuple[bool, views.Target]] = []
    for service in plan.services:
        queue = hall.queues[service.queue]
        if not queue.plan.open or (found.ticket and service.queue == found.ticket.queue):
            continue
        zone = plan.zone_by_id[service.zone]
        wait = estimate.wait(queue, queue.waiting())
        target = views.Target(
            service=service.id,
            service_name=service.name.zh,
            queue=queue.plan.id,
            prefix=queue.plan.prefix,
            queue_name=queue.plan.name.zh,
            kind=queue.plan.kind,
            place=f"{zone.floor} 层 {zone.short.zh}",
            search=pinyin.search_words(service.name.zh, queue.plan.name.zh, queue.plan.prefix),
            waiting=queue.waiting(),
            open_windows=sum(1 for w, _ in queue.served_by if w.state in WORKING),
            wait_s=(wait.low_s, wait.high_s) if wait else None,
            ahead=_ahead(queue, found.ticket),
            rule=queue.plan.transfer,
        )
        rows.append((service.zone != home, target))
    rows.sort(key=lambda row: row[0])
    return [target for _, target in rows]


def _ahead(queue: QueueState, ticket: Ticket | None) -> int:
    """Return how many people a ticket transferred here would find before it."""
    waiting = queue.waiting()
    match queue.plan.transfer:
        case "head":
            return 0
        case "middle":
            return waiting // 2
        case "arrival" if ticket is not None:
            lines = (lane.line for lane in queue.lanes.values())
            return sum(t.arrived_at <= ticket.arrived_at for line in lines for t in line)
        case _:
            return waiting


ROUTES: Final = (
    Route(
        method="GET",
        path="/console/{window}",
        name="console",
        summary="Clerk console",
        roles=CONSOLES,
        page=console,
        documented=False,
    ),
    Route(
        method="GET",
        path="/console/{window}/stream",
        name="consoleStream",
        summary="Live regions of a console",
        roles=CONSOLES,
        page=stream,
        documented=False,
    ),
    Route(
        method="GET",
        path="/console/{window}/targets",
        name="consoleTargets",
        summary="Targets of a transfer",
        roles=CONSOLES,
        page=targets,
        documented=False,
    ),
)
