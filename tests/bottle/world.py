"""What the bottle's parts share: the seed's chances, the trace, the durable log, and troubles.

Nobody in the bottle reads this to decide what to do in the hall; it is the view from outside that
lets the checks compare what the hall says with what really happened.
"""

import asyncio
import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random

from paihao_hall.events import DayStarted, Record, TicketCalled, TicketIssued, TicketRecalled


class BrokenPromiseError(AssertionError):
    """The hall did what it must never do; the message says what and when."""


@dataclass
class World:
    """One run of the bottle.

    Attributes:
        seed: gives every chance of the run.
        records: the durable log; survives every dispatcher.
        durable_at: loop time at which each record became durable, in log order.
        issued: ticket id -> the record of its issue.
        happened: how often each kind of fault and rare thing really happened.
        calm: from then on nothing breaks and nobody dawdles; the dust settles.
        on_durable: told of each commit, at the moment it is on the disk.
    """

    seed: int
    records: list[Record] = field(default_factory=list)
    durable_at: list[float] = field(default_factory=list)
    issued: dict[str, Record] = field(default_factory=dict)
    happened: Counter[str] = field(default_factory=Counter)
    calm: bool = False
    on_durable: list[Callable[[Sequence[Record]], None]] = field(default_factory=list)
    _troubled_s: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    _lines: int = 0
    _hash: "hashlib._Hash" = field(default_factory=hashlib.sha256)
    tail: list[str] = field(default_factory=list)

    def chance(self, name: str) -> Random:
        """Return a source of chance of this seed for one part, independent of all others."""
        return Random(f"{self.seed}:{name}")

    @property
    def now_s(self) -> float:
        """Seconds since the run began."""
        return asyncio.get_running_loop().time()

    def note(self, line: str) -> None:
        """Write a line of the trace; two runs of one seed have the same lines."""
        told = f"{self.now_s:10.4f} {line}"
        self._hash.update(told.encode())
        self._lines += 1
        self.tail.append(told)

    @property
    def trace_hash(self) -> str:
        """The hash of the whole trace."""
        return self._hash.hexdigest()

    def happens(self, what: str, detail: str = "") -> None:
        """Count a fault that really happened and note it."""
        self.happened[what] += 1
        self.note(f"-- {what} {detail}".rstrip())

    def trouble(self, *parts: str) -> None:
        """Note that these parts were disturbed just now."""
        for part in parts:
            self._troubled_s[part] = self.now_s

    def quiet_s(self, *parts: str) -> float:
        """Return for how long none of these parts was disturbed."""
        return self.now_s - max(self._troubled_s[part] for part in parts)

    def became_durable(self, records: Sequence[Record]) -> None:
        """Take the records of a commit, at the moment they are on the disk."""
        for record in records:
            self.durable_at.append(self.now_s)
            if isinstance(record.event, TicketIssued):
                self.issued[record.event.ticket] = record
            if isinstance(record.event, DayStarted) and self.issued:
                self.happened["hall day ended"] += 1
            self.note(f"log {record.seq} {type(record.event).__name__} {record.command}")
        for listener in self.on_durable:
            listener(records)

    def is_durable(self, record: Record) -> bool:
        """Return whether this very record is in the log."""
        return record.seq <= len(self.records) and self.records[record.seq - 1] == record

    def knows_call(self, seq: int, ticket: str, window: str) -> bool:
        """Return whether this call of a ticket to a window is in the log."""
        if seq > len(self.records):
            return False
        match self.records[seq - 1].event:
            case TicketCalled() | TicketRecalled() as call:
                return (call.ticket, call.window) == (ticket, window)
        return False


def promise(kept: bool, broken: str) -> None:
    """Raise unless a promise of the hall was kept.

    Raises:
        BrokenPromiseError: it was not.
    """
    if not kept:
        raise BrokenPromiseError(broken)
