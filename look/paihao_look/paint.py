"""Paints screens on a pygame surface: only what changed, from cached pieces.

Edges are smooth: corners, discs, lines and pictograms are drawn four times as large and scaled
down once, then kept. Nothing here needs a window or a display.
"""

import itertools
import math
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Final, cast

import pygame

from paihao_look import icons, qr
from paihao_look.fonts import enlarged, font
from paihao_look.picture import Box, Disc, Icon, Label, Polyline, Qr, Rect, Run, Screen, Shape
from paihao_look.tokens import Colour

_OVERSAMPLE: Final = 4
_CACHE_PIXELS: Final = 24_000_000
"""Cached pieces in pixels, about 100 MB: a kiosk's day of screens."""


class Painter:
    """Owns a surface of one size and keeps it equal to the last screen it was shown."""

    def __init__(self, size: tuple[int, int]) -> None:
        self.surface = pygame.Surface(size, 0, 32)
        self._shown: Screen | None = None
        self._pieces = _Pieces()

    def paint(self, screen: Screen) -> list[pygame.Rect]:
        """Paint a screen and return the areas that changed, none overlapping another.

        Raises:
            ValueError: the screen has another size than the surface.
        """
        if screen.size != self.surface.get_size():
            raise ValueError(f"{screen.name} is {screen.size}, not {self.surface.get_size()}")
        dirty = self._changed(screen)
        for area in dirty:
            self.surface.set_clip(area)
            self.surface.fill(screen.background, area)
            for shape in screen.shapes:
                if area.colliderect(extent(shape)):
                    self._paint_shape(shape)
        self.surface.set_clip(None)
        self._shown = screen
        return dirty

    def _changed(self, screen: Screen) -> list[pygame.Rect]:
        whole = self.surface.get_rect()
        before = self._shown
        if before is None or before.background != screen.background:
            return [whole]
        if before.shapes == screen.shapes:
            return []
        old, new = set(before.shapes), set(screen.shapes)
        same_order = [shape for shape in before.shapes if shape in new] == [
            shape for shape in screen.shapes if shape in old
        ]
        if not same_order:
            return [whole]
        areas = [pygame.Rect(extent(shape)).clip(whole) for shape in old ^ new]
        return _apart([area for area in areas if area.w and area.h])

    def _paint_shape(self, shape: Shape) -> None:
        match shape:
            case Box():
                self._paint_box(shape)
            case Label():
                self._paint_label(shape)
            case Icon():
                piece = self._pieces.get(shape, lambda: _icon(shape), shape.size, shape.size)
                self.surface.blit(piece, (shape.x, shape.y))
            case Polyline():
                area = extent(shape)
                piece = self._pieces.get(shape, lambda: _polyline(shape, area), area.w, area.h)
                self.surface.blit(piece, (area.x, area.y))
            case Disc():
                self._paint_disc(shape)
            case Qr():
                self._paint_qr(shape)

    def _paint_box(self, box: Box) -> None:
        if box.border is not None:
            self._paint_round(box.rect, box.radius, box.border)
            if box.fill is None:
                raise ValueError("a box with a border has a fill")
            inner = box.rect.inset(box.border_width)
            self._paint_round(inner, max(0, box.radius - box.border_width), box.fill)
        elif box.fill is not None:
            self._paint_round(box.rect, box.radius, box.fill)

    def _paint_round(self, rect: Rect, radius: int, fill: Colour) -> None:
        radius = min(radius, rect.w // 2, rect.h // 2)
        if radius <= 0:
            self.surface.fill(fill, rect)
            return
        x, y, w, h = rect
        self.surface.fill(fill, (x + radius, y, w - 2 * radius, h))
        self.surface.fill(fill, (x, y + radius, radius, h - 2 * radius))
        self.surface.fill(fill, (x + w - radius, y + radius, radius, h - 2 * radius))
        disc = self._disc(radius, fill)
        far = 2 * radius
        for corner_x, part_x in ((x, 0), (x + w - radius, radius)):
            for corner_y, part_y in ((y, 0), (y + h - radius, radius)):
                part = pygame.Rect(part_x, part_y, radius, radius).clip((0, 0, far, far))
                self.surface.blit(disc, (corner_x, corner_y), part)

    def _paint_disc(self, disc: Disc) -> None:
        piece = self._disc(disc.radius, disc.fill)
        self.surface.blit(piece, (disc.x - disc.radius, disc.y - disc.radius))

    def _disc(self, radius: int, fill: Colour) -> pygame.Surface:
        key = ("disc", radius, fill)
        return self._pieces.get(key, lambda: _disc(radius, fill), 2 * radius, 2 * radius)

    def _paint_label(self, label: Label) -> None:
        x = label.left
        for run in label.runs:
            if run.text.strip():
                piece, offset = self._pieces.text(run)
                self.surface.blit(piece, (x + offset[0], label.baseline - offset[1]))
            x += run.width

    def _paint_qr(self, code: Qr) -> None:
        for row, line in enumerate(qr.cells(code.text)):
            for column, dark in enumerate(line):
                if dark:
                    corner = (code.x + column * code.cell, code.y + row * code.cell)
                    self.surface.fill(code.colour, (*corner, code.cell, code.cell))


def extent(shape: Shape) -> Rect:
    """Return the rectangle outside which a shape paints nothing."""
    match shape:
        case Box():
            return shape.rect
        case Label():
            # Letters may lean out of their advance on both sides.
            area = shape.rect
            lean = area.h // 4
            return Rect(area.x - lean, area.y - lean, area.w + 2 * lean, area.h + 2 * lean)
        case Icon():
            return Rect(shape.x, shape.y, shape.size, shape.size)
        case Disc():
            reach = shape.radius
            return Rect(shape.x - reach, shape.y - reach, 2 * reach, 2 * reach)
        case Qr():
            side = len(qr.cells(shape.text)) * shape.cell
            return Rect(shape.x, shape.y, side, side)
        case Polyline():
            reach = math.ceil(shape.width / 2) + 1
            left = math.floor(min(x for x, _ in shape.points)) - reach
            top = math.floor(min(y for _, y in shape.points)) - reach
            right = math.ceil(max(x for x, _ in shape.points)) + reach
            bottom = math.ceil(max(y for _, y in shape.points)) + reach
            return Rect(left, top, right - left, bottom - top)


class _Pieces:
    """Painted pieces by what they show, the least lately used dropped first."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, tuple[object, int]] = OrderedDict()
        self._pixels = 0

    def get(
        self, key: Hashable, make: Callable[[], pygame.Surface], w: int, h: int
    ) -> pygame.Surface:
        """Return a piece of ``w`` by ``h`` pixels, made if it is not kept."""
        return cast("pygame.Surface", self._get(key, make, w * h))

    def text(self, run: Run) -> tuple[pygame.Surface, tuple[int, int]]:
        """Return a painted run and where its left top lies: right of the pen, above the line."""
        made = self._get(run, lambda: _text(run), run.width * run.size)
        return cast("tuple[pygame.Surface, tuple[int, int]]", made)

    def _get(self, key: Hashable, make: Callable[[], object], pixels: int) -> object:
        found = self._kept.get(key)
        if found is not None:
            self._kept.move_to_end(key)
            return found[0]
        made = make()
        self._kept[key] = (made, pixels)
        self._pixels += pixels
        while self._pixels > _CACHE_PIXELS and len(self._kept) > 1:
            _, (_, freed) = self._kept.popitem(last=False)
            self._pixels -= freed
        return made


def _text(run: Run) -> tuple[pygame.Surface, tuple[int, int]]:
    times = enlarged(run.text, run.size)
    surface, box = font(run.weight).render(run.text, run.colour, size=run.size * times)
    if times == 1:
        return surface, (box.x, box.y)
    # Widen to whole pixels of the screen, so that pen and baseline stay where they are.
    left, above = math.floor(box.x / times), math.ceil(box.y / times)
    size = math.ceil((box.x + box.w) / times) - left, above + math.ceil((box.h - box.y) / times)
    canvas = pygame.Surface((size[0] * times, size[1] * times), pygame.SRCALPHA, 32)
    canvas.fill((*run.colour, 0))
    corner = (box.x - left * times, above * times - box.y)
    canvas.blit(surface, corner, special_flags=pygame.BLEND_RGBA_MAX)
    return pygame.transform.smoothscale(canvas, size), (left, above)


def _canvas(w: int, h: int, colour: Colour) -> pygame.Surface:
    """Return a see-through surface that already has the colour, so that edges do not darken."""
    surface = pygame.Surface((w * _OVERSAMPLE, h * _OVERSAMPLE), pygame.SRCALPHA, 32)
    surface.fill((*colour, 0))
    return surface


def _scaled_down(surface: pygame.Surface, w: int, h: int) -> pygame.Surface:
    return pygame.transform.smoothscale(surface, (w, h))


def _disc(radius: int, fill: Colour) -> pygame.Surface:
    canvas = _canvas(2 * radius, 2 * radius, fill)
    middle = radius * _OVERSAMPLE
    pygame.draw.circle(canvas, (*fill, 255), (middle, middle), middle)
    return _scaled_down(canvas, 2 * radius, 2 * radius)


def _icon(icon: Icon) -> pygame.Surface:
    canvas = _canvas(icon.size, icon.size, icon.colour)
    scale = icon.size * _OVERSAMPLE / icons.GRID
    pen = (icons.STROKE if icon.stroke is None else icon.stroke) * scale
    what = icons.drawing(icon.name)
    for polygon in what.fills:
        points = [(x * scale, y * scale) for x, y in polygon]
        pygame.draw.polygon(canvas, (*icon.colour, 255), points)
    for line in what.strokes:
        _stroke(canvas, [(x * scale, y * scale) for x, y in line], icon.colour, pen)
    return _scaled_down(canvas, icon.size, icon.size)


def _polyline(line: Polyline, area: Rect) -> pygame.Surface:
    canvas = _canvas(area.w, area.h, line.colour)
    points = [((x - area.x) * _OVERSAMPLE, (y - area.y) * _OVERSAMPLE) for x, y in line.points]
    pen = line.width * _OVERSAMPLE
    if line.dash is None:
        _stroke(canvas, points, line.colour, pen)
    else:
        on, off = (length * _OVERSAMPLE for length in line.dash)
        for dash in _dashes(points, on, off):
            _stroke(canvas, dash, line.colour, pen, round_ends=False)
    return _scaled_down(canvas, area.w, area.h)


def _stroke(
    canvas: pygame.Surface,
    points: list[tuple[float, float]],
    colour: Colour,
    pen: float,
    *,
    round_ends: bool = True,
) -> None:
    """Draw a line of any width: a quadrilateral for each piece, a disc on each joint."""
    paint = (*colour, 255)
    for (x1, y1), (x2, y2) in itertools.pairwise(points):
        length = math.hypot(x2 - x1, y2 - y1)
        if length == 0:
            continue
        across_x, across_y = (y1 - y2) / length * pen / 2, (x2 - x1) / length * pen / 2
        corners = [
            (x1 + across_x, y1 + across_y),
            (x2 + across_x, y2 + across_y),
            (x2 - across_x, y2 - across_y),
            (x1 - across_x, y1 - across_y),
        ]
        pygame.draw.polygon(canvas, paint, corners)
    for x, y in points if round_ends else points[1:-1]:
        pygame.draw.circle(canvas, paint, (x, y), pen / 2)


def _dashes(
    points: list[tuple[float, float]], on: float, off: float
) -> list[list[tuple[float, float]]]:
    """Cut a line into strokes of length ``on`` with gaps of ``off`` between them."""
    dashes: list[list[tuple[float, float]]] = []
    left, drawing = on, True
    current = [points[0]]
    for start, end in itertools.pairwise(points):
        length = math.hypot(end[0] - start[0], end[1] - start[1])
        done = 0.0
        while length - done > left:
            done += left
            part = done / length
            at = (start[0] + (end[0] - start[0]) * part, start[1] + (end[1] - start[1]) * part)
            if drawing:
                dashes.append([*current, at])
            current = [at]
            drawing, left = not drawing, off if drawing else on
        left -= length - done
        current.append(end)
    if drawing and len(current) > 1:
        dashes.append(current)
    return dashes


def _apart(areas: list[pygame.Rect]) -> list[pygame.Rect]:
    """Join areas that touch until none overlaps another."""
    apart: list[pygame.Rect] = []
    for area in areas:
        joined = area
        while (hit := joined.collidelist(apart)) >= 0:
            joined = joined.union(apart.pop(hit))
        apart.append(joined)
    return apart
