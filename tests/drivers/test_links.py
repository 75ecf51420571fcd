"""Links over sockets, pseudo-terminals, device files, USB and memory: the same manners."""

import asyncio
import os
import random
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

import pytest
from escpos.printer import Network

from paihao_drivers.emulator.outlets import PtyOutlet, TcpOutlet
from paihao_drivers.emulator.printer import EmulatedPrinter
from paihao_drivers.errors import DeviceGoneError, DeviceTimeoutError
from paihao_drivers.link_descriptor import DescriptorLink
from paihao_drivers.link_pipe import PIPE_BYTES, pipe
from paihao_drivers.link_usb import UsbLink
from paihao_drivers.opening import open_link
from paihao_drivers.printer.codec import ticket_slip
from paihao_drivers.printer.driver import Printer, PrintResult
from paihao_drivers.printer.profile import PAPER_58MM_CUTTER, PAPER_80MM
from paihao_drivers.transport import STALL_LIMIT_S, Transport
from tests.drivers.samples import SLIP, opened, qr_texts

TICKET = ticket_slip(SLIP, PAPER_80MM)
SMALL_TICKET = ticket_slip(SLIP, PAPER_58MM_CUTTER)


@asynccontextmanager
async def on_the_network(device: EmulatedPrinter) -> AsyncIterator[TcpOutlet]:
    outlet = TcpOutlet(device)
    await outlet.listen()
    playing = asyncio.create_task(outlet.run(), name="outlet")
    try:
        yield outlet
    finally:
        playing.cancel()
        await asyncio.gather(playing, return_exceptions=True)


def printer_at(address: str, profile: object = PAPER_80MM) -> Printer:
    async def open_it() -> Transport:
        return await open_link("slip-1", address)

    chosen = PAPER_58MM_CUTTER if profile is PAPER_58MM_CUTTER else PAPER_80MM
    return Printer("slip-1", chosen, open_it, chance=random.Random(1))


async def test_a_ticket_is_printed_over_the_network() -> None:
    device = EmulatedPrinter(mm_per_s=0)
    async with on_the_network(device) as outlet:
        printer = printer_at(outlet.address)
        outcome = await printer.print_slip("t-1", TICKET)
        assert outcome.result is PrintResult.PRINTED
        assert [slip.data for slip in device.slips] == [TICKET]
        await printer.close()


async def test_a_network_printer_that_was_unplugged_is_found_again() -> None:
    device = EmulatedPrinter(mm_per_s=0)
    async with on_the_network(device) as outlet:
        printer = printer_at(outlet.address)
        assert (await printer.status()).ready
        await outlet.unplug()
        assert str(await printer.status()) == "unplugged"
        await outlet.listen()
        assert (await printer.status()).ready
        await printer.close()


async def test_a_printer_that_swallows_nothing_stops_the_writer_in_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("paihao_drivers.link_stream.STALL_LIMIT_S", 0.05)
    device = EmulatedPrinter()
    device.set_cover_open()  # it takes what its buffer holds, then nothing
    async with on_the_network(device) as outlet:
        link = await open_link("slip-1", outlet.address)
        with pytest.raises(DeviceTimeoutError, match="took no bytes"):
            await link.write(bytes(30_000_000))
        await link.close()


async def test_a_stranger_prints_and_asks_for_the_paper_over_the_network() -> None:
    device = EmulatedPrinter(mm_per_s=0)
    async with on_the_network(device) as outlet:

        def stranger() -> tuple[bool, int]:
            printer = Network("127.0.0.1", outlet.port, timeout=5, profile="NT-80-V-UL")
            printer.text("请到3号窗口\n")
            printer.cut()
            answers = (printer.is_online(), printer.paper_status())
            printer.close()
            return answers

        device.set_near_end()
        assert await asyncio.to_thread(stranger) == (True, 1)
        device.run_out_of_paper()
        assert await asyncio.to_thread(stranger) == (False, 0)
        assert device.printed == 1


@pytest.mark.real
async def test_a_ticket_is_printed_over_a_serial_line() -> None:
    device = EmulatedPrinter(384, mm_per_s=0)
    async with PtyOutlet(device) as outlet:
        playing = asyncio.create_task(outlet.run(), name="outlet")
        printer = printer_at(f"{outlet.path}?baud=115200", PAPER_58MM_CUTTER)
        outcome = await printer.print_slip("t-1", SMALL_TICKET)
        assert outcome.result is PrintResult.PRINTED
        (slip,) = device.slips
        assert slip.data == SMALL_TICKET
        assert qr_texts(opened(slip.png)) == [SLIP.phone_url]
        await printer.close()
        playing.cancel()
        await asyncio.gather(playing, return_exceptions=True)


