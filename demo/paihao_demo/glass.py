"""Screens of machines that have no monitor here: the newest picture, painted when it is looked at.

A wall board paints every picture, because it reports a call as shown. A kiosk reports nothing
about its screen, so its picture is painted only for somebody who looks: a browser, or the album
of the run.
"""

from collections.abc import Callable
from typing import Final

import pygame

from paihao_demo.files import Files
from paihao_look.paint import Painter
from paihao_look.picture import Screen
from paihao_look.png import png
from paihao_look.window import Event

EACH_ZONE: Final = 4
"""Pictures of one board that the album keeps on the way."""


class Glass:
    """Takes screens as a window does; a `paihao_look.window.Window`."""

    def __init__(
        self,
        size: tuple[int, int],
        *,
        eager: bool,
        on_show: Callable[[Screen], None] | None = None,
    ) -> None:
        """Make one.

        Args:
            size: of the screens in pixels.
            eager: paint each picture as it comes.
            on_show: told of each picture that differs from the one before.
        """
        self.changes = 0
        self.screen: Screen | None = None
        self.size = size
        self._eager = eager
        self._on_show = on_show
        self._painter: Painter | None = None

    def show(self, screen: Screen) -> None:
        """Take a picture."""
        if screen == self.screen:
            return
        self.screen = screen
        self.changes += 1
        if self._eager:
            self._paint(screen)
        if self._on_show is not None:
            self._on_show(screen)

    def picture(self, width: int | None = None) -> Callable[[], bytes] | None:
        """Return what makes the PNG of the picture as it is now; None before the first.

        The function may be called in another thread.

        Args:
            width: of the PNG in pixels; None keeps the size.
        """
        if self.screen is None:
            return None
        surface = self._paint(self.screen).surface.copy()

        def make() -> bytes:
            if width is None or width >= self.size[0]:
                return png(surface)
            high = round(self.size[1] * width / self.size[0])
            return png(pygame.transform.smoothscale(surface, (width, high)))

        return make

    @property
    def closed(self) -> bool:
        """False: nobody can close it."""
        return False

    def events(self) -> list[Event]:
        """Return nothing: touches come from the demo itself."""
        return []

    def close(self) -> None:
        """Do nothing."""

    def _paint(self, screen: Screen) -> Painter:
        if self._painter is None:
            self._painter = Painter(self.size)
        self._painter.paint(screen)
        return self._painter


class Album:
    """Keeps a bounded number of pictures of a run."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self._kinds: set[str] = set()
        self._boards: dict[str, int] = {}

    def kiosk(self, glass: Glass, screen: Screen) -> None:
        """Keep the first picture of each kind of kiosk screen."""
        if screen.name not in self._kinds:
            self._kinds.add(screen.name)
            self._keep(f"kiosk/{screen.name}.png", glass)

    def board(self, glass: Glass, board: str) -> None:
        """Keep some pictures of a board on which somebody is called; the caller spaces them."""
        count = self._boards.get(board, 0)
        if count < EACH_ZONE:
            self._boards[board] = count + 1
            self._keep(f"boards/{board}-{count + 1}.png", glass)

    def last(self, name: str, glass: Glass) -> None:
        """Keep the last picture of a machine."""
        self._keep(name, glass)

    def _keep(self, name: str, glass: Glass) -> None:
        if self._files.folder is None:
            return
        make = glass.picture()
        if make is not None:
            self._files.keep(name, make)
