"""A bare MQTT 3.1.1 client for tests: says exactly what it is told to, right or wrong.

It shares no code with the project's client or broker, so that it can find their faults.
"""

import asyncio
import struct
from dataclasses import dataclass
from typing import Final

CONNECT: Final = 1
CONNACK: Final = 2
PUBLISH: Final = 3
PUBACK: Final = 4
SUBSCRIBE: Final = 8
SUBACK: Final = 9
PINGREQ: Final = 12
PINGRESP: Final = 13
DISCONNECT: Final = 14

PATIENCE_S: Final = 5.0
"""How long an answer may take; only a failing test waits for it."""


RawWill = tuple[str, bytes, bool]
"""Topic, body and retain of a last will, which is sent with QoS 1."""


class ConnectionGoneError(Exception):
    """The broker closed the connection."""


@dataclass(frozen=True, slots=True)
class Publication:
    """A PUBLISH as it came in."""

    path: str
    body: bytes
    qos: int
    retain: bool
    dup: bool
    packet_id: int


class RawClient:
    """One connection to a broker on loopback."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer
        self.got: list[Publication] = []
        self.acknowledged: list[int] = []
        self.acknowledges = True
        self._packet_id = 0

    @classmethod
    async def open(cls, port: int) -> "RawClient":
        return cls(*await asyncio.open_connection("127.0.0.1", port))

    async def connect(
        self,
        client_id: str,
        login: tuple[str, str] | None,
        *,
        clean: bool = True,
        keep_alive_s: int = 60,
        will: RawWill | None = None,
    ) -> tuple[bool, int]:
        """Log in and return (session present, return code)."""
        flags = 2 if clean else 0
        tail = text(client_id)
        if will is not None:
            path, body, retain = will
            flags |= 0x04 | 0x08 | (0x20 if retain else 0)
            tail += text(path) + struct.pack("!H", len(body)) + body
        if login is not None:
            flags |= 0xC0
            tail += text(login[0]) + text(login[1])
        self.send(
            packet(CONNECT, 0, text("MQTT") + bytes((4, flags)) + keep_alive_s.to_bytes(2) + tail)
        )
        kind, _, answer = await self.receive()
        assert kind == CONNACK
        return bool(answer[0]), answer[1]

    async def subscribe(self, *filters: str, qos: int = 1) -> list[int]:
        """Subscribe and return the return codes; what arrives before the SUBACK is kept."""
        wanted = b"".join(text(f) + bytes((qos,)) for f in filters)
        self.send(packet(SUBSCRIBE, 2, self._next_id() + wanted))
        while True:
            kind, flags, body = await self.receive()
            if kind == SUBACK:
                return list(body[2:])
            self._note(kind, flags, body)

    def publish(
        self, path: str, body: bytes, *, qos: int = 1, retain: bool = False, dup: bool = False
    ) -> int:
        """Send a message and return its packet id."""
        head = text(path) + (self._next_id() if qos else b"")
        self.send(packet(PUBLISH, dup << 3 | qos << 1 | retain, head + body))
        return self._packet_id

    async def publish_and_wait(self, path: str, body: bytes, *, retain: bool = False) -> None:
        """Send a message with QoS 1 and wait until the broker has it."""
        packet_id = self.publish(path, body, retain=retain)
        while packet_id not in self.acknowledged:
            self._note(*await self.receive())

    async def ping(self) -> None:
        """Wait until the broker answers; it has then read all that was sent before."""
        self.send(packet(PINGREQ, 0, b""))
        while True:
            kind, flags, body = await self.receive()
            if kind == PINGRESP:
                return
            self._note(kind, flags, body)

    async def expect(self, count: int, within_s: float = PATIENCE_S) -> list[Publication]:
        """Receive until ``count`` messages have come in all; return them all."""
        async with asyncio.timeout(within_s):
            while len(self.got) < count:
                self._note(*await self.receive(within_s))
        return self.got

    async def take_one(self) -> None:
        """Receive one packet, whatever it is."""
        self._note(*await self.receive())

    async def closed(self, within_s: float = PATIENCE_S) -> bool:
        """Return whether the broker closes the connection within that time."""
        try:
            async with asyncio.timeout(within_s):
                while True:
                    self._note(*await self.receive(within_s))
        except ConnectionGoneError:
            return True
        except TimeoutError:
            return False

    async def leave(self) -> None:
        """Disconnect as the standard wants it."""
        self.send(packet(DISCONNECT, 0, b""))
        await self.close()

    async def close(self) -> None:
        """Close the connection without a word."""
        self.writer.close()
        try:
            await self.writer.wait_closed()
        except ConnectionError:
            return  # The broker was faster.

    def send(self, data: bytes) -> None:
        """Send these very bytes."""
        self.writer.write(data)

    async def receive(self, within_s: float = PATIENCE_S) -> tuple[int, int, bytes]:
        """Return the next packet as (type, flags, rest)."""
        try:
            async with asyncio.timeout(within_s):
                first = (await self.reader.readexactly(1))[0]
                length, shift = 0, 0
                while True:
                    digit = (await self.reader.readexactly(1))[0]
                    length |= (digit & 0x7F) << shift
                    shift += 7
                    if not digit & 0x80:
                        break
                return first >> 4, first & 15, await self.reader.readexactly(length)
        except (asyncio.IncompleteReadError, ConnectionError) as error:
            raise ConnectionGoneError from error

    def _note(self, kind: int, flags: int, body: bytes) -> None:
        if kind == PUBACK:
            self.acknowledged.append(int.from_bytes(body))
        elif kind == PUBLISH:
            self._note_publication(flags, body)

    def _note_publication(self, flags: int, body: bytes) -> None:
        qos = flags >> 1 & 3
        end = 2 + int.from_bytes(body[:2])
        path = body[2:end].decode()
        packet_id = int.from_bytes(body[end : end + 2]) if qos else 0
        rest = body[end + 2 :] if qos else body[end:]
        self.got.append(Publication(path, rest, qos, bool(flags & 1), bool(flags & 8), packet_id))
        if qos and self.acknowledges:
            self.send(packet(PUBACK, 0, packet_id.to_bytes(2)))

    def _next_id(self) -> bytes:
        self._packet_id = self._packet_id % 65535 + 1
        return self._packet_id.to_bytes(2)


def packet(kind: int, flags: int, rest: bytes) -> bytes:
    """Return the bytes of a control packet."""
    length, digits = len(rest), bytearray()
    while True:
        length, digit = divmod(length, 128)
        digits.append(digit | (0x80 if length else 0))
        if not length:
            break
    return bytes((kind << 4 | flags,)) + bytes(digits) + rest


def text(value: str) -> bytes:
    """Return a string as MQTT writes it: its length, then UTF-8."""
    raw = value.encode()
    return len(raw).to_bytes(2) + raw
