"""Painting: values become pixels, and only what changed is painted again."""

import struct
import zlib
from dataclasses import replace

import pygame
import pytest

from paihao_look import png, qr, tokens, typeset
from paihao_look.paint import Painter, extent
from paihao_look.picture import Box, Disc, Icon, Polyline, Qr, Rect, Screen, Shape

SIZE = (400, 300)


def screen(*shapes: Shape) -> Screen:
    return Screen("test", SIZE, tokens.MIST, shapes)


def pixel(painter: Painter, x: int, y: int) -> tuple[int, ...]:
    return tuple(painter.surface.get_at((x, y)))[:3]


def test_a_card_is_filled_has_its_border_and_round_corners() -> None:
    painter = Painter(SIZE)
    painter.paint(screen(Box(Rect(50, 50, 200, 100), tokens.PAPER, 24, tokens.HALL, 4)))
    assert pixel(painter, 150, 100) == tokens.PAPER
    assert pixel(painter, 150, 51) == tokens.HALL
    assert pixel(painter, 50, 50) == tokens.MIST
    assert pixel(painter, 249, 149) == tokens.MIST


def test_corners_are_smooth() -> None:
    painter = Painter(SIZE)
    painter.paint(screen(Box(Rect(50, 50, 200, 100), tokens.INK, 24)))
    corner = {pixel(painter, x, y) for x in range(50, 74) for y in range(50, 74)}
    assert len(corner) > 10


def test_text_stands_on_its_baseline_and_keeps_its_colour() -> None:
    painter = Painter(SIZE)
    painter.paint(screen(typeset.line(20, 120, "H1", 90, tokens.ALARM, weight="bold")))
    ink = [
        (x, y)
        for x in range(SIZE[0])
        for y in range(SIZE[1])
        if pixel(painter, x, y) == tokens.ALARM
    ]
    assert max(y for _, y in ink) == 119
    assert min(x for x, _ in ink) >= 20


def test_enlarged_text_has_no_dark_edges() -> None:
    painter = Painter(SIZE)
    painter.paint(screen(typeset.line(20, 120, "Waiting", 60, tokens.PAPER)))
    low = min(tokens.MIST)
    for x in range(20, 250):
        for y in range(60, 140):
            assert min(pixel(painter, x, y)) >= low


def test_a_qr_code_has_whole_cells() -> None:
    painter = Painter(SIZE)
    painter.paint(screen(Qr("http://127.0.0.1:8080/t/7f3kq2m8", 20, 20, 5, tokens.INK)))
    cells = qr.cells("http://127.0.0.1:8080/t/7f3kq2m8")
    for row, line in enumerate(cells):
        for column, dark in enumerate(line):
            expected = tokens.INK if dark else tokens.MIST
            for inside in (0, 4):
                spot = 20 + column * 5 + inside, 20 + row * 5 + inside
                assert pixel(painter, *spot) == expected


def test_only_what_changed_is_painted_again() -> None:
    painter = Painter(SIZE)
    clock = typeset.line(380, 60, "10:24", 40, tokens.INK, align="right")
    card = Box(Rect(20, 150, 300, 100), tokens.PAPER, 24)
    assert painter.paint(screen(card, clock)) == [painter.surface.get_rect()]
    assert painter.paint(screen(card, clock)) == []
    later = typeset.line(380, 60, "10:25", 40, tokens.INK, align="right")
    (dirty,) = painter.paint(screen(card, later))
    assert pygame.Rect(extent(clock)).union(extent(later)).contains(dirty)
    assert not dirty.colliderect(card.rect)


def test_painting_the_difference_equals_painting_anew() -> None:
    card = Box(Rect(20, 150, 300, 100), tokens.PAPER, 24, tokens.LINE)
    one = screen(card, Icon("house", 40, 160, 80, tokens.HALL), Disc(200, 200, 30, tokens.GREEN))
    two = screen(
        replace(card, fill=tokens.AMBER_CARD),
        Icon("shield", 40, 160, 80, tokens.HALL),
        Disc(200, 200, 30, tokens.GREEN),
        Polyline(((30.0, 30.0), (200.0, 60.0), (380.0, 30.0)), tokens.ALARM, 8, (20, 14)),
        typeset.line(30, 130, "等候 27 人", 40, tokens.INK),
    )
    changed, fresh = Painter(SIZE), Painter(SIZE)
    changed.paint(one)
    changed.paint(two)
    fresh.paint(two)
    assert png.png(changed.surface) == png.png(fresh.surface)


def test_a_change_of_order_is_painted_too() -> None:
    lower, upper = Box(Rect(0, 0, 90, 90), tokens.INK), Box(Rect(40, 40, 90, 90), tokens.CALL)
    painter = Painter(SIZE)
    painter.paint(screen(lower, upper))
    painter.paint(screen(upper, lower))
    assert pixel(painter, 60, 60) == tokens.INK


def test_a_screen_of_another_size_is_refused() -> None:
    with pytest.raises(ValueError, match="test is"):
        Painter((100, 100)).paint(screen())


def test_a_png_holds_the_pixels() -> None:
    painter = Painter(SIZE)
    painter.paint(screen(Box(Rect(0, 0, 400, 1), tokens.HALL)))
    data = png.png(painter.surface)
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    assert struct.unpack(">II", data[16:24]) == SIZE
    length = struct.unpack(">I", data[33:37])[0]
    rows = zlib.decompress(data[41 : 41 + length])
    assert rows[1:4] == bytes(tokens.HALL)
    assert rows[1201 + 1 : 1201 + 4] == bytes(tokens.MIST)
