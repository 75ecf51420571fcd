"""Accounts: sessions that end, passwords, tokens, and what another process changes."""

import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlite_utils import Database

from paihao_server.accounts import SESSION_IDLE, SESSION_LIFE, Accounts, token_hash
from paihao_server.accounts_db import AccountsDb, AccountsError, migrations
from paihao_server.accounts_locks import LOCK, LoginError, LoginLocks
from paihao_server.accounts_passwords import (
    Passwords,
    WeakPasswordError,
    check_strength,
    one_time_password,
)
from tests.server.web_hall import PASSWORD, QUICK, HandClock, add_person


@pytest.fixture
def db(tmp_path: Path) -> Iterator[AccountsDb]:
    found = AccountsDb(tmp_path / "accounts.db")
    add_person(found, "E0312", "clerk")
    yield found
    found.close()


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def accounts(db: AccountsDb, clock: HandClock) -> Accounts:
    return Accounts(db, clock, Passwords(QUICK))


async def test_a_session_is_known_until_it_idles_out(accounts: Accounts, clock: HandClock) -> None:
    secret, me = await accounts.login("E0312", PASSWORD, "10.0.0.1")
    assert (me.actor, me.full_name) == ("clerk:E0312", "E0312 员")
    clock.at += SESSION_IDLE - timedelta(seconds=1)
    assert await accounts.person(secret) == me
    clock.at += SESSION_IDLE - timedelta(seconds=1)
    assert await accounts.person(secret) == me, "using it keeps it"
    clock.at += SESSION_IDLE
    assert await accounts.person(secret) is None
    assert await accounts.person(secret) is None


async def test_watching_a_stream_does_not_keep_a_session(
    accounts: Accounts, clock: HandClock
) -> None:
    _, me = await accounts.login("E0312", PASSWORD, "10.0.0.1")
    clock.at += SESSION_IDLE / 2
    assert await accounts.session(me.session) is not None
    clock.at += SESSION_IDLE / 2
    assert await accounts.session(me.session) is None


async def test_no_session_outlives_a_day_of_work(accounts: Accounts, clock: HandClock) -> None:
    secret, _ = await accounts.login("E0312", PASSWORD, "10.0.0.1")
    end = clock.at + SESSION_LIFE
    while clock.at < end:
        assert await accounts.person(secret) is not None
        clock.at += SESSION_IDLE / 2
    assert await accounts.person(secret) is None


async def test_a_second_login_ends_the_first(accounts: Accounts) -> None:
    first, _ = await accounts.login("E0312", PASSWORD, "10.0.0.1")
    second, _ = await accounts.login("E0312", PASSWORD, "10.0.0.2")
    assert await accounts.person(first) is None
    assert await accounts.person(second) is not None


async def test_a_session_survives_a_restart(
    accounts: Accounts, db: AccountsDb, clock: HandClock
) -> None:
    secret, me = await accounts.login("E0312", PASSWORD, "10.0.0.1")
    restarted = Accounts(db, clock, Passwords(QUICK))
    assert await restarted.person(secret) == me


async def test_what_another_process_changes_is_noticed_within_a_second(
    accounts: Accounts, tmp_path: Path, clock: HandClock, db: AccountsDb
) -> None:
    db.add_token("caller", "clerk", token_hash("secret"), clock.now())
    secret, _ = await accounts.login("E0312", PASSWORD, "10.0.0.1")
    assert await accounts.person(secret) is not None
    assert await accounts.machine("secret") is not None
    other = AccountsDb(tmp_path / "accounts.db")
    other.set_disabled("E0312", disabled=True)
    other.revoke_token("caller", clock.now())
    other.close()
    clock.forward(seconds=1)
    assert await accounts.person(secret) is None
    assert await accounts.machine("secret") is None
    with pytest.raises(LoginError):
        await accounts.login("E0312", PASSWORD, "10.0.0.1")


async def test_a_new_password_ends_the_sessions(accounts: Accounts) -> None:
    secret, _ = await accounts.login("E0312", PASSWORD, "10.0.0.1")
    await accounts.change_password("E0312", PASSWORD, "New-Battery-8", "10.0.0.1")
    assert await accounts.person(secret) is None
    await accounts.login("E0312", "New-Battery-8", "10.0.0.1")


