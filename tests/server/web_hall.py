"""A hall behind its web side, for tests: real dispatcher, log in memory, clock set by hand."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from aiohttp import ClientResponse
from aiohttp.test_utils import TestClient, TestServer
from argon2 import PasswordHasher

from paihao_hall.plan import HallPlan
from paihao_server.accounts import Accounts, token_hash
from paihao_server.accounts_db import ROLES, AccountRow, AccountsDb, Role
from paihao_server.accounts_passwords import Passwords
from paihao_server.dispatcher import Dispatcher
from paihao_server.log.memory import MemoryLog
from paihao_server.web.app import build_app
from tests.hall.builders import NINE, a_plan

PASSWORD = "Correct-Horse-7"
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
"""Argon2 as weak as it gets: tests check the rules, not the strength."""


class HandClock:
    """A clock that moves when the test says so."""

    def __init__(self, at: datetime = NINE) -> None:
        self.at = at
        self._start = at

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return (self.at - self._start).total_seconds()

    async def sleep(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)

    def set_back(self, *, minutes: float) -> None:
        """Set the date wrong; the monotonic seconds go on from where they are."""
        self.at -= timedelta(minutes=minutes)
        self._start -= timedelta(minutes=minutes)

    def forward(self, *, minutes: float = 0, seconds: float = 0) -> None:
        self.at += timedelta(minutes=minutes, seconds=seconds)


@dataclass
class WebHall:
    """What a test holds: the client, and all that stands behind it."""

    client: "TestClient[Any, Any]"
    dispatcher: Dispatcher
    log: MemoryLog
    clock: HandClock
    db: AccountsDb
    accounts: Accounts
    folder: Path
    same_site: dict[str, str] = field(
        default_factory=lambda: {"Sec-Fetch-Site": "same-origin", "Accept": "text/html"}
    )

    def bearer(self, role: str, **more: str) -> dict[str, str]:
        """Return the headers of the machine with this role."""
        return {"Authorization": f"Bearer token-of-{role}", **more}

    async def get(self, path: str, role: str = "manager", **more: str) -> ClientResponse:
        return await self.client.get(path, headers=self.bearer(role, **more))

    async def post(
        self, path: str, body: Any = None, role: str = "manager", **more: str
    ) -> ClientResponse:
        headers = self.bearer(role, **more)
        return await self.client.post(path, json={} if body is None else body, headers=headers)

    async def take(self, queue: str = "A", **more: Any) -> dict[str, Any]:
        """Have a machine take a number and return it."""
        answer = await self.post("/api/v1/tickets", {"service": f"s{queue}", **more})
        assert answer.status == 201, await answer.text()
        ticket: dict[str, Any] = await answer.json()
        return ticket

    async def act(self, window: str, action: str, **body: Any) -> dict[str, Any]:
        """Do a window action that must succeed."""
        answer = await self.post(f"/api/v1/windows/{window}/{action}", body)
        assert answer.status == 200, await answer.text()
        result: dict[str, Any] = await answer.json()
        return result

    async def log_in(self, name: str, password: str = PASSWORD, **form: str) -> ClientResponse:
        """Log a person in with the browser's form; the cookie stays in the client."""
        return await self.client.post(
            "/login",
            data={"staff": name, "password": password, **form},
            headers=self.same_site,
            allow_redirects=False,
        )


@asynccontextmanager
async def web_hall(
    folder: Path,
    plan: HallPlan | None = None,
    log: MemoryLog | None = None,
    *,
    secure: bool = False,
) -> AsyncIterator[WebHall]:
    """Run a hall with one person and one machine of every role.

    People are called like their role and have `PASSWORD`; the machine's token is
    ``token-of-{role}``.
    """
    clock = HandClock()
    log = log or MemoryLog()
    dispatcher = Dispatcher(log, clock)
    await dispatcher.start(plan or a_plan())
    (folder / "accounts.db").write_bytes(_people_and_machines())
    db = AccountsDb(folder / "accounts.db")
    accounts = Accounts(db, clock, Passwords(QUICK))
    app = build_app(dispatcher, accounts, secure=secure)
    running = asyncio.create_task(dispatcher.run())
    server = TestServer(app, handler_cancellation=True)
    async with TestClient(server) as client:
        yield WebHall(client, dispatcher, log, clock, db, accounts, folder)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    db.close()


@cache
def _people_and_machines() -> bytes:
    """Return the accounts of every test, made once: each change waits for the disk."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "accounts.db"
        db = AccountsDb(path)
        for role in ROLES:
            add_person(db, role, role)
            db.add_token(f"m-{role}", role, token_hash(f"token-of-{role}"), NINE)
        db.close()
        return path.read_bytes()


def add_person(db: AccountsDb, name: str, role: Role, *, must_change: bool = False) -> None:
    """Add a person with `PASSWORD`."""
    digest = QUICK.hash(PASSWORD)
    db.add_account(AccountRow(name, role, f"{name} 员", digest, must_change, False), NINE)
