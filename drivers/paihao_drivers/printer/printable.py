"""Text that is safe to print: nothing in it is lost silently and nothing in it is a command.

GB18030 holds all of Unicode but surrogates: two bytes for the characters of GBK, four for the
rest. A printer that draws the four-byte characters is rare, so a profile says whether it does.
"""

import unicodedata
from collections.abc import Iterator
from itertools import groupby
from typing import Final, Literal

Charset = Literal["gb18030", "gbk"]

MISSING: Final = "□"

# Controls would be commands; format characters, surrogates, private and unassigned code points
# have no shape a reader could miss.
_UNPRINTABLE: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})


def printable(text: str) -> str:
    """Return ``text`` with each character that cannot be printed replaced by `MISSING`.

    White space of any kind, line ends too, becomes one plain space each.
    """
    composed = unicodedata.normalize("NFC", text)
    return "".join(map(_visible, composed))


def encode(text: str, charset: Charset) -> Iterator[tuple[bool, bytes]]:
    """Yield runs of printer bytes, each with True when it needs the Chinese mode.

    Args:
        text: any text; made `printable` first.
        charset: what the printer draws. Characters outside it come out as `MISSING`.
    """
    for chinese, run in groupby(printable(text), key=lambda character: not character.isascii()):
        yield chinese, b"".join(_bytes(character, charset) for character in run)


def _visible(character: str) -> str:
    if character.isspace():
        return " "
    return MISSING if unicodedata.category(character) in _UNPRINTABLE else character


def _bytes(character: str, charset: Charset) -> bytes:
    try:
        return character.encode(charset)
    except UnicodeEncodeError:
        return MISSING.encode(charset)
