"""The kiosk's printer: what the app asks of it, and the ESC/POS printers of `paihao_drivers`."""

import asyncio
from collections.abc import AsyncIterator
from typing import Final, Protocol

from paihao_drivers.printer.codec import ticket_slip
from paihao_drivers.printer.driver import Printer, PrintResult
from paihao_drivers.printer.slip import Slip
from paihao_drivers.printer.status import SILENT, PrinterFact, PrinterStatus
from paihao_kiosk.pages import PrintOutcome
from paihao_kiosk.state import PrinterState

_WORST_FIRST: Final[tuple[tuple[PrinterFact, PrinterState], ...]] = (
    (PrinterFact.UNPLUGGED, "unplugged"),
    (PrinterFact.PAPER_OUT, "paper-out"),
    (PrinterFact.COVER_OPEN, "cover-open"),
    (PrinterFact.CUTTER_JAM, "cutter-jam"),
    (PrinterFact.FAILED, "failed"),
    (PrinterFact.HOT, "hot"),
    (PrinterFact.SILENT, "silent"),
    (PrinterFact.OFFLINE, "offline"),
    (PrinterFact.NEAR_END, "near-end"),
)


class SlipPrinter(Protocol):
    """All that a kiosk asks of a printer."""

    async def print_slip(self, job: str, slip: Slip, *, copy: bool) -> PrintOutcome:
        """Print a slip, once for each job; trouble is an outcome and never an exception."""
        ...

    def states(self) -> AsyncIterator[PrinterState]:
        """Yield how the printer is, now and at each change, until cancelled."""
        ...


class EscPosPrinter:
    """An ESC/POS printer; one that cannot answer is believed to have printed what it was sent."""

    def __init__(self, printer: Printer, *, in_thread: bool = True) -> None:
        """Wrap a printer.

        Args:
            printer: to print on.
            in_thread: paint tickets beside the event loop; a loop of virtual time has no threads.
        """
        self._printer = printer
        self._in_thread = in_thread

    async def print_slip(self, job: str, slip: Slip, *, copy: bool) -> PrintOutcome:
        """Print a slip; see `SlipPrinter.print_slip`."""
        profile = self._printer.profile
        # Painting a ticket takes tens of milliseconds: the screen goes on meanwhile.
        if self._in_thread:
            data = await asyncio.to_thread(ticket_slip, slip, profile)
        else:
            data = ticket_slip(slip, profile)
        outcome = await self._printer.print_slip(job, data, copy=copy)
        if not profile.two_way and outcome.status == SILENT:
            return "printed"
        match outcome.result:
            case PrintResult.PRINTED:
                return "printed"
            case PrintResult.NOT_PRINTED:
                return "not_printed"
            case PrintResult.UNSURE:
                return "unsure"

    async def states(self) -> AsyncIterator[PrinterState]:
        """Yield how the printer is; one that cannot answer is taken for ready."""
        if not self._printer.profile.two_way:
            yield "ready"
            return
        async for status in self._printer.watch():
            yield printer_state(status)


def printer_state(status: PrinterStatus) -> PrinterState:
    """Return the worst that is true of a printer."""
    for fact, state in _WORST_FIRST:
        if fact in status.facts:
            return state
    return "ready" if status.ready else "silent"
