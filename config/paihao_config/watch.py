"""Watches a hall file and yields what each change of it makes: a checked file, or all its errors.

Editors and installers replace files instead of writing them, so the folder is watched. A file
that goes away changes nothing: the hall goes on with the plan it has.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from pathlib import Path
from typing import Final

from watchfiles import awatch

from paihao_config.findings import HallFileError
from paihao_config.loader import HallFile, read_bytes

SETTLE_MS: Final = 200
"""Changes closer together than this are one change."""

_STEP_MS: Final = 20

_LOOK_AGAIN_MS: Final = 1000
"""The file is looked at this often in any case: some network folders report no changes."""


async def watch(
    path: Path, known: HallFile | None = None
) -> AsyncGenerator[HallFile | HallFileError, None]:
    """Yield the outcome of every change of a hall file, until cancelled.

    Args:
        path: the hall file; its folder must exist.
        known: what the caller has already read; a change made between that and the start of the
            watch is then seen too. None: what the file holds at the start.

    Yields:
        The file as `paihao_config.loader.read` gives it, or the error it raises. Touching the
        file, or saving it unchanged, yields nothing.
    """
    last = _content(path) if known is None else known.content
    async for _ in _looks(path):
        body = _content(path)
        if body is None or body == last:
            continue
        last = body
        yield await asyncio.to_thread(_outcome, body, str(path))


async def _looks(path: Path) -> AsyncIterator[None]:
    """Yield whenever it is time to look at the file: at once, then after each change."""
    yield
    async for _ in awatch(
        path.parent,
        watch_filter=lambda _, changed: Path(changed).name == path.name,
        debounce=SETTLE_MS,
        step=_STEP_MS,
        recursive=False,
        yield_on_timeout=True,
        rust_timeout=_LOOK_AGAIN_MS,
    ):
        yield


def _content(path: Path) -> bytes | None:
    """Return what the file holds; None while it is away."""
    try:
        return path.read_bytes()
    except OSError:
        return None


def _outcome(body: bytes, name: str) -> HallFile | HallFileError:
    try:
        return read_bytes(body, name)
    except HallFileError as error:
        return error
