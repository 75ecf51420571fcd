"""The printer driver against an emulated printer, in virtual time: every ticket once."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import pytest

from paihao_drivers.emulator.outlets import PipeOutlet
from paihao_drivers.emulator.printer import EmulatedPrinter
from paihao_drivers.errors import DeviceGoneError, DeviceSetupError
from paihao_drivers.printer.codec import ticket_slip
from paihao_drivers.printer.driver import CONFIRM_LIMIT_S, Printer, PrintResult
from paihao_drivers.printer.profile import PAPER_80MM, PrinterProfile
from paihao_drivers.printer.status import PrinterFact, PrinterStatus
from paihao_drivers.transport import Transport
from paihao_runtime import virtual_time
from tests.drivers.samples import SLIP, opened, qr_texts

SHORT = b"\x1b@A001\n\x1dV\x00"
TICKET = ticket_slip(SLIP, PAPER_80MM)
START = datetime(2026, 3, 18, 2, 24, tzinfo=UTC)


@dataclass
class Desk:
    """A printer on a pipe, its driver, and the clock of the loop."""

    device: EmulatedPrinter
    outlet: PipeOutlet
    printer: Printer

    @property
    def second(self) -> float:
        return asyncio.get_running_loop().time()


def at_a_desk(
    story: Callable[[Desk], Awaitable[None]], profile: PrinterProfile = PAPER_80MM
) -> None:
    """Run a story in virtual time with a printer that is plugged in and has paper."""

    async def main(_: object) -> None:
        device = EmulatedPrinter(profile.width_dots)
        outlet = PipeOutlet(device)
        printer = Printer("slip-1", profile, outlet.open, chance=random.Random(7))
        playing = asyncio.create_task(outlet.run(), name="outlet")
        await story(Desk(device, outlet, printer))
        playing.cancel()
        await asyncio.gather(playing, return_exceptions=True)

    virtual_time.run(main, START)


def facts(status: PrinterStatus) -> set[str]:
    return {str(fact) for fact in status.facts}


def test_a_ticket_comes_out_once_and_is_confirmed_when_the_paper_has_moved() -> None:
    async def story(desk: Desk) -> None:
        outcome = await desk.printer.print_slip("t-1", TICKET)
        assert outcome.result is PrintResult.PRINTED
        assert desk.second > 0.9  # 160 mm at 150 mm/s: not before it is out
        (slip,) = desk.device.slips
        assert slip.data == TICKET
        assert qr_texts(opened(slip.png)) == [SLIP.phone_url]

    at_a_desk(story)


def test_the_same_job_asked_twice_at_once_prints_once() -> None:
    async def story(desk: Desk) -> None:
        both = await asyncio.gather(
            desk.printer.print_slip("t-1", SHORT), desk.printer.print_slip("t-1", SHORT)
        )
        assert both[0] == both[1]
        assert desk.device.printed == 1

    at_a_desk(story)


def test_a_copy_that_a_person_asked_for_is_printed() -> None:
    async def story(desk: Desk) -> None:
        await desk.printer.print_slip("t-1", SHORT)
        outcome = await desk.printer.print_slip("t-1", SHORT, copy=True)
        assert outcome.result is PrintResult.PRINTED
        assert desk.device.printed == 2

    at_a_desk(story)


def test_tickets_asked_for_together_come_out_one_after_the_other() -> None:
    async def story(desk: Desk) -> None:
        jobs = [f"t-{number}" for number in range(5)]
        data = [SHORT.replace(b"A001", job.encode()) for job in jobs]
        outcomes = await asyncio.gather(*map(desk.printer.print_slip, jobs, data))
        assert {outcome.result for outcome in outcomes} == {PrintResult.PRINTED}
        assert [slip.data for slip in desk.device.slips] == data

    at_a_desk(story)


@pytest.mark.parametrize(
    ("trouble", "fact"),
    [
        (EmulatedPrinter.run_out_of_paper, PrinterFact.PAPER_OUT),
        (EmulatedPrinter.set_cover_open, PrinterFact.COVER_OPEN),
        (EmulatedPrinter.set_hot, PrinterFact.HOT),
        (EmulatedPrinter.set_silent, PrinterFact.SILENT),
    ],
)
def test_nothing_is_sent_to_a_printer_that_is_not_ready(
    trouble: Callable[[EmulatedPrinter], None], fact: PrinterFact
) -> None:
    async def story(desk: Desk) -> None:
        trouble(desk.device)
        outcome = await desk.printer.print_slip("t-1", SHORT)
        assert outcome.result is PrintResult.NOT_PRINTED
        assert fact in outcome.status.facts
        assert desk.device.printed == 0

    at_a_desk(story)


def test_a_job_of_which_nothing_was_sent_may_be_tried_again() -> None:
    async def story(desk: Desk) -> None:
        desk.device.set_cover_open()
        assert (await desk.printer.print_slip("t-1", SHORT)).result is PrintResult.NOT_PRINTED
        desk.device.set_cover_open(False)
        assert (await desk.printer.print_slip("t-1", SHORT)).result is PrintResult.PRINTED
        assert desk.device.printed == 1

    at_a_desk(story)


def test_near_end_is_told_and_prints() -> None:
    async def story(desk: Desk) -> None:
        desk.device.set_near_end()
        outcome = await desk.printer.print_slip("t-1", SHORT)
        assert outcome.result is PrintResult.PRINTED
        assert facts(outcome.status) == {"ready", "near-end"}

    at_a_desk(story)


def test_paper_that_ends_in_the_middle_leaves_the_ticket_unsure_and_is_never_retried() -> None:
    async def story(desk: Desk) -> None:
        desk.device.run_out_of_paper(after_bytes=60_000)
        outcome = await desk.printer.print_slip("t-1", TICKET)
        assert outcome.result is PrintResult.UNSURE
        assert PrinterFact.PAPER_OUT in outcome.status.facts
        assert await desk.printer.print_slip("t-1", TICKET) == outcome
        assert desk.device.printed == 0

    at_a_desk(story)


def test_the_late_confirmation_of_an_unsure_ticket_is_not_taken_for_the_next_one() -> None:
    async def story(desk: Desk) -> None:
        desk.device.run_out_of_paper(after_bytes=60_000)
        await desk.printer.print_slip("t-1", TICKET)
        desk.device.load_paper()  # the printer now finishes the first ticket by itself
        started = desk.second
        second = await desk.printer.print_slip("t-2", TICKET)
        assert second.result is PrintResult.PRINTED
        assert desk.device.printed == 2
        assert desk.second - started > 1.5  # what was left of the first, and all of the second

    at_a_desk(story)


def test_a_jammed_knife_is_unsure_and_named() -> None:
    async def story(desk: Desk) -> None:
        desk.device.jam_at_next_cut()
        outcome = await desk.printer.print_slip("t-1", SHORT)
        assert outcome.result is PrintResult.UNSURE
        assert PrinterFact.CUTTER_JAM in outcome.status.facts

    at_a_desk(story)


def test_a_cable_pulled_in_the_middle_is_unsure_and_found_again_later() -> None:
    async def story(desk: Desk) -> None:
        printing = asyncio.create_task(desk.printer.print_slip("t-1", TICKET), name="print")
        await asyncio.sleep(0.4)
        await desk.outlet.unplug()
        assert (await printing).result is PrintResult.UNSURE
        assert facts(await desk.printer.status()) == {"unplugged"}
        desk.outlet.plug_in()
        assert (await desk.printer.status()).ready

    at_a_desk(story)


def test_an_unplugged_printer_prints_nothing_for_certain() -> None:
    async def story(desk: Desk) -> None:
        await desk.outlet.unplug()
        outcome = await desk.printer.print_slip("t-1", SHORT)
        assert outcome.result is PrintResult.NOT_PRINTED
        assert facts(outcome.status) == {"unplugged"}

    at_a_desk(story)


def test_a_printer_that_falls_silent_while_printing_is_unsure_after_the_limit() -> None:
    async def story(desk: Desk) -> None:
        printing = asyncio.create_task(desk.printer.print_slip("t-1", TICKET), name="print")
        await asyncio.sleep(0.3)
        desk.device.set_silent()
        outcome = await printing
        assert outcome.result is PrintResult.UNSURE
        assert CONFIRM_LIMIT_S <= desk.second < CONFIRM_LIMIT_S + 2

    at_a_desk(story)


def test_a_caller_who_gives_up_does_not_make_the_ticket_print_twice() -> None:
    async def story(desk: Desk) -> None:
        printing = asyncio.create_task(desk.printer.print_slip("t-1", TICKET), name="print")
        await asyncio.sleep(0.4)
        printing.cancel()
        await asyncio.gather(printing, return_exceptions=True)
        again = await desk.printer.print_slip("t-1", TICKET)
        assert again.result is PrintResult.UNSURE
        await asyncio.sleep(5)
        assert desk.device.printed == 1

    at_a_desk(story)


def test_a_line_without_answers_prints_and_says_that_nobody_knows() -> None:
    async def story(desk: Desk) -> None:
        desk.device.set_silent()
        outcome = await desk.printer.print_slip("t-1", SHORT)
        assert outcome.result is PrintResult.UNSURE
        await asyncio.sleep(1)
        assert desk.device.printed == 1

    at_a_desk(story, replace(PAPER_80MM, two_way=False))


def test_a_printer_without_gs_r_is_believed_when_it_is_still_ready() -> None:
    async def story(desk: Desk) -> None:
        outcome = await desk.printer.print_slip("t-1", SHORT)
        assert outcome.result is PrintResult.PRINTED
        await asyncio.sleep(1)
        assert [slip.data for slip in desk.device.slips] == [SHORT]

    at_a_desk(story, replace(PAPER_80MM, confirm="dle_eot"))


def test_the_watch_tells_each_change_once() -> None:
    async def story(desk: Desk) -> None:
        seen: list[str] = []

        async def watch() -> None:
            async for status in desk.printer.watch():
                seen.append(str(status))  # noqa: PERF401 - it never ends

        watching = asyncio.create_task(watch(), name="watch")
        await asyncio.sleep(5)
        desk.device.set_near_end()
        await asyncio.sleep(5)
        await desk.outlet.unplug()
        await asyncio.sleep(60)
        desk.outlet.plug_in()
        desk.device.load_paper()
        await asyncio.sleep(15)
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)
        assert seen == ["ready", "ready, near-end", "unplugged", "ready"]

    at_a_desk(story)


def test_a_wrong_address_is_told_once_and_breaks_nothing(caplog: pytest.LogCaptureFixture) -> None:
    async def nowhere() -> Transport:
        raise DeviceSetupError("slip-1", "address 'x': expected a path")

    async def main(_: object) -> None:
        printer = Printer("slip-1", PAPER_80MM, nowhere)
        assert not (await printer.status()).ready
        assert (await printer.print_slip("t-1", SHORT)).result is PrintResult.NOT_PRINTED

    virtual_time.run(main, START)
    assert [record.message for record in caplog.records if record.levelname == "WARNING"] == [
        "slip-1: address 'x': expected a path"
    ]


class Babbler:
    """A device that answers every question with the same noise."""

    def __init__(self, noise: bytes) -> None:
        self._noise = noise
        self._asked = asyncio.Event()

    async def read(self) -> bytes:
        await self._asked.wait()
        self._asked.clear()
        return self._noise

    async def write(self, data: bytes) -> None:
        self._asked.set()

    async def close(self) -> None:
        raise DeviceGoneError("babbler", "was never closed before")


def test_noise_is_not_taken_for_a_status() -> None:
    async def main(_: object) -> None:
        line = Babbler(b"\xff\x80\x11\xff")

        async def open_line() -> Transport:
            return line

        printer = Printer("slip-1", PAPER_80MM, open_line)
        assert facts(await printer.status()) == {"silent"}

    virtual_time.run(main, START)
