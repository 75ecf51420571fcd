"""Tokens: colours that people can read."""

import pytest

from paihao_look import tokens


def test_contrast_is_that_of_wcag() -> None:
    assert tokens.contrast((0, 0, 0), (255, 255, 255)) == pytest.approx(21.0)
    assert tokens.contrast(tokens.PAPER, tokens.PAPER) == pytest.approx(1.0)
    assert tokens.contrast(tokens.rgb("#767676"), tokens.PAPER) == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize(
    ("text", "ground"),
    [
        (tokens.INK, tokens.MIST),
        (tokens.INK_SOFT, tokens.PAPER),
        (tokens.INK_SOFT, tokens.DISABLED),
        (tokens.HALL, tokens.PAPER),
        (tokens.HALL, tokens.tint(tokens.HALL)),
        (tokens.INSTANT, tokens.tint(tokens.INSTANT)),
        (tokens.ISSUANCE, tokens.tint(tokens.ISSUANCE)),
        (tokens.GREEN, tokens.PAPER),
        (tokens.WARN, tokens.tint(tokens.WARN)),
        (tokens.ALARM, tokens.tint(tokens.ALARM)),
        (tokens.PAPER, tokens.HALL),
        (tokens.ON_DARK, tokens.HALL),
        (tokens.HALL_DEEP, tokens.SPINE),
    ],
)
def test_every_pair_of_text_and_ground_can_be_read(
    text: tokens.Colour, ground: tokens.Colour
) -> None:
    assert tokens.contrast(text, ground) >= 4.5


@pytest.mark.parametrize("text", [tokens.SNOW, tokens.CALL])
def test_boards_can_be_read_from_afar(text: tokens.Colour) -> None:
    assert tokens.contrast(text, tokens.NIGHT_CARD) >= 7
