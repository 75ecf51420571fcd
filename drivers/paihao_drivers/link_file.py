"""Link to a device file such as /dev/usb/lp0, or to a plain file that keeps the bytes.

A device file is watched by the event loop and never blocks it. A plain file gives no answers.
"""

import asyncio
import os
import stat
from functools import partial
from pathlib import Path

from paihao_drivers.errors import DeviceGoneError, reason
from paihao_drivers.link_descriptor import DescriptorLink


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


async def open_file(device: str, path: str) -> DescriptorLink | PlainFileLink:
    """Open a device file for both directions, or name a plain file to append to.

    Raises:
        DeviceGoneError: the path cannot be opened.
    """
    try:
        return await asyncio.to_thread(_open, device, path)
    except OSError as error:
        raise DeviceGoneError(device, f"cannot open {path}: {reason(error)}") from error


def _open(device: str, path: str) -> DescriptorLink | PlainFileLink:
    place = Path(path)
    missing = not place.exists() and not path.startswith("/dev/")
    if missing or stat.S_ISREG(place.stat().st_mode):
        _append(path, b"")
        return PlainFileLink(device, path)
    flags = os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
    try:
        descriptor, readable = os.open(path, os.O_RDWR | flags), True
    except PermissionError:
        # A print-only port: good enough to print, not to ask.
        descriptor, readable = os.open(path, os.O_WRONLY | flags), False
    return DescriptorLink(device, descriptor, partial(os.close, descriptor), readable=readable)


def _append(path: str, data: bytes) -> None:
    with Path(path).open("ab") as file:
        file.write(data)
