"""The paper side of a kiosk: an emulated printer, and whose slip it is that comes out.

Slips leave a printer in the order in which their bytes went in, so the oldest job without paper is
the one that comes out. Loading paper switches the printer off and on, as its opened cover does: a
half-printed slip is torn off then and never counted.
"""

from collections import deque
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

from paihao_demo.files import Files
from paihao_demo.tally import Tally
from paihao_drivers.emulator.printer import EmulatedPrinter, PrintedSlip
from paihao_drivers.printer.slip import Slip
from paihao_kiosk.pages import PrintOutcome
from paihao_kiosk.printing import SlipPrinter
from paihao_kiosk.state import PrinterState
from paihao_runtime.clock import Clock


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
        last: the newest slip.
    """

    def __init__(self, clock: Clock, tally: Tally, files: Files) -> None:
        self.printer = EmulatedPrinter(sleep=clock.sleep, on_slip=self._came_out)
        self.last: tuple[Job, PrintedSlip] | None = None
        self.on_slip: Callable[[Job, PrintedSlip], None] | None = None
        self._tally = tally
        self._files = files
        self._inside: deque[Job] = deque()

    def begin(self, job: Job) -> None:
        """Note that the bytes of a job are about to go out."""
        self._inside.append(job)

    def nothing_sent(self, job: Job) -> None:
        """Note that they did not."""
        self._inside.remove(job)

    def load_paper(self) -> None:
        """Put a new roll in, with the power off and on."""
        self._inside.clear()
        self.printer.power_cycle()
        self.printer.load_paper()

    def _came_out(self, slip: PrintedSlip) -> None:
        job = self._inside.popleft()
        self.last = (job, slip)
        self._tally.slip(job.ticket)
        self._files.keep(f"tickets/{job.name}.bin", lambda: slip.data)
        self._files.keep(f"tickets/{job.name}.png", slip.sheet.png)
        if self.on_slip is not None:
            self.on_slip(job, slip)


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

    async def print_slip(self, job: str, slip: Slip, *, copy: bool) -> PrintOutcome:
        """Print a slip; see `SlipPrinter.print_slip`."""
        ticket = job.partition("-copy-")[0]
        name = slip.number + job.removeprefix(ticket)
        if ticket not in self._tally.issued:
            self._tally.issued.add(ticket)
            self._on_ticket(ticket, slip.number)
        entry = Job(ticket, slip.number, name)
        self._tray.begin(entry)
        outcome = await self._inner.print_slip(job, slip, copy=copy)
        if outcome == "printed":
            self._tally.unsure.discard(ticket)
        else:
            self._tally.unsure.add(ticket)
        if outcome == "not_printed":
            self._tray.nothing_sent(entry)
        return outcome

    def states(self) -> AsyncIterator[PrinterState]:
        """Yield how the printer is."""
        return self._inner.states()
