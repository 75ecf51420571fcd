"""The hall's typeface: Noto Sans SC, regular and bold, found, loaded once and measured.

The file is the variable font that the package ``justmytype-intl-cjk`` carries. FreeType opens
its named weights by the upper half of the face index (1 Thin, 2 ExtraLight, 3 Light, 4 Regular,
5 Medium, 6 SemiBold, 7 Bold ...), so bold is the designers' bold and not a thickened regular.
``pygame.freetype`` is used because ``pygame.font`` cannot be given a face index.
"""

from collections.abc import Sequence
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final, Literal

import pygame.freetype

Weight = Literal["regular", "bold"]

Metric = tuple[int, int, int, int, float, float]
"""Of one glyph: its box, then how far the pen moves right and down."""

_PACKAGE: Final = "justmytype_intl_cjk"
_FILE: Final = Path("fonts/ofl/notosanssc/NotoSansSC[wght].ttf")
_LARGE: Final = 100
_FIRST_WIDE: Final = "\u2e80"
_NAMED_WEIGHT: Final[dict[Weight, int]] = {"regular": 4, "bold": 7}


class FontMissingError(Exception):
    """The typeface is not on this machine; installing the package helps."""

    def __init__(self, problem: str) -> None:
        super().__init__(f"font Noto Sans SC: {problem}")


def font_file() -> Path:
    """Return the path of the variable Noto Sans SC.

    Raises:
        FontMissingError: the package or the file in it is not there.
    """
    spec = find_spec(_PACKAGE)
    if spec is None or spec.origin is None:
        raise FontMissingError("the Python package justmytype-intl-cjk is not installed")
    path = Path(spec.origin).parent / _FILE
    if not path.is_file():
        raise FontMissingError(f"{path} is not there; reinstall justmytype-intl-cjk")
    return path


@cache
def font(weight: Weight = "regular") -> pygame.freetype.Font:
    """Return the font of a weight; sizes are given with each use.

    Raises:
        FontMissingError: the typeface is not there or cannot be read.
    """
    path = font_file()
    if not pygame.freetype.get_init():
        pygame.freetype.init()
    try:
        return pygame.freetype.Font(
            str(path), size=32, font_index=_NAMED_WEIGHT[weight] << 16, resolution=72
        )
    except (OSError, RuntimeError, pygame.error) as error:
        raise FontMissingError(f"{path} cannot be read: {error}") from error


@lru_cache(maxsize=20_000)
def width(text: str, size: int, weight: Weight = "regular") -> int:
    """Return how wide a line of text is in pixels, from pen start to pen end."""
    if not text:
        return 0
    times = enlarged(text, size)
    large = size * times
    advances: Sequence[Metric | None] = font(weight).get_metrics(text, size=large)
    # A missing glyph has no metrics and shows as a box of about one em.
    return round(sum(large if metric is None else metric[4] for metric in advances) / times)


def enlarged(text: str, size: int) -> int:
    """Return how many times as large a text is set and painted before it is scaled down.

    FreeType rounds each advance to whole pixels, which spaces letters wider than the typeface
    wants; Chinese characters are whole pixels wide, and large letters do not show it.
    """
    if size >= _LARGE or all(character >= _FIRST_WIDE for character in text):
        return 1
    return 2


def has_glyph(character: str) -> bool:
    """Return whether the typeface can show a character."""
    return font().get_metrics(character, size=32)[0] is not None
