"""The hash chain of the log.

    hash(n) = SHA-256( hash(n-1) | line(n) ),   hash(0) = 32 zero bytes

``line`` is the UTF-8 JSON array ``[seq, command, actor, event]`` exactly as it was written, so a
changed, missing or inserted event breaks the chain at its place. Without changing every later
hash nobody can alter the past, and the head hash on a slip of paper proves the whole day.
"""

import hashlib
from typing import Final

import msgspec

from paihao_hall.events import Record

GENESIS: Final = bytes(32)

_ENCODER: Final = msgspec.json.Encoder()


class Line(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """What is hashed of a record; ``event`` is its JSON as stored."""

    seq: int
    command: str
    actor: str
    event: msgspec.Raw


def encode_event(record: Record) -> bytes:
    """Return the JSON of the record's event as it is stored."""
    return _ENCODER.encode(record.event)


def link(before: bytes, seq: int, command: str, actor: str, event: bytes) -> bytes:
    """Return the hash of an event after the hash of the one before."""
    line = _ENCODER.encode(Line(seq, command, actor, msgspec.Raw(event)))
    return hashlib.sha256(before + line).digest()
