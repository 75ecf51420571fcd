"""A small language for drawings: path text to polylines.

Commands, with absolute coordinates separated by spaces::

    M x y              move            L x y   line        H x   V y   level, upright line
    C a b c d x y      cubic curve     Z       close
    A r x y  /  B r x y    shorter arc of radius r to x, y; A clockwise on the screen, B against
    O x y r            a full circle around x, y

A flattened path is a list of polylines; a closed one ends where it began.
"""

import math
from collections.abc import Iterator
from typing import Final

Point = tuple[float, float]
Polygon = tuple[Point, ...]

_STEPS: Final = 16
"""Line pieces of a curve or a quarter of a circle."""


def flatten(path: str) -> tuple[Polygon, ...]:
    """Return the polylines of a path.

    Raises:
        ValueError: a command is unknown or lacks numbers.
    """
    lines: list[list[Point]] = []
    words = iter(path.split())
    for command in words:
        match command:
            case "M":
                lines.append([_point(words)])
            case "L":
                lines[-1].append(_point(words))
            case "H":
                lines[-1].append((_number(words), lines[-1][-1][1]))
            case "V":
                lines[-1].append((lines[-1][-1][0], _number(words)))
            case "C":
                lines[-1] += _curve(lines[-1][-1], _point(words), _point(words), _point(words))
            case "A" | "B":
                radius = _number(words)
                lines[-1] += _arc(lines[-1][-1], radius, _point(words), clockwise=command == "A")
            case "O":
                centre = _point(words)
                lines.append(_turn(centre, _number(words), 0.0, math.tau))
            case "Z":
                lines[-1].append(lines[-1][0])
            case _:
                raise ValueError(f"path command {command!r}")
    return tuple(tuple(line) for line in lines)


def _number(words: Iterator[str]) -> float:
    word = next(words, None)
    if word is None:
        raise ValueError("path ends before its numbers do")
    return float(word)


def _point(words: Iterator[str]) -> Point:
    return _number(words), _number(words)


def _curve(start: Point, one: Point, two: Point, end: Point) -> list[Point]:
    points: list[Point] = []
    for step in range(1, _STEPS + 1):
        t = step / _STEPS
        a, b, c, d = (1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3
        points.append(
            (
                a * start[0] + b * one[0] + c * two[0] + d * end[0],
                a * start[1] + b * one[1] + c * two[1] + d * end[1],
            )
        )
    return points


def _arc(start: Point, radius: float, end: Point, *, clockwise: bool) -> list[Point]:
    """Return the points after ``start`` of the shorter arc to ``end``."""
    half_x, half_y = (end[0] - start[0]) / 2, (end[1] - start[1]) / 2
    half = math.hypot(half_x, half_y)
    radius = max(radius, half)
    away = math.sqrt(radius * radius - half * half) / half
    # Rows grow downwards: the centre of a clockwise arc lies to the right of its course.
    side = 1 if clockwise else -1
    centre = (
        start[0] + half_x - side * half_y * away,
        start[1] + half_y + side * half_x * away,
    )
    first = math.atan2(start[1] - centre[1], start[0] - centre[0])
    last = math.atan2(end[1] - centre[1], end[0] - centre[0])
    sweep = (last - first) % math.tau if clockwise else -((first - last) % math.tau)
    return [*_turn(centre, radius, first, sweep)[1:-1], end]


def _turn(centre: Point, radius: float, first: float, sweep: float) -> list[Point]:
    """Return points on a circle from one angle through a sweep, both ends included."""
    steps = max(2, math.ceil(_STEPS * abs(sweep) / (math.pi / 2)))
    angles = (first + sweep * step / steps for step in range(steps + 1))
    return [
        (centre[0] + radius * math.cos(angle), centre[1] + radius * math.sin(angle))
        for angle in angles
    ]
