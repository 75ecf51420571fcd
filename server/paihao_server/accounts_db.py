"""Accounts, sessions and tokens in ``accounts.db``, one small SQLite file beside the log.

Every call is synchronous and short; the server makes them in threads. A lock keeps the one
connection to one thread at a time. Times are stored as ISO 8601 in UTC.
"""

import sqlite3
import threading
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Literal, get_args

from sqlite_utils import Database, Migrations

Role = Literal["clerk", "guide", "manager", "auditor", "admin"]
ROLES: Final[tuple[Role, ...]] = get_args(Role)
FILE_NAME: Final = "accounts.db"

migrations: Final = Migrations("paihao-accounts")


@migrations()
def m001_accounts(db: Database) -> None:
    """People with a password and the sessions they have open."""
    db.table("accounts").create(
        {
            "name": str,
            "role": str,
            "full_name": str,
            "password": str,
            "must_change": int,
            "disabled": int,
            "created_at": str,
        },
        pk="name",
        not_null={"role", "full_name", "password", "must_change", "disabled", "created_at"},
    )
    db.table("sessions").create(
        {"hash": str, "account": str, "created_at": str, "seen_at": str, "expires_at": str},
        pk="hash",
        not_null={"account", "created_at", "seen_at", "expires_at"},
        foreign_keys=[("account", "accounts", "name")],
    )


@migrations()
def m002_tokens(db: Database) -> None:
    """Machines with a bearer token."""
    db.table("tokens").create(
        {"name": str, "role": str, "hash": str, "created_at": str, "revoked_at": str},
        pk="name",
        not_null={"role", "hash", "created_at"},
    )
    db.table("tokens").create_index(["hash"], unique=True)


class AccountsError(Exception):
    """The accounts cannot do what was asked; the message says why."""


@dataclass(frozen=True, slots=True)
class AccountRow:
    """One person; ``password`` is a digest."""

    name: str
    role: Role
    full_name: str
    password: str
    must_change: bool
    disabled: bool


@dataclass(frozen=True, slots=True)
class SessionRow:
    """One open session; ``hash`` is that of its secret id."""

    hash: str
    account: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class TokenRow:
    """One machine's token; ``revoked_at`` is None while it is good."""

    name: str
    role: Role
    created_at: datetime
    revoked_at: datetime | None


