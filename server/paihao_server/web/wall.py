"""The board of a zone in a browser, open to everyone: it shows what hangs on the wall anyway."""

import asyncio
from typing import Final

import msgspec
from aiohttp import web

from paihao_hall.model import Hall
from paihao_hall.views import board, plan_of
from paihao_server.web import desk, sse
from paihao_server.web.html import page, said
from paihao_server.web.live import ENDS, beat
from paihao_server.web.problems import ProblemError
from paihao_server.web.route import Route
from paihao_server.web.site import Ask


async def show(ask: Ask) -> web.Response:
    """Show the board of a zone."""
    try:
        view = await ask.site.dispatcher.look(lambda hall: _view(ask, hall))
    except ProblemError:
        return said("没有这个业务区", "请核对地址。", "There is no such zone.", status=404)
    return page(desk.wall(view))


async def stream(ask: Ask) -> web.StreamResponse:
    """Keep a board up to date."""
    dispatcher = ask.site.dispatcher
    topics = await dispatcher.look(lambda hall: _topics(ask, hall))
    response = await sse.open_stream(ask.request)
    loop = asyncio.get_running_loop()
    sent = ""
    beat_at = loop.time()
    with ask.site.watch.watching(urgent=set(), soon=topics) as watcher:
        while True:
            try:
                view = await dispatcher.look(lambda hall: _view(ask, hall))
            except ENDS:
                return response
            html = desk.wall_region(view)
            if html != sent:
                sent = html
                data = msgspec.json.encode({"seq": view.board.seq, "html": html})
                await sse.write(response, sse.event("board", data))
            if loop.time() >= beat_at:
                beat_at = loop.time() + sse.BEAT_S
                await sse.write(response, beat(dispatcher.clock.now()))
            await watcher.wait(max(0.0, beat_at - loop.time()))


def _topics(ask: Ask, hall: Hall) -> set[str]:
    zone = _view(ask, hall).board.zone
    return {f"queue:{name}" for name, queue in hall.queues.items() if queue.plan.zone == zone}


def _view(ask: Ask, hall: Hall) -> desk.WallPage:
    plan = plan_of(hall)
    zone = plan.zone_by_id.get(ask.request.match_info["zone"])
    if zone is None:
        raise ProblemError("not-found")
    now = ask.site.dispatcher.clock.now()
    shown = board(hall, zone.id, now)
    return desk.WallPage(
        zone=zone.name,
        floor=zone.floor,
        board=shown,
        at=now.astimezone(plan.tz),
        rows=tuple(desk.wall_row(plan, line) for line in shown.queues),
        stream_url=f"/wall/{zone.id}/stream",
    )


ROUTES: Final = (
    Route(
        method="GET",
        path="/wall/{zone}",
        name="wall",
        summary="Board of a zone in a browser; open",
        roles=None,
        page=show,
        documented=False,
    ),
    Route(
        method="GET",
        path="/wall/{zone}/stream",
        name="wallStream",
        summary="Live board of a zone; open",
        roles=None,
        page=stream,
        documented=False,
    ),
)
