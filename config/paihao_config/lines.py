"""Finds the line of every key of a TOML text.

`tomllib` gives values without places, so this reader walks a text that `tomllib` has accepted and
notes where each key, table, list entry and inline-table key begins. It only has to skip values,
never to understand them. A path that is not in the text falls back to its nearest parent.
"""

import re
from typing import Final

Path = tuple[str | int, ...]
"""Keys and list places from the top: ``("windows", 2, "serves", 0)``."""

_BLANK: Final = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_BARE: Final = re.compile(r"[A-Za-z0-9_-]+")
_PLAIN: Final = re.compile(r"[^,\]}#\n]*")
# The closing quotes of a long string may be preceded by one or two more of the same.
_STRINGS: Final = re.compile(
    r'"""(?:\\.|[^\\])*?"""{1,3}(?!")'
    r"|'''.*?'''{1,3}(?!')"
    r'|"(?:\\.|[^"\\])*"'
    r"|'[^']*'",
    re.DOTALL,
)


class Lines:
    """Where the keys of one text stand."""

    def __init__(self, text: str) -> None:
        self._places = _Reader(text).read()

    def of(self, path: Path) -> int:
        """Return the line, from 1, of a path or of its nearest parent in the text."""
        while path and path not in self._places:
            path = path[:-1]
        return self._places.get(path, 1)

    def paths(self) -> dict[Path, int]:
        """Return every path of the text with its line."""
        return dict(self._places)


class _Reader:
    """One walk through a valid TOML text."""

    def __init__(self, text: str) -> None:
        self._text = text.replace("\r\n", "\n")
        self._at = 0
        self._line = 1
        self._places: dict[Path, int] = {}
        self._entries: dict[Path, int] = {}

    def read(self) -> dict[Path, int]:
        table: Path = ()
        self._blank()
        while self._at < len(self._text):
            if self._text.startswith("[[", self._at):
                table = self._header(closing="]]")
            elif self._text.startswith("[", self._at):
                table = self._header(closing="]")
            else:
                self._pair(table)
            self._blank()
        return self._places

    def _header(self, closing: str) -> Path:
        """Read ``[a.b]`` or ``[[a.b]]`` and return the path of the table it opens."""
        line = self._line
        self._skip(len(closing))
        path: Path = ()
        keys = self._keys()
        for place, key in enumerate(keys):
            path = (*path, key)
            self._places.setdefault(path, line)
            if closing == "]]" and place == len(keys) - 1:
                self._entries[path] = self._entries.get(path, -1) + 1
            if path in self._entries:
                path = (*path, self._entries[path])
                self._places.setdefault(path, line)
        # A sub-table may come first; the table's own header is the better place.
        self._places[path] = line
        self._skip(len(closing))
        return path

    def _pair(self, table: Path) -> None:
        """Read ``a.b = value``."""
        path = table
        line = self._line
        for key in self._keys():
            path = (*path, key)
            self._places.setdefault(path, line)
        self._skip(1)
        self._spaces()
        self._value(path)

    def _keys(self) -> list[str]:
        """Read a dotted key and the blanks after it."""
        keys: list[str] = []
        while True:
            self._spaces()
            if self._text[self._at] in "\"'":
                keys.append(_unquoted(self._match(_STRINGS)))
            else:
                keys.append(self._match(_BARE))
            self._spaces()
            if not self._text.startswith(".", self._at):
                return keys
            self._skip(1)

    def _value(self, path: Path) -> None:
        self._places.setdefault(path, self._line)
        match self._text[self._at]:
            case '"' | "'":
                self._match(_STRINGS)
            case "[":
                self._list(path)
            case "{":
                self._inline_table(path)
            case _:
                self._match(_PLAIN)

    def _list(self, path: Path) -> None:
        self._skip(1)
        place = 0
        self._blank()
        while self._text[self._at] != "]":
            self._value((*path, place))
            place += 1
            self._comma()
        self._skip(1)

    def _inline_table(self, path: Path) -> None:
        self._skip(1)
        self._blank()
        while self._text[self._at] != "}":
            self._pair(path)
            self._comma()
        self._skip(1)

    def _comma(self) -> None:
        self._blank()
        if self._text[self._at] == ",":
            self._skip(1)
            self._blank()

    def _blank(self) -> None:
        self._match(_BLANK)

    def _spaces(self) -> None:
        while self._text[self._at] in " \t":
            self._at += 1

    def _skip(self, characters: int) -> None:
        self._at += characters

    def _match(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self._text, self._at)
        if found is None:
            raise ValueError(f"line {self._line}: the text is not valid TOML")
        self._at = found.end()
        self._line += found[0].count("\n")
        return found[0]


def _unquoted(key: str) -> str:
    """Return a quoted key without its quotes; an escape in it is a key nobody writes."""
    return key[1:-1]