async def test_public_names_follow_the_accounts(accounts: Accounts, db: AccountsDb) -> None:
    assert await accounts.names() == {"E0312": "E0312 员"}


def test_a_lock_forgets_failures_of_long_ago() -> None:
    clock = HandClock()
    locks = LoginLocks(clock)
    for _ in range(4):
        with pytest.raises(LoginError):
            locks.failed("E0312", "10.0.0.1")
    clock.at += LOCK
    with pytest.raises(LoginError) as caught:
        locks.failed("E0312", "10.0.0.1")
    assert (caught.value.tries_left, caught.value.locked_until) == (4, None)


def test_guessing_many_names_does_not_fill_the_memory() -> None:
    locks = LoginLocks(HandClock())
    for number in range(12_000):
        with pytest.raises(LoginError):
            locks.failed(f"guess-{number}", f"10.0.{number // 250}.{number % 250}")
    assert len(locks._counts) <= 10_000


def test_a_made_password_is_good_enough_and_never_the_same() -> None:
    made = {one_time_password() for _ in range(50)}
    assert len(made) == 50
    for password in made:
        check_strength("E0312", password)


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("Ab1-", "short"),
        ("abcdefghij", "simple"),
        ("aaaaaaaaaaaaaaaaaaaa", "simple"),
        ("xE0312-xxxx", "name"),
    ],
)
def test_a_weak_password_is_refused(password: str, reason: str) -> None:
    with pytest.raises(WeakPasswordError) as caught:
        check_strength("E0312", password)
    assert caught.value.reason == reason


def test_a_long_sentence_will_do() -> None:
    check_strength("E0312", "correct horse battery staple")


def test_names_are_taken_once(db: AccountsDb, clock: HandClock) -> None:
    with pytest.raises(AccountsError, match="already"):
        add_person(db, "E0312", "admin")
    db.add_token("m", "clerk", "h1", clock.now())
    db.revoke_token("m", clock.now())
    with pytest.raises(AccountsError, match="already"):
        db.add_token("m", "clerk", "h2", clock.now())
    with pytest.raises(AccountsError, match="no 'none'"):
        db.set_disabled("none", disabled=True)


def test_the_file_is_for_its_owner_only(db: AccountsDb, tmp_path: Path) -> None:
    assert (tmp_path / "accounts.db").stat().st_mode & 0o077 == 0


def test_a_file_that_is_no_database_is_one_clear_line(tmp_path: Path) -> None:
    path = tmp_path / "accounts.db"
    path.write_bytes(b"not a database, whatever it says" * 10)
    with pytest.raises(AccountsError, match="cannot open the accounts"):
        AccountsDb(path)


def test_each_migration_runs_once_and_again_is_nothing(tmp_path: Path) -> None:
    path = tmp_path / "accounts.db"
    connection = sqlite3.connect(path)
    database = Database(connection)
    names = [migration.name for migration in migrations.pending(database)]
    assert names == ["m001_accounts", "m002_tokens"]
    for name, tables in (("m001_accounts", {"accounts", "sessions"}), ("m002_tokens", {"tokens"})):
        migrations.apply(database, stop_before="m002_tokens" if name == "m001_accounts" else None)
        assert tables <= set(database.table_names())
        before = database.schema
        migrations.apply(database, stop_before="m002_tokens" if name == "m001_accounts" else None)
        assert database.schema == before
    connection.close()
    AccountsDb(path).close()


def test_a_database_of_the_first_version_keeps_its_people(tmp_path: Path) -> None:
    path = tmp_path / "accounts.db"
    connection = sqlite3.connect(path)
    migrations.apply(Database(connection), stop_before="m002_tokens")
    connection.execute(
        "INSERT INTO accounts VALUES ('E0312','clerk','李','digest',0,0,'2026-01-01T00:00:00Z')"
    )
    connection.commit()
    connection.close()
    for _ in range(2):
        db = AccountsDb(path)
        assert [row.name for row in db.accounts()] == ["E0312"]
        assert db.tokens() == []
        db.close()
