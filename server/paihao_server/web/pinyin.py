"""What a clerk may type to find a service: its characters, its pinyin, its initials.

The tables of pypinyin take 55 MB, a quarter of the whole server, and are asked a few hundred names
once. So they are asked in a process of its own (this module, run) that ends at once.
"""

import asyncio
import json
import logging
import subprocess
import sys
from collections.abc import Iterable
from typing import Final

log = logging.getLogger(__name__)

PATIENCE_S: Final = 20.0
_KNOWN_MAX: Final = 20_000

_known: dict[str, tuple[str, ...]] = {}


async def learn(names: Iterable[str]) -> None:
    """Have the pinyin of names worked out that are not known yet; without it names are found."""
    new = sorted(set(names) - _known.keys())
    if not new:
        return
    if len(_known) + len(new) > _KNOWN_MAX:
        _known.clear()
    try:
        spelled = await asyncio.to_thread(_ask, new)
    except (OSError, subprocess.SubprocessError, ValueError) as error:
        log.warning("names are found by their characters only: %s", error)
        return
    _known.update({name: tuple(words) for name, words in spelled.items()})


def search_words(*names: str) -> str:
    """Return the names and what is known of their pinyin in lower case, with spaces between."""
    found = [word for name in names for word in (name, *_known.get(name, ()))]
    return " ".join(dict.fromkeys(found)).lower()


def spell(names: Iterable[str]) -> dict[str, list[str]]:
    """Return the whole pinyin and the initials of each name."""
    from pypinyin import Style, lazy_pinyin

    return {
        name: [
            "".join(lazy_pinyin(name)),
            "".join(lazy_pinyin(name, style=Style.FIRST_LETTER)),
        ]
        for name in names
    }


def _ask(names: list[str]) -> dict[str, list[str]]:
    answer = subprocess.run(  # noqa: S603 - our own module
        [sys.executable, "-m", __name__],
        input=json.dumps(names).encode(),
        stdout=subprocess.PIPE,
        timeout=PATIENCE_S,
        check=True,
    )
    spelled: dict[str, list[str]] = json.loads(answer.stdout)
    return spelled


if __name__ == "__main__":
    json.dump(spell(json.load(sys.stdin)), sys.stdout)
