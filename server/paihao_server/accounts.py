"""Who may use the hall's web side: people with a password, machines with a token.

One account has one role, so nobody holds admin and audit together. Sessions and tokens are
random; the database keeps only their hashes. Look-ups come from memory; what another process
changes in the database (``paihao user disable``) is seen within `NOTICE_S`. An account is logged
in at one place: a second login ends the first session.

Times here are the machine's, also in a demo that runs faster than the wall.
"""

import asyncio
import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Literal

from paihao_runtime.clock import Clock
from paihao_server.accounts_db import AccountRow, AccountsDb, Role, SessionRow
from paihao_server.accounts_locks import LoginLocks
from paihao_server.accounts_passwords import Passwords

SESSION_LIFE: Final = timedelta(hours=12)
SESSION_IDLE: Final = timedelta(hours=1)
NOTICE_S: Final = 1.0
"""How old a look-up from memory may be before another process's changes are looked for."""

_WRITE_SEEN_EVERY: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Caller:
    """Who sends a request.

    Attributes:
        kind: a person in a browser or a machine with a token.
        name: of the account or the token.
        must_change: the password was set by somebody else and must be changed first.
        session: hash of the session's id, empty for machines.
    """

    kind: Literal["person", "machine"]
    name: str
    role: Role
    full_name: str = ""
    must_change: bool = False
    session: str = ""

    @property
    def actor(self) -> str:
        """As commands and the log name it."""
        return f"{self.role}:{self.name}"


@dataclass(slots=True)
class _Session:
    account: AccountRow
    expires_at: datetime
    seen_at: datetime
    written_at: datetime


@dataclass(slots=True)
class _Memory:
    """Look-ups of the present version of the database."""

    sessions: dict[str, _Session] = field(default_factory=dict)
    tokens: dict[str, Caller] = field(default_factory=dict)
    names: dict[str, str] | None = None


class Accounts:
    """Logs people in and tells who sends a request."""

    def __init__(self, db: AccountsDb, clock: Clock, passwords: Passwords | None = None) -> None:
        self._db = db
        self._clock = clock
        self._passwords = passwords or Passwords()
        self._locks = LoginLocks(clock)
        self._memory = _Memory()
        self._version = -1
        self._looked_at = float("-inf")

    async def login(self, name: str, password: str, address: str) -> tuple[str, Caller]:
        """Check a password and open a session.

        Args:
            name: of the account.
            password: as typed.
            address: of the browser, for the lock per address.

        Returns:
            The session's secret id for the cookie, and the caller.

        Raises:
            LoginError: wrong, disabled or locked.
        """
        async with self._locks.one_try(name, address):
            row = await asyncio.to_thread(self._db.account, name)
            right = await self._passwords.verify(row.password if row else None, password)
            if row is None or row.disabled or not right:
                self._locks.failed(name, address)
            self._locks.succeeded(name, address)
        secret = secrets.token_urlsafe(32)
        now = self._clock.now()
        session = SessionRow(token_hash(secret), row.name, now, now, now + SESSION_LIFE)
        ended = await asyncio.to_thread(self._db.open_session, session)
        for other in ended:
            self._memory.sessions.pop(other, None)
        self._memory.sessions[session.hash] = _Session(row, session.expires_at, now, now)
        return secret, _person(row, session.hash)

    async def person(self, secret: str, *, touch: bool = True) -> Caller | None:
        """Return who holds this session, or None when there is none, any more.

        Args:
            secret: from the cookie.
            touch: this is the person's own doing and keeps the session from idling out.
        """
        return await self.session(token_hash(secret), touch=touch)

    async def session(self, key: str, *, touch: bool = False) -> Caller | None:
        """Return who holds the session with this hash, as `person` does."""
        await self._notice_changes()
        found = self._memory.sessions.get(key)
        if found is None:
            found = await self._load_session(key)
            if found is None:
                return None
        now = self._clock.now()
        if now >= found.expires_at or now - found.seen_at >= SESSION_IDLE:
            await self.logout(key)
            return None
        if touch:
            found.seen_at = now
            if now - found.written_at >= _WRITE_SEEN_EVERY:
                found.written_at = now
                await asyncio.to_thread(self._db.touch_session, key, now)
        return _person(found.account, key)

    async def machine(self, token: str) -> Caller | None:
        """Return the machine that holds this bearer token, or None."""
        await self._notice_changes()
        key = token_hash(token)
        known = self._memory.tokens.get(key)
        if known is not None:
            return known
        row = await asyncio.to_thread(self._db.token, key)
        caller = Caller("machine", row.name, row.role) if row else None
        if caller:
            # Only hits are kept, so that guesses cannot fill the memory.
            self._memory.tokens[key] = caller
        return caller

    async def names(self) -> Mapping[str, str]:
        """Return the public name of each account; the same value until something changes."""
        await self._notice_changes()
        if self._memory.names is None:
            rows = await asyncio.to_thread(self._db.accounts)
            self._memory.names = {row.name: row.full_name for row in rows if row.full_name}
        return self._memory.names

    async def logout(self, session: str) -> None:
        """End a session."""
        self._memory.sessions.pop(session, None)
        await asyncio.to_thread(self._db.end_session, session)

    async def change_password(self, name: str, old: str, new: str, address: str) -> None:
        """Let a person set their own password; other sessions of the account end.

        Raises:
            LoginError: the old password is wrong.
            WeakPasswordError: the new one is not good enough.
        """
        async with self._locks.one_try(name, address):
            row = await asyncio.to_thread(self._db.account, name)
            if row is None or not await self._passwords.verify(row.password, old):
                self._locks.failed(name, address)
            self._locks.succeeded(name, address)
        digest = await self._passwords.hash(name, new, old)
        await asyncio.to_thread(self._db.set_password, name, digest, must_change=False)
        self._forget()

    async def _load_session(self, key: str) -> _Session | None:
        row = await asyncio.to_thread(self._db.session, key)
        if row is None:
            return None
        account = await asyncio.to_thread(self._db.account, row.account)
        if account is None or account.disabled:
            return None
        found = _Session(account, row.expires_at, row.seen_at, row.seen_at)
        return self._memory.sessions.setdefault(key, found)

    async def _notice_changes(self) -> None:
        """Forget look-ups when the database was changed by another process."""
        now = self._clock.monotonic()
        if now - self._looked_at < NOTICE_S:
            return
        self._looked_at = now
        version = await asyncio.to_thread(self._db.version)
        if version != self._version:
            self._version = version
            self._forget()

    def _forget(self) -> None:
        self._memory = _Memory()


def _person(row: AccountRow, session: str) -> Caller:
    return Caller("person", row.name, row.role, row.full_name, row.must_change, session)


def token_hash(secret: str) -> str:
    """Return what the database keeps of a session id or a token.

    A fast hash does: the secrets are 256 random bits, nobody can search them.
    """
    # A header may hold bytes that are no text; they are nobody's secret.
    return hashlib.sha256(secret.encode(errors="surrogatepass")).hexdigest()
