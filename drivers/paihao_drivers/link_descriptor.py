"""Link over a file descriptor: serial lines and device files, without a thread.

The bytes are read and written here and not by pyserial: its write spins in the event loop for as
long as the line is full, which at 9600 baud is a minute per painted ticket.
"""

import asyncio
import os
from collections.abc import Callable

from paihao_drivers.errors import DeviceGoneError, DeviceTimeoutError
from paihao_drivers.transport import READ_PIECE, STALL_LIMIT_S, WRITE_PIECE


class DescriptorLink:
    """A `Transport` over a non-blocking descriptor that the event loop can wait for."""

    def __init__(
        self, device: str, descriptor: int, close: Callable[[], None], *, readable: bool = True
    ) -> None:
        """Take over an open descriptor.

        Args:
            device: name for errors.
            descriptor: open and non-blocking.
            close: gives it back.
            readable: False for a port that cannot answer.
        """
        self._device = device
        self._descriptor = descriptor
        self._close = close
        self._readable = readable
        self._open = True
        self._waiting: set[asyncio.Event] = set()

    async def read(self) -> bytes:
        """Return what has arrived; see `Transport`."""
        loop = asyncio.get_running_loop()
        while True:
            self._check_open()
            if not self._readable:
                await loop.create_future()
            # Wait first: a serial line without data reads as if it had ended.
            await self._ready(loop.add_reader, loop.remove_reader)
            self._check_open()
            try:
                data = os.read(self._descriptor, READ_PIECE)
            except BlockingIOError:
                continue
            except OSError as error:
                raise DeviceGoneError(self._device, f"the line broke: {error}") from error
            if not data:
                raise DeviceGoneError(self._device, "the line was closed at the other end")
            return data

    async def write(self, data: bytes) -> None:
        """Send all of ``data``; see `Transport`."""
        loop = asyncio.get_running_loop()
        left = memoryview(data)
        while left:
            self._check_open()
            try:
                left = left[os.write(self._descriptor, left[:WRITE_PIECE]) :]
                # Another task may run between two pieces.
                await asyncio.sleep(0)
            except BlockingIOError:
                try:
                    async with asyncio.timeout(STALL_LIMIT_S):
                        await self._ready(loop.add_writer, loop.remove_writer)
                except TimeoutError as error:
                    problem = f"took no bytes for {STALL_LIMIT_S:g} s"
                    raise DeviceTimeoutError(self._device, problem) from error
            except OSError as error:
                raise DeviceGoneError(self._device, f"the line broke: {error}") from error

    async def close(self) -> None:
        """Give the descriptor back and end a waiting read; see `Transport`."""
        if self._open:
            self._open = False
            loop = asyncio.get_running_loop()
            loop.remove_reader(self._descriptor)
            loop.remove_writer(self._descriptor)
            for ready in self._waiting:
                ready.set()
            self._close()

    async def _ready(self, add: Callable[..., None], remove: Callable[[int], bool]) -> None:
        ready = asyncio.Event()
        self._waiting.add(ready)
        add(self._descriptor, ready.set)
        try:
            await ready.wait()
        finally:
            self._waiting.discard(ready)
            if self._open:
                remove(self._descriptor)

    def _check_open(self) -> None:
        if not self._open:
            raise DeviceGoneError(self._device, "the line is closed")
