"""The MQTT 3.1.1 packets that come by the thousand, as bytes: PUBLISH and PUBACK.

A packet is one byte of kind and flags, its length in digits of base 128 (lowest first, bit 7 says
that more follow), and that many bytes. Source: OASIS MQTT Version 3.1.1, 2014, chapters 2 and 3.
"""

from dataclasses import dataclass
from typing import Final

PUBLISH: Final = 3
PUBACK: Final = 4
SUBSCRIBE: Final = 8
UNSUBSCRIBE: Final = 10
PINGREQ: Final = 12
DISCONNECT: Final = 14

PING_ANSWER: Final = b"\xd0\x00"
MAX_PACKET_BYTES: Final = 1_048_576
"""The catalogue of the largest sample hall is a fifth of it."""

_LENGTH_DIGITS: Final = 4


class MalformedError(Exception):
    """The bytes are no MQTT; the standard wants the connection closed."""


@dataclass(frozen=True, slots=True)
class Publication:
    """What a PUBLISH says; ``packet_id`` is 0 for QoS 0."""

    path: str
    body: bytes
    qos: int
    retain: bool
    packet_id: int


def split(buffer: bytearray) -> list[tuple[int, bytes]]:
    """Take the complete packets off the front of the buffer.

    Args:
        buffer: received bytes; an incomplete packet stays in it.

    Returns:
        First byte and rest of each packet.

    Raises:
        MalformedError: a length has too many digits or is above `MAX_PACKET_BYTES`.
    """
    packets: list[tuple[int, bytes]] = []
    start, end = 0, len(buffer)
    while end - start >= 2:
        head = _body_start(buffer, start)
        if head is None:
            break
        body_start, length = head
        if body_start + length > end:
            break
        packets.append((buffer[start], bytes(buffer[body_start : body_start + length])))
        start = body_start + length
    del buffer[:start]
    return packets


def read_publish(flags: int, rest: bytes) -> Publication:
    """Read a PUBLISH.

    Raises:
        MalformedError: it is cut off, not UTF-8, has QoS 3, or a topic that cannot be one.
    """
    qos = flags >> 1 & 3
    path_end = 2 + int.from_bytes(rest[:2])
    body_start = path_end + (2 if qos else 0)
    if qos == 3 or body_start > len(rest):
        raise MalformedError("a PUBLISH is cut off or has QoS 3")
    try:
        path = rest[2:path_end].decode()
    except UnicodeDecodeError as error:
        raise MalformedError("a topic is not UTF-8") from error
    if not path or "+" in path or "#" in path or "\0" in path:
        raise MalformedError(f"{path!r} is no topic to publish on")
    packet_id = int.from_bytes(rest[path_end:body_start])
    if qos and not packet_id:
        raise MalformedError("a PUBLISH has packet id 0")
    return Publication(path, rest[body_start:], qos, bool(flags & 1), packet_id)


def publish_packet(
    path: bytes, body: bytes, *, qos: int, retain: bool, dup: bool = False, packet_id: int = 0
) -> bytes:
    """Return a PUBLISH; ``path`` is UTF-8 already."""
    first = PUBLISH << 4 | dup << 3 | qos << 1 | retain
    number = packet_id.to_bytes(2) if qos else b""
    length = 2 + len(path) + len(number) + len(body)
    head = bytes((first, *_digits(length)))
    return b"".join((head, len(path).to_bytes(2), path, number, body))


def puback_packet(packet_id: int) -> bytes:
    """Return a PUBACK."""
    return b"\x40\x02" + packet_id.to_bytes(2)


def _body_start(buffer: bytearray, start: int) -> tuple[int, int] | None:
    """Return where the rest of the packet begins and its length, or None to wait for more."""
    length = 0
    for place in range(_LENGTH_DIGITS):
        at = start + 1 + place
        if at >= len(buffer):
            return None
        digit = buffer[at]
        length |= (digit & 0x7F) << 7 * place
        if not digit & 0x80:
            if length > MAX_PACKET_BYTES:
                raise MalformedError(f"a packet has {length} bytes")
            return at + 1, length
    raise MalformedError("a length has more than four digits")


def _digits(length: int) -> list[int]:
    digits = []
    while length > 0x7F:
        digits.append(length & 0x7F | 0x80)
        length >>= 7
    return [*digits, length]
