"""Five wrong logins in a row lock an account, and likewise an address, for ten minutes.

Counts live in memory: a restart forgives, and nobody outside can cause one. A right login
clears the counts of its account and its address, so that a hall behind one address is not
locked out by five people's slips over a morning.
"""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, NoReturn
from weakref import WeakValueDictionary

from paihao_runtime.clock import Clock

TRIES: Final = 5
LOCK: Final = timedelta(minutes=10)
_REMEMBERED: Final = 10_000
"""Most names and addresses counted at once; the oldest is forgotten first."""


class LoginError(Exception):
    """A login failed. The same answer for a wrong password, a wrong name and a disabled account.

    Attributes:
        tries_left: how many wrong tries are left before the lock; 0 when it is locked now.
        locked_until: end of the lock, or None.
    """

    def __init__(self, tries_left: int, locked_until: datetime | None) -> None:
        super().__init__(f"login failed, {tries_left} tries left, locked until {locked_until}")
        self.tries_left = tries_left
        self.locked_until = locked_until


@dataclass(slots=True)
class _Count:
    failures: int = 0
    last_at: datetime | None = None
    locked_until: datetime | None = None


class LoginLocks:
    """Counts failures per account and per address."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._counts: OrderedDict[tuple[str, str], _Count] = OrderedDict()
        self._turns: WeakValueDictionary[tuple[str, str], asyncio.Lock] = WeakValueDictionary()

    @asynccontextmanager
    async def one_try(self, account: str, address: str) -> AsyncIterator[None]:
        """Wait until no other try of this account or address runs, so that each is counted.

        Raises:
            LoginError: the account or the address is locked.
        """
        turns = [self._turns.setdefault(k, asyncio.Lock()) for k in _keys(account, address)]
        async with turns[0], turns[1]:
            self.check(account, address)
            yield

    def check(self, account: str, address: str) -> None:
        """Raise `LoginError` while the account or the address is locked."""
        now = self._clock.now()
        for key in _keys(account, address):
            count = self._counts.get(key)
            if count and count.locked_until and now < count.locked_until:
                raise LoginError(0, count.locked_until)

    def failed(self, account: str, address: str) -> NoReturn:
        """Count a wrong try and raise the `LoginError` that says what is left."""
        now = self._clock.now()
        counts = [self._count(key, now) for key in _keys(account, address)]
        for count in counts:
            count.failures += 1
            count.last_at = now
            if count.failures >= TRIES:
                count.locked_until = now + LOCK
        left = TRIES - max(count.failures for count in counts)
        locked = [c.locked_until for c in counts if c.locked_until is not None]
        raise LoginError(max(left, 0), max(locked, default=None))

    def succeeded(self, account: str, address: str) -> None:
        """Clear the counts after a right login."""
        for key in _keys(account, address):
            self._counts.pop(key, None)

    def _count(self, key: tuple[str, str], now: datetime) -> _Count:
        count = self._counts.get(key)
        if count is None or (count.last_at is not None and now - count.last_at >= LOCK):
            count = self._counts[key] = _Count()
        self._counts.move_to_end(key)
        if len(self._counts) > _REMEMBERED:
            self._counts.popitem(last=False)
        return count


def _keys(account: str, address: str) -> tuple[tuple[str, str], tuple[str, str]]:
    return ("account", account), ("address", address)
