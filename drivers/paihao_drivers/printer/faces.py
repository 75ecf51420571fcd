"""Black dots from text: one line in one size and weight."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from PIL import Image, ImageDraw

from paihao_drivers.printer.printable import printable
from paihao_drivers.typeface import typeface

# Noto Sans SC, in sizes: the base line below the top of a Chinese square, and capitals.
BASE_LINE: Final = 0.88
CAP_HEIGHT: Final = 0.733
# Grey above this level becomes a black dot.
_INK_FROM: Final = 120


@dataclass(frozen=True, slots=True)
class Face:
    """A size in dots and a weight."""

    size: int
    bold: bool = False

    def width(self, text: str) -> int:
        """Return how far ``text`` advances, in dots."""
        return round(_length(printable(text), self.size, self.bold))

    def paint(self, picture: Image.Image, x: int, top: int, text: str) -> None:
        """Paint one line black into an ``L`` picture.

        Args:
            picture: grey picture, 0 is black.
            x: left end.
            top: upper edge of the square that a Chinese character fills.
            text: made `printable` here.
        """
        shown = printable(text)
        margin = self.size // 2
        ink = Image.new("L", (self.width(shown) + 2 * margin, 2 * self.size), 0)
        base = margin + round(BASE_LINE * self.size)
        font = typeface(self.size, bold=self.bold)
        ImageDraw.Draw(ink).text((margin, base), shown, font=font, fill=255, anchor="ls")
        stencil = ink.point(lambda level: 255 if level >= _INK_FROM else 0)
        picture.paste(0, (x - margin, top - margin), stencil)


def largest(text: str, faces: tuple[Face, ...], room: int) -> Face:
    """Return the first of ``faces`` in which ``text`` fits into one line, else the last."""
    for face in faces:
        if face.width(text) <= room:
            return face
    return faces[-1]


@lru_cache(maxsize=4096)
def _length(text: str, size: int, bold: bool) -> float:
    return typeface(size, bold=bold).getlength(text)
