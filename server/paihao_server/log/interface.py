"""What the dispatcher asks of a log, whatever stands behind it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from paihao_hall.events import Record


class LogError(Exception):
    """The log could not do it; the message says what happened and what to do."""


class LogFailedError(LogError):
    """A commit failed, for example on a full disk. The process must stop and recover."""


class LogBrokenError(LogError):
    """The stored log is not what was written.

    Attributes:
        seq: the first event that does not fit.
    """

    def __init__(self, seq: int, problem: str) -> None:
        super().__init__(f"event {seq}: {problem}")
        self.seq = seq


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Where a replay may begin: a hall day starts empty but for its plan.

    Attributes:
        after_seq: replay the records after this one; 0 replays everything.
        plan: the plan in force there, None with ``after_seq`` 0.
    """

    after_seq: int
    plan: Record | None


class EventLog(Protocol):
    """An append-only list of records, numbered from 1 without gaps."""

    @property
    def last_seq(self) -> int:
        """Number of the last durable record; 0 when empty."""
        ...

    async def append(self, expected_seq: int, records: Sequence[Record]) -> int:
        """Make records durable, all or none.

        Args:
            expected_seq: number of the last record before these; fences a second writer.
            records: in order, the first numbered ``expected_seq + 1``.

        Returns:
            Number of the last record.

        Raises:
            LogFailedError: nothing was written; do not go on with this state.
        """
        ...

    async def read(self, after_seq: int, limit: int = 1000) -> list[Record]:
        """Return at most ``limit`` records after a number, in order.

        Raises:
            LogBrokenError: a stored event cannot be read.
        """
        ...

    async def checkpoint(self) -> Checkpoint:
        """Return where a replay must begin to know today and yesterday."""
        ...

    async def close(self) -> None:
        """Finish what is under way and let go of the storage."""
        ...
