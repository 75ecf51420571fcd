"""How long to wait before the broker is tried again: growing, with chance in it, up to a limit.

Drivers have a `Backoff` of their own: they import nothing of ours, so that one can be used alone.
"""

from random import Random
from typing import Final

FIRST_S: Final = 0.3
LIMIT_S: Final = 10.0


class Backoff:
    """Gives growing waits: about 0.3 s, 0.6 s, 1.2 s … up to 10 s.

    The chance keeps four hundred devices from knocking at the same moment after a power cut.
    """

    def __init__(
        self, random: Random, *, first_s: float = FIRST_S, limit_s: float = LIMIT_S
    ) -> None:
        self._random = random
        self._first_s = first_s
        self._limit_s = limit_s
        self._next_s = first_s

    def next_s(self) -> float:
        """Return the seconds to wait now, between half and all of the current step."""
        wait_s = self._next_s * self._random.uniform(0.5, 1.0)
        self._next_s = min(self._next_s * 2, self._limit_s)
        return wait_s

    def reset(self) -> None:
        """Begin again with short waits: it worked."""
        self._next_s = self._first_s
