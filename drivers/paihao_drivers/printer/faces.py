"""Black dots from text: one sans-serif face in two weights.

The face is Noto Sans SC Regular. The bold weight is made from it by letting each outline grow:
a second font file of 8 MB buys nothing that a thermal head can show.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import pylopdf_fonts_zh_cn
from PIL import Image, ImageDraw, ImageFont

from paihao_drivers.printer.line_breaks import is_word_character
from paihao_drivers.printer.printable import printable

# Noto Sans SC: the square of a Chinese character begins this far below the top of a line.
_SQUARE_TOP: Final = 0.28
CAP_TOP: Final = 0.427
CAP_HEIGHT: Final = 0.733

# The bold weight: how far each outline grows and how much wider Latin letters stand, in sizes.
_BOLD: Final = 0.024
_SHARP_X: Final = 0.023
_SHARP_Y: Final = 0.013
_BOLD_WIDER: Final = 0.04
_SHARP_FROM: Final = 64
# Grey above this level becomes a black dot.
_INK_FROM: Final = 120


@dataclass(frozen=True, slots=True)
class Face:
    """A size in dots and a weight."""

    size: int
    bold: bool = False

    def width(self, text: str) -> int:
        """Return how far ``text`` advances, in dots."""
        return round(sum(self._advance(character) for character in printable(text)))

    def paint(self, picture: Image.Image, x: int, top: int, text: str) -> None:
        """Paint one line black into an ``L`` picture.

        Args:
            picture: grey picture, 0 is black.
            x: left end.
            top: upper edge of the square that a Chinese character fills.
            text: made `printable` here.
        """
        shown = printable(text)
        margin = self.size // 4
        line_top = top - round(_SQUARE_TOP * self.size)
        ink = Image.new("L", (self.width(shown) + 2 * margin, 2 * self.size), 0)
        draw = ImageDraw.Draw(ink)
        at = float(margin)
        for character in shown:
            self._strike(draw, at, character)
            at += self._advance(character)
        stencil = ink.point(lambda level: 255 if level >= _INK_FROM else 0)
        picture.paste(0, (x - margin, line_top), stencil)

    def _advance(self, character: str) -> float:
        widened = _BOLD_WIDER * self.size if self.bold and is_word_character(character) else 0.0
        return _advance(self.size, character) + widened

    def _strike(self, draw: ImageDraw.ImageDraw, x: float, character: str) -> None:
        font = _font(self.size)
        if not self.bold:
            draw.text((x, 0), character, font=font, fill=255)
        elif self.size < _SHARP_FROM:
            draw.text((x, 0), character, font=font, fill=255, stroke_width=_BOLD * self.size)
        else:
            # A stroked outline has round corners, which show on a large number.
            wide, high = round(_SHARP_X * self.size), round(_SHARP_Y * self.size)
            for dx in range(-wide, wide + 1):
                for dy in (-high, 0, high):
                    draw.text((x + dx, high + dy), character, font=font, fill=255)


def largest(text: str, faces: tuple[Face, ...], width: int) -> Face:
    """Return the first of ``faces`` in which ``text`` fits into one line, else the last."""
    for face in faces:
        if face.width(text) <= width:
            return face
    return faces[-1]


@lru_cache(maxsize=8192)
def _advance(size: int, character: str) -> float:
    return _font(size).getlength(character)


@lru_cache(maxsize=32)
def _font(size: int) -> ImageFont.FreeTypeFont:
    path = str(pylopdf_fonts_zh_cn.sans_path())
    # The basic engine gives the same dots whether or not a shaping library is installed.
    return ImageFont.truetype(path, size, layout_engine=ImageFont.Layout.BASIC)
