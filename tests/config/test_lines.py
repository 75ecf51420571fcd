"""Lines of keys: the reader agrees with tomllib on every path and knows where each begins."""

import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paihao_config.lines import Lines, Path

TEXT = '''\
top = 1 # line 1
[hall]
name = { zh = "厅", en = "Hall" } # line 3
hours = [
  # a comment with ] and "
  "09:00-12:00", # line 6

  "13:00-17:00", # line 8
]
[hall.sources]
"quoted key" = 'x' # line 11
[[zones]]
id = "A"
long = """
with "quotes" and ] and
"""
after = "line 17"
[[zones]] # line 18
id = """B"""""
lists = [[1, 2], [
  3]]
items = [ { id = "x", papers = [
  "one",
  "two"] }, { id = "y" }, ]
[zones.sub] # line 25
deep.er = 2026-03-18T10:24:00 # line 26
[[zones.more]] # line 27
raw = \'\'\'it's\'\'\'
[missed.standard]
calls = 3
'''


def paths_of(value: object, path: Path = ()) -> set[Path]:
    """Return every path that tomllib's answer has."""
    found = {path} if path else set()
    match value:
        case dict():
            for key, one in value.items():
                found |= paths_of(one, (*path, key))
        case list():
            for place, one in enumerate(value):
                found |= paths_of(one, (*path, place))
        case _:
            pass
    return found


def test_the_reader_finds_exactly_the_paths_that_tomllib_finds() -> None:
    assert set(Lines(TEXT).paths()) == paths_of(tomllib.loads(TEXT))


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("top",), 1),
        (("hall",), 2),
        (("hall", "name", "en"), 3),
        (("hall", "hours", 0), 6),
        (("hall", "hours", 1), 8),
        (("hall", "sources", "quoted key"), 11),
        (("zones", 0), 12),
        (("zones", 0, "after"), 17),
        (("zones", 1), 18),
        (("zones", 1, "lists", 0, 1), 20),
        (("zones", 1, "lists", 1, 0), 21),
        (("zones", 1, "items", 0, "papers", 1), 24),
        (("zones", 1, "items", 1, "id"), 24),
        (("zones", 1, "sub"), 25),
        (("zones", 1, "sub", "deep", "er"), 26),
        (("zones", 1, "more", 0), 27),
        (("missed", "standard", "calls"), 30),
    ],
)
def test_a_path_is_on_its_line(path: Path, line: int) -> None:
    assert Lines(TEXT).of(path) == line


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("zones", 1, "name"), 18),
        (("hall", "name", "fr"), 3),
        (("zones", 1, "items", 0, "papers", 9), 22),
        (("queues",), 1),
        ((), 1),
    ],
)
def test_a_path_that_is_not_there_falls_back_to_its_nearest_parent(path: Path, line: int) -> None:
    assert Lines(TEXT).of(path) == line


def test_lines_of_windows_are_counted_alike() -> None:
    assert Lines(TEXT.replace("\n", "\r\n")).paths() == Lines(TEXT).paths()


values = st.recursive(
    st.integers(-9, 9).map(str)
    | st.sampled_from(['"a ] # b"', "'x\\'", '"""m\nn"""', "true", "07:00:00", '"\\""', "-1.5e3"]),
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda some: "[" + ", # ,]\n".join(some) + "\n]")
        | st.lists(inner, max_size=2).map(
            lambda some: "{" + ", ".join(f"k{nth} = {one}" for nth, one in enumerate(some)) + "}"
        )
    ),
    max_leaves=6,
)


@given(st.lists(values, max_size=4))
def test_any_text_that_tomllib_reads_is_read_alike(written: list[str]) -> None:
    text = "[[t]]\n" + "".join(f"key{nth} = {one}\n" for nth, one in enumerate(written))
    read: dict[str, Any] = tomllib.loads(text)
    assert set(Lines(text).paths()) == paths_of(read)
