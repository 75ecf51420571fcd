"""What a bus still has to say: waiting messages in order, and those not yet acknowledged.

Kept apart from any network, so that the real and the in-memory bus promise the same: QoS 1
messages are offered again after a reconnect, in their first order; newer state replaces older
state that has not left yet; the room is limited.
"""

import asyncio
import itertools
import logging
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

from paihao_runtime.bus import Outgoing

log = logging.getLogger(__name__)

ROOM: Final = 20_000
"""Messages that may wait; a hall's busiest minute is a tenth of it."""


class Outbox:
    """Messages waiting to leave, and messages that left and await their acknowledgement."""

    def __init__(self, room: int = ROOM) -> None:
        self._room = room
        self._keys = itertools.count()
        # Ordered: taking the first of a plain dict again and again is quadratic.
        self._waiting: OrderedDict[int, Outgoing] = OrderedDict()
        self._state_key: dict[str, int] = {}
        self._in_flight: dict[int, Outgoing] = {}
        self._on_news: Callable[[], None] = lambda: None
        self._empty = asyncio.Event()
        self._empty.set()
        self.dropped = 0

    def __len__(self) -> int:
        return len(self._waiting) + len(self._in_flight)

    @property
    def waiting(self) -> int:
        """How many messages have not left."""
        return len(self._waiting)

    @property
    def in_flight(self) -> int:
        """How many messages left and are not acknowledged."""
        return len(self._in_flight)

    def when_filled(self, callback: Callable[[], None]) -> None:
        """Have ``callback`` called after each `put`."""
        self._on_news = callback

    async def emptied(self, timeout_s: float) -> bool:
        """Wait until nothing waits or is in flight, at most so long; return whether it came."""
        try:
            async with asyncio.timeout(timeout_s):
                await self._empty.wait()
        except TimeoutError:
            return False
        return True

    def put(self, message: Outgoing) -> None:
        """Add a message; a retained one takes the place of its waiting predecessor."""
        key = self._state_key.get(message.path) if message.retain else None
        if key is None:
            if len(self._waiting) >= self._room:
                self._drop_oldest()
            key = next(self._keys)
            if message.retain:
                self._state_key[message.path] = key
        self._waiting[key] = message
        self._empty.clear()
        self._on_news()

    def take(self) -> tuple[int, Outgoing] | None:
        """Return the next message with its key, or None when nothing waits.

        A message of QoS 1 is in flight until `done`; one of QoS 0 is forgotten.
        """
        if not self._waiting:
            return None
        key, message = self._waiting.popitem(last=False)
        if message.retain:
            del self._state_key[message.path]
        if message.qos:
            self._in_flight[key] = message
        else:
            self._note_empty()
        return key, message

    def done(self, key: int) -> None:
        """Forget a message that the broker acknowledged; again is no harm."""
        self._in_flight.pop(key, None)
        self._note_empty()

    def take_back(self) -> None:
        """Put what is in flight before everything that waits: the connection is lost.

        State that has a newer successor waiting is forgotten.
        """
        for key, message in reversed(self._in_flight.items()):
            if message.retain:
                if message.path in self._state_key:
                    continue
                self._state_key[message.path] = key
            self._waiting[key] = message
            self._waiting.move_to_end(key, last=False)
        self._in_flight.clear()
        self._note_empty()

    def _drop_oldest(self) -> None:
        oldest = next((key for key, message in self._waiting.items() if not message.retain), None)
        if oldest is None:
            return  # Only state is waiting, one of it for each topic.
        message = self._waiting.pop(oldest)
        self.dropped += 1
        if self.dropped.bit_count() == 1:
            log.warning("outbox full: %d messages dropped, last on %s", self.dropped, message.path)

    def _note_empty(self) -> None:
        if not self._waiting and not self._in_flight:
            self._empty.set()
