"""The hall's server inside a demo: killed when asked, and started again on its own data."""

import asyncio
import logging
from collections.abc import Callable
from typing import Final

from aiohttp import web

from paihao_runtime.clock import Clock
from paihao_server.process import HallServer, Ready, Settings

log = logging.getLogger(__name__)

DOWN_S: Final = 3.0
"""Wall seconds between a kill and the next start."""


class ServerLife:
    """Runs one server after the other.

    Attributes:
        server: the one that runs, or the last one that did.
        lives: how many were started.
    """

    def __init__(
        self, settings: Settings, clock: Clock, extend: Callable[[web.Application], None]
    ) -> None:
        self.lives = 0
        self.first: Ready | None = None
        self._settings = settings
        self._clock = clock
        self._extend = extend
        self._up = asyncio.Event()
        self._kill = asyncio.Event()
        self.server = HallServer(settings, clock, extend)

    @property
    def up(self) -> bool:
        """Whether the server answers."""
        return self._up.is_set()

    async def until_up(self) -> Ready:
        """Wait for the server; return what its first start said."""
        await self._up.wait()
        if self.first is None:
            raise RuntimeError("the server is up and never said so")
        return self.first

    def kill(self) -> None:
        """End the server in the middle of what it does; it starts again by itself."""
        self._up.clear()
        self._kill.set()

    async def run(self) -> None:
        """Keep a server running until cancelled.

        Raises:
            ExceptionGroup: what stopped a server that nobody killed.
        """
        while True:
            self._kill.clear()
            self.lives += 1
            if self.lives > 1:
                self.server = HallServer(self._settings, self._clock, self._extend)
            try:
                await self._one_life()
            finally:
                self._up.clear()
            log.warning("the server was killed; it starts again in %g s", DOWN_S)
            await asyncio.sleep(DOWN_S)

    async def _one_life(self) -> None:
        async with asyncio.TaskGroup() as life:
            running = life.create_task(self.server.run(self._ready), name="hall server")
            await self._kill.wait()
            running.cancel()

    def _ready(self, ready: Ready) -> None:
        self.first = self.first or ready
        self._up.set()
