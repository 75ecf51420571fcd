"""``paihao user`` and ``paihao token``: who may use the web side of a hall.

Both work on ``accounts.db`` of the data folder, also while the server runs; it notices within a
second. A password is never an argument, where every process of the machine could read it: it is
made at random and printed, or read from stdin.
"""

import re
import secrets
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

from paihao_runtime.command import CommandError, print_lines, run_app

if TYPE_CHECKING:
    import typer

    from paihao_server.accounts_db import AccountsDb, Role

_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,31}")
_TOKEN_BYTES: Final = 32
_TOKEN_PREFIX: Final = "paihao_"  # noqa: S105 - the public part
"""Lets scanners of source code find a token that should not be there."""

DATA_HELP: Final = "The hall's data folder."
ROLE_HELP: Final = "clerk, guide, manager, auditor or admin."
STDIN_HELP: Final = "Read the password from stdin, one line, instead of making one."


def user(argv: list[str]) -> int:
    """Create, list and disable the people of a hall and set their passwords."""
    return run_app(_user_app(), argv, name="user")


def token(argv: list[str]) -> int:
    """Create, list and revoke the bearer tokens of machines that use the API."""
    return run_app(_token_app(), argv, name="token")


def _user_app() -> "typer.Typer":
    import typer

    app = typer.Typer(help="People of a hall: create, list, password, disable, enable.")

    @app.command()
    def create(
        name: Annotated[str, typer.Argument(help="Staff number, for example E0312.")],
        role: Annotated[str, typer.Option(help=ROLE_HELP)],
        data: Annotated[Path, typer.Option(help=DATA_HELP)],
        full_name: Annotated[str, typer.Option(help="Name that colleagues see.")] = "",
        password_stdin: Annotated[bool, typer.Option(help=STDIN_HELP)] = False,
    ) -> None:
        """Create an account and print its one-time password, once."""
        from paihao_server.accounts_db import AccountRow

        _check_name(name)
        password = _password(name, from_stdin=password_stdin)
        with _opened(data) as db:
            row = AccountRow(name, _role(role), full_name, _digest(password), True, False)
            _do(lambda: db.add_account(row, datetime.now(UTC)))
        _tell_password(name, password, from_stdin=password_stdin)

    @app.command("list")
    def list_(data: Annotated[Path, typer.Option(help=DATA_HELP)]) -> None:
        """List the accounts: name, role, state, full name."""
        with _opened(data) as db:
            rows = db.accounts()
        print_lines(
            f"{row.name}\t{row.role}\t"
            f"{'disabled' if row.disabled else 'must-change' if row.must_change else 'active'}\t"
            f"{row.full_name}"
            for row in rows
        )

    @app.command()
    def password(
        name: Annotated[str, typer.Argument(help="Whose.")],
        data: Annotated[Path, typer.Option(help=DATA_HELP)],
        password_stdin: Annotated[bool, typer.Option(help=STDIN_HELP)] = False,
    ) -> None:
        """Set a new one-time password; open sessions of the account end."""
        new = _password(name, from_stdin=password_stdin)
        with _opened(data) as db:
            digest = _digest(new)
            _do(lambda: db.set_password(name, digest, must_change=True))
        _tell_password(name, new, from_stdin=password_stdin)

    @app.command()
    def disable(
        name: Annotated[str, typer.Argument(help="Whom.")],
        data: Annotated[Path, typer.Option(help=DATA_HELP)],
    ) -> None:
        """Shut an account out and end its sessions; its name stays in the log."""
        with _opened(data) as db:
            _do(lambda: db.set_disabled(name, disabled=True))
        print_lines([f"{name} is disabled"])

    @app.command()
    def enable(
        name: Annotated[str, typer.Argument(help="Whom.")],
        data: Annotated[Path, typer.Option(help=DATA_HELP)],
    ) -> None:
        """Let a disabled account in again."""
        with _opened(data) as db:
            _do(lambda: db.set_disabled(name, disabled=False))
        print_lines([f"{name} is enabled"])

    return app


def _token_app() -> "typer.Typer":
    import typer

    app = typer.Typer(help="Bearer tokens of machines: create, list, revoke.")

    @app.command()
    def create(
        role: Annotated[str, typer.Option(help=ROLE_HELP)],
        data: Annotated[Path, typer.Option(help=DATA_HELP)],
        name: Annotated[str, typer.Option(help="Of the machine, as the log shows it.")] = "",
    ) -> None:
        """Create a token and print it, once; the database keeps only its hash."""
        from paihao_server.accounts import token_hash

        if name:
            _check_name(name)
        name = name or f"{role}-{secrets.token_hex(3)}"
        value = _TOKEN_PREFIX + secrets.token_urlsafe(_TOKEN_BYTES)
        checked = _role(role)
        with _opened(data) as db:
            _do(lambda: db.add_token(name, checked, token_hash(value), datetime.now(UTC)))
        print_lines([value])

    @app.command("list")
    def list_(data: Annotated[Path, typer.Option(help=DATA_HELP)]) -> None:
        """List the tokens: name, role, state, when made."""
        with _opened(data) as db:
            rows = db.tokens()
        print_lines(
            f"{row.name}\t{row.role}\t{'revoked' if row.revoked_at else 'active'}\t"
            f"{row.created_at:%Y-%m-%d}"
            for row in rows
        )

    @app.command()
    def revoke(
        name: Annotated[str, typer.Argument(help="Which.")],
        data: Annotated[Path, typer.Option(help=DATA_HELP)],
    ) -> None:
        """Make a token useless for ever."""
        with _opened(data) as db:
            _do(lambda: db.revoke_token(name, datetime.now(UTC)))
        print_lines([f"{name} is revoked"])

    return app


@contextmanager
def _opened(data: Path) -> "Iterator[AccountsDb]":
    """Open the accounts of a data folder, made when it is not there yet."""
    from paihao_server.accounts_db import FILE_NAME, AccountsDb, AccountsError

    try:
        data.mkdir(parents=True, exist_ok=True)
        db = AccountsDb(data / FILE_NAME)
    except AccountsError as error:
        raise CommandError(str(error)) from error
    except OSError as error:
        raise CommandError(f"{data}: {error.strerror}") from error
    try:
        yield db
    finally:
        db.close()


def _do(change: Callable[[], None]) -> None:
    from paihao_server.accounts_db import AccountsError

    try:
        change()
    except AccountsError as error:
        raise CommandError(str(error)) from error


def _role(word: str) -> "Role":
    from paihao_server.accounts_db import ROLES

    for role in ROLES:
        if role == word:
            return role
    raise CommandError(f"no role {word!r}; there are {', '.join(ROLES)}", code=2)


def _check_name(name: str) -> None:
    if not _NAME.fullmatch(name):
        raise CommandError(f"{name!r} is not a name: 1 to 32 of A-Z a-z 0-9 . _ -", code=2)


def _password(name: str, *, from_stdin: bool) -> str:
    from paihao_server.accounts_passwords import (
        WeakPasswordError,
        check_strength,
        one_time_password,
    )

    if not from_stdin:
        return one_time_password()
    password = sys.stdin.readline().rstrip("\n")
    try:
        check_strength(name, password)
    except WeakPasswordError as error:
        raise CommandError(str(error)) from error
    return password


def _digest(password: str) -> str:
    from paihao_server.accounts_passwords import Passwords

    return Passwords().hash_now(password)


def _tell_password(name: str, password: str, *, from_stdin: bool) -> None:
    if from_stdin:
        print_lines([f"{name} must change the password at the next login"])
    else:
        print_lines([password])
