"""Where an emulated printer is plugged in: a network port, a serial line or a pipe in memory.

Each outlet has `run`, which plays the printer until cancelled, and can be unplugged and plugged in
again while it runs.
"""

import asyncio
import os
import tty
from functools import partial

from paihao_drivers.emulator.printer import EmulatedPrinter
from paihao_drivers.errors import DeviceGoneError
from paihao_drivers.link_descriptor import DescriptorLink
from paihao_drivers.link_pipe import PipeEnd, pipe
from paihao_drivers.link_stream import StreamLink
from paihao_drivers.transport import Transport

_DEVICE = "emulated-printer"


class PipeOutlet:
    """A printer in the same process, reached by `open`; works in virtual time."""

    def __init__(self, printer: EmulatedPrinter) -> None:
        self._printer = printer
        self._plugged = True
        self._arrived: asyncio.Queue[PipeEnd] = asyncio.Queue()
        self._line: PipeEnd | None = None

    async def open(self) -> Transport:
        """Return the host's end of a new line to the printer.

        Raises:
            DeviceGoneError: the printer is unplugged.
        """
        if not self._plugged:
            raise DeviceGoneError(_DEVICE, "is not plugged in")
        near, far = pipe(_DEVICE)
        self._arrived.put_nowait(far)
        return near

    async def unplug(self) -> None:
        """Pull the cable; the line breaks at once."""
        self._plugged = False
        if self._line is not None:
            await self._line.close()

    def plug_in(self) -> None:
        """Put the cable back; the host has to open a new line."""
        self._plugged = True

    async def run(self) -> None:
        """Play the printer until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._printer.print_on(), name="emulated-printer")
            while True:
                self._line = await self._arrived.get()
                tasks.create_task(self._printer.serve(self._line), name="emulated-printer-line")


class TcpOutlet:
    """A printer on a network port of this machine, as raw as port 9100.

    Attributes:
        port: the port; when 0 was asked for, known once `listen` has returned.
    """

    def __init__(self, printer: EmulatedPrinter, port: int = 0, host: str = "127.0.0.1") -> None:
        self._printer = printer
        self._host = host
        self.port = port
        self._server: asyncio.Server | None = None
        self._lines: set[StreamLink] = set()

    @property
    def address(self) -> str:
        """Address for `paihao_drivers.opening.open_link`."""
        return f"socket://{self._host}:{self.port}"

    async def listen(self) -> None:
        """Take the port; also plugs the printer in again.

        Raises:
            OSError: the port is in use.
        """
        self._server = await asyncio.start_server(self._serve, self._host, self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def unplug(self) -> None:
        """Break all lines and refuse new ones."""
        server, self._server = self._server, None
        if server is not None:
            server.close()
        for line in list(self._lines):
            await line.close()
        if server is not None:
            await server.wait_closed()

    async def run(self) -> None:
        """Listen and play the printer until cancelled."""
        if self._server is None:
            await self.listen()
        try:
            await self._printer.print_on()
        finally:
            await self.unplug()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        line = StreamLink(_DEVICE, reader, writer)
        self._lines.add(line)
        try:
            await self._printer.serve(line)
        finally:
            self._lines.discard(line)
            await line.close()


class PtyOutlet:
    """A printer on a pseudo-terminal, which looks like a serial line to the host.

    Attributes:
        path: the host's end, known inside ``async with``.
    """

    def __init__(self, printer: EmulatedPrinter) -> None:
        self._printer = printer
        self._line: DescriptorLink | None = None
        self._host_end = -1
        self.path = ""

    async def __aenter__(self) -> "PtyOutlet":
        """Make the pair of terminals; the host's end stays open, so that it may come and go."""
        ours, self._host_end = os.openpty()
        tty.setraw(self._host_end)
        os.set_blocking(ours, False)
        self.path = os.ttyname(self._host_end)
        self._line = DescriptorLink(_DEVICE, ours, partial(os.close, ours))
        return self

    async def __aexit__(self, *_: object) -> None:
        """Pull the cable."""
        await self.unplug()

    async def unplug(self) -> None:
        """Close both ends: the host's line breaks."""
        if self._line is not None:
            await self._line.close()
            self._line = None
            os.close(self._host_end)

    async def run(self) -> None:
        """Play the printer until cancelled."""
        if self._line is None:
            raise DeviceGoneError(_DEVICE, "is not plugged in")
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._printer.print_on(), name="emulated-printer")
            tasks.create_task(self._printer.serve(self._line), name="emulated-printer-line")
