"""The ticket in the printer's own fonts, for slow lines and printers that are bad at pictures.

Font A has cells of 12 x 24 dots and a Chinese character fills two, so 80 mm paper has 48 cells
in a line and 58 mm paper 32. Sizes are whole multiples of the cell.
"""

from typing import Final

from paihao_drivers.printer import wording
from paihao_drivers.printer.line_breaks import wrap
from paihao_drivers.printer.printable import encode, printable
from paihao_drivers.printer.profile import PrinterProfile
from paihao_drivers.printer.slip import Slip

CELL_WIDTH_DOTS: Final = 12
_WIDE_NUMBER: Final = 7  # 168 dots high
_NARROW_NUMBER: Final = 5  # 120 dots high
_LABEL_CELLS: Final = 8
_WIDE_FROM: Final = 40

_CENTRE: Final = b"\x1ba\x01"
_LEFT: Final = b"\x1ba\x00"
_BOLD: Final = b"\x1bE\x01"
_PLAIN: Final = b"\x1bE\x00"
_WHITE_ON_BLACK: Final = b"\x1dB\x01"
_BLACK_ON_WHITE: Final = b"\x1dB\x00"
_CHINESE_ON: Final = b"\x1c&"
_CHINESE_OFF: Final = b"\x1c."
_LINE_END: Final = b"\n"


def typed_slip(slip: Slip, profile: PrinterProfile) -> tuple[bytes, bytes]:
    """Return the bytes above the QR code and those below it."""
    return _Typist(profile).above(slip), _Typist(profile).below(slip)


def cells(text: str) -> int:
    """Return how many cells ``text`` fills at single size."""
    return sum(1 if character.isascii() else 2 for character in printable(text))


class _Typist:
    """Collects the bytes of lines."""

    def __init__(self, profile: PrinterProfile) -> None:
        self._profile = profile
        self._columns = profile.width_dots // CELL_WIDTH_DOTS
        self._out = bytearray()

    def above(self, slip: Slip) -> bytes:
        self._out += _CENTRE
        self._heading(slip.hall)
        if place := wording.place_line(slip):
            self._lines(place)
        self._out += _LEFT
        self._rule()
        self._out += _CENTRE
        self._lines(wording.YOUR_NUMBER)
        if slip.marks:
            self._marks(slip.marks)
        self._number(slip.number)
        self._heading(slip.service)
        self._lines(wording.class_line(slip))
        if slip.service_en and self._columns >= _WIDE_FROM:
            self._lines(slip.service_en)
        self._out += _LEFT
        self._rule()
        for label, phrases in wording.facts(slip):
            self._fact(label, phrases)
        self._rule()
        return bytes(self._out)

    def below(self, slip: Slip) -> bytes:
        if slip.phone_url:
            self._out += _CENTRE + _BOLD
            self._lines(wording.SCAN_SHORT_HEADING)
            self._out += _PLAIN
            self._lines(wording.SCAN_SHORT_LINE)
            self._out += _LEFT
            self._rule()
        if slip.missed_rule:
            self._out += _BOLD
            self._lines(wording.MISSED_HEADING)
            self._out += _PLAIN
            for sentence in slip.missed_rule:
                self._lines(sentence)
            self._rule()
        self._foot(wording.foot_choices(slip))
        return bytes(self._out)

    def _heading(self, text: str) -> None:
        size = 2 if cells(text) * 2 <= self._columns else 1
        self._out += _BOLD
        self._size(size, size)
        self._lines(text, size)
        self._size(1, 1)
        self._out += _PLAIN

    def _number(self, number: str) -> None:
        largest = _WIDE_NUMBER if self._columns >= _WIDE_FROM else _NARROW_NUMBER
        size = max(1, min(largest, self._columns // max(1, cells(number))))
        self._out += _BOLD
        self._size(size, size)
        self._lines(number, size)
        self._size(1, 1)
        self._out += _PLAIN

    def _marks(self, marks: tuple[str, ...]) -> None:
        self._out += _BOLD + _WHITE_ON_BLACK
        self._size(1, 2)
        for mark in marks:
            for line in wrap(mark, cells, self._columns - 2):
                self._text(f" {line} ")
                self._out += _LINE_END
        self._size(1, 1)
        self._out += _BLACK_ON_WHITE + _PLAIN

    def _fact(self, label: str, phrases: tuple[str, ...]) -> None:
        padded = label + " " * max(1, _LABEL_CELLS - cells(label))
        room = self._columns - cells(padded)
        value = wording.in_one_line(phrases)
        for phrase in (value,) if cells(value) <= room else phrases:
            for line in wrap(phrase, cells, room):
                self._text(padded)
                self._out += _BOLD
                self._text(line)
                self._out += _PLAIN + _LINE_END
                padded = " " * cells(padded)

    def _foot(self, choices: list[list[str]]) -> None:
        for parts in choices:
            free = self._columns - sum(cells(part) for part in parts)
            gaps = max(1, len(parts) - 1)
            if free >= 2 * gaps:
                self._text((" " * (free // gaps)).join(parts))
                self._out += _LINE_END
                return
        for part in choices[-1]:
            self._lines(part)

    def _lines(self, text: str, size: int = 1) -> None:
        for line in wrap(text, cells, self._columns // size):
            self._text(line)
            self._out += _LINE_END

    def _rule(self) -> None:
        self._out += b"-" * self._columns + _LINE_END

    def _size(self, wide: int, high: int) -> None:
        self._out += bytes((0x1D, 0x21, (wide - 1) << 4 | (high - 1)))
        if self._profile.chinese_size:
            self._out += bytes((0x1C, 0x21, (wide > 1) << 2 | (high > 1) << 3))

    def _text(self, text: str) -> None:
        for chinese, data in encode(text, self._profile.charset):
            if chinese and self._profile.chinese_switch:
                self._out += _CHINESE_ON + data + _CHINESE_OFF
            else:
                self._out += data
