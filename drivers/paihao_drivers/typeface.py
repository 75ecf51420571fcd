"""Noto Sans SC in two weights for paper, opened by Pillow so that no display is needed.

The file is the variable font of the package ``justmytype-intl-cjk``; only its path is used. Screens
have it from `paihao_look.fonts`, which needs pygame; a box without a screen prints all the same.
"""

from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from PIL import ImageFont

_PACKAGE: Final = "justmytype_intl_cjk"
_FILE: Final = Path("fonts/ofl/notosanssc/NotoSansSC[wght].ttf")
_REGULAR: Final = 400
_BOLD: Final = 700


class TypefaceMissingError(Exception):
    """The font file is not on this machine; installing its package helps."""

    def __init__(self) -> None:
        super().__init__("font Noto Sans SC is missing: install the package justmytype-intl-cjk")


@lru_cache(maxsize=64)
def typeface(size: int, *, bold: bool = False) -> ImageFont.FreeTypeFont:
    """Return the font whose Chinese characters fill ``size`` dots.

    Raises:
        TypefaceMissingError: the package or the file in it is not there.
    """
    spec = find_spec(_PACKAGE)
    if spec is None or spec.origin is None:
        raise TypefaceMissingError
    path = Path(spec.origin).parent / _FILE
    if not path.is_file():
        raise TypefaceMissingError
    # The basic engine gives the same dots whether or not a shaping library is installed.
    font = ImageFont.truetype(str(path), size, layout_engine=ImageFont.Layout.BASIC)
    font.set_variation_by_axes([_BOLD if bold else _REGULAR])
    return font
