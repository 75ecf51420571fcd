"""The paper side of a kiosk: an emulated printer, and whose slip it is that comes out.

A slip is known by its bytes: a piece of paper counts for a ticket only if everything that was sent
for it was read by the printer from first to last. The torn end of a slip whose paper ran out, or
that was on its way when the printer was switched off and on, belongs to nobody.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Final

from paihao_demo.files import Files
from paihao_demo.tally import Tally
from paihao_drivers.emulator.printer import EmulatedPrinter, PrintedSlip
from paihao_drivers.printer.driver import Printer, PrintOutcome
from paihao_drivers.printer.slip import Slip
from paihao_kiosk import pages
from paihao_kiosk.printing import SlipPrinter
from paihao_kiosk.state import PrinterState
from paihao_runtime.clock import ScaledClock

_AFTER_CUT: Final = 64
"""Most bytes of a slip that may follow its cut."""

_KEPT: Final = 50


@dataclass(frozen=True, slots=True)
class Job:
    """A slip on its way: ``ticket`` its id, ``name`` that of its files."""

    ticket: str
    number: str
    name: str


class Tray:
    """An emulated printer and what lies in its tray.

    Attributes:
        printer: does what is done to it.
        last: the newest whole slip.
        scraps: pieces of paper that are no whole slip.
    """

    def __init__(self, clock: ScaledClock, tally: Tally, files: Files) -> None:
        self.printer = EmulatedPrinter(
            # Paper runs on while hall time stands still, or the kiosk would think it is stuck.
            sleep=lambda seconds: asyncio.sleep(seconds / clock.speed),
            on_slip=self._came_out,
        )
        self.last: tuple[Job, PrintedSlip] | None = None
        self.scraps = 0
        self._tally = tally
        self._files = files
        self._names: dict[str, Job] = {}
        self._sent: deque[tuple[Job, bytes]] = deque(maxlen=_KEPT)

    def expect(self, name: str, job: Job) -> None:
        """Note who a job of the printer belongs to."""
        self._names[name] = job

    def sent(self, name: str, data: bytes) -> None:
        """Note the bytes of a job."""
        self._sent.append((self._names.pop(name), data))

    def load_paper(self) -> None:
        """Put a new roll in, with the power off and on."""
        self.printer.power_cycle()
        self.printer.load_paper()

    def _came_out(self, slip: PrintedSlip) -> None:
        for entry in self._sent:
            job, data = entry
            if data.startswith(slip.data) and len(data) - len(slip.data) <= _AFTER_CUT:
                self._sent.remove(entry)
                break
        else:
            self.scraps += 1
            return
        self.last = (job, slip)
        self._tally.slip(job.ticket)
        self._files.keep(f"tickets/{job.name}.bin", lambda: slip.data)
        self._files.keep(f"tickets/{job.name}.png", slip.sheet.png)


class NotingPrinter(Printer):
    """The product's driver, with a note of the bytes that it is given."""

    tray: Tray

    async def print_slip(self, job_id: str, data: bytes, *, copy: bool = False) -> PrintOutcome:
        """Print one ticket, once; see `Printer.print_slip`."""
        self.tray.sent(job_id, data)
        return await super().print_slip(job_id, data, copy=copy)


class WatchedPrinter:
    """The kiosk's printer, with a note of what goes in and what the kiosk made of it."""

    def __init__(
        self,
        inner: SlipPrinter,
        tray: Tray,
        tally: Tally,
        on_ticket: Callable[[str, str], None],
    ) -> None:
        """Join a kiosk's printer and its tray.

        Args:
            inner: prints.
            tray: where the paper comes out.
            tally: counts.
            on_ticket: told the id and the number of each new ticket.
        """
        self._inner = inner
        self._tray = tray
        self._tally = tally
        self._on_ticket = on_ticket

    async def print_slip(self, job: str, slip: Slip, *, copy: bool) -> pages.PrintOutcome:
        """Print a slip; see `SlipPrinter.print_slip`."""
        ticket = job.partition("-copy-")[0]
        if ticket not in self._tally.issued:
            self._tally.issued.add(ticket)
            self._on_ticket(ticket, slip.number)
        name = slip.number + job.removeprefix(ticket)
        self._tray.expect(job, Job(ticket, slip.number, name))
        outcome = await self._inner.print_slip(job, slip, copy=copy)
        if outcome == "printed":
            self._tally.unsure.discard(ticket)
        else:
            self._tally.unsure.add(ticket)
        return outcome

    def states(self) -> AsyncIterator[PrinterState]:
        """Yield how the printer is."""
        return self._inner.states()
