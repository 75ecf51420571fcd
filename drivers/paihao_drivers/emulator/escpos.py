"""Interpreter of ESC/POS: bytes in, sheets of paper and requests for an answer out.

Written from the command lists of printer makers, not from the encoder of this project, so that it
can find the encoder's faults. Bytes may come in any slices. What is not understood is counted and
stepped over; nothing a sender does can stop it or make it keep more than a few pictures.
"""

import string
from collections.abc import Generator
from dataclasses import dataclass, replace
from typing import Final

from PIL import Image

from paihao_drivers.emulator.bits import column_picture, qr_picture, raster_picture
from paihao_drivers.emulator.paper import Paper, Sheet, scaled

# One wait for bytes; also the most that waits between two calls of `feed`.
_PIECE: Final = 65_536
_TALLEST_PICTURE: Final = 8_192
_QR_SYMBOL: Final = 0x31
_LARGEST_QR: Final = 4_000
_LEVELS: Final = {0x30: "l", 0x31: "m", 0x32: "q", 0x33: "h"}

_BARCODE_TEXT: Final = frozenset(string.printable) - frozenset(string.whitespace) | {" "}

# How many bytes follow commands that leave no mark on the paper.
_ESCAPE_LENGTHS: Final = {
    **dict.fromkeys(" %=?MRTVert{u", 1), **dict.fromkeys("\\c", 2), "p": 3, "W": 8,
    **dict.fromkeys("SLov", 0),
}  # fmt: skip
_GROUP_LENGTHS: Final = {
    **dict.fromkeys("#/EHITbfhw", 1), **dict.fromkeys("$\\PW", 2), "^": 3,
    **dict.fromkeys(":c", 0),
}  # fmt: skip
_CHINESE_LENGTHS: Final = {**dict.fromkeys("-CWp", 1), "S": 2}

_Steps = Generator[int, bytes, None]


@dataclass(frozen=True, slots=True)
class PaperAsked:
    """GS r: the sender wants a status byte; everything before it is printed."""

    which: int


@dataclass(frozen=True, slots=True)
class AutoStatusSet:
    """GS a: the sender switches the unasked status on (not 0) or off."""

    mask: int


@dataclass(frozen=True, slots=True)
class CutDone:
    """The knife moved."""


Effect = PaperAsked | AutoStatusSet | CutDone


