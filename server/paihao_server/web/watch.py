"""Wakes the open pages that an event concerns, and only those.

A page watches topics such as ``window:3E03`` or ``queue:E``. What touches its urgent topics wakes
it at once; the rest wakes it a little later, so that a burst of tickets is one repaint.
"""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from paihao_hall.events import DayStarted, PlanChanged, Record
from paihao_hall.model import Hall

SOON_S: Final = 0.3
"""How long changes that are not urgent are gathered."""

EVERYTHING: Final = "hall"
"""The topic of events that concern every page: a new day, a new plan."""


class Watcher:
    """One open page."""

    def __init__(self, urgent: frozenset[str], soon: frozenset[str]) -> None:
        self.urgent = urgent | {EVERYTHING}
        self.soon = soon
        self._news = asyncio.Event()
        self._timer: asyncio.TimerHandle | None = None

    async def wait(self, limit_s: float) -> bool:
        """Return True when something happened, False when the time is over."""
        try:
            async with asyncio.timeout(limit_s):
                await self._news.wait()
        except TimeoutError:
            return False
        self._news.clear()
        return True

    def wake(self, topic: str) -> None:
        """Note that a topic was touched."""
        if topic in self.urgent:
            self._news.set()
        elif self._timer is None and not self._news.is_set():
            self._timer = asyncio.get_running_loop().call_later(SOON_S, self._ring)

    def end(self) -> None:
        """Stop the timer."""
        if self._timer is not None:
            self._timer.cancel()

    def _ring(self) -> None:
        self._timer = None
        self._news.set()


class Watch:
    """All open pages by topic."""

    def __init__(self) -> None:
        self._by_topic: dict[str, set[Watcher]] = {}

    @contextmanager
    def watching(self, *, urgent: set[str], soon: set[str]) -> Iterator[Watcher]:
        """Watch topics while the block runs."""
        watcher = Watcher(frozenset(urgent), frozenset(soon))
        for topic in watcher.urgent | watcher.soon:
            self._by_topic.setdefault(topic, set()).add(watcher)
        try:
            yield watcher
        finally:
            watcher.end()
            for topic in watcher.urgent | watcher.soon:
                self._by_topic[topic].discard(watcher)
                if not self._by_topic[topic]:
                    del self._by_topic[topic]

    def take(self, records: Sequence[Record], hall: Hall) -> None:
        """Wake the pages that durable records concern; ``hall`` is the state after them."""
        if not self._by_topic:
            return
        touched = {topic for record in records for topic in _topics(record, hall)}
        for topic in touched:
            for watcher in self._by_topic.get(topic, ()):
                watcher.wake(topic)


def _topics(record: Record, hall: Hall) -> Iterator[str]:
    """Name what an event concerns: ticket, its queue and window, the event's own window."""
    event = record.event
    if isinstance(event, DayStarted | PlanChanged):
        yield EVERYTHING
        return
    if (window := getattr(event, "window", None)) is not None:
        yield f"window:{window}"
    name = getattr(event, "ticket", None)
    if name is None:
        return
    yield f"ticket:{name}"
    ticket = hall.tickets.get(name)
    if ticket is not None:
        yield f"queue:{ticket.queue}"
        if ticket.window:
            yield f"window:{ticket.window}"
