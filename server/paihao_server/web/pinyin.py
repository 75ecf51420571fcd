"""What a clerk may type to find a service: its characters, its pinyin, its initials."""

from functools import lru_cache

from pypinyin import Style, lazy_pinyin


@lru_cache(maxsize=4096)
def search_words(*names: str) -> str:
    """Return the names, their pinyin and their initials in lower case, with spaces between."""
    found: list[str] = []
    for name in names:
        found += [
            name,
            "".join(lazy_pinyin(name)),
            "".join(lazy_pinyin(name, style=Style.FIRST_LETTER)),
        ]
    return " ".join(dict.fromkeys(found)).lower()
