"""The emulated printer behaves as a printer does, also when nobody prints."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from paihao_drivers.emulator.outlets import PipeOutlet
from paihao_drivers.emulator.printer import BUFFER_BYTES, EmulatedPrinter, PrintedSlip
from paihao_drivers.transport import Transport
from paihao_runtime import virtual_time

SLIP = b"\x1b@A001\n\x1dV\x00"
START = datetime(2026, 3, 18, 2, 24, tzinfo=UTC)


def with_line(
    story: Callable[[EmulatedPrinter, Transport], Awaitable[None]], mm_per_s: float = 150.0
) -> None:
    """Run a story in virtual time with a line to a printer that has paper."""

    async def main(_: object) -> None:
        device = EmulatedPrinter(mm_per_s=mm_per_s)
        outlet = PipeOutlet(device)
        playing = asyncio.create_task(outlet.run(), name="outlet")
        await story(device, await outlet.open())
        playing.cancel()
        await asyncio.gather(playing, return_exceptions=True)

    virtual_time.run(main, START)


def test_it_answers_real_time_questions_wherever_they_stand() -> None:
    async def story(_: EmulatedPrinter, line: Transport) -> None:
        await line.write(b"\x1b@A\x10")
        await line.write(b"\x04\x01B\x10\x04\x04")
        await asyncio.sleep(1)
        assert await line.read() == b"\x12\x12"

    with_line(story)


def test_it_answers_while_it_waits_for_paper_but_not_that_it_is_done() -> None:
    async def story(device: EmulatedPrinter, line: Transport) -> None:
        device.run_out_of_paper()
        await line.write(SLIP + b"\x1dr\x01\x10\x04\x04")
        assert await line.read() == b"\x7e"
        assert device.printed == 0
        device.load_paper()
        assert await line.read() == b"\x00"
        assert device.printed == 1

    with_line(story)


def test_it_reports_changes_when_it_was_asked_to() -> None:
    async def story(device: EmulatedPrinter, line: Transport) -> None:
        await line.write(b"\x1da\xff")
        assert await line.read() == bytes.fromhex("10000000")
        device.set_cover_open()
        assert await line.read() == bytes.fromhex("38000000")
        device.set_cover_open(False)
        device.set_near_end()
        assert await line.read() == bytes.fromhex("10000300")

    with_line(story)


def test_it_prints_at_the_speed_of_paper() -> None:
    async def story(_: EmulatedPrinter, line: Transport) -> None:
        await line.write(b"\x1bJ\xf0" * 5 + b"\x1dr\x01")  # 5 x 30 mm
        await line.read()
        assert asyncio.get_running_loop().time() == 1.0

    with_line(story)


def test_it_takes_no_more_bytes_than_its_buffer_holds() -> None:
    async def story(device: EmulatedPrinter, line: Transport) -> None:
        device.set_hot()
        writing = asyncio.create_task(line.write(bytes(4 * BUFFER_BYTES)), name="write")
        await asyncio.sleep(1)
        assert not writing.done()
        device.set_hot(False)
        await writing

    with_line(story)


def test_each_slip_keeps_the_bytes_that_made_it() -> None:
    async def story(device: EmulatedPrinter, line: Transport) -> None:
        seen: list[PrintedSlip] = []
        device.on_slip = seen.append
        await line.write(b"\x10\x04\x01" + SLIP + b"\x1dr\x01" + SLIP)
        await asyncio.sleep(1)
        assert [slip.data for slip in seen] == [SLIP, SLIP]
        assert list(device.slips) == seen
        assert seen[0].png.startswith(b"\x89PNG")

    with_line(story)


def test_a_jammed_knife_stops_it_until_it_is_freed_or_told_to_recover() -> None:
    async def story(device: EmulatedPrinter, line: Transport) -> None:
        device.jam_at_next_cut()
        await line.write(SLIP + b"\x1dr\x01")
        await asyncio.sleep(1)
        await line.write(b"\x10\x04\x03")
        assert await line.read() == b"\x1a"
        await line.write(b"\x10\x05\x02")
        assert await line.read() == b"\x00"

    with_line(story)


def test_switching_it_off_and_on_forgets_what_was_waiting() -> None:
    async def story(device: EmulatedPrinter, line: Transport) -> None:
        device.set_cover_open()
        await line.write(SLIP)
        await asyncio.sleep(0.1)
        device.power_cycle()
        device.set_cover_open(False)
        await line.write(SLIP + b"\x1dr\x01")
        await line.read()
        assert device.printed == 1

    with_line(story)
