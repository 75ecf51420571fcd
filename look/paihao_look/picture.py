"""Screens as values: what a screen shows and where it can be touched, before anything is painted.

Coordinates are pixels from the top left; y grows downwards. A `Screen` compares equal to one
that looks the same, so painting again means painting the difference. Shapes are painted in
order, later ones on top.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple

from paihao_look.fonts import Weight, width
from paihao_look.tokens import Colour

Align = Literal["left", "centre", "right"]


class Rect(NamedTuple):
    """A rectangle: left, top, width and height in pixels."""

    x: int
    y: int
    w: int
    h: int

    @property
    def right(self) -> int:
        """The first column to the right of it."""
        return self.x + self.w

    @property
    def bottom(self) -> int:
        """The first row below it."""
        return self.y + self.h

    @property
    def centre(self) -> tuple[int, int]:
        """Its middle."""
        return self.x + self.w // 2, self.y + self.h // 2

    def holds(self, x: float, y: float) -> bool:
        """Return whether a point is inside."""
        return self.x <= x < self.right and self.y <= y < self.bottom

    def inset(self, by: int) -> "Rect":
        """Return it smaller on all four sides; a negative ``by`` makes it larger."""
        return Rect(self.x + by, self.y + by, self.w - 2 * by, self.h - 2 * by)


@dataclass(frozen=True, slots=True)
class Box:
    """A filled rectangle; ``border`` lies inside its edge."""

    rect: Rect
    fill: Colour | None
    radius: int = 0
    border: Colour | None = None
    border_width: int = 2


@dataclass(frozen=True, slots=True)
class Polyline:
    """A line through points with round ends; ``dash`` gives the lengths of stroke and gap."""

    points: tuple[tuple[float, float], ...]
    colour: Colour
    width: float = 2.0
    dash: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Disc:
    """A filled circle."""

    x: int
    y: int
    radius: int
    fill: Colour


@dataclass(frozen=True, slots=True)
class Run:
    """A part of a line in one size, weight and colour."""

    text: str
    size: int
    colour: Colour
    weight: Weight = "regular"

    @property
    def width(self) -> int:
        """Its width in pixels."""
        return width(self.text, self.size, self.weight)


@dataclass(frozen=True, slots=True)
class Label:
    """One line of text, made of runs on a common baseline.

    Attributes:
        x: left edge, centre or right edge, as ``align`` says.
        baseline: the line that letters stand on.
        room: width it may take; None when nothing stands beside it. Tests hold it to that.
    """

    x: int
    baseline: int
    runs: tuple[Run, ...]
    align: Align = "left"
    room: int | None = None

    @property
    def width(self) -> int:
        """Its width in pixels."""
        return sum(run.width for run in self.runs)

    @property
    def left(self) -> int:
        """Where its first letter begins."""
        match self.align:
            case "left":
                return self.x
            case "centre":
                return self.x - self.width // 2
            case "right":
                return self.x - self.width

    @property
    def text(self) -> str:
        """What it says."""
        return "".join(run.text for run in self.runs)

    @property
    def rect(self) -> Rect:
        """The area its letters lie in."""
        size = max((run.size for run in self.runs), default=0)
        above = round(size * 0.96)
        return Rect(self.left, self.baseline - above, self.width, above + round(size * 0.29))


@dataclass(frozen=True, slots=True)
class Icon:
    """A pictogram of `paihao_look.icons`, ``size`` pixels square, top left at ``x``, ``y``.

    Attributes:
        stroke: line width on the 48 grid; None takes the usual one.
    """

    name: str
    x: int
    y: int
    size: int
    colour: Colour
    stroke: float | None = None


@dataclass(frozen=True, slots=True)
class Qr:
    """A QR code; ``cell`` is the side of one module in whole pixels, without a quiet zone."""

    text: str
    x: int
    y: int
    cell: int
    colour: Colour


Shape = Box | Polyline | Disc | Label | Icon | Qr


@dataclass(frozen=True, slots=True)
class Target:
    """Where a finger may press.

    Attributes:
        id: what is pressed, for the state machine behind the screen.
        label: what a voice would read out.
        enabled: whether a press does something.
    """

    id: str
    rect: Rect
    label: str
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class Screen:
    """All that one screen shows."""

    name: str
    size: tuple[int, int]
    background: Colour
    shapes: tuple[Shape, ...]
    targets: tuple[Target, ...] = ()

    def target_at(self, x: float, y: float) -> Target | None:
        """Return the topmost target at a point."""
        for target in reversed(self.targets):
            if target.rect.holds(x, y):
                return target
        return None

    def target(self, target_id: str) -> Target:
        """Return a target by id.

        Raises:
            KeyError: the screen has none of that id.
        """
        for target in self.targets:
            if target.id == target_id:
                return target
        raise KeyError(f"{self.name}: no target {target_id}")

    def labels(self) -> Iterator[Label]:
        """Yield every line of text."""
        return (shape for shape in self.shapes if isinstance(shape, Label))

    def texts(self) -> list[str]:
        """Return what all lines of text say, in painting order."""
        return [label.text for label in self.labels()]

    def says(self, words: str) -> bool:
        """Return whether some line of text holds these words."""
        return any(words in text for text in self.texts())
