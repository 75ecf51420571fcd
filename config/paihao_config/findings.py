"""Findings: what is wrong in a hall file, in which line, and what should stand there."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from difflib import get_close_matches
from typing import Any, Final

from paihao_config.lines import Path
from paihao_config.texts import SAYINGS, Severity
from paihao_hall.plan import Text

_MOST_KNOWN: Final = 12
_BARE: Final = re.compile(r"[A-Za-z0-9_-]+")
_ORDER: Final[Mapping[Severity, int]] = {"error": 0, "warning": 1, "advice": 2}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found in one line of a hall file.

    Attributes:
        key: path of the value, such as ``windows[2].serves[0]``; empty for the whole file.
        code: stable name of the kind of finding; docs/hall-file.md lists them.
        message: what is wrong, in Chinese and English.
        expected: what should stand there; empty when the message says it.
    """

    file: str
    line: int
    key: str
    severity: Severity
    code: str
    message: Text
    expected: str = ""

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}: {self.severity}: "
        key = f"{self.key}: " if self.key else ""
        wanted = f" | 应为 expected: {self.expected}" if self.expected else ""
        return f"{where}{key}{self.message.zh} | {self.message.en}{wanted}"

    def as_dict(self) -> dict[str, Any]:
        """Return the finding for machines; ``message`` has ``zh`` and ``en``."""
        return {**asdict(self), "message": {"zh": self.message.zh, "en": self.message.en}}


class HallFileError(Exception):
    """A hall file cannot be used.

    Attributes:
        findings: all of them, errors first, each group in line order.
    """

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__("\n".join(str(finding) for finding in findings))
        self.findings = tuple(findings)


def finding(file: str, line: int, path: Path, code: str, facts: Mapping[str, Any]) -> Finding:
    """Return the finding that a code and its facts make.

    Args:
        file: name as the user knows it.
        line: from 1.
        path: of the value, empty for the whole file.
        code: a key of `paihao_config.texts.SAYINGS`.
        facts: fill the places of the saying's texts.
    """
    saying = SAYINGS[code]
    return Finding(
        file=file,
        line=line,
        key=key_of(path),
        severity=saying.severity,
        code=code,
        message=Text(saying.zh.format_map(facts), saying.en.format_map(facts)),
        expected=saying.expected.format_map(facts),
    )


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """Return findings with errors first, then warnings, then advice, each in line order."""
    return sorted(findings, key=lambda one: (_ORDER[one.severity], one.line, one.key))


def key_of(path: Path) -> str:
    """Return a path as people write it: ``windows[2].serves[0]``, counted from 0."""
    words = "".join(f"[{step}]" if isinstance(step, int) else f".{bare(step)}" for step in path)
    return words.removeprefix(".")


def bare(key: str) -> str:
    """Return a key as it is written, in quotes when it is not a plain word."""
    return key if _BARE.fullmatch(key) else repr(key)


def likely(value: str, known: Iterable[str]) -> dict[str, str]:
    """Return the facts that help with a mistyped name: the close one, and those there are."""
    names = list(known)
    close = get_close_matches(value, names, n=1, cutoff=0.6)
    listed = ", ".join(names[:_MOST_KNOWN]) + (", …" if len(names) > _MOST_KNOWN else "")
    return {
        "hint_zh": f"；是不是 {close[0]}" if close else "",
        "hint_en": f"; did you mean {close[0]}" if close else "",
        "known": listed,
    }
