"""Where screens become pixels: a full screen, a window on a desk, or memory alone."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, Protocol

import pygame

from paihao_look.paint import Painter
from paihao_look.picture import Screen
from paihao_look.png import png

FRAMES: Final = 2000
"""Most PNG files that one headless run writes."""

_NO_SCREEN: Final = "offscreen"
"""The driver that SDL takes when it finds no screen; nobody would see it."""

_PART_OF_DESK: Final = 0.9
"""A window leaves some of the desk free."""


class NoScreenError(Exception):
    """There is no screen to open a window on; the message says what the system said."""


@dataclass(frozen=True, slots=True)
class Touch:
    """A finger, or the left button of the mouse, at a point of the screen value."""

    what: Literal["down", "up"]
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class KeyText:
    """Text from a keyboard; a backspace takes the last character away."""

    text: str


Event = Touch | KeyText


class Window(Protocol):
    """Shows screens and tells what was done to them."""

    def show(self, screen: Screen) -> None:
        """Put a screen up; its pixels are up when this returns."""
        ...

    def events(self) -> list[Event]:
        """Return what happened since the last call, in order; notices that it was closed."""
        ...

    @property
    def closed(self) -> bool:
        """Whether somebody closed the window, as far as `events` has noticed."""
        ...

    def close(self) -> None:
        """Let go of the screen."""
        ...


class ScreenWindow:
    """A pygame window; a picture of another size is scaled to fit, with black beside it."""

    def __init__(
        self, size: tuple[int, int], title: str, *, full_screen: bool, escape_closes: bool
    ) -> None:
        """Open the window.

        Args:
            size: of the screens it will show.
            title: of the window.
            full_screen: whether it takes the whole screen and hides the pointer.
            escape_closes: whether the Escape key closes it.

        Raises:
            NoScreenError: there is no screen.
        """
        self._size = size
        self._escape_closes = escape_closes
        self._painter = Painter(size)
        self._closed = False
        self._whole = True
        try:
            pygame.display.init()
            if pygame.display.get_driver() == _NO_SCREEN != os.environ.get("SDL_VIDEODRIVER"):
                raise NoScreenError("no screen: is DISPLAY set? --headless works without one")
            desk = pygame.display.get_desktop_sizes()[0]
            if full_screen:
                self._surface = pygame.display.set_mode(desk, pygame.FULLSCREEN)
            else:
                scale = min(1.0, *(_PART_OF_DESK * d / s for d, s in zip(desk, size, strict=True)))
                wanted = round(size[0] * scale), round(size[1] * scale)
                self._surface = pygame.display.set_mode(wanted, pygame.RESIZABLE)
        except pygame.error as error:
            raise NoScreenError(f"no screen: {error}; --headless works without one") from error
        pygame.display.set_caption(title)
        pygame.mouse.set_visible(not full_screen)
        pygame.key.start_text_input()

    @property
    def closed(self) -> bool:
        """Whether somebody closed the window, as far as `events` has noticed."""
        return self._closed

    def show(self, screen: Screen) -> None:
        """Paint what changed and put it up."""
        dirty = self._painter.paint(screen)
        if not dirty and not self._whole:
            return
        left, top, scale = self._fit()
        if scale == 1.0 and not self._whole:
            areas = [area.move(left, top) for area in dirty]
            for area, target in zip(dirty, areas, strict=True):
                self._surface.blit(self._painter.surface, target, area)
            pygame.display.update(areas)
            return
        shown = self._painter.surface
        if scale != 1.0:
            wanted = round(self._size[0] * scale), round(self._size[1] * scale)
            shown = pygame.transform.smoothscale(shown, wanted)
        self._surface.fill((0, 0, 0))
        self._surface.blit(shown, (left, top))
        pygame.display.flip()
        self._whole = False

    def events(self) -> list[Event]:
        """Return touches and text since the last call."""
        found: list[Event] = []
        for event in pygame.event.get():
            match event.type:
                case pygame.QUIT:
                    self._closed = True
                case pygame.WINDOWSIZECHANGED | pygame.WINDOWEXPOSED:
                    self._surface = pygame.display.get_surface() or self._surface
                    self._whole = True
                case pygame.MOUSEBUTTONDOWN | pygame.MOUSEBUTTONUP:
                    # SDL repeats each touch as a mouse event, marked as such.
                    if event.button == pygame.BUTTON_LEFT and not event.touch:
                        down = event.type == pygame.MOUSEBUTTONDOWN
                        found.append(self._touch("down" if down else "up", *event.pos))
                case pygame.FINGERDOWN | pygame.FINGERUP:
                    wide, high = self._surface.get_size()
                    what: Literal["down", "up"] = (
                        "down" if event.type == pygame.FINGERDOWN else "up"
                    )
                    found.append(self._touch(what, event.x * wide, event.y * high))
                case pygame.TEXTINPUT:
                    found.append(KeyText(event.text))
                case pygame.KEYDOWN if event.key == pygame.K_BACKSPACE:
                    found.append(KeyText("\b"))
                case pygame.KEYDOWN if event.key == pygame.K_ESCAPE and self._escape_closes:
                    self._closed = True
        return found

    def close(self) -> None:
        """Close the window."""
        pygame.display.quit()

    def _fit(self) -> tuple[int, int, float]:
        """Return where the picture lies in the window, and its scale."""
        wide, high = self._surface.get_size()
        scale = min(wide / self._size[0], high / self._size[1])
        return (
            round((wide - self._size[0] * scale) / 2),
            round((high - self._size[1] * scale) / 2),
            scale,
        )

    def _touch(self, what: Literal["down", "up"], x: float, y: float) -> Touch:
        left, top, scale = self._fit()
        return Touch(what, (x - left) / scale, (y - top) / scale)


class MemoryWindow:
    """No window: the picture is kept in memory and, if wanted, in PNG files of a folder."""

    def __init__(
        self,
        size: tuple[int, int],
        frames: Path | None = None,
        *,
        news: Callable[[Screen], object] = Screen.texts,
    ) -> None:
        """Make one.

        Args:
            size: of the screens it will be shown.
            frames: folder for ``frame-0001-home.png`` …, one for each picture that is new;
                None writes nothing.
            news: what of a screen must change for its picture to be a new one.
        """
        self._painter = Painter(size)
        self._frames = frames
        self._news = news
        self._written = 0
        self._shown: Screen | None = None

    @property
    def closed(self) -> bool:
        """False: nobody can close it."""
        return False

    def show(self, screen: Screen) -> None:
        """Paint a screen, and write it if it says something new."""
        self._painter.paint(screen)
        before, self._shown = self._shown, screen
        if self._frames is None or self._written >= FRAMES:
            return
        if before is None or self._news(before) != self._news(screen):
            self._written += 1
            name = f"frame-{self._written:04}-{screen.name}.png"
            (self._frames / name).write_bytes(png(self._painter.surface))

    def events(self) -> list[Event]:
        """Return nothing: nobody can touch it."""
        return []

    def close(self) -> None:
        """Do nothing."""
