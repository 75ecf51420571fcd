"""A broker and its clients inside one process, with faults on demand.

Behaves as a real broker does towards `Bus`: retained messages, QoS 1 at least once with
persistent sessions, last will, access rights, take-over. It uses only timers of the running event
loop and a `Random` that is handed in, so that in virtual time the same seed gives the same run.

Each hop (sender to broker, broker to reader) takes a random time. Messages of one sender on one
topic stay in order, because each (link, topic) is a lane: its timers release the lane's oldest
message, whichever timer fires first.
"""

import asyncio
import itertools
import logging
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from random import Random
from typing import Final

from paihao_hall.access import covers
from paihao_runtime.backoff import Backoff
from paihao_runtime.bus import Callback, Handler, Message, Outgoing, Qos, Will
from paihao_runtime.outbox import Outbox
from paihao_runtime.rights import Rights
from paihao_runtime.subscriptions import Subscriptions

log = logging.getLogger(__name__)

SESSION_ROOM: Final = 2_000
"""Messages kept for a client that is away, as in the Mosquitto configuration we write."""

WINDOW: Final = 20
"""Messages of QoS 1 that a client has on their way at once."""


@dataclass(frozen=True, slots=True)
class BusFaults:
    """How badly the network behaves; the default is a quick and faultless one.

    Attributes:
        delay_s: least and greatest time of one hop, in seconds.
        duplicate: chance that a message of QoS 1 arrives twice, per hop.
        drop: chance that a message of QoS 0 is lost, per hop.
        will_delay_s: time until the broker notices that a silent client has died.
    """

    delay_s: tuple[float, float] = (0.0005, 0.001)
    duplicate: float = 0.0
    drop: float = 0.0
    will_delay_s: float = 15.0


class MemoryBroker:
    """The broker; make one `MemoryBus` for each client.

    Attributes:
        faults: may be replaced at any time.
        refused: counts what the access rights forbade, by client id.
        up: whether it accepts connections; see `stop` and `start`.
    """

    def __init__(self, random: Random, faults: BusFaults | None = None) -> None:
        self.random = random
        self.faults = faults or BusFaults()
        self.refused: Counter[str] = Counter()
        self.up = True
        self._retained: dict[str, tuple[bytes, Qos]] = {}
        self._sessions: dict[str, _Session] = {}
        self._readers: dict[str, list[tuple[_Session, Qos]]] = {}

    @property
    def retained(self) -> dict[str, bytes]:
        """The retained messages, by topic."""
        return {path: body for path, (body, _) in self._retained.items()}

    def stop(self, *, forget: bool) -> None:
        """Stop the broker: all connections are lost and no will is said.

        Args:
            forget: whether sessions and retained messages are lost with it, as those of the
                embedded broker are when the server dies.
        """
        self.up = False
        for session in self._sessions.values():
            if session.bus is not None:
                session.bus.lose_connection()
            session.cancel_will()
        if forget:
            self._sessions.clear()
            self._retained.clear()
            self._readers.clear()

    def start(self) -> None:
        """Accept connections again."""
        self.up = True

    def attach(self, bus: "MemoryBus") -> None:
        """Let a client in; an older connection of the same client id ends, and its will is said."""
        session = self._sessions.get(bus.client_id)
        if session is not None:
            if session.bus is not None:
                session.bus.lose_connection()
            if session.will_timer is not None:
                session.cancel_will()
                self._say_will(session)
        if session is None or not bus.persistent:
            session = _Session(bus.client_id, bus.rights)
            self._sessions[bus.client_id] = session
            self._readers.clear()
        session.bus = bus
        session.will = bus.will

    def detach(self, client_id: str, *, clean: bool) -> None:
        """Note that a client has gone; unless it left cleanly its will follows some time later."""
        session = self._sessions.get(client_id)
        if session is None:
            return
        session.bus = None
        if session.will is not None and not clean and self.up:
            session.will_timer = asyncio.get_running_loop().call_later(
                self.faults.will_delay_s, self._say_will, session
            )

    def subscribe(self, bus: "MemoryBus", topic_filter: str, qos: Qos) -> None:
        """Add a subscription and send the retained messages that fit it."""
        if not bus.rights.allow_reading(topic_filter):
            self._refuse(bus.client_id, topic_filter)
            return
        session = self._sessions[bus.client_id]
        session.filters[topic_filter] = qos
        self._readers.clear()
        for path, (body, stored_qos) in self._retained.items():
            if covers(topic_filter, path):
                bus.arrive(Outgoing(path, body, _lesser(qos, stored_qos), retain=True))

    def receive(self, client_id: str, rights: Rights, message: Outgoing) -> None:
        """Take a message from a client, keep it if it is to be retained, and pass it on."""
        if not rights.allow_sending(message.path):
            self._refuse(client_id, message.path)
            return
        if message.retain and message.body:
            self._retained[message.path] = (message.body, message.qos)
        elif message.retain:
            self._retained.pop(message.path, None)
        for session, qos in self._who_reads(message.path):
            lesser = _lesser(qos, message.qos)
            copy = Outgoing(message.path, message.body, lesser, retain=False)
            if session.bus is not None:
                session.bus.arrive(copy)
            elif copy.qos and len(session.missed) < SESSION_ROOM:
                session.missed.append(copy)

    def send_missed(self, bus: "MemoryBus") -> None:
        """Send what waited for a client that was away."""
        session = self._sessions[bus.client_id]
        missed, session.missed = session.missed, []
        for message in missed:
            bus.arrive(message)

    def keep(self, client_id: str, messages: list[Outgoing]) -> None:
        """Keep messages that were on their way to a client when its connection was lost."""
        session = self._sessions.get(client_id)
        if session is not None:
            session.missed[:0] = messages

    def _who_reads(self, path: str) -> list[tuple["_Session", Qos]]:
        readers = self._readers.get(path)
        if readers is None:
            readers = [
                (session, max(granted))
                for session in self._sessions.values()
                if (granted := [q for f, q in session.filters.items() if covers(f, path)])
            ]
            self._readers[path] = readers
        return readers

    def _refuse(self, client_id: str, wanted: str) -> None:
        self.refused[client_id] += 1
        log.warning("%s has no right to %s", client_id, wanted)

    def _say_will(self, session: "_Session") -> None:
        session.will_timer = None
        will, session.will = session.will, None
        if will is not None:
            message = Outgoing(will.path, will.body, will.qos, will.retain)
            self.receive(session.client_id, session.rights, message)


