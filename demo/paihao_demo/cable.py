"""A network cable that can be pulled: a relay between a machine and the broker."""

import asyncio
import logging
from typing import Final

log = logging.getLogger(__name__)

_PIECE: Final = 65_536


class Cable:
    """Carries bytes between a port of loopback and the broker's port while it is plugged in.

    Attributes:
        port: where the machine connects, known after `lay`.
        plugged: whether bytes pass.
    """

    def __init__(self, host: str, port: int) -> None:
        self.port = 0
        self.plugged = True
        self._far = (host, port)
        self._server: asyncio.Server | None = None
        self._lines: set[asyncio.StreamWriter] = set()

    async def lay(self) -> None:
        """Take a free port."""
        self._server = await asyncio.start_server(self._carry, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    def pull(self) -> None:
        """Break all connections and let no new one through."""
        self.plugged = False
        for line in tuple(self._lines):
            line.transport.abort()

    def plug(self) -> None:
        """Let connections through again."""
        self.plugged = True

    async def take_up(self) -> None:
        """Break everything and give the port back."""
        self.pull()
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not self.plugged:
            writer.transport.abort()
            return
        try:
            far_reader, far_writer = await asyncio.open_connection(*self._far)
        except OSError as error:
            log.debug("nobody at the far end of the cable: %s", error)
            writer.transport.abort()
            return
        self._lines |= {writer, far_writer}
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(_pass_on(reader, far_writer), name="cable-out")
                tasks.create_task(_pass_on(far_reader, writer), name="cable-back")
        finally:
            self._lines -= {writer, far_writer}
            writer.transport.abort()
            far_writer.transport.abort()


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(_PIECE):
            writer.write(data)
            await writer.drain()
    except ConnectionError as error:
        log.debug("cable: %s", error)
    writer.transport.abort()
