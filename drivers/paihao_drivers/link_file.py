"""Link to a device file such as /dev/usb/lp0, or to a plain file that keeps the bytes.

A device file is watched by the event loop and never blocks it. A plain file gives no answers.
"""

import asyncio
import os
import stat
from collections.abc import Callable
from pathlib import Path

from paihao_drivers.errors import DeviceGoneError, DeviceTimeoutError
from paihao_drivers.transport import READ_PIECE, STALL_LIMIT_S, WRITE_PIECE


class DeviceFileLink:
    """A `Transport` over an open device file, or a pipe, that can be waited for."""

    def __init__(self, device: str, descriptor: int, *, readable: bool) -> None:
        self._device = device
        self._descriptor = descriptor
        self._readable = readable
        self._open = True

    async def read(self) -> bytes:
        """Return what has arrived; see `Transport`."""
        loop = asyncio.get_running_loop()
        while True:
            self._check_open()
            if not self._readable:
                await loop.create_future()
            try:
                data = os.read(self._descriptor, READ_PIECE)
            except BlockingIOError:
                await self._ready(loop.add_reader, loop.remove_reader)
                continue
            except OSError as error:
                raise DeviceGoneError(self._device, f"the device broke: {error}") from error
            if not data:
                raise DeviceGoneError(self._device, "the device closed")
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
                raise DeviceGoneError(self._device, f"the device broke: {error}") from error

    async def close(self) -> None:
        """Close the file; see `Transport`."""
        if self._open:
            self._open = False
            os.close(self._descriptor)

    async def _ready(self, add: Callable[..., None], remove: Callable[[int], bool]) -> None:
        ready = asyncio.Event()
        add(self._descriptor, ready.set)
        try:
            await ready.wait()
        finally:
            remove(self._descriptor)

    def _check_open(self) -> None:
        if not self._open:
            raise DeviceGoneError(self._device, "the device is closed")


class PlainFileLink:
    """A `Transport` that appends to a plain file and never answers."""

    def __init__(self, device: str, path: str) -> None:
        self._device = device
        self._path = path

    async def read(self) -> bytes:
        """Wait for ever: a file says nothing."""
        nothing: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        return await nothing

    async def write(self, data: bytes) -> None:
        """Append all of ``data``; see `Transport`."""
        try:
            await asyncio.to_thread(_append, self._path, data)
        except OSError as error:
            raise DeviceGoneError(self._device, f"cannot write {self._path}: {error}") from error

    async def close(self) -> None:
        """Do nothing: the file is open only while it is written."""


async def open_file(device: str, path: str) -> DeviceFileLink | PlainFileLink:
    """Open a device file for both directions, or name a plain file to append to.

    Raises:
        DeviceGoneError: the path cannot be opened.
    """
    try:
        return await asyncio.to_thread(_open, device, path)
    except OSError as error:
        raise DeviceGoneError(device, f"cannot open {path}: {error}") from error


def _open(device: str, path: str) -> DeviceFileLink | PlainFileLink:
    place = Path(path)
    missing = not place.exists() and not path.startswith("/dev/")
    if missing or stat.S_ISREG(place.stat().st_mode):
        _append(path, b"")
        return PlainFileLink(device, path)
    flags = os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
    try:
        return DeviceFileLink(device, os.open(path, os.O_RDWR | flags), readable=True)
    except PermissionError:
        # A print-only port: good enough to print, not to ask.
        return DeviceFileLink(device, os.open(path, os.O_WRONLY | flags), readable=False)


def _append(path: str, data: bytes) -> None:
    with Path(path).open("ab") as file:
        file.write(data)