@dataclass(slots=True)
class _Session:
    """What the broker knows of a client id; `will_timer` runs while its loss is not noticed."""

    client_id: str
    rights: Rights
    bus: "MemoryBus | None" = None
    will: Will | None = None
    will_timer: asyncio.TimerHandle | None = None
    filters: dict[str, Qos] = field(default_factory=dict)
    missed: list[Outgoing] = field(default_factory=list)

    def cancel_will(self) -> None:
        if self.will_timer is not None:
            self.will_timer.cancel()
            self.will_timer = None


class MemoryBus:
    """A client of a `MemoryBroker`; implements `Bus`."""

    def __init__(
        self,
        broker: MemoryBroker,
        client_id: str,
        rights: Rights,
        *,
        will: Will | None = None,
        persistent: bool = True,
    ) -> None:
        self.client_id = client_id
        self.rights = rights
        self.will = will
        self.persistent = persistent
        self._broker = broker
        self._outbox = Outbox()
        self._outbox.when_filled(self._send_waiting)
        self._subscriptions = Subscriptions()
        self._on_connect: list[Callback] = []
        self._on_disconnect: list[Callback] = []
        self._connected = False
        self._lanes: dict[tuple[str, str], deque[Callable[[], None]]] = {}
        self._unhandled: dict[int, Outgoing] = {}
        self._inbox: deque[tuple[int, Outgoing]] = deque()
        self._news = asyncio.Event()
        self._numbers = itertools.count()

    @property
    def connected(self) -> bool:
        """Whether the broker has let us in and granted our subscriptions."""
        return self._connected

    def publish(self, path: str, body: bytes, *, qos: Qos, retain: bool) -> None:
        """Hand over a message; see `Bus.publish`."""
        if qos == 0 and not retain and not self._connected:
            return
        self._outbox.put(Outgoing(path, body, qos, retain))

    def subscribe(self, topic_filter: str, handler: Handler, qos: Qos = 1) -> None:
        """Have ``handler`` called for each message that fits; see `Bus.subscribe`."""
        self._subscriptions.add(topic_filter, handler, qos)
        if self._connected:
            self._broker.subscribe(self, topic_filter, qos)

    def on_connect(self, callback: Callback) -> None:
        """Have ``callback`` called after each connection."""
        self._on_connect.append(callback)

    def on_disconnect(self, callback: Callback) -> None:
        """Have ``callback`` called each time a connection is lost."""
        self._on_disconnect.append(callback)

    async def run(self) -> None:
        """Connect, deliver and reconnect until cancelled; see `Bus.run`.

        Cancelling it is the clean way to leave. To die without a word, see `kill`.
        """
        backoff = Backoff(self._broker.random)
        try:
            while True:
                await asyncio.sleep(self._hop_s())
                if self._broker.up:
                    backoff.reset()
                    self._connect()
                    await self._handle_until_lost()
                await asyncio.sleep(backoff.next_s())
        finally:
            self._leave()

    async def drain(self, timeout_s: float) -> bool:
        """Wait until all that was published has arrived at the broker; see `Bus.drain`."""
        return await self._outbox.emptied(timeout_s)

    def lose_connection(self) -> None:
        """Break the connection, as a pulled cable does; `run` comes back by itself."""
        if self._connected:
            self._disconnect(clean=False)

    def kill(self) -> None:
        """Die without a word: what has not arrived is lost, the broker says the will later.

        Cancel the task of `run` right after; this bus is of no more use.
        """
        self._on_disconnect.clear()
        self._outbox = Outbox()
        self.lose_connection()

    def arrive(self, message: Outgoing) -> None:
        """Take a message from the broker: it is handled after the time of a hop."""
        number = next(self._numbers)
        if message.qos:
            self._unhandled[number] = message
        elif self._lost():
            return
        self._send("in", message, lambda: self._take_in(number, message))

    def _connect(self) -> None:
        self._broker.attach(self)
        self._connected = True
        for topic_filter, qos in self._subscriptions.filters.items():
            self._broker.subscribe(self, topic_filter, qos)
        self._broker.send_missed(self)
        for callback in self._on_connect:
            callback()
        self._send_waiting()

    def _disconnect(self, *, clean: bool) -> None:
        self._connected = False
        for lane in self._lanes.values():
            lane.clear()
        self._lanes.clear()
        self._inbox.clear()
        self._outbox.take_back()
        self._broker.detach(self.client_id, clean=clean)
        unhandled, self._unhandled = self._unhandled, {}
        if self.persistent:
            self._broker.keep(self.client_id, list(unhandled.values()))
        self._news.set()
        for callback in self._on_disconnect:
            callback()

    def _leave(self) -> None:
        if not self._connected:
            return
        if self.will is not None:
            will = Outgoing(self.will.path, self.will.body, self.will.qos, self.will.retain)
            self._broker.receive(self.client_id, self.rights, will)
        self._disconnect(clean=True)

    async def _handle_until_lost(self) -> None:
        while self._connected:
            self._news.clear()
            while self._inbox:
                number, message = self._inbox.popleft()
                self._unhandled.pop(number, None)
                self._subscriptions.handle(Message(message.path, message.body, message.retain))
            await self._news.wait()

    def _take_in(self, number: int, message: Outgoing) -> None:
        self._inbox.append((number, message))
        self._news.set()

    def _send_waiting(self) -> None:
        while self._connected and self._outbox.in_flight < WINDOW:
            taken = self._outbox.take()
            if taken is None:
                return
            key, message = taken
            if message.qos or not self._lost():
                self._send("out", message, partial(self._reach_broker, key, message))

    def _reach_broker(self, key: int, message: Outgoing) -> None:
        self._broker.receive(self.client_id, self.rights, message)
        if message.qos:
            # It takes a hop too; lost with the connection, it means that we send again.
            self._send("ack", message, partial(self._acknowledged, key), may_double=False)

    def _acknowledged(self, key: int) -> None:
        self._outbox.done(key)
        self._send_waiting()

    def _send(
        self, link: str, message: Outgoing, then: Callable[[], None], *, may_double: bool = True
    ) -> None:
        lane = self._lanes.setdefault((link, message.path), deque())
        doubled = may_double and message.qos and self._chance(self._broker.faults.duplicate)
        for _ in range(2 if doubled else 1):
            lane.append(then)
            asyncio.get_running_loop().call_later(self._hop_s(), self._release, lane)

    def _release(self, lane: deque[Callable[[], None]]) -> None:
        # Empty when the connection was lost meanwhile.
        if lane:
            lane.popleft()()

    def _hop_s(self) -> float:
        return self._broker.random.uniform(*self._broker.faults.delay_s)

    def _lost(self) -> bool:
        return self._chance(self._broker.faults.drop)

    def _chance(self, probability: float) -> bool:
        return probability > 0 and self._broker.random.random() < probability


def _lesser(left: Qos, right: Qos) -> Qos:
    return 1 if left and right else 0
