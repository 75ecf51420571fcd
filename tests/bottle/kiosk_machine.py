"""The kiosk of the bottle: its process, which can be killed, and the printer, which goes on.

The paper is the truth of what citizens hold; every slip is compared with the log as it comes out.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from paihao_drivers.emulator.outlets import PipeOutlet
from paihao_drivers.emulator.printer import EmulatedPrinter, PrintedSlip
from paihao_drivers.printer.driver import Printer
from paihao_drivers.printer.profile import PAPER_80MM, PrinterProfile
from paihao_drivers.printer.slip import Slip
from paihao_hall.plan import DeviceKind
from paihao_kiosk.app import KioskApp
from paihao_kiosk.memory import Memory
from paihao_kiosk.printing import EscPosPrinter
from paihao_kiosk.state import Acknowledge, Down, Effect, Up
from tests.bottle.machines import Machine, WatchedBus
from tests.bottle.plans import HALL
from tests.bottle.world import promise


def plain_slip(slip: Slip, _: PrinterProfile) -> bytes:
    """Return the bytes of a slip that says only which ticket it is, and whether it is a copy."""
    mark = "COPY" if slip.marks else "SLIP"
    return b"\x1b@" + f"{mark} {slip.number} {slip.ticket_id}".encode() + b"\n\x1dVB\x00"


def read_slip(printed: PrintedSlip) -> tuple[bool, str, str]:
    """Return whether a slip is a copy, its number and its ticket's id."""
    line = printed.data[2 : printed.data.index(b"\n")].decode()
    mark, number, ticket = line.split(" ")
    return mark == "COPY", number, ticket


class WatchedKiosk(KioskApp):
    """A kiosk whose targets can be tapped without a screen, and whose reports are noted."""

    reported: Callable[[str, str], None]

    def tap(self, target: str) -> None:
        """Press and release a target as the finger of a citizen does."""
        self._feed(Down(target))
        self._feed(Up(target, self._new_id()))

    def _do(self, effect: Effect) -> None:
        if isinstance(effect, Acknowledge):
            self.reported(effect.ticket.id, effect.what)
        super()._do(effect)


class KioskMachine(Machine):
    """A kiosk and the printer in it; the printer goes on when the kiosk's process dies."""

    kind: DeviceKind = "kiosk"

    def __init__(self, folder: Path, *args: Any) -> None:
        super().__init__(*args)
        self.app: WatchedKiosk | None = None
        self.reports: dict[str, list[str]] = {}
        self.paper: dict[str, int] = {}
        self.printer = EmulatedPrinter(mm_per_s=80, on_slip=self._slip)
        self.outlet = PipeOutlet(self.printer)
        self._folder = folder / self.name
        self._group.create_task(self.outlet.run(), name=f"{self.name} printer")

    def kill(self) -> None:
        """Kill the process; slips in the printer come out all the same."""
        super().kill()
        self.app = None

    async def _process(self, bus: WatchedBus) -> None:
        device = Printer(
            f"{self.name}-printer",
            PAPER_80MM,
            self.outlet.open,
            chance=self.world.chance(f"{self.name}-printer-{self.lives}"),
        )
        self.app = WatchedKiosk(
            hall=HALL,
            kiosk=self.name,
            bus=bus,
            clock=self.clock,
            printer=EscPosPrinter(device, in_thread=False),
            new_id=self.fresh_id,
            memory=self._memory(),
        )
        self.app.reported = self._reported
        try:
            await self.app.run()
        finally:
            await device.close()

    def _memory(self) -> Memory | None:
        return Memory(self._folder)

    def _reported(self, ticket: str, what: str) -> None:
        self.world.note(f"{self.name} reports {ticket} {what}")
        self.world.happened[f"slip {what}"] += 1
        self.reports.setdefault(ticket, []).append(what)
        promise(
            what != "printed" or self.paper.get(ticket, 0) > 0,
            f"{self.name} says that {ticket} is on paper, and it is not",
        )

    def _slip(self, printed: PrintedSlip) -> None:
        copy, number, ticket = read_slip(printed)
        self.world.note(f"{self.name} paper {number} {ticket} {copy}")
        record = self.world.issued.get(ticket)
        promise(record is not None, f"{number} {ticket} is on paper and not in the log")
        assert record is not None
        promise(getattr(record.event, "number", "") == number, f"{ticket} is on paper as {number}")
        promise(copy or ticket not in self.paper, f"{number} came out twice, unmarked")
        self.paper[ticket] = self.paper.get(ticket, 0) + 1
        if copy:
            self.world.happened["copy"] += 1
