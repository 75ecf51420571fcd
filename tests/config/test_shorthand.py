"""Short forms: what they mean, and what is refused."""

from collections.abc import Callable
from datetime import time

import pytest
from pydantic_core import PydanticCustomError

from paihao_config import shorthand
from paihao_hall.plan import Band, Text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("不动产查询 | Property search", Text("不动产查询", "Property search")),
        ("不动产查询", Text("不动产查询")),
        ({"zh": "厅", "en": "Hall"}, Text("厅", "Hall")),
        ({"zh": "厅"}, Text("厅")),
    ],
)
def test_a_text_is_chinese_with_or_without_english(value: object, text: Text) -> None:
    assert shorthand.text_of(value) == text


@pytest.mark.parametrize(
    ("value", "ids"),
    [
        ("1B01-1B03", ("1B01", "1B02", "1B03")),
        ("1B09-1B11, 1B20", ("1B09", "1B10", "1B11", "1B20")),
        ("1-3", ("1", "2", "3")),
        ("8-11", ("8", "9", "10", "11")),
        ("R01-03", ("R01", "R02", "R03")),
        ("1A-01-1A-02", ("1A-01", "1A-02")),
        (["N01", "L01-L02"], ("N01", "L01", "L02")),
        ("kiosk-a", ("kiosk-a",)),
    ],
)
def test_ranges_of_ids_keep_their_leading_zeros(value: object, ids: tuple[str, ...]) -> None:
    assert shorthand.ids_of(value) == ids


@pytest.mark.parametrize(
    ("read", "value", "code"),
    [
        (shorthand.ids_of, "1B03-1B01", "bad-list"),
        (shorthand.ids_of, "1-99999", "bad-list"),
        (shorthand.ids_of, "", "bad-id"),
        (shorthand.ids_of, "1B01,,1B02", "bad-id"),
        (shorthand.ids_of, 7, "bad-list"),
        (shorthand.ids_of, [7], "bad-list"),
        (shorthand.id_of, "a/b", "bad-id"),
        (shorthand.id_of, "a" * 33, "bad-id"),
        (shorthand.id_of, "a\n", "bad-id"),
        (shorthand.id_of, "", "bad-id"),
        (shorthand.device_id_of, "board-{zona}", "bad-id"),
        (shorthand.prefix_of, "a", "bad-prefix"),
        (shorthand.prefix_of, "ABCD", "bad-prefix"),
        (shorthand.text_of, "", "bad-text"),
        (shorthand.text_of, "两行\n字", "bad-text"),
        (shorthand.text_of, {"en": "Hall"}, "bad-text"),
        (shorthand.text_of, {"zh": "厅", "fr": "salle"}, "bad-text"),
        (shorthand.time_of, "9", "bad-time"),
        (shorthand.time_of, "09:60", "bad-time"),
        (shorthand.time_of, 9, "bad-time"),
        (shorthand.band_of, "09:00", "bad-band"),
        (shorthand.band_of, None, "bad-band"),
        (shorthand.timezone_of, "", "bad-timezone"),
        (shorthand.timezone_of, "../etc/passwd", "bad-timezone"),
        (shorthand.url_of, "ftp://hall", "bad-url"),
        (shorthand.url_of, "http://", "bad-url"),
    ],
)
def test_what_cannot_be_meant_is_refused(
    read: Callable[[object], object], value: object, code: str
) -> None:
    with pytest.raises(PydanticCustomError) as refused:
        read(value)
    assert refused.value.type == code


def test_times_may_be_written_as_text_or_as_toml_times() -> None:
    assert shorthand.time_of("9:05") == shorthand.time_of(time(9, 5)) == time(9, 5)
    assert shorthand.band_of("09:00-12:30") == Band(time(9), time(12, 30))


def test_a_long_value_is_quoted_short() -> None:
    assert len(shorthand.shown("x" * 500)) == 60
