"""The announcer says every sign of a number, in order, in the words people expect."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paihao_display.words import (
    VOCABULARY,
    Lang,
    Pause,
    Phrase,
    Summons,
    Token,
    call_phrase,
    count,
    phrase_text,
    spell,
)

NUMBERS = st.from_regex(r"[A-Z]{1,2}[0-9]{3,4}", fullmatch=True)


def said(phrase: Phrase) -> str:
    """The phrase without its pauses, words apart."""
    return " ".join(part.text for part in phrase if isinstance(part, Token))


def test_a_call_in_mandarin_spells_the_ticket_and_counts_the_window() -> None:
    phrase = call_phrase([Summons("A017", "3")], telephone_one=False)
    assert said(phrase) == "请 A 零 一 七 号 到 三 号窗口"
    assert phrase_text(phrase) == "请A零一七号，到三号窗口"


def test_one_is_said_as_on_the_telephone_when_the_hall_wants_it() -> None:
    assert said(call_phrase([Summons("A117", "11")])) == "请 A 幺 幺 七 号 到 十 一 号窗口"


def test_a_call_in_english() -> None:
    phrase = call_phrase([Summons("A017", "3")], "en")
    assert phrase_text(phrase) == "ticket A zero one seven, please go to window three"


def test_calls_merged_into_one_sentence_keep_tickets_and_windows_in_the_same_order() -> None:
    both = [Summons("A005", "3"), Summons("A006", "4")]
    assert said(call_phrase(both)) == "请 A 零 零 五 A 零 零 六 号 到 三 四 号窗口"
    assert phrase_text(call_phrase(both)) == "请A零零五，A零零六号，到三，四号窗口"
    assert phrase_text(call_phrase(both, "en")) == (
        "tickets A zero zero five, and A zero zero six, please go to windows three, and four"
    )


def test_merged_calls_to_one_window_name_it_once() -> None:
    both = [Summons("A005", "3"), Summons("A006", "3")]
    assert said(call_phrase(both)) == "请 A 零 零 五 A 零 零 六 号 到 三 号窗口"
    assert phrase_text(call_phrase(both, "en")).endswith("please go to window three")


def test_a_long_merged_sentence_is_read_in_lists_of_four() -> None:
    words = said(call_phrase([Summons(f"B00{n}", str(n)) for n in range(1, 7)]))
    assert words.count("请") == 2
    assert words.endswith("请 B 零 零 五 B 零 零 六 号 到 五 六 号窗口")


def test_a_call_of_nobody_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        call_phrase([])


@pytest.mark.parametrize(
    ("number", "zh", "en"),
    [
        ("0", "零", "zero"),
        ("2", "二", "two"),
        ("10", "十", "ten"),
        ("12", "十 二", "twelve"),
        ("20", "二 十", "twenty"),
        ("21", "二 十 一", "twenty one"),
        ("100", "一 百", "one hundred"),
        ("101", "一 百 零 一", "one hundred and one"),
        ("110", "一 百 一 十", "one hundred and ten"),
        ("112", "一 百 一 十 二", "one hundred and twelve"),
        ("336", "三 百 三 十 六", "three hundred and thirty six"),
        ("07", "零 七", "zero seven"),
        ("1204", "幺 二 零 四", "one two zero four"),
        ("1B12", "幺 B 幺 二", "one B one two"),
    ],
)
def test_window_numbers(number: str, zh: str, en: str) -> None:
    assert said(count(number, "zh")) == zh
    assert said(count(number, "en")) == en


@given(st.integers(0, 999))
def test_every_window_number_in_mandarin_is_the_number_again_when_counted_back(number: int) -> None:
    total, digit = 0, 0
    for part in count(str(number), "zh"):
        assert isinstance(part, Token)
        if part.name in ("10", "100"):
            # A bare 十 is one ten.
            total, digit = total + (digit or 1) * int(part.name), 0
        else:
            digit = int(part.name)
    assert total + digit == number


@given(st.integers(0, 999))
def test_every_window_number_in_english_is_the_number_again_when_counted_back(number: int) -> None:
    total = 0
    for part in count(str(number), "en"):
        assert isinstance(part, Token)
        if part.name == "100":
            total *= 100
        elif part.name != "and":
            total += int(part.name)
    assert total == number


@given(NUMBERS, st.sampled_from(["zh", "en"]), st.booleans())
def test_the_signs_said_are_the_signs_of_the_number_in_order(
    number: str, lang: Lang, telephone_one: bool
) -> None:
    names = [
        part.name
        for part in spell(number, lang, telephone_one=telephone_one)
        if isinstance(part, Token)
    ]
    assert "".join(names).replace("yao", "1") == number


@given(st.lists(st.builds(Summons, NUMBERS, st.from_regex(r"[1-9][0-9]?", fullmatch=True))))
def test_everything_said_of_proper_numbers_has_a_clip(calls: list[Summons]) -> None:
    for lang in ("zh", "en"):
        for part in call_phrase(calls, lang) if calls else ():
            assert isinstance(part, Pause) or VOCABULARY[part.lang][part.name] == part.text


def test_small_letters_are_said_as_letters_and_a_hyphen_is_a_breath() -> None:
    assert said(spell("b-7", "zh")) == "B 七"
    assert any(isinstance(part, Pause) for part in spell("b-7", "zh"))


def test_a_sign_without_a_clip_is_kept_for_an_engine_that_reads() -> None:
    phrase = count("东3", "zh")
    assert phrase[0] == Token("zh", "", "东")
    assert phrase_text(phrase) == "东三"
