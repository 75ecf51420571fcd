"""QR codes of tickets: seven dots to a cell, four cells of white around."""

from typing import Final

import segno
from PIL import ImageDraw

CELL_DOTS: Final = 7
LEAST_CELL_DOTS: Final = 4
QUIET_CELLS: Final = 4


def qr_cells(url: str, *, as_printer_does: bool = False) -> list[list[bool]]:
    """Return the rows of the code, True is dark, without the white border.

    Args:
        url: what the code says.
        as_printer_does: stay at level M; otherwise room left over goes into more correction.
    """
    code = segno.make_qr(url, error="m", boost_error=not as_printer_does)
    return [[bool(cell) for cell in row] for row in code.matrix]


def qr_cell_dots(cells: int, room_dots: int) -> int:
    """Return the size of one cell so that the code with its white border fits the room."""
    fitting = room_dots // (cells + 2 * QUIET_CELLS)
    return max(LEAST_CELL_DOTS, min(CELL_DOTS, fitting))


def paint_qr(draw: ImageDraw.ImageDraw, cells: list[list[bool]], x: int, y: int, dots: int) -> None:
    """Paint the dark cells black, the upper left one at ``x``, ``y``."""
    for row, line in enumerate(cells):
        for column, dark in enumerate(line):
            if dark:
                left, top = x + column * dots, y + row * dots
                draw.rectangle((left, top, left + dots - 1, top + dots - 1), fill=0)
