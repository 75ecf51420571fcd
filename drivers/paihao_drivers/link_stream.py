"""Link over TCP: network printers and serial servers."""

import asyncio

from paihao_drivers.errors import DeviceGoneError, DeviceTimeoutError, reason
from paihao_drivers.transport import (
    CLOSE_LIMIT_S,
    OPEN_LIMIT_S,
    READ_PIECE,
    STALL_LIMIT_S,
    WRITE_PIECE,
)


class StreamLink:
    """A `Transport` over a pair of asyncio streams."""

    def __init__(
        self, device: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self._device = device
        self._reader = reader
        self._writer = writer
        # Drain then waits until the operating system has every byte.
        writer.transport.set_write_buffer_limits(high=0)

    async def read(self) -> bytes:
        """Return what has arrived; see `Transport`."""
        try:
            data = await self._reader.read(READ_PIECE)
        except OSError as error:
            raise DeviceGoneError(self._device, f"the line broke: {error}") from error
        if not data:
            raise DeviceGoneError(self._device, "the line was closed at the other end")
        return data

    async def write(self, data: bytes) -> None:
        """Send all of ``data``; see `Transport`."""
        for start in range(0, len(data), WRITE_PIECE):
            if self._writer.is_closing() or self._reader.at_eof():
                raise DeviceGoneError(self._device, "the line is closed")
            self._writer.write(data[start : start + WRITE_PIECE])
            try:
                async with asyncio.timeout(STALL_LIMIT_S):
                    await self._writer.drain()
            except TimeoutError as error:
                problem = f"took no bytes for {STALL_LIMIT_S:g} s"
                raise DeviceTimeoutError(self._device, problem) from error
            except OSError as error:
                raise DeviceGoneError(self._device, f"the line broke: {error}") from error

    async def close(self) -> None:
        """Drop what is unsent and close; see `Transport`."""
        # A plain close would wait for a device that takes no bytes.
        self._writer.transport.abort()
        try:
            async with asyncio.timeout(CLOSE_LIMIT_S):
                await self._writer.wait_closed()
        except (TimeoutError, OSError):
            # It is closed as far as we can close it; the reason was told by read or write.
            return


async def open_socket(device: str, host: str, port: int) -> StreamLink:
    """Connect to a network printer or a serial server.

    Raises:
        DeviceGoneError: nobody answers there.
    """
    try:
        async with asyncio.timeout(OPEN_LIMIT_S):
            reader, writer = await asyncio.open_connection(host, port)
    except TimeoutError as error:
        problem = f"no connection to {host}:{port} in {OPEN_LIMIT_S:g} s"
        raise DeviceGoneError(device, problem) from error
    except OSError as error:
        raise DeviceGoneError(
            device, f"cannot connect to {host}:{port}: {reason(error)}"
        ) from error
    return StreamLink(device, reader, writer)
