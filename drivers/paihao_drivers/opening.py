"""Addresses of devices, and the one place that opens them.

====================================  ====================================================
``socket://192.168.1.50:9100``        network printer or serial server; 9100 if no port
``serial:///dev/ttyUSB0?baud=115200`` serial line; also the bare ``/dev/ttyUSB0?baud=115200``
``usb://0416:5011``                   USB device by vendor and product, hexadecimal
``file:///dev/usb/lp0``               device file or plain file; also any bare path
====================================  ====================================================

A serial address may also say ``parity=E`` or ``O`` (default ``N``), ``stop=1`` or ``2`` and
``flow=rtscts`` or ``xonxoff``.
"""

from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

from paihao_drivers.errors import DeviceSetupError
from paihao_drivers.link_file import open_file
from paihao_drivers.link_serial import open_serial
from paihao_drivers.link_stream import open_socket
from paihao_drivers.link_usb import open_usb
from paihao_drivers.transport import Transport

RAW_PRINT_PORT: Final = 9100
DEFAULT_BAUD: Final = 9600
_SERIAL_NAMES: Final = ("/dev/tty", "/dev/serial/", "/dev/pts/", "/dev/cu.")
_FLOWS: Final = ("rtscts", "xonxoff")


async def open_link(device: str, address: str) -> Transport:
    """Open the port at ``address``.

    Args:
        device: name from the hall's configuration, for errors.
        address: see the table above.

    Raises:
        DeviceSetupError: the address is wrong or a library is missing.
        DeviceGoneError: nothing answers at the address; trying again may help.
    """
    parts = urlsplit(address)
    match parts.scheme:
        case "socket":
            host, port = _host_and_port(device, address)
            return await open_socket(device, host, port)
        case "usb":
            vendor, product = _usb_ids(device, address, parts.netloc)
            return await open_usb(device, vendor, product)
        case "serial":
            return await open_serial(device, parts.path, **serial_settings(device, address))
        case "" if parts.path.startswith(_SERIAL_NAMES):
            return await open_serial(device, parts.path, **serial_settings(device, address))
        case "file" | "" if parts.path:
            return await open_file(device, parts.path)
        case _:
            expected = "socket://, serial://, usb://, file:// or a path"
            raise DeviceSetupError(device, f"address {address!r}: expected {expected}")


def serial_settings(device: str, address: str) -> dict[str, Any]:
    """Return what pyserial is told for an address such as ``/dev/ttyS1?baud=19200&parity=E``.

    Raises:
        DeviceSetupError: an unknown name or a value that makes no sense.
    """
    given = dict(parse_qsl(urlsplit(address).query, keep_blank_values=True))
    settings: dict[str, Any] = {
        "baudrate": _number(device, address, given.pop("baud", str(DEFAULT_BAUD))),
        "parity": _one_of(device, address, given.pop("parity", "N"), ("N", "E", "O")),
        "stopbits": int(_one_of(device, address, given.pop("stop", "1"), ("1", "2"))),
    }
    if "flow" in given:
        settings[_one_of(device, address, given.pop("flow"), _FLOWS)] = True
    for name in given:
        problem = f"address {address!r}: {name!r} is not baud, parity, stop or flow"
        raise DeviceSetupError(device, problem)
    return settings


def _host_and_port(device: str, address: str) -> tuple[str, int]:
    parts = urlsplit(address)
    try:
        port = parts.port
    except ValueError as error:
        raise DeviceSetupError(device, f"address {address!r}: {error}") from error
    if not parts.hostname:
        raise DeviceSetupError(device, f"address {address!r}: the host is missing")
    return parts.hostname, port or RAW_PRINT_PORT


def _usb_ids(device: str, address: str, netloc: str) -> tuple[int, int]:
    vendor, _, product = netloc.partition(":")
    try:
        return int(vendor, 16), int(product, 16)
    except ValueError as error:
        problem = f"address {address!r}: expected usb://VENDOR:PRODUCT in hexadecimal"
        raise DeviceSetupError(device, problem) from error


def _number(device: str, address: str, text: str) -> int:
    if not text.isdecimal() or int(text) == 0:
        raise DeviceSetupError(device, f"address {address!r}: {text!r} is not a baud rate")
    return int(text)


def _one_of(device: str, address: str, text: str, allowed: tuple[str, ...]) -> str:
    if text not in allowed:
        expected = ", ".join(allowed)
        raise DeviceSetupError(device, f"address {address!r}: {text!r} is not one of {expected}")
    return text
