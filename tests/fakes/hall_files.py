"""A small right hall file, ways to make it wrong, and what the loader finds in it."""

from typing import Final

from paihao_config.findings import Finding, HallFileError
from paihao_config.loader import HallFile, read_bytes

HERE: Final = "# <- here"
"""Marks the line on which a finding is expected."""

SMALL: Final = """\
version = 1

[hall]
id = "small"
name = "小厅 | Small hall"
hours = ["09:00-12:00", "13:00-17:00"]
take_until = "16:30"
stated_windows = 3

[[zones]]
id = "A"
name = "甲区 | Zone A"
floor = "1"

[[zones]]
id = "B"
name = "乙区 | Zone B"
floor = "2"

[[queues]]
id = "A"
name = "甲 | A"
zone = "A"

[[queues]]
id = "B"
name = "乙 | B"
zone = "B"

[[services]]
id = "one"
name = "第一件事 | First"
queue = "A"

[[services]]
queue = "B"
items = [
  { id = "two", name = "第二件事 | Second" },
  { id = "three", name = "第三件事", papers = ["身份证 | ID card"] },
]

[[windows]]
ids = "1A01-1A02"
zone = "A"
serves = ["A"]

[[windows]]
id = "2B01"
zone = "B"
serves = ["B"]

[missed.standard]
calls = 3
grace_minutes = 30

[[kiosks]]
id = "kiosk-{zone}"

[[boards]]
id = "board-{zone}"

[simulation.arrivals]
A = 20
"""


def small_with(*changes: tuple[str, str], more: str = "") -> str:
    """Return the small hall file with texts replaced and lines added at its end."""
    text = SMALL
    for old, new in changes:
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in the small hall"
        text = text.replace(old, new)
    return text + more


def read_text(text: str) -> HallFile:
    """Return what a text states as a hall file."""
    return read_bytes(text.encode(), "hall.toml")


def findings_of(text: str) -> tuple[Finding, ...]:
    """Return what is found in a text, whether or not it can be used."""
    try:
        return read_text(text).findings
    except HallFileError as error:
        return error.findings


def line_marked(text: str) -> int:
    """Return the number of the one line that carries the mark."""
    (line,) = [number for number, one in enumerate(text.splitlines(), 1) if HERE in one]
    return line
