"""Link to a USB printer without a kernel driver, by pyusb in one worker thread.

pyusb needs libusb-1.0 of the system. A printer that shows up as /dev/usb/lp0 is better opened as
a file: nothing has to be detached and no rights to the bus are needed.
"""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final, Protocol

from paihao_drivers.errors import DeviceGoneError, DeviceSetupError, DeviceTimeoutError
from paihao_drivers.transport import READ_PIECE, STALL_LIMIT_S, WRITE_PIECE

# A read holds the one worker for so long; a write waits at most that for its turn.
_READ_SLICE_MS: Final = 50
_PRINTER_CLASS: Final = 7


class BulkPort(Protocol):
    """The blocking part: two bulk endpoints of a claimed interface."""

    def read(self, size: int, timeout_ms: int) -> bytes:
        """Return what came within the time, nothing if nothing did; `OSError` when gone."""
        ...

    def write(self, data: bytes, timeout_ms: int) -> int:
        """Return how many bytes went out within the time; `OSError` when gone."""
        ...

    def close(self) -> None:
        """Release the interface."""
        ...


class UsbLink:
    """A `Transport` over a `BulkPort`."""

    def __init__(self, device: str, port: BulkPort) -> None:
        self._device = device
        self._port = port
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix=f"usb-{device}")
        self._reading: asyncio.Future[bytes] | None = None
        self._open = True

    async def read(self) -> bytes:
        """Return what has arrived; see `Transport`."""
        while True:
            self._check_open()
            if self._reading is None:
                self._reading = asyncio.get_running_loop().run_in_executor(
                    self._worker, self._port.read, READ_PIECE, _READ_SLICE_MS
                )
            try:
                # Shielded: bytes that a cancelled caller did not wait for go to the next one.
                data = await asyncio.shield(self._reading)
            except OSError as error:
                self._reading = None
                raise DeviceGoneError(self._device, f"the USB line broke: {error}") from error
            self._reading = None
            if data:
                return data

    async def write(self, data: bytes) -> None:
        """Send all of ``data``; see `Transport`."""
        loop = asyncio.get_running_loop()
        sent = 0
        while sent < len(data):
            self._check_open()
            piece = data[sent : sent + WRITE_PIECE]
            try:
                count = await loop.run_in_executor(
                    self._worker, self._port.write, piece, int(STALL_LIMIT_S * 1000)
                )
            except OSError as error:
                raise DeviceGoneError(self._device, f"the USB line broke: {error}") from error
            if not count:
                raise DeviceTimeoutError(self._device, f"took no bytes for {STALL_LIMIT_S:g} s")
            sent += count

    async def close(self) -> None:
        """Release the interface; see `Transport`."""
        if not self._open:
            return
        self._open = False
        await asyncio.get_running_loop().run_in_executor(self._worker, self._port.close)
        self._worker.shutdown(wait=False)

    def _check_open(self) -> None:
        if not self._open:
            raise DeviceGoneError(self._device, "the USB line is closed")


async def open_usb(device: str, vendor: int, product: int) -> UsbLink:
    """Claim the printer interface of a USB device.

    Raises:
        DeviceSetupError: pyusb or libusb is not installed.
        DeviceGoneError: the device is not there or may not be claimed.
    """
    try:
        import usb.core
        import usb.util
    except ImportError as error:
        problem = "USB printing needs pyusb: pip install 'paihao[usb]'"
        raise DeviceSetupError(device, problem) from error
    try:
        port = await asyncio.to_thread(_claim, device, vendor, product)
    except usb.core.NoBackendError as error:
        problem = "USB printing needs libusb-1.0: apt install libusb-1.0-0"
        raise DeviceSetupError(device, problem) from error
    except OSError as error:
        problem = f"cannot claim USB {vendor:04x}:{product:04x}: {error}"
        raise DeviceGoneError(device, problem) from error
    return UsbLink(device, port)


def _claim(device: str, vendor: int, product: int) -> BulkPort:
    import usb.core
    import usb.util

    handle = usb.core.find(idVendor=vendor, idProduct=product)
    if handle is None:
        raise DeviceGoneError(device, f"no USB device {vendor:04x}:{product:04x}")
    interface = usb.util.find_descriptor(
        handle.get_active_configuration(), bInterfaceClass=_PRINTER_CLASS
    )
    if interface is None:
        raise DeviceGoneError(device, f"USB {vendor:04x}:{product:04x} has no printer interface")
    if handle.is_kernel_driver_active(interface.bInterfaceNumber):
        handle.detach_kernel_driver(interface.bInterfaceNumber)
    usb.util.claim_interface(handle, interface.bInterfaceNumber)
    return _PyUsbPort(handle, interface)


class _PyUsbPort:
    """The bulk endpoints of a claimed printer interface, by pyusb."""

    def __init__(self, handle: Any, interface: Any) -> None:
        import usb.core
        import usb.util

        self._handle = handle
        self._interface = interface
        self._timeout_error = usb.core.USBTimeoutError
        self._release = usb.util.dispose_resources
        way_in, way_out = usb.util.ENDPOINT_IN, usb.util.ENDPOINT_OUT
        ends = {usb.util.endpoint_direction(end.bEndpointAddress): end for end in interface}
        self._in, self._out = ends.get(way_in), ends[way_out]

    def read(self, size: int, timeout_ms: int) -> bytes:
        if self._in is None:
            return b""
        try:
            return bytes(self._in.read(size, timeout_ms))
        except self._timeout_error:
            return b""

    def write(self, data: bytes, timeout_ms: int) -> int:
        try:
            return int(self._out.write(data, timeout_ms))
        except self._timeout_error:
            return 0

    def close(self) -> None:
        self._release(self._handle)
