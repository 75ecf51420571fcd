"""Where a line of mixed Chinese and English may break."""

from collections.abc import Callable
from typing import Final

from paihao_drivers.printer.printable import printable

# A line may not begin with these; a break after them is a good one.
_CLOSING: Final = frozenset("，。、；：？！）》」』】〉…·,.;:?!)]}%")
_OPENING: Final = frozenset("（《「『【〈([{")
_ENOUGH: Final = 0.45


def wrap(text: str, width_of: Callable[[str], int], room: int) -> list[str]:
    """Break ``text`` into lines no wider than ``room``.

    Words of letters and digits stay whole unless one alone is wider than a line. Chinese breaks
    after a space or a mark of punctuation where that leaves a line not too short, else between
    two characters; no line begins with a closing mark or ends with an opening one.

    Args:
        text: made `printable` here.
        width_of: width of a text, in the unit of ``room`` (dots, or cells of a fixed font).
        room: width of a line, at least one character.

    Returns:
        One line or more, without blanks at their ends; for an empty text no line.
    """
    pieces = _pieces(printable(text))
    lines: list[str] = []
    while pieces:
        taken = _fitting(pieces, width_of, room)
        line = "".join(pieces[:taken]).strip()
        pieces = pieces[taken:]
        if line:
            lines.append(line)
    return lines


def _fitting(pieces: list[str], width_of: Callable[[str], int], room: int) -> int:
    """Return how many pieces make the next line, at least one."""
    if width_of(pieces[0].rstrip()) > room and len(pieces[0]) > 1:
        # One word wider than the paper: the only case in which a word is broken.
        cut = next(
            (n for n in range(len(pieces[0]) - 1, 1, -1) if width_of(pieces[0][:n]) <= room), 1
        )
        pieces[:1] = [pieces[0][:cut], pieces[0][cut:]]
        return 1
    fits = 1
    line = pieces[0]
    for piece in pieces[1:]:
        line += piece
        if width_of(line.rstrip()) > room:
            break
        fits += 1
    if fits == len(pieces):
        return fits
    for end in range(fits, 0, -1):
        so_far = "".join(pieces[:end])
        if _is_good_break(so_far, pieces[end]) and width_of(so_far.rstrip()) >= _ENOUGH * room:
            return end
    return fits


def _is_good_break(before: str, after: str) -> bool:
    last = before.rstrip()[-1:]
    if not last or last in _CLOSING:
        return True
    # A blank between a figure and its Chinese word, as in "3 位", holds them together.
    same = is_word_character(last) == is_word_character(after[0])
    return before[-1].isspace() and same


def _pieces(text: str) -> list[str]:
    """Split where a line may break; blanks stay at the end of the piece before them."""
    pieces: list[str] = []
    for character in text:
        if pieces and _holds_together(pieces[-1], character):
            pieces[-1] += character
        else:
            pieces.append(character)
    return pieces


def _holds_together(before: str, character: str) -> bool:
    last = before[-1]
    if character.isspace() or character in _CLOSING or last in _OPENING:
        return True
    if last.isspace():
        return False
    return is_word_character(last) and is_word_character(character)


def is_word_character(character: str) -> bool:
    """Tell letters and digits, which stand in words, from Chinese, which does not."""
    return ord(character) < 0x2E80
