"""Setting of text: where lines break, which size fits, where the baseline goes.

Chinese breaks between any two characters except before closing and after opening punctuation;
words of letters and digits are never broken, nor is a number from its sign. A line that fits
nowhere else is set smaller, then over more lines, and only then ends in an ellipsis.
"""

import re
from typing import Final

from paihao_look.fonts import Weight, width
from paihao_look.picture import Align, Label, Run
from paihao_look.tokens import SMALL, Colour

ELLIPSIS: Final = "…"

_NOT_FIRST: Final = frozenset("，。、；：？！）》」』】”’…·%,.;:?!)]}")
_NOT_LAST: Final = frozenset("（《「『【“‘([{")
_CLAUSE: Final = re.compile(r"[^，。；：！？]*[，。；：！？]*")
_IDEOGRAPH_MIDDLE: Final = 0.375
"""Middle of Chinese characters and of capitals above the baseline, in ems."""


def middle(y: float, size: int) -> int:
    """Return the baseline that puts text of a size upright in the middle of ``y``."""
    return round(y + size * _IDEOGRAPH_MIDDLE)


def pieces(text: str) -> list[str]:
    """Split text into pieces that may stand on different lines; joined they give the text."""
    found: list[str] = []
    for character in text:
        if found and not _may_break(found[-1][-1], character):
            found[-1] += character
        else:
            found.append(character)
    return found


def wrap(text: str, size: int, room: int, weight: Weight = "regular") -> list[str]:
    """Return the lines of a text that is at most ``room`` pixels wide.

    A single piece wider than the room gets a line of its own and sticks out; `fit` prevents it.
    """
    return [line.strip() for line in _filled(text, size, room, weight)]


def balanced(text: str, size: int, room: int, weight: Weight = "regular") -> list[str]:
    """Return as few lines as `wrap` does, of as equal a width as can be: no lone last word."""
    lines = wrap(text, size, room, weight)
    least, most = 1, room
    while least < most:
        middle = (least + most) // 2
        narrow = wrap(text, size, middle, weight)
        too_wide = any(width(one, size, weight) > middle for one in narrow)
        if too_wide or len(narrow) > len(lines):
            least = middle + 1
        else:
            most = middle
    return wrap(text, size, least, weight)


def clauses(text: str, size: int, room: int, weight: Weight = "regular") -> list[str]:
    """Return lines that end where a Chinese clause ends, so that no word is torn apart.

    A text with a clause that is wider than the room is set in balanced lines.
    """
    parts = [part for part in _CLAUSE.findall(text) if part]
    if any(width(part, size, weight) > room for part in parts):
        return balanced(text, size, room, weight)
    lines = [""]
    for part in parts:
        if lines[-1] and width(lines[-1] + part, size, weight) > room:
            lines.append(part)
        else:
            lines[-1] += part
    return lines


def fit(
    text: str,
    sizes: tuple[int, ...],
    room: int,
    weight: Weight = "regular",
    *,
    most_lines: int = 1,
) -> tuple[int, list[str]]:
    """Return the first size at which a text fits, and its lines at that size.

    Args:
        text: to be set.
        sizes: to be tried, largest first.
        room: width in pixels.
        weight: of the letters.
        most_lines: how many lines there may be.

    Returns:
        Size and lines; at the smallest size what does not fit ends in an ellipsis.
    """
    for size in sizes:
        lines = wrap(text, size, room, weight)
        if len(lines) <= most_lines and all(width(one, size, weight) <= room for one in lines):
            return size, lines
    size = sizes[-1]
    filled = _filled(text, size, room, weight)
    kept = [*filled[: most_lines - 1], "".join(filled[most_lines - 1 :])]
    return size, [shorten(line.strip(), size, room, weight) for line in kept]


def shorten(text: str, size: int, room: int, weight: Weight = "regular") -> str:
    """Return the text, cut to the room with an ellipsis if it is wider."""
    if width(text, size, weight) <= room:
        return text
    while text and width(text + ELLIPSIS, size, weight) > room:
        text = text[:-1]
    return text.rstrip() + ELLIPSIS


def line(
    x: int,
    baseline: int,
    text: str,
    size: int,
    colour: Colour,
    *,
    weight: Weight = "regular",
    align: Align = "left",
    room: int | None = None,
) -> Label:
    """Return a line of one run, set smaller or shortened if it would leave its room."""
    if room is not None and width(text, size, weight) > room:
        steps = tuple(range(size, min(SMALL, size) - 1, -2))
        size, (text,) = fit(text, steps, room, weight)
    return Label(x, baseline, (Run(text, size, colour, weight),), align, room)


def paragraph(
    x: int,
    first_baseline: int,
    lines: list[str],
    size: int,
    colour: Colour,
    *,
    leading: int,
    weight: Weight = "regular",
    align: Align = "left",
    room: int | None = None,
) -> tuple[Label, ...]:
    """Return labels for lines under each other, ``leading`` pixels from baseline to baseline."""
    return tuple(
        Label(x, first_baseline + row * leading, (Run(text, size, colour, weight),), align, room)
        for row, text in enumerate(lines)
    )


def _filled(text: str, size: int, room: int, weight: Weight) -> list[str]:
    """Return the lines of a text as they were cut, blanks at their ends included."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        for piece in pieces(paragraph):
            if line and width((line + piece).strip(), size, weight) > room:
                lines.append(line)
                line = piece
            else:
                line += piece
        lines.append(line)
    return lines


def _may_break(before: str, after: str) -> bool:
    """Tell whether a line may end between two characters."""
    if after == " " or after in _NOT_FIRST or before in _NOT_LAST:
        return False
    if before == " ":
        return True
    return _is_wide(before) or _is_wide(after)


def _is_wide(character: str) -> bool:
    """Tell whether a character is Chinese or full-width and so a word of its own."""
    return character >= "\u2e80"
