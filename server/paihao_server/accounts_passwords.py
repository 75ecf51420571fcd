"""Passwords: argon2id in a thread, a few at a time, and what makes one good enough."""

import asyncio
import secrets
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

LEAST_LENGTH: Final = 10
_LONG_ENOUGH: Final = 16
"""From this length on one kind of character will do."""

_AT_ONCE: Final = 2
"""A hash takes a quarter of a second of a core and 64 MiB; more at once would starve the hall."""


class WeakPasswordError(ValueError):
    """A new password is not good enough.

    Attributes:
        reason: ``short``, ``simple``, ``name`` (holds the account's name) or ``same``.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(f"password is not good enough: {reason}")
        self.reason = reason


class Passwords:
    """Hashes and checks passwords away from the event loop."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._slots = asyncio.Semaphore(_AT_ONCE)
        self._nobody: str | None = None

    async def verify(self, digest: str | None, password: str) -> bool:
        """Return whether the password fits; takes as long when there is no such account."""
        async with self._slots:
            return await asyncio.to_thread(self._verify, digest, password)

    async def hash(self, name: str, password: str, old: str = "") -> str:
        """Return the digest of a new password.

        Raises:
            WeakPasswordError: see `check_strength`.
        """
        check_strength(name, password, old)
        async with self._slots:
            return await asyncio.to_thread(self._hasher.hash, password)

    def hash_now(self, password: str) -> str:
        """Return a digest in the calling thread; for commands, never on an event loop."""
        return self._hasher.hash(password)

    def _verify(self, digest: str | None, password: str) -> bool:
        if digest is None and self._nobody is None:
            self._nobody = self._hasher.hash(secrets.token_urlsafe(16))
        try:
            self._hasher.verify(digest or self._nobody or "", password)
        except (VerificationError, InvalidHashError):
            return False
        return digest is not None


def check_strength(name: str, password: str, old: str = "") -> None:
    """Raise `WeakPasswordError` unless the password is long and mixed enough."""
    if len(password) < LEAST_LENGTH:
        raise WeakPasswordError("short")
    if name.lower() in password.lower():
        raise WeakPasswordError("name")
    if password == old:
        raise WeakPasswordError("same")
    kinds = (str.islower, str.isupper, str.isdigit, lambda c: not c.isalnum())
    mixed = sum(any(kind(char) for char in password) for kind in kinds)
    if mixed < 3 and (len(password) < _LONG_ENOUGH or len(set(password)) < 6):
        raise WeakPasswordError("simple")


def one_time_password() -> str:
    """Return a random password that can be read out and typed, for the first login only."""
    alphabet = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
    groups = ["".join(secrets.choice(alphabet) for _ in range(4)) for _ in range(4)]
    return "-".join(groups)
