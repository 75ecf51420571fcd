"""What a driver may ask of a port, and the pause before a port is tried again."""

import random
from typing import Final, Protocol

OPEN_LIMIT_S: Final = 3.0
# No byte was taken for this long. A busy printer stops taking bytes while its paper moves.
STALL_LIMIT_S: Final = 10.0
CLOSE_LIMIT_S: Final = 2.0
# Bytes of one write, so that a slow line shows progress within the stall limit.
WRITE_PIECE: Final = 1024
READ_PIECE: Final = 4096

FIRST_DELAY_S: Final = 0.3
LONGEST_DELAY_S: Final = 10.0


class Transport(Protocol):
    """All that a driver may ask of a port."""

    async def read(self) -> bytes:
        """Return one byte or more; a cancelled read loses nothing.

        Raises:
            DeviceGoneError: the port closed.
        """
        ...

    async def write(self, data: bytes) -> None:
        """Hand over all of ``data``; returning does not mean that the device has acted on it.

        Raises:
            DeviceGoneError: the port closed; how much went out is not known.
            DeviceTimeoutError: the device stopped taking bytes for `STALL_LIMIT_S`.
        """
        ...

    async def close(self) -> None:
        """Give the port back, at once and without errors; closing twice is fine."""
        ...


class Backoff:
    """Growing pauses between attempts to open a port: 0.3 s, doubled up to 10 s, with jitter.

    Args:
        chance: source of the jitter, so that a test or a simulated day can repeat it.
    """

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._delay_s = FIRST_DELAY_S

    def next_delay_s(self) -> float:
        """Return how long to wait before the next attempt; each is about twice the last.

        The pause is drawn from the upper half, so that a hall full of devices that lost power
        together does not come back in step.
        """
        ceiling = self._delay_s
        self._delay_s = min(LONGEST_DELAY_S, 2 * ceiling)
        return max(FIRST_DELAY_S, ceiling * self._chance.uniform(0.5, 1.0))

    def reset(self) -> None:
        """Begin again with the shortest pause; call it after a success."""
        self._delay_s = FIRST_DELAY_S
