"""The kiosk's printer over the real driver, and a printer at the other end of a pipe."""

import asyncio
from dataclasses import replace

import pytest

from paihao_drivers.emulator.outlets import PipeOutlet
from paihao_drivers.emulator.printer import EmulatedPrinter
from paihao_drivers.printer.driver import Printer
from paihao_drivers.printer.profile import PAPER_80MM
from paihao_drivers.printer.status import PrinterFact, PrinterStatus
from paihao_kiosk.printing import EscPosPrinter, printer_state
from paihao_kiosk.slips import slip_of
from tests.kiosk.fixtures import PLAN, ticket


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        ({PrinterFact.READY}, "ready"),
        ({PrinterFact.READY, PrinterFact.NEAR_END}, "near-end"),
        ({PrinterFact.PAPER_OUT, PrinterFact.OFFLINE}, "paper-out"),
        ({PrinterFact.COVER_OPEN, PrinterFact.OFFLINE}, "cover-open"),
        ({PrinterFact.UNPLUGGED}, "unplugged"),
        (set(), "silent"),
    ],
)
def test_the_worst_fact_is_told(facts: set[PrinterFact], state: str) -> None:
    assert printer_state(PrinterStatus(frozenset(facts))) == state


async def test_a_slip_is_printed_once_however_often_it_is_asked_for() -> None:
    out: list[object] = []
    emulated = EmulatedPrinter(PAPER_80MM.width_dots, mm_per_s=0, on_slip=out.append)
    outlet = PipeOutlet(emulated)
    printer = EscPosPrinter(Printer("p", PAPER_80MM, outlet.open))
    slip = slip_of(PLAN, ticket(), "K1")
    running = asyncio.ensure_future(outlet.run())
    try:
        async for state in printer.states():
            assert state == "ready"
            break
        assert await printer.print_slip("t-1", slip, copy=False) == "printed"
        assert await printer.print_slip("t-1", slip, copy=False) == "printed"
        assert len(out) == 1
    finally:
        running.cancel()


async def test_a_printer_that_cannot_answer_is_believed() -> None:
    class Deaf:
        sent = b""

        async def read(self) -> bytes:
            await asyncio.Event().wait()
            return b""

        async def write(self, data: bytes) -> None:
            self.sent += data

        async def close(self) -> None:
            return

    link = Deaf()

    async def open_link() -> Deaf:
        return link

    one_way = replace(PAPER_80MM, two_way=False)
    printer = EscPosPrinter(Printer("p", one_way, open_link))
    assert [state async for state in printer.states()] == ["ready"]
    assert await printer.print_slip("t-1", slip_of(PLAN, ticket(), "K1"), copy=False) == "printed"
    assert len(link.sent) > 1000
