"""The short forms of a hall file: bilingual texts, times, spans of time, ranges of ids.

Each function takes what stood in the file and returns the value it means, or raises
`pydantic_core.PydanticCustomError` whose type is a code of `paihao_config.texts`.
"""

import re
from datetime import time
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic_core import PydanticCustomError

from paihao_hall.plan import Band, Text

MOST_IN_RANGE: Final = 1000
"""Longest range of ids; a longer one is a typing mistake."""

_ID: Final = re.compile(r"[A-Za-z0-9-]{1,32}")
_TEMPLATE: Final = re.compile(r"[A-Za-z0-9-]*\{zone\}[A-Za-z0-9-]*")
_PREFIX: Final = re.compile(r"[A-Z]{1,3}")
_TIME: Final = re.compile(r"(\d{1,2}):(\d{2})")
_RANGE: Final = re.compile(r"([A-Za-z0-9-]*?)(\d+)-([A-Za-z0-9-]*?)(\d+)", re.ASCII)
_SHOWN_CHARACTERS: Final = 60


def shown(value: object) -> str:
    """Return a value as a message quotes it: short, on one line."""
    text = repr(value)
    return text if len(text) <= _SHOWN_CHARACTERS else text[: _SHOWN_CHARACTERS - 1] + "…"


def text_of(value: object) -> Text:
    """Read ``"中文"``, ``"中文 | English"`` or ``{zh = "中文", en = "English"}``."""
    match value:
        case str():
            zh, _, en = value.partition("|")
        case {"zh": str(zh), "en": str(en), **others} if not others:
            pass
        case {"zh": str(zh), **others} if not others:
            en = ""
        case _:
            raise _wrong("bad-text", value)
    if not zh.strip() or not (zh + en).isprintable():
        raise _wrong("bad-text", value)
    return Text(zh.strip(), en.strip())


def time_of(value: object) -> time:
    """Read ``"09:00"`` or TOML's own ``09:00:00``."""
    if isinstance(value, time):
        return value
    found = _TIME.fullmatch(value) if isinstance(value, str) else None
    if found is None or int(found[1]) > 23 or int(found[2]) > 59:
        raise _wrong("bad-time", value)
    return time(int(found[1]), int(found[2]))


def band_of(value: object) -> Band:
    """Read ``"09:00-12:00"``; the order of the two is checked with the other hours."""
    start, _, end = value.partition("-") if isinstance(value, str) else ("", "", "")
    try:
        return Band(time_of(start.strip()), time_of(end.strip()))
    except PydanticCustomError as error:
        raise _wrong("bad-band", value) from error


def id_of(value: object) -> str:
    """Read an id: it becomes a level of a topic."""
    if not isinstance(value, str) or not _ID.fullmatch(value):
        raise _wrong("bad-id", value)
    return value


def device_id_of(value: object) -> str:
    """Read an id in which ``{zone}`` may stand for the id of each zone."""
    if isinstance(value, str) and _TEMPLATE.fullmatch(value):
        return value
    return id_of(value)


def prefix_of(value: object) -> str:
    """Read the letters before a serial."""
    if not isinstance(value, str) or not _PREFIX.fullmatch(value):
        raise _wrong("bad-prefix", value)
    return value


def ids_of(value: object) -> tuple[str, ...]:
    """Read ``"1B01-1B30, 1B32"`` or a list of such words; digits keep their leading zeros."""
    words = value.split(",") if isinstance(value, str) else value
    if not isinstance(words, list):
        raise _wrong("bad-list", value)
    found: list[str] = []
    for word in words:
        if not isinstance(word, str):
            raise _wrong("bad-list", value)
        found.extend(_range(word.strip()))
    return tuple(found)


def timezone_of(value: object) -> str:
    """Read an IANA time zone name."""
    try:
        if isinstance(value, str) and value:
            ZoneInfo(value)
            return value
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise _wrong("bad-timezone", value) from error
    raise _wrong("bad-timezone", value)


def url_of(value: object) -> str:
    """Read a web address without a slash at its end."""
    if not isinstance(value, str) or not re.fullmatch(r"https?://[^\s/]+(/\S*)?", value):
        raise _wrong("bad-url", value)
    return value.rstrip("/")


def _range(word: str) -> list[str]:
    found = _RANGE.fullmatch(word)
    if found is None or (found[3] and found[3] != found[1]):
        return [id_of(word)]
    first, last, width = int(found[2]), int(found[4]), len(found[2])
    if not first <= last < first + MOST_IN_RANGE or len(found[4]) < width:
        raise _wrong("bad-list", word)
    return [id_of(f"{found[1]}{number:0{width}}") for number in range(first, last + 1)]


def _wrong(code: str, value: object) -> PydanticCustomError:
    return PydanticCustomError(code, "{value}", {"value": shown(value)})
