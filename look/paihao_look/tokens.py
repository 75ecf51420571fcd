"""The look of Paihao in values: colours, type sizes and spaces that every screen shares.

Calm, official, warm; numbers are the heroes. Kinds and states are never told by colour alone:
each has its word and its pictogram, see `paihao_look.kinds`.
"""

from typing import Final

Colour = tuple[int, int, int]
"""Red, green, blue, 0..255."""


def rgb(code: str) -> Colour:
    """Return the colour of ``#RRGGBB``."""
    return int(code[1:3], 16), int(code[3:5], 16), int(code[5:7], 16)


INK: Final = rgb("#0B1F33")
INK_SOFT: Final = rgb("#4A5B6E")
PAPER: Final = rgb("#FFFFFF")
MIST: Final = rgb("#F2F5F9")
LINE: Final = rgb("#D3DCE6")
HALL: Final = rgb("#0B5FB0")
HALL_DEEP: Final = rgb("#083E75")
INSTANT: Final = rgb("#00696F")
ISSUANCE: Final = rgb("#5B3E99")
GREEN: Final = rgb("#0E7245")
WARN: Final = rgb("#A65300")
ALARM: Final = rgb("#B3261E")
NIGHT: Final = rgb("#071A2E")
NIGHT_CARD: Final = rgb("#0F2A47")
CALL: Final = rgb("#FFC53D")
SNOW: Final = rgb("#F4F8FC")

ON_DARK: Final = rgb("#DCE8F5")
"""Secondary text on hall and hall-deep."""
AMBER_CARD: Final = rgb("#FFEBBB")
NOTICE_BAND: Final = rgb("#FFEFC9")
DISABLED: Final = rgb("#E6EBF1")
SPINE: Final = rgb("#D8E5F2")
KEYBOARD: Final = rgb("#E3E9F0")
RESTING: Final = rgb("#FAFCFE")
"""A card whose queue cannot be joined now."""
STALE: Final = rgb("#A9B8C8")
"""Figures on night that are no longer fed."""

NUMBER: Final = 220
SMALL: Final = 32
"""Sizes on the kiosk in pixels; nothing on it is smaller than ``SMALL``."""

MARGIN: Final = 48
GAP: Final = 24
RADIUS: Final = 24
TOUCH_HIGH: Final = 112
"""Least height of a touch target on the kiosk."""


def tint(colour: Colour, part: float = 0.10, ground: Colour = PAPER) -> Colour:
    """Return ``part`` of the colour laid over ``ground``: the fill of information."""
    red, green, blue = (
        round(below + (above - below) * part) for above, below in zip(colour, ground, strict=True)
    )
    return red, green, blue


def luminance(colour: Colour) -> float:
    """Return the relative luminance of WCAG 2.2, 0 black to 1 white."""
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (value / 255 for value in colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Colour, other: Colour) -> float:
    """Return the contrast ratio of WCAG 2.2, 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)
