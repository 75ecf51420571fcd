"""A sheet that screens draw their parts on: cards, buttons and lines of text by their places."""

from paihao_look import typeset
from paihao_look.fonts import Weight, width
from paihao_look.kinds import Badge
from paihao_look.picture import (
    Align,
    Box,
    Disc,
    Icon,
    Label,
    Rect,
    Run,
    Screen,
    Shape,
    Target,
)
from paihao_look.tokens import (
    DISABLED,
    HALL,
    HALL_DEEP,
    INK,
    INK_SOFT,
    LINE,
    MIST,
    ON_DARK,
    PAPER,
    RADIUS,
    SMALL,
    Colour,
    tint,
)

SIZE = (1080, 1920)


class Sheet:
    """Collects the shapes and targets of one screen.

    Attributes:
        pressed: the target under the finger, which is painted darker.
        locked: whether nothing can be pressed now.
    """

    def __init__(self, pressed: str | None = None, *, locked: bool = False) -> None:
        self.pressed = pressed
        self.locked = locked
        self._shapes: list[Shape] = []
        self._targets: list[Target] = []

    def screen(self, name: str) -> Screen:
        """Return what was drawn."""
        return Screen(name, SIZE, MIST, tuple(self._shapes), tuple(self._targets))

    def add(self, *shapes: Shape) -> None:
        """Add shapes as they are."""
        self._shapes += shapes

    def target(self, id_: str, rect: Rect, label: str, *, enabled: bool = True) -> bool:
        """Add a touch target and return whether it can be pressed."""
        enabled = enabled and not self.locked
        self._targets.append(Target(id_, rect, label, enabled))
        return enabled

    def box(
        self,
        rect: Rect,
        fill: Colour,
        *,
        radius: int = RADIUS,
        border: Colour | None = None,
        border_width: int = 2,
    ) -> None:
        """Add a filled rectangle."""
        self.add(Box(rect, fill, radius, border, border_width))

    def card(self, rect: Rect) -> None:
        """Add a white card that informs."""
        self.box(rect, PAPER, border=LINE)

    def disc(self, x: int, y: int, radius: int, fill: Colour) -> None:
        """Add a filled circle."""
        self.add(Disc(x, y, radius, fill))

    def icon(
        self, name: str, x: int, y: int, size: int, colour: Colour, stroke: float | None = None
    ) -> None:
        """Add a pictogram."""
        self.add(Icon(name, x, y, size, colour, stroke))

    def rule(self, x: int, y: int, width: int) -> None:
        """Add a separating line."""
        self.add(Box(Rect(x, y, width, 2), LINE))

    def text(
        self,
        x: int,
        baseline: int,
        text: str,
        size: int,
        colour: Colour = INK,
        *,
        weight: Weight = "regular",
        align: Align = "left",
        room: int | None = None,
    ) -> int:
        """Add a line of text, set smaller if its room asks for it; return its width."""
        if not text:
            return 0
        label = typeset.line(x, baseline, text, size, colour, weight=weight, align=align, room=room)
        self.add(label)
        return label.width

    def names(
        self,
        x: int,
        middle: int,
        title: str,
        under: str,
        size: int,
        room: int,
        *,
        colours: tuple[Colour, Colour] = (INK, INK_SOFT),
        under_size: int = SMALL,
        under_drop: int = 41,
    ) -> None:
        """Add a name and its translation around a middle line, as much as the room allows.

        A name that would become too small takes both lines, and the translation is left out;
        so is one that does not fit itself. Neither is ever cut short while two lines hold it.
        """
        colour, soft = colours
        least = max(SMALL, round(size * 0.7))
        fitted, rows = typeset.fit(title, tuple(range(size, least - 1, -2)), room, "bold")
        if rows[0].endswith(typeset.ELLIPSIS):
            sizes = tuple(range(least + 2, SMALL - 1, -2))
            fitted, rows = typeset.fit(title, sizes, room, "bold", most_lines=2)
            if not rows[-1].endswith(typeset.ELLIPSIS):
                rows = typeset.balanced(title, fitted, room, "bold")
            leading = round(fitted * 1.18)
            first = typeset.middle(middle, fitted) - leading * (len(rows) - 1) // 2
            self.add(
                *typeset.paragraph(
                    x, first, rows, fitted, colour, leading=leading, weight="bold", room=room
                )
            )
            return
        if under and width(under, SMALL) <= room:
            self.text(x, middle - 2, rows[0], fitted, colour, weight="bold", room=room)
            self.text(x, middle - 2 + under_drop, under, under_size, soft, room=room)
        else:
            baseline = typeset.middle(middle, fitted)
            self.text(x, baseline, rows[0], fitted, colour, weight="bold", room=room)

    def runs(
        self,
        x: int,
        baseline: int,
        runs: tuple[Run, ...],
        *,
        align: Align = "left",
        room: int | None = None,
    ) -> int:
        """Add a line of several runs and return its width."""
        label = Label(x, baseline, tuple(run for run in runs if run.text), align, room)
        self.add(label)
        return label.width

    def lines(
        self,
        x: int,
        first_baseline: int,
        text: str,
        sizes: tuple[int, ...],
        room: int,
        *,
        most_lines: int,
        colour: Colour = INK,
        weight: Weight = "regular",
        leading: float = 1.3,
        align: Align = "left",
    ) -> int:
        """Add a text over several lines; return the baseline of the last one."""
        size, rows = typeset.fit(text, sizes, room, weight, most_lines=most_lines)
        step = round(size * leading)
        self.add(
            *typeset.paragraph(
                x,
                first_baseline,
                rows,
                size,
                colour,
                leading=step,
                weight=weight,
                align=align,
                room=room,
            )
        )
        return first_baseline + step * (len(rows) - 1)

    def button(
        self,
        id_: str,
        rect: Rect,
        label: str,
        *,
        primary: bool = False,
        enabled: bool = True,
        framed: bool = False,
    ) -> tuple[Colour, Colour, Colour]:
        """Add a button's surface and target.

        Args:
            id_: of the target.
            rect: of the surface, which is the target too.
            label: what it says, read out as one.
            primary: filled in the colour of the hall.
            enabled: whether it can be pressed; else it is grey.
            framed: white with a frame in the colour of the hall.

        Returns:
            The colours of its words, of its second line and of its pictogram.
        """
        can = self.target(id_, rect, label, enabled=enabled)
        # While a number is on its way all is locked but looks as it did: the wait is short.
        if not enabled:
            self.box(rect, DISABLED, border=LINE)
            return INK_SOFT, INK_SOFT, INK_SOFT
        if primary:
            self.box(rect, HALL_DEEP if can and self.pressed == id_ else HALL)
            return PAPER, ON_DARK, PAPER
        fill = tint(HALL, 0.18) if can and self.pressed == id_ else PAPER
        if framed:
            self.box(rect, fill, border=HALL, border_width=4)
            return HALL, INK_SOFT, HALL
        self.box(rect, fill, border=LINE)
        return INK, INK_SOFT, HALL

    def kind_badge(
        self, rect: Rect, badge: Badge, word: str, *, size: int, resting: bool = False
    ) -> None:
        """Add a kind's shape over its word on a tinted square."""
        colour = INK_SOFT if resting else badge.colour
        self.box(rect, DISABLED if resting else tint(badge.colour), radius=20)
        centre = rect.x + rect.w // 2
        glyph = 46 if badge.icon == "square" else 48
        self.icon(
            badge.icon,
            centre - glyph // 2,
            rect.y + round(rect.h * 0.34) - glyph // 2,
            glyph,
            colour,
        )
        self.text(
            centre,
            rect.y + rect.h - 17,
            word,
            size,
            colour,
            weight="bold",
            align="centre",
            room=rect.w - 4,
        )
