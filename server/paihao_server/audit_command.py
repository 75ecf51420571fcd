"""`paihao audit`: prove the log, and make the tables from it anew."""

import asyncio
import sqlite3
from pathlib import Path
from typing import Annotated

import typer

from paihao_runtime.command import CommandError, print_lines, run_app
from paihao_server.folder import DataFolder
from paihao_server.log.interface import LogError

app = typer.Typer(help="Prove the log; make the tables from it anew.", no_args_is_help=True)

Data = Annotated[Path, typer.Option(help="The hall's data folder.")]


@app.command("verify")
def verify_log(data: Data) -> int:
    """Check the hash chain of the whole log; name the first event that breaks it."""
    from paihao_server.log.verify import verify

    folder = _existing(data)
    try:
        proof = verify(folder.log)
    except (LogError, sqlite3.Error) as error:
        raise CommandError(f"{folder.log}: {error}") from error
    print_lines([f"{folder.log}: {proof.events} events, chain holds, head {proof.head}"])
    return 0


@app.command("rebuild")
def rebuild_tables(data: Data) -> int:
    """Make the projected tables anew from the log; stop the server first."""
    folder = _existing(data)
    try:
        with folder.locked():
            count = asyncio.run(_rebuild(folder))
    except (LogError, sqlite3.Error, OSError) as error:
        raise CommandError(str(error)) from error
    print_lines([f"{folder.projections}: made anew from {count} events"])
    return 0


def main(argv: list[str]) -> int:
    """Prove the log's hash chain; make the tables from it anew."""
    return run_app(app, argv, name="audit")


async def _rebuild(folder: DataFolder) -> int:
    from paihao_server.log.sqlite import SqliteLog
    from paihao_server.projections.projector import rebuild

    event_log = SqliteLog.open(folder.log)
    try:
        return await rebuild(folder.projections, event_log)
    finally:
        await event_log.close()


def _existing(data: Path) -> DataFolder:
    folder = DataFolder(data)
    if not folder.log.is_file():
        raise CommandError(f"{folder.log}: no such log; is --data right?")
    return folder
