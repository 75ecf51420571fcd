"""The same ``Idempotency-Key`` again gets the first answer, word for word, and changes nothing.

The key decides the command's id, so the log knows a repetition also after a restart; what comes
back then is rendered anew from the first records. Until then the answer itself is kept, also of
refusals and of commands that changed nothing, which the log does not hold.
"""

import asyncio
import hashlib
import uuid
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

KEPT: Final = 20_000
"""Answers kept, about those of a busy day; the oldest go first."""


class KeyReusedError(Exception):
    """An Idempotency-Key came again with another body."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer that can be given again."""

    status: int
    body: bytes
    content_type: str = "application/json"
    location: str = ""


@dataclass(slots=True)
class _Kept:
    """An answer, or while it is being made what says that it is there."""

    digest: bytes
    reply: Reply | asyncio.Event


def command_id(who: str, method: str, path: str, key: str | None) -> str:
    """Return the id of the command that a request carries; fresh when it has no key."""
    if key is None:
        return uuid.uuid4().hex
    return hashlib.sha256(f"{who}\n{method} {path}\n{key}".encode()).hexdigest()[:32]


class Once:
    """Runs each keyed request once and remembers what it answered."""

    def __init__(self, kept: int = KEPT) -> None:
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
        self._limit = kept

    async def run(self, command: str, body: bytes, make: Callable[[], Awaitable[Reply]]) -> Reply:
        """Return the answer of this command, making it when there is none yet.

        Args:
            command: id made by `command_id`.
            body: of the request; the same command must have the same.
            make: does it; an answer of 500 and above is not kept, so that it can be tried again.

        Raises:
            KeyReusedError: the command came before with another body.
        """
        digest = hashlib.sha256(body).digest()
        while (known := self._kept.get(command)) is not None:
            if known.digest != digest:
                raise KeyReusedError
            if isinstance(known.reply, Reply):
                return known.reply
            await known.reply.wait()
        ready = asyncio.Event()
        mine = self._kept[command] = _Kept(digest, ready)
        try:
            reply = await make()
            if reply.status < 500:
                mine.reply = reply
            return reply
        finally:
            # Also when the browser went away meanwhile: whoever waits tries for itself.
            ready.set()
            if mine.reply is ready:
                del self._kept[command]
            self._shrink()

    def _shrink(self) -> None:
        while len(self._kept) > self._limit:
            oldest = next(iter(self._kept))
            if not isinstance(self._kept[oldest].reply, Reply):
                return
            del self._kept[oldest]
