"""Faults that a demo can have: paper that ends, a board's cable pulled, the server killed."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from paihao_demo.machines import BoardMachine, KioskMachine

Kind = Literal["paper", "cable", "kill"]

_SPEC: Final = re.compile(
    r"(?P<kind>paper|cable|kill)(:(?P<device>[A-Za-z0-9-]+))?@(?P<at_s>\d+(\.\d+)?)"
    r"(\+(?P<for_s>\d+(\.\d+)?))?"
)
MENDED_AFTER_S: Final = 5.0


@dataclass(frozen=True, slots=True)
class Planned:
    """A fault of a bounded run.

    Attributes:
        device: kiosk or board; empty takes the first.
        at_s: wall seconds after the start.
        for_s: wall seconds until it is mended.
    """

    kind: Kind
    device: str
    at_s: float
    for_s: float

    @classmethod
    def parse(cls, text: str) -> "Planned":
        """Read ``KIND[:DEVICE]@SECONDS[+SECONDS]``.

        Raises:
            ValueError: it is not of that form.
        """
        found = _SPEC.fullmatch(text)
        if found is None:
            raise ValueError(f"{text!r}: expected paper, cable or kill[:DEVICE]@SECONDS[+SECONDS]")
        kinds: dict[str, Kind] = {"paper": "paper", "cable": "cable", "kill": "kill"}
        return cls(
            kinds[found["kind"]],
            found["device"] or "",
            float(found["at_s"]),
            float(found["for_s"] or MENDED_AFTER_S),
        )


class Faults:
    """Breaks and mends things; remembers what was broken.

    Attributes:
        done: one line for each fault, such as ``paper:kiosk-A1``.
    """

    def __init__(
        self,
        kiosks: Mapping[str, KioskMachine],
        boards: Mapping[str, BoardMachine],
        kill: Callable[[], None],
    ) -> None:
        self.done: list[str] = []
        self._kiosks = kiosks
        self._boards = boards
        self._kill = kill

    def knows(self, kind: Kind, device: str) -> bool:
        """Return whether this hall has the device of a fault."""
        match kind:
            case "paper":
                return device in self._kiosks or (not device and bool(self._kiosks))
            case "cable":
                return device in self._boards or (not device and bool(self._boards))
            case "kill":
                return not device

    def broken(self, kind: Kind, device: str) -> bool:
        """Return whether the fault is there now."""
        match kind:
            case "paper":
                return self._kiosk(device).tray.printer.stopped
            case "cable":
                return not self._board(device).cable.plugged
            case "kill":
                return False

    def begin(self, kind: Kind, device: str) -> None:
        """Break it; a killed server comes back by itself."""
        match kind:
            case "paper":
                self._kiosk(device).tray.printer.run_out_of_paper()
                self.done.append(f"paper:{self._kiosk(device).id}")
            case "cable":
                self._board(device).cable.pull()
                self.done.append(f"cable:{self._board(device).id}")
            case "kill":
                self._kill()
                self.done.append("kill")

    def end(self, kind: Kind, device: str) -> None:
        """Mend it."""
        match kind:
            case "paper":
                self._kiosk(device).tray.load_paper()
            case "cable":
                self._board(device).cable.plug()
            case "kill":
                return

    def _kiosk(self, device: str) -> KioskMachine:
        return self._kiosks[device or next(iter(self._kiosks))]

    def _board(self, device: str) -> BoardMachine:
        return self._boards[device or next(iter(self._boards))]