class AccountsDb:
    """The file. `close` it when done."""

    def __init__(self, path: Path) -> None:
        """Open or make the file and bring it up to date.

        Raises:
            AccountsError: it cannot be opened or is not a database.
        """
        try:
            self._db = sqlite3.connect(
                path, timeout=5.0, isolation_level=None, check_same_thread=False
            )
            self._db.row_factory = sqlite3.Row
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.execute("PRAGMA foreign_keys=ON")
            migrations.apply(Database(self._db))
            path.chmod(0o600)
        except (sqlite3.Error, OSError) as error:
            raise AccountsError(f"{path}: cannot open the accounts: {error}") from error
        self._lock = threading.Lock()

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._db.close()

    def version(self) -> int:
        """Return a number that changes when another connection has changed the file."""
        return int(self._one("PRAGMA data_version")[0])

    def accounts(self) -> list[AccountRow]:
        """Return everybody by name."""
        return [_account(row) for row in self._all("SELECT * FROM accounts ORDER BY name")]

    def account(self, name: str) -> AccountRow | None:
        """Return one person, or None."""
        rows = self._all("SELECT * FROM accounts WHERE name = ?", name)
        return _account(rows[0]) if rows else None

    def add_account(self, row: AccountRow, now: datetime) -> None:
        """Add a person.

        Raises:
            AccountsError: the name is taken.
        """
        try:
            self._run(
                "INSERT INTO accounts VALUES (?,?,?,?,?,?,?)",
                row.name, row.role, row.full_name, row.password,
                int(row.must_change), int(row.disabled), now.isoformat(),
            )  # fmt: skip
        except sqlite3.IntegrityError as error:
            raise AccountsError(f"there is an account {row.name!r} already") from error

    def set_password(self, name: str, digest: str, *, must_change: bool) -> None:
        """Set a digest and end the person's sessions.

        Raises:
            AccountsError: no such account.
        """
        self._change(
            "UPDATE accounts SET password = ?, must_change = ? WHERE name = ?",
            digest, int(must_change), name,
        )  # fmt: skip
        self._run("DELETE FROM sessions WHERE account = ?", name)

    def set_disabled(self, name: str, *, disabled: bool) -> None:
        """Shut a person out, or let them in again; open sessions end.

        Raises:
            AccountsError: no such account.
        """
        self._change("UPDATE accounts SET disabled = ? WHERE name = ?", int(disabled), name)
        self._run("DELETE FROM sessions WHERE account = ?", name)

    def open_session(self, row: SessionRow) -> list[str]:
        """Keep a new session; return the hashes of the account's others, which end."""
        with self._lock:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                ended = [
                    str(found["hash"])
                    for found in self._db.execute(
                        "DELETE FROM sessions WHERE account = ? OR expires_at <= ? RETURNING hash",
                        (row.account, row.created_at.isoformat()),
                    )
                ]
                self._db.execute(
                    "INSERT INTO sessions VALUES (?,?,?,?,?)",
                    (
                        row.hash, row.account, row.created_at.isoformat(),
                        row.seen_at.isoformat(), row.expires_at.isoformat(),
                    ),
                )  # fmt: skip
            except sqlite3.Error:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")
        return ended

    def session(self, key: str) -> SessionRow | None:
        """Return a session by its hash, or None."""
        rows = self._all("SELECT * FROM sessions WHERE hash = ?", key)
        if not rows:
            return None
        row = rows[0]
        return SessionRow(
            row["hash"], row["account"], datetime.fromisoformat(row["created_at"]),
            datetime.fromisoformat(row["seen_at"]), datetime.fromisoformat(row["expires_at"]),
        )  # fmt: skip

    def touch_session(self, key: str, now: datetime) -> None:
        """Remember when a session was last used."""
        self._run("UPDATE sessions SET seen_at = ? WHERE hash = ?", now.isoformat(), key)

    def end_session(self, key: str) -> None:
        """End a session; nothing when there is none."""
        self._run("DELETE FROM sessions WHERE hash = ?", key)

    def tokens(self) -> list[TokenRow]:
        """Return all tokens by name, revoked ones too."""
        return [_token(row) for row in self._all("SELECT * FROM tokens ORDER BY name")]

    def token(self, key: str) -> TokenRow | None:
        """Return the good token with this hash, or None."""
        rows = self._all("SELECT * FROM tokens WHERE hash = ? AND revoked_at IS NULL", key)
        return _token(rows[0]) if rows else None

    def add_token(self, name: str, role: Role, key: str, now: datetime) -> None:
        """Keep a new token by its hash.

        Raises:
            AccountsError: the name is taken.
        """
        try:
            self._run("INSERT INTO tokens VALUES (?,?,?,?,NULL)", name, role, key, now.isoformat())
        except sqlite3.IntegrityError as error:
            raise AccountsError(f"there is a token {name!r} already") from error

    def revoke_token(self, name: str, now: datetime) -> None:
        """Make a token useless for ever; its name stays taken, because the log names it.

        Raises:
            AccountsError: no such token.
        """
        self._change(
            "UPDATE tokens SET revoked_at = coalesce(revoked_at, ?) WHERE name = ?",
            now.isoformat(), name,
        )  # fmt: skip

    def _change(self, sql: str, *values: Any) -> None:
        """Run a change that must hit one row; the last value is its name."""
        with self._lock:
            changed = self._db.execute(sql, values).rowcount
        if not changed:
            raise AccountsError(f"there is no {values[-1]!r}")

    def _run(self, sql: str, *values: Any) -> None:
        with self._lock:
            self._db.execute(sql, values)

    def _all(self, sql: str, *values: Any) -> list[sqlite3.Row]:
        with self._lock:
            return self._db.execute(sql, values).fetchall()

    def _one(self, sql: str) -> sqlite3.Row:
        return self._all(sql)[0]


def _account(row: sqlite3.Row) -> AccountRow:
    return AccountRow(
        row["name"], row["role"], row["full_name"], row["password"],
        bool(row["must_change"]), bool(row["disabled"]),
    )  # fmt: skip


def _token(row: sqlite3.Row) -> TokenRow:
    revoked = row["revoked_at"]
    return TokenRow(
        row["name"], row["role"], datetime.fromisoformat(row["created_at"]),
        datetime.fromisoformat(revoked) if revoked else None,
    )  # fmt: skip
