"""Where a board becomes pixels: a window or full screen of pygame-ce, or memory alone."""

import logging
from pathlib import Path
from typing import Final, Protocol

import pygame

from paihao_display.board_screen import TICKER_Y
from paihao_look.paint import Painter
from paihao_look.picture import Screen
from paihao_look.png import png

log = logging.getLogger(__name__)

FRAMES: Final = 2000
"""Most PNG files that one run of a headless board writes."""


_PART_OF_DESK: Final = 0.9
"""A window leaves some of the desk free."""


class NoScreenError(Exception):
    """There is no screen to open a window on; the message says what the system said."""


class Window(Protocol):
    """Shows screens."""

    def show(self, screen: Screen) -> None:
        """Put a screen up; its pixels are up when this returns."""
        ...

    def closed(self) -> bool:
        """Handle what the user did; return whether the window is to close."""
        ...

    def close(self) -> None:
        """Let go of screen or files."""
        ...


class PygameWindow:
    """A window on the screen of this machine; Escape or closing it ends the board.

    A screen or window of another size shows the whole picture scaled, black beside it.
    """

    def __init__(self, size: tuple[int, int], title: str, *, full_screen: bool) -> None:
        """Open the window.

        Raises:
            NoScreenError: there is no screen.
        """
        self._size = size
        self._painter = Painter(size)
        self._closed = False
        self._whole = True
        try:
            pygame.display.init()
            desk = pygame.display.get_desktop_sizes()[0]
            if full_screen:
                self._surface = pygame.display.set_mode(desk, pygame.FULLSCREEN)
            else:
                part = min(
                    1.0, _PART_OF_DESK * desk[0] / size[0], _PART_OF_DESK * desk[1] / size[1]
                )
                wanted = round(part * size[0]), round(part * size[1])
                self._surface = pygame.display.set_mode(wanted, pygame.RESIZABLE)
        except pygame.error as error:
            raise NoScreenError(f"no screen: {error}; --headless works without one") from error
        pygame.display.set_caption(title)
        pygame.mouse.set_visible(not full_screen)

    def show(self, screen: Screen) -> None:
        """Paint what changed and put it up."""
        areas = self._painter.paint(screen)
        if self._surface.get_size() == self._size and not self._whole:
            for area in areas:
                self._surface.blit(self._painter.surface, area, area)
            pygame.display.update(areas)
        elif areas or self._whole:
            self._surface.fill((0, 0, 0))
            self._surface.blit(*self._fitted())
            pygame.display.flip()
        self._whole = False

    def closed(self) -> bool:
        """Return whether the user closed the window or pressed Escape."""
        for event in pygame.event.get():
            escape = event.type == pygame.KEYDOWN and event.key == pygame.K_ESCAPE
            if escape or event.type == pygame.QUIT:
                self._closed = True
            elif event.type in (pygame.WINDOWEXPOSED, pygame.WINDOWSIZECHANGED):
                self._surface = pygame.display.get_surface() or self._surface
                self._whole = True
        return self._closed

    def close(self) -> None:
        """Close the window."""
        pygame.display.quit()

    def _fitted(self) -> tuple[pygame.Surface, tuple[int, int]]:
        """Return the picture as large as the window allows, and where it goes."""
        room_w, room_h = self._surface.get_size()
        scale = min(room_w / self._size[0], room_h / self._size[1])
        w, h = round(scale * self._size[0]), round(scale * self._size[1])
        picture = self._painter.surface
        if (w, h) != self._size:
            picture = pygame.transform.smoothscale(picture, (w, h))
        return picture, ((room_w - w) // 2, (room_h - h) // 2)


class MemoryWindow:
    """No window: the picture is kept in memory and, if wanted, in PNG files of a folder."""

    def __init__(self, size: tuple[int, int], frames: Path | None = None) -> None:
        """Make one.

        Args:
            size: of the screens in pixels.
            frames: folder for ``frame-0001.png`` …, one for each picture that differs in more
                than what moves; None writes nothing.
        """
        self._painter = Painter(size)
        self._frames = frames
        self._written = 0
        self.shown: Screen | None = None

    def show(self, screen: Screen) -> None:
        """Paint a screen, and write it if it is new."""
        self._painter.paint(screen)
        before, self.shown = self.shown, screen
        if self._frames is None or self._written >= FRAMES:
            return
        if before is None or _standing(before) != _standing(screen):
            self._written += 1
            (self._frames / f"frame-{self._written:04}.png").write_bytes(self.png())

    def png(self) -> bytes:
        """Return the picture as it is now."""
        return png(self._painter.surface)

    def closed(self) -> bool:
        """Return False: nobody can close it."""
        return False

    def close(self) -> None:
        """Do nothing."""


def _standing(screen: Screen) -> list[str]:
    """Return the texts that do not run."""
    return [label.text for label in screen.labels() if label.baseline < TICKER_Y]
