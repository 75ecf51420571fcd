"""Sentences of the announcer as lists of words, so that recorded clips can say them.

A phrase is a tuple of `Token` (one word that has a clip) and `Pause`. Ticket numbers are said
digit by digit (A 零 一 七), never as quantities, because every engine would lose the 零 of A017.
Window numbers of up to three digits are said as numbers (十二), all others sign by sign.

Where a sign has no clip (a Chinese character in a window number), its token has no ``name``;
clips then cannot say the phrase and an engine that reads text does.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from string import ascii_uppercase, digits
from typing import Final, Literal

Lang = Literal["zh", "en"]

LANGS: Final[tuple[Lang, ...]] = ("zh", "en")

BREATH_S: Final = 0.16
"""Pause between the parts of a sentence."""

LIST_S: Final = 0.2
"""Pause between the items of a list, where a writer puts 、."""

GROUP: Final = 4
"""Most tickets in one list of a merged sentence; more make a further list in the same sentence."""

_ZH_DIGITS: Final = "零一二三四五六七八九"
_EN_DIGITS: Final = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_EN_TEENS: Final = (
    "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen",
    "eighteen", "nineteen",
)  # fmt: skip
_EN_TENS: Final = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")

VOCABULARY: Final[dict[Lang, dict[str, str]]] = {
    "zh": {
        **dict(zip(digits, _ZH_DIGITS, strict=True)),
        "yao": "幺",
        "10": "十",
        "100": "百",
        **{letter: letter for letter in ascii_uppercase},
        "qing": "请",
        "hao": "号",
        "dao": "到",
        "haochuangkou": "号窗口",
    },
    "en": {
        **dict(zip(digits, _EN_DIGITS, strict=True)),
        **{str(number): word for number, word in enumerate(_EN_TEENS, start=10)},
        **{str(tens * 10): word for tens, word in enumerate(_EN_TENS, start=2)},
        "100": "hundred",
        **{letter: letter for letter in ascii_uppercase},
        "and": "and",
        "ticket": "ticket",
        "tickets": "tickets",
        "go": "please go to window",
        "go-several": "please go to windows",
    },
}
"""For each language the words that have clips: clip name to what is said."""


@dataclass(frozen=True, slots=True)
class Token:
    """One word: ``name`` of its clip (empty when there can be none) and the ``text`` it says."""

    lang: Lang
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Pause:
    """Silence, in seconds."""

    seconds: float


Phrase = tuple[Token | Pause, ...]


@dataclass(frozen=True, slots=True)
class Summons:
    """A ticket number and the window number it is called to, as people see them."""

    number: str
    window: str


def call_phrase(
    summons: Sequence[Summons], lang: Lang = "zh", *, telephone_one: bool = True
) -> Phrase:
    """Return the sentence that calls tickets to their windows.

    One: "请 A 零 幺 七 号，到三号窗口" or "ticket A zero one seven, please go to window three".
    Several: "请 A 零零五、A 零零六号，到三、四号窗口", windows in the order of the tickets and said
    once when all go to the same.

    Args:
        summons: in call order; at least one.
        lang: language of the sentence.
        telephone_one: say 1 in numbers said digit by digit as 幺, not 一.

    Raises:
        ValueError: nothing to say.
    """
    if not summons:
        raise ValueError("a call names at least one ticket")
    groups = [summons[start : start + GROUP] for start in range(0, len(summons), GROUP)]
    phrase: list[Token | Pause] = []
    for index, group in enumerate(groups):
        if index:
            phrase.append(Pause(2 * LIST_S))
        if lang == "zh":
            phrase += _zh_call(group, telephone_one=telephone_one)
        else:
            phrase += _en_call(group)
    return tuple(phrase)


def spell(number: str, lang: Lang = "zh", *, telephone_one: bool = True) -> Phrase:
    """Return a number said sign by sign: digits, letters as their names, others as they are."""
    return tuple(_spelled(number, lang, telephone_one=telephone_one))


def count(number: str, lang: Lang = "zh", *, telephone_one: bool = True) -> Phrase:
    """Return a window number: 0 to 999 without leading zero as a number, else sign by sign."""
    plain = number.isascii() and number.isdecimal() and len(number) <= 3
    if not plain or (number.startswith("0") and number != "0"):
        return spell(number, lang, telephone_one=telephone_one)
    names = _zh_count(int(number)) if lang == "zh" else _en_count(int(number))
    return tuple(_word(lang, name) for name in names)


def phrase_text(phrase: Phrase) -> str:
    """Return the phrase as text for people and for engines that read; a pause is a comma."""
    parts: list[str] = []
    spaced = False
    for part in phrase:
        match part:
            case Pause():
                parts.append(", " if spaced else "，")
            case Token(lang=lang, text=text):
                if lang == "en" and parts and not parts[-1].endswith(" "):
                    parts.append(" ")
                spaced = lang == "en"
                parts.append(text)
    return "".join(parts)


def _zh_call(group: Sequence[Summons], *, telephone_one: bool) -> Iterator[Token | Pause]:
    yield _word("zh", "qing")
    yield from _listed(
        [spell(one.number, "zh", telephone_one=telephone_one) for one in group], last=()
    )
    yield _word("zh", "hao")
    yield Pause(BREATH_S)
    yield _word("zh", "dao")
    windows = [count(window, "zh", telephone_one=telephone_one) for window in _windows(group)]
    yield from _listed(windows, last=())
    yield _word("zh", "haochuangkou")


def _en_call(group: Sequence[Summons]) -> Iterator[Token | Pause]:
    last = (_word("en", "and"),)
    yield _word("en", "ticket" if len(group) == 1 else "tickets")
    yield from _listed([spell(one.number, "en") for one in group], last=last)
    yield Pause(BREATH_S)
    windows = _windows(group)
    yield _word("en", "go" if len(windows) == 1 else "go-several")
    yield from _listed([count(window, "en") for window in windows], last=last)


def _windows(group: Sequence[Summons]) -> list[str]:
    windows = [one.window for one in group]
    return windows[:1] if len(set(windows)) == 1 else windows


def _listed(items: Sequence[Phrase], *, last: Phrase) -> Iterator[Token | Pause]:
    """Yield items with pauses between, and ``last`` before the last of several."""
    for index, item in enumerate(items):
        if index:
            yield Pause(LIST_S)
            if index == len(items) - 1:
                yield from last
        yield from item


def _spelled(number: str, lang: Lang, *, telephone_one: bool) -> Iterator[Token | Pause]:
    for sign in number.upper():
        if sign in "- ":
            yield Pause(BREATH_S)
        elif sign == "1" and lang == "zh" and telephone_one:
            yield _word("zh", "yao")
        elif sign in VOCABULARY[lang]:
            yield _word(lang, sign)
        else:
            yield Token(lang, "", sign)


def _zh_count(number: int) -> Iterator[str]:
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    if hundreds:
        yield from (str(hundreds), "100")
    if tens:
        # 十二 on its own, 一百一十二 after a hundred.
        if tens > 1 or hundreds:
            yield str(tens)
        yield "10"
    elif hundreds and ones:
        yield "0"
    if ones or not number:
        yield str(ones)


def _en_count(number: int) -> Iterator[str]:
    hundreds, rest = divmod(number, 100)
    if hundreds:
        yield from (str(hundreds), "100")
        if rest:
            yield "and"
    if rest >= 20:
        yield str(rest // 10 * 10)
        rest %= 10
    if rest or not number or (not hundreds and number < 20):
        yield str(rest)


def _word(lang: Lang, name: str) -> Token:
    return Token(lang, name, VOCABULARY[lang][name])
