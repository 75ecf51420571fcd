"""The log as a stream: clients read forward from any number, without gap or repetition.

The newest records lie encoded in one ring for all clients. A client is only a number, the last
it has sent: within the ring it reads memory, behind it the log. So a slow client costs nothing
but its own socket, nothing is queued for it, and the hand-over from log to live cannot lose or
repeat an event.
"""

import asyncio
from collections import deque
from collections.abc import Sequence
from typing import Any, Final, Protocol

import msgspec

from paihao_hall.events import NoteAdded, PlanChanged, Record, TicketIssued, TicketTransferred

RING: Final = 2048
"""Records kept in memory; a client further behind reads the log."""

PAGE: Final = 500
"""Records read from the log, or sent, at once."""

_ENCODER: Final = msgspec.json.Encoder()


class Log(Protocol):
    """The part of the event log that streams read."""

    @property
    def last_seq(self) -> int:
        """Number of the last durable record."""
        ...

    async def read(self, after_seq: int, limit: int = 1000) -> list[Record]:
        """Return records after a number, in order."""
        ...


class PublicPlanChange(msgspec.Struct, frozen=True, tag_field="type", tag="PlanChanged"):
    """A change of plan as the stream tells it: ``GET /hall`` has the plan itself."""

    at: Any
    revision: str


class PublicRecord(msgspec.Struct, frozen=True):
    """A record as the stream tells it."""

    seq: int
    command: str
    actor: str
    event: Any


def public(record: Record) -> PublicRecord:
    """Return the record without phone keys, staff notes and whole plans."""
    event: Any = record.event
    match event:
        case TicketIssued():
            event = msgspec.structs.replace(event, token="")
        case NoteAdded():
            event = msgspec.structs.replace(event, text="")
        case TicketTransferred(note=note) if note:
            event = msgspec.structs.replace(event, note="")
        case PlanChanged():
            event = PublicPlanChange(event.at, event.plan.revision)
        case _:
            pass
    return PublicRecord(record.seq, record.command, record.actor, event)


def frame(record: Record) -> bytes:
    """Return a record as one server-sent event."""
    return b"id: %d\ndata: %b\n\n" % (record.seq, _ENCODER.encode(public(record)))


class Feed:
    """Durable records for any number of readers."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._ring: deque[Record] = deque(maxlen=RING)
        self._frames: dict[int, bytes] = {}
        self._last = log.last_seq
        self._news = asyncio.Event()
        self.readers = 0

    @property
    def last_seq(self) -> int:
        """Number of the last durable record."""
        return self._last

    def take(self, records: Sequence[Record]) -> None:
        """Take new durable records, in log order."""
        if not records:
            return
        for record in records:
            if len(self._ring) == self._ring.maxlen:
                self._frames.pop(self._ring[0].seq, None)
            self._ring.append(record)
        self._last = records[-1].seq
        self._news.set()
        self._news = asyncio.Event()

    async def news(self) -> None:
        """Wait until records come."""
        await self._news.wait()

    async def after(self, seq: int) -> list[tuple[int, bytes]]:
        """Return up to `PAGE` events after a number as (number, frame); none when up to date."""
        if seq >= self._last:
            return []
        oldest = self._ring[0].seq if self._ring else self._last + 1
        if seq + 1 < oldest:
            return [(r.seq, frame(r)) for r in await self._log.read(seq, PAGE)]
        start = seq + 1 - oldest
        end = min(start + PAGE, len(self._ring))
        return [(r.seq, self._frame(r)) for r in (self._ring[i] for i in range(start, end))]

    def _frame(self, record: Record) -> bytes:
        """Encode a record once for all readers, and not at all when nobody reads."""
        found = self._frames.get(record.seq)
        if found is None:
            found = self._frames[record.seq] = frame(record)
        return found