class EscPosInterpreter:
    """Turns the bytes of one printer into paper.

    Attributes:
        unknown: commands that were not understood.
        beeps: times the buzzer was asked to sound.
    """

    def __init__(self, width_dots: int) -> None:
        self._paper = Paper(width_dots)
        self._width = width_dots
        self._buffer = bytearray()
        self._effects: list[Effect] = []
        self._chinese = True
        self._qr_size = 3
        self._qr_level = "l"
        self._qr_data = b""
        self._stored: Image.Image | None = None
        self.unknown = 0
        self.beeps = 0
        self._steps = self._read_commands()
        self._wanted = next(self._steps)

    @property
    def fed_dots(self) -> int:
        """Length of the uncut paper in dots."""
        return self._paper.fed_dots

    @property
    def moved_dots(self) -> int:
        """How far the paper has moved since the start."""
        return self._paper.moved_dots

    def feed(self, data: bytes) -> list[Effect]:
        """Take received bytes; return what they caused, in order."""
        self._buffer += data
        at = 0
        while len(self._buffer) - at >= self._wanted:
            piece = bytes(self._buffer[at : at + self._wanted])
            at += self._wanted
            self._paper.bytes_read += self._wanted
            self._wanted = self._steps.send(piece)
        del self._buffer[:at]
        effects, self._effects = self._effects, []
        return effects

    def take_sheets(self) -> list[Sheet]:
        """Return the sheets that were cut since the last call."""
        return self._paper.take_sheets()

    def tear(self) -> list[Sheet]:
        """Return the sheets, the uncut paper in the printer being the last."""
        self._paper.tear()
        return self._paper.take_sheets()

    def _read_commands(self) -> _Steps:
        while True:
            (byte,) = yield 1
            match byte:
                case 0x1B:
                    yield from self._escape()
                case 0x1D:
                    yield from self._group()
                case 0x1C:
                    yield from self._chinese_command()
                case 0x10:
                    yield from self._real_time()
                case 0x0A | 0x0C:
                    self._paper.end_line()
                case 0x09:
                    self._paper.tab()
                case 0x07:
                    self.beeps += 1
                case _ if byte >= 0x20:
                    yield from self._text(byte)

    def _real_time(self) -> _Steps:
        """Step over DLE commands; whoever owns the line answers them when they arrive."""
        (command,) = yield 1
        if command in {0x04, 0x05}:
            yield 1
        elif command == 0x14:
            (function,) = yield 1
            yield {1: 2, 2: 2, 8: 7}.get(function, 1)
        else:
            self.unknown += 1

    def _text(self, first: int) -> _Steps:
        if first < 0x80:
            self._paper.type(chr(first) if first != 0x7F else "□", full=False)
            return
        if not self._chinese:
            # A code page of 128 signs; which one is never known for sure.
            self._paper.type(bytes((first,)).decode("cp437"), full=False)
            return
        if not 0x81 <= first <= 0xFE:
            self._paper.type("□", full=True)
            return
        (second,) = yield 1
        code = bytes((first, second))
        if 0x30 <= second <= 0x39:
            code += yield 2
        try:
            character = code.decode("gb18030")
        except UnicodeDecodeError:
            character = "□"
        self._paper.type(character, full=True)

    def _escape(self) -> _Steps:
        (command,) = yield 1
        paper = self._paper
        match chr(command):
            case "@":
                paper.reset()
                self._chinese = True
            case "!":
                (n,) = yield 1
                style = replace(paper.style, bold=bool(n & 0x08), underline=bool(n & 0x80))
                paper.style = scaled(style, wide=1 + (n >> 5 & 1), high=1 + (n >> 4 & 1))
            case "E" | "G":
                (n,) = yield 1
                paper.style = replace(paper.style, bold=bool(n & 1))
            case "-":
                (n,) = yield 1
                paper.style = replace(paper.style, underline=n % 48 > 0)
            case "a":
                (n,) = yield 1
                if paper.at_line_start:
                    paper.align = n % 48 if n % 48 <= 2 else paper.align
            case "d":
                (n,) = yield 1
                paper.feed(n * paper.line_dots)
            case "J":
                (n,) = yield 1
                paper.feed(n)
            case "2":
                paper.line_dots = 30
            case "3":
                (n,) = yield 1
                paper.line_dots = n
            case "$":
                low, high = yield 2
                paper.move_to(low + 256 * high)
            case "*":
                yield from self._column_picture()
            case "B":
                yield 2
                self.beeps += 1
            case "i" | "m":
                self._cut()
            case "D":
                yield from self._until_nul()
            case _:
                yield from self._step_over(_ESCAPE_LENGTHS, command)

    def _group(self) -> _Steps:
        (command,) = yield 1
        paper = self._paper
        match chr(command):
            case "!":
                (n,) = yield 1
                paper.style = scaled(paper.style, wide=1 + (n >> 4 & 7), high=1 + (n & 7))
            case "B":
                (n,) = yield 1
                paper.style = replace(paper.style, reverse=bool(n & 1))
            case "L":
                low, high = yield 2
                paper.left = min(low + 256 * high, self._width - 24)
            case "V":
                (mode,) = yield 1
                if mode in {0x41, 0x42}:
                    (feed,) = yield 1
                    paper.feed(feed)
                self._cut()
            case "r":
                (which,) = yield 1
                self._effects.append(PaperAsked(which))
            case "a":
                (mask,) = yield 1
                self._effects.append(AutoStatusSet(mask))
            case "v":
                yield from self._raster_picture()
            case "(":
                (family,) = yield 1
                low, high = yield 2
                yield from self._parameters(family, low + 256 * high)
            case "8":
                (family,) = yield 1
                size = yield 4
                yield from self._parameters(family, int.from_bytes(size, "little"))
            case "k":
                yield from self._barcode()
            case _:
                yield from self._step_over(_GROUP_LENGTHS, command)

    def _chinese_command(self) -> _Steps:
        (command,) = yield 1
        paper = self._paper
        match chr(command):
            case "&":
                self._chinese = True
            case ".":
                self._chinese = False
            case "!":
                (n,) = yield 1
                wide, high = 1 + (n >> 2 & 1), 1 + (n >> 3 & 1)
                # Firmware that knows both keeps the larger of GS ! and FS !.
                wide, high = max(wide, paper.style.wide), max(high, paper.style.high)
                paper.style = replace(paper.style, chinese_wide=wide, chinese_high=high)
            case _:
                yield from self._step_over(_CHINESE_LENGTHS, command)

    def _step_over(self, lengths: dict[str, int], command: int) -> _Steps:
        """Skip the parameters of a command that changes nothing one can see here."""
        length = lengths.get(chr(command))
        if length is None:
            self.unknown += 1
        elif length:
            yield length

    def _until_nul(self) -> _Steps:
        while (yield 1) != b"\0":
            pass

    def _raster_picture(self) -> _Steps:
        """GS v 0 m xL xH yL yH, then rows of bits; printed row by row as they come."""
        zero, mode, x_low, x_high, y_low, y_high = yield 6
        if zero != 0x30:
            self.unknown += 1
            return
        row_bytes, rows = x_low + 256 * x_high, y_low + 256 * y_high
        if not row_bytes:
            return
        at_once = max(1, _PIECE // row_bytes)
        while rows:
            count = min(rows, at_once)
            data = yield row_bytes * count
            self._paper.stamp(raster_picture(data, row_bytes, count, mode, self._width))
            rows -= count

    def _column_picture(self) -> _Steps:
        """ESC * m nL nH, then columns of 1 or 3 bytes, put into the line."""
        mode, low, high = yield 3
        columns = low + 256 * high
        column_bytes = 3 if mode in {32, 33} else 1
        data = yield columns * column_bytes
        if not columns:
            return
        self._paper.insert(column_picture(data, columns, mode, self._width))

    def _parameters(self, family: int, length: int) -> _Steps:
        """GS ( and GS 8: ``length`` bytes belong to the command, whatever it is."""
        if chr(family) == "k":
            yield from self._qr_command(length)
        elif chr(family) == "L":
            yield from self._graphics_command(length)
        else:
            yield from self._skip(length)

    def _skip(self, length: int) -> _Steps:
        while length > 0:
            count = min(length, _PIECE)
            yield count
            length -= count

    def _qr_command(self, length: int) -> _Steps:
        if length < 3:
            yield from self._skip(length)
            return
        symbol, function, value = yield 3
        rest = length - 3
        if symbol == _QR_SYMBOL and function == 0x50 and rest <= _LARGEST_QR:
            self._qr_data = (yield rest) if rest else b""
            return
        yield from self._skip(rest)
        if symbol != _QR_SYMBOL:
            self.unknown += 1
        elif function == 0x43:
            self._qr_size = max(1, min(16, value))
        elif function == 0x45:
            self._qr_level = _LEVELS.get(value, "l")
        elif function == 0x51:
            self._print_qr()

    def _print_qr(self) -> None:
        if not self._qr_data:
            return
        picture = qr_picture(self._qr_data, self._qr_level, self._qr_size, self._width)
        if picture is None:
            self.unknown += 1
        else:
            self._paper.stamp(picture)

    def _graphics_command(self, length: int) -> _Steps:
        if length < 2:
            yield from self._skip(length)
            return
        _, function = yield 2
        rest = length - 2
        if function == 112 and rest >= 8:
            _, wide, high, _, x_low, x_high, y_low, y_high = yield 8
            mode = (wide - 1 & 1) | (high - 1 & 1) << 1
            size = (x_low + 256 * x_high, y_low + 256 * y_high)
            yield from self._store_picture(size, mode, rest - 8)
            return
        yield from self._skip(rest)
        if function in {2, 50} and self._stored is not None:
            self._paper.stamp(self._stored)
            self._stored = None

    def _store_picture(self, size: tuple[int, int], mode: int, length: int) -> _Steps:
        """Take ``length`` bytes and keep what can be printed of the picture they hold."""
        row_bytes = (size[0] + 7) // 8
        rows = min(size[1], length // row_bytes, _TALLEST_PICTURE) if row_bytes else 0
        kept = Image.new("L", (min(row_bytes * 8 * 2, self._width), rows * 2), 0)
        at_once = max(1, _PIECE // row_bytes) if row_bytes else 1
        top = done = 0
        while done < rows:
            count = min(rows - done, at_once)
            data = yield row_bytes * count
            part = raster_picture(data, row_bytes, count, mode, self._width)
            kept.paste(part, (0, top))
            top += part.height
            done += count
        yield from self._skip(length - rows * row_bytes)
        width_dots = min(kept.width, row_bytes * 8 * (1 + (mode & 1)))
        self._stored = kept.crop((0, 0, width_dots, top)) if width_dots and top else None

    def _barcode(self) -> _Steps:
        """GS k in its two forms; shown as its text in a frame, since no ticket has bars."""
        (system,) = yield 1
        if system <= 6:
            data = bytearray()
            while (byte := (yield 1)) != b"\0":
                if len(data) < 255:
                    data += byte
        else:
            (length,) = yield 1
            data = bytearray((yield length) if length else b"")
        if not self._paper.at_line_start:
            self._paper.end_line()
        for character in f"[{data.decode('ascii', errors='replace')}]":
            self._paper.type(character if character in _BARCODE_TEXT else "?", full=False)
        self._paper.end_line()

    def _cut(self) -> None:
        self._paper.cut()
        self._effects.append(CutDone())
