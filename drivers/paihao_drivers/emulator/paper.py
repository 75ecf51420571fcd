"""Paper under a print head: lines of characters, pictures and feeds become black dots.

A sheet that is never cut is cut here after `LONGEST_SHEET_DOTS`, so that no stream of bytes can
use more memory than one such sheet.
"""

from collections import deque
from dataclasses import dataclass, field, replace
from io import BytesIO
from typing import Final

from PIL import Image

from paihao_drivers.emulator.glyphs import CELL_HEIGHT, FULL_CELL, HALF_CELL, glyph

LONGEST_SHEET_DOTS: Final = 16_000  # 2 m
KEPT_SHEETS: Final = 32
DEFAULT_LINE_DOTS: Final = 30
_BAND_DOTS: Final = 1_024


@dataclass(frozen=True, slots=True)
class Style:
    """How characters are drawn; sizes are multiples of a cell, 1..8."""

    wide: int = 1
    high: int = 1
    chinese_wide: int = 1
    chinese_high: int = 1
    bold: bool = False
    underline: bool = False
    reverse: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """One piece of paper after the cut.

    Attributes:
        picture: ``1`` picture, black ink on white.
        cut: False when it was torn off here because it was too long or still in the printer.
        ends_at: bytes that the printer had read when the sheet came off, counted from its start.
    """

    picture: Image.Image
    cut: bool
    ends_at: int = 0

    def png(self) -> bytes:
        """Return the picture as a PNG file."""
        out = BytesIO()
        self.picture.save(out, format="PNG")
        return out.getvalue()


@dataclass(slots=True)
class _Line:
    """Characters that wait for the end of their line."""

    inked: list[tuple[int, Image.Image]] = field(default_factory=list)
    x: int = 0
    height: int = 0


class Paper:
    """Owns the dots of the sheet in the printer; nothing here knows a command."""

    def __init__(self, width_dots: int) -> None:
        self._width = width_dots
        self.left = 0
        self.align = 0
        self.line_dots = DEFAULT_LINE_DOTS
        self.style = Style()
        self.bytes_read = 0
        self.moved_dots = 0
        self._sheets: deque[Sheet] = deque(maxlen=KEPT_SHEETS)
        self._line = _Line()
        self._picture = _blank(width_dots)
        self._y = 0

    @property
    def fed_dots(self) -> int:
        """Length of the sheet in the printer so far."""
        return self._y

    @property
    def at_line_start(self) -> bool:
        """True while nothing waits in the line."""
        return not self._line.inked and self._line.x == 0

    def take_sheets(self) -> list[Sheet]:
        """Return the sheets that came off since the last call, first one first.

        Only the last `KEPT_SHEETS` wait here for their taker.
        """
        sheets = list(self._sheets)
        self._sheets.clear()
        return sheets

    def reset(self) -> None:
        """Forget line, style and margins as ESC @ does; the paper stays where it is."""
        self._line = _Line()
        self.left, self.align, self.line_dots = 0, 0, DEFAULT_LINE_DOTS
        self.style = Style()

    def type(self, character: str, *, full: bool) -> None:
        """Put one character into the line; a full line is printed first."""
        wide = self.style.chinese_wide if full else self.style.wide
        high = self.style.chinese_high if full else self.style.high
        width = (FULL_CELL if full else HALF_CELL) * wide
        if self._line.x + width > self._room:
            self.end_line()
        ink = glyph(character, full=full)
        if self.style.bold:
            ink = _bolder(ink)
        if self.style.reverse:
            ink = ink.point(lambda level: 255 - level)
        ink = ink.resize((width, CELL_HEIGHT * high), Image.Resampling.NEAREST)
        if self.style.underline:
            ink.paste(255, (0, ink.height - 2 * high, width, ink.height))
        self._line.inked.append((self._line.x, ink))
        self._line.x += width
        self._line.height = max(self._line.height, ink.height)

    def tab(self) -> None:
        """Move to the next multiple of eight half cells."""
        stop = 8 * HALF_CELL
        self._line.x = min(self._room - 1, (self._line.x // stop + 1) * stop)

    def move_to(self, x: int) -> None:
        """Move within the line, as far as the paper goes."""
        self._line.x = max(0, min(x, self._room - 1))

    def insert(self, picture: Image.Image) -> None:
        """Put a picture (``L``, 255 is ink) into the line, as ESC * does."""
        if picture.width and picture.height:
            self._line.inked.append((self._line.x, picture))
            self._line.x += picture.width
            self._line.height = max(self._line.height, picture.height)

    def end_line(self) -> None:
        """Print the line and feed; an empty line feeds the line spacing."""
        height = max(self.line_dots, self._line.height)
        self._print_line(height)

    def feed(self, dots: int) -> None:
        """Print what waits and move the paper on."""
        if not self.at_line_start:
            self._print_line(self._line.height)
        self._advance(dots)

    def stamp(self, picture: Image.Image) -> None:
        """Print a picture (``L``, 255 is ink) on its own rows, aligned, cropped to the paper."""
        if not self.at_line_start:
            self.end_line()
        x = self._start(picture.width)
        for top in range(0, picture.height, _BAND_DOTS):
            band = picture.crop((0, top, picture.width, min(top + _BAND_DOTS, picture.height)))
            self._make_room(band.height)
            self._picture.paste(0, (x, self._y), band)
            self._advance(band.height)

    def cut(self) -> None:
        """Cut below what was printed; paper of no length is no sheet."""
        self.feed(0)
        self._tear(cut=True)

    def tear(self) -> None:
        """Take out the sheet as it is, cut or not."""
        self.feed(0)
        self._tear(cut=False)

    @property
    def _room(self) -> int:
        return max(FULL_CELL, self._width - self.left)

    def _start(self, width: int) -> int:
        free = max(0, self._room - width)
        return self.left + free * self.align // 2

    def _print_line(self, height: int) -> None:
        line, self._line = self._line, _Line()
        if line.inked:
            self._make_room(height)
            start = self._start(line.x)
            for x, ink in line.inked:
                # Characters of different height stand on one base line.
                self._picture.paste(0, (start + x, self._y + line.height - ink.height), ink)
        self._advance(height)

    def _advance(self, dots: int) -> None:
        while dots > 0:
            step = min(dots, _BAND_DOTS)
            self._make_room(step)
            self._y += step
            self.moved_dots += step
            dots -= step

    def _make_room(self, dots: int) -> None:
        if self._y and self._y + dots > LONGEST_SHEET_DOTS:
            self._tear(cut=False)
        needed = self._y + dots
        if needed > self._picture.height:
            height = (needed // _BAND_DOTS + 1) * _BAND_DOTS
            taller = Image.new("1", (self._width, height), 1)
            taller.paste(self._picture, (0, 0))
            self._picture = taller

    def _tear(self, *, cut: bool) -> None:
        if self._y:
            picture = self._picture.crop((0, 0, self._width, self._y))
            self._sheets.append(Sheet(picture, cut, self.bytes_read))
        self._picture = _blank(self._width)
        self._y = 0


def scaled(style: Style, *, wide: int, high: int) -> Style:
    """Return ``style`` with both fonts at this size."""
    return replace(style, wide=wide, high=high, chinese_wide=wide, chinese_high=high)


def _blank(width: int) -> Image.Image:
    return Image.new("1", (width, _BAND_DOTS), 1)


def _bolder(ink: Image.Image) -> Image.Image:
    heavier = ink.copy()
    heavier.paste(255, (1, 0), ink)
    return heavier
