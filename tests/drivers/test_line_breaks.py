"""Lines break at words, at punctuation before anything else, and never lose a word."""

from hypothesis import given
from hypothesis import strategies as st

from paihao_drivers.printer.line_breaks import wrap
from paihao_drivers.printer.printable import printable
from paihao_drivers.printer.text_layout import cells

WORDS = st.text(alphabet="请到窗口，。（）Go to 12 window", max_size=80)


def test_a_line_breaks_after_punctuation_rather_than_at_the_edge() -> None:
    assert wrap("30 分钟内拿票回窗口，后移 3 位，号不作废。", cells, 30) == [
        "30 分钟内拿票回窗口，",
        "后移 3 位，号不作废。",
    ]


def test_an_english_word_stays_whole() -> None:
    assert wrap("Scan to follow and rate", cells, 12) == ["Scan to", "follow and", "rate"]


def test_no_line_begins_with_a_full_stop() -> None:
    assert wrap("号不作废。", cells, 8) == ["号不作", "废。"]


def test_a_word_wider_than_the_paper_is_cut_because_it_must_be() -> None:
    assert wrap("Donaudampfschiff", cells, 10) == ["Donaudampf", "schiff"]


def test_nothing_makes_no_line() -> None:
    assert wrap("", cells, 10) == []
    assert wrap("   ", cells, 10) == []


@given(WORDS, st.integers(min_value=8, max_value=60))
def test_all_words_are_there_in_order_and_every_line_fits(text: str, room: int) -> None:
    lines = wrap(text, cells, room)
    assert "".join(lines).replace(" ", "") == printable(text).replace(" ", "")
    for line in lines:
        # A run of brackets and stops may not be split and is the only thing that may hang over.
        assert cells(line) <= room or not set("，。（）").isdisjoint(line)


@given(st.text(max_size=60), st.integers(min_value=4, max_value=40))
def test_any_text_can_be_wrapped(text: str, room: int) -> None:
    lines = wrap(text, cells, room)
    assert "".join(lines).replace(" ", "") == printable(text).replace(" ", "")
