"""Search for services by Chinese words, full pinyin, initials and other names.

Each character of a name may be matched by itself, by its whole pinyin, by the first letter of
it (or by zh, ch, sh) and, at the end of what was typed, by any beginning of it. So ``bdc``,
``budongchan``, ``budong`` and ``不动产`` all find 不动产登记.
"""

from dataclasses import dataclass
from typing import Final

from pypinyin import Style, pinyin

from paihao_hall.plan import Service

_DOUBLE_INITIALS: Final = ("zh", "ch", "sh")


@dataclass(frozen=True, slots=True)
class Found:
    """A service that fits; ``start`` and ``end`` bound the matching part of its Chinese name."""

    service: Service
    rank: int
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class _Spoken:
    """A name with the pinyin of each character; Latin letters stand for themselves."""

    name: str
    sounds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Entry:
    service: Service
    name: _Spoken
    aliases: tuple[_Spoken, ...]
    english: tuple[str, ...]


class Index:
    """Finds services; made once for each plan."""

    def __init__(self, services: tuple[Service, ...]) -> None:
        self._entries = tuple(
            _Entry(
                service,
                _spoken(service.name.zh),
                tuple(_spoken(alias) for alias in (*service.aliases, service.department)),
                tuple(service.name.en.lower().split()),
            )
            for service in services
        )

    def find(self, typed: str) -> tuple[Found, ...]:
        """Return what fits, best first; everything when nothing is typed."""
        query = "".join(typed.lower().split())
        if not query:
            return tuple(Found(entry.service, 0) for entry in self._entries)
        words = typed.lower().split()
        found = [hit for entry in self._entries if (hit := _hit(entry, query, words)) is not None]
        return tuple(sorted(found, key=lambda hit: hit.rank))


def _hit(entry: _Entry, query: str, words: list[str]) -> Found | None:
    """Return how an entry fits: name from its start, within, other names, English words."""
    span = _span(entry.name, query)
    if span is not None:
        return Found(entry.service, 0 if span[0] == 0 else 1, *span)
    if any(_span(alias, query) is not None for alias in entry.aliases):
        return Found(entry.service, 2)
    if all(any(known.startswith(word) for known in entry.english) for word in words):
        return Found(entry.service, 3)
    return None


def _spoken(name: str) -> _Spoken:
    """Return a name with its sounds, one for each character."""
    sounds = [
        sound.lower()
        # The annotation of ``errors`` knows less than the library does.
        for readings in pinyin(name, style=Style.NORMAL, errors=_by_character)  # type: ignore[arg-type]
        for sound in readings[:1]
    ]
    return _Spoken(name, tuple(sounds))


def _by_character(foreign: str) -> list[list[str]]:
    """Return what has no pinyin as sounds of its own, one for each character."""
    return [[character] for character in foreign]


def _span(spoken: _Spoken, query: str) -> tuple[int, int] | None:
    """Return the first part of a name that a query spells, as start and end."""
    for start in range(len(spoken.name)):
        end = _spell(spoken, start, query)
        if end is not None:
            return start, end
    return None


def _spell(spoken: _Spoken, at: int, query: str) -> int | None:
    """Return where in the name a query ends that begins at a character, or None."""
    if not query:
        return at
    if at == len(spoken.name):
        return None
    for length in _bites(spoken.name[at].lower(), spoken.sounds[at], query):
        end = _spell(spoken, at + 1, query[length:])
        if end is not None:
            return end
    return None


def _bites(character: str, sound: str, query: str) -> list[int]:
    """Return how many letters of a query one character can take, most first."""
    if query[0] == character:
        return [1]
    bites: set[int] = set()
    if query.startswith(sound):
        bites.add(len(sound))
    elif sound.startswith(query):
        bites.add(len(query))
    if query[0] == sound[:1]:
        bites.add(1)
    if sound[:2] in _DOUBLE_INITIALS and query.startswith(sound[:2]):
        bites.add(2)
    return sorted(bites, reverse=True)
