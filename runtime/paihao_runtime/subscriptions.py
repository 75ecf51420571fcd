"""Which handlers of a bus want which message."""

from typing import Final

from paihao_hall.access import covers
from paihao_runtime.bus import Handler, Message, Qos

_REMEMBERED_PATHS: Final = 10_000


class Subscriptions:
    """The subscriptions of one bus, in the order they were made."""

    def __init__(self) -> None:
        self._all: list[tuple[str, Handler, Qos]] = []
        self._by_path: dict[str, tuple[Handler, ...]] = {}

    @property
    def filters(self) -> dict[str, Qos]:
        """Each filter once, with the highest QoS asked for it."""
        highest: dict[str, Qos] = {}
        for topic_filter, _, qos in self._all:
            highest[topic_filter] = max(qos, highest.get(topic_filter, 0))
        return highest

    def add(self, topic_filter: str, handler: Handler, qos: Qos) -> None:
        """Add a subscription."""
        self._all.append((topic_filter, handler, qos))
        self._by_path.clear()

    def wants(self, path: str) -> bool:
        """Return whether any handler wants messages on this topic."""
        return bool(self._handlers(path))

    def handle(self, message: Message) -> None:
        """Call every handler whose filter fits, once for each of its subscriptions."""
        for handler in self._handlers(message.path):
            handler(message)

    def _handlers(self, path: str) -> tuple[Handler, ...]:
        handlers = self._by_path.get(path)
        if handlers is None:
            handlers = tuple(h for f, h, _ in self._all if covers(f, path))
            # Whoever may invent topics must not fill our memory with them.
            if len(self._by_path) < _REMEMBERED_PATHS:
                self._by_path[path] = handlers
        return handlers
