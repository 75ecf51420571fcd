"""What a demo leaves in its folder, written away from the event loop and in order."""

import asyncio
from collections.abc import Callable
from pathlib import Path


class Files:
    """A folder of results; without one nothing is kept."""

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder
        self._jobs: asyncio.Queue[tuple[Path, Callable[[], bytes]]] = asyncio.Queue()

    def keep(self, name: str, make: Callable[[], bytes]) -> None:
        """Write a file later: ``make`` is called in another thread and gives its content."""
        if self.folder is not None:
            self._jobs.put_nowait((self.folder / name, make))

    async def run(self) -> None:
        """Write until cancelled."""
        while True:
            path, make = await self._jobs.get()
            await asyncio.to_thread(_write, path, make)
            self._jobs.task_done()

    async def until_written(self) -> None:
        """Wait until everything asked for so far is there."""
        await self._jobs.join()


def _write(path: Path, make: Callable[[], bytes]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(make())
