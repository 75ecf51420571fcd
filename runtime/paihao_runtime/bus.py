"""The bus as every part sees it: publish, subscribe, and what happens when it goes away.

Delivery is at least once for QoS 1 and at most once for QoS 0; a handler may be called twice
with the same message and must not mind. Messages of one sender on one topic keep their order;
messages on different topics may overtake each other.

Handlers and callbacks are plain functions that run on the event loop and return quickly. One
that raises is a programming fault: it ends `Bus.run`, and the process's supervisor logs it.
"""

import logging
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, Protocol, TypeVar

import msgspec

from paihao_hall.contract import PayloadError, Topic

log = logging.getLogger(__name__)

P = TypeVar("P", bound=msgspec.Struct)

Qos = Literal[0, 1]


@dataclass(frozen=True, slots=True)
class Message:
    """A message as it came in; ``retained`` when it was kept for whoever subscribes later."""

    path: str
    body: bytes
    retained: bool = False


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message on its way out."""

    path: str
    body: bytes
    qos: Qos
    retain: bool


Handler = Callable[[Message], None]
Callback = Callable[[], None]


class Bus(Protocol):
    """A connection to the hall's broker that is there, or is coming back."""

    @property
    def connected(self) -> bool:
        """Whether the broker has let us in and granted our subscriptions."""
        ...

    def publish(self, path: str, body: bytes, *, qos: Qos, retain: bool) -> None:
        """Hand over a message; never waits.

        A retained message that is still waiting is replaced by a newer one on the same path.
        One of QoS 0 that is not retained is dropped while there is no connection: it is about now.
        When too much is waiting, the oldest messages that are not retained are dropped, and
        that is counted and logged: who needs an answer asks again.
        """
        ...

    def subscribe(self, topic_filter: str, handler: Handler, qos: Qos = 1) -> None:
        """Have ``handler`` called for each message that fits, from now and after reconnects."""
        ...

    def on_connect(self, callback: Callback) -> None:
        """Have ``callback`` called after each connection: the time to publish snapshots."""
        ...

    def on_disconnect(self, callback: Callback) -> None:
        """Have ``callback`` called each time a connection is lost."""
        ...

    async def run(self) -> None:
        """Connect, deliver and reconnect until cancelled; start this once, in a task group."""
        ...

    async def drain(self, timeout_s: float) -> bool:
        """Wait until all that was published has arrived at the broker.

        Returns:
            Whether it did within ``timeout_s`` seconds.
        """
        ...


@dataclass(frozen=True, slots=True)
class Will:
    """What the broker says in our name when we are gone without a word.

    A bus that is stopped on purpose says it itself before it leaves.
    """

    path: str
    body: bytes
    qos: Qos
    retain: bool


@dataclass(slots=True)
class Faults:
    """Counts what came in broken, by topic template; shown in the metrics."""

    counts: Counter[str] = field(default_factory=Counter)

    def broken_payload(self, error: PayloadError, path: str, body: bytes) -> None:
        """Count and log a payload that does not fit its topic."""
        self.counts[error.topic] += 1
        log.warning("broken payload on %s: %s: %.80r", path, error, body)

    @property
    def total(self) -> int:
        """How many messages could not be used."""
        return self.counts.total()


def send(bus: Bus, topic: Topic[P], payload: P, **ids: str) -> None:
    """Publish a payload on a topic of the contract.

    Args:
        bus: carries it.
        topic: of the contract; gives QoS and retain.
        payload: what to say.
        **ids: fill the places of the topic, such as ``hall="zhengzhou"``.
    """
    bus.publish(topic.path(**ids), topic.dump(payload), qos=topic.qos, retain=topic.retain)


def listen(
    bus: Bus,
    topic: Topic[P],
    handler: Callable[[P, dict[str, str]], None],
    faults: Faults,
    **ids: str,
) -> None:
    """Subscribe to a topic of the contract.

    Args:
        bus: to subscribe on.
        topic: of the contract; gives the QoS.
        handler: called with each payload and the ids in its path.
        faults: counts payloads that do not fit; they never reach the handler.
        **ids: narrow the subscription; places without a value match any id.
    """

    def receive(message: Message) -> None:
        found = topic.match(message.path)
        if found is None:
            # The filter asks for one level; an id that is not one of ours is no message for us.
            faults.broken_payload(
                PayloadError(topic.template, "an id of the path is not a topic id"),
                message.path,
                message.body,
            )
            return
        if not message.body:
            return  # A retained message was cleared; there is nothing to show.
        try:
            payload = topic.load(message.body)
        except PayloadError as error:
            faults.broken_payload(error, message.path, message.body)
            return
        handler(payload, found)

    bus.subscribe(topic.filter(**ids), receive, topic.qos)
