"""An emulated ticket printer: paper, cover, knife and a line to the host.

It plays the device and shares no code with the driver. Bytes wait in a buffer, are printed at the
speed of paper, and real-time questions are answered when they arrive, also while nothing else
moves. People do things to it: open the cover, take the paper, jam the knife, pull the plug.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from paihao_drivers.emulator.escpos import (
    AutoStatusSet,
    CutDone,
    EscPosInterpreter,
    PaperAsked,
)
from paihao_drivers.emulator.paper import Sheet
from paihao_drivers.errors import DeviceError, DeviceGoneError
from paihao_drivers.transport import Transport

BUFFER_BYTES: Final = 65_536
PAPER_MM_PER_S: Final = 150.0
_DOTS_PER_MM: Final = 8
_PIECE: Final = 2_048
_KEPT_SLIPS: Final = 200
# A ticket whose bytes are kept beside its picture; more than that is no ticket.
_LARGEST_SLIP: Final = 1_048_576
_INITIALISE: Final = b"\x1b@"
_DLE: Final = 0x10

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class PrintedSlip:
    """A ticket in the tray: the paper and the bytes that were sent for it."""

    sheet: Sheet
    data: bytes

    @property
    def png(self) -> bytes:
        """The paper as a PNG file."""
        return self.sheet.png()


class EmulatedPrinter:
    """A printer that can be slow, silent, jammed or out of paper when told to.

    The switches below are what happens to the device; set them at any time from the event loop.

    Attributes:
        width_dots: 576 for 80 mm paper, 384 for 58 mm.
        slips: what came out, oldest first; only the last 200 are kept.
        printed: how many came out since the start.
        on_slip: called with each slip as it is cut.
    """

    def __init__(
        self,
        width_dots: int = 576,
        *,
        mm_per_s: float = PAPER_MM_PER_S,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        on_slip: Callable[[PrintedSlip], None] | None = None,
    ) -> None:
        """Make a printer with a full roll.

        Args:
            width_dots: printable width.
            mm_per_s: speed of the paper; 0 prints at once.
            sleep: how time passes.
            on_slip: see above.
        """
        self.width_dots = width_dots
        self.slips: deque[PrintedSlip] = deque(maxlen=_KEPT_SLIPS)
        self.printed = 0
        self.on_slip = on_slip
        self._mm_per_s = mm_per_s
        self._sleep = sleep
        self._interpreter = EscPosInterpreter(width_dots)
        self._waiting = bytearray()
        self._slip_bytes = bytearray()
        self._collected = 0
        self._changed = asyncio.Event()
        self._room = asyncio.Event()
        self._tail = b""
        self._auto_mask = 0
        self._paper_bytes: int | None = None
        self._near_end = False
        self._cover_open = False
        self._hot = False
        self._silent = False
        self._jammed = False
        self._jam_at_cut = False
        self._unanswered = 0
        self._report_due = False
        self._line: Transport | None = None

    def run_out_of_paper(self, *, after_bytes: int = 0) -> None:
        """Let the roll end after so many more bytes have been printed."""
        self._paper_bytes = after_bytes
        self._change()

    def load_paper(self) -> None:
        """Put in a full roll; what waits in the buffer is printed on."""
        self._paper_bytes, self._near_end = None, False
        self._change()

    def set_near_end(self, near: bool = True) -> None:
        """Let the sensor see that the roll is nearly used up."""
        self._near_end = near
        self._change()

    def set_cover_open(self, is_open: bool = True) -> None:
        """Open or close the cover."""
        self._cover_open = is_open
        self._change()

    def set_hot(self, hot: bool = True) -> None:
        """Let the head be too hot to print, or cool down."""
        self._hot = hot
        self._change()

    def set_silent(self, silent: bool = True) -> None:
        """Stop answering while still taking bytes and printing."""
        self._silent = silent

    def jam_at_next_cut(self) -> None:
        """Let the knife stick at the next cut."""
        self._jam_at_cut = True

    def clear_jam(self) -> None:
        """Free the knife; printing goes on."""
        self._jammed = self._jam_at_cut = False
        self._change()

    @property
    def stopped(self) -> bool:
        """True while nothing can be printed."""
        return self._paper_out or self._cover_open or self._hot or self._jammed

    async def serve(self, line: Transport) -> None:
        """Talk to one host until it goes; run `print_on` beside it.

        A second host takes the line over, as with most network printers.
        """
        self._line = line
        try:
            while True:
                data = await line.read()
                while len(self._waiting) >= BUFFER_BYTES:
                    self._room.clear()
                    await self._room.wait()
                await self._answer_real_time(data)
                self._waiting += data
                self._changed.set()
        except DeviceGoneError:
            log.debug("the host has gone")
        finally:
            if self._line is line:
                self._line = None

    async def print_on(self) -> None:
        """Print what waits, for ever; run this once beside `serve`."""
        while True:
            if self._report_due:
                await self._report()
            if self.stopped or not (self._waiting or self._unanswered):
                self._changed.clear()
                await self._changed.wait()
                continue
            if self._unanswered:
                self._unanswered -= 1
                await self._say(bytes((self._paper_bits,)))
                continue
            await self._print_piece()

    def power_cycle(self) -> None:
        """Switch off and on: the buffer and the uncut paper's state are gone."""
        self._waiting.clear()
        self._room.set()
        self._unanswered = 0
        self._slip_bytes.clear()
        self._collected = 0
        self._interpreter = EscPosInterpreter(self.width_dots)
        self._auto_mask = 0
        self._change()

    async def _print_piece(self) -> None:
        piece = bytes(self._waiting[: min(_PIECE, self._paper_bytes or _PIECE)])
        del self._waiting[: len(piece)]
        if self._paper_bytes is not None:
            self._paper_bytes -= len(piece)
            self._report_due = self._paper_out
        self._slip_bytes += piece
        if len(self._slip_bytes) > _LARGEST_SLIP:
            self._collected += len(self._slip_bytes) - _LARGEST_SLIP
            del self._slip_bytes[:-_LARGEST_SLIP]
        before = self._interpreter.moved_dots
        for effect in self._interpreter.feed(piece):
            match effect:
                case PaperAsked():
                    # Answered by `print_on`, which waits while the printer is stopped.
                    self._unanswered += 1
                case AutoStatusSet(mask):
                    self._auto_mask = mask
                    await self._report()
                case CutDone():
                    self._jammed, self._jam_at_cut = self._jam_at_cut, False
        moved_mm = (self._interpreter.moved_dots - before) / _DOTS_PER_MM
        self._collect()
        self._room.set()
        if self._mm_per_s:
            await self._sleep(moved_mm / self._mm_per_s)

    def _collect(self) -> None:
        for sheet in self._interpreter.take_sheets():
            length = max(0, sheet.ends_at - self._collected)
            self._collected = sheet.ends_at
            data = bytes(self._slip_bytes[:length])
            del self._slip_bytes[:length]
            # Questions that were asked between two tickets belong to neither.
            slip = PrintedSlip(sheet, data[max(0, data.find(_INITIALISE)) :])
            self.slips.append(slip)
            self.printed += 1
            if self.on_slip is not None:
                self.on_slip(slip)

    @property
    def _paper_out(self) -> bool:
        return self._paper_bytes is not None and self._paper_bytes <= 0

    @property
    def _paper_bits(self) -> int:
        end = 0x0C if self._paper_out else 0
        near = 0x03 if self._near_end or self._paper_out else 0
        return end | near

    async def _answer_real_time(self, data: bytes) -> None:
        """Answer DLE EOT wherever it stands in the stream, as the real ones do."""
        seen = self._tail + data
        at = seen.find(_DLE)
        while 0 <= at < len(seen) - 2:
            command, number = seen[at + 1], seen[at + 2]
            if command == 0x04 and 1 <= number <= 4:
                await self._say(bytes((self._real_time_byte(number),)))
            elif command == 0x05 and number == 2:
                self.clear_jam()
            at = seen.find(_DLE, at + 1)
        self._tail = seen[-2:]

    def _real_time_byte(self, which: int) -> int:
        byte = 0x12
        match which:
            case 1:
                byte |= 0x08 if self.stopped else 0
            case 2:
                byte |= 0x04 if self._cover_open else 0
                byte |= 0x20 if self._paper_out else 0
                byte |= 0x40 if self._hot or self._jammed else 0
            case 3:
                byte |= 0x08 if self._jammed else 0
                byte |= 0x40 if self._hot else 0
            case _:
                byte |= 0x0C if self._near_end or self._paper_out else 0
                byte |= 0x60 if self._paper_out else 0
        return byte

    def _auto_bytes(self) -> bytes:
        first = 0x10 | (0x08 if self.stopped else 0) | (0x20 if self._cover_open else 0)
        second = (0x08 if self._jammed else 0) | (0x40 if self._hot else 0)
        return bytes((first, second, self._paper_bits, 0))

    async def _say(self, data: bytes) -> None:
        if self._line is None or self._silent:
            return
        try:
            await self._line.write(data)
        except DeviceError as error:
            log.debug("the host does not listen: %s", error)

    async def _report(self) -> None:
        self._report_due = False
        if self._auto_mask:
            await self._say(self._auto_bytes())

    def _change(self) -> None:
        self._report_due = True
        self._changed.set()
