"""Live pages: sends the regions of a page that changed, and a beat at least every second."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

import msgspec
from aiohttp import web

from paihao_hall.model import Hall
from paihao_hall.refusals import RefusedError
from paihao_server.dispatcher import StoppedError
from paihao_server.web import sse
from paihao_server.web.access import still_admitted
from paihao_server.web.pages import render
from paihao_server.web.pages.views import Region
from paihao_server.web.problems import ProblemError
from paihao_server.web.site import Ask
from paihao_server.web.watch import Watcher

REREAD_BEATS: Final = 15
"""Beats after which a page is read again although nothing happened: grace times end."""

ENDS: Final = (StoppedError, RefusedError, ProblemError)
"""What ends a stream: the server stops, or what the page shows is no more (a new hall day)."""

_NEVER: Final = datetime.fromtimestamp(0, UTC)


async def follow(
    ask: Ask,
    watcher: Watcher,
    read: Callable[[Hall], Sequence[render.RegionView]],
    *,
    login_url: str = "/login",
    at_work: Callable[[], bool] = lambda: False,
) -> web.StreamResponse:
    """Stream the regions of a page until the browser leaves or the session ends.

    Args:
        ask: the request.
        watcher: wakes when the page may have changed.
        read: makes the regions; the last is the smallest and also tells that nothing changed.
        login_url: of the device, for the regions that link to it.
        at_work: whether the page is in use, so that its session must not idle out.
    """
    dispatcher = ask.site.dispatcher
    response = await sse.open_stream(ask.request)
    sent: dict[int, Region] = {}
    seq = -1
    loop = asyncio.get_running_loop()
    beats = 0
    beat_at = loop.time()
    stale = True
    try:
        while await still_admitted(ask, at_work=at_work()):
            if stale or beats % REREAD_BEATS == 0:
                regions = await dispatcher.look(read)
                frames = _changed(regions, sent, login_url)
                if frames:
                    seq = regions[0].seq
                    await sse.write(response, b"".join(frames))
            if loop.time() >= beat_at:
                beats += 1
                beat_at = loop.time() + sse.BEAT_S
                if ask.site.feed.last_seq > seq:
                    # Whoever waits for the number of an answer that changed nothing here gets it.
                    last = (await dispatcher.look(read))[-1]
                    seq = last.seq
                    await sse.write(response, _frame(last, login_url))
                await sse.write(response, beat(dispatcher.clock.now()))
            stale = await watcher.wait(max(0.0, beat_at - loop.time()))
    except ENDS:
        # What follows is said on the browser's next request; this response has begun already.
        return response
    return response


def _changed(
    regions: Sequence[render.RegionView], sent: dict[int, Region], login_url: str
) -> list[bytes]:
    """Return the frames of the regions that differ from what this browser has."""
    frames = []
    for place, region in enumerate(regions):
        plain = replace(region, seq=0, at=_NEVER)
        if sent.get(place) != plain:
            sent[place] = plain
            frames.append(_frame(region, login_url))
    return frames


def _frame(region: render.RegionView, login_url: str) -> bytes:
    patch = render.patch(region, login_url)
    return sse.event(patch.event, patch.data)


def beat(now: datetime) -> bytes:
    """Return the event that says: still here, and what time it is in the hall."""
    return sse.event("beat", msgspec.json.encode({"at": round(now.timestamp() * 1000)}))
