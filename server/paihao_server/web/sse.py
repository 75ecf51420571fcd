"""Server-sent events: the response, its beats, and a time limit for browsers that do not read.

A stream has no queue of its own. Its loop writes what is new and waits; a client that takes
longer than `WRITE_S` to read is dropped and comes back where it stopped. The application must
run with ``handler_cancellation``, so that a closed browser ends its stream at once.
"""

import asyncio
from typing import Final

from aiohttp import web

BEAT_S: Final = 1.0
"""Seconds between signs of life; five without one are a lost connection."""

WRITE_S: Final = 10.0
"""Longest time a client may take to accept data."""

RETRY_MS: Final = 2000
"""How long a browser waits before it connects again."""


class SlowClientError(Exception):
    """The client did not read in time and is dropped."""


async def open_stream(request: web.Request) -> web.StreamResponse:
    """Return a prepared event stream."""
    response = web.StreamResponse(
        headers={
            "Content-Type": "text/event-stream; charset=utf-8",
            "Cache-Control": "no-store",
            "X-Accel-Buffering": "no",
        }
    )
    await response.prepare(request)
    await write(response, b"retry: %d\n\n" % RETRY_MS)
    return response


async def write(response: web.StreamResponse, data: bytes) -> None:
    """Send bytes.

    Raises:
        SlowClientError: the client did not read for `WRITE_S`.
        ConnectionError: the client has gone.
    """
    try:
        async with asyncio.timeout(WRITE_S):
            await response.write(data)
    except TimeoutError as error:
        raise SlowClientError from error


def event(name: str, data: bytes) -> bytes:
    """Return a named event; ``data`` has no line breaks, as JSON has none."""
    return b"event: %b\ndata: %b\n\n" % (name.encode(), data)
