"""QoS 1 towards one client of the embedded broker: what it was sent, and what waits for it.

amqtt forgets a message of QoS 1 when its acknowledgement takes 5 s or the connection is lost.
Here it stays until it is acknowledged and is sent again after a reconnect, in order.
"""

from collections import OrderedDict, deque
from typing import Final, Protocol

from paihao_server.broker.wire import publish_packet

WINDOW: Final = 100
"""Messages sent and not acknowledged, as in the Mosquitto configuration we write."""

ROOM: Final = 2_000
"""Messages that may wait; a client that lets more of them wait is dropped and starts anew."""

UNSENT_BYTES: Final = 1_000_000
"""Bytes that may wait in a socket that the client does not read."""

_LAST_PACKET_ID: Final = 65_535

_Waiting = tuple[bytes, bytes, bool]


class Pipe(Protocol):
    """The way to a connected client."""

    @property
    def unsent_bytes(self) -> int:
        """How much the client has not taken yet."""
        ...

    def write(self, data: bytes) -> None:
        """Send bytes, without waiting."""
        ...


class Delivery:
    """The messages of one session; outlives its connections."""

    def __init__(self) -> None:
        self._pipe: Pipe | None = None
        self._in_flight: OrderedDict[int, _Waiting] = OrderedDict()
        self._waiting: deque[_Waiting] = deque()
        self._packet_id = 0
        self.overflowed = False

    def begin(self, pipe: Pipe) -> None:
        """A connection is there: send again what it never acknowledged, then what waits."""
        self._pipe = pipe
        for packet_id, (path, body, retain) in self._in_flight.items():
            pipe.write(
                publish_packet(path, body, qos=1, retain=retain, dup=True, packet_id=packet_id)
            )
        self.go_on()

    def end(self) -> None:
        """The connection is lost; messages wait."""
        self._pipe = None

    def send(self, path: bytes, body: bytes, *, qos: int, retain: bool) -> None:
        """Send a message, or let it wait if it has QoS 1; one of QoS 0 may be lost."""
        pipe = self._pipe
        if qos == 0:
            if pipe is not None and pipe.unsent_bytes < UNSENT_BYTES:
                pipe.write(publish_packet(path, body, qos=0, retain=retain))
            return
        if len(self._waiting) >= ROOM:
            self.overflowed = True
            return
        self._waiting.append((path, body, retain))
        self.go_on()

    def acknowledged(self, packet_id: int) -> None:
        """The client has a message; one it never got is no harm."""
        self._in_flight.pop(packet_id, None)
        self.go_on()

    def go_on(self) -> None:
        """Send what waits, as far as the client takes it."""
        pipe = self._pipe
        if pipe is None:
            return
        while self._waiting and len(self._in_flight) < WINDOW and pipe.unsent_bytes < UNSENT_BYTES:
            message = self._waiting.popleft()
            packet_id = self._next_packet_id()
            self._in_flight[packet_id] = message
            path, body, retain = message
            pipe.write(publish_packet(path, body, qos=1, retain=retain, packet_id=packet_id))

    def _next_packet_id(self) -> int:
        while True:
            self._packet_id = self._packet_id % _LAST_PACKET_ID + 1
            if self._packet_id not in self._in_flight:
                return self._packet_id
