"""Printer bytes as pictures, for people who want to see a ticket without a printer."""

from typing import Final

from paihao_drivers.emulator.escpos import EscPosInterpreter

DEFAULT_WIDTH_DOTS: Final = 576


def slips_as_png(data: bytes, width_dots: int = DEFAULT_WIDTH_DOTS) -> list[bytes]:
    """Return one PNG file per sheet of paper that these bytes print.

    Args:
        data: what was sent to the printer, any number of tickets.
        width_dots: 576 for 80 mm paper, 384 for 58 mm.
    """
    interpreter = EscPosInterpreter(width_dots)
    interpreter.feed(data)
    return [sheet.png() for sheet in interpreter.tear()]
