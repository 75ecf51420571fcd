"""A network cable between a client and a broker, to be pulled and plugged in again."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Cable:
    """Forwards connections to a port of loopback while it is plugged in."""

    def __init__(self, far_port: int) -> None:
        self._far_port = far_port
        self._ends: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server | None = None
        self.plugged_in = True
        self.connections = 0

    @property
    def port(self) -> int:
        """The port to connect to instead of the far one."""
        assert self._server is not None
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    def pull(self) -> None:
        """Break all connections; new ones end at once."""
        self.plugged_in = False
        for end in self._ends:
            end.transport.abort()

    def plug_in(self) -> None:
        """Let connections through again."""
        self.plugged_in = True

    async def open(self) -> None:
        self._server = await asyncio.start_server(self._forward, "127.0.0.1", 0)

    async def close(self) -> None:
        assert self._server is not None
        self.pull()
        self._server.close()
        await self._server.wait_closed()

    async def _forward(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not self.plugged_in:
            writer.transport.abort()
            return
        self.connections += 1
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._far_port)
        self._ends |= {writer, far_writer}
        await asyncio.gather(_pump(reader, far_writer), _pump(far_reader, writer))
        self._ends -= {writer, far_writer}


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
    except ConnectionError:
        pass  # That is what the cable is for.
    finally:
        writer.close()


@asynccontextmanager
async def cable_to(port: int) -> AsyncIterator[Cable]:
    """Lay a cable to a port and take it away afterwards."""
    cable = Cable(port)
    await cable.open()
    try:
        yield cable
    finally:
        await cable.close()
        # The ends close in tasks of their own.
        await asyncio.sleep(0.05)
