"""Pictograms on a 48 grid, drawn with round strokes; the paths are in `paihao_look.paths`."""

from dataclasses import dataclass
from functools import cache
from typing import Final

from paihao_look.paths import Polygon, flatten

GRID: Final = 48
STROKE: Final = 3.6


@dataclass(frozen=True, slots=True)
class Drawing:
    """A pictogram: lines to be stroked and areas to be filled, in grid units."""

    strokes: tuple[Polygon, ...]
    fills: tuple[Polygon, ...]


@cache
def drawing(name: str) -> Drawing:
    """Return a pictogram; a name that is not known shows as a document.

    Halls name the pictograms of their zones, and a wrong name must not stop a screen.
    """
    strokes = _STROKES.get(name, "")
    fills = _FILLS.get(name, "")
    if not strokes and not fills:
        strokes = _STROKES["document"]
    return Drawing(flatten(strokes), flatten(fills))


def names() -> list[str]:
    """Return the names of all pictograms."""
    return sorted(_STROKES.keys() | _FILLS.keys())


_STROKES: Final = {
    "ticket": (
        "M 5 11 H 43 V 18.5 B 5.5 43 29.5 V 37 H 5 V 29.5 B 5.5 5 18.5 Z "
        "M 30 11.5 V 14 M 30 19.5 V 23 M 30 25.5 V 28.5 M 30 34 V 36.5"
    ),
    "search": "O 20.5 20.5 13.5 M 30.5 30.5 L 42.5 42.5",
    "id-card": (
        "M 8 8 H 40 A 4 44 12 V 36 A 4 40 40 H 8 A 4 4 36 V 12 A 4 8 8 Z O 17.5 19.5 4.5 "
        "M 10 33 V 31.5 A 7.5 25 31.5 V 33 M 31 17.5 H 38 M 31 25 H 38 M 31 32.5 H 36"
    ),
    "qr": (
        "M 6 6 H 19 V 19 H 6 Z M 29 6 H 42 V 19 H 29 Z M 6 29 H 19 V 42 H 6 Z "
        "M 29 29 H 35 V 35 M 42 29 V 35.5 M 42 41.5 V 42 M 36 42 H 29.5"
    ),
    "yuan": (
        "O 24 24 18 M 16.5 14.5 L 24 23.5 L 31.5 14.5 M 24 23.5 V 35 M 17.5 24 H 30.5 "
        "M 17.5 29.5 H 30.5"
    ),
    "house": "M 5 24.5 L 24 7 L 43 24.5 M 10 20.5 V 41 H 38 V 20.5 M 19.5 41 V 29.5 H 28.5 V 41",
    "shield": (
        "M 24 5 C 29 8.5 34 10.5 41 11 V 22 C 41 32 34.5 39 24 43.5 C 13.5 39 7 32 7 22 V 11 "
        "C 14 10.5 19 8.5 24 5 Z M 16 24 L 22 30 L 32.5 19"
    ),
    "crane": (
        "M 13.5 44 V 5.5 M 7 44 H 20 M 4.5 13.5 H 42.5 V 12 L 13.5 4.5 L 4.5 13.5 M 35.5 14 V 22 "
        "M 29.5 22 H 42 V 32 H 29.5 Z"
    ),
    "shop": (
        "M 10 5 H 38 L 42.5 16.5 A 4.4 34 19 A 4.6 24.7 19 A 4.6 15.4 19 A 4.6 5.8 16.5 Z "
        "M 9 22.5 V 43 H 39 V 22.5 M 5.5 17 H 42.5 M 19.5 43 V 31.5 H 28.5 V 43"
    ),
    "umbrella": ("M 4.5 27 A 19.5 43.5 27 Z M 24 4.5 V 7.5 M 24 27 V 38.5 A 4.6 14.8 38.5 V 37.5"),
    "chat": (
        "M 5 9 H 43 V 35 H 24 L 14 43 V 35 H 5 Z M 15 22 H 15.2 M 24 22 H 24.2 M 33 22 H 33.2"
    ),
    "complaint": "M 5 9 H 43 V 35 H 24 L 14 43 V 35 H 5 Z M 24 15.5 V 22.5 M 24 28.6 V 28.8",
    "document": (
        "M 10 5 H 28 L 38 15 V 43 H 10 Z M 28 5 V 15 H 38 M 17.5 24.5 H 30.5 M 17.5 32.5 H 30.5"
    ),
    "globe": ("O 24 24 19 M 5 24 H 43 M 24 5 C 11 15 11 33 24 43 M 24 5 C 37 15 37 33 24 43"),
    "big-text": "M 3.5 40 L 16.5 8.5 L 29.5 40 M 8.5 29.5 H 24.5 M 39 13.5 V 29 M 31 21 H 46",
    "seated": (
        "O 19 7 4.2 M 19 13.5 V 28 H 32.5 L 38 41 L 43 40 M 19 20 H 30 M 14 21.5 "
        "C 4 26 4 40 14 43.5 C 21 46 28 42.5 30 35"
    ),
    "bell": "M 4 37 H 44 M 8 31.5 A 16 40 31.5 Z M 24 15.5 V 10 M 17.5 9.5 H 30.5",
    "people": (
        "O 18.5 15 8 M 4 41 V 37.5 C 4 31 9 27.5 18.5 27.5 C 28 27.5 33 31 33 37.5 V 41 "
        "M 32.5 7.5 C 38 9 38 21 32.5 22.5 M 38 28.5 C 42 30.5 44 33.5 44 37.5 V 41"
    ),
    "person": (
        "O 24 14 9 M 7.5 42 V 39.5 C 7.5 31.5 13.5 27.5 24 27.5 "
        "C 34.5 27.5 40.5 31.5 40.5 39.5 V 42"
    ),
    "clock": "O 24 24 19 M 24 12.5 V 24.5 L 32 30",
    "pin": (
        "M 24 45 C 15 35.5 8.5 27.5 8.5 19.5 A 15.5 24 4 A 15.5 39.5 19.5 C 39.5 27.5 33 35.5 "
        "24 45 Z O 24 19.5 5.6"
    ),
    "window": (
        "O 24 10.5 6.5 M 12 32 V 30 C 12 24 16.5 21.5 24 21.5 C 31.5 21.5 36 24 36 30 V 32 "
        "M 4 32 H 44 V 43 H 4 Z"
    ),
    "heart-in-hand": (
        "M 24 24 C 18 19.5 14.5 15.5 14.5 11.2 C 14.5 4.8 22 3.6 24 9 C 26 3.6 33.5 4.8 33.5 11.2 "
        "C 33.5 15.5 30 19.5 24 24 Z M 4 31 H 13.5 C 17.5 31 18 33 21.5 33 H 28.5 "
        "M 4 43 H 26.5 L 43.5 34 C 46 31 42.5 28 39 29.5 L 29.5 33"
    ),
    "calendar": (
        "M 9 9 H 39 A 4 43 13 V 39 A 4 39 43 H 9 A 4 5 39 V 13 A 4 9 9 Z M 15.5 4.5 V 13 "
        "M 32.5 4.5 V 13 M 5.5 19.5 H 42.5 M 14.5 27 H 17 M 23 27 H 25 M 31 27 H 33.5 "
        "M 14.5 34.5 H 17 M 23 34.5 H 25"
    ),
    "arrow-left": "M 43 24 H 6 M 20 9.5 L 5.5 24 L 20 38.5",
    "arrow-right": "M 5 24 H 42 M 28 9.5 L 42.5 24 L 28 38.5",
    "arrow-up": "M 24 43 V 6 M 9.5 20 L 24 5.5 L 38.5 20",
    "arrow-down": "M 24 5 V 42 M 9.5 28 L 24 42.5 L 38.5 28",
    "chevron-right": "M 17 9 L 32 24 L 17 39",
    "chevron-left": "M 31 9 L 16 24 L 31 39",
    "chevron-up": "M 9 31 L 24 16 L 39 31",
    "chevron-down": "M 9 17 L 24 32 L 39 17",
    "bolt": "M 27.5 4.5 L 9.5 27.5 H 22 L 20 43.5 L 38.5 19.5 H 26 Z",
    "lock": (
        "M 11 21 H 37 A 3 40 24 V 40 A 3 37 43 H 11 A 3 8 40 V 24 A 3 11 21 Z "
        "M 15 20.5 V 14 A 9 33 14 V 20.5"
    ),
    "slashed-ring": "O 24 24 19 M 36.5 11.5 L 11.5 36.5",
    "speaker": (
        "M 5 17.5 H 13 L 25 7.5 V 40.5 L 13 30.5 H 5 Z M 32 16.5 A 11 32 31.5 M 37.5 10.5 "
        "A 18 37.5 37.5"
    ),
    "megaphone": "M 5 18 H 11 L 34 6 V 42 L 11 30 H 5 Z M 40.5 17.5 A 9 40.5 30.5",
    "unplugged": (
        "M 17 4 V 9 M 33 4 V 14 M 27 16 H 42 C 42 24 41.5 28 39 31.5 M 9 16 C 9 28 12 37.5 24 37.5 "
        "C 27 37.5 30 36.5 32 35 M 9 16 H 13 M 24 38 V 45 M 3.5 3.5 L 44.5 44.5"
    ),
    "phone": (
        "M 15 3.5 H 33 A 4 37 7.5 V 40.5 A 4 33 44.5 H 15 A 4 11 40.5 V 7.5 A 4 15 3.5 Z "
        "M 21 37.5 H 27"
    ),
    "list": "M 17 11 H 43 M 17 24 H 43 M 17 37 H 43 M 6 11 H 6.8 M 6 24 H 6.8 M 6 37 H 6.8",
    "check": "M 8 25.5 L 19 36.5 L 41 12.5",
    "cross": "M 11 11 L 37 37 M 37 11 L 11 37",
    "plus": "M 24 8 V 40 M 8 24 H 40",
    "info": "O 24 24 19 M 24 22 V 34 M 24 14.4 V 14.6",
    "warning": "M 24 6 L 44 41 H 4 Z M 24 19 V 28 M 24 34.6 V 34.8",
    "backspace": "M 15.5 9 H 44 V 39 H 15.5 L 4 24 Z M 24 18 L 35 30 M 35 18 L 24 30",
    "printer": (
        "M 13 16 V 5 H 35 V 16 M 10 35 H 4.5 V 16 H 43.5 V 35 H 38 M 13 26 H 35 V 43.5 H 13 Z"
    ),
    "briefcase": "M 5 15 H 43 V 40 H 5 Z M 17 15 V 8 H 31 V 15 M 5 26 H 43 M 24 24.5 V 28.5",
    "family": (
        "O 15 12.5 6.5 O 34 18 5 M 4 42 V 36 C 4 29.5 8 25.5 15 25.5 C 22 25.5 26 29.5 26 36 V 42 "
        "M 30 29.5 C 38 26.5 44 30.5 44 37 V 42"
    ),
    "medical": "M 18 5 H 30 V 18 H 43 V 30 H 30 V 43 H 18 V 30 H 5 V 18 H 18 Z",
    "card": "M 5 10 H 43 V 38 H 5 Z M 5 19 H 43 M 12 29.5 H 21",
}

_FILLS: Final = {
    "square": "M 13 6 H 35 A 7 42 13 V 35 A 7 35 42 H 13 A 7 6 35 V 13 A 7 13 6 Z",
    "pause": (
        "M 12 7 H 17.5 A 2.5 20 9.5 V 38.5 A 2.5 17.5 41 H 12 A 2.5 9.5 38.5 V 9.5 A 2.5 12 7 Z "
        "M 30.5 7 H 36 A 2.5 38.5 9.5 V 38.5 A 2.5 36 41 H 30.5 A 2.5 28 38.5 V 9.5 A 2.5 30.5 7 Z"
    ),
}
