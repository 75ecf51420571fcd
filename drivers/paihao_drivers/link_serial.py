"""Link over a serial line: opened and set up by pyserial, read and written by `DescriptorLink`."""

import asyncio
import termios
from contextlib import suppress
from functools import partial
from typing import Any

import serial

from paihao_drivers.errors import DeviceGoneError, reason
from paihao_drivers.link_descriptor import DescriptorLink


async def open_serial(device: str, path: str, **settings: Any) -> DescriptorLink:
    """Open a serial line for this process alone.

    Args:
        device: name for errors.
        path: such as ``/dev/serial/by-id/usb-...``; these names survive a replug.
        settings: ``baudrate``, ``parity`` and so on, as pyserial names them.

    Raises:
        DeviceGoneError: there is no such line or it is in use.
    """
    try:
        port = await asyncio.to_thread(
            serial.Serial, path, timeout=0, write_timeout=0, exclusive=True, **settings
        )
    except OSError as error:
        raise DeviceGoneError(device, f"cannot open {path}: {reason(error)}") from error
    return DescriptorLink(device, port.fileno(), partial(_drop, port))


def _drop(port: serial.Serial) -> None:
    """Close without waiting for a device that takes no bytes."""
    # A line that was pulled out has no buffer to empty.
    with suppress(OSError, termios.error):
        port.reset_output_buffer()
    port.close()
