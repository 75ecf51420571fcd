"""API of the whole hall: the snapshot, and the stream of what follows."""

import asyncio
from typing import Final

from aiohttp import web

from paihao_server.web import bodies, replies, sse, views
from paihao_server.web.access import still_admitted
from paihao_server.web.once import Reply
from paihao_server.web.problems import ProblemError
from paihao_server.web.route import Query, Route
from paihao_server.web.site import Ask
from paihao_server.web.tickets import READERS


async def hall(ask: Ask) -> Reply:
    """Tell the whole hall at one log number."""
    return replies.json(await ask.site.dispatcher.look(views.hall_view))


async def events(ask: Ask) -> web.StreamResponse:
    """Stream the log from a number on, without gap or repetition, until the client leaves."""
    seq = _start(ask)
    feed = ask.site.feed
    response = await sse.open_stream(ask.request)
    feed.readers += 1
    try:
        while await still_admitted(ask):
            found = await feed.after(seq)
            if found:
                await sse.write(response, b"".join(frame for _, frame in found))
                seq = found[-1][0]
                continue
            try:
                async with asyncio.timeout(sse.BEAT_S):
                    await feed.news()
            except TimeoutError:
                await sse.write(response, b": beat\n\n")
    finally:
        feed.readers -= 1
    return response


def _start(ask: Ask) -> int:
    """Return the number to go on after: the browser's own memory goes before the address."""
    last = ask.request.headers.get("Last-Event-ID")
    if last is None:
        field, seq = "after", replies.number(ask, "after", 0)
    elif last.isascii() and last.isdigit() and len(last) <= 18:
        field, seq = "Last-Event-ID", int(last)
    else:
        raise ProblemError("invalid-query", field="Last-Event-ID", problem="a number of the log")
    if seq > ask.site.feed.last_seq:
        # An older log was put back: who waits for numbers of the lost one would wait in silence.
        problem = f"the log ends at {ask.site.feed.last_seq}; read the hall anew"
        raise ProblemError("invalid-query", field=field, problem=problem)
    return seq


ROUTES: Final = (
    Route(
        method="GET",
        path="/api/v1/hall",
        name="getHall",
        summary="The whole hall at one log number",
        roles=READERS,
        api=hall,
        answer=bodies.HallView,
    ),
    Route(
        method="GET",
        path="/api/v1/events",
        name="streamEvents",
        summary=(
            "Server-sent events: every event after a log number, then live. The id of an event is "
            "its log number; Last-Event-ID goes on after it"
        ),
        roles=READERS,
        page=events,
        content_type="text/event-stream",
        query=(Query(name="after", schema="integer", summary="log number; 0 if left out"),),
        codes=("invalid-query",),
    ),
)