@pytest.mark.real
async def test_a_full_serial_line_leaves_the_loop_free(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("paihao_drivers.link_descriptor.STALL_LIMIT_S", 0.05)
    device = EmulatedPrinter(mm_per_s=0)
    async with PtyOutlet(device) as outlet:  # nobody plays the printer: nothing is taken
        link = await open_link("slip-1", f"{outlet.path}?baud=115200")
        with pytest.raises(DeviceTimeoutError, match="took no bytes"):
            await link.write(TICKET)
        await link.close()


@pytest.mark.real
async def test_a_serial_line_that_is_pulled_out_is_gone() -> None:
    async with PtyOutlet(EmulatedPrinter(mm_per_s=0)) as outlet:
        link = await open_link("slip-1", f"{outlet.path}?baud=115200")
        reading = asyncio.create_task(link.read(), name="read")
        await asyncio.sleep(0)
        await outlet.unplug()
        with pytest.raises(DeviceGoneError):
            await reading
        await link.close()


async def test_a_device_file_is_waited_for_and_its_end_is_gone() -> None:
    ours, theirs = os.pipe()
    os.set_blocking(ours, False)
    link = DescriptorLink("slip-1", ours, partial(os.close, ours))
    reading = asyncio.create_task(link.read(), name="read")
    await asyncio.sleep(0)
    os.write(theirs, b"\x12")
    assert await reading == b"\x12"
    os.close(theirs)
    with pytest.raises(DeviceGoneError):
        await link.read()
    await link.close()
    with pytest.raises(DeviceGoneError):
        await link.write(b"x")


async def test_a_device_file_that_takes_nothing_times_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("paihao_drivers.link_descriptor.STALL_LIMIT_S", 0.02)
    theirs, ours = os.pipe()
    os.set_blocking(ours, False)
    link = DescriptorLink("slip-1", ours, partial(os.close, ours), readable=False)
    with pytest.raises(DeviceTimeoutError):
        await link.write(bytes(1_000_000))
    await link.close()
    os.close(theirs)


async def test_a_pipe_carries_both_ways_holds_a_buffer_and_breaks_at_once() -> None:
    near, far = pipe()
    await near.write(b"ask")
    await far.write(b"answer")
    assert await far.read() == b"ask"
    assert await near.read() == b"answer"
    writing = asyncio.create_task(near.write(bytes(PIPE_BYTES + 1)), name="write")
    await asyncio.sleep(0)
    assert not writing.done()
    await far.read()
    await writing
    await far.close()
    with pytest.raises(DeviceGoneError):
        await near.write(b"x")
    assert len(await far.read()) > 0  # what had arrived can still be read
    with pytest.raises(DeviceGoneError):
        await near.read()


class Bulk:
    """Two USB endpoints: answers wait in a list, written bytes are kept."""

    def __init__(self) -> None:
        self.answers: list[bytes] = []
        self.written = bytearray()
        self.takes = True
        self.gone = False
        self.closed = threading.Event()

    def read(self, size: int, timeout_ms: int) -> bytes:
        if self.gone:
            raise OSError(19, "No such device")
        return self.answers.pop(0)[:size] if self.answers else b""

    def write(self, data: bytes, timeout_ms: int) -> int:
        assert timeout_ms == STALL_LIMIT_S * 1000
        if self.gone:
            raise OSError(19, "No such device")
        if not self.takes:
            return 0
        half = data[: max(1, len(data) // 2)]
        self.written += half
        return len(half)

    def close(self) -> None:
        self.closed.set()


async def test_a_usb_printer_gets_every_byte_and_its_answers_are_heard() -> None:
    port = Bulk()
    link = UsbLink("slip-1", port)
    await link.write(TICKET)
    assert bytes(port.written) == TICKET
    port.answers.append(b"\x12")
    assert await link.read() == b"\x12"
    await link.close()
    assert port.closed.is_set()


async def test_an_answer_that_a_cancelled_reader_did_not_wait_for_goes_to_the_next() -> None:
    port = Bulk()
    link = UsbLink("slip-1", port)
    waiting = asyncio.create_task(link.read(), name="read")
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    port.answers.append(b"\x12")
    assert await link.read() == b"\x12"
    await link.close()


async def test_a_usb_printer_that_takes_nothing_or_is_pulled_out_is_told() -> None:
    port = Bulk()
    link = UsbLink("slip-1", port)
    port.takes = False
    with pytest.raises(DeviceTimeoutError):
        await link.write(b"x")
    port.gone = True
    with pytest.raises(DeviceGoneError):
        await link.write(b"x")
    with pytest.raises(DeviceGoneError):
        await link.read()
    await link.close()
