"""A line in memory: two ends, each a `Transport`, for emulated devices in the same process."""

import asyncio
from typing import Final

from paihao_drivers.errors import DeviceGoneError, DeviceTimeoutError
from paihao_drivers.transport import READ_PIECE, STALL_LIMIT_S

# What lies in the line before the far end must take some of it, as in a socket.
PIPE_BYTES: Final = 65_536


class PipeEnd:
    """One end of a `pipe`; what is written here is read at the other end."""

    def __init__(self, device: str) -> None:
        self._device = device
        self._arrived = bytearray()
        self._changed = asyncio.Event()
        self._far: PipeEnd | None = None
        self._open = True

    def join(self, far: "PipeEnd") -> None:
        """Make ``far`` the other end; called once by `pipe`."""
        self._far = far

    async def read(self) -> bytes:
        """Return what has arrived; see `Transport`."""
        while not self._arrived:
            if not self._open:
                raise DeviceGoneError(self._device, "the line was closed")
            self._changed.clear()
            await self._changed.wait()
        data = bytes(self._arrived[:READ_PIECE])
        del self._arrived[:READ_PIECE]
        if self._far is not None:
            self._far.wake()
        return data

    async def write(self, data: bytes) -> None:
        """Send all of ``data``; see `Transport`."""
        far = self._far
        sent = 0
        while sent < len(data):
            if far is None or not self._open:
                raise DeviceGoneError(self._device, "the line is closed")
            room = PIPE_BYTES - far.waiting
            if room <= 0:
                self._changed.clear()
                try:
                    async with asyncio.timeout(STALL_LIMIT_S):
                        await self._changed.wait()
                except TimeoutError as error:
                    problem = f"took no bytes for {STALL_LIMIT_S:g} s"
                    raise DeviceTimeoutError(self._device, problem) from error
                continue
            far.deliver(data[sent : sent + room])
            sent += room

    async def close(self) -> None:
        """Close both ends; what has arrived at the far end can still be read there."""
        for end in (self, self._far):
            if end is not None:
                end.shut()

    @property
    def waiting(self) -> int:
        """Bytes that arrived here and were not read."""
        return len(self._arrived)

    def deliver(self, data: bytes) -> None:
        """Take bytes from the other end."""
        self._arrived += data
        self._changed.set()

    def wake(self) -> None:
        """Tell a writer here that the other end took bytes."""
        self._changed.set()

    def shut(self) -> None:
        """Close this end only."""
        self._open = False
        self._changed.set()


def pipe(device: str = "pipe") -> tuple[PipeEnd, PipeEnd]:
    """Return the two ends of a new line; either may be the device's."""
    near, far = PipeEnd(device), PipeEnd(device)
    near.join(far)
    far.join(near)
    return near, far
