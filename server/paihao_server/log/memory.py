"""The log in memory: for tests and virtual time; can be told to fail a commit."""

from collections.abc import Awaitable, Callable, Sequence

from paihao_hall.events import DayStarted, PlanChanged, Record
from paihao_server.log.interface import Checkpoint, LogFailedError


class MemoryLog:
    """An `EventLog` that keeps its records in a list.

    Attributes:
        records: the durable ones; give the same list to a new log to "restart".
        delay: awaited before each commit, to let virtual time pass.
        fail_next: the next commit fails and writes nothing.
    """

    def __init__(
        self,
        records: list[Record] | None = None,
        delay: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        self.records: list[Record] = [] if records is None else records
        self.delay = delay
        self.fail_next = False

    @property
    def last_seq(self) -> int:
        """Number of the last durable record; 0 when empty."""
        return len(self.records)

    async def append(self, expected_seq: int, records: Sequence[Record]) -> int:
        """Keep the records; see `EventLog.append`."""
        if self.delay is not None:
            await self.delay()
        if self.fail_next:
            self.fail_next = False
            raise LogFailedError("the disk is full, as the test asked")
        if expected_seq != len(self.records):
            raise LogFailedError(f"expected event {expected_seq}, found {len(self.records)}")
        self.records.extend(records)
        return len(self.records)

    async def read(self, after_seq: int, limit: int = 1000) -> list[Record]:
        """Return records after a number; see `EventLog.read`."""
        return self.records[after_seq : after_seq + limit]

    async def checkpoint(self) -> Checkpoint:
        """Return where a replay begins; see `EventLog.checkpoint`."""
        days = [r.seq for r in self.records if isinstance(r.event, DayStarted)]
        if len(days) < 2:
            return Checkpoint(0, None)
        after_seq = days[-2] - 1
        plans = [r for r in self.records[:after_seq] if isinstance(r.event, PlanChanged)]
        return Checkpoint(after_seq, plans[-1])

    async def close(self) -> None:
        """Keep everything."""
