"""What a speaker zone still has to say, and in which order: pure, without clock or sound.

`CallQueue` takes calls as they come, whole or doubled or late, and gives turns to speak:

* a call is spoken once, however often its message comes;
* calls are spoken in the order of the log, one turn after the other;
* a recall of a ticket whose call still waits takes the place of that call, with the newer window;
* when more than 20 s of speech wait, all that waits becomes one merged sentence;
* when even that would keep the last in line waiting over a minute, it is said once, not twice;
* notices are spoken when no call waits.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, TypeVar

from paihao_hall.contract import ZoneCall
from paihao_hall.plan import Text

V = TypeVar("V")

MERGE_OVER_S: Final = 20.0
"""Seconds of waiting speech above which it is merged into one sentence."""

ONCE_OVER_S: Final = 60.0
"""Seconds of merged speech above which it is not repeated."""

_REMEMBERED: Final = 20_000
"""Calls and tickets remembered, to know a repetition; more than a zone has in a day."""

Seconds = Callable[[Sequence[ZoneCall], int], float]
"""Returns how long a sentence with these calls takes, said that many times."""


@dataclass(frozen=True, slots=True)
class CallTurn:
    """One turn to speak.

    Attributes:
        calls: what to say, in call order.
        covered: calls that need no more speaking after this turn: those said and those that a
            recall in this turn replaced.
        times: how often to say the sentence.
    """

    calls: tuple[ZoneCall, ...]
    covered: tuple[ZoneCall, ...]
    times: int


@dataclass(frozen=True, slots=True)
class NoticeTurn:
    """A notice to be read out once."""

    text: Text


Turn = CallTurn | NoticeTurn


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A call in the line; ``place`` is the sequence number that says where it stands."""

    place: int
    call: ZoneCall
    replaced: tuple[ZoneCall, ...] = ()


@dataclass(slots=True)
class CallQueue:
    """The line of one speaker zone.

    Attributes:
        seconds: tells how long sentences take.
        times: how often each call is said.
        merge_over_s: see `MERGE_OVER_S`.
    """

    seconds: Seconds
    times: int = 2
    merge_over_s: float = MERGE_OVER_S
    _waiting: list[_Waiting] = field(default_factory=list)
    _notices: list[Text] = field(default_factory=list)
    _known: dict[str, None] = field(default_factory=dict)
    _newest: dict[str, int] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self._waiting) + len(self._notices)

    def knows(self, seq: int, ticket: str) -> bool:
        """Whether this call of the ticket, or a later one, was taken already."""
        return self._newest.get(ticket, -1) >= seq

    def add(self, call: ZoneCall) -> bool:
        """Take a call.

        Returns:
            False when there is nothing new to say: a repetition, or a call of a ticket of
            which a later call was taken already.
        """
        if call.id in self._known or self.knows(call.seq, call.ticket):
            return False
        _remember(self._known, call.id, None)
        _remember(self._newest, call.ticket, call.seq)
        for index, older in enumerate(self._waiting):
            if older.call.ticket == call.ticket:
                replaced = (*older.replaced, older.call)
                self._waiting[index] = replace(older, call=call, replaced=replaced)
                return True
        self._waiting.append(_Waiting(call.seq, call))
        self._waiting.sort(key=lambda waiting: waiting.place)
        return True

    def add_notice(self, text: Text) -> None:
        """Take a notice; one that waits already is not taken twice."""
        if text not in self._notices:
            self._notices.append(text)

    def take(self) -> Turn | None:
        """Return the next turn and forget it; None when nothing waits."""
        if not self._waiting:
            return NoticeTurn(self._notices.pop(0)) if self._notices else None
        taken = list(self._waiting)
        times = self.times
        apart_s = sum(self.seconds((waiting.call,), times) for waiting in taken)
        if len(taken) == 1 or apart_s <= self.merge_over_s:
            taken = taken[:1]
        elif self.seconds([waiting.call for waiting in taken], times) > ONCE_OVER_S:
            times = 1
        del self._waiting[: len(taken)]
        calls = tuple(waiting.call for waiting in taken)
        replaced = tuple(call for waiting in taken for call in waiting.replaced)
        return CallTurn(calls, (*calls, *replaced), times)


def _remember(memory: dict[str, V], key: str, value: V) -> None:
    memory.pop(key, None)
    memory[key] = value
    if len(memory) > _REMEMBERED:
        del memory[next(iter(memory))]
