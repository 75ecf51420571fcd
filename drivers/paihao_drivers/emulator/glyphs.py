"""The fonts inside an emulated printer: cells of 12 x 24 dots, 24 x 24 for Chinese."""

from functools import lru_cache
from typing import Final

from PIL import Image, ImageDraw

from paihao_drivers.typeface import typeface

CELL_HEIGHT: Final = 24
HALF_CELL: Final = 12
FULL_CELL: Final = 24
_BASELINE: Final = 20
_INK_FROM: Final = 110


@lru_cache(maxsize=4096)
def glyph(character: str, *, full: bool) -> Image.Image:
    """Return one character as an ``L`` stencil, 255 is ink, of a half or a full cell."""
    width = FULL_CELL if full else HALF_CELL
    font = typeface(FULL_CELL if full else 21)
    room = max(width, round(font.getlength(character)))
    drawn = Image.new("L", (room, CELL_HEIGHT), 0)
    x = (room - font.getlength(character)) / 2
    ImageDraw.Draw(drawn).text((x, _BASELINE), character, font=font, fill=255, anchor="ls")
    if room > width:
        drawn = drawn.resize((width, CELL_HEIGHT))
    return drawn.point(lambda level: 255 if level >= _INK_FROM else 0)
