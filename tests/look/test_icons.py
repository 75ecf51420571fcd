"""Pictograms: every path can be drawn and stays on its grid."""

import pytest

from paihao_look import icons
from paihao_look.paths import flatten


@pytest.mark.parametrize("name", icons.names())
def test_a_pictogram_stays_on_the_grid(name: str) -> None:
    drawing = icons.drawing(name)
    points = [point for line in (*drawing.strokes, *drawing.fills) for point in line]
    assert points
    for x, y in points:
        assert 1.5 <= x <= icons.GRID - 1.5
        assert 1.5 <= y <= icons.GRID - 1.5


def test_an_unknown_name_shows_a_document() -> None:
    assert icons.drawing("no such picture") == icons.drawing("document")


def test_arcs_take_the_shorter_way_in_the_direction_they_say() -> None:
    (right,) = flatten("M 10 20 A 10 30 20")
    assert min(y for _, y in right) == pytest.approx(10, abs=0.1)  # over the top
    (left,) = flatten("M 10 20 B 10 30 20")
    assert max(y for _, y in left) == pytest.approx(30, abs=0.1)  # below


def test_a_closed_path_ends_where_it_began() -> None:
    (square,) = flatten("M 1 1 H 5 V 5 H 1 Z")
    assert square[0] == square[-1] == (1.0, 1.0)


@pytest.mark.parametrize("path", ["M 1", "M 1 1 X 3 3", "M 1 1 L 3"])
def test_a_wrong_path_is_refused(path: str) -> None:
    with pytest.raises(ValueError, match="path"):
        flatten(path)
