"""Addresses of devices: what each opens, and one clear line for each that is wrong."""

from pathlib import Path

import pytest

from paihao_drivers.errors import DeviceGoneError, DeviceSetupError
from paihao_drivers.link_file import PlainFileLink
from paihao_drivers.opening import open_link, serial_settings


@pytest.mark.parametrize(
    ("address", "problem"),
    [
        ("http://1.2.3.4", "expected socket://, serial://, usb://, file:// or a path"),
        ("socket://:9100", "the host is missing"),
        ("socket://printer:70000", "Port out of range"),
        ("usb://printer", "expected usb://VENDOR:PRODUCT in hexadecimal"),
        ("/dev/ttyUSB0?baud=fast", "'fast' is not a baud rate"),
        ("/dev/ttyUSB0?parity=X", "'X' is not one of N, E, O"),
        ("serial:///dev/ttyS0?speed=9600", "'speed' is not baud, parity, stop or flow"),
        ("", "expected socket://"),
    ],
)
async def test_a_wrong_address_is_told_with_the_address(address: str, problem: str) -> None:
    with pytest.raises(DeviceSetupError) as told:
        await open_link("slip-1", address)
    assert str(told.value).startswith(f"slip-1: address {address!r}: ")
    assert problem in str(told.value)


def test_a_serial_line_is_9600_8n1_unless_told_otherwise() -> None:
    assert serial_settings("s", "/dev/ttyUSB0") == {
        "baudrate": 9600,
        "parity": "N",
        "stopbits": 1,
    }
    assert serial_settings("s", "/dev/ttyUSB0?baud=115200&parity=E&stop=2&flow=rtscts") == {
        "baudrate": 115200,
        "parity": "E",
        "stopbits": 2,
        "rtscts": True,
    }


@pytest.mark.parametrize(
    "address", ["socket://127.0.0.1:1", "/dev/ttyNOTHERE9", "/dev/usb/lp-not-there"]
)
async def test_a_device_that_is_not_there_is_gone_and_may_come_back(address: str) -> None:
    with pytest.raises(DeviceGoneError, match="slip-1: cannot"):
        await open_link("slip-1", address)


async def test_a_plain_file_keeps_the_bytes(tmp_path: Path) -> None:
    path = tmp_path / "slips.bin"
    link = await open_link("slip-1", f"file://{path}")
    assert isinstance(link, PlainFileLink)
    await link.write(b"one")
    await link.write(b"two")
    await link.close()
    assert path.read_bytes() == b"onetwo"


async def test_a_file_in_no_folder_is_told(tmp_path: Path) -> None:
    path = tmp_path / "no" / "slips.bin"
    with pytest.raises(DeviceGoneError) as gone:
        await open_link("slip-1", str(path))
    assert str(gone.value) == f"slip-1: cannot open {path}: No such file or directory"


async def test_a_serial_line_that_is_not_there_is_told_in_few_words() -> None:
    with pytest.raises(DeviceGoneError) as gone:
        await open_link("slip-1", "serial:///dev/nothing-here")
    assert str(gone.value) == "slip-1: cannot open /dev/nothing-here: No such file or directory"


async def test_a_usb_printer_needs_libusb_or_is_not_there() -> None:
    pytest.importorskip("usb")
    with pytest.raises((DeviceSetupError, DeviceGoneError)) as told:
        await open_link("slip-1", "usb://ffff:fffe")
    assert "libusb" in str(told.value) or "no USB device ffff:fffe" in str(told.value)
