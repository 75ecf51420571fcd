"""All words are there in both languages, with the same places for values."""

import ast
import re
from pathlib import Path

import pytest

import paihao_kiosk
from paihao_hall.plan import Text
from paihao_kiosk.words import WORDS, first, say, second

_ONE_LANGUAGE = {"english-under", "people", "then-windows", "months"}
"""Words that one of the languages has no use for."""


@pytest.mark.parametrize("key", sorted(WORDS))
def test_a_key_has_both_languages(key: str) -> None:
    text = WORDS[key]
    places = [set(re.findall(r"{(\w+)}", words)) for words in (text.zh, text.en)]
    assert places[0] == places[1]
    if key not in _ONE_LANGUAGE:
        assert text.zh
        assert text.en


def test_every_key_that_is_said_exists() -> None:
    folder = Path(paihao_kiosk.__file__).parent
    said = set()
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "say":
                key = node.args[0]
                if isinstance(key, ast.Constant):
                    said.add(key.value)
    assert said
    assert said <= WORDS.keys()


def test_a_missing_key_or_value_is_an_error() -> None:
    with pytest.raises(KeyError):
        say("no such words", "zh")
    with pytest.raises(KeyError):
        say("about-min", "zh", low=1)


def test_a_hall_without_english_is_told_in_chinese() -> None:
    assert first(Text("公安"), "en") == "公安"
    assert second(Text("公安"), "en") == ""
    assert first(Text("公安", "Police"), "en") == "Police"
    assert second(Text("公安", "Police"), "en") == "公安"
